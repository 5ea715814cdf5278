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
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// subject is a report as the workflow engine moves it.
func (r Report) subject() workflow.Subject {
	return workflow.Subject{ID: string(r.ID), Label: r.Receipt, State: r.State, Version: max(r.Version, 1), Place: place(r.Site)}
}

// run takes a step of a report that this transaction holds, whatever right the actor acts by: what one
// step implies for another report is the program's to do.
func (s *Service) run(ctx context.Context, tx *db.Tx, r Report, do, note string) (Report, error) {
	subject, err := s.steps.Run(ctx, tx, siteTable(r.Part), r.subject(), do, note)
	if err != nil {
		return r, err
	}
	r.State, r.Version = subject.State, subject.Version
	return r, ReportMoved.Emit(ctx, tx, ReportFact{r.ID, r.Sitting, r.Site, r.Part, do, r.State})
}

// step takes one step of a report as the actor.
//
// It returns fault.NotFound for who may not read the site's reports, fault.Denied when the actor may not
// take the step or another person must, and fault.Conflict when the report moved on since version or the
// step does not lead from where it is.
func (s *Service) step(ctx context.Context, id ReportID, version int, do, note string, before, after func(context.Context, *db.Tx, Report) error) error {
	note = text.CleanLines(note)
	if len([]rune(note)) > 1000 {
		return fault.Fields(fault.Field{Name: "note", Message: "Lý do dài quá 1.000 ký tự. Hãy rút gọn."})
	}
	r, err := s.Report(ctx, id)
	if err != nil {
		return err
	}
	who := stepAction(siteTable(r.Part), do)
	if who == "" {
		return &fault.Error{Kind: fault.NotFound}
	}
	if ctx, err = s.Policy.Enter(ctx, who, place(r.Site)); err != nil {
		return known(err)
	}
	return s.write(ctx, r.Sitting, func(ctx context.Context, tx *db.Tx) error {
		return s.stepIn(ctx, tx, r.Slot, id, version, do, note, before, after)
	})
}

func (s *Service) stepIn(ctx context.Context, tx *db.Tx, slot Slot, id ReportID, version int, do, note string, before, after func(context.Context, *db.Tx, Report) error) error {
	if err := holdSlot(ctx, tx, slot); err != nil {
		return err
	}
	if err := holdBoard(ctx, tx, slot.Sitting); err != nil {
		return err
	}
	r, err := readReport(ctx, tx, id)
	if err != nil {
		return err
	}
	if r.Version != version {
		return fault.New(fault.Conflict, "Báo cáo này đã được xử lý ở nơi khác. Hãy tải lại trang để xem bước hiện tại.")
	}
	if before != nil {
		if err := before(ctx, tx, r); err != nil {
			return err
		}
	}
	if r, err = s.run(ctx, tx, r, do, note); err != nil || after == nil {
		return err
	}
	return after(ctx, tx, r)
}

// stepAction gives the action that a step asks for, "" when no step is called so.
func stepAction(t workflow.Table, do string) access.Action {
	i := slices.IndexFunc(t.Steps, func(x workflow.Step) bool { return x.Do == do })
	if i < 0 {
		return ""
	}
	return t.Steps[i].Who
}

// Report gives one report. fault.NotFound to who may not read the site's reports.
func (s *Service) Report(ctx context.Context, id ReportID) (Report, error) {
	if access.From(ctx).Person == "" {
		return Report{}, s.Policy.Check(ctx, ActRead, access.Place{})
	}
	r, err := readReport(ctx, s.DB.Read(), id)
	if err != nil {
		return Report{}, err
	}
	return r, s.Policy.Check(ctx, ActRead, place(r.Site))
}

// Slot gives everything that was said of a slot, oldest first.
func (s *Service) Slot(ctx context.Context, slot Slot) ([]Report, error) {
	if err := s.Policy.Check(ctx, ActRead, place(slot.Site)); err != nil {
		return nil, err
	}
	return reportsOf(ctx, s.DB.Read(), slot)
}

// History gives who did what with a report, oldest first.
func (s *Service) History(ctx context.Context, id ReportID) ([]workflow.Entry, error) {
	r, err := s.Report(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.steps.History(ctx, s.DB.Read(), siteTable(r.Part), string(id))
}

// Offered gives the steps a person may take with a report now, those that another person must take
// left out.
func (s *Service) Offered(ctx context.Context, id ReportID) ([]workflow.Step, error) {
	r, err := s.Report(ctx, id)
	if err != nil {
		return nil, err
	}
	steps, err := s.steps.Offered(ctx, s.DB.Read(), siteTable(r.Part), r.subject())
	return slices.DeleteFunc(steps, func(x workflow.Step) bool {
		switch x.Do {
		case "confirm", "confirm_phone", "accept":
			return false
		case "return":
			return r.Locked != ""
		}
		return true // follows from something else that is done: a new report, a decision
	}), err
}

// Confirm is the site head's word for a report.
func (s *Service) Confirm(ctx context.Context, id ReportID, version int) error {
	return s.step(ctx, id, version, "confirm", "", nil, func(ctx context.Context, tx *db.Tx, r Report) error {
		return setConfirmed(ctx, tx, r.ID, access.From(ctx).Name)
	})
}

// ConfirmByPhone records that a site's head confirmed a report on the telephone; head is who spoke. Who
// records it does not accept the report.
//
// It returns fault.Invalid with field "head".
func (s *Service) ConfirmByPhone(ctx context.Context, id ReportID, version int, head string) error {
	head = text.CleanInput(head)
	if head == "" || len([]rune(head)) > 120 {
		return fault.Fields(fault.Field{Name: "head", Message: "Hãy ghi họ tên Trưởng điểm thi đã xác nhận."})
	}
	return s.step(ctx, id, version, "confirm_phone", head+" xác nhận qua điện thoại", nil, func(ctx context.Context, tx *db.Tx, r Report) error {
		return setConfirmed(ctx, tx, r.ID, head)
	})
}

// confirm is Confirm inside the transaction that keeps a report.
func (s *Service) confirm(ctx context.Context, tx *db.Tx, r Report, do, head, note string) error {
	r, err := s.run(ctx, tx, r, do, note)
	if err != nil {
		return err
	}
	return setConfirmed(ctx, tx, r.ID, head)
}

func setConfirmed(ctx context.Context, tx *db.Tx, id ReportID, head string) error {
	return db.Exec1(ctx, tx, "UPDATE report_site SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1", string(id), head, tx.Now())
}

// Accept takes a report into the totals; one accepted before it in the same slot leaves them. When that
// one stood in an approved version, a new version waits for approval from then on (V-18).
//
// It returns fault.Denied to who entered the report, and fault.Conflict while a conflict of the slot is
// open.
//
// Source: domain.md 6.5; V-16, V-18.
func (s *Service) Accept(ctx context.Context, id ReportID, version int) error {
	r, err := s.Report(ctx, id)
	if err != nil {
		return err
	}
	sc, err := s.scene(ctx, r.Sitting) // before the transaction, which must not wait for a second connection
	if err != nil {
		return err
	}
	before, after := s.accepting(sc)
	return s.step(ctx, id, version, "accept", "", before, after)
}

// accepting gives what comes before the step and after it.
func (s *Service) accepting(sc scene) (before, after func(context.Context, *db.Tx, Report) error) {
	var outdated ProvinceID // the approved version that loses one of its reports
	before = func(ctx context.Context, tx *db.Tx, r Report) error {
		outdated = ""
		n, err := conflictsOpenIn(ctx, tx, r.Slot)
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "Điểm thi này có hai báo cáo khác nhau. Hãy xác định số đúng trước khi tiếp nhận.")
		}
		old, err := acceptedOf(ctx, tx, r.Slot)
		if fault.Is(err, fault.NotFound) || err == nil && old.ID == r.ID {
			return nil
		}
		if err != nil {
			return err
		}
		outdated = old.Locked
		_, err = s.run(ctx, tx, old, "replace", "Có bản sau: "+r.Receipt)
		return err
	}
	after = func(ctx context.Context, tx *db.Tx, r Report) error {
		actor := access.From(ctx)
		err := db.Exec1(ctx, tx, "UPDATE report_site SET accepted_by = $2, accepted_name = $3, accepted_at = $4 WHERE id = $1", string(r.ID), actor.Person, actor.Name, tx.Now())
		if err != nil || outdated == "" {
			return err
		}
		return s.outdate(ctx, tx, sc, outdated, r)
	}
	return before, after
}

func acceptedOf(ctx context.Context, q db.Queryer, slot Slot) (Report, error) {
	return db.One(ctx, q, scanReport, "SELECT "+reportColumns+" FROM report_site AS r WHERE r.sitting = $1 AND r.site = $2 AND r.part = $3 AND r.state = 'accepted'",
		string(slot.Sitting), string(slot.Site), int(slot.Part))
}

// Return gives a report back to the site with the reason, read out to it by who calls. A report that
// was accepted leaves the totals; one that stands in an approved version is corrected instead.
func (s *Service) Return(ctx context.Context, id ReportID, version int, reason string) error {
	return s.step(ctx, id, version, "return", reason, func(_ context.Context, _ *db.Tx, r Report) error {
		if r.Locked != "" {
			return fault.New(fault.Conflict, "Báo cáo này đã nằm trong số liệu được duyệt nên không mở lại được. Hãy sửa bằng một bản mới.")
		}
		return nil
	}, func(ctx context.Context, tx *db.Tx, r Report) error {
		return setNote(ctx, tx, r.ID, text.CleanLines(reason))
	})
}

func setNote(ctx context.Context, tx *db.Tx, id ReportID, note string) error {
	return db.Exec1(ctx, tx, "UPDATE report_site SET note = $2 WHERE id = $1", string(id), note)
}

// Correct enters a new report in the place of another, on behalf of the site, with the reason. The
// other stays in the totals until somebody else has accepted the new one. said.ID, Site, Sitting and
// Part are those of the report corrected, whatever it says.
//
// It returns what [Service.Submit] does, and fault.Invalid with field "why".
//
// Source: domain.md 6.5 ("a change after lock only by a new version"); V-18.
func (s *Service) Correct(ctx context.Context, id ReportID, said rules.Report, why string) (Receipt, error) {
	old, err := s.Report(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	ctx, err = s.Policy.Enter(ctx, ActDictate, access.Place{})
	if err != nil {
		return Receipt{}, known(err)
	}
	why = text.CleanLines(why)
	if why == "" || len([]rune(why)) > 1000 {
		return Receipt{}, fault.Fields(fault.Field{Name: "why", Message: "Hãy ghi lý do sửa, nhiều nhất 1.000 ký tự."})
	}
	said.ID, said.Site, said.Sitting, said.Part = "sua-"+db.NewID(), string(old.Site), string(old.Sitting), old.Part
	if said.Reporter == "" {
		said.Reporter = old.Said.Reporter
	}
	return s.receive(ctx, entry{Submission: Submission{Report: said}, channel: Desk, do: "correct", note: why, corrects: id})
}

// A Bulk says what became of a bulk acceptance.
type Bulk struct {
	Accepted []ReportID
	Left     []Left // those that a person must look at
}

// A Left is a report that was not accepted with the others.
type Left struct {
	Report ReportID
	Site   exam.SiteID
	Why    string
}

// AcceptClean accepts every report of a sitting's part that gives nothing to look at: ready to be
// accepted, without warnings, open severe incidents or an open conflict, in the place of no other, and
// not entered by who accepts.
func (s *Service) AcceptClean(ctx context.Context, sitting exam.SittingID, part rules.Part) (Bulk, error) {
	ctx, err := s.Policy.Enter(ctx, ActAccept, access.Place{})
	if err != nil {
		return Bulk{}, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return Bulk{}, err
	}
	standing, err := standingIn(ctx, s.DB.Read(), sitting)
	if err != nil {
		return Bulk{}, err
	}
	var bulk Bulk
	var ready []Report
	for _, r := range standing {
		if r.Part != part || r.State != StateSubmitted && r.State != StateConfirmed {
			continue
		}
		if why := r.unclean(); why != "" {
			bulk.Left = append(bulk.Left, Left{r.ID, r.Site, why})
			continue
		}
		ready = append(ready, r)
	}
	const at = 50 // how many the writers of a busy hour wait for
	for chunk := range slices.Chunk(ready, at) {
		var done []ReportID
		var left []Left
		err := s.write(ctx, sitting, func(ctx context.Context, tx *db.Tx) error {
			done, left = nil, nil
			return s.acceptAll(ctx, tx, sc, chunk, &done, &left)
		})
		if err != nil {
			return bulk, err
		}
		bulk.Accepted, bulk.Left = append(bulk.Accepted, done...), append(bulk.Left, left...)
	}
	return bulk, nil
}

func (s *Service) acceptAll(ctx context.Context, tx *db.Tx, sc scene, chunk []Report, done *[]ReportID, left *[]Left) error {
	for _, r := range chunk { // sorted by site: two who do this at once wait for each other and never in a circle
		if err := holdSlot(ctx, tx, r.Slot); err != nil {
			return err
		}
	}
	before, after := s.accepting(sc)
	for _, r := range chunk {
		now, err := readReport(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if now.Version != r.Version {
			*left = append(*left, Left{r.ID, r.Site, "Đã được xử lý ở nơi khác"})
			continue
		}
		_, err = acceptedOf(ctx, tx, r.Slot)
		if err == nil {
			*left = append(*left, Left{r.ID, r.Site, "Thay cho báo cáo đã tiếp nhận"})
			continue
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		err = s.stepIn(ctx, tx, r.Slot, r.ID, r.Version, "accept", "", before, after)
		if fault.Is(err, fault.Denied) || fault.Is(err, fault.Conflict) {
			*left = append(*left, Left{r.ID, r.Site, fault.Message(err)})
			continue
		}
		if err != nil {
			return err
		}
		*done = append(*done, r.ID)
	}
	return nil
}

// unclean says why a report is for a person to look at; "" when nothing of it is.
func (r Report) unclean() string {
	switch {
	case r.Part == rules.Closing && r.State != StateConfirmed:
		return "Chưa có xác nhận của Trưởng điểm"
	case len(r.Warnings) > 0:
		return fmt.Sprintf("Có %d cảnh báo", len(r.Warnings))
	case r.SevereOpen:
		return "Có sự cố nghiêm trọng chưa xử lý xong"
	case r.Said.NotHeld != "":
		return "Điểm thi không tổ chức buổi thi"
	case r.Amends != "":
		return "Thay cho một báo cáo trước"
	}
	return ""
}

// ConflictKind says how two reports came to differ.
type ConflictKind string

// The kinds.
const (
	SameID        ConflictKind = "same_id"     // one id, two contents
	TwoReports    ConflictKind = "two_reports" // two reports of one slot
	DictatedOther ConflictKind = "dictated"    // what was read out by telephone differs from what was sent
)

// Label gives the kind's Vietnamese words.
func (k ConflictKind) Label() string {
	return map[ConflictKind]string{SameID: "Cùng mã báo cáo, nội dung khác nhau", TwoReports: "Hai báo cáo khác nhau", DictatedOther: "Bản đọc qua điện thoại khác bản gửi"}[k]
}

// A Conflict is two reports that cannot both be right.
type Conflict struct {
	ID ConflictID
	Slot
	Kind      ConflictKind
	Report    ReportID // the later one
	Against   ReportID
	OpenedAt  int64
	SettledAt int64 // 0 while it is open
	SettledBy string
	Kept      ReportID
	Note      string
	Version   int
}

// Conflicts gives the conflicts of a sitting that nobody has decided, oldest first.
func (s *Service) Conflicts(ctx context.Context, sitting exam.SittingID) ([]Conflict, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	return openConflicts(ctx, s.DB.Read(), sitting)
}

// Conflict gives one conflict.
func (s *Service) Conflict(ctx context.Context, id ConflictID) (Conflict, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Conflict{}, err
	}
	return readConflict(ctx, s.DB.Read(), id)
}

// Resolve decides a conflict: keep is one of its two reports, the other is set aside. The later one, if
// kept, then waits to be accepted as any report does; an accepted one leaves the totals only when that
// is done.
//
// It returns fault.Invalid with fields "keep", "note"; fault.Conflict when it was decided since version.
func (s *Service) Resolve(ctx context.Context, id ConflictID, version int, keep ReportID, note string) error {
	ctx, err := s.Policy.Enter(ctx, ActAccept, access.Place{})
	if err != nil {
		return err
	}
	c, err := readConflict(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	note = text.CleanLines(note)
	if note == "" || len([]rune(note)) > 1000 {
		return fault.Fields(fault.Field{Name: "note", Message: "Hãy ghi số đúng được xác định thế nào: đã gọi ai, ai xác nhận."})
	}
	if keep != c.Report && keep != c.Against {
		return fault.Fields(fault.Field{Name: "keep", Message: "Hãy chọn một trong hai báo cáo."})
	}
	return s.write(ctx, c.Sitting, func(ctx context.Context, tx *db.Tx) error {
		if err := holdSlot(ctx, tx, c.Slot); err != nil {
			return err
		}
		if err := holdBoard(ctx, tx, c.Sitting); err != nil {
			return err
		}
		err := db.Exec1(ctx, tx, "UPDATE report_conflict SET settled_at = $3, settled_by = $4, kept = $5, note = $6, version = version + 1 WHERE id = $1 AND version = $2 AND settled_at = 0",
			string(id), version, tx.Now(), access.From(ctx).Name, string(keep), note)
		if err != nil {
			return err
		}
		if err := s.settle(ctx, tx, c, keep, note); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "report.resolve", Kind: kindReport, ID: string(keep), Label: c.Kind.Label(), Note: note})
	})
}

// settle does what a decision means for the reports of the slot.
func (s *Service) settle(ctx context.Context, tx *db.Tx, c Conflict, keep ReportID, note string) error {
	later, err := readReport(ctx, tx, c.Report)
	if err != nil {
		return err
	}
	if keep != c.Report {
		return s.setAside(ctx, tx, later, note)
	}
	if later.State != StateDisputed {
		return nil // another decision set it aside, or used it, before
	}
	said, err := reportsOf(ctx, tx, c.Slot)
	if err != nil {
		return err
	}
	var amends ReportID
	for _, old := range said {
		switch old.State {
		case StateSubmitted, StateConfirmed, StateReturned:
			if err := s.setAside(ctx, tx, old, note); err != nil {
				return err
			}
		case StateAccepted:
			amends = old.ID
		}
	}
	if _, err := s.run(ctx, tx, later, "release", note); err != nil {
		return err
	}
	if err := db.Exec1(ctx, tx, "UPDATE report_site SET aside = false, amends = $2 WHERE id = $1", string(later.ID), nullable(amends)); err != nil {
		return err
	}
	return s.tell(ctx, tx, later)
}

func (s *Service) setAside(ctx context.Context, tx *db.Tx, r Report, note string) error {
	switch r.State {
	case StateSubmitted, StateConfirmed, StateReturned, StateDisputed:
	default:
		return nil
	}
	if _, err := s.run(ctx, tx, r, "set_aside", note); err != nil {
		return err
	}
	return setNote(ctx, tx, r.ID, note)
}
