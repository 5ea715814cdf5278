// Package inspect tells what an uploaded file really is and what stands in it, without ever opening
// it in this process.
//
// An [Inspector] first types the file by its bytes ([Sniff]), refuses what no one should publish
// (programs, archives, broken and doubled files), and hashes it. What is left it hands, as standard
// input, to a short-lived child: this same program started again as "inspect-file" ([Child]), with
// an empty environment, limits on time, processor and memory, and on Linux without any system call
// but reading, computing and writing the answer. The child gives text, pages, a picture of the
// first page and what a reader should be warned of.
//
// Documents use it when a file is uploaded. During a sitting a file goes to quarantine instead
// (L-11): then only [Inspector.Identify] may be called, which opens nothing.
//
// Start reading at [Inspector.Inspect].
package inspect

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"bangvang/internal/base/privacy"
	"bangvang/internal/base/richtext"
)

// Options set what an Inspector accepts and how much a file may cost. Zero values mean the defaults
// named beside them; only Dir has none.
type Options struct {
	Dir     string        // folder of its own below the data folder: compiled PDF reader (21 MB), passing copies
	Accept  []Type        // PDF, DOCX, XLSX, JPEG, PNG, TIFF
	Size    int64         // bytes of a file; 50 MiB
	Pixels  int           // of an image; 60 million, an A4 page at 600 dpi has 35
	Timeout time.Duration // processor time of one child, where the system counts it; by the clock four times as much; 30 s
	Memory  int64         // bytes one child may use, Linux counts them exactly; 384 MiB
	AtOnce  int           // children at a time; 2
}

// A Report is what is known of a file. Beside a refusal it holds what was found before it.
type Report struct {
	Type     Type
	Size     int64  // bytes
	SHA256   string // lower-case hex
	Misnamed bool   // the name's extension says another type than the content

	Title        string          // from the file's own properties; may be empty, often wrong
	Pages        int             // pages; sheets of a workbook; 0 when the file does not say (DOCX)
	TextByPage   []string        // NFC, one entry a page or sheet; one for the whole of a DOCX
	TextEncoding string          // the old encoding the text was converted from, such as "TCVN3 (ABC)"; usually empty
	TextCut      bool            // there is more text than was taken
	BlankPages   int             // pages without any text, as a scan has
	Tables       []privacy.Table // of DOCX and XLSX, for privacy.Scan; a PDF has none, only lines
	Reading      richtext.Doc    // of a DOCX: what a reading copy can begin with; its Notes say what was left out

	Encrypted     bool     // opens without a password, but restricts printing or copying
	Macros        bool     // carries programs: VBA, or in a PDF JavaScript or an action that starts one
	ExternalLinks []string // addresses it loads from by itself when opened; plain hyperlinks are not counted
	Embedded      []string // names of files inside the file
	Revisions     bool     // DOCX: tracked changes are still in it
	Comments      bool     // DOCX: comments are still in it
	Location      bool     // image: says where it was taken (GPS)
	Width, Height int      // image: pixels

	Preview  []byte   // JPEG of the first page, at most 640 × 905 pixels and about 60 kB, without metadata; nil for DOCX, XLSX
	Warnings []string // Vietnamese, one sentence or two each: what to look at before publishing
}

// HasText tells whether any text could be read; a scan has none.
func (r Report) HasText() bool {
	return slices.ContainsFunc(r.TextByPage, func(s string) bool { return letters(s) >= fewLetters })
}

// Text gives all pages' text, an empty line between pages.
func (r Report) Text() string { return join(r.TextByPage) }

// An Inspector inspects files, a few at a time.
type Inspector struct {
	o       Options
	program string
	slots   chan struct{} // holds a token per running child
	warm    chan struct{} // holds a token while no PDF reader is known to be compiled

	unconfined sync.Once // told once, when the system offers no filter
}

// New prepares an Inspector and its folder. It starts nothing yet; see [Inspector.Warm].
func New(o Options) (*Inspector, error) {
	o.Size = cmp.Or(o.Size, 50<<20)
	o.Pixels = cmp.Or(o.Pixels, 60_000_000)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Memory = cmp.Or(o.Memory, 384<<20)
	o.AtOnce = cmp.Or(o.AtOnce, 2)
	if o.Accept == nil {
		o.Accept = []Type{PDF, DOCX, XLSX, JPEG, PNG, TIFF}
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, fmt.Errorf("folder for inspecting files %q: %w", o.Dir, cmp.Or(err, os.ErrInvalid))
	}
	o.Dir = dir
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder for inspecting files: %w", err)
	}
	program, err := self()
	if err != nil {
		return nil, fmt.Errorf("find this program to inspect files with: %w", err)
	}
	in := &Inspector{o: o, program: program, slots: make(chan struct{}, o.AtOnce), warm: make(chan struct{}, 1)}
	in.warm <- struct{}{}
	return in, nil
}

// Inspect types, hashes and opens one uploaded file. name is what the person calls it; it is only
// repeated in messages and compared with the content. r is read to its end; an *os.File of a
// regular file is read from its first byte wherever it stands and not moved.
//
// It returns fault.TooLarge or fault.Invalid, with a message that names the file and says what to
// do, for a file that cannot be accepted, fault.Busy when ctx ends while waiting for other files,
// and an ordinary error when the fault is ours.
//
// Source: issue 2 "Bad input, named".
func (in *Inspector) Inspect(ctx context.Context, name string, r io.Reader) (Report, error) {
	f, rep, err := in.identify(name, r)
	defer f.release()
	if err != nil {
		return rep, err
	}
	err = in.open(ctx, f.File, &rep)
	if err == nil && rep.Macros && rep.Type != PDF {
		err = refusedMacros
	}
	if err != nil {
		return rep, in.refusal(err, name, rep)
	}
	rep.Warnings = warnings(name, rep)
	return rep, nil
}

// Identify types and hashes a file and refuses as [Inspector.Inspect] does, but opens nothing: no
// text, no pages, no picture.
//
// Source: L-11.
func (in *Inspector) Identify(name string, r io.Reader) (Report, error) {
	f, rep, err := in.identify(name, r)
	defer f.release()
	if err == nil {
		rep.Warnings = warnings(name, rep)
	}
	return rep, err
}

// identify gives the file as one that can be read at any place, and what its bytes say.
func (in *Inspector) identify(name string, r io.Reader) (source, Report, error) {
	f, rep, err := in.spool(r)
	if err != nil {
		return f, rep, in.refusal(err, name, rep)
	}
	head, tail, err := ends(f, rep.Size)
	if err != nil {
		return f, rep, fmt.Errorf("read uploaded file: %w", err)
	}
	rep.Type = Sniff(head, tail)
	rep.Misnamed = rep.Type.misnamed(name)
	switch {
	case rep.Size == 0:
		err = refusedEmpty
	case !slices.Contains(in.o.Accept, rep.Type):
		err = refusedType
	case cut(rep.Type, tail):
		err = refusedCut
	case doubled(rep.Type, tail):
		err = refusedDoubled
	}
	if err != nil {
		return f, rep, in.refusal(err, name, rep)
	}
	return f, rep, nil
}

// self gives a path that starts this very program again, on Linux also after an upgrade has put
// another file in its place.
func self() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// maxTitle is where a title from a file's properties is cut, in runes.
const maxTitle = 300
