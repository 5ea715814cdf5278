package paper

import (
	"embed"
	"fmt"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The faces are Tinos: as wide, letter by letter, as Times New Roman, which the form asks for and
// no one may ship. fonts/make.sh says how the files were made, fonts/OFL.txt how they are licensed.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// A face is one cut of the typeface: bit 1 bold, bit 2 italic.
type face int

const faces = 4

var faceNames = [faces]string{"Regular", "Bold", "Italic", "BoldItalic"}

func faceOf(bold, italic bool) face {
	var f face
	if bold {
		f |= 1
	}
	if italic {
		f |= 2
	}
	return f
}

// Metrics of all four faces in parts of the em.
const (
	ascent     = 1825. / 2048
	descent    = 443. / 2048
	singleLine = (1825. + 443 + 87) / 2048 // single line spacing, as Word has it for Times New Roman
)

// The widths are rounded to thousandths of the em, as a PDF holds them: what is measured is what a
// reader shows.
type typeface struct {
	data   [faces][]byte
	widths [faces]map[rune]float64
}

var tinos = sync.OnceValue(func() *typeface {
	t := new(typeface)
	for f := range faces {
		name := "fonts/Tinos-" + faceNames[f] + ".ttf"
		data, err := fontFiles.ReadFile(name)
		if err != nil {
			panic(err) // not in the binary: cannot be
		}
		parsed, err := sfnt.Parse(data)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", name, err))
		}
		t.data[f], t.widths[f] = data, advances(parsed)
	}
	return t
})

func advances(f *sfnt.Font) map[rune]float64 {
	var buf sfnt.Buffer
	em := fixed.I(int(f.UnitsPerEm()))
	m := make(map[rune]float64, f.NumGlyphs())
	for r := rune(' '); r < 0x10000; r++ {
		i, err := f.GlyphIndex(&buf, r)
		if err != nil || i == 0 {
			continue
		}
		w, err := f.GlyphAdvance(&buf, i, em, font.HintingNone)
		if err != nil {
			continue
		}
		m[r] = float64((w.Round()*1000+int(f.UnitsPerEm())/2)/int(f.UnitsPerEm())) / 1000
	}
	return m
}

// has tells whether the typeface can set r.
func (t *typeface) has(r rune) bool {
	_, ok := t.widths[0][r]
	return ok
}

// width measures s in points.
func (t *typeface) width(s string, f face, size float64) float64 {
	w := 0.
	for _, r := range s {
		w += t.widths[f][r]
	}
	return w * size
}

// AddFonts gives the typeface to a PDF of one's own, for what is no official paper: a label, a card, an
// envelope. Its family is "Tinos", with the styles "", "B", "I" and "BI".
func AddFonts(f *fpdf.Fpdf) {
	for i, style := range [faces]string{"", "B", "I", "BI"} {
		f.AddUTF8FontFromBytes("Tinos", style, tinos().data[i])
	}
}
