package readiness_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/readiness"
)

type noPages struct{}

func (noPages) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

// schools are three units, one of them a centre.
type schools struct{}

func (schools) Units(context.Context, string) ([]readiness.Unit, error) {
	return []readiness.Unit{
		{ID: "a", Kind: "school", Name: "THPT A", Locality: "Huyện A", Path: []string{"a", "so"}},
		{ID: "b", Kind: "school", Name: "THPT B", Locality: "Huyện B", Path: []string{"b", "so"}},
		{ID: "c", Kind: "centre", Name: "Trung tâm C", Locality: "Huyện C", Path: []string{"c", "so"}},
		{ID: "bo", Kind: "ministry", Name: "Bộ", Path: []string{"bo"}},
	}, nil
}

func (schools) KindName(_ context.Context, kind string) (string, error) { return kind, nil }

// strict refuses programs, as the real examiner does.
type strict struct{}

func (strict) Examine(_ context.Context, name string, r io.Reader) (string, []string, error) {
	b, err := io.ReadAll(r)
	if err != nil || bytes.HasPrefix(b, []byte("MZ")) {
		return "", nil, fault.New(fault.Invalid, "Tệp “%s” là chương trình nên không nhận.", name)
	}
	return "image/jpeg", nil, nil
}

// An office is an installation a week before the exam.
type office struct {
	*readiness.Service
	t     *testing.T
	db    *db.DB
	clock *clock.Clock
	exam  exam.Exam
	site  exam.SiteID
	call  readiness.CallID
	files blob.Store
}

func local(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func each(t *testing.T, exercise func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(local(t, "2021-06-25 09:00:00")) }, func(t *testing.T, d *db.DB, clk *clock.Clock) { exercise(t, open(t, d, clk)) })
}

func open(t *testing.T, d *db.DB, clk *clock.Clock) *office {
	t.Helper()
	policy, err := access.NewPolicy(clk, exam.Rules(), readiness.Rules())
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	exams := exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: noPages{}})
	o := &office{t: t, db: d, clock: clk, files: store}
	o.Service = readiness.New(readiness.Deps{DB: d, Policy: policy, Clock: clk, Units: schools{}, Exams: exams, Files: store, Examiner: strict{}, MaxFile: 1 << 20})
	id, err := exams.Load(o.khaoThi(), 2021, "Lai Châu")
	o.must(err)
	o.exam, err = exams.Exam(o.khaoThi(), id)
	o.must(err)
	o.site, err = exams.SaveSite(o.khaoThi(), o.exam.Rounds[0].ID, "", 0, exam.SiteInput{Code: "01", Name: "Điểm thi A", LocalityName: "Huyện A"})
	o.must(err)
	o.call, err = o.OpenCall(o.khaoThi(), id, readiness.CallInput{Title: "Báo cáo chuẩn bị lần 1", Day: "2021-07-01", Clock: "17:00", Kinds: readiness.Kinds()})
	o.must(err)
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatalf("%v %v", err, fault.FieldsOf(err))
	}
}

func (o *office) want(err error, kind fault.Kind, what string) {
	o.t.Helper()
	if !fault.Is(err, kind) {
		o.t.Errorf("%s gave %v, want %v", what, err, kind)
	}
}

// as gives a context in which a person acts in a role, of a unit or site when at names one.
func (o *office) as(person string, role access.Role, at string) context.Context {
	info, ok := people.RoleOf(role)
	if !ok {
		o.t.Fatalf("no role %s", role)
	}
	return access.With(o.t.Context(), access.Actor{Person: person, Name: "Cô " + person, Grants: []access.Grant{{Role: role, Scope: access.Scope{Kind: info.Scopes[0], ID: at}}}})
}

func (o *office) khaoThi() context.Context  { return o.as("Khảo", people.RoleExamOffice, "") }
func (o *office) khaoThi2() context.Context { return o.as("Thí", people.RoleExamOffice, "") }
func (o *office) editor(unit string) context.Context {
	return o.as("bt-"+unit, people.RoleUnitEditor, unit)
}
func (o *office) head(unit string) context.Context {
	return o.as("ht-"+unit, people.RoleUnitHead, unit)
}

// fill answers every item of a unit, those named as not met.
func (o *office) fill(unit string, unmet ...string) readiness.Whole {
	o.t.Helper()
	w, err := o.ReportOf(o.editor(unit), o.call, "unit:"+unit)
	o.must(err)
	for _, x := range w.Items {
		a := readiness.Answer{Code: x.Code, Verdict: readiness.Met, Says: "Đã kiểm tra ngày 24/6", Version: x.Answer.Version}
		if slices.Contains(unmet, x.Code) {
			a = readiness.Answer{Code: x.Code, Verdict: readiness.Unmet, Says: "Còn thiếu", DueOn: "2021-06-30", Person: "Hiệu phó", Version: x.Answer.Version}
		}
		o.must(o.Fill(o.editor(unit), o.call, "unit:"+unit, a))
	}
	w, err = o.ReportOf(o.editor(unit), o.call, "unit:"+unit)
	o.must(err)
	return w
}

// sent has a unit's report filled in and sent.
func (o *office) sent(unit string, unmet ...string) readiness.Whole {
	o.t.Helper()
	w := o.fill(unit, unmet...)
	o.must(o.Submit(o.head(unit), o.call, "unit:"+unit, w.Report.Version))
	return o.whole(unit)
}

func (o *office) whole(unit string) readiness.Whole {
	o.t.Helper()
	w, err := o.ReportOf(o.khaoThi(), o.call, "unit:"+unit)
	o.must(err)
	return w
}

func TestTheWorkflowsAreSound(t *testing.T) {
	t.Parallel()
	policy, err := access.NewPolicy(nil, exam.Rules(), readiness.Rules())
	if err != nil {
		t.Fatal(err)
	}
	words := readiness.Words()
	for _, table := range []workflow.Table{readiness.ReportWorkflow(), readiness.RollUpWorkflow(), readiness.DifficultyWorkflow()} {
		if err := table.Check(policy); err != nil {
			t.Error(err)
		}
		for _, s := range table.Steps {
			if words.Actions[table.Name+"."+s.Do] == "" {
				t.Errorf("%s.%s has no words in the log", table.Name, s.Do)
			}
		}
	}
}

func TestAReportGoesFromItsUnitToTheConclusion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		w := o.fill("a", "training")
		if w.Report.State != readiness.StateDrafted || w.Unanswered() != 0 {
			t.Fatalf("filled in it is %+v, %d open", w.Report, w.Unanswered())
		}
		// Who filled it in does not send it, also as the head; another unit knows of nothing.
		both := access.From(o.editor("a"))
		both.Grants = append(both.Grants, access.From(o.head("a")).Grants...)
		o.want(o.Submit(access.With(t.Context(), both), o.call, "unit:a", w.Report.Version), fault.Denied, "sending what one filled in")
		o.want(o.Submit(o.editor("a"), o.call, "unit:a", w.Report.Version), fault.Denied, "an editor sending")
		o.want(o.Submit(o.head("a"), o.call, "unit:a", w.Report.Version-1), fault.Conflict, "sending what was changed since")
		if _, err := o.ReportOf(o.head("b"), o.call, "unit:a"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another unit reads it: %v", err)
		}
		o.want(o.Fill(o.editor("b"), o.call, "unit:a", readiness.Answer{Code: "rules", Verdict: readiness.Met, Version: 1}), fault.NotFound, "another unit answering")
		o.must(o.Submit(o.head("a"), o.call, "unit:a", w.Report.Version))

		w = o.whole("a")
		if w.Report.State != readiness.StateSubmitted || len(w.Gaps) != 1 || !w.Gaps[0].Critical || w.Gaps[0].What != "Còn thiếu" {
			t.Fatalf("sent it is %+v with %+v", w.Report, w.Gaps)
		}
		o.want(o.Fill(o.editor("a"), o.call, "unit:a", readiness.Answer{Code: "rules", Verdict: readiness.Met, Version: 1}), fault.Conflict, "answering after it was sent")
		o.want(o.Review(o.head("a"), o.call, "unit:a", w.Report.Version, ""), fault.Denied, "a unit reviewing")
		o.must(o.OpenGap(o.khaoThi(), o.call, "unit:a", "revision", readiness.GapInput{What: "Chưa thấy lịch ôn tập", DueOn: "2021-06-29"}))
		w = o.whole("a")
		o.must(o.Review(o.khaoThi(), o.call, "unit:a", w.Report.Version, ""))
		w = o.whole("a")
		if w.Report.State != readiness.StateGapOpen || len(w.Gaps) != 2 {
			t.Fatalf("reviewed it is %+v with %+v", w.Report, w.Gaps)
		}

		// Never ready with a critical gap that is not closed, said to be fixed or not.
		o.want(o.Decide(o.khaoThi2(), o.call, "unit:a", w.Report.Version, true, ""), fault.Conflict, "ready with an open critical gap")
		critical := w.Gaps[0]
		o.want(o.FixGap(o.editor("b"), critical.ID, critical.Version, "Xong"), fault.NotFound, "another unit fixing")
		o.must(o.FixGap(o.editor("a"), critical.ID, critical.Version, "Đã tập huấn ngày 26/6"))
		w = o.whole("a")
		o.want(o.Decide(o.khaoThi2(), o.call, "unit:a", w.Report.Version, true, ""), fault.Conflict, "ready with a critical gap only said to be fixed")
		critical, _, err := o.GapOf(o.khaoThi(), critical.ID)
		o.must(err)
		o.want(o.CloseGap(o.editor("a"), critical.ID, critical.Version), fault.Denied, "a unit closing its gap")
		o.must(o.ReopenGap(o.khaoThi(), critical.ID, critical.Version, "Thiếu danh sách dự"))
		o.must(o.FixGap(o.editor("a"), critical.ID, critical.Version+1, "Đã nộp danh sách"))
		o.must(o.CloseGap(o.khaoThi(), critical.ID, critical.Version+2))

		// A gap that is not critical does not stand in the way; the reviewer does not conclude.
		w = o.whole("a")
		o.want(o.Decide(o.khaoThi(), o.call, "unit:a", w.Report.Version, true, ""), fault.Denied, "the reviewer concluding")
		o.want(o.Decide(o.khaoThi2(), o.call, "unit:a", w.Report.Version, false, ""), fault.Invalid, "not ready without a reason")
		o.must(o.Decide(o.khaoThi2(), o.call, "unit:a", w.Report.Version, true, ""))
		if w = o.whole("a"); w.Report.State != readiness.StateReady {
			t.Errorf("concluded it is %s", w.Report.State)
		}
		// Found wanting later, it is open again.
		o.must(o.OpenGap(o.khaoThi(), o.call, "unit:a", "weather", readiness.GapInput{What: "Cầu bị cuốn trôi", DueOn: "2021-07-05", Critical: true}))
		if w = o.whole("a"); w.Report.State != readiness.StateGapOpen {
			t.Errorf("with a new gap it is %s", w.Report.State)
		}
		if _, err := audit.Verify(t.Context(), o.db.Read()); err != nil {
			t.Error(err)
		}
	})
}

func TestEverySayingNeedsItsWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for name, c := range map[string]struct {
			in    readiness.Answer
			field string
		}{
			"nothing chosen":       {readiness.Answer{}, "answer"},
			"not met without what": {readiness.Answer{Verdict: readiness.Unmet, DueOn: "2021-06-30", Person: "A"}, "says"},
			"not met without when": {readiness.Answer{Verdict: readiness.Unmet, Says: "x", Person: "A"}, "due_on"},
			"not met without who":  {readiness.Answer{Verdict: readiness.Unmet, Says: "x", DueOn: "2021-06-30"}, "person"},
			"not applying, no why": {readiness.Answer{Verdict: readiness.NA}, "says"},
			"too long":             {readiness.Answer{Verdict: readiness.Met, Says: strings.Repeat("x", 2001)}, "says"},
		} {
			c.in.Code = "rules"
			err := o.Fill(o.editor("a"), o.call, "unit:a", c.in)
			if !slices.ContainsFunc(fault.FieldsOf(err), func(f fault.Field) bool { return f.Name == c.field }) {
				t.Errorf("%s gave %v %v", name, err, fault.FieldsOf(err))
			}
		}
		// Met needs what shows it, where the checklist says so.
		w, err := o.ReportOf(o.editor("a"), o.call, "unit:a")
		o.must(err)
		if w.Report.ID != "" || w.Report.State != readiness.StateDue {
			t.Errorf("what was refused left %+v", w.Report)
		}
		for _, x := range w.Items {
			o.must(o.Fill(o.editor("a"), o.call, "unit:a", readiness.Answer{Code: x.Code, Verdict: readiness.Met}))
		}
		w, err = o.ReportOf(o.editor("a"), o.call, "unit:a")
		o.must(err)
		if w.Unanswered() == 0 {
			t.Error("evidence is not asked for")
		}
		o.want(o.Submit(o.head("a"), o.call, "unit:a", w.Report.Version), fault.Conflict, "sending without evidence")
		o.want(o.Fill(o.editor("a"), o.call, "unit:a", readiness.Answer{Code: "rules", Verdict: readiness.Met}), fault.Conflict, "answering over another's answer")
		o.want(o.Fill(o.editor("a"), o.call, "unit:a", readiness.Answer{Code: "khong-co", Verdict: readiness.Met}), fault.NotFound, "an item there is none of")
		o.want(o.Fill(o.editor("bo"), o.call, "unit:bo", readiness.Answer{Code: "rules", Verdict: readiness.Met}), fault.NotFound, "a unit that owes nothing")
	})
}

func TestEvidenceIsExaminedAndHasOwners(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		add := func(ctx context.Context, body string) error {
			return o.Attach(ctx, o.call, "unit:a", "rules", "", "../ảnh.jpg", strings.NewReader(body))
		}
		o.want(add(o.editor("a"), "MZ program"), fault.Invalid, "a program")
		o.want(add(o.editor("a"), ""), fault.Invalid, "nothing")
		o.want(add(o.editor("a"), strings.Repeat("x", 2<<20)), fault.Invalid, "too much")
		o.want(add(o.editor("b"), "ảnh"), fault.NotFound, "another unit's evidence")
		o.must(add(o.editor("a"), "ảnh chụp"))
		w, err := o.ReportOf(o.editor("a"), o.call, "unit:a")
		o.must(err)
		i := slices.IndexFunc(w.Items, func(x readiness.ItemState) bool { return x.Code == "rules" })
		if len(w.Items[i].Files) != 1 || w.Items[i].Files[0].Name != "ảnh.jpg" {
			t.Fatalf("kept as %+v", w.Items[i].Files)
		}
		id := w.Items[i].Files[0].ID
		f, r, err := o.OpenFile(o.khaoThi(), id)
		o.must(err)
		body, _ := io.ReadAll(r)
		r.Close()
		if string(body) != "ảnh chụp" {
			t.Errorf("it reads %q", body)
		}
		if _, _, err := o.OpenFile(o.head("b"), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("another unit opens it: %v", err)
		}
		uses, err := readiness.Uses(t.Context(), o.db.Read())
		if err != nil || len(uses) != 1 || uses[0].Hash != f.Hash {
			t.Errorf("backup knows of %v, %v", uses, err)
		}
		if has, err := o.HasFile(t.Context(), f.Hash); err != nil || !has {
			t.Errorf("the file is nobody's: %v", err)
		}
		// While papers are being written no file is taken in (L-11).
		o.clock.Advance(local(t, "2021-07-07 08:00:00").Sub(o.clock.Now()))
		o.want(add(o.editor("a"), "đề"), fault.Conflict, "a file during a sitting")
		o.clock.Advance(2 * time.Hour)
		o.must(o.Drop(o.editor("a"), id))
		if _, _, err := o.OpenFile(o.khaoThi(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("what was taken off opens: %v", err)
		}
	})
}

func TestARollUpNamesWhoDidNotReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.sent("a", "training")
		o.fill("b") // filled in and not sent: silent
		r, err := o.RollUp(o.khaoThi(), o.exam.ID)
		o.must(err)
		var silent []string
		for _, x := range r.Silent {
			silent = append(silent, x.Name)
		}
		if len(r.Subjects) != 4 || strings.Join(silent, "; ") != "01 Điểm thi A; THPT B; Trung tâm C" || r.Sent() != 1 || r.Critical() != 1 {
			t.Fatalf("the roll-up has %d, silent %v, critical %d", len(r.Subjects), silent, r.Critical())
		}
		for _, sum := range r.Items {
			if sum.Met+sum.Unmet+sum.NA+sum.Silent != sum.Owed {
				t.Errorf("item %s of %s: %+v does not add up", sum.Code, sum.Kind, sum)
			}
			if sum.Kind == "school" && sum.Code == "training" && (sum.Unmet != 1 || sum.Silent != 1 || sum.Critical != 1) {
				t.Errorf("training counts %+v", sum)
			}
		}
		f, err := o.Compile(o.khaoThi(), o.call)
		o.must(err)
		o.want(o.Approve(o.khaoThi(), f.ID, f.Version, true), fault.Denied, "approving what one compiled")
		err = o.Approve(o.khaoThi2(), f.ID, f.Version, false)
		o.want(err, fault.Invalid, "approving over the silent ones")
		o.want(o.Send(o.as("Văn", people.RoleOffice, ""), f.ID, f.Version, "Văn phòng Bộ"), fault.Conflict, "sending what is not approved")
		if all, err := o.RollUps(o.as("Bộ", people.RoleMinistry, ""), o.call); err != nil || len(all) != 0 {
			t.Errorf("the Ministry reads what is not approved: %v, %v", all, err)
		}
		// What changed since is not approved unseen.
		o.sent("c")
		o.want(o.Approve(o.khaoThi2(), f.ID, f.Version, true), fault.Conflict, "approving what is not so any more")
		f, err = o.Compile(o.khaoThi(), o.call)
		o.must(err)
		o.must(o.Approve(o.khaoThi2(), f.ID, f.Version, true))
		o.want(o.Send(o.as("Văn", people.RoleOffice, ""), f.ID, f.Version+1, ""), fault.Invalid, "sending to nobody")
		o.want(o.Send(o.khaoThi(), f.ID, f.Version+1, "Bộ"), fault.Denied, "the exam office sending")
		o.must(o.Send(o.as("Văn", people.RoleOffice, ""), f.ID, f.Version+1, "Văn phòng Bộ GDĐT"))
		all, err := o.RollUps(o.as("Bộ", people.RoleMinistry, ""), o.call)
		if err != nil || len(all) != 1 || len(all[0].RollUp.Silent) != 2 || all[0].State != readiness.StateSent {
			t.Errorf("the Ministry reads %+v, %v", all, err)
		}
		if _, err := o.RollUp(o.as("Bộ", people.RoleMinistry, ""), o.exam.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the Ministry reads what goes on: %v", err)
		}
		// A later one takes its place, and the frozen one stays as it was.
		o.must(o.Submit(o.head("b"), o.call, "unit:b", o.whole("b").Report.Version))
		g, err := o.Compile(o.khaoThi(), o.call)
		o.must(err)
		o.must(o.Approve(o.khaoThi2(), g.ID, g.Version, true))
		old, err := o.Frozen(o.khaoThi(), f.ID)
		o.must(err)
		if old.State != readiness.StateReplaced || len(old.RollUp.Silent) != 2 || g.Number != 2 {
			t.Errorf("the earlier one is %+v", old)
		}
	})
}

func TestADifficultyIsOwedAnAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		if _, err := o.Raise(o.editor("a"), readiness.DifficultyInput{Subject: "unit:b", Title: "x", Says: "y"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("raising for another unit gave %v", err)
		}
		if _, err := o.Raise(o.khaoThi(), readiness.DifficultyInput{Subject: "unit:a", Title: "x", Says: "y"}); !fault.Is(err, fault.Denied) {
			t.Errorf("the Department raising gave %v", err)
		}
		id, err := o.Raise(o.editor("a"), readiness.DifficultyInput{Subject: "unit:a", Title: "Thiếu xe đưa đón", Says: "42 em ở xa, đường sạt lở"})
		o.must(err)
		d, err := o.DifficultyOf(o.khaoThi(), id)
		o.must(err)
		if d.DueOn != "2021-06-28" || d.Overdue("2021-06-28") || !d.Overdue("2021-06-29") {
			t.Errorf("the answer is owed by %s", d.DueOn)
		}
		if _, err := o.DifficultyOf(o.head("b"), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("another unit reads it: %v", err)
		}
		if list, err := o.Difficulties(o.head("b"), ""); err != nil || len(list) != 0 {
			t.Errorf("another unit lists %v, %v", list, err)
		}
		o.want(o.Answer(o.editor("a"), id, 1, "Tự lo"), fault.Denied, "a unit answering itself")
		o.want(o.Answer(o.khaoThi(), id, 1, " "), fault.Invalid, "an empty answer")
		o.must(o.Answer(o.as("Văn", people.RoleOffice, ""), id, 1, "Sở bố trí hai xe"))
		o.want(o.Answer(o.khaoThi(), id, 1, "Khác"), fault.Conflict, "answering twice")
		o.want(o.Reopen(o.editor("a"), id, 2, ""), fault.Invalid, "opening again without a reason")
		o.must(o.Reopen(o.editor("a"), id, 2, "Mới có một xe"))
		if d, _ = o.DifficultyOf(o.editor("a"), id); d.State != readiness.StateOpen || d.Reopened != 1 || d.DueOn != "2021-06-26" || d.Answer == "" {
			t.Errorf("opened again it is %+v", d.Difficulty)
		}
		o.must(o.Answer(o.khaoThi(), id, 3, "Xe thứ hai có mặt 5/7"))
		o.must(o.Close(o.head("a"), id, 4, ""))
		if d, _ = o.DifficultyOf(o.editor("a"), id); d.State != readiness.StateClosed || len(d.Offered) != 0 {
			t.Errorf("closed it is %+v", d.Difficulty)
		}
		r, err := o.RollUp(o.khaoThi(), o.exam.ID)
		if err != nil || r.Trouble != (readiness.DifficultyCount{Raised: 1, Answered: 1}) {
			t.Errorf("the roll-up counts %+v, %v", r.Trouble, err)
		}
	})
}

func TestChecklistsAreData(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		tpl, err := o.TemplateOf(o.khaoThi(), o.exam.ID, readiness.KindSite)
		o.must(err)
		if tpl.Version != 0 || len(tpl.Items) != 11 {
			t.Fatalf("shipped are %d items", len(tpl.Items))
		}
		tpl.Items = append(tpl.Items, readiness.Item{Title: "Loa phát thanh", Critical: true})
		o.want(o.SetTemplate(o.as("Văn", people.RoleOffice, ""), o.exam.ID, tpl), fault.Denied, "another office editing")
		o.must(o.SetTemplate(o.khaoThi(), o.exam.ID, tpl))
		o.want(o.SetTemplate(o.khaoThi(), o.exam.ID, tpl), fault.Conflict, "editing what somebody else edited")
		tpl.Version, tpl.Items[0].Title = 1, ""
		o.want(o.SetTemplate(o.khaoThi(), o.exam.ID, tpl), fault.Invalid, "an item without words")
		// The open point keeps what it was opened with; the next one has the new item.
		w, err := o.ReportOf(o.khaoThi(), o.call, "site:"+string(o.site))
		o.must(err)
		if len(w.Items) != 11 {
			t.Errorf("the open point has %d items now", len(w.Items))
		}
		next, err := o.OpenCall(o.khaoThi(), o.exam.ID, readiness.CallInput{Title: "Lần 2", Day: "2021-07-05", Clock: "17:00", Kinds: []string{readiness.KindSite}})
		o.must(err)
		if w, err = o.ReportOf(o.khaoThi(), next, "site:"+string(o.site)); err != nil || len(w.Items) != 12 {
			t.Errorf("the next has %d items, %v", len(w.Items), err)
		}
		for _, in := range []readiness.CallInput{{Title: "", Day: "2021-07-05", Clock: "17:00", Kinds: readiness.Kinds()}, {Title: "x", Day: "2021-06-01", Clock: "17:00", Kinds: readiness.Kinds()},
			{Title: "x", Day: "2021-07-05", Clock: "25:00", Kinds: readiness.Kinds()}, {Title: "x", Day: "2021-07-05", Clock: "17:00", Kinds: []string{"bo"}}} {
			if _, err := o.OpenCall(o.khaoThi(), o.exam.ID, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("opening %+v gave %v", in, err)
			}
		}
		o.must(o.CloseCall(o.khaoThi(), o.call, 1))
		o.want(o.Fill(o.editor("a"), o.call, "unit:a", readiness.Answer{Code: "rules", Verdict: readiness.NA, Says: "x"}), fault.Conflict, "answering at a closed point")
	})
}
