package paper_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"bangvang/internal/base/paper"
)

const mm = 72 / 25.4

// need gives the program's path. What is missing fails the run, it skips nothing.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is not installed; tests/setup.sh installs it: %v", program, err)
	}
	return path
}

func run(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(need(t, program), args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, stderr.Bytes())
	}
	return out
}

// printed are the sample papers as files: what WritePDF wrote, and what LibreOffice prints of what
// WriteDOCX wrote. They are made once for all tests.
type printed struct{ dir string }

func (p printed) file(sample, format string) string {
	return filepath.Join(p.dir, format, sample+".pdf")
}

func (p printed) docx(sample string) string { return filepath.Join(p.dir, "DOCX", sample+".docx") }

var samples = map[string]func() *paper.Document{
	"report": sittingReport, "letter": letter, "plan": communicationPlan, "appendices": withAppendices,
}

var formats = []string{"PDF", "DOCX"}

var (
	once  sync.Once
	files printed
)

func TestMain(m *testing.M) {
	code := m.Run()
	if files.dir != "" {
		os.RemoveAll(files.dir)
	}
	os.Exit(code)
}

func papers(t *testing.T) printed {
	t.Helper()
	need(t, "soffice")
	once.Do(func() {
		dir, err := os.MkdirTemp("", "paper")
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range formats {
			if err := os.Mkdir(filepath.Join(dir, format), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		args := []string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", "pdf", "--outdir", filepath.Join(dir, "DOCX")}
		for name, sample := range samples {
			write(t, filepath.Join(dir, "PDF", name+".pdf"), sample(), paper.WritePDF)
			docx := filepath.Join(dir, "DOCX", name+".docx")
			write(t, docx, sample(), paper.WriteDOCX)
			args = append(args, docx)
		}
		run(t, "soffice", args...)
		files.dir = dir
	})
	if files.dir == "" {
		t.Fatal("the sample papers could not be made; an earlier test says why")
	}
	return files
}

func write(t *testing.T, path string, d *paper.Document, as func(io.Writer, *paper.Document) error) {
	t.Helper()
	var b bytes.Buffer
	if err := as(&b, d); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A sheet is a page as poppler reads it, in points.
type sheet struct {
	Width  float64  `xml:"width,attr"`
	Height float64  `xml:"height,attr"`
	Words  []inWord `xml:"word"`
}

type inWord struct {
	Left   float64 `xml:"xMin,attr"`
	Top    float64 `xml:"yMin,attr"`
	Right  float64 `xml:"xMax,attr"`
	Bottom float64 `xml:"yMax,attr"`
	Text   string  `xml:",chardata"`
}

func (w inWord) center() float64 { return (w.Left + w.Right) / 2 }

func sheets(t *testing.T, path string) []sheet {
	t.Helper()
	var doc struct {
		Pages []sheet `xml:"body>doc>page"`
	}
	d := xml.NewDecoder(bytes.NewReader(run(t, "pdftotext", "-bbox", path, "-")))
	d.Strict, d.Entity = false, xml.HTMLEntity
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(doc.Pages) == 0 {
		t.Fatalf("%s has no pages", path)
	}
	return doc.Pages
}

// phrase finds words standing in a row on the page, and the box around them.
func (s sheet) phrase(t *testing.T, words string) inWord {
	t.Helper()
	want := strings.Fields(words)
	for i := range s.Words {
		if i+len(want) > len(s.Words) {
			break
		}
		box, ok := s.Words[i], true
		for j, w := range want {
			got := s.Words[i+j]
			ok = ok && got.Text == w
			box.Left, box.Right = min(box.Left, got.Left), max(box.Right, got.Right)
			box.Top, box.Bottom = min(box.Top, got.Top), max(box.Bottom, got.Bottom)
		}
		if ok {
			box.Text = words
			return box
		}
	}
	t.Fatalf("“%s” is not on the page: %v", words, s.text())
	return inWord{}
}

func (s sheet) text() string {
	var b strings.Builder
	for _, w := range s.Words {
		b.WriteString(w.Text + " ")
	}
	return b.String()
}

// A setting is how a stretch of text is set.
type setting struct {
	text         string
	size         float64
	bold, italic bool
}

// settings reads the text of a page with its sizes and faces.
func settings(t *testing.T, path string, page int) []setting {
	t.Helper()
	const zoom = 3 // the most it takes; sizes come as whole numbers
	p := strconv.Itoa(page)
	out := run(t, "pdftohtml", "-xml", "-i", "-stdout", "-fontfullname", "-zoom", strconv.Itoa(zoom), "-f", p, "-l", p, path)
	var doc struct {
		Fonts []struct {
			ID   string  `xml:"id,attr"`
			Size float64 `xml:"size,attr"`
			Name string  `xml:"family,attr"`
		} `xml:"page>fontspec"`
		Texts []struct {
			Font string `xml:"font,attr"`
			XML  string `xml:",innerxml"`
		} `xml:"page>text"`
	}
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	fonts := map[string]setting{}
	for _, f := range doc.Fonts {
		fonts[f.ID] = setting{size: f.Size / zoom, bold: strings.Contains(f.Name, "Bold"), italic: strings.Contains(f.Name, "Italic")}
	}
	var all []setting
	for _, x := range doc.Texts {
		s := fonts[x.Font]
		s.text = plainXML(x.XML)
		all = append(all, s)
	}
	return all
}

func plainXML(s string) string {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader("<x>" + s + "</x>"))
	for {
		tok, err := d.Token()
		if err != nil {
			return strings.Join(strings.Fields(b.String()), " ")
		}
		if c, ok := tok.(xml.CharData); ok {
			b.Write(c)
		}
	}
}

// docxPart reads one part of a DOCX.
func docxPart(t *testing.T, path, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// docxWords reads the words of the main part in their order.
func docxWords(t *testing.T, path string) []string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(bytes.NewReader(docxPart(t, path, "word/document.xml")))
	inText := false
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return strings.Fields(b.String())
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			inText = x.Name.Local == "t"
		case xml.EndElement:
			inText = false
			if x.Name.Local == "p" {
				b.WriteByte('\n')
			}
		case xml.CharData:
			if inText {
				b.Write(x)
			}
		}
	}
}

// A picture is a page in gray.
type picture struct {
	wide, high int
	dots       []byte
	perPoint   float64
}

func pictureOf(t *testing.T, path string, page int) picture {
	t.Helper()
	const dpi = 144
	out := run(t, "pdftoppm", "-gray", "-r", strconv.Itoa(dpi), "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), path)
	p := picture{perPoint: dpi / 72.}
	r := bufio.NewReader(bytes.NewReader(out))
	var depth int
	if _, err := fmt.Fscanf(r, "P5\n%d %d\n%d\n", &p.wide, &p.high, &depth); err != nil || depth != 255 {
		t.Fatalf("%s: not a picture: %v", path, err)
	}
	p.dots = make([]byte, p.wide*p.high)
	if _, err := io.ReadFull(r, p.dots); err != nil {
		t.Fatal(err)
	}
	return p
}

// rule finds the longest dark stretch between two heights, in points.
func (p picture) rule(top, bottom, left, right float64) (from, to float64) {
	at := func(points float64) int { return int(points * p.perPoint) }
	for y := at(top); y < min(at(bottom), p.high); y++ {
		start := -1
		for x := at(left); x <= min(at(right), p.wide-1); x++ {
			if dark := p.dots[y*p.wide+x] < 160; dark && start < 0 {
				start = x
			} else if !dark || x == at(right) {
				if start >= 0 && float64(x-start)/p.perPoint > to-from {
					from, to = float64(start)/p.perPoint, float64(x)/p.perPoint
				}
				start = -1
			}
		}
	}
	return from, to
}
