package reports_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

type noPages struct{}

func (noPages) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

type noUnits struct{}

func (noUnits) Path(_ context.Context, unit string) ([]string, error) { return []string{unit}, nil }

// A council is an exam with sites, at the time of its first sitting.
type council struct {
	*reports.Service
	t      *testing.T
	db     *db.DB
	clock  *clock.Clock
	exams  *exam.Service
	policy *access.Policy
	exam   exam.Exam
	sites  []exam.SiteID
}

func local(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// start is during the first sitting, Ngữ văn from 07:35 to 09:35.
func start(t testing.TB) *clock.Clock { return clock.At(local(t, "2021-07-07 07:55:00")) }

// each runs the exercise on both engines, with three sites of 24, 48 and 72 candidates.
func each(t *testing.T, exercise func(t *testing.T, c *council)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return start(t) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		exercise(t, convene(t, d, clk, 3))
	})
}

// convene makes an exam of 2021 with n sites.
func convene(t *testing.T, d *db.DB, clk *clock.Clock, n int) *council {
	t.Helper()
	c := open(t, d, clk)
	id, err := c.exams.Load(c.office(), 2021, "Lai Châu")
	c.must(err)
	c.reload(id)
	// Every site changes the front page of the current exam, which tells of all: ten thousand would take an hour.
	c.force("UPDATE exam SET is_current = false, is_public = true")
	c.addSites(0, n)
	c.must(c.exams.MakeCurrent(c.office(), id, c.exam.Version))
	c.reload(id)
	return c
}

// open makes the services on a database.
func open(t *testing.T, d *db.DB, clk *clock.Clock) *council {
	t.Helper()
	policy, err := access.NewPolicy(clk, exam.Rules(), reports.Rules())
	if err != nil {
		t.Fatal(err)
	}
	exams := exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: noPages{}})
	s := reports.New(reports.Deps{DB: d, Policy: policy, Clock: clk, Exams: exams, Units: noUnits{}, Secret: []byte("a secret of this installation")})
	return &council{Service: s, t: t, db: d, clock: clk, exams: exams, policy: policy}
}

func (c *council) reload(id exam.ID) {
	c.t.Helper()
	e, err := c.exams.Exam(c.office(), id)
	c.must(err)
	c.exam = e
}

// addSites makes n sites in a round; site i has 24·(i mod 5 + 1) candidates on every single paper, half
// of them on each combined paper.
func (c *council) addSites(round, n int) {
	c.t.Helper()
	r := c.exam.Rounds[round]
	var rosters []exam.SiteRoster
	for i := range n {
		id, err := c.exams.SaveSite(c.office(), r.ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%03d", i+1), Name: fmt.Sprintf("THPT số %d", i+1), LocalityName: "Huyện Than Uyên",
			HeadName: "Nguyễn Văn A", HeadPhone: "0912000000", Phone: "0213 3784 000"})
		c.must(err)
		c.sites = append(c.sites, id)
		rosters = append(rosters, exam.SiteRoster{Site: id, Version: 1, Counts: c.roster(r.ID, 24*(i%5+1))})
	}
	c.must(c.exams.SetRosters(c.office(), r.ID, rosters))
}

func (c *council) roster(round exam.RoundID, n int) exam.Roster {
	counts := exam.Roster{}
	for _, l := range c.exam.Lines(round) {
		if counts[l.LineKey] = (exam.Count{Registered: n}); l.Combined {
			counts[l.LineKey] = exam.Count{Registered: n / 2}
		}
	}
	return counts
}

func (c *council) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%v %v", err, fault.FieldsOf(err))
	}
}

// as gives a context in which a person acts in roles; a site's roles need its id.
func as(t testing.TB, person string, roles ...access.Role) context.Context {
	return at(t, person, "", roles...)
}

func at(t testing.TB, person string, site exam.SiteID, roles ...access.Role) context.Context {
	a := access.Actor{Person: person, Name: "Cô " + person}
	for _, r := range roles {
		info, _ := people.RoleOf(r)
		scope := access.Scope{Kind: info.Scopes[0]}
		if scope.Kind == access.Site {
			scope.ID = string(site)
		}
		a.Grants = append(a.Grants, access.Grant{Role: r, Scope: scope})
	}
	return access.With(t.Context(), a)
}

func (c *council) office() context.Context    { return as(c.t, "Khảo", people.RoleExamOffice) }
func (c *council) secretary() context.Context { return as(c.t, "Thư", people.RoleCouncilSecretary) }
func (c *council) chair() context.Context     { return as(c.t, "Chủ", people.RoleCouncilChair) }
func (c *council) clerk() context.Context     { return as(c.t, "Văn", people.RoleOffice) }
func (c *council) site(i int) context.Context {
	return at(c.t, fmt.Sprintf("ssc-%d", i), c.sites[i], people.RoleSiteSecretary)
}
func (c *council) head(i int) context.Context {
	return at(c.t, fmt.Sprintf("shd-%d", i), c.sites[i], people.RoleSiteHead)
}

// sitting gives the i-th sitting with papers of the first round: 0 Ngữ văn, 1 Toán, 2 the combined
// papers, 3 Ngoại ngữ.
func (c *council) sitting(i int) exam.SittingID { return c.papers(0)[i] }

func (c *council) papers(round int) []exam.SittingID {
	var ids []exam.SittingID
	for _, s := range c.exam.Rounds[round].Sittings {
		if s.Kind == exam.Papers {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func (c *council) slot(i int, sitting exam.SittingID, part rules.Part) reports.Slot {
	return reports.Slot{Sitting: sitting, Site: c.sites[i], Part: part}
}

// said makes a sound report of a site: absent candidates on each line, all sick.
func (c *council) said(id string, i int, sitting exam.SittingID, part rules.Part, absent int) reports.Submission {
	c.t.Helper()
	form, err := c.Form(c.secretary(), c.sites[i], sitting)
	c.must(err)
	return reports.Submission{Report: fill(form.Basis, id, part, absent)}
}

// fill fills in a form.
func fill(b rules.Basis, id string, part rules.Part, absent int) rules.Report {
	r := rules.Report{ID: id, Site: b.Site, Sitting: b.Sitting, Part: part, Reporter: "Thư ký A"}
	for k, l := range b.Lines {
		gone := min(absent, l.Registered)
		line := rules.Line{Key: l.Key, Registered: rules.N(l.Registered), Present: rules.N(l.Registered - gone), Absent: rules.N(gone), Rooms: rules.N(max(1, exam.RoomsNeeded(l.Registered)))}
		if gone > 0 {
			line.Why = map[string]rules.Count{"sick": rules.N(gone)}
		}
		if part == rules.Closing {
			line.Reprimanded, line.Warned, line.Suspended = "0", "0", "0"
			sheets := line.Present
			if k == 0 {
				line.Sheets = &sheets
			}
		}
		r.Lines = append(r.Lines, line)
	}
	if part == rules.Closing {
		r.NoIncident, r.Head, r.Witness, r.OnlineAt, r.OfflineAt = true, "Trưởng A", "Phó B", "09:50", "09:55"
	}
	return r
}

// sent sends a sound report and gives it as kept.
func (c *council) sent(id string, i int, sitting exam.SittingID, part rules.Part, absent int) reports.Report {
	c.t.Helper()
	receipt, err := c.Submit(c.site(i), c.said(id, i, sitting, part, absent))
	c.must(err)
	return c.get(receipt.Report)
}

// accepted sends, confirms and accepts a report; warnings of the rules named are answered.
func (c *council) accepted(id string, i int, sitting exam.SittingID, part rules.Part, absent int, warned ...string) reports.Report {
	c.t.Helper()
	in := c.said(id, i, sitting, part, absent)
	receipt, err := c.Submit(c.site(i), in)
	for _, f := range fault.FieldsOf(err) {
		for _, rule := range warned {
			if key, ok := strings.CutPrefix(f.Name, "reasons."); ok && strings.HasPrefix(key, rule) {
				in.Reasons = map[string]string{key: "Đã kiểm tra, đúng như vậy"}
			}
		}
	}
	if in.Reasons != nil {
		receipt, err = c.Submit(c.site(i), in)
	}
	c.must(err)
	r := c.get(receipt.Report)
	if part == rules.Closing {
		c.must(c.Confirm(c.head(i), r.ID, r.Version))
		r = c.get(r.ID)
	}
	c.must(c.Accept(c.secretary(), r.ID, r.Version))
	return c.get(r.ID)
}

func (c *council) get(id reports.ReportID) reports.Report {
	c.t.Helper()
	r, err := c.Report(c.secretary(), id)
	c.must(err)
	return r
}

func (c *council) figures(sitting exam.SittingID, part rules.Part) reports.Figures {
	c.t.Helper()
	f, err := c.Figures(c.secretary(), sitting, part)
	c.must(err)
	return f
}

// count asks the database.
func (c *council) count(query string, args ...any) int {
	c.t.Helper()
	var n int
	c.must(c.db.Read().QueryRowContext(c.t.Context(), query, args...).Scan(&n))
	return n
}

// want checks how a verb refused.
func want(t testing.TB, err error, kind fault.Kind, what string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s gave %v, want %v", what, err, kind)
	}
}

// wantField checks that a verb refused a field.
func wantField(t testing.TB, err error, field string) {
	t.Helper()
	want(t, err, fault.Invalid, field)
	for _, f := range fault.FieldsOf(err) {
		if strings.HasPrefix(f.Name, field) && f.Message != "" {
			return
		}
	}
	t.Errorf("refused %v, want field %s", fault.FieldsOf(err), field)
}

// addMore adds n sites to the first round.
func (c *council) addMore(n int) {
	c.t.Helper()
	have := len(c.sites)
	r := c.exam.Rounds[0]
	var rosters []exam.SiteRoster
	for i := have; i < have+n; i++ {
		id, err := c.exams.SaveSite(c.office(), r.ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%04d", i+1), Name: fmt.Sprintf("THPT số %d", i+1), LocalityName: "Huyện Than Uyên"})
		c.must(err)
		c.sites = append(c.sites, id)
		rosters = append(rosters, exam.SiteRoster{Site: id, Version: 1, Counts: c.roster(r.ID, 24*(i%5+1))})
	}
	c.must(c.exams.SetRosters(c.office(), r.ID, rosters))
}

// sqlite gives a database for what does not depend on the engine.
func sqlite(t *testing.T) *db.DB { return dbtest.SQLite(t, start(t)) }

// fact reads the last fact announced under a name.
func (c *council) fact(name string, into any) {
	c.t.Helper()
	var payload string
	c.must(c.db.Read().QueryRowContext(c.t.Context(), "SELECT payload FROM event WHERE kind = $1 ORDER BY id DESC LIMIT 1", name).Scan(&payload))
	c.must(json.Unmarshal([]byte(payload), into))
}
