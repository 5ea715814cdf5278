package ministryweb

import (
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/ministry"
	"bangvang/internal/people"
)

type requestsData struct {
	Exam string
	May  bool
	Rows []requestRow
}

type requestRow struct {
	ministry.Request
	Href string
	Tag  ui.Tag
	To   string // who advises
}

var requestsPage = ui.New[requestsData](files, "pages/yeu-cau.html")

func (p *Pages) row(r ministry.Request) requestRow {
	row := requestRow{Request: r, Href: requestsPath + "/" + string(r.ID), Tag: ui.Tag{Tone: ui.Info, Word: r.StateLabel()}, To: roleName(r.Assigned)}
	switch {
	case r.Overdue(p.Clock.Millis()):
		row.Tag = ui.Tag{Tone: ui.Bad, Word: "Quá hạn: " + r.StateLabel()}
	case r.State == ministry.RequestAnswered:
		row.Tag.Tone = ui.OK
	case r.Done():
		row.Tag.Tone = ui.Plain
	}
	return row
}

func roleName(r access.Role) string {
	info, _ := people.RoleOf(r)
	return info.Title
}

// requests lists what the Ministry's Office asks (R-II.4-c).
func (p *Pages) requests(c *web.Ctx) error {
	e, ok, err := p.current(c)
	if err != nil {
		return err
	}
	data := requestsData{May: ok && c.Can(ministry.ActRequest, access.Place{})}
	if ok {
		data.Exam = e.FullName()
		all, err := p.Ministry.Requests(c.Context(), e.ID)
		if err != nil {
			return err
		}
		for _, r := range all {
			data.Rows = append(data.Rows, p.row(r))
		}
	}
	return c.Render(requestsPage.With(data))
}

type requestFormData struct{ Form ui.Form }

var requestFormPage = ui.New[requestFormData](files, "pages/yeu-cau-moi.html")

func (p *Pages) requestForm(c *web.Ctx) error {
	return c.Render(requestFormPage.With(requestFormData{c.NewForm(nil, 0)}))
}

func (p *Pages) record(c *web.Ctx) error {
	e, ok, err := p.current(c)
	if err != nil || !ok {
		return noExam(err)
	}
	in := ministry.Request{Exam: e.ID, Way: c.Text("way"), AskedBy: c.Text("asked_by"), Subject: c.Text("subject"), Body: c.Lines("body"), ReceivedAt: moment(c, "received", p.today())}
	if c.Day("due") != "" || c.Text("due_clock") != "" {
		in.DueAt = moment(c, "due", p.today())
	}
	var id ministry.RequestID
	if err = c.Err(); err == nil {
		id, err = p.Ministry.RecordRequest(c.Context(), in)
	}
	if err != nil {
		err = moments(moments(err, "received", "received_clock"), "due", "due_clock")
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return requestFormPage.With(requestFormData{form}), nil })
	}
	return c.See(requestsPath+"/"+string(id), "Đã ghi yêu cầu.")
}

type requestData struct {
	requestRow
	Steps   []workflow.Step
	Facts   []ui.Fact
	History []ui.Step
}

var requestPage = ui.New[requestData](files, "pages/yeu-cau-xem.html")

func (p *Pages) request(c *web.Ctx) error {
	r, err := p.Ministry.Request(c.Context(), ministry.RequestID(c.Path("id")))
	if err != nil {
		return err
	}
	data := requestData{requestRow: p.row(r)}
	if data.Steps, err = p.Ministry.RequestOffered(c.Context(), r); err != nil {
		return err
	}
	add := func(label, value string) {
		if value != "" {
			data.Facts = append(data.Facts, ui.Fact{Label: label, Value: value})
		}
	}
	add("Nhận lúc", text.FormatDayTime(r.ReceivedAt)+", "+r.Way)
	add("Người yêu cầu", r.AskedBy)
	if r.DueAt > 0 {
		add("Hạn trả lời", text.FormatDayTime(r.DueAt))
	}
	add("Vào sổ", r.EnteredName+", "+text.FormatDayTime(r.EnteredAt))
	add("Giao tham mưu", roleName(r.Assigned))
	add("Lời giao việc", r.Instruction)
	if r.AnsweredAt > 0 {
		add("Trả lời lúc", text.FormatDayTime(r.AnsweredAt)+", "+r.AnsweredWay+", "+r.AnsweredName)
	}
	entries, err := p.Ministry.RequestHistory(c.Context(), r)
	if err != nil {
		return err
	}
	if data.History, err = p.steps(c, ministry.RequestWorkflow(), "Ghi yêu cầu", entries); err != nil {
		return err
	}
	return c.Render(requestPage.With(data))
}

type requestStepData struct {
	Step    workflow.Step
	Subject string
	Body    string
	Advice  string
	Back    string
	Offices []ui.Option
	Form    ui.Form
}

var requestStepPage = ui.New[requestStepData](files, "pages/yeu-cau-buoc.html")

// offered finds the request's step of the path among those the actor may take now.
func (p *Pages) offered(c *web.Ctx) (ministry.Request, workflow.Step, error) {
	r, err := p.Ministry.Request(c.Context(), ministry.RequestID(c.Path("id")))
	if err != nil {
		return r, workflow.Step{}, err
	}
	all := ministry.RequestWorkflow().Steps
	i := slices.IndexFunc(all, func(s workflow.Step) bool { return s.Do == c.Path("do") })
	if i < 0 {
		return r, workflow.Step{}, &fault.Error{Kind: fault.NotFound}
	}
	if err := p.Policy.Check(c.Context(), all[i].Who, access.Place{}); err != nil {
		return r, workflow.Step{}, err
	}
	steps, err := p.Ministry.RequestOffered(c.Context(), r)
	if err != nil {
		return r, workflow.Step{}, err
	}
	if i = slices.IndexFunc(steps, func(s workflow.Step) bool { return s.Do == c.Path("do") }); i < 0 {
		return r, workflow.Step{}, &fault.Error{Kind: fault.Conflict, Link: requestsPath + "/" + string(r.ID), Message: "Bước này không làm được khi yêu cầu ở bước “" + r.StateLabel() + "”, hoặc việc của nơi khác."}
	}
	return r, steps[i], nil
}

func drawStep(r ministry.Request, step workflow.Step, form ui.Form) (ui.Filled, error) {
	data := requestStepData{Step: step, Subject: r.Subject, Body: r.Body, Advice: r.Advice, Back: requestsPath + "/" + string(r.ID), Form: form}
	for _, role := range ministry.Advisers() {
		data.Offices = append(data.Offices, ui.Option{Value: string(role), Label: roleName(role)})
	}
	return requestStepPage.With(data), nil
}

func (p *Pages) stepForm(c *web.Ctx) error {
	r, step, err := p.offered(c)
	if err != nil {
		return err
	}
	page, err := drawStep(r, step, c.NewForm(map[string][]string{"answer": {r.Advice}}, r.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) step(c *web.Ctx) error {
	r, step, err := p.offered(c)
	if err != nil {
		return err
	}
	s, ctx, version := p.Ministry, c.Context(), c.Version()
	switch step.Do {
	case "assign":
		err = s.Assign(ctx, r.ID, version, access.Role(c.Text("assigned")), c.Lines("instruction"))
	case "advise":
		err = s.Advise(ctx, r.ID, version, c.Lines("advice"))
	case "answer":
		at := moment(c, "answered", p.today())
		if err = c.Err(); err == nil {
			err = s.Answer(ctx, r.ID, version, c.Lines("answer"), c.Text("answered_way"), at)
		}
	case "close":
		err = s.Close(ctx, r.ID, version, c.Lines("note"))
	case "reopen":
		err = s.Reopen(ctx, r.ID, version, c.Lines("note"))
	}
	if err != nil {
		return c.Again(moments(err, "answered", "answered_clock"), func(form ui.Form) (ui.Filled, error) { return drawStep(r, step, form) })
	}
	return c.See(requestsPath+"/"+string(r.ID), "Đã ghi “%s”.", step.Title)
}
