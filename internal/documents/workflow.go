package documents

import "bangvang/internal/base/workflow"

// The states of domain.md 6.2. Amended, replaced by another document, and expired are no steps that
// somebody takes: they follow from relations and days (status.go).
const (
	StateRegistered workflow.State = "registered"
	StateClassified workflow.State = "classified"
	StatePosted     workflow.State = "posted"
	StateKept       workflow.State = "kept_internal"
	StateWithdrawn  workflow.State = "withdrawn"

	StateDrafting       workflow.State = "drafting"
	StateCheckedContent workflow.State = "checked_content"
	StateCheckedForm    workflow.State = "checked_form"
	StateSigned         workflow.State = "signed"
	StateNumbered       workflow.State = "numbered"
	StateIssued         workflow.State = "issued"
	StateCorrected      workflow.State = "corrected"
	StateReplaced       workflow.State = "replaced"
	StateRecalled       workflow.State = "recalled"
	StateArchived       workflow.State = "archived"
)

// inside are the states in which a document of our own is a draft: known to those who work on it alone.
var inside = map[workflow.State]bool{StateDrafting: true, StateCheckedContent: true, StateCheckedForm: true, StateSigned: true, StateNumbered: true}

// kindName is what history and audit lines call a document.
const kindName = "document"

// The exam office enters and classifies, the political office posts (R-III.1.b-1): nobody posts
// what they entered or classified themselves, nor, by the hands kept in store.go, what they edited.
var incoming = workflow.Table{
	Name: kindName, SQL: "document", Start: StateRegistered,
	States: map[workflow.State]string{
		StateRegistered: "Đã vào sổ", StateClassified: "Đã phân loại", StatePosted: "Đã đăng",
		StateKept: "Lưu nội bộ", StateWithdrawn: "Đã gỡ khỏi trang",
	},
	Steps: append([]workflow.Step{
		{From: StateRegistered, Do: "classify", Title: "Phân loại", To: StateClassified, Who: ActReview, Onward: true},
		{From: StateClassified, Do: "return", Title: "Trả lại nơi nhập", To: StateRegistered, Who: ActPost, NeedsNote: true},
		{From: StateClassified, Do: "reopen", Title: "Phân loại lại", To: StateRegistered, Who: ActReview, NeedsNote: true},
		{From: StateClassified, Do: "post", Title: "Đăng lên trang công khai", To: StatePosted, Who: ActPost, Onward: true, NotBy: []string{"enter", "classify"}},
		{From: StateClassified, Do: "keep", Title: "Lưu nội bộ", To: StateKept, Who: ActReview, Onward: true},
		{From: StateKept, Do: "reopen", Title: "Phân loại lại", To: StateRegistered, Who: ActReview, NeedsNote: true},
	}, publicSteps(StatePosted, StateWithdrawn, StatePosted)...),
}

// own is the way of the Department's own documents: content by the head of the drafting office,
// form by the Office, signature, number by the records clerk (domain.md 2.3, 4.5, 6.2).
var own = workflow.Table{
	Name: kindName, SQL: "document", Start: StateDrafting,
	States: map[workflow.State]string{
		StateDrafting: "Đang soạn", StateCheckedContent: "Đã duyệt nội dung", StateCheckedForm: "Đã kiểm tra thể thức", StateSigned: "Đã ký",
		StateNumbered: "Đã lấy số", StateIssued: "Đã phát hành", StatePosted: "Đã phát hành và đăng", StateWithdrawn: "Đã gỡ khỏi trang",
		StateCorrected: "Đã đính chính", StateReplaced: "Đã bị thay thế", StateRecalled: "Đã thu hồi", StateArchived: "Đã lưu trữ",
	},
	Steps: ownSteps(),
}

func ownSteps() []workflow.Step {
	steps := []workflow.Step{
		{From: StateDrafting, Do: "check_content", Title: "Duyệt nội dung", To: StateCheckedContent, Who: ActCheckContent, Onward: true, NotBy: []string{"enter"}},
		{From: StateCheckedContent, Do: "check_form", Title: "Xác nhận đúng thể thức", To: StateCheckedForm, Who: ActCheckForm, Onward: true, NotBy: []string{"enter"}},
		{From: StateCheckedContent, Do: "return", Title: "Trả lại người soạn", To: StateDrafting, Who: ActCheckForm, NeedsNote: true},
		{From: StateCheckedForm, Do: "sign", Title: "Ký", To: StateSigned, Who: ActSign, Onward: true, NotBy: []string{"enter"}},
		{From: StateCheckedForm, Do: "return", Title: "Trả lại người soạn", To: StateDrafting, Who: ActSign, NeedsNote: true},
		{From: StateSigned, Do: "number", Title: "Lấy số", To: StateNumbered, Who: ActNumber, Onward: true},
		{From: StateNumbered, Do: "issue", Title: "Phát hành", To: StateIssued, Who: ActNumber, Onward: true},
		{From: StateIssued, Do: "post", Title: "Đăng lên trang công khai", To: StatePosted, Who: ActPost, Onward: true, NotBy: []string{"enter"}},
	}
	steps = append(steps, publicSteps(StatePosted, StateWithdrawn, StatePosted)...)
	ended := []workflow.State{StateCorrected, StateReplaced, StateRecalled}
	for _, from := range []workflow.State{StateIssued, StatePosted} {
		steps = append(steps,
			workflow.Step{From: from, Do: "correct", Title: "Ghi nhận đính chính", To: StateCorrected, Who: ActEnd, NeedsNote: true},
			workflow.Step{From: from, Do: "replace", Title: "Ghi nhận bị thay thế", To: StateReplaced, Who: ActEnd, NeedsNote: true},
			workflow.Step{From: from, Do: "recall", Title: "Thu hồi văn bản", To: StateRecalled, Who: ActEnd, NeedsNote: true},
			workflow.Step{From: from, Do: "archive", Title: "Lưu trữ", To: StateArchived, Who: ActEnd})
	}
	for _, from := range ended {
		steps = append(steps, workflow.Step{From: from, Do: "archive", Title: "Lưu trữ", To: StateArchived, Who: ActEnd})
	}
	for _, state := range append(ended, StateArchived) { // the page outlives the paper (P-18)
		steps = append(steps, publicSteps(state, state, state)...)
	}
	return steps
}

// publicSteps are what the publisher does with a page that is up: update it, take it down, put it
// back. They change the state only where the state is about the page.
func publicSteps(up, down, again workflow.State) []workflow.Step {
	return []workflow.Step{
		{From: up, Do: "update", Title: "Đăng bản cập nhật", To: up, Who: ActPost, Onward: true},
		{From: up, Do: "withdraw", Title: "Gỡ khỏi trang công khai", To: down, Who: ActPost, NeedsNote: true},
		{From: down, Do: "restore", Title: "Đăng lại", To: again, Who: ActPost, NeedsNote: true},
	}
}

func tableOf(k Kind) workflow.Table {
	if k == Own {
		return own
	}
	return incoming
}

// Workflow gives the steps and states of a kind of document, for pages and for the proof that
// nothing else is possible.
func Workflow(k Kind) workflow.Table { return tableOf(k) }
