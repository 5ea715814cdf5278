package db

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
)

// ready is a Queryer that keeps statements compiled: SQLite's compiler takes longer than most of
// our reads. Texts beyond a bound (those with lists of changing length) are compiled each time.
type ready struct {
	db    *sql.DB
	kept  sync.Map // text → *sql.Stmt
	count atomic.Int32
}

const mostReady = 400

func (r *ready) statement(ctx context.Context, query string) *sql.Stmt {
	if s, ok := r.kept.Load(query); ok {
		return s.(*sql.Stmt)
	}
	if r.count.Load() >= mostReady {
		return nil
	}
	s, err := r.db.PrepareContext(ctx, query)
	if err != nil {
		return nil // the query itself will say what is wrong
	}
	if other, loaded := r.kept.LoadOrStore(query, s); loaded {
		s.Close()
		return other.(*sql.Stmt)
	}
	r.count.Add(1)
	return s
}

func (r *ready) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return r.db.ExecContext(ctx, query, args...)
}

func (r *ready) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := r.statement(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return r.db.QueryContext(ctx, query, args...)
}

func (r *ready) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := r.statement(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return r.db.QueryRowContext(ctx, query, args...)
}
