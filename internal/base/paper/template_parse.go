package paper

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
)

// where a line stands decides what it may be.
type where int

const (
	scopeHead where = iota
	scopeBody
	scopeTable
	scopeAppendix
)

type templateParser struct {
	lines  []string
	at     int // index of the next line
	name   string
	fields []fault.Field
}

// wrong notes a mistake. Lines count from 1.
func (p *templateParser) wrong(line int, format string, args ...any) {
	if len(p.fields) < maxTold {
		p.fields = append(p.fields, fault.Field{Name: templateField, Message: fmt.Sprintf("Dòng %d: %s.", line, fmt.Sprintf(format, args...))})
	}
}

// Directives that end a block or part it; block leaves them to its caller.
const (
	dirEnd  = "hết"
	dirElse = "khác"
)

// block reads lines up to the end of its block: "---" for the head, the end of the text for the
// body, ":hết" or ":khác" for the inside of a block (which its caller reads).
func (p *templateParser) block(in where, depth int) []node {
	var nodes []node
	opened := p.at
	for p.at < len(p.lines) {
		line := strings.TrimSpace(p.lines[p.at])
		number := p.at + 1
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
			p.at++
		case in == scopeHead && line == "---":
			if depth > 0 {
				p.wrong(number, "phần đầu kết thúc khi khối mở ở dòng %d chưa có “:%s”", opened, dirEnd)
				return nodes
			}
			p.at++
			return nodes
		case strings.HasPrefix(line, ":"):
			word := strings.TrimSpace(line[1:])
			if word == dirEnd || word == dirElse {
				if depth > 0 {
					return nodes
				}
				p.wrong(number, "“:%s” không có khối nào để đóng", word)
				p.at++
				continue
			}
			p.at++
			if n, ok := p.directive(word, number, in, depth); ok {
				nodes = append(nodes, n)
			}
		default:
			p.at++
			if n, ok := p.plainLine(line, number, in); ok {
				nodes = append(nodes, n)
			}
		}
	}
	if depth > 0 {
		p.wrong(opened, "khối mở ở dòng này chưa có “:%s”", dirEnd)
	} else if in == scopeHead {
		p.wrong(len(p.lines), "thiếu dòng “---” giữa phần đầu và nội dung")
	}
	return nodes
}

// closed reads the ":hết" of a block, which block stopped at.
func (p *templateParser) closed() {
	if p.at >= len(p.lines) {
		return // told already
	}
	word := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(p.lines[p.at]), ":"))
	switch word {
	case dirElse:
		p.wrong(p.at+1, "“:%s” chỉ dùng một lần, trong “:nếu”", dirElse)
		p.at++
	case dirEnd:
		p.at++
	}
}

func (p *templateParser) directive(words string, number int, in where, depth int) (node, bool) {
	n := node{line: number}
	if depth >= maxDepth {
		p.wrong(number, "quá nhiều khối lồng nhau (tối đa %d)", maxDepth)
		return n, false
	}
	word, rest, _ := strings.Cut(words, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case word == "nếu":
		n.kind = anIf
		if after, ok := strings.CutPrefix(rest, "không "); ok {
			n.not, rest = true, strings.TrimSpace(after)
		}
		n.field = p.path(rest, number)
		n.body = p.block(in, depth+1)
		if p.at < len(p.lines) && strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(p.lines[p.at]), ":")) == dirElse {
			p.at++
			n.other = p.block(in, depth+1)
		}
		p.closed()
		return n, true
	case word == "với":
		n.kind = anEach
		n.field = p.path(rest, number)
		n.body = p.block(in, depth+1)
		p.closed()
		return n, true
	case words == "bảng" && (in == scopeBody || in == scopeAppendix):
		n.kind = aTable
		n.table = p.tableHead()
		n.body = p.block(scopeTable, depth+1)
		p.closed()
		if n.table.columns != nil {
			p.sameColumns(n.body, len(n.table.columns))
		}
		return n, true
	case word == "phụ" && in == scopeBody:
		title, ok := strings.CutPrefix(words, "phụ lục ngang:")
		n.wide = ok
		if !ok {
			title, ok = strings.CutPrefix(words, "phụ lục:")
		}
		if !ok {
			p.wrong(number, "phụ lục phải ghi “:phụ lục: tên” hoặc “:phụ lục ngang: tên”")
		}
		n.kind = anAppendix
		n.text = p.parts(title, number, false)
		n.body = p.block(scopeAppendix, depth+1)
		p.closed()
		return n, ok
	case (word == "giữa" || word == "phải") && (in == scopeBody || in == scopeAppendix):
		n.kind, n.align = aParagraph, aligns[word]
		n.text = p.parts(rest, number, true)
		return n, true
	}
	known := ":nếu, :với"
	if in == scopeBody || in == scopeAppendix {
		known += ", :bảng, :giữa, :phải"
	}
	if in == scopeBody {
		known += ", :phụ lục"
	}
	p.wrong(number, "không hiểu “:%s”. Ở đây chỉ dùng %s, :khác và :hết", clip(words), known)
	return n, false
}

var (
	aligns    = map[string]Align{"trái": Left, "giữa": Center, "phải": Right}
	numbered2 = regexp.MustCompile(`^\d+\.\s+`)
	numbered3 = regexp.MustCompile(`^\p{Ll}\)\s+`)
	settingAt = regexp.MustCompile(`^([\p{L} ]+):(.*)$`)
)

func (p *templateParser) plainLine(line string, number int, in where) (node, bool) {
	n := node{line: number}
	switch in {
	case scopeHead:
		m := settingAt.FindStringSubmatch(line)
		if m == nil {
			p.wrong(number, "phần đầu mỗi dòng là “Tên: giá trị”; nội dung bắt đầu sau dòng “---”")
			return n, false
		}
		n.kind, n.key = aSetting, strings.TrimSpace(m[1])
		n.text = p.parts(m[2], number, false)
		p.setting(n)
		return n, true
	case scopeTable:
		if !strings.HasPrefix(line, "|") {
			p.wrong(number, "trong bảng mỗi dòng bắt đầu bằng “|”")
			return n, false
		}
		if strings.HasPrefix(line, "|:") {
			p.wrong(number, "dòng “|:” chỉ đứng một lần, ngay sau tiêu đề bảng")
			return n, false
		}
		n.kind = aRow
		n.cells, n.total = p.row(line, number)
		return n, true
	}
	return p.bodyLine(line, number)
}

func (p *templateParser) bodyLine(line string, number int) (node, bool) {
	n := node{line: number, kind: aParagraph}
	cut := func(prefix string) bool {
		after, ok := strings.CutPrefix(line, prefix)
		if ok {
			line = after
		}
		return ok
	}
	switch {
	case strings.HasPrefix(line, "|"):
		p.wrong(number, "dòng của bảng phải nằm giữa “:bảng” và “:hết”")
		return n, false
	case cut("### "):
		n.kind, n.level = aHeading, 3
	case cut("## "):
		n.kind, n.level = aHeading, 2
	case cut("# "):
		n.kind, n.level = aHeading, 1
	case cut("- "):
		n.kind = aDash
	case cut("+ "):
		n.kind = aPlus
	case numbered2.MatchString(line):
		n.level, line = 2, numbered2.ReplaceAllString(line, "")
	case numbered3.MatchString(line):
		n.level, line = 3, numbered3.ReplaceAllString(line, "")
	case strings.HasPrefix(line, "#"):
		p.wrong(number, "đề mục ghi “# ”, “## ” hoặc “### ” rồi đến tên, có khoảng trắng sau dấu #")
		return n, false
	}
	n.text = p.parts(line, number, n.kind != aHeading)
	return n, true
}

// tableHead reads the lines of a table up to and with "|:".
func (p *templateParser) tableHead() *tableNode {
	t := new(tableNode)
	first := p.at + 1
	var rows [][]cellNode
	for p.at < len(p.lines) {
		line := strings.TrimSpace(p.lines[p.at])
		number := p.at + 1
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
			p.at++
			continue
		case strings.HasPrefix(line, "|:"):
			p.at++
			t.columns = p.columns(line[2:], number)
			if p.rectangles(rows, len(t.columns), first) {
				t.head = rows
			}
			return t
		case strings.HasPrefix(line, "|"):
			p.at++
			cells, _ := p.row(line, number)
			rows = append(rows, cells)
			continue
		}
		break
	}
	p.wrong(first, "bảng chưa có dòng “|:” cho biết các cột, ví dụ “|: trái 60 | phải | phải”")
	return t
}

func (p *templateParser) columns(line string, number int) []Column {
	var columns []Column
	for _, c := range strings.Split(strings.TrimSuffix(strings.TrimSpace(line), "|"), "|") {
		words := strings.Fields(c)
		align, ok := Left, len(words) > 0 && len(words) <= 2
		if ok {
			align, ok = aligns[words[0]]
		}
		width := 0
		if ok && len(words) == 2 {
			n, err := strconv.Atoi(words[1])
			width, ok = n, err == nil && n >= minColumn && n <= maxColumn
		}
		if !ok {
			p.wrong(number, "không hiểu cột “%s”. Hãy ghi trái, giữa hoặc phải, sau đó có thể ghi độ rộng bằng mm (%d đến %d)", clip(c), minColumn, maxColumn)
		}
		columns = append(columns, Column{Width: float64(width), Align: align})
	}
	if len(columns) > maxColumns {
		p.wrong(number, "bảng có %d cột; tối đa %d cột", len(columns), maxColumns)
	}
	return columns
}

const (
	joinLeft = "<"
	joinUp   = "^"
)

// row reads "| a | b |"; "|=" makes it a line of totals. Cells to be joined come as they are typed.
func (p *templateParser) row(line string, number int) (cells []cellNode, total bool) {
	line = strings.TrimSpace(line[1:])
	if after, ok := strings.CutPrefix(line, "="); ok {
		line, total = after, true
	}
	for _, c := range splitCells(line) {
		c = strings.TrimSpace(c)
		n := cellNode{span: 1, down: 1}
		if c == joinLeft || c == joinUp {
			n.text = []part{{literal: c}}
			n.span = 0 // joined
		} else {
			n.text = p.parts(c, number, true)
		}
		cells = append(cells, n)
	}
	return cells, total
}

// splitCells cuts at "|" that no backslash stands before; the one that ends the line is not needed.
func splitCells(line string) []string {
	var cells []string
	start := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, line[start:i])
			start = i + 1
		}
	}
	if rest := line[start:]; strings.TrimSpace(rest) != "" || len(cells) == 0 {
		cells = append(cells, rest)
	}
	return cells
}

// rectangles joins the cells of a head and drops those joined to another; the joined ones must
// make a rectangle.
func (p *templateParser) rectangles(rows [][]cellNode, columns, first int) bool {
	type cell struct{ row, col int }
	owner := make([][]cell, len(rows))
	area := map[cell]int{}
	for r, cells := range rows {
		if len(cells) != columns {
			p.wrong(first+r, "tiêu đề bảng có %d ô mà bảng có %d cột", len(cells), columns)
			return false
		}
		owner[r] = make([]cell, columns)
		for c, n := range cells {
			owner[r][c] = cell{r, c}
			if n.span == 0 {
				switch left := n.text[0].literal == joinLeft; {
				case left && c > 0:
					owner[r][c] = owner[r][c-1]
				case !left && r > 0:
					owner[r][c] = owner[r-1][c]
				default:
					p.wrong(first+r, "ô “%s” không có ô nào để gộp vào", n.text[0].literal)
					return false
				}
			}
			o := owner[r][c]
			area[o]++
			rows[o.row][o.col].span = max(rows[o.row][o.col].span, c-o.col+1)
			rows[o.row][o.col].down = max(rows[o.row][o.col].down, r-o.row+1)
		}
	}
	for r, cells := range rows {
		var kept []cellNode
		for c, n := range cells {
			if owner[r][c] != (cell{r, c}) {
				continue
			}
			if n.span*n.down != area[cell{r, c}] {
				p.wrong(first+r, "các ô gộp ở tiêu đề bảng không thành hình chữ nhật")
				return false
			}
			kept = append(kept, n)
		}
		rows[r] = kept
	}
	return true
}

// sameColumns joins the cells of the rows of a table and sees that each row fills it.
func (p *templateParser) sameColumns(nodes []node, columns int) {
	for i := range nodes {
		n := &nodes[i]
		if n.kind != aRow {
			p.sameColumns(n.body, columns)
			p.sameColumns(n.other, columns)
			continue
		}
		if len(n.cells) != columns {
			p.wrong(n.line, "dòng có %d ô mà bảng có %d cột", len(n.cells), columns)
			continue
		}
		var kept []cellNode
		for _, c := range n.cells {
			switch {
			case c.span > 0:
				kept = append(kept, c)
			case c.text[0].literal == joinUp:
				p.wrong(n.line, "“^” (gộp với ô trên) chỉ dùng trong tiêu đề bảng")
			case len(kept) == 0:
				p.wrong(n.line, "ô “<” không có ô nào bên trái để gộp vào")
			default:
				kept[len(kept)-1].span++
			}
		}
		n.cells = kept
	}
}

var fieldName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{M}\p{N}_]*(\.[\p{L}_][\p{L}\p{M}\p{N}_]*)*$`)

func (p *templateParser) path(s string, number int) []string {
	if !fieldName.MatchString(s) {
		p.wrong(number, "“%s” không phải tên trường. Tên chỉ gồm chữ, số và dấu gạch dưới, các phần cách nhau bằng dấu chấm", clip(s))
		return nil
	}
	return strings.Split(s, ".")
}

var formatsOfFields = []string{"trơn", "hai số", "hoa"}

// parts reads a line's text: literal stretches and {fields}; with styled also **bold** and *italic*.
func (p *templateParser) parts(s string, number int, styled bool) []part {
	var parts []part
	var lit strings.Builder
	bold, italic := false, false
	flush := func() {
		if lit.Len() > 0 {
			parts = append(parts, part{literal: lit.String(), bold: bold, italic: italic})
			lit.Reset()
		}
	}
	s = strings.TrimSpace(s)
	for len(s) > 0 {
		switch {
		case s[0] == '\\' && len(s) > 1:
			n := 1
			for n < len(s)-1 && s[1+n]&0xC0 == 0x80 {
				n++
			}
			lit.WriteString(s[1 : 1+n])
			s = s[1+n:]
		case strings.HasPrefix(s, "{{"):
			lit.WriteByte('{')
			s = s[2:]
		case s[0] == '{':
			inside, rest, ok := strings.Cut(s[1:], "}")
			if !ok {
				p.wrong(number, "“{” chưa có “}” đóng lại; nếu muốn in dấu ngoặc, hãy ghi “{{”")
				return parts
			}
			flush()
			name, format, has := strings.Cut(inside, ":")
			if format = strings.TrimSpace(format); has && !slices.Contains(formatsOfFields, format) {
				p.wrong(number, "không hiểu kiểu “%s” của trường. Chỉ có: %s", clip(format), strings.Join(formatsOfFields, ", "))
			}
			parts = append(parts, part{field: p.path(strings.TrimSpace(name), number), format: format, bold: bold, italic: italic})
			s = rest
		case styled && strings.HasPrefix(s, "**"):
			flush()
			bold = !bold
			s = s[2:]
		case styled && s[0] == '*':
			flush()
			italic = !italic
			s = s[1:]
		default:
			lit.WriteByte(s[0])
			s = s[1:]
		}
	}
	flush()
	if bold || italic {
		p.wrong(number, "dấu “*” chưa có dấu đóng lại; nếu muốn in dấu sao, hãy ghi “\\*”")
	}
	return parts
}
