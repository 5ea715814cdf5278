package text

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// An Encoding is a way text was written as bytes; its value is the name people know it by.
type Encoding string

// The encodings found in Vietnamese offices.
const (
	UTF8        Encoding = "UTF-8"
	UTF16LE     Encoding = "UTF-16 LE"
	UTF16BE     Encoding = "UTF-16 BE"
	TCVN3       Encoding = "TCVN3 (ABC)"  // fonts .VnTime, .VnArial …
	VNI         Encoding = "VNI Windows"  // fonts VNI-Times …
	Windows1258 Encoding = "Windows-1258" // marks follow their letter
	Garbled     Encoding = "UTF-8 mở sai" // UTF-8 that some program took for Windows-1252: "ThÃ­ sinh"
	Windows1252 Encoding = "Windows-1252" // Western European; also where nothing else fits
)

// A Guess says how text was read and how sure that is.
type Guess struct {
	Encoding Encoding
	// Certain is true when the bytes prove it: a byte order mark, or valid UTF-8 that needs no
	// conversion. Otherwise a person must see the result before it is accepted.
	Certain bool
	// Note tells a person what was assumed, in Vietnamese; empty when nothing is worth saying.
	Note string
}

// Decode reads bytes of unknown origin as text in NFC: Unicode by mark or by form, otherwise the
// old encoding in which the most words are spelled as Vietnamese syllables. It never fails: what
// it cannot read becomes U+FFFD and the guess says so.
func Decode(b []byte) (string, Guess) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return decodeUTF8(b[3:])
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		return decodeUTF16(b[2:], binary.LittleEndian, Guess{Encoding: UTF16LE, Certain: true})
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return decodeUTF16(b[2:], binary.BigEndian, Guess{Encoding: UTF16BE, Certain: true})
	}
	if order, enc := utf16Order(b); order != nil {
		return decodeUTF16(b, order, Guess{Encoding: enc,
			Note: fmt.Sprintf("Tệp không ghi bảng mã; đã đọc như %s. Hãy xem lại vài dòng trước khi nhận.", enc)})
	}
	if utf8.Valid(b) {
		return decodeUTF8(b)
	}
	s := latinString(b)
	r := trial(s)
	if utf := strings.ToValidUTF8(string(b), "\uFFFD"); spelling(sample(utf)).better(r.score) {
		return NFC(utf), Guess{Encoding: UTF8, Note: "Tệp có vài ký tự hỏng, hiện là “\uFFFD”. Hãy sửa những chỗ đó hoặc lưu lại tệp gốc theo bảng mã UTF-8."}
	}
	if r.encoding == UTF8 { // as it stands, which for bytes means Windows-1252
		r.encoding = Windows1252
	}
	if r.score.convincing() {
		return convert(s, r.encoding), r.guess()
	}
	return NFC(s), Guess{Encoding: Windows1252, Note: "Không nhận ra bảng mã của tệp; chữ có dấu có thể sai. Hãy mở tệp gốc và lưu lại theo bảng mã UTF-8."}
}

// Recode mends a text whose characters are the codes of an old encoding, as cells of a workbook
// typed in .VnTime are: "ThÝ sinh" becomes "Thí sinh". A text that is Unicode already, in any
// language, comes back in NFC with a certain guess.
func Recode(s string) (string, Guess) {
	if r := trial(s); r.encoding != UTF8 && r.score.convincing() {
		return convert(s, r.encoding), r.guess()
	}
	return NFC(s), Guess{Encoding: UTF8, Certain: true}
}

// RecodeAs is [Recode] for a text whose encoding is known from elsewhere: from its font
// ([FontEncoding]), or from the rest of its column. A text that is better Vietnamese as it stands
// is left alone.
func RecodeAs(s string, enc Encoding) string {
	if isASCII(s) || (enc != TCVN3 && enc != VNI && enc != Windows1258 && enc != Garbled) {
		return NFC(s)
	}
	out := convert(s, enc)
	if spelling(s).better(spelling(out)) {
		return NFC(s)
	}
	return out
}

// RecodeRow is [RecodeAs] for the cells of one row, in place. "Tên" may be "Tờn" typed in an old
// encoding: a cell that is Vietnamese as it stands is changed only when another of its row cannot be
// anything but old, and none anything but Unicode.
func RecodeRow(cells []string, enc Encoding) {
	var old, unicode bool
	for _, s := range cells {
		_, narrow := latinBytes(s)
		unicode = unicode || !narrow
		old = old || narrow && spelling(s).bad > 0 && RecodeAs(s, enc) != NFC(s)
	}
	for i, s := range cells {
		if _, narrow := latinBytes(s); !narrow || spelling(s).bad == 0 && (unicode || !old) {
			cells[i] = NFC(s)
			continue
		}
		cells[i] = RecodeAs(s, enc)
	}
}

// FontEncoding gives the old encoding a font is made for, and whether it shows every letter as a
// capital (.VnTimeH); "" for a Unicode font.
func FontEncoding(font string) (enc Encoding, capitals bool) {
	lower := strings.ToLower(strings.TrimSpace(font))
	switch {
	case strings.HasPrefix(lower, ".vn"):
		return TCVN3, strings.HasSuffix(lower, "h")
	case strings.HasPrefix(lower, "vni-"), strings.HasPrefix(lower, "vni "):
		return VNI, false
	}
	return "", false
}

func decodeUTF8(b []byte) (string, Guess) {
	s := strings.ToValidUTF8(string(b), "\uFFFD")
	if len(s) != len(b) || strings.ContainsRune(s, '\uFFFD') {
		return NFC(s), Guess{Encoding: UTF8, Note: "Tệp có vài ký tự hỏng, hiện là “\uFFFD”. Hãy sửa những chỗ đó hoặc lưu lại tệp gốc."}
	}
	return Recode(s)
}

// utf16Order finds UTF-16 without a mark: Vietnamese and ASCII text has a zero in most of its high
// bytes and in none of its low ones.
func utf16Order(b []byte) (binary.ByteOrder, Encoding) {
	sample := b[:min(len(b), 4096)&^1]
	if len(sample) < 8 {
		return nil, ""
	}
	var zeros [2]int
	for i, c := range sample {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(sample) / 2
	switch {
	case zeros[1] > half*4/10 && zeros[0] <= half/20:
		return binary.LittleEndian, UTF16LE
	case zeros[0] > half*4/10 && zeros[1] <= half/20:
		return binary.BigEndian, UTF16BE
	}
	return nil, ""
}

func decodeUTF16(b []byte, order binary.ByteOrder, g Guess) (string, Guess) {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return NFC(string(utf16.Decode(units))), g
}

// score counts the words that need Vietnamese letters: those spelled as syllables, and the rest.
type score struct{ good, bad int }

func (s score) better(o score) bool {
	return s.good*(o.good+o.bad) > o.good*(s.good+s.bad) || (o.good+o.bad == 0 && s.good > 0)
}

// convincing is three words of five: abbreviations and names of other languages are in every text.
func (s score) convincing() bool { return s.good > 0 && s.good*5 >= (s.good+s.bad)*3 }

func spelling(s string) (sc score) {
	for len(s) > 0 {
		n := wordEnd(s)
		w := s[:n]
		s = s[n:]
		switch {
		case isASCII(w), !strings.ContainsFunc(w, unicode.IsLetter):
		case evenCase(w) && IsSyllable(w):
			sc.good++
		default:
			sc.bad++
		}
	}
	return sc
}

// evenCase tells whether no capital follows a small letter: "ThÝ" is no way to write a word.
func evenCase(w string) bool {
	small := false
	for _, r := range w {
		if small && unicode.IsUpper(r) {
			return false
		}
		small = small || unicode.IsLower(r)
	}
	return true
}

// sample gives the first lines of s with other than ASCII in them, 32 kB of them: enough to judge,
// also of a file of a million rows whose first lines are plain.
func sample(s string) string {
	const limit = 32 << 10
	if len(s) <= limit {
		return s
	}
	var b strings.Builder
	for line := range strings.SplitAfterSeq(s, "\n") {
		if isASCII(line) {
			continue
		}
		if b.Len()+len(line) > limit {
			b.WriteString(strings.ToValidUTF8(line[:limit-b.Len()], ""))
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// A reading is one way to read a text, with its score over a sample of it.
type reading struct {
	encoding Encoding
	score    score
}

func (r reading) guess() Guess {
	return Guess{Encoding: r.encoding, Note: fmt.Sprintf(
		"Chữ có vẻ gõ theo %s và đã được đổi sang Unicode (%d/%d từ có dấu đọc được). Hãy xem lại vài dòng trước khi nhận.",
		r.encoding, r.score.good, r.score.good+r.score.bad)}
}

// trial reads s, whose characters stand for bytes, in every old encoding and as it is, and gives
// the best reading; the earlier one when two are equal.
func trial(s string) reading {
	s = sample(s)
	best := reading{UTF8, spelling(s)}
	if _, ok := latinBytes(s); !ok || isASCII(s) {
		return best
	}
	for _, enc := range []Encoding{TCVN3, VNI, Windows1258, Garbled} {
		if text := convert(s, enc); text != s {
			if r := (reading{enc, spelling(text)}); r.score.better(best.score) {
				best = r
			}
		}
	}
	return best
}

func convert(s string, enc Encoding) string {
	switch enc {
	case TCVN3:
		return fromTCVN3(s)
	case VNI:
		return fromVNI(s)
	case Windows1258:
		return fromCharmap(charmap.Windows1258, s)
	case Garbled:
		if b, ok := latinBytes(s); ok && utf8.Valid(b) {
			return NFC(string(b))
		}
	}
	return NFC(s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
