package documentsweb

import (
	"io"
	"net/url"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
)

// A partData is a page with one small form about a part of a document.
type partData struct {
	Form    ui.Form
	Label   string
	Back    string
	Choices []ui.Option
	Roles   []ui.Option // of a file
	Largest int64       // bytes of a file
	Found   []string
}

var (
	filePage     = ui.New[partData](files, "pages/them-tep.html")
	relationPage = ui.New[partData](files, "pages/them-quan-he.html", "pages/chung.html")
	clearPage    = ui.New[partData](files, "pages/xac-nhan.html")
)

// render draws a part's page with a fresh form.
func render(c *web.Ctx, view *ui.View[partData], d documents.Document, values url.Values, data partData) error {
	data.Form, data.Label, data.Back = c.NewForm(values, d.Version), d.Label(), documents.OfficePath(d.ID)
	return c.Render(view.With(data))
}

// again draws a part's page with what was sent and what is wrong with it.
func again(c *web.Ctx, err error, view *ui.View[partData], d documents.Document, data partData) error {
	return c.Again(err, func(form ui.Form) (ui.Filled, error) {
		data.Form, data.Label, data.Back = form, d.Label(), documents.OfficePath(d.ID)
		return view.With(data), nil
	})
}

// fileChoices are the files a new one can replace.
func (p *Pages) fileChoices(c *web.Ctx, d documents.Document) (partData, error) {
	data := partData{Choices: []ui.Option{{Label: "Tệp mới, không thay tệp nào"}}, Largest: p.Documents.MaxFile}
	for _, role := range []documents.FileRole{documents.Original, documents.Attachment} {
		data.Roles = append(data.Roles, ui.Option{Value: string(role), Label: role.Title()})
	}
	all, err := p.Documents.FilesOf(c.Context(), d)
	for _, f := range all {
		if !f.Dropped {
			data.Choices = append(data.Choices, ui.Option{Value: string(f.ID), Label: "Thay cho “" + f.Name + "”"})
		}
	}
	return data, err
}

func (p *Pages) fileForm(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckFile)
	if err != nil {
		return err
	}
	if !p.Documents.MayAddFile(c.Context(), d) {
		return shut(d)
	}
	data, err := p.fileChoices(c, d)
	if err != nil {
		return err
	}
	return render(c, filePage, d, url.Values{"role": {string(documents.Original)}}, data)
}

func (p *Pages) addFile(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckFile)
	if err != nil {
		return err
	}
	data, err := p.fileChoices(c, d)
	if err != nil {
		return err
	}
	upload, err := c.File("file")
	if err != nil {
		return err
	}
	if upload == nil {
		return again(c, fault.Fields(fault.Field{Name: "file", Message: "Hãy chọn tệp."}), filePage, d, data)
	}
	_, err = p.Documents.AddFile(c.Context(), d.ID, c.Version(), documents.Upload{Role: documents.FileRole(c.Text("role")), Name: upload.Name,
		Supersedes: documents.FileID(c.Text("supersedes"))}, upload)
	if err != nil {
		return again(c, err, filePage, d, data)
	}
	return saved(c, "Đã nhận tệp “%s”. Hệ thống đang kiểm tra nội dung; kết quả hiện ở đây sau ít giây.", upload.Name)
}

// openFile answers with a file's bytes as a download, or with its picture.
func (p *Pages) openFile(picture bool) web.Handler {
	return func(c *web.Ctx) error {
		f, r, err := p.Documents.OpenFile(c.Context(), docID(c), documents.FileID(c.Path("file")), picture)
		if err != nil {
			return err
		}
		defer r.Close()
		if picture {
			c.W.Header().Set("Content-Type", "image/jpeg")
			c.W.Header().Set("Cache-Control", "private, max-age=3600")
			_, err = io.Copy(c.W, r)
			return err
		}
		return c.Download(f.Name, func(w io.Writer) error {
			_, err := io.Copy(w, r)
			return err
		})
	}
}

func (p *Pages) dropFile(c *web.Ctx) error {
	if err := p.Documents.DropFile(c.Context(), docID(c), c.Version(), documents.FileID(c.Path("file"))); err != nil {
		return err
	}
	return saved(c, "Đã bỏ tệp khỏi văn bản.")
}

func (p *Pages) useReading(c *web.Ctx) error {
	if _, err := p.documentFor(c, p.Documents.CheckEdit); err != nil {
		return err
	}
	if err := p.Documents.UseReading(c.Context(), docID(c), c.Version(), documents.FileID(c.Path("file"))); err != nil {
		return err
	}
	return c.See(documents.OfficePath(docID(c))+"/ban-doc", "Đã lấy nội dung tệp Word làm bản đọc. Hãy xem lại các đề mục.")
}

// clearData shows what was found in a file, or in the document's own text.
func (p *Pages) clearData(c *web.Ctx, d documents.Document) (partData, error) {
	found, _, err := p.Documents.PersonalOf(c.Context(), d)
	if err != nil {
		return partData{}, err
	}
	if id := c.Text("file"); id != "" {
		all, err := p.Documents.FilesOf(c.Context(), d)
		if err != nil {
			return partData{}, err
		}
		for _, f := range all {
			if string(f.ID) == id {
				found = f.Personal
			}
		}
	}
	return partData{Found: found}, nil
}

func (p *Pages) clearForm(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckClear)
	if err != nil {
		return err
	}
	data, err := p.clearData(c, d)
	if err != nil {
		return err
	}
	return render(c, clearPage, d, url.Values{"file": {c.Text("file")}}, data)
}

func (p *Pages) clear(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckClear)
	if err != nil {
		return err
	}
	if err := p.Documents.Clear(c.Context(), d.ID, documents.FileID(c.Text("file")), c.Text("note")); err != nil {
		data, again_ := p.clearData(c, d)
		if again_ != nil {
			return again_
		}
		return again(c, err, clearPage, d, data)
	}
	return saved(c, "Đã ghi quyết định về dữ liệu cá nhân.")
}

func relationChoices() partData {
	var data partData
	for _, k := range documents.RelationKinds() {
		data.Choices = append(data.Choices, ui.Option{Value: string(k), Label: k.Title()})
	}
	return data
}

func (p *Pages) relationForm(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckEdit)
	if err != nil {
		return err
	}
	if !p.Documents.MayEdit(c.Context(), d) {
		return shut(d)
	}
	return render(c, relationPage, d, nil, relationChoices())
}

func (p *Pages) relate(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckEdit)
	if err != nil {
		return err
	}
	target, err := p.target(c.Context(), c)
	if err == nil {
		err = p.Documents.Relate(c.Context(), d.ID, c.Version(), documents.Relation{Kind: documents.RelationKind(c.Text("relation")), Target: target, Note: c.Text("relation_note")})
	}
	if err != nil {
		return again(c, err, relationPage, d, relationChoices())
	}
	return saved(c, "Đã ghi quan hệ.")
}

func (p *Pages) unrelate(c *web.Ctx) error {
	err := p.Documents.Unrelate(c.Context(), docID(c), c.Version(), documents.RelationKind(c.Text("relation")), documents.DocID(c.Text("target")))
	if err != nil {
		return err
	}
	return saved(c, "Đã bỏ quan hệ.")
}
