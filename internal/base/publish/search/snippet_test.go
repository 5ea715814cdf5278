package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"bangvang/internal/base/publish/search"
)

func TestSnippets(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("một hai ba bốn năm sáu bảy tám chín mười ", 400)
	for _, tc := range []struct {
		name, query string
		entry       search.Entry
		title, want string // HTML
	}{
		{
			"marks stand on the words as they are written", "hoa binh", search.Entry{Title: "Tỉnh HOÀ BÌNH", Text: "Đoàn tỉnh Hòa Bình đến thăm."},
			"Tỉnh <mark>HOÀ BÌNH</mark>", "Đoàn tỉnh <mark>Hòa Bình</mark> đến thăm.",
		},
		{
			"what is written is escaped", "thẻ mã", search.Entry{Title: "A & B", Text: "dùng <b>thẻ</b> & mã \"x\""},
			"A &amp; B", "dùng &lt;b&gt;<mark>thẻ</mark>&lt;/b&gt; &amp; <mark>mã</mark> &#34;x&#34;",
		},
		{
			"deep in a long text", "thí sinh tự do", search.Entry{Title: "Tin", Text: filler + "Hồ sơ của thí sinh tự do nộp tại phòng giáo dục. " + filler},
			"Tin", "…mười một hai ba bốn năm sáu bảy tám chín mười Hồ sơ của <mark>thí sinh tự do</mark> nộp tại phòng giáo dục. " +
				"một hai ba bốn năm sáu bảy tám chín mười một hai ba bốn năm sáu bảy tám chín mười một hai ba…",
		},
		{
			"begins with the line", "phúc khảo", search.Entry{Title: "Tin", Text: "Dòng đầu.\nThời hạn phúc khảo\tlà  10\x00ngày."},
			"Tin", "…Thời hạn <mark>phúc khảo</mark> là 10 ngày.",
		},
		{
			"does not begin inside a date", "lịch", search.Entry{Title: "Tin", Text: strings.Repeat("chữ ", 30) + "ngày 12/5/2021 tại hội trường rất to lớn của thành phố có buổi về lịch thi"},
			"Tin", "…tại hội trường rất to lớn của thành phố có buổi về <mark>lịch</mark> thi",
		},
		{
			"the summary when it has as much", "lịch thi", search.Entry{Title: "Tin", Summary: "Lịch thi năm nay.", Text: "Xem lịch thi ở đây."},
			"Tin", "<mark>Lịch thi</mark> năm nay.",
		},
		{
			"the text when it has more", "lịch thi", search.Entry{Title: "Tin", Summary: "Lịch học.", Text: "Xem lịch thi ở đây."},
			"Tin", "Xem <mark>lịch thi</mark> ở đây.",
		},
		{
			"the beginning when only the title was found", "lịch thi", search.Entry{Title: "Lịch thi", Text: "Giờ phát đề."},
			"<mark>Lịch thi</mark>", "Giờ phát đề.",
		},
		{
			"nothing when there is nothing", "lịch thi", search.Entry{Title: "Lịch thi"},
			"<mark>Lịch thi</mark>", "",
		},
		{
			"a whole name is marked for its abbreviation", "thpt", search.Entry{Title: "Thi tốt nghiệp trung học phổ thông", Text: "Trường THPT"},
			"Thi tốt nghiệp <mark>trung học phổ thông</mark>", "Trường <mark>THPT</mark>",
		},
		{
			"other accents are not marked where the typed ones stand", "thí sinh", search.Entry{Title: "Kỳ thi", Text: "thi cho thí sinh"},
			"Kỳ thi", "thi cho <mark>thí sinh</mark>",
		},
		{
			"an endless word is cut", "abc", search.Entry{Title: "Tin abc", Text: strings.Repeat("z", 1000)},
			"Tin <mark>abc</mark>", strings.Repeat("z", 190) + "…",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.entry.Key = "x"
			r := search.Build([]search.Entry{tc.entry}).Search(search.Query{Text: tc.query})
			if len(r.Hits) != 1 {
				t.Fatalf("%d hits", len(r.Hits))
			}
			if got := string(r.Hits[0].Title.HTML()); got != tc.title {
				t.Errorf("title\n%s\nwant\n%s", got, tc.title)
			}
			if got := string(r.Hits[0].Snippet.HTML()); got != tc.want {
				t.Errorf("snippet\n%s\nwant\n%s", got, tc.want)
			}
			if n := utf8.RuneCountInString(r.Hits[0].Snippet.String()); n > 200 {
				t.Errorf("snippet of %d characters", n)
			}
		})
	}
}
