package privacy_test

import (
	"fmt"

	"bangvang/internal/base/privacy"
)

func ExampleScan() {
	table := privacy.Table{Rows: [][]string{
		{"TT", "Họ và tên", "Ngày sinh"},
		{"1", "Vàng A Páo", "01/02/2003"},
		{"2", "Lò Thị Hoa", "12/02/2003"},
	}}
	for _, f := range privacy.Scan(2021, nil, []privacy.Table{table}) {
		fmt.Println(f)
	}
	// Output: Danh sách họ tên kèm ngày sinh: 2 mục (bảng 1, cột “Ngày sinh”; ví dụ V.A.P.)
}
