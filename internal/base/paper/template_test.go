package paper_test

import (
	"bytes"
	"io"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/paper"
)

func sittingTemplate(t testing.TB) *paper.Template {
	t.Helper()
	src, err := os.ReadFile("testdata/buoi-thi.txt")
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := paper.ParseTemplate(string(src))
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

func sittingData() map[string]any {
	return map[string]any{
		"số": 5, "ngày": "2021-07-07", "buổi": "sáng ngày 07/7/2021", "độ_khẩn": "", "ký_thay": true, "người_ký": "Nguyễn Thị Hạnh",
		"nơi_nhận": []map[string]any{{"tên": "Thường trực Ban Chỉ đạo", "vai": "b/c"}, {"tên": "Lãnh đạo Sở", "vai": ""}},
		"điểm_thi": 1023, "năm": 2021, "phòng": int64(7), "đơn_vị": map[string]any{"tên": "Hội đồng thi"}, "giờ": "11 giờ 30 phút",
		"môn": []map[string]any{
			{"tên": "Ngữ văn", "đăng_ký": 3210, "dự_thi": 3192, "đình_chỉ": 0},
			{"tên": "Toán", "đăng_ký": 3214, "dự_thi": 3190, "đình_chỉ": 1},
		},
		"tổng":  map[string]any{"đăng_ký": 6424, "dự_thi": 6382, "đình_chỉ": 1},
		"sự_cố": []map[string]any{{"giờ": "8 giờ 10", "mô_tả": "mất điện 15 phút **", "xử_lý": "dùng máy phát"}},
	}
}

func TestATemplateBecomesADocument(t *testing.T) {
	t.Parallel()
	d, err := sittingTemplate(t).Execute(sittingData())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	if d.Number != 5 || d.Date != (paper.Date{Day: 7, Month: 7, Year: 2021}) || d.Abstract != "Tình hình tổ chức buổi thi sáng ngày 07/7/2021" {
		t.Errorf("head: %+v", d)
	}
	if want := []paper.Post{{Authority: paper.ForHead, Title: "Giám đốc"}, {Title: "Phó Giám đốc"}}; !reflect.DeepEqual(d.Signature.Posts, want) {
		t.Errorf("posts: %+v", d.Signature.Posts)
	}
	if want := []paper.Recipient{{Name: "Thường trực Ban Chỉ đạo", Role: "b/c"}, {Name: "Lãnh đạo Sở"}}; !reflect.DeepEqual(d.Recipients, want) {
		t.Errorf("recipients: %+v", d.Recipients)
	}
	if first := d.Body[1]; plainText(first.(paper.Paragraph).Text) != "Buổi thi có 1.023 điểm thi, năm 2021, 07 phòng; HỘI ĐỒNG THI." {
		t.Errorf("paragraph: %+v", first)
	}
	if got, want := d.Body[3].(paper.Paragraph).Text, []paper.Run{{Text: "Số liệu đến "}, {Text: "11 giờ 30 phút", Bold: true}, {Text: ", "}, {Text: "tạm thời", Italic: true}, {Text: ":"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("runs: %+v", got)
	}
	table := d.Body[4].(paper.Table)
	if len(table.Rows) != 3 || plainText(table.Rows[1].Cells[0].Text) != "2" || !table.Rows[2].Total || table.Rows[2].Cells[0].Span != 2 {
		t.Errorf("rows: %+v", table.Rows)
	}
	if h := table.Head; len(h) != 2 || len(h[0].Cells) != 4 || h[0].Cells[0].Down != 2 || h[0].Cells[2].Span != 2 || len(h[1].Cells) != 2 {
		t.Errorf("head of the table: %+v", h)
	}
	if table.Columns[0] != (paper.Column{Width: 12, Align: paper.Center}) {
		t.Errorf("columns: %+v", table.Columns)
	}
	list := d.Body[6].(paper.List)
	if len(list.Items) != 1 || plainText(list.Items[0].Text) != "Lúc 8 giờ 10: mất điện 15 phút **" || len(list.Items[0].Items) != 1 {
		t.Errorf("list: %+v", list)
	}
	if p := d.Body[8].(paper.Paragraph); p.Level != 2 || plainText(p.Text) != "Khoản không có tiêu đề, dấu sao * và ngoặc {x}." {
		t.Errorf("numbered paragraph: %+v", p)
	}
	if len(d.Appendices) != 1 || !d.Appendices[0].Landscape || len(d.Body) != 12 {
		t.Errorf("%d blocks, appendices: %+v", len(d.Body), d.Appendices)
	}
	for _, as := range []func(io.Writer, *paper.Document) error{paper.WriteDOCX, paper.WritePDF} {
		if err := as(io.Discard, &d); err != nil {
			t.Error(err)
		}
	}
}

func plainText(runs []paper.Run) string {
	s := ""
	for _, r := range runs {
		s += r.Text
	}
	return s
}

func TestConditionsLeaveOut(t *testing.T) {
	t.Parallel()
	data := sittingData()
	data["ký_thay"], data["sự_cố"] = 0, []map[string]any{}
	d, err := sittingTemplate(t).Execute(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Signature.Posts) != 1 || len(d.Appendices) != 0 || !reflect.DeepEqual(d.Body[6], paper.Paragraph{Text: paper.Text("Không có sự cố.")}) {
		t.Errorf("%+v", d)
	}
	if last := d.Body[len(d.Body)-1].(paper.Paragraph); last.Align != paper.Center {
		t.Errorf("the last paragraph is %+v", last)
	}
}

func TestWhatIsMissingIsNamedWithTemplateLineAndField(t *testing.T) {
	t.Parallel()
	tmpl := sittingTemplate(t)
	for field, want := range map[string]string{
		"người_ký": "Mẫu “Báo cáo buổi thi”, dòng 19: thiếu dữ liệu “người_ký”.",
		"tổng":     "Mẫu “Báo cáo buổi thi”, dòng 37: thiếu dữ liệu “tổng.đăng_ký”.",
		"môn":      "Mẫu “Báo cáo buổi thi”, dòng 34: thiếu dữ liệu “môn”.",
	} {
		data := sittingData()
		delete(data, field)
		_, err := tmpl.Execute(data)
		if !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[0].Message != want {
			t.Errorf("without %s: %v, want %s", field, err, want)
		}
	}
	for name, c := range map[string]struct {
		field string
		value any
		want  string
	}{
		"a table in a line":     {"giờ", []map[string]any{}, "không in được"},
		"a text to repeat":      {"môn", "Toán", "không phải là bảng"},
		"text without digits":   {"năm", "hai nghìn", "không phải là số"},
		"a fraction":            {"điểm_thi", 1.5, "không in được"},
		"a part of a text":      {"tổng", "6424", "thiếu dữ liệu “tổng.đăng_ký”"},
		"a day that is none":    {"ngày", "32/13/2021", "ngày phải ghi"},
		"a degree that is none": {"độ_khẩn", "rất khẩn", "độ khẩn chỉ có"},
	} {
		data := sittingData()
		data[c.field] = c.value
		if _, err := tmpl.Execute(data); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTryReadsEveryBranch(t *testing.T) {
	t.Parallel()
	tmpl, data := sittingTemplate(t), sittingData()
	if err := tmpl.Try(data); err != nil {
		t.Fatal(err)
	}
	src := strings.Replace(tmpl.Source(), "Không có sự cố.", "Không có sự cố tại {nơi_không_có}.", 1)
	changed, err := paper.ParseTemplate(src)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := changed.Execute(maps.Clone(data)); err != nil {
		t.Errorf("the branch is not taken, yet: %v", err)
	}
	if err := changed.Try(data); err == nil || !strings.Contains(err.Error(), "nơi_không_có") {
		t.Errorf("a field nobody offers, in a branch not taken: %v", err)
	}
	data["môn"] = []map[string]any{}
	if err := tmpl.Try(data); err == nil || !strings.Contains(err.Error(), "không có dòng nào") {
		t.Errorf("a sample table without rows: %v", err)
	}
}

func TestMistakesInATemplateAreToldByLine(t *testing.T) {
	t.Parallel()
	const head = "Tên mẫu: Thử\nLoại: Thông báo\n---\n"
	for _, c := range []struct{ name, src, want string }{
		{"nothing", "", "thiếu dòng “Tên mẫu: …”"},
		{"no body", "Tên mẫu: Thử\n---\n", "thiếu nội dung"},
		{"no line between", "Tên mẫu: Thử\nLoại: Thông báo\n", "thiếu dòng “---”"},
		{"no name", "Loại: Thông báo\n---\nx", "Tên mẫu"},
		{"a name with a field", "Tên mẫu: {x}\n---\nx", "chữ cố định"},
		{"an unknown key", "Tên mẫu: Thử\nNgười gửi: ai\n---\nx", "Dòng 2: không có mục “Người gửi”"},
		{"an unknown degree", "Tên mẫu: Thử\nĐộ khẩn: rất gấp\n---\nx", "Dòng 2: độ khẩn chỉ có"},
		{"an unknown directive", head + ":chạy rm", "Dòng 4: không hiểu “:chạy rm”"},
		{"a directive where it cannot be", "Tên mẫu: Thử\n:bảng\n---\nx", "Dòng 2: không hiểu “:bảng”"},
		{"an open block", head + "x\n:nếu a\ny", "Dòng 5: khối mở ở dòng này chưa có “:hết”"},
		{"an end too much", head + "x\n:hết", "Dòng 5: “:hết” không có khối nào"},
		{"two else", head + ":nếu a\nx\n:khác\ny\n:khác\nz\n:hết", "chỉ dùng một lần"},
		{"an open field", head + "x {a", "Dòng 4: “{” chưa có “}”"},
		{"a field that is none", head + "x {a b}", "“a b” không phải tên trường"},
		{"code in a field", head + "x {a|print}", "không phải tên trường"},
		{"an unknown format", head + "x {a:đẹp}", "không hiểu kiểu “đẹp”"},
		{"an open star", head + "x **đậm", "dấu “*” chưa có dấu đóng"},
		{"a table without columns", head + ":bảng\n| a |\n:hết", "chưa có dòng “|:”"},
		{"a row too short", head + ":bảng\n|: trái | phải\n| a |\n:hết", "Dòng 6: dòng có 1 ô mà bảng có 2 cột"},
		{"a row outside", head + "| a |", "giữa “:bảng” và “:hết”"},
		{"text in a table", head + ":bảng\n|: trái\nchữ\n:hết", "bắt đầu bằng “|”"},
		{"a column that is none", head + ":bảng\n|: lệch 20\n| a\n:hết", "không hiểu cột"},
		{"joined to nothing", head + ":bảng\n| < |\n|: trái\n| a\n:hết", "không có ô nào để gộp"},
		{"joined crookedly", head + ":bảng\n| a | < |\n| ^ | b |\n|: trái | trái\n| a | b\n:hết", "không thành hình chữ nhật"},
		{"joined up in the body", head + ":bảng\n|: trái\n| a\n| ^\n:hết", "chỉ dùng trong tiêu đề"},
		{"an appendix in an appendix", head + "x\n:phụ lục: A\ny\n:phụ lục: B\nz\n:hết\n:hết", "không hiểu “:phụ lục: B”"},
		{"too deep", head + strings.Repeat(":nếu a\n", 9) + strings.Repeat(":hết\n", 9), "quá nhiều khối lồng nhau"},
		{"too long", head + strings.Repeat("x\n", 100_001), "Mẫu dài quá"},
		{"broken letters", head + "\xff", "hỏng mã"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := paper.ParseTemplate(c.src)
			if !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[0].Name != "template" || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestAPlusNeedsADashAboveIt(t *testing.T) {
	t.Parallel()
	tmpl, err := paper.ParseTemplate("Tên mẫu: Thử\n---\n+ x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tmpl.Execute(nil); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func FuzzParseTemplate(f *testing.F) {
	src, err := os.ReadFile("testdata/buoi-thi.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(src))
	for _, s := range []string{"", "---", ":nếu a\n:khác\n:hết", "Tên mẫu: x\n---\n:bảng\n| a | < |\n| ^ | ^ |\n|: trái | phải 30\n:với môn\n| {tên} | \\| |\n:hết\n:hết",
		"Tên mẫu: x\nSố: {số}\n---\n:phụ lục ngang: {giờ}\n- a\n+ b\n:hết", "Tên mẫu: x\n---\n\\# a **{giờ:hoa}** \\", "Tên mẫu: é\r\n---\r\n# x\r\n"} {
		f.Add(s)
	}
	data := sittingData()
	f.Fuzz(func(t *testing.T, src string) {
		tmpl, err := paper.ParseTemplate(src)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", src, err)
			}
			return
		}
		if err := tmpl.Try(data); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("%q: %v", src, err)
		}
		d, err := tmpl.Execute(data)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", src, err)
			}
			return
		}
		// What the template does not say, so that its body reaches the page.
		sample := sittingReport()
		sample.Body, sample.Appendices = d.Body, d.Appendices
		if err := sample.Check(); err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", src, err)
			}
			return
		}
		var docx, pdf bytes.Buffer
		if err := paper.WriteDOCX(&docx, sample); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		if err := paper.WritePDF(&pdf, sample); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
	})
}
