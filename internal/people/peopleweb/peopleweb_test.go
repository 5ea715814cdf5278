package peopleweb_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"
	"github.com/pquerna/otp/totp"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
	"bangvang/internal/people/peopleweb"
)

const password = "mưa rào tháng bảy"

// place is an office plane with the people's pages on it.
type place struct {
	t      *testing.T
	people *people.Service
	client *webtest.Client
	db     *db.DB
	clock  *clock.Clock
	log    *bytes.Buffer
	unit   people.UnitID
}

type fixedSites []people.Named

func (f fixedSites) SiteChoices(context.Context, db.Queryer) ([]people.Named, error) { return f, nil }

func open(t *testing.T) *place {
	t.Helper()
	clk := clock.At(time.Date(2021, 7, 7, 6, 30, 0, 0, clock.Zone))
	d := dbtest.SQLite(t, clk)
	policy, err := access.NewPolicy(clk, people.Rules())
	if err != nil {
		t.Fatal(err)
	}
	p := &place{t: t, db: d, clock: clk, log: &bytes.Buffer{}}
	p.people, err = people.New(people.Deps{DB: d, Policy: policy, Secret: bytes.Repeat([]byte{7}, 32),
		Cost: credential.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}, Sites: fixedSites{{ID: "site-1", Name: "THPT Than Uyên"}}})
	if err != nil {
		t.Fatal(err)
	}
	pages := &peopleweb.Pages{People: p.people, Policy: policy, Clock: clk, BaseURL: "https://thi.example.vn", Words: audit.Dictionary{"people": people.Words()}}
	office := web.NewOffice(web.Config{DB: d, Policy: policy, Sessions: peopleweb.Sessions{People: p.people}, Tokens: peopleweb.Tokens{People: p.people},
		Clock: clk, Log: slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Site:    func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi tốt nghiệp THPT năm 2021"} },
		Nav:     func(ctx context.Context) []ui.NavGroup { return []ui.NavGroup{pages.Nav(ctx)} },
		Account: peopleweb.SessionsPath, RatePerSecond: 10_000, Burst: 10_000})
	pages.Register(office)
	office.GET("/quan-tri/{$}", web.LoggedIn, func(c *web.Ctx) error { return c.See(peopleweb.SessionsPath, "") })
	p.client = webtest.Start(t, office)
	p.unit, err = p.people.CreateUnit(system(), people.UnitForm{Kind: "school", Name: "Trường THPT Bình Lư", Short: "THPT Bình Lư"})
	p.must(err)
	return p
}

func system() context.Context { return access.System(context.Background(), "Kiểm thử") }

func (p *place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) account(username string, roles ...access.Role) people.AccountID {
	p.t.Helper()
	id, err := p.people.CreateAccount(system(), people.AccountForm{Username: username, Name: "Lò Thị " + username})
	p.must(err)
	p.must(p.people.SetPassword(system(), id, password, false))
	for _, r := range roles {
		info, _ := people.RoleOf(r)
		scope := access.Scope{Kind: info.Scopes[0]}
		switch scope.Kind {
		case access.Unit:
			scope.ID = string(p.unit)
		case access.Site:
			scope.ID = "site-1"
		}
		_, err := p.people.GrantRole(system(), people.GrantForm{Account: id, Role: r, Scope: scope})
		p.must(err)
	}
	return id
}

// login fills in the login page and gives the page it leads to.
func login(c *webtest.Client, username, password string) *webtest.Page {
	return c.Get(web.LoginPath).Fill("Tên đăng nhập", username).Fill("Mật khẩu", password).Press("Đăng nhập")
}

// admin gives a browser in which an administrator has shown the second factor.
func (p *place) admin() *webtest.Client {
	p.t.Helper()
	p.account("quantri", people.RoleAdmin)
	c := p.client.Another()
	login(c, "quantri", password).WantPath(peopleweb.FactorPath + "?tiep=%2Fquan-tri%2F")
	p.enrol(c).Want("h1", "Mã dự phòng").Click("Đã cất mã, tiếp tục")
	return c
}

var secretForm = regexp.MustCompile(`[A-Z2-7]{32}`)

func (p *place) enrol(c *webtest.Client) *webtest.Page {
	p.t.Helper()
	page := c.Get(peopleweb.FactorPath)
	code, err := totp.GenerateCode(secretForm.FindString(string(page.Body)), time.Now())
	p.must(err)
	return page.Fill("Mã sáu chữ số", code).Press("Xác nhận")
}

func TestEveryPageFitsItsData(t *testing.T) {
	t.Parallel()
	for _, v := range ui.Views() {
		if err := templatecheck.CheckHTML(v.Template, v.Root); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func TestLoggingInAndOut(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("hoa")
	c := p.client
	c.Get(peopleweb.SessionsPath).WantPath(web.LoginPath + "?tiep=%2Fquan-tri%2Fphien")
	wrong := login(c, "hoa", "sai mất rồi").WantStatus(422).Want(".notice", "chưa đúng")
	if wrong.Fill("Mật khẩu", "").Value("Tên đăng nhập") != "hoa" {
		t.Error("the username is gone")
	}
	if strings.Contains(string(wrong.Body), "sai mất rồi") {
		t.Error("the password came back")
	}
	c.Get(web.LoginPath+"?tiep=/quan-tri/mat-khau").Fill("Tên đăng nhập", "hoa").Fill("Mật khẩu", password).Press("Đăng nhập").
		WantPath("/quan-tri/mat-khau").Want("header", "Lò Thị hoa").
		Fill("Mật khẩu hiện tại", password).Fill("Mật khẩu mới", "một câu mới dễ nhớ").Fill("Nhập lại mật khẩu mới", "một câu khác dễ nhớ").Press("Đổi mật khẩu").
		WantStatus(422).Want(".error", "chưa giống nhau").
		Fill("Mật khẩu hiện tại", password).Fill("Mật khẩu mới", "một câu mới dễ nhớ").Fill("Nhập lại mật khẩu mới", "một câu mới dễ nhớ").Press("Đổi mật khẩu").
		Want(".notice", "Đã đổi mật khẩu")
	c.Get(peopleweb.SessionsPath).Want("td", "Phiên này").Press("Đăng xuất").Want(".notice", "Đã đăng xuất")
	c.Get(peopleweb.SessionsPath).WantPath(web.LoginPath + "?tiep=%2Fquan-tri%2Fphien")
	c.Get(web.LoginPath+"?tiep=https://evil.example/").Fill("Tên đăng nhập", "hoa").Fill("Mật khẩu", "một câu mới dễ nhớ").Press("Đăng nhập").WantPath(peopleweb.SessionsPath)
}

func TestOneEndsOnesOtherSessions(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("hoa")
	here, there, third := p.client, p.client.Another(), p.client.Another()
	for _, c := range []*webtest.Client{here, there, third} {
		login(c, "hoa", password).WantPath(peopleweb.SessionsPath)
	}
	page := here.Get(peopleweb.SessionsPath)
	for _, b := range page.Texts("td button") {
		page.Press(b).Want(".notice", "Phiên đã kết thúc")
		break
	}
	here.Get(peopleweb.SessionsPath).Press("Kết thúc mọi phiên khác").Want(".notice", "Mọi phiên khác")
	for _, c := range []*webtest.Client{there, third} {
		c.Get(peopleweb.SessionsPath).Want("h1", "Đăng nhập")
	}
	here.Get(peopleweb.SessionsPath).Want("h1", "Phiên đăng nhập")
}

func TestASlowedLoginSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("hoa")
	for range 5 {
		login(p.client, "hoa", "sai mất rồi").WantStatus(422)
	}
	slow := login(p.client, "hoa", password).Want(".notice", "Hãy thử lại sau 06:30:15")
	if slow.Fill("Mật khẩu", "").Value("Tên đăng nhập") != "hoa" {
		t.Error("what was typed is gone")
	}
}

func TestTheSecondFactorOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.admin().Get("/quan-tri/hai-lop").Want("main", "Còn 10 mã dự phòng").Press("Tạo mã dự phòng mới").Want("h1", "Mã dự phòng")
	thief := p.client
	login(thief, "quantri", password).Want("h1", "Nhập mã xác thực")
	for _, path := range []string{"/quan-tri/", "/quan-tri/tai-khoan", peopleweb.FactorPath, peopleweb.PasswordPath, peopleweb.SessionsPath} {
		thief.Get(path).Want("h1", "Nhập mã xác thực")
	}
	thief.Get(peopleweb.SecondPath).Fill("Mã xác thực", "000000").Press("Tiếp tục").WantStatus(422).Want(".error", "Mã chưa đúng")
}

// domain.md 0.4, L-17.
func TestAPrintedSheetOpensTheSiteAccount(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	id := p.account("thuky", people.RoleSiteSecretary)
	at := "/quan-tri/tai-khoan/" + string(id)
	form := admin.Get(at).Click("In phiếu mã dùng một lần").Fill("Từ ngày", "8/7/2021").Fill("Đến hết ngày", "7/7/2021").Press("Tạo phiếu để in").WantStatus(422).
		Fill("Đến hết ngày", "9/7/2021")
	if form.Value("Từ ngày") != "8/7/2021" || form.Value("Số mã") != "20" {
		t.Errorf("the form came back with %q, %q", form.Value("Từ ngày"), form.Value("Số mã"))
	}
	sheet := form.Fill("Từ ngày", "7/7/2021").Press("Tạo phiếu để in").WantStatus(200).Want("main", "ngày 07 tháng 7 năm 2021").Want("main", "thuky")
	codes := sheet.Texts("td code")
	if len(codes) != 20 {
		t.Fatalf("%d codes on the sheet", len(codes))
	}
	login(p.client, "thuky", password).Fill("Mã xác thực", codes[7]).Press("Tiếp tục").WantPath(peopleweb.SessionsPath)
	again := admin.Get(at).Want("li", "đã dùng 1 trên 20 mã")
	if strings.Contains(string(again.Body), codes[8]) {
		t.Error("a code is shown a second time")
	}
}

func TestAnAdministratorMakesAnAccountThatWorks(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	form := admin.Get("/quan-tri/tai-khoan").Click("Thêm tài khoản").Fill("Họ và tên", "Nguyễn Thị Hoa").Fill("Tên đăng nhập", "?").Fill("Thư điện tử", "hoa").Press("Lưu").
		WantStatus(422).Want(".error", "Địa chỉ thư").Fill("Thư điện tử", "")
	if form.Value("Họ và tên") != "Nguyễn Thị Hoa" {
		t.Error("what was typed is gone")
	}
	made := form.Fill("Tên đăng nhập", "hoa").Fill("Đơn vị công tác", "truong thpt binh lu").Press("Lưu").Want(".notice", "Đã thêm tài khoản").Want("dd", "Chưa có mật khẩu")
	at := made.Path
	made.Click("Giao vai trò").Choose("Vai trò", "Biên tập viên đơn vị").Press("Giao vai trò").WantStatus(422).Want(".error", "đơn vị").
		Choose("Phạm vi", "Trường THPT Bình Lư").Fill("Đến hết ngày", "31/8/2021").Press("Giao vai trò").Want("td", "Có hiệu lực").Want("td", "đến 31/8/2021")
	admin.Get("/quan-tri/tai-khoan").Press("In phiếu cho tài khoản chưa có mật khẩu").Want("td", "https://thi.example.vn/quan-tri/dat-mat-khau?ma=")
	link, err := url.Parse(admin.Get(at).Press("Tạo đường dẫn đặt mật khẩu").Texts("code")[0])
	p.must(err)
	owner := p.client
	owner.Get(link.RequestURI()).Want("main", "Nguyễn Thị Hoa").Fill("Mật khẩu mới", "ngắn").Fill("Nhập lại mật khẩu mới", "ngắn").Press("Đặt mật khẩu và đăng nhập").WantStatus(422).
		Fill("Mật khẩu mới", password).Fill("Nhập lại mật khẩu mới", password).Press("Đặt mật khẩu và đăng nhập").Want("h1", "Xác thực hai lớp")
	p.enrol(owner)
	owner.Get(peopleweb.SessionsPath).WantPath(peopleweb.SessionsPath)
	owner.Get(link.RequestURI()).WantStatus(410)
	admin.Get(at).Click("Sửa").Fill("Điện thoại", "0213123456").Press("Lưu").Want("dd", "0213123456")
	admin.Get(at).Press("Thu hồi vai trò Biên tập viên đơn vị, Trường THPT Bình Lư").Want("td", "Đã thu hồi")
	admin.Get(at).Click("Khóa tài khoản").Fill("Lý do", "").Press("Khóa tài khoản").WantStatus(422).Fill("Lý do", "chuyển công tác").Press("Khóa tài khoản").Want("dd", "chuyển công tác")
	owner.Get(peopleweb.SessionsPath).Want("h1", "Đăng nhập")
	admin.Get(at).Press("Mở khóa").Want(".notice", "Đã mở khóa")
	admin.Get("/quan-tri/tai-khoan").Fill("Họ tên hoặc tên đăng nhập", "hoa").Press("Lọc").Want("td", "Nguyễn Thị Hoa")
	secret := admin.Get(at).Click("Tạo mã truy cập cho máy").Fill("Dùng cho việc gì", "trang trường").Fill("Phạm vi", "results:read").Press("Tạo mã").Texts("code")
	if len(secret) != 1 || !strings.HasPrefix(secret[0], "bvt_") {
		t.Errorf("the token is %q", secret)
	}
	for _, canary := range []string{link.Query().Get("ma"), password, secret[0]} {
		if strings.Contains(p.log.String(), canary) {
			t.Errorf("the request log holds %q", canary)
		}
	}
}

// A unit is named by its name, another name or its code; the field shows again what was meant.
func TestAFieldNamesAUnit(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	twin := func(code string) {
		admin.Get("/quan-tri/don-vi/moi").Fill("Tên đầy đủ", "Trường THCS Nậm Cần").Choose("Loại đơn vị", "Trường trung học phổ thông").Fill("Mã đơn vị", code).
			Fill("Trực thuộc", "trường thpt BÌNH LƯ").Press("Lưu").Want(".notice", "Đã thêm đơn vị")
	}
	twin("nc-1")
	twin("nc-2")
	form := admin.Get("/quan-tri/tai-khoan/moi").Fill("Họ và tên", "Lò Văn Em").Fill("Tên đăng nhập", "lo.van.em")
	form.Fill("Đơn vị công tác", "Trường THPT Nơi Khác").Press("Lưu").WantStatus(422).Want(".error", "Không có đơn vị “Trường THPT Nơi Khác”").
		Fill("Đơn vị công tác", "Trường THCS Nậm Cần").Press("Lưu").WantStatus(422).Want(".error", "Có 2 đơn vị tên “Trường THCS Nậm Cần”").Want(".error", "nc-1, nc-2").
		Fill("Đơn vị công tác", "nc-2").Press("Lưu").Want(".notice", "Đã thêm tài khoản").Want("dd", "Trường THCS Nậm Cần")
	edit := admin.Get("/quan-tri/tai-khoan").Click("Lò Văn Em").Click("Sửa")
	if got := edit.Fill("Điện thoại", "0213123456").Value("Đơn vị công tác"); got != "nc-2" {
		t.Errorf("the field of one of two units with a name shows %q", got)
	}
	edit.Fill("Đơn vị công tác", "").Press("Lưu").WantNone("dd", "Trường THCS Nậm Cần")
	if got := admin.Get("/quan-tri/don-vi").Click("Trường THCS Nậm Cần").Fill("Địa chỉ", "").Value("Trực thuộc"); got != "Trường THPT Bình Lư" {
		t.Errorf("the unit above shows as %q", got)
	}
}

// domain.md 2.6.
func TestUnitsOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	form := admin.Get("/quan-tri/don-vi").Want("td", "Trường THPT Bình Lư").Click("Thêm đơn vị").
		Fill("Tên đầy đủ", "Văn phòng Sở").Fill("Có từ ngày", "31/2/2021").Fill("Tên gọi khác", "một\nhai").Press("Lưu").WantStatus(422).Choose("Loại đơn vị", "Phòng, ban của Sở")
	if form.Value("Có từ ngày") != "31/2/2021" || form.Value("Tên gọi khác") != "một\nhai" {
		t.Errorf("the form came back with %q, %q", form.Value("Có từ ngày"), form.Value("Tên gọi khác"))
	}
	form.Fill("Có từ ngày", "").Press("Lưu").Want(".notice", "Đã thêm đơn vị Văn phòng Sở")
	at := "/quan-tri/don-vi/" + string(p.unit)
	stale := admin.Get(at).Fill("Người liên hệ", "Phó Hiệu trưởng")
	admin.Get(at).Fill("Điện thoại", "0213 123 456").Fill("Có từ ngày", "1/9/2000").Press("Lưu").Want(".notice", "Đã lưu")
	saved := admin.Get(at).Fill("Địa chỉ", "")
	if saved.Value("Điện thoại") != "0213 123 456" || saved.Value("Có từ ngày") != "1/9/2000" || saved.Value("Loại đơn vị") != "school" {
		t.Error("the form does not show what was saved")
	}
	late := stale.Press("Lưu").WantStatus(409)
	if late.Fill("Địa chỉ", "").Value("Người liên hệ") != "Phó Hiệu trưởng" {
		t.Error("what the second one typed is gone")
	}
	admin.Get(at).Click("Ghi tên mới").Fill("Tên mới đầy đủ", "Trường THPT số 1").Press("Lưu tên mới").WantStatus(422).Want(".error", "ngày").
		Fill("Có hiệu lực từ ngày", "1/7/2025").Press("Lưu tên mới").Want("li", "Từ 1/7/2025: Trường THPT số 1").Want("li", "Trường THPT Bình Lư")
	admin.Get("/quan-tri/don-vi").Fill("Xem theo ngày", "2/7/2025").Press("Xem").Want("td", "Trường THPT số 1")
	admin.Get("/quan-tri/don-vi").Fill("Xem theo ngày", "hôm qua").Press("Xem").Want(".error", "Chưa đúng").Want("td", "Trường THPT Bình Lư")
	admin.Get("/quan-tri/don-vi").Click("Đơn vị phụ trách").Choose("Nhiệm vụ", "Phụ trách đăng tải").Choose("Đơn vị phụ trách", "Văn phòng Sở").Press("Lưu").Want("dd", "Văn phòng Sở")
	admin.Get("/quan-tri/don-vi").Click("Địa phương").Click("Thêm địa phương").Fill("Tên", "Huyện Tam Đường").Press("Lưu").WantStatus(422).
		Choose("Cấp", people.District.Title()).Press("Lưu").Want("td", "Huyện Tam Đường")
	admin.Get(at).Click("Hợp nhất đơn vị khác vào đây").Choose("Đơn vị được hợp nhất", "Văn phòng Sở").Fill("Ngày hợp nhất", "1/7/2025").Press("Ghi việc hợp nhất").Want("main", "Tiếp nhận: Văn phòng Sở")
}

func TestImportOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	upload := func(name, content string) *webtest.Page {
		return admin.Get("/quan-tri/nhap").Attach("Tệp bảng tính", name, []byte(content)).Press("Xem trước")
	}
	const header = "Tên đăng nhập;Họ và tên;Đơn vị công tác\n"
	bad := upload("lỗi.csv", header+"hoa;Nguyễn Thị Hoa;nơi nào\n").Want("td", "lỗi.csv").Want("td", "C2").Want("td", "Không có đơn vị")
	bad.WantNone("button", "Nhập")
	admin.Post(bad.Path, nil).WantStatus(409)
	bad.Press("Bỏ tệp này").Want(".notice", "Không có gì được ghi")
	upload("tốt.csv", header+"hoa;Nguyễn Thị Hoa;THPT Bình Lư\n").Want(".notice", "Mọi ô đều nhận được").Press("Nhập").Want(".notice", "Tài khoản 1 mới")
	admin.Get("/quan-tri/tai-khoan").Want("td", "Nguyễn Thị Hoa")
	upload("lại.csv", header+"hoa;Nguyễn Thị Hoa;THPT Bình Lư\n").Want(".notice", "Mọi dòng trong tệp đã có sẵn")
	upload("tiêu đề.csv", header).Want(".notice.bad", "không có dòng nào nhập được").WantNone("button", "Nhập")
	upload("lạ.csv", "a;b\n1;2\n").Want(".notice.bad", "không trang nào có tiêu đề cột như tệp mẫu")
	upload("rỗng.csv", "").WantStatus(422).Want(".error", "Tệp rỗng")
	upload("to.csv", strings.Repeat("a;b\n", 9<<18)).WantStatus(413).Want(".notice.bad", "lớn hơn 8 MB").Want("h1", "Nhập từ bảng tính")
	upload("hình.xlsx", "\x89PNG\r\n\x1a\n").WantStatus(422).Want("h1", "Nhập từ bảng tính")
	template := admin.Get("/quan-tri/nhap").Click("Tải tệp mẫu").WantStatus(200)
	if !bytes.HasPrefix(template.Body, []byte("PK")) || !strings.HasPrefix(template.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the template begins with %.20q", template.Body)
	}
}

// domain.md 2.4.
func TestTheLogAndTheRolesAreReadable(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("kiemtoan", people.RoleAuditor)
	c := p.client
	login(c, "kiemtoan", password)
	p.enrol(c)
	c.Get("/quan-tri/vai-tro").Want("th", "Sửa đơn vị, tài khoản, vai trò, cài đặt").Want("td", "mã in").
		Choose("Chỉ xem quyền của", "Lãnh đạo Sở").Press("Xem").Want("th", "Xem toàn bộ nhật ký").WantNone("th", "Sửa đơn vị")
	c.Get("/quan-tri/nhat-ky").Fill("Việc", "people.role.grant").Press("Lọc").Want("td", "Giao vai trò").WantNone("td", "Thêm tài khoản").Click("Bỏ lọc").Want("td", "Đăng nhập")
	c.Get("/quan-tri/nhat-ky").Fill("Từ ngày", "hôm qua").Press("Lọc").Want(".error", "Chưa đúng")
	csv := string(c.Get("/quan-tri/nhat-ky?viec=people.account.create").Press("Tải CSV").Body)
	if !strings.HasPrefix(csv, "\ufeffSố;") || strings.Count(csv, "people.account.create") != 1 {
		t.Errorf("exported %.300q", csv)
	}
	c.Get("/quan-tri/don-vi/moi").WantStatus(403) // an auditor reads, and knows that more can be done
	p.admin().Get("/quan-tri/nhat-ky").WantStatus(404)
}

// Every kind of line this capability writes has its Vietnamese name on the page.
func TestEveryLineOfTheLogSpeaksVietnamese(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("../*.go")
	if err != nil || len(sources) == 0 {
		t.Fatal(err)
	}
	p := open(t)
	id := p.account("lanhdao", people.RoleLeader)
	written := map[string]bool{}
	for _, name := range sources {
		text, err := os.ReadFile(name)
		p.must(err)
		for _, m := range regexp.MustCompile(`(?:Action: |action, write [:]?= |action, write = )"(people\.[a-z.]+)"`).FindAllSubmatch(text, -1) {
			written[string(m[1])] = true
		}
	}
	if len(written) < 25 {
		t.Fatalf("found only %d kinds of line", len(written))
	}
	p.must(p.db.Write(access.With(context.Background(), access.Actor{Person: string(id), Name: "Lò Thị lanhdao"}), func(ctx context.Context, tx *db.Tx) error {
		for action := range written {
			if err := audit.Write(ctx, tx, audit.Entry{Action: action, Kind: "x", Label: action}); err != nil {
				return err
			}
		}
		return nil
	}))
	login(p.client, "lanhdao", password)
	p.enrol(p.client)
	p.client.Get("/quan-tri/nhat-ky?loai=x").WantNone("td a[title]", "people.")
}

func TestOthersKnowNothingOfThesePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("bientap", people.RoleUnitEditor)
	c := p.client
	login(c, "bientap", password).Want("h1", "Xác thực hai lớp")
	p.enrol(c)
	c.Get("/quan-tri/toi").WantNone("nav a[href]", "Tài khoản")
	for _, path := range []string{"/quan-tri/don-vi", "/quan-tri/don-vi/moi", "/quan-tri/tai-khoan", "/quan-tri/tai-khoan/x", "/quan-tri/vai-tro",
		"/quan-tri/nhat-ky", "/quan-tri/nhap", "/quan-tri/nhiem-vu", "/quan-tri/dia-phuong"} {
		c.Get(path).WantStatus(404)
	}
	c.Post("/quan-tri/tai-khoan/moi", url.Values{"name": {"X"}}).WantStatus(404)
}

func TestTheFirstAdministratorOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	token, err := p.people.FirstAdminLink(context.Background())
	p.must(err)
	c := p.client
	path := people.FirstAdminPath(token)
	form := c.Get(path).Fill("Họ và tên", "Đinh Thị Mai").Fill("Tên đăng nhập", "mai").Fill("Mật khẩu", "ngắn").Fill("Nhập lại mật khẩu", "ngắn").Press("Tạo tài khoản quản trị").
		WantStatus(422).Fill("Mật khẩu", password)
	if form.Value("Họ và tên") != "Đinh Thị Mai" {
		t.Error("what was typed is gone")
	}
	form.Fill("Nhập lại mật khẩu", password).Press("Tạo tài khoản quản trị").Want("h1", "Xác thực hai lớp")
	p.enrol(c).Want("h1", "Mã dự phòng")
	c.Get("/quan-tri/tai-khoan").Want("td", "Đinh Thị Mai")
	c.Another().Get(path).WantStatus(410)
	if strings.Contains(p.log.String(), token) {
		t.Error("the request log holds the link")
	}
}
