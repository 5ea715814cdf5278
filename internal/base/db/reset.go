package db

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Unused tells whether nothing was ever done in the database: it holds what the migrations wrote at
// most. It does not migrate, and answers for a database of any version.
func (d *DB) Unused(ctx context.Context) (bool, error) {
	has, _, err := d.Versions(ctx)
	if err != nil || has == 0 {
		return err == nil, err
	}
	var deeds int
	err = d.read.QueryRowContext(ctx, "SELECT seq FROM audit_head").Scan(&deeds)
	return deeds == 0, err
}

// HasTable tells whether the database has a table: one of an older version may not have it yet.
func (d *DB) HasTable(ctx context.Context, name string) (bool, error) {
	tables, err := d.tables(ctx)
	return slices.Contains(tables, name), err
}

// Reset empties a migrated database: every table holds what the migrations wrote and no more. All of
// it is done or nothing. The tables named in keep are left as they are. There is no way back; nothing
// but a demonstration is ever reset.
func Reset(ctx context.Context, d *DB, keep ...string) error {
	dir, err := os.MkdirTemp("", "bangvang-reset-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fresh, err := Open(ctx, "sqlite:"+filepath.Join(dir, "fresh.db"), d.clock)
	if err != nil {
		return err
	}
	defer fresh.Close()
	if err := fresh.Migrate(ctx); err != nil {
		return err
	}
	if err := sameVersion(ctx, fresh, d); err != nil {
		return err
	}
	tables, err := fresh.tables(ctx)
	if err != nil {
		return err
	}
	tables = slices.DeleteFunc(tables, func(t string) bool { return slices.Contains(keep, t) })
	if _, err := copyTables(ctx, fresh, d, tables, nil); err != nil {
		return fmt.Errorf("empty the database: %w", err)
	}
	return nil
}
