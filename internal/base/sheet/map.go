package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A Column is what a capability expects in one column, and how the template explains it.
type Column struct {
	Name     string   // the field's name in records and refusals
	Title    string   // Vietnamese header of templates and exports; also accepted when reading
	Aliases  []string // other headers accepted; case, marks and punctuation do not count
	Required bool     // the column must be there and filled in every row

	// Kind is the form of the values: Text (the zero Kind means Text too), Number, Day, Clock or
	// Bool ("có", "không", "x", "1", "0" …). A column with Choices takes only those.
	Kind    Kind
	Places  int      // of a Number: decimal places allowed; values are then units of 10^-Places
	Choices []Choice // nil: any value
	Max     int      // characters allowed; 0 means 500

	// Parse checks a value further and may give another form of it; its fault's message becomes the
	// refusal. It is not called for empty cells.
	Parse func(value string) (string, error)

	Help    string // for the person who fills in the template
	Example string
}

// A Choice is one value of a column that has few.
type Choice struct {
	Value   string   // as stored
	Title   string   // as people write it
	Aliases []string // other ways they write it
}

// A Record is one accepted row.
type Record struct {
	Row    int // row number in the file
	values map[string]string
}

// Get gives a field in its stored form: a day as "2006-01-02", a clock as "15:04", a choice as its
// Value, a Bool as "1" or "0"; "" when the cell or the column is empty.
func (r Record) Get(name string) string { return r.values[name] }

// Int gives a Number field, in units of 10^-Places; 0 when it is empty.
func (r Record) Int(name string) int64 {
	n, _ := strconv.ParseInt(r.values[name], 10, 64) // Map let only such numbers through
	return n
}

// Bool gives a Bool field; false when it is empty.
func (r Record) Bool(name string) bool { return r.values[name] == "1" }

// A Refusal is one cell, row or column that cannot be accepted, and what to do about it.
type Refusal struct {
	File    string
	Sheet   string // "" for a text file
	Row     int    // 0 when it is about the whole column
	Column  string // letters; "" when it is about the row, or the column is missing
	Field   string // the column's Title
	Value   string // what stands there, shortened
	Message string // Vietnamese
}

// String gives the refusal as one line: "ds.xlsx, trang “Đơn vị”, ô B7 (Ngày sinh): …".
func (r Refusal) String() string {
	at := []string{r.File}
	if r.Sheet != "" {
		at = append(at, "trang “"+r.Sheet+"”")
	}
	switch {
	case r.Row > 0 && r.Column != "":
		at = append(at, "ô "+r.Column+strconv.Itoa(r.Row))
	case r.Row > 0:
		at = append(at, "dòng "+strconv.Itoa(r.Row))
	case r.Column != "":
		at = append(at, "cột "+r.Column)
	}
	s := strings.Join(slices.DeleteFunc(at, func(s string) bool { return s == "" }), ", ")
	if r.Field != "" {
		s += " (" + r.Field + ")"
	}
	return s + ": " + r.Message
}

// Mapped is a table read as records.
type Mapped struct {
	HeaderRow int      // the row the columns were recognised in; 0 when none was
	Records   []Record // rows without any refusal
	Refusals  []Refusal
	Unknown   []string // headers that no column goes by; their cells were not read
	places    map[string]int
	table     Table
}

// Refuse makes a refusal for a field of a record, for what only the capability can see: a code
// that does not exist, a row given twice.
func (m Mapped) Refuse(r Record, column Column, format string, args ...any) Refusal {
	ref := Refusal{File: m.table.File, Sheet: m.table.Sheet, Row: r.Row, Field: column.Title,
		Value: text.Excerpt(r.Get(column.Name), 80), Message: fmt.Sprintf(format, args...)}
	if at, ok := m.places[column.Name]; ok {
		ref.Column = ColumnName(at)
	}
	return ref
}

// Map reads a table by the columns expected. The header is the row, among the first thirty, in
// which the most of them are recognised, wherever the title of the list ends.
func Map(t Table, columns []Column) Mapped {
	m := Mapped{table: t}
	index := newHeaderIndex(columns)
	if best := m.bestHeader(index); best != len(m.table.above)-1 {
		m.table.setHeader(best)
	}
	m.HeaderRow = m.table.HeaderRow
	m.locate(columns, index)
	for _, row := range m.table.Rows {
		m.row(row, columns)
	}
	return m
}

// headerIndex finds columns by the folded form of a header.
type headerIndex map[string]int

func newHeaderIndex(columns []Column) headerIndex {
	index := make(headerIndex)
	for i, c := range columns {
		for _, h := range append([]string{c.Name, c.Title}, c.Aliases...) {
			if key := headerKey(h); key != "" {
				if _, taken := index[key]; !taken {
					index[key] = i
				}
			}
		}
	}
	return index
}

func headerKey(h string) string { return strings.ReplaceAll(text.Slug(h), "-", " ") }

// find gives the column a header means; what stands in brackets may be left away: "Ngày sinh
// (ngày/tháng/năm)".
func (x headerIndex) find(header string) (int, bool) {
	if i, ok := x[headerKey(header)]; ok {
		return i, true
	}
	if before, _, ok := strings.Cut(header, "("); ok {
		i, ok := x[headerKey(before)]
		return i, ok && headerKey(before) != ""
	}
	return 0, false
}

// bestHeader gives the index, in above and Rows together, of the row with the most known headers;
// the present header when no row has any.
func (m *Mapped) bestHeader(index headerIndex) int {
	best, most := len(m.table.above)-1, 0
	consider := func(i int, row Row) {
		known := make(map[int]bool)
		for _, c := range row.Cells {
			if at, ok := index.find(c.Text); ok && c.Kind == Text {
				known[at] = true
			}
		}
		if len(known) > most {
			best, most = i, len(known)
		}
	}
	for i, row := range m.table.above {
		consider(i, row)
	}
	for i, row := range m.table.Rows[:min(len(m.table.Rows), headerDepth)] {
		consider(len(m.table.above)+i, row)
	}
	return best
}

// locate notes which column stands where, and refuses what is missing or there twice.
func (m *Mapped) locate(columns []Column, index headerIndex) {
	m.places = make(map[string]int)
	for at, header := range m.table.Header {
		i, ok := index.find(header)
		switch {
		case header == "":
		case !ok:
			m.Unknown = append(m.Unknown, header)
		default:
			if first, twice := m.places[columns[i].Name]; twice {
				m.refuse(m.HeaderRow, at, columns[i], header, fmt.Sprintf("Cột “%s” có hai lần (cột %s và cột %s). Hãy bỏ một cột.", columns[i].Title, ColumnName(first), ColumnName(at)))
				continue
			}
			m.places[columns[i].Name] = at
		}
	}
	for _, c := range columns {
		if _, ok := m.places[c.Name]; !ok && c.Required {
			m.refuse(m.HeaderRow, -1, c, "", fmt.Sprintf("Thiếu cột “%s”. Hãy thêm cột này, dòng tiêu đề ghi đúng tên.", c.Title))
		}
	}
}

func (m *Mapped) refuse(row, at int, c Column, value, message string) {
	r := Refusal{File: m.table.File, Sheet: m.table.Sheet, Row: row, Field: c.Title, Value: text.Excerpt(value, 80), Message: message}
	if at >= 0 {
		r.Column = ColumnName(at)
	}
	m.Refusals = append(m.Refusals, r)
}

// row reads one row; one without anything in a known column is passed over.
func (m *Mapped) row(row Row, columns []Column) {
	record := Record{Row: row.Number, values: make(map[string]string)}
	before, filled := len(m.Refusals), false
	for _, c := range columns {
		at, ok := m.places[c.Name]
		if !ok {
			continue
		}
		cell := row.Cell(at)
		if cell.Kind == Empty {
			if c.Required {
				m.refuse(row.Number, at, c, "", fmt.Sprintf("Ô “%s” chưa có giá trị.", c.Title))
			}
			continue
		}
		filled = true
		value, err := c.read(cell)
		if err != nil {
			m.refuse(row.Number, at, c, cell.Text, fault.Message(err))
			continue
		}
		record.values[c.Name] = value
	}
	switch {
	case !filled:
		m.Refusals = m.Refusals[:before]
	case len(m.Refusals) == before:
		m.Records = append(m.Records, record)
	}
}

// read gives a cell's value in the form its column stores.
func (c Column) read(cell Cell) (value string, err error) {
	if cell.Kind == Error {
		return "", fault.New(fault.Invalid, "Ô báo lỗi %s. Hãy sửa công thức hoặc ghi giá trị vào ô.", cell.Text)
	}
	limit := c.Max
	if limit == 0 {
		limit = 500
	}
	if utf8.RuneCountInString(cell.Text) > limit {
		return "", fault.New(fault.Invalid, "Giá trị dài quá %d ký tự. Hãy rút gọn.", limit)
	}
	switch {
	case c.Choices != nil:
		value, err = c.choice(cell.Text)
	case c.Kind == Number:
		var n int64
		if n, err = c.number(cell); err == nil {
			value = strconv.FormatInt(n, 10)
		}
	case c.Kind == Day:
		value, err = dayOf(cell)
	case c.Kind == Clock:
		value, err = clockOf(cell)
	case c.Kind == Bool:
		value, err = boolOf(cell)
	default:
		value = cell.Text
	}
	if err == nil && c.Parse != nil {
		value, err = c.Parse(value)
	}
	return value, err
}

func (c Column) number(cell Cell) (int64, error) {
	if cell.Kind == Number || c.Places > 0 { // a workbook's number has a decimal point
		return text.ParseDecimal(cell.Text, c.Places)
	}
	return text.ParseNumber(cell.Text)
}

func (c Column) choice(s string) (string, error) {
	key := headerKey(s)
	titles := make([]string, 0, len(c.Choices))
	for _, ch := range c.Choices {
		for _, w := range append([]string{ch.Value, ch.Title}, ch.Aliases...) {
			if w != "" && headerKey(w) == key {
				return ch.Value, nil
			}
		}
		titles = append(titles, ch.Title)
	}
	return "", fault.New(fault.Invalid, "“%s” không có trong danh sách. Hãy ghi một trong: %s.", text.Excerpt(s, 40), strings.Join(titles, "; "))
}

func dayOf(cell Cell) (string, error) {
	switch cell.Kind {
	case Day:
		day, _, _ := strings.Cut(cell.Text, " ")
		return day, nil
	case Number:
		n, _ := strconv.ParseFloat(cell.Text, 64) // the reader wrote it
		if day, err := text.DayFromSerial(n, false); err == nil {
			return "", fault.New(fault.Invalid, "Ô chứa số %s thay vì ngày (có thể là %s). Hãy định dạng ô theo kiểu ngày.", cell.Text, text.FormatDay(day))
		}
	}
	return text.ParseDay(cell.Text)
}

func clockOf(cell Cell) (string, error) {
	if cell.Kind == Clock {
		return cell.Text, nil
	}
	return text.ParseClock(cell.Text)
}

func boolOf(cell Cell) (string, error) {
	switch text.Fold(cell.Text) {
	case "1", "x", "co", "dung", "true", "yes":
		return "1", nil
	case "0", "khong", "sai", "false", "no", "-":
		return "0", nil
	}
	return "", fault.New(fault.Invalid, "“%s” chưa rõ. Hãy ghi “có” hoặc “không”.", text.Excerpt(cell.Text, 40))
}
