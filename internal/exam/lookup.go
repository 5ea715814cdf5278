package exam

import (
	"context"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
)

// OfSitting gives the exam whose timetable has a sitting, as [Service.Exam] does.
func (s *Service) OfSitting(ctx context.Context, sitting SittingID) (Exam, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Exam{}, err
	}
	round, err := db.One(ctx, s.DB.Read(), scanID[RoundID], "SELECT round FROM exam_sitting WHERE id = $1", sitting)
	if err != nil {
		return Exam{}, err
	}
	return examOfRound(ctx, s.DB.Read(), round)
}

// SitesStamp gives a text that changes whenever a site of the round, its rooms or its roster do: who
// keeps what he read of a round asks by it, cheaply, whether it still holds.
func (s *Service) SitesStamp(ctx context.Context, round RoundID) (string, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return "", err
	}
	var sites, versions int64
	err := s.DB.Read().QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(SUM(version), 0) FROM exam_site WHERE round = $1", round).Scan(&sites, &versions)
	return fmt.Sprintf("%d/%d", sites, versions), err
}

// OfRound gives the exam that has a round, as [Service.Exam] does.
func (s *Service) OfRound(ctx context.Context, round RoundID) (Exam, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Exam{}, err
	}
	return examOfRound(ctx, s.DB.Read(), round)
}
