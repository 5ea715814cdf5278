package reportsweb_test

import (
	"context"
	"fmt"
	"log/slog"
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
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
	"bangvang/internal/reports/rules"
)

// deskSessions logs in who brings a role, a number that tells persons of one role apart, and a site:
// "ssc.1.<site>".
type deskSessions struct{}

func (deskSessions) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	parts := strings.SplitN(token, ".", 3)
	info, ok := people.RoleOf(access.Role(parts[0]))
	if !ok || len(parts) != 3 {
		return access.Actor{}, web.SessionInfo{}, fault.New(fault.Unauthenticated, "Hãy đăng nhập.")
	}
	return access.Actor{Person: token, Name: info.Title + " " + parts[1], Grants: []access.Grant{{Role: info.Role, Scope: access.Scope{Kind: info.Scopes[0], ID: parts[2]}}}},
		web.SessionInfo{ID: token, Roles: info.Title}, nil
}

type deskQuiet struct{}

func (deskQuiet) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

type deskUnits struct{}

func (deskUnits) Path(_ context.Context, unit string) ([]string, error) { return []string{unit}, nil }

// A hall is the office with the Council's pages, during the first sitting of 2021: Ngữ văn from 07:35 to
// 09:35, part 1 due at 08:05.
type hall struct {
	*reports.Service
	t      *testing.T
	clock  *clock.Clock
	office *web.Office
	pages  *reportsweb.Pages
	exam   exam.Exam
	sites  []exam.SiteID
}

func hallAt(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// inHall plays an exercise on both engines with n sites.
func inHall(t *testing.T, n int, exercise func(t *testing.T, h *hall)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(hallAt(t, "2021-07-07 07:55:00")) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		exercise(t, openHall(t, d, clk, n))
	})
}

func openHall(t *testing.T, d *db.DB, clk *clock.Clock, n int) *hall {
	t.Helper()
	h := &hall{t: t, clock: clk}
	policy, err := access.NewPolicy(clk, exam.Rules(), reports.Rules(), people.Rules())
	h.must(err)
	exams := exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: deskQuiet{}})
	h.Service = reports.New(reports.Deps{DB: d, Policy: policy, Clock: clk, Exams: exams, Units: deskUnits{}, Secret: []byte("a secret of this installation")})
	h.pages = &reportsweb.Pages{Reports: h.Service, Policy: policy, Clock: clk}
	h.office = web.NewOffice(web.Config{DB: d, Policy: policy, Sessions: deskSessions{}, Clock: clk, Log: slog.New(slog.DiscardHandler), RatePerSecond: 10_000, Burst: 10_000,
		Site: func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi tốt nghiệp THPT năm 2021"} },
		Nav:  func(ctx context.Context) []ui.NavGroup { return []ui.NavGroup{h.pages.Nav(ctx)} }})
	h.pages.Register(h.office)
	h.office.GET("/quan-tri/{$}", web.LoggedIn, func(c *web.Ctx) error { return c.JSON("ok") })
	h.office.GET("/quan-tri/vao/{token}", web.Public, func(c *web.Ctx) error { c.LogIn(c.Path("token")); return c.See("/quan-tri/", "") })
	system := access.System(t.Context(), "Kiểm thử")
	id, err := exams.Load(system, 2021, "Lai Châu")
	h.must(err)
	e, err := exams.Exam(system, id)
	h.must(err)
	h.exam = e
	var rosters []exam.SiteRoster
	for i := range n {
		site, err := exams.SaveSite(system, e.Rounds[0].ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%03d", i+1), Name: fmt.Sprintf("Điểm thi THPT số %d", i+1), LocalityName: hallDistricts[i*len(hallDistricts)/n],
			HeadName: fmt.Sprintf("Nguyễn Văn A%d", i+1), HeadPhone: "0912 000 111", Phone: "0213 3784 000"})
		h.must(err)
		h.sites = append(h.sites, site)
		counts := exam.Roster{}
		for _, l := range e.Lines(e.Rounds[0].ID) {
			if counts[l.LineKey] = (exam.Count{Registered: 48}); l.Combined {
				counts[l.LineKey] = exam.Count{Registered: 24}
			}
		}
		rosters = append(rosters, exam.SiteRoster{Site: site, Version: 1, Counts: counts})
	}
	h.must(exams.SetRosters(system, e.Rounds[0].ID, rosters))
	return h
}

var hallDistricts = []string{"Huyện Mường Tè", "Huyện Nậm Nhùn", "Huyện Phong Thổ", "Huyện Sìn Hồ", "Huyện Tam Đường", "Huyện Tân Uyên", "Huyện Than Uyên", "Thành phố Lai Châu"}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v %v", err, fault.FieldsOf(err))
	}
}

// browser gives a browser in which somebody is logged in: the n-th of a role, for a site or none.
func (h *hall) browser(role access.Role, n int, site exam.SiteID) *webtest.Client {
	c := webtest.Start(h.t, h.office)
	c.Get(fmt.Sprintf("/quan-tri/vao/%s.%d.%s", role, n, site)).WantStatus(200)
	return c
}

func (h *hall) secretary() *webtest.Client { return h.browser(people.RoleCouncilSecretary, 1, "x") }
func (h *hall) second() *webtest.Client    { return h.browser(people.RoleCouncilSecretary, 2, "x") }
func (h *hall) chair() *webtest.Client     { return h.browser(people.RoleCouncilChair, 1, "x") }

// as gives a context in which somebody acts without a browser.
func (h *hall) as(role access.Role, n int, site exam.SiteID) context.Context {
	a, _, err := deskSessions{}.Actor(h.t.Context(), fmt.Sprintf("%s.%d.%s", role, n, site))
	h.must(err)
	return access.With(h.t.Context(), a)
}

// sitting gives the i-th sitting with papers: 0 Ngữ văn, 1 Toán, 2 the combined papers, 3 Ngoại ngữ.
func (h *hall) sitting(i int) exam.SittingID {
	for _, x := range h.exam.Rounds[0].Sittings {
		if x.Kind != exam.Papers {
			continue
		}
		if i == 0 {
			return x.ID
		}
		i--
	}
	h.t.Fatal("no such sitting")
	return ""
}

// said makes a sound report of a site with absent candidates, all sick.
func (h *hall) said(id string, i int, sitting exam.SittingID, part rules.Part, absent int) reports.Submission {
	h.t.Helper()
	form, err := h.Form(h.as(people.RoleCouncilSecretary, 9, "x"), h.sites[i], sitting)
	h.must(err)
	b := form.Basis
	r := rules.Report{ID: id, Site: b.Site, Sitting: b.Sitting, Part: part, Reporter: "Thư ký điểm thi"}
	for _, l := range b.Lines {
		line := rules.Line{Key: l.Key, Registered: rules.N(l.Registered), Present: rules.N(l.Registered - absent), Absent: rules.N(absent), Rooms: rules.N(exam.RoomsNeeded(l.Registered))}
		if absent > 0 {
			line.Why = map[string]rules.Count{"sick": rules.N(absent)}
		}
		if part == rules.Closing {
			line.Reprimanded, line.Warned, line.Suspended = "0", "0", "0"
		}
		r.Lines = append(r.Lines, line)
	}
	if part == rules.Closing {
		r.NoIncident, r.Head, r.Witness, r.OnlineAt, r.OfflineAt = true, "Trưởng điểm A", "Phó điểm B", "09:50", "09:55"
	}
	return reports.Submission{Report: r}
}

// send sends a site's report.
func (h *hall) send(in reports.Submission) reports.Report {
	h.t.Helper()
	site := exam.SiteID(in.Site)
	given, err := h.Submit(h.as(people.RoleSiteSecretary, 1, site), in)
	h.must(err)
	r, err := h.Report(h.as(people.RoleCouncilSecretary, 9, "x"), given.Report)
	h.must(err)
	return r
}

// slotPage is the address of a site's reports of the first sitting.
func (h *hall) slotPage(i int) string {
	return "/quan-tri/bao-cao/xem/" + string(h.sitting(0)) + "/" + string(h.sites[i])
}
