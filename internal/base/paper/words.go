package paper

import (
	"regexp"
	"strconv"
	"strings"

	"bangvang/internal/base/text"
)

// clean gives a line as it is set: composed letters, one space between words, none at the ends. A
// no-break space is kept.
func clean(s string) string { return strings.Trim(spaces(s), " ") }

// spaces is clean without trimming, for runs inside a line.
func spaces(s string) string { return blanks.ReplaceAllString(text.NFC(s), " ") }

var blanks = regexp.MustCompile(`[ \t\r\n]+`)

// unmarked takes the marks off the end of a line that is given its own.
func unmarked(s string) string { return strings.TrimRight(clean(s), " .,;:/") }

func upper(s string) string { return strings.ToUpper(clean(s)) }

// clip shortens what a message quotes.
func clip(s string) string { return text.Excerpt(s, 60) }

// alphabet is the Vietnamese order of points: a), b), c), d), đ), e), g) …; letters of the
// alphabet with other marks, and f, j, w, z, are not used.
var alphabet = []rune("abcdđeghiklmnopqrstuvxy")

// counters numbers headings and numbered paragraphs.
type counters [4]int

// next counts one more at level and gives its label. A level starts again under a higher one.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục II.6.
func (c *counters) next(level int) string {
	c[level]++
	for l := level + 1; l < len(c); l++ {
		c[l] = 0
	}
	switch n := c[level]; level {
	case 1:
		return roman(n) + "."
	case 2:
		return strconv.Itoa(n) + "."
	default:
		label := ""
		for n--; n >= 0; n = n/len(alphabet) - 1 {
			label = string(alphabet[n%len(alphabet)]) + label
		}
		return label + ")"
	}
}

func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.value; n -= d.value {
			b.WriteString(d.sign)
		}
	}
	return b.String()
}
