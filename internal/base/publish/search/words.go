package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/text"
)

// A span is where a word stands in a text, in bytes.
type span struct{ start, end int }

// spans appends the first n words of s[from:], cut exactly as text.Words cuts them (a test holds
// the two together), without the cost of folding each one: a text has a hundred times more words
// than spellings.
func spans(s string, from, n int, out []span) []span {
	for i := from; i < len(s) && n > 0; {
		r, size := decode(s, i)
		if !isWord(r) {
			i += size
			continue
		}
		start := i
		for i += size; i < len(s); i += size {
			if r, size = decode(s, i); !isWord(r) {
				break
			}
		}
		out = append(out, span{start, i})
		n--
	}
	return out
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// wordRunes answers isWord for all letters Vietnamese is written with.
var wordRunes = func() (t [0x1F00]bool) {
	for r := range t {
		t[r] = slowIsWord(rune(r))
	}
	return t
}()

func isWord(r rune) bool {
	if int(r) < len(wordRunes) {
		return wordRunes[r]
	}
	return slowIsWord(r)
}

func slowIsWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// maxWordBytes is the longest word that is searched; longer runs are no words of any language.
const maxWordBytes = 64

// A form is a word as it is compared. Toned respects accents, folded does not.
type form struct{ toned, folded string }

// formOf gives the form of one raw word; ok is false for what is no word.
func formOf(raw string) (f form, ok bool) {
	if len(raw) > maxWordBytes {
		return form{}, false
	}
	words := text.Words(raw)
	if len(words) != 1 {
		return form{}, false
	}
	return normal(words[0]), true
}

// normal removes what does not make a different word: the choice between i and y in "kì", "kỳ",
// and zeros before a number. The toned form of a number keeps its zeros.
func normal(w text.Word) form {
	f := form{w.Toned, w.Folded}
	if isNumeral(f.folded) {
		if f.folded = strings.TrimLeft(f.folded, "0"); f.folded == "" {
			f.folded = "0"
		}
		return f
	}
	if y, ok := writtenWithY[f.folded]; ok {
		last, size := utf8.DecodeLastRuneInString(f.toned)
		if at := strings.IndexRune("iìỉĩíị", last); at >= 0 {
			f.toned = f.toned[:len(f.toned)-size] + toneOfY(last)
		}
		f.folded = y
	}
	return f
}

// writtenWithY lists the syllables that are written with i or with y as the writer likes.
var writtenWithY = map[string]string{"hi": "hy", "ki": "ky", "li": "ly", "mi": "my", "qui": "quy", "si": "sy", "ti": "ty"}

func toneOfY(i rune) string {
	return map[rune]string{'i': "y", 'ì': "ỳ", 'ỉ': "ỷ", 'ĩ': "ỹ", 'í': "ý", 'ị': "ỵ"}[i]
}

func isNumeral(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// accented tells whether the word was typed with marks that can be respected.
func (f form) accented() bool { return f.toned != f.folded && !isNumeral(f.folded) }
