package app

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/base/event"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/mail"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/documents/documentsweb"
	"bangvang/internal/exam"
	"bangvang/internal/exam/examweb"
	"bangvang/internal/ministry"
	"bangvang/internal/ministry/ministryweb"
	"bangvang/internal/people"
	"bangvang/internal/people/peopleweb"
	"bangvang/internal/portal"
	"bangvang/internal/readiness"
	"bangvang/internal/readiness/readinessweb"
	"bangvang/internal/reports/reportsweb"
)

// registry makes the documents and the portal. The portal shows the documents and gives their pages
// the frame, so each is handed to the other through a small interface.
func (a *App) registry() error {
	var err error
	size := int64(a.Config.MaxUpload) << 20
	a.Inspector, err = inspect.New(inspect.Options{Dir: filepath.Join(a.Config.Data, "inspect"), Size: size})
	if err != nil {
		return fmt.Errorf("prepare the inspection of files: %w", err)
	}
	a.Documents = documents.New(documents.Deps{
		DB: a.DB, Policy: a.Policy, Clock: a.Clock, Files: a.Files, Inspector: a.Inspector, MaxFile: size, Publisher: a.Publisher,
		Units: unitPaths{a.People}, Sites: a.sites, Others: a.elsewhere,
	})
	a.Readiness = readiness.New(readiness.Deps{DB: a.DB, Policy: a.Policy, Clock: a.Clock, Units: reportingUnits{a.People}, Exams: a.Exam, Files: a.Files,
		Examiner: examiner{a.Inspector}, MaxFile: min(size, mostEvidence)})
	a.Portal = portal.New(portal.Deps{
		DB: a.DB, Policy: a.Policy, Clock: a.Clock, Exams: portal.ExamFront{Exams: a.Exam},
		Documents: a.Documents, Reports: a.situation(), Contacts: portal.UnitContacts{People: a.People},
		Publisher: a.Publisher, BaseURL: a.Config.BaseURL,
	})
	return a.link(size)
}

// link makes the Department's link with the Ministry's Office, which quotes the reports and fills the
// register.
func (a *App) link(size int64) error {
	d := ministry.Deps{DB: a.DB, Policy: a.Policy, Clock: a.Clock, Exams: a.Exam, Figures: a.Reports, Register: a.Documents, Files: a.Files, Inspector: a.Inspector, MaxFile: size,
		Province: a.province, OfficeURL: a.Config.OfficeURL}
	if a.Config.SMTP != "" {
		sender, err := mail.New(a.Config.SMTP, a.Config.MailFrom)
		if err != nil {
			return err
		}
		d.Mail = sender
	}
	a.Ministry = ministry.New(d)
	return nil
}

// mostEvidence a piece of evidence weighs: a photograph or a scan, sent from where the line is thin.
const mostEvidence = 10 << 20

// elsewhere tells whether a stored file is a unit's evidence or a paper to the Ministry.
func (a *App) elsewhere(ctx context.Context, hash string) (bool, error) {
	if found, err := a.Readiness.HasFile(ctx, hash); found || err != nil {
		return found, err
	}
	return a.Ministry.HasFile(ctx, hash)
}

// examiner looks into evidence as documents are looked into.
type examiner struct{ inspector *inspect.Inspector }

// Examine types and opens a file, and refuses what nobody should take in.
func (e examiner) Examine(ctx context.Context, name string, r io.Reader) (string, []string, error) {
	report, err := e.inspector.Inspect(ctx, name, r)
	if err != nil {
		return "", nil, err
	}
	if len(report.TextByPage) > 0 && documents.MarkedSecret(report.TextByPage[0]) {
		return "", nil, fault.New(fault.Invalid, "Tệp mang dấu mật không được đưa vào hệ thống này.")
	}
	return report.Type.MIME(), report.Warnings, nil
}

// reportingUnits tells the readiness of the units there are.
type reportingUnits struct{ people *people.Service }

// Units gives the units there are on a day.
func (u reportingUnits) Units(ctx context.Context, day string) ([]readiness.Unit, error) {
	d, err := u.people.Directory(ctx)
	if err != nil {
		return nil, err
	}
	localities, err := u.people.Localities(ctx, "", "")
	if err != nil {
		return nil, err
	}
	names := map[people.LocalityID]string{}
	for _, l := range localities {
		names[l.ID] = l.Name
	}
	var all []readiness.Unit
	for _, n := range d.Tree(day) {
		all = append(all, readiness.Unit{ID: string(n.ID), Kind: n.Kind, Name: n.NameAt(day).Short, Locality: names[n.Locality], Path: d.Path(n.ID)})
	}
	return all, nil
}

// KindName gives a kind's words.
func (u reportingUnits) KindName(ctx context.Context, kind string) (string, error) {
	d, err := u.people.Directory(ctx)
	if err != nil {
		return "", err
	}
	return d.Kind(kind), nil
}

// sites gives what all public pages have in common: the portal's, for who is left of it.
func (a *App) sites(ctx context.Context) (ui.Sites, error) { return a.Portal.Sites(ctx) }

// public registers what each capability shows the public, and what redraws the portal when another
// capability announces something.
func (a *App) public() {
	public := &examweb.Public{Exams: a.Exam, Frames: a.Portal, Owner: a.owner, Province: a.province, Link: a.linked}
	a.Publisher.Register(public.Source())
	a.Publisher.Register(a.Documents.Source())
	a.Publisher.Register(a.situation().Source())
	a.Publisher.Register(a.Portal.Source())
	a.Publisher.Jobs(a.Runner)
	a.Exam.Schedule(a.Runner)
	a.People.Schedule(a.Runner)
	a.Runner.Every("web.purge", 24*time.Hour, func(ctx context.Context) error { return a.Office.Purge(ctx) })
	a.Documents.Jobs(a.Runner)
	a.Reports.Schedule(a.Runner)
	a.Reports.Subscribe(a.Bus)
	a.Ministry.Schedule(a.Runner)
	a.Ministry.Subscribe(a.Bus)
	a.Portal.Subscribe(a.Bus)
	for _, happened := range []event.Kind[documents.PageFact]{documents.Posted, documents.Replaced, documents.Withdrawn} {
		happened.On(a.Bus, exam.Source, func(ctx context.Context, _ documents.PageFact) error { return a.Exam.RedrawNews(ctx) })
	}
}

// linked makes citations of documents links, for the exam's pages.
func (a *App) linked(ctx context.Context, words string, year int) (template.HTML, error) {
	return a.Documents.LinkText(ctx, words, year, "")
}

// situation draws the public pages about the sittings' figures.
func (a *App) situation() *reportsweb.Public {
	return &reportsweb.Public{Reports: a.Reports, Frames: siteFrames(a.sites), Owner: a.owner}
}

// siteFrames is the portal's frame, for who is left of it.
type siteFrames func(context.Context) (ui.Sites, error)

// Sites gives what all public pages have in common.
func (f siteFrames) Sites(ctx context.Context) (ui.Sites, error) { return f(ctx) }

// owner is who answers for the exam's pages.
func (a *App) owner(ctx context.Context) (ui.Contact, error) {
	contacts, err := a.Portal.Contacts.PublicContacts(ctx)
	if err != nil || len(contacts) == 0 {
		return ui.Contact{}, err
	}
	return contacts[0], nil
}

// pages are the capabilities' office pages, in the order of the navigation.
func (a *App) pages(accounts *peopleweb.Pages) []officePages {
	registry := &documentsweb.Pages{Documents: a.Documents, Policy: a.Policy, Clock: a.Clock, Roles: a.People.RoleWords}
	sittings := &reportsweb.Pages{Reports: a.Reports, Policy: a.Policy, Clock: a.Clock, People: a.People, OfficeURL: a.Config.OfficeURL}
	preparation := &readinessweb.Pages{Readiness: a.Readiness, Policy: a.Policy, Clock: a.Clock}
	upward := &ministryweb.Pages{Ministry: a.Ministry, Exams: a.Exam, Policy: a.Policy, Clock: a.Clock, Roles: a.People.RoleWords}
	return []officePages{examOffice{&examweb.Office{Exams: a.Exam, Province: a.province}}, sittings, upward, preparation, registry, a.Portal, accounts}
}

// examOffice is the exam's office pages with a navigation that a passing fault of the database only
// makes shorter.
type examOffice struct{ *examweb.Office }

// Nav gives the links to the exam's pages.
func (o examOffice) Nav(ctx context.Context) ui.NavGroup {
	g, err := o.Office.Nav(ctx)
	if err != nil {
		slog.ErrorContext(ctx, "navigation of the exam", "error", err)
	}
	return g
}

// province is whose data sets are loaded: the province among the localities, without the word for it.
func (a *App) province(ctx context.Context) (string, error) {
	list, err := a.People.Localities(ctx, people.Province, clock.Day(a.Clock.Now()))
	if err != nil || len(list) == 0 {
		return "", err
	}
	name := list[0].Name
	for _, word := range []string{"Tỉnh ", "Thành phố "} {
		name = strings.TrimPrefix(name, word)
	}
	return name, nil
}

// unitPaths tells the documents where a unit stands in the tree.
type unitPaths struct{ people *people.Service }

// Path gives a unit and its ancestors.
func (u unitPaths) Path(ctx context.Context, unit string) ([]string, error) {
	d, err := u.people.Directory(ctx)
	if err != nil {
		return nil, err
	}
	return d.Path(people.UnitID(unit)), nil
}

// dynamic names what is computed on a visit, as pure functions of the snapshot.
func (s *Server) dynamic() {
	s.plane.Dynamic("/gio", serverTime(s.options.Clock))
	s.plane.Dynamic("/tim", portal.SearchPage(s.site, "/tim"))
	s.plane.Dynamic("/en/tim", portal.SearchPage(s.site, "/en/tim"))
	s.plane.Dynamic("/api/v1/search", portal.SearchAPI(s.config.BaseURL))
	s.plane.Dynamic("/sitemap.xml", portal.Sitemap(s.config.BaseURL))
	s.plane.Dynamic("/api/openapi.json", openAPI(s.config.BaseURL, s.version))
	if s.config.Plane == "all" && s.config.OfficeAddr == "" {
		// Typed with accents or capitals, the office's addresses come to this plane, which then leads to
		// the ones that do not.
		nothing := func(*publish.Snapshot, publish.Request) publish.Response { return publish.Response{} }
		s.plane.Dynamic("/quan-tri", nothing)
		s.plane.Dynamic("/quan-tri/", nothing)
	}
}

// serverTime tells what time it is here, for the countdown on public pages: a reader's clock may be
// wrong, and a rehearsal moves ours.
func serverTime(c *clock.Clock) publish.Dynamic {
	return func(*publish.Snapshot, publish.Request) publish.Response {
		return publish.Response{Status: http.StatusOK, Body: []byte(clock.Local(c.Now()).Format(time.RFC3339)), Headers: [][2]string{
			{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}, {"X-Robots-Tag", "noindex"}}}
	}
}

// Uses gives every stored file that some capability's rows refer to.
func Uses(ctx context.Context, q db.Queryer) ([]blob.Use, error) {
	uses, err := documents.Uses(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, of := range []func(context.Context, db.Queryer) ([]blob.Use, error){readiness.Uses, ministry.Uses} {
		more, err := of(ctx, q)
		if err != nil {
			return nil, err
		}
		uses = append(uses, more...)
	}
	return uses, nil
}

// PeopleOnly makes the service of accounts alone, for the command line. newSecret takes the secret at
// hand whether it is the right one or not: for a command that gives the database another.
func PeopleOnly(ctx context.Context, c config.Config, d *db.DB, newSecret bool) (*people.Service, error) {
	var secret []byte
	var err error
	if newSecret {
		secret, err = anySecret(c)
	} else {
		secret, err = secretOf(ctx, c, d)
	}
	if err != nil {
		return nil, err
	}
	policy, err := access.NewPolicy(d.Clock(), Rules()...)
	if err != nil {
		return nil, err
	}
	sites := exam.New(exam.Deps{DB: d, Policy: policy, Clock: d.Clock()})
	return people.New(people.Deps{DB: d, Policy: policy, Secret: secret, Sites: sites})
}

// refreshAfterUpgrade has every public page drawn anew when another version of the program, or
// another public address, drew them: frame and style may differ. So it is when the store has no
// snapshot that can be read, because it was restored without one or what is left is damaged: at once,
// and not only at the publisher's next tick.
func (a *App) refreshAfterUpgrade(ctx context.Context, version string) error {
	if a.Site.Snapshot() == nil {
		if err := a.Publisher.RebuildAll(ctx); err != nil {
			return err
		}
	}
	return a.Portal.DrawnBy(ctx, version+" "+a.Config.BaseURL)
}
