package people_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/people"
)

// A book is a spreadsheet as people fill it in: sheet → rows, the first of them the header.
type book []struct {
	name string
	rows [][]string
}

func (b book) xlsx(t *testing.T) []byte {
	t.Helper()
	var sheets []sheet.Data
	for _, s := range b {
		var columns []sheet.Column
		for _, h := range s.rows[0] {
			columns = append(columns, sheet.Column{Name: h, Title: h})
		}
		sheets = append(sheets, sheet.Data{Sheet: s.name, Columns: columns, Rows: slices.Values(s.rows[1:])})
	}
	var file bytes.Buffer
	if err := sheet.Write(&file, sheets...); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

var wholeOffice = book{
	{"Đơn vị", [][]string{
		{"Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Trực thuộc", "Tên gọi khác"},
		{"", "Văn phòng Sở", "Phòng, ban của Sở", "so-gddt", ""},
		{"so-gddt", "Sở Giáo dục và Đào tạo", "Sở Giáo dục và Đào tạo", "", "Sở GDĐT; SGDĐT"},
		{"binh-lu", "Trường THPT Bình Lư", "Trường trung học phổ thông", "SGDĐT", ""},
	}},
	{"Tài khoản", [][]string{
		{"Tên đăng nhập", "Họ và tên", "Đơn vị công tác"},
		{"nguyen.thi.hoa", "Nguyễn Thị Hoa", "binh-lu"},
		{"lo.van.pan", "Lò Văn Pản", "Văn phòng Sở"},
	}},
	{"Vai trò", [][]string{
		{"Tên đăng nhập", "Vai trò", "Phạm vi", "Từ ngày", "Đến hết ngày"},
		{"nguyen.thi.hoa", "Biên tập viên đơn vị", "Trường THPT Bình Lư", "", ""},
		{"nguyen.thi.hoa", "Thư ký Điểm thi", "Than Uyên", "6/7/2021", "8/7/2021"},
		{"lo.van.pan", "Văn thư", "", "", ""},
	}},
}

func TestOneSpreadsheetFillsAnOffice(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p, err := h.StartImport(h.admin, "sở.xlsx", wholeOffice.xlsx(t))
		h.must(err)
		if len(p.Refusals) != 0 || !p.Acceptable() {
			t.Fatalf("preview refuses %v, ignores %v", p.Refusals, p.Ignored)
		}
		if d, err := h.Directory(h.admin); err != nil || len(d.Tree("")) != 0 {
			t.Fatal("the preview wrote units")
		}
		other := h.account("quantri2")
		h.grant(other, people.RoleAdmin, department)
		_, err = h.AcceptImport(h.as(other), p.ID)
		refused(t, err, fault.NotFound, "")
		done, err := h.AcceptImport(h.admin, p.ID)
		h.must(err)
		want := []people.SheetCount{{Name: "Đơn vị", Created: 3}, {Name: "Tài khoản", Created: 2}, {Name: "Vai trò", Created: 3}}
		if !slices.Equal(done.Sheets, want) {
			t.Errorf("did %+v", done.Sheets)
		}
		d, err := h.Directory(h.admin)
		h.must(err)
		office := d.Find("văn phòng sở", "2021-07-07")
		if len(office) != 1 || len(d.Path(office[0])) != 2 {
			t.Errorf("the office that stood above its parent hangs at %v", d.Path(office[0]))
		}
		hoa, err := h.AccountByUsername(h.admin, "nguyen.thi.hoa")
		h.must(err)
		grants, err := h.Grants(h.admin, hoa.ID)
		h.must(err)
		if len(grants) != 2 || hoa.HasPassword {
			t.Errorf("grants are %+v", grants)
		}
		lines, err := audit.List(h.admin, h.db.Read(), audit.Query{Action: "people.import"})
		h.must(err)
		if len(lines) != 1 || lines[0].Label != "sở.xlsx" {
			t.Errorf("audit lines are %+v", lines)
		}
		_, err = h.AcceptImport(h.admin, p.ID)
		refused(t, err, fault.NotFound, "")

		again, err := h.StartImport(h.admin, "sở.xlsx", wholeOffice.xlsx(t))
		h.must(err)
		if again.Acceptable() || len(again.Refusals) != 0 || again.Sheets[0].Same != 3 || again.Sheets[2].Same != 3 {
			t.Errorf("the same file again: %+v %v", again.Sheets, again.Refusals)
		}
		h.must(h.DropImport(h.admin, again.ID))
	})
}

func TestThePreviewNamesEveryRefusedCell(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bad := book{
			{"Đơn vị", [][]string{
				{"Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Trực thuộc", "Đến hết ngày", "Màu"},
				{"a", "Trường A", "Trường mầm non", "", "", ""},
				{"b", "Trường B", "Trường trung học phổ thông", "không có", "", ""},
				{"c", "", "Trường trung học phổ thông", "", "", ""},
				{"d", "Trường D", "Trường trung học phổ thông", "", "31/2/2025", ""},
				{"e", "Trường E", "Trường trung học phổ thông", "", "", ""},
				{"E", "Trường E", "Trường trung học phổ thông", "", "", "đỏ"},
			}},
			{"Tài khoản", [][]string{
				{"Tên đăng nhập", "Họ và tên", "Thư điện tử"},
				{"?", "Không Tên", ""},
				{"hoa", "Hoa", "hoa"},
			}},
			{"Vai trò", [][]string{
				{"Tên đăng nhập", "Vai trò", "Phạm vi"},
				{"ai.do", "Văn thư", ""},
				{"quantri", "Vua", ""},
				{"quantri", "Thủ trưởng đơn vị", "Trường Z"},
				{"quantri", "Trưởng Điểm thi", "Điểm Z"},
				{"quantri", "Lãnh đạo Sở", ""},
			}},
			{"Ghi chú", [][]string{{"Việc"}, {"nhớ gọi điện"}}},
		}
		p, err := h.StartImport(h.admin, "lỗi.xlsx", bad.xlsx(t))
		h.must(err)
		var got []string
		for _, r := range p.Refusals {
			got = append(got, strings.TrimPrefix(r.Sheet+"!"+r.Column, "!")+itoa(r.Row))
			if r.File != "lỗi.xlsx" || r.Message == "" {
				t.Errorf("refusal %+v", r)
			}
		}
		want := []string{"Đơn vị!C2", "Đơn vị!D3", "Đơn vị!B4", "Đơn vị!E5", "Đơn vị!A7", "Tài khoản!A2", "Tài khoản!C3",
			"Vai trò!A2", "Vai trò!B3", "Vai trò!C4", "Vai trò!C5", "Vai trò!6"}
		if !slices.Equal(got, want) {
			t.Errorf("refused cells are\n%v, want\n%v", got, want)
			for _, r := range p.Refusals {
				t.Log(r)
			}
		}
		ignored := strings.Join(p.Ignored, " ")
		if !strings.Contains(ignored, "Màu") || !strings.Contains(ignored, "Ghi chú") {
			t.Errorf("ignored is %q", ignored)
		}
		before, err := audit.List(h.admin, h.db.Read(), audit.Query{Limit: 1})
		h.must(err)
		_, err = h.AcceptImport(h.admin, p.ID)
		refused(t, err, fault.Conflict, "")
		after, err := audit.List(h.admin, h.db.Read(), audit.Query{Limit: 1})
		h.must(err)
		if d, err := h.Directory(h.admin); err != nil || len(d.Tree("")) != 0 || before[0].Seq != after[0].Seq {
			t.Error("a refused import wrote something")
		}
	})
}

func itoa(n int) string { return string(rune('0' + n)) }

func TestACSVFileIsKnownByItsHeader(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		csv := "\ufeffHọ tên;Tài khoản;Số điện thoại\r\nNguyễn Thị Hoa;hoa;0213123456\r\n"
		p, err := h.StartImport(h.admin, "danh sách.csv", []byte(csv))
		h.must(err)
		if !p.Acceptable() || p.Sheets[0] != (people.SheetCount{Name: "Tài khoản", Created: 1}) {
			t.Fatalf("preview is %+v", p)
		}
		_, err = h.AcceptImport(h.admin, p.ID)
		h.must(err)
		a, err := h.AccountByUsername(h.admin, "hoa")
		h.must(err)
		if a.Phone != "0213123456" {
			t.Errorf("the telephone number became %q", a.Phone)
		}
	})
}

func TestFilesThatAreNoSpreadsheets(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for name, data := range map[string][]byte{"trống.xlsx": nil, "hình.xlsx": []byte("\x89PNG\r\n\x1a\n0000000000"), "hỏng.xlsx": []byte("PK\x03\x04hỏng")} {
			_, err := h.StartImport(h.admin, name, data)
			refused(t, err, fault.Invalid, "file")
		}
		_, err := h.StartImport(h.admin, "to.csv", make([]byte, 9<<20))
		refused(t, err, fault.TooLarge, "")
		// All rows are written in one transaction, during which nobody else's save is.
		_, err = h.StartImport(h.admin, "dài.csv", []byte("Họ tên;Tài khoản\n"+strings.Repeat("A;b\n", 6001)))
		refused(t, err, fault.Invalid, "file")
	})
}

// One upload is enough to hear of everything that is wrong with a row: what its columns refuse, names
// that are not known, and what the form would say.
func TestARowHearsOfAllThatIsWrongAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bad := book{
			{"Đơn vị", [][]string{
				{"Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Trực thuộc", "Địa phương", "Điện thoại", "Thư điện tử", "Đến hết ngày"},
				{"a", "Trường A", "Trường trên mây", "không có", "Huyện Z", "abc", "hoa", "31/2/2025"},
				{"so-gddt", "Sở Giáo dục và Đào tạo", "Sở Giáo dục và Đào tạo", "", "", "02133799569, (0213) 3876 961 máy lẻ 12; 113", "", ""},
			}},
			{"Tài khoản", [][]string{
				{"Tên đăng nhập", "Họ và tên", "Đơn vị công tác", "Thư điện tử", "Điện thoại"},
				{"?", "", "nơi khác", "hoa", "12"},
				{"quantri", "Lò Văn Quản", "nơi khác", "hoa", ""},
			}},
			{"Vai trò", [][]string{
				{"Tên đăng nhập", "Vai trò", "Phạm vi", "Từ ngày", "Đến hết ngày"},
				{"ai.do", "Thủ trưởng đơn vị", "Trường Z", "9/7/2021", "6/7/2021"},
				{"ai.do", "Vua", "Trường Z", "9/7/2021", "6/7/2021"},
			}},
		}
		p, err := h.StartImport(h.admin, "lỗi.xlsx", bad.xlsx(t))
		h.must(err)
		var got []string
		said := map[string]bool{}
		for _, r := range p.Refusals {
			cell := r.Sheet + "!" + r.Column + itoa(r.Row)
			if said[cell] {
				t.Errorf("%s is refused twice", cell)
			}
			said[cell] = true
			got = append(got, cell)
		}
		slices.Sort(got)
		want := []string{"Tài khoản!A2", "Tài khoản!B2", "Tài khoản!C2", "Tài khoản!C3", "Tài khoản!D2", "Tài khoản!D3", "Tài khoản!E2",
			"Vai trò!A2", "Vai trò!A3", "Vai trò!B3", "Vai trò!C2", "Vai trò!E2", "Vai trò!E3",
			"Đơn vị!C2", "Đơn vị!D2", "Đơn vị!E2", "Đơn vị!F2", "Đơn vị!G2", "Đơn vị!H2"}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("refused cells are\n%v, want\n%v", got, want)
		}
		_, err = h.AcceptImport(h.admin, p.ID)
		refused(t, err, fault.Conflict, "")
		if d, err := h.Directory(h.admin); err != nil || len(d.Tree("")) != 0 {
			t.Error("a refused import wrote units")
		}
	})
}

// Districts ended on 30/6/2025 (domain.md 2.6): a file that names one is told so, and the template gives
// as an example what is accepted today.
func TestAnEndedLocalityIsNamedAsSuch(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		locality := func(l people.Locality) {
			_, err := h.SaveLocality(h.admin, l)
			h.must(err)
		}
		locality(people.Locality{Level: people.Province, Code: "12", Name: "Tỉnh Lai Châu"})
		locality(people.Locality{Level: people.District, Code: "110", Name: "Huyện Than Uyên", ValidTo: "2025-06-30"})
		h.clock.Advance(5 * 365 * 24 * time.Hour)
		file := book{{"Đơn vị", [][]string{
			{"Tên đơn vị", "Loại đơn vị", "Địa phương", "Có từ ngày"},
			{"Trường A", "Trường trung học phổ thông", "Huyện Than Uyên", ""},
			{"Trường B", "Trường trung học phổ thông", "Huyện Than Uyên", "1/9/2010"},
		}}}
		p, err := h.StartImport(h.admin, "đơn vị.xlsx", file.xlsx(t))
		h.must(err)
		if len(p.Refusals) != 1 || p.Refusals[0].Column != "C" || p.Refusals[0].Row != 2 || !strings.Contains(p.Refusals[0].Message, "đã kết thúc ngày 30/6/2025") {
			t.Errorf("refusals %v", p.Refusals)
		}
		var template bytes.Buffer
		h.must(h.ImportTemplate(h.admin, &template))
		all := partsOf(t, template.Bytes()) // reading the template as an import leaves its explanations out
		if strings.Contains(all, "Huyện Than Uyên") || !strings.Contains(all, "Tỉnh Lai Châu") {
			t.Errorf("the template's example of a locality: %s", all)
		}
	})
}

// partsOf gives the text of all parts of a workbook.
func partsOf(t *testing.T, workbook []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		part, err := fs.ReadFile(z, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(part)
	}
	return all.String()
}

func TestATableForNoSheetIsToldWhatIsExpected(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for name, c := range map[string]struct{ csv, says string }{
			"no known column":     {"a;b\n1;2\n", "không có cột nào nhận ra được. Mỗi trang cần ít nhất các cột: Đơn vị (Tên đơn vị, Loại đơn vị); Tài khoản (Tên đăng nhập, Họ và tên); Vai trò (Tên đăng nhập, Vai trò)"},
			"a column is missing": {"Loại đơn vị;Trực thuộc\nx;y\n", "giống trang “Đơn vị” nhưng thiếu cột: Tên đơn vị."},
		} {
			p, err := h.StartImport(h.admin, "tệp.csv", []byte(c.csv))
			h.must(err)
			if !p.Empty() || p.Acceptable() || len(p.Ignored) != 1 || !strings.Contains(p.Ignored[0], c.says) {
				t.Errorf("%s: ignored %q, refused %v", name, p.Ignored, p.Refusals)
			}
		}
		p, err := h.StartImport(h.admin, "vai trò.xlsx", book{{"Vai trò", [][]string{{"Tên đăng nhập", "Phạm vi"}, {"quantri", "x"}}}}.xlsx(t))
		h.must(err)
		if len(p.Refusals) != 1 || !strings.Contains(p.Refusals[0].Message, "Thiếu cột “Vai trò”") {
			t.Errorf("a sheet of roles without the role: %v", p.Refusals)
		}
	})
}

func TestTheTemplateIsReadBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var file bytes.Buffer
		h.must(h.ImportTemplate(h.admin, &file))
		p, err := h.StartImport(h.admin, "mẫu.xlsx", file.Bytes())
		h.must(err)
		if len(p.Refusals) != 0 || len(p.Ignored) != 0 || p.Acceptable() {
			t.Errorf("the empty template: %+v", p)
		}
	})
}

// Another capability's rows travel in the same file and see what earlier sheets wrote.
func TestOtherCapabilitiesAddTheirSheet(t *testing.T) {
	t.Parallel()
	h := newHouse(sqliteAt(t, examDay))
	var seen []string
	policy, err := access.NewPolicy(h.clock, people.Rules())
	h.must(err)
	var service *people.Service
	service, err = people.New(people.Deps{DB: h.db, Policy: policy, Secret: bytes.Repeat([]byte{7}, 32), Sheets: []people.ImportSheet{{
		Name: "Điểm thi", Key: []string{"name"}, Columns: []sheet.Column{{Name: "name", Title: "Tên điểm thi", Required: true}, {Name: "host", Title: "Đơn vị", Required: true}},
		Row: func(ctx context.Context, tx *db.Tx, r sheet.Record) (people.Outcome, error) {
			d, err := service.DirectoryIn(ctx, tx)
			if err != nil {
				return people.RowSame, err
			}
			if len(d.Find(r.Get("host"), "2021-07-07")) != 1 {
				return people.RowSame, fault.Fields(fault.Field{Name: "host", Message: "Không có đơn vị này."})
			}
			seen = append(seen, r.Get("name"))
			return people.RowCreated, nil
		}}}})
	h.must(err)
	file := append(book{{"Điểm thi", [][]string{{"Tên điểm thi", "Đơn vị"}, {"Điểm thi 1", "binh-lu"}, {"Điểm thi 2", "nơi khác"}}}}, wholeOffice[:1]...)
	p, err := service.StartImport(h.admin, "điểm.xlsx", file.xlsx(t))
	h.must(err)
	if len(seen) != 1 || len(p.Refusals) != 1 || p.Refusals[0].Column != "B" || p.Refusals[0].Row != 3 {
		t.Errorf("saw %v, refused %v", seen, p.Refusals)
	}
}
