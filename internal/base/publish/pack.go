package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"bangvang/internal/base/blob"
)

// minCompress is the size below which compression costs more than it saves in one network packet.
const minCompress = 256

// Compression levels: pages are made while somebody waits for them to be public, assets once for
// as long as they live.
const (
	brotliPage  = 6
	brotliAsset = 11
	brotliLive  = 3 // for answers made per request
	gzipPage    = 9
	gzipLive    = 4
)

// compressible tells whether a content type is text; pictures and PDF are compressed already.
func compressible(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.TrimSpace(kind)
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "+json") ||
		kind == "application/json" || kind == "application/xml" || kind == "application/javascript"
}

// packed is a body in all the forms it is kept in; a form that would not be smaller is nil.
type packed struct {
	raw, gzip, brotli []byte
}

func (p packed) bytes() []byte { return bytes.Join([][]byte{p.raw, p.gzip, p.brotli}, nil) }

func pack(body []byte, contentType string, cache Cache) packed {
	p := packed{raw: body}
	if len(body) < minCompress || !compressible(contentType) {
		return p
	}
	level := brotliPage
	if cache == CacheImmutable {
		level = brotliAsset
	}
	p.gzip = ifSmaller(gzipBytes(body, gzipPage), body)
	p.brotli = ifSmaller(brotliBytes(body, level), body)
	return p
}

func ifSmaller(compressed, body []byte) []byte {
	if len(compressed) >= len(body) {
		return nil
	}
	return compressed
}

// writers keep their tables between uses: setting them up costs more than a small page.
var gzipWriters, brotliWriters sync.Map // level → *sync.Pool

func gzipBytes(body []byte, level int) []byte {
	pool, _ := gzipWriters.LoadOrStore(level, &sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, level) // fails only for levels that do not exist
		return w
	}})
	w := pool.(*sync.Pool).Get().(*gzip.Writer)
	defer pool.(*sync.Pool).Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	_, _ = w.Write(body) // writing to memory cannot fail
	_ = w.Close()
	return out.Bytes()
}

func brotliBytes(body []byte, level int) []byte {
	pool, _ := brotliWriters.LoadOrStore(level, &sync.Pool{New: func() any {
		return brotli.NewWriterLevel(nil, level)
	}})
	w := pool.(*sync.Pool).Get().(*brotli.Writer)
	defer pool.(*sync.Pool).Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	_, _ = w.Write(body) // writing to memory cannot fail
	_ = w.Close()
	return out.Bytes()
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func putBytes(ctx context.Context, s blob.Store, data []byte) (string, error) {
	ref, err := s.Put(ctx, bytes.NewReader(data))
	return ref.Hash, err
}
