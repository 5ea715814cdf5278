package people

import (
	"context"
	"database/sql"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// readDirectory reads units, names, aliases, predecessors and kinds in five queries.
func readDirectory(ctx context.Context, q db.Queryer) (*Directory, error) {
	d := &Directory{units: map[UnitID]Unit{}, children: map[UnitID][]UnitID{}, byFold: map[string][]UnitID{}}
	units, err := db.All(ctx, q, scanUnit, `SELECT id, code, kind, coalesce(parent, ''), coalesce(locality, ''), registration,
		address, phone, email, contact, valid_from, valid_to, version FROM people_unit ORDER BY id`)
	if err != nil {
		return nil, err
	}
	all := map[UnitID]*Unit{}
	for i := range units {
		all[units[i].ID] = &units[i]
	}
	if err := readNames(ctx, q, all); err != nil {
		return nil, err
	}
	if err := readPredecessors(ctx, q, all); err != nil {
		return nil, err
	}
	for _, u := range units {
		if len(u.Names) == 0 {
			continue // a unit is written with its first name in one transaction
		}
		d.put(u)
	}
	d.Kinds, err = db.All(ctx, q, func(s db.Scanner) (k UnitKind, err error) {
		err = s.Scan(&k.Code, &k.Title, &k.External)
		return k, err
	}, `SELECT code, title, external FROM people_unit_kind ORDER BY position, code`)
	return d, err
}

// directoryIn gives the directory as the transaction sees it. It is read once per transaction, because
// an import asks for it at every row; whoever changes a unit says so with forgetDirectory or put.
func directoryIn(ctx context.Context, tx *db.Tx) (*Directory, error) {
	held := tx.Local("people.directory", func() any { return new(heldDirectory) }).(*heldDirectory)
	if held.d != nil {
		return held.d, nil
	}
	var err error
	held.d, err = readDirectory(ctx, tx)
	return held.d, err
}

type heldDirectory struct{ d *Directory }

func forgetDirectory(tx *db.Tx) {
	tx.Local("people.directory", func() any { return new(heldDirectory) }).(*heldDirectory).d = nil
}

// put adds a unit that was just written.
func (d *Directory) put(u Unit) {
	d.units[u.ID] = u
	d.children[u.Parent] = append(d.children[u.Parent], u.ID)
	d.index(u)
}

func (d *Directory) index(u Unit) {
	seen := map[string]bool{}
	add := func(s string) {
		if f := text.Fold(s); f != "" && !seen[f] {
			seen[f] = true
			d.byFold[f] = append(d.byFold[f], u.ID)
		}
	}
	add(u.Code)
	for _, n := range u.Names {
		add(n.Name)
		add(n.Short)
	}
	for _, a := range u.Aliases {
		add(a)
	}
}

func readNames(ctx context.Context, q db.Queryer, all map[UnitID]*Unit) error {
	_, err := db.All(ctx, q, func(s db.Scanner) (struct{}, error) {
		var id UnitID
		var n UnitName
		err := s.Scan(&id, &n.From, &n.Name, &n.Short, &n.Basis)
		if u := all[id]; u != nil {
			u.Names = append(u.Names, n)
		}
		return struct{}{}, err
	}, `SELECT unit, valid_from, name, short, basis FROM people_unit_name ORDER BY unit, valid_from`)
	if err != nil {
		return err
	}
	_, err = db.All(ctx, q, func(s db.Scanner) (struct{}, error) {
		var id UnitID
		var alias string
		err := s.Scan(&id, &alias)
		if u := all[id]; u != nil {
			u.Aliases = append(u.Aliases, alias)
		}
		return struct{}{}, err
	}, `SELECT unit, alias FROM people_unit_alias ORDER BY unit, fold`)
	return err
}

func readPredecessors(ctx context.Context, q db.Queryer, all map[UnitID]*Unit) error {
	_, err := db.All(ctx, q, func(s db.Scanner) (struct{}, error) {
		var id UnitID
		var p Predecessor
		err := s.Scan(&id, &p.Unit, &p.Day, &p.Note)
		if u := all[id]; u != nil {
			u.Predecessors = append(u.Predecessors, p)
		}
		return struct{}{}, err
	}, `SELECT unit, predecessor, day, note FROM people_unit_predecessor ORDER BY unit, day, predecessor`)
	return err
}

func scanUnit(s db.Scanner) (u Unit, err error) {
	err = s.Scan(&u.ID, &u.Code, &u.Kind, &u.Parent, &u.Locality, &u.Registration,
		&u.Address, &u.Phone, &u.Email, &u.Contact, &u.ValidFrom, &u.ValidTo, &u.Version)
	return u, err
}

// null makes an empty reference a NULL, which foreign keys leave alone.
func null[T ~string](id T) sql.NullString { return sql.NullString{String: string(id), Valid: id != ""} }

func insertUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_unit (id, code, kind, parent, locality, registration, address, phone, email, contact, valid_from, valid_to, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)`,
		u.ID, u.Code, u.Kind, null(u.Parent), null(u.Locality), u.Registration, u.Address, u.Phone, u.Email, u.Contact, u.ValidFrom, u.ValidTo)
	return err
}

func updateUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	return db.Exec1(ctx, tx, `UPDATE people_unit SET code = $3, kind = $4, parent = $5, locality = $6, registration = $7, address = $8,
		phone = $9, email = $10, contact = $11, valid_from = $12, valid_to = $13, version = version + 1 WHERE id = $1 AND version = $2`,
		u.ID, u.Version, u.Code, u.Kind, null(u.Parent), null(u.Locality), u.Registration, u.Address, u.Phone, u.Email, u.Contact, u.ValidFrom, u.ValidTo)
}

// putUnitName writes the name that begins on a day, in place of another that began on the same day.
func putUnitName(ctx context.Context, tx *db.Tx, id UnitID, n UnitName) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_unit_name (unit, valid_from, name, short, fold, sort, basis) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (unit, valid_from) DO UPDATE SET name = excluded.name, short = excluded.short, fold = excluded.fold, sort = excluded.sort, basis = excluded.basis`,
		id, n.From, n.Name, n.Short, text.Fold(n.Name), text.SortKey(n.Name), n.Basis)
	return err
}

func replaceAliases(ctx context.Context, tx *db.Tx, id UnitID, aliases []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM people_unit_alias WHERE unit = $1`, id); err != nil {
		return err
	}
	for _, a := range aliases {
		_, err := tx.ExecContext(ctx, `INSERT INTO people_unit_alias (unit, alias, fold) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, a, text.Fold(a))
		if err != nil {
			return err
		}
	}
	return nil
}

func insertPredecessor(ctx context.Context, tx *db.Tx, id UnitID, p Predecessor) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_unit_predecessor (unit, predecessor, day, note) VALUES ($1, $2, $3, $4)
		ON CONFLICT (unit, predecessor) DO UPDATE SET day = excluded.day, note = excluded.note`, id, p.Unit, p.Day, p.Note)
	return err
}

func putFunction(ctx context.Context, tx *db.Tx, f Function, id UnitID, day string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_function (function, unit, valid_from) VALUES ($1, $2, $3)
		ON CONFLICT (function, valid_from) DO UPDATE SET unit = excluded.unit`, f, id, day)
	return err
}

func functionUnit(ctx context.Context, q db.Queryer, f Function, day string) (UnitID, error) {
	id, err := db.One(ctx, q, func(s db.Scanner) (id UnitID, err error) { err = s.Scan(&id); return id, err },
		`SELECT unit FROM people_function WHERE function = $1 AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1`, f, day)
	if fault.Is(err, fault.NotFound) {
		return "", fault.New(fault.NotFound, "Chưa chọn đơn vị phụ trách việc này.")
	}
	return id, err
}

func readLocalities(ctx context.Context, q db.Queryer) ([]Locality, error) {
	return db.All(ctx, q, func(s db.Scanner) (l Locality, err error) {
		err = s.Scan(&l.ID, &l.Level, &l.Code, &l.Parent, &l.Name, &l.ValidFrom, &l.ValidTo, &l.Version)
		return l, err
	}, `SELECT id, level, code, coalesce(parent, ''), name, valid_from, valid_to, version FROM people_locality
		ORDER BY CASE level WHEN 'province' THEN 1 WHEN 'district' THEN 2 ELSE 3 END, sort, id`)
}

func insertLocality(ctx context.Context, tx *db.Tx, l Locality) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_locality (id, level, code, parent, name, sort, valid_from, valid_to, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`, l.ID, l.Level, l.Code, null(l.Parent), l.Name, text.SortKey(l.Name), l.ValidFrom, l.ValidTo)
	return err
}

func updateLocality(ctx context.Context, tx *db.Tx, l Locality) error {
	return db.Exec1(ctx, tx, `UPDATE people_locality SET level = $3, code = $4, parent = $5, name = $6, sort = $7, valid_from = $8, valid_to = $9,
		version = version + 1 WHERE id = $1 AND version = $2`,
		l.ID, l.Version, l.Level, l.Code, null(l.Parent), l.Name, text.SortKey(l.Name), l.ValidFrom, l.ValidTo)
}

func insertImport(ctx context.Context, tx *db.Tx, id ImportID, person, filename, content string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people_import (id, account, filename, content, created_at) VALUES ($1, $2, $3, $4, $5)`,
		id, person, filename, content, tx.Now())
	return err
}

func readImport(ctx context.Context, tx *db.Tx, id ImportID, person string) (filename, content string, err error) {
	_, err = db.One(ctx, tx, func(s db.Scanner) (struct{}, error) { return struct{}{}, s.Scan(&filename, &content) },
		`SELECT filename, content FROM people_import WHERE id = $1 AND account = $2`, id, person)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "Tệp này đã được nhập, đã bỏ hoặc để quá hai ngày. Hãy tải lên lại.")
	}
	return filename, content, err
}

func deleteImport(ctx context.Context, tx *db.Tx, id ImportID, person string) error {
	return db.Exec1(ctx, tx, `DELETE FROM people_import WHERE id = $1 AND account = $2`, id, person)
}
