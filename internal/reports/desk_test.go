package reports_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

func TestWorkflowTablesAreSound(t *testing.T) {
	t.Parallel()
	c := convene(t, sqlite(t), start(t), 0)
	for _, table := range []workflow.Table{reports.SiteWorkflow(rules.Attendance), reports.SiteWorkflow(rules.Closing), reports.ProvinceWorkflow()} {
		if err := table.Check(c.policy); err != nil {
			t.Error(err)
		}
	}
}

func leads(table workflow.Table, from workflow.State, do string) bool {
	return slices.ContainsFunc(table.Steps, func(x workflow.Step) bool { return x.From == from && x.Do == do })
}

// force puts a row into a state that the verbs may not lead to.
func (c *council) force(query string, args ...any) {
	c.t.Helper()
	c.must(c.db.Write(c.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

// Every step of a site's report that the table does not list is refused.
func TestUnlistedStepsOfASitesReportAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		c.clock.Advance(2 * time.Hour)
		for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
			table := reports.SiteWorkflow(part)
			r := c.sent(fmt.Sprint("r", part), 0, sitting, part, 1)
			version := r.Version
			for state := range table.States {
				for do, step := range map[string]func(int) error{
					"confirm":       func(v int) error { return c.Confirm(c.head(0), r.ID, v) },
					"confirm_phone": func(v int) error { return c.ConfirmByPhone(c.office(), r.ID, v, "Trưởng A") },
					"accept":        func(v int) error { return c.Accept(c.chair(), r.ID, v) },
					"return":        func(v int) error { return c.Return(c.secretary(), r.ID, v, "Xem lại") },
				} {
					c.force("UPDATE report_site SET state = $2, duplicate_of = id WHERE id = $1", string(r.ID), string(state))
					err := step(version)
					switch {
					case leads(table, state, do) && err != nil:
						t.Errorf("part %d: %s from %s gave %v", part, do, state, err)
					case !leads(table, state, do):
						want(t, err, fault.Conflict, fmt.Sprintf("part %d: %s from %s", part, do, state))
					}
					version = c.get(r.ID).Version
				}
			}
		}
	})
}

func TestUnlistedStepsOfAProvincialReportAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		c.clock.Advance(2 * time.Hour)
		c.accepted("r", 0, sitting, rules.Closing, 1)
		p, err := c.Compile(c.secretary(), sitting, rules.Closing, nil)
		c.must(err)
		table := reports.ProvinceWorkflow()
		for state := range table.States {
			for do, step := range map[string]func(int) error{
				"approve":             func(v int) error { return c.Approve(c.chair(), p.ID, v, false) },
				"approve_provisional": func(v int) error { return c.Approve(c.chair(), p.ID, v, true) },
				"send":                func(v int) error { return c.Send(c.clerk(), p.ID, v, "Văn phòng Bộ") },
				"receive":             func(v int) error { return c.Receive(c.clerk(), p.ID, v, "") },
				"publish":             func(v int) error { return c.Publish(c.clerk(), p.ID, v) },
			} {
				missing := 2
				if state == reports.StateComplete {
					missing = 0
				}
				c.force("UPDATE report_province SET state = $2, missing = $3, approved_by = 'x', published_at = 0, version = version + 1 WHERE id = $1", string(p.ID), string(state), missing)
				now, err := c.Province(c.secretary(), p.ID)
				c.must(err)
				err = step(now.Version)
				switch {
				case state == reports.StateProvisional && do == "approve":
					wantField(t, err, "provisional")
				case leads(table, state, do) && err != nil:
					t.Errorf("%s from %s gave %v", do, state, err)
				case !leads(table, state, do):
					want(t, err, fault.Conflict, do+" from "+string(state))
				}
			}
		}
	})
}

// Four eyes compares persons: who typed a report does not accept it, whatever else he may do.
func TestWhoTypedDoesNotAccept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		both := as(t, "Thư", people.RoleCouncilSecretary, people.RoleCouncilChair)
		receipt, err := c.Dictate(c.secretary(), reports.Dictation{Report: c.said("d", 0, sitting, rules.Attendance, 1).Report, Speaker: "Thư ký A", ReadBack: true})
		c.must(err)
		want(t, c.Accept(both, receipt.Report, 1), fault.Denied, "accepting what one typed")
		steps, err := c.Offered(both, receipt.Report)
		c.must(err)
		if slices.ContainsFunc(steps, func(x workflow.Step) bool { return x.Do == "accept" }) {
			t.Error("who typed is offered to accept")
		}
		bulk, err := c.AcceptClean(both, sitting, rules.Attendance)
		c.must(err)
		if len(bulk.Accepted) != 0 || len(bulk.Left) != 1 {
			t.Errorf("bulk: %+v", bulk)
		}
		c.must(c.Accept(c.office(), receipt.Report, 1))
		p, err := c.Compile(c.secretary(), sitting, rules.Attendance, nil)
		c.must(err)
		for _, who := range []string{"Thư", "Khảo"} { // typed and compiled it; accepted it
			want(t, c.Approve(as(t, who, people.RoleCouncilChair), p.ID, p.Version, true), fault.Denied, who+" approving")
		}
		c.must(c.Approve(c.chair(), p.ID, p.Version, true))
		if _, err := audit.Verify(t.Context(), c.db.Read()); err != nil {
			t.Error(err)
		}
	})
}

func TestADictatedReportAndTheSitesOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		d := reports.Dictation{Report: c.said("d", 0, sitting, rules.Attendance, 1).Report}
		_, err := c.Dictate(c.secretary(), d)
		wantField(t, err, "speaker")
		wantField(t, err, "readBack")
		d.Speaker, d.ReadBack, d.CalledAt = "Trưởng điểm Nguyễn Văn A", true, c.clock.Millis()+1
		_, err = c.Dictate(c.secretary(), d)
		wantField(t, err, "calledAt")
		d.CalledAt, d.HeadSpoke = c.clock.Millis()-60_000, true
		_, err = c.Dictate(c.site(0), d)
		want(t, err, fault.Denied, "a site dictating to itself")
		first, err := c.Dictate(c.secretary(), d)
		c.must(err)
		r := c.get(first.Report)
		if r.DictatedBy != d.Speaker || r.DictatedAt != d.CalledAt || !r.ReadBack || r.EnteredName != "Cô Thư" || !r.Behalf || r.State != reports.StateConfirmed || r.ConfirmedBy != d.Speaker {
			t.Errorf("dictated: %+v", r)
		}
		same, err := c.Submit(c.site(0), c.said("web-1", 0, sitting, rules.Attendance, 1))
		c.must(err)
		other, err := c.Submit(c.site(0), c.said("web-2", 0, sitting, rules.Attendance, 2))
		c.must(err)
		if same.Outcome != reports.Duplicate || same.First != first.Code || other.Outcome != reports.Disputed {
			t.Errorf("the site's own: %+v, %+v", same, other)
		}
		open, err := c.Conflicts(c.secretary(), sitting)
		c.must(err)
		if len(open) != 1 || open[0].Kind != reports.DictatedOther || open[0].Against != first.Report {
			t.Errorf("conflicts: %+v", open)
		}
	})
}

// V-20: a site that held no sitting has a reason and no lines, and is no zero.
func TestASittingNotHeldAtASite(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		in := c.said("a", 0, sitting, rules.Attendance, 1)
		in.NotHeld = "Mưa lũ chia cắt đường đến điểm thi"
		_, err := c.Submit(c.site(0), in)
		wantField(t, err, "notHeld")
		in.Lines = nil
		receipt, err := c.Submit(c.site(0), in)
		c.must(err)
		bulk, err := c.AcceptClean(c.secretary(), sitting, rules.Attendance)
		c.must(err)
		if len(bulk.Accepted) != 0 {
			t.Error("a sitting not held was accepted unseen")
		}
		c.must(c.Accept(c.secretary(), receipt.Report, 1))
		f := c.figures(sitting, rules.Attendance)
		if f.Accepted != 1 || len(f.Lines) != 0 || len(f.NotHeld) != 1 || f.NotHeld[0].Reason != in.NotHeld || len(f.Missing) != 2 || !strings.HasPrefix(f.Coverage(), "số liệu tạm thời, thiếu 2 điểm: ") {
			t.Errorf("figures: %+v", f)
		}
	})
}

// domain.md 3.3: halted, merged and moved sites owe nothing; their candidates sit elsewhere.
func TestHaltedMergedAndMovedSites(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		c.clock.Advance(-6 * time.Hour)
		status := func(i int, status exam.SiteStatus, to exam.SiteID) {
			site, err := c.exams.Site(c.office(), c.sites[i])
			c.must(err)
			c.must(c.exams.SetSiteStatus(c.office(), site.ID, site.Version, status, "Vùng phong tỏa", to))
		}
		status(0, exam.Merged, c.sites[2])
		status(1, exam.Halted, "")
		c.clock.Advance(6 * time.Hour)
		duties, err := c.Expected(c.secretary(), c.sitting(0))
		c.must(err)
		due := map[exam.SiteID]reports.Duty{}
		for _, d := range duties {
			if due[d.Site.ID] = d; !d.Due && d.Why == "" {
				t.Errorf("%s owes nothing, and nobody says why", d.Site.Name)
			}
		}
		if due[c.sites[0]].Due || due[c.sites[1]].Due || !due[c.sites[2]].Due || due[c.sites[2]].Registered() != 24+72 || len(due[c.sites[2]].From) != 1 {
			t.Errorf("duties: %+v", duties)
		}
		r := c.accepted("a", 2, c.sitting(0), rules.Attendance, 2)
		if f := c.figures(c.sitting(0), rules.Attendance); f.Expected != 1 || f.Provisional() || f.Lines[0].Registered != 96 || r.Said.Lines[0].Registered != "96" {
			t.Errorf("figures: %+v", f)
		}
		// Halted in the middle of a sitting, a site still owes its report of it, and none of the next.
		status(2, exam.Halted, "")
		for i, owes := range []bool{true, false} {
			duties, err := c.Expected(c.secretary(), c.sitting(i))
			c.must(err)
			for _, d := range duties {
				if d.Site.ID == c.sites[2] && d.Due != owes {
					t.Errorf("sitting %d: %+v", i, d)
				}
			}
		}
	})
}

// domain.md 3.3: a round has sites, sittings and reports of its own.
func TestTwoRounds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		c.accepted("a", 0, c.sitting(0), rules.Attendance, 1)
		c.addSites(1, 1)
		second := c.papers(1)[0]
		x, _, _ := c.exam.Sitting(second)
		c.clock.Advance(time.Duration(x.StartsAt()-c.clock.Millis())*time.Millisecond + 20*time.Minute)
		last := len(c.sites) - 1
		duties, err := c.Expected(c.secretary(), second)
		c.must(err)
		if len(duties) != 1 || duties[0].Site.ID != c.sites[last] {
			t.Errorf("duties of round 2: %+v", duties)
		}
		c.accepted("a", last, second, rules.Attendance, 2)
		if f := c.figures(second, rules.Attendance); f.Expected != 1 || f.Lines[0].Absent != 2 {
			t.Errorf("round 2: %+v", f)
		}
		if f := c.figures(c.sitting(0), rules.Attendance); f.Accepted != 1 || f.Lines[0].Absent != 1 {
			t.Errorf("round 1: %+v", f)
		}
		_, err = c.Form(c.site(0), c.sites[0], second)
		want(t, err, fault.NotFound, "the form of another round's sitting")
	})
}

// A site that nobody entered a roster for is not silently expected of nothing.
func TestASiteWithoutRosterIsShown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		_, err := c.exams.SaveSite(c.office(), c.exam.Rounds[0].ID, "", 0, exam.SiteInput{Code: "099", Name: "Điểm mới", LocalityName: "Huyện Mường Tè"})
		c.must(err)
		b, err := c.Board(c.secretary(), c.sitting(0))
		c.must(err)
		if len(b.Gaps) != 1 || b.Gaps[0].Name != "Điểm mới" || b.Attendance.Figures.Expected != 3 {
			t.Errorf("gaps %+v of %d", b.Gaps, b.Attendance.Figures.Expected)
		}
	})
}

func TestReturnedAndSentAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		r := c.accepted("a", 0, sitting, rules.Attendance, 1)
		want(t, c.Return(c.secretary(), r.ID, r.Version, " "), fault.Invalid, "returning without a reason")
		want(t, c.Return(c.site(0), r.ID, r.Version, "x"), fault.Denied, "a site returning")
		want(t, c.Return(c.secretary(), r.ID, r.Version-1, "x"), fault.Conflict, "returning a version that moved on")
		c.must(c.Return(c.secretary(), r.ID, r.Version, "Vắng 1 hay 2?"))
		if f := c.figures(sitting, rules.Attendance); f.Accepted != 0 || len(f.Missing) != 3 {
			t.Errorf("totals hold a returned report: %+v", f)
		}
		sheet, err := c.CallSheet(c.secretary(), sitting, rules.Attendance)
		c.must(err)
		if len(sheet.Sites) != 3 || sheet.Sites[0].Site.ID != c.sites[0] || sheet.Sites[0].Cell.Back.Note != "Vắng 1 hay 2?" {
			t.Errorf("call sheet: %+v", sheet.Sites)
		}
		// Sent again under the same id with other figures: what was returned does not stand against it.
		again, err := c.Submit(c.site(0), c.said("a", 0, sitting, rules.Attendance, 2))
		c.must(err)
		if again.Outcome != reports.Received || c.get(r.ID).State != reports.StateReplaced || c.get(again.Report).Amends != r.ID {
			t.Errorf("sent again: %+v", again)
		}
		entries, err := c.History(c.site(0), r.ID)
		c.must(err)
		var told []string
		for _, e := range entries {
			told = append(told, e.Do)
		}
		if got := strings.Join(told, " "); got != "submit accept return supersede" {
			t.Errorf("history: %s", got)
		}
	})
}

// V-16, V-17, V-18: frozen, approved, corrected, approved again.
func TestACorrectionAfterApprovalIsANewVersion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		c.clock.Advance(2 * time.Hour)
		_, err := c.Compile(c.secretary(), sitting, rules.Closing, nil)
		want(t, err, fault.Conflict, "compiling nothing")
		r := c.accepted("a", 0, sitting, rules.Closing, 1)
		c.accepted("b", 1, sitting, rules.Closing, 0)
		first, err := c.Compile(c.secretary(), sitting, rules.Closing, nil)
		c.must(err)
		if first.State != reports.StateProvisional || len(first.Figures.Missing) != 1 || first.Figures.Missing[0].ID != c.sites[2] {
			t.Fatalf("compiled: %+v", first)
		}
		_, err = c.Province(as(t, "Bộ", people.RoleMinistry), first.ID)
		want(t, err, fault.NotFound, "the Ministry reading what is not approved")
		wantField(t, c.Approve(c.chair(), first.ID, first.Version, false), "provisional")
		c.accepted("c", 2, sitting, rules.Closing, 2)
		want(t, c.Approve(c.chair(), first.ID, first.Version, true), fault.Conflict, "approving sums that changed since")
		first, err = c.Compile(c.secretary(), sitting, rules.Closing, nil)
		c.must(err)
		if first.State != reports.StateComplete || first.Number != 1 || first.Figures.Lines[0].Absent != 3 {
			t.Fatalf("compiled anew: %+v", first)
		}
		c.must(c.Approve(c.chair(), first.ID, first.Version, false))
		r = c.get(r.ID)
		if r.Locked != first.ID {
			t.Error("the report is not locked")
		}
		want(t, c.Return(c.secretary(), r.ID, r.Version, "mở lại"), fault.Conflict, "opening a locked report")

		said := r.Said
		said.Lines = slices.Clone(said.Lines)
		said.Lines[0].Present, said.Lines[0].Absent, said.Lines[0].Why = "22", "2", map[string]rules.Count{"sick": "2"}
		_, err = c.Correct(c.secretary(), r.ID, said, "")
		wantField(t, err, "why")
		_, err = c.Correct(c.site(0), r.ID, said, "sửa")
		want(t, err, fault.Denied, "a site correcting a locked report")
		said.Lines[0].Sheets = nil
		fixed, err := c.Correct(c.secretary(), r.ID, said, "Trưởng điểm gọi lại: vắng 2")
		c.must(err)
		if f := c.figures(sitting, rules.Closing); f.Lines[0].Absent != 3 {
			t.Error("a correction counts before somebody else accepted it")
		}
		c.must(c.ConfirmByPhone(c.secretary(), fixed.Report, 1, "Trưởng A"))
		want(t, c.Accept(c.secretary(), fixed.Report, 2), fault.Denied, "accepting one's own correction")
		c.must(c.Accept(c.office(), fixed.Report, 2))

		versions, err := c.Versions(c.secretary(), sitting, rules.Closing)
		c.must(err)
		if len(versions) != 2 || versions[1].Number != 2 || versions[1].State != reports.StateComplete || versions[1].Replaces != first.ID || versions[1].Figures.Lines[0].Absent != 4 {
			t.Fatalf("versions: %+v", versions)
		}
		var outdated reports.ProvinceFact
		c.fact(reports.FiguresOutdated.Name(), &outdated)
		if outdated.Replaces != first.ID || outdated.ID != versions[1].ID || !slices.Contains(outdated.Changed, "Ngữ văn, vắng: 3 → 4") {
			t.Errorf("announced: %+v", outdated)
		}
		approved, err := c.Approved(c.clerk(), sitting, rules.Closing)
		c.must(err)
		if approved.ID != first.ID || approved.Figures.Lines[0].Absent != 3 {
			t.Error("the approved version changed before another was approved")
		}
		want(t, c.Approve(as(t, "Khảo", people.RoleLeader), versions[1].ID, versions[1].Version, false), fault.Denied, "who accepted the correction approving")
		c.must(c.Approve(c.chair(), versions[1].ID, versions[1].Version, false))
		old, err := c.Province(c.clerk(), first.ID)
		c.must(err)
		if old.State != reports.StateRevised || old.ReplacedBy != versions[1].ID || old.Figures.Lines[0].Absent != 3 {
			t.Errorf("the earlier version: %+v", old)
		}
		var replaced reports.ProvinceFact
		c.fact(reports.FiguresReplaced.Name(), &replaced)
		if replaced.Replaces != first.ID || replaced.ID != versions[1].ID || len(replaced.Changed) == 0 {
			t.Errorf("announced: %+v", replaced)
		}
		sources, err := c.Sources(c.secretary(), versions[1].ID)
		c.must(err)
		if len(sources) != 3 {
			t.Errorf("%d sources", len(sources))
		}
	})
}

// V-13: absences of unknown reason are not passed over.
func TestUnknownAbsencesAreAskedForBeforeTheNextReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		c.clock.Advance(2 * time.Hour)
		in := c.said("a", 0, c.sitting(0), rules.Closing, 2)
		in.Lines[0].Why = map[string]rules.Count{"unknown": "2"}
		receipt, err := c.Submit(c.head(0), in)
		c.must(err)
		if c.get(receipt.Report).State != reports.StateConfirmed {
			t.Error("what the head sent is not confirmed by it")
		}
		c.must(c.Accept(c.secretary(), receipt.Report, 2))
		c.clock.Advance(7 * time.Hour)
		c.accepted("b", 1, c.sitting(1), rules.Closing, 1)
		_, err = c.Compile(c.secretary(), c.sitting(1), rules.Closing, nil)
		key := "V-13." + string(c.sitting(0))
		wantField(t, err, "reasons."+key)
		p, err := c.Compile(c.secretary(), c.sitting(1), rules.Closing, map[string]string{key: "Đã gọi gia đình, chưa liên lạc được"})
		c.must(err)
		if !strings.Contains(p.Note, "chưa liên lạc được") {
			t.Errorf("note: %q", p.Note)
		}
	})
}

func TestIncidents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		severe := rules.Incident{Category: "health", Severity: "severe", At: "08:10", What: "Thí sinh ngất trong phòng thi", Action: "Gọi cấp cứu", Open: true}
		_, err := c.OpenIncident(c.site(1), sitting, c.sites[0], severe)
		want(t, err, fault.NotFound, "another site's incident")
		_, err = c.OpenIncident(c.site(0), sitting, c.sites[0], rules.Incident{})
		for _, field := range []string{"category", "severity", "at", "what"} {
			wantField(t, err, field)
		}
		id, err := c.OpenIncident(c.site(0), sitting, c.sites[0], severe)
		c.must(err)
		if again, err := c.OpenIncident(c.head(0), sitting, c.sites[0], severe); err != nil || again != id {
			t.Errorf("told twice: %s, %v", again, err)
		}
		var fact reports.IncidentFact
		c.fact(reports.IncidentOpened.Name(), &fact)
		if !fact.Urgent || fact.ID != id {
			t.Errorf("announced: %+v", fact)
		}
		c.clock.Advance(2 * time.Hour)
		in := c.said("a", 0, sitting, rules.Closing, 1)
		_, err = c.Submit(c.site(0), in)
		wantField(t, err, "noIncident") // V-15
		severe.Open = false
		in.NoIncident, in.Incidents = false, []rules.Incident{severe, {Category: "it", Severity: "minor", At: "09:00", What: "Máy tính hỏng"}}
		receipt, err := c.Submit(c.site(0), in) // told again, as settled
		c.must(err)
		all, err := c.Incidents(c.secretary(), sitting)
		c.must(err)
		if len(all) != 2 || all[0].Open || all[1].Open {
			t.Errorf("incidents: %+v", all)
		}
		other, err := c.OpenIncident(as(t, "Tra", people.RoleInspector), sitting, c.sites[2], rules.Incident{Category: "facility", Severity: "minor", At: "8h15", What: "Mất điện 5 phút", Open: true})
		c.must(err)
		want(t, c.SettleIncident(c.site(2), other, 1, "có điện"), fault.Denied, "a site settling")
		wantField(t, c.SettleIncident(c.secretary(), other, 1, ""), "note")
		c.must(c.SettleIncident(c.secretary(), other, 1, "Có điện lại lúc 8h20"))
		want(t, c.SettleIncident(c.secretary(), other, 1, "lần nữa"), fault.Conflict, "settling twice")
		told := func() string {
			var all []string
			for _, i := range c.figures(sitting, rules.Closing).Incident {
				all = append(all, fmt.Sprint(i.Category, i.N))
			}
			return strings.Join(all, " ")
		}
		if got := told(); got != "health1 facility1" {
			t.Errorf("incidents before the report is accepted: %s", got)
		}
		c.must(c.ConfirmByPhone(c.secretary(), receipt.Report, 1, "Trưởng A"))
		c.must(c.Accept(c.office(), receipt.Report, 2))
		if got := told(); got != "health1 facility1 it1" {
			t.Errorf("incidents afterwards: %s", got)
		}
	})
}
