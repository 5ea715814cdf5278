package people

import (
	"context"

	"bangvang/internal/base/db"
)

func fingerprint(ctx context.Context, q db.Queryer) (string, error) {
	return db.One(ctx, q, func(s db.Scanner) (f string, err error) { return f, s.Scan(&f) }, `SELECT fingerprint FROM people_secret WHERE id = 1`)
}

func setFingerprint(ctx context.Context, tx *db.Tx, f string) error {
	return db.Exec1(ctx, tx, `UPDATE people_secret SET fingerprint = $1 WHERE id = 1`, f)
}

// A sealedFactor is an authenticator as it is stored.
type sealedFactor struct {
	account AccountID
	totp    string
}

// someSealed gives a few authenticators: enough to tell a secret, few enough for a start.
func someSealed(ctx context.Context, q db.Queryer) ([]sealedFactor, error) {
	return db.All(ctx, q, func(s db.Scanner) (x sealedFactor, err error) { return x, s.Scan(&x.account, &x.totp) },
		`SELECT id, totp FROM people_account WHERE totp <> '' ORDER BY last_login DESC LIMIT 3`)
}

// factorAccounts gives the accounts that have a second factor on a day.
func factorAccounts(ctx context.Context, q db.Queryer, day string) ([]AccountID, error) {
	return db.All(ctx, q, func(s db.Scanner) (id AccountID, err error) { return id, s.Scan(&id) },
		`SELECT id FROM people_account AS a WHERE totp <> '' OR EXISTS (SELECT 1 FROM people_code_sheet AS s JOIN people_code AS c ON c.sheet = s.id
			WHERE s.account = a.id AND s.revoked_at = 0 AND s.last_day >= $1 AND c.used_at = 0) ORDER BY id`, day)
}

func revokeSheets(ctx context.Context, tx *db.Tx, account AccountID) error {
	_, err := tx.ExecContext(ctx, `UPDATE people_code_sheet SET revoked_at = $2 WHERE account = $1 AND revoked_at = 0`, account, tx.Now())
	return err
}

func dropSessions(ctx context.Context, tx *db.Tx, account AccountID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM people_session WHERE account = $1`, account)
	return err
}
