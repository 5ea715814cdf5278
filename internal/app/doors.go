package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web"
)

// doors are the addresses the program answers on. public serves the public pages, and the office
// pages with them unless office is there; either is nil when there is none.
type doors struct {
	public, office net.Listener
	tls            *tls.Config // nil: plain HTTP
}

// address is where the program is found.
func (d doors) address() string {
	if d.public == nil {
		return d.office.Addr().String()
	}
	return d.public.Addr().String()
}

// listen opens the doors of the planes this process serves.
func (s *Server) listen() (d doors, err error) {
	if d.tls, err = s.certificate(); err != nil {
		return d, err
	}
	if s.config.Plane != "office" {
		if d.public, err = net.Listen("tcp", s.config.Addr); err != nil {
			return d, fmt.Errorf("listen on %s: %w (is another program there? choose another with --addr)", s.config.Addr, err)
		}
	}
	if s.config.Plane == "public" || !s.config.Apart() {
		return d, nil
	}
	at := cmp.Or(s.config.OfficeAddr, s.config.Addr)
	if d.office, err = net.Listen("tcp", at); err != nil {
		err = fmt.Errorf("listen on %s: %w (choose another with --office-addr)", at, err)
		if d.public != nil {
			err = errors.Join(err, d.public.Close())
		}
	}
	return d, err
}

// servePublic serves the public door. What it does not answer from the snapshot is the office's, or
// nobody's when the office is not behind this door.
func (s *Server) servePublic(ctx context.Context, d doors) error {
	others := s.office
	if d.office != nil || s.config.Plane == "public" {
		others = s.publicOnly
	}
	return publish.Serve(ctx, d.public, s.plane, http.HandlerFunc(others), &s.stats, publish.ServeOptions{TLS: d.tls})
}

// drainOffice is how long requests under way have to finish when the office door closes.
const drainOffice = 15 * time.Second

// serveOffice serves the office door of its own.
func (s *Server) serveOffice(ctx context.Context, d doors) error {
	l := d.office
	if d.tls != nil {
		l = tls.NewListener(l, d.tls)
	}
	server := web.NewServer(http.HandlerFunc(s.officeOnly))
	drained := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(drained)
		drain, cancel := context.WithTimeout(context.Background(), drainOffice)
		defer cancel()
		if err := server.Shutdown(drain); err != nil {
			slog.Warn("office requests cut off at the end", "error", err)
		}
	})
	err := server.Serve(l)
	if !stop() {
		<-drained // requests under way still need the database
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// office answers on a shared door what the public plane does not: the machine interface's public part
// from the snapshot, figures for a monitor, and the office pages once they are there.
func (s *Server) office(w http.ResponseWriter, r *http.Request) {
	if s.publicPart(w, r) {
		return
	}
	a := s.app.Load()
	switch {
	case a == nil:
		notYet(w)
	case a.Office.Owns(r):
		a.Office.ServeHTTP(w, r)
	default:
		s.plane.ServeHTTP(w, r)
	}
}

// publicOnly answers on a public door without an office behind it.
func (s *Server) publicOnly(w http.ResponseWriter, r *http.Request) {
	if !s.publicPart(w, r) {
		s.plane.ServeHTTP(w, r)
	}
}

// publicPart answers those paths of the machine interface that are functions of the snapshot.
func (s *Server) publicPart(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case "/api/v1/search", "/api/openapi.json":
		s.plane.ServeHTTP(w, r)
		return true
	case "/metrics":
		s.metrics(w, r)
		return true
	}
	return false
}

// officeOnly answers on the office's own door. It serves no public page; who follows a link to one is
// led to the public address.
func (s *Server) officeOnly(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/healthz":
		probe(w, nil, "ok")
		return
	case "/readyz":
		probe(w, s.officeReady(r.Context()), "ready")
		return
	case "/metrics":
		s.metrics(w, r)
		return
	case "/api/v1/search", "/api/openapi.json":
		s.leadOut(w, r)
		return
	}
	a := s.app.Load()
	switch {
	case a == nil:
		notYet(w)
	case a.Office.Owns(r):
		a.Office.ServeHTTP(w, r)
	default:
		s.leadOut(w, r)
	}
}

// leadOut leads to the same path on the public address.
func (s *Server) leadOut(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || s.config.BaseURL == s.config.OfficeURL {
		http.Error(w, fault.Message(&fault.Error{Kind: fault.NotFound}), http.StatusNotFound)
		return
	}
	to := s.config.BaseURL + r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, to, http.StatusFound)
}

// askDatabase is how long /readyz waits for the database.
const askDatabase = 2 * time.Second

// officeReady is what the office door's /readyz asks: staff find their pages, and the database answers.
func (s *Server) officeReady(ctx context.Context) error {
	a := s.app.Load()
	if a == nil {
		return errors.New("the office side is not open")
	}
	ctx, cancel := context.WithTimeout(ctx, askDatabase)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		slog.WarnContext(ctx, "not ready", "error", err)
		return errors.New("the database does not answer")
	}
	return nil
}

func probe(w http.ResponseWriter, err error, good string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		good = err.Error()
	}
	fmt.Fprintln(w, good)
}

// notYet answers while the office side is not open.
func notYet(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "3")
	http.Error(w, fault.Message(&fault.Error{Kind: fault.Busy}), http.StatusServiceUnavailable)
}
