package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

const (
	// storers is how many blobs are stored at once: each waits for the disk, or for a bucket far away.
	storers = 8
	// bulk is from how many blobs on one flush of the whole file system is less work than three
	// for each: its file, the name of its file, the name of its folder.
	bulk = 64
)

// each stores blobs one by one, several at a time.
func each(ctx context.Context, s Store, bodies [][]byte) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(storers)
	for _, body := range bodies {
		group.Go(func() error {
			_, err := s.Put(ctx, bytes.NewReader(body))
			return err
		})
	}
	return group.Wait()
}

func (b *bucket) PutAll(ctx context.Context, bodies [][]byte) error { return each(ctx, b, bodies) }

func (f *folder) PutAll(ctx context.Context, bodies [][]byte) error {
	if len(bodies) < bulk || !flushable {
		return each(ctx, f, bodies)
	}
	if err := f.putBulk(ctx, bodies); err != nil {
		return fmt.Errorf("store %d blobs: %w", len(bodies), err)
	}
	return nil
}

// putBulk keeps Put's order, for all blobs together: the contents become durable under passing
// names, then get their own, which become durable too.
func (f *folder) putBulk(ctx context.Context, bodies [][]byte) (err error) {
	names := make([]string, len(bodies))
	defer func() {
		if err != nil {
			for _, name := range names {
				_ = f.root.Remove(name) // those that got their own name stay, as a killed writer's would
			}
		}
	}()
	for i, body := range bodies {
		if names[i], _, err = f.write(ctx, bytes.NewReader(body), false); err != nil {
			return err
		}
	}
	if err := flush(f.root); err != nil {
		return err
	}
	for i, body := range bodies {
		sum := sha256.Sum256(body)
		dir, path := blobPath(hex.EncodeToString(sum[:]))
		if err := f.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := f.root.Rename(names[i], path); err != nil {
			return err
		}
	}
	return errors.Join(ctx.Err(), flush(f.root))
}
