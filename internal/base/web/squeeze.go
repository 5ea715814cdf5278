package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"

	"bangvang/internal/base/web/ui"
)

// Compressed sends a page's answers to GET packed, for the one computer of an exam site on a poor line.
// It is for pages in which nothing stands that another site could have put into the request: who can
// choose a part of a packed page and see its length can guess the rest of it.
func Compressed() Option { return func(r *route) { r.compressed = true } }

// packers are kept: each has a megabyte of tables.
var packers = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestCompression); return w }}

func packed(body []byte) []byte {
	var b bytes.Buffer
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	w.Write(body) // a buffer takes everything
	w.Close()
	return b.Bytes()
}

func takesPacked(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == "gzip" {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// An asset as it is served: plain, and packed where that is smaller.
type asset struct {
	ui.Asset
	packed []byte // nil: not worth it
}

// Asset serves a file that pages of a capability load, beside those of the frames. Its path is under
// /quan-tri/ and everybody may read it.
func (o *Office) Asset(a ui.Asset) {
	kept := asset{Asset: a}
	if strings.HasPrefix(a.Type, "text/") || strings.HasPrefix(a.Type, "image/svg") {
		if p := packed(a.Body); len(p) < len(a.Body) {
			kept.packed = p
		}
	}
	o.assets[a.Path] = kept
}
