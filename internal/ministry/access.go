package ministry

import (
	"context"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

// The actions of this capability.
const (
	ActRead     access.Action = "ministry.read"      // papers, drafts too, and their deliveries
	ActReadSent access.Action = "ministry.read.sent" // papers that were issued
	ActSend     access.Action = "ministry.send"      // make papers, submit and send them
	ActIssue    access.Action = "ministry.issue"     // bring the signed file back
	ActReceive  access.Action = "ministry.receive"   // record a receipt
	ActWording  access.Action = "ministry.wording"   // templates and the book of recipients

	ActRequestRead access.Action = "ministry.request.read"
	ActRequest     access.Action = "ministry.request"        // record, assign, answer
	ActAdvise      access.Action = "ministry.request.advise" // say what the answer should be
)

// Rules gives the row "provincial session report: send to Ministry" of domain.md 2.4, with the clerk's
// part of "own document: number and issue", and who answers the Ministry's Office.
func Rules() []access.Rule {
	type roles = map[access.Role]access.Level
	const send, approve, own = "domain.md 2.4: provincial session report: send to Ministry", "domain.md 2.4: provincial session report: approve", "domain.md 2.4: own document: number and issue"
	inside := func(more ...access.Role) roles {
		r := roles{people.RoleCouncilSecretary: access.All, people.RoleCouncilChair: access.All, people.RoleExamOffice: access.All, people.RoleOffice: access.All,
			people.RoleInspector: access.All, people.RoleStanding: access.All, people.RoleLeader: access.All, people.RoleAuditor: access.All}
		for _, role := range more {
			r[role] = access.All
		}
		return r
	}
	return []access.Rule{
		{Action: ActRead, Title: "Xem báo cáo gửi Bộ, cả dự thảo", Source: approve + "; " + own, Roles: inside(people.RoleClerk)},
		{Action: ActReadSent, Title: "Xem báo cáo gửi Bộ đã phát hành", Source: send + "; " + approve + "; " + own, Roles: inside(people.RoleClerk, people.RoleMinistry)},
		{Action: ActSend, Title: "Lập, trình, gửi báo cáo cho Văn phòng Bộ", Source: send, Read: ActReadSent, Roles: roles{people.RoleOffice: access.All}},
		{Action: ActIssue, Title: "Nhận lại bản ký của báo cáo gửi Bộ", Source: own, Read: ActReadSent, Roles: roles{people.RoleClerk: access.All}},
		{Action: ActReceive, Title: "Xác nhận nơi nhận đã nhận báo cáo", Source: send, Read: ActReadSent, Roles: roles{people.RoleOffice: access.All, people.RoleMinistry: access.All}},
		{Action: ActWording, Title: "Sửa mẫu báo cáo, danh sách nơi nhận", Source: "domain.md 2.1, 2.5", Read: ActRead, Roles: roles{people.RoleOffice: access.All}},

		{Action: ActRequestRead, Title: "Xem yêu cầu của Văn phòng Bộ", Source: "R-II.4-c, R-III.1.a-5", Roles: inside(people.RolePublisher)},
		{Action: ActRequest, Title: "Ghi, giao, trả lời yêu cầu của Văn phòng Bộ", Source: "R-II.4-c, R-III.1.a-5", Read: ActRequestRead, Roles: roles{people.RoleOffice: access.All}},
		{Action: ActAdvise, Title: "Tham mưu trả lời yêu cầu của Văn phòng Bộ", Source: "R-II.4-c, R-III.1.a-3", Read: ActRequestRead, Roles: roles{people.RoleOffice: access.All,
			people.RoleExamOffice: access.All, people.RoleCouncilSecretary: access.All, people.RoleInspector: access.All, people.RolePublisher: access.All}},
	}
}

// may asks for an action and gives the context that acts by it.
func (s *Service) may(ctx context.Context, action access.Action) (context.Context, error) {
	return s.Policy.Enter(ctx, action, access.Place{})
}

// known turns the refusal of somebody who has opened the thing: they may not, but it is there.
func known(err error) error {
	if fault.Is(err, fault.NotFound) {
		return &fault.Error{Kind: fault.Denied}
	}
	return err
}
