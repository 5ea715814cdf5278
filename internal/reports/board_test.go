package reports_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/event"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

func TestTheBoardShowsWhereEverySiteStands(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		c.addMore(4)
		sitting := c.sitting(0)
		c.must(c.Seen(c.site(1), c.slot(1, sitting, rules.Attendance), reports.FormOpened))
		c.must(c.Seen(c.site(2), c.slot(2, sitting, rules.Attendance), reports.OfflineSaved))
		c.must(c.Seen(c.secretary(), c.slot(0, sitting, rules.Attendance), reports.FormOpened)) // no sign of the site
		c.sent("a", 3, sitting, rules.Attendance, 1)
		c.clock.Advance(15 * time.Minute) // 08:10, five minutes late
		c.accepted("b", 4, sitting, rules.Attendance, 0)
		r := c.sent("c", 5, sitting, rules.Attendance, 1)
		c.must(c.Return(c.secretary(), r.ID, 1, "Xem lại"))
		c.sent("d", 6, sitting, rules.Attendance, 1)
		_, err := c.Submit(c.site(6), c.said("e", 6, sitting, rules.Attendance, 2))
		c.must(err)
		b, err := c.Board(c.secretary(), sitting)
		c.must(err)
		late := int64(5 * 60_000)
		for i, want := range []struct {
			progress reports.Progress
			late     int64
		}{{reports.Awaited, late}, {reports.Drafting, late}, {reports.SavedOff, late}, {reports.Sent, 0}, {reports.Accepted, late}, {reports.Returned, late}, {reports.Conflicts, late}} {
			row, ok := b.Row(c.sites[i])
			if got := row.Attendance; !ok || got.Progress != want.progress || got.Late != want.late || got.Progress.Label() == "" {
				t.Errorf("site %d: %s, late %d, want %s, %d", i, got.Progress, got.Late, want.progress, want.late)
			}
		}
		p := b.Attendance
		if p.Late != 4 || p.Ready != 1 || p.Figures.Accepted != 1 || len(p.Figures.Missing) != 6 || len(b.Conflicts) != 1 || b.Closing.Counts[reports.Awaited] != 7 {
			t.Errorf("board: %+v", p)
		}
		sheet, err := c.CallSheet(c.secretary(), sitting, rules.Attendance)
		c.must(err)
		if len(sheet.Sites) != 4 || sheet.Sites[0].Site.ID != c.sites[5] {
			t.Errorf("call sheet: %+v", sheet.Sites)
		}
	})
}

func TestWarningsReachTheDesk(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		c.clock.Advance(2 * time.Hour)
		in := c.said("a", 0, c.sitting(0), rules.Closing, 2)
		in.Lines[0].Suspended = "1"
		receipt, err := c.Submit(c.head(0), in)
		c.must(err)
		c.must(c.Accept(c.secretary(), receipt.Report, 2))
		for i := range 2 {
			c.accepted("f", i+1, c.sitting(0), rules.Closing, 0)
		}
		c.clock.Advance(7 * time.Hour)
		in = c.said("b", 0, c.sitting(1), rules.Closing, 2)
		_, err = c.Submit(c.head(0), in) // V-06: nobody is barred
		wantField(t, err, "reasons.V-06")
		in.Reasons = map[string]string{strings.TrimPrefix(fault.FieldsOf(err)[0].Name, "reasons."): "Thí sinh không đăng ký thi môn này"}
		receipt, err = c.Submit(c.head(0), in)
		c.must(err)
		b, err := c.Board(c.secretary(), c.sitting(1))
		c.must(err)
		if len(b.Warnings) != 1 || b.Warnings[0].Rule != "V-06" || b.Warnings[0].Reason != "Thí sinh không đăng ký thi môn này" || b.Warnings[0].Report != receipt.Report {
			t.Errorf("warnings: %+v", b.Warnings)
		}
		bulk, err := c.AcceptClean(c.secretary(), c.sitting(1), rules.Closing)
		c.must(err)
		if len(bulk.Accepted) != 0 || len(bulk.Left) != 1 || bulk.Left[0].Why != "Có 1 cảnh báo" {
			t.Errorf("bulk: %+v", bulk)
		}
		for i := range 2 { // V-14: everybody present everywhere
			c.accepted("g", i+1, c.sitting(1), rules.Closing, 0, "V-14")
		}
		b, err = c.Board(c.secretary(), c.sitting(1))
		c.must(err)
		if !b.Closing.AllPresent {
			t.Error("everybody present at every site is not remarked")
		}
	})
}

func TestOneCallsASiteAtATime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		slot := c.slot(0, c.sitting(0), rules.Attendance)
		c.must(c.SetContact(c.secretary(), slot.Site, reports.Contact{DeputyName: "Phó B", DeputyPhone: "0913 000 000", GuardName: "Bảo vệ C", GuardPhone: "0914000000"}))
		wantField(t, c.SetContact(c.secretary(), slot.Site, reports.Contact{DeputyPhone: "gọi tôi"}), "deputy_phone")
		want(t, c.SetContact(c.secretary(), slot.Site, reports.Contact{DeputyName: "Khác"}), fault.Conflict, "a stale contact")
		id, err := c.Calling(c.secretary(), slot)
		c.must(err)
		if again, err := c.Calling(c.secretary(), slot); err != nil || again != id {
			t.Errorf("pressed twice: %s, %v", again, err)
		}
		_, err = c.Calling(c.office(), slot)
		want(t, err, fault.Conflict, "calling beside another")
		sheet, err := c.CallSheet(c.office(), slot.Sitting, slot.Part)
		c.must(err)
		first := sheet.Sites[0]
		if first.Calling == nil || first.Calling.Name != "Cô Thư" || first.Contact.GuardPhone != "0914000000" || first.Site.HeadPhone == "" {
			t.Errorf("sheet: %+v", first)
		}
		wantField(t, c.Called(c.secretary(), slot.Sitting, id, ""), "outcome")
		c.must(c.Called(c.secretary(), slot.Sitting, id, "Sẽ gửi trong 5 phút"))
		want(t, c.Called(c.secretary(), slot.Sitting, id, "lần nữa"), fault.Conflict, "ending twice")
		_, err = c.Calling(c.office(), slot)
		c.must(err)
		sheet, err = c.CallSheet(c.office(), slot.Sitting, slot.Part)
		c.must(err)
		if got := sheet.Sites[0]; len(got.Calls) != 1 || got.Calls[0].Outcome != "Sẽ gửi trong 5 phút" || got.Calling.Name != "Cô Khảo" {
			t.Errorf("sheet: %+v", got)
		}
		_, err = c.CallSheet(c.site(0), slot.Sitting, slot.Part)
		want(t, err, fault.NotFound, "a site reading the call sheet")
	})
}

func TestDeadlinesAndWordsAreData(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		x, _, _ := c.exam.Sitting(sitting)
		s, err := c.SettingsOf(c.secretary(), c.exam.ID, sitting)
		c.must(err)
		at := func(ms int64) string { return clock.Local(clock.FromMillis(ms)).Format("15:04") }
		if at(s.DueAt(x, rules.Attendance)) != "08:05" || at(s.DueAt(x, rules.Closing)) != "10:35" || at(s.ProvinceDueAt(x)) != "11:30" || at(s.FinalDueAt(c.exam.Rounds[0])) != "18:00" {
			t.Errorf("defaults: %+v", s)
		}
		s.Attendance = 40
		want(t, c.SetSettings(c.site(0), c.exam.ID, "", s), fault.NotFound, "a site setting deadlines")
		c.must(c.SetSettings(c.office(), c.exam.ID, "", s))
		s, err = c.SettingsOf(c.secretary(), c.exam.ID, sitting)
		c.must(err)
		s.Attendance = 50
		c.must(c.SetSettings(c.office(), c.exam.ID, sitting, s)) // of this sitting alone
		want(t, c.SetSettings(c.office(), c.exam.ID, sitting, reports.Defaults()), fault.Conflict, "a stale version")
		bad := s
		bad.Morning, bad.Rise = "25:00", -1
		err = c.SetSettings(c.office(), c.exam.ID, sitting, bad)
		wantField(t, err, "morning")
		wantField(t, err, "rise")
		for i, want := range []int{50, 40} {
			if s, err := c.SettingsOf(c.secretary(), c.exam.ID, c.sitting(i)); err != nil || s.Attendance != want {
				t.Errorf("sitting %d: %d, %v", i, s.Attendance, err)
			}
		}
		c.must(c.SetWords(c.office(), c.exam.ID, reports.AbsenceWords, []rules.Word{{Code: "flood", Name: "Lũ quét"}}))
		wantField(t, c.SetWords(c.office(), c.exam.ID, reports.AbsenceWords, []rules.Word{{Code: "Lũ", Name: ""}}), "word.0.code")
		in := c.said("a", 0, sitting, rules.Attendance, 1)
		_, err = c.Submit(c.site(0), in)
		wantField(t, err, "lines.") // "sick" is no reason any more
		in.Lines[0].Why = map[string]rules.Count{"flood": "1"}
		receipt, err := c.Submit(c.site(0), in)
		c.must(err)
		c.must(c.Accept(c.secretary(), receipt.Report, 1))
		if f := c.figures(sitting, rules.Attendance); f.Lines[0].Why[0].Name != "Lũ quét" {
			t.Errorf("figures: %+v", f.Lines)
		}
	})
}

// A board that waits hears of a change on any node.
func TestAWaitingBoardHearsOfAChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		tick, err := c.Tick(c.secretary(), sitting)
		c.must(err)
		ended := make(chan int64, 8)
		for range cap(ended) {
			go func() {
				ctx, cancel := context.WithTimeout(c.secretary(), 20*time.Second)
				defer cancel()
				now, err := c.Wait(ctx, sitting, tick)
				if err != nil {
					t.Error(err)
				}
				ended <- now
			}()
		}
		c.sent("a", 0, sitting, rules.Attendance, 1)
		for range cap(ended) {
			if now := <-ended; now == tick {
				t.Error("a wait ended without a change")
			}
		}
	})
}

// A runner of its own, as a second node has.
func (c *council) node(t *testing.T, d *db.DB) (*council, *jobs.Runner) {
	other := open(t, d, c.clock)
	runner := jobs.NewRunner(d, 2)
	bus := event.NewBus(d, runner)
	other.Schedule(runner)
	other.Subscribe(bus)
	other.exam, other.sites = c.exam, c.sites
	return other, runner
}

func (c *council) facts(kind string) int {
	return c.count("SELECT COUNT(*) FROM event WHERE kind = $1", kind)
}

// Reminder, call sheet, chair: each once, also with two services on one database and after the program
// stood still.
func TestTimersFireOnce(t *testing.T) {
	t.Parallel()
	exercise := func(t *testing.T, c *council, nodes []*council) {
		fire := func() {
			var wg sync.WaitGroup
			for _, n := range nodes {
				for range 3 {
					wg.Go(func() {
						if err := n.FireTimers(context.Background()); err != nil {
							t.Error(err)
						}
					})
				}
			}
			wg.Wait()
		}
		// 07:55 is ten minutes before the deadline of the attendance.
		c.sent("a", 0, c.sitting(0), rules.Attendance, 1)
		fire()
		if n := c.facts("reports.sites_silent"); n != 1 {
			t.Fatalf("at -10 min %d facts", n)
		}
		var f reports.SilentFact
		c.fact("reports.sites_silent", &f)
		if f.Kind != reports.Remind || len(f.Sites) != 2 || f.Part != rules.Attendance {
			t.Errorf("reminded: %+v", f)
		}
		c.clock.Advance(5 * time.Minute)
		fire()
		c.clock.Advance(5 * time.Minute)
		fire()
		fire()
		if n := c.facts("reports.sites_silent"); n != 3 {
			t.Errorf("at the deadline %d facts", n)
		}
		c.sent("b", 1, c.sitting(0), rules.Attendance, 1)
		c.sent("c", 2, c.sitting(0), rules.Attendance, 1)
		c.clock.Advance(15 * time.Minute)
		fire() // everybody has reported: nothing is announced, and it is done
		if n, fired := c.facts("reports.sites_silent"), c.count("SELECT COUNT(*) FROM report_timer"); n != 3 || fired != 4 {
			t.Errorf("at +15 min %d facts, %d timers", n, fired)
		}
		// The program stands still until after the provincial report was due.
		c.clock.Advance(4 * time.Hour)
		restarted := open(t, c.db, c.clock)
		c.must(restarted.FireTimers(context.Background()))
		fire()
		if n, due := c.facts("reports.sites_silent"), c.facts("reports.province_due"); n != 7 || due != 1 {
			t.Errorf("after the restart %d facts, %d of the province", n, due)
		}
		// A sitting moved has other deadlines.
		s, err := c.SettingsOf(c.secretary(), c.exam.ID, "")
		c.must(err)
		s.Closing += 30
		c.must(c.SetSettings(c.office(), c.exam.ID, "", s))
		fire()
		if n := c.facts("reports.sites_silent"); n != 11 {
			t.Errorf("after the deadline moved %d facts", n)
		}
		c.clock.Advance(72 * time.Hour)
		if n := c.count("SELECT COUNT(*) FROM report_timer WHERE sitting <> $1", string(c.sitting(0))); n != 0 {
			t.Errorf("%d timers of other sittings", n)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		clk := start(t)
		d := dbtest.SQLite(t, clk)
		c := convene(t, d, clk, 3)
		other, _ := c.node(t, d)
		exercise(t, c, []*council{c, other})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		clk := start(t)
		url := dbtest.PostgresURL(t)
		var nodes []*council
		for range 2 {
			d, err := db.Open(t.Context(), url, clk)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if len(nodes) == 0 {
				nodes = append(nodes, convene(t, d, clk, 3))
				continue
			}
			other, _ := nodes[0].node(t, d)
			nodes = append(nodes, other)
		}
		exercise(t, nodes[0], nodes)
	})
}

// What the exam changes of a site redraws its boards, through the jobs.
func TestASiteThatChangesRedrawsItsBoards(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		_, runner := c.node(t, c.db)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- runner.Run(ctx) }()
		tick, err := c.Tick(c.secretary(), c.sitting(0))
		c.must(err)
		site, err := c.exams.Site(c.office(), c.sites[0])
		c.must(err)
		c.must(c.exams.SetSiteStatus(c.office(), site.ID, site.Version, exam.Halted, "Mất điện", ""))
		waiting, cancel := context.WithTimeout(c.secretary(), 20*time.Second)
		defer cancel()
		now, err := c.Wait(waiting, c.sitting(0), tick)
		c.must(err)
		if now == tick {
			t.Error("the board did not hear of it")
		}
		stop()
		c.must(<-done)
	})
}

// The Ministry's reader and the publisher see what was approved, and nothing else.
func TestWhoSeesOnlyWhatWasApproved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		sitting := c.sitting(0)
		c.accepted("a", 0, sitting, rules.Attendance, 1)
		p, err := c.Compile(c.secretary(), sitting, rules.Attendance, nil)
		c.must(err)
		for _, role := range []access.Role{people.RoleMinistry, people.RolePublisher} {
			ctx := as(t, "x", role)
			_, err = c.Figures(ctx, sitting, rules.Attendance)
			want(t, err, fault.NotFound, string(role)+" reading live figures")
			_, err = c.Approved(ctx, sitting, rules.Attendance)
			want(t, err, fault.NotFound, string(role)+" before the approval")
			if all, err := c.Versions(ctx, sitting, rules.Attendance); err != nil || len(all) != 0 {
				t.Errorf("%s sees %d versions, %v", role, len(all), err)
			}
			_, err = c.Board(ctx, sitting)
			want(t, err, fault.NotFound, string(role)+" reading the board")
		}
		c.must(c.Approve(c.chair(), p.ID, p.Version, true))
		for _, role := range []access.Role{people.RoleMinistry, people.RolePublisher} {
			if got, err := c.Approved(as(t, "x", role), sitting, rules.Attendance); err != nil || got.ID != p.ID {
				t.Errorf("%s: %v", role, err)
			}
		}
		want(t, c.Send(c.clerk(), p.ID, p.Version+1, "Văn phòng Bộ"), fault.Conflict, "sending the attendance")
		want(t, c.Publish(c.clerk(), p.ID, p.Version+1), fault.Conflict, "publishing before the sitting has ended")
		_, err = c.Published(t.Context(), sitting)
		want(t, err, fault.NotFound, "the public")
		c.clock.Advance(2 * time.Hour)
		c.must(c.Publish(c.clerk(), p.ID, p.Version+1))
		if got, err := c.Published(t.Context(), sitting); err != nil || !got.Figures.Provisional() {
			t.Errorf("published: %+v, %v", got, err)
		}
	})
}
