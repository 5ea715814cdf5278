package documents

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strings"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/feed"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web/ui"
)

// How many documents a feed holds: the whole list's goes back some weeks, a narrowed list's is short
// because each posting writes those of all lists the document stands in.
const (
	feedLength         = 50
	narrowedFeedLength = 20
)

// renderFeeds gives the three feeds that stand beside a list: its newest documents with their full
// text. One withdrawn under a notice or recalled stays, its title saying so; those replaced or
// published in error are gone.
//
// Source: R-II.1-b; F-55, F-99…F-101; architecture §8.
func (s *Service) renderFeeds(ctx context.Context, catalog *Catalog, path string, cards []card, site ui.Site) ([]publish.Page, error) {
	home := listAddress(path, 0)
	f := feed.Feed{Title: catalog.listTitle(path) + " – " + site.Name, Subtitle: "Văn bản chỉ đạo, hướng dẫn do " + site.Owner + " đăng",
		Author: site.Owner, Home: site.BaseURL + home, Icon: site.BaseURL + "/favicon.ico"}
	for _, c := range newsFirst(cards, path) {
		item, err := s.feedItem(ctx, catalog, c, site.BaseURL)
		if err != nil {
			return nil, err
		}
		f.Items = append(f.Items, item)
	}
	forms, err := f.Forms()
	if err != nil {
		return nil, err
	}
	var pages []publish.Page
	for _, form := range forms {
		pages = append(pages, publish.Page{Path: home + form.Ending, Type: form.Type, Body: form.Body})
	}
	return pages, nil
}

// newsFirst gives the documents of a list that its feed holds, the latest news first: lists
// themselves are ordered by the day of issue.
func newsFirst(cards []card, path string) []card {
	news := slices.Clone(cards)
	slices.SortStableFunc(news, func(a, b card) int {
		return cmp.Or(cmp.Compare(max(b.PostedAt, b.UpdatedAt), max(a.PostedAt, a.UpdatedAt)), cmp.Compare(b.ID, a.ID))
	})
	length := narrowedFeedLength
	if path == "" {
		length = feedLength
	}
	return news[:min(len(news), length)]
}

// feedItem is one document as readers of feeds get it. Its id is a name and no address, so that a
// renamed document stays the same item; addresses are whole, because a reader shows the text
// elsewhere.
func (s *Service) feedItem(ctx context.Context, catalog *Catalog, c card, base string) (feed.Item, error) {
	d, err := readDocument(ctx, s.DB.Read(), c.ID)
	if err != nil {
		return feed.Item{}, err
	}
	e, err := readEdition(ctx, s.DB.Read(), c.ID, d.Live)
	if err != nil {
		return feed.Item{}, err
	}
	text, err := s.Linkify(ctx, e.Shown.Reading, e.Shown.Content.Year, c.ID)
	if err != nil {
		return feed.Item{}, err
	}
	p := page{d: d, e: e, catalog: catalog}
	item := feed.Item{ID: "urn:x-bangvang:van-ban:" + string(c.ID), Link: base + d.Path(), Title: strings.TrimSpace(c.Number + " " + c.Subject), Summary: p.summary(),
		HTML: strings.ReplaceAll(p.news()+string(text), ` href="/`, ` href="`+base+"/"), Author: catalog.IssuerName(c.Issuer, c.IssuedOn), Category: catalog.TypeName(c.Type),
		Published: clock.FromMillis(c.PostedAt), Updated: clock.FromMillis(max(c.UpdatedAt, d.EndingAt))}
	if d.Status == StatusWithdrawn || d.Status == Recalled {
		item.Title = "[" + d.Status.Title() + "] " + item.Title
	}
	for _, f := range e.Shown.Files {
		item.Files = append(item.Files, feed.File{Link: base + d.Path() + "/" + f.Slug, Type: f.Media, Size: f.Size})
	}
	return item, nil
}

// news is what an item says before the document's text: what is new about it, and what it is.
func (p page) news() string {
	var b strings.Builder
	say := func(label, words string) {
		if words != "" {
			b.WriteString("<p><strong>" + label + ":</strong> " + template.HTMLEscapeString(words) + "</p>\n")
		}
	}
	if p.d.Ending == EndWithdrawn {
		say(EndWithdrawn.Word(), p.d.EndingNote)
	}
	if p.e.Change != FirstEdition {
		say("Thay đổi", p.e.Note)
	}
	b.WriteString("<p>" + template.HTMLEscapeString(p.summary()+" "+p.e.Shown.Content.Subject) + "</p>\n")
	return b.String()
}
