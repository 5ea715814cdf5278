package reportsweb

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/feed"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
)

// Frames gives what all public pages have in common.
type Frames interface {
	Sites(ctx context.Context) (ui.Sites, error)
}

// Public draws what the public sees of the sittings' figures: /tinh-hinh with its feeds, a page for
// each sitting, and the same as JSON for other sites (json.go). Owner gives who is responsible for
// them; nil names nobody.
//
// The pages exist before there are figures and say when there will be. What they show is what
// [reports.Service.Situation] gives, and nothing else.
//
// Source: R-II.1-f; domain.md 6.5.
type Public struct {
	Reports *reports.Service
	Frames  Frames
	Owner   func(ctx context.Context) (ui.Contact, error)
}

// Source is what base/publish calls to draw the pages of a key ([reports.KeySituation] …).
//
// The front addresses show the current exam; the same pages stand under /ky-thi/<year>/ for every
// public exam, for ever. A sitting's front address leads to its year once another exam is current.
func (p *Public) Source() publish.Source {
	return publish.Source{Name: reports.PublicSource, Keys: p.Reports.PublicKeys, Render: p.render, Next: p.next}
}

// next tells when what the pages say changes by the clock alone: a sitting ends.
func (p *Public) next(ctx context.Context, now time.Time) (next time.Time, keys []string, err error) {
	years, err := p.Reports.Exams.Years(ctx)
	if err != nil {
		return next, nil, err
	}
	for _, year := range years {
		e, err := p.Reports.Exams.Archive(ctx, year)
		if err != nil {
			return next, nil, err
		}
		all, err := p.Reports.Situation(ctx, e)
		if err != nil {
			return next, nil, err
		}
		for _, b := range all {
			at := clock.FromMillis(b.ChangesAt())
			if b.ChangesAt() == 0 || !at.After(now) || !next.IsZero() && at.After(next) {
				continue
			}
			if at.Before(next) || next.IsZero() {
				next, keys = at, nil
			}
			keys = append(keys, reports.KeySituation, reports.YearKey(year), reports.SittingKey(b.Sitting.ID))
		}
	}
	return next, keys, nil
}

func (p *Public) render(ctx context.Context, key string) (publish.Rendered, error) {
	if id, ok := strings.CutPrefix(key, "buoi/"); ok {
		return p.sitting(ctx, exam.SittingID(id))
	}
	if year, ok := strings.CutPrefix(key, "nam/"); ok {
		n, err := strconv.Atoi(year)
		if err != nil {
			return publish.Rendered{}, nil
		}
		e, err := p.Reports.Exams.Archive(ctx, n)
		if fault.Is(err, fault.NotFound) {
			return publish.Rendered{}, nil
		}
		if err != nil {
			return publish.Rendered{}, err
		}
		return p.list(ctx, e, false)
	}
	if key != reports.KeySituation {
		return publish.Rendered{}, nil // a key of an earlier version of the program
	}
	e, err := p.Reports.Exams.Current(ctx)
	if err == nil && e.Public {
		return p.list(ctx, e, true)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return publish.Rendered{}, err
	}
	return p.nothingYet(ctx)
}

// A yearView is an exam as one set of pages shows it: at the front, or under its year.
type yearView struct {
	exam.Exam
	front bool
	sites ui.Sites
	owner ui.Contact
}

func (p *Public) viewOf(ctx context.Context, e exam.Exam, front bool) (v yearView, err error) {
	v = yearView{Exam: e, front: front}
	if v.sites, err = p.Frames.Sites(ctx); err != nil || p.Owner == nil {
		return v, err
	}
	v.owner, err = p.Owner(ctx)
	return v, err
}

// path puts a page's address under the year unless the yearView is the front.
func (v yearView) path(page string) string {
	if v.front {
		return "/" + page
	}
	return fmt.Sprintf("/ky-thi/%d/%s", v.Year, page)
}

// base is the installation's public address.
func (v yearView) base() string { return v.sites.Vietnamese.BaseURL }

func (v yearView) frame(page, title, description string, updated int64) ui.Frame {
	f := ui.Frame{Title: title, Description: description, Canonical: v.path(page), Section: "/" + reports.KeySituation, Owner: v.owner, Updated: updated}
	if !v.front {
		f.Section = ""
		f.Crumbs = []ui.Link{{Href: "/ky-thi", Label: "Các kỳ thi"}, {Href: fmt.Sprintf("/ky-thi/%d", v.Year), Label: v.FullName()}}
	}
	if page != reports.KeySituation {
		f.Crumbs = append(f.Crumbs, ui.Link{Href: v.path(reports.KeySituation), Label: "Tình hình thi"})
	}
	return f
}

// findable gives the search entry of a page that shows the exam best: the front's for the current exam,
// the year's for the others.
func (v yearView) findable(e search.Entry) []search.Entry {
	if v.Current != v.front {
		return nil
	}
	e.Kind, e.Facets = "tinh-hinh", map[string]string{"nam": strconv.Itoa(v.Year)}
	if !v.front {
		e.Boost = 0.6
	}
	return []search.Entry{e}
}

type listData struct {
	Title, Exam string
	First       string // what comes first while nothing is published
	Sittings    []rowView
	Data        string // path of the JSON
	Links       []ui.Link
}

// A rowView is a sitting in the list.
type rowView struct {
	Name  string
	Path  string
	Tag   ui.Tag
	Says  string // as of when and how complete, or when there will be figures
	Issue *issueView
	Fixed string // the last correction, in words; "" when there is none
}

var (
	situationPage = ui.New[listData](files, "pages/tinh-hinh.html")
	sittingPage   = ui.New[sittingData](files, "pages/tinh-hinh-buoi.html", "pages/so-lieu.html")
	nothingPage   = ui.New[ui.Empty](files, "pages/tinh-hinh-chua-co.html")
)

const listWords = "Số thí sinh đăng ký, có mặt, vắng của từng buổi thi trong toàn tỉnh. Số liệu do Hội đồng thi tổng hợp từ báo cáo của các điểm thi và đã được duyệt."

// nothingYet draws the front page before there is any exam, so that its address answers.
func (p *Public) nothingYet(ctx context.Context) (publish.Rendered, error) {
	v, err := p.viewOf(ctx, exam.Exam{}, true)
	if err != nil {
		return publish.Rendered{}, err
	}
	empty := ui.Empty{Title: "Chưa có kỳ thi nào được mở", Text: "Tình hình từng buổi thi sẽ hiện ở đây trong các ngày thi.", Link: ui.Link{Href: "/ky-thi", Label: "Xem các kỳ thi trước"}}
	drawn, err := nothingPage.Twins(v.sites, v.frame(reports.KeySituation, "Tình hình các buổi thi", empty.Text, 0), empty)
	return publish.Rendered{Pages: htmlPages(drawn, 0, true)}, err
}

// list draws the sittings of an exam, with the feeds that stand beside.
func (p *Public) list(ctx context.Context, e exam.Exam, front bool) (publish.Rendered, error) {
	v, err := p.viewOf(ctx, e, front)
	if err != nil {
		return publish.Rendered{}, err
	}
	all, err := p.Reports.Situation(ctx, e)
	if err != nil {
		return publish.Rendered{}, err
	}
	home := v.path(reports.KeySituation)
	data := listData{Title: "Tình hình các buổi thi", Exam: e.FullName(), Data: home + ".json",
		Links: []ui.Link{{Href: v.path("lich-thi"), Label: "Lịch thi"}, {Href: v.path("diem-thi"), Label: "Điểm thi"}}}
	var updated int64
	var words []string
	told := false
	for _, b := range all {
		row := v.row(b)
		data.Sittings = append(data.Sittings, row)
		words = append(words, row.Name+". "+row.Says)
		if now, ok := b.Now(); ok {
			told, updated = true, max(updated, now.PublishedAt)
		} else if !told && data.First == "" {
			data.First = row.Name + ". " + row.Says
		}
	}
	if told {
		data.First = ""
	}
	frame := v.frame(reports.KeySituation, "Tình hình các buổi thi – "+e.FullName(), listWords, updated)
	frame.Feeds = ui.FeedsOf("Tình hình các buổi thi", home)
	drawn, err := situationPage.Twins(v.sites, frame, data)
	if err != nil {
		return publish.Rendered{}, err
	}
	feeds, err := v.feeds(all)
	if err != nil {
		return publish.Rendered{}, err
	}
	entry := search.Entry{Path: home, Title: "Tình hình các buổi thi, " + e.FullName(), Summary: listWords, Text: strings.Join(words, "\n"),
		Keywords: []string{"số thí sinh dự thi", "tỷ lệ dự thi", "vắng thi", "bỏ thi", "báo cáo buổi thi"}}
	return publish.Rendered{Pages: append(htmlPages(drawn, updated, false), feeds...), Entries: v.findable(entry)}, nil
}

// row gives a sitting as the list says it.
func (v yearView) row(b reports.Bulletin) rowView {
	row := rowView{Name: b.Title(), Path: v.path(page(b)), Says: awaited(b)}
	now, ok := b.Now()
	if !ok {
		row.Tag = stageTag(b.Stage)
		return row
	}
	shown := viewOf(now)
	row.Issue, row.Tag, row.Says = &shown, completeTag(now), capital(now.As())+", "+now.Edition()+"."
	for _, i := range b.Issues {
		if i.Kind.Corrects() {
			row.Fixed = i.Kind.Label() + " " + text.FormatDayTime(i.PublishedAt)
			break
		}
	}
	return row
}

func page(b reports.Bulletin) string { return reports.KeySituation + "/" + b.Slug }

func completeTag(i reports.Issue) ui.Tag {
	if i.Provisional() {
		return ui.Tag{Tone: ui.Warn, Word: capital(i.Coverage())}
	}
	return ui.Tag{Tone: ui.OK, Word: capital(i.Coverage())}
}

func stageTag(s reports.SittingStage) ui.Tag {
	switch s {
	case reports.StageUpcoming:
		return ui.Tag{Word: "Chưa kết thúc"}
	case reports.StageAwaited:
		return ui.Tag{Tone: ui.Info, Word: "Chờ công bố"}
	case reports.StageCancelled:
		return ui.Tag{Tone: ui.Bad, Word: "Không tổ chức"}
	}
	return ui.Tag{Word: "Không có số liệu"}
}

// awaited says what will be here and when.
func awaited(b reports.Bulletin) string {
	switch b.Stage {
	case reports.StageUpcoming:
		return "Số liệu chỉ công bố sau khi buổi thi kết thúc (" + text.FormatDayTime(b.Sitting.EndsAt()) + ") và đã được duyệt."
	case reports.StageAwaited:
		return "Buổi thi đã kết thúc lúc " + text.FormatDayTime(b.Sitting.EndsAt()) + ". Số liệu sẽ hiện ở đây ngay sau khi Hội đồng thi tổng hợp và duyệt."
	case reports.StageCancelled:
		return "Buổi thi không tổ chức: " + b.Sitting.CancelledFor
	case reports.StageNeverTold:
		return "Không có số liệu nào được công bố cho buổi thi này."
	}
	return ""
}

type sittingData struct {
	Name, Exam, Round string
	Tag               ui.Tag
	Empty             ui.Empty // while nothing is published
	Issue             *issueView
	Corrections       []issueWords // those of Issues that correct, the newest first
	Issues            []issueWords // all that was published, the newest first; one alone is not listed
	Data              string       // path of the JSON
	Links             []ui.Link
}

// An issueWords is a published version as the history says it.
type issueWords struct {
	Kind, Edition, As string
	At                int64
	Changed           []reports.Change
}

// An issueView is published figures as the tables show them.
type issueView struct {
	reports.Issue
	Bars       []bar
	Judged     bool // violations are shown
	Why        []lineWhy
	Complete   ui.Tag
	StaffShown bool
}

// A bar is one line of the chart, in thousandths of the longest.
type bar struct {
	Name            string
	Present, Absent int64
	Width, Gone     int64
}

type lineWhy struct {
	Name string
	Why  []reports.WordSum
}

func viewOf(i reports.Issue) issueView {
	v := issueView{Issue: i, Complete: completeTag(i), StaffShown: len(i.Staff) > 0}
	most := int64(1)
	for _, l := range i.Lines {
		most = max(most, l.Registered)
		v.Judged = v.Judged || l.Judged
	}
	for _, l := range i.Lines {
		b := bar{Name: l.Name, Present: l.Present, Absent: l.Absent, Width: l.Present * 1000 / most, Gone: l.Absent * 1000 / most}
		if l.Absent > 0 {
			b.Gone = max(b.Gone, 12) // one of thousands is still seen; the number stands beside
			b.Width = min(b.Width, 1000-b.Gone)
		}
		v.Bars = append(v.Bars, b)
		if len(l.Why) > 0 {
			v.Why = append(v.Why, lineWhy{l.Name, l.Why})
		}
	}
	return v
}

func wordsOf(i reports.Issue) issueWords {
	return issueWords{i.Kind.Label(), i.Edition(), i.As(), i.PublishedAt, i.Changed}
}

// sitting draws the pages of one sitting, under its year and, of the current exam, at the front.
func (p *Public) sitting(ctx context.Context, id exam.SittingID) (publish.Rendered, error) {
	b, err := p.Reports.Bulletin(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return publish.Rendered{}, nil
	}
	if err != nil {
		return publish.Rendered{}, err
	}
	under, err := p.viewOf(ctx, b.Exam, false)
	if err != nil {
		return publish.Rendered{}, err
	}
	all, err := under.sitting(b)
	if err != nil {
		return publish.Rendered{}, err
	}
	if b.Exam.Current {
		front := under
		front.front = true
		at, err := front.sitting(b)
		return publish.Rendered{Pages: append(all.Pages, at.Pages...), Entries: at.Entries}, err
	}
	for _, lang := range []string{"vi", "en"} {
		all.Pages = append(all.Pages, publish.Redirect(ui.InLanguage(lang, "/"+page(b)), ui.InLanguage(lang, under.path(page(b))),
			"Buổi thi này thuộc "+b.Exam.FullName()+" và được giữ ở chuyên mục của năm đó."))
	}
	all.Pages = append(all.Pages, publish.Redirect("/"+page(b)+".json", under.path(page(b))+".json", ""))
	return all, nil
}

func (v yearView) sitting(b reports.Bulletin) (publish.Rendered, error) {
	data := sittingData{Name: b.Title(), Exam: v.FullName(), Tag: stageTag(b.Stage), Data: v.path(page(b)) + ".json",
		Links: []ui.Link{{Href: v.path(reports.KeySituation), Label: "Các buổi thi khác"}, {Href: v.path("lich-thi"), Label: "Lịch thi"}}}
	if len(v.Rounds) > 1 {
		data.Round = b.Round.Name
	}
	now, told := b.Now()
	summary := awaited(b)
	if told {
		shown := viewOf(now)
		data.Issue, data.Tag, summary = &shown, ui.Tag{}, sentence(b, now)
		for _, i := range b.Issues {
			data.Issues = append(data.Issues, wordsOf(i))
			if i.Kind.Corrects() {
				data.Corrections = append(data.Corrections, wordsOf(i))
			}
		}
	} else {
		data.Empty = ui.Empty{Title: data.Tag.Word, Text: summary}
	}
	frame := v.frame(page(b), "Tình hình buổi thi "+b.Title(), summary, now.PublishedAt)
	frame.NoIndex = !told
	if told {
		frame.JSONLD = []any{v.dataset(b, now)}
		if now.Kind != reports.FirstIssue {
			frame.ChangeNote = now.Kind.Label()
		}
	}
	drawn, err := sittingPage.Twins(v.sites, frame, data)
	if err != nil {
		return publish.Rendered{}, err
	}
	asJSON, err := v.jsonPage(data.Data, v.jsonOf(b), now.PublishedAt)
	if err != nil {
		return publish.Rendered{}, err
	}
	r := publish.Rendered{Pages: append(htmlPages(drawn, now.PublishedAt, !told), asJSON)}
	if told {
		r.Entries = v.findable(search.Entry{Path: v.path(page(b)), Title: "Tình hình buổi thi " + b.Title(), Summary: summary, Text: figuresText(now), Day: b.Sitting.Day,
			Keywords: []string{"số liệu buổi thi", "số thí sinh vắng", "tỷ lệ dự thi"}})
	}
	return r, nil
}

// sentence tells the figures in words, for feeds, search and shared links.
func sentence(b reports.Bulletin, i reports.Issue) string {
	var parts []string
	for _, l := range i.Lines {
		parts = append(parts, fmt.Sprintf("%s: có mặt %s trên %s thí sinh đăng ký (%s)", l.Name, text.FormatNumber(l.Present), text.FormatNumber(l.Registered), l.Rate()))
	}
	if len(parts) == 0 {
		parts = []string{"không điểm thi nào tổ chức"}
	}
	return fmt.Sprintf("%s. %s; %s. %s.", b.Title(), capital(i.As()), i.Coverage(), capital(strings.Join(parts, "; ")))
}

func figuresText(i reports.Issue) string {
	var b strings.Builder
	for _, l := range i.Lines {
		fmt.Fprintf(&b, "%s: đăng ký %d, có mặt %d, vắng %d, tỷ lệ %s.\n", l.Name, l.Registered, l.Present, l.Absent, l.Rate())
	}
	for _, c := range i.Changed {
		fmt.Fprintf(&b, "%s: %d → %d.\n", c.What, c.Before, c.After)
	}
	return b.String()
}

// feeds gives the feeds beside the list: one item for each sitting with figures, dated anew by each
// further version. The JSON form carries the figures themselves as its extension.
func (v yearView) feeds(all []reports.Bulletin) ([]publish.Page, error) {
	home := v.path(reports.KeySituation)
	f := feed.Feed{Title: "Tình hình các buổi thi – " + v.FullName(), Subtitle: listWords, Author: v.sites.Vietnamese.Owner, Home: v.base() + home, Icon: v.base() + "/favicon.ico"}
	sittings := []sittingJSON{}
	for _, b := range all {
		sittings = append(sittings, v.jsonOf(b))
		now, ok := b.Now()
		if !ok {
			continue
		}
		item := feed.Item{ID: "urn:x-bangvang:tinh-hinh:" + string(b.Sitting.ID), Link: v.base() + v.path(page(b)), Title: "Tình hình buổi thi " + b.Title(), Summary: sentence(b, now),
			HTML: feedText(b, now), Category: "Tình hình thi", Published: clock.FromMillis(b.Issues[len(b.Issues)-1].PublishedAt), Updated: clock.FromMillis(now.PublishedAt)}
		if now.Kind.Corrects() {
			item.Title = "[" + now.Kind.Label() + "] " + item.Title
		}
		f.Items = append(f.Items, item)
	}
	slices.SortStableFunc(f.Items, func(a, b feed.Item) int { return cmp.Compare(b.Updated.UnixMilli(), a.Updated.UnixMilli()) })
	f.Extra = situationJSON{Exam: examJSON{v.Year, v.FullName()}, Sittings: sittings}
	forms, err := f.Forms()
	var pages []publish.Page
	for _, form := range forms {
		pages = append(pages, publish.Page{Path: home + form.Ending, Type: form.Type, Body: form.Body, Headers: open})
	}
	return pages, err
}

// feedText is an item's text: what changed first, then the figures.
func feedText(b reports.Bulletin, i reports.Issue) string {
	esc := template.HTMLEscapeString
	var s strings.Builder
	if i.Kind != reports.FirstIssue && len(i.Changed) > 0 {
		fmt.Fprintf(&s, "<p><strong>%s:</strong></p><ul>", esc(i.Kind.Label()))
		for _, c := range i.Changed {
			fmt.Fprintf(&s, "<li>%s: %s → %s</li>", esc(c.What), text.FormatNumber(c.Before), text.FormatNumber(c.After))
		}
		s.WriteString("</ul>\n")
	}
	fmt.Fprintf(&s, "<p>%s</p>\n<table><thead><tr><th>Bài thi</th><th>Đăng ký</th><th>Có mặt</th><th>Vắng</th><th>Tỷ lệ</th></tr></thead><tbody>", esc(sentence(b, i)))
	for _, l := range i.Lines {
		fmt.Fprintf(&s, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>", esc(l.Name), text.FormatNumber(l.Registered), text.FormatNumber(l.Present), text.FormatNumber(l.Absent), l.Rate())
	}
	s.WriteString("</tbody></table>\n")
	return s.String()
}

// dataset is a sitting's figures as schema.org describes data.
func (v yearView) dataset(b reports.Bulletin, i reports.Issue) map[string]any {
	at := func(ms int64) string { return clock.Local(clock.FromMillis(ms)).Format(time.RFC3339) }
	return map[string]any{
		"@context": "https://schema.org", "@type": "Dataset", "name": "Tình hình buổi thi " + b.Title(), "description": sentence(b, i), "url": v.base() + v.path(page(b)),
		"version": strconv.Itoa(i.Number), "dateModified": at(i.PublishedAt), "temporalCoverage": at(b.Sitting.StartsAt()) + "/" + at(b.Sitting.EndsAt()), "inLanguage": "vi",
		"creator":      map[string]any{"@type": "GovernmentOrganization", "name": v.sites.Vietnamese.Owner, "url": v.base() + "/"},
		"distribution": map[string]any{"@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": v.base() + v.path(page(b)) + ".json"},
	}
}

// A Newest is the newest published situation, for the front page.
type Newest struct {
	Title    string // "Ngữ văn, buổi sáng 7/7/2021"
	Says     string // "Số liệu đến 10 giờ 15 ngày 07/7/2021"
	Complete ui.Tag
	Lines    []reports.IssueLine
	Fixed    string // the correction it is, in words
	Path     string
}

// Newest gives what was published last of the sittings of the current exam; false while nothing is.
func (p *Public) Newest(ctx context.Context) (Newest, bool, error) {
	e, err := p.Reports.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) || err == nil && !e.Public {
		return Newest{}, false, nil
	}
	if err != nil {
		return Newest{}, false, err
	}
	all, err := p.Reports.Situation(ctx, e)
	if err != nil {
		return Newest{}, false, err
	}
	for _, b := range slices.Backward(all) {
		if now, ok := b.Now(); ok {
			n := Newest{Title: b.Title(), Says: capital(now.As()), Complete: completeTag(now), Lines: now.Lines, Path: "/" + page(b)}
			if now.Kind.Corrects() {
				n.Fixed = now.Kind.Label() + " lúc " + text.FormatDayTime(now.PublishedAt)
			}
			return n, true, nil
		}
	}
	return Newest{}, false, nil
}

func htmlPages(drawn []ui.Drawn, modified int64, hidden bool) []publish.Page {
	var pages []publish.Page
	for _, d := range drawn {
		pages = append(pages, publish.Page{Path: d.Path, Type: publish.HTMLType, Body: d.Body, Modified: modified, NoIndex: hidden})
	}
	return pages
}

func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
