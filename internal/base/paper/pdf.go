package paper

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// WritePDF writes the paper as PDF: A4, text that can be selected and searched, the used letters
// of the typeface embedded. The same document gives the same bytes.
//
// It returns what [Document.Check] refuses, or the error of w.
func WritePDF(w io.Writer, d *Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	c := compose(d)
	p := newPDF(d)
	for _, s := range c.sections {
		p.section(s, d.Draft())
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	if _, err := w.Write(tagSubsets(b.Bytes())); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

// A pdf is the canvas fpdf draws on.
type pdf struct {
	*fpdf.Fpdf
	face face
	size float64
	red  bool
}

// families are fpdf's names for the faces. fpdf calls the embedded font "utf8" and this; the letters
// are so many that tagSubsets can put the right name of the same length in its place.
var families, fontNames = func() (f, n [faces]string) {
	for i, name := range faceNames {
		n[i] = "BVTNS" + string(rune('A'+i)) + "+Tinos-" + name
		f[i] = fmt.Sprintf("%-*s", len(n[i])-len("utf8"), "tinos"+string(rune('a'+i)))
		f[i] = string(bytes.ReplaceAll([]byte(f[i]), []byte(" "), []byte("x")))
	}
	return f, n
}()

// tagSubsets names the fonts as ISO 32000-1 (9.6.4) asks for a subset: six letters, "+", the font's
// name. fpdf knows no such name; the one it is given is as long, so no offset in the file moves.
// Streams are compressed and cannot contain it.
func tagSubsets(b []byte) []byte {
	for i := range families {
		b = bytes.ReplaceAll(b, []byte("/utf8"+families[i]), []byte("/"+fontNames[i]))
	}
	return b
}

func newPDF(d *Document) *pdf {
	p := &pdf{Fpdf: fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", SizeStr: "A4"}), face: -1}
	p.SetMargins(0, 0, 0)
	p.SetAutoPageBreak(false, 0)
	p.SetCatalogSort(true)
	for i, data := range tinos().data {
		p.AddUTF8FontFromBytes(families[i], "", data)
	}
	p.SetLang("vi-VN")
	p.SetTitle(d.Title(), true)
	p.SetAuthor(clean(d.Organisation.Issuing), true)
	p.SetProducer("Bảng Vàng", true)
	made := timeless
	if d.Date.Full() {
		made = time.Date(d.Date.Year, time.Month(d.Date.Month), d.Date.Day, 0, 0, 0, 0, time.UTC)
	}
	p.SetCreationDate(made)
	p.SetModificationDate(made)
	return p
}

// section lays out and draws the pages of one section, numbered from 1; the first shows no number.
func (p *pdf) section(s section, draft bool) {
	width, height := textWidth(s.landscape), pageLong
	size, orientation := fpdf.SizeType{Wd: pageShort, Ht: pageLong}, "P"
	if s.landscape {
		height, orientation = pageShort, "L"
	}
	height -= marginTop + marginBottom
	for i, page := range paginate(layPieces(s.pieces, width, height), height) {
		p.AddPageFormat(orientation, size)
		p.face = -1
		if i > 0 {
			p.inHeader(fmt.Sprint(i+1), Center, 0, width)
		}
		if draft && (i > 0 || !s.first) {
			p.inHeader(draftMark, Right, faceOf(true, false), width)
		}
		for _, st := range page {
			st.draw(p, marginLeft, marginTop+st.y)
		}
	}
}

func (p *pdf) inHeader(s string, align Align, f face, width float64) {
	x := width - tinos().width(s, f, stylePage.size)
	if align == Center {
		x /= 2
	}
	p.text(marginLeft+x, headerTop+stylePage.size*(singleLine-descent), s, f, stylePage.size, false)
}

func (p *pdf) text(x, baseline float64, s string, f face, size float64, red bool) {
	if p.face != f || p.size != size {
		p.SetFont(families[f], "", size)
		p.face, p.size = f, size
	}
	if p.red != red {
		p.SetTextColor(rgb(red))
		p.red = red
	}
	p.Text(x, baseline, s)
}

func (p *pdf) line(x1, y1, x2, y2, width float64) {
	p.SetLineWidth(width)
	p.Line(x1, y1, x2, y2)
}

func (p *pdf) box(x, y, w, h float64, red bool) {
	p.SetDrawColor(rgb(red))
	p.SetLineWidth(1)
	p.Rect(x, y, w, h, "D")
	p.SetDrawColor(rgb(false))
}

func rgb(red bool) (r, g, b int) {
	if red {
		return 0xE0, 0, 0
	}
	return 0, 0, 0
}

func (p *pdf) outline(level int, title string, y float64) { p.Bookmark(title, level-1, y) }
