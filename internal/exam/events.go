package exam

import "bangvang/internal/base/event"

// What this capability announces. The facts name things by id; who hears of them reads the rest.
var (
	// ExamChanged says that an exam's title, window, publication or place as the current one changed.
	ExamChanged = event.New[ExamFact]("exam.changed")
	// TimetableChanged says that a round's sittings or papers changed.
	TimetableChanged = event.New[TimetableFact]("exam.timetable_changed")
	// SiteChanged says that a site was made, changed, halted, merged or moved.
	SiteChanged = event.New[SiteFact]("exam.site_changed")
	// PhaseChanged says that the current exam entered another phase, by the clock or by hand.
	PhaseChanged = event.New[PhaseFact]("exam.phase_changed")
	// ClockMoved says that what is shown of now (days to go, the sitting at hand, its stage, the sites
	// that are not open) is no longer what it was. It carries nothing: ask [Service.Now].
	ClockMoved = event.New[ExamFact]("exam.clock_moved")
)

// An ExamFact names an exam.
type ExamFact struct {
	Exam ID  `json:"exam"`
	Year int `json:"year"`
}

// A TimetableFact names what changed in the timetable; Sitting is "" when it is more than one.
type TimetableFact struct {
	Exam    ID        `json:"exam"`
	Year    int       `json:"year"`
	Round   RoundID   `json:"round,omitempty"`
	Sitting SittingID `json:"sitting,omitempty"`
}

// A SiteFact names a site and its state after the change.
type SiteFact struct {
	Exam   ID         `json:"exam"`
	Year   int        `json:"year"`
	Round  RoundID    `json:"round"`
	Site   SiteID     `json:"site"`
	Status SiteStatus `json:"status"`
}

// A PhaseFact tells from which phase to which.
type PhaseFact struct {
	Exam ID    `json:"exam"`
	Year int   `json:"year"`
	From Phase `json:"from"`
	To   Phase `json:"to"`
}
