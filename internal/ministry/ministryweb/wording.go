package ministryweb

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/ministry"
)

type wordingsData struct{ Kinds []wordingRow }

type wordingRow struct {
	Link ui.Link
	Said string
}

var wordingsPage = ui.New[wordingsData](files, "pages/mau.html")

func (p *Pages) wordings(c *web.Ctx) error {
	var data wordingsData
	for _, k := range ministry.Kinds() {
		w, err := p.Ministry.Wording(c.Context(), k)
		if err != nil {
			return err
		}
		data.Kinds = append(data.Kinds, wordingRow{ui.Link{Href: wordingsPath + "/" + string(k), Label: k.Label()}, said(w)})
	}
	return c.Render(wordingsPage.With(data))
}

// said tells which edition a wording is and who made it.
func said(w ministry.Wording) string {
	if w.Edition == 0 {
		return w.Note
	}
	return "Bản " + text.FormatNumber(int64(w.Edition)) + ", " + w.Name + ", " + text.FormatDayTime(w.At) + ": " + w.Note
}

type wordingData struct {
	Kind     ministry.Kind
	Path     string
	Standing string
	Old      string // the edition shown, when it is not the standing one
	May      bool
	Editions []wordingRow
	Fields   []ministry.FieldDoc
	Samples  []ui.Option // whose figures a preview shows
	Form     ui.Form
}

var wordingPage = ui.New[wordingData](files, "pages/mau-sua.html")

func kindOf(c *web.Ctx) (ministry.Kind, error) {
	k := ministry.Kind(c.Path("kind"))
	if !slices.Contains(ministry.Kinds(), k) {
		return k, &fault.Error{Kind: fault.NotFound}
	}
	return k, nil
}

func (p *Pages) drawWording(c *web.Ctx, k ministry.Kind, old string, form ui.Form) (ui.Filled, error) {
	all, err := p.Ministry.Wordings(c.Context(), k)
	if err != nil {
		return nil, err
	}
	data := wordingData{Kind: k, Path: wordingsPath + "/" + string(k), Standing: said(all[0]), Old: old, May: c.Can(ministry.ActWording, access.Place{}), Fields: ministry.Fields(), Form: form,
		Samples: []ui.Option{{Value: "", Label: "Số liệu mẫu"}}}
	for _, w := range all {
		data.Editions = append(data.Editions, wordingRow{ui.Link{Href: data.Path + "?ban=" + strconv.Itoa(w.Edition), Label: editionName(w.Edition)}, said(w)})
	}
	e, ok, err := p.current(c)
	if err != nil {
		return nil, err
	}
	if ok {
		papers, err := p.Ministry.Papers(c.Context(), e.ID)
		if err != nil {
			return nil, err
		}
		for _, x := range papers {
			if x.Kind == k {
				data.Samples = append(data.Samples, ui.Option{Value: string(x.ID), Label: x.Label()})
			}
		}
	}
	return wordingPage.With(data), nil
}

func editionName(n int) string {
	if n == 0 {
		return "Bản có sẵn"
	}
	return "Bản " + strconv.Itoa(n)
}

func (p *Pages) wordingForm(c *web.Ctx) error {
	k, err := kindOf(c)
	if err != nil {
		return err
	}
	all, err := p.Ministry.Wordings(c.Context(), k)
	if err != nil {
		return err
	}
	v, old := url.Values{"template": {all[0].Source}, "edition": {strconv.Itoa(all[0].Edition)}}, ""
	if asked := c.Text("ban"); asked != "" {
		i := slices.IndexFunc(all, func(w ministry.Wording) bool { return strconv.Itoa(w.Edition) == asked })
		if i < 0 {
			return &fault.Error{Kind: fault.NotFound}
		}
		if i > 0 {
			v.Set("template", all[i].Source)
			old = editionName(all[i].Edition)
		}
	}
	page, err := p.drawWording(c, k, old, c.NewForm(v, 0))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) saveWording(c *web.Ctx) error {
	k, err := kindOf(c)
	if err != nil {
		return err
	}
	if err := p.Ministry.SaveWording(c.Context(), k, int(c.Int("edition")), c.Lines("template"), c.Text("note")); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.drawWording(c, k, "", form) })
	}
	return c.See(wordingsPath+"/"+string(k), "Đã lưu mẫu mới. Báo cáo lập từ bây giờ dùng mẫu này; báo cáo đã trình ký không đổi.")
}

// previewWording gives the PDF that the template as typed makes.
func (p *Pages) previewWording(c *web.Ctx) error {
	k, err := kindOf(c)
	if err != nil {
		return err
	}
	// The verb writes nothing before it knows that the template is right.
	var pdf bytes.Buffer
	if err := p.Ministry.PreviewWording(c.Context(), k, c.Lines("template"), ministry.PaperID(c.Text("sample")), &pdf); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.drawWording(c, k, "", form) })
	}
	return c.Download("xem-thu-"+string(k)+".pdf", func(w io.Writer) error { _, err := pdf.WriteTo(w); return err })
}
