package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
)

func TestOnlyPagesThatAskForItArePacked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, nil))
	show := func(c *web.Ctx) error { return c.Render(listPage.With(nil)) }
	w.office.GET("/quan-tri/goi", web.Public, show, web.Compressed())
	w.office.POST("/quan-tri/goi", web.Public, show, web.Compressed())
	w.office.GET("/quan-tri/thuong", web.Public, show)
	w.office.Asset(ui.Asset{Path: "/quan-tri/dai.js", Type: "text/javascript; charset=utf-8", Body: bytes.Repeat([]byte("// aaaa\n"), 100)})
	get := func(method, path, accepts string) (packed bool, body string) {
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Accept-Encoding", accepts)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		rec := httptest.NewRecorder()
		w.office.ServeHTTP(rec, r)
		if rec.Header().Get("Content-Encoding") != "gzip" {
			return false, rec.Body.String()
		}
		plain, err := gzip.NewReader(rec.Body)
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(plain)
		if err != nil {
			t.Fatal(err)
		}
		return true, string(all)
	}
	for _, c := range []struct {
		method, path, accepts string
		packed                bool
	}{
		{http.MethodGet, "/quan-tri/goi", "gzip, deflate, br", true},
		{http.MethodGet, "/quan-tri/goi", "br;q=1.0, gzip;q=0", false},
		{http.MethodGet, "/quan-tri/goi", "", false},
		{http.MethodPost, "/quan-tri/goi", "gzip", false},
		{http.MethodGet, "/quan-tri/thuong", "gzip", false},
		{http.MethodGet, "/quan-tri/dai.js", "gzip", true},
		{http.MethodGet, "/quan-tri/dai.js", "identity", false},
	} {
		packed, body := get(c.method, c.path, c.accepts)
		if packed != c.packed || len(body) < 100 || strings.HasSuffix(c.path, ".js") && len(body) != 800 {
			t.Errorf("%s %s for %q: packed %t, %d bytes", c.method, c.path, c.accepts, packed, len(body))
		}
	}
}
