package reportsweb

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

type chooseData struct {
	view
	Filters []ui.FilterGroup
	Typed   string
	Sites   []choice
	None    string // what was typed names no site
	Due     string
}

// A choice is one site that can be typed for.
type choice struct {
	Code, Name, Place string
	Fold              string // what the script holds the typed letters against
	Href              string
	State             string
	Silent            bool
	Late              string
	People            []callee
}

type dictateData struct {
	view
	typing
	Site     exam.Site
	Back     string
	People   []callee
	Said     []string // that there is a report already
	ReadBack []string
	Check    string // where the script has the form judged
	Called   string
	Save     string
}

type correctData struct {
	typing
	view
	Site  exam.Site
	Back  string
	Paper paper
}

var (
	choosePage  = ui.New[chooseData](files, "pages/hd-dien-thoai.html", "pages/hd-chung.html")
	dictatePage = ui.New[dictateData](files, "pages/hd-doc.html", "pages/hd-nhap.html", "pages/hd-chung.html")
	correctPage = ui.New[correctData](files, "pages/hd-sua.html", "pages/hd-nhap.html", "pages/hd-chung.html")
)

func (p *Pages) registerPhone(o *web.Office) {
	o.GET(phonePath, reports.ActDictate, p.phone)
	o.POST(phonePath, reports.ActDictate, p.dictate)
	o.POST(phonePath+"/kiem-tra", reports.ActDictate, p.checkTyping)
	web.FormPage[correctData]{View: correctPage, Values: p.correctValues, Data: p.correctData, Do: p.correct}.Register(o, reportPath+"/{id}/sua", reports.ActDictate)
}

// phone shows the form of the site that the address names, or lets one choose a site.
func (p *Pages) phone(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	typed := c.Text("diem")
	choices, err := p.choices(c, v)
	if err != nil {
		return err
	}
	found := choices
	if typed != "" {
		if found = matching(choices, typed); len(found) == 1 {
			return p.dictateForm(c, v, found[0].site)
		}
	}
	data := chooseData{view: v, Filters: v.filters(phonePath), Typed: typed}
	if len(found) == 0 {
		data.None, found = typed, choices
	}
	for _, x := range found {
		data.Sites = append(data.Sites, x.choice)
	}
	settings, err := p.Reports.SettingsOf(c.Context(), v.Exam.ID, v.Sitting.ID)
	if err != nil {
		return err
	}
	due := settings.DueAt(v.Sitting, v.Part)
	data.Due = fmt.Sprintf("Hạn %s, %s", text.FormatClock(due), ahead(p.Clock.Millis(), due))
	return c.Render(choosePage.With(data))
}

// A siteChoice is a choice with its site.
type siteChoice struct {
	choice
	site exam.SiteID
}

// choices are the sites that owe a report, the silent ones first and of those the latest.
func (p *Pages) choices(c *web.Ctx, v view) ([]siteChoice, error) {
	b, err := p.Reports.Board(c.Context(), v.Sitting.ID)
	if err != nil {
		return nil, err
	}
	contacts, err := p.Reports.Contacts(c.Context())
	if err != nil {
		return nil, err
	}
	var all []siteChoice
	for _, r := range b.Rows {
		cell := r.Cell(v.Part)
		if !r.Due && cell.Shown() == nil {
			continue
		}
		x := siteChoice{choice{Code: r.Site.Code, Name: strings.TrimPrefix(r.Site.Name, "Điểm thi "), Place: r.Site.LocalityName, Fold: text.Fold(r.Site.Code + " " + r.Site.Name),
			Href: v.at(phonePath, "diem", string(r.Site.ID)), State: cell.Progress.Label(), Silent: !cell.Progress.Heard()}, r.Site.ID}
		if x.Silent && cell.Late > 0 {
			x.Late = "trễ " + ago(cell.Late)
		}
		if x.Silent {
			x.People = callees(r.Site, contacts[r.Site.ID])
		}
		all = append(all, x)
	}
	slices.SortStableFunc(all, func(a, b siteChoice) int {
		switch {
		case a.Silent == b.Silent:
			return 0
		case a.Silent:
			return -1
		}
		return 1
	})
	return all, nil
}

// matching finds the sites that what was typed may mean: by id or code exactly, or else by a part of the
// name.
func matching(all []siteChoice, typed string) []siteChoice {
	fold := text.Fold(typed)
	bare := strings.TrimLeft(fold, "0")
	var exact, part []siteChoice
	for _, x := range all {
		switch {
		case string(x.site) == typed:
			return []siteChoice{x}
		case text.Fold(x.Code) == fold, bare != "" && strings.TrimLeft(text.Fold(x.Code), "0") == bare:
			exact = append(exact, x)
		case strings.Contains(x.Fold, fold):
			part = append(part, x)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return part
}

func (p *Pages) dictateForm(c *web.Ctx, v view, site exam.SiteID) error {
	form, err := p.Reports.Form(c.Context(), site, v.Sitting.ID)
	if err != nil {
		return err
	}
	values := typingValues(form, v.Part, nil)
	values.Set("called", text.FormatClock(p.Clock.Millis()))
	return c.Render(dictatePage.With(p.dictateData(v, form, c.NewForm(values, 0), p.peopleAt(c, form.Site))))
}

// peopleAt gives who is called at a site; nobody when that cannot be read, for the report matters more.
func (p *Pages) peopleAt(c *web.Ctx, site exam.Site) []callee {
	people, err := p.people(c, site)
	if err != nil {
		return nil
	}
	return people
}

func (p *Pages) dictateData(v view, form reports.Form, f ui.Form, people []callee) dictateData {
	data := dictateData{view: v, typing: newTyping(f, form, v.Part), Site: form.Site, Back: v.at(phonePath), People: people, Check: v.at(phonePath+"/kiem-tra", "diem", string(form.Site.ID)),
		Save: v.at(phonePath, "diem", string(form.Site.ID)), Called: f.Values.Get("called")}
	if got := check(f.Values, form, v.Part); len(f.Wrong) > 0 || f.Values.Get("kiem") != "" {
		data.ReadBack = got.ReadBack
	}
	for _, r := range form.Said[v.Part-1] {
		switch r.State {
		case reports.StateSubmitted, reports.StateConfirmed, reports.StateAccepted:
			data.Said = append(data.Said, fmt.Sprintf("Đã có báo cáo %s, nhận lúc %s (%s). Số liệu giống hệt thì được ghi là trùng; khác thì thành hai số liệu để Hội đồng chọn.", r.Receipt, text.FormatClock(r.ReceivedAt), strings.ToLower(stateTag(r).Word)))
		}
	}
	return data
}

// typingFor gives the form of the site that a sent form is about.
func (p *Pages) typingFor(c *web.Ctx) (view, reports.Form, error) {
	v, err := p.deskView(c)
	if err != nil {
		return v, reports.Form{}, err
	}
	form, err := p.Reports.Form(c.Context(), exam.SiteID(c.Text("diem")), v.Sitting.ID)
	return v, form, err
}

// checkTyping judges a form while it is typed.
func (p *Pages) checkTyping(c *web.Ctx) error {
	v, form, err := p.typingFor(c)
	if err != nil {
		return err
	}
	return c.JSON(check(sentValues(c), form, v.Part))
}

// dictate saves what was read out. "Kiểm tra" only shows the sentence to read back.
func (p *Pages) dictate(c *web.Ctx) error {
	v, form, err := p.typingFor(c)
	if err != nil {
		return err
	}
	draw := func(f ui.Form) (ui.Filled, error) {
		return dictatePage.With(p.dictateData(v, form, f, p.peopleAt(c, form.Site))), nil
	}
	said, wrong := readTyping(sentValues(c), form, v.Part)
	if c.Text("kiem") != "" {
		return p.preview(c, form, said, wrong, draw)
	}
	d := reports.Dictation{Report: said, Speaker: c.Text("speaker"), HeadSpoke: c.Bool("headSpoke"), ReadBack: c.Bool("readBack")}
	if d.CalledAt, err = p.calledAt(c.Text("called")); err != nil {
		wrong = append(wrong, fault.Field{Name: "called", Message: fault.Message(err)})
	}
	if d.HeadSpoke && v.Part == rules.Closing && d.Report.Head == "" {
		d.Report.Head = d.Speaker
	}
	var given reports.Receipt
	if err = fault.Fields(wrong...); err == nil {
		given, err = p.Reports.Dictate(c.Context(), d)
	}
	if err != nil {
		return c.Again(renamed(replaced(err, form.Basis)), draw)
	}
	p.endCall(c, v, form.Site.ID, given)
	return c.See(v.at(phonePath), "%s: %s", siteName(form.Site), p.spoken(given))
}

// spoken tells what is read to the site at the end of the call.
func (p *Pages) spoken(given reports.Receipt) string {
	switch given.Outcome {
	case reports.Duplicate:
		return "số liệu này đã được báo trước, biên nhận " + given.First + ". Không có gì phải làm thêm."
	case reports.Disputed:
		return "đã ghi, biên nhận " + given.Code + ", nhưng khác với báo cáo đã có. Bảng báo cáo hiện hai số liệu để chọn."
	}
	return "đã ghi. Đọc biên nhận cho điểm thi: " + given.Code + "."
}

// renamed leads what the verb says of the call to the form's own field.
func renamed(err error) error {
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	for i, f := range fields {
		switch f.Name {
		case "calledAt":
			fields[i].Name = "called"
		case "reporter":
			fields[i].Name = "speaker"
		}
	}
	return fault.Fields(fields...)
}

// preview shows the sentence to read back, or what is wrong with the figures.
func (p *Pages) preview(c *web.Ctx, form reports.Form, said rules.Report, wrong []fault.Field, draw func(ui.Form) (ui.Filled, error)) error {
	verdict := rules.Judge(said, form.Basis)
	for _, f := range verdict.Errors {
		wrong = append(wrong, fault.Field{Name: f.Field, Message: f.Message})
	}
	for _, f := range verdict.Open {
		wrong = append(wrong, fault.Field{Name: "reasons." + f.Key, Message: f.Message})
	}
	if err := fault.Fields(ledTo(wrong, form.Basis)...); err != nil {
		return c.Again(err, draw)
	}
	return c.Preview(draw)
}

// calledAt reads when the call was, today; "" is now.
func (p *Pages) calledAt(typed string) (int64, error) {
	if typed == "" {
		return 0, nil
	}
	at, err := text.ParseClock(typed)
	if err != nil {
		return 0, err
	}
	now := p.Clock.Now()
	ms, _ := exam.ClockAt(clock.Day(now), at)
	if ms > clock.Millis(now) { // just before midnight
		ms -= dayMS
	}
	return ms, nil
}

// endCall closes the call that was marked on the call sheet: its figures are here.
func (p *Pages) endCall(c *web.Ctx, v view, site exam.SiteID, given reports.Receipt) {
	running, err := p.Reports.Running(c.Context(), reports.Slot{Sitting: v.Sitting.ID, Site: site, Part: v.Part})
	if err != nil || running.Person != c.Actor().Person {
		return
	}
	// The report is kept whatever becomes of the mark.
	_ = p.Reports.Called(c.Context(), v.Sitting.ID, running.ID, "Đã đọc số liệu, biên nhận "+given.Code+".")
}

func (p *Pages) correctValues(c *web.Ctx) (url.Values, int, error) {
	r, err := p.report(c)
	if err != nil {
		return nil, 0, err
	}
	form, err := p.Reports.Form(c.Context(), r.Site, r.Sitting)
	v := typingValues(form, r.Part, &r.Said)
	v.Set("speaker", r.Said.Reporter)
	return v, r.Version, err
}

func (p *Pages) correctData(c *web.Ctx, f ui.Form) (correctData, error) {
	r, err := p.report(c)
	if err != nil {
		return correctData{}, err
	}
	form, err := p.Reports.Form(c.Context(), r.Site, r.Sitting)
	if err != nil {
		return correctData{}, err
	}
	return correctData{typing: newTyping(f, form, r.Part), view: view{form.Exam, form.Round, form.Sitting, r.Part}, Site: form.Site, Back: backTo(r), Paper: paperOf(r, form.Basis, 0)}, nil
}

func (p *Pages) correct(c *web.Ctx) (next, flash string, err error) {
	r, err := p.report(c)
	if err != nil {
		return "", "", err
	}
	form, err := p.Reports.Form(c.Context(), r.Site, r.Sitting)
	if err != nil {
		return "", "", err
	}
	said, wrong := readTyping(sentValues(c), form, r.Part)
	// What the form does not show stays as it was said.
	said.ID, said.Witness, said.OnlineAt, said.OfflineAt = r.Said.ID, r.Said.Witness, r.Said.OnlineAt, r.Said.OfflineAt
	if len(r.Said.Incidents) > 1 && len(said.Incidents) > 0 {
		said.Incidents = append(said.Incidents, r.Said.Incidents[1:]...)
	}
	if err := fault.Fields(wrong...); err != nil {
		return "", "", replaced(err, form.Basis)
	}
	given, err := p.Reports.Correct(c.Context(), r.ID, said, c.Lines("why"))
	return backTo(r), "Đã ghi bản sửa, biên nhận " + given.Code + ". Bản cũ còn trong tổng cho đến khi một người khác tiếp nhận bản sửa.", renamed(replaced(err, form.Basis))
}
