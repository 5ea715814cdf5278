package publish

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"bangvang/internal/base/blob"
)

// page is one address of a snapshot. The record never changes; the bytes come from the store when
// somebody first asks, or earlier in the background, and may leave memory again.
type page struct {
	pageRecord
	loaded atomic.Pointer[loaded]
	used   atomic.Bool // since the memory was last swept
}

// loaded is a page's answers made ready: for each encoding the headers and bytes.
type loaded struct {
	forms [3]form // indexed by encoding
	cost  int64   // bytes of memory, roughly
}

// form is a page in one encoding. headers begin with those that describe the body, which a 304
// leaves out, and end with Strict-Transport-Security, which a plain connection leaves out.
type form struct {
	headers      [][2]string
	describing   int // how many describe the body
	etag         string
	lastModified string
	body         []byte
}

// formOverhead is about what a form's headers take beside its bytes.
const formOverhead = 700

// loadTimeout is how long a store may take over one page before its reader is sent away.
const loadTimeout = 10 * time.Second

// load gives the page's answers, reading its pack when it is not in memory.
func (p *page) load(ctx context.Context, site *Site) (*loaded, error) {
	if !p.used.Load() { // avoids a shared write by every request
		p.used.Store(true)
	}
	if l := p.loaded.Load(); l != nil {
		return l, nil
	}
	var data []byte
	if p.Pack != "" {
		ctx, cancel := context.WithTimeout(ctx, loadTimeout)
		defer cancel()
		var err error
		data, err = blob.ReadAll(ctx, site.store, p.Pack, int64(p.Raw+p.Gzip+p.Brotli))
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", p.Path, err)
		}
		if len(data) != p.Raw+p.Gzip+p.Brotli {
			return nil, fmt.Errorf("page %s: pack of %d bytes, want %d", p.Path, len(data), p.Raw+p.Gzip+p.Brotli)
		}
	}
	l := p.ready(packed{data[:p.Raw:p.Raw], data[p.Raw : p.Raw+p.Gzip : p.Raw+p.Gzip], data[p.Raw+p.Gzip:]})
	site.memory.keep(p, l)
	return l, nil
}

// ready makes the answers of a page from its bytes.
func (p *page) ready(bytes packed) *loaded {
	l := &loaded{cost: int64(len(bytes.raw)+len(bytes.gzip)+len(bytes.brotli)) + formOverhead}
	varies := len(bytes.gzip) > 0 || len(bytes.brotli) > 0
	l.forms[identity] = p.form(identity, bytes.raw, varies)
	l.forms[gzipped], l.forms[brotlied] = l.forms[identity], l.forms[identity]
	if len(bytes.gzip) > 0 {
		l.forms[gzipped] = p.form(gzipped, bytes.gzip, varies)
		l.forms[brotlied] = l.forms[gzipped] // for who takes br when only gzip is kept
		l.cost += formOverhead
	}
	if len(bytes.brotli) > 0 {
		l.forms[brotlied] = p.form(brotlied, bytes.brotli, varies)
		l.cost += formOverhead
	}
	return l
}

func (p *page) form(enc encoding, body []byte, varies bool) form {
	f := form{
		// A strong ETag names these very bytes, so each encoding has its own.
		etag:         `"` + p.Hash[:24] + enc.suffix() + `"`,
		lastModified: time.UnixMilli(p.Modified).UTC().Format(http.TimeFormat),
		body:         body,
	}
	h := [][2]string{{"Content-Type", p.Type}}
	if enc != identity {
		h = append(h, [2]string{"Content-Encoding", enc.String()})
	}
	f.describing = len(h)
	h = append(h, [2]string{"Cache-Control", p.Cache.control()}, [2]string{"Etag", f.etag})
	if p.Modified > 0 {
		h = append(h, [2]string{"Last-Modified", f.lastModified})
	}
	if varies {
		h = append(h, [2]string{"Vary", "Accept-Encoding"})
	}
	if p.Location != "" {
		h = append(h, [2]string{"Location", p.Location})
	}
	if p.NoIndex {
		h = append(h, [2]string{"X-Robots-Tag", "noindex"})
	}
	if p.IsFile {
		h = append(h, [2]string{"Accept-Ranges", "bytes"})
	}
	f.headers = complete(append(h, p.Headers...), p.Type)
	return f
}

// complete joins an answer's own headers with the defaults they do not name; of two own headers
// with one name the later counts. Strict-Transport-Security comes last.
func complete(own [][2]string, contentType string) [][2]string {
	out := make([][2]string, 0, len(own)+len(securityHeaders)+1)
	find := func(name string) int {
		return slices.IndexFunc(out, func(h [2]string) bool { return strings.EqualFold(h[0], name) })
	}
	for _, h := range own {
		if i := find(h[0]); i >= 0 {
			out[i] = h
		} else {
			out = append(out, h)
		}
	}
	for _, h := range securityHeaders {
		if (h[0] != cspHeader || wantsCSP(contentType)) && find(h[0]) < 0 {
			out = append(out, h)
		}
	}
	return slices.Clip(append(out, strictTransport)) // clipped: an answer that adds one must not write into it
}

// control is the Cache-Control of the class.
func (c Cache) control() string {
	switch c {
	case CacheImmutable:
		return "public, max-age=31536000, immutable"
	case CacheNever:
		return "no-store"
	}
	return "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
}
