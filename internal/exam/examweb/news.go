package examweb

import (
	"context"
	"fmt"
	"html/template"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type newsData struct {
	Title       string
	Exam        string
	Before      string // the year compared with, "2020"; "" when there is none
	News        []newsItem
	Differences []exam.Difference
	Links       []ui.Link
}

// A newsItem is one thing that is new, its citations of documents being links.
type newsItem struct {
	Title               string
	Now, Before, Source template.HTML
}

var newsPage = ui.New[newsData](files, "pages/diem-moi.html")

// news draws what is new this year, beside the year before.
//
// Source: R-II.2-b.
func (p *Public) news(ctx context.Context, v view) (publish.Rendered, error) {
	list, err := p.Exams.News(ctx, v.Exam)
	if err != nil {
		return publish.Rendered{}, err
	}
	data := newsData{Title: "Điểm mới của " + v.FullName(), Exam: v.FullName(),
		Links: []ui.Link{{Href: v.path("lich-thi"), Label: "Lịch thi"}, {Href: v.path("diem-thi"), Label: "Điểm thi"}}}
	before, err := p.Exams.YearBefore(ctx, v.Exam)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return publish.Rendered{}, err
	}
	if err == nil {
		data.Before, data.Differences = fmt.Sprint(before.Year), v.Differences(before)
	}
	var updated int64
	var words []string
	for _, n := range list {
		updated = max(updated, n.ChangedAt)
		words = append(words, n.Title, n.Now, n.Before)
		item := newsItem{Title: n.Title}
		for to, text := range map[*template.HTML]string{&item.Now: n.Now, &item.Before: n.Before, &item.Source: n.Source} {
			if *to, err = p.linked(ctx, text, v.Year); err != nil {
				return publish.Rendered{}, err
			}
		}
		data.News = append(data.News, item)
	}
	frame := v.frame("diem-moi", data.Title, "Những điều thí sinh và phụ huynh cần biết về thay đổi của kỳ thi so với năm trước.", updated)
	drawn, err := newsPage.Twins(v.sites, frame, data)
	entry := search.Entry{Path: v.path("diem-moi"), Kind: "diem-moi", Title: data.Title, Summary: frame.Description, Text: strings.Join(words, "\n"),
		Keywords: []string{"thay đổi", "khác năm trước", "mới năm nay"}}
	return publish.Rendered{Pages: htmlPages(drawn, updated), Entries: v.findable(entry)}, err
}

// linked makes the citations of documents in words links; without a registry of documents they stay
// words.
func (p *Public) linked(ctx context.Context, words string, year int) (template.HTML, error) {
	if p.Link == nil {
		return template.HTML(template.HTMLEscapeString(words)), nil //nolint:gosec // escaped
	}
	return p.Link(ctx, words, year)
}
