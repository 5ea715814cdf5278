package people

import (
	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
)

// Words say what this capability writes into the log.
func Words() audit.Words {
	w := audit.Words{
		Title: "Tài khoản, đơn vị",
		Actions: map[string]string{
			"people.login": "Đăng nhập", "people.login.slowed": "Đăng nhập sai nhiều lần, đã làm chậm", "people.session.end": "Kết thúc phiên",
			"people.password.set": "Đặt mật khẩu", "people.password.change": "Đổi mật khẩu", "people.password.link": "Tạo đường dẫn đặt mật khẩu",
			"people.factor.enrol": "Đăng ký ứng dụng xác thực", "people.factor.reset": "Gỡ ứng dụng xác thực",
			"people.recovery.new": "Tạo mã dự phòng", "people.recovery.use": "Dùng mã dự phòng",
			"people.codes.print": "In phiếu mã", "people.codes.revoke": "Hủy phiếu mã", "people.token.create": "Tạo mã truy cập", "people.token.revoke": "Thu hồi mã truy cập",
			"people.account.create": "Thêm tài khoản", "people.account.update": "Sửa tài khoản", "people.account.disable": "Khóa tài khoản", "people.account.enable": "Mở khóa tài khoản",
			"people.role.grant": "Giao vai trò", "people.role.revoke": "Thu hồi vai trò",
			"people.unit.create": "Thêm đơn vị", "people.unit.update": "Sửa đơn vị", "people.unit.rename": "Đổi tên đơn vị", "people.unit.merge": "Hợp nhất đơn vị",
			"people.function": "Chọn đơn vị phụ trách", "people.locality.create": "Thêm địa phương", "people.locality.update": "Sửa địa phương",
			"people.import": "Nhập từ bảng tính", "people.audit.export": "Tải nhật ký",
		},
		Kinds: map[string]string{"account": "Tài khoản", "unit": "Đơn vị", "locality": "Địa phương", "import": "Bảng tính", "audit": "Nhật ký"},
		Fields: map[string]string{
			"username": "tên đăng nhập", "name": "tên", "unit": "đơn vị", "contact": "liên hệ", "proof": "bước xác thực thứ hai",
			"role": "vai trò", "scope": "phạm vi", "place": "nơi", "scope_id": "", "period": "thời hạn", "from": "từ", "to": "đến", "count": "số mã", "scopes": "",
			"code": "mã", "kind": "loại", "parent": "trực thuộc", "valid_from": "có từ", "valid_to": "có đến", "into": "thành", "day": "từ ngày", "function": "nhiệm vụ",
			"level": "cấp", "action": "việc", "people.unit.rename from": "tên cũ", "people.audit.export kind": "",
		},
		Values: map[string]map[string]string{
			"proof": {string(ProofTOTP): "ứng dụng xác thực", string(ProofRecovery): "mã dự phòng", string(ProofPrinted): "phiếu mã"},
			"level": {string(Province): Province.Title(), string(District): District.Title(), string(Commune): Commune.Title()},
			"role":  {}, "scope": {}, "function": {},
		},
	}
	for _, r := range Roles() {
		w.Values["role"][string(r.Role)] = r.Title
	}
	for _, kind := range []access.ScopeKind{access.Department, access.Council, access.Site, access.Unit} {
		w.Values["scope"][string(kind)] = scopeTitle(kind)
	}
	for _, f := range Functions() {
		w.Values["function"][f.ID] = f.Name
	}
	return w
}
