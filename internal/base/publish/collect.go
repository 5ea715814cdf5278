package publish

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
)

const (
	// keepSnapshots and keepFor say which old snapshots stay readable, whichever is more: a node
	// that is a moment behind still reads pages of the one before.
	keepSnapshots = 10
	keepFor       = time.Hour
	// youngFor spares blobs that another node may have stored for a snapshot it has not yet
	// published.
	youngFor = 24 * time.Hour
)

// collect deletes from the site's own area what no kept snapshot refers to. Attachments live in
// another store and are never touched. now is by the machine's clock, as the store's ages are.
func (s *Site) collect(ctx context.Context, d *db.DB, now time.Time) error {
	h, err := readHead(ctx, d.Read())
	if err != nil || h.manifest == "" {
		return err
	}
	p, err := readPointer(ctx, s.store)
	if err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	kept := map[string]bool{}
	for _, newest := range []string{h.manifest, p.Manifest, p.Previous} {
		if newest == "" {
			continue
		}
		if err := s.mark(ctx, newest, d.Clock().Now(), kept); err != nil {
			return fmt.Errorf("collect: %w", err) // what cannot be read cannot be judged: keep all
		}
	}
	deleted, freed := 0, int64(0)
	err = s.store.Each(ctx, func(i blob.Info) error {
		if kept[i.Hash] || now.Sub(i.Stored) < youngFor {
			return nil
		}
		// Asked again just before: another node may have stored it anew while this one listed.
		if again, err := s.store.Stat(ctx, i.Hash); err != nil || now.Sub(again.Stored) < youngFor {
			return nil
		}
		deleted++
		freed += i.Size
		return s.store.Delete(ctx, i.Hash)
	})
	slog.InfoContext(ctx, "unused snapshot files collected", "files", deleted, "bytes", freed)
	return err
}

// mark notes every blob reachable from a manifest and from those before it that are still kept.
func (s *Site) mark(ctx context.Context, newest string, now time.Time, kept map[string]bool) error {
	hash := newest
	for n := 0; hash != ""; n++ {
		m, err := readManifest(ctx, s.store, hash)
		if err != nil && n > 0 {
			return nil // an older one that was collected before
		}
		if err != nil {
			return err
		}
		if n >= keepSnapshots && now.Sub(time.UnixMilli(m.Published)) > keepFor {
			return nil
		}
		kept[hash] = true
		if err := s.markShards(ctx, m, kept); err != nil {
			return err
		}
		hash = m.Parent
	}
	return nil
}

func (s *Site) markShards(ctx context.Context, m *manifest, kept map[string]bool) error {
	for i := range shardCount {
		if hash := m.Pages[i]; hash != "" && !kept[hash] {
			shard, err := loadPages(ctx, s.store, hash, emptyPages)
			if err != nil {
				return err
			}
			kept[hash] = true
			for _, p := range shard.pages {
				kept[p.Pack] = true
			}
		}
		if hash := m.Keys[i]; hash != "" && !kept[hash] {
			shard, err := loadKeys(ctx, s.store, hash)
			if err != nil {
				return err
			}
			kept[hash] = true
			for _, k := range shard.keys {
				kept[k.Entries] = true
			}
		}
	}
	return nil
}
