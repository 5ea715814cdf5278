// Package audit keeps who did what to what: append-only, written in the transaction of the deed
// itself, chained by hash so that a changed or missing line shows.
//
// Lines copy names and hold no foreign keys; they outlive what they speak of. Never write secrets,
// telephone numbers, identity numbers or scores into a line (style.md §4).
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
)

// An Entry is one line to be written; who, in which role, and when come from the context and the
// transaction.
type Entry struct {
	Action string            // the verb, "document.post"
	Kind   string            // what it was done to, "document"
	ID     string            // that thing's id
	Label  string            // its name as people know it then, "08/CT-UBND"
	Note   string            // the reason given, or ""
	Data   map[string]string // what changed, field → value; small
}

// A Line is one written line.
type Line struct {
	Seq        int64
	At         int64 // milliseconds UTC
	Person     string
	Name       string
	Role       access.Role  // by which role; "" for the program itself, and for what needs no role (one's own password)
	Scope      access.Scope // where that role was held
	Action     string
	Kind       string
	Object     string
	Label      string
	Note       string
	Data       string // JSON object, keys sorted
	Prev, Hash string // SHA-256 in hex; Prev of the first line is ""
}

type pending struct{ lines []Line }

// Write adds a line to the chain when the transaction commits, or never.
func Write(ctx context.Context, tx *db.Tx, e Entry) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	if e.Data == nil {
		data = []byte("{}")
	}
	actor := access.From(ctx)
	first := false
	p := tx.Local("audit", func() any { first = true; return &pending{} }).(*pending)
	p.lines = append(p.lines, Line{At: tx.Now(), Person: actor.Person, Name: actor.Name, Role: actor.By.Role, Scope: actor.By.Scope, Action: e.Action,
		Kind: e.Kind, Object: e.ID, Label: e.Label, Note: e.Note, Data: string(data)})
	if first {
		tx.BeforeCommit(p.append)
	}
	return nil
}

// append links the transaction's lines to the end of the chain. The head row is taken last in the
// transaction (see [db.Tx.BeforeCommit]): all writers meet there.
func (p *pending) append(ctx context.Context, tx *db.Tx) error {
	seq, hash, err := head(ctx, tx, tx.DB().ForUpdate())
	if err != nil {
		return err
	}
	for _, l := range p.lines {
		seq++
		l.Seq, l.Prev = seq, hash
		hash = l.sum()
		_, err := tx.ExecContext(ctx, `INSERT INTO audit (seq, at, person, name, role, scope, action, kind, object, label, note, data, prev, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			l.Seq, l.At, l.Person, l.Name, string(l.Role), l.Scope.String(), l.Action, l.Kind, l.Object, l.Label, l.Note, l.Data, l.Prev, hash)
		if err != nil {
			return fmt.Errorf("write audit line: %w", err)
		}
	}
	return db.Exec1(ctx, tx, "UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1", seq, hash)
}

func head(ctx context.Context, q db.Queryer, lock string) (seq int64, hash string, err error) {
	err = q.QueryRowContext(ctx, "SELECT seq, hash FROM audit_head WHERE id = 1"+lock).Scan(&seq, &hash)
	return seq, hash, err
}

// Length tells how many lines the chain has. Every change adds one, so a length that is the same
// means that nothing changed.
func Length(ctx context.Context, q db.Queryer) (int64, error) {
	seq, _, err := head(ctx, q, "")
	return seq, err
}

// A Tip is the end of the chain at some instant.
type Tip struct {
	Seq  int64
	Hash string
}

// TipOf gives the chain's end as it is now.
func TipOf(ctx context.Context, q db.Queryer) (t Tip, err error) {
	t.Seq, t.Hash, err = head(ctx, q, "")
	return t, err
}

// Holds tells whether the chain still has the line it once ended with: it only grew since.
func (t Tip) Holds(ctx context.Context, q db.Queryer) (bool, error) {
	if t.Seq == 0 {
		return true, nil
	}
	var n int
	err := q.QueryRowContext(ctx, "SELECT count(*) FROM audit WHERE seq = $1 AND hash = $2", t.Seq, t.Hash).Scan(&n)
	return n == 1, err
}

// sum hashes everything the line says and the hash of the line before. A line without a role is
// hashed as lines were before they had one: old chains still verify, and a list of another length
// cannot be mistaken for it.
func (l Line) sum() string {
	says := []any{l.Seq, l.At, l.Person, l.Name, l.Action, l.Kind, l.Object, l.Label, l.Note, l.Data, l.Prev}
	if l.Role != "" || l.Scope != (access.Scope{}) {
		says = append(says, l.Role, l.Scope.String())
	}
	b, err := json.Marshal(says)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// A Query chooses lines. Zero fields choose everything.
type Query struct {
	Kind, Object, Person, Action string
	From, Until                  int64 // milliseconds UTC, Until not included; 0 = open
	Before                       int64 // only lines with a smaller Seq; 0 = from the newest
	Limit                        int   // 0 = 100
}

// List gives lines, newest first.
func List(ctx context.Context, q db.Queryer, w Query) ([]Line, error) {
	if w.Limit <= 0 {
		w.Limit = 100
	}
	return db.All(ctx, q, scan, `SELECT seq, at, person, name, role, scope, action, kind, object, label, note, data, prev, hash FROM audit
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR object = $2) AND ($3 = '' OR person = $3) AND ($4 = '' OR action = $4)
		AND ($5 = CAST(0 AS bigint) OR seq < $5) AND at >= $6 AND ($7 = CAST(0 AS bigint) OR at < $7) ORDER BY seq DESC LIMIT $8`,
		w.Kind, w.Object, w.Person, w.Action, w.Before, w.From, w.Until, w.Limit)
}

func scan(s db.Scanner) (l Line, err error) {
	var scope string
	err = s.Scan(&l.Seq, &l.At, &l.Person, &l.Name, &l.Role, &scope, &l.Action, &l.Kind, &l.Object, &l.Label, &l.Note, &l.Data, &l.Prev, &l.Hash)
	l.Scope = access.ParseScope(scope)
	return l, err
}

// Verify walks the whole chain and returns how many lines it has. The error names the first line
// that was changed, is missing or stands where the chain does not lead.
func Verify(ctx context.Context, q db.Queryer) (lines int64, err error) {
	wantSeq, wantHash, err := head(ctx, q, "")
	if err != nil {
		return 0, err
	}
	prev := ""
	for {
		page, err := db.All(ctx, q, scan, `SELECT seq, at, person, name, role, scope, action, kind, object, label, note, data, prev, hash
			FROM audit WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT 1000`, lines, wantSeq)
		if err != nil {
			return lines, err
		}
		for _, l := range page {
			switch {
			case l.Seq != lines+1:
				return lines, fmt.Errorf("audit line %d is missing (after it comes %d)", lines+1, l.Seq)
			case l.Prev != prev:
				return lines, fmt.Errorf("audit line %d does not follow line %d", l.Seq, lines)
			case l.sum() != l.Hash:
				return lines, fmt.Errorf("audit line %d was changed after it was written", l.Seq)
			}
			lines, prev = l.Seq, l.Hash
		}
		if len(page) == 0 {
			break
		}
	}
	if lines != wantSeq || prev != wantHash {
		return lines, fmt.Errorf("the audit chain ends at line %d; its head says %d", lines, wantSeq)
	}
	return lines, nil
}
