package readiness

import (
	"context"
	"encoding/json"
	"fmt"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
)

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types of strings and numbers always marshal
	}
	return string(b)
}

func readTemplate(ctx context.Context, q db.Queryer, e exam.ID, kind string) (Template, error) {
	t, err := db.One(ctx, q, func(s db.Scanner) (t Template, err error) {
		var items string
		if err := s.Scan(&items, &t.Version); err != nil {
			return t, err
		}
		return t, json.Unmarshal([]byte(items), &t.Items)
	}, "SELECT items, version FROM readiness_template WHERE exam = $1 AND kind = $2", string(e), kind)
	t.Kind = kind
	if fault.Is(err, fault.NotFound) {
		return Template{Kind: kind, Items: shipped[kind]}, nil
	}
	return t, err
}

func saveTemplate(ctx context.Context, tx *db.Tx, e exam.ID, t Template) error {
	if t.Version == 0 {
		_, err := tx.ExecContext(ctx, "INSERT INTO readiness_template (exam, kind, items, version) VALUES ($1, $2, $3, 1)", string(e), t.Kind, asJSON(t.Items))
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Danh mục vừa được người khác sửa. Hãy tải lại trang.")
		}
		return err
	}
	return db.Exec1(ctx, tx, "UPDATE readiness_template SET items = $3, version = version + 1 WHERE exam = $1 AND kind = $2 AND version = $4", string(e), t.Kind, asJSON(t.Items), t.Version)
}

const callColumns = "id, exam, round, title, note, due_at, checklists, opened_name, opened_at, closed_at, version"

func scanCall(s db.Scanner) (c Call, err error) {
	var lists string
	if err := s.Scan(&c.ID, &c.Exam, &c.Round, &c.Title, &c.Note, &c.DueAt, &lists, &c.OpenedName, &c.OpenedAt, &c.ClosedAt, &c.Version); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(lists), &c.Checklists)
}

func readCall(ctx context.Context, q db.Queryer, id CallID) (Call, error) {
	return db.One(ctx, q, scanCall, "SELECT "+callColumns+" FROM readiness_call WHERE id = $1", string(id))
}

func readCalls(ctx context.Context, q db.Queryer, e exam.ID) ([]Call, error) {
	return db.All(ctx, q, scanCall, "SELECT "+callColumns+" FROM readiness_call WHERE exam = $1 ORDER BY opened_at DESC, id DESC", string(e))
}

func insertCall(ctx context.Context, tx *db.Tx, c Call, by string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO readiness_call (id, exam, round, title, note, due_at, checklists, opened_by, opened_name, opened_at, closed_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 1)`,
		string(c.ID), string(c.Exam), string(c.Round), c.Title, c.Note, c.DueAt, asJSON(c.Checklists), by, c.OpenedName, tx.Now())
	return err
}

const reportColumns = "id, state, version, call, subject, kind, name, submitted_at, submitted_name, decided_at, decided_name"

func scanReport(s db.Scanner) (r Report, err error) {
	return r, s.Scan(&r.ID, &r.State, &r.Version, &r.Call, &r.Subject, &r.Kind, &r.Name, &r.SubmittedAt, &r.SubmittedName, &r.DecidedAt, &r.DecidedName)
}

func readReport(ctx context.Context, q db.Queryer, id ReportID) (Report, error) {
	return db.One(ctx, q, scanReport, "SELECT "+reportColumns+" FROM readiness_report WHERE id = $1", string(id))
}

func readReportOf(ctx context.Context, q db.Queryer, call CallID, subject string) (Report, error) {
	return db.One(ctx, q, scanReport, "SELECT "+reportColumns+" FROM readiness_report WHERE call = $1 AND subject = $2", string(call), subject)
}

func reportsOf(ctx context.Context, q db.Queryer, call CallID) (map[string]Report, error) {
	all, err := db.All(ctx, q, scanReport, "SELECT "+reportColumns+" FROM readiness_report WHERE call = $1", string(call))
	of := map[string]Report{}
	for _, r := range all {
		of[r.Subject] = r
	}
	return of, err
}

func insertReport(ctx context.Context, tx *db.Tx, r Report) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO readiness_report (id, state, version, call, subject, kind, name, submitted_at, submitted_name, decided_at, decided_name)
		VALUES ($1, 'due', 1, $2, $3, $4, $5, 0, '', 0, '')`, string(r.ID), string(r.Call), r.Subject, r.Kind, r.Name)
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "Người khác của đơn vị vừa bắt đầu báo cáo này. Hãy tải lại trang.")
	}
	return err
}

const answerColumns = "a.code, a.answer, a.says, a.due_on, a.person, a.by_name, a.at, a.version"

func answersOf(ctx context.Context, q db.Queryer, id ReportID) (map[string]Answer, error) {
	all := map[string]Answer{}
	_, err := db.All(ctx, q, func(s db.Scanner) (a Answer, err error) {
		err = s.Scan(&a.Code, &a.Verdict, &a.Says, &a.DueOn, &a.Person, &a.ByName, &a.At, &a.Version)
		all[a.Code] = a
		return a, err
	}, "SELECT "+answerColumns+" FROM readiness_answer AS a WHERE a.report = $1", string(id))
	return all, err
}

func answersIn(ctx context.Context, q db.Queryer, call CallID) (map[ReportID]map[string]Answer, error) {
	all := map[ReportID]map[string]Answer{}
	_, err := db.All(ctx, q, func(s db.Scanner) (a Answer, err error) {
		var id ReportID
		err = s.Scan(&id, &a.Code, &a.Verdict, &a.Says, &a.DueOn, &a.Person, &a.ByName, &a.At, &a.Version)
		if all[id] == nil {
			all[id] = map[string]Answer{}
		}
		all[id][a.Code] = a
		return a, err
	}, "SELECT a.report, "+answerColumns+" FROM readiness_answer AS a JOIN readiness_report AS r ON r.id = a.report WHERE r.call = $1", string(call))
	return all, err
}

func saveAnswer(ctx context.Context, tx *db.Tx, id ReportID, a Answer) error {
	args := []any{string(id), a.Code, string(a.Verdict), a.Says, a.DueOn, a.Person, a.ByName, a.At}
	if a.Version == 0 {
		_, err := tx.ExecContext(ctx, "INSERT INTO readiness_answer (report, code, answer, says, due_on, person, by_name, at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)", args...)
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Người khác của đơn vị vừa trả lời mục này. Hãy tải lại trang để xem.")
		}
		return err
	}
	return db.Exec1(ctx, tx, `UPDATE readiness_answer SET answer = $3, says = $4, due_on = $5, person = $6, by_name = $7, at = $8, version = version + 1
		WHERE report = $1 AND code = $2 AND version = $9`, append(args, a.Version)...)
}

const gapColumns = `g.id, g.report, g.code, g.what, g.critical, g.due_on, g.person, g.state, g.opened_name, g.opened_at, g.fixed_says, g.fixed_by, g.fixed_name, g.fixed_at,
	g.closed_name, g.closed_at, g.reopened, g.note, g.version`

const gapOrder = " ORDER BY CASE g.state WHEN 'open' THEN 0 WHEN 'fixed' THEN 1 ELSE 2 END, CASE WHEN g.critical THEN 0 ELSE 1 END, g.due_on, g.id"

func scanGap(s db.Scanner) (g Gap, err error) {
	return g, s.Scan(&g.ID, &g.Report, &g.Code, &g.What, &g.Critical, &g.DueOn, &g.Person, &g.State, &g.OpenedName, &g.OpenedAt, &g.FixedSays, &g.FixedBy, &g.FixedName, &g.FixedAt,
		&g.ClosedName, &g.ClosedAt, &g.Reopened, &g.Note, &g.Version)
}

func readGap(ctx context.Context, q db.Queryer, id GapID) (Gap, error) {
	return db.One(ctx, q, scanGap, "SELECT "+gapColumns+" FROM readiness_gap AS g WHERE g.id = $1", string(id))
}

func gapsOf(ctx context.Context, q db.Queryer, id ReportID) ([]Gap, error) {
	return db.All(ctx, q, scanGap, "SELECT "+gapColumns+" FROM readiness_gap AS g WHERE g.report = $1"+gapOrder, string(id))
}

func gapsIn(ctx context.Context, q db.Queryer, call CallID) (map[ReportID][]Gap, error) {
	all, err := db.All(ctx, q, scanGap, "SELECT "+gapColumns+" FROM readiness_gap AS g JOIN readiness_report AS r ON r.id = g.report WHERE r.call = $1"+gapOrder, string(call))
	of := map[ReportID][]Gap{}
	for _, g := range all {
		of[g.Report] = append(of[g.Report], g)
	}
	return of, err
}

func insertGap(ctx context.Context, tx *db.Tx, g Gap) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO readiness_gap (id, report, code, what, critical, due_on, person, state, opened_name, opened_at, fixed_says, fixed_by, fixed_name, fixed_at,
		closed_name, closed_at, reopened, note, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, '', '', '', 0, '', 0, 0, '', 1)`,
		string(g.ID), string(g.Report), g.Code, g.What, g.Critical, g.DueOn, g.Person, g.OpenedName, tx.Now())
	return err
}

const fileColumns = "id, report, code, gap, name, media, size, hash, warnings, by_name, at"

func scanFile(s db.Scanner) (f File, err error) {
	var warnings string
	if err := s.Scan(&f.ID, &f.Report, &f.Code, &f.Gap, &f.Name, &f.Media, &f.Size, &f.Hash, &warnings, &f.ByName, &f.At); err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(warnings), &f.Warnings)
}

func readFile(ctx context.Context, q db.Queryer, id FileID) (File, error) {
	return db.One(ctx, q, scanFile, "SELECT "+fileColumns+" FROM readiness_file WHERE id = $1", string(id))
}

func filesOf(ctx context.Context, q db.Queryer, id ReportID) ([]File, error) {
	return db.All(ctx, q, scanFile, "SELECT "+fileColumns+" FROM readiness_file WHERE report = $1 ORDER BY at, id", string(id))
}

func insertFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO readiness_file ("+fileColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		string(f.ID), string(f.Report), f.Code, string(f.Gap), f.Name, f.Media, f.Size, f.Hash, asJSON(f.Warnings), f.ByName, tx.Now())
	return err
}

const frozenColumns = "id, state, version, call, number, figures, compiled_name, compiled_at, approved_name, approved_at, sent_at, sent_to"

func scanFrozen(s db.Scanner) (f Frozen, err error) {
	var figures string
	if err := s.Scan(&f.ID, &f.State, &f.Version, &f.Call, &f.Number, &figures, &f.CompiledName, &f.CompiledAt, &f.ApprovedName, &f.ApprovedAt, &f.SentAt, &f.SentTo); err != nil {
		return f, err
	}
	if err := json.Unmarshal([]byte(figures), &f.RollUp); err != nil {
		return f, fmt.Errorf("roll-up %s: %w", f.ID, err)
	}
	return f, nil
}

func readFrozen(ctx context.Context, q db.Queryer, id RollUpID) (Frozen, error) {
	return db.One(ctx, q, scanFrozen, "SELECT "+frozenColumns+" FROM readiness_rollup WHERE id = $1", string(id))
}

func frozenOf(ctx context.Context, q db.Queryer, call CallID) ([]Frozen, error) {
	return db.All(ctx, q, scanFrozen, "SELECT "+frozenColumns+" FROM readiness_rollup WHERE call = $1 ORDER BY number DESC", string(call))
}

func insertFrozen(ctx context.Context, tx *db.Tx, f Frozen, by string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO readiness_rollup (id, state, version, call, number, figures, silent, compiled_name, compiled_at, approved_name, approved_at, sent_at, sent_to)
		VALUES ($1, 'compiled', 1, $2, $3, $4, $5, $6, $7, '', 0, 0, '')`, string(f.ID), string(f.Call), f.Number, asJSON(f.RollUp), len(f.RollUp.Silent), by, tx.Now())
	return err
}

func refreeze(ctx context.Context, tx *db.Tx, f Frozen, by string) error {
	return db.Exec1(ctx, tx, "UPDATE readiness_rollup SET figures = $2, silent = $3, compiled_name = $4, compiled_at = $5 WHERE id = $1 AND state = 'compiled'",
		string(f.ID), asJSON(f.RollUp), len(f.RollUp.Silent), by, tx.Now())
}

const difficultyColumns = "id, state, version, exam, subject, kind, name, title, says, urgent, due_on, raised_name, raised_at, answer, answered_name, answered_at, reopened"

func scanDifficulty(s db.Scanner) (d Difficulty, err error) {
	return d, s.Scan(&d.ID, &d.State, &d.Version, &d.Exam, &d.Subject, &d.Kind, &d.Name, &d.Title, &d.Says, &d.Urgent, &d.DueOn, &d.RaisedName, &d.RaisedAt,
		&d.Answer, &d.AnsweredName, &d.AnsweredAt, &d.Reopened)
}

func readDifficulty(ctx context.Context, q db.Queryer, id DifficultyID) (Difficulty, error) {
	return db.One(ctx, q, scanDifficulty, "SELECT "+difficultyColumns+" FROM readiness_difficulty WHERE id = $1", string(id))
}

// difficultiesOf gives those of an exam in a state, or with "" all.
func difficultiesOf(ctx context.Context, q db.Queryer, e exam.ID, state workflow.State) ([]Difficulty, error) {
	return db.All(ctx, q, scanDifficulty, "SELECT "+difficultyColumns+` FROM readiness_difficulty WHERE exam = $1 AND ($2 = '' OR state = $2)
		ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'answered' THEN 1 ELSE 2 END, CASE WHEN urgent THEN 0 ELSE 1 END, due_on, id`, string(e), string(state))
}

func insertDifficulty(ctx context.Context, tx *db.Tx, d Difficulty) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO readiness_difficulty (id, state, version, exam, subject, kind, name, title, says, urgent, due_on, raised_name, raised_at, answer, answered_name,
		answered_at, reopened) VALUES ($1, 'open', 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', 0, 0)`,
		string(d.ID), string(d.Exam), d.Subject, d.Kind, d.Name, d.Title, d.Says, d.Urgent, d.DueOn, d.RaisedName, tx.Now())
	return err
}

func countDifficulties(ctx context.Context, q db.Queryer, e exam.ID, today string) (c DifficultyCount, err error) {
	err = q.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(*) FILTER (WHERE state <> 'open'), COUNT(*) FILTER (WHERE state = 'open'), COUNT(*) FILTER (WHERE state = 'open' AND due_on < $2)
		FROM readiness_difficulty WHERE exam = $1`, string(e), today).Scan(&c.Raised, &c.Answered, &c.Open, &c.Overdue)
	return c, err
}
