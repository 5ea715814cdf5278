package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the database was written by a newer version of the program.
var ErrNewer = errors.New("the database is newer than this program")

// Migrate brings the database to this program's version, in the one ordered list that all
// capabilities share. A database newer than the program is refused with [ErrNewer] and left as
// it is: going back would lose what the newer version wrote.
func (d *DB) Migrate(ctx context.Context) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	has, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	if has > want {
		return fmt.Errorf("%w (database %d, program %d): install the newer program again, or restore a backup made before the upgrade", ErrNewer, has, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Versions tells the database's version and the one this program wants.
func (d *DB) Versions(ctx context.Context) (has, want int64, err error) {
	p, err := d.provider()
	if err != nil {
		return 0, 0, err
	}
	return p.GetVersions(ctx)
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
