package reports_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A ledger keeps what the totals must be, from what the verbs answered alone.
type ledger struct {
	*council
	rng      *rand.Rand
	sitting  exam.SittingID
	forms    map[int]rules.Basis
	sent     map[int][]sending
	reports  map[int][]reports.ReportID
	accepted map[int]rules.Report // by site
	from     map[int]reports.ReportID
	rows     map[reports.ReportID]bool
	next     int
	frozen   map[reports.ProvinceID]reports.Figures
}

type sending struct {
	in      reports.Submission
	receipt reports.Receipt
}

// Whatever sites send, amend, take back and have corrected, in any order: the sums are exact, nothing
// that was sent is lost, and what was approved does not move (V-16, V-18).
func TestSumsAreExactWhateverHappens(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(local(t, "2021-07-08 08:00:00")) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		c := convene(t, d, clk, propertySites)
		l := &ledger{council: c, rng: rand.New(rand.NewPCG(seed, 1)), sitting: c.sitting(2), forms: map[int]rules.Basis{}, sent: map[int][]sending{}, reports: map[int][]reports.ReportID{},
			accepted: map[int]rules.Report{}, from: map[int]reports.ReportID{}, rows: map[reports.ReportID]bool{}, frozen: map[reports.ProvinceID]reports.Figures{}}
		steps := 4 * propertySites
		for step := range steps {
			l.step(l.rng.IntN(propertySites))
			if step%(steps/12) == 0 {
				l.check()
				l.approve()
			}
		}
		l.check()
		l.nothingLost()
	})
}

func (l *ledger) said(i int, id string) reports.Submission {
	b, ok := l.forms[i]
	if !ok {
		form, err := l.Form(l.site(i), l.sites[i], l.sitting)
		l.must(err)
		b = form.Basis
		l.forms[i] = b
	}
	in := reports.Submission{Report: fill(b, id, rules.Attendance, 0)}
	if l.rng.IntN(20) == 0 {
		in.Lines, in.NotHeld = nil, "Mưa lũ chia cắt"
		return in
	}
	for k := range in.Lines {
		n, _ := in.Lines[k].Registered.Int()
		gone := l.rng.IntN(4)
		sick := l.rng.IntN(gone + 1)
		in.Lines[k].Present, in.Lines[k].Absent = rules.N(n-gone), rules.N(gone)
		in.Lines[k].Why = map[string]rules.Count{"sick": rules.N(sick), "dropped": rules.N(gone - sick)}
	}
	return in
}

func (l *ledger) id() string { l.next++; return fmt.Sprint("p-", l.next) }

// tolerate lets refusals pass that a person would read, and nothing else.
func (l *ledger) tolerate(err error) bool {
	l.t.Helper()
	switch {
	case err == nil:
		return true
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Denied), fault.Is(err, fault.Invalid):
		return false
	}
	l.t.Fatal(err)
	return false
}

func (l *ledger) submit(i int, in reports.Submission) {
	l.t.Helper()
	receipt, err := l.Submit(l.site(i), in)
	if !l.tolerate(err) {
		return
	}
	l.sent[i] = append(l.sent[i], sending{in, receipt})
	l.keep(i, receipt.Report)
}

func (l *ledger) keep(i int, id reports.ReportID) {
	if !l.rows[id] {
		l.rows[id] = true
		l.reports[i] = append(l.reports[i], id)
	}
}

func pick[T any](l *ledger, from []T) T { return from[l.rng.IntN(len(from))] }

func (l *ledger) step(i int) {
	l.t.Helper()
	sent := l.sent[i]
	if len(sent) == 0 {
		l.submit(i, l.said(i, l.id()))
		return
	}
	who := []context.Context{l.secretary(), l.office()}[l.rng.IntN(2)]
	r := l.get(pick(l, l.reports[i]))
	switch l.rng.IntN(12) {
	case 0: // another computer
		l.submit(i, l.said(i, l.id()))
	case 1, 2: // an amendment
		in := l.said(i, l.id())
		in.Amends, in.Why = pick(l, sent).receipt.Code, "đếm lại"
		l.submit(i, in)
	case 3: // sent again
		old := pick(l, sent)
		receipt, err := l.Submit(l.site(i), old.in)
		l.must(err)
		if receipt != old.receipt {
			l.t.Fatalf("sent again: %+v, first %+v", receipt, old.receipt)
		}
	case 4: // other content under the same id
		l.submit(i, l.said(i, pick(l, sent).in.ID))
	case 5: // corrected by the Council
		receipt, err := l.Correct(l.secretary(), r.ID, l.said(i, "x").Report, "gọi lại")
		if l.tolerate(err) {
			l.keep(i, receipt.Report)
		}
	case 6:
		if l.tolerate(l.Return(who, r.ID, r.Version, "xem lại")) && l.from[i] == r.ID {
			delete(l.accepted, i)
			delete(l.from, i)
		}
	case 7:
		open, err := l.Conflicts(who, l.sitting)
		l.must(err)
		for _, c := range open {
			if c.Site == l.sites[i] {
				l.tolerate(l.Resolve(who, c.ID, c.Version, []reports.ReportID{c.Report, c.Against}[l.rng.IntN(2)], "gọi điểm thi"))
			}
		}
	default:
		if l.tolerate(l.Accept(who, r.ID, r.Version)) {
			l.accepted[i], l.from[i] = r.Said, r.ID
		}
	}
}

// check holds the figures against the ledger.
func (l *ledger) check() {
	l.t.Helper()
	f := l.figures(l.sitting, rules.Attendance)
	type counts struct{ sites, registered, present, absent, rooms, sick, dropped int64 }
	want, got := map[string]counts{}, map[string]counts{}
	notHeld := 0
	for _, r := range l.accepted {
		if r.NotHeld != "" {
			notHeld++
		}
		for _, line := range r.Lines {
			n := func(c rules.Count) int64 { v, _ := c.Int(); return int64(v) }
			w := want[line.Key]
			want[line.Key] = counts{w.sites + 1, w.registered + n(line.Registered), w.present + n(line.Present), w.absent + n(line.Absent), w.rooms + n(line.Rooms), w.sick + n(line.Why["sick"]), w.dropped + n(line.Why["dropped"])}
		}
	}
	for _, line := range f.Lines {
		c := counts{sites: line.Sites, registered: line.Registered, present: line.Present, absent: line.Absent, rooms: line.Rooms}
		for _, w := range line.Why {
			switch w.Code {
			case "sick":
				c.sick = w.N
			case "dropped":
				c.dropped = w.N
			}
		}
		got[line.Key] = c
	}
	if !maps.Equal(want, got) || f.Accepted != len(l.accepted) || len(f.Missing) != propertySites-len(l.accepted) || len(f.NotHeld) != notHeld || f.Expected != propertySites {
		l.t.Fatalf("the figures are %v, accepted %d, missing %d; the ledger says %v, %d", got, f.Accepted, len(f.Missing), want, len(l.accepted))
	}
	for id, was := range l.frozen {
		p, err := l.Province(l.secretary(), id)
		l.must(err)
		if !slices.EqualFunc(p.Figures.Lines, was.Lines, func(a, b reports.LineSum) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) || p.Figures.Accepted != was.Accepted {
			l.t.Fatalf("the approved version %d moved", p.Number)
		}
	}
}

func (l *ledger) approve() {
	l.t.Helper()
	p, err := l.Compile(l.secretary(), l.sitting, rules.Attendance, nil)
	if l.tolerate(err) && l.tolerate(l.Approve(l.chair(), p.ID, p.Version, p.Figures.Provisional())) {
		l.frozen[p.ID] = p.Figures
	}
}

func (l *ledger) nothingLost() {
	l.t.Helper()
	if n := l.count("SELECT COUNT(*) FROM report_site"); n != len(l.rows) {
		l.t.Errorf("%d reports are kept of %d", n, len(l.rows))
	}
	if n := l.count("SELECT COUNT(*) FROM (SELECT sitting, site, part FROM report_site WHERE state = 'accepted' GROUP BY sitting, site, part HAVING COUNT(*) > 1) AS twice"); n != 0 {
		l.t.Errorf("%d slots have two accepted reports", n)
	}
	for i, all := range l.sent {
		for _, s := range all {
			if r := l.get(s.receipt.Report); r.Said.ID != s.in.ID || r.Site != l.sites[i] {
				l.t.Errorf("%s is kept as %+v", s.in.ID, r)
			}
		}
	}
	if len(l.frozen) < 3 {
		l.t.Errorf("only %d versions were approved", len(l.frozen))
	}
}
