// Package dbtest gives tests a fresh, migrated database on each engine.
//
// Every store test runs on both: [Each] calls it once with SQLite and once with a database in a
// real PostgreSQL server. That server is the one named by BANGVANG_TEST_POSTGRES (make test starts
// one for the whole run), or else one that this test process starts and that ends with it. A
// machine without PostgreSQL fails the test: a run that skips its real parts silently is a failure.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest/pgserver"
)

// Each runs the exercise on a fresh migrated database of every engine, side by side.
func Each(t *testing.T, exercise func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachAt(t, nil, func(t *testing.T, d *db.DB, _ *clock.Clock) { exercise(t, d) })
}

// EachAt is Each with a clock of the test's own for each engine: start makes it, nil means the
// system's.
func EachAt(t *testing.T, start func() *clock.Clock, exercise func(t *testing.T, d *db.DB, clk *clock.Clock)) {
	t.Helper()
	if start == nil {
		start = clock.System
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		clk := start()
		exercise(t, SQLite(t, clk), clk)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		clk := start()
		exercise(t, Postgres(t, clk), clk)
	})
}

// SQLite gives a fresh migrated SQLite database that goes with the test.
func SQLite(t testing.TB, clk *clock.Clock) *db.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+path, clk)
}

// Postgres gives a fresh migrated PostgreSQL database that goes with the test.
func Postgres(t testing.TB, clk *clock.Clock) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t), clk)
}

// PostgresURL gives the address of a fresh migrated PostgreSQL database, for tests that start
// the program itself.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return postgresURL(t, func(at place) string { return at.template })
}

// EmptyPostgresURL gives the address of a PostgreSQL database without any table.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	return postgresURL(t, func(place) string { return "template0" })
}

func postgresURL(t testing.TB, template func(place) string) string {
	t.Helper()
	at, err := postgresTemplate()
	if err != nil {
		t.Fatalf("start PostgreSQL (make setup installs it): %v", err)
	}
	name := "t_" + db.NewID()
	if err := pgserver.Exec(at.server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template(at))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pgserver.Exec(at.server, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			t.Log("leave the test database behind:", err)
		}
	})
	return withDatabase(at.server, name)
}

func open(t testing.TB, address string, clk *clock.Clock) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address, clk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// sqliteTemplate migrates one database per process; each test copies its bytes.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "bangvang-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// place is a running server and the name of its migrated template database.
type place struct{ server, template string }

// postgresTemplate migrates one database per process; each test is a copy made by the server.
var postgresTemplate = sync.OnceValues(func() (place, error) {
	server := os.Getenv("BANGVANG_TEST_POSTGRES")
	if server == "" {
		s, err := pgserver.Start()
		if err != nil {
			return place{}, err
		}
		server = s.URL
	}
	name := "template_" + db.NewID()
	if err := pgserver.Exec(server, "CREATE DATABASE "+name); err != nil {
		return place{}, err
	}
	return place{server, name}, migrate(withDatabase(server, name))
})

func migrate(address string) error {
	d, err := db.Open(context.Background(), address, nil)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(context.Background())
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // the server's address is made by pgserver
	}
	u.Path = "/" + name
	return u.String()
}
