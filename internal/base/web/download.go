package web

import (
	"encoding/csv"
	"io"
	"iter"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"bangvang/internal/base/text"
)

// Download answers with a file to be kept. Its type follows from the name's ending. write may
// stream; once it has written, an error can only cut the answer off, which the client notices.
func (c *Ctx) Download(name string, write func(w io.Writer) error) error {
	kind := mime.TypeByExtension(path.Ext(name))
	if known, ok := downloadTypes[path.Ext(name)]; ok {
		kind = known
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := c.W.Header()
	h.Set("Content-Type", kind)
	// Old clients take the plain name, all others the second, which keeps the accents (RFC 6266).
	plain := text.Slug(strings.TrimSuffix(name, path.Ext(name))) + path.Ext(name)
	h.Set("Content-Disposition", `attachment; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(name))
	w := &lazy{c: c}
	err := write(w)
	if err != nil && w.begun {
		c.office.Log.ErrorContext(c.Context(), "download cut off", "id", c.id, "error", err)
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		h.Del("Content-Disposition")
	}
	return err
}

// downloadTypes are named here because the machines of the field differ in their lists.
var downloadTypes = map[string]string{
	".csv":  "text/csv; charset=utf-8",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".pdf":  "application/pdf",
	".zip":  "application/zip",
	".json": "application/json",
	".txt":  "text/plain; charset=utf-8",
}

// A lazy writer knows whether anything was sent.
type lazy struct {
	c     *Ctx
	begun bool
}

func (l *lazy) Write(b []byte) (int, error) {
	l.begun = true
	return l.c.W.Write(b)
}

// CSV answers with rows as a .csv file that spreadsheet programs open rightly: UTF-8 with its mark,
// and with an apostrophe before what they would take for a formula.
func (c *Ctx) CSV(name string, rows iter.Seq2[[]string, error]) error {
	return c.Download(name, func(w io.Writer) error {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		out := csv.NewWriter(w)
		for row, err := range rows {
			if err != nil {
				return err
			}
			safe := make([]string, len(row))
			for i, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					cell = "'" + cell
				}
				safe[i] = cell
			}
			if err := out.Write(safe); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
}
