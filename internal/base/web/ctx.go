package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A Ctx is one request being answered. It is used by one goroutine.
type Ctx struct {
	W http.ResponseWriter
	R *http.Request

	office  *Office
	rec     *recorder // W as it was made
	body    io.Reader // R.Body without the route's limit
	route   *route
	id      string
	token   string
	session SessionInfo
	status  int // of the answer; 0 = 200
	wrong   []fault.Field
	once    string // the form's token, claimed for this request
	saved   string // where See sent the reader
	refused bool   // the form went back to the reader: nothing was saved
}

// Context gives the request's context: who acts is in it, and it ends with the route's time.
func (c *Ctx) Context() context.Context { return c.R.Context() }

// Actor gives who acts; the zero Actor on pages open to all.
func (c *Ctx) Actor() access.Actor { return access.From(c.R.Context()) }

// Can tells whether the actor may do act at place, for showing only the buttons that work.
func (c *Ctx) Can(act access.Action, place access.Place) bool {
	return c.office.Policy.Can(c.R.Context(), act, place)
}

// Path gives a part of the route's pattern: c.Path("id").
func (c *Ctx) Path(name string) string { return c.R.PathValue(name) }

// memory is how much of an upload is held in memory; the rest goes to temporary files.
const memory = 1 << 20

// passedOver is how much of a body that is too large is read and dropped before it is refused: a
// browser still sending when the connection closes shows its own "connection was reset" and not our
// words. The route's time for the body bounds it too.
const passedOver = 512 << 20

// parse reads the form, within the route's limit.
func (c *Ctx) parse() error {
	var err error
	if kind, _, _ := mime.ParseMediaType(c.R.Header.Get("Content-Type")); kind == "multipart/form-data" {
		err = c.R.ParseMultipartForm(memory)
	} else {
		err = c.R.ParseForm()
	}
	if err == nil {
		return nil
	}
	if _, big := errors.AsType[*http.MaxBytesError](err); big || errors.Is(err, multipart.ErrMessageTooLarge) {
		_, _ = io.CopyN(io.Discard, c.body, passedOver) // what ends it early is no matter
		return fault.New(fault.TooLarge, "Nội dung gửi lên lớn hơn mức cho phép là %s. Hãy bấm quay lại trên trình duyệt (những gì đã nhập vẫn còn), chọn tệp nhỏ hơn hoặc chia nhỏ rồi gửi lại.", text.FormatBytes(c.route.limit))
	}
	c.status = http.StatusBadRequest
	return fault.New(fault.Invalid, "Biểu mẫu đến nơi không trọn vẹn, có thể do đường truyền. Hãy gửi lại: %w", err)
}

// Body gives what a script sent that is no form, within the route's limit.
func (c *Ctx) Body() ([]byte, error) {
	b, err := io.ReadAll(c.R.Body)
	if _, big := errors.AsType[*http.MaxBytesError](err); big {
		return nil, fault.New(fault.TooLarge, "Nội dung gửi lên lớn hơn mức cho phép là %s. Hãy chia nhỏ rồi gửi từng phần.", text.FormatBytes(c.route.limit))
	}
	return b, err
}

// Raw gives a sent value as it came: for passwords and nothing else.
func (c *Ctx) Raw(name string) string { return c.R.Form.Get(name) }

// Text gives a sent value as one clean line: NFC, trimmed, no control characters.
func (c *Ctx) Text(name string) string { return text.CleanInput(c.R.Form.Get(name)) }

// Lines gives a sent value as clean lines.
func (c *Ctx) Lines(name string) string { return text.CleanLines(c.R.Form.Get(name)) }

// All gives every sent value of a name, cleaned, without empty ones.
func (c *Ctx) All(name string) []string {
	var out []string
	for _, v := range c.R.Form[name] {
		if v = text.CleanInput(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Bool tells whether a box was ticked.
func (c *Ctx) Bool(name string) bool { return c.R.Form.Get(name) == "1" }

// Int gives a whole number as people write it, "1.000.176" too. Nothing sent is 0; what is no
// number is 0 and noted as wrong.
func (c *Ctx) Int(name string) int64 {
	s := c.Text(name)
	if s == "" {
		return 0
	}
	n, err := text.ParseNumber(s)
	if err != nil {
		c.Fail(name, "%s", fault.Message(err))
	}
	return n
}

// Day gives a calendar day as "2006-01-02" from any way people write it. Nothing sent is "";
// what is no day is "" and noted as wrong.
func (c *Ctx) Day(name string) string {
	s := c.Text(name)
	if s == "" {
		return ""
	}
	day, err := text.ParseDay(s)
	if err != nil {
		c.Fail(name, "%s", fault.Message(err))
	}
	return day
}

// Page gives the number of the page of a list asked for by "trang", from 1.
func (c *Ctx) Page() int {
	n, err := strconv.Atoi(c.R.Form.Get("trang"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

// Version gives the version of the thing as the form had read it; 0 when it sent none.
func (c *Ctx) Version() int {
	n, err := strconv.Atoi(c.R.Form.Get("_version"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// An Upload is one sent file. It can be read and sought until the handler returns.
type Upload struct {
	Name string // the last part of its name, cleaned; says nothing about what is inside
	Size int64
	multipart.File
}

// File gives the file sent under name, or nil when none was chosen.
func (c *Ctx) File(name string) (*Upload, error) {
	all, err := c.Files(name)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// Files gives all files sent under name.
func (c *Ctx) Files(name string) ([]*Upload, error) {
	if c.R.MultipartForm == nil {
		return nil, nil
	}
	var out []*Upload
	for _, h := range c.R.MultipartForm.File[name] {
		f, err := h.Open()
		if err != nil {
			return nil, fmt.Errorf("open upload: %w", err)
		}
		context.AfterFunc(c.R.Context(), func() { f.Close() })
		base := text.CleanInput(path.Base(strings.ReplaceAll(h.Filename, `\`, "/")))
		out = append(out, &Upload{Name: base, Size: h.Size, File: f})
	}
	return out, nil
}

// Fail notes a field as wrong; message is Vietnamese and says what to do.
func (c *Ctx) Fail(field, message string, args ...any) {
	c.wrong = append(c.wrong, fault.Field{Name: field, Message: fmt.Sprintf(message, args...)})
}

// Err gives what was noted as wrong so far as one fault.Invalid, or nil.
func (c *Ctx) Err() error { return fault.Fields(slices.Clone(c.wrong)...) }

// Next gives the office path that a login should lead back to, as sent in "tiep"; the office's
// first page when there is none or it leads elsewhere.
func (c *Ctx) Next() string {
	if p := c.R.Form.Get("tiep"); localPath(p) {
		return p
	}
	return officeRoot
}
