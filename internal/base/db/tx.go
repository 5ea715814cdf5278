package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"bangvang/internal/base/fault"
)

// A Tx is one running transaction. It is a [Queryer] and is used by one goroutine.
type Tx struct {
	*sql.Tx
	db     *DB
	now    int64
	local  map[string]any
	before []func(context.Context, *Tx) error
	after  []func()
}

type txKey struct{}

// Write runs fn in one transaction and commits it when fn returns nil. Everything a decision
// implies (row, audit line, event, jobs) is written through the same tx, or nothing of it.
//
// fn may run again from the start when another transaction was in the way, so it must have no
// effect outside tx; such effects belong in [Tx.AfterCommit] or, when they must survive a crash,
// in a job. On PostgreSQL the isolation is READ COMMITTED: guard read-then-write by a version
// column ([Exec1]) or [DB.ForUpdate].
func (d *DB) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(txKey{}) != nil {
		return errors.New("db: a transaction was begun inside another; pass the tx on instead")
	}
	const tries = 6
	for try := 1; ; try++ {
		tx, err := d.once(ctx, fn)
		if err == nil {
			for _, f := range tx.after {
				f()
			}
			return nil
		}
		if !again(err) || ctx.Err() != nil {
			return err
		}
		if try == tries {
			return fault.New(fault.Busy, "Hệ thống đang bận ghi dữ liệu. Hãy thử lại sau ít giây: %w", err)
		}
		pause := time.Duration(try*try)*3*time.Millisecond + mathrand.N(5*time.Millisecond)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (d *DB) once(ctx context.Context, fn func(context.Context, *Tx) error) (*Tx, error) {
	stx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer stx.Rollback() // after Commit this does nothing
	tx := &Tx{Tx: stx, db: d, now: d.clock.Millis(), local: map[string]any{}}
	ctx = context.WithValue(ctx, txKey{}, tx)
	if err := fn(ctx, tx); err != nil {
		return nil, err
	}
	for i := 0; i < len(tx.before); i++ { // a hook may add another
		if err := tx.before[i](ctx, tx); err != nil {
			return nil, err
		}
	}
	if err := stx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return tx, nil
}

// Now gives the transaction's time in milliseconds UTC: the same for all its rows.
func (tx *Tx) Now() int64 { return tx.now }

// DB gives the database this transaction runs on.
func (tx *Tx) DB() *DB { return tx.db }

// BeforeCommit runs fn as the last thing inside the transaction. Writers that all transactions
// meet at (the audit chain's head) wait until then, so they hold the meeting point briefly and
// always take it last, which keeps two transactions from waiting for each other.
func (tx *Tx) BeforeCommit(fn func(context.Context, *Tx) error) { tx.before = append(tx.before, fn) }

// AfterCommit runs fn once the transaction is durable. A crash may lose it: it may only hurry
// things that would happen anyway, such as waking the job runner.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Local keeps a value with the transaction, made on first use; it goes with the transaction.
func (tx *Tx) Local(key string, make func() any) any {
	v, ok := tx.local[key]
	if !ok {
		v = make()
		tx.local[key] = v
	}
	return v
}

// A Scanner is a row being read: [*sql.Row] and [*sql.Rows].
type Scanner interface{ Scan(dest ...any) error }

// One reads exactly one row. No row is fault.NotFound.
func One[T any](ctx context.Context, q Queryer, scan func(Scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		var zero T
		return zero, &fault.Error{Kind: fault.NotFound} // in the very words of a thing one may not know of
	}
	return v, err
}

// All reads every row of a query, in order. None is an empty slice and no error.
func All[T any](ctx context.Context, q Queryer, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Exec1 runs a statement that must change exactly one row; anything else is fault.Conflict:
// someone saved before. It is how version columns are kept.
func Exec1(ctx context.Context, q Queryer, query string, args ...any) error {
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.New(fault.Conflict, "Nội dung đã được người khác thay đổi trong lúc bạn đang sửa. Hãy so với bản mới nhất rồi lưu lại.")
	}
	return nil
}

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID makes an identifier: 20 lower-case characters that sort by the millisecond they were
// made in, 48 bits of it random. It tells when a thing was made, so it is no secret.
func NewID() string {
	var b [12]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16)
	rand.Read(b[6:])
	return idEncoding.EncodeToString(b[:])
}

// Placeholders gives "$from, $from+1 …" for n arguments, for IN lists.
func Placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}
