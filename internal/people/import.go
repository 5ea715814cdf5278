package people

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/base/text"
)

// Outcome says what a row of an import does.
type Outcome int

// The outcomes.
const (
	RowSame Outcome = iota // what the row says is so already
	RowCreated
	RowChanged
)

// An ImportSheet is one sheet of the spreadsheet that fills an installation. Units, accounts and roles
// are this capability's; others add theirs by [Deps] and see what
// earlier sheets wrote.
type ImportSheet struct {
	Name    string // the sheet's name, "Điểm thi"
	Columns []sheet.Column
	Key     []string // columns that name the thing: a second row with the same values is refused

	// Row does what one row says, in the import's transaction. A fault.Invalid names wrong cells by
	// the columns' names in its fields; any other fault refuses the row with its message. It must not
	// change anything outside tx: a preview is the same run, rolled back.
	Row func(ctx context.Context, tx *db.Tx, r sheet.Record) (Outcome, error)

	order func([]sheet.Record) []sheet.Record // rows that others need come first

	// partial: Row also says what is wrong with a row some of whose cells were refused and left out.
	partial bool
}

// A Preview is what an uploaded spreadsheet would do.
type Preview struct {
	ID       ImportID
	File     string
	Warnings []sheet.Warning
	Refusals []sheet.Refusal
	Sheets   []SheetCount
	Ignored  []string // sheets and columns that nothing was read from
}

// A SheetCount counts the rows of one sheet by what they do.
type SheetCount struct {
	Name                   string
	Created, Changed, Same int
}

// Acceptable tells whether the import can be accepted: no cell is refused and something would change.
func (p Preview) Acceptable() bool {
	return len(p.Refusals) == 0 && slices.ContainsFunc(p.Sheets, func(c SheetCount) bool { return c.Created+c.Changed > 0 })
}

// Empty tells whether the file has no row that any of our sheets is for.
func (p Preview) Empty() bool {
	return len(p.Refusals) == 0 && !slices.ContainsFunc(p.Sheets, func(c SheetCount) bool { return c.Created+c.Changed+c.Same > 0 })
}

// maxImport is how large an upload may be; the sheets of a large province have about a hundredth of it.
const maxImport = 8 << 20

// limits let an import take some seconds of everybody's time at most: all rows are written in one
// transaction, and SQLite has one writer. Hà Nội has about 5,000 exam rooms.
var limits = sheet.DefaultLimits.WithRows(6000)

// StartImport reads an uploaded spreadsheet, keeps it for its uploader, and gives the preview. Nothing
// of its content is written.
//
// It returns fault.Invalid with field "file" for a file that cannot be read, fault.TooLarge.
func (s *Service) StartImport(ctx context.Context, filename string, data []byte) (Preview, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return Preview{}, err
	}
	if len(data) > maxImport {
		return Preview{}, fault.New(fault.TooLarge, "Tệp lớn hơn %s. Hãy chia thành nhiều tệp.", text.FormatBytes(maxImport))
	}
	if filename == "" {
		return Preview{}, fault.Fields(fault.Field{Name: "file", Message: "Hãy chọn tệp bảng tính (.xlsx hoặc .csv)."})
	}
	if _, _, err := limits.ReadAll(filename, data); err != nil {
		if fault.KindOf(err) == fault.Internal {
			return Preview{}, err
		}
		return Preview{}, fault.Fields(fault.Field{Name: "file", Message: fault.Message(err)})
	}
	id := ImportID(db.NewID())
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return insertImport(ctx, tx, id, access.From(ctx).Person, clean(filename), base64.StdEncoding.EncodeToString(data))
	})
	if err != nil {
		return Preview{}, err
	}
	return s.PreviewImport(ctx, id)
}

// errPreview rolls the run of a preview back.
var errPreview = errors.New("preview only")

// PreviewImport tells what an import would do now. Only its uploader sees it.
func (s *Service) PreviewImport(ctx context.Context, id ImportID) (Preview, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return Preview{}, err
	}
	var p Preview
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if p, err = s.runImport(ctx, tx, id); err != nil {
			return err
		}
		return errPreview
	})
	if !errors.Is(err, errPreview) {
		return Preview{}, err
	}
	return p, nil
}

// AcceptImport does what the preview showed, all of it in one transaction with its audit lines, or
// nothing.
//
// It returns fault.Conflict when a cell is refused now: somebody changed something since the preview.
func (s *Service) AcceptImport(ctx context.Context, id ImportID) (Preview, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return Preview{}, err
	}
	var p Preview
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if p, err = s.runImport(ctx, tx, id); err != nil {
			return err
		}
		if !p.Acceptable() {
			return fault.New(fault.Conflict, "Tệp còn ô chưa nhận được hoặc không có gì mới. Hãy xem lại bản xem trước.")
		}
		if err := deleteImport(ctx, tx, id, access.From(ctx).Person); err != nil {
			return err
		}
		counts := map[string]string{}
		for _, c := range p.Sheets {
			counts[c.Name] = strconv.Itoa(c.Created) + " mới, " + strconv.Itoa(c.Changed) + " sửa"
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.import", Kind: "import", ID: string(id), Label: p.File, Data: counts})
	})
	return p, err
}

// DropImport forgets an upload that is not wanted. Nothing was written of it.
func (s *Service) DropImport(ctx context.Context, id ImportID) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return deleteImport(ctx, tx, id, access.From(ctx).Person)
	})
}

// ImportTemplate writes the spreadsheet to fill in, with one sheet per kind of row and its explanations.
func (s *Service) ImportTemplate(ctx context.Context, w io.Writer) error {
	if err := s.policy.Check(ctx, ActPeopleManage, access.Place{}); err != nil {
		return err
	}
	all, err := s.importSheets(ctx, s.db.Read())
	if err != nil {
		return err
	}
	var forms []sheet.Form
	for _, is := range all {
		forms = append(forms, sheet.Form{Sheet: is.Name, Columns: is.Columns})
	}
	return sheet.Template(w, forms...)
}

// importSheets gives every sheet in the order they are read: units, what others add, accounts, roles.
func (s *Service) importSheets(ctx context.Context, q db.Queryer) ([]ImportSheet, error) {
	d, err := readDirectory(ctx, q)
	if err != nil {
		return nil, err
	}
	localities, err := readLocalities(ctx, q)
	if err != nil {
		return nil, err
	}
	return slices.Concat([]ImportSheet{s.unitSheet(d, localities)}, s.sheets, []ImportSheet{s.accountSheet(), s.roleSheet()}), nil
}

// runImport does everything the file says in tx and counts it.
func (s *Service) runImport(ctx context.Context, tx *db.Tx, id ImportID) (Preview, error) {
	filename, content, err := readImport(ctx, tx, id, access.From(ctx).Person)
	if err != nil {
		return Preview{}, err
	}
	data, err := base64.StdEncoding.DecodeString(content)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{ID: id, File: filename}
	tables, warnings, err := limits.ReadAll(filename, data)
	if err != nil {
		return Preview{}, err
	}
	p.Warnings = warnings
	all, err := s.importSheets(ctx, tx)
	if err != nil {
		return Preview{}, err
	}
	claimed := make([]bool, len(tables))
	for _, is := range all {
		for i, t := range tables {
			if claimed[i] || meant(t, all) != is.Name {
				continue
			}
			claimed[i] = true
			if err := p.sheet(ctx, tx, is, t); err != nil {
				return Preview{}, err
			}
		}
	}
	for i, t := range tables {
		if !claimed[i] {
			p.Ignored = append(p.Ignored, "Trang “"+cmpOr(t.Sheet, t.File)+"” "+unread(t, all))
		}
	}
	return p, nil
}

// sheet runs one table and adds what came of it to the preview.
func (p *Preview) sheet(ctx context.Context, tx *db.Tx, is ImportSheet, t sheet.Table) error {
	m := sheet.Map(t, is.Columns)
	p.Refusals = append(p.Refusals, m.Refusals...)
	for _, h := range m.Unknown {
		p.Ignored = append(p.Ignored, "Trang “"+cmpOr(t.Sheet, t.File)+"”, cột “"+h+"” không dùng đến.")
	}
	count := SheetCount{Name: is.Name}
	records := m.Records
	refused := refusedCells(m)
	if is.partial {
		records = slices.Concat(records, spared(t, m, is.Columns, refused))
		slices.SortStableFunc(records, func(a, b sheet.Record) int { return a.Row - b.Row })
	}
	if is.order != nil {
		records = is.order(records)
	}
	first := map[string]int{}
	for _, r := range records {
		if refused[r.Row] != nil { // what is wrong with it besides; nothing is accepted in the end
			if _, err := is.Row(ctx, tx, r); fault.KindOf(err) == fault.Internal && err != nil || fault.Is(err, fault.Busy) {
				return err
			} else if err != nil {
				p.refuse(m, is, r, err, refused)
			}
			continue
		}
		if row, twice := first[is.TwinKey(r)]; twice {
			p.Refusals = append(p.Refusals, m.Refuse(r, is.column(is.Key[0]), "Trùng với dòng %d. Hãy bỏ một dòng.", row))
			continue
		}
		first[is.TwinKey(r)] = r.Row
		outcome, err := is.Row(ctx, tx, r)
		switch {
		case err == nil && outcome == RowCreated:
			count.Created++
		case err == nil && outcome == RowChanged:
			count.Changed++
		case err == nil:
			count.Same++
		case fault.KindOf(err) == fault.Internal || fault.Is(err, fault.Busy):
			return err
		default:
			p.refuse(m, is, r, err, refused)
		}
	}
	p.Sheets = append(p.Sheets, count)
	slices.SortStableFunc(p.Refusals, func(a, b sheet.Refusal) int {
		if a.Sheet != b.Sheet {
			return 0
		}
		return a.Row - b.Row
	})
	return nil
}

// refusedCells gives the cells that the columns refused: row → the title of a column; row 0 has the
// columns that are missing.
func refusedCells(m sheet.Mapped) map[int]map[string]bool {
	cells := map[int]map[string]bool{}
	for _, r := range m.Refusals {
		row := r.Row
		if row == m.HeaderRow {
			row = 0
		}
		if cells[row] == nil {
			cells[row] = map[string]bool{}
		}
		cells[row][r.Field] = true
	}
	return cells
}

// spared reads the rows with refused cells once more without those cells, so that whatever else is
// wrong with a row is named in the same pass.
func spared(t sheet.Table, m sheet.Mapped, columns []sheet.Column, refused map[int]map[string]bool) []sheet.Record {
	wrong := map[string]bool{}
	for _, r := range m.Refusals {
		wrong[r.Column+strconv.Itoa(r.Row)] = true
	}
	rows := t.Rows
	t.Rows = nil
	for _, row := range rows {
		if row.Number > m.HeaderRow && refused[row.Number] == nil {
			continue
		}
		row.Cells = slices.Clone(row.Cells)
		for i := range row.Cells {
			if row.Number > m.HeaderRow && wrong[sheet.Address(row.Number, i)] {
				row.Cells[i] = sheet.Cell{}
			}
		}
		t.Rows = append(t.Rows, row)
	}
	columns = slices.Clone(columns)
	for i := range columns {
		columns[i].Required = false
	}
	return sheet.Map(t, columns).Records
}

// refuse notes why a row is refused, at the cells its fault names; what its column refused already is
// not said twice.
func (p *Preview) refuse(m sheet.Mapped, is ImportSheet, r sheet.Record, err error, refused map[int]map[string]bool) {
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		p.Refusals = append(p.Refusals, m.Refuse(r, sheet.Column{}, "%s", fault.Message(err)))
	}
	for _, f := range fields {
		column := is.column(f.Name)
		if !refused[r.Row][column.Title] && !refused[0][column.Title] {
			p.Refusals = append(p.Refusals, m.Refuse(r, column, "%s", f.Message))
		}
	}
}

func (is ImportSheet) column(name string) sheet.Column {
	i := slices.IndexFunc(is.Columns, func(c sheet.Column) bool { return c.Name == name })
	if i < 0 {
		return sheet.Column{}
	}
	return is.Columns[i]
}

// TwinKey gives what two rows of the sheet must not have in common.
func (is ImportSheet) TwinKey(r sheet.Record) string {
	parts := make([]string, len(is.Key))
	for i, name := range is.Key {
		parts[i] = text.Fold(r.Get(name))
	}
	key := strings.Join(parts, "\x00")
	if strings.Trim(key, "\x00") == "" {
		return "row " + strconv.Itoa(r.Row) // a row without its key is not the twin of another such row
	}
	return key
}

// meant gives the name of the sheet a table is for: by its own name, else by its header when all
// required columns are there; "" when it is for none.
func meant(t sheet.Table, all []ImportSheet) string {
	for _, is := range all {
		if t.Sheet != "" && text.Fold(t.Sheet) == text.Fold(is.Name) {
			return is.Name
		}
	}
	best, most := "", 0
	for _, is := range all {
		m := sheet.Map(sheet.Table{File: t.File, Sheet: t.Sheet, HeaderRow: t.HeaderRow, Header: t.Header, Rows: headRows(t)}, is.Columns)
		missing := slices.ContainsFunc(m.Refusals, func(r sheet.Refusal) bool { return r.Column == "" && r.Row == m.HeaderRow })
		known := 0
		for _, h := range t.Header {
			if h != "" && !slices.Contains(m.Unknown, h) {
				known++
			}
		}
		if !missing && known > most {
			best, most = is.Name, known
		}
	}
	return best
}

// unread says why a table is for no sheet: which columns a row needs, or which of them it lacks.
func unread(t sheet.Table, all []ImportSheet) string {
	var needs []string
	for _, is := range all {
		known := map[string]bool{}
		for _, title := range recognised(t, is) {
			known[title] = true
		}
		var required, lacking []string
		for _, c := range is.Columns {
			if c.Required {
				required = append(required, c.Title)
				if !known[c.Title] {
					lacking = append(lacking, c.Title)
				}
			}
		}
		if len(lacking) < len(required) {
			return "giống trang “" + is.Name + "” nhưng thiếu cột: " + strings.Join(lacking, ", ") + ". Hãy thêm cột, dòng tiêu đề ghi đúng tên như tệp mẫu."
		}
		needs = append(needs, is.Name+" ("+strings.Join(required, ", ")+")")
	}
	return "không có cột nào nhận ra được. Mỗi trang cần ít nhất các cột: " + strings.Join(needs, "; ") + ". Hãy dùng tệp mẫu."
}

// recognised gives the titles of a sheet's columns that a table has.
func recognised(t sheet.Table, is ImportSheet) []string {
	var titles []string
	for _, c := range is.Columns {
		c.Required = false
		if m := sheet.Map(sheet.Table{File: t.File, Sheet: t.Sheet, HeaderRow: t.HeaderRow, Header: t.Header, Rows: headRows(t)}, []sheet.Column{c}); len(m.Unknown) < len(headers(t)) {
			titles = append(titles, c.Title)
		}
	}
	return titles
}

func headers(t sheet.Table) []string {
	return slices.DeleteFunc(slices.Clone(t.Header), func(h string) bool { return h == "" })
}

func headRows(t sheet.Table) []sheet.Row { return t.Rows[:min(len(t.Rows), 1)] }

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
