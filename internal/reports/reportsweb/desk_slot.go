package reportsweb

import (
	"fmt"
	"net/url"
	"slices"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

type slotData struct {
	view
	Site     exam.Site
	Duty     reports.Duty
	Crumbs   []ui.Link
	Parts    []slotPart
	Accept   *paper // the one that is accepted by the primary button
	Phone    string
	Incident string
	People   []callee
}

type slotPart struct {
	Name      string
	Due       string
	Papers    []paper // those that count, the one that waits first
	Earlier   []paper
	Conflict  string
	None      string
	Dictation string // where it is typed; "" when the person may not
}

var slotPage = ui.New[slotData](files, "pages/hd-diem.html", "pages/hd-chung.html")

// A stepData is the page of a step that asks for something first.
type stepData struct {
	Form    ui.Form
	Title   string
	Button  string
	Says    string
	Back    string
	Paper   paper
	Field   string // the name of what is asked for
	Label   string
	Hint    string
	OneLine bool
}

var stepPage = ui.New[stepData](files, "pages/hd-buoc.html", "pages/hd-chung.html")

type conflictData struct {
	Form      ui.Form
	Conflict  reports.Conflict
	Title     string
	Back      string
	A, B      paper
	Rows      []twofold
	Keep      []ui.Option
	CanDecide bool
	SettledBy string
}

var conflictPage = ui.New[conflictData](files, "pages/hd-hai-so-lieu.html", "pages/hd-chung.html")

func (p *Pages) registerSlot(o *web.Office) {
	o.GET(slotPath+"/{sitting}/{site}", reports.ActBoard, p.slot)
	o.POST(reportPath+"/{id}/tiep-nhan", reports.ActAccept, p.accept)
	web.FormPage[stepData]{View: stepPage, Data: p.returnData, Do: p.giveBack}.Register(o, reportPath+"/{id}/tra-lai", reports.ActAccept)
	web.FormPage[stepData]{View: stepPage, Values: p.confirmValues, Data: p.confirmData, Do: p.confirmByPhone}.Register(o, reportPath+"/{id}/xac-nhan", reports.ActDictate)
	web.FormPage[conflictData]{View: conflictPage, Values: p.conflictValues, Data: p.conflictData, Do: p.resolve}.Register(o, conflictPath+"/{id}", reports.ActBoard)
}

// slot shows everything that is known of a site in a sitting.
func (p *Pages) slot(c *web.Ctx) error {
	if err := p.Policy.Check(c.Context(), reports.ActBoard, everywhere); err != nil {
		return err
	}
	form, err := p.Reports.Form(c.Context(), exam.SiteID(c.Path("site")), exam.SittingID(c.Path("sitting")))
	if err != nil {
		return err
	}
	v := view{form.Exam, form.Round, form.Sitting, rules.Attendance}
	if c.Text("luot") == "2" || c.Text("luot") == "" && len(form.Said[0]) > 0 && p.Clock.Millis() >= form.Sitting.EndsAt() {
		v.Part = rules.Closing
	}
	data := slotData{view: v, Site: form.Site, Duty: form.Duty, Crumbs: []ui.Link{{Href: v.at(boardPath), Label: "Bảng báo cáo"}}}
	conflicts, err := p.Reports.Conflicts(c.Context(), form.Sitting.ID)
	if err != nil {
		return err
	}
	parts := []rules.Part{rules.Attendance, rules.Closing}
	if v.Part == rules.Closing {
		slices.Reverse(parts)
	}
	for _, part := range parts {
		s, err := p.slotPart(c, form, part)
		if err != nil {
			return err
		}
		for _, x := range conflicts {
			if x.Site == form.Site.ID && x.Part == part {
				s.Conflict = conflictPath + "/" + string(x.ID)
			}
		}
		data.Parts = append(data.Parts, s)
	}
	for i, x := range data.Parts[0].Papers {
		if x.Accept {
			data.Accept = &data.Parts[0].Papers[i]
			break
		}
	}
	if c.Can(reports.ActDictate, everywhere) {
		data.Phone = v.at(phonePath, "diem", string(form.Site.ID))
	}
	if c.Can(reports.ActIncident, everywhere) {
		data.Incident = v.at(incidentsPath+"/moi", "diem", string(form.Site.ID))
	}
	if data.People, err = p.people(c, form.Site); err != nil {
		return err
	}
	return c.Render(slotPage.With(data))
}

// people are who is called at a site.
func (p *Pages) people(c *web.Ctx, site exam.Site) ([]callee, error) {
	contact, err := p.Reports.ContactOf(c.Context(), site.ID)
	return callees(site, contact), err
}

func (p *Pages) slotPart(c *web.Ctx, form reports.Form, part rules.Part) (slotPart, error) {
	due := form.DueAt[part-1]
	s := slotPart{Name: partTitle(part), Due: fmt.Sprintf("Hạn %s, %s", text.FormatClock(due), ahead(p.Clock.Millis(), due))}
	if !form.Duty.Due {
		s.Due, s.None = "", form.Duty.Why
	} else {
		s.None = "Chưa có báo cáo nào."
	}
	said := slices.Clone(form.Said[part-1])
	slices.Reverse(said)
	for _, r := range said {
		x := paperOf(r, form.Basis, due)
		entries, err := p.Reports.History(c.Context(), r.ID)
		if err != nil {
			return s, err
		}
		x.History = steps(reports.SiteWorkflow(part), entries, begun)
		if err := p.offer(c, &x); err != nil {
			return s, err
		}
		switch r.State {
		case reports.StateSubmitted, reports.StateConfirmed, reports.StateAccepted, reports.StateReturned:
			s.Papers = append(s.Papers, x)
		default:
			s.Earlier = append(s.Earlier, x)
		}
	}
	return s, nil
}

// offer adds the steps that the person may take with a report now.
func (p *Pages) offer(c *web.Ctx, x *paper) error {
	offered, err := p.Reports.Offered(c.Context(), x.ID)
	if err != nil {
		return err
	}
	here := reportPath + "/" + string(x.ID)
	for _, step := range offered {
		switch step.Do {
		case "accept":
			x.Accept = true
		case "return":
			x.Steps = append(x.Steps, ui.Link{Href: here + "/tra-lai", Label: step.Title})
		case "confirm_phone":
			x.Steps = append(x.Steps, ui.Link{Href: here + "/xac-nhan", Label: step.Title})
		}
	}
	switch x.State {
	case reports.StateSubmitted, reports.StateConfirmed, reports.StateAccepted, reports.StateReturned:
		if c.Can(reports.ActDictate, everywhere) {
			x.Steps = append(x.Steps, ui.Link{Href: here + "/sua", Label: "Sửa thay điểm thi"})
		}
	}
	return nil
}

// report gives the report the address names, to who has the desk.
func (p *Pages) report(c *web.Ctx) (reports.Report, error) {
	if err := p.Policy.Check(c.Context(), reports.ActBoard, everywhere); err != nil {
		return reports.Report{}, err
	}
	return p.Reports.Report(c.Context(), reports.ReportID(c.Path("id")))
}

func backTo(r reports.Report) string { return at(slotAt(r.Sitting, r.Site), r.Sitting, r.Part) }

// accept takes a report into the totals and leads back to the board, where the next one waits.
func (p *Pages) accept(c *web.Ctx) error {
	r, err := p.report(c)
	if err != nil {
		return err
	}
	if err := p.Reports.Accept(c.Context(), r.ID, c.Version()); err != nil {
		if fault.Is(err, fault.Conflict) {
			return &fault.Error{Kind: fault.Conflict, Message: fault.Message(err), Link: backTo(r)}
		}
		return err
	}
	return c.See(at(boardPath, r.Sitting, r.Part), "Đã tiếp nhận báo cáo %s. Số liệu đã vào tổng của tỉnh.", r.Receipt)
}

// onPaper makes the page of a step about a report.
func (p *Pages) onPaper(c *web.Ctx, f ui.Form, d stepData) (stepData, error) {
	r, err := p.report(c)
	if err != nil {
		return d, err
	}
	form, err := p.Reports.Form(c.Context(), r.Site, r.Sitting)
	if err != nil {
		return d, err
	}
	d.Form, d.Back, d.Paper = f, backTo(r), paperOf(r, form.Basis, 0)
	if f.Version == 0 {
		d.Form.Version = r.Version
	}
	d.Title = d.Title + ": " + siteName(form.Site)
	return d, nil
}

func (p *Pages) returnData(c *web.Ctx, f ui.Form) (stepData, error) {
	return p.onPaper(c, f, stepData{Title: "Trả lại báo cáo", Button: "Trả lại", Field: "note", Label: "Lý do, đọc cho điểm thi nghe",
		Says: "Báo cáo rời khỏi tổng của tỉnh nếu đã được tiếp nhận. Điểm thi thấy lý do trên trang của mình và được gọi; điểm thi phải gửi lại.", Hint: "Ví dụ: Tổng có mặt và vắng không khớp biên bản phòng 3."})
}

func (p *Pages) giveBack(c *web.Ctx) (next, flash string, err error) {
	r, err := p.report(c)
	if err != nil {
		return "", "", err
	}
	err = p.Reports.Return(c.Context(), r.ID, c.Version(), c.Lines("note"))
	return backTo(r), "Đã trả lại báo cáo " + r.Receipt + ". Điểm thi đã vào danh sách gọi.", err
}

func (p *Pages) confirmValues(c *web.Ctx) (url.Values, int, error) {
	r, err := p.report(c)
	return url.Values{"head": {r.Said.Head}}, r.Version, err
}

func (p *Pages) confirmData(c *web.Ctx, f ui.Form) (stepData, error) {
	return p.onPaper(c, f, stepData{Title: "Trưởng điểm xác nhận qua điện thoại", Button: "Ghi xác nhận", Field: "head", Label: "Họ tên Trưởng điểm thi đã xác nhận", OneLine: true,
		Says: "Đọc lại số liệu dưới đây cho Trưởng điểm thi nghe trước khi ghi. Người ghi xác nhận không tiếp nhận báo cáo này; một người khác sẽ tiếp nhận."})
}

func (p *Pages) confirmByPhone(c *web.Ctx) (next, flash string, err error) {
	r, err := p.report(c)
	if err != nil {
		return "", "", err
	}
	err = p.Reports.ConfirmByPhone(c.Context(), r.ID, c.Version(), c.Text("head"))
	return backTo(r), "Đã ghi Trưởng điểm thi xác nhận báo cáo " + r.Receipt + ".", err
}

func (p *Pages) conflict(c *web.Ctx) (reports.Conflict, error) {
	return p.Reports.Conflict(c.Context(), reports.ConflictID(c.Path("id")))
}

func (p *Pages) conflictValues(c *web.Ctx) (url.Values, int, error) {
	x, err := p.conflict(c)
	return nil, x.Version, err
}

func (p *Pages) conflictData(c *web.Ctx, f ui.Form) (conflictData, error) {
	x, err := p.conflict(c)
	if err != nil {
		return conflictData{}, err
	}
	form, err := p.Reports.Form(c.Context(), x.Site, x.Sitting)
	if err != nil {
		return conflictData{}, err
	}
	data := conflictData{Form: f, Conflict: x, Title: x.Kind.Label() + ": " + siteName(form.Site), Back: at(slotAt(x.Sitting, x.Site), x.Sitting, x.Part),
		CanDecide: x.SettledAt == 0 && c.Can(reports.ActAccept, everywhere)}
	var two [2]reports.Report
	for i, id := range []reports.ReportID{x.Against, x.Report} {
		if two[i], err = p.Reports.Report(c.Context(), id); err != nil {
			return data, err
		}
	}
	due := form.DueAt[x.Part-1]
	data.A, data.B = paperOf(two[0], form.Basis, due), paperOf(two[1], form.Basis, due)
	data.Rows = compare(two[0].Said, two[1].Said, form.Basis)
	data.Keep = []ui.Option{{Value: string(two[0].ID), Label: "Giữ bản trước, " + two[0].Receipt}, {Value: string(two[1].ID), Label: "Giữ bản sau, " + two[1].Receipt}}
	if x.SettledAt > 0 {
		kept := two[0].Receipt
		if x.Kept == two[1].ID {
			kept = two[1].Receipt
		}
		data.SettledBy = fmt.Sprintf("%s đã chọn bản %s lúc %s: %s", x.SettledBy, kept, text.FormatDayTime(x.SettledAt), x.Note)
	}
	return data, nil
}

func (p *Pages) resolve(c *web.Ctx) (next, flash string, err error) {
	x, err := p.conflict(c)
	if err != nil {
		return "", "", err
	}
	err = p.Reports.Resolve(c.Context(), x.ID, c.Version(), reports.ReportID(c.Text("keep")), c.Lines("note"))
	return at(slotAt(x.Sitting, x.Site), x.Sitting, x.Part), "Đã ghi số đúng. Cả hai bản được giữ trong lịch sử.", err
}
