package exam

import (
	"context"
	"fmt"
	"slices"

	"bangvang/internal/base/db"
)

const examColumns = `id, year, name, council_code, council_name, is_public, is_current, window_from, window_until, override, override_note, source, version`

func scanExam(s db.Scanner) (e Exam, err error) {
	return e, s.Scan(&e.ID, &e.Year, &e.Name, &e.Council.Code, &e.Council.Name, &e.Public, &e.Current, &e.From, &e.Until,
		&e.Override, &e.OverrideNote, &e.Source, &e.Version)
}

// readExam gives an exam whole.
func readExam(ctx context.Context, q db.Queryer, id ID) (Exam, error) {
	e, err := db.One(ctx, q, scanExam, "SELECT "+examColumns+" FROM exam WHERE id = $1", id)
	if err != nil {
		return Exam{}, err
	}
	for _, read := range []func(context.Context, db.Queryer, *Exam) error{readSubjects, readSchemes, readRounds} {
		if err := read(ctx, q, &e); err != nil {
			return Exam{}, fmt.Errorf("read exam %d: %w", e.Year, err)
		}
	}
	return e, nil
}

func readSubjects(ctx context.Context, q db.Queryer, e *Exam) (err error) {
	e.Subjects, err = db.All(ctx, q, func(s db.Scanner) (v Subject, err error) { return v, s.Scan(&v.Code, &v.Name, &v.Form) },
		"SELECT code, name, form FROM exam_subject WHERE exam = $1 ORDER BY position, code", e.ID)
	if err != nil {
		return err
	}
	e.Languages, err = db.All(ctx, q, func(s db.Scanner) (v Language, err error) { return v, s.Scan(&v.Code, &v.Name) },
		"SELECT code, name FROM exam_language WHERE exam = $1 ORDER BY position, code", e.ID)
	return err
}

func readSchemes(ctx context.Context, q db.Queryer, e *Exam) (err error) {
	e.Schemes, err = db.All(ctx, q, func(s db.Scanner) (v Scheme, err error) { return v, s.Scan(&v.ID, &v.Code, &v.Name, &v.Note) },
		"SELECT id, code, name, note FROM exam_scheme WHERE exam = $1 ORDER BY position, code", e.ID)
	if err != nil {
		return err
	}
	at := map[PaperID][2]int{} // where a paper stands
	_, err = db.All(ctx, q, func(s db.Scanner) (p Paper, err error) {
		var scheme SchemeID
		if err := s.Scan(&p.ID, &scheme, &p.Code, &p.Name, &p.Kind, &p.Version); err != nil {
			return p, err
		}
		i := slices.IndexFunc(e.Schemes, func(s Scheme) bool { return s.ID == scheme })
		at[p.ID] = [2]int{i, len(e.Schemes[i].Papers)}
		e.Schemes[i].Papers = append(e.Schemes[i].Papers, p)
		return p, nil
	}, "SELECT id, scheme, code, name, kind, version FROM exam_paper WHERE exam = $1 ORDER BY position, code", e.ID)
	if err != nil {
		return err
	}
	_, err = db.All(ctx, q, func(s db.Scanner) (c Component, err error) {
		var paper PaperID
		if err := s.Scan(&c.ID, &paper, &c.Subject.Code, &c.Minutes, &c.GeneralOnly); err != nil {
			return c, err
		}
		c.Subject, _ = e.subject(c.Subject.Code)
		p := &e.Schemes[at[paper][0]].Papers[at[paper][1]]
		p.Components = append(p.Components, c)
		return c, nil
	}, "SELECT id, paper, subject, minutes, general_only FROM exam_component WHERE exam = $1 ORDER BY position, subject", e.ID)
	return err
}

func readRounds(ctx context.Context, q db.Queryer, e *Exam) (err error) {
	e.Rounds, err = db.All(ctx, q, func(s db.Scanner) (r Round, err error) {
		return r, s.Scan(&r.ID, &r.Number, &r.Name, &r.Note, &r.SpareDay, &r.Version)
	}, "SELECT id, number, name, note, spare_day, version FROM exam_round WHERE exam = $1 ORDER BY number", e.ID)
	if err != nil {
		return err
	}
	slots, err := readSlots(ctx, q, *e)
	if err != nil {
		return err
	}
	_, err = db.All(ctx, q, func(s db.Scanner) (v Sitting, err error) {
		var round RoundID
		if err := s.Scan(&v.ID, &round, &v.Day, &v.Half, &v.Kind, &v.Name, &v.Note, &v.CallInAt, &v.EndAt, &v.Confirmed, &v.Source,
			&v.CancelledFor, &v.Sequence, &v.ChangedAt, &v.Version); err != nil {
			return v, err
		}
		v.Slots = slots[v.ID]
		i := slices.IndexFunc(e.Rounds, func(r Round) bool { return r.ID == round })
		e.Rounds[i].Sittings = append(e.Rounds[i].Sittings, v)
		return v, nil
	}, `SELECT t.id, t.round, t.day, t.half, t.kind, t.name, t.note, t.call_in_at, t.end_at, t.confirmed, t.source, t.cancelled_for, t.sequence, t.changed_at, t.version
		FROM exam_sitting t JOIN exam_round r ON r.id = t.round WHERE r.exam = $1 ORDER BY t.call_in_at, t.id`, e.ID)
	return err
}

// readSlots gives the slots of all the exam's sittings, their parts in the order of the papers.
func readSlots(ctx context.Context, q db.Queryer, e Exam) (map[SittingID][]Slot, error) {
	parts := e.parts()
	written, err := db.All(ctx, q, func(s db.Scanner) (v struct {
		slot      SlotID
		component ComponentID
	}, err error) {
		return v, s.Scan(&v.slot, &v.component)
	}, `SELECT sc.slot, sc.component FROM exam_slot_component sc JOIN exam_component c ON c.id = sc.component
		JOIN exam_paper p ON p.id = c.paper JOIN exam_scheme sch ON sch.id = p.scheme
		WHERE p.exam = $1 ORDER BY sch.position, p.position, p.code, c.position`, e.ID)
	if err != nil {
		return nil, err
	}
	in := map[SlotID][]Part{}
	for _, w := range written {
		in[w.slot] = append(in[w.slot], parts[w.component])
	}
	slots := map[SittingID][]Slot{}
	_, err = db.All(ctx, q, func(s db.Scanner) (v Slot, err error) {
		var sitting SittingID
		if err := s.Scan(&v.ID, &sitting, &v.Turn, &v.HandoutAt, &v.StartAt, &v.Minutes); err != nil {
			return v, err
		}
		v.Parts = in[v.ID]
		slots[sitting] = append(slots[sitting], v)
		return v, nil
	}, `SELECT s.id, s.sitting, s.turn, s.handout_at, s.start_at, s.minutes FROM exam_slot s
		JOIN exam_sitting t ON t.id = s.sitting JOIN exam_round r ON r.id = t.round
		WHERE r.exam = $1 ORDER BY s.start_at, s.turn, s.id`, e.ID)
	return slots, err
}

// insertExam writes a new exam whole.
func insertExam(ctx context.Context, tx *db.Tx, e Exam) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exam (id, year, name, council_code, council_name, is_public, is_current, window_from, window_until,
		override, override_note, source, shown, phase_shown, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', $13)`,
		e.ID, e.Year, e.Name, e.Council.Code, e.Council.Name, e.Public, e.Current, e.From, e.Until, e.Override, e.OverrideNote, e.Source, e.Version)
	if err != nil {
		return err
	}
	for i, s := range e.Subjects {
		if err := insertSubject(ctx, tx, e.ID, s, i); err != nil {
			return err
		}
	}
	for i, l := range e.Languages {
		if err := insertLanguage(ctx, tx, e.ID, l, i); err != nil {
			return err
		}
	}
	for i, s := range e.Schemes {
		if err := insertScheme(ctx, tx, e.ID, s, i); err != nil {
			return err
		}
		for j, p := range s.Papers {
			if err := insertPaper(ctx, tx, e.ID, s.ID, p, j); err != nil {
				return err
			}
		}
	}
	for _, r := range e.Rounds {
		if err := insertRound(ctx, tx, e.ID, r); err != nil {
			return err
		}
		for _, s := range r.Sittings {
			if err := insertSitting(ctx, tx, r.ID, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func insertSubject(ctx context.Context, tx *db.Tx, exam ID, s Subject, position int) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO exam_subject (exam, code, name, form, position) VALUES ($1, $2, $3, $4, $5)",
		exam, s.Code, s.Name, s.Form, position)
	return err
}

func insertLanguage(ctx context.Context, tx *db.Tx, exam ID, l Language, position int) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO exam_language (exam, code, name, position) VALUES ($1, $2, $3, $4)", exam, l.Code, l.Name, position)
	return err
}

func insertScheme(ctx context.Context, tx *db.Tx, exam ID, s Scheme, position int) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO exam_scheme (id, exam, code, name, note, position) VALUES ($1, $2, $3, $4, $5, $6)",
		s.ID, exam, s.Code, s.Name, s.Note, position)
	return err
}

func insertPaper(ctx context.Context, tx *db.Tx, exam ID, scheme SchemeID, p Paper, position int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exam_paper (id, exam, scheme, code, name, kind, position, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, exam, scheme, p.Code, p.Name, p.Kind, position, p.Version)
	if err != nil {
		return err
	}
	for i, c := range p.Components {
		if err := insertComponent(ctx, tx, exam, p.ID, c, i); err != nil {
			return err
		}
	}
	return nil
}

func insertComponent(ctx context.Context, tx *db.Tx, exam ID, paper PaperID, c Component, position int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exam_component (id, exam, paper, subject, minutes, general_only, position)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.ID, exam, paper, c.Subject.Code, c.Minutes, c.GeneralOnly, position)
	return err
}

func insertRound(ctx context.Context, tx *db.Tx, exam ID, r Round) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exam_round (id, exam, number, name, note, spare_day, version) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, exam, r.Number, r.Name, r.Note, r.SpareDay, r.Version)
	return err
}

func insertSitting(ctx context.Context, tx *db.Tx, round RoundID, s Sitting) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exam_sitting (id, round, day, half, kind, name, note, call_in_at, end_at, confirmed, source,
		cancelled_for, sequence, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		s.ID, round, s.Day, s.Half, s.Kind, s.Name, s.Note, s.CallInAt, s.EndAt, s.Confirmed, s.Source, s.CancelledFor, s.Sequence, s.Version, tx.Now())
	if err != nil {
		return err
	}
	return insertSlots(ctx, tx, s)
}

func insertSlots(ctx context.Context, tx *db.Tx, s Sitting) error {
	for _, slot := range s.Slots {
		_, err := tx.ExecContext(ctx, "INSERT INTO exam_slot (id, sitting, turn, handout_at, start_at, minutes) VALUES ($1, $2, $3, $4, $5, $6)",
			slot.ID, s.ID, slot.Turn, slot.HandoutAt, slot.StartAt, slot.Minutes)
		if err != nil {
			return err
		}
		for _, p := range slot.Parts {
			if _, err := tx.ExecContext(ctx, "INSERT INTO exam_slot_component (slot, component) VALUES ($1, $2)", slot.ID, p.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// updateSitting replaces a sitting's row and its slots, if it still has the version read.
func updateSitting(ctx context.Context, tx *db.Tx, s Sitting, version int) error {
	err := db.Exec1(ctx, tx, `UPDATE exam_sitting SET day = $3, half = $4, kind = $5, name = $6, note = $7, call_in_at = $8, end_at = $9,
		confirmed = $10, source = $11, cancelled_for = $12, sequence = $13, changed_at = $14, version = version + 1 WHERE id = $1 AND version = $2`,
		s.ID, version, s.Day, s.Half, s.Kind, s.Name, s.Note, s.CallInAt, s.EndAt, s.Confirmed, s.Source, s.CancelledFor, s.Sequence, tx.Now())
	if err != nil {
		return err
	}
	if err := deleteSlots(ctx, tx, s.ID); err != nil {
		return err
	}
	return insertSlots(ctx, tx, s)
}

func deleteSlots(ctx context.Context, tx *db.Tx, id SittingID) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM exam_slot_component WHERE slot IN (SELECT id FROM exam_slot WHERE sitting = $1)", id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM exam_slot WHERE sitting = $1", id)
	return err
}

// hangsOn counts what people wrote for an exam beyond its own data: what is new, and registrations.
func hangsOn(ctx context.Context, q db.Queryer, id ID) (news, counts int, err error) {
	err = q.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM exam_news WHERE exam = $1),
		(SELECT COUNT(*) FROM exam_roster o JOIN exam_site s ON s.id = o.site JOIN exam_round r ON r.id = s.round WHERE r.exam = $1 AND o.registered > 0)`,
		id).Scan(&news, &counts)
	return news, counts, err
}

// deleteExam takes an exam away with all its rows, if it still has the version read.
func deleteExam(ctx context.Context, tx *db.Tx, id ID, version int) error {
	const rounds = "(SELECT id FROM exam_round WHERE exam = $1)"
	for _, query := range []string{
		"DELETE FROM exam_slot_component WHERE slot IN (SELECT s.id FROM exam_slot s JOIN exam_sitting t ON t.id = s.sitting WHERE t.round IN " + rounds + ")",
		"DELETE FROM exam_slot WHERE sitting IN (SELECT id FROM exam_sitting WHERE round IN " + rounds + ")",
		"DELETE FROM exam_sitting WHERE round IN " + rounds,
		"DELETE FROM exam_roster WHERE site IN (SELECT id FROM exam_site WHERE round IN " + rounds + ")",
		"DELETE FROM exam_room WHERE round IN " + rounds,
		"UPDATE exam_site SET successor = NULL WHERE round IN " + rounds,
		"DELETE FROM exam_site WHERE round IN " + rounds,
		"DELETE FROM exam_round WHERE exam = $1",
		"DELETE FROM exam_component WHERE exam = $1",
		"DELETE FROM exam_paper WHERE exam = $1",
		"DELETE FROM exam_scheme WHERE exam = $1",
		"DELETE FROM exam_subject WHERE exam = $1",
		"DELETE FROM exam_language WHERE exam = $1",
	} {
		if _, err := tx.ExecContext(ctx, query, id); err != nil {
			return err
		}
	}
	return db.Exec1(ctx, tx, "DELETE FROM exam WHERE id = $1 AND version = $2", id, version)
}
