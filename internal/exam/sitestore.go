package exam

import (
	"context"

	"bangvang/internal/base/db"
	"bangvang/internal/base/text"
)

const siteColumns = `id, round, code, slug, name, address, locality, locality_name, unit, phone, head_name, head_phone, has_place, lat_e6, lon_e6,
	note, status, status_note, status_at, COALESCE(successor, ''), changed_at, version`

func scanSite(s db.Scanner) (v Site, err error) {
	var placed bool
	var place Place
	err = s.Scan(&v.ID, &v.Round, &v.Code, &v.Slug, &v.Name, &v.Address, &v.Locality, &v.LocalityName, &v.Unit, &v.Phone, &v.HeadName, &v.HeadPhone,
		&placed, &place.LatE6, &place.LonE6, &v.Note, &v.Status, &v.StatusNote, &v.StatusAt, &v.Successor, &v.ChangedAt, &v.Version)
	if placed {
		v.Place = &place
	}
	return v, err
}

func readSite(ctx context.Context, q db.Queryer, id SiteID) (Site, error) {
	return db.One(ctx, q, scanSite, "SELECT "+siteColumns+" FROM exam_site WHERE id = $1", id)
}

func readSites(ctx context.Context, q db.Queryer, round RoundID) ([]Site, error) {
	return db.All(ctx, q, scanSite, "SELECT "+siteColumns+" FROM exam_site WHERE round = $1 ORDER BY locality_sort, sort, code", round)
}

// siteBySlug gives a site of a round by its address part.
func siteBySlug(ctx context.Context, q db.Queryer, round RoundID, slug string) (Site, error) {
	return db.One(ctx, q, scanSite, "SELECT "+siteColumns+" FROM exam_site WHERE round = $1 AND slug = $2", round, slug)
}

// examSlugs gives the address parts of all sites of an exam.
func examSlugs(ctx context.Context, q db.Queryer, exam ID) ([]string, error) {
	return db.All(ctx, q, scanID[string], "SELECT s.slug FROM exam_site s JOIN exam_round r ON r.id = s.round WHERE r.exam = $1 ORDER BY s.slug", exam)
}

func examOfRound(ctx context.Context, q db.Queryer, round RoundID) (Exam, error) {
	id, err := db.One(ctx, q, scanID[ID], "SELECT exam FROM exam_round WHERE id = $1", round)
	if err != nil {
		return Exam{}, err
	}
	return readExam(ctx, q, id)
}

// args gives the columns of a site that change, in the order of insertSite and updateSite.
func (s Site) args() []any {
	var place Place
	if s.Place != nil {
		place = *s.Place
	}
	var successor *SiteID
	if s.Successor != "" {
		successor = &s.Successor
	}
	return []any{s.Code, s.Name, text.Fold(s.Name + " " + s.LocalityName), text.SortKey(s.Name), s.Address, s.Locality, s.LocalityName,
		text.SortKey(s.LocalityName), s.Unit, s.Phone, s.HeadName, s.HeadPhone, s.Place != nil, place.LatE6, place.LonE6, s.Note,
		s.Status, s.StatusNote, s.StatusAt, successor}
}

func insertSite(ctx context.Context, tx *db.Tx, s Site) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exam_site (id, round, slug, version, code, name, fold, sort, address, locality, locality_name, locality_sort, unit,
		phone, head_name, head_phone, has_place, lat_e6, lon_e6, note, status, status_note, status_at, successor, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		append(append([]any{s.ID, s.Round, s.Slug, s.Version}, s.args()...), tx.Now())...)
	return err
}

func updateSite(ctx context.Context, tx *db.Tx, s Site, version int) error {
	return db.Exec1(ctx, tx, `UPDATE exam_site SET code = $3, name = $4, fold = $5, sort = $6, address = $7, locality = $8, locality_name = $9,
		locality_sort = $10, unit = $11, phone = $12, head_name = $13, head_phone = $14, has_place = $15, lat_e6 = $16, lon_e6 = $17, note = $18,
		status = $19, status_note = $20, status_at = $21, successor = $22, changed_at = $23, version = version + 1 WHERE id = $1 AND version = $2`,
		append(append([]any{s.ID, version}, s.args()...), tx.Now())...)
}

// copySites takes the sites and rooms of earlier rounds along into their copies, all open; the
// people in charge change every year and are left out.
func copySites(ctx context.Context, tx *db.Tx, rounds map[RoundID]RoundID) error {
	for from, to := range rounds {
		sites, err := readSites(ctx, tx, from)
		if err != nil {
			return err
		}
		for _, s := range sites {
			rooms, err := readRooms(ctx, tx, s.ID)
			if err != nil {
				return err
			}
			s.ID, s.Round, s.Version = SiteID(db.NewID()), to, 1
			s.Status, s.StatusNote, s.StatusAt, s.Successor = Open, "", 0, ""
			s.HeadName, s.HeadPhone = "", ""
			if err := insertSite(ctx, tx, s); err != nil {
				return err
			}
			if err := insertRooms(ctx, tx, s, rooms); err != nil {
				return err
			}
		}
	}
	return nil
}
