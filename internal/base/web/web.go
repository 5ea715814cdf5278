// Package web is the office plane: everything under /quan-tri/ and the machine interface under
// /api/. It knows sessions, forms, uploads, limits and error pages, and nothing of exams.
//
// A capability registers its pages on an [Office]:
//
//	office.GET("/quan-tri/van-ban/{id}", documents.ActRead, h.show)
//	office.POST("/quan-tri/van-ban/{id}", documents.ActEdit, h.save)
//
// and writes handlers that read the request through [Ctx], call one verb, and answer:
//
//	func (h *pages) save(c *web.Ctx) error {
//		f := documents.Form{Number: c.Text("number"), IssuedOn: c.Day("issued_on")}
//		err := c.Err()
//		if err == nil {
//			err = h.service.Edit(c.Context(), id, c.Version(), f)
//		}
//		if err != nil {
//			return c.Again(err, func(form ui.Form) (ui.Filled, error) { return h.editPage(c, form) })
//		}
//		return c.See("/quan-tri/van-ban/"+id, "Đã lưu văn bản %s.", f.Number)
//	}
//
// What it promises: the route's action is asked for before a byte of the body is read; a form that
// was refused comes back filled; a form sent twice is saved once (once.go); errors of every kind
// become a page that says what to do next (errors.go); nothing personal reaches the request log.
//
// Start reading at [Office.ServeHTTP].
package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
)

// Actions that ask for no right of the permission table.
const (
	Public   access.Action = "web.public"  // no login
	Started  access.Action = "web.started" // a session, also one in which something is due
	LoggedIn access.Action = ""            // a session in which nothing is due
)

// A Handler answers one request. An error becomes a page or a problem document by its fault kind.
type Handler func(c *Ctx) error

// SessionInfo is what the office frame and the router need to know of a session.
type SessionInfo struct {
	ID    string
	Roles string // what the person may act as, in words, for the frame
	Due   string // the path where something must be done first (second factor, new password); "" = nothing
}

// Sessions finds who acts with a session token.
type Sessions interface {
	// Actor gives the actor and session of a token; fault.Unauthenticated when there is none.
	Actor(ctx context.Context, token string) (access.Actor, SessionInfo, error)
}

// Tokens finds who acts with a bearer token of the machine interface.
type Tokens interface {
	// Bearer gives the actor of a token that may be used for scope; fault.Unauthenticated for an
	// unknown or spent token, fault.Denied for one without that scope.
	Bearer(ctx context.Context, token, scope string) (access.Actor, error)
}

// Config is what an Office is made of.
type Config struct {
	DB       *db.DB // keeps which forms were saved (once.go)
	Policy   *access.Policy
	Sessions Sessions
	Tokens   Tokens       // nil: there is no machine interface
	Clock    *clock.Clock // nil: the system's
	Log      *slog.Logger // nil: slog.Default
	Secure   bool         // people reach it over https: cookies are marked so
	Key      []byte       // signs flash messages; the same on all nodes; nil: made for this process
	Proxies  []netip.Prefix
	Site     func(ctx context.Context) ui.Site
	Nav      func(ctx context.Context) []ui.NavGroup // for the actor of ctx
	Account  string                                  // path of one's own account page

	// RatePerSecond and Burst bound the requests of one person, and those of one address by whom nobody
	// knows; zero means 50 and 400.
	RatePerSecond, Burst float64
}

// Paths that this package and the people's pages agree on.
const (
	LoginPath  = "/quan-tri/dang-nhap"
	LogoutPath = "/quan-tri/dang-xuat"
	officeRoot = "/quan-tri/"
	apiRoot    = "/api/"
)

// An Office serves the office plane. Register routes first, then serve.
type Office struct {
	Config
	mux      *http.ServeMux
	routes   []*route
	foreign  *http.CrossOriginProtection
	limiter  *Limiter
	assets   map[string]asset
	security [][2]string
	streams  streams
}

// NewOffice makes an office without routes.
func NewOffice(config Config) *Office {
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Key == nil {
		config.Key = make([]byte, 32)
		rand.Read(config.Key)
	}
	if config.RatePerSecond == 0 {
		config.RatePerSecond, config.Burst = 50, 400
	}
	o := &Office{
		Config:   config,
		mux:      http.NewServeMux(),
		foreign:  http.NewCrossOriginProtection(),
		limiter:  NewLimiter(config.RatePerSecond, config.Burst, 20_000, config.Clock),
		assets:   map[string]asset{},
		security: SecurityHeaders(config.Secure),
		streams:  streams{of: map[string]int{}, drain: make(chan struct{})},
	}
	for _, a := range ui.Assets() {
		o.Asset(a)
	}
	for _, root := range []string{officeRoot, apiRoot} {
		o.handle(&route{Route: Route{Pattern: root, Action: Public, API: root == apiRoot}, handler: o.unknown, fallback: true})
	}
	return o
}

// A Route is one registered door.
type Route struct {
	Method  string
	Pattern string        // as given to [http.ServeMux], without the method
	Action  access.Action // what the actor must be allowed somewhere; the verb asks again, exactly
	Scope   string        // of the machine interface: what the token must be made for
	API     bool
	Stream  bool // the answer goes on while the page is open ([Ctx.Stream])
}

type route struct {
	Route
	handler    Handler
	limit      int64
	timeout    time.Duration
	compressed bool
	fallback   bool
}

// An Option changes a route's limits.
type Option func(*route)

// MaxBody lets a request bring up to n bytes; without it a megabyte.
func MaxBody(n int64) Option { return func(r *route) { r.limit = n } }

// Timeout gives a handler d to answer; without it 30 seconds.
func Timeout(d time.Duration) Option { return func(r *route) { r.timeout = d } }

const (
	defaultLimit   = 1 << 20
	defaultTimeout = 30 * time.Second
)

// GET registers a page for those who may do act somewhere. pattern is a whole path,
// "/quan-tri/van-ban/{id}"; HEAD is answered too. It panics on a pattern registered before.
func (o *Office) GET(pattern string, act access.Action, h Handler, options ...Option) {
	o.register(Route{Method: http.MethodGet, Pattern: pattern, Action: act}, h, options)
}

// POST registers what a form is sent to.
func (o *Office) POST(pattern string, act access.Action, h Handler, options ...Option) {
	o.register(Route{Method: http.MethodPost, Pattern: pattern, Action: act}, h, options)
}

// API registers a door of the machine interface: answers and errors are JSON, the actor comes
// from a bearer token made for scope ("" = for anything). With action [Public] no token is asked.
func (o *Office) API(method, pattern, scope string, act access.Action, h Handler, options ...Option) {
	o.register(Route{Method: method, Pattern: pattern, Action: act, Scope: scope, API: true}, h, options)
}

func (o *Office) register(info Route, h Handler, options []Option) {
	if root := map[bool]string{false: officeRoot, true: apiRoot}[info.API]; !strings.HasPrefix(info.Pattern, root) {
		panic("web: " + info.Pattern + " does not begin with " + root)
	}
	r := &route{Route: info, handler: h}
	for _, opt := range options {
		opt(r)
	}
	o.handle(r)
	o.routes = append(o.routes, r)
}

func (o *Office) handle(r *route) {
	if r.limit == 0 {
		r.limit = defaultLimit
	}
	if r.timeout == 0 {
		r.timeout = defaultTimeout
	}
	o.mux.Handle(strings.TrimSpace(r.Method+" "+r.Pattern), door{o, r})
}

// Routes lists every registered door by pattern and method: the golden table of who may open which
// is made from it.
func (o *Office) Routes() []Route {
	out := make([]Route, len(o.routes))
	for i, r := range o.routes {
		out[i] = r.Route
	}
	slices.SortFunc(out, func(a, b Route) int {
		return strings.Compare(a.Pattern+" "+a.Method, b.Pattern+" "+b.Method)
	})
	return out
}

// unknown answers a path that no route has, or has only for another method. One typed with accents,
// capitals or a slash at its end leads to the page it means.
func (o *Office) unknown(c *Ctx) error {
	if to := o.meant(c.R); to != "" {
		http.Redirect(c.W, c.R, to, http.StatusMovedPermanently)
		return nil
	}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := c.R.Clone(c.R.Context())
		other.Method = method
		if h, _ := o.mux.Handler(other); h != nil {
			if d, ok := h.(door); ok && !d.route.fallback {
				c.W.Header().Add("Allow", method)
				c.status = http.StatusMethodNotAllowed
			}
		}
	}
	return &fault.Error{Kind: fault.NotFound}
}

// meant gives the address of the page that a typed one means, "" when there is none.
func (o *Office) meant(r *http.Request) string {
	to := path.Clean(text.Fold(r.URL.Path))
	if to == r.URL.Path || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ""
	}
	other := r.Clone(r.Context())
	other.URL = &url.URL{Path: to, RawQuery: r.URL.RawQuery}
	h, _ := o.mux.Handler(other)
	if d, ok := h.(door); !ok || d.route.fallback || d.route.API {
		return ""
	}
	return other.URL.String()
}

// NewServer gives an HTTP server for handler that slow or silent clients cannot hold. Routes set
// their own deadlines for bodies and answers.
func NewServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
