// Package publish keeps what the public sees: the published snapshot, and the plane that answers
// from it without asking the database (architecture §2).
//
// On the office side a capability registers a [Source] that renders the pages of a key (one
// document, one list) from the database, and calls [Publisher.Touch] in the transaction that
// changes a fact. A job renders the touched keys, stores a new [Snapshot] as content-addressed
// files, moves the generation row by compare-and-set and then the pointer that every node follows.
//
// On the public side a [Site] holds the current snapshot in memory and swaps it in one step,
// pages and search index together; a [Plane] turns a [Request] into a [Response] as a pure
// function over it; [Serve] puts that function behind a reader of HTTP/1.1 and net/http on one port.
// The public side needs the blob store only: it starts, and keeps answering, without the database.
//
// Start reading at [Page] and [Source], then publisher.go, plane.go and door.go.
package publish

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/publish/search"
)

// A Page is one public address and what it answers.
type Page struct {
	Path     string      // canonical: lower case, no accents, begins with '/'; see [Canonical]
	Status   int         // 0 means 200; otherwise 301, 308, 404 or 410
	Type     string      // content type, "text/html; charset=utf-8"
	Body     []byte      // what is answered; empty when File is set
	File     blob.Ref    // an attachment in the files store answered instead of Body; zero for none
	Headers  [][2]string // additions; one with the name of a default header replaces it
	Modified int64       // last change a reader would notice, ms UTC; 0: publish notes when the page changed
	Cache    Cache
	NoIndex  bool   // asks search engines not to list the page
	Location string // where a 301 or 308 leads: a path of ours
}

// Cache says how long others may keep a page.
type Cache int

const (
	// CachePage is for what can change: fresh for a minute, and for a day still good when the
	// server cannot be reached.
	CachePage Cache = iota
	// CacheImmutable is for addresses that carry the hash of their content.
	CacheImmutable
	// CacheNever is for answers that belong to one moment.
	CacheNever
)

// Rendered is all that one key shows the public: its pages and what search finds of it. Nothing
// in it: the key disappears from the public plane.
type Rendered struct {
	Pages   []Page
	Entries []search.Entry // Key is set by publish
}

// A Source renders one capability's public pages.
type Source struct {
	Name string // the capability's name, unique

	// Keys gives every key there is. Needed when all is rendered anew.
	Keys func(ctx context.Context) ([]string, error)
	// Render gives the pages of one key from the database as it is now. A key that is unknown or
	// not public gives an empty Rendered and no error. It may run at the same time for several
	// keys, and must give the same bytes for the same facts.
	Render func(ctx context.Context, key string) (Rendered, error)
	// Next gives the first instant after now at which pages change by the clock alone (a deadline
	// passes, a sitting begins) and the keys to render then; nil keys mean all of the source. The
	// zero time means none is known. May be nil.
	Next func(ctx context.Context, now time.Time) (at time.Time, keys []string, err error)
}

// NotFoundPath is where the page for unknown addresses is published, with status 404; a section may
// have its own ("/en/404"). A dynamic function under this path answers instead, and may use what was
// asked for as a search hint.
const NotFoundPath = "/404"

// HTMLType is the content type of our pages.
const HTMLType = "text/html; charset=utf-8"

// Redirect makes the page for an address that moved for good to another of ours. Reason is
// Vietnamese and may be empty.
func Redirect(from, to, reason string) Page {
	return Page{
		Path:     from,
		Status:   http.StatusMovedPermanently,
		Type:     HTMLType,
		Location: to,
		Body: notice("Nội dung đã chuyển địa chỉ",
			fmt.Sprintf(`%s Xem tại <a href="%s">%s</a>.`, html.EscapeString(reason), html.EscapeString(to), html.EscapeString(to)),
			fmt.Sprintf("<meta http-equiv=\"refresh\" content=\"0; url=%s\">\n", html.EscapeString(to))),
		NoIndex: true,
	}
}

// Gone makes the page for an address whose content was published in error (architecture §4,
// "Editions"): 410 with an explanation. A capability with a page frame sets Body itself.
func Gone(path, explanation string) Page {
	return Page{
		Path:    path,
		Status:  http.StatusGone,
		Type:    HTMLType,
		Body:    notice("Nội dung đã được gỡ bỏ", html.EscapeString(explanation), ""),
		NoIndex: true,
	}
}

// notice is the smallest complete page, for what has no frame. body is HTML.
func notice(title, body, head string) []byte {
	return []byte("<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" + head +
		"<title>" + title + "</title>\n</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n<p>" +
		strings.TrimSpace(body) + "</p>\n<p><a href=\"/\">Về trang chủ</a></p>\n</main>\n</body>\n</html>\n")
}

// ownHeaders follow from the page itself or from the connection.
var ownHeaders = []string{"Content-Type", "Content-Encoding", "Content-Length", "Transfer-Encoding", "Connection", "Date",
	"Etag", "Last-Modified", "Location", "Vary", "Accept-Ranges", "Content-Range", "Set-Cookie", "Server", "Strict-Transport-Security"}

// check says what is wrong with a rendered page, nil when nothing is.
func (p *Page) check() error {
	switch {
	case !isCanonical(p.Path):
		return fmt.Errorf("page path %q is not canonical (lower case ASCII letters, digits and -._~/)", p.Path)
	case p.Type == "" || strings.ContainsAny(p.Type, "\r\n"):
		return fmt.Errorf("page %s: content type %q", p.Path, p.Type)
	case p.Cache < CachePage || p.Cache > CacheNever:
		return fmt.Errorf("page %s: cache class %d", p.Path, p.Cache)
	case p.File != (blob.Ref{}) && (len(p.Body) > 0 || !blob.IsHash(p.File.Hash) || p.File.Size < 0):
		return fmt.Errorf("page %s: file %+v cannot be its body", p.Path, p.File)
	}
	for _, h := range p.Headers {
		if slices.Contains(ownHeaders, h[0]) {
			return fmt.Errorf("page %s: header %s is set by publish", p.Path, h[0])
		}
		if h[0] == "" || http.CanonicalHeaderKey(h[0]) != h[0] || strings.ContainsAny(h[0]+h[1], "\r\n") {
			return fmt.Errorf("page %s: header %q", p.Path, h)
		}
	}
	redirects := p.Status == http.StatusMovedPermanently || p.Status == http.StatusPermanentRedirect
	switch {
	case redirects != (p.Location != ""):
		return fmt.Errorf("page %s: status %d with location %q", p.Path, p.Status, p.Location)
	case redirects && (!strings.HasPrefix(p.Location, "/") || strings.HasPrefix(p.Location, "//") || strings.ContainsAny(p.Location, "\r\n\\")):
		return fmt.Errorf("page %s: location %q is not a path of ours", p.Path, p.Location)
	case redirects || p.Status == http.StatusOK || p.Status == http.StatusNotFound || p.Status == http.StatusGone:
		return nil
	}
	return fmt.Errorf("page %s: status %d is not for pages", p.Path, p.Status)
}

// clone gives rendered pages their default status and a body of their own.
func (p Page) clone() Page {
	if p.Status == 0 {
		p.Status = http.StatusOK
	}
	p.Body = bytes.Clone(p.Body)
	return p
}
