package publish

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/blob"
)

// maxTarget bounds the path and the query of a request, each, in bytes.
const maxTarget = 4096

const addressTooLong = "Địa chỉ quá dài. Hãy rút ngắn nội dung cần tìm rồi thử lại."

// A Request is all of an HTTP request that a public answer depends on.
type Request struct {
	Method          string
	Path            string // as it was sent: still percent-encoded, without the query
	Query           string // without '?'
	AcceptEncoding  string
	IfNoneMatch     string
	IfModifiedSince string
	Range           string
	IfRange         string
	TLS             bool // the reader's own connection is encrypted
}

// A Response is a public answer. The transport adds Date, Content-Length and what belongs to the
// connection; for HEAD it sends no body. Headers and Body are shared and must not be changed.
type Response struct {
	Status  int
	Headers [][2]string // canonical names, each at most once
	Body    []byte
	File    *Content // instead of Body
}

// Content is a part of a stored file, to be streamed.
type Content struct {
	Ref            blob.Ref
	Offset, Length int64 // bytes
	open           func(context.Context, string) (blob.Reader, error)
}

// Open gives a reader of exactly Length bytes from Offset.
func (c *Content) Open(ctx context.Context) (blob.Reader, error) {
	r, err := c.open(ctx, c.Ref.Hash)
	if err != nil || c.Offset == 0 {
		return r, err
	}
	if _, err := r.Seek(c.Offset, 0); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// A Dynamic answers what cannot be rendered beforehand, from the snapshot alone: a search, a
// look-up. It sets Status, Body and at least Content-Type; the plane adds the other headers,
// compresses, and answers conditional requests. Status 0 means the path's published page, or what
// would be answered without it. snap is never nil. It must be quick: only so many run at once.
type Dynamic func(snap *Snapshot, r Request) Response

// A Plane answers public requests as a pure function of the request, the snapshot and its dynamic
// functions. All transports share it (architecture §2).
type Plane struct {
	site     *Site
	exact    map[string]Dynamic
	below    []prefix
	probes   map[string]func() Response
	slots    chan struct{} // one per dynamic answer being made
	notReady func() error
	https    bool // every reader comes by HTTPS
}

type prefix struct {
	path string
	fn   Dynamic
}

// maxDynamic is how many dynamic answers are made at once; more are told to come again. With some
// milliseconds each on two cores it is a queue of a fraction of a second.
const maxDynamic = 64

// NewPlane makes the plane of a site. Dynamic functions and Ready are named before it serves.
func NewPlane(site *Site) *Plane {
	p := &Plane{
		site: site, exact: map[string]Dynamic{}, slots: make(chan struct{}, maxDynamic),
		notReady: func() error { return nil },
	}
	p.probes = map[string]func() Response{"/healthz": p.healthz, "/readyz": p.readyz}
	return p
}

// Dynamic names the function that answers a path, or, when the path ends in '/', every path below
// it for which no page is published. Two for one path is a mistake of the program.
func (p *Plane) Dynamic(path string, fn Dynamic) {
	if path != "/" && strings.HasSuffix(path, "/") {
		p.below = append(p.below, prefix{path, fn})
		slices.SortStableFunc(p.below, func(a, b prefix) int { return len(b.path) - len(a.path) }) // the nearest first
		return
	}
	if p.exact[path] != nil {
		panic("publish: two dynamic functions for " + path)
	}
	p.exact[path] = fn
}

// Ready names what besides a snapshot /readyz waits for; nil from check means ready.
func (p *Plane) Ready(check func() error) { p.notReady = check }

// BehindHTTPS says that every reader comes by HTTPS, also where a proxy in front ends it, so that
// answers may tell browsers to stay with it.
func (p *Plane) BehindHTTPS() { p.https = true }

// Respond answers one request. It changes nothing but caches, and for a published page allocates
// nothing.
func (p *Plane) Respond(r Request) Response {
	r.TLS = r.TLS || p.https
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return p.tiny(r, http.StatusMethodNotAllowed, "Trang này chỉ để đọc.", [2]string{"Allow", "GET, HEAD"})
	}
	if len(r.Path) > maxTarget || len(r.Query) > maxTarget {
		return p.tiny(r, http.StatusRequestURITooLong, addressTooLong)
	}
	if probe := p.probes[r.Path]; probe != nil {
		return finish(probe(), r)
	}
	snap := p.site.Snapshot()
	if snap == nil {
		return p.later(r, "Trang đang được chuẩn bị. Hãy thử lại sau ít giây.")
	}
	if fn := p.exact[r.Path]; fn != nil {
		if answer, done := p.dynamic(fn, snap, r); done {
			return answer
		}
	}
	if pg := snap.page(r.Path); pg != nil {
		return p.page(pg, r)
	}
	for _, b := range p.below {
		if strings.HasPrefix(r.Path, b.path) {
			if answer, done := p.dynamic(b.fn, snap, r); done {
				return answer
			}
		}
	}
	return p.unknown(snap, r)
}

// dynamic runs a function within the limit; done is false when it has nothing to say.
func (p *Plane) dynamic(fn Dynamic, snap *Snapshot, r Request) (answer Response, done bool) {
	select {
	case p.slots <- struct{}{}:
	default:
		return p.later(r, "Hệ thống đang có rất nhiều người dùng. Hãy thử lại sau ít giây."), true
	}
	defer func() { <-p.slots }()
	defer func() {
		if v := recover(); v != nil {
			slog.Error("dynamic page panicked", "path", strings.Clone(r.Path), "panic", v)
			answer, done = p.tiny(r, http.StatusInternalServerError, "Hệ thống gặp lỗi ngoài dự kiến. Hãy thử lại sau."), true
		}
	}()
	answer = fn(snap, r.kept())
	if answer.Status == 0 {
		return answer, false
	}
	return finish(answer, r), true
}

// kept is a copy that stays valid after the request: transports lend their buffers.
func (r Request) kept() Request {
	for _, s := range []*string{&r.Method, &r.Path, &r.Query, &r.AcceptEncoding, &r.IfNoneMatch, &r.IfModifiedSince, &r.Range, &r.IfRange} {
		*s = strings.Clone(*s)
	}
	return r
}

// page answers from a published page.
func (p *Plane) page(pg *page, r Request) Response {
	l, err := pg.load(context.Background(), p.site)
	if err != nil {
		slog.Error("published page cannot be read", "path", pg.Path, "error", err)
		return p.later(r, "Trang này tạm thời chưa đọc được. Hãy thử lại sau ít giây.")
	}
	f := &l.forms[negotiate(r.AcceptEncoding, pg.Gzip > 0, pg.Brotli > 0)]
	headers := f.headers
	if !r.TLS {
		headers = headers[: len(headers)-1 : len(headers)-1]
	}
	if pg.Status == http.StatusOK && unchanged(r, f.etag, f.lastModified, pg.Modified) {
		return Response{Status: http.StatusNotModified, Headers: headers[f.describing:]}
	}
	if pg.IsFile {
		return p.file(pg, f, headers, r)
	}
	return Response{Status: pg.Status, Headers: headers, Body: f.body}
}

// unknown answers an address without a page: leads to the canonical one when that exists, or says
// that nothing is here.
func (p *Plane) unknown(snap *Snapshot, r Request) Response {
	if to := p.meant(snap, r.Path); to != "" {
		if r.Query != "" {
			to += "?" + r.Query
		}
		return finish(Response{
			Status:  http.StatusMovedPermanently,
			Headers: [][2]string{{"Content-Type", HTMLType}, {"Location", strings.Clone(to)}},
			Body:    Redirect("", strings.Clone(to), "").Body,
		}, r)
	}
	if fn := p.exact[NotFoundPath]; fn != nil {
		if answer, done := p.dynamic(fn, snap, r); done {
			return answer
		}
	}
	if pg := notFoundPage(snap, r.Path); pg != nil {
		return p.page(pg, r)
	}
	return p.tiny(r, http.StatusNotFound, "Không có trang nào ở địa chỉ này. Hãy kiểm tra lại địa chỉ.")
}

// notFoundPage gives the nearest page for unknown addresses: /en/x is answered by /en/404 where that
// is published. A page that only happens to be called 404, such as a site's by its number, is none.
func notFoundPage(snap *Snapshot, path string) *page {
	if first, _, below := strings.Cut(strings.TrimPrefix(path, "/"), "/"); below {
		if pg := snap.page("/" + first + NotFoundPath); pg != nil && pg.Status == http.StatusNotFound {
			return pg
		}
	}
	return snap.page(NotFoundPath)
}

// meant gives the address there is that the reader probably meant, "" when there is none.
func (p *Plane) meant(snap *Snapshot, path string) string {
	to := Canonical(path)
	if to == "" {
		return ""
	}
	for _, candidate := range []string{to, to + "/"} {
		if candidate != path && (snap.Has(candidate) || p.exact[candidate] != nil) {
			return candidate
		}
	}
	if to != path && to+"/" != path {
		for _, b := range p.below {
			if strings.HasPrefix(to, b.path) {
				return to
			}
		}
	}
	return ""
}

// tiny answers in one sentence, without the frame that a page has.
func (p *Plane) tiny(r Request, status int, sentence string, more ...[2]string) Response {
	return finish(Response{
		Status:  status,
		Headers: append([][2]string{{"Content-Type", HTMLType}, {"Cache-Control", "no-store"}}, more...),
		Body:    notice(tinyTitle(status), sentence, ""),
	}, r)
}

func tinyTitle(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Không tìm thấy trang"
	case http.StatusServiceUnavailable:
		return "Xin thử lại sau ít giây"
	case http.StatusInternalServerError:
		return "Hệ thống gặp lỗi"
	}
	return "Yêu cầu không thực hiện được"
}

// later answers 503 and spreads the readers' return over some seconds.
func (p *Plane) later(r Request, sentence string) Response {
	return p.tiny(r, http.StatusServiceUnavailable, sentence, [2]string{"Retry-After", retryAfter()})
}

func retryAfter() string { return strconv.Itoa(2 + rand.IntN(9)) }

func (p *Plane) healthz() Response { return probeAnswer(http.StatusOK, "ok\n") }

func (p *Plane) readyz() Response {
	if p.site.Snapshot() == nil {
		return probeAnswer(http.StatusServiceUnavailable, "nothing published yet\n")
	}
	if err := p.notReady(); err != nil {
		return probeAnswer(http.StatusServiceUnavailable, err.Error()+"\n")
	}
	return probeAnswer(http.StatusOK, "ready\n")
}

func probeAnswer(status int, body string) Response {
	return Response{Status: status, Headers: [][2]string{{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}}, Body: []byte(body)}
}
