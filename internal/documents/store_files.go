package documents

import (
	"context"
	"database/sql"
	"encoding/json"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

const fileColumns = `SELECT id, document, role, name, slug, hash, size, media, pages, body, reading, preview, preview_size, state, problem, warnings, personal,
	cleared_by, cleared_name, cleared_note, cleared_at, supersedes, dropped, added_by, added_name, added_at FROM document_file`

func scanFile(s db.Scanner) (f File, err error) {
	var warnings, personal, reading string
	var supersedes sql.NullString
	err = s.Scan(&f.ID, &f.Document, &f.Role, &f.Name, &f.Slug, &f.Hash, &f.Size, &f.Media, &f.Pages, &f.Body, &reading, &f.Preview, &f.PreviewSize, &f.State, &f.Problem, &warnings, &personal,
		&f.Clearance.By, &f.Clearance.Name, &f.Clearance.Note, &f.Clearance.At, &supersedes, &f.Dropped, &f.AddedBy, &f.AddedName, &f.AddedAt)
	if err != nil {
		return f, err
	}
	f.Supersedes = FileID(supersedes.String)
	if f.Warnings, err = list(warnings); err != nil {
		return f, err
	}
	if f.Personal, err = list(personal); err != nil || reading == "" {
		return f, err
	}
	return f, json.Unmarshal([]byte(reading), &f.Reading)
}

// list reads a JSON list of sentences; "" is none.
func list(s string) (all []string, err error) {
	if s == "" {
		return nil, nil
	}
	return all, json.Unmarshal([]byte(s), &all)
}

func listJSON(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return asJSON(all)
}

func readFile(ctx context.Context, q db.Queryer, id FileID) (File, error) {
	return db.One(ctx, q, scanFile, fileColumns+" WHERE id = $1", string(id))
}

func readFiles(ctx context.Context, q db.Queryer, id DocID) ([]File, error) {
	return db.All(ctx, q, scanFile, fileColumns+" WHERE document = $1 ORDER BY CASE role WHEN 'original' THEN 0 ELSE 1 END, added_at, id", string(id))
}

func insertFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO document_file (id, document, role, name, slug, hash, size, media, pages, body, reading, preview, preview_size, state, problem, warnings, personal,
		cleared_by, cleared_name, cleared_note, cleared_at, supersedes, dropped, added_by, added_name, added_at)
		VALUES ($1, $2, $3, $4, '', $5, $6, '', 0, '', '', '', 0, 'waiting', '', '', '', '', '', '', 0, $7, $8, $9, $10, $11)`,
		string(f.ID), string(f.Document), string(f.Role), f.Name, f.Hash, f.Size, nullable(f.Supersedes), false, f.AddedBy, f.AddedName, f.AddedAt)
	return err
}

// examined writes what the examination found, once.
func examined(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.ExecContext(ctx, `UPDATE document_file SET name = $2, slug = $3, hash = $4, media = $5, pages = $6, body = $7, preview = $8, state = $9, problem = $10,
		warnings = $11, personal = $12, preview_size = $13, reading = $14 WHERE id = $1 AND state = 'waiting'`,
		string(f.ID), f.Name, f.Slug, f.Hash, f.Media, f.Pages, f.Body, f.Preview, string(f.State), f.Problem, listJSON(f.Warnings), listJSON(f.Personal), f.PreviewSize, readingJSON(f.Reading))
	return err
}

func dropFile(ctx context.Context, tx *db.Tx, id FileID) error {
	return db.Exec1(ctx, tx, "UPDATE document_file SET dropped = $2 WHERE id = $1", string(id), true)
}

func clearFile(ctx context.Context, tx *db.Tx, id FileID, c Clearance) error {
	return db.Exec1(ctx, tx, "UPDATE document_file SET cleared_by = $2, cleared_name = $3, cleared_note = $4, cleared_at = $5 WHERE id = $1",
		string(id), c.By, c.Name, c.Note, c.At)
}

func readPersonal(ctx context.Context, q db.Queryer, id DocID) (found, error) {
	f, err := db.One(ctx, q, func(s db.Scanner) (f found, err error) {
		var sentences string
		c := &f.Clearance
		if err = s.Scan(&sentences, &c.By, &c.Name, &c.Note, &c.At); err != nil {
			return f, err
		}
		f.Found, err = list(sentences)
		return f, err
	}, "SELECT found, cleared_by, cleared_name, cleared_note, cleared_at FROM document_personal WHERE document = $1", string(id))
	if fault.Is(err, fault.NotFound) {
		return found{}, nil
	}
	return f, err
}

func writePersonal(ctx context.Context, tx *db.Tx, id DocID, f found) error {
	c := f.Clearance
	_, err := tx.ExecContext(ctx, `INSERT INTO document_personal (document, found, cleared_by, cleared_name, cleared_note, cleared_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (document) DO UPDATE SET found = excluded.found, cleared_by = excluded.cleared_by, cleared_name = excluded.cleared_name,
		cleared_note = excluded.cleared_note, cleared_at = excluded.cleared_at`,
		string(id), listJSON(f.Found), c.By, c.Name, c.Note, c.At)
	return err
}
