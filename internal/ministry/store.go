package ministry

import (
	"context"
	"database/sql"
	"encoding/json"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
)

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types of strings and numbers always marshal
	}
	return string(b)
}

// wrote notes an act on a paper that is no step of its workflow.
func (s *Service) wrote(ctx context.Context, tx *db.Tx, action string, p Paper) error {
	return audit.Write(ctx, tx, audit.Entry{Action: action, Kind: kindPaper, ID: string(p.ID), Label: p.Label()})
}

// Papers.

const paperColumns = `id, state, version, exam, round, sitting, kind, edition, source, content, texts, recipients, title, replaces, document, reference, issued_on,
	correcting, outdated_by, outdated_at, changed, made_by, made_name, made_at, changed_name, changed_at, sent_at, received_at`

func scanPaper(s db.Scanner) (p Paper, err error) {
	var content, texts, recipients, changed string
	var replaces sql.NullString
	err = s.Scan(&p.ID, &p.State, &p.Version, &p.Exam, &p.Round, &p.Sitting, &p.Kind, &p.Edition, &p.Source, &content, &texts, &recipients, &p.Title, &replaces, &p.Document,
		&p.Reference, &p.IssuedOn, &p.Correcting, &p.OutdatedBy, &p.OutdatedAt, &changed, &p.MadeBy, &p.MadeName, &p.MadeAt, &p.ChangedName, &p.ChangedAt, &p.SentAt, &p.ReceivedAt)
	if err != nil {
		return p, err
	}
	p.Replaces = PaperID(replaces.String)
	for from, to := range map[*string]any{&content: &p.Content, &texts: &p.Texts, &recipients: &p.Recipients, &changed: &p.Changed} {
		if err := json.Unmarshal([]byte(*from), to); err != nil {
			return p, err
		}
	}
	return p, nil
}

func readPaper(ctx context.Context, q db.Queryer, id PaperID) (Paper, error) {
	return db.One(ctx, q, scanPaper, "SELECT "+paperColumns+" FROM ministry_paper WHERE id = $1", string(id))
}

// papersAbout gives the papers of one thing, oldest first.
func papersAbout(ctx context.Context, q db.Queryer, a About) ([]Paper, error) {
	return db.All(ctx, q, scanPaper, "SELECT "+paperColumns+" FROM ministry_paper WHERE kind = $1 AND round = $2 AND sitting = $3 ORDER BY made_at, id",
		string(a.Kind), string(a.Round), string(a.Sitting))
}

func papersOf(ctx context.Context, q db.Queryer, e exam.ID) ([]Paper, error) {
	return db.All(ctx, q, scanPaper, "SELECT "+paperColumns+" FROM ministry_paper WHERE exam = $1 ORDER BY made_at DESC, id DESC", string(e))
}

// quoting gives the papers that quote a version of figures.
func quoting(ctx context.Context, q db.Queryer, id reports.ProvinceID) ([]Paper, error) {
	return db.All(ctx, q, scanPaper, "SELECT "+paperColumns+" FROM ministry_paper WHERE id IN (SELECT paper FROM ministry_quote WHERE province = $1) ORDER BY made_at, id", string(id))
}

func insertPaper(ctx context.Context, tx *db.Tx, p Paper) error {
	var replaces any
	if p.Replaces != "" {
		replaces = string(p.Replaces)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO ministry_paper ("+paperColumns+`) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', '', '', '', 0, '[]',
		$14, $15, $16, $17, $18, 0, 0)`,
		string(p.ID), string(p.State), string(p.Exam), string(p.Round), string(p.Sitting), string(p.Kind), p.Edition, p.Source, asJSON(p.Content), asJSON(p.Texts), asJSON(p.Recipients), p.Title,
		replaces, p.MadeBy, p.MadeName, p.MadeAt, p.ChangedName, p.ChangedAt)
	if err != nil {
		return err
	}
	return quote(ctx, tx, p)
}

// updateDraft writes a draft when nobody saved since its version.
func updateDraft(ctx context.Context, tx *db.Tx, p Paper) error {
	err := db.Exec1(ctx, tx, `UPDATE ministry_paper SET version = version + 1, edition = $3, source = $4, content = $5, texts = $6, recipients = $7, title = $8,
		outdated_by = '', outdated_at = 0, changed = '[]', correcting = '', changed_name = $9, changed_at = $10 WHERE id = $1 AND version = $2 AND state = 'draft'`,
		string(p.ID), p.Version, p.Edition, p.Source, asJSON(p.Content), asJSON(p.Texts), asJSON(p.Recipients), p.Title, p.ChangedName, p.ChangedAt)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM ministry_quote WHERE paper = $1", string(p.ID)); err != nil {
		return err
	}
	return quote(ctx, tx, p)
}

func quote(ctx context.Context, tx *db.Tx, p Paper) error {
	for _, id := range p.Content.Versions() {
		if _, err := tx.ExecContext(ctx, "INSERT INTO ministry_quote (paper, province) VALUES ($1, $2)", string(p.ID), string(id)); err != nil {
			return err
		}
	}
	return nil
}

func setDocument(ctx context.Context, tx *db.Tx, id PaperID, document documents.DocID) error {
	return db.Exec1(ctx, tx, "UPDATE ministry_paper SET document = $2 WHERE id = $1", string(id), string(document))
}

func setReference(ctx context.Context, tx *db.Tx, id PaperID, reference, day string) error {
	return db.Exec1(ctx, tx, "UPDATE ministry_paper SET reference = $2, issued_on = $3 WHERE id = $1", string(id), reference, day)
}

// Files.

// A File is one file of an issued paper.
type File struct {
	Format Format
	Hash   string // SHA-256
	Size   int64
	Name   string
	Pages  int // of the signed file
}

func scanFile(s db.Scanner) (f File, err error) {
	return f, s.Scan(&f.Format, &f.Hash, &f.Size, &f.Name, &f.Pages)
}

func filesOf(ctx context.Context, q db.Queryer, id PaperID) ([]File, error) {
	return db.All(ctx, q, scanFile, "SELECT kind, hash, size, name, pages FROM ministry_file WHERE paper = $1 ORDER BY kind DESC", string(id))
}

func insertFile(ctx context.Context, tx *db.Tx, id PaperID, f File) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ministry_file (paper, kind, hash, size, name, pages) VALUES ($1, $2, $3, $4, $5, $6)",
		string(id), string(f.Format), f.Hash, f.Size, f.Name, f.Pages)
	return err
}

// Uses gives every stored file that papers refer to; backup and proof compare it with what is stored.
func Uses(ctx context.Context, q db.Queryer) ([]blob.Use, error) {
	return db.All(ctx, q, func(s db.Scanner) (u blob.Use, err error) {
		var reference, title string
		err = s.Scan(&u.Hash, &u.Name, &reference, &title)
		u.Owner = reference + " " + title
		return u, err
	}, "SELECT f.hash, f.name, p.reference, p.title FROM ministry_file AS f JOIN ministry_paper AS p ON p.id = f.paper ORDER BY p.made_at, p.id, f.kind")
}

// HasFile tells whether a paper has a stored file.
func (s *Service) HasFile(ctx context.Context, hash string) (bool, error) {
	var n int
	err := s.DB.Read().QueryRowContext(ctx, "SELECT COUNT(*) FROM ministry_file WHERE hash = $1", hash).Scan(&n)
	return n > 0, err
}

// Wording and recipients.

func wordings(ctx context.Context, q db.Queryer, k Kind) ([]Wording, error) {
	return db.All(ctx, q, func(s db.Scanner) (w Wording, err error) {
		return w, s.Scan(&w.Kind, &w.Edition, &w.Source, &w.Note, &w.Person, &w.Name, &w.At)
	}, "SELECT kind, edition, source, note, person, name, at FROM ministry_template WHERE kind = $1 ORDER BY edition DESC", string(k))
}

func insertWording(ctx context.Context, tx *db.Tx, w Wording) error {
	actor := access.From(ctx)
	_, err := tx.ExecContext(ctx, "INSERT INTO ministry_template (kind, edition, source, note, person, name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		string(w.Kind), w.Edition, w.Source, w.Note, actor.Person, actor.Name, tx.Now())
	return err
}

const recipientColumns = "id, exam, name, role, email, way, principal, active, position, version"

func recipientsOf(ctx context.Context, q db.Queryer, e exam.ID) ([]Recipient, error) {
	return db.All(ctx, q, func(s db.Scanner) (r Recipient, err error) {
		return r, s.Scan(&r.ID, &r.Exam, &r.Name, &r.Role, &r.Email, &r.Way, &r.Principal, &r.Active, &r.Position, &r.Version)
	}, "SELECT "+recipientColumns+" FROM ministry_recipient WHERE exam = $1 ORDER BY CASE WHEN active THEN 0 ELSE 1 END, position, id", string(e))
}

func insertRecipient(ctx context.Context, tx *db.Tx, r Recipient) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ministry_recipient ("+recipientColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
		string(r.ID), string(r.Exam), r.Name, r.Role, r.Email, r.Way, r.Principal, r.Active, r.Position)
	return err
}

func updateRecipient(ctx context.Context, tx *db.Tx, r Recipient) error {
	return db.Exec1(ctx, tx, "UPDATE ministry_recipient SET name = $4, role = $5, email = $6, way = $7, principal = $8, active = $9, position = $10, version = version + 1 WHERE id = $1 AND exam = $2 AND version = $3",
		string(r.ID), string(r.Exam), r.Version, r.Name, r.Role, r.Email, r.Way, r.Principal, r.Active, r.Position)
}

// Deliveries.

const deliveryColumns = `id, version, paper, recipient, name, role, principal, position, email, state, way, message_id, attempts, first_at, tried_at, next_at, said, sent_at, sent_by,
	received_at, received_by, received_how`

func scanDelivery(s db.Scanner) (d Delivery, err error) {
	return d, s.Scan(&d.ID, &d.Version, &d.Paper, &d.Recipient, &d.Name, &d.Role, &d.Principal, &d.Position, &d.Email, &d.State, &d.Way, &d.MessageID, &d.Attempts, &d.FirstAt, &d.TriedAt, &d.NextAt, &d.Said,
		&d.SentAt, &d.SentBy, &d.ReceivedAt, &d.ReceivedBy, &d.ReceivedHow)
}

func readDelivery(ctx context.Context, q db.Queryer, id DeliveryID) (Delivery, error) {
	return db.One(ctx, q, scanDelivery, "SELECT "+deliveryColumns+" FROM ministry_delivery WHERE id = $1", string(id))
}

func deliveriesOf(ctx context.Context, q db.Queryer, id PaperID) ([]Delivery, error) {
	return db.All(ctx, q, scanDelivery, "SELECT "+deliveryColumns+" FROM ministry_delivery WHERE paper = $1 ORDER BY position, id", string(id))
}

// deliveriesIn gives the deliveries of all papers of an exam.
func deliveriesIn(ctx context.Context, q db.Queryer, e exam.ID) ([]Delivery, error) {
	return db.All(ctx, q, scanDelivery, "SELECT "+deliveryColumns+" FROM ministry_delivery WHERE paper IN (SELECT id FROM ministry_paper WHERE exam = $1) ORDER BY id", string(e))
}

func insertDelivery(ctx context.Context, tx *db.Tx, d Delivery) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ministry_delivery ("+deliveryColumns+`) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, '', 0, '', 0, '', '')`,
		string(d.ID), string(d.Paper), string(d.Recipient), d.Name, d.Role, d.Principal, d.Position, d.Email, string(d.State), d.Way, d.MessageID)
	return err
}

// updateDelivery writes a delivery when nobody wrote since its version.
func updateDelivery(ctx context.Context, tx *db.Tx, d Delivery) error {
	return db.Exec1(ctx, tx, `UPDATE ministry_delivery SET version = version + 1, email = $3, state = $4, way = $5, attempts = $6, first_at = $7, tried_at = $8, next_at = $9, said = $10,
		sent_at = $11, sent_by = $12, received_at = $13, received_by = $14, received_how = $15 WHERE id = $1 AND version = $2`,
		string(d.ID), d.Version, d.Email, string(d.State), d.Way, d.Attempts, d.FirstAt, d.TriedAt, d.NextAt, d.Said, d.SentAt, d.SentBy, d.ReceivedAt, d.ReceivedBy, d.ReceivedHow)
}

// Errata.

func scanErratum(s db.Scanner) (e Erratum, err error) {
	return e, s.Scan(&e.Delivery, &e.Paper, &e.Name, &e.Recipient, &e.OpenedAt, &e.SettledAt, &e.SettledBy, &e.Note)
}

const erratumFrom = " FROM ministry_erratum AS e JOIN ministry_delivery AS d ON d.id = e.delivery"
const erratumColumns = "e.delivery, e.paper, d.name, d.recipient, e.opened_at, e.settled_at, e.settled_by, e.note"

func errataOf(ctx context.Context, q db.Queryer, id PaperID) ([]Erratum, error) {
	return db.All(ctx, q, scanErratum, "SELECT "+erratumColumns+erratumFrom+" WHERE e.paper = $1 ORDER BY e.delivery", string(id))
}

func readErratum(ctx context.Context, q db.Queryer, id DeliveryID) (Erratum, error) {
	return db.One(ctx, q, scanErratum, "SELECT "+erratumColumns+erratumFrom+" WHERE e.delivery = $1", string(id))
}

func openErrata(ctx context.Context, q db.Queryer, e exam.ID) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM ministry_erratum WHERE settled_at = 0 AND paper IN (SELECT id FROM ministry_paper WHERE exam = $1)", string(e)).Scan(&n)
	return n, err
}

// Requests.

const requestColumns = `id, state, version, exam, received_at, way, asked_by, subject, body, due_at, entered_by, entered_name, entered_at, assigned, instruction, advice, advised_name, advised_at,
	answer, answered_way, answered_name, answered_at`

func scanRequest(s db.Scanner) (r Request, err error) {
	return r, s.Scan(&r.ID, &r.State, &r.Version, &r.Exam, &r.ReceivedAt, &r.Way, &r.AskedBy, &r.Subject, &r.Body, &r.DueAt, &r.EnteredBy, &r.EnteredName, &r.EnteredAt, &r.Assigned, &r.Instruction,
		&r.Advice, &r.AdvisedName, &r.AdvisedAt, &r.Answer, &r.AnsweredWay, &r.AnsweredName, &r.AnsweredAt)
}

func readRequest(ctx context.Context, q db.Queryer, id RequestID) (Request, error) {
	return db.One(ctx, q, scanRequest, "SELECT "+requestColumns+" FROM ministry_request WHERE id = $1", string(id))
}

func requestsOf(ctx context.Context, q db.Queryer, e exam.ID) ([]Request, error) {
	return db.All(ctx, q, scanRequest, "SELECT "+requestColumns+" FROM ministry_request WHERE exam = $1 ORDER BY CASE WHEN state IN ('answered', 'closed') THEN 1 ELSE 0 END, received_at DESC, id DESC", string(e))
}

func insertRequest(ctx context.Context, tx *db.Tx, r Request) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ministry_request ("+requestColumns+") VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', '', '', 0, '', '', '', 0)",
		string(r.ID), string(r.State), string(r.Exam), r.ReceivedAt, r.Way, r.AskedBy, r.Subject, r.Body, r.DueAt, r.EnteredBy, r.EnteredName, r.EnteredAt)
	return err
}

// updateRequest writes what a step says; the step itself holds the version.
func updateRequest(ctx context.Context, tx *db.Tx, r Request) error {
	return db.Exec1(ctx, tx, `UPDATE ministry_request SET assigned = $2, instruction = $3, advice = $4, advised_name = $5, advised_at = $6, answer = $7, answered_way = $8, answered_name = $9, answered_at = $10
		WHERE id = $1`, string(r.ID), string(r.Assigned), r.Instruction, r.Advice, r.AdvisedName, r.AdvisedAt, r.Answer, r.AnsweredWay, r.AnsweredName, r.AnsweredAt)
}
