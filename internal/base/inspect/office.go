package inspect

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"bangvang/internal/base/opc"
	"bangvang/internal/base/privacy"
	"bangvang/internal/base/sheet"
)

// unpacked is how much an Office file may be, unpacked: a long report with 300 dpi scans has 100 MB.
const unpacked = 256 << 20

// A bomb unpacks to more than bombRatio times its size once it passes bombFloor.
const (
	bombRatio = 100
	bombFloor = 20 << 20
)

var partLimits = opc.Limits{Entries: 4000, Part: 64 << 20, Total: unpacked, Ratio: 300}

// readOffice finds out about a DOCX or XLSX.
func readOffice(t Type, file *io.SectionReader, f *findings) error {
	if err := sound(file); err != nil {
		return err
	}
	p, err := opc.Open(file, file.Size(), partLimits)
	if err != nil {
		return err
	}
	if err := carried(p, f); err != nil {
		return err
	}
	var core struct {
		Title string `xml:"title"`
	}
	if p.Has("docProps/core.xml") && p.XML("docProps/core.xml", &core) == nil {
		f.Title = core.Title
	}
	if t == XLSX {
		return readWorkbook(file, f)
	}
	return readDocument(p, file, f)
}

// sound unpacks every entry once, to nowhere: sizes and checksums in the directory may be lies, and
// what is stored for ever should be whole.
func sound(file *io.SectionReader) error {
	z, err := zip.NewReader(file, file.Size())
	if err != nil {
		return fmt.Errorf("%w: %w", refusedBroken, err)
	}
	if len(z.File) > partLimits.Entries {
		return fmt.Errorf("%w: %d entries", refusedBomb, len(z.File))
	}
	seen := map[string]bool{}
	left := int64(unpacked)
	if most := file.Size() * bombRatio; most < left {
		left = max(most, bombFloor)
	}
	for _, e := range z.File {
		if e.Flags&1 != 0 {
			return refusedPassword
		}
		name := strings.ToLower(e.Name)
		if seen[name] || strings.Contains(name, "..") || strings.Contains(name, "\\") || path.IsAbs(name) {
			return fmt.Errorf("%w: entry %q", refusedBroken, e.Name)
		}
		seen[name] = true
		n, err := unpack(e, left)
		if left -= n; left < 0 {
			return refusedBomb
		}
		if err != nil {
			return fmt.Errorf("%w: entry %q: %w", refusedBroken, e.Name, err)
		}
	}
	return nil
}

// unpack reads an entry to its end, or one byte further than most.
func unpack(e *zip.File, most int64) (int64, error) {
	rc, err := e.Open()
	if err != nil {
		return 0, err
	}
	defer rc.Close()
	n, err := io.CopyN(io.Discard, rc, most+1)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// carried notes programs, files inside the file and addresses it loads from by itself.
func carried(p *opc.Package, f *findings) error {
	for _, name := range p.Names() {
		lower := strings.ToLower(name)
		switch dir, base := path.Split(lower); {
		case base == "vbaproject.bin" || base == "vbadata.xml" || strings.Contains(dir, "/macrosheets/"):
			f.Macros = true
		case strings.HasSuffix(dir, "/activex/") && strings.HasSuffix(base, ".bin"), strings.HasSuffix(dir, "/embeddings/"):
			f.Embedded = append(f.Embedded, path.Base(name))
		case base == "comments.xml" || strings.HasPrefix(lower, "xl/threadedcomments/"):
			f.Comments = true
		case strings.HasSuffix(lower, ".rels"):
			// word/_rels/document.xml.rels is word/document.xml's, _rels/.rels the package's.
			owner := strings.Replace(strings.TrimSuffix(name, path.Ext(name)), "_rels/", "", 1)
			rels, err := p.Relations(owner)
			if err != nil {
				return err
			}
			for _, r := range rels {
				if r.External && r.Type != "hyperlink" {
					f.ExternalLinks = append(f.ExternalLinks, r.Target)
				}
			}
		}
	}
	return contentTypes(p, f)
}

// contentTypes notes a file that declares itself to carry macros, whatever its parts are called.
func contentTypes(p *opc.Package, f *findings) error {
	var doc struct {
		Kinds []struct {
			ContentType string `xml:",attr"`
		} `xml:",any"`
	}
	if err := p.XML("[Content_Types].xml", &doc); err != nil {
		return err
	}
	for _, k := range doc.Kinds {
		lower := strings.ToLower(k.ContentType)
		if strings.Contains(lower, "macroenabled") || strings.Contains(lower, "vbaproject") {
			f.Macros = true
		}
	}
	return nil
}

// readWorkbook reads the visible sheets as tables; each counts as a page.
func readWorkbook(file *io.SectionReader, f *findings) error {
	data := make([]byte, file.Size())
	if _, err := file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	sheets, _, err := sheet.ReadAll("", data)
	if err != nil {
		return err
	}
	f.Pages = len(sheets)
	cells := maxCells
	for _, s := range sheets {
		table := privacy.Table{Name: s.Sheet}
		lines := []string{s.Sheet}
		add := func(row []string) {
			if cells -= len(row); cells < 0 {
				f.TextCut = true
				return
			}
			table.Rows = append(table.Rows, row)
			lines = append(lines, strings.Join(row, "\t"))
		}
		add(s.Header)
		for _, r := range s.Rows {
			row := make([]string, len(r.Cells))
			for i, c := range r.Cells {
				row[i] = c.Text
			}
			add(row)
		}
		f.Tables = append(f.Tables, table)
		f.addText(strings.Join(lines, "\n"))
	}
	return nil
}
