package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/publish"
)

// A Server is the running program: the public side at once, the office side as soon as the database
// answers.
type Server struct {
	config  config.Config
	options Options
	site    *publish.Site
	plane   *publish.Plane
	stats   publish.Stats
	app     atomic.Pointer[App]
	version string
	begun   time.Time
}

// NewServer opens the public side.
func NewServer(ctx context.Context, c config.Config, version string, o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	site, err := OpenSite(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, options: o, site: site, plane: publish.NewPlane(site), version: version, begun: time.Now()}
	if c.Secure() {
		s.plane.BehindHTTPS()
	}
	s.dynamic()
	s.plane.Ready(s.ready)
	return s, nil
}

// App gives the office side; nil until it is open.
func (s *Server) App() *App { return s.app.Load() }

// Run serves until ctx ends, then drains: requests and jobs under way finish. opened is called with
// the office side once it is open, before the first job runs; listening with the address of the
// public pages (of the office when there are none) once everything it serves is answered. Both may
// be nil.
func (s *Server) Run(ctx context.Context, opened func(context.Context, *App) error, listening func(address string)) error {
	doors, err := s.listen()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	run := func(what string, f func(context.Context) error) {
		running.Go(func() {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				stop(fmt.Errorf("%s: %w", what, err))
			}
		})
	}
	run("published site", func(ctx context.Context) error { s.site.Follow(ctx); return nil })
	if doors.public != nil {
		run("public door", func(ctx context.Context) error { return s.servePublic(ctx, doors) })
	}
	if doors.office != nil {
		run("office door", func(ctx context.Context) error { return s.serveOffice(ctx, doors) })
	}
	if s.config.Plane != "public" {
		run("office side", func(ctx context.Context) error { return s.open(ctx, opened, run) })
	}
	if listening != nil {
		run("start", func(ctx context.Context) error { return s.announce(ctx, doors.address(), listening) })
	}
	<-ctx.Done()
	running.Wait()
	if a := s.app.Load(); a != nil {
		if err := a.Close(); err != nil {
			slog.Error("close the database", "error", err)
		}
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// open opens the office side. While public pages can be served it tries again whatever is in the
// way: readers must not lose them because of a full disk or a wrong password. Only a database newer
// than the program ends it, for that does not mend itself and is a wrong installation (ErrNewer).
// Before anything was published any failure ends the program, so that a first start says at once
// what is wrong.
func (s *Server) open(ctx context.Context, opened func(context.Context, *App) error, run func(string, func(context.Context) error)) error {
	var a *App
	err := s.insist(ctx, "the office side cannot open, serving what is published", func() (err error) {
		a, err = s.begin(ctx, opened)
		return err
	})
	if err != nil || a == nil {
		return err
	}
	s.app.Store(a)
	context.AfterFunc(ctx, a.Office.Drain) // before the doors wait for requests under way
	if s.options.Paced {
		return nil
	}
	run("jobs", func(ctx context.Context) error {
		return s.insist(ctx, "background jobs cannot begin", func() error { return a.Runner.Run(ctx) })
	})
	run("call sheets", func(ctx context.Context) error { a.keepSheets(ctx); return nil })
	run("inspection", func(ctx context.Context) error { a.warm(ctx); return nil })
	return nil
}

// insist does something again, with growing pauses, until it succeeds or ctx ends. It gives up on what
// ends the program.
func (s *Server) insist(ctx context.Context, trouble string, do func() error) error {
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		err := do()
		if err == nil || s.site.Snapshot() == nil || errors.Is(err, db.ErrNewer) {
			return err
		}
		slog.ErrorContext(ctx, trouble, "error", err, "again_in", pause.String())
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// begin opens the office side and makes it ready for its first request.
func (s *Server) begin(ctx context.Context, opened func(context.Context, *App) error) (*App, error) {
	a, err := Open(ctx, s.config, s.site, s.options)
	if err != nil {
		return nil, err
	}
	if opened != nil {
		err = opened(access.System(ctx, "Hệ thống"), a)
	}
	if err == nil {
		err = a.refreshAfterUpgrade(ctx, s.version)
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// restBeforeWarming keeps the compiling of the PDF reader, five seconds of one core on a first start,
// out of the way of the first pages.
const restBeforeWarming = 20 * time.Second

// warm makes the first upload of a PDF as quick as the later ones.
func (a *App) warm(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(restBeforeWarming):
	}
	if err := a.Inspector.Warm(ctx); err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "prepare the inspection of PDF files", "error", err)
	}
}

// announce waits until readers and staff are answered and says so.
func (s *Server) announce(ctx context.Context, address string, listening func(string)) error {
	for s.config.Plane != "office" && s.ready() != nil || s.config.Plane != "public" && s.app.Load() == nil {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(20 * time.Millisecond):
		}
	}
	listening(address)
	return nil
}

// ready is what /readyz asks beside the public pages: readers find the front page.
func (s *Server) ready() error {
	snap := s.site.Snapshot()
	if snap == nil || !snap.Has("/") {
		return errors.New("nothing is published yet")
	}
	return nil
}

func (s *Server) certificate() (*tls.Config, error) {
	if s.config.TLSCert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(s.config.TLSCert, s.config.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w (tls-cert and tls-key must be PEM files that belong together)", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}

// metrics writes figures for a monitor in the text form that Prometheus reads. Only this machine may
// ask, and not through a proxy on it: figures of the office are not for the public.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	forwarded := r.Header.Get("X-Forwarded-For")+r.Header.Get("Forwarded") != ""
	if err != nil || !net.ParseIP(host).IsLoopback() || forwarded {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	s.stats.Each(func(name string, value int64) { fmt.Fprintf(w, "bangvang_%s %d\n", name, value) })
	fmt.Fprintf(w, "bangvang_up_seconds %d\n", int64(time.Since(s.begun).Seconds()))
	if snap := s.site.Snapshot(); snap != nil {
		fmt.Fprintf(w, "bangvang_published_pages %d\nbangvang_published_generation %d\n", snap.Len(), snap.Generation())
	}
	if a := s.app.Load(); a != nil {
		if due, running, failed, err := jobs.Counts(r.Context(), a.DB.Read(), a.Clock.Millis()); err == nil {
			fmt.Fprintf(w, "bangvang_jobs{state=\"due\"} %d\nbangvang_jobs{state=\"running\"} %d\nbangvang_jobs{state=\"failed\"} %d\n", due, running, failed)
		}
	}
}
