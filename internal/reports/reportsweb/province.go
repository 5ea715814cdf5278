package reportsweb

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
)

type provinceData struct {
	view
	Filters  []ui.FilterGroup
	Form     ui.Form
	Now      *figures // the sums as they are; nil to who only reads approved ones
	Compile  bool
	Asked    []asked // what must be answered before compiling
	Stale    string  // the sums are no longer those of the version that waits
	Due      string
	Versions []versionRow
}

// A figures is what is shown of sums.
type figures struct {
	Coverage    string
	Provisional bool
	AsOf        string
	Lines       []reports.LineSum
	Judged      bool // violations were counted
	Sheets      bool
	Missing     []place
	NotHeld     []place
	Staff       []reports.WordSum
	Incidents   []incidentSum
	Unknown     int64
}

type place struct {
	Name, Reason, Href string
	Registered         int
}

type incidentSum struct {
	Name, Severity string
	N, Open        int64
}

type asked struct{ Field, Name string }

type versionRow struct {
	Number   int
	Href     string
	Tag      ui.Tag
	Coverage string
	Made     string
	Approved string
	Sent     string
}

type versionData struct {
	view
	Figures figures
	Title   string
	Tag     ui.Tag
	Back    string
	Path    string
	Facts   []ui.Fact
	History []ui.Step
	Steps   []ui.Link
	Primary *ui.Link
	Not     []string // who may not approve, and why
	Mine    string   // why the reader may not
	Waits   bool
	Against string // the version it is held against
	Changes []change
	Same    bool
	Quoted  []string // where an older version went that this one takes the place of
	Later   *ui.Link // the version that stands in its place
	Sources []sourceRow
	Stale   bool
}

// A change is a figure that two versions do not share.
type change struct{ What, Was, Is string }

type sourceRow struct {
	Site, Receipt, When, By, Href string
}

type versionStepData struct {
	Form    ui.Form
	Title   string
	Button  string
	Says    string
	Back    string
	Figures figures
	Tick    string // the label of what must be ticked
	Field   string
	Label   string
	Hint    string
	Must    bool
}

var (
	provincePage    = ui.New[provinceData](files, "pages/hd-tong-hop.html", "pages/hd-so-lieu.html")
	versionPage     = ui.New[versionData](files, "pages/hd-ban.html", "pages/hd-so-lieu.html")
	versionStepPage = ui.New[versionStepData](files, "pages/hd-ban-buoc.html", "pages/hd-so-lieu.html")
)

func (p *Pages) registerProvince(o *web.Office) {
	o.GET(provincePath, reports.ActApproved, p.province)
	o.POST(provincePath, reports.ActCompile, p.compile)
	o.GET(versionPath+"/{id}", reports.ActApproved, p.version)
	for _, s := range []struct {
		path string
		form web.FormPage[versionStepData]
	}{
		{"duyet", web.FormPage[versionStepData]{Data: p.approveData, Do: p.approve}},
		{"gui", web.FormPage[versionStepData]{Values: p.sendValues, Data: p.sendData, Do: p.sendOn}},
		{"da-nhan", web.FormPage[versionStepData]{Data: p.receiveData, Do: p.receive}},
	} {
		s.form.View = versionStepPage
		s.form.Register(o, versionPath+"/{id}/"+s.path, reports.ActApproved)
	}
}

// figuresOf makes sums readable. Each missing site leads to its page.
func (v view) figuresOf(f reports.Figures) figures {
	out := figures{Coverage: f.Coverage(), Provisional: f.Provisional(), AsOf: text.FormatDayTime(f.AsOf), Lines: f.Lines, Staff: f.Staff, Unknown: f.Unknown()}
	if out.Provisional { // the names stand below
		out.Coverage = fmt.Sprintf("thiếu %d trên %d điểm thi", len(f.Missing), f.Expected)
	}
	for _, l := range f.Lines {
		out.Judged = out.Judged || l.JudgedSites > 0
		out.Sheets = out.Sheets || l.SheetSites > 0
	}
	name := func(s reports.SiteName) place {
		return place{s.Code + " " + strings.TrimPrefix(s.Name, "Điểm thi "), s.Reason, at(slotAt(f.Sitting, s.ID), f.Sitting, f.Part), s.Registered}
	}
	for _, s := range f.Missing {
		out.Missing = append(out.Missing, name(s))
	}
	for _, s := range f.NotHeld {
		out.NotHeld = append(out.NotHeld, name(s))
	}
	for _, i := range f.Incident {
		out.Incidents = append(out.Incidents, incidentSum{i.Name, reports.SeverityLabel(i.Severity), i.N, i.Open})
	}
	return out
}

// provinceView is the view for who reads approved figures at least.
func (p *Pages) provinceView(c *web.Ctx) (view, error) {
	if err := p.Policy.Check(c.Context(), reports.ActApproved, everywhere); err != nil {
		return view{}, err
	}
	return p.view(c)
}

func (p *Pages) province(c *web.Ctx) error {
	v, err := p.provinceView(c)
	if err != nil {
		return err
	}
	data, err := p.provinceData(c, v, c.NewForm(nil, 0))
	if err != nil {
		return err
	}
	return c.Render(provincePage.With(data))
}

func versionTag(x reports.Province) ui.Tag {
	t := ui.Tag{Word: reports.ProvinceWorkflow().States[x.State]}
	switch x.State {
	case reports.StateApproved, reports.StateSent, reports.StateReceived:
		t.Tone = ui.OK
		if x.Figures.Provisional() {
			t.Word += ", số liệu tạm thời"
		}
	case reports.StateComplete, reports.StateProvisional:
		t.Tone = ui.Warn
	}
	return t
}

func versionAt(id reports.ProvinceID) string { return versionPath + "/" + string(id) }

func (p *Pages) provinceData(c *web.Ctx, v view, form ui.Form) (provinceData, error) {
	data := provinceData{view: v, Filters: v.filters(provincePath), Form: form}
	versions, err := p.Reports.Versions(c.Context(), v.Sitting.ID, v.Part)
	if err != nil {
		return data, err
	}
	for _, x := range slices.Backward(versions) {
		row := versionRow{Number: x.Number, Href: versionAt(x.ID), Tag: versionTag(x), Coverage: x.Figures.Coverage(), Made: x.CompiledName + ", " + text.FormatDayTime(x.CompiledAt)}
		if x.ApprovedAt > 0 {
			row.Approved = x.ApprovedName + ", " + text.FormatDayTime(x.ApprovedAt)
		}
		if x.SentAt > 0 {
			row.Sent = text.FormatDayTime(x.SentAt) + ": " + x.SentTo
		}
		data.Versions = append(data.Versions, row)
	}
	if !c.Can(reports.ActProvince, everywhere) {
		return data, nil
	}
	sums, err := p.Reports.Figures(c.Context(), v.Sitting.ID, v.Part)
	if err != nil {
		return data, err
	}
	now := v.figuresOf(sums)
	data.Now = &now
	for _, x := range versions {
		if (x.State == reports.StateComplete || x.State == reports.StateProvisional) && len(x.Figures.Differs(sums)) > 0 {
			data.Stale = fmt.Sprintf("Bản số %d đang chờ duyệt không còn đúng với số liệu hiện nay. Hãy tổng hợp lại.", x.Number)
		}
	}
	return p.compileData(c, v, data)
}

func (p *Pages) compileData(c *web.Ctx, v view, data provinceData) (provinceData, error) {
	settings, err := p.Reports.SettingsOf(c.Context(), v.Exam.ID, v.Sitting.ID)
	if err != nil {
		return data, err
	}
	due := settings.ProvinceDueAt(v.Sitting)
	data.Due = fmt.Sprintf("Hạn báo cáo của tỉnh %s, %s", text.FormatDayTime(due), ahead(p.Clock.Millis(), due))
	data.Compile = c.Can(reports.ActCompile, everywhere)
	open, err := p.Reports.Unresolved(c.Context(), v.Sitting.ID)
	for _, u := range open {
		data.Asked = append(data.Asked, asked{"reasons." + u.Key, fmt.Sprintf("%s còn %d thí sinh vắng chưa rõ lý do. Vì sao vẫn chưa rõ", sittingName(u.Sitting), u.N)})
	}
	return data, err
}

// compile freezes the sums for approval.
func (p *Pages) compile(c *web.Ctx) error {
	v, err := p.provinceView(c)
	if err != nil {
		return err
	}
	reasons := map[string]string{}
	for name := range c.R.PostForm {
		if key, ok := strings.CutPrefix(name, "reasons."); ok {
			reasons[key] = c.Lines(name)
		}
	}
	made, err := p.Reports.Compile(c.Context(), v.Sitting.ID, v.Part, reasons)
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.provinceData(c, v, form)
			return provincePage.With(data), err
		})
	}
	return c.See(versionAt(made.ID), "Đã tổng hợp bản số %d. Một người khác duyệt bản này.", made.Number)
}

// oneVersion gives the version the address names and its view.
func (p *Pages) oneVersion(c *web.Ctx) (reports.Province, view, error) {
	x, err := p.Reports.Province(c.Context(), reports.ProvinceID(c.Path("id")))
	if err != nil {
		return x, view{}, err
	}
	e, err := p.Reports.Exams.OfSitting(c.Context(), x.Sitting)
	if err != nil {
		return x, view{}, err
	}
	sitting, round, _ := e.Sitting(x.Sitting)
	return x, view{e, round, sitting, x.Part}, nil
}

func (p *Pages) version(c *web.Ctx) error {
	x, v, err := p.oneVersion(c)
	if err != nil {
		return err
	}
	data := versionData{view: v, Figures: v.figuresOf(x.Figures), Title: fmt.Sprintf("Bản số %d: %s", x.Number, v.When()), Tag: versionTag(x), Back: v.at(provincePath), Path: versionAt(x.ID),
		Facts: versionFacts(x), Waits: x.State == reports.StateComplete || x.State == reports.StateProvisional}
	entries, err := p.Reports.ProvinceHistory(c.Context(), x.ID)
	if err != nil {
		return err
	}
	data.History = steps(reports.ProvinceWorkflow(), entries, begun)
	if err := p.versionSteps(c, x, &data); err != nil {
		return err
	}
	if err := p.versionsAround(c, x, &data); err != nil {
		return err
	}
	if c.Can(reports.ActProvince, everywhere) {
		if err := p.origin(c, x, &data); err != nil {
			return err
		}
	}
	return c.Render(versionPage.With(data))
}

func versionFacts(x reports.Province) []ui.Fact {
	facts := []ui.Fact{{Label: "Tổng hợp", Value: x.CompiledName + ", " + text.FormatDayTime(x.CompiledAt)}}
	add := func(label string, at int64, more string) {
		if at > 0 {
			facts = append(facts, ui.Fact{Label: label, Value: strings.Trim(more+", "+text.FormatDayTime(at), ", ")})
		}
	}
	add("Duyệt", x.ApprovedAt, x.ApprovedName)
	add("Gửi", x.SentAt, x.SentTo)
	add("Nơi nhận xác nhận", x.ReceivedAt, "")
	add("Công bố", x.PublishedAt, "")
	if x.Note != "" {
		facts = append(facts, ui.Fact{Label: "Ghi chú", Value: x.Note})
	}
	return facts
}

// versionStepPaths are where the steps of a version are taken.
var versionStepPaths = map[string]string{"approve": "duyet", "approve_provisional": "duyet", "send": "gui", "receive": "da-nhan"}

func (p *Pages) versionSteps(c *web.Ctx, x reports.Province, data *versionData) error {
	offered, err := p.Reports.ProvinceOffered(c.Context(), x.ID)
	if err != nil {
		return err
	}
	for _, step := range offered {
		link := ui.Link{Href: versionAt(x.ID) + "/" + versionStepPaths[step.Do], Label: step.Title}
		if step.Do == "publish" {
			link.Href = PublishPath + "/" + string(x.ID)
		}
		if step.Onward && data.Primary == nil {
			data.Primary = &link
			continue
		}
		data.Steps = append(data.Steps, link)
	}
	if !data.Waits || !c.Can(reports.ActProvince, everywhere) {
		return nil
	}
	hands, err := p.Reports.Hands(c.Context(), x.ID)
	if err != nil {
		return err
	}
	for _, h := range hands {
		data.Not = append(data.Not, h.Said())
		if h.Person == c.Actor().Person && c.Can(reports.ActApprove, everywhere) {
			data.Mine = "Bạn không duyệt được bản này vì bạn đã " + strings.Join(h.Did, ", ") + " trong số liệu này."
		}
	}
	return nil
}

// versionsAround says what is different from the version before, and where that one went.
func (p *Pages) versionsAround(c *web.Ctx, x reports.Province, data *versionData) error {
	versions, err := p.Reports.Versions(c.Context(), x.Sitting, x.Part)
	if err != nil {
		return err
	}
	var before *reports.Province
	for i, other := range versions {
		switch {
		case other.ID == x.ReplacedBy:
			data.Later = &ui.Link{Href: versionAt(other.ID), Label: fmt.Sprintf("Bản số %d", other.Number)}
		case other.ID == x.Replaces, x.Replaces == "" && other.Number < x.Number && other.Approved():
			before = &versions[i]
		}
	}
	if before == nil {
		return nil
	}
	data.Against = fmt.Sprintf("bản số %d", before.Number)
	for _, d := range before.Figures.Differs(x.Figures) {
		what, values, _ := strings.Cut(d, ": ")
		was, is, _ := strings.Cut(values, " → ")
		data.Changes = append(data.Changes, change{what, was, is})
	}
	data.Same = len(data.Changes) == 0
	if before.SentAt > 0 {
		data.Quoted = append(data.Quoted, fmt.Sprintf("Báo cáo gửi %s lúc %s trích bản số %d: phải gửi lại.", before.SentTo, text.FormatDayTime(before.SentAt), before.Number))
	}
	if before.PublishedAt > 0 {
		data.Quoted = append(data.Quoted, fmt.Sprintf("Trang công khai trích bản số %d từ %s: phải công bố bản mới kèm đính chính.", before.Number, text.FormatDayTime(before.PublishedAt)))
	}
	return nil
}

// origin lists the reports that a version is the sum of.
func (p *Pages) origin(c *web.Ctx, x reports.Province, data *versionData) error {
	list, err := p.Reports.Sources(c.Context(), x.ID)
	if err != nil {
		return err
	}
	sites, order, err := p.roundSites(c, data.Round.ID)
	if err != nil {
		return err
	}
	byID := map[exam.SiteID]reports.Report{}
	for _, r := range list {
		byID[r.Site] = r
	}
	for _, s := range order {
		if r, ok := byID[s.ID]; ok {
			data.Sources = append(data.Sources, sourceRow{siteName(sites[s.ID]), r.Receipt, text.FormatDayTime(r.ReceivedAt), r.EnteredName, at(slotAt(r.Sitting, r.Site), r.Sitting, r.Part)})
		}
	}
	if data.Waits {
		now, err := p.Reports.Figures(c.Context(), x.Sitting, x.Part)
		if err != nil {
			return err
		}
		data.Stale = len(x.Figures.Differs(now)) > 0
	}
	return nil
}

// offeredStep finds a step among those the actor may take with a version now; the verb's own words when
// there is none.
func (p *Pages) versionStep(c *web.Ctx, f ui.Form, d versionStepData, do ...string) (versionStepData, error) {
	x, v, err := p.oneVersion(c)
	if err != nil {
		return d, err
	}
	steps, err := p.Reports.ProvinceOffered(c.Context(), x.ID)
	if err != nil {
		return d, err
	}
	if len(f.Wrong) == 0 && f.Problem == "" && !slices.ContainsFunc(steps, func(s workflow.Step) bool { return slices.Contains(do, s.Do) }) {
		return d, &fault.Error{Kind: fault.Conflict, Link: versionAt(x.ID), Message: "Bước này không làm được lúc này, hoặc cần một người khác làm. Trang của bản số liệu nói rõ ai làm được."}
	}
	d.Form, d.Back, d.Figures = f, versionAt(x.ID), v.figuresOf(x.Figures)
	d.Title = fmt.Sprintf("%s bản số %d: %s", d.Title, x.Number, v.When())
	if f.Version == 0 {
		d.Form.Version = x.Version
	}
	return d, nil
}

// afterStep leads back to the version.
func (p *Pages) versionID(c *web.Ctx) (reports.ProvinceID, string) {
	id := reports.ProvinceID(c.Path("id"))
	return id, versionAt(id)
}

func (p *Pages) approveData(c *web.Ctx, f ui.Form) (versionStepData, error) {
	d := versionStepData{Title: "Duyệt", Button: "Duyệt", Says: "Sau khi duyệt, số liệu của bản này được trích dẫn; báo cáo của điểm thi trong bản bị khóa và chỉ đổi bằng bản mới. Bản đã duyệt trước được giữ và ghi là đã thay thế."}
	d, err := p.versionStep(c, f, d, "approve", "approve_provisional")
	if d.Figures.Provisional {
		d.Tick = fmt.Sprintf("Duyệt là số liệu tạm thời, thiếu %d điểm thi", len(d.Figures.Missing))
	}
	return d, err
}

func (p *Pages) approve(c *web.Ctx) (next, flash string, err error) {
	id, back := p.versionID(c)
	return back, "Đã duyệt. Số liệu này được trích dẫn từ bây giờ.", p.Reports.Approve(c.Context(), id, c.Version(), c.Bool("provisional"))
}

func (p *Pages) sendValues(*web.Ctx) (url.Values, int, error) {
	return url.Values{"to": {"Văn phòng Bộ Giáo dục và Đào tạo"}}, 0, nil
}

func (p *Pages) sendData(c *web.Ctx, f ui.Form) (versionStepData, error) {
	return p.versionStep(c, f, versionStepData{Title: "Ghi đã gửi", Button: "Ghi đã gửi", Field: "to", Label: "Nơi nhận", Must: true, Hint: "Mỗi nơi một dòng: Văn phòng Bộ, Ban Chỉ đạo thi tỉnh…",
		Says: "Ghi sau khi báo cáo đã đi. Máy theo dõi việc nơi nhận xác nhận."}, "send")
}

func (p *Pages) sendOn(c *web.Ctx) (next, flash string, err error) {
	id, back := p.versionID(c)
	return back, "Đã ghi báo cáo đã gửi.", p.Reports.Send(c.Context(), id, c.Version(), c.Lines("to"))
}

func (p *Pages) receiveData(c *web.Ctx, f ui.Form) (versionStepData, error) {
	return p.versionStep(c, f, versionStepData{Title: "Nơi nhận xác nhận", Button: "Ghi xác nhận", Field: "note", Label: "Xác nhận bằng cách nào", Hint: "Ví dụ: thư điện tử lúc 11:20 của Văn phòng Bộ.",
		Says: "Ghi khi nơi nhận đã xác nhận có báo cáo."}, "receive")
}

func (p *Pages) receive(c *web.Ctx) (next, flash string, err error) {
	id, back := p.versionID(c)
	return back, "Đã ghi nơi nhận xác nhận.", p.Reports.Receive(c.Context(), id, c.Version(), c.Lines("note"))
}
