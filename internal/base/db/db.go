// Package db opens the program's one database, on SQLite or on PostgreSQL, and runs
// transactions on it.
//
// Everything the two engines do alike is written once in the capabilities' store.go files
// (style.md, "SQL for two engines"); what must differ has a named helper here with a comment
// saying why. Changes go through [DB.Write], reads outside a change through [DB.Read].
//
// Start reading at [Open] and [DB.Write].
package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"bangvang/internal/base/clock"
)

// Engine names the database engine in use.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// A DB is one open database. It is safe for use by many goroutines.
type DB struct {
	engine Engine
	url    string
	write  *sql.DB // SQLite: exactly one connection, so writers queue in Go and not in busy loops
	read   *sql.DB
	reader Queryer // reads by statements kept ready
	clock  *clock.Clock
	bus    *localBus
}

// A Queryer runs single statements: [DB.Read] and [*Tx] are Queryers.
type Queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Open opens the database at url: "sqlite:/folder/file.db" or a bare path for SQLite (created
// when missing), "postgres://user:password@host/name" for PostgreSQL. It does not migrate.
// clk gives transactions their time; nil means the system's clock.
func Open(ctx context.Context, url string, clk *clock.Clock) (*DB, error) {
	d := &DB{url: url, clock: clk, bus: newLocalBus()}
	var err error
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		d.engine = Postgres
		d.write, err = sql.Open("pgx", url)
		if err != nil {
			return nil, fmt.Errorf("open PostgreSQL: %w", redact(err, url))
		}
		d.write.SetMaxOpenConns(24)
		d.write.SetMaxIdleConns(12)
		d.write.SetConnMaxIdleTime(5 * time.Minute)
		d.read = d.write
	} else {
		d.engine = SQLite
		if err := d.openSQLite(strings.TrimPrefix(url, "sqlite:")); err != nil {
			return nil, err
		}
	}
	d.reader = d.read
	if d.engine == SQLite { // pgx keeps its statements itself
		d.reader = &ready{db: d.read}
	}
	if err := d.write.PingContext(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("reach the %s database: %w", d.engine, redact(err, url))
	}
	if d.engine == Postgres {
		d.bus.listenPostgres(url)
	}
	return d, nil
}

// openSQLite opens one writing connection and a few reading ones. synchronous(full) is what keeps
// an acknowledged report through a power cut; txlock immediate avoids the BUSY of a transaction
// that first reads and then writes (dependencies.md §2).
func (d *DB) openSQLite(path string) error {
	if path == "" || path == ":memory:" {
		return errors.New("SQLite needs a file: give sqlite:/folder/file.db")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make the folder of the database: %w", err)
	}
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	dsn := "file:" + escaped + "?_pragma=journal_mode(wal)&_pragma=busy_timeout(8000)&_pragma=foreign_keys(1)" +
		"&_pragma=synchronous(full)&_pragma=cache_size(-16000)"
	var err error
	if d.write, err = sql.Open("sqlite", dsn+"&_txlock=immediate"); err != nil {
		return fmt.Errorf("open SQLite: %w", err)
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"); err != nil {
		return fmt.Errorf("open SQLite for reading: %w", err)
	}
	d.read.SetMaxOpenConns(4)
	d.read.SetMaxIdleConns(4)
	return nil
}

// redact keeps the password of a database address out of error texts and so out of logs.
func redact(err error, address string) error {
	u, perr := url.Parse(address)
	if perr != nil || u.User == nil {
		return err
	}
	password, ok := u.User.Password()
	if !ok || password == "" || !strings.Contains(err.Error(), password) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), password, "***"))
}

// Close closes the database; running transactions end first.
func (d *DB) Close() error {
	d.bus.close()
	var errs []error
	if d.read != nil && d.read != d.write {
		errs = append(errs, d.read.Close())
	}
	if d.write != nil {
		errs = append(errs, d.write.Close())
	}
	return errors.Join(errs...)
}

// Engine tells which engine this is. Capabilities do not ask; helpers in this package do.
func (d *DB) Engine() Engine { return d.engine }

// Clock gives the clock that transactions take their time from.
func (d *DB) Clock() *clock.Clock { return d.clock }

// Read gives a Queryer for reading outside a transaction. On SQLite it refuses writes.
func (d *DB) Read() Queryer { return d.reader }

// Ping asks whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.read.PingContext(ctx); err != nil {
		return fmt.Errorf("ping the database: %w", redact(err, d.url))
	}
	var one int
	return d.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// ServerTime tells what time the database server has; on SQLite that is this machine.
func (d *DB) ServerTime(ctx context.Context) (time.Time, error) {
	if d.engine == SQLite {
		return time.Now(), nil
	}
	var ms int64
	err := d.read.QueryRowContext(ctx, "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)").Scan(&ms)
	return time.UnixMilli(ms), err
}

// Snapshot copies a SQLite database, while it runs, into a new file at path; the copy is whole
// and consistent. PostgreSQL has its own tools for that and gets an error.
func (d *DB) Snapshot(ctx context.Context, path string) error {
	if d.engine != SQLite {
		return errors.New("snapshot: only SQLite is copied as a file; use pg_dump for PostgreSQL")
	}
	_, err := d.write.ExecContext(ctx, "VACUUM INTO $1", path)
	return err
}

// ForUpdate is what a SELECT adds to keep the rows it read from changing until the transaction
// ends. It differs by necessity: SQLite has one writer at a time and does not know the words.
func (d *DB) ForUpdate() string {
	if d.engine == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// SkipLocked is ForUpdate for work queues: rows that another node holds are passed over.
// It differs by necessity, as [DB.ForUpdate] does.
func (d *DB) SkipLocked() string {
	if d.engine == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// IsUnique tells whether err is a violated uniqueness rule: the thing exists already.
func IsUnique(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// Unreachable tells whether err says that the database server does not answer, or hung up: trying
// again later may help, and nobody has to be called for a mistake in the program.
func Unreachable(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// Class 08 is connection exceptions; of class 57, operator intervention, 57P01 to 57P03
		// are a server that stops, crashed or starts.
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P0")
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[*net.OpError](err)
	return connecting || network || errors.Is(err, driver.ErrBadConn)
}

// again tells whether a transaction failed only because another was in its way.
func again(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY || lite.Code()&0xff == sqlite3.SQLITE_LOCKED
	}
	return false
}

var _ = stdlib.GetDefaultDriver // registers the "pgx" driver
