package reports

import (
	"context"
	"fmt"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports/rules"
)

// Settings are the deadlines and limits of reports, for an exam or one sitting. They are data because
// the Ministry's letter sets them anew each year (domain.md 3.7).
type Settings struct {
	Attendance int    // minutes after the first start until part 1 is due
	Closing    int    // minutes after the last end until part 2 is due
	Incident   int    // minutes until a severe incident is typed
	Morning    string // when the provincial report of a morning is due, "11:30"
	Afternoon  string
	Final      string // when the end-of-invigilation report is due, on the day of the last sitting
	Remind     int    // minutes before a site's deadline: reminder
	Sheet      int    // minutes before it: call sheet
	Chair      int    // minutes after it: the Council's chair is told
	Rise       int    // x of V-12 in per mille
	Source     string // the letter they rest on
	Version    int    // 0: the defaults, nobody has set them
}

// Defaults are the deadlines of domain.md 3.7, for an exam that has none of its own.
func Defaults() Settings {
	return Settings{Attendance: 30, Closing: 60, Incident: 30, Morning: "11:30", Afternoon: "17:00", Final: "18:00", Remind: 10, Sheet: 5, Chair: 15, Rise: 20,
		Source: "Mặc định; chưa đối chiếu công văn hướng dẫn của Bộ"}
}

// DueAt gives when a site's part is due, ms UTC.
func (s Settings) DueAt(sitting exam.Sitting, part rules.Part) int64 {
	if part == rules.Attendance {
		return sitting.StartsAt() + int64(s.Attendance)*60_000
	}
	return sitting.EndsAt() + int64(s.Closing)*60_000
}

// ProvinceDueAt gives when the provincial report of a sitting is due, ms UTC.
func (s Settings) ProvinceDueAt(sitting exam.Sitting) int64 {
	at := s.Morning
	if sitting.Half == exam.Afternoon {
		at = s.Afternoon
	}
	due, _ := exam.ClockAt(sitting.Day, at)
	return due
}

// FinalDueAt gives when the end-of-invigilation report of a round is due, ms UTC; 0 without sittings.
func (s Settings) FinalDueAt(round exam.Round) int64 {
	_, last := round.Days()
	due, ok := exam.ClockAt(last, s.Final)
	if !ok {
		return 0
	}
	return due
}

// SettingsOf gives what holds for a sitting, or with sitting "" for the exam.
func (s *Service) SettingsOf(ctx context.Context, e exam.ID, sitting exam.SittingID) (Settings, error) {
	if !s.Policy.Anywhere(ctx, ActRead) {
		return Settings{}, s.Policy.Check(ctx, ActRead, access.Place{})
	}
	return readSettings(ctx, s.DB.Read(), e, sitting)
}

// SetSettings sets what holds for a sitting, or with sitting "" for the exam's sittings without rows of
// their own. in.Version is the one read.
//
// It returns fault.Invalid with fields "attendance", "closing", "incident", "morning", "afternoon",
// "final", "remind", "sheet", "chair", "rise"; fault.Conflict after another change.
func (s *Service) SetSettings(ctx context.Context, e exam.ID, sitting exam.SittingID, in Settings) error {
	ctx, err := s.Policy.Enter(ctx, ActSettings, access.Place{})
	if err != nil {
		return err
	}
	known, err := s.Exams.Exam(ctx, e)
	if err != nil {
		return err
	}
	label := known.FullName()
	if sitting != "" {
		found, _, ok := known.Sitting(sitting)
		if !ok {
			return &fault.Error{Kind: fault.NotFound}
		}
		label = sittingName(found)
	}
	if err := in.check(); err != nil {
		return err
	}
	in.Source = text.CleanInput(in.Source)
	return s.write(ctx, sitting, func(ctx context.Context, tx *db.Tx) error {
		var before Settings
		if before, err = readSettings(ctx, tx, e, sitting); err != nil {
			return err
		}
		if err := saveSettings(ctx, tx, e, sitting, in); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "report.settings", Kind: "report.settings", ID: string(e) + string(sitting), Label: label, Note: in.Source,
			Data: in.changes(before)})
	})
}

func (s Settings) check() error {
	var wrong []fault.Field
	number := func(field string, n, low, high int) {
		if n < low || n > high {
			wrong = append(wrong, fault.Field{Name: field, Message: fmt.Sprintf("Hãy ghi số từ %d đến %d.", low, high)})
		}
	}
	number("attendance", s.Attendance, 15, 600)
	number("closing", s.Closing, 0, 1440)
	number("incident", s.Incident, 0, 1440)
	number("remind", s.Remind, 0, 240)
	number("sheet", s.Sheet, 0, 240)
	number("chair", s.Chair, 0, 1440)
	number("rise", s.Rise, 0, 1000)
	for field, at := range map[string]string{"morning": s.Morning, "afternoon": s.Afternoon, "final": s.Final} {
		if _, ok := exam.ClockAt("2021-07-07", at); !ok || len(at) != 5 {
			wrong = append(wrong, fault.Field{Name: field, Message: "Hãy ghi giờ, ví dụ 11:30."})
		}
	}
	return fault.Fields(wrong...)
}

// changes says for the audit line what became of what.
func (s Settings) changes(before Settings) map[string]string {
	data := map[string]string{}
	for _, f := range []struct {
		name     string
		was, now any
	}{
		{"attendance", before.Attendance, s.Attendance}, {"closing", before.Closing, s.Closing}, {"incident", before.Incident, s.Incident},
		{"morning", before.Morning, s.Morning}, {"afternoon", before.Afternoon, s.Afternoon}, {"final", before.Final, s.Final},
		{"remind", before.Remind, s.Remind}, {"sheet", before.Sheet, s.Sheet}, {"chair", before.Chair, s.Chair}, {"rise", before.Rise, s.Rise},
	} {
		if f.was != f.now {
			data[f.name] = fmt.Sprintf("%v → %v", f.was, f.now)
		}
	}
	return data
}

// A WordKind is one of the lists of words that an exam may have of its own.
type WordKind string

// The lists.
const (
	AbsenceWords  WordKind = "absence"
	StaffWords    WordKind = "staff"
	IncidentWords WordKind = "incident"
)

// PaperCategory is the category of incidents about exam papers, which go straight up [TT15 Điều 51].
const PaperCategory = "paper"

// Words3 are the three lists of an exam.
type Words3 struct{ Absence, Staff, Incident []rules.Word }

// DefaultWords are the lists of domain.md 3.5, for an exam that has none of its own.
func DefaultWords() Words3 {
	return Words3{
		Absence: []rules.Word{{Code: "sick", Name: "Ốm, tai nạn"}, {Code: "late", Name: "Đến muộn quá 15 phút"}, {Code: "dropped", Name: "Bỏ thi"},
			{Code: "barred", Name: "Bị đình chỉ từ buổi trước"}, {Code: "exempt", Name: "Được miễn, đặc cách"}, {Code: "epidemic_f0", Name: "Dịch bệnh: F0"},
			{Code: "epidemic_f1", Name: "Dịch bệnh: F1"}, {Code: "epidemic_f2", Name: "Dịch bệnh: F2"}, {Code: "lockdown", Name: "Vùng phong tỏa"},
			{Code: "disaster", Name: "Thiên tai, giao thông chia cắt"}, {Code: "other", Name: "Lý do khác"}, {Code: "unknown", Name: "Chưa rõ lý do"}},
		Staff: []rules.Word{{Code: "reprimand", Name: "Khiển trách"}, {Code: "warning", Name: "Cảnh cáo"}, {Code: "suspension", Name: "Đình chỉ làm công tác thi"}, {Code: "other", Name: "Khác"}},
		Incident: []rules.Word{{Code: PaperCategory, Name: "Đề thi"}, {Code: "transport", Name: "In sao, vận chuyển"}, {Code: "health", Name: "Y tế"},
			{Code: "disaster", Name: "Thiên tai, thời tiết"}, {Code: "epidemic", Name: "Dịch bệnh"}, {Code: "security", Name: "An ninh trật tự"}, {Code: "traffic", Name: "Giao thông"},
			{Code: "facility", Name: "Điện, nước, cơ sở vật chất"}, {Code: "it", Name: "Công nghệ thông tin"}, {Code: "cheating", Name: "Gian lận công nghệ cao"}, {Code: "other", Name: "Khác"}},
	}
}

// WordsOf gives an exam's lists.
func (s *Service) WordsOf(ctx context.Context, e exam.ID) (Words3, error) {
	if !s.Policy.Anywhere(ctx, ActRead) && !s.Policy.Anywhere(ctx, ActIncidentRead) {
		return Words3{}, s.Policy.Check(ctx, ActRead, access.Place{})
	}
	return readWords(ctx, s.DB.Read(), e)
}

// SetWords replaces one of an exam's lists. Codes that reports use already keep their meaning: give
// them another name, and leave the code.
//
// It returns fault.Invalid with fields "word.0.code", "word.0.name" ….
func (s *Service) SetWords(ctx context.Context, e exam.ID, kind WordKind, words []rules.Word) error {
	ctx, err := s.Policy.Enter(ctx, ActSettings, access.Place{})
	if err != nil {
		return err
	}
	known, err := s.Exams.Exam(ctx, e)
	if err != nil {
		return err
	}
	var wrong []fault.Field
	words = slices.Clone(words)
	seen := map[string]bool{}
	for i, w := range words {
		words[i].Name = text.CleanInput(w.Name)
		if !wordCode.MatchString(w.Code) || seen[w.Code] {
			wrong = append(wrong, fault.Field{Name: fmt.Sprintf("word.%d.code", i), Message: "Mã gồm chữ thường không dấu, số, gạch dưới, nhiều nhất 30 ký tự, không trùng nhau."})
		}
		if words[i].Name == "" || len([]rune(words[i].Name)) > 120 {
			wrong = append(wrong, fault.Field{Name: fmt.Sprintf("word.%d.name", i), Message: "Hãy ghi tên, nhiều nhất 120 ký tự."})
		}
		seen[w.Code] = true
	}
	if kind != AbsenceWords && kind != StaffWords && kind != IncidentWords || len(words) == 0 || len(words) > 40 {
		wrong = append(wrong, fault.Field{Name: "words", Message: "Danh mục có từ 1 đến 40 dòng."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return err
	}
	return s.write(ctx, "", func(ctx context.Context, tx *db.Tx) error {
		if err := saveWords(ctx, tx, e, kind, words); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "report.words", Kind: "report.settings", ID: string(e), Label: known.FullName(),
			Data: map[string]string{"list": string(kind), "rows": fmt.Sprint(len(words))}})
	})
}

// A Contact is who is called at a silent site, beside its head.
type Contact struct {
	DeputyName, DeputyPhone string
	GuardName, GuardPhone   string
	Version                 int // 0: nobody has been entered
}

// SetContact keeps who is called at a site; in.Version is the one read.
//
// It returns fault.Invalid with fields "deputy_name", "deputy_phone", "guard_name", "guard_phone".
func (s *Service) SetContact(ctx context.Context, site exam.SiteID, in Contact) error {
	ctx, err := s.Policy.Enter(ctx, ActSettings, access.Place{})
	if err != nil {
		return err
	}
	known, err := s.Exams.Site(ctx, site)
	if err != nil {
		return err
	}
	var wrong []fault.Field
	for field, v := range map[string]*string{"deputy_name": &in.DeputyName, "guard_name": &in.GuardName} {
		if *v = text.CleanInput(*v); len([]rune(*v)) > 80 {
			wrong = append(wrong, fault.Field{Name: field, Message: "Tên dài quá 80 ký tự."})
		}
	}
	for field, v := range map[string]*string{"deputy_phone": &in.DeputyPhone, "guard_phone": &in.GuardPhone} {
		if *v = text.CleanInput(*v); *v != "" && !phoneForm.MatchString(*v) {
			wrong = append(wrong, fault.Field{Name: field, Message: "Số điện thoại không đúng. Hãy ghi bằng chữ số, ví dụ 0213 3876 543."})
		}
	}
	if err := fault.Fields(wrong...); err != nil {
		return err
	}
	return s.write(ctx, "", func(ctx context.Context, tx *db.Tx) error {
		if err := saveContact(ctx, tx, site, in); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "report.contact", Kind: "exam.site", ID: string(site), Label: known.Code + " " + known.Name})
	})
}

// ContactOf gives who is called at a site.
func (s *Service) ContactOf(ctx context.Context, site exam.SiteID) (Contact, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Contact{}, err
	}
	all, err := readContacts(ctx, s.DB.Read(), "site = $1", site)
	return all[site], err
}

// sittingName names a sitting as audit lines do: "Ngữ văn, buổi sáng 7/7/2021".
func sittingName(x exam.Sitting) string {
	return fmt.Sprintf("%s, %s %s", x.Title(), x.HalfName(), text.FormatDay(x.Day))
}

// grantsFor gives the sites the actor holds a role of a site for now.
func grantsFor(ctx context.Context, now int64) []exam.SiteID {
	var sites []exam.SiteID
	for _, g := range access.From(ctx).Grants {
		id := exam.SiteID(g.Scope.ID)
		if g.Scope.Kind == access.Site && (g.Role == people.RoleSiteSecretary || g.Role == people.RoleSiteHead) && !slices.Contains(sites, id) && ofSite(ctx, id, now) {
			sites = append(sites, id)
		}
	}
	return sites
}
