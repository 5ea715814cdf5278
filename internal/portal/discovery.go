package portal

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/publish"
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

// mostMapped is how many addresses one sitemap may hold.
const mostMapped = 50_000

// Sitemap gives /sitemap.xml: every page that may be indexed, with the day of its last change. It
// is computed from the snapshot, once for each, so that it can never name a page that is not there.
func Sitemap(baseURL string) publish.Dynamic {
	var mu sync.Mutex
	var of *publish.Snapshot
	var body []byte
	return func(snap *publish.Snapshot, _ publish.Request) publish.Response {
		mu.Lock()
		defer mu.Unlock()
		if of != snap {
			var err error
			if body, err = sitemap(baseURL, snap); err != nil {
				return publish.Response{Status: http.StatusInternalServerError}
			}
			of = snap
		}
		return publish.Response{Status: http.StatusOK, Body: body, Headers: [][2]string{
			{"Content-Type", "application/xml"}, {"Cache-Control", "public, max-age=300"}}}
	}
}

func sitemap(baseURL string, snap *publish.Snapshot) ([]byte, error) {
	var set urlSet
	for _, p := range snap.List() {
		if p.Type != publish.HTMLType || len(set.URLs) == mostMapped {
			continue
		}
		m := mapped{Loc: baseURL + p.Path}
		if !p.Modified.IsZero() && p.Modified.Unix() > 0 {
			m.LastMod = p.Modified.Format(time.RFC3339)
		}
		set.URLs = append(set.URLs, m)
	}
	b, err := xml.Marshal(set)
	return append([]byte(xml.Header), append(b, '\n')...), err
}
