package app

import (
	"context"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/documents/documentsweb"
	"bangvang/internal/readiness"
	"bangvang/internal/readiness/readinessweb"
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
)

// desks are what each capability has for a person to do today.
func (a *App) desks() []Desk {
	return []Desk{a.siteDesk, a.reportDesk, a.publishDesk, a.ministryDesk, a.readinessDesk, a.documentDesk, a.operatorDesk}
}

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

// publishDesk counts the approved figures that could be public and are not.
func (a *App) publishDesk(ctx context.Context) ([]Work, error) {
	if !a.Policy.Can(ctx, reports.ActPublish, access.Place{}) {
		return nil, nil
	}
	e, err := a.Exam.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := a.Reports.Publications(ctx, e)
	n := 0
	for _, p := range all {
		if p.NotYet == "" {
			n += len(p.Ready)
		}
	}
	if err != nil || n == 0 {
		return nil, err
	}
	return []Work{{Title: "Số liệu buổi thi chờ công bố", Text: "Đã duyệt; xem rồi công bố lên trang “Tình hình các buổi thi”.", Count: n, Link: ui.Link{Href: reportsweb.PublishPath}}}, nil
}

// readinessDesk tells a unit what it owes, the Department what waits for an answer, and the exam office
// what waits for its eye.
func (a *App) readinessDesk(ctx context.Context) ([]Work, error) {
	work, err := a.ownReadiness(ctx)
	if err != nil {
		return nil, err
	}
	if a.Policy.Can(ctx, readiness.ActAnswer, access.Place{}) {
		open, err := a.Readiness.Difficulties(ctx, readiness.StateOpen)
		if err != nil {
			return nil, err
		}
		if len(open) > 0 {
			w := Work{Title: "Vướng mắc chờ Sở trả lời", Text: "Của các đơn vị và điểm thi.", Count: len(open), Link: ui.Link{Href: readinessweb.DifficultiesPath + "?buoc=open"}}
			for _, d := range open {
				if w.Due == "" || d.DueOn < w.Due {
					w.Due = d.DueOn
				}
			}
			work = append(work, w)
		}
	}
	if !a.Policy.Can(ctx, readiness.ActReview, access.Place{}) {
		return work, nil
	}
	e, err := a.Exam.Current(ctx)
	if err != nil {
		return work, ignoreMissing(err)
	}
	r, err := a.Readiness.RollUp(ctx, e.ID)
	if err != nil {
		return work, ignoreMissing(err)
	}
	for _, x := range []struct {
		n           int
		title, text string
		state       string
	}{
		{r.Count(readiness.StateSubmitted), "Báo cáo chuẩn bị chờ xem xét", "Đơn vị đã gửi.", string(readiness.StateSubmitted)},
		{r.Count(readiness.StateGapFixed), "Tồn tại chờ xác nhận đã khắc phục", "Đơn vị báo đã khắc phục xong.", string(readiness.StateGapFixed)},
		{r.Count(readiness.StateReviewed), "Báo cáo chuẩn bị chờ kết luận", "Đã xem xét, không còn tồn tại.", string(readiness.StateReviewed)},
	} {
		if x.n > 0 {
			work = append(work, Work{Title: x.title, Text: x.text, Count: x.n, Link: ui.Link{Href: readinessweb.BasePath + "?buoc=" + x.state}})
		}
	}
	if n := len(r.Silent); n > 0 && a.Clock.Millis() > r.DueAt {
		work = append(work, Work{Title: "Đơn vị quá hạn báo cáo chuẩn bị", Text: "Đôn đốc; tổng hợp nêu tên các đơn vị này.", Count: n, Due: clock.Day(clock.FromMillis(r.DueAt)),
			Link: ui.Link{Href: readinessweb.BasePath + "?buoc=chua-gui"}})
	}
	return work, nil
}

// ownReadiness is what a unit or site owes of its preparation.
func (a *App) ownReadiness(ctx context.Context) ([]Work, error) {
	mine, err := a.Readiness.Mine(ctx)
	if err != nil {
		return nil, err
	}
	var work []Work
	for _, d := range mine {
		w := Work{Title: d.Call.Title + ": " + d.Name, Link: ui.Link{Href: readinessweb.BasePath}}
		switch {
		case d.OpenGaps > 0 && d.Sent:
			w.Text, w.Count = "Tồn tại chờ khắc phục.", d.OpenGaps
		case !d.Sent:
			w.Text, w.Due = fmt.Sprintf("Đã trả lời %d trên %d mục; thủ trưởng duyệt và gửi.", d.Answered, d.Items), clock.Day(clock.FromMillis(d.Call.DueAt))
		default:
			continue
		}
		work = append(work, w)
	}
	return work, nil
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
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
