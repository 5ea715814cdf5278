package paper

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// Check refuses what the form forbids or cannot do without. It returns fault.Invalid with every
// wrong field at once, named as the fields of Document in snake case ("issuing", "signer_name",
// "body"), or nil. A draft, which has no number yet, may leave the date open; everything else must
// stand, because a draft is what the signer reads.
//
// Source: Decree 30/2020, Điều 8, 13; Phụ lục I; domain.md 4.2–4.4.
func (d *Document) Check() error {
	c := new(checker)
	c.head(d)
	c.signature(d)
	c.body("body", "Nội dung", d.Body)
	for i, a := range d.Appendices {
		name := "Phụ lục"
		if len(d.Appendices) > 1 {
			name += " " + roman(i+1)
		}
		c.need("appendices", a.Title, name+" chưa có tên.")
		c.letters("appendices", name, a.Title)
		c.body("appendices", name, a.Body)
	}
	return fault.Fields(c.fields...)
}

// A checker collects the wrong fields, one message each.
type checker struct{ fields []fault.Field }

func (c *checker) wrong(field, format string, args ...any) {
	if !slices.ContainsFunc(c.fields, func(f fault.Field) bool { return f.Name == field }) {
		c.fields = append(c.fields, fault.Field{Name: field, Message: fmt.Sprintf(format, args...)})
	}
}

func (c *checker) need(field, value, message string) {
	if clean(value) == "" {
		c.wrong(field, "%s", message)
	}
}

// The limits of the registry an issued paper goes into. Source: Decree 30/2020, Phụ lục VI.
const (
	maxSymbol   = 30
	maxAbstract = 500
	maxNumber   = 99_999_999
)

var symbolForm = regexp.MustCompile(`^[\p{L}\p{N}&.]+(-[\p{L}\p{N}&.]+)*$`)

func (c *checker) head(d *Document) {
	c.need("issuing", d.Organisation.Issuing, "Thiếu tên cơ quan ban hành.")
	c.need("place", d.Place, "Thiếu địa danh, ví dụ Lai Châu.")
	if d.Number < 0 || d.Number > maxNumber {
		c.wrong("number", "Số văn bản phải từ 1 trở lên; để trống khi văn thư chưa cấp số.")
	}
	switch symbol := clean(d.Symbol); {
	case symbol == "":
		c.wrong("symbol", "Thiếu ký hiệu, ví dụ BC-SGDĐT.")
	case !symbolForm.MatchString(symbol):
		c.wrong("symbol", "Ký hiệu “%s” không đúng dạng. Hãy ghi các nhóm chữ cách nhau bằng dấu gạch nối, không có khoảng trắng, không có số và dấu “/”, ví dụ BC-SGDĐT.", clip(symbol))
	case utf8.RuneCountInString(symbol) > maxSymbol:
		c.wrong("symbol", "Ký hiệu dài quá %d ký tự.", maxSymbol)
	}
	switch {
	case !d.Date.valid():
		c.wrong("date", "Ngày %d tháng %d năm %d không có thật.", d.Date.Day, d.Date.Month, d.Date.Year)
	case d.Number > 0 && !d.Date.Full():
		c.wrong("date", "Văn bản đã có số thì phải ghi đủ ngày, tháng, năm ban hành.")
	}
	c.need("abstract", d.Abstract, "Thiếu trích yếu nội dung.")
	abstract := clean(d.Abstract)
	if utf8.RuneCountInString(abstract) > maxAbstract {
		c.wrong("abstract", "Trích yếu dài quá %d ký tự. Hãy viết ngắn gọn.", maxAbstract)
	}
	if aboutPrefix.MatchString(abstract) {
		c.wrong("abstract", "Hãy bỏ “V/v” ở đầu trích yếu: chữ này được in sẵn.")
	}
	if d.Urgency < Ordinary || d.Urgency > Express {
		c.wrong("urgency", "Mức độ khẩn chỉ có: khẩn, thượng khẩn, hỏa tốc.")
	}
	if utf8.RuneCountInString(clean(d.Circulation)) > 30 {
		c.wrong("circulation", "Chỉ dẫn phạm vi lưu hành dài quá 30 ký tự. Hãy ghi như “Lưu hành nội bộ”.")
	}
	if d.Type == "" && len(d.Addressees) == 0 {
		c.wrong("addressees", "Công văn phải có nơi “Kính gửi”.")
	}
	if slices.ContainsFunc(d.Addressees, func(s string) bool { return unmarked(s) == "" }) {
		c.wrong("addressees", "Có dòng “Kính gửi” để trống. Hãy điền hoặc bỏ dòng đó.")
	}
	if slices.ContainsFunc(d.Bases, func(s string) bool { return unmarked(s) == "" }) {
		c.wrong("bases", "Có căn cứ để trống. Hãy điền hoặc bỏ dòng đó.")
	}
	if slices.ContainsFunc(d.Recipients, func(r Recipient) bool { return unmarked(r.Name) == "" }) {
		c.wrong("recipients", "Có dòng “Nơi nhận” để trống. Hãy điền hoặc bỏ dòng đó.")
	}
	if len(d.Recipients)+len(d.Addressees) == 0 {
		c.wrong("recipients", "Thiếu nơi nhận.")
	}
	c.need("archive", d.Archive, "Thiếu nơi lưu, ví dụ VT, VP.")
	for _, f := range []struct{ field, name, value string }{
		{"governing", "Cơ quan chủ quản", d.Organisation.Governing},
		{"issuing", "Cơ quan ban hành", d.Organisation.Issuing},
		{"symbol", "Ký hiệu", d.Symbol},
		{"place", "Địa danh", d.Place},
		{"type", "Tên loại", d.Type},
		{"abstract", "Trích yếu", d.Abstract},
		{"circulation", "Chỉ dẫn phạm vi lưu hành", d.Circulation},
		{"addressees", "Kính gửi", d.Salutation + strings.Join(d.Addressees, "")},
		{"bases", "Căn cứ", strings.Join(d.Bases, "")},
		{"archive", "Nơi lưu", d.Archive},
	} {
		c.letters(f.field, f.name, f.value)
	}
	for _, r := range d.Recipients {
		c.letters("recipients", "Nơi nhận", r.Name+r.Role)
	}
}

var aboutPrefix = regexp.MustCompile(`(?i)^v/v([ :]|$)`)

// letters refuses what the typeface cannot set: a paper with empty boxes in it is no paper.
func (c *checker) letters(field, name, s string) {
	if !utf8.ValidString(s) {
		c.wrong(field, "%s có chữ bị hỏng mã. Hãy gõ lại.", name)
		return
	}
	for _, r := range text.NFC(s) {
		if r == '\n' || r == '\r' || r == '\t' || tinos().has(r) {
			continue
		}
		if unicode.IsControl(r) {
			c.wrong(field, "%s có ký tự điều khiển không nhìn thấy (U+%04X). Hãy gõ lại đoạn đó.", name, r)
		} else {
			c.wrong(field, "%s có ký tự “%c” (U+%04X) mà phông chữ của văn bản không có. Hãy thay bằng chữ.", name, r, r)
		}
		return
	}
}

func (c *checker) signature(d *Document) {
	s := d.Signature
	if len(s.Posts) == 0 {
		c.wrong("signer_posts", "Thiếu chức vụ người ký.")
	}
	delegated := false
	for i, p := range s.Posts {
		last := i == len(s.Posts)-1
		c.need("signer_posts", p.Title, "Thiếu chức vụ người ký.")
		c.letters("signer_posts", "Chức vụ người ký", p.Title)
		switch p.Authority {
		case "", ActingAsHead:
			if !last {
				c.wrong("signer_posts", "Trước “%s” phải ghi quyền hạn ký (KT., TL., TUQ. hoặc TM.) vì bên dưới còn chức vụ khác.", upper(p.Title))
			}
		case ForHead, ByOrder, Delegated, ForWhole:
			if last {
				c.wrong("signer_posts", "Ký “%s %s” thì dòng dưới phải ghi chức vụ của chính người ký.", p.Authority, upper(p.Title))
			}
			if delegated {
				c.wrong("signer_posts", "Người được ủy quyền không được ủy quyền lại hay giao người khác ký thay (Nghị định 30/2020/NĐ-CP, Điều 13).")
			}
			delegated = delegated || p.Authority == Delegated
		default:
			c.wrong("signer_posts", "Quyền hạn ký “%s” không có trong thể thức. Chỉ dùng KT., TL., TUQ., TM. hoặc Q.", clip(string(p.Authority)))
		}
	}
	if delegated {
		c.need("delegation", s.Delegation, "Ký thừa ủy quyền (TUQ.) thì phải có số, ký hiệu văn bản ủy quyền.")
		switch {
		case !s.ValidTo.Full() || !s.ValidTo.valid():
			c.wrong("delegation_valid_to", "Ký thừa ủy quyền (TUQ.) thì phải ghi ngày hết hạn ủy quyền.")
		case d.Date.Full() && s.ValidTo.before(d.Date):
			c.wrong("delegation_valid_to", "Ủy quyền hết hạn %s, trước ngày của văn bản. Hãy đổi người ký hoặc gia hạn ủy quyền.", s.ValidTo)
		}
	}
	name := clean(s.Name)
	c.need("signer_name", name, "Thiếu họ và tên người ký.")
	c.letters("signer_name", "Họ và tên người ký", name)
	if title := titleBefore(name); title != "" {
		c.wrong("signer_name", "Trước họ tên người ký không ghi học hàm, học vị, danh hiệu hay cách xưng hô: hãy bỏ “%s”.", title)
	}
}

// titleBefore finds what the form does not let stand before the signer's name.
//
// Source: Decree 30/2020, Phụ lục I, phần I, mục II.7.
func titleBefore(name string) string {
	if t := titles.FindString(name); t != "" {
		return strings.TrimSpace(t)
	}
	// Ông and Bà are family names too (Ông Ích Khiêm): a title only before another family name.
	words := strings.Fields(text.Fold(name))
	if len(words) > 2 && (words[0] == "ong" || words[0] == "ba") && familyNames[words[1]] {
		return strings.Fields(name)[0]
	}
	return ""
}

var titles = regexp.MustCompile(`(?i)^(?:(?:(?:pgs|gs|tskh|ts|ths|thạc sĩ|thạc sỹ|tiến sĩ|tiến sỹ|giáo sư|phó giáo sư|cử nhân|kỹ sư|bác sĩ|luật sư|ngưt|ngnd|nhà giáo|đ/c|đc)(?:[.,:]\s*|\s+))|(?:cn|ks|bs|ls)\.\s*|đồng chí\s+)+`)

// familyNames are common ones of the province and the country, folded.
var familyNames = func() map[string]bool {
	m := map[string]bool{}
	for n := range strings.FieldsSeq("nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh mai dao doan luong truong " +
		"ha cao lai luu phung tong chu ta to quach trieu kieu nong lo vang giang sung tan mua thao cu hang ma cheo phu tao lu quang deo ca cam " +
		"ly chang ho po chu vi ha khoang pan thi vuong la lau le nghiem thai van") {
		m[n] = true
	}
	return m
}()

// What can still be read on a sheet lying on its side: the number of columns, and their widths in mm.
const (
	maxColumns = 20
	minColumn  = 5
	maxColumn  = 250
)

func (c *checker) body(field, name string, body []Block) {
	if len(body) == 0 {
		c.wrong(field, "%s còn trống.", name)
		return
	}
	for i, b := range body {
		switch b := b.(type) {
		case Heading:
			if b.Level < 1 || b.Level > 3 {
				c.wrong(field, "%s có đề mục cấp %d; chỉ có ba cấp: I., 1. và a).", name, b.Level)
			}
			c.need(field, b.Title, name+" có đề mục chưa có tên.")
			c.letters(field, name, b.Title)
			if i == len(body)-1 {
				c.wrong(field, "%s kết thúc bằng đề mục “%s” mà không có nội dung bên dưới.", name, clip(b.Title))
			}
		case Paragraph:
			if b.Level != 0 && b.Level != 2 && b.Level != 3 {
				c.wrong(field, "%s có khoản, điểm đánh số cấp %d; chỉ có cấp 2 (1.) và cấp 3 (a).", name, b.Level)
			}
			c.runs(field, name, b.Text)
			if len(trimmed(b.Text)) == 0 {
				c.wrong(field, "%s có đoạn để trống. Hãy điền hoặc bỏ đoạn đó.", name)
			}
		case List:
			c.items(field, name, b.Items, 1)
		case Table:
			c.table(field, name, b)
		default:
			c.wrong(field, "%s có phần không in được.", name)
		}
	}
}

func (c *checker) runs(field, name string, runs []Run) {
	for _, r := range runs {
		c.letters(field, name, r.Text)
	}
}

func (c *checker) items(field, name string, items []Item, depth int) {
	if len(items) == 0 || depth > 2 {
		if depth == 1 {
			c.wrong(field, "%s có danh sách không có dòng nào.", name)
		} else if len(items) > 0 {
			c.wrong(field, "%s có danh sách nhiều hơn hai cấp gạch đầu dòng.", name)
		}
		return
	}
	for _, it := range items {
		c.runs(field, name, it.Text)
		if len(trimmed(it.Text)) == 0 {
			c.wrong(field, "%s có gạch đầu dòng để trống. Hãy điền hoặc bỏ dòng đó.", name)
		}
		c.items(field, name, it.Items, depth+1)
	}
}

func (c *checker) table(field, name string, t Table) {
	switch {
	case len(t.Columns) == 0 || len(t.Columns) > maxColumns:
		c.wrong(field, "%s có bảng %d cột; bảng phải có từ 1 đến %d cột.", name, len(t.Columns), maxColumns)
		return
	case len(t.Rows) == 0:
		c.wrong(field, "%s có bảng không có dòng số liệu nào.", name)
		return
	case slices.ContainsFunc(t.Columns, func(col Column) bool {
		return col.Width != 0 && (col.Width < minColumn || col.Width > maxColumn)
	}):
		c.wrong(field, "%s có bảng với cột hẹp hơn %d mm hoặc rộng hơn %d mm.", name, minColumn, maxColumn)
		return
	}
	if bad := place(t, func(_ int, _ Row, _ int, cell Cell) { c.runs(field, name, cell.Text) }); bad >= 0 {
		c.wrong(field, "%s có bảng mà dòng thứ %d không đủ hoặc thừa ô so với %d cột.", name, bad+1, len(t.Columns))
	}
}
