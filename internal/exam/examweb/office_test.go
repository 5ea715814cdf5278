package examweb_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/exam"
	"bangvang/internal/exam/examweb"
	"bangvang/internal/people"
)

// sessions logs in whoever brings the name of a role.
type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	info, ok := people.RoleOf(access.Role(token))
	if !ok {
		return access.Actor{}, web.SessionInfo{}, fault.New(fault.Unauthenticated, "Hãy đăng nhập.")
	}
	return access.Actor{Person: token, Name: "Vàng Văn Pá", Grants: []access.Grant{{Role: info.Role, Scope: access.Scope{Kind: info.Scopes[0], ID: "x"}}}},
		web.SessionInfo{ID: token, Roles: info.Title}, nil
}

// quiet renders nothing: these tests are about the office.
type quiet struct{}

func (quiet) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

// desk is an office with this capability's pages.
type desk struct {
	*exam.Service
	office *web.Office
}

func atDesk(t *testing.T, exercise func(t *testing.T, d desk)) {
	t.Helper()
	dbtest.EachAt(t, morning(t), func(t *testing.T, d *db.DB, clk *clock.Clock) { exercise(t, openDesk(t, d, clk)) })
}

// morning gives clocks that stand at nine on 1 June 2021.
func morning(t *testing.T) func() *clock.Clock {
	return func() *clock.Clock { return clock.At(local(t, "2021-06-01 09:00:00")) }
}

func openDesk(t *testing.T, d *db.DB, clk *clock.Clock) desk {
	t.Helper()
	policy, err := access.NewPolicy(clk, exam.Rules(), people.Rules())
	must(t, err)
	service := exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: quiet{}})
	pages := &examweb.Office{Exams: service, Province: func(context.Context) (string, error) { return "Lai Châu", nil }}
	office := web.NewOffice(web.Config{DB: d, Policy: policy, Sessions: sessions{}, Clock: clk, Log: slog.New(slog.DiscardHandler), RatePerSecond: 10_000, Burst: 10_000,
		Site: func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi tốt nghiệp THPT năm 2021"} },
		Nav: func(ctx context.Context) []ui.NavGroup {
			g, err := pages.Nav(ctx)
			if err != nil && !errors.Is(err, context.Canceled) { // a refused request is over when its page is drawn
				t.Error(err)
			}
			return []ui.NavGroup{g}
		}})
	pages.Register(office)
	office.GET("/quan-tri/vao/{role}", web.Public, func(c *web.Ctx) error { c.LogIn(c.Path("role")); return c.See(examweb.OfficePath, "") })
	return desk{service, office}
}

// as gives a browser in which somebody with the role is logged in.
func (d desk) as(t *testing.T, role access.Role) *webtest.Client {
	c := webtest.Start(t, d.office)
	c.Get("/quan-tri/vao/" + string(role)).WantStatus(200)
	return c
}

func (d desk) load2021(t *testing.T) exam.Exam {
	t.Helper()
	id, err := d.Load(system(t), 2021, "Lai Châu")
	must(t, err)
	e, err := d.Exam(system(t), id)
	must(t, err)
	return e
}

func TestAThirdExamIsMadeInThePages(t *testing.T) { // issue 2, section C
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		c := d.as(t, people.RoleExamOffice)
		c.Get("/quan-tri/ky-thi").Want(".empty", "Chưa có kỳ thi nào").Click("Tạo kỳ thi").
			Choose("Bộ dữ liệu", "Kỳ thi năm 2021").Press("Nạp").
			Want(".notice", "Đã nạp kỳ thi năm 2021").Want("td", "Vật lí · Lịch sử").Want(".tag", "Giờ theo kế hoạch")
		refused := c.Get("/quan-tri/ky-thi/tao").Choose("Chép từ", "Kỳ thi tốt nghiệp THPT năm 2021").Fill("Năm của kỳ thi mới", "2027").Press("Chép thành kỳ thi mới")
		refused.WantStatus(422).Want(".notice", "ngày thi đầu tiên")
		made := refused.Fill("Ngày thi đầu tiên", "10/6/2027").Press("Chép thành kỳ thi mới")
		made.WantPath("/quan-tri/ky-thi/2027").Want(".notice", "Đang soạn, chưa công khai").Want("dd", "mã 12").Want("h2", "Đợt 1: 10/6/2027 – 11/6/2027")
		made.Press("Công khai kỳ thi").Want(".notice", "đã công khai").Press("Đặt làm kỳ thi hiện hành").Want(".notice", "kỳ thi hiện hành")
		now, err := d.Now(t.Context())
		must(t, err)
		if now.Exam.Year != 2027 {
			t.Errorf("the current exam is %d", now.Exam.Year)
		}
	})
}

func TestASittingsFormComesBackFilledAndNamesTheField(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		c := d.as(t, people.RoleCouncilSecretary)
		form := c.Get("/quan-tri/ky-thi/2021").Click("Buổi sáng Thứ Năm, 8/7/2021")
		refused := form.Fill("Giờ gọi thí sinh", "7h00").Fill("Lượt 1: Giờ phát đề", "7h40").Press("Lưu")
		refused.WantStatus(422).Want(".notice", "Giờ bắt đầu làm bài (07:35) phải sau giờ phát đề (07:40)")
		if got := refused.Fill("Lượt 1: Giờ phát đề", "07:20").Value("Giờ gọi thí sinh"); got != "7h00" {
			t.Errorf("the form came back with %q", got)
		}
		refused.Fill("Lượt 1: Giờ phát đề", "07:20").Press("Lưu").WantPath("/quan-tri/ky-thi/2021").Want(".notice", "Đã lưu buổi thi").Want("td", "07:20")
		c.Get("/quan-tri/ky-thi/2021").Click("Buổi chiều Thứ Năm, 8/7/2021").Click("Ghi là không tổ chức, kèm lý do").
			Fill("Lý do", "Bão số 2").Press("Ghi là không tổ chức").Want("td", "Không tổ chức")
		c.Get("/quan-tri/ky-thi/2021").Click("Thêm buổi thi").Fill("Ngày thi", "9/7/2021").Choose("Buổi", "Buổi chiều").Fill("Giờ gọi thí sinh", "1350").
			Fill("Lượt 1: Giờ phát đề", "14:20").Fill("Lượt 1: Giờ bắt đầu làm bài", "14:30").Tick("Lượt 1: Ngoại ngữ").Press("Lưu").
			Want(".notice", "Đã lưu buổi thi").Want("td", "14:30–15:30")
	})
}

func TestTwoWhoEditTheSameSittingDoNotLoseAnything(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		e := d.load2021(t)
		path := "/quan-tri/ky-thi/2021/dot/1/buoi/" + string(e.Rounds[0].Sittings[1].ID)
		first, second := d.as(t, people.RoleExamOffice).Get(path), d.as(t, people.RoleCouncilSecretary).Get(path)
		first.Fill("Giờ gọi thí sinh", "06:50").Press("Lưu").Want(".notice", "Đã lưu")
		second.Fill("Giờ gọi thí sinh", "06:40").Press("Lưu").WantStatus(409).Want(".notice", "người khác thay đổi")
	})
}

func TestSitesRoomsAndStatusAreKeptInThePages(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		c := d.as(t, people.RoleExamOffice)
		list := "/quan-tri/ky-thi/2021/dot/1/diem-thi"
		for _, s := range [][3]string{{"01", "THPT Bình Lư", "Huyện Tam Đường"}, {"02", "THPT Than Uyên", "Huyện Than Uyên"}} {
			c.Get(list).Click("Thêm điểm thi").Fill("Mã điểm thi", s[0]).Fill("Tên điểm thi", s[1]).Fill("Huyện, thành phố (hoặc xã, phường)", s[2]).
				Press("Lưu").Want("td", s[1]).Want("th", s[2])
		}
		c.Get(list).Click("Thêm điểm thi").Fill("Mã điểm thi", "02").Fill("Tên điểm thi", "B").Fill("Huyện, thành phố (hoặc xã, phường)", "C").
			Press("Lưu").WantStatus(422).Want(".error", "đã có điểm thi mang mã")
		c.Get(list).Click("0 phòng của THPT Bình Lư").Fill("Thêm dãy phòng từ số", "1").Fill("đến số", "11").Press("Lưu").Want(".notice", "Đã lưu 11 phòng")
		c.Get(list).Click("11 phòng của THPT Bình Lư").Want("p", "264").Fill("Số thí sinh", "25").Press("Lưu").WantStatus(422).Want(".error", "1 đến 24")
		c.Get(list).Click("Hoạt động – đổi trạng thái THPT Bình Lư").Choose("Trạng thái", "Chuyển địa điểm").Fill("Lý do", "Lũ quét").
			Choose("Thí sinh chuyển đến", "02 THPT Than Uyên").Press("Lưu").Want(".tag", "Chuyển địa điểm").Want("small", "Lũ quét")
	})
}

func TestTheRosterGridSavesAndNamesTheCell(t *testing.T) { // V-10, V-11
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		e := d.load2021(t)
		id, err := d.SaveSite(system(t), e.Rounds[0].ID, "", 0, exam.SiteInput{Code: "01", Name: "THPT Bình Lư", LocalityName: "Huyện Tam Đường"})
		must(t, err)
		c := d.as(t, people.RoleCouncilSecretary)
		const grid, site = "/quan-tri/ky-thi/2021/dot/1/dang-ky", "THPT Bình Lư: "
		page := c.Get(grid).Fill(site+"Toán", "241").Fill(site+"Khoa học xã hội", "100").Fill(site+"Khoa học xã hội – Lịch sử", "120").Press("Lưu")
		page.WantStatus(422).Want(".notice", "phải từ 120")
		page.Fill(site+"Khoa học xã hội", "120").Press("Lưu").Want(".notice", "Đã lưu số đăng ký").Want("td", "11 / 0")
		gdtx := c.Get(grid).Click("Trong đó GDTX").WantNone("label", "Giáo dục công dân")
		gdtx.Fill(site+"Toán", "20").Press("Lưu").Want(".notice", "Đã lưu số đăng ký")
		roster, err := d.Roster(system(t), id)
		must(t, err)
		for _, l := range e.Lines(e.Rounds[0].ID) {
			if want := map[string]exam.Count{"Toán": {Registered: 241, Continuing: 20}, "Khoa học xã hội": {Registered: 120}, "Khoa học xã hội – Lịch sử": {Registered: 120}}[l.Name()]; roster[l.LineKey] != want {
				t.Errorf("%s: %v, want %v", l.Name(), roster[l.LineKey], want)
			}
		}
	})
}

func TestAListIsPastedPreviewedAndAccepted(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		e := d.load2021(t)
		c := d.as(t, people.RoleExamOffice)
		const page = "/quan-tri/ky-thi/2021/dot/1/nhap"
		bad := "Mã\tTên điểm thi\tHuyện\tĐiện thoại\n01\tTHPT Bình Lư\tHuyện Tam Đường\tgọi sau"
		c.Get(page).Choose("Danh sách", "Điểm thi").Fill("Nội dung dán", bad).Press("Xem trước").Want(".notice", "ô D2").WantNone("button[value=accept]", "")
		good := strings.Replace(bad, "gọi sau", "0213 3784 000", 1)
		c.Get(page).Choose("Danh sách", "Điểm thi").Attach("Tệp bảng tính", "ds.csv", []byte(good)).Press("Xem trước").Want("p", "1 dòng mới").
			Press("Nhận 1 dòng").Want(".notice", "Đã nhập 1 dòng mới").Want("td", "THPT Bình Lư")
		c.Get(page).Press("Xem trước").WantStatus(422).Want(".error", "Hãy dán bảng")
		c.Get(page).Attach("Tệp bảng tính", "ds.csv", nil).Press("Xem trước").WantStatus(422).Want(".error", "Tệp rỗng")
		if sites, err := d.Sites(system(t), e.Rounds[0].ID); err != nil || len(sites) != 1 {
			t.Errorf("%d sites, %v", len(sites), err)
		}
	})
}

// What was guessed is shown, a row given twice is refused, and what travels in the page from preview to
// preview is the same table: rows keep their numbers, cells their places.
func TestAnUglyListIsReadAndSaysWhatWasAssumed(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		c := d.as(t, people.RoleExamOffice)
		const page = "/quan-tri/ky-thi/2021/dot/1/nhap"
		list := "DANH SÁCH ĐIỂM THI\n\nMã;Tên điểm thi;Huyện;Địa chỉ;Điện thoại\n" +
			"01;Tröôøng THPT Bình Lö;Huyeän Tam Ñöôøng;\"\"\"Phoá môùi\"\", soá 1\";\n\n" + // 4
			"02;\"THPT Than Uyên, cơ sở 2\";Huyện Than Uyên;;\n" + // 6
			"02;THPT Than Uyên;Huyện Than Uyên;;gọi sau\n" // 7
		preview := c.Get(page).Choose("Danh sách", "Điểm thi").Attach("Tệp bảng tính", "ds.csv", []byte(list)).Press("Xem trước")
		preview.Want("li", "VNI").Want(".notice li", "ds.csv, ô A7 (Mã điểm thi): Trùng với dòng 6").WantNone("button[value=accept]", "")
		again := preview.Press("Xem trước").Want(".notice li", "ô A7 (Mã điểm thi): Trùng với dòng 6")
		const place = "Nội dung dán"
		first, second := preview.Fill("Danh sách", "Điểm thi").Value(place), again.Fill("Danh sách", "Điểm thi").Value(place)
		if want := "\n\nMã\tTên điểm thi\tHuyện\tĐịa chỉ\tĐiện thoại\n01\tTrường THPT Bình Lư\tHuyện Tam Đường\t\"\"\"Phố mới\"\", số 1\"\t\n\n02\t"; !strings.HasPrefix(first, want) || second != first {
			t.Errorf("what travels is %q, then %q", first, second)
		}
	})
}

func TestWhatIsNewIsWrittenFromTheComparison(t *testing.T) { // R-II.2-b
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		_, err := d.Load(system(t), 2025, "Lai Châu")
		must(t, err)
		c := d.as(t, people.RoleOffice)
		form := c.Get("/quan-tri/ky-thi/2025/diem-moi").Want("td", "50 phút, môn tự chọn").Click("Viết thành điểm mới từ Tin học")
		form.Fill("Năm nay", "Tin học là môn tự chọn.").Press("Lưu").Want("h2", "Tin học")
		c.Get("/quan-tri/ky-thi/2025/diem-moi").Click("Sửa Tin học").Press("Bỏ điểm mới này khỏi trang công khai").WantNone("h2", "Tin học")
	})
}

func TestPapersAndPhaseAreEditedInThePages(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		c := d.as(t, people.RoleExamOffice)
		c.Get("/quan-tri/ky-thi/2021/bai-thi").Click("Thêm môn").Fill("Tên môn", "Tin học").Fill("Mã", "tin_hoc").Choose("Hình thức", "Trắc nghiệm").Press("Lưu").Want("a", "Tin học")
		c.Get("/quan-tri/ky-thi/2021/bai-thi").Click("Thêm bài thi").Fill("Tên bài thi", "Tin học").Fill("Mã", "tin_hoc").Choose("Loại", "Môn tự chọn").
			Choose("Môn", "Tin học").Fill("Số phút làm bài", "50").Press("Lưu").Want("td", "Tin học 50 phút")
		c.Get("/quan-tri/ky-thi/2021/giai-doan").Choose("Giai đoạn", "Sau kỳ thi").Press("Lưu").WantStatus(422).Want(".error", "lý do")
		c.Get("/quan-tri/ky-thi/2021/giai-doan").Choose("Giai đoạn", "Sau kỳ thi").Fill("Lý do", "Diễn tập").Press("Lưu").Want("dd", "Sau kỳ thi (đặt bằng tay: Diễn tập)")
		c.Get("/quan-tri/ky-thi/2021/sua").Fill("Mã Hội đồng thi", "7").Press("Lưu").WantStatus(422).Want(".error", "hai chữ số")
	})
}

func TestForeignLanguagesAreEditedInThePages(t *testing.T) { // issue 2, section C: no build for a new exam
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		e := d.load2021(t)
		_, err := d.Copy(system(t), e.ID, exam.CopyInput{Year: 2024, FirstDay: "2024-06-27", Rounds: []int{1}})
		must(t, err)
		c := d.as(t, people.RoleExamOffice)
		const papers = "/quan-tri/ky-thi/2024/bai-thi"
		form := c.Get(papers).Want("a", "Tiếng Anh (N1)").Click("Thêm ngoại ngữ")
		form.Fill("Tên ngoại ngữ", "Tiếng Hàn").Fill("Mã", "hàn").Press("Lưu").WantStatus(422).Want(".error", "ví dụ N7")
		form.Fill("Tên ngoại ngữ", "Tiếng Hàn").Fill("Mã", "N1").Press("Lưu").WantStatus(422).Want(".error", "đã có ngoại ngữ mang mã này")
		form.Fill("Tên ngoại ngữ", "Tiếng Hàn").Fill("Mã", "N7").Press("Lưu").WantPath(papers).Want("a", "Tiếng Hàn (N7)")
		c.Get(papers).Click("Tiếng Hàn (N7)").Fill("Tên ngoại ngữ", "Tiếng Hàn Quốc").Press("Lưu").Want("a", "Tiếng Hàn Quốc (N7)")
		c.Get(papers).Click("Tiếng Đức (N5)").Press("Bỏ ngoại ngữ này khỏi kỳ thi").Want(".notice", "Đã bỏ Tiếng Đức").WantNone("a", "Tiếng Đức")
		if old, err := d.Exam(system(t), e.ID); err != nil || len(old.Languages) != 6 {
			t.Errorf("2021 has %v, %v", old.Languages, err)
		}
		d.as(t, people.RoleUnitEditor).Get(papers).Want("li", "Tiếng Hàn Quốc (N7)").WantNone("a", "Thêm ngoại ngữ")
	})
}

func TestAPublishedExamToComeIsNoArchive(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		_, err := d.Load(system(t), 2025, "Lai Châu")
		must(t, err)
		c := d.as(t, people.RoleExamOffice)
		c.Get("/quan-tri/ky-thi").Want(".tag", "Hiện hành").Want(".tag", "Đã công khai").WantNone(".tag", "Lưu trữ")
		d.Clock.Advance(local(t, "2025-06-28 00:00:00").Sub(d.Clock.Now()))
		c = d.as(t, people.RoleExamOffice)
		c.Get("/quan-tri/ky-thi").Want(".tag", "Lưu trữ")
	})
}

func TestAMiscopiedExamIsDeletedWhileItIsADraft(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		e := d.load2021(t)
		for _, s := range []exam.SiteInput{{Code: "01", Name: "A", LocalityName: "X"}, {Code: "02", Name: "B", LocalityName: "X"}} {
			site, err := d.SaveSite(system(t), e.Rounds[0].ID, "", 0, s)
			must(t, err)
			must(t, d.SetRooms(system(t), site, 1, []exam.Room{{Number: int(s.Code[1]), Capacity: 24}}))
		}
		_, err := d.Copy(system(t), e.ID, exam.CopyInput{Year: 2027, FirstDay: "2027-06-10", Sites: true})
		must(t, err)
		wrong, err := d.ExamOf(system(t), 2027)
		must(t, err)
		sites, err := d.Sites(system(t), wrong.Rounds[0].ID)
		must(t, err)
		must(t, d.SetSiteStatus(system(t), sites[0].ID, 1, exam.Moved, "Sửa trường", sites[1].ID))
		c := d.as(t, people.RoleExamOffice)
		const year = "/quan-tri/ky-thi/2027"

		news, err := d.SaveNews(system(t), wrong.ID, "", 0, exam.News{Title: "x", Now: "x"})
		must(t, err)
		c.Get(year+"/xoa").Press("Xóa kỳ thi").WantStatus(422).Want(".notice", "đã có 1 điểm mới")
		must(t, d.RemoveNews(system(t), wrong.ID, news, 1))
		line := wrong.Lines(wrong.Rounds[0].ID)[0].LineKey
		must(t, d.SetRosters(system(t), wrong.Rounds[0].ID, []exam.SiteRoster{{Site: sites[1].ID, Version: sites[1].Version, Counts: exam.Roster{line: {Registered: 12}}}}))
		c.Get(year+"/xoa").Press("Xóa kỳ thi").WantStatus(422).Want(".notice", "số thí sinh đăng ký")
		must(t, d.SetRosters(system(t), wrong.Rounds[0].ID, []exam.SiteRoster{{Site: sites[1].ID, Version: sites[1].Version + 1, Counts: exam.Roster{}}}))

		c.Get(year).Click("Xóa kỳ thi đang soạn").Want("dd", "Đợt 1: 5 buổi").Want("dd", "2").Press("Xóa kỳ thi").
			WantPath("/quan-tri/ky-thi").Want(".notice", "Đã xóa Kỳ thi tốt nghiệp THPT năm 2027").WantNone("a", "năm 2027")
		c.Get(year).WantStatus(404)
		lines, err := audit.List(t.Context(), d.DB.Read(), audit.Query{Kind: "exam", Object: string(wrong.ID)})
		if err != nil || len(lines) < 2 || lines[0].Action != "exam.remove" {
			t.Errorf("audit %+v, %v", lines, err)
		}
		if old, err := d.ExamOf(system(t), 2021); err != nil || len(old.Rounds) != 2 {
			t.Errorf("the exam copied from is %d rounds, %v", len(old.Rounds), err)
		}
		c.Get("/quan-tri/ky-thi/2021").WantNone("a", "Xóa kỳ thi đang soạn")
		c.Get("/quan-tri/ky-thi/2021/xoa").Press("Xóa kỳ thi").WantStatus(422).Want(".notice", "đã công khai nên không xóa được")
	})
}

func TestWhatACopyNeedsNoLongerIsTakenOutInThePages(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		c := d.as(t, people.RoleExamOffice)
		const year = "/quan-tri/ky-thi/2021"
		c.Get(year+"/bai-thi").Click("Toán").Press("Bỏ bài thi này khỏi kỳ thi").WantStatus(422).Want("main", "đang có trong lịch thi")
		c.Get(year+"/mon/toan").Press("Bỏ môn này khỏi kỳ thi").WantStatus(422).Want("main", "đang có trong bài thi Toán")
		c.Get(year+"/chuong-trinh/2006").Press("Bỏ chương trình này khỏi kỳ thi").WantStatus(422).Want("main", "còn 5 bài thi")
		c.Get(year+"/chuong-trinh/moi").Fill("Tên chương trình", "Chương trình thử").Fill("Mã", "2018").Press("Lưu")
		c.Get(year+"/mon/moi").Fill("Tên môn", "Tin học").Fill("Mã", "tin_hoc").Choose("Hình thức", "Trắc nghiệm").Press("Lưu")
		c.Get(year+"/bai-thi/2018/moi").Fill("Tên bài thi", "Bài Tin học").Fill("Mã", "tin_hoc").Choose("Loại", "Môn tự chọn").Choose("Môn", "Tin học").Fill("Số phút làm bài", "50").Press("Lưu")
		c.Get(year+"/bai-thi").Click("Bài Tin học").Press("Bỏ bài thi này khỏi kỳ thi").Want(".notice", "Đã bỏ bài thi Bài Tin học").WantNone("td", "Bài Tin học")
		c.Get(year+"/mon/tin_hoc").Press("Bỏ môn này khỏi kỳ thi").WantNone("a", "Tin học")
		c.Get(year+"/chuong-trinh/2018").Press("Bỏ chương trình này khỏi kỳ thi").WantNone("h2", "Chương trình thử")
	})
}

func TestWhoMayNotEditSeesNoButtonsAndIsRefused(t *testing.T) { // domain.md 2.4
	t.Parallel()
	atDesk(t, func(t *testing.T, d desk) {
		d.load2021(t)
		c := d.as(t, people.RoleUnitEditor)
		c.Get("/quan-tri/ky-thi").WantNone("a", "Tạo kỳ thi")
		c.Get("/quan-tri/ky-thi/2021").WantNone("a", "Thêm buổi thi").WantNone("a", "Sửa thông tin chung").WantNone("button", "Đặt làm")
		for _, path := range []string{"/quan-tri/ky-thi/tao", "/quan-tri/ky-thi/2021/sua", "/quan-tri/ky-thi/2021/dot/1/dang-ky", "/quan-tri/ky-thi/2021/dot/1/nhap"} {
			if status := c.Get(path).Status; status != 403 && status != 404 {
				t.Errorf("%s answers %d", path, status)
			}
		}
		if page := c.Post("/quan-tri/ky-thi/2021/hien-hanh", url.Values{}); page.Status != 403 && page.Status != 404 {
			t.Errorf("posting answers %d", page.Status)
		}
		d.as(t, people.RoleExamOffice).Get("/quan-tri/ky-thi/1999").WantStatus(404)
	})
}
