package publish

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
	"unsafe"

	"github.com/valyala/fasthttp"
)

// newFast makes the server for plain public requests over HTTP/1.1.
func (d *door) newFast() *fasthttp.Server {
	return &fasthttp.Server{
		Handler:                       d.fastHandler,
		ErrorHandler:                  d.fastError,
		NoDefaultServerHeader:         true,
		NoDefaultContentType:          true,
		DisablePreParseMultipartForm:  true,
		DisableHeaderNamesNormalizing: false,
		ReadBufferSize:                d.opts.MaxHeader,
		WriteBufferSize:               32 << 10, // a page and its headers in one write; a second costs as much as all the rest
		ReadTimeout:                   d.opts.HeaderTimeout,
		WriteTimeout:                  d.opts.WriteTimeout,
		IdleTimeout:                   d.opts.IdleTimeout,
		MaxRequestBodySize:            64 << 10, // reading has no body; a pipelined form may
		Concurrency:                   1 << 20,  // the door counts
		Logger:                        silent{},
	}
}

// silent: fasthttp logs what strangers send wrong, which is their affair.
type silent struct{}

func (silent) Printf(string, ...any) {}

// fastHandler answers one public request. The request's strings live in fasthttp's buffers and
// end with the handler; Plane copies what it keeps.
func (d *door) fastHandler(ctx *fasthttp.RequestCtx) {
	header := &ctx.Request.Header
	path, query := splitTarget(borrow(header.RequestURI()))
	method := borrow(header.Method())
	if !d.routes.public(method, path) {
		// Only pipelined requests come here, see conn. The reader repeats it on a connection of
		// its own: a 307 keeps method and body.
		ctx.Response.Header.Set("Location", string(header.RequestURI()))
		ctx.Response.Header.Set("Cache-Control", "no-store")
		ctx.SetStatusCode(http.StatusTemporaryRedirect)
		ctx.SetConnectionClose()
		return
	}
	c, _ := ctx.Conn().(*conn)
	if c != nil {
		c.settled = header.ContentLength() <= 0 && len(header.Peek("Transfer-Encoding")) == 0 && len(header.Peek("Content-Length")) == 0
		if !c.settled { // reading has no body, and guessing where one ends invites smuggling
			ctx.SetConnectionClose()
		}
	}
	if d.draining.Load() {
		ctx.SetConnectionClose()
	}
	r := Request{
		Method: method, Path: path, Query: query,
		AcceptEncoding:  borrow(header.Peek("Accept-Encoding")),
		IfNoneMatch:     borrow(header.Peek("If-None-Match")),
		IfModifiedSince: borrow(header.Peek("If-Modified-Since")),
		Range:           borrow(header.Peek("Range")),
		IfRange:         borrow(header.Peek("If-Range")),
		TLS:             c != nil && c.state != nil,
	}
	a := d.plane.Respond(r)
	d.stats.answered(a.Status)
	ctx.SetStatusCode(a.Status)
	out := &ctx.Response.Header
	for i := range a.Headers {
		out.SetCanonical(lend(a.Headers[i][0]), lend(a.Headers[i][1]))
	}
	head := method == http.MethodHead
	switch {
	case a.File != nil && head:
		ctx.Response.SkipBody = true
		out.SetContentLength(int(a.File.Length))
	case a.File != nil:
		d.fastFile(ctx, a.File)
	default:
		ctx.Response.SetBodyRaw(a.Body)
		ctx.Response.SkipBody = head
	}
}

// fastFile streams a stored file, within the limit of streams.
func (d *door) fastFile(ctx *fasthttp.RequestCtx, c *Content) {
	release, ok := d.stream()
	if !ok {
		d.fastLater(ctx)
		return
	}
	r, err := c.Open(context.Background())
	if err != nil {
		release()
		slog.Error("published file cannot be read", "blob", c.Ref.Hash, "error", err)
		d.fastLater(ctx)
		return
	}
	ctx.SetBodyStream(&streamed{Reader: io.LimitReader(r, c.Length), close: sync.OnceValue(func() error {
		release()
		return r.Close()
	})}, int(c.Length))
}

// fastLater replaces the answer by a 503.
func (d *door) fastLater(ctx *fasthttp.RequestCtx) {
	ctx.Response.Reset()
	a := d.plane.later(Request{Method: http.MethodGet}, "Nhiều tệp đang được tải cùng lúc. Hãy thử lại sau ít giây.")
	ctx.SetStatusCode(a.Status)
	for _, h := range a.Headers {
		ctx.Response.Header.Set(h[0], h[1])
	}
	ctx.Response.SetBodyRaw(a.Body)
}

// streamed is a body that is released when fasthttp has sent it or given up.
type streamed struct {
	io.Reader
	close func() error
}

func (s *streamed) Close() error { return s.close() }

// fastError answers what fasthttp could not read as a request. A header larger than the buffer is
// most often the address of a search for a whole pasted page.
func (d *door) fastError(ctx *fasthttp.RequestCtx, err error) {
	status, body := http.StatusBadRequest, []byte("400\n")
	ctx.Response.Reset()
	ctx.Response.Header.Set("Content-Type", "text/plain; charset=utf-8")
	if _, small := errors.AsType[*fasthttp.ErrSmallBuffer](err); small {
		status, body = http.StatusRequestHeaderFieldsTooLarge, notice(tinyTitle(http.StatusRequestURITooLong), addressTooLong, "")
		ctx.Response.Header.Set("Content-Type", HTMLType)
		ctx.Response.Header.Set("Cache-Control", "no-store")
		if c, ok := ctx.Conn().(*conn); ok {
			c.talking = true
		}
	}
	ctx.SetStatusCode(status)
	ctx.SetConnectionClose()
	ctx.Response.SetBodyRaw(body)
	d.stats.answered(status)
}

// lend reads a string as bytes without a copy, for callees that only read them.
func lend(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

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
