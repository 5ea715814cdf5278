package demo_test

import (
	"regexp"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/publish"
	"bangvang/internal/documents"
	"bangvang/internal/portal"
)

// limit is what a first visit to a public page may weigh with everything it loads, architecture §7.
const limit = 30_000

var loaded = regexp.MustCompile(`<(?:link rel="stylesheet" href|script src|img src|link rel="icon" href)="([^"]*)"`)

// TestPublicPagesAreSmallAndQuiet visits public pages as a browser first does: what they load comes
// from here, weighs little, sets no cookie, and reads without script.
func TestPublicPagesAreSmallAndQuiet(t *testing.T) {
	t.Parallel()
	p := open(t)
	must(t, p.app.Publisher.RebuildAll(access.System(t.Context(), "Kiểm thử")))
	must(t, p.app.Publisher.Publish(access.System(t.Context(), "Kiểm thử")))
	plane := publish.NewPlane(p.app.Site)
	get := func(path string) publish.Response {
		r := plane.Respond(publish.Request{Method: "GET", Path: path, AcceptEncoding: "br, gzip"})
		for _, h := range r.Headers {
			if strings.EqualFold(h[0], "Set-Cookie") {
				t.Errorf("%s sets a cookie", path)
			}
		}
		return r
	}
	pages := 0
	for _, listed := range p.app.Site.Snapshot().List() {
		if listed.Type != publish.HTMLType {
			continue
		}
		pages++
		answer := get(listed.Path)
		plain := plane.Respond(publish.Request{Method: "GET", Path: listed.Path})
		if answer.Status != 200 || plain.Status != 200 {
			t.Errorf("%s answers %d", listed.Path, answer.Status)
			continue
		}
		weight := len(answer.Body)
		for _, m := range loaded.FindAllStringSubmatch(string(plain.Body), -1) {
			if !strings.HasPrefix(m[1], "/") || strings.HasPrefix(m[1], "//") {
				t.Errorf("%s loads %s from elsewhere", listed.Path, m[1])
			}
			weight += len(get(m[1]).Body)
		}
		if weight > limit {
			t.Errorf("%s weighs %d bytes on a first visit", listed.Path, weight)
		}
		if strings.Contains(string(plain.Body), "<script>") || strings.Contains(string(plain.Body), " onclick=") {
			t.Errorf("%s carries script of its own", listed.Path)
		}
	}
	if pages < 150 {
		t.Errorf("only %d pages were visited", pages)
	}
}

// Search says which of the found documents are not to be followed, and that a page taken down is not
// a document recalled.
func TestSearchSaysWhatIsNotToBeFollowed(t *testing.T) {
	t.Parallel()
	p := open(t)
	system := access.System(t.Context(), "Kiểm thử")
	found, err := p.app.Documents.List(system, documents.Filter{State: documents.StatePosted, Text: "08/CT-UBND"})
	must(t, err)
	d := found.Documents[0]
	must(t, p.app.Documents.Withdraw(system, d.ID, d.Version, documents.Withdrawal{Ending: documents.EndWithdrawn, Note: "Chờ soát lại."}))
	must(t, p.app.Publisher.RebuildAll(system))
	must(t, p.app.Publisher.Publish(system))
	plane := publish.NewPlane(p.app.Site)
	plane.Dynamic("/tim", portal.SearchPage(p.app.Site, "/tim"))
	plane.Dynamic("/api/v1/search", portal.SearchAPI(""))
	for _, path := range []string{"/tim", "/api/v1/search"} {
		body := string(plane.Respond(publish.Request{Method: "GET", Path: path, Query: "q=08/CT-UBND"}).Body)
		if !strings.Contains(body, "Đã gỡ, còn để tra cứu") || strings.Contains(body, "Đã thu hồi") {
			t.Errorf("%s does not say that the page was taken down: %s", path, body)
		}
	}
}
