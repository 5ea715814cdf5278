package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanInput gives one line of typed or pasted text as it is stored: NFC, every kind of space and
// line break made one plain space, ends trimmed, control and invisible characters removed (among
// them those that turn the reading direction), the foreign letter Ð made Đ, invalid bytes dropped.
func CleanInput(s string) string {
	return strings.Join(strings.Fields(cleanRunes(s)), " ")
}

// CleanLines is [CleanInput] for text of several lines: line breaks stay, as "\n", and at most one
// empty line separates paragraphs.
func CleanLines(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.NewReplacer("\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		line = CleanInput(line)
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}

func cleanRunes(s string) string {
	return NFC(strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return -1
		case r == 'Ð' || r == 'Ɖ':
			return 'Đ'
		case unicode.IsSpace(r), unicode.Is(unicode.Z, r):
			return ' '
		case unicode.Is(unicode.C, r): // control, format, surrogate, private use
			return -1
		}
		return r
	}, s))
}
