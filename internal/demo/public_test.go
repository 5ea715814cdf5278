package demo_test

import (
	"regexp"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/publish"
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
