package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

var (
	wordCode  = regexp.MustCompile(`^[a-z0-9_]{1,30}$`)
	phoneForm = regexp.MustCompile(`^[0-9+][0-9 .()-]{2,24}$`)
)

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types of strings and numbers always marshal
	}
	return string(b)
}

func nullable[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// changedTopic wakes who shows a board, on all nodes.
const changedTopic = "reports"

// write runs fn in one transaction and counts the change of the sitting's board with it; sitting ""
// is no board's. The count is taken at the end, before the audit chain: writers meet there briefly and
// always in this order.
func (s *Service) write(ctx context.Context, sitting exam.SittingID, fn func(context.Context, *db.Tx) error) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		tx.BeforeCommit(func(ctx context.Context, tx *db.Tx) error {
			if sitting != "" {
				if err := holdBoard(ctx, tx, sitting); err != nil {
					return err
				}
			}
			return tx.Wake(ctx, changedTopic)
		})
		return fn(ctx, tx)
	})
}

// holdBoard counts a change of a sitting's board and keeps others from accepting or compiling reports
// of it until the transaction ends. Who holds slots too takes them first.
func holdBoard(ctx context.Context, tx *db.Tx, sitting exam.SittingID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO report_tick (sitting, tick) VALUES ($1, 1)
		ON CONFLICT (sitting) DO UPDATE SET tick = report_tick.tick + 1`, string(sitting))
	return err
}

func readTick(ctx context.Context, q db.Queryer, sitting exam.SittingID) (int64, error) {
	var n int64
	err := q.QueryRowContext(ctx, "SELECT COALESCE(SUM(tick), 0) FROM report_tick WHERE sitting = $1", string(sitting)).Scan(&n)
	return n, err
}

// holdSlot keeps others from changing anything of a slot until the transaction ends.
func holdSlot(ctx context.Context, tx *db.Tx, slot Slot) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO report_slot (sitting, site, part, touched) VALUES ($1, $2, $3, $4)
		ON CONFLICT (sitting, site, part) DO UPDATE SET touched = excluded.touched`, string(slot.Sitting), string(slot.Site), int(slot.Part), tx.Now())
	return err
}

const reportColumns = `r.id, r.state, r.version, r.exam, r.round, r.sitting, r.site, r.part, r.edition, r.content, r.channel, r.entered_by, r.entered_name, r.behalf,
	r.received_at, r.receipt, COALESCE(r.amends, ''), COALESCE(r.duplicate_of, ''), r.findings, r.severe_open, r.dictated_by, r.dictated_at, r.read_back,
	r.confirmed_by, r.confirmed_at, r.accepted_by, r.accepted_name, r.accepted_at, r.locked, r.note, r.content_hash, r.figures_hash`

func scanReport(s db.Scanner) (r Report, err error) {
	var content, findings string
	err = s.Scan(&r.ID, &r.State, &r.Version, &r.Exam, &r.Round, &r.Sitting, &r.Site, &r.Part, &r.Edition, &content, &r.Channel, &r.EnteredBy, &r.EnteredName, &r.Behalf,
		&r.ReceivedAt, &r.Receipt, &r.Amends, &r.DuplicateOf, &findings, &r.SevereOpen, &r.DictatedBy, &r.DictatedAt, &r.ReadBack,
		&r.ConfirmedBy, &r.ConfirmedAt, &r.AcceptedBy, &r.AcceptedName, &r.AcceptedAt, &r.Locked, &r.Note, &r.contentHash, &r.figuresHash)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(content), &r.Said); err != nil {
		return r, fmt.Errorf("report %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(findings), &r.Warnings); err != nil {
		return r, fmt.Errorf("report %s: %w", r.ID, err)
	}
	return r, nil
}

func readReport(ctx context.Context, q db.Queryer, id ReportID) (Report, error) {
	return db.One(ctx, q, scanReport, "SELECT "+reportColumns+" FROM report_site AS r WHERE r.id = $1", string(id))
}

func reportByReceipt(ctx context.Context, q db.Queryer, code string) (Report, error) {
	return db.One(ctx, q, scanReport, "SELECT "+reportColumns+" FROM report_site AS r WHERE r.receipt = $1", code)
}

// reportOnce gives the report that a site sent under an id with this very content.
func reportOnce(ctx context.Context, q db.Queryer, site exam.SiteID, client, hash string) (Report, error) {
	return db.One(ctx, q, scanReport, "SELECT "+reportColumns+" FROM report_site AS r WHERE r.site = $1 AND r.client_id = $2 AND r.content_hash = $3",
		string(site), client, hash)
}

// reportsUnder gives what a site sent under an id, oldest first.
func reportsUnder(ctx context.Context, q db.Queryer, site exam.SiteID, client string) ([]Report, error) {
	return db.All(ctx, q, scanReport, "SELECT "+reportColumns+" FROM report_site AS r WHERE r.site = $1 AND r.client_id = $2 ORDER BY r.received_at, r.id",
		string(site), client)
}

// reportsOf gives everything that was said of a slot, oldest first.
func reportsOf(ctx context.Context, q db.Queryer, slot Slot) ([]Report, error) {
	return db.All(ctx, q, scanReport, "SELECT "+reportColumns+" FROM report_site AS r WHERE r.sitting = $1 AND r.site = $2 AND r.part = $3 ORDER BY r.edition",
		string(slot.Sitting), string(slot.Site), int(slot.Part))
}

// saidBefore gives what stands of a site's reports of a round: the accepted one of each slot, else the
// one that waits.
func saidBefore(ctx context.Context, q db.Queryer, site exam.SiteID, round exam.RoundID) (map[Slot]Report, error) {
	all, err := db.All(ctx, q, scanReport, "SELECT "+reportColumns+` FROM report_site AS r WHERE r.site = $1 AND r.round = $2
		AND r.state IN ('submitted', 'confirmed', 'accepted')`, string(site), string(round))
	slots := map[Slot]Report{}
	for _, r := range all {
		if slots[r.Slot].State != StateAccepted {
			slots[r.Slot] = r
		}
	}
	return slots, err
}

// standingIn gives the reports of a sitting that stand, wait, were returned or are disputed, by site and
// edition.
func standingIn(ctx context.Context, q db.Queryer, sitting exam.SittingID) ([]Report, error) {
	return db.All(ctx, q, scanReport, "SELECT "+reportColumns+` FROM report_site AS r WHERE r.sitting = $1
		AND r.state IN ('submitted', 'confirmed', 'accepted', 'returned', 'disputed') ORDER BY r.site, r.part, r.edition`, string(sitting))
}

// firstsIn gives when each slot of a sitting was first reported, whatever became of it.
func firstsIn(ctx context.Context, q db.Queryer, sitting exam.SittingID) (map[Slot]int64, error) {
	firsts := map[Slot]int64{}
	_, err := db.All(ctx, q, func(s db.Scanner) (at int64, err error) {
		slot := Slot{Sitting: sitting}
		err = s.Scan(&slot.Site, &slot.Part, &at)
		firsts[slot] = at
		return at, err
	}, "SELECT site, part, MIN(received_at) FROM report_site WHERE sitting = $1 GROUP BY site, part", string(sitting))
	return firsts, err
}

func insertReport(ctx context.Context, tx *db.Tx, r Report) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO report_site (id, state, version, exam, round, sitting, site, part, edition, client_id, content_hash, figures_hash, content,
		form, channel, not_held, entered_by, entered_name, behalf, received_at, filled_at, receipt, amends, duplicate_of, warnings, findings, severe_open, aside,
		dictated_by, dictated_at, read_back, confirmed_by, confirmed_at, accepted_by, accepted_name, accepted_at, locked, note)
		VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30,
		'', 0, '', '', 0, '', $31)`,
		string(r.ID), string(r.State), string(r.Exam), string(r.Round), string(r.Sitting), string(r.Site), int(r.Part), r.Edition, r.Said.ID, r.contentHash, r.figuresHash,
		asJSON(r.Said), r.Said.Form, string(r.Channel), r.Said.NotHeld, r.EnteredBy, r.EnteredName, r.Behalf, r.ReceivedAt, r.Said.FilledAt, r.Receipt,
		nullable(r.Amends), nullable(r.DuplicateOf), len(r.Warnings), asJSON(r.Warnings), r.SevereOpen, r.aside, r.DictatedBy, r.DictatedAt, r.ReadBack, r.Note)
	if err != nil {
		return fmt.Errorf("keep the report: %w", err)
	}
	return insertCounts(ctx, tx, r)
}

// insertCounts keeps a report's counts as rows, for sums. They have been judged to be numbers.
func insertCounts(ctx context.Context, tx *db.Tx, r Report) error {
	var lines, absences, staff rows
	for _, l := range r.Said.Lines {
		n := func(c rules.Count) int { v, _ := c.Int(); return v }
		typed := func(c rules.Count) any { // a count that nobody typed is none
			if v, ok := c.Int(); ok {
				return v
			}
			return nil
		}
		var sheets any
		if l.Sheets != nil {
			sheets = typed(*l.Sheets)
		}
		lines.add(string(r.ID), l.Key, n(l.Registered), n(l.Present), n(l.Absent), n(l.Rooms), sheets, typed(l.Reprimanded), typed(l.Warned), typed(l.Suspended))
		for reason, c := range l.Why {
			if v := n(c); v > 0 {
				absences.add(string(r.ID), l.Key, reason, v)
			}
		}
	}
	counts := map[string]int{}
	for _, v := range r.Said.Staff {
		n, _ := v.Count.Int()
		counts[v.Kind] += n
	}
	for kind, n := range counts {
		if n > 0 {
			staff.add(string(r.ID), kind, n)
		}
	}
	if err := lines.insert(ctx, tx, "INSERT INTO report_line (report, line, registered, present, absent, rooms, sheets, reprimanded, warned, suspended) VALUES "); err != nil {
		return err
	}
	if err := absences.insert(ctx, tx, "INSERT INTO report_absence (report, line, reason, n) VALUES "); err != nil {
		return err
	}
	return staff.insert(ctx, tx, "INSERT INTO report_staff (report, kind, n) VALUES ")
}

// rows are written by one statement: a report has dozens of counts.
type rows struct {
	args []any
	of   int // columns
}

func (r *rows) add(values ...any) {
	r.of = len(values)
	r.args = append(r.args, values...)
}

func (r *rows) insert(ctx context.Context, tx *db.Tx, into string) error {
	if len(r.args) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString(into)
	for i := 0; i < len(r.args); i += r.of {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + db.Placeholders(i+1, r.of) + ")")
	}
	_, err := tx.ExecContext(ctx, b.String(), r.args...)
	return err
}

// A conflict row.

const conflictColumns = "id, sitting, site, part, kind, report, against, opened_at, settled_at, settled_by, kept, note, version"

func scanConflict(s db.Scanner) (c Conflict, err error) {
	err = s.Scan(&c.ID, &c.Sitting, &c.Site, &c.Part, &c.Kind, &c.Report, &c.Against, &c.OpenedAt, &c.SettledAt, &c.SettledBy, &c.Kept, &c.Note, &c.Version)
	return c, err
}

func insertConflict(ctx context.Context, tx *db.Tx, c Conflict) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO report_conflict ("+conflictColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', '', '', 1)",
		string(c.ID), string(c.Sitting), string(c.Site), int(c.Part), string(c.Kind), string(c.Report), string(c.Against), tx.Now())
	return err
}

func readConflict(ctx context.Context, q db.Queryer, id ConflictID) (Conflict, error) {
	return db.One(ctx, q, scanConflict, "SELECT "+conflictColumns+" FROM report_conflict WHERE id = $1", string(id))
}

// openConflicts gives the conflicts of a sitting that nobody has decided.
func openConflicts(ctx context.Context, q db.Queryer, sitting exam.SittingID) ([]Conflict, error) {
	return db.All(ctx, q, scanConflict, "SELECT "+conflictColumns+" FROM report_conflict WHERE sitting = $1 AND settled_at = 0 ORDER BY opened_at, id", string(sitting))
}

// conflictOf tells whether a report opened a conflict, settled or not.
func conflictOf(ctx context.Context, q db.Queryer, id ReportID) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM report_conflict WHERE report = $1", string(id)).Scan(&n)
	return n > 0, err
}

// conflictsOpenIn counts the open conflicts of a slot.
func conflictsOpenIn(ctx context.Context, q db.Queryer, slot Slot) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM report_conflict WHERE sitting = $1 AND site = $2 AND part = $3 AND settled_at = 0",
		string(slot.Sitting), string(slot.Site), int(slot.Part)).Scan(&n)
	return n, err
}

// Settings, words, contacts.

const settingColumns = "attendance_min, closing_min, incident_min, province_am, province_pm, final_at, remind_min, sheet_min, chair_min, rise, source, version"

func readSettings(ctx context.Context, q db.Queryer, e exam.ID, sitting exam.SittingID) (Settings, error) {
	all, err := db.All(ctx, q, func(s db.Scanner) (v Settings, err error) {
		return v, s.Scan(&v.Attendance, &v.Closing, &v.Incident, &v.Morning, &v.Afternoon, &v.Final, &v.Remind, &v.Sheet, &v.Chair, &v.Rise, &v.Source, &v.Version)
	}, "SELECT "+settingColumns+" FROM report_setting WHERE exam = $1 AND sitting IN ('', $2) ORDER BY sitting DESC", string(e), string(sitting))
	if err != nil || len(all) == 0 {
		return Defaults(), err
	}
	return all[0], nil
}

func saveSettings(ctx context.Context, tx *db.Tx, e exam.ID, sitting exam.SittingID, v Settings) error {
	// The version read may be that of the exam's row, which a sitting's first row of its own leaves alone.
	var has int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM report_setting WHERE exam = $1 AND sitting = $2", string(e), string(sitting)).Scan(&has); err != nil {
		return err
	}
	args := []any{string(e), string(sitting), v.Attendance, v.Closing, v.Incident, v.Morning, v.Afternoon, v.Final, v.Remind, v.Sheet, v.Chair, v.Rise, v.Source}
	if has == 0 {
		_, err := tx.ExecContext(ctx, "INSERT INTO report_setting (exam, sitting, "+settingColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)", args...)
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Thời hạn báo cáo vừa được người khác đặt. Hãy tải lại trang.")
		}
		return err
	}
	return db.Exec1(ctx, tx, `UPDATE report_setting SET attendance_min = $3, closing_min = $4, incident_min = $5, province_am = $6, province_pm = $7, final_at = $8,
		remind_min = $9, sheet_min = $10, chair_min = $11, rise = $12, source = $13, version = version + 1 WHERE exam = $1 AND sitting = $2 AND version = $14`,
		append(args, v.Version)...)
}

func readWords(ctx context.Context, q db.Queryer, e exam.ID) (Words3, error) {
	var own Words3
	_, err := db.All(ctx, q, func(s db.Scanner) (w rules.Word, err error) {
		var kind WordKind
		if err := s.Scan(&kind, &w.Code, &w.Name); err != nil {
			return w, err
		}
		list := own.list(kind)
		*list = append(*list, w)
		return w, nil
	}, "SELECT kind, code, name FROM report_word WHERE exam = $1 ORDER BY kind, position, code", string(e))
	words := DefaultWords()
	for _, kind := range []WordKind{AbsenceWords, StaffWords, IncidentWords} {
		if list := *own.list(kind); len(list) > 0 {
			*words.list(kind) = list
		}
	}
	return words, err
}

func (w *Words3) list(kind WordKind) *[]rules.Word {
	switch kind {
	case AbsenceWords:
		return &w.Absence
	case StaffWords:
		return &w.Staff
	}
	return &w.Incident
}

func saveWords(ctx context.Context, tx *db.Tx, e exam.ID, kind WordKind, words []rules.Word) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM report_word WHERE exam = $1 AND kind = $2", string(e), string(kind)); err != nil {
		return err
	}
	var all rows
	for i, w := range words {
		all.add(string(e), string(kind), w.Code, w.Name, i)
	}
	return all.insert(ctx, tx, "INSERT INTO report_word (exam, kind, code, name, position) VALUES ")
}

func readContacts(ctx context.Context, q db.Queryer, where string, args ...any) (map[exam.SiteID]Contact, error) {
	all := map[exam.SiteID]Contact{}
	_, err := db.All(ctx, q, func(s db.Scanner) (c Contact, err error) {
		var site exam.SiteID
		err = s.Scan(&site, &c.DeputyName, &c.DeputyPhone, &c.GuardName, &c.GuardPhone, &c.Version)
		all[site] = c
		return c, err
	}, "SELECT site, deputy_name, deputy_phone, guard_name, guard_phone, version FROM report_contact WHERE "+where, args...)
	return all, err
}

func saveContact(ctx context.Context, tx *db.Tx, site exam.SiteID, c Contact) error {
	if c.Version == 0 {
		_, err := tx.ExecContext(ctx, "INSERT INTO report_contact (site, deputy_name, deputy_phone, guard_name, guard_phone, version) VALUES ($1, $2, $3, $4, $5, 1)",
			string(site), c.DeputyName, c.DeputyPhone, c.GuardName, c.GuardPhone)
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Số điện thoại của điểm thi này vừa được người khác nhập. Hãy tải lại trang.")
		}
		return err
	}
	return db.Exec1(ctx, tx, `UPDATE report_contact SET deputy_name = $3, deputy_phone = $4, guard_name = $5, guard_phone = $6, version = version + 1
		WHERE site = $1 AND version = $2`, string(site), c.Version, c.DeputyName, c.DeputyPhone, c.GuardName, c.GuardPhone)
}

// Incidents.

const incidentColumns = `i.id, i.exam, i.sitting, i.site, i.category, i.severity, i.happened, i.what, i.action, i.open, i.report, i.entered_by, i.entered_name, i.entered_at,
	i.settled_name, i.settled_at, i.settled_note, i.version`

func scanIncident(s db.Scanner) (i Incident, err error) {
	err = s.Scan(&i.ID, &i.Exam, &i.Sitting, &i.Site, &i.Category, &i.Severity, &i.Happened, &i.What, &i.Action, &i.Open, &i.Report, &i.EnteredBy, &i.EnteredName, &i.EnteredAt,
		&i.SettledName, &i.SettledAt, &i.SettledNote, &i.Version)
	return i, err
}

func readIncident(ctx context.Context, q db.Queryer, id IncidentID) (Incident, error) {
	return db.One(ctx, q, scanIncident, "SELECT "+incidentColumns+" FROM report_incident AS i WHERE i.id = $1", string(id))
}

func incidentsIn(ctx context.Context, q db.Queryer, sitting exam.SittingID) ([]Incident, error) {
	return db.All(ctx, q, scanIncident, "SELECT "+incidentColumns+` FROM report_incident AS i WHERE i.sitting = $1
		ORDER BY CASE WHEN i.open THEN 0 ELSE 1 END, CASE i.severity WHEN 'severe' THEN 0 WHEN 'major' THEN 1 ELSE 2 END, i.entered_at, i.id`, string(sitting))
}

// incidentLike gives the incident of the same identity at a site in a sitting.
func incidentLike(ctx context.Context, q db.Queryer, sitting exam.SittingID, site exam.SiteID, identity string) (Incident, error) {
	return db.One(ctx, q, scanIncident, "SELECT "+incidentColumns+" FROM report_incident AS i WHERE i.sitting = $1 AND i.site = $2 AND i.identity = $3",
		string(sitting), string(site), identity)
}

func insertIncident(ctx context.Context, tx *db.Tx, i Incident) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO report_incident (id, exam, sitting, site, category, severity, happened, what, action, open, identity, report, entered_by,
		entered_name, entered_at, settled_name, settled_at, settled_note, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', 0, '', 1)`,
		string(i.ID), string(i.Exam), string(i.Sitting), string(i.Site), i.Category, i.Severity, i.Happened, i.What, i.Action, i.Open, i.identity(), string(i.Report),
		i.EnteredBy, i.EnteredName, tx.Now())
	return err
}

func settleIncident(ctx context.Context, tx *db.Tx, id IncidentID, version int, name, action, note string) error {
	return db.Exec1(ctx, tx, `UPDATE report_incident SET open = false, settled_name = $3, settled_at = $4, settled_note = $5, action = CASE WHEN $6 = '' THEN action ELSE $6 END,
		version = version + 1 WHERE id = $1 AND version = $2 AND open`, string(id), version, name, tx.Now(), note, action)
}

func tellIncident(ctx context.Context, tx *db.Tx, report ReportID, incident IncidentID) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO report_told (report, incident) VALUES ($1, $2) ON CONFLICT (report, incident) DO NOTHING", string(report), string(incident))
	return err
}

func countSevere(ctx context.Context, q db.Queryer, site exam.SiteID, sitting exam.SittingID) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM report_incident WHERE sitting = $1 AND site = $2 AND open AND severity = 'severe'", string(sitting), string(site)).Scan(&n)
	return n, err
}

// Signs of life and calls.

func saveLife(ctx context.Context, tx *db.Tx, slot Slot, l Life) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO report_life (sitting, site, part, sign, at, name) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (sitting, site, part) DO UPDATE SET sign = excluded.sign, at = excluded.at, name = excluded.name
		WHERE excluded.sign <> 'opened' OR report_life.sign = 'opened'`,
		string(slot.Sitting), string(slot.Site), int(slot.Part), string(l.Sign), tx.Now(), l.Name)
	return err
}

// lifeOf gives the last sign of life of a slot; nil when there was none.
func lifeOf(ctx context.Context, q db.Queryer, slot Slot) (*Life, error) {
	l, err := db.One(ctx, q, func(s db.Scanner) (l Life, err error) { return l, s.Scan(&l.Sign, &l.At, &l.Name) },
		"SELECT sign, at, name FROM report_life WHERE sitting = $1 AND site = $2 AND part = $3", string(slot.Sitting), string(slot.Site), int(slot.Part))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &l, err
}

func livesIn(ctx context.Context, q db.Queryer, sitting exam.SittingID) (map[Slot]Life, error) {
	all := map[Slot]Life{}
	_, err := db.All(ctx, q, func(s db.Scanner) (l Life, err error) {
		slot := Slot{Sitting: sitting}
		err = s.Scan(&slot.Site, &slot.Part, &l.Sign, &l.At, &l.Name)
		all[slot] = l
		return l, err
	}, "SELECT site, part, sign, at, name FROM report_life WHERE sitting = $1", string(sitting))
	return all, err
}

func scanCall(s db.Scanner) (c Call, err error) {
	return c, s.Scan(&c.ID, &c.Sitting, &c.Site, &c.Part, &c.Person, &c.Name, &c.BeganAt, &c.EndedAt, &c.Outcome)
}

const callColumns = "id, sitting, site, part, person, name, began_at, ended_at, outcome"

func callsIn(ctx context.Context, q db.Queryer, sitting exam.SittingID) (map[Slot][]Call, error) {
	all := map[Slot][]Call{}
	calls, err := db.All(ctx, q, scanCall, "SELECT "+callColumns+" FROM report_call WHERE sitting = $1 ORDER BY began_at, id", string(sitting))
	for _, c := range calls {
		all[c.Slot] = append(all[c.Slot], c)
	}
	return all, err
}

func runningCall(ctx context.Context, q db.Queryer, slot Slot) (Call, error) {
	return db.One(ctx, q, scanCall, "SELECT "+callColumns+" FROM report_call WHERE sitting = $1 AND site = $2 AND part = $3 AND ended_at = 0",
		string(slot.Sitting), string(slot.Site), int(slot.Part))
}

func insertCall(ctx context.Context, tx *db.Tx, c Call) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO report_call ("+callColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')",
		string(c.ID), string(c.Sitting), string(c.Site), int(c.Part), c.Person, c.Name, tx.Now())
	return err
}

func endCall(ctx context.Context, tx *db.Tx, id CallID, outcome string) error {
	return db.Exec1(ctx, tx, "UPDATE report_call SET ended_at = $2, outcome = $3 WHERE id = $1 AND ended_at = 0", string(id), tx.Now(), outcome)
}

// Provincial versions.

const provinceColumns = `p.id, p.state, p.version, p.exam, p.round, p.sitting, p.part, p.number, p.figures, p.missing, p.compiled_by, p.compiled_name, p.compiled_at,
	p.approved_by, p.approved_name, p.approved_at, p.sent_at, p.sent_to, p.received_at, p.published_at, COALESCE(p.replaces, ''), COALESCE(p.replaced_by, ''), p.note`

func scanProvince(s db.Scanner) (p Province, err error) {
	var figures string
	var missing int
	err = s.Scan(&p.ID, &p.State, &p.Version, &p.Exam, &p.Round, &p.Sitting, &p.Part, &p.Number, &figures, &missing, &p.CompiledBy, &p.CompiledName, &p.CompiledAt,
		&p.ApprovedBy, &p.ApprovedName, &p.ApprovedAt, &p.SentAt, &p.SentTo, &p.ReceivedAt, &p.PublishedAt, &p.Replaces, &p.ReplacedBy, &p.Note)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(figures), &p.Figures)
}

func readProvince(ctx context.Context, q db.Queryer, id ProvinceID) (Province, error) {
	return db.One(ctx, q, scanProvince, "SELECT "+provinceColumns+" FROM report_province AS p WHERE p.id = $1", string(id))
}

// provincesOf gives the versions of a sitting's figures, oldest first.
func provincesOf(ctx context.Context, q db.Queryer, sitting exam.SittingID, part rules.Part) ([]Province, error) {
	return db.All(ctx, q, scanProvince, "SELECT "+provinceColumns+" FROM report_province AS p WHERE p.sitting = $1 AND p.part = $2 ORDER BY p.number",
		string(sitting), int(part))
}

func insertProvince(ctx context.Context, tx *db.Tx, p Province) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO report_province (id, state, version, exam, round, sitting, part, number, figures, missing, compiled_by, compiled_name, compiled_at,
		approved_by, approved_name, approved_at, sent_at, sent_to, received_at, published_at, replaces, replaced_by, note)
		VALUES ($1, 'open', 1, $2, $3, $4, $5, $6, '{}', 0, $7, $8, $9, '', '', 0, 0, '', 0, 0, $10, NULL, '')`,
		string(p.ID), string(p.Exam), string(p.Round), string(p.Sitting), int(p.Part), p.Number, p.CompiledBy, p.CompiledName, tx.Now(), nullable(p.Replaces))
	return err
}

// freeze writes the sums into a version, with the reports they are the sums of.
func freeze(ctx context.Context, tx *db.Tx, p Province, reports []ReportID) error {
	err := db.Exec1(ctx, tx, "UPDATE report_province SET figures = $2, missing = $3, compiled_by = $4, compiled_name = $5, compiled_at = $6, note = $7 WHERE id = $1 AND state = 'open'",
		string(p.ID), asJSON(p.Figures), len(p.Figures.Missing), p.CompiledBy, p.CompiledName, tx.Now(), p.Note)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM report_province_item WHERE province = $1", string(p.ID)); err != nil {
		return err
	}
	const at = 400 // a statement holds so many rows on both engines
	for len(reports) > 0 {
		n := min(at, len(reports))
		var all rows
		for _, id := range reports[:n] {
			all.add(string(p.ID), string(id))
		}
		if err := all.insert(ctx, tx, "INSERT INTO report_province_item (province, report) VALUES "); err != nil {
			return err
		}
		reports = reports[n:]
	}
	return nil
}

// hands tells whether a person typed or accepted one of the site reports of a version.
func hands(ctx context.Context, q db.Queryer, id ProvinceID, person string) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM report_province_item AS i JOIN report_site AS r ON r.id = i.report
		WHERE i.province = $1 AND (r.entered_by = $2 OR r.accepted_by = $2)`, string(id), person).Scan(&n)
	return n > 0, err
}

// lockReports marks the reports of an approved version: from now on they change by new versions alone.
func lockReports(ctx context.Context, tx *db.Tx, id ProvinceID) error {
	_, err := tx.ExecContext(ctx, "UPDATE report_site SET locked = $1 WHERE id IN (SELECT report FROM report_province_item WHERE province = $1)", string(id))
	return err
}

// sums gives everything a sitting's figures are made of by one statement: what it finds holds at one
// instant, also while reports are accepted.
func sums(ctx context.Context, q db.Queryer, sitting exam.SittingID, part rules.Part) ([]sum, error) {
	const accepted = "FROM report_site AS r %s WHERE r.sitting = $1 AND r.part = $2 AND r.state = 'accepted'"
	query := `SELECT 'line' AS kind, l.line AS a, '' AS b, COUNT(*) AS n, SUM(l.registered), SUM(l.present), SUM(l.absent), SUM(l.rooms), COUNT(l.sheets), SUM(COALESCE(l.sheets, 0)),
			SUM(COALESCE(l.reprimanded, 0)), SUM(COALESCE(l.warned, 0)), SUM(COALESCE(l.suspended, 0)), COUNT(l.suspended) ` + fmt.Sprintf(accepted, "JOIN report_line AS l ON l.report = r.id") + ` GROUP BY l.line
		UNION ALL SELECT 'why', w.line, w.reason, SUM(w.n), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 ` + fmt.Sprintf(accepted, "JOIN report_absence AS w ON w.report = r.id") + ` GROUP BY w.line, w.reason
		UNION ALL SELECT 'staff', v.kind, '', SUM(v.n), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 ` + fmt.Sprintf(accepted, "JOIN report_staff AS v ON v.report = r.id") + ` GROUP BY v.kind
		UNION ALL SELECT 'site', r.site, r.id, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 ` + fmt.Sprintf(accepted, "") + `
		UNION ALL SELECT 'not_held', r.site, r.not_held, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 ` + fmt.Sprintf(accepted, "") + ` AND r.not_held <> ''
		UNION ALL SELECT 'incident', i.category, i.severity, COUNT(*), SUM(CASE WHEN i.open THEN 1 ELSE 0 END), 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM report_incident AS i
			WHERE i.sitting = $1 AND (i.report = '' OR EXISTS (SELECT 1 FROM report_told AS t JOIN report_site AS r ON r.id = t.report
				WHERE t.incident = i.id AND r.sitting = $1 AND r.part <= $2 AND r.state = 'accepted'))
			GROUP BY i.category, i.severity`
	return db.All(ctx, q, func(s db.Scanner) (v sum, err error) {
		return v, s.Scan(&v.kind, &v.a, &v.b, &v.n, &v.registered, &v.present, &v.absent, &v.rooms, &v.sheetSites, &v.sheets, &v.reprimanded, &v.warned, &v.suspended, &v.judged)
	}, query, string(sitting), int(part))
}

// A sum is one row of [sums].
type sum struct {
	kind, a, b                         string
	n                                  int64
	registered, present, absent, rooms int64
	sheetSites, sheets                 int64
	reprimanded, warned, suspended     int64
	judged                             int64
}

// firedIn gives the timers that fired for a sitting.
func firedIn(ctx context.Context, q db.Queryer, sitting exam.SittingID) (map[Timer]bool, error) {
	fired := map[Timer]bool{}
	_, err := db.All(ctx, q, func(s db.Scanner) (t Timer, err error) {
		t.Sitting = sitting
		err = s.Scan(&t.Part, &t.Kind, &t.DueAt)
		fired[t] = true
		return t, err
	}, "SELECT part, kind, due_at FROM report_timer WHERE sitting = $1", string(sitting))
	return fired, err
}

// fire notes that a timer fired; false when it had before.
func fire(ctx context.Context, tx *db.Tx, t Timer) (bool, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO report_timer (sitting, part, kind, due_at, fired_at, silent) VALUES ($1, $2, $3, $4, $5, 0)
		ON CONFLICT (sitting, part, kind, due_at) DO NOTHING`, string(t.Sitting), int(t.Part), string(t.Kind), t.DueAt, tx.Now())
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func setSilent(ctx context.Context, tx *db.Tx, t Timer, silent int) error {
	return db.Exec1(ctx, tx, "UPDATE report_timer SET silent = $5 WHERE sitting = $1 AND part = $2 AND kind = $3 AND due_at = $4",
		string(t.Sitting), int(t.Part), string(t.Kind), t.DueAt, silent)
}

// heardIn gives the sites that sent something for a part of a sitting that was not returned.
func heardIn(ctx context.Context, q db.Queryer, sitting exam.SittingID, part rules.Part) (map[exam.SiteID]bool, error) {
	heard := map[exam.SiteID]bool{}
	_, err := db.All(ctx, q, func(s db.Scanner) (id exam.SiteID, err error) {
		err = s.Scan(&id)
		heard[id] = true
		return id, err
	}, "SELECT DISTINCT site FROM report_site WHERE sitting = $1 AND part = $2 AND state IN ('submitted', 'confirmed', 'accepted', 'disputed')", string(sitting), int(part))
	return heard, err
}
