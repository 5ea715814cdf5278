package peopleweb_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"
	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
	"bangvang/internal/people/peopleweb"
)

const password = "mưa rào tháng bảy"

// place is an office plane with the people's pages on it.
type place struct {
	t      *testing.T
	people *people.Service
	server *httptest.Server
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
	p := &place{t: t, clock: clk, log: &bytes.Buffer{}}
	p.people, err = people.New(people.Deps{DB: d, Policy: policy, Secret: bytes.Repeat([]byte{7}, 32),
		Cost: credential.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}, Sites: fixedSites{{ID: "site-1", Name: "THPT Than Uyên"}}})
	if err != nil {
		t.Fatal(err)
	}
	pages := &peopleweb.Pages{People: p.people, Policy: policy, Clock: clk, BaseURL: "https://thi.example.vn"}
	office := web.NewOffice(web.Config{DB: d, Policy: policy, Sessions: peopleweb.Sessions{People: p.people}, Tokens: peopleweb.Tokens{People: p.people},
		Clock: clk, Log: slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Site:    func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi tốt nghiệp THPT năm 2021"} },
		Nav:     func(ctx context.Context) []ui.NavGroup { return []ui.NavGroup{pages.Nav(ctx)} },
		Account: peopleweb.SessionsPath, RatePerSecond: 10_000, Burst: 10_000})
	pages.Register(office)
	office.GET("/quan-tri/{$}", web.LoggedIn, func(c *web.Ctx) error { return c.JSON("việc hôm nay") })
	p.server = httptest.NewServer(office)
	t.Cleanup(p.server.Close)
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

// A browser is one person's, with its cookies.
type browser struct {
	p *place
	c *http.Client
}

func (p *place) browser() *browser {
	jar, err := cookiejar.New(nil)
	p.must(err)
	return &browser{p, &http.Client{Jar: jar}}
}

// A page is what the browser shows.
type page struct {
	t      *testing.T
	status int
	path   string
	text   string // of the body, markup left away
	body   string
	root   *html.Node
}

func (b *browser) read(resp *http.Response, err error) page {
	b.p.t.Helper()
	b.p.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	b.p.must(err)
	root, err := html.Parse(bytes.NewReader(body))
	b.p.must(err)
	pg := page{t: b.p.t, status: resp.StatusCode, path: resp.Request.URL.Path, body: string(body), root: root, text: strings.Join(strings.Fields(textOf(root)), " ")}
	if strings.Contains(pg.body, "ZgotmplZ") || strings.Contains(pg.body, "<no value>") {
		b.p.t.Errorf("%s: a value was refused or missing", pg.path)
	}
	pg.checkLabels()
	return pg
}

func (b *browser) get(path string) page {
	b.p.t.Helper()
	return b.read(b.c.Get(b.p.server.URL + path))
}

// send posts a form, with the hidden keys of the page it stands on.
func (b *browser) send(path string, fields url.Values) page {
	b.p.t.Helper()
	return b.read(b.c.PostForm(b.p.server.URL+path, fields))
}

// fill opens a page, takes its form's values over, changes some and sends it to action.
func (b *browser) fill(at, action string, fields url.Values) page {
	b.p.t.Helper()
	values := b.get(at).form(action)
	for name, v := range fields {
		values[name] = v
	}
	return b.send(action, values)
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var s strings.Builder
	for c := range n.ChildNodes() {
		s.WriteString(textOf(c) + " ")
	}
	return s.String()
}

func attr(n *html.Node, name string) string {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return ""
	}
	return n.Attr[i].Val
}

func (pg page) all(tag string) (found []*html.Node) {
	for n := range pg.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag {
			found = append(found, n)
		}
	}
	return found
}

// form gives the present values of the form that posts to action, or of the page's only one.
func (pg page) form(action string) url.Values {
	pg.t.Helper()
	values := url.Values{}
	for _, f := range pg.all("form") {
		if to := attr(f, "action"); attr(f, "method") != "post" || to != action && !(to == "" && pg.path == action) {
			continue
		}
		for n := range f.Descendants() {
			if n.Type != html.ElementNode || attr(n, "name") == "" {
				continue
			}
			switch name := attr(n, "name"); n.Data {
			case "input":
				if kind := attr(n, "type"); kind != "checkbox" && kind != "radio" && kind != "file" || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
					values.Add(name, attr(n, "value"))
				}
			case "textarea":
				values.Add(name, strings.TrimPrefix(strings.TrimSuffix(textOf(n), " "), "\n"))
			case "select":
				for o := range n.Descendants() {
					if o.Data == "option" && slices.ContainsFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
						values.Add(name, attr(o, "value"))
					}
				}
			}
		}
		return values
	}
	pg.t.Fatalf("%s (%d) has no form for %s", pg.path, pg.status, action)
	return nil
}

// checkLabels: every control has a label, and no id stands twice.
func (pg page) checkLabels() {
	labels, ids := map[string]bool{}, map[string]int{}
	for _, l := range pg.all("label") {
		labels[attr(l, "for")] = true
	}
	for n := range pg.root.Descendants() {
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
	}
	for id, n := range ids {
		if n > 1 {
			pg.t.Errorf("%s: id %q stands %d times", pg.path, id, n)
		}
	}
	for _, tag := range []string{"input", "select", "textarea"} {
		for _, n := range pg.all(tag) {
			if attr(n, "type") != "hidden" && !labels[attr(n, "id")] {
				pg.t.Errorf("%s: %s %q has no label", pg.path, tag, attr(n, "name"))
			}
		}
	}
}

func (pg page) says(words ...string) {
	pg.t.Helper()
	for _, w := range words {
		if !strings.Contains(pg.text, w) {
			pg.t.Errorf("%s (%d) does not say %q; it says: %.1500s", pg.path, pg.status, w, pg.text)
		}
	}
}

func (pg page) is(status int, path string) {
	pg.t.Helper()
	if pg.status != status || path != "" && pg.path != path {
		pg.t.Fatalf("got %d at %s, want %d at %s: %.800s", pg.status, pg.path, status, path, pg.text)
	}
}

func (b *browser) login(username string) page {
	b.p.t.Helper()
	return b.fill(web.LoginPath, web.LoginPath, url.Values{"username": {username}, "password": {password}})
}

// admin gives a browser in which an administrator has shown the second factor.
func (p *place) admin() *browser {
	p.t.Helper()
	p.account("quantri", people.RoleAdmin)
	b := p.browser()
	b.login("quantri").is(200, peopleweb.FactorPath)
	b.enrol().is(200, peopleweb.FactorPath)
	return b
}

var secretForm = regexp.MustCompile(`[A-Z2-7]{32}`)

func (b *browser) enrol() page {
	b.p.t.Helper()
	secret := secretForm.FindString(b.get(peopleweb.FactorPath).body)
	code, err := totp.GenerateCode(secret, time.Now())
	b.p.must(err)
	return b.fill(peopleweb.FactorPath, peopleweb.FactorPath, url.Values{"code": {code}})
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
	b := p.browser()
	b.get("/quan-tri/phien").is(200, web.LoginPath)
	wrong := b.fill(web.LoginPath, web.LoginPath, url.Values{"username": {"hoa"}, "password": {"sai mất rồi"}})
	wrong.is(422, web.LoginPath)
	wrong.says("chưa đúng")
	if v := wrong.form(web.LoginPath); v.Get("username") != "hoa" || v.Get("password") != "" {
		t.Errorf("the form came back with %v", v)
	}
	in := b.fill(web.LoginPath+"?tiep=/quan-tri/phien", web.LoginPath, url.Values{"username": {"hoa"}, "password": {password}})
	in.is(200, "/quan-tri/phien")
	in.says("Phiên này", "Lò Thị hoa")
	b.fill("/quan-tri/mat-khau", "/quan-tri/mat-khau", url.Values{"old_password": {password}, "password": {"một câu mới dễ nhớ"}, "password_again": {"một câu khác dễ nhớ"}}).is(422, "/quan-tri/mat-khau")
	b.fill("/quan-tri/mat-khau", "/quan-tri/mat-khau", url.Values{"old_password": {password}, "password": {"một câu mới dễ nhớ"}, "password_again": {"một câu mới dễ nhớ"}}).is(200, "/quan-tri/")
	b.send(web.LogoutPath, nil).says("Đã đăng xuất")
	b.get("/quan-tri/phien").is(200, web.LoginPath)
	b.fill(web.LoginPath+"?tiep=https://evil.example/", web.LoginPath, url.Values{"username": {"hoa"}, "password": {"một câu mới dễ nhớ"}}).is(200, "/quan-tri/")
}

func TestASlowedLoginSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("hoa")
	b := p.browser()
	for range 5 {
		b.fill(web.LoginPath, web.LoginPath, url.Values{"username": {"hoa"}, "password": {"sai mất rồi"}}).is(422, web.LoginPath)
	}
	slow := b.login("hoa")
	slow.says("Hãy thử lại sau 06:30:15")
	if slow.form(web.LoginPath).Get("username") != "hoa" {
		t.Error("what was typed is gone")
	}
}

func TestTheSecondFactorOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	b := p.admin()
	b.get("/quan-tri/").is(200, "/quan-tri/")
	again := p.browser()
	again.login("quantri").is(200, peopleweb.SecondPath)
	for _, path := range []string{"/quan-tri/", "/quan-tri/tai-khoan", peopleweb.FactorPath, peopleweb.PasswordPath, peopleweb.SessionsPath} {
		if got := again.get(path); got.path != peopleweb.SecondPath && got.path != web.LoginPath {
			t.Errorf("with the password alone %s opens %s (%d)", path, got.path, got.status)
		}
	}
	again.login("quantri")
	bad := again.fill(peopleweb.SecondPath, peopleweb.SecondPath, url.Values{"code": {"000000"}})
	bad.is(422, peopleweb.SecondPath)
	bad.says("Mã chưa đúng")
}

func TestAPrintedSheetOpensTheSiteAccount(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	id := p.account("thuky", people.RoleSiteSecretary)
	at := "/quan-tri/tai-khoan/" + string(id) + "/phieu-ma"
	bad := admin.fill(at, at, url.Values{"first_day": {"8/7/2021"}, "last_day": {"7/7/2021"}})
	bad.is(422, at)
	if v := bad.form(at); v.Get("first_day") != "8/7/2021" || v.Get("count") != "20" {
		t.Errorf("the form came back with %v", v)
	}
	sheet := admin.fill(at, at, url.Values{"first_day": {"7/7/2021"}, "last_day": {"8/7/2021"}})
	sheet.is(200, at)
	sheet.says("ngày 07 tháng 7 năm 2021", "thuky", "20.")
	codes := regexp.MustCompile(`[A-Z0-9]{4}-[A-Z0-9]{4}`).FindAllString(sheet.body, -1)
	if len(codes) != 20 {
		t.Fatalf("%d codes on the sheet", len(codes))
	}
	b := p.browser()
	b.login("thuky").is(200, peopleweb.SecondPath)
	b.fill(peopleweb.SecondPath, peopleweb.SecondPath, url.Values{"code": {codes[7]}}).is(200, "/quan-tri/")
	admin.get("/quan-tri/tai-khoan/" + string(id)).says("đã dùng 1 trên 20 mã")
	if strings.Contains(admin.get("/quan-tri/tai-khoan/"+string(id)).body, codes[8]) {
		t.Error("a code is shown a second time")
	}
}

func TestAnAdministratorMakesAnAccountThatWorks(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	empty := admin.fill("/quan-tri/tai-khoan/moi", "/quan-tri/tai-khoan/moi", url.Values{"name": {"Nguyễn Thị Hoa"}, "username": {"?"}, "email": {"hoa"}})
	empty.is(422, "/quan-tri/tai-khoan/moi")
	if v := empty.form("/quan-tri/tai-khoan/moi"); v.Get("name") != "Nguyễn Thị Hoa" || v.Get("email") != "hoa" {
		t.Errorf("the form came back with %v", v)
	}
	made := admin.fill("/quan-tri/tai-khoan/moi", "/quan-tri/tai-khoan/moi", url.Values{"name": {"Nguyễn Thị Hoa"}, "username": {"hoa"}, "unit": {string(p.unit)}})
	made.says("Đã thêm tài khoản", "Chưa có mật khẩu", "Trường THPT Bình Lư")
	at := made.path
	admin.fill(at+"/vai-tro", at+"/vai-tro", url.Values{"role": {"unit_editor"}}).is(422, at+"/vai-tro")
	admin.fill(at+"/vai-tro", at+"/vai-tro", url.Values{"role": {"unit_editor"}, "scope": {"unit:" + string(p.unit)}, "last_day": {"31/8/2021"}}).says("Có hiệu lực", "đến 31/8/2021")
	admin.send("/quan-tri/tai-khoan/lien-ket", nil).says("Nguyễn Thị Hoa", "https://thi.example.vn/quan-tri/dat-mat-khau?ma=")
	link := admin.send(at+"/lien-ket", nil)
	token := regexp.MustCompile(`https://thi\.example\.vn(/quan-tri/dat-mat-khau\?ma=[\w-]+)`).FindStringSubmatch(link.body)
	if token == nil {
		t.Fatalf("no link in %.600s", link.text)
	}
	b := p.browser()
	b.get(token[1]).says("Nguyễn Thị Hoa")
	b.fill(token[1], "/quan-tri/dat-mat-khau", url.Values{"password": {"ngắn"}, "password_again": {"ngắn"}}).is(422, "/quan-tri/dat-mat-khau")
	b.fill(token[1], "/quan-tri/dat-mat-khau", url.Values{"password": {password}, "password_again": {password}}).is(200, "/quan-tri/")
	b.get(token[1]).is(410, "")
	grant := regexp.MustCompile(at + `/vai-tro/(\w+)`).FindString(admin.get(at).body)
	admin.send(grant, nil).says("Đã thu hồi")
	admin.fill(at+"/khoa", at+"/khoa", nil).is(422, at+"/khoa")
	admin.fill(at+"/khoa", at+"/khoa", url.Values{"why": {"chuyển công tác"}}).says("Đã khóa", "chuyển công tác")
	b.get("/quan-tri/phien").is(200, web.LoginPath)
	admin.send(at+"/mo", nil).says("Đã mở khóa")
	admin.get("/quan-tri/tai-khoan?q=hoa").says("Nguyễn Thị Hoa")
	admin.fill(at+"/sua", at+"/sua", url.Values{"phone": {"0213123456"}}).says("0213123456")
	secret := admin.fill(at+"/ma-truy-cap", at+"/ma-truy-cap", url.Values{"name": {"trang trường"}, "scope": {"results:read"}})
	if !regexp.MustCompile(`bvt_[\w-]{43}`).MatchString(secret.body) {
		t.Errorf("no token in %.600s", secret.text)
	}
	if strings.Contains(p.log.String(), strings.TrimPrefix(token[1], "/quan-tri/dat-mat-khau?ma=")) || strings.Contains(p.log.String(), password) {
		t.Error("the request log holds a secret")
	}
}

func TestUnitsOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	admin.get("/quan-tri/don-vi").says("Trường THPT Bình Lư")
	at := "/quan-tri/don-vi/" + string(p.unit)
	bad := admin.fill("/quan-tri/don-vi/moi", "/quan-tri/don-vi/moi", url.Values{"name": {"Phòng mới"}, "valid_from": {"31/2/2021"}, "aliases": {"một\nhai"}})
	bad.is(422, "/quan-tri/don-vi/moi")
	if v := bad.form("/quan-tri/don-vi/moi"); v.Get("name") != "Phòng mới" || v.Get("valid_from") != "31/2/2021" || v.Get("aliases") != "một\nhai" {
		t.Errorf("the form came back with %q", v)
	}
	admin.fill("/quan-tri/don-vi/moi", "/quan-tri/don-vi/moi", url.Values{"name": {"Văn phòng Sở"}, "kind": {"office"}, "aliases": {"một\nhai"}}).says("Đã thêm đơn vị Văn phòng Sở")
	admin.fill(at, at, url.Values{"phone": {"0213 123 456"}, "valid_from": {"1/9/2000"}}).says("Đã lưu")
	if v := admin.get(at).form(at); v.Get("phone") != "0213 123 456" || v.Get("valid_from") != "1/9/2000" || v.Get("kind") != "school" {
		t.Errorf("saved as %v", v)
	}
	stale := admin.get(at).form(at)
	admin.send(at, with(stale, "contact", "Hiệu trưởng")).says("Đã lưu")
	late := admin.send(at, with(with(stale, "contact", "Phó Hiệu trưởng"), "_once", "khac"))
	late.is(409, at)
	if late.form(at).Get("contact") != "Phó Hiệu trưởng" {
		t.Error("what the second one typed is gone")
	}
	admin.fill(at+"/doi-ten", at+"/doi-ten", url.Values{"name": {"Trường THPT số 1"}}).is(422, at+"/doi-ten")
	admin.fill(at+"/doi-ten", at+"/doi-ten", url.Values{"name": {"Trường THPT số 1"}, "day": {"1/7/2025"}}).says("Trường THPT Bình Lư", "Từ 1/7/2025: Trường THPT số 1")
	admin.get("/quan-tri/don-vi?ngay=2/7/2025").says("Trường THPT số 1")
	admin.get("/quan-tri/don-vi?ngay=hôm+qua").says("Trường THPT Bình Lư", "Chưa đúng")
	admin.fill("/quan-tri/nhiem-vu", "/quan-tri/nhiem-vu", url.Values{"function": {"contact"}, "unit": {string(p.unit)}}).says("Trường THPT Bình Lư")
	admin.fill("/quan-tri/dia-phuong/moi", "/quan-tri/dia-phuong/moi", url.Values{"name": {"Huyện Tam Đường"}, "level": {"district"}}).says("Huyện Tam Đường")
	admin.get(at + "/hop-nhat").says("Hợp nhất vào Trường THPT số 1")
}

func with(v url.Values, name, value string) url.Values {
	out := url.Values{}
	for k, all := range v {
		out[k] = all
	}
	out.Set(name, value)
	return out
}

func TestImportOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	admin := p.admin()
	upload := func(name, content string) page {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part, err := w.CreateFormFile("file", name)
		p.must(err)
		io.WriteString(part, content)
		p.must(w.Close())
		return admin.read(admin.c.Post(p.server.URL+"/quan-tri/nhap", w.FormDataContentType(), &body))
	}
	bad := upload("lỗi.csv", "Tên đăng nhập;Họ và tên;Đơn vị công tác\nhoa;Nguyễn Thị Hoa;nơi nào\n")
	bad.is(200, "")
	bad.says("chưa nhận được", "C2", "Không có đơn vị", "lỗi.csv")
	admin.send(bad.path, nil).is(409, bad.path)
	good := upload("tốt.csv", "Tên đăng nhập;Họ và tên;Đơn vị công tác\nhoa;Nguyễn Thị Hoa;THPT Bình Lư\n")
	good.says("Mọi ô đều nhận được")
	admin.fill(good.path, good.path, nil).says("Đã nhập từ tốt.csv", "Tài khoản 1 mới")
	admin.get("/quan-tri/tai-khoan").says("Nguyễn Thị Hoa")
	upload("hình.xlsx", "\x89PNG\r\n\x1a\n").is(422, "/quan-tri/nhap")
	resp, err := admin.c.Get(p.server.URL + "/quan-tri/nhap/mau.xlsx")
	p.must(err)
	defer resp.Body.Close()
	if head, _ := io.ReadAll(io.LimitReader(resp.Body, 2)); string(head) != "PK" || !strings.Contains(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the template begins with %q", head)
	}
}

func TestTheLogAndTheRolesAreReadable(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("kiemtoan", people.RoleAuditor)
	b := p.browser()
	b.login("kiemtoan")
	b.enrol()
	b.get("/quan-tri/vai-tro").says("Sửa đơn vị, tài khoản, vai trò, cài đặt", "Thư ký Điểm thi", "mã in", "có")
	b.get("/quan-tri/nhat-ky?viec=people.role.grant").says("people.role.grant")
	b.get("/quan-tri/nhat-ky?tu=hôm+qua").says("Chưa đúng")
	csv := b.send("/quan-tri/nhat-ky.csv", url.Values{"viec": {"people.account.create"}})
	if !strings.HasPrefix(csv.body, "\ufeffSố;") || strings.Count(csv.body, "people.account.create") != 1 {
		t.Errorf("exported %.300q", csv.body)
	}
	b.get("/quan-tri/don-vi/moi").is(403, "") // an auditor reads, and knows that more can be done
	admin := p.admin()
	admin.get("/quan-tri/nhat-ky").is(404, "")
}

// Every door × every role: who may open it is decided by the tables of domain.md 2.4.
func TestWhoOpensWhichDoor(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.account("bientap", people.RoleUnitEditor)
	b := p.browser()
	b.login("bientap").is(200, "/quan-tri/")
	for _, path := range []string{"/quan-tri/don-vi", "/quan-tri/don-vi/moi", "/quan-tri/tai-khoan", "/quan-tri/tai-khoan/x", "/quan-tri/vai-tro", "/quan-tri/nhat-ky", "/quan-tri/nhap", "/quan-tri/nhiem-vu", "/quan-tri/dia-phuong"} {
		b.get(path).is(404, path)
	}
	b.send("/quan-tri/tai-khoan/moi", url.Values{"name": {"X"}}).is(404, "/quan-tri/tai-khoan/moi")
	home := b.get(peopleweb.SessionsPath)
	if strings.Contains(home.body, "/quan-tri/tai-khoan") {
		t.Error("the navigation shows what does not open")
	}
}

func TestTheFirstAdministratorOnThePages(t *testing.T) {
	t.Parallel()
	p := open(t)
	token, err := p.people.FirstAdminLink(context.Background())
	p.must(err)
	b := p.browser()
	path := people.FirstAdminPath(token)
	bad := b.fill(path, "/quan-tri/khoi-tao", url.Values{"name": {"Đinh Thị Mai"}, "username": {"mai"}, "password": {"ngắn"}, "password_again": {"ngắn"}})
	bad.is(422, "/quan-tri/khoi-tao")
	if v := bad.form("/quan-tri/khoi-tao"); v.Get("name") != "Đinh Thị Mai" || v.Get("ma") != token {
		t.Errorf("the form came back with %v", v)
	}
	b.fill(path, "/quan-tri/khoi-tao", url.Values{"name": {"Đinh Thị Mai"}, "username": {"mai"}, "password": {password}, "password_again": {password}}).is(200, peopleweb.FactorPath)
	b.enrol().says("Mã dự phòng")
	b.get("/quan-tri/tai-khoan").says("Đinh Thị Mai")
	p.browser().get(path).is(410, "")
	if strings.Contains(p.log.String(), token) {
		t.Error("the request log holds the link")
	}
}
