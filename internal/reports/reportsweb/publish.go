package reportsweb

import (
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// PublishPath is where figures are made public.
const PublishPath = BasePath + "/cong-bo"

const scopePath = PublishPath + "/pham-vi"

type publishListData struct {
	Exam     exam.Exam
	Years    []ui.Link // the other exams
	Sittings []publicationRow
	Shown    string // what the public sees beyond attendance, in words
	CanScope bool
	Scope    string // address of the form that decides it
	Public   string // the public list
}

type publicationRow struct {
	Title  string
	Tag    ui.Tag
	Says   string
	Page   string // the public page
	Ready  []readyRow
	NotYet string
}

type readyRow struct {
	Label string // "Bản số 2, kết thúc buổi thi"
	Says  string
	Path  string // "" when it cannot be published now
	Fixes bool   // it corrects or completes what is public
}

type publishData struct {
	Name     string
	Province reports.Province
	Issue    issueView
	Kind     string // what it is to what is public already; "" for the first
	Changed  []reports.Change
	Page     string // the public page's path
	Shown    string
	Done     int64 // when it was published, ms; 0 = not yet
	NotYet   string
	Can      bool
	Form     ui.Form
	Back     string
}

type scopeData struct {
	Form ui.Form
	Exam exam.Exam
	Back string
}

var (
	publishListPage = ui.New[publishListData](files, "pages/qt-cong-bo.html")
	publishPage     = ui.New[publishData](files, "pages/qt-cong-bo-xem.html", "pages/so-lieu.html")
	scopePage       = ui.New[scopeData](files, "pages/qt-cong-bo-pham-vi.html")
)

// registerPublish puts the pages on which figures are made public on the office.
func (p *Pages) registerPublish(o *web.Office) {
	o.GET(PublishPath, reports.ActApproved, p.publications)
	o.GET(scopePath, reports.ActScope, p.scopeForm)
	o.POST(scopePath, reports.ActScope, p.setScope)
	o.GET(PublishPath+"/{id}", reports.ActApproved, p.publication)
	o.POST(PublishPath+"/{id}", reports.ActPublish, p.publish)
}

// whichExam gives the exam of the year asked for by "nam", else the current one.
func (p *Pages) whichExam(c *web.Ctx) (exam.Exam, error) {
	if typed := c.Text("nam"); typed != "" {
		year, err := strconv.Atoi(typed)
		if err != nil {
			return exam.Exam{}, &fault.Error{Kind: fault.NotFound}
		}
		return p.Reports.Exams.ExamOf(c.Context(), year)
	}
	return p.Reports.Exams.Current(c.Context())
}

func ofYear(path string, e exam.Exam) string { return path + "?nam=" + strconv.Itoa(e.Year) }

// figuresPart names a part as figures do.
func figuresPart(part rules.Part) string {
	if part == rules.Attendance {
		return "đầu buổi thi"
	}
	return "kết thúc buổi thi"
}

// scopeWords says what the public sees beyond the attendance.
func scopeWords(s reports.PublicScope) string {
	shown := "số đăng ký, có mặt, vắng, tỷ lệ và số phòng thi của toàn tỉnh"
	for _, x := range []struct {
		on   bool
		what string
	}{{s.Reasons, "lý do vắng"}, {s.Violations, "số thí sinh vi phạm"}, {s.Staff, "số cán bộ vi phạm"}, {s.Incidents, "số sự cố"}, {s.Sites, "tên điểm thi còn thiếu hoặc không tổ chức"}} {
		if x.on {
			shown += "; " + x.what
		}
	}
	return shown
}

func (p *Pages) publications(c *web.Ctx) error {
	e, err := p.whichExam(c)
	if err != nil {
		return err
	}
	all, err := p.Reports.Publications(c.Context(), e)
	if err != nil {
		return err
	}
	scope, err := p.Reports.PublicScopeOf(c.Context(), e.ID)
	if err != nil {
		return err
	}
	data := publishListData{Exam: e, Shown: scopeWords(scope), CanScope: c.Can(reports.ActScope, access.Place{}), Scope: ofYear(scopePath, e), Public: "/tinh-hinh"}
	if !e.Current {
		data.Public = "/ky-thi/" + strconv.Itoa(e.Year) + "/tinh-hinh"
	}
	exams, err := p.Reports.Exams.Exams(c.Context())
	if err != nil {
		return err
	}
	for _, x := range exams {
		if x.ID != e.ID {
			data.Years = append(data.Years, ui.Link{Href: ofYear(PublishPath, x), Label: x.FullName()})
		}
	}
	for _, b := range all {
		row := publicationRow{Title: b.Title(), Tag: stageTag(b.Stage), Says: "Chưa có gì công bố.", Page: publicPath(b.Bulletin), NotYet: b.NotYet}
		now, shown := b.Now()
		if shown {
			row.Tag, row.Says = completeTag(now), "Đang hiện: "+now.Edition()+", "+now.As()+"; công bố "+text.FormatDayTime(now.PublishedAt)+"."
		}
		for _, v := range b.Ready {
			r := readyRow{Label: capital(v.Figures.Coverage()), Says: "Bản số " + strconv.Itoa(v.Number) + ", " + figuresPart(v.Part) + ", duyệt " + text.FormatDayTime(v.ApprovedAt) + ".", Fixes: shown}
			if b.NotYet == "" {
				r.Path = PublishPath + "/" + string(v.ID)
			}
			row.Ready = append(row.Ready, r)
		}
		data.Sittings = append(data.Sittings, row)
	}
	return c.Render(publishListPage.With(data))
}

func publicPath(b reports.Bulletin) string {
	return yearView{Exam: b.Exam, front: b.Exam.Current}.path(page(b))
}

func (p *Pages) publicationData(c *web.Ctx, form ui.Form) (publishData, error) {
	v, b, err := p.Reports.Preview(c.Context(), reports.ProvinceID(c.Path("id")))
	if err != nil {
		return publishData{}, err
	}
	scope, err := p.Reports.PublicScopeOf(c.Context(), v.Exam)
	if err != nil {
		return publishData{}, err
	}
	at := slices.IndexFunc(b.Issues, func(i reports.Issue) bool { return i.ID == v.ID })
	if at < 0 {
		return publishData{}, &fault.Error{Kind: fault.NotFound}
	}
	issue := b.Issues[at]
	form.Version = v.Version
	data := publishData{Name: b.Title(), Province: v, Issue: viewOf(issue), Changed: issue.Changed, Page: publicPath(b), Shown: scopeWords(scope), Done: v.PublishedAt,
		Form: form, Back: ofYear(PublishPath, b.Exam)}
	if issue.Kind != reports.FirstIssue {
		data.Kind = issue.Kind.Label()
	}
	switch {
	case v.PublishedAt != 0:
	case v.ReplacedBy != "":
		data.NotYet = "Bản này đã có bản thay thế được duyệt. Hãy công bố bản thay thế."
	case at > 0:
		data.NotYet = "Số liệu kết thúc buổi thi đã được công bố; số liệu đầu buổi không thay được nó."
	case p.Clock.Millis() < b.Sitting.EndsAt():
		data.NotYet = "Buổi thi chưa kết thúc. Công bố được sau " + text.FormatDayTime(b.Sitting.EndsAt()) + "."
	default:
		data.Can = c.Can(reports.ActPublish, access.Place{})
	}
	return data, nil
}

func (p *Pages) publication(c *web.Ctx) error {
	data, err := p.publicationData(c, c.NewForm(nil, 0))
	if err != nil {
		return err
	}
	return c.Render(publishPage.With(data))
}

func (p *Pages) publish(c *web.Ctx) error {
	err := p.Reports.Publish(c.Context(), reports.ProvinceID(c.Path("id")), c.Version())
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.publicationData(c, form)
			return publishPage.With(data), err
		})
	}
	return c.See(PublishPath+"/"+c.Path("id"), "Đã công bố. Trang công khai cập nhật trong giây lát.")
}

func (p *Pages) scopeData(c *web.Ctx, form ui.Form) (scopeData, error) {
	e, err := p.whichExam(c)
	return scopeData{form, e, ofYear(PublishPath, e)}, err
}

func (p *Pages) scopeForm(c *web.Ctx) error {
	e, err := p.whichExam(c)
	if err != nil {
		return err
	}
	s, err := p.Reports.PublicScopeOf(c.Context(), e.ID)
	if err != nil {
		return err
	}
	values := url.Values{}
	for name, on := range map[string]bool{"reasons": s.Reasons, "violations": s.Violations, "staff": s.Staff, "incidents": s.Incidents, "sites": s.Sites} {
		if on {
			values.Set(name, "1")
		}
	}
	data, err := p.scopeData(c, c.NewForm(values, s.Version))
	if err != nil {
		return err
	}
	return c.Render(scopePage.With(data))
}

func (p *Pages) setScope(c *web.Ctx) error {
	e, err := p.whichExam(c)
	if err != nil {
		return err
	}
	in := reports.PublicScope{Reasons: c.Bool("reasons"), Violations: c.Bool("violations"), Staff: c.Bool("staff"), Incidents: c.Bool("incidents"), Sites: c.Bool("sites"), Version: c.Version()}
	if err := p.Reports.SetPublicScope(c.Context(), e.ID, in); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.scopeData(c, form)
			return scopePage.With(data), err
		})
	}
	return c.See(ofYear(PublishPath, e), "Đã lưu phạm vi công bố. Trang công khai cập nhật trong giây lát.")
}
