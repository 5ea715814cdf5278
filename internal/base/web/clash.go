package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
)

// A Clash is what stands stored when somebody else saved first.
type Clash struct {
	Title   string // what both are about: "Văn bản 08/CT-UBND"
	Version int    // of what is stored now
	By      string // who saved it
	At      int64  // when, ms
	Path    string // where the stored one is seen
	Fields  []ClashField
}

// A ClashField is one field of the form with its value as stored now.
type ClashField struct {
	Name, Label, Stored string
	Words               func(value string) string // how either value reads; nil: as it is
}

type clashData struct {
	Clash
	Rows   []clashRow
	Resend resend
}

type clashRow struct {
	Label, Mine, Stored string
	Differs             bool
}

var clashPage = ui.New[clashData](pages, "pages/clash.html", "pages/resend.html")

// Clash answers a save that came second (fault.Conflict, status 409) by showing both versions and
// letting the reader keep the stored one or save their own over it, knowingly.
//
// Source: domain.md 6, "the second save is refused with both versions shown".
func (c *Ctx) Clash(now Clash) error {
	data := clashData{Clash: now, Resend: c.resend()}
	for _, f := range now.Fields {
		// A form sends lines with other ends than are stored; what reads the same is no difference.
		mine, stored := text.CleanLines(c.R.PostForm.Get(f.Name)), text.CleanLines(f.Stored)
		if f.Words != nil {
			mine, stored = f.Words(mine), f.Words(stored)
		}
		data.Rows = append(data.Rows, clashRow{f.Label, mine, stored, mine != stored})
	}
	form := c.NewForm(nil, now.Version)
	data.Resend.Button = "Lưu bản của tôi"
	data.Resend.Values = append(data.Resend.Values, hidden{"_once", form.Once}, hidden{"_version", strconv.Itoa(now.Version)})
	c.refused = true
	c.status = http.StatusConflict
	return c.Render(clashPage.With(data))
}

func sortHidden(values []hidden) {
	slices.SortStableFunc(values, func(a, b hidden) int { return cmp.Compare(a.Name, b.Name) })
}
