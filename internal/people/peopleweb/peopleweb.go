// Package peopleweb has the office pages of package people: logging in, one's own password, second
// factor and sessions, and for administrators units, accounts, roles, the import; for leaders and
// auditors the audit log.
//
// Its handlers read the request, call one verb of [people.Service] and draw a page; what is allowed and
// what is right is decided there. [Sessions] and [Tokens] tell package web who acts.
package peopleweb

import (
	"context"
	"embed"
	"net/url"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

//go:embed pages/*.html
var files embed.FS

// Pages serves the pages. BaseURL stands before the one-time links that are handed over on paper.
type Pages struct {
	People  *people.Service
	Policy  *access.Policy
	Clock   *clock.Clock
	BaseURL string
	Words   audit.Dictionary // of every capability: the log shows no codes
}

// The addresses of these pages that others point to.
const (
	SecondPath   = "/quan-tri/ma-xac-thuc"
	PasswordPath = "/quan-tri/mat-khau"
	FactorPath   = "/quan-tri/hai-lop"
	SessionsPath = "/quan-tri/phien"
)

// Register puts the pages on the office.
func (p *Pages) Register(o *web.Office) {
	p.registerLogin(o)
	p.registerOwn(o)
	p.registerUnits(o)
	p.registerAccounts(o)
	p.registerImport(o)
	o.GET("/quan-tri/vai-tro", people.ActPeopleRead, p.roles)
	o.GET("/quan-tri/nhat-ky", people.ActAuditReadOwn, p.log)
	o.POST("/quan-tri/nhat-ky.csv", people.ActAuditReadOwn, p.exportLog, web.Timeout(5*time.Minute))
}

// Nav gives the part of the office's navigation that leads here, for the actor of ctx.
func (p *Pages) Nav(ctx context.Context) ui.NavGroup {
	g := ui.NavGroup{Title: "Hệ thống"}
	for _, l := range []struct {
		act         access.Action
		href, label string
	}{
		{people.ActPeopleRead, "/quan-tri/don-vi", "Đơn vị"},
		{people.ActPeopleRead, "/quan-tri/tai-khoan", "Tài khoản"},
		{people.ActPeopleRead, "/quan-tri/vai-tro", "Vai trò và quyền"},
		{people.ActPeopleManage, "/quan-tri/nhap", "Nhập từ bảng tính"},
		{people.ActAuditReadOwn, "/quan-tri/nhat-ky", "Nhật ký"},
	} {
		if p.Policy.Anywhere(ctx, l.act) {
			g.Links = append(g.Links, ui.Link{Href: l.href, Label: l.label})
		}
	}
	return g
}

// Sessions tells package web who acts with a session token.
type Sessions struct{ People *people.Service }

// Actor gives the actor and session of a token; nobody while the second factor is due.
func (s Sessions) Actor(ctx context.Context, token string) (access.Actor, web.SessionInfo, error) {
	x, err := s.People.OpenSession(ctx, token)
	if err != nil {
		return access.Actor{}, web.SessionInfo{}, err
	}
	return x.Actor, web.SessionInfo{ID: string(x.ID), Roles: roleWords(x.Actor), Due: duePath(x.Stage)}, nil
}

func roleWords(a access.Actor) string {
	var words []string
	for _, g := range a.Grants {
		if w := people.RoleTitle(g.Role); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// duePath gives where what a session still needs is done, "" when it needs nothing.
func duePath(stage people.Stage) string {
	return map[people.Stage]string{people.StageSecond: SecondPath, people.StagePassword: PasswordPath, people.StageEnrol: FactorPath}[stage]
}

// Tokens tells package web who acts with a bearer token.
type Tokens struct{ People *people.Service }

// Bearer gives the actor of a token that may be used for scope ("" is any).
func (t Tokens) Bearer(ctx context.Context, token, scope string) (access.Actor, error) {
	who, x, err := t.People.UseToken(ctx, token)
	if err != nil {
		return access.Actor{}, err
	}
	if scope != "" && !x.Allows(scope) {
		return access.Actor{}, fault.New(fault.Denied, "Mã truy cập này không được cấp phạm vi %s.", scope)
	}
	return who, nil
}

// A formPage is a page with one form: shown empty or filled, sent, and shown again with what is wrong.
type formPage[T any] struct {
	view   *ui.View[T]
	values func(c *web.Ctx) (url.Values, int, error) // what the form shows first, and the version it edits; nil is nothing
	data   func(c *web.Ctx, form ui.Form) (T, error)
	do     func(c *web.Ctx) (next, flash string, err error)
}

func (f formPage[T]) get(c *web.Ctx) error {
	form := c.NewForm(nil, 0)
	if f.values != nil {
		values, version, err := f.values(c)
		if err != nil {
			return err
		}
		form = c.NewForm(values, version)
	}
	data, err := f.data(c, form)
	if err != nil {
		return err
	}
	return c.Render(f.view.With(data))
}

func (f formPage[T]) post(c *web.Ctx) error {
	next, flash, err := f.do(c)
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := f.data(c, form)
			return f.view.With(data), err
		})
	}
	return c.See(next, flash)
}

func (f formPage[T]) register(o *web.Office, path string, act access.Action, options ...web.Option) {
	o.GET(path, act, f.get)
	o.POST(path, act, f.post, options...)
}

// today gives the Vietnamese day by the program's clock.
func (p *Pages) today() string { return clock.Day(p.Clock.Now()) }

func options(all []people.Named) []ui.Option {
	out := []ui.Option{{Value: "", Label: "– chọn –"}}
	for _, n := range all {
		out = append(out, ui.Option{Value: n.ID, Label: n.Name})
	}
	return out
}
