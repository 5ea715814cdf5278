package ministry

import (
	"context"

	"bangvang/internal/base/access"
	"bangvang/internal/exam"
)

// A Waiting counts what the papers of an exam wait for.
type Waiting struct {
	Numbered    int // papers with a number and without the signed file
	Issued      int // issued papers that nobody has sent
	Planned     int // recipients to be reached another way than by mail
	Undelivered int // recipients whose mail was refused or given up
	Unconfirmed int // papers sent and not confirmed by the one they are addressed to
	Errata      int // recipients of outdated papers who have not been told
}

// Waiting gives the counts, for the first office page.
func (s *Service) Waiting(ctx context.Context, e exam.ID) (w Waiting, err error) {
	if err := s.Policy.Check(ctx, ActReadSent, access.Place{}); err != nil {
		return w, err
	}
	all, err := papersOf(ctx, s.DB.Read(), e)
	if err != nil {
		return w, err
	}
	standing := map[PaperID]bool{}
	for _, p := range all {
		switch p.State {
		case StateSubmitted:
			content, err := s.numbered(ctx, p)
			if err != nil {
				return w, err
			}
			if content != nil {
				w.Numbered++
			}
		case StateIssued, StateSent:
			standing[p.ID] = true
			if p.State == StateSent && p.OutdatedBy == "" {
				w.Unconfirmed++
			}
		case StateReceived:
			standing[p.ID] = true
		}
	}
	deliveries, err := deliveriesIn(ctx, s.DB.Read(), e)
	if err != nil {
		return w, err
	}
	touched := map[PaperID]bool{}
	for _, d := range deliveries {
		touched[d.Paper] = true
		if !standing[d.Paper] {
			continue
		}
		switch d.State {
		case Planned:
			w.Planned++
		case Bounces, Failed:
			w.Undelivered++
		}
	}
	for _, p := range all {
		if p.State == StateIssued && p.OutdatedBy == "" && !touched[p.ID] {
			w.Issued++
		}
	}
	w.Errata, err = openErrata(ctx, s.DB.Read(), e)
	return w, err
}
