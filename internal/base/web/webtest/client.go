// Package webtest lets a test use the program as a person with a browser does: it keeps cookies,
// follows redirects, clicks links by their words, fills fields by their labels, and sees what is in
// the element with a given selector. Every page it meets is checked for what all pages owe their
// readers ([Check]).
//
//	c := webtest.Start(t, office)
//	c.Get("/quan-tri/van-ban").Click("Thêm văn bản").
//		Fill("Số, ký hiệu", "08/CT-UBND").Choose("Loại", "Công khai").Press("Lưu").
//		Want(".notice", "Đã lưu")
package webtest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A Client is one browser of one person.
type Client struct {
	t    testing.TB
	base *url.URL
	http *http.Client
}

// Start serves handler for the length of the test and gives a client of it.
func Start(t testing.TB, handler http.Handler) *Client {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return New(t, s.URL)
}

// New gives a client, without any cookie yet, of the server at base: "http://127.0.0.1:8080".
func New(t testing.TB, base string) *Client {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, base: u, http: &http.Client{Jar: jar}}
}

// Another gives a client of the same server in another browser: no cookie is shared.
func (c *Client) Another() *Client { return New(c.t, c.base.String()) }

// Cookies gives the names of the cookies the browser would send to a path.
func (c *Client) Cookies(path string) []string {
	var names []string
	for _, k := range c.http.Jar.Cookies(c.resolve(path)) {
		names = append(names, k.Name)
	}
	return names
}

// Get opens a path, following redirects.
func (c *Client) Get(path string) *Page {
	c.t.Helper()
	return c.send(http.MethodGet, path, "", nil)
}

// Post sends a form that is on no page, as a script would.
func (c *Client) Post(path string, values url.Values) *Page {
	c.t.Helper()
	return c.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

// Do sends a request as it is, its URL a path; redirects are not followed.
func (c *Client) Do(r *http.Request) *Page {
	c.t.Helper()
	once := *c.http
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	u := c.resolve(r.URL.String())
	r.URL, r.RequestURI, r.Host = u, "", u.Host
	return c.read(once.Do(r))
}

func (c *Client) send(method, path, kind string, body io.Reader) *Page {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.resolve(path).String(), body)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return c.read(c.http.Do(r))
}

func (c *Client) resolve(path string) *url.URL {
	c.t.Helper()
	u, err := c.base.Parse(path)
	if err != nil {
		c.t.Fatal(err)
	}
	return u
}

func (c *Client) read(res *http.Response, err error) *Page {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatalf("%s: %v", res.Request.URL.Path, err)
	}
	p := &Page{Status: res.StatusCode, Header: res.Header, Body: body, Path: res.Request.URL.RequestURI(), client: c, t: c.t}
	kept := strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") // a file, whatever is in it
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && !kept && len(body) > 0 && res.StatusCode/100 != 3 {
		p.root, err = html.Parse(bytes.NewReader(body))
		if err != nil {
			c.t.Fatalf("%s: %v", p.Path, err)
		}
		for _, fault := range Check(p.root) {
			c.t.Errorf("%s: %s", p.Path, fault)
		}
	}
	return p
}
