package people

import (
	"context"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// A sessionRow is a session with what only the store needs.
type sessionRow struct {
	Session
	hash   string
	idle   int64 // milliseconds
	device string
}

const sessionColumns = `id, account, created_at, seen_at, expires_at, address, agent, proof, site, hash, idle, device`

func scanSession(s db.Scanner) (x sessionRow, err error) {
	err = s.Scan(&x.ID, &x.Account, &x.CreatedAt, &x.SeenAt, &x.ExpiresAt, &x.Address, &x.Agent, &x.Proof, &x.Site, &x.hash, &x.idle, &x.device)
	return x, err
}

func insertSession(ctx context.Context, tx *db.Tx, x sessionRow) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_session (`+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		x.ID, x.Account, x.CreatedAt, x.SeenAt, x.ExpiresAt, x.Address, x.Agent, x.Proof, x.Site, x.hash, x.idle, x.device)
	return err
}

func sessionByHash(ctx context.Context, q db.Queryer, hash string) (sessionRow, error) {
	return db.One(ctx, q, scanSession, `SELECT `+sessionColumns+` FROM people_session WHERE hash = $1`, hash)
}

func sessionsOf(ctx context.Context, q db.Queryer, id AccountID, now int64) ([]Session, error) {
	return db.All(ctx, q, func(s db.Scanner) (Session, error) {
		x, err := scanSession(s)
		return x.Session, err
	}, `SELECT `+sessionColumns+` FROM people_session WHERE account = $1 AND expires_at > $2 AND seen_at + idle > $2 ORDER BY seen_at DESC, id DESC`, id, now)
}

func touchSession(ctx context.Context, tx *db.Tx, id SessionID, now int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE people_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, now)
	return err
}

func endSession(ctx context.Context, tx *db.Tx, account AccountID, id SessionID) error {
	err := db.Exec1(ctx, tx, `DELETE FROM people_session WHERE id = $1 AND account = $2`, id, account)
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.NotFound, "Phiên này đã kết thúc.")
	}
	return err
}

// endSessions ends all sessions of an account but one ("" keeps none), and with none kept forgets its
// browsers and tokens too: whoever holds a stolen one is out.
func endSessions(ctx context.Context, tx *db.Tx, account AccountID, keep SessionID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM people_session WHERE account = $1 AND id <> $2`, account, keep); err != nil || keep != "" {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM people_device WHERE account = $1`, account); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE people_token SET revoked_at = $2 WHERE account = $1 AND revoked_at = 0`, account, tx.Now())
	return err
}

func setProof(ctx context.Context, tx *db.Tx, id SessionID, proof Proof) error {
	return db.Exec1(ctx, tx, `UPDATE people_session SET proof = $2 WHERE id = $1`, id, proof)
}

func putDevice(ctx context.Context, tx *db.Tx, device string, account AccountID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_device (device, account, first_at, last_at) VALUES ($1, $2, $3, $3)
		ON CONFLICT (device, account) DO UPDATE SET last_at = excluded.last_at`, device, account, tx.Now())
	return err
}

// takeCode uses up a printed code and gives the site its sheet was printed for, "" for none;
// fault.NotFound when there is none such, unused, on a sheet of the account that is valid on the day.
func takeCode(ctx context.Context, tx *db.Tx, account AccountID, hash, day string) (site string, err error) {
	return db.One(ctx, tx, func(s db.Scanner) (site string, err error) { return site, s.Scan(&site) },
		`UPDATE people_code SET used_at = $4 WHERE hash = $1 AND used_at = 0 AND sheet IN
		(SELECT id FROM people_code_sheet WHERE account = $2 AND revoked_at = 0 AND first_day <= $3 AND last_day >= $3)
		RETURNING (SELECT x.site FROM people_code_sheet x WHERE x.id = people_code.sheet)`, hash, account, day, tx.Now())
}

func insertSheet(ctx context.Context, tx *db.Tx, x CodeSheet, hashes []string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_code_sheet (id, account, first_day, last_day, created_by, created_at, revoked_at, site) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`,
		x.ID, x.Account, x.FirstDay, x.LastDay, x.CreatedBy, x.CreatedAt, x.Site)
	if err != nil {
		return err
	}
	for i, h := range hashes {
		if _, err := tx.ExecContext(ctx, `INSERT INTO people_code (hash, sheet, number, used_at) VALUES ($1, $2, $3, 0)`, h, x.ID, i+1); err != nil {
			return err
		}
	}
	return nil
}

func sheetsOf(ctx context.Context, q db.Queryer, account AccountID) ([]CodeSheet, error) {
	return db.All(ctx, q, func(s db.Scanner) (x CodeSheet, err error) {
		err = s.Scan(&x.ID, &x.Account, &x.FirstDay, &x.LastDay, &x.CreatedBy, &x.CreatedAt, &x.RevokedAt, &x.Site, &x.Count, &x.Used)
		return x, err
	}, `SELECT s.id, s.account, s.first_day, s.last_day, s.created_by, s.created_at, s.revoked_at, s.site, count(c.hash), count(c.hash) FILTER (WHERE c.used_at > 0)
		FROM people_code_sheet s LEFT JOIN people_code c ON c.sheet = s.id WHERE s.account = $1
		GROUP BY s.id, s.account, s.first_day, s.last_day, s.created_by, s.created_at, s.revoked_at, s.site ORDER BY s.created_at DESC, s.id DESC`, account)
}

// revokeSiteSheets makes every sheet of a site worthless that is valid on some of the days.
func revokeSiteSheets(ctx context.Context, tx *db.Tx, site, firstDay, lastDay string) error {
	_, err := tx.ExecContext(ctx, `UPDATE people_code_sheet SET revoked_at = $4 WHERE site = $1 AND revoked_at = 0 AND first_day <= $3 AND last_day >= $2`, site, firstDay, lastDay, tx.Now())
	return err
}

func revokeSheet(ctx context.Context, tx *db.Tx, account AccountID, id SheetID) error {
	return db.Exec1(ctx, tx, `UPDATE people_code_sheet SET revoked_at = $3 WHERE id = $1 AND account = $2 AND revoked_at = 0`, id, account, tx.Now())
}

// A link is what a one-time link lets its holder do.
type link struct {
	kind      string // "first", "password"
	account   AccountID
	createdBy string
	expiresAt int64
}

func insertLink(ctx context.Context, tx *db.Tx, hash string, l link) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_link (hash, kind, account, created_by, created_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		hash, l.kind, null(l.account), l.createdBy, tx.Now(), l.expiresAt)
	return err
}

func readLink(ctx context.Context, q db.Queryer, hash string, now int64) (link, error) {
	return db.One(ctx, q, func(s db.Scanner) (l link, err error) {
		err = s.Scan(&l.kind, &l.account, &l.createdBy, &l.expiresAt)
		return l, err
	}, `SELECT kind, coalesce(account, ''), created_by, expires_at FROM people_link WHERE hash = $1 AND used_at = 0 AND expires_at > $2`, hash, now)
}

func takeLink(ctx context.Context, tx *db.Tx, hash string) error {
	return db.Exec1(ctx, tx, `UPDATE people_link SET used_at = $2 WHERE hash = $1 AND used_at = 0 AND expires_at > $2`, hash, tx.Now())
}

// dropLinks makes older links of the same kind and account worthless.
func dropLinks(ctx context.Context, tx *db.Tx, kind string, account AccountID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM people_link WHERE kind = $1 AND coalesce(account, '') = $2 AND used_at = 0`, kind, account)
	return err
}

func scanToken(s db.Scanner) (x Token, err error) {
	var scopes string
	err = s.Scan(&x.ID, &x.Account, &x.Name, &scopes, &x.CreatedAt, &x.ExpiresAt, &x.LastUsed, &x.RevokedAt)
	x.Scopes = splitScopes(scopes)
	return x, err
}

const tokenColumns = `id, account, name, scopes, created_at, expires_at, last_used, revoked_at`

func insertToken(ctx context.Context, tx *db.Tx, x Token, hash, scopes string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_token (`+tokenColumns+`, hash) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)`,
		x.ID, x.Account, x.Name, scopes, x.CreatedAt, x.ExpiresAt, hash)
	return err
}

func tokensOf(ctx context.Context, q db.Queryer, account AccountID) ([]Token, error) {
	return db.All(ctx, q, scanToken, `SELECT `+tokenColumns+` FROM people_token WHERE account = $1 ORDER BY created_at DESC, id DESC`, account)
}

func tokenByHash(ctx context.Context, q db.Queryer, hash string, now int64) (Token, error) {
	return db.One(ctx, q, scanToken, `SELECT `+tokenColumns+` FROM people_token WHERE hash = $1 AND revoked_at = 0 AND (expires_at = 0 OR expires_at > $2)`, hash, now)
}

func touchToken(ctx context.Context, tx *db.Tx, id TokenID) error {
	_, err := tx.ExecContext(ctx, `UPDATE people_token SET last_used = $2 WHERE id = $1`, id, tx.Now())
	return err
}

func revokeToken(ctx context.Context, tx *db.Tx, account AccountID, id TokenID) error {
	return db.Exec1(ctx, tx, `UPDATE people_token SET revoked_at = $3 WHERE id = $1 AND account = $2 AND revoked_at = 0`, id, account, tx.Now())
}
