package people

import (
	"context"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

const accountColumns = `a.id, a.username, a.name, coalesce(a.unit, ''), a.email, a.phone, a.temporary, a.password <> '', a.totp <> '',
	a.disabled_at, a.disabled_why, a.last_login, a.version`

func scanAccount(s db.Scanner) (a Account, err error) {
	err = s.Scan(&a.ID, &a.Username, &a.Name, &a.Unit, &a.Email, &a.Phone, &a.Temporary, &a.HasPassword, &a.HasTOTP,
		&a.DisabledAt, &a.DisabledWhy, &a.LastLogin, &a.Version)
	return a, err
}

func accountByID(ctx context.Context, q db.Queryer, id AccountID) (Account, error) {
	a, err := db.One(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM people_account a WHERE a.id = $1`, id)
	return a, noAccount(err)
}

func accountByUsername(ctx context.Context, q db.Queryer, username string) (Account, error) {
	a, err := db.One(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM people_account a WHERE a.username = $1`, username)
	return a, noAccount(err)
}

func noAccount(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "Không có tài khoản này.")
	}
	return err
}

func listAccounts(ctx context.Context, q db.Queryer, w AccountQuery, now int64) ([]Account, error) {
	return db.All(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM people_account a
		WHERE ($1 = '' OR a.fold LIKE '%' || $1 || '%' OR a.username LIKE '%' || $1 || '%')
		AND ($2 = '' OR EXISTS (SELECT 1 FROM people_grant g WHERE g.account = a.id AND g.role = $2 AND g.revoked_at = 0
			AND g.valid_from <= $3 AND (g.valid_until = 0 OR g.valid_until > $3)))
		AND ($4 = '' OR a.unit = $4)
		AND ($5 = '' OR (a.sort, a.id) > (SELECT b.sort, b.id FROM people_account b WHERE b.id = $5))
		ORDER BY a.sort, a.id LIMIT $6`, text.Fold(w.Search), string(w.Role), now, string(w.Unit), w.After, w.Limit)
}

func accountsWithoutPassword(ctx context.Context, q db.Queryer, limit int) ([]Account, error) {
	return db.All(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM people_account a WHERE a.password = '' AND a.disabled_at = 0 ORDER BY a.sort, a.id LIMIT $1`, limit)
}

func insertAccount(ctx context.Context, tx *db.Tx, id AccountID, f AccountForm) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_account (id, username, name, sort, fold, unit, email, phone, password, password_at, temporary,
		totp, totp_new, totp_step, disabled_at, disabled_why, created_at, last_login, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, false, '', '', 0, 0, '', $9, 0, 1)`,
		id, f.Username, f.Name, text.NameKey(f.Name), text.Fold(f.Name), null(f.Unit), f.Email, f.Phone, tx.Now())
	return err
}

func updateAccount(ctx context.Context, tx *db.Tx, id AccountID, version int, f AccountForm) error {
	return db.Exec1(ctx, tx, `UPDATE people_account SET name = $3, sort = $4, fold = $5, unit = $6, email = $7, phone = $8, version = version + 1
		WHERE id = $1 AND version = $2`, id, version, f.Name, text.NameKey(f.Name), text.Fold(f.Name), null(f.Unit), f.Email, f.Phone)
}

func setDisabled(ctx context.Context, tx *db.Tx, id AccountID, at int64, why string) error {
	return db.Exec1(ctx, tx, `UPDATE people_account SET disabled_at = $2, disabled_why = $3, version = version + 1 WHERE id = $1`, id, at, why)
}

func setPassword(ctx context.Context, tx *db.Tx, id AccountID, hash string, temporary bool) error {
	return db.Exec1(ctx, tx, `UPDATE people_account SET password = $2, password_at = $3, temporary = $4, totp_new = '', version = version + 1 WHERE id = $1`,
		id, hash, tx.Now(), temporary)
}

// renewPassword stores the same password hashed at a higher cost, unless it was changed meanwhile.
func renewPassword(ctx context.Context, tx *db.Tx, id AccountID, old, hash string) error {
	_, err := tx.ExecContext(ctx, `UPDATE people_account SET password = $3 WHERE id = $1 AND password = $2`, id, old, hash)
	return err
}

func setTOTP(ctx context.Context, tx *db.Tx, id AccountID, sealed string, step int64) error {
	return db.Exec1(ctx, tx, `UPDATE people_account SET totp = $2, totp_new = '', totp_step = $3, version = version + 1 WHERE id = $1`, id, sealed, step)
}

func setTOTPNew(ctx context.Context, tx *db.Tx, id AccountID, sealed string) error {
	return db.Exec1(ctx, tx, `UPDATE people_account SET totp_new = $2 WHERE id = $1`, id, sealed)
}

// takeStep records that the authenticator's code of a step was used; fault.Conflict when that step
// or a later one was used before, also at the same moment elsewhere.
func takeStep(ctx context.Context, tx *db.Tx, id AccountID, step int64) error {
	return db.Exec1(ctx, tx, `UPDATE people_account SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, id, step)
}

// secrets are the columns that never leave this package.
type secrets struct {
	password      string
	totp, totpNew string
	totpStep      int64
}

func secretsOf(ctx context.Context, q db.Queryer, id AccountID) (secrets, error) {
	return db.One(ctx, q, func(s db.Scanner) (x secrets, err error) {
		err = s.Scan(&x.password, &x.totp, &x.totpNew, &x.totpStep)
		return x, err
	}, `SELECT password, totp, totp_new, totp_step FROM people_account WHERE id = $1`, id)
}

func setLastLogin(ctx context.Context, tx *db.Tx, id AccountID) error {
	_, err := tx.ExecContext(ctx, `UPDATE people_account SET last_login = $2 WHERE id = $1`, id, tx.Now())
	return err
}

func replaceRecovery(ctx context.Context, tx *db.Tx, id AccountID, hashes []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM people_recovery WHERE account = $1`, id); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.ExecContext(ctx, `INSERT INTO people_recovery (hash, account, used_at) VALUES ($1, $2, 0)`, h, id); err != nil {
			return err
		}
	}
	return nil
}

// takeRecovery uses up a recovery code; fault.Conflict when there is none such unused.
func takeRecovery(ctx context.Context, tx *db.Tx, id AccountID, hash string) error {
	return db.Exec1(ctx, tx, `UPDATE people_recovery SET used_at = $3 WHERE hash = $1 AND account = $2 AND used_at = 0`, hash, id, tx.Now())
}

func countRecovery(ctx context.Context, q db.Queryer, id AccountID) (int, error) {
	return count(ctx, q, `SELECT count(*) FROM people_recovery WHERE account = $1 AND used_at = 0`, id)
}

func count(ctx context.Context, q db.Queryer, query string, args ...any) (n int, err error) {
	err = q.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

func countUnit(ctx context.Context, q db.Queryer, id UnitID) (int, error) {
	return count(ctx, q, `SELECT count(*) FROM people_unit WHERE id = $1`, id)
}

// countAdmins counts who could still give rights: enabled, with a standing grant as administrator.
func countAdmins(ctx context.Context, q db.Queryer, now int64) (int, error) {
	return count(ctx, q, `SELECT count(DISTINCT a.id) FROM people_account a JOIN people_grant g ON g.account = a.id
		WHERE a.disabled_at = 0 AND g.role = $1 AND g.revoked_at = 0 AND g.valid_from <= $2 AND (g.valid_until = 0 OR g.valid_until > $2)`,
		string(RoleAdmin), now)
}

const grantColumns = `g.id, g.account, g.role, g.scope, g.scope_id, g.valid_from, g.valid_until, g.note, g.granted_by, g.granted_at, g.revoked_by, g.revoked_at`

func scanGrant(s db.Scanner) (g Grant, err error) {
	err = s.Scan(&g.ID, &g.Account, &g.Role, &g.Scope.Kind, &g.Scope.ID, &g.From, &g.Until, &g.Note, &g.GrantedBy, &g.GrantedAt, &g.RevokedBy, &g.RevokedAt)
	return g, err
}

func grantsOf(ctx context.Context, q db.Queryer, id AccountID) ([]Grant, error) {
	return db.All(ctx, q, scanGrant, `SELECT `+grantColumns+` FROM people_grant g WHERE g.account = $1 ORDER BY g.granted_at DESC, g.id DESC`, id)
}

// grantsAt gives the standing grants of a scope that are valid at some time of a span, by their people.
func grantsAt(ctx context.Context, q db.Queryer, scope access.Scope, from, until int64) ([]Grant, error) {
	return db.All(ctx, q, scanGrant, `SELECT `+grantColumns+` FROM people_grant g JOIN people_account a ON a.id = g.account
		WHERE g.scope = $1 AND g.scope_id = $2 AND g.revoked_at = 0 AND g.valid_from < $4 AND (g.valid_until = 0 OR g.valid_until > $3) ORDER BY a.sort, a.id, g.role`,
		string(scope.Kind), scope.ID, from, until)
}

func grantByID(ctx context.Context, q db.Queryer, id GrantID) (Grant, error) {
	return db.One(ctx, q, scanGrant, `SELECT `+grantColumns+` FROM people_grant g WHERE g.id = $1`, id)
}

func insertGrant(ctx context.Context, tx *db.Tx, g Grant) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_grant (id, account, role, scope, scope_id, valid_from, valid_until, note, granted_by, granted_at, revoked_by, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0)`,
		g.ID, g.Account, string(g.Role), string(g.Scope.Kind), g.Scope.ID, g.From, g.Until, g.Note, g.GrantedBy, g.GrantedAt)
	return err
}

func revokeGrant(ctx context.Context, tx *db.Tx, id GrantID, by string) error {
	return db.Exec1(ctx, tx, `UPDATE people_grant SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at = 0`, id, tx.Now(), by)
}

func holders(ctx context.Context, q db.Queryer, role access.Role, scope access.Scope, now int64) ([]Account, error) {
	return db.All(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM people_account a WHERE a.disabled_at = 0
		AND EXISTS (SELECT 1 FROM people_grant g WHERE g.account = a.id AND g.role = $1 AND g.revoked_at = 0
			AND g.valid_from <= $2 AND (g.valid_until = 0 OR g.valid_until > $2)
			AND ($3 = '' OR g.scope IN ('department', 'council') OR (g.scope = $4 AND g.scope_id = $3)))
		ORDER BY a.sort, a.id`, string(role), now, scope.ID, string(scope.Kind))
}
