package examweb

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

// OfficePath is where the office pages of this capability begin.
const OfficePath = "/quan-tri/ky-thi"

// Office serves the office pages. Province is whose data sets are loaded ("Lai Châu").
type Office struct {
	Exams    *exam.Service
	Province func(ctx context.Context) (string, error)
}

// Register puts the pages on the office.
func (p *Office) Register(o *web.Office) {
	p.registerExams(o)
	p.registerTimetable(o)
	p.registerPapers(o)
	p.registerSites(o)
	p.registerRosters(o)
	p.registerNews(o)
}

// Nav gives the part of the office's navigation that leads here, for the actor of ctx.
func (p *Office) Nav(ctx context.Context) (ui.NavGroup, error) {
	g := ui.NavGroup{Title: "Kỳ thi"}
	if !p.Exams.Policy.Anywhere(ctx, exam.ActRead) {
		return g, nil
	}
	g.Links = []ui.Link{{Href: OfficePath, Label: "Các kỳ thi"}}
	e, err := p.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return g, nil
	}
	if err != nil {
		return g, err
	}
	g.Links = append(g.Links, ui.Link{Href: examPath(e), Label: fmt.Sprintf("Kỳ thi %d", e.Year)})
	for _, r := range e.Rounds {
		suffix := ""
		if len(e.Rounds) > 1 {
			suffix = ", " + lower(r.Name)
		}
		g.Links = append(g.Links, ui.Link{Href: roundPath(e, r) + "/diem-thi", Label: "Điểm thi" + suffix})
		if p.Exams.Policy.Anywhere(ctx, exam.ActRosterRead) {
			g.Links = append(g.Links, ui.Link{Href: roundPath(e, r) + "/dang-ky", Label: "Số đăng ký" + suffix})
		}
	}
	return g, nil
}

var everywhere access.Place

func examPath(e exam.Exam) string { return fmt.Sprintf("%s/%d", OfficePath, e.Year) }

func roundPath(e exam.Exam, r exam.Round) string {
	return fmt.Sprintf("%s/dot/%d", examPath(e), r.Number)
}

// exam gives the exam the address names.
func (p *Office) exam(c *web.Ctx) (exam.Exam, error) {
	year, err := strconv.Atoi(c.Path("year"))
	if err != nil {
		return exam.Exam{}, &fault.Error{Kind: fault.NotFound}
	}
	return p.Exams.ExamOf(c.Context(), year)
}

// round gives the exam and round the address names.
func (p *Office) round(c *web.Ctx) (exam.Exam, exam.Round, error) {
	e, err := p.exam(c)
	if err != nil {
		return e, exam.Round{}, err
	}
	i := slices.IndexFunc(e.Rounds, func(r exam.Round) bool { return strconv.Itoa(r.Number) == c.Path("round") })
	if i < 0 {
		return e, exam.Round{}, &fault.Error{Kind: fault.NotFound}
	}
	return e, e.Rounds[i], nil
}

// seen tells in a sentence what saving shows the public, and when.
func seen(e exam.Exam) string {
	if !e.Public {
		return "Kỳ thi chưa công khai: những gì lưu ở đây chưa ai bên ngoài thấy."
	}
	return "Sẽ hiện trên trang công khai ngay sau khi lưu."
}

// saved is the message after a save.
func saved(e exam.Exam, what string) string {
	if !e.Public {
		return "Đã lưu " + what + "."
	}
	return "Đã lưu " + what + ". Trang công khai cập nhật trong giây lát."
}
