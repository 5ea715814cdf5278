package examweb

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type roundData struct {
	Form  ui.Form
	Exam  exam.Exam
	Path  string // of the exam
	Round exam.Round
	Seen  string
}

type sittingData struct {
	Form       ui.Form
	Exam       exam.Exam
	Round      exam.Round
	Sitting    exam.Sitting // without ID for a new one
	Path       string       // of the exam
	Here       string       // of this page; "" for a new sitting
	Seen       string
	Halves     []ui.Option
	Kinds      []ui.Option
	Confirmed  []ui.Option
	Slots      []string // the heads of the columns, one for each stretch of working time
	Times      []slotRow
	Components []slotRow
}

// A slotRow is one row of the grid of slots: a time or a component, with a cell for each slot.
type slotRow struct {
	Label, Hint string
	Cells       []slotCell
}

type slotCell struct {
	ID, Name, Value, Label, Error string
	Checked                       bool
}

// slotFields names the fields of one slot of the form.
type slotFields struct{ Handout, Start, Minutes, Turn, Components string }

type cancelData struct {
	Form    ui.Form
	Exam    exam.Exam
	Sitting exam.Sitting
	Path    string // of the sitting
	Head    string
	Seen    string
}

var (
	roundPage   = ui.New[roundData](files, "pages/qt-dot.html")
	sittingPage = ui.New[sittingData](files, "pages/qt-buoi.html")
	cancelPage  = ui.New[cancelData](files, "pages/qt-buoi-huy.html")
)

func (p *Office) registerTimetable(o *web.Office) {
	edit := web.FormPage[roundData]{View: roundPage, Values: p.roundValues, Data: p.roundData, Do: p.saveRound}
	edit.Register(o, OfficePath+"/{year}/dot-moi", exam.ActEdit)
	edit.Register(o, OfficePath+"/{year}/dot/{round}/sua", exam.ActEdit)
	sitting := web.FormPage[sittingData]{View: sittingPage, Values: p.sittingValues, Data: p.sittingData, Do: p.saveSitting}
	sitting.Register(o, OfficePath+"/{year}/dot/{round}/buoi/moi", exam.ActEdit)
	sitting.Register(o, OfficePath+"/{year}/dot/{round}/buoi/{id}", exam.ActEdit)
	web.FormPage[cancelData]{View: cancelPage, Values: p.cancelValues, Data: p.cancelData, Do: p.cancelSitting}.Register(o, OfficePath+"/{year}/dot/{round}/buoi/{id}/huy", exam.ActEdit)
	o.POST(OfficePath+"/{year}/dot/{round}/buoi/{id}/xoa", exam.ActEdit, p.removeSitting)
}

// roundOrNew gives the round the address names; the zero Round on the page of a new one.
func (p *Office) roundOrNew(c *web.Ctx) (exam.Exam, exam.Round, error) {
	if c.Path("round") == "" {
		e, err := p.exam(c)
		return e, exam.Round{}, err
	}
	return p.round(c)
}

func (p *Office) roundValues(c *web.Ctx) (url.Values, int, error) {
	e, r, err := p.roundOrNew(c)
	if r.ID == "" {
		r.Number = len(e.Rounds) + 1
		r.Name = fmt.Sprintf("Đợt %d", r.Number)
	}
	return url.Values{"number": {strconv.Itoa(r.Number)}, "name": {r.Name}, "note": {r.Note}, "spare_day": {r.SpareDay}}, r.Version, err
}

func (p *Office) roundData(c *web.Ctx, f ui.Form) (roundData, error) {
	e, r, err := p.roundOrNew(c)
	return roundData{f, e, examPath(e), r, seen(e)}, err
}

func (p *Office) saveRound(c *web.Ctx) (next, flash string, err error) {
	e, r, err := p.roundOrNew(c)
	if err != nil {
		return "", "", err
	}
	in := exam.RoundInput{Number: int(c.Int("number")), Name: c.Text("name"), Note: c.Lines("note"), SpareDay: c.Day("spare_day")}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	_, err = p.Exams.SaveRound(c.Context(), e.ID, r.ID, c.Version(), in)
	return examPath(e), saved(e, lower(in.Name)), err
}

// sittingOrNew gives the sitting the address names; the zero Sitting on the page of a new one.
func (p *Office) sittingOrNew(c *web.Ctx) (exam.Exam, exam.Round, exam.Sitting, error) {
	e, r, err := p.round(c)
	if err != nil || c.Path("id") == "" {
		return e, r, exam.Sitting{Half: exam.Morning, Kind: exam.Papers, Confirmed: exam.Planned}, err
	}
	s, in, ok := e.Sitting(exam.SittingID(c.Path("id")))
	if !ok || in.ID != r.ID {
		return e, r, s, &fault.Error{Kind: fault.NotFound}
	}
	return e, r, s, nil
}

func (p *Office) sittingValues(c *web.Ctx) (url.Values, int, error) {
	_, r, s, err := p.sittingOrNew(c)
	if err != nil {
		return nil, 0, err
	}
	v := url.Values{"day": {s.Day}, "half": {string(s.Half)}, "kind": {string(s.Kind)}, "name": {s.Name}, "note": {s.Note},
		"confirmed": {string(s.Confirmed)}, "source": {s.Source}}
	if s.ID == "" {
		_, last := r.Days()
		v.Set("day", last)
		return v, 0, nil
	}
	v.Set("call_in", text.FormatClock(s.CallInAt))
	if s.EndAt != 0 {
		v.Set("end", text.FormatClock(s.EndAt))
	}
	for i, slot := range s.Slots {
		f := fieldsOfSlot(i)
		v.Set(f.Handout, text.FormatClock(slot.HandoutAt))
		v.Set(f.Start, text.FormatClock(slot.StartAt))
		v.Set(f.Minutes, strconv.Itoa(slot.Minutes))
		if slot.Turn > 0 {
			v.Set(f.Turn, strconv.Itoa(slot.Turn))
		}
		for _, part := range slot.Parts {
			v.Add(f.Components, string(part.ID))
		}
	}
	return v, s.Version, nil
}

func fieldsOfSlot(i int) slotFields {
	name := fmt.Sprintf("slot.%d.", i)
	return slotFields{name + "handout", name + "start", name + "minutes", name + "turn", name + "components"}
}

// maxSlots is how many slots a sitting's form has at most.
const maxSlots = 10

func (p *Office) sittingData(c *web.Ctx, f ui.Form) (sittingData, error) {
	e, r, s, err := p.sittingOrNew(c)
	if err != nil {
		return sittingData{}, err
	}
	data := sittingData{Form: f, Exam: e, Round: r, Sitting: s, Path: examPath(e), Seen: seen(e),
		Halves:    []ui.Option{{Value: string(exam.Morning), Label: "Buổi sáng"}, {Value: string(exam.Afternoon), Label: "Buổi chiều"}},
		Kinds:     []ui.Option{{Value: string(exam.Papers), Label: "Có bài thi"}, {Value: string(exam.Procedure), Label: "Làm thủ tục, không có bài thi"}},
		Confirmed: []ui.Option{{Value: string(exam.Planned), Label: "Theo kế hoạch, chưa có văn bản"}, {Value: string(exam.DayOnly), Label: "Ngày theo văn bản, giờ theo kế hoạch"}, {Value: string(exam.Official), Label: "Ngày và giờ theo văn bản"}}}
	if s.ID != "" {
		data.Here = roundPath(e, r) + "/buoi/" + string(s.ID)
	}
	shown := max(1, len(s.Slots))
	for i := range maxSlots {
		if slotSent(f.Values, i) {
			shown = max(shown, i+1)
		}
	}
	data.slots(f, min(shown+1, maxSlots))
	return data, nil
}

// slots draws the grid of n slots: a column each, a row for each time and each component.
func (d *sittingData) slots(f ui.Form, n int) {
	for i := range n {
		d.Slots = append(d.Slots, fmt.Sprintf("Lượt %d", i+1))
	}
	for _, r := range []struct {
		label, hint string
		name        func(slotFields) string
	}{
		{"Giờ phát đề", "", func(s slotFields) string { return s.Handout }},
		{"Giờ bắt đầu làm bài", "", func(s slotFields) string { return s.Start }},
		{"Số phút làm bài", "để trống: theo môn", func(s slotFields) string { return s.Minutes }},
		{"Ca", "khi môn tự chọn chia ca", func(s slotFields) string { return s.Turn }},
	} {
		row := slotRow{Label: r.label, Hint: r.hint}
		for i := range n {
			field := f.Text(r.name(fieldsOfSlot(i)), "")
			row.Cells = append(row.Cells, slotCell{ID: field.ID, Name: field.Name, Value: field.Value, Label: d.Slots[i] + ": " + r.label, Error: field.Error})
		}
		d.Times = append(d.Times, row)
	}
	for _, sc := range d.Exam.Schemes {
		for _, paper := range sc.Papers {
			for _, component := range paper.Components {
				row := slotRow{Label: component.Subject.Name, Hint: fmt.Sprintf("%d phút", component.Minutes)}
				if paper.Kind == exam.Combined {
					row.Hint += ", bài " + paper.Name
				}
				if len(d.Exam.Schemes) > 1 {
					row.Hint += ", chương trình " + sc.Code
				}
				for i := range n {
					field := f.Checks(fieldsOfSlot(i).Components, "", nil)
					row.Cells = append(row.Cells, slotCell{ID: field.OptionID(len(d.Components)), Name: field.Name, Value: string(component.ID),
						Label: d.Slots[i] + ": " + row.Label, Error: field.Error, Checked: field.Chosen(string(component.ID))})
				}
				d.Components = append(d.Components, row)
			}
		}
	}
}

// slotSent tells whether anything stands in the i-th slot of a form.
func slotSent(v url.Values, i int) bool {
	f := fieldsOfSlot(i)
	return v.Get(f.Handout) != "" || v.Get(f.Start) != "" || len(v[f.Components]) > 0
}

func (p *Office) saveSitting(c *web.Ctx) (next, flash string, err error) {
	e, r, s, err := p.sittingOrNew(c)
	if err != nil {
		return "", "", err
	}
	in := exam.SittingInput{Day: c.Day("day"), Half: exam.Half(c.Text("half")), Kind: exam.SittingKind(c.Text("kind")), Name: c.Text("name"),
		Note: c.Lines("note"), CallIn: clockText(c.Text("call_in")), End: clockText(c.Text("end")), Confirmed: exam.Confirmed(c.Text("confirmed")), Source: c.Lines("source")}
	var at []int // which slot of the form each slot of the input is
	for i := range maxSlots {
		f := fieldsOfSlot(i)
		if !slotSent(c.R.Form, i) {
			continue
		}
		slot := exam.SlotInput{Turn: int(c.Int(f.Turn)), Handout: clockText(c.Text(f.Handout)), Start: clockText(c.Text(f.Start)), Minutes: int(c.Int(f.Minutes))}
		for _, id := range c.All(f.Components) {
			slot.Components = append(slot.Components, exam.ComponentID(id))
		}
		in.Slots = append(in.Slots, slot)
		at = append(at, i)
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	if in.Kind == exam.Procedure {
		in.Slots = nil
	}
	_, err = p.Exams.SaveSitting(c.Context(), e.ID, r.ID, s.ID, c.Version(), in)
	return examPath(e), saved(e, "buổi thi"), renumber(err, "slot.", at)
}

// clockText reads a time as people type it: "7h35", "7:35", "0735" are "07:35". What is no time is
// left for the verb to refuse.
func clockText(s string) string {
	folded := strings.NewReplacer("g", ":", "h", ":", ".", ":", " ", "").Replace(text.Fold(s))
	if len(folded) == 4 && !strings.Contains(folded, ":") {
		folded = folded[:2] + ":" + folded[2:]
	}
	hour, minute, ok := strings.Cut(folded, ":")
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(cmp.Or(minute, "0"))
	if !ok || err1 != nil || err2 != nil || h < 0 || h > 23 || m < 0 || m > 59 {
		return s
	}
	return fmt.Sprintf("%02d:%02d", h, m)
}

// renumber renames the refused fields "<prefix><n>.…" of what was sent to a verb to those of the
// form, whose empty rows were left out: the verb's n-th row is the form's at[n]-th.
func renumber(err error, prefix string, at []int) error {
	fields := slices.Clone(fault.FieldsOf(err))
	for i, f := range fields {
		rest, ok := strings.CutPrefix(f.Name, prefix)
		n, name, _ := strings.Cut(rest, ".")
		if index, err := strconv.Atoi(n); ok && err == nil && index < len(at) {
			fields[i].Name = fmt.Sprintf("%s%d.%s", prefix, at[index], name)
		}
	}
	if len(fields) == 0 {
		return err
	}
	return fault.Fields(fields...)
}

func (p *Office) cancelValues(c *web.Ctx) (url.Values, int, error) {
	_, _, s, err := p.sittingOrNew(c)
	return url.Values{"reason": {s.CancelledFor}}, s.Version, err
}

func (p *Office) cancelData(c *web.Ctx, f ui.Form) (cancelData, error) {
	e, r, s, err := p.sittingOrNew(c)
	return cancelData{f, e, s, roundPath(e, r) + "/buoi/" + string(s.ID), sittingHead(s) + ": " + s.Title(), seen(e)}, err
}

func (p *Office) cancelSitting(c *web.Ctx) (next, flash string, err error) {
	e, r, s, err := p.sittingOrNew(c)
	if err != nil {
		return "", "", err
	}
	reason := c.Text("reason")
	if c.Text("do") == "hold" {
		reason = ""
	} else if reason == "" {
		return "", "", fault.Fields(fault.Field{Name: "reason", Message: "Hãy ghi lý do, vì thí sinh sẽ đọc ở lịch thi."})
	}
	return examPath(e), saved(e, "buổi thi"), p.Exams.CancelSitting(c.Context(), e.ID, r.ID, s.ID, c.Version(), reason)
}

func (p *Office) removeSitting(c *web.Ctx) error {
	e, r, s, err := p.sittingOrNew(c)
	if err != nil {
		return err
	}
	if err := p.Exams.RemoveSitting(c.Context(), e.ID, r.ID, s.ID, c.Version()); err != nil {
		return err
	}
	return c.See(examPath(e), "Đã xóa buổi %s khỏi kỳ thi đang soạn.", lower(sittingHead(s)))
}
