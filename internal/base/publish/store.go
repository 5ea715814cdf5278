package publish

import (
	"context"
	"fmt"

	"bangvang/internal/base/db"
)

// head is the newest published snapshot, as the database knows it.
type head struct {
	generation         int64
	manifest, previous string
}

func readHead(ctx context.Context, q db.Queryer) (head, error) {
	return db.One(ctx, q, func(s db.Scanner) (h head, err error) {
		return h, s.Scan(&h.generation, &h.manifest, &h.previous)
	}, "SELECT generation, manifest, previous FROM publish_head WHERE id = 1")
}

// moveHead is the compare-and-set: fault.Conflict when another node published since from.
func moveHead(ctx context.Context, tx *db.Tx, from head, to *Snapshot) error {
	return db.Exec1(ctx, tx, `UPDATE publish_head SET generation = $1, manifest = $2, previous = $3, at = $4
		WHERE id = 1 AND generation = $5 AND manifest = $6`,
		to.generation, to.hash, from.manifest, tx.Now(), from.generation, from.manifest)
}

// touch is one key waiting to be rendered.
type touch struct {
	keyID
	stamp string
}

func writeTouch(ctx context.Context, tx *db.Tx, id keyID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO publish_touch (source, key, stamp, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (source, key) DO UPDATE SET stamp = excluded.stamp, at = excluded.at`, id.Source, id.Key, db.NewID(), tx.Now())
	if err != nil {
		return fmt.Errorf("touch %s: %w", id, err)
	}
	return nil
}

// readTouches gives up to limit waiting keys, leaving out the first skip. Everything comes first,
// since it holds all the others; then the newest, so that what somebody publishes now does not wait
// until thousands of pages are drawn in a new frame.
func readTouches(ctx context.Context, q db.Queryer, limit, skip int) ([]touch, error) {
	return db.All(ctx, q, func(s db.Scanner) (t touch, err error) {
		return t, s.Scan(&t.Source, &t.Key, &t.stamp)
	}, "SELECT source, key, stamp FROM publish_touch ORDER BY CASE source WHEN '*' THEN 0 ELSE 1 END, at DESC, source, key LIMIT $1 OFFSET $2", limit, skip)
}

// deleteTouch takes a key off the list unless it was touched again.
func deleteTouch(ctx context.Context, tx *db.Tx, t touch) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM publish_touch WHERE source = $1 AND key = $2 AND stamp = $3", t.Source, t.Key, t.stamp)
	if err != nil {
		return fmt.Errorf("untouch %s: %w", t.keyID, err)
	}
	return nil
}
