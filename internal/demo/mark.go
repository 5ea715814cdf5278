package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
)

// markFile is the file by which a folder is known as a demonstration's; the database has a row of its
// own (table demonstration). Both are there before anything else is.
const markFile = "demonstration"

// Admit makes sure that the settings lead to a demonstration or to nothing yet, before the program
// touches either: an installation's folder or database is refused with the way out. It marks the
// folder.
func Admit(ctx context.Context, c config.Config) error {
	if err := admitFolder(c.Data); err != nil {
		return err
	}
	d, err := db.Open(ctx, c.Database, nil)
	if err != nil {
		return err
	}
	_, err = readMark(ctx, d)
	return errors.Join(err, d.Close())
}

// admitFolder refuses a folder that holds an installation's secret and no mark.
func admitFolder(dir string) error {
	mark := filepath.Join(dir, markFile)
	if _, err := os.Stat(mark); err == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, "secret")); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds an installation of its own, not a demonstration: give another folder with --data", dir)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte("This folder holds a demonstration of Bảng Vàng. bangvang demo may empty it and fill it anew.\n"), 0o600)
}

// A mark says what a database has of the demonstration.
type mark int

const (
	unmarked mark = iota // and unused
	begun
	filled
)

// readMark tells what a database of any version has of the demonstration. One that is used and not
// marked is refused.
func readMark(ctx context.Context, d *db.DB) (mark, error) {
	known, err := d.HasTable(ctx, "demonstration")
	if err != nil {
		return unmarked, err
	}
	whole := false
	if err = sql.ErrNoRows; known {
		err = d.Read().QueryRowContext(ctx, "SELECT filled FROM demonstration WHERE id = 1").Scan(&whole)
	}
	switch {
	case err == nil && whole:
		return filled, nil
	case err == nil:
		return begun, nil
	case !errors.Is(err, sql.ErrNoRows):
		return unmarked, err
	}
	unused, err := d.Unused(ctx)
	if err == nil && !unused {
		err = errors.New("the database holds an installation of its own, not a demonstration: give another folder with --data, or another database with --database")
	}
	return unmarked, err
}

// begin marks the database as a demonstration's and tells whether it must be filled. One that was left
// unfinished, or whose passwords are lost with the accounts file, is emptied first.
func begin(ctx context.Context, d *db.DB, accounts string) (fill bool, err error) {
	state, err := readMark(ctx, d)
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(accounts); state == filled && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if state != unmarked {
		// The published generation only goes up, or nodes would keep the older pages.
		if err := db.Reset(ctx, d, "publish_head"); err != nil {
			return false, err
		}
	}
	if err := os.Remove(accounts); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO demonstration (id, filled, begun) VALUES (1, $1, $2)", false, tx.Now())
		return err
	})
}

// finish notes that the filling came to its end.
func finish(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return db.Exec1(ctx, tx, "UPDATE demonstration SET filled = $1 WHERE id = 1", true)
	})
}
