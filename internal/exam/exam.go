// Package exam knows the year's graduation exam (kỳ thi): its rounds, sittings and their clock,
// its papers, its sites with rooms and rosters, and what is new this year.
//
// Every other capability asks it which exam is the current one, which phase it is in, what is
// being written now and what comes next ([Service.Now]), and which lines a site's report has
// ([Exam.Lines], [Service.Roster]). Nothing about a particular year is code: an exam is a data set
// ([Service.Load]), a copy of an earlier exam ([Service.Copy]), or typed in the office pages.
//
// What it promises: an exam of the past stays as it was (its names, times and sites are its own
// rows and never shared with another year's); times that nobody has confirmed are marked as such
// ([Confirmed]) and shown "theo kế hoạch"; rosters hold counts and never names; every change is one
// transaction with its audit line, its announcement and the pages it touches.
//
// Start reading at [Exam], then moment.go for the clock, timetable.go and sites.go for the verbs.
// The office and public pages are in package examweb.
//
// Source: domain.md 3.1–3.4; R-I.2-a, R-II.1-a, R-II.2-b.
package exam

import (
	"fmt"
	"slices"
	"strings"
)

// ID names an exam, RoundID a round, and so on: distinct types, so that they cannot be swapped.
type (
	ID          string
	RoundID     string
	SittingID   string
	SlotID      string
	SchemeID    string
	PaperID     string
	ComponentID string
	SiteID      string
	NewsID      string
)

// An Exam is one year's graduation exam (kỳ thi) with all that belongs to it but the sites.
type Exam struct {
	ID      ID
	Year    int
	Name    string // without the year: "Kỳ thi tốt nghiệp THPT"
	Council Council
	Public  bool   // a copied exam is prepared unseen first
	Current bool   // the exam whose section is the portal's front
	From    string // window of the section, first day "2021-06-01"; may be ""
	Until   string // last day; may be ""
	// Override fixes the phase by hand; "" lets the sittings and the clock decide.
	Override     Phase
	OverrideNote string
	Source       string // where the data come from and what of it is unverified; shown to the office
	Version      int

	Schemes   []Scheme
	Subjects  []Subject
	Languages []Language
	Rounds    []Round // ordered by number
}

// A Council is the Exam Council (Hội đồng thi) as this exam knows it. Its code begins every
// candidate number; it changes with the provinces, so it belongs to the exam (domain.md 3.4).
type Council struct {
	Code string // two digits, "07" in Lai Châu up to 2025, "12" from 2026
	Name string
}

// FullName gives the exam's name with its year: "Kỳ thi tốt nghiệp THPT năm 2021".
func (e Exam) FullName() string { return fmt.Sprintf("%s năm %d", e.Name, e.Year) }

// Title gives the official title of the exam's section, the year taken from the record:
// "Thông tin về Kỳ thi tốt nghiệp THPT năm 2021".
//
// Source: R-II.1-a.
func (e Exam) Title() string { return "Thông tin về " + e.FullName() }

// A Scheme is the school programme candidates are examined in (chương trình 2006, 2018). A
// changeover year has two side by side.
type Scheme struct {
	ID     SchemeID
	Code   string // "2006", "2018"
	Name   string
	Note   string // who sits it, how many electives; shown to the public
	Papers []Paper
}

// A Subject is a school subject (môn) under the code results use, "vat_li".
type Subject struct {
	Code string
	Name string
	Form Form
}

// Form says how a subject is answered; what a candidate may do during it depends on that.
type Form string

// The forms. In an essay a candidate may leave after two thirds of the time, otherwise never
// before the end [TT15 Điều 14.4đ].
const (
	Essay  Form = "essay"  // tự luận
	Choice Form = "choice" // trắc nghiệm
)

// A Language is a foreign language one can sit, under the code result files use, "N1".
type Language struct {
	Code string
	Name string
}

// PaperKind says how a paper (bài thi) is made up.
type PaperKind string

// The kinds of paper.
const (
	Single   PaperKind = "single"   // one subject
	Combined PaperKind = "combined" // bài thi tổ hợp: several components one after the other
	Elective PaperKind = "elective" // môn tự chọn: one subject, sat in one of the turns
)

// A Paper (bài thi) is what a candidate registers for. It has one component per subject; only a
// combined paper has more than one.
type Paper struct {
	ID         PaperID
	Code       string // "toan", "khxh"
	Name       string
	Kind       PaperKind
	Components []Component
	Version    int
}

// A Component (môn thi thành phần) is one subject of a paper with its working time.
type Component struct {
	ID      ComponentID
	Subject Subject
	Minutes int
	// GeneralOnly marks a component that continuing-education candidates (GDTX) never sit: civic
	// education in the programme of 2006 (domain.md 3.1, V-11).
	GeneralOnly bool
}

// A Round (đợt thi) is one holding of the exam with its own sittings and sites; 2021 had two.
type Round struct {
	ID       RoundID
	Number   int
	Name     string // "Đợt 1"
	Note     string
	SpareDay string // ngày dự phòng; may be ""
	Sittings []Sitting
	Version  int
}

// Half says which half of the day a sitting takes.
type Half string

// The halves of a day.
const (
	Morning   Half = "am"
	Afternoon Half = "pm"
)

// SittingKind tells a sitting with papers from one without.
type SittingKind string

// The kinds of sitting.
const (
	Papers    SittingKind = "papers"
	Procedure SittingKind = "procedure" // làm thủ tục dự thi, phổ biến quy chế
)

// Confirmed says how much of a sitting's times rests on a document. What does not is shown
// "theo kế hoạch".
type Confirmed string

// The degrees of certainty.
const (
	Planned  Confirmed = "plan" // neither day nor times
	DayOnly  Confirmed = "day"  // the day, not the times
	Official Confirmed = "full" // both
)

// A Sitting is one half-day of the exam (buổi thi).
type Sitting struct {
	ID       SittingID
	Day      string // "2021-07-07"
	Half     Half
	Kind     SittingKind
	Name     string // set by hand for a procedure; "" lets the papers name it
	Note     string
	CallInAt int64 // candidates are called in, ms UTC
	// EndAt is when a sitting without papers ends, ms UTC; with papers the slots say it.
	EndAt     int64
	Confirmed Confirmed
	Source    string // the document or remark the times rest on
	// CancelledFor is the reason a sitting is not held; "" when it is.
	CancelledFor string
	Sequence     int   // counts changes, the SEQUENCE of RFC 5545
	ChangedAt    int64 // of the last change, ms UTC
	Version      int
	Slots        []Slot // ordered by start
}

// A Slot is one stretch of working time inside a sitting: one paper, the components of combined
// papers written at the same time, or one turn (ca thi) of the electives.
type Slot struct {
	ID        SlotID
	Turn      int // 1, 2 for the turns of electives; 0 when there are no turns
	HandoutAt int64
	StartAt   int64
	Minutes   int
	Parts     []Part
}

// A Part is one component written in a slot, with the paper and scheme it belongs to.
type Part struct {
	Scheme    SchemeID
	Paper     PaperID
	PaperName string
	PaperKind PaperKind
	Component
}

// Name gives what is written in the slot: "Vật lí · Lịch sử", or "Môn tự chọn, ca 1".
func (s Slot) Name() string {
	if s.Turn > 0 && len(s.Parts) > 2 {
		return fmt.Sprintf("Môn tự chọn, ca %d", s.Turn)
	}
	names := s.Subjects()
	if s.Turn > 0 {
		return fmt.Sprintf("%s (ca %d)", strings.Join(names, " · "), s.Turn)
	}
	return strings.Join(names, " · ")
}

// Subjects gives the names of the subjects written in the slot, each once.
func (s Slot) Subjects() []string {
	var names []string
	for _, p := range s.Parts {
		if !slices.Contains(names, p.Subject.Name) {
			names = append(names, p.Subject.Name)
		}
	}
	return names
}

// PaperNames gives the names of what is sat in the sitting, each once: combined papers by their
// own name, electives as one.
func (s Sitting) PaperNames() []string {
	var names []string
	for _, slot := range s.Slots {
		for _, p := range slot.Parts {
			name := p.PaperName
			if p.PaperKind == Elective {
				name = "Môn tự chọn"
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Title gives what the sitting is called on every screen: "Ngữ văn", "Khoa học tự nhiên · Khoa
// học xã hội", "Làm thủ tục dự thi".
func (s Sitting) Title() string {
	if s.Name != "" {
		return s.Name
	}
	if names := s.PaperNames(); len(names) > 0 {
		return strings.Join(names, " · ")
	}
	return "Buổi thi chưa có môn"
}

// HalfName gives "buổi sáng" or "buổi chiều".
func (s Sitting) HalfName() string {
	if s.Half == Morning {
		return "buổi sáng"
	}
	return "buổi chiều"
}

// Round finds one of the exam's rounds.
func (e Exam) Round(id RoundID) (Round, bool) {
	i := slices.IndexFunc(e.Rounds, func(r Round) bool { return r.ID == id })
	if i < 0 {
		return Round{}, false
	}
	return e.Rounds[i], true
}

// Sitting finds one of the exam's sittings and the round it belongs to.
func (e Exam) Sitting(id SittingID) (Sitting, Round, bool) {
	for _, r := range e.Rounds {
		for _, s := range r.Sittings {
			if s.ID == id {
				return s, r, true
			}
		}
	}
	return Sitting{}, Round{}, false
}

// Papers gives the papers of all schemes in their order.
func (e Exam) Papers() []Paper {
	var all []Paper
	for _, s := range e.Schemes {
		all = append(all, s.Papers...)
	}
	return all
}

// Paper finds one of the exam's papers.
func (e Exam) Paper(id PaperID) (Paper, bool) {
	all := e.Papers()
	i := slices.IndexFunc(all, func(p Paper) bool { return p.ID == id })
	if i < 0 {
		return Paper{}, false
	}
	return all[i], true
}
