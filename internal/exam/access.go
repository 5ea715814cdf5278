package exam

import (
	"bangvang/internal/base/access"
	"bangvang/internal/people"
)

// The actions of this capability.
const (
	ActRead       access.Action = "exam.read"        // see exams as the office prepares them
	ActEdit       access.Action = "exam.edit"        // title, rounds, sittings, papers; load and copy exams
	ActPhase      access.Action = "exam.phase"       // fix the phase by hand
	ActNews       access.Action = "exam.news"        // what is new this year
	ActSites      access.Action = "exam.sites"       // sites and rooms
	ActSiteStatus access.Action = "exam.site.status" // halt, merge, move a site
	ActRosterRead access.Action = "exam.roster.read"
	ActRoster     access.Action = "exam.roster" // how many are registered
	ActImport     access.Action = "exam.import" // sites, rooms and rosters from the spreadsheet that fills an installation
)

// Rules gives who starts with these actions. Domain.md 2.4 has no row of its own for the exam's
// record; the closest are "result set: import" (the Council's secretariat and the exam office, who
// by 2.1 keep candidate data, numbers and rooms), "session figures: publish" for what the front
// page says of the exam, and "site session report" for who sees a site's counts.
func Rules() []access.Rule {
	const record, phase, counts = "domain.md 2.1, 2.4: result set: import", "domain.md 2.4: session figures: publish", "domain.md 2.4: site session report"
	staff := map[access.Role]access.Level{}
	for _, r := range people.Roles() {
		if r.Role != people.RolePress {
			staff[r.Role] = access.All
		}
	}
	keepers := map[access.Role]access.Level{people.RoleCouncilSecretary: access.All, people.RoleExamOffice: access.All}
	return []access.Rule{
		{Action: ActRead, Title: "Xem kỳ thi, lịch thi, điểm thi ở trang làm việc", Source: record, Roles: staff},
		{Action: ActEdit, Title: "Sửa kỳ thi, đợt, buổi thi, bài thi; chép kỳ thi", Source: record, Read: ActRead, Roles: keepers},
		{Action: ActPhase, Title: "Đặt giai đoạn trước, trong, sau kỳ thi", Source: phase, Read: ActRead, Roles: map[access.Role]access.Level{
			people.RoleCouncilChair: access.All, people.RoleCouncilSecretary: access.All, people.RoleExamOffice: access.All,
			people.RolePublisher: access.All, people.RoleOffice: access.All, people.RoleLeader: access.All}},
		{Action: ActNews, Title: "Soạn điểm mới của kỳ thi", Source: "domain.md 2.4: article: publish; R-II.2-b", Read: ActRead, Roles: map[access.Role]access.Level{
			people.RoleExamOffice: access.All, people.RolePublisher: access.All, people.RoleOffice: access.All}},
		{Action: ActSites, Title: "Sửa điểm thi, phòng thi", Source: record, Read: ActRead, Roles: keepers},
		{Action: ActSiteStatus, Title: "Tạm dừng, sáp nhập, chuyển điểm thi", Source: "domain.md 3.3, 2.4: result set: import", Read: ActRead, Roles: map[access.Role]access.Level{
			people.RoleCouncilChair: access.All, people.RoleCouncilSecretary: access.All, people.RoleExamOffice: access.All}},
		{Action: ActRosterRead, Title: "Xem số thí sinh đăng ký của điểm thi", Source: counts, Read: ActRead, Roles: map[access.Role]access.Level{
			people.RoleSiteSecretary: access.Own, people.RoleSiteHead: access.Own, people.RoleCouncilSecretary: access.All,
			people.RoleCouncilChair: access.All, people.RoleExamOffice: access.All, people.RoleOffice: access.All,
			people.RoleInspector: access.All, people.RoleStanding: access.All, people.RoleLeader: access.All, people.RoleAuditor: access.All}},
		// The spreadsheet that fills an installation is imported by its administrator, who reads no
		// content but is given these rows by the office.
		{Action: ActImport, Title: "Nhập điểm thi, phòng thi, số đăng ký từ bảng tính", Source: "domain.md 2.4: users, roles, settings", Read: ActRead, Roles: map[access.Role]access.Level{
			people.RoleAdmin: access.All, people.RoleCouncilSecretary: access.All, people.RoleExamOffice: access.All}},
		{Action: ActRoster, Title: "Sửa số thí sinh đăng ký", Source: record, Read: ActRosterRead, Roles: keepers},
	}
}
