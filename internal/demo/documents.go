package demo

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
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

// order is by day of issue, with the papers of the exam that is shown last, so that they stand first
// among the newest.
func (p paper) order() string {
	day := p.fields["issued"]
	if strings.HasPrefix(day, "2021-0") {
		return "9" + day
	}
	return day
}

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
	all = slices.DeleteFunc(all, func(p paper) bool { return p.fields["issued"] > today }) // when the clock was set back
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
		if err := d.post(ctx, ids[p.fields["number"]]); err != nil {
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

// enter is the exam office's part: the registry entry and the reading copy.
func (d desk) enter(ctx context.Context, p paper) (documents.DocID, error) {
	ctx, err := d.as(ctx, "khao-thi")
	if err != nil {
		return "", err
	}
	f := p.fields
	description := "Bản đọc do Bảng Vàng tóm tắt bằng lời của mình để trình diễn; không thay bản gốc."
	if f["invented"] != "" {
		description += " " + f["invented"]
	}
	id, err := d.docs.Register(ctx, documents.Incoming, documents.Input{
		Number: f["number"], Issuer: f["issuer"], NewIssuer: true, Type: f["type"], Field: f["field"], IssuedOn: f["issued"],
		EffectiveOn: f["effective"], ExpiresOn: f["expires"], Subject: f["abstract"], Description: description, Class: documents.Public,
	})
	if err != nil {
		return "", err
	}
	return id, d.docs.SetReading(ctx, id, 1, richtext.FromPlain(p.text))
}

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

// post is the other office's part: a second person classifies, the political office posts.
func (d desk) post(ctx context.Context, id documents.DocID) error {
	classifier, err := d.as(ctx, "khao-thi-2")
	if err != nil {
		return err
	}
	doc, err := d.docs.Document(classifier, id)
	if err != nil {
		return err
	}
	if err := d.docs.Classify(classifier, id, doc.Version, documents.Public, ""); err != nil {
		return err
	}
	publisher, err := d.as(ctx, "dang-tai")
	if err != nil {
		return err
	}
	return d.docs.Post(publisher, id, doc.Version+1, "")
}
