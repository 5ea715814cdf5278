package inspect

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/privacy"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
)

// Command is the hidden subcommand under which this program inspects one file.
const Command = "inspect-file"

// An order is what the parent asks of a child, its only argument.
type order struct {
	Type    Type          // what to open; Unknown only makes the PDF reader ready
	Size    int64         // bytes of standard input
	Cache   string        // folder with the compiled PDF reader
	Pixels  int           // of an image, at most
	Memory  int64         // bytes this process may use
	Timeout time.Duration // processor time this process may use
}

// An answer is what a child writes to standard output: findings, and whether something kept it from
// completing them.
type answer struct {
	Found      findings
	Refused    refused `json:",omitempty"` // the file's fault
	Failed     string  `json:",omitempty"` // our fault, English, for the log
	Unconfined string  `json:",omitempty"` // why the system's own confinement is missing
}

// findings are the fields of a Report that only the opened file tells.
type findings struct {
	Title         string
	Pages         int
	TextByPage    []string
	TextEncoding  string
	TextCut       bool
	Tables        []privacy.Table // of an XLSX
	Markup        string          // of a DOCX
	Notes         []string
	Encrypted     bool
	Macros        bool
	ExternalLinks []string
	Embedded      []string
	Revisions     bool
	Comments      bool
	Location      bool
	Width, Height int
	Preview       []byte
}

// Bounds of what a child gives back.
const (
	maxText    = 4 << 20 // bytes of text, all pages together
	maxPages   = 3000    // pages whose text is read
	maxMarkup  = 8 << 20 // bytes of a reading copy
	maxNames   = 50      // external links, embedded names
	maxCells   = 200_000 // cells of tables
	fewLetters = 10      // a page with fewer letters is blank: a scan with a page number
)

// Child opens one file given as standard input and writes what it found to standard output. It is
// the whole of the program when main is started with [Command] as its first argument; args are the
// arguments behind it. It returns the exit status.
func Child(args []string) int {
	var o order
	if len(args) != 1 || json.Unmarshal([]byte(args[0]), &o) != nil {
		fmt.Fprintln(os.Stderr, "this command is the program's own: it inspects an uploaded file")
		return 2
	}
	if err := limit(o); err != nil {
		fmt.Fprintln(os.Stderr, "limits of a child:", err)
		return 1
	}
	debug.SetMemoryLimit(o.Memory * 3 / 4)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(o.run(os.Stdin)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// run gets ready all that needs the system, gives up the system, and only then reads the file.
func (o order) run(f io.ReaderAt) answer {
	var a answer
	var pdf *pdfReader
	if o.Type == PDF || o.Type == Unknown {
		var err error
		if pdf, err = newPDFReader(o); err != nil {
			return answer{Failed: err.Error()}
		}
	}
	if o.Type == Unknown {
		return a
	}
	if err := confine(); err != nil {
		a.Unconfined = err.Error()
	}
	file := io.NewSectionReader(f, 0, o.Size)
	var err error
	switch o.Type {
	case PDF:
		err = pdf.read(file, &a.Found)
	case DOCX, XLSX:
		err = readOffice(o.Type, file, &a.Found)
	case JPEG, PNG, TIFF:
		err = readImage(o, file, &a.Found)
	default:
		err = refusedType
	}
	var why refused
	switch {
	case err == nil:
	case errors.As(err, &why):
		a.Refused = why
	case fault.Is(err, fault.TooLarge):
		a.Refused = refusedBomb
	case fault.Is(err, fault.Invalid):
		a.Refused = refusedBroken
	default:
		fmt.Fprintln(os.Stderr, err)
		a.Refused = refusedBroken
	}
	return a
}

// addText takes a page's text as far as there is room, and reports whether there may be more.
func (f *findings) addText(s string) bool {
	s = text.CleanLines(s)
	left := maxText
	for _, page := range f.TextByPage {
		left -= len(page)
	}
	if len(s) > left {
		s, f.TextCut = strings.ToValidUTF8(s[:left], ""), true
	}
	f.TextByPage = append(f.TextByPage, s)
	return !f.TextCut
}

// recode mends text typed in fonts older than Unicode, all pages alike.
func (f *findings) recode() {
	whole := join(f.TextByPage)
	_, guess := text.Recode(whole)
	if guess.Certain || guess.Encoding == text.UTF8 {
		return
	}
	f.TextEncoding = string(guess.Encoding)
	for i, page := range f.TextByPage {
		f.TextByPage[i] = text.RecodeAs(page, guess.Encoding)
	}
}

// merge fills the report from what a child said. The child has read hostile bytes, so its answer is
// bounded and cleaned here once more.
func (f findings) merge(r *Report) {
	r.Title = text.Excerpt(text.CleanInput(f.Title), maxTitle)
	r.Pages = max(0, f.Pages)
	room := maxText
	for _, page := range f.TextByPage[:min(len(f.TextByPage), maxPages)] {
		page = text.CleanLines(page)
		if room -= len(page); room < 0 {
			break
		}
		r.TextByPage = append(r.TextByPage, page)
		if letters(page) < fewLetters {
			r.BlankPages++
		}
	}
	if r.Type == JPEG || r.Type == PNG || r.Type == TIFF {
		r.BlankPages = r.Pages
	}
	r.TextEncoding, r.TextCut = text.CleanInput(f.TextEncoding), f.TextCut
	if f.Markup != "" {
		r.Reading = richtext.Clean(f.Markup)
		for _, n := range f.Notes[:min(len(f.Notes), maxNames)] {
			r.Reading.Notes = append(r.Reading.Notes, text.CleanInput(n))
		}
	}
	r.Tables = append(f.Tables, tablesOf(r.Reading.Blocks)...)
	for _, t := range r.Tables {
		for _, row := range t.Rows {
			for i := range row {
				row[i] = text.CleanInput(row[i])
			}
		}
	}
	r.Encrypted, r.Macros, r.Revisions, r.Comments, r.Location = f.Encrypted, f.Macros, f.Revisions, f.Comments, f.Location
	r.ExternalLinks, r.Embedded = names(f.ExternalLinks), names(f.Embedded)
	r.Width, r.Height = f.Width, f.Height
	if len(f.Preview) <= maxPreview && Sniff(f.Preview, f.Preview) == JPEG {
		r.Preview = f.Preview
	}
}

// names cleans, sorts and bounds a list of names.
func names(list []string) []string {
	var out []string
	for _, n := range list[:min(len(list), maxNames)] {
		if n = text.Excerpt(text.CleanInput(n), 200); n != "" {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func join(pages []string) string { return strings.Join(pages, "\n\n") }

// letters counts the letters in s.
func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
