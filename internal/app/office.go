package app

import (
	"cmp"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people/peopleweb"
)

var deskPage = ui.New[deskData](pages, "pages/ban-lam-viec.html")

// A Desk is what a capability has for the person of ctx to do today.
type Desk func(ctx context.Context) ([]Work, error)

// A Work is one line of the first office page: something that waits for this person.
type Work struct {
	Title string
	Text  string
	Link  ui.Link
	Count int
	Due   string // the day by which the first of them must be done, "2021-07-05"; "" = no clock runs on it
	Late  bool   // that day is over, or the hour in it
}

type deskData struct {
	Name string
	Work []Work
}

// office makes the office plane: every capability's pages behind one router.
func (a *App) office(secret []byte) error {
	key, err := hkdf.Key(sha256.New, secret, nil, "bangvang web", 32)
	if err != nil {
		return err
	}
	proxies, err := a.Config.TrustedProxies()
	if err != nil {
		return err
	}
	accounts := &peopleweb.Pages{People: a.People, Policy: a.Policy, Clock: a.Clock, BaseURL: a.Config.OfficeURL, Words: Words()}
	pages := a.pages(accounts)
	a.Office = web.NewOffice(web.Config{
		DB: a.DB, Policy: a.Policy, Clock: a.Clock, Secure: a.Config.OfficeSecure(), Key: key, Proxies: proxies,
		Sessions: peopleweb.Sessions{People: a.People}, Tokens: peopleweb.Tokens{People: a.People},
		Site:    a.officeSite,
		Account: peopleweb.PasswordPath,
		Nav: func(ctx context.Context) []ui.NavGroup {
			groups := []ui.NavGroup{{Links: []ui.Link{{Href: "/quan-tri/", Label: "Việc hôm nay"}}}}
			for _, p := range pages {
				if g := p.Nav(ctx); len(g.Links) > 0 {
					groups = append(groups, g)
				}
			}
			return a.operationNav(ctx, groups)
		},
	})
	for _, p := range pages {
		p.Register(a.Office)
	}
	a.registerOperations(a.Office)
	a.Reports.Register(a.Office)
	a.Office.GET("/quan-tri/{$}", web.LoggedIn, a.desk)
	return nil
}

// A set of office pages: what each capability's web part offers.
type officePages interface {
	Register(*web.Office)
	Nav(context.Context) ui.NavGroup
}

// operationNav adds the operator's page to the group of the system's pages.
func (a *App) operationNav(ctx context.Context, groups []ui.NavGroup) []ui.NavGroup {
	if !a.Policy.Can(ctx, ActOperate, access.Place{}) {
		return groups
	}
	last := &groups[len(groups)-1]
	last.Links = append(last.Links, ui.Link{Href: jobsPath, Label: "Việc nền"})
	return groups
}

// officeSite is the frame's knowledge of the installation; the office works without it when the
// database does not answer.
func (a *App) officeSite(ctx context.Context) ui.Site {
	site, err := a.Portal.Site(ctx, "vi")
	if err != nil {
		return ui.Site{Name: "Bảng Vàng"}
	}
	return site
}

// never is after every day.
const never = "9999-12-31"

// desk is the first office page: this person's work of today. What is late or due by tomorrow
// stands first, by its day; the rest keeps its capability's order of urgency.
func (a *App) desk(c *web.Ctx) error {
	data := deskData{Name: c.Actor().Name}
	for _, d := range a.desks() {
		work, err := d(c.Context())
		if err != nil {
			return err
		}
		data.Work = append(data.Work, work...)
	}
	now := a.Clock.Now()
	today, tomorrow := clock.Day(now), clock.Day(now.AddDate(0, 0, 1))
	pressing := func(w Work) string {
		if w.Due == "" || w.Due > tomorrow {
			return never
		}
		return w.Due
	}
	for i, w := range data.Work {
		data.Work[i].Late = w.Late || w.Due != "" && w.Due < today
	}
	slices.SortStableFunc(data.Work, func(a, b Work) int { return cmp.Compare(pressing(a), pressing(b)) })
	return c.Render(deskPage.With(data))
}
