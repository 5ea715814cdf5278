package sheet

import (
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"bangvang/internal/base/text"
)

// notesSheet explains a template; it is passed over when the file comes back.
const notesSheet = "Hướng dẫn"

// A Form is one sheet of a template: its columns and no rows.
type Form struct {
	Sheet   string
	Columns []Column
}

// Data is one sheet of an export. Rows hold values in the stored form of their column, as
// [Record.Get] gives them, "" for an empty cell; a row shorter than the columns leaves the rest
// empty.
type Data struct {
	Sheet   string
	Columns []Column
	Rows    iter.Seq[[]string]
}

// Template writes an empty workbook to fill in: one sheet per form, each with its header in the
// first row and columns set to text (days, numbers: to their kind), and a sheet that explains every
// column. What is filled in can be read by [ReadAll] and [Map] with the same columns.
func Template(w io.Writer, forms ...Form) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.f.Close()
	for _, form := range forms {
		b.template(form)
	}
	b.notes(forms)
	return b.writeTo(w)
}

// Write writes rows as a workbook, streaming: texts stay texts whatever they look like, days and
// numbers can be computed with.
func Write(w io.Writer, sheets ...Data) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.f.Close()
	for _, d := range sheets {
		b.data(d)
	}
	return b.writeTo(w)
}

// book is a workbook on its way out; the first error stays.
type book struct {
	f      *excelize.File
	err    error
	sheets int
	header int
	styles map[Kind]int
	wrap   int
}

func newBook() (*book, error) {
	b := &book{f: excelize.NewFile(), styles: make(map[Kind]int)}
	b.header = b.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
		Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "000000"}}, NumFmt: 49})
	b.wrap = b.style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: 49})
	day := "d/m/yyyy"
	b.styles[Text] = b.style(&excelize.Style{NumFmt: 49}) // "@"
	b.styles[Day] = b.style(&excelize.Style{CustomNumFmt: &day})
	b.styles[Number] = b.style(&excelize.Style{NumFmt: 0})
	b.do(b.f.SetDocProps(&excelize.DocProperties{Creator: "Bảng Vàng", Language: "vi-VN"}))
	return b, b.err
}

func (b *book) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) style(s *excelize.Style) int {
	id, err := b.f.NewStyle(s)
	b.do(err)
	return id
}

func (b *book) styleOf(c Column) int {
	if id, ok := b.styles[c.Kind]; ok && c.Choices == nil {
		return id
	}
	return b.styles[Text]
}

// open adds a sheet; the first one takes the place of the library's own.
func (b *book) open(name string) string {
	name = sheetName(name, b.sheets+1)
	if b.sheets++; b.sheets == 1 {
		b.do(b.f.SetSheetName("Sheet1", name))
	} else {
		_, err := b.f.NewSheet(name)
		b.do(err)
	}
	return name
}

// sheetName gives a name spreadsheets allow: 1 to 31 characters, none of []:*?/\.
func sheetName(name string, n int) string {
	rs := []rune(strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return '-'
		}
		return r
	}, text.CleanInput(name)), "' "))
	if len(rs) == 0 {
		return fmt.Sprintf("Trang %d", n)
	}
	return string(rs[:min(len(rs), 31)])
}

func headerText(c Column) string {
	if c.Required {
		return c.Title + " *"
	}
	return c.Title
}

// width gives a column's width in characters.
func width(c Column) float64 {
	return float64(min(max(utf8.RuneCountInString(c.Title), utf8.RuneCountInString(c.Example), 9)+4, 60))
}

var freeze = &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}

func (b *book) template(form Form) {
	name := b.open(form.Sheet)
	for i, c := range form.Columns {
		column := ColumnName(i)
		b.do(b.f.SetColStyle(name, column, b.styleOf(c)))
		b.do(b.f.SetColWidth(name, column, column, width(c)))
		b.do(b.f.SetCellStr(name, column+"1", headerText(c)))
		b.do(b.f.SetCellStyle(name, column+"1", column+"1", b.header))
		b.choices(name, column, c)
	}
	b.do(b.f.SetPanes(name, freeze))
}

// choices offers a short list in the cells; a long one stands in the notes only, because the file
// format allows 255 characters.
func (b *book) choices(name, column string, c Column) {
	titles := make([]string, len(c.Choices))
	for i, ch := range c.Choices {
		titles[i] = ch.Title
	}
	list := strings.Join(titles, ",")
	if list == "" || utf8.RuneCountInString(list) > 250 || strings.Count(list, ",") != len(titles)-1 {
		return
	}
	dv := excelize.NewDataValidation(true)
	dv.Sqref = fmt.Sprintf("%s2:%s10000", column, column)
	b.do(dv.SetDropList(titles))
	b.do(b.f.AddDataValidation(name, dv))
}

func (b *book) notes(forms []Form) {
	name := b.open(notesSheet)
	for i, w := range []float64{24, 28, 12, 60, 28} {
		b.do(b.f.SetColWidth(name, ColumnName(i), ColumnName(i), w))
	}
	b.do(b.f.SetSheetRow(name, "A1", &[]string{"Trang tính", "Cột", "Bắt buộc", "Cách ghi", "Ví dụ"}))
	b.do(b.f.SetCellStyle(name, "A1", "E1", b.header))
	row := 1
	for _, form := range forms {
		for _, c := range form.Columns {
			row++
			required := ""
			if c.Required {
				required = "có"
			}
			b.do(b.f.SetSheetRow(name, "A"+strconv.Itoa(row), &[]string{form.Sheet, c.Title, required, c.explain(), c.Example}))
		}
	}
	b.do(b.f.SetCellStyle(name, "A2", "E"+strconv.Itoa(max(row, 2)), b.wrap))
}

// explain says how to fill in a column: its own help, then what its kind asks for.
func (c Column) explain() string {
	var parts []string
	if c.Help != "" {
		parts = append(parts, c.Help)
	}
	switch {
	case c.Choices != nil:
		titles := make([]string, len(c.Choices))
		for i, ch := range c.Choices {
			titles[i] = ch.Title
		}
		parts = append(parts, "Một trong: "+strings.Join(titles, "; ")+".")
	case c.Kind == Day:
		parts = append(parts, "Ngày theo mẫu ngày/tháng/năm, ví dụ 7/7/2021.")
	case c.Kind == Clock:
		parts = append(parts, "Giờ theo mẫu giờ:phút, ví dụ 07:35.")
	case c.Kind == Number && c.Places > 0:
		parts = append(parts, fmt.Sprintf("Số, nhiều nhất %d chữ số sau dấu phẩy.", c.Places))
	case c.Kind == Number:
		parts = append(parts, "Số nguyên.")
	case c.Kind == Bool:
		parts = append(parts, "Ghi “có” hoặc “không”.")
	}
	return strings.Join(parts, " ")
}

func (b *book) data(d Data) {
	name := b.open(d.Sheet)
	if b.err != nil {
		return
	}
	s, err := b.f.NewStreamWriter(name)
	if err != nil {
		b.do(err)
		return
	}
	header := make([]any, len(d.Columns))
	for i, c := range d.Columns {
		b.do(s.SetColWidth(i+1, i+1, width(c)))
		header[i] = excelize.Cell{StyleID: b.header, Value: c.Title}
	}
	b.do(s.SetPanes(freeze))
	b.do(s.SetRow("A1", header))
	row := 1
	for values := range d.Rows {
		row++
		cells := make([]any, len(d.Columns))
		for i, c := range d.Columns {
			if i < len(values) && values[i] != "" {
				cells[i] = excelize.Cell{StyleID: b.styleOf(c), Value: c.stored(values[i])}
			}
		}
		if b.do(s.SetRow("A"+strconv.Itoa(row), cells)); b.err != nil {
			return
		}
	}
	b.do(s.Flush())
}

// stored gives a stored value as the type its cell should have; what does not fit stays text.
func (c Column) stored(v string) any {
	switch {
	case c.Choices != nil:
		for _, ch := range c.Choices {
			if ch.Value == v && ch.Title != "" {
				return ch.Title
			}
		}
	case c.Kind == Number && c.Places > 0:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return float64(n) / math.Pow10(c.Places) // both exact, so the nearest there is
		}
	case c.Kind == Number:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n < 1e15 && n > -1e15 {
			return n
		}
	case c.Kind == Day:
		if t, err := time.Parse(time.DateOnly, v); err == nil {
			return t
		}
	case c.Kind == Bool:
		if v == "1" {
			return "có"
		}
		return "không"
	}
	return v
}

func (b *book) writeTo(w io.Writer) error {
	if b.err == nil {
		b.do(b.f.Write(w))
	}
	if b.err != nil {
		return fmt.Errorf("write workbook: %w", b.err)
	}
	return nil
}
