package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A tone of Vietnamese, in dictionary order.
type tone uint8

const (
	ngang tone = iota
	huyen
	hoi
	nga
	sac
	nang
)

// vowels lists each vowel letter with its six tones in the order of the tone constants.
var vowels = [...][6]rune{
	[6]rune([]rune("aàảãáạ")), [6]rune([]rune("ăằẳẵắặ")), [6]rune([]rune("âầẩẫấậ")),
	[6]rune([]rune("eèẻẽéẹ")), [6]rune([]rune("êềểễếệ")), [6]rune([]rune("iìỉĩíị")),
	[6]rune([]rune("oòỏõóọ")), [6]rune([]rune("ôồổỗốộ")), [6]rune([]rune("ơờởỡớợ")),
	[6]rune([]rune("uùủũúụ")), [6]rune([]rune("ưừửữứự")), [6]rune([]rune("yỳỷỹýỵ")),
}

// A letter is one letter taken apart: its lower-case form without tone, its tone, its case.
// base is 0 for what is no letter of the Vietnamese alphabet (nor f, j, w, z).
type letter struct {
	base  rune
	tone  tone
	upper bool
}

var letterTable = func() (t [tableTotal]letter) {
	put := func(lower rune, l letter) {
		t[tableIndex(lower)] = l
		l.upper = true
		t[tableIndex(unicode.ToUpper(lower))] = l
	}
	for r := 'a'; r <= 'z'; r++ {
		put(r, letter{base: r})
	}
	put('đ', letter{base: 'đ'})
	for _, row := range vowels {
		for i, r := range row {
			put(r, letter{base: row[0], tone: tone(i)})
		}
	}
	return t
}()

func letterOf(r rune) letter {
	if i := tableIndex(r); i >= 0 {
		return letterTable[i]
	}
	return letter{}
}

// rune puts the letter together again with tone t.
func (l letter) rune(t tone) rune {
	r := l.base
	if t != ngang {
		for _, row := range vowels {
			if row[0] == l.base {
				r = row[t]
			}
		}
	}
	if l.upper {
		r = unicode.ToUpper(r)
	}
	return r
}

// onsets are the consonants a syllable may begin with, longest first, by their first byte; gi and
// qu take the vowel letter that is written but not the syllable's own.
var onsets = func() (t [256][]string) {
	for on := range strings.FieldsSeq("ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p r s t v x") {
		t[on[0]] = append(t[on[0]], on)
	}
	return t
}()

// rhymes are vowel and final consonant as written, without tone. ăk stands for the one province
// name that breaks the rule (Đắk Lắk), oong and ooc for loans such as xoong.
var rhymes = func() map[string]int {
	const list = `
a ac ach ai am an ang anh ao ap at au ay
ăc ăk ăm ăn ăng ăp ăt
âc âm ân âng âp ât âu ây
e ec em en eng eo ep et
ê êch êm ên êng ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt
ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uên uênh uêt ui um un ung uôc uôi uôm uôn uông uôt uơ uơn up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu ynh yt`
	m := make(map[string]int)
	for _, r := range strings.Fields(list) {
		m[r] = toneAt([]rune(r))
	}
	return m
}()

// toneAt gives the index of the letter in a rhyme that carries the tone mark, in the position
// the state's own texts use (Cộng hòa, ủy ban, khỏe): the last letter with a mark of its own;
// else the middle one of three vowels; else the first of two at the end of a word and the second
// before a consonant.
func toneAt(rhyme []rune) int {
	n, marked := 0, -1
	for i, r := range rhyme {
		if strings.ContainsRune("ăâêôơư", r) {
			marked = i
		}
		if strings.ContainsRune("aăâeêioôơuưy", r) {
			n++
		}
	}
	switch {
	case marked >= 0:
		return marked
	case n == 3:
		return 1
	case n == 2 && n < len(rhyme):
		return 1
	}
	return 0
}

// A syllable is a parsed Vietnamese syllable.
type syllable struct {
	letters [8]letter // ngh + oang is the longest
	n       int
	tone    tone
	at      int // index of the letter the tone belongs on
}

// parseSyllable takes word apart; ok is false when it cannot be one Vietnamese syllable, as
// foreign words, abbreviations and mojibake cannot.
func parseSyllable(word string) (s syllable, ok bool) {
	var buf [24]byte
	bases := buf[:0]
	for _, r := range word {
		l := letterOf(r)
		if l.base == 0 || s.n == len(s.letters) {
			return s, false
		}
		if l.tone != ngang {
			if s.tone != ngang {
				return s, false
			}
			s.tone = l.tone
		}
		s.letters[s.n] = l
		s.n++
		bases = utf8.AppendRune(bases, l.base)
	}
	if s.n == 0 {
		return s, false
	}
	for _, on := range onsets[bases[0]] {
		if len(bases) > len(on) && string(bases[:len(on)]) == on && s.rhyme(bases, len(on)) {
			return s, true
		}
	}
	return s, s.rhyme(bases, 0)
}

// rhyme tells whether bases[from:] is a rhyme that may carry the syllable's tone, and notes where.
func (s *syllable) rhyme(bases []byte, from int) bool {
	at, ok := rhymes[string(bases[from:])]
	if !ok {
		return false
	}
	s.at = utf8.RuneCount(bases[:from]) + at
	if s.tone != ngang && string(bases[from:]) == "y" && from > 0 && !strings.Contains(" h k l m qu s t v ", " "+string(bases[:from])+" ") {
		return false // elsewhere the sound is written i: "chí", and y only in names without tone ("Thy")
	}
	switch bases[len(bases)-1] { // a stopped syllable has only two tones
	case 'c', 'k', 'p', 't':
		return s.tone == sac || s.tone == nang
	case 'h':
		if bases[len(bases)-2] == 'c' {
			return s.tone == sac || s.tone == nang
		}
	}
	return true
}

// Tone moves tone marks to one position, so that the two accepted spellings of a syllable become
// one: "hoà" and "hòa", "thuý" and "thúy", "khoẻ" and "khỏe" all become the second; "quý", "giờ",
// "toán" stay. The words concerned are those ending in oa, oe, uy; a mark on an impossible letter
// ("qúy") is mended as well. What is no Vietnamese syllable, and case, stay as they are. The
// result is in NFC.
//
// Use it where spellings are compared with their accents: exact matches, unique names.
func Tone(s string) string {
	s = NFC(s)
	var b strings.Builder
	done := 0
	for start := 0; start < len(s); {
		r, size := utf8.DecodeRuneInString(s[start:])
		if !unicode.IsLetter(r) {
			start += size
			continue
		}
		end := start
		toned := false
		for end < len(s) {
			r, size := utf8.DecodeRuneInString(s[end:])
			if !unicode.IsLetter(r) {
				break
			}
			toned = toned || letterOf(r).tone != ngang
			end += size
		}
		if toned {
			if syl, ok := parseSyllable(s[start:end]); ok && syl.letters[syl.at].tone == ngang {
				b.WriteString(s[done:start])
				for i, l := range syl.letters[:syl.n] {
					t := ngang
					if i == syl.at {
						t = syl.tone
					}
					b.WriteRune(l.rune(t))
				}
				done = end
			}
		}
		start = end
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// IsSyllable tells whether word, in any case, is spelled as a Vietnamese syllable can be:
// onset, rhyme and tone fit together. It knows spelling, not the dictionary.
func IsSyllable(word string) bool {
	_, ok := parseSyllable(NFC(word))
	return ok
}
