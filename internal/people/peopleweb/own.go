package peopleweb

import (
	"net/url"

	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

type passwordData struct {
	Form ui.Form
	Due  bool // the person may do nothing else before
	Next string
}

type factorData struct {
	Form      ui.Form
	State     people.FactorState
	Enrolment people.Enrolment
	Due       bool
	Next      string
}

type recoveryData struct {
	Codes []string
	Next  string
}

type sessionsData struct {
	Sessions []people.Session
	Current  string
}

var (
	passwordPage = ui.New[passwordData](files, "pages/mat-khau.html")
	factorPage   = ui.New[factorData](files, "pages/hai-lop.html")
	recoveryPage = ui.New[recoveryData](files, "pages/ma-du-phong.html")
	sessionsPage = ui.New[sessionsData](files, "pages/phien.html", "pages/phien-bang.html")
)

func (p *Pages) registerOwn(o *web.Office) {
	password := formPage[passwordData]{view: passwordPage, do: p.changePassword, data: func(c *web.Ctx, form ui.Form) (passwordData, error) {
		return passwordData{form, c.Session().Due == PasswordPath, c.Next()}, nil
	}}
	o.GET(PasswordPath, web.Started, proven(password.get))
	o.POST(PasswordPath, web.Started, proven(password.post))
	o.GET(FactorPath, web.Started, proven(p.showFactor))
	o.POST(FactorPath, web.Started, proven(p.confirmFactor))
	o.POST(FactorPath+"/ma-du-phong", web.LoggedIn, p.newRecovery)
	o.GET(SessionsPath, web.LoggedIn, p.sessions)
	o.POST(SessionsPath+"/khac", web.LoggedIn, p.endOthers)
	o.POST(SessionsPath+"/{id}", web.LoggedIn, p.endMine)
}

// proven keeps out who has shown only the password: these pages open while something is due, but not
// while the second factor is.
func proven(h web.Handler) web.Handler {
	return func(c *web.Ctx) error {
		if c.Session().Due == SecondPath {
			return c.See(SecondPath, "")
		}
		return h(c)
	}
}

func (p *Pages) changePassword(c *web.Ctx) (next, flash string, err error) {
	if err := same(c); err != nil {
		return "", "", err
	}
	err = p.People.ChangePassword(c.Context(), c.Token(), c.Raw("old_password"), c.Raw("password"))
	return c.Next(), "Đã đổi mật khẩu. Mọi phiên đăng nhập khác đã kết thúc.", err
}

func (p *Pages) factor(c *web.Ctx, form ui.Form) (ui.Filled, error) {
	state, err := p.People.MyFactor(c.Context())
	if err != nil {
		return nil, err
	}
	e, err := p.People.BeginTOTP(c.Context())
	return factorPage.With(factorData{form, state, e, c.Session().Due == FactorPath, c.Next()}), err
}

func (p *Pages) showFactor(c *web.Ctx) error {
	page, err := p.factor(c, c.NewForm(nil, 0))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) confirmFactor(c *web.Ctx) error {
	codes, err := p.People.ConfirmTOTP(c.Context(), c.Token(), c.Text("code"))
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			form.Values.Del("code")
			return p.factor(c, form)
		})
	}
	return c.Render(recoveryPage.With(recoveryData{codes, c.Next()}))
}

func (p *Pages) newRecovery(c *web.Ctx) error {
	codes, err := p.People.NewRecoveryCodes(c.Context(), c.Token())
	if err != nil {
		return err
	}
	return c.Render(recoveryPage.With(recoveryData{codes, FactorPath}))
}

func (p *Pages) sessions(c *web.Ctx) error {
	all, err := p.People.MySessions(c.Context())
	if err != nil {
		return err
	}
	return c.Render(sessionsPage.With(sessionsData{all, c.Session().ID}))
}

func (p *Pages) endMine(c *web.Ctx) error {
	if err := p.People.EndMySession(c.Context(), people.SessionID(c.Path("id"))); err != nil {
		return err
	}
	return c.See(SessionsPath, "Phiên đã kết thúc.")
}

func (p *Pages) endOthers(c *web.Ctx) error {
	if err := p.People.EndOtherSessions(c.Context(), c.Token()); err != nil {
		return err
	}
	return c.See(SessionsPath, "Mọi phiên khác đã kết thúc.")
}

func escape(s string) string { return url.QueryEscape(s) }
