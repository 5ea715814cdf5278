package richtext

import (
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/text"
)

// A builder collects the blocks a reader finds and turns them into a Doc of one form, so that the
// same text is the same Doc whatever it came from, and a Doc's HTML read again is that Doc.
type builder struct {
	blocks []Block
	notes  []string
	lost   lossTally
	fonts  map[string]bool // of old encodings, told already
}

func (b *builder) note(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(b.notes, n) {
		b.notes = append(b.notes, n)
	}
}

// doc finishes: encodings, runs and tables in order, then clauses, heading levels and anchors.
func (b *builder) doc() Doc {
	b.recode()
	b.countTables(b.blocks)
	b.blocks = tidy(b.blocks, 0)
	for i := 0; i < 4 && b.recode(); i++ { // tidied, it may read as yet another encoding; end where its HTML would
		b.blocks = tidy(b.blocks, 0)
	}
	s := structurer{used: make(map[string]bool), next: make(map[string]int)}
	for i, bl := range b.blocks {
		s.add(bl, b.blocks[i+1:])
	}
	s.levels()
	s.anchors()
	return Doc{Blocks: s.out, Notes: append(b.lost.notes(), b.notes...)}
}

func (b *builder) lose(l loss, words string) { b.lost.lose(l, words) }

// countTables notes the tables that tidying takes apart.
func (b *builder) countTables(blocks []Block) {
	for _, bl := range blocks {
		if bl.Kind == Table && len(bl.Rows) > maxRows {
			b.lose(lostRows, "")
		}
		b.countTables(loose(bl))
	}
}

// recode mends a text that was typed for the fonts of an old encoding and lost them on the way; it
// tells whether there was anything to mend.
func (b *builder) recode() bool {
	var sample strings.Builder
	eachRun(b.blocks, func(r *Run) {
		if sample.Len() < 64<<10 {
			sample.WriteString(r.Text + "\n")
		}
	})
	_, guess := text.Recode(sample.String())
	if guess.Certain {
		return false
	}
	example := ""
	eachRun(b.blocks, func(r *Run) {
		out := text.RecodeAs(r.Text, guess.Encoding)
		if example == "" {
			example = changed(r.Text, out)
		}
		r.Text = out
	})
	b.note("%s%s", guess.Note, example)
	return true
}

// changed shows how a text was read: “Héi ®ång” → “Hội đồng”. It is "" when nothing changed.
func changed(was, is string) string {
	if was, is = text.Excerpt(was, 60), text.Excerpt(is, 60); was == is {
		return ""
	}
	return " Ví dụ: “" + was + "” → “" + is + "”."
}

func eachRun(blocks []Block, fn func(*Run)) {
	for i := range blocks {
		bl := &blocks[i]
		for j := range bl.Runs {
			fn(&bl.Runs[j])
		}
		for j := range bl.Caption {
			fn(&bl.Caption[j])
		}
		for _, it := range bl.Items {
			eachRun(it.Blocks, fn)
		}
		for _, row := range bl.Rows {
			for _, c := range row {
				eachRun(c.Blocks, fn)
			}
		}
		eachRun(bl.Blocks, fn)
	}
}

// maxDepth is how deep lists, tables and quotes may lie in one another; what is deeper is taken
// apart into paragraphs.
const maxDepth = 8

// tidy gives blocks with tidy runs, without what is empty. Below the top, headings are bold
// paragraphs: they name no part of the document.
func tidy(blocks []Block, depth int) (out []Block) {
	for _, bl := range blocks {
		switch {
		case bl.Kind == Heading || bl.Kind == Paragraph:
			out = append(out, tidyLines(bl, depth)...)
		case depth >= maxDepth:
			out = append(out, tidy(loose(bl), depth)...)
		case bl.Kind == List:
			if bl = tidyList(bl, depth); len(bl.Items) > 0 {
				out = addList(out, bl)
			}
		case bl.Kind == Quote:
			if bl.Blocks = tidy(bl.Blocks, depth+1); len(bl.Blocks) > 0 {
				out = append(out, Block{Kind: Quote, Blocks: bl.Blocks})
			}
		case bl.Kind == Table:
			out = append(out, tidyTable(bl, depth)...)
		}
	}
	return out
}

// loose gives the blocks inside a block.
func loose(bl Block) (out []Block) {
	for _, it := range bl.Items {
		out = append(out, it.Blocks...)
	}
	for _, row := range bl.Rows {
		for _, c := range row {
			out = append(out, c.Blocks...)
		}
	}
	return append(out, bl.Blocks...)
}

// tidyLines gives a heading or a paragraph; two line breaks in a row make two paragraphs.
func tidyLines(bl Block, depth int) (out []Block) {
	heading := bl.Kind == Heading && depth == 0
	start, breaks := 0, 0
	emit := func(runs []Run) {
		if runs = tidyRuns(runs); len(runs) == 0 {
			return
		}
		p := Block{Kind: Paragraph, Align: bl.Align, Runs: runs}
		switch {
		case heading:
			p.Kind, p.Level = Heading, bl.Level
			p.Runs = tidyRuns(unbold(runs))
		case bl.Kind == Heading:
			for i := range p.Runs {
				p.Runs[i].Bold = !p.Runs[i].Break
			}
			p.Runs = tidyRuns(p.Runs)
		}
		out = append(out, p)
	}
	for i, r := range bl.Runs {
		switch {
		case r.Break:
			if breaks++; breaks == 2 && !heading {
				emit(bl.Runs[start:i])
				start = i
			}
		case strings.TrimSpace(r.Text) != "":
			breaks = 0
		}
	}
	emit(bl.Runs[start:])
	return out
}

func tidyList(bl Block, depth int) Block {
	l := Block{Kind: List, Marker: bl.Marker}
	if l.Marker.Ordered() && bl.Start > 1 && bl.Start < 10_000 {
		l.Start = bl.Start
	}
	for _, it := range bl.Items {
		if blocks := tidy(it.Blocks, depth+1); len(blocks) > 0 {
			l.Items = append(l.Items, Item{Blocks: blocks})
		}
	}
	return l
}

// addList puts a list after blocks. One that goes on with the list before it is made part of it:
// Word in the browser writes every item as a list of its own.
func addList(blocks []Block, l Block) []Block {
	if len(blocks) > 0 {
		last := &blocks[len(blocks)-1]
		if last.Kind == List && last.Marker == l.Marker && (!l.Marker.Ordered() || max(l.Start, 1) == max(last.Start, 1)+len(last.Items)) {
			last.Items = append(last.Items, l.Items...)
			return blocks
		}
	}
	return append(blocks, l)
}

// structurer finds the clauses of a document.
type structurer struct {
	out  []Block
	used map[string]bool
	next map[string]int // of a slug, the number to try next
}

// add takes one tidy block, joining it to the one before where they are one clause.
func (s *structurer) add(bl Block, rest []Block) {
	if bl.Kind != Heading && bl.Kind != Paragraph {
		s.out = append(s.out, bl)
		return
	}
	words := plain(bl.Runs)
	if s.joinTitle(bl, words) {
		return
	}
	if l, ok := parseLabel(words); ok {
		bl.Number = l.number
		if bl.Kind == Paragraph && isTitle(bl, l, words, rest) {
			bl.Kind = Heading
			if allBold(cutFront(bl.Runs, l.end)) {
				for i := range bl.Runs {
					bl.Runs[i].Bold = false
				}
				bl.Runs = tidyRuns(bl.Runs)
			}
		}
		s.out = append(s.out, bl)
		return
	}
	if m, n := dashMark(words); m != "" && bl.Kind == Paragraph && bl.Align == Left {
		s.dash(m, Block{Kind: Paragraph, Runs: cutFront(bl.Runs, n)})
		return
	}
	s.out = append(s.out, bl)
}

// joinTitle puts the title that stands on a line of its own to the chapter's number above it.
func (s *structurer) joinTitle(bl Block, words string) bool {
	if len(s.out) == 0 || len([]rune(words)) > titleLength {
		return false
	}
	last := &s.out[len(s.out)-1]
	if last.Kind != Heading || last.Number == "" || strings.TrimRight(plain(last.Runs), ".: ") != last.Number {
		return false
	}
	if _, numbered := parseLabel(words); numbered || bl.Kind == Paragraph && bl.Align != Center && !shouting(words) {
		return false
	}
	last.Runs = append(append(last.Runs, Run{Break: true}), unbold(bl.Runs)...)
	last.Runs = tidyRuns(last.Runs)
	return true
}

// dash puts a dash line into the list of dashes it continues.
func (s *structurer) dash(m Marker, p Block) {
	item := Item{Blocks: []Block{p}}
	if len(s.out) > 0 {
		if last := &s.out[len(s.out)-1]; last.Kind == List && last.Marker == Dash {
			if m == Dash {
				last.Items = append(last.Items, item)
				return
			}
			in := &last.Items[len(last.Items)-1]
			if n := len(in.Blocks); in.Blocks[n-1].Kind == List && in.Blocks[n-1].Marker == Plus {
				in.Blocks[n-1].Items = append(in.Blocks[n-1].Items, item)
			} else {
				in.Blocks = append(in.Blocks, Block{Kind: List, Marker: Plus, Items: []Item{item}})
			}
			return
		} else if last.Kind == List && last.Marker == m {
			last.Items = append(last.Items, item)
			return
		}
	}
	s.out = append(s.out, Block{Kind: List, Marker: m, Items: []Item{item}})
}

// cutFront takes n bytes of text off the front of runs.
func cutFront(runs []Run, n int) []Run {
	runs = slices.Clone(runs)
	for i := range runs {
		cut := min(n, len(runs[i].Text))
		runs[i].Text = runs[i].Text[cut:]
		if n -= cut; n == 0 {
			break
		}
	}
	return tidyRuns(runs)
}

// levels sets heading levels: clauses by what encloses them, other headings as they came but
// without gaps, so that a reader's outline has no hole in it.
func (s *structurer) levels() {
	lowest := 0
	for _, b := range s.out {
		if b.Kind == Heading && b.Level > 0 && (lowest == 0 || b.Level < lowest) {
			lowest = b.Level
		}
	}
	var open []rank
	previous := 0
	for i := range s.out {
		b := &s.out[i]
		if l, ok := labelOf(*b); ok {
			for len(open) > 0 && open[len(open)-1] >= l.rank {
				open = open[:len(open)-1]
			}
			open = append(open, l.rank)
			if b.Kind == Paragraph {
				b.Level = len(open)
				continue
			}
			b.Level = min(len(open), previous+1, maxHeading)
		} else if b.Kind == Heading {
			b.Level = max(1, min(b.Level-lowest+1, previous+1, maxHeading))
		}
		switch {
		case b.Kind == Heading:
			previous = b.Level
		case b.Kind == List && (b.Marker == Dash || b.Marker == Plus):
			b.Level = len(open) + 1
		}
	}
}

func labelOf(b Block) (label, bool) {
	if b.Number == "" {
		return label{}, false
	}
	return parseLabel(plain(b.Runs))
}

// anchors gives every heading and clause an address that follows from its number and those around
// it: "chuong-ii", "dieu-5-1-a", "muc-ii-1", and otherwise from its words.
func (s *structurer) anchors() {
	type step struct {
		rank rank
		path string
	}
	var open []step
	dashes := 0
	for i := range s.out {
		b := &s.out[i]
		l, numbered := labelOf(*b)
		switch {
		case numbered:
			for len(open) > 0 && open[len(open)-1].rank >= l.rank {
				open = open[:len(open)-1]
			}
			path := clauseSlug(l.number)
			switch {
			case l.rank <= rankArticle: // counted through the whole document, or named with its kind
			case l.rank >= rankMulti && l.rank < rankLetter: // its number holds the number above it
				above := "muc"
				for _, o := range open {
					if o.rank < rankDecimal {
						above = o.path
					}
				}
				path = above + "-" + path
			case len(open) > 0:
				path = open[len(open)-1].path + "-" + path
			default:
				path = "muc-" + path
			}
			open = append(open, step{l.rank, path})
			b.ID = s.unique(path)
			dashes = 0
		case b.Kind == Heading:
			b.ID = s.unique("muc-" + text.Slug(plain(b.Runs)))
			open, dashes = nil, 0
		case b.Kind == List && b.Marker == Dash:
			path := "gach"
			if len(open) > 0 {
				path = open[len(open)-1].path + "-gach"
			}
			for j := range b.Items {
				dashes++
				b.Items[j].ID = s.unique(fmt.Sprintf("%s-%d", path, dashes))
			}
		}
	}
}

// clauseSlug keeps apart what folding would join: the points d) and đ) of one clause.
func clauseSlug(number string) string {
	if strings.HasSuffix(number, "đ") {
		return text.Slug(number) + "d"
	}
	return text.Slug(number)
}

// unique makes an address of its own of a slug that may have come before. It counts on from where
// it stopped: a text of a hundred thousand equal headings must not be searched for each of them.
func (s *structurer) unique(slug string) string {
	slug = strings.TrimSuffix(slug, "-")
	id, n := slug, max(s.next[slug], 2)
	for ; s.used[id]; n++ {
		id = fmt.Sprintf("%s-%d", slug, n)
	}
	s.used[id], s.next[slug] = true, n
	return id
}
