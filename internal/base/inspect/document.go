package inspect

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"bangvang/internal/base/opc"
	"bangvang/internal/base/richtext"
)

// readDocument reads a DOCX: its body as structured text, then what that leaves out but a search
// and a check for personal data want, text boxes, notes, headers and footers. Words that were
// deleted and what stands in comments are not part of the text.
func readDocument(p *opc.Package, file *io.SectionReader, f *findings) error {
	doc, err := richtext.FromDOCX(file, file.Size())
	if err != nil {
		return err
	}
	if f.Markup, f.Notes = doc.HTML(), doc.Notes; len(f.Markup) > maxMarkup {
		f.Markup, f.TextCut = "", true
	}
	main, err := p.Main()
	if err != nil {
		return err
	}
	w := aside{f: f}
	if err := w.part(p, main, true); err != nil {
		return err
	}
	for _, name := range slices.Sorted(slices.Values(p.Names())) {
		lower := strings.ToLower(name)
		for _, kind := range []string{"footnotes", "endnotes", "header", "footer"} {
			if strings.HasPrefix(lower, "word/"+kind) && strings.HasSuffix(lower, ".xml") {
				if err := w.part(p, name, false); err != nil {
					return err
				}
			}
		}
	}
	f.addText(doc.Text() + "\n\n" + w.text.String())
	f.recode()
	return nil
}

// An aside collects, from the parts of a DOCX (ECMA-376 part 1, chapter 17), words that stand
// beside the body, and marks of what a reader will see or a program do besides.
type aside struct {
	f    *findings
	text strings.Builder
}

// part reads one part to its end. Of the body, only what stands in text boxes is taken.
func (w *aside) part(p *opc.Package, name string, body bool) error {
	rc, err := p.Open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	d := xml.NewDecoder(rc)
	var within []string // the elements that matter here, the innermost last
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return opc.Broken(name, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t", "instrText", "txbxContent", "Fallback":
				within = append(within, t.Name.Local)
			}
			w.mark(t)
		case xml.EndElement:
			if n := len(within); n > 0 && within[n-1] == t.Name.Local {
				within = within[:n-1]
			}
			if t.Name.Local == "p" && (!body || slices.Contains(within, "txbxContent")) {
				w.write("\n")
			}
		case xml.CharData:
			switch n := len(within); {
			case n == 0 || slices.Contains(within, "Fallback"): // a second form of what was read already
			case within[n-1] == "instrText":
				w.instruction(string(t))
			case within[n-1] == "t" && (!body || slices.Contains(within, "txbxContent")):
				w.write(string(t))
			}
		}
	}
}

// mark notes changes that are still shown, and fields written short.
func (w *aside) mark(t xml.StartElement) {
	switch t.Name.Local {
	case "ins", "del", "moveFrom", "moveTo":
		w.f.Revisions = true
	case "fldSimple":
		for _, a := range t.Attr {
			if a.Name.Local == "instr" {
				w.instruction(a.Value)
			}
		}
	}
}

func (w *aside) write(s string) {
	if w.text.Len()+len(s) > maxText {
		w.f.TextCut = true
		return
	}
	w.text.WriteString(s)
}

// instruction notes fields that fetch from elsewhere or start programs when the text is opened.
func (w *aside) instruction(s string) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return
	}
	switch strings.ToUpper(words[0]) {
	case "DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT":
		w.f.ExternalLinks = append(w.f.ExternalLinks, strings.Join(words, " "))
	}
}
