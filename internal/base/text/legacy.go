package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// tcvn3 maps the codes of the ABC fonts (.VnTime and its family), which are those of TCVN
// 5712:1993 from A1 on. Below A1 these fonts keep what Windows has there.
var tcvn3 = func() (t [256]rune) {
	const fromA1 = "ĂÂÊÔƠƯĐăâêôơưđẰ" + // A1–AF
		"\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ" + // B0–BF
		"ẮẦẨẪẤỀặầẩẫấậèỂẻẽ" + // C0–CF
		"éẹềểễếệìỉỄẾỒĩíịò" + // D0–DF
		"Ổỏõóọồổỗốộờởỡớợù" + // E0–EF
		"ỖủũúụừửữứựỳỷỹýỵỐ" // F0–FF
	for i, r := range []rune(fromA1) {
		t[0xA1+i] = r
	}
	return t
}()

// vniSingle are the letters of the VNI fonts that take one code.
var vniSingle = map[rune]rune{
	'í': 'í', 'ì': 'ì', 'æ': 'ỉ', 'ó': 'ĩ', 'ò': 'ị', 'î': 'ỵ', 'ñ': 'đ', 'ô': 'ơ', 'ö': 'ư',
}

// vniMark is what a mark's code adds to the plain vowel before it.
type vniMark struct {
	base rune // ă, â …; 0: as it was
	tone tone
}

// vniMarks maps the second code of a VNI letter. The first five go on any vowel, the â row on
// a, e, o, the ă row on a alone.
var vniMarks = func() map[rune]vniMark {
	m := make(map[rune]vniMark)
	for i, r := range []rune("øûõùï") {
		m[r] = vniMark{0, tone(i + 1)}
	}
	for i, r := range []rune("âàåãáä") {
		m[r] = vniMark{'â', tone(i)}
	}
	for i, r := range []rune("êèúüéë") {
		m[r] = vniMark{'ă', tone(i)}
	}
	return m
}()

// vniCompose joins a plain vowel and a mark; 0 when they do not go together.
func vniCompose(vowel rune, m vniMark) rune {
	l := letterOf(vowel)
	switch {
	case l.tone != ngang || !strings.ContainsRune("aeouyơư", l.base):
		return 0
	case m.base == 'â' && l.base == 'e':
		l.base = 'ê'
	case m.base == 'â' && l.base == 'o':
		l.base = 'ô'
	case m.base != 0 && l.base == 'a':
		l.base = m.base
	case m.base != 0:
		return 0
	}
	return l.rune(m.tone)
}

func fromVNI(s string) string {
	var b strings.Builder
	var held rune // a letter that the next code may complete
	for _, r := range s {
		if held != 0 {
			if m, ok := vniMarks[unicode.ToLower(r)]; ok {
				if c := vniCompose(held, m); c != 0 {
					b.WriteRune(c)
					held = 0
					continue
				}
			}
			b.WriteRune(held)
		}
		held = r
		if single, ok := vniSingle[unicode.ToLower(r)]; ok {
			held = single
			if unicode.IsUpper(r) {
				held = unicode.ToUpper(single)
			}
		}
	}
	if held != 0 {
		b.WriteRune(held)
	}
	return NFC(b.String())
}

func fromTCVN3(s string) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(s, "\n") {
		shout := shouted(line)
		for len(line) > 0 {
			n := wordEnd(line)
			b.WriteString(tcvn3Word(line[:n], shout))
			line = line[n:]
		}
	}
	return NFC(b.String())
}

// wordEnd gives the length of the leading run of letters, or of the one rune that is none.
func wordEnd(s string) int {
	for i, r := range s {
		if !legacyLetter(r) {
			if i > 0 {
				return i
			}
			_, size := utf8.DecodeRuneInString(s)
			return size
		}
	}
	return len(s)
}

// tcvn3Word converts one word. The ABC fonts have no capitals with tone marks: "NGUYÔN" is set
// with small codes in a capital font, so within a word in capitals they become capitals.
func tcvn3Word(w string, shout bool) string {
	out := strings.Map(func(r rune) rune {
		if r >= 0xA1 && r <= 0xFF {
			return tcvn3[r]
		}
		return r
	}, w)
	if shout || capitals(w) >= 2 {
		return strings.ToUpper(out)
	}
	return out
}

// shouted tells whether a line is all in capitals, as headings are.
func shouted(line string) bool {
	run := 0
	for i := range len(line) {
		switch c := line[i]; {
		case 'a' <= c && c <= 'z':
			return false
		case 'A' <= c && c <= 'Z':
			run++
		}
	}
	return run >= 2
}

// capitals counts the ASCII capitals of a word; 0 when it has small ASCII letters too.
func capitals(w string) (n int) {
	for i := range len(w) {
		switch c := w[i]; {
		case 'a' <= c && c <= 'z':
			return 0
		case 'A' <= c && c <= 'Z':
			n++
		}
	}
	return n
}

func fromCharmap(cm *charmap.Charmap, s string) string {
	b, ok := latinBytes(s)
	if !ok {
		return s
	}
	out, err := cm.NewDecoder().Bytes(b)
	if err != nil {
		return s
	}
	return NFC(string(out))
}

// latinBytes gives the bytes s stood for when they were read as Windows-1252; ok is false when s
// has other characters.
func latinBytes(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		c, ok := latinByte(r)
		if !ok {
			return nil, false
		}
		b = append(b, c)
	}
	return b, true
}

func latinByte(r rune) (byte, bool) {
	if r < 0x100 {
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}

// latinString reads bytes as Windows-1252, the five codes it lacks as control characters.
func latinString(b []byte) string {
	var s strings.Builder
	s.Grow(len(b) * 2)
	for _, c := range b {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		s.WriteRune(r)
	}
	return s.String()
}

// legacyLetter tells whether r can be part of a word in one of the old encodings: a letter, or
// one of the signs the ABC fonts draw letters in place of.
func legacyLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || (r >= 0xA1 && r <= 0xFF)
}
