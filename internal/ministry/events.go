package ministry

import (
	"bangvang/internal/base/event"
	"bangvang/internal/exam"
)

// What this capability announces. The facts name things by id; who hears of them asks for the rest.
var (
	// PaperSent says that a report is with the Ministry's Office.
	PaperSent = event.New[PaperFact]("ministry.paper_sent")
	// PaperLate says that a report was due and is not sent (R-II.4-b).
	PaperLate = event.New[PaperFact]("ministry.paper_late")
	// PaperOutdated says that figures in a report were corrected (V-18).
	PaperOutdated = event.New[PaperFact]("ministry.paper_outdated")
	// DeliveryFailed says that a mail was refused for good or given up.
	DeliveryFailed = event.New[DeliveryFact]("ministry.delivery_failed")
)

// A PaperFact names a report by what it is about. ID is empty when there is none yet.
type PaperFact struct {
	ID      PaperID        `json:"id,omitempty"`
	Exam    exam.ID        `json:"exam"`
	Kind    Kind           `json:"kind"`
	Round   exam.RoundID   `json:"round"`
	Sitting exam.SittingID `json:"sitting,omitempty"`
}

// A DeliveryFact names a delivery.
type DeliveryFact struct {
	Paper    PaperID    `json:"paper"`
	Delivery DeliveryID `json:"delivery"`
}
