package reportsweb

import (
	"cmp"
	"context"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// SitePath is where the pages of an exam site begin: its service worker's reach, so nothing else of the
// office is below it.
const SitePath = BasePath + "/diem-thi"

// ReceiptPath proves a receipt.
const ReceiptPath = BasePath + "/bien-nhan"

// registerSite puts the pages of an exam site's people on the office. A sitting's form stands at the
// site's address when somebody has more than one.
func (p *Pages) registerSite(o *web.Office) {
	o.GET(SitePath, reports.ActRead, p.mine)
	for _, form := range []string{SitePath + "/{sitting}", SitePath + "/{sitting}/diem/{site}"} {
		o.GET(form, reports.ActRead, p.siteForm, web.Compressed())
		o.POST(form, reports.ActEnter, p.siteSend)
		o.POST(form+"/gui", reports.ActEnter, p.siteGive)
		o.POST(form+"/nhip", reports.ActRead, p.sitePulse)
		o.GET(form+"/xac-nhan", reports.ActConfirm, p.showHead)
		o.POST(form+"/xac-nhan", reports.ActConfirm, p.headConfirms)
	}
	o.GET(ReceiptPath, reports.ActRead, p.receipt)
	registerSiteAssets(o)
	p.registerEnvelopes(o)
}

// siteNav gives the links of an exam site's people.
func (p *Pages) siteNav(ctx context.Context) []ui.Link {
	var links []ui.Link
	if p.Policy.Anywhere(ctx, reports.ActEnter) && !p.Policy.Can(ctx, reports.ActEnter, access.Place{}) {
		links = append(links, ui.Link{Href: SitePath, Label: "Báo cáo của điểm thi"})
	}
	if p.Policy.Anywhere(ctx, reports.ActRead) {
		links = append(links, ui.Link{Href: ReceiptPath, Label: "Tra mã biên nhận"})
	}
	if p.Policy.Anywhere(ctx, people.ActPeopleManage) {
		links = append(links, ui.Link{Href: EnvelopePath, Label: "Phong bì điểm thi"})
	}
	return links
}

// A duty is one sitting on the site's list.
type duty struct {
	reports.Owed
	Path    string
	Confirm string // where the head confirms part 2; "" when there is nothing to confirm
	Parts   []dutyPart
	Next    bool // the first that still wants something
}

type dutyPart struct {
	Name  string
	DueAt int64
	Tag   ui.Tag
	Note  string
}

type mineData struct {
	Duties []duty
	Sites  int
}

var minePage = ui.New[mineData](files, "pages/diem-thi.html")

// mine shows the sittings of the actor's sites and what is owed of them.
func (p *Pages) mine(c *web.Ctx) error {
	owed, err := p.Reports.Mine(c.Context())
	if err != nil {
		return err
	}
	var data mineData
	sites := map[exam.SiteID]bool{}
	for _, o := range owed {
		sites[o.Site.ID] = true
	}
	data.Sites = len(sites)
	next := false
	for _, o := range owed {
		d := duty{Owed: o, Path: formPath(o.Sitting.ID, o.Site.ID, len(sites) > 1)}
		heard := true
		for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
			cell := o.Cell(part)
			heard = heard && (cell.Progress.Heard() || cell.Progress == reports.NotDue)
			d.Parts = append(d.Parts, p.dutyPart(cell, part))
			if w := cell.Waiting; part == rules.Closing && w != nil && w.State == reports.StateSubmitted && c.Can(reports.ActConfirm, access.Place{Site: string(o.Site.ID)}) {
				d.Confirm, heard = d.Path+"/xac-nhan", false
			}
		}
		d.Next = !next && !heard
		next = next || d.Next
		data.Duties = append(data.Duties, d)
	}
	return c.Render(minePage.With(data))
}

func (p *Pages) dutyPart(c reports.Cell, part rules.Part) dutyPart {
	d := dutyPart{Name: PartName(part), DueAt: c.DueAt, Tag: ui.Tag{Word: c.Progress.Label()}}
	switch c.Progress {
	case reports.Accepted, reports.Locked, reports.Confirmed:
		d.Tag.Tone = ui.OK
	case reports.Returned, reports.Conflicts:
		d.Tag.Tone = ui.Bad
	case reports.Sent:
		d.Tag.Tone = ui.Info
	}
	if c.Late > 0 && !c.Progress.Heard() {
		d.Tag = ui.Tag{Tone: ui.Bad, Word: "Đã quá hạn, chưa gửi"}
	}
	if r := c.Shown(); r != nil {
		d.Note = "Biên nhận " + r.Receipt
		if r.State == reports.StateReturned {
			d.Note = "Lý do trả lại: " + r.Note
		}
	}
	return d
}

// PartName is what a part is called on every screen of the site.
func PartName(part rules.Part) string {
	if part == rules.Attendance {
		return "Lượt 1: điểm danh"
	}
	return "Lượt 2: kết thúc buổi thi"
}

// formPath is the address of a sitting's form.
func formPath(sitting exam.SittingID, site exam.SiteID, several bool) string {
	path := SitePath + "/" + string(sitting)
	if several {
		path += "/diem/" + string(site)
	}
	return path
}

// form reads what the address names: the sitting, and the site it is filled in for.
func (p *Pages) form(c *web.Ctx) (reports.Form, error) {
	sitting, site := exam.SittingID(c.Path("sitting")), exam.SiteID(c.Path("site"))
	if site == "" {
		owed, err := p.Reports.Mine(c.Context())
		if err != nil {
			return reports.Form{}, err
		}
		var at []exam.SiteID
		for _, o := range owed {
			if o.Sitting.ID == sitting && !slices.Contains(at, o.Site.ID) {
				at = append(at, o.Site.ID)
			}
		}
		if len(at) != 1 {
			return reports.Form{}, fault.New(fault.NotFound, "Không có báo cáo của buổi thi này cho điểm thi của tài khoản. Hãy mở lại từ mục “Báo cáo của điểm thi”.")
		}
		site = at[0]
	}
	return p.Reports.Form(c.Context(), site, sitting)
}

// here is the address of the form that a request is about.
func here(c *web.Ctx) string {
	return formPath(exam.SittingID(c.Path("sitting")), exam.SiteID(c.Path("site")), c.Path("site") != "")
}

// A lastSaid is what stands of a part.
type lastSaid struct {
	said     *reports.Report // the site's word as it is now: waiting, accepted or in dispute; nil when nothing is
	returned *reports.Report // given back, and nothing was sent since
	disputed bool            // two reports say other things, and nobody has decided
}

// lastOf finds what stands of what was said of a part.
func lastOf(said []reports.Report) lastSaid {
	var waiting, accepted, disputed, back *reports.Report
	for i := range said {
		switch r := &said[i]; r.State {
		case reports.StateSubmitted, reports.StateConfirmed:
			waiting = r
		case reports.StateAccepted:
			accepted = r
		case reports.StateDisputed:
			disputed = r
		case reports.StateReturned:
			back = r
		}
	}
	l := lastSaid{said: cmp.Or(waiting, accepted, disputed), disputed: disputed != nil}
	if l.said == nil {
		l.returned = back
	}
	return l
}
