package app

import (
	"context"
	"fmt"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/ministry"
	"bangvang/internal/reports"
)

// ministryDesk tells the Office, the Council's chair, the clerk and the Ministry's reader what the link
// with the Ministry's Office waits for.
//
// Source: R-II.4-b, R-II.4-c.
func (a *App) ministryDesk(ctx context.Context) ([]Work, error) {
	if !a.Policy.Anywhere(ctx, ministry.ActReadSent) && !a.Policy.Anywhere(ctx, ministry.ActRequestRead) {
		return nil, nil
	}
	e, err := a.Exam.Current(program(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var work []Work
	for _, part := range []func(context.Context, exam.Exam) ([]Work, error){a.owedWork, a.paperWork, a.requestWork} {
		more, err := part(ctx, e)
		if err != nil {
			return nil, err
		}
		work = append(work, more...)
	}
	return work, nil
}

// program gives a context in which the program reads what a desk is about.
func program(ctx context.Context) context.Context { return access.System(ctx, "Việc hôm nay") }

// owedWork is what is late or can be made now.
func (a *App) owedWork(ctx context.Context, e exam.Exam) ([]Work, error) {
	office, chair := a.Policy.Can(ctx, ministry.ActSend, access.Place{}), a.Policy.Can(ctx, reports.ActApprove, access.Place{})
	if !office && !chair {
		return nil, nil
	}
	owed, err := a.Ministry.Owed(ctx, e)
	if err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	var late, ready, wrong int
	var lateText, due string
	for _, d := range owed {
		day := clock.Day(clock.FromMillis(d.DueAt))
		switch {
		case d.Late && now.Sub(clock.FromMillis(d.DueAt)) < 30*24*time.Hour:
			if late++; lateText == "" {
				lateText, due = fmt.Sprintf("%s, %s: hạn %s, chưa gửi.", d.Kind.Label(), d.Title, text.FormatDayTime(d.DueAt)), day
			}
		case d.Stands != nil && d.Stands.OutdatedBy != "" && d.Paper == d.Stands:
			wrong++
		case d.Paper == nil && d.Open && d.Figures > 0:
			ready++
		}
	}
	link := ui.Link{Href: ministry.BasePath}
	var work []Work
	if late > 0 {
		work = append(work, Work{Title: "Báo cáo gửi Văn phòng Bộ bị chậm", Text: lateText, Count: late, Due: due, Late: true, Link: link})
	}
	if office && ready > 0 {
		work = append(work, Work{Title: "Số liệu đã duyệt, chờ lập báo cáo gửi Bộ", Text: "Mỗi buổi thi một báo cáo.", Count: ready, Due: clock.Day(now), Link: link})
	}
	if office && wrong > 0 {
		work = append(work, Work{Title: "Báo cáo có số liệu đã được đính chính", Text: "Lập báo cáo thay thế và gửi đến từng nơi đã nhận bản cũ.", Count: wrong, Due: clock.Day(now), Link: link})
	}
	return work, nil
}

// paperWork is what papers wait for, on the way to a receipt.
func (a *App) paperWork(ctx context.Context, e exam.Exam) ([]Work, error) {
	if !a.Policy.Anywhere(ctx, ministry.ActReadSent) {
		return nil, nil
	}
	waiting, err := a.Ministry.Waiting(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	link := ui.Link{Href: ministry.BasePath}
	today := clock.Day(a.Clock.Now())
	var work []Work
	add := func(act access.Action, n int, title, said string) {
		if n > 0 && a.Policy.Can(ctx, act, access.Place{}) {
			work = append(work, Work{Title: title, Text: said, Count: n, Due: today, Link: link})
		}
	}
	add(ministry.ActSend, waiting.Undelivered, "Nơi nhận chưa nhận được báo cáo", "Thư bị từ chối hoặc không gửi được; sửa địa chỉ hoặc gửi cách khác.")
	add(ministry.ActIssue, waiting.Numbered, "Báo cáo gửi Bộ chờ bản ký", "Đã có số: tải bản có số để ký, rồi tải bản ký lên.")
	add(ministry.ActSend, waiting.Issued, "Báo cáo đã phát hành, chờ gửi", "Bấm “Gửi báo cáo” trên trang báo cáo.")
	add(ministry.ActSend, waiting.Planned, "Nơi nhận chờ gửi cách khác", "Gửi rồi ghi lại trên trang báo cáo.")
	add(ministry.ActSend, waiting.Errata, "Nơi nhận chưa được báo đính chính", "Đã có báo cáo với số liệu cũ.")
	if !a.Policy.Can(ctx, ministry.ActSend, access.Place{}) { // the Ministry's reader
		add(ministry.ActReceive, waiting.Unconfirmed, "Báo cáo chờ xác nhận đã nhận", "Mở báo cáo, bấm “Xác nhận đã nhận”.")
	}
	return work, nil
}

// requestWork is what the Ministry's Office asked and nobody answered.
func (a *App) requestWork(ctx context.Context, e exam.Exam) ([]Work, error) {
	if !a.Policy.Anywhere(ctx, ministry.ActRequestRead) {
		return nil, nil
	}
	all, err := a.Ministry.Requests(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	now := a.Clock.Millis()
	office := a.Policy.Can(ctx, ministry.ActRequest, access.Place{})
	var overdue, open, advice int
	var first string
	for _, r := range all {
		switch {
		case office && r.Overdue(now):
			overdue++
		case office && !r.Done() && r.State != ministry.RequestAssigned:
			open++
		case r.State == ministry.RequestAssigned && a.Ministry.Asked(ctx, r):
			advice++
		default:
			continue
		}
		if r.DueAt > 0 {
			if day := clock.Day(clock.FromMillis(r.DueAt)); first == "" || day < first {
				first = day
			}
		}
	}
	link := ui.Link{Href: ministry.BasePath + "/yeu-cau"}
	var work []Work
	if overdue > 0 {
		work = append(work, Work{Title: "Yêu cầu của Văn phòng Bộ quá hạn trả lời", Text: "Trả lời rồi ghi lại giờ và cách trả lời.", Count: overdue, Due: first, Late: true, Link: link})
	}
	if open > 0 {
		work = append(work, Work{Title: "Yêu cầu của Văn phòng Bộ chờ trả lời", Count: open, Due: first, Link: link})
	}
	if advice > 0 {
		work = append(work, Work{Title: "Yêu cầu của Văn phòng Bộ chờ tham mưu", Text: "Văn phòng giao đơn vị bạn góp ý kiến.", Count: advice, Due: first, Link: link})
	}
	return work, nil
}
