package reportsweb_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
	"bangvang/internal/reports/rules"
)

func TestAReportIsAcceptedReturnedAndCorrectedOnItsPage(t *testing.T) { // issue 3, C
	t.Parallel()
	inHall(t, 3, func(t *testing.T, h *hall) {
		r := h.send(h.said("a", 0, h.sitting(0), rules.Attendance, 2))
		c := h.secretary()
		page := c.Get(h.slotPage(0)).Want("h1", "001 Điểm thi THPT số 1").Want("h3", r.Receipt).Want("td", "Ốm, tai nạn 2").Want(".goi-ai", "0912 000 111")
		page.Press("Tiếp nhận").WantPath("/quan-tri/bao-cao?buoi="+string(h.sitting(0))+"&luot=1").Want(".notice", "Đã tiếp nhận báo cáo "+r.Receipt)

		back := c.Get(h.slotPage(0)).Click("Mở lại, trả về điểm thi")
		back.Fill("Lý do, đọc cho điểm thi nghe", " ").Press("Trả lại").WantStatus(422).Want(".error", "Hãy ghi lý do")
		c.Get(h.slotPage(0)).Click("Mở lại, trả về điểm thi").Fill("Lý do, đọc cho điểm thi nghe", "Đếm lại phòng 2").Press("Trả lại").Want(".notice", "Đã trả lại").Want(".tag", "Đã trả lại").Want("dd", "Đếm lại phòng 2")

		fix := c.Get(h.slotPage(0)).Click("Sửa thay điểm thi").Want("h1", "Sửa thay điểm thi: 001")
		if v := fix.Fill("Có mặt", "46").Value("Lý do vắng"); v != "2 ốm tai nạn" {
			t.Errorf("the reasons read %q", v)
		}
		wrong := fix.Fill("Có mặt", "47").Fill("Lý do sửa: ai báo, sai ở đâu", "Thư ký A gọi báo lại").Press("Lưu bản sửa").WantStatus(422).Want(".notice.bad", "phải bằng “Đăng ký” (48)")
		unknown := wrong.Fill("Vắng", "1").Fill("Lý do vắng", "1 hỏng xe").Press("Lưu bản sửa").WantStatus(422).Want(".error", "Không có lý do nào tên “hỏng xe”")
		fixed := unknown.Fill("Lý do vắng", "1 bo thi").Press("Lưu bản sửa").WantStatus(200).Want(".notice", "Đã ghi bản sửa").Want("td", "Bỏ thi 1").Want("dd", "Hội đồng thi sửa, nhập thay điểm thi")
		fixed.WantNone("button", "Tiếp nhận") // who typed it does not accept it
		h.second().Get(h.slotPage(0)).Press("Tiếp nhận").Want(".bang-tong", "có mặt 47")
		h.chair().Get(h.slotPage(0)).WantNone("a", "Sửa thay điểm thi").Want("details", "Các bản khác")
	})
}

func TestTheClosingIsConfirmedByTelephone(t *testing.T) { // domain.md 6.5
	t.Parallel()
	inHall(t, 2, func(t *testing.T, h *hall) {
		h.clock.Advance(140 * time.Minute) // 10:15
		h.send(h.said("z", 0, h.sitting(0), rules.Closing, 0))
		c := h.secretary()
		c.Get(h.slotPage(0)+"?luot=2").WantNone("button", "Tiếp nhận").Click("Ghi Trưởng điểm xác nhận qua điện thoại").Fill("Họ tên Trưởng điểm thi đã xác nhận", "Lò Văn A").Press("Ghi xác nhận").
			Want(".tag", "Trưởng điểm đã xác nhận").WantNone("button", "Tiếp nhận")
		h.second().Get(h.slotPage(0)+"?luot=2").Want("dd", "Lò Văn A").Press("Tiếp nhận").WantPath("/quan-tri/bao-cao?buoi=" + string(h.sitting(0)) + "&luot=2")
	})
}

func TestTwoFiguresAreHeldSideBySideAndOneIsChosen(t *testing.T) { // issue 3, C
	t.Parallel()
	inHall(t, 2, func(t *testing.T, h *hall) {
		h.send(h.said("a", 0, h.sitting(0), rules.Attendance, 2))
		h.send(h.said("b", 0, h.sitting(0), rules.Attendance, 3))
		c := h.secretary()
		page := c.Get("/quan-tri/bao-cao?luot=1").Click("So sánh, chọn số đúng").Want("tr.khac", "có mặt khác 46 45").Want("tr.khac", "vắng khác 2 3").WantNone("tr.khac", "phòng thi")
		page.Fill("Xác định thế nào", "Gọi Trưởng điểm").Press("Ghi số đúng").WantStatus(422).Want(".error", "Hãy chọn một trong hai")
		h.browser(people.RoleLeader, 1, "x").Get(strings.TrimSuffix(page.Path, "?")).WantStatus(200).WantNone("button", "Ghi số đúng")
		again := c.Get(page.Path)
		kept := again.Texts("thead th")[2]
		done := again.Choose("Bản có số đúng", "Giữ bản sau, "+strings.TrimPrefix(kept, "Bản sau: ")).Fill("Xác định thế nào", "Gọi Trưởng điểm lúc 08:00, đếm lại 45").Press("Ghi số đúng")
		done.Want(".notice", "Đã ghi số đúng").Want("td", "45").Want("button", "Tiếp nhận")
		c.Get(page.Path).Want(".notice.ok", "đếm lại 45").WantNone("button", "Ghi số đúng")
	})
}

func TestASiteReadsItsFiguresOutByTelephone(t *testing.T) { // S9; domain.md 2.4 (*)
	t.Parallel()
	inHall(t, 3, func(t *testing.T, h *hall) {
		c := h.secretary()
		c.Get("/quan-tri/bao-cao/dien-thoai").Want("li", "001 THPT số 1").Fill("Mã hoặc tên điểm thi", "so").Press("Mở điểm thi").Want("li", "003 THPT số 3")
		c.Get("/quan-tri/bao-cao/dien-thoai").Fill("Mã hoặc tên điểm thi", "khong co").Press("Mở điểm thi").Want(".notice", "Không có điểm thi nào “khong co”")
		form := c.Get("/quan-tri/bao-cao/dien-thoai").Fill("Mã hoặc tên điểm thi", "2").Press("Mở điểm thi").Want("h1", "002 Điểm thi THPT số 2")
		bad := form.Fill("Có mặt", "45").Fill("Vắng", "2").Fill("Lý do vắng", "2 om").Fill("Phòng thi", "2").Press("Kiểm tra").WantStatus(422).Want(".notice.bad", "phải bằng “Đăng ký” (48)")
		good := bad.Fill("Vắng", "3").Fill("Lý do vắng", "2 om, 1 bo").Press("Kiểm tra").WantStatus(200).Want("#doc-lai", "Ngữ văn: đăng ký 48 (bốn mươi tám); có mặt 45 (bốn mươi lăm)")
		mute := good.Fill("Người đọc số liệu, chức vụ", "Thư ký Lò Thị B").Press("Lưu").WantStatus(422).Want(".error", "Hãy đọc lại số liệu")
		done := mute.Tick("Đã đọc lại và được xác nhận đúng").Press("Lưu")
		done.WantStatus(200).Want(".notice", "002 THPT số 2: đã ghi. Đọc biên nhận cho điểm thi").Want("#cac-diem li", "001 THPT số 1")
		c.Get(h.slotPage(1)).Want("dd", "Thư ký Lò Thị B, gọi lúc Thứ Tư, 7/7/2021, 07:55; đã đọc lại và xác nhận").Want("dd", "Điện thoại, nhập thay điểm thi").Want("dd", "Thư ký Hội đồng thi 1").WantNone("button", "Tiếp nhận")
		h.second().Get(h.slotPage(1)).Want("button", "Tiếp nhận")

		// What the site sends itself and says the same is linked quietly; the chooser says what is there.
		h.send(h.said("x", 1, h.sitting(0), rules.Attendance, 3))
		h.chair().Get("/quan-tri/bao-cao/dien-thoai").WantStatus(403)
		h.browser(people.RoleSiteSecretary, 1, h.sites[1]).Get("/quan-tri/bao-cao/dien-thoai").WantStatus(404)
	})
}

func TestAWarningByTelephoneAsksForItsReasonInPlace(t *testing.T) {
	t.Parallel()
	inHall(t, 1, func(t *testing.T, h *hall) {
		c := h.secretary()
		form := c.Get("/quan-tri/bao-cao/dien-thoai?diem=001")
		asked := form.Fill("Có mặt", "48").Fill("Vắng", "0").Fill("Phòng thi", "1").Fill("Người đọc số liệu, chức vụ", "Trưởng điểm A").Tick("Người đọc là Trưởng điểm thi").Tick("Đã đọc lại và được xác nhận đúng").Press("Lưu")
		asked.WantStatus(422).Want(".error", "1 phòng thi không đủ cho 48 thí sinh").Fill("Lý do, vì đã có cảnh báo V-07", "Hội trường lớn, Hội đồng đồng ý").Press("Lưu").Want(".notice", "đã ghi")
		h.second().Get(h.slotPage(0)).Want(".notice.warn", "Hội trường lớn").Want(".tag", "Trưởng điểm đã xác nhận").Press("Tiếp nhận").WantStatus(200)
	})
}

func TestTheCallSheetSaysWhoIsCalling(t *testing.T) { // issue 3, D; domain.md 3.7
	t.Parallel()
	inHall(t, 3, func(t *testing.T, h *hall) {
		h.send(h.said("a", 0, h.sitting(0), rules.Attendance, 0))
		h.must(h.SetContact(h.as(people.RoleExamOffice, 1, "x"), h.sites[1], reports.Contact{DeputyName: "Giàng A Sử", DeputyPhone: "0912 111 222", GuardName: "Bác Tư", GuardPhone: "0912 333 444"}))
		h.must(h.Seen(h.as(people.RoleSiteSecretary, 1, h.sites[1]), reports.Slot{Sitting: h.sitting(0), Site: h.sites[1], Part: rules.Attendance}, reports.DraftKept))
		c, other := h.secretary(), h.second()
		c.Get("/quan-tri/bao-cao/goi").Want("p", "Chưa đến giờ gọi: danh sách cần từ Thứ Tư, 7/7/2021, 08:00")
		h.clock.Advance(12 * time.Minute)
		sheet := c.Get("/quan-tri/bao-cao/goi").WantNone("th", "001").Want("tr", "Giàng A Sử 0912 111 222").Want("tr", "Bảo vệ: Bác Tư").Want("tr", "Đã lưu nháp 07:55").Want("tr.urgent", "trễ 2 phút")
		if tel := sheet.Attr(`a[href="tel:+84912111222"]`, "href"); tel == "" {
			t.Error("the deputy's number is no link")
		}
		sheet.Press("Tôi gọi 002 THPT số 2").WantStatus(200).Want("tr", "Thư ký Hội đồng thi 1 đang gọi từ 08:07")
		other.Get("/quan-tri/bao-cao/goi").Want("tr", "Thư ký Hội đồng thi 1 đang gọi")
		other.Post("/quan-tri/bao-cao/goi/goi?luot=1&diem="+string(h.sites[1])+"&buoi="+string(h.sitting(0)), nil).WantStatus(409).Want("main", "đang gọi điểm thi này từ 08:07")
		c.Get("/quan-tri/bao-cao/goi").Press("Ghi").WantStatus(422).Want(".error", "Hãy ghi kết quả cuộc gọi")
		c.Get("/quan-tri/bao-cao/goi").Press("Không nhấc máy").Want(".da-goi", "08:07 Thư ký Hội đồng thi 1: Không nhấc máy.")
		// Reading out the figures ends the call one has begun.
		c.Get("/quan-tri/bao-cao/goi").Press("Tôi gọi 002 THPT số 2")
		c.Get("/quan-tri/bao-cao/dien-thoai?diem=002").Fill("Có mặt", "48").Fill("Vắng", "0").Fill("Phòng thi", "2").Fill("Người đọc số liệu, chức vụ", "Thư ký B").Tick("Đã đọc lại và được xác nhận đúng").Press("Lưu").Want(".notice", "đã ghi")
		c.Get("/quan-tri/bao-cao/goi").WantNone("tr", "002 THPT")
		h.browser(people.RoleLeader, 1, "x").Get("/quan-tri/bao-cao/goi").WantStatus(403)
		h.browser(people.RoleSiteHead, 1, h.sites[1]).Get("/quan-tri/bao-cao/goi").WantStatus(404)

		request := httptest.NewRequest(http.MethodGet, "/quan-tri/bao-cao/goi/to-giay?luot=1", nil)
		request.AddCookie(h.cookie(people.RoleCouncilSecretary))
		file := httptest.NewRecorder()
		h.office.ServeHTTP(file, request)
		if name := file.Header().Get("Content-Disposition"); !strings.Contains(name, "2021-07-07-sang-luot-1.html") || !strings.Contains(file.Body.String(), "003 THPT số 3") {
			t.Errorf("the sheet to keep is %q:\n%s", name, file.Body)
		}
	})
}

func TestTheSheetsThatMayBeNeeded(t *testing.T) {
	t.Parallel()
	inHall(t, 2, func(t *testing.T, h *hall) {
		system := access.System(t.Context(), "Kiểm thử")
		names := func() (all []string) {
			sheets, err := h.pages.SheetsNow(system)
			h.must(err)
			for _, s := range sheets {
				all = append(all, fmt.Sprintf("%s %d", reportsweb.SheetName(s), len(s.Sites)))
			}
			return all
		}
		if got := names(); len(got) != 0 {
			t.Errorf("ten minutes before the deadline there are %v", got)
		}
		h.clock.Advance(6 * time.Minute) // 08:01
		if got := fmt.Sprint(names()); got != "[2021-07-07-sang-luot-1.html 2]" {
			t.Errorf("four minutes before the deadline there are %v", got)
		}
		h.clock.Advance(150 * time.Minute) // 10:31
		if got := fmt.Sprint(names()); got != "[2021-07-07-sang-luot-1.html 2 2021-07-07-sang-luot-2.html 2]" {
			t.Errorf("before the second deadline there are %v", got)
		}
	})
}

func TestTheProvincesFiguresAreCompiledApprovedSentAndCorrected(t *testing.T) { // V-13, V-17, V-18; domain.md 2.4 (2)
	t.Parallel()
	inHall(t, 3, func(t *testing.T, h *hall) {
		h.clock.Advance(140 * time.Minute) // 10:15
		secretary, chair := h.secretary(), h.chair()
		accept := func(i, absent int) {
			r := h.send(h.said(fmt.Sprintf("z-%d-%d", i, absent), i, h.sitting(0), rules.Closing, absent))
			h.must(h.Confirm(h.as(people.RoleSiteHead, 1, h.sites[i]), r.ID, r.Version))
			h.must(h.Accept(h.as(people.RoleCouncilSecretary, 2, "x"), r.ID, r.Version+1))
		}
		figures := "/quan-tri/bao-cao/tong-hop?luot=2&buoi=" + string(h.sitting(0))
		secretary.Get(figures).Press("Tổng hợp, trình duyệt").WantStatus(409).Want(".notice.bad", "Chưa có báo cáo nào")
		accept(0, 1)
		accept(1, 0)
		made := secretary.Get(figures).Want("td", "98,96 %").Want("li", "003 THPT số 3").Press("Tổng hợp, trình duyệt")
		made.Want("h1", "Bản số 1").Want(".tag", "Số liệu tạm thời, chờ duyệt").Want(".notice.info", "Thư ký Hội đồng thi 1 (tổng hợp số liệu)").Want(".notice.info", "Thư ký Hội đồng thi 2 (tiếp nhận 2 báo cáo)").WantNone("a", "Duyệt")
		version := made.Path
		secretary.Get(version + "/duyet").WantStatus(409)
		refused := chair.Get(version).Click("Duyệt là số liệu tạm thời").Press("Duyệt").WantStatus(422).Want(".error", "Còn thiếu 1 điểm thi")
		refused.Tick("Duyệt là số liệu tạm thời, thiếu 1 điểm thi").Press("Duyệt").Want(".tag", "Đã duyệt, số liệu tạm thời")
		office := h.browser(people.RoleOffice, 1, "x")
		office.Get(version).Click("Gửi Văn phòng Bộ").Press("Ghi đã gửi").Want("dd", "Văn phòng Bộ Giáo dục và Đào tạo").Want(".tag", "Đã gửi")
		h.browser(people.RoleMinistry, 1, "x").Get(version).WantStatus(200).WantNone("summary", "Cộng từ")
		h.browser(people.RoleMinistry, 1, "x").Get(figures).WantStatus(200).Want("a", "Bản số 1").WantNone("h2", "chưa duyệt")
		office.Get(version).Click("Công bố").Press("Công bố").Want("dt", "Công bố")

		accept(2, 2)
		second := secretary.Get(figures).Press("Tổng hợp, trình duyệt").Want("h1", "Bản số 2").Want("h2", "Khác với bản số 1").Want("tr", "Ngữ văn, có mặt 95 141").Want(".notice.warn", "phải gửi lại").Want(".notice.warn", "phải công bố bản mới")
		chair.Get(second.Path).Click("Duyệt").Press("Duyệt").Want(".tag", "Đã duyệt")
		chair.Get(version).Want("p", "Thay bằng Bản số 2").Want(".tag", "Đã có bản thay thế")
		h.browser(people.RoleSiteHead, 1, h.sites[0]).Get(figures).WantStatus(404)
		h.browser(people.RoleSiteHead, 1, h.sites[0]).Get(version).WantStatus(404)
	})
}

func TestUnknownAbsencesAreAnsweredBeforeTheNextSittingIsCompiled(t *testing.T) { // V-13
	t.Parallel()
	inHall(t, 1, func(t *testing.T, h *hall) {
		first := h.said("a", 0, h.sitting(0), rules.Attendance, 1)
		first.Lines[0].Why = map[string]rules.Count{"unknown": "1"}
		r := h.send(first)
		h.must(h.Accept(h.as(people.RoleCouncilSecretary, 2, "x"), r.ID, r.Version))
		h.clock.Advance(7 * time.Hour) // 14:55, Toán
		next := h.said("b", 0, h.sitting(1), rules.Attendance, 2)
		next.Reasons = map[string]string{"V-13:before": "Điểm thi đang hỏi gia đình"}
		r = h.send(next)
		h.must(h.Accept(h.as(people.RoleCouncilSecretary, 2, "x"), r.ID, r.Version))
		c := h.secretary()
		page := c.Get("/quan-tri/bao-cao").Want("h1", "Toán").Want(".bang-viec", "V-13: vắng chưa rõ lý do").Click("Nhập qua điện thoại")
		page.WantStatus(200)
		asked := c.Get("/quan-tri/bao-cao/tong-hop").Press("Tổng hợp, trình duyệt").WantStatus(422).Want(".error", "còn 1 thí sinh vắng chưa rõ lý do")
		asked.Fill("Ngữ văn, sáng 7/7/2021 còn 1 thí sinh vắng chưa rõ lý do. Vì sao vẫn chưa rõ", "Gia đình chưa liên lạc được").Press("Tổng hợp, trình duyệt").Want("dd", "Gia đình chưa liên lạc được")
	})
}

func TestIncidentsAreOpenedAndSettledUrgentOnesFirst(t *testing.T) { // domain.md 3.5
	t.Parallel()
	inHall(t, 2, func(t *testing.T, h *hall) {
		c := h.secretary()
		open := func(site, category, severity, what string) {
			form := c.Get("/quan-tri/bao-cao/su-co").Click("Ghi sự cố")
			form.Choose("Loại sự cố", category).Choose("Mức độ", severity).Fill("Việc gì đã xảy ra", what).Press("Ghi sự cố").WantStatus(422).Want(".error", "Hãy chọn điểm thi").
				Choose("Điểm thi", site).Press("Ghi sự cố").Want(".notice", "Đã ghi sự cố")
		}
		open("001 THPT số 1", "Y tế", "Đáng kể", "Một thí sinh ngất")
		open("002 THPT số 2", "Đề thi", "Nhẹ", "Thiếu một tờ giấy nháp")
		list := c.Get("/quan-tri/bao-cao/su-co")
		if rows := list.Texts("tbody tr"); len(rows) != 2 || !strings.Contains(rows[0], "Đề thi") {
			t.Errorf("the incidents are %q", rows)
		}
		c.Get("/quan-tri/bao-cao").Want(".bang-viec li.bad", "Thiếu một tờ giấy nháp").Click("Xem, ghi đã xử lý").Press("Ghi đã xử lý xong").WantStatus(422).
			Fill("Đã xử lý thế nào", "Đã bù giấy lúc 07:58").Press("Ghi đã xử lý xong").Want(".notice", "đã xử lý xong").Want("td", "Đã bù giấy lúc 07:58")
		h.browser(people.RoleUnitEditor, 1, "truong").Get("/quan-tri/bao-cao/su-co").WantStatus(404)
		h.browser(people.RoleAuditor, 1, "x").Get("/quan-tri/bao-cao/su-co").WantStatus(200).WantNone("a", "Ghi sự cố")
	})
}

func TestDeadlinesWordsAndContactsAreData(t *testing.T) { // domain.md 2.6, 3.7
	t.Parallel()
	inHall(t, 2, func(t *testing.T, h *hall) {
		c := h.secretary()
		form := c.Get("/quan-tri/bao-cao/thoi-han").Want("tr", "Ngữ văn, sáng 7/7/2021 08:05 10:35 11:30")
		form.Fill("Lượt 1: phút sau giờ bắt đầu làm bài", "5").Press("Lưu").WantStatus(422).Want(".error", "từ 15 đến 600").Fill("Lượt 1: phút sau giờ bắt đầu làm bài", "25").Fill("Báo cáo của tỉnh, buổi sáng", "11h").Press("Lưu").
			Want(".notice", "Đã lưu thời hạn").Want("tr", "Ngữ văn, sáng 7/7/2021 08:00 10:35 11:00")
		c.Get("/quan-tri/bao-cao/thoi-han?buoi="+string(h.sitting(1))).Want("p", "Riêng buổi Toán").Fill("Lượt 2: phút sau giờ hết giờ làm bài", "90").Press("Lưu").Want("tr", "Toán, chiều 7/7/2021 14:55 17:30 17:00")
		c.Get("/quan-tri/bao-cao").Want(".bang-han", "Hạn 08:00")
		words := c.Get("/quan-tri/bao-cao/danh-muc").Fill("Tên, dòng 13", "Lũ quét").Press("Lưu").WantStatus(422).Want(".notice.bad", "Mã gồm chữ thường")
		words.Fill("Mã, dòng 13", "flood").Press("Lưu").Want(".notice", "Đã lưu danh mục “Lý do vắng”")
		c.Get("/quan-tri/bao-cao/dien-thoai?diem=001").Want("#cac-ly-do", "Lũ quét")
		contacts := c.Get("/quan-tri/bao-cao/lien-he").Fill("Phó Trưởng điểm, 001 THPT số 1", "Tao Thị C").Fill("Điện thoại Phó Trưởng điểm, 001 THPT số 1", "khong").Press("Lưu")
		contacts.WantStatus(422).Want(".notice.bad", "001 THPT số 1: Số điện thoại không đúng").Fill("Điện thoại Phó Trưởng điểm, 001 THPT số 1", "0912 555 666").Press("Lưu").Want(".notice", "Đã lưu 1 dòng")
		c.Get(h.slotPage(0)).Want(".goi-ai", "Tao Thị C")
		leader := h.browser(people.RoleLeader, 1, "x")
		for _, path := range []string{"thoi-han", "danh-muc", "lien-he"} {
			leader.Get("/quan-tri/bao-cao/"+path).WantStatus(200).WantNone("button", "Lưu")
			leader.Post("/quan-tri/bao-cao/"+path, nil).WantStatus(403)
			h.browser(people.RoleSiteSecretary, 1, h.sites[0]).Get("/quan-tri/bao-cao/" + path).WantStatus(404)
		}
	})
}

// TestTheBoardHearsOfAReportWithinASecond opens the board's line as a browser does.
func TestTheBoardHearsOfAReportWithinASecond(t *testing.T) { // architecture §7
	t.Parallel()
	inHall(t, 2, func(t *testing.T, h *hall) {
		h.clock.Advance(20 * time.Minute)
		server := httptest.NewServer(h.office)
		t.Cleanup(server.Close)
		events := listen(t, server.URL+"/quan-tri/bao-cao/su-kien?buoi="+string(h.sitting(0)), h.cookie(people.RoleCouncilSecretary))
		<-events // where it stands
		r := h.send(h.said("a", 0, h.sitting(0), rules.Attendance, 1))
		wait(t, events, "a report sent")
		for len(events) > 0 {
			<-events
		}
		began := time.Now()
		h.must(h.Accept(h.as(people.RoleCouncilSecretary, 2, "x"), r.ID, r.Version))
		wait(t, events, "a report accepted")
		if took := time.Since(began); took > time.Second {
			t.Errorf("the board heard of an accepted report after %v", took)
		}
		h.secretary().Get("/quan-tri/bao-cao?luot=1").Want(".bang-tong", "có mặt 47")
	})
}

// cookie is what a browser in which somebody is logged in sends.
func (h *hall) cookie(role access.Role) *http.Cookie { return h.cookieOf(role, 1) }

func (h *hall) cookieOf(role access.Role, n int) *http.Cookie {
	answer := httptest.NewRecorder()
	h.office.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/quan-tri/vao/%s.%d.x", role, n), nil))
	return answer.Result().Cookies()[0]
}

func wait(t *testing.T, events <-chan string, what string) {
	t.Helper()
	select {
	case <-events:
	case <-time.After(3 * time.Second):
		t.Fatalf("nothing was heard of %s", what)
	}
}

// listen gives the data of each event of a line.
func listen(t *testing.T, url string, cookie *http.Cookie) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(cookie)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("the line answered %s, %s", answer.Status, answer.Header.Get("Content-Type"))
	}
	events := make(chan string, 100)
	go func() {
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				events <- data
			}
		}
	}()
	return events
}
