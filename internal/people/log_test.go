package people_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

// domain.md 2.4: audit log, and note 1: an administrator reads none of it.
func TestWhoReadsTheAuditLog(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, r := range people.Roles() {
			id := h.account("vai." + string(r.Role))
			scope := access.Scope{Kind: r.Scopes[0]}
			if scope.Kind == access.Unit {
				scope.ID = string(h.unit(people.UnitForm{Kind: "school", Name: "Trường của " + r.Title}))
			} else if scope.Kind == access.Site {
				scope.ID = "site-1"
			}
			h.grant(id, r.Role, scope)
			lines, err := h.AuditLog(h.as(id), people.LogQuery{})
			switch r.Role {
			case people.RoleLeader, people.RoleAuditor:
				if err != nil || len(lines) < 3 {
					t.Errorf("%s sees %d lines, %v", r.Role, len(lines), err)
				}
			case people.RoleInspector:
				if err != nil || len(lines) != 0 {
					t.Errorf("the inspector, who did nothing, sees %d lines, %v", len(lines), err)
				}
				h.in(from("10.0.0.1"), "vai.inspector")
				if lines, err := h.AuditLog(h.as(id), people.LogQuery{}); err != nil || len(lines) != 1 {
					t.Errorf("the inspector sees %d lines of their own, %v", len(lines), err)
				}
			default:
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("%s: %v", r.Role, err)
				}
			}
		}
	})
}

func TestTheAuditLogIsFilteredAndExported(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		leader := h.account("lanhdao")
		h.grant(leader, people.RoleLeader, department)
		h.clock.Advance(24 * time.Hour)
		_, err := h.CreateAccount(h.admin, people.AccountForm{Username: "hoa", Name: "=HYPERLINK(1)"})
		h.must(err)
		count := func(w people.LogQuery) int {
			lines, err := h.AuditLog(h.as(leader), w)
			h.must(err)
			return len(lines)
		}
		if n := count(people.LogQuery{FirstDay: "2021-07-08"}); n != 1 {
			t.Errorf("%d lines on the second day", n)
		}
		if n := count(people.LogQuery{LastDay: "2021-07-07", Action: "people.role.grant"}); n != 2 {
			t.Errorf("%d grants on the first day", n)
		}
		_, err = h.AuditLog(h.as(leader), people.LogQuery{FirstDay: "hôm qua"})
		refused(t, err, fault.Invalid, "first_day")
		var out strings.Builder
		h.must(h.ExportAuditLog(h.as(leader), people.LogQuery{FirstDay: "2021-07-08"}, &out))
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		h.must(err)
		if len(rows) != 2 || rows[1][8] != "'=HYPERLINK(1)" || rows[1][1] != "2021-07-08 06:30:00" {
			t.Errorf("exported %q", rows)
		}
		if n := count(people.LogQuery{Action: "people.audit.export"}); n != 1 {
			t.Errorf("the export left %d lines", n)
		}
	})
}

// Source: domain.md 6 ("every transition records who, role, when").
func TestALineSaysInWhichRole(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		leader := h.account("lanhdao")
		h.grant(leader, people.RoleLeader, department)
		h.account("hoa")
		_, err := h.CreateAccount(h.admin, people.AccountForm{Username: "lan", Name: "Lan"})
		h.must(err)
		h.in(from("10.0.0.1"), "hoa")
		lines, err := h.AuditLog(h.as(leader), people.LogQuery{Limit: 2})
		h.must(err)
		if in, made := lines[0], lines[1]; made.Role != people.RoleAdmin || made.Scope != department || in.Role != "" {
			t.Errorf("made as %q in %q, logged in as %q", made.Role, made.Scope, in.Role)
		}
		var out strings.Builder
		h.must(h.ExportAuditLog(h.as(leader), people.LogQuery{}, &out))
		rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
		rows.Comma = ';'
		all, err := rows.ReadAll()
		h.must(err)
		if head, made := all[0], all[2]; head[3] != "Vai trò" || head[4] != "Phạm vi" || made[3] != "admin" || made[4] != "department" {
			t.Errorf("exported %q under %q", made, head)
		}

		school := access.Scope{Kind: access.Unit, ID: string(h.unit(people.UnitForm{Kind: "school", Name: "Trường THPT Than Uyên"}))}
		words, err := h.RoleWords(t.Context())
		h.must(err)
		for want, by := range map[string]access.Grant{
			"Thủ trưởng đơn vị, Trường THPT Than Uyên": {Role: people.RoleUnitHead, Scope: school},
			"Trưởng Điểm thi, Điểm thi THPT Than Uyên": {Role: people.RoleSiteHead, Scope: access.Scope{Kind: access.Site, ID: "site-1"}},
			"Văn thư": {Role: people.RoleClerk, Scope: department},
			"":        {},
		} {
			if got := words.Of(by.Role, by.Scope); got != want {
				t.Errorf("%+v is told as %q, want %q", by, got, want)
			}
		}
	})
}
