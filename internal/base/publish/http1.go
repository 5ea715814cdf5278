package publish

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// This file speaks HTTP/1.1 to readers: one goroutine a connection, one read and one write an answer.
// A library would do, but each tried costs more than nginx does (docs/decisions/0009).

// converse answers the public requests of a connection, one after the other, until it ends. turned is
// true when a request is the office's: then c delivers it whole, from its first byte.
func (d *door) converse(c *conn) (turned bool) {
	defer func() {
		if v := recover(); v != nil {
			slog.Error("public request panicked", "panic", v)
		}
	}()
	buf := c.head
	c.head = nil
	_ = c.SetWriteDeadline(time.Now().Add(d.opts.WriteTimeout))
	armed := time.Time{} // when the deadlines were last moved
	began := false       // part of a header has come and its time runs
	for {
		h, complete, ok := parseHead(buf)
		if !complete {
			method, target, first, fine := firstLine(buf)
			switch path, _ := splitTarget(borrow(target)); {
			case first && fine && !d.routes.public(borrow(method), path):
				c.head = buf
				return true
			case first && !fine:
				d.unreadable(c, http.StatusBadRequest, "Máy chủ không đọc được yêu cầu này.")
				return false
			case len(buf) >= d.opts.MaxHeader:
				d.unreadable(c, http.StatusRequestHeaderFieldsTooLarge, addressTooLong)
				return false
			}
			now := time.Now()
			switch {
			case len(buf) > 0 && !began:
				began, armed = true, time.Time{}
				_ = c.SetReadDeadline(now.Add(d.opts.HeaderTimeout))
			case len(buf) == 0 && now.Sub(armed) >= time.Second: // moving them costs as much as a tenth of an answer
				armed = now
				_ = c.SetReadDeadline(now.Add(d.opts.IdleTimeout + time.Second))
				_ = c.SetWriteDeadline(now.Add(d.opts.WriteTimeout))
			}
			var err error
			if buf, err = d.more(c, buf); err != nil {
				return false
			}
			continue
		}
		if !ok {
			d.unreadable(c, http.StatusBadRequest, "Máy chủ không đọc được yêu cầu này.")
			return false
		}
		began = false
		path, query := splitTarget(h.target)
		if !d.routes.public(h.method, path) {
			c.head = buf
			return true
		}
		if !d.answer(c, &h, path, query) {
			c.talking = h.body
			return false
		}
		buf = buf[:copy(buf, buf[h.size:])]
	}
}

// more reads what comes next behind what buf holds already.
func (d *door) more(c *conn, buf []byte) ([]byte, error) {
	if len(buf) == cap(buf) {
		buf = append(buf, 0)[:len(buf)]
	}
	if len(buf) == 0 {
		c.waiting.Store(true)
		defer c.waiting.Store(false)
	}
	n, err := c.Conn.Read(buf[len(buf):min(cap(buf), d.opts.MaxHeader)])
	if n > 0 {
		err = nil
	}
	return buf[:len(buf)+n], err
}

// answer answers one request and tells whether the connection goes on.
func (d *door) answer(c *conn, h *requestHead, path, query string) (goesOn bool) {
	a := d.plane.Respond(Request{
		Method: h.method, Path: path, Query: query,
		AcceptEncoding: h.acceptEncoding, IfNoneMatch: h.ifNoneMatch, IfModifiedSince: h.ifModifiedSince,
		Range: h.byteRange, IfRange: h.ifRange, TLS: c.state != nil,
	})
	connection := ""
	switch {
	case h.ends() || d.draining.Load():
		connection = "close"
	case h.old:
		connection = "keep-alive"
	}
	if a.File != nil && h.method != http.MethodHead {
		return d.sendFile(c, a, connection) && connection != "close"
	}
	return d.send(c, a, connection, h.method == http.MethodHead) && connection != "close"
}

// send writes a whole answer at once where it is not too large: a second write costs as much as all the rest.
func (d *door) send(c *conn, a Response, connection string, headOnly bool) bool {
	d.stats.answered(a.Status)
	length := int64(len(a.Body))
	if a.File != nil {
		length = a.File.Length
	}
	buffer := outgoing.Get().(*[]byte)
	defer outgoing.Put(buffer)
	out := d.appendHead((*buffer)[:0], a, length, connection)
	var err error
	switch {
	case headOnly || len(a.Body) == 0:
		_, err = c.Conn.Write(out)
	case len(a.Body) <= 12<<10: // beyond, copying costs more than the system's longer way of two parts
		_, err = c.Conn.Write(append(out, a.Body...))
	default:
		parts := net.Buffers{out, a.Body}
		_, err = parts.WriteTo(c.Conn)
	}
	return err == nil
}

// outgoing are buffers in which answers are put together.
var outgoing = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

// sendFile streams a stored file, within the limit of streams.
func (d *door) sendFile(c *conn, a Response, connection string) bool {
	release, ok := d.stream()
	if !ok {
		return d.send(c, d.plane.later(Request{Method: http.MethodGet}, "Nhiều tệp đang được tải cùng lúc. Hãy thử lại sau ít giây."), connection, false)
	}
	defer release()
	file, err := a.File.Open(context.Background())
	if err != nil {
		slog.Error("published file cannot be read", "blob", a.File.Ref.Hash, "error", err)
		return d.send(c, d.plane.later(Request{Method: http.MethodGet}, "Tệp này tạm thời chưa tải được. Hãy thử lại sau ít phút."), connection, false)
	}
	defer file.Close()
	d.stats.answered(a.Status)
	_ = c.SetWriteDeadline(time.Now().Add(d.opts.WriteTimeout))
	if _, err := c.Conn.Write(d.appendHead(nil, a, a.File.Length, connection)); err != nil {
		return false
	}
	n, err := io.Copy(c.Conn, io.LimitReader(file, a.File.Length))
	return err == nil && n == a.File.Length
}

// appendHead appends an answer's status line and header. connection is "" for what HTTP/1.1 does anyway.
func (d *door) appendHead(out []byte, a Response, length int64, connection string) []byte {
	out = append(out, "HTTP/1.1 "...)
	out = strconv.AppendInt(out, int64(a.Status), 10)
	out = append(out, ' ')
	out = append(out, http.StatusText(a.Status)...)
	out = append(out, "\r\nDate: "...)
	out = append(out, d.date.now()...)
	for i := range a.Headers {
		out = append(out, "\r\n"...)
		out = append(out, a.Headers[i][0]...)
		out = append(out, ": "...)
		out = append(out, a.Headers[i][1]...)
	}
	if a.Status != http.StatusNotModified { // RFC 9110 §8.6
		out = append(out, "\r\nContent-Length: "...)
		out = strconv.AppendInt(out, length, 10)
	}
	if connection != "" {
		out = append(out, "\r\nConnection: "...)
		out = append(out, connection...)
	}
	return append(out, "\r\n\r\n"...)
}

// unreadable answers what is no request, or a too large one, and hears the sender out.
func (d *door) unreadable(c *conn, status int, sentence string) {
	d.send(c, d.plane.tiny(Request{Method: http.MethodGet}, status, sentence), "close", false)
	c.talking = true
}

// A date is the text of the Date header, made anew once a second.
type date struct{ text atomic.Pointer[dateText] }

type dateText struct {
	second int64
	text   string
}

func (d *date) now() string {
	now := time.Now()
	t := d.text.Load()
	if t == nil || t.second != now.Unix() {
		t = &dateText{now.Unix(), now.UTC().Format(http.TimeFormat)}
		d.text.Store(t)
	}
	return t.text
}

// refuse writes a complete 503 to a connection nobody has budget for, and closes it.
func refuse(c *conn) {
	body := notice(tinyTitle(http.StatusServiceUnavailable), "Hệ thống đang có rất nhiều người dùng. Hãy thử lại sau ít giây.", "")
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	w := bufio.NewWriter(c)
	_, _ = w.WriteString("HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + HTMLType + "\r\nCache-Control: no-store\r\nRetry-After: " +
		retryAfter() + "\r\nConnection: close\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	_, _ = w.Write(body)
	_ = w.Flush() // whoever is refused may have left already
	_ = c.Close()
}

// tooLong answers an address longer than a whole header may be.
func tooLong(c net.Conn) {
	body := notice(tinyTitle(http.StatusRequestURITooLong), addressTooLong, "")
	_ = c.SetDeadline(time.Now().Add(2 * time.Second))
	_, _ = c.Write([]byte("HTTP/1.1 414 URI Too Long\r\nContent-Type: " + HTMLType + "\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + string(body)))
	hearOut(c)
}

// hearOut reads on for a moment after the last answer: a connection closed over unread bytes would be
// reset before the answer is read.
func hearOut(c net.Conn) {
	_ = c.SetDeadline(time.Now().Add(2 * time.Second))
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		_, _ = io.CopyN(io.Discard, c, 1<<20)
	}
}
