package richtext

import "slices"

// Limits on tables: a sheet of paper holds less.
const (
	maxColumns = 60
	maxRows    = 3000
)

// tidyTable gives a table whose cells fill its grid without holes or overlaps, as HTML demands and
// Word does not. A table of one column is no table: its blocks are given instead.
func tidyTable(bl Block, depth int) []Block {
	if len(bl.Rows) > maxRows {
		return tidy(loose(bl), depth)
	}
	g := newGrid(bl.Rows, min(bl.HeaderRows, len(bl.Rows)), depth)
	if g.width <= 1 {
		var out []Block
		for _, row := range bl.Rows {
			for _, c := range row {
				out = append(out, tidy(c.Blocks, depth)...)
			}
		}
		return out
	}
	t := Block{Kind: Table, Caption: tidyRuns(bl.Caption), Rows: g.rows()}
	t.HeaderRows = headerRows(t.Rows, g.header)
	for _, row := range t.Rows[:t.HeaderRows] {
		for _, c := range row {
			for i := range c.Blocks {
				c.Blocks[i].Runs = unbold(c.Blocks[i].Runs)
			}
		}
	}
	return []Block{t}
}

// headerRows decides how many rows are the header: those the source says, grown to the end of any
// cell that reaches below them; else a first row set all in bold. A table is never all header.
func headerRows(rows [][]Cell, said int) int {
	n := said
	if n >= len(rows) {
		n = 0
	}
	if n == 0 && len(rows) > 1 && boldRow(rows[0]) {
		n = 1
	}
	for i := 0; i < n && i < len(rows); i++ {
		for _, c := range rows[i] {
			n = max(n, i+max(c.RowSpan, 1))
		}
	}
	if n >= len(rows) {
		return 0
	}
	return n
}

func boldRow(row []Cell) bool {
	filled := 0
	for _, c := range row {
		for _, b := range c.Blocks {
			if b.Kind != Paragraph || !allBold(b.Runs) {
				return false
			}
			filled++
		}
	}
	return filled > 1
}

// grid is a table laid out: which cell covers which square.
type grid struct {
	cells   []placed
	squares [][]int // index into cells + 1; 0: nothing
	width   int
	header  int // rows of the header that are left
}

type placed struct {
	blocks                   []Block
	top, left, height, width int
	filler                   bool // put where the source has a hole
}

func newGrid(rows [][]Cell, header, depth int) *grid {
	g := &grid{squares: make([][]int, len(rows)), header: header}
	for r, row := range rows {
		at := 0
		for _, c := range row {
			for at < len(g.squares[r]) && g.squares[r][at] != 0 {
				at++
			}
			if at >= maxColumns { // what does not fit stands in the last column
				last := &g.cells[g.squares[r][maxColumns-1]-1]
				last.blocks = append(last.blocks, tidy(c.Blocks, depth+1)...)
				continue
			}
			p := placed{blocks: tidy(c.Blocks, depth+1), top: r, left: at, width: 1, height: 1}
			for p.width < min(c.ColSpan, maxColumns-at) && g.at(r, at+p.width) == 0 {
				p.width++
			}
			p.height = max(1, min(c.RowSpan, len(rows)-r))
			g.place(p)
			at += p.width
		}
	}
	for _, row := range g.squares {
		g.width = max(g.width, len(row))
	}
	for r := range g.squares { // holes get empty cells
		for c := range g.width {
			if g.at(r, c) == 0 {
				g.place(placed{top: r, left: c, width: 1, height: 1, filler: true})
			}
		}
	}
	for g.squeeze(len(rows)) {
	}
	return g
}

func (g *grid) at(r, c int) int {
	if c >= len(g.squares[r]) {
		return 0
	}
	return g.squares[r][c]
}

func (g *grid) place(p placed) {
	for r := p.top; r < p.top+p.height; r++ {
		for c := p.left; c < p.left+p.width; c++ {
			if g.at(r, c) != 0 { // the cell ends above what is taken already
				p.height = r - p.top
			}
		}
	}
	g.cells = append(g.cells, p)
	for r := p.top; r < p.top+p.height; r++ {
		for len(g.squares[r]) < p.left+p.width {
			g.squares[r] = append(g.squares[r], 0)
		}
		for c := p.left; c < p.left+p.width; c++ {
			g.squares[r][c] = len(g.cells)
		}
	}
}

// squeeze takes out rows and columns in which no cell begins or nothing is written, and tells
// whether there were any.
func (g *grid) squeeze(height int) bool {
	goneRows, goneColumns := make([]bool, height), make([]bool, g.width)
	found := false
	bottom := 0
	for _, p := range g.cells {
		bottom = max(bottom, p.top+p.height)
	}
	for r := range bottom {
		goneRows[r] = !slices.ContainsFunc(g.cells, func(p placed) bool { return p.top == r && !p.filler }) ||
			g.empty(func(p placed) bool { return p.top <= r && r < p.top+p.height })
		found = found || goneRows[r]
	}
	for c := range g.width {
		goneColumns[c] = !slices.ContainsFunc(g.cells, func(p placed) bool { return p.left == c && !p.filler }) ||
			g.empty(func(p placed) bool { return p.left <= c && c < p.left+p.width })
		found = found || goneColumns[c]
	}
	for r := g.header - 1; r >= 0; r-- {
		if goneRows[r] {
			g.header--
		}
	}
	g.width = 0
	for i := range g.cells {
		p := &g.cells[i]
		p.top, p.height = shrink(goneRows, p.top, p.height)
		p.left, p.width = shrink(goneColumns, p.left, p.width)
		if p.height > 0 && p.width > 0 {
			g.width = max(g.width, p.left+p.width)
		}
	}
	g.cells = slices.DeleteFunc(g.cells, func(p placed) bool { return p.height == 0 || p.width == 0 })
	return found
}

// empty tells whether all cells chosen have nothing in them.
func (g *grid) empty(chosen func(placed) bool) bool {
	return !slices.ContainsFunc(g.cells, func(p placed) bool { return chosen(p) && len(p.blocks) > 0 })
}

// shrink moves and shortens a stretch by what is gone before and within it.
func shrink(gone []bool, start, length int) (int, int) {
	before, within := 0, 0
	for i := range start + length {
		if gone[i] {
			if i < start {
				before++
			} else {
				within++
			}
		}
	}
	return start - before, length - within
}

func (g *grid) rows() [][]Cell {
	slices.SortFunc(g.cells, func(a, b placed) int {
		if a.top != b.top {
			return a.top - b.top
		}
		return a.left - b.left
	})
	var rows [][]Cell
	for _, p := range g.cells {
		for len(rows) <= p.top {
			rows = append(rows, nil)
		}
		c := Cell{Blocks: p.blocks}
		if p.width > 1 {
			c.ColSpan = p.width
		}
		if p.height > 1 {
			c.RowSpan = p.height
		}
		rows[p.top] = append(rows[p.top], c)
	}
	return rows
}
