package audit_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
)

func as(t *testing.T, person, name string) context.Context {
	return access.With(t.Context(), access.Actor{Person: person, Name: name})
}

func write(ctx context.Context, d *db.DB, labels ...string) error {
	return d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, l := range labels {
			e := audit.Entry{Action: "document.post", Kind: "document", ID: "d1", Label: l, Data: map[string]string{"b": "2", "a": "1"}}
			if err := audit.Write(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestTheChainHoldsUnderManyWriters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				if err := write(as(t, "p", "Lò Thị Mai"), d, fmt.Sprint(i), fmt.Sprint(i, "b")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n, err := audit.Verify(t.Context(), d.Read()); n != 24 || err != nil {
			t.Fatalf("verified %d lines, %v", n, err)
		}
		lines, err := audit.List(t.Context(), d.Read(), audit.Query{Kind: "document", Limit: 3})
		if err != nil || len(lines) != 3 || lines[0].Seq != 24 || lines[0].Name != "Lò Thị Mai" || lines[0].Data != `{"a":"1","b":"2"}` {
			t.Errorf("newest lines: %+v, %v", lines, err)
		}
	})
}

func TestARolledBackDeedLeavesNoLine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_ = d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_ = audit.Write(ctx, tx, audit.Entry{Action: "x"})
			return context.Canceled
		})
		if n, err := audit.Verify(t.Context(), d.Read()); n != 0 || err != nil {
			t.Errorf("%d lines, %v", n, err)
		}
	})
}

// Source: domain.md 6 ("every transition records who, role, when").
func TestALineNamesTheRole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		head := access.Grant{Role: "unit_head", Scope: access.Scope{Kind: access.Unit, ID: "u1"}}
		if err := write(as(t, "p", "n"), d, "as nobody in particular"); err != nil {
			t.Fatal(err)
		}
		if err := write(access.With(t.Context(), access.Actor{Person: "p", Name: "n", By: head}), d, "as head"); err != nil {
			t.Fatal(err)
		}
		lines, err := audit.List(t.Context(), d.Read(), audit.Query{})
		if err != nil || len(lines) != 2 || lines[0].Role != "unit_head" || lines[0].Scope != head.Scope || lines[1].Role != "" || lines[1].Scope != (access.Scope{}) {
			t.Fatalf("lines: %+v, %v", lines, err)
		}
		if n, err := audit.Verify(t.Context(), d.Read()); n != 2 || err != nil {
			t.Errorf("verified %d lines, %v", n, err)
		}
	})
}

func TestTamperingShows(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]struct{ sql, says string }{
		"a changed label":      {"UPDATE audit SET label = 'khác' WHERE seq = 2", "line 2 was changed"},
		"a removed line":       {"DELETE FROM audit WHERE seq = 2", "line 2 is missing"},
		"a cut end":            {"DELETE FROM audit WHERE seq = 3", "ends at line 2"},
		"another role":         {"UPDATE audit SET role = 'leader' WHERE seq = 2", "line 2 was changed"},
		"no role":              {"UPDATE audit SET role = '', scope = '' WHERE seq = 2", "line 2 was changed"},
		"another scope":        {"UPDATE audit SET scope = 'unit:u2' WHERE seq = 2", "line 2 was changed"},
		"a role put in":        {"UPDATE audit SET role = 'clerk' WHERE seq = 3", "line 3 was changed"},
		"a line with new hash": {"UPDATE audit SET hash = 'f' WHERE seq = 1", "line 1 was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				head := access.Actor{Person: "p", Name: "n", By: access.Grant{Role: "unit_head", Scope: access.Scope{Kind: access.Unit, ID: "u1"}}}
				for i, ctx := range []context.Context{as(t, "p", "n"), access.With(t.Context(), head), as(t, "p", "n")} {
					if err := write(ctx, d, fmt.Sprint(i+1)); err != nil {
						t.Fatal(err)
					}
				}
				err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return db.Exec1(ctx, tx, tamper.sql) })
				if err != nil {
					t.Fatal(err)
				}
				if _, err := audit.Verify(t.Context(), d.Read()); err == nil || !strings.Contains(err.Error(), tamper.says) {
					t.Errorf("verify said %v", err)
				}
			})
		})
	}
}
