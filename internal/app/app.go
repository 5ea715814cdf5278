// Package app wires every capability into one program: one handler for the office plane, one pure
// function for the public plane, one job runner. It is the only package that knows them all.
//
// [Open] makes the office side from a database; [PublicSide] makes the public side, which needs the
// published files only and is up before the database is (architecture §2). [Serve] runs them.
//
// Start reading at [Open], then serve.go.
package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/base/event"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/ministry"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
	"bangvang/internal/portal"
	"bangvang/internal/readiness"
	"bangvang/internal/reports"
)

// Options are what a caller may change beside the settings.
type Options struct {
	Clock   *clock.Clock                  // nil: the system's
	Factors map[access.Role]people.Factor // second factors that differ from the roles' own
	Cost    credential.Cost               // of a password check; zero: [credential.DefaultCost]
	Paced   bool                          // the caller moves the clock by hand and does the background work itself ([jobs.Runner.Settle])
}

// An App is one installation with its office side open.
type App struct {
	Config    config.Config
	Clock     *clock.Clock
	DB        *db.DB
	Policy    *access.Policy
	Runner    *jobs.Runner
	Bus       *event.Bus
	Files     blob.Store // attachments
	Site      *publish.Site
	Publisher *publish.Publisher
	Inspector *inspect.Inspector
	Office    *web.Office

	People    *people.Service
	Exam      *exam.Service
	Documents *documents.Service
	Reports   *reports.Service
	Readiness *readiness.Service
	Ministry  *ministry.Service
	Portal    *portal.Service
}

// Rules is the permission table of the whole program, each capability's part in turn.
func Rules() [][]access.Rule {
	return [][]access.Rule{people.Rules(), exam.Rules(), documents.Rules(), reports.Rules(), readiness.Rules(), ministry.Rules(), portal.Rules(), operationRules()}
}

// An Opener is [blob.Open], or [blob.OpenExisting] for who only looks.
type Opener func(ctx context.Context, address string) (blob.Store, error)

// Stores gives the areas of the installation's file store: attachments, and what is published.
func Stores(ctx context.Context, c config.Config, open Opener) (files, published blob.Store, err error) {
	all, err := open(ctx, c.Files)
	if err != nil {
		return nil, nil, fmt.Errorf("open the file store: %w", err)
	}
	if files, err = all.Area("tep"); err != nil {
		return nil, nil, err
	}
	published, err = all.Area("cong")
	return files, published, err
}

// OpenSite opens the published side: it needs the file store only.
func OpenSite(ctx context.Context, c config.Config) (*publish.Site, error) {
	files, published, err := Stores(ctx, c, blob.Open)
	if err != nil {
		return nil, err
	}
	return publish.OpenSite(ctx, publish.SiteOptions{Store: published, Files: files})
}

// Open opens the installation's office side: the database, migrated, and every capability on it.
// site is the published side it publishes to.
func Open(ctx context.Context, c config.Config, site *publish.Site, o Options) (*App, error) {
	d, err := db.Open(ctx, c.Database, o.Clock)
	if err != nil {
		return nil, err
	}
	a, err := wire(ctx, c, d, site, o)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

// Close ends what Open began.
func (a *App) Close() error { return a.DB.Close() }

func wire(ctx context.Context, c config.Config, d *db.DB, site *publish.Site, o Options) (*App, error) {
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	secret, err := secretOf(ctx, c, d)
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, Clock: o.Clock, DB: d, Site: site}
	if a.Policy, err = access.NewPolicy(o.Clock, Rules()...); err != nil {
		return nil, err
	}
	if a.Files, _, err = Stores(ctx, c, blob.Open); err != nil {
		return nil, err
	}
	a.Runner = jobs.NewRunner(d, c.Workers)
	a.Bus = event.NewBus(d, a.Runner)
	a.Publisher = publish.NewPublisher(d, site)
	if err := a.capabilities(secret, o); err != nil {
		return nil, err
	}
	a.public()
	return a, a.office(secret)
}

// capabilities makes the services, each knowing only those left of it.
func (a *App) capabilities(secret []byte, o Options) (err error) {
	a.Exam = exam.New(exam.Deps{DB: a.DB, Policy: a.Policy, Clock: a.Clock, Publisher: a.Publisher})
	a.People, err = people.New(people.Deps{DB: a.DB, Policy: a.Policy, Secret: secret, Factors: o.Factors, Cost: o.Cost,
		Sites: a.Exam, Sheets: a.Exam.Sheets()})
	if err != nil {
		return err
	}
	receipts, err := hkdf.Key(sha256.New, secret, nil, "bangvang receipts", 32)
	if err != nil {
		return err
	}
	a.Reports = reports.New(reports.Deps{DB: a.DB, Policy: a.Policy, Clock: a.Clock, Exams: a.Exam, Units: unitPaths{a.People}, Secret: receipts, Publisher: a.Publisher})
	return a.registry()
}
