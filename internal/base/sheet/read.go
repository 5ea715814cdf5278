package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// Read reads the first sheet that is visible and holds anything. See [Limits.ReadAll].
func Read(name string, data []byte) (Table, []Warning, error) { return DefaultLimits.Read(name, data) }

// Read reads the first sheet that is visible and holds anything. See [Limits.ReadAll].
func (l Limits) Read(name string, data []byte) (Table, []Warning, error) {
	tables, warnings, err := l.ReadAll(name, data)
	if err != nil {
		return Table{}, nil, err
	}
	if len(tables) > 1 {
		warnings = append(warnings, Warning{Message: fmt.Sprintf("Tệp có %d trang tính; chỉ đọc trang “%s”.", len(tables), tables[0].Sheet)})
		warnings = keep(warnings, tables[0].Sheet)
	}
	return tables[0], warnings, nil
}

// ReadAll reads every visible sheet that holds anything; there is at least one. See [Limits.ReadAll].
func ReadAll(name string, data []byte) ([]Table, []Warning, error) {
	return DefaultLimits.ReadAll(name, data)
}

// ReadAll reads a workbook or a text table. What the file is, its bytes tell, not its name; name
// is repeated in messages. It returns fault.TooLarge beyond the limits and fault.Invalid for what
// is no table, saying what it is and how to make one of it.
func (l Limits) ReadAll(name string, data []byte) ([]Table, []Warning, error) {
	if len(data) > l.Bytes {
		return nil, nil, fault.New(fault.TooLarge, "Tệp nặng %s, quá mức %s. Hãy chia thành nhiều tệp.",
			text.FormatBytes(int64(len(data))), text.FormatBytes(int64(l.Bytes)))
	}
	if err := foreign(data); err != nil {
		return nil, nil, err
	}
	r := reading{limits: l, file: text.CleanInput(name), cells: l.Cells, text: l.Text}
	var err error
	if bytes.HasPrefix(data, []byte("PK")) {
		err = r.workbook(data)
	} else {
		err = r.plain(data)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(r.tables) == 0 {
		return nil, nil, fault.New(fault.Invalid, "Tệp không có dữ liệu. Hãy kiểm tra lại tệp đã chọn.")
	}
	for i := range r.tables {
		r.warnings = append(r.warnings, duplicates(r.tables[i])...)
	}
	return r.tables, r.warnings, nil
}

// foreign refuses what people upload by mistake, by its first bytes.
func foreign(data []byte) error {
	head := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 512)]))
	has := func(prefix string) bool { return bytes.HasPrefix(head, []byte(prefix)) }
	switch {
	case len(head) == 0:
		return fault.New(fault.Invalid, "Tệp rỗng. Hãy kiểm tra lại tệp đã chọn.")
	case has("\xd0\xcf\x11\xe0"):
		return fault.New(fault.Invalid, "Đây là tệp Excel kiểu cũ (.xls) hoặc tệp có mật khẩu. Hãy mở tệp, bỏ mật khẩu, chọn “Lưu thành” kiểu .xlsx rồi gửi lại.")
	case has("%pdf"):
		return fault.New(fault.Invalid, "Đây là tệp PDF, không phải bảng tính. Hãy gửi tệp .xlsx hoặc .csv.")
	case has("<html"), has("<!doctype"), has("<table"), has("<?xml"), has("{\\rtf"):
		return fault.New(fault.Invalid, "Tệp này là trang web hoặc văn bản mang tên bảng tính. Hãy mở bằng Excel, chọn “Lưu thành” kiểu .xlsx rồi gửi lại.")
	}
	return nil
}

// reading is one file on its way in.
type reading struct {
	limits   Limits
	file     string
	cells    int // still allowed
	text     int // bytes of text still allowed
	tables   []Table
	warnings []Warning
}

func (r *reading) warn(sheet, cell, format string, args ...any) {
	r.warnings = append(r.warnings, Warning{Sheet: sheet, Cell: cell, Message: fmt.Sprintf(format, args...)})
}

// count takes cells and their text off what is still allowed. rows is how many there are so far.
func (r *reading) count(rows, cells, bytes int) error {
	r.cells -= cells
	r.text -= bytes
	switch {
	case rows > r.limits.Rows || r.cells < 0:
		return fault.New(fault.TooLarge, "Bảng có quá nhiều dòng hoặc ô, kể cả ô trống có định dạng (tối đa %s dòng). Hãy xóa dòng, cột thừa hoặc chia thành nhiều tệp.",
			text.FormatNumber(int64(r.limits.Rows)))
	case r.text < 0:
		return fault.New(fault.TooLarge, "Các ô có quá nhiều chữ (tối đa %s cả tệp). Hãy chia thành nhiều tệp.", text.FormatBytes(int64(r.limits.Text)))
	}
	return nil
}

// add keeps a table of rows, with trailing blanks cut, unless nothing is left of it, and gives the
// number of tables so far.
func (r *reading) add(sheet string, rows []Row) int {
	kept := rows[:0]
	for _, row := range rows {
		for len(row.Cells) > 0 && row.Cells[len(row.Cells)-1].Kind == Empty {
			row.Cells = row.Cells[:len(row.Cells)-1]
		}
		if !row.blank() {
			kept = append(kept, row)
		}
	}
	if len(kept) == 0 {
		return len(r.tables)
	}
	t := Table{File: r.file, Sheet: sheet, Rows: kept}
	t.setHeader(findHeader(kept))
	r.tables = append(r.tables, t)
	return len(r.tables)
}

// recode mends texts typed in the fonts of old encodings: all suspicious cells are judged together,
// each is changed only if that makes it better. Then it cleans every text.
func (r *reading) recode(rows []Row) {
	var sample strings.Builder
	for _, row := range rows {
		for _, c := range row.Cells {
			if c.Kind == Text && sample.Len() < 64<<10 && oneByte(c.Text) {
				sample.WriteString(c.Text + "\n")
			}
		}
	}
	_, guess := text.Recode(sample.String())
	if !guess.Certain {
		r.warn("", "", "%s", guess.Note)
	}
	for _, row := range rows {
		row.clean(guess)
	}
}

// clean gives the row's texts their final form.
func (r Row) clean(guess text.Guess) {
	texts := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		if c.Kind == Text {
			texts[i] = c.Text
		}
	}
	if !guess.Certain {
		text.RecodeRow(texts, guess.Encoding)
	}
	for i, c := range r.Cells {
		if c.Kind != Text {
			continue
		}
		if r.Cells[i].Text = text.CleanInput(texts[i]); r.Cells[i].Text == "" {
			r.Cells[i] = Cell{}
		}
	}
}

// headerDepth is how many rows are looked at for a header: above it stand the names of offices and
// the title of the list.
const headerDepth = 30

// findHeader gives the index of the row that looks like a header: at least two texts, all
// different, none a number or a day, as wide as most rows. It gives -1 when there is none.
func findHeader(rows []Row) int {
	width := 0
	for _, row := range rows[:min(len(rows), headerDepth)] {
		width = max(width, filled(row))
	}
	for i, row := range rows[:min(len(rows), headerDepth)] {
		if n := filled(row); n >= 2 && n*3 >= width*2 && named(row) {
			return i
		}
	}
	return -1
}

func filled(row Row) (n int) {
	for _, c := range row.Cells {
		if c.Kind != Empty {
			n++
		}
	}
	return n
}

// named tells whether a row's cells could be names of columns.
func named(row Row) bool {
	seen := make(map[string]bool)
	for _, c := range row.Cells {
		key := text.Fold(c.Text)
		switch {
		case c.Kind == Empty:
			continue
		case c.Kind != Text, seen[key], !wordy(key), len(c.Text) > 200:
			return false
		}
		seen[key] = true
	}
	return true
}

// wordy tells whether s has letters, and no more digits than letters.
func wordy(s string) bool {
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters > 0 && digits <= letters
}

// setHeader makes rows[i] the header; -1 leaves the table without one.
func (t *Table) setHeader(i int) {
	all := append(append([]Row(nil), t.above...), t.Rows...)
	t.above, t.Rows, t.Header, t.HeaderRow = all[:i+1:i+1], all[i+1:], nil, 0
	if i >= 0 {
		t.HeaderRow = all[i].Number
		for _, c := range all[i].Cells {
			t.Header = append(t.Header, c.Text)
		}
	}
}

// duplicates warns of rows that say the same as an earlier one; ten are named.
func duplicates(t Table) (warnings []Warning) {
	const named = 10
	first := make(map[string]int, len(t.Rows))
	found := 0
	for _, row := range t.Rows {
		var b strings.Builder
		for _, c := range row.Cells {
			b.WriteString(c.Text + "\x00")
		}
		key := b.String()
		at, twice := first[key]
		if !twice {
			first[key] = row.Number
			continue
		}
		if found++; found <= named {
			warnings = append(warnings, Warning{t.Sheet, fmt.Sprintf("dòng %d", row.Number), fmt.Sprintf("Trùng hoàn toàn với dòng %d.", at)})
		}
	}
	if found > named {
		warnings = append(warnings, Warning{t.Sheet, "", fmt.Sprintf("Còn %d dòng trùng khác.", found-named)})
	}
	return warnings
}

// keep drops the warnings about other sheets.
func keep(warnings []Warning, sheet string) (kept []Warning) {
	for _, w := range warnings {
		if w.Sheet == "" || w.Sheet == sheet {
			kept = append(kept, w)
		}
	}
	return kept
}
