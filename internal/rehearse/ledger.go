package rehearse

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/clock"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A ledger is what the simulation did, kept apart from the program that is judged by it.
type ledger struct {
	deeds []string // every one, in order, without ids that differ from run to run

	sent      []*sending
	accepted  map[reports.Slot]rules.Report // what the Council took into the totals
	heard     map[reports.Slot]bool         // what counts as reported now
	everHeard map[reports.Slot]bool
	lateFirst map[reports.Slot]bool // first heard of after the deadline
	listed    map[reports.Slot]bool // on the call sheet at the deadline

	repeated, sameReceipt  int // reports sent again, and those that got the receipt of the first time
	refusals, refusedRight int // reports that the rules must refuse, and did with the field that is wrong
	returns, corrections   int
	dictations, echoes     int // echoes: the site sent what it had dictated, and it was recognised
	probes, withstood      int // what must not be possible was tried, and refused
	recompiled             int

	conflicts map[reports.Slot]bool // where two computers disagreed
	silence   []silence
	sheets    int // call sheets looked at
	sheetsBad []string
	lagging   map[exam.SittingID]bool // no approved version stood at the provincial deadline
	versions  map[exam.SittingID][]version
	mistakes  []string // a deed that must be possible and was not, or was answered otherwise than it must
}

// A sending is one report that a site or the Council's desk sent.
type sending struct {
	slot    reports.Slot
	site    string // its code
	said    rules.Report
	receipt string
	id      reports.ReportID
}

// A silence is which sites the clock must have found silent.
type silence struct {
	sitting exam.SittingID
	part    rules.Part
	kind    reports.TimerKind
	sites   []string // codes, sorted
}

// A version is a provincial version as it must be.
type version struct {
	id      reports.ProvinceID
	number  int
	sums    map[string]sum
	missing []string // codes, sorted
	note    string
}

func newLedger() ledger {
	return ledger{accepted: map[reports.Slot]rules.Report{}, heard: map[reports.Slot]bool{}, lateFirst: map[reports.Slot]bool{}, everHeard: map[reports.Slot]bool{}, listed: map[reports.Slot]bool{},
		conflicts: map[reports.Slot]bool{}, lagging: map[exam.SittingID]bool{}, versions: map[exam.SittingID][]version{}}
}

// note keeps a deed.
func (p *player) note(s *sitting, site, what string) {
	p.deeds = append(p.deeds, fmt.Sprintf("%s %s %s %s", clock.Local(p.clock.Now()).Format("02/01 15:04:05"), s.key, site, what))
}

// digest names the whole course of the rehearsal in sixteen characters.
func (l *ledger) digest() string {
	h := sha256.Sum256([]byte(strings.Join(l.deeds, "\n")))
	return hex.EncodeToString(h[:8])
}

// mistake keeps what was not as it must be.
func (p *player) mistake(s *sitting, site, format string, args ...any) {
	p.mistakes = append(p.mistakes, fmt.Sprintf("%s, %s, điểm thi %s: %s", clock.Local(p.clock.Now()).Format("15:04 02/01"), s.Title(), site, fmt.Sprintf(format, args...)))
}

// A sum is what the reports of one line add up to.
type sum struct {
	sites, registered, present, absent, rooms, reprimanded, warned, suspended int64
	why                                                                       string // "dropped 2, sick 5"
}

// sumUp adds reports, line by line.
func sumUp(said []rules.Report) map[string]sum {
	sums := map[string]sum{}
	why := map[string]map[string]int64{}
	n := func(c rules.Count) int64 {
		v, _ := c.Int()
		return int64(v)
	}
	for _, r := range said {
		for _, l := range r.Lines {
			s := sums[l.Key]
			s.sites, s.registered, s.present, s.absent, s.rooms = s.sites+1, s.registered+n(l.Registered), s.present+n(l.Present), s.absent+n(l.Absent), s.rooms+n(l.Rooms)
			s.reprimanded, s.warned, s.suspended = s.reprimanded+n(l.Reprimanded), s.warned+n(l.Warned), s.suspended+n(l.Suspended)
			sums[l.Key] = s
			if why[l.Key] == nil {
				why[l.Key] = map[string]int64{}
			}
			for code, c := range l.Why {
				why[l.Key][code] += n(c)
			}
		}
	}
	for key, s := range sums {
		s.why = words(why[key])
		sums[key] = s
	}
	return sums
}

func words(counts map[string]int64) string {
	var all []string
	for code, n := range counts {
		if n > 0 {
			all = append(all, fmt.Sprintf("%s %d", code, n))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// sumsOf gives a line's sum as the program has it.
func sumsOf(f reports.Figures) map[string]sum {
	sums := map[string]sum{}
	for _, l := range f.Lines {
		why := map[string]int64{}
		for _, w := range l.Why {
			why[w.Code] = w.N
		}
		sums[l.Key] = sum{l.Sites, l.Registered, l.Present, l.Absent, l.Rooms, l.Reprimanded, l.Warned, l.Suspended, words(why)}
	}
	return sums
}

// due gives the acts whose site owes a report.
func (s *sitting) dueActs() []*act {
	return slices.DeleteFunc(slices.Clone(s.acts), func(a *act) bool { return a.kind == halted })
}

// standing gives what a provincial version must say now.
func (p *player) standing(s *sitting) version {
	var said []rules.Report
	v := version{}
	for _, a := range s.dueActs() {
		r, ok := p.accepted[a.slot(rules.Closing)]
		if !ok {
			v.missing = append(v.missing, a.Code)
			continue
		}
		said = append(said, r)
	}
	slices.Sort(v.missing)
	v.sums = sumUp(said)
	return v
}

// codes gives sites' codes, sorted.
func codes(names []reports.SiteName) []string {
	var all []string
	for _, n := range names {
		all = append(all, n.Code)
	}
	slices.Sort(all)
	return all
}
