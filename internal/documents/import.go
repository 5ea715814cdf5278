package documents

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/base/text"
)

// A Brought file is one file of an upload: stored by hash, or refused with the reason.
type Brought struct {
	Name    string
	Hash    string
	Size    int64
	Refused string // Vietnamese; "" = accepted
}

// A brought upload waits for its person's acceptance.
type brought struct {
	Sheet string // name of the spreadsheet
	Hash  string
	Files []Brought
}

// A Preview is what an import would do.
type Preview struct {
	ID       ImportID
	File     string
	Warnings []string
	Refusals []sheet.Refusal
	Refused  []Brought     // files that cannot be taken
	Unused   []string      // files no row names
	Rows     []PreviewLine // what would be entered
}

// A PreviewLine is one document that would be entered.
type PreviewLine struct {
	Row     int
	Number  string
	Issuer  string
	Subject string
	Files   int
}

// Acceptable tells whether the import can be accepted: nothing is refused and there is something.
func (p Preview) Acceptable() bool { return len(p.Refusals)+len(p.Refused) == 0 && len(p.Rows) > 0 }

// maxSheet is how large a spreadsheet may be.
const maxSheet = 8 << 20

// limits let an import take some seconds of everybody's time at most: it enters all rows in one
// transaction, and SQLite has one writer. A department registers about a thousand papers a year.
var limits = sheet.DefaultLimits.WithRows(2000)

// StartImport reads an uploaded spreadsheet and, when archive is not nil, a zip with the files its
// rows name; it keeps both for the uploader and gives the preview. Nothing is entered.
//
// It returns fault.Invalid with field "sheet" or "archive" for what cannot be read.
//
// Source: F-54; issue 2 D.
func (s *Service) StartImport(ctx context.Context, name string, data []byte, archive io.ReaderAt, size int64) (Preview, error) {
	ctx, err := s.Policy.Enter(ctx, ActImport, access.Place{})
	if err != nil {
		return Preview{}, err
	}
	b := brought{Sheet: fileName(name)}
	if name == "" {
		return Preview{}, fault.Fields(fault.Field{Name: "sheet", Message: "Hãy chọn bảng tính (.xlsx hoặc .csv)."})
	}
	if len(data) > maxSheet {
		return Preview{}, fault.Fields(fault.Field{Name: "sheet", Message: "Bảng tính lớn hơn " + text.FormatBytes(maxSheet) + ". Hãy chia thành nhiều tệp."})
	}
	if _, _, err := limits.Read(name, data); err != nil {
		return Preview{}, asField(err, "sheet")
	}
	ref, err := s.Files.Put(ctx, bytes.NewReader(data))
	if err != nil {
		return Preview{}, err
	}
	b.Hash = ref.Hash
	id, state := ImportID(db.NewID()), "waiting"
	var refused error
	keep := ctx
	if archive != nil {
		if b.Files, refused = s.unpack(ctx, archive, size); refused != nil {
			state, keep = "dropped", context.WithoutCancel(ctx) // what was stored of it is collected
		}
	}
	err = s.DB.Write(keep, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO document_import (id, person, name, at, state, brought) VALUES ($1, $2, $3, $4, $5, $6)",
			string(id), access.From(ctx).Person, b.Sheet, tx.Now(), state, asJSON(b))
		return err
	})
	if refused != nil {
		return Preview{}, asField(refused, "archive")
	}
	if err != nil {
		return Preview{}, err
	}
	return s.PreviewImport(ctx, id)
}

// asField puts a refusal's words to a field of the form; other errors stay.
func asField(err error, field string) error {
	if fault.KindOf(err) == fault.Internal {
		return err
	}
	return fault.Fields(fault.Field{Name: field, Message: fault.Message(err)})
}

// errPreview rolls the run of a preview back.
var errPreview = errors.New("preview only")

// PreviewImport tells what an import would do now. Only its uploader sees it.
func (s *Service) PreviewImport(ctx context.Context, id ImportID) (Preview, error) {
	return s.importing(ctx, id, func(context.Context, *db.Tx, Preview) error { return errPreview })
}

// AcceptImport enters everything the preview showed, in one transaction, or nothing. The documents
// are registered and go on through the two offices like any other.
//
// It returns fault.Conflict when something is refused now.
func (s *Service) AcceptImport(ctx context.Context, id ImportID) (Preview, error) {
	return s.importing(ctx, id, func(ctx context.Context, tx *db.Tx, p Preview) error {
		if !p.Acceptable() {
			return fault.New(fault.Conflict, "Còn ô hoặc tệp chưa nhận được, nên chưa nhập gì. Hãy xem lại bản xem trước.")
		}
		if err := endImport(ctx, tx, id, "accepted"); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "document.import", Kind: "document_import", ID: string(id), Label: p.File, Data: map[string]string{"rows": strconv.Itoa(len(p.Rows))}})
	})
}

// DropImport forgets an upload that is not wanted; its files go with the next [Service.CollectImports].
func (s *Service) DropImport(ctx context.Context, id ImportID) error {
	ctx, err := s.Policy.Enter(ctx, ActImport, access.Place{})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return endImport(ctx, tx, id, "dropped") })
}

func endImport(ctx context.Context, tx *db.Tx, id ImportID, state string) error {
	return db.Exec1(ctx, tx, "UPDATE document_import SET state = $3 WHERE id = $1 AND person = $2 AND state = 'waiting'", string(id), access.From(ctx).Person, state)
}

// importing does everything the upload says in a transaction, and then what end decides.
func (s *Service) importing(ctx context.Context, id ImportID, end func(context.Context, *db.Tx, Preview) error) (Preview, error) {
	ctx, err := s.Policy.Enter(ctx, ActImport, access.Place{})
	if err != nil {
		return Preview{}, err
	}
	stored, err := db.One(ctx, s.DB.Read(), func(r db.Scanner) (raw string, err error) { return raw, r.Scan(&raw) },
		"SELECT brought FROM document_import WHERE id = $1 AND person = $2 AND state = 'waiting'", string(id), access.From(ctx).Person)
	if err != nil {
		return Preview{}, err
	}
	var b brought
	if err := json.Unmarshal([]byte(stored), &b); err != nil {
		return Preview{}, err
	}
	data, err := blob.ReadAll(ctx, s.Files, b.Hash, maxSheet)
	if err != nil {
		return Preview{}, fmt.Errorf("read uploaded spreadsheet: %w", err)
	}
	table, warnings, err := limits.Read(b.Sheet, data)
	if err != nil {
		return Preview{}, err
	}
	var p Preview
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		run := &importRun{s: s, tx: tx, brought: b, mapped: sheet.Map(table, columns()), first: map[string]int{}, used: map[string]bool{}}
		run.p = Preview{ID: id, File: b.Sheet}
		for _, w := range warnings {
			run.p.Warnings = append(run.p.Warnings, w.String())
		}
		if err := run.all(ctx); err != nil {
			return err
		}
		p = run.p
		return end(ctx, tx, p)
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return p, err
}

// ImportTemplate writes the spreadsheet to fill in, with its explanations.
func (s *Service) ImportTemplate(ctx context.Context, w io.Writer) error {
	if err := s.Policy.Check(ctx, ActImport, access.Place{}); err != nil {
		return err
	}
	return sheet.Template(w, sheet.Form{Sheet: "Văn bản", Columns: columns()})
}

// An importRun is one pass over the rows.
type importRun struct {
	s       *Service
	tx      *db.Tx
	brought brought
	mapped  sheet.Mapped
	p       Preview
	first   map[string]int  // number key → row that has it
	used    map[string]bool // files that a row names
	entered []enteredRow
}

type enteredRow struct {
	r  sheet.Record
	id DocID
}

// all enters the rows, then their relations, because a row may name one below it.
func (run *importRun) all(ctx context.Context) error {
	run.p.Refusals = slices.Clone(run.mapped.Refusals)
	for _, h := range run.mapped.Unknown {
		run.p.Warnings = append(run.p.Warnings, "Cột “"+h+"” không dùng đến.")
	}
	for _, r := range run.mapped.Records {
		if err := run.row(ctx, r); err != nil {
			return err
		}
	}
	for _, e := range run.entered {
		for _, kind := range RelationKinds() {
			for _, number := range split(e.r.Get(string(kind))) {
				if err := run.relate(ctx, e, kind, number); err != nil {
					return err
				}
			}
		}
	}
	for _, f := range run.brought.Files {
		switch {
		case f.Refused != "":
			run.p.Refused = append(run.p.Refused, f)
		case !run.used[f.Name]:
			run.p.Unused = append(run.p.Unused, f.Name)
		}
	}
	return nil
}

// split reads a list of names in one cell.
func split(s string) []string {
	var all []string
	for part := range strings.SplitSeq(s, ";") {
		if part = text.CleanInput(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// refuse notes a fault against the cells it names. Faults that are not the row's are returned.
func (run *importRun) refuse(r sheet.Record, err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict:
	default:
		return err
	}
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		fields = []fault.Field{{Name: "number", Message: fault.Message(err)}}
	}
	for _, f := range fields {
		run.p.Refusals = append(run.p.Refusals, run.mapped.Refuse(r, column(f.Name), "%s", f.Message))
	}
	return nil
}

// column finds the column that a field of the form goes by.
func column(field string) sheet.Column {
	all := columns()
	if i := slices.IndexFunc(all, func(c sheet.Column) bool { return c.Name == field }); i >= 0 {
		return all[i]
	}
	return all[0]
}

func (run *importRun) row(ctx context.Context, r sheet.Record) error {
	in := inputOf(r)
	if n, err := ParseNumber(in.Number); err == nil && !n.Blank() {
		issuer := text.Fold(in.Issuer)
		key := fmt.Sprintf("%s|%s|%d|%s", issuer, n.Key(), n.Year, in.IssuedOn)
		if row, twice := run.first[key]; twice {
			run.p.Refusals = append(run.p.Refusals, run.mapped.Refuse(r, column("number"), "Trùng với dòng %d. Hãy bỏ một dòng.", row))
			return nil
		}
		run.first[key] = r.Row
	}
	id, err := run.s.register(ctx, run.tx, Incoming, in)
	if err != nil {
		return run.refuse(r, err)
	}
	files, err := run.files(ctx, r, id)
	if err != nil {
		return err
	}
	d, err := readDocument(ctx, run.tx, id)
	if err != nil {
		return err
	}
	catalog, err := catalogIn(ctx, run.tx)
	if err != nil {
		return err
	}
	run.entered = append(run.entered, enteredRow{r, id})
	run.p.Rows = append(run.p.Rows, PreviewLine{Row: r.Row, Number: d.Content.Number.String(), Issuer: catalog.IssuerName(d.Content.Issuer, d.Content.IssuedOn),
		Subject: d.Content.Subject, Files: files})
	return nil
}

// files puts the files a row names with its document; the first is the original.
func (run *importRun) files(ctx context.Context, r sheet.Record, id DocID) (n int, err error) {
	for i, name := range split(r.Get("files")) {
		f, ok := run.find(name)
		if !ok {
			run.p.Refusals = append(run.p.Refusals, run.mapped.Refuse(r, column("files"), "Tệp nén không có tệp “%s”. Hãy thêm tệp hoặc bỏ tên này.", text.Excerpt(name, 60)))
			continue
		}
		run.used[f.Name] = true
		if f.Refused != "" {
			continue // named among the refused files
		}
		d, err := readDocument(ctx, run.tx, id)
		if err != nil {
			return n, err
		}
		role := Attachment
		if i == 0 {
			role = Original
		}
		err = run.s.addFile(ctx, run.tx, &d, FileID(db.NewID()), Upload{Role: role, Name: f.Name}, blob.Ref{Hash: f.Hash, Size: f.Size})
		if fault.Is(err, fault.Invalid) {
			err = fault.Fields(fault.Field{Name: "files", Message: fault.FieldsOf(err)[0].Message})
			err = run.refuse(r, err)
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// find gives the file a row means: by its whole path in the archive, or by its name alone when only
// one has it.
func (run *importRun) find(name string) (Brought, bool) {
	wanted := text.Fold(strings.ReplaceAll(name, `\`, "/"))
	var found []Brought
	for _, f := range run.brought.Files {
		folded := text.Fold(f.Name)
		if folded == wanted {
			return f, true
		}
		if folded[strings.LastIndexByte(folded, '/')+1:] == wanted {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return Brought{}, false
	}
	return found[0], true
}

// relate writes one relation that a row names by number.
func (run *importRun) relate(ctx context.Context, e enteredRow, kind RelationKind, number string) error {
	refuse := func(format string, args ...any) {
		run.p.Refusals = append(run.p.Refusals, run.mapped.Refuse(e.r, column(string(kind)), format, args...))
	}
	n, err := ParseNumber(number)
	if err != nil || n.Blank() {
		refuse("“%s” không phải số, ký hiệu.", text.Excerpt(number, 40))
		return nil
	}
	ids, err := db.All(ctx, run.tx, scanID, "SELECT id FROM document WHERE number_key = $1 AND ($2 = 0 OR year = $2) ORDER BY id LIMIT 3", n.Key(), n.Year)
	switch {
	case err != nil:
		return err
	case len(ids) == 0:
		refuse("Không thấy %s trong sổ hoặc trong bảng này.", n)
		return nil
	case len(ids) > 1:
		refuse("Có nhiều văn bản mang số %s. Hãy ghi quan hệ này trên trang văn bản.", n)
		return nil
	}
	d, err := readDocument(ctx, run.tx, e.id)
	if err != nil {
		return err
	}
	if _, err := run.s.relatable(ctx, run.tx, d, Relation{Kind: kind, Target: ids[0]}); err != nil {
		if fault.Is(err, fault.Invalid) {
			refuse("%s", fault.FieldsOf(err)[0].Message)
			return nil
		}
		return err
	}
	return writeRelation(ctx, run.tx, e.id, Relation{Kind: kind, Target: ids[0]}, false)
}
