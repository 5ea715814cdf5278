package exam

import (
	"context"
	"fmt"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
)

// Schedule registers the capability's periodic work with the runner.
func (s *Service) Schedule(r *jobs.Runner) {
	r.Every("exam.clock", 15*time.Second, s.Tick)
}

// Tick looks whether what was last said of now still holds and, when it does not, announces
// [ClockMoved] and [PhaseChanged]: at midnight ("còn … ngày"), when a sitting enters another stage,
// when the exam enters another phase. Run twice, the second finds nothing to do. The timetable's own
// pages do not wait for it: they know when they change ([Now.Until]).
//
// Source: R-I.2-a, R-II.1-f.
func (s *Service) Tick(ctx context.Context) error {
	ctx = access.System(ctx, "Hệ thống (đồng hồ kỳ thi)")
	e, err := s.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	shown, phase, err := readShown(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return err
	}
	now, err := nowOf(ctx, s.DB.Read(), e, s.Clock.Millis())
	if err != nil || now.shown() == shown && now.Phase == phase {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := currentExam(ctx, tx)
		if err != nil {
			return err
		}
		return s.announceClock(ctx, tx, e)
	})
}

// announceClock compares what was last shown of now with what holds at the transaction's time, and
// writes what a difference implies. An exam that is not current shows nothing of now.
func (s *Service) announceClock(ctx context.Context, tx *db.Tx, e Exam) error {
	if !e.Current {
		return nil
	}
	shown, phase, err := readShown(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	now, err := nowOf(ctx, tx, e, tx.Now())
	if err != nil || now.shown() == shown && now.Phase == phase {
		return err
	}
	if err := db.Exec1(ctx, tx, "UPDATE exam SET shown = $2, phase_shown = $3 WHERE id = $1", e.ID, now.shown(), now.Phase); err != nil {
		return err
	}
	if now.Phase != phase {
		if err := PhaseChanged.Emit(ctx, tx, PhaseFact{e.ID, e.Year, phase, now.Phase}); err != nil {
			return err
		}
		label := e.FullName() + ": " + now.Phase.Label()
		if err := write(ctx, tx, "exam.phase.enter", "exam", string(e.ID), label, e.OverrideNote, nil); err != nil {
			return err
		}
	}
	if err := s.touch(ctx, tx, KeyTimetable); err != nil {
		return err
	}
	return ClockMoved.Emit(ctx, tx, ExamFact{e.ID, e.Year})
}

func readShown(ctx context.Context, q db.Queryer, id ID) (shown string, phase Phase, err error) {
	err = q.QueryRowContext(ctx, "SELECT shown, phase_shown FROM exam WHERE id = $1", id).Scan(&shown, &phase)
	return shown, phase, err
}

// shown names everything that pages say of now, but the time itself: when it changes, they change.
func (n Now) shown() string {
	s := fmt.Sprintf("%s %d", n.Phase, n.DaysToGo)
	if n.Sitting != nil {
		s += fmt.Sprintf(" %s %s %d", n.Sitting.ID, n.Sitting.Moment.Stage, n.Sitting.Moment.Until)
	}
	if n.Next != nil {
		s += fmt.Sprintf(" %s %d", n.Next.ID, DaysUntil(n.At, n.Next.StartsAt()))
	}
	for _, site := range n.Changed {
		s += fmt.Sprintf(" %s %d %s", site.ID, site.Version, site.Successor)
	}
	return s
}

// Until gives the first instant after the one asked for at which what is shown of now changes by
// the clock alone, ms UTC: the end of a stage, a call-in, the next midnight in Vietnam.
func (n Now) Until() int64 {
	const day, zone = 86_400_000, 7 * 3_600_000
	next := ((n.At+zone)/day+1)*day - zone
	for _, m := range []*SittingMoment{n.Sitting, n.Next} {
		if m != nil && m.Moment.Until > n.At {
			next = min(next, m.Moment.Until)
		}
	}
	return next
}
