package demo_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"bangvang/internal/base/access"
	"bangvang/internal/base/publish"
	"bangvang/internal/demo"
)

// words is the text of a public page, its spaces as a reader sees them.
func words(t *testing.T, plane *publish.Plane, path string) string {
	t.Helper()
	r := plane.Respond(publish.Request{Method: "GET", Path: path})
	if r.Status != 200 {
		t.Fatalf("%s answers %d", path, r.Status)
	}
	doc, err := html.Parse(strings.NewReader(string(r.Body)))
	must(t, err)
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestTheDemonstrationSaysWhatIsReal reads public pages: each says in a few words that this is a
// demonstration and on request what of it is real; none calls itself official.
//
// Source: domain.md 9 (9); issue 2, F.
func TestTheDemonstrationSaysWhatIsReal(t *testing.T) {
	t.Parallel()
	p := open(t)
	must(t, p.app.Publisher.RebuildAll(access.System(t.Context(), "Kiểm thử")))
	must(t, p.app.Publisher.Publish(access.System(t.Context(), "Kiểm thử")))
	plane := publish.NewPlane(p.app.Site)
	for path, wants := range map[string][]string{
		"/":                                  nil,
		"/van-ban":                           {"Chỉ thị", "Bộ Giáo dục và Đào tạo"},
		"/diem-thi":                          nil,
		"/dieu-khoan":                        {"không phải trang của Sở Giáo dục và Đào tạo Lai Châu"},
		"/lich-thi":                          {"theo kế hoạch"},
		"/van-ban/08-ct-ubnd-2021":           {"Chủ tịch Ủy ban nhân dân tỉnh", "ví dụ giả định"},
		"/van-ban/15-kh-sgddt-2021/toan-van": {"vp.sogddt@laichau.gov.vn", "Tháng 6, 7, 8/2021", "gương người tốt"},
		"/van-ban/15-kh-sgddt-2021": {"là giả định: bản gốc để trống",
			"Ban Tuyên giáo Tỉnh ủy (báo cáo)", "Người ký giả định"},
	} {
		got := words(t, plane, path)
		for _, want := range append(wants, "Trang trình diễn", demo.Invented) {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		if strings.Contains(got, "trang chính thức") {
			t.Errorf("%s calls itself official", path)
		}
		before, _, _ := strings.Cut(got, demo.Invented)
		if _, line, _ := strings.Cut(before, "Đến nội dung chính"); utf8.RuneCountInString(line) > 60 {
			t.Errorf("%s begins with the long banner %q", path, line)
		}
	}
	for _, claim := range []string{"Chưa kiểm chứng: ngày thi đợt 2, giờ phát đề", "tên các trường THPT", "Giả định: trung tâm GDNN-GDTX, điểm thi"} {
		if !strings.Contains(demo.Invented, claim) {
			t.Errorf("what is unverified is not called so: %q", claim)
		}
	}
	if strings.Contains(words(t, plane, "/van-ban"), "(năm ") {
		t.Error("a real title carries words of ours")
	}
}
