package readiness

import (
	"context"
	"slices"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
)

// Days until the Department owes the answer to a difficulty, urgent or not.
const (
	urgentDays = 1
	usualDays  = 3
)

// A Difficulty is what a unit cannot solve by itself (vướng mắc).
type Difficulty struct {
	ID           DifficultyID
	State        workflow.State
	Version      int
	Exam         exam.ID
	Subject      string
	Kind         string
	Name         string // of the unit
	Title        string
	Says         string
	Urgent       bool
	DueOn        string // by when the Department answers
	RaisedName   string
	RaisedAt     int64
	Answer       string
	AnsweredName string
	AnsweredAt   int64
	Reopened     int
}

// Overdue tells that the answer is owed since a day before today.
func (d Difficulty) Overdue(today string) bool { return d.State == StateOpen && d.DueOn < today }

func (d Difficulty) subject(place access.Place) workflow.Subject {
	return workflow.Subject{ID: string(d.ID), Label: d.Title + " (" + d.Name + ")", State: d.State, Version: d.Version, Place: place}
}

// A DifficultyInput is what is typed of a difficulty.
type DifficultyInput struct {
	Subject     string // who raises it, "unit:…" or "site:…"
	Title, Says string
	Urgent      bool
}

// Raisers gives the units and sites for which the actor may raise difficulties.
func (s *Service) Raisers(ctx context.Context) ([]Subject, error) {
	if !s.Policy.Anywhere(ctx, ActRaise) {
		return nil, nil
	}
	e, err := s.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var mine []Subject
	for i, r := range e.Rounds {
		kinds := Kinds()
		if i > 0 {
			kinds = []string{KindSite}
		}
		all, err := s.subjects(ctx, r.ID, kinds)
		if err != nil {
			return nil, err
		}
		for _, x := range all {
			if s.Policy.Can(ctx, ActRaise, x.place) {
				mine = append(mine, x)
			}
		}
	}
	return mine, nil
}

// Raise tells the Department of a difficulty; from now on it owes an answer.
//
// It returns fault.Invalid with fields "subject", "title", "says".
//
// Source: R-III.2-5.
func (s *Service) Raise(ctx context.Context, in DifficultyInput) (DifficultyID, error) {
	who, err := s.Raisers(ctx)
	if err != nil {
		return "", err
	}
	if len(who) == 0 {
		if _, err := s.Policy.Enter(ctx, ActRaise, everywhere); err != nil {
			return "", err
		}
	}
	var w wrong
	i := slices.IndexFunc(who, func(x Subject) bool { return x.ID == in.Subject })
	if i < 0 {
		w.say("subject", "Hãy chọn đơn vị hoặc điểm thi của bạn.")
	}
	in.Title = w.words("title", in.Title, "Hãy ghi vướng mắc trong một câu, nhiều nhất 160 ký tự.", 160, true)
	in.Says = w.words("says", in.Says, "Hãy ghi rõ vướng mắc và điều đề nghị, nhiều nhất 4.000 ký tự.", 4000, true)
	if err := fault.Fields(w...); err != nil {
		return "", err
	}
	e, err := s.Exams.Current(ctx)
	if err != nil {
		return "", err
	}
	x := who[i]
	ctx, err = s.Policy.Enter(ctx, ActRaise, x.place)
	if err != nil {
		return "", err
	}
	d := Difficulty{ID: DifficultyID(db.NewID()), State: StateOpen, Version: 1, Exam: e.ID, Subject: x.ID, Kind: x.Kind, Name: x.Name, Title: in.Title, Says: in.Says, Urgent: in.Urgent,
		DueOn: s.owedBy(in.Urgent), RaisedName: access.From(ctx).Name}
	return d.ID, s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertDifficulty(ctx, tx, d); err != nil {
			return err
		}
		if err := s.steps.Begin(ctx, tx, difficulty, d.subject(x.place), "raise", ""); err != nil {
			return err
		}
		return DifficultyMoved.Emit(ctx, tx, DifficultyFact{d.ID, "raise", d.State})
	})
}

// owedBy gives the day by which the Department answers.
func (s *Service) owedBy(urgent bool) string {
	days := usualDays
	if urgent {
		days = urgentDays
	}
	return clock.Day(s.Clock.Now().Add(time.Duration(days) * 24 * time.Hour))
}

// place is where a difficulty belongs.
func (s *Service) place(ctx context.Context, subject string) (access.Place, error) {
	e, err := s.Exams.Current(ctx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return access.Place{}, err
	}
	rounds := e.Rounds
	if len(rounds) == 0 {
		rounds = []exam.Round{{}}
	}
	for _, r := range rounds {
		all, err := s.subjects(ctx, r.ID, Kinds())
		if err != nil {
			return access.Place{}, err
		}
		if i := slices.IndexFunc(all, func(x Subject) bool { return x.ID == subject }); i >= 0 {
			return all[i].place, nil
		}
	}
	return access.Place{}, nil // the unit is no more: only who reads all
}

// A DifficultyWhole is a difficulty with its history and what may be done now.
type DifficultyWhole struct {
	Difficulty
	History []workflow.Entry
	Offered []workflow.Step
}

// DifficultyOf gives one difficulty. fault.NotFound to who may not read it.
func (s *Service) DifficultyOf(ctx context.Context, id DifficultyID) (w DifficultyWhole, err error) {
	if w.Difficulty, err = readDifficulty(ctx, s.DB.Read(), id); err != nil {
		return w, err
	}
	place, err := s.place(ctx, w.Subject)
	if err != nil {
		return w, err
	}
	if err := s.Policy.Check(ctx, ActDifficultyRead, place); err != nil {
		return w, err
	}
	if w.Offered, err = s.steps.Offered(ctx, s.DB.Read(), difficulty, w.Difficulty.subject(place)); err != nil {
		return w, err
	}
	w.History, err = s.steps.History(ctx, s.DB.Read(), difficulty, string(id))
	return w, err
}

// Difficulties gives the current exam's difficulties that the actor may read: those owed an answer
// first, the earliest deadline before.
func (s *Service) Difficulties(ctx context.Context, state workflow.State) ([]Difficulty, error) {
	e, err := s.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !s.Policy.Anywhere(ctx, ActDifficultyRead) {
		return nil, s.Policy.Check(ctx, ActDifficultyRead, everywhere)
	}
	all, err := difficultiesOf(ctx, s.DB.Read(), e.ID, state)
	if err != nil || s.Policy.Can(ctx, ActDifficultyRead, everywhere) {
		return all, err
	}
	mine, err := s.Raisers(ctx)
	return slices.DeleteFunc(all, func(d Difficulty) bool {
		return !slices.ContainsFunc(mine, func(x Subject) bool { return x.ID == d.Subject })
	}), err
}

// Answer gives the Department's answer.
//
// It returns fault.Invalid with field "answer".
func (s *Service) Answer(ctx context.Context, id DifficultyID, version int, answer string) error {
	answer = text.CleanLines(answer)
	if answer == "" || len([]rune(answer)) > 4000 {
		if err := s.difficultyRight(ctx, id, ActAnswer); err != nil {
			return err
		}
		return fault.Fields(fault.Field{Name: "answer", Message: "Hãy ghi câu trả lời, nhiều nhất 4.000 ký tự."})
	}
	return s.move(ctx, id, version, "answer", answer, func(ctx context.Context, tx *db.Tx) error {
		return db.Exec1(ctx, tx, "UPDATE readiness_difficulty SET answer = $2, answered_name = $3, answered_at = $4 WHERE id = $1", string(id), answer, access.From(ctx).Name, tx.Now())
	})
}

// Reopen says why the answer does not help; the Department owes another, as for an urgent one.
func (s *Service) Reopen(ctx context.Context, id DifficultyID, version int, note string) error {
	return s.move(ctx, id, version, "reopen", text.CleanLines(note), func(ctx context.Context, tx *db.Tx) error {
		return db.Exec1(ctx, tx, "UPDATE readiness_difficulty SET reopened = reopened + 1, due_on = $2 WHERE id = $1", string(id), s.owedBy(true))
	})
}

// Close says that the difficulty is over: answered, or with a note gone before anybody answered.
func (s *Service) Close(ctx context.Context, id DifficultyID, version int, note string) error {
	d, err := readDifficulty(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	do := "close"
	if d.State == StateOpen {
		do = "withdraw"
	}
	return s.move(ctx, id, version, do, text.CleanLines(note), func(context.Context, *db.Tx) error { return nil })
}

func (s *Service) difficultyRight(ctx context.Context, id DifficultyID, act access.Action) error {
	d, err := readDifficulty(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	place, err := s.place(ctx, d.Subject)
	if err != nil {
		return err
	}
	return s.Policy.Check(ctx, act, place)
}

func (s *Service) move(ctx context.Context, id DifficultyID, version int, do, note string, then func(context.Context, *db.Tx) error) error {
	d, err := readDifficulty(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	place, err := s.place(ctx, d.Subject)
	if err != nil {
		return err
	}
	act := ActRaise
	if do == "answer" {
		act = ActAnswer
	}
	ctx, err = s.Policy.Enter(ctx, act, place)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := readDifficulty(ctx, tx, id)
		if err != nil {
			return err
		}
		subject := d.subject(place)
		subject.Version = version
		if err := then(ctx, tx); err != nil {
			return err
		}
		if subject, err = s.steps.Run(ctx, tx, difficulty, subject, do, note); err != nil {
			return err
		}
		return DifficultyMoved.Emit(ctx, tx, DifficultyFact{id, do, subject.State})
	})
}
