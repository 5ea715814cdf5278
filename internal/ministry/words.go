package ministry

import "bangvang/internal/base/audit"

// Words say what this capability writes into the log, its workflow steps by their buttons.
func Words() audit.Words {
	w := audit.Words{
		Title: "Báo cáo gửi Bộ",
		Actions: map[string]string{
			"ministry.paper.make": "Lập báo cáo", "ministry.edit": "Sửa dự thảo báo cáo", "ministry.send": "Gửi báo cáo đến các nơi nhận", "ministry.mail": "Gửi thư kèm báo cáo", "ministry.sent": "Ghi đã gửi cách khác",
			"ministry.resend": "Gửi lại thư", "ministry.confirm": "Ghi nơi nhận đã nhận", "ministry.outdated": "Đánh dấu số liệu đã đính chính", "ministry.erratum": "Ghi đã báo đính chính",
			"ministry.late": "Báo chậm gửi báo cáo", "ministry.wording": "Sửa mẫu báo cáo", "ministry.recipient": "Ghi nơi nhận báo cáo", "ministry.recipients": "Lập danh sách nơi nhận báo cáo",
			"ministry.request.record": "Ghi yêu cầu của Văn phòng Bộ",
		},
		Kinds:  map[string]string{kindPaper: "Báo cáo gửi Bộ", kindRequest: "Yêu cầu của Văn phòng Bộ", "ministry.wording": "Mẫu báo cáo", "ministry.recipient": "Nơi nhận báo cáo"},
		Fields: map[string]string{"from": "từ bước", "to": "sang bước", "recipient": "nơi nhận", "delivery": "kết quả", "way": "cách gửi", "by": "người nhận", "how": "cách xác nhận"},
		Values: map[string]map[string]string{"from": {}, "to": {}, "delivery": {}},
	}
	for state, title := range papers.States {
		w.Values["from"][string(state)], w.Values["to"][string(state)] = title, title
	}
	for state, title := range requests.States {
		w.Values["from"][string(state)], w.Values["to"][string(state)] = title, title
	}
	for _, step := range papers.Steps {
		w.Actions[papers.Name+"."+step.Do] = step.Title
	}
	for _, step := range requests.Steps {
		w.Actions[requests.Name+"."+step.Do] = step.Title
	}
	for _, d := range []DeliveryState{Delivered, Bounces, Failed} {
		w.Values["delivery"][string(d)] = d.Label()
	}
	return w
}
