package people

import (
	"context"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A Grant gives a person one role in one scope for a period.
type Grant struct {
	ID        GrantID
	Account   AccountID
	Role      access.Role
	Scope     access.Scope
	From      int64 // first millisecond UTC; 0 = since ever
	Until     int64 // first millisecond after; 0 = open
	Note      string
	GrantedBy string // the person's name then
	GrantedAt int64
	RevokedBy string // "" while it stands
	RevokedAt int64  // 0 while it stands
}

// Period gives the grant's days in Vietnamese: "từ 6/7/2021 đến 9/7/2021", "không thời hạn".
func (g Grant) Period() string {
	from, until := "", ""
	if g.From != 0 {
		from = "từ " + text.FormatDay(clock.Day(clock.FromMillis(g.From)))
	}
	if g.Until != 0 {
		until = "đến " + text.FormatDay(clock.Day(clock.FromMillis(g.Until-1)))
	}
	switch {
	case from == "" && until == "":
		return "không thời hạn"
	case from != "" && until != "":
		return from + " " + until
	}
	return from + until
}

// Valid tells whether the grant gives rights at an instant.
func (g Grant) Valid(now int64) bool {
	return g.RevokedAt == 0 && (g.From == 0 || g.From <= now) && (g.Until == 0 || now < g.Until)
}

// A GrantForm is what a grant is made from; the form fields are account, role, scope, first_day,
// last_day, note.
type GrantForm struct {
	Account           AccountID
	Role              access.Role
	Scope             access.Scope
	FirstDay, LastDay string // Vietnamese days, both included; "" = open
	Note              string // the decision it rests on; may be empty
}

// GrantRole gives a role. Nobody gives one to themself: who administers accounts reads no content
// (domain.md 2.4 note 1), and a second person must have wanted it otherwise.
//
// It returns fault.Invalid with the form's fields, fault.Denied for a grant to oneself.
func (s *Service) GrantRole(ctx context.Context, f GrantForm) (GrantID, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return "", err
	}
	var id GrantID
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = s.grantRole(ctx, tx, f)
		return err
	})
	return id, err
}

func (s *Service) grantRole(ctx context.Context, tx *db.Tx, f GrantForm) (GrantID, error) {
	actor := access.From(ctx)
	if actor.Person == string(f.Account) {
		return "", fault.New(fault.Denied, "Không ai tự giao vai trò cho chính mình. Hãy nhờ một người quản trị khác.")
	}
	a, err := accountByID(ctx, tx, f.Account)
	if fault.Is(err, fault.NotFound) {
		return "", fault.Fields(fault.Field{Name: "account", Message: "Không có tài khoản này."})
	}
	if err != nil {
		return "", err
	}
	f.Note = clean(f.Note)
	place, wrong, err := s.checkGrant(ctx, tx, &f)
	if err != nil {
		return "", err
	}
	if err := fault.Fields(wrong...); err != nil {
		return "", err
	}
	g := Grant{ID: GrantID(db.NewID()), Account: f.Account, Role: f.Role, Scope: f.Scope, Note: f.Note, GrantedBy: actor.Name, GrantedAt: tx.Now()}
	if f.FirstDay != "" {
		g.From = dayStart(f.FirstDay)
	}
	if f.LastDay != "" {
		g.Until = dayEnd(f.LastDay)
	}
	if err := insertGrant(ctx, tx, g); err != nil {
		return "", err
	}
	return g.ID, audit.Write(ctx, tx, audit.Entry{Action: "people.role.grant", Kind: "account", ID: string(a.ID), Label: a.Name, Note: f.Note,
		Data: map[string]string{"role": string(f.Role), "scope": string(f.Scope.Kind), "place": place, "period": g.Period()}})
}

// checkGrant gives the Vietnamese name of the grant's place and the wrong fields of its form.
func (s *Service) checkGrant(ctx context.Context, tx *db.Tx, f *GrantForm) (place string, wrong []fault.Field, err error) {
	bad := func(name, message string) { wrong = append(wrong, fault.Field{Name: name, Message: message}) }
	info, ok := RoleOf(f.Role)
	if !ok {
		bad("role", "Hãy chọn vai trò.")
		return "", wrong, nil
	}
	if !slices.Contains(info.Scopes, f.Scope.Kind) {
		bad("scope", "Vai trò “"+info.Title+"” được giao theo "+scopeTitle(info.Scopes[0])+".")
		return "", wrong, nil
	}
	choices, err := s.scopeChoices(ctx, tx, f.Scope.Kind)
	if err != nil {
		return "", nil, err
	}
	i := slices.IndexFunc(choices, func(n Named) bool { return n.ID == f.Scope.ID })
	if i < 0 {
		bad("scope", "Hãy chọn "+scopeTitle(f.Scope.Kind)+" có trong danh sách.")
	} else {
		place = choices[i].Name
	}
	return place, append(wrong, f.checkPeriod()...), nil
}

// checkPeriod gives the wrong fields of the grant's days.
func (f GrantForm) checkPeriod() []fault.Field {
	var wrong []fault.Field
	if f.FirstDay != "" && !isDay(f.FirstDay) {
		wrong = append(wrong, fault.Field{Name: "first_day", Message: "Ngày bắt đầu chưa đúng. Ví dụ: 06/7/2021."})
	}
	if f.LastDay != "" && !isDay(f.LastDay) {
		wrong = append(wrong, fault.Field{Name: "last_day", Message: "Ngày kết thúc chưa đúng. Ví dụ: 09/7/2021."})
	} else if f.LastDay != "" && f.LastDay < f.FirstDay {
		wrong = append(wrong, fault.Field{Name: "last_day", Message: "Ngày kết thúc phải từ ngày bắt đầu trở đi."})
	}
	return wrong
}

// RevokeGrant ends a grant now. The row stays and says who ended it.
//
// It returns fault.Conflict when it was revoked before or would leave no administrator.
func (s *Service) RevokeGrant(ctx context.Context, id GrantID, why string) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		g, err := grantByID(ctx, tx, id)
		if err != nil {
			return err
		}
		a, err := accountByID(ctx, tx, g.Account)
		if err != nil {
			return err
		}
		if err := revokeGrant(ctx, tx, id, access.From(ctx).Name); err != nil {
			return err
		}
		if err := s.keepAnAdmin(ctx, tx); g.Role == RoleAdmin && err != nil {
			return err
		}
		data := map[string]string{"role": string(g.Role), "scope": string(g.Scope.Kind), "scope_id": g.Scope.ID}
		places, err := s.scopeChoices(ctx, tx, g.Scope.Kind)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(places, func(n Named) bool { return n.ID == g.Scope.ID }); i >= 0 {
			data["place"] = places[i].Name
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.role.revoke", Kind: "account", ID: string(a.ID), Label: a.Name, Note: clean(why), Data: data})
	})
}

// Grants gives all grants of an account, also past and revoked ones, newest first.
func (s *Service) Grants(ctx context.Context, id AccountID) ([]Grant, error) {
	if err := s.policy.Check(ctx, ActPeopleRead, access.Place{}); err != nil {
		return nil, err
	}
	return grantsOf(ctx, s.db.Read(), id)
}

// Holders gives the accounts that hold a role now in a scope that covers the unit or site given; both
// empty is everybody with the role. Capabilities ask it whom to tell.
func (s *Service) Holders(ctx context.Context, q db.Queryer, role access.Role, scope access.Scope) ([]Account, error) {
	return holders(ctx, q, role, scope, s.db.Clock().Millis())
}

// ScopeChoices gives the places a grant of a kind can be for, with their names today.
func (s *Service) ScopeChoices(ctx context.Context, kind access.ScopeKind) ([]Named, error) {
	if err := s.policy.Check(ctx, ActPeopleRead, access.Place{}); err != nil {
		return nil, err
	}
	return s.scopeChoices(ctx, s.db.Read(), kind)
}

func (s *Service) scopeChoices(ctx context.Context, q db.Queryer, kind access.ScopeKind) ([]Named, error) {
	switch kind {
	case access.Department, access.Council:
		return []Named{{"", scopeTitle(kind)}}, nil
	case access.Site:
		if s.sites == nil {
			return nil, nil
		}
		return s.sites.SiteChoices(ctx, q)
	}
	read := readDirectory
	if tx, ok := q.(*db.Tx); ok { // once per transaction: an import asks at every row
		read = func(ctx context.Context, _ db.Queryer) (*Directory, error) { return directoryIn(ctx, tx) }
	}
	d, err := read(ctx, q)
	if err != nil {
		return nil, err
	}
	var all []Named
	today := s.today()
	for _, n := range d.Tree(today) {
		all = append(all, Named{string(n.ID), n.NameAt(today).Name})
	}
	return all, nil
}

// scopeTitle gives the Vietnamese name of a kind of scope.
func scopeTitle(kind access.ScopeKind) string {
	return map[access.ScopeKind]string{access.Department: "toàn Sở", access.Council: "Hội đồng thi", access.Site: "Điểm thi", access.Unit: "đơn vị"}[kind]
}

// actor gives the person of an account with the grants that are not revoked; which of them hold now
// is asked of the policy at each check.
func actor(ctx context.Context, q db.Queryer, a Account) (access.Actor, error) {
	grants, err := grantsOf(ctx, q, a.ID)
	if err != nil {
		return access.Actor{}, err
	}
	who := access.Actor{Person: string(a.ID), Name: a.Name, Username: a.Username, Unit: string(a.Unit)}
	for _, g := range grants {
		if g.RevokedAt == 0 {
			who.Grants = append(who.Grants, access.Grant{Role: g.Role, Scope: g.Scope, From: g.From, Until: g.Until})
		}
	}
	return who, nil
}
