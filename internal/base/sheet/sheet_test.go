package sheet_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
)

// make gives a workbook made by fill.
func workbook(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// must stops the test at an error of the library that makes test workbooks.
func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, name string, data []byte) (sheet.Table, []sheet.Warning) {
	t.Helper()
	table, warnings, err := sheet.Read(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return table, warnings
}

func warned(warnings []sheet.Warning, parts ...string) bool {
	return slices.ContainsFunc(warnings, func(w sheet.Warning) bool {
		for _, p := range parts {
			if !strings.Contains(w.String(), p) {
				return false
			}
		}
		return true
	})
}

func values(row sheet.Row) (out []string) {
	for _, c := range row.Cells {
		out = append(out, c.Text)
	}
	return out
}

func TestTextTables(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in     string
		header []string
		last   []string
		number int // of the last row
	}{
		"comma":                         {"SBD,Họ tên\n07000001,Lò Thị A\n", []string{"SBD", "Họ tên"}, []string{"07000001", "Lò Thị A"}, 2},
		"semicolon with decimal commas": {"SBD;Toán;Văn\n1;7,5;8,25\n2;9,5;8,5\n", []string{"SBD", "Toán", "Văn"}, []string{"2", "9,5", "8,5"}, 3},
		"tab":                           {"a\tb\n1\t2\n", []string{"a", "b"}, []string{"1", "2"}, 2},
		"bar":                           {"a|b\n1,5|2,5\n", []string{"a", "b"}, []string{"1,5", "2,5"}, 2},
		"a mark in front":               {"\ufeffa,b\n1,2", []string{"a", "b"}, []string{"1", "2"}, 2},
		"the line Excel writes first":   {"sep=;\na;b,c\n1;2,3\n", []string{"a", "b,c"}, []string{"1", "2,3"}, 3},
		"quotes":                        {"a,b\r\n\"x, \"\"y\"\"\nz\",2\r\n", []string{"a", "b"}, []string{`x, "y" z`, "2"}, 2},
		"zeros kept by a formula":       {"a,b\n=\"07000001\",2\n", []string{"a", "b"}, []string{"07000001", "2"}, 2},
		"blank lines keep the count":    {"a,b\n\n,,\n1,2\n\n\n", []string{"a", "b"}, []string{"1", "2"}, 4},
		"old Macintosh line ends":       {"a,b\r1,2\r", []string{"a", "b"}, []string{"1", "2"}, 2},
		"a title above the header":      {"UBND TỈNH LAI CHÂU,,\nDanh sách điểm thi,,\nSTT,Mã,Tên\n1,01,A\n", []string{"STT", "Mã", "Tên"}, []string{"1", "01", "A"}, 4},
		"no header":                     {"07000001,7.5\n07000002,8\n", nil, []string{"07000002", "8"}, 2},
		"spaces around names":           {"STT, Toán , Văn\n1,2,3\n", []string{"STT", "Toán", "Văn"}, []string{"1", "2", "3"}, 2},
		"trailing empty cells":          {"a,b,,\n1,2,,\n", []string{"a", "b"}, []string{"1", "2"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			table, warnings := read(t, "ds.csv", []byte(c.in))
			last := table.Rows[len(table.Rows)-1]
			if !slices.Equal(table.Header, c.header) || !slices.Equal(values(last), c.last) || last.Number != c.number {
				t.Errorf("header %q, last row %d %q; want %q, %d %q", table.Header, last.Number, values(last), c.header, c.number, c.last)
			}
			if len(warnings) > 0 {
				t.Errorf("warnings: %v", warnings)
			}
		})
	}
}

func TestTextTablesWarn(t *testing.T) {
	t.Parallel()
	table, warnings := read(t, "ds.csv", []byte("a,b\n1,\"2\n3,4\n3,4\n"))
	if !warned(warnings, "dòng 2", "nháy kép") || !warned(warnings, "dòng 4", "Trùng hoàn toàn với dòng 3") || len(table.Rows) != 3 {
		t.Errorf("%d rows, warnings %v", len(table.Rows), warnings)
	}
	table, warnings = read(t, "ds.csv", []byte("STT,H\xe4 t\xaan\n1,Tr\xc7n Th\xde H\xb5\n"))
	if !warned(warnings, "TCVN3", "Hãy xem lại") || table.Header[1] != "Họ tên" || table.Rows[0].Cells[1].Text != "Trần Thị Hà" {
		t.Errorf("%q %q, warnings %v", table.Header, values(table.Rows[0]), warnings)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	t.Parallel()
	word := zipped(t, "_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>`, "word/document.xml", "<w/>")
	for name, c := range map[string]struct {
		data []byte
		kind fault.Kind
		says string
	}{
		"nothing":           {nil, fault.Invalid, "rỗng"},
		"blank":             {[]byte(" \n,,\n"), fault.Invalid, "không có dữ liệu"},
		"old Excel":         {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest"), fault.Invalid, ".xls"},
		"PDF":               {[]byte("%PDF-1.7"), fault.Invalid, "PDF"},
		"a page as .xls":    {[]byte("\n<html><table>"), fault.Invalid, "trang web"},
		"Word":              {word, fault.Invalid, "Word"},
		"OpenDocument":      {zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), fault.Invalid, "OpenDocument"},
		"an archive":        {zipped(t, "a.txt", "x"), fault.Invalid, "không phải bảng tính"},
		"a broken workbook": {[]byte("PK\x03\x04 cut off"), fault.Invalid, "hỏng"},
		"a program":         {append([]byte("MZ\x90\x00\x03\x00"), make([]byte, 600)...), fault.Invalid, "không phải tệp bảng tính"},
		"too many columns":  {[]byte(strings.Repeat("a,", 300) + "\n"), fault.TooLarge, "cột"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := sheet.Read("x.xlsx", c.data)
			if !fault.Is(err, c.kind) || !strings.Contains(fault.Message(err), c.says) {
				t.Errorf("got %v, want %v saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	small := sheet.Limits{Bytes: 100, Rows: 3, Columns: 5, Cells: 6, Text: 100, Sheets: 1}
	for _, data := range []string{strings.Repeat("a", 101), "a\n1\n2\n3\n", "a,b,c,d\n1,2,3,4\n"} {
		if _, _, err := small.ReadAll("x.csv", []byte(data)); !fault.Is(err, fault.TooLarge) {
			t.Errorf("%.10q gives %v", data, err)
		}
	}
	big := workbook(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A1", &[]int{1, 2, 3, 4}), f.SetSheetRow("Sheet1", "A2", &[]int{1, 2, 3, 4}))
	})
	small.Bytes = 1 << 20
	if _, _, err := small.ReadAll("x.xlsx", big); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a workbook of too many cells gives %v", err)
	}
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	data := workbook(t, func(f *excelize.File) {
		zeros := "00000000"
		day := "dd/mm/yyyy;@"
		padded, err1 := f.NewStyle(&excelize.Style{CustomNumFmt: &zeros})
		dated, err2 := f.NewStyle(&excelize.Style{CustomNumFmt: &day})
		must(t, err1, err2,
			f.SetSheetRow("Sheet1", "A1", &[]any{"DANH SÁCH ĐIỂM THI"}), f.MergeCell("Sheet1", "A1", "F1"),
			f.SetSheetRow("Sheet1", "A3", &[]any{"Huyện", "SBD", "Ngày", "Giờ", "Điểm", "Đạt"}),
			f.SetSheetRow("Sheet1", "A4", &[]any{"Tam Đường", 7000001, time.Date(2021, 7, 7, 0, 0, 0, 0, time.UTC), 0.31597222, 7.6, true}),
			f.SetCellStyle("Sheet1", "B4", "B4", padded),
			f.SetCellStyle("Sheet1", "D4", "D4", mustStyle(t, f, 20)),
			f.SetSheetRow("Sheet1", "B5", &[]any{"07000002", 44385, "7h35"}),
			f.SetCellStyle("Sheet1", "C5", "C5", dated),
			f.SetCellStr("Sheet1", "C6", "8/7/2021"), f.SetCellStr("Sheet1", "B6", " Hoà\u00a0 Bình\n"),
			f.MergeCell("Sheet1", "A4", "A5"),
			f.SetCellValue("Sheet1", "E5", 8.25), f.SetCellFormula("Sheet1", "E5", "=E4+0.65"),
			f.SetCellFormula("Sheet1", "E6", "=HYPERLINK(\"http://evil\")"),
		)
		_, err := f.NewSheet("Khác")
		must(t, err, f.SetCellStr("Khác", "A1", "x"))
		_, err = f.NewSheet("Ẩn")
		must(t, err, f.SetCellStr("Ẩn", "A1", "x"), f.SetSheetVisible("Ẩn", false))
	})
	table, warnings := read(t, "ds.xlsx", data)
	if table.Sheet != "Sheet1" || table.HeaderRow != 3 || len(table.Rows) != 3 {
		t.Fatalf("sheet %q, header in row %d, %d rows", table.Sheet, table.HeaderRow, len(table.Rows))
	}
	for i, want := range [][]string{
		{"Tam Đường", "07000001", "2021-07-07", "07:35", "7.6", "1"},
		{"Tam Đường", "07000002", "2021-07-08", "7h35", "8.25"},
		{"", "Hoà Bình", "8/7/2021"},
	} {
		if got := values(table.Rows[i]); !slices.Equal(got, want) || table.Rows[i].Number != i+4 {
			t.Errorf("row %d is %q, want %q", table.Rows[i].Number, got, want)
		}
	}
	for _, want := range [][]string{
		{"chỉ đọc trang “Sheet1”"}, {"“Ẩn”", "đang ẩn"}, {"A4", "Ô gộp", "Tam Đường"}, {"cột E", "1 ô là công thức"},
		{"E6", "chưa có kết quả"}, {"cột C", "1 ô ghi ngày dưới dạng chữ"},
	} {
		if !warned(warnings, want...) {
			t.Errorf("no warning with %q in %v", want, warnings)
		}
	}
	if warned(warnings, "A1") {
		t.Errorf("a merged title is warned of: %v", warnings)
	}
}

func mustStyle(t testing.TB, f *excelize.File, numFmt int) int {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{NumFmt: numFmt})
	must(t, err)
	return id
}

func TestWorkbookTypedInABCFonts(t *testing.T) {
	t.Parallel()
	data := workbook(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"STT", "Hä vµ tªn", "§Þa chØ", "Ghi chú"}),
			f.SetSheetRow("Sheet1", "A2", &[]any{1, "NguyÔn ThÞ H\u00ad¬ng", "Th¸i B×nh", "Toán"}),
			f.SetSheetRow("Sheet1", "A3", &[]any{2, "Lß V¨n ¦ng", "Lai Ch©u", "Điểm thi số 1"}))
	})
	table, warnings := read(t, "ds.xlsx", data)
	if !slices.Equal(table.Header, []string{"STT", "Họ và tên", "Địa chỉ", "Ghi chú"}) ||
		!slices.Equal(values(table.Rows[0]), []string{"1", "Nguyễn Thị Hương", "Thái Bình", "Toán"}) ||
		!slices.Equal(values(table.Rows[1]), []string{"2", "Lò Văn Ưng", "Lai Châu", "Điểm thi số 1"}) {
		t.Errorf("%q %q %q", table.Header, values(table.Rows[0]), values(table.Rows[1]))
	}
	if !warned(warnings, "TCVN3") {
		t.Errorf("the guess is not told: %v", warnings)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for want, c := range map[string][2]int{"A1": {1, 0}, "B7": {7, 1}, "Z2": {2, 25}, "AA3": {3, 26}, "AZ1": {1, 51}, "BA1": {1, 52}, "XFD9": {9, 16383}} {
		if got := sheet.Address(c[0], c[1]); got != want {
			t.Errorf("Address(%d, %d) = %q, want %q", c[0], c[1], got, want)
		}
	}
}

// rawSamples gives the folder of files as people publish them, which is no part of the repository.
func rawSamples(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("BANGVANG_SHARED_DATA"), "../../../../shared/data"} {
		if _, err := os.Stat(filepath.Join(dir, "raw-samples")); dir != "" && err == nil {
			return dir
		}
	}
	t.Skip("not tested: reading files from the field; set BANGVANG_SHARED_DATA to the folder of shared data")
	return ""
}

func TestFilesFromTheField(t *testing.T) {
	t.Parallel()
	dir := rawSamples(t)
	for name, c := range map[string]struct {
		rows, columns int // columns of the header; 0: none
		address       string
		want          string
	}{
		"raw-samples/01-pipe-semicolon-2021.txt":               {200, 0, "A1", "07000001|Toán:7.60"},
		"raw-samples/02-semicolon-minus1-2021.csv":             {200, 15, "A2", "7000001"},
		"raw-samples/03-xlsx-numeric-sbd-2021.xlsx":            {3566, 15, "A2", "7000013"},
		"raw-samples/04-keyvalue-ragged-2021.csv":              {200, 0, "B1", "Toán"},
		"raw-samples/05-comma-ascii-headers-2021.csv":          {200, 10, "A2", "07000001"},
		"raw-samples/06-bom-2025.csv":                          {200, 16, "A2", "07000001"},
		"raw-samples/08-official-xlsx-2025-ct2006.xlsx":        {22090, 12, "", ""},
		"raw-samples/08b-csv-export-lost-zero-2025-ct2006.csv": {200, 12, "B2", "1017985"},
		"raw-samples/09-bom-spaces-in-headers-2025.csv":        {200, 13, "B2", "01000001"},
		"raw-samples/10-semicolon-header-short-2025.csv":       {200, 10, "A2", "01000001"},
		"raw-samples/11-vietnamese-headers-2019.csv":           {200, 10, "A2", "07000001"},
		"raw-samples/12-english-headers-dash-missing-2021.csv": {200, 13, "E2", "-"},
		"reference/districts-laichau.csv":                      {-1, -1, "", ""},
		"reference/schools-laichau-unverified.csv":             {-1, -1, "", ""},
		"reference/timetable-2021.csv":                         {-1, -1, "", ""},
		"reference/exam-councils-2021.csv":                     {-1, -1, "", ""},
		"documents/documents.csv":                              {-1, -1, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Skip("not tested: ", err)
			}
			table, warnings := read(t, filepath.Base(name), data)
			t.Logf("%d rows, header in row %d: %q, %d warnings", len(table.Rows), table.HeaderRow, table.Header, len(warnings))
			if c.rows >= 0 && len(table.Rows) != c.rows {
				t.Errorf("%d rows, want %d", len(table.Rows), c.rows)
			}
			if c.columns > 0 && len(table.Header) != c.columns || c.columns < 0 && len(table.Header) < 2 {
				t.Errorf("header is %q, want %d columns", table.Header, c.columns)
			}
			for _, row := range table.Rows {
				for i, cell := range row.Cells {
					if sheet.Address(row.Number, i) == c.address && cell.Text != c.want {
						t.Errorf("%s is %q, want %q", c.address, cell.Text, c.want)
					}
				}
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "sep=;\n\"a;b\";\"", "\"\"\"\"\n,\"\n", "a\tb|c;d,e\r\r\n", "\xef\xbb\xbf\xff", "=\"\"", "a,a\n1,1\n1,1", "PK\x03\x04", "T\xaan;L\xadu\n"} {
		f.Add([]byte(s))
	}
	f.Add(workbook(f, func(x *excelize.File) {
		must(f, x.SetSheetRow("Sheet1", "A1", &[]any{"a", 1, true, time.Now()}), x.MergeCell("Sheet1", "A1", "B3"))
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		tables, _, err := sheet.ReadAll("x", data)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("an error that is no refusal: %v", err)
			}
			return
		}
		for _, table := range tables {
			last := 0
			for _, row := range table.Rows {
				if row.Number <= last || len(row.Cells) == 0 || row.Cells[len(row.Cells)-1].Kind == sheet.Empty {
					t.Fatalf("row %d after %d with cells %v", row.Number, last, row.Cells)
				}
				last = row.Number
			}
			sheet.Map(table, columns)
		}
	})
}
