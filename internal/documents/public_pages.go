package documents

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
)

var (
	documentPage = ui.New[documentData](pages, "pages/van-ban.html", "pages/chung.html")
	readingPage  = ui.New[readingData](pages, "pages/toan-van.html", "pages/chung.html")
	goneView     = ui.New[goneData](pages, "pages/da-go.html")
)

type documentData struct {
	Notices   []ui.Notice
	Number    string
	Kind      string
	Issuer    ui.Link
	Day       string
	Status    ui.Tag
	Title     string
	Facts     []ui.Fact
	Reading   string // path of the reading copy; "" = none
	Contents  []ui.Heading
	Files     []fileData
	Relations []relationData
	Cites     []ui.DocumentCard
	CitedBy   []ui.DocumentCard
	Led       []led
	Editions  []editionData
	Metadata  string
}

type fileData struct {
	Href, Label, Name string
	Type              string // "PDF"
	Size              int64
	Pages             int
	Hash              string
	Picture           string
}

type relationData struct {
	Title string
	Cards []ui.DocumentCard
}

type editionData struct {
	At   int64
	What template.HTML
}

type readingData struct {
	Notices  []ui.Notice
	Number   string
	Title    string
	Document string // path of the document's page
	Contents []ui.Heading
	Text     template.HTML
	Original *fileData
}

type goneData struct {
	Title string // what became of the page
	Note  string // why, in the publisher's words
	At    int64
}

// notices say first what a reader must know before following the document (design.md "Document
// page").
//
// Source: domain.md 6.2 "never show a replaced document without a banner and link to the one in
// force"; F-47.
func (p page) notices() []ui.Notice {
	var all []ui.Notice
	if p.d.Status == Recalled {
		all = append(all, ui.Notice{Tone: ui.Bad, Title: "Văn bản đã được cơ quan ban hành thu hồi", Text: "Không thực hiện theo văn bản này."})
	}
	if p.d.Ending == EndWithdrawn {
		all = append(all, ui.Notice{Tone: ui.Bad, Title: "Văn bản đã được gỡ ngày " + text.FormatDay(dayOfMillis(p.d.EndingAt)) + ", trang còn để tra cứu", Text: p.d.EndingNote})
	}
	for _, r := range p.to {
		link := ui.Link{Href: publicRoot + "/" + r.card.Slug, Label: "Xem " + r.card.label()}
		since := ""
		if r.card.IssuedOn != "" {
			since = ", ban hành ngày " + text.FormatDay(r.card.IssuedOn)
		}
		switch r.kind {
		case Replaces:
			all = append(all, ui.Notice{Tone: ui.Warn, Title: "Đã được thay thế", Text: "Văn bản này được thay thế bởi " + r.card.label() + since + ".", Link: link})
		case Amends:
			if p.d.Status == StatusReplaced {
				continue // nobody follows it any more; the list of relations still tells
			}
			all = append(all, ui.Notice{Tone: ui.Info, Title: "Đã được sửa đổi, bổ sung", Text: "Đọc cùng " + r.card.label() + since + ".", Link: link})
		case Corrects:
			all = append(all, ui.Notice{Tone: ui.Info, Title: "Đã được đính chính", Text: "Đọc cùng " + r.card.label() + since + ".", Link: link})
		}
	}
	if p.d.Status == Expired {
		all = append(all, ui.Notice{Tone: ui.Warn, Title: "Hết hiệu lực từ ngày " + text.FormatDay(p.e.Shown.Content.ExpiresOn), Text: "Trang được giữ lại để tra cứu."})
	}
	if p.d.Status == NotYet {
		all = append(all, ui.Notice{Tone: ui.Info, Title: "Có hiệu lực từ ngày " + text.FormatDay(p.e.Shown.Content.EffectiveOn)})
	}
	slices.SortStableFunc(all, func(a, b ui.Notice) int { return weight[a.Tone] - weight[b.Tone] })
	return all
}

var weight = map[ui.Tone]int{ui.Bad: 0, ui.Warn: 1, ui.Info: 2}

// label is how a card is called in a sentence.
func (c card) label() string {
	if c.Number != "" {
		return c.Number
	}
	return "“" + text.Excerpt(c.Subject, 80) + "”"
}

// view is a card as lists draw it.
func (c card) view(catalog *Catalog) ui.DocumentCard {
	v := ui.DocumentCard{Href: publicRoot + "/" + c.Slug, Kind: catalog.TypeName(c.Type), Number: c.Number,
		Issuer: catalog.IssuerName(c.Issuer, c.IssuedOn), Day: c.IssuedOn, Title: c.Subject, Tag: c.Status.Tag()}
	if c.Files > 0 {
		v.Note = text.FormatNumber(int64(c.Files)) + " tệp"
	}
	return v
}

func views(cards []card, catalog *Catalog) []ui.DocumentCard {
	out := make([]ui.DocumentCard, len(cards))
	for i, c := range cards {
		out[i] = c.view(catalog)
	}
	return out
}

func (p page) data() documentData {
	c := p.e.Shown.Content
	issuer, _ := p.catalog.Issuer(c.Issuer)
	data := documentData{
		Notices: p.notices(), Number: c.Number.String(), Kind: p.catalog.TypeName(c.Type),
		Issuer: ui.Link{Href: publicRoot + "/" + byIssuer + issuer.Slug, Label: issuer.NameOn(c.IssuedOn)},
		Day:    c.IssuedOn, Status: p.d.Status.Tag(), Title: c.Subject, Facts: p.facts(), Files: p.files(),
		Cites: views(p.cites, p.catalog), CitedBy: views(p.citedBy, p.catalog), Led: p.led, Metadata: p.d.Path() + "/thong-tin.json",
	}
	if !p.e.Shown.Reading.Empty() {
		data.Reading, data.Contents = p.d.Path()+"/toan-van", p.contents()
	}
	for _, k := range RelationKinds() {
		data.addRelation(k.Title(), k, p.from, p.catalog)
		data.addRelation(k.Inverse(), k, p.to, p.catalog)
	}
	for _, e := range p.editions {
		what := p.links.text(e.Note)
		if e.Change == FirstEdition {
			what = "Đăng lần đầu."
		}
		data.Editions = append(data.Editions, editionData{e.At, what})
	}
	return data
}

func (data *documentData) addRelation(title string, kind RelationKind, all []related, catalog *Catalog) {
	var cards []ui.DocumentCard
	for _, r := range all {
		if r.kind != kind {
			continue
		}
		v := r.card.view(catalog)
		if r.note != "" {
			v.Note = r.note
		}
		cards = append(cards, v)
	}
	if len(cards) > 0 {
		data.Relations = append(data.Relations, relationData{title, cards})
	}
}

// facts are what the document says of itself, F-42 and F-43; what it does not say is left out.
func (p page) facts() []ui.Fact {
	c := p.e.Shown.Content
	var all []ui.Fact
	add := func(label, value string) {
		if value != "" {
			all = append(all, ui.Fact{Label: label, Value: value})
		}
	}
	all = append(all, ui.Fact{Label: "Tình trạng", Value: p.d.Status.Tag()})
	add("Ngày ban hành", text.FormatDay(c.IssuedOn))
	add("Ngày có hiệu lực", text.FormatDay(c.EffectiveOn))
	add("Hết hiệu lực từ ngày", text.FormatDay(c.ExpiresOn))
	if c.Field != "" {
		all = append(all, ui.Fact{Label: "Lĩnh vực", Value: ui.Link{Href: publicRoot + "/" + byField + string(c.Field), Label: p.catalog.FieldName(c.Field)}})
	}
	add("Người ký", strings.TrimSpace(strings.Join([]string{string(c.Signer.Authority), c.Signer.Position, c.Signer.Name}, " ")))
	if c.Pages > 0 {
		add("Số trang", text.FormatNumber(int64(c.Pages)))
	}
	if c.Language != "Tiếng Việt" {
		add("Ngôn ngữ", c.Language)
	}
	if c.Description != "" {
		all = append(all, ui.Fact{Label: "Ghi chú", Value: p.links.text(c.Description)})
	}
	add("Nơi nhận", strings.Join(c.Recipients, "; "))
	return all
}

func (p page) files() []fileData {
	var all []fileData
	for _, f := range p.e.Shown.Files {
		d := fileData{Href: p.d.Path() + "/" + f.Slug, Label: f.Role.Title(), Name: f.Name, Size: f.Size, Pages: f.Pages, Hash: f.Hash,
			Type: strings.ToUpper(f.Slug[strings.LastIndexByte(f.Slug, '.')+1:])}
		if f.Preview != "" {
			d.Picture = p.d.Path() + "/" + f.picture()
		}
		all = append(all, d)
	}
	return all
}

// contents is the reading copy's table of contents.
func (p page) contents() []ui.Heading { return Contents(p.e.Shown.Reading) }

// Contents gives the table of contents that a reading copy shows: its titled clauses and headings.
func Contents(reading richtext.Doc) []ui.Heading {
	var all []ui.Heading
	for _, c := range reading.Outline() {
		if c.Titled && c.ID != "" {
			all = append(all, ui.Heading{Level: c.Level, ID: c.ID, Text: strings.TrimSpace(c.Number + " " + c.Title)})
		}
	}
	return all
}

func (p page) frame() ui.Frame {
	c := p.e.Shown.Content
	return ui.Frame{
		Title: strings.TrimSpace(c.Number.String() + " " + c.Subject), Description: p.summary() + " " + c.Subject, Canonical: p.d.Path(), Section: publicRoot,
		Crumbs: []ui.Link{{Href: "/", Label: "Trang chủ"}, {Href: publicRoot, Label: "Văn bản"}},
		Kind:   "article", Image: p.picture(),
		Published: p.d.PostedAt, Updated: p.modified(), ChangeNote: p.e.Note, JSONLD: []any{p.legislation()},
		Owner: owner(p.sites.Vietnamese),
	}
}

// picture is what a shared link to the page shows: the first page of the first file that has one.
func (p page) picture() string {
	for _, f := range p.files() {
		if f.Picture != "" {
			return f.Picture
		}
	}
	return ""
}

func (p page) readingFrame() ui.Frame {
	f := p.frame()
	f.Title = "Toàn văn " + f.Title
	f.Canonical = p.d.Path() + "/toan-van"
	f.Crumbs = append(f.Crumbs, ui.Link{Href: p.d.Path(), Label: p.d.Label()})
	f.JSONLD = nil
	return f
}

// owner is who answers for the pages.
func owner(site ui.Site) ui.Contact {
	if len(site.Contacts) > 0 {
		return site.Contacts[0]
	}
	return ui.Contact{Name: site.Owner}
}

func (p page) readingData(html template.HTML) readingData {
	data := readingData{Notices: p.notices(), Number: p.e.Shown.Content.Number.String(), Title: p.e.Shown.Content.Subject,
		Document: p.d.Path(), Contents: p.contents(), Text: html}
	for _, f := range p.files() {
		if f.Label == Original.Title() {
			data.Original = &f
			break
		}
	}
	return data
}

// gonePage explains a publication made in error, and one that was replaced by a document that is not
// public any more either.
func (s *Service) gonePage(ctx context.Context, d Document) ([]byte, error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	title := "Trang này đã đăng nhầm"
	if d.Ending == EndReplaced {
		title = "Trang này đã chuyển sang một văn bản khác, văn bản ấy nay không còn trên trang"
	}
	frame := ui.Frame{Site: sites.Vietnamese, Title: "Nội dung đã được gỡ bỏ", Section: publicRoot, NoIndex: true, Owner: owner(sites.Vietnamese),
		Crumbs: []ui.Link{{Href: "/", Label: "Trang chủ"}, {Href: publicRoot, Label: "Văn bản"}}}
	return goneView.Public(frame, goneData{title, d.EndingNote, d.EndingAt})
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
