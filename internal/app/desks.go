package app

import (
	"context"

	"bangvang/internal/base/access"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/documents/documentsweb"
)

// desks are what each capability has for a person to do today.
func (a *App) desks() []Desk { return []Desk{a.siteDesk, a.documentDesk, a.operatorDesk} }

// A turn is a step that documents wait for, and who may take it.
type turn struct {
	act   access.Action
	which documents.Filter
	title string
	text  string
}

// turns are in the order of urgency: an edit that waits means that readers still see what the
// office knows to be wrong.
var turns = []turn{
	{documents.ActPost, documents.Filter{Edited: true, Others: true}, "Bản sửa chờ đăng", "Người đọc còn thấy bản cũ; xem những gì đã đổi rồi đăng bản cập nhật."},
	{documents.ActPost, documents.Filter{Kind: documents.Incoming, State: documents.StateClassified, Class: documents.Public, Others: true}, "Văn bản chờ đăng", "Đã phân loại công khai; kiểm tra rồi đăng lên trang công khai."},
	{documents.ActPost, documents.Filter{Kind: documents.Own, State: documents.StateIssued, Class: documents.Public, Others: true}, "Văn bản của Sở chờ đăng", "Đã phát hành."},
	{documents.ActReview, documents.Filter{Kind: documents.Incoming, State: documents.StateRegistered}, "Văn bản đến chờ phân loại", "Xem có liên quan kỳ thi không, công khai hay nội bộ."},
	{documents.ActReview, documents.Filter{Kind: documents.Incoming, State: documents.StateClassified, Class: documents.Internal}, "Văn bản nội bộ chờ lưu", "Đã phân loại nội bộ."},
	{documents.ActSign, documents.Filter{Kind: documents.Own, State: documents.StateCheckedForm}, "Văn bản chờ ký", "Đã duyệt nội dung và thể thức."},
	{documents.ActNumber, documents.Filter{Kind: documents.Own, State: documents.StateNumbered}, "Văn bản chờ phát hành", "Đã có số."},
	{documents.ActNumber, documents.Filter{Kind: documents.Own, State: documents.StateSigned}, "Văn bản chờ lấy số", "Đã ký, chờ văn thư lấy số và phát hành."},
	{documents.ActCheckForm, documents.Filter{Kind: documents.Own, State: documents.StateCheckedContent}, "Dự thảo chờ kiểm tra thể thức", "Nội dung đã được duyệt."},
	{documents.ActCheckContent, documents.Filter{Kind: documents.Own, State: documents.StateDrafting}, "Dự thảo chờ duyệt nội dung", "Do đơn vị soạn, chờ người phụ trách duyệt."},
}

// documentDesk counts the documents that wait for this person's next step, with the day the first
// of them is due.
func (a *App) documentDesk(ctx context.Context) ([]Work, error) {
	var work []Work
	for _, t := range turns {
		if !a.Policy.Anywhere(ctx, t.act) {
			continue
		}
		found, err := a.Documents.List(ctx, t.which)
		if err != nil {
			return nil, err
		}
		if found.Total == 0 {
			continue
		}
		due, err := a.Documents.FirstDue(ctx, t.which)
		if err != nil {
			return nil, err
		}
		work = append(work, Work{Title: t.title, Text: t.text, Count: found.Total, Due: due, Link: ui.Link{Href: documentsweb.ListPath(t.which)}})
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
