package people

import (
	"context"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/people/credential"
)

// A SecretState says how a secret and a database go together.
type SecretState string

// The states.
const (
	SecretFits  SecretState = "fits"  // it is the one the database was set up with
	SecretNew   SecretState = "new"   // the database knows of none yet, and nothing in it speaks against this one
	SecretWrong SecretState = "wrong" // the database was set up with another: with this one, second factors are refused
)

// JudgeSecret tells whether the installation's secret goes with the database. nil is no secret at
// all: then only a database that knows of none is well.
func JudgeSecret(ctx context.Context, d *db.DB, secret []byte) (SecretState, error) {
	known, err := fingerprint(ctx, d.Read())
	if err != nil {
		return "", err
	}
	var keys *credential.Keys
	if secret != nil {
		if keys, err = credential.NewKeys(secret); err != nil {
			return "", err
		}
	}
	switch {
	case known != "" && keys != nil && keys.Fingerprint() == known:
		return SecretFits, nil
	case known != "":
		return SecretWrong, nil
	}
	return judgeUnknown(ctx, d, keys)
}

// judgeUnknown judges by what a database of before the check value holds.
func judgeUnknown(ctx context.Context, d *db.DB, keys *credential.Keys) (SecretState, error) {
	n, err := SecondFactors(ctx, d)
	switch {
	case err != nil:
		return "", err
	case n == 0:
		return SecretNew, nil
	case keys == nil:
		return SecretWrong, nil
	}
	sealed, err := someSealed(ctx, d.Read())
	if err != nil {
		return "", err
	}
	for _, s := range sealed {
		if _, err := keys.Open(string(s.account), s.totp); err != nil {
			return SecretWrong, nil
		}
	}
	return SecretNew, nil
}

// BindSecret notes in a database that knows of no secret which one it goes with from now on, and
// judges again: of two nodes that start at the same time with a secret each, one is told that its
// own is wrong.
func BindSecret(ctx context.Context, d *db.DB, secret []byte) (SecretState, error) {
	keys, err := credential.NewKeys(secret)
	if err != nil {
		return "", err
	}
	err = d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		known, err := fingerprint(ctx, tx)
		if err != nil || known != "" {
			return err
		}
		return setFingerprint(ctx, tx, keys.Fingerprint())
	})
	if err != nil {
		return "", err
	}
	return JudgeSecret(ctx, d, secret)
}

// ReleaseSecret lets a database go with any secret again, as long as no second factor hangs on the
// one it knows; released tells whether it does now. A restored installation is so made ready for
// another machine.
func ReleaseSecret(ctx context.Context, d *db.DB) (released bool, err error) {
	n, err := SecondFactors(ctx, d)
	if err != nil || n > 0 {
		return false, err
	}
	return true, d.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return setFingerprint(ctx, tx, "") })
}

// SecondFactors counts what only the right secret can check: authenticators, and sheets of printed
// codes that still hold.
func SecondFactors(ctx context.Context, d *db.DB) (int, error) {
	accounts, err := factorAccounts(ctx, d.Read(), clock.Day(d.Clock().Now()))
	return len(accounts), err
}

// ResetAllFactors takes every authenticator, recovery code and printed sheet away, because the secret
// they hang on is lost, and has the database go with the service's own secret from now on. Each owner
// enrols anew at the next login, or is given a new sheet. It returns how many accounts lost something.
func (s *Service) ResetAllFactors(ctx context.Context) (accounts int, err error) {
	ctx, err = s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		ids, err := factorAccounts(ctx, tx, clock.Day(clock.FromMillis(tx.Now())))
		if err != nil {
			return err
		}
		accounts = len(ids)
		for _, id := range ids {
			if err := forgetFactors(ctx, tx, id); err != nil {
				return err
			}
		}
		return setFingerprint(ctx, tx, s.keys.Fingerprint())
	})
	return accounts, err
}

// forgetFactors takes one account's second factors away. Its tokens stay: they hang on no secret, and
// none was stolen.
func forgetFactors(ctx context.Context, tx *db.Tx, id AccountID) error {
	a, err := accountByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := setTOTP(ctx, tx, id, "", 0); err != nil {
		return err
	}
	if err := replaceRecovery(ctx, tx, id, nil); err != nil {
		return err
	}
	if err := revokeSheets(ctx, tx, id); err != nil {
		return err
	}
	if err := dropSessions(ctx, tx, id); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Action: "people.factor.reset", Kind: "account", ID: string(id), Label: a.Name, Note: "khóa bí mật của hệ thống đã mất"})
}
