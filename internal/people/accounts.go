package people

import (
	"context"
	"regexp"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/people/credential"
)

// An Account is one person who can log in. It holds no role: see [Grant].
type Account struct {
	ID          AccountID
	Username    string // lower case without accents, unique for ever
	Name        string // as in history and audit, "Nguyễn Thị Hoa"
	Unit        UnitID // where the person works; gives no right
	Email       string // class restricted
	Phone       string // class restricted
	Temporary   bool   // the password was given by somebody else and must be changed at login
	HasPassword bool
	HasTOTP     bool  // an authenticator is enrolled
	DisabledAt  int64 // milliseconds UTC; 0 = can log in
	DisabledWhy string
	LastLogin   int64 // 0 = never
	Version     int
}

// An AccountForm is what can be written about an account; the form fields are username, name, unit,
// email, phone.
type AccountForm struct {
	Username string // fixed at creation
	Name     string
	Unit     UnitID
	Email    string
	Phone    string
}

var usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// CreateAccount adds an account without password or role and returns its id; [Service.NewPasswordLink]
// lets its owner in.
//
// It returns fault.Invalid with the form's fields, or what the policy says without the right.
func (s *Service) CreateAccount(ctx context.Context, f AccountForm) (AccountID, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return "", err
	}
	var id AccountID
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = s.createAccount(ctx, tx, f)
		return err
	})
	return id, err
}

func (s *Service) createAccount(ctx context.Context, tx *db.Tx, f AccountForm) (AccountID, error) {
	f.Username = cleanUsername(f.Username)
	wrong, err := checkAccount(ctx, tx, &f)
	if err != nil {
		return "", err
	}
	if !usernameForm.MatchString(f.Username) {
		wrong = append(wrong, fault.Field{Name: "username", Message: "Tên đăng nhập gồm 2–40 chữ thường không dấu, số, dấu chấm, gạch nối. Ví dụ: nguyen.thi.hoa."})
	} else if _, err := accountByUsername(ctx, tx, f.Username); err == nil {
		wrong = append(wrong, fault.Field{Name: "username", Message: "Tên đăng nhập “" + f.Username + "” đã có. Hãy chọn tên khác."})
	} else if !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if err := fault.Fields(wrong...); err != nil {
		return "", err
	}
	id := AccountID(db.NewID())
	if err := insertAccount(ctx, tx, id, f); err != nil {
		return "", err
	}
	return id, audit.Write(ctx, tx, audit.Entry{Action: "people.account.create", Kind: "account", ID: string(id), Label: f.Name,
		Data: map[string]string{"username": f.Username}})
}

// UpdateAccount changes name, unit, e-mail and telephone. The username stays.
func (s *Service) UpdateAccount(ctx context.Context, id AccountID, version int, f AccountForm) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.updateAccount(ctx, tx, id, version, f) })
}

func (s *Service) updateAccount(ctx context.Context, tx *db.Tx, id AccountID, version int, f AccountForm) error {
	old, err := accountByID(ctx, tx, id)
	if err != nil {
		return err
	}
	wrong, err := checkAccount(ctx, tx, &f)
	if err != nil {
		return err
	}
	if err := fault.Fields(wrong...); err != nil {
		return err
	}
	if err := updateAccount(ctx, tx, id, version, f); err != nil {
		return err
	}
	changes := map[string]string{}
	if old.Name != f.Name {
		changes["name"] = old.Name + " → " + f.Name
	}
	if old.Unit != f.Unit {
		d, err := directoryIn(ctx, tx)
		if err != nil {
			return err
		}
		changes["unit"] = d.Name(old.Unit, "") + " → " + d.Name(f.Unit, "")
	}
	if old.Email != f.Email || old.Phone != f.Phone {
		changes["contact"] = "đã đổi"
	}
	return audit.Write(ctx, tx, audit.Entry{Action: "people.account.update", Kind: "account", ID: string(id), Label: f.Name, Data: changes})
}

// DisableAccount keeps a person out from now on: sessions and tokens end at once. Nothing is deleted;
// what the person did keeps their name. The last administrator cannot be disabled.
//
// It returns fault.Invalid with field "why" when no reason is given.
func (s *Service) DisableAccount(ctx context.Context, id AccountID, why string) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	why = clean(why)
	if why == "" {
		return fault.Fields(fault.Field{Name: "why", Message: "Hãy ghi lý do khóa tài khoản. Ví dụ: chuyển công tác."})
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := setDisabled(ctx, tx, id, tx.Now(), why); err != nil {
			return err
		}
		if err := s.keepAnAdmin(ctx, tx); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, id, ""); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.account.disable", Kind: "account", ID: string(id), Label: a.Name, Note: why})
	})
}

// EnableAccount lets a disabled person in again, with the password they had.
func (s *Service) EnableAccount(ctx context.Context, id AccountID) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := setDisabled(ctx, tx, id, 0, ""); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.account.enable", Kind: "account", ID: string(id), Label: a.Name})
	})
}

// SetPassword gives an account a password from the command line or the demonstration, where no link
// can be sent. temporary makes its owner change it at the next login. Other sessions end.
//
// It returns fault.Invalid with field "password" when the password is too weak.
func (s *Service) SetPassword(ctx context.Context, id AccountID, password string, temporary bool) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	a, err := accountByID(ctx, s.db.Read(), id)
	if err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, a, password, "password")
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := setPassword(ctx, tx, id, hash, temporary); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, id, ""); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.password.set", Kind: "account", ID: string(id), Label: a.Name})
	})
}

// ResetFactor takes an account's authenticator and recovery codes away, because the telephone is
// lost: the owner enrols anew at the next login. Sessions end.
func (s *Service) ResetFactor(ctx context.Context, id AccountID) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
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
		if err := endSessions(ctx, tx, id, ""); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.factor.reset", Kind: "account", ID: string(id), Label: a.Name})
	})
}

// Account gives one account.
func (s *Service) Account(ctx context.Context, id AccountID) (Account, error) {
	if err := s.policy.Check(ctx, ActPeopleRead, access.Place{}); err != nil {
		return Account{}, err
	}
	return accountByID(ctx, s.db.Read(), id)
}

// AccountByUsername gives one account by what its owner types.
func (s *Service) AccountByUsername(ctx context.Context, username string) (Account, error) {
	if err := s.policy.Check(ctx, ActPeopleRead, access.Place{}); err != nil {
		return Account{}, err
	}
	return accountByUsername(ctx, s.db.Read(), cleanUsername(username))
}

// An AccountQuery chooses accounts. Zero fields choose everything.
type AccountQuery struct {
	Search string // part of name or username, accents and capitals do not matter
	Role   access.Role
	Unit   UnitID
	After  string // the last ID of the page before, "" from the start
	Limit  int    // 0 = 100
}

// Accounts lists accounts in the order of Vietnamese lists (given name first).
func (s *Service) Accounts(ctx context.Context, w AccountQuery) ([]Account, error) {
	if err := s.policy.Check(ctx, ActPeopleRead, access.Place{}); err != nil {
		return nil, err
	}
	if w.Limit <= 0 {
		w.Limit = 100
	}
	return listAccounts(ctx, s.db.Read(), w, s.db.Clock().Millis())
}

// PersonName gives the name of the person behind an id in history or audit, "" when unknown. Names of
// colleagues are shown wherever their acts are, so it asks for no right.
func (s *Service) PersonName(ctx context.Context, id string) (string, error) {
	a, err := accountByID(ctx, s.db.Read(), AccountID(id))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return a.Name, err
}

// keepAnAdmin refuses a change after which nobody could give rights any more.
func (s *Service) keepAnAdmin(ctx context.Context, tx *db.Tx) error {
	n, err := countAdmins(ctx, tx, tx.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "Đây là tài khoản quản trị cuối cùng. Hãy giao vai trò quản trị cho người khác trước.")
	}
	return nil
}

// hashPassword refuses a weak password, naming the form's field, and hashes a good one.
func (s *Service) hashPassword(ctx context.Context, a Account, password, field string) (string, error) {
	if why := credential.Weak(password, append(strings.Fields(a.Name), a.Username, a.Name)...); why != "" {
		return "", fault.Fields(fault.Field{Name: field, Message: why})
	}
	return s.hasher.Hash(ctx, password)
}

// cleanUsername gives what was typed as usernames are stored: people type capitals and accents.
func cleanUsername(typed string) string {
	return strings.ReplaceAll(text.Fold(clean(typed)), " ", ".")
}

// checkAccount cleans the form and gives its wrong fields.
func checkAccount(ctx context.Context, q db.Queryer, f *AccountForm) ([]fault.Field, error) {
	var wrong []fault.Field
	f.Name, f.Email, f.Phone = clean(f.Name), strings.ToLower(clean(f.Email)), clean(f.Phone)
	if f.Name == "" {
		wrong = append(wrong, fault.Field{Name: "name", Message: "Hãy nhập họ và tên."})
	}
	if f.Email != "" && !mailLike(f.Email) {
		wrong = append(wrong, fault.Field{Name: "email", Message: "Địa chỉ thư điện tử chưa đúng. Ví dụ: hoa@laichau.edu.vn."})
	}
	if !phoneLike(f.Phone) {
		wrong = append(wrong, wrongPhone)
	}
	if f.Unit != "" {
		n, err := countUnit(ctx, q, f.Unit)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			wrong = append(wrong, fault.Field{Name: "unit", Message: "Không có đơn vị này."})
		}
	}
	return wrong, nil
}

var wrongPhone = fault.Field{Name: "phone", Message: "Số điện thoại chưa đúng. Ghi các chữ số, nhiều số thì cách nhau bằng dấu phẩy. Ví dụ: 02133799569, 0213 3876 961."}

// phoneNumber is one number as people write it: digits in groups, perhaps with the country in front and
// an extension behind.
var phoneNumber = regexp.MustCompile(`^\+?[0-9(][0-9 ().-]*( máy lẻ [0-9]{1,6})?$`)

// phoneLike tells whether a text is "" or telephone numbers of 3 ("113") to 15 digits (E.164), one or
// several with commas, semicolons or strokes between them.
func phoneLike(s string) bool {
	for one := range strings.SplitSeq(strings.NewReplacer(";", ",", "/", ",").Replace(s), ",") {
		one = strings.TrimSpace(one)
		if one == "" && s == "" {
			return true
		}
		number, _, _ := strings.Cut(one, " máy lẻ")
		digits := 0
		for _, r := range number {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		if !phoneNumber.MatchString(one) || digits < 3 || digits > 15 {
			return false
		}
	}
	return true
}
