// Package sheet reads the tables people upload (XLSX, CSV and its relatives, in any encoding of
// package text) and writes the ones they download.
//
// [Read] gives a [Table] and [Warning]s: what was assumed or looks odd, for the preview. [Map]
// fits a table to the columns a capability expects and gives records and [Refusal]s, each naming
// file, sheet, cell and field, so that nothing is written before a person has seen what is wrong.
// [Template] and [Write] make workbooks whose columns are text, so that candidate numbers keep
// their zeros.
//
// A formula is never evaluated (its stored result is read, with a warning), a link never followed,
// a macro never looked at.
package sheet

import (
	"strconv"
	"strings"
)

// Kind says what a cell holds.
type Kind int

// The kinds. Only a workbook knows of others than Empty and Text.
const (
	Empty  Kind = iota
	Text        // as typed
	Number      // decimal point, no exponent; with the zeros in front its format shows
	Day         // "2006-01-02", or "2006-01-02 15:04" when it has a time
	Clock       // "15:04"
	Bool        // "1" or "0"
	Error       // "#N/A" and the like
)

// A Cell is one value.
type Cell struct {
	Text    string // NFC, trimmed, one line; the form its Kind says
	Kind    Kind
	Formula bool // Text is the result the file stores
}

// A Row is one row of a table.
type Row struct {
	Number int    // as the person sees it, from 1
	Cells  []Cell // trailing empty ones are left out
}

// Cell gives the row's cell in a column counted from 0; an empty one beyond its end.
func (r Row) Cell(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

func (r Row) blank() bool { return len(r.Cells) == 0 }

// A Table is one sheet of a workbook, or a text file.
type Table struct {
	File      string   // the name it was uploaded under
	Sheet     string   // the sheet's name; "" for a text file
	HeaderRow int      // row number of the header; 0 when no row looks like one
	Header    []string // texts of the header row, by column
	Rows      []Row    // the rows below the header, blank ones left out
	above     []Row    // the rows above and the header itself
}

// Address gives a cell's name as spreadsheets show it: column 1 of row 7 is "B7".
func Address(row, column int) string { return ColumnName(column) + strconv.Itoa(row) }

// ColumnName gives a column's letters, counted from 0: 27 is "AB".
func ColumnName(column int) string {
	var name string
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// A Warning is something a person should look at before accepting.
type Warning struct {
	Sheet   string // "" when it is about the file
	Cell    string // address such as "B7", a row "7" or a column "B"; may be empty
	Message string // Vietnamese
}

// String gives the warning as one line.
func (w Warning) String() string {
	var at []string
	if w.Sheet != "" {
		at = append(at, "trang tính “"+w.Sheet+"”")
	}
	if w.Cell != "" {
		at = append(at, w.Cell)
	}
	if len(at) == 0 {
		return w.Message
	}
	return strings.Join(at, ", ") + ": " + w.Message
}

// Limits bound what is read of one file.
type Limits struct {
	Bytes   int // of the file as uploaded
	Rows    int // per sheet
	Columns int
	Cells   int // of all sheets together, blank ones that are in the file or before a filled one too
	Text    int // bytes of text in all cells together
	Sheets  int
}

// WithRows gives the limits with another number of rows: an import whose rows are all written in one
// transaction holds up everybody else's saves meanwhile.
func (l Limits) WithRows(rows int) Limits {
	l.Rows = rows
	return l
}

// DefaultLimits suit every import of this program but the national result file, which has a
// reader of its own.
var DefaultLimits = Limits{Bytes: 64 << 20, Rows: 200_000, Columns: 200, Cells: 5_000_000, Text: 64 << 20, Sheets: 50}
