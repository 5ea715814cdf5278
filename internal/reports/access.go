package reports

import (
	"context"
	"maps"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

// The actions of this capability.
const (
	ActRead    access.Action = "report.read"    // site reports
	ActBoard   access.Action = "report.board"   // the Council's desk: all sites' reports and incidents
	ActEnter   access.Action = "report.enter"   // send a site's report
	ActDictate access.Action = "report.dictate" // type it for the site: dictated, corrected
	ActConfirm access.Action = "report.confirm" // the site's head
	ActAccept  access.Action = "report.accept"  // accept, return, decide conflicts, call silent sites

	ActProvince access.Action = "report.province"         // read provincial reports, also those not approved
	ActApproved access.Action = "report.province.read"    // read approved ones
	ActCompile  access.Action = "report.province.compile" // freeze the sums for approval
	ActApprove  access.Action = "report.province.approve"
	ActSend     access.Action = "report.province.send"
	ActReceive  access.Action = "report.province.receive" // the Ministry confirms the receipt, or the office for it
	ActPublish  access.Action = "report.publish"
	ActScope    access.Action = "report.publish.scope" // decide what of the figures the public sees

	ActIncident     access.Action = "report.incident"      // open
	ActIncidentRead access.Action = "report.incident.read" //
	ActSettle       access.Action = "report.incident.settle"
	ActSettings     access.Action = "report.settings" // deadlines, words, contacts
)

// Rules gives the rows of domain.md 2.4 about reports of sittings, with who reviews by 2.3.
func Rules() []access.Rule {
	type roles = map[access.Role]access.Level
	const (
		enter, confirm, accept = "domain.md 2.4: site session report: enter", "domain.md 2.4: site session report: confirm", "domain.md 2.4: site session report: accept / return"
		approve, send, figures = "domain.md 2.4: provincial session report: approve", "domain.md 2.4: provincial session report: send to Ministry", "domain.md 2.4: session figures: publish"
		incident               = "domain.md 2.4: incident: open"
	)
	keepers := roles{people.RoleCouncilSecretary: access.All, people.RoleExamOffice: access.All}
	desk := roles{people.RoleCouncilSecretary: access.All, people.RoleCouncilChair: access.All, people.RoleExamOffice: access.All}
	above := roles{people.RoleCouncilSecretary: access.All, people.RoleCouncilChair: access.All, people.RoleExamOffice: access.All, people.RoleOffice: access.All,
		people.RoleInspector: access.All, people.RoleStanding: access.All, people.RoleLeader: access.All, people.RoleAuditor: access.All}
	readers := maps.Clone(above)
	readers[people.RoleSiteSecretary], readers[people.RoleSiteHead] = access.Own, access.Own
	approved := maps.Clone(above)
	approved[people.RoleMinistry], approved[people.RolePublisher] = access.All, access.All
	witnesses := roles{people.RoleUnitEditor: access.Own, people.RoleUnitHead: access.Own, people.RoleSiteSecretary: access.Own, people.RoleSiteHead: access.Own,
		people.RoleCouncilSecretary: access.All, people.RoleCouncilChair: access.All, people.RoleExamOffice: access.All, people.RoleOffice: access.All,
		people.RoleInspector: access.All, people.RoleStanding: access.All, people.RoleLeader: access.All}
	informed := maps.Clone(witnesses)
	informed[people.RoleAuditor] = access.All
	return []access.Rule{
		{Action: ActRead, Title: "Xem báo cáo của điểm thi", Source: accept, Roles: readers},
		{Action: ActBoard, Title: "Xem bảng báo cáo của mọi điểm thi", Source: accept, Roles: above},
		{Action: ActEnter, Title: "Gửi báo cáo của điểm thi", Source: enter, Read: ActRead, Roles: roles{people.RoleSiteSecretary: access.Own, people.RoleSiteHead: access.Own,
			people.RoleCouncilSecretary: access.All, people.RoleExamOffice: access.All}},
		{Action: ActDictate, Title: "Nhập báo cáo thay điểm thi: đọc qua điện thoại, sửa", Source: enter + " (*)", Read: ActRead, Roles: keepers},
		{Action: ActConfirm, Title: "Xác nhận báo cáo của điểm thi", Source: confirm, Read: ActRead, Roles: roles{people.RoleSiteHead: access.Own}},
		{Action: ActAccept, Title: "Tiếp nhận, trả lại báo cáo của điểm thi", Source: accept, Read: ActRead, Roles: desk},

		{Action: ActProvince, Title: "Xem báo cáo tổng hợp buổi thi, cả bản chưa duyệt", Source: approve, Roles: above},
		{Action: ActApproved, Title: "Xem báo cáo tổng hợp buổi thi đã duyệt", Source: approve + "; " + send, Roles: approved},
		{Action: ActCompile, Title: "Tổng hợp số liệu buổi thi, trình duyệt", Source: "domain.md 2.3, 2.4: provincial session report: approve (V)", Read: ActProvince, Roles: keepers},
		{Action: ActApprove, Title: "Duyệt báo cáo tổng hợp buổi thi", Source: approve, Read: ActProvince, Roles: roles{people.RoleCouncilChair: access.All, people.RoleLeader: access.All}},
		{Action: ActSend, Title: "Gửi báo cáo tổng hợp cho Văn phòng Bộ", Source: send, Read: ActApproved, Roles: roles{people.RoleOffice: access.All}},
		{Action: ActReceive, Title: "Xác nhận Văn phòng Bộ đã nhận", Source: send, Read: ActApproved, Roles: roles{people.RoleOffice: access.All, people.RoleMinistry: access.All}},
		{Action: ActPublish, Title: "Công bố số liệu buổi thi", Source: figures, Read: ActApproved, Roles: roles{people.RoleCouncilChair: access.All, people.RolePublisher: access.All,
			people.RoleOffice: access.All, people.RoleLeader: access.All}},
		{Action: ActScope, Title: "Quyết định phạm vi số liệu công bố", Source: figures + " (A)", Read: ActApproved, Roles: roles{people.RoleCouncilChair: access.All, people.RoleLeader: access.All}},

		{Action: ActIncidentRead, Title: "Xem sự cố", Source: incident, Roles: informed},
		{Action: ActIncident, Title: "Báo sự cố", Source: incident, Read: ActIncidentRead, Roles: witnesses},
		{Action: ActSettle, Title: "Ghi sự cố đã xử lý xong", Source: accept, Read: ActIncidentRead, Roles: desk},
		{Action: ActSettings, Title: "Sửa thời hạn báo cáo, danh mục, số điện thoại điểm thi", Source: "domain.md 2.1, 3.7", Read: ActRead, Roles: keepers},
	}
}

// place is where a site's reports belong.
func place(site exam.SiteID) access.Place { return access.Place{Site: string(site)} }

// ofSite tells whether the actor acts for a site itself, and not for the Council.
func ofSite(ctx context.Context, site exam.SiteID, now int64) bool {
	return slices.ContainsFunc(access.From(ctx).Grants, func(g access.Grant) bool {
		return g.Scope == access.Scope{Kind: access.Site, ID: string(site)} && (g.Role == people.RoleSiteSecretary || g.Role == people.RoleSiteHead) &&
			(g.From == 0 || now >= g.From) && (g.Until == 0 || now < g.Until)
	})
}

// known turns the refusal of somebody who has opened the thing: they may not, but it is there.
func known(err error) error {
	if fault.Is(err, fault.NotFound) {
		return &fault.Error{Kind: fault.Denied}
	}
	return err
}
