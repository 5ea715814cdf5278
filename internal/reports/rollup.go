package reports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// Figures are the sums over the accepted reports of one part of one sitting, and over nothing else.
// What is missing is named and counted, never zero.
//
// Source: V-16, V-17, V-19.
type Figures struct {
	Sitting exam.SittingID `json:"sitting"`
	Part    rules.Part     `json:"part"`
	Title   string         `json:"title"` // "Ngữ văn, buổi sáng 7/7/2021"
	AsOf    int64          `json:"asOf"`  // "số liệu đến …", ms UTC

	Expected int           `json:"expected"` // sites whose report is due
	Accepted int           `json:"accepted"` // reports in the sums, also of sites that held no sitting
	Missing  []SiteName    `json:"missing,omitempty"`
	NotHeld  []SiteName    `json:"notHeld,omitempty"` // with the reason
	Lines    []LineSum     `json:"lines,omitempty"`   // in the order of writing
	Staff    []WordSum     `json:"staff,omitempty"`
	Incident []IncidentSum `json:"incidents,omitempty"`

	reports []ReportID
}

// A SiteName names a site in figures, as it was called then.
type SiteName struct {
	ID         exam.SiteID `json:"id"`
	Code       string      `json:"code"`
	Name       string      `json:"name"`
	Registered int         `json:"registered,omitempty"` // by its roster, over all lines of the sitting
	Reason     string      `json:"reason,omitempty"`     // why it held no sitting
}

// A LineSum is the sum of one line.
type LineSum struct {
	Key        string    `json:"key"`
	Name       string    `json:"name"`
	Sites      int64     `json:"sites"` // reports with this line
	Registered int64     `json:"registered"`
	Present    int64     `json:"present"`
	Absent     int64     `json:"absent"`
	Why        []WordSum `json:"why,omitempty"`
	Rooms      int64     `json:"rooms"`
	Sheets     int64     `json:"sheets,omitempty"`
	SheetSites int64     `json:"sheetSites,omitempty"` // reports that counted answer sheets
	// Violations are reported with the close. Where JudgedSites is 0 nobody was asked, and these are no zeroes.
	Reprimanded int64 `json:"reprimanded"`
	Warned      int64 `json:"warned"`
	Suspended   int64 `json:"suspended"`
	JudgedSites int64 `json:"judgedSites,omitempty"` // reports that counted them
}

// Rate gives the share of the present in the registered: "99,12 %", "–" without any.
//
// Source: V-19.
func (l LineSum) Rate() string { return text.FormatPercent(l.Present, l.Registered) }

// A WordSum counts under a word.
type WordSum struct {
	Code string `json:"code"`
	Name string `json:"name"`
	N    int64  `json:"n"`
}

// An IncidentSum counts the incidents of a category and severity.
type IncidentSum struct {
	Category string `json:"category"`
	Name     string `json:"name"`
	Severity string `json:"severity"`
	N        int64  `json:"n"`
	Open     int64  `json:"open"`
}

// Provisional tells that sites are missing: such figures are approved and quoted as provisional only.
//
// Source: V-17.
func (f Figures) Provisional() bool { return len(f.Missing) > 0 }

// Coverage says how complete the figures are, as every text that quotes them does: "số liệu tạm thời,
// thiếu 2 điểm: 03 Than Uyên, 11 Tân Uyên", or "đủ 27 điểm thi".
//
// Source: V-16, V-17.
func (f Figures) Coverage() string {
	if !f.Provisional() {
		return fmt.Sprintf("đủ %d điểm thi", f.Expected)
	}
	names := make([]string, len(f.Missing))
	for i, s := range f.Missing {
		names[i] = s.Code + " " + s.Name
	}
	return fmt.Sprintf("số liệu tạm thời, thiếu %d điểm: %s", len(f.Missing), strings.Join(names, ", "))
}

// Line finds a line's sum.
func (f Figures) Line(key string) (LineSum, bool) {
	i := slices.IndexFunc(f.Lines, func(l LineSum) bool { return l.Key == key })
	if i < 0 {
		return LineSum{}, false
	}
	return f.Lines[i], true
}

// Unknown counts the absences whose reason nobody knows yet (V-13).
func (f Figures) Unknown() int64 {
	var n int64
	for _, l := range f.Lines {
		for _, w := range l.Why {
			if w.Code == "unknown" {
				n += w.N
			}
		}
	}
	return n
}

// Figures gives the sums of a sitting's part as they are now.
//
// It returns fault.NotFound to who may not read provincial reports before their approval.
func (s *Service) Figures(ctx context.Context, sitting exam.SittingID, part rules.Part) (Figures, error) {
	if err := s.Policy.Check(ctx, ActProvince, access.Place{}); err != nil {
		return Figures{}, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return Figures{}, err
	}
	return s.figures(ctx, s.DB.Read(), sc, sc.duties(), part)
}

// figures makes the figures from what is found at one instant.
func (s *Service) figures(ctx context.Context, q db.Queryer, sc scene, duties []Duty, part rules.Part) (Figures, error) {
	f := Figures{Sitting: sc.sitting.ID, Part: part, Title: sittingName(sc.sitting), AsOf: s.Clock.Millis()}
	found, err := sums(ctx, q, sc.sitting.ID, part)
	if err != nil {
		return f, err
	}
	in := map[exam.SiteID]bool{}
	notHeld := map[exam.SiteID]string{}
	lines := map[string]LineSum{}
	why := map[string]map[string]int64{}
	staff := map[string]int64{}
	for _, v := range found {
		switch v.kind {
		case "line":
			lines[v.a] = LineSum{Key: v.a, Sites: v.n, Registered: v.registered, Present: v.present, Absent: v.absent, Rooms: v.rooms, Sheets: v.sheets, SheetSites: v.sheetSites,
				Reprimanded: v.reprimanded, Warned: v.warned, Suspended: v.suspended, JudgedSites: v.judged}
		case "why":
			if why[v.a] == nil {
				why[v.a] = map[string]int64{}
			}
			why[v.a][v.b] = v.n
		case "staff":
			staff[v.a] = v.n
		case "site":
			in[exam.SiteID(v.a)] = true
			f.reports = append(f.reports, ReportID(v.b))
		case "not_held":
			notHeld[exam.SiteID(v.a)] = v.b
		case "incident":
			f.Incident = append(f.Incident, IncidentSum{Category: v.a, Name: wordName(sc.words.Incident, v.a), Severity: v.b, N: v.n, Open: v.registered})
		}
	}
	for _, d := range duties {
		name := SiteName{ID: d.Site.ID, Code: d.Site.Code, Name: d.Site.Name, Registered: d.Registered()}
		if d.Due {
			f.Expected++
			if !in[d.Site.ID] {
				f.Missing = append(f.Missing, name)
			}
		}
		if reason, ok := notHeld[d.Site.ID]; ok {
			name.Reason = reason
			f.NotHeld = append(f.NotHeld, name)
		}
	}
	f.Accepted = len(f.reports)
	slices.Sort(f.reports)
	f.Lines = sc.sumLines(lines, why)
	f.Staff = wordSums(sc.words.Staff, staff)
	slices.SortFunc(f.Incident, func(a, b IncidentSum) int {
		return cmp.Or(cmp.Compare(wordPlace(sc.words.Incident, a.Category), wordPlace(sc.words.Incident, b.Category)), cmp.Compare(a.Severity, b.Severity))
	})
	return f, nil
}

// sumLines puts the sums in the order of writing; a line the timetable has no more comes last, under
// its key: what was accepted is in the sums whatever became of the timetable.
func (sc scene) sumLines(lines map[string]LineSum, why map[string]map[string]int64) []LineSum {
	var all []LineSum
	add := func(key, name string) {
		l, ok := lines[key]
		if !ok {
			return
		}
		l.Name, l.Why = name, wordSums(sc.words.Absence, why[key])
		all = append(all, l)
		delete(lines, key)
	}
	for _, l := range sc.exam.SittingLines(sc.sitting.ID) {
		add(l.String(), l.Name())
	}
	for _, key := range slices.Sorted(maps.Keys(lines)) {
		add(key, key)
	}
	return all
}

// wordSums gives counts in the order of their words; a code without a word comes last.
func wordSums(words []rules.Word, counts map[string]int64) []WordSum {
	var all []WordSum
	for _, code := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, WordSum{code, wordName(words, code), counts[code]})
	}
	slices.SortStableFunc(all, func(a, b WordSum) int { return cmp.Compare(wordPlace(words, a.Code), wordPlace(words, b.Code)) })
	return all
}

func wordPlace(words []rules.Word, code string) int {
	i := slices.IndexFunc(words, func(w rules.Word) bool { return w.Code == code })
	if i < 0 {
		return len(words)
	}
	return i
}

func wordName(words []rules.Word, code string) string {
	if i := wordPlace(words, code); i < len(words) {
		return words[i].Name
	}
	return code
}

// Differs says in words which figures of g are not those of f.
func (f Figures) Differs(g Figures) []string {
	var out []string
	say := func(what string, a, b int64) {
		if a != b {
			out = append(out, fmt.Sprintf("%s: %s → %s", what, text.FormatNumber(a), text.FormatNumber(b)))
		}
	}
	say("Điểm thi đã có số liệu", int64(f.Accepted), int64(g.Accepted))
	say("Điểm thi còn thiếu", int64(len(f.Missing)), int64(len(g.Missing)))
	say("Điểm thi không tổ chức", int64(len(f.NotHeld)), int64(len(g.NotHeld)))
	names := slices.Clone(g.Lines)
	for _, l := range f.Lines {
		if _, ok := g.Line(l.Key); !ok {
			names = append(names, l)
		}
	}
	for _, l := range names {
		a, _ := f.Line(l.Key)
		b, _ := g.Line(l.Key)
		for _, c := range []struct {
			what string
			a, b int64
		}{{"đăng ký", a.Registered, b.Registered}, {"có mặt", a.Present, b.Present}, {"vắng", a.Absent, b.Absent}, {"phòng thi", a.Rooms, b.Rooms}, {"số bài thu", a.Sheets, b.Sheets},
			{"khiển trách", a.Reprimanded, b.Reprimanded}, {"cảnh cáo", a.Warned, b.Warned}, {"đình chỉ", a.Suspended, b.Suspended}} {
			say(l.Name+", "+c.what, c.a, c.b)
		}
		out = append(out, wordsDiffer(l.Name+", vắng ", a.Why, b.Why)...)
	}
	return append(out, wordsDiffer("Cán bộ vi phạm, ", f.Staff, g.Staff)...)
}

func wordsDiffer(what string, a, b []WordSum) []string {
	counts := map[string][2]int64{}
	for i, list := range [][]WordSum{a, b} {
		for _, w := range list {
			n := counts[w.Name]
			n[i] = w.N
			counts[w.Name] = n
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if n := counts[name]; n[0] != n[1] {
			out = append(out, fmt.Sprintf("%s“%s”: %d → %d", what, name, n[0], n[1]))
		}
	}
	return out
}

// same tells whether two figures say the same; when they were made does not matter.
func (f Figures) same(g Figures) bool {
	f.AsOf, g.AsOf, f.reports, g.reports = 0, 0, nil, nil
	return asJSON(f) == asJSON(g)
}

// A Province is one version of a sitting's provincial report: figures that never change again.
type Province struct {
	ID      ProvinceID
	State   workflow.State
	Version int // of the row
	Exam    exam.ID
	Round   exam.RoundID
	Sitting exam.SittingID
	Part    rules.Part
	Number  int // "bản số 2"
	Figures Figures

	CompiledBy, CompiledName string
	CompiledAt               int64
	ApprovedBy, ApprovedName string
	ApprovedAt               int64 // 0 = not approved
	SentAt                   int64
	SentTo                   string
	ReceivedAt               int64
	PublishedAt              int64
	Replaces                 ProvinceID // the approved version it was made to take the place of; may be ""
	ReplacedBy               ProvinceID // shown on the earlier one
	Note                     string     // what was typed for warnings
}

// Approved tells whether the version was ever approved, replaced or not.
func (p Province) Approved() bool { return p.ApprovedAt != 0 }

func (p Province) subject(label string) workflow.Subject {
	return workflow.Subject{ID: string(p.ID), Label: label, State: p.State, Version: p.Version}
}

func (p Province) label() string { return fmt.Sprintf("%s, bản số %d", p.Figures.Title, p.Number) }

func (p Province) fact() ProvinceFact {
	return ProvinceFact{ID: p.ID, Exam: p.Exam, Sitting: p.Sitting, Part: p.Part, Number: p.Number, Replaces: p.Replaces}
}

// Compile freezes the sums of a sitting's part for approval, complete or provisional. A version that
// waits already is compiled anew. reasons answer what must not go up unseen: absences of earlier
// sittings whose reason nobody knows, under "V-13." and the sitting.
//
// It returns fault.Conflict while no report is accepted, and fault.Invalid with fields
// "reasons.V-13.<sitting>".
//
// Source: V-13, V-16, V-17.
func (s *Service) Compile(ctx context.Context, sitting exam.SittingID, part rules.Part, reasons map[string]string) (Province, error) {
	ctx, err := s.Policy.Enter(ctx, ActCompile, access.Place{})
	if err != nil {
		return Province{}, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return Province{}, err
	}
	note, err := s.unresolved(ctx, sc, reasons)
	if err != nil {
		return Province{}, err
	}
	var p Province
	err = s.write(ctx, sitting, func(ctx context.Context, tx *db.Tx) error {
		if err := holdBoard(ctx, tx, sitting); err != nil {
			return err
		}
		p, err = s.compile(ctx, tx, sc, part, note)
		return err
	})
	return p, err
}

// unresolved asks for a reason where an earlier sitting of the round has absences of unknown reason.
func (s *Service) unresolved(ctx context.Context, sc scene, reasons map[string]string) (string, error) {
	open, err := s.unknownBefore(ctx, sc)
	if err != nil {
		return "", err
	}
	var wrong []fault.Field
	var notes []string
	for _, u := range open {
		reason := text.CleanLines(reasons[u.Key])
		if reason == "" || len([]rune(reason)) > 1000 {
			wrong = append(wrong, fault.Field{Name: "reasons." + u.Key,
				Message: fmt.Sprintf("%s còn %d thí sinh vắng chưa rõ lý do. Hãy làm rõ với điểm thi, hoặc ghi vì sao vẫn chưa rõ.", u.Name, u.N)})
			continue
		}
		notes = append(notes, u.Name+": "+reason)
	}
	return strings.Join(notes, "\n"), fault.Fields(wrong...)
}

// unknownIn counts the absences of unknown reason in a sitting's accepted reports, the close where
// there is one.
func unknownIn(ctx context.Context, q db.Queryer, sitting exam.SittingID) (int64, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT COALESCE(SUM(a.n), 0) FROM report_site AS r JOIN report_absence AS a ON a.report = r.id
		WHERE r.sitting = $1 AND r.state = 'accepted' AND a.reason = 'unknown' AND (r.part = 2 OR NOT EXISTS
			(SELECT 1 FROM report_site AS later WHERE later.sitting = r.sitting AND later.site = r.site AND later.part = 2 AND later.state = 'accepted'))`,
		string(sitting)).Scan(&n)
	return n, err
}

// compile makes or renews the version that waits. The caller holds the board.
func (s *Service) compile(ctx context.Context, tx *db.Tx, sc scene, part rules.Part, note string) (Province, error) {
	f, err := s.figures(ctx, tx, sc, sc.duties(), part)
	if err != nil {
		return Province{}, err
	}
	if f.Accepted == 0 {
		return Province{}, fault.New(fault.Conflict, "Chưa có báo cáo nào của buổi thi được tiếp nhận nên chưa tổng hợp được.")
	}
	versions, err := provincesOf(ctx, tx, sc.sitting.ID, part)
	if err != nil {
		return Province{}, err
	}
	actor := access.From(ctx)
	p, err := s.waiting(ctx, tx, sc, part, versions, f)
	if err != nil {
		return Province{}, err
	}
	p.Figures, p.CompiledBy, p.CompiledName, p.CompiledAt, p.Note = f, actor.Person, actor.Name, tx.Now(), note
	if err := freeze(ctx, tx, p, f.reports); err != nil {
		return Province{}, err
	}
	do := "complete"
	if f.Provisional() {
		do = "provisional"
	}
	subject, err := s.steps.Run(ctx, tx, province, p.subject(p.label()), do, "")
	p.State, p.Version = subject.State, subject.Version
	return p, err
}

// waiting gives the version that is being compiled: the one that waits, opened again, or a new one.
func (s *Service) waiting(ctx context.Context, tx *db.Tx, sc scene, part rules.Part, versions []Province, f Figures) (Province, error) {
	p := Province{ID: ProvinceID(db.NewID()), State: StateOpen, Version: 1, Exam: sc.exam.ID, Round: sc.round.ID, Sitting: sc.sitting.ID, Part: part, Number: 1, Figures: f}
	actor := access.From(ctx)
	p.CompiledBy, p.CompiledName = actor.Person, actor.Name
	for _, v := range versions {
		switch v.State {
		case StateComplete, StateProvisional:
			subject, err := s.steps.Run(ctx, tx, province, v.subject(v.label()), "recompile", "")
			v.State, v.Version = subject.State, subject.Version
			return v, err
		case StateApproved, StateSent, StateReceived:
			p.Replaces = v.ID
		}
		p.Number = v.Number + 1
	}
	if err := insertProvince(ctx, tx, p); err != nil {
		return p, err
	}
	return p, s.steps.Begin(ctx, tx, province, p.subject(p.label()), "compile", "")
}

// outdate is what follows when a report of an approved version was corrected: a new version waits for
// approval, and who quotes the approved one hears of it.
//
// Source: V-18.
func (s *Service) outdate(ctx context.Context, tx *db.Tx, sc scene, approved ProvinceID, r Report) error {
	old, err := readProvince(ctx, tx, approved)
	if err != nil {
		return err
	}
	if old.State == StateRevised { // another correction came before: the version that stands has the same report
		versions, err := provincesOf(ctx, tx, old.Sitting, old.Part)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(versions, func(v Province) bool {
			return v.State == StateApproved || v.State == StateSent || v.State == StateReceived
		})
		if i < 0 {
			return nil
		}
		old = versions[i]
	}
	// The version is made because of what the actor decided, who need not be one who compiles.
	p, err := s.compile(access.System(ctx, "Hệ thống (sau đính chính)"), tx, sc, r.Part, "Đính chính báo cáo "+r.Receipt+" của điểm thi")
	if err != nil {
		return err
	}
	fact := p.fact()
	fact.Replaces, fact.Changed = old.ID, old.Figures.Differs(p.Figures)
	return FiguresOutdated.Emit(ctx, tx, fact)
}

// provinceStep takes a step of a version as the actor.
func (s *Service) provinceStep(ctx context.Context, id ProvinceID, version int, do, note string, before func(context.Context, *db.Tx, scene, *Province) error, after func(context.Context, *db.Tx, *Province) error) error {
	ctx, err := s.Policy.Enter(ctx, stepAction(province, do), access.Place{})
	if err != nil {
		return err
	}
	p, err := readProvince(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	sc, err := s.scene(ctx, p.Sitting) // before the transaction, which must not wait for a second connection
	if err != nil {
		return err
	}
	return s.write(ctx, p.Sitting, func(ctx context.Context, tx *db.Tx) error {
		if err := holdBoard(ctx, tx, p.Sitting); err != nil {
			return err
		}
		p, err := readProvince(ctx, tx, id)
		if err != nil {
			return err
		}
		subject := p.subject(p.label())
		subject.Version = version
		if before != nil {
			if err := before(ctx, tx, sc, &p); err != nil {
				return err
			}
		}
		if subject, err = s.steps.Run(ctx, tx, province, subject, do, note); err != nil {
			return err
		}
		p.State, p.Version = subject.State, subject.Version
		return after(ctx, tx, &p)
	})
}

// Approve lets a version be quoted. With sites missing that is possible as provisional only, said by
// the approver. The version approved before it is kept and shown as replaced; its reports and those of
// this one change from now on by new versions alone.
//
// It returns fault.Denied to who compiled the version, or typed or accepted a report of it; fault.Invalid
// with field "provisional"; fault.Conflict when reports were accepted or corrected since it was compiled.
//
// Source: domain.md 2.3, 2.4 (2), 6.5; V-17, V-18.
func (s *Service) Approve(ctx context.Context, id ProvinceID, version int, provisional bool) error {
	do := "approve"
	if provisional {
		do = "approve_provisional"
	}
	var earlier *Province
	return s.provinceStep(ctx, id, version, do, "", func(ctx context.Context, tx *db.Tx, sc scene, p *Province) error {
		if p.State == StateProvisional && !provisional {
			return fault.Fields(fault.Field{Name: "provisional", Message: fmt.Sprintf("Còn thiếu %d điểm thi. Chỉ duyệt được là “số liệu tạm thời”, kèm danh sách điểm thi còn thiếu.", len(p.Figures.Missing))})
		}
		mine, err := hands(ctx, tx, p.ID, access.From(ctx).Person)
		if err != nil {
			return err
		}
		if mine {
			return fault.New(fault.Denied, "Bạn đã nhập hoặc tiếp nhận báo cáo trong số liệu này nên người khác phải duyệt.")
		}
		if err := s.stillSo(ctx, tx, sc, *p); err != nil {
			return err
		}
		if earlier, err = s.revise(ctx, tx, *p); err != nil {
			return err
		}
		actor := access.From(ctx)
		return db.Exec1(ctx, tx, "UPDATE report_province SET approved_by = $2, approved_name = $3, approved_at = $4 WHERE id = $1", string(p.ID), actor.Person, actor.Name, tx.Now())
	}, func(ctx context.Context, tx *db.Tx, p *Province) error {
		if err := lockReports(ctx, tx, p.ID); err != nil {
			return err
		}
		fact := p.fact()
		if earlier == nil {
			return FiguresApproved.Emit(ctx, tx, fact)
		}
		fact.Replaces, fact.Changed = earlier.ID, earlier.Figures.Differs(p.Figures)
		if err := db.Exec1(ctx, tx, "UPDATE report_province SET replaces = $2 WHERE id = $1", string(p.ID), string(earlier.ID)); err != nil {
			return err
		}
		if err := db.Exec1(ctx, tx, "UPDATE report_province SET replaced_by = $2 WHERE id = $1", string(earlier.ID), string(p.ID)); err != nil {
			return err
		}
		if err := FiguresApproved.Emit(ctx, tx, fact); err != nil {
			return err
		}
		return FiguresReplaced.Emit(ctx, tx, fact)
	})
}

// stillSo refuses a version that is not any more the sum of what is accepted.
func (s *Service) stillSo(ctx context.Context, tx *db.Tx, sc scene, p Province) error {
	now, err := s.figures(ctx, tx, sc, sc.duties(), p.Part)
	if err != nil {
		return err
	}
	if !now.same(p.Figures) {
		return fault.New(fault.Conflict, "Số liệu của điểm thi đã thay đổi sau khi tổng hợp bản này. Hãy tổng hợp lại rồi duyệt.")
	}
	return nil
}

// revise retires the version that stands, before another is approved.
func (s *Service) revise(ctx context.Context, tx *db.Tx, p Province) (*Province, error) {
	versions, err := provincesOf(ctx, tx, p.Sitting, p.Part)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.ID == p.ID || v.State != StateApproved && v.State != StateSent && v.State != StateReceived {
			continue
		}
		_, err := s.steps.Run(ctx, tx, province, v.subject(v.label()), "revise", fmt.Sprintf("Có bản số %d", p.Number))
		return &v, err
	}
	return nil, nil
}

// Send records that a version went to the Ministry's Office and whom else; to is who. One report goes
// for each sitting, made of the sites' second parts.
//
// It returns fault.Invalid with field "to".
//
// Source: R-II.4-b; domain.md 2.5.
func (s *Service) Send(ctx context.Context, id ProvinceID, version int, to string) error {
	to = text.CleanLines(to)
	if to == "" || len([]rune(to)) > 1000 {
		return fault.Fields(fault.Field{Name: "to", Message: "Hãy ghi nơi nhận, ví dụ: Văn phòng Bộ GDĐT; Ban Chỉ đạo thi tỉnh."})
	}
	return s.provinceStep(ctx, id, version, "send", to, func(_ context.Context, _ *db.Tx, _ scene, p *Province) error {
		if p.Part != rules.Closing {
			return fault.New(fault.Conflict, "Báo cáo gửi Văn phòng Bộ lập từ lượt kết thúc buổi thi.")
		}
		return nil
	}, func(ctx context.Context, tx *db.Tx, p *Province) error {
		if err := db.Exec1(ctx, tx, "UPDATE report_province SET sent_at = $2, sent_to = $3 WHERE id = $1", string(p.ID), tx.Now(), to); err != nil {
			return err
		}
		return FiguresSent.Emit(ctx, tx, p.fact())
	})
}

// Receive records that the Ministry's Office has a version; note is how it said so.
func (s *Service) Receive(ctx context.Context, id ProvinceID, version int, note string) error {
	return s.provinceStep(ctx, id, version, "receive", text.CleanLines(note), nil, func(ctx context.Context, tx *db.Tx, p *Province) error {
		return db.Exec1(ctx, tx, "UPDATE report_province SET received_at = $2 WHERE id = $1", string(p.ID), tx.Now())
	})
}

// Publish lets the public have the public part of a version ([Service.Situation]): never before it is
// approved, never before the sitting has ended. The address it gets stays.
//
// It returns fault.Conflict also for figures of the beginning of a sitting whose close is public.
//
// Source: domain.md 6.5; R-II.1-f.
func (s *Service) Publish(ctx context.Context, id ProvinceID, version int) error {
	var x exam.Sitting
	var touched []string
	return s.provinceStep(ctx, id, version, "publish", "", func(ctx context.Context, tx *db.Tx, sc scene, p *Province) error {
		if tx.Now() < sc.sitting.EndsAt() {
			return fault.New(fault.Conflict, "Buổi thi chưa kết thúc. Số liệu chỉ công bố sau %s.", text.FormatDayTime(sc.sitting.EndsAt()))
		}
		if p.PublishedAt != 0 {
			return fault.New(fault.Conflict, "Bản này đã được công bố.")
		}
		x = sc.sitting
		touched = []string{KeySituation, YearKey(sc.exam.Year), SittingKey(p.Sitting)}
		shown, err := publishedOf(ctx, tx, p.Sitting)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err == nil && shown.Part == rules.Closing && p.Part == rules.Attendance {
			return fault.New(fault.Conflict, "Số liệu kết thúc buổi thi đã được công bố; số liệu đầu buổi không thay được nó.")
		}
		return err
	}, func(ctx context.Context, tx *db.Tx, p *Province) error {
		if err := keepPage(ctx, tx, x); err != nil {
			return err
		}
		if err := s.touch(ctx, tx, touched...); err != nil {
			return err
		}
		if err := db.Exec1(ctx, tx, "UPDATE report_province SET published_at = $2 WHERE id = $1", string(p.ID), tx.Now()); err != nil {
			return err
		}
		return FiguresPublished.Emit(ctx, tx, p.fact())
	})
}

// Approved gives the version of a sitting's part that stands, as the Ministry's reader may see it.
// fault.NotFound when none is approved.
func (s *Service) Approved(ctx context.Context, sitting exam.SittingID, part rules.Part) (Province, error) {
	if err := s.Policy.Check(ctx, ActApproved, access.Place{}); err != nil {
		return Province{}, err
	}
	return standingVersion(ctx, s.DB.Read(), sitting, part)
}

func standingVersion(ctx context.Context, q db.Queryer, sitting exam.SittingID, part rules.Part) (Province, error) {
	return db.One(ctx, q, scanProvince, "SELECT "+provinceColumns+` FROM report_province AS p WHERE p.sitting = $1 AND p.part = $2
		AND p.state IN ('approved', 'sent', 'receipt_confirmed')`, string(sitting), int(part))
}

// Published gives the figures of a sitting that the public may see: the latest published version of the
// close, else of the attendance. Anyone may ask. fault.NotFound when there are none.
func (s *Service) Published(ctx context.Context, sitting exam.SittingID) (Province, error) {
	return publishedOf(ctx, s.DB.Read(), sitting)
}

func publishedOf(ctx context.Context, q db.Queryer, sitting exam.SittingID) (Province, error) {
	return db.One(ctx, q, scanProvince, "SELECT "+provinceColumns+` FROM report_province AS p WHERE p.sitting = $1 AND p.published_at > 0
		ORDER BY p.part DESC, p.number DESC LIMIT 1`, string(sitting))
}

// Province gives one version; one that was never approved only to who may read those.
func (s *Service) Province(ctx context.Context, id ProvinceID) (Province, error) {
	if err := s.Policy.Check(ctx, ActApproved, access.Place{}); err != nil {
		return Province{}, err
	}
	p, err := readProvince(ctx, s.DB.Read(), id)
	if err != nil || p.Approved() {
		return p, err
	}
	return p, s.Policy.Check(ctx, ActProvince, access.Place{})
}

// Versions gives the versions of a sitting's figures that the actor may read, oldest first.
func (s *Service) Versions(ctx context.Context, sitting exam.SittingID, part rules.Part) ([]Province, error) {
	if err := s.Policy.Check(ctx, ActApproved, access.Place{}); err != nil {
		return nil, err
	}
	all, err := provincesOf(ctx, s.DB.Read(), sitting, part)
	if !s.Policy.Can(ctx, ActProvince, access.Place{}) {
		all = slices.DeleteFunc(all, func(p Province) bool { return !p.Approved() })
	}
	return all, err
}

// ProvinceHistory gives who did what with a version, oldest first.
func (s *Service) ProvinceHistory(ctx context.Context, id ProvinceID) ([]workflow.Entry, error) {
	if _, err := s.Province(ctx, id); err != nil {
		return nil, err
	}
	return s.steps.History(ctx, s.DB.Read(), province, string(id))
}

// ProvinceOffered gives the steps the actor may take with a version now.
func (s *Service) ProvinceOffered(ctx context.Context, id ProvinceID) ([]workflow.Step, error) {
	p, err := s.Province(ctx, id)
	if err != nil {
		return nil, err
	}
	steps, err := s.steps.Offered(ctx, s.DB.Read(), province, p.subject(p.label()))
	if err != nil {
		return nil, err
	}
	mine, err := hands(ctx, s.DB.Read(), id, access.From(ctx).Person)
	return slices.DeleteFunc(steps, func(x workflow.Step) bool {
		switch x.Do {
		case "approve", "approve_provisional":
			return mine
		case "send":
			return p.Part != rules.Closing
		case "publish":
			return p.PublishedAt != 0
		case "receive":
			return false
		}
		return true // compiled by Compile, revised by the next approval
	}), err
}

// Sources gives the reports a version is the sum of: each figure leads to its sites.
func (s *Service) Sources(ctx context.Context, id ProvinceID) ([]Report, error) {
	if err := s.Policy.Check(ctx, ActProvince, access.Place{}); err != nil {
		return nil, err
	}
	return db.All(ctx, s.DB.Read(), scanReport, "SELECT "+reportColumns+` FROM report_province_item AS i JOIN report_site AS r ON r.id = i.report
		WHERE i.province = $1 ORDER BY r.site`, string(id))
}
