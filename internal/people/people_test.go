package people_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
)

// examDay is the first day of the 2021 exam, before the first sitting.
var examDay = time.Date(2021, 7, 7, 6, 30, 0, 0, clock.Zone)

// house is one installation under test.
type house struct {
	*people.Service
	t     *testing.T
	db    *db.DB
	clock *clock.Clock
	admin context.Context // acts as an administrator with a full session
	sites fixedSites
}

// fixedSites stands for the exam capability: it owns the sites, people only asks for their names.
type fixedSites []people.Named

func (f fixedSites) SiteChoices(context.Context, db.Queryer) ([]people.Named, error) { return f, nil }

func newHouse(t *testing.T, d *db.DB, clk *clock.Clock) *house {
	t.Helper()
	policy, err := access.NewPolicy(clk, people.Rules())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: d, clock: clk, sites: fixedSites{{ID: "site-1", Name: "THPT Than Uyên"}, {ID: "site-2", Name: "THPT Bình Lư"}}}
	h.Service, err = people.New(people.Deps{DB: d, Policy: policy, Secret: bytes.Repeat([]byte{7}, 32),
		Cost: credential.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}, Sites: h.sites})
	if err != nil {
		t.Fatal(err)
	}
	id := h.account("quantri")
	h.grant(id, people.RoleAdmin, access.Scope{Kind: access.Department})
	h.admin = h.as(id)
	return h
}

// each runs an exercise in a fresh house on both engines, on the morning of the exam.
func each(t *testing.T, exercise func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(examDay) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		exercise(t, newHouse(t, d, clk))
	})
}

func system() context.Context { return access.System(context.Background(), "Kiểm thử") }

const password = "mưa rào tháng bảy"

// account makes an account that can log in with password.
func (h *house) account(username string) people.AccountID {
	h.t.Helper()
	id, err := h.CreateAccount(system(), people.AccountForm{Username: username, Name: "Lò Văn " + username})
	h.must(err)
	h.must(h.SetPassword(system(), id, password, false))
	return id
}

func (h *house) grant(id people.AccountID, role access.Role, scope access.Scope) people.GrantID {
	h.t.Helper()
	g, err := h.GrantRole(system(), people.GrantForm{Account: id, Role: role, Scope: scope})
	h.must(err)
	return g
}

// as gives a context in which the account acts with all its rights.
func (h *house) as(id people.AccountID) context.Context {
	h.t.Helper()
	a, err := h.Account(system(), id)
	h.must(err)
	who := access.Actor{Person: string(id), Name: a.Name, Username: a.Username}
	grants, err := h.Grants(system(), id)
	h.must(err)
	for _, g := range grants {
		who.Grants = append(who.Grants, access.Grant{Role: g.Role, Scope: g.Scope, From: g.From, Until: g.Until})
	}
	return access.With(context.Background(), who)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused checks that err is a refusal of a kind, naming a form's field when one is given.
func refused(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("got %v, want a refusal of kind %v", err, kind)
	}
	if field == "" {
		return
	}
	for _, f := range fault.FieldsOf(err) {
		if f.Name == field && f.Message != "" {
			return
		}
	}
	t.Fatalf("%v does not name the field %q", err, field)
}

func sqliteAt(t *testing.T, at time.Time) (*testing.T, *db.DB, *clock.Clock) {
	t.Helper()
	clk := clock.At(at)
	return t, dbtest.SQLite(t, clk), clk
}

// dump gives every value of every table as one text.
func (h *house) dump() string {
	h.t.Helper()
	ctx := context.Background()
	tables, err := db.All(ctx, h.db.Read(), func(s db.Scanner) (name string, err error) { err = s.Scan(&name); return name, err },
		`SELECT name FROM sqlite_schema WHERE type = 'table'`)
	h.must(err)
	var all strings.Builder
	for _, table := range tables {
		rows, err := h.db.Read().QueryContext(ctx, `SELECT * FROM `+table)
		h.must(err)
		columns, err := rows.Columns()
		h.must(err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			h.must(rows.Scan(values...))
			for _, v := range values {
				fmt.Fprintf(&all, "%s\x00", *v.(*any))
			}
		}
		h.must(rows.Close())
	}
	return all.String()
}
