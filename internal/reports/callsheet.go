package reports

import (
	"cmp"
	"context"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// A CallSheet is the list of sites to be called for one part of a sitting: those that are silent, and
// those whose report was returned.
type CallSheet struct {
	Exam    exam.Exam
	Sitting exam.Sitting
	Part    rules.Part
	Now     int64
	DueAt   int64
	Tick    int64
	Sites   []Silent // whose report was returned first, then by locality and name
}

// A Silent is one site on the sheet.
type Silent struct {
	Site    exam.Site // with the head's name and telephone, and the duty room's
	Contact Contact
	Cell    Cell
	Calling *Call  // who is on the telephone with it now; nil when nobody is
	Calls   []Call // those that ended, oldest first
}

// A Call is one telephone call to a site.
type Call struct {
	ID CallID
	Slot
	Person  string
	Name    string
	BeganAt int64
	EndedAt int64 // 0 while it goes on
	Outcome string
}

// CallSheet gives the sites to be called. It is worth printing before the deadline: a page of it works
// when nothing else does.
//
// It returns fault.NotFound to who may not accept reports.
//
// Source: domain.md 3.7, 6.5.
func (s *Service) CallSheet(ctx context.Context, sitting exam.SittingID, part rules.Part) (CallSheet, error) {
	if err := s.Policy.Check(ctx, ActAccept, access.Place{}); err != nil {
		return CallSheet{}, err
	}
	tick, err := readTick(ctx, s.DB.Read(), sitting)
	if err != nil {
		return CallSheet{}, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return CallSheet{}, err
	}
	var b Board
	if err := s.rows(ctx, sc, sc.duties(), &b); err != nil {
		return CallSheet{}, err
	}
	contacts, err := readContacts(ctx, s.DB.Read(), "1 = 1")
	if err != nil {
		return CallSheet{}, err
	}
	calls, err := callsIn(ctx, s.DB.Read(), sitting)
	if err != nil {
		return CallSheet{}, err
	}
	sheet := CallSheet{Exam: sc.exam, Sitting: sc.sitting, Part: part, Now: s.Clock.Millis(), DueAt: sc.settings.DueAt(sc.sitting, part), Tick: tick}
	for _, r := range b.Rows {
		cell := r.Cell(part)
		if cell.Progress.Heard() || cell.Progress == NotDue {
			continue
		}
		x := Silent{Site: r.Site, Contact: contacts[r.Site.ID], Cell: cell}
		for _, c := range calls[cell.Slot] {
			if c.EndedAt == 0 {
				x.Calling = &c
				continue
			}
			x.Calls = append(x.Calls, c)
		}
		sheet.Sites = append(sheet.Sites, x)
	}
	back := func(x Silent) int {
		if x.Cell.Progress == Returned {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(sheet.Sites, func(a, b Silent) int { return cmp.Compare(back(a), back(b)) })
	return sheet, nil
}

// Calling records that the actor is calling a site, so that nobody else does at the same time.
//
// It returns fault.Conflict while another person is.
func (s *Service) Calling(ctx context.Context, slot Slot) (CallID, error) {
	ctx, err := s.Policy.Enter(ctx, ActAccept, access.Place{})
	if err != nil {
		return "", err
	}
	sc, err := s.scene(ctx, slot.Sitting)
	if err != nil {
		return "", err
	}
	site, ok := sc.sites.site(slot.Site)
	if !ok || slot.Part != rules.Attendance && slot.Part != rules.Closing {
		return "", &fault.Error{Kind: fault.NotFound}
	}
	actor := access.From(ctx)
	c := Call{ID: CallID(db.NewID()), Slot: slot, Person: actor.Person, Name: actor.Name}
	err = s.write(ctx, slot.Sitting, func(ctx context.Context, tx *db.Tx) error {
		if err := holdSlot(ctx, tx, slot); err != nil {
			return err
		}
		running, err := runningCall(ctx, tx, slot)
		switch {
		case err == nil && running.Person == actor.Person:
			c.ID = running.ID // pressed twice
			return nil
		case err == nil:
			return fault.New(fault.Conflict, "%s đang gọi điểm thi này từ %s.", running.Name, text.FormatClock(running.BeganAt))
		case !fault.Is(err, fault.NotFound):
			return err
		}
		if err := insertCall(ctx, tx, c); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "report.call", Kind: "exam.site", ID: string(site.ID), Label: site.Code + " " + site.Name})
	})
	return c.ID, err
}

// Called ends a call with what came of it, whoever began it: a colleague's forgotten call must not keep
// a site from being called.
//
// It returns fault.Invalid with field "outcome"; fault.Conflict when it had ended.
func (s *Service) Called(ctx context.Context, sitting exam.SittingID, id CallID, outcome string) error {
	ctx, err := s.Policy.Enter(ctx, ActAccept, access.Place{})
	if err != nil {
		return err
	}
	outcome = text.CleanLines(outcome)
	if outcome == "" || len([]rune(outcome)) > 500 {
		return fault.Fields(fault.Field{Name: "outcome", Message: "Hãy ghi kết quả cuộc gọi, ví dụ: không nhấc máy; sẽ gửi trong 5 phút."})
	}
	return s.write(ctx, sitting, func(ctx context.Context, tx *db.Tx) error { return endCall(ctx, tx, id, outcome) })
}
