package richtext

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// HTML gives the text as HTML5 that fits into a page of ours: headings from h2 (the page's own
// title is h1) with their anchors, tables with header cells in a box that scrolls, classes instead
// of styles, addresses checked once more. Given back to [Clean] it makes the same Doc.
func (d Doc) HTML() string {
	w := &writer{}
	w.blocks(d.Blocks)
	return w.String()
}

type writer struct {
	strings.Builder
	tables int
}

func (w *writer) blocks(blocks []Block) {
	for _, b := range blocks {
		switch b.Kind {
		case Heading:
			tag := "h" + strconv.Itoa(min(max(b.Level, 1), maxHeading)+1)
			w.WriteString("<" + tag + id(b.ID) + class(string(b.Align)) + ">")
			w.runs(b.Runs)
			w.WriteString("</" + tag + ">\n")
		case Paragraph:
			w.WriteString("<p" + id(b.ID) + class(string(b.Align)) + ">")
			w.runs(b.Runs)
			w.WriteString("</p>\n")
		case List:
			w.list(b)
		case Table:
			w.table(b)
		case Quote:
			w.WriteString("<blockquote>\n")
			w.blocks(b.Blocks)
			w.WriteString("</blockquote>\n")
		}
	}
}

// maxHeading is the deepest heading level; it becomes h6.
const maxHeading = 5

func id(s string) string {
	if s == "" {
		return ""
	}
	return ` id="` + html.EscapeString(s) + `"`
}

func class(s string) string {
	if s == "" {
		return ""
	}
	return ` class="` + html.EscapeString(s) + `"`
}

// Classes that lists of clauses carry, for the style sheet.
const (
	classDash = "dash"
	classPlus = "plus"
)

func (w *writer) list(b Block) {
	tag, attrs := "ul", ""
	switch {
	case b.Marker == Dash:
		attrs = class(classDash)
	case b.Marker == Plus:
		attrs = class(classPlus)
	case b.Marker.Ordered():
		tag = "ol"
		if b.Marker != Decimal {
			attrs = ` type="` + html.EscapeString(string(b.Marker)) + `"`
		}
		if b.Start > 1 {
			attrs += ` start="` + strconv.Itoa(b.Start) + `"`
		}
	}
	w.WriteString("<" + tag + attrs + ">\n")
	for _, it := range b.Items {
		w.WriteString("<li" + id(it.ID) + ">")
		w.tight(it.Blocks)
		w.WriteString("</li>\n")
	}
	w.WriteString("</" + tag + ">\n")
}

// tight writes the blocks of an item or a cell; a plain paragraph at its beginning needs no tag.
func (w *writer) tight(blocks []Block) {
	if len(blocks) > 0 && blocks[0].Kind == Paragraph && blocks[0].Align == Left && blocks[0].ID == "" &&
		(len(blocks) == 1 || blocks[1].Kind != Paragraph) {
		w.runs(blocks[0].Runs)
		blocks = blocks[1:]
	}
	w.blocks(blocks)
}

func (w *writer) table(b Block) {
	w.tables++
	label := plain(b.Caption)
	if label == "" {
		label = fmt.Sprintf("Bảng %d", w.tables)
	}
	w.WriteString(`<div class="wide" tabindex="0" role="region" aria-label="` + html.EscapeString(label) + "\">\n<table>\n")
	if len(b.Caption) > 0 {
		w.WriteString("<caption>")
		w.runs(b.Caption)
		w.WriteString("</caption>\n")
	}
	if b.HeaderRows > 0 {
		w.WriteString("<thead>\n")
		w.rows(b.Rows[:b.HeaderRows], true)
		w.WriteString("</thead>\n")
	}
	if len(b.Rows) > b.HeaderRows {
		w.WriteString("<tbody>\n")
		w.rows(b.Rows[b.HeaderRows:], false)
		w.WriteString("</tbody>\n")
	}
	w.WriteString("</table>\n</div>\n")
}

func (w *writer) rows(rows [][]Cell, header bool) {
	for _, row := range rows {
		w.WriteString("<tr>")
		for _, c := range row {
			tag, attrs := "td", ""
			if header && len(c.Blocks) > 0 { // an empty header cell names nothing
				tag, attrs = "th", ` scope="col"`
				if c.ColSpan > 1 {
					attrs = ` scope="colgroup"`
				}
			}
			if c.ColSpan > 1 {
				attrs += ` colspan="` + strconv.Itoa(c.ColSpan) + `"`
			}
			if c.RowSpan > 1 {
				attrs += ` rowspan="` + strconv.Itoa(c.RowSpan) + `"`
			}
			w.WriteString("<" + tag + attrs + ">")
			w.tight(c.Blocks)
			w.WriteString("</" + tag + ">")
		}
		w.WriteString("</tr>\n")
	}
}

// runs writes text; runs that lead to one address make one link.
func (w *writer) runs(runs []Run) {
	open := ""
	for _, r := range runs {
		href := safeHref(r.Href)
		if href != open {
			if open != "" {
				w.WriteString("</a>")
			}
			if href != "" {
				w.WriteString(`<a href="` + html.EscapeString(href) + `">`)
			}
			open = href
		}
		if r.Break {
			w.WriteString("<br>")
			continue
		}
		w.marked(r)
	}
	if open != "" {
		w.WriteString("</a>")
	}
}

func (w *writer) marked(r Run) {
	tags := [...]struct {
		on   bool
		name string
	}{{r.Bold, "strong"}, {r.Italic, "em"}, {r.Underline, "u"}, {r.Sup, "sup"}, {r.Sub, "sub"}}
	for _, t := range tags {
		if t.on {
			w.WriteString("<" + t.name + ">")
		}
	}
	w.WriteString(html.EscapeString(r.Text))
	for i := len(tags) - 1; i >= 0; i-- {
		if tags[i].on {
			w.WriteString("</" + tags[i].name + ">")
		}
	}
}
