package reportsweb

import (
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A paper is a report as it is read: everything it says, who sent it and what became of it.
type paper struct {
	reports.Report
	Tag      ui.Tag
	Facts    []ui.Fact
	Lines    []paperLine
	Closing  bool
	Several  bool // more than one line
	Others   []ui.Fact
	Warnings []paperWarning
	History  []ui.Step
	Steps    []ui.Link
	Accept   bool
	Late     string // how late it came
}

type paperLine struct {
	Name                                                                            string
	Registered, Present, Absent, Why, Rooms, Sheets, Reprimanded, Warned, Suspended string
	Rate                                                                            string
}

type paperWarning struct {
	Rule, Message, Reason string
}

// A labelled value of a report; Key tells it apart from others.
type saidField struct{ Key, Label, Value string }

// shown gives a count as it was typed, "–" when nothing was.
func shown(c rules.Count) string {
	if n, ok := c.Int(); ok {
		return text.FormatNumber(int64(n))
	}
	if c == "" {
		return "–"
	}
	return string(c)
}

// whyWords gives the absences by reason in words: "Ốm, tai nạn 1; Bỏ thi 2".
func whyWords(l rules.Line, words []rules.Word) string {
	var parts []string
	seen := map[string]bool{}
	for _, w := range words {
		seen[w.Code] = true
		if n, ok := l.Why[w.Code].Int(); ok && n > 0 {
			parts = append(parts, w.Name+" "+text.FormatNumber(int64(n)))
		}
	}
	for code, c := range l.Why {
		if n, ok := c.Int(); !seen[code] && ok && n > 0 {
			parts = append(parts, code+" "+text.FormatNumber(int64(n)))
		}
	}
	return strings.Join(parts, "; ")
}

func nameOf(words []rules.Word, code string) string {
	for _, w := range words {
		if w.Code == code {
			return w.Name
		}
	}
	return code
}

// bases are the lines of a form, with those that only the report has after them.
func bases(b rules.Basis, said ...rules.Report) []rules.Base {
	all := slices.Clone(b.Lines)
	for _, r := range said {
		for _, l := range r.Lines {
			if !slices.ContainsFunc(all, func(x rules.Base) bool { return x.Key == l.Key }) {
				all = append(all, rules.Base{Key: l.Key, Name: l.Key})
			}
		}
	}
	return all
}

func lineOf(r rules.Report, key string) (rules.Line, bool) {
	i := slices.IndexFunc(r.Lines, func(l rules.Line) bool { return l.Key == key })
	if i < 0 {
		return rules.Line{}, false
	}
	return r.Lines[i], true
}

// paperOf makes a report readable.
func paperOf(r reports.Report, b rules.Basis, due int64) paper {
	x := paper{Report: r, Tag: stateTag(r), Closing: r.Part == rules.Closing}
	if due > 0 && r.ReceivedAt > due {
		x.Late = ago(r.ReceivedAt - due)
	}
	for _, base := range bases(b, r.Said) {
		l, ok := lineOf(r.Said, base.Key)
		if !ok {
			continue
		}
		line := paperLine{Name: base.Name, Registered: shown(l.Registered), Present: shown(l.Present), Absent: shown(l.Absent), Why: whyWords(l, b.AbsenceReasons), Rooms: shown(l.Rooms),
			Sheets: "–", Reprimanded: shown(l.Reprimanded), Warned: shown(l.Warned), Suspended: shown(l.Suspended), Rate: "–"}
		if l.Sheets != nil {
			line.Sheets = shown(*l.Sheets)
		}
		if present, ok := l.Present.Int(); ok {
			registered, _ := l.Registered.Int()
			line.Rate = text.FormatPercent(int64(present), int64(registered))
		}
		x.Lines = append(x.Lines, line)
	}
	x.Several = len(x.Lines) > 1
	for _, f := range r.Warnings {
		x.Warnings = append(x.Warnings, paperWarning{f.Rule, f.Message, r.Said.Reasons[f.Key]})
	}
	x.Facts = handling(r, x.Late)
	for _, f := range otherFields(r.Said, b) {
		x.Others = append(x.Others, ui.Fact{Label: f.Label, Value: f.Value})
	}
	return x
}

// handling is what is known of the sending and of what became of the report.
func handling(r reports.Report, late string) []ui.Fact {
	facts := []ui.Fact{{Label: "Biên nhận", Value: r.Receipt}}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Label: label, Value: value})
		}
	}
	got := text.FormatDayTime(r.ReceivedAt)
	if late != "" {
		got += ", trễ " + late
	}
	add("Nhận lúc", got)
	way := r.Channel.Label()
	if r.Behalf {
		way += ", nhập thay điểm thi"
	}
	add("Cách gửi", way)
	add("Người nhập", r.EnteredName)
	if r.DictatedBy != "" {
		said := r.DictatedBy + ", gọi lúc " + text.FormatDayTime(r.DictatedAt)
		if r.ReadBack {
			said += "; đã đọc lại và xác nhận"
		}
		add("Người đọc số liệu", said)
	}
	if r.ConfirmedAt > 0 {
		add("Trưởng điểm xác nhận", r.ConfirmedBy+", "+text.FormatDayTime(r.ConfirmedAt))
	}
	if r.AcceptedAt > 0 {
		add("Tiếp nhận", r.AcceptedName+", "+text.FormatDayTime(r.AcceptedAt))
	}
	add("Ghi chú xử lý", r.Note)
	return facts
}

// otherFields are what a report says beside its lines.
func otherFields(r rules.Report, b rules.Basis) []saidField {
	var all []saidField
	add := func(key, label, value string) {
		if value != "" {
			all = append(all, saidField{key, label, value})
		}
	}
	add("notHeld", "Không tổ chức buổi thi", r.NotHeld)
	for _, s := range r.Staff {
		value := shown(s.Count)
		if s.Note != "" {
			value += " (" + s.Note + ")"
		}
		add("staff."+s.Kind, "Cán bộ vi phạm: "+strings.ToLower(nameOf(b.StaffKinds, s.Kind)), value)
	}
	for i, x := range r.Incidents {
		state := "đã xử lý xong"
		if x.Open {
			state = "chưa xử lý xong"
		}
		value := fmt.Sprintf("%s, %s, %s, %s. %s", x.At, nameOf(b.IncidentCategories, x.Category), strings.ToLower(reports.SeverityLabel(x.Severity)), state, x.What)
		if x.Action != "" {
			value += " Đã làm: " + x.Action
		}
		add(fmt.Sprintf("incident.%d", i), fmt.Sprintf("Sự cố %d", i+1), value)
	}
	if r.NoIncident {
		add("noIncident", "Sự cố", "Không có sự cố")
	}
	add("startedAt", "Giờ bắt đầu thực tế", r.StartedAt)
	add("reporter", "Người báo", r.Reporter)
	add("head", "Trưởng điểm", r.Head)
	add("witness", "Người chứng kiến", r.Witness)
	if r.OnlineAt != "" || r.OfflineAt != "" {
		add("online", "Máy nối mạng", r.OnlineAt+" – "+r.OfflineAt)
	}
	add("note", "Ghi chú", r.Note)
	return all
}

// fields flattens everything a report says, to hold two side by side.
func fields(r rules.Report, lines []rules.Base, b rules.Basis) []saidField {
	var all []saidField
	for _, base := range lines {
		l, ok := lineOf(r, base.Key)
		if !ok {
			continue
		}
		add := func(key, label string, c rules.Count) {
			if c != "" {
				all = append(all, saidField{base.Key + "." + key, base.Name + ", " + label, shown(c)})
			}
		}
		add("registered", "đăng ký", l.Registered)
		add("present", "có mặt", l.Present)
		add("absent", "vắng", l.Absent)
		for _, w := range b.AbsenceReasons {
			if n, ok := l.Why[w.Code].Int(); ok && n > 0 {
				add("why."+w.Code, "vắng: "+strings.ToLower(w.Name), l.Why[w.Code])
			}
		}
		add("rooms", "phòng thi", l.Rooms)
		if l.Sheets != nil {
			add("sheets", "số bài thu", *l.Sheets)
		}
		add("reprimanded", "khiển trách", l.Reprimanded)
		add("warned", "cảnh cáo", l.Warned)
		add("suspended", "đình chỉ", l.Suspended)
	}
	return append(all, otherFields(r, b)...)
}

// A twofold is one line of two reports side by side.
type twofold struct {
	Label, A, B string
	Differs     bool
}

// compare holds two reports side by side, in the order of the first.
func compare(a, z rules.Report, b rules.Basis) []twofold {
	lines := bases(b, a, z)
	left, right := fields(a, lines, b), fields(z, lines, b)
	find := func(all []saidField, key string) string {
		i := slices.IndexFunc(all, func(f saidField) bool { return f.Key == key })
		if i < 0 {
			return "–"
		}
		return all[i].Value
	}
	var out []twofold
	for _, f := range left {
		other := find(right, f.Key)
		out = append(out, twofold{f.Label, f.Value, other, f.Value != other})
	}
	for _, f := range right {
		if find(left, f.Key) == "–" {
			out = append(out, twofold{f.Label, "–", f.Value, true})
		}
	}
	return out
}
