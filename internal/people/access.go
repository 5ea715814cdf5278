package people

import "bangvang/internal/base/access"

// The actions of this capability.
const (
	ActPeopleRead   access.Action = "people.read"    // see accounts, grants, settings
	ActPeopleManage access.Action = "people.manage"  // change units, accounts, grants, settings
	ActAuditRead    access.Action = "audit.read"     // the whole audit log
	ActAuditReadOwn access.Action = "audit.read.own" // one's own lines and those of one's own desk
)

// Rules gives the rows of domain.md 2.4 that this capability answers for: "users, roles, settings"
// and "audit log". An administrator does not read the audit log and no content.
func Rules() []access.Rule {
	const users, log = "domain.md 2.4: users, roles, settings", "domain.md 2.4: audit log"
	return []access.Rule{
		{Action: ActPeopleRead, Title: "Xem đơn vị, tài khoản, vai trò, cài đặt", Source: users,
			Roles: map[access.Role]access.Level{RoleAdmin: access.All, RoleAuditor: access.All}},
		{Action: ActPeopleManage, Title: "Sửa đơn vị, tài khoản, vai trò, cài đặt", Source: users, Read: ActPeopleRead,
			Roles: map[access.Role]access.Level{RoleAdmin: access.All}},
		{Action: ActAuditRead, Title: "Xem toàn bộ nhật ký", Source: log,
			Roles: map[access.Role]access.Level{RoleLeader: access.All, RoleAuditor: access.All}},
		{Action: ActAuditReadOwn, Title: "Xem phần nhật ký của mình", Source: log,
			Roles: map[access.Role]access.Level{RoleInspector: access.Own, RoleLeader: access.All, RoleAuditor: access.All}},
	}
}
