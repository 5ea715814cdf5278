package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
)

// OpenReadOnly opens a database that must not be changed, for who looks at or copies an installation
// that others may be using. Whatever is asked of it, it writes nothing: SQLite opens the file for
// reading, and as one that nobody changes when no other program has it open, so that not even the
// files beside it are made; PostgreSQL is told that no transaction of this connection may write.
// There is nothing to listen for on it.
func OpenReadOnly(ctx context.Context, address string) (*DB, error) {
	d := &DB{url: address, bus: newLocalBus(), engine: SQLite}
	var err error
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		d.engine = Postgres
		u, perr := url.Parse(address)
		if perr != nil {
			return nil, errors.New("the address of the database cannot be read: give postgres://user:password@host/name")
		}
		q := u.Query()
		q.Set("default_transaction_read_only", "on")
		u.RawQuery = q.Encode()
		d.write, err = sql.Open("pgx", u.String())
	} else {
		d.write, err = sql.Open("sqlite", readOnlyDSN(strings.TrimPrefix(address, "sqlite:")))
	}
	if err != nil {
		return nil, fmt.Errorf("open the %s database for reading: %w", d.engine, redact(err, address))
	}
	d.write.SetMaxOpenConns(4)
	d.read, d.reader = d.write, d.write
	if err := d.write.PingContext(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("reach the %s database: %w", d.engine, redact(err, address))
	}
	return d, nil
}

// readOnlyDSN opens a file that another program has open (its write-ahead log is there) beside that
// program, and any other as it lies.
func readOnlyDSN(path string) string {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	dsn := "file:" + escaped + "?mode=ro&_pragma=busy_timeout(8000)&_pragma=query_only(1)"
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		dsn += "&immutable=1"
	}
	return dsn
}
