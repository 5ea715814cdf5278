package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Clean makes a Doc of pasted or stored HTML: from Word (its lists are paragraphs with a number in
// front), Google Docs (everything in a <b> that is not bold), web pages, or [Doc.HTML]. Only what a
// Doc can hold comes through; scripts, frames, pictures, forms, styles, events and dangerous
// addresses have no place in it, and its Notes count what was left out. It never fails: HTML nested
// beyond reason is read as plain text.
func Clean(markup string) Doc {
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		d := FromPlain(bareText(markup))
		d.Notes = append(d.Notes, "Nội dung lồng nhau quá sâu nên chỉ giữ được chữ, không giữ được đề mục, bảng và chữ đậm.")
		return d
	}
	r := &htmlReader{sheet: readSheet(root)}
	r.blocks = r.all(root)
	return r.doc()
}

// bareText gives the text between tags.
func bareText(markup string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	hidden := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken:
			if name, _ := z.TagName(); hidden == "" && dropped[atom.Lookup(name)] {
				hidden = string(name)
			}
			b.WriteByte('\n')
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == hidden {
				hidden = ""
			}
			b.WriteByte('\n')
		case html.TextToken:
			if hidden == "" {
				b.Write(z.Text())
			}
		}
	}
}

// dropped elements are left out with all they contain; leave tells which of them a person may miss.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Template: true, atom.Noscript: true,
	atom.Iframe: true, atom.Frame: true, atom.Frameset: true, atom.Noframes: true, atom.Object: true, atom.Embed: true, atom.Applet: true, atom.Param: true,
	atom.Svg: true, atom.Math: true, atom.Canvas: true, atom.Audio: true, atom.Video: true, atom.Source: true, atom.Track: true, atom.Map: true,
	atom.Img: true, atom.Image: true, atom.Picture: true, atom.Input: true, atom.Button: true, atom.Select: true, atom.Textarea: true, atom.Datalist: true,
	atom.Progress: true, atom.Meter: true, atom.Dialog: true, atom.Nav: true, atom.Meta: true, atom.Link: true, atom.Base: true, atom.Del: true, atom.S: true, atom.Strike: true,
	atom.Rp: true, atom.Rt: true, atom.Xmp: true, atom.Plaintext: true,
}

// blocky elements begin and end a paragraph; everything else is part of its line.
var blocky = map[atom.Atom]bool{
	atom.Html: true, atom.Body: true, atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true, atom.Footer: true,
	atom.Aside: true, atom.Address: true, atom.Center: true, atom.Pre: true, atom.Listing: true, atom.Form: true, atom.Fieldset: true, atom.Legend: true, atom.Details: true,
	atom.Summary: true, atom.Figure: true, atom.Figcaption: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Hr: true, atom.Li: true, atom.Hgroup: true,
	atom.Tr: true, atom.Td: true, atom.Th: true, atom.Caption: true, atom.Thead: true, atom.Tbody: true, atom.Tfoot: true, atom.Dir: true, atom.Menu: true, atom.Search: true,
}

// ends are elements that end the paragraph before them without being one.
var ends = map[atom.Atom]bool{
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Ul: true, atom.Ol: true, atom.Table: true, atom.Blockquote: true,
}

// setting is how the text at a place of the page is set.
type setting struct {
	marks Marks
	href  string
	font  string
	pre   bool
	align Align
}

// htmlReader walks a parsed page.
type htmlReader struct {
	builder
	setting
	sheet sheet
	runs  []Run   // of the paragraph that is open
	words []entry // Word's list items not yet made a list
	label *string // where the number of the list item at hand goes; nil outside one
}

// into reads n's children into dst.
func (r *htmlReader) into(n *html.Node, dst *[]Block) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			r.text(c.Data)
		case html.ElementNode:
			r.element(c, dst)
		}
	}
}

// all reads n's children as blocks of their own.
func (r *htmlReader) all(n *html.Node) (blocks []Block) {
	r.into(n, &blocks)
	r.end(&blocks)
	return blocks
}

func (r *htmlReader) text(s string) {
	for i, line := range strings.Split(s, "\n") {
		switch {
		case i > 0 && r.pre:
			r.runs = append(r.runs, Run{Break: true})
		case i > 0:
			line = " " + line
		}
		r.runs = append(r.runs, Run{Text: r.legacy(line, r.font), Marks: r.marks, Href: r.href})
	}
}

// flush ends the paragraph that is open.
func (r *htmlReader) flush(dst *[]Block) { r.flushAs(Block{Kind: Paragraph, Align: r.align}, dst) }

func (r *htmlReader) flushAs(b Block, dst *[]Block) {
	b.Runs, r.runs = r.runs, nil
	if len(tidyRuns(b.Runs)) > 0 {
		r.endWords(dst)
		*dst = append(*dst, b)
	}
}

// endWords makes the list of the items that Word wrote as paragraphs.
func (r *htmlReader) endWords(dst *[]Block) {
	*dst = append(*dst, listBlocks(r.words)...)
	r.words = nil
}

// end ends whatever is open.
func (r *htmlReader) end(dst *[]Block) {
	r.flush(dst)
	r.endWords(dst)
}

func (r *htmlReader) element(n *html.Node, dst *[]Block) {
	style := r.sheet.of(n)
	if r.leaves(n, style) {
		return
	}
	if style["mso-list"] == "ignore" && r.label != nil {
		*r.label += nodeText(n)
		return
	}
	if blocky[n.DataAtom] {
		r.flush(dst)
	} else if ends[n.DataAtom] {
		r.end(dst)
	}
	outside := r.setting
	r.set(n, style)
	switch n.DataAtom {
	case atom.Br:
		r.runs = append(r.runs, Run{Break: true})
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		var inner []Block // a table in a heading follows it
		r.into(n, &inner)
		r.flushAs(Block{Kind: Heading, Level: int(n.Data[1] - '0'), Align: r.align}, dst)
		*dst = append(*dst, inner...)
	case atom.Ul, atom.Ol:
		r.list(n, dst)
	case atom.Table:
		r.table(n, dst)
	case atom.Blockquote:
		*dst = append(*dst, Block{Kind: Quote, Blocks: r.all(n)})
	default:
		if attr(n, "role") == "heading" && blocky[n.DataAtom] { // Word in the browser
			r.into(n, dst)
			level, _ := strconv.Atoi(attr(n, "aria-level")) // none, or nonsense: the highest
			r.flushAs(Block{Kind: Heading, Level: min(max(level, 1), 6), Align: r.align}, dst)
			break
		}
		if level, ok := wordLevel(style); ok && n.DataAtom == atom.P {
			r.wordItem(n, level)
			break
		}
		r.into(n, dst)
		if blocky[n.DataAtom] {
			r.flush(dst)
		}
	}
	r.setting = outside
}

// leaves tells whether an element has no place in a Doc, and counts what a person may miss of it.
func (r *htmlReader) leaves(n *html.Node, style style) bool {
	class := strings.ToLower(attr(n, "class"))
	switch {
	case dropped[n.DataAtom] || n.Namespace != "":
		r.count(n)
	case style.hidden():
		if words := nodeText(n); strings.TrimSpace(words) != "" {
			r.lose(lostHidden, words)
		}
	case style.struck():
		r.lose(lostStruck, nodeText(n))
	case strings.HasPrefix(class, "msotoc"):
		if strings.TrimSpace(nodeText(n)) != "" {
			r.lose(lostContents, "")
		}
	case class == "msocommentreference" || class == "msocomanchor":
		r.lose(lostComment, "")
	case style["mso-element"] == "comment-list":
		if r.lost[lostComment].count == 0 { // otherwise counted where they are referred to
			r.lose(lostComment, "")
		}
	default:
		return false
	}
	return true
}

// count counts what is lost with a dropped element.
func (r *htmlReader) count(n *html.Node) {
	switch n.DataAtom {
	case atom.Img, atom.Image, atom.Picture, atom.Svg, atom.Math, atom.Canvas, atom.Map:
		r.lose(lostPicture, "")
	case atom.Object, atom.Embed, atom.Applet, atom.Iframe, atom.Frame, atom.Frameset, atom.Video, atom.Audio:
		r.lose(lostEmbedded, "")
	case atom.Script, atom.Xmp, atom.Plaintext:
		r.lose(lostScript, "")
	case atom.Input, atom.Button, atom.Select, atom.Textarea, atom.Datalist, atom.Progress, atom.Meter, atom.Dialog:
		r.lose(lostControl, "")
	case atom.Nav:
		r.lose(lostNavigation, "")
	case atom.Del, atom.S, atom.Strike:
		if words := nodeText(n); strings.TrimSpace(words) != "" {
			r.lose(lostStruck, words)
		}
	}
}

// set takes over what an element says of its text.
func (r *htmlReader) set(n *html.Node, style style) {
	switch n.DataAtom {
	case atom.B, atom.Strong:
		r.marks.Bold = true
	case atom.I, atom.Em, atom.Cite, atom.Dfn, atom.Var:
		r.marks.Italic = true
	case atom.U:
		r.marks.Underline = true
	case atom.Ins:
		r.lose(keptInserted, nodeText(n))
	case atom.Sup:
		r.marks.Sup, r.marks.Sub = true, false
	case atom.Sub:
		r.marks.Sub, r.marks.Sup = true, false
	case atom.A:
		switch href := safeHref(attr(n, "href")); {
		case href != "":
			r.href = href
		case attr(n, "href") != "" && !strings.HasPrefix(attr(n, "href"), "#"): // a place in the source goes with its anchors
			r.lose(lostLink, attr(n, "href"))
		}
	case atom.Font:
		if face := attr(n, "face"); face != "" {
			r.font = face
		}
	case atom.Pre, atom.Listing:
		r.pre = true
	case atom.Center:
		r.align = Center
	case atom.Td, atom.Th, atom.Li, atom.Blockquote:
		r.align = Left
	}
	style.marks(&r.marks)
	if f := style.font(); f != "" {
		r.font = f
	}
	if blocky[n.DataAtom] || ends[n.DataAtom] {
		for _, a := range [...]string{attr(n, "align"), style["text-align"], attr(n, "class")} {
			switch a {
			case "center", "right":
				r.align = Align(a)
			case "left", "justify", "start":
				r.align = Left
			}
		}
	}
}

// list reads ul and ol. What stands between items belongs to the one before, as Word nests lists.
func (r *htmlReader) list(n *html.Node, dst *[]Block) {
	l := Block{Kind: List}
	if n.DataAtom == atom.Ol {
		l.Marker = Decimal
		if t := Marker(attr(n, "type")); t == LowerAlpha || t == UpperAlpha || t == LowerRoman || t == UpperRoman {
			l.Marker = t
		}
		l.Start, _ = strconv.Atoi(attr(n, "start")) // none, or nonsense: from 1
	} else {
		switch attr(n, "class") {
		case classDash:
			l.Marker = Dash
		case classPlus:
			l.Marker = Plus
		}
	}
	r.align = Left
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.DataAtom == atom.Li && !r.leaves(c, r.sheet.of(c)) {
			outside := r.setting
			r.set(c, r.sheet.of(c))
			l.Items = append(l.Items, Item{Blocks: r.all(c)})
			r.setting = outside
			continue
		}
		var stray []Block
		switch c.Type {
		case html.TextNode:
			r.text(c.Data)
		case html.ElementNode:
			r.element(c, &stray)
		}
		r.end(&stray)
		if len(stray) == 0 {
			continue
		}
		if len(l.Items) == 0 {
			l.Items = append(l.Items, Item{})
		}
		last := &l.Items[len(l.Items)-1]
		last.Blocks = append(last.Blocks, stray...)
	}
	*dst = append(*dst, l)
}

// table reads rows wherever they stand; those of thead, or all of th at the top, are the header.
func (r *htmlReader) table(n *html.Node, dst *[]Block) {
	t := Block{Kind: Table}
	r.align = Left
	top := true
	var rows func(*html.Node, bool)
	rows = func(n *html.Node, head bool) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type != html.ElementNode || r.leaves(c, r.sheet.of(c)):
			case c.DataAtom == atom.Caption:
				for _, b := range r.all(c) {
					t.Caption = append(append(t.Caption, b.Runs...), Run{Break: true})
				}
			case c.DataAtom == atom.Tr:
				row, all := r.row(c)
				if top = top && (head || all); top {
					t.HeaderRows++
				}
				t.Rows = append(t.Rows, row)
			default:
				rows(c, c.DataAtom == atom.Thead)
			}
		}
	}
	rows(n, false)
	*dst = append(*dst, t)
}

// row reads a row and tells whether all its cells are header cells.
func (r *htmlReader) row(n *html.Node) (row []Cell, header bool) {
	header = true
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || (c.DataAtom != atom.Td && c.DataAtom != atom.Th) {
			continue
		}
		header = header && c.DataAtom == atom.Th
		outside := r.setting
		r.set(c, r.sheet.of(c))
		cell := Cell{Blocks: r.all(c)}
		r.setting = outside
		cell.ColSpan, _ = strconv.Atoi(attr(c, "colspan")) // none, or nonsense: 1
		cell.RowSpan, _ = strconv.Atoi(attr(c, "rowspan"))
		row = append(row, cell)
	}
	return row, header && len(row) > 0
}

// wordItem reads a paragraph that Word means as an item of a list.
func (r *htmlReader) wordItem(n *html.Node, level int) {
	e := entry{level: level, align: r.align}
	var number string
	outside := r.label
	r.label = &number
	var inner []Block
	r.into(n, &inner)
	r.label = outside
	e.label = strings.TrimSpace(strings.ReplaceAll(number, "\u00a0", " "))
	e.runs, r.runs = r.runs, nil
	if len(tidyRuns(e.runs)) > 0 {
		r.words = append(r.words, e)
	}
}

// wordLevel reads "mso-list:l0 level2 lfo1".
func wordLevel(s style) (int, bool) {
	for f := range strings.FieldsSeq(s["mso-list"]) {
		if n, err := strconv.Atoi(strings.TrimPrefix(f, "level")); err == nil && strings.HasPrefix(f, "level") {
			return n, true
		}
	}
	return 0, false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
