package readinessweb

import (
	"cmp"
	"iter"
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/readiness"
)

type ownData struct {
	Duties   []ownRow
	CanRaise bool
	Raise    string
	Trouble  []readiness.Difficulty
}

type ownRow struct {
	readiness.Duty
	Tag  ui.Tag
	Path string
	Says string
}

type tableData struct {
	Call    readiness.Call
	Calls   []ui.Link // the other points
	Filters []ui.FilterGroup
	Shown   []tableRow
	All     int
	RollUp  readiness.RollUp
	Items   []itemRow
	Tags    []stateCount
	Export  string
	Sum     string
}

type tableRow struct {
	readiness.SubjectState
	KindName string
	Tag      ui.Tag
	Path     string
}

type itemRow struct {
	readiness.ItemSum
	KindName string
	Path     string // the units for which it is wanting
}

type stateCount struct {
	Tag   ui.Tag
	Count int
}

var (
	ownPage     = ui.New[ownData](files, "pages/cua-don-vi.html")
	tablePage   = ui.New[tableData](files, "pages/bang.html")
	noCallsPage = ui.New[ui.Empty](files, "pages/chua-co-dot.html")
)

// home shows a unit what it owes, and who reads all reports the table.
func (p *Pages) home(c *web.Ctx) error {
	if c.Can(readiness.ActRead, everywhere) {
		return p.table(c)
	}
	if !p.Policy.Anywhere(c.Context(), readiness.ActRead) {
		return &fault.Error{Kind: fault.NotFound}
	}
	duties, err := p.Readiness.Mine(c.Context())
	if err != nil {
		return err
	}
	data := ownData{CanRaise: p.Policy.Anywhere(c.Context(), readiness.ActRaise), Raise: DifficultiesPath + "/moi"}
	for _, d := range duties {
		row := ownRow{Duty: d, Tag: stateTag(d.State), Path: reportPath(d.Call.ID, d.Subject.ID)}
		switch {
		case d.OpenGaps > 0:
			row.Says = "Có " + strconv.Itoa(d.OpenGaps) + " tồn tại chờ khắc phục."
		case !d.Sent:
			row.Says = "Đã trả lời " + strconv.Itoa(d.Answered) + " trên " + strconv.Itoa(d.Items) + " mục."
		}
		data.Duties = append(data.Duties, row)
	}
	if data.Trouble, err = p.Readiness.Difficulties(c.Context(), ""); err != nil {
		return err
	}
	return c.Render(ownPage.With(data))
}

// which gives the point asked for by "dot", else the newest of the current exam.
func (p *Pages) which(c *web.Ctx) (call readiness.Call, all []readiness.Call, err error) {
	e, err := p.Readiness.Exams.Current(c.Context())
	if fault.Is(err, fault.NotFound) {
		return call, nil, nil
	}
	if err != nil {
		return call, nil, err
	}
	if all, err = p.Readiness.Calls(c.Context(), e.ID); err != nil || len(all) == 0 {
		return call, nil, err
	}
	id := c.Text("dot")
	if id == "" {
		return all[0], all, nil
	}
	i := slices.IndexFunc(all, func(x readiness.Call) bool { return string(x.ID) == id })
	if i < 0 {
		return call, all, &fault.Error{Kind: fault.NotFound}
	}
	return all[i], all, nil
}

// noCalls says that there is no point yet.
func (p *Pages) noCalls(c *web.Ctx) error {
	empty := ui.Empty{Title: "Chưa có đợt báo cáo chuẩn bị nào", Text: "Phòng Khảo thí mở đợt báo cáo; từ lúc đó các đơn vị và điểm thi phải báo cáo."}
	if c.Can(readiness.ActTemplate, everywhere) {
		empty.Link = ui.Link{Href: callsPath + "/moi", Label: "Mở đợt báo cáo"}
	}
	return c.Render(noCallsPage.With(empty))
}

// A filter narrows the table.
type filter struct{ state, kind, item string }

func (f filter) address(call readiness.CallID) string {
	v := url.Values{"dot": {string(call)}}
	for name, value := range map[string]string{"buoc": f.state, "loai": f.kind, "muc": f.item} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return BasePath + "?" + v.Encode()
}

// silentState is the filter's word for who sent nothing.
const silentState = "chua-gui"

func (f filter) takes(x readiness.SubjectState, wanting map[string]bool) bool {
	if f.kind != "" && f.kind != x.Kind {
		return false
	}
	if f.item != "" && !wanting[x.Subject.ID] {
		return false
	}
	switch f.state {
	case "":
		return true
	case silentState:
		return !x.Sent
	}
	return x.Sent && x.State == workflow.State(f.state)
}

func (p *Pages) table(c *web.Ctx) error {
	call, all, err := p.which(c)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return p.noCalls(c)
	}
	data := tableData{Call: call, Export: BasePath + "/bang.csv?dot=" + string(call.ID), Sum: rollUpPath + "?dot=" + string(call.ID)}
	if data.RollUp, err = p.Readiness.RollUpOf(c.Context(), call.ID); err != nil {
		return err
	}
	for _, x := range all {
		if x.ID != call.ID {
			data.Calls = append(data.Calls, ui.Link{Href: BasePath + "?dot=" + string(x.ID), Label: x.Title})
		}
	}
	names := map[string]string{}
	for _, kind := range call.Kinds() {
		if names[kind], err = p.Readiness.KindName(c.Context(), kind); err != nil {
			return err
		}
	}
	f := filter{c.Text("buoc"), c.Text("loai"), c.Text("muc")}
	wanting := map[string]bool{}
	for _, g := range data.RollUp.Gaps {
		if g.Code == f.item {
			wanting[g.Subject] = true
		}
	}
	data.Filters = p.filters(call, data.RollUp, f, names)
	for _, x := range data.RollUp.Subjects {
		data.All++
		if f.takes(x, wanting) {
			data.Shown = append(data.Shown, tableRow{x, names[x.Kind], stateTag(x.State), reportPath(call.ID, x.Subject.ID)})
		}
	}
	// Who waits for the exam office stands first, then who is silent.
	order := map[workflow.State]int{readiness.StateSubmitted: 0, readiness.StateGapFixed: 1, readiness.StateReviewed: 2, readiness.StateNotReady: 3, readiness.StateGapOpen: 4,
		readiness.StateDue: 5, readiness.StateDrafted: 6, readiness.StateReady: 7}
	slices.SortStableFunc(data.Shown, func(a, b tableRow) int { return cmp.Compare(order[a.State], order[b.State]) })
	for _, sum := range data.RollUp.Items {
		data.Items = append(data.Items, itemRow{sum, names[sum.Kind], filter{item: sum.Code, kind: sum.Kind}.address(call.ID)})
	}
	return c.Render(tablePage.With(data))
}

func (p *Pages) filters(call readiness.Call, r readiness.RollUp, f filter, names map[string]string) []ui.FilterGroup {
	link := func(label string, n int, to, now string, with func(*filter, string)) ui.Link {
		g := f
		with(&g, to)
		return ui.Link{Href: g.address(call.ID), Label: label, Count: n, On: to == now}
	}
	state := func(g *filter, v string) { g.state = v }
	kind := func(g *filter, v string) { g.kind = v }
	states := ui.FilterGroup{Title: "Bước", Links: []ui.Link{link("Tất cả", len(r.Subjects), "", f.state, state), link("Chưa gửi", len(r.Silent), silentState, f.state, state)}}
	for _, s := range []workflow.State{readiness.StateSubmitted, readiness.StateReviewed, readiness.StateGapOpen, readiness.StateGapFixed, readiness.StateReady, readiness.StateNotReady} {
		if n := r.Count(s); n > 0 || f.state == string(s) {
			states.Links = append(states.Links, link(readiness.ReportWorkflow().States[s], n, string(s), f.state, state))
		}
	}
	kinds := ui.FilterGroup{Title: "Loại", Links: []ui.Link{link("Tất cả", 0, "", f.kind, kind)}}
	for _, k := range call.Kinds() {
		n := 0
		for _, x := range r.Subjects {
			if x.Kind == k {
				n++
			}
		}
		kinds.Links = append(kinds.Links, link(names[k], n, k, f.kind, kind))
	}
	groups := []ui.FilterGroup{states, kinds}
	if f.item != "" {
		title := f.item
		for _, x := range r.Items {
			if x.Code == f.item {
				title = x.Title
			}
		}
		g := f
		g.item = ""
		groups = append(groups, ui.FilterGroup{Title: "Còn tồn tại ở mục", Links: []ui.Link{{Href: g.address(call.ID), Label: "Mọi mục"}, {Href: f.address(call.ID), Label: title, On: true}}})
	}
	return groups
}

// export gives the table as a file for a spreadsheet.
func (p *Pages) export(c *web.Ctx) error {
	call, all, err := p.which(c)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return &fault.Error{Kind: fault.NotFound}
	}
	r, err := p.Readiness.RollUpOf(c.Context(), call.ID)
	if err != nil {
		return err
	}
	var rows iter.Seq2[[]string, error] = func(yield func([]string, error) bool) {
		if !yield([]string{"Đơn vị", "Loại", "Địa phương", "Bước", "Gửi lúc", "Quá hạn", "Đạt", "Chưa đạt", "Không áp dụng", "Tồn tại", "Nghiêm trọng"}, nil) {
			return
		}
		for _, x := range r.Subjects {
			kind, err := p.Readiness.KindName(c.Context(), x.Kind)
			sent, late := "", ""
			if x.Sent {
				sent = text.FormatDayTime(x.SentAt)
			}
			if x.Late {
				late = "có"
			}
			n := strconv.Itoa
			if !yield([]string{x.Name, kind, x.Locality, x.StateName, sent, late, n(x.Met), n(x.Unmet), n(x.NA), n(x.Gaps), n(x.Critical)}, err) {
				return
			}
		}
	}
	return c.CSV("bao-cao-chuan-bi.csv", rows)
}

// currentExam gives the exam in hand.
func (p *Pages) currentExam(c *web.Ctx) (exam.Exam, error) {
	return p.Readiness.Exams.Current(c.Context())
}
