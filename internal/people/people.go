// Package people knows the units, the people who work in them, what each may do, and whether it is
// really them.
//
// Every other capability asks it for a unit's name on a day ([Service.Directory]), for the roles it
// builds its permission rules on (roles.go), and for who acts (the login puts an [access.Actor]
// into the context). Units, localities and offices are data with periods of validity: a document of
// 2021 keeps showing the names of 2021 (domain.md 2.6). A role is person × role × scope × period; a
// person in several roles picks none, the sum of the rights counts (domain.md 2.1).
//
// What it promises: nobody learns from an answer or its duration whether an account exists; guessing
// slows the guesser and not the school behind the same address (throttle.go); no secret is stored or
// logged in clear; every change is one transaction with its audit line.
//
// Start reading at [Service], then units.go, accounts.go and login.go. The office pages are in
// package peopleweb.
//
// Source: domain.md 2.1–2.4, 2.6; L-17; P-17.
package people

import (
	"context"
	"fmt"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/people/credential"
)

// UnitID, LocalityID, AccountID, GrantID, SheetID, SessionID, TokenID and ImportID tell the ids of
// this capability apart, so that they cannot be swapped.
type (
	UnitID     string
	LocalityID string
	AccountID  string
	GrantID    string
	SheetID    string
	SessionID  string
	TokenID    string
	ImportID   string
)

// A Named is one thing to choose: its id and what people call it.
type Named struct{ ID, Name string }

// Sites is what people asks of the exam: which sites a grant can be for and what they are called.
type Sites interface {
	// SiteChoices gives the sites grants can be made for now, in the order people look for them.
	SiteChoices(ctx context.Context, q db.Queryer) ([]Named, error)
}

// Lifetimes says how long a login lasts.
type Lifetimes struct {
	Idle, Absolute         time.Duration
	SiteIdle, SiteAbsolute time.Duration // for accounts with a site role: a shared machine in a duty room
}

// DefaultLifetimes lets a clerk work a day, and a site's secretary a half-day.
var DefaultLifetimes = Lifetimes{Idle: 2 * time.Hour, Absolute: 12 * time.Hour, SiteIdle: 30 * time.Minute, SiteAbsolute: 6 * time.Hour}

// Deps is what the service stands on.
type Deps struct {
	DB        *db.DB
	Policy    *access.Policy
	Secret    []byte                 // the installation's secret, at least [credential.MinSecret] random bytes, the same on every node
	Cost      credential.Cost        // of a password check; zero is [credential.DefaultCost]
	Lifetimes Lifetimes              // zero is [DefaultLifetimes]
	Factors   map[access.Role]Factor // the installation's own policy, where it differs from [Roles]
	Issuer    string                 // the name an authenticator shows; empty is "Bảng Vàng"
	Sites     Sites                  // nil: no grants for sites can be made in the office pages
	Sheets    []ImportSheet          // rows that other capabilities import with the same spreadsheet
}

// A Service has the verbs of this capability. It is safe for use by many goroutines.
type Service struct {
	db      *db.DB
	policy  *access.Policy
	keys    *credential.Keys
	hasher  *credential.Hasher
	life    Lifetimes
	factors map[access.Role]Factor
	issuer  string
	sites   Sites
	sheets  []ImportSheet
}

// New gives the service. It fails when the installation's secret is too short.
func New(d Deps) (*Service, error) {
	keys, err := credential.NewKeys(d.Secret)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	s := &Service{db: d.DB, policy: d.Policy, keys: keys, hasher: credential.NewHasher(d.Cost), life: d.Lifetimes,
		factors: map[access.Role]Factor{}, issuer: d.Issuer, sites: d.Sites, sheets: d.Sheets}
	if s.life == (Lifetimes{}) {
		s.life = DefaultLifetimes
	}
	if s.issuer == "" {
		s.issuer = "Bảng Vàng"
	}
	for _, r := range roles {
		s.factors[r.Role] = r.Factor
	}
	for role, f := range d.Factors {
		s.factors[role] = f
	}
	return s, nil
}
