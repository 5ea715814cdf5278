package documentsweb

import (
	"errors"
	"io"
	"time"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
)

type importData struct{ Form ui.Form }

type previewData struct {
	Form    ui.Form
	Preview documents.Preview
}

var (
	importPage  = ui.New[importData](files, "pages/nhap.html")
	previewPage = ui.New[previewData](files, "pages/nhap-xem-truoc.html")
)

func (p *Pages) registerImport(o *web.Office) {
	long := web.Timeout(10 * time.Minute)
	o.GET(importPath, documents.ActImport, func(c *web.Ctx) error { return c.Render(importPage.With(importData{c.NewForm(nil, 0)})) })
	o.POST(importPath, documents.ActImport, p.upload, web.MaxBody(maxArchive), long)
	o.GET(importPath+"/mau.xlsx", documents.ActImport, func(c *web.Ctx) error {
		return c.Download("mẫu nhập văn bản.xlsx", func(w io.Writer) error { return p.Documents.ImportTemplate(c.Context(), w) })
	})
	o.GET(importPath+"/{id}", documents.ActImport, p.preview, long)
	o.POST(importPath+"/{id}", documents.ActImport, p.accept, long)
	o.POST(importPath+"/{id}/bo", documents.ActImport, p.drop)
	o.GET(exportPath, web.LoggedIn, func(c *web.Ctx) error {
		return c.Download("so-van-ban.zip", func(w io.Writer) error { return p.Documents.Export(c.Context(), w) })
	}, web.Timeout(30*time.Minute))
}

func (p *Pages) upload(c *web.Ctx) error {
	preview, err := p.start(c)
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return importPage.With(importData{form}), nil })
	}
	return c.See(importPath+"/"+string(preview.ID), "")
}

func (p *Pages) start(c *web.Ctx) (documents.Preview, error) {
	table, err := c.File("sheet")
	if err != nil {
		return documents.Preview{}, err
	}
	if table == nil {
		return documents.Preview{}, fault.Fields(fault.Field{Name: "sheet", Message: "Hãy chọn bảng tính (.xlsx hoặc .csv)."})
	}
	data, err := io.ReadAll(io.LimitReader(table, 9<<20)) // the verb refuses what is above its limit
	if err != nil {
		return documents.Preview{}, err
	}
	zipped, err := c.File("archive")
	if err != nil {
		return documents.Preview{}, err
	}
	if zipped == nil {
		return p.Documents.StartImport(c.Context(), table.Name, data, nil, 0)
	}
	return p.Documents.StartImport(c.Context(), table.Name, data, zipped, zipped.Size)
}

func (p *Pages) preview(c *web.Ctx) error {
	preview, err := p.Documents.PreviewImport(c.Context(), documents.ImportID(c.Path("id")))
	if err != nil {
		return err
	}
	return c.Render(previewPage.With(previewData{c.NewForm(nil, 0), preview}))
}

func (p *Pages) accept(c *web.Ctx) error {
	id := documents.ImportID(c.Path("id"))
	done, err := p.Documents.AcceptImport(c.Context(), id)
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			preview, second := p.Documents.PreviewImport(c.Context(), id)
			if second != nil {
				return nil, errors.Join(err, second)
			}
			return previewPage.With(previewData{form, preview}), nil
		})
	}
	return c.See(listPath, "Đã nhập %s văn bản từ %s.", text.FormatNumber(int64(len(done.Rows))), done.File)
}

func (p *Pages) drop(c *web.Ctx) error {
	if err := p.Documents.DropImport(c.Context(), documents.ImportID(c.Path("id"))); err != nil {
		return err
	}
	return c.See(importPath, "Đã bỏ bảng tính. Không có gì được ghi.")
}
