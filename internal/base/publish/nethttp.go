package publish

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// ServeHTTP answers public requests through net/http: HTTP/2, public paths on an office
// connection, tests.
func (p *Plane) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, query := splitTarget(r.RequestURI)
	a := p.Respond(Request{
		Method: r.Method, Path: path, Query: query, TLS: r.TLS != nil,
		AcceptEncoding:  r.Header.Get("Accept-Encoding"),
		IfNoneMatch:     r.Header.Get("If-None-Match"),
		IfModifiedSince: r.Header.Get("If-Modified-Since"),
		Range:           r.Header.Get("Range"),
		IfRange:         r.Header.Get("If-Range"),
	})
	var file io.ReadCloser
	if a.File != nil && r.Method != http.MethodHead {
		var err error
		if file, err = a.File.Open(r.Context()); err != nil {
			slog.ErrorContext(r.Context(), "published file cannot be read", "blob", a.File.Ref.Hash, "error", err)
			a = p.later(Request{Method: http.MethodGet}, "Tệp này tạm thời chưa tải được. Hãy thử lại sau ít phút.")
		} else {
			defer file.Close()
		}
	}
	header := w.Header()
	for _, h := range a.Headers {
		header[h[0]] = []string{h[1]}
	}
	length := int64(len(a.Body))
	if a.File != nil {
		length = a.File.Length
	}
	if a.Status != http.StatusNotModified {
		header["Content-Length"] = []string{strconv.FormatInt(length, 10)}
	}
	w.WriteHeader(a.Status)
	switch {
	case r.Method == http.MethodHead:
	case a.File != nil:
		// A reader that leaves in the middle is no error of ours.
		_, _ = io.CopyN(w, file, length)
	default:
		_, _ = w.Write(a.Body)
	}
}

// newNetHTTP makes the server for everything but public requests over HTTP/1.1: the office
// plane, POST, HTTP/2.
func (d *door) newNetHTTP(office http.Handler) *http.Server {
	return &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c, ok := r.Context().Value(connKey{}).(*conn); ok {
				d.asked(c)
				if c.state != nil {
					r.TLS = c.state // net/http sees only the wrapper
				}
			}
			path, _ := splitTarget(r.RequestURI)
			if office != nil && !d.routes.public(r.Method, path) {
				office.ServeHTTP(w, r)
				return
			}
			if d.over() {
				w.Header().Set("Retry-After", retryAfter())
				http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
				return
			}
			defer d.inFlight.Add(-1)
			counted := &statusWriter{ResponseWriter: w}
			d.plane.ServeHTTP(counted, r)
			d.stats.answered(counted.status)
		}),
		ReadHeaderTimeout: d.opts.HeaderTimeout,
		IdleTimeout:       d.opts.IdleTimeout,
		MaxHeaderBytes:    d.opts.MaxHeader,
		// A reader of HTTP/2 that takes nothing must not hold its answer for ever.
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: 100, WriteByteTimeout: 30 * time.Second, SendPingTimeout: 30 * time.Second},
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
}

type connKey struct{}

// statusWriter remembers the status for the counters.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// channel is a listener that is given its connections.
type channel struct {
	address net.Addr
	conns   chan net.Conn
	closed  chan struct{}
	close   func()
}

func newChannel(address net.Addr) *channel {
	closed := make(chan struct{})
	return &channel{address, make(chan net.Conn), closed, sync.OnceFunc(func() { close(closed) })}
}

func (l *channel) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *channel) Close() error {
	l.close()
	return nil
}

func (l *channel) Addr() net.Addr { return l.address }

// give hands a connection over; it is closed when the server has ended.
func (l *channel) give(c net.Conn) {
	_ = c.SetDeadline(time.Time{}) // the server sets its own
	select {
	case l.conns <- c:
	case <-l.closed:
		_ = c.Close()
	}
}
