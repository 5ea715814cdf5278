package richtext

import (
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/text"
)

// A loss is a kind of content that a Doc does not hold. A [Doc] tells how much of each was left
// out, because whoever pasted a text does not compare it word by word.
type loss int

const (
	lostPicture loss = iota
	lostEmbedded
	lostScript
	lostControl
	lostNavigation
	lostStruck
	lostHidden
	lostComment
	lostContents
	lostLink
	lostRows
	keptInserted // not lost, but somebody must decide about it
	losses
)

// lossWords tell a loss; %d is how often it was met.
var lossWords = [losses]string{
	lostPicture:    "Đã bỏ %d hình. Nếu cần, hãy đính kèm hình thành tệp riêng.",
	lostEmbedded:   "Đã bỏ %d nội dung nhúng (phim, âm thanh, trang khác). Nếu cần, hãy đính kèm thành tệp riêng.",
	lostScript:     "Đã bỏ %d đoạn mã chương trình.",
	lostControl:    "Đã bỏ %d ô nhập, nút bấm.",
	lostNavigation: "Đã bỏ %d khối điều hướng của trang nguồn.",
	lostStruck:     "Đã bỏ %d chỗ chữ bị xóa hoặc gạch ngang",
	lostHidden:     "Đã bỏ %d chỗ chữ ẩn",
	lostComment:    "Đã bỏ %d lời nhận xét bên lề.",
	lostContents:   "Đã bỏ %d dòng mục lục của tệp nguồn; mục lục mới được lập từ các đề mục.",
	lostLink:       "Đã bỏ %d liên kết không mở được từ trang web; chữ của liên kết vẫn còn",
	lostRows:       "%d bảng có nhiều hơn 3.000 hàng nên được đổi thành các đoạn văn.",
	keptInserted:   "Đã giữ %d chỗ chữ thêm mới mà tệp nguồn còn theo dõi. Hãy kiểm tra các chỗ này đã được duyệt chưa",
}

// lossTally counts losses, with the first words of some to find the place by.
type lossTally [losses]struct {
	count int
	shown []string
}

// lose counts a loss; words, when there are any, are what was lost.
func (t *lossTally) lose(l loss, words string) {
	of := &t[l]
	of.count++
	if words = text.CleanInput(strings.Join(strings.Fields(words), " ")); words != "" && len(of.shown) < 3 {
		of.shown = append(of.shown, "“"+text.Excerpt(words, 60)+"”")
	}
}

// notes tell the losses, each kind in one sentence or two.
func (t *lossTally) notes() (all []string) {
	for l, of := range t {
		if of.count == 0 {
			continue
		}
		said := fmt.Sprintf(lossWords[l], of.count)
		if !strings.HasSuffix(said, ".") {
			if len(of.shown) > 0 {
				said += ": " + strings.Join(slices.Compact(of.shown), ", ")
				if of.count > len(of.shown) {
					said += " …"
				}
			}
			said += "."
		}
		all = append(all, said)
	}
	return all
}
