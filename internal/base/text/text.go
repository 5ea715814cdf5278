// Package text knows the Vietnamese language as a computer must: how letters are composed,
// folded for searching, ordered, cut into words and addresses; how days, numbers and sizes are
// written in an official letter; and how text in the encodings of the 1990s is read.
//
// Everybody uses it: columns for search hold [Fold], columns for ORDER BY hold [SortKey], forms
// pass what was typed through [CleanInput] or [CleanLines], pages show days and numbers through
// the Format functions, and imports read bytes through [Decode].
//
// All functions are pure and safe for concurrent use. Days are "2006-01-02", instants are
// milliseconds UTC shown in Vietnamese time (package clock). Refusals are fault.Invalid with a
// Vietnamese message.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC gives s in Unicode normal form C, the form everything is stored in: "ế" is one code point,
// never "ê" followed by a combining acute.
func NFC(s string) string { return norm.NFC.String(s) }

// Fold gives the form of s that is searched and compared without case and marks: decomposed,
// marks dropped, đ→d, lower case, full-width and other compatibility forms made plain, every kind
// of space, dash and quote made the ASCII one, invisible characters removed.
//
// Fold is idempotent and keeps word order and spacing; it is the one folding used at index time
// and at query time on both engines (architecture §4).
func Fold(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			b.WriteByte(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if t := tableIndex(r); t >= 0 {
			b.WriteString(foldTable[t])
		} else {
			foldRune(&b, r)
		}
	}
	return b.String()
}

// The letters of Vietnamese stand in two short stretches of Unicode, so what we know of them
// fits a small array: Latin up to ư and the combining marks behind it, and Latin Extended
// Additional.
const (
	tableLow   = 0x370
	tableHigh  = 0x1E00
	tableEnd   = 0x1F00
	tableTotal = tableLow + tableEnd - tableHigh
)

// tableIndex gives r's place in the tables, or -1.
func tableIndex(r rune) int {
	switch {
	case 0 <= r && r < tableLow:
		return int(r)
	case tableHigh <= r && r < tableEnd:
		return int(r-tableHigh) + tableLow
	}
	return -1
}

var foldTable = func() (t [tableTotal]string) {
	for r := rune(0); r < tableEnd; r++ {
		if i := tableIndex(r); i >= 0 {
			var b strings.Builder
			foldRune(&b, r)
			t[i] = b.String()
		}
	}
	return t
}()

func foldRune(b *strings.Builder, r rune) {
	for _, d := range norm.NFKD.String(string(r)) {
		switch {
		case unicode.Is(unicode.Mn, d), unicode.Is(unicode.Cf, d):
		case d == 'đ', d == 'Đ', d == 'ð', d == 'Ð', d == 'Ɖ', d == 'ɖ': // eth and African d are common mistypings of đ
			b.WriteByte('d')
		case unicode.Is(unicode.Pd, d), d == '−':
			b.WriteByte('-')
		case d == '‘', d == '’', d == '‚', d == '‛':
			b.WriteByte('\'')
		case d == '“', d == '”', d == '„', d == '«', d == '»':
			b.WriteByte('"')
		case unicode.Is(unicode.Zs, d):
			b.WriteByte(' ')
		default:
			b.WriteRune(unicode.ToLower(d))
		}
	}
}
