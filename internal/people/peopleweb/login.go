package peopleweb

import (
	"time"

	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

type loginData struct {
	Form ui.Form
	Next string
}

type firstData struct {
	Form  ui.Form
	Token string
}

type setPasswordData struct {
	Form  ui.Form
	Token string
	Owner people.Account
}

var (
	loginPage       = ui.New[loginData](files, "pages/dang-nhap.html")
	secondPage      = ui.New[loginData](files, "pages/ma-xac-thuc.html")
	firstPage       = ui.New[firstData](files, "pages/khoi-tao.html")
	setPasswordPage = ui.New[setPasswordData](files, "pages/dat-mat-khau.html")
)

func (p *Pages) registerLogin(o *web.Office) {
	o.GET(web.LoginPath, web.Public, p.showLogin)
	o.POST(web.LoginPath, web.Public, p.login)
	o.POST(web.LogoutPath, web.Public, p.logout)
	o.GET(SecondPath, web.Public, p.showSecond)
	o.POST(SecondPath, web.Public, p.second)
	o.GET("/quan-tri/khoi-tao", web.Public, p.showFirst)
	o.POST("/quan-tri/khoi-tao", web.Public, p.first)
	o.GET("/quan-tri/dat-mat-khau", web.Public, p.showSetPassword)
	o.POST("/quan-tri/dat-mat-khau", web.Public, p.setPassword)
}

// deviceLife is how long a browser stays known to its accounts.
const deviceLife = 180 * 24 * time.Hour

func client(c *web.Ctx) people.Client {
	return people.Client{Address: c.Address(), Agent: c.R.UserAgent(), Device: c.Remembered("may")}
}

// enter keeps a new session in the browser and leads to what is due, or to where the person wanted to
// go. A session that was open before is ended: a login is never added to another.
func (p *Pages) enter(c *web.Ctx, opened people.Opened) error {
	if old := c.Token(); old != "" && old != opened.Token {
		if err := p.People.Logout(c.Context(), old); err != nil {
			return err
		}
	}
	c.LogIn(opened.Token)
	c.Remember("may", opened.Device, deviceLife)
	next := c.Next()
	if due := duePath(opened.Session.Stage); due != "" {
		next = due + "?tiep=" + escape(next)
	}
	return c.See(next, "")
}

func (p *Pages) showLogin(c *web.Ctx) error {
	if c.Actor().Person != "" && c.Session().Due == "" {
		return c.See(c.Next(), "")
	}
	return c.Render(loginPage.With(loginData{c.NewForm(nil, 0), c.Next()}))
}

func (p *Pages) login(c *web.Ctx) error {
	opened, err := p.People.Login(c.Context(), client(c), c.Text("username"), c.Raw("password"))
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			return loginPage.With(loginData{form, c.Next()}), nil
		})
	}
	return p.enter(c, opened)
}

func (p *Pages) logout(c *web.Ctx) error {
	if err := p.People.Logout(c.Context(), c.Token()); err != nil {
		return err
	}
	c.LogOut()
	return c.See(web.LoginPath, "Đã đăng xuất.")
}

func (p *Pages) showSecond(c *web.Ctx) error {
	if c.Session().Due != SecondPath {
		return c.See(c.Next(), "")
	}
	return c.Render(secondPage.With(loginData{c.NewForm(nil, 0), c.Next()}))
}

func (p *Pages) second(c *web.Ctx) error {
	opened, err := p.People.Prove(c.Context(), client(c), c.Token(), c.Text("code"))
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			form.Values.Del("code")
			return secondPage.With(loginData{form, c.Next()}), nil
		})
	}
	c.LogIn(opened.Token)
	c.Remember("may", opened.Device, deviceLife)
	if due := duePath(opened.Session.Stage); due != "" {
		return c.See(due, "")
	}
	return c.See(c.Next(), "")
}

func (p *Pages) showFirst(c *web.Ctx) error {
	token := c.Raw("ma")
	if err := p.People.FirstAdminLinkWorks(c.Context(), token); err != nil {
		return err
	}
	return c.Render(firstPage.With(firstData{c.NewForm(nil, 0), token}))
}

func (p *Pages) first(c *web.Ctx) error {
	token := c.Raw("ma")
	err := same(c)
	var opened people.Opened
	if err == nil {
		opened, err = p.People.CreateFirstAdmin(c.Context(), client(c), token, people.AccountForm{Username: c.Text("username"), Name: c.Text("name")}, c.Raw("password"))
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return firstPage.With(firstData{form, token}), nil })
	}
	return p.enter(c, opened)
}

// same refuses a new password that was not typed alike twice.
func same(c *web.Ctx) error {
	if c.Raw("password") != c.Raw("password_again") {
		c.Fail("password_again", "Hai lần nhập mật khẩu chưa giống nhau. Hãy nhập lại cả hai ô.")
	}
	return c.Err()
}

func (p *Pages) showSetPassword(c *web.Ctx) error {
	token := c.Raw("ma")
	owner, err := p.People.PasswordLinkOwner(c.Context(), token)
	if err != nil {
		return err
	}
	return c.Render(setPasswordPage.With(setPasswordData{c.NewForm(nil, 0), token, owner}))
}

func (p *Pages) setPassword(c *web.Ctx) error {
	token := c.Raw("ma")
	owner, err := p.People.PasswordLinkOwner(c.Context(), token)
	if err != nil {
		return err
	}
	var opened people.Opened
	if err = same(c); err == nil {
		opened, err = p.People.UsePasswordLink(c.Context(), client(c), token, c.Raw("password"))
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			return setPasswordPage.With(setPasswordData{form, token, owner}), nil
		})
	}
	return p.enter(c, opened)
}
