package portal

import (
	"context"
	"fmt"
	"time"

	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/exam/examweb"
)

// ExamFront tells the portal about the exam in the words of the front page.
type ExamFront struct{ Exams *exam.Service }

// Front gives the current exam as the front page shows it now.
//
// Source: R-I.2-a; design.md "Home by phase".
func (x ExamFront) Front(ctx context.Context, _ time.Time) (Front, bool, error) {
	n, err := x.Exams.Now(ctx)
	if fault.Is(err, fault.NotFound) {
		return Front{}, false, nil
	}
	if err != nil {
		return Front{}, false, err
	}
	return Front{Year: n.Exam.Year, Title: n.Exam.Title(), Name: n.Exam.FullName(), Phase: string(n.Phase),
		Now: examweb.Hero(n), Strips: examweb.Strips(n), Dates: examweb.Dates(n)}, true, nil
}

// Years gives the published exams, newest first.
func (x ExamFront) Years(ctx context.Context) ([]Year, error) {
	years, err := x.Exams.Years(ctx)
	if err != nil {
		return nil, err
	}
	var list []Year
	for _, y := range years {
		e, err := x.Exams.Archive(ctx, y)
		if err != nil {
			return nil, err
		}
		list = append(list, Year{Year: y, Title: e.Title(), Path: fmt.Sprintf("/ky-thi/%d", y), Now: e.Current, Over: e.OverAt(x.Exams.Clock.Millis())})
	}
	return list, nil
}
