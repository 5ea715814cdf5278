package reports_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// R-III.2-6, R-II.4-b: three sites, one sitting, both parts, up to the approved figures.
func TestThreeSitesReportOneSitting(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		duties, err := c.Expected(c.secretary(), sitting)
		c.must(err)
		for _, d := range duties {
			if !d.Due || d.Registered() == 0 {
				t.Errorf("%s owes %+v", d.Site.Name, d)
			}
		}
		for i := range c.sites {
			c.accepted(fmt.Sprint("a", i), i, sitting, rules.Attendance, i)
		}
		f := c.figures(sitting, rules.Attendance)
		if f.Provisional() || f.Accepted != 3 || f.Coverage() != "đủ 3 điểm thi" || len(f.Lines) != 1 {
			t.Fatalf("figures: %+v", f)
		}
		if l := f.Lines[0]; l.Registered != 144 || l.Present != 141 || l.Absent != 3 || l.Rate() != "97,92\u00a0%" || l.JudgedSites != 0 || l.Why[0].N != 3 {
			t.Errorf("line: %+v %s", l, l.Rate())
		}
		c.clock.Advance(2 * time.Hour)
		for i := range c.sites {
			r := c.sent(fmt.Sprint("b", i), i, sitting, rules.Closing, i)
			want(t, c.Accept(c.secretary(), r.ID, r.Version), fault.Conflict, "accepting the close without the head's word")
			want(t, c.Confirm(c.head((i+1)%3), r.ID, r.Version), fault.NotFound, "another site's head")
			want(t, c.Confirm(c.site(i), r.ID, r.Version), fault.Denied, "the secretary confirming")
			c.must(c.Confirm(c.head(i), r.ID, r.Version))
			c.must(c.Accept(c.secretary(), r.ID, r.Version+1))
		}
		p, err := c.Compile(c.secretary(), sitting, rules.Closing, nil)
		c.must(err)
		want(t, c.Publish(as(t, "Đăng", people.RolePublisher), p.ID, p.Version), fault.Conflict, "publishing what is not approved")
		want(t, c.Approve(as(t, "Thư", people.RoleCouncilSecretary, people.RoleCouncilChair), p.ID, p.Version, false), fault.Denied, "approving what one compiled")
		c.must(c.Approve(c.chair(), p.ID, p.Version, false))
		c.must(c.Send(c.clerk(), p.ID, p.Version+1, "Văn phòng Bộ GDĐT"))
		c.must(c.Receive(as(t, "Bộ", people.RoleMinistry), p.ID, p.Version+2, ""))
		c.must(c.Publish(as(t, "Đăng", people.RolePublisher), p.ID, p.Version+3))
		p, err = c.Approved(as(t, "Bộ", people.RoleMinistry), sitting, rules.Closing)
		c.must(err)
		if p.State != reports.StateReceived || p.PublishedAt == 0 || p.Figures.Lines[0].JudgedSites != 3 || p.Figures.Lines[0].SheetSites != 3 {
			t.Errorf("approved: %+v", p)
		}
		b, err := c.Board(c.secretary(), sitting)
		c.must(err)
		if b.Closing.Counts[reports.Locked] != 3 || b.Closing.Standing == nil || b.Tick == 0 {
			t.Errorf("board: %+v", b.Closing)
		}
	})
}

func TestSendingIsIdempotentByTheSendersID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		in := c.said("may-1", 0, sitting, rules.Attendance, 2)
		first, err := c.Submit(c.site(0), in)
		c.must(err)
		in.FilledAt, in.Form, in.OnlineAt = 1, "cũ", "08:01" // the clock, the form and the line of another attempt
		again, err := c.Submit(c.site(0), in)
		c.must(err)
		if again != first || first.Outcome != reports.Received {
			t.Errorf("sent again: %+v, first %+v", again, first)
		}
		c.must(c.Accept(c.secretary(), first.Report, 1))
		c.must(c.exams.SetRosters(c.office(), c.exam.Rounds[0].ID, nil))
		if again, err = c.Submit(c.site(0), in); err != nil || again != first {
			t.Errorf("sent again after it was accepted: %+v, %v", again, err)
		}
		if n := c.count("SELECT COUNT(*) FROM report_site"); n != 1 {
			t.Errorf("%d rows", n)
		}
		proof, err := c.Prove(c.secretary(), first.Code)
		c.must(err)
		if !proof.Whole || proof.Report.ID != first.Report {
			t.Errorf("proof: %+v", proof)
		}
		_, err = c.Prove(c.site(1), first.Code)
		want(t, err, fault.NotFound, "another site proving the receipt")
	})
}

// architecture.md 8: other content under one id is kept, and never an error.
func TestOtherContentUnderOneIDIsAConflictAndNothingIsLost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		first, err := c.Submit(c.site(0), c.said("x", 0, sitting, rules.Attendance, 1))
		c.must(err)
		c.must(c.Accept(c.secretary(), first.Report, 1))
		second, err := c.Submit(c.site(0), c.said("x", 0, sitting, rules.Attendance, 2))
		c.must(err)
		if second.Outcome != reports.Disputed || second.Code == first.Code {
			t.Fatalf("second: %+v", second)
		}
		if again, err := c.Submit(c.site(0), c.said("x", 0, sitting, rules.Attendance, 2)); err != nil || again != second {
			t.Errorf("the second again: %+v, %v", again, err)
		}
		if f := c.figures(sitting, rules.Attendance); f.Lines[0].Absent != 1 {
			t.Errorf("totals follow a disputed report: %+v", f.Lines)
		}
		open, err := c.Conflicts(c.secretary(), sitting)
		c.must(err)
		if len(open) != 1 || open[0].Kind != reports.SameID {
			t.Fatalf("conflicts: %+v", open)
		}
		wantField(t, c.Resolve(c.secretary(), open[0].ID, 1, second.Report, ""), "note")
		wantField(t, c.Resolve(c.secretary(), open[0].ID, 1, "x", "gọi lại"), "keep")
		want(t, c.Resolve(c.site(0), open[0].ID, 1, second.Report, "gọi lại"), fault.NotFound, "the site deciding")
		c.must(c.Resolve(c.secretary(), open[0].ID, 1, second.Report, "Trưởng điểm đọc lại: vắng 2"))
		want(t, c.Resolve(c.secretary(), open[0].ID, 1, first.Report, "gọi lại"), fault.Conflict, "deciding twice")
		if f := c.figures(sitting, rules.Attendance); f.Lines[0].Absent != 1 {
			t.Errorf("totals before the later one is accepted: %+v", f.Lines)
		}
		c.must(c.Accept(c.secretary(), second.Report, c.get(second.Report).Version))
		if f := c.figures(sitting, rules.Attendance); f.Lines[0].Absent != 2 || f.Accepted != 1 {
			t.Errorf("totals after: %+v", f)
		}
		if got := c.get(first.Report); got.State != reports.StateReplaced || got.Said.Lines[0].Absent != "1" {
			t.Errorf("the first is %+v", got)
		}
		if again, err := c.Submit(c.site(0), c.said("x", 0, sitting, rules.Attendance, 2)); err != nil || again != second {
			t.Errorf("the second after all: %+v, %v", again, err)
		}
	})
}

func TestTwoComputersAtOneSite(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		first, err := c.Submit(c.site(0), c.said("may-1", 0, sitting, rules.Attendance, 1))
		c.must(err)
		in := c.said("may-2", 0, sitting, rules.Attendance, 1)
		in.Note, in.Lines[0].Rooms = "từ máy thứ hai", "01"
		twin, err := c.Submit(c.site(0), in)
		c.must(err)
		if twin.Outcome != reports.Duplicate || twin.First != first.Code {
			t.Errorf("the same figures: %+v", twin)
		}
		other, err := c.Submit(c.site(0), c.said("may-3", 0, sitting, rules.Attendance, 3))
		c.must(err)
		if other.Outcome != reports.Disputed {
			t.Errorf("other figures: %+v", other)
		}
		want(t, c.Accept(c.secretary(), first.Report, 1), fault.Conflict, "accepting while a conflict is open")
		open, err := c.Conflicts(c.secretary(), sitting)
		c.must(err)
		c.must(c.Resolve(c.secretary(), open[0].ID, 1, first.Report, "Máy thứ ba nhập nhầm"))
		c.must(c.Accept(c.secretary(), first.Report, 1))
		if got := c.get(other.Report); got.State != reports.StateSetAside {
			t.Errorf("the other is %s", got.State)
		}
		if n := c.count("SELECT COUNT(*) FROM report_site"); n != 3 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestASiteAmendsItsReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		first := c.sent("a", 0, sitting, rules.Attendance, 1)
		in := c.said("b", 0, sitting, rules.Attendance, 2)
		in.Amends, in.Why = "KQHT-7M4P", "đếm lại"
		_, err := c.Submit(c.site(0), in)
		wantField(t, err, "amends")
		in.Amends = first.Receipt
		receipt, err := c.Submit(c.site(0), in)
		c.must(err)
		second := c.get(receipt.Report)
		if receipt.Outcome != reports.Received || second.Amends != first.ID || c.get(first.ID).State != reports.StateReplaced || second.Note != "đếm lại" {
			t.Errorf("amended: %+v", second)
		}
		c.must(c.Accept(c.secretary(), second.ID, 1))
		in = c.said("c", 0, sitting, rules.Attendance, 3)
		in.Amends = second.Receipt
		receipt, err = c.Submit(c.site(0), in)
		c.must(err)
		if f := c.figures(sitting, rules.Attendance); f.Lines[0].Absent != 2 {
			t.Errorf("an amendment counts before it is accepted: %+v", f.Lines[0])
		}
		c.must(c.Return(c.secretary(), receipt.Report, 1, "Số vắng tăng?"))
		again := c.sent("d", 0, sitting, rules.Attendance, 3)
		_ = again
		if f := c.figures(sitting, rules.Attendance); f.Lines[0].Absent != 2 {
			t.Errorf("totals: %+v", f.Lines[0])
		}
	})
}

func TestWhatIsRefusedAtTheDoor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		good := func() reports.Submission { return c.said("a", 0, sitting, rules.Attendance, 1) }
		send := func(in reports.Submission) error { _, err := c.Submit(c.site(0), in); return err }
		in := good()
		in.Site = string(c.sites[1])
		want(t, send(in), fault.NotFound, "another site's sitting")
		in = good()
		in.Sitting = "nope"
		want(t, send(in), fault.NotFound, "no sitting")
		in = good()
		in.Sitting = string(c.papers(1)[0])
		wantField(t, send(in), "sitting") // V-21: another round's
		for field, spoil := range map[string]func(*reports.Submission){
			"id":                 func(r *reports.Submission) { r.ID = "a b" },
			"part":               func(r *reports.Submission) { r.Part = 3 },
			"note":               func(r *reports.Submission) { r.Note = strings.Repeat("a", 5000) },
			"lines.":             func(r *reports.Submission) { r.Lines[0].Present = "7" },
			"reasons.V-07:lines": func(r *reports.Submission) { r.Lines[0].Rooms = "0" },
		} {
			in := good()
			spoil(&in)
			wantField(t, send(in), field)
		}
		c.clock.Advance(-10 * time.Minute) // 07:45
		err := send(good())
		want(t, err, fault.Invalid, "attendance before the fifteen-minute line") // V-08
		if n := c.count("SELECT COUNT(*) FROM report_site") + c.count("SELECT COUNT(*) FROM report_tick"); n != 0 {
			t.Errorf("%d rows were written for what was refused", n)
		}
		c.clock.Advance(10 * time.Minute)
		in = good()
		in.Reporter = ""
		_, err = c.Submit(c.secretary(), in)
		wantField(t, err, "reporter")
		in = good()
		in.Lines[0].Rooms, in.Reasons = "0", map[string]string{}
		err = send(in)
		in.Reasons[fault.FieldsOf(err)[0].Name[len("reasons."):]] = "thi trong hội trường"
		c.must(send(in))
		r, err := c.Slot(c.site(0), c.slot(0, sitting, rules.Attendance))
		c.must(err)
		if len(r) != 1 || len(r[0].Warnings) != 1 || r[0].Warnings[0].Rule != "V-07" {
			t.Errorf("kept: %+v", r)
		}
	})
}

// Never: site A reads site B.
func TestASiteNeverReadsAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		r := c.sent("a", 0, sitting, rules.Attendance, 1)
		slot := c.slot(0, sitting, rules.Attendance)
		_, err := c.Report(c.site(1), r.ID)
		want(t, err, fault.NotFound, "the report")
		_, err = c.Slot(c.site(1), slot)
		want(t, err, fault.NotFound, "the slot")
		_, err = c.History(c.site(1), r.ID)
		want(t, err, fault.NotFound, "the history")
		_, err = c.Form(c.site(1), c.sites[0], sitting)
		want(t, err, fault.NotFound, "the form")
		_, err = c.Board(c.site(1), sitting)
		want(t, err, fault.NotFound, "the board")
		_, err = c.Figures(c.site(1), sitting, rules.Attendance)
		want(t, err, fault.NotFound, "the figures")
		want(t, c.Seen(c.site(1), slot, reports.FormOpened), fault.NotFound, "a sign of life")
		_, err = c.Board(as(t, "Quản", people.RoleAdmin), sitting)
		want(t, err, fault.NotFound, "the administrator")
		mine, err := c.Mine(c.site(1))
		c.must(err)
		if len(mine) != 4 || mine[0].Site.ID != c.sites[1] || mine[0].Attendance.Progress != reports.Awaited {
			t.Errorf("mine: %d %+v", len(mine), mine)
		}
	})
}

// Of many copies at once each report has one row.
func TestManyCopiesAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		copies, of := 64, 50
		if testing.Short() {
			copies, of = 8, 10
		}
		c.addMore(of - len(c.sites))
		sitting := c.sitting(0)
		var all []reports.Submission
		for i := range of {
			all = append(all, c.said(fmt.Sprint("r", i), i, sitting, rules.Attendance, i%4))
		}
		codes := make([]map[string]bool, of)
		var mu sync.Mutex
		var wg sync.WaitGroup
		for k := range copies {
			wg.Go(func() {
				for j := range of {
					i := (j + k*7) % of
					receipt, err := c.Submit(c.site(i), all[i])
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if codes[i] == nil {
						codes[i] = map[string]bool{}
					}
					codes[i][receipt.Code] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for i := range of {
			if len(codes[i]) != 1 {
				t.Errorf("report %d got %d receipts", i, len(codes[i]))
			}
		}
		for _, table := range []string{"report_site", "report_line", "report_slot"} {
			if n := c.count("SELECT COUNT(*) FROM " + table); n != of {
				t.Errorf("%s has %d rows, want %d", table, n, of)
			}
		}
		bulk, err := c.AcceptClean(c.secretary(), sitting, rules.Attendance)
		c.must(err)
		if len(bulk.Accepted) != of || len(bulk.Left) != 0 {
			t.Errorf("bulk: %d, left %v", len(bulk.Accepted), bulk.Left)
		}
	})
}

// Two computers of one site amend the same report: neither is turned away.
func TestTwoComputersAmendTheSameReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		send := func(id string, absent int, amends string) reports.Receipt {
			in := c.said(id, 0, sitting, rules.Attendance, absent)
			in.Amends = amends
			receipt, err := c.Submit(c.site(0), in)
			c.must(err)
			return receipt
		}
		first := send("a", 1, "")
		twin := send("b", 1, "")
		second := send("c", 2, twin.Code) // the receipt of the duplicate stands for the first
		if second.Outcome != reports.Received || c.get(first.Report).State != reports.StateReplaced {
			t.Errorf("amended by the duplicate's receipt: %+v", second)
		}
		if same := send("d", 2, first.Code); same.Outcome != reports.Duplicate || same.First != second.Code {
			t.Errorf("the same amendment again: %+v", same)
		}
		if other := send("e", 3, first.Code); other.Outcome != reports.Disputed {
			t.Errorf("another amendment: %+v", other)
		}
		// The duplicate's id sent again with other figures: what it repeated does not stand any more, but
		// something else does.
		if late := send("b", 2, ""); late.Outcome != reports.Duplicate {
			t.Errorf("under the duplicate's id: %+v", late)
		}
	})
}

// A form that was loaded before the roster changed is judged like any other: by what it says.
func TestAnOldFormIsJudgedByWhatItSays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		before, err := c.Form(c.site(0), c.sites[0], sitting)
		c.must(err)
		site, err := c.exams.Site(c.office(), c.sites[0])
		c.must(err)
		c.must(c.exams.SetRosters(c.office(), site.Round, []exam.SiteRoster{{Site: site.ID, Version: site.Version, Counts: c.roster(site.Round, 30)}}))
		after, err := c.Form(c.site(0), c.sites[0], sitting)
		c.must(err)
		if before.Version == after.Version || after.Basis.Lines[0].Registered != 30 {
			t.Errorf("form %s, then %s: %+v", before.Version, after.Version, after.Basis.Lines)
		}
		old := fill(before.Basis, "a", rules.Attendance, 1)
		old.Form = before.Version
		_, err = c.Submit(c.site(0), reports.Submission{Report: old})
		wantField(t, err, "lines.") // V-04
		right := fill(after.Basis, "a", rules.Attendance, 1)
		right.Form = before.Version
		_, err = c.Submit(c.site(0), reports.Submission{Report: right})
		c.must(err)
	})
}

// The programme of 2018 has electives in turns: each turn is a line.
func TestElectivesAreReportedByTurn(t *testing.T) {
	t.Parallel()
	clk := clock.At(local(t, "2025-06-27 08:00:00"))
	c := open(t, dbtest.SQLite(t, clk), clk)
	id, err := c.exams.Load(c.office(), 2025, "Lai Châu")
	c.must(err)
	c.reload(id)
	c.addSites(0, 2)
	var turns exam.SittingID
	for _, x := range c.exam.Rounds[0].Sittings {
		for _, slot := range x.Slots {
			if slot.Turn > 0 {
				turns = x.ID
				clk.Advance(time.Duration(x.StartsAt()-clk.Millis())*time.Millisecond + 20*time.Minute)
			}
		}
	}
	r := c.accepted("a", 0, turns, rules.Attendance, 1)
	seen := map[bool]int{}
	for _, l := range r.Said.Lines {
		seen[strings.HasSuffix(l.Key, ".2")]++
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("lines: %+v", r.Said.Lines)
	}
	if f := c.figures(turns, rules.Attendance); len(f.Lines) != len(r.Said.Lines) || f.Accepted != 1 || len(f.Missing) != 1 {
		t.Errorf("figures: %+v", f)
	}
}
