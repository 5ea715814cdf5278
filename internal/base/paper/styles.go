package paper

// mm is a millimetre in points.
const mm = 72 / 25.4

// The page. Source: Decree 30/2020, Phụ lục I, phần I, mục I: A4, margins top and bottom 20–25 mm,
// left 30–35 mm, right 15–20 mm; the page number stands in the top margin.
const (
	pageShort    = 210 * mm
	pageLong     = 297 * mm
	marginTop    = 20 * mm
	marginBottom = 20 * mm
	marginLeft   = 30 * mm
	marginRight  = 20 * mm
	headerTop    = 10 * mm // upper edge of the page number
)

// textWidth is what the margins leave.
func textWidth(landscape bool) float64 {
	if landscape {
		return pageLong - marginLeft - marginRight
	}
	return pageShort - marginLeft - marginRight
}

// A style is how one element of the form is set, in both formats: the DOCX has it as a style by
// its name, the PDF is laid out by it. Space stands before a paragraph only, so that nobody's
// rule of adding or merging two spaces matters.
type style struct {
	id, name     string // of the Word style
	size         float64
	bold, italic bool
	align        Align
	first        float64 // first-line indent, points; negative hangs
	left, right  float64 // indents, points
	before       float64 // space above, points
	line         float64 // line spacing in single lines; 0 = 1
	keepNext     bool    // stays on the page of what follows
	outline      int     // level in the navigation pane; 0 = none
	red          bool
}

const (
	bodyIndent = 12.7 * mm
	bodyBefore = 6.
	bodyLine   = 1.1
)

// The elements. Source of sizes: Decree 30/2020, Phụ lục I, phần I, mục V; domain.md 4.2. Where
// the form leaves a range, the head takes 12 and 13 (a long name of an office then stands on one
// line beside the Quốc hiệu) and everything below it 14.
var (
	styleNational   = &style{id: "QuocHieu", name: "Quốc hiệu", size: 12, bold: true, align: Center}
	styleMotto      = &style{id: "TieuNgu", name: "Tiêu ngữ", size: 13, bold: true, align: Center}
	styleGoverning  = &style{id: "CoQuanChuQuan", name: "Cơ quan chủ quản", size: 12, align: Center}
	styleIssuing    = &style{id: "CoQuanBanHanh", name: "Cơ quan ban hành", size: 12, bold: true, align: Center}
	styleNumber     = &style{id: "SoKyHieu", name: "Số, ký hiệu", size: 13, align: Center, before: 6}
	stylePlace      = &style{id: "DiaDanhNgayThang", name: "Địa danh, ngày tháng", size: 13, italic: true, align: Center, before: 6}
	styleAbout      = &style{id: "TrichYeuCongVan", name: "Trích yếu công văn", size: 12, align: Center, before: 6}
	styleUrgency    = &style{id: "DauChiMucDoKhan", name: "Dấu chỉ mức độ khẩn", size: 13, bold: true, align: Center, red: true}
	styleBoxed      = &style{id: "ChiDanLuuHanh", name: "Chỉ dẫn lưu hành", size: 13, bold: true, align: Center}
	styleType       = &style{id: "TenLoai", name: "Tên loại văn bản", size: 14, bold: true, align: Center, before: 18, keepNext: true}
	styleAbstract   = &style{id: "TrichYeu", name: "Trích yếu nội dung", size: 14, bold: true, align: Center, keepNext: true}
	styleTo         = &style{id: "KinhGui", name: "Kính gửi", size: 14, align: Left, before: 14, keepNext: true}
	styleToLine     = &style{id: "KinhGuiDong", name: "Kính gửi - dòng", size: 14, align: Left, before: 3, keepNext: true}
	styleBasis      = &style{id: "CanCu", name: "Căn cứ", size: 14, italic: true, align: Justify, first: bodyIndent, before: bodyBefore, line: bodyLine}
	styleBody       = &style{id: "NoiDung", name: "Nội dung văn bản", size: 14, align: Justify, first: bodyIndent, before: bodyBefore, line: bodyLine}
	styleHeading1   = &style{id: "DeMuc1", name: "Đề mục I", size: 14, bold: true, align: Justify, first: bodyIndent, before: 8, line: bodyLine, keepNext: true, outline: 1}
	styleHeading2   = &style{id: "DeMuc2", name: "Đề mục 1", size: 14, bold: true, align: Justify, first: bodyIndent, before: bodyBefore, line: bodyLine, keepNext: true, outline: 2}
	styleHeading3   = &style{id: "DeMuc3", name: "Đề mục a", size: 14, align: Justify, first: bodyIndent, before: bodyBefore, line: bodyLine, keepNext: true, outline: 3}
	styleDash       = &style{id: "GachDauDong", name: "Gạch đầu dòng", size: 14, align: Justify, first: bodyIndent, before: bodyBefore, line: bodyLine}
	stylePlus       = &style{id: "CongDauDong", name: "Cộng đầu dòng", size: 14, align: Justify, first: bodyIndent + 7*mm, before: bodyBefore, line: bodyLine}
	styleEnd        = &style{id: "KetThuc", name: "Kết thúc văn bản", size: 14, align: Right, before: bodyBefore, keepNext: true}
	styleTableHead  = &style{id: "BangTieuDe", name: "Bảng - tiêu đề cột", size: 12, bold: true, align: Center, keepNext: true}
	styleTableCell  = &style{id: "BangNoiDung", name: "Bảng - nội dung", size: 12, align: Left}
	stylePost       = &style{id: "ChucVu", name: "Quyền hạn, chức vụ người ký", size: 14, bold: true, align: Center, keepNext: true}
	styleSigner     = &style{id: "HoTen", name: "Họ tên người ký", size: 14, bold: true, align: Center, before: 82}
	styleCopies     = &style{id: "NoiNhan", name: "Nơi nhận", size: 12, bold: true, italic: true, align: Left, keepNext: true}
	styleCopy       = &style{id: "NoiNhanDong", name: "Nơi nhận - dòng", size: 11, align: Left, left: 2 * mm, first: -2 * mm}
	styleAppendix   = &style{id: "PhuLuc", name: "Phụ lục", size: 14, bold: true, align: Center, keepNext: true, outline: 1}
	styleAppTitle   = &style{id: "TenPhuLuc", name: "Tên phụ lục", size: 14, bold: true, align: Center, keepNext: true}
	styleAppendedTo = &style{id: "KemTheo", name: "Kèm theo văn bản", size: 14, italic: true, align: Center, keepNext: true}
	stylePage       = &style{id: "SoTrang", name: "Số trang", size: 13, align: Center}
	styleRule       = &style{id: "DuongKe", name: "Đường kẻ", size: 2, align: Center, before: 2.5, keepNext: true}
	styleGap        = &style{id: "KhoangTrong", name: "Khoảng trống", size: 2, align: Center}
)

// styles lists them all, in the order the DOCX writes them.
var styles = []*style{
	styleNational, styleMotto, styleGoverning, styleIssuing, styleNumber, stylePlace, styleAbout, styleUrgency, styleBoxed,
	styleType, styleAbstract, styleTo, styleToLine, styleBasis, styleBody, styleHeading1, styleHeading2, styleHeading3,
	styleDash, stylePlus, styleEnd, styleTableHead, styleTableCell, stylePost, styleSigner, styleCopies, styleCopy,
	styleAppendix, styleAppTitle, styleAppendedTo, stylePage, styleRule, styleGap,
}

func (s *style) lineHeight() float64 {
	if s.line == 0 {
		return s.size * singleLine
	}
	return s.size * singleLine * s.line
}
