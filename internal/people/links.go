package people

import (
	"context"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people/credential"
)

// How long one-time links work.
const (
	firstLinkLife    = 24 * time.Hour
	passwordLinkLife = 72 * time.Hour // handed over on paper, over a week-end
)

var errLink = fault.New(fault.Gone, "Đường dẫn này đã dùng, đã hết hạn hoặc bị gõ thiếu. Hãy xin người quản trị một đường dẫn mới.")

// FirstAdminLink gives the token of the one-time link that makes the first administrator, for the
// console at start; "" once there is an administrator. Each start makes earlier tokens worthless.
func (s *Service) FirstAdminLink(ctx context.Context) (string, error) {
	token := credential.NewToken()
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := countAdmins(ctx, tx, tx.Now())
		if err != nil {
			return err
		}
		if err := dropLinks(ctx, tx, "first", ""); err != nil {
			return err
		}
		if n > 0 {
			token = ""
			return nil
		}
		return insertLink(ctx, tx, credential.TokenSum(token), link{kind: "first", expiresAt: tx.Now() + firstLinkLife.Milliseconds()})
	})
	return token, err
}

// CreateFirstAdmin makes the first administrator with the console's token, once, and logs in.
//
// It returns fault.Gone when the token is used, expired or an administrator exists, and fault.Invalid
// with fields username, name, password.
func (s *Service) CreateFirstAdmin(ctx context.Context, c Client, token string, f AccountForm, password string) (Opened, error) {
	if _, err := s.readLink(ctx, token, "first"); err != nil {
		return Opened{}, err
	}
	hash, weak := s.hashPassword(ctx, Account{Username: cleanUsername(f.Username), Name: f.Name}, password, "password")
	if weak != nil && !fault.Is(weak, fault.Invalid) {
		return Opened{}, weak
	}
	ctx = access.System(ctx, "Khởi tạo hệ thống")
	var opened Opened
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.createAccount(ctx, tx, f)
		if err := joinFields(err, weak); err != nil {
			return err
		}
		if n, err := countAdmins(ctx, tx, tx.Now()); err != nil {
			return err
		} else if n > 0 {
			return errLink
		}
		if err := takeLink(ctx, tx, credential.TokenSum(token)); fault.Is(err, fault.Conflict) {
			return errLink
		} else if err != nil {
			return err
		}
		if err := setPassword(ctx, tx, id, hash, false); err != nil {
			return err
		}
		_, err = s.grantRole(ctx, tx, GrantForm{Account: id, Role: RoleAdmin, Scope: access.Scope{Kind: access.Department}, Note: "Quản trị đầu tiên"})
		if err != nil {
			return err
		}
		a, err := accountByID(ctx, tx, id)
		if err != nil {
			return err
		}
		opened, err = s.openSession(ctx, tx, c, a, NoProof, "")
		return err
	})
	return opened, err
}

// joinFields gives one refusal with the wrong fields of both; another error comes first.
func joinFields(a, b error) error {
	for _, err := range []error{a, b} {
		if err != nil && len(fault.FieldsOf(err)) == 0 {
			return err
		}
	}
	return fault.Fields(append(fault.FieldsOf(a), fault.FieldsOf(b)...)...)
}

// NewPasswordLink gives the token of a one-time link with which an account's owner sets their password,
// shown once to the administrator who hands it over, and when it ends. Earlier links stop working; the
// present password keeps working until the link is used.
func (s *Service) NewPasswordLink(ctx context.Context, id AccountID) (token string, expiresAt int64, err error) {
	ctx, err = s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return "", 0, err
	}
	token = credential.NewToken()
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if a.DisabledAt != 0 {
			return fault.New(fault.Conflict, "Tài khoản đang bị khóa. Hãy mở khóa trước khi tạo đường dẫn.")
		}
		if err := dropLinks(ctx, tx, "password", id); err != nil {
			return err
		}
		expiresAt = tx.Now() + passwordLinkLife.Milliseconds()
		if err := insertLink(ctx, tx, credential.TokenSum(token), link{kind: "password", account: id, createdBy: access.From(ctx).Name, expiresAt: expiresAt}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.password.link", Kind: "account", ID: string(id), Label: a.Name})
	})
	return token, expiresAt, err
}

// An IssuedLink is a one-time link that was just made, for handing over.
type IssuedLink struct {
	Account   Account
	Token     string
	ExpiresAt int64 // milliseconds UTC
}

// maxLinks is how many links one call makes: what is printed and cut in one go.
const maxLinks = 200

// LinksForNewAccounts gives a one-time link for every account that has no password yet, at most 200 in
// the order of lists, for printing after an import. Earlier links of these accounts stop working.
func (s *Service) LinksForNewAccounts(ctx context.Context) ([]IssuedLink, error) {
	if err := s.policy.Check(ctx, ActPeopleManage, access.Place{}); err != nil {
		return nil, err
	}
	all, err := accountsWithoutPassword(ctx, s.db.Read(), maxLinks)
	if err != nil {
		return nil, err
	}
	var links []IssuedLink
	for _, a := range all {
		l := IssuedLink{Account: a}
		if l.Token, l.ExpiresAt, err = s.NewPasswordLink(ctx, a.ID); err != nil {
			return nil, err
		}
		links = append(links, l)
	}
	return links, nil
}

// PasswordLinkOwner tells whose password a link sets, so that its page can name them. It returns
// fault.Gone for a link that does not work any more.
func (s *Service) PasswordLinkOwner(ctx context.Context, token string) (Account, error) {
	l, err := s.readLink(ctx, token, "password")
	if err != nil {
		return Account{}, err
	}
	return accountByID(ctx, s.db.Read(), l.account)
}

// FirstAdminLinkWorks returns nil when [Service.CreateFirstAdmin] would take the token, else fault.Gone.
func (s *Service) FirstAdminLinkWorks(ctx context.Context, token string) error {
	_, err := s.readLink(ctx, token, "first")
	return err
}

func (s *Service) readLink(ctx context.Context, token, kind string) (link, error) {
	l, err := readLink(ctx, s.db.Read(), credential.TokenSum(token), s.db.Clock().Millis())
	if fault.Is(err, fault.NotFound) || err == nil && l.kind != kind {
		return link{}, errLink
	}
	return l, err
}

// UsePasswordLink sets the password and logs in; a second factor that is enrolled is still due. All
// other sessions of the account end and its slowed tries start over.
//
// It returns fault.Gone for a link that does not work, fault.Invalid with field "password".
func (s *Service) UsePasswordLink(ctx context.Context, c Client, token, password string) (Opened, error) {
	a, err := s.PasswordLinkOwner(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	if a.DisabledAt != 0 {
		return Opened{}, errLink
	}
	hash, err := s.hashPassword(ctx, a, password, "password")
	if err != nil {
		return Opened{}, err
	}
	ctx = access.With(ctx, access.Actor{Person: string(a.ID), Name: a.Name, Username: a.Username})
	var opened Opened
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := takeLink(ctx, tx, credential.TokenSum(token)); fault.Is(err, fault.Conflict) {
			return errLink
		} else if err != nil {
			return err
		}
		if err := setPassword(ctx, tx, a.ID, hash, false); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, a.ID, ""); err != nil {
			return err
		}
		if err := forgetCounter(ctx, tx, "account:"+s.keys.Sum("throttle account", "", a.Username)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Entry{Action: "people.password.set", Kind: "account", ID: string(a.ID), Label: a.Name, Note: "bằng đường dẫn"}); err != nil {
			return err
		}
		a.Temporary = false
		opened, err = s.openSession(ctx, tx, c, a, NoProof, "")
		return err
	})
	return opened, err
}

// ChangePassword changes the password of the session's own account. Every other session ends.
//
// It returns fault.Invalid with fields "old_password", "password", and fault.Busy while tries are being slowed.
func (s *Service) ChangePassword(ctx context.Context, token, old, password string) error {
	mine, err := s.OpenSession(ctx, token)
	if err != nil {
		return err
	}
	if mine.Stage == StageSecond {
		return errProveFirst
	}
	a, err := accountByID(ctx, s.db.Read(), mine.Account)
	if err != nil {
		return err
	}
	try, err := s.chargeFactor(ctx, "password", a.ID)
	if err != nil {
		return err
	}
	x, err := secretsOf(ctx, s.db.Read(), a.ID)
	if err != nil {
		return err
	}
	ok, _, err := s.hasher.Check(ctx, x.password, old)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Fields(fault.Field{Name: "old_password", Message: "Mật khẩu hiện tại chưa đúng."})
	}
	if old == password {
		return fault.Fields(fault.Field{Name: "password", Message: "Mật khẩu mới phải khác mật khẩu hiện tại."})
	}
	hash, err := s.hashPassword(ctx, a, password, "password")
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := setPassword(ctx, tx, a.ID, hash, false); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, a.ID, mine.ID); err != nil {
			return err
		}
		if err := try.refund(ctx, tx, true); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.password.change", Kind: "account", ID: string(a.ID), Label: a.Name})
	})
}

// PasswordLinkPath and FirstAdminPath give the office page that a link's token opens. The token stands
// in the query, which is never logged.
func PasswordLinkPath(token string) string { return "/quan-tri/dat-mat-khau?ma=" + token }

// FirstAdminPath is [PasswordLinkPath] for the token of [Service.FirstAdminLink].
func FirstAdminPath(token string) string { return "/quan-tri/khoi-tao?ma=" + token }
