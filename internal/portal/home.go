package portal

import (
	"context"
	"embed"

	"bangvang/internal/base/web/ui"
	"bangvang/internal/reports/reportsweb"
)

//go:embed pages/*.html
var pages embed.FS

var homePage = ui.New[homeData](pages, "pages/home.html")

type homeData struct {
	Front     Front
	Exam      bool // whether there is an exam at all
	Tasks     []task
	Situation *reportsweb.Newest // nil while nothing is published
	Documents []ui.DocumentCard
}

// A task is one thing the reader may want to do now.
type task struct {
	Link ui.Link
	Text string
}

// tasks answers "what do I do" per phase, in the order people ask it.
func tasks(f Front) []task {
	timetable := task{ui.Link{Href: "/lich-thi", Label: "Xem lịch thi"}, "Giờ gọi vào phòng, phát đề và làm bài của từng buổi."}
	sites := task{ui.Link{Href: "/diem-thi", Label: "Tìm điểm thi"}, "Địa chỉ, đường đi và số điện thoại của từng điểm thi."}
	situation := task{ui.Link{Href: "/tinh-hinh", Label: "Tình hình các buổi thi"}, "Số thí sinh có mặt, vắng của từng buổi, sau khi được duyệt."}
	news := task{ui.Link{Href: "/diem-moi", Label: "Điểm mới năm nay"}, "Những điều khác so với năm trước."}
	rules := task{ui.Link{Href: "/van-ban", Label: "Đọc quy chế và hướng dẫn"}, "Văn bản của Bộ, của tỉnh, của Ban Chỉ đạo thi và của Sở."}
	switch f.Phase {
	case "during":
		return []task{timetable, situation, sites, rules}
	case "after":
		return []task{rules, situation, timetable, {ui.Link{Href: "/ky-thi", Label: "Xem các kỳ thi trước"}, "Lịch thi, điểm thi và văn bản được giữ lại theo từng năm."}}
	}
	return []task{timetable, sites, news, rules}
}

// home draws the front page.
//
// Source: R-II.1-a, R-I.2-a.
func (s *Service) home(ctx context.Context) ([]ui.Drawn, error) {
	front, ok, err := s.Exams.Front(ctx, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	data := homeData{Front: front, Exam: ok, Tasks: tasks(front)}
	if s.Reports != nil {
		newest, ok, err := s.Reports.Newest(ctx)
		if err != nil {
			return nil, err
		}
		if ok {
			data.Situation = &newest
		}
	}
	data.Documents, err = s.Documents.Latest(ctx, 6)
	if err != nil {
		return nil, err
	}
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	frame := ui.Frame{Title: sites.Vietnamese.Name, Canonical: "/", Section: "/", Countdown: front.Now.At != 0,
		Description: "Trang chính thức của " + sites.Vietnamese.Owner + ": lịch thi, điểm thi, văn bản chỉ đạo và hướng dẫn.",
		Feeds:       ui.FeedsOf("Văn bản mới", "/van-ban"), JSONLD: []any{s.service(sites.Vietnamese)}}
	return homePage.Twins(sites, frame, data)
}

// service is the section as schema.org describes a public service.
func (s *Service) service(site ui.Site) map[string]any {
	return map[string]any{
		"@context": "https://schema.org", "@type": "GovernmentService", "name": site.Name, "url": s.BaseURL + "/",
		"serviceType": "Thông tin kỳ thi", "inLanguage": "vi",
		"provider":   map[string]any{"@type": "GovernmentOrganization", "name": site.Owner},
		"areaServed": map[string]any{"@type": "AdministrativeArea", "name": site.Owner},
	}
}
