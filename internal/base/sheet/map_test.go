package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
)

func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		must(t, err)
		_, err = w.Write([]byte(parts[i+1]))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

var columns = []sheet.Column{
	{Name: "code", Title: "Mã điểm thi", Aliases: []string{"Mã", "Mã ĐT"}, Required: true, Max: 10, Example: "01", Parse: func(s string) (string, error) {
		if strings.ContainsRune(s, ' ') {
			return "", fault.New(fault.Invalid, "Mã không được có dấu cách.")
		}
		return strings.ToUpper(s), nil
	}},
	{Name: "name", Title: "Tên điểm thi", Required: true, Help: "Ghi đầy đủ, không viết tắt."},
	{Name: "kind", Title: "Loại", Choices: []sheet.Choice{{Value: "thpt", Title: "Trường THPT", Aliases: []string{"THPT"}}, {Value: "gdtx", Title: "Trung tâm GDNN-GDTX"}}},
	{Name: "rooms", Title: "Số phòng", Kind: sheet.Number},
	{Name: "score", Title: "Điểm", Kind: sheet.Number, Places: 2},
	{Name: "opens", Title: "Ngày mở", Kind: sheet.Day},
	{Name: "at", Title: "Giờ", Kind: sheet.Clock},
	{Name: "spare", Title: "Dự phòng", Kind: sheet.Bool},
}

func TestMapReadsRecords(t *testing.T) {
	t.Parallel()
	table, _ := read(t, "ds.csv", []byte(`Danh sách điểm thi;2021;x;y
MÃ ĐT;ten diem thi;LOẠI;Số phòng (dự kiến);Điểm;Ngày mở;Giờ;Dự phòng;Ghi chú
01a;THPT Lê Quý Đôn;thpt;1.024;7,25;7/7/2021;7h35;Có;gần chợ
02;GDTX Tam Đường;trung tâm gdnn – gdtx;;;;;;
`))
	m := sheet.Map(table, columns)
	if len(m.Refusals) > 0 || len(m.Records) != 2 || m.HeaderRow != 2 || !slices.Equal(m.Unknown, []string{"Ghi chú"}) {
		t.Fatalf("%+v", m)
	}
	r := m.Records[0]
	got := fmt.Sprint(r.Row, r.Get("code"), r.Get("name"), r.Get("kind"), r.Int("rooms"), r.Int("score"), r.Get("opens"), r.Get("at"), r.Bool("spare"))
	if want := fmt.Sprint(3, "01A", "THPT Lê Quý Đôn", "thpt", 1024, 725, "2021-07-07", "07:35", true); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if r := m.Records[1]; r.Get("kind") != "gdtx" || r.Int("rooms") != 0 || r.Bool("spare") || r.Get("opens") != "" {
		t.Errorf("the second record is %+v", r)
	}
	if got := m.Refuse(r, columns[0], "Mã này đã có.").String(); got != "ds.csv, ô A3 (Mã điểm thi): Mã này đã có." {
		t.Errorf("refusal is %q", got)
	}
}

func TestMapNamesEveryRefusedCell(t *testing.T) {
	t.Parallel()
	table, _ := read(t, "ds.csv", []byte(`Mã,Tên điểm thi,Loại,Số phòng,Điểm,Ngày mở,Giờ,Dự phòng
0 1,A,THPT,1,1,7/7/2021,07:35,x
12345678901,A,THPT,1,1,7/7/2021,07:35,x
2,,THPT,1,1,7/7/2021,07:35,x
3,A,THCS,một,"1,255",31/6/2021,25:00,có lẽ
,,,,,,,
4,A,,,,,,
`))
	m := sheet.Map(table, columns)
	if len(m.Records) != 1 || m.Records[0].Get("code") != "4" {
		t.Errorf("records are %+v", m.Records)
	}
	want := []string{
		"ô A2 (Mã điểm thi): Mã không được có dấu cách.", "ô A3 (Mã điểm thi): Giá trị dài quá 10", "ô B4 (Tên điểm thi): Ô “Tên điểm thi” chưa có giá trị",
		"ô C5 (Loại): “THCS” không có trong danh sách. Hãy ghi một trong: Trường THPT; Trung tâm GDNN-GDTX", "ô D5 (Số phòng): “một” không phải số nguyên",
		"ô E5 (Điểm): “1,255” có quá 2", "ô F5 (Ngày mở): Tháng 6 năm 2021 không có ngày 31", "ô G5 (Giờ): Không có giờ", "ô H5 (Dự phòng): “có lẽ” chưa rõ",
	}
	if len(m.Refusals) != len(want) {
		t.Fatalf("%d refusals: %v", len(m.Refusals), m.Refusals)
	}
	for i, r := range m.Refusals {
		if !strings.HasPrefix(r.String(), "ds.csv, "+want[i]) {
			t.Errorf("refusal is %q, want %q", r, want[i])
		}
	}
}

func TestMapRefusesMissingAndDoubleColumns(t *testing.T) {
	t.Parallel()
	table, _ := read(t, "ds.csv", []byte("Mã,Ghi chú,Mã điểm thi\n1,A,2\n"))
	m := sheet.Map(table, columns)
	if len(m.Refusals) != 2 || !strings.Contains(m.Refusals[0].String(), "ô C1 (Mã điểm thi): Cột “Mã điểm thi” có hai lần (cột A và cột C)") ||
		!strings.Contains(m.Refusals[1].String(), "Thiếu cột “Tên điểm thi”") {
		t.Errorf("%v", m.Refusals)
	}
	table, _ = read(t, "ds.csv", []byte("1,2\n3,4\n"))
	if m := sheet.Map(table, columns); len(m.Refusals) != 2 || len(m.Records) != 0 || m.HeaderRow != 0 {
		t.Errorf("a table without header gives %+v", m)
	}
}

func TestTemplateComesBackFilled(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sheet.Template(&b, sheet.Form{Sheet: "Điểm thi", Columns: columns}, sheet.Form{Sheet: "Đơn vị: tất cả [2021]/các loại rất dài", Columns: columns[:2]}); err != nil {
		t.Fatal(err)
	}
	tables, warnings, err := sheet.ReadAll("mau.xlsx", b.Bytes())
	if err != nil || len(warnings) > 0 || len(tables) != 2 {
		t.Fatalf("%d tables, %v, %v", len(tables), warnings, err)
	}
	m := sheet.Map(tables[0], columns)
	if tables[0].Sheet != "Điểm thi" || m.HeaderRow != 1 || len(m.Refusals)+len(m.Unknown)+len(m.Records) > 0 {
		t.Errorf("the empty template reads as %+v", m)
	}
}

func TestWriteThenReadGivesTheSame(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"01", "=1+1", "thpt", "24", "725", "2021-07-07", "07:35", "1"},
		{"0000000000", "Đào \"x\" <y> & z", "gdtx", "-3", "5", "1999-12-31", "00:00", "0"},
		{"2", "một mình"},
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, sheet.Data{Sheet: "Điểm thi", Columns: columns, Rows: slices.Values(rows)}); err != nil {
		t.Fatal(err)
	}
	table, warnings := read(t, "x.xlsx", b.Bytes())
	m := sheet.Map(table, columns)
	if len(warnings) > 0 || len(m.Refusals) > 0 || len(m.Records) != len(rows) {
		t.Fatalf("%v %+v", warnings, m)
	}
	for i, want := range rows {
		for j, c := range columns {
			if j < len(want) && m.Records[i].Get(c.Name) != want[j] || j >= len(want) && m.Records[i].Get(c.Name) != "" {
				t.Errorf("row %d, %s is %q, want %q", i, c.Name, m.Records[i].Get(c.Name), want)
			}
		}
	}
}

func ExampleMap() {
	table, _, err := sheet.Read("diem-thi.csv", []byte("Mã;Tên điểm thi;Số phòng\n01;THPT Lê Quý Đôn;12\n02;;mười\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := sheet.Map(table, []sheet.Column{
		{Name: "code", Title: "Mã", Required: true},
		{Name: "name", Title: "Tên điểm thi", Required: true},
		{Name: "rooms", Title: "Số phòng", Kind: sheet.Number},
	})
	for _, r := range m.Records {
		fmt.Println(r.Get("code"), r.Get("name"), r.Int("rooms"))
	}
	for _, r := range m.Refusals {
		fmt.Println(r)
	}
	// Output:
	// 01 THPT Lê Quý Đôn 12
	// diem-thi.csv, ô B3 (Tên điểm thi): Ô “Tên điểm thi” chưa có giá trị.
	// diem-thi.csv, ô C3 (Số phòng): “mười” không phải số nguyên. Hãy chỉ ghi chữ số, ví dụ 241.
}
