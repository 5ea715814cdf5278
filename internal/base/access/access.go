// Package access answers the one question "may this actor do this here?".
//
// A role is person × role × scope × period (domain.md 2.1, 2.4). A person acting in several roles
// picks none: the sum of the rights counts. Each capability lists its actions and which roles
// start with them in its access.go; package app joins the lists into one [Policy]. The first line
// of every verb asks [Policy.Check], so web, jobs, command line and machine interface pass one door.
// What one may not know of answers "not found" (domain.md 2.4: 404, not 403).
package access

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
)

// A Role names a function a person holds; the roles themselves are declared in package people.
type Role string

// An Action names something that can be done, "document.register".
type Action string

// Level says how far a role's right to an action reaches.
type Level int

// The levels of domain.md 2.4: nothing, "o" own scope only, everywhere. The own scope of a grant for a
// unit or a site is that place with all below it; of a grant for the whole Department or Council it is
// the very unit the person works in, for what an office does with its own work alone. What one made
// oneself is always one's own.
const (
	None Level = iota
	Own
	All
)

// ScopeKind says what sort of place a grant is for.
type ScopeKind string

// The scopes of domain.md 2.1.
const (
	Department ScopeKind = "department"
	Council    ScopeKind = "council"
	Site       ScopeKind = "site"
	Unit       ScopeKind = "unit"
)

// A Scope is where a grant holds. ID is empty for the Department.
type Scope struct {
	Kind ScopeKind
	ID   string
}

// String writes a scope as history keeps it: "unit:ID", "department", "" for none.
func (s Scope) String() string {
	if s.ID == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + ":" + s.ID
}

// ParseScope reads what [Scope.String] wrote.
func ParseScope(s string) Scope {
	kind, id, _ := strings.Cut(s, ":")
	return Scope{ScopeKind(kind), id}
}

// A Grant gives one role in one scope for a time.
type Grant struct {
	Role  Role
	Scope Scope
	From  int64 // first millisecond UTC; 0 = since ever
	Until int64 // first millisecond after; 0 = open
}

// An Actor is who acts: a person with their grants, or the program itself.
type Actor struct {
	Person   string // the person's id; "" = nobody is logged in
	Name     string // as shown in history and audit
	Username string
	Unit     string // the id of the unit they work in; "" when the account names none
	Grants   []Grant
	By       Grant // the one whose right is being used, see [Policy.Enter]; zero when none was asked for
	System   bool  // the program itself, doing what an earlier decision implies
}

// A Place is where the thing acted on belongs. The zero Place is the Department as a whole.
type Place struct {
	Units []string // the unit and its ancestors; empty when it belongs to no unit
	Site  string   // the exam site's id
	Owner string   // the person who made it, when that gives rights
}

type actorKey struct{}

// With gives a context in which actor acts.
func With(ctx context.Context, actor Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// From gives who acts; the zero Actor when nobody is logged in.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// System gives a context in which the program itself acts; name says as what in audit lines,
// "Hệ thống (hẹn giờ)" for instance.
func System(ctx context.Context, name string) context.Context {
	return With(ctx, Actor{Person: "system", Name: name, Username: "system", System: true})
}

// A Rule says which roles start with an action, how far, and what else lets an actor know that
// the thing exists.
type Rule struct {
	Action Action
	Title  string // Vietnamese, for the permission page
	Source string // the row of domain.md 2.4 it comes from
	Read   Action // who may do this knows of the thing: refusals become Denied instead of NotFound
	Roles  map[Role]Level
}

// A Policy is the permission table of the whole program.
type Policy struct {
	rules map[Action]Rule
	clock *clock.Clock
}

// NewPolicy joins the capabilities' tables. An action declared twice, or one whose Read is not
// declared, is a mistake of the program. clk tells which grants are valid; nil is the system's.
func NewPolicy(clk *clock.Clock, tables ...[]Rule) (*Policy, error) {
	p := &Policy{rules: map[Action]Rule{}, clock: clk}
	for _, table := range tables {
		for _, r := range table {
			if _, twice := p.rules[r.Action]; twice {
				return nil, fmt.Errorf("access: %s is declared twice", r.Action)
			}
			p.rules[r.Action] = r
		}
	}
	for _, r := range p.rules {
		if _, ok := p.rules[r.Read]; r.Read != "" && !ok {
			return nil, fmt.Errorf("access: %s reads by %s, which nobody declared", r.Action, r.Read)
		}
	}
	return p, nil
}

// Rules gives the whole table ordered by action, for the permission page and the golden test.
func (p *Policy) Rules() []Rule {
	return slices.SortedFunc(maps.Values(p.rules), func(a, b Rule) int {
		if a.Action < b.Action {
			return -1
		}
		return 1
	})
}

// Check returns nil when the actor of ctx may do action at place now.
//
// Otherwise it returns fault.Unauthenticated when nobody is logged in, fault.Denied when the
// actor may know of the thing, and fault.NotFound when not.
func (p *Policy) Check(ctx context.Context, action Action, place Place) error {
	_, err := p.Enter(ctx, action, place)
	return err
}

// Enter is [Policy.Check] for who goes on to change something: the context it gives acts by the
// grant that gave the right, and history and audit lines written in it say so. Of several grants
// that give the right the first counts. The program itself acts by none.
//
// Source: domain.md 6 ("every transition records who, role, when").
func (p *Policy) Enter(ctx context.Context, action Action, place Place) (context.Context, error) {
	actor := From(ctx)
	if by, ok := p.allowed(actor, action, place); ok {
		actor.By = by
		return With(ctx, actor), nil
	}
	return ctx, p.refuse(actor, action, place)
}

func (p *Policy) refuse(actor Actor, action Action, place Place) error {
	if actor.Person == "" {
		return fault.New(fault.Unauthenticated, "Hãy đăng nhập để tiếp tục.")
	}
	if read := p.rules[action].Read; read != "" {
		if _, knows := p.allowed(actor, read, place); knows {
			return &fault.Error{Kind: fault.Denied}
		}
	}
	return &fault.Error{Kind: fault.NotFound}
}

// Can is Check as a yes or no, for showing only the buttons that work.
func (p *Policy) Can(ctx context.Context, action Action, place Place) bool {
	_, ok := p.allowed(From(ctx), action, place)
	return ok
}

// Anywhere tells whether the actor may do action at one place at least: whether to show a page
// whose list is then filtered by place.
func (p *Policy) Anywhere(ctx context.Context, action Action) bool {
	actor := From(ctx)
	if actor.System {
		return true
	}
	now := p.clock.Millis()
	return slices.ContainsFunc(actor.Grants, func(g Grant) bool {
		return g.valid(now) && p.rules[action].Roles[g.Role] != None
	})
}

// allowed tells whether an actor may, and by which grant; the program itself needs none.
func (p *Policy) allowed(actor Actor, action Action, place Place) (by Grant, ok bool) {
	rule, ok := p.rules[action]
	if !ok {
		return Grant{}, false // deny by default: an action nobody declared is nobody's
	}
	if actor.System {
		return Grant{}, true
	}
	if actor.Person == "" {
		return Grant{}, false
	}
	now := p.clock.Millis()
	for _, g := range actor.Grants {
		if !g.valid(now) {
			continue
		}
		switch rule.Roles[g.Role] {
		case All:
			return g, true
		case Own:
			if g.Scope.covers(place, actor.Unit) || place.Owner == actor.Person {
				return g, true
			}
		}
	}
	return Grant{}, false
}

func (g Grant) valid(now int64) bool {
	return (g.From == 0 || now >= g.From) && (g.Until == 0 || now < g.Until)
}

// covers tells whether a place is in the own scope of a grant held by somebody who works in unit.
func (s Scope) covers(place Place, unit string) bool {
	switch s.Kind {
	case Department, Council:
		return unit != "" && len(place.Units) > 0 && place.Units[0] == unit
	case Site:
		return place.Site != "" && place.Site == s.ID
	case Unit:
		return slices.Contains(place.Units, s.ID)
	}
	return false
}
