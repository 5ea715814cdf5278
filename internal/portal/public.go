package portal

import (
	"context"
	"slices"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/event"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
)

// The keys of the portal's pages: what changes together is drawn together.
const (
	keyHome   = "home"   // the front page: changes with the exam's phase and each new document
	keyAbout  = "about"  // pages about the site itself, the wrong-address page
	keyYears  = "years"  // the list of exams
	keyAssets = "assets" // style sheets, icons, robots.txt
)

// SourceName is under what name the portal's pages are published; others touch its keys by it.
const SourceName = "portal"

// Source draws the portal's own pages.
func (s *Service) Source() publish.Source {
	return publish.Source{
		Name: SourceName,
		Keys: func(context.Context) ([]string, error) {
			return []string{keyAssets, keyAbout, keyYears, keyHome}, nil
		},
		Render: s.render,
		Next:   s.next,
	}
}

func (s *Service) render(ctx context.Context, key string) (publish.Rendered, error) {
	switch key {
	case keyHome:
		return pagesOf(s.home(ctx))
	case keyYears:
		return pagesOf(s.years(ctx))
	case keyAbout:
		return s.renderAbout(ctx)
	case keyAssets:
		return s.renderAssets(ctx)
	}
	return publish.Rendered{}, nil
}

func pagesOf(drawn []ui.Drawn, err error) (publish.Rendered, error) {
	var r publish.Rendered
	for _, d := range drawn {
		r.Pages = append(r.Pages, publish.Page{Path: d.Path, Type: publish.HTMLType, Body: d.Body})
	}
	return r, err
}

func (s *Service) renderAbout(ctx context.Context) (publish.Rendered, error) {
	r, err := pagesOf(s.statements(ctx))
	if err != nil {
		return r, err
	}
	m, err := pagesOf(s.siteMap(ctx))
	if err != nil {
		return r, err
	}
	search, err := pagesOf(s.searchFrames(ctx))
	if err != nil {
		return r, err
	}
	for i := range search.Pages {
		search.Pages[i].NoIndex = true
	}
	missing, err := s.missing(ctx)
	r.Pages = slices.Concat(r.Pages, m.Pages, search.Pages, missing)
	r.Pages = append(r.Pages, publish.Redirect("/feed", "/van-ban.atom", "Luồng tin của trang."))
	return r, err
}

func (s *Service) renderAssets(ctx context.Context) (publish.Rendered, error) {
	var r publish.Rendered
	site, err := s.Site(ctx, "vi")
	if err != nil {
		return r, err
	}
	manifest, err := ui.Manifest(site.Name, "Kỳ thi THPT")
	if err != nil {
		return r, err
	}
	for _, a := range append(ui.Assets(), manifest) {
		p := publish.Page{Path: a.Path, Type: a.Type, Body: a.Body}
		if a.Immutable {
			p.Cache = publish.CacheImmutable
		}
		r.Pages = append(r.Pages, p)
	}
	search, err := s.openSearch(ctx)
	if err != nil {
		return r, err
	}
	security, err := s.security(ctx, s.Clock.Now())
	if err != nil {
		return r, err
	}
	r.Pages = append(r.Pages,
		publish.Page{Path: "/robots.txt", Type: "text/plain; charset=utf-8", Body: s.robots()},
		publish.Page{Path: "/opensearch.xml", Type: "application/opensearchdescription+xml; charset=utf-8", Body: search})
	if security != nil {
		r.Pages = append(r.Pages, publish.Page{Path: "/.well-known/security.txt", Type: "text/plain; charset=utf-8", Body: security})
	}
	return r, nil
}

// next is when the portal's pages change by the clock alone: days are counted on the front page, and
// an exam to come lies behind the day after, so at each midnight in Vietnam. The exam announces its own moments (a sitting begins) besides.
func (s *Service) next(_ context.Context, now time.Time) (time.Time, []string, error) {
	local := now.In(clock.Zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, clock.Zone)
	keys := []string{keyHome, keyYears}
	if local.Day() == 1 {
		keys = append(keys, keyAssets) // security.txt lapses by the month
	}
	return midnight, keys, nil
}

// Subscribe redraws the portal when another capability announces something it shows.
func (s *Service) Subscribe(b *event.Bus) {
	exam.ClockMoved.On(b, SourceName, func(ctx context.Context, _ exam.ExamFact) error { return s.touch(ctx, keyHome) })
	exam.TimetableChanged.On(b, SourceName, func(ctx context.Context, _ exam.TimetableFact) error { return s.touch(ctx, keyHome) })
	exam.ExamChanged.On(b, SourceName, func(ctx context.Context, _ exam.ExamFact) error { return s.redraw(ctx) })
	exam.PhaseChanged.On(b, SourceName, func(ctx context.Context, _ exam.PhaseFact) error { return s.redraw(ctx) })
	people.UnitChanged.On(b, SourceName, func(ctx context.Context, _ people.UnitFact) error { return s.redraw(ctx) })
	shown := func(ctx context.Context) error { return s.touch(ctx, keyHome, keyYears) }
	documents.Posted.On(b, SourceName, func(ctx context.Context, _ documents.PageFact) error { return shown(ctx) })
	documents.Replaced.On(b, SourceName, func(ctx context.Context, _ documents.PageFact) error { return shown(ctx) })
	reports.FiguresPublished.On(b, SourceName, func(ctx context.Context, _ reports.ProvinceFact) error { return s.touch(ctx, keyHome) })
	documents.Withdrawn.On(b, SourceName, func(ctx context.Context, _ documents.PageFact) error { return shown(ctx) })
}

func (s *Service) touch(ctx context.Context, keys ...string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Publisher.Touch(ctx, tx, SourceName, keys...) })
}

// redraw has every page drawn anew: the frame of all of them names the exam and orders the sections
// by its phase.
func (s *Service) redraw(ctx context.Context) error {
	return s.DB.Write(ctx, s.Publisher.TouchAll)
}

// DrawnBy has every page drawn anew when the pages were drawn by something other than mark: another
// version of the program, or under another address.
func (s *Service) DrawnBy(ctx context.Context, mark string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE portal_settings SET drawn_by = $1 WHERE drawn_by <> $1", mark)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return s.Publisher.TouchAll(ctx, tx)
	})
}
