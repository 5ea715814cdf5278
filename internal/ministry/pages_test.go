package ministry_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/ministry"
	"bangvang/internal/ministry/ministryweb"
	"bangvang/internal/people"
)

// staff are the people of the page tests, by the token of their session.
var staff = map[string]struct {
	role access.Role
	unit string
}{"Van": {people.RoleOffice, "vp"}, "Thao": {people.RoleClerk, "vp"}, "Bo": {people.RoleMinistry, "bo"}, "Khao": {people.RoleExamOffice, "kt"}, "Thu": {people.RolePress, "b"}}

type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	who, ok := staff[token]
	if !ok {
		return access.Actor{}, web.SessionInfo{}, fault.New(fault.Unauthenticated, "Hãy đăng nhập.")
	}
	return access.Actor{Person: token, Name: "Cô " + token, Unit: who.unit, Grants: []access.Grant{{Role: who.role, Scope: access.Scope{Kind: access.Department}}}}, web.SessionInfo{ID: token}, nil
}

// browse serves the pages of a house and gives a browser for each of its people.
func browse(t *testing.T, h *house) func(name string) *webtest.Client {
	t.Helper()
	pages := &ministryweb.Pages{Ministry: h.Service, Exams: h.exams, Policy: h.policy, Clock: h.clock, Roles: func(context.Context) (people.RoleWords, error) { return people.RoleWords{}, nil }}
	office := web.NewOffice(web.Config{DB: h.db, Policy: h.policy, Sessions: sessions{}, Clock: h.clock, Account: "/quan-tri/toi", RatePerSecond: 10_000, Burst: 10_000,
		Site: func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi tốt nghiệp THPT năm 2021"} },
		Nav:  func(ctx context.Context) []ui.NavGroup { return []ui.NavGroup{pages.Nav(ctx)} }})
	pages.Register(office)
	office.GET("/quan-tri/la/{name}", web.Public, func(c *web.Ctx) error {
		c.LogIn(c.Path("name"))
		return c.See(ministry.BasePath, "")
	})
	first := webtest.Start(t, office)
	browsers := map[string]*webtest.Client{}
	return func(name string) *webtest.Client {
		if browsers[name] == nil {
			browsers[name] = first.Another()
			browsers[name].Get("/quan-tri/la/" + name)
		}
		return browsers[name]
	}
}

// A report from what is owed to the Ministry's receipt, by the pages alone, but for the register's own.
func TestAReportGoesItsWayByThePages(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return afterFirst(t) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		h := open(t, d, clk, nil)
		as := browse(t, h)
		as("Van").Get(ministry.BasePath).Want("td", "Ngữ văn, buổi sáng 7/7/2021").WantNone("a", "Lập báo cáo")
		h.whole()
		as("Bo").Get(ministry.BasePath).WantStatus(200).WantNone("h2", "Báo cáo phải gửi")
		as("Thu").Get(ministry.BasePath).WantStatus(http.StatusNotFound)
		form := as("Van").Get(ministry.BasePath).Want("td", "bản số 1").Click("Lập báo cáo : Báo cáo nhanh buổi thi Ngữ văn, buổi sáng 7/7/2021")
		refused := form.Fill("Đánh giá", "").Fill("Chức vụ", "Giám đốc").Fill("Họ tên người ký", "ThS. Trần Văn An").Press("Lưu")
		refused.WantStatus(http.StatusUnprocessableEntity).Want(".error", "Hãy ghi đánh giá").Want(".error", "Hãy ghi đánh giá")
		paper := refused.Fill("Đánh giá", "Buổi thi an toàn.").Fill("Họ tên người ký", "Trần Văn An").Press("Lưu")
		paper.WantStatus(200).Want("h1", "Báo cáo nhanh buổi thi Ngữ văn").Want(".tag", "Đang soạn").Want("main", "đủ 3 điểm thi")
		path := paper.Path
		if got := as("Van").Get(path + "/tep/pdf"); !strings.HasPrefix(string(got.Body), "%PDF-") || !strings.Contains(got.Header.Get("Content-Disposition"), "du-thao") {
			t.Errorf("the PDF comes as %v", got.Header)
		}
		as("Bo").Get(path).WantStatus(http.StatusNotFound)
		as("Van").Get(path).Press("Trình ký").Want(".tag", "Đã trình ký").Want("main", "Chờ duyệt nội dung").WantNone("button", "Trình ký")

		papers, err := h.Papers(h.office(), h.exam.ID)
		h.must(err)
		doc, err := h.docs.Document(h.officeHead(), papers[0].Document)
		h.must(err)
		for i, step := range []struct {
			who context.Context
			do  string
		}{{h.officeHead(), "check_content"}, {h.officeHead(), "check_form"}, {h.leader(), "sign"}} {
			h.must(h.docs.Advance(step.who, doc.ID, doc.Version+i, step.do, ""))
		}
		as("Thao").Get(path).WantNone("a", "Tải bản ký lên")
		h.must(h.docs.Number(h.clerk(), doc.ID, doc.Version+3, numbering))
		upload := as("Thao").Get(path).Want("main", "01/BC-SGDĐT").Click("Tải bản ký lên")
		upload.Attach("Tệp PDF đã ký", "ban-ky.pdf", as("Thao").Get(path+"/tep/docx").Body).Press("Tải lên, phát hành").
			WantStatus(http.StatusUnprocessableEntity).Want(".error", "không phải PDF: nội dung là văn bản Word")
		upload.Attach("Tệp PDF đã ký", "ban-ky.pdf", as("Thao").Get(path+"/tep/pdf").Body).Press("Tải lên, phát hành").
			WantStatus(200).Want(".tag", "Đã phát hành, chưa gửi").Want("main", "SHA-256 của bản ký")
		as("Bo").Get(path).WantStatus(200).WantNone("a", "Gửi báo cáo")

		as("Van").Get(path).Click("Gửi báo cáo").Want("main", "Chưa cấu hình máy chủ thư").Press("Gửi").
			Want(".work", "Văn phòng Bộ Giáo dục và Đào tạo").Want(".tag", "Chờ gửi cách khác").WantNone("a", "Gửi báo cáo")
		as("Van").Get(path).Click("Ghi đã gửi cách khác : Văn phòng Bộ Giáo dục và Đào tạo").Fill("Giờ", "25:00").Press("Ghi đã gửi").
			WantStatus(http.StatusUnprocessableEntity).Want(".error", "ví dụ 10:45").Fill("Giờ", "09:50").Press("Ghi đã gửi").WantStatus(200).Want(".tag", "Đã gửi")
		as("Bo").Get(path).WantNone(".work", "Tỉnh ủy").Click("Xác nhận đã nhận : Văn phòng Bộ Giáo dục và Đào tạo").Press("Xác nhận").WantStatus(200).Want(".tag", "Nơi nhận đã xác nhận")
		as("Van").Get(path).Want(".work", "Đã nhận: Cô Bo, Trên trang báo cáo gửi Bộ")

		// A correction shows on every page of the paper, with what to do.
		h.corrected(0, 13)
		h.work("the paper is marked", func() bool { return h.get(papers[0].ID).OutdatedBy != "" })
		as("Van").Get(ministry.BasePath).Want(".tag", "Số liệu đã được thay thế").Want("a", "Lập báo cáo thay thế")
		marked := as("Van").Get(path).Want(".notice", "đã được đính chính").Want("li", "có mặt: 3.576 → 3.570").Want("li", "Văn phòng Bộ Giáo dục và Đào tạo: chưa báo")
		marked.Click("Ghi đã báo cách khác cho Văn phòng Bộ Giáo dục và Đào tạo").Fill("Đã báo bằng cách nào, hoặc vì sao không cần báo", "Điện thoại 11:00").Press("Ghi lại").Want("li", "đã báo")
		marked.Click("Lập báo cáo thay thế").Fill("Đánh giá", "Buổi thi an toàn.").Press("Lưu").WantStatus(200).Want("main", "Báo cáo số 01/BC-SGDĐT")
	})
}

func TestWordingRecipientsAndRequestsByThePages(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t, afterFirst(t)), afterFirst(t), nil)
	as := browse(t, h)
	page := as("Van").Get(ministry.BasePath + "/mau").Click("Báo cáo nhanh buổi thi")
	now := page.Fill("Đã đổi gì, vì sao", "Đổi tiêu đề").Value("Nội dung mẫu")
	broken := page.Fill("Nội dung mẫu", strings.Replace(now, "{tổng.vắng}", "{tổng.vang}", 1)).Fill("Đã đổi gì, vì sao", "Đổi tiêu đề").Press("Lưu mẫu")
	broken.WantStatus(http.StatusUnprocessableEntity).Want(".error", "dòng").Want(".error", "tổng.vang").Want("textarea", "{tổng.vang}")
	good := strings.Replace(now, "# Tình hình chung", "# Khái quát", 1)
	if pdf := broken.Fill("Nội dung mẫu", good).Press("Xem thử (PDF)"); !strings.HasPrefix(string(pdf.Body), "%PDF-") || !strings.Contains(inPDF(t, pdf.Body), "KHÁI QUÁT") {
		t.Errorf("the preview is %.80q", pdf.Body)
	}
	page.Fill("Nội dung mẫu", good).Fill("Đã đổi gì, vì sao", "Đổi tiêu đề").Press("Lưu mẫu").WantStatus(200).Want("p", "Bản 1, Cô Van").Click("Bản có sẵn").Want(".notice", "Bản có sẵn")
	as("Khao").Get(ministry.BasePath+"/mau/quick").WantStatus(200).WantNone("button", "Lưu mẫu")
	as("Bo").Get(ministry.BasePath + "/mau/quick").WantStatus(http.StatusNotFound)

	as("Van").Get(ministry.BasePath+"/noi-nhan").Click("Thêm nơi nhận").Fill("Tên", "Tỉnh ủy").Press("Lưu").WantStatus(http.StatusUnprocessableEntity).Want(".error", "đã có").
		Fill("Tên", "Hội đồng nhân dân tỉnh").Fill("Thư điện tử", "hdnd@example").Press("Lưu").WantStatus(200).Want("td", "hdnd@example")

	as("Van").Get(ministry.BasePath+"/yeu-cau").Click("Ghi yêu cầu").Fill("Về việc", "Số thí sinh vắng").Fill("Ai yêu cầu", "Trực ban").Fill("Đến bằng cách nào", "Điện thoại").
		Fill("Hạn trả lời, giờ", "10:30").Press("Ghi lại").WantStatus(200).Want("h1", "Số thí sinh vắng").Click("Giao tham mưu").Choose("Nơi tham mưu", "Phòng Khảo thí và QLCLGD").Press("Giao tham mưu").Want(".tag", "Đã giao tham mưu")
	as("Khao").Get(ministry.BasePath+"/yeu-cau").Click("Số thí sinh vắng").Click("Gửi ý kiến tham mưu").Fill("Ý kiến tham mưu", "24 thí sinh.\nĐều ốm.").Press("Gửi ý kiến tham mưu").Want(".lines", "24 thí sinh")
	h.clock.Advance(time.Hour)
	as("Van").Get(ministry.BasePath+"/yeu-cau").Want(".tag", "Quá hạn").Click("Số thí sinh vắng").Click("Ghi đã trả lời").Fill("Trả lời bằng cách nào", "Thư điện tử").Press("Ghi đã trả lời").Want(".tag", "Đã trả lời").Want("main", "24 thí sinh")
}

func TestNobodyGuessesTheirWayIn(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t, afterFirst(t)), afterFirst(t), nil)
	as := browse(t, h)
	h.whole()
	p := h.made()
	for _, path := range []string{ministry.PaperPath(p.ID), ministry.PaperPath(p.ID) + "/tep/xlsx", ministry.PaperPath(p.ID) + "/tep/signed", ministry.BasePath + "/noi-nhan", ministry.BasePath + "/yeu-cau"} {
		as("Bo").Get(path).WantStatus(http.StatusNotFound)
	}
	as("Van").Get(ministry.PaperPath(p.ID) + "/tep/signed").WantStatus(http.StatusNotFound)
	as("Van").Get(ministry.PaperPath(p.ID) + "/tep/html").WantStatus(http.StatusNotFound)
	as("Van").Get(ministry.BasePath + "/bao-cao/khong-co").WantStatus(http.StatusNotFound)
	as("Van").Get(fmt.Sprintf("%s/lap/quick/%s", ministry.BasePath, "khong-co")).WantStatus(http.StatusNotFound)
	as("Van").Get(fmt.Sprintf("%s/lap/readiness/%s", ministry.BasePath, h.sitting(0))).WantStatus(http.StatusNotFound)
}
