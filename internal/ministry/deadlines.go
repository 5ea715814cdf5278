package ministry

import (
	"context"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// A Due is one report that is owed to the Ministry's Office: what it is about, by when, and where it
// stands. What is owed and what is late follows from the timetable, the deadlines and the papers.
type Due struct {
	About
	Exam    exam.ID
	Title   string // "Ngữ văn, buổi sáng 7/7/2021"
	Open    bool   // it can be made already: the sitting, or the round, has ended
	DueAt   int64  // ms UTC
	Figures int    // number of the version that stands; 0 = nothing is approved
	Paper   *Paper // the one that is being made, else the one that stands; nil when there is none
	Stands  *Paper // issued, sent or received; nil when there is none
	Late    bool   // due and not sent
}

// every is how often the clock is looked at.
const every = 10 * time.Second

// Schedule registers the capability's work with the runner.
func (s *Service) Schedule(r *jobs.Runner) {
	r.Handle(mailJob, s.deliver)
	r.Every("ministry.deadlines", every, s.Tick)
}

// Owed gives the reports that an exam owes, in order of time.
//
// Source: R-II.4-b; domain.md 2.5, 3.7.
func (s *Service) Owed(ctx context.Context, e exam.Exam) ([]Due, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	return s.owed(program(ctx), e)
}

func (s *Service) owed(ctx context.Context, e exam.Exam) ([]Due, error) {
	all, err := papersOf(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Millis()
	var owed []Due
	add := func(d Due) {
		for i := range all {
			p := &all[i]
			if p.About != d.About {
				continue
			}
			switch p.State {
			case StateDraft, StateSubmitted:
				d.Paper = p
			case StateIssued, StateSent, StateReceived:
				d.Stands = p
			}
		}
		if d.Paper == nil {
			d.Paper = d.Stands
		}
		d.Late = now >= d.DueAt && (d.Stands == nil || d.Stands.SentAt == 0)
		owed = append(owed, d)
	}
	for _, r := range e.Rounds {
		for _, x := range r.Sittings {
			if x.Kind != exam.Papers || !x.Held() {
				continue
			}
			settings, err := s.Figures.SettingsOf(ctx, e.ID, x.ID)
			if err != nil {
				return nil, err
			}
			d := Due{About: About{Quick, r.ID, x.ID}, Exam: e.ID, Title: sittingTitle(x), Open: now >= x.EndsAt(), DueAt: settings.ProvinceDueAt(x)}
			v, err := s.Figures.Approved(ctx, x.ID, rules.Closing)
			if err == nil {
				d.Figures = v.Number
			} else if !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			add(d)
		}
		settings, err := s.Figures.SettingsOf(ctx, e.ID, "")
		if err != nil {
			return nil, err
		}
		if due := settings.FinalDueAt(r); due > 0 {
			_, until := r.Span()
			add(Due{About: About{Final, r.ID, ""}, Exam: e.ID, Title: "Kết thúc coi thi " + r.Name, Open: now >= until, DueAt: due})
		}
	}
	return owed, nil
}

// stale is how long after its time an alarm is still given, when the program stood still meanwhile.
const stale = 24 * time.Hour

// Tick does what the clock asks for: it says once that a report is late, whoever of several nodes comes
// first, and finishes what was cut off between a paper's record and the reports'.
//
// Source: R-II.4-b; domain.md 3.7.
func (s *Service) Tick(ctx context.Context) error {
	ctx = program(ctx)
	e, err := s.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if now := s.Clock.Millis(); len(e.Rounds) == 0 || now > e.EndsAt()+30*stale.Milliseconds() {
		return nil
	}
	owed, err := s.owed(ctx, e)
	if err != nil {
		return err
	}
	for _, d := range owed {
		if d.Late && s.Clock.Millis() < d.DueAt+stale.Milliseconds() {
			if err := s.alarm(ctx, d); err != nil {
				return err
			}
		}
		if d.Stands != nil && d.Stands.SentAt > 0 {
			if err := s.tellReports(ctx, d.Stands.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// alarm says once that a report is late.
func (s *Service) alarm(ctx context.Context, d Due) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "INSERT INTO ministry_alarm (kind, round, sitting, due_at, fired_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, round, sitting) DO NOTHING",
			string(d.Kind), string(d.Round), string(d.Sitting), d.DueAt, tx.Now())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		fact := PaperFact{Exam: d.Exam, Kind: d.Kind, Round: d.Round, Sitting: d.Sitting}
		if d.Paper != nil {
			fact.ID = d.Paper.ID
		}
		if err := audit.Write(ctx, tx, audit.Entry{Action: "ministry.late", Kind: kindPaper, ID: string(d.Round) + string(d.Sitting), Label: d.Kind.Label() + " " + d.Title}); err != nil {
			return err
		}
		return PaperLate.Emit(ctx, tx, fact)
	})
}
