package readinessweb

import (
	"io"
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/readiness"
)

type reportData struct {
	readiness.Whole
	Path     string
	Back     string
	Tag      ui.Tag
	Items    []itemView
	Gaps     []gapView
	Left     int // items that stand in the way of sending
	NotMine  bool
	Steps    []workflow.Step
	First    *workflow.Step // the primary one
	History  []ui.Step
	NextItem string // address of the first item that is not complete
	Late     bool
}

type itemView struct {
	readiness.ItemState
	Tag  ui.Tag
	Path string // of its form; "" when it cannot be filled in now
	Find string // of the form for a gap; "" when not
}

type gapView struct {
	readiness.Gap
	Item string
	Tag  ui.Tag
	Late bool
}

type itemData struct {
	Form    ui.Form
	Item    readiness.ItemState
	Whole   readiness.Whole
	Number  int
	Count   int
	Options []ui.Option
	Path    string
	Back    string
	Next    string
	Largest int64
}

type stepData struct {
	Form  ui.Form
	Step  workflow.Step
	Whole readiness.Whole
	Says  string
	Back  string
}

var (
	reportPage = ui.New[reportData](files, "pages/bao-cao.html")
	itemPage   = ui.New[itemData](files, "pages/muc.html")
	stepPage   = ui.New[stepData](files, "pages/buoc.html")
)

func (p *Pages) whole(c *web.Ctx) (readiness.Whole, error) {
	return p.Readiness.ReportOf(c.Context(), readiness.CallID(c.Path("call")), c.Path("subject"))
}

func (p *Pages) report(c *web.Ctx) error {
	w, err := p.whole(c)
	if err != nil {
		return err
	}
	path := reportPath(w.Call.ID, w.Report.Subject)
	data := reportData{Whole: w, Path: path, Back: BasePath + "?dot=" + string(w.Call.ID), Tag: stateTag(w.Report.State), Left: w.Unanswered(), Steps: w.Offered,
		History: historySteps(readiness.ReportWorkflow(), w.History, "open", "fill"), Late: p.Clock.Millis() > w.Call.DueAt && w.Report.SubmittedAt == 0}
	for _, x := range w.Items {
		v := itemView{ItemState: x, Tag: verdictTag(x.Answer.Verdict)}
		if w.CanFill {
			v.Path = path + "/muc/" + x.Code
			if data.NextItem == "" && !x.Complete() {
				data.NextItem = v.Path
			}
		}
		if w.CanFind {
			v.Find = path + "/ton-tai/" + x.Code
		}
		data.Items = append(data.Items, v)
	}
	for _, g := range w.Gaps {
		item, _ := w.Call.Item(w.Report.Kind, g.Code)
		data.Gaps = append(data.Gaps, gapView{g, item.Title, gapTag(g), g.State == readiness.GapOpen && g.DueOn < p.today()})
	}
	if len(data.Steps) > 0 && data.Steps[0].Onward {
		data.First, data.Steps = &data.Steps[0], data.Steps[1:]
	}
	return c.Render(reportPage.With(data))
}

func (p *Pages) itemData(c *web.Ctx, form ui.Form) (itemData, error) {
	w, err := p.whole(c)
	if err != nil {
		return itemData{}, err
	}
	i := slices.IndexFunc(w.Items, func(x readiness.ItemState) bool { return x.Code == c.Path("code") })
	if i < 0 {
		return itemData{}, &fault.Error{Kind: fault.NotFound}
	}
	if !w.CanFill {
		return itemData{}, &fault.Error{Kind: fault.Conflict, Message: "Báo cáo đang ở bước “" + readiness.ReportWorkflow().States[w.Report.State] + "” nên không sửa được.",
			Link: reportPath(w.Call.ID, w.Report.Subject)}
	}
	data := itemData{Form: form, Item: w.Items[i], Whole: w, Number: i + 1, Count: len(w.Items), Path: reportPath(w.Call.ID, w.Report.Subject), Largest: p.Readiness.MaxFile}
	for _, v := range []readiness.Verdict{readiness.Met, readiness.Unmet, readiness.NA} {
		data.Options = append(data.Options, ui.Option{Value: string(v), Label: v.Label()})
	}
	data.Back = data.Path
	for k := 1; k < len(w.Items); k++ { // the next that wants an answer, from here on and round
		if x := w.Items[(i+k)%len(w.Items)]; !x.Complete() {
			data.Next = data.Path + "/muc/" + x.Code
			break
		}
	}
	return data, nil
}

func (p *Pages) itemForm(c *web.Ctx) error {
	data, err := p.itemData(c, ui.Form{})
	if err != nil {
		return err
	}
	a := data.Item.Answer
	data.Form = c.NewForm(url.Values{"answer": {string(a.Verdict)}, "says": {a.Says}, "due_on": {a.DueOn}, "person": {a.Person}, "seen": {strconv.Itoa(a.Version)}}, 0)
	return c.Render(itemPage.With(data))
}

func (p *Pages) fill(c *web.Ctx) error {
	again := func(err error) error {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.itemData(c, form)
			return itemPage.With(data), err
		})
	}
	call, subject, code := readiness.CallID(c.Path("call")), c.Path("subject"), c.Path("code")
	a := readiness.Answer{Code: code, Verdict: readiness.Verdict(c.Text("answer")), Says: c.Lines("says"), DueOn: c.Day("due_on"), Person: c.Text("person"), Version: int(c.Int("seen"))}
	up, err := c.File("file")
	if err != nil {
		return again(err)
	}
	if err := c.Err(); err != nil {
		return again(err)
	}
	if err := p.Readiness.Fill(c.Context(), call, subject, a); err != nil {
		return again(err)
	}
	if up != nil {
		if err := p.Readiness.Attach(c.Context(), call, subject, code, "", up.Name, up); err != nil {
			// The answer is kept; only the file was refused. The form goes on from what is kept.
			return c.Again(err, func(form ui.Form) (ui.Filled, error) {
				data, err := p.itemData(c, form)
				data.Form.Values.Set("seen", strconv.Itoa(data.Item.Answer.Version))
				return itemPage.With(data), err
			})
		}
	}
	data, err := p.itemData(c, ui.Form{})
	if err != nil {
		return err
	}
	if data.Next == "" || c.Text("then") == "back" {
		return c.See(data.Path, "Đã lưu “%s”.", data.Item.Title)
	}
	return c.See(data.Next, "Đã lưu “%s”.", data.Item.Title)
}

func (p *Pages) file(c *web.Ctx) error {
	f, r, err := p.Readiness.OpenFile(c.Context(), readiness.FileID(c.Path("file")))
	if err != nil {
		return err
	}
	defer r.Close()
	return c.Download(f.Name, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
}

func (p *Pages) drop(c *web.Ctx) error {
	if err := p.Readiness.Drop(c.Context(), readiness.FileID(c.Path("file"))); err != nil {
		return err
	}
	return c.See(c.Text("back"), "Đã bỏ minh chứng.")
}

// says tells, before a step is taken, what follows from it.
func says(do string) string {
	switch do {
	case "submit":
		return "Báo cáo đến Phòng Khảo thí ngay. Mục chưa đạt thành tồn tại phải khắc phục. Gửi rồi thì đơn vị không sửa được, trừ khi được trả lại."
	case "return":
		return "Đơn vị sửa và gửi lại. Cho đến lúc đó đơn vị được tính là chưa báo cáo."
	case "review":
		return "Một người khác của phòng sẽ kết luận."
	case "find_gaps":
		return "Đơn vị thấy các tồn tại và phải báo khắc phục. Một người khác của phòng sẽ kết luận."
	case "ready":
		return "Đơn vị được ghi là sẵn sàng trong tổng hợp của tỉnh."
	case "not_ready":
		return "Đơn vị được ghi là chưa sẵn sàng trong tổng hợp của tỉnh, kèm các tồn tại."
	}
	return ""
}

func (p *Pages) stepData(c *web.Ctx, form ui.Form) (stepData, error) {
	w, err := p.whole(c)
	if err != nil {
		return stepData{}, err
	}
	data := stepData{Form: form, Whole: w, Says: says(c.Path("do")), Back: reportPath(w.Call.ID, w.Report.Subject)}
	i := slices.IndexFunc(readiness.ReportWorkflow().Steps, func(s workflow.Step) bool { return s.Do == c.Path("do") && data.Says != "" })
	if i < 0 {
		return data, &fault.Error{Kind: fault.NotFound}
	}
	data.Step = readiness.ReportWorkflow().Steps[i]
	return data, nil
}

func (p *Pages) stepForm(c *web.Ctx) error {
	data, err := p.stepData(c, ui.Form{})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(data.Whole.Offered, func(s workflow.Step) bool { return s.Do == data.Step.Do }) {
		return &fault.Error{Kind: fault.Conflict, Message: "Bước này không làm được lúc này, hoặc cần một người khác làm.", Link: data.Back}
	}
	data.Form = c.NewForm(nil, data.Whole.Report.Version)
	return c.Render(stepPage.With(data))
}

func (p *Pages) step(c *web.Ctx) error {
	s, call, subject, version, note := p.Readiness, readiness.CallID(c.Path("call")), c.Path("subject"), c.Version(), c.Lines("note")
	var err error
	switch c.Path("do") {
	case "submit":
		err = s.Submit(c.Context(), call, subject, version)
	case "return":
		err = s.Return(c.Context(), call, subject, version, note)
	case "review", "find_gaps":
		err = s.Review(c.Context(), call, subject, version, note)
	case "ready", "not_ready":
		err = s.Decide(c.Context(), call, subject, version, c.Path("do") == "ready", note)
	default:
		err = &fault.Error{Kind: fault.NotFound}
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.stepData(c, form)
			return stepPage.With(data), err
		})
	}
	return c.See(reportPath(call, subject), "Đã ghi.")
}
