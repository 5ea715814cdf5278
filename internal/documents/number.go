package documents

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A Number is the number and symbol of a document (số, ký hiệu) in its parts.
//
//	08/CT-UBND           Ordinal 8, Symbol "CT-UBND"
//	15/2020/TT-BGDĐT     Ordinal 15, Year 2020, Symbol "TT-BGDĐT"
//	/KH-SGDĐT            no ordinal yet: the records clerk gives it at issue
//	QCVN 31:2026/BXD     Series "QCVN", Ordinal 31, Year 2026, Symbol "BXD"
//
// The zero Number is no number. Source: F-45; Decree 30/2020 annex I.II.3, annex III.
type Number struct {
	Series  string // of technical standards: "QCVN", "TCVN"; "" otherwise
	Ordinal int    // the running number of the year; 0 = left blank
	Suffix  string // what some offices put after it, lower case: "a" in 08a
	Year    int    // as written in the number; 0 = not written there
	Symbol  string // groups joined by "-", as they are spelled officially: "CT-UBND"
}

// The limits of Decree 30/2020 annex VI: CodeNumber 11 and CodeNotation 30 characters.
const (
	maxOrdinal = 99_999_999
	maxSymbol  = 30
)

// mixedCase are the groups that official spelling does not write in capitals or that are often
// typed without đ, by their folded form. HD and HĐ (hướng dẫn, hợp đồng), DA and ĐA (dự án, đề án)
// are both right, so they are left as typed.
var mixedCase = map[string]string{
	"ttr": "TTr", "ctr": "CTr", "trs": "TrS", "qyd": "QyĐ", "ttg": "TTg",
	"nd": "NĐ", "qd": "QĐ", "bgddt": "BGDĐT", "sgddt": "SGDĐT", "bcd": "BCĐ", "hdt": "HĐT",
}

// twins are folded groups that stand for two codes which differ by đ alone.
var twins = map[string]bool{"hd": true, "da": true}

// ParseNumber reads a number and symbol as people type, paste and scan them: with "Số:" before it,
// with stray spaces ("TT- BGDĐT"), long dashes, small letters, without the leading zero or without
// đ ("7/2026/tt-bgddt"). It returns fault.Invalid with what to do for anything else.
func ParseNumber(s string) (Number, error) {
	typed := text.CleanInput(s)
	t := lead.ReplaceAllString(typed, "")
	if utf8.RuneCountInString(t) > 80 {
		return Number{}, badNumber("“%s” quá dài cho một số, ký hiệu. Hãy nhập dạng 08/CT-UBND.", text.Excerpt(typed, 40))
	}
	head, rest, ok := strings.Cut(t, "/")
	if !ok {
		return Number{}, badNumber("Thiếu dấu “/” giữa số và ký hiệu trong “%s”. Hãy nhập dạng 08/CT-UBND.", typed)
	}
	var n Number
	if err := n.readHead(strings.TrimSpace(head)); err != nil {
		return Number{}, err
	}
	if year, symbol, more := strings.Cut(rest, "/"); more {
		y, ok := parseYear(strings.TrimSpace(year))
		if !ok || n.Year != 0 {
			return Number{}, badNumber("“%s” không phải năm. Hãy nhập dạng 15/2020/TT-BGDĐT.", strings.TrimSpace(year))
		}
		n.Year, rest = y, symbol
	}
	symbol, err := canonicalSymbol(rest)
	if err != nil {
		return Number{}, err
	}
	n.Symbol = symbol
	return n, nil
}

func badNumber(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }

// lead is what may stand before the number: "Số:", "Chỉ thị số".
var lead = regexp.MustCompile(`(?i)^.*(?:^|\s)s[ốo](?:\s*:\s*|\s+)`)

// readHead reads what stands before the first "/": nothing, "08", "08a", "QCVN 31:2026".
func (n *Number) readHead(head string) error {
	if head == "" {
		return nil
	}
	written := head
	if series, number, ok := strings.Cut(head, " "); ok && (strings.EqualFold(series, "QCVN") || strings.EqualFold(series, "TCVN")) {
		n.Series = strings.ToUpper(series)
		ordinal, year, _ := strings.Cut(number, ":")
		var ok bool
		if n.Year, ok = parseYear(strings.TrimSpace(year)); !ok {
			return badNumber("“%s” thiếu năm. Hãy nhập dạng QCVN 31:2026/BXD.", written)
		}
		head = strings.TrimSpace(ordinal)
	}
	digits := strings.TrimRightFunc(head, unicode.IsLetter)
	n.Suffix = strings.ToLower(head[len(digits):])
	ordinal, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || ordinal == 0 || ordinal > maxOrdinal || utf8.RuneCountInString(n.Suffix) > 1 {
		return badNumber("“%s” không phải số của văn bản. Số là các chữ số, ví dụ 08 trong 08/CT-UBND; để trống nếu văn bản chưa có số.", written)
	}
	n.Ordinal = int(ordinal)
	return nil
}

func parseYear(s string) (int, bool) {
	if len(s) != 4 {
		return 0, false
	}
	y, err := strconv.Atoi(s)
	return y, err == nil && y >= 1900 && y <= 2199
}

// canonicalSymbol spells a symbol officially: no spaces, capitals, known groups in their own form.
func canonicalSymbol(s string) (string, error) {
	s = strings.Map(plainDash, s)
	groups := strings.Split(s, "-")
	for i, g := range groups {
		g = strings.TrimSpace(g)
		if g == "" || strings.ContainsFunc(g, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return "", badNumber("Ký hiệu “%s” chưa đúng. Ký hiệu gồm các nhóm chữ nối bằng dấu “-”, ví dụ CT-UBND.", strings.TrimSpace(s))
		}
		groups[i] = canonicalGroup(g)
	}
	symbol := strings.Join(groups, "-")
	if utf8.RuneCountInString(symbol) > maxSymbol {
		return "", badNumber("Ký hiệu “%s” dài quá %d ký tự.", symbol, maxSymbol)
	}
	return symbol, nil
}

func canonicalGroup(g string) string {
	if known, ok := mixedCase[text.Fold(g)]; ok {
		return known
	}
	if g == strings.ToLower(g) {
		return strings.ToUpper(g)
	}
	return g
}

// plainDash makes every kind of dash the ASCII one.
func plainDash(r rune) rune {
	if unicode.Is(unicode.Pd, r) || r == '−' {
		return '-'
	}
	return r
}

// IsZero tells that there is no number at all.
func (n Number) IsZero() bool { return n == Number{} }

// Blank tells that the ordinal is still to be given.
func (n Number) Blank() bool { return n.Ordinal == 0 }

// CodeNumber is the number alone with the leading zero of Decree 30, "08"; "" when blank.
func (n Number) CodeNumber() string {
	if n.Blank() {
		return ""
	}
	return fmt.Sprintf("%02d%s", n.Ordinal, n.Suffix)
}

// CodeNotation is everything after the number: "CT-UBND", "2020/TT-BGDĐT".
func (n Number) CodeNotation() string {
	if n.Year != 0 && n.Series == "" {
		return fmt.Sprintf("%d/%s", n.Year, n.Symbol)
	}
	return n.Symbol
}

// String gives the canonical form, "08/CT-UBND"; "" for no number.
func (n Number) String() string {
	switch {
	case n.IsZero():
		return ""
	case n.Series != "":
		return fmt.Sprintf("%s %s:%d/%s", n.Series, n.CodeNumber(), n.Year, n.Symbol)
	}
	return n.CodeNumber() + "/" + n.CodeNotation()
}

// TypeCode is the symbol's first group when more follow, "CT" in CT-UBND. It is a guess: in
// BGDĐT-QLCL the first group is the issuer, because an official letter (công văn) has no code. The
// registry's table of types decides.
func (n Number) TypeCode() string {
	first, _, more := strings.Cut(n.Symbol, "-")
	if !more {
		return ""
	}
	return first
}

// IssuerCode is the group of the symbol that names who issued the document, given the codes of the
// known types: "UBND" in CT-UBND, "BGDĐT" in BGDĐT-QLCL, "QH14" in 43/2019/QH14. "" when there is
// none.
func (n Number) IssuerCode(isType func(code string) bool) string {
	first, rest, more := strings.Cut(n.Symbol, "-")
	if !more || !isType(first) {
		return first
	}
	issuer, _, _ := strings.Cut(rest, "-")
	return issuer
}

// Key is what makes two numbers of one issuer in one year the same: the number without its leading
// zero and the symbol without case and marks, the year apart. "" when the number is blank: two
// documents without a number are not the same.
func (n Number) Key() string {
	if n.Blank() {
		return ""
	}
	return numberKey(n.Series, n.Ordinal, n.Suffix, strings.Split(n.Symbol, "-"))
}

func numberKey(series string, ordinal int, suffix string, groups []string) string {
	var b strings.Builder
	if series != "" {
		b.WriteString(strings.ToLower(series) + " ")
	}
	b.WriteString(strconv.Itoa(ordinal) + text.Fold(suffix) + "/")
	for i, g := range groups {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(groupKey(g))
	}
	return b.String()
}

func groupKey(g string) string {
	folded := text.Fold(g)
	if twins[folded] {
		return strings.ToLower(text.NFC(g))
	}
	return folded
}

// SortKey orders numbers naturally: 8 before 15 before 1523, then by symbol and year; those
// without a number come first.
func (n Number) SortKey() string {
	return fmt.Sprintf("%08d%s%s%04d", n.Ordinal, text.SortKey(" "+n.Suffix), text.SortKey(n.Symbol), n.Year)
}

// Slug is the part of the permanent address that the number gives: "08-ct-ubnd-2021". year is used
// when the number does not hold one itself; 0 leaves it out.
func (n Number) Slug(year int) string {
	if n.Year != 0 {
		year = n.Year
	}
	parts := []string{n.Series, n.CodeNumber(), n.Symbol}
	if year != 0 {
		parts = append(parts, strconv.Itoa(year))
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return text.Slug(strings.Join(parts, " "))
}

// Keywords are the ways a person may ask for the number: with and without the leading zero, with
// the words of its parts ("08 ct ubnd", "8/ct-ubnd").
func (n Number) Keywords() []string {
	if n.IsZero() {
		return nil
	}
	words := []string{n.String(), strings.Join(strings.FieldsFunc(n.String(), func(r rune) bool { return strings.ContainsRune("/-: ", r) }), " ")}
	if !n.Blank() && n.Ordinal < 10 {
		short := strings.Replace(n.String(), n.CodeNumber(), strconv.Itoa(n.Ordinal)+n.Suffix, 1)
		words = append(words, short)
	}
	return words
}
