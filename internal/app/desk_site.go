package app

import (
	"context"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
	"bangvang/internal/reports/rules"
)

// siteDesk tells an exam site's people which reports of today's sittings, and of earlier ones, are still
// owed, the nearest deadline first.
func (a *App) siteDesk(ctx context.Context) ([]Work, error) {
	owed, err := a.Reports.Mine(ctx)
	if err != nil {
		return nil, err
	}
	today := clock.Day(a.Clock.Now())
	var work []Work
	for _, o := range owed {
		if o.Sitting.Day > today {
			break
		}
		for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
			cell := o.Cell(part)
			if w := cell.Waiting; part == rules.Closing && w != nil && w.State == reports.StateSubmitted && a.Policy.Can(ctx, reports.ActConfirm, access.Place{Site: string(o.Site.ID)}) {
				work = append(work, Work{Title: "Xác nhận báo cáo " + o.Sitting.Title(), Text: o.Site.Name + ", biên nhận " + w.Receipt + ": xem số liệu rồi xác nhận.", Due: o.Sitting.Day, Link: ui.Link{Href: reportsweb.SitePath}})
			}
			if cell.Progress.Heard() || cell.Progress == reports.NotDue {
				continue
			}
			w := Work{Title: fmt.Sprintf("Báo cáo %s: %s", o.Sitting.Title(), reportsweb.PartName(part)), Due: o.Sitting.Day, Link: ui.Link{Href: reportsweb.SitePath},
				Text: o.Site.Name + ", hạn gửi " + text.FormatDayTime(cell.DueAt)}
			if cell.Progress == reports.Returned {
				w.Text = "Hội đồng thi trả lại: " + cell.Back.Note
			}
			work = append(work, w)
		}
	}
	return work, nil
}
