package readiness

import (
	"bangvang/internal/base/audit"
	"bangvang/internal/base/workflow"
)

// Words say what this capability writes into the log, its workflow steps by their buttons.
func Words() audit.Words {
	w := audit.Words{
		Title: "Báo cáo chuẩn bị, vướng mắc",
		Actions: map[string]string{
			"readiness.template": "Sửa danh mục kiểm tra", "readiness.call.open": "Mở đợt báo cáo chuẩn bị", "readiness.call.change": "Sửa đợt báo cáo chuẩn bị", "readiness.call.close": "Đóng đợt báo cáo chuẩn bị",
			"readiness.file": "Thêm minh chứng khắc phục", "readiness.gap.critical": "Đổi mức độ tồn tại", "readiness.gap.fix": "Báo đã khắc phục", "readiness.gap.close": "Xác nhận đã khắc phục",
			"readiness.gap.reopen": "Yêu cầu khắc phục lại", kindReport + ".open": "Bắt đầu báo cáo chuẩn bị", kindRollUp + ".compile": "Tổng hợp chuẩn bị", kindDifficulty + ".raise": "Báo vướng mắc",
		},
		Kinds: map[string]string{kindReport: "Báo cáo chuẩn bị", kindRollUp: "Tổng hợp chuẩn bị", kindDifficulty: "Vướng mắc", kindGap: "Tồn tại", "readiness.template": "Danh mục kiểm tra",
			"readiness.call": "Đợt báo cáo chuẩn bị"},
		Fields: map[string]string{"from": "từ bước", "to": "sang bước", "items": "số mục", "due": "hạn", "critical": "nghiêm trọng"},
		Values: map[string]map[string]string{"from": {}, "to": {}},
	}
	for _, t := range []workflow.Table{report, rollUp, difficulty} {
		for state, title := range t.States {
			w.Values["from"][string(state)], w.Values["to"][string(state)] = title, title
		}
		for _, step := range t.Steps {
			w.Actions[t.Name+"."+step.Do] = step.Title
		}
	}
	return w
}
