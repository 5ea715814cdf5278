package paper

// The PDF's layout: pieces become strips as high as they are, strips are dealt out to pages.

// A strip is what no page end cuts: a line, a row of a table.
type strip struct {
	above  float64 // space before it; falls away at the top of a page
	height float64
	keep   bool                         // stays on the page of the next strip
	head   *strip                       // repeated above it where a page begins with it
	draw   func(c canvas, x, y float64) // upper left corner, points from the page's upper left
}

// A canvas takes what is drawn. Coordinates are points from the upper left corner of the page.
type canvas interface {
	text(x, baseline float64, s string, f face, size float64, red bool)
	line(x1, y1, x2, y2, width float64)
	box(x, y, w, h float64, red bool)
	outline(level int, title string, y float64)
}

// layPieces lays a column of pieces, width points wide.
func layPieces(pieces []piece, width, pageHeight float64) []strip {
	var out []strip
	for _, p := range pieces {
		switch p := p.(type) {
		case para:
			out = append(out, layPara(p, width)...)
		case rule:
			out = append(out, layRule(p))
		case stamp:
			out = append(out, layStamp(p, width))
		case pair:
			out = append(out, layPair(p, pageHeight)...)
		case grid:
			out = append(out, layGrid(p, width, pageHeight)...)
		}
	}
	return out
}

// layPara gives a strip per line. The first two and the last two lines stay together.
func layPara(p para, width float64) []strip {
	s := p.style
	left, right := s.left+p.left+p.hang, s.right+p.right
	lines := breakLines(wordsOf(p.runs, s), s.size, s.first-p.hang, width-left-right, p.align())
	if len(lines) == 0 {
		return []strip{{above: s.before, height: s.lineHeight(), keep: p.keeps(), draw: func(canvas, float64, float64) {}}}
	}
	height := s.lineHeight()
	out := make([]strip, len(lines))
	for i, l := range lines {
		out[i] = strip{height: height, keep: i == 0 || i == len(lines)-2, draw: func(c canvas, x, y float64) {
			drawLine(c, l, s, x+left, y+height-descent*s.size)
		}}
	}
	last := len(lines) - 1
	out[0].above = s.before
	out[last].keep = p.keeps()
	if s.outline > 0 {
		title, draw := plain(p.runs), out[0].draw
		out[0].draw = func(c canvas, x, y float64) {
			c.outline(s.outline, title, y)
			draw(c, x, y)
		}
	}
	return out
}

func plain(runs []Run) string {
	s := ""
	for _, r := range runs {
		s += r.Text
	}
	return s
}

// drawLine draws each word where it was measured to stand. The space after a word is drawn with
// it, so that what is copied out of the file has its spaces.
func drawLine(c canvas, l textLine, s *style, x, baseline float64) {
	x += l.x
	for i, w := range l.words {
		for j, a := range w.atoms {
			t := a.text
			if j == len(w.atoms)-1 && i < len(l.words)-1 {
				t += " "
			}
			c.text(x, baseline, t, a.face, s.size, s.red)
			x += a.width
		}
		x += w.space + l.extra
	}
}

const ruleWidth = 0.75 // as Word's single line of 3/4 point

func layRule(r rule) strip {
	return strip{above: styleRule.before, height: styleRule.lineHeight(), keep: true, draw: func(c canvas, x, y float64) {
		from := x + (r.within-r.length)/2
		c.line(from, y, from+r.length, y, ruleWidth)
	}}
}

func layStamp(s stamp, width float64) strip {
	return strip{above: s.before, height: s.height, draw: func(c canvas, x, y float64) {
		c.box(x+(width-s.width)/2, y, s.width, s.height, s.style.red)
		t := tinos()
		f := faceOf(s.style.bold, s.style.italic)
		wide := t.width(s.text, f, s.style.size)
		c.text(x+(width-wide)/2, y+s.height/2+capHeight*s.style.size/2, s.text, f, s.style.size, s.style.red)
	}}
}

const capHeight = 1341. / 2048

// stack puts strips below each other in one.
func stack(strips []strip) strip {
	height := 0.
	for i, s := range strips {
		if i > 0 {
			height += s.above
		}
		height += s.height
	}
	return strip{height: height, draw: func(c canvas, x, y float64) {
		for i, s := range strips {
			if i > 0 {
				y += s.above
			}
			s.draw(c, x, y)
			y += s.height
		}
	}}
}

// layPair sets two columns beside each other. Rows stay together.
func layPair(p pair, pageHeight float64) []strip {
	var out []strip
	for _, row := range p.rows {
		cols := [2][]strip{layPieces(row[0], p.left, pageHeight), layPieces(row[1], p.right, pageHeight)}
		above := 0.
		for _, c := range cols {
			if len(c) > 0 {
				above = max(above, c[0].above)
			}
		}
		for i, part := range portions(cols[:], pageHeight) {
			l, r := stack(part[0]), stack(part[1])
			s := strip{height: max(l.height, r.height), keep: true, draw: func(c canvas, x, y float64) {
				l.draw(c, x, y)
				r.draw(c, x+p.left, y)
			}}
			if i == 0 {
				s.above = above
			}
			out = append(out, s)
		}
	}
	if len(out) > 0 {
		out[len(out)-1].keep = false
	}
	return out
}

// portions cuts cells standing side by side into parts of at most room points, where even one row
// is higher than a page. Almost always there is one part.
func portions(cells [][]strip, room float64) [][][]strip {
	var parts [][][]strip
	rest := cells
	for {
		part, next, more := make([][]strip, len(rest)), make([][]strip, len(rest)), false
		for i, c := range rest {
			used, n := 0., 0
			for n < len(c) && (n == 0 || used+c[n].above+c[n].height <= room) {
				used += c[n].above + c[n].height
				n++
			}
			part[i], next[i] = c[:n], c[n:]
			more = more || len(next[i]) > 0
		}
		parts = append(parts, part)
		if !more {
			return parts
		}
		rest = next
	}
}

// layGrid sets a table: its head as one strip, then a strip a row.
func layGrid(g grid, width, pageHeight float64) []strip {
	total := 0.
	for _, w := range g.widths {
		total += w
	}
	inset := (width - total) / 2
	at := make([]float64, len(g.widths)+1)
	for i, w := range g.widths {
		at[i+1] = at[i] + w
	}
	moved := func(s strip) strip {
		draw := s.draw
		s.draw = func(c canvas, x, y float64) { draw(c, x+inset, y) }
		return s
	}
	var out []strip
	var head *strip
	if g.heads > 0 {
		h := moved(layHead(g, at, pageHeight))
		h.keep = true
		head = &h
		out = append(out, h)
	}
	room := pageHeight
	if head != nil {
		room -= head.height
	}
	for i := g.heads; i < len(g.rows); i++ {
		contents := make([][]strip, len(g.rows[i].cells))
		for j, c := range g.rows[i].cells {
			contents[j] = layCell(c, at, pageHeight)
		}
		parts := portions(contents, max(room-2*cellAbove-tableWidth, pageHeight/2))
		for _, part := range parts {
			s := moved(layRow(g.rows[i].cells, part, at))
			s.head = head
			s.keep = i == len(g.rows)-1 && g.keep || i+1 < len(g.rows) && g.rows[i+1].total
			out = append(out, s)
		}
	}
	return out
}

func layCell(c gridCell, at []float64, pageHeight float64) []strip {
	return layPieces([]piece{c.para}, at[c.col+c.span]-at[c.col]-2*cellSide, pageHeight)
}

// layRow sets cells of one row, each in the middle of its height.
func layRow(cells []gridCell, contents [][]strip, at []float64) strip {
	stacks := make([]strip, len(cells))
	height := 0.
	for i := range cells {
		stacks[i] = stack(contents[i])
		height = max(height, stacks[i].height+2*cellAbove+tableWidth)
	}
	return strip{height: height, draw: func(c canvas, x, y float64) {
		for i, cell := range cells {
			drawCell(c, cell, stacks[i], at, x, y, height)
		}
	}}
}

func drawCell(c canvas, cell gridCell, content strip, at []float64, x, y, height float64) {
	left, right := x+at[cell.col], x+at[cell.col+cell.span]
	c.line(left, y, right, y, tableWidth)
	c.line(left, y+height, right, y+height, tableWidth)
	c.line(left, y, left, y+height, tableWidth)
	c.line(right, y, right, y+height, tableWidth)
	content.draw(c, left+cellSide, y+(height-content.height)/2)
}

// layHead sets all rows of a head as one: cells may reach down over several.
func layHead(g grid, at []float64, pageHeight float64) strip {
	type placed struct {
		cell    gridCell
		row     int
		content strip
	}
	var cells []placed
	heights := make([]float64, g.heads)
	for i := range g.heads {
		for _, c := range g.rows[i].cells {
			p := placed{c, i, stack(layCell(c, at, pageHeight))}
			cells = append(cells, p)
			if c.down == 1 {
				heights[i] = max(heights[i], p.content.height+2*cellAbove+tableWidth)
			}
		}
	}
	sum := func(from, n int) float64 {
		total := 0.
		for _, h := range heights[from : from+n] {
			total += h
		}
		return total
	}
	for _, p := range cells {
		if short := p.content.height + 2*cellAbove + tableWidth - sum(p.row, p.cell.down); short > 0 {
			heights[p.row+p.cell.down-1] += short
		}
	}
	return strip{height: sum(0, g.heads), draw: func(c canvas, x, y float64) {
		for _, p := range cells {
			drawCell(c, p.cell, p.content, at, x, y+sum(0, p.row), sum(p.row, p.cell.down))
		}
	}}
}

// A placed strip has its distance from the top of the text area.
type placedStrip struct {
	strip
	y float64
}

// paginate deals strips out to pages of the given height. Strips kept together move to the next
// page together, unless they are higher than a page; then they are dealt out as far as they go.
func paginate(strips []strip, height float64) [][]placedStrip {
	const slack = 0.01
	var pages [][]placedStrip
	var page []placedStrip
	y := 0.
	turn := func() {
		pages = append(pages, page)
		page, y = nil, 0
	}
	put := func(s strip) {
		if len(page) > 0 && y+s.above+s.height > height+slack {
			turn()
		}
		if len(page) > 0 {
			y += s.above
		} else if s.head != nil {
			page = append(page, placedStrip{*s.head, 0})
			y = s.head.height
		}
		page = append(page, placedStrip{s, y})
		y += s.height
	}
	for i := 0; i < len(strips); {
		n, need := i, 0.
		for ; n < len(strips); n++ {
			if n > i {
				need += strips[n].above
			}
			need += strips[n].height
			if !strips[n].keep {
				n++
				break
			}
		}
		whole := need
		if strips[i].head != nil {
			whole += strips[i].head.height
		}
		if len(page) > 0 && whole <= height+slack && y+strips[i].above+need > height+slack {
			turn()
		}
		for ; i < n; i++ {
			put(strips[i])
		}
	}
	if len(page) > 0 || len(pages) == 0 {
		turn()
	}
	return pages
}
