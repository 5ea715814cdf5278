package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/opc"
	"bangvang/internal/base/text"
)

// A workbook is read with our own reader, in one pass over each sheet's XML: the library used for
// writing gives the text of a cell in a stream, but neither whether it is a day or a formula nor
// the merged areas without loading the sheet whole.
type workbook struct {
	*reading
	pkg        *opc.Package
	strings    []string
	sharedText int      // bytes of strings
	formats    []format // by style index
	date1904   bool
	sheets     []rawSheet
}

// A rawSheet is a sheet as it stands in the file. Its texts are cleaned only after their encoding
// is judged: the ABC fonts draw ư in place of the soft hyphen, which cleaning removes.
type rawSheet struct {
	name   string
	rows   []Row
	merged []area
	tally  tally
}

// relID finds r:id whatever namespace (transitional or strict) it is written in.
type relID []xml.Attr

func (a relID) id() string {
	for _, attr := range a {
		if attr.Name.Local == "id" && attr.Name.Space != "" {
			return attr.Value
		}
	}
	return ""
}

type workbookXML struct {
	Pr struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		Attrs relID  `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

func (r *reading) workbook(data []byte) error {
	pkg, err := opc.Open(bytes.NewReader(data), int64(len(data)), opc.DefaultLimits)
	if err != nil {
		return err
	}
	main, err := pkg.Main()
	if err != nil {
		return err
	}
	if main == "" || !strings.HasPrefix(main, "xl/") {
		return notWorkbook(pkg, main)
	}
	wb := workbook{reading: r, pkg: pkg}
	var doc workbookXML
	if err := pkg.XML(main, &doc); err != nil {
		return err
	}
	wb.date1904 = doc.Pr.Date1904 == "1" || doc.Pr.Date1904 == "true"
	rels, err := pkg.Relations(main)
	if err != nil {
		return err
	}
	if err := wb.shared(rels); err != nil {
		return err
	}
	if len(doc.Sheets) > r.limits.Sheets {
		return fault.New(fault.TooLarge, "Tệp có %d trang tính, quá mức %d. Hãy bỏ bớt trang.", len(doc.Sheets), r.limits.Sheets)
	}
	wb.dangers()
	for _, s := range doc.Sheets {
		rel := rels[s.Attrs.id()]
		name := text.CleanInput(s.Name)
		switch {
		case rel.Type != "worksheet" || rel.External:
			continue // charts and macro sheets hold no table
		case name == notesSheet:
			continue
		case s.State == "hidden" || s.State == "veryHidden":
			r.warn("", "", "Trang tính “%s” đang ẩn nên không được đọc.", name)
		default:
			if err := wb.sheet(name, rel.Target); err != nil {
				return err
			}
		}
	}
	wb.recode()
	for _, s := range wb.sheets {
		wb.spread(s)
		if had := len(wb.tables); wb.add(s.name, s.rows) == had+1 {
			wb.warnings = append(wb.warnings, s.tally.warnings()...)
		}
	}
	return nil
}

func notWorkbook(pkg *opc.Package, main string) error {
	switch {
	case strings.HasPrefix(main, "word/"):
		return fault.New(fault.Invalid, "Đây là tệp Word. Hãy chép bảng sang Excel, lưu kiểu .xlsx rồi gửi lại.")
	case pkg.Has("content.xml"):
		return fault.New(fault.Invalid, "Đây là tệp OpenDocument. Hãy mở tệp, chọn “Lưu thành” kiểu Excel (.xlsx) rồi gửi lại.")
	}
	return fault.New(fault.Invalid, "Tệp nén này không phải bảng tính. Hãy gửi tệp .xlsx hoặc .csv.")
}

// dangers tells what the file carries besides tables; none of it is read.
func (wb *workbook) dangers() {
	var macro, link bool
	for _, n := range wb.pkg.Names() {
		n = strings.ToLower(n)
		macro = macro || strings.HasSuffix(n, "vbaproject.bin") || strings.HasPrefix(n, "xl/macrosheets/")
		link = link || strings.HasPrefix(n, "xl/externallinks/")
	}
	if macro {
		wb.warn("", "", "Tệp có macro; macro không được chạy và không được lưu.")
	}
	if link {
		wb.warn("", "", "Tệp có liên kết tới tệp khác; chỉ đọc kết quả đã lưu, không mở liên kết.")
	}
}

// shared reads the string table and the number formats.
func (wb *workbook) shared(rels map[string]opc.Relation) error {
	for _, rel := range rels {
		if rel.External || !wb.pkg.Has(rel.Target) {
			continue
		}
		var err error
		switch rel.Type {
		case "sharedStrings":
			err = wb.sharedStrings(rel.Target)
		case "styles":
			wb.formats, err = styles(wb.pkg, rel.Target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// richXML is a text of runs; phonetic hints (rPh) are no part of it.
type richXML struct {
	T string `xml:"t"`
	R []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

func (x richXML) text() string {
	if len(x.R) == 0 {
		return x.T
	}
	var b strings.Builder
	b.WriteString(x.T)
	for _, r := range x.R {
		b.WriteString(r.T)
	}
	return b.String()
}

func (wb *workbook) sharedStrings(name string) error {
	return elements(wb.pkg, name, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		var si richXML
		if err := d.DecodeElement(&si, &e); err != nil {
			return err
		}
		s := si.text()
		if wb.sharedText += len(s); wb.sharedText > wb.limits.Text || len(wb.strings) > wb.limits.Cells {
			return wb.count(0, len(wb.strings), wb.sharedText)
		}
		wb.strings = append(wb.strings, s)
		return nil
	})
}

// elements calls fn for every start tag of a part; fn may decode the element whole.
func elements(pkg *opc.Package, name string, fn func(*xml.Decoder, xml.StartElement) error) error {
	rc, err := pkg.Open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	d := xml.NewDecoder(rc)
	for {
		token, err := d.Token()
		if err == nil {
			if start, ok := token.(xml.StartElement); ok {
				err = fn(d, start)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return opc.Broken(name, err)
		}
	}
}

type cellXML struct {
	Ref   string  `xml:"r,attr"`
	Type  string  `xml:"t,attr"`
	Style int     `xml:"s,attr"`
	F     *string `xml:"f"`
	V     string  `xml:"v"`
	IS    richXML `xml:"is"`
}

type area struct{ top, left, bottom, right int }

// maxRow is the last row a sheet can have.
const maxRow = 1 << 20

// sheet reads one sheet. Rows without a filled cell are counted and not kept: there is one for every
// line somebody coloured.
func (wb *workbook) sheet(name, part string) error {
	number, column := 0, 0
	raw := rawSheet{name: name, tally: tally{name: name, formulas: make(map[int]int), days: make(map[int]int)}}
	err := elements(wb.pkg, part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if number++; attr(e, "r") != "" {
				n, err := strconv.Atoi(attr(e, "r"))
				if err != nil || n < number {
					return fault.New(fault.Invalid, "Trang tính “%s” bị hỏng ở dòng %d. Hãy mở tệp, lưu lại rồi gửi lại.", name, number)
				}
				number = n
			}
			if column = 0; number > maxRow {
				return wb.count(wb.limits.Rows+1, 0, 0)
			}
		case "c":
			var c cellXML
			if err := d.DecodeElement(&c, &e); err != nil {
				return err
			}
			if number == 0 {
				return nil // a cell outside any row
			}
			if a, ok := parseArea(c.Ref); ok {
				column = a.left
			}
			column++
			return wb.cell(&raw, number, column-1, c)
		case "mergeCell":
			if a, ok := parseArea(attr(e, "ref")); ok && len(raw.merged) < 10_000 {
				raw.merged = append(raw.merged, a)
			}
		}
		return nil
	})
	wb.sheets = append(wb.sheets, raw)
	return err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// cell puts a cell at its place; empty ones before the next filled one take no room yet.
func (wb *workbook) cell(raw *rawSheet, number, column int, c cellXML) error {
	cell := wb.value(c)
	cell.Formula = c.F != nil
	address := Address(number, column)
	raw.tally.note(cell, column, address)
	if cell.Kind == Empty {
		return wb.count(0, 1, 0)
	}
	if column >= wb.limits.Columns {
		return fault.New(fault.TooLarge, "Ô %s nằm ngoài %d cột đầu. Hãy xóa những cột thừa.", address, wb.limits.Columns)
	}
	if n := len(raw.rows); n == 0 || raw.rows[n-1].Number != number {
		raw.rows = append(raw.rows, Row{Number: number})
	}
	row := &raw.rows[len(raw.rows)-1]
	if err := wb.count(len(raw.rows), max(column+1-len(row.Cells), 1), len(cell.Text)); err != nil {
		return err
	}
	for len(row.Cells) <= column {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells[column] = cell
	return nil
}

// value reads a cell by its type and number format.
func (wb *workbook) value(c cellXML) Cell {
	v := strings.TrimSpace(c.V)
	switch c.Type {
	case "s":
		if i, err := strconv.Atoi(v); err == nil && i >= 0 && i < len(wb.strings) {
			return rawCell(wb.strings[i])
		}
		return Cell{}
	case "inlineStr":
		return rawCell(c.IS.text())
	case "str":
		return rawCell(c.V)
	case "b":
		if v == "" {
			return Cell{}
		}
		return Cell{Text: v, Kind: Bool}
	case "e":
		return Cell{Text: text.CleanInput(v), Kind: Error}
	case "d": // ISO 8601, as the strict form writes days
		if day, err := text.ParseDay(v); err == nil {
			return Cell{Text: day, Kind: Day}
		}
		return rawCell(v)
	}
	if v == "" {
		return Cell{}
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || math.Abs(n) > 1e15 {
		return rawCell(v)
	}
	var f format
	if c.Style >= 0 && c.Style < len(wb.formats) {
		f = wb.formats[c.Style]
	}
	return f.cell(n, wb.date1904)
}

// rawCell makes a cell of text that is yet to be cleaned.
func rawCell(s string) Cell {
	if strings.TrimSpace(s) == "" {
		return Cell{}
	}
	return Cell{Text: s, Kind: Text}
}

// parseArea reads "B7" or "B7:D9" into columns and rows, columns from 0.
func parseArea(ref string) (a area, ok bool) {
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	var ok1, ok2 bool
	a.left, a.top, ok1 = parseAddress(from)
	a.right, a.bottom, ok2 = parseAddress(to)
	return a, ok1 && ok2 && a.left <= a.right && a.top <= a.bottom
}

func parseAddress(s string) (column, row int, ok bool) {
	i := 0
	for i < len(s) && i < 3 && 'A' <= s[i]&^0x20 && s[i]&^0x20 <= 'Z' {
		column = column*26 + int(s[i]&^0x20-'A') + 1
		i++
	}
	row, err := strconv.Atoi(s[i:])
	return column - 1, row, err == nil && i > 0 && row > 0 && row <= 1<<20
}

// spread gives the value of a merged area to every row of it, in its first column: a class or a
// district written once beside its rows.
func (wb *workbook) spread(s rawSheet) {
	rows, header := s.rows, -1
	if i := findHeader(rows); i >= 0 {
		header = rows[i].Number
	}
	told := 0
	for _, a := range s.merged {
		if a.bottom <= header || header < 0 {
			continue // titles and headers over several columns
		}
		first, ok := find(rows, a.top)
		if !ok {
			continue
		}
		value := rows[first].Cell(a.left)
		if told++; told <= 10 && value.Kind != Empty {
			wb.warn(s.name, Address(a.top, a.left), "Ô gộp: giá trị “%s” được dùng cho mọi dòng của ô gộp. Nên bỏ gộp ô.", text.Excerpt(value.Text, 40))
		}
		for i := first + 1; i < len(rows) && rows[i].Number <= a.bottom && wb.cells > 0; i++ {
			for len(rows[i].Cells) <= a.left {
				rows[i].Cells = append(rows[i].Cells, Cell{})
				wb.cells--
			}
			if rows[i].Cells[a.left].Kind == Empty {
				rows[i].Cells[a.left] = value
			}
		}
	}
}

func find(rows []Row, number int) (int, bool) {
	return slices.BinarySearchFunc(rows, number, func(r Row, n int) int { return r.Number - n })
}

// recode mends the texts of all sheets.
func (wb *workbook) recode() {
	var rows []Row
	for _, s := range wb.sheets {
		rows = append(rows, s.rows...)
	}
	wb.reading.recode(rows)
}

// oneByte tells whether s has marks and all its characters are codes of one byte.
func oneByte(s string) bool {
	marked := false
	for _, r := range s {
		if r > 0xFF {
			return false
		}
		marked = marked || r > 0x7F
	}
	return marked
}

// A tally gathers what is odd in a sheet, to be told once a column.
type tally struct {
	name     string
	formulas map[int]int
	missing  []string // formulas without a stored result
	days     map[int]int
}

func (t *tally) note(c Cell, column int, address string) {
	switch {
	case c.Formula && c.Kind == Empty:
		t.missing = append(t.missing, address)
	case c.Formula:
		t.formulas[column]++
	case c.Kind == Text && len(c.Text) <= 12 && strings.ContainsAny(c.Text, "/-.") && '0' <= c.Text[0] && c.Text[0] <= '9':
		if _, err := text.ParseDay(c.Text); err == nil {
			t.days[column]++
		}
	}
}

func (t *tally) warnings() (w []Warning) {
	byColumn := func(counts map[int]int, message string) {
		columns := make([]int, 0, len(counts))
		for c := range counts {
			columns = append(columns, c)
		}
		slices.Sort(columns)
		for _, c := range columns {
			w = append(w, Warning{t.name, "cột " + ColumnName(c), fmt.Sprintf(message, counts[c])})
		}
	}
	byColumn(t.formulas, "%d ô là công thức; dùng kết quả đã lưu trong tệp, không tính lại.")
	byColumn(t.days, "%d ô ghi ngày dưới dạng chữ; được đọc theo thứ tự ngày/tháng/năm.")
	for i, address := range t.missing {
		if i == 10 {
			w = append(w, Warning{t.name, "", fmt.Sprintf("Còn %d ô công thức khác chưa có kết quả.", len(t.missing)-i)})
			break
		}
		w = append(w, Warning{t.name, address, "Công thức chưa có kết quả nên ô được coi là trống. Hãy mở tệp, lưu lại rồi gửi lại."})
	}
	return w
}
