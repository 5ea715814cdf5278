package reportsweb_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/people"
	"bangvang/internal/reports/reportsweb"
)

// staff are who may log in: a token is a role.
type staff struct{ w *shopfront }

func (s staff) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	role := access.Role(token)
	if _, ok := people.RoleOf(role); !ok {
		return access.Actor{}, web.SessionInfo{}, &fault.Error{Kind: fault.Unauthenticated}
	}
	return access.From(s.w.as("Cán bộ "+token, role)), web.SessionInfo{ID: token}, nil
}

// desk serves the office pages and gives a browser of somebody in a role.
func (w *shopfront) desk(role access.Role) *webtest.Client {
	w.t.Helper()
	o := web.NewOffice(web.Config{DB: w.db, Policy: w.policy, Clock: w.clock, Sessions: staff{w},
		Site: func(context.Context) ui.Site { return ui.Site{Name: "Thi"} }, Nav: func(context.Context) []ui.NavGroup { return nil }})
	pages := &reportsweb.Pages{Reports: w.Service, Policy: w.policy, Clock: w.clock}
	pages.Register(o)
	o.POST("/quan-tri/vao/{role}", web.Public, func(c *web.Ctx) error {
		c.LogIn(c.Path("role"))
		return c.See(reportsweb.PublishPath, "")
	})
	client := webtest.Start(w.t, o)
	client.Post("/quan-tri/vao/"+string(role), nil)
	return client
}

func TestTheOfficePublishesKnowingWhatWillBeSeen(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(at(t, "2021-07-07 10:15:00")) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		w := openShopfront(t, d, clk)
		x := w.sitting(0)
		w.say(0, x.ID, 3, "")
		p := w.approve(x.ID)
		office := w.desk(people.RoleOffice)
		list := office.Get(reportsweb.PublishPath)
		list.Want("h2", "Ngữ văn, buổi sáng 7/7/2021").Want(".notice", "Đã duyệt, chưa công bố").Want(".notice", "Số liệu tạm thời, thiếu 2 điểm: 02 Điểm thi Bình Lư, 03 Điểm thi Mường Tè")
		page := list.Click("Xem và công bố Ngữ văn, buổi sáng 7/7/2021")
		page.Want(".notice", "mọi người đọc được ngay các số dưới đây tại /tinh-hinh/2021-07-07-sang").Want("td", "97,00 %").Want("p", "Số liệu đến 10 giờ 15 ngày 07/7/2021")
		done := page.Press("Công bố")
		done.Want(".notice", "Đã công bố").WantNone("button", "Công bố")
		w.draw()
		w.says("/tinh-hinh/2021-07-07-sang", "97,00 %")
		office.Get(reportsweb.PublishPath).Want("p", "Đang hiện: bản số 1, số liệu đến 10 giờ 15 ngày 07/7/2021").WantNone(".notice", "")

		reader := w.desk(people.RoleExamOffice)
		reader.Get(reportsweb.PublishPath+"/"+string(p.ID)).WantNone("button", "Công bố")
		if got := reader.Post(reportsweb.PublishPath+"/"+string(p.ID), nil); got.Status != http.StatusForbidden && got.Status != http.StatusNotFound {
			t.Errorf("who may only read gets %d", got.Status)
		}
		chair := w.desk(people.RoleCouncilChair)
		chair.Get(reportsweb.PublishPath).Click("Đổi phạm vi công bố").Tick("Tên điểm thi còn thiếu số liệu hoặc không tổ chức").Press("Lưu").Want("p", "tên điểm thi còn thiếu")
		w.draw()
		w.says("/tinh-hinh/2021-07-07-sang", "Còn thiếu: Điểm thi Bình Lư")

		// Before the sitting's end there is no button, only the hour from which there is one.
		y := w.sitting(1)
		w.clock.Advance(at(t, "2021-07-07 15:50:00").Sub(w.clock.Now()))
		w.say(0, y.ID, 5, "")
		early := w.approve(y.ID)
		office.Get(reportsweb.PublishPath).Want("p", "Công bố được sau khi buổi thi kết thúc lúc Thứ Tư, 7/7/2021, 16:00")
		office.Get(reportsweb.PublishPath+"/"+string(early.ID)).Want(".notice", "Buổi thi chưa kết thúc").WantNone("button", "Công bố")
		for _, path := range []string{"/khong-co", "/" + strings.Repeat("x", 300)} {
			office.Get(reportsweb.PublishPath + path).WantStatus(http.StatusNotFound)
		}
		if slices.Contains([]int{200}, office.Get(reportsweb.PublishPath+"?nam=abc").Status) {
			t.Error("a year that is none answers")
		}
	})
}
