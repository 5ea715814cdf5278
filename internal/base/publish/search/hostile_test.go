package search_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"bangvang/internal/base/publish/search"
)

func TestHostileQueriesAreRefusedWithAReason(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	var many strings.Builder
	for i := range 70 {
		many.WriteString(strings.Repeat("a", i%9+1) + string(rune('b'+i%20)) + " ")
	}
	for _, tc := range []struct {
		name, query string
		want        search.Reason
	}{
		{"nothing", "", search.Empty},
		{"only spaces", " \t\n\u00a0 ", search.Empty},
		{"only punctuation", "?!... --- \"\" ()", search.NoWords},
		{"only control characters", "\x00\x01\x1b[\x7f", search.NoWords},
		{"only invisible characters", "\u200b\u200e\u202e\ufeff", search.NoWords},
		{"only bytes that are no text", "\xff\xfe\x80", search.NoWords},
		{"10,000 characters", strings.Repeat("a", 10_000), search.TooLong},
		{"5,000 terms", strings.Repeat("thi ", 5_000), search.TooLong},
		{"10,000 marks on one letter", "e" + strings.Repeat("\u0301", 10_000), search.TooLong},
		{"too many words", many.String(), search.TooManyWords},
		{"one endless word", strings.Repeat("x", 1_500), search.NoWords},
		{"a bomb of marks that is short enough", "e" + strings.Repeat("\u0301\u0323", 400), search.NoWords},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			r := ix.Search(search.Query{Text: tc.query})
			if r.Reason != tc.want || r.Total != 0 || len(r.Hits) != 0 {
				t.Errorf("reason %q, total %d; want %q and nothing", r.Reason, r.Total, tc.want)
			}
			if !utf8.ValidString(r.Query) || strings.ContainsFunc(r.Query, func(r rune) bool { return r < ' ' }) || len(r.Query) > 2000 {
				t.Errorf("query given back as %.50q (%d bytes)", r.Query, len(r.Query))
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestControlCharactersDoNotHideWords(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	r := ix.Search(search.Query{Text: "\x00lịch\r\n\tthi\u200b\x1b"})
	if len(r.Hits) == 0 || r.Hits[0].Key != "times" || r.Query != "lịch thi" {
		t.Errorf("%q finds %v", r.Query, keys(r))
	}
}

func TestWordsTypedManyTimesCountOnce(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	once := keys(ix.Search(search.Query{Text: "lịch thi"}))
	often := keys(ix.Search(search.Query{Text: strings.Repeat("lịch thi ", 90)}))
	if len(often) != len(once) || often[0] != once[0] {
		t.Errorf("once %v, 90 times %v", once, often)
	}
}

// FuzzSearch looks for queries and texts that break a promise: valid text out, marks only of what
// stands in the entry, bounded snippets.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"", "08/CT-UBND", "chi thi so 8", "hoà bình", "e\u0301\u0323\u0301", "\xff/\x00-", "15/2020/TT-BGDĐT",
		"gd&đt", "thông cáo báo chí", "1-2-3-4-5-6-7-8-9-a", "ǅ ﬁ İ ß Ⅳ", "字字字", strings.Repeat("a", 80), "\u1ea5\u0302\u0301"} {
		f.Add(s, s+" thí sinh "+s, "Điểm thi "+s)
	}
	f.Fuzz(func(t *testing.T, query, text, title string) {
		ix := search.Build(append(registry(), search.Entry{Key: "fuzz", Title: title, Text: text, Summary: query}))
		for _, q := range []string{query, title, text} {
			r := ix.Search(search.Query{Text: q})
			if (r.Total == 0) != (r.Reason != "") || r.Total < len(r.Hits) {
				t.Fatalf("%q: total %d, hits %d, reason %q", q, r.Total, len(r.Hits), r.Reason)
			}
			for _, h := range r.Hits {
				if !utf8.ValidString(h.Snippet.String()) || !utf8.ValidString(h.Title.String()) {
					t.Fatalf("%q: snippet %q or title %q is no valid text", q, h.Snippet, h.Title)
				}
				if n := utf8.RuneCountInString(h.Snippet.String()); n > 200 {
					t.Fatalf("%q: snippet of %d characters", q, n)
				}
			}
		}
	})
}
