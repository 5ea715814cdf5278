// Package portal is the public section's face: the front page by phase, search, the frame
// that all public pages share, the pages about the site itself, and what machines look for
// (sitemap, robots.txt, security.txt).
//
// It stands right of every capability that publishes and asks them through the small interfaces
// below. Everything it shows is rendered when a fact changes (base/publish); only search and the
// sitemap are computed on a visit, as pure functions of the published snapshot.
//
// Start reading at [Service] and home.go.
//
// Source: R-II.1-a, R-I.2-a, R-III.3-1, L-1; peers-public §5.
package portal

import (
	"context"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/reports/reportsweb"
)

// Exams is what the portal asks of the exam.
type Exams interface {
	// Front gives the current exam as the front page shows it; ok is false before there is one.
	Front(ctx context.Context, now time.Time) (f Front, ok bool, err error)
	// Years gives the published exams, newest first.
	Years(ctx context.Context) ([]Year, error)
}

// A Front is what the front page says of the current exam at one moment.
type Front struct {
	Year   int
	Title  string // the section's official title, R-II.1-a
	Name   string // "Kỳ thi tốt nghiệp THPT năm 2021"
	Phase  string // "before", "during" or "after"
	Now    ui.Now
	Strips []ui.Strip // today's sittings, or the next day's
	Dates  []ui.Fact  // the dates that come
	Sites  int        // how many exam sites there are
}

// A Year is one exam in the archive.
type Year struct {
	Year  int
	Title string
	Path  string // "/ky-thi/2021"
	Now   bool   // the current one
	Over  bool   // its last sitting lies behind
}

// Documents is what the portal asks of the registry.
type Documents interface {
	// Latest gives the newest published documents as cards for a list.
	Latest(ctx context.Context, n int) ([]ui.DocumentCard, error)
	// HasYear tells whether there is a list of the documents of a year.
	HasYear(ctx context.Context, year int) (bool, error)
}

// Reports is what the portal asks of the sittings' figures.
type Reports interface {
	// Newest gives what was published last of the current exam's sittings; false while nothing is.
	Newest(ctx context.Context) (reportsweb.Newest, bool, error)
}

// Contacts says who runs the section and whom to ask.
type Contacts interface {
	// Owner gives the name of the body that runs the section.
	Owner(ctx context.Context) (string, error)
	// PublicContacts gives the contact block, R-III.3-1.
	PublicContacts(ctx context.Context) ([]ui.Contact, error)
}

// Publisher is what the portal asks of base/publish: pages to be drawn anew, in the transaction
// that made them stale.
type Publisher interface {
	Touch(ctx context.Context, tx *db.Tx, source string, keys ...string) error
	TouchAll(ctx context.Context, tx *db.Tx) error
}

// Deps is what the service stands on.
type Deps struct {
	DB        *db.DB
	Policy    *access.Policy
	Clock     *clock.Clock
	Exams     Exams
	Documents Documents
	Reports   Reports // nil: there are none
	Contacts  Contacts
	Publisher Publisher
	BaseURL   string // "https://thi.laichau.edu.vn", R-III.1.b-3
}

// A Service draws the portal. It is safe for use by many goroutines.
type Service struct {
	Deps
	frames frameCache
}

// New gives the service.
func New(d Deps) *Service { return &Service{Deps: d} }
