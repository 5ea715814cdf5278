// Package ministry is the Department's link with the Ministry's Office (Văn phòng Bộ GDĐT): the reports
// that go there and to others above us, and what comes from there.
//
// It makes official papers of approved, frozen figures: the quick report of a sitting, the report at the
// end of invigilation. A paper binds to versions of figures and says nothing of its own about numbers
// (papers.go); its wording is a template that the Office edits (templates.go); it becomes a document of
// our own in the register, where it is checked, signed and numbered; the signed PDF comes back and is
// looked into before anybody gets it (signed.go); it is sent to each recipient once, by mail or another
// way, with a record of delivery and receipt (sending.go). When figures are corrected, every paper that
// quotes the old ones is marked, and for each recipient an erratum is proposed (outdated.go). The clock
// says once when a sitting's report is not sent in time (deadlines.go). Requests of the Ministry's Office
// and their answers stand in requests.go.
//
// It has a folder of its own because the plan has a section of its own for it (II.4), and because it
// stands right of both reports, whose figures it quotes, and documents, whose register it fills; those
// two may not know each other. It announces and is not called: nothing left of it knows it.
//
// What it promises: a paper's numbers are those of the version it names, in Word, PDF and the workbook;
// exactly one report of a sitting stands; missing sites are named in every paper that lacks them; nobody
// gets two mails of one paper; what a mail server refuses is seen by the Office, with what to do.
//
// Start reading at [Service], then papers.go. The office pages are in package ministryweb.
//
// Source: R-II.4-b, R-II.4-c, R-III.1.a-5; domain.md 2.4, 2.5, 3.7, 4, 6.5; V-15 … V-19.
package ministry

import (
	"context"
	"io"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/mail"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// PaperID, DeliveryID, RecipientID and RequestID tell the ids of this capability apart.
type (
	PaperID     string
	DeliveryID  string
	RecipientID string
	RequestID   string
)

// Kind says what a paper is about.
type Kind string

// The kinds of paper.
const (
	Quick Kind = "quick" // of one sitting (báo cáo nhanh)
	Final Kind = "final" // of a round, after its last sitting (báo cáo kết thúc coi thi)
)

// Kinds lists them in the order of a form.
func Kinds() []Kind { return []Kind{Quick, Final} }

// Label gives the kind's Vietnamese words.
func (k Kind) Label() string {
	if k == Final {
		return "Báo cáo kết thúc coi thi"
	}
	return "Báo cáo nhanh buổi thi"
}

// Figures is what papers ask of the reports; [reports.Service] has it.
type Figures interface {
	Approved(ctx context.Context, sitting exam.SittingID, part rules.Part) (reports.Province, error)
	Province(ctx context.Context, id reports.ProvinceID) (reports.Province, error)
	Sources(ctx context.Context, id reports.ProvinceID) ([]reports.Report, error)
	Incidents(ctx context.Context, sitting exam.SittingID) ([]reports.Incident, error)
	WordsOf(ctx context.Context, e exam.ID) (reports.Words3, error)
	SettingsOf(ctx context.Context, e exam.ID, sitting exam.SittingID) (reports.Settings, error)
	Send(ctx context.Context, id reports.ProvinceID, version int, to string) error
	Receive(ctx context.Context, id reports.ProvinceID, version int, note string) error
}

// Register is what papers ask of the register of own documents; [documents.Service] has it. A paper is
// drafted there, goes the way of every own document, and is issued with its signed file.
type Register interface {
	Register(ctx context.Context, kind documents.Kind, in documents.Input) (documents.DocID, error)
	Edit(ctx context.Context, id documents.DocID, version int, in documents.Input) error
	SetReading(ctx context.Context, id documents.DocID, version int, doc richtext.Doc) error
	Document(ctx context.Context, id documents.DocID) (documents.Document, error)
	List(ctx context.Context, f documents.Filter) (documents.Listing, error)
	AddFile(ctx context.Context, id documents.DocID, version int, u documents.Upload, r io.Reader) (documents.FileID, error)
	FilesOf(ctx context.Context, d documents.Document) ([]documents.File, error)
	Advance(ctx context.Context, id documents.DocID, version int, do, note string) error
	ReplacedBy(ctx context.Context, id documents.DocID, version int, by documents.DocID, note string) error
}

// Inspector looks into uploaded files without opening them in this process; see package inspect.
type Inspector interface {
	Inspect(ctx context.Context, name string, r io.Reader) (inspect.Report, error)
}

// Postman sends one mail; [mail.Sender] does.
type Postman interface {
	Send(ctx context.Context, m mail.Message) error
	Domain() string
}

// Deps is what the service stands on. All but Mail are needed.
type Deps struct {
	DB        *db.DB
	Policy    *access.Policy
	Clock     *clock.Clock
	Exams     *exam.Service
	Figures   Figures
	Register  Register
	Files     blob.Store
	Inspector Inspector
	MaxFile   int64                                 // bytes of a signed file
	Mail      Postman                               // nil: no mail server is configured
	Province  func(context.Context) (string, error) // whose Department it is: "Lai Châu"
	OfficeURL string                                // where staff, and the Ministry's reader, find the office pages
}

// A Service has the verbs of this capability. It is safe for use by many goroutines.
type Service struct {
	Deps
	steps workflow.Engine
}

// New gives the service.
func New(d Deps) *Service { return &Service{Deps: d, steps: workflow.Engine{Policy: d.Policy}} }

// ByMail tells whether anything can be sent by mail.
func (s *Service) ByMail() bool { return s.Mail != nil }

// program gives a context in which the program itself reads what a paper is made of or what its own
// clock asks for; that the actor may ask was checked before.
func program(ctx context.Context) context.Context {
	return access.System(ctx, "Hệ thống (báo cáo gửi Bộ)")
}
