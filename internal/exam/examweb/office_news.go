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

type officeNewsData struct {
	Exam        exam.Exam
	Path        string
	News        []exam.News
	Before      string // the year compared with; "" when there is none
	Differences []differenceRow
	CanEdit     bool
	Form        ui.Form // for the buttons
}

type differenceRow struct {
	exam.Difference
	Use string // the address of a new item filled with it
}

type newsFormData struct {
	Form ui.Form
	Exam exam.Exam
	Item exam.News // without ID for a new one
	Back string
	Seen string
}

var (
	officeNewsPage = ui.New[officeNewsData](files, "pages/qt-diem-moi.html")
	newsFormPage   = ui.New[newsFormData](files, "pages/qt-diem-moi-sua.html")
)

func (p *Office) registerNews(o *web.Office) {
	const news = OfficePath + "/{year}/diem-moi"
	o.GET(news, exam.ActRead, p.newsList)
	item := web.FormPage[newsFormData]{View: newsFormPage, Values: p.newsValues, Data: p.newsData, Do: p.saveNews}
	item.Register(o, news+"/moi", exam.ActNews)
	item.Register(o, news+"/{id}", exam.ActNews)
	o.POST(news+"/{id}/len", exam.ActNews, p.raiseNews)
	o.POST(news+"/{id}/xoa", exam.ActNews, p.removeNews)
}

func (p *Office) newsList(c *web.Ctx) error {
	e, err := p.exam(c)
	if err != nil {
		return err
	}
	data := officeNewsData{Exam: e, Path: examPath(e) + "/diem-moi", CanEdit: c.Can(exam.ActNews, everywhere), Form: c.NewForm(nil, 0)}
	if data.News, err = p.Exams.News(c.Context(), e); err != nil {
		return err
	}
	before, err := p.Exams.YearBefore(c.Context(), e)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err == nil {
		data.Before = strconv.Itoa(before.Year)
		for _, d := range e.Differences(before) {
			fill := url.Values{"title": {d.What}, "before": {d.Before}, "now": {d.Now}}
			data.Differences = append(data.Differences, differenceRow{d, data.Path + "/moi?" + fill.Encode()})
		}
	}
	return c.Render(officeNewsPage.With(data))
}

// item gives the item the address names; the zero News on the page of a new one.
func (p *Office) item(c *web.Ctx) (exam.Exam, exam.News, error) {
	e, err := p.exam(c)
	if err != nil || c.Path("id") == "" {
		return e, exam.News{}, err
	}
	list, err := p.Exams.News(c.Context(), e)
	if err != nil {
		return e, exam.News{}, err
	}
	i := slices.IndexFunc(list, func(n exam.News) bool { return string(n.ID) == c.Path("id") })
	if i < 0 {
		return e, exam.News{}, &fault.Error{Kind: fault.NotFound}
	}
	return e, list[i], nil
}

func (p *Office) newsValues(c *web.Ctx) (url.Values, int, error) {
	_, n, err := p.item(c)
	if n.ID == "" { // a difference may fill a new item
		n.Title, n.Before, n.Now = c.Text("title"), c.Lines("before"), c.Lines("now")
	}
	return url.Values{"title": {n.Title}, "before": {n.Before}, "now": {n.Now}, "source": {n.Source}}, n.Version, err
}

func (p *Office) newsData(c *web.Ctx, f ui.Form) (newsFormData, error) {
	e, n, err := p.item(c)
	return newsFormData{f, e, n, examPath(e) + "/diem-moi", seen(e)}, err
}

func (p *Office) saveNews(c *web.Ctx) (next, flash string, err error) {
	e, n, err := p.item(c)
	if err != nil {
		return "", "", err
	}
	in := exam.News{Title: c.Text("title"), Before: c.Lines("before"), Now: c.Lines("now"), Source: c.Text("source")}
	_, err = p.Exams.SaveNews(c.Context(), e.ID, n.ID, c.Version(), in)
	return examPath(e) + "/diem-moi", saved(e, fmt.Sprintf("“%s”", in.Title)), err
}

func (p *Office) raiseNews(c *web.Ctx) error {
	e, n, err := p.item(c)
	if err != nil {
		return err
	}
	if err := p.Exams.RaiseNews(c.Context(), e.ID, n.ID); err != nil {
		return err
	}
	return c.See(examPath(e)+"/diem-moi", "Đã đưa “%s” lên trên.", n.Title)
}

func (p *Office) removeNews(c *web.Ctx) error {
	e, n, err := p.item(c)
	if err != nil {
		return err
	}
	if err := p.Exams.RemoveNews(c.Context(), e.ID, n.ID, c.Version()); err != nil {
		return err
	}
	return c.See(examPath(e)+"/diem-moi", "Đã bỏ “%s”.", n.Title)
}
