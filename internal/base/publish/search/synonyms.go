package search

import "strings"

// A concept is one thing with several names. A text that uses one of them is found under the
// others, in both directions and in names of several words.
type concept struct {
	weight float32  // of a hit under another name; a hit under the same name weighs 1
	names  []string // lower case, with accents; the full name first
	codes  []string // letters that mean it only in a document number or in a query: "TT" alone in a text may be a centre
}

// concepts is the table of abbreviations of the sector. Write names as they are spoken; word
// order and accents count, dashes and "&" do not.
var concepts = []concept{
	// Offices.
	{weight: .9, names: []string{"ủy ban nhân dân", "ubnd"}},
	{weight: .9, names: []string{"hội đồng nhân dân", "hđnd"}},
	{weight: .9, names: []string{"ban chỉ đạo", "bcđ"}},
	{weight: .9, names: []string{"bộ giáo dục và đào tạo", "bộ giáo dục đào tạo", "bộ gdđt", "bộ gd đt", "bộ gd và đt", "bgdđt", "bgd đt"}},
	{weight: .9, names: []string{"sở giáo dục và đào tạo", "sở giáo dục đào tạo", "sở gdđt", "sở gd đt", "sở gd và đt", "sgdđt", "sgd đt"}},
	{weight: .9, names: []string{"phòng giáo dục và đào tạo", "phòng giáo dục đào tạo", "phòng gdđt", "phòng gd đt", "pgdđt", "pgd đt"}},
	{weight: .9, names: []string{"giáo dục và đào tạo", "giáo dục đào tạo", "gdđt", "gd đt", "gd và đt"}},
	{weight: .9, names: []string{"khảo thí và quản lý chất lượng giáo dục", "khảo thí quản lý chất lượng giáo dục", "ktqlclgd", "kt qlclgd"}},
	{weight: .9, names: []string{"quản lý chất lượng", "qlcl"}},
	// Schools and learners.
	{weight: .9, names: []string{"trung học phổ thông", "thpt"}},
	{weight: .9, names: []string{"trung học cơ sở", "thcs"}},
	{weight: .9, names: []string{"trung học phổ thông quốc gia", "thptqg", "thpt quốc gia", "thpt qg"}},
	{weight: .9, names: []string{"tốt nghiệp trung học phổ thông", "tốt nghiệp thpt", "tnthpt", "tn thpt"}},
	{weight: .9, names: []string{"giáo dục thường xuyên", "gdtx"}},
	{weight: .9, names: []string{"giáo dục nghề nghiệp", "gdnn"}},
	{weight: .9, names: []string{"phổ thông dân tộc nội trú", "ptdtnt", "dân tộc nội trú", "dtnt"}},
	{weight: .9, names: []string{"giáo viên chủ nhiệm", "gvcn"}},
	// The exam.
	{weight: .9, names: []string{"số báo danh", "sbd"}},
	{weight: .9, names: []string{"căn cước công dân", "cccd"}},
	{weight: .9, names: []string{"chứng minh nhân dân", "cmnd"}},
	{weight: .9, names: []string{"đăng ký dự thi", "đkdt"}},
	{weight: .9, names: []string{"cán bộ coi thi", "cbct"}},
	{weight: .9, names: []string{"điểm xét tốt nghiệp", "đxtn"}},
	{weight: .9, names: []string{"khoa học tự nhiên", "khtn"}},
	{weight: .9, names: []string{"khoa học xã hội", "khxh"}},
	{weight: .9, names: []string{"giáo dục công dân", "gdcd"}},
	{weight: .6, names: []string{"địa điểm thi", "điểm thi"}},
	{weight: .7, names: []string{"lịch thi", "thời gian thi"}},
	{weight: .7, names: []string{"kết quả thi", "điểm số bài thi", "điểm bài thi"}},
	// Document types and their codes (Decree 30/2020 annex III; domain.md §4.3).
	{weight: .9, names: []string{"thông tư liên tịch", "ttlt"}},
	{weight: .9, names: []string{"văn bản hợp nhất", "vbhn"}},
	{weight: .9, names: []string{"thông tư"}, codes: []string{"tt"}},
	{weight: .9, names: []string{"chỉ thị"}, codes: []string{"ct"}},
	{weight: .9, names: []string{"quyết định"}, codes: []string{"qđ"}},
	{weight: .9, names: []string{"nghị định"}, codes: []string{"nđ"}},
	{weight: .9, names: []string{"nghị quyết"}, codes: []string{"nq"}},
	{weight: .9, names: []string{"quy chế"}, codes: []string{"qc"}},
	{weight: .9, names: []string{"quy định"}, codes: []string{"qyđ"}},
	{weight: .9, names: []string{"công văn"}, codes: []string{"cv"}},
	{weight: .9, names: []string{"công điện"}, codes: []string{"cđ"}},
	{weight: .9, names: []string{"kế hoạch"}, codes: []string{"kh"}},
	{weight: .9, names: []string{"hướng dẫn"}, codes: []string{"hd"}},
	{weight: .9, names: []string{"báo cáo"}, codes: []string{"bc"}},
	{weight: .9, names: []string{"thông báo"}, codes: []string{"tb"}},
	{weight: .9, names: []string{"thông cáo", "thông cáo báo chí", "tcbc"}, codes: []string{"tc"}},
	{weight: .9, names: []string{"tờ trình"}, codes: []string{"ttr"}},
	{weight: .9, names: []string{"biên bản"}, codes: []string{"bb"}},
	{weight: .9, names: []string{"giấy mời"}, codes: []string{"gm"}},
	{weight: .9, names: []string{"chương trình"}, codes: []string{"ctr"}},
	{weight: .9, names: []string{"phương án"}, codes: []string{"pa"}},
	{weight: .9, names: []string{"đề án"}, codes: []string{"đa"}},
}

// fillers are words that a query may hold and a document need not; they still add to the rank.
// Without accents only those are listed that mean little else: "thi" may be "thì" but is the exam.
var fillers = set("và của các những về cho là ở tại với theo mà được có không nào gì đâu khi", "va cua cac nhung ve")

// numeralLeads are fillers before a number: "chỉ thị số 8", "năm 2021".
var numeralLeads = set("số năm ngày tháng", "so nam ngay thang")

func set(lists ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(strings.Join(lists, " ")) {
		m[w] = true
	}
	return m
}

// A name is one compiled name of a concept.
type name struct {
	words  []form
	code   bool     // counts only in a document number or a query
	term   string   // the concept's
	weight float32  // the concept's
	speaks []string // terms of concepts its full name contains: SGDĐT speaks of GDĐT too
}

// namesByFirst holds the compiled names by the folded form of their first word.
var namesByFirst = compileConcepts()

func compileConcepts() map[string][]name {
	type compiled struct {
		concept
		full []form
		term string
	}
	all := make([]compiled, len(concepts))
	for i, c := range concepts {
		full := forms(c.names[0])
		all[i] = compiled{c, full, conceptTerm(full)}
	}
	byFirst := map[string][]name{}
	for _, c := range all {
		for i, s := range append(c.names[:len(c.names):len(c.names)], c.codes...) {
			n := name{words: forms(s), code: i >= len(c.names), term: c.term, weight: c.weight}
			if len(n.words) == 1 {
				for _, inner := range all {
					if inner.term != c.term && contains(c.full, inner.full) {
						n.speaks = append(n.speaks, inner.term)
					}
				}
			}
			byFirst[n.words[0].folded] = append(byFirst[n.words[0].folded], n)
		}
	}
	return byFirst
}

func forms(s string) []form {
	var out []form
	for _, sp := range spans(s, 0, len(s), nil) {
		f, _ := formOf(s[sp.start:sp.end])
		out = append(out, f)
	}
	return out
}

// conceptTerm names a concept in the index; no word of a text can begin with "~".
func conceptTerm(full []form) string {
	b := []byte{'~'}
	for _, f := range full {
		b = append(append(b, f.toned...), ' ')
	}
	return string(b[:len(b)-1])
}

func contains(whole, part []form) bool {
	for i := 0; i+len(part) <= len(whole); i++ {
		n := 0
		for n < len(part) && whole[i+n] == part[n] {
			n++
		}
		if n == len(part) {
			return true
		}
	}
	return false
}

// standsAt tells whether the name's words stand at the beginning of words: all with their accents,
// or all without any. "chỉ thi" is not "chỉ thị"; "chi thi" may be.
func (n *name) standsAt(words []form) bool {
	if len(words) < len(n.words) {
		return false
	}
	exact, plain := true, true
	for i, w := range n.words {
		have := words[i]
		if have.folded != w.folded {
			return false
		}
		exact = exact && have.toned == w.toned
		plain = plain && !have.accented()
	}
	return exact || plain
}

// mayBeMeant tells whether a reader who typed words may have meant the name; each word may lack
// its accents.
func (n *name) mayBeMeant(words []form) bool {
	if len(words) < len(n.words) {
		return false
	}
	for i, w := range n.words {
		if have := words[i]; have.toned != w.toned && (have.accented() || have.folded != w.folded) {
			return false
		}
	}
	return true
}
