package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/publish/search"
)

// A Site is the published site as this node sees it: the current snapshot, its pages' bytes in
// memory up to a budget, and the way to the next snapshot. It needs the blob store only.
type Site struct {
	store  blob.Store
	files  blob.Store
	poll   time.Duration
	memory memory

	current atomic.Pointer[Snapshot]

	swapping sync.Mutex // held while a snapshot is prepared and swapped in
	behind   bool       // the last attempt to follow failed; guarded by swapping
}

// SiteOptions say where a site is kept.
type SiteOptions struct {
	Store  blob.Store    // the snapshot's own area; everything unreferenced in it is collected
	Files  blob.Store    // attachments that pages answer (Page.File); never collected here. May be nil when there are none
	Memory int64         // bytes of pages kept in memory; 0 means 256 MiB
	Poll   time.Duration // how often the pointer is looked at; 0 means 250 ms
}

// OpenSite reads what the first answer needs of the snapshot that the store's pointer names; the
// bodies, the keys and the search index follow when [Site.Follow] runs. A store in which nothing was published yet, or nothing readable
// is left, is no error: the site is empty until the next publish. It fails when the store itself
// cannot be read.
func OpenSite(ctx context.Context, o SiteOptions) (*Site, error) {
	s := &Site{store: o.Store, files: o.Files, poll: o.Poll}
	if s.poll <= 0 {
		s.poll = 250 * time.Millisecond
	}
	if s.memory.budget = o.Memory; s.memory.budget <= 0 {
		s.memory.budget = 256 << 20
	}
	p, err := readPointer(ctx, s.store)
	if errors.Is(err, blob.ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open published site: %w", err)
	}
	for _, hash := range []string{p.Manifest, p.Previous} {
		if hash == "" {
			continue
		}
		snap, _, err := loadBare(ctx, s.store, hash, nil)
		if err == nil {
			s.current.Store(snap)
			return s, nil
		}
		slog.ErrorContext(ctx, "published snapshot cannot be read", "manifest", hash, "error", err)
	}
	return s, nil
}

// Snapshot gives the current snapshot, nil when nothing was published yet.
func (s *Site) Snapshot() *Snapshot { return s.current.Load() }

// Follow keeps the site current until ctx ends: it builds the search index, reads page bodies
// into memory, and swaps in each new snapshot that the pointer comes to name. While the store
// cannot be read the site stays as it is.
func (s *Site) Follow(ctx context.Context) {
	var background sync.WaitGroup
	defer background.Wait()
	background.Go(func() { s.preload(ctx) })
	background.Go(func() { s.buildIndex(ctx) })
	tick := time.NewTicker(s.poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.catchUp(ctx)
	}
}

// catchUp swaps in the snapshot that the pointer names, when it is another than the current one.
func (s *Site) catchUp(ctx context.Context) {
	s.swapping.Lock() // before the pointer is read: what show swaps in meanwhile would be undone
	defer s.swapping.Unlock()
	p, err := readPointer(ctx, s.store)
	if errors.Is(err, blob.ErrNotFound) {
		return
	}
	now := s.current.Load()
	if err == nil && (now == nil || now.hash != p.Manifest) {
		var next *Snapshot
		if next, err = loadSnapshot(ctx, s.store, p.Manifest, now); err == nil {
			s.swap(ctx, next)
		}
	}
	if failed := err != nil && ctx.Err() == nil; failed != s.behind {
		s.behind = failed // said once, not at every poll
		if failed {
			slog.ErrorContext(ctx, "published site cannot be followed, serving the last one", "error", err)
		} else {
			slog.InfoContext(ctx, "published site is followed again")
		}
	}
}

// show swaps in a snapshot this node has just published or read, unless it or a newer one is
// already shown.
func (s *Site) show(ctx context.Context, next *Snapshot) {
	s.swapping.Lock()
	defer s.swapping.Unlock()
	if now := s.current.Load(); now == nil || now.generation < next.generation {
		s.swap(ctx, next)
	}
}

// swap makes next the current snapshot, with the index brought forward from the one before. The
// caller holds swapping.
func (s *Site) swap(ctx context.Context, next *Snapshot) {
	now := s.current.Load()
	switch {
	case next.index != nil:
	case now == nil:
		s.index(ctx, emptySnapshot(0), next)
	case now.index != nil:
		s.index(ctx, now, next)
	}
	s.current.Store(next)
	s.memory.forget(next)
}

// index gives next the index of now, brought forward. When search entries cannot be read the
// pages are shown without one, and buildIndex tries again: pages come before search.
func (s *Site) index(ctx context.Context, now, next *Snapshot) {
	index, err := advance(ctx, s.store, now, next)
	if err != nil {
		slog.ErrorContext(ctx, "search index not brought forward", "generation", next.generation, "error", err)
		index = nil
	}
	next.index = index
}

// buildIndex makes the index of a snapshot that has none, after the start or when its search
// entries could not be read before; the pages are shown meanwhile.
func (s *Site) buildIndex(ctx context.Context) {
	pause := time.NewTicker(s.poll)
	defer pause.Stop()
	said := false
	for {
		if now := s.Snapshot(); now != nil && now.index == nil {
			if err := s.buildIndexOf(ctx, now); err != nil && ctx.Err() == nil && !said {
				slog.ErrorContext(ctx, "search index not built, trying again", "generation", now.generation, "error", err)
				said = true
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

func (s *Site) buildIndexOf(ctx context.Context, shown *Snapshot) error {
	start := shown
	if shown.bare {
		var err error
		if start, err = loadSnapshot(ctx, s.store, shown.hash, shown); err != nil {
			return err
		}
	}
	index, err := advance(ctx, s.store, emptySnapshot(0), start)
	if err != nil {
		return err
	}
	s.swapping.Lock()
	defer s.swapping.Unlock()
	now := s.current.Load()
	if now == shown {
		s.current.Store(start.withIndex(index))
		return nil
	}
	if now.index != nil {
		return nil
	}
	if index, err = advance(ctx, s.store, start.withIndex(index), now); err != nil { // published while it was being made
		return err
	}
	s.current.Store(now.withIndex(index))
	return nil
}

// preload reads bodies into memory until the budget is nearly used, after the start and after
// each swap, so that a first visit does not wait for the store.
func (s *Site) preload(ctx context.Context) {
	pause := time.NewTicker(s.poll)
	defer pause.Stop()
	var done *Snapshot
	for {
		if now := s.Snapshot(); now != nil && now != done && s.preloadPages(ctx, now) {
			done = now
		}
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

// preloadPages tells false when a newer snapshot came in between.
func (s *Site) preloadPages(ctx context.Context, now *Snapshot) bool {
	for p := range now.all() {
		switch {
		case ctx.Err() != nil || s.memory.full():
			return true
		case s.Snapshot() != now:
			return false
		case p.loaded.Load() != nil:
			continue
		}
		if _, err := p.load(ctx, s); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "published page cannot be read", "path", p.Path, "error", err)
		}
	}
	return true
}

// advance gives the search index of next, made from that of now by the keys in which they differ.
func advance(ctx context.Context, store blob.Store, now, next *Snapshot) (*search.Index, error) {
	var changed []*keyRecord
	var removed []string
	for i := range shardCount {
		was, is := now.keys[i], next.keys[i]
		if was == is {
			continue
		}
		for id, k := range is.keys {
			if old := was.keys[id]; old == nil || old.Entries != k.Entries {
				changed = append(changed, k)
			}
		}
		for id, old := range was.keys {
			k, kept := is.keys[id]
			for n := range old.Count {
				if !kept || k.Entries != old.Entries && n >= k.Count {
					removed = append(removed, id.entry(n))
				}
			}
		}
	}
	entries, err := readEntries(ctx, store, changed)
	if err != nil {
		return nil, err
	}
	return now.index.With(entries, removed), nil
}

// entry names the n-th search entry of a key in the index.
func (k keyID) entry(n int) string { return fmt.Sprintf("%s\x00%s\x00%d", k.Source, k.Key, n) }

// readEntries reads the search entries of keys, in the order of the keys' names so that equal
// snapshots get equal indexes.
func readEntries(ctx context.Context, store blob.Store, keys []*keyRecord) ([]search.Entry, error) {
	slices.SortFunc(keys, func(a, b *keyRecord) int { return a.compare(b.keyID) })
	lists := make([][]search.Entry, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i, k := range keys {
		if k.Entries == "" {
			continue
		}
		group.Go(func() error {
			if err := getJSON(ctx, store, k.Entries, &lists[i]); err != nil {
				return fmt.Errorf("search entries of %s: %w", k.keyID, err)
			}
			for n := range lists[i] {
				lists[i][n].Key = k.entry(n)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(lists...), nil
}

// encodeEntries is the form of a key's search entries at rest; nil for none.
func encodeEntries(entries []search.Entry) ([]byte, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	return json.Marshal(entries)
}
