package reports

import (
	"context"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/event"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// TimerKind says what the clock does about a deadline.
type TimerKind string

// The kinds (domain.md 3.7).
const (
	Remind      TimerKind = "remind"   // before the deadline, to the site and the Council's duty
	SheetBefore TimerKind = "sheet"    // shortly before it: the call sheet
	SheetDue    TimerKind = "due"      // at it: the Council's secretary telephones
	TellChair   TimerKind = "chair"    // after it: the Council's chair
	ProvinceLag TimerKind = "province" // at the provincial report's own deadline
)

// A Timer is one thing the clock does once.
type Timer struct {
	Sitting exam.SittingID
	Part    rules.Part // 0 for the provincial report
	Kind    TimerKind
	DueAt   int64 // when it fires, ms UTC
}

// every is how often the clock is looked at; reports are late by minutes.
const every = 5 * time.Second

// stale is how long after its time a timer still fires, when the program stood still meanwhile.
const stale = 24 * time.Hour

// Schedule registers the capability's periodic work with the runner.
func (s *Service) Schedule(r *jobs.Runner) { r.Every("reports.timers", every, s.FireTimers) }

// Subscribe redraws the boards of a round when the exam changes one of its sites, and the public pages
// when it changes what they say of a sitting.
func (s *Service) Subscribe(b *event.Bus) {
	s.subscribePages(b)
	exam.SiteChanged.On(b, "reports.board", func(ctx context.Context, f exam.SiteFact) error {
		e, err := s.Exams.OfRound(program(ctx), f.Round)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		r, _ := e.Round(f.Round)
		for _, x := range r.Sittings {
			if err := s.write(ctx, x.ID, func(context.Context, *db.Tx) error { return nil }); err != nil {
				return err
			}
		}
		return nil
	})
}

// FireTimers does what the deadlines of the current exam ask for now. Each thing is done once: its row
// and its fact are one transaction, whoever of several nodes comes first; what a stopped program missed
// is done when it is back.
//
// Source: domain.md 3.7; R-II.4-b.
func (s *Service) FireTimers(ctx context.Context) error {
	ctx = access.System(ctx, "Hệ thống (hẹn giờ báo cáo)")
	e, err := s.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := s.Clock.Millis()
	for _, r := range e.Rounds {
		for _, x := range r.Sittings {
			if x.Kind != exam.Papers || !x.Held() || x.StartsAt() > now || x.EndsAt()+2*stale.Milliseconds() < now {
				continue
			}
			if err := s.fireSitting(ctx, e, x.ID, now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) fireSitting(ctx context.Context, e exam.Exam, sitting exam.SittingID, now int64) error {
	settings, err := readSettings(ctx, s.DB.Read(), e.ID, sitting)
	if err != nil {
		return err
	}
	x, _, _ := e.Sitting(sitting)
	fired, err := firedIn(ctx, s.DB.Read(), sitting)
	if err != nil {
		return err
	}
	var sc *scene
	for _, t := range settings.timers(x) {
		if t.DueAt > now || t.DueAt+stale.Milliseconds() < now || fired[t] {
			continue
		}
		if sc == nil {
			found, err := s.sceneOf(ctx, e, sitting)
			if err != nil {
				return err
			}
			sc = &found
		}
		if err := s.fire(ctx, *sc, t); err != nil {
			return err
		}
	}
	return nil
}

// timers gives what the clock does about a sitting, in order of time.
func (s Settings) timers(x exam.Sitting) []Timer {
	var all []Timer
	minute := func(n int) int64 { return int64(n) * 60_000 }
	for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
		due := s.DueAt(x, part)
		all = append(all, Timer{x.ID, part, Remind, due - minute(s.Remind)}, Timer{x.ID, part, SheetBefore, due - minute(s.Sheet)},
			Timer{x.ID, part, SheetDue, due}, Timer{x.ID, part, TellChair, due + minute(s.Chair)})
	}
	return append(all, Timer{x.ID, 0, ProvinceLag, s.ProvinceDueAt(x)})
}

func (s *Service) fire(ctx context.Context, sc scene, t Timer) error {
	return s.write(ctx, t.Sitting, func(ctx context.Context, tx *db.Tx) error {
		first, err := fire(ctx, tx, t)
		if err != nil || !first {
			return err
		}
		if t.Kind == ProvinceLag {
			_, err := standingVersion(ctx, tx, t.Sitting, rules.Closing)
			if !fault.Is(err, fault.NotFound) {
				return err
			}
			return ProvinceDue.Emit(ctx, tx, ProvinceFact{Exam: sc.exam.ID, Sitting: t.Sitting, Part: rules.Closing})
		}
		heard, err := heardIn(ctx, tx, t.Sitting, t.Part)
		if err != nil {
			return err
		}
		fact := SilentFact{Sitting: t.Sitting, Part: t.Part, Kind: t.Kind, DueAt: sc.settings.DueAt(sc.sitting, t.Part)}
		for _, d := range sc.duties() {
			if d.Due && !heard[d.Site.ID] {
				fact.Sites = append(fact.Sites, d.Site.ID)
			}
		}
		if len(fact.Sites) == 0 {
			return nil
		}
		if err := setSilent(ctx, tx, t, len(fact.Sites)); err != nil {
			return err
		}
		return SitesSilent.Emit(ctx, tx, fact)
	})
}
