package readinessweb

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/readiness"
)

type callsData struct {
	Calls []callRow
	Kinds []kindRow
	New   string
}

type callRow struct {
	readiness.Call
	Path string
	Sent string
}

type kindRow struct {
	Name  string
	Path  string
	Items int
	Own   bool
}

type callData struct {
	Form  ui.Form
	Call  readiness.Call // without ID for a new one
	Kinds []ui.Option
	Back  string
}

type templateData struct {
	Form ui.Form
	Name string
	Rows []int // indexes of the rows
	Back string
}

var (
	callsPage    = ui.New[callsData](files, "pages/dot.html")
	callPage     = ui.New[callData](files, "pages/dot-sua.html")
	templatePage = ui.New[templateData](files, "pages/danh-muc.html")
)

func (p *Pages) calls(c *web.Ctx) error {
	e, err := p.currentExam(c)
	if fault.Is(err, fault.NotFound) {
		return c.Render(noCallsPage.With(ui.Empty{Title: "Chưa có kỳ thi hiện hành", Text: "Đợt báo cáo chuẩn bị mở được sau khi có kỳ thi hiện hành."}))
	}
	if err != nil {
		return err
	}
	all, err := p.Readiness.Calls(c.Context(), e.ID)
	if err != nil {
		return err
	}
	data := callsData{New: callsPath + "/moi"}
	for _, x := range all {
		r, err := p.Readiness.RollUpOf(c.Context(), x.ID)
		if err != nil {
			return err
		}
		data.Calls = append(data.Calls, callRow{x, callsPath + "/" + string(x.ID), fmt.Sprintf("%d trên %d đơn vị đã gửi", r.Sent(), len(r.Subjects))})
	}
	for _, kind := range readiness.Kinds() {
		t, err := p.Readiness.TemplateOf(c.Context(), e.ID, kind)
		if err != nil {
			return err
		}
		name, err := p.Readiness.KindName(c.Context(), kind)
		if err != nil {
			return err
		}
		data.Kinds = append(data.Kinds, kindRow{name, BasePath + "/danh-muc/" + kind, len(t.Items), t.Version > 0})
	}
	return c.Render(callsPage.With(data))
}

func (p *Pages) callData(c *web.Ctx, form ui.Form) (data callData, err error) {
	data = callData{Form: form, Back: callsPath}
	if id := c.Path("call"); id != "" {
		if data.Call, err = p.Readiness.Call(c.Context(), readiness.CallID(id)); err != nil {
			return data, err
		}
	}
	for _, kind := range readiness.Kinds() {
		name, err := p.Readiness.KindName(c.Context(), kind)
		if err != nil {
			return data, err
		}
		data.Kinds = append(data.Kinds, ui.Option{Value: kind, Label: name})
	}
	return data, nil
}

func (p *Pages) callForm(c *web.Ctx) error {
	data, err := p.callData(c, ui.Form{})
	if err != nil {
		return err
	}
	values := url.Values{"clock": {"17:00"}, "kinds": readiness.Kinds()}
	if x := data.Call; x.ID != "" {
		values = url.Values{"title": {x.Title}, "note": {x.Note}, "day": {clock.Day(clock.FromMillis(x.DueAt))}, "clock": {text.FormatClock(x.DueAt)}}
	}
	data.Form = c.NewForm(values, data.Call.Version)
	return c.Render(callPage.With(data))
}

func (p *Pages) saveCall(c *web.Ctx) error {
	in := readiness.CallInput{Title: c.Text("title"), Note: c.Lines("note"), Day: c.Day("day"), Clock: c.Text("clock"), Kinds: c.All("kinds")}
	if hhmm, err := text.ParseClock(in.Clock); err == nil {
		in.Clock = hhmm
	}
	err := c.Err()
	id := readiness.CallID(c.Path("call"))
	switch {
	case err != nil:
	case id != "":
		err = p.Readiness.SetCall(c.Context(), id, c.Version(), in)
	default:
		e, missing := p.currentExam(c)
		if missing != nil {
			return missing
		}
		_, err = p.Readiness.OpenCall(c.Context(), e.ID, in)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.callData(c, form)
			return callPage.With(data), err
		})
	}
	return c.See(callsPath, "Đã lưu đợt “%s”.", in.Title)
}

func (p *Pages) closeCall(c *web.Ctx) error {
	if err := p.Readiness.CloseCall(c.Context(), readiness.CallID(c.Path("call")), c.Version()); err != nil {
		return err
	}
	return c.See(callsPath, "Đã đóng đợt báo cáo. Những gì đã báo cáo được giữ nguyên.")
}

// spare rows of the checklist's form are for new items.
const spare = 3

func (p *Pages) templateForm(c *web.Ctx) error {
	e, err := p.currentExam(c)
	if err != nil {
		return err
	}
	t, err := p.Readiness.TemplateOf(c.Context(), e.ID, c.Path("kind"))
	if err != nil {
		return err
	}
	values := url.Values{"seen": {strconv.Itoa(t.Version)}, "rows": {strconv.Itoa(len(t.Items) + spare)}}
	for i, x := range t.Items {
		at := fmt.Sprintf("items.%d.", i)
		values.Set(at+"order", strconv.Itoa(i+1))
		values.Set(at+"code", x.Code)
		values.Set(at+"title", x.Title)
		values.Set(at+"help", x.Help)
		for name, on := range map[string]bool{"critical": x.Critical, "evidence": x.Evidence} {
			if on {
				values.Set(at+name, "1")
			}
		}
	}
	data, err := p.templateData(c, c.NewForm(values, 0))
	if err != nil {
		return err
	}
	return c.Render(templatePage.With(data))
}

func (p *Pages) templateData(c *web.Ctx, form ui.Form) (templateData, error) {
	name, err := p.Readiness.KindName(c.Context(), c.Path("kind"))
	data := templateData{Form: form, Name: name, Back: callsPath}
	n, _ := strconv.Atoi(form.Values.Get("rows"))
	for i := range min(max(n, spare), 60) {
		data.Rows = append(data.Rows, i)
	}
	return data, err
}

func (p *Pages) saveTemplate(c *web.Ctx) error {
	e, err := p.currentExam(c)
	if err != nil {
		return err
	}
	type row struct {
		readiness.Item
		order int64
		at    int
	}
	var rows []row
	for i := range min(int(c.Int("rows")), 60) {
		at := fmt.Sprintf("items.%d.", i)
		x := readiness.Item{Code: c.Text(at + "code"), Title: c.Text(at + "title"), Help: c.Lines(at + "help"), Critical: c.Bool(at + "critical"), Evidence: c.Bool(at + "evidence")}
		order := c.Int(at + "order")
		if x.Title == "" {
			continue // taken out, or never filled in
		}
		if order == 0 {
			order = int64(1000 + i)
		}
		rows = append(rows, row{x, order, i})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.order, b.order) })
	t := readiness.Template{Kind: c.Path("kind"), Version: int(c.Int("seen"))}
	for _, r := range rows {
		t.Items = append(t.Items, r.Item)
	}
	if err = c.Err(); err == nil {
		err = p.Readiness.SetTemplate(c.Context(), e.ID, t)
	}
	if err != nil {
		// The verb counts the items in their order; the form has them where they were typed.
		fields := fault.FieldsOf(err)
		for i, f := range fields {
			var at int
			var name string
			if n, _ := fmt.Sscanf(f.Name, "items.%d.%s", &at, &name); n == 2 && at < len(rows) {
				fields[i].Name = fmt.Sprintf("items.%d.%s", rows[at].at, name)
			}
		}
		if len(fields) > 0 {
			err = fault.Fields(fields...)
		}
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.templateData(c, form)
			return templatePage.With(data), err
		})
	}
	return c.See(callsPath, "Đã lưu danh mục. Đợt đang mở giữ danh mục cũ; đợt mở sau dùng danh mục này.")
}
