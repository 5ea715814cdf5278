package text

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// alphabet is the Vietnamese order of letters; f, j, w, z stand where dictionaries put them.
const alphabet = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

// Codes of a sort key, two digits each. 00 ends the letters, so a prefix sorts first.
const (
	sortEnd    = "00"
	sortGap    = "05" // one or more characters that are neither letter nor digit
	sortNumber = 10   // + number of digits, at most sortNumberMax
	sortLetter = 40   // + place in the alphabet
	sortOther  = "99" // + six digits: a letter of another script
)

const sortNumberMax = 18

// letterOrder maps a lower-case letter without tone to its two digits.
var letterOrder = func() (t [tableTotal]string) {
	for i, r := range []rune(alphabet) {
		t[tableIndex(r)] = strconv.Itoa(sortLetter + i)
	}
	return t
}()

// SortKey gives a text of digits whose order, byte by byte or in any collation of PostgreSQL, is
// the order of a Vietnamese list: letters first (a ă â b c d đ e ê …), then, between words spelled
// alike, tones (ngang huyền hỏi ngã sắc nặng). Case and the position of the tone mark do not
// count, punctuation counts as one space, and numbers compare by value: "Phòng 2" before
// "Phòng 10".
//
// Digits only, because a collation may treat letter pairs, case or punctuation its own way. Store
// it in a column beside the text and break ties by id.
func SortKey(s string) string {
	var b strings.Builder
	appendSortKey(&b, strings.Fields(s))
	return b.String()
}

// NameKey gives the sort key of a person's full name in the order of Vietnamese lists of people:
// given name (the last word), then family name (the first), then middle names.
func NameKey(fullName string) string {
	words := strings.Fields(fullName)
	var b strings.Builder
	if n := len(words); n > 1 {
		appendSortKey(&b, words[n-1:])
		appendSortKey(&b, words[:1])
		words = words[1 : n-1]
	}
	appendSortKey(&b, words)
	return b.String()
}

// appendSortKey writes letters, sortEnd, then one tone digit per word. Keys with equal letters
// have equally many tones, so keys can follow one another without a separator.
func appendSortKey(b *strings.Builder, words []string) {
	k := keyWriter{b: b}
	for _, w := range words {
		k.gap = true
		k.word(w)
	}
	k.endWord()
	b.WriteString(sortEnd)
	b.Write(k.tones)
}

type keyWriter struct {
	b      *strings.Builder
	tones  []byte
	gap    bool // a space is due before the next letter
	began  bool // something was written
	inWord bool // tone belongs to a word not yet ended
	tone   tone
}

func (k *keyWriter) endWord() {
	if k.inWord {
		k.tones = append(k.tones, '0'+byte(k.tone))
		k.inWord, k.tone = false, ngang
	}
}

// open writes the space that is due.
func (k *keyWriter) open() {
	if k.gap {
		k.endWord()
		if k.began {
			k.b.WriteString(sortGap)
		}
		k.gap = false
	}
	k.began = true
}

func (k *keyWriter) word(w string) {
	rs := []rune(norm.NFKC.String(w))
	for i := 0; i < len(rs); i++ {
		r := rs[i]
		switch {
		case '0' <= r && r <= '9':
			end := i
			for end < len(rs) && '0' <= rs[end] && rs[end] <= '9' {
				end++
			}
			k.open()
			k.endWord()
			k.number(strings.TrimLeft(string(rs[i:end]), "0"))
			i = end - 1
		case unicode.IsLetter(r):
			k.open()
			k.letter(r)
		case unicode.IsMark(r), unicode.Is(unicode.Cf, r):
		default:
			k.gap = true
		}
	}
}

func (k *keyWriter) number(digits string) {
	for len(digits) > sortNumberMax { // longer than any real one: still a total order per length of chunk
		k.b.WriteString(strconv.Itoa(sortNumber + sortNumberMax + 1))
		k.b.WriteString(digits[:sortNumberMax])
		digits = digits[sortNumberMax:]
	}
	k.b.WriteString(strconv.Itoa(sortNumber + len(digits)))
	k.b.WriteString(digits)
}

func (k *keyWriter) letter(r rune) {
	k.inWord = true
	l := letterOf(r)
	if l.base == 0 { // ç, ñ, ü …: by the plain letter; other scripts: behind z
		for _, d := range Fold(string(r)) {
			if i := tableIndex(d); i >= 0 && letterOrder[i] != "" {
				k.b.WriteString(letterOrder[i])
				continue
			}
			k.b.WriteString(sortOther)
			six := strconv.Itoa(int(d))
			k.b.WriteString("000000"[len(six):] + six)
		}
		return
	}
	if k.tone == ngang {
		k.tone = l.tone
	}
	k.b.WriteString(letterOrder[tableIndex(l.base)])
}
