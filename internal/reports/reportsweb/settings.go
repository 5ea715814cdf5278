package reportsweb

import (
	"fmt"
	"net/url"
	"strconv"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

type settingsData struct {
	Form    ui.Form
	Exam    exam.Exam
	What    string // whose deadlines
	Filters []ui.FilterGroup
	CanEdit bool
	Own     bool // the sitting has deadlines of its own
	Dues    []dueRow
}

// A dueRow is what the settings mean for a sitting.
type dueRow struct{ Sitting, First, Second, Province string }

type wordsData struct {
	Form    ui.Form
	Exam    exam.Exam
	Kind    reports.WordKind
	Title   string
	Filters []ui.FilterGroup
	Rows    []wordRow
	CanEdit bool
}

type wordRow struct{ Code, Name string } // the names of its fields

type contactsData struct {
	Form    ui.Form
	Round   exam.Round
	Filters []ui.FilterGroup
	Groups  []contactGroup
	CanEdit bool
	Save    string
}

type contactGroup struct {
	Name string
	Rows []contactRow
}

// A contactRow is one site with the names of its fields.
type contactRow struct {
	ID                                                           exam.SiteID
	Site, Head, HeadPhone, Phone, Edit                           string
	DeputyName, DeputyPhone, GuardName, GuardPhone, Version, Was string
}

var (
	settingsPage = ui.New[settingsData](files, "pages/hd-thoi-han.html")
	wordsPage    = ui.New[wordsData](files, "pages/hd-danh-muc.html")
	contactsPage = ui.New[contactsData](files, "pages/hd-lien-he.html")
)

func (p *Pages) registerSettings(o *web.Office) {
	for _, s := range []struct {
		path string
		get  web.Handler
		post web.Handler
	}{
		{settingsPath, web.FormPage[settingsData]{View: settingsPage, Values: p.settingsValues, Data: p.settingsData}.Get, web.FormPage[settingsData]{View: settingsPage, Data: p.settingsData, Do: p.saveSettings}.Post},
		{wordsPath, web.FormPage[wordsData]{View: wordsPage, Values: p.wordsValues, Data: p.wordsData}.Get, web.FormPage[wordsData]{View: wordsPage, Data: p.wordsData, Do: p.saveWords}.Post},
		{contactsPath, web.FormPage[contactsData]{View: contactsPage, Values: p.contactsValues, Data: p.contactsData}.Get, web.FormPage[contactsData]{View: contactsPage, Data: p.contactsData, Do: p.saveContacts}.Post},
	} {
		o.GET(s.path, reports.ActBoard, s.get)
		o.POST(s.path, reports.ActSettings, s.post)
	}
}

// settingsFor gives the exam and sitting the address names; the sitting is zero for the whole exam.
func (p *Pages) settingsFor(c *web.Ctx) (exam.Exam, exam.Sitting, error) {
	if err := p.Policy.Check(c.Context(), reports.ActBoard, everywhere); err != nil {
		return exam.Exam{}, exam.Sitting{}, err
	}
	if c.Text("buoi") != "" {
		v, err := p.view(c)
		return v.Exam, v.Sitting, err
	}
	e, err := p.Reports.Exams.Current(c.Context())
	return e, exam.Sitting{}, err
}

func (p *Pages) settingsValues(c *web.Ctx) (url.Values, int, error) {
	e, x, err := p.settingsFor(c)
	if err != nil {
		return nil, 0, err
	}
	s, err := p.Reports.SettingsOf(c.Context(), e.ID, x.ID)
	v := url.Values{"morning": {s.Morning}, "afternoon": {s.Afternoon}, "final": {s.Final}, "source": {s.Source}}
	for name, n := range map[string]int{"attendance": s.Attendance, "closing": s.Closing, "incident": s.Incident, "remind": s.Remind, "sheet": s.Sheet, "chair": s.Chair, "rise": s.Rise} {
		v.Set(name, strconv.Itoa(n))
	}
	return v, s.Version, err
}

func (p *Pages) settingsData(c *web.Ctx, f ui.Form) (settingsData, error) {
	e, x, err := p.settingsFor(c)
	if err != nil {
		return settingsData{}, err
	}
	data := settingsData{Form: f, Exam: e, What: e.FullName() + ", mọi buổi thi không có thời hạn riêng", CanEdit: c.Can(reports.ActSettings, everywhere)}
	if x.ID != "" {
		data.What, data.Own = "Riêng buổi "+sittingName(x), f.Version > 0
	}
	group := ui.FilterGroup{Title: "Thời hạn của", Links: []ui.Link{{Href: settingsPath, Label: "Cả kỳ thi", On: x.ID == ""}}}
	for _, r := range e.Rounds {
		for _, other := range papersOf(r) {
			group.Links = append(group.Links, ui.Link{Href: settingsPath + "?buoi=" + string(other.ID), Label: sittingName(other), On: other.ID == x.ID})
			if x.ID != "" && other.ID != x.ID || len(other.Slots) == 0 {
				continue
			}
			s, err := p.Reports.SettingsOf(c.Context(), e.ID, other.ID)
			if err != nil {
				return data, err
			}
			data.Dues = append(data.Dues, dueRow{sittingName(other), text.FormatClock(s.DueAt(other, rules.Attendance)), text.FormatClock(s.DueAt(other, rules.Closing)), text.FormatClock(s.ProvinceDueAt(other))})
		}
	}
	data.Filters = []ui.FilterGroup{group}
	return data, nil
}

func (p *Pages) saveSettings(c *web.Ctx) (next, flash string, err error) {
	e, x, err := p.settingsFor(c)
	if err != nil {
		return "", "", err
	}
	s := reports.Settings{Morning: clockText(c, "morning"), Afternoon: clockText(c, "afternoon"), Final: clockText(c, "final"), Source: c.Text("source"), Version: c.Version()}
	for name, n := range map[string]*int{"attendance": &s.Attendance, "closing": &s.Closing, "incident": &s.Incident, "remind": &s.Remind, "sheet": &s.Sheet, "chair": &s.Chair, "rise": &s.Rise} {
		if c.Text(name) == "" {
			c.Fail(name, "Hãy ghi một số.")
		}
		*n = int(c.Int(name))
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	next = settingsPath
	if x.ID != "" {
		next += "?buoi=" + string(x.ID)
	}
	return next, "Đã lưu thời hạn. Bảng báo cáo và trang của điểm thi theo thời hạn mới từ bây giờ.", p.Reports.SetSettings(c.Context(), e.ID, x.ID, s)
}

// clockText reads a clock time as people write it; what is none goes on as it is, to be refused by name.
func clockText(c *web.Ctx, name string) string {
	if at, err := text.ParseClock(c.Text(name)); err == nil {
		return at
	}
	return c.Text(name)
}

// wordKinds are the lists with their titles.
var wordKinds = []struct {
	kind  reports.WordKind
	path  string
	title string
}{
	{reports.AbsenceWords, "ly-do-vang", "Lý do vắng"},
	{reports.StaffWords, "can-bo", "Hình thức xử lý cán bộ vi phạm"},
	{reports.IncidentWords, "su-co", "Loại sự cố"},
}

// wordKind gives the list the address names, the first when it names none.
func wordKind(c *web.Ctx) (reports.WordKind, string, string) {
	for _, k := range wordKinds {
		if k.path == c.Text("loai") {
			return k.kind, k.path, k.title
		}
	}
	return wordKinds[0].kind, wordKinds[0].path, wordKinds[0].title
}

func wordField(i int) wordRow {
	return wordRow{fmt.Sprintf("word.%d.code", i), fmt.Sprintf("word.%d.name", i)}
}

func (p *Pages) wordsOf(c *web.Ctx) (exam.Exam, []rules.Word, error) {
	e, _, err := p.settingsFor(c)
	if err != nil {
		return e, nil, err
	}
	all, err := p.Reports.WordsOf(c.Context(), e.ID)
	kind, _, _ := wordKind(c)
	return e, map[reports.WordKind][]rules.Word{reports.AbsenceWords: all.Absence, reports.StaffWords: all.Staff, reports.IncidentWords: all.Incident}[kind], err
}

func (p *Pages) wordsValues(c *web.Ctx) (url.Values, int, error) {
	_, words, err := p.wordsOf(c)
	v := url.Values{}
	for i, w := range words {
		f := wordField(i)
		v.Set(f.Code, w.Code)
		v.Set(f.Name, w.Name)
	}
	return v, 0, err
}

// maxWords is how many rows a list has at most.
const maxWords = 40

func (p *Pages) wordsData(c *web.Ctx, f ui.Form) (wordsData, error) {
	e, _, err := p.wordsOf(c)
	if err != nil {
		return wordsData{}, err
	}
	kind, _, title := wordKind(c)
	data := wordsData{Form: f, Exam: e, Kind: kind, Title: title, CanEdit: c.Can(reports.ActSettings, everywhere)}
	group := ui.FilterGroup{Title: "Danh mục"}
	for _, k := range wordKinds {
		group.Links = append(group.Links, ui.Link{Href: wordsPath + "?loai=" + k.path, Label: k.title, On: k.kind == kind})
	}
	data.Filters = []ui.FilterGroup{group}
	last := 0
	for i := range maxWords {
		if row := wordField(i); f.Values.Get(row.Code)+f.Values.Get(row.Name) != "" {
			last = i + 1
		}
	}
	spare := 3
	if !data.CanEdit {
		spare = 0
	}
	for i := range min(maxWords, last+spare) {
		data.Rows = append(data.Rows, wordField(i))
	}
	return data, nil
}

func (p *Pages) saveWords(c *web.Ctx) (next, flash string, err error) {
	e, _, err := p.wordsOf(c)
	if err != nil {
		return "", "", err
	}
	kind, path, title := wordKind(c)
	var words []rules.Word
	var at []int
	for i := range maxWords {
		f := wordField(i)
		if w := (rules.Word{Code: c.Text(f.Code), Name: c.Text(f.Name)}); w.Code+w.Name != "" {
			words, at = append(words, w), append(at, i)
		}
	}
	err = p.Reports.SetWords(c.Context(), e.ID, kind, words)
	if fields := fault.FieldsOf(err); len(fields) > 0 { // rows left empty are not counted by the verb
		for i, w := range fields {
			var n int
			var name string
			if _, scan := fmt.Sscanf(w.Name, "word.%d.%s", &n, &name); scan == nil && n < len(at) {
				fields[i].Name = fmt.Sprintf("word.%d.%s", at[n], name)
			}
		}
		err = fault.Fields(fields...)
	}
	return wordsPath + "?loai=" + path, "Đã lưu danh mục “" + title + "”.", err
}

// contactsRound gives the round whose sites the page lists.
func (p *Pages) contactsRound(c *web.Ctx) (exam.Exam, exam.Round, error) {
	e, _, err := p.settingsFor(c)
	if err != nil {
		return e, exam.Round{}, err
	}
	for _, r := range e.Rounds {
		if c.Text("dot") == strconv.Itoa(r.Number) {
			return e, r, nil
		}
	}
	r, _, ok := atHand(e, p.Clock.Millis())
	if !ok {
		return e, r, errNoSitting
	}
	return e, r, nil
}

func contactField(id exam.SiteID) contactRow {
	n := "c." + string(id) + "."
	return contactRow{ID: id, DeputyName: n + "deputy_name", DeputyPhone: n + "deputy_phone", GuardName: n + "guard_name", GuardPhone: n + "guard_phone", Version: n + "version"}
}

func (p *Pages) contactsValues(c *web.Ctx) (url.Values, int, error) {
	all, err := p.Reports.Contacts(c.Context())
	v := url.Values{}
	for id, x := range all {
		f := contactField(id)
		v.Set(f.DeputyName, x.DeputyName)
		v.Set(f.DeputyPhone, x.DeputyPhone)
		v.Set(f.GuardName, x.GuardName)
		v.Set(f.GuardPhone, x.GuardPhone)
		v.Set(f.Version, strconv.Itoa(x.Version))
	}
	return v, 0, err
}

func (p *Pages) contactsData(c *web.Ctx, f ui.Form) (contactsData, error) {
	e, r, err := p.contactsRound(c)
	if err != nil {
		return contactsData{}, err
	}
	data := contactsData{Form: f, Round: r, CanEdit: c.Can(reports.ActSettings, everywhere), Save: contactsPath + "?dot=" + strconv.Itoa(r.Number)}
	if len(e.Rounds) > 1 {
		group := ui.FilterGroup{Title: "Đợt thi"}
		for _, other := range e.Rounds {
			group.Links = append(group.Links, ui.Link{Href: contactsPath + "?dot=" + strconv.Itoa(other.Number), Label: other.Name, On: other.ID == r.ID})
		}
		data.Filters = []ui.FilterGroup{group}
	}
	_, sites, err := p.roundSites(c, r.ID)
	if err != nil {
		return data, err
	}
	for _, s := range sites {
		row := contactField(s.ID)
		row.Site, row.Head, row.HeadPhone, row.Phone = siteName(s), s.HeadName, s.HeadPhone, s.Phone
		row.Edit = fmt.Sprintf("/quan-tri/ky-thi/%d/dot/%d/diem-thi/%s", e.Year, r.Number, s.ID)
		row.Was = f.Values.Get(row.Version)
		if n := len(data.Groups); n == 0 || data.Groups[n-1].Name != s.LocalityName {
			data.Groups = append(data.Groups, contactGroup{Name: s.LocalityName})
		}
		g := &data.Groups[len(data.Groups)-1]
		g.Rows = append(g.Rows, row)
	}
	return data, nil
}

// saveContacts saves the rows that were changed.
func (p *Pages) saveContacts(c *web.Ctx) (next, flash string, err error) {
	_, r, err := p.contactsRound(c)
	if err != nil {
		return "", "", err
	}
	_, sites, err := p.roundSites(c, r.ID)
	if err != nil {
		return "", "", err
	}
	stored, err := p.Reports.Contacts(c.Context())
	if err != nil {
		return "", "", err
	}
	changed := 0
	for _, s := range sites {
		f := contactField(s.ID)
		in := reports.Contact{DeputyName: c.Text(f.DeputyName), DeputyPhone: c.Text(f.DeputyPhone), GuardName: c.Text(f.GuardName), GuardPhone: c.Text(f.GuardPhone), Version: int(c.Int(f.Version))}
		now := stored[s.ID]
		if _, sent := c.R.PostForm[f.DeputyName]; !sent || in.DeputyName == now.DeputyName && in.DeputyPhone == now.DeputyPhone && in.GuardName == now.GuardName && in.GuardPhone == now.GuardPhone {
			continue
		}
		err := p.Reports.SetContact(c.Context(), s.ID, in)
		if fields := fault.FieldsOf(err); len(fields) > 0 {
			for _, w := range fields {
				c.Fail("c."+string(s.ID)+"."+w.Name, "%s: %s", siteName(s), w.Message)
			}
			continue
		}
		if fault.Is(err, fault.Conflict) {
			return "", "", fault.New(fault.Conflict, "Người liên hệ của %s vừa được người khác sửa. Hãy tải lại trang rồi sửa lại dòng ấy; các dòng khác đã lưu.", siteName(s))
		}
		if err != nil {
			return "", "", err
		}
		changed++
	}
	return contactsPath + "?dot=" + strconv.Itoa(r.Number), fmt.Sprintf("Đã lưu %d dòng.", changed), c.Err()
}
