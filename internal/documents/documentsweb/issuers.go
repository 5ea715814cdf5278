package documentsweb

import (
	"net/url"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
)

type issuersData struct{ Issuers []documents.Issuer }

type issuerData struct {
	Form   ui.Form
	Issuer documents.Issuer // zero for a new one
}

var (
	issuersPage = ui.New[issuersData](files, "pages/co-quan.html")
	issuerPage  = ui.New[issuerData](files, "pages/co-quan-sua.html")
)

func (p *Pages) registerIssuers(o *web.Office) {
	o.GET(issuersPath, documents.ActCatalog, func(c *web.Ctx) error {
		catalog, err := p.Documents.Catalog(c.Context())
		if err != nil {
			return err
		}
		return c.Render(issuersPage.With(issuersData{catalog.Issuers}))
	})
	o.GET(issuersPath+"/moi", documents.ActCatalog, func(c *web.Ctx) error {
		return c.Render(issuerPage.With(issuerData{Form: c.NewForm(nil, 0)}))
	})
	o.POST(issuersPath+"/moi", documents.ActCatalog, p.addIssuer)
	o.GET(issuersPath+"/{id}", documents.ActCatalog, p.issuerForm)
	o.POST(issuersPath+"/{id}", documents.ActCatalog, p.editIssuer)
}

func issuerInput(c *web.Ctx) documents.IssuerForm {
	f := documents.IssuerForm{Name: c.Text("name"), From: c.Day("from"), Code: c.Text("code"), Own: c.Bool("own"), Position: int(c.Int("position"))}
	for line := range strings.Lines(c.Lines("aliases")) {
		if line = strings.TrimSpace(line); line != "" {
			f.Aliases = append(f.Aliases, line)
		}
	}
	return f
}

func (p *Pages) addIssuer(c *web.Ctx) error {
	f := issuerInput(c)
	err := c.Err()
	if err == nil {
		_, err = p.Documents.AddIssuer(c.Context(), f)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return issuerPage.With(issuerData{Form: form}), nil })
	}
	return c.See(issuersPath, "Đã thêm %s.", f.Name)
}

func (p *Pages) issuer(c *web.Ctx) (documents.Issuer, error) {
	catalog, err := p.Documents.Catalog(c.Context())
	if err != nil {
		return documents.Issuer{}, err
	}
	i, ok := catalog.Issuer(documents.IssuerID(c.Path("id")))
	if !ok {
		return i, &fault.Error{Kind: fault.NotFound}
	}
	return i, nil
}

func (p *Pages) issuerForm(c *web.Ctx) error {
	i, err := p.issuer(c)
	if err != nil {
		return err
	}
	last := i.Names[len(i.Names)-1]
	own := ""
	if i.Own {
		own = "1"
	}
	form := c.NewForm(url.Values{"name": {last.Name}, "from": {last.From}, "code": {i.Code}, "own": {own}, "position": {strconv.Itoa(i.Position)},
		"aliases": {strings.Join(i.Aliases, "\n")}}, i.Version)
	return c.Render(issuerPage.With(issuerData{form, i}))
}

func (p *Pages) editIssuer(c *web.Ctx) error {
	i, err := p.issuer(c)
	if err != nil {
		return err
	}
	f := issuerInput(c)
	if err = c.Err(); err == nil {
		err = p.Documents.EditIssuer(c.Context(), i.ID, c.Version(), f)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return issuerPage.With(issuerData{form, i}), nil })
	}
	return c.See(issuersPath, "Đã lưu %s.", f.Name)
}
