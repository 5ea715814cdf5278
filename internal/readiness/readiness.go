// Package readiness knows how ready units and exam sites are before the exam, and what stands in their
// way.
//
// The exam office keeps a checklist for each kind of unit ([Service.SetTemplate]) and opens a dated
// point at which all report ([Service.OpenCall]). A unit answers item by item (fill.go): met, not met,
// does not apply, with evidence; its head sends it. What is not met is a gap; the exam office reviews,
// finds further gaps, sees them fixed, and somebody else of it concludes (review.go). The province's
// roll-up (rollup.go) is frozen, approved and sent. A unit tells what it cannot solve by itself as a
// difficulty, to which the Department owes an answer (difficulty.go).
//
// What it promises: who owes a report follows from the units and sites and never from what was sent, so
// that no roll-up can hide who was silent; nobody is called ready over an open critical gap; a gap is
// closed by who reviews and not by who says it is fixed; who approves has not entered; one unit reads
// nothing of another.
//
// It is a capability of its own beside package reports: what it holds is due from units at dated points
// and counts conditions, that one from sites by sittings and counts candidates, and neither reads the
// other's rows. Start reading at [Service], then workflow.go. The office pages are in package
// readinessweb.
//
// Source: domain.md 2.3, 2.4, 6.6; R-I.2-b, R-II.4-a, R-III.2-5.
package readiness

import (
	"context"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
)

// CallID, ReportID and so on tell the ids of this capability apart.
type (
	CallID       string
	ReportID     string
	GapID        string
	FileID       string
	RollUpID     string
	DifficultyID string
)

// KindSite is the kind of exam sites among the kinds of units.
const KindSite = "site"

// A Unit is what the readiness asks to know of a unit.
type Unit struct {
	ID       string
	Kind     string // "school", "centre" …
	Name     string
	Locality string
	Path     []string // the unit and its ancestors
}

// Units is what the readiness asks about units.
type Units interface {
	// Units gives the units there are on a day.
	Units(ctx context.Context, day string) ([]Unit, error)
	// KindName gives a kind's Vietnamese words.
	KindName(ctx context.Context, kind string) (string, error)
}

// Exams is what the readiness asks about the exam and its sites.
type Exams interface {
	Exam(ctx context.Context, id exam.ID) (exam.Exam, error)
	Current(ctx context.Context) (exam.Exam, error)
	Sites(ctx context.Context, round exam.RoundID) ([]exam.Site, error)
}

// A Subject is a unit or site that owes a report.
type Subject struct {
	ID       string `json:"id"` // "unit:ID" or "site:ID"
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Locality string `json:"locality"`

	place access.Place
}

// Deps is what the service stands on. All are needed.
type Deps struct {
	DB       *db.DB
	Policy   *access.Policy
	Clock    *clock.Clock
	Units    Units
	Exams    Exams
	Files    blob.Store
	Examiner Examiner
	MaxFile  int64 // bytes of a piece of evidence
}

// A Service has the verbs of this capability. It is safe for use by many goroutines.
type Service struct {
	Deps
	steps workflow.Engine
}

// New gives the service.
func New(d Deps) *Service { return &Service{Deps: d, steps: workflow.Engine{Policy: d.Policy}} }

// program acts as the program itself: who owes a report follows from sites that the actor may not read.
func program(ctx context.Context) context.Context {
	return access.System(ctx, "Hệ thống (báo cáo chuẩn bị)")
}

// subjects gives who may owe reports of an exam: units of the kinds, and the sites of a round, by
// locality and name.
func (s *Service) subjects(ctx context.Context, round exam.RoundID, kinds []string) ([]Subject, error) {
	units, err := s.Units.Units(program(ctx), clock.Day(s.Clock.Now()))
	if err != nil {
		return nil, err
	}
	var all []Subject
	for _, u := range units {
		if slices.Contains(kinds, u.Kind) {
			all = append(all, Subject{"unit:" + u.ID, u.Kind, u.Name, u.Locality, access.Place{Units: u.Path}})
		}
	}
	if slices.Contains(kinds, KindSite) && round != "" {
		sites, err := s.Exams.Sites(program(ctx), round)
		if err != nil {
			return nil, err
		}
		for _, x := range sites {
			if x.Status == exam.Open {
				all = append(all, Subject{"site:" + string(x.ID), KindSite, x.Code + " " + x.Name, x.LocalityName, access.Place{Site: string(x.ID)}})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Subject) int {
		return strings.Compare(text.SortKey(a.Locality)+"\x00"+text.SortKey(a.Name), text.SortKey(b.Locality)+"\x00"+text.SortKey(b.Name))
	})
	return all, nil
}

// subject finds one of those who owe a report of a call.
func (s *Service) subject(ctx context.Context, c Call, id string) (Subject, error) {
	all, err := s.subjects(ctx, c.Round, c.Kinds())
	if err != nil {
		return Subject{}, err
	}
	i := slices.IndexFunc(all, func(x Subject) bool { return x.ID == id })
	if i < 0 {
		return Subject{}, fault.New(fault.NotFound, "Đơn vị này không thuộc đợt báo cáo.")
	}
	return all[i], nil
}

// wrong collects what is wrong with fields.
type wrong []fault.Field

func (w *wrong) say(field, message string) {
	*w = append(*w, fault.Field{Name: field, Message: message})
}

// words checks typed lines and gives them clean.
func (w *wrong) words(field, typed, message string, limit int, required bool) string {
	s := text.CleanLines(typed)
	if s == "" && required || len([]rune(s)) > limit {
		w.say(field, message)
	}
	return s
}
