package portal

import "bangvang/internal/base/audit"

// Words say what this capability writes into the log.
func Words() audit.Words {
	return audit.Words{
		Title:   "Trang công khai",
		Actions: map[string]string{string(ActSettings): "Sửa thông tin chung của trang"},
		Kinds:   map[string]string{"settings": "Cài đặt"},
		Fields:  map[string]string{"version": "lần sửa thứ"},
	}
}
