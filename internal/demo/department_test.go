package demo_test

import (
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/demo"
)

// login logs in with one of the demonstration's accounts, in a browser of its own.
func (p province) login(t *testing.T, username string) *webtest.Client {
	t.Helper()
	i := slices.IndexFunc(p.accounts, func(a demo.Account) bool { return a.Username == username })
	if i < 0 {
		t.Fatalf("the demonstration has no account %s", username)
	}
	c := p.client.Another()
	c.Get(web.LoginPath).Fill("Tên đăng nhập", username).Fill("Mật khẩu", p.accounts[i].Password).Press("Đăng nhập")
	return c
}

// TestADocumentOfTheDepartmentGoesItsWholeWay drafts, checks, signs, numbers, issues and posts a
// document of the Department, each step by the account whose work it is.
//
// Source: domain.md 2.3, 6.2.
func TestADocumentOfTheDepartmentGoesItsWholeWay(t *testing.T) {
	t.Parallel()
	p := open(t)
	draft := p.login(t, "khao-thi").Get("/quan-tri/van-ban").Click("Soạn văn bản của Sở").
		Fill("Cơ quan ban hành", "Sở Giáo dục và Đào tạo Lai Châu").Fill("Loại văn bản", "Thông báo").
		Fill("Trích yếu", "Lịch trực của Hội đồng thi").Choose("Mức độ", "Công khai").Fill("Chức vụ người ký", "GIÁM ĐỐC").Fill("Người ký", "Giám đốc Sở (tên giả định)").
		Press("Lưu").WantStatus(200).Want("h1", "/TB-SGDĐT").Want("main", "Sở Giáo dục và Đào tạo Lai Châu")
	for _, step := range []struct{ username, title, then string }{
		{"khao-thi-2", "Duyệt nội dung", "Đã duyệt nội dung"},
		{"van-phong", "Xác nhận đúng thể thức", "Đã kiểm tra thể thức"},
		{"lanh-dao", "Ký", "Đã ký"},
		{"van-thu", "Lấy số", "Đã lấy số"},
		{"van-thu", "Phát hành", "Đã phát hành"},
		{"dang-tai", "Đăng lên trang công khai", "Xem trang công khai"},
	} {
		p.login(t, step.username).Get(draft.Path).Click(step.title).Press(step.title).WantStatus(200).Want("main", step.then)
	}
}

// TestThereIsWorkInTheOffice opens the first page of those whose turn it is: something waits for each,
// and nothing of it is on the public side.
func TestThereIsWorkInTheOffice(t *testing.T) {
	t.Parallel()
	p := open(t)
	for username, waits := range map[string][]string{
		"khao-thi":  {"Văn bản đến chờ phân loại"},
		"dang-tai":  {"Văn bản chờ đăng", "Bản sửa chờ đăng"},
		"lanh-dao":  {"Văn bản chờ ký"},
		"van-thu":   {"Văn bản chờ lấy số"},
		"van-phong": {"Văn bản chờ đăng"},
	} {
		page := p.login(t, username).Get("/quan-tri/")
		for _, what := range waits {
			page.Want("main", what)
		}
	}
	registry := p.login(t, "dang-tai").Get("/quan-tri/van-ban")
	registry.Click("02/TB-BCĐ").Want("main", "Phân công trực (giả định) 2021.docx")
	registry.Click("15/2020/TT-BGDĐT").Want("main", "Có bản sửa chờ đăng")
	registry.Click("03/KH-BCĐ").Want("main", "Lưu nội bộ")
	units := p.login(t, "quan-tri").Get("/quan-tri/don-vi")
	units.Want("main", "Ban Tuyên giáo và Dân vận Tỉnh ủy").Want("main", "Báo và Phát thanh, Truyền hình Lai Châu")

	must(t, p.app.Publisher.RebuildAll(access.System(t.Context(), "Kiểm thử")))
	must(t, p.app.Publisher.Publish(access.System(t.Context(), "Kiểm thử")))
	plane := publish.NewPlane(p.app.Site)
	for _, listed := range p.app.Site.Snapshot().List() {
		body := string(plane.Respond(publish.Request{Method: "GET", Path: listed.Path}).Body)
		for _, hidden := range []string{"1120/UBND-VX", "02/TB-BCĐ", "03/KH-BCĐ", "Kiểm tra chéo", "/TB-SGDĐT", "/GM-SGDĐT", "(văn bản giả định)"} {
			if strings.Contains(body, hidden) {
				t.Errorf("%s shows %q", listed.Path, hidden)
			}
		}
	}
}
