package exam

import (
	"context"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// A Publisher renders the public pages that a change touches, after the change is committed.
type Publisher interface {
	Touch(ctx context.Context, tx *db.Tx, source string, keys ...string) error
}

// Deps is what the service stands on. All are needed.
type Deps struct {
	DB        *db.DB
	Policy    *access.Policy
	Clock     *clock.Clock
	Publisher Publisher
}

// A Service holds the verbs. It is safe for use by many goroutines.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// Source is the name under which the public pages are registered with base/publish.
const Source = "exam"

// The keys of the public pages; a year's own key is made by [YearKey], a site's by [SiteKey].
const (
	KeyTimetable = "lich-thi"
	KeySites     = "diem-thi"
	KeyNews      = "diem-moi"
)

// YearKey gives the key of one of an exam's pages under its own year: YearKey(2021, KeySites).
func YearKey(year int, key string) string { return fmt.Sprintf("%d/%s", year, key) }

// SiteKey gives the key of a site's page in the current exam's part, by its slug.
func SiteKey(slug string) string { return KeySites + "/" + slug }

// Exams lists every exam, the latest year first, drafts included.
//
// It returns fault.NotFound to who may not read the office's exams.
func (s *Service) Exams(ctx context.Context) ([]Exam, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	ids, err := db.All(ctx, s.DB.Read(), scanID[ID], "SELECT id FROM exam ORDER BY year DESC")
	if err != nil {
		return nil, err
	}
	exams := make([]Exam, 0, len(ids))
	for _, id := range ids {
		e, err := readExam(ctx, s.DB.Read(), id)
		if err != nil {
			return nil, err
		}
		exams = append(exams, e)
	}
	return exams, nil
}

// Exam gives an exam whole, also one that is not public yet.
//
// It returns fault.NotFound when there is none, or the actor may not read the office's exams.
func (s *Service) Exam(ctx context.Context, id ID) (Exam, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Exam{}, err
	}
	return readExam(ctx, s.DB.Read(), id)
}

// ExamOf gives the exam of a year, as [Service.Exam] does.
func (s *Service) ExamOf(ctx context.Context, year int) (Exam, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Exam{}, err
	}
	id, err := db.One(ctx, s.DB.Read(), scanID[ID], "SELECT id FROM exam WHERE year = $1", year)
	if err != nil {
		return Exam{}, err
	}
	return readExam(ctx, s.DB.Read(), id)
}

func scanID[T ~string](s db.Scanner) (id T, err error) { return id, s.Scan(&id) }

// Current gives the exam whose section is the portal's front. Anyone may ask: it is public.
// fault.NotFound when no exam is current yet.
func (s *Service) Current(ctx context.Context) (Exam, error) {
	return currentExam(ctx, s.DB.Read())
}

func currentExam(ctx context.Context, q db.Queryer) (Exam, error) {
	id, err := db.One(ctx, q, scanID[ID], "SELECT id FROM exam WHERE is_current")
	if err != nil {
		return Exam{}, err
	}
	return readExam(ctx, q, id)
}

// Archive gives the public exam of a year, for ever. fault.NotFound for a year without one and for
// one still prepared.
//
// Source: R-II.1-a; P-18.
func (s *Service) Archive(ctx context.Context, year int) (Exam, error) {
	id, err := db.One(ctx, s.DB.Read(), scanID[ID], "SELECT id FROM exam WHERE year = $1 AND is_public", year)
	if err != nil {
		return Exam{}, err
	}
	return readExam(ctx, s.DB.Read(), id)
}

// Years gives the years of the public exams, the latest first.
func (s *Service) Years(ctx context.Context) ([]int, error) {
	return db.All(ctx, s.DB.Read(), func(s db.Scanner) (y int, err error) { return y, s.Scan(&y) },
		"SELECT year FROM exam WHERE is_public ORDER BY year DESC")
}

// Now is what the current exam is doing at an instant.
type Now struct {
	Exam    Exam
	Phase   Phase
	At      int64          // the instant asked for, ms UTC
	Sitting *SittingMoment // the sitting going on; nil when there is none
	Next    *SittingMoment // the next one to come; nil after the last
	Papers  *SittingMoment // the next one to come with papers; nil after the last
	// DaysToGo counts calendar days in Vietnam until Papers; -1 when there is none.
	DaysToGo int
	// Changed are the sites that are not open, of the rounds that are not over. Only [Service.Now] and
	// [Service.NowOf] know them; [Exam.NowAt] leaves them out.
	Changed []ChangedSite
}

// A ChangedSite is a site that candidates do not find as they were told.
type ChangedSite struct {
	Site             // without what is internal
	Successor string // the name of the site its candidates go to; "" when they go nowhere else
}

// Now tells what the current exam is doing. Anyone may ask: it is public. fault.NotFound when no
// exam is current.
//
// Source: R-I.2-a, R-II.1-f.
func (s *Service) Now(ctx context.Context) (Now, error) {
	e, err := s.Current(ctx)
	if err != nil {
		return Now{}, err
	}
	return s.NowOf(ctx, e)
}

// NowOf tells what a public exam is doing, as [Service.Now] does of the current one. fault.NotFound
// for an exam that is not public.
func (s *Service) NowOf(ctx context.Context, e Exam) (Now, error) {
	if !e.Public {
		return Now{}, fault.New(fault.NotFound, "Kỳ thi này chưa công khai.")
	}
	return nowOf(ctx, s.DB.Read(), e, s.Clock.Millis())
}

func nowOf(ctx context.Context, q db.Queryer, e Exam, at int64) (Now, error) {
	n := e.NowAt(at)
	for _, r := range e.Rounds {
		if _, until := r.Span(); until <= at {
			continue
		}
		sites, err := readSites(ctx, q, r.ID)
		if err != nil {
			return n, err
		}
		names := map[SiteID]string{}
		for _, site := range sites {
			names[site.ID] = site.Name
		}
		for _, site := range sites {
			if site.Status != Open {
				site.HeadName, site.HeadPhone = "", ""
				n.Changed = append(n.Changed, ChangedSite{site, names[site.Successor]})
			}
		}
	}
	return n, nil
}

// NowAt tells what the exam is doing at now, ms UTC.
func (e Exam) NowAt(now int64) Now {
	n := Now{Exam: e, Phase: e.PhaseAt(now), At: now, DaysToGo: -1}
	for _, m := range e.Schedule(now) {
		switch {
		case m.Moment.Stage.Running() && n.Sitting == nil:
			n.Sitting = &m
		case m.Moment.Stage == Ahead:
			if n.Next == nil {
				n.Next = &m
			}
			if n.Papers == nil && m.Kind == Papers {
				n.Papers, n.DaysToGo = &m, DaysUntil(now, m.StartsAt())
			}
		}
	}
	return n
}

// touched gives the keys of the pages that show something of the exam: under its year, and the
// front ones when it is the current exam. A draft has no pages.
func (e Exam) touched(keys ...string) []string {
	var all []string
	if !e.Public {
		return all
	}
	for _, k := range keys {
		all = append(all, YearKey(e.Year, k))
		if e.Current {
			all = append(all, k)
		}
	}
	return all
}

func (s *Service) touch(ctx context.Context, tx *db.Tx, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	return s.Publisher.Touch(ctx, tx, Source, keys...)
}

func write(ctx context.Context, tx *db.Tx, act, kind string, id, label, note string, data map[string]string) error {
	return audit.Write(ctx, tx, audit.Entry{Action: act, Kind: kind, ID: id, Label: label, Note: note, Data: data})
}
