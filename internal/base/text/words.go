package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Word is one run of letters and digits in a text.
type Word struct {
	Text       string // as it stands, text[Start:End]
	Start, End int    // byte offsets
	Toned      string // lower case, NFC, tone mark in one position: what exact accents compare
	Folded     string // see Fold
}

// Words cuts s into words. A syllable, a number and each part of "08/CT-UBND" are words of their
// own; what Fold leaves empty is none.
func Words(s string) []Word {
	var words []Word
	for start := 0; start < len(s); {
		r, size := utf8.DecodeRuneInString(s[start:])
		if !wordRune(r) {
			start += size
			continue
		}
		end := start + size
		for end < len(s) {
			r, size := utf8.DecodeRuneInString(s[end:])
			if !wordRune(r) {
				break
			}
			end += size
		}
		w := s[start:end]
		if folded := Fold(w); folded != "" {
			words = append(words, Word{Text: w, Start: start, End: end, Toned: toned(w, folded), Folded: folded})
		}
		start = end
	}
	return words
}

// toned avoids the work where there are no marks, as in numbers and plain syllables.
func toned(w, folded string) string {
	for i := range len(w) {
		if w[i] >= utf8.RuneSelf {
			return strings.ToLower(Tone(w))
		}
	}
	return folded
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// Slug gives s as part of a public address: folded, words joined by hyphens, at most 80 bytes and
// never cut inside a word unless the first one is longer. It may be empty.
func Slug(s string) string {
	const limit = 80
	var b strings.Builder
	for _, w := range strings.FieldsFunc(Fold(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		switch {
		case b.Len() == 0:
			b.WriteString(w[:min(len(w), limit)])
		case b.Len()+1+len(w) > limit:
			return b.String()
		default:
			b.WriteString("-" + w)
		}
	}
	return b.String()
}
