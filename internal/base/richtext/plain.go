package richtext

import (
	"regexp"
	"strings"

	"bangvang/internal/base/text"
)

var hashes = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)

// FromPlain reads typed text: every line is a paragraph, clauses are recognised by their numbers.
// The two signs of Markdown that people know are read as well: "# Heading" and **bold**. Text in
// an old encoding is mended as [Clean] does.
func FromPlain(s string) Doc {
	b := &builder{}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\f", "\n", "\v", "\n").Replace(s)
	for line := range strings.SplitSeq(s, "\n") {
		bl := Block{Kind: Paragraph}
		if m := hashes.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			bl.Kind, bl.Level, line = Heading, len(m[1]), m[2]
		}
		bl.Runs = starred(line)
		b.blocks = append(b.blocks, bl)
	}
	return b.doc()
}

// starred reads **bold**; stars without a partner stay.
func starred(line string) (runs []Run) {
	parts := strings.Split(line, "**")
	if len(parts)%2 == 0 {
		return []Run{{Text: line}}
	}
	for i, p := range parts {
		runs = append(runs, Run{Text: p, Marks: Marks{Bold: i%2 == 1}})
	}
	return runs
}

// legacy gives text as it looked in a font, when that font is one of the old encodings'.
func (b *builder) legacy(s, font string) string {
	enc, capitals := text.FontEncoding(font)
	if enc == "" || s == "" {
		return s
	}
	out := text.RecodeAs(s, enc)
	if capitals {
		out = strings.ToUpper(out)
	}
	if font = strings.TrimSpace(font); out != text.NFC(s) && !b.fonts[font] {
		if b.fonts == nil {
			b.fonts = make(map[string]bool)
		}
		b.fonts[font] = true
		b.note("Chữ gõ bằng phông %s (%s) đã được đổi sang Unicode. Hãy đọc lại trước khi đăng.%s", font, enc, changed(s, out))
	}
	return out
}
