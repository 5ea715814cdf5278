package reportsweb

import (
	"context"

	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
)

// registerDesk puts the pages of the Council on the office.
func (p *Pages) registerDesk(*web.Office) {}

// deskNav gives the links of the Council's people.
func (p *Pages) deskNav(context.Context) []ui.Link { return nil }
