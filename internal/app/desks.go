package app

import (
	"context"
	"net/url"

	"bangvang/internal/base/access"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
)

// desks are what each capability has for a person to do today.
func (a *App) desks() []Desk { return []Desk{a.documentDesk, a.operatorDesk} }

// A turn is a state in which documents wait for who may do the action.
type turn struct {
	kind  documents.Kind
	state workflow.State
	act   access.Action
	title string
	text  string
}

var turns = []turn{
	{documents.Incoming, documents.StateRegistered, documents.ActReview, "Văn bản đến chờ phân loại", "Xem có liên quan kỳ thi không, công khai hay nội bộ."},
	{documents.Incoming, documents.StateClassified, documents.ActPost, "Văn bản chờ đăng", "Đã phân loại; kiểm tra rồi đăng lên trang công khai."},
	{documents.Own, documents.StateDrafting, documents.ActCheckContent, "Dự thảo chờ duyệt nội dung", "Do đơn vị soạn, chờ người phụ trách duyệt."},
	{documents.Own, documents.StateCheckedContent, documents.ActCheckForm, "Dự thảo chờ kiểm tra thể thức", "Nội dung đã được duyệt."},
	{documents.Own, documents.StateCheckedForm, documents.ActSign, "Văn bản chờ ký", "Đã duyệt nội dung và thể thức."},
	{documents.Own, documents.StateSigned, documents.ActNumber, "Văn bản chờ lấy số", "Đã ký, chờ văn thư lấy số và phát hành."},
	{documents.Own, documents.StateNumbered, documents.ActNumber, "Văn bản chờ phát hành", "Đã có số."},
	{documents.Own, documents.StateIssued, documents.ActPost, "Văn bản của Sở chờ đăng", "Đã phát hành."},
}

// documentDesk counts the documents that wait for this person's next step.
func (a *App) documentDesk(ctx context.Context) ([]Work, error) {
	var work []Work
	for _, t := range turns {
		if !a.Policy.Anywhere(ctx, t.act) {
			continue
		}
		found, err := a.Documents.List(ctx, documents.Filter{Kind: t.kind, State: t.state})
		if err != nil {
			return nil, err
		}
		if found.Total > 0 {
			query := url.Values{"so": {string(t.kind)}, "buoc": {string(t.state)}}
			work = append(work, Work{Title: t.title, Text: t.text, Count: found.Total, Link: ui.Link{Href: "/quan-tri/van-ban?" + query.Encode()}})
		}
	}
	return work, nil
}

// operatorDesk tells who looks after the program what failed for good.
func (a *App) operatorDesk(ctx context.Context) ([]Work, error) {
	if !a.Policy.Can(ctx, ActOperate, access.Place{}) {
		return nil, nil
	}
	_, _, failed, err := jobs.Counts(ctx, a.DB.Read(), a.Clock.Millis())
	if err != nil || failed == 0 {
		return nil, err
	}
	return []Work{{Title: "Việc nền đã hỏng", Text: "Xem lỗi, xử lý nguyên nhân rồi bấm “Chạy lại”.", Count: failed, Link: ui.Link{Href: jobsPath}}}, nil
}
