package readinessweb_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/readiness"
	"bangvang/internal/readiness/readinessweb"
)

type noPages struct{}

func (noPages) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

type schools struct{}

func (schools) Units(context.Context, string) ([]readiness.Unit, error) {
	return []readiness.Unit{{ID: "a", Kind: "school", Name: "THPT A", Locality: "Huyện A", Path: []string{"a"}}, {ID: "b", Kind: "school", Name: "THPT B", Locality: "Huyện B", Path: []string{"b"}}}, nil
}

func (schools) KindName(_ context.Context, kind string) (string, error) {
	return map[string]string{"school": "Trường THPT", "centre": "Trung tâm"}[kind], nil
}

type strict struct{}

func (strict) Examine(_ context.Context, name string, r io.Reader) (string, []string, error) {
	b, err := io.ReadAll(r)
	if err != nil || bytes.HasPrefix(b, []byte("MZ")) {
		return "", nil, fault.New(fault.Invalid, "Tệp “%s” là chương trình nên không nhận.", name)
	}
	return "image/jpeg", nil, nil
}

// staff may log in: a token is a person of a role, of unit a where the role is of a unit.
type staff struct{}

var staffed = map[string]struct {
	role access.Role
	unit string
}{
	"bt-a": {people.RoleUnitEditor, "a"}, "ht-a": {people.RoleUnitHead, "a"}, "ht-b": {people.RoleUnitHead, "b"}, "khao": {people.RoleExamOffice, ""}, "khao2": {people.RoleExamOffice, ""},
	"van": {people.RoleOffice, ""}, "bo": {people.RoleMinistry, ""}, "quan-tri": {people.RoleAdmin, ""},
}

func (staff) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	who, ok := staffed[token]
	if !ok {
		return access.Actor{}, web.SessionInfo{}, &fault.Error{Kind: fault.Unauthenticated}
	}
	info, _ := people.RoleOf(who.role)
	return access.Actor{Person: token, Name: "Cô " + token, Grants: []access.Grant{{Role: who.role, Scope: access.Scope{Kind: info.Scopes[0], ID: who.unit}}}}, web.SessionInfo{ID: token}, nil
}

type office struct {
	t       *testing.T
	handler *web.Office
	service *readiness.Service
	clock   *clock.Clock
}

func open(t *testing.T, d *db.DB, clk *clock.Clock) *office {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err, fault.FieldsOf(err))
		}
	}
	policy, err := access.NewPolicy(clk, exam.Rules(), readiness.Rules())
	must(err)
	store, err := blob.Open(t.Context(), t.TempDir())
	must(err)
	exams := exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: noPages{}})
	_, err = exams.Load(access.System(t.Context(), "Kiểm thử"), 2021, "Lai Châu")
	must(err)
	s := readiness.New(readiness.Deps{DB: d, Policy: policy, Clock: clk, Units: schools{}, Exams: exams, Files: store, Examiner: strict{}, MaxFile: 1 << 20})
	o := web.NewOffice(web.Config{DB: d, Policy: policy, Clock: clk, Sessions: staff{}, Site: func(context.Context) ui.Site { return ui.Site{Name: "Thi"} },
		Nav: func(context.Context) []ui.NavGroup { return nil }})
	(&readinessweb.Pages{Readiness: s, Policy: policy, Clock: clk}).Register(o)
	o.POST("/quan-tri/vao/{who}", web.Public, func(c *web.Ctx) error {
		c.LogIn(c.Path("who"))
		return c.See(readinessweb.BasePath, "")
	})
	return &office{t, o, s, clk}
}

func (o *office) as(who string) *webtest.Client {
	o.t.Helper()
	c := webtest.Start(o.t, o.handler)
	c.Post("/quan-tri/vao/"+who, nil)
	return c
}

func TestEveryTemplateFitsItsData(t *testing.T) {
	t.Parallel()
	for _, v := range ui.Views() {
		if err := templatecheck.CheckHTML(v.Template, v.Root); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

// TestThePreparationIsReportedInThePages goes through the pages as the people do: the exam office opens
// a point, the unit answers, its head sends, gaps are found and fixed, somebody else concludes, the
// roll-up names who is silent.
//
// Source: domain.md 6.6; R-I.2-b, R-II.4-a, R-III.2-5.
func TestThePreparationIsReportedInThePages(t *testing.T) {
	t.Parallel()
	start, err := time.ParseInLocation(time.DateTime, "2021-06-25 09:00:00", clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(start) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		o := open(t, d, clk)
		khao := o.as("khao")
		khao.Get(readinessweb.BasePath).Want(".empty", "Chưa có đợt báo cáo").Click("Mở đợt báo cáo").
			Fill("Tên đợt", "Báo cáo lần 1").Fill("Hạn: ngày", "1/5/2021").Press("Mở đợt").WantStatus(422).Want(".error", "Hạn báo cáo phải ở phía trước")
		list := khao.Get("/quan-tri/chuan-bi/dot/moi").Fill("Tên đợt", "Báo cáo lần 1").Fill("Hạn: ngày", "1/7/2021").Press("Mở đợt")
		list.Want("h2", "Báo cáo lần 1").Want("p", "0 trên 2 đơn vị đã gửi")

		// The checklist is data.
		page := list.Click("Trường THPT").Fill("Nội dung", "Quy chế thi đã phổ biến").Press("Lưu")
		page.Want(".notice", "Đã lưu danh mục").Want("small", "8 mục")

		editor := o.as("bt-a")
		own := editor.Get(readinessweb.BasePath)
		own.Want("h2", "Báo cáo lần 1 : THPT A").Want("p", "Chưa báo cáo").WantNone("h2", "THPT B")
		item := own.Click("Báo cáo lần 1").Want("p", "Còn 8 mục").Click("Bắt đầu")
		item.Want("h1", "Phổ biến quy chế thi cho học sinh, phụ huynh")
		item.Press("Lưu, mục tiếp").WantStatus(422).Want(".error", "Hãy chọn đạt")
		item.Choose("Tình trạng", "Chưa đạt").Fill("Minh chứng, hoặc còn thiếu gì", "Chưa họp phụ huynh").Press("Lưu, mục tiếp").
			WantStatus(422).Want(".error", "Hãy ghi ngày sẽ xong").Want("textarea", "Chưa họp phụ huynh")
		item = item.Choose("Tình trạng", "Chưa đạt").Fill("Minh chứng, hoặc còn thiếu gì", "Chưa họp phụ huynh").Fill("Sẽ xong ngày", "30/6/2021").
			Fill("Người lo việc này", "Hiệu phó").Press("Lưu, mục tiếp")
		item.Want("h1", "Tập huấn cho cán bộ, giáo viên làm thi")
		// A program is refused, the answer kept.
		item.Choose("Tình trạng", "Đạt").Attach("Ảnh hoặc tệp minh chứng (không bắt buộc)", "x.jpg", []byte("MZ")).Press("Lưu, mục tiếp").WantStatus(422).Want(".error", "là chương trình nên không nhận")
		item = editor.Get(item.Path).Choose("Tình trạng", "Đạt").Attach("Ảnh hoặc tệp minh chứng (không bắt buộc)", "tap-huan.jpg", []byte("ảnh")).Press("Lưu, mục tiếp")
		for range 6 {
			item.Want("h1", "")
			item = item.Choose("Tình trạng", "Đạt").Fill("Minh chứng, hoặc còn thiếu gì", "Đã xong").Press(button(item))
		}
		item.Want("p", "Đã đủ các mục").Want("small", "Hiệu phó").Want("li", "tap-huan.jpg").WantNone("a", "Duyệt và gửi Sở")
		report := item.Path

		if got := o.as("ht-b").Get(report); got.Status != http.StatusNotFound {
			t.Errorf("another unit's head gets %d", got.Status)
		}
		head := o.as("ht-a")
		head.Get(readinessweb.BasePath).Click("Báo cáo lần 1").Click("Duyệt và gửi Sở").Want("p", "Mục chưa đạt thành tồn tại").Press("Duyệt và gửi Sở").Want("h2", "Tồn tại").Want(".tag", "Đã gửi, chờ xem xét")

		table := khao.Get(readinessweb.BasePath)
		table.Want("p", "đã gửi 1 trên 2 , chưa gửi 1").Want("tr.urgent", "THPT A")
		review := table.Click("THPT A")
		review = review.Click("Nêu tồn tại ở mục Tổ chức ôn tập").Fill("Còn thiếu gì, phải làm gì", "Chưa có lịch ôn").Fill("Khắc phục xong trước ngày", "29/6/2021").Press("Nêu tồn tại")
		review = review.Click("Ghi đã xem xét, còn tồn tại").Press("Ghi đã xem xét, còn tồn tại")
		review.Want(".tag", "Còn tồn tại").WantNone("a", "Kết luận: sẵn sàng")
		khao.Get(readinessweb.BasePath+"?muc=rules").Want("a", "THPT A").WantNone("tbody a", "THPT B")

		gap := head.Get(report).Click("Phổ biến quy chế thi cho học sinh, phụ huynh")
		gap.WantNone("button", "Báo đã khắc phục") // the head sends, the editor fixes
		gap = editor.Get(gap.Path)
		gap.Press("Báo đã khắc phục").WantStatus(422).Want(".notice", "Hãy ghi đã khắc phục thế nào")
		gap.Fill("Đã khắc phục thế nào", "Đã họp 28/6, 410 phụ huynh").Attach("Ảnh hoặc tệp minh chứng (không bắt buộc)", "hop.jpg", []byte("ảnh họp")).Press("Báo đã khắc phục").Want(".tag", "Đơn vị báo đã khắc phục").Want("li", "hop.jpg")
		khao.Get(gap.Path).Press("Xác nhận đã khắc phục").Want(".tag", "Đã khắc phục")

		o.as("khao2").Get(report).Click("Kết luận: sẵn sàng").Press("Kết luận: sẵn sàng").Want(".tag", "Sẵn sàng").Want("p", "Cô khao2 kết luận")

		sum := khao.Get("/quan-tri/chuan-bi/tong-hop").Want(".notice", "1 đơn vị, điểm thi chưa báo cáo").Want(".notice", "THPT B").Press("Lập bản tổng hợp")
		sum.WantNone("button", "Duyệt") // who compiled does not approve
		second := o.as("khao2")
		second.Get(sum.Path).Press("Duyệt").WantStatus(422).Want(".error", "Còn 1 đơn vị chưa báo cáo")
		second.Get(sum.Path).Tick("Gửi đi kèm tên các đơn vị chưa báo cáo").Press("Duyệt").Want(".tag", "Đã duyệt")
		o.as("van").Get(sum.Path).Fill("Nơi nhận", "Văn phòng Bộ GDĐT").Press("Ghi đã gửi").Want(".tag", "Đã gửi")
		o.as("bo").Get("/quan-tri/chuan-bi/tong-hop").Click("Bản số 1").Want(".notice", "THPT B")
		if got := o.as("bo").Get(report); got.Status != http.StatusNotFound {
			t.Errorf("the Ministry's reader gets a unit's report: %d", got.Status)
		}
		if got := o.as("quan-tri").Get(readinessweb.BasePath); got.Status != http.StatusNotFound {
			t.Errorf("the administrator gets %d", got.Status)
		}
		if csv := khao.Get(readinessweb.BasePath + "/bang.csv"); !strings.Contains(string(csv.Body), "THPT B") {
			t.Errorf("the table as a file: %s", csv.Body)
		}
	})
}

// button gives the words of the page's primary button.
func button(p *webtest.Page) string {
	if len(p.Texts(".action button")) > 0 {
		return p.Texts(".action button")[0]
	}
	return "Lưu"
}

func TestDifficultiesAreAnsweredInThePages(t *testing.T) {
	t.Parallel()
	start, _ := time.ParseInLocation(time.DateTime, "2021-06-25 09:00:00", clock.Zone)
	clk := clock.At(start)
	o := open(t, dbtest.SQLite(t, clk), clk)
	unit := o.as("ht-a")
	form := unit.Get(readinessweb.BasePath).Click("Báo vướng mắc")
	form.Fill("Vướng mắc gì", "").Press("Gửi Sở").WantStatus(422).Want(".error", "Hãy ghi vướng mắc")
	page := form.Fill("Vướng mắc gì", "Thiếu xe đưa đón").Fill("Cụ thể, và đề nghị Sở làm gì", "42 em ở xa").Tick("Khẩn: không giải quyết ngay thì ảnh hưởng buổi thi").Press("Gửi Sở")
	page.Want("p", "Sở trả lời trước hết ngày 26/6/2021").Want(".tag", "Khẩn")
	if got := o.as("ht-b").Get(page.Path); got.Status != http.StatusNotFound {
		t.Errorf("another unit gets %d", got.Status)
	}
	office := o.as("van")
	office.Get(readinessweb.DifficultiesPath).Want("th", "khẩn").Click("Thiếu xe đưa đón").Press("Trả lời").WantStatus(422).Want(".error", "Hãy ghi câu trả lời")
	office.Get(page.Path).Fill("Câu trả lời", "Bố trí hai xe từ 6/7").Press("Trả lời").Want(".tag", "Đã trả lời")
	unit.Get(page.Path).Fill("Còn vướng gì", "Mới có một xe").Press("Vẫn còn vướng mắc").Want(".tag", "Chờ Sở trả lời").Want("p", "Bố trí hai xe")
	office.Get(page.Path).Fill("Câu trả lời", "Xe thứ hai đến 5/7").Press("Trả lời")
	unit.Get(page.Path).Press("Đã giải quyết").Want(".tag", "Đã giải quyết").WantNone("button", "Đã giải quyết")
	clk.Advance(100 * time.Hour)
	unit.Get(readinessweb.DifficultiesPath+"/moi").Fill("Vướng mắc gì", "Mất điện").Fill("Cụ thể, và đề nghị Sở làm gì", "Máy phát hỏng").Press("Gửi Sở")
	clk.Advance(100 * time.Hour)
	office.Get(readinessweb.DifficultiesPath+"?buoc=open").Want(".tag", "Quá hạn trả lời").WantNone("td", "Thiếu xe")
}
