package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the database was written by a newer version of the program.
var ErrNewer = errors.New("the database is newer than this program")

// A Standing says how a database compares with the program.
type Standing string

// The standings.
const (
	Empty   Standing = "empty"   // no table: nothing was ever put there
	Foreign Standing = "foreign" // tables, and none of them this program's
	Older   Standing = "older"   // some migration of this program is still to be done
	Current Standing = "current"
	Newer   Standing = "newer" // it has a migration that this program does not know
)

// Standing tells how the database compares with the program. It reads only: a mistyped address, or a
// database that an older program serves, stays as it is.
//
// The whole lists are compared and not their last numbers: a later version of the program may put a
// capability's migration between those of others.
func (d *DB) Standing(ctx context.Context) (Standing, error) {
	has, err := d.applied(ctx)
	if err != nil {
		return "", err
	}
	want, err := known()
	if err != nil {
		return "", err
	}
	switch {
	case len(has) == 0:
		tables, err := d.tables(ctx)
		if len(tables) > 0 {
			return Foreign, err
		}
		return Empty, err
	case slices.ContainsFunc(has, func(v int64) bool { return !slices.Contains(want, v) }):
		return Newer, nil
	case len(has) < len(want):
		return Older, nil
	}
	return Current, nil
}

// Versions tells the last migration the database has, 0 when it has none, and the last one this
// program knows. It reads only.
func (d *DB) Versions(ctx context.Context) (has, want int64, err error) {
	done, err := d.applied(ctx)
	if err != nil {
		return 0, 0, err
	}
	all, err := known()
	if err != nil {
		return 0, 0, err
	}
	return slices.Max(append(done, 0)), slices.Max(all), nil
}

// Migrate brings the database to this program's version, in the one ordered list that all
// capabilities share. A database newer than the program is refused with [ErrNewer] and left as
// it is: going back would lose what the newer version wrote.
func (d *DB) Migrate(ctx context.Context) error {
	standing, err := d.Standing(ctx)
	if err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	if standing == Newer {
		return d.newer(ctx)
	}
	p, err := d.provider()
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Reject says in one line why a database that is not of the wanted standing cannot be worked on, and
// what to do; nil when it is of one of them.
func (d *DB) Reject(ctx context.Context, wanted ...Standing) error {
	standing, err := d.Standing(ctx)
	if err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	switch {
	case slices.Contains(wanted, standing):
		return nil
	case standing == Newer:
		return d.newer(ctx)
	case standing == Older:
		return errors.New("the database is older than this program and was left as it is: use the program that serves it, or back it up, stop that one and start this one, which brings it up to date")
	case standing == Foreign:
		return errors.New("the database holds tables of another program: check its address")
	}
	return errors.New("the database is empty, no installation is there: check its address, or start the program once")
}

func (d *DB) newer(ctx context.Context) error {
	has, want, err := d.Versions(ctx)
	if err != nil {
		return err
	}
	return fmt.Errorf("%w (database %d, program %d): install the newer program again, or restore a backup made before the upgrade", ErrNewer, has, want)
}

// Prepare brings a database that is to be filled to this program's version. One that holds data, or
// tables of another program, is refused and left as it is.
func (d *DB) Prepare(ctx context.Context) error {
	if unused, err := d.Unused(ctx); err != nil {
		return err
	} else if !unused {
		return errors.New("the target database already holds data: give an empty one")
	}
	if err := d.Reject(ctx, Empty, Older, Current); err != nil {
		return err
	}
	return d.Migrate(ctx)
}

// MigrateLike brings an empty database to the version of another, which may be older than the
// program, so that it can take a copy of it.
func (d *DB) MigrateLike(ctx context.Context, other *DB) error {
	versions, err := other.applied(ctx)
	if err != nil {
		return err
	}
	p, err := d.provider()
	if err != nil {
		return err
	}
	for _, v := range versions {
		if _, err := p.ApplyVersion(ctx, v, true); err != nil {
			return fmt.Errorf("migrate like another: %w", err)
		}
	}
	return nil
}

// applied gives the migrations the database has, in order. The tool that runs them would make its
// table when it is asked; this does not.
func (d *DB) applied(ctx context.Context) ([]int64, error) {
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'"
	if d.engine == Postgres {
		query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'"
	}
	var n int
	if err := d.read.QueryRowContext(ctx, query).Scan(&n); err != nil || n == 0 {
		return nil, err
	}
	return All(ctx, d.read, func(s Scanner) (v int64, err error) { return v, s.Scan(&v) },
		"SELECT DISTINCT version_id FROM goose_db_version WHERE is_applied AND version_id > 0 ORDER BY version_id")
}

// known gives the migrations of this program, in order.
func known() ([]int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []int64
	for _, f := range files {
		v, err := goose.NumericComponent(f)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func (d *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	return goose.NewProvider(dialect, d.write, files, goose.WithAllowOutofOrder(true))
}
