package paper

import (
	"fmt"
	"strings"
)

// What a paper is made of once every word stands in its place: compose makes pieces out of a
// Document, and both formats are written from the same pieces, so they cannot say different things.
type (
	// A piece is a para, rule, stamp, pair or grid.
	piece any

	// A para is one paragraph. Indents are added to its style's.
	para struct {
		*style
		runs        []Run
		left, right float64 // more indent, points
		hang        float64 // indent of all lines but the first, points
		aligned     Align   // over the style's alignment
		keep        bool    // stays with what follows, over the style's
	}

	// A rule is a thin centred line (kẻ dưới Tiêu ngữ, tên cơ quan, trích yếu).
	rule struct {
		length float64 // points
		within float64 // width it is centred in, points
	}

	// A stamp is a word in a box.
	stamp struct {
		style         *style
		text          string
		width, height float64 // points
		before        float64
	}

	// A pair is two columns without lines: the head, and Nơi nhận beside the signature. Rows stay
	// together.
	pair struct {
		left, right float64 // widths, points
		rows        [][2][]piece
	}

	// A grid is a table with lines.
	grid struct {
		widths []float64 // points
		rows   []gridRow
		heads  int  // rows of the head
		keep   bool // the last row stays with what follows
	}

	gridRow struct {
		cells []gridCell
		total bool
	}

	gridCell struct {
		col, span, down int
		para            para
	}

	// A section has pages of one direction, counted from 1.
	section struct {
		landscape bool
		first     bool // the paper itself, not an appendix
		pieces    []piece
	}
)

// composed is the whole paper, ready to be written.
type composed struct {
	doc      *Document
	sections []section
}

func (p para) align() Align {
	if p.aligned != ByStyle {
		return p.aligned
	}
	return p.style.align
}

func (p para) keeps() bool { return p.keep || p.style.keepNext }

// compose puts the parts of a checked document in their order.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục IV (sơ đồ bố trí); domain.md 4.2.
func compose(d *Document) composed {
	first := section{first: true}
	add := func(p ...piece) { first.pieces = append(first.pieces, p...) }
	add(head(d))
	if d.Type != "" {
		add(para{style: styleType, runs: Text(upper(d.Type))})
		add(titled(styleAbstract, broken(d.Abstract), textWidth(false)-20*mm, textWidth(false), 0.4)...)
	}
	add(addressees(d)...)
	for i, b := range d.Bases {
		end := ";"
		if i == len(d.Bases)-1 {
			end = "."
		}
		add(para{style: styleBasis, runs: Text(unmarked(b) + end)})
	}
	add(concluded(blocks(d.Body, textWidth(false)))...)
	add(foot(d))

	c := composed{doc: d, sections: []section{first}}
	for i, a := range d.Appendices {
		c.sections = append(c.sections, appendix(d, a, i))
	}
	return c
}

const (
	headLeft  = 64 * mm // boxes 2, 3, 5b
	footLeft  = 82 * mm // box 9b: a recipient with its role on one line
	stampTall = 8 * mm
	nation    = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	motto     = "Độc lập - Tự do - Hạnh phúc"
)

// head is the upper part of the first page: who issues under which number, where and when.
func head(d *Document) pair {
	left, right := headLeft, textWidth(false)-headLeft
	var issuer, number []piece
	for _, line := range broken(strings.ToUpper(d.Organisation.Governing)) {
		issuer = append(issuer, lined(styleGoverning, line, left))
	}
	issuer = append(issuer, titled(styleIssuing, broken(strings.ToUpper(d.Organisation.Issuing)), left, left, 0.4)...)

	number = append(number, para{style: styleNumber, runs: Text("Số: " + d.Reference())})
	if d.Type == "" {
		number = append(number, lined(styleAbout, "V/v "+clean(d.Abstract), left-4*mm))
	}
	if u := d.Urgency.String(); u != "" {
		number = append(number, stamp{styleUrgency, u, urgencies[d.Urgency].width * mm, stampTall, 6})
	}
	if limit := upper(d.Circulation); limit != "" {
		number = append(number, boxed(limit))
	}
	if d.Draft() {
		number = append(number, boxed(draftMark))
	}
	wide := tinos().width(motto, faceOf(true, false), styleMotto.size)
	return pair{left: left, right: right, rows: [][2][]piece{
		{issuer, {
			para{style: styleNational, runs: Text(nation)},
			para{style: styleMotto, runs: Text(motto)},
			rule{wide, right},
		}},
		{number, {para{style: stylePlace, runs: Text(clean(d.Place) + ", " + d.Date.String())}}},
	}}
}

// draftMark stands on what has no number yet.
const draftMark = "DỰ THẢO"

func boxed(word string) stamp {
	return stamp{styleBoxed, word, tinos().width(word, faceOf(true, false), styleBoxed.size) + 5*mm, stampTall, 6}
}

// lined is a centred paragraph whose lines are about equally long.
func lined(s *style, words string, width float64) para {
	want := balanced(wordsOf(Text(words), s), s.size, width)
	indent := max(0, (width-want-1.5*mm)/2) // a little looser, for the word processor's own measuring
	return para{style: s, runs: Text(words), left: indent, right: indent}
}

// broken gives the lines a caller parted words into with a line break.
func broken(words string) []string {
	var lines []string
	for line := range strings.SplitSeq(words, "\n") {
		if line = clean(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// titled is such paragraphs with a line below them, share of the text long (the form says a third
// to a half).
func titled(s *style, lines []string, width, within, share float64) []piece {
	var pieces []piece
	wide := 0.
	for _, words := range lines {
		p := lined(s, words, width)
		w, _ := widest(wordsOf(p.runs, s), s.size, width-p.left-p.right)
		wide = max(wide, w)
		p.left, p.right = p.left+(within-width)/2, p.right+(within-width)/2
		p.keep = true
		pieces = append(pieces, p)
	}
	return append(pieces, rule{wide * share, within})
}

// addressees is "Kính gửi": one on its line, several with dashes below the colon.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục II.9.
func addressees(d *Document) []piece {
	word := clean(d.Salutation)
	if word == "" {
		word = "Kính gửi"
	}
	within := textWidth(false)
	switch len(d.Addressees) {
	case 0:
		return nil
	case 1:
		line := word + ": " + clean(d.Addressees[0])
		p := lined(styleTo, line, within-2*bodyIndent)
		p.left, p.right, p.aligned = p.left+bodyIndent, p.right+bodyIndent, Center
		return []piece{p, gap(6)}
	}
	t := tinos()
	colon := t.width(word, 0, styleTo.size)
	longest := 0.
	for _, a := range d.Addressees {
		longest = max(longest, t.width("- "+clean(a)+";", 0, styleTo.size))
	}
	left := min(max(bodyIndent, (within-colon-longest)/2), 40*mm)
	pieces := []piece{para{style: styleTo, runs: Text(word + ":"), left: left}}
	for i, a := range d.Addressees {
		end := ";"
		if i == len(d.Addressees)-1 {
			end = "."
		}
		pieces = append(pieces, para{style: styleToLine, runs: Text("- " + unmarked(a) + end),
			left: left + colon, hang: t.width("- ", 0, styleTo.size)})
	}
	return append(pieces, gap(6))
}

// gap is empty room of so many points.
func gap(points float64) para {
	s := *styleGap
	s.before = points
	return para{style: &s}
}

// blocks sets the body. Numbers are written as text, not as the word processor's own numbering:
// that knows no đ) after d), and clerks edit what they see.
func blocks(body []Block, width float64) []piece {
	var pieces []piece
	var count counters
	for _, b := range body {
		switch b := b.(type) {
		case Heading:
			label := count.next(b.Level)
			switch b.Level {
			case 1:
				pieces = append(pieces, para{style: styleHeading1, runs: Text(label + " " + upper(b.Title))})
			case 2:
				pieces = append(pieces, para{style: styleHeading2, runs: Text(label + " " + clean(b.Title))})
			default:
				pieces = append(pieces, para{style: styleHeading3, runs: Text(label + " " + clean(b.Title))})
			}
		case Paragraph:
			runs := trimmed(b.Text)
			if b.Level > 0 {
				runs = append(Text(count.next(b.Level)+" "), runs...)
			}
			p := para{style: styleBody, runs: runs, aligned: b.Align, keep: announces(runs)}
			if b.Align == Center || b.Align == Right {
				s := *styleBody
				s.first = 0
				p.style = &s
			}
			pieces = append(pieces, p)
		case List:
			pieces = append(pieces, dashes(b.Items, styleDash, "- ")...)
		case Table:
			pieces = append(pieces, gap(bodyBefore), gridOf(b, width), gap(2))
		}
	}
	return pieces
}

// announces tells whether a paragraph ends with a colon: what follows belongs to it.
func announces(runs []Run) bool {
	return len(runs) > 0 && strings.HasSuffix(runs[len(runs)-1].Text, ":")
}

func dashes(items []Item, s *style, sign string) []piece {
	var pieces []piece
	for _, it := range items {
		runs := append(Text(sign), trimmed(it.Text)...)
		pieces = append(pieces, para{style: s, runs: runs, keep: announces(runs)})
		pieces = append(pieces, dashes(it.Items, stylePlus, "+ ")...)
	}
	return pieces
}

// trimmed cleans runs and takes the spaces off both ends of the paragraph.
func trimmed(runs []Run) []Run {
	out := make([]Run, 0, len(runs)+1)
	for _, r := range runs {
		r.Text = spaces(r.Text)
		if len(out) == 0 || strings.HasSuffix(out[len(out)-1].Text, " ") {
			r.Text = strings.TrimLeft(r.Text, " ")
		}
		if r.Text != "" {
			out = append(out, r)
		}
	}
	for len(out) > 0 {
		last := &out[len(out)-1]
		if last.Text = strings.TrimRight(last.Text, " "); last.Text != "" {
			break
		}
		out = out[:len(out)-1]
	}
	return out
}

// concluded puts the mark that nothing follows at the end of the body, "./.", and keeps the last
// of it on the page of the signature.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục II.6.
func concluded(pieces []piece) []piece {
	const end = "./."
	for i := len(pieces) - 1; i >= 0; i-- {
		switch p := pieces[i].(type) {
		case grid:
			p.keep = true
			pieces[i] = p
			return append(pieces, para{style: styleEnd, runs: Text(end)})
		case para:
			if len(p.runs) == 0 {
				continue
			}
			runs := append([]Run(nil), p.runs...)
			last := &runs[len(runs)-1]
			last.Text = strings.TrimRight(last.Text, " .,;:/") + end
			p.runs, p.keep = runs, true
			pieces[i] = p
			return pieces
		}
	}
	return pieces
}

// foot is Nơi nhận beside the signature.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục II.7 and II.9; R-NN-5.
func foot(d *Document) pair {
	var copies, signed []piece
	copies = append(copies, para{style: styleCopies, runs: Text("Nơi nhận:")})
	for _, line := range recipients(d) {
		copies = append(copies, para{style: styleCopy, runs: Text(line)})
	}
	width := textWidth(false) - footLeft
	for _, p := range d.Signature.Posts {
		words := upper(p.Title)
		if p.Authority != "" {
			words = string(p.Authority) + " " + words
		}
		signed = append(signed, lined(stylePost, words, width))
	}
	signed = append(signed, para{style: styleSigner, runs: Text(clean(d.Signature.Name))})
	return pair{left: footLeft, right: width, rows: [][2][]piece{
		{{gap(12)}, {gap(12)}},
		{copies, signed},
	}}
}

// recipients gives the lines below "Nơi nhận:", dashes and marks included.
func recipients(d *Document) []string {
	const asAbove = "Như trên"
	var lines []string
	if len(d.Addressees) > 0 {
		lines = append(lines, "- "+asAbove+";")
	}
	for _, r := range d.Recipients {
		line := unmarked(r.Name)
		if role := clean(r.Role); role != "" {
			line += " (" + role + ")"
		}
		if len(d.Addressees) > 0 && line == asAbove {
			continue
		}
		lines = append(lines, "- "+line+";")
	}
	return append(lines, "- Lưu: "+unmarked(d.Archive)+".")
}

// appendix sets one appendix; several are numbered in Roman.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục III.1.
func appendix(d *Document, a Appendix, i int) section {
	width := textWidth(a.Landscape)
	word := "Phụ lục"
	if len(d.Appendices) > 1 {
		word += " " + roman(i+1)
	}
	number := d.Reference()
	to := fmt.Sprintf("(Kèm theo %s số %s %s của %s)", d.typeName(), number, d.Date, clean(d.Organisation.Issuing))
	s := section{landscape: a.Landscape}
	s.pieces = append(s.pieces,
		para{style: styleAppendix, runs: Text(word)},
		inside(lined(styleAppTitle, upper(a.Title), width-30*mm), 15*mm),
	)
	about := inside(lined(styleAppendedTo, to, width-30*mm), 15*mm)
	wide, _ := widest(wordsOf(about.runs, about.style), about.size, width-about.left-about.right)
	s.pieces = append(s.pieces, about, rule{wide * 0.4, width}, gap(6))
	s.pieces = append(s.pieces, blocks(a.Body, width)...)
	return s
}

// inside moves a lined paragraph in by so much on both sides.
func inside(p para, by float64) para {
	p.left, p.right = p.left+by, p.right+by
	return p
}

// gridOf fits a table into width: columns with a width keep it if all fit, the others share the rest.
func gridOf(t Table, width float64) grid {
	fixed, open := 0., 0
	for _, c := range t.Columns {
		fixed += c.Width * mm
		if c.Width == 0 {
			open++
		}
	}
	const least = 12 * mm // of a column that shares what is left
	scale := 1.
	if room := width - float64(open)*least; fixed > room {
		scale = room / fixed
	}
	g := grid{heads: len(t.Head)}
	for _, c := range t.Columns {
		w := c.Width * mm * scale
		if c.Width == 0 {
			w = (width - fixed*scale) / float64(open)
		}
		g.widths = append(g.widths, w)
	}
	place(t, func(row int, r Row, col int, c Cell) {
		for row >= len(g.rows) {
			g.rows = append(g.rows, gridRow{})
		}
		g.rows[row].total = r.Total
		p := para{style: styleTableCell, runs: trimmed(c.Text), aligned: c.Align}
		switch {
		case row < g.heads:
			p.style = styleTableHead
		case p.aligned == ByStyle:
			p.aligned = t.Columns[col].Align
		}
		if r.Total && row >= g.heads {
			for i := range p.runs {
				p.runs[i].Bold = true
			}
		}
		g.rows[row].cells = append(g.rows[row].cells, gridCell{col, max(1, c.Span), max(1, c.Down), p})
	})
	return g
}

// place gives every cell its column, as HTML does, and calls fn with it. It tells the first row
// whose cells do not fill the table's columns exactly, -1 if all do.
func place(t Table, fn func(row int, r Row, col int, c Cell)) int {
	bad := -1
	held := make([]int, len(t.Columns)) // rows a cell above still covers
	for i := range len(t.Head) + len(t.Rows) {
		var r Row
		if i < len(t.Head) {
			r = t.Head[i]
		} else {
			r = t.Rows[i-len(t.Head)]
		}
		col, wrong := 0, false
		skip := func() {
			for col < len(held) && held[col] > 0 {
				held[col]--
				col++
			}
		}
		for _, c := range r.Cells {
			skip()
			span, down := max(1, c.Span), max(1, c.Down)
			if span > len(held)-col || (i >= len(t.Head) && down > 1) || i < len(t.Head) && i+down > len(t.Head) {
				wrong = true
				break
			}
			fn(i, r, col, c)
			for range span {
				if held[col] > 0 {
					wrong = true // it would lie across a cell that reaches down
				}
				held[col] = down - 1
				col++
			}
		}
		skip()
		if (wrong || col != len(held)) && bad < 0 {
			bad = i
		}
	}
	return bad
}
