package readiness

import (
	"maps"

	"bangvang/internal/base/access"
	"bangvang/internal/people"
)

// The actions of this capability.
const (
	ActRead     access.Action = "readiness.read"     // reports, gaps, evidence; who may read all has the review table
	ActFill     access.Action = "readiness.fill"     // answer items, say that gaps are fixed
	ActSubmit   access.Action = "readiness.submit"   // the unit's or site's head sends
	ActReview   access.Action = "readiness.review"   // review, return, open and close gaps, compile the roll-up
	ActDecide   access.Action = "readiness.decide"   // ready or not; approve the roll-up
	ActTemplate access.Action = "readiness.template" // checklists, dated points
	ActRollUp   access.Action = "readiness.rollup"   // read approved roll-ups
	ActSend     access.Action = "readiness.send"

	ActDifficultyRead access.Action = "difficulty.read"
	ActRaise          access.Action = "difficulty.raise"
	ActAnswer         access.Action = "difficulty.answer"
)

// Rules gives the row "readiness report" of domain.md 2.4 by the columns of 2.3. The Ministry's reader
// sees approved roll-ups only (note 4). Difficulties have no row there: who reports raises them, the
// Office and the exam office owe the answer (R-III.1.a-1, R-III.2-5).
func Rules() []access.Rule {
	type roles = map[access.Role]access.Level
	const row, difficulty = "domain.md 2.3, 2.4: readiness report", "R-III.2-5, R-III.1.a-1"
	above := roles{people.RoleCouncilSecretary: access.All, people.RoleCouncilChair: access.All, people.RoleExamOffice: access.All, people.RoleOffice: access.All,
		people.RoleInspector: access.All, people.RoleStanding: access.All, people.RoleLeader: access.All, people.RoleAuditor: access.All}
	own := roles{people.RoleUnitEditor: access.Own, people.RoleUnitHead: access.Own, people.RoleSiteSecretary: access.Own, people.RoleSiteHead: access.Own}
	readers := maps.Clone(above)
	maps.Copy(readers, own)
	rollups := maps.Clone(above)
	rollups[people.RoleMinistry] = access.All
	exams := roles{people.RoleExamOffice: access.All}
	answerers := roles{people.RoleExamOffice: access.All, people.RoleOffice: access.All}
	return []access.Rule{
		{Action: ActRead, Title: "Xem báo cáo chuẩn bị", Source: row, Roles: readers},
		{Action: ActFill, Title: "Lập báo cáo chuẩn bị, báo khắc phục tồn tại", Source: row, Read: ActRead, Roles: roles{people.RoleUnitEditor: access.Own, people.RoleSiteSecretary: access.Own}},
		{Action: ActSubmit, Title: "Duyệt, gửi báo cáo chuẩn bị của đơn vị", Source: row, Read: ActRead, Roles: roles{people.RoleUnitHead: access.Own, people.RoleSiteHead: access.Own}},
		{Action: ActReview, Title: "Xem xét báo cáo chuẩn bị, tồn tại; tổng hợp", Source: row, Read: ActRead, Roles: exams},
		{Action: ActDecide, Title: "Kết luận sẵn sàng; duyệt tổng hợp chuẩn bị", Source: row, Read: ActRead, Roles: exams},
		{Action: ActTemplate, Title: "Sửa danh mục kiểm tra, mở đợt báo cáo chuẩn bị", Source: row + " (V)", Read: ActRead, Roles: exams},
		{Action: ActRollUp, Title: "Xem tổng hợp chuẩn bị đã duyệt", Source: row, Roles: rollups},
		{Action: ActSend, Title: "Gửi tổng hợp chuẩn bị", Source: row, Read: ActRollUp, Roles: roles{people.RoleOffice: access.All}},

		{Action: ActDifficultyRead, Title: "Xem vướng mắc", Source: difficulty, Roles: readers},
		{Action: ActRaise, Title: "Báo vướng mắc", Source: difficulty, Read: ActDifficultyRead, Roles: own},
		{Action: ActAnswer, Title: "Trả lời vướng mắc", Source: difficulty, Read: ActDifficultyRead, Roles: answerers},
	}
}

// everywhere is the Department as a whole.
var everywhere access.Place
