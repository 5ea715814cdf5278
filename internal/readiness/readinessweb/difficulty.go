package readinessweb

import (
	"net/url"
	"slices"

	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/readiness"
)

type difficultiesData struct {
	Filters []ui.FilterGroup
	List    []difficultyRow
	New     string // "" for who raises none
}

type difficultyRow struct {
	readiness.Difficulty
	Tag  ui.Tag
	Late bool
	Path string
}

type raiseData struct {
	Form     ui.Form
	Subjects []ui.Option
	Back     string
}

type difficultyData struct {
	readiness.DifficultyWhole
	Tag                            ui.Tag
	Late                           bool
	Form                           ui.Form
	CanAnswer, CanReopen, CanClose bool
	CanWithdraw                    bool
	Path, Back                     string
	History                        []ui.Step
}

var (
	difficultiesPage = ui.New[difficultiesData](files, "pages/vuong-mac.html")
	raisePage        = ui.New[raiseData](files, "pages/vuong-mac-moi.html")
	difficultyPage   = ui.New[difficultyData](files, "pages/vuong-mac-xem.html")
)

func difficultyTag(d readiness.Difficulty, today string) ui.Tag {
	t := ui.Tag{Word: readiness.DifficultyWorkflow().States[d.State]}
	switch {
	case d.Overdue(today):
		return ui.Tag{Tone: ui.Bad, Word: "Quá hạn trả lời"}
	case d.State == readiness.StateOpen:
		t.Tone = ui.Warn
	case d.State == readiness.StateAnswered:
		t.Tone = ui.Info
	default:
		t.Tone = ui.OK
	}
	return t
}

func (p *Pages) difficulties(c *web.Ctx) error {
	state := workflow.State(c.Text("buoc"))
	list, err := p.Readiness.Difficulties(c.Context(), state)
	if err != nil {
		return err
	}
	data := difficultiesData{}
	if p.Policy.Anywhere(c.Context(), readiness.ActRaise) {
		data.New = DifficultiesPath + "/moi"
	}
	links := []ui.Link{{Href: DifficultiesPath, Label: "Tất cả", On: state == ""}}
	for _, s := range []workflow.State{readiness.StateOpen, readiness.StateAnswered, readiness.StateClosed} {
		links = append(links, ui.Link{Href: DifficultiesPath + "?buoc=" + string(s), Label: readiness.DifficultyWorkflow().States[s], On: state == s})
	}
	data.Filters = []ui.FilterGroup{{Title: "Bước", Links: links}}
	for _, d := range list {
		data.List = append(data.List, difficultyRow{d, difficultyTag(d, p.today()), d.Overdue(p.today()), DifficultiesPath + "/" + string(d.ID)})
	}
	return c.Render(difficultiesPage.With(data))
}

func (p *Pages) raiseData(c *web.Ctx, form ui.Form) (raiseData, error) {
	data := raiseData{Form: form, Back: DifficultiesPath}
	mine, err := p.Readiness.Raisers(c.Context())
	for _, x := range mine {
		data.Subjects = append(data.Subjects, ui.Option{Value: x.ID, Label: x.Name})
	}
	return data, err
}

func (p *Pages) raiseForm(c *web.Ctx) error {
	data, err := p.raiseData(c, ui.Form{})
	if err != nil {
		return err
	}
	values := url.Values{}
	if len(data.Subjects) > 0 {
		values.Set("subject", data.Subjects[0].Value)
	}
	data.Form = c.NewForm(values, 0)
	return c.Render(raisePage.With(data))
}

func (p *Pages) raise(c *web.Ctx) error {
	id, err := p.Readiness.Raise(c.Context(), readiness.DifficultyInput{Subject: c.Text("subject"), Title: c.Text("title"), Says: c.Lines("says"), Urgent: c.Bool("urgent")})
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.raiseData(c, form)
			return raisePage.With(data), err
		})
	}
	return c.See(DifficultiesPath+"/"+string(id), "Đã gửi. Sở phải trả lời đúng hạn ghi dưới đây.")
}

func (p *Pages) difficultyData(c *web.Ctx, form ui.Form) (difficultyData, error) {
	w, err := p.Readiness.DifficultyOf(c.Context(), readiness.DifficultyID(c.Path("id")))
	if err != nil {
		return difficultyData{}, err
	}
	can := func(do string) bool {
		return slices.ContainsFunc(w.Offered, func(s workflow.Step) bool { return s.Do == do })
	}
	form.Version = w.Version
	return difficultyData{DifficultyWhole: w, Tag: difficultyTag(w.Difficulty, p.today()), Late: w.Overdue(p.today()), Form: form, CanAnswer: can("answer"), CanReopen: can("reopen"), CanClose: can("close"),
		CanWithdraw: can("withdraw"), Path: DifficultiesPath + "/" + string(w.ID), Back: DifficultiesPath, History: historySteps(readiness.DifficultyWorkflow(), w.History)}, nil
}

func (p *Pages) difficulty(c *web.Ctx) error {
	data, err := p.difficultyData(c, c.NewForm(nil, 0))
	if err != nil {
		return err
	}
	return c.Render(difficultyPage.With(data))
}

func (p *Pages) difficultyDone(c *web.Ctx, err error, flash string) error {
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.difficultyData(c, form)
			return difficultyPage.With(data), err
		})
	}
	return c.See(DifficultiesPath+"/"+c.Path("id"), flash)
}

func (p *Pages) answer(c *web.Ctx) error {
	return p.difficultyDone(c, p.Readiness.Answer(c.Context(), readiness.DifficultyID(c.Path("id")), c.Version(), c.Lines("answer")), "Đã trả lời; đơn vị thấy ngay.")
}

func (p *Pages) reopen(c *web.Ctx) error {
	return p.difficultyDone(c, p.Readiness.Reopen(c.Context(), readiness.DifficultyID(c.Path("id")), c.Version(), c.Lines("note")), "Đã gửi lại cho Sở.")
}

func (p *Pages) closeDifficulty(c *web.Ctx) error {
	return p.difficultyDone(c, p.Readiness.Close(c.Context(), readiness.DifficultyID(c.Path("id")), c.Version(), c.Lines("note")), "Đã ghi.")
}
