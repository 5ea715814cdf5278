package people

import (
	"context"
	"html/template"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people/credential"
)

// An Enrolment is a new authenticator before its owner has shown that it works.
type Enrolment struct {
	Secret string        // to be typed where the picture cannot be scanned
	QR     template.HTML // the same as a square code
}

// BeginTOTP gives the asker's new authenticator. Until [Service.ConfirmTOTP] the old one, if any,
// keeps working. Asking again before confirming gives the same secret: reloading a page loses nothing.
func (s *Service) BeginTOTP(ctx context.Context) (Enrolment, error) {
	me, err := self(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	var e Enrolment
	var username string
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, me)
		if err != nil {
			return err
		}
		username = a.Username
		x, err := secretsOf(ctx, tx, me)
		if err != nil {
			return err
		}
		if x.totpNew != "" {
			if e.Secret, err = s.keys.Open(string(me), x.totpNew); err == nil {
				return nil
			}
			slog.WarnContext(ctx, "enrolment cannot be opened, beginning anew", "account", me, "error", err)
		}
		if e.Secret, err = credential.NewTOTP(); err != nil {
			return err
		}
		return setTOTPNew(ctx, tx, me, s.keys.Seal(string(me), e.Secret))
	})
	if err != nil {
		return Enrolment{}, err
	}
	address, err := credential.TOTPAddress(s.issuer, username, e.Secret)
	if err != nil {
		return Enrolment{}, err
	}
	e.QR, err = credential.QR(address, "Mã vuông để quét bằng ứng dụng xác thực")
	return e, err
}

var errProveFirst = fault.New(fault.Denied, "Hãy nhập mã xác thực của lần đăng nhập này trước.")

// recoveryCodes is how many ways in a lost telephone leaves.
const recoveryCodes = 10

// ConfirmTOTP makes the new authenticator the account's second factor, because the code shows that it
// works, and gives recovery codes that are shown once. The session of token counts as proven.
//
// It returns fault.Invalid with field "code", fault.Busy while tries are being slowed.
func (s *Service) ConfirmTOTP(ctx context.Context, token, code string) ([]string, error) {
	mine, err := s.OpenSession(ctx, token)
	if err != nil {
		return nil, err
	}
	if mine.Stage == StageSecond {
		return nil, errProveFirst
	}
	try, err := s.chargeFactor(ctx, "factor", mine.Account)
	if err != nil {
		return nil, err
	}
	var codes []string
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := secretsOf(ctx, tx, mine.Account)
		if err != nil {
			return err
		}
		if x.totpNew == "" {
			return fault.New(fault.Conflict, "Chưa có mã vuông để xác nhận. Hãy mở lại trang này.")
		}
		secret, err := s.keys.Open(string(mine.Account), x.totpNew)
		if err != nil {
			return fault.New(fault.Conflict, "Mã vuông này không dùng được nữa. Hãy mở lại trang để lấy mã vuông mới: %w", err)
		}
		step, ok := credential.CheckTOTP(secret, code, (*clock.Clock)(nil).Now(), 0)
		if !ok {
			return fault.Fields(fault.Field{Name: "code", Message: "Mã chưa đúng. Hãy kiểm tra giờ của điện thoại rồi nhập sáu chữ số đang hiện."})
		}
		if err := setTOTP(ctx, tx, mine.Account, x.totpNew, step); err != nil {
			return err
		}
		if codes, err = s.newRecovery(ctx, tx, mine.Account); err != nil {
			return err
		}
		if err := setProof(ctx, tx, mine.ID, ProofTOTP); err != nil {
			return err
		}
		if err := try.refund(ctx, tx, true); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.factor.enrol", Kind: "account", ID: string(mine.Account), Label: mine.Actor.Name})
	})
	return codes, err
}

// NewRecoveryCodes gives the asker fresh recovery codes, shown once; the earlier ones stop working.
// It wants a session with a second factor shown.
func (s *Service) NewRecoveryCodes(ctx context.Context, token string) ([]string, error) {
	mine, err := s.OpenSession(ctx, token)
	if err != nil {
		return nil, err
	}
	if mine.Proof == NoProof {
		return nil, errProveFirst
	}
	var codes []string
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if codes, err = s.newRecovery(ctx, tx, mine.Account); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.recovery.new", Kind: "account", ID: string(mine.Account), Label: mine.Actor.Name})
	})
	return codes, err
}

func (s *Service) newRecovery(ctx context.Context, tx *db.Tx, id AccountID) ([]string, error) {
	codes, hashes := s.newCodes(recoveryCodes, func(code string) string { return s.recoverySum(id, code) })
	return codes, replaceRecovery(ctx, tx, id, hashes)
}

// newCodes gives n different codes as printed and as stored.
func (s *Service) newCodes(n int, sum func(string) string) (codes, hashes []string) {
	for len(codes) < n {
		code := credential.NewCode()
		bare, ok := credential.CleanCode(code)
		if !ok || slices.Contains(codes, code) {
			continue
		}
		codes, hashes = append(codes, code), append(hashes, sum(bare))
	}
	return codes, hashes
}

// FactorState tells the asker about their own second factor.
type FactorState struct {
	Enrolled bool // an authenticator works
	Recovery int  // recovery codes left
	Wanted   bool // a role of theirs asks for an authenticator
}

// MyFactor gives the state of the asker's second factor.
func (s *Service) MyFactor(ctx context.Context) (FactorState, error) {
	me, err := self(ctx)
	if err != nil {
		return FactorState{}, err
	}
	a, err := accountByID(ctx, s.db.Read(), me)
	if err != nil {
		return FactorState{}, err
	}
	n, err := countRecovery(ctx, s.db.Read(), me)
	if err != nil {
		return FactorState{}, err
	}
	grants, err := grantsOf(ctx, s.db.Read(), me)
	now := s.db.Clock().Millis()
	wanted := slices.ContainsFunc(grants, func(g Grant) bool { return g.Valid(now) && s.factors[g.Role] == Authenticator })
	return FactorState{Enrolled: a.HasTOTP, Recovery: n, Wanted: wanted}, err
}

// A CodeSheet is a sheet of printed one-time codes for an account that works where telephones are
// forbidden.
type CodeSheet struct {
	ID                SheetID
	Account           AccountID
	FirstDay, LastDay string // Vietnamese days, both included
	CreatedBy         string
	CreatedAt         int64
	RevokedAt         int64 // 0 while it stands
	Count, Used       int
	Site              string // the exam site of whose envelope it is: its codes open nothing else; "" = any of the account's
}

// Bounds of a sheet: one A4 page, one exam.
const (
	maxSheetCodes = 60
	maxSheetDays  = 31
)

// CreateCodeSheet makes a sheet of n codes for an account with a site role. The codes are given once,
// for printing, "XXXX-XXXX" in the order of their numbers; only keyed hashes are kept.
//
// It returns fault.Invalid with fields "first_day", "last_day", "count", and fault.Conflict for an
// account without a site role.
//
// Source: L-17; domain.md 0.4; P-6.
func (s *Service) CreateCodeSheet(ctx context.Context, id AccountID, firstDay, lastDay string, n int) (CodeSheet, []string, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return CodeSheet{}, nil, err
	}
	if err := checkSheet(firstDay, lastDay, n); err != nil {
		return CodeSheet{}, nil, err
	}
	codes, hashes := s.newCodes(n, func(code string) string { return s.codeSum(id, code) })
	sheet := CodeSheet{ID: SheetID(db.NewID()), Account: id, FirstDay: firstDay, LastDay: lastDay, CreatedBy: access.From(ctx).Name, Count: n}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, id)
		if err != nil {
			return err
		}
		grants, err := grantsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(grants, func(g Grant) bool { return g.RevokedAt == 0 && s.factors[g.Role] == PrintedCode }) {
			return fault.New(fault.Conflict, "Chỉ tài khoản có vai trò ở Điểm thi mới dùng phiếu mã in. Hãy giao vai trò trước.")
		}
		sheet.CreatedAt = tx.Now()
		if err := insertSheet(ctx, tx, sheet, hashes); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.codes.print", Kind: "account", ID: string(id), Label: a.Name,
			Data: map[string]string{"from": firstDay, "to": lastDay, "count": strconv.Itoa(n)}})
	})
	return sheet, codes, err
}

func checkSheet(firstDay, lastDay string, n int) error {
	var wrong []fault.Field
	first, err1 := time.Parse(time.DateOnly, firstDay)
	last, err2 := time.Parse(time.DateOnly, lastDay)
	if err1 != nil {
		wrong = append(wrong, fault.Field{Name: "first_day", Message: "Hãy nhập ngày đầu tiên dùng được mã. Ví dụ: 06/7/2021."})
	}
	switch {
	case err2 != nil:
		wrong = append(wrong, fault.Field{Name: "last_day", Message: "Hãy nhập ngày cuối cùng dùng được mã. Ví dụ: 08/7/2021."})
	case err1 == nil && last.Before(first):
		wrong = append(wrong, fault.Field{Name: "last_day", Message: "Ngày cuối phải từ ngày đầu trở đi."})
	case err1 == nil && last.Sub(first) > maxSheetDays*24*time.Hour:
		wrong = append(wrong, fault.Field{Name: "last_day", Message: "Một phiếu dùng được nhiều nhất " + strconv.Itoa(maxSheetDays) + " ngày."})
	}
	if n < 1 || n > maxSheetCodes {
		wrong = append(wrong, fault.Field{Name: "count", Message: "Mỗi phiếu có từ 1 đến " + strconv.Itoa(maxSheetCodes) + " mã."})
	}
	return fault.Fields(wrong...)
}

// A SiteSheet is the sheet of one person in a site's envelope, with the codes, which are given once.
type SiteSheet struct {
	Site    string
	Account Account
	Roles   []string // in words
	Sheet   CodeSheet
	Codes   []string
}

// CreateSiteSheets makes a sheet of n codes for each person with a role at each of the sites on some of
// the days: the sites' envelopes. A code of it opens a session of that site only, until the day's end.
// revoke makes earlier envelopes of these sites for these days worthless. All sheets are made, or none.
//
// It returns fault.Invalid with fields "first_day", "last_day", "count", and "sites" when there is none
// or one of them has nobody.
//
// Source: L-17; domain.md 0.4, 6.5.
func (s *Service) CreateSiteSheets(ctx context.Context, sites []string, firstDay, lastDay string, n int, revoke bool) ([]SiteSheet, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return nil, err
	}
	if err := checkSheet(firstDay, lastDay, n); err != nil {
		return nil, err
	}
	if len(sites) == 0 {
		return nil, fault.Fields(fault.Field{Name: "sites", Message: "Hãy chọn ít nhất một điểm thi."})
	}
	var all []SiteSheet
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		all = nil
		names, err := s.scopeChoices(ctx, tx, access.Site)
		if err != nil {
			return err
		}
		for _, site := range sites {
			name := site
			if i := slices.IndexFunc(names, func(n Named) bool { return n.ID == site }); i >= 0 {
				name = names[i].Name
			}
			if revoke {
				if err := revokeSiteSheets(ctx, tx, site, firstDay, lastDay); err != nil {
					return err
				}
			}
			made, err := s.siteSheets(ctx, tx, site, name, firstDay, lastDay, n)
			if err != nil {
				return err
			}
			if len(made) == 0 {
				return fault.Fields(fault.Field{Name: "sites", Message: "Chưa có ai được giao vai trò ở " + name + " trong những ngày này. Hãy giao vai trò Thư ký, Trưởng điểm trước, hoặc bỏ chọn điểm thi."})
			}
			all = append(all, made...)
		}
		return nil
	})
	return all, err
}

// siteSheets makes the sheets of one site.
func (s *Service) siteSheets(ctx context.Context, tx *db.Tx, site, name, firstDay, lastDay string, n int) ([]SiteSheet, error) {
	from, err := time.ParseInLocation(time.DateOnly, firstDay, clock.Zone)
	if err != nil {
		return nil, err
	}
	until, err := time.ParseInLocation(time.DateOnly, lastDay, clock.Zone)
	if err != nil {
		return nil, err
	}
	grants, err := grantsAt(ctx, tx, access.Scope{Kind: access.Site, ID: site}, clock.Millis(from), clock.Millis(until.AddDate(0, 0, 1)))
	if err != nil {
		return nil, err
	}
	var made []SiteSheet
	for _, g := range grants {
		if i := slices.IndexFunc(made, func(m SiteSheet) bool { return m.Account.ID == g.Account }); i >= 0 {
			made[i].Roles = append(made[i].Roles, RoleTitle(g.Role))
			continue
		}
		a, err := accountByID(ctx, tx, g.Account)
		if err != nil {
			return nil, err
		}
		if a.DisabledAt == 0 {
			made = append(made, SiteSheet{Site: site, Account: a, Roles: []string{RoleTitle(g.Role)}})
		}
	}
	for i := range made {
		m := &made[i]
		var hashes []string
		m.Codes, hashes = s.newCodes(n, func(code string) string { return s.codeSum(m.Account.ID, code) })
		m.Sheet = CodeSheet{ID: SheetID(db.NewID()), Account: m.Account.ID, FirstDay: firstDay, LastDay: lastDay, CreatedBy: access.From(ctx).Name, CreatedAt: tx.Now(), Count: n, Site: site}
		if err := insertSheet(ctx, tx, m.Sheet, hashes); err != nil {
			return nil, err
		}
		if err := audit.Write(ctx, tx, audit.Entry{Action: "people.codes.print", Kind: "account", ID: string(m.Account.ID), Label: m.Account.Name,
			Data: map[string]string{"from": firstDay, "to": lastDay, "count": strconv.Itoa(n), "place": name}}); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// CodeSheets gives an account's sheets, newest first; the codes themselves cannot be shown again.
func (s *Service) CodeSheets(ctx context.Context, id AccountID) ([]CodeSheet, error) {
	if err := s.policy.Check(ctx, ActPeopleRead, access.Place{}); err != nil {
		return nil, err
	}
	return sheetsOf(ctx, s.db.Read(), id)
}

// RevokeCodeSheet makes a lost sheet worthless.
func (s *Service) RevokeCodeSheet(ctx context.Context, account AccountID, id SheetID) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, account)
		if err != nil {
			return err
		}
		if err := revokeSheet(ctx, tx, account, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.codes.revoke", Kind: "account", ID: string(account), Label: a.Name})
	})
}
