package reports

import (
	"bangvang/internal/base/audit"
	"bangvang/internal/reports/rules"
)

// Words say what this capability writes into the log, its workflow steps by their buttons.
func Words() audit.Words {
	w := audit.Words{
		Title: "Báo cáo buổi thi",
		Actions: map[string]string{
			"report.submit": "Gửi báo cáo", "report.dictate": "Nhập báo cáo đọc qua điện thoại", "report.correct": "Nhập bản sửa thay điểm thi", "report.resolve": "Xác định số liệu đúng",
			"report.settings": "Sửa thời hạn báo cáo", "report.words": "Sửa danh mục của báo cáo", "report.contact": "Sửa số điện thoại của điểm thi", "report.call": "Gọi điểm thi",
			"report.incident": "Báo sự cố", "report.incident.settle": "Ghi sự cố đã xử lý xong", "report.province.compile": "Tổng hợp số liệu",
			"report.scope": "Quyết định phạm vi công bố",
		},
		Kinds: map[string]string{kindReport: "Báo cáo của điểm thi", kindProvince: "Số liệu tổng hợp", "report.settings": "Quy định báo cáo", "report.incident": "Sự cố", "exam.site": "Điểm thi",
			"report.scope": "Phạm vi công bố"},
		Fields: map[string]string{
			"from": "từ bước", "to": "sang bước", "list": "danh mục", "rows": "số dòng", "category": "loại",
			"attendance": "hạn lượt 1 (phút)", "closing": "hạn lượt 2 (phút)", "incident": "hạn ghi sự cố (phút)", "morning": "hạn báo cáo buổi sáng", "afternoon": "hạn báo cáo buổi chiều",
			"final": "hạn báo cáo kết thúc coi thi", "remind": "nhắc trước (phút)", "sheet": "danh sách gọi trước (phút)", "chair": "báo Chủ tịch sau (phút)", "rise": "ngưỡng tăng (phần nghìn)",
			"reasons": "lý do vắng", "violations": "thí sinh vi phạm", "staff_violations": "cán bộ vi phạm", "incidents": "sự cố", "sites": "tên điểm thi",
		},
		Values: map[string]map[string]string{"from": {}, "to": {}, "category": {},
			"list": {string(AbsenceWords): "lý do vắng", string(StaffWords): "vi phạm của cán bộ", string(IncidentWords): "loại sự cố"}},
	}
	for _, word := range DefaultWords().Incident {
		w.Values["category"][word.Code] = word.Name
	}
	for _, part := range []rules.Part{rules.Closing, rules.Attendance} {
		t := siteTable(part)
		for state, title := range t.States {
			w.Values["from"][string(state)], w.Values["to"][string(state)] = title, title
		}
		for _, step := range t.Steps {
			w.Actions[t.Name+"."+step.Do] = step.Title
		}
	}
	for state, title := range province.States {
		if w.Values["from"][string(state)] == "" {
			w.Values["from"][string(state)], w.Values["to"][string(state)] = title, title
		}
	}
	for _, step := range province.Steps {
		w.Actions[province.Name+"."+step.Do] = step.Title
	}
	return w
}
