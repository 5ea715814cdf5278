package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
)

// ServeHTTP answers one request: assets at once; everything else gets an id, headers, a place in
// the rate limit, and then its door.
func (o *Office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a, ok := o.assets[r.URL.Path]; ok && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		serveAsset(w, r, a)
		return
	}
	o.mux.ServeHTTP(w, r)
}

// Owns tells whether the request is the office plane's to answer. What is not is the public plane's,
// whatever its method.
func (o *Office) Owns(r *http.Request) bool {
	_, asset := o.assets[r.URL.Path]
	_, pattern := o.mux.Handler(r)
	return asset || pattern != ""
}

func serveAsset(w http.ResponseWriter, r *http.Request, a asset) {
	h, body := w.Header(), a.Body
	h.Set("Content-Type", a.Type)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=3600")
	if a.Immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if a.packed != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesPacked(r) {
			h.Set("Content-Encoding", "gzip")
			body = a.packed
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// A door is a route as the mux calls it.
type door struct {
	office *Office
	route  *route
}

// ServeHTTP runs the route between the common parts: id, log line, headers, recovery.
func (d door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	rec := &recorder{ResponseWriter: w}
	c := &Ctx{W: rec, R: r, rec: rec, office: d.office, route: d.route, id: requestID()}
	h := w.Header()
	for _, pair := range d.office.security {
		h.Set(pair[0], pair[1])
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", c.id)
	defer func() {
		if c.R.MultipartForm != nil {
			c.R.MultipartForm.RemoveAll() // the uploads' temporary files
		}
		d.office.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("id", c.id), slog.String("method", r.Method),
			slog.String("route", d.route.Pattern), slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes),
			slog.Duration("took", time.Since(began).Round(time.Microsecond)))
	}()
	if err := c.run(); err != nil {
		c.fail(err)
	}
}

// run lets the request through the common checks, in the order of their cost, and calls the
// handler. A panic becomes an error with its stack.
func (c *Ctx) run() (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(c.R.Context(), c.route.timeout)
	defer cancel()
	c.R = c.R.WithContext(ctx)
	c.deadlines()
	unknown := c.identify()
	if ok, wait := c.office.limiter.Allow(c.sender()); !ok {
		return c.tooMany(wait)
	}
	if err := c.office.foreign.Check(c.R); err != nil && !c.route.API {
		return fault.New(fault.Denied, "Yêu cầu này được gửi từ một trang web khác nên không được nhận. Hãy mở trang quản trị và làm lại tại đó: %w", err)
	}
	c.body = c.R.Body
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, c.route.limit)
	if unknown != nil {
		return unknown
	}
	if err := c.admit(); err != nil {
		return err
	}
	if err := c.parse(); err != nil {
		return err
	}
	return c.onceOnly(c.route.handler)
}

// deadlines give a slow line time for what the route lets it bring: 30 s and a second for every
// 16 KiB; and the handler's time and a minute for the answer. Writers without deadlines (tests,
// HTTP/2 streams of old) are left as they are.
func (c *Ctx) deadlines() {
	rc := http.NewResponseController(c.W)
	now := time.Now()
	body := 30*time.Second + time.Duration(c.route.limit/(16<<10))*time.Second
	for _, err := range []error{rc.SetReadDeadline(now.Add(body)), rc.SetWriteDeadline(now.Add(body + c.route.timeout + time.Minute))} {
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			c.office.Log.WarnContext(c.R.Context(), "set deadline", "id", c.id, "error", err)
		}
	}
}

// tooMany refuses a request over its sender's rate, and does not wait for a body still on its way:
// who sends many requests and then nothing would hold as many connections.
func (c *Ctx) tooMany(wait time.Duration) error {
	c.W.Header().Set("Connection", "close")
	_ = http.NewResponseController(c.W).SetReadDeadline(time.Now().Add(time.Second)) // set a moment ago by deadlines
	c.W.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
	c.status = http.StatusTooManyRequests
	from := "địa chỉ mạng này"
	if access.From(c.R.Context()).Person != "" {
		from = "tài khoản này"
	}
	return fault.New(fault.Busy, "Có quá nhiều yêu cầu từ %s. Hãy đợi vài giây rồi thử lại.", from)
}

// identify finds who acts.
func (c *Ctx) identify() error {
	if c.route.API {
		return c.bearer()
	}
	return c.fromSession()
}

// sender is whose requests are counted together: the person's, so that many schools and the Council
// behind one address do not keep each other out; the address's for who is not known.
func (c *Ctx) sender() string {
	if a := access.From(c.R.Context()); a.Person != "" {
		return "person " + a.Person
	}
	return "address " + c.Address()
}

// admit asks whether who acts may open this door.
func (c *Ctx) admit() error {
	if c.session.Due != "" && c.route.Action != Started && c.route.Action != Public {
		return &due{c.session.Due}
	}
	switch c.route.Action {
	case Public, Started, LoggedIn:
		return nil
	}
	if c.office.Policy.Anywhere(c.R.Context(), c.route.Action) {
		return nil
	}
	return c.office.Policy.Check(c.R.Context(), c.route.Action, access.Place{})
}

func (c *Ctx) fromSession() error {
	c.token = cookieValue(c.R, c.office.sessionCookie())
	var actor access.Actor
	err := error(&fault.Error{Kind: fault.Unauthenticated})
	if c.token != "" {
		actor, c.session, err = c.office.Sessions.Actor(c.R.Context(), c.token)
	}
	switch {
	case err == nil:
		c.R = c.R.WithContext(access.With(c.R.Context(), actor))
	case !fault.Is(err, fault.Unauthenticated):
		return err
	case c.route.Action != Public:
		return err
	}
	return nil
}

func (c *Ctx) bearer() error {
	if c.route.Action == Public {
		return nil
	}
	token, ok := strings.CutPrefix(c.R.Header.Get("Authorization"), "Bearer ")
	if !ok || c.office.Tokens == nil {
		return fault.New(fault.Unauthenticated, "Hãy gửi mã truy cập trong tiêu đề Authorization: Bearer.")
	}
	actor, err := c.office.Tokens.Bearer(c.R.Context(), strings.TrimSpace(token), c.route.Scope)
	if err != nil {
		return err
	}
	c.R = c.R.WithContext(access.With(c.R.Context(), actor))
	return nil
}

// due says that the session has something to do first.
type due struct{ path string }

func (d *due) Error() string { return "due first: " + d.path }

// Address gives the client's IP address: the connection's, or, behind the configured proxies, the
// last address in X-Forwarded-For that is not one of them. It is personal data: class restricted.
func (c *Ctx) Address() string {
	host, err := netip.ParseAddrPort(c.R.RemoteAddr)
	if err != nil {
		return c.R.RemoteAddr
	}
	addr := host.Addr().Unmap()
	forwarded := strings.Split(strings.Join(c.R.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(forwarded) - 1; i >= 0 && c.office.trusted(addr); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(forwarded[i]))
		if err != nil {
			break
		}
		addr = next.Unmap()
	}
	return addr.String()
}

func (o *Office) trusted(addr netip.Addr) bool {
	for _, p := range o.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

func requestID() string {
	var b [6]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// localPath tells whether a path given by a client leads into the office and nowhere else.
func localPath(p string) bool {
	u, err := url.Parse(p)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(path.Clean(u.Path)+"/", officeRoot) &&
		strings.HasPrefix(p, officeRoot) && !strings.ContainsAny(p, "\\\r\n")
}

// A recorder counts what was answered, for the log.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
