package publish

import (
	"net/http"
	"slices"
	"strings"
)

// finish completes an answer made for one request: default headers it does not name, an ETag, a
// 304 when the reader has it already, and compression.
func finish(a Response, r Request) Response {
	contentType, cached := "", true
	named := map[string]bool{}
	for _, h := range a.Headers {
		named[h[0]] = true
		switch h[0] {
		case "Content-Type":
			contentType = h[1]
		case "Cache-Control":
			cached = !strings.Contains(h[1], "no-store")
		}
	}
	var own [][2]string
	if !named["Cache-Control"] {
		own = append(own, [2]string{"Cache-Control", CachePage.control()})
	}
	own = append(own, a.Headers...)
	enc := identity
	if a.File == nil && len(a.Body) >= minCompress && compressible(contentType) && !named["Content-Encoding"] {
		enc = negotiate(r.AcceptEncoding, true, true)
		own = append(own, [2]string{"Vary", "Accept-Encoding"})
	}
	if a.Status == http.StatusOK && cached && a.File == nil && !named["Etag"] {
		etag := `"` + hashOf(a.Body)[:24] + enc.suffix() + `"`
		own = append(own, [2]string{"Etag", etag})
		if r.IfNoneMatch != "" && matches(r.IfNoneMatch, etag) {
			a.Status, a.Body = http.StatusNotModified, nil
		}
	}
	if len(a.Body) > 0 {
		switch enc {
		case gzipped:
			a.Body = gzipBytes(a.Body, gzipLive)
		case brotlied:
			a.Body = brotliBytes(a.Body, brotliLive)
		}
	}
	switch {
	case a.Status == http.StatusNotModified: // nothing to describe
		own = slices.DeleteFunc(own, func(h [2]string) bool { return h[0] == "Content-Type" })
	case enc != identity:
		own = append(own, [2]string{"Content-Encoding", enc.String()})
	}
	a.Headers = complete(own, contentType)
	if !r.TLS {
		a.Headers = a.Headers[:len(a.Headers)-1]
	}
	return a
}
