// Package demo fills an empty installation with the demonstration province: Lai Châu's exam of 2021
// with its real districts, offices, timetable and documents.
//
// It writes everything through the capabilities' own verbs, as people would, so that the
// demonstration also proves them. What is invented (sites, rooms, numbers of candidates, the plan's
// number) is marked as such on the page; there is no real person in it. The texts of the documents
// are our own summaries, not the originals.
//
// Source: issue "the spine", F; domain.md 1.5, 2.1, 9 (9).
package demo

import (
	"context"
	"crypto/rand"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/people"
)

// Invented is what every page of the demonstration says of itself, as far as the sources of its data
// go: numbers, days and titles of documents, the exam's days and the districts are public knowledge;
// everything else is said to be unverified or invented.
const Invented = "Kỳ thi năm 2021 ở Lai Châu dựng lại để dùng thử; đây không phải trang của cơ quan nào. " +
	"Theo nguồn công khai, chưa đối chiếu bản gốc: số, ngày và trích yếu của văn bản, ngày thi, tên huyện, thành phố, tên các phòng của Sở, " +
	"điện thoại và thư điện tử của Sở. " +
	"Chưa kiểm chứng: ngày thi đợt 2, giờ phát đề và giờ làm bài, tên các trường THPT. " +
	"Giả định: trung tâm GDNN-GDTX, điểm thi, phòng thi, số thí sinh, số liệu buổi thi, báo cáo chuẩn bị, vướng mắc, người dùng, số, ngày và người ký của kế hoạch truyền thông, mọi tệp và mọi chỗ ghi “giả định”. " +
	"Bản đọc do Bảng Vàng tóm tắt, không thay bản gốc."

// An Account is one demonstration account, as accounts.json lists it (architecture §8).
type Account struct {
	Role     access.Role `json:"role"`
	Username string      `json:"username"`
	Password string      `json:"password"`
	Scope    string      `json:"scope"` // "department", "council", "unit:Trường …", "site:Điểm thi …"
}

// program gives a context in which the demonstration sets things up that in life an administrator
// does by hand.
func program(ctx context.Context) context.Context {
	return access.System(ctx, "Bản trình diễn")
}

// password makes one that is easy to type and new for every demonstration.
func password() string { return "demo-" + rand.Text()[:10] }

// fillPeople makes the districts, units and functions, and returns the ids of units by code.
func fillPeople(ctx context.Context, p *people.Service) (map[string]people.UnitID, error) {
	ctx = program(ctx)
	localities, err := fillLocalities(ctx, p)
	if err != nil {
		return nil, err
	}
	ids := map[string]people.UnitID{}
	for _, u := range units() {
		form := people.UnitForm{Code: u.code, Kind: u.kind, Parent: ids[u.parent], Locality: localities[u.locality], Registration: u.kind == "school" || u.kind == "centre",
			Name: u.name, Short: u.short, Phone: u.phone, Email: u.email, Contact: u.contact, Aliases: u.aliases, ValidTo: u.until}
		if ids[u.code], err = p.CreateUnit(ctx, form); err != nil {
			return nil, fmt.Errorf("unit %s: %w", u.code, err)
		}
	}
	for f, code := range map[people.Function]string{
		people.FunctionOwner: "so", people.FunctionContact: "so", people.FunctionHotline: "thanh-tra",
		people.FunctionExam: "khao-thi", people.FunctionPublishing: "ct-tt", people.FunctionRegistry: "van-phong",
	} {
		if err := p.SetFunction(ctx, f, ids[code], ""); err != nil {
			return nil, fmt.Errorf("function %s: %w", f, err)
		}
	}
	// The inspectorate ended with the districts; the plan's other owner of the hotline goes on alone
	// (R-III.1.c, domain.md 2.6, 9 (5)).
	if err := p.SetFunction(ctx, people.FunctionHotline, ids["khao-thi"], "2025-07-01"); err != nil {
		return nil, fmt.Errorf("function %s: %w", people.FunctionHotline, err)
	}
	return ids, reform(ctx, p, ids)
}

// reform makes the changes of 2025 that the offices of 2021 went through: one got another name, two
// became one. That they did is public knowledge, the days here are not.
//
// Source: domain.md 2.6.
func reform(ctx context.Context, p *people.Service, ids map[string]people.UnitID) error {
	const day, basis = "2025-07-01", "Ngày ghi ở đây là giả định"
	err := p.RenameUnit(ctx, ids["ban-tuyen-giao"], day, "Ban Tuyên giáo và Dân vận Tỉnh ủy Lai Châu", "Ban Tuyên giáo và Dân vận Tỉnh ủy", basis)
	if err != nil {
		return fmt.Errorf("rename a unit: %w", err)
	}
	into, err := p.CreateUnit(ctx, people.UnitForm{Code: "bao-va-dai", Kind: "media", ValidFrom: day,
		Name: "Báo và Phát thanh, Truyền hình Lai Châu", Short: "Báo và Đài Lai Châu"})
	if err != nil {
		return fmt.Errorf("the merged press body: %w", err)
	}
	if err := p.MergeUnits(ctx, into, day, basis, ids["bao-lai-chau"], ids["dai-pt-th"]); err != nil {
		return fmt.Errorf("merge units: %w", err)
	}
	return nil
}

// fillLocalities makes the province and its districts, which ended on 30/6/2025 (domain.md 2.6).
func fillLocalities(ctx context.Context, p *people.Service) (map[string]people.LocalityID, error) {
	ids := map[string]people.LocalityID{}
	save := func(l people.Locality) (err error) {
		ids[l.Name], err = p.SaveLocality(ctx, l)
		return err
	}
	if err := save(people.Locality{Level: people.Province, Code: "12", Name: "Tỉnh Lai Châu"}); err != nil {
		return nil, err
	}
	for i, name := range districts {
		l := people.Locality{Level: people.District, Code: fmt.Sprint(105 + i), Parent: ids["Tỉnh Lai Châu"], Name: name, ValidTo: "2025-06-30"}
		if err := save(l); err != nil {
			return nil, fmt.Errorf("district %s: %w", name, err)
		}
	}
	return ids, nil
}

// A post is one demonstration account: who they are and in which role and scope they act.
type post struct {
	role     access.Role
	username string
	name     string // of the function; there is no real person in the demonstration
	unit     string // code of the unit they work in
	scope    access.ScopeKind
	at       string // the unit scope's code; sites are given by fillSites
}

// posts are one account per role; the second secretary, the second clerk and the second head of the Office
// are there for what needs four eyes.
func posts() []post {
	return []post{
		{people.RoleAdmin, "quan-tri", "Quản trị hệ thống", "van-phong", access.Department, ""},
		{people.RoleExamOffice, "khao-thi", "Chuyên viên Khảo thí", "khao-thi", access.Department, ""},
		{people.RoleExamOffice, "khao-thi-2", "Chuyên viên Khảo thí thứ hai", "khao-thi", access.Department, ""},
		{people.RolePublisher, "dang-tai", "Chuyên viên đăng tải", "ct-tt", access.Department, ""},
		{people.RoleOffice, "van-phong", "Chánh Văn phòng", "van-phong", access.Department, ""},
		{people.RoleOffice, "van-phong-2", "Phó Chánh Văn phòng", "van-phong", access.Department, ""},
		{people.RoleClerk, "van-thu", "Văn thư Sở", "van-phong", access.Department, ""},
		{people.RoleInspector, "thanh-tra", "Thanh tra viên", "thanh-tra", access.Department, ""},
		{people.RoleLeader, "lanh-dao", "Lãnh đạo Sở", "so", access.Department, ""},
		{people.RoleSpokesperson, "phat-ngon", "Người phát ngôn", "so", access.Department, ""},
		{people.RoleStanding, "thuong-truc", "Thường trực Ban Chỉ đạo", "bcd", access.Department, ""},
		{people.RoleCouncilSecretary, "thu-ky-hd", "Thư ký Hội đồng thi", "hoi-dong", access.Council, ""},
		{people.RoleCouncilSecretary, "thu-ky-hd-2", "Thư ký Hội đồng thi thứ hai", "hoi-dong", access.Council, ""},
		{people.RoleCouncilChair, "chu-tich-hd", "Chủ tịch Hội đồng thi", "hoi-dong", access.Council, ""},
		{people.RoleUnitEditor, "bien-tap-truong", "Biên tập viên của trường", "thpt-than-uyen", access.Unit, "thpt-than-uyen"},
		{people.RoleUnitHead, "hieu-truong", "Thủ trưởng đơn vị", "thpt-than-uyen", access.Unit, "thpt-than-uyen"},
		{people.RoleSiteSecretary, "thu-ky-diem-thi", "Thư ký Điểm thi", "thpt-than-uyen", access.Site, ""},
		{people.RoleSiteHead, "truong-diem-thi", "Trưởng Điểm thi", "thpt-binh-lu", access.Site, ""},
		{people.RolePress, "bao-chi", "Cơ quan báo chí", "bao-lai-chau", access.Department, ""},
		{people.RoleMinistry, "van-phong-bo", "Văn phòng Bộ", "van-phong-bo", access.Department, ""},
		{people.RoleAuditor, "kiem-toan", "Kiểm toán nhật ký", "so", access.Department, ""},
	}
}

// fillAccounts makes one account per role and returns them as accounts.json lists them. site is the
// exam site that the two site roles are for.
func fillAccounts(ctx context.Context, p *people.Service, units map[string]people.UnitID, site people.Named) ([]Account, error) {
	ctx = program(ctx)
	var list []Account
	for _, t := range posts() {
		id, err := p.CreateAccount(ctx, people.AccountForm{Username: t.username, Name: t.name, Unit: units[t.unit]})
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", t.username, err)
		}
		a := Account{Role: t.role, Username: t.username, Password: password(), Scope: string(t.scope)}
		if err := p.SetPassword(ctx, id, a.Password, false); err != nil {
			return nil, fmt.Errorf("password of %s: %w", t.username, err)
		}
		scope := access.Scope{Kind: t.scope}
		switch t.scope {
		case access.Unit:
			scope.ID, a.Scope = string(units[t.at]), "unit:"+t.at
		case access.Site:
			scope.ID, a.Scope = site.ID, "site:"+site.Name
		}
		_, err = p.GrantRole(ctx, people.GrantForm{Account: id, Role: t.role, Scope: scope, Note: "Bản trình diễn"})
		if err != nil {
			return nil, fmt.Errorf("role of %s: %w", t.username, err)
		}
		list = append(list, a)
	}
	return list, nil
}
