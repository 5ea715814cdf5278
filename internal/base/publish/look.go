package publish

import (
	"context"
	"errors"
	"fmt"

	"bangvang/internal/base/blob"
)

// Look reads the snapshot that a store's pointer names and what it keeps in the store, for proof. It
// gives nil when nothing was published yet. Other than [OpenSite], which serves what it can, it fails
// when the snapshot is damaged or a part of it missing; the pages' own bytes are named, not read.
func Look(ctx context.Context, store blob.Store) (*Snapshot, []blob.Use, error) {
	p, err := readPointer(ctx, store)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	snap, err := loadSnapshot(ctx, store, p.Manifest, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("published snapshot: %w", err)
	}
	var uses []blob.Use
	for page := range snap.all() {
		if page.Pack != "" {
			uses = append(uses, blob.Use{Hash: page.Pack, Owner: "published page", Name: page.Path})
		}
	}
	for k := range snap.allKeys() {
		if k.Entries != "" {
			uses = append(uses, blob.Use{Hash: k.Entries, Owner: "search entries", Name: k.String()})
		}
	}
	return snap, uses, nil
}
