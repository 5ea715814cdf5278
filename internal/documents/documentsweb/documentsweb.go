// Package documentsweb has the office pages of the document registry: the list, the entry form, a
// document's page with its files, relations, steps and history, the reading copy, editions, import
// and export, and the list of issuers.
//
// Its handlers read the request, call one verb of [documents.Service] and draw a page; what is
// allowed and what is right is decided there. Start reading at [Pages.Register].
package documentsweb

import (
	"context"
	"embed"
	"errors"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

//go:embed pages/*.html
var files embed.FS

// Pages serves the pages.
type Pages struct {
	Documents *documents.Service
	Policy    *access.Policy
	Clock     *clock.Clock
	Roles     func(context.Context) (people.RoleWords, error) // in which role somebody acted, in words
}

const (
	listPath    = "/quan-tri/van-ban"
	enterPath   = listPath + "/moi"
	draftPath   = listPath + "/soan"
	onePath     = listPath + "/{id}"
	importPath  = "/quan-tri/nhap-van-ban"
	exportPath  = "/quan-tri/van-ban.zip"
	issuersPath = "/quan-tri/co-quan-ban-hanh"
)

// Uploads may be a little more than the verbs take, so that their words are read.
const (
	aboveMaxFile = 2 << 20
	maxArchive   = 520 << 20
)

// Register puts the pages on the office. Where both registers are meant, the route asks for a login
// only and the verb for the right one.
func (p *Pages) Register(o *web.Office) {
	o.GET(listPath, web.LoggedIn, p.list)
	o.GET(enterPath, documents.ActRegister, p.newForm(documents.Incoming))
	o.POST(enterPath, documents.ActRegister, p.enter(documents.Incoming))
	o.GET(draftPath, documents.ActDraft, p.newForm(documents.Own))
	o.POST(draftPath, documents.ActDraft, p.enter(documents.Own))

	o.GET(onePath, web.LoggedIn, p.show)
	o.GET(onePath+"/sua", web.LoggedIn, p.editForm)
	o.POST(onePath+"/sua", web.LoggedIn, p.edit)
	o.GET(onePath+"/buoc/{do}", web.LoggedIn, p.stepForm)
	o.POST(onePath+"/buoc/{do}", web.LoggedIn, p.step)
	o.GET(onePath+"/phien-ban", web.LoggedIn, p.editions)
	o.GET(onePath+"/thong-tin.json", web.LoggedIn, p.metadata)

	o.GET(onePath+"/them-tep", web.LoggedIn, p.fileForm)
	o.POST(onePath+"/them-tep", web.LoggedIn, p.addFile, web.MaxBody(p.Documents.MaxFile+aboveMaxFile), web.Timeout(10*time.Minute))
	o.GET(onePath+"/tep/{file}", web.LoggedIn, p.openFile(false), web.Timeout(10*time.Minute))
	o.GET(onePath+"/tep/{file}/anh", web.LoggedIn, p.openFile(true))
	o.POST(onePath+"/tep/{file}/bo", web.LoggedIn, p.dropFile)
	o.POST(onePath+"/tep/{file}/ban-doc", web.LoggedIn, p.useReading)
	o.GET(onePath+"/xac-nhan", documents.ActClear, p.clearForm)
	o.POST(onePath+"/xac-nhan", documents.ActClear, p.clear)
	o.GET(onePath+"/them-quan-he", web.LoggedIn, p.relationForm)
	o.POST(onePath+"/them-quan-he", web.LoggedIn, p.relate)
	o.POST(onePath+"/bo-quan-he", web.LoggedIn, p.unrelate)

	p.registerReading(o)
	p.registerImport(o)
	p.registerIssuers(o)
}

// Nav gives the part of the office's navigation that leads here, for the actor of ctx.
func (p *Pages) Nav(ctx context.Context) ui.NavGroup {
	g := ui.NavGroup{Title: "Văn bản"}
	if p.Policy.Anywhere(ctx, documents.ActRead) || p.Policy.Anywhere(ctx, documents.ActReadIssued) {
		g.Links = append(g.Links, ui.Link{Href: listPath, Label: "Sổ văn bản"})
	}
	if p.Policy.Anywhere(ctx, documents.ActImport) {
		g.Links = append(g.Links, ui.Link{Href: importPath, Label: "Nhập từ bảng tính"})
	}
	if p.Policy.Anywhere(ctx, documents.ActCatalog) {
		g.Links = append(g.Links, ui.Link{Href: issuersPath, Label: "Cơ quan ban hành"})
	}
	return g
}

func docID(c *web.Ctx) documents.DocID { return documents.DocID(c.Path("id")) }

// crumbs lead from a document's page back to the list, and from its further pages to it.
func (p *Pages) document(c *web.Ctx) (documents.Document, error) {
	return p.Documents.Document(c.Context(), docID(c))
}

// documentFor gives the document to who has the right that check asks for.
func (p *Pages) documentFor(c *web.Ctx, check func(context.Context, documents.Document) error) (documents.Document, error) {
	d, err := p.document(c)
	if err != nil {
		return d, err
	}
	return d, check(c.Context(), d)
}

// shut says that a form is not for where the document stands.
func shut(d documents.Document) error {
	return &fault.Error{Kind: fault.Conflict, Link: documents.OfficePath(d.ID),
		Message: "Văn bản đang ở bước “" + documents.Workflow(d.Kind).States[d.State] + "” nên không sửa được. Hãy xem trên trang văn bản bước nào làm được."}
}

// saved sends the reader back to the document's page.
func saved(c *web.Ctx, flash string, args ...any) error {
	return c.See(documents.OfficePath(docID(c)), flash, args...)
}

// clash shows both versions when somebody saved first; every other error comes back as it is.
func (p *Pages) clash(c *web.Ctx, err error) (handled bool, answer error) {
	second, ok := errors.AsType[*documents.Clash](err)
	if !ok {
		return false, err
	}
	d := second.Stored
	catalog, err := p.Documents.Catalog(c.Context())
	if err != nil {
		return true, err
	}
	now := web.Clash{Title: "Văn bản " + d.Label(), Version: d.Version, By: d.ChangedName, At: d.ChangedAt, Path: documents.OfficePath(d.ID)}
	stored := values(d, catalog)
	words := wordsOf(catalog)
	for _, f := range formFields {
		now.Fields = append(now.Fields, web.ClashField{Name: f.name, Label: f.label, Stored: stored.Get(f.name), Words: words[f.name]})
	}
	return true, c.Clash(now)
}

// day shows a stored day as it is typed.
func day(s string) string { return text.FormatDay(s) }
