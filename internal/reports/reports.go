// Package reports collects what every exam site says of every sitting and makes of it the province's
// exact figures.
//
// A report is due from a site for each part of each sitting that its roster has candidates for; which
// are due, and since when they are late, is derived from the timetable, the sites and the rosters
// ([Service.Expected]) and never typed in. The site sends it ([Service.Submit]), or reads it out over
// the telephone ([Service.Dictate]); the site's head confirms it, the Council's secretary accepts or
// returns it (desk.go); the province's figures are sums over accepted reports and nothing else
// ([Service.Figures]), frozen in versions that a chair approves (rollup.go).
//
// What it promises: sending is idempotent by the sender's id and never ends in an error that strands a
// sender whose figures are sound; nothing that was sent is lost or changed, two reports that cannot
// both be right are both kept for a person to decide; there are never two accepted reports for one
// site, sitting and part; missing is never zero; no total holds a report that nobody accepted; who
// approves has entered nothing of it; time is the server's; one site never learns of another's.
//
// What is judged is judged by package rules, which the site's form uses too. Start reading at
// [Service], then submit.go and desk.go. The office pages are in package reportsweb.
//
// Source: domain.md 2.3–2.5, 3.5–3.7, 6.5; R-II.4-b, R-III.2-6.
package reports

import (
	"context"
	"sync"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// ReportID, ProvinceID, ConflictID, IncidentID and CallID tell the ids of this capability apart.
type (
	ReportID   string
	ProvinceID string
	ConflictID string
	IncidentID string
	CallID     string
)

// A Slot names what can be due: one part of one sitting from one site.
type Slot struct {
	Sitting exam.SittingID
	Site    exam.SiteID
	Part    rules.Part
}

// A Channel is the way a report came.
type Channel string

// The channels.
const (
	Web   Channel = "web"   // the site's form, also one filled offline
	API   Channel = "api"   // the machine interface
	Phone Channel = "phone" // dictated and read back
	Desk  Channel = "desk"  // corrected by the Council
)

// Label gives the channel's Vietnamese words.
func (c Channel) Label() string {
	return map[Channel]string{Web: "Trang của điểm thi", API: "Giao diện máy", Phone: "Điện thoại", Desk: "Hội đồng thi sửa"}[c]
}

// A Report is one report as it was received, with what became of it. What was said never changes.
type Report struct {
	ID      ReportID
	State   workflow.State
	Version int
	Exam    exam.ID
	Round   exam.RoundID
	Slot
	Edition int // the how manyth report of its slot, from 1
	Said    rules.Report

	Channel     Channel
	EnteredBy   string // the person
	EnteredName string
	Behalf      bool  // typed by the Council for the site
	ReceivedAt  int64 // server's time, ms UTC: what lateness is judged by
	Receipt     string
	Amends      ReportID // the report it is to take the place of; may be ""
	DuplicateOf ReportID
	Warnings    []rules.Finding // with the reasons in Said.Reasons
	SevereOpen  bool            // it tells of a severe incident that is not settled

	DictatedBy string // who spoke and in which post, "Trưởng điểm Nguyễn Văn A"
	DictatedAt int64  // when the call was, ms UTC
	ReadBack   bool

	ConfirmedBy  string // the site's head, by name; may be ""
	ConfirmedAt  int64
	AcceptedBy   string // the person
	AcceptedName string
	AcceptedAt   int64
	Locked       ProvinceID // the approved provincial version it stands in; "" = not locked
	Note         string     // why it was returned, corrected or set aside

	contentHash, figuresHash string
	aside                    bool // of a report about to be kept: it does not wait itself
}

// Units is what the reports ask about units: an incident may be opened by who answers for the school.
type Units interface {
	// Path gives a unit and its ancestors, the unit first; empty when there is no such unit.
	Path(ctx context.Context, unit string) ([]string, error)
}

// Deps is what the service stands on. All are needed but Publisher, without which nothing is drawn for
// the public.
type Deps struct {
	DB     *db.DB
	Policy *access.Policy
	Clock  *clock.Clock
	Exams  *exam.Service
	Units  Units
	Secret []byte // of the installation, the same on every node: receipts follow from it

	Publisher Publisher
}

// A Service has the verbs of this capability. It is safe for use by many goroutines.
type Service struct {
	Deps
	steps  workflow.Engine
	rounds roundCache
	watch  watchers

	following sync.Once
}

// New gives the service.
func New(d Deps) *Service {
	return &Service{Deps: d, steps: workflow.Engine{Policy: d.Policy}}
}
