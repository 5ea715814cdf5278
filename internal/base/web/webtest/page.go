package webtest

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A Page is one answer.
type Page struct {
	Status int
	Header http.Header
	Body   []byte
	Path   string // where the reader ended up, with the query

	client *Client
	t      testing.TB
	root   *html.Node // nil when the answer is no HTML
}

// WantStatus fails the test unless the answer has the status.
func (p *Page) WantStatus(status int) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Errorf("%s: status %d, want %d\n%s", p.Path, p.Status, status, p.excerpt())
	}
	return p
}

// WantPath fails the test unless the reader ended up at path.
func (p *Page) WantPath(path string) *Page {
	p.t.Helper()
	if p.Path != path {
		p.t.Errorf("ended up at %s, want %s\n%s", p.Path, path, p.excerpt())
	}
	return p
}

// Want fails the test unless an element that selector finds holds the text. Spaces and line ends
// count as one space.
func (p *Page) Want(selector, text string) *Page {
	p.t.Helper()
	found := p.Texts(selector)
	for _, s := range found {
		if strings.Contains(s, text) {
			return p
		}
	}
	p.t.Errorf("%s: no %s holds %q; found %q\n%s", p.Path, selector, text, found, p.excerpt())
	return p
}

// WantNone fails the test when an element that selector finds holds the text; an empty text means
// there must be no such element.
func (p *Page) WantNone(selector, text string) *Page {
	p.t.Helper()
	for _, s := range p.Texts(selector) {
		if strings.Contains(s, text) {
			p.t.Errorf("%s: a %s holds %q: %q", p.Path, selector, text, s)
		}
	}
	return p
}

// Texts gives the text of every element that selector finds.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	var out []string
	for _, n := range p.find(selector) {
		out = append(out, textOf(n))
	}
	return out
}

// Attr gives an attribute of the first element that selector finds; the test ends when there is no
// such element.
func (p *Page) Attr(selector, name string) string {
	p.t.Helper()
	found := p.find(selector)
	if len(found) == 0 {
		p.t.Fatalf("%s: no %s\n%s", p.Path, selector, p.excerpt())
	}
	return attr(found[0], name)
}

// Click follows the first link whose words are text; the test ends when there is none.
func (p *Page) Click(text string) *Page {
	p.t.Helper()
	for _, a := range p.find("a[href]") {
		if textOf(a) == text || attr(a, "aria-label") == text {
			return p.client.Get(p.resolve(attr(a, "href")))
		}
	}
	p.t.Fatalf("%s: no link %q\n%s", p.Path, text, p.excerpt())
	return nil
}

// resolve makes a link of this page a path from the root.
func (p *Page) resolve(href string) string {
	p.t.Helper()
	u, err := p.client.resolve(p.Path).Parse(href)
	if err != nil {
		p.t.Fatal(err)
	}
	return u.String()
}

func (p *Page) find(selector string) []*html.Node {
	p.t.Helper()
	if p.root == nil {
		return nil
	}
	chain, err := parseSelector(selector)
	if err != nil {
		p.t.Fatal(err)
	}
	return chain.find(p.root)
}

// excerpt is what a failing test shows of the page.
func (p *Page) excerpt() string {
	s := string(p.Body)
	if p.root != nil {
		for _, n := range (selectorChain{{tag: "main"}}).find(p.root) {
			s = textOf(n)
		}
	}
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}
