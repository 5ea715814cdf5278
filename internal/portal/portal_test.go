package portal_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/portal"
)

// touched notes what was asked to be drawn anew.
type touched struct{ keys []string }

func (p *touched) Touch(_ context.Context, _ *db.Tx, source string, keys ...string) error {
	for _, k := range keys {
		p.keys = append(p.keys, source+"/"+k)
	}
	return nil
}

func (p *touched) TouchAll(context.Context, *db.Tx) error {
	p.keys = append(p.keys, "*")
	return nil
}

// registry is an office that has published two documents.
type registry struct{}

func (registry) HasYear(_ context.Context, year int) (bool, error) { return year == 2021, nil }

func (registry) Latest(context.Context, int) ([]ui.DocumentCard, error) {
	return []ui.DocumentCard{{Href: "/van-ban/08-ct-ubnd-2021", Number: "08/CT-UBND", Title: "Tăng cường chỉ đạo", Day: "2021-05-12"}}, nil
}

type fixture struct {
	portal  *portal.Service
	exams   *exam.Service
	people  *people.Service
	clock   *clock.Clock
	touched *touched
	db      *db.DB
}

func system(t *testing.T) context.Context { return access.System(t.Context(), "Kiểm thử") }

func setup(t *testing.T, d *db.DB, clk *clock.Clock) fixture {
	t.Helper()
	policy, err := access.NewPolicy(clk, people.Rules(), exam.Rules(), portal.Rules())
	must(t, err)
	f := fixture{clock: clk, touched: &touched{}, db: d}
	f.exams = exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: f.touched})
	f.people, err = people.New(people.Deps{DB: d, Policy: policy, Secret: make([]byte, 48), Sites: f.exams})
	must(t, err)
	f.portal = portal.New(portal.Deps{DB: d, Policy: policy, Clock: clk, Exams: portal.ExamFront{Exams: f.exams}, Documents: registry{},
		Contacts: portal.UnitContacts{People: f.people}, Publisher: f.touched, BaseURL: "https://thi.example.vn"})
	return f
}

// open loads the exam of 2021 and the office that answers.
func (f fixture) open(t *testing.T) {
	t.Helper()
	_, err := f.exams.Load(system(t), 2021, "Lai Châu")
	must(t, err)
	id, err := f.people.CreateUnit(system(t), people.UnitForm{Kind: "department", Name: "Sở Giáo dục và Đào tạo Lai Châu", Phone: "02133799569, 02133876961"})
	must(t, err)
	for _, fn := range []people.Function{people.FunctionOwner, people.FunctionContact} {
		must(t, f.people.SetFunction(system(t), fn, id, ""))
	}
}

// page draws the portal's pages of a key and gives the one at path.
func (f fixture) page(t *testing.T, key, path string) string {
	t.Helper()
	r, err := f.portal.Source().Render(t.Context(), key)
	must(t, err)
	for _, p := range r.Pages {
		if p.Path == path {
			return string(p.Body)
		}
	}
	t.Fatalf("key %s has no page %s", key, path)
	return ""
}

func at(s string) func() *clock.Clock {
	return func() *clock.Clock {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Zone)
		if err != nil {
			panic(err)
		}
		return clock.At(when)
	}
}

func TestTheFrontPageFollowsThePhase(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, at("2021-06-15 09:00"), func(t *testing.T, d *db.DB, clk *clock.Clock) {
		f := setup(t, d, clk)
		if before := f.page(t, "home", "/"); !strings.Contains(before, "Chưa có kỳ thi nào được mở") {
			t.Error("without an exam the front page does not say so")
		}
		f.open(t)
		for _, moment := range []struct {
			ahead time.Duration
			says  []string
			not   string
		}{
			{0, []string{"Thông tin về Kỳ thi tốt nghiệp THPT năm 2021", "Còn 2", "Điểm mới năm nay", "08/CT-UBND"}, "Đã thi xong"},
			{22*24*time.Hour - time.Hour, []string{"Đang thi", "Ngữ văn"}, "Điểm mới năm nay"}, // 7/7/2021, 08:00
			{60 * 24 * time.Hour, []string{"Đã thi xong", "Xem các kỳ thi trước"}, "Đang thi"},
		} {
			clk.Advance(moment.ahead)
			body := f.page(t, "home", "/")
			for _, s := range moment.says {
				if !strings.Contains(body, s) {
					t.Errorf("at %v the front page does not say %q", clk.Now(), s)
				}
			}
			if strings.Contains(main(body), moment.not) {
				t.Errorf("at %v the front page says %q", clk.Now(), moment.not)
			}
		}
	})
}

func TestADayOfTheSecondRoundIsAnExamDayFromMidnight(t *testing.T) { // R-I.2-a
	t.Parallel()
	clk := at("2021-08-05 23:59")()
	f := setup(t, dbtest.SQLite(t, clk), clk)
	f.open(t)
	if body := main(f.page(t, "home", "/")); !strings.Contains(body, "Xem các kỳ thi trước") || !strings.Contains(body, "Ngày mai thi đợt 2") {
		t.Error("the evening before is not after the first round")
	}
	clk.Advance(time.Minute)
	if body := main(f.page(t, "home", "/")); !strings.Contains(body, "Hôm nay thi đợt 2") || !strings.Contains(body, "Giờ gọi vào phòng, phát đề") || strings.Contains(body, "Xem các kỳ thi trước") {
		t.Error("from midnight the front page is not that of an exam day")
	}
}

func TestAHaltedSiteStandsOnTheFrontPage(t *testing.T) { // P-9
	t.Parallel()
	clk := at("2021-07-07 08:00")()
	f := setup(t, dbtest.SQLite(t, clk), clk)
	f.open(t)
	e, err := f.exams.Current(t.Context())
	must(t, err)
	site, err := f.exams.SaveSite(system(t), e.Rounds[0].ID, "", 0, exam.SiteInput{Code: "01", Name: "THPT Than Uyên", LocalityName: "Huyện Than Uyên"})
	must(t, err)
	must(t, f.exams.SetSiteStatus(system(t), site, 1, exam.Halted, "Có ca Covid-19", ""))
	body := main(f.page(t, "home", "/"))
	for _, want := range []string{"Điểm thi THPT Than Uyên đợt 1: tạm dừng", "Có ca Covid-19", `href="/diem-thi/thpt-than-uyen"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the front page does not say %q", want)
		}
	}
}

func TestAPublishedExamToComeIsNotOneOfThePast(t *testing.T) {
	t.Parallel()
	clk := at("2021-08-10 09:00")()
	f := setup(t, dbtest.SQLite(t, clk), clk)
	f.open(t)
	_, err := f.exams.Load(system(t), 2025, "Lai Châu")
	must(t, err)
	if body := main(f.page(t, "years", "/ky-thi/2025")); strings.Contains(body, "đã qua") || !strings.Contains(body, "kỳ thi sắp tới") {
		t.Error("the exam of 2025 is one of the past in 2021")
	}
	clk.Advance(4 * 365 * 24 * time.Hour)
	if body := main(f.page(t, "years", "/ky-thi/2025")); !strings.Contains(body, "kỳ thi đã qua") {
		t.Error("the exam of 2025 is still to come when it lies behind")
	}
}

// main is a page's main content.
func main(body string) string {
	_, rest, _ := strings.Cut(body, "<main")
	content, _, _ := strings.Cut(rest, "</main>")
	return content
}

func TestContactsStandOnEveryPage(t *testing.T) { // R-III.3-1
	t.Parallel()
	f := setup(t, dbtest.SQLite(t, nil), clock.System())
	f.open(t)
	for key, path := range map[string]string{"home": "/", "about": "/rieng-tu", "years": "/ky-thi/2021"} {
		body := f.page(t, key, path)
		for _, want := range []string{`tel:&#43;842133799569`, `tel:&#43;842133876961`, "Sở Giáo dục và Đào tạo Lai Châu"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not show %s", path, want)
			}
		}
	}
}

func TestEnglishIsTheFrameOnly(t *testing.T) {
	t.Parallel()
	f := setup(t, dbtest.SQLite(t, nil), clock.System())
	f.open(t)
	body := f.page(t, "about", "/en/rieng-tu")
	for _, want := range []string{`<html lang="en">`, `lang="vi"`, "Skip to main content", "Quyền riêng tư", `hreflang="vi" href="https://thi.example.vn/rieng-tu"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the English twin does not have %s", want)
		}
	}
}

func TestSettingsAreTheAdministrators(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setup(t, d, clock.System())
		as := func(role access.Role) context.Context {
			return access.With(t.Context(), access.Actor{Person: "p", Grants: []access.Grant{{Role: role, Scope: access.Scope{Kind: access.Department}}}})
		}
		s, err := f.portal.Settings(t.Context())
		must(t, err)
		s.Legal, s.Security = "Giấy phép số 1", "khong phai thu"
		if err := f.portal.SaveSettings(as(people.RoleOffice), s); !fault.Is(err, fault.NotFound) {
			t.Errorf("the Office may: %v", err)
		}
		if err := f.portal.SaveSettings(as(people.RoleAuditor), s); !fault.Is(err, fault.Denied) {
			t.Errorf("the auditor, who may read them, may: %v", err)
		}
		if err := f.portal.SaveSettings(as(people.RoleAdmin), s); len(fault.FieldsOf(err)) != 1 {
			t.Errorf("a wrong address gave %v", err)
		}
		s.Security = "an-ninh@example.vn"
		must(t, f.portal.SaveSettings(as(people.RoleAdmin), s))
		if len(f.touched.keys) != 1 || f.touched.keys[0] != "*" {
			t.Errorf("drawn anew: %v", f.touched.keys)
		}
		if err := f.portal.SaveSettings(as(people.RoleAdmin), s); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second saver on the same version got %v", err)
		}
		r, err := f.portal.Source().Render(t.Context(), "assets")
		must(t, err)
		found := false
		for _, p := range r.Pages {
			found = found || p.Path == "/.well-known/security.txt" && strings.Contains(string(p.Body), "mailto:an-ninh@example.vn")
		}
		if !found {
			t.Error("security.txt does not name the address")
		}
	})
}

func TestEveryPageOfThePortalIsPublishable(t *testing.T) {
	t.Parallel()
	f := setup(t, dbtest.SQLite(t, nil), clock.System())
	f.open(t)
	source := f.portal.Source()
	keys, err := source.Keys(t.Context())
	must(t, err)
	paths := map[string]string{}
	for _, key := range keys {
		r, err := source.Render(t.Context(), key)
		must(t, err)
		for _, p := range r.Pages {
			if other, twice := paths[p.Path]; twice {
				t.Errorf("%s belongs to %s and %s", p.Path, other, key)
			}
			paths[p.Path] = key
			if publish.Canonical(p.Path) != p.Path {
				t.Errorf("%s is no canonical address", p.Path)
			}
		}
	}
	for _, want := range []string{"/", "/en", "/tim", "/truy-cap", "/ky-thi", "/robots.txt", "/opensearch.xml", "/favicon.ico", "/404"} {
		if paths[want] == "" {
			t.Errorf("there is no %s", want)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
