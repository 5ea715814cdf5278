package reportsweb

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A typing is the form in which the Council types a site's report: as it is read out, or corrected. The
// usual fields stand open, few enough for one screen; what is rarely needed stands behind "Ít dùng".
type typing struct {
	Form       ui.Form
	Lines      []typingLine
	Closing    bool
	Reasons    []ui.Field // for the warnings that must be answered
	Words      string     // the reasons of absence, as a reminder
	Kinds      string
	Categories []ui.Option
	Severities []ui.Option
	Rare       bool // something rare is filled in or wrong: it stands open
}

// A typingLine has the names of one line's fields.
type typingLine struct {
	Key, Name                                                                                string
	Registered                                                                               int
	Note                                                                                     string // the running check
	FRegistered, FPresent, FAbsent, FWhy, FRooms, FSheets, FReprimanded, FWarned, FSuspended string
}

func field(key, name string) string { return "lines." + key + "." + name }

// typing makes the form for a site's part.
func newTyping(f ui.Form, form reports.Form, part rules.Part) typing {
	b := form.Basis
	t := typing{Form: f, Closing: part == rules.Closing, Words: names(b.AbsenceReasons), Kinds: names(b.StaffKinds), Categories: wordOptions("– không –", b.IncidentCategories),
		Severities: []ui.Option{{Value: "", Label: "– không –"}}}
	for _, code := range []string{"minor", "major", "severe"} {
		t.Severities = append(t.Severities, ui.Option{Value: code, Label: reports.SeverityLabel(code)})
	}
	said, _ := readTyping(f.Values, form, part)
	running := rules.Running(said, b)
	for _, base := range b.Lines {
		t.Lines = append(t.Lines, typingLine{Key: base.Key, Name: base.Name, Registered: base.Registered, Note: running[base.Key],
			FRegistered: field(base.Key, "registered"), FPresent: field(base.Key, "present"), FAbsent: field(base.Key, "absent"), FWhy: field(base.Key, "why"), FRooms: field(base.Key, "rooms"),
			FSheets: field(base.Key, "sheets"), FReprimanded: field(base.Key, "reprimanded"), FWarned: field(base.Key, "warned"), FSuspended: field(base.Key, "suspended")})
	}
	for _, key := range reasonKeys(f) {
		x := f.Text("reasons."+key, "Lý do, vì đã có cảnh báo "+strings.SplitN(key, ":", 2)[0])
		x.Required = true
		t.Reasons = append(t.Reasons, x)
	}
	t.Rare = rare(f, b)
	return t
}

// reasonKeys are the warnings that the form answers or must answer.
func reasonKeys(f ui.Form) []string {
	var keys []string
	add := func(name string) {
		if key, ok := strings.CutPrefix(name, "reasons."); ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, w := range f.Wrong {
		add(w.Name)
	}
	for name, v := range f.Values {
		if len(v) > 0 && v[0] != "" {
			add(name)
		}
	}
	slices.Sort(keys)
	return keys
}

// rareNames are the fields behind "Ít dùng", beside those of the lines.
var rareNames = []string{"notHeld", "staff", "incidents.0.category", "incidents.0.severity", "incidents.0.at", "incidents.0.what", "incidents.0.action", "startedAt", "note"}

func rare(f ui.Form, b rules.Basis) bool {
	open := slices.Clone(rareNames)
	for _, l := range b.Lines {
		open = append(open, field(l.Key, "sheets"))
		if v := f.Values.Get(field(l.Key, "registered")); v != fmt.Sprint(l.Registered) {
			open = append(open, field(l.Key, "registered"))
		}
	}
	for _, name := range open {
		if f.Values.Get(name) != "" || slices.ContainsFunc(f.Wrong, func(w fault.Field) bool { return w.Name == name }) {
			return true
		}
	}
	return false
}

// typingValues shows a report in the form; a blank one when said is nil. The first part's attendance, when
// the second is typed, is there to be confirmed or corrected while it is read out (V-09).
func typingValues(form reports.Form, part rules.Part, said *rules.Report) url.Values {
	b := form.Basis
	v := url.Values{"id": {db.NewID()}, "head": {form.Site.HeadName}}
	known := func(key string) (rules.Line, bool) {
		if said != nil {
			return lineOf(*said, key)
		}
		return lineOf(rules.Report{Lines: b.First}, key)
	}
	for _, base := range b.Lines {
		v.Set(field(base.Key, "registered"), fmt.Sprint(base.Registered))
		l, ok := known(base.Key)
		if !ok || said == nil && part == rules.Attendance {
			continue
		}
		set := func(name string, c rules.Count) { v.Set(field(base.Key, name), string(c)) }
		if said != nil {
			set("registered", l.Registered)
			set("reprimanded", l.Reprimanded)
			set("warned", l.Warned)
			set("suspended", l.Suspended)
		}
		set("present", l.Present)
		set("absent", l.Absent)
		set("rooms", l.Rooms)
		v.Set(field(base.Key, "why"), typedAs(l.Why, b.AbsenceReasons))
		if l.Sheets != nil {
			set("sheets", *l.Sheets)
		}
	}
	if said != nil {
		saidValues(v, *said, b)
	}
	return v
}

// saidValues shows what a report says beside its lines.
func saidValues(v url.Values, said rules.Report, b rules.Basis) {
	for name, value := range map[string]string{"notHeld": said.NotHeld, "startedAt": said.StartedAt, "head": said.Head, "note": said.Note} {
		v.Set(name, value)
	}
	staff := map[string]rules.Count{}
	for _, s := range said.Staff {
		staff[s.Kind] = s.Count
	}
	v.Set("staff", typedAs(staff, b.StaffKinds))
	if said.NoIncident {
		v.Set("noIncident", "1")
	}
	for key, reason := range said.Reasons {
		v.Set("reasons."+key, reason)
	}
	if len(said.Incidents) > 0 {
		i := said.Incidents[0]
		for name, value := range map[string]string{"category": i.Category, "severity": i.Severity, "at": i.At, "what": i.What, "action": i.Action} {
			v.Set("incidents.0."+name, value)
		}
		if i.Open {
			v.Set("incidents.0.open", "1")
		}
	}
}

// readTyping makes a report of what was typed, and says what cannot be read at all.
func readTyping(v url.Values, form reports.Form, part rules.Part) (rules.Report, []fault.Field) {
	b := form.Basis
	get := func(name string) string { return text.CleanInput(v.Get(name)) }
	r := rules.Report{ID: get("id"), Site: b.Site, Sitting: b.Sitting, Part: part, Form: form.Version, NotHeld: get("notHeld"), StartedAt: get("startedAt"), Note: text.CleanLines(v.Get("note")),
		Reporter: get("speaker"), Head: get("head")}
	var wrong []fault.Field
	if r.NotHeld == "" {
		r.Lines, wrong = readLines(v, b, part)
	}
	if part == rules.Closing {
		r.NoIncident = v.Get("noIncident") == "1"
		staff, problem := counted(get("staff"), b.StaffKinds)
		if problem != "" {
			wrong = append(wrong, fault.Field{Name: "staff", Message: problem})
		}
		for _, w := range b.StaffKinds {
			if c, ok := staff[w.Code]; ok {
				r.Staff = append(r.Staff, rules.StaffViolation{Kind: w.Code, Count: c})
			}
		}
	} else {
		r.Head = ""
	}
	i := rules.Incident{Category: get("incidents.0.category"), Severity: get("incidents.0.severity"), At: get("incidents.0.at"), What: text.CleanLines(v.Get("incidents.0.what")),
		Action: text.CleanLines(v.Get("incidents.0.action")), Open: v.Get("incidents.0.open") == "1"}
	if i.Category+i.Severity+i.What+i.Action != "" {
		r.Incidents = []rules.Incident{i}
	}
	for name := range v {
		if key, ok := strings.CutPrefix(name, "reasons."); ok && get(name) != "" {
			if r.Reasons == nil {
				r.Reasons = map[string]string{}
			}
			r.Reasons[key] = get(name)
		}
	}
	return r, wrong
}

func readLines(v url.Values, b rules.Basis, part rules.Part) (lines []rules.Line, wrong []fault.Field) {
	for _, base := range b.Lines {
		count := func(name string) rules.Count { return rules.Count(text.CleanInput(v.Get(field(base.Key, name)))) }
		l := rules.Line{Key: base.Key, Registered: count("registered"), Present: count("present"), Absent: count("absent"), Rooms: count("rooms")}
		if l.Registered == "" {
			l.Registered = rules.N(base.Registered)
		}
		if sheets := count("sheets"); sheets != "" {
			l.Sheets = &sheets
		}
		if part == rules.Closing {
			l.Reprimanded, l.Warned, l.Suspended = count("reprimanded"), count("warned"), count("suspended")
		}
		var problem string
		if l.Why, problem = counted(text.CleanInput(v.Get(field(base.Key, "why"))), b.AbsenceReasons); problem != "" {
			wrong = append(wrong, fault.Field{Name: field(base.Key, "why"), Message: problem})
		}
		lines = append(lines, l)
	}
	return lines, wrong
}

// ledTo leads each problem to a field that the form has.
func ledTo(wrong []fault.Field, b rules.Basis) []fault.Field {
	out := slices.Clone(wrong)
	for i, w := range out {
		for _, l := range b.Lines {
			if why := field(l.Key, "why"); strings.HasPrefix(w.Name, why+".") {
				out[i].Name = why
			}
			if w.Name == "lines."+l.Key || w.Name == "lines" {
				out[i].Name = field(b.Lines[0].Key, "present")
			}
		}
		if strings.HasPrefix(w.Name, "staff.") {
			out[i].Name = "staff"
		}
		if w.Name == "" || w.Name == "before" {
			out[i].Name = field(firstKey(b), "present")
		}
	}
	return out
}

func firstKey(b rules.Basis) string {
	if len(b.Lines) == 0 {
		return ""
	}
	return b.Lines[0].Key
}

// replaced gives err with its fields led to those of the form.
func replaced(err error, b rules.Basis) error {
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		return fault.Fields(ledTo(fields, b)...)
	}
	return err
}

// A checked is what the page's script is told while the form is typed.
type checked struct {
	Wrong    []checkedField    `json:"wrong"`    // what would be refused
	Asked    []checkedField    `json:"asked"`    // warnings without a reason
	Running  map[string]string `json:"running"`  // by line
	ReadBack []string          `json:"readBack"` // what is read back, when nothing is wrong with the figures
}

type checkedField struct {
	Field   string `json:"field"`
	Key     string `json:"key,omitempty"`
	Message string `json:"message"`
}

// check judges what was typed so far.
func check(v url.Values, form reports.Form, part rules.Part) checked {
	b := form.Basis
	r, unread := readTyping(v, form, part)
	out := checked{Running: rules.Running(r, b), Wrong: []checkedField{}, Asked: []checkedField{}, ReadBack: []string{}}
	taken := map[string]bool{}
	for _, w := range unread {
		out.Wrong = append(out.Wrong, checkedField{Field: w.Name, Message: w.Message})
		taken[w.Name] = true
	}
	verdict := rules.Judge(r, b)
	for _, f := range verdict.Errors {
		at := ledTo([]fault.Field{{Name: f.Field, Message: f.Message}}, b)[0]
		if !taken[at.Name] {
			out.Wrong = append(out.Wrong, checkedField{Field: at.Name, Message: f.Message})
		}
	}
	for _, f := range slices.Concat(verdict.Open, verdict.Answered) {
		at := ledTo([]fault.Field{{Name: f.Field, Message: f.Message}}, b)[0]
		out.Asked = append(out.Asked, checkedField{Field: at.Name, Key: f.Key, Message: f.Message})
	}
	if len(out.Wrong) == 0 {
		out.ReadBack = rules.ReadBack(r, b)
	}
	return out
}

// sentValues gives the values of the form that was sent.
func sentValues(c *web.Ctx) url.Values { return c.R.PostForm }
