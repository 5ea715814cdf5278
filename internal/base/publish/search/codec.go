package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// The encoding: magic and version, then one zstd frame (with its own checksum) of the number of
// entries and their fields in the order of the struct; strings and lists have their length before
// them. Facets are sorted, so equal entries give equal bytes and a content address means something.
const (
	magic          = "BVSE"
	codecVersion   = 1
	maxDecodedSize = 1 << 30
	minEntryBytes  = 18 // eight empty strings, no facets, a boost, no keywords
)

var (
	compressor, _   = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault))
	decompressor, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxDecodedSize))
)

// ErrEncoding says that bytes are no entries of a version this program knows.
var ErrEncoding = errors.New("no search entries, or of a newer version")

// Encode gives entries as bytes, about a third of their text. Equal entries give equal bytes.
func Encode(entries []Entry) []byte {
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(entries)))
	for i := range entries {
		b = appendEntry(b, &entries[i])
	}
	return compressor.EncodeAll(b, append([]byte(magic), codecVersion))
}

func appendEntry(b []byte, e *Entry) []byte {
	for _, s := range []string{e.Key, e.Path, e.Kind, e.Title, e.Number, e.Summary, e.Text, e.Day} {
		b = appendString(b, s)
	}
	b = binary.AppendUvarint(b, uint64(len(e.Facets)))
	for _, name := range slices.Sorted(maps.Keys(e.Facets)) {
		b = appendString(appendString(b, name), e.Facets[name])
	}
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(e.Boost))
	b = binary.AppendUvarint(b, uint64(len(e.Keywords)))
	for _, k := range e.Keywords {
		b = appendString(b, k)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// Decode gives the entries Encode was given. Damaged bytes and other versions are ErrEncoding.
func Decode(data []byte) ([]Entry, error) {
	rest, ok := strings.CutPrefix(string(data[:min(len(data), len(magic)+1)]), magic)
	if !ok || rest != string(rune(codecVersion)) {
		return nil, ErrEncoding
	}
	b, err := decompressor.DecodeAll(data[len(magic)+1:], nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	d := decoder{b: b}
	n := d.length()
	entries := make([]Entry, 0, min(n, len(d.b)/minEntryBytes))
	for i := 0; i < n && !d.failed; i++ {
		entries = append(entries, d.entry())
	}
	if d.failed || len(d.b) > 0 {
		return nil, ErrEncoding
	}
	return entries, nil
}

// A decoder takes fields from the front of b; after a failure it gives zero values.
type decoder struct {
	b      []byte
	failed bool
}

// length takes the number of things that follow, each of at least one byte.
func (d *decoder) length() int {
	v, n := binary.Uvarint(d.b)
	if n <= 0 || v > uint64(len(d.b)-n) {
		d.failed, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return int(v)
}

func (d *decoder) string() string {
	n := d.length()
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) entry() (e Entry) {
	for _, s := range []*string{&e.Key, &e.Path, &e.Kind, &e.Title, &e.Number, &e.Summary, &e.Text, &e.Day} {
		*s = d.string()
	}
	if n := d.length(); n > 0 {
		e.Facets = make(map[string]string, min(n, 64))
		for i := 0; i < n && !d.failed; i++ {
			name := d.string()
			e.Facets[name] = d.string()
		}
	}
	if len(d.b) < 8 {
		d.failed, d.b = true, nil
		return e
	}
	e.Boost = math.Float64frombits(binary.LittleEndian.Uint64(d.b))
	d.b = d.b[8:]
	for n := d.length(); n > 0 && !d.failed; n-- {
		e.Keywords = append(e.Keywords, d.string())
	}
	return e
}
