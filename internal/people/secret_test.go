package people_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
)

var (
	rightSecret = bytes.Repeat([]byte{7}, 32) // the house's
	otherSecret = bytes.Repeat([]byte{8}, 32)
)

// judged checks how the right secret, another and none go with the house's database.
func (h *house) judged(right, other, none people.SecretState) {
	h.t.Helper()
	for _, c := range []struct {
		name   string
		secret []byte
		want   people.SecretState
	}{{"the right secret", rightSecret, right}, {"another secret", otherSecret, other}, {"no secret", nil, none}} {
		if got, err := people.JudgeSecret(context.Background(), h.db, c.secret); err != nil || got != c.want {
			h.t.Errorf("%s is judged %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

// enrolled makes an account with an authenticator.
func (h *house) enrolled(username string) (id people.AccountID, secret string) {
	h.t.Helper()
	id = h.account(username)
	h.grant(id, people.RoleClerk, department)
	o := h.in(from("10.0.0.1"), username)
	e, err := h.BeginTOTP(h.as(id))
	h.must(err)
	_, err = h.ConfirmTOTP(h.as(id), o.Token, code(h.t, e.Secret, -1))
	h.must(err)
	return id, e.Secret
}

// withSecret is the same house after somebody put another secret in place.
func (h *house) withSecret(secret []byte) *people.Service {
	h.t.Helper()
	policy, err := access.NewPolicy(h.clock, people.Rules())
	h.must(err)
	s, err := people.New(people.Deps{DB: h.db, Policy: policy, Secret: secret, Cost: credential.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	h.must(err)
	return s
}

func TestADatabaseKnowsItsSecret(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		h.judged(people.SecretNew, people.SecretNew, people.SecretNew)
		if state, err := people.BindSecret(ctx, h.db, rightSecret); err != nil || state != people.SecretFits {
			t.Fatalf("bound: %q, %v", state, err)
		}
		h.judged(people.SecretFits, people.SecretWrong, people.SecretWrong)
		if state, err := people.BindSecret(ctx, h.db, otherSecret); err != nil || state != people.SecretWrong {
			t.Errorf("a second node binds a secret of its own: %q, %v", state, err)
		}
		if released, err := people.ReleaseSecret(ctx, h.db); err != nil || !released {
			t.Errorf("nothing hangs on it: %t, %v", released, err)
		}
		h.judged(people.SecretNew, people.SecretNew, people.SecretNew)
	})
}

func TestASecretIsToldByWhatItSealed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enrolled("vanthu") // nobody noted the secret: a database of an earlier version
		h.judged(people.SecretNew, people.SecretWrong, people.SecretWrong)
		if released, err := people.ReleaseSecret(context.Background(), h.db); err != nil || released {
			t.Errorf("released with an authenticator: %t, %v", released, err)
		}
	})
}

func TestPrintedCodesHangOnTheSecretWhileTheyHold(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.account("diemthi")
		h.grant(id, people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: "site-1"})
		_, _, err := h.CreateCodeSheet(h.admin, id, "2021-07-06", "2021-07-08", 4)
		h.must(err)
		if n, err := people.SecondFactors(context.Background(), h.db); err != nil || n != 1 {
			t.Errorf("%d second factors, %v", n, err)
		}
		h.clock.Advance(3 * 24 * time.Hour)
		if n, err := people.SecondFactors(context.Background(), h.db); err != nil || n != 0 {
			t.Errorf("%d second factors after the exam, %v", n, err)
		}
	})
}

func TestALostSecretIsSaidAndEveryFactorIsGivenOutAnew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		id, secret := h.enrolled("vanthu")
		site := h.account("diemthi")
		h.grant(site, people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: "site-1"})
		_, printed, err := h.CreateCodeSheet(h.admin, site, "2021-07-06", "2021-07-08", 4)
		h.must(err)
		_, err = people.BindSecret(ctx, h.db, rightSecret)
		h.must(err)
		_, token, err := h.CreateToken(h.admin, id, "trang trường", nil, "")
		h.must(err)

		after := h.withSecret(otherSecret)
		o := h.in(from("10.0.0.1"), "vanthu")
		_, err = after.Prove(ctx, from("10.0.0.1"), o.Token, code(t, secret, 0))
		refused(t, err, fault.Invalid, "code")
		if text := fault.FieldsOf(err)[0].Message; !strings.Contains(text, "người quản trị") {
			t.Errorf("it does not say what to do: %q", text)
		}

		if n, err := after.ResetAllFactors(h.as(id)); err == nil {
			t.Errorf("a clerk took the factors of %d accounts away", n)
		}
		n, err := after.ResetAllFactors(h.admin)
		if err != nil || n != 2 {
			t.Fatalf("reset %d accounts, %v", n, err)
		}
		h.judged(people.SecretWrong, people.SecretFits, people.SecretWrong)
		if _, err := after.OpenSession(ctx, o.Token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a session goes on: %v", err)
		}
		if o, err := after.Login(ctx, from("10.0.0.1"), "vanthu", password); err != nil || o.Session.Stage != people.StageEnrol {
			t.Errorf("the next login leads to %q, %v", o.Session.Stage, err)
		}
		if _, _, err := after.UseToken(ctx, token); err != nil {
			t.Errorf("a token hangs on no secret: %v", err)
		}
		if o, err = h.Login(ctx, from("10.0.0.1"), "diemthi", password); err != nil {
			t.Fatal(err)
		}
		_, err = h.Prove(ctx, from("10.0.0.1"), o.Token, printed[0]) // by the old secret, were it found again
		refused(t, err, fault.Invalid, "code")
	})
}

func TestAnEnrolmentThatCannotBeOpenedBeginsAnew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.account("vanthu")
		h.grant(id, people.RoleClerk, department)
		before, err := h.BeginTOTP(h.as(id))
		h.must(err)
		after := h.withSecret(otherSecret)
		e, err := after.BeginTOTP(h.as(id))
		if err != nil || e.Secret == before.Secret {
			t.Fatalf("begun anew: %v", err)
		}
		o := h.in(from("10.0.0.1"), "vanthu")
		_, err = h.ConfirmTOTP(h.as(id), o.Token, code(t, e.Secret, 0)) // the other way round
		refused(t, err, fault.Conflict, "")
	})
}

func TestTheConsoleGivesAllFactorsOutAnew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enrolled("vanthu")
		out, err := h.run("user reset-factors", "")
		h.must(err)
		if !strings.Contains(out, "gone: 1;") {
			t.Errorf("printed %q", out)
		}
		n, err := db.One(context.Background(), h.db.Read(), func(s db.Scanner) (n int, err error) { return n, s.Scan(&n) },
			"SELECT count(*) FROM audit WHERE action = 'people.factor.reset'")
		if err != nil || n != 1 {
			t.Errorf("%d audit lines, %v", n, err)
		}
	})
}
