package paper

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A Template is the wording of a paper as an office keeps and edits it: plain text, a line each
// for what stands in the head, then the body. It names the fields the program fills in; it can
// leave out and repeat lines, and nothing else: there is no code in it.
//
//	// Ghi chú: dòng này không in ra.
//	Tên mẫu: Báo cáo buổi thi
//	Cơ quan ban hành: Sở Giáo dục và Đào tạo
//	Ký hiệu: BC-SGDĐT
//	Địa danh: Lai Châu
//	Loại: Báo cáo
//	Trích yếu: Tình hình tổ chức {buổi}
//	Kính gửi: Văn phòng Bộ Giáo dục và Đào tạo
//	Chức vụ: KT. Giám đốc
//	Chức vụ: Phó Giám đốc
//	Người ký: {người_ký}
//	Lưu: VT, VP
//	---
//	# Số liệu buổi thi
//	Đến **{giờ}** có {điểm_thi} điểm thi báo cáo:
//	:bảng
//	| Môn thi | Dự thi |
//	|: trái 60 | phải |
//	:với môn
//	| {tên} | {dự_thi} |
//	:hết
//	|= Tổng cộng | {tổng.dự_thi} |
//	:hết
//	:nếu sự_cố
//	# Sự cố
//	:với sự_cố
//	- {giờ}: {mô_tả};
//	:hết
//	:khác
//	Không có sự cố.
//	:hết
//
// The head. Each line is "Key: value"; the keys are listed in template_head.go. A line that comes
// out empty is left out. In the names of the offices and the abstract "|" begins a new line.
//
// The body. "#", "##", "###" are headings I., 1. and a); "1." and "a)" before a paragraph number it
// without making it a title (whatever number is typed, it is counted anew); "-" and "+" are clauses;
// every other line is a paragraph. "**bold**", "*italic*". ":giữa …" and ":phải …" set a line
// centred or to the right. A backslash takes the meaning from the sign after it.
//
// Blocks end with ":hết": ":nếu field" with ":khác" and ":nếu không field" (empty text, 0, no
// rows and false are "no"); ":với field" repeats its lines for every row, whose fields are then
// found first, and "{stt}" counts them; ":bảng"; ":phụ lục: title" and ":phụ lục ngang: title".
//
// Rows of a table begin with "|". Those before the line "|:" are its head; that line gives each
// column "trái", "giữa" or "phải" and, if wanted, its width in mm. "|=" is a line of totals. In a
// row "<" joins the cell to its left and, in the head, "^" joins it to the one above.
//
// Fields are "{name}", "{name.part}"; "{{" is a brace. Whole numbers come with dots between the
// thousands; "{name:trơn}" gives the digits alone, "{name:hai số}" at least two of them, and
// "{name:hoa}" capitals.
type Template struct {
	name       string
	source     string
	head, body []node
}

// The limits of a template.
const (
	maxSource   = 200_000 // bytes
	maxDepth    = 8       // blocks in blocks
	maxTold     = 20      // mistakes told at once
	maxExecuted = 200_000 // lines a template may come to
)

// Name is what the template calls itself ("Tên mẫu").
func (t *Template) Name() string { return t.name }

// Source is the text the template was made of.
func (t *Template) Source() string { return t.source }

// A node is one line of a template, or a block with lines inside.
type node struct {
	line  int
	kind  kind
	key   string   // of a setting
	text  []part   // of a setting, heading, paragraph, item, appendix
	level int      // of a heading or a numbered paragraph
	align Align    // of a paragraph
	field []string // of a condition or loop
	not   bool     // of a condition
	body  []node   // of a block
	other []node   // after ":khác"

	table *tableNode
	cells []cellNode // of a row
	total bool       // of a row
	wide  bool       // of an appendix: on its side
}

type kind int

const (
	aSetting kind = iota
	aHeading
	aParagraph
	aDash
	aPlus
	aRow
	anIf
	anEach
	aTable
	anAppendix
)

type tableNode struct {
	columns []Column
	head    [][]cellNode
}

type cellNode struct {
	text       []part
	span, down int
}

// A part is literal text or a field, with its style.
type part struct {
	literal      string
	field        []string // nil for literal text
	format       string
	bold, italic bool
}

// ParseTemplate reads a template. It returns fault.Invalid with one field "template" for each
// mistake, saying the line and what to do, at most twenty.
func ParseTemplate(src string) (*Template, error) {
	p := &templateParser{}
	if len(src) > maxSource {
		return nil, fault.Fields(fault.Field{Name: templateField, Message: fmt.Sprintf("Mẫu dài quá %d KB.", maxSource/1000)})
	}
	if !utf8.ValidString(src) {
		return nil, fault.Fields(fault.Field{Name: templateField, Message: "Mẫu có chữ bị hỏng mã. Hãy gõ lại hoặc lưu tệp bằng mã Unicode (UTF-8)."})
	}
	t := &Template{source: src}
	p.lines = strings.Split(text.NFC(strings.ReplaceAll(src, "\r\n", "\n")), "\n")
	t.head = p.block(scopeHead, 0)
	t.body = p.block(scopeBody, 0)
	t.name = p.name
	if t.name == "" {
		p.wrong(1, "thiếu dòng “Tên mẫu: …” ở phần đầu")
	}
	if len(t.body) == 0 && len(p.fields) == 0 {
		p.wrong(len(p.lines), "thiếu nội dung. Sau phần đầu hãy ghi một dòng “---” rồi đến nội dung")
	}
	if err := fault.Fields(p.fields...); err != nil {
		return nil, err
	}
	return t, nil
}

const templateField = "template"
