package richtext

import "strings"

// An entry is an item of a list as Word writes it: a paragraph with a level and the number or sign
// it shows.
type entry struct {
	level int    // from 1
	label string // "1.", "a)", "•", "-"
	align Align
	runs  []Run
}

// listBlocks makes lists of entries. Numbers stay words where a list could not show them truly:
// clauses ("I.", "a)", "1.1."), titles in bold, and a number that does not follow the one before.
func listBlocks(entries []entry) (out []Block) {
	for i := 0; i < len(entries); {
		if _, _, ok := entries[i].marker(); !ok {
			e := entries[i]
			runs := append([]Run{{Text: e.label + " ", Marks: first(e.runs)}}, e.runs...)
			out = append(out, Block{Kind: Paragraph, Align: e.align, Runs: runs})
			i++
			continue
		}
		list, n := nest(entries[i:])
		out = append(out, list)
		i += n
	}
	return out
}

// first gives how a text begins, so that a number in front is set alike.
func first(runs []Run) Marks {
	for _, r := range runs {
		if strings.TrimSpace(r.Text) != "" {
			return Marks{Bold: r.Bold, Italic: r.Italic}
		}
	}
	return Marks{}
}

// nest makes one list, with those inside it, of the first entries and gives how many it took.
func nest(entries []entry) (Block, int) {
	marker, number, _ := entries[0].marker()
	l := Block{Kind: List, Marker: marker, Start: number}
	level := entries[0].level
	for i := 0; ; {
		if i == len(entries) {
			return l, i
		}
		e := entries[i]
		m, n, ok := e.marker()
		switch {
		case !ok || e.level < level || e.level == level && (m != marker || marker.Ordered() && n != number):
			return l, i
		case e.level > level:
			inner, taken := nest(entries[i:])
			last := &l.Items[len(l.Items)-1]
			last.Blocks = append(last.Blocks, inner)
			i += taken
		default:
			l.Items = append(l.Items, Item{Blocks: []Block{{Kind: Paragraph, Runs: e.runs}}})
			number++
			i++
		}
	}
}

// marker gives the list an entry can stand in, and its number there.
func (e entry) marker() (m Marker, number int, ok bool) {
	if e.label == "-" || e.label == "–" || e.label == "+" {
		return "", 0, false // a clause
	}
	if !strings.ContainsFunc(e.label, isWord) {
		return Bullet, 0, true
	}
	digits, point := strings.CutSuffix(e.label, ".")
	if !point || allBold(tidyRuns(e.runs)) || len(digits) == 0 || len(digits) > 3 {
		return "", 0, false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return "", 0, false
		}
		number = number*10 + int(digits[i]-'0')
	}
	return Decimal, number, number > 0
}

// isWord tells whether a label's rune counts something; o and § are Word's bullets.
func isWord(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' && r != 'o' || r == 'đ'
}
