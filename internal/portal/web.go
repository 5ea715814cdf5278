package portal

import (
	"cmp"
	"context"
	"net/url"

	"bangvang/internal/base/access"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
)

const settingsPath = "/quan-tri/cai-dat"

var settingsPage = ui.New[settingsData](pages, "pages/cai-dat.html")

type settingsData struct {
	Form    ui.Form
	Site    ui.Site
	Facts   []ui.Fact // what the form has, for who only reads
	CanEdit bool
}

// Register puts the portal's office pages on the office.
func (s *Service) Register(o *web.Office) {
	o.GET(settingsPath, ActSettingsRead, s.settingsForm)
	o.POST(settingsPath, ActSettings, s.settingsSave)
}

// Nav gives the part of the office's navigation that leads to the portal's pages.
func (s *Service) Nav(ctx context.Context) ui.NavGroup {
	g := ui.NavGroup{Title: "Trang công khai"}
	if s.Policy.Can(ctx, ActSettingsRead, access.Place{}) {
		g.Links = append(g.Links, ui.Link{Href: settingsPath, Label: "Cài đặt chung"})
	}
	return g
}

func (s *Service) settingsForm(c *web.Ctx) error {
	n, err := s.Settings(c.Context())
	if err != nil {
		return err
	}
	form := c.NewForm(url.Values{"person": {n.Person}, "legal": {n.Legal}, "security": {n.Security}, "invented": {n.Invented}}, n.Version)
	page, err := s.settingsPage(c, form)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (s *Service) settingsPage(c *web.Ctx, form ui.Form) (ui.Filled, error) {
	site, err := s.Site(c.Context(), "vi")
	if err != nil {
		return nil, err
	}
	n, err := s.Settings(c.Context())
	data := settingsData{Form: form, Site: site, CanEdit: c.Can(ActSettings, access.Place{})}
	for _, f := range []ui.Fact{{Label: "Người chịu trách nhiệm nội dung", Value: n.Person}, {Label: "Giấy phép, thông báo của cổng thông tin", Value: n.Legal},
		{Label: "Nơi nhận báo lỗ hổng bảo mật", Value: n.Security}, {Label: "Trang trình diễn: điều gì là thật, điều gì giả định", Value: n.Invented}} {
		f.Value = cmp.Or(f.Value, "chưa ghi")
		data.Facts = append(data.Facts, f)
	}
	return settingsPage.With(data), err
}

func (s *Service) settingsSave(c *web.Ctx) error {
	err := s.SaveSettings(c.Context(), Settings{Person: c.Text("person"), Legal: c.Text("legal"), Security: c.Text("security"),
		Invented: c.Text("invented"), Version: c.Version()})
	if err != nil {
		return c.Again(err, func(f ui.Form) (ui.Filled, error) { return s.settingsPage(c, f) })
	}
	return c.See(settingsPath, "Đã lưu. Các trang công khai đang được dựng lại.")
}
