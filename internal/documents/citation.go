package documents

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/text"
)

// A Span is one citation found in a text.
type Span struct {
	Start, End int    // byte offsets of the number itself
	Document   DocID  // which document is cited
	Number     Number // as registered, not as written
}

// A Known is one document that texts can cite.
type Known struct {
	ID       DocID
	Number   Number
	Year     int    // the year its number is of
	IssuedOn string // "2021-05-12"; "" = not known
}

// Citations finds the numbers of known documents in running text: "08/CT-UBND" in any published
// text becomes a link to the registered document.
//
// It reads what is found in the field: "Chỉ thị số 08/CT-UBND ngày 12/5/2021", "TT- BGDĐT" with a
// stray space or a line break, footnote digits glued to the end ("05/2021/TT-BGDĐT8") or the
// beginning. The same number is given anew each year and by every province, so a year or a day
// written behind it must agree, and a number that could mean two documents is left alone: no link
// is better than a wrong one.
//
// The value is immutable and safe for concurrent use. Source: issue 2 D; F-47.
type Citations struct{ byKey map[string][]Known }

// NewCitations makes the finder for these documents; those without a number cannot be cited.
func NewCitations(known []Known) *Citations {
	c := &Citations{byKey: map[string][]Known{}}
	for _, k := range known {
		if key := k.Number.Key(); key != "" {
			c.byKey[key] = append(c.byKey[key], k)
		}
	}
	return c
}

// Find gives the citations in s, in order and without overlap. year is that of the citing text, to
// choose among the numbers of several years when the text itself says none; 0 when not known.
func (c *Citations) Find(s string, year int) []Span {
	var found []Span
	if c == nil || len(c.byKey) == 0 {
		return nil
	}
	for at := 0; ; {
		slash := strings.IndexByte(s[at:], '/')
		if slash < 0 {
			return found
		}
		slash += at
		if span, ok := c.around(s, at, slash, year); ok {
			found = append(found, span)
			at = span.End
			continue
		}
		at = slash + 1
	}
}

// around tries the citation whose first "/" stands at slash; it does not reach before from.
func (c *Citations) around(s string, from, slash, year int) (Span, bool) {
	head, ok := headBefore(s, from, slash)
	if !ok {
		return Span{}, false
	}
	written, rest := yearAfter(s, slash+1)
	if head.year != 0 {
		written, rest = head.year, slash+1
	}
	groups := groupsAfter(s, rest)
	if len(groups) == 0 {
		return Span{}, false
	}
	for _, try := range readings(groups) {
		for _, h := range head.readings() {
			candidates := c.byKey[numberKey(head.series, h.ordinal, head.suffix, try.names)]
			if len(candidates) == 0 {
				continue
			}
			if k, ok := choose(candidates, written, s[try.end:], year); ok {
				return Span{Start: h.start, End: try.end, Document: k.ID, Number: k.Number}, true
			}
		}
	}
	return Span{}, false
}

// Mentions gives the keys of all numbers that s may cite, of documents registered or not, each
// once, sorted.
func Mentions(s string) []string {
	seen := map[string]bool{}
	for at := 0; ; at++ {
		slash := strings.IndexByte(s[at:], '/')
		if slash < 0 {
			break
		}
		at += slash
		head, ok := headBefore(s, 0, at)
		if !ok {
			continue
		}
		_, rest := yearAfter(s, at+1)
		for _, try := range readings(groupsAfter(s, rest)) {
			if try.names[0] == "" || isDigit(try.names[0][0]) {
				continue // a date, not a symbol
			}
			for _, h := range head.readings() {
				seen[numberKey(head.series, h.ordinal, head.suffix, try.names)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// A head is what stands before the first "/".
type head struct {
	series     string
	year       int    // of a standard: QCVN 31:2026
	digits     string // "08"
	suffix     string
	start, end int  // of digits
	glued      bool // a letter stands right before: the first digits may be a footnote's
	series0    int  // where the series begins
}

type headReading struct{ ordinal, start int }

// readings are the numbers the digits can mean: all of them, or fewer from the right when they are
// glued to the word before ("thi315/2020" is note 3 and number 15).
func (h head) readings() []headReading {
	var all []headReading
	for cut := 0; cut < len(h.digits); cut++ {
		if n, err := strconv.Atoi(h.digits[cut:]); err == nil && n > 0 && n <= maxOrdinal {
			start := h.start + cut
			if h.series != "" {
				start = h.series0
			}
			all = append(all, headReading{n, start})
		}
		if !h.glued {
			break
		}
	}
	return all
}

// headBefore reads backwards from the "/" at slash: spaces, at most one letter, digits.
func headBefore(s string, from, slash int) (head, bool) {
	end := backSpaces(s, from, slash)
	if h, ok := standardBefore(s, from, end); ok {
		return h, true
	}
	h := head{end: end}
	if r, size := utf8.DecodeLastRuneInString(s[from:end]); unicode.IsLetter(r) {
		h.suffix, h.end = strings.ToLower(string(r)), end-size
	}
	h.start = digitsBefore(s, from, h.end)
	h.digits = s[h.start:h.end]
	if h.digits == "" || len(h.digits) > 8 {
		return h, false
	}
	r, _ := utf8.DecodeLastRuneInString(s[from:h.start])
	h.glued = unicode.IsLetter(r)
	if r == '/' || r == '-' || r == '.' || r == ',' { // a day or a decimal: 12/5/2021, 3.7/x
		return h, false
	}
	return h, true
}

// standardBefore reads "QCVN 31:2026" that ends at end.
func standardBefore(s string, from, end int) (head, bool) {
	yearAt := digitsBefore(s, from, end)
	year, ok := parseYear(s[yearAt:end])
	if !ok || yearAt == from || s[yearAt-1] != ':' {
		return head{}, false
	}
	h := head{year: year, end: yearAt - 1}
	h.start = digitsBefore(s, from, h.end)
	h.digits = s[h.start:h.end]
	h.series0 = backSpaces(s, from, h.start) - len("QCVN")
	if h.digits == "" || h.series0 < from {
		return head{}, false
	}
	h.series = strings.ToUpper(s[h.series0 : h.series0+len("QCVN")])
	return h, h.series == "QCVN" || h.series == "TCVN"
}

func digitsBefore(s string, from, end int) int {
	for end > from && s[end-1] >= '0' && s[end-1] <= '9' {
		end--
	}
	return end
}

// backSpaces and skipSpaces pass over at most three space characters, line breaks included.
func backSpaces(s string, from, end int) int {
	for range 3 {
		r, size := utf8.DecodeLastRuneInString(s[from:end])
		if !unicode.IsSpace(r) {
			break
		}
		end -= size
	}
	return end
}

func skipSpaces(s string, at int) int {
	for range 3 {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !unicode.IsSpace(r) {
			break
		}
		at += size
	}
	return at
}

// yearAfter reads "2020/" at at; 0 and at itself when there is none.
func yearAfter(s string, at int) (year, rest int) {
	begin := skipSpaces(s, at)
	if begin+4 > len(s) {
		return 0, at
	}
	y, ok := parseYear(s[begin : begin+4])
	end := skipSpaces(s, begin+4)
	if !ok || end >= len(s) || s[end] != '/' {
		return 0, at
	}
	return y, end + 1
}

// A group is one part of a symbol as it stands in the text.
type group struct {
	name string
	end  int
}

// groupsAfter reads the groups of a symbol: letters and digits, joined by dashes with or without
// spaces around them. At most six: what follows is running text.
func groupsAfter(s string, at int) []group {
	var groups []group
	for len(groups) < 6 {
		at = skipSpaces(s, at)
		end := at
		for end < len(s) {
			r, size := utf8.DecodeRuneInString(s[end:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
				break
			}
			end += size
		}
		if end == at || end-at > 64 {
			break
		}
		groups = append(groups, group{s[at:end], end})
		dash := skipSpaces(s, end)
		r, size := utf8.DecodeRuneInString(s[dash:])
		if plainDash(r) != '-' {
			break
		}
		at = dash + size
	}
	return groups
}

// A reading is one way to understand the groups.
type reading struct {
	names []string
	end   int
}

// readings gives the ways to understand the groups, the longest first: the text may go on behind a
// dash ("08/CT-UBND - Tăng cường"), and a footnote's digits may be glued to the end ("BGDĐT8").
func readings(groups []group) []reading {
	var all []reading
	for n := len(groups); n > 0; n-- {
		names := make([]string, n)
		for i, g := range groups[:n] {
			names[i] = g.name
		}
		last := groups[n-1]
		for cut := 0; cut <= 3 && cut < len(last.name); cut++ {
			if cut > 0 && !isDigit(last.name[len(last.name)-cut]) {
				break
			}
			short := slices.Clone(names)
			short[n-1] = last.name[:len(last.name)-cut]
			all = append(all, reading{short, last.end - cut})
		}
	}
	return all
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// choose picks the document meant, when that is certain.
func choose(candidates []Known, written int, after string, context int) (Known, bool) {
	day, year := dayAfter(after)
	if written != 0 {
		year = written
	}
	fits := slices.DeleteFunc(slices.Clone(candidates), func(k Known) bool { return year != 0 && k.Year != 0 && k.Year != year })
	if len(fits) > 1 && day != "" {
		fits = slices.DeleteFunc(fits, func(k Known) bool { return k.IssuedOn != day })
	}
	if len(fits) > 1 && year == 0 && context != 0 {
		fits = slices.DeleteFunc(fits, func(k Known) bool { return k.Year != context })
	}
	if len(fits) != 1 {
		return Known{}, false
	}
	return fits[0], true
}

// dayAfter reads the day or year a citation is usually followed by: "ngày 12/5/2021", "ngày 26
// tháng 5 năm 2020", "năm 2021". Only what follows at once counts.
func dayAfter(s string) (day string, year int) {
	words := text.Words(firstBytes(s, 160))
	words = slices.DeleteFunc(words, func(w text.Word) bool { return len(w.Folded) <= 2 && w.Start == 0 }) // a glued footnote
	if len(words) > 1 && words[0].Toned == "năm" {
		if y, ok := parseYear(words[1].Text); ok {
			return "", y
		}
	}
	if len(words) < 4 || words[0].Toned != "ngày" {
		return "", 0
	}
	figures := make([]string, 0, 3)
	for _, w := range words[1:min(len(words), 6)] {
		if _, err := strconv.Atoi(w.Folded); err == nil {
			figures = append(figures, w.Folded)
		}
	}
	if len(figures) < 3 {
		return "", 0
	}
	day, err := text.ParseDay(strings.Join(figures[:3], "/"))
	if err != nil {
		return "", 0
	}
	return day, yearOf(day)
}

// firstBytes gives at most n bytes of s, whole characters.
func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// yearOf gives the year of a stored day; 0 for none.
func yearOf(day string) int {
	if len(day) < 4 {
		return 0
	}
	y, _ := strconv.Atoi(day[:4])
	return y
}
