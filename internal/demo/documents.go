package demo

import (
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
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

//go:embed documents/*.txt
var texts embed.FS

// A paper is one document of the demonstration: its real metadata and a reading copy in our words.
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
		if err := d.publish(ctx, ids[p.fields["number"]], p); err != nil {
			return fmt.Errorf("post %s: %w", p.fields["number"], err)
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
	f := p.fields
	year, _ := strconv.Atoi(f["year"])
	in := documents.Input{
		Number: f["number"], Year: year, Issuer: f["issuer"], NewIssuer: true, Type: f["type"], Field: f["field"], IssuedOn: f["issued"],
		EffectiveOn: f["effective"], ExpiresOn: f["expires"], Subject: f["abstract"], Class: documents.Public,
		Description: strings.TrimSpace("Bản đọc do Bảng Vàng tóm tắt bằng lời của mình để trình diễn; không thay bản gốc. " + f["note"]),
		Signer:      documents.Signer{Position: f["signer"]}, Recipients: strings.ReplaceAll(f["recipients"], "; ", "\n"),
	}
	kind := documents.Incoming
	if p.own() {
		_, symbol, _ := strings.Cut(in.Number, "/")
		kind, in.Number, in.IssuedOn, in.Signer.Name = documents.Own, "/"+symbol, "", inventedSigner
	}
	id, err := d.docs.Register(ctx, kind, in)
	if err != nil {
		return "", err
	}
	return id, d.docs.SetReading(ctx, id, 1, richtext.FromPlain(p.text))
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

// publish leads a paper to the public page by the way of its kind.
func (d desk) publish(ctx context.Context, id documents.DocID, p paper) error {
	if !p.own() {
		if err := d.classify(ctx, id, documents.Public); err != nil {
			return err
		}
		return d.post(ctx, id)
	}
	if err := d.sign(ctx, id); err != nil {
		return err
	}
	written, _, _ := strings.Cut(p.fields["number"], "/")
	ordinal, err := strconv.Atoi(written)
	if err != nil {
		return fmt.Errorf("the number %s: %w", p.fields["number"], err)
	}
	number := documents.Numbering{IssuedOn: p.fields["issued"], Ordinal: ordinal, Gap: "Các số trước không có trong bản trình diễn"}
	err = d.take(ctx, id, "van-thu", func(ctx context.Context, doc documents.Document) error {
		return d.docs.Number(ctx, id, doc.Version, number)
	})
	if err != nil {
		return err
	}
	if err := d.advance(ctx, id, "van-thu", "issue"); err != nil {
		return err
	}
	return d.post(ctx, id)
}

// take has somebody take a step on a document as it stands.
func (d desk) take(ctx context.Context, id documents.DocID, username string, step func(context.Context, documents.Document) error) error {
	ctx, err := d.as(ctx, username)
	if err != nil {
		return err
	}
	doc, err := d.docs.Document(ctx, id)
	if err != nil {
		return err
	}
	return step(ctx, doc)
}

// classify is done by a second person of the exam office.
func (d desk) classify(ctx context.Context, id documents.DocID, class documents.Class) error {
	return d.take(ctx, id, "khao-thi-2", func(ctx context.Context, doc documents.Document) error {
		return d.docs.Classify(ctx, id, doc.Version, class, "")
	})
}

// post is the political office's part.
func (d desk) post(ctx context.Context, id documents.DocID) error {
	return d.take(ctx, id, "dang-tai", func(ctx context.Context, doc documents.Document) error {
		return d.docs.Post(ctx, id, doc.Version, "")
	})
}

// check leads a draft of the Department to the leader's table.
func (d desk) check(ctx context.Context, id documents.DocID) error {
	if err := d.advance(ctx, id, "khao-thi-2", "check_content"); err != nil {
		return err
	}
	return d.advance(ctx, id, "van-phong", "check_form")
}

// sign leads a draft of the Department to its signature.
func (d desk) sign(ctx context.Context, id documents.DocID) error {
	if err := d.check(ctx, id); err != nil {
		return err
	}
	return d.advance(ctx, id, "lanh-dao", "sign")
}

func (d desk) advance(ctx context.Context, id documents.DocID, username, do string) error {
	return d.take(ctx, id, username, func(ctx context.Context, doc documents.Document) error {
		return d.docs.Advance(ctx, id, doc.Version, do, "")
	})
}
