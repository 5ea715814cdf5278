package portal

import (
	"context"

	"bangvang/internal/base/web/ui"
	"bangvang/internal/portal/feed"
)

const feedLength = 50

// A made file is one thing for machines: its address, media type and bytes.
type made struct {
	path, mediaType string
	body            []byte
}

// feeds are the machine-readable twins of the list of documents.
func (s *Service) feeds() []ui.Feed {
	return []ui.Feed{
		{Type: "application/atom+xml", Title: "Atom", Href: "/van-ban.atom"},
		{Type: "application/feed+json", Title: "JSON Feed", Href: "/van-ban.json"},
		{Type: "application/rss+xml", Title: "RSS", Href: "/van-ban.rss"},
	}
}

// documentFeeds writes the list of documents in three forms.
//
// Source: R-II.1-b; peers-public F-99…F-101.
func (s *Service) documentFeeds(ctx context.Context) ([]made, error) {
	site, err := s.Site(ctx, "vi")
	if err != nil {
		return nil, err
	}
	items, err := s.Documents.FeedItems(ctx, s.BaseURL, feedLength)
	if err != nil {
		return nil, err
	}
	f := feed.Feed{Title: "Văn bản – " + site.Name, Subtitle: "Văn bản chỉ đạo, hướng dẫn do " + site.Owner + " đăng", Author: site.Owner,
		Home: s.BaseURL + "/van-ban", Self: s.BaseURL + "/van-ban.atom", Icon: s.BaseURL + "/favicon.ico", Items: items}
	atom, err := f.Atom()
	if err != nil {
		return nil, err
	}
	rss, err := f.RSS(s.BaseURL + "/van-ban.rss")
	if err != nil {
		return nil, err
	}
	json, err := f.JSON(s.BaseURL + "/van-ban.json")
	if err != nil {
		return nil, err
	}
	return []made{
		{"/van-ban.atom", "application/atom+xml; charset=utf-8", atom},
		{"/van-ban.rss", "application/rss+xml; charset=utf-8", rss},
		{"/van-ban.json", "application/feed+json; charset=utf-8", json},
	}, nil
}
