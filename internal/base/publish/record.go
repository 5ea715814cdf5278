package publish

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"bangvang/internal/base/blob"
)

// This file is the snapshot's form at rest. All of it is JSON in content-addressed blobs, so that
// an operator can read it and any node can share it:
//
//	pointer "site" → manifest → 256 shards of page records → packs (raw, gzip and brotli bytes)
//	                          → 256 shards of key records  → search entries
//
// A publish that touches one page of 40,000 writes its pack, one shard of each kind, the manifest
// and the pointer, in this order; the pointer is what makes it public.

const (
	formatVersion = 1
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
	Path     string      `json:"path"`
	Source   string      `json:"source"` // of the key the page belongs to
	Key      string      `json:"key"`
	Status   int         `json:"status"`
	Type     string      `json:"type"`
	Headers  [][2]string `json:"headers,omitempty"`
	Modified int64       `json:"modified"` // ms UTC
	Cache    Cache       `json:"cache,omitempty"`
	NoIndex  bool        `json:"noindex,omitempty"`
	Location string      `json:"location,omitempty"`
	Hash     string      `json:"hash"`           // SHA-256 of the body or file
	Pack     string      `json:"pack,omitempty"` // blob of the three forms, one after the other
	Raw      int         `json:"raw,omitempty"`  // their sizes; 0: not kept in this form
	Gzip     int         `json:"gzip,omitempty"`
	Brotli   int         `json:"brotli,omitempty"`
	File     int64       `json:"file,omitempty"` // its size when IsFile: the body is blob Hash of the files store
	IsFile   bool        `json:"isFile,omitempty"`
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
