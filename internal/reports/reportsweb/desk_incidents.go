package reportsweb

import (
	"cmp"
	"net/url"
	"slices"

	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

type incidentsData struct {
	view
	Filters []ui.FilterGroup
	Open    []incidentRow
	Closed  []incidentRow
	New     string
}

type incidentRow struct {
	Site, Category, Happened, What, Action, By, Settled string
	Severity                                            ui.Tag
	Href                                                string
}

type incidentData struct {
	Form      ui.Form
	Title     string
	Back      string
	Row       incidentRow
	CanSettle bool
}

type incidentFormData struct {
	Form       ui.Form
	When       string
	Back       string
	Sites      []ui.Option
	Categories []ui.Option
	Severities []ui.Option
	CanOpen    bool
}

var (
	incidentsPage    = ui.New[incidentsData](files, "pages/hd-su-co.html")
	incidentPage     = ui.New[incidentData](files, "pages/hd-su-co-xem.html")
	incidentFormPage = ui.New[incidentFormData](files, "pages/hd-su-co-moi.html")
)

func (p *Pages) registerIncidents(o *web.Office) {
	o.GET(incidentsPath, reports.ActBoard, p.incidents)
	web.FormPage[incidentFormData]{View: incidentFormPage, Values: p.incidentValues, Data: p.incidentForm, Do: p.openIncident}.Register(o, incidentsPath+"/moi", reports.ActBoard)
	web.FormPage[incidentData]{View: incidentPage, Values: p.settleValues, Data: p.incidentData, Do: p.settle}.Register(o, incidentsPath+"/{id}", reports.ActBoard)
}

// incidentsView is the view for who sees the incidents of all sites.
func (p *Pages) incidentsView(c *web.Ctx) (view, error) {
	if err := p.Policy.Check(c.Context(), reports.ActBoard, everywhere); err != nil {
		return view{}, err
	}
	return p.view(c)
}

func severityTag(i reports.Incident) ui.Tag {
	t := ui.Tag{Word: reports.SeverityLabel(i.Severity)}
	if i.Urgent() {
		t.Tone = ui.Bad
		if i.Severity != "severe" {
			t.Word += ", báo cáo ngay"
		}
	}
	return t
}

func (p *Pages) incidentRow(i reports.Incident, sites map[exam.SiteID]exam.Site, words reports.Words3) incidentRow {
	row := incidentRow{Site: siteName(sites[i.Site]), Category: nameOf(words.Incident, i.Category), Happened: i.Happened, What: i.What, Action: i.Action,
		By: i.EnteredName + ", " + text.FormatDayTime(i.EnteredAt), Severity: severityTag(i), Href: at(incidentsPath+"/"+string(i.ID), i.Sitting, rules.Attendance)}
	if !i.Open {
		row.Settled = "Đã xử lý xong khi báo"
		if i.SettledAt > 0 {
			row.Settled = i.SettledName + ", " + text.FormatDayTime(i.SettledAt) + ": " + i.SettledNote
		}
	}
	return row
}

// roundSites gives a round's sites by id.
func (p *Pages) roundSites(c *web.Ctx, round exam.RoundID) (map[exam.SiteID]exam.Site, []exam.Site, error) {
	list, err := p.Reports.Exams.Sites(c.Context(), round)
	byID := map[exam.SiteID]exam.Site{}
	for _, s := range list {
		byID[s.ID] = s
	}
	return byID, list, err
}

func (p *Pages) incidents(c *web.Ctx) error {
	v, err := p.incidentsView(c)
	if err != nil {
		return err
	}
	list, err := p.Reports.Incidents(c.Context(), v.Sitting.ID)
	if err != nil {
		return err
	}
	words, err := p.Reports.WordsOf(c.Context(), v.Exam.ID)
	if err != nil {
		return err
	}
	sites, _, err := p.roundSites(c, v.Round.ID)
	if err != nil {
		return err
	}
	data := incidentsData{view: v, Filters: v.filters(incidentsPath)[:1]}
	if c.Can(reports.ActIncident, everywhere) {
		data.New = v.at(incidentsPath + "/moi")
	}
	urgent := func(i reports.Incident) int {
		if i.Urgent() {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b reports.Incident) int { return cmp.Compare(urgent(a), urgent(b)) })
	for _, i := range list {
		row := p.incidentRow(i, sites, words)
		if i.Open {
			data.Open = append(data.Open, row)
		} else {
			data.Closed = append(data.Closed, row)
		}
	}
	return c.Render(incidentsPage.With(data))
}

func (p *Pages) incident(c *web.Ctx) (reports.Incident, error) {
	if err := p.Policy.Check(c.Context(), reports.ActBoard, everywhere); err != nil {
		return reports.Incident{}, err
	}
	return p.Reports.Incident(c.Context(), reports.IncidentID(c.Path("id")))
}

func (p *Pages) settleValues(c *web.Ctx) (url.Values, int, error) {
	i, err := p.incident(c)
	return nil, i.Version, err
}

func (p *Pages) incidentData(c *web.Ctx, f ui.Form) (incidentData, error) {
	i, err := p.incident(c)
	if err != nil {
		return incidentData{}, err
	}
	words, err := p.Reports.WordsOf(c.Context(), i.Exam)
	if err != nil {
		return incidentData{}, err
	}
	site, err := p.Reports.Exams.Site(c.Context(), i.Site)
	if err != nil {
		return incidentData{}, err
	}
	row := p.incidentRow(i, map[exam.SiteID]exam.Site{i.Site: site}, words)
	return incidentData{Form: f, Title: row.Category + ", " + row.Site, Back: at(incidentsPath, i.Sitting, rules.Attendance), Row: row,
		CanSettle: i.Open && c.Can(reports.ActSettle, everywhere)}, nil
}

func (p *Pages) settle(c *web.Ctx) (next, flash string, err error) {
	i, err := p.incident(c)
	if err != nil {
		return "", "", err
	}
	err = p.Reports.SettleIncident(c.Context(), i.ID, c.Version(), c.Lines("note"))
	return at(incidentsPath, i.Sitting, rules.Attendance), "Đã ghi sự cố đã xử lý xong.", err
}

func (p *Pages) incidentValues(c *web.Ctx) (url.Values, int, error) {
	return url.Values{"site": {c.Text("diem")}, "at": {text.FormatClock(p.Clock.Millis())}, "open": {"1"}}, 0, nil
}

func (p *Pages) incidentForm(c *web.Ctx, f ui.Form) (incidentFormData, error) {
	v, err := p.incidentsView(c)
	if err != nil {
		return incidentFormData{}, err
	}
	words, err := p.Reports.WordsOf(c.Context(), v.Exam.ID)
	if err != nil {
		return incidentFormData{}, err
	}
	_, sites, err := p.roundSites(c, v.Round.ID)
	if err != nil {
		return incidentFormData{}, err
	}
	data := incidentFormData{Form: f, When: v.When(), Back: v.at(incidentsPath), CanOpen: c.Can(reports.ActIncident, everywhere), Sites: []ui.Option{{Value: "", Label: "Chọn điểm thi"}}, Categories: wordOptions("Chọn loại sự cố", words.Incident)}
	for _, s := range sites {
		data.Sites = append(data.Sites, ui.Option{Value: string(s.ID), Label: siteName(s), Group: s.LocalityName})
	}
	for _, code := range []string{"minor", "major", "severe"} {
		data.Severities = append(data.Severities, ui.Option{Value: code, Label: reports.SeverityLabel(code)})
	}
	return data, nil
}

func wordOptions(none string, words []rules.Word) []ui.Option {
	out := []ui.Option{{Value: "", Label: none}}
	for _, w := range words {
		out = append(out, ui.Option{Value: w.Code, Label: w.Name})
	}
	return out
}

func (p *Pages) openIncident(c *web.Ctx) (next, flash string, err error) {
	v, err := p.incidentsView(c)
	if err != nil {
		return "", "", err
	}
	if c.Text("site") == "" {
		c.Fail("site", "Hãy chọn điểm thi.")
		return "", "", c.Err()
	}
	_, err = p.Reports.OpenIncident(c.Context(), v.Sitting.ID, exam.SiteID(c.Text("site")),
		rules.Incident{Category: c.Text("category"), Severity: c.Text("severity"), At: c.Text("at"), What: c.Lines("what"), Action: c.Lines("action"), Open: c.Bool("open")})
	return v.at(incidentsPath), "Đã ghi sự cố. Bảng báo cáo hiện sự cố này ngay.", err
}
