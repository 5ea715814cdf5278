package rehearse

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
)

// tables are what is copied, and the columns of them that stay behind because they name or reach a
// person, or were typed freely. A table that is not named here is never copied: a capability that comes
// later is left out until somebody decides otherwise. Of the reports only the deadlines and lists of
// words are taken, not what was reported.
func tables() map[string]db.Part {
	all := map[string]db.Part{
		"people_unit":     {Blank: []string{"phone", "email", "contact"}},
		"people_function": {},
		"exam":            {Blank: []string{"override", "override_note", "shown"}},
		"exam_site":       {Blank: []string{"head_name", "head_phone", "phone", "note"}},
		"exam_room":       {Blank: []string{"note"}},
	}
	for _, name := range []string{
		"people_locality", "people_unit_kind", "people_unit_name", "people_unit_alias", "people_unit_predecessor",
		"exam_scheme", "exam_subject", "exam_language", "exam_paper", "exam_component", "exam_round", "exam_sitting", "exam_slot", "exam_slot_component",
		"exam_roster", "report_setting", "report_word",
	} {
		all[name] = db.Part{}
	}
	return all
}

// An original is what is known of the installation that was copied.
type original struct {
	config config.Config
	where  string // as the sheet names it, without password
	exam   exam.ID
	round  exam.RoundID
	tip    audit.Tip
	hash   string // of the SQLite file; "" on PostgreSQL
	rows   int64
	took   time.Duration
	starts int64 // where the copy's clock starts, ms UTC
}

// copyInstallation makes the copy in dir. The original is closed when it returns.
func copyInstallation(ctx context.Context, o Options, dir string) (original, error) {
	began := time.Now()
	from := original{config: o.Original, where: place(o.Original)}
	if path, lite := sqlitePath(o.Original); lite {
		if _, err := os.Stat(path); err != nil {
			return from, fmt.Errorf("there is no installation in %s: give its folder with --data, or its database with --database", o.Original.Data)
		}
	}
	var err error
	if from.hash, err = fileHash(o.Original); err != nil {
		return from, err
	}
	d, err := db.OpenReadOnly(ctx, o.Original.Database)
	if err != nil {
		return from, err
	}
	defer d.Close()
	if err := d.Reject(ctx, db.Current); err != nil {
		return from, err
	}
	if from.tip, err = audit.TipOf(ctx, d.Read()); err != nil {
		return from, err
	}
	parts, err := from.choose(ctx, o, d)
	if err != nil {
		return from, err
	}
	to, err := db.Open(ctx, copyConfig(dir).Database, nil)
	if err != nil {
		return from, err
	}
	if err := to.Migrate(ctx); err != nil {
		return from, errors.Join(err, to.Close())
	}
	from.rows, err = db.CopyParts(ctx, d, to, parts)
	from.took = time.Since(began)
	return from, errors.Join(err, to.Close())
}

// early is how long before the first sitting the copy's clock starts: the day before, when everybody is
// at their post.
const early = 12 * time.Hour

// choose finds the exam and the round, and which sites take part.
func (from *original) choose(ctx context.Context, o Options, d *db.DB) (map[string]db.Part, error) {
	policy, err := access.NewPolicy(nil, app.Rules()...)
	if err != nil {
		return nil, err
	}
	exams := exam.New(exam.Deps{DB: d, Policy: policy})
	ctx = program(ctx)
	var e exam.Exam
	if o.Year != 0 {
		e, err = exams.ExamOf(ctx, o.Year)
	} else {
		e, err = exams.Current(ctx)
	}
	if fault.Is(err, fault.NotFound) {
		return nil, errors.New("the installation has no such exam: give its year with --exam, or make one current")
	}
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(e.Rounds, func(r exam.Round) bool { return r.Number == o.Round || o.Round == 0 && len(sittingsOf(r)) > 0 })
	if i < 0 || len(sittingsOf(e.Rounds[i])) == 0 {
		return nil, fmt.Errorf("the exam of %d has no sittings to rehearse: enter its timetable first", e.Year)
	}
	round := e.Rounds[i]
	from.exam, from.round = e.ID, round.ID
	from.starts = sittingsOf(round)[0].StartsAt() - early.Milliseconds()
	sites, err := exams.Sites(ctx, round.ID)
	if err != nil {
		return nil, err
	}
	if len(sites) == 0 && o.Sites == 0 {
		return nil, fmt.Errorf("the exam of %d has no exam sites yet: enter them, or rehearse with invented ones with --sites N", e.Year)
	}
	parts := tables()
	if o.Sites > 0 && o.Sites < len(sites) {
		keepSites(parts, sites, o.Sites)
	}
	return parts, nil
}

// sittingsOf gives the sittings that are reported of, in order of time.
func sittingsOf(r exam.Round) []exam.Sitting {
	var all []exam.Sitting
	for _, s := range r.Sittings {
		if s.Kind == exam.Papers && s.Held() && len(s.Slots) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// keepSites has only the first n sites of the round copied, by their code; those that work come first.
func keepSites(parts map[string]db.Part, sites []exam.Site, n int) {
	sites = slices.Clone(sites)
	closed := func(s exam.Site) int {
		if s.Status == exam.Open {
			return 0
		}
		return 1
	}
	slices.SortFunc(sites, func(a, b exam.Site) int {
		return cmp.Or(cmp.Compare(closed(a), closed(b)), cmp.Compare(a.Code, b.Code))
	})
	dropped := map[string]bool{}
	for _, s := range sites[n:] {
		dropped[string(s.ID)] = true
	}
	for _, s := range sites[:n] { // where another's candidates go is only known beside it
		dropped[string(s.ID)] = dropped[string(s.Successor)]
	}
	keep := func(column string) func(map[string]any) bool {
		return func(row map[string]any) bool {
			id, _ := row[column].(string)
			return !dropped[id]
		}
	}
	for table, column := range map[string]string{"exam_site": "id", "exam_room": "site", "exam_roster": "site"} {
		p := parts[table]
		p.Keep = keep(column)
		parts[table] = p
	}
}

// untouched proves that the original was not written: the file is byte for byte what it was; where others
// work on it meanwhile, its log still has the line it ended with, and nobody of the rehearsal is in it.
func (from original) untouched(ctx context.Context) (bool, string, error) {
	hash, err := fileHash(from.config)
	if err != nil {
		return false, "", err
	}
	d, err := db.OpenReadOnly(ctx, from.config.Database)
	if err != nil {
		return false, "", err
	}
	defer d.Close()
	tip, err := audit.TipOf(ctx, d.Read())
	if err != nil {
		return false, "", err
	}
	holds, err := from.tip.Holds(ctx, d.Read())
	if err != nil {
		return false, "", err
	}
	line := fmt.Sprintf("nhật ký gốc %d dòng", tip.Seq)
	same := from.hash == "" || hash == from.hash
	switch {
	case !holds:
		return false, "nhật ký của bản gốc không còn như trước", nil
	case tip != from.tip:
		return same || inUse(from.config), fmt.Sprintf("bản gốc đang được dùng, %s (thêm %d dòng của người khác); mở ở chế độ chỉ đọc", line, tip.Seq-from.tip.Seq), nil
	case from.hash != "" && same:
		return true, "tệp dữ liệu giữ nguyên, SHA-256 " + hash[:16] + "…; " + line, nil
	}
	return same || inUse(from.config), line + ", không đổi; mở ở chế độ chỉ đọc", nil
}

// inUse tells whether another program has the SQLite file open.
func inUse(c config.Config) bool {
	path, _ := sqlitePath(c)
	_, err := os.Stat(path + "-wal")
	return err == nil
}

// fileHash gives the hash of a SQLite file, "" for another engine.
func fileHash(c config.Config) (string, error) {
	path, lite := sqlitePath(c)
	if !lite {
		return "", nil
	}
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("there is no installation in %s any more", c.Data)
		}
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func sqlitePath(c config.Config) (string, bool) {
	if strings.HasPrefix(c.Database, "postgres://") || strings.HasPrefix(c.Database, "postgresql://") {
		return "", false
	}
	return strings.TrimPrefix(c.Database, "sqlite:"), true
}

// place names an installation as a person finds it, without a password.
func place(c config.Config) string {
	path, lite := sqlitePath(c)
	if lite {
		return path
	}
	u, err := url.Parse(c.Database)
	if err != nil {
		return "PostgreSQL"
	}
	return "PostgreSQL " + u.Host + u.Path
}
