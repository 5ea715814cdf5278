package db_test

import (
	"context"
	"testing"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/jobs"
)

func TestResetLeavesWhatTheMigrationsWrote(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		count := func(query string) (n int) {
			t.Helper()
			must(t, d.Read().QueryRowContext(ctx, query).Scan(&n))
			return n
		}
		issuers := count("SELECT COUNT(*) FROM document_issuer")
		if unused, err := d.Unused(ctx); err != nil || !unused {
			t.Errorf("a fresh database is unused: %t, %v", unused, err)
		}
		must(t, d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, "UPDATE publish_head SET generation = 7"); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO document_issuer (id, slug, code, own, position, version) VALUES ('x', 'x', '', $1, 1, 1)", true); err != nil {
				return err
			}
			if err := jobs.Queue(ctx, tx, "mail", "thư"); err != nil {
				return err
			}
			return audit.Write(ctx, tx, audit.Entry{Action: "x", Label: "08/CT-UBND"})
		}))
		if unused, err := d.Unused(ctx); err != nil || unused {
			t.Errorf("a database with a deed in it is unused: %t, %v", unused, err)
		}

		must(t, db.Reset(ctx, d, "publish_head"))
		if unused, err := d.Unused(ctx); err != nil || !unused {
			t.Errorf("after a reset it is unused: %t, %v", unused, err)
		}
		if n := count("SELECT COUNT(*) FROM audit") + count("SELECT COUNT(*) FROM job"); n > 0 {
			t.Errorf("%d rows are left", n)
		}
		if n := count("SELECT COUNT(*) FROM document_issuer"); n != issuers {
			t.Errorf("%d issuers, the migrations wrote %d", n, issuers)
		}
		if n := count("SELECT generation FROM publish_head"); n != 7 {
			t.Errorf("the table to be kept holds generation %d", n)
		}
		must(t, d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return audit.Write(ctx, tx, audit.Entry{Action: "x", Label: "08/CT-UBND"})
		}))
		if lines, err := audit.Verify(ctx, d.Read()); lines != 1 || err != nil {
			t.Errorf("the new chain has %d lines, %v", lines, err)
		}
	})
}

func TestUnusedAndHasTableAnswerBeforeMigrations(t *testing.T) {
	t.Parallel()
	d, err := db.Open(t.Context(), "sqlite:"+t.TempDir()+"/x.db", nil)
	must(t, err)
	defer d.Close()
	if unused, err := d.Unused(t.Context()); err != nil || !unused {
		t.Errorf("an empty file is unused: %t, %v", unused, err)
	}
	if has, err := d.HasTable(t.Context(), "audit"); err != nil || has {
		t.Errorf("an empty file has the audit table: %t, %v", has, err)
	}
	must(t, d.Migrate(t.Context()))
	if has, err := d.HasTable(t.Context(), "audit"); err != nil || !has {
		t.Errorf("a migrated database has the audit table: %t, %v", has, err)
	}
}
