package text_test

import (
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/text"
)

func ExampleFold() {
	fmt.Println(text.Fold("Điểm thi") == text.Fold("DIEM THI"))
	// Output: true
}

func ExampleTone() {
	fmt.Println(text.Tone("Hoà Bình, quý vị"))
	// Output: Hòa Bình, quý vị
}

func ExampleNameKey() {
	names := []string{"Trần Thị Đào", "Đinh Văn An", "Lò Thị Dung", "Nguyễn An"}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(text.NameKey(a), text.NameKey(b)) })
	fmt.Println(strings.Join(names, ", "))
	// Output: Đinh Văn An, Nguyễn An, Lò Thị Dung, Trần Thị Đào
}

func ExampleParseDay() {
	day, err := text.ParseDay("ngày 05 tháng 6 năm 2021")
	fmt.Println(day, err)
	_, err = text.ParseDay("31/6/2021")
	fmt.Println(err)
	// Output:
	// 2021-06-05 <nil>
	// invalid: Tháng 6 năm 2021 không có ngày 31. Hãy kiểm tra lại ngày.
}

func ExampleDecode() {
	s, guess := text.Decode([]byte("S\xabng \xa7\xb5")) // typed in a .VnTime font
	fmt.Println(s, "–", guess.Encoding, guess.Certain)
	// Output: Sông Đà – TCVN3 (ABC) false
}
