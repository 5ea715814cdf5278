// Package workflow runs a capability's table of allowed steps.
//
// The tables of domain.md section 6 are data: a step leads from a state to a state, names who may
// take it, and may demand a note or a person other than the one who took an earlier step (four
// eyes compares persons, not roles). What is not listed is refused. A step writes the row's new
// state, the history line and the audit line in one transaction.
//
// Start reading at [Table] and [Engine.Run].
package workflow

import (
	"context"
	"fmt"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// A State is where a thing stands in its workflow.
type State string

// A Step is one allowed transition.
type Step struct {
	From      State
	Do        string // the verb's name, "post"
	Title     string // Vietnamese, the button: "Đăng lên cổng"
	To        State
	Who       access.Action
	NotBy     []string // who took one of these steps since the thing was last at its start, or began it, may not take this one
	NeedsNote bool     // a reason must be given
	Onward    bool     // where the work usually goes on: the page's one primary button
}

// A Table is the workflow of one kind of thing.
type Table struct {
	Name   string           // kind, as in audit lines: "document"
	SQL    string           // the table whose columns id, state, version it moves
	Start  State            // where a thing begins; four eyes looks back to the last time it was here
	States map[State]string // every state with its Vietnamese name
	Steps  []Step
}

// A Subject is the thing that takes a step, as it was read.
type Subject struct {
	ID      string
	Label   string // its name as people know it, for history and audit
	State   State
	Version int // the row's version when it was read
	Place   access.Place
}

// An Engine takes steps under a policy.
type Engine struct{ Policy *access.Policy }

// An Entry is one line of a thing's history.
type Entry struct {
	Version  int
	Do       string
	From, To State
	Person   string
	Name     string
	Role     access.Role // by which role; "" = the program itself
	Scope    access.Scope
	Note     string
	At       int64 // milliseconds UTC
}

// Begin writes the first line of a thing's history; the row exists with version 1 in the table's
// first state, and ctx acts by the right to make it ([access.Policy.Enter]).
func (e Engine) Begin(ctx context.Context, tx *db.Tx, t Table, s Subject, do, note string) error {
	return e.record(ctx, tx, t, Step{Do: do, To: t.Start}, s, 1, note)
}

// Run takes the step called do and returns the subject as it then is.
//
// It returns fault.NotFound or fault.Denied when the actor may not, fault.Conflict when the thing
// moved on since it was read or the step does not lead from its state, fault.Denied when another
// person must do it, and fault.Invalid when a reason is missing.
func (e Engine) Run(ctx context.Context, tx *db.Tx, t Table, s Subject, do, note string) (Subject, error) {
	step, ok := t.find(s.State, do)
	if !ok {
		return s, e.refuse(ctx, t, s, do)
	}
	ctx, err := e.Policy.Enter(ctx, step.Who, s.Place)
	if err != nil {
		return s, err
	}
	if step.NeedsNote && note == "" {
		return s, fault.Fields(fault.Field{Name: "note", Message: fmt.Sprintf("Hãy ghi lý do cho việc “%s”.", step.Title)})
	}
	if err := e.fourEyes(ctx, tx, t, step, s); err != nil {
		return s, err
	}
	err = db.Exec1(ctx, tx, "UPDATE "+t.SQL+" SET state = $1, version = version + 1 WHERE id = $2 AND version = $3 AND state = $4",
		string(step.To), s.ID, s.Version, string(s.State))
	if err != nil {
		return s, err
	}
	s.Version++
	if err := e.record(ctx, tx, t, step, s, s.Version, note); err != nil {
		return s, err
	}
	s.State = step.To
	return s, nil
}

func (t Table) find(from State, do string) (Step, bool) {
	for _, s := range t.Steps {
		if s.From == from && s.Do == do {
			return s, true
		}
	}
	return Step{}, false
}

// refuse explains a step that is not listed, to those who may know of the thing at all.
func (e Engine) refuse(ctx context.Context, t Table, s Subject, do string) error {
	for _, step := range t.Steps {
		if step.Do != do {
			continue
		}
		if err := e.Policy.Check(ctx, step.Who, s.Place); err != nil {
			return err
		}
		return fault.New(fault.Conflict, "Không thể “%s” khi đang ở bước “%s”. Hãy tải lại trang để xem bước hiện tại.", step.Title, t.States[s.State])
	}
	return &fault.Error{Kind: fault.NotFound}
}

// fourEyes refuses a person who took one of the steps named by NotBy since the thing was last at
// its start.
func (e Engine) fourEyes(ctx context.Context, q db.Queryer, t Table, step Step, s Subject) error {
	if len(step.NotBy) == 0 {
		return nil
	}
	history, err := e.History(ctx, q, t, s.ID)
	if err != nil {
		return err
	}
	me := access.From(ctx).Person
	earlier := false
	for i := len(history) - 1; i >= 0; i-- {
		h := history[i]
		if earlier && h.From != "" {
			continue // done over since; only who entered it stays who entered it
		}
		for _, do := range step.NotBy {
			if h.Do == do && h.Person == me {
				return fault.New(fault.Denied, "Việc “%s” cần một người khác làm, vì bạn đã thực hiện một bước trước đó của nội dung này.", step.Title)
			}
		}
		if h.To == t.Start && h.From != "" {
			earlier = true // sent back to the start
		}
	}
	return nil
}

func (e Engine) record(ctx context.Context, tx *db.Tx, t Table, step Step, s Subject, version int, note string) error {
	actor := access.From(ctx)
	_, err := tx.ExecContext(ctx, `INSERT INTO workflow_step (id, subject, subject_id, version, step, from_state, to_state, person, name, role, scope, note, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		db.NewID(), t.Name, s.ID, version, step.Do, string(step.From), string(step.To), actor.Person, actor.Name,
		string(actor.By.Role), actor.By.Scope.String(), note, tx.Now())
	if err != nil {
		return fmt.Errorf("record step %s of %s %s: %w", step.Do, t.Name, s.ID, err)
	}
	return audit.Write(ctx, tx, audit.Entry{Action: t.Name + "." + step.Do, Kind: t.Name, ID: s.ID, Label: s.Label, Note: note,
		Data: map[string]string{"from": string(step.From), "to": string(step.To)}})
}

// Offered gives the steps the actor may take now, for showing only the buttons that work; the one
// that leads onward stands first.
func (e Engine) Offered(ctx context.Context, q db.Queryer, t Table, s Subject) ([]Step, error) {
	var offered []Step
	for _, step := range t.Steps {
		if step.From != s.State || !e.Policy.Can(ctx, step.Who, s.Place) {
			continue
		}
		err := e.fourEyes(ctx, q, t, step, s)
		if err != nil && !fault.Is(err, fault.Denied) {
			return nil, err
		}
		if err == nil {
			offered = append(offered, step)
		}
	}
	slices.SortStableFunc(offered, func(a, b Step) int {
		switch {
		case a.Onward == b.Onward:
			return 0
		case a.Onward:
			return -1
		}
		return 1
	})
	return offered, nil
}

// History gives what was done to a thing, oldest first. The caller has checked that the actor may
// read the thing.
func (e Engine) History(ctx context.Context, q db.Queryer, t Table, id string) ([]Entry, error) {
	return db.All(ctx, q, func(s db.Scanner) (h Entry, err error) {
		var scope string
		err = s.Scan(&h.Version, &h.Do, &h.From, &h.To, &h.Person, &h.Name, &h.Role, &scope, &h.Note, &h.At)
		h.Scope = access.ParseScope(scope)
		return h, err
	}, `SELECT version, step, from_state, to_state, person, name, role, scope, note, at FROM workflow_step
		WHERE subject = $1 AND subject_id = $2 ORDER BY version`, t.Name, id)
}

// Check finds mistakes in a table: unknown states, two steps of one name from one state, steps
// nobody may take. Every capability's test calls it.
func (t Table) Check(p *access.Policy) error {
	known := map[access.Action]bool{}
	for _, r := range p.Rules() {
		known[r.Action] = true
	}
	seen := map[string]bool{}
	for _, s := range t.Steps {
		key := string(s.From) + " " + s.Do
		switch {
		case t.States[s.From] == "" || t.States[s.To] == "":
			return fmt.Errorf("workflow %s: step %s has an unnamed state", t.Name, key)
		case seen[key]:
			return fmt.Errorf("workflow %s: two steps %s", t.Name, key)
		case !known[s.Who]:
			return fmt.Errorf("workflow %s: step %s is for %s, which nobody declared", t.Name, key, s.Who)
		case s.Title == "":
			return fmt.Errorf("workflow %s: step %s has no title", t.Name, key)
		}
		seen[key] = true
	}
	return nil
}
