package documentsweb_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
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
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/documents"
	"bangvang/internal/documents/documentsweb"
	"bangvang/internal/people"
)

// staff are the people of the tests, by the token of their session.
var staff = map[string]access.Role{"Hoa": people.RoleClerk, "Mai": people.RoleExamOffice, "Lan": people.RolePublisher, "Nga": people.RoleOffice,
	"Son": people.RoleExamOffice, "Tuan": people.RoleLeader, "An": people.RoleAdmin, "Thao": people.RoleUnitEditor}

type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	name, _, _ := strings.Cut(token, "-") // "Hoa-2" is another session of Hoa's
	role, ok := staff[name]
	if !ok {
		return access.Actor{}, web.SessionInfo{}, fault.New(fault.Unauthenticated, "Hãy đăng nhập.")
	}
	scope := access.Scope{Kind: access.Department}
	if role == people.RoleUnitEditor {
		scope = access.Scope{Kind: access.Unit, ID: "thpt-1"}
	}
	return access.Actor{Person: name, Name: "Cô " + name, Unit: string(role), Grants: []access.Grant{{Role: role, Scope: scope}}}, web.SessionInfo{ID: token}, nil
}

// touched takes the place of base/publish, which has tests with these pages in package documents.
type touched struct{}

func (touched) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

type units struct{}

func (units) Path(_ context.Context, unit string) ([]string, error) { return []string{unit}, nil }

// reader answers for the inspector; a Word file is one whose name says so.
type reader struct{}

func (reader) Inspect(_ context.Context, name string, in io.Reader) (inspect.Report, error) {
	b, err := io.ReadAll(in)
	rep := inspect.Report{Type: inspect.PDF, Pages: 1, TextByPage: []string{string(b)}, Preview: []byte("jpeg")}
	if strings.HasSuffix(name, ".docx") {
		rep.Type, rep.Preview, rep.Reading = inspect.DOCX, nil, richtext.FromPlain(string(b))
	}
	return rep, err
}

func (r reader) Identify(name string, in io.Reader) (inspect.Report, error) {
	return r.Inspect(context.Background(), name, in)
}

type desk struct {
	t       *testing.T
	docs    *documents.Service
	db      *db.DB
	runner  *jobs.Runner
	browser map[string]*webtest.Client
	first   *webtest.Client
	office  *web.Office
}

func open(t *testing.T) *desk {
	t.Helper()
	clk := clock.At(time.Date(2021, 6, 10, 8, 0, 0, 0, clock.Zone))
	d := dbtest.SQLite(t, clk)
	policy, err := access.NewPolicy(clk, documents.Rules())
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.Open(t.Context(), filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	k := &desk{t: t, db: d, runner: jobs.NewRunner(d, 1), browser: map[string]*webtest.Client{}}
	k.docs = documents.New(documents.Deps{DB: d, Policy: policy, Clock: clk, Files: store, Inspector: reader{}, MaxFile: 1 << 20, Publisher: touched{}, Units: units{},
		Sites: func(context.Context) (ui.Sites, error) { return ui.Sites{}, nil }})
	k.docs.Jobs(k.runner)
	noPlaces := func(context.Context) (people.RoleWords, error) { return people.RoleWords{}, nil }
	pages := &documentsweb.Pages{Documents: k.docs, Policy: policy, Clock: clk, Roles: noPlaces}
	office := web.NewOffice(web.Config{DB: d, Policy: policy, Sessions: sessions{}, Clock: clk, Account: "/quan-tri/toi", RatePerSecond: 10_000, Burst: 10_000,
		Site: func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi tốt nghiệp THPT năm 2021"} },
		Nav:  func(ctx context.Context) []ui.NavGroup { return []ui.NavGroup{pages.Nav(ctx)} }})
	pages.Register(office)
	office.GET("/quan-tri/la/{name}", web.Public, func(c *web.Ctx) error {
		c.LogIn(c.Path("name"))
		return c.See("/quan-tri/van-ban", "")
	})
	k.first, k.office = webtest.Start(t, office), office
	return k
}

// as gives a person's browser.
func (k *desk) as(name string) *webtest.Client {
	k.t.Helper()
	if k.browser[name] == nil {
		k.browser[name] = k.first.Another()
		k.browser[name].Get("/quan-tri/la/" + name)
	}
	return k.browser[name]
}

func (k *desk) enter() string {
	k.t.Helper()
	p := k.as("Hoa").Get("/quan-tri/van-ban").Click("Nhập văn bản đến").
		Fill("Số, ký hiệu", "8/ct-ubnd").Fill("Cơ quan ban hành", "chu tich ubnd tinh").Fill("Ngày ban hành", "12/5/2021").
		Fill("Trích yếu", "Tăng cường chỉ đạo tổ chức Kỳ thi").Choose("Mức độ", "Công khai").Press("Lưu")
	p.WantStatus(200).Want("h1", "08/CT-UBND")
	return p.Path
}

// examine lets the jobs look at the files that wait.
func (k *desk) examine() {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), 20*time.Second)
	defer cancel()
	go k.runner.Run(ctx)
	for ctx.Err() == nil {
		waiting, err := jobs.List(k.t.Context(), k.db.Read(), 100)
		if err != nil {
			k.t.Fatal(err)
		}
		n := 0
		for _, j := range waiting {
			if j.Kind == "documents.examine" {
				n++
			}
		}
		if n == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	k.t.Fatal("files still wait for their examination")
}

// What was chosen beside a refused file is still chosen; no file is stored.
func TestARefusedFileLeavesTheFormAsItWas(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	form := func() *webtest.Form {
		return k.as("Hoa").Get(path).Click("Thêm tệp").Want("main", "không quá 1 MB").Choose("Là", "Tệp kèm theo")
	}
	for name, c := range map[string]struct {
		body []byte
		says string
	}{
		"quá to.pdf": {bytes.Repeat([]byte("x"), 1<<20+1), "Tệp “quá to.pdf” nặng quá mức 1 MB"},
		"trống.pdf":  {nil, "Tệp không có nội dung"},
	} {
		page := form().Attach("Tệp", name, c.body).Press("Tải lên").WantStatus(422).Want(".error", c.says)
		page.Want("input[value=attachment][checked]", "").Attach("Tệp", "vừa.pdf", []byte(name)).Press("Tải lên").Want(".notice", "Đã nhận tệp “vừa.pdf”")
	}
	k.as("Hoa").Get(path).WantNone("main", "quá to.pdf")
	form().Attach("Tệp", "rất to.pdf", bytes.Repeat([]byte("x"), 3<<20+1)).Press("Tải lên").WantStatus(413).Want("main", "lớn hơn mức cho phép")
}

func TestTwoOfficesThroughTheirPages(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	k.as("Hoa").Get(path).Click("Thêm tệp").Attach("Tệp", "Chỉ thị 08.docx", []byte("I. CHUẨN BỊ\n1. Rà soát điểm thi.")).Press("Tải lên").Want(".notice", "Đã nhận tệp")
	k.examine()
	k.as("Hoa").Get(path).Want("main", "Đã kiểm tra").Press("Lấy “Chỉ thị 08.docx” làm bản đọc").Want("textarea", "CHUẨN BỊ")
	k.as("Hoa").Get(path).Want("main", "Có bản đọc").WantNone(".action", "Phân loại")

	k.as("Mai").Get(path).Click("Phân loại").Choose("Mức độ", "Công khai").Press("Phân loại").Want("main", "Đã phân loại")
	k.as("Mai").Get(path).WantNone(".action", "Đăng lên trang công khai")
	k.as("Lan").Get(path).Click("Đăng lên trang công khai").Want("main", "sẽ hiện trên trang công khai").Press("Đăng lên trang công khai").
		Want("main", "Đã đăng").Want("main", "Xem trang công khai").Want(".steps", "Cô Lan (Phòng Chính trị – Tư tưởng (đăng tải))").Want(".steps", "Vào sổ")

	k.as("Mai").Get(path).Click("Sửa thông tin").Fill("Trích yếu", "Tăng cường chỉ đạo thi năm 2021").Press("Lưu").Want("main", "Có bản sửa chờ đăng")
	k.as("Mai").Get(path+"/phien-ban").Want("table", "Tăng cường chỉ đạo thi năm 2021").Want("table", "Tăng cường chỉ đạo tổ chức Kỳ thi")
	k.as("Lan").Get(path).Click("Đăng bản cập nhật").Choose("Mức thay đổi", "Sửa nhỏ").Fill("Ghi cho người đọc: đã đổi gì, vì sao", "Sửa trích yếu.").Press("Đăng bản cập nhật").
		WantNone("main", "chờ đăng")
	k.as("Lan").Get(path).Click("Gỡ khỏi trang công khai").Choose("Cách gỡ", "Đăng nhầm: chỉ còn lời giải thích").Press("Gỡ khỏi trang công khai").
		WantStatus(422).Want(".notice", "lý do").Fill("Lý do, người đọc sẽ thấy", "Đăng nhầm bản cũ.").Choose("Cách gỡ", "Đăng nhầm: chỉ còn lời giải thích").
		Press("Gỡ khỏi trang công khai").Want("main", "Đã gỡ vì đăng nhầm").WantNone("main", "thu hồi")
	k.as("Lan").Get("/quan-tri/van-ban").Want("td", "Đã gỡ vì đăng nhầm").WantNone("td", "thu hồi")
	k.as("Lan").Get(path).Click("Đăng lại").Fill("Lý do", "Gỡ nhầm").Press("Đăng lại")
	k.as("Lan").Get(path).Click("Gỡ khỏi trang công khai").Fill("Lý do, người đọc sẽ thấy", "Không còn dùng.").Choose("Cách gỡ", "Gỡ, vẫn đọc được dưới thông báo").
		Press("Gỡ khỏi trang công khai").Want("main", "Đã gỡ, còn để tra cứu").WantNone("main", "thu hồi")
}

func TestARefusedEntryComesBackFilled(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	p := k.as("Mai").Get("/quan-tri/van-ban/moi").Fill("Số, ký hiệu", "08/CT-UBND").Fill("Cơ quan ban hành", "UBND tỉnh").Fill("Ngày ban hành", "12/5/2021").
		Fill("Ngày có hiệu lực", "11/5/2021").Fill("Trích yếu", "Bản nhập lại").Press("Lưu")
	p.WantStatus(422).Want(".error", "trước ngày ban hành")
	if got := p.Fill("Ngày có hiệu lực", "").Value("Trích yếu"); got != "Bản nhập lại" {
		t.Errorf("the form came back with %q", got)
	}
	p = p.Fill("Ngày có hiệu lực", "").Press("Lưu")
	p.WantStatus(409).Want(".error", "đã có trong sổ").Click("Mở mục đã có").Want("h1", "08/CT-UBND")
	p = k.as("Mai").Get("/quan-tri/van-ban/moi").Fill("Số, ký hiệu", "09/CT-UBND").Fill("Cơ quan ban hành", "UBND tỉnh").Fill("Ngày ban hành", "12/5/2021").
		Fill("Trích yếu", "Văn bản mật").Choose("Mức độ", "Mật").Press("Lưu")
	p.WantStatus(422).Want(".error", "sổ văn bản mật")
	k.as("Hoa").Get("/quan-tri/van-ban?q=09/CT").WantNone("table", "09/CT-UBND")
	k.as("Hoa").Get("/quan-tri/van-ban?q=tang+cuong").Want("table", "08/CT-UBND")
	k.as("Thao").Get(path).WantStatus(404)
	k.as("An").Get("/quan-tri/van-ban").WantStatus(404)
}

func TestTheSecondClerkSeesBothVersions(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	mai, hoa := k.as("Mai").Get(path+"/sua"), k.as("Hoa").Get(path+"/sua")
	mai.Fill("Trích yếu", "Bản của Mai").Press("Lưu").Want("main", "Bản của Mai")
	p := hoa.Fill("Trích yếu", "Bản của Hoa").Press("Lưu")
	p.WantStatus(409).Want("table", "Bản của Mai").Want("table", "Bản của Hoa").Want("main", "Cô Mai đã lưu")
	p.Press("Lưu bản của tôi").Want("main", "Bản của Hoa")
}

func TestRelationsAreNamedByNumber(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	p := k.as("Hoa").Get(path).Click("Thêm quan hệ").Choose("Văn bản này", "Căn cứ").Fill("Số, ký hiệu của văn bản kia", "15/2020/TT-BGDĐT").Press("Lưu")
	p.WantStatus(422).Want(".error", "Không thấy 15/2020/TT-BGDĐT")
	k.as("Hoa").Get("/quan-tri/van-ban/moi").Fill("Số, ký hiệu", "15/2020/TT-BGDĐT").Fill("Cơ quan ban hành", "Bộ GDĐT").Fill("Ngày ban hành", "26/5/2020").Fill("Trích yếu", "Quy chế thi").Press("Lưu").Want("h1", "15/2020/TT-BGDĐT")
	p.Choose("Văn bản này", "Căn cứ").Fill("Số, ký hiệu của văn bản kia", "15/2020/TT-BGDDT").Press("Lưu").
		Want("main", "Căn cứ:").Press("Bỏ quan hệ với 15/2020/TT-BGDĐT").Want("main", "Chưa ghi quan hệ nào")
}

func TestImportAndExportThroughPages(t *testing.T) {
	t.Parallel()
	k := open(t)
	sheet := "Số ký hiệu,Ngày ban hành,Cơ quan ban hành,Trích yếu\n08/CT-UBND,12/5/2021,UBND tỉnh,Tăng cường chỉ đạo\n"
	k.as("Hoa").Get("/quan-tri/nhap-van-ban").Attach("Bảng tính", "so.csv", []byte(strings.Replace(sheet, "12/5", "31/2", 1))).Press("Xem trước").
		Want("table", "B2").WantNone("main", "Sẽ vào sổ").Press("Bỏ bảng này").Want(".notice", "Không có gì được ghi")
	empty := k.as("Hoa").Get("/quan-tri/nhap-van-ban").Attach("Bảng tính", "so.csv", []byte("Số ký hiệu,Ngày ban hành,Cơ quan ban hành,Trích yếu\n")).Press("Xem trước")
	empty.Want(".notice.bad", "không có dòng nào dưới dòng tiêu đề").WantNone("button", "Nhập vào sổ")
	k.as("Hoa").Get("/quan-tri/nhap-van-ban").Attach("Bảng tính", "so.csv", nil).Press("Xem trước").WantStatus(422).Want(".error", "Tệp rỗng")
	k.as("Hoa").Get("/quan-tri/nhap-van-ban").Attach("Bảng tính", "so.csv", []byte(sheet)).Press("Xem trước").
		Want("main", "Sẽ vào sổ").Press("Nhập vào sổ").Want(".notice", "Đã nhập 1 văn bản").Want("table", "08/CT-UBND")
	p := k.as("Hoa").Get("/quan-tri/van-ban.zip").WantStatus(200)
	z, err := zip.NewReader(bytes.NewReader(p.Body), int64(len(p.Body)))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "so-van-ban.xlsx" {
		t.Fatalf("export %v, %v", z, err)
	}
	k.as("Hoa").Get("/quan-tri/nhap-van-ban/mau.xlsx").WantStatus(200)
	l, err := k.docs.List(access.System(t.Context(), "Kiểm thử"), documents.Filter{})
	if err != nil || l.Total != 1 {
		t.Fatal(l, err)
	}
	p = k.as("Hoa").Get(documents.OfficePath(l.Documents[0].ID) + "/thong-tin.json")
	var m documents.Metadata
	if err := json.Unmarshal(p.Body, &m); err != nil || m.CodeNotation != "CT-UBND" {
		t.Errorf("metadata %s, %v", p.Body, err)
	}
}

// Two clerks save the same document: the second sees both, and only what reads differently is marked.
func TestTwoClerksSaveTheSameDocument(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	k.as("Hoa").Get(path).Click("Sửa thông tin").Fill("Nơi nhận", "Tỉnh ủy\r\nLưu: VT").Press("Lưu")
	mine := k.as("Hoa").Get(path).Click("Sửa thông tin").Fill("Ngày ban hành", "ngày 12 tháng 5 năm 2021").Fill("Trích yếu", "Bản của tôi").Fill("Nơi nhận", "Tỉnh ủy\r\nLưu: VT")
	k.as("Hoa").Get(path).Click("Sửa thông tin").Fill("Trích yếu", "Bản kia").Press("Lưu").Want("main", "Bản kia")
	both := mine.Press("Lưu").WantStatus(409).Want("tr th", "Trích yếu khác nhau").Want("td", "Bản kia").Want("td", "Bản của tôi").Want("td", "12/5/2021").Want("td", "Công khai")
	for _, same := range []string{"Ngày ban hành", "Nơi nhận", "Mức độ", "Ngôn ngữ", "Độ khẩn"} {
		both.WantNone("tr th", same+" khác nhau")
	}
	both.Press("Lưu bản của tôi").Want("main", "Bản của tôi")
}

// What comes with a paste, and what somebody tries, is kept as text, named where it is wrong, and run by
// nobody.
func TestUglyInputComesBackWhole(t *testing.T) {
	t.Parallel()
	k := open(t)
	const ugly = `<script>alert(1)</script>'"; DROP TABLE document;--`
	form := k.as("Hoa").Get("/quan-tri/van-ban/moi").Fill("Số, ký hiệu", "9/CT-UBND").Fill("Cơ quan ban hành", "UBND tỉnh").Fill("Ngày ban hành", "12/5/2021").
		Fill("Trích yếu", "\ufeff "+ugly+"\u202e\x00\r\nSet-Cookie: a=b ").Fill("Người ký", strings.Repeat("a", 51)).Fill("Năm", "2020").Fill("Số trang", "-1")
	page := form.Press("Lưu").WantStatus(422)
	for _, says := range []string{"“Người ký” dài 51 ký tự", "Năm 2020 khác năm 2021", "“Số trang” phải là một số"} {
		page.Want(".notice.bad", says)
	}
	saved := page.Fill("Người ký", "").Fill("Năm", "").Fill("Số trang", "").Press("Lưu").WantStatus(200).Want("main", ugly+" Set-Cookie: a=b")
	for _, p := range []*webtest.Page{page, saved} {
		if bytes.Contains(p.Body, []byte("<script>alert")) {
			t.Error("what was typed is markup")
		}
	}
	if got := saved.Header.Get("Set-Cookie"); strings.Contains(got, "a=b") {
		t.Errorf("a field became the header %q", got)
	}
	twin := k.as("Hoa").Get("/quan-tri/van-ban/moi").Fill("Số, ký hiệu", "09/ct-ubnd").Fill("Cơ quan ban hành", "ubnd tinh").Fill("Ngày ban hành", "1/6/2021").Fill("Trích yếu", "Gõ lại")
	if got := twin.Press("Lưu").WantStatus(409).Want(".notice.bad", "đã có trong sổ").Fill("Năm", "").Value("Trích yếu"); got != "Gõ lại" {
		t.Errorf("the subject came back as %q", got)
	}
}

func TestOwnDocumentThroughItsPages(t *testing.T) {
	t.Parallel()
	k := open(t)
	p := k.as("Mai").Get("/quan-tri/van-ban").Click("Soạn văn bản của Sở").Fill("Cơ quan ban hành", "Sở GDĐT").Fill("Loại văn bản", "Kế hoạch").
		Fill("Trích yếu", "Truyền thông về Kỳ thi").Choose("Mức độ", "Công khai").Fill("Chức vụ người ký", "GIÁM ĐỐC").Fill("Người ký", "Đinh Trung Tuấn").Press("Lưu")
	p.Want("h1", "/KH-SGDĐT")
	path := p.Path
	k.as("Son").Get(path).Click("Duyệt nội dung").Press("Duyệt nội dung")
	k.as("Nga").Get(path).Click("Xác nhận đúng thể thức").Press("Xác nhận đúng thể thức")
	k.as("Tuan").Get(path).Click("Ký").Press("Ký")
	k.as("Hoa").Get(path).Click("Lấy số").Want("main", "Số tiếp theo của loại này: 1").Fill("Số", "3").Press("Lấy số").WantStatus(422).Want(".error", "lý do").
		Fill("Lý do bỏ qua số", "Hai số đầu ghi trên giấy").Press("Lấy số").Want("h1", "03/KH-SGDĐT")
	k.as("Hoa").Get(path).Click("Phát hành").Press("Phát hành").Want("main", "Đã phát hành")
}

// Who signed is offered for the next document, to those who may see where it stands.
func TestSignersAreOffered(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	k.as("Hoa").Get(path+"/sua").Fill("Chức vụ người ký", "CHỦ TỊCH").Fill("Người ký", "Trần Tiến Dũng").Press("Lưu").Want("main", "Trần Tiến Dũng")
	offered := func(person, page, field string) string {
		p := k.as(person).Get(page).WantStatus(200)
		_, list, _ := strings.Cut(string(p.Body), `<datalist id="`+p.Attr("[name="+field+"]", "list")+`">`)
		list, _, _ = strings.Cut(list, "</datalist>")
		return strings.TrimSpace(list)
	}
	if got := offered("Hoa", "/quan-tri/van-ban/moi", "signer_name"); got != `<option value="Trần Tiến Dũng"></option>` {
		t.Errorf("the names offered are %q", got)
	}
	if got := offered("Hoa", "/quan-tri/van-ban/moi", "signer_position"); got != `<option value="CHỦ TỊCH"></option>` {
		t.Errorf("the positions offered are %q", got)
	}
	if got := offered("Hoa", "/quan-tri/van-ban/moi", "issuer"); !strings.Contains(got, `<option value="UBND tỉnh"></option>`) {
		t.Errorf("the issuers offered are %q", got)
	}
	if body := string(k.as("Thao").Get("/quan-tri/van-ban/soan").Body); strings.Contains(body, "Trần Tiến Dũng") {
		t.Error("a school is offered the signers of papers it may not see")
	}
}

func TestIssuersAreDataOfTheOffice(t *testing.T) {
	t.Parallel()
	k := open(t)
	k.as("Hoa").Get("/quan-tri/co-quan-ban-hanh").Click("Thêm cơ quan").Fill("Tên cơ quan", "Sở Nội vụ").Press("Lưu").Want("table", "/van-ban/co-quan/so-noi-vu")
	k.as("Hoa").Get("/quan-tri/co-quan-ban-hanh").Click("UBND tỉnh").Fill("Tên cơ quan", "UBND tỉnh Lai Châu").Press("Lưu").Want("table", "UBND tỉnh Lai Châu").Want("table", "/van-ban/co-quan/ubnd-tinh")
	k.as("Hoa").Get("/quan-tri/co-quan-ban-hanh/moi").Fill("Tên cơ quan", "Sở Nội vụ").Press("Lưu").WantStatus(409)
}

func TestPersonalDataThroughPages(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	k.as("Hoa").Get(path).Click("Thêm tệp").Attach("Tệp", "ds.pdf", []byte("Danh sách\n1. Lò Văn An, CCCD 012203000011\n2. Vàng Thị Bình, CCCD 012303000022\n3. Giàng A Chu, CCCD 012203000033")).Press("Tải lên")
	k.examine()
	k.as("Hoa").Get(path).Want("main", "Cần xem dữ liệu cá nhân").WantNone("main", "012203000011")
	k.as("Nga").Get(path).Click("Xem và xác nhận về dữ liệu cá nhân trong “ds.pdf”").Fill("Vì sao được phép công khai", "Số không có thật").Press("Cho phép công khai").Want("main", "Cô Nga đã xem và cho công khai")
}

// Every template against its data, as pages are drawn only in some states.
func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, v := range ui.Views() {
		if err := templatecheck.CheckHTML(v.Template, v.Root); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}
