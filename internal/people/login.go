package people

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people/credential"
)

// A Stage is what is still due before a session has its account's rights.
type Stage string

// The stages, in the order they are asked for.
const (
	StageSecond   Stage = "second"   // show the second factor
	StagePassword Stage = "password" // change the password that somebody else gave
	StageEnrol    Stage = "enrol"    // enrol an authenticator, which a role asks for
	StageFull     Stage = "full"     // nothing: all rights count
)

// An Opened session is what the browser gets. Token and Device go into cookies and nowhere else.
type Opened struct {
	Token   string
	Device  string // stays in the browser after logging out; gives no right
	Session Session
}

var errLogin = fault.New(fault.Invalid, "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra bộ gõ và phím Caps Lock rồi nhập lại.")

// Login opens a session for who knows the password. The session may still have something due; see
// [Stage].
//
// It returns fault.Invalid, with the same words and after the same time whether the account does not
// exist, is disabled, or the password is wrong, and fault.Busy while tries are being slowed.
//
// Source: L-17.
func (s *Service) Login(ctx context.Context, c Client, username, password string) (Opened, error) {
	username = cleanUsername(username)
	a, err := accountByUsername(ctx, s.db.Read(), username)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Opened{}, err
	}
	try, err := s.chargeLogin(ctx, c, username, a.ID)
	if err != nil {
		return Opened{}, err
	}
	x, err := secretsOf(ctx, s.db.Read(), a.ID) // asked also for an unknown account: it answers as late
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Opened{}, err
	}
	ok, renew, err := s.hasher.Check(ctx, x.password, password)
	if err != nil {
		return Opened{}, err
	}
	if !ok || a.DisabledAt != 0 {
		slog.InfoContext(ctx, "login refused", "account", a.ID, "disabled", a.DisabledAt != 0)
		return Opened{}, errLogin
	}
	newHash := ""
	if renew {
		if newHash, err = s.hasher.Hash(ctx, password); err != nil {
			return Opened{}, err
		}
	}
	var opened Opened
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if newHash != "" {
			if err := renewPassword(ctx, tx, a.ID, x.password, newHash); err != nil {
				return err
			}
		}
		opened, err = s.openSession(ctx, tx, c, a, NoProof, "")
		if err != nil {
			return err
		}
		return try.refund(ctx, tx, opened.Session.Stage != StageSecond)
	})
	return opened, err
}

// A Proof is the second factor that was shown in a session.
type Proof string

// The proofs.
const (
	NoProof       Proof = ""
	ProofTOTP     Proof = "totp"
	ProofRecovery Proof = "recovery"
	ProofPrinted  Proof = "printed"
)

var errCode = fault.Fields(fault.Field{Name: "code", Message: "Mã chưa đúng hoặc đã dùng. Hãy lấy mã mới trên ứng dụng, hoặc dùng mã tiếp theo trên phiếu."})

// errUnreadable is for who typed a right code that nobody can check any more: the account's
// authenticator was enrolled under another secret of the installation.
var errUnreadable = fault.Fields(fault.Field{Name: "code", Message: "Máy chủ không đọc được ứng dụng xác thực đã đăng ký của tài khoản này nên không kiểm tra được mã. " +
	"Hãy báo người quản trị bấm “Gỡ ứng dụng xác thực”, rồi đăng nhập và đăng ký lại."})

// Prove shows the second factor in a session that waits for it: the authenticator's six digits, a
// recovery code, or a code from a printed sheet valid today. The session gets a new token.
//
// It returns fault.Invalid with field "code", fault.Busy while tries are being slowed, and
// fault.Unauthenticated when the session has ended.
//
// Source: L-17; domain.md 0.4.
func (s *Service) Prove(ctx context.Context, c Client, token, code string) (Opened, error) {
	old, err := s.OpenSession(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	a, err := accountByID(ctx, s.db.Read(), old.Account)
	if err != nil {
		return Opened{}, err
	}
	try, err := s.chargeFactor(ctx, "factor", a.ID)
	if err != nil {
		return Opened{}, err
	}
	var opened Opened
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		proof, site, err := s.takeProof(ctx, tx, a, code)
		if err != nil {
			return err
		}
		if err := endSession(ctx, tx, a.ID, old.ID); err != nil {
			return err
		}
		if opened, err = s.openSession(ctx, tx, c, a, proof, site); err != nil {
			return err
		}
		if err := s.gotIn(ctx, tx, c, a); err != nil {
			return err
		}
		return try.refund(ctx, tx, true)
	})
	return opened, err
}

// gotIn notes that an account got in from an address after its second factor.
func (s *Service) gotIn(ctx context.Context, tx *db.Tx, c Client, a Account) error {
	address, account := s.keys.Sum("throttle address", "", c.place()), s.keys.Sum("throttle account", "", a.Username)
	if err := addressFailed(ctx, tx, address, account); err != nil {
		return err
	}
	return addressSucceeded(ctx, tx, address, account, true)
}

// takeProof uses up the code, whichever kind it is; site is what a printed one was printed for.
func (s *Service) takeProof(ctx context.Context, tx *db.Tx, a Account, code string) (proof Proof, site string, err error) {
	x, err := secretsOf(ctx, tx, a.ID)
	if err != nil {
		return NoProof, "", err
	}
	wrong := errCode
	secret := ""
	if x.totp != "" {
		if secret, err = s.keys.Open(string(a.ID), x.totp); err != nil {
			slog.ErrorContext(ctx, "authenticator cannot be opened", "account", a.ID, "error", err)
			wrong = errUnreadable // a recovery code or a printed one may still be right
		}
	}
	if secret != "" {
		// The authenticator follows the real time, also while a rehearsal moves the program's clock.
		if step, ok := credential.CheckTOTP(secret, code, (*clock.Clock)(nil).Now(), x.totpStep); ok {
			if err := takeStep(ctx, tx, a.ID, step); fault.Is(err, fault.Conflict) {
				return NoProof, "", errCode
			} else if err != nil {
				return NoProof, "", err
			}
			return ProofTOTP, "", nil
		}
	}
	clean, ok := credential.CleanCode(code)
	if !ok {
		return NoProof, "", wrong
	}
	site, err = takeCode(ctx, tx, a.ID, s.codeSum(a.ID, clean), clock.Day(clock.FromMillis(tx.Now())))
	if err == nil {
		return ProofPrinted, site, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return NoProof, "", err
	}
	if x.totp != "" {
		err = takeRecovery(ctx, tx, a.ID, s.recoverySum(a.ID, clean))
		if err == nil {
			return ProofRecovery, "", audit.Write(access.With(ctx, access.Actor{Person: string(a.ID), Name: a.Name}), tx,
				audit.Entry{Action: "people.recovery.use", Kind: "account", ID: string(a.ID), Label: a.Name})
		}
		if !fault.Is(err, fault.Conflict) {
			return NoProof, "", err
		}
	}
	return NoProof, "", wrong
}

func (s *Service) codeSum(id AccountID, code string) string {
	return s.keys.Sum("printed code", string(id), code)
}

func (s *Service) recoverySum(id AccountID, code string) string {
	return s.keys.Sum("recovery code", string(id), code)
}

// openSession writes a new session and, when nothing but the enrolment is due, the audit line of the
// login and the browser as one the account has used.
func (s *Service) openSession(ctx context.Context, tx *db.Tx, c Client, a Account, proof Proof, site string) (Opened, error) {
	opened := Opened{Token: credential.NewToken(), Device: c.Device}
	if opened.Device == "" {
		opened.Device = credential.NewToken()
	}
	grants, err := grantsOf(ctx, tx, a.ID)
	if err != nil {
		return Opened{}, err
	}
	idle, absolute := s.life.Idle, s.life.Absolute
	if slices.ContainsFunc(grants, func(g Grant) bool { return g.Valid(tx.Now()) && s.factors[g.Role] == PrintedCode }) {
		idle, absolute = s.life.SiteIdle, s.life.SiteAbsolute
	}
	row := sessionRow{Session: Session{ID: SessionID(db.NewID()), Account: a.ID, CreatedAt: tx.Now(), SeenAt: tx.Now(),
		ExpiresAt: tx.Now() + absolute.Milliseconds(), Address: c.Address, Agent: cut(clean(c.Agent), 200), Proof: proof, Site: site},
		hash: credential.TokenSum(opened.Token), idle: idle.Milliseconds(), device: s.deviceSum(opened.Device)}
	if proof == ProofPrinted { // a sheet is for days
		row.ExpiresAt = min(row.ExpiresAt, clock.Millis(nextDay(tx.Now())))
	}
	if err := insertSession(ctx, tx, row); err != nil {
		return Opened{}, err
	}
	opened.Session = row.Session
	if err := s.fill(ctx, tx, &opened.Session, a); err != nil {
		return Opened{}, err
	}
	if opened.Session.Stage == StageSecond {
		return opened, nil
	}
	if err := putDevice(ctx, tx, row.device, a.ID); err != nil {
		return Opened{}, err
	}
	if err := setLastLogin(ctx, tx, a.ID); err != nil {
		return Opened{}, err
	}
	return opened, audit.Write(access.With(ctx, access.Actor{Person: string(a.ID), Name: a.Name, Username: a.Username}), tx,
		audit.Entry{Action: "people.login", Kind: "account", ID: string(a.ID), Label: a.Name, Data: map[string]string{"proof": string(proof)}})
}

// stage tells what is still due, from what the account holds now: a grant that begins during a
// session asks for its second factor then.
func (s *Service) stage(a Account, grants []Grant, proof Proof, now int64, sheet bool) Stage {
	var totp, printed bool
	for _, g := range grants {
		if g.Valid(now) {
			totp = totp || s.factors[g.Role] == Authenticator
			printed = printed || s.factors[g.Role] == PrintedCode
		}
	}
	due := proof == NoProof && (totp || printed || a.HasTOTP)
	switch {
	case due && (a.HasTOTP || sheet || printed && !totp):
		return StageSecond
	case a.Temporary:
		return StagePassword
	case due:
		return StageEnrol
	}
	return StageFull
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// nextDay gives the beginning of the Vietnamese day after an instant.
func nextDay(ms int64) time.Time {
	t := clock.Local(clock.FromMillis(ms))
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
}
