package db_test

import (
	"context"
	"path/filepath"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/jobs"
)

func TestCopyMovesEverythingBetweenEngines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to func(testing.TB) *db.DB }{
		"SQLite to PostgreSQL": {sqlite, postgres},
		"PostgreSQL to SQLite": {postgres, sqlite},
		"SQLite to SQLite":     {sqlite, sqlite},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := c.from(t), c.to(t)
			ctx := access.With(t.Context(), access.Actor{Person: "p", Name: "Lò Văn Phúc"})
			must(t, from.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
				if err := jobs.Queue(ctx, tx, "mail", "thư “có dấu”"); err != nil {
					return err
				}
				return audit.Write(ctx, tx, audit.Entry{Action: "x", Label: "08/CT-UBND"})
			}))
			n, err := db.Copy(ctx, from, to)
			must(t, err)
			if n < 3 {
				t.Errorf("copied %d rows", n)
			}
			if lines, err := audit.Verify(ctx, to.Read()); lines != 1 || err != nil {
				t.Errorf("the copied chain has %d lines, %v", lines, err)
			}
			list, err := jobs.List(ctx, to.Read(), 5)
			if err != nil || len(list) != 1 || list[0].Payload != `"thư “có dấu”"` {
				t.Errorf("copied jobs %+v, %v", list, err)
			}
			if _, err := db.Copy(ctx, from, to); err == nil {
				t.Error("a database that holds data was filled again")
			}
		})
	}
}

func sqlite(t testing.TB) *db.DB   { return dbtest.SQLite(t, nil) }
func postgres(t testing.TB) *db.DB { return dbtest.Postgres(t, nil) }

func TestCopyPartsTakesWhatIsNamedAndNoMore(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *db.DB{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := open(t), sqlite(t)
			ctx := access.With(t.Context(), access.Actor{Person: "p", Name: "Lò Văn Phúc"})
			must(t, from.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
				for _, payload := range []string{"một", "hai"} {
					if err := jobs.Queue(ctx, tx, payload, payload); err != nil {
						return err
					}
				}
				return audit.Write(ctx, tx, audit.Entry{Action: "x"})
			}))
			if _, err := db.CopyParts(ctx, from, to, map[string]db.Part{"nothing": {}}); err == nil {
				t.Error("a table that is not there was copied")
			}
			n, err := db.CopyParts(ctx, from, to, map[string]db.Part{"job": {Blank: []string{"payload"}, Keep: func(row map[string]any) bool { return row["kind"] == "hai" }}})
			if n != 1 || err != nil {
				t.Errorf("copied %d rows, %v", n, err)
			}
			list, err := jobs.List(ctx, to.Read(), 5)
			if err != nil || len(list) != 1 || list[0].Kind != "hai" || list[0].Payload != "" {
				t.Errorf("copied jobs %+v, %v", list, err)
			}
			if lines, err := audit.Verify(ctx, to.Read()); lines != 0 || err != nil {
				t.Errorf("the log was copied: %d lines, %v", lines, err)
			}
		})
	}
}

func TestWhatIsOpenedReadOnlyIsNotWritten(t *testing.T) {
	t.Parallel()
	write := func(d *db.DB) error {
		return d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return audit.Write(ctx, tx, audit.Entry{Action: "x"}) })
	}
	path := filepath.Join(t.TempDir(), "bangvang.db")
	for name, address := range map[string]string{"SQLite": "sqlite:" + path, "PostgreSQL": dbtest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), address, nil)
			must(t, err)
			must(t, d.Migrate(t.Context()))
			must(t, write(d))
			look := func(lines int64) {
				t.Helper()
				r, err := db.OpenReadOnly(t.Context(), address)
				must(t, err)
				defer r.Close()
				if n, err := audit.Verify(t.Context(), r.Read()); n != lines || err != nil {
					t.Errorf("read %d lines, %v", n, err)
				}
				if write(r) == nil {
					t.Error("it was written")
				}
				if _, err := r.Read().ExecContext(t.Context(), "DELETE FROM job"); err == nil {
					t.Error("it was emptied")
				}
			}
			look(1) // while another has it open
			must(t, write(d))
			look(2)
			must(t, d.Close())
			look(2)
		})
	}
	if left, err := filepath.Glob(path + "?*"); err != nil || len(left) > 0 {
		t.Errorf("beside the file there is %v, %v", left, err)
	}
	if _, err := db.OpenReadOnly(t.Context(), "sqlite:"+path+".none"); err == nil {
		t.Error("a file that is not there was opened")
	}
}
