package inspect

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"bangvang/internal/base/opc"
)

// readDocument reads the text and tables of a DOCX: the body first, then notes, headers and
// footers, which are searched and checked for personal data too. Words that were deleted and what
// stands in comments are not part of the text.
func readDocument(p *opc.Package, f *findings) error {
	main, err := p.Main()
	if err != nil {
		return err
	}
	parts := []string{main}
	for _, name := range p.Names() {
		lower := strings.ToLower(name)
		for _, kind := range []string{"footnotes", "endnotes", "header", "footer"} {
			if strings.HasPrefix(lower, "word/"+kind) && strings.HasSuffix(lower, ".xml") {
				parts = append(parts, name)
			}
		}
	}
	slices.Sort(parts[1:])
	w := wordText{f: f, room: maxText, cells: maxCells}
	for _, name := range parts {
		if err := w.part(p, name); err != nil {
			return err
		}
	}
	f.addText(w.text.String())
	f.recode()
	return nil
}

// A wordText collects the words of WordprocessingML parts (ECMA-376 part 1, chapter 17).
type wordText struct {
	f     *findings
	text  strings.Builder
	room  int // bytes of text still taken
	cells int // cells of tables still taken

	tables []*openTable // the innermost last
	field  bool         // inside an instruction of a field
}

type openTable struct {
	rows [][]string
	cell strings.Builder
}

// part reads one part to its end.
func (w *wordText) part(p *opc.Package, name string) error {
	rc, err := p.Open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	w.tables = nil
	d := xml.NewDecoder(rc)
	var inText bool
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
			inText = t.Name.Local == "t" // deleted words stand in delText
			w.field = t.Name.Local == "instrText"
			w.start(t)
		case xml.EndElement:
			inText, w.field = false, false
			w.end(t.Name.Local)
		case xml.CharData:
			switch {
			case inText:
				w.write(string(t))
			case w.field:
				w.instruction(string(t))
			}
		}
	}
}

func (w *wordText) start(t xml.StartElement) {
	switch t.Name.Local {
	case "tab":
		w.write("\t")
	case "br", "cr":
		w.write("\n")
	case "tbl":
		w.tables = append(w.tables, &openTable{})
	case "tr":
		if table := w.innermost(); table != nil {
			table.rows = append(table.rows, nil)
		}
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

func (w *wordText) end(name string) {
	table := w.innermost()
	switch {
	case name == "p":
		w.write("\n")
	case table == nil:
	case name == "tc":
		if n := len(table.rows); n > 0 {
			if w.cells--; w.cells >= 0 {
				table.rows[n-1] = append(table.rows[n-1], strings.TrimSpace(table.cell.String()))
			}
		}
		table.cell.Reset()
	case name == "tbl":
		w.tables = w.tables[:len(w.tables)-1]
		w.f.Tables = append(w.f.Tables, Table{Rows: table.rows})
	}
}

func (w *wordText) innermost() *openTable {
	if len(w.tables) == 0 {
		return nil
	}
	return w.tables[len(w.tables)-1]
}

// write takes text into the whole and into the cell it stands in.
func (w *wordText) write(s string) {
	if w.room -= len(s); w.room < 0 {
		w.f.TextCut = true
		return
	}
	w.text.WriteString(s)
	if table := w.innermost(); table != nil {
		table.cell.WriteString(s)
	}
}

// instruction notes fields that fetch from elsewhere or start programs when the text is opened.
func (w *wordText) instruction(s string) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return
	}
	switch strings.ToUpper(words[0]) {
	case "DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT":
		w.f.ExternalLinks = append(w.f.ExternalLinks, strings.Join(words, " "))
	}
}
