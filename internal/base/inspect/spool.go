package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// A source is a file the child can read at any place.
type source struct {
	*os.File
	borrowed bool // the caller's own, not to be closed
}

func (s source) release() {
	if s.File != nil && !s.borrowed {
		s.Close()
	}
}

// spool gives r as a source, and its size and hash. A regular file is used as it stands, anything
// else copied to one that has no name any more.
func (in *Inspector) spool(r io.Reader) (source, Report, error) {
	var rep Report
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if rep.Size = info.Size(); rep.Size > in.o.Size {
				return source{}, rep, refusedLarge
			}
			s := source{f, true}
			return s, rep, rep.hash(io.NewSectionReader(f, 0, rep.Size), io.Discard)
		}
	}
	f, err := in.nameless()
	if err != nil {
		return source{}, rep, fmt.Errorf("copy of uploaded file: %w", err)
	}
	s := source{f, false}
	if err := rep.hash(io.LimitReader(r, in.o.Size+1), f); err != nil {
		return s, rep, err
	}
	if rep.Size > in.o.Size {
		return s, Report{Size: rep.Size}, refusedLarge
	}
	return s, rep, nil
}

// hash copies r to w and notes how long it is and its hash.
func (rep *Report) hash(r io.Reader, w io.Writer) error {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(sum, w), r)
	if err != nil {
		return fmt.Errorf("read uploaded file: %w", err)
	}
	rep.Size, rep.SHA256 = n, hex.EncodeToString(sum.Sum(nil))
	return nil
}

// nameless makes a file that vanishes with the process however it ends. Where an open file keeps
// its name (Windows) it stays in the folder until the system cleans it.
func (in *Inspector) nameless() (*os.File, error) {
	f, err := os.CreateTemp(in.o.Dir, "passing-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name())
	return f, nil
}

// ends reads the first and last bytes that Sniff looks at.
func ends(r io.ReaderAt, size int64) (head, tail []byte, err error) {
	head, tail = make([]byte, min(size, headLength)), make([]byte, min(size, tailLength))
	_, herr := r.ReadAt(head, 0)
	_, terr := r.ReadAt(tail, size-int64(len(tail)))
	for _, e := range []error{herr, terr} {
		if e != nil && !errors.Is(e, io.EOF) {
			return nil, nil, e
		}
	}
	return head, tail, nil
}
