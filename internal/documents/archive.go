package documents

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// Limits of an uploaded archive. What a file claims to be is not believed: bytes are counted as they
// come out.
const (
	maxEntries  = 1000
	maxUnpacked = 500 << 20
)

// unpack stores the files of a zip. A file that cannot be taken is named with the reason; an archive
// that cannot be read at all is fault.Invalid. With an error it gives what was stored until then.
func (s *Service) unpack(ctx context.Context, r io.ReaderAt, size int64) ([]Brought, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault.New(fault.Invalid, "Không mở được tệp nén. Hãy nén lại thành .zip không đặt mật khẩu rồi tải lên: %w", err)
	}
	if len(z.File) > maxEntries {
		return nil, fault.New(fault.Invalid, "Tệp nén có hơn %d tệp. Hãy chia thành nhiều lần nhập.", maxEntries)
	}
	var all []Brought
	left := int64(maxUnpacked)
	for _, f := range z.File {
		name := entryName(f)
		if f.FileInfo().IsDir() || hidden(name) {
			continue
		}
		b, err := s.take(ctx, f, name, min(left, s.MaxFile))
		all = append(all, b)
		if err != nil {
			return all, err
		}
		left -= b.Size
	}
	return all, nil
}

// entryName gives an entry's path as text; old programs write names in the encoding of their
// machine.
func entryName(f *zip.File) string {
	name := f.Name
	if f.NonUTF8 {
		name, _ = text.Decode([]byte(name))
	}
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(text.CleanInput(name), `\`, "/")), "/")
}

// hidden tells what systems put into archives by themselves.
func hidden(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// take stores one entry, or says why not. Nothing of it is opened.
func (s *Service) take(ctx context.Context, f *zip.File, name string, most int64) (Brought, error) {
	b := Brought{Name: name}
	refused := func(format string, args ...any) (Brought, error) {
		b.Refused = fmt.Sprintf(format, args...)
		return b, nil
	}
	if f.Flags&1 != 0 {
		return refused("Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi nén lại.")
	}
	in, err := f.Open()
	if err != nil {
		return refused("Không giải nén được tệp này. Hãy nén lại.")
	}
	defer in.Close()
	limited := &counted{r: in, left: most}
	ref, err := s.Files.Put(ctx, limited)
	switch {
	case errors.Is(err, errTooMuch):
		return refused("Tệp lớn hơn %s, hoặc cả tệp nén bung ra lớn hơn %s.", text.FormatBytes(s.MaxFile), text.FormatBytes(maxUnpacked))
	case err != nil && limited.err != nil:
		return refused("Tệp bị hỏng trong tệp nén. Hãy nén lại.")
	case err != nil:
		return b, err
	}
	b.Hash, b.Size = ref.Hash, ref.Size
	stored, err := s.Files.Open(ctx, ref.Hash)
	if err != nil {
		return b, err
	}
	defer stored.Close()
	if _, err := s.Inspector.Identify(path.Base(name), stored); fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		return refused("%s", fault.Message(err))
	} else if err != nil {
		return b, err
	}
	return b, nil
}

var errTooMuch = errors.New("more bytes than allowed")

// counted reads at most left bytes and remembers what went wrong in the archive.
type counted struct {
	r    io.Reader
	left int64
	err  error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.left -= int64(n)
	if c.left < 0 {
		return n, errTooMuch
	}
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
