package examweb

import (
	"fmt"
	"net/url"
	"strconv"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type examsData struct {
	Rows    []examRow
	CanEdit bool
}

type examRow struct {
	exam.Exam
	Path, Days string
	Phase      string
	Tag        ui.Tag
}

type newExamData struct {
	Form   ui.Form
	Sets   []ui.Option // years of the data sets not loaded yet
	Exams  []ui.Option // exams to copy
	Rounds []ui.Option
}

type examData struct {
	exam.Exam
	Path      string
	Phase     string
	Rounds    []officeRound
	Form      ui.Form // for the buttons
	CanEdit   bool
	CanPhase  bool
	CanRoster bool
}

type officeRound struct {
	exam.Round
	Path string
	Days string
	Rows []sittingView
	IDs  []string // the sittings' edit pages
}

type examFormData struct {
	Form ui.Form
	Exam exam.Exam
	Path string
	Seen string
}

type removeExamData struct {
	exam.Exam
	Form  ui.Form
	Path  string
	Sites int
}

type phaseData struct {
	Form   ui.Form
	Exam   exam.Exam
	Path   string
	Now    string // the phase by the clock
	Phases []ui.Option
}

var (
	examsPage    = ui.New[examsData](files, "pages/qt-ky-thi.html")
	newExamPage  = ui.New[newExamData](files, "pages/qt-ky-thi-tao.html")
	examPage     = ui.New[examData](files, "pages/qt-ky-thi-xem.html")
	removePage   = ui.New[removeExamData](files, "pages/qt-ky-thi-xoa.html")
	examFormPage = ui.New[examFormData](files, "pages/qt-ky-thi-sua.html")
	phasePage    = ui.New[phaseData](files, "pages/qt-giai-doan.html")
)

func (p *Office) registerExams(o *web.Office) {
	o.GET(OfficePath, exam.ActRead, p.exams)
	web.FormPage[newExamData]{View: newExamPage, Data: p.newExamData, Do: p.makeExam}.Register(o, OfficePath+"/tao", exam.ActEdit)
	o.GET(OfficePath+"/{year}", exam.ActRead, p.showExam)
	web.FormPage[examFormData]{View: examFormPage, Values: p.examValues, Data: p.examFormData, Do: p.saveExam}.Register(o, OfficePath+"/{year}/sua", exam.ActEdit)
	web.FormPage[phaseData]{View: phasePage, Values: p.phaseValues, Data: p.phaseData, Do: p.fixPhase}.Register(o, OfficePath+"/{year}/giai-doan", exam.ActPhase)
	web.FormPage[removeExamData]{View: removePage, Values: p.removeValues, Data: p.removeData, Do: p.removeExam}.Register(o, OfficePath+"/{year}/xoa", exam.ActEdit)
	o.POST(OfficePath+"/{year}/cong-khai", exam.ActEdit, p.publishExam)
	o.POST(OfficePath+"/{year}/hien-hanh", exam.ActEdit, p.makeCurrent)
}

func (p *Office) exams(c *web.Ctx) error {
	list, err := p.Exams.Exams(c.Context())
	if err != nil {
		return err
	}
	data := examsData{CanEdit: c.Can(exam.ActEdit, everywhere)}
	for _, e := range list {
		row := examRow{Exam: e, Path: examPath(e), Phase: e.PhaseAt(p.Exams.Clock.Millis()).Label()}
		for _, r := range e.Rounds {
			if row.Days != "" {
				row.Days += "; "
			}
			row.Days += roundDays(r)
		}
		switch {
		case e.Current:
			row.Tag = ui.Tag{Tone: ui.OK, Word: "Hiện hành"}
		case !e.Public:
			row.Tag = ui.Tag{Tone: ui.Warn, Word: "Đang soạn"}
		case !e.OverAt(p.Exams.Clock.Millis()):
			row.Tag = ui.Tag{Word: "Đã công khai"}
		default:
			row.Tag = ui.Tag{Word: "Lưu trữ"}
		}
		data.Rows = append(data.Rows, row)
	}
	return c.Render(examsPage.With(data))
}

func (p *Office) newExamData(c *web.Ctx, f ui.Form) (newExamData, error) {
	list, err := p.Exams.Exams(c.Context())
	if err != nil {
		return newExamData{}, err
	}
	data := newExamData{Form: f}
	loaded := map[int]bool{}
	for _, e := range list {
		loaded[e.Year] = true
		data.Exams = append(data.Exams, ui.Option{Value: strconv.Itoa(e.Year), Label: e.FullName()})
		for _, r := range e.Rounds {
			data.Rounds = append(data.Rounds, ui.Option{Value: strconv.Itoa(r.Number), Label: r.Name})
		}
	}
	data.Rounds = uniqueOptions(data.Rounds)
	for _, year := range exam.SetYears() {
		if !loaded[year] {
			data.Sets = append(data.Sets, ui.Option{Value: strconv.Itoa(year), Label: fmt.Sprintf("Kỳ thi năm %d", year)})
		}
	}
	return data, nil
}

func uniqueOptions(all []ui.Option) []ui.Option {
	var out []ui.Option
	seen := map[string]bool{}
	for _, o := range all {
		if !seen[o.Value] {
			seen[o.Value] = true
			out = append(out, o)
		}
	}
	return out
}

// makeExam loads a data set or copies an exam, as the form's button says.
func (p *Office) makeExam(c *web.Ctx) (next, flash string, err error) {
	if c.Text("do") == "load" {
		province, err := p.Province(c.Context())
		if err != nil {
			return "", "", err
		}
		year := int(c.Int("set"))
		if err := c.Err(); err != nil {
			return "", "", err
		}
		_, err = p.Exams.Load(c.Context(), year, province)
		return fmt.Sprintf("%s/%d", OfficePath, year), fmt.Sprintf("Đã nạp kỳ thi năm %d. Hãy đối chiếu ngày giờ với văn bản.", year), err
	}
	in := exam.CopyInput{Year: int(c.Int("year")), FirstDay: c.Day("first_day"), Sites: c.Bool("sites")}
	from := int(c.Int("from"))
	for _, n := range c.All("rounds") {
		number, err := strconv.Atoi(n)
		if err != nil {
			c.Fail("rounds", "Hãy chọn lại các đợt thi.")
		}
		in.Rounds = append(in.Rounds, number)
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	old, err := p.Exams.ExamOf(c.Context(), from)
	if fault.Is(err, fault.NotFound) {
		return "", "", fault.Fields(fault.Field{Name: "from", Message: "Hãy chọn kỳ thi để chép."})
	}
	if err != nil {
		return "", "", err
	}
	_, err = p.Exams.Copy(c.Context(), old.ID, in)
	return fmt.Sprintf("%s/%d", OfficePath, in.Year), fmt.Sprintf("Đã tạo kỳ thi năm %d từ %s. Kỳ thi mới chưa công khai; hãy đối chiếu từng ngày giờ.", in.Year, old.FullName()), err
}

func (p *Office) showExam(c *web.Ctx) error {
	e, err := p.exam(c)
	if err != nil {
		return err
	}
	data := examData{Exam: e, Path: examPath(e), Phase: e.PhaseAt(p.Exams.Clock.Millis()).Label(), Form: c.NewForm(nil, e.Version),
		CanEdit: c.Can(exam.ActEdit, everywhere), CanPhase: c.Can(exam.ActPhase, everywhere), CanRoster: p.Exams.Policy.Anywhere(c.Context(), exam.ActRosterRead)}
	for _, r := range e.Rounds {
		round := officeRound{Round: r, Path: roundPath(e, r), Days: roundDays(r)}
		for _, s := range r.Sittings {
			round.Rows = append(round.Rows, sittingRow(e, s))
			round.IDs = append(round.IDs, roundPath(e, r)+"/buoi/"+string(s.ID))
		}
		data.Rounds = append(data.Rounds, round)
	}
	return c.Render(examPage.With(data))
}

func (p *Office) examValues(c *web.Ctx) (url.Values, int, error) {
	e, err := p.exam(c)
	return url.Values{"name": {e.Name}, "council_code": {e.Council.Code}, "council_name": {e.Council.Name}, "from": {e.From}, "until": {e.Until},
		"source": {e.Source}}, e.Version, err
}

func (p *Office) examFormData(c *web.Ctx, f ui.Form) (examFormData, error) {
	e, err := p.exam(c)
	return examFormData{f, e, examPath(e), seen(e)}, err
}

func (p *Office) saveExam(c *web.Ctx) (next, flash string, err error) {
	e, err := p.exam(c)
	if err != nil {
		return "", "", err
	}
	in := exam.ExamInput{Name: c.Text("name"), CouncilCode: c.Text("council_code"), CouncilName: c.Text("council_name"), From: c.Day("from"),
		Until: c.Day("until"), Source: c.Lines("source")}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	return examPath(e), saved(e, "kỳ thi"), p.Exams.Save(c.Context(), e.ID, c.Version(), in)
}

func (p *Office) phaseValues(c *web.Ctx) (url.Values, int, error) {
	e, err := p.exam(c)
	return url.Values{"phase": {string(e.Override)}, "note": {e.OverrideNote}}, e.Version, err
}

func (p *Office) phaseData(c *web.Ctx, f ui.Form) (phaseData, error) {
	e, err := p.exam(c)
	byClock := e
	byClock.Override = ""
	data := phaseData{Form: f, Exam: e, Path: examPath(e), Now: byClock.PhaseAt(p.Exams.Clock.Millis()).Label(),
		Phases: []ui.Option{{Value: "", Label: "Theo lịch thi (tự động)"}}}
	for _, ph := range []exam.Phase{exam.Before, exam.During, exam.After} {
		data.Phases = append(data.Phases, ui.Option{Value: string(ph), Label: ph.Label()})
	}
	return data, err
}

func (p *Office) fixPhase(c *web.Ctx) (next, flash string, err error) {
	e, err := p.exam(c)
	if err != nil {
		return "", "", err
	}
	phase := exam.Phase(c.Text("phase"))
	flash = "Giai đoạn theo lịch thi. Trang chủ cập nhật trong giây lát."
	if phase != "" {
		flash = "Đã đặt giai đoạn “" + phase.Label() + "”. Trang chủ cập nhật trong giây lát."
	}
	return examPath(e), flash, p.Exams.FixPhase(c.Context(), e.ID, c.Version(), phase, c.Text("note"))
}

func (p *Office) removeValues(c *web.Ctx) (url.Values, int, error) {
	e, err := p.exam(c)
	return nil, e.Version, err
}

func (p *Office) removeData(c *web.Ctx, f ui.Form) (removeExamData, error) {
	e, err := p.exam(c)
	data := removeExamData{Exam: e, Form: f, Path: examPath(e)}
	for _, r := range e.Rounds {
		sites, err := p.Exams.Sites(c.Context(), r.ID)
		if err != nil {
			return data, err
		}
		data.Sites += len(sites)
	}
	return data, err
}

func (p *Office) removeExam(c *web.Ctx) (next, flash string, err error) {
	e, err := p.exam(c)
	if err != nil {
		return "", "", err
	}
	return OfficePath, "Đã xóa " + e.FullName() + " đang soạn.", p.Exams.Remove(c.Context(), e.ID, c.Version())
}

func (p *Office) publishExam(c *web.Ctx) error {
	e, err := p.exam(c)
	if err != nil {
		return err
	}
	if err := p.Exams.Publish(c.Context(), e.ID, c.Version()); err != nil {
		return err
	}
	return c.See(examPath(e), "%s đã công khai ở /ky-thi/%d.", e.FullName(), e.Year)
}

func (p *Office) makeCurrent(c *web.Ctx) error {
	e, err := p.exam(c)
	if err != nil {
		return err
	}
	if err := p.Exams.MakeCurrent(c.Context(), e.ID, c.Version()); err != nil {
		return err
	}
	return c.See(examPath(e), "%s nay là kỳ thi hiện hành. Trang chủ cập nhật trong giây lát.", e.FullName())
}
