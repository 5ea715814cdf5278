package reportsweb

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/receipt"
	"bangvang/internal/reports/rules"
)

// A siteFormData is the site's page of one sitting: both parts, each as a form and as what was sent.
type siteFormData struct {
	reports.Form
	Path   string
	Office string // where the list is
	Parts  [2]sitePart
	// What the script works with.
	Person    string // tells the browser's drafts of one person from another's; no name
	Name      string
	BasisJSON string // of a [rules.Basis]
	States    string // JSON of what stands of each part
	Now       int64
	Keep      int64 // how long the page may be opened without the server, ms
	Script    string
	Style     string
	Worker    string
}

// Blank is what a report that is yet to be sent is shown by.
func (siteFormData) Blank() sentReport { return sentReport{} }

// A sitePart is one part's form and what stands of it.
type sitePart struct {
	rules.Part
	Name    string
	DueAt   int64
	Late    bool
	Tag     ui.Tag
	Sent    *sentReport
	Notices []ui.Notice
	Draft   *reports.Life // a draft was seen on some machine of the site
	Open    bool          // the form is shown

	Problems  []ui.Problem
	Top       cell // what is wrong with the whole
	Hidden    [][2]string
	Why       cell // why it is amended
	Amending  bool
	Amendable bool // by who looks
	NotHeld   cell
	StartedAt cell
	Lines     []lineCells
	Staff     []staffCells
	Incidents []incidentCells
	Pattern   incidentCells // of a further incident
	Adding    bool          // an incident is about to be told of
	NoneWrong cell
	People    []cell
	Machine   []cell
	Note      cell
}

// HasIncident tells whether an incident is told of, or what is told is wrong.
func (s sitePart) HasIncident() bool {
	return s.Adding || slices.ContainsFunc(s.Incidents, func(x incidentCells) bool {
		return x.Category.Value+x.At.Value+x.What.Value+x.Does.Value != "" || x.Category.Wrong() || x.At.Wrong() || x.What.Wrong()
	})
}

// A sentReport is a report as its sender keeps it.
type sentReport struct {
	reports.Report
	Aloud   string
	State   ui.Tag
	Said    []string // the figures in words
	Message string
	Confirm string // where the head confirms it; "" when there is nothing to confirm
	Amend   string // where it is amended
}

// A cell is one input with what is wrong with it. A warning asks for its reason beside it.
type cell struct {
	ID, Name, Label, Hint, Value string
	Kind                         string // number, text, clock, area, check, select; "" for a place of messages alone
	Options                      []ui.Option
	ReadOnly                     bool
	Errors                       []string
	Warnings                     []siteWarning
}

type siteWarning struct{ ID, Key, Message, Reason string }

// Wrong tells whether something stands at the cell.
func (c cell) Wrong() bool { return len(c.Errors)+len(c.Warnings) > 0 }

type lineCells struct {
	rules.Base
	Whole   cell // what is wrong with the line
	Counts  []cell
	Running string
	WhyAll  cell
	Why     []cell
	Open    bool // some reason is typed or wrong
	After   []cell
}

type staffCells struct {
	Name        string
	Count, Note cell
}

type incidentCells struct {
	N                                        int // as shown, from 1
	Category, Severity, At, What, Does, Open cell
}

var siteFormPage = ui.New[siteFormData](files, "pages/diem-thi-mau.html", "pages/diem-thi-o.html", "pages/diem-thi-gui.html")

// siteForm shows the form and notes that the site has opened it.
func (p *Pages) siteForm(c *web.Ctx) error {
	f, err := p.form(c)
	if err != nil {
		return err
	}
	data, err := p.siteData(c, f)
	if err != nil {
		return err
	}
	amend := rules.Part(c.Int("sua"))
	for i := range data.Parts {
		part := rules.Part(i + 1)
		v := p.prefilled(c, f, part)
		b := cellsOf(f, part, v)
		b.answered(reportOf(v, f.Basis, part))
		data.Parts[i] = p.sitePart(c, f, b, part == amend)
	}
	next := rules.Attendance // the part the site is about to fill in
	if lastOf(f.Said[0]).said != nil {
		next = rules.Closing
	}
	if err := p.Reports.Seen(c.Context(), reports.Slot{Sitting: f.Sitting.ID, Site: f.Site.ID, Part: next}, reports.FormOpened); err != nil && !fault.Is(err, fault.Denied) && !fault.Is(err, fault.NotFound) {
		return err
	}
	return c.Render(siteFormPage.With(data))
}

// siteSend takes in a form that was sent without a script.
func (p *Pages) siteSend(c *web.Ctx) error {
	f, err := p.form(c)
	if err != nil {
		return err
	}
	part := rules.Part(c.Int("part"))
	if part != rules.Attendance && part != rules.Closing {
		return fault.New(fault.Invalid, "Chưa rõ đây là lượt 1 hay lượt 2. Hãy mở lại trang của buổi thi.")
	}
	in, places := reportOf(c.R.PostForm, f.Basis, part)
	again := func(wrong error) func(ui.Form) (ui.Filled, error) {
		return func(ui.Form) (ui.Filled, error) {
			data, err := p.siteData(c, f)
			if err != nil {
				return nil, err
			}
			for i := range data.Parts {
				other := rules.Part(i + 1)
				v := p.prefilled(c, f, other)
				if other == part {
					v = refreshed(c.R.PostForm, f)
				}
				b := cellsOf(f, other, v)
				adds := other == part && wrong == nil
				if other == part {
					b.refused(wrong, in, places)
				}
				if adds {
					b.more = 2
				}
				data.Parts[i] = p.sitePart(c, f, b, other == part)
				data.Parts[i].Open, data.Parts[i].Adding = other == part, adds
			}
			return siteFormPage.With(data), nil
		}
	}
	if c.Text("do") == "su-co" {
		return c.Preview(again(nil))
	}
	given, err := p.submit(c, in)
	if err != nil {
		return c.Again(err, again(err))
	}
	return c.See(fmt.Sprintf("%s#luot-%d", here(c), part), "%s", given.Message)
}

// submit sends a report. Who amends says why.
func (p *Pages) submit(c *web.Ctx, in reports.Submission) (reports.Receipt, error) {
	if in.Amends != "" && strings.TrimSpace(in.Why) == "" {
		return reports.Receipt{}, fault.Fields(fault.Field{Name: "why", Message: "Hãy ghi vì sao sửa báo cáo đã gửi."})
	}
	return p.Reports.Submit(c.Context(), in)
}

// siteData is what the page shows beside its parts.
func (p *Pages) siteData(c *web.Ctx, f reports.Form) (siteFormData, error) {
	basis, err := json.Marshal(f.Basis)
	if err != nil {
		return siteFormData{}, err
	}
	states, err := json.Marshal(p.answer(c, f, f.Version).Parts)
	if err != nil {
		return siteFormData{}, err
	}
	return siteFormData{States: string(states), Form: f, Path: here(c), Office: SitePath, Person: personKey(c), Name: c.Actor().Name, BasisJSON: string(basis), Now: p.Clock.Millis(),
		Keep: keepFor(p.Clock.Millis(), f), Script: siteScript.Path, Style: siteStyle.Path, Worker: siteWorker.Path}, nil
}

// personKey tells the drafts of one person in a browser from another's.
func personKey(c *web.Ctx) string { return c.Secret("report draft", false)[:10] }

// keepFor is how long a page may be opened without the server: to the end of the sitting's day.
func keepFor(now int64, f reports.Form) int64 {
	day := clock.Local(clock.FromMillis(max(now, f.Basis.EndAt)))
	return clock.Millis(day.AddDate(0, 0, 1)) - now - int64(day.Hour()*3600+day.Minute()*60+day.Second())*1000
}

// sitePart draws a part around its cells.
func (p *Pages) sitePart(c *web.Ctx, f reports.Form, b *cells, amend bool) sitePart {
	i := int(b.part) - 1
	last := lastOf(f.Said[i])
	s := sitePart{Part: b.part, Name: PartName(b.part), DueAt: f.DueAt[i]}
	mayEnter := c.Can(reports.ActEnter, access.Place{Site: string(f.Site.ID)})
	s.Amendable = mayEnter
	s.Open = mayEnter && (last.said == nil || amend)
	s.Late = last.said == nil && f.Duty.Due && p.Clock.Millis() > s.DueAt
	s.Tag = ui.Tag{Word: "Chưa gửi"}
	if last.said != nil {
		s.Sent = p.sent(c, f, *last.said)
		s.Tag = s.Sent.State
	} else if s.Late {
		s.Tag = ui.Tag{Tone: ui.Bad, Word: "Đã quá hạn, chưa gửi"}
	}
	if last.disputed {
		s.Notices = append(s.Notices, ui.Notice{Tone: ui.Warn, Title: "Có hai số liệu khác nhau", Text: "Cả hai báo cáo đều đã được giữ. Thư ký Hội đồng thi sẽ gọi điểm thi để xác định số đúng; không cần gửi lại."})
	}
	if r := last.returned; r != nil {
		s.Tag = ui.Tag{Tone: ui.Bad, Word: "Đã trả lại"}
		s.Notices = append(s.Notices, ui.Notice{Tone: ui.Bad, Title: "Hội đồng thi trả lại báo cáo " + r.Receipt, Text: "Lý do: " + r.Note + ". Hãy sửa rồi gửi lại."})
	}
	if life := f.Life[i]; life != nil && last.said == nil && life.Sign != reports.FormOpened {
		s.Draft = life
	}
	b.fill(&s)
	for _, x := range b.problems {
		switch {
		case x.id != "":
		case b.placed[x.name] && x.name != "":
			x.id = b.id(x.name)
		default:
			x.id = b.id("chung")
		}
		s.Problems = append(s.Problems, ui.Problem{Text: x.text, Href: "#" + x.id})
	}
	s.Hidden = [][2]string{{"part", strconv.Itoa(int(b.part))}, {"id", b.v.Get("id")}, {"form", f.Version}}
	if amends := b.v.Get("amends"); amends != "" {
		s.Hidden = append(s.Hidden, [2]string{"amends", amends})
		s.Amending = true
	}
	return s
}

// sent shows a report that stands.
func (p *Pages) sent(c *web.Ctx, f reports.Form, r reports.Report) *sentReport {
	s := &sentReport{Report: r, Aloud: receipt.Aloud(r.Receipt), Said: sentences(r.Said, f.Basis)}
	s.State = ui.Tag{Tone: ui.Info, Word: reports.SiteWorkflow(r.Part).States[r.State]}
	switch {
	case r.Locked != "":
		s.State = ui.Tag{Tone: ui.OK, Word: reports.Locked.Label()}
	case r.State == reports.StateAccepted, r.State == reports.StateConfirmed:
		s.State.Tone = ui.OK
	case r.State == reports.StateDisputed:
		s.State.Tone = ui.Warn
	}
	switch {
	case r.Channel == reports.Phone:
		s.Message = fmt.Sprintf("Hội đồng thi nhập thay điểm thi qua điện thoại, theo lời %s.", r.DictatedBy)
	case r.Behalf:
		s.Message = fmt.Sprintf("Hội đồng thi (%s) nhập thay điểm thi.", r.EnteredName)
	case r.Part == rules.Closing && r.State == reports.StateSubmitted:
		s.Message = "Còn chờ Trưởng điểm thi xác nhận."
	}
	place := access.Place{Site: string(f.Site.ID)}
	if r.State == reports.StateSubmitted && c.Can(reports.ActConfirm, place) {
		s.Confirm = here(c) + "/xac-nhan"
	}
	if c.Can(reports.ActEnter, place) {
		s.Amend = fmt.Sprintf("%s?sua=%d#luot-%d", here(c), r.Part, r.Part)
	}
	return s
}

// sentences says a report's figures, a line of the site each.
func sentences(r rules.Report, b rules.Basis) []string {
	if r.NotHeld != "" {
		return []string{"Không tổ chức buổi thi: " + r.NotHeld}
	}
	var said []string
	for _, base := range b.Lines {
		i := slices.IndexFunc(r.Lines, func(l rules.Line) bool { return l.Key == base.Key })
		if i < 0 {
			continue
		}
		l := r.Lines[i]
		s := fmt.Sprintf("%s: đăng ký %s, có mặt %s, vắng %s", base.Name, l.Registered, l.Present, l.Absent)
		var why []string
		for _, w := range b.AbsenceReasons {
			if n, ok := l.Why[w.Code].Int(); ok && n > 0 {
				why = append(why, fmt.Sprintf("%s %d", lowerFirst(w.Name), n))
			}
		}
		if len(why) > 0 {
			s += " (" + strings.Join(why, ", ") + ")"
		}
		s += fmt.Sprintf(", %s phòng", l.Rooms)
		if r.Part == rules.Closing {
			if l.Sheets != nil {
				s += fmt.Sprintf(", %s bài thu", *l.Sheets)
			}
			s += fmt.Sprintf("; khiển trách %s, cảnh cáo %s, đình chỉ %s", l.Reprimanded, l.Warned, l.Suspended)
		}
		said = append(said, s+".")
	}
	for _, v := range r.Staff {
		said = append(said, fmt.Sprintf("Cán bộ vi phạm, %s: %s.", lowerFirst(wordOf(b.StaffKinds, v.Kind)), v.Count))
	}
	for _, x := range r.Incidents {
		said = append(said, fmt.Sprintf("Sự cố lúc %s, %s, mức %s: %s", x.At, lowerFirst(wordOf(b.IncidentCategories, x.Category)), lowerFirst(reports.SeverityLabel(x.Severity)), x.What))
	}
	if r.NoIncident {
		said = append(said, "Không có sự cố.")
	}
	return said
}

// lowerFirst writes a name as it stands inside a sentence; an abbreviation stays.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) < 2 || unicode.IsUpper(r[1]) {
		return s
	}
	return string(unicode.ToLower(r[0])) + string(r[1:])
}

func wordOf(words []rules.Word, code string) string {
	if i := slices.IndexFunc(words, func(w rules.Word) bool { return w.Code == code }); i >= 0 {
		return words[i].Name
	}
	return code
}

// Day is when it came, for the log of the duty room: "7/7/2021".
func (s sentReport) Day() string { return text.FormatDay(clock.Day(clock.FromMillis(s.ReceivedAt))) }

// prefilled is what a part's form shows first: what was returned or is being amended, what part 1 said,
// or what the site is known to have.
func (p *Pages) prefilled(c *web.Ctx, f reports.Form, part rules.Part) url.Values {
	last := lastOf(f.Said[part-1])
	if old := cmp.Or(last.said, last.returned); old != nil && !old.Behalf {
		v := valuesOf(old.Said)
		v.Set("id", db.NewID())
		if last.said != nil {
			v.Set("amends", old.Receipt)
		}
		return refreshed(v, f)
	}
	v := url.Values{"id": {db.NewID()}}
	if isOfSite(c, f) {
		v.Set("reporter", c.Actor().Name)
	}
	if part == rules.Closing {
		if first := lastOf(f.Said[0]).said; first != nil {
			v = valuesOf(first.Said)
			v.Set("id", db.NewID())
			for _, own := range []string{"onlineAt", "offlineAt", "note"} { // those were of part 1
				v.Del(own)
			}
		}
		v.Set("head", cmp.Or(v.Get("head"), f.Site.HeadName))
	}
	return refreshed(v, f)
}

// isOfSite tells whether the actor holds a role of the site: the Council's people, who may fill in the
// form too, are not its reporters.
func isOfSite(c *web.Ctx, f reports.Form) bool {
	return slices.ContainsFunc(c.Actor().Grants, func(g access.Grant) bool {
		return g.Scope == access.Scope{Kind: access.Site, ID: string(f.Site.ID)} && (g.Role == people.RoleSiteSecretary || g.Role == people.RoleSiteHead)
	})
}

// refreshed puts the roster's numbers into a form: they are not typed, and what the page had may be older.
func refreshed(v url.Values, f reports.Form) url.Values {
	out := maps.Clone(v)
	for _, l := range f.Basis.Lines {
		if name := "lines." + l.Key + ".registered"; !f.Basis.Authority || out.Get(name) == "" {
			out.Set(name, strconv.Itoa(l.Registered))
		}
	}
	return out
}

// counted are the counts of a line beside the registered, in the order they are typed.
var (
	countsFirst = []struct{ code, label string }{{"present", "Có mặt"}, {"absent", "Vắng"}, {"rooms", "Phòng thi"}}
	countsAfter = []struct{ code, label string }{{"sheets", "Số bài thu"}, {"reprimanded", "Khiển trách"}, {"warned", "Cảnh cáo"}, {"suspended", "Đình chỉ"}}
)

// valuesOf gives a report as its form's values.
func valuesOf(r rules.Report) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	for _, l := range r.Lines {
		at := "lines." + l.Key + "."
		for code, n := range map[string]rules.Count{"registered": l.Registered, "present": l.Present, "absent": l.Absent, "rooms": l.Rooms,
			"reprimanded": l.Reprimanded, "warned": l.Warned, "suspended": l.Suspended} {
			set(at+code, string(n))
		}
		if l.Sheets != nil {
			set(at+"sheets", string(*l.Sheets))
		}
		for code, n := range l.Why {
			set(at+"why."+code, string(n))
		}
	}
	for _, s := range r.Staff {
		set("staff."+s.Kind+".count", string(s.Count))
		set("staff."+s.Kind+".note", s.Note)
	}
	for i, x := range r.Incidents {
		at := fmt.Sprintf("incidents.%d.", i)
		for name, value := range map[string]string{"category": x.Category, "severity": x.Severity, "at": x.At, "what": x.What, "action": x.Action} {
			set(at+name, value)
		}
		if x.Open {
			set(at+"open", "1")
		}
	}
	if r.NoIncident {
		set("noIncident", "1")
	}
	for name, value := range map[string]string{"notHeld": r.NotHeld, "startedAt": r.StartedAt, "reporter": r.Reporter, "head": r.Head, "witness": r.Witness,
		"onlineAt": r.OnlineAt, "offlineAt": r.OfflineAt, "note": r.Note} {
		set(name, value)
	}
	for key, reason := range r.Reasons {
		set("reasons."+key, reason)
	}
	return v
}

// maxIncidents is how many incidents one form can tell of.
const maxIncidents = 40

// reportOf reads a form's values as a report. places says where on the form the report's own numbering
// of staff and incidents stands: "staff.0" → "staff.warning".
func reportOf(v url.Values, b rules.Basis, part rules.Part) (in reports.Submission, places map[string]string) {
	places = map[string]string{}
	one := func(name string) string { return text.CleanInput(v.Get(name)) }
	r := &in.Report
	*r = rules.Report{ID: one("id"), Site: b.Site, Sitting: b.Sitting, Part: part, Form: one("form"), NotHeld: text.CleanLines(v.Get("notHeld")), NoIncident: v.Get("noIncident") == "1",
		StartedAt: one("startedAt"), Reporter: one("reporter"), Head: one("head"), Witness: one("witness"), OnlineAt: one("onlineAt"), OfflineAt: one("offlineAt"),
		Note: text.CleanLines(v.Get("note"))}
	for _, base := range b.Lines {
		at := "lines." + base.Key + "."
		count := func(code string) rules.Count { return rules.Count(one(at + code)) }
		l := rules.Line{Key: base.Key, Registered: count("registered"), Present: count("present"), Absent: count("absent"), Rooms: count("rooms")}
		typed := l.Present + l.Absent + l.Rooms
		for _, w := range b.AbsenceReasons {
			if n := count("why." + w.Code); n != "" {
				if l.Why == nil {
					l.Why = map[string]rules.Count{}
				}
				l.Why[w.Code] = n
				typed += n
			}
		}
		if part == rules.Closing {
			l.Reprimanded, l.Warned, l.Suspended = count("reprimanded"), count("warned"), count("suspended")
			if n := count("sheets"); n != "" {
				l.Sheets = &n
				typed += n
			}
			typed += l.Reprimanded + l.Warned + l.Suspended
		}
		if r.NotHeld == "" || typed != "" {
			r.Lines = append(r.Lines, l)
		}
	}
	if part == rules.Closing {
		for _, k := range b.StaffKinds {
			n, note := one("staff."+k.Code+".count"), one("staff."+k.Code+".note")
			if n != "" || note != "" {
				places[fmt.Sprintf("staff.%d", len(r.Staff))] = "staff." + k.Code
				r.Staff = append(r.Staff, rules.StaffViolation{Kind: k.Code, Count: rules.Count(n), Note: note})
			}
		}
	}
	for i := range maxIncidents {
		at := fmt.Sprintf("incidents.%d.", i)
		x := rules.Incident{Category: one(at + "category"), Severity: one(at + "severity"), At: one(at + "at"), What: text.CleanLines(v.Get(at + "what")),
			Action: text.CleanLines(v.Get(at + "action")), Open: v.Get(at+"open") == "1"}
		if x.Category+x.At+x.What+x.Action != "" {
			places[fmt.Sprintf("incidents.%d", len(r.Incidents))] = strings.TrimSuffix(at, ".")
			r.Incidents = append(r.Incidents, x)
		}
	}
	for name := range v {
		if key, ok := strings.CutPrefix(name, "reasons."); ok {
			if reason := text.CleanLines(v.Get(name)); reason != "" {
				if r.Reasons == nil {
					r.Reasons = map[string]string{}
				}
				r.Reasons[key] = reason
			}
		}
	}
	r.FilledAt, _ = strconv.ParseInt(v.Get("filledAt"), 10, 64)
	in.Amends, in.Why = one("amends"), text.CleanLines(v.Get("why"))
	return in, places
}

// A problem is one line of the summary: what is wrong, and at which name or for which warning.
type problem struct{ text, name, id string }

// cells makes the cells of one part's form from its values and what was found wrong with them.
type cells struct {
	f        reports.Form
	part     rules.Part
	v        url.Values
	errors   map[string][]string
	warnings map[string][]siteWarning
	placed   map[string]bool // what has its place on the form
	problems []problem
	more     int // empty incidents shown
}

func cellsOf(f reports.Form, part rules.Part, v url.Values) *cells {
	return &cells{f: f, part: part, v: v, errors: map[string][]string{}, warnings: map[string][]siteWarning{}, placed: map[string]bool{}, more: 1}
}

// id gives the id of the input with a name: both parts stand on one page.
func (b *cells) id(name string) string {
	return fmt.Sprintf("l%d-%s", b.part, strings.NewReplacer(".", "-", ":", "-").Replace(name))
}

// placed gives the name on the form of a field of the report.
func placed(field string, places map[string]string) string {
	for at, name := range places {
		if rest, ok := strings.CutPrefix(field, at+"."); ok {
			return name + "." + rest
		}
	}
	return field
}

// answered shows the warnings that were answered, with their reasons: somebody who changes a figure
// sees them again.
func (b *cells) answered(in reports.Submission, places map[string]string) {
	if len(in.Reasons) == 0 {
		return
	}
	for _, f := range rules.Judge(in.Report, b.f.Basis).Answered {
		b.warn(placed(f.Field, places), f.Key, f.Message, in.Reasons[f.Key])
	}
}

func (b *cells) warn(field, key, message, reason string) {
	b.warnings[field] = append(b.warnings[field], siteWarning{ID: b.id("reasons." + key), Key: key, Message: message, Reason: reason})
}

// refused shows what a report was refused for, beside the fields.
func (b *cells) refused(err error, in reports.Submission, places map[string]string) {
	b.answered(in, places)
	for _, w := range fault.FieldsOf(err) {
		if key, ok := strings.CutPrefix(w.Name, "reasons."); ok {
			_, field, _ := strings.Cut(key, ":")
			field = placed(field, places)
			b.warn(field, key, w.Message, in.Reasons[key])
			b.problems = append(b.problems, problem{text: w.Message, id: b.id("reasons." + key)})
			continue
		}
		name := placed(w.Name, places)
		if kind, ok := strings.CutSuffix(name, ".kind"); ok && strings.HasPrefix(name, "staff.") {
			name = kind + ".count" // the kind is not chosen on this form
		}
		b.errors[name] = append(b.errors[name], w.Message)
		b.problems = append(b.problems, problem{text: w.Message, name: name})
	}
	if len(b.problems) == 0 && err != nil {
		b.errors[""] = append(b.errors[""], fault.Message(err))
		b.problems = append(b.problems, problem{text: fault.Message(err)})
	}
}

// cell makes one.
func (b *cells) cell(kind, name, label string) cell {
	c := cell{ID: b.id(name), Name: name, Label: label, Kind: kind, Value: b.v.Get(name), Errors: b.errors[name], Warnings: b.warnings[name]}
	delete(b.errors, name)
	delete(b.warnings, name)
	b.placed[name] = true
	return c
}

func (c cell) hint(s string) cell { c.Hint = s; return c }

func (c cell) of(words []rules.Word) cell {
	c.Options = []ui.Option{{Value: "", Label: "– chọn –"}}
	for _, w := range words {
		c.Options = append(c.Options, ui.Option{Value: w.Code, Label: w.Name})
	}
	return c
}

var severities = []rules.Word{{Code: "minor", Name: reports.SeverityLabel("minor")}, {Code: "major", Name: reports.SeverityLabel("major")}, {Code: "severe", Name: reports.SeverityLabel("severe")}}

// fill puts the cells into the part.
func (b *cells) fill(s *sitePart) {
	b2 := b.f.Basis
	said, _ := reportOf(b.v, b2, b.part)
	running := rules.Running(said.Report, b2)
	for _, base := range b2.Lines {
		at := "lines." + base.Key
		l := lineCells{Base: base, Running: running[base.Key]}
		registered := b.cell("number", at+".registered", "Đăng ký")
		registered.ReadOnly = !b2.Authority
		l.Counts = append(l.Counts, registered)
		for _, k := range countsFirst {
			l.Counts = append(l.Counts, b.cell("number", at+"."+k.code, k.label))
		}
		l.WhyAll = b.cell("", at+".why", "")
		l.Open = len(l.WhyAll.Errors) > 0
		for _, w := range b2.AbsenceReasons {
			reason := b.cell("number", at+".why."+w.Code, w.Name)
			l.Open = l.Open || reason.Wrong() || reason.Value != ""
			l.Why = append(l.Why, reason)
		}
		if b.part == rules.Closing {
			for _, k := range countsAfter {
				l.After = append(l.After, b.cell("number", at+"."+k.code, k.label))
			}
		}
		l.Whole = b.cell("", at, "")
		s.Lines = append(s.Lines, l)
	}
	if b.part == rules.Closing {
		for _, k := range b2.StaffKinds {
			at := "staff." + k.Code
			c := staffCells{Name: k.Name, Count: b.cell("number", at+".count", k.Name), Note: b.cell("text", at+".note", k.Name+": ghi chú")}
			s.Staff = append(s.Staff, c)
		}
		s.NoneWrong = b.cell("check", "noIncident", "Không có sự cố")
		s.NoneWrong.Hint = "Đánh dấu khi cả buổi thi không có sự cố nào."
	}
	shown := 0
	for i := range maxIncidents {
		at := fmt.Sprintf("incidents.%d.", i)
		empty := b.v.Get(at+"category")+b.v.Get(at+"at")+b.v.Get(at+"what")+b.v.Get(at+"action") == ""
		if empty && shown >= b.more {
			break
		}
		if empty {
			shown++
		}
		s.Incidents = append(s.Incidents, b.incident(i))
	}
	s.Pattern = cellsOf(b.f, b.part, nil).incident(999)
	s.NotHeld = b.cell("area", "notHeld", "Lý do không tổ chức").hint("Chỉ ghi khi điểm thi không tổ chức buổi thi này. Khi đó không nhập số liệu các môn.")
	s.StartedAt = b.cell("clock", "startedAt", "Giờ bắt đầu thực tế").hint("Để trống nếu bắt đầu đúng giờ, " + text.FormatClock(b2.StartAt) + ".")
	s.People = []cell{b.cell("text", "reporter", "Người lập báo cáo")}
	s.Machine = []cell{b.cell("clock", "onlineAt", "Giờ nối mạng").hint("Ví dụ 09:50"), b.cell("clock", "offlineAt", "Giờ ngắt mạng").hint("Ngay sau khi gửi xong")}
	if b.part == rules.Closing {
		s.People = append(s.People, b.cell("text", "head", "Trưởng điểm thi"))
	}
	s.People = append(s.People, b.cell("text", "witness", "Người chứng kiến").hint("Phó Trưởng điểm phụ trách cơ sở vật chất, chứng kiến việc dùng máy tính."))
	s.Note = b.cell("area", "note", "Ghi chú")
	s.Why = b.cell("area", "why", "Vì sao sửa báo cáo đã gửi")
	s.Top = b.cell("", "", "")
	s.Top.ID = b.id("chung")
	for _, name := range slices.Sorted(maps.Keys(b.errors)) { // what has no place of its own
		s.Top.Errors = append(s.Top.Errors, b.errors[name]...)
	}
	for _, name := range slices.Sorted(maps.Keys(b.warnings)) {
		s.Top.Warnings = append(s.Top.Warnings, b.warnings[name]...)
	}
}

func (b *cells) incident(i int) incidentCells {
	at := fmt.Sprintf("incidents.%d.", i)
	x := incidentCells{N: i + 1,
		Category: b.cell("select", at+"category", "Loại sự cố").of(b.f.Basis.IncidentCategories), Severity: b.cell("select", at+"severity", "Mức độ").of(severities),
		At: b.cell("clock", at+"at", "Giờ xảy ra").hint("Ví dụ 08:10"), What: b.cell("area", at+"what", "Việc gì đã xảy ra"),
		Does: b.cell("area", at+"action", "Đã xử lý thế nào"), Open: b.cell("check", at+"open", "Chưa xử lý xong")}
	return x
}
