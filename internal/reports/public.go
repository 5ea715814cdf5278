package reports

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/event"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// Publisher is what the reports ask of base/publish: pages to be drawn anew, in the transaction that
// made them stale.
type Publisher interface {
	Touch(ctx context.Context, tx *db.Tx, source string, keys ...string) error
}

// PublicSource is this capability's name among the sources of base/publish. Its keys are KeySituation
// for the front list, YearKey for a year's, SittingKey for a sitting's page wherever it stands.
const (
	PublicSource = "reports"
	KeySituation = "tinh-hinh"
)

// YearKey is the key of the list of a year.
func YearKey(year int) string { return "nam/" + strconv.Itoa(year) }

// SittingKey is the key of a sitting's pages.
func SittingKey(id exam.SittingID) string { return "buoi/" + string(id) }

// A PublicScope is what the public sees of figures beyond the attendance of the whole province. The
// zero scope shows nothing more: what nobody has decided to show is not shown.
//
// Source: domain.md 2.3 ("public gets the public subset"), 9 (8).
type PublicScope struct {
	Reasons    bool // why candidates were absent
	Violations bool // of candidates, counted
	Staff      bool // violations of staff, counted
	Incidents  bool // counted by category
	Sites      bool // which sites are missing, and which held no sitting
	Version    int  // 0: nobody has decided
}

// A SittingStage says what the public may expect of a sitting's figures.
type SittingStage string

// The stages.
const (
	StageUpcoming  SittingStage = "upcoming"  // the sitting has not ended: nothing may be public
	StageAwaited   SittingStage = "awaited"   // it has; the figures are not published yet
	StageTold      SittingStage = "published" //
	StageCancelled SittingStage = "cancelled" // the whole sitting
	StageNeverTold SittingStage = "none"      // it is long over and nothing was published
)

// awaitedFor is how long after a sitting its figures are still expected.
const awaitedFor = 7 * 24 * 3_600_000

// A Bulletin is what the public may read of one sitting's figures. It holds nothing else: no
// candidate, no site unless the scope says so, no version that was not published.
//
// Source: R-II.1-f; domain.md 6.5.
type Bulletin struct {
	Exam    exam.Exam
	Round   exam.Round
	Sitting exam.Sitting
	Slug    string // "2021-07-07-sang"; permanent once figures are published
	Stage   SittingStage
	Issues  []Issue // what was published, the newest first
}

// Now gives the figures that hold; false while none are published.
func (b Bulletin) Now() (Issue, bool) {
	if len(b.Issues) == 0 {
		return Issue{}, false
	}
	return b.Issues[0], true
}

// ChangesAt is when the stage changes by the clock alone, ms UTC; 0 when it does not.
func (b Bulletin) ChangesAt() int64 {
	switch b.Stage {
	case StageUpcoming:
		return b.Sitting.EndsAt()
	case StageAwaited:
		return b.Sitting.EndsAt() + awaitedFor
	}
	return 0
}

// Title names the sitting as figures do: "Ngữ văn, buổi sáng 7/7/2021".
func (b Bulletin) Title() string { return sittingName(b.Sitting) }

// An Issue is the public part of one published version.
type Issue struct {
	ID          ProvinceID
	Part        rules.Part
	Number      int   // of the version, as in every text that quotes it: "bản số 2"
	AsOf        int64 // ms UTC
	PublishedAt int64

	Expected, Reported int
	Missing            int // sites: missing is not zero
	NotHeld            int // sites that held no sitting
	MissingNames       []string
	NotHeldNames       []string // with the reason
	Lines              []IssueLine
	Staff              []WordSum
	Incidents          []WordSum // by category
	NoIncident         bool      // incidents are shown, and there was none

	Kind    IssueKind
	Changed []Change // against the issue published before; both values
}

// Provisional tells that sites are missing.
//
// Source: V-17.
func (i Issue) Provisional() bool { return i.Missing > 0 }

// Coverage says how complete the figures are: "số liệu tạm thời (thiếu 2 điểm)", "đủ 27 điểm thi".
//
// Source: V-16, V-17; P-5.
func (i Issue) Coverage() string {
	if i.Provisional() {
		return fmt.Sprintf("số liệu tạm thời (thiếu %d điểm)", i.Missing)
	}
	return fmt.Sprintf("đủ %d điểm thi", i.Expected)
}

// As gives the instant the figures hold for: "số liệu đến 10 giờ 15 ngày 07/7/2021".
func (i Issue) As() string { return "số liệu đến " + i.Until() }

// Until is that instant alone: "10 giờ 15 ngày 07/7/2021".
func (i Issue) Until() string { return Instant(i.AsOf) }

// Edition names the version: "bản số 2", of figures taken before the close "bản số 1 (đầu buổi)".
func (i Issue) Edition() string {
	if i.Part == rules.Attendance {
		return fmt.Sprintf("bản số %d (đầu buổi)", i.Number)
	}
	return fmt.Sprintf("bản số %d", i.Number)
}

// An IssueLine is a line of the public figures. Violations are nil where they are not shown or nobody
// was asked.
type IssueLine struct {
	Key                            string
	Subject                        string // "ngu_van"; "" for a line that the timetable has no more
	Name                           string
	Registered, Present, Absent    int64
	Rooms                          int64
	Why                            []WordSum
	Reprimanded, Warned, Suspended int64
	Judged                         bool // violations are shown
}

// Rate gives the share of the present: "99,12 %", "–" without any registered.
//
// Source: V-19.
func (l IssueLine) Rate() string { return text.FormatPercent(l.Present, l.Registered) }

// IssueKind says what a version published after another is to it.
type IssueKind string

// The kinds. A version may complete and correct at once.
const (
	FirstIssue IssueKind = "first"
	AtClose    IssueKind = "close"      // the close of the sitting after figures of its beginning
	Supplement IssueKind = "supplement" // reports of sites that were missing
	Correction IssueKind = "correction" // a report was corrected
	Completed  IssueKind = "supplement_and_correction"
)

// Label gives the kind's Vietnamese words.
func (k IssueKind) Label() string {
	return map[IssueKind]string{FirstIssue: "Công bố lần đầu", AtClose: "Cập nhật khi kết thúc buổi thi", Supplement: "Bổ sung số liệu", Correction: "Đính chính",
		Completed: "Bổ sung và đính chính"}[k]
}

// Corrects tells whether a figure published before was wrong.
func (k IssueKind) Corrects() bool { return k == Correction || k == Completed }

// A Change is one figure with both its values.
type Change struct {
	What          string
	Before, After int64
}

// Instant writes an instant the way official texts date figures: "10 giờ 15 ngày 07/7/2021", by the
// rule of Decree 30 with a zero before days under ten and the months 1 and 2.
func Instant(ms int64) string {
	t := clock.Local(clock.FromMillis(ms))
	month := strconv.Itoa(int(t.Month()))
	if t.Month() < 3 {
		month = "0" + month
	}
	return fmt.Sprintf("%d giờ %02d ngày %02d/%s/%d", t.Hour(), t.Minute(), t.Day(), month, t.Year())
}

// Situation gives what the public may read of the sittings of a public exam, in order of time. Anyone
// may ask; fault.NotFound for an exam that is not public.
//
// Source: R-II.1-f.
func (s *Service) Situation(ctx context.Context, e exam.Exam) ([]Bulletin, error) {
	if !e.Public {
		return nil, fault.New(fault.NotFound, "Kỳ thi này chưa công khai.")
	}
	scope, err := readScope(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return nil, err
	}
	words, err := readWords(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return nil, err
	}
	return s.situation(ctx, e, scope, words)
}

// Bulletin gives what the public may read of one sitting. Anyone may ask; fault.NotFound for a sitting
// that is none, has no papers, or belongs to an exam that is not public.
func (s *Service) Bulletin(ctx context.Context, sitting exam.SittingID) (Bulletin, error) {
	e, err := s.Exams.OfSitting(program(ctx), sitting)
	if err != nil {
		return Bulletin{}, err
	}
	all, err := s.Situation(ctx, e)
	if err != nil {
		return Bulletin{}, err
	}
	at := slices.IndexFunc(all, func(b Bulletin) bool { return b.Sitting.ID == sitting })
	if at < 0 {
		return Bulletin{}, &fault.Error{Kind: fault.NotFound}
	}
	return all[at], nil
}

func (s *Service) situation(ctx context.Context, e exam.Exam, scope PublicScope, words Words3) ([]Bulletin, error) {
	q := s.DB.Read()
	slugs, err := readPages(ctx, q)
	if err != nil {
		return nil, err
	}
	published, err := publishedIn(ctx, q, e.ID)
	if err != nil {
		return nil, err
	}
	taken := maps.Collect(func(yield func(string, bool) bool) {
		for _, slug := range slugs {
			if !yield(slug, true) {
				return
			}
		}
	})
	now := s.Clock.Millis()
	var all []Bulletin
	for _, x := range e.Schedule(now) {
		if x.Kind != exam.Papers {
			continue
		}
		b := Bulletin{Exam: e, Round: x.Round, Sitting: x.Sitting, Slug: slugs[x.ID]}
		if b.Slug == "" {
			b.Slug = freeSlug(x.Sitting, taken)
		}
		taken[b.Slug] = true
		if b.Issues, err = s.issues(ctx, e, published[x.ID], scope, words); err != nil {
			return nil, err
		}
		switch {
		case len(b.Issues) > 0:
			b.Stage = StageTold
		case !x.Held():
			b.Stage = StageCancelled
		case now < x.EndsAt():
			b.Stage = StageUpcoming
		case now < x.EndsAt()+awaitedFor:
			b.Stage = StageAwaited
		default:
			b.Stage = StageNeverTold
		}
		all = append(all, b)
	}
	return all, nil
}

// freeSlug gives the address of a sitting that has none yet: its day and half, "2021-07-07-sang".
func freeSlug(x exam.Sitting, taken map[string]bool) string {
	slug := strings.TrimPrefix(x.Anchor(), "ngay-")
	for n := 2; taken[slug]; n++ {
		slug = fmt.Sprintf("%s-%d", strings.TrimPrefix(x.Anchor(), "ngay-"), n)
	}
	return slug
}

// issues gives the public parts of versions, the newest first. versions are in the order of their
// publication; figures of the beginning of a sitting never stand above those of its close.
func (s *Service) issues(ctx context.Context, e exam.Exam, versions []Province, scope PublicScope, words Words3) ([]Issue, error) {
	var all []Issue
	for i, p := range versions {
		issue := publicPart(e, p, scope, words)
		if i == 0 {
			issue.Kind = FirstIssue
			all = append(all, issue)
			continue
		}
		before := versions[i-1]
		gone, err := itemsGone(ctx, s.DB.Read(), before.ID, p.ID)
		if err != nil {
			return nil, err
		}
		switch {
		case before.Part != p.Part:
			issue.Kind = AtClose
		case gone == 0:
			issue.Kind = Supplement
		case len(p.Figures.Missing) < len(before.Figures.Missing):
			issue.Kind = Completed
		default:
			issue.Kind = Correction
		}
		issue.Changed = all[len(all)-1].changes(issue)
		all = append(all, issue)
	}
	slices.Reverse(all)
	return all, nil
}

// publicPart leaves of a version what the scope lets the public see.
func publicPart(e exam.Exam, p Province, scope PublicScope, words Words3) Issue {
	f := p.Figures
	i := Issue{ID: p.ID, Part: p.Part, Number: p.Number, AsOf: f.AsOf, PublishedAt: p.PublishedAt, Expected: f.Expected, Reported: f.Expected - len(f.Missing),
		Missing: len(f.Missing), NotHeld: len(f.NotHeld)}
	subjects := map[string]string{}
	for _, l := range e.SittingLines(p.Sitting) {
		subjects[l.String()] = l.Subject.Code
	}
	for _, l := range f.Lines {
		line := IssueLine{Key: l.Key, Subject: subjects[l.Key], Name: l.Name, Registered: l.Registered, Present: l.Present, Absent: l.Absent, Rooms: l.Rooms}
		if scope.Reasons {
			line.Why = l.Why
		}
		if scope.Violations && l.JudgedSites > 0 {
			line.Judged, line.Reprimanded, line.Warned, line.Suspended = true, l.Reprimanded, l.Warned, l.Suspended
		}
		i.Lines = append(i.Lines, line)
	}
	if scope.Staff {
		i.Staff = f.Staff
	}
	if scope.Incidents {
		counts := map[string]int64{}
		for _, x := range f.Incident {
			counts[x.Category] += x.N
		}
		i.Incidents, i.NoIncident = wordSums(words.Incident, counts), len(counts) == 0 && p.Part == rules.Closing
	}
	if scope.Sites {
		for _, s := range f.Missing {
			i.MissingNames = append(i.MissingNames, s.Name)
		}
		for _, s := range f.NotHeld {
			i.NotHeldNames = append(i.NotHeldNames, s.Name+" ("+s.Reason+")")
		}
	}
	return i
}

// changes gives the public figures that differ in the next issue.
func (i Issue) changes(next Issue) []Change {
	var all []Change
	say := func(what string, before, after int64) {
		if before != after {
			all = append(all, Change{what, before, after})
		}
	}
	sums := func(what string, before, after []WordSum) {
		for _, w := range after {
			say(what+w.Name, countOf(before, w.Code), w.N)
		}
		for _, w := range before {
			if !slices.ContainsFunc(after, func(x WordSum) bool { return x.Code == w.Code }) {
				say(what+w.Name, w.N, 0)
			}
		}
	}
	say("Điểm thi còn thiếu số liệu", int64(i.Missing), int64(next.Missing))
	say("Điểm thi không tổ chức", int64(i.NotHeld), int64(next.NotHeld))
	lines := slices.Clone(next.Lines)
	for _, l := range i.Lines {
		if !slices.ContainsFunc(lines, func(x IssueLine) bool { return x.Key == l.Key }) {
			lines = append(lines, IssueLine{Key: l.Key, Name: l.Name})
		}
	}
	for _, after := range lines {
		var before IssueLine
		if at := slices.IndexFunc(i.Lines, func(x IssueLine) bool { return x.Key == after.Key }); at >= 0 {
			before = i.Lines[at]
		}
		say(after.Name+", đăng ký", before.Registered, after.Registered)
		say(after.Name+", có mặt", before.Present, after.Present)
		say(after.Name+", vắng", before.Absent, after.Absent)
		say(after.Name+", phòng thi", before.Rooms, after.Rooms)
		if before.Judged && after.Judged {
			say(after.Name+", khiển trách", before.Reprimanded, after.Reprimanded)
			say(after.Name+", cảnh cáo", before.Warned, after.Warned)
			say(after.Name+", đình chỉ", before.Suspended, after.Suspended)
		}
		sums(after.Name+", vắng do ", before.Why, after.Why)
	}
	if i.Part == next.Part {
		sums("Cán bộ vi phạm, ", i.Staff, next.Staff)
		sums("Sự cố, ", i.Incidents, next.Incidents)
	}
	return all
}

func countOf(sums []WordSum, code string) int64 {
	if at := slices.IndexFunc(sums, func(w WordSum) bool { return w.Code == code }); at >= 0 {
		return sums[at].N
	}
	return 0
}

// PublicScopeOf gives what an exam shows the public, for who may publish or read what was approved.
func (s *Service) PublicScopeOf(ctx context.Context, e exam.ID) (PublicScope, error) {
	if err := s.Policy.Check(ctx, ActApproved, access.Place{}); err != nil {
		return PublicScope{}, err
	}
	return readScope(ctx, s.DB.Read(), e)
}

// SetPublicScope decides what an exam shows the public. It holds at once for everything published
// already; in.Version is the one read.
func (s *Service) SetPublicScope(ctx context.Context, e exam.ID, in PublicScope) error {
	ctx, err := s.Policy.Enter(ctx, ActScope, access.Place{})
	if err != nil {
		return err
	}
	x, err := s.Exams.Exam(program(ctx), e)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := saveScope(ctx, tx, e, in); err != nil {
			return err
		}
		if err := s.touch(ctx, tx, keysOf(x)...); err != nil {
			return err
		}
		yes := func(b bool) string { return map[bool]string{true: "có", false: "không"}[b] }
		return audit.Write(ctx, tx, audit.Entry{Action: "report.scope", Kind: "report.scope", ID: string(e), Label: x.FullName(), Data: map[string]string{
			"reasons": yes(in.Reasons), "violations": yes(in.Violations), "staff_violations": yes(in.Staff), "incidents": yes(in.Incidents), "sites": yes(in.Sites)}})
	})
}

// keysOf gives the keys of everything that shows an exam's figures.
func keysOf(e exam.Exam) []string {
	keys := []string{KeySituation, YearKey(e.Year)}
	for _, r := range e.Rounds {
		for _, x := range r.Sittings {
			if x.Kind == exam.Papers {
				keys = append(keys, SittingKey(x.ID))
			}
		}
	}
	return keys
}

// PublicKeys gives every key there is, for when all is drawn anew.
func (s *Service) PublicKeys(ctx context.Context) ([]string, error) {
	keys := []string{KeySituation}
	years, err := s.Exams.Years(ctx)
	if err != nil {
		return nil, err
	}
	for _, year := range years {
		e, err := s.Exams.Archive(ctx, year)
		if err != nil {
			return nil, err
		}
		keys = append(keys, keysOf(e)[1:]...)
	}
	return keys, nil
}

// touch has pages drawn anew; without a publisher nobody draws any.
func (s *Service) touch(ctx context.Context, tx *db.Tx, keys ...string) error {
	if s.Publisher == nil {
		return nil
	}
	return s.Publisher.Touch(ctx, tx, PublicSource, keys...)
}

// subscribePages redraws the public pages when the exam changes what they say of a sitting.
func (s *Service) subscribePages(b *event.Bus) {
	redraw := func(ctx context.Context, id exam.ID, more ...string) error {
		e, err := s.Exams.Exam(program(ctx), id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.touch(ctx, tx, append(keysOf(e), more...)...) })
	}
	exam.ExamChanged.On(b, "reports.pages", func(ctx context.Context, f exam.ExamFact) error { return redraw(ctx, f.Exam, YearKey(f.Year)) })
	exam.TimetableChanged.On(b, "reports.pages", func(ctx context.Context, f exam.TimetableFact) error {
		return redraw(ctx, f.Exam, SittingKey(f.Sitting))
	})
}

// A Publication is a sitting as who publishes its figures sees it.
type Publication struct {
	Bulletin            // what the public sees now
	Ready    []Province // approved versions that stand and are not public: publishing one changes the page
	NotYet   string     // why none of them can be published now, in words; "" when one can
}

// Publications gives the sittings of an exam for who publishes their figures, in order of time.
//
// Source: domain.md 6.5 ("publish: office after approval").
func (s *Service) Publications(ctx context.Context, e exam.Exam) ([]Publication, error) {
	if err := s.Policy.Check(ctx, ActApproved, access.Place{}); err != nil {
		return nil, err
	}
	scope, err := readScope(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return nil, err
	}
	words, err := readWords(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return nil, err
	}
	bulletins, err := s.situation(ctx, e, scope, words)
	if err != nil {
		return nil, err
	}
	standing, err := standingVersions(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return nil, err
	}
	var all []Publication
	for _, b := range bulletins {
		p := Publication{Bulletin: b}
		shown, any := b.Now()
		for _, v := range standing[b.Sitting.ID] {
			if v.PublishedAt == 0 && !(any && shown.Part == rules.Closing && v.Part == rules.Attendance) {
				p.Ready = append(p.Ready, v)
			}
		}
		if len(p.Ready) > 0 && s.Clock.Millis() < b.Sitting.EndsAt() {
			p.NotYet = "Công bố được sau khi buổi thi kết thúc lúc " + text.FormatDayTime(b.Sitting.EndsAt()) + "."
		}
		all = append(all, p)
	}
	return all, nil
}

// Preview gives what the public would see of an approved version, with what would be said to have
// changed, and the sitting it belongs to.
func (s *Service) Preview(ctx context.Context, id ProvinceID) (Province, Bulletin, error) {
	p, err := s.Province(ctx, id)
	if err != nil {
		return p, Bulletin{}, err
	}
	if !p.Approved() {
		return p, Bulletin{}, fault.New(fault.Conflict, "Bản này chưa được duyệt nên chưa công bố được.")
	}
	e, err := s.Exams.Exam(program(ctx), p.Exam)
	if err != nil {
		return p, Bulletin{}, err
	}
	scope, err := readScope(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return p, Bulletin{}, err
	}
	words, err := readWords(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return p, Bulletin{}, err
	}
	all, err := s.situation(ctx, e, scope, words)
	if err != nil {
		return p, Bulletin{}, err
	}
	at := slices.IndexFunc(all, func(b Bulletin) bool { return b.Sitting.ID == p.Sitting })
	if at < 0 {
		return p, Bulletin{}, &fault.Error{Kind: fault.NotFound}
	}
	b := all[at]
	if p.PublishedAt == 0 {
		published, err := publishedIn(ctx, s.DB.Read(), e.ID)
		if err != nil {
			return p, b, err
		}
		if b.Issues, err = s.issues(ctx, e, append(published[p.Sitting], p), scope, words); err != nil {
			return p, b, err
		}
	}
	return p, b, nil
}

// The rows.

func readScope(ctx context.Context, q db.Queryer, e exam.ID) (PublicScope, error) {
	v, err := db.One(ctx, q, func(s db.Scanner) (v PublicScope, err error) {
		return v, s.Scan(&v.Reasons, &v.Violations, &v.Staff, &v.Incidents, &v.Sites, &v.Version)
	}, "SELECT reasons, violations, staff, incidents, sites, version FROM report_public_scope WHERE exam = $1", string(e))
	if fault.Is(err, fault.NotFound) {
		return PublicScope{}, nil
	}
	return v, err
}

func saveScope(ctx context.Context, tx *db.Tx, e exam.ID, v PublicScope) error {
	args := []any{string(e), v.Reasons, v.Violations, v.Staff, v.Incidents, v.Sites}
	if v.Version == 0 {
		_, err := tx.ExecContext(ctx, "INSERT INTO report_public_scope (exam, reasons, violations, staff, incidents, sites, version) VALUES ($1, $2, $3, $4, $5, $6, 1)", args...)
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Phạm vi công bố vừa được người khác quyết định. Hãy tải lại trang.")
		}
		return err
	}
	return db.Exec1(ctx, tx, `UPDATE report_public_scope SET reasons = $2, violations = $3, staff = $4, incidents = $5, sites = $6, version = version + 1
		WHERE exam = $1 AND version = $7`, append(args, v.Version)...)
}

func readPages(ctx context.Context, q db.Queryer) (map[exam.SittingID]string, error) {
	all := map[exam.SittingID]string{}
	_, err := db.All(ctx, q, func(s db.Scanner) (id exam.SittingID, err error) {
		var slug string
		err = s.Scan(&id, &slug)
		all[id] = slug
		return id, err
	}, "SELECT sitting, slug FROM report_page ORDER BY since, sitting")
	return all, err
}

// keepPage keeps the address of a sitting when figures are first published under it.
func keepPage(ctx context.Context, tx *db.Tx, x exam.Sitting) error {
	slugs, err := readPages(ctx, tx)
	if err != nil || slugs[x.ID] != "" {
		return err
	}
	taken := map[string]bool{}
	for _, slug := range slugs {
		taken[slug] = true
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO report_page (sitting, slug, since) VALUES ($1, $2, $3)", string(x.ID), freeSlug(x, taken), tx.Now())
	return err
}

// publishedIn gives the published versions of an exam by sitting, in the order the public met them:
// those of the beginning of a sitting before those of its close.
func publishedIn(ctx context.Context, q db.Queryer, e exam.ID) (map[exam.SittingID][]Province, error) {
	return bySitting(db.All(ctx, q, scanProvince, "SELECT "+provinceColumns+" FROM report_province AS p WHERE p.exam = $1 AND p.published_at > 0 ORDER BY p.part, p.number", string(e)))
}

// standingVersions gives the approved versions of an exam that stand, by sitting.
func standingVersions(ctx context.Context, q db.Queryer, e exam.ID) (map[exam.SittingID][]Province, error) {
	return bySitting(db.All(ctx, q, scanProvince, "SELECT "+provinceColumns+` FROM report_province AS p WHERE p.exam = $1
		AND p.state IN ('approved', 'sent', 'receipt_confirmed') ORDER BY p.part DESC, p.number`, string(e)))
}

func bySitting(all []Province, err error) (map[exam.SittingID][]Province, error) {
	of := map[exam.SittingID][]Province{}
	for _, p := range all {
		of[p.Sitting] = append(of[p.Sitting], p)
	}
	return of, err
}

// itemsGone counts the site reports of a version that a later one has no more: they were corrected.
func itemsGone(ctx context.Context, q db.Queryer, before, after ProvinceID) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM report_province_item AS a WHERE a.province = $1
		AND NOT EXISTS (SELECT 1 FROM report_province_item AS b WHERE b.province = $2 AND b.report = a.report)`, string(before), string(after)).Scan(&n)
	return n, err
}
