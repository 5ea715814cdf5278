package readiness

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
)

// A RollUp is the readiness of the province at an instant. Who did not report is named in it and
// counted under no state.
//
// Source: domain.md 6.6 ("never: a roll-up hiding units that did not report"); R-II.4-a.
type RollUp struct {
	Call     CallID          `json:"call"`
	Title    string          `json:"title"` // of the point
	DueAt    int64           `json:"dueAt"` // ms UTC
	AsOf     int64           `json:"asOf"`
	Subjects []SubjectState  `json:"subjects"` // all who owe a report, by locality and name
	Silent   []Subject       `json:"silent"`   // those that sent none
	Items    []ItemSum       `json:"items"`    // by kind, in the order of the checklists
	Gaps     []GapLine       `json:"gaps"`     // those that are not closed, critical ones first
	Trouble  DifficultyCount `json:"difficulties"`
}

// A SubjectState is how one unit or site stands.
type SubjectState struct {
	Subject
	Report    ReportID       `json:"report,omitempty"`
	State     workflow.State `json:"state"`
	StateName string         `json:"stateName"`
	Sent      bool           `json:"sent"`
	SentAt    int64          `json:"sentAt,omitempty"`
	Late      bool           `json:"late,omitempty"` // sent after the deadline, or not sent and it is over
	Answered  int            `json:"answered"`
	Items     int            `json:"items"`
	Met       int            `json:"met"`
	Unmet     int            `json:"unmet"`
	NA        int            `json:"na"`
	Gaps      int            `json:"gaps"` // not closed
	Critical  int            `json:"critical"`
}

// An ItemSum counts what is said of an item by those who reported.
type ItemSum struct {
	Kind     string `json:"kind"`
	Code     string `json:"code"`
	Title    string `json:"title"`
	Owed     int    `json:"owed"` // units of the kind
	Met      int    `json:"met"`
	Unmet    int    `json:"unmet"`
	NA       int    `json:"na"`
	Silent   int    `json:"silent"` // of those who reported nothing
	Gaps     int    `json:"gaps"`   // not closed
	Critical int    `json:"critical"`
}

// A GapLine is a gap with its unit.
type GapLine struct {
	ID       GapID    `json:"id"`
	Subject  string   `json:"subject"`
	Name     string   `json:"name"`
	Code     string   `json:"code"`
	Item     string   `json:"item"`
	What     string   `json:"what"`
	Critical bool     `json:"critical"`
	DueOn    string   `json:"dueOn"`
	State    GapState `json:"state"`
}

// A DifficultyCount counts the exam's difficulties.
type DifficultyCount struct {
	Raised   int `json:"raised"`
	Answered int `json:"answered"`
	Open     int `json:"open"`
	Overdue  int `json:"overdue"`
}

// Count gives how many are in a state; those who sent nothing are in none of a report's states.
func (r RollUp) Count(state workflow.State) int {
	n := 0
	for _, x := range r.Subjects {
		if x.Sent && x.State == state {
			n++
		}
	}
	return n
}

// Sent counts those that sent a report.
func (r RollUp) Sent() int { return len(r.Subjects) - len(r.Silent) }

// Critical counts the critical gaps that are not closed.
func (r RollUp) Critical() int {
	n := 0
	for _, g := range r.Gaps {
		if g.Critical {
			n++
		}
	}
	return n
}

// RollUp gives the readiness of the province as it is now, at the exam's newest point. fault.NotFound
// before there is any, and to who may not read all reports.
func (s *Service) RollUp(ctx context.Context, e exam.ID) (RollUp, error) {
	if err := s.Policy.Check(ctx, ActRead, everywhere); err != nil {
		return RollUp{}, err
	}
	calls, err := readCalls(ctx, s.DB.Read(), e)
	if err != nil {
		return RollUp{}, err
	}
	if len(calls) == 0 {
		return RollUp{}, fault.New(fault.NotFound, "Kỳ thi chưa có đợt báo cáo chuẩn bị nào.")
	}
	return s.rollUp(ctx, s.DB.Read(), calls[0])
}

// RollUpOf gives the readiness of the province at a point, as it is now.
func (s *Service) RollUpOf(ctx context.Context, id CallID) (RollUp, error) {
	if err := s.Policy.Check(ctx, ActRead, everywhere); err != nil {
		return RollUp{}, err
	}
	c, err := readCall(ctx, s.DB.Read(), id)
	if err != nil {
		return RollUp{}, err
	}
	return s.rollUp(ctx, s.DB.Read(), c)
}

func (s *Service) rollUp(ctx context.Context, q db.Queryer, c Call) (RollUp, error) {
	who, err := s.subjects(ctx, c.Round, c.Kinds())
	if err != nil {
		return RollUp{}, err
	}
	return s.rollUpOf(ctx, q, c, who)
}

// rollUpOf makes the roll-up of those who owe a report from what is found at one instant.
func (s *Service) rollUpOf(ctx context.Context, q db.Queryer, c Call, who []Subject) (RollUp, error) {
	r := RollUp{Call: c.ID, Title: c.Title, DueAt: c.DueAt, AsOf: s.Clock.Millis()}
	reports, err := reportsOf(ctx, q, c.ID)
	if err != nil {
		return r, err
	}
	answers, err := answersIn(ctx, q, c.ID)
	if err != nil {
		return r, err
	}
	gaps, err := gapsIn(ctx, q, c.ID)
	if err != nil {
		return r, err
	}
	at := map[[2]string]int{}
	for _, kind := range c.Kinds() {
		for _, item := range c.Checklists[kind] {
			at[[2]string{kind, item.Code}] = len(r.Items)
			r.Items = append(r.Items, ItemSum{Kind: kind, Code: item.Code, Title: item.Title})
		}
	}
	for _, x := range who {
		r.add(c, x, reports[x.ID], answers, gaps, at)
	}
	slices.SortStableFunc(r.Gaps, func(a, b GapLine) int {
		switch {
		case a.Critical == b.Critical:
			return 0
		case a.Critical:
			return -1
		}
		return 1
	})
	r.Trouble, err = countDifficulties(ctx, q, c.Exam, clock.Day(s.Clock.Now()))
	return r, err
}

// add counts one unit or site in.
func (r *RollUp) add(c Call, x Subject, rep Report, answers map[ReportID]map[string]Answer, gaps map[ReportID][]Gap, at map[[2]string]int) {
	state := SubjectState{Subject: x, Report: rep.ID, State: rep.State, Items: len(c.Checklists[x.Kind]), SentAt: rep.SubmittedAt}
	if rep.ID == "" {
		state.State = StateDue
	}
	state.StateName = report.States[state.State]
	state.Sent = rep.SubmittedAt != 0 && state.State != StateDue && state.State != StateDrafted
	state.Late = state.Sent && rep.SubmittedAt > c.DueAt || !state.Sent && r.AsOf > c.DueAt
	for _, item := range c.Checklists[x.Kind] {
		sum := &r.Items[at[[2]string{x.Kind, item.Code}]]
		sum.Owed++
		a := answers[rep.ID][item.Code]
		if a.Version != 0 {
			state.Answered++
		}
		if !state.Sent {
			sum.Silent++
			continue
		}
		switch a.Verdict {
		case Met:
			state.Met++
			sum.Met++
		case Unmet:
			state.Unmet++
			sum.Unmet++
		case NA:
			state.NA++
			sum.NA++
		}
	}
	if state.Sent {
		for _, g := range gaps[rep.ID] {
			if g.State == GapClosed {
				continue
			}
			item, _ := c.Item(x.Kind, g.Code)
			r.Gaps = append(r.Gaps, GapLine{g.ID, x.ID, x.Name, g.Code, item.Title, g.What, g.Critical, g.DueOn, g.State})
			state.Gaps++
			if i, ok := at[[2]string{x.Kind, g.Code}]; ok {
				r.Items[i].Gaps++
			}
			if g.Critical {
				state.Critical++
				if i, ok := at[[2]string{x.Kind, g.Code}]; ok {
					r.Items[i].Critical++
				}
			}
		}
	} else {
		r.Silent = append(r.Silent, x)
	}
	r.Subjects = append(r.Subjects, state)
}

// same tells whether two say the same; when they were made does not matter.
func (r RollUp) same(other RollUp) bool {
	r.AsOf, other.AsOf = 0, 0
	for _, x := range []*RollUp{&r, &other} { // lateness comes with the clock alone
		x.Subjects = slices.Clone(x.Subjects)
		for i := range x.Subjects {
			x.Subjects[i].Late = false
		}
		x.Trouble.Overdue = 0
	}
	a, errA := json.Marshal(r)
	b, errB := json.Marshal(other)
	return errA == nil && errB == nil && string(a) == string(b)
}

// A Frozen is a version of a roll-up: what it says never changes again.
type Frozen struct {
	ID           RollUpID
	State        workflow.State
	Version      int
	Call         CallID
	Number       int // "bản số 2"
	RollUp       RollUp
	CompiledName string
	CompiledAt   int64
	ApprovedName string
	ApprovedAt   int64
	SentAt       int64
	SentTo       string
}

func (f Frozen) subject() workflow.Subject {
	return workflow.Subject{ID: string(f.ID), Label: fmt.Sprintf("%s, bản số %d", f.RollUp.Title, f.Number), State: f.State, Version: f.Version}
}

// Compile freezes the readiness of a point as it is now, for approval. One that waits already is
// compiled anew.
func (s *Service) Compile(ctx context.Context, id CallID) (Frozen, error) {
	ctx, err := s.Policy.Enter(ctx, ActReview, everywhere)
	if err != nil {
		return Frozen{}, err
	}
	c, err := readCall(ctx, s.DB.Read(), id)
	if err != nil {
		return Frozen{}, err
	}
	now, err := s.rollUp(ctx, s.DB.Read(), c)
	if err != nil {
		return Frozen{}, err
	}
	var f Frozen
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		all, err := frozenOf(ctx, tx, id)
		if err != nil {
			return err
		}
		f = Frozen{ID: RollUpID(db.NewID()), State: StateCompiled, Version: 1, Call: id, Number: 1, RollUp: now}
		for _, x := range all {
			if x.State == StateCompiled {
				f = x
				f.RollUp = now
				subject, err := s.steps.Run(ctx, tx, rollUp, f.subject(), "compile", "")
				if err != nil {
					return err
				}
				f.Version = subject.Version
				return refreeze(ctx, tx, f, access.From(ctx).Name)
			}
			f.Number = max(f.Number, x.Number+1)
		}
		if err := insertFrozen(ctx, tx, f, access.From(ctx).Name); err != nil {
			return err
		}
		return s.steps.Begin(ctx, tx, rollUp, f.subject(), "compile", "")
	})
	return f, err
}

// Approve lets a roll-up go up. With units silent it goes with their names, said by who approves.
//
// It returns fault.Invalid with field "silent"; fault.Conflict when anything changed since it was
// compiled; fault.Denied to who compiled it.
func (s *Service) Approve(ctx context.Context, id RollUpID, version int, silent bool) error {
	ctx, err := s.Policy.Enter(ctx, ActDecide, everywhere)
	if err != nil {
		return err
	}
	f, err := readFrozen(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	if n := len(f.RollUp.Silent); n > 0 && !silent {
		return fault.Fields(fault.Field{Name: "silent", Message: fmt.Sprintf("Còn %d đơn vị chưa báo cáo. Chỉ duyệt được khi tổng hợp gửi đi kèm tên các đơn vị ấy.", n)})
	}
	c, err := readCall(ctx, s.DB.Read(), f.Call)
	if err != nil {
		return err
	}
	who, err := s.subjects(ctx, c.Round, c.Kinds()) // before the transaction, which must not wait for a second connection
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := s.rollUpOf(ctx, tx, c, who)
		if err != nil {
			return err
		}
		if !now.same(f.RollUp) {
			return fault.New(fault.Conflict, "Báo cáo của đơn vị đã thay đổi sau khi tổng hợp bản này. Hãy tổng hợp lại rồi duyệt.")
		}
		all, err := frozenOf(ctx, tx, f.Call)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.ID != id && (x.State == StateApproved || x.State == StateSent) {
				if _, err := s.steps.Run(ctx, tx, rollUp, x.subject(), "replace", fmt.Sprintf("Có bản số %d", f.Number)); err != nil {
					return err
				}
			}
		}
		subject := f.subject()
		subject.Version = version
		if _, err := s.steps.Run(ctx, tx, rollUp, subject, "approve", ""); err != nil {
			return err
		}
		return db.Exec1(ctx, tx, "UPDATE readiness_rollup SET approved_name = $2, approved_at = $3 WHERE id = $1", string(id), access.From(ctx).Name, tx.Now())
	})
}

// Send records whom a roll-up went to.
//
// It returns fault.Invalid with field "to".
//
// Source: R-II.4-a.
func (s *Service) Send(ctx context.Context, id RollUpID, version int, to string) error {
	ctx, err := s.Policy.Enter(ctx, ActSend, everywhere)
	if err != nil {
		return err
	}
	to = text.CleanLines(to)
	if to == "" || len([]rune(to)) > 1000 {
		return fault.Fields(fault.Field{Name: "to", Message: "Hãy ghi nơi nhận, ví dụ: Văn phòng Bộ GDĐT; Ban Chỉ đạo thi tỉnh."})
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := readFrozen(ctx, tx, id)
		if err != nil {
			return err
		}
		subject := f.subject()
		subject.Version = version
		if _, err := s.steps.Run(ctx, tx, rollUp, subject, "send", to); err != nil {
			return err
		}
		if err := RollUpSent.Emit(ctx, tx, RollUpFact{id, f.Call}); err != nil {
			return err
		}
		return db.Exec1(ctx, tx, "UPDATE readiness_rollup SET sent_at = $2, sent_to = $3 WHERE id = $1", string(id), tx.Now(), to)
	})
}

// RollUps gives the frozen versions of a point that the actor may read, the newest first: who may not
// read reports reads what was approved.
func (s *Service) RollUps(ctx context.Context, id CallID) ([]Frozen, error) {
	if err := s.Policy.Check(ctx, ActRollUp, everywhere); err != nil {
		return nil, err
	}
	all, err := frozenOf(ctx, s.DB.Read(), id)
	if !s.Policy.Can(ctx, ActRead, everywhere) {
		all = slices.DeleteFunc(all, func(f Frozen) bool { return f.ApprovedAt == 0 })
	}
	return all, err
}

// Frozen gives one version; one that was never approved only to who may read reports.
func (s *Service) Frozen(ctx context.Context, id RollUpID) (Frozen, error) {
	if err := s.Policy.Check(ctx, ActRollUp, everywhere); err != nil {
		return Frozen{}, err
	}
	f, err := readFrozen(ctx, s.DB.Read(), id)
	if err == nil && f.ApprovedAt == 0 {
		err = s.Policy.Check(ctx, ActRead, everywhere)
	}
	return f, err
}

// RollUpOffered gives the steps the actor may take with a version now.
func (s *Service) RollUpOffered(ctx context.Context, f Frozen) ([]workflow.Step, error) {
	steps, err := s.steps.Offered(ctx, s.DB.Read(), rollUp, f.subject())
	return slices.DeleteFunc(steps, func(x workflow.Step) bool { return x.Do == "compile" || x.Do == "replace" }), err
}

// A Duty is what somebody owes at a point: their own unit's or site's report.
type Duty struct {
	Call Call
	SubjectState
	OpenGaps int // that wait to be fixed
}

// Mine gives the reports that the actor's own units and sites owe at the points that are open.
func (s *Service) Mine(ctx context.Context) ([]Duty, error) {
	if !s.Policy.Anywhere(ctx, ActFill) && !s.Policy.Anywhere(ctx, ActSubmit) {
		return nil, nil
	}
	e, err := s.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	calls, err := readCalls(ctx, s.DB.Read(), e.ID)
	if err != nil {
		return nil, err
	}
	var mine []Duty
	for _, c := range calls {
		if c.ClosedAt != 0 {
			continue
		}
		all, err := s.rollUp(ctx, s.DB.Read(), c)
		if err != nil {
			return nil, err
		}
		for _, x := range all.Subjects {
			if !s.Policy.Can(ctx, ActFill, x.place) && !s.Policy.Can(ctx, ActSubmit, x.place) {
				continue
			}
			d := Duty{Call: c, SubjectState: x}
			for _, g := range all.Gaps {
				if g.Subject == x.ID && g.State == GapOpen {
					d.OpenGaps++
				}
			}
			mine = append(mine, d)
		}
	}
	return mine, nil
}
