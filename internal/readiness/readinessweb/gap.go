package readinessweb

import (
	"net/url"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/readiness"
)

type gapFormData struct {
	Form ui.Form
	Name string
	Item readiness.Item
	Back string
}

type gapData struct {
	Form    ui.Form
	Gap     readiness.Gap
	Whole   readiness.Whole
	Item    readiness.Item
	Tag     ui.Tag
	Path    string
	Back    string
	CanFix  bool
	CanSee  bool // confirm, open again
	CanMark bool
	Largest int64
}

var (
	gapFormPage = ui.New[gapFormData](files, "pages/ton-tai-moi.html")
	gapPage     = ui.New[gapData](files, "pages/ton-tai.html")
)

func (p *Pages) gapFormData(c *web.Ctx, form ui.Form) (gapFormData, error) {
	w, err := p.whole(c)
	if err != nil {
		return gapFormData{}, err
	}
	item, ok := w.Call.Item(w.Report.Kind, c.Path("code"))
	if !ok || !w.CanFind {
		return gapFormData{}, &fault.Error{Kind: fault.NotFound}
	}
	return gapFormData{form, w.Report.Name, item, reportPath(w.Call.ID, w.Report.Subject)}, nil
}

func (p *Pages) gapForm(c *web.Ctx) error {
	data, err := p.gapFormData(c, ui.Form{})
	if err != nil {
		return err
	}
	values := url.Values{}
	if data.Item.Critical {
		values.Set("critical", "1")
	}
	data.Form = c.NewForm(values, 0)
	return c.Render(gapFormPage.With(data))
}

func (p *Pages) openGap(c *web.Ctx) error {
	in := readiness.GapInput{What: c.Lines("what"), DueOn: c.Day("due_on"), Person: c.Text("person"), Critical: c.Bool("critical")}
	err := c.Err()
	if err == nil {
		err = p.Readiness.OpenGap(c.Context(), readiness.CallID(c.Path("call")), c.Path("subject"), c.Path("code"), in)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.gapFormData(c, form)
			return gapFormPage.With(data), err
		})
	}
	return c.See(reportPath(readiness.CallID(c.Path("call")), c.Path("subject")), "Đã nêu tồn tại; đơn vị thấy ngay.")
}

func (p *Pages) gapData(c *web.Ctx, form ui.Form) (gapData, error) {
	g, w, err := p.Readiness.GapOf(c.Context(), readiness.GapID(c.Path("gap")))
	if err != nil {
		return gapData{}, err
	}
	item, _ := w.Call.Item(w.Report.Kind, g.Code)
	waits := w.Report.State != readiness.StateDue && w.Report.State != readiness.StateDrafted
	return gapData{Form: form, Gap: g, Whole: w, Item: item, Tag: gapTag(g), Path: BasePath + "/ton-tai/" + string(g.ID), Back: reportPath(w.Call.ID, w.Report.Subject),
		CanFix: w.CanFix && waits && g.State == readiness.GapOpen, CanSee: w.CanFind && g.State == readiness.GapFixed && g.FixedBy != c.Actor().Person,
		CanMark: w.CanFind && g.State != readiness.GapClosed, Largest: p.Readiness.MaxFile}, nil
}

func (p *Pages) gap(c *web.Ctx) error {
	data, err := p.gapData(c, ui.Form{})
	if err != nil {
		return err
	}
	data.Form = c.NewForm(nil, data.Gap.Version)
	return c.Render(gapPage.With(data))
}

func (p *Pages) gapDone(c *web.Ctx, err error, flash string) error {
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.gapData(c, form)
			return gapPage.With(data), err
		})
	}
	return c.See(BasePath+"/ton-tai/"+c.Path("gap"), flash)
}

func (p *Pages) fixGap(c *web.Ctx) error {
	id := readiness.GapID(c.Path("gap"))
	g, w, err := p.Readiness.GapOf(c.Context(), id)
	if err != nil {
		return err
	}
	up, err := c.File("file")
	if err == nil && up != nil {
		err = p.Readiness.Attach(c.Context(), w.Call.ID, w.Report.Subject, g.Code, id, up.Name, up)
	}
	if err == nil {
		err = p.Readiness.FixGap(c.Context(), id, c.Version(), c.Lines("says"))
	}
	return p.gapDone(c, err, "Đã báo khắc phục; Phòng Khảo thí sẽ xác nhận.")
}

func (p *Pages) closeGap(c *web.Ctx) error {
	return p.gapDone(c, p.Readiness.CloseGap(c.Context(), readiness.GapID(c.Path("gap")), c.Version()), "Đã xác nhận khắc phục xong.")
}

func (p *Pages) reopenGap(c *web.Ctx) error {
	return p.gapDone(c, p.Readiness.ReopenGap(c.Context(), readiness.GapID(c.Path("gap")), c.Version(), c.Lines("note")), "Đã yêu cầu khắc phục tiếp.")
}

func (p *Pages) setCritical(c *web.Ctx) error {
	g, _, err := p.Readiness.GapOf(c.Context(), readiness.GapID(c.Path("gap")))
	if err != nil {
		return err
	}
	return p.gapDone(c, p.Readiness.SetCritical(c.Context(), g.ID, c.Version(), !g.Critical, c.Lines("why")), "Đã đổi mức độ.")
}
