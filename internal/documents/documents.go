// Package documents is the registry of directive and guidance documents (văn bản chỉ đạo, hướng
// dẫn) that the plan's section is built around: incoming ones of the Ministry, the province and the
// Steering Committee, and those of our own Department.
//
// The exam office enters, the political office posts (R-III.1.b-1). The row of a document is the
// office's working copy; what the public sees is an edition (editions.go), a copy that never
// changes, with a draft beside it when somebody edits on. A document classed internal has no
// edition, and one that is secret cannot be entered at all. Nothing is deleted.
//
// Numbers and symbols are read into parts (number.go) and found again in running text
// (citation.go). Relations between documents (relations.go) give the state of each (status.go):
// a replaced document says so on its own page and everywhere it is cited.
//
// Start reading at [Service], then register.go, workflow.go and editions.go. The office pages are
// in package documentsweb; the public pages in public.go.
//
// Source: R-II.1-c, R-III.1.b-1, P-12; domain.md 4.3–4.5, 6.2; F-40…F-55.
package documents

import (
	"cmp"
	"context"
	"io"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
)

// DocID, FileID, ImportID, IssuerID, TypeID and FieldID tell the ids of this capability apart. They
// never change.
type (
	DocID    string
	FileID   string
	ImportID string
	IssuerID string
	TypeID   string
	FieldID  string
)

// Units is what the registry asks about units.
type Units interface {
	// Path gives a unit and its ancestors, the unit first; empty when there is no such unit.
	Path(ctx context.Context, unit string) ([]string, error)
}

// Publisher is what the registry asks of base/publish: pages to be drawn anew, in the transaction
// that made them stale.
type Publisher interface {
	Touch(ctx context.Context, tx *db.Tx, source string, keys ...string) error
}

// Inspector looks into uploaded files without opening them in this process; see package inspect.
type Inspector interface {
	Inspect(ctx context.Context, name string, r io.Reader) (inspect.Report, error)
	Identify(name string, r io.Reader) (inspect.Report, error)
}

// Deps is what the service stands on.
type Deps struct {
	DB        *db.DB
	Policy    *access.Policy
	Clock     *clock.Clock
	Files     blob.Store // attachments and their pictures
	Inspector Inspector
	MaxFile   int64 // bytes of one file; 0 means 50 MiB
	Publisher Publisher
	Units     Units
	Sites     func(ctx context.Context) (ui.Sites, error) // the frame of the public pages
	// Others tells whether somebody else's rows have a stored file: such a one is not collected. May be nil.
	Others func(ctx context.Context, hash string) (bool, error)
}

// A Service has the verbs of this capability. It is safe for use by many goroutines.
type Service struct {
	Deps
	steps workflow.Engine
	cites citationCache
}

// New gives the service.
func New(d Deps) *Service {
	d.MaxFile = cmp.Or(d.MaxFile, 50<<20)
	return &Service{Deps: d, steps: workflow.Engine{Policy: d.Policy}}
}

// today is the Vietnamese calendar day of now.
func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
