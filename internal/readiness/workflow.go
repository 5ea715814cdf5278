package readiness

import "bangvang/internal/base/workflow"

// The states of a report (domain.md 6.6). That it was rolled up and sent is said by the roll-ups that
// hold it.
const (
	StateDue       workflow.State = "due"
	StateDrafted   workflow.State = "drafted"
	StateSubmitted workflow.State = "submitted"
	StateReviewed  workflow.State = "reviewed"
	StateGapOpen   workflow.State = "gap_open"
	StateGapFixed  workflow.State = "gap_fixed"
	StateReady     workflow.State = "ready"
	StateNotReady  workflow.State = "not_ready"
)

// The states of a roll-up.
const (
	StateCompiled workflow.State = "compiled"
	StateApproved workflow.State = "approved"
	StateSent     workflow.State = "sent"
	StateReplaced workflow.State = "replaced"
)

// The states of a difficulty.
const (
	StateOpen     workflow.State = "open"
	StateAnswered workflow.State = "answered"
	StateClosed   workflow.State = "closed"
)

// The names of what is moved, as history and audit lines say them.
const (
	kindReport     = "readiness.report"
	kindRollUp     = "readiness.rollup"
	kindDifficulty = "readiness.difficulty"
	kindGap        = "readiness.gap"
)

// report is the way of a report: who filled it in does not send it, who reviewed it does not conclude.
var report = workflow.Table{
	Name: kindReport, SQL: "readiness_report", Start: StateDue,
	States: map[workflow.State]string{
		StateDue: "Chưa báo cáo", StateDrafted: "Đang lập", StateSubmitted: "Đã gửi, chờ xem xét", StateReviewed: "Đã xem xét", StateGapOpen: "Còn tồn tại",
		StateGapFixed: "Đã báo khắc phục", StateReady: "Sẵn sàng", StateNotReady: "Chưa sẵn sàng",
	},
	Steps: append([]workflow.Step{
		{From: StateDue, Do: "fill", Title: "Lập báo cáo", To: StateDrafted, Who: ActFill},
		{From: StateDrafted, Do: "fill", Title: "Sửa báo cáo", To: StateDrafted, Who: ActFill},
		{From: StateDrafted, Do: "submit", Title: "Duyệt và gửi Sở", To: StateSubmitted, Who: ActSubmit, Onward: true, NotBy: []string{"fill"}},
		{From: StateSubmitted, Do: "return", Title: "Trả lại đơn vị", To: StateDue, Who: ActReview, NeedsNote: true},
		{From: StateSubmitted, Do: "review", Title: "Ghi đã xem xét", To: StateReviewed, Who: ActReview, Onward: true},
		{From: StateSubmitted, Do: "find_gaps", Title: "Ghi đã xem xét, còn tồn tại", To: StateGapOpen, Who: ActReview, Onward: true},
		{From: StateGapOpen, Do: "fixed", Title: "Báo đã khắc phục", To: StateGapFixed, Who: ActFill},
		{From: StateNotReady, Do: "fixed", Title: "Báo đã khắc phục", To: StateGapFixed, Who: ActFill},
		{From: StateGapFixed, Do: "reopen_gap", Title: "Chưa khắc phục xong", To: StateGapOpen, Who: ActReview},
	}, judgedSteps()...),
}

// judgedSteps are what can happen to a report that was reviewed.
func judgedSteps() []workflow.Step {
	var steps []workflow.Step
	for _, from := range []workflow.State{StateReviewed, StateGapFixed, StateReady, StateNotReady} {
		steps = append(steps, workflow.Step{From: from, Do: "add_gap", Title: "Nêu tồn tại", To: StateGapOpen, Who: ActReview})
	}
	for _, from := range []workflow.State{StateSubmitted, StateGapOpen} {
		steps = append(steps, workflow.Step{From: from, Do: "add_gap", Title: "Nêu tồn tại", To: from, Who: ActReview})
	}
	for _, from := range []workflow.State{StateGapOpen, StateGapFixed, StateNotReady} {
		steps = append(steps, workflow.Step{From: from, Do: "clear", Title: "Hết tồn tại", To: StateReviewed, Who: ActReview})
	}
	for _, from := range []workflow.State{StateReviewed, StateGapOpen, StateGapFixed} {
		steps = append(steps,
			workflow.Step{From: from, Do: "ready", Title: "Kết luận: sẵn sàng", To: StateReady, Who: ActDecide, Onward: from == StateReviewed, NotBy: []string{"review", "find_gaps"}},
			workflow.Step{From: from, Do: "not_ready", Title: "Kết luận: chưa sẵn sàng", To: StateNotReady, Who: ActDecide, NeedsNote: true, NotBy: []string{"review", "find_gaps"}})
	}
	return steps
}

// rollUp is the way of a roll-up: who compiled it does not approve it.
var rollUp = workflow.Table{
	Name: kindRollUp, SQL: "readiness_rollup", Start: StateCompiled,
	States: map[workflow.State]string{StateCompiled: "Chờ duyệt", StateApproved: "Đã duyệt", StateSent: "Đã gửi", StateReplaced: "Đã có bản sau"},
	Steps: []workflow.Step{
		{From: StateCompiled, Do: "compile", Title: "Tổng hợp lại", To: StateCompiled, Who: ActReview},
		{From: StateCompiled, Do: "approve", Title: "Duyệt", To: StateApproved, Who: ActDecide, Onward: true, NotBy: []string{"compile"}},
		{From: StateApproved, Do: "send", Title: "Ghi đã gửi", To: StateSent, Who: ActSend, Onward: true},
		{From: StateApproved, Do: "replace", Title: "Thay bằng bản sau", To: StateReplaced, Who: ActDecide},
		{From: StateSent, Do: "replace", Title: "Thay bằng bản sau", To: StateReplaced, Who: ActDecide},
	},
}

// difficulty is the way of a difficulty: closed by who raised it, opened again when the answer does not
// help.
var difficulty = workflow.Table{
	Name: kindDifficulty, SQL: "readiness_difficulty", Start: StateOpen,
	States: map[workflow.State]string{StateOpen: "Chờ Sở trả lời", StateAnswered: "Đã trả lời", StateClosed: "Đã giải quyết"},
	Steps: []workflow.Step{
		{From: StateOpen, Do: "answer", Title: "Trả lời", To: StateAnswered, Who: ActAnswer, Onward: true},
		{From: StateAnswered, Do: "reopen", Title: "Vẫn còn vướng mắc", To: StateOpen, Who: ActRaise, NeedsNote: true},
		{From: StateAnswered, Do: "close", Title: "Đã giải quyết", To: StateClosed, Who: ActRaise, Onward: true},
		{From: StateOpen, Do: "withdraw", Title: "Không còn vướng mắc", To: StateClosed, Who: ActRaise, NeedsNote: true},
	},
}

// ReportWorkflow gives the steps and states of reports, for pages and for the proof that nothing else is
// possible.
func ReportWorkflow() workflow.Table { return report }

// RollUpWorkflow gives those of roll-ups.
func RollUpWorkflow() workflow.Table { return rollUp }

// DifficultyWorkflow gives those of difficulties.
func DifficultyWorkflow() workflow.Table { return difficulty }
