package people

import (
	"context"
	"slices"

	"bangvang/internal/base/access"
)

// The roles of domain.md 2.4, one per column but PUB: the public needs no account. A person holds
// any number of them, each in a scope and for a period; the sum of their rights counts.
const (
	RolePress            access.Role = "press"             // PRS cơ quan báo chí (tài khoản đọc)
	RoleUnitEditor       access.Role = "unit_editor"       // UED người biên tập của đơn vị
	RoleUnitHead         access.Role = "unit_head"         // UHD thủ trưởng đơn vị
	RoleSiteSecretary    access.Role = "site_secretary"    // SSC Thư ký Điểm thi
	RoleSiteHead         access.Role = "site_head"         // SHD Trưởng Điểm thi
	RoleCouncilSecretary access.Role = "council_secretary" // CSC Ban Thư ký Hội đồng thi
	RoleCouncilChair     access.Role = "council_chair"     // CCH Chủ tịch Hội đồng thi
	RoleExamOffice       access.Role = "exam_office"       // EXM Phòng Khảo thí và QLCLGD
	RolePublisher        access.Role = "publisher"         // PBL Phòng Chính trị – Tư tưởng
	RoleOffice           access.Role = "office"            // OFF Văn phòng Sở
	RoleClerk            access.Role = "clerk"             // CLK Văn thư
	RoleInspector        access.Role = "inspector"         // INS Thanh tra Sở
	RoleStanding         access.Role = "standing"          // STD Thường trực Ban Chỉ đạo thi
	RoleLeader           access.Role = "leader"            // LDR Lãnh đạo Sở
	RoleSpokesperson     access.Role = "spokesperson"      // SPK người phát ngôn
	RoleMinistry         access.Role = "ministry"          // MIN Văn phòng Bộ (đọc)
	RoleAdmin            access.Role = "admin"             // ADM quản trị hệ thống: reads no content
	RoleAuditor          access.Role = "auditor"           // AUD kiểm toán nhật ký
)

// A Factor is the second proof that a role asks for at login, beside the password.
type Factor string

// The second factors. L-17 asks for one of all staff: of everybody but the press, who only read. Phones
// are forbidden inside an exam site (domain.md 0.4), so the site roles use codes printed on paper.
const (
	NoFactor      Factor = ""
	Authenticator Factor = "totp"
	PrintedCode   Factor = "printed"
)

// A RoleInfo says how a role is called and held.
type RoleInfo struct {
	Role   access.Role
	Title  string // Vietnamese, as on every screen
	Short  string // the column's heading in the permission table
	Scopes []access.ScopeKind
	Factor Factor // unless the installation's policy says otherwise
}

var (
	wide   = []access.ScopeKind{access.Department}
	units  = []access.ScopeKind{access.Unit}
	sites  = []access.ScopeKind{access.Site}
	boards = []access.ScopeKind{access.Council}
)

var roles = []RoleInfo{
	{RolePress, "Cơ quan báo chí", "Báo chí", wide, NoFactor},
	{RoleUnitEditor, "Biên tập viên đơn vị", "BTV đơn vị", units, Authenticator},
	{RoleUnitHead, "Thủ trưởng đơn vị", "Thủ trưởng", units, Authenticator},
	{RoleSiteSecretary, "Thư ký Điểm thi", "Thư ký ĐT", sites, PrintedCode},
	{RoleSiteHead, "Trưởng Điểm thi", "Trưởng ĐT", sites, PrintedCode},
	{RoleCouncilSecretary, "Thư ký Hội đồng thi", "Thư ký HĐ", boards, Authenticator},
	{RoleCouncilChair, "Chủ tịch Hội đồng thi", "Chủ tịch HĐ", boards, Authenticator},
	{RoleExamOffice, "Phòng Khảo thí và QLCLGD", "Khảo thí", wide, Authenticator},
	{RolePublisher, "Phòng Chính trị – Tư tưởng (đăng tải)", "CT-TT", wide, Authenticator},
	{RoleOffice, "Văn phòng Sở", "Văn phòng", wide, Authenticator},
	{RoleClerk, "Văn thư", "Văn thư", wide, Authenticator},
	{RoleInspector, "Thanh tra Sở", "Thanh tra", wide, Authenticator},
	{RoleStanding, "Thường trực Ban Chỉ đạo thi", "Thường trực", wide, Authenticator},
	{RoleLeader, "Lãnh đạo Sở", "Lãnh đạo", wide, Authenticator},
	{RoleSpokesperson, "Người phát ngôn", "Phát ngôn", wide, Authenticator},
	{RoleMinistry, "Văn phòng Bộ (đọc báo cáo)", "VP Bộ", wide, Authenticator},
	{RoleAdmin, "Quản trị hệ thống", "Quản trị", wide, Authenticator},
	{RoleAuditor, "Kiểm toán nhật ký", "Kiểm toán", wide, Authenticator},
}

// Roles gives every role in the order of domain.md 2.4.
func Roles() []RoleInfo { return slices.Clone(roles) }

// RoleOf tells about one role; false when there is no such role.
func RoleOf(role access.Role) (RoleInfo, bool) {
	i := slices.IndexFunc(roles, func(r RoleInfo) bool { return r.Role == role })
	if i < 0 {
		return RoleInfo{}, false
	}
	return roles[i], true
}

// RoleTitle gives the Vietnamese name of a role, or the role itself when it is not known any more.
func RoleTitle(role access.Role) string {
	if info, ok := RoleOf(role); ok {
		return info.Title
	}
	return string(role)
}

// RoleWords tell in Vietnamese in which role, held where, somebody acted.
type RoleWords struct{ places map[access.Scope]string }

// RoleWords reads the names of units and sites. They are public, so it asks for no right.
func (s *Service) RoleWords(ctx context.Context) (RoleWords, error) {
	d, err := s.Directory(ctx)
	if err != nil {
		return RoleWords{}, err
	}
	w := RoleWords{map[access.Scope]string{}}
	for id := range d.units {
		w.places[access.Scope{Kind: access.Unit, ID: string(id)}] = d.Name(id, "")
	}
	sites, err := s.scopeChoices(ctx, s.db.Read(), access.Site)
	for _, site := range sites {
		w.places[access.Scope{Kind: access.Site, ID: site.ID}] = "Điểm thi " + site.Name
	}
	return w, err
}

// Of gives "Thủ trưởng đơn vị, Trường THPT Than Uyên", or the role alone where it is held once for the
// whole Department or Council; "" for no role.
func (w RoleWords) Of(role access.Role, scope access.Scope) string {
	if place := w.places[scope]; place != "" {
		return RoleTitle(role) + ", " + place
	}
	return RoleTitle(role)
}

// FactorOf gives the second factor a role asks for in this installation.
func (s *Service) FactorOf(role access.Role) Factor { return s.factors[role] }
