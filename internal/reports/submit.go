package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports/receipt"
	"bangvang/internal/reports/rules"
)

// A Submission is a report as it is sent.
type Submission struct {
	rules.Report
	// Amends is the receipt of an earlier report of the same slot that this one is to take the place
	// of; "" for none. Without it, a report that says other than one that stands is a conflict.
	Amends string `json:"amends,omitempty"`
	Why    string `json:"why,omitempty"` // why it is amended
}

// Outcome says what became of a report at the door.
type Outcome string

// The outcomes. None of them loses what was sent.
const (
	Received  Outcome = "received"
	Duplicate Outcome = "duplicate" // the same was said before; First is the receipt of that
	Disputed  Outcome = "conflict"  // it says other than one that stands; the Council decides
)

// A Receipt is what the sender of a report gets, the same for the same report however often it is sent.
type Receipt struct {
	Code       string         `json:"receipt"`
	ID         string         `json:"id"` // the sender's id of the report
	Site       exam.SiteID    `json:"site"`
	Sitting    exam.SittingID `json:"sitting"`
	Part       rules.Part     `json:"part"`
	ReceivedAt int64          `json:"receivedAt"` // ms UTC
	Outcome    Outcome        `json:"outcome"`
	First      string         `json:"first,omitempty"`
	Message    string         `json:"message"`
	Report     ReportID       `json:"-"`
}

// Submit takes in a report that a site sends.
//
// Sending is idempotent by the report's ID: the same content gives the same receipt, also after it was
// accepted or after the roster changed. The same ID with other content, or another ID with other
// figures, is kept and opens a conflict; another ID with the same figures is a duplicate that names the
// first receipt. None of these is an error. A report whose Form is old is judged like any other.
//
// It returns fault.NotFound for a site or sitting the actor may not know of, and fault.Invalid with
// fields for what the rules refuse: an attendance before the fifteen-minute line, counts that do not
// add up, a warning without its reason ("reasons.<key>").
//
// Source: architecture.md 8; V-01 … V-22; R-III.2-6.
func (s *Service) Submit(ctx context.Context, in Submission) (Receipt, error) {
	return s.submit(ctx, in, Web)
}

// entry is a report on its way in.
type entry struct {
	Submission
	channel    Channel
	do         string // the first step in its history
	dictatedBy string
	dictatedAt int64
	headSpoke  bool
	note       string
	corrects   ReportID // a correction's target; "" otherwise
}

func (s *Service) submit(ctx context.Context, in Submission, way Channel) (Receipt, error) {
	site := exam.SiteID(in.Site)
	ctx, err := s.Policy.Enter(ctx, ActEnter, place(site))
	if err != nil {
		return Receipt{}, err
	}
	why := text.CleanLines(in.Why)
	if len([]rune(why)) > 1000 {
		return Receipt{}, fault.Fields(fault.Field{Name: "why", Message: "Dài quá 1.000 ký tự. Hãy rút gọn."})
	}
	return s.receive(ctx, entry{Submission: in, channel: way, do: "submit", note: why})
}

// receive judges a report and keeps it. Who may enter it was asked; ctx acts by that right.
func (s *Service) receive(ctx context.Context, in entry) (Receipt, error) {
	r := Report{Said: in.Report, Channel: in.channel, DictatedBy: in.dictatedBy, DictatedAt: in.dictatedAt, ReadBack: in.channel == Phone, Note: in.note}
	if err := clean(&r.Said); err != nil {
		return Receipt{}, err
	}
	r.Slot = Slot{exam.SittingID(r.Said.Sitting), exam.SiteID(r.Said.Site), r.Said.Part}
	r.contentHash, r.figuresHash = contentHash(r.Said), figuresHash(r.Said)
	if before, err := reportOnce(ctx, s.DB.Read(), r.Site, r.Said.ID, r.contentHash); !fault.Is(err, fault.NotFound) {
		if err != nil {
			return Receipt{}, err
		}
		return s.receiptOf(ctx, s.DB.Read(), before)
	}
	now := s.Clock.Millis()
	actor := access.From(ctx)
	r.EnteredBy, r.EnteredName, r.Behalf = actor.Person, actor.Name, !ofSite(ctx, r.Site, now)
	if r.Behalf && r.Said.Reporter == "" {
		return Receipt{}, fault.Fields(fault.Field{Name: "reporter", Message: "Báo cáo nhập thay điểm thi phải ghi ai ở điểm thi đã báo."})
	}
	sc, err := s.scene(ctx, r.Sitting)
	if err != nil {
		return Receipt{}, err
	}
	if err := s.judge(ctx, sc, &r, in.channel == Phone || in.channel == Desk); err != nil {
		return Receipt{}, err
	}
	for try := 1; ; try++ {
		var given Receipt
		err := s.write(ctx, r.Sitting, func(ctx context.Context, tx *db.Tx) (err error) {
			given, err = s.keep(ctx, tx, r, in)
			return err
		})
		if try == 3 || !db.IsUnique(err) { // another report was given the same code at the same time
			return given, err
		}
	}
}

// judge holds a report against the rules and notes its warnings.
func (s *Service) judge(ctx context.Context, sc scene, r *Report, authority bool) error {
	d, ok := sc.dutyOf(r.Site)
	if !ok {
		return fault.Fields(fault.Field{Name: "sitting", Message: "Buổi thi này không thuộc đợt thi của điểm thi. Hãy tải lại trang để chọn đúng buổi thi."}) // V-21
	}
	r.Exam, r.Round = sc.exam.ID, sc.round.ID
	basis, err := s.basis(ctx, s.DB.Read(), sc, d, authority)
	if err != nil {
		return err
	}
	verdict := rules.Judge(r.Said, basis)
	var wrong []fault.Field
	for _, f := range verdict.Errors {
		wrong = append(wrong, fault.Field{Name: f.Field, Message: f.Message})
	}
	for _, f := range verdict.Open {
		wrong = append(wrong, fault.Field{Name: "reasons." + f.Key, Message: f.Message})
	}
	r.Warnings = verdict.Answered
	for _, i := range r.Said.Incidents {
		r.SevereOpen = r.SevereOpen || i.Open && i.Severity == "severe"
	}
	return fault.Fields(wrong...)
}

// keep writes a judged report where it belongs: as the one that waits, beside one that says the same,
// or against one that says other.
func (s *Service) keep(ctx context.Context, tx *db.Tx, r Report, in entry) (Receipt, error) {
	if err := holdSlot(ctx, tx, r.Slot); err != nil {
		return Receipt{}, err
	}
	if before, err := reportOnce(ctx, tx, r.Site, r.Said.ID, r.contentHash); !fault.Is(err, fault.NotFound) {
		if err != nil {
			return Receipt{}, err
		}
		return s.receiptOf(ctx, tx, before)
	}
	said, err := reportsOf(ctx, tx, r.Slot)
	if err != nil {
		return Receipt{}, err
	}
	place, err := s.find(ctx, tx, r, said, in)
	if err != nil {
		return Receipt{}, err
	}
	r.ID, r.State, r.ReceivedAt, r.Edition, r.Amends = ReportID(db.NewID()), StateSubmitted, tx.Now(), len(said)+1, place.amends
	if r.Receipt, err = s.code(ctx, tx, r.Said); err != nil {
		return Receipt{}, err
	}
	for _, old := range place.over {
		if _, err := s.run(ctx, tx, old, "supersede", "Có báo cáo sau: "+r.Receipt); err != nil {
			return Receipt{}, err
		}
	}
	if place.twin != nil {
		r.DuplicateOf = place.twin.ID
	}
	r.aside = place.twin != nil || place.against != nil
	if err := s.insert(ctx, tx, r, in, place); err != nil {
		return Receipt{}, err
	}
	return s.receiptOf(ctx, tx, r)
}

// insert writes the report with its history, its conflict, and the incidents it tells of.
func (s *Service) insert(ctx context.Context, tx *db.Tx, r Report, in entry, p found) error {
	if err := insertReport(ctx, tx, r); err != nil {
		return err
	}
	table := siteTable(r.Part)
	if err := s.steps.Begin(ctx, tx, table, r.subject(), in.do, in.note); err != nil {
		return err
	}
	r.Version = 1
	switch {
	case p.twin != nil:
		_, err := s.run(ctx, tx, r, "duplicate", "Trùng với báo cáo "+p.twin.Receipt)
		return err
	case p.against != nil:
		if _, err := s.run(ctx, tx, r, "dispute", "Khác với báo cáo "+p.against.Receipt); err != nil {
			return err
		}
		c := Conflict{ID: ConflictID(db.NewID()), Slot: r.Slot, Kind: p.kind, Report: r.ID, Against: p.against.ID}
		if err := insertConflict(ctx, tx, c); err != nil {
			return err
		}
		return ConflictOpened.Emit(ctx, tx, ConflictFact{c.ID, r.Sitting, r.Site, r.Part})
	}
	if err := s.tell(ctx, tx, r); err != nil {
		return err
	}
	if err := ReportMoved.Emit(ctx, tx, ReportFact{r.ID, r.Sitting, r.Site, r.Part, in.do, r.State}); err != nil {
		return err
	}
	switch {
	case in.headSpoke:
		return s.confirm(ctx, tx, r, "confirm_phone", in.dictatedBy, "Đọc qua điện thoại, đã đọc lại")
	case !r.Behalf && s.isHead(ctx, r.Site):
		return s.confirm(ctx, tx, r, "confirm", access.From(ctx).Name, "")
	}
	return nil
}

// isHead tells whether the actor heads the site: what a head sends is confirmed by it, for the
// signature is the head's; that another person accepts it is the second pair of eyes.
func (s *Service) isHead(ctx context.Context, site exam.SiteID) bool {
	now := s.Clock.Millis()
	return slices.ContainsFunc(access.From(ctx).Grants, func(g access.Grant) bool {
		return g.Role == people.RoleSiteHead && g.Scope == access.Scope{Kind: access.Site, ID: string(site)} && (g.From == 0 || now >= g.From) && (g.Until == 0 || now < g.Until)
	})
}

// found says where a report stands among what was said of its slot.
type found struct {
	twin    *Report // says the same
	against *Report // says other
	kind    ConflictKind
	over    []Report // those it takes the place of
	amends  ReportID
}

// find decides where a report belongs.
func (s *Service) find(ctx context.Context, q db.Queryer, r Report, said []Report, in entry) (found, error) {
	var accepted, waiting, returned *Report
	for i := range said {
		switch said[i].State {
		case StateAccepted:
			accepted = &said[i]
		case StateSubmitted, StateConfirmed:
			waiting = &said[i]
		case StateReturned:
			returned = &said[i]
		}
	}
	var p found
	target, amends, err := target(said, in)
	if err != nil {
		return p, err
	}
	if amends {
		p.amends = target.ID
		for _, old := range []*Report{waiting, returned} {
			if old != nil {
				p.over = append(p.over, *old)
			}
		}
		return p, nil
	}
	under, err := reportsUnder(ctx, q, r.Site, r.Said.ID)
	if err != nil {
		return p, err
	}
	for i := range under {
		old := &under[i]
		if old.State == StateDuplicate { // says what the first says, as long as that stands
			first, err := readReport(ctx, q, old.DuplicateOf)
			if err != nil {
				return p, err
			}
			old = &first
		}
		if stands(old.State) {
			return found{against: old, kind: SameID}, nil
		}
	}
	for i := range said { // who waits for a decision may be the twin too
		if old := &said[i]; stands(old.State) && old.figuresHash == r.figuresHash {
			return found{twin: old}, nil
		}
	}
	for _, old := range []*Report{waiting, accepted} {
		if old == nil {
			continue
		}
		kind := TwoReports
		if old.Channel == Phone || r.Channel == Phone {
			kind = DictatedOther
		}
		return found{against: old, kind: kind}, nil
	}
	if returned != nil {
		p.over, p.amends = []Report{*returned}, returned.ID
	}
	return p, nil
}

// stands tells whether a report still says something of its own.
func stands(state workflow.State) bool {
	switch state {
	case StateSubmitted, StateConfirmed, StateAccepted, StateDisputed:
		return true
	}
	return false
}

// target finds the report that another is to take the place of; false when it is to take none's. A
// receipt of what does not stand any more names none: two computers of one site amended the same
// report, and what the second says is compared with what stands now.
func target(said []Report, in entry) (Report, bool, error) {
	if in.Amends == "" && in.corrects == "" {
		return Report{}, false, nil
	}
	code, err := receipt.Parse(in.Amends)
	if err != nil {
		code = ""
	}
	named := slices.IndexFunc(said, func(old Report) bool { return old.ID == in.corrects || code != "" && old.Receipt == code })
	if named >= 0 && said[named].State == StateDuplicate {
		first := said[named].DuplicateOf
		named = slices.IndexFunc(said, func(old Report) bool { return old.ID == first })
	}
	if named >= 0 {
		switch said[named].State {
		case StateSubmitted, StateConfirmed, StateAccepted, StateReturned:
			return said[named], true, nil
		}
	}
	switch {
	case in.corrects != "":
		return Report{}, false, fault.New(fault.Conflict, "Báo cáo này không còn ở bước sửa được. Hãy tải lại trang để xem báo cáo đang dùng.")
	case named < 0:
		return Report{}, false, fault.Fields(fault.Field{Name: "amends", Message: "Không có báo cáo mang mã biên nhận này của cùng điểm thi, buổi thi, lượt báo cáo. Hãy kiểm tra lại mã."})
	}
	return Report{}, false, nil
}

// receiptOf makes the receipt of a report that was kept.
func (s *Service) receiptOf(ctx context.Context, q db.Queryer, r Report) (Receipt, error) {
	out := Receipt{Code: r.Receipt, ID: r.Said.ID, Site: r.Site, Sitting: r.Sitting, Part: r.Part, ReceivedAt: r.ReceivedAt, Outcome: Received, Report: r.ID,
		Message: "Đã nhận báo cáo. Mã biên nhận: " + r.Receipt + "."}
	if r.DuplicateOf != "" {
		first, err := readReport(ctx, q, r.DuplicateOf)
		if err != nil {
			return out, err
		}
		out.Outcome, out.First = Duplicate, first.Receipt
		out.Message = "Số liệu này đã được báo trước đó, biên nhận " + first.Receipt + ". Không cần gửi lại."
		return out, nil
	}
	disputed, err := conflictOf(ctx, q, r.ID)
	if disputed {
		out.Outcome = Disputed
		out.Message = "Đã nhận báo cáo, mã biên nhận " + r.Receipt + ". Số liệu khác với báo cáo đã có của điểm thi; Thư ký Hội đồng thi sẽ gọi để xác định số đúng. Không cần gửi lại."
	}
	return out, err
}

// meetings is how many reports may share a code before the program gives up: the codes are short, and
// of twenty thousand reports one pair meets.
const meetings = 8

// codes gives the receipts a report can have: the first that no other has is its own.
func (s *Service) codes(said rules.Report) iter.Seq[string] {
	return func(yield func(string) bool) {
		id := said.ID
		for range meetings {
			if !yield(receipt.Code(s.Secret, id, content(said))) {
				return
			}
			id += "~" // which no sender's id has
		}
	}
}

// code gives a report its receipt.
func (s *Service) code(ctx context.Context, tx *db.Tx, said rules.Report) (string, error) {
	for code := range s.codes(said) {
		_, err := reportByReceipt(ctx, tx, code)
		if fault.Is(err, fault.NotFound) {
			return code, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", errors.New("every receipt this report can have is taken")
}

// A Proof is what a receipt proves.
type Proof struct {
	Receipt Receipt
	Report  Report
	Whole   bool // what is kept is what the receipt was made for
}

// Prove finds what a receipt was given for, typed with or without dashes, and checks that what is kept
// is what was sent. fault.Invalid for what is no receipt; fault.NotFound when there is none, or the actor
// may not read that site's reports.
func (s *Service) Prove(ctx context.Context, typed string) (Proof, error) {
	nothing := &fault.Error{Kind: fault.NotFound}
	if access.From(ctx).Person == "" {
		return Proof{}, s.Policy.Check(ctx, ActRead, access.Place{})
	}
	code, err := receipt.Parse(typed)
	if err != nil {
		return Proof{}, err
	}
	r, err := reportByReceipt(ctx, s.DB.Read(), code)
	if err != nil {
		return Proof{}, err
	}
	if !s.Policy.Can(ctx, ActRead, place(r.Site)) {
		return Proof{}, nothing
	}
	given, err := s.receiptOf(ctx, s.DB.Read(), r)
	whole := false
	for code := range s.codes(r.Said) {
		whole = whole || code == r.Receipt
	}
	return Proof{given, r, whole && contentHash(r.Said) == r.contentHash}, err
}

var clientID = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// clean makes a report's texts clean and bounds them. What remains is what is hashed, kept and judged.
func clean(r *rules.Report) error {
	var wrong []fault.Field
	fail := func(field, message string, args ...any) {
		wrong = append(wrong, fault.Field{Name: field, Message: fmt.Sprintf(message, args...)})
	}
	line := func(field string, v *string, most int) {
		if *v = text.CleanInput(*v); len([]rune(*v)) > most {
			fail(field, "Dài quá %d ký tự. Hãy rút gọn.", most)
		}
	}
	lines := func(field string, v *string, most int) {
		if *v = text.CleanLines(*v); len([]rune(*v)) > most {
			fail(field, "Dài quá %d ký tự. Hãy rút gọn.", most)
		}
	}
	count := func(field string, c *rules.Count) {
		if *c = rules.Count(text.CleanInput(string(*c))); len(*c) > 40 {
			fail(field, "Hãy ghi số.")
		}
	}
	if !clientID.MatchString(r.ID) {
		fail("id", "Mã báo cáo do máy gửi đặt gồm chữ, số, gạch nối, nhiều nhất 64 ký tự.")
	}
	if r.Part != rules.Attendance && r.Part != rules.Closing {
		fail("part", "Lượt báo cáo là 1 (có mặt) hoặc 2 (kết thúc).")
	}
	for _, f := range []struct {
		name string
		v    *string
	}{{"form", &r.Form}, {"startedAt", &r.StartedAt}, {"reporter", &r.Reporter}, {"head", &r.Head}, {"witness", &r.Witness}, {"onlineAt", &r.OnlineAt}, {"offlineAt", &r.OfflineAt}} {
		line(f.name, f.v, 120)
	}
	lines("notHeld", &r.NotHeld, 1000)
	lines("note", &r.Note, 4000)
	r.Lines, r.Staff, r.Incidents = slices.Clone(r.Lines), slices.Clone(r.Staff), slices.Clone(r.Incidents)
	if len(r.Lines) > 60 || len(r.Staff) > 40 || len(r.Incidents) > 40 || len(r.Reasons) > 120 {
		fail("lines", "Báo cáo có quá nhiều dòng.")
		return fault.Fields(wrong...)
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		at := fmt.Sprintf("lines.%d.", i)
		line(at+"key", &l.Key, 120)
		for _, f := range []struct {
			name string
			v    *rules.Count
		}{{"registered", &l.Registered}, {"present", &l.Present}, {"absent", &l.Absent}, {"rooms", &l.Rooms}, {"reprimanded", &l.Reprimanded}, {"warned", &l.Warned}, {"suspended", &l.Suspended}} {
			count(at+f.name, f.v)
		}
		if l.Sheets != nil {
			n := *l.Sheets
			count(at+"sheets", &n)
			l.Sheets = &n
			if n == "" {
				l.Sheets = nil // nothing typed
			}
		}
		if len(l.Why) > 40 {
			fail(at+"why", "Có quá nhiều lý do vắng.")
			continue
		}
		why := map[string]rules.Count{}
		for reason, n := range l.Why {
			if count(at+"why."+reason, &n); n != "" {
				why[reason] = n
			}
		}
		l.Why = why
	}
	for i := range r.Staff {
		at := fmt.Sprintf("staff.%d.", i)
		line(at+"kind", &r.Staff[i].Kind, 60)
		count(at+"count", &r.Staff[i].Count)
		lines(at+"note", &r.Staff[i].Note, 1000)
	}
	for i := range r.Incidents {
		at := fmt.Sprintf("incidents.%d.", i)
		line(at+"category", &r.Incidents[i].Category, 60)
		line(at+"severity", &r.Incidents[i].Severity, 60)
		line(at+"at", &r.Incidents[i].At, 20)
		lines(at+"what", &r.Incidents[i].What, 2000)
		lines(at+"action", &r.Incidents[i].Action, 2000)
	}
	reasons := map[string]string{}
	for key, reason := range r.Reasons {
		if lines("reasons."+key, &reason, 1000); reason != "" && len(key) <= 200 {
			reasons[key] = reason
		}
	}
	r.Reasons = reasons
	return fault.Fields(wrong...)
}

// contentHash names what a report says, whenever and however often it is sent: when the line was open
// changes from one attempt to the next.
func contentHash(r rules.Report) string {
	sum := content(r)
	return hex.EncodeToString(sum[:])
}

func content(r rules.Report) [sha256.Size]byte {
	r.OnlineAt, r.OfflineAt = "", ""
	return r.Content()
}

// figuresHash names the figures alone: two people at two computers who counted the same say the same.
func figuresHash(r rules.Report) string {
	out := rules.Report{Site: r.Site, Sitting: r.Sitting, Part: r.Part, Lines: r.Lines}
	if r.NotHeld != "" {
		out.NotHeld = "x" // that it was not held is the figure, not the words for it
	}
	counts := map[string]int{}
	for _, v := range r.Staff {
		n, _ := v.Count.Int()
		counts[v.Kind] += n
	}
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		if counts[kind] > 0 {
			out.Staff = append(out.Staff, rules.StaffViolation{Kind: kind, Count: rules.N(counts[kind])})
		}
	}
	for _, i := range r.Incidents {
		out.Incidents = append(out.Incidents, rules.Incident{Category: i.Category, Severity: i.Severity, At: i.At, Open: i.Open})
	}
	slices.SortFunc(out.Incidents, func(a, b rules.Incident) int { return strings.Compare(a.At+" "+a.Category, b.At+" "+b.Category) })
	sum := out.Content()
	return hex.EncodeToString(sum[:])
}
