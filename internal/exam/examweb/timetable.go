package examweb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type timetableData struct {
	Title    string
	Exam     string
	Now      *ui.Now // nil under a year: an archive has no now
	Strips   []ui.Strip
	Rounds   []roundView
	Schemes  []exam.Scheme
	Calendar string // path of the .ics
	Planned  bool   // something rests on no document
	Over     bool   // the exam lies behind
	Notes    []string
	Links    []ui.Link
}

type roundView struct {
	Anchor, Name, Days, Note, Spare string
	Sittings                        []sittingView
}

type sittingView struct {
	Anchor, Head, Title, Note, Cancelled string
	CallIn, End                          int64
	Tag                                  ui.Tag
	Rows                                 []slotView
}

type slotView struct {
	Name, Scheme string
	Subjects     string // what the turn can be, when the name does not say
	Slot         exam.Slot
	Leave        int64 // when earlier than the end: from when one may leave
}

var timetablePage = ui.New[timetableData](files, "pages/lich-thi.html")

// timetable draws the timetable and its calendar.
func (p *Public) timetable(ctx context.Context, v view) (publish.Rendered, error) {
	updated := timetableChanged(v.Exam)
	data := timetableData{Title: "Lịch thi", Exam: v.FullName(), Schemes: v.Schemes, Calendar: v.path("lich-thi.ics"), Notes: timetableNotes(v.Exam),
		Links: []ui.Link{{Href: v.path("diem-thi"), Label: "Điểm thi"}, {Href: v.path("diem-moi"), Label: "Điểm mới"}}}
	frame := v.frame("lich-thi", "Lịch thi – "+v.FullName(), timetableSummary(v.Exam), updated)
	if !v.front {
		data.Title = fmt.Sprintf("Lịch thi năm %d", v.Year)
	}
	now, err := p.Exams.NowOf(ctx, v.Exam)
	if err != nil {
		return publish.Rendered{}, err
	}
	data.Over = v.OverAt(now.At)
	if v.front {
		hero := Hero(now)
		hero.Links = nil // they lead here
		data.Now, data.Strips = &hero, Strips(now)
		frame.Countdown = hero.At != 0
	}
	for _, r := range v.Rounds {
		round := roundView{Anchor: fmt.Sprintf("dot-%d", r.Number), Name: r.Name, Days: roundDays(r), Note: r.Note}
		if r.SpareDay != "" {
			round.Spare = text.FormatWeekday(r.SpareDay) + ", " + text.FormatDay(r.SpareDay)
		}
		for _, s := range r.Sittings {
			round.Sittings = append(round.Sittings, sittingRow(v.Exam, s))
			data.Planned = data.Planned || s.Confirmed != exam.Official
			frame.JSONLD = append(frame.JSONLD, eventLD(v, r, s))
		}
		data.Rounds = append(data.Rounds, round)
	}
	drawn, err := timetablePage.Twins(v.sites, frame, data)
	if err != nil {
		return publish.Rendered{}, err
	}
	modified := updated
	if v.front {
		modified = 0 // the clock changes it too
	}
	calendar := publish.Page{Path: data.Calendar, Type: "text/calendar; charset=utf-8", NoIndex: true, Modified: updated,
		Body: v.Calendar(v.sites.Vietnamese.BaseURL, v.path("lich-thi")), Headers: [][2]string{{"Content-Disposition", `inline; filename="lich-thi.ics"`}}}
	entry := search.Entry{Path: v.path("lich-thi"), Kind: "lich-thi", Title: "Lịch thi " + v.FullName(), Summary: frame.Description,
		Text: timetableText(data), Keywords: subjectNames(v.Exam), Boost: 1.5}
	if first, _ := firstDays(v.Exam); first != "" {
		entry.Day = first
	}
	return publish.Rendered{Pages: append(htmlPages(drawn, modified), calendar), Entries: v.findable(entry)}, nil
}

func timetableChanged(e exam.Exam) int64 {
	var changed int64
	for _, r := range e.Rounds {
		for _, s := range r.Sittings {
			changed = max(changed, s.ChangedAt)
		}
	}
	return changed
}

func firstDays(e exam.Exam) (first, last string) {
	for _, r := range e.Rounds {
		a, b := r.Days()
		if a != "" && (first == "" || a < first) {
			first = a
		}
		last = max(last, b)
	}
	return first, last
}

func timetableSummary(e exam.Exam) string {
	var parts []string
	for _, r := range e.Rounds {
		if days := roundDays(r); days != "" {
			parts = append(parts, r.Name+": "+days)
		}
	}
	return "Lịch thi " + e.FullName() + ". " + strings.Join(parts, "; ") + ". Giờ gọi vào phòng, phát đề, làm bài của từng môn."
}

func sittingRow(e exam.Exam, s exam.Sitting) sittingView {
	v := sittingView{Anchor: s.Anchor(), Head: sittingHead(s), Title: s.Title(), Note: s.Note, Cancelled: s.CancelledFor, CallIn: s.CallInAt, End: s.EndsAt()}
	switch {
	case !s.Held():
		v.Tag = ui.Tag{Tone: ui.Bad, Word: "Không tổ chức"}
	case s.Confirmed == exam.Planned:
		v.Tag = ui.Tag{Tone: ui.Warn, Word: "Theo kế hoạch"}
	case s.Confirmed == exam.DayOnly:
		v.Tag = ui.Tag{Tone: ui.Warn, Word: "Giờ theo kế hoạch"}
	}
	for _, slot := range s.Slots {
		row := slotView{Name: slot.Name(), Scheme: strings.TrimPrefix(schemeNote(e, slot), ", "), Slot: slot}
		if subjects := strings.Join(slot.Subjects(), ", "); slot.Turn > 0 && !strings.Contains(row.Name, slot.Subjects()[0]) {
			row.Subjects = subjects
		}
		if leave := slot.LeaveAt(); leave < slot.EndAt() {
			row.Leave = leave
		}
		v.Rows = append(v.Rows, row)
	}
	// Two programmes side by side read better one after the other than mixed by the clock.
	slices.SortStableFunc(v.Rows, func(a, b slotView) int { return schemeOrder(e, a.Slot) - schemeOrder(e, b.Slot) })
	return v
}

// schemeOrder gives where the slot's programme stands among the exam's.
func schemeOrder(e exam.Exam, slot exam.Slot) int {
	return slices.IndexFunc(e.Schemes, func(s exam.Scheme) bool { return len(slot.Parts) > 0 && s.ID == slot.Parts[0].Scheme })
}

// timetableNotes says in plain words what the rules make of the times.
//
// Source: TT15 Điều 14.3, 14.4đ; domain.md 3.1.
func timetableNotes(e exam.Exam) []string {
	notes := []string{"Thí sinh đến sau giờ bắt đầu làm bài quá 15 phút không được dự thi buổi đó. Hãy có mặt từ giờ gọi vào phòng thi.",
		"Môn tự luận: chỉ được ra khỏi phòng thi sau hai phần ba thời gian làm bài. Môn trắc nghiệm: ở lại đến hết giờ."}
	for _, sc := range e.Schemes {
		for _, p := range sc.Papers {
			for _, c := range p.Components {
				if c.GeneralOnly {
					notes = append(notes, fmt.Sprintf("Thí sinh giáo dục thường xuyên (GDTX) không thi %s trong bài %s.", c.Subject.Name, p.Name))
				}
			}
		}
	}
	if len(e.Languages) > 0 {
		var names []string
		for _, l := range e.Languages {
			names = append(names, fmt.Sprintf("%s (%s)", l.Name, l.Code))
		}
		notes = append(notes, "Các môn Ngoại ngữ: "+strings.Join(names, ", ")+".")
	}
	return notes
}

func subjectNames(e exam.Exam) []string {
	names := []string{"thời gian biểu", "giờ thi", "ngày thi", "lịch thi các môn"}
	for _, s := range e.Subjects {
		names = append(names, s.Name)
	}
	return names
}

// timetableText is what search finds of the page.
func timetableText(d timetableData) string {
	var b strings.Builder
	for _, r := range d.Rounds {
		fmt.Fprintf(&b, "%s. %s %s\n", r.Name, r.Days, r.Note)
		for _, s := range r.Sittings {
			fmt.Fprintf(&b, "%s: %s. Gọi vào phòng thi %s. %s\n", s.Head, s.Title, text.FormatClock(s.CallIn), s.Note)
			for _, row := range s.Rows {
				fmt.Fprintf(&b, "%s %s: phát đề %s, làm bài %s–%s, %d phút.\n", row.Name, row.Subjects, text.FormatClock(row.Slot.HandoutAt),
					text.FormatClock(row.Slot.StartAt), text.FormatClock(row.Slot.EndAt()), row.Slot.Minutes)
			}
		}
	}
	return b.String() + strings.Join(d.Notes, "\n")
}

// eventLD is a sitting as schema.org describes an event.
func eventLD(v view, r exam.Round, s exam.Sitting) map[string]any {
	status := "https://schema.org/EventScheduled"
	if !s.Held() {
		status = "https://schema.org/EventCancelled"
	}
	name := "Thi " + s.Title()
	if s.Kind == exam.Procedure {
		name = s.Title()
	}
	base := v.sites.Vietnamese.BaseURL
	address := map[string]any{"@type": "PostalAddress", "addressCountry": "VN"}
	if v.province != "" {
		address["addressRegion"] = v.province
	}
	return map[string]any{
		"@context": "https://schema.org", "@type": "EducationEvent", "@id": base + v.path("lich-thi") + "#" + s.Anchor(),
		"name": name + " – " + v.FullName() + ", " + r.Name, "startDate": rfc3339(s.CallInAt), "endDate": rfc3339(s.EndsAt()),
		"eventStatus": status, "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode", "inLanguage": "vi",
		"url":       base + v.path("lich-thi") + "#" + s.Anchor(),
		"location":  map[string]any{"@type": "Place", "name": "Các điểm thi của " + v.Council.Name, "url": base + v.path("diem-thi"), "address": address},
		"organizer": map[string]any{"@type": "GovernmentOrganization", "name": v.sites.Vietnamese.Owner, "url": base + "/"},
	}
}

func rfc3339(ms int64) string { return clock.Local(clock.FromMillis(ms)).Format(time.RFC3339) }
