package documents

import (
	"maps"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

// The actions of this capability.
const (
	ActRead     access.Action = "document.read"     // the registry of incoming documents
	ActRegister access.Action = "document.register" // enter and correct
	ActReview   access.Action = "document.review"   // is it about the exam, is it public
	ActPost     access.Action = "document.post"     // post, update, withdraw
	ActClear    access.Action = "document.clear"    // decide about personal data (P-16)
	ActCatalog  access.Action = "document.catalog"  // issuers
	ActImport   access.Action = "document.import"   // many at once

	ActReadOwn      access.Action = "document.own.read"    // documents of our own, drafts too
	ActReadIssued   access.Action = "document.own.issued"  // documents of our own from their issue on
	ActDraft        access.Action = "document.own.draft"   //
	ActCheckContent access.Action = "document.own.content" // head of the drafting office
	ActCheckForm    access.Action = "document.own.form"    // the Office
	ActSign         access.Action = "document.own.sign"    //
	ActNumber       access.Action = "document.own.number"  // the records clerk numbers and issues
	ActEnd          access.Action = "document.own.end"     // correct, replace, recall, archive
)

// Rules gives the rows "document: register", "document: post publicly" and "own document: draft /
// sign / number and issue" of domain.md 2.4, with the reviewers of 2.3. An administrator reads no
// content.
func Rules() []access.Rule {
	const register, post, own = "domain.md 2.4: document: register", "domain.md 2.4: document: post publicly", "domain.md 2.4: own document"
	type roles = map[access.Role]access.Level
	keepers := roles{people.RoleExamOffice: access.All, people.RoleOffice: access.All, people.RoleClerk: access.All}
	drafters := roles{people.RoleUnitEditor: access.Own, people.RoleCouncilSecretary: access.All, people.RoleExamOffice: access.All,
		people.RoleOffice: access.All, people.RoleInspector: access.All}
	readers := roles{people.RoleUnitEditor: access.Own, people.RoleUnitHead: access.Own, people.RoleCouncilSecretary: access.All, people.RoleCouncilChair: access.All,
		people.RoleExamOffice: access.All, people.RoleOffice: access.All, people.RoleClerk: access.All, people.RoleInspector: access.All,
		people.RoleLeader: access.All, people.RoleAuditor: access.All}
	issued := maps.Clone(readers)
	issued[people.RolePublisher] = access.All // posts what was issued, and knows of no draft
	posters := roles{people.RolePublisher: access.All, people.RoleOffice: access.All}
	return []access.Rule{
		{Action: ActRead, Title: "Xem sổ văn bản đến", Source: register, Roles: roles{people.RoleExamOffice: access.All, people.RoleOffice: access.All,
			people.RoleClerk: access.All, people.RolePublisher: access.All, people.RoleAuditor: access.All}},
		{Action: ActRegister, Title: "Nhập, sửa văn bản đến", Source: register, Read: ActRead, Roles: keepers},
		{Action: ActImport, Title: "Nhập nhiều văn bản từ bảng tính", Source: register, Read: ActRead, Roles: keepers},
		{Action: ActCatalog, Title: "Sửa danh mục cơ quan ban hành", Source: register, Read: ActRead, Roles: keepers},
		{Action: ActReview, Title: "Phân loại văn bản đến: công khai hay nội bộ", Source: "domain.md 2.3, 2.4: document: post publicly (V)", Read: ActRead,
			Roles: roles{people.RoleExamOffice: access.All}},
		{Action: ActPost, Title: "Đăng, cập nhật, gỡ văn bản trên trang công khai", Source: post, Read: ActRead, Roles: posters},
		{Action: ActClear, Title: "Quyết định về dữ liệu cá nhân trong văn bản", Source: post + "; P-16", Read: ActRead,
			Roles: roles{people.RoleExamOffice: access.All, people.RolePublisher: access.All, people.RoleOffice: access.All}},

		{Action: ActReadOwn, Title: "Xem văn bản của Sở, cả dự thảo", Source: own, Roles: readers},
		{Action: ActReadIssued, Title: "Xem văn bản của Sở đã phát hành", Source: own + "; document: post publicly", Roles: issued},
		{Action: ActDraft, Title: "Soạn văn bản của Sở", Source: own, Read: ActReadOwn, Roles: drafters},
		{Action: ActCheckContent, Title: "Duyệt nội dung văn bản của Sở", Source: "domain.md 2.3: head of the drafting office", Read: ActReadOwn, Roles: roles{people.RoleUnitHead: access.Own,
			people.RoleCouncilSecretary: access.Own, people.RoleExamOffice: access.Own, people.RoleOffice: access.Own, people.RoleInspector: access.Own}},
		{Action: ActCheckForm, Title: "Kiểm tra thể thức văn bản của Sở", Source: "domain.md 2.3: Office (form)", Read: ActReadOwn, Roles: roles{people.RoleOffice: access.All}},
		{Action: ActSign, Title: "Ký văn bản của Sở", Source: own, Read: ActReadOwn, Roles: roles{people.RoleUnitHead: access.Own,
			people.RoleCouncilChair: access.All, people.RoleLeader: access.All}},
		{Action: ActNumber, Title: "Lấy số, phát hành văn bản của Sở", Source: own, Read: ActReadOwn, Roles: roles{people.RoleClerk: access.All}},
		{Action: ActEnd, Title: "Đính chính, thay thế, thu hồi, lưu trữ văn bản của Sở", Source: "domain.md 4.5, 6.2", Read: ActReadOwn,
			Roles: roles{people.RoleClerk: access.All, people.RoleOffice: access.All}},
	}
}

// readingAction is what lets an actor know of a document where it stands now.
func readingAction(d Document) access.Action {
	switch {
	case d.Kind == Incoming:
		return ActRead
	case inside[d.State]:
		return ActReadOwn
	}
	return ActReadIssued
}

// known turns the refusal of somebody who has opened the document: they may not, but it is there.
func known(err error) error {
	if fault.Is(err, fault.NotFound) {
		return &fault.Error{Kind: fault.Denied}
	}
	return err
}
