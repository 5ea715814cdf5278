package documents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
)

const (
	// abandonedAfter is when an import that its person neither accepted nor dropped is dropped.
	abandonedAfter = 7 * 24 * time.Hour
	// youngFor spares a file that somebody may have stored again and not yet referred to.
	youngFor = 24 * time.Hour
)

// CollectImports forgets imports that are over and deletes their files from the store: spreadsheets,
// and files that no document and no waiting import has. now is by the machine's clock, as the
// store's ages are. It may run twice.
func (s *Service) CollectImports(ctx context.Context, now time.Time) error {
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE document_import SET state = 'dropped' WHERE state = 'waiting' AND at < $1", tx.Now()-abandonedAfter.Milliseconds())
		return err
	})
	if err != nil {
		return err
	}
	type ended struct{ id, brought string }
	over, err := db.All(ctx, s.DB.Read(), func(r db.Scanner) (e ended, err error) { return e, r.Scan(&e.id, &e.brought) },
		"SELECT id, brought FROM document_import WHERE state <> 'waiting' ORDER BY at, id")
	if err != nil {
		return err
	}
	for _, e := range over {
		var b brought
		if err := json.Unmarshal([]byte(e.brought), &b); err != nil {
			return fmt.Errorf("import %s: %w", e.id, err)
		}
		young, err := s.collect(ctx, b.hashes(), now)
		if err != nil {
			return fmt.Errorf("collect the files of import %s: %w", e.id, err)
		}
		if young {
			continue
		}
		err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "DELETE FROM document_import WHERE id = $1", e.id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// hashes names what the upload put into the store.
func (b brought) hashes() []string {
	all := []string{b.Hash}
	for _, f := range b.Files {
		if f.Hash != "" {
			all = append(all, f.Hash)
		}
	}
	return all
}

// collect deletes those files that nothing refers to; young tells that one must be looked at again.
func (s *Service) collect(ctx context.Context, hashes []string, now time.Time) (young bool, err error) {
	deleted := 0
	for _, hash := range hashes {
		info, err := s.Files.Stat(ctx, hash)
		switch {
		case errors.Is(err, blob.ErrNotFound):
			continue
		case err != nil:
			return young, err
		case now.Sub(info.Stored) < youngFor:
			young = true
			continue
		}
		// Asked last: whoever refers to the file now stored it again a moment ago, and it would be young.
		if used, err := s.referred(ctx, hash); err != nil || used {
			if err != nil {
				return young, err
			}
			continue
		}
		if err := s.Files.Delete(ctx, hash); err != nil {
			return young, err
		}
		deleted++
	}
	if deleted > 0 {
		slog.InfoContext(ctx, "files of ended imports collected", "files", deleted)
	}
	return young, nil
}

// referred tells whether a document, a waiting import or another capability has the file. Editions have no files of their
// own: what they show, document_file keeps.
func (s *Service) referred(ctx context.Context, hash string) (bool, error) {
	var n int
	err := s.DB.Read().QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM document_file WHERE hash = $1) + (SELECT COUNT(*) FROM document_file WHERE preview = $1)
		+ (SELECT COUNT(*) FROM document_import WHERE state = 'waiting' AND brought LIKE $2)`, hash, "%"+hash+"%").Scan(&n)
	if err != nil || n > 0 || s.Others == nil {
		return n > 0, err
	}
	return s.Others(ctx, hash)
}
