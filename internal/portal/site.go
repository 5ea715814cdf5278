package portal

import (
	"context"
	"sync"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/web/ui"
)

// sections are what the navigation leads to, by phase, the most important first (design.md "Home
// by phase"). A section appears here once it exists.
var sections = map[string][]string{
	"before": {"/", "/lich-thi", "/diem-thi", "/van-ban", "/diem-moi"},
	"during": {"/", "/tinh-hinh", "/lich-thi", "/diem-thi", "/van-ban", "/diem-moi"},
	"after":  {"/", "/van-ban", "/tinh-hinh", "/lich-thi", "/diem-thi", "/diem-moi"},
}

// footer are the pages about the site itself, in both interface languages.
var footer = []struct{ path, vi, en string }{
	{"/truy-cap", "Khả năng truy cập", "Accessibility"},
	{"/rieng-tu", "Quyền riêng tư", "Privacy"},
	{"/dieu-khoan", "Điều khoản sử dụng", "Terms"},
	{"/ky-thi", "Các kỳ thi trước", "Earlier exams"},
	{"/so-do", "Sơ đồ trang", "Site map"},
}

// frameCache keeps what all pages have in common between two changes of anything: a publish of many
// pages asks for it at each.
type frameCache struct {
	sync.Mutex
	of    frameState
	sites ui.Sites
}

// A frameState is the state of the installation that a frame was made from. Every change leaves an
// audit line, so the chain's length counts all changes; the exam's phase changes with the minute.
type frameState struct {
	changes int64
	minute  int64
}

// Sites gives what all public pages have in common in both interface languages.
func (s *Service) Sites(ctx context.Context) (ui.Sites, error) {
	changes, err := audit.Length(ctx, s.DB.Read())
	if err != nil {
		return ui.Sites{}, err
	}
	now := frameState{changes, s.Clock.Millis() / 60_000}
	s.frames.Lock()
	defer s.frames.Unlock()
	if s.frames.of == now {
		return s.frames.sites, nil
	}
	vi, err := s.Site(ctx, "vi")
	if err != nil {
		return ui.Sites{}, err
	}
	en, err := s.Site(ctx, "en")
	if err != nil {
		return ui.Sites{}, err
	}
	s.frames.of, s.frames.sites = now, ui.Sites{Vietnamese: vi, English: en}
	return s.frames.sites, nil
}

// Site gives what all public pages have in common, in an interface language ("vi" or "en").
// Every capability that draws public pages asks it for their frame.
//
// Source: R-II.1-a, R-III.3-1, L-1.
func (s *Service) Site(ctx context.Context, lang string) (ui.Site, error) {
	set, err := s.Settings(ctx)
	if err != nil {
		return ui.Site{}, err
	}
	owner, err := s.Contacts.Owner(ctx)
	if err != nil {
		return ui.Site{}, err
	}
	contacts, err := s.Contacts.PublicContacts(ctx)
	if err != nil {
		return ui.Site{}, err
	}
	if len(contacts) > 0 && contacts[0].Person == "" {
		contacts[0].Person = set.Person
	}
	site := ui.Site{Name: "Thông tin về Kỳ thi tốt nghiệp THPT", Owner: owner, BaseURL: s.BaseURL, Contacts: contacts,
		Legal: set.Legal, Invented: set.Invented}
	phase := "before"
	front, ok, err := s.Exams.Front(ctx, s.Clock.Now())
	if err != nil {
		return ui.Site{}, err
	}
	if ok {
		site.Name, phase = front.Title, front.Phase
	}
	for _, path := range sections[phase] {
		site.Nav = append(site.Nav, localised(lang, ui.Section(lang, path)))
	}
	for _, f := range footer {
		label := f.vi
		if lang == "en" {
			label = f.en
		}
		site.Footer = append(site.Footer, localised(lang, ui.Link{Href: f.path, Label: label}))
	}
	return site, nil
}

func localised(lang string, l ui.Link) ui.Link {
	l.Href = ui.InLanguage(lang, l.Href)
	return l
}
