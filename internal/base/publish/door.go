package publish

import (
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// ServeOptions are the limits of a door. The zero value of each means its default.
type ServeOptions struct {
	// Office are the paths, and everything below them, that the office handler answers even when
	// they are only read. Default: /quan-tri, /api, /metrics.
	Office []string
	// TLS makes the door speak TLS, with HTTP/2 for who offers it. Nil: plain HTTP.
	TLS *tls.Config

	PublicConns   int           // public connections, HTTP/2 among them; default 8192
	OfficeConns   int           // connections of the office plane; default 2048
	NewConns      int           // connections that have not sent a request yet; default 1024
	InFlight      int           // public requests being answered through net/http; default 1024
	Streams       int           // public files being sent over HTTP/1.1; default 512
	MaxHeader     int           // bytes of a request's header; default 16384
	HeaderTimeout time.Duration // for the TLS handshake and a request's header; default 10 s
	IdleTimeout   time.Duration // between two requests of a connection; default 75 s
	WriteTimeout  time.Duration // for sending one public answer; default 5 min
	DrainTimeout  time.Duration // for requests under way when the door closes; default 15 s
}

func (o ServeOptions) withDefaults() ServeOptions {
	if o.Office == nil {
		o.Office = []string{"/quan-tri", "/api", "/metrics"}
	}
	for _, d := range []struct {
		value    *int
		standard int
	}{{&o.PublicConns, 8192}, {&o.OfficeConns, 2048}, {&o.NewConns, 1024}, {&o.InFlight, 1024}, {&o.Streams, 512}, {&o.MaxHeader, 16 << 10}} {
		if *d.value <= 0 {
			*d.value = d.standard
		}
	}
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&o.HeaderTimeout, 10 * time.Second}, {&o.IdleTimeout, 75 * time.Second}, {&o.WriteTimeout, 5 * time.Minute}, {&o.DrainTimeout, 15 * time.Second}} {
		if *d.value <= 0 {
			*d.value = d.standard
		}
	}
	return o
}

// Serve answers both planes on one listener until ctx ends, then lets requests under way finish.
//
// It looks at each new connection's first request line. Reading a public path is answered
// here, because no library reaches the figures of architecture §7; office paths, everything that is sent
// to us, and HTTP/2 go to net/http. A public connection that turns to the office changes over by itself.
// The planes have separate budgets, so that a storm outside does not delay the office; over
// budget, a connection gets a small 503 with a spread-out Retry-After. With HTTP/2 a connection's
// purpose is not known before its requests: it counts as public. office may be nil: then only the
// public plane is served. stats, when not nil, counts.
//
// It returns nil after ctx ended, or the listener's error.
func Serve(ctx context.Context, l net.Listener, plane *Plane, office http.Handler, stats *Stats, o ServeOptions) error {
	if stats == nil {
		stats = new(Stats)
	}
	d := &door{opts: o.withDefaults(), plane: plane, stats: stats, quiet: list.New(), asking: list.New(), public: map[*conn]struct{}{}, given: newChannel(l.Addr())}
	d.routes = d.opts.Office
	d.slow = d.newNetHTTP(office)
	d.slow.ConnState = d.slowState
	if d.opts.TLS != nil {
		d.tls = d.opts.TLS.Clone()
		d.tls.NextProtos = []string{"h2", "http/1.1"}
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = d.slow.Serve(d.given) }) // ends when the channel is closed
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	err := d.accept(l)
	stop()
	_ = l.Close()
	d.drain()
	serving.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("public door: %w", err)
}

// door is one listener being served.
type door struct {
	opts   ServeOptions
	plane  *Plane
	routes routes
	stats  *Stats
	tls    *tls.Config
	date   date
	slow   *http.Server
	given  *channel

	inFlight atomic.Int64
	streams  atomic.Int64
	draining atomic.Bool

	mu         sync.Mutex
	quiet      *list.List // of net.Conn: those that have sent no request yet, oldest first
	asking     *list.List // of *conn: those of the office whose first request has not come whole, oldest first
	public     map[*conn]struct{}
	h2         int
	office     int
	connecting sync.WaitGroup // goroutines that serve a connection
}

// accept takes connections until the listener is closed. When the system has no more file
// descriptors it waits for some to come back.
func (d *door) accept(l net.Listener) error {
	pause := 5 * time.Millisecond
	for {
		c, err := l.Accept()
		switch {
		case err == nil:
			pause = 5 * time.Millisecond
			d.connecting.Go(func() { d.serve(c) })
		case errors.Is(err, net.ErrClosed):
			return err
		default:
			if temporary, ok := errors.AsType[net.Error](err); !ok || temporary.Timeout() {
				return err
			}
			slog.Error("connection not accepted", "error", err)
			time.Sleep(pause)
			pause = min(2*pause, time.Second)
		}
	}
}

// serve reads a new connection's first line and gives it to its transport.
func (d *door) serve(raw net.Conn) {
	d.stats.Accepted.Add(1)
	known := d.newcomer(raw)
	_ = raw.SetDeadline(time.Now().Add(d.opts.HeaderTimeout))
	c := &conn{Conn: raw}
	if d.tls != nil {
		secure := tls.Server(raw, d.tls)
		if err := secure.Handshake(); err != nil {
			known()
			_ = raw.Close()
			return
		}
		state := secure.ConnectionState()
		if state.NegotiatedProtocol == "h2" {
			known()
			d.serveH2(secure)
			return
		}
		c.Conn, c.state = secure, &state
	}
	public, err := d.peek(c)
	known()
	switch {
	case err != nil:
		_ = c.Close()
	case public:
		d.servePublic(c)
	default:
		d.serveOffice(c)
	}
}

// newcomer puts a connection on the list of those that have sent nothing yet. When there are too
// many, the one that has been silent longest goes: a reader's request line comes within a round
// trip, a silent flood's never. The function takes it off the list.
func (d *door) newcomer(c net.Conn) (known func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.quiet.PushBack(c)
	if d.quiet.Len() > d.opts.NewConns {
		d.stats.Refused.Add(1)
		oldest := d.quiet.Front()
		_ = oldest.Value.(net.Conn).Close()
		d.quiet.Remove(oldest)
	}
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.quiet.Remove(e) // no harm when it went already
	}
}

// errBadRequest says a connection's first bytes are no HTTP request.
var errBadRequest = errors.New("not an HTTP request")

// peek reads until the first request line is whole and tells whose it is. What was read stays in
// c.head.
func (d *door) peek(c *conn) (public bool, err error) {
	limit := d.opts.MaxHeader
	buf := make([]byte, 0, 1024)
	for {
		method, target, complete, ok := firstLine(buf)
		switch {
		case complete && !ok:
			_, _ = c.Conn.Write([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
			return false, errBadRequest
		case complete:
			c.head = buf
			path, _ := splitTarget(string(target))
			return d.routes.public(string(method), path), nil
		case len(buf) >= limit:
			tooLong(c.Conn)
			return false, errBadRequest
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := c.Conn.Read(buf[len(buf):min(cap(buf), limit)])
		if err != nil {
			return false, err
		}
		buf = buf[:len(buf)+n]
	}
}

// servePublic answers a connection until it ends or turns to the office.
func (d *door) servePublic(c *conn) {
	if !d.enter(c) {
		refuse(c)
		return
	}
	turned := d.converse(c)
	d.leave(c)
	if !turned {
		_ = c.Close()
		return
	}
	d.stats.Handed.Add(1)
	d.serveOffice(c)
}

// enter counts a public connection in, unless the budget is used up or the door closes.
func (d *door) enter(c *conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.public)+d.h2 >= d.opts.PublicConns || d.draining.Load() {
		d.stats.Refused.Add(1)
		return false
	}
	d.public[c] = struct{}{}
	return true
}

func (d *door) leave(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.public, c)
}

// serveOffice gives a connection to net/http within the office's budget.
func (d *door) serveOffice(c *conn) {
	if !d.enterOffice(c) {
		refuse(c)
		return
	}
	d.given.give(c)
}

// enterOffice counts a connection of the office in. When there are too many, the one that has been
// sending its first request longest goes: a clerk's comes within a round trip or two, that of who only
// wants to hold the place never.
func (d *door) enterOffice(c *conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.office >= d.opts.OfficeConns {
		d.stats.Refused.Add(1)
		oldest := d.asking.Front()
		if oldest == nil {
			return false
		}
		d.asking.Remove(oldest)
		_ = oldest.Value.(*conn).Conn.Close()
	}
	d.office++
	c.asking = d.asking.PushBack(c)
	return true
}

// asked notes that a connection's request has come whole.
func (d *door) asked(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asking.Remove(c.asking) // no harm when it went already
}

// serveH2 gives a connection to net/http within the public budget. net/http wants the *tls.Conn
// itself.
func (d *door) serveH2(c *tls.Conn) {
	d.mu.Lock()
	ok := len(d.public)+d.h2 < d.opts.PublicConns && !d.draining.Load()
	if ok {
		d.h2++
	} else {
		d.stats.Refused.Add(1)
	}
	d.mu.Unlock()
	if !ok {
		_ = c.Close()
		return
	}
	d.given.give(c)
}

// slowState counts connections out when net/http is done with them.
func (d *door) slowState(c net.Conn, s http.ConnState) {
	if s != http.StateClosed && s != http.StateHijacked {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if plain, ok := c.(*conn); ok {
		d.office--
		d.asking.Remove(plain.asking)
	} else {
		d.h2--
	}
}

// over counts a public request in through net/http; true means there is no room for it.
func (d *door) over() bool {
	if d.inFlight.Add(1) > int64(d.opts.InFlight) {
		d.inFlight.Add(-1)
		d.stats.answered(http.StatusServiceUnavailable)
		return true
	}
	return false
}

// stream counts a file being sent in; release counts it out.
func (d *door) stream() (release func(), ok bool) {
	if d.streams.Add(1) > int64(d.opts.Streams) {
		d.streams.Add(-1)
		return nil, false
	}
	return func() { d.streams.Add(-1) }, true
}

// drain ends what waits, lets what is under way finish, and closes the rest when its time is up.
func (d *door) drain() {
	d.draining.Store(true)
	d.mu.Lock()
	for e := d.quiet.Front(); e != nil; e = e.Next() {
		_ = e.Value.(net.Conn).Close()
	}
	d.mu.Unlock()
	deadline := time.Now().Add(d.opts.DrainTimeout)
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	var slow sync.WaitGroup
	slow.Go(func() {
		_ = d.given.Close()
		if d.slow.Shutdown(ctx) != nil {
			_ = d.slow.Close()
		}
	})
	done := make(chan struct{})
	go func() { d.connecting.Wait(); close(done) }()
	for {
		d.mu.Lock()
		for c := range d.public {
			if c.waiting.Load() || time.Now().After(deadline) {
				_ = c.Conn.Close()
			}
		}
		d.mu.Unlock()
		select {
		case <-done:
			slow.Wait()
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Stats count what passed a door, since the start. They are read for /metrics.
type Stats struct {
	Accepted atomic.Int64 // connections
	Refused  atomic.Int64 // connections over budget, or silent for too long in a crowd
	Handed   atomic.Int64 // public connections that turned to the office
	answers  [6]atomic.Int64
}

func (s *Stats) answered(status int) {
	if class := status / 100; class > 0 && class < len(s.answers) {
		s.answers[class].Add(1)
	}
}

// Each calls fn with every counter: its name in the form metrics have it, and its value.
func (s *Stats) Each(fn func(name string, value int64)) {
	fn("public_connections_accepted_total", s.Accepted.Load())
	fn("public_connections_refused_total", s.Refused.Load())
	fn("public_connections_handed_total", s.Handed.Load())
	for class := 2; class < len(s.answers); class++ {
		fn("public_answers_total{class=\""+strconv.Itoa(class)+"xx\"}", s.answers[class].Load())
	}
}
