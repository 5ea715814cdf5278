package workflow_test

import (
	"context"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/workflow"
)

const table = "CREATE TABLE paper (id text PRIMARY KEY, state text NOT NULL, version integer NOT NULL)"

var papers = workflow.Table{
	Name: "paper", SQL: "paper", Start: "draft",
	States: map[workflow.State]string{"draft": "Dự thảo", "checked": "Đã rà soát", "posted": "Đã đăng"},
	Steps: []workflow.Step{
		{From: "draft", Do: "check", Title: "Rà soát", To: "checked", Who: "paper.check"},
		{From: "checked", Do: "post", Title: "Đăng", To: "posted", Who: "paper.post", NotBy: []string{"enter", "check"}},
		{From: "checked", Do: "return", Title: "Trả lại", To: "draft", Who: "paper.post", NeedsNote: true},
	},
}

type fixture struct {
	d *db.DB
	e workflow.Engine
	s workflow.Subject
}

func setup(t *testing.T, d *db.DB) *fixture {
	t.Helper()
	both := map[access.Role]access.Level{"a": access.All, "b": access.All}
	p, err := access.NewPolicy(nil, []access.Rule{
		{Action: "paper.check", Roles: map[access.Role]access.Level{"a": access.All}},
		{Action: "paper.post", Read: "paper.check", Roles: both},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := papers.Check(p); err != nil {
		t.Fatal(err)
	}
	f := &fixture{d: d, e: workflow.Engine{Policy: p}, s: workflow.Subject{ID: "1", Label: "08/CT-UBND", State: "draft", Version: 1}}
	ctx, err := p.Enter(as(t, "mai", "a"), "paper.check", access.Place{})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, q := range []string{table, "INSERT INTO paper VALUES ('1', 'draft', 1)"} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return f.e.Begin(ctx, tx, papers, f.s, "enter", "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func as(t *testing.T, person string, roles ...access.Role) context.Context {
	a := access.Actor{Person: person, Name: person}
	for _, r := range roles {
		a.Grants = append(a.Grants, access.Grant{Role: r, Scope: access.Scope{Kind: access.Department}})
	}
	return access.With(t.Context(), a)
}

func (f *fixture) run(ctx context.Context, do, note string) error {
	return f.d.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		next, err := f.e.Run(ctx, tx, papers, f.s, do, note)
		if err == nil {
			f.s = next
		}
		return err
	})
}

func TestSteps(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setup(t, d)
		want := func(err error, kind fault.Kind, what string) {
			t.Helper()
			if !fault.Is(err, kind) {
				t.Errorf("%s gave %v, want %v", what, err, kind)
			}
		}
		want(f.run(as(t, "lan", "a"), "post", ""), fault.Conflict, "a step that does not lead from here")
		want(f.run(as(t, "lan", "a"), "burn", ""), fault.NotFound, "a step nobody listed")
		want(f.run(as(t, "lan", "b"), "check", ""), fault.NotFound, "a step for others")
		if err := f.run(as(t, "lan", "a"), "check", ""); err != nil {
			t.Fatal(err)
		}
		want(f.run(as(t, "mai", "b"), "post", ""), fault.Denied, "posting what one entered oneself, under another role")
		want(f.run(as(t, "lan", "a", "b"), "post", ""), fault.Denied, "posting what one checked oneself")
		want(f.run(as(t, "hoa", "b"), "return", ""), fault.Invalid, "sending back without a reason")
		stale := f.s
		if err := f.run(as(t, "hoa", "b"), "post", ""); err != nil {
			t.Fatal(err)
		}
		f.s = stale
		want(f.run(as(t, "hoa", "b"), "post", ""), fault.Conflict, "a step on a version that moved on")

		history, err := f.e.History(t.Context(), d.Read(), papers, "1")
		if err != nil || len(history) != 3 || history[2].Name != "hoa" || history[2].From != "checked" || history[2].To != "posted" {
			t.Errorf("history %+v, %v", history, err)
		}
		for i, role := range []access.Role{"a", "a", "b"} {
			if h := history[i]; h.Role != role || h.Scope.Kind != access.Department {
				t.Errorf("step %s was taken by role %q in %q, want %q", h.Do, h.Role, h.Scope, role)
			}
		}
		lines, err := audit.List(t.Context(), d.Read(), audit.Query{Action: "paper.post"})
		if err != nil || len(lines) != 1 || lines[0].Role != "b" || lines[0].Scope.Kind != access.Department {
			t.Errorf("the audit line of the posting: %+v, %v", lines, err)
		}
		if n, err := audit.Verify(t.Context(), d.Read()); n != 3 || err != nil {
			t.Errorf("%d audit lines, %v: refused steps must leave none", n, err)
		}
	})
}

func TestSentBackToTheStartTheEyesAreFreshAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setup(t, d)
		for _, step := range []struct{ who, do string }{{"lan", "check"}, {"hoa", "return"}, {"nga", "check"}} {
			if err := f.run(as(t, step.who, "a", "b"), step.do, "sửa trích yếu"); err != nil {
				t.Fatalf("%s %s: %v", step.who, step.do, err)
			}
		}
		offered, err := f.e.Offered(as(t, "nga", "b"), d.Read(), papers, f.s)
		if err != nil || len(offered) != 1 || offered[0].Do != "return" {
			t.Errorf("the one who checked is offered %v, %v", offered, err)
		}
		if err := f.run(as(t, "mai", "b"), "post", ""); !fault.Is(err, fault.Denied) {
			t.Errorf("who entered it may post after it was sent back: %v", err)
		}
		if err := f.run(as(t, "lan", "b"), "post", ""); err != nil {
			t.Errorf("who checked only before it was sent back may post: %v", err)
		}
	})
}
