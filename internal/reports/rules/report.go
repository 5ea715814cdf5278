// Package rules judges what an exam site reports of a sitting: the same verdict on the server and in the
// form that the site's computer fills offline.
//
// The rules V-01 … V-22 that concern one site's report are written once, as data (rules.json), in a small
// expression language with two interpreters: this package and rules.js. A Report is judged against a
// Basis, which is everything the rules look at besides the report itself: the roster, the sitting's
// times, what the site said before. The package knows neither database nor web; a Report and a Basis
// travel as JSON between page and server.
//
// Source: domain.md 3.5, 3.6.
package rules

// A Part says which of a sitting's two reports it is.
type Part int

// The parts of a site's report (domain.md 2.5).
const (
	Attendance Part = 1 // after late arrivals are closed
	Closing    Part = 2 // after the papers are collected and sealed
)

// A Report is what a site says of one sitting. Counts are as typed: a field that could not be read as a
// number never becomes one (see Count).
type Report struct {
	ID      string `json:"id"` // made by the sender once, ≤ 64 letters, digits, "-"; sending is idempotent by it
	Site    string `json:"site"`
	Sitting string `json:"sitting"`
	Part    Part   `json:"part"`
	Form    string `json:"form,omitempty"` // version of the form it was filled in

	// NotHeld is the reason the sitting was not held at this site; then there are no lines (V-20).
	NotHeld string `json:"notHeld,omitempty"`
	Lines   []Line `json:"lines,omitempty"` // ordered as Basis.Lines

	Staff     []StaffViolation `json:"staff,omitempty"`
	Incidents []Incident       `json:"incidents,omitempty"`
	// NoIncident is the sentence "không có sự cố", ticked by who reports (V-15).
	NoIncident bool `json:"noIncident,omitempty"`

	StartedAt string `json:"startedAt,omitempty"` // when the papers really began, "07:35" in Vietnam; "" as planned
	Reporter  string `json:"reporter,omitempty"`  // who filled it in
	Head      string `json:"head,omitempty"`      // the site head who confirms it
	Witness   string `json:"witness,omitempty"`   // the deputy for premises, who saw the computer used [TT15 Điều 10.3]
	OnlineAt  string `json:"onlineAt,omitempty"`  // when the computer was connected, "10:05"
	OfflineAt string `json:"offlineAt,omitempty"` // and disconnected again
	Note      string `json:"note,omitempty"`

	// Reasons are what was typed for warnings, by Finding.Key.
	Reasons map[string]string `json:"reasons,omitempty"`
	// FilledAt is the sender's own clock, ms UTC. It is kept and never used to judge anything.
	FilledAt int64 `json:"filledAt,omitempty"`
}

// A Line holds one line's counts: one paper, or one component of a combined paper.
type Line struct {
	Key        string `json:"key"` // exam.LineKey as text
	Registered Count  `json:"registered"`
	Present    Count  `json:"present"`
	Absent     Count  `json:"absent"`
	// Why counts the absent by reason; the codes are Basis.AbsenceReasons.
	Why    map[string]Count `json:"why,omitempty"`
	Rooms  Count            `json:"rooms"`
	Sheets *Count           `json:"sheets,omitempty"` // collected answer sheets, when counted

	// Candidates who broke the rules, each counted once by the heaviest measure [TT15 Điều 54].
	Reprimanded Count `json:"reprimanded"`
	Warned      Count `json:"warned"`
	Suspended   Count `json:"suspended"`
}

// A StaffViolation counts staff who broke the rules, by kind [TT15 Điều 53].
type StaffViolation struct {
	Kind  string `json:"kind"` // a code of Basis.StaffKinds
	Count Count  `json:"count"`
	Note  string `json:"note,omitempty"`
}

// An Incident (sự cố) is something that went wrong at the site.
type Incident struct {
	Category string `json:"category"` // a code of Basis.IncidentCategories
	Severity string `json:"severity"` // "minor", "major", "severe" (nghiêm trọng)
	At       string `json:"at"`       // "08:10"
	What     string `json:"what"`
	Action   string `json:"action"`
	Open     bool   `json:"open"` // not settled yet
}

// A Basis is what a report is judged against. The server makes it and sends it with the form.
type Basis struct {
	Site    string  `json:"site"`
	Sitting string  `json:"sitting"`
	Held    bool    `json:"held"`             // the sitting is held at all, and belongs to the site's scheme and round (V-21)
	StartAt int64   `json:"startAt"`          // first papers begin, ms UTC
	EndAt   int64   `json:"endAt"`            // last papers end, ms UTC
	Now     int64   `json:"now"`              // the server's time when it judges, or its best estimate offline, ms UTC
	Lines   []Base  `json:"lines"`            // in the order of writing
	RoomMax int     `json:"roomMax"`          // candidates in a room at most (V-07)
	Rise    int     `json:"rise,omitempty"`   // x of V-12 in per mille
	Groups  []Group `json:"groups,omitempty"` // combined papers (V-10)

	// Before are the site's accepted lines of earlier sittings of the round, by sitting, oldest first.
	Before []Earlier `json:"before,omitempty"`
	// First are the lines of this site's part 1 of the same sitting, when there is one (V-09).
	First []Line `json:"first,omitempty"`
	// SevereOpen is how many severe incidents of the site are open beside those in the report (V-15).
	SevereOpen int `json:"severeOpen,omitempty"`
	// Records is how many suspended candidates are on record with their numbers; -1: none are kept (V-22).
	Records int `json:"records"`
	// Authority: who enters may differ from the roster with a reason (V-04).
	Authority bool `json:"authority,omitempty"`
	// Phone: the report is dictated, so no computer was connected and nobody saw it used.
	Phone bool `json:"phone,omitempty"`

	AbsenceReasons     []Word `json:"absenceReasons"`
	StaffKinds         []Word `json:"staffKinds"`
	IncidentCategories []Word `json:"incidentCategories"`
}

// A Base is a line as the roster has it.
type Base struct {
	Key         string `json:"key"`
	Name        string `json:"name"`
	Registered  int    `json:"registered"`
	Continuing  int    `json:"continuing"`            // of them continuing-education candidates (GDTX)
	GeneralOnly bool   `json:"generalOnly,omitempty"` // no such candidate stands on it (V-11)
	Group       string `json:"group,omitempty"`       // the combined paper it belongs to
}

// A Group is a combined paper as a whole.
type Group struct {
	Key        string `json:"key"`
	Name       string `json:"name"`
	Registered int    `json:"registered"`
	Continuing int    `json:"continuing,omitempty"` // of them continuing-education candidates (V-11)
}

// An Earlier is what the site said of an earlier sitting.
type Earlier struct {
	Sitting string `json:"sitting"`
	Name    string `json:"name"`
	Lines   []Line `json:"lines"`
}

// A Word pairs a code with what a person reads.
type Word struct {
	Code string `json:"code"`
	Name string `json:"name"`
}
