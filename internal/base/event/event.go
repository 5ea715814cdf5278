// Package event lets a capability announce a fact without knowing who cares.
//
// A fact is stored in the transaction that made it true. Subscribers run as jobs afterwards, each
// on its own with retries, and must be safe to run twice (style.md, "Right: announce").
//
//	var Posted = event.New[PostedFact]("documents.posted")   // in the capability that announces
//	Posted.Emit(ctx, tx, PostedFact{ID: id})                 // in the verb's transaction
//	Posted.On(bus, "portal.feed", p.refresh)                 // in the wiring of one that cares
package event

import (
	"context"
	"encoding/json"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/jobs"
)

// A Kind is one kind of fact with payload T, which is kept as JSON: add fields, never rename them.
type Kind[T any] struct{ name string }

// New declares a kind of fact; name is "capability.what_happened".
func New[T any](name string) Kind[T] { return Kind[T]{name} }

// Name gives the fact's name.
func (k Kind[T]) Name() string { return k.name }

// Past gives the facts of this kind that were announced from an instant on, ms UTC, oldest first: for
// who proves what happened. Who reacts to facts subscribes.
func (k Kind[T]) Past(ctx context.Context, q db.Queryer, since int64) ([]T, error) {
	return db.All(ctx, q, func(s db.Scanner) (fact T, err error) {
		var body string
		if err := s.Scan(&body); err != nil {
			return fact, err
		}
		if err := json.Unmarshal([]byte(body), &fact); err != nil {
			return fact, fmt.Errorf("read fact %s: %w", k.name, err)
		}
		return fact, nil
	}, "SELECT payload FROM event WHERE kind = $1 AND at >= $2 ORDER BY at, id", k.name, since)
}

const dispatch = "event.dispatch"

type envelope struct {
	Event   string          `json:"event"`
	Kind    string          `json:"kind"`
	Payload json.RawMessage `json:"payload"`
}

// Emit stores the fact with the transaction. Subscribers hear of it after the commit, or never.
func (k Kind[T]) Emit(ctx context.Context, tx *db.Tx, fact T) error {
	body, err := json.Marshal(fact)
	if err != nil {
		return fmt.Errorf("announce %s: %w", k.name, err)
	}
	id := db.NewID()
	_, err = tx.ExecContext(ctx, "INSERT INTO event (id, kind, at, person, payload) VALUES ($1, $2, $3, $4, $5)",
		id, k.name, tx.Now(), access.From(ctx).Person, string(body))
	if err != nil {
		return fmt.Errorf("announce %s: %w", k.name, err)
	}
	return jobs.Queue(ctx, tx, dispatch, envelope{id, k.name, body})
}

// A Bus knows who cares about which fact.
type Bus struct {
	db          *db.DB
	subscribers map[string][]string // kind → job kinds
	runner      *jobs.Runner
}

// NewBus makes the bus that hands facts on through the runner's jobs.
func NewBus(d *db.DB, r *jobs.Runner) *Bus {
	b := &Bus{db: d, subscribers: map[string][]string{}, runner: r}
	r.Handle(dispatch, b.dispatch)
	return b
}

// On calls fn after every fact of this kind; who names the subscriber, "portal.feed".
func (k Kind[T]) On(b *Bus, who string, fn func(context.Context, T) error) {
	job := "event." + k.name + "." + who
	b.subscribers[k.name] = append(b.subscribers[k.name], job)
	b.runner.Handle(job, func(ctx context.Context, payload json.RawMessage) error {
		var fact T
		if err := json.Unmarshal(payload, &fact); err != nil {
			return fmt.Errorf("read fact %s: %w", k.name, err)
		}
		return fn(ctx, fact)
	})
}

// dispatch turns one fact into one job per subscriber, so that one who fails does not hold up the
// others. Run twice, the jobs that still wait are folded.
func (b *Bus) dispatch(ctx context.Context, payload json.RawMessage) error {
	var e envelope
	if err := json.Unmarshal(payload, &e); err != nil {
		return err
	}
	if len(b.subscribers[e.Kind]) == 0 {
		return nil
	}
	return b.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, job := range b.subscribers[e.Kind] {
			if err := jobs.Queue(ctx, tx, job, e.Payload, jobs.Unique(job+":"+e.Event)); err != nil {
				return err
			}
		}
		return nil
	})
}
