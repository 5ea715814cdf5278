package inspect

import (
	"errors"
	"fmt"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A refused names why a file cannot be accepted. It travels from the child as it stands.
type refused string

func (r refused) Error() string { return "file refused: " + string(r) }

const (
	refusedLarge    refused = "large"    // more bytes than accepted
	refusedEmpty    refused = "empty"    // no bytes
	refusedType     refused = "type"     // not among the accepted types
	refusedCut      refused = "cut"      // its end is missing
	refusedDoubled  refused = "doubled"  // two formats in one
	refusedPassword refused = "password" // cannot be opened without a password
	refusedBroken   refused = "broken"   // its format is damaged
	refusedBomb     refused = "bomb"     // unpacks to far more than it is
	refusedPixels   refused = "pixels"   // more pixels than accepted
	refusedMacros   refused = "macros"   // an Office file with programs in it
	refusedSlow     refused = "slow"     // the child ran out of time
	refusedDied     refused = "died"     // the child ended otherwise than by an answer, most likely for lack of memory
)

// refusal puts a refused into words about this file; other errors pass.
func (in *Inspector) refusal(err error, name string, rep Report) error {
	var why refused
	if !errors.As(err, &why) {
		return err
	}
	kind := fault.Invalid
	if why == refusedLarge {
		kind = fault.TooLarge
	}
	return &fault.Error{Kind: kind, Message: "Tệp “" + shown(name) + "” " + in.sentence(why, rep), Err: err}
}

// sentence continues "Tệp “…” ".
func (in *Inspector) sentence(why refused, rep Report) string {
	switch why {
	case refusedLarge:
		return fmt.Sprintf("lớn hơn mức %s được nhận. Hãy giảm độ phân giải bản quét (300 dpi là đủ đọc) hoặc chia thành nhiều tệp rồi tải lại.", text.FormatBytes(in.o.Size))
	case refusedEmpty:
		return "không có nội dung. Hãy kiểm tra lại tệp trên máy rồi tải lên lần nữa."
	case refusedType:
		return "là " + rep.Type.Name() + ". " + advice(rep.Type, in.o.Accept)
	case refusedCut:
		return "bị thiếu phần cuối, có thể do lần tải trước bị ngắt. Hãy mở thử trên máy; nếu vẫn đọc được, hãy lưu lại thành tệp mới rồi tải lên."
	case refusedDoubled:
		return "vừa là " + rep.Type.Name() + " vừa chứa một tệp nén ẩn ở cuối, nên không được nhận. Hãy mở tệp, in lại thành PDF mới rồi tải lên."
	case refusedPassword:
		return "được đặt mật khẩu. Hãy gỡ mật khẩu (mở tệp, lưu lại không mật khẩu) rồi tải lại."
	case refusedBomb:
		return "bung ra quá lớn so với dung lượng của nó nên không được mở. Hãy mở tệp trên máy, bỏ phần không cần, lưu lại rồi tải lên."
	case refusedPixels:
		return "có quá nhiều điểm ảnh. Hãy quét hoặc lưu lại ở 300 dpi rồi tải lên."
	case refusedMacros:
		return "có chứa macro (đoạn chương trình). Hãy lưu lại dưới dạng " + rep.Type.Extension() + " không có macro, hoặc xuất ra PDF, rồi tải lên."
	case refusedSlow, refusedDied:
		return "quá phức tạp hoặc bị hỏng, nên chưa kiểm tra xong trong giới hạn cho phép. Hãy in lại thành PDF mới, hoặc chia nhỏ, rồi tải lên."
	}
	return "bị hỏng nên không đọc được. Hãy mở trên máy, lưu lại hoặc in thành PDF mới rồi tải lên."
}

// advice says what to do with a file of a type that is not accepted.
func advice(t Type, accept []Type) string {
	var names []string
	for _, a := range accept {
		names = append(names, a.Name())
	}
	want := "Ở đây nhận: " + strings.Join(names, ", ") + "."
	switch t {
	case Executable:
		return "Tệp này không được nhận và không được mở; nếu nhận từ người khác, hãy báo người quản trị. " + want
	case OLE:
		return "Hãy mở bằng Word hoặc Excel, gỡ mật khẩu nếu có, lưu lại dạng .docx hoặc .xlsx rồi tải lên. " + want
	case ODF, RTF, Text, PPTX, HTML:
		return "Hãy mở tệp và lưu lại dạng PDF hoặc .docx rồi tải lên. " + want
	case HEIC, WebP, GIF:
		return "Hãy lưu ảnh lại dạng JPEG rồi tải lên. " + want
	case ZIP, Archive:
		return "Hãy giải nén rồi tải từng tệp lên. " + want
	}
	return "Hãy kiểm tra lại tệp đã chọn. " + want
}

// shown is a file name fit for a sentence: no control or direction marks, not too long.
func shown(name string) string {
	if name = text.Excerpt(text.CleanInput(name), 80); name != "" {
		return name
	}
	return "không tên"
}

// warnings says what a person should look at before publishing.
func warnings(name string, r Report) []string {
	var w []string
	say := func(when bool, format string, args ...any) {
		if when {
			w = append(w, fmt.Sprintf(format, args...))
		}
	}
	say(r.Misnamed, "Tên tệp “%s” không khớp nội dung: đây là %s. Tệp được lưu theo nội dung thật.", shown(name), r.Type.Name())
	say((r.Pages > 0 || len(r.TextByPage) > 0) && !r.HasText(), "Không tìm thấy chữ trong tệp (có thể là bản quét), nên không tìm kiếm được theo nội dung. Nên tải kèm bản Word hoặc PDF có chữ.")
	say(r.HasText() && r.BlankPages > 0, "%d trong %d trang không có chữ đọc được (trang quét hoặc trang trắng).", r.BlankPages, r.Pages)
	say(r.TextEncoding != "", "Chữ trong tệp dùng bảng mã cũ %s, đã chuyển sang Unicode để tìm kiếm. Hãy xem lại vài dòng.", r.TextEncoding)
	say(r.TextCut, "Tệp rất dài: chỉ phần đầu được đưa vào tìm kiếm.")
	say(r.Encrypted, "Tệp hạn chế in hoặc sao chép. Nên gỡ hạn chế để người đọc dùng được.")
	say(r.Macros, "Tệp có mã lệnh (JavaScript hoặc lệnh mở chương trình). Nên in lại thành PDF mới trước khi công bố.")
	say(len(r.ExternalLinks) > 0, "Khi mở, tệp tự tải nội dung từ nơi khác: %s. Hãy gỡ các liên kết này trước khi công bố.", listed(r.ExternalLinks))
	say(len(r.Embedded) > 0, "Trong tệp còn tệp khác: %s. Hãy kiểm tra có được phép công bố không.", listed(r.Embedded))
	say(r.Revisions, "Tệp còn dấu vết sửa chữa (Track Changes); người đọc sẽ thấy. Hãy chấp nhận hết thay đổi rồi lưu lại.")
	say(r.Comments, "Tệp còn ghi chú (Comments); người đọc sẽ thấy. Hãy xóa ghi chú rồi lưu lại.")
	say(r.Location, "Ảnh có ghi tọa độ nơi chụp (GPS). Hãy bỏ thông tin vị trí trước khi công bố.")
	return w
}

func listed(names []string) string {
	const few = 3
	s := make([]string, 0, few)
	for _, n := range names[:min(few, len(names))] {
		s = append(s, "“"+shown(n)+"”")
	}
	out := strings.Join(s, ", ")
	if more := len(names) - few; more > 0 {
		out += fmt.Sprintf(" và %d mục khác", more)
	}
	return out
}
