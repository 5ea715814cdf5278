package documents

import (
	"context"
	"database/sql"

	"bangvang/internal/base/db"
	"bangvang/internal/base/text"
)

func readCatalog(ctx context.Context, q db.Queryer) (*Catalog, error) {
	c := &Catalog{byName: map[string]IssuerID{}}
	var err error
	c.Issuers, err = db.All(ctx, q, func(s db.Scanner) (i Issuer, err error) {
		return i, s.Scan(&i.ID, &i.Slug, &i.Code, &i.Own, &i.Position, &i.Version)
	}, "SELECT id, slug, code, own, position, version FROM document_issuer ORDER BY position, id")
	if err != nil {
		return nil, err
	}
	if err := c.readNames(ctx, q); err != nil {
		return nil, err
	}
	c.Types, err = db.All(ctx, q, func(s db.Scanner) (t Type, err error) { return t, s.Scan(&t.ID, &t.Code, &t.Name) },
		"SELECT id, code, name FROM document_type ORDER BY position, id")
	if err != nil {
		return nil, err
	}
	c.Fields, err = db.All(ctx, q, func(s db.Scanner) (f Field, err error) {
		var parent sql.NullString
		err = s.Scan(&f.ID, &parent, &f.Name)
		f.Parent = FieldID(parent.String)
		return f, err
	}, "SELECT id, parent, name FROM document_field ORDER BY position, id")
	return c, err
}

// catalogIn gives the catalog as the transaction sees it. It is read once per transaction, because an
// import asks for it at every row; who writes to the catalog forgets it.
func catalogIn(ctx context.Context, tx *db.Tx) (*Catalog, error) {
	held := heldIn(tx)
	if held.c != nil {
		return held.c, nil
	}
	var err error
	held.c, err = readCatalog(ctx, tx)
	return held.c, err
}

type heldCatalog struct{ c *Catalog }

func heldIn(tx *db.Tx) *heldCatalog {
	return tx.Local("documents.catalog", func() any { return new(heldCatalog) }).(*heldCatalog)
}

// readNames reads names and other spellings; the first issuer by position keeps a shared one.
func (c *Catalog) readNames(ctx context.Context, q db.Queryer) error {
	at := map[IssuerID]int{}
	for i := range c.Issuers {
		at[c.Issuers[i].ID] = i
	}
	type named struct {
		issuer           IssuerID
		from, name, fold string
	}
	scan := func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.issuer, &n.from, &n.name, &n.fold) }
	names, err := db.All(ctx, q, scan, "SELECT issuer, valid_from, name, fold FROM document_issuer_name ORDER BY issuer, valid_from")
	if err != nil {
		return err
	}
	for _, n := range names {
		i := &c.Issuers[at[n.issuer]]
		i.Names = append(i.Names, IssuerName{n.from, n.name})
		c.byName[n.fold] = n.issuer
	}
	aliases, err := db.All(ctx, q, scan, "SELECT issuer, '', alias, fold FROM document_issuer_alias ORDER BY issuer, fold")
	if err != nil {
		return err
	}
	for _, n := range aliases {
		i := &c.Issuers[at[n.issuer]]
		i.Aliases = append(i.Aliases, n.name)
		if _, taken := c.byName[n.fold]; !taken {
			c.byName[n.fold] = n.issuer
		}
	}
	return nil
}

func insertIssuer(ctx context.Context, tx *db.Tx, i Issuer, f IssuerForm) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO document_issuer (id, slug, code, own, position, version) VALUES ($1, $2, $3, $4, $5, 1)",
		string(i.ID), i.Slug, i.Code, i.Own, i.Position)
	if err != nil {
		return err
	}
	return writeNames(ctx, tx, i.ID, f)
}

func updateIssuer(ctx context.Context, tx *db.Tx, id IssuerID, version int, f IssuerForm) error {
	position := f.Position
	if position <= 0 {
		position = 1000
	}
	err := db.Exec1(ctx, tx, "UPDATE document_issuer SET code = $1, own = $2, position = $3, version = version + 1 WHERE id = $4 AND version = $5",
		f.Code, f.Own, position, string(id), version)
	if err != nil {
		return err
	}
	return writeNames(ctx, tx, id, f)
}

func writeNames(ctx context.Context, tx *db.Tx, id IssuerID, f IssuerForm) error {
	heldIn(tx).c = nil
	_, err := tx.ExecContext(ctx, `INSERT INTO document_issuer_name (issuer, valid_from, name, fold, sort) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (issuer, valid_from) DO UPDATE SET name = excluded.name, fold = excluded.fold, sort = excluded.sort`,
		string(id), f.From, f.Name, text.Fold(f.Name), text.SortKey(f.Name))
	if err != nil {
		return err
	}
	for _, alias := range f.Aliases {
		alias = text.CleanInput(alias)
		_, err := tx.ExecContext(ctx, "INSERT INTO document_issuer_alias (fold, issuer, alias) VALUES ($1, $2, $3) ON CONFLICT (fold) DO NOTHING",
			text.Fold(alias), string(id), alias)
		if err != nil {
			return err
		}
	}
	return nil
}
