package exam

import (
	"context"
	"slices"
	"strconv"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A RoundInput is what can be edited of a round.
type RoundInput struct {
	Number   int
	Name     string
	Note     string
	SpareDay string // may be ""
}

// SaveRound changes a round, or adds one to the exam when id is "".
//
// It returns fault.Invalid with fields "number", "name", "note", "spare_day"; fault.Conflict after
// another change.
func (s *Service) SaveRound(ctx context.Context, exam ID, id RoundID, version int, in RoundInput) (RoundID, error) {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return "", err
	}
	var c checker
	c.required("name", "tên đợt thi", in.Name, 80)
	c.short("note", "ghi chú", in.Note, 1000)
	c.day("spare_day", "ngày dự phòng", in.SpareDay)
	if in.Number < 1 || in.Number > 9 {
		c.fail("number", "Số thứ tự đợt từ 1 đến 9.")
	}
	if err := c.err(); err != nil {
		return "", err
	}
	r := Round{ID: id, Number: in.Number, Name: in.Name, Note: in.Note, SpareDay: in.SpareDay, Version: 1}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, exam)
		if err != nil {
			return err
		}
		old, found := e.Round(id)
		if id != "" && !found {
			return fault.New(fault.NotFound, "Không có đợt thi này.")
		}
		if _, last := old.Days(); in.SpareDay != "" && in.SpareDay <= last {
			return fault.Fields(fault.Field{Name: "spare_day", Message: "Ngày dự phòng phải sau ngày thi cuối (" + text.FormatDay(last) + ")."})
		}
		if id == "" {
			r.ID = RoundID(db.NewID())
			err = insertRound(ctx, tx, exam, r)
		} else {
			err = db.Exec1(ctx, tx, `UPDATE exam_round SET number = $3, name = $4, note = $5, spare_day = $6, version = version + 1
				WHERE id = $1 AND version = $2`, id, version, in.Number, in.Name, in.Note, in.SpareDay)
		}
		if db.IsUnique(err) {
			return fault.Fields(fault.Field{Name: "number", Message: "Kỳ thi đã có đợt " + strconv.Itoa(in.Number) + "."})
		}
		if err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, r.ID, "", "exam.round", in.Name, "")
	})
	return r.ID, err
}

// SaveSitting changes a sitting of a round, or adds one when id is "". See [SittingInput] for the
// rules; a published change raises the sitting's calendar sequence.
//
// It returns fault.Invalid naming the wrong fields ("call_in", "slot.0.start" …), fault.Conflict
// after another change.
func (s *Service) SaveSitting(ctx context.Context, exam ID, round RoundID, id SittingID, version int, in SittingInput) (SittingID, error) {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return "", err
	}
	var saved Sitting
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, r, old, err := readSitting(ctx, tx, exam, round, id)
		if err != nil {
			return err
		}
		if saved, err = e.makeSitting(r, old, in); err != nil {
			return err
		}
		if id == "" {
			saved.ID, saved.Version = SittingID(db.NewID()), 1
			err = insertSitting(ctx, tx, round, saved)
		} else {
			saved.Sequence = old.Sequence + 1
			err = updateSitting(ctx, tx, saved, version)
		}
		if err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, round, saved.ID, "exam.sitting", saved.label(), "")
	})
	return saved.ID, err
}

// CancelSitting says that a sitting is not held, and why; an empty reason holds it again after all.
//
// It returns fault.Invalid for a sitting that would then collide with another, fault.Conflict after
// another change.
//
// Source: domain.md 3.3.
func (s *Service) CancelSitting(ctx context.Context, exam ID, round RoundID, id SittingID, version int, reason string) error {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return err
	}
	var c checker
	c.short("reason", "lý do", reason, 500)
	if err := c.err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, r, old, err := readSitting(ctx, tx, exam, round, id)
		if err != nil {
			return err
		}
		old.CancelledFor = reason
		old.Sequence++
		if old.Held() {
			e.checkOnce(&c, r, old)
			checkNeighbours(&c, r, old)
			if err := c.err(); err != nil {
				return err
			}
		}
		if err := updateSitting(ctx, tx, old, version); err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, round, id, "exam.sitting.cancel", old.label(), reason)
	})
}

// RemoveSitting takes a sitting out of an exam that was never public. A public one is cancelled
// instead ([Service.CancelSitting]): people's calendars hold it.
func (s *Service) RemoveSitting(ctx context.Context, exam ID, round RoundID, id SittingID, version int) error {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, _, old, err := readSitting(ctx, tx, exam, round, id)
		if err != nil {
			return err
		}
		if e.Public {
			return fault.New(fault.Invalid, "Lịch thi đã công khai nên không thể xóa buổi thi. Hãy ghi “không tổ chức” kèm lý do.")
		}
		if err := deleteSlots(ctx, tx, id); err != nil {
			return err
		}
		if err := db.Exec1(ctx, tx, "DELETE FROM exam_sitting WHERE id = $1 AND version = $2", id, version); err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, round, id, "exam.sitting.remove", old.label(), "")
	})
}

// readSitting gives the exam, the round and, when id is not "", the sitting in it.
func readSitting(ctx context.Context, q db.Queryer, exam ID, round RoundID, id SittingID) (Exam, Round, Sitting, error) {
	e, err := readExam(ctx, q, exam)
	if err != nil {
		return e, Round{}, Sitting{}, err
	}
	r, ok := e.Round(round)
	if !ok {
		return e, r, Sitting{}, fault.New(fault.NotFound, "Không có đợt thi này.")
	}
	if id == "" {
		return e, r, Sitting{}, nil
	}
	i := slices.IndexFunc(r.Sittings, func(s Sitting) bool { return s.ID == id })
	if i < 0 {
		return e, r, Sitting{}, fault.New(fault.NotFound, "Không có buổi thi này trong %s.", r.Name)
	}
	return e, r, r.Sittings[i], nil
}

func (s Sitting) label() string {
	return s.HalfName() + " " + text.FormatDay(s.Day) + ": " + s.Title()
}

// timetableChanged writes what every change of the timetable implies.
func (s *Service) timetableChanged(ctx context.Context, tx *db.Tx, e Exam, round RoundID, sitting SittingID, verb, label, note string) error {
	if err := TimetableChanged.Emit(ctx, tx, TimetableFact{e.ID, e.Year, round, sitting}); err != nil {
		return err
	}
	if err := s.touch(ctx, tx, e.touched(KeyTimetable)...); err != nil {
		return err
	}
	now, err := readExam(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	if err := s.announceClock(ctx, tx, now); err != nil {
		return err
	}
	id := string(sitting)
	if id == "" {
		id = string(round)
	}
	return write(ctx, tx, verb, "exam.timetable", id, label, note, map[string]string{"exam": e.FullName()})
}
