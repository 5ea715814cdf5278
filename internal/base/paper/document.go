// Package paper makes official papers (văn bản hành chính) in the form Decree 30/2020/NĐ-CP lays
// down, as Word (DOCX) and as PDF: plans, reports, notices, invitations, letters (công văn).
//
// A capability fills a [Document] with words and figures; this package knows where everything
// stands on the sheet, in which size and style, what is written in capitals, which number gets a
// leading zero and what the form forbids. It knows nothing of exams. [Document.Check] says in
// Vietnamese what keeps the document from being issued in this form; [WriteDOCX] and [WritePDF]
// check, and then write the same words in both formats. The wording an office wants to change
// itself is a [Template].
//
// What is written is never signed: there is no signature and no seal, and until a number is given
// the paper says "DỰ THẢO" on every page. The authoritative copy is the signed file that comes back.
//
// Sources: Decree 30/2020/NĐ-CP, Điều 8, 9 and 13, Phụ lục I (thể thức và kỹ thuật trình bày) and
// Phụ lục III (chữ viết tắt tên loại, mẫu trình bày); domain.md section 4; decision 0010.
//
// Start reading at [Document]; compose.go puts its parts in order, styles.go holds sizes and styles,
// docx.go and pdf.go write what compose made.
package paper

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/fault"
)

// A Document is one official paper before it is set. Text is plain Vietnamese in ordinary
// capitals: what the form wants in capitals is capitalised here, and marks the form asks for at
// the end of a line (";", "./.") are put there, not by the caller.
type Document struct {
	Organisation Organisation
	Number       int    // running number of the year; 0 = not given yet: the paper is a draft
	Symbol       string // ký hiệu without number and "/": "BC-SGDĐT"; of a công văn "SGDĐT-VP"
	Place        string // địa danh: "Lai Châu"
	Date         Date
	Type         string // tên loại: "Báo cáo", "Kế hoạch"; "" = công văn
	Abstract     string // trích yếu, without "V/v"; "\n" begins a new line under a type
	Urgency      Urgency
	Circulation  string      // "Lưu hành nội bộ", "Xem xong trả lại"; "" = no limit
	Salutation   string      // before the addressees; "" = "Kính gửi"
	Addressees   []string    // whom it is sent to; a công văn has at least one
	Bases        []string    // căn cứ ban hành, a sentence each
	Body         []Block     // at least one
	Signature    Signature   // who signs
	Recipients   []Recipient // nơi nhận, without "Như trên" and "Lưu"
	Archive      string      // who keeps it: "VT, VP"
	Appendices   []Appendix
}

// Organisation is who issues the paper, in ordinary capitals ("UBND tỉnh Lai Châu"). A name too
// long for one line is parted where it has a line break ("\n"), or else into lines of about one length.
type Organisation struct {
	Governing string // cơ quan chủ quản trực tiếp; may be empty
	Issuing   string // cơ quan ban hành văn bản
}

// A Date of a paper whose parts are filled when they are known: "ngày … tháng 6 năm 2021" while
// the day is left to the clerk. A part that is 0 is blank.
type Date struct{ Day, Month, Year int }

// ParseDate reads a stored day, "2021-07-07", or "2021-07" where the day is still open; "" is the
// blank date. Anything else is fault.Invalid.
func ParseDate(day string) (Date, error) {
	if day == "" {
		return Date{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01"} {
		t, err := time.Parse(layout, day)
		if err != nil {
			continue
		}
		d := Date{t.Day(), int(t.Month()), t.Year()}
		if layout != time.DateOnly {
			d.Day = 0
		}
		return d, nil
	}
	return Date{}, fault.New(fault.Invalid, "“%s” không phải là ngày. Hãy ghi năm-tháng-ngày, ví dụ 2021-07-07.", clip(day))
}

// String gives the date as papers write it: "ngày 05 tháng 6 năm 2021"; days under 10 and the
// months 1 and 2 have a leading zero.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục II.4.
func (d Date) String() string {
	day, month, year := blank, blank, blank
	if d.Day > 0 {
		day = fmt.Sprintf("%02d", d.Day)
	}
	if d.Month > 2 {
		month = fmt.Sprint(d.Month)
	} else if d.Month > 0 {
		month = fmt.Sprintf("%02d", d.Month)
	}
	if d.Year > 0 {
		year = fmt.Sprint(d.Year)
	}
	return "ngày " + day + " tháng " + month + " năm " + year
}

// Full tells whether day, month and year are all known.
func (d Date) Full() bool { return d.Day > 0 && d.Month > 0 && d.Year > 0 }

func (d Date) valid() bool {
	month, year := d.Month, d.Year
	if month == 0 {
		month = 1
	}
	if year == 0 {
		year = 2000 // a leap year: 29 February may still come true
	}
	t := time.Date(year, time.Month(month), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
	return d.Day >= 0 && d.Month >= 0 && d.Year >= 0 && d.Year < 10_000 &&
		t.Day() == max(d.Day, 1) && int(t.Month()) == month
}

func (d Date) before(e Date) bool {
	return d.Year*10000+d.Month*100+d.Day < e.Year*10000+e.Month*100+e.Day
}

// blank stands where a number or a part of the date is still to be filled in.
const blank = "…"

// Urgency is the degree of urgency (mức độ khẩn), stamped in a red box.
type Urgency int

// The degrees, by rising urgency.
const (
	Ordinary   Urgency = iota
	Urgent             // KHẨN, box 20×8 mm
	VeryUrgent         // THƯỢNG KHẨN, box 40×8 mm
	Express            // HỎA TỐC, box 30×8 mm
)

var urgencies = [...]struct {
	word  string
	width float64 // of the box, mm
}{Ordinary: {}, Urgent: {"KHẨN", 20}, VeryUrgent: {"THƯỢNG KHẨN", 40}, Express: {"HỎA TỐC", 30}}

// String gives the word of the stamp, "" for Ordinary.
func (u Urgency) String() string {
	if u < 0 || int(u) >= len(urgencies) {
		return ""
	}
	return urgencies[u].word
}

// A Recipient is one line of "Nơi nhận".
type Recipient struct {
	Name string // "Các đơn vị trực thuộc Sở"
	Role string // in brackets after the name: "thực hiện", "b/c"; may be empty
}

// An Appendix (phụ lục) starts on a page of its own and is numbered on its own.
type Appendix struct {
	Title     string // in ordinary capitals; printed in capitals
	Landscape bool   // for wide tables
	Body      []Block
}

// Authority is in whose stead the signer signs (quyền hạn ký).
//
// Source: Decree 30/2020, Điều 13; Phụ lục I, phần I, mục II.7.
type Authority string

// The authorities; the zero value is the head who signs himself, or the last post of a chain.
const (
	ForHead      Authority = "KT."  // ký thay: a deputy for the head
	ByOrder      Authority = "TL."  // thừa lệnh: a head of office by order
	Delegated    Authority = "TUQ." // thừa ủy quyền: by written delegation, for a time
	ForWhole     Authority = "TM."  // thay mặt: for a collective
	ActingAsHead Authority = "Q."   // quyền: acting head
)

// A Post is one line above the signer's name: "KT. GIÁM ĐỐC", then "PHÓ GIÁM ĐỐC".
type Post struct {
	Authority Authority
	Title     string // "Giám đốc"
}

// A Signature says who signs. Posts is the chain from the one in whose stead it is signed down to
// the signer's own: {KT. Giám đốc}, {Phó Giám đốc}.
type Signature struct {
	Posts      []Post
	Name       string // họ và tên, without titles and degrees
	Delegation string // number and symbol of the written delegation; needed for TUQ.
	ValidTo    Date   // its last day; needed for TUQ.
}

// A Run is a stretch of text in one style.
type Run struct {
	Text         string
	Bold, Italic bool
}

// Text makes the runs of plain text.
func Text(s string) []Run { return []Run{{Text: s}} }

// A Block is one piece of the body: [Heading], [Paragraph], [List] or [Table].
type Block interface{ block() }

// A Heading has a number and a title on a line of its own: level 1 "I. TÌNH HÌNH CHUNG", level 2
// "1. Công tác chỉ đạo", level 3 "a) Văn phòng Sở". The number is counted here.
type Heading struct {
	Level int // 1–3
	Title string
}

// A Paragraph is running text. With Level 2 or 3 it takes the next number of that level ("2. …",
// "b) …") without being a title.
type Paragraph struct {
	Text  []Run
	Level int // 0, 2 or 3
	Align Align
}

// A List is clauses with dashes; those inside an item have plus signs.
type List struct{ Items []Item }

// An Item is one clause of a list.
type Item struct {
	Text  []Run
	Items []Item // one level more at most
}

// A Table has lines around every cell. Its head is repeated on every page it runs over; no row is
// torn by the end of a page unless it is taller than one.
type Table struct {
	Columns []Column
	Head    []Row
	Rows    []Row
}

// A Column gives its cells a width and an alignment.
type Column struct {
	Width float64 // mm; 0 shares what the others leave
	Align Align
}

// A Row is one line of a table. Cells that another one spans over are left out, as in HTML.
type Row struct {
	Cells []Cell
	Total bool // a line of totals: bold, never first on a page
}

// A Cell may span columns, and rows of the head.
type Cell struct {
	Text  []Run
	Span  int // columns; 0 = 1
	Down  int // rows, in the head only; 0 = 1
	Align Align
}

// Align is where text stands between its margins.
type Align int

// The alignments. ByStyle is what the place asks for: justified text, the column's alignment, a
// centred head.
const (
	ByStyle Align = iota
	Left
	Center
	Right
	Justify
)

func (Heading) block()   {}
func (Paragraph) block() {}
func (List) block()      {}
func (Table) block()     {}

// Draft tells whether the paper has no number yet and is marked so.
func (d *Document) Draft() bool { return d.Number == 0 }

// Title names the paper for a list of files: "Báo cáo tình hình …", "Công văn về việc …".
func (d *Document) Title() string {
	if d.Type == "" {
		return clean("Công văn về việc " + d.Abstract)
	}
	return clean(d.typeName() + " " + d.Abstract)
}

// Reference is number and symbol: "05/BC-SGDĐT", or "…/BC-SGDĐT" before a number is given.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục II.3.
func (d *Document) Reference() string {
	n := blank
	if d.Number > 0 {
		n = fmt.Sprintf("%02d", d.Number)
	}
	return n + "/" + clean(d.Symbol)
}

// typeName is the type in ordinary capitals, however it was given: "Báo cáo".
func (d *Document) typeName() string {
	if d.Type == "" {
		return "Công văn"
	}
	t := clean(d.Type)
	if t == strings.ToUpper(t) {
		t = strings.ToLower(t)
	}
	r, n := utf8.DecodeRuneInString(t)
	return string(unicode.ToUpper(r)) + t[n:]
}
