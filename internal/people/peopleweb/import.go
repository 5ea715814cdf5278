package peopleweb

import (
	"errors"
	"io"
	"strconv"
	"time"

	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

const importPath = "/quan-tri/nhap"

type importData struct{ Form ui.Form }

type previewData struct {
	Form     ui.Form
	Preview  people.Preview
	Warnings []string
}

var (
	importPage  = ui.New[importData](files, "pages/nhap.html")
	previewPage = ui.New[previewData](files, "pages/nhap-xem-truoc.html")
)

// maxUpload is a little above what the verb takes, so that its own words are read.
const maxUpload = 10 << 20

func (p *Pages) registerImport(o *web.Office) {
	manage := people.ActPeopleManage
	formPage[importData]{view: importPage, do: p.upload, data: func(c *web.Ctx, form ui.Form) (importData, error) {
		return importData{form}, nil
	}}.register(o, importPath, manage, web.MaxBody(maxUpload), web.Timeout(2*time.Minute))
	o.GET(importPath+"/mau.xlsx", manage, p.template)
	o.GET(importPath+"/{id}", manage, p.preview, web.Timeout(2*time.Minute))
	o.POST(importPath+"/{id}", manage, p.accept, web.Timeout(2*time.Minute))
	o.POST(importPath+"/{id}/bo", manage, p.drop)
}

func (p *Pages) upload(c *web.Ctx) (next, flash string, err error) {
	file, err := c.File("file")
	if err != nil {
		return "", "", err
	}
	var name string
	var data []byte
	if file != nil {
		name = file.Name
		if data, err = io.ReadAll(file); err != nil {
			return "", "", err
		}
	}
	preview, err := p.People.StartImport(c.Context(), name, data)
	return importPath + "/" + string(preview.ID), "", err
}

func (p *Pages) template(c *web.Ctx) error {
	return c.Download("mẫu nhập đơn vị, tài khoản, vai trò.xlsx", func(w io.Writer) error { return p.People.ImportTemplate(c.Context(), w) })
}

func (p *Pages) previewPage(c *web.Ctx, form ui.Form) (ui.Filled, error) {
	preview, err := p.People.PreviewImport(c.Context(), people.ImportID(c.Path("id")))
	data := previewData{Form: form, Preview: preview, Warnings: preview.Ignored}
	for _, w := range preview.Warnings {
		data.Warnings = append(data.Warnings, w.String())
	}
	return previewPage.With(data), err
}

func (p *Pages) preview(c *web.Ctx) error {
	page, err := p.previewPage(c, c.NewForm(nil, 0))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) accept(c *web.Ctx) error {
	done, err := p.People.AcceptImport(c.Context(), people.ImportID(c.Path("id")))
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			page, again := p.previewPage(c, form)
			if again != nil {
				return nil, errors.Join(err, again)
			}
			return page, nil
		})
	}
	flash := "Đã nhập từ " + done.File + ":"
	for i, s := range done.Sheets {
		if i > 0 {
			flash += ";"
		}
		flash += " " + s.Name + " " + strconv.Itoa(s.Created) + " mới, " + strconv.Itoa(s.Changed) + " sửa"
	}
	return c.See(importPath, flash+".")
}

func (p *Pages) drop(c *web.Ctx) error {
	if err := p.People.DropImport(c.Context(), people.ImportID(c.Path("id"))); err != nil {
		return err
	}
	return c.See(importPath, "Đã bỏ tệp. Không có gì được ghi.")
}
