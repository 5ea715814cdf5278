package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/publish/search"
)

// A Snapshot is everything the public can read at one moment: pages, and the search index over
// them. It never changes; a publish makes a new one that shares what stayed the same.
type Snapshot struct {
	generation int64
	published  int64
	hash       string // of the manifest
	parent     string // hash of the manifest before; "" for the first

	pages [shardCount]*pageShard
	keys  [shardCount]*keyShard
	bare  bool          // keys were not read: enough to answer, not to publish from or to search
	index *search.Index // nil until it has been built
}

type pageShard struct {
	hash  string // "" for an empty shard
	pages map[string]*page
}

type keyShard struct {
	hash string
	keys map[keyID]*keyRecord
}

var (
	emptyPages = &pageShard{}
	emptyKeys  = &keyShard{}
)

// emptySnapshot is what the first publish starts from.
func emptySnapshot(generation int64) *Snapshot {
	s := &Snapshot{generation: generation, index: search.Build(nil)}
	for i := range shardCount {
		s.pages[i], s.keys[i] = emptyPages, emptyKeys
	}
	return s
}

// Generation counts the publishes of the installation; it grows by one with each.
func (s *Snapshot) Generation() int64 { return s.generation }

// Published is when the snapshot was made, UTC.
func (s *Snapshot) Published() time.Time { return time.UnixMilli(s.published).UTC() }

// Index gives the search index that belongs to these pages, or nil while it is being built after
// a start.
func (s *Snapshot) Index() *search.Index { return s.index }

// Has tells whether a page is published under exactly this path, redirects included.
func (s *Snapshot) Has(path string) bool { return s.page(path) != nil }

// Len counts the pages.
func (s *Snapshot) Len() int {
	n := 0
	for _, shard := range s.pages {
		n += len(shard.pages)
	}
	return n
}

// Paths gives all addresses in order, those that answer 200 and the others.
func (s *Snapshot) Paths() []string {
	paths := make([]string, 0, s.Len())
	for p := range s.all() {
		paths = append(paths, p.Path)
	}
	slices.Sort(paths)
	return paths
}

// A Listed is one indexable page, for a sitemap.
type Listed struct {
	Path     string
	Type     string
	Modified time.Time // UTC
}

// List gives the pages that answer 200 and may be indexed, in the order of their addresses.
func (s *Snapshot) List() []Listed {
	var list []Listed
	for p := range s.all() {
		if p.Status == 200 && !p.NoIndex {
			list = append(list, Listed{p.Path, p.Type, time.UnixMilli(p.Modified).UTC()})
		}
	}
	slices.SortFunc(list, func(a, b Listed) int { return strings.Compare(a.Path, b.Path) })
	return list
}

func (s *Snapshot) page(path string) *page { return s.pages[shardOf(path)].pages[path] }

func (s *Snapshot) key(id keyID) *keyRecord { return s.keys[id.shard()].keys[id] }

func (s *Snapshot) all() iter.Seq[*page] {
	return func(yield func(*page) bool) {
		for _, shard := range s.pages {
			for _, p := range shard.pages {
				if !yield(p) {
					return
				}
			}
		}
	}
}

func (s *Snapshot) allKeys() iter.Seq[*keyRecord] {
	return func(yield func(*keyRecord) bool) {
		for _, shard := range s.keys {
			for _, k := range shard.keys {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// withIndex is the same pages with an index.
func (s *Snapshot) withIndex(index *search.Index) *Snapshot {
	c := *s
	c.index = index
	return &c
}

// loadSnapshot reads the snapshot of a manifest, page bodies and search entries excepted. What
// base (may be nil) already holds is shared and not read again.
func loadSnapshot(ctx context.Context, store blob.Store, hash string, base *Snapshot) (*Snapshot, error) {
	s, m, err := loadBare(ctx, store, hash, base)
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for i, hash := range m.Keys {
		switch {
		case base != nil && base.keys[i].hash == hash:
			s.keys[i] = base.keys[i]
		case hash != "":
			group.Go(func() (err error) {
				s.keys[i], err = loadKeys(ctx, store, hash)
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("snapshot %d: %w", m.Generation, err)
	}
	s.bare = false
	return s, nil
}

// readers is how many blobs are read at once.
const readers = 8

// loadBare reads what answering a page needs of a snapshot: its manifest and page records.
func loadBare(ctx context.Context, store blob.Store, hash string, base *Snapshot) (*Snapshot, *manifest, error) {
	m, err := readManifest(ctx, store, hash)
	if err != nil {
		return nil, nil, err
	}
	s := emptySnapshot(m.Generation)
	s.published, s.hash, s.parent, s.bare, s.index = m.Published, hash, m.Parent, true, nil
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for i, hash := range m.Pages {
		old := emptyPages
		if base != nil {
			old = base.pages[i]
		}
		switch hash {
		case old.hash:
			s.pages[i] = old
		case "":
		default:
			group.Go(func() (err error) {
				s.pages[i], err = loadPages(ctx, store, hash, old)
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, nil, fmt.Errorf("snapshot %d: %w", m.Generation, err)
	}
	return s, m, nil
}

// loadPages reads one shard; pages that old holds unchanged keep their loaded bodies.
func loadPages(ctx context.Context, store blob.Store, hash string, old *pageShard) (*pageShard, error) {
	data, err := blob.ReadAll(ctx, store, hash, maxRecordBlob)
	if err != nil {
		return nil, fmt.Errorf("page shard: %w", err)
	}
	shard := &pageShard{hash: hash, pages: make(map[string]*page, bytes.Count(data, []byte("\n")))}
	for line := range strings.Lines(string(data)) {
		r, err := readRecord(strings.Clone(line)) // so that one page does not keep the text of its whole shard in memory
		if err != nil {
			return nil, fmt.Errorf("page shard %s: %w", hash, err)
		}
		shard.pages[r.Path] = old.keepOr(&r)
	}
	return shard, nil
}

// keepOr gives the page the shard already holds for an equal record, or a new one.
func (s *pageShard) keepOr(r *pageRecord) *page {
	if p := s.pages[r.Path]; p != nil && p.equal(r) {
		return p
	}
	return &page{pageRecord: *r}
}

func loadKeys(ctx context.Context, store blob.Store, hash string) (*keyShard, error) {
	var records []keyRecord
	if err := getJSON(ctx, store, hash, &records); err != nil {
		return nil, fmt.Errorf("key shard: %w", err)
	}
	shard := &keyShard{hash: hash, keys: make(map[keyID]*keyRecord, len(records))}
	for i := range records {
		shard.keys[records[i].keyID] = &records[i]
	}
	return shard, nil
}

// encode gives a shard's form at rest: the records in order, so that the same pages have the same
// hash.
func (s *pageShard) encode() []byte {
	records := make([]*pageRecord, 0, len(s.pages))
	for _, p := range s.pages {
		records = append(records, &p.pageRecord)
	}
	slices.SortFunc(records, func(a, b *pageRecord) int { return strings.Compare(a.Path, b.Path) })
	var out []byte
	for _, r := range records {
		out = r.append(out)
	}
	return out
}

func (s *keyShard) encode() ([]byte, error) {
	records := make([]*keyRecord, 0, len(s.keys))
	for _, k := range s.keys {
		records = append(records, k)
	}
	slices.SortFunc(records, func(a, b *keyRecord) int { return a.compare(b.keyID) })
	return json.Marshal(records)
}
