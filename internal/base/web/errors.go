package web

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
)

//go:embed pages/*.html
var pages embed.FS

type errorData struct {
	Title, Text string
	Fields      []fault.Field
	Link        string
	Incident    string // shown for what is our own fault
	Login       string // where to log in; "" when that would not help
	Resend      resend
}

// A resend is what the reader had sent, kept on an error page to be sent again by a button.
type resend struct {
	Action string
	Button string
	Values []hidden
	Files  bool // files were among it; browsers must be given them again
}

type hidden struct{ Name, Value string }

var errorPage = ui.New[errorData](pages, "pages/error.html", "pages/resend.html")

var titles = map[fault.Kind]string{
	fault.Internal:        "Hệ thống gặp lỗi",
	fault.NotFound:        "Không tìm thấy",
	fault.Invalid:         "Nội dung gửi lên chưa đúng",
	fault.Denied:          "Không có quyền",
	fault.Conflict:        "Nội dung đã thay đổi",
	fault.Gone:            "Đã gỡ bỏ",
	fault.Busy:            "Hệ thống đang bận",
	fault.Unauthenticated: "Hãy đăng nhập",
	fault.TooLarge:        "Gửi lên quá lớn",
}

// fail turns the error of a request into what the reader gets. It is the only place that does.
func (c *Ctx) fail(err error) {
	if errors.Is(err, context.DeadlineExceeded) {
		err = fault.New(fault.Busy, "Việc này mất nhiều thời gian hơn dự kiến nên đã dừng lại. Hãy thử lại sau ít phút: %w", err)
	}
	if fault.Is(err, fault.Internal) && db.Unreachable(err) {
		err = fault.New(fault.Busy, "Cơ sở dữ liệu tạm thời không trả lời. Hãy thử lại sau ít phút; nếu vừa bấm lưu, hãy xem lại nội dung trước khi gửi lần nữa: %w", err)
	}
	// The route's time is over by now; the page that says so still wants the frame.
	c.R = c.R.WithContext(context.WithoutCancel(c.R.Context()))
	kind := fault.KindOf(err)
	c.log(kind, err)
	if c.rec.status != 0 { // the handler answered before it failed: nothing can be taken back
		return
	}
	if c.status < http.StatusBadRequest || kind == fault.Internal {
		c.status = kind.Status()
	}
	if kind == fault.Busy && c.W.Header().Get("Retry-After") == "" {
		c.W.Header().Set("Retry-After", "10")
	}
	if c.route.API {
		c.problem(kind, err)
		return
	}
	if d, ok := errors.AsType[*due](err); ok {
		http.Redirect(c.W, c.R, d.path, http.StatusSeeOther)
		return
	}
	data := errorData{Title: titles[kind], Text: fault.Message(err), Fields: fault.FieldsOf(err), Link: fault.LinkOf(err)}
	if c.status == http.StatusMethodNotAllowed {
		data.Title, data.Text = "Không mở được bằng cách này", "Trang này không nhận cách gửi vừa dùng. Hãy mở lại trang trước rồi làm lại từ đó."
	}
	switch kind {
	case fault.Internal:
		data.Incident = c.id
	case fault.Unauthenticated:
		if c.R.Method == http.MethodGet || c.R.Method == http.MethodHead {
			c.login()
			return
		}
		if c.parse() == nil {
			data.Login, data.Resend = LoginPath, c.resend()
			data.Text = "Phiên làm việc đã hết nên nội dung chưa được lưu. Hãy đăng nhập ở thẻ mới rồi quay lại đây bấm “Gửi lại”; những gì đã nhập vẫn còn."
		}
	}
	if err := c.Render(errorPage.With(data)); err != nil {
		c.office.Log.ErrorContext(c.Context(), "draw the error page", "id", c.id, "error", err)
		http.Error(c.W, data.Text+" "+data.Incident, c.status)
	}
}

func (c *Ctx) log(kind fault.Kind, err error) {
	level := slog.LevelInfo
	switch {
	case errors.Is(err, context.Canceled):
	case kind == fault.Internal:
		level = slog.LevelError
	case kind == fault.Busy:
		level = slog.LevelWarn
	case kind == fault.NotFound, kind == fault.Unauthenticated, kind == fault.Invalid:
		level = slog.LevelDebug
	}
	if _, ok := errors.AsType[*due](err); ok {
		level = slog.LevelDebug
	}
	c.office.Log.Log(c.R.Context(), level, "request refused", "id", c.id, "kind", kind.String(), "error", err)
}

// login leads to the login page and from there back here.
func (c *Ctx) login() {
	target := LoginPath
	if here := c.R.URL.RequestURI(); here != officeRoot && localPath(here) {
		target += "?tiep=" + url.QueryEscape(here)
	}
	http.Redirect(c.W, c.R, target, http.StatusSeeOther)
}

// resend keeps what was sent, except passwords and the two keys, which the page makes anew.
func (c *Ctx) resend() resend {
	out := resend{Action: c.R.URL.RequestURI(), Button: "Gửi lại"}
	for name, values := range c.R.PostForm {
		if strings.HasPrefix(name, "_") || strings.Contains(name, "password") {
			continue
		}
		for _, v := range values {
			out.Values = append(out.Values, hidden{name, v})
		}
	}
	out.Files = c.R.MultipartForm != nil && len(c.R.MultipartForm.File) > 0
	sortHidden(out.Values)
	return out
}

// interrupted tells that this form was sent before and cut off, and lets the reader decide.
func (c *Ctx) interrupted() error {
	c.refused = true
	c.status = http.StatusConflict
	r := c.resend()
	r.Values = append(r.Values, hidden{"_once", c.NewForm(nil, 0).Once})
	if v := c.R.PostForm.Get("_version"); v != "" {
		r.Values = append(r.Values, hidden{"_version", v})
	}
	return c.Render(errorPage.With(errorData{
		Title:  "Lần gửi trước bị ngắt giữa chừng",
		Text:   "Có thể nội dung đã được lưu. Hãy xem lại danh sách trước; nếu chưa thấy thì bấm “Gửi lại”.",
		Link:   officeRoot,
		Resend: r,
	}))
}

// A problemDoc is a problem detail of RFC 9457.
type problemDoc struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Instance string         `json:"instance,omitempty"`
	Errors   []problemField `json:"errors,omitempty"`
}

type problemField struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func (c *Ctx) problem(kind fault.Kind, err error) {
	doc := problemDoc{
		Type:   "/api/loi/" + strings.ReplaceAll(kind.String(), " ", "-"),
		Title:  http.StatusText(c.status),
		Status: c.status,
		Detail: fault.Message(err),
	}
	if kind == fault.Internal {
		doc.Instance = "urn:incident:" + c.id
	}
	for _, f := range fault.FieldsOf(err) {
		doc.Errors = append(doc.Errors, problemField{f.Name, f.Message})
	}
	if kind == fault.Unauthenticated {
		c.W.Header().Set("WWW-Authenticate", `Bearer realm="bangvang"`)
	}
	body, err := json.Marshal(doc)
	if err != nil {
		body = []byte(`{"type":"about:blank","status":500}`)
	}
	c.send("application/problem+json", body)
}

// Decode reads a JSON body into v. It returns fault.Invalid that says where it is wrong, also for
// members that v does not have.
func (c *Ctx) Decode(v any) error {
	d := json.NewDecoder(c.R.Body)
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.More() {
		err = errors.New("more than one JSON value")
	}
	if _, big := errors.AsType[*http.MaxBytesError](err); big {
		return fault.New(fault.TooLarge, "Nội dung gửi lên lớn hơn mức cho phép là %s.", text.FormatBytes(c.route.limit))
	}
	if err != nil {
		c.status = http.StatusBadRequest
		return fault.New(fault.Invalid, "Nội dung không phải JSON đúng như mô tả: %v", err)
	}
	return nil
}
