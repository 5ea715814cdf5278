package people

import (
	"context"

	"bangvang/internal/base/db"
)

// lockCounter reads a counter and keeps it from being read by others until the transaction ends: the
// update of nothing takes the row's lock on both engines, also when the row is new.
func lockCounter(ctx context.Context, tx *db.Tx, key string) (counter, error) {
	return db.One(ctx, tx, func(s db.Scanner) (c counter, err error) {
		err = s.Scan(&c.failures, &c.lastAt)
		return c, err
	}, `INSERT INTO people_throttle (key, failures, last_at) VALUES ($1, 0, $2)
		ON CONFLICT (key) DO UPDATE SET failures = people_throttle.failures RETURNING failures, last_at`, key, tx.Now())
}

func saveCounter(ctx context.Context, tx *db.Tx, key string, failures int) error {
	return db.Exec1(ctx, tx, `UPDATE people_throttle SET failures = $2, last_at = $3 WHERE key = $1`, key, failures, tx.Now())
}

func forgetCounter(ctx context.Context, tx *db.Tx, key string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM people_throttle WHERE key = $1`, key)
	return err
}

func addressFailed(ctx context.Context, tx *db.Tx, address, account string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_throttle_address (address, account, failed_at, ok_at) VALUES ($1, $2, $3, 0)
		ON CONFLICT (address, account) DO UPDATE SET failed_at = excluded.failed_at`, address, account, tx.Now())
	return err
}

func addressSucceeded(ctx context.Context, tx *db.Tx, address, account string, whole bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE people_throttle_address SET failed_at = 0, ok_at = CASE WHEN $4 THEN $3 ELSE ok_at END
		WHERE address = $1 AND account = $2`, address, account, tx.Now(), whole)
	return err
}

// An addressState is what is known of an address when an account is tried from it.
type addressState struct {
	failing   int   // other accounts that failed lately without getting in since
	succeeded int   // accounts that got in within the address's memory
	oldest    int64 // when the first of the failing failed, at the latest
	known     bool  // this account got in from here before
}

func readAddress(ctx context.Context, tx *db.Tx, try charge, window, memory int64) (addressState, error) {
	return db.One(ctx, tx, func(s db.Scanner) (a addressState, err error) {
		var known int
		err = s.Scan(&a.failing, &a.succeeded, &a.oldest, &known)
		a.known = known > 0
		return a, err
	}, `SELECT count(*) FILTER (WHERE failed_at > $3 AND account <> $2),
		count(*) FILTER (WHERE ok_at > $4),
		coalesce(min(failed_at) FILTER (WHERE failed_at > $3 AND account <> $2), 0),
		count(*) FILTER (WHERE ok_at > $4 AND account = $2)
		FROM people_throttle_address WHERE address = $1`, try.address, try.account, window, memory)
}
