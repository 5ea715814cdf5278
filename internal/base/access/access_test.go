package access_test

import (
	"context"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
)

const now = 1_000_000

func policy(t *testing.T) *access.Policy {
	t.Helper()
	p, err := access.NewPolicy(clock.At(time.UnixMilli(now)), []access.Rule{
		{Action: "doc.read", Roles: map[access.Role]access.Level{"editor": access.Own, "office": access.All}},
		{Action: "doc.post", Read: "doc.read", Roles: map[access.Role]access.Level{"publisher": access.All}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func actor(grants ...access.Grant) context.Context {
	return access.With(context.Background(), access.Actor{Person: "p1", Grants: grants})
}

func worksIn(unit string, grants ...access.Grant) context.Context {
	return access.With(context.Background(), access.Actor{Person: "p1", Unit: unit, Grants: grants})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	school := access.Place{Units: []string{"school", "district"}}
	grant := func(role access.Role, kind access.ScopeKind, id string) access.Grant {
		return access.Grant{Role: role, Scope: access.Scope{Kind: kind, ID: id}}
	}
	for name, c := range map[string]struct {
		ctx    context.Context
		action access.Action
		place  access.Place
		want   fault.Kind // Internal = allowed
	}{
		"own in a wide scope is the unit one works in":  {worksIn("school", grant("editor", access.Department, "")), "doc.read", school, 0},
		"own in a wide scope is not a unit above it":    {worksIn("district", grant("editor", access.Council, "")), "doc.read", school, fault.NotFound},
		"own in a wide scope is not another unit":       {worksIn("other", grant("editor", access.Department, "")), "doc.read", school, fault.NotFound},
		"own in a wide scope is nothing without a unit": {actor(grant("editor", access.Department, "")), "doc.read", access.Place{}, fault.NotFound},
		"a role with all may do it anywhere":            {actor(grant("office", access.Department, "")), "doc.read", school, 0},
		"an own right covers the unit":                  {actor(grant("editor", access.Unit, "school")), "doc.read", school, 0},
		"an own right covers the units below":           {actor(grant("editor", access.Unit, "district")), "doc.read", school, 0},
		"an own right ends at the unit":                 {actor(grant("editor", access.Unit, "other")), "doc.read", school, fault.NotFound},
		"who may read is told of the refusal":           {actor(grant("office", access.Department, "")), "doc.post", school, fault.Denied},
		"who may not read finds nothing":                {actor(), "doc.post", school, fault.NotFound},
		"the sum of several roles counts":               {actor(grant("office", access.Department, ""), grant("publisher", access.Department, "")), "doc.post", school, 0},
		"a stranger is asked to log in":                 {context.Background(), "doc.read", school, fault.Unauthenticated},
		"an undeclared action is nobody's":              {actor(grant("office", access.Department, "")), "doc.delete", school, fault.NotFound},
		"an ended grant gives nothing":                  {actor(access.Grant{Role: "office", Until: now}), "doc.read", school, fault.NotFound},
		"a grant that has not begun gives nothing":      {actor(access.Grant{Role: "office", From: now + 1}), "doc.read", school, fault.NotFound},
		"a grant holds from its first millisecond":      {actor(access.Grant{Role: "office", From: now, Until: now + 1}), "doc.read", school, 0},
		"the maker has the own right of their own work": {actor(grant("editor", access.Unit, "other")), "doc.read", access.Place{Owner: "p1"}, 0},
		"the program itself may":                        {access.System(context.Background(), "Hệ thống"), "doc.post", school, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := policy(t).Check(c.ctx, c.action, c.place)
			if c.want == 0 && err != nil || c.want != 0 && !fault.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// domain.md 6: a transition records the role, so what is entered says by which grant.
func TestEnterSaysWhichGrantGaveTheRight(t *testing.T) {
	t.Parallel()
	own := access.Grant{Role: "editor", Scope: access.Scope{Kind: access.Unit, ID: "school"}}
	ended := access.Grant{Role: "office", Scope: access.Scope{Kind: access.Department}, Until: now}
	other := access.Grant{Role: "publisher", Scope: access.Scope{Kind: access.Department}}
	ctx, err := policy(t).Enter(actor(other, ended, own), "doc.read", access.Place{Units: []string{"school"}})
	if err != nil || access.From(ctx).By != own {
		t.Errorf("entered by %+v, %v", access.From(ctx).By, err)
	}
	if ctx, err = policy(t).Enter(ctx, "doc.post", access.Place{}); err != nil || access.From(ctx).By != other {
		t.Errorf("the next right is by %+v, %v", access.From(ctx).By, err)
	}
	if ctx, err = policy(t).Enter(access.System(ctx, "Hệ thống"), "doc.post", access.Place{}); err != nil || access.From(ctx).By != (access.Grant{}) {
		t.Errorf("the program itself acts by %+v, %v", access.From(ctx).By, err)
	}
	if _, err := policy(t).Enter(actor(ended), "doc.read", access.Place{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("entered without a right: %v", err)
	}
}

func TestScopesAreReadAsWritten(t *testing.T) {
	t.Parallel()
	for _, s := range []access.Scope{{}, {Kind: access.Department}, {Kind: access.Unit, ID: "thpt:1"}} {
		if got := access.ParseScope(s.String()); got != s {
			t.Errorf("%+v was written %q and read %+v", s, s.String(), got)
		}
	}
}

func TestNewPolicyRefusesMistakes(t *testing.T) {
	t.Parallel()
	if _, err := access.NewPolicy(clock.At(time.UnixMilli(now)), []access.Rule{{Action: "a"}}, []access.Rule{{Action: "a"}}); err == nil {
		t.Error("an action declared twice went through")
	}
	if _, err := access.NewPolicy(clock.At(time.UnixMilli(now)), []access.Rule{{Action: "a", Read: "b"}}); err == nil {
		t.Error("an undeclared reading action went through")
	}
}
