package ministry

import "bangvang/internal/base/workflow"

// The states of a paper. That it is numbered is a state of its document in the register, not of the
// paper; that its figures were corrected is a mark beside its state, because it was sent all the same.
const (
	StateDraft     workflow.State = "draft"
	StateSubmitted workflow.State = "submitted" // in the register: to be checked, signed, numbered there
	StateIssued    workflow.State = "issued"    // the signed file came back
	StateSent      workflow.State = "sent"      // to the one it is addressed to
	StateReceived  workflow.State = "received"
	StateReplaced  workflow.State = "replaced" // a later paper was issued in its place (V-18)
	StateDropped   workflow.State = "dropped"  // given up before it was issued
)

// The states of a request.
const (
	RequestOpen     workflow.State = "open"
	RequestAssigned workflow.State = "assigned"
	RequestAdvised  workflow.State = "advised"
	RequestAnswered workflow.State = "answered"
	RequestClosed   workflow.State = "closed" // needs no answer
)

const (
	kindPaper   = "ministry.paper"
	kindRequest = "ministry.request"
)

// papers is the way of a paper (domain.md 6.5: approved → sent → receipt_confirmed → resent).
var papers = workflow.Table{
	Name: kindPaper, SQL: "ministry_paper", Start: StateDraft,
	States: map[workflow.State]string{
		StateDraft: "Đang soạn", StateSubmitted: "Đã trình ký", StateIssued: "Đã phát hành, chưa gửi", StateSent: "Đã gửi",
		StateReceived: "Nơi nhận đã xác nhận", StateReplaced: "Đã có báo cáo thay thế", StateDropped: "Đã bỏ",
	},
	Steps: []workflow.Step{
		{From: StateDraft, Do: "submit", Title: "Trình ký", To: StateSubmitted, Who: ActSend, Onward: true},
		{From: StateSubmitted, Do: "take_back", Title: "Lấy lại để sửa", To: StateDraft, Who: ActSend},
		{From: StateSubmitted, Do: "issue", Title: "Tải bản ký lên, phát hành", To: StateIssued, Who: ActIssue, Onward: true},
		{From: StateIssued, Do: "deliver", Title: "Ghi đã gửi", To: StateSent, Who: ActSend, Onward: true},
		{From: StateSent, Do: "receive", Title: "Xác nhận đã nhận", To: StateReceived, Who: ActReceive, Onward: true},
		{From: StateDraft, Do: "drop", Title: "Bỏ dự thảo", To: StateDropped, Who: ActSend, NeedsNote: true},
		{From: StateSubmitted, Do: "drop", Title: "Bỏ dự thảo", To: StateDropped, Who: ActSend, NeedsNote: true},
		{From: StateIssued, Do: "replace", Title: "Thay bằng báo cáo mới", To: StateReplaced, Who: ActIssue},
		{From: StateSent, Do: "replace", Title: "Thay bằng báo cáo mới", To: StateReplaced, Who: ActIssue},
		{From: StateReceived, Do: "replace", Title: "Thay bằng báo cáo mới", To: StateReplaced, Who: ActIssue},
	},
}

// requests is the way of what the Ministry's Office asks.
var requests = workflow.Table{
	Name: kindRequest, SQL: "ministry_request", Start: RequestOpen,
	States: map[workflow.State]string{
		RequestOpen: "Mới nhận", RequestAssigned: "Đã giao tham mưu", RequestAdvised: "Đã có ý kiến tham mưu", RequestAnswered: "Đã trả lời", RequestClosed: "Không cần trả lời",
	},
	Steps: func() []workflow.Step {
		steps := []workflow.Step{
			{From: RequestAssigned, Do: "advise", Title: "Gửi ý kiến tham mưu", To: RequestAdvised, Who: ActAdvise, Onward: true},
			{From: RequestClosed, Do: "reopen", Title: "Mở lại", To: RequestOpen, Who: ActRequest, NeedsNote: true},
			{From: RequestAnswered, Do: "reopen", Title: "Mở lại", To: RequestOpen, Who: ActRequest, NeedsNote: true},
		}
		for _, from := range []workflow.State{RequestOpen, RequestAssigned, RequestAdvised} {
			steps = append(steps,
				workflow.Step{From: from, Do: "answer", Title: "Ghi đã trả lời", To: RequestAnswered, Who: ActRequest, Onward: from != RequestAssigned},
				workflow.Step{From: from, Do: "assign", Title: "Giao tham mưu", To: RequestAssigned, Who: ActRequest},
				workflow.Step{From: from, Do: "close", Title: "Không cần trả lời", To: RequestClosed, Who: ActRequest, NeedsNote: true})
		}
		return steps
	}(),
}

// PaperWorkflow gives the steps and states of papers, for pages and for the proof that nothing else is
// possible.
func PaperWorkflow() workflow.Table { return papers }

// RequestWorkflow gives those of requests.
func RequestWorkflow() workflow.Table { return requests }
