package paper_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/paper"
)

func TestTheFormRefusesByField(t *testing.T) {
	t.Parallel()
	sign := func(posts ...paper.Post) func(*paper.Document) {
		return func(d *paper.Document) { d.Signature.Posts = posts }
	}
	named := func(name string) func(*paper.Document) {
		return func(d *paper.Document) { d.Signature.Name = name }
	}
	delegated := []paper.Post{{Authority: paper.Delegated, Title: "Giám đốc"}, {Title: "Chánh Văn phòng"}}
	for _, c := range []struct {
		name   string
		change func(*paper.Document)
		field  string // "" = accepted
		words  string
	}{
		{"the sample", func(*paper.Document) {}, "", ""},
		{"no issuer", func(d *paper.Document) { d.Organisation.Issuing = " " }, "issuing", "cơ quan ban hành"},
		{"no governing body", func(d *paper.Document) { d.Organisation.Governing = "" }, "", ""},
		{"a number below one", func(d *paper.Document) { d.Number = -1 }, "number", "Số văn bản"},
		{"no symbol", func(d *paper.Document) { d.Symbol = "" }, "symbol", "Thiếu ký hiệu"},
		{"a symbol with its slash", func(d *paper.Document) { d.Symbol = "/BC-SGDĐT" }, "symbol", "không đúng dạng"},
		{"a symbol with spaces", func(d *paper.Document) { d.Symbol = "BC - SGDĐT" }, "symbol", "không đúng dạng"},
		{"an office with &", func(d *paper.Document) { d.Symbol = "SGDĐT-KT&QLCLGD" }, "", ""},
		{"no place", func(d *paper.Document) { d.Place = "" }, "place", "địa danh"},
		{"a day that never was", func(d *paper.Document) { d.Date = paper.Date{Day: 31, Month: 6, Year: 2021} }, "date", "không có thật"},
		{"a number without a day", func(d *paper.Document) { d.Date.Day = 0 }, "date", "đủ ngày, tháng, năm"},
		{"a draft without a date", func(d *paper.Document) { d.Number, d.Date = 0, paper.Date{} }, "", ""},
		{"no abstract", func(d *paper.Document) { d.Abstract = "" }, "abstract", "trích yếu"},
		{"V/v typed", func(d *paper.Document) { d.Abstract = "V/v báo cáo" }, "abstract", "in sẵn"},
		{"an abstract without end", func(d *paper.Document) { d.Abstract = strings.Repeat("rất dài ", 80) }, "abstract", "500"},
		{"an unknown urgency", func(d *paper.Document) { d.Urgency = 9 }, "urgency", "Mức độ khẩn"},
		{"a công văn to nobody", func(d *paper.Document) { d.Type, d.Addressees = "", nil }, "addressees", "Kính gửi"},
		{"an empty addressee", func(d *paper.Document) { d.Addressees = []string{"; "} }, "addressees", "để trống"},
		{"nobody gets it", func(d *paper.Document) { d.Addressees, d.Recipients = nil, nil }, "recipients", "Thiếu nơi nhận"},
		{"nobody keeps it", func(d *paper.Document) { d.Archive = "" }, "archive", "nơi lưu"},
		{"no body", func(d *paper.Document) { d.Body = nil }, "body", "còn trống"},
		{"a heading with nothing below", func(d *paper.Document) {
			d.Body = append(slices.Clone(d.Body), paper.Heading{Level: 1, Title: "Kết luận"})
		}, "body", "“Kết luận”"},
		{"a fourth level", func(d *paper.Document) {
			d.Body = slices.Insert(slices.Clone(d.Body), 0, paper.Block(paper.Heading{Level: 4, Title: "x"}))
		}, "body", "cấp 4"},
		{"a letter no one can print", func(d *paper.Document) { d.Body = []paper.Block{paper.Paragraph{Text: paper.Text("Tốt 👍")}} }, "body", "U+1F44D"},
		{"a control character", func(d *paper.Document) { d.Place = "Lai\x00Châu" }, "place", "điều khiển"},
		{"marks of their own", func(d *paper.Document) { d.Place = "Lai Cha\u0302u" }, "", ""},
		{"a table of no rows", func(d *paper.Document) { d.Body = []paper.Block{paper.Table{Columns: []paper.Column{{}}}} }, "body", "không có dòng"},
		{"a row too short", func(d *paper.Document) {
			d.Body = []paper.Block{paper.Table{Columns: make([]paper.Column, 2), Rows: []paper.Row{{Cells: cells("a", "b")}, {Cells: cells("a")}}}}
		}, "body", "dòng thứ 2"},
		{"a column too narrow", func(d *paper.Document) {
			d.Body = []paper.Block{paper.Table{Columns: []paper.Column{{Width: 2}}, Rows: []paper.Row{{Cells: cells("a")}}}}
		}, "body", "hẹp hơn"},
		{"an appendix without a title", func(d *paper.Document) { d.Appendices = []paper.Appendix{{Body: d.Body}} }, "appendices", "chưa có tên"},
		{"no signer's post", sign(), "signer_posts", "Thiếu chức vụ"},
		{"the deputy for the head", sign(paper.Post{Authority: paper.ForHead, Title: "Giám đốc"}, paper.Post{Title: "Phó Giám đốc"}), "", ""},
		{"KT. and no post of one's own", sign(paper.Post{Authority: paper.ForHead, Title: "Giám đốc"}), "signer_posts", "chính người ký"},
		{"two posts and no authority", sign(paper.Post{Title: "Giám đốc"}, paper.Post{Title: "Phó Giám đốc"}), "signer_posts", "quyền hạn ký"},
		{"an authority that is none", sign(paper.Post{Authority: "T/M.", Title: "Hội đồng"}, paper.Post{Title: "Chủ tịch"}), "signer_posts", "T/M."},
		{"an acting head", sign(paper.Post{Authority: paper.ActingAsHead, Title: "Giám đốc"}), "", ""},
		{"for the committee by its deputy", sign(paper.Post{Authority: paper.ForWhole, Title: "Ban Chỉ đạo"}, paper.Post{Authority: paper.ForHead, Title: "Trưởng ban"}, paper.Post{Title: "Phó Trưởng ban"}), "", ""},
		{"TUQ. without a delegation", func(d *paper.Document) {
			d.Signature.Posts, d.Signature.ValidTo = delegated, paper.Date{Day: 31, Month: 12, Year: 2021}
		}, "delegation", "văn bản ủy quyền"},
		{"TUQ. without an end", func(d *paper.Document) {
			d.Signature.Posts, d.Signature.Delegation = delegated, "12/GUQ-SGDĐT"
		}, "delegation_valid_to", "hết hạn"},
		{"TUQ. after its end", func(d *paper.Document) {
			d.Signature.Posts, d.Signature.Delegation, d.Signature.ValidTo = delegated, "12/GUQ-SGDĐT", paper.Date{Day: 6, Month: 7, Year: 2021}
		}, "delegation_valid_to", "ngày 06 tháng 7 năm 2021"},
		{"TUQ. on its last day", func(d *paper.Document) {
			d.Signature.Posts, d.Signature.Delegation, d.Signature.ValidTo = delegated, "12/GUQ-SGDĐT", paper.Date{Day: 7, Month: 7, Year: 2021}
		}, "", ""},
		{"TUQ. passed on", func(d *paper.Document) {
			d.Signature = paper.Signature{Name: "Trần Văn Đức", Delegation: "12/GUQ-SGDĐT", ValidTo: paper.Date{Day: 31, Month: 12, Year: 2021},
				Posts: []paper.Post{{Authority: paper.Delegated, Title: "Giám đốc"}, {Authority: paper.ForHead, Title: "Chánh Văn phòng"}, {Title: "Phó Chánh Văn phòng"}}}
		}, "signer_posts", "không được ủy quyền lại"},
		{"no name", named(""), "signer_name", "Thiếu họ và tên"},
		{"a degree", named("TS. Đinh Trung Tuấn"), "signer_name", "“TS.”"},
		{"two of them", named("PGS.TS Đinh Trung Tuấn"), "signer_name", "“PGS.TS”"},
		{"in small letters", named("ths Đinh Trung Tuấn"), "signer_name", "“ths”"},
		{"spelled out", named("Thạc sĩ Đinh Trung Tuấn"), "signer_name", "“Thạc sĩ”"},
		{"Ông", named("Ông Đinh Trung Tuấn"), "signer_name", "“Ông”"},
		{"a teacher of merit", named("NGƯT Đinh Trung Tuấn"), "signer_name", "NGƯT"},
		{"a family named Ông", named("Ông Ích Khiêm"), "", ""},
		{"a name that begins like a degree", named("Tsin Thị Mai"), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := sittingReport()
			c.change(d)
			err := d.Check()
			if c.field == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			fields := fault.FieldsOf(err)
			i := slices.IndexFunc(fields, func(f fault.Field) bool { return f.Name == c.field })
			if !fault.Is(err, fault.Invalid) || i < 0 || !strings.Contains(fields[i].Message, c.words) {
				t.Errorf("got %v, want %s: …%s…", err, c.field, c.words)
			}
		})
	}
}

func TestNothingIsWrittenOfWhatIsRefused(t *testing.T) {
	t.Parallel()
	d := sittingReport()
	d.Signature.Name = "TS. Đinh Trung Tuấn"
	for _, as := range []func(io.Writer, *paper.Document) error{paper.WriteDOCX, paper.WritePDF} {
		var b bytes.Buffer
		if err := as(&b, d); !fault.Is(err, fault.Invalid) || b.Len() > 0 {
			t.Errorf("%v, %d bytes", err, b.Len())
		}
	}
}

type full struct{}

var errFull = errors.New("the disk is full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAWritersErrorIsTold(t *testing.T) {
	t.Parallel()
	for _, as := range []func(io.Writer, *paper.Document) error{paper.WriteDOCX, paper.WritePDF} {
		if err := as(full{}, sittingReport()); !errors.Is(err, errFull) {
			t.Errorf("got %v", err)
		}
	}
}

func TestNumbersAndDatesHaveTheirZeros(t *testing.T) {
	t.Parallel()
	for d, want := range map[paper.Date]string{
		{}:                               "ngày … tháng … năm …",
		{Month: 6, Year: 2021}:           "ngày … tháng 6 năm 2021",
		{Day: 5, Month: 2, Year: 2021}:   "ngày 05 tháng 02 năm 2021",
		{Day: 9, Month: 3, Year: 2021}:   "ngày 09 tháng 3 năm 2021",
		{Day: 31, Month: 12, Year: 2021}: "ngày 31 tháng 12 năm 2021",
	} {
		if got := d.String(); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
	for n, want := range map[int]string{0: "…/KH-SGDĐT", 7: "07/KH-SGDĐT", 10: "10/KH-SGDĐT", 1234: "1234/KH-SGDĐT"} {
		if got := (&paper.Document{Number: n, Symbol: "KH-SGDĐT"}).Reference(); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for day, want := range map[string]paper.Date{"": {}, "2021-06": {Month: 6, Year: 2021}, "2021-06-05": {Day: 5, Month: 6, Year: 2021}} {
		if got, err := paper.ParseDate(day); err != nil || got != want {
			t.Errorf("%q: %v, %v", day, got, err)
		}
	}
	if _, err := paper.ParseDate("05/6/2021"); !fault.Is(err, fault.Invalid) {
		t.Error("a day in another order was read")
	}
}

func TestPointsAreLetteredInVietnamese(t *testing.T) {
	t.Parallel()
	d := communicationPlan()
	d.Body = nil
	for range 25 {
		d.Body = append(d.Body, paper.Paragraph{Level: 3, Text: paper.Text("điểm;")})
	}
	var b bytes.Buffer
	if err := paper.WritePDF(&b, d); err != nil {
		t.Fatal(err)
	}
	var labels []string
	path := t.TempDir() + "/points.pdf"
	write(t, path, d, paper.WritePDF)
	for _, s := range sheets(t, path) {
		for _, w := range s.Words {
			if strings.HasSuffix(w.Text, ")") && w.Left < 80*mm {
				labels = append(labels, w.Text)
			}
		}
	}
	if got := strings.Join(labels, " "); !strings.HasPrefix(got, "a) b) c) d) đ) e) g) h) i) k) l) m) n) o) p) q) r) s) t) u) v) x) y) aa) ab)") {
		t.Errorf("points: %s", got)
	}
}

func TestALongNameIsPartedWhereItSays(t *testing.T) {
	t.Parallel()
	d := withAppendices()
	d.Organisation.Issuing = "Sở Giáo dục và Đào tạo\ntỉnh Lai Châu"
	path := t.TempDir() + "/name.pdf"
	write(t, path, d, paper.WritePDF)
	all := sheets(t, path)
	one, both := all[0].phrase(t, "SỞ GIÁO DỤC VÀ ĐÀO TẠO"), all[0].phrase(t, "ĐÀO TẠO TỈNH LAI CHÂU")
	if one.Bottom-one.Top > 16 || both.Bottom-both.Top < 20 {
		t.Errorf("the name is not parted where it says: %+v, %+v", one, both)
	}
	all[2].phrase(t, "của Sở Giáo dục và Đào tạo tỉnh Lai Châu)")
}

// Whatever the lengths, no word is lost: a name of an office over two lines, a row higher than a
// page, a word wider than its column, more recipients than a page holds.
func TestExtremesLoseNothing(t *testing.T) {
	t.Parallel()
	d := sittingReport()
	d.Organisation.Issuing = "Ban Chỉ đạo cấp tỉnh Kỳ thi tốt nghiệp trung học phổ thông năm 2021 và những năm tiếp theo"
	long := strings.Repeat("chữ dài trong một ô của bảng ", 900)
	d.Body = []paper.Block{
		paper.Paragraph{Text: paper.Text(strings.Repeat("mộttừdàihơncảdòng", 12))},
		paper.Table{Columns: []paper.Column{{Width: 5}, {}}, Head: []paper.Row{{Cells: cells("Cột", "Nội dung")}}, Rows: []paper.Row{{Cells: cells("WWWW", long)}, {Cells: cells("2", "ngắn")}}},
		paper.Paragraph{Text: paper.Text("Hết")},
	}
	for range 120 {
		d.Recipients = append(d.Recipients, paper.Recipient{Name: "Đơn vị trực thuộc", Role: "thực hiện"})
	}
	path := t.TempDir() + "/extremes.pdf"
	write(t, path, d, paper.WritePDF)
	all := ""
	pages := sheets(t, path)
	for i, s := range pages {
		all += s.text()
		for _, w := range s.Words {
			if w.Bottom > bottom+1 {
				t.Errorf("page %d: “%s” stands below the margin at %.1f", i+1, w.Text, w.Bottom)
			}
		}
	}
	if n := strings.Count(all, "dài trong một ô"); n < 800 { // some stand across two lines
		t.Errorf("only %d of 900 stretches of the long cell are there", n)
	}
	if n := strings.Count(all, "- Đơn vị trực thuộc (thực hiện);"); n != 120 {
		t.Errorf("%d of 120 recipients", n)
	}
	if got := strings.Count(strings.ReplaceAll(all, " ", ""), "mộttừdàihơncảdòng"); got != 12 {
		t.Errorf("%d of 12 parts of the long word", got)
	}
}
