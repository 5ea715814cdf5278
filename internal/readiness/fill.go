package readiness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
)

// Verdict is what a unit says of an item.
type Verdict string

// The verdicts.
const (
	Met   Verdict = "met"
	Unmet Verdict = "unmet"
	NA    Verdict = "na"
)

// Label gives the verdict's Vietnamese words.
func (v Verdict) Label() string {
	return map[Verdict]string{Met: "Đạt", Unmet: "Chưa đạt", NA: "Không áp dụng"}[v]
}

// An Answer is what a unit says of one item.
type Answer struct {
	Code    string
	Verdict Verdict
	Says    string // evidence in words; why it does not apply
	DueOn   string // not met: by when, "2021-07-03"
	Person  string // not met: who sees to it
	ByName  string
	At      int64
	Version int // 0: not answered
}

// A Report is what one unit or site says at a point. The zero ID is one of which nobody has written
// anything.
type Report struct {
	ID            ReportID
	State         workflow.State
	Version       int
	Call          CallID
	Subject       string
	Kind          string
	Name          string
	SubmittedAt   int64
	SubmittedName string
	DecidedAt     int64
	DecidedName   string
}

func (r Report) subject(place access.Place) workflow.Subject {
	return workflow.Subject{ID: string(r.ID), Label: r.Name, State: r.State, Version: r.Version, Place: place}
}

// A Whole is a report with everything that belongs to it.
type Whole struct {
	Report  Report
	Call    Call
	Subject Subject
	Items   []ItemState // as the checklist has them
	Gaps    []Gap       // open first
	Offered []workflow.Step
	History []workflow.Entry
	CanFill bool // answer items
	CanFix  bool // say that gaps are fixed
	CanFind bool // name and judge gaps
}

// An ItemState is an item with what was said of it.
type ItemState struct {
	Item
	Answer Answer
	Files  []File
	Gaps   []Gap
}

// Complete tells that an item needs nothing more before the report is sent.
func (x ItemState) Complete() bool {
	if x.Answer.Version == 0 {
		return false
	}
	return x.Answer.Verdict != Met || !x.Evidence || x.Answer.Says != "" || len(x.Files) > 0
}

// Unanswered counts the items that stand in the way of sending.
func (w Whole) Unanswered() int {
	n := 0
	for _, x := range w.Items {
		if !x.Complete() {
			n++
		}
	}
	return n
}

// ReportOf gives what a unit or site says at a point, also when nobody has written anything yet.
//
// It returns fault.NotFound to who may not read it.
func (s *Service) ReportOf(ctx context.Context, call CallID, subject string) (Whole, error) {
	w := Whole{}
	var err error
	if w.Call, err = readCall(ctx, s.DB.Read(), call); err != nil {
		return w, err
	}
	if w.Report, err = readReportOf(ctx, s.DB.Read(), call, subject); err != nil && !fault.Is(err, fault.NotFound) {
		return w, err
	}
	if w.Subject, err = s.subject(ctx, w.Call, subject); err != nil {
		if w.Report.ID == "" || !fault.Is(err, fault.NotFound) {
			return w, err
		}
		// The unit is no more, or the site was closed: what it said stays, for those who read all.
		w.Subject = Subject{ID: subject, Kind: w.Report.Kind, Name: w.Report.Name}
	}
	if err := s.Policy.Check(ctx, ActRead, w.Subject.place); err != nil {
		return w, err
	}
	if w.Report.ID == "" {
		w.Report = Report{State: StateDue, Call: call, Subject: subject, Kind: w.Subject.Kind, Name: w.Subject.Name}
	}
	answers, err := answersOf(ctx, s.DB.Read(), w.Report.ID)
	if err != nil {
		return w, err
	}
	files, err := filesOf(ctx, s.DB.Read(), w.Report.ID)
	if err != nil {
		return w, err
	}
	if w.Gaps, err = gapsOf(ctx, s.DB.Read(), w.Report.ID); err != nil {
		return w, err
	}
	for i := range w.Gaps {
		w.Gaps[i].Files = slices.DeleteFunc(slices.Clone(files), func(f File) bool { return f.Gap != w.Gaps[i].ID })
	}
	for _, item := range w.Call.Checklists[w.Report.Kind] {
		x := ItemState{Item: item, Answer: answers[item.Code]}
		for _, f := range files {
			if f.Code == item.Code && f.Gap == "" {
				x.Files = append(x.Files, f)
			}
		}
		for _, g := range w.Gaps {
			if g.Code == item.Code {
				x.Gaps = append(x.Gaps, g)
			}
		}
		w.Items = append(w.Items, x)
	}
	open := w.Call.ClosedAt == 0
	w.CanFill = open && (w.Report.State == StateDue || w.Report.State == StateDrafted) && s.Policy.Can(ctx, ActFill, w.Subject.place)
	w.CanFix = open && s.Policy.Can(ctx, ActFill, w.Subject.place)
	w.CanFind = open && w.Report.State != StateDue && w.Report.State != StateDrafted && s.Policy.Can(ctx, ActReview, w.Subject.place)
	if w.Report.ID == "" {
		return w, nil
	}
	if open {
		w.Offered, err = s.steps.Offered(ctx, s.DB.Read(), report, w.Report.subject(w.Subject.place))
		if err != nil {
			return w, err
		}
		w.Offered = slices.DeleteFunc(w.Offered, func(x workflow.Step) bool { return !w.asks(x.Do) })
	}
	w.History, err = s.steps.History(ctx, s.DB.Read(), report, string(w.Report.ID))
	return w, err
}

// asks tells whether a step is somebody's button now; the others follow from what is done with gaps.
func (w Whole) asks(do string) bool {
	open, critical := 0, 0
	for _, g := range w.Gaps {
		if g.State != GapClosed {
			open++
			if g.Critical {
				critical++
			}
		}
	}
	switch do {
	case "submit":
		return w.Unanswered() == 0
	case "return", "not_ready":
		return true
	case "review":
		return open == 0
	case "find_gaps":
		return open > 0
	case "ready":
		return critical == 0
	}
	return false
}

// hold gives a report with who owes it, in the transaction that changes something of it; a report that
// nobody has written anything of is begun when begin is set.
func (s *Service) hold(ctx context.Context, tx *db.Tx, c Call, who Subject, begin bool) (Report, error) {
	if c.ClosedAt != 0 {
		return Report{}, fault.New(fault.Conflict, "Đợt báo cáo này đã đóng.")
	}
	r, err := db.One(ctx, tx, scanReport, "SELECT "+reportColumns+" FROM readiness_report WHERE call = $1 AND subject = $2"+s.DB.ForUpdate(), string(c.ID), who.ID)
	if !fault.Is(err, fault.NotFound) || !begin {
		return r, err
	}
	r = Report{ID: ReportID(db.NewID()), State: StateDue, Version: 1, Call: c.ID, Subject: who.ID, Kind: who.Kind, Name: who.Name}
	if err := insertReport(ctx, tx, r); err != nil {
		return r, err
	}
	return r, s.steps.Begin(ctx, tx, report, r.subject(who.place), "open", "")
}

// step takes a step of a report and announces it.
func (s *Service) step(ctx context.Context, tx *db.Tx, r *Report, place access.Place, do, note string) error {
	subject, err := s.steps.Run(ctx, tx, report, r.subject(place), do, note)
	if err != nil {
		return err
	}
	r.State, r.Version = subject.State, subject.Version
	return ReportMoved.Emit(ctx, tx, ReportFact{r.ID, r.Call, r.Subject, do, r.State})
}

// Fill answers one item; in.Version is the one read, 0 when nobody had answered.
//
// It returns fault.Invalid with fields "answer", "says", "due_on", "person"; fault.Conflict when
// somebody answered since, and once the report was sent.
func (s *Service) Fill(ctx context.Context, call CallID, subject string, in Answer) error {
	c, who, ctx, err := s.enter(ctx, call, subject, ActFill)
	if err != nil {
		return err
	}
	item, ok := c.Item(who.Kind, in.Code)
	if !ok {
		return &fault.Error{Kind: fault.NotFound}
	}
	var w wrong
	in.Says = w.words("says", in.Says, "Lời ghi dài nhất 2.000 ký tự.", 2000, false)
	in.Person = w.words("person", in.Person, "Hãy ghi ai lo việc này, nhiều nhất 120 ký tự.", 120, in.Verdict == Unmet)
	switch in.Verdict {
	case Met:
		in.DueOn, in.Person = "", ""
	case NA:
		in.DueOn, in.Person = "", ""
		if in.Says == "" {
			w.say("says", "Hãy ghi vì sao mục này không áp dụng.")
		}
	case Unmet:
		if in.Says == "" {
			w.say("says", "Hãy ghi còn thiếu gì.")
		}
		if in.DueOn == "" {
			w.say("due_on", "Hãy ghi ngày sẽ xong.")
		}
	default:
		w.say("answer", "Hãy chọn đạt, chưa đạt hoặc không áp dụng.")
	}
	if err := fault.Fields(w...); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.hold(ctx, tx, c, who, true)
		if err != nil {
			return err
		}
		in.ByName, in.At = access.From(ctx).Name, tx.Now()
		if err := saveAnswer(ctx, tx, r.ID, in); err != nil {
			return err
		}
		if err := s.step(ctx, tx, &r, who.place, "fill", item.Title+": "+in.Verdict.Label()); err != nil {
			return err
		}
		return nil
	})
}

// enter reads a point and who owes a report of it, and asks for the right.
func (s *Service) enter(ctx context.Context, call CallID, subject string, act access.Action) (Call, Subject, context.Context, error) {
	c, err := readCall(ctx, s.DB.Read(), call)
	if err != nil {
		return c, Subject{}, ctx, err
	}
	who, err := s.subject(ctx, c, subject)
	if err != nil {
		return c, who, ctx, err
	}
	in, err := s.Policy.Enter(ctx, act, who.place)
	return c, who, in, err
}

// Submit sends a report: its head answers for it. What is not met becomes a gap.
//
// It returns fault.Denied to who filled it in; fault.Conflict while items are not answered.
//
// Source: domain.md 2.3, 6.6.
func (s *Service) Submit(ctx context.Context, call CallID, subject string, version int) error {
	whole, err := s.ReportOf(ctx, call, subject)
	if err != nil {
		return err
	}
	c, who, ctx, err := s.enter(ctx, call, subject, ActSubmit)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.hold(ctx, tx, c, who, false)
		if err != nil {
			return err
		}
		if r.Version != version || whole.Report.Version != version {
			return fault.New(fault.Conflict, "Báo cáo vừa được sửa. Hãy xem lại rồi gửi.")
		}
		if n := whole.Unanswered(); n > 0 {
			return fault.New(fault.Conflict, "Còn %d mục chưa trả lời hoặc thiếu minh chứng.", n)
		}
		if err := s.step(ctx, tx, &r, who.place, "submit", ""); err != nil {
			return err
		}
		for _, x := range whole.Items {
			if err := s.gapOf(ctx, tx, r, x); err != nil {
				return err
			}
		}
		return db.Exec1(ctx, tx, "UPDATE readiness_report SET submitted_at = $2, submitted_name = $3 WHERE id = $1", string(r.ID), tx.Now(), access.From(ctx).Name)
	})
}

// gapOf makes of an item that is not met its gap. A gap of an earlier sending, returned since, that the
// unit now calls met waits for the reviewer's eye as one said to be fixed.
func (s *Service) gapOf(ctx context.Context, tx *db.Tx, r Report, x ItemState) error {
	for _, g := range x.Gaps {
		if x.Answer.Verdict != Unmet && g.State == GapOpen {
			if err := setFixed(ctx, tx, g, g.Version, x.Answer.Verdict.Label()+". "+x.Answer.Says); err != nil {
				return err
			}
		}
		if g.State != GapClosed && x.Answer.Verdict == Unmet {
			return nil
		}
	}
	if x.Answer.Verdict != Unmet {
		return nil
	}
	return insertGap(ctx, tx, Gap{ID: GapID(db.NewID()), Report: r.ID, Code: x.Code, What: x.Answer.Says, Critical: x.Critical, DueOn: x.Answer.DueOn, Person: x.Answer.Person,
		OpenedName: access.From(ctx).Name})
}

// An Examiner tells what an uploaded file really is, as documents are examined.
type Examiner interface {
	// Examine gives the type by content and what a reader should be warned of. fault.Invalid or
	// fault.TooLarge, with a message that says what to do, for a file that cannot be accepted.
	Examine(ctx context.Context, name string, r io.Reader) (media string, warnings []string, err error)
}

// A File is a piece of evidence. Its bytes never change.
type File struct {
	ID       FileID
	Report   ReportID
	Code     string
	Gap      GapID // the gap it shows to be fixed, or ""
	Name     string
	Media    string
	Size     int64
	Hash     string
	Warnings []string
	ByName   string
	At       int64
}

// mostFiles an item may have.
const mostFiles = 8

// Attach adds evidence to an item, or with gap to what was done about one. While a sitting is going on
// no file is taken in: it could be a paper's photograph.
//
// It returns fault.Invalid with field "file".
//
// Source: domain.md 6.6; L-11.
func (s *Service) Attach(ctx context.Context, call CallID, subject, code string, gap GapID, name string, r io.ReadSeeker) error {
	c, who, ctx, err := s.enter(ctx, call, subject, ActFill)
	if err != nil {
		return err
	}
	if _, ok := c.Item(who.Kind, code); !ok {
		return &fault.Error{Kind: fault.NotFound}
	}
	if err := s.quiet(ctx); err != nil {
		return err
	}
	if err := s.mayAttach(ctx, c, who, code, gap); err != nil { // before the bytes are looked at
		return err
	}
	name = text.CleanInput(filepath.Base(name))
	if len([]rune(name)) > 120 {
		name = string([]rune(name)[len([]rune(name))-120:])
	}
	media, warnings, err := s.Examiner.Examine(ctx, name, r)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		return fault.Fields(fault.Field{Name: "file", Message: fault.Message(err)})
	}
	if err != nil {
		return fmt.Errorf("examine evidence: %w", err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	ref, err := s.Files.Put(ctx, io.LimitReader(r, s.MaxFile+1))
	if err != nil {
		return err
	}
	if ref.Size == 0 || ref.Size > s.MaxFile {
		return fault.Fields(fault.Field{Name: "file", Message: fmt.Sprintf("Tệp phải có nội dung và không nặng quá %s.", text.FormatBytes(s.MaxFile))})
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		rep, err := s.hold(ctx, tx, c, who, gap == "")
		if err != nil {
			return err
		}
		f := File{ID: FileID(db.NewID()), Report: rep.ID, Code: code, Gap: gap, Name: name, Media: media, Size: ref.Size, Hash: ref.Hash, Warnings: warnings, ByName: access.From(ctx).Name}
		if err := insertFile(ctx, tx, f); err != nil {
			return err
		}
		if gap == "" {
			return s.step(ctx, tx, &rep, who.place, "fill", "Minh chứng: "+name)
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "readiness.file", Kind: kindGap, ID: string(gap), Label: rep.Name, Note: name})
	})
}

// quiet refuses while papers are being written.
func (s *Service) quiet(ctx context.Context) error {
	e, err := s.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if now := e.NowAt(s.Clock.Millis()); now.Sitting != nil && now.Sitting.Kind == exam.Papers {
		return fault.New(fault.Conflict, "Đang trong giờ thi nên không nhận tệp. Hãy ghi bằng chữ, hoặc gửi tệp sau khi buổi thi kết thúc.")
	}
	return nil
}

// mayAttach refuses where evidence has no place now.
func (s *Service) mayAttach(ctx context.Context, c Call, who Subject, code string, gap GapID) error {
	if c.ClosedAt != 0 {
		return fault.New(fault.Conflict, "Đợt báo cáo này đã đóng.")
	}
	r, err := readReportOf(ctx, s.DB.Read(), c.ID, who.ID)
	if fault.Is(err, fault.NotFound) && gap == "" {
		return nil
	}
	if err != nil {
		return err
	}
	if gap == "" && r.State != StateDue && r.State != StateDrafted {
		return fault.New(fault.Conflict, "Báo cáo đã gửi nên không thêm minh chứng được nữa.")
	}
	if gap != "" {
		g, err := readGap(ctx, s.DB.Read(), gap)
		if err != nil {
			return err
		}
		if g.Report != r.ID || g.Code != code {
			return &fault.Error{Kind: fault.NotFound}
		}
		if g.State != GapOpen {
			return fault.New(fault.Conflict, "Tồn tại này không chờ khắc phục nữa.")
		}
	}
	all, err := filesOf(ctx, s.DB.Read(), r.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, f := range all {
		if f.Code == code && f.Gap == gap {
			n++
		}
	}
	if n >= mostFiles {
		return fault.Fields(fault.Field{Name: "file", Message: fmt.Sprintf("Mỗi mục nhận nhiều nhất %d tệp.", mostFiles)})
	}
	return nil
}

// Drop takes a piece of evidence off an item while the report is being written; its bytes stay with
// who else has them.
func (s *Service) Drop(ctx context.Context, id FileID) error {
	f, err := readFile(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	r, err := readReport(ctx, s.DB.Read(), f.Report)
	if err != nil {
		return err
	}
	c, who, ctx, err := s.enter(ctx, r.Call, r.Subject, ActFill)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.hold(ctx, tx, c, who, false)
		if err != nil {
			return err
		}
		if f.Gap != "" {
			return fault.New(fault.Conflict, "Minh chứng khắc phục không bỏ được nữa.")
		}
		if err := db.Exec1(ctx, tx, "DELETE FROM readiness_file WHERE id = $1", string(id)); err != nil {
			return err
		}
		return s.step(ctx, tx, &r, who.place, "fill", "Bỏ minh chứng: "+f.Name)
	})
}

// OpenFile gives a piece of evidence with its bytes, to who may read the report.
func (s *Service) OpenFile(ctx context.Context, id FileID) (File, blob.Reader, error) {
	f, err := readFile(ctx, s.DB.Read(), id)
	if err != nil {
		return f, nil, err
	}
	r, err := readReport(ctx, s.DB.Read(), f.Report)
	if err != nil {
		return f, nil, err
	}
	if _, err := s.ReportOf(ctx, r.Call, r.Subject); err != nil {
		return f, nil, err
	}
	body, err := s.Files.Open(ctx, f.Hash)
	if errors.Is(err, blob.ErrNotFound) {
		err = &fault.Error{Kind: fault.NotFound}
	}
	return f, body, err
}

// Uses gives every stored file that a report refers to. Backup and proof compare it with what is
// stored.
func Uses(ctx context.Context, q db.Queryer) ([]blob.Use, error) {
	return db.All(ctx, q, func(s db.Scanner) (u blob.Use, err error) { return u, s.Scan(&u.Hash, &u.Owner, &u.Name) },
		"SELECT f.hash, r.name, f.name FROM readiness_file AS f JOIN readiness_report AS r ON r.id = f.report ORDER BY f.at, f.id")
}

// HasFile tells whether a stored file is somebody's evidence.
func (s *Service) HasFile(ctx context.Context, hash string) (bool, error) {
	var n int
	err := s.DB.Read().QueryRowContext(ctx, "SELECT COUNT(*) FROM readiness_file WHERE hash = $1", hash).Scan(&n)
	return n > 0, err
}
