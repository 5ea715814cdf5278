package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
)

func scanText(s db.Scanner) (string, error) {
	var v string
	return v, s.Scan(&v)
}

func TestPlaceholdersAreBoundByNumber(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// A driver that binds by order of appearance would swap data silently (dependencies.md §2).
		got, err := db.One(t.Context(), d.Read(), scanText, "SELECT CAST($2 AS text) || CAST($1 AS text) || CAST($2 AS text)", "a", "b")
		if err != nil || got != "bab" {
			t.Fatalf("got %q, %v; want bab", got, err)
		}
	})
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		after := false
		err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			tx.AfterCommit(func() { after = true })
			if _, err := tx.ExecContext(ctx, "INSERT INTO periodic (name, next_at) VALUES ($1, 0)", "x"); err != nil {
				return err
			}
			tx.BeforeCommit(func(context.Context, *db.Tx) error { return fault.New(fault.Denied, "không") })
			return nil
		})
		if !fault.Is(err, fault.Denied) {
			t.Fatalf("err = %v", err)
		}
		if after {
			t.Error("a rolled back transaction ran its after-commit work")
		}
		_, err = db.One(ctx, d.Read(), scanText, "SELECT name FROM periodic")
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a row survived: %v", err)
		}
	})
}

func TestVersionsGuardAgainstLostUpdates(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return db.Exec1(ctx, tx, "INSERT INTO periodic (name, next_at) VALUES ('p', 1)")
		}))
		save := func(old, next int64) error {
			return d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
				return db.Exec1(ctx, tx, "UPDATE periodic SET next_at = $2 WHERE name = 'p' AND next_at = $1", old, next)
			})
		}
		must(t, save(1, 2))
		if err := save(1, 3); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second save on the same version gave %v", err)
		}
	})
}

func TestManyWritersAllGetThrough(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return db.Exec1(ctx, tx, "INSERT INTO periodic (name, next_at) VALUES ('n', 0)")
		}))
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
					return db.Exec1(ctx, tx, "UPDATE periodic SET next_at = next_at + 1 WHERE name = 'n'")
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n, err := db.One(ctx, d.Read(), func(s db.Scanner) (n int, err error) { return n, s.Scan(&n) }, "SELECT next_at FROM periodic")
		if err != nil || n != 20 {
			t.Errorf("counted %d, %v", n, err)
		}
	})
}

func TestATransactionInsideAnotherIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	err := d.Write(t.Context(), func(ctx context.Context, _ *db.Tx) error {
		return d.Write(ctx, func(context.Context, *db.Tx) error { return nil })
	})
	if err == nil || !strings.Contains(err.Error(), "inside another") {
		t.Errorf("err = %v", err) // without the refusal SQLite would wait for itself for ever
	}
}

func TestWakeReachesListeners(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		called := d.Listen("work")
		must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.Wake(ctx, "work") }))
		select {
		case <-called:
		case <-time.After(5 * time.Second):
			t.Error("nobody was woken")
		}
	})
}

func TestWakeReachesOtherNodes(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	one, two := open(t, url), open(t, url)
	called := two.Listen("work")
	for try := range 50 { // the listening connection opens in the background
		must(t, one.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.Wake(ctx, "work") }))
		select {
		case <-called:
			return
		case <-time.After(100 * time.Millisecond):
		}
		_ = try
	}
	t.Error("the other node was never woken")
}

func TestUniqueViolationsAreRecognised(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for range 2 {
				if _, err := tx.ExecContext(ctx, "INSERT INTO periodic (name, next_at) VALUES ('twin', 0)"); err != nil {
					return fmt.Errorf("insert: %w", err)
				}
			}
			return nil
		})
		if !db.IsUnique(err) {
			t.Errorf("err = %v", err)
		}
	})
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return db.Exec1(ctx, tx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999999, true)")
		}))
		if err := d.Migrate(ctx); !errors.Is(err, db.ErrNewer) {
			t.Errorf("err = %v", err)
		}
	})
}

// TestANewerDatabaseIsToldByAnyChange: a later version may put a migration between those there are.
func TestANewerDatabaseIsToldByAnyChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return db.Exec1(ctx, tx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (303, true)")
		}))
		stands(t, d, db.Newer)
		if err := d.Migrate(t.Context()); !errors.Is(err, db.ErrNewer) {
			t.Errorf("err = %v", err)
		}
	})
}

// TestNoTwoMigrationsHaveANumber: two branches may each take the next one, and then nothing starts.
func TestNoTwoMigrationsHaveANumber(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	seen := map[string]string{}
	for _, f := range files {
		number, _, _ := strings.Cut(filepath.Base(f), "_")
		if seen[number] != "" {
			t.Errorf("%s and %s have the same number", seen[number], f)
		}
		seen[number] = f
	}
	if len(seen) < 8 {
		t.Errorf("only %d migrations were seen", len(seen))
	}
}

func TestAskingForTheStandingChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "empty.db")
	for name, d := range map[string]*db.DB{"sqlite": open(t, "sqlite:"+path), "postgres": open(t, dbtest.EmptyPostgresURL(t))} {
		stands(t, d, db.Empty)
		if err := d.Reject(t.Context(), db.Current); err == nil || !strings.Contains(err.Error(), "check its address") {
			t.Errorf("%s: %v", name, err)
		}
		stands(t, d, db.Empty) // not even the table of versions was made
		must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "CREATE TABLE theirs (id integer)")
			return err
		}))
		stands(t, d, db.Foreign)
		if err := d.Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "another program") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnOlderDatabaseIsCopiedAsItIs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		stands(t, d, db.Current)
		older(t, d)
		stands(t, d, db.Older)
		copied := open(t, "sqlite:"+filepath.Join(t.TempDir(), "copy.db"))
		must(t, copied.MigrateLike(t.Context(), d))
		stands(t, copied, db.Older)
		_, err := db.Copy(t.Context(), d, copied)
		must(t, err)
		must(t, copied.Migrate(t.Context()))
		stands(t, copied, db.Current)
	})
}

func TestADatabaseThatHoldsDataIsNotBroughtUpToDateToBeFilled(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		older(t, d)
		must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return db.Exec1(ctx, tx, "UPDATE audit_head SET seq = 1")
		}))
		if err := d.Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "holds data") {
			t.Errorf("err = %v", err)
		}
		stands(t, d, db.Older)
	})
}

// older takes the last migration that made one table of its own back.
func older(t *testing.T, d *db.DB) {
	t.Helper()
	must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "DROP TABLE people_secret"); err != nil {
			return err
		}
		return db.Exec1(ctx, tx, "DELETE FROM goose_db_version WHERE version_id = 480")
	}))
}

func stands(t *testing.T, d *db.DB, want db.Standing) {
	t.Helper()
	if got, err := d.Standing(t.Context()); err != nil || got != want {
		t.Errorf("%s stands %q, %v; want %q", d.Engine(), got, err, want)
	}
}

func TestIdentifiersSortByTimeAndDiffer(t *testing.T) {
	t.Parallel()
	a := db.NewID()
	time.Sleep(2 * time.Millisecond)
	b := db.NewID()
	if len(a) != 20 || a >= b || a != strings.ToLower(a) {
		t.Errorf("%q, %q", a, b)
	}
}

func TestReadingRefusesWritesOnSQLite(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	if _, err := d.Read().ExecContext(t.Context(), "DELETE FROM job"); err == nil {
		t.Error("a write went through the reading door")
	}
}

func TestASnapshotOpensOnItsOwn(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	path := filepath.Join(t.TempDir(), "copy.db")
	must(t, d.Snapshot(t.Context(), path))
	has, want, err := open(t, "sqlite:"+path).Versions(t.Context())
	if err != nil || has != want {
		t.Errorf("copy has version %d of %d, %v", has, want, err)
	}
}

func open(t *testing.T, url string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url, nil)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
