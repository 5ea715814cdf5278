package publish_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/publish"
)

var (
	longBody  = strings.Repeat("<p>Điểm thi số 1, phường Đoàn Kết</p>\n", 100)
	published = time.Date(2021, 7, 5, 3, 0, 0, 0, time.UTC)
	pdf       = []byte("%PDF-1.7 " + strings.Repeat("0123456789", 20))
)

// example is a small site with a page of every sort.
func example(t testing.TB) *node {
	t.Helper()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("example"))
	ref, err := files.Put(t.Context(), bytes.NewReader(pdf))
	if err != nil {
		t.Fatal(err)
	}
	dated := func(p publish.Page) publish.Page { p.Modified = published.UnixMilli(); return p }
	f.set("all",
		dated(page("/", longBody)),
		dated(page("/diem-thi", longBody)),
		dated(page("/ky-thi/2021/", "Kỳ thi 2021")),
		dated(publish.Page{Path: "/van-ban/08.pdf", Type: "application/pdf", File: ref}),
		dated(publish.Page{Path: "/tinh/app.css", Type: "text/css; charset=utf-8", Body: []byte(strings.Repeat("body{color:#111}", 40)), Cache: publish.CacheImmutable}),
		dated(publish.Redirect("/cu", "/diem-thi", "Đã đổi tên.")),
		dated(publish.Gone("/nham", "Đăng nhầm, đã gỡ ngày 5/7/2021.")),
		dated(publish.Page{Path: "/404", Status: 404, Type: publish.HTMLType, Body: []byte("Không có trang này. Thử tìm ở /tim"), NoIndex: true}),
		dated(publish.Page{Path: "/nhung/moi-nhat", Type: publish.HTMLType, Body: []byte("khung"), Headers: [][2]string{{"Content-Security-Policy", "default-src 'none'"}, {"X-Thu", "1"}}}),
	)
	n.touch(t, "example", "all")
	n.publish(t)
	n.plane.Dynamic("/tim", func(snap *publish.Snapshot, r publish.Request) publish.Response {
		if r.Query == "q=panic" {
			panic("a mistake")
		}
		return publish.Response{
			Status: 200, Headers: [][2]string{{"Content-Type", publish.HTMLType}},
			Body: []byte(fmt.Sprintf("%d trang, câu hỏi %s %s", snap.Len(), r.Query, longBody)),
		}
	})
	n.plane.Dynamic("/tra-cuu/", func(_ *publish.Snapshot, r publish.Request) publish.Response {
		if !strings.HasSuffix(r.Path, "/07000001") {
			return publish.Response{}
		}
		return publish.Response{Status: 200, Headers: [][2]string{{"Content-Type", publish.HTMLType}, {"Cache-Control", "no-store"}}, Body: []byte("Toán 6,40")}
	})
	return n
}

// exchange is one request and what must come back, whatever the door.
type exchange struct {
	name    string
	method  string // "" is GET
	target  string
	headers [][2]string
	status  int
	want    [][2]string // headers; value "" means absent
	body    string      // after decompression; "*" means any
	notH2   bool        // net/http itself resets the stream
}

func exchanges(n *node) []exchange {
	etag := func(target, accept string) string {
		r := n.plane.Respond(publish.Request{Method: "GET", Path: target, AcceptEncoding: accept})
		return valueOf(r.Headers, "Etag")
	}
	date := published.Format(http.TimeFormat)
	return []exchange{
		{name: "a page", target: "/diem-thi", status: 200, body: longBody, want: [][2]string{
			{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"},
			{"Last-Modified", date}, {"Vary", "Accept-Encoding"}, {"Content-Encoding", ""}, {"X-Content-Type-Options", "nosniff"},
			{"Referrer-Policy", "same-origin"}, {"Cross-Origin-Opener-Policy", "same-origin"}, {"Cross-Origin-Resource-Policy", "same-origin"},
			{"Set-Cookie", ""}, {"Server", ""}, {"X-Robots-Tag", ""}}},
		{name: "the home page with a query it ignores", target: "/?fbclid=x", status: 200, body: longBody},
		{name: "brotli is preferred", target: "/diem-thi", headers: [][2]string{{"Accept-Encoding", "gzip, deflate, br"}}, status: 200, body: longBody, want: [][2]string{{"Content-Encoding", "br"}}},
		{name: "unless the reader likes gzip better", target: "/diem-thi", headers: [][2]string{{"Accept-Encoding", "br;q=0.5, gzip;q=0.8"}}, status: 200, body: longBody, want: [][2]string{{"Content-Encoding", "gzip"}}},
		{name: "an encoding with q=0 is refused", target: "/diem-thi", headers: [][2]string{{"Accept-Encoding", "br;q=0, gzip;q=0.000"}}, status: 200, body: longBody, want: [][2]string{{"Content-Encoding", ""}}},
		{name: "a small page is not compressed", target: "/ky-thi/2021/", headers: [][2]string{{"Accept-Encoding", "br"}}, status: 200, body: "Kỳ thi 2021", want: [][2]string{{"Content-Encoding", ""}, {"Vary", ""}}},
		{name: "HEAD has the headers and no body", method: "HEAD", target: "/diem-thi", status: 200, body: "", want: [][2]string{{"Content-Length", fmt.Sprint(len(longBody))}, {"Etag", etag("/diem-thi", "")}}},
		{name: "not modified by ETag", target: "/diem-thi", headers: [][2]string{{"If-None-Match", `"other", W/` + etag("/diem-thi", "")}}, status: 304, want: [][2]string{{"Etag", etag("/diem-thi", "")}, {"Content-Type", ""}, {"Vary", "Accept-Encoding"}}},
		{name: "not modified by ETag of the compressed form", target: "/diem-thi", headers: [][2]string{{"If-None-Match", etag("/diem-thi", "br")}, {"Accept-Encoding", "br"}}, status: 304, want: [][2]string{{"Content-Encoding", ""}}},
		{name: "another form's ETag does not match", target: "/diem-thi", headers: [][2]string{{"If-None-Match", etag("/diem-thi", "br")}}, status: 200, body: longBody},
		{name: "not modified by date", target: "/diem-thi", headers: [][2]string{{"If-Modified-Since", date}}, status: 304},
		{name: "not modified since a later date", target: "/diem-thi", headers: [][2]string{{"If-Modified-Since", "Thu, 08 Jul 2021 00:00:00 GMT"}}, status: 304},
		{name: "modified since an earlier date", target: "/diem-thi", headers: [][2]string{{"If-Modified-Since", "Thu, 01 Jul 2021 00:00:00 GMT"}}, status: 200, body: longBody},
		{name: "the ETag counts more than the date", target: "/diem-thi", headers: [][2]string{{"If-None-Match", `"x"`}, {"If-Modified-Since", date}}, status: 200, body: longBody},
		{name: "an asset is kept for ever", target: "/tinh/app.css", status: 200, body: "*", want: [][2]string{{"Cache-Control", "public, max-age=31536000, immutable"}}},
		{name: "a page's own header replaces the default", target: "/nhung/moi-nhat", status: 200, body: "khung", want: [][2]string{{"Content-Security-Policy", "default-src 'none'"}, {"X-Thu", "1"}}},
		{name: "capitals", target: "/Diem-Thi?a=1", status: 301, body: "*", want: [][2]string{{"Location", "/diem-thi?a=1"}}},
		{name: "accents, percent-encoded", target: "/%C4%90i%E1%BB%83m-thi", status: 301, body: "*", want: [][2]string{{"Location", "/diem-thi"}}},
		{name: "accents in decomposed form and a space", target: "/%C4%90ie%CC%82%CC%89m%20thi", status: 301, body: "*", want: [][2]string{{"Location", "/diem-thi"}}},
		{name: "a trailing slash too many", target: "/diem-thi/", status: 301, body: "*", want: [][2]string{{"Location", "/diem-thi"}}},
		{name: "a trailing slash missing", target: "/ky-thi/2021", status: 301, body: "*", want: [][2]string{{"Location", "/ky-thi/2021/"}}},
		{name: "doubled slashes", target: "/ky-thi//2021", status: 301, body: "*", want: [][2]string{{"Location", "/ky-thi/2021/"}}},
		{name: "an address of the mirror", target: "/diem-thi/index.html", status: 301, body: "*", want: [][2]string{{"Location", "/diem-thi"}}},
		{name: "capitals of a dynamic address", target: "/TIM?q=%C4%91", status: 301, body: "*", want: [][2]string{{"Location", "/tim?q=%C4%91"}}},
		{name: "dots cannot leave", target: "/../../etc/passwd", status: 404, body: "*"},
		{name: "another host is no page", target: "/%2Fevil.example/", status: 404, body: "*"},
		{name: "an unknown address", target: "/khong-co", status: 404, body: "Không có trang này. Thử tìm ở /tim", want: [][2]string{{"X-Robots-Tag", "noindex"}, {"Content-Type", publish.HTMLType}}},
		{name: "control characters", target: "/%00%0d%0aSet-Cookie:a", status: 404, body: "*", want: [][2]string{{"Set-Cookie", ""}}},
		{name: "a broken escape", target: "/%zz", status: 404, body: "*", notH2: true},
		{name: "a redirect", target: "/cu", status: 301, body: "*", want: [][2]string{{"Location", "/diem-thi"}}},
		{name: "gone", target: "/nham", status: 410, body: "*", want: [][2]string{{"X-Robots-Tag", "noindex"}}},
		{name: "too long", target: "/" + strings.Repeat("a", 5000), status: 414, body: "*"},
		{name: "a file", target: "/van-ban/08.pdf", status: 200, body: string(pdf), want: [][2]string{{"Content-Type", "application/pdf"}, {"Accept-Ranges", "bytes"}, {"Content-Security-Policy", ""}, {"Content-Length", fmt.Sprint(len(pdf))}}},
		{name: "a file's head", method: "HEAD", target: "/van-ban/08.pdf", status: 200, want: [][2]string{{"Content-Length", fmt.Sprint(len(pdf))}}},
		{name: "a part of a file", target: "/van-ban/08.pdf", headers: [][2]string{{"Range", "bytes=9-18"}}, status: 206, body: "0123456789", want: [][2]string{{"Content-Range", fmt.Sprintf("bytes 9-18/%d", len(pdf))}}},
		{name: "the end of a file", target: "/van-ban/08.pdf", headers: [][2]string{{"Range", "bytes=-3"}}, status: 206, body: "789"},
		{name: "from the middle on", target: "/van-ban/08.pdf", headers: [][2]string{{"Range", "bytes=207-"}}, status: 206, body: "89"},
		{name: "beyond the end", target: "/van-ban/08.pdf", headers: [][2]string{{"Range", "bytes=900-"}}, status: 416, body: "*", want: [][2]string{{"Content-Range", fmt.Sprintf("bytes */%d", len(pdf))}}},
		{name: "several parts give the whole", target: "/van-ban/08.pdf", headers: [][2]string{{"Range", "bytes=0-1,4-5"}}, status: 200, body: string(pdf)},
		{name: "a part of another version gives the whole", target: "/van-ban/08.pdf", headers: [][2]string{{"Range", "bytes=0-1"}, {"If-Range", `"old"`}}, status: 200, body: string(pdf)},
		{name: "a part of this version", target: "/van-ban/08.pdf", headers: [][2]string{{"Range", "bytes=0-3"}, {"If-Range", etag("/van-ban/08.pdf", "")}}, status: 206, body: "%PDF"},
		{name: "a range of a page is ignored", target: "/diem-thi", headers: [][2]string{{"Range", "bytes=0-3"}}, status: 200, body: longBody},
		{name: "a search", target: "/tim?q=diem+thi", status: 200, body: "9 trang, câu hỏi q=diem+thi " + longBody, want: [][2]string{{"X-Content-Type-Options", "nosniff"}, {"Vary", "Accept-Encoding"}}},
		{name: "a search, compressed", target: "/tim?q=diem+thi", headers: [][2]string{{"Accept-Encoding", "gzip"}}, status: 200, body: "9 trang, câu hỏi q=diem+thi " + longBody, want: [][2]string{{"Content-Encoding", "gzip"}}},
		{name: "a search asked again", target: "/tim?q=a", headers: [][2]string{{"If-None-Match", etag("/tim", "") + ", *"}}, status: 304},
		{name: "a search that breaks", target: "/tim?q=panic", status: 500, body: "*", want: [][2]string{{"Cache-Control", "no-store"}}},
		{name: "a look-up", target: "/tra-cuu/2021/07000001", status: 200, body: "Toán 6,40", want: [][2]string{{"Cache-Control", "no-store"}, {"Etag", ""}}},
		{name: "a look-up that finds nothing", target: "/tra-cuu/2021/1", status: 404, body: "*"},
		{name: "alive", target: "/healthz", status: 200, body: "ok\n", want: [][2]string{{"Cache-Control", "no-store"}}},
		{name: "ready", target: "/readyz", status: 200, body: "ready\n"},
	}
}

func valueOf(headers [][2]string, name string) string {
	for _, h := range headers {
		if http.CanonicalHeaderKey(h[0]) == name {
			return h[1]
		}
	}
	return ""
}

// answer is a response as a reader got it.
type answer struct {
	status  int
	headers [][2]string
	body    []byte
}

func (x exchange) check(t *testing.T, a answer) {
	t.Helper()
	if a.status != x.status {
		t.Fatalf("status %d, want %d; body %.100q", a.status, x.status, a.body)
	}
	for _, w := range x.want {
		if got := valueOf(a.headers, w[0]); got != w[1] {
			t.Errorf("%s: %q, want %q", w[0], got, w[1])
		}
	}
	if body := inflate(t, a); x.body != "*" && body != x.body {
		t.Errorf("body %.120q, want %.120q", body, x.body)
	}
	csp := valueOf(a.headers, "Content-Security-Policy")
	if strings.HasPrefix(valueOf(a.headers, "Content-Type"), "text/html") && (!strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe")) {
		t.Errorf("content policy %q", csp)
	}
}

func inflate(t *testing.T, a answer) string {
	t.Helper()
	if len(a.body) == 0 {
		return ""
	}
	var r io.Reader = bytes.NewReader(a.body)
	switch valueOf(a.headers, "Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "br":
		r = brotli.NewReader(r)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// pure asks the plane itself, as transports do.
func pure(t *testing.T, n *node, x exchange, tls bool) answer {
	t.Helper()
	path, query, _ := strings.Cut(x.target, "?")
	header := func(name string) string { return valueOf(x.headers, name) }
	method := x.method
	if method == "" {
		method = "GET"
	}
	r := n.plane.Respond(publish.Request{
		Method: method, Path: path, Query: query, AcceptEncoding: header("Accept-Encoding"), IfNoneMatch: header("If-None-Match"),
		IfModifiedSince: header("If-Modified-Since"), Range: header("Range"), IfRange: header("If-Range"), TLS: tls,
	})
	a := answer{r.Status, slices.Clone(r.Headers), r.Body}
	if r.File != nil {
		file, err := r.File.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if a.body, err = io.ReadAll(io.LimitReader(file, r.File.Length)); err != nil {
			t.Fatal(err)
		}
	}
	if a.status != 304 {
		a.headers = append(a.headers, [2]string{"Content-Length", fmt.Sprint(len(a.body))})
	}
	if method == "HEAD" {
		a.body = nil
	}
	return a
}

func TestThePureFunctionAnswers(t *testing.T) {
	t.Parallel()
	n := example(t)
	for _, x := range exchanges(n) {
		t.Run(x.name, func(t *testing.T) { x.check(t, pure(t, n, x, false)) })
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", ""} {
		r := n.plane.Respond(publish.Request{Method: method, Path: "/diem-thi"})
		if r.Status != 405 || valueOf(r.Headers, "Allow") != "GET, HEAD" {
			t.Errorf("%q answers %d, Allow %q", method, r.Status, valueOf(r.Headers, "Allow"))
		}
	}
}

func TestStrictTransportIsSaidOnTLSOnly(t *testing.T) {
	t.Parallel()
	n := example(t)
	for _, target := range []string{"/diem-thi", "/tim", "/khong-co", "/healthz", "/van-ban/08.pdf"} {
		for _, tls := range []bool{true, false} {
			r := n.plane.Respond(publish.Request{Method: "GET", Path: target, TLS: tls})
			if said := valueOf(r.Headers, "Strict-Transport-Security") != ""; said != tls {
				t.Errorf("%s with TLS %v: said %v", target, tls, said)
			}
		}
	}
}

func TestReadinessFollowsSnapshotAndCheck(t *testing.T) {
	t.Parallel()
	n := example(t)
	n.plane.Ready(func() error { return io.ErrUnexpectedEOF })
	wantStatus(t, n.plane, "/readyz", 503)
	wantStatus(t, n.plane, "/healthz", 200)
	store, files := openStore(t)
	empty := publish.NewPlane(openSite(t, store, files))
	wantStatus(t, empty, "/readyz", 503)
	wantStatus(t, empty, "/healthz", 200)
	r := empty.Respond(publish.Request{Method: "GET", Path: "/"})
	if r.Status != 503 || valueOf(r.Headers, "Retry-After") == "" || valueOf(r.Headers, "Cache-Control") != "no-store" {
		t.Errorf("nothing published: %d %v", r.Status, r.Headers)
	}
}

func TestTooManyDynamicAnswersAreToldToComeAgain(t *testing.T) {
	t.Parallel()
	n := example(t)
	entered, leave := make(chan bool), make(chan bool)
	n.plane.Dynamic("/cham", func(*publish.Snapshot, publish.Request) publish.Response {
		entered <- true
		<-leave
		return publish.Response{Status: 200}
	})
	waits := map[string]bool{}
	running := 0
	for range 64 {
		go n.plane.Respond(publish.Request{Method: "GET", Path: "/cham"})
		<-entered
		running++
	}
	for range 30 {
		r := n.plane.Respond(publish.Request{Method: "GET", Path: "/cham"})
		if r.Status != 503 {
			t.Fatalf("answer %d with %d running", r.Status, running)
		}
		waits[valueOf(r.Headers, "Retry-After")] = true
	}
	if len(waits) < 3 {
		t.Errorf("readers are sent back at the same moment: %v", waits)
	}
	wantStatus(t, n.plane, "/diem-thi", 200) // ready pages are not held up
	close(leave)
}

func TestTheNotFoundPageMayBeDynamicAndHint(t *testing.T) {
	t.Parallel()
	n := example(t)
	n.plane.Dynamic(publish.NotFoundPath, func(_ *publish.Snapshot, r publish.Request) publish.Response {
		return publish.Response{Status: 404, Headers: [][2]string{{"Content-Type", publish.HTMLType}}, Body: []byte("Thử tìm " + r.Path)}
	})
	if status, body := get(n.plane, "/van-ban/99"); status != 404 || body != "Thử tìm /van-ban/99" {
		t.Errorf("%d %q", status, body)
	}
}

func TestAPublishedPageIsAnsweredWithoutAllocating(t *testing.T) {
	n := example(t)
	r := publish.Request{Method: "GET", Path: "/diem-thi", AcceptEncoding: "gzip, deflate, br", IfNoneMatch: `"x"`}
	if got := testing.AllocsPerRun(100, func() { n.plane.Respond(r) }); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func TestPagesLeaveMemoryAndComeBack(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	office := newNode(t, d, store, files, f.source("documents"))
	var keys []string
	for i := range 40 {
		key := fmt.Sprint(i)
		keys = append(keys, key)
		f.set(key, page("/"+key, key+longBody))
	}
	office.touch(t, "documents", keys...)
	office.publish(t)
	site, err := publish.OpenSite(t.Context(), publish.SiteOptions{Store: store, Memory: 30_000, Poll: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	follow(t, site)
	plane := publish.NewPlane(site)
	for range 3 {
		for _, key := range keys {
			wantPage(t, plane, "/"+key, key+longBody)
		}
	}
}

func BenchmarkRespond(b *testing.B) {
	n := example(b)
	for name, r := range map[string]publish.Request{
		"page":         {Method: "GET", Path: "/diem-thi", AcceptEncoding: "gzip, deflate, br"},
		"not modified": {Method: "GET", Path: "/diem-thi", AcceptEncoding: "gzip, deflate, br", IfNoneMatch: `"x"`, IfModifiedSince: published.Format(http.TimeFormat)},
		"unknown":      {Method: "GET", Path: "/khong-co", AcceptEncoding: "gzip, deflate, br"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n.plane.Respond(r)
			}
		})
	}
}
