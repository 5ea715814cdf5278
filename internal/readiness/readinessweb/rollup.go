package readinessweb

import (
	"strings"

	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/readiness"
)

type rollUpData struct {
	Call     readiness.Call
	Live     *rollUpView // nil for who reads approved ones only
	Versions []frozenRow
	CanDo    bool // compile
	Form     ui.Form
	Back     string
}

type frozenRow struct {
	readiness.Frozen
	Tag  ui.Tag
	Path string
}

// A rollUpView is a roll-up as pages show it.
type rollUpView struct {
	readiness.RollUp
	Counts []stateCount
	Items  []itemRow
	Silent string // names
}

type frozenData struct {
	Frozen     readiness.Frozen
	View       rollUpView
	Tag        ui.Tag
	Form       ui.Form
	CanApprove bool
	CanSend    bool
	Back       string
	Path       string
}

var (
	rollUpPage = ui.New[rollUpData](files, "pages/tong-hop.html", "pages/tong-hop-so.html")
	frozenPage = ui.New[frozenData](files, "pages/tong-hop-ban.html", "pages/tong-hop-so.html")
)

func (p *Pages) viewOf(c *web.Ctx, r readiness.RollUp) (rollUpView, error) {
	v := rollUpView{RollUp: r}
	v.Counts = append(v.Counts, stateCount{ui.Tag{Tone: ui.Bad, Word: "Chưa gửi báo cáo"}, len(r.Silent)})
	for _, s := range []workflow.State{readiness.StateReady, readiness.StateNotReady, readiness.StateGapOpen, readiness.StateGapFixed, readiness.StateReviewed, readiness.StateSubmitted} {
		v.Counts = append(v.Counts, stateCount{stateTag(s), r.Count(s)})
	}
	for _, x := range r.Items {
		name, err := p.Readiness.KindName(c.Context(), x.Kind)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, itemRow{ItemSum: x, KindName: name})
	}
	var names []string
	for _, x := range r.Silent {
		names = append(names, x.Name)
	}
	v.Silent = strings.Join(names, "; ")
	return v, nil
}

func rollUpTag(state workflow.State) ui.Tag {
	t := ui.Tag{Word: readiness.RollUpWorkflow().States[state]}
	switch state {
	case readiness.StateApproved, readiness.StateSent:
		t.Tone = ui.OK
	case readiness.StateCompiled:
		t.Tone = ui.Info
	}
	return t
}

func (p *Pages) rollUp(c *web.Ctx) error {
	call, all, err := p.which(c)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return p.noCalls(c)
	}
	data := rollUpData{Call: call, Form: c.NewForm(nil, 0), CanDo: c.Can(readiness.ActReview, everywhere)}
	if c.Can(readiness.ActRead, everywhere) {
		data.Back = BasePath + "?dot=" + string(call.ID)
		r, err := p.Readiness.RollUpOf(c.Context(), call.ID)
		if err != nil {
			return err
		}
		v, err := p.viewOf(c, r)
		if err != nil {
			return err
		}
		data.Live = &v
	}
	versions, err := p.Readiness.RollUps(c.Context(), call.ID)
	if err != nil {
		return err
	}
	for _, f := range versions {
		data.Versions = append(data.Versions, frozenRow{f, rollUpTag(f.State), rollUpPath + "/" + string(f.ID)})
	}
	return c.Render(rollUpPage.With(data))
}

func (p *Pages) compile(c *web.Ctx) error {
	f, err := p.Readiness.Compile(c.Context(), readiness.CallID(c.Text("call")))
	if err != nil {
		return err
	}
	return c.See(rollUpPath+"/"+string(f.ID), "Đã tổng hợp. Một người khác của phòng duyệt bản này.")
}

func (p *Pages) frozenData(c *web.Ctx, form ui.Form) (frozenData, error) {
	f, err := p.Readiness.Frozen(c.Context(), readiness.RollUpID(c.Path("id")))
	if err != nil {
		return frozenData{}, err
	}
	v, err := p.viewOf(c, f.RollUp)
	if err != nil {
		return frozenData{}, err
	}
	form.Version = f.Version
	data := frozenData{Frozen: f, View: v, Tag: rollUpTag(f.State), Form: form, Back: rollUpPath + "?dot=" + string(f.Call), Path: rollUpPath + "/" + string(f.ID)}
	steps, err := p.Readiness.RollUpOffered(c.Context(), f)
	for _, s := range steps {
		data.CanApprove = data.CanApprove || s.Do == "approve"
		data.CanSend = data.CanSend || s.Do == "send"
	}
	return data, err
}

func (p *Pages) frozen(c *web.Ctx) error {
	data, err := p.frozenData(c, c.NewForm(nil, 0))
	if err != nil {
		return err
	}
	return c.Render(frozenPage.With(data))
}

func (p *Pages) frozenDone(c *web.Ctx, err error, flash string) error {
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.frozenData(c, form)
			return frozenPage.With(data), err
		})
	}
	return c.See(rollUpPath+"/"+c.Path("id"), flash)
}

func (p *Pages) approve(c *web.Ctx) error {
	return p.frozenDone(c, p.Readiness.Approve(c.Context(), readiness.RollUpID(c.Path("id")), c.Version(), c.Bool("silent")), "Đã duyệt. Văn phòng Sở gửi bản này.")
}

func (p *Pages) send(c *web.Ctx) error {
	return p.frozenDone(c, p.Readiness.Send(c.Context(), readiness.RollUpID(c.Path("id")), c.Version(), c.Lines("to")), "Đã ghi nơi gửi.")
}
