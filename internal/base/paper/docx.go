package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// WriteDOCX writes the paper as a Word document that a clerk can go on editing: one style per
// element of the form, the head and the foot as tables without lines, the head of a table marked
// as repeating. The same document gives the same bytes.
//
// It returns what [Document.Check] refuses, or the error of w.
func WriteDOCX(w io.Writer, d *Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	c := compose(d)
	x := &docx{draft: d.Draft()}
	for i, s := range c.sections {
		x.section(s, i == len(c.sections)-1)
	}
	z := zip.NewWriter(w)
	for _, p := range x.parts(d) {
		if err := putPart(z, p.name, p.data); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	return nil
}

// putPart writes one part with a time that is always the same: the day the decree came into force.
func putPart(z *zip.Writer, name string, data []byte) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: timeless})
	if err == nil {
		_, err = f.Write(data)
	}
	if err != nil {
		return fmt.Errorf("write docx part %s: %w", name, err)
	}
	return nil
}

// timeless is the time of what must come out the same whenever it is made.
var timeless = time.Date(2020, 3, 5, 0, 0, 0, 0, time.UTC)

// A docx collects the parts of the Word document.
type docx struct {
	b       bytes.Buffer // the body of word/document.xml
	headers [][]byte     // word/header1.xml …
	draft   bool
}

func (x *docx) f(format string, args ...any) { fmt.Fprintf(&x.b, format, args...) }

// dxa gives points in twentieths, what Word counts in.
func dxa(points float64) int { return int(math.Round(points * 20)) }

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

func (x *docx) section(s section, last bool) {
	for i, p := range s.pieces {
		x.piece(p, textWidth(s.landscape))
		if _, table := p.(grid); table && i < len(s.pieces)-1 {
			if _, next := s.pieces[i+1].(grid); next {
				x.paragraph(gap(2)) // two tables in a row would be taken for one
			}
		}
	}
	props := x.sectionProps(s)
	if last {
		// After a table there has to be a paragraph; this one takes no room.
		x.f(`<w:p><w:pPr><w:pStyle w:val="KhoangTrong"/><w:spacing w:before="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>%s`, props)
		return
	}
	x.f(`<w:p><w:pPr><w:pStyle w:val="KhoangTrong"/><w:spacing w:before="0" w:line="20" w:lineRule="exact"/>%s</w:pPr></w:p>`, props)
}

// sectionProps says size and margins of a section's pages, and how they are numbered: from 1, not
// shown on the first.
func (x *docx) sectionProps(s section) string {
	w, h, orient := pageShort, pageLong, ""
	if s.landscape {
		w, h, orient = pageLong, pageShort, ` w:orient="landscape"`
	}
	mark := x.draft && !s.first // the paper's own first page has its box
	first := x.header(s, false, mark)
	other := x.header(s, true, x.draft)
	return fmt.Sprintf(`<w:sectPr><w:headerReference w:type="default" r:id="rIdH%d"/><w:headerReference w:type="first" r:id="rIdH%d"/>`+
		`<w:type w:val="nextPage"/><w:pgSz w:w="%d" w:h="%d"%s/>`+
		`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`+
		`<w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>`,
		other, first, dxa(w), dxa(h), orient,
		dxa(marginTop), dxa(marginRight), dxa(marginBottom), dxa(marginLeft), dxa(headerTop), dxa(headerTop))
}

// header makes a header part and gives its number.
func (x *docx) header(s section, number, mark bool) int {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:hdr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="SoTrang"/>`)
	if mark {
		width := textWidth(s.landscape)
		fmt.Fprintf(&b, `<w:tabs><w:tab w:val="center" w:pos="%d"/><w:tab w:val="right" w:pos="%d"/></w:tabs><w:jc w:val="left"/>`, dxa(width/2), dxa(width))
	}
	b.WriteString(`</w:pPr>`)
	if mark {
		b.WriteString(`<w:r><w:tab/></w:r>`)
	}
	if number {
		b.WriteString(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` +
			`<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)
	}
	if mark {
		b.WriteString(`<w:r><w:tab/></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>` + draftMark + `</w:t></w:r>`)
	}
	b.WriteString(`</w:p></w:hdr>`)
	x.headers = append(x.headers, []byte(b.String()))
	return len(x.headers)
}

func (x *docx) piece(p piece, width float64) {
	switch p := p.(type) {
	case para:
		x.paragraph(p)
	case rule:
		x.rule(p)
	case stamp:
		x.stamp(p, width)
	case pair:
		x.pair(p)
	case grid:
		x.grid(p)
	}
}

// paragraph writes one paragraph: its style, and only what differs from it.
func (x *docx) paragraph(p para) {
	named := styleByID[p.style.id]
	x.f(`<w:p><w:pPr><w:pStyle w:val="%s"/>`, p.style.id)
	if p.keep && !named.keepNext {
		x.f(`<w:keepNext/>`)
	}
	if p.style.before != named.before {
		x.f(`<w:spacing w:before="%d"/>`, dxa(p.style.before))
	}
	left, right, first := p.style.left+p.left+p.hang, p.style.right+p.right, p.style.first-p.hang
	if left != named.left || right != named.right || first != named.first {
		x.f(`<w:ind %s/>`, indents(left, right, first))
	}
	if p.align() != named.align {
		x.f(`<w:jc w:val="%s"/>`, justification[p.align()])
	}
	x.f(`</w:pPr>`)
	for _, r := range p.runs {
		x.f(`<w:r>`)
		if r.Bold && !p.style.bold || r.Italic && !p.style.italic {
			x.f(`<w:rPr>`)
			if r.Bold {
				x.f(`<w:b/>`)
			}
			if r.Italic {
				x.f(`<w:i/>`)
			}
			x.f(`</w:rPr>`)
		}
		x.f(`<w:t xml:space="preserve">%s</w:t></w:r>`, escaped(r.Text))
	}
	x.f(`</w:p>`)
}

func indents(left, right, first float64) string {
	s := fmt.Sprintf(`w:left="%d" w:right="%d"`, dxa(left), dxa(right))
	if first < 0 {
		return s + fmt.Sprintf(` w:hanging="%d"`, -dxa(first))
	}
	return s + fmt.Sprintf(` w:firstLine="%d"`, dxa(first))
}

var justification = [...]string{ByStyle: "left", Left: "left", Center: "center", Right: "right", Justify: "both"}

// rule is an empty paragraph, indented to the line's length, with a line above it.
func (x *docx) rule(r rule) {
	side := dxa((r.within - r.length) / 2)
	x.f(`<w:p><w:pPr><w:pStyle w:val="DuongKe"/><w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>`+
		`<w:ind w:left="%d" w:right="%d" w:firstLine="0"/></w:pPr></w:p>`, side, side)
}

// stamp is a table of one cell with a border, centred.
func (x *docx) stamp(s stamp, _ float64) {
	color := "000000"
	if s.style.red {
		color = redHex
	}
	x.f(`<w:p><w:pPr><w:pStyle w:val="KhoangTrong"/><w:spacing w:line="%d" w:lineRule="exact"/></w:pPr></w:p>`, dxa(s.before))
	x.f(`<w:tbl><w:tblPr><w:tblW w:w="%[1]d" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>%[2]s</w:tblBorders><w:tblLayout w:type="fixed"/>%[3]s</w:tblPr>`+
		`<w:tblGrid><w:gridCol w:w="%[1]d"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val="%[4]d" w:hRule="exact"/></w:trPr>`+
		`<w:tc><w:tcPr><w:tcW w:w="%[1]d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`,
		dxa(s.width), borders(color, "top", "left", "bottom", "right"), margins(0), dxa(s.height))
	x.paragraph(para{style: s.style, runs: Text(s.text)})
	x.f(`</w:tc></w:tr></w:tbl>`)
	x.f(`<w:p><w:pPr><w:pStyle w:val="KhoangTrong"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>`)
}

const redHex = "E00000"

func borders(color string, sides ...string) string {
	var b strings.Builder
	for _, s := range sides {
		fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="6" w:space="0" w:color="%s"/>`, s, color)
	}
	return b.String()
}

func margins(side float64) string {
	return fmt.Sprintf(`<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="%[1]d" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="%[1]d" w:type="dxa"/></w:tblCellMar>`, dxa(side))
}

func (x *docx) pair(p pair) {
	x.f(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/><w:tblLayout w:type="fixed"/>%s</w:tblPr><w:tblGrid><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid>`,
		dxa(p.left)+dxa(p.right), margins(0), dxa(p.left), dxa(p.right))
	for i, row := range p.rows {
		x.f(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for side, cell := range row {
			width := []float64{p.left, p.right}[side]
			x.f(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, dxa(width))
			for _, in := range cell {
				if q, ok := in.(para); ok && i < len(p.rows)-1 {
					q.keep = true
					in = q
				}
				x.piece(in, width)
			}
			x.f(`</w:tc>`)
		}
		x.f(`</w:tr>`)
	}
	x.f(`</w:tbl>`)
}

// Room inside the cells of a table.
const (
	cellSide   = 1.4 * mm
	cellAbove  = 2.
	tableWidth = 0.5 // of the lines, points
)

func (x *docx) grid(g grid) {
	total := 0
	for _, w := range g.widths {
		total += dxa(w)
	}
	x.f(`<w:tbl><w:tblPr><w:tblStyle w:val="BangSoLieu"/><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`, total)
	for _, w := range g.widths {
		x.f(`<w:gridCol w:w="%d"/>`, dxa(w))
	}
	x.f(`</w:tblGrid>`)
	reach := make([]gridCell, len(g.widths)) // the cell that reaches down over a column, with the rows left in down
	for i, row := range g.rows {
		x.f(`<w:tr><w:trPr><w:cantSplit/>`)
		if i < g.heads {
			x.f(`<w:tblHeader/>`)
		}
		x.f(`</w:trPr>`)
		keep := i == g.heads-1 || i == len(g.rows)-1 && g.keep || i+1 < len(g.rows) && g.rows[i+1].total
		col := 0
		covered := func() {
			for col < len(reach) && reach[col].down > 0 {
				c := reach[col]
				x.cell(g, col, c.span, `<w:vMerge/>`, para{style: styleTableHead})
				reach[col].down--
				col += c.span
			}
		}
		for _, c := range row.cells {
			covered()
			merge := ""
			if c.down > 1 {
				merge = `<w:vMerge w:val="restart"/>`
				reach[col] = gridCell{span: c.span, down: c.down - 1}
			}
			c.para.keep = c.para.keep || keep
			x.cell(g, col, c.span, merge, c.para)
			col += c.span
		}
		covered()
		x.f(`</w:tr>`)
	}
	x.f(`</w:tbl>`)
}

func (x *docx) cell(g grid, col, span int, merge string, p para) {
	width := 0
	for _, w := range g.widths[col : col+span] {
		width += dxa(w)
	}
	x.f(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if span > 1 {
		x.f(`<w:gridSpan w:val="%d"/>`, span)
	}
	x.f(`%s<w:vAlign w:val="center"/></w:tcPr>`, merge)
	x.paragraph(p)
	x.f(`</w:tc>`)
}
