package readiness

import (
	"bangvang/internal/base/event"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
)

// What this capability announces.
var (
	// CallOpened says that units owe a report from now on.
	CallOpened = event.New[CallFact]("readiness.call_opened")
	// ReportMoved says that a unit's report took a step.
	ReportMoved = event.New[ReportFact]("readiness.report_moved")
	// RollUpSent says that the province's roll-up went up.
	RollUpSent = event.New[RollUpFact]("readiness.rollup_sent")
	// DifficultyMoved says that a difficulty was raised, answered, opened again or closed.
	DifficultyMoved = event.New[DifficultyFact]("readiness.difficulty_moved")
)

// A CallFact names a point.
type CallFact struct {
	ID   CallID  `json:"id"`
	Exam exam.ID `json:"exam"`
}

// A ReportFact names a report and the step it took.
type ReportFact struct {
	ID      ReportID       `json:"id"`
	Call    CallID         `json:"call"`
	Subject string         `json:"subject"`
	Do      string         `json:"do"`
	State   workflow.State `json:"state"`
}

// A RollUpFact names a roll-up.
type RollUpFact struct {
	ID   RollUpID `json:"id"`
	Call CallID   `json:"call"`
}

// A DifficultyFact names a difficulty and the step it took.
type DifficultyFact struct {
	ID    DifficultyID   `json:"id"`
	Do    string         `json:"do"`
	State workflow.State `json:"state"`
}
