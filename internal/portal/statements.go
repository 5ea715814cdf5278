package portal

import (
	"context"
	"net/http"

	"bangvang/internal/base/publish"
	"bangvang/internal/base/web/ui"
)

var (
	accessibilityPage = ui.New[statement](pages, "pages/truy-cap.html")
	privacyPage       = ui.New[statement](pages, "pages/rieng-tu.html")
	termsPage         = ui.New[statement](pages, "pages/dieu-khoan.html")
	yearsPage         = ui.New[yearsData](pages, "pages/ky-thi.html")
	yearPage          = ui.New[yearData](pages, "pages/nam.html")
	mapPage           = ui.New[mapData](pages, "pages/so-do.html")
	missingPage       = ui.New[missingData](pages, "pages/khong-thay.html")
)

type statement struct{ Owner, Legal, Invented string }

type yearsData struct{ Years []Year }

type yearData struct {
	Year
	Documents bool // whether there is a list of the year's documents
}

type mapData struct{ Links []ui.Link }

// statements draws the pages about the site itself, which stand from the first day (peers-public
// §5): accessibility, privacy, terms.
func (s *Service) statements(ctx context.Context) ([]ui.Drawn, error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	data := statement{sites.Vietnamese.Owner, sites.Vietnamese.Legal, sites.Vietnamese.Invented}
	var all []ui.Drawn
	for _, p := range []struct {
		view        *ui.View[statement]
		path, title string
		says        string
	}{
		{accessibilityPage, "/truy-cap", "Khả năng truy cập", "Trang này dùng được với ai, bằng gì, và điều gì chưa làm được."},
		{privacyPage, "/rieng-tu", "Quyền riêng tư", "Trang này không đặt cookie, không theo dõi người đọc."},
		{termsPage, "/dieu-khoan", "Điều khoản sử dụng", "Dùng lại nội dung, bản đọc và bản gốc, đính chính."},
	} {
		frame := ui.Frame{Title: p.title, Canonical: p.path, Description: p.says, Owner: owner(sites.Vietnamese)}
		drawn, err := p.view.Twins(sites, frame, data)
		if err != nil {
			return nil, err
		}
		all = append(all, drawn...)
	}
	return all, nil
}

// years draws the list of exams, R-II.1-a: an earlier year's section stays reachable.
func (s *Service) years(ctx context.Context) ([]ui.Drawn, error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.Exams.Years(ctx)
	if err != nil {
		return nil, err
	}
	frame := ui.Frame{Title: "Các kỳ thi", Canonical: "/ky-thi", Section: "/ky-thi", Description: "Chuyên mục của từng năm, được giữ lại lâu dài."}
	drawn, err := yearsPage.Twins(sites, frame, yearsData{list})
	if err != nil {
		return nil, err
	}
	for _, y := range list {
		frame := ui.Frame{Title: y.Title, Canonical: y.Path, Section: "/ky-thi", Crumbs: []ui.Link{{Href: "/", Label: "Trang đầu"}, {Href: "/ky-thi", Label: "Các kỳ thi"}},
			Description: y.Title + ": lịch thi, điểm thi, điểm mới và văn bản.", Owner: owner(sites.Vietnamese)}
		has, err := s.Documents.HasYear(ctx, y.Year)
		if err != nil {
			return nil, err
		}
		of, err := yearPage.Twins(sites, frame, yearData{y, has})
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, of...)
	}
	return drawn, nil
}

// siteMap draws the page that lists what there is, for people (L-1); sitemap.xml is for machines.
func (s *Service) siteMap(ctx context.Context) ([]ui.Drawn, error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	data := mapData{append(append([]ui.Link{}, sites.Vietnamese.Nav...), sites.Vietnamese.Footer...)}
	frame := ui.Frame{Title: "Sơ đồ trang", Canonical: "/so-do", Description: "Mọi chuyên mục và luồng tin của trang."}
	return mapPage.Twins(sites, frame, data)
}

// missing draws what a wrong address shows, in both interface languages.
func (s *Service) missing(ctx context.Context) ([]publish.Page, error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	var list []publish.Page
	for lang, site := range map[string]ui.Site{"vi": sites.Vietnamese, "en": sites.English} {
		frame := ui.Frame{Site: site, Lang: lang, Title: "Không tìm thấy trang", OwnSearch: true, NoIndex: true}
		body, err := missingPage.Public(frame, missingData{frame.In(searchPath)})
		if err != nil {
			return nil, err
		}
		list = append(list, publish.Page{Path: frame.In(publish.NotFoundPath), Status: http.StatusNotFound, Type: publish.HTMLType, Body: body, NoIndex: true})
	}
	return list, nil
}

// missingData is what the page for a wrong address needs: where one searches.
type missingData struct{ Search string }

// owner is who answers for the pages about the site itself.
func owner(site ui.Site) ui.Contact {
	if len(site.Contacts) > 0 {
		return site.Contacts[0]
	}
	return ui.Contact{Name: site.Owner}
}
