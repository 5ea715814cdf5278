package search_test

import (
	"slices"
	"testing"

	"bangvang/internal/base/publish/search"
)

// registry is a small portal: what is in it is written for the questions below.
func registry() []search.Entry {
	return []search.Entry{
		{
			Key: "ct08", Path: "/van-ban/08-ct-ubnd-2021", Kind: "van-ban", Number: "08/CT-UBND", Day: "2021-05-12",
			Title:    "Tăng cường chỉ đạo tổ chức Kỳ thi tốt nghiệp trung học phổ thông năm 2021 trên địa bàn tỉnh Lai Châu",
			Keywords: []string{"Chỉ thị"}, Facets: map[string]string{"co-quan": "ubnd-tinh", "nam": "2021"},
			Text: "Để kỳ thi diễn ra an toàn, nghiêm túc, Chủ tịch Ủy ban nhân dân tỉnh yêu cầu các sở, ngành phối hợp với Sở Giáo dục và Đào tạo.",
		},
		{
			Key: "tt15", Path: "/van-ban/15-2020-tt-bgddt", Kind: "van-ban", Number: "15/2020/TT-BGDĐT", Day: "2020-05-26",
			Title:    "Ban hành Quy chế thi tốt nghiệp trung học phổ thông",
			Keywords: []string{"Thông tư"}, Facets: map[string]string{"co-quan": "bo-gddt", "nam": "2020"},
			Text: "Quy chế này quy định về thi tốt nghiệp, gồm: coi thi, chấm thi, phúc khảo. Cán bộ coi thi phải có mặt đúng giờ.",
		},
		{
			Key: "tt05", Path: "/van-ban/05-2021-tt-bgddt", Kind: "van-ban", Number: "05/2021/TT-BGDĐT", Day: "2021-03-12",
			Title:    "Sửa đổi, bổ sung một số điều của Quy chế thi ban hành kèm theo Thông tư số 15/2020/TT-BGDĐT",
			Keywords: []string{"Thông tư"}, Facets: map[string]string{"co-quan": "bo-gddt", "nam": "2021"},
		},
		{
			Key: "kh15", Path: "/van-ban/15-kh-sgddt-2021", Kind: "van-ban", Number: "15/KH-SGDĐT", Day: "2021-06-05",
			Title:    "Truyền thông về Kỳ thi tốt nghiệp THPT năm 2021",
			Keywords: []string{"Kế hoạch"}, Facets: map[string]string{"co-quan": "so-gddt", "nam": "2021"},
			Text: "Thực hiện Chỉ thị số 08/CT-UBND ngày 12/5/2021 của Chủ tịch UBND tỉnh; kênh tiếp nhận thông tin qua đường dây nóng.",
		},
		{
			Key: "sites", Path: "/diem-thi", Kind: "trang", Title: "Các điểm thi",
			Summary: "Địa chỉ và điện thoại của từng điểm thi trong tỉnh.", Text: "Trường THPT Lê Quý Đôn, thành phố Lai Châu.",
		},
		{
			Key: "times", Path: "/lich-thi", Kind: "trang", Title: "Lịch thi", Day: "2021-06-01",
			Summary: "Giờ phát đề và giờ bắt đầu làm bài của từng buổi.",
		},
		{
			Key: "peace", Path: "/tin/hoa-binh", Kind: "tin", Title: "Đoàn công tác tỉnh Hòa Bình thăm hội đồng thi", Day: "2021-07-08",
			Text: "Đoàn đã trao đổi kinh nghiệm hỗ trợ thí sinh vùng khó khăn với Ban Chỉ đạo thi cấp tỉnh.",
		},
		{
			Key: "lab", Path: "/tin/thi-nghiem", Kind: "tin", Title: "Kỳ thi khoa học: học sinh làm thí nghiệm", Day: "2021-04-02",
			Text: "Các em bảo vệ dự án; kết quả sẽ công bố. Ban tổ chức dùng <b>thẻ</b> & mã cho mỗi nhóm.",
		},
		{
			Key: "score", Path: "/hoi-dap/sbd", Kind: "hoi-dap", Title: "Quên số báo danh thì làm thế nào?", Day: "2021-07-10",
			Text: "Thí sinh liên hệ trường nơi đăng ký dự thi để được cấp lại phiếu báo dự thi.",
		},
		{
			Key: "gdtx", Path: "/tin/gdtx", Kind: "tin", Title: "Học viên giáo dục thường xuyên ôn thi", Day: "2021-06-20",
			Text: "Trung tâm mở cửa buổi tối. Năm nay có 8 lớp.",
		},
	}
}

func keys(r search.Result) []string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.Key)
	}
	return out
}

func TestQueriesFind(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	for _, tc := range []struct {
		name, query string
		first       []string // the first hits in this order
		also        []string // anywhere behind
		never       []string
	}{
		// F-65, F-66, F-73: folding.
		{"without accents", "diem thi", []string{"sites"}, nil, nil},
		{"with accents", "điểm thi", []string{"sites"}, nil, nil},
		{"in capitals", "ĐIỂM THI", []string{"sites"}, nil, nil},
		{"decomposed", "d\u0323ie\u0302\u0309m thi", []string{"sites"}, nil, nil},
		{"the old place of the tone mark", "hoà bình", []string{"peace"}, nil, nil},
		{"the new place of the tone mark", "hòa bình", []string{"peace"}, nil, nil},
		{"i for y", "kì thi tốt nghiệp", []string{"kh15"}, []string{"ct08"}, nil},
		{"i for y in quy", "qui chế thi", []string{"tt15", "tt05"}, nil, nil},
		// F-67: accents.
		{"typed accents first", "thí nghiệm", []string{"lab"}, nil, nil},
		{"other accents behind, not lost", "thì sinh", []string{"score"}, []string{"peace"}, nil},
		// F-68: any order, and all words.
		{"any order", "nghiệp tốt thi kỳ", nil, []string{"ct08", "kh15"}, []string{"gdtx"}},
		{"fillers are not required", "điểm thi của tỉnh", []string{"sites"}, nil, nil},
		// Numbers.
		{"number as written", "08/CT-UBND", []string{"ct08"}, []string{"kh15"}, nil},
		{"number in small letters", "08/ct-ubnd", []string{"ct08"}, []string{"kh15"}, nil},
		{"number without zero or dash", "8/ct ubnd", []string{"ct08"}, nil, nil},
		{"number with a long dash", "08/CT–UBND", []string{"ct08"}, nil, nil},
		{"type in words", "chi thi 08", []string{"ct08"}, nil, nil},
		{"type in words with số", "chỉ thị số 8", []string{"ct08"}, nil, nil},
		{"with its year", "chỉ thị 08 năm 2021", []string{"ct08"}, nil, nil},
		{"with its day", "chỉ thị 12/5/2021", []string{"ct08"}, nil, nil},
		{"long number", "15/2020/TT-BGDĐT", []string{"tt15", "tt05"}, nil, nil},
		{"long number folded", "15/2020/tt-bgddt", []string{"tt15", "tt05"}, nil, nil},
		{"number and year", "thông tư 15/2020", []string{"tt15", "tt05"}, nil, nil},
		{"type and number only", "kế hoạch 15", []string{"kh15"}, nil, nil},
		{"code and number", "tt 05", []string{"tt05"}, nil, nil},
		// F-70: names.
		{"abbreviation finds the long form", "thpt lai châu", nil, []string{"ct08", "sites"}, nil},
		{"long form finds the abbreviation", "kỳ thi tốt nghiệp trung học phổ thông 2021", nil, []string{"ct08", "kh15"}, nil},
		{"office abbreviated in a symbol", "sở giáo dục và đào tạo", nil, []string{"ct08", "kh15"}, nil},
		{"SGDĐT", "SGDĐT", nil, []string{"ct08", "kh15"}, nil},
		{"GD&ĐT", "sở gd&đt", nil, []string{"ct08", "kh15"}, nil},
		{"GD-ĐT", "GD-ĐT", nil, []string{"ct08", "kh15", "tt15"}, nil},
		{"UBND in full", "uy ban nhan dan tinh", []string{"ct08"}, []string{"kh15"}, nil},
		{"SBD", "sbd", []string{"score"}, nil, nil},
		{"BCĐ", "bcđ thi", []string{"peace"}, nil, nil},
		{"GDTX", "gdtx", []string{"gdtx"}, nil, nil},
		{"CBCT", "cbct", []string{"tt15"}, nil, nil},
		{"time for timetable", "thời gian thi", []string{"times"}, nil, nil},
		{"place for site", "dia diem thi", []string{"sites"}, nil, nil},
		{"TNTHPT", "quy chế thi TNTHPT", []string{"tt15"}, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := ix.Search(search.Query{Text: tc.query})
			got := keys(r)
			if len(tc.first) > len(got) || !slices.Equal(got[:len(tc.first)], tc.first) {
				t.Errorf("%q finds %v; first should be %v", tc.query, got, tc.first)
			}
			for _, k := range tc.also {
				if !slices.Contains(got, k) {
					t.Errorf("%q finds %v, not %s", tc.query, got, k)
				}
			}
			for _, k := range tc.never {
				if slices.Contains(got, k) {
					t.Errorf("%q finds %s", tc.query, k)
				}
			}
			if (tc.first != nil || tc.also != nil) && r.Partial {
				t.Errorf("%q is answered in part: %v", tc.query, got)
			}
		})
	}
}

func TestAccentsTypedRankFirst(t *testing.T) {
	t.Parallel()
	ix := search.Build([]search.Entry{
		{Key: "tiger", Title: "Hổ trợ", Day: "2020-01-01"},
		{Key: "help", Title: "Hỗ trợ", Day: "2021-01-01"},
		{Key: "plain", Title: "Ho tro", Day: "2019-01-01"},
		{Key: "long", Title: "Tin", Text: "một đoạn dài có nhắc đến việc hỗ trợ thí sinh ở vùng xa"},
	})
	for query, want := range map[string][]string{
		"hỗ trợ": {"help", "long", "tiger", "plain"},
		"hổ trợ": {"tiger", "help", "long", "plain"},
		"ho tro": {"help", "tiger", "plain", "long"},
		"hỗ tro": {"help", "long", "tiger", "plain"},
	} {
		if got := keys(ix.Search(search.Query{Text: query})); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
}

func TestNothingHoldsAllTheWords(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	r := ix.Search(search.Query{Text: "quy chế coi thi khủng long"})
	if !r.Partial || len(r.Hits) == 0 || r.Hits[0].Key != "tt15" {
		t.Errorf("partial %v, hits %v; want tt15 flagged as partial", r.Partial, keys(r))
	}
	r = ix.Search(search.Query{Text: "khủng long bạo chúa xyz"})
	if r.Total != 0 || r.Partial || r.Reason != search.NoMatch {
		t.Errorf("unknown words: total %d partial %v reason %q, want an empty result with no_match", r.Total, r.Partial, r.Reason)
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	for _, tc := range []struct{ name, query, want string }{
		{"a letter missing", "tốt ngiệp", "tốt nghiệp"},
		{"a letter missing, without accents", "tot ngiep", "tot nghiep"},
		{"letters swapped", "nghiệp tốt thôgn", "nghiệp tốt thông"},
		{"two words run together", "diemthi", "diem thi"},
		{"another accent", "hổ trợ thí sinh", "hỗ trợ thí sinh"},
		{"the rest stays as it was typed", "  Quy chế  PHÚC khaor ", "Quy chế PHÚC khảo"},
		{"found as typed", "tốt nghiệp", ""},
		{"found without accents", "tot nghiep", ""},
		{"nothing is near", "zzzzzzzz", ""},
		{"a word known with other accents only, but not beside its neighbour", "thí sinh khò", ""},
		{"numbers are not corrected", "chỉ thị 99", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := ix.Search(search.Query{Text: tc.query})
			if r.DidYouMean != tc.want {
				t.Errorf("%q: did you mean %q, want %q", tc.query, r.DidYouMean, tc.want)
			}
			if tc.want != "" {
				if again := ix.Search(search.Query{Text: tc.want}); again.Total == 0 || again.Partial {
					t.Errorf("the suggestion %q finds %d, partial %v", tc.want, again.Total, again.Partial)
				}
			}
		})
	}
}

func TestFiltersAndCounts(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	all := ix.Search(search.Query{Text: "thi"})
	if got := all.Kinds[0]; got != (search.KindCount{Kind: "van-ban", Count: 4}) && got.Count < 3 {
		t.Errorf("kinds %v, want the documents and the news first", all.Kinds)
	}
	news := ix.Search(search.Query{Text: "thi", Kind: "tin"})
	for _, h := range news.Hits {
		if h.Kind != "tin" {
			t.Errorf("kind tin finds %s", h.Key)
		}
	}
	if !slices.Equal(news.Kinds, all.Kinds) {
		t.Errorf("counts differ with a kind chosen: %v and %v", news.Kinds, all.Kinds)
	}
	sum := 0
	for _, k := range all.Kinds {
		sum += k.Count
	}
	if sum != all.Total {
		t.Errorf("counts of kinds add up to %d of %d", sum, all.Total)
	}
	ministry := ix.Search(search.Query{Text: "thi", Facets: map[string]string{"co-quan": "bo-gddt", "nam": ""}})
	if got := keys(ministry); !slices.Equal(got, []string{"tt15", "tt05"}) {
		t.Errorf("issued by the ministry: %v", got)
	}
	none := ix.Search(search.Query{Text: "sbd", Kind: "tin"})
	if none.Total != 0 || none.Reason != search.NoMatch || len(none.Kinds) != 1 {
		t.Errorf("nothing of this kind: %+v, want no_match and the other kind's count", none)
	}
}

func TestPagesFollowOneAnother(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	whole := keys(ix.Search(search.Query{Text: "thi"}))
	var paged []string
	for offset := 0; offset < len(whole)+2; offset += 2 {
		paged = append(paged, keys(ix.Search(search.Query{Text: "thi", Offset: offset, Limit: 2}))...)
	}
	if !slices.Equal(paged, whole) {
		t.Errorf("pages %v, whole %v", paged, whole)
	}
	if r := ix.Search(search.Query{Text: "thi", Offset: -5, Limit: 1_000_000}); len(r.Hits) != len(whole) {
		t.Errorf("odd page: %d hits of %d", len(r.Hits), len(whole))
	}
}

func TestEqualWeightGoesByDayThenKey(t *testing.T) {
	t.Parallel()
	ix := search.Build([]search.Entry{
		{Key: "b", Title: "Lễ tổng kết", Day: "2021-07-01"},
		{Key: "new", Title: "Lễ tổng kết", Day: "2021-08-01"},
		{Key: "a", Title: "Lễ tổng kết", Day: "2021-07-01"},
		{Key: "heavy", Title: "Lễ tổng kết", Day: "2020-01-01", Boost: 2},
	})
	if got := keys(ix.Search(search.Query{Text: "tổng kết"})); !slices.Equal(got, []string{"heavy", "new", "a", "b"}) {
		t.Errorf("order %v", got)
	}
}

func TestTheEmptyIndexAnswers(t *testing.T) {
	t.Parallel()
	var ix search.Index
	if r := ix.Search(search.Query{Text: "thi"}); r.Reason != search.NoMatch {
		t.Errorf("reason %q, want no_match", r.Reason)
	}
}
