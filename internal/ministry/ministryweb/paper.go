package ministryweb

import (
	"cmp"
	"io"
	"net/url"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/ministry"
)

func paperID(c *web.Ctx) ministry.PaperID { return ministry.PaperID(c.Path("id")) }

type draftData struct {
	Title      string
	Back       string
	Notice     ui.Notice
	Form       ui.Form
	Recipients []ui.Option
	Empty      bool // the book has nobody in use
}

var draftPage = ui.New[draftData](files, "pages/soan.html")

// about reads what a paper is to be about from the path.
func (p *Pages) about(c *web.Ctx) (ministry.About, exam.Exam, string, error) {
	e, ok, err := p.current(c)
	if err != nil || !ok {
		return ministry.About{}, e, "", cmp.Or[error](err, &fault.Error{Kind: fault.NotFound})
	}
	of, kind := c.Path("of"), ministry.Kind(c.Path("kind"))
	if kind == ministry.Final {
		if r, ok := e.Round(exam.RoundID(of)); ok {
			return ministry.About{Kind: kind, Round: r.ID}, e, kind.Label() + " " + r.Name, nil
		}
	}
	if kind == ministry.Quick {
		if x, r, ok := e.Sitting(exam.SittingID(of)); ok {
			return ministry.About{Kind: kind, Round: r.ID, Sitting: x.ID}, e, kind.Label() + " " + x.Title() + ", " + x.HalfName() + " " + text.FormatDay(x.Day), nil
		}
	}
	return ministry.About{}, e, "", &fault.Error{Kind: fault.NotFound}
}

func (p *Pages) makeForm(c *web.Ctx) error {
	_, e, title, err := p.about(c)
	if err != nil {
		return err
	}
	values, err := p.proposal(c, e.ID)
	if err != nil {
		return err
	}
	page, err := p.drawDraft(c, e.ID, title, basePath, c.NewForm(values, 0))
	if err != nil {
		return err
	}
	return c.Render(page)
}

// proposal fills a new draft with who signed the one before and every recipient in use.
func (p *Pages) proposal(c *web.Ctx, e exam.ID) (url.Values, error) {
	v := url.Values{}
	papers, err := p.Ministry.Papers(c.Context(), e)
	if err != nil {
		return nil, err
	}
	if len(papers) > 0 {
		t := papers[0].Texts
		v.Set("posts", t.Posts)
		v.Set("signer", t.Signer)
	}
	book, err := p.Ministry.Recipients(c.Context(), e)
	for _, r := range book {
		if r.Active {
			v.Add("recipients", string(r.ID))
		}
	}
	return v, err
}

func (p *Pages) drawDraft(c *web.Ctx, e exam.ID, title, back string, form ui.Form) (ui.Filled, error) {
	book, err := p.Ministry.Recipients(c.Context(), e)
	if err != nil {
		return nil, err
	}
	data := draftData{Title: title, Back: back, Form: form, Recipients: optionsOf(book)}
	data.Empty = len(data.Recipients) == 0
	return draftPage.With(data), nil
}

// readDraft reads a draft's form.
func readDraft(c *web.Ctx) ministry.Draft {
	d := ministry.Draft{Texts: ministry.Texts{General: c.Lines("general"), Weather: c.Lines("weather"), Incidents: c.Lines("incidents"), Assessment: c.Lines("assessment"),
		Proposals: c.Lines("proposals"), Posts: c.Lines("posts"), Signer: c.Text("signer"), Delegation: c.Text("delegation"), DelegatedTill: c.Day("delegatedTill")}}
	for _, id := range c.All("recipients") {
		d.Recipients = append(d.Recipients, ministry.RecipientID(id))
	}
	return d
}

func (p *Pages) make(c *web.Ctx) error {
	a, e, title, err := p.about(c)
	if err != nil {
		return err
	}
	in := readDraft(c)
	var id ministry.PaperID
	if err = c.Err(); err == nil {
		id, err = p.Ministry.Make(c.Context(), a, in)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.drawDraft(c, e.ID, title, basePath, form) })
	}
	return c.See(ministry.PaperPath(id), "Đã lập %s. Hãy xem bản PDF rồi trình ký.", title)
}

func (p *Pages) editForm(c *web.Ctx) error {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return err
	}
	if x.State != ministry.StateDraft {
		return &fault.Error{Kind: fault.Conflict, Link: ministry.PaperPath(x.ID), Message: "Báo cáo đang ở bước “" + x.StateLabel() + "” nên không sửa được."}
	}
	t := x.Texts
	v := url.Values{"general": {t.General}, "weather": {t.Weather}, "incidents": {t.Incidents}, "assessment": {t.Assessment}, "proposals": {t.Proposals}, "posts": {t.Posts},
		"signer": {t.Signer}, "delegation": {t.Delegation}, "delegatedTill": {t.DelegatedTill}}
	for _, r := range x.Recipients {
		v.Add("recipients", string(r.ID))
	}
	page, err := p.drawDraft(c, x.Exam, "Sửa: "+x.Title, ministry.PaperPath(x.ID), c.NewForm(v, x.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) edit(c *web.Ctx) error {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return err
	}
	in := readDraft(c)
	if err = c.Err(); err == nil {
		err = p.Ministry.Edit(c.Context(), x.ID, c.Version(), in)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			return p.drawDraft(c, x.Exam, "Sửa: "+x.Title, ministry.PaperPath(x.ID), form)
		})
	}
	return c.See(ministry.PaperPath(x.ID), "Đã lưu. Số liệu và mẫu lấy theo bản mới nhất.")
}

type showData struct {
	Path       string
	Version    int
	Title      string
	Number     string
	State      ui.Tag
	Mark       ui.Tag
	Notices    []ui.Notice
	Facts      []ui.Fact
	Changed    []string
	Files      []fileRow
	Signed     ministry.File
	Register   []ui.Step // where its document stands
	Document   ui.Link   // in the register
	Next       string    // who does what next
	Steps      []workflow.Step
	MaySend    bool
	Deliveries []deliveryRow
	Errata     []ministry.Erratum
	Replace    ui.Link
	History    []ui.Step
	Form       ui.Form
}

type fileRow struct {
	Link ui.Link
	Note string
}

type deliveryRow struct {
	ministry.Delivery
	Tag      ui.Tag
	Receipt  string
	Actions  []ui.Link
	WhatToDo string
}

var showPage = ui.New[showData](files, "pages/bao-cao.html")

func (p *Pages) show(c *web.Ctx) error {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return err
	}
	data := showData{Path: ministry.PaperPath(x.ID), Version: x.Version, Title: x.Title, Number: numberOf(x), State: stateTag(x), Mark: markOf(x), Changed: x.Changed,
		Form: c.NewForm(nil, x.Version)}
	if data.Steps, err = p.Ministry.Offered(c.Context(), x); err != nil {
		return err
	}
	for _, part := range []func(*web.Ctx, ministry.Paper, *showData) error{p.showFigures, p.showFiles, p.showRegister, p.showDeliveries, p.showHistory} {
		if err := part(c, x, &data); err != nil {
			return err
		}
	}
	return c.Render(showPage.With(data))
}

// showFigures tells what the paper quotes and whether it stands.
func (p *Pages) showFigures(c *web.Ctx, x ministry.Paper, data *showData) error {
	for _, s := range x.Content.Sittings {
		data.Facts = append(data.Facts, ui.Fact{Label: s.Figures.Title, Value: "bản số " + text.FormatNumber(int64(s.Number)) + ", duyệt " + text.FormatDayTime(s.ApprovedAt) + " (" + s.ApprovedBy + "); " + s.Figures.Coverage()})
	}
	for _, name := range x.Content.Unheard {
		data.Facts = append(data.Facts, ui.Fact{Label: name, Value: "chưa có số liệu được duyệt"})
	}
	data.Facts = append(data.Facts, ui.Fact{Label: "Lập", Value: x.MadeName + ", " + text.FormatDayTime(x.MadeAt)})
	if x.SentAt > 0 {
		data.Facts = append(data.Facts, ui.Fact{Label: "Gửi Văn phòng Bộ", Value: text.FormatDayTime(x.SentAt)})
	}
	if x.Replaces != "" {
		old, err := p.Ministry.Paper(c.Context(), x.Replaces)
		if err != nil {
			return err
		}
		data.Facts = append(data.Facts, ui.Fact{Label: "Thay thế", Value: ui.Link{Href: ministry.PaperPath(old.ID), Label: "Báo cáo số " + numberOf(old)}})
	}
	over := x.State == ministry.StateReplaced || x.State == ministry.StateDropped
	switch {
	case over:
	case x.OutdatedBy != "" && x.Issued():
		data.Notices = append(data.Notices, ui.Notice{Tone: ui.Bad, Title: "Số liệu của báo cáo này đã được đính chính", Text: "Hãy lập báo cáo thay thế và gửi đến từng nơi đã nhận báo cáo này."})
		if c.Can(ministry.ActSend, access.Place{}) {
			data.Replace = ui.Link{Href: makeLink(x.About), Label: "Lập báo cáo thay thế"}
		}
	case x.OutdatedBy != "" && x.State == ministry.StateDraft:
		data.Notices = append(data.Notices, ui.Notice{Tone: ui.Warn, Title: "Số liệu đã được đính chính", Text: "Bấm “Sửa”, xem lại rồi lưu: dự thảo lấy số liệu mới."})
	case x.OutdatedBy != "":
		data.Notices = append(data.Notices, ui.Notice{Tone: ui.Bad, Title: "Số liệu đã được đính chính sau khi trình ký", Text: "Bản này không phát hành được: hãy bỏ và lập báo cáo mới, hoặc đề nghị trả lại văn bản để sửa."})
	case x.Correcting != "":
		data.Notices = append(data.Notices, ui.Notice{Tone: ui.Warn, Title: "Số liệu đang được đính chính", Text: "Hội đồng thi đã sửa báo cáo của điểm thi; bản số liệu mới đang chờ duyệt."})
	}
	return nil
}

func (p *Pages) showFiles(c *web.Ctx, x ministry.Paper, data *showData) error {
	add := func(f ministry.Format, label, note string) {
		data.Files = append(data.Files, fileRow{ui.Link{Href: data.Path + "/tep/" + string(f), Label: label}, note})
	}
	if x.Issued() {
		stored, err := p.Ministry.FilesOf(c.Context(), x)
		if err != nil {
			return err
		}
		for _, f := range stored {
			switch f.Format {
			case ministry.Signed:
				data.Signed = f
				add(f.Format, "Bản đã ký (PDF)", text.FormatBytes(f.Size)+", "+text.FormatNumber(int64(f.Pages))+" trang; bản chính thức")
			case ministry.DOCX:
				add(f.Format, "Bản Word (DOCX)", text.FormatBytes(f.Size))
			case ministry.XLSX:
				add(f.Format, "Số liệu theo điểm thi (XLSX)", text.FormatBytes(f.Size))
			}
		}
		return nil
	}
	add(ministry.PDF, "Xem bản PDF", "in đúng thể thức; ghi “DỰ THẢO” khi chưa có số")
	add(ministry.DOCX, "Bản Word (DOCX)", "sửa được bằng Word, LibreOffice")
	add(ministry.XLSX, "Số liệu theo điểm thi (XLSX)", "cùng số liệu, từng điểm thi")
	return nil
}

// waits says, for each state of a document in the register, who does what next.
var waits = map[workflow.State]string{
	documents.StateDrafting:       "Chờ duyệt nội dung: người phụ trách đơn vị soạn thảo, không phải người lập.",
	documents.StateCheckedContent: "Chờ kiểm tra thể thức: Văn phòng Sở, không phải người lập.",
	documents.StateCheckedForm:    "Chờ ký: Lãnh đạo Sở.",
	documents.StateSigned:         "Chờ lấy số: Văn thư.",
	documents.StateNumbered:       "Đã có số. Tải bản PDF có số, ký và đóng dấu, rồi Văn thư tải bản ký lên.",
}

func (p *Pages) showRegister(c *web.Ctx, x ministry.Paper, data *showData) error {
	doc, ok, err := p.Ministry.InRegister(c.Context(), x)
	if err != nil || !ok || !c.Can(ministry.ActRead, access.Place{}) {
		return err
	}
	table := documents.Workflow(documents.Own)
	if x.State == ministry.StateSubmitted {
		data.Next = waits[doc.State]
		if n := doc.Content.Number; n.Ordinal > 0 {
			data.Number = n.String() + " (chưa phát hành)"
		}
	}
	data.Document = ui.Link{Href: documents.OfficePath(doc.ID), Label: "Văn bản trong sổ: " + table.States[doc.State]}
	order := []workflow.State{documents.StateDrafting, documents.StateCheckedContent, documents.StateCheckedForm, documents.StateSigned, documents.StateNumbered, documents.StateIssued}
	at := slices.Index(order, doc.State)
	for i, state := range order {
		s := ui.Step{Title: table.States[state], State: "todo"}
		switch {
		case at < 0 || i < at || state == documents.StateIssued && i == at:
			s.State = "done"
		case i == at:
			s.State = "now"
		}
		data.Register = append(data.Register, s)
	}
	return nil
}

func (p *Pages) showDeliveries(c *web.Ctx, x ministry.Paper, data *showData) error {
	all, err := p.Ministry.Deliveries(c.Context(), x)
	if err != nil {
		return err
	}
	standing := x.State == ministry.StateIssued || x.State == ministry.StateSent || x.State == ministry.StateReceived
	data.MaySend = standing && x.OutdatedBy == "" && len(all) < len(x.Recipients) && c.Can(ministry.ActSend, access.Place{})
	send, receive := c.Can(ministry.ActSend, access.Place{}), c.Can(ministry.ActReceive, access.Place{})
	for _, d := range all {
		row := deliveryRow{Delivery: d, Tag: ui.Tag{Tone: deliveryTone(d.State), Word: d.State.Label()}}
		path := data.Path + "/noi-nhan/" + string(d.ID)
		if d.ReceivedAt > 0 {
			row.Receipt = d.ReceivedBy + ", " + d.ReceivedHow + ", " + text.FormatDayTime(d.ReceivedAt)
			row.Tag = ui.Tag{Tone: ui.OK, Word: "Đã xác nhận"}
		}
		if send {
			row.WhatToDo = d.WhatToDo()
			if d.State != ministry.Delivered && d.State != ministry.Cancelled {
				row.Actions = append(row.Actions, ui.Link{Href: path + "/da-gui", Label: "Ghi đã gửi cách khác"})
				if p.Ministry.ByMail() {
					label := "Gửi lại"
					if d.State == ministry.Planned {
						label = "Gửi bằng thư"
					}
					row.Actions = append(row.Actions, ui.Link{Href: path + "/gui-lai", Label: label})
				}
			}
		}
		if d.State == ministry.Delivered && d.ReceivedAt == 0 && (send || receive && d.Principal) {
			row.Actions = append(row.Actions, ui.Link{Href: path + "/xac-nhan", Label: "Xác nhận đã nhận"})
		}
		data.Deliveries = append(data.Deliveries, row)
	}
	if x.OutdatedBy == "" || !c.Can(ministry.ActRead, access.Place{}) {
		return nil
	}
	data.Errata, err = p.Ministry.Errata(c.Context(), x)
	return err
}

func deliveryTone(s ministry.DeliveryState) ui.Tone {
	switch s {
	case ministry.Delivered:
		return ui.OK
	case ministry.Bounces, ministry.Failed:
		return ui.Bad
	case ministry.Trying, ministry.Planned:
		return ui.Warn
	}
	return ui.Info
}

func (p *Pages) showHistory(c *web.Ctx, x ministry.Paper, data *showData) error {
	if !c.Can(ministry.ActRead, access.Place{}) {
		return nil
	}
	entries, err := p.Ministry.History(c.Context(), x)
	if err != nil {
		return err
	}
	data.History, err = p.steps(c, ministry.PaperWorkflow(), "Lập báo cáo", entries)
	return err
}

// steps tells a history, the latest first.
func (p *Pages) steps(c *web.Ctx, table workflow.Table, first string, entries []workflow.Entry) ([]ui.Step, error) {
	roles, err := p.Roles(c.Context())
	if err != nil {
		return nil, err
	}
	var all []ui.Step
	for _, h := range slices.Backward(entries) {
		title := first
		for _, s := range table.Steps {
			if s.Do == h.Do && s.From == h.From {
				title = s.Title
			}
		}
		said := h.Name
		if as := roles.Of(h.Role, h.Scope); as != "" {
			said += " (" + as + ")"
		}
		if h.Note != "" {
			said += ": " + h.Note
		}
		all = append(all, ui.Step{Title: title, Text: said, At: text.FormatDayTime(h.At), State: "done"})
	}
	return all, nil
}

func (p *Pages) submit(c *web.Ctx) error {
	if err := p.Ministry.Submit(c.Context(), paperID(c), c.Version()); err != nil {
		return plain(err)
	}
	return c.See(ministry.PaperPath(paperID(c)), "Đã trình ký: báo cáo nằm trong sổ văn bản của Sở, chờ duyệt nội dung.")
}

// plain tells what is wrong with a paper on its own page, which has no fields for it.
func plain(err error) error {
	wrong := fault.FieldsOf(err)
	if len(wrong) == 0 {
		return err
	}
	said := make([]string, len(wrong))
	for i, f := range wrong {
		said[i] = f.Message
	}
	return &fault.Error{Kind: fault.Conflict, Message: strings.Join(said, " "), Err: err}
}

func (p *Pages) takeBack(c *web.Ctx) error {
	if err := p.Ministry.TakeBack(c.Context(), paperID(c), c.Version()); err != nil {
		return err
	}
	return c.See(ministry.PaperPath(paperID(c)), "Báo cáo là dự thảo trở lại; sửa rồi trình ký lại.")
}

type noteData struct {
	Title  string
	Back   string
	Action string
	Says   string
	Label  string // of the note's field
	Form   ui.Form
}

var notePage = ui.New[noteData](files, "pages/ghi-chu.html")

func (p *Pages) drawDrop(c *web.Ctx, form ui.Form) (ui.Filled, error) {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	return notePage.With(noteData{Title: "Bỏ: " + x.Title, Back: ministry.PaperPath(x.ID), Action: "Bỏ dự thảo", Label: "Lý do",
		Says: "Báo cáo được giữ lại để tra cứu, không gửi cho ai. Số đã lấy, nếu có, vẫn nằm trong sổ văn bản.", Form: form}), err
}

func (p *Pages) dropForm(c *web.Ctx) error {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return err
	}
	page, err := p.drawDrop(c, c.NewForm(nil, x.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) drop(c *web.Ctx) error {
	if err := p.Ministry.Drop(c.Context(), paperID(c), c.Version(), c.Lines("note")); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.drawDrop(c, form) })
	}
	return c.See(basePath, "Đã bỏ báo cáo.")
}

type issueData struct {
	Title, Number, Back string
	Largest             int64
	PDF                 string
	Form                ui.Form
}

var issuePage = ui.New[issueData](files, "pages/ban-ky.html")

func (p *Pages) drawIssue(c *web.Ctx, form ui.Form) (ui.Filled, error) {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return nil, err
	}
	doc, ok, err := p.Ministry.InRegister(c.Context(), x)
	if err != nil {
		return nil, err
	}
	data := issueData{Title: x.Title, Back: ministry.PaperPath(x.ID), PDF: ministry.PaperPath(x.ID) + "/tep/pdf", Largest: p.Ministry.MaxFile, Form: form}
	if ok {
		data.Number = doc.Content.Number.String()
	}
	return issuePage.With(data), nil
}

func (p *Pages) issueForm(c *web.Ctx) error {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return err
	}
	page, err := p.drawIssue(c, c.NewForm(nil, x.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) issue(c *web.Ctx) error {
	up, err := c.File("file")
	if err == nil && up == nil {
		c.Fail("file", "Hãy chọn tệp PDF đã ký.")
	}
	if err == nil {
		if err = c.Err(); err == nil {
			err = p.Ministry.Issue(c.Context(), paperID(c), c.Version(), up.Name, up)
		}
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.drawIssue(c, form) })
	}
	return c.See(ministry.PaperPath(paperID(c)), "Đã phát hành. Bản ký được giữ nguyên kèm mã SHA-256; Văn phòng có thể gửi.")
}

// file gives a paper in a format.
func (p *Pages) file(c *web.Ctx) error {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return err
	}
	f := ministry.Format(c.Path("format"))
	if !slices.Contains([]ministry.Format{ministry.DOCX, ministry.PDF, ministry.XLSX, ministry.Signed}, f) || f == ministry.Signed && !x.Issued() {
		return &fault.Error{Kind: fault.NotFound}
	}
	return c.Download(x.FileName(f), func(w io.Writer) error { return p.Ministry.Write(c.Context(), x, f, w) })
}
