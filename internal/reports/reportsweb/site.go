package reportsweb

import (
	"context"

	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
)

// registerSite puts the pages of an exam site's people on the office.
func (p *Pages) registerSite(*web.Office) {}

// siteNav gives the links of an exam site's people.
func (p *Pages) siteNav(context.Context) []ui.Link { return nil }
