package reportsweb_test

import (
	"testing"
	"time"

	"bangvang/internal/people"
	"bangvang/internal/reports/rules"
)

func TestTheBoardShowsEverySiteAndLeadsToWhatIsToDo(t *testing.T) { // issue 3, C
	t.Parallel()
	inHall(t, 5, func(t *testing.T, h *hall) {
		c := h.secretary()
		c.Get("/quan-tri/bao-cao").WantStatus(200).Want("h1", "Ngữ văn, sáng 7/7/2021").Want(".bang-han", "Hạn 08:05, còn 10 phút").Want(".o.chua", "001").Want(".bang-tong", "thiếu 5 điểm")
		h.send(h.said("a", 0, h.sitting(0), rules.Attendance, 2))
		h.send(h.said("b", 1, h.sitting(0), rules.Attendance, 0))
		h.send(h.said("b2", 1, h.sitting(0), rules.Attendance, 3))
		short := h.said("c", 2, h.sitting(0), rules.Attendance, 1)
		short.Lines[0].Rooms, short.Reasons = "1", map[string]string{"V-07:lines." + short.Lines[0].Key + ".rooms": "Phòng lớn, đã được duyệt"}
		h.send(short)
		h.clock.Advance(22 * time.Minute) // 08:17
		board := c.Get("/quan-tri/bao-cao")
		board.Want(".bang-han", "đã qua 12 phút").Want(".o.tre", "trễ 12′").Want(".bang-tre", "THPT số 4 trễ 12 phút").Want(".o.khac", "hai số").Want(".bang-viec", "So sánh, chọn số đúng").Want(".bang-viec", "Cảnh báo V-07").
			Want(".bang-viec", "Phòng lớn, đã được duyệt").Want(".bang-so .gui", "2")
		left := board.Press("Tiếp nhận các báo cáo không có gì phải xem")
		left.Want("h1", "Đã tiếp nhận 1 báo cáo, còn 2").Want("td", "Có 1 cảnh báo").Want("li", "001 THPT số 1")
		done := left.Click("Xem báo cáo").Want("h1", "Điểm thi THPT số 3").Want(".notice.warn", "Phòng lớn, đã được duyệt").Press("Tiếp nhận")
		done.Want(".notice", "Đã tiếp nhận báo cáo").Want(".bang-tong", "có mặt 93 /96 ( 96,88 % ), vắng 3 · thiếu 3 điểm")
		h.browser(people.RoleLeader, 1, "x").Get("/quan-tri/bao-cao").WantStatus(200).WantNone("button", "Tiếp nhận")
		for _, role := range []string{"", "tuong"} {
			path := "/quan-tri/bao-cao"
			if role != "" {
				path += "?tuong=1"
			}
			h.browser(people.RoleSiteSecretary, 1, h.sites[0]).Get(path).WantStatus(404)
			h.browser(people.RoleSiteHead, 1, h.sites[0]).Get(path).WantStatus(404)
		}
	})
}
