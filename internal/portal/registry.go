package portal

import (
	"context"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/portal/feed"
)

// Registry tells the portal about the documents.
type Registry struct{ Documents *documents.Service }

// Latest gives the newest published documents as cards.
func (r Registry) Latest(ctx context.Context, n int) ([]ui.DocumentCard, error) {
	return r.Documents.Latest(ctx, n)
}

// FeedItems gives the newest published documents with their full text. Their ids are names and no
// addresses, so that a renamed document stays the same item.
func (r Registry) FeedItems(ctx context.Context, base string, n int) ([]feed.Item, error) {
	list, err := r.Documents.Feed(ctx, n)
	if err != nil {
		return nil, err
	}
	var items []feed.Item
	for _, d := range list {
		i := feed.Item{ID: "urn:x-bangvang:" + d.ID, Link: base + d.Path, Title: d.Title, Summary: d.Summary, HTML: d.HTML,
			Author: d.Author, Published: clock.FromMillis(d.Published), Updated: clock.FromMillis(d.Updated)}
		if len(d.Tags) > 0 {
			i.Category = d.Tags[0]
		}
		items = append(items, i)
	}
	return items, nil
}
