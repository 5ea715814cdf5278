package paper_test

import (
	"fmt"
	"os"

	"bangvang/internal/base/paper"
)

// A capability keeps a template per paper, fills it, gives it what only the clerk knows, and
// writes it.
func Example() {
	tmpl, err := paper.ParseTemplate(`
Tên mẫu: Giấy mời họp báo
Cơ quan chủ quản: UBND tỉnh Lai Châu
Cơ quan ban hành: Sở Giáo dục và Đào tạo
Ký hiệu: GM-SGDĐT
Địa danh: Lai Châu
Loại: Giấy mời
Trích yếu: Họp báo về {việc}
Lời gửi: Kính mời
Kính gửi: {khách}
Chức vụ: Giám đốc
Người ký: Đinh Trung Tuấn
Lưu: VT, VP
---
Thời gian: **{giờ}**.
Rất mong quý cơ quan đến dự`)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := tmpl.Execute(map[string]any{"việc": "kết quả kỳ thi", "khách": "Báo Lai Châu", "giờ": "8 giờ 00"})
	if err != nil {
		fmt.Println(err)
		return
	}
	d.Number, d.Date = 7, paper.Date{Day: 5, Month: 6, Year: 2026}
	f, err := os.CreateTemp("", "giay-moi-*.docx")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := paper.WriteDOCX(f, &d); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Reference(), d.Date)
	fmt.Println(d.Title())
	// Output:
	// 07/GM-SGDĐT ngày 05 tháng 6 năm 2026
	// Giấy mời Họp báo về kết quả kỳ thi
}
