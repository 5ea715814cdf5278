package documents

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"slices"
	"strings"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
)

//go:embed pages/*.html
var pages embed.FS

// Source renders the public pages: one key a document, one key a list.
//
// Only editions are shown, and of relations only those whose both ends are public: nothing of a
// document classed internal can get here (domain.md 6.2).
func (s *Service) Source() publish.Source {
	return publish.Source{Name: SourceName, Keys: s.keys, Render: s.render}
}

func (s *Service) keys(ctx context.Context) ([]string, error) { return readKeys(ctx, s.DB.Read()) }

// readKeys gives every key there is.
func readKeys(ctx context.Context, q db.Queryer) ([]string, error) {
	ids, err := db.All(ctx, q, scanID, "SELECT id FROM document WHERE live > 0 ORDER BY id")
	if err != nil {
		return nil, err
	}
	keys := []string{listKey}
	for _, id := range ids {
		keys = append(keys, documentKey+string(id))
	}
	paths, err := openedLists(ctx, q)
	if err != nil {
		return nil, err
	}
	catalog, err := readCatalog(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, i := range catalog.first() {
		paths = append(paths, byIssuer+i.Slug)
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		keys = append(keys, listKey+path)
	}
	return keys, nil
}

// first gives the plan's four issuers, whose lists stand from the first day (R-II.1-c).
func (c *Catalog) first() []Issuer { return c.Issuers[:min(4, len(c.Issuers))] }

func (s *Service) render(ctx context.Context, key string) (publish.Rendered, error) {
	if id, ok := strings.CutPrefix(key, documentKey); ok {
		return s.renderDocument(ctx, DocID(id))
	}
	if path, ok := strings.CutPrefix(key, listKey); ok {
		return s.renderList(ctx, path)
	}
	return publish.Rendered{}, nil
}

// renderDocument gives all pages of one document, at its address and at those it had before.
func (s *Service) renderDocument(ctx context.Context, id DocID) (publish.Rendered, error) {
	var out publish.Rendered
	d, err := readDocument(ctx, s.DB.Read(), id)
	if err != nil || d.Live == 0 {
		return out, ignoreMissing(err)
	}
	old, err := oldAddresses(ctx, s.DB.Read(), id)
	if err != nil {
		return out, err
	}
	if !d.Visible() {
		out.Pages, err = s.endedPages(ctx, d, old)
		return out, err
	}
	p, err := s.gather(ctx, d)
	if err != nil {
		return out, err
	}
	if out.Pages, err = s.drawDocument(ctx, p); err != nil || p.links.err != nil {
		return out, cmp.Or(err, p.links.err)
	}
	for _, slug := range old {
		for _, tail := range p.tails() {
			for _, lang := range languages(tail) {
				to := ui.InLanguage(lang, d.Path()+tail)
				out.Pages = append(out.Pages, publish.Redirect(ui.InLanguage(lang, publicRoot+"/"+slug+tail), to, "Số, ký hiệu của văn bản đã được sửa cho đúng."))
			}
		}
	}
	out.Entries = []search.Entry{p.entry()}
	return out, nil
}

// endedPages answers for a document that was replaced by another or published in error: every
// address it ever had leads on or explains.
func (s *Service) endedPages(ctx context.Context, d Document, old []string) ([]publish.Page, error) {
	editions, err := readEditions(ctx, s.DB.Read(), d.ID)
	if err != nil {
		return nil, err
	}
	tails := []string{"", "/toan-van", "/thong-tin.json"}
	for _, e := range editions {
		for _, f := range e.Shown.Files {
			tails = append(tails, "/"+f.Slug)
		}
	}
	slices.Sort(tails)
	tails = slices.Compact(tails)
	var target Document
	if d.Ending == EndReplaced {
		if target, err = readDocument(ctx, s.DB.Read(), d.EndingTarget); err != nil {
			return nil, err
		}
	}
	gone, err := s.gonePage(ctx, d)
	if err != nil {
		return nil, err
	}
	var all []publish.Page
	for _, slug := range append(old, d.Slug) {
		for _, tail := range tails {
			for _, lang := range languages(tail) {
				path := ui.InLanguage(lang, publicRoot+"/"+slug+tail)
				page := publish.Gone(path, d.EndingNote)
				page.Body = gone
				if target.Visible() {
					page = publish.Redirect(path, ui.InLanguage(lang, target.Path()), d.EndingNote)
				}
				all = append(all, page)
			}
		}
	}
	return all, nil
}

// languages are the interface languages a page of a document is drawn in; files have one address.
func languages(tail string) []string {
	if tail == "" || tail == "/toan-van" {
		return []string{"vi", "en"}
	}
	return []string{"vi"}
}

// A page is everything the public pages of one document say.
type page struct {
	d        Document
	e        Edition // the live one
	editions []Edition
	catalog  *Catalog
	sites    ui.Sites
	from     []related // what it does with older ones
	to       []related // what newer ones do with it
	cites    []card    // named in its text
	citedBy  []card    // whose text names it
	bodies   []string  // extracted text of its files
	led      []led     // documents whose address leads here now
	links    *linker   // of its notes
}

type related struct {
	kind RelationKind
	note string
	card card
}

// led is a former page whose address leads to this one, and why.
type led struct{ Label, Path, Reason string }

// gather reads everything the pages of a visible document say.
func (s *Service) gather(ctx context.Context, d Document) (page, error) {
	p := page{d: d}
	q := s.DB.Read()
	var err error
	if p.editions, err = readEditions(ctx, q, d.ID); err != nil {
		return p, err
	}
	p.e = p.editions[slices.IndexFunc(p.editions, func(e Edition) bool { return e.Number == d.Live })]
	if p.catalog, err = readCatalog(ctx, q); err != nil {
		return p, err
	}
	if p.sites, err = s.Sites(ctx); err != nil {
		return p, err
	}
	if err := p.gatherRelations(ctx, q); err != nil {
		return p, err
	}
	if err := s.gatherCitations(ctx, &p); err != nil {
		return p, err
	}
	files, err := readFiles(ctx, q, d.ID)
	if err != nil {
		return p, err
	}
	for _, f := range files {
		if slices.ContainsFunc(p.e.Shown.Files, func(s ShownFile) bool { return s.ID == f.ID }) {
			p.bodies = append(p.bodies, f.Body)
		}
	}
	if p.led, err = ledHere(ctx, q, d.ID); err != nil {
		return p, err
	}
	p.links, err = s.linker(ctx, p.e.Shown.Content.Year, d.ID)
	return p, err
}

// gatherRelations reads the relations whose other end is public.
func (p *page) gatherRelations(ctx context.Context, q db.Queryer) error {
	from, err := relationsFrom(ctx, q, p.d.ID)
	if err != nil {
		return err
	}
	to, err := relationsTo(ctx, q, p.d.ID)
	if err != nil {
		return err
	}
	add := func(list *[]related, r RelationRow, other DocID) error {
		c, err := readCard(ctx, q, other)
		if err != nil || !r.Shown {
			return ignoreMissing(err)
		}
		*list = append(*list, related{r.Kind, r.Note, c})
		return nil
	}
	for _, r := range from {
		if err := add(&p.from, r, r.Target); err != nil {
			return err
		}
	}
	for _, r := range to {
		if err := add(&p.to, r, r.Document); err != nil {
			return err
		}
	}
	newest := func(a, b related) int {
		return strings.Compare(b.card.IssuedOn+b.card.Slug, a.card.IssuedOn+a.card.Slug)
	}
	slices.SortStableFunc(p.from, newest)
	slices.SortStableFunc(p.to, newest)
	return nil
}

// gatherCitations finds the documents the text names and those that name this one. Those with a
// relation are told there.
func (s *Service) gatherCitations(ctx context.Context, p *page) error {
	finder, err := s.Citations(ctx)
	if err != nil {
		return err
	}
	known := map[DocID]bool{p.d.ID: true}
	for _, r := range append(slices.Clone(p.from), p.to...) {
		known[r.card.ID] = true
	}
	for _, span := range finder.Find(p.e.Shown.text(), p.e.Shown.Content.Year) {
		if known[span.Document] {
			continue
		}
		known[span.Document] = true
		c, err := readCard(ctx, s.DB.Read(), span.Document)
		if err != nil {
			return err
		}
		p.cites = append(p.cites, c)
	}
	citing, err := mentioning(ctx, s.DB.Read(), p.e.Shown.Content.Number.Key())
	if err != nil {
		return err
	}
	for _, id := range citing {
		if known[id] {
			continue
		}
		names, err := s.names(ctx, finder, id, p.d.ID)
		if err != nil {
			return err
		}
		if names {
			c, err := readCard(ctx, s.DB.Read(), id)
			if err != nil {
				return err
			}
			p.citedBy = append(p.citedBy, c)
		}
	}
	return nil
}

// names tells whether the live edition of citing really means the document by the number it has.
func (s *Service) names(ctx context.Context, finder *Citations, citing, document DocID) (bool, error) {
	d, err := readDocument(ctx, s.DB.Read(), citing)
	if err != nil {
		return false, err
	}
	e, err := readEdition(ctx, s.DB.Read(), citing, d.Live)
	if err != nil {
		return false, err
	}
	spans := finder.Find(e.Shown.text(), e.Shown.Content.Year)
	return slices.ContainsFunc(spans, func(s Span) bool { return s.Document == document }), nil
}

// text is what an edition says in running text.
func (s Shown) text() string {
	return strings.Join([]string{s.Content.Subject, s.Content.Description, s.Reading.Text()}, "\n")
}

// tails are what stands behind the document's address on its further pages.
func (p page) tails() []string {
	tails := []string{"", "/thong-tin.json"}
	if !p.e.Shown.Reading.Empty() {
		tails = append(tails, "/toan-van")
	}
	for _, f := range p.e.Shown.Files {
		tails = append(tails, "/"+f.Slug)
	}
	return tails
}

// drawDocument makes the pages of a visible document.
func (s *Service) drawDocument(ctx context.Context, p page) ([]publish.Page, error) {
	var all []publish.Page
	drawn, err := documentPage.Twins(p.sites, p.frame(), p.data())
	if err != nil {
		return nil, err
	}
	if !p.e.Shown.Reading.Empty() {
		html, err := s.Linkify(ctx, p.e.Shown.Reading, p.e.Shown.Content.Year, p.d.ID)
		if err != nil {
			return nil, err
		}
		reading, err := readingPage.Twins(p.sites, p.readingFrame(), p.readingData(html))
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, reading...)
	}
	for _, d := range drawn {
		all = append(all, publish.Page{Path: d.Path, Type: publish.HTMLType, Body: d.Body, Modified: p.modified()})
	}
	metadata, err := json.MarshalIndent(p.metadata(), "", "  ")
	if err != nil {
		return nil, err
	}
	all = append(all, publish.Page{Path: p.d.Path() + "/thong-tin.json", Type: "application/json; charset=utf-8", Body: metadata, Modified: p.modified()})
	return append(all, p.filePages()...), nil
}

// filePages are the originals under their own addresses, their pictures, and for files of earlier
// editions the way to the page.
func (p page) filePages() []publish.Page {
	var all []publish.Page
	has := map[string]bool{}
	for _, f := range p.e.Shown.Files {
		has[f.Slug] = true
		all = append(all, publish.Page{Path: p.d.Path() + "/" + f.Slug, Type: f.Media, File: blob.Ref{Hash: f.Hash, Size: f.Size}, Modified: p.e.At,
			Headers: [][2]string{{"Content-Disposition", `inline; filename="` + f.Slug + `"`}}})
		if f.Preview != "" {
			all = append(all, publish.Page{Path: p.d.Path() + "/" + f.picture(), Type: "image/jpeg", File: blob.Ref{Hash: f.Preview, Size: f.PreviewSize}, Modified: p.e.At, NoIndex: true})
		}
	}
	for _, e := range p.editions {
		for _, f := range e.Shown.Files {
			if !has[f.Slug] {
				has[f.Slug] = true
				all = append(all, publish.Redirect(p.d.Path()+"/"+f.Slug, p.d.Path(), "Tệp này đã được thay bằng bản mới."))
			}
		}
	}
	return all
}

// picture is the address part of a file's first page.
func (f ShownFile) picture() string { return f.Slug + ".trang-1.jpg" }

// modified is when a reader would notice the last change.
func (p page) modified() int64 { return max(p.e.At, p.d.EndingAt) }

// entry is what search finds of the document.
//
// Source: R-II.1-c; peers-public finding 3.
func (p page) entry() search.Entry {
	c := p.e.Shown.Content
	issuer, _ := p.catalog.Issuer(c.Issuer)
	e := search.Entry{
		Path: p.d.Path(), Kind: "van-ban", Title: c.Subject, Number: c.Number.String(),
		Summary: p.summary(), Text: strings.Join(append([]string{c.Description, p.e.Shown.Reading.Text()}, p.bodies...), "\n"), Day: c.IssuedOn,
		Facets:   map[string]string{"co-quan": issuer.Slug, "loai": string(c.Type), "hieu-luc": string(p.d.Status)},
		Keywords: append(c.Number.Keywords(), p.catalog.TypeName(c.Type), issuer.NameOn(c.IssuedOn), p.catalog.FieldName(c.Field)),
	}
	e.Keywords = append(e.Keywords, issuer.Aliases...)
	if !p.d.Status.Holds() && p.d.Status != NotYet {
		e.Boost = 0.6
	}
	return e
}

// summary is the document in one line, its state first when it is not to be followed.
func (p page) summary() string {
	c := p.e.Shown.Content
	parts := []string{p.catalog.TypeName(c.Type) + " của " + p.catalog.IssuerName(c.Issuer, c.IssuedOn)}
	if c.IssuedOn != "" {
		parts = append(parts, text.FormatDayLong(c.IssuedOn))
	}
	if !p.d.Status.Holds() {
		parts = append([]string{p.d.Status.Title()}, parts...)
	}
	return strings.Join(parts, ", ") + "."
}
