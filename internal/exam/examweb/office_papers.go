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
	Here       string // its own address
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
	Here       string // its own address
}

type subjectData struct {
	Form       ui.Form
	Exam       exam.Exam
	Subject    exam.Subject
	Back, Seen string
	Here       string // its own address
	Forms      []ui.Option
}

type languageData struct {
	Form       ui.Form
	Exam       exam.Exam
	Language   exam.Language // without code for a new one
	Back, Seen string
	Here       string // its own address
}

var (
	papersPage   = ui.New[papersData](files, "pages/qt-bai-thi.html")
	paperPage    = ui.New[paperData](files, "pages/qt-bai-thi-sua.html")
	schemePage   = ui.New[schemeData](files, "pages/qt-chuong-trinh.html")
	subjectPage  = ui.New[subjectData](files, "pages/qt-mon.html")
	languagePage = ui.New[languageData](files, "pages/qt-ngoai-ngu.html")
)

func (p *Office) registerPapers(o *web.Office) {
	const papers = OfficePath + "/{year}/bai-thi"
	o.GET(papers, exam.ActRead, p.papers)
	paper := web.FormPage[paperData]{View: paperPage, Values: p.paperValues, Data: p.paperData, Do: p.savePaper}
	paper.Register(o, papers+"/{scheme}/moi", exam.ActEdit)
	paper.Register(o, papers+"/{scheme}/{id}", exam.ActEdit)
	scheme := web.FormPage[schemeData]{View: schemePage, Values: p.schemeValues, Data: p.schemeData, Do: p.saveScheme}
	scheme.Register(o, OfficePath+"/{year}/chuong-trinh/moi", exam.ActEdit)
	scheme.Register(o, OfficePath+"/{year}/chuong-trinh/{scheme}", exam.ActEdit)
	subject := web.FormPage[subjectData]{View: subjectPage, Values: p.subjectValues, Data: p.subjectData, Do: p.saveSubject}
	subject.Register(o, OfficePath+"/{year}/mon/moi", exam.ActEdit)
	subject.Register(o, OfficePath+"/{year}/mon/{code}", exam.ActEdit)
	language := web.FormPage[languageData]{View: languagePage, Values: p.languageValues, Data: p.languageData, Do: p.saveLanguage}
	language.Register(o, OfficePath+"/{year}/ngoai-ngu/moi", exam.ActEdit)
	language.Register(o, OfficePath+"/{year}/ngoai-ngu/{code}", exam.ActEdit)
	o.POST(papers+"/{scheme}/{id}/xoa", exam.ActEdit, p.removePaper)
	o.POST(OfficePath+"/{year}/chuong-trinh/{scheme}/xoa", exam.ActEdit, p.removeScheme)
	o.POST(OfficePath+"/{year}/mon/{code}/xoa", exam.ActEdit, p.removeSubject)
	o.POST(OfficePath+"/{year}/ngoai-ngu/{code}/xoa", exam.ActEdit, p.removeLanguage)
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
		Here: fmt.Sprintf("%s/bai-thi/%s/%s", examPath(e), s.Code, paper.ID),
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
	return schemeData{f, e, s, examPath(e) + "/bai-thi", seen(e), examPath(e) + "/chuong-trinh/" + s.Code}, err
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
	return subjectData{f, e, s, examPath(e) + "/bai-thi", seen(e), examPath(e) + "/mon/" + s.Code,
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

// language gives the foreign language the address names; the zero Language on the page of a new one.
func (p *Office) language(c *web.Ctx) (exam.Exam, exam.Language, error) {
	e, err := p.exam(c)
	if err != nil || c.Path("code") == "" {
		return e, exam.Language{}, err
	}
	i := slices.IndexFunc(e.Languages, func(l exam.Language) bool { return l.Code == c.Path("code") })
	if i < 0 {
		return e, exam.Language{}, &fault.Error{Kind: fault.NotFound}
	}
	return e, e.Languages[i], nil
}

func (p *Office) languageValues(c *web.Ctx) (url.Values, int, error) {
	_, l, err := p.language(c)
	return url.Values{"code": {l.Code}, "name": {l.Name}}, 0, err
}

func (p *Office) languageData(c *web.Ctx, f ui.Form) (languageData, error) {
	e, l, err := p.language(c)
	return languageData{f, e, l, examPath(e) + "/bai-thi", seen(e), examPath(e) + "/ngoai-ngu/" + l.Code}, err
}

func (p *Office) saveLanguage(c *web.Ctx) (next, flash string, err error) {
	e, l, err := p.language(c)
	if err != nil {
		return "", "", err
	}
	in := exam.Language{Code: c.Text("code"), Name: c.Text("name")}
	if l.Code != "" {
		in.Code = l.Code // results are kept under it
	} else if slices.ContainsFunc(e.Languages, func(o exam.Language) bool { return o.Code == in.Code }) {
		return "", "", fault.Fields(fault.Field{Name: "code", Message: "Kỳ thi đã có ngoại ngữ mang mã này."})
	}
	return examPath(e) + "/bai-thi", saved(e, in.Name), p.Exams.SaveLanguage(c.Context(), e.ID, in)
}

// removed goes back to the papers after one of them, or what they are made of, was taken away.
func removed(c *web.Ctx, e exam.Exam, what string, err error) error {
	if err != nil {
		return err
	}
	return c.See(examPath(e)+"/bai-thi", "Đã bỏ %s khỏi kỳ thi.", what)
}

func (p *Office) removePaper(c *web.Ctx) error {
	e, _, paper, err := p.paper(c)
	if err != nil {
		return err
	}
	return removed(c, e, "bài thi "+paper.Name, p.Exams.RemovePaper(c.Context(), e.ID, paper.ID, c.Version()))
}

func (p *Office) removeScheme(c *web.Ctx) error {
	e, s, err := p.scheme(c)
	if err != nil {
		return err
	}
	return removed(c, e, s.Name, p.Exams.RemoveScheme(c.Context(), e.ID, s.ID))
}

func (p *Office) removeSubject(c *web.Ctx) error {
	e, s, err := p.subject(c)
	if err != nil {
		return err
	}
	return removed(c, e, "môn "+s.Name, p.Exams.RemoveSubject(c.Context(), e.ID, s.Code))
}

func (p *Office) removeLanguage(c *web.Ctx) error {
	e, l, err := p.language(c)
	if err != nil {
		return err
	}
	return removed(c, e, l.Name, p.Exams.RemoveLanguage(c.Context(), e.ID, l.Code))
}
