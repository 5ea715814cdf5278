// Package reportsweb shows package reports in the office: the form a site fills in, offline too (site.go);
// the Council's board, telephone desk and call sheet (board.go, phone.go, callsheet.go); the province's
// figures and their approval (province.go), their publication (publish.go). It draws the public pages on
// the sittings too (situation.go).
//
// Handlers read the request, call one verb of [reports.Service] and draw a page. What is allowed and
// what is right is decided there. The rules of the form are those of package rules, in the page by its
// script.
//
// Start reading at [Pages].
package reportsweb

import (
	"context"
	"embed"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
	"bangvang/internal/reports"
)

//go:embed all:pages
var files embed.FS

// BasePath is where the office pages of this capability begin.
const BasePath = "/quan-tri/bao-cao"

// Pages serves the office pages.
type Pages struct {
	Reports *reports.Service
	Policy  *access.Policy
	Clock   *clock.Clock

	People    *people.Service // prints the sites' envelopes
	OfficeURL string          // the address that stands on them
}

// Register puts the pages on the office.
func (p *Pages) Register(o *web.Office) {
	p.registerSite(o)
	p.registerDesk(o)
	p.registerPublish(o)
}

// Nav gives the part of the office's navigation that leads here, for the actor of ctx.
func (p *Pages) Nav(ctx context.Context) ui.NavGroup {
	g := ui.NavGroup{Title: "Báo cáo buổi thi"}
	g.Links = append(p.siteNav(ctx), p.deskNav(ctx)...)
	if p.Policy.Can(ctx, reports.ActPublish, access.Place{}) {
		g.Links = append(g.Links, ui.Link{Href: PublishPath, Label: "Công bố số liệu"})
	}
	return g
}
