package documents

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
)

const documentColumns = `d.id, d.kind, d.state, d.version, d.class, d.content, d.handling, d.reading, d.status, d.unit, d.unit_path,
	d.entered_by, d.entered_name, d.entered_at, d.changed_by, d.changed_name, d.changed_at, d.posted_at, d.live, d.dirty,
	d.ending, d.ending_note, d.ending_at, d.ending_target, a.slug`

const documentFrom = " FROM document AS d LEFT JOIN document_address AS a ON a.document = d.id AND a.current"

func scanDocument(s db.Scanner) (d Document, err error) {
	var content, handling, reading, path string
	var target, slug sql.NullString
	err = s.Scan(&d.ID, &d.Kind, &d.State, &d.Version, &d.Class, &content, &handling, &reading, &d.Status, &d.Unit, &path,
		&d.EnteredBy, &d.EnteredName, &d.EnteredAt, &d.ChangedBy, &d.ChangedName, &d.ChangedAt, &d.PostedAt, &d.Live, &d.Dirty,
		&d.Ending, &d.EndingNote, &d.EndingAt, &target, &slug)
	if err != nil {
		return d, err
	}
	d.EndingTarget, d.Slug = DocID(target.String), slug.String
	if path != "" {
		d.path = strings.Split(path, "/")
	}
	if err := json.Unmarshal([]byte(content), &d.Content); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(handling), &d.Handling); err != nil {
		return d, err
	}
	if reading != "" {
		err = json.Unmarshal([]byte(reading), &d.Reading)
	}
	return d, err
}

func readDocument(ctx context.Context, q db.Queryer, id DocID) (Document, error) {
	return db.One(ctx, q, scanDocument, "SELECT "+documentColumns+documentFrom+" WHERE d.id = $1", string(id))
}

// findTwin gives the document that has a content's number.
func findTwin(ctx context.Context, q db.Queryer, c Content) (DocID, error) {
	return db.One(ctx, q, scanID, "SELECT id FROM document WHERE issuer = $1 AND number_key = $2 AND year = $3",
		string(c.Issuer), c.Number.Key(), c.Year)
}

func scanID(s db.Scanner) (id DocID, err error) { return id, s.Scan(&id) }

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types of strings and numbers always marshal
	}
	return string(b)
}

func readingJSON(doc richtext.Doc) string {
	if doc.Empty() {
		return ""
	}
	return asJSON(doc)
}

// searchFold is what the office's search looks through.
func (d Document) searchFold() string {
	c := d.Content
	return text.Fold(strings.Join([]string{c.Number.String(), strings.Join(c.Number.Keywords(), " "), c.Subject, c.Description, c.Signer.Name, d.Handling.FileCode}, " "))
}

func nullable[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func insertDocument(ctx context.Context, tx *db.Tx, d Document) error {
	c := d.Content
	_, err := tx.ExecContext(ctx, `INSERT INTO document (id, kind, state, version, class, number, number_key, number_sort, year, issuer, type, field,
		issued_on, effective_on, expires_on, subject, content, handling, reading, fold, unit, unit_path,
		entered_by, entered_name, entered_at, changed_by, changed_name, changed_at, posted_at, live, dirty,
		ending, ending_note, ending_at, ending_target, status)
		VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', $18, $19, $20,
		$21, $22, $23, $21, $22, $23, 0, 0, $24, '', '', 0, NULL, $25)`,
		string(d.ID), string(d.Kind), string(d.State), string(d.Class), c.Number.String(), c.Number.Key(), c.Number.SortKey(), c.Year, string(c.Issuer),
		string(c.Type), nullable(c.Field), c.IssuedOn, c.EffectiveOn, c.ExpiresOn, c.Subject, asJSON(c), asJSON(d.Handling), d.searchFold(), d.Unit,
		strings.Join(d.path, "/"), d.EnteredBy, d.EnteredName, d.EnteredAt, false, string(statusOf(d, nil, dayOf(tx))))
	return err
}

// updateDocument writes the working copy when nobody saved since its version.
func updateDocument(ctx context.Context, tx *db.Tx, d Document) error {
	c := d.Content
	return db.Exec1(ctx, tx, `UPDATE document SET version = version + 1, class = $3, number = $4, number_key = $5, number_sort = $6, year = $7, issuer = $8,
		type = $9, field = $10, issued_on = $11, effective_on = $12, expires_on = $13, subject = $14, content = $15, handling = $16, reading = $17, fold = $18,
		changed_by = $19, changed_name = $20, changed_at = $21, dirty = $22 WHERE id = $1 AND version = $2`,
		string(d.ID), d.Version, string(d.Class), c.Number.String(), c.Number.Key(), c.Number.SortKey(), c.Year, string(c.Issuer),
		string(c.Type), nullable(c.Field), c.IssuedOn, c.EffectiveOn, c.ExpiresOn, c.Subject, asJSON(c), asJSON(d.Handling), readingJSON(d.Reading), d.searchFold(),
		d.ChangedBy, d.ChangedName, d.ChangedAt, d.Dirty)
}

func setClass(ctx context.Context, tx *db.Tx, id DocID, class Class) error {
	return db.Exec1(ctx, tx, "UPDATE document SET class = $2 WHERE id = $1", string(id), string(class))
}

func setLive(ctx context.Context, tx *db.Tx, d Document) error {
	return db.Exec1(ctx, tx, "UPDATE document SET live = $2, dirty = $3, posted_at = $4 WHERE id = $1", string(d.ID), d.Live, d.Dirty, d.PostedAt)
}

func setEnding(ctx context.Context, tx *db.Tx, d Document) error {
	return db.Exec1(ctx, tx, "UPDATE document SET ending = $2, ending_note = $3, ending_at = $4, ending_target = $5 WHERE id = $1",
		string(d.ID), string(d.Ending), d.EndingNote, d.EndingAt, nullable(d.EndingTarget))
}

func setStatus(ctx context.Context, tx *db.Tx, id DocID, status Status) error {
	if err := db.Exec1(ctx, tx, "UPDATE document SET status = $2 WHERE id = $1", string(id), string(status)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE document_card SET status = $2 WHERE document = $1", string(id), string(status))
	return err
}

// Hands: who worked on what is not published yet.

func touchHand(ctx context.Context, tx *db.Tx, id DocID) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO document_hand (document, person) VALUES ($1, $2) ON CONFLICT (document, person) DO NOTHING",
		string(id), access.From(ctx).Person)
	return err
}

func hasHand(ctx context.Context, q db.Queryer, id DocID, person string) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM document_hand WHERE document = $1 AND person = $2", string(id), person).Scan(&n)
	return n > 0, err
}

func forgetHands(ctx context.Context, tx *db.Tx, id DocID) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM document_hand WHERE document = $1", string(id))
	return err
}

// Relations.

func scanRelation(s db.Scanner) (r RelationRow, err error) {
	return r, s.Scan(&r.Document, &r.Kind, &r.Target, &r.Note, &r.Working, &r.Shown)
}

func relationsFrom(ctx context.Context, q db.Queryer, id DocID) ([]RelationRow, error) {
	return db.All(ctx, q, scanRelation, "SELECT document, kind, target, note, working, shown FROM document_relation WHERE document = $1 ORDER BY kind, target", string(id))
}

func relationsTo(ctx context.Context, q db.Queryer, id DocID) ([]RelationRow, error) {
	return db.All(ctx, q, scanRelation, "SELECT document, kind, target, note, working, shown FROM document_relation WHERE target = $1 ORDER BY kind, document", string(id))
}

func writeRelation(ctx context.Context, tx *db.Tx, id DocID, r Relation, shown bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO document_relation (document, kind, target, note, working, shown) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (document, kind, target) DO UPDATE SET note = excluded.note, working = excluded.working, shown = document_relation.shown OR excluded.shown`,
		string(id), string(r.Kind), string(r.Target), r.Note, true, shown)
	return err
}

func dropRelation(ctx context.Context, tx *db.Tx, id DocID, kind RelationKind, target DocID) error {
	return db.Exec1(ctx, tx, "UPDATE document_relation SET working = $4 WHERE document = $1 AND kind = $2 AND target = $3", string(id), string(kind), string(target), false)
}

// showRelations makes the working relations those of the live edition.
func showRelations(ctx context.Context, tx *db.Tx, id DocID) error {
	_, err := tx.ExecContext(ctx, "UPDATE document_relation SET shown = working WHERE document = $1", string(id))
	return err
}

// effectsOn gives what newer documents in the public eye do to a document.
func effectsOn(ctx context.Context, q db.Queryer, id DocID) ([]effect, error) {
	return db.All(ctx, q, func(s db.Scanner) (e effect, err error) { return e, s.Scan(&e.kind, &e.from) },
		`SELECT r.kind, CASE WHEN d.effective_on <> '' THEN d.effective_on ELSE d.issued_on END FROM document_relation AS r
		JOIN document AS d ON d.id = r.document JOIN document_card AS c ON c.document = d.id
		WHERE r.target = $1 AND r.shown AND c.status NOT IN ('withdrawn', 'recalled') ORDER BY r.kind, r.document`, string(id))
}

// statusDue gives the documents whose stored status may differ from today's: a day of theirs, or of
// a newer document that changes them, has come.
func statusDue(ctx context.Context, q db.Queryer, today string) ([]DocID, error) {
	return db.All(ctx, q, scanID, `SELECT id FROM document WHERE
		(status = 'not_yet' AND CASE WHEN effective_on <> '' THEN effective_on ELSE issued_on END <= $1)
		OR (status IN ('not_yet', 'in_force', 'amended') AND expires_on <> '' AND expires_on <= $1)
		OR (status IN ('in_force', 'amended', 'not_yet') AND id IN (
			SELECT r.target FROM document_relation AS r JOIN document AS n ON n.id = r.document JOIN document_card AS c ON c.document = n.id
			WHERE r.shown AND r.kind IN ('replaces', 'amends') AND n.effective_on <> '' AND n.effective_on <= $1
			AND NOT (r.kind = 'amends' AND document.status = 'amended')))
		ORDER BY id`, today)
}

// dayOf is the Vietnamese calendar day of a transaction.
func dayOf(tx *db.Tx) string { return clock.Day(clock.FromMillis(tx.Now())) }
