package richtext

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A rank is a level of clauses in official documents, outermost first (domain.md 4.6; Decree
// 30/2020 annex I for the order of phần, chương, mục, điều, khoản, điểm).
type rank int

const (
	rankPart rank = iota + 1
	rankChapter
	rankSection
	rankArticle
	rankCapital // A.
	rankRoman   // I.
	rankDecimal // 1.
	rankMulti   // 1.1. and deeper
	rankLetter  = rankMulti + 4
	rankDash    = rankLetter + 1
	rankPlus    = rankDash + 1
)

// A label is the number a clause begins with.
type label struct {
	rank   rank
	number string // as a citation has it: "Chương I", "Điều 5", "II", "1.1", "a"
	end    int    // where the words after it begin
	bare   bool   // a title mark follows the number, or nothing does
}

var labels = []struct {
	re   *regexp.Regexp
	rank rank
}{
	{regexp.MustCompile(`^((?:Phần|PHẦN|Phụ lục|PHỤ LỤC)\s+(?:(?:thứ|THỨ)\s+[\pL]+|[IVXLC]+|\d{1,2}))([.:]|$|\s)\s*`), rankPart},
	{regexp.MustCompile(`^((?:Chương|CHƯƠNG)\s+(?:[IVXLC]+|\d{1,2}))([.:]|$|\s)\s*`), rankChapter},
	{regexp.MustCompile(`^((?:Mục|MỤC)\s+(?:[IVXLC]+|\d{1,2}))([.:]|$|\s)\s*`), rankSection},
	{regexp.MustCompile(`^((?:Điều|ĐIỀU)\s+\d{1,3}[a-zđ]?)([.:])\s*`), rankArticle},
	{regexp.MustCompile(`^([IVX]|[IVXLC]{2,7})([.)])\s+`), rankRoman},
	{regexp.MustCompile(`^([A-HĐ])(\.)\s+`), rankCapital},
	{regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2}){1,3})(\.?)\s+`), rankMulti},
	{regexp.MustCompile(`^(\d{1,2})([.)])\s+`), rankDecimal},
	{regexp.MustCompile(`^([a-zđ])(\))\s*`), rankLetter},
}

// parseLabel reads the number at the beginning of a line.
func parseLabel(s string) (label, bool) {
	for _, l := range labels {
		m := l.re.FindStringSubmatchIndex(s)
		if m == nil {
			continue
		}
		out := label{rank: l.rank, number: s[m[2]:m[3]], end: m[1], bare: m[1] == len(s) || strings.ContainsAny(s[m[4]:m[5]], ".:")}
		if l.rank == rankMulti {
			next, _ := utf8.DecodeRuneInString(s[m[1]:])
			if !unicode.IsUpper(next) { // "1.5 triệu đồng" is a number
				continue
			}
			out.rank += rank(strings.Count(out.number, ".") - 1)
		}
		return out, true
	}
	return label{}, false
}

var dashes = regexp.MustCompile(`^([-–—−•·●▪○]|\+)\s*(\pL|[“"(\d])`)

// dashMark finds the dash or plus a line begins with, and the length of it with its spaces.
func dashMark(s string) (Marker, int) {
	m := dashes.FindStringSubmatchIndex(s)
	if m == nil {
		return "", 0
	}
	first, _ := utf8.DecodeRuneInString(s[m[4]:])
	if m[3] == m[4] && !unicode.IsLetter(first) { // "-5 độ", "+84 …" are numbers
		return "", 0
	}
	if s[m[2]:m[3]] == "+" {
		return Plus, m[4]
	}
	return Dash, m[4]
}

// titleLength is the longest a heading may be, in characters.
const titleLength = 250

// isTitle tells whether a clause in an ordinary paragraph is a heading: by what its kind of clause
// usually is, by how it is set, and by what follows: "1. Toán" above "2. Ngữ văn" is an item.
func isTitle(b Block, l label, s string, rest []Block) bool {
	words := strings.TrimSpace(s[l.end:])
	n := utf8.RuneCountInString(s)
	bold := allBold(cutFront(b.Runs, l.end))
	set := bold || b.Align == Center || shouting(words)
	switch {
	case n > titleLength:
		return false
	case l.rank <= rankSection:
		return l.bare && n <= 200 || set
	case l.rank == rankArticle:
		return words != "" && (set || !strings.HasSuffix(words, ";"))
	case l.rank <= rankRoman:
		return set && words != ""
	case l.rank < rankLetter:
		return words != "" && (bold || n <= 160 && !strings.ContainsAny(words[len(words)-1:], ".;,:") && covers(l, rest))
	}
	return false
}

// covers tells whether what follows a clause is text of its own: anything but a heading or a
// clause of the same level or above.
func covers(l label, rest []Block) bool {
	if len(rest) == 0 {
		return false
	}
	if next := rest[0]; next.Kind == Heading || next.Kind == Paragraph {
		words := plain(next.Runs)
		below, numbered := parseLabel(words)
		first, _ := utf8.DecodeRuneInString(words)
		return numbered && below.rank > l.rank || // a small letter goes on with a sentence that a line end cut
			!numbered && next.Kind == Paragraph && !unicode.IsLower(first)
	}
	return true
}

// shouting tells whether s is all in capitals.
func shouting(s string) bool {
	return strings.IndexFunc(s, unicode.IsUpper) >= 0 && strings.IndexFunc(s, unicode.IsLower) < 0
}
