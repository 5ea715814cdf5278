package richtext

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/opc"
)

// FromDOCX reads a Word document (ECMA-376, transitional or strict). Headings are known by their
// style and by their number, lists and clause numbers by the numbering part, old fonts by their
// names. What a Doc cannot hold (pictures, macros, embedded files, comments, headers and footers,
// text marked as deleted) is left out; Notes say what was.
//
// It returns fault.Invalid for what is no such document, and fault.TooLarge beyond opc's limits or
// 300,000 elements. No link is followed and nothing is run.
func FromDOCX(r io.ReaderAt, size int64) (Doc, error) {
	var head [8]byte
	if n, _ := r.ReadAt(head[:], 0); string(head[:n]) == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" {
		return Doc{}, fault.New(fault.Invalid, "Đây là tệp Word kiểu cũ (.doc) hoặc tệp có mật khẩu. Hãy mở tệp, bỏ mật khẩu, chọn “Lưu thành” kiểu .docx rồi gửi lại.")
	}
	pkg, err := opc.Open(r, size, opc.DefaultLimits)
	if err != nil {
		return Doc{}, err
	}
	main, err := pkg.Main()
	if err != nil {
		return Doc{}, err
	}
	if main == "" || !strings.HasPrefix(main, "word/") {
		return Doc{}, fault.New(fault.Invalid, "Đây không phải tệp Word. Hãy gửi tệp .docx.")
	}
	d := &docxReader{pkg: pkg, nodes: maxNodes}
	if err := d.open(main); err != nil {
		return Doc{}, err
	}
	body, err := d.tree(main)
	if err != nil {
		return Doc{}, err
	}
	d.blocks = d.container(body.child("body"), 0)
	return d.doc(), nil
}

const (
	maxNodes     = 300_000 // elements of a document's parts together
	maxNodeDepth = 200
)

// A node is an element of WordprocessingML by its local name; the namespaces differ between the
// two forms of the standard and say nothing we need.
type node struct {
	name     string
	attrs    []xml.Attr
	children []*node
	text     string // of an element without children
}

func (n *node) attr(name string) string {
	if n != nil {
		for _, a := range n.attrs {
			if a.Name.Local == name {
				return a.Value
			}
		}
	}
	return ""
}

// child finds a descendant by a path of names; nil, which is as good as an empty node, when there
// is none.
func (n *node) child(names ...string) *node {
	for _, name := range names {
		var next *node
		if n != nil {
			for _, c := range n.children {
				if c.name == name {
					next = c
					break
				}
			}
		}
		n = next
	}
	return n
}

// val is the attribute most properties consist of.
func (n *node) val() string { return n.attr("val") }

// toggle reads a property such as bold: absent keeps what was inherited.
func (n *node) toggle(name string, inherited bool) bool {
	switch p := n.child(name); {
	case p == nil:
		return inherited
	default:
		v := p.val()
		return v != "0" && v != "false" && v != "off" && v != "none"
	}
}

func (n *node) int(fallback int) int {
	if i, err := strconv.Atoi(n.val()); err == nil {
		return i
	}
	return fallback
}

type docxReader struct {
	builder
	pkg       *opc.Package
	nodes     int // elements still allowed
	rels      map[string]opc.Relation
	styles    map[string]paraStyle
	base      runStyle // the document's defaults
	numbering numbering
}

// tree reads a part.
func (d *docxReader) tree(name string) (*node, error) {
	rc, err := d.pkg.Open(name)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	root := &node{}
	stack := []*node{root}
	dec := xml.NewDecoder(rc)
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && len(root.children) > 0 {
			return root.children[0], nil
		}
		if err != nil {
			return nil, opc.Broken(name, err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if d.nodes--; d.nodes < 0 || len(stack) > maxNodeDepth {
				return nil, fault.New(fault.TooLarge, "Văn bản quá dài hoặc quá phức tạp để đọc. Hãy chia thành nhiều tệp, hoặc chỉ đính kèm tệp gốc.")
			}
			n := &node{name: t.Name.Local, attrs: t.Attr}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if top.name == "t" || top.name == "delText" || top.name == "instrText" {
				top.text += string(t)
			}
		}
	}
}

// open reads the parts beside the text, and tells of those that are not read.
func (d *docxReader) open(main string) (err error) {
	if d.rels, err = d.pkg.Relations(main); err != nil {
		return err
	}
	for _, rel := range d.rels {
		if rel.External || !d.pkg.Has(rel.Target) {
			continue
		}
		switch rel.Type {
		case "styles":
			err = d.readStyles(rel.Target)
		case "numbering":
			err = d.readNumbering(rel.Target)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range d.pkg.Names() {
		switch name = strings.ToLower(name); {
		case path.Base(name) == "vbaproject.bin":
			d.note("Tệp có macro; macro đã bị bỏ, không được chạy.")
		case strings.HasPrefix(name, "word/embeddings/"), strings.HasPrefix(name, "word/activex/"):
			d.note("Tệp có tệp nhúng bên trong; phần đó đã bị bỏ.")
		case path.Base(name) == "comments.xml":
			d.note("Tệp có ghi chú bên lề; ghi chú đã bị bỏ.")
		}
	}
	for _, rel := range d.rels {
		if rel.External && rel.Type != "hyperlink" {
			d.note("Tệp có liên kết tới tệp hoặc hình ở nơi khác; liên kết đã bị bỏ, không được mở.")
		}
	}
	return nil
}

// container reads paragraphs and tables of a body or a cell.
func (d *docxReader) container(n *node, depth int) (blocks []Block) {
	var items []entry
	end := func() {
		blocks = append(blocks, listBlocks(items)...)
		items = nil
	}
	var walk func(*node)
	walk = func(n *node) {
		if n == nil {
			return
		}
		for _, c := range n.children {
			switch c.name {
			case "p":
				b, item := d.paragraph(c)
				if len(tidyRuns(b.Runs)) == 0 {
					continue
				}
				if item != nil {
					items = append(items, *item)
					continue
				}
				end()
				blocks = append(blocks, b)
			case "tbl":
				end()
				if depth < maxDepth {
					blocks = append(blocks, d.table(c, depth))
				}
			case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag":
				walk(c)
			}
		}
	}
	walk(n)
	end()
	return blocks
}

// paragraph reads one paragraph; item is set when it belongs to a list that is no clause.
func (d *docxReader) paragraph(n *node) (b Block, item *entry) {
	props := n.child("pPr")
	st := d.styles[props.child("pStyle").val()]
	b = Block{Kind: Paragraph, Align: alignOf(props.child("jc").val(), st.align)}
	if props.child("rPr", "del") != nil { // the mark at the paragraph's end is deleted: nothing of ours
		props = &node{}
	}
	r := runReader{d: d, style: d.base.with(st.run)}
	r.walk(n)
	b.Runs = r.out
	level := st.outline
	if o := props.child("outlineLvl"); o != nil {
		level = o.int(9) + 1
	}
	label, depth := d.label(props.child("numPr"), st)
	if level >= 1 && level <= 6 {
		b.Kind, b.Level = Heading, level
	}
	if label == "" || len(tidyRuns(b.Runs)) == 0 {
		return b, nil
	}
	e := entry{level: depth + 1, label: label, align: b.Align, runs: b.Runs}
	if b.Kind == Heading {
		b.Runs = append([]Run{{Text: label + " ", Marks: first(b.Runs)}}, b.Runs...)
		return b, nil
	}
	return b, &e
}

func alignOf(jc string, inherited Align) Align {
	switch jc {
	case "":
		return inherited
	case "center":
		return Center
	case "right", "end":
		return Right
	}
	return Left
}

// runReader reads the text of a paragraph.
type runReader struct {
	d     *docxReader
	style runStyle
	href  string
	out   []Run
	field []bool // open complex fields; true: the result is being read
}

func (r *runReader) walk(n *node) {
	for _, c := range n.children {
		switch c.name {
		case "r":
			r.run(c)
		case "hyperlink":
			outside := r.href
			if rel := r.d.rels[c.attr("id")]; rel.External {
				if r.href = safeHref(rel.Target); r.href == "" {
					r.d.note("Có liên kết không an toàn hoặc trỏ tới tệp trên máy; chữ được giữ, liên kết bị bỏ.")
				}
			}
			r.walk(c)
			r.href = outside
		case "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo":
			r.walk(c)
		case "del", "moveFrom":
			r.d.note("Chữ được đánh dấu là đã xóa (Track Changes) đã được bỏ.")
		}
	}
}

func (r *runReader) run(n *node) {
	style := r.style.with(readRunStyle(n.child("rPr"), r.d.styles))
	if style.hidden {
		return
	}
	for _, c := range n.children {
		if c.name == "fldChar" {
			r.fieldChar(c.attr("fldCharType"))
			continue
		}
		if len(r.field) > 0 && !r.field[len(r.field)-1] {
			continue // a field's instruction
		}
		switch c.name {
		case "t":
			r.put(c.text, style)
		case "tab", "ptab":
			r.put(" ", style)
		case "noBreakHyphen":
			r.put("-", style)
		case "br", "cr":
			if kind := c.attr("type"); kind == "" || kind == "textWrapping" {
				r.out = append(r.out, Run{Break: true})
			}
		case "drawing", "pict", "object", "AlternateContent":
			r.d.note("Hình ảnh, khung chữ và đối tượng vẽ không được giữ lại. Hãy đính kèm thành tệp riêng nếu cần.")
		case "footnoteReference", "endnoteReference":
			r.d.note("Chú thích cuối trang không được giữ lại.")
		}
	}
}

func (r *runReader) fieldChar(kind string) {
	switch {
	case kind == "begin":
		r.field = append(r.field, false)
	case kind == "separate" && len(r.field) > 0:
		r.field[len(r.field)-1] = true
	case kind == "end" && len(r.field) > 0:
		r.field = r.field[:len(r.field)-1]
	}
}

func (r *runReader) put(s string, style runStyle) {
	s = r.d.legacy(s, style.font)
	if style.caps {
		s = strings.ToUpper(s)
	}
	r.out = append(r.out, Run{Text: s, Marks: style.marks, Href: r.href})
}

// table reads a table; cells merged downwards become one.
func (d *docxReader) table(n *node, depth int) Block {
	t := Block{Kind: Table}
	above := make(map[int]*Cell) // by column: the cell a merged one continues
	var rows func(*node)
	rows = func(n *node) {
		for _, tr := range n.children {
			switch tr.name {
			case "sdt", "sdtContent", "ins", "customXml":
				rows(tr)
				continue
			case "tr":
			default:
				continue
			}
			if tr.child("trPr", "tblHeader") != nil && t.HeaderRows == len(t.Rows) {
				t.HeaderRows++
			}
			t.Rows = append(t.Rows, d.row(tr, above, depth))
		}
	}
	rows(n)
	return t
}

func (d *docxReader) row(tr *node, above map[int]*Cell, depth int) []Cell {
	type placed struct {
		cell   Cell
		column int
		opens  bool // cells below may continue it
	}
	var cells []placed
	column := tr.child("trPr", "gridBefore").int(0)
	if column > 0 && column <= maxColumns {
		cells = append(cells, placed{cell: Cell{ColSpan: column}})
	}
	var walk func(*node)
	walk = func(n *node) {
		for _, tc := range n.children {
			switch tc.name {
			case "sdt", "sdtContent", "customXml":
				walk(tc)
				continue
			case "tc":
			default:
				continue
			}
			props := tc.child("tcPr")
			span := min(max(props.child("gridSpan").int(1), 1), maxColumns)
			merge := props.child("vMerge")
			if up := above[column]; merge != nil && merge.val() != "restart" && up != nil {
				up.RowSpan = max(up.RowSpan, 1) + 1
			} else {
				cells = append(cells, placed{Cell{Blocks: d.container(tc, depth+1), ColSpan: span}, column, merge != nil})
				delete(above, column)
			}
			column += span
		}
	}
	walk(tr)
	row := make([]Cell, len(cells))
	for i, p := range cells {
		row[i] = p.cell
		if p.opens {
			above[p.column] = &row[i]
		}
	}
	return row
}
