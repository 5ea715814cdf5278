package richtext_test

import (
	"fmt"

	"bangvang/internal/base/richtext"
)

func ExampleClean() {
	d := richtext.Clean(`<h1>Thông báo</h1><p onclick="steal()">Xem <a href="javascript:x">lịch thi</a>.</p><script>x()</script>`)
	fmt.Print(d.HTML())
	// Output:
	// <h2 id="muc-thong-bao">Thông báo</h2>
	// <p>Xem lịch thi.</p>
}

func ExampleDoc_Outline() {
	d := richtext.FromPlain("Điều 5. Lịch thi\n1. Thi trong hai ngày.\na) Ngày 7/7: Ngữ văn, Toán;\nĐiều 6. Phòng thi")
	for _, c := range d.Outline() {
		fmt.Printf("%d #%s %s: %s\n", c.Level, c.ID, c.Number, c.Title)
	}
	// Output:
	// 1 #dieu-5 Điều 5: Lịch thi
	// 2 #dieu-5-1 1: Thi trong hai ngày.
	// 3 #dieu-5-1-a a: Ngày 7/7: Ngữ văn, Toán;
	// 1 #dieu-6 Điều 6: Phòng thi
}
