package documents

import (
	"context"
	"encoding/json"
	"strings"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
)

// Uses gives every stored file that the registry refers to: files of documents, also those that an
// edition replaced, the pictures of their first pages, and what imports that wait have brought. Backup
// and proof compare it with what is stored.
func Uses(ctx context.Context, q db.Queryer) ([]blob.Use, error) {
	files, err := db.All(ctx, q, func(s db.Scanner) ([]blob.Use, error) {
		var hash, preview, name, number, subject string
		if err := s.Scan(&hash, &preview, &name, &number, &subject); err != nil {
			return nil, err
		}
		owner := strings.TrimSpace(number + " " + subject)
		return used(blob.Use{Hash: hash, Owner: owner, Name: name}, blob.Use{Hash: preview, Owner: owner, Name: name + " (first page)"}), nil
	}, "SELECT f.hash, f.preview, f.name, d.number, d.subject FROM document_file AS f JOIN document AS d ON d.id = f.document ORDER BY d.number_sort, f.added_at, f.id")
	if err != nil {
		return nil, err
	}
	imports, err := db.All(ctx, q, func(s db.Scanner) ([]blob.Use, error) {
		var name, content string
		if err := s.Scan(&name, &content); err != nil {
			return nil, err
		}
		var b brought
		if err := json.Unmarshal([]byte(content), &b); err != nil {
			return nil, err
		}
		owner := "import of " + name
		all := used(blob.Use{Hash: b.Hash, Owner: owner, Name: name})
		for _, f := range b.Files {
			all = append(all, used(blob.Use{Hash: f.Hash, Owner: owner, Name: f.Name})...)
		}
		return all, nil
	}, "SELECT name, brought FROM document_import WHERE state = 'waiting' ORDER BY at, id")
	if err != nil {
		return nil, err
	}
	var uses []blob.Use
	for _, u := range append(files, imports...) {
		uses = append(uses, u...)
	}
	return uses, nil
}

// used leaves out what was never stored or was taken away on purpose: its row has no hash.
func used(all ...blob.Use) (uses []blob.Use) {
	for _, u := range all {
		if u.Hash != "" {
			uses = append(uses, u)
		}
	}
	return uses
}
