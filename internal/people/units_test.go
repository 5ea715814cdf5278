package people_test

import (
	"slices"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

func (h *house) unit(f people.UnitForm) people.UnitID {
	h.t.Helper()
	id, err := h.CreateUnit(h.admin, f)
	h.must(err)
	return id
}

// R: domain.md 2.6, a 2021 document keeps rendering with 2021's name.
func TestA2021DocumentKeepsThe2021Name(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.unit(people.UnitForm{Kind: "provincial", Name: "Ban Tuyên giáo Tỉnh ủy", Short: "BTG", Aliases: []string{"Ban Tuyên giáo"}})
		h.must(h.RenameUnit(h.admin, id, "2025-02-01", "Ban Tuyên giáo và Dân vận Tỉnh ủy", "BTGDV", "Quyết định 1"))
		for _, c := range []struct{ day, want string }{
			{"1999-01-01", "Ban Tuyên giáo Tỉnh ủy"},
			{"2021-06-01", "Ban Tuyên giáo Tỉnh ủy"},
			{"2025-01-31", "Ban Tuyên giáo Tỉnh ủy"},
			{"2025-02-01", "Ban Tuyên giáo và Dân vận Tỉnh ủy"},
			{"2026-11-23", "Ban Tuyên giáo và Dân vận Tỉnh ủy"},
			{"", "Ban Tuyên giáo Tỉnh ủy"}, // the clock of the test stands in 2021
		} {
			if got, err := h.UnitName(h.admin, id, c.day); err != nil || got != c.want {
				t.Errorf("on %q it is called %q, %v", c.day, got, err)
			}
		}
		d, err := h.Directory(h.admin)
		h.must(err)
		for _, typed := range []string{"ban tuyen giao", "BTGDV", "BAN TUYÊN GIÁO TỈNH ỦY", "Ban Tuyên giáo Tỉnh uỷ"} {
			if got := d.Find(typed, "2021-07-07"); !slices.Equal(got, []people.UnitID{id}) {
				t.Errorf("%q finds %v", typed, got)
			}
		}
		if _, err := h.UnitName(h.admin, "nobody", ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown unit gives %v", err)
		}
	})
}

func TestASlipInANameIsMendedInPlace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.unit(people.UnitForm{Kind: "school", Name: "THPT Than Uyên", ValidFrom: "2000-01-01"})
		h.must(h.RenameUnit(h.admin, id, "", "Trường THPT Than Uyên", "THPT Than Uyên", ""))
		h.must(h.RenameUnit(h.admin, id, "2024-01-01", "Trường THPT số 1 Than Uyen", "", ""))
		h.must(h.RenameUnit(h.admin, id, "2024-01-01", "Trường THPT số 1 Than Uyên", "", ""))
		d, err := h.Directory(h.admin)
		h.must(err)
		u, _ := d.Unit(id)
		if len(u.Names) != 2 || u.Names[0].Name != "Trường THPT Than Uyên" || u.Names[0].Short != "THPT Than Uyên" || u.Names[1].Name != "Trường THPT số 1 Than Uyên" {
			t.Errorf("names are %+v", u.Names)
		}
	})
}

func TestUnitsAreATree(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		so := h.unit(people.UnitForm{Kind: "department", Name: "Sở Giáo dục và Đào tạo", Code: "SO-GDDT"})
		office := h.unit(people.UnitForm{Kind: "office", Name: "Văn phòng Sở", Parent: so})
		old := h.unit(people.UnitForm{Kind: "office", Name: "Thanh tra Sở", Parent: so, ValidTo: "2025-06-30"})
		school := h.unit(people.UnitForm{Kind: "school", Name: "Trường THPT Bình Lư", Parent: so})
		d, err := h.Directory(h.admin)
		h.must(err)
		if got := d.Path(office); !slices.Equal(got, []string{string(office), string(so)}) {
			t.Errorf("path is %v", got)
		}
		order := func(day string) (ids []people.UnitID) {
			for _, n := range d.Tree(day) {
				ids = append(ids, n.ID)
			}
			return ids
		}
		if got := order("2021-07-07"); !slices.Equal(got, []people.UnitID{so, old, office, school}) {
			t.Errorf("in 2021 the tree is %v", got)
		}
		if got := order("2026-01-01"); !slices.Equal(got, []people.UnitID{so, office, school}) {
			t.Errorf("in 2026 the tree is %v", got)
		}
		u, _ := d.Unit(so)
		err = h.UpdateUnit(h.admin, so, u.Version, people.UnitForm{Kind: u.Kind, Parent: office})
		refused(t, err, fault.Invalid, "parent")
		h.must(h.UpdateUnit(h.admin, so, u.Version, people.UnitForm{Kind: u.Kind, Phone: "02133799569, 02133876961", Email: "VP@laichau.edu.vn"}))
		refused(t, h.UpdateUnit(h.admin, so, u.Version, people.UnitForm{Kind: u.Kind}), fault.Conflict, "")
	})
}

func TestAUnitFormNamesWhatIsWrong(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.unit(people.UnitForm{Kind: "school", Name: "Trường THPT Bình Lư", Code: "binh-lu"})
		for _, c := range []struct {
			name, field string
			form        people.UnitForm
		}{
			{"no name", "name", people.UnitForm{Kind: "school", Code: "x"}},
			{"no kind", "kind", people.UnitForm{Name: "X"}},
			{"a code in use", "code", people.UnitForm{Kind: "school", Name: "X", Code: "Bình Lư"}},
			{"an unknown parent", "parent", people.UnitForm{Kind: "school", Name: "X", Parent: "nobody"}},
			{"an unknown locality", "locality", people.UnitForm{Kind: "school", Name: "X", Locality: "nowhere"}},
			{"an e-mail without host", "email", people.UnitForm{Kind: "school", Name: "X", Email: "hoa"}},
			{"an end before the beginning", "valid_to", people.UnitForm{Kind: "school", Name: "X", ValidFrom: "2021-07-07", ValidTo: "2021-07-06"}},
			{"a day that is none", "valid_from", people.UnitForm{Kind: "school", Name: "X", ValidFrom: "2021-02-30"}},
		} {
			_, err := h.CreateUnit(h.admin, c.form)
			t.Run(c.name, func(t *testing.T) { refused(t, err, fault.Invalid, c.field) })
		}
		second := h.unit(people.UnitForm{Kind: "school", Name: "Bình Lư"})
		d, err := h.Directory(h.admin)
		h.must(err)
		if u, _ := d.Unit(second); u.Code != "binh-lu-2" {
			t.Errorf("the second one's code is %q", u.Code)
		}
	})
}

func TestMergedUnitsEndAndAreContinued(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		paper := h.unit(people.UnitForm{Kind: "media", Name: "Báo Lai Châu"})
		radio := h.unit(people.UnitForm{Kind: "media", Name: "Đài Phát thanh – Truyền hình tỉnh"})
		refused(t, h.MergeUnits(h.admin, paper, "2025-07-01", "", paper), fault.Invalid, "from")
		h.must(h.MergeUnits(h.admin, paper, "2025-07-01", "Hợp nhất cơ quan báo chí", radio))
		d, err := h.Directory(h.admin)
		h.must(err)
		u, _ := d.Unit(radio)
		if u.ValidTo != "2025-06-30" || !u.On("2025-06-30") || u.On("2025-07-01") {
			t.Errorf("the merged unit ends on %q", u.ValidTo)
		}
		if got := d.Successors(radio); !slices.Equal(got, []people.UnitID{paper}) {
			t.Errorf("it is continued by %v", got)
		}
		refused(t, h.MergeUnits(h.admin, paper, "2025-07-01", "", radio), fault.Conflict, "")
	})
}

// R-III.3-1: the contact block follows the function, not the office's name.
func TestTheContactBlockFollowsTheFunction(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		office := h.unit(people.UnitForm{Kind: "office", Name: "Văn phòng Sở", Phone: "02133799569, 02133876961", Contact: "Chánh Văn phòng"})
		inspectors := h.unit(people.UnitForm{Kind: "office", Name: "Thanh tra Sở"})
		_, err := h.Contact(h.admin, people.FunctionContact, "")
		refused(t, err, fault.NotFound, "")
		h.must(h.SetFunction(h.admin, people.FunctionContact, office, ""))
		h.must(h.SetFunction(h.admin, people.FunctionHotline, inspectors, ""))
		h.must(h.SetFunction(h.admin, people.FunctionHotline, office, "2025-07-01"))
		c, err := h.Contact(h.admin, people.FunctionContact, "2021-07-07")
		h.must(err)
		if c.Name != "Văn phòng Sở" || !slices.Equal(c.Phones, []string{"02133799569", "02133876961"}) {
			t.Errorf("contact is %+v", c)
		}
		before, err := h.Contact(h.admin, people.FunctionHotline, "2025-06-30")
		h.must(err)
		after, err := h.Contact(h.admin, people.FunctionHotline, "2025-07-01")
		h.must(err)
		if before.Unit != inspectors || after.Unit != office {
			t.Errorf("the hotline belongs to %q, then to %q", before.Name, after.Name)
		}
	})
}

func TestAChangedUnitIsAnnounced(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		announced := func() (n int) {
			h.must(h.db.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM event WHERE kind = $1`, people.UnitChanged.Name()).Scan(&n))
			return n
		}
		id := h.unit(people.UnitForm{Kind: "office", Name: "Văn phòng Sở"})
		other := h.unit(people.UnitForm{Kind: "office", Name: "Thanh tra Sở"})
		h.must(h.UpdateUnit(h.admin, id, 1, people.UnitForm{Kind: "office", Phone: "02133799569"}))
		h.must(h.RenameUnit(h.admin, id, "2025-07-01", "Văn phòng", "", ""))
		h.must(h.SetFunction(h.admin, people.FunctionContact, id, ""))
		h.must(h.MergeUnits(h.admin, id, "2025-07-01", "", other))
		if n := announced(); n != 6 {
			t.Errorf("%d facts for six changes", n)
		}
		refused(t, h.UpdateUnit(h.admin, id, 1, people.UnitForm{Kind: "office"}), fault.Conflict, "")
		if n := announced(); n != 6 {
			t.Error("a refused change was announced")
		}
	})
}

func TestLocalitiesHaveTheirTime(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, err := h.SaveLocality(h.admin, people.Locality{Level: people.District, Name: "Huyện Tam Đường", Code: "106", ValidTo: "2025-06-30"})
		h.must(err)
		second, err := h.SaveLocality(h.admin, people.Locality{Level: people.District, Name: "Huyện Sìn Hồ", Code: "108", ValidTo: "2025-06-30"})
		h.must(err)
		names := func(day string) (all []string) {
			ls, err := h.Localities(h.admin, people.District, day)
			h.must(err)
			for _, l := range ls {
				all = append(all, l.Name)
			}
			return all
		}
		if got := names("2021-07-07"); !slices.Equal(got, []string{"Huyện Sìn Hồ", "Huyện Tam Đường"}) {
			t.Errorf("in 2021: %v", got)
		}
		if got := names("2026-01-01"); len(got) != 0 {
			t.Errorf("in 2026: %v", got)
		}
		_, err = h.SaveLocality(h.admin, people.Locality{Level: people.District, Name: "Huyện khác", Code: "106"})
		refused(t, err, fault.Invalid, "code")
		_, err = h.SaveLocality(h.admin, people.Locality{ID: second, Version: 9, Level: people.District, Name: "Huyện Sìn Hồ"})
		refused(t, err, fault.Conflict, "")
		_, err = h.SaveLocality(h.admin, people.Locality{Level: "village", Name: ""})
		refused(t, err, fault.Invalid, "level")
	})
}

// Every changing verb asks for the right, and writes nothing when it is refused.
func TestOnlyAnAdministratorChangesPeople(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		unit := h.unit(people.UnitForm{Kind: "school", Name: "Trường THPT Bình Lư"})
		target := h.account("muctieu")
		actors := map[access.Role]people.AccountID{}
		for _, r := range people.Roles() {
			id := h.account("vai." + string(r.Role))
			scope := access.Scope{Kind: r.Scopes[0]}
			switch scope.Kind {
			case access.Unit:
				scope.ID = string(unit)
			case access.Site:
				scope.ID = "site-1"
			}
			h.grant(id, r.Role, scope)
			actors[r.Role] = id
		}
		before, err := audit.List(h.admin, h.db.Read(), audit.Query{Limit: 1})
		h.must(err)
		for role, id := range actors {
			if role == people.RoleAdmin {
				continue
			}
			ctx := h.as(id)
			want := fault.NotFound
			if role == people.RoleAuditor {
				want = fault.Denied // an auditor reads what an administrator does
			}
			_, e1 := h.CreateUnit(ctx, people.UnitForm{})
			_, e2 := h.CreateAccount(ctx, people.AccountForm{})
			_, e3 := h.GrantRole(ctx, people.GrantForm{})
			_, _, e4 := h.NewPasswordLink(ctx, target)
			_, _, e5 := h.CreateCodeSheet(ctx, target, "2021-07-07", "2021-07-08", 1)
			_, e5b := h.CreateSiteSheets(ctx, []string{"site-1"}, "2021-07-07", "2021-07-08", 1, false)
			_, _, e6 := h.CreateToken(ctx, target, "x", nil, "")
			_, e7 := h.SaveLocality(ctx, people.Locality{})
			_, e8 := h.Sessions(ctx, target)
			_, e9 := h.LinksForNewAccounts(ctx)
			_, e10 := h.StartImport(ctx, "x.csv", []byte("x"))
			_, e11 := h.AcceptImport(ctx, "x")
			for verb, err := range map[string]error{"CreateUnit": e1, "CreateAccount": e2, "GrantRole": e3, "NewPasswordLink": e4, "CreateCodeSheet": e5, "CreateSiteSheets": e5b,
				"CreateToken": e6, "SaveLocality": e7, "Sessions": e8, "LinksForNewAccounts": e9, "StartImport": e10, "AcceptImport": e11,
				"DropImport":      h.DropImport(ctx, "x"),
				"UpdateUnit":      h.UpdateUnit(ctx, unit, 1, people.UnitForm{}),
				"RenameUnit":      h.RenameUnit(ctx, unit, "", "X", "", ""),
				"MergeUnits":      h.MergeUnits(ctx, unit, "2025-07-01", "", "x"),
				"SetFunction":     h.SetFunction(ctx, people.FunctionContact, unit, ""),
				"UpdateAccount":   h.UpdateAccount(ctx, target, 1, people.AccountForm{}),
				"DisableAccount":  h.DisableAccount(ctx, target, "x"),
				"EnableAccount":   h.EnableAccount(ctx, target),
				"SetPassword":     h.SetPassword(ctx, target, password, false),
				"ResetFactor":     h.ResetFactor(ctx, target),
				"RevokeGrant":     h.RevokeGrant(ctx, "x", ""),
				"EndSession":      h.EndSession(ctx, target, "x"),
				"RevokeCodeSheet": h.RevokeCodeSheet(ctx, target, "x"),
				"RevokeToken":     h.RevokeToken(ctx, target, "x"),
			} {
				if !fault.Is(err, want) {
					t.Errorf("%s as %s: %v, want %v", verb, role, err, want)
				}
			}
		}
		after, err := audit.List(h.admin, h.db.Read(), audit.Query{Limit: 1})
		h.must(err)
		if before[0].Seq != after[0].Seq {
			t.Errorf("refused verbs wrote %d audit lines", after[0].Seq-before[0].Seq)
		}
	})
}
