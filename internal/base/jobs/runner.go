package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
)

const (
	lease   = 45 * time.Second // a node that says nothing for so long has lost its jobs
	poll    = time.Second      // in case a call was missed
	batch   = 8
	maximum = 14 // attempts; with the pauses of pause() about eleven hours
)

// A Handler does the work of one kind of job. It runs as the program itself ([access.System]) and
// must be safe to run twice.
type Handler func(ctx context.Context, payload json.RawMessage) error

// A Runner takes jobs from the table and runs them. Handlers are named before Run.
type Runner struct {
	db       *db.DB
	handlers map[string]Handler
	periodic []periodic
	workers  int
	prepared bool // by Settle
}

type periodic struct {
	name   string
	period time.Duration
	work   func(context.Context) error
}

// NewRunner makes a runner with so many workers; 0 means 4.
func NewRunner(d *db.DB, workers int) *Runner {
	if workers <= 0 {
		workers = 4
	}
	return &Runner{db: d, handlers: map[string]Handler{}, workers: workers}
}

// Handle names the handler of one kind of job. Two for one kind is a mistake of the program.
func (r *Runner) Handle(kind string, h Handler) {
	if r.handlers[kind] != nil {
		panic("jobs: two handlers for " + kind)
	}
	r.handlers[kind] = h
}

// Every runs work once per period, on one of the nodes. The time is kept in a row: work that was
// missed while the program stood still is done once when it is back.
func (r *Runner) Every(name string, period time.Duration, work func(context.Context) error) {
	r.periodic = append(r.periodic, periodic{name, period, work})
}

// Run works until ctx ends, then lets running jobs finish.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	due := make(chan Job)
	var wg sync.WaitGroup
	for range r.workers {
		wg.Go(func() {
			for j := range due {
				r.do(context.WithoutCancel(ctx), j)
			}
		})
	}
	wg.Go(func() { r.tick(ctx) })
	called := r.db.Listen(topic)
	timer := time.NewTicker(poll)
	defer timer.Stop()
	for ctx.Err() == nil {
		jobs, err := r.claim(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "claim jobs", "error", err)
		}
		for _, j := range jobs {
			due <- j
		}
		if len(jobs) == batch {
			continue
		}
		select {
		case <-ctx.Done():
		case <-called:
		case <-timer.C:
		}
	}
	close(due)
	wg.Wait()
	return nil
}

// Settle does everything that is due now, and what follows from it, and returns when nothing is left:
// for who moves the clock by hand, as a rehearsal does, and therefore does not [Runner.Run]. It is not
// safe for use by several goroutines.
func (r *Runner) Settle(ctx context.Context) error {
	if !r.prepared {
		if err := r.prepare(ctx); err != nil {
			return err
		}
		r.prepared = true
	}
	for _, p := range r.periodic {
		if err := r.turn(ctx, p); err != nil {
			return fmt.Errorf("periodic work: %w", err)
		}
	}
	for {
		jobs, err := r.claim(ctx)
		if err != nil || len(jobs) == 0 {
			return err
		}
		for _, j := range jobs {
			r.do(ctx, j)
		}
	}
}

// prepare makes the rows of periodic work, and on SQLite takes back what a killed process held:
// there only one process runs jobs, so whatever says "running" at the start is not.
func (r *Runner) prepare(ctx context.Context) error {
	return r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, p := range r.periodic {
			_, err := tx.ExecContext(ctx, "INSERT INTO periodic (name, next_at) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING", p.name)
			if err != nil {
				return err
			}
		}
		if r.db.Engine() == db.SQLite {
			return release(ctx, tx, 1<<62)
		}
		return nil
	})
}

// claim takes due jobs for this node, and first takes back those of nodes that died.
func (r *Runner) claim(ctx context.Context) (jobs []Job, err error) {
	now := r.db.Clock().Millis()
	var waiting bool
	err = r.db.Read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM job
		WHERE (state = 'ready' AND run_at <= $1) OR (state = 'running' AND leased < $1))`, now).Scan(&waiting)
	if err != nil || !waiting {
		return nil, err // an idle queue costs one read, not one write a second
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := release(ctx, tx, tx.Now()); err != nil {
			return err
		}
		jobs, err = db.All(ctx, tx, func(s db.Scanner) (j Job, err error) {
			return j, s.Scan(&j.ID, &j.Kind, &j.Payload, &j.Attempts)
		}, `UPDATE job SET state = 'running', leased = $1, attempts = attempts + 1
			WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= $2 ORDER BY run_at, id LIMIT $3`+r.db.SkipLocked()+`)
			AND state = 'ready' RETURNING id, kind, payload, attempts`, tx.Now()+lease.Milliseconds(), tx.Now(), batch)
		return err
	})
	return jobs, err
}

// release puts running jobs whose lease ended before the given time back into the queue; one
// whose work is already waiting again under its key is dropped.
func release(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM job WHERE state = 'running' AND leased < $1 AND unique_key IS NOT NULL
		AND (unique_key IN (SELECT unique_key FROM job WHERE state = 'ready' AND unique_key IS NOT NULL)
		OR EXISTS (SELECT 1 FROM job AS o WHERE o.unique_key = job.unique_key AND o.state = 'running' AND o.id > job.id))`, before)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE job SET state = 'ready' WHERE state = 'running' AND leased < $1", before)
	return err
}

// do runs one job and records how it went. While it runs its lease is renewed.
func (r *Runner) do(ctx context.Context, j Job) {
	stop := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() { r.renew(ctx, j.ID, stop) })
	err := r.call(ctx, j)
	close(stop)
	renewing.Wait()
	if rec := r.record(ctx, j, err); rec != nil {
		slog.ErrorContext(ctx, "record a job", "kind", j.Kind, "job", j.ID, "error", rec)
	}
}

func (r *Runner) call(ctx context.Context, j Job) (err error) {
	h := r.handlers[j.Kind]
	if h == nil {
		return fmt.Errorf("this program has no handler for %s", j.Kind)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return h(access.System(ctx, "Hệ thống"), json.RawMessage(j.Payload))
}

func (r *Runner) renew(ctx context.Context, id string, stop <-chan struct{}) {
	timer := time.NewTicker(lease / 3)
	defer timer.Stop()
	for {
		select {
		case <-stop:
			return
		case <-timer.C:
			err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, "UPDATE job SET leased = $2 WHERE id = $1 AND state = 'running'", id, tx.Now()+lease.Milliseconds())
				return err
			})
			if err != nil {
				slog.WarnContext(ctx, "renew a job's lease", "job", id, "error", err)
			}
		}
	}
}

func (r *Runner) record(ctx context.Context, j Job, err error) error {
	return r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err == nil {
			_, err := tx.ExecContext(ctx, "DELETE FROM job WHERE id = $1", j.ID)
			return err
		}
		slog.WarnContext(ctx, "a job failed", "kind", j.Kind, "job", j.ID, "attempt", j.Attempts, "error", err)
		state, at := "ready", tx.Now()+pause(j.Attempts).Milliseconds()
		if j.Attempts >= maximum {
			state = "failed"
		}
		_, uerr := tx.ExecContext(ctx, `DELETE FROM job WHERE id = $1 AND unique_key IN
			(SELECT unique_key FROM job WHERE state = 'ready' AND unique_key IS NOT NULL)`, j.ID)
		if uerr != nil {
			return uerr
		}
		_, uerr = tx.ExecContext(ctx, "UPDATE job SET state = $2, run_at = $3, last_error = $4 WHERE id = $1",
			j.ID, state, at, fmt.Sprintf("%.2000s", err.Error()))
		return uerr
	})
}

// pause grows from one second to two hours.
func pause(attempt int) time.Duration {
	return min(time.Second<<min(attempt-1, 20), 2*time.Hour)
}

// tick runs periodic work whose time has come.
func (r *Runner) tick(ctx context.Context) {
	timer := time.NewTicker(poll)
	defer timer.Stop()
	for ctx.Err() == nil {
		for _, p := range r.periodic {
			if err := r.turn(ctx, p); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "periodic work", "name", p.name, "error", err)
			}
		}
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
	}
}

// turn claims this round of p and runs it; the node that loses the claim passes.
func (r *Runner) turn(ctx context.Context, p periodic) error {
	now := r.db.Clock().Millis()
	next, err := db.One(ctx, r.db.Read(), func(s db.Scanner) (n int64, err error) { return n, s.Scan(&n) },
		"SELECT next_at FROM periodic WHERE name = $1", p.name)
	if err != nil || next > now {
		return err
	}
	won := false
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE periodic SET next_at = $3, last_at = $2 WHERE name = $1 AND next_at = $4",
			p.name, tx.Now(), tx.Now()+p.period.Milliseconds(), next)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		won = n == 1
		return err
	})
	if err != nil || !won {
		return err
	}
	work := p.work(access.System(context.WithoutCancel(ctx), "Hệ thống (định kỳ)"))
	said := ""
	if work != nil {
		said = fmt.Sprintf("%.2000s", work.Error())
	}
	err = r.db.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE periodic SET last_error = $2 WHERE name = $1", p.name, said)
		return err
	})
	if work != nil {
		return fmt.Errorf("%s: %w", p.name, work)
	}
	return err
}
