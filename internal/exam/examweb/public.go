package examweb

import (
	"context"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

// Frames gives what all public pages have in common.
type Frames interface {
	Sites(ctx context.Context) (ui.Sites, error)
}

// Public draws the public pages. Owner gives who is responsible for them; nil names nobody. Province
// gives where the exam is held, "Lai Châu"; nil leaves it out. Link gives words of a year's exam as HTML
// in which citations of documents are links; nil leaves them words.
type Public struct {
	Exams    *exam.Service
	Frames   Frames
	Owner    func(ctx context.Context) (ui.Contact, error)
	Province func(ctx context.Context) (string, error)
	Link     func(ctx context.Context, words string, year int) (template.HTML, error)
}

// Source is what base/publish calls to draw the pages of a key (exam.KeyTimetable, exam.YearKey …).
//
// The front addresses /lich-thi, /diem-thi, /diem-moi show the current exam; the same pages stand
// under /ky-thi/<year>/ for every public exam, for ever. A site's front address leads to its year
// once another exam is current.
//
// Source: R-II.1-a, R-II.2-b; P-18.
func (p *Public) Source() publish.Source {
	return publish.Source{Name: exam.Source, Keys: p.keys, Render: p.render, Next: p.next}
}

func (p *Public) keys(ctx context.Context) ([]string, error) {
	keys := []string{exam.KeyTimetable, exam.KeySites, exam.KeyNews}
	years, err := p.Exams.Years(ctx)
	if err != nil {
		return nil, err
	}
	for _, year := range years {
		keys = append(keys, exam.YearKey(year, exam.KeyTimetable), exam.YearKey(year, exam.KeySites), exam.YearKey(year, exam.KeyNews))
		e, err := p.Exams.Archive(ctx, year)
		if err != nil {
			return nil, err
		}
		sites, err := p.Exams.PublicSites(ctx, e)
		if err != nil {
			return nil, err
		}
		for _, s := range sites {
			keys = append(keys, exam.SiteKey(s.Slug), exam.YearKey(year, exam.SiteKey(s.Slug)))
		}
	}
	return keys, nil
}

// next tells when what the timetables say changes by the clock alone: what the current exam is doing,
// and that an exam is over.
func (p *Public) next(ctx context.Context, now time.Time) (time.Time, []string, error) {
	years, err := p.Exams.Years(ctx)
	if err != nil {
		return time.Time{}, nil, err
	}
	var next time.Time
	var keys []string
	at := func(ms int64, key string) {
		t := time.UnixMilli(ms)
		switch {
		case !t.After(now) || !next.IsZero() && t.After(next):
			return
		case t.Before(next) || next.IsZero():
			next, keys = t, nil
		}
		keys = append(keys, key)
	}
	for _, year := range years {
		e, err := p.Exams.Archive(ctx, year)
		if err != nil {
			return time.Time{}, nil, err
		}
		at(e.EndsAt(), exam.YearKey(year, exam.KeyTimetable))
		if e.Current {
			at(e.NowAt(now.UnixMilli()).Until(), exam.KeyTimetable)
		}
	}
	return next, keys, nil
}

// view is an exam as one set of pages shows it: at the front, or under its year.
type view struct {
	exam.Exam
	front bool
	sites ui.Sites
	owner ui.Contact
	// province is where the exam is held; may be ""
	province string
}

// path puts a page's address under the year unless the view is the front.
func (v view) path(page string) string {
	if v.front {
		return "/" + page
	}
	return fmt.Sprintf("/ky-thi/%d/%s", v.Year, page)
}

// frame begins the frame of one of the view's pages.
func (v view) frame(page, title, description string, updated int64) ui.Frame {
	f := ui.Frame{Title: title, Description: description, Canonical: v.path(page), Section: "/" + strings.Split(page, "/")[0], Owner: v.owner, Updated: updated}
	if !v.front {
		f.Section = ""
		f.Crumbs = []ui.Link{{Href: "/ky-thi", Label: "Các kỳ thi"}, {Href: fmt.Sprintf("/ky-thi/%d", v.Year), Label: v.FullName()}}
	}
	return f
}

// findable gives search entries for the pages of an exam that show it best: the front's for the
// current exam, the year's for the others.
func (v view) findable(e search.Entry) []search.Entry {
	if v.Current != v.front {
		return nil
	}
	e.Facets = map[string]string{"nam": strconv.Itoa(v.Year)}
	if !v.front {
		e.Boost = 0.6 // an earlier year's answer is seldom the one looked for
	}
	return []search.Entry{e}
}

func (p *Public) render(ctx context.Context, key string) (publish.Rendered, error) {
	v := view{front: true}
	page := key
	var err error
	if year, rest, ok := strings.Cut(key, "/"); ok && isYear(year) {
		n, _ := strconv.Atoi(year) // isYear
		v.front, page = false, rest
		v.Exam, err = p.Exams.Archive(ctx, n)
	} else {
		v.Exam, err = p.Exams.Current(ctx)
	}
	missing := fault.Is(err, fault.NotFound)
	if err != nil && !missing {
		return publish.Rendered{}, err
	}
	if missing && !v.front {
		return publish.Rendered{}, nil
	}
	if v.sites, err = p.Frames.Sites(ctx); err != nil {
		return publish.Rendered{}, err
	}
	if p.Owner != nil {
		if v.owner, err = p.Owner(ctx); err != nil {
			return publish.Rendered{}, err
		}
	}
	if p.Province != nil {
		if v.province, err = p.Province(ctx); err != nil {
			return publish.Rendered{}, err
		}
	}
	slug, isSite := strings.CutPrefix(page, exam.KeySites+"/")
	switch {
	case isSite && missing:
		return p.elsewhere(ctx, slug)
	case isSite:
		return p.site(ctx, v, slug)
	case missing:
		return p.nothingYet(v, page)
	case page == exam.KeyTimetable:
		return p.timetable(ctx, v)
	case page == exam.KeySites:
		return p.siteList(ctx, v)
	case page == exam.KeyNews:
		return p.news(ctx, v)
	}
	return publish.Rendered{}, nil // a key of an earlier version of the program
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 2000 && n <= 2200
}

type nothingData struct {
	Title string
	Empty ui.Empty
}

var nothingPage = ui.New[nothingData](files, "pages/chua-co.html")

// nothingYet draws a front page before there is any exam, so that its address answers.
func (p *Public) nothingYet(v view, page string) (publish.Rendered, error) {
	title := map[string]string{exam.KeyTimetable: "Lịch thi", exam.KeySites: "Điểm thi", exam.KeyNews: "Điểm mới"}[page]
	if title == "" {
		return publish.Rendered{}, nil
	}
	data := nothingData{title, ui.Empty{Title: "Chưa có kỳ thi nào được mở", Text: title + " sẽ hiện ở đây ngay khi Sở mở kỳ thi của năm.",
		Link: ui.Link{Href: "/ky-thi", Label: "Xem các kỳ thi trước"}}}
	drawn, err := nothingPage.Twins(v.sites, v.frame(page, title, data.Empty.Text, 0), data)
	return publish.Rendered{Pages: htmlPages(drawn, 0)}, err
}

// htmlPages makes published pages of drawn ones.
func htmlPages(drawn []ui.Drawn, modified int64) []publish.Page {
	var pages []publish.Page
	for _, d := range drawn {
		pages = append(pages, publish.Page{Path: d.Path, Type: publish.HTMLType, Body: d.Body, Modified: modified})
	}
	return pages
}
