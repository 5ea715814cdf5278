package reports

import (
	"bangvang/internal/base/workflow"
	"bangvang/internal/reports/rules"
)

// The states of a received report (domain.md 6.5). Expected, drafting, late and locked are no steps
// that somebody takes: they follow from the timetable, from what the site's form says of itself, from
// the clock, and from the provincial version a report stands in.
const (
	StateSubmitted workflow.State = "submitted"
	StateConfirmed workflow.State = "confirmed"
	StateAccepted  workflow.State = "accepted"
	StateReturned  workflow.State = "returned"
	StateReplaced  workflow.State = "replaced"  // a later report of the same site stands in its place
	StateDuplicate workflow.State = "duplicate" // said the same as another
	StateDisputed  workflow.State = "disputed"  // says other than another, and nobody has decided
	StateSetAside  workflow.State = "set_aside" // decided against
)

// The states of a provincial report (domain.md 6.5). That it was published is a mark beside them: the
// public does not wait for the Ministry's receipt, nor the Ministry for the public page.
const (
	StateOpen        workflow.State = "open" // being computed; never seen outside a transaction
	StateComplete    workflow.State = "complete"
	StateProvisional workflow.State = "provisional"
	StateApproved    workflow.State = "approved"
	StateSent        workflow.State = "sent"
	StateReceived    workflow.State = "receipt_confirmed"
	StateRevised     workflow.State = "replaced" // a later version stands in its place (V-18)
)

// The names of what is moved, as history and audit lines say them.
const (
	kindReport   = "report"
	kindProvince = "report.province"
)

// typed are the ways a report is entered: who did one of them does not accept it.
var typed = []string{"submit", "dictate", "correct", "confirm_phone"}

// siteTable gives the steps of a part's reports. Attendance may go on the secretary's name alone, for
// speed; the close needs the head's word.
func siteTable(part rules.Part) workflow.Table {
	t := workflow.Table{
		Name: kindReport, SQL: "report_site", Start: StateSubmitted,
		States: map[workflow.State]string{
			StateSubmitted: "Đã gửi", StateConfirmed: "Trưởng điểm đã xác nhận", StateAccepted: "Đã tiếp nhận", StateReturned: "Đã trả lại",
			StateReplaced: "Đã có bản thay thế", StateDuplicate: "Trùng bản đã có", StateDisputed: "Khác bản đã có, chờ quyết định", StateSetAside: "Không dùng",
		},
		Steps: []workflow.Step{
			{From: StateSubmitted, Do: "confirm", Title: "Trưởng điểm xác nhận", To: StateConfirmed, Who: ActConfirm, Onward: true},
			{From: StateSubmitted, Do: "confirm_phone", Title: "Ghi Trưởng điểm xác nhận qua điện thoại", To: StateConfirmed, Who: ActDictate, NeedsNote: true},
			{From: StateSubmitted, Do: "duplicate", Title: "Ghi nhận trùng", To: StateDuplicate, Who: ActEnter},
			{From: StateSubmitted, Do: "dispute", Title: "Ghi nhận khác bản đã có", To: StateDisputed, Who: ActEnter},
			{From: StateConfirmed, Do: "accept", Title: "Tiếp nhận", To: StateAccepted, Who: ActAccept, Onward: true, NotBy: typed},
			{From: StateAccepted, Do: "return", Title: "Mở lại, trả về điểm thi", To: StateReturned, Who: ActAccept, NeedsNote: true},
			{From: StateAccepted, Do: "replace", Title: "Thay bằng bản mới", To: StateReplaced, Who: ActAccept},
			{From: StateDisputed, Do: "release", Title: "Dùng bản này", To: StateSubmitted, Who: ActAccept, NeedsNote: true},
			{From: StateDisputed, Do: "set_aside", Title: "Không dùng bản này", To: StateSetAside, Who: ActAccept, NeedsNote: true},
			{From: StateReturned, Do: "supersede", Title: "Gửi lại", To: StateReplaced, Who: ActEnter},
		},
	}
	if part == rules.Attendance {
		t.Steps = append(t.Steps, workflow.Step{From: StateSubmitted, Do: "accept", Title: "Tiếp nhận", To: StateAccepted, Who: ActAccept, Onward: true, NotBy: typed})
	}
	for _, from := range []workflow.State{StateSubmitted, StateConfirmed} {
		t.Steps = append(t.Steps,
			workflow.Step{From: from, Do: "return", Title: "Trả lại điểm thi", To: StateReturned, Who: ActAccept, NeedsNote: true},
			workflow.Step{From: from, Do: "supersede", Title: "Thay bằng bản sửa của điểm thi", To: StateReplaced, Who: ActEnter},
			workflow.Step{From: from, Do: "set_aside", Title: "Không dùng bản này", To: StateSetAside, Who: ActAccept, NeedsNote: true})
	}
	t.Steps = append(t.Steps, workflow.Step{From: StateReturned, Do: "set_aside", Title: "Không dùng bản này", To: StateSetAside, Who: ActAccept, NeedsNote: true})
	return t
}

// province is the way of a provincial report. Who compiled it does not approve it; who typed or
// accepted a site report of it neither, which Approve asks itself.
var province = workflow.Table{
	Name: kindProvince, SQL: "report_province", Start: StateOpen,
	States: map[workflow.State]string{
		StateOpen: "Đang tổng hợp", StateComplete: "Đủ điểm thi, chờ duyệt", StateProvisional: "Số liệu tạm thời, chờ duyệt", StateApproved: "Đã duyệt",
		StateSent: "Đã gửi", StateReceived: "Nơi nhận đã xác nhận", StateRevised: "Đã có bản thay thế",
	},
	Steps: append([]workflow.Step{
		{From: StateOpen, Do: "complete", Title: "Ghi đủ điểm thi", To: StateComplete, Who: ActCompile},
		{From: StateOpen, Do: "provisional", Title: "Ghi số liệu tạm thời", To: StateProvisional, Who: ActCompile},
		{From: StateComplete, Do: "recompile", Title: "Tổng hợp lại", To: StateOpen, Who: ActCompile},
		{From: StateProvisional, Do: "recompile", Title: "Tổng hợp lại", To: StateOpen, Who: ActCompile},
		{From: StateComplete, Do: "approve", Title: "Duyệt", To: StateApproved, Who: ActApprove, Onward: true, NotBy: compiled},
		{From: StateProvisional, Do: "approve_provisional", Title: "Duyệt là số liệu tạm thời", To: StateApproved, Who: ActApprove, Onward: true, NotBy: compiled},
		{From: StateApproved, Do: "send", Title: "Gửi Văn phòng Bộ", To: StateSent, Who: ActSend, Onward: true},
		{From: StateSent, Do: "receive", Title: "Xác nhận đã nhận", To: StateReceived, Who: ActReceive, Onward: true},
	}, standingSteps()...),
}

var compiled = []string{"compile", "recompile", "complete", "provisional"}

// standingSteps are what can happen to a version from its approval on, wherever it was sent.
func standingSteps() []workflow.Step {
	var steps []workflow.Step
	for _, from := range []workflow.State{StateApproved, StateSent, StateReceived} {
		steps = append(steps,
			workflow.Step{From: from, Do: "publish", Title: "Công bố", To: from, Who: ActPublish},
			workflow.Step{From: from, Do: "revise", Title: "Thay bằng bản sau", To: StateRevised, Who: ActApprove})
	}
	return steps
}

// SiteWorkflow gives the steps and states of a part's site reports, for pages and for the proof that
// nothing else is possible.
func SiteWorkflow(part rules.Part) workflow.Table { return siteTable(part) }

// ProvinceWorkflow gives those of provincial reports.
func ProvinceWorkflow() workflow.Table { return province }
