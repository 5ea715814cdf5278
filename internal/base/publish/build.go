package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"bangvang/internal/base/blob"
)

// An update is what rendering one key anew found.
type update struct {
	keyID
	rendered Rendered
	err      error // when set, the key keeps what it showed
}

// A ConflictError says that two keys render pages for one path. The key that had the path keeps
// it; the other's update is refused whole.
type ConflictError struct {
	Path  string
	Owner string // "source key" that shows the path
	Other string // "source key" that wanted it too
}

// Error names the path and both keys.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("path %s is claimed by %q and by %q", e.Path, e.Owner, e.Other)
}

// packers is how many keys, and pages of a key, are looked at and compressed at once.
const packers = 8

// build stores the snapshot that follows base when updates are applied, everything but the
// pointer. It gives base itself when nothing changed, and for each key that could not be updated
// the reason.
func (s *Site) build(ctx context.Context, base *Snapshot, updates []update, now int64) (*Snapshot, map[keyID]error, error) {
	refused := map[keyID]error{}
	settle(base, updates, refused)
	b := &builder{site: s, base: base, now: now, pages: map[string]*page{}, gone: map[string]bool{}, keys: map[keyID]*keyRecord{}}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(packers)
	for _, u := range updates {
		if refused[u.keyID] == nil {
			group.Go(func() error { return b.apply(gctx, u) })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	next, err := b.finish(ctx)
	return next, refused, err
}

// settle finds the updates that cannot be applied: those that failed, those with a page that
// cannot be, and those that claim a path another key keeps. A refused key keeps its old paths,
// which can refuse another, so it goes round until nothing changes.
func settle(base *Snapshot, updates []update, refused map[keyID]error) {
	slices.SortFunc(updates, func(a, b update) int { return a.compare(b.keyID) })
	for i := range updates {
		if err := updates[i].valid(); err != nil {
			refused[updates[i].keyID] = err
		}
	}
	for {
		if !conflicts(base, updates, refused) {
			return
		}
	}
}

// conflicts refuses updates that claim a taken path and tells whether it found one.
func conflicts(base *Snapshot, updates []update, refused map[keyID]error) bool {
	updated := map[keyID]bool{} // keys whose old paths are free
	for _, u := range updates {
		updated[u.keyID] = refused[u.keyID] == nil
	}
	owner := func(path string) (keyID, bool) {
		p := base.page(path)
		if p == nil || updated[p.owner()] {
			return keyID{}, false
		}
		return p.owner(), true
	}
	// Who showed a path before is asked first, so that a newcomer never takes it.
	claims := map[string]keyID{}
	for _, incumbents := range []bool{true, false} {
		for _, u := range updates {
			if refused[u.keyID] != nil {
				continue
			}
			for _, page := range u.rendered.Pages {
				p := base.page(page.Path)
				if incumbents != (p != nil && p.owner() == u.keyID) {
					continue
				}
				taken, found := owner(page.Path)
				if !found {
					taken, found = claims[page.Path]
				}
				if found && taken != u.keyID {
					refused[u.keyID] = &ConflictError{page.Path, taken.String(), u.keyID.String()}
					return true
				}
				claims[page.Path] = u.keyID
			}
		}
	}
	return false
}

func (p *page) owner() keyID { return keyID{p.Source, p.Key} }

// valid checks what a source rendered and gives each page its defaults.
func (u *update) valid() error {
	if u.err != nil {
		return fmt.Errorf("render %s: %w", u.keyID, u.err)
	}
	// What a source rendered stays its own: it may keep it and give it again.
	u.rendered = Rendered{slices.Clone(u.rendered.Pages), slices.Clone(u.rendered.Entries)}
	seen := map[string]bool{}
	for i := range u.rendered.Pages {
		p := &u.rendered.Pages[i]
		*p = p.clone()
		if err := p.check(); err != nil {
			return fmt.Errorf("render %s: %w", u.keyID, err)
		}
		if seen[p.Path] {
			return fmt.Errorf("render %s: page %s twice", u.keyID, p.Path)
		}
		seen[p.Path] = true
	}
	for i := range u.rendered.Entries {
		u.rendered.Entries[i].Key = ""
		if u.rendered.Entries[i].Path == "" {
			return fmt.Errorf("render %s: search entry without a path", u.keyID)
		}
	}
	return nil
}

// builder collects the differences between base and the next snapshot.
type builder struct {
	site *Site
	base *Snapshot
	now  int64

	mu    sync.Mutex
	pages map[string]*page // new or changed
	gone  map[string]bool  // paths some key gave up
	keys  map[keyID]*keyRecord
	blobs [][]byte // to be stored
}

// apply finds what one key shows now.
func (b *builder) apply(ctx context.Context, u update) error {
	record := &keyRecord{keyID: u.keyID, Paths: []string{}, Count: len(u.rendered.Entries)}
	pages := make([]*page, len(u.rendered.Pages))
	group, gctx := errgroup.WithContext(ctx) // a long list is one key
	group.SetLimit(packers)
	for i, p := range u.rendered.Pages {
		record.Paths = append(record.Paths, p.Path)
		group.Go(func() (err error) {
			if pages[i], err = b.page(gctx, u.keyID, p); err != nil {
				return fmt.Errorf("store page %s: %w", p.Path, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	slices.Sort(record.Paths)
	old := b.base.key(u.keyID)
	entries, err := encodeEntries(u.rendered.Entries)
	if err != nil {
		return fmt.Errorf("search entries of %s: %w", u.keyID, err)
	}
	if entries != nil {
		record.Entries = hashOf(entries)
		if old == nil || old.Entries != record.Entries {
			b.keep(entries)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range pages {
		if b.base.page(p.Path) != p {
			b.pages[p.Path] = p
		}
	}
	if old != nil {
		for _, path := range old.Paths {
			if !slices.Contains(record.Paths, path) {
				b.gone[path] = true
			}
		}
	}
	if len(record.Paths) == 0 && record.Count == 0 {
		record = nil // the key shows nothing any more
	}
	switch {
	case old == nil && record == nil, old != nil && record != nil && old.equal(record):
	default:
		b.keys[u.keyID] = record
	}
	return nil
}

// page makes the record of a rendered page and has its bytes stored, or gives the page of base when
// it is the same.
func (b *builder) page(ctx context.Context, id keyID, p Page) (*page, error) {
	r := pageRecord{
		Path: p.Path, Source: id.Source, Key: id.Key, Status: p.Status, Type: p.Type, Headers: p.Headers,
		Modified: p.Modified, Cache: p.Cache, NoIndex: p.NoIndex, Location: p.Location, Hash: hashOf(p.Body),
	}
	if p.File != (blob.Ref{}) {
		r.Hash, r.File, r.IsFile = p.File.Hash, p.File.Size, true
		if b.site.files == nil {
			return nil, errors.New("page with a file, but the site has no files store")
		}
		if _, err := b.site.files.Stat(ctx, r.Hash); err != nil {
			return nil, err
		}
	}
	old := b.base.page(p.Path)
	if old != nil && old.Hash == r.Hash && old.Type == r.Type && old.Cache == r.Cache && old.IsFile == r.IsFile {
		r.Pack, r.Raw, r.Gzip, r.Brotli = old.Pack, old.Raw, old.Gzip, old.Brotli
		if r.Modified == 0 {
			r.Modified = old.Modified
		}
		if old.equal(&r) {
			return old, nil
		}
	}
	if r.Modified == 0 {
		r.Modified = b.now
	}
	if r.Pack != "" || len(p.Body) == 0 {
		return &page{pageRecord: r}, nil
	}
	bytes := pack(p.Body, p.Type, p.Cache)
	r.Pack = b.keep(bytes.bytes())
	r.Raw, r.Gzip, r.Brotli = len(bytes.raw), len(bytes.gzip), len(bytes.brotli)
	made := &page{pageRecord: r}
	b.site.memory.keep(made, made.ready(bytes)) // it will be asked for soon
	return made, nil
}

// finish stores the changed shards and the manifest.
func (b *builder) finish(ctx context.Context) (*Snapshot, error) {
	// The very first snapshot is stored even when it is empty: the plane then answers "not found"
	// instead of "not ready".
	if len(b.pages)+len(b.keys)+len(b.gone) == 0 && b.base.hash != "" {
		return b.base, nil
	}
	next := *b.base
	next.generation, next.published, next.parent, next.index = b.base.generation+1, b.now, b.base.hash, nil
	for path := range b.gone {
		if b.pages[path] == nil {
			b.pages[path] = nil // no key shows it any more
		}
	}
	pages, keys := map[int]*pageShard{}, map[int]*keyShard{}
	for path, p := range b.pages {
		i := shardOf(path)
		if pages[i] == nil {
			pages[i] = &pageShard{pages: clone(b.base.pages[i].pages)}
		}
		if p == nil {
			delete(pages[i].pages, path)
		} else {
			pages[i].pages[path] = p
		}
	}
	for id, k := range b.keys {
		i := id.shard()
		if keys[i] == nil {
			keys[i] = &keyShard{keys: clone(b.base.keys[i].keys)}
		}
		if k == nil {
			delete(keys[i].keys, id)
		} else {
			keys[i].keys[id] = k
		}
	}
	for i, shard := range pages {
		next.pages[i] = b.pageShard(shard)
	}
	for i, shard := range keys {
		var err error
		if next.keys[i], err = b.keyShard(shard); err != nil {
			return nil, err
		}
	}
	if err := b.site.store.PutAll(ctx, b.blobs); err != nil {
		return nil, err
	}
	return &next, b.manifest(ctx, &next)
}

// keep has a blob stored with the others of the snapshot, and gives its name.
func (b *builder) keep(data []byte) (hash string) {
	hash = hashOf(data)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.blobs = append(b.blobs, data)
	return hash
}

func clone[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

func (b *builder) pageShard(shard *pageShard) *pageShard {
	if len(shard.pages) == 0 {
		return emptyPages
	}
	shard.hash = b.keep(shard.encode())
	return shard
}

func (b *builder) keyShard(shard *keyShard) (*keyShard, error) {
	if len(shard.keys) == 0 {
		return emptyKeys, nil
	}
	data, err := shard.encode()
	shard.hash = b.keep(data)
	return shard, err
}

func (b *builder) manifest(ctx context.Context, s *Snapshot) error {
	m := manifest{Format: formatVersion, Generation: s.generation, Published: s.published, Parent: s.parent}
	for i := range shardCount {
		m.Pages[i], m.Keys[i] = s.pages[i].hash, s.keys[i].hash
	}
	var err error
	s.hash, err = putJSON(ctx, b.site.store, m)
	return err
}

// point makes the pointer name a snapshot. A snapshot that another node published since is left
// alone by the caller, who asks the database which is the newest.
func (s *Site) point(ctx context.Context, generation int64, manifest, previous string) error {
	value, err := json.Marshal(pointer{generation, manifest, previous})
	if err != nil {
		return err
	}
	return s.store.SetPointer(ctx, pointerName, value)
}
