package people_test

import (
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

func TestAccountForms(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id, err := h.CreateAccount(h.admin, people.AccountForm{Username: " Nguyễn Thị Hoa ", Name: "Nguyễn  Thị Hoa", Email: "HOA@laichau.edu.vn"})
		h.must(err)
		a, err := h.Account(h.admin, id)
		h.must(err)
		if a.Username != "nguyen.thi.hoa" || a.Name != "Nguyễn Thị Hoa" || a.Email != "hoa@laichau.edu.vn" || a.HasPassword {
			t.Errorf("stored as %+v", a)
		}
		for field, form := range map[string]people.AccountForm{
			"username": {Username: "nguyen.thi.hoa", Name: "Khác"},
			"name":     {Username: "khac"},
			"email":    {Username: "khac", Name: "Khác", Email: "khac"},
			"unit":     {Username: "khac", Name: "Khác", Unit: "nowhere"},
		} {
			_, err := h.CreateAccount(h.admin, form)
			refused(t, err, fault.Invalid, field)
		}
		_, err = h.CreateAccount(h.admin, people.AccountForm{Username: "?", Name: "Khác"})
		refused(t, err, fault.Invalid, "username")
		h.must(h.UpdateAccount(h.admin, id, a.Version, people.AccountForm{Name: "Nguyễn Thị Hòa"}))
		refused(t, h.UpdateAccount(h.admin, id, a.Version, people.AccountForm{Name: "X"}), fault.Conflict, "")
	})
}

func TestListsOfPeopleAreOrderedByGivenName(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for username, name := range map[string]string{"a1": "Nguyễn Văn Đức", "a2": "Trần Thị An", "a3": "Bùi Văn Dũng"} {
			_, err := h.CreateAccount(h.admin, people.AccountForm{Username: username, Name: name})
			h.must(err)
		}
		list := func(w people.AccountQuery) (names []string) {
			all, err := h.Accounts(h.admin, w)
			h.must(err)
			for _, a := range all {
				names = append(names, a.Username)
			}
			return names
		}
		first, err := h.Accounts(h.admin, people.AccountQuery{Limit: 2})
		h.must(err)
		rest := list(people.AccountQuery{After: string(first[1].ID)})
		got := append([]string{first[0].Username, first[1].Username}, rest...)
		if len(got) != 4 || got[0] != "a2" || got[1] != "a3" || got[2] != "a1" {
			t.Errorf("order is %v", got)
		}
		if got := list(people.AccountQuery{Search: "dung"}); len(got) != 1 || got[0] != "a3" {
			t.Errorf("searching without accents finds %v", got)
		}
		if got := list(people.AccountQuery{Role: people.RoleAdmin}); len(got) != 1 || got[0] != "quantri" {
			t.Errorf("administrators are %v", got)
		}
	})
}

func TestGrantsHaveScopeAndPeriod(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		unit := h.unit(people.UnitForm{Kind: "school", Name: "Trường THPT Bình Lư"})
		id := h.account("hoa")
		for _, c := range []struct {
			name, field string
			form        people.GrantForm
		}{
			{"no account", "account", people.GrantForm{Account: "x", Role: people.RoleClerk, Scope: access.Scope{Kind: access.Department}}},
			{"no role", "role", people.GrantForm{Account: id}},
			{"a role that does not exist", "role", people.GrantForm{Account: id, Role: "king"}},
			{"a unit's role for the whole Department", "scope", people.GrantForm{Account: id, Role: people.RoleUnitHead, Scope: access.Scope{Kind: access.Department}}},
			{"a unit's role without unit", "scope", people.GrantForm{Account: id, Role: people.RoleUnitHead, Scope: access.Scope{Kind: access.Unit}}},
			{"a site nobody knows", "scope", people.GrantForm{Account: id, Role: people.RoleSiteHead, Scope: access.Scope{Kind: access.Site, ID: "site-9"}}},
			{"an end before the beginning", "last_day", people.GrantForm{Account: id, Role: people.RoleClerk, Scope: access.Scope{Kind: access.Department}, FirstDay: "2021-07-08", LastDay: "2021-07-07"}},
		} {
			_, err := h.GrantRole(h.admin, c.form)
			t.Run(c.name, func(t *testing.T) { refused(t, err, fault.Invalid, c.field) })
		}
		head, err := h.GrantRole(h.admin, people.GrantForm{Account: id, Role: people.RoleUnitHead, Scope: access.Scope{Kind: access.Unit, ID: string(unit)}})
		h.must(err)
		_, err = h.GrantRole(h.admin, people.GrantForm{Account: id, Role: people.RoleSiteHead, Scope: access.Scope{Kind: access.Site, ID: "site-1"}, FirstDay: "2021-07-06", LastDay: "2021-07-08"})
		h.must(err)
		grants, err := h.Grants(h.admin, id)
		h.must(err)
		if len(grants) != 2 || grants[0].Period() != "từ 6/7/2021 đến 8/7/2021" || grants[1].Period() != "không thời hạn" {
			t.Errorf("grants are %+v", grants)
		}
		holders := func() int {
			all, err := h.Holders(h.admin, h.db.Read(), people.RoleSiteHead, access.Scope{Kind: access.Site, ID: "site-1"})
			h.must(err)
			return len(all)
		}
		if holders() != 1 {
			t.Error("the site head does not hold the site on the exam day")
		}
		h.clock.Advance(48 * 3600e9)
		if holders() != 0 {
			t.Error("the site head still holds the site two days later")
		}
		h.must(h.RevokeGrant(h.admin, head, "chuyển công tác"))
		refused(t, h.RevokeGrant(h.admin, head, ""), fault.Conflict, "")
	})
}

// domain.md 2.4 notes 1 and 2: the administrator does not reach content by giving themself a role.
func TestNobodyGrantsToThemself(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		me := people.AccountID(access.From(h.admin).Person)
		_, err := h.GrantRole(h.admin, people.GrantForm{Account: me, Role: people.RoleLeader, Scope: access.Scope{Kind: access.Department}})
		refused(t, err, fault.Denied, "")
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		me := people.AccountID(access.From(h.admin).Person)
		refused(t, h.DisableAccount(h.admin, me, "thử"), fault.Conflict, "")
		grants, err := h.Grants(h.admin, me)
		h.must(err)
		refused(t, h.RevokeGrant(h.admin, grants[0].ID, ""), fault.Conflict, "")
		second := h.account("quantri2")
		h.grant(second, people.RoleAdmin, access.Scope{Kind: access.Department})
		refused(t, h.DisableAccount(h.admin, me, " "), fault.Invalid, "why")
		h.must(h.DisableAccount(h.admin, me, "nghỉ hưu"))
	})
}

func TestEveryChangeHasItsAuditLine(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.account("hoa")
		g, err := h.GrantRole(h.admin, people.GrantForm{Account: id, Role: people.RoleClerk, Scope: access.Scope{Kind: access.Department}, Note: "QĐ 12"})
		h.must(err)
		h.must(h.RevokeGrant(h.admin, g, "hết việc"))
		h.must(h.DisableAccount(h.admin, id, "chuyển công tác"))
		h.must(h.EnableAccount(h.admin, id))
		lines, err := audit.List(h.admin, h.db.Read(), audit.Query{Object: string(id)})
		h.must(err)
		want := []string{"people.account.enable", "people.account.disable", "people.role.revoke", "people.role.grant", "people.password.set", "people.account.create"}
		if len(lines) != len(want) {
			t.Fatalf("%d lines: %+v", len(lines), lines)
		}
		for i, l := range lines {
			if l.Action != want[i] {
				t.Errorf("line %d is %s, want %s", i, l.Action, want[i])
			}
		}
		if _, err := audit.Verify(h.admin, h.db.Read()); err != nil {
			t.Error(err)
		}
	})
}
