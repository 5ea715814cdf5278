// Package richtext holds the structured text of documents and articles: what an editor typed,
// pasted from Word or Google Docs, or uploaded as DOCX, as blocks that carry meaning and nothing
// else. What is not in [Doc] cannot reach a page: no script, no style, no address that is not a
// link a person chose.
//
// [Clean], [FromDOCX] and [FromPlain] make a Doc; [Doc.HTML] and [Doc.Text] show it, [Doc.Outline]
// gives its table of contents. The clauses of Vietnamese official documents ("Chương I", "Điều 5.",
// "I.", "1.", "a)", "-") are recognised by all three, so that each has an address of its own
// (domain.md 4.6). A Doc is stored as JSON, written and read in Go.
package richtext

import (
	"strings"
)

// A Doc is a structured text. The zero Doc is empty.
type Doc struct {
	Blocks []Block `json:"blocks"`
	// Notes tell the person who brought the text what was left out or assumed, in Vietnamese. They
	// are not stored.
	Notes []string `json:"-"`
}

// Kind says what a block is.
type Kind string

// The kinds of blocks.
const (
	Heading   Kind = "heading"   // Runs, Level, ID
	Paragraph Kind = "paragraph" // Runs; with Number, Level and ID when it is a clause
	List      Kind = "list"      // Marker, Start, Items
	Table     Kind = "table"     // Rows, HeaderRows, Caption
	Quote     Kind = "quote"     // Blocks
)

// A Block is one block of text; its Kind says which fields are used.
type Block struct {
	Kind   Kind   `json:"kind"`
	Level  int    `json:"level,omitempty"`  // of a heading 1–5; of a clause its depth
	ID     string `json:"id,omitempty"`     // anchor, unique in the document
	Number string `json:"number,omitempty"` // of a clause: "Điều 5", "II", "1.1", "a"
	Align  Align  `json:"align,omitempty"`
	Runs   []Run  `json:"runs,omitempty"`

	Marker Marker `json:"marker,omitempty"`
	Start  int    `json:"start,omitempty"` // number of an ordered list's first item; 0 means 1
	Items  []Item `json:"items,omitempty"`

	Caption    []Run    `json:"caption,omitempty"`
	Rows       [][]Cell `json:"rows,omitempty"`
	HeaderRows int      `json:"headerRows,omitempty"`

	Blocks []Block `json:"blocks,omitempty"`
}

// Align is how a block is set, where that means something: titles and signatures.
type Align string

// The alignments that are kept; justified is as good as left.
const (
	Left   Align = ""
	Center Align = "center"
	Right  Align = "right"
)

// Marker is what stands before a list's items.
type Marker string

// The markers. Dash and Plus are the clause levels below a) of official documents.
const (
	Bullet     Marker = ""
	Dash       Marker = "-"
	Plus       Marker = "+"
	Decimal    Marker = "1"
	LowerAlpha Marker = "a"
	UpperAlpha Marker = "A"
	LowerRoman Marker = "i"
	UpperRoman Marker = "I"
)

// Ordered tells whether items are counted.
func (m Marker) Ordered() bool { return m != Bullet && m != Dash && m != Plus }

// An Item is one item of a list.
type Item struct {
	ID     string  `json:"id,omitempty"` // of a dash clause
	Blocks []Block `json:"blocks"`
}

// A Cell is one cell of a table. The spans of a table's cells always fit together.
type Cell struct {
	Blocks  []Block `json:"blocks,omitempty"`
	ColSpan int     `json:"colSpan,omitempty"` // 0 means 1
	RowSpan int     `json:"rowSpan,omitempty"` // 0 means 1
}

// A Run is a stretch of text set one way, or a line break.
type Run struct {
	Text string `json:"text,omitempty"`
	Marks
	Href  string `json:"href,omitempty"`  // http, https, mailto, tel, or a path of ours
	Break bool   `json:"break,omitempty"` // nothing else is set then
}

// Marks say how a run is set.
type Marks struct {
	Bold      bool `json:"bold,omitempty"`
	Italic    bool `json:"italic,omitempty"`
	Underline bool `json:"underline,omitempty"`
	Sup       bool `json:"sup,omitempty"`
	Sub       bool `json:"sub,omitempty"`
}

// Empty tells whether there is nothing to read.
func (d Doc) Empty() bool { return len(d.Blocks) == 0 }

// Text gives the words, one block, item or table row a line, for the search index and extracts.
func (d Doc) Text() string {
	var b strings.Builder
	writeText(&b, d.Blocks, "\n")
	return strings.TrimSuffix(b.String(), "\n")
}

func writeText(b *strings.Builder, blocks []Block, end string) {
	for _, bl := range blocks {
		switch bl.Kind {
		case List:
			for _, it := range bl.Items {
				writeText(b, it.Blocks, end)
			}
		case Table:
			if len(bl.Caption) > 0 {
				b.WriteString(plain(bl.Caption) + end)
			}
			for _, row := range bl.Rows {
				var line strings.Builder
				for _, c := range row {
					writeText(&line, c.Blocks, " ")
				}
				b.WriteString(strings.TrimSpace(line.String()) + end)
			}
		case Quote:
			writeText(b, bl.Blocks, end)
		default:
			b.WriteString(plain(bl.Runs) + end)
		}
	}
}

// plain gives the words of runs, a line break as a space.
func plain(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Break {
			b.WriteByte(' ')
		}
		b.WriteString(r.Text)
	}
	return b.String()
}

// A Clause is one entry of a document's outline.
type Clause struct {
	Level  int    // 1 for the outermost
	ID     string // anchor in [Doc.HTML]
	Number string // "Chương I", "Điều 5", "II", "1.1", "a", "-"; "" for a heading without one
	Title  string // without the number; the beginning of the text where a clause has no title
	Titled bool   // it is a heading; a table of contents shows these, a citation may mean any
}

// Outline gives headings and clauses in order.
func (d Doc) Outline() []Clause {
	var out []Clause
	for _, b := range d.Blocks {
		switch {
		case b.Kind == Heading || b.Kind == Paragraph && b.Number != "":
			title := plain(b.Runs)
			if l, ok := parseLabel(title); ok && l.number == b.Number {
				title = strings.TrimSpace(title[l.end:])
			}
			out = append(out, Clause{Level: b.Level, ID: b.ID, Number: b.Number, Title: excerpt(title), Titled: b.Kind == Heading})
		case b.Kind == List:
			for _, it := range b.Items {
				if it.ID != "" {
					out = append(out, Clause{Level: b.Level, ID: it.ID, Number: string(b.Marker), Title: excerpt(Doc{Blocks: it.Blocks}.Text())})
				}
			}
		}
	}
	return out
}

// excerpt gives the beginning of a text, about a line of it.
func excerpt(s string) string {
	const limit = 160
	s, _, _ = strings.Cut(s, "\n")
	rs := []rune(s)
	if len(rs) <= limit {
		return s
	}
	cut := string(rs[:limit])
	if i := strings.LastIndexByte(cut, ' '); i > limit/2 {
		cut = cut[:i]
	}
	return cut + "…"
}
