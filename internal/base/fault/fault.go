// Package fault gives every refusal in the program one of a few kinds, so that one place turns
// it into an HTTP status and a page a person can act on.
//
// A verb returns a fault when it refuses; anything else that goes wrong is an ordinary error and
// becomes "internal": logged with its chain, shown to nobody. Messages are Vietnamese and say
// what to do next; the chain below (Err) is English and for the log.
//
// Start reading at [New] and [KindOf].
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Kind says what sort of refusal an error is.
type Kind int

// The kinds. Internal is what an error without a kind is; no one creates it on purpose.
const (
	Internal        Kind = iota
	NotFound             // there is no such thing, or the actor may not know of it
	Invalid              // the input is wrong; Fields name where
	Denied               // the actor knows of it but may not do this
	Conflict             // the thing moved on since it was read, or already exists
	Gone                 // it was here and was taken away on purpose
	Busy                 // try again shortly; nothing was done
	Unauthenticated      // log in first
	TooLarge             // more bytes than the door lets in
)

var kinds = [...]struct {
	name   string
	status int
}{
	Internal:        {"internal", http.StatusInternalServerError},
	NotFound:        {"not found", http.StatusNotFound},
	Invalid:         {"invalid", http.StatusUnprocessableEntity},
	Denied:          {"denied", http.StatusForbidden},
	Conflict:        {"conflict", http.StatusConflict},
	Gone:            {"gone", http.StatusGone},
	Busy:            {"busy", http.StatusServiceUnavailable},
	Unauthenticated: {"unauthenticated", http.StatusUnauthorized},
	TooLarge:        {"too large", http.StatusRequestEntityTooLarge},
}

// String gives the kind's English name, for logs.
func (k Kind) String() string { return kinds[k].name }

// Status gives the HTTP status a reader gets for this kind.
func (k Kind) Status() int { return kinds[k].status }

// A Field is one wrong input field of a form, by the form's own field name.
type Field struct {
	Name    string // the HTML form field's name
	Message string // Vietnamese: what is wrong and what to do
}

// An Error is a refusal. Message may be empty when Fields say everything.
type Error struct {
	Kind    Kind
	Message string
	Fields  []Field
	Link    string // where the reader should look next, a path of ours; may be empty
	Err     error  // the cause, for the log; may be nil
}

// Error joins kind, message, fields and cause for the log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + ": " + f.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes a refusal of the given kind with a Vietnamese message. A ": %w" at the end of format
// keeps the wrapped error as the cause, for the log: its text is no part of the message.
func New(kind Kind, format string, args ...any) error {
	wrapped := fmt.Errorf(format, args...)
	message, cause := wrapped.Error(), errors.Unwrap(wrapped)
	if cause != nil {
		message = strings.TrimSuffix(message, ": "+cause.Error())
	}
	return &Error{Kind: kind, Message: message, Err: cause}
}

// Fields makes an Invalid refusal out of the wrong fields of a form. It returns nil when there
// are none, so a verb can collect first and return Fields(collected...) at the end.
func Fields(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: fields}
}

// KindOf finds the kind of an error anywhere in its chain; Internal when it has none.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Kind
	}
	return Internal
}

// Is tells whether err is a refusal of the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Message gives what a person may read of err: the refusal's own words, or a plain sentence per
// kind when it has none. It never reveals an internal error's text.
func Message(err error) string {
	f, ok := errors.AsType[*Error](err)
	if ok && f.Message != "" {
		return f.Message
	}
	switch KindOf(err) {
	case NotFound:
		return "Không tìm thấy nội dung này. Hãy kiểm tra lại địa chỉ hoặc tìm ở ô tìm kiếm."
	case Invalid:
		return "Có ô chưa đúng. Hãy sửa những ô được đánh dấu rồi gửi lại."
	case Denied:
		return "Tài khoản của bạn không có quyền làm việc này. Hãy liên hệ Văn phòng Sở nếu cần được giao quyền."
	case Conflict:
		return "Nội dung đã được người khác thay đổi. Hãy xem bản mới nhất rồi làm lại."
	case Gone:
		return "Nội dung này đã được gỡ bỏ."
	case Busy:
		return "Hệ thống đang bận. Hãy thử lại sau ít phút; những gì bạn đã nhập vẫn còn."
	case Unauthenticated:
		return "Hãy đăng nhập để tiếp tục."
	case TooLarge:
		return "Tệp hoặc nội dung gửi lên quá lớn. Hãy chia nhỏ hoặc nén lại rồi gửi lại."
	}
	return "Hệ thống gặp lỗi ngoài dự kiến. Sự việc đã được ghi lại; hãy thử lại hoặc báo người quản trị."
}

// FieldsOf gives the wrong fields err names, if any.
func FieldsOf(err error) []Field {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Fields
	}
	return nil
}

// LinkOf gives the path err points the reader to, or "".
func LinkOf(err error) string {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Link
	}
	return ""
}
