package publish

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/blob"
)

// This file is the snapshot's form at rest. All of it is text in content-addressed blobs, so that
// an operator can read it and any node can share it: JSON, but for the page records, of which a
// start reads tens of thousands before it answers; they are lines of columns.
//
//	pointer "site" → manifest → 256 shards of page records → packs (raw, gzip and brotli bytes)
//	                          → 256 shards of key records  → search entries
//
// A publish that touches one page of 40,000 writes its pack, one shard of each kind, the manifest
// and the pointer, in this order; the pointer is what makes it public.

const (
	formatVersion = 2
	shardCount    = 256
	pointerName   = "site"
	// maxRecordBlob bounds what is read into memory of one manifest, shard or entries blob.
	maxRecordBlob = 64 << 20
)

// pointer is the one mutable value. Previous is what to serve when Manifest cannot be read.
type pointer struct {
	Generation int64  `json:"generation"`
	Manifest   string `json:"manifest"`
	Previous   string `json:"previous,omitempty"`
}

// manifest names the parts of one snapshot. An empty shard has the hash "".
type manifest struct {
	Format     int                `json:"format"`
	Generation int64              `json:"generation"`
	Published  int64              `json:"published"` // ms UTC
	Parent     string             `json:"parent,omitempty"`
	Pages      [shardCount]string `json:"pages"`
	Keys       [shardCount]string `json:"keys"`
}

// pageRecord is a page without its bytes.
type pageRecord struct {
	Path     string
	Source   string // of the key the page belongs to
	Key      string
	Status   int
	Type     string
	Headers  [][2]string
	Modified int64 // ms UTC
	Cache    Cache
	NoIndex  bool
	Location string
	Hash     string // SHA-256 of the body or file
	Pack     string // blob of the three forms, one after the other
	Raw      int    // their sizes; 0: not kept in this form
	Gzip     int
	Brotli   int
	File     int64 // its size when IsFile: the body is blob Hash of the files store
	IsFile   bool
}

// recordColumns is how many columns a record has, plus two for each header.
const recordColumns = 16

// append adds the record as a line: columns with tabs between, in the order of the fields, the
// headers at the end.
func (r *pageRecord) append(line []byte) []byte {
	column := func(value string) { line = append(append(line, escape.Replace(value)...), '\t') }
	number := func(n int64) { line = append(strconv.AppendInt(line, n, 10), '\t') }
	flag := func(set bool) { line = append(strconv.AppendBool(line, set), '\t') }
	column(r.Path)
	column(r.Source)
	column(r.Key)
	number(int64(r.Status))
	column(r.Type)
	number(r.Modified)
	number(int64(r.Cache))
	flag(r.NoIndex)
	column(r.Location)
	column(r.Hash)
	column(r.Pack)
	number(int64(r.Raw))
	number(int64(r.Gzip))
	number(int64(r.Brotli))
	number(r.File)
	flag(r.IsFile)
	for _, h := range r.Headers {
		column(h[0])
		column(h[1])
	}
	line[len(line)-1] = '\n'
	return line
}

// escape and unescape keep what separates columns and lines out of the values.
var (
	escape   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n")
)

// readRecord reads a line that append made. The record's texts are parts of line.
func readRecord(line string) (r pageRecord, err error) {
	body, whole := strings.CutSuffix(line, "\n")
	c := strings.Split(body, "\t")
	if !whole || len(c) < recordColumns || (len(c)-recordColumns)%2 != 0 {
		return r, fmt.Errorf("%q is no page record", line)
	}
	text := func(i int) string {
		if strings.IndexByte(c[i], '\\') < 0 {
			return c[i]
		}
		return unescape.Replace(c[i])
	}
	number := func(i int) int64 {
		n, problem := strconv.ParseInt(c[i], 10, 64)
		if problem != nil {
			err = problem
		}
		return n
	}
	flag := func(i int) bool {
		set, problem := strconv.ParseBool(c[i])
		if problem != nil {
			err = problem
		}
		return set
	}
	r = pageRecord{
		Path: text(0), Source: text(1), Key: text(2), Status: int(number(3)), Type: text(4), Modified: number(5), Cache: Cache(number(6)),
		NoIndex: flag(7), Location: text(8), Hash: text(9), Pack: text(10), Raw: int(number(11)), Gzip: int(number(12)), Brotli: int(number(13)),
		File: number(14), IsFile: flag(15),
	}
	for i := recordColumns; i < len(c); i += 2 {
		r.Headers = append(r.Headers, [2]string{text(i), text(i + 1)})
	}
	return r, err
}

func (r *pageRecord) equal(o *pageRecord) bool {
	a, b := *r, *o
	a.Headers, b.Headers = nil, nil
	return slices.Equal(r.Headers, o.Headers) && a.same(&b)
}

// same compares all but the headers.
func (r *pageRecord) same(o *pageRecord) bool {
	return r.Path == o.Path && r.Source == o.Source && r.Key == o.Key && r.Status == o.Status && r.Type == o.Type &&
		r.Modified == o.Modified && r.Cache == o.Cache && r.NoIndex == o.NoIndex && r.Location == o.Location &&
		r.Hash == o.Hash && r.Pack == o.Pack && r.Raw == o.Raw && r.Gzip == o.Gzip && r.Brotli == o.Brotli &&
		r.File == o.File && r.IsFile == o.IsFile
}

// keyID names one key of one source.
type keyID struct {
	Source string `json:"source"`
	Key    string `json:"key"`
}

func (k keyID) String() string { return k.Source + " " + k.Key }

func (k keyID) compare(o keyID) int {
	return cmp.Or(cmp.Compare(k.Source, o.Source), cmp.Compare(k.Key, o.Key))
}

// keyRecord is what one key owns.
type keyRecord struct {
	keyID
	Paths   []string `json:"paths"`             // sorted
	Entries string   `json:"entries,omitempty"` // blob of its search entries; "" for none
	Count   int      `json:"count,omitempty"`   // how many entries
}

func (k *keyRecord) equal(o *keyRecord) bool {
	return k.keyID == o.keyID && k.Entries == o.Entries && k.Count == o.Count && slices.Equal(k.Paths, o.Paths)
}

// shardOf spreads names over the shards, the same way on every node and for ever.
func shardOf(name string) int {
	h := uint32(2166136261) // FNV-1a, written out: no allocation on the way of a request
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return int((h ^ h>>16) & (shardCount - 1))
}

func (k keyID) shard() int { return shardOf(k.Source + "\x00" + k.Key) }

// putJSON stores a value as a blob.
func putJSON(ctx context.Context, s blob.Store, v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return putBytes(ctx, s, data)
}

// getJSON reads a blob that putJSON stored.
func getJSON(ctx context.Context, s blob.Store, hash string, v any) error {
	data, err := blob.ReadAll(ctx, s, hash, maxRecordBlob)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("blob %s: %w", hash, err)
	}
	return nil
}

func readManifest(ctx context.Context, s blob.Store, hash string) (*manifest, error) {
	m := new(manifest)
	if err := getJSON(ctx, s, hash, m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if m.Format != formatVersion {
		return nil, fmt.Errorf("manifest %s has format %d; this program reads %d", hash, m.Format, formatVersion)
	}
	return m, nil
}

func readPointer(ctx context.Context, s blob.Store) (pointer, error) {
	var p pointer
	data, err := s.Pointer(ctx, pointerName)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, fmt.Errorf("pointer %s: %w", pointerName, err)
	}
	return p, nil
}
