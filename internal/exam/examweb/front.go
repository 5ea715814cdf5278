package examweb

import (
	"fmt"
	"strings"

	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

// Hero gives the big answer to "what is happening now" for the front page and the timetable.
//
// Source: R-I.2-a, R-II.1-f; design.md "Home by phase".
func Hero(now exam.Now) ui.Now {
	timetable := ui.Link{Href: "/lich-thi", Label: "Xem lịch thi"}
	sites := ui.Link{Href: "/diem-thi", Label: "Tìm điểm thi"}
	switch {
	case now.Sitting != nil:
		return running(*now.Sitting, timetable, sites)
	case now.Next != nil:
		s := now.Next
		h := ui.Now{Lead: lead(now.DaysToGo), Title: "Buổi tới: " + s.Title(), At: s.CallInAt, Links: []ui.Link{timetable, sites},
			Text: "Gọi thí sinh vào phòng thi lúc " + text.FormatDayTime(s.CallInAt) + certainty(s.Sitting) + "."}
		if now.Phase == exam.After {
			h.Lead = s.Round.Name
		}
		return h
	}
	h := ui.Now{Lead: "Đã thi xong", Title: now.Exam.FullName(), Links: []ui.Link{timetable}}
	if len(now.Exam.Schedule(now.At)) == 0 {
		h.Lead, h.Text = "Chưa có lịch", "Lịch thi sẽ hiện ở đây ngay khi được ban hành."
	}
	return h
}

// lead says how many days are left until papers are written.
func lead(days int) string {
	switch {
	case days < 0:
		return "Sắp tới"
	case days == 0:
		return "Hôm nay thi"
	case days == 1:
		return "Ngày mai thi"
	}
	return fmt.Sprintf("Còn %d ngày", days)
}

func certainty(s exam.Sitting) string {
	if s.Confirmed == exam.Official {
		return ""
	}
	return " (theo kế hoạch)"
}

func running(s exam.SittingMoment, links ...ui.Link) ui.Now {
	h := ui.Now{Lead: "Đang thi", Title: s.Title() + ": " + lower(s.Moment.Stage.Label()), At: s.EndsAt(), Links: links,
		Text: "Buổi này kết thúc lúc " + text.FormatClock(s.EndsAt()) + "."}
	if s.Kind == exam.Procedure {
		h.Lead, h.Title = "Đang diễn ra", s.Title()
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

// strip draws a sitting's clock: what happens when, what is over, what is now.
func strip(e exam.Exam, s exam.SittingMoment, now int64) ui.Strip {
	st := ui.Strip{Title: sittingHead(s.Sitting) + ": " + s.Title()}
	if s.Confirmed != exam.Official {
		st.Note = "theo kế hoạch"
	}
	type edge struct {
		at    int64
		label string
	}
	edges := []edge{{s.CallInAt, "Gọi vào phòng thi"}}
	if s.Kind == exam.Procedure {
		edges[0].label = "Bắt đầu"
	}
	if len(s.Slots) == 1 {
		edges = append(edges, edge{s.Slots[0].HandoutAt, "Phát đề"})
	}
	for _, slot := range s.Slots {
		label := "Bắt đầu làm bài"
		if len(s.Slots) > 1 {
			label = slot.Name() + schemeNote(e, slot)
		}
		edges = append(edges, edge{slot.StartAt, fmt.Sprintf("%s (%d phút)", label, slot.Minutes)})
	}
	edges = append(edges, edge{s.EndsAt(), "Kết thúc"})
	current := -1
	if s.Moment.Stage.Running() {
		for i, ed := range edges {
			if ed.at <= now {
				current = i
			}
		}
	}
	for i, ed := range edges {
		state := "todo"
		if i == current {
			state = "now"
		} else if ed.at <= now {
			state = "done"
		}
		st.Phases = append(st.Phases, ui.Phase{Clock: text.FormatClock(ed.at), Label: ed.label, State: state})
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
