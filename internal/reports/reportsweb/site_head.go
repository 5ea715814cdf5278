package reportsweb

import (
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/reports"
	"bangvang/internal/reports/receipt"
	"bangvang/internal/reports/rules"
)

type headData struct {
	reports.Form
	Path  string
	Items []headItem
}

// A headItem is a report that waits for the head's word.
type headItem struct {
	Sent     *sentReport
	Name     string
	Lines    []headLine
	Warnings []headWarning
	Page     ui.Form
}

type headLine struct {
	Name  string
	Line  rules.Line
	First *rules.Line // what part 1 said, when this says other
}

type headWarning struct{ Message, Reason string }

type receiptData struct {
	Page  ui.Form
	Proof *reports.Proof
	Form  reports.Form
	Aloud string
	Said  []string
	Name  string
}

var (
	headPage    = ui.New[headData](files, "pages/diem-thi-xac-nhan.html", "pages/diem-thi-gui.html")
	receiptPage = ui.New[receiptData](files, "pages/bien-nhan.html")
)

// showHead shows the site's head what was sent in the site's name, with one button.
func (p *Pages) showHead(c *web.Ctx) error {
	data, err := p.headData(c)
	if err != nil {
		return err
	}
	return c.Render(headPage.With(data))
}

func (p *Pages) headData(c *web.Ctx) (headData, error) {
	f, err := p.form(c)
	if err != nil {
		return headData{}, err
	}
	data := headData{Form: f, Path: here(c)}
	for i := range f.Said {
		last := lastOf(f.Said[i]).said
		if last == nil || last.State != reports.StateSubmitted {
			continue
		}
		item := headItem{Sent: p.sent(c, f, *last), Name: PartName(last.Part), Page: c.NewForm(nil, last.Version)}
		for _, base := range f.Basis.Lines {
			for _, l := range last.Said.Lines {
				if l.Key != base.Key {
					continue
				}
				line := headLine{Name: base.Name, Line: l}
				for _, first := range f.Basis.First {
					if last.Part == rules.Closing && first.Key == l.Key && (first.Present != l.Present || first.Absent != l.Absent) {
						line.First = &first
					}
				}
				item.Lines = append(item.Lines, line)
			}
		}
		for _, w := range last.Warnings {
			item.Warnings = append(item.Warnings, headWarning{w.Message, last.Said.Reasons[w.Key]})
		}
		data.Items = append(data.Items, item)
	}
	return data, nil
}

// headConfirms is the head's word for the report whose figures were shown.
func (p *Pages) headConfirms(c *web.Ctx) error {
	id := reports.ReportID(c.Text("report"))
	f, err := p.form(c)
	if err != nil {
		return err
	}
	r, err := p.Reports.Report(c.Context(), id)
	if err != nil {
		return err
	}
	if r.Site != f.Site.ID || r.Sitting != f.Sitting.ID {
		return &fault.Error{Kind: fault.NotFound}
	}
	if err := p.Reports.Confirm(c.Context(), id, c.Version()); err != nil {
		return err
	}
	return c.See(SitePath, "Đã xác nhận báo cáo %s, %s.", r.Receipt, PartName(r.Part))
}

// receipt proves a receipt.
func (p *Pages) receipt(c *web.Ctx) error {
	typed := c.Text("ma")
	data := receiptData{Page: c.NewForm(c.R.Form, 0)}
	if typed == "" {
		return c.Render(receiptPage.With(data))
	}
	proof, err := p.Reports.Prove(c.Context(), typed)
	switch {
	case fault.Is(err, fault.Invalid):
		data.Page.Wrong = []fault.Field{{Name: "ma", Message: fault.Message(err)}}
		return c.Render(receiptPage.With(data))
	case fault.Is(err, fault.NotFound):
		data.Page.Wrong = []fault.Field{{Name: "ma", Message: "Không có báo cáo nào mang mã này mà tài khoản được xem."}}
		return c.Render(receiptPage.With(data))
	case err != nil:
		return err
	}
	f, err := p.Reports.Form(c.Context(), proof.Report.Site, proof.Report.Sitting)
	if err != nil {
		return err
	}
	data.Proof, data.Form, data.Aloud, data.Said, data.Name = &proof, f, receipt.Aloud(proof.Receipt.Code), sentences(proof.Report.Said, f.Basis), PartName(proof.Report.Part)
	return c.Render(receiptPage.With(data))
}
