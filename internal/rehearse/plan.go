package rehearse

import (
	"maps"
	"slices"

	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A kind is how a site behaves in a sitting.
type kind string

// The kinds. All but the first two and the last are dealt out in turn, so that a province of a few sites
// sees each of them once in the exam, and a large one several times in each sitting.
const (
	punctual  kind = "đúng giờ"
	halted    kind = "điểm thi dừng trước buổi thi"
	silent    kind = "im lặng, báo sau khi đã duyệt"
	late      kind = "trễ hạn"
	disputed  kind = "hai máy báo khác nhau"
	twice     kind = "gửi hai lần"
	dictated  kind = "đọc qua điện thoại"
	flooded   kind = "không tổ chức buổi thi"
	returned  kind = "báo sai, bị trả lại"
	refused   kind = "nhập sai, bị từ chối"
	offline   kind = "mất mạng, gửi muộn"
	corrected kind = "báo sai, phát hiện sau khi duyệt"
)

// odd are the kinds that are dealt out.
var odd = []kind{silent, late, disputed, twice, dictated, flooded, returned, refused, offline, corrected}

// An act is what happens at one site in one sitting, and what really is so there.
type act struct {
	*site
	sitting *sitting
	kind    kind
	part    rules.Part // in which part the odd thing happens, where it happens in one
	first   bool       // of two computers, the first is right; of a dictation, the site sends it too
	notHeld string
	truth   []rules.Line // as the close reports it
	odd     string       // a reason of absence to be wrong with
}

func (a *act) slot(part rules.Part) reports.Slot {
	return reports.Slot{Sitting: a.sitting.ID, Site: a.ID, Part: part}
}

// report gives what the site would say if it made no mistake.
func (a *act) report(part rules.Part) rules.Report {
	r := rules.Report{Site: string(a.ID), Sitting: string(a.sitting.ID), Part: part, NotHeld: a.notHeld, Reporter: a.secretary.name}
	for _, l := range a.truth {
		l.Why = maps.Clone(l.Why)
		if part == rules.Attendance {
			l.Reprimanded, l.Warned, l.Suspended, l.Sheets = "", "", "", nil
		}
		r.Lines = append(r.Lines, l)
	}
	if a.notHeld != "" {
		r.Lines = nil
	}
	if part == rules.Closing {
		r.NoIncident, r.Head, r.Witness = true, a.head.name, "Phó Trưởng điểm ("+mark+")"
	}
	return r
}

// wrong gives a report whose figures add up and are not what was: one candidate too many is absent.
func (a *act) wrong(part rules.Part) rules.Report {
	r := a.report(part)
	l := &r.Lines[0]
	present, _ := l.Present.Int()
	absent, _ := l.Absent.Int()
	n, _ := l.Why[a.odd].Int()
	l.Present, l.Absent = rules.N(present-1), rules.N(absent+1)
	l.Why[a.odd] = rules.N(n + 1)
	return r
}

// cast deals the kinds out to the sites of a sitting, and draws what is so at each.
func (p *player) cast(s *sitting, duties []reports.Duty, reasons []rules.Word, last bool) {
	at := map[exam.SiteID]reports.Duty{}
	for _, d := range duties {
		if d.Due {
			at[d.Site.ID] = d
		}
	}
	var here []*site // by code, then shuffled: the database's order is not the same in every copy
	for _, x := range p.sites {
		if _, due := at[x.ID]; due {
			here = append(here, x)
		}
	}
	p.chance.Shuffle(len(here), func(i, k int) { here[i], here[k] = here[k], here[i] })
	strange := max(min(len(odd), 2*len(here)/3), len(here)/10)
	for i, x := range here {
		a := &act{site: x, sitting: s, kind: punctual, part: rules.Part(1 + p.chance.IntN(2)), first: p.chance.IntN(2) == 0}
		switch {
		case last && i == len(here)-1 && len(here) >= 4:
			a.kind = halted
		case i < strange:
			a.kind = odd[p.dealt%len(odd)]
			p.dealt++
		}
		if a.kind == flooded {
			a.notHeld = mark + ": đường vào điểm thi ngập, không tổ chức được buổi thi"
		}
		p.draw(a, at[x.ID], reasons)
		s.acts = append(s.acts, a)
		for _, part := range parts {
			p.acts[a.slot(part)] = a
		}
	}
}

var parts = []rules.Part{rules.Attendance, rules.Closing}

// draw makes the figures of a site that are so, whatever it reports.
func (p *player) draw(a *act, d reports.Duty, reasons []rules.Word) {
	var codes []string
	for _, w := range reasons {
		if w.Code != "barred" && w.Code != "unknown" {
			codes = append(codes, w.Code)
		}
	}
	known := func(code string) bool {
		return slices.ContainsFunc(reasons, func(w rules.Word) bool { return w.Code == code })
	}
	if len(codes) == 0 {
		codes = []string{reasons[0].Code}
	}
	a.odd = codes[0]
	suspended, group := 0, exam.PaperID("")
	for _, l := range d.Lines {
		n := d.Roster[l.LineKey].Registered
		why := map[string]rules.Count{}
		absent := 0
		add := func(code string, m int) {
			if m > 0 {
				had, _ := why[code].Int()
				why[code], absent = rules.N(had+m), absent+m
			}
		}
		if l.Component != "" && group == "" {
			group = l.Paper
		}
		if known("barred") && (l.Component == "" || l.Paper == group) { // who is suspended sits no further paper
			add("barred", min(a.barred, n))
		}
		for range p.chance.IntN(2 + n/60) {
			if absent >= n-1 {
				break
			}
			code := codes[p.chance.IntN(min(len(codes), 3))]
			if known("unknown") && p.chance.IntN(12) == 0 {
				code = "unknown"
			}
			add(code, 1)
		}
		line := rules.Line{Key: l.String(), Registered: rules.N(n), Present: rules.N(n - absent), Absent: rules.N(absent), Why: why, Rooms: rules.N(max(1, exam.RoomsNeeded(n)))}
		sheets := line.Present
		line.Sheets = &sheets
		once := func(oneIn int) rules.Count {
			if n-absent >= 10 && p.chance.IntN(oneIn) == 0 {
				return "1"
			}
			return "0"
		}
		line.Reprimanded, line.Warned, line.Suspended = once(8), once(12), once(15)
		if line.Suspended == "1" && a.notHeld == "" {
			suspended++
		}
		a.truth = append(a.truth, line)
	}
	if first, _ := a.truth[0].Present.Int(); first < 5 && (a.kind == returned || a.kind == disputed || a.kind == corrected || a.kind == refused) {
		a.kind = punctual // too few candidates to be wrong about one
	}
	if a.kind != halted {
		a.barred += suspended
	}
}
