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
		if len(rows) != 2 || rows[1][6] != "'=HYPERLINK(1)" || rows[1][1] != "2021-07-08 06:30:00" {
			t.Errorf("exported %q", rows)
		}
		if n := count(people.LogQuery{Action: "people.audit.export"}); n != 1 {
			t.Errorf("the export left %d lines", n)
		}
	})
}
