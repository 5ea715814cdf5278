package documents

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// Editions.

func insertEdition(ctx context.Context, tx *db.Tx, id DocID, e Edition) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO document_edition (document, number, change, note, content, published_by, published_name, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(id), e.Number, string(e.Change), e.Note, asJSON(e.Shown), e.By, e.Name, e.At)
	return err
}

const editionColumns = "SELECT number, change, note, content, published_by, published_name, published_at FROM document_edition"

func scanEdition(s db.Scanner) (e Edition, err error) {
	var content string
	if err = s.Scan(&e.Number, &e.Change, &e.Note, &content, &e.By, &e.Name, &e.At); err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(content), &e.Shown)
}

func readEdition(ctx context.Context, q db.Queryer, id DocID, number int) (Edition, error) {
	return db.One(ctx, q, scanEdition, editionColumns+" WHERE document = $1 AND number = $2", string(id), number)
}

func readEditions(ctx context.Context, q db.Queryer, id DocID) ([]Edition, error) {
	return db.All(ctx, q, scanEdition, editionColumns+" WHERE document = $1 ORDER BY number DESC", string(id))
}

// Addresses.

// addressHolder gives the document an address leads to; "" when it is free.
func addressHolder(ctx context.Context, q db.Queryer, slug string) (DocID, error) {
	id, err := db.One(ctx, q, scanID, "SELECT document FROM document_address WHERE slug = $1", slug)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return id, err
}

func setAddress(ctx context.Context, tx *db.Tx, id DocID, slug string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE document_address SET current = $2 WHERE document = $1 AND slug <> $3", string(id), false, slug); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO document_address (slug, document, current, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (slug) DO UPDATE SET current = excluded.current`, slug, string(id), true, tx.Now())
	return err
}

// oldAddresses gives the addresses a document had before.
func oldAddresses(ctx context.Context, q db.Queryer, id DocID) ([]string, error) {
	return db.All(ctx, q, func(s db.Scanner) (slug string, err error) { return slug, s.Scan(&slug) },
		"SELECT slug FROM document_address WHERE document = $1 AND NOT current ORDER BY slug", string(id))
}

// Cards: what public lists are made of.

type card struct {
	ID        DocID
	Slug      string
	Number    string
	Year      int
	Issuer    IssuerID
	Type      TypeID
	Field     FieldID
	IssuedOn  string
	Subject   string
	Files     int
	Status    Status
	PostedAt  int64
	UpdatedAt int64
}

const cardColumns = "SELECT document, slug, number, year, issuer, type, field, issued_on, subject, files, status, posted_at, updated_at FROM document_card"

func scanCard(s db.Scanner) (c card, err error) {
	return c, s.Scan(&c.ID, &c.Slug, &c.Number, &c.Year, &c.Issuer, &c.Type, &c.Field, &c.IssuedOn, &c.Subject, &c.Files, &c.Status, &c.PostedAt, &c.UpdatedAt)
}

// writeCard makes the card of a visible document from its live edition. A minor edition does not
// count as news.
func writeCard(ctx context.Context, tx *db.Tx, d Document, e Edition) error {
	c := e.Shown.Content
	updated := e.At
	if e.Change == Minor {
		var before int64
		err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(published_at), 0) FROM document_edition WHERE document = $1 AND change <> 'minor'", string(d.ID)).Scan(&before)
		if err != nil {
			return err
		}
		updated = before
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO document_card (document, slug, number, number_key, number_sort, year, issuer, type, field, issued_on, subject, files, status, posted_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (document) DO UPDATE SET slug = excluded.slug, number = excluded.number, number_key = excluded.number_key, number_sort = excluded.number_sort,
		year = excluded.year, issuer = excluded.issuer, type = excluded.type, field = excluded.field, issued_on = excluded.issued_on, subject = excluded.subject,
		files = excluded.files, updated_at = excluded.updated_at`,
		string(d.ID), d.Slug, c.Number.String(), c.Number.Key(), c.Number.SortKey(), c.Year, string(c.Issuer), string(c.Type), string(c.Field), c.IssuedOn, c.Subject,
		len(e.Shown.Files), string(d.Status), d.PostedAt, updated)
	return err
}

func dropCard(ctx context.Context, tx *db.Tx, id DocID) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM document_card WHERE document = $1", string(id))
	return err
}

func readCard(ctx context.Context, q db.Queryer, id DocID) (card, error) {
	return db.One(ctx, q, scanCard, cardColumns+" WHERE document = $1", string(id))
}

// facetsOf gives the lists a document stands in; none when it has no card.
func facetsOf(ctx context.Context, q db.Queryer, id DocID) ([]string, error) {
	c, err := readCard(ctx, q, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	catalog, err := readCatalog(ctx, q)
	if err != nil {
		return nil, err
	}
	issuer, _ := catalog.Issuer(c.Issuer)
	return c.paths(issuer.Slug, catalog.upwards(c.Field)), nil
}

// upwards gives a field and those above it.
func (c *Catalog) upwards(id FieldID) []FieldID {
	var all []FieldID
	for id != "" && !slices.Contains(all, id) {
		all = append(all, id)
		f, _ := c.FindField(string(id))
		id = f.Parent
	}
	return all
}

// listWhere turns a list's path into what its cards have in common.
func listWhere(catalog *Catalog, path string) (where string, args []any, err error) {
	facet, value, _ := strings.Cut(path, "/")
	switch facet + "/" {
	case byIssuer:
		i := slices.IndexFunc(catalog.Issuers, func(i Issuer) bool { return i.Slug == value })
		if i < 0 {
			return "", nil, &fault.Error{Kind: fault.NotFound}
		}
		return " WHERE issuer = $1", []any{string(catalog.Issuers[i].ID)}, nil
	case byType:
		return " WHERE type = $1", []any{value}, nil
	case byYear:
		var year int
		if _, err := fmt.Sscanf(value, "%d", &year); err != nil {
			return "", nil, &fault.Error{Kind: fault.NotFound}
		}
		return " WHERE year = $1", []any{year}, nil
	case byField:
		ids := catalog.Within(FieldID(value))
		for _, id := range ids {
			args = append(args, string(id))
		}
		return " WHERE field IN (" + db.Placeholders(1, len(args)) + ")", args, nil
	case holding + "/":
		return " WHERE status IN ('in_force', 'amended')", nil, nil
	case lapsed + "/":
		return " WHERE status NOT IN ('in_force', 'amended')", nil, nil
	case "/":
		return "", nil, nil
	}
	return "", nil, &fault.Error{Kind: fault.NotFound}
}

func readCards(ctx context.Context, q db.Queryer, catalog *Catalog, path string) ([]card, error) {
	where, args, err := listWhere(catalog, path)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, q, scanCard, cardColumns+where+" ORDER BY issued_on DESC, number_sort DESC, document", args...)
}

// countCards tells how many cards a list has; more than two are counted as two.
func countCards(ctx context.Context, q db.Queryer, catalog *Catalog, path string) (n int, err error) {
	where, args, err := listWhere(catalog, path)
	if err != nil {
		return 0, err
	}
	return n, q.QueryRowContext(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM document_card"+where+" LIMIT 2) AS few", args...).Scan(&n)
}

// listPaths gives every list that has a card.
func listPaths(ctx context.Context, q db.Queryer) ([]string, error) {
	catalog, err := readCatalog(ctx, q)
	if err != nil {
		return nil, err
	}
	kinds, err := db.All(ctx, q, scanCard, `SELECT '', '', '', year, issuer, type, field, '', '', 0, status, 0, 0 FROM document_card
		GROUP BY year, issuer, type, field, status ORDER BY year, issuer, type, field, status`)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, c := range kinds {
		issuer, _ := catalog.Issuer(c.Issuer)
		all = append(all, c.paths(issuer.Slug, catalog.upwards(c.Field))...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// openLists notes lists that have a document now.
func openLists(ctx context.Context, tx *db.Tx, paths []string) error {
	for _, path := range paths {
		if _, err := tx.ExecContext(ctx, "INSERT INTO document_list (path) VALUES ($1) ON CONFLICT (path) DO NOTHING", path); err != nil {
			return fmt.Errorf("open list %s: %w", path, err)
		}
	}
	return nil
}

// openedLists gives every list that ever had a document: their addresses stay.
func openedLists(ctx context.Context, q db.Queryer) ([]string, error) {
	return db.All(ctx, q, func(s db.Scanner) (path string, err error) { return path, s.Scan(&path) }, "SELECT path FROM document_list ORDER BY path")
}

// Citations.

// writeMentions notes every number-like citation in an edition, registered or not.
func writeMentions(ctx context.Context, tx *db.Tx, id DocID, shown Shown) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM document_mention WHERE document = $1", string(id)); err != nil {
		return err
	}
	own := shown.Content.Number.Key()
	for _, key := range Mentions(strings.Join([]string{shown.Content.Subject, shown.Content.Description, shown.Reading.Text()}, "\n")) {
		if key == own {
			continue
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO document_mention (document, number_key) VALUES ($1, $2)", string(id), key); err != nil {
			return err
		}
	}
	return nil
}

// mentioning gives the visible documents whose text may cite a number.
func mentioning(ctx context.Context, q db.Queryer, key string) ([]DocID, error) {
	if key == "" {
		return nil, nil
	}
	return db.All(ctx, q, scanID, "SELECT m.document FROM document_mention AS m JOIN document_card AS c ON c.document = m.document WHERE m.number_key = $1 ORDER BY c.issued_on DESC, m.document", key)
}

// neighbours gives the documents whose pages show a document: those that cite its number and those
// with a shown relation to or from it.
func neighbours(ctx context.Context, q db.Queryer, id DocID, key string) ([]DocID, error) {
	ids, err := mentioning(ctx, q, key)
	if err != nil {
		return nil, err
	}
	related, err := db.All(ctx, q, scanID, `SELECT target FROM document_relation WHERE document = $1 AND shown
		UNION SELECT document FROM document_relation WHERE target = $1 AND shown`, string(id))
	if err != nil {
		return nil, err
	}
	ids = append(ids, related...)
	led, err := db.All(ctx, q, scanID, "SELECT id FROM document WHERE ending_target = $1", string(id))
	ids = append(ids, led...)
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// readKnown gives the documents that texts can cite.
func readKnown(ctx context.Context, q db.Queryer) ([]Known, error) {
	return db.All(ctx, q, func(s db.Scanner) (k Known, err error) {
		var number string
		if err = s.Scan(&k.ID, &number, &k.Year, &k.IssuedOn); err != nil {
			return k, err
		}
		k.Number, err = ParseNumber(number)
		return k, err
	}, "SELECT document, number, year, issued_on FROM document_card WHERE number_key <> '' ORDER BY document")
}

// generation changes with every change of what is public, so that what is kept in memory of it can
// be told stale.
func generation(ctx context.Context, q db.Queryer) (n int64, err error) {
	return n, q.QueryRowContext(ctx, "SELECT generation FROM document_public WHERE id = 1").Scan(&n)
}

// nextGeneration counts up at the end of the transaction, where all writers meet.
func nextGeneration(_ context.Context, tx *db.Tx) error {
	tx.Local("documents.generation", func() any {
		tx.BeforeCommit(func(ctx context.Context, tx *db.Tx) error {
			return db.Exec1(ctx, tx, "UPDATE document_public SET generation = generation + 1 WHERE id = 1")
		})
		return true
	})
	return nil
}

// ledHere gives the documents whose addresses lead to this one since they were replaced on the
// site, with the reason.
func ledHere(ctx context.Context, q db.Queryer, id DocID) ([]led, error) {
	return db.All(ctx, q, func(s db.Scanner) (l led, err error) {
		if err = s.Scan(&l.Label, &l.Path, &l.Reason); err == nil {
			l.Path = publicRoot + "/" + l.Path
		}
		return l, err
	}, `SELECT d.number, a.slug, d.ending_note FROM document AS d JOIN document_address AS a ON a.document = d.id AND a.current
		WHERE d.ending_target = $1 AND d.ending = 'replaced' ORDER BY d.ending_at DESC, d.id`, string(id))
}
