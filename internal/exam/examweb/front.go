package examweb

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

// Hero gives the big answer to "what is happening now" for the front page and the timetable, with
// the sites that candidates do not find as they were told.
//
// Source: R-I.2-a, R-II.1-f; P-9; design.md "Home by phase".
func Hero(now exam.Now) ui.Now {
	h := hero(now)
	h.Notices = changedSites(now)
	return h
}

func hero(now exam.Now) ui.Now {
	timetable := ui.Link{Href: "/lich-thi", Label: "Xem lịch thi"}
	sites := ui.Link{Href: "/diem-thi", Label: "Tìm điểm thi"}
	switch {
	case now.Sitting != nil:
		return running(now.Exam, *now.Sitting, timetable, sites)
	case now.Next != nil:
		h := ahead(now)
		h.Links = []ui.Link{timetable, sites}
		return h
	}
	h := ui.Now{Lead: "Đã thi xong", Title: now.Exam.FullName(), Links: []ui.Link{timetable}}
	if len(now.Exam.Schedule(now.At)) == 0 {
		h.Lead, h.Text = "Chưa có lịch", "Lịch thi sẽ hiện ở đây ngay khi được ban hành."
	} else if over(now) == "" {
		h.Lead, h.Text = "Không tổ chức", "Lý do ghi ở từng buổi trong lịch thi."
	}
	return h
}

// ahead says how long it is until papers are written, and which sitting comes first.
func ahead(now exam.Now) ui.Now {
	next, papers := now.Next, now.Papers
	h := ui.Now{Title: "Buổi tới: " + next.Title(), Text: callIn(next.Sitting), At: next.CallInAt}
	if papers == nil {
		h.Lead = "Sắp tới"
		return h
	}
	round := ofRound(now.Exam, papers.Round)
	day := text.FormatWeekday(papers.Day) + ", " + text.FormatDay(papers.Day)
	switch {
	case now.DaysToGo == 0:
		h.Lead = "Hôm nay thi" + round
	case exam.DaysUntil(now.At, next.CallInAt) == 0: // a sitting without papers
		h.Lead = "Hôm nay: " + next.Title()
		h.Title = fmt.Sprintf("Còn %d ngày đến ngày thi%s: %s", now.DaysToGo, round, day)
		if now.DaysToGo == 1 {
			h.Title = "Ngày mai thi" + round + ": " + day
		}
	case now.DaysToGo == 1:
		h.Lead = "Ngày mai thi" + round
	default:
		h.Lead = fmt.Sprintf("Còn %d ngày", now.DaysToGo)
		h.Text = over(now) + h.Title + ". " + h.Text
		h.Title = "đến ngày thi" + round + ": " + day // the lead's sentence goes on
	}
	return h
}

// ofRound names the round after a word, " đợt 1", in an exam that has several.
func ofRound(e exam.Exam, r exam.Round) string {
	if len(e.Rounds) < 2 {
		return ""
	}
	return " " + lower(r.Name)
}

// over names the rounds that are written while another is to come: "Đợt 1 đã thi xong. ".
func over(now exam.Now) string {
	said := ""
	for _, r := range now.Exam.Rounds {
		if _, until := r.Span(); until > 0 && until <= now.At {
			said += r.Name + " đã thi xong. "
		}
	}
	return said
}

// callIn leads to the instant at which a sitting begins for a candidate.
func callIn(s exam.Sitting) string {
	if s.Kind == exam.Procedure {
		return "Giờ bắt đầu" + certainty(s) + ":"
	}
	return "Giờ gọi thí sinh vào phòng thi" + certainty(s) + ":"
}

func certainty(s exam.Sitting) string {
	if s.Confirmed == exam.Official {
		return ""
	}
	return " (theo kế hoạch)"
}

func running(e exam.Exam, s exam.SittingMoment, links ...ui.Link) ui.Now {
	h := ui.Now{Lead: "Đang thi" + ofRound(e, s.Round), Title: s.Title() + ": " + lower(s.Moment.Stage.Label()), At: s.EndsAt(), Links: links,
		Text: "Giờ kết thúc buổi thi" + certainty(s.Sitting) + ":"}
	if s.Kind == exam.Procedure {
		h.Lead, h.Title, h.Text = "Đang diễn ra", s.Title(), "Giờ kết thúc"+certainty(s.Sitting)+":"
		return h
	}
	var writing []string
	for _, slot := range s.Moment.Slots {
		writing = append(writing, slot.Name())
	}
	if len(writing) > 0 && len(s.Slots) > 1 {
		h.Title = strings.Join(writing, " · ") + ": " + lower(s.Moment.Stage.Label())
	}
	return h
}

func lower(s string) string {
	r := []rune(s)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}

// changedSites says of each site that is not open what became of it; of many, only which they are.
func changedSites(now exam.Now) []ui.Notice {
	const each = 3
	var notices []ui.Notice
	var names []string
	for _, s := range now.Changed {
		name := s.Name + ofRound(now.Exam, roundOf(now.Exam, s.Site))
		n := ui.Notice{Tone: ui.Warn, Title: "Điểm thi " + name + ": " + lower(s.Status.Label()), Text: s.StatusNote,
			Link: ui.Link{Href: "/diem-thi/" + s.Slug, Label: "Xem điểm thi " + name}}
		if s.Status == exam.Halted {
			n.Tone = ui.Bad
		}
		if s.Successor != "" {
			n.Text = strings.TrimSuffix(s.StatusNote, ".") + ". Thí sinh đến: " + s.Successor + "."
		}
		notices = append(notices, n)
		names = append(names, name+" ("+lower(s.Status.Label())+")")
	}
	if len(notices) <= each {
		return notices
	}
	return []ui.Notice{{Tone: ui.Bad, Title: fmt.Sprintf("%d điểm thi có thay đổi", len(names)), Text: strings.Join(names, ", ") + ".",
		Link: ui.Link{Href: "/diem-thi", Label: "Xem các điểm thi"}}}
}

func roundOf(e exam.Exam, s exam.Site) exam.Round {
	r, _ := e.Round(s.Round) // a site's round is one of its exam's
	return r
}

// Strips gives the clock of today's sittings, or of the next day with one; none after the last.
func Strips(now exam.Now) []ui.Strip {
	at := now.Sitting
	if at == nil {
		at = now.Next
	}
	if at == nil {
		return nil
	}
	var strips []ui.Strip
	for _, s := range now.Exam.Schedule(now.At) {
		if s.Day == at.Day && s.Held() {
			strips = append(strips, strip(now.Exam, s, now.At))
		}
	}
	return strips
}

// Dates gives the rounds' days and spare days that are still to come.
func Dates(now exam.Now) []ui.Fact {
	var facts []ui.Fact
	for _, r := range now.Exam.Rounds {
		if _, until := r.Span(); until <= now.At {
			continue
		}
		if days := roundDays(r); days != "" {
			facts = append(facts, ui.Fact{Label: r.Name, Value: days})
		}
		if r.SpareDay != "" {
			facts = append(facts, ui.Fact{Label: "Ngày dự phòng " + lower(r.Name), Value: text.FormatWeekday(r.SpareDay) + ", " + text.FormatDay(r.SpareDay)})
		}
	}
	return facts
}

// roundDays gives "7/7/2021 và 8/7/2021", or "" without a sitting.
func roundDays(r exam.Round) string {
	first, last := r.Days()
	switch {
	case first == "":
		return ""
	case first == last:
		return text.FormatDay(first)
	}
	return text.FormatDay(first) + " – " + text.FormatDay(last)
}

// A stretch is one line of a sitting's clock: what goes on from when until when.
type stretch struct {
	from, until int64
	handout     bool
	label       string
}

// stretches gives the call-in, and the hand-out and the working time of each slot, in order of time; for
// a sitting without papers the sitting itself.
func stretches(e exam.Exam, s exam.Sitting) []stretch {
	if len(s.Slots) == 0 {
		return []stretch{{from: s.CallInAt, until: s.EndsAt(), label: s.Title()}}
	}
	var all []stretch
	for _, slot := range s.Slots {
		handout := stretch{slot.HandoutAt, slot.StartAt, true, "Phát đề" + schemeNote(e, slot)}
		if i := slices.IndexFunc(all, func(o stretch) bool { return o.handout && o.from == handout.from }); i >= 0 {
			all[i].until, all[i].label = max(all[i].until, handout.until), "Phát đề" // to both programmes at once
		} else {
			all = append(all, handout)
		}
		label := "Làm bài"
		if len(s.Slots) > 1 {
			label = slot.Name() + schemeNote(e, slot)
		}
		all = append(all, stretch{from: slot.StartAt, until: slot.EndAt(), label: fmt.Sprintf("%s (%d phút)", label, slot.Minutes)})
	}
	slices.SortStableFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	return append([]stretch{{from: s.CallInAt, until: all[0].from, label: "Gọi vào phòng thi"}}, all...)
}

// strip draws a sitting's clock: what happens when, what is over, what is now. Between two stretches
// nothing is.
func strip(e exam.Exam, s exam.SittingMoment, now int64) ui.Strip {
	st := ui.Strip{Title: sittingHead(s.Sitting) + ": " + s.Title()}
	if s.Confirmed != exam.Official {
		st.Note = "theo kế hoạch"
	}
	all := stretches(e, s.Sitting)
	for i, x := range all {
		p := ui.Phase{Clock: text.FormatClock(x.from), Label: x.label, State: "todo"}
		if !x.handout && (i > 0 || len(all) == 1) {
			p.Clock += "–" + text.FormatClock(x.until)
		}
		switch {
		case now >= x.until:
			p.State = "done"
		case now >= x.from:
			p.State = "now"
		}
		st.Phases = append(st.Phases, p)
	}
	return st
}

// sittingHead gives "Buổi sáng Thứ Tư, 7/7/2021".
func sittingHead(s exam.Sitting) string {
	half := s.HalfName()
	return "B" + strings.TrimPrefix(half, "b") + " " + text.FormatWeekday(s.Day) + ", " + text.FormatDay(s.Day)
}

// schemeNote names the slot's programme when the exam has several and the slot is of one only.
func schemeNote(e exam.Exam, slot exam.Slot) string {
	if len(e.Schemes) < 2 || len(slot.Parts) == 0 {
		return ""
	}
	first := slot.Parts[0].Scheme
	for _, p := range slot.Parts {
		if p.Scheme != first {
			return ""
		}
	}
	for _, sc := range e.Schemes {
		if sc.ID == first {
			return ", chương trình " + sc.Code
		}
	}
	return ""
}
