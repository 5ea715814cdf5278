package demo

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

//go:embed documents/*.txt
var texts embed.FS

// A paper is one document of the demonstration: its metadata and a reading copy in our words. One with
// the field stop stays at that step of its way, so that there is work in the office: it is invented,
// and so says its abstract.
type paper struct {
	fields map[string]string
	text   string
}

// papers reads the shipped documents. A file is "key: value" lines, a line "---", the reading copy.
func papers() ([]paper, error) {
	names, err := fs.Glob(texts, "documents/*.txt")
	if err != nil {
		return nil, err
	}
	var all []paper
	for _, name := range names {
		b, err := texts.ReadFile(name)
		if err != nil {
			return nil, err
		}
		head, body, ok := strings.Cut(string(b), "\n---\n")
		if !ok {
			return nil, fmt.Errorf("%s has no line ---", name)
		}
		p := paper{map[string]string{}, body}
		for line := range strings.Lines(head) {
			key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok {
				return nil, fmt.Errorf("%s: %q is no field", name, line)
			}
			p.fields[key] = value
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b paper) int { return cmp.Compare(a.order(), b.order()) })
	return all, nil
}

// day is when the paper came to be, as far as its source says: its day of issue, or when it took
// effect, or the end of its year.
func (p paper) day() string {
	return cmp.Or(p.fields["issued"], p.fields["effective"], p.fields["year"]+"-12-31")
}

// order is by day, with the papers of the exam that is shown last, so that they stand first among the
// newest.
func (p paper) order() string {
	if strings.HasPrefix(p.day(), "2021-0") {
		return "9" + p.day()
	}
	return p.day()
}

// own tells the Department's papers, which go its own way, from those that come to it.
func (p paper) own() bool { return p.fields["issuer"] == "Sở Giáo dục và Đào tạo" }

// relations are the keys that name an older document of the demonstration.
var relations = map[string]documents.RelationKind{
	"replaces": documents.Replaces, "amends": documents.Amends, "based_on": documents.BasedOn,
}

// desk is the demonstration's people as they take the steps, each their own: four eyes see.
type desk struct {
	people *people.Service
	docs   *documents.Service
}

// as gives the context in which the account acts.
func (d desk) as(ctx context.Context, username string) (context.Context, error) {
	a, err := d.people.AccountByUsername(program(ctx), username)
	if err != nil {
		return nil, err
	}
	actor, err := d.people.ActorOf(program(ctx), a.ID)
	return access.With(ctx, actor), err
}

// fillDocuments enters and posts the documents the way the offices do.
func fillDocuments(ctx context.Context, a *app.App) error {
	all, err := papers()
	if err != nil {
		return err
	}
	today := clock.Day(a.Clock.Now())
	all = slices.DeleteFunc(all, func(p paper) bool { return p.day() > today }) // when the clock was set back
	d := desk{a.People, a.Documents}
	if err := d.nameIssuers(ctx); err != nil {
		return fmt.Errorf("issuers: %w", err)
	}
	ids := map[string]documents.DocID{}
	for _, p := range all {
		if ids[p.fields["number"]], err = d.enter(ctx, p); err != nil {
			return fmt.Errorf("document %s: %w", p.fields["number"], err)
		}
	}
	for _, p := range all {
		if err := d.relate(ctx, ids, p); err != nil {
			return fmt.Errorf("relations of %s: %w", p.fields["number"], err)
		}
	}
	for _, p := range all {
		if err := d.lead(ctx, ids[p.fields["number"]], p); err != nil {
			return fmt.Errorf("lead %s on its way: %w", p.fields["number"], err)
		}
	}
	return nil
}

// nameIssuers gives the province's own issuers their whole names.
func (d desk) nameIssuers(ctx context.Context) error {
	ctx, err := d.as(ctx, "khao-thi")
	if err != nil {
		return err
	}
	catalog, err := d.docs.Catalog(ctx)
	if err != nil {
		return err
	}
	for _, i := range catalog.Issuers {
		name := map[string]string{"ubnd-tinh": "UBND tỉnh Lai Châu", "so-gddt": "Sở Giáo dục và Đào tạo Lai Châu"}[i.Slug]
		if name == "" {
			continue
		}
		form := documents.IssuerForm{Name: name, Code: i.Code, Own: i.Own, Position: i.Position, Aliases: append(i.Aliases, i.NameOn(""))}
		if err := d.docs.EditIssuer(ctx, i.ID, i.Version, form); err != nil {
			return err
		}
	}
	return nil
}

// enter is the exam office's part: the registry entry, or the draft of a paper of the Department, and
// the reading copy.
func (d desk) enter(ctx context.Context, p paper) (documents.DocID, error) {
	ctx, err := d.as(ctx, "khao-thi")
	if err != nil {
		return "", err
	}
	kind, in := p.input()
	id, err := d.docs.Register(ctx, kind, in)
	if err != nil {
		return "", err
	}
	if err := d.docs.SetReading(ctx, id, 1, richtext.FromPlain(p.text)); err != nil || p.fields["file"] == "" {
		return id, err
	}
	file, err := inventedFile()
	if err != nil {
		return "", err
	}
	_, err = d.docs.AddFile(ctx, id, 2, documents.Upload{Role: documents.Attachment, Name: p.fields["file"]}, bytes.NewReader(file))
	return id, err
}

// input is the paper as its form has it.
func (p paper) input() (documents.Kind, documents.Input) {
	f := p.fields
	year, _ := strconv.Atoi(f["year"])
	in := documents.Input{
		Number: f["number"], Year: year, Issuer: f["issuer"], NewIssuer: true, Type: f["type"], Field: f["field"], IssuedOn: f["issued"],
		EffectiveOn: f["effective"], ExpiresOn: f["expires"], Subject: f["abstract"], Class: documents.Public,
		Description: strings.TrimSpace("Bản đọc do Bảng Vàng tóm tắt bằng lời của mình để trình diễn; không thay bản gốc. " + f["note"]),
		Signer:      documents.Signer{Position: f["signer"]}, Recipients: strings.ReplaceAll(f["recipients"], "; ", "\n"),
	}
	if f["stop"] == string(documents.StateRegistered) {
		in.Class = documents.Unclassified
	}
	if !p.own() {
		return documents.Incoming, in
	}
	_, symbol, _ := strings.Cut(in.Number, "/")
	in.Number, in.IssuedOn, in.Signer.Name = "/"+symbol, "", inventedSigner
	return documents.Own, in
}

// inventedSigner stands where a paper names who signed it: there is no real person in the demonstration.
const inventedSigner = "Người ký giả định"

func (d desk) relate(ctx context.Context, ids map[string]documents.DocID, p paper) error {
	ctx, err := d.as(ctx, "khao-thi")
	if err != nil {
		return err
	}
	id := ids[p.fields["number"]]
	for key, kind := range relations {
		target, entered := ids[p.fields[key]]
		if !entered {
			continue
		}
		doc, err := d.docs.Document(ctx, id)
		if err != nil {
			return err
		}
		if err := d.docs.Relate(ctx, id, doc.Version, documents.Relation{Kind: kind, Target: target}); err != nil {
			return err
		}
	}
	return nil
}

// lead takes a paper along the way of its kind, to the public page or to where it stops.
func (d desk) lead(ctx context.Context, id documents.DocID, p paper) error {
	way := d.incoming(id, p)
	if p.own() {
		way = d.ours(id, p)
	}
	for _, step := range way {
		if err := step.take(ctx); err != nil {
			return err
		}
		if p.fields["stop"] == string(step.to) {
			return nil
		}
	}
	if stop := p.fields["stop"]; stop != "" {
		return fmt.Errorf("%q is no step of its way", stop)
	}
	return d.edit(ctx, id, p)
}

// A stage is one step of a paper's way and where it leads.
type stage struct {
	to   workflow.State
	take func(context.Context) error
}

// incoming is the way of a paper from elsewhere: a second person of the exam office classifies it, the
// political office posts it.
func (d desk) incoming(id documents.DocID, p paper) []stage {
	class := documents.Public
	if p.fields["stop"] == string(documents.StateKept) {
		class = documents.Internal
	}
	way := []stage{
		{documents.StateRegistered, func(context.Context) error { return nil }},
		{documents.StateClassified, func(ctx context.Context) error {
			return d.take(ctx, id, "khao-thi-2", func(ctx context.Context, v int) error { return d.docs.Classify(ctx, id, v, class, "") })
		}},
	}
	if class == documents.Internal {
		return append(way, stage{documents.StateKept, func(ctx context.Context) error {
			return d.take(ctx, id, "khao-thi-2", func(ctx context.Context, v int) error { return d.docs.Keep(ctx, id, v, "") })
		}})
	}
	return append(way, d.post(id))
}

// ours is the way of a paper of the Department: content, form, signature, number, issue, page.
func (d desk) ours(id documents.DocID, p paper) []stage {
	step := func(to workflow.State, username, do string) stage {
		return stage{to, func(ctx context.Context) error {
			return d.take(ctx, id, username, func(ctx context.Context, v int) error { return d.docs.Advance(ctx, id, v, do, "") })
		}}
	}
	number := func(ctx context.Context) error {
		written, _, _ := strings.Cut(p.fields["number"], "/")
		ordinal, err := strconv.Atoi(written)
		if err != nil {
			return err
		}
		n := documents.Numbering{IssuedOn: p.fields["issued"], Ordinal: ordinal, Gap: "Các số trước không có trong bản trình diễn"}
		return d.take(ctx, id, "van-thu", func(ctx context.Context, v int) error { return d.docs.Number(ctx, id, v, n) })
	}
	return []stage{
		step(documents.StateCheckedContent, "khao-thi-2", "check_content"),
		step(documents.StateCheckedForm, "van-phong", "check_form"),
		step(documents.StateSigned, "lanh-dao", "sign"),
		{documents.StateNumbered, number},
		step(documents.StateIssued, "van-thu", "issue"),
		d.post(id),
	}
}

// post is the political office's part.
func (d desk) post(id documents.DocID) stage {
	return stage{documents.StatePosted, func(ctx context.Context) error {
		return d.take(ctx, id, "dang-tai", func(ctx context.Context, v int) error { return d.docs.Post(ctx, id, v, "") })
	}}
}

// edit leaves a change to a posted paper waiting, where it has one.
func (d desk) edit(ctx context.Context, id documents.DocID, p paper) error {
	if p.fields["edit"] == "" {
		return nil
	}
	_, in := p.input()
	in.Description += " " + p.fields["edit"]
	return d.take(ctx, id, "khao-thi", func(ctx context.Context, v int) error { return d.docs.Edit(ctx, id, v, in) })
}

// take has somebody take a step on a document at the version it has.
func (d desk) take(ctx context.Context, id documents.DocID, username string, step func(ctx context.Context, version int) error) error {
	ctx, err := d.as(ctx, username)
	if err != nil {
		return err
	}
	doc, err := d.docs.Document(ctx, id)
	if err != nil {
		return err
	}
	return step(ctx, doc.Version)
}
