package portal

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"bangvang/internal/base/clock"
)

// robots is /robots.txt: everything public may be indexed; search answers, look-ups and the office
// may not.
func (s *Service) robots() []byte {
	return []byte("User-agent: *\nDisallow: /quan-tri/\nDisallow: /api/\nDisallow: /tim\nDisallow: /en/tim\nDisallow: /tra-cuu\n\nSitemap: " +
		s.BaseURL + "/sitemap.xml\n")
}

// security is /.well-known/security.txt (RFC 9116). It is empty when the office named nobody. The
// date it lapses on moves once a month, so that the file does not change with every drawing.
func (s *Service) security(ctx context.Context, now time.Time) ([]byte, error) {
	set, err := s.Settings(ctx)
	if err != nil || set.Security == "" {
		return nil, err
	}
	contact := set.Security
	if !strings.HasPrefix(contact, "https://") {
		contact = "mailto:" + contact
	}
	local := now.In(clock.Zone)
	expires := time.Date(local.Year(), local.Month()+7, 1, 0, 0, 0, 0, time.UTC)
	return fmt.Appendf(nil, "Contact: %s\nExpires: %s\nPreferred-Languages: vi, en\nCanonical: %s/.well-known/security.txt\n",
		contact, expires.Format(time.RFC3339), s.BaseURL), nil
}

type openSearch struct {
	XMLName     xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	Name        string          `xml:"ShortName"`
	Description string          `xml:"Description"`
	Encoding    string          `xml:"InputEncoding"`
	Language    string          `xml:"Language"`
	URLs        []openSearchURL `xml:"Url"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Template string `xml:"template,attr"`
}

// openSearch is /opensearch.xml: a browser can add the site's search to its own. A short name has
// at most 16 characters there.
func (s *Service) openSearch(ctx context.Context) ([]byte, error) {
	site, err := s.Site(ctx, "vi")
	if err != nil {
		return nil, err
	}
	d := openSearch{Name: "Kỳ thi THPT", Description: site.Name + " – " + site.Owner, Encoding: "UTF-8", Language: "vi", URLs: []openSearchURL{
		{"text/html", s.BaseURL + "/tim?q={searchTerms}"},
		{"application/json", s.BaseURL + "/api/v1/search?q={searchTerms}"},
	}}
	b, err := xml.Marshal(d)
	return append([]byte(xml.Header), append(b, '\n')...), err
}

// A mapped page is one address of the sitemap.
type mapped struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

type urlSet struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []mapped `xml:"url"`
}
