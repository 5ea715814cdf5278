package documentsweb

import (
	"net/url"
	"strconv"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
)

type listData struct {
	Form      ui.Form
	States    []ui.Option
	Issuers   []ui.Option
	Types     []ui.Option
	Years     []ui.Option
	Classes   []ui.Option
	Kinds     []ui.Option
	Rows      []listRow
	Pager     ui.Pager
	CanEnter  bool
	CanDraft  bool
	CanImport bool
	Narrowed  bool   // by anything
	Others    bool   // what the reader worked on is left out
	Timely    string // how long documents took from entry to the public page; "" = not for this reader
}

type listRow struct {
	Href, Number, Kind, Issuer, Day, Subject string
	State, Class, Status                     ui.Tag
}

var listPage = ui.New[listData](files, "pages/so.html")

func (p *Pages) list(c *web.Ctx) error {
	catalog, err := p.Documents.Catalog(c.Context())
	if err != nil {
		return err
	}
	form := c.NewForm(c.R.Form, 0)
	filter := asked(c)
	found, err := p.Documents.List(c.Context(), filter)
	if err != nil {
		return err
	}
	data := listData{Form: form, CanEnter: c.Can(documents.ActRegister, access.Place{}), CanDraft: p.Policy.Anywhere(c.Context(), documents.ActDraft),
		CanImport: c.Can(documents.ActImport, access.Place{}),
		Others:    filter.Others, Narrowed: len(query(filter)) > 0,
		Pager: ui.Pager{Page: filter.Page, Pages: found.Pages, Total: found.Total, Path: listPath, Query: query(filter)}}
	data.choices(catalog, p.Clock.Now().Year())
	for _, d := range found.Documents {
		data.Rows = append(data.Rows, row(d, catalog))
	}
	if c.Can(documents.ActRead, access.Place{}) {
		if data.Timely, err = p.timely(c); err != nil {
			return err
		}
	}
	return c.Render(listPage.With(data))
}

// edited is the choice among the steps that is no state: the page is up and an edit waits.
const edited = "ban-sua"

// asked reads the filter of the list's address; query writes it.
func asked(c *web.Ctx) documents.Filter {
	year, _ := strconv.Atoi(c.Text("nam"))
	f := documents.Filter{Kind: documents.Kind(c.Text("so")), State: workflow.State(c.Text("buoc")), Class: documents.Class(c.Text("muc-do")),
		Issuer: documents.IssuerID(c.Text("co-quan")), Type: documents.TypeID(c.Text("loai")), Year: year, Text: c.Text("q"), Others: c.Bool("nguoi-khac"), Page: c.Page()}
	if f.State == edited {
		f.State, f.Edited = "", true
	}
	return f
}

func query(f documents.Filter) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("q", f.Text)
	set("so", string(f.Kind))
	set("buoc", string(f.State))
	set("muc-do", string(f.Class))
	set("co-quan", string(f.Issuer))
	set("loai", string(f.Type))
	if f.Edited {
		q.Set("buoc", edited)
	}
	if f.Year != 0 {
		q.Set("nam", strconv.Itoa(f.Year))
	}
	if f.Others {
		q.Set("nguoi-khac", "1")
	}
	return q
}

// ListPath is the address of the registry's list narrowed by a filter, its first page.
func ListPath(f documents.Filter) string {
	if q := query(f).Encode(); q != "" {
		return listPath + "?" + q
	}
	return listPath
}

func row(d documents.Document, catalog *documents.Catalog) listRow {
	k := d.Content
	return listRow{Href: documents.OfficePath(d.ID), Number: k.Number.String(), Kind: catalog.TypeName(k.Type), Issuer: catalog.IssuerName(k.Issuer, k.IssuedOn),
		Day: k.IssuedOn, Subject: k.Subject, State: stateTag(d), Class: classTag(d.Class), Status: d.Status.Tag()}
}

func stateTag(d documents.Document) ui.Tag {
	tag := ui.Tag{Word: documents.Workflow(d.Kind).States[d.State]}
	switch {
	case d.Ending != "":
		tag = ui.Tag{Tone: ui.Warn, Word: d.Ending.Word()}
	case d.Dirty:
		tag = ui.Tag{Tone: ui.Info, Word: "Có bản sửa chờ đăng"}
	case d.Live > 0:
		tag.Tone = ui.OK
	}
	return tag
}

func classTag(class documents.Class) ui.Tag {
	if class == documents.Internal {
		return ui.Tag{Tone: ui.Warn, Word: class.Title()}
	}
	return ui.Tag{Word: class.Title()}
}

// choices fills the filters.
func (data *listData) choices(catalog *documents.Catalog, thisYear int) {
	every := []ui.Option{{Label: "Tất cả"}}
	data.Kinds = append(every, ui.Option{Value: string(documents.Incoming), Label: "Văn bản đến"}, ui.Option{Value: string(documents.Own), Label: "Văn bản của Sở"})
	data.Classes = append(every, ui.Option{Value: string(documents.Public), Label: documents.Public.Title()}, ui.Option{Value: string(documents.Internal), Label: documents.Internal.Title()})
	data.States = append(every[:1:1], ui.Option{Value: edited, Label: "Có bản sửa chờ đăng"})
	for _, g := range []struct {
		kind  documents.Kind
		title string
	}{{documents.Incoming, "Văn bản đến"}, {documents.Own, "Văn bản của Sở"}} {
		table := documents.Workflow(g.kind)
		for _, s := range order(table) {
			data.States = append(data.States, ui.Option{Value: string(s), Label: table.States[s], Group: g.title})
		}
	}
	data.Issuers, data.Types, data.Years = every[:1:1], every[:1:1], every[:1:1]
	for _, i := range catalog.Issuers {
		data.Issuers = append(data.Issuers, ui.Option{Value: string(i.ID), Label: i.NameOn("")})
	}
	for _, t := range catalog.Types {
		data.Types = append(data.Types, ui.Option{Value: string(t.ID), Label: t.Name})
	}
	for y := thisYear; y > thisYear-10; y-- {
		data.Years = append(data.Years, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
}

// order gives the states in the order the steps lead through them.
func order(t workflow.Table) []workflow.State {
	all, seen := []workflow.State{t.Start}, map[workflow.State]bool{t.Start: true}
	for _, s := range t.Steps {
		if !seen[s.To] {
			seen[s.To] = true
			all = append(all, s.To)
		}
	}
	return all
}

// timely says how long documents took from entry to the page over the last 90 days.
//
// Source: R-II.1-c ("kịp thời").
func (p *Pages) timely(c *web.Ctx) (string, error) {
	now := p.Clock.Now()
	t, err := p.Documents.Timeliness(c.Context(), now.AddDate(0, 0, -90))
	if err != nil {
		return "", err
	}
	words := ""
	if t.Posted > 0 {
		words = "Trong 90 ngày qua đã đăng " + text.FormatNumber(int64(t.Posted)) + " văn bản; từ lúc vào sổ đến lúc đăng, một nửa không quá " +
			duration(t.Median) + ", chín phần mười không quá " + duration(t.Ninth) + ". "
	}
	if t.Waiting > 0 {
		words += text.FormatNumber(int64(t.Waiting)) + " văn bản đang chờ, lâu nhất từ " + text.FormatDayTime(t.Oldest) + "."
	}
	return words, nil
}

// duration gives a length of time (ms) for people who wait hours and days: less than a minute is one.
func duration(ms int64) string {
	return text.FormatDuration(max(time.Duration(ms)*time.Millisecond, time.Minute))
}
