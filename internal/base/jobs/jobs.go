// Package jobs keeps work that must happen later in a table, queued in the transaction that needs
// it, and runs it: retried with growing pauses, visible to an operator with its last error.
//
// A job may run twice (a node can die between the work and its record), so every handler must be
// safe to run twice. Timers are jobs with a time ([At]); periodic work is claimed by one of
// several nodes ([Runner.Every]). Nothing waits in memory only: a restart forgets nothing.
//
// Start reading at [Queue] and [Runner.Run].
package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// topic wakes the runners of all nodes when work was queued.
const topic = "jobs"

type options struct {
	at     int64
	unique *string
}

// An Option changes how a job is queued.
type Option func(*options)

// At makes the job wait until t.
func At(t time.Time) Option { return func(o *options) { o.at = t.UnixMilli() } }

// Unique folds the job into one that waits under the same key: work that covers both. A job that
// is already running does not count, since it may have read the old state.
func Unique(key string) Option { return func(o *options) { o.unique = &key } }

// Queue adds a job of the given kind to the transaction; payload is kept as JSON. The job exists
// when the transaction commits, and not otherwise.
func Queue(ctx context.Context, tx *db.Tx, kind string, payload any, opts ...Option) error {
	o := options{at: tx.Now()}
	for _, f := range opts {
		f(&o)
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("queue %s: %w", kind, err)
	}
	// DO UPDATE and not DO NOTHING: it locks the waiting job until this transaction commits, so no
	// runner takes it before the new state can be read.
	_, err = tx.ExecContext(ctx, `INSERT INTO job (id, kind, payload, unique_key, state, run_at, created_at)
		VALUES ($1, $2, $3, $4, 'ready', $5, $6)
		ON CONFLICT (unique_key) WHERE state = 'ready' DO UPDATE SET
			run_at = CASE WHEN excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END,
			payload = excluded.payload`,
		db.NewID(), kind, string(body), o.unique, o.at, tx.Now())
	if err != nil {
		return fmt.Errorf("queue %s: %w", kind, err)
	}
	return tx.Wake(ctx, topic)
}

// A Job is one row of the queue, as an operator sees it.
type Job struct {
	ID        string
	Kind      string
	Payload   string // JSON
	State     string // ready, running, failed
	RunAt     int64  // not before this, milliseconds UTC
	Attempts  int
	LastError string
	CreatedAt int64
}

// List gives the jobs, those that failed for good first, then by when they are due.
func List(ctx context.Context, q db.Queryer, limit int) ([]Job, error) {
	return db.All(ctx, q, func(s db.Scanner) (j Job, err error) {
		return j, s.Scan(&j.ID, &j.Kind, &j.Payload, &j.State, &j.RunAt, &j.Attempts, &j.LastError, &j.CreatedAt)
	}, `SELECT id, kind, payload, state, run_at, attempts, last_error, created_at FROM job
		ORDER BY CASE state WHEN 'failed' THEN 0 ELSE 1 END, run_at, id LIMIT $1`, limit)
}

// Counts tells how many jobs there are by state; due counts those ready whose time has come.
func Counts(ctx context.Context, q db.Queryer, now int64) (due, running, failed int, err error) {
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) FILTER (WHERE state = 'ready' AND run_at <= $1),
		COUNT(*) FILTER (WHERE state = 'running'), COUNT(*) FILTER (WHERE state = 'failed') FROM job`, now).Scan(&due, &running, &failed)
	return due, running, failed, err
}

// Retry puts a failed job back into the queue, for an operator who mended the cause.
func Retry(ctx context.Context, tx *db.Tx, id string) error {
	err := db.Exec1(ctx, tx, "UPDATE job SET state = 'ready', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'failed'", id, tx.Now())
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "Việc này đã có một lượt khác đang chờ chạy.")
	}
	if err != nil {
		return err
	}
	return tx.Wake(ctx, topic)
}
