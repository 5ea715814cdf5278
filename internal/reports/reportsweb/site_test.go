package reportsweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
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
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
	"bangvang/internal/reports/rules"
)

// siteSessions logs in whoever brings a token "person role site…": a person with one role at some sites.
type siteSessions struct{}

func (siteSessions) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	parts := strings.Split(token, ".")
	if len(parts) < 2 {
		return access.Actor{}, web.SessionInfo{}, fault.New(fault.Unauthenticated, "Hãy đăng nhập.")
	}
	info, _ := people.RoleOf(access.Role(parts[1]))
	a := access.Actor{Person: parts[0], Name: "Cô " + parts[0]}
	if info.Scopes[0] != access.Site {
		a.Grants = append(a.Grants, access.Grant{Role: info.Role, Scope: access.Scope{Kind: info.Scopes[0]}})
	}
	for _, site := range parts[2:] {
		a.Grants = append(a.Grants, access.Grant{Role: info.Role, Scope: access.Scope{Kind: access.Site, ID: site}})
	}
	return a, web.SessionInfo{ID: token, Roles: info.Title}, nil
}

type noPages struct{}

func (noPages) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

type noUnits struct{}

func (noUnits) Path(_ context.Context, unit string) ([]string, error) { return []string{unit}, nil }

// A siteWorld is an exam in which three sites of 24, 48 and 72 candidates report.
type siteWorld struct {
	*reports.Service
	t      *testing.T
	clock  *clock.Clock
	exams  *exam.Service
	people *people.Service
	office *web.Office
	exam   exam.Exam
	sites  []exam.SiteID
	papers []exam.SittingID
}

func localTime(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func eachSite(t *testing.T, exercise func(t *testing.T, w *siteWorld)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(localTime(t, "2021-07-07 07:55:00")) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		exercise(t, openSites(t, d, clk))
	})
}

func openSites(t *testing.T, d *db.DB, clk *clock.Clock) *siteWorld {
	t.Helper()
	policy, err := access.NewPolicy(clk, exam.Rules(), people.Rules(), reports.Rules())
	must(t, err)
	w := &siteWorld{t: t, clock: clk, exams: exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: noPages{}})}
	w.Service = reports.New(reports.Deps{DB: d, Policy: policy, Clock: clk, Exams: w.exams, Units: noUnits{}, Secret: []byte("a secret of this installation")})
	ctx := w.as("khao", people.RoleExamOffice)
	id, err := w.exams.Load(ctx, 2021, "Lai Châu")
	must(t, err)
	w.exam, err = w.exams.Exam(ctx, id)
	must(t, err)
	round := w.exam.Rounds[0]
	var rosters []exam.SiteRoster
	for i := range 3 {
		site, err := w.exams.SaveSite(ctx, round.ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%02d", i+1), Name: fmt.Sprintf("THPT số %d", i+1), LocalityName: "Huyện Than Uyên",
			HeadName: "Nguyễn Văn A", HeadPhone: "0912000000", Phone: "0213 3784 000"})
		must(t, err)
		w.sites = append(w.sites, site)
		counts := exam.Roster{}
		for _, l := range w.exam.Lines(round.ID) {
			counts[l.LineKey] = exam.Count{Registered: 24 * (i + 1)}
			if l.Combined {
				counts[l.LineKey] = exam.Count{Registered: 12 * (i + 1)}
			}
		}
		rosters = append(rosters, exam.SiteRoster{Site: site, Version: 1, Counts: counts})
	}
	must(t, w.exams.SetRosters(ctx, round.ID, rosters))
	for _, s := range round.Sittings {
		if s.Kind == exam.Papers {
			w.papers = append(w.papers, s.ID)
		}
	}
	w.people, err = people.New(people.Deps{DB: d, Policy: policy, Secret: []byte("a secret of this installation, thirty-two bytes"), Cost: credential.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}, Sites: w.exams})
	must(t, err)
	pages := &reportsweb.Pages{Reports: w.Service, Policy: policy, Clock: clk, People: w.people, OfficeURL: "https://thi.laichau.gov.vn"}
	w.office = web.NewOffice(web.Config{DB: d, Policy: policy, Sessions: siteSessions{}, Clock: clk, Log: slog.New(slog.DiscardHandler), RatePerSecond: 10_000, Burst: 10_000,
		Site: func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi tốt nghiệp THPT năm 2021"} },
		Nav:  func(ctx context.Context) []ui.NavGroup { return []ui.NavGroup{pages.Nav(ctx)} }})
	pages.Register(w.office)
	w.office.GET("/quan-tri/vao/{token}", web.Public, func(c *web.Ctx) error { c.LogIn(c.Path("token")); return c.See(reportsweb.ReceiptPath, "") })
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v %v", err, fault.FieldsOf(err))
	}
}

func (w *siteWorld) as(person string, role access.Role) context.Context {
	info, _ := people.RoleOf(role)
	return access.With(w.t.Context(), access.Actor{Person: person, Name: "Cô " + person, Grants: []access.Grant{{Role: role, Scope: access.Scope{Kind: info.Scopes[0]}}}})
}

// browser gives a browser in which somebody of the sites with these numbers is logged in.
func (w *siteWorld) browser(person string, role access.Role, sites ...int) *webtest.Client {
	w.t.Helper()
	token := person + "." + string(role)
	for _, i := range sites {
		token += "." + string(w.sites[i])
	}
	c := webtest.Start(w.t, w.office)
	c.Get("/quan-tri/vao/" + token).WantStatus(200)
	return c
}

func (w *siteWorld) path(sitting int) string {
	return reportsweb.SitePath + "/" + string(w.papers[sitting])
}

// post sends a part's form as a browser without a script does, with changes to what the page shows.
func (w *siteWorld) post(c *webtest.Client, path string, part int, change map[string]string) *webtest.Page {
	w.t.Helper()
	v := formValues(w.t, c.Get(path), part)
	for name, value := range change {
		v.Set(name, value)
	}
	return c.Post(strings.Split(path, "?")[0], v)
}

// formValues gives what a part's form would send as it stands.
func formValues(t testing.TB, page *webtest.Page, part int) url.Values {
	t.Helper()
	v := page.Values(fmt.Sprintf("#mau-%d", part))
	if v.Get("id") == "" {
		t.Fatalf("part %d has no form to send", part)
	}
	return v
}

// lineNames gives the beginning of the field names of a form's lines: "lines.<key>.".
func (w *siteWorld) lineNames(sitting, site int) []string {
	f, err := w.Form(w.as("thu", people.RoleCouncilSecretary), w.sites[site], w.papers[sitting])
	must(w.t, err)
	var names []string
	for _, l := range f.Basis.Lines {
		names = append(names, "lines."+l.Key+".")
	}
	return names
}

// attendance fills part 1: absent candidates on the first line, all sick.
func (w *siteWorld) attendance(sitting, site, absent int) map[string]string {
	v := map[string]string{}
	for i, at := range w.lineNames(sitting, site) {
		gone, all := 0, 24*(site+1)
		if i == 0 {
			gone = absent
		}
		v[at+"present"], v[at+"absent"], v[at+"rooms"] = fmt.Sprint(all-gone), fmt.Sprint(gone), fmt.Sprint(site+1)
		if gone > 0 {
			v[at+"why.sick"] = fmt.Sprint(gone)
		}
	}
	return v
}

// closing fills what part 2 has beside the attendance.
func (w *siteWorld) closing(sitting, site int) map[string]string {
	v := map[string]string{"noIncident": "1", "witness": "Phó B", "onlineAt": "09:50", "offlineAt": "09:55"}
	for _, at := range w.lineNames(sitting, site) {
		v[at+"reprimanded"], v[at+"warned"], v[at+"suspended"] = "0", "0", "0"
	}
	return v
}

func TestASiteReportsWithoutAScript(t *testing.T) { // R-III.2-6
	t.Parallel()
	eachSite(t, func(t *testing.T, w *siteWorld) {
		c := w.browser("lan", people.RoleSiteSecretary, 0)
		list := c.Get(reportsweb.SitePath)
		list.Want("th", "Ngữ văn").Want(".tag", "Chưa báo cáo")
		form := list.Click("Ngữ văn")
		form.Want("h2", "Lượt 1: điểm danh").Want(".han", "Hạn gửi 08:05").Want("legend", "Ngữ văn").WantNone("legend", "Toán")

		refused := w.post(c, w.path(0), 1, map[string]string{w.lineNames(0, 0)[0] + "present": "22", w.lineNames(0, 0)[0] + "absent": "1", w.lineNames(0, 0)[0] + "rooms": "x"})
		refused.WantStatus(422).Want(".error", "Ô “Có mặt” (22) cộng “Vắng” (1) phải bằng “Đăng ký” (24)").Want(".error", "Ô “Phòng thi” có chữ “x”").
			Want("#loi-bieu-mau a", "Ô “Có mặt” (22)").Want(".check-note", "22 + 1 = 23, thiếu 1 so với 24")
		v := formValues(t, refused, 1)
		if v.Get(w.lineNames(0, 0)[0]+"present") != "22" || v.Get(w.lineNames(0, 0)[0]+"rooms") != "x" {
			t.Errorf("what was typed is gone: %v", v)
		}

		sent := w.post(c, w.path(0), 1, w.attendance(0, 0, 2))
		sent.WantStatus(200).Want(".notice", "Đã nhận báo cáo").Want("#luot-1 .bien-nhan", "-").Want("#luot-1 li", "Ngữ văn: đăng ký 24, có mặt 22, vắng 2 (ốm, tai nạn 2), 1 phòng.").
			Want("#luot-1 [data-doc]", "Đọc qua điện thoại:").Want("#luot-1 .nhat-ky", "Gửi báo cáo nhanh lượt 1")
		code := sent.Texts("#luot-1 .bien-nhan b")[0]
		c.Get(reportsweb.ReceiptPath+"?ma="+strings.ToLower(strings.ReplaceAll(code, "-", "+"))).Want("h2", code+": có báo cáo này, nguyên vẹn").Want("li", "có mặt 22")
		c.Get(reportsweb.ReceiptPath+"?ma=KQHT-7M4P").Want(".error", "Mã biên nhận")

		// Part 2 has part 1's attendance; a change shows both values and wants a reason (V-09).
		v = formValues(t, sent, 2)
		at := w.lineNames(0, 0)[0]
		if v.Get(at+"present") != "22" || v.Get(at+"why.sick") != "2" || v.Get("head") != "Nguyễn Văn A" {
			t.Errorf("part 2 does not begin with part 1: %v", v)
		}
		w.clock.Advance(2 * time.Hour)
		change := w.closing(0, 0)
		change[at+"present"], change[at+"absent"], change[at+"why.sick"] = "21", "3", "3"
		refused = w.post(c, w.path(0), 2, change)
		refused.WantStatus(422).Want(".canh", "Phần 1 đã báo có mặt 22, vắng 2; phần này ghi 21, 3")
		change["reasons.V-09:"+at+"present"] = "Một thí sinh bị ngất, đưa đi cấp cứu"
		sent = w.post(c, w.path(0), 2, change)
		sent.WantStatus(200).Want("#luot-2 .bien-nhan", "-").Want("#luot-2 [data-loi-nhan]", "Còn chờ Trưởng điểm thi xác nhận")

		// One more incident can be told of, and is refused while nobody says what it was.
		more := w.post(c, w.path(1), 2, map[string]string{"do": "su-co", "incidents.0.at": "08:10"})
		more.WantStatus(200).Want("#luot-2 .su-co legend", "Sự cố 2").Want("#luot-2 .su-co legend", "Sự cố 3")
		if v := formValues(t, more, 2); v.Get("incidents.0.at") != "08:10" {
			t.Errorf("the incident is gone: %v", v)
		}

		// An amendment takes the place of what was sent, and says why.
		amend := w.post(c, w.path(0)+"?sua=1", 1, map[string]string{at + "present": "21", at + "absent": "3", at + "why.sick": "3"})
		amend.WantStatus(422).Want(".error", "Hãy ghi vì sao sửa")
		amend = w.post(c, w.path(0)+"?sua=1", 1, map[string]string{at + "present": "21", at + "absent": "3", at + "why.sick": "3", "why": "Đếm lại phòng 1"})
		amend.WantStatus(200).Want("#luot-1 li", "có mặt 21, vắng 3")
	})
}

func TestTheHeadConfirmsWhatWasShown(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, w *siteWorld) {
		c := w.browser("lan", people.RoleSiteSecretary, 1)
		w.post(c, w.path(0), 1, w.attendance(0, 1, 3)).WantStatus(200)
		w.clock.Advance(2 * time.Hour)
		w.post(c, w.path(0), 2, w.closing(0, 1)).WantStatus(200)
		c.Get(w.path(0) + "/xac-nhan").WantStatus(404) // the secretary may not
		head := w.browser("hung", people.RoleSiteHead, 1)
		page := head.Get(reportsweb.SitePath).Click("Xem và xác nhận")
		page.Want("td", "45").Want("h2", "Lượt 2")
		page.Press("Xác nhận lượt 2").WantPath(reportsweb.SitePath).Want(".notice", "Đã xác nhận báo cáo").Want(".tag", "Trưởng điểm đã xác nhận")
		head.Get(w.path(0)+"/xac-nhan").WantNone("h2", "Lượt 2")
	})
}

func TestOneSiteNeverSeesAnother(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, w *siteWorld) {
		c := w.browser("lan", people.RoleSiteSecretary, 0)
		c.Get(w.path(0) + "/diem/" + string(w.sites[1])).WantStatus(404)
		me := c.Get(w.path(0)).Attr("#bao-cao", "data-nguoi")
		c.Post(w.path(0)+"/diem/"+string(w.sites[1])+"/gui?nguoi="+url.QueryEscape(me), nil).WantStatus(404)
		both := w.browser("minh", people.RoleSiteSecretary, 0, 1)
		both.Get(w.path(0)).WantStatus(404)
		both.Get(reportsweb.SitePath).Want("td", "THPT số 2").Want("td", "THPT số 1")
		both.Get(w.path(0) + "/diem/" + string(w.sites[1])).WantStatus(200)
		nobody := webtest.Start(t, w.office)
		nobody.Get("/quan-tri/vao/hoa." + string(people.RoleUnitHead))
		nobody.Get(reportsweb.SitePath).WantStatus(404)
	})
}

func TestTheScriptIsAnsweredInItsOwnTerms(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, w *siteWorld) {
		c := w.browser("lan", people.RoleSiteSecretary, 0)
		page := c.Get(w.path(0))
		me := page.Attr("#bao-cao", "data-nguoi")
		form, err := w.Form(w.as("thu", people.RoleCouncilSecretary), w.sites[0], w.papers[0])
		must(t, err)
		line := form.Basis.Lines[0]
		said := rules.Report{ID: "m-1", Part: 1, Form: form.Version, Reporter: "Lan", Lines: []rules.Line{{Key: line.Key, Registered: "24", Present: "24", Absent: "1", Rooms: "1"}}}
		give := func(who string) (int, map[string]any) {
			body, err := json.Marshal(said)
			must(t, err)
			r, err := http.NewRequest(http.MethodPost, w.path(0)+"/gui?nguoi="+url.QueryEscape(who), strings.NewReader(string(body)))
			must(t, err)
			r.Header.Set("Content-Type", "application/json")
			answer := c.Do(r)
			var out map[string]any
			must(t, json.Unmarshal(answer.Body, &out))
			return answer.Status, out
		}
		if status, a := give("ai-khac"); status != 409 || a["khac"] != "Cô lan" {
			t.Errorf("another person's page: %d %v", status, a)
		}
		status, a := give(me)
		if wrong, _ := a["sai"].([]any); status != 422 || len(wrong) == 0 {
			t.Errorf("a wrong report: %d %v", status, a)
		}
		said.Lines[0].Present = "23"
		said.Lines[0].Why = map[string]rules.Count{"sick": "1"}
		_, a = give(me)
		first, _ := a["gui"].(map[string]any)
		_, a = give(me)
		if again, _ := a["gui"].(map[string]any); first["ma"] == nil || again["ma"] != first["ma"] {
			t.Errorf("sent twice: %v, then %v", first, again)
		}
		pulse := c.Post(w.path(0)+"/nhip", url.Values{"nguoi": {me}, "luot": {"2"}, "dau": {"offline"}, "mau": {"older"}})
		pulse.WantStatus(200)
		must(t, json.Unmarshal(pulse.Body, &a))
		if a["canCu"] == nil || a["mau"] != page.Attr("#bao-cao", "data-mau") {
			t.Errorf("an older form is not renewed: %v", a)
		}
		c.Get(w.path(0)).Want("#luot-2 .nhap-cu", "Bản nháp của điểm thi thấy lần cuối lúc").Want("#luot-2 .nhap-cu", "Đã lưu trên máy, chưa gửi")
	})
}

func TestEnvelopesArePrintedForAllSitesOrNone(t *testing.T) { // domain.md 6.5
	t.Parallel()
	eachSite(t, func(t *testing.T, w *siteWorld) {
		admin := w.as("quan", people.RoleAdmin)
		for i, role := range []access.Role{people.RoleSiteSecretary, people.RoleSiteHead} {
			id, err := w.people.CreateAccount(admin, people.AccountForm{Username: fmt.Sprintf("nguoi-%d", i), Name: fmt.Sprintf("Nguyễn Thị %d", i)})
			must(t, err)
			for _, site := range w.sites[:2] {
				_, err = w.people.GrantRole(admin, people.GrantForm{Account: id, Role: role, Scope: access.Scope{Kind: access.Site, ID: string(site)}})
				must(t, err)
			}
		}
		w.browser("thu", people.RoleCouncilSecretary).Get(reportsweb.EnvelopePath).WantStatus(404) // codes are accounts, not reports
		c := webtest.Start(t, w.office)
		c.Get("/quan-tri/vao/quan." + string(people.RoleAdmin))
		page := c.Get(reportsweb.EnvelopePath)
		refused := page.Fill("Điện thoại trực Hội đồng thi", "0213 3876 961").Press("Tạo mã và tải tệp in")
		refused.WantStatus(422).Want(".error", "Chưa có ai được giao vai trò ở 03 THPT số 3")
		refused.Fill("Điện thoại trực Hội đồng thi", "").Press("Tạo mã và tải tệp in").WantStatus(422).Want(".error", "Hãy ghi số điện thoại trực")
		made := refused.Fill("Điện thoại trực Hội đồng thi", "0213 3876 961").Untick("03 THPT số 3").Press("Tạo mã và tải tệp in")
		made.WantStatus(200)
		if !bytes.HasPrefix(made.Body, []byte("%PDF-")) || bytes.Count(made.Body, []byte("/Type /Page\n")) != 2 {
			t.Errorf("not two sheets of paper: %.20q, %d pages", made.Body, bytes.Count(made.Body, []byte("/Type /Page\n")))
		}
		c.Get(reportsweb.ShortPath).WantPath(reportsweb.SitePath)
	})
}
