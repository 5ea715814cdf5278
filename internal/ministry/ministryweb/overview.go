package ministryweb

import (
	"fmt"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/ministry"
)

type overviewData struct {
	Exam    string
	Notices []ui.Notice
	Owed    []owedRow
	Inside  bool // sees what is owed, and not only what was issued
	Papers  []paperRow
	Form    ui.Form
}

type owedRow struct {
	Title   string
	Kind    string
	Due     int64
	State   ui.Tag
	Figures string
	Link    ui.Link // what to do, or where it is seen
	Primary bool
	Late    bool
}

type paperRow struct {
	Link  ui.Link
	Title string
	State ui.Tag
	Mark  ui.Tag
	At    int64
	Sent  int64
}

var overviewPage = ui.New[overviewData](files, "pages/tong-quan.html")

// overview shows what is owed to the Ministry's Office and where it stands (R-II.4-b).
func (p *Pages) overview(c *web.Ctx) error {
	e, ok, err := p.current(c)
	if err != nil {
		return err
	}
	data := overviewData{Inside: c.Can(ministry.ActRead, access.Place{}), Form: c.NewForm(nil, 0)}
	if !ok {
		return c.Render(overviewPage.With(data))
	}
	data.Exam = e.FullName()
	papers, err := p.Ministry.Papers(c.Context(), e.ID)
	if err != nil {
		return err
	}
	for _, x := range papers {
		data.Papers = append(data.Papers, paperRow{Link: ui.Link{Href: ministry.PaperPath(x.ID), Label: numberOf(x)}, Title: x.Title, State: stateTag(x), Mark: markOf(x), At: x.MadeAt, Sent: x.SentAt})
	}
	if data.Inside {
		owed, err := p.Ministry.Owed(c.Context(), e)
		if err != nil {
			return err
		}
		for _, d := range owed {
			data.Owed = append(data.Owed, p.owedRow(c, d))
		}
		data.Notices = lateNotices(owed, c.Can(ministry.ActSend, access.Place{}))
	}
	return c.Render(overviewPage.With(data))
}

func numberOf(p ministry.Paper) string {
	if p.Reference == "" {
		return "chưa có số"
	}
	return p.Reference
}

// lateNotices say first what is late.
func lateNotices(owed []ministry.Due, may bool) []ui.Notice {
	var notices []ui.Notice
	for _, d := range owed {
		if !d.Late {
			continue
		}
		var link ui.Link
		if d.Paper != nil {
			link = ui.Link{Href: ministry.PaperPath(d.Paper.ID), Label: "Mở báo cáo"}
		} else if may && d.Figures > 0 {
			link = ui.Link{Href: makeLink(d.About), Label: "Lập báo cáo ngay"}
		}
		why := "Chưa có số liệu được duyệt: Hội đồng thi tổng hợp và duyệt trước."
		switch {
		case d.Stands != nil:
			why = "Báo cáo đã phát hành nhưng chưa ghi là đã gửi."
		case d.Paper != nil:
			why = "Báo cáo đang ở bước “" + d.Paper.StateLabel() + "”."
		case d.Figures > 0:
			why = "Số liệu đã duyệt, chưa lập báo cáo."
		}
		notices = append(notices, ui.Notice{Tone: ui.Bad, Title: "Chậm gửi: " + d.Kind.Label() + ", " + d.Title, Text: fmt.Sprintf("Hạn %s. %s", text.FormatDayTime(d.DueAt), why), Link: link})
	}
	return notices
}

func (p *Pages) owedRow(c *web.Ctx, d ministry.Due) owedRow {
	r := owedRow{Title: d.Title, Kind: d.Kind.Label(), Due: d.DueAt, Late: d.Late, State: ui.Tag{Word: "Chưa lập"}}
	if d.Kind == ministry.Quick {
		r.Figures = "chưa duyệt"
		if d.Figures > 0 {
			r.Figures = fmt.Sprintf("bản số %d", d.Figures)
		}
	}
	may := c.Can(ministry.ActSend, access.Place{})
	newPath := makeLink(d.About)
	switch {
	case d.Paper != nil:
		r.State, r.Link = stateTag(*d.Paper), ui.Link{Href: ministry.PaperPath(d.Paper.ID), Label: "Mở báo cáo"}
		if d.Stands != nil && d.Stands.OutdatedBy != "" && d.Paper == d.Stands && may {
			r.State, r.Link, r.Primary = markOf(*d.Stands), ui.Link{Href: newPath, Label: "Lập báo cáo thay thế"}, true
		}
	case !d.Open:
		r.State = ui.Tag{Word: "Chưa đến lúc"}
	case (d.Figures > 0 || d.Kind == ministry.Final) && may:
		r.Link, r.Primary = ui.Link{Href: newPath, Label: "Lập báo cáo"}, true
	}
	if d.Late && (d.Stands == nil || d.Stands.SentAt == 0) {
		r.State = ui.Tag{Tone: ui.Bad, Word: "Chậm: " + r.State.Word}
	}
	return r
}

func makeLink(a ministry.About) string {
	of := string(a.Sitting)
	if a.Kind == ministry.Final {
		of = string(a.Round)
	}
	return basePath + "/lap/" + string(a.Kind) + "/" + of
}

func stateTag(p ministry.Paper) ui.Tag {
	tone := ui.Info
	switch p.State {
	case ministry.StateSent, ministry.StateReceived:
		tone = ui.OK
	case ministry.StateReplaced, ministry.StateDropped:
		tone = ui.Plain
	case ministry.StateIssued:
		tone = ui.Warn
	}
	return ui.Tag{Tone: tone, Word: p.StateLabel()}
}

// markOf tells that a paper's figures do not stand any more (V-18).
func markOf(p ministry.Paper) ui.Tag {
	switch {
	case p.State == ministry.StateReplaced || p.State == ministry.StateDropped:
		return ui.Tag{}
	case p.OutdatedBy != "":
		return ui.Tag{Tone: ui.Bad, Word: "Số liệu đã được thay thế"}
	case p.Correcting != "":
		return ui.Tag{Tone: ui.Warn, Word: "Số liệu đang được đính chính"}
	case p.Content.Missing() > 0 || len(p.Content.Unheard) > 0:
		return ui.Tag{Tone: ui.Warn, Word: "Số liệu tạm thời"}
	}
	return ui.Tag{}
}

// optionsOf offers the recipients in use.
func optionsOf(recipients []ministry.Recipient) []ui.Option {
	var all []ui.Option
	for _, r := range recipients {
		if !r.Active {
			continue
		}
		hint := r.Email
		if hint == "" {
			hint = r.Way
		}
		label := r.Name
		if r.Principal {
			label += " (kính gửi)"
		} else if r.Role != "" {
			label += " (" + r.Role + ")"
		}
		all = append(all, ui.Option{Value: string(r.ID), Label: label, Hint: hint})
	}
	return slices.Clip(all)
}
