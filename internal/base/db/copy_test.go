package db_test

import (
	"context"
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
