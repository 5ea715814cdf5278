package demo_test

import (
	"slices"
	"testing"

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
