package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Copy fills the empty, migrated database to with everything in from, between engines or within
// one. It reads one consistent state and writes one transaction: to has all of it or nothing.
// It returns the number of rows. A database that already holds data is refused.
//
// Backup, restore and the move from SQLite to PostgreSQL are built on it.
func Copy(ctx context.Context, from, to *DB) (rows int64, err error) {
	if err := sameVersion(ctx, from, to); err != nil {
		return 0, err
	}
	if unused, err := to.Unused(ctx); err != nil {
		return 0, err
	} else if !unused {
		return 0, errors.New("the target database already holds data: give an empty one")
	}
	tables, err := from.tables(ctx)
	if err != nil {
		return 0, err
	}
	return copyTables(ctx, from, to, tables, nil)
}

// A Part says what of one table [CopyParts] takes.
type Part struct {
	Blank []string                      // text columns that are left empty in the copy
	Keep  func(row map[string]any) bool // which rows are taken; nil: all
}

// CopyParts fills the empty, migrated database to with the tables named and no others: what is not
// named never leaves the original, nor does what is left blank. Otherwise it is as [Copy] is.
func CopyParts(ctx context.Context, from, to *DB, parts map[string]Part) (rows int64, err error) {
	if err := sameVersion(ctx, from, to); err != nil {
		return 0, err
	}
	if unused, err := to.Unused(ctx); err != nil {
		return 0, err
	} else if !unused {
		return 0, errors.New("the target database already holds data: give an empty one")
	}
	tables, err := from.tables(ctx)
	if err != nil {
		return 0, err
	}
	for name := range parts {
		if !slices.Contains(tables, name) {
			return 0, fmt.Errorf("there is no table %s to copy", name)
		}
	}
	tables = slices.DeleteFunc(tables, func(t string) bool { _, wanted := parts[t]; return !wanted })
	return copyTables(ctx, from, to, tables, parts)
}

// copyTables makes the tables of to, named with parents before children, hold what those of from
// hold, or the part of it that is said, in one transaction. It returns the number of rows.
func copyTables(ctx context.Context, from, to *DB, tables []string, parts map[string]Part) (rows int64, err error) {
	src, err := from.read.BeginTx(ctx, from.readOptions())
	if err != nil {
		return 0, fmt.Errorf("begin reading: %w", err)
	}
	defer src.Rollback()
	err = to.withConn(ctx, func(dst target) error {
		for _, t := range slices.Backward(tables) { // rows that migrations put there are replaced
			if err := dst.clear(ctx, t); err != nil {
				return fmt.Errorf("empty table %s: %w", t, err)
			}
		}
		for _, t := range tables {
			n, err := copyTable(ctx, src, dst, t, parts[t])
			if err != nil {
				return fmt.Errorf("copy table %s: %w", t, err)
			}
			rows += n
		}
		return nil
	})
	return rows, err
}

func sameVersion(ctx context.Context, from, to *DB) error {
	a, err := from.applied(ctx)
	if err != nil {
		return err
	}
	b, err := to.applied(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(a, b) {
		return errors.New("the databases have different versions: start the program once on each first")
	}
	return nil
}

// tables gives the capabilities' tables, those referred to before those that refer to them.
func (d *DB) tables(ctx context.Context) ([]string, error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rootpage"
	refs := "SELECT m.name, f.\"table\" FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'"
	if d.engine == Postgres {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
		refs = `SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint AS c WHERE c.contype = 'f'`
	}
	names, err := All(ctx, d.read, func(s Scanner) (n string, err error) { return n, s.Scan(&n) }, query)
	if err != nil {
		return nil, err
	}
	pairs, err := All(ctx, d.read, func(s Scanner) (p [2]string, err error) { return p, s.Scan(&p[0], &p[1]) }, refs)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, "goose_") })
	return parentsFirst(names, pairs), nil
}

// parentsFirst orders tables so that each comes after those it refers to. pairs are {child, parent}.
func parentsFirst(names []string, pairs [][2]string) []string {
	var ordered []string
	done := map[string]bool{}
	var visit func(string)
	visit = func(n string) {
		if done[n] {
			return
		}
		done[n] = true
		for _, p := range pairs {
			if p[0] == n && slices.Contains(names, p[1]) {
				visit(p[1])
			}
		}
		ordered = append(ordered, n)
	}
	for _, n := range names {
		visit(n)
	}
	return ordered
}

func (d *DB) readOptions() *sql.TxOptions {
	if d.engine == Postgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil // a SQLite transaction in WAL mode reads one state
}

// target is a database being filled inside one transaction.
type target interface {
	insert(ctx context.Context, table string, columns []string, next func() ([]any, error)) (int64, error)
	clear(ctx context.Context, table string) error
}

// copyTable copies one table, or a part of it, into an empty one.
func copyTable(ctx context.Context, src *sql.Tx, dst target, table string, part Part) (int64, error) {
	rows, err := src.QueryContext(ctx, `SELECT * FROM "`+table+`"`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	for _, b := range part.Blank {
		if !slices.Contains(columns, b) {
			return 0, fmt.Errorf("there is no column %s to leave empty", b)
		}
	}
	n, err := dst.insert(ctx, table, columns, func() ([]any, error) {
		for rows.Next() {
			values, pointers := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				pointers[i] = &values[i]
			}
			if err := rows.Scan(pointers...); err != nil {
				return nil, err
			}
			if part.takes(columns, values) {
				return values, nil
			}
		}
		return nil, rows.Err()
	})
	if err != nil {
		return n, err
	}
	return n, rows.Err()
}

// takes tells whether a row is copied, and empties its columns that are left blank.
func (p Part) takes(columns []string, values []any) bool {
	row := map[string]any{}
	if p.Keep != nil {
		for i, c := range columns {
			row[c] = values[i]
		}
	}
	for i, c := range columns {
		if slices.Contains(p.Blank, c) {
			values[i] = ""
		}
	}
	return p.Keep == nil || p.Keep(row)
}

// withConn runs fill in one transaction of the engine's own way of loading many rows. It differs
// by necessity: PostgreSQL's COPY checks references at its end, so rows of a tree may come in any
// order; SQLite is told to check at the commit.
func (d *DB) withConn(ctx context.Context, fill func(target) error) error {
	if d.engine == SQLite {
		return d.Write(ctx, func(ctx context.Context, tx *Tx) error {
			if _, err := tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil {
				return err
			}
			return fill(sqliteTarget{tx})
		})
	}
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		pg := driver.(*stdlib.Conn).Conn()
		return pgx.BeginFunc(ctx, pg, func(tx pgx.Tx) error { return fill(postgresTarget{tx}) })
	})
}

type sqliteTarget struct{ tx *Tx }

func (t sqliteTarget) clear(ctx context.Context, table string) error {
	_, err := t.tx.ExecContext(ctx, `DELETE FROM "`+table+`"`)
	return err
}

func (t sqliteTarget) insert(ctx context.Context, table string, columns []string, next func() ([]any, error)) (n int64, err error) {
	stmt, err := t.tx.PrepareContext(ctx, fmt.Sprintf(`INSERT INTO "%s" ("%s") VALUES (%s)`, table, strings.Join(columns, `", "`), Placeholders(1, len(columns))))
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	for {
		values, err := next()
		if err != nil || values == nil {
			return n, err
		}
		if _, err := stmt.ExecContext(ctx, values...); err != nil {
			return n, err
		}
		n++
	}
}

type postgresTarget struct{ tx pgx.Tx }

func (t postgresTarget) clear(ctx context.Context, table string) error {
	_, err := t.tx.Exec(ctx, `DELETE FROM "`+table+`"`)
	return err
}

// insert loads rows by COPY. SQLite hands booleans over as 0 and 1, which COPY does not take.
func (t postgresTarget) insert(ctx context.Context, table string, columns []string, next func() ([]any, error)) (int64, error) {
	rows, err := t.tx.Query(ctx, `SELECT column_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1 AND data_type = 'boolean'`, table)
	if err != nil {
		return 0, err
	}
	booleans, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	return t.tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		values, err := next()
		for i := range values {
			if n, ok := values[i].(int64); ok && slices.Contains(booleans, columns[i]) {
				values[i] = n != 0
			}
		}
		return values, err
	}))
}
