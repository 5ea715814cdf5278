package app

import (
	"context"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
	"bangvang/internal/reports/rules"
)

// reportsFor is how long after a sitting what is left of it still stands among the work of today.
const reportsFor = 3 * 24 * 3_600_000

// reportDesk tells the Council, the exam office, the Office and the leaders what waits for them of the
// sittings that have begun: the latest first, for its clock runs.
func (a *App) reportDesk(ctx context.Context) ([]Work, error) {
	if !a.Policy.Can(ctx, reports.ActBoard, access.Place{}) {
		return nil, nil
	}
	e, err := a.Exam.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	now := a.Clock.Millis()
	var work []Work
	for _, r := range e.Rounds {
		for _, x := range r.Sittings {
			if x.Kind != exam.Papers || !x.Held() || len(x.Slots) == 0 || now < x.StartsAt() || now > x.EndsAt()+reportsFor {
				continue
			}
			b, err := a.Reports.Board(ctx, x.ID)
			if err != nil {
				return nil, err
			}
			work = append(a.sittingWork(ctx, b), work...)
		}
	}
	return work, nil
}

// sittingWork is what a sitting has for the person of ctx to do, most urgent first.
func (a *App) sittingWork(ctx context.Context, b reports.Board) []Work {
	can := func(act access.Action) bool { return a.Policy.Can(ctx, act, access.Place{}) }
	title := reportsweb.SittingName(b.Sitting)
	var work []Work
	add := func(ok bool, what string, n int, text, path string, part rules.Part) {
		if ok && n > 0 {
			work = append(work, Work{Title: what + ": " + title, Text: text, Count: n, Due: b.Sitting.Day, Late: clock.Day(a.Clock.Now()) > b.Sitting.Day,
				Link: ui.Link{Href: reportsweb.At(path, b.Sitting.ID, part)}})
		}
	}
	urgent := 0
	for _, i := range b.Incidents {
		if i.Urgent() {
			urgent++
		}
	}
	add(can(reports.ActSettle) || can(reports.ActApprove), "Sự cố khẩn chưa xử lý xong", urgent, "Sự cố nghiêm trọng hoặc về đề thi.", reportsweb.IncidentsPath, rules.Attendance)
	add(can(reports.ActAccept), "Hai số liệu khác nhau", len(b.Conflicts), "Gọi điểm thi, chọn số đúng.", reportsweb.BasePath, rules.Attendance)
	for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
		s, name := b.Part(part), reportsweb.PartTitle(part)
		add(can(reports.ActAccept), "Điểm thi trễ báo cáo", s.Late, name+". Gọi theo danh sách.", reportsweb.SheetPath, part)
		add(can(reports.ActAccept), "Báo cáo chờ tiếp nhận", s.Ready, name+".", reportsweb.BasePath, part)
		waiting := 0
		if s.Pending != nil && s.Pending.CompiledBy != access.From(ctx).Person {
			waiting = 1
		}
		add(can(reports.ActApprove), "Số liệu chờ duyệt", waiting, name+fmt.Sprintf(". Xem bản %s rồi duyệt.", s.Figures.Coverage()), reportsweb.ProvincePath, part)
	}
	unsent := 0
	if v := b.Closing.Standing; v != nil && v.State == reports.StateApproved {
		unsent = 1
	}
	add(can(reports.ActSend), "Báo cáo đã duyệt, chưa gửi", unsent, "Gửi Văn phòng Bộ và các nơi nhận, rồi ghi đã gửi.", reportsweb.ProvincePath, rules.Closing)
	uncompiled := 0
	if b.Closing.Pending == nil && b.Closing.Standing == nil && b.Closing.Figures.Accepted > 0 {
		uncompiled = 1
	}
	add(can(reports.ActCompile), "Chưa tổng hợp báo cáo của tỉnh", uncompiled, "Đã có báo cáo kết thúc được tiếp nhận.", reportsweb.ProvincePath, rules.Closing)
	return work
}
