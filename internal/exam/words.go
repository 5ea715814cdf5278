package exam

import "bangvang/internal/base/audit"

// Words say what this capability writes into the log.
func Words() audit.Words {
	return audit.Words{
		Title: "Kỳ thi",
		Actions: map[string]string{
			"exam.load": "Nạp bộ dữ liệu kỳ thi", "exam.copy": "Tạo kỳ thi từ kỳ thi trước", "exam.save": "Sửa thông tin kỳ thi", "exam.publish": "Đưa kỳ thi ra trang công khai",
			"exam.remove": "Xóa kỳ thi đang soạn", "exam.current": "Chọn kỳ thi hiện hành", "exam.phase": "Đổi giai đoạn", "exam.phase.enter": "Chuyển giai đoạn theo lịch",
			"exam.news": "Sửa điểm mới", "exam.news.remove": "Bỏ điểm mới", "exam.news.order": "Xếp lại điểm mới",
			"exam.scheme": "Sửa chương trình thi", "exam.subject": "Sửa môn thi", "exam.paper": "Sửa bài thi", "exam.language": "Sửa ngoại ngữ",
			"exam.scheme.remove": "Bỏ chương trình thi", "exam.subject.remove": "Bỏ môn thi", "exam.paper.remove": "Bỏ bài thi", "exam.language.remove": "Bỏ ngoại ngữ",
			"exam.rooms": "Sửa phòng thi", "exam.roster": "Sửa số thí sinh đăng ký", "exam.site": "Sửa điểm thi", "exam.site.status": "Đổi tình trạng điểm thi",
			"exam.round": "Sửa đợt thi", "exam.sitting": "Sửa buổi thi", "exam.sitting.cancel": "Ghi buổi thi không tổ chức", "exam.sitting.remove": "Xóa buổi thi",
		},
		Kinds:  map[string]string{"exam": "Kỳ thi", "exam.news": "Điểm mới", "exam.site": "Điểm thi", "exam.timetable": "Lịch thi"},
		Fields: map[string]string{"exam": "kỳ thi", "from": "từ", "before": "trước đó"},
	}
}
