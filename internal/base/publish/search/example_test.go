package search_test

import (
	"fmt"

	"bangvang/internal/base/publish/search"
)

func ExampleIndex_Search() {
	ix := search.Build([]search.Entry{{
		Key: "08-ct-ubnd-2021", Path: "/van-ban/08-ct-ubnd-2021", Kind: "van-ban", Number: "08/CT-UBND", Day: "2021-05-12",
		Title: "Tổ chức Kỳ thi tốt nghiệp trung học phổ thông năm 2021", Keywords: []string{"Chỉ thị"},
	}})
	r := ix.Search(search.Query{Text: "chi thi 8 thpt"})
	for _, h := range r.Hits {
		fmt.Println(h.Number, h.Title.HTML())
	}
	// Output: 08/CT-UBND Tổ chức Kỳ <mark>thi</mark> tốt nghiệp <mark>trung học phổ thông</mark> năm 2021
}

func ExampleIndex_With() {
	ix := search.Build([]search.Entry{{Key: "a", Title: "Lịch thi"}})
	next := ix.With([]search.Entry{{Key: "b", Title: "Điểm thi"}}, []string{"a"})
	fmt.Println(ix.Search(search.Query{Text: "lịch"}).Total, next.Search(search.Query{Text: "lịch"}).Total, next.Len())
	// Output: 1 0 1
}
