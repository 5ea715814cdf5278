package examweb

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type papersData struct {
	exam.Exam
	Path    string
	CanEdit bool
}

type paperData struct {
	Form       ui.Form
	Exam       exam.Exam
	Scheme     exam.Scheme
	Paper      exam.Paper // without ID for a new one
	Back, Seen string
	Kinds      []ui.Option
	Subjects   []ui.Option
	Rows       []componentFields
}

type componentFields struct{ Title, Subject, Minutes, GeneralOnly string }

type schemeData struct {
	Form       ui.Form
	Exam       exam.Exam
	Scheme     exam.Scheme
	Back, Seen string
}

type subjectData struct {
	Form       ui.Form
	Exam       exam.Exam
	Subject    exam.Subject
	Back, Seen string
	Forms      []ui.Option
}

var (
	papersPage  = ui.New[papersData](files, "pages/qt-bai-thi.html")
	paperPage   = ui.New[paperData](files, "pages/qt-bai-thi-sua.html")
	schemePage  = ui.New[schemeData](files, "pages/qt-chuong-trinh.html")
	subjectPage = ui.New[subjectData](files, "pages/qt-mon.html")
)

func (p *Office) registerPapers(o *web.Office) {
	const papers = OfficePath + "/{year}/bai-thi"
	o.GET(papers, exam.ActRead, p.papers)
	paper := form[paperData]{view: paperPage, values: p.paperValues, data: p.paperData, do: p.savePaper}
	paper.register(o, papers+"/{scheme}/moi", exam.ActEdit)
	paper.register(o, papers+"/{scheme}/{id}", exam.ActEdit)
	scheme := form[schemeData]{view: schemePage, values: p.schemeValues, data: p.schemeData, do: p.saveScheme}
	scheme.register(o, OfficePath+"/{year}/chuong-trinh/moi", exam.ActEdit)
	scheme.register(o, OfficePath+"/{year}/chuong-trinh/{scheme}", exam.ActEdit)
	subject := form[subjectData]{view: subjectPage, values: p.subjectValues, data: p.subjectData, do: p.saveSubject}
	subject.register(o, OfficePath+"/{year}/mon/moi", exam.ActEdit)
	subject.register(o, OfficePath+"/{year}/mon/{code}", exam.ActEdit)
}

func (p *Office) papers(c *web.Ctx) error {
	e, err := p.exam(c)
	if err != nil {
		return err
	}
	return c.Render(papersPage.With(papersData{e, examPath(e), c.Can(exam.ActEdit, everywhere)}))
}

// scheme gives the exam and the scheme whose code the address names; the zero Scheme without one.
func (p *Office) scheme(c *web.Ctx) (exam.Exam, exam.Scheme, error) {
	e, err := p.exam(c)
	if err != nil || c.Path("scheme") == "" {
		return e, exam.Scheme{}, err
	}
	i := slices.IndexFunc(e.Schemes, func(s exam.Scheme) bool { return s.Code == c.Path("scheme") })
	if i < 0 {
		return e, exam.Scheme{}, &fault.Error{Kind: fault.NotFound}
	}
	return e, e.Schemes[i], nil
}

// paper gives the paper the address names; the zero Paper on the page of a new one.
func (p *Office) paper(c *web.Ctx) (exam.Exam, exam.Scheme, exam.Paper, error) {
	e, s, err := p.scheme(c)
	if err != nil || c.Path("id") == "" {
		return e, s, exam.Paper{Kind: exam.Single}, err
	}
	i := slices.IndexFunc(s.Papers, func(p exam.Paper) bool { return string(p.ID) == c.Path("id") })
	if i < 0 {
		return e, s, exam.Paper{}, &fault.Error{Kind: fault.NotFound}
	}
	return e, s, s.Papers[i], nil
}

func fieldsOfComponent(i int) componentFields {
	name := fmt.Sprintf("component.%d.", i)
	return componentFields{fmt.Sprintf("Môn %d", i+1), name + "subject", name + "minutes", name + "general_only"}
}

// maxComponents is how many components a paper's form has.
const maxComponents = 4

func (p *Office) paperValues(c *web.Ctx) (url.Values, int, error) {
	_, _, paper, err := p.paper(c)
	v := url.Values{"code": {paper.Code}, "name": {paper.Name}, "kind": {string(paper.Kind)}}
	for i, component := range paper.Components {
		f := fieldsOfComponent(i)
		v.Set(f.Subject, component.Subject.Code)
		v.Set(f.Minutes, strconv.Itoa(component.Minutes))
		if component.GeneralOnly {
			v.Set(f.GeneralOnly, "1")
		}
	}
	return v, paper.Version, err
}

func (p *Office) paperData(c *web.Ctx, f ui.Form) (paperData, error) {
	e, s, paper, err := p.paper(c)
	data := paperData{Form: f, Exam: e, Scheme: s, Paper: paper, Back: examPath(e) + "/bai-thi", Seen: seen(e),
		Kinds: []ui.Option{{Value: string(exam.Single), Label: "Bài thi một môn"}, {Value: string(exam.Combined), Label: "Bài thi tổ hợp",
			Hint: "Nhiều môn thành phần, làm lần lượt trong một buổi."}, {Value: string(exam.Elective), Label: "Môn tự chọn"}},
		Subjects: []ui.Option{{Value: "", Label: "– không –"}}}
	for _, subject := range e.Subjects {
		data.Subjects = append(data.Subjects, ui.Option{Value: subject.Code, Label: subject.Name})
	}
	for i := range maxComponents {
		data.Rows = append(data.Rows, fieldsOfComponent(i))
	}
	return data, err
}

func (p *Office) savePaper(c *web.Ctx) (next, flash string, err error) {
	e, s, paper, err := p.paper(c)
	if err != nil {
		return "", "", err
	}
	in := exam.PaperInput{Code: c.Text("code"), Name: c.Text("name"), Kind: exam.PaperKind(c.Text("kind"))}
	for i := range maxComponents {
		f := fieldsOfComponent(i)
		if c.Text(f.Subject) == "" {
			break // components follow one another; an empty one is the end
		}
		in.Components = append(in.Components, exam.ComponentInput{Subject: c.Text(f.Subject), Minutes: int(c.Int(f.Minutes)), GeneralOnly: c.Bool(f.GeneralOnly)})
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	_, err = p.Exams.SavePaper(c.Context(), e.ID, s.ID, paper.ID, c.Version(), in)
	return examPath(e) + "/bai-thi", saved(e, "bài thi "+in.Name), err
}

func (p *Office) schemeValues(c *web.Ctx) (url.Values, int, error) {
	_, s, err := p.scheme(c)
	return url.Values{"code": {s.Code}, "name": {s.Name}, "note": {s.Note}}, 0, err
}

func (p *Office) schemeData(c *web.Ctx, f ui.Form) (schemeData, error) {
	e, s, err := p.scheme(c)
	return schemeData{f, e, s, examPath(e) + "/bai-thi", seen(e)}, err
}

func (p *Office) saveScheme(c *web.Ctx) (next, flash string, err error) {
	e, s, err := p.scheme(c)
	if err != nil {
		return "", "", err
	}
	_, err = p.Exams.SaveScheme(c.Context(), e.ID, s.ID, exam.Scheme{Code: c.Text("code"), Name: c.Text("name"), Note: c.Lines("note")})
	return examPath(e) + "/bai-thi", saved(e, "chương trình"), err
}

func (p *Office) subject(c *web.Ctx) (exam.Exam, exam.Subject, error) {
	e, err := p.exam(c)
	if err != nil || c.Path("code") == "" {
		return e, exam.Subject{Form: exam.Choice}, err
	}
	i := slices.IndexFunc(e.Subjects, func(s exam.Subject) bool { return s.Code == c.Path("code") })
	if i < 0 {
		return e, exam.Subject{}, &fault.Error{Kind: fault.NotFound}
	}
	return e, e.Subjects[i], nil
}

func (p *Office) subjectValues(c *web.Ctx) (url.Values, int, error) {
	_, s, err := p.subject(c)
	return url.Values{"code": {s.Code}, "name": {s.Name}, "form": {string(s.Form)}}, 0, err
}

func (p *Office) subjectData(c *web.Ctx, f ui.Form) (subjectData, error) {
	e, s, err := p.subject(c)
	return subjectData{f, e, s, examPath(e) + "/bai-thi", seen(e),
		[]ui.Option{{Value: string(exam.Choice), Label: "Trắc nghiệm"}, {Value: string(exam.Essay), Label: "Tự luận"}}}, err
}

func (p *Office) saveSubject(c *web.Ctx) (next, flash string, err error) {
	e, s, err := p.subject(c)
	if err != nil {
		return "", "", err
	}
	in := exam.Subject{Code: c.Text("code"), Name: c.Text("name"), Form: exam.Form(c.Text("form"))}
	if s.Code != "" {
		in.Code = s.Code // results are kept under it
	}
	return examPath(e) + "/bai-thi", saved(e, "môn "+in.Name), p.Exams.SaveSubject(c.Context(), e.ID, in)
}
