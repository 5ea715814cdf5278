package readiness

import (
	"context"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// GapState says where a gap stands.
type GapState string

// The states. A gap that is said to be fixed is still one until who reviews has closed it.
const (
	GapOpen   GapState = "open"
	GapFixed  GapState = "fixed"
	GapClosed GapState = "closed"
)

// Label gives the state's Vietnamese words.
func (g GapState) Label() string {
	return map[GapState]string{GapOpen: "Chưa khắc phục", GapFixed: "Đơn vị báo đã khắc phục", GapClosed: "Đã khắc phục"}[g]
}

// A Gap is something that is wanting (tồn tại).
type Gap struct {
	ID         GapID
	Report     ReportID
	Code       string
	What       string
	Critical   bool
	DueOn      string
	Person     string
	State      GapState
	OpenedName string
	OpenedAt   int64
	FixedSays  string
	FixedBy    string
	FixedName  string
	FixedAt    int64
	ClosedName string
	ClosedAt   int64
	Reopened   int
	Note       string // why it was opened again
	Version    int
	Files      []File // that show it to be fixed
}

// Return gives a report back to its unit with the reason.
func (s *Service) Return(ctx context.Context, call CallID, subject string, version int, note string) error {
	return s.judge(ctx, call, subject, version, ActReview, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, _ []Gap) error {
		return s.step(ctx, tx, r, place, "return", text.CleanLines(note))
	})
}

// Review records that a report was read; with gaps that are not closed it is "còn tồn tại".
func (s *Service) Review(ctx context.Context, call CallID, subject string, version int, note string) error {
	return s.judge(ctx, call, subject, version, ActReview, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, gaps []Gap) error {
		do := "review"
		if left(gaps) > 0 {
			do = "find_gaps"
		}
		return s.step(ctx, tx, r, place, do, text.CleanLines(note))
	})
}

// Decide concludes: ready or not.
//
// It returns fault.Conflict for "ready" while a critical gap is not closed, and fault.Denied to who
// reviewed the report.
//
// Source: domain.md 6.6 ("never: ready with an open gap marked critical").
func (s *Service) Decide(ctx context.Context, call CallID, subject string, version int, ready bool, note string) error {
	return s.judge(ctx, call, subject, version, ActDecide, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, gaps []Gap) error {
		do := "not_ready"
		if ready {
			do = "ready"
			for _, g := range gaps {
				if g.Critical && g.State != GapClosed {
					return fault.New(fault.Conflict, "Còn tồn tại nghiêm trọng chưa khắc phục xong nên không kết luận sẵn sàng được: %s", g.What)
				}
			}
		}
		if err := s.step(ctx, tx, r, place, do, text.CleanLines(note)); err != nil {
			return err
		}
		return db.Exec1(ctx, tx, "UPDATE readiness_report SET decided_at = $2, decided_name = $3 WHERE id = $1", string(r.ID), tx.Now(), access.From(ctx).Name)
	})
}

func left(gaps []Gap) int {
	n := 0
	for _, g := range gaps {
		if g.State != GapClosed {
			n++
		}
	}
	return n
}

// judge runs what the exam office does with a report, over the version it read.
func (s *Service) judge(ctx context.Context, call CallID, subject string, version int, act access.Action, do func(context.Context, *db.Tx, *Report, access.Place, []Gap) error) error {
	c, who, ctx, err := s.enter(ctx, call, subject, act)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.hold(ctx, tx, c, who, false)
		if err != nil {
			return err
		}
		if version != 0 && r.Version != version {
			return fault.New(fault.Conflict, "Báo cáo vừa có thay đổi. Hãy xem lại.")
		}
		gaps, err := gapsOf(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		return do(ctx, tx, &r, who.place, gaps)
	})
}

// A GapInput is what is typed of a gap.
type GapInput struct {
	What, DueOn, Person string
	Critical            bool
}

// OpenGap names something that is wanting, also of an item that the unit calls met, and also of a
// report that was concluded: it is then open again.
//
// It returns fault.Invalid with fields "what", "due_on", "person".
func (s *Service) OpenGap(ctx context.Context, call CallID, subject, code string, in GapInput) error {
	return s.judge(ctx, call, subject, 0, ActReview, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, _ []Gap) error {
		c, err := readCall(ctx, tx, call)
		if err != nil {
			return err
		}
		if _, ok := c.Item(r.Kind, code); !ok {
			return &fault.Error{Kind: fault.NotFound}
		}
		g, err := in.gap(r.ID, code)
		if err != nil {
			return err
		}
		g.OpenedName = access.From(ctx).Name
		if err := s.step(ctx, tx, r, place, "add_gap", g.What); err != nil {
			return err
		}
		return insertGap(ctx, tx, g)
	})
}

func (in GapInput) gap(r ReportID, code string) (Gap, error) {
	var w wrong
	g := Gap{ID: GapID(db.NewID()), Report: r, Code: code, Critical: in.Critical, DueOn: in.DueOn,
		What:   w.words("what", in.What, "Hãy ghi còn thiếu gì, nhiều nhất 2.000 ký tự.", 2000, true),
		Person: w.words("person", in.Person, "Tên người lo dài nhất 120 ký tự.", 120, false)}
	if in.DueOn == "" {
		w.say("due_on", "Hãy ghi ngày phải khắc phục xong.")
	}
	return g, fault.Fields(w...)
}

// SetCritical marks a gap as one that stands in the way of "ready", or takes the mark away, with the
// reason.
func (s *Service) SetCritical(ctx context.Context, id GapID, version int, critical bool, note string) error {
	return s.gap(ctx, id, ActReview, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, g Gap, _ []Gap) error {
		note = text.CleanLines(note)
		if note == "" {
			return fault.Fields(fault.Field{Name: "why", Message: "Hãy ghi lý do đổi mức độ."})
		}
		if g.State == GapClosed || g.Critical == critical {
			return fault.New(fault.Conflict, "Mức độ của tồn tại này không đổi được nữa.")
		}
		if err := db.Exec1(ctx, tx, "UPDATE readiness_gap SET critical = $3, version = version + 1 WHERE id = $1 AND version = $2", string(id), version, critical); err != nil {
			return err
		}
		return gapAudit(ctx, tx, "readiness.gap.critical", r, g, note, map[string]string{"critical": map[bool]string{true: "có", false: "không"}[critical]})
	})
}

// FixGap says that a gap is fixed, and how. It waits to be looked at then.
//
// It returns fault.Invalid with field "says".
func (s *Service) FixGap(ctx context.Context, id GapID, version int, says string) error {
	return s.gap(ctx, id, ActFill, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, g Gap, gaps []Gap) error {
		says = text.CleanLines(says)
		if says == "" || len([]rune(says)) > 2000 {
			return fault.Fields(fault.Field{Name: "says", Message: "Hãy ghi đã khắc phục thế nào, nhiều nhất 2.000 ký tự."})
		}
		if g.State != GapOpen {
			return fault.New(fault.Conflict, "Tồn tại này không chờ khắc phục nữa.")
		}
		if r.State == StateDue || r.State == StateDrafted {
			return fault.New(fault.Conflict, "Báo cáo đã được trả lại. Hãy sửa mục này trong báo cáo rồi gửi lại.")
		}
		if err := setFixed(ctx, tx, g, version, says); err != nil {
			return err
		}
		if (r.State == StateGapOpen || r.State == StateNotReady) && count(gaps, GapOpen) == 1 {
			if err := s.step(ctx, tx, r, place, "fixed", says); err != nil {
				return err
			}
		}
		return gapAudit(ctx, tx, "readiness.gap.fix", r, g, says, nil)
	})
}

// CloseGap agrees that a gap is fixed. With the last one the report has none any more.
//
// It returns fault.Denied to who said that it is fixed.
func (s *Service) CloseGap(ctx context.Context, id GapID, version int) error {
	return s.gap(ctx, id, ActReview, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, g Gap, gaps []Gap) error {
		if g.State != GapFixed {
			return fault.New(fault.Conflict, "Đơn vị chưa báo khắc phục xong tồn tại này.")
		}
		actor := access.From(ctx)
		if g.FixedBy == actor.Person {
			return fault.New(fault.Denied, "Bạn đã báo khắc phục nên người khác phải xác nhận.")
		}
		err := db.Exec1(ctx, tx, "UPDATE readiness_gap SET state = 'closed', closed_name = $3, closed_at = $4, version = version + 1 WHERE id = $1 AND version = $2",
			string(id), version, actor.Name, tx.Now())
		if err != nil {
			return err
		}
		if (r.State == StateGapOpen || r.State == StateGapFixed || r.State == StateNotReady) && left(gaps) == 1 {
			if err := s.step(ctx, tx, r, place, "clear", ""); err != nil {
				return err
			}
		}
		return gapAudit(ctx, tx, "readiness.gap.close", r, g, "", nil)
	})
}

// ReopenGap says that a gap is not fixed after all, with the reason.
func (s *Service) ReopenGap(ctx context.Context, id GapID, version int, note string) error {
	return s.gap(ctx, id, ActReview, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, g Gap, _ []Gap) error {
		note = text.CleanLines(note)
		if note == "" || len([]rune(note)) > 1000 {
			return fault.Fields(fault.Field{Name: "note", Message: "Hãy ghi còn thiếu gì."})
		}
		if g.State != GapFixed {
			return fault.New(fault.Conflict, "Đơn vị chưa báo khắc phục xong tồn tại này.")
		}
		err := db.Exec1(ctx, tx, "UPDATE readiness_gap SET state = 'open', reopened = reopened + 1, note = $3, version = version + 1 WHERE id = $1 AND version = $2",
			string(id), version, note)
		if err != nil {
			return err
		}
		if r.State == StateGapFixed {
			if err := s.step(ctx, tx, r, place, "reopen_gap", note); err != nil {
				return err
			}
		}
		return gapAudit(ctx, tx, "readiness.gap.reopen", r, g, note, nil)
	})
}

func count(gaps []Gap, state GapState) int {
	n := 0
	for _, g := range gaps {
		if g.State == state {
			n++
		}
	}
	return n
}

func setFixed(ctx context.Context, tx *db.Tx, g Gap, version int, says string) error {
	actor := access.From(ctx)
	return db.Exec1(ctx, tx, `UPDATE readiness_gap SET state = 'fixed', fixed_says = $3, fixed_by = $4, fixed_name = $5, fixed_at = $6, version = version + 1
		WHERE id = $1 AND version = $2 AND state = 'open'`, string(g.ID), version, says, actor.Person, actor.Name, tx.Now())
}

func gapAudit(ctx context.Context, tx *db.Tx, act string, r *Report, g Gap, note string, data map[string]string) error {
	return audit.Write(ctx, tx, audit.Entry{Action: act, Kind: kindGap, ID: string(g.ID), Label: r.Name + ": " + text.Excerpt(g.What, 80), Note: note, Data: data})
}

// gap runs what somebody does with a gap, holding its report.
func (s *Service) gap(ctx context.Context, id GapID, act access.Action, do func(context.Context, *db.Tx, *Report, access.Place, Gap, []Gap) error) error {
	g, err := readGap(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	r, err := readReport(ctx, s.DB.Read(), g.Report)
	if err != nil {
		return err
	}
	return s.judge(ctx, r.Call, r.Subject, 0, act, func(ctx context.Context, tx *db.Tx, r *Report, place access.Place, gaps []Gap) error {
		for _, g := range gaps {
			if g.ID == id {
				return do(ctx, tx, r, place, g, gaps)
			}
		}
		return &fault.Error{Kind: fault.NotFound}
	})
}

// GapOf gives a gap with the report it belongs to, to who may read that.
func (s *Service) GapOf(ctx context.Context, id GapID) (Gap, Whole, error) {
	g, err := readGap(ctx, s.DB.Read(), id)
	if err != nil {
		return g, Whole{}, err
	}
	r, err := readReport(ctx, s.DB.Read(), g.Report)
	if err != nil {
		return g, Whole{}, err
	}
	w, err := s.ReportOf(ctx, r.Call, r.Subject)
	if err != nil {
		return g, w, err
	}
	for _, x := range w.Gaps {
		if x.ID == id {
			return x, w, nil
		}
	}
	return g, w, &fault.Error{Kind: fault.NotFound}
}
