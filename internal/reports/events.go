package reports

import (
	"bangvang/internal/base/event"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// What this capability announces. The facts name things by id; who hears of them asks for the rest.
var (
	// ReportMoved says that a site's report was received or took a step.
	ReportMoved = event.New[ReportFact]("reports.report_moved")
	// ConflictOpened says that two reports cannot both be right.
	ConflictOpened = event.New[ConflictFact]("reports.conflict_opened")
	// IncidentOpened says that a site told of an incident.
	IncidentOpened = event.New[IncidentFact]("reports.incident_opened")
	// SitesSilent says that it is time to remind, to call, or to tell the Council's chair.
	SitesSilent = event.New[SilentFact]("reports.sites_silent")
	// ProvinceDue says that no approved provincial report stands at its deadline (R-II.4-b).
	ProvinceDue = event.New[ProvinceFact]("reports.province_due")
	// FiguresApproved says that a version of a sitting's figures may be quoted.
	FiguresApproved = event.New[ProvinceFact]("reports.figures_approved")
	// FiguresOutdated says that a report in an approved version was corrected: Replaces names the
	// version whose texts must be marked, ID the one that waits for approval (V-18).
	FiguresOutdated = event.New[ProvinceFact]("reports.figures_outdated")
	// FiguresReplaced says that a later version was approved: texts that quote Replaces need an erratum.
	FiguresReplaced = event.New[ProvinceFact]("reports.figures_replaced")
	// FiguresSent and FiguresPublished say where a version went.
	FiguresSent      = event.New[ProvinceFact]("reports.figures_sent")
	FiguresPublished = event.New[ProvinceFact]("reports.figures_published")
)

// A ReportFact names a site's report and the step it took.
type ReportFact struct {
	ID      ReportID       `json:"id"`
	Sitting exam.SittingID `json:"sitting"`
	Site    exam.SiteID    `json:"site"`
	Part    rules.Part     `json:"part"`
	Do      string         `json:"do"` // the step, "submit", "accept"
	State   workflow.State `json:"state"`
}

// A ConflictFact names a conflict.
type ConflictFact struct {
	ID      ConflictID     `json:"id"`
	Sitting exam.SittingID `json:"sitting"`
	Site    exam.SiteID    `json:"site"`
	Part    rules.Part     `json:"part"`
}

// An IncidentFact names an incident. Urgent is one that goes up at once: severe, or about papers.
type IncidentFact struct {
	ID       IncidentID     `json:"id"`
	Sitting  exam.SittingID `json:"sitting"`
	Site     exam.SiteID    `json:"site"`
	Category string         `json:"category"`
	Severity string         `json:"severity"`
	Urgent   bool           `json:"urgent"`
}

// A SilentFact names the sites that had not reported when a timer fired; there is no fact when none
// was silent.
type SilentFact struct {
	Sitting exam.SittingID `json:"sitting"`
	Part    rules.Part     `json:"part"`
	Kind    TimerKind      `json:"kind"`
	DueAt   int64          `json:"dueAt"` // the sites' deadline, ms UTC
	Sites   []exam.SiteID  `json:"sites"`
}

// A ProvinceFact names a version of a sitting's figures.
type ProvinceFact struct {
	ID       ProvinceID     `json:"id,omitempty"`
	Exam     exam.ID        `json:"exam"`
	Sitting  exam.SittingID `json:"sitting"`
	Part     rules.Part     `json:"part"`
	Number   int            `json:"number,omitempty"`
	Replaces ProvinceID     `json:"replaces,omitempty"`
	// Changed are the figures that differ between Replaces and ID, in words: "Ngữ văn, có mặt: 238 → 237".
	Changed []string `json:"changed,omitempty"`
}
