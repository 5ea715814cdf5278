package ui_test

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
	"golang.org/x/net/html"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web/ui"
)

//go:embed testdata/*.html
var galleryFiles embed.FS

type publicGallery struct {
	Now       ui.Now
	Strip     ui.Strip
	Notices   []ui.Notice
	Filters   []ui.FilterGroup
	Documents []ui.DocumentCard
	Pager     ui.Pager
	Contents  []ui.Heading
	Chart     ui.BarChart
	Steps     []ui.Step
	Empty     ui.Empty
	Form      ui.Form
}

type officeRow struct {
	Number, Day, Title string
	Tag                ui.Tag
	Pages              int
	Late               bool
}

type officeGallery struct {
	Number                   string
	Form                     ui.Form
	Issuers, Classes, Fields []ui.Option
	Signers                  []string
	Rows                     []officeRow
	Steps                    []ui.Step
	Progress                 ui.Progress
}

var (
	publicView = ui.New[publicGallery](galleryFiles, "testdata/public.html")
	officeView = ui.New[officeGallery](galleryFiles, "testdata/office.html")
)

const at = 1625618100000 // 7/7/2021, 07:35 in Vietnam

var site = ui.Site{
	Name: "Kỳ thi tốt nghiệp THPT năm 2021", Owner: "Sở Giáo dục và Đào tạo Lai Châu", BaseURL: "https://thi.example.vn",
	Nav: []ui.Link{ui.Section("vi", "/lich-thi"), ui.Section("vi", "/diem-thi"), ui.Section("vi", "/van-ban"), ui.Section("vi", "/tin"),
		ui.Section("vi", "/diem-moi"), ui.Section("vi", "/on-thi"), ui.Section("vi", "/hoi-dap"), ui.Section("vi", "/duong-day-nong")},
	Footer:    []ui.Link{{Href: "/truy-cap", Label: "Khả năng tiếp cận"}, {Href: "/rieng-tu", Label: "Quyền riêng tư"}, {Href: "/dieu-khoan", Label: "Điều khoản"}},
	Languages: []ui.Link{{Href: "/en", Label: "English", Lang: "en"}},
	Contacts: []ui.Contact{
		{Name: "Văn phòng Sở", Role: "Thông tin chung về kỳ thi", Address: "Tầng 4, nhà C, Khu Trung tâm hành chính tỉnh", Hours: "Giờ hành chính", Phones: []ui.Phone{{Number: "0213.3876.543"}}, Email: "vanphong@example.vn"},
		{Name: "Thanh tra Sở", Role: "Đường dây nóng", Phones: []ui.Phone{{Number: "0213.3790.456", Note: "trực 24/24"}, {Number: "0912 000 000"}}},
	},
	Legal:    "Chịu trách nhiệm: Giám đốc Sở.",
	Invented: "Số liệu, tên người và thí sinh trên trang này là ví dụ, không có thật.",
}

func publicPage(t *testing.T, lang string) []byte {
	t.Helper()
	form := ui.NewForm(url.Values{"name": {"Lò Thị <b>Máy</b>"}, "question": {"\nDòng đầu trống"}})
	form.Wrong = []fault.Field{{Name: "phone", Message: "Số điện thoại có 10 chữ số, ví dụ 0912 345 678."}}
	body, err := publicView.Public(ui.Frame{
		Site: site, Lang: lang, Title: "Trang mẫu", Description: "Mọi phần của một trang công khai", Canonical: "/van-ban/mau", Section: "/van-ban",
		Crumbs:     []ui.Link{{Href: "/", Label: "Trang đầu"}, {Href: "/van-ban", Label: "Văn bản"}},
		Feeds:      []ui.Feed{{Type: "application/atom+xml", Title: "Văn bản mới", Href: "/van-ban.atom"}},
		Alternates: []ui.Alternate{{Lang: "vi", Href: "/van-ban/mau"}, {Lang: "en", Href: "/en/van-ban/mau"}},
		JSONLD:     []any{map[string]any{"@context": "https://schema.org", "@type": "Legislation", "name": "</script><script>alert(1)</script> & \"ngoặc\""}},
		Published:  at, Updated: at + 3600_000, ChangeNote: "Đính chính giờ phát đề buổi chiều.", Owner: site.Contacts[0], Countdown: true,
		Banner: &ui.Banner{Title: "Hoãn buổi thi chiều nay tại Điểm thi Mường Tè.", Text: "Thí sinh ở lại điểm thi chờ hướng dẫn.", Href: "/canh-bao/1", At: at},
	}, publicGallery{
		Now: ui.Now{Lead: "Còn 23 ngày", Title: "Kỳ thi bắt đầu sáng thứ Tư, 7/7/2021", Text: "Giờ làm thủ tục dự thi tại điểm thi ghi trên thẻ dự thi:",
			At: at, Links: []ui.Link{{Href: "/lich-thi", Label: "Xem lịch thi"}, {Href: "/diem-thi", Label: "Tìm điểm thi của tôi"}}},
		Strip: ui.Strip{Title: "Sáng thứ Tư, 7/7/2021: Ngữ văn", Note: "120 phút", Phases: []ui.Phase{
			{Clock: "06:30", Label: "Gọi vào phòng thi", State: "done"}, {Clock: "07:30", Label: "Phát đề", State: "done"}, {Clock: "07:35", Label: "Bắt đầu làm bài", State: "now"}, {Clock: "09:35", Label: "Hết giờ làm bài", State: "todo"}}},
		Notices: []ui.Notice{{Text: "Số liệu đến 09:00 ngày 7/7/2021."}, {Tone: ui.OK, Text: "Đã gửi câu hỏi, mã HD-0123."}, {Tone: ui.Warn, Title: "Văn bản này đã được thay thế", Text: "Bản thay thế có hiệu lực từ 1/7/2021.", Link: ui.Link{Href: "/van-ban/09", Label: "Xem 09/CT-UBND"}},
			{Tone: ui.Bad, Text: "Không gửi được câu hỏi. Hãy thử lại sau ít phút."}, {Tone: ui.Gold, Title: "Gương tốt", Text: "Một em đã trả lại ví tiền nhặt được ở cổng trường."}},
		Filters: []ui.FilterGroup{{Title: "Cơ quan ban hành", Links: []ui.Link{{Href: "/van-ban", Label: "Tất cả", On: true, Count: 32}, {Href: "/van-ban?cq=bo", Label: "Bộ GDĐT", Count: 12}, {Href: "/van-ban?cq=tinh", Label: "UBND tỉnh", Count: 4}}},
			{Title: "Năm", Links: []ui.Link{{Href: "/van-ban?nam=2021", Label: "2021"}, {Href: "/van-ban?nam=2020", Label: "2020"}}}},
		Documents: []ui.DocumentCard{
			{Href: "/van-ban/08-ct-ubnd-2021", Kind: "Chỉ thị", Number: "08/CT-UBND", Issuer: "UBND tỉnh", Day: "2021-06-05", Title: "Về việc tăng cường chỉ đạo tổ chức Kỳ thi tốt nghiệp THPT năm 2021 trên địa bàn tỉnh", Tag: ui.Tag{Tone: ui.OK, Word: "Còn hiệu lực"}, Note: "PDF, 3 trang"},
			{Href: "/van-ban/1318-qlcl", Kind: "Công văn", Number: "1318/BGDĐT-QLCL", Issuer: "Bộ GDĐT", Day: "2021-04-07", Title: "Hướng dẫn một số nội dung của kỳ thi", Tag: ui.Tag{Tone: ui.Warn, Word: "Đã được thay thế"}}},
		Pager:    ui.Pager{Page: 2, Pages: 3, Total: 32, Path: "/van-ban", Query: url.Values{"nam": {"2021"}}},
		Contents: []ui.Heading{{Level: 1, ID: "muc-1", Text: "I. Mục đích, yêu cầu"}, {Level: 2, ID: "muc-2", Text: "1. Yêu cầu"}},
		Chart:    ui.BarChart{Title: "Phổ điểm môn Toán", Note: "số liệu đến 09:00", LabelHead: "Điểm", ValueHead: "Thí sinh", Rows: []ui.Bar{{Label: "dưới 5", Value: 412}, {Label: "5 đến 7", Value: 1840}, {Label: "trên 7", Value: 903}}},
		Steps:    []ui.Step{{Title: "Soạn", Text: "Phòng Khảo thí", At: "5/6/2021, 08:10", State: "done"}, {Title: "Duyệt", Text: "Phòng Chính trị – Tư tưởng", State: "now"}, {Title: "Đăng", State: "todo"}, {Title: "Trả lại", State: "stopped"}},
		Empty:    ui.Empty{Title: "Chưa có thông báo nào", Text: "Tình hình từng buổi thi sẽ hiện ở đây từ 07:00 ngày 7/7/2021.", Link: ui.Link{Href: "/lich-thi", Label: "Xem lịch thi"}},
		Form:     form,
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func officePage(t *testing.T) []byte {
	t.Helper()
	form := ui.NewForm(url.Values{"number": {"08/CT-UBND"}, "issued_on": {"2021-06-05"}, "pages": {"3"}, "class": {"public"}, "fields": {"thi", "an"}, "issuer": {"ubnd"}, "secret": {"rất bí mật"}, "signer": {"Người mới"}})
	form.Wrong = []fault.Field{{Name: "number", Message: "Số 08/CT-UBND ngày 5/6/2021 đã có trong sổ."}, {Name: "class", Message: "Hãy chọn loại."}}
	form.Once, form.Version = "khoa", 4
	body, err := officeView.Office(ui.OfficeFrame{
		Site: site, Path: "/quan-tri/van-ban/08", Person: "Vàng Văn Pá", Roles: "Phòng Chính trị – Tư tưởng", Logout: "/quan-tri/dang-xuat", Account: "/quan-tri/toi",
		Crumbs:  []ui.Link{{Href: "/quan-tri/van-ban", Label: "Văn bản"}},
		Groups:  []ui.NavGroup{{Links: []ui.Link{{Href: "/quan-tri/", Label: "Việc hôm nay", Count: 3}}}, {Title: "Thông tin", Links: []ui.Link{{Href: "/quan-tri/van-ban", Label: "Văn bản"}, {Href: "/quan-tri/ky-thi", Label: "Kỳ thi"}}}, {Title: "Hệ thống", Links: []ui.Link{{Href: "/quan-tri/don-vi", Label: "Đơn vị"}, {Href: "/quan-tri/tai-khoan", Label: "Tài khoản"}}}},
		Flashes: []ui.Notice{{Tone: ui.OK, Text: "Đã lưu văn bản 08/CT-UBND."}},
	}, officeGallery{
		Number: "08/CT-UBND", Form: form,
		Issuers: []ui.Option{{Value: "bo", Label: "Bộ GDĐT", Group: "Trung ương"}, {Value: "ubnd", Label: "UBND tỉnh", Group: "Tỉnh"}},
		Signers: []string{"Đinh Trung Tuấn", `Lò "Em" <Văn>`},
		Classes: []ui.Option{{Value: "public", Label: "Công khai"}, {Value: "internal", Label: "Nội bộ", Hint: "Không bao giờ hiện ra ngoài."}},
		Fields:  []ui.Option{{Value: "thi", Label: "Thi"}, {Value: "an", Label: "An ninh"}, {Value: "yte", Label: "Y tế"}},
		Rows: []officeRow{{"08/CT-UBND", "2021-06-05", "Về việc tăng cường chỉ đạo tổ chức Kỳ thi tốt nghiệp THPT năm 2021", ui.Tag{Tone: ui.OK, Word: "Đã đăng"}, 3, false},
			{"1318/BGDĐT-QLCL", "2021-04-07", "Hướng dẫn một số nội dung", ui.Tag{Tone: ui.Warn, Word: "Chờ duyệt"}, 12, true}, {"12/KH-SGDĐT", "2021-06-10", "Kế hoạch truyền thông", ui.Tag{Word: "Nháp"}, 7, false}},
		Steps:    []ui.Step{{Title: "Soạn", Text: "Vàng Văn Pá", At: "5/6/2021, 08:10", State: "done"}, {Title: "Duyệt", State: "now"}, {Title: "Đăng", State: "todo"}},
		Progress: ui.Progress{Label: "Đang đọc tệp", Done: 1234, Total: 5000, Rate: "300 dòng/giây", Left: "còn 13 giây"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestGallery draws a page with every component in both frames. With GALLERY_DIR set it leaves the
// pages and assets there, to be looked at in a browser and read by validators.
func TestGallery(t *testing.T) {
	t.Parallel()
	pages := map[string][]byte{"cong.html": publicPage(t, "vi"), "en.html": publicPage(t, "en"), "quan-tri.html": officePage(t)}
	for name, body := range pages {
		if bytes.Contains(body, []byte("ZgotmplZ")) || bytes.Contains(body, []byte("<no value>")) {
			t.Errorf("%s: a value was refused or missing", name)
		}
		if _, err := html.Parse(bytes.NewReader(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if dir := os.Getenv("GALLERY_DIR"); dir != "" {
			write(t, filepath.Join(dir, name), body)
		}
	}
	if dir := os.Getenv("GALLERY_DIR"); dir != "" {
		for _, a := range ui.Assets() {
			write(t, filepath.Join(dir, a.Path), a.Body)
		}
	}
}

func write(t *testing.T, path string, body []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, body, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestEveryViewFitsItsData(t *testing.T) {
	t.Parallel()
	views := ui.Views()
	if len(views) < 2 {
		t.Fatalf("only %d views registered", len(views))
	}
	for _, v := range views {
		if err := templatecheck.CheckHTML(v.Template, v.Root); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func TestWhatThePublicPageHolds(t *testing.T) {
	t.Parallel()
	page := string(publicPage(t, "vi"))
	for why, want := range map[string]string{
		"telephone numbers dial":                 `href="tel:&#43;842133876543"`,
		"the section is marked":                  `href="/van-ban" aria-current="true"`,
		"values come back escaped":               `value="Lò Thị &lt;b&gt;Máy&lt;/b&gt;"`,
		"a first empty line of text is kept":     "rows=\"5\" required>\n\nDòng đầu trống",
		"the canonical address is absolute":      `href="https://thi.example.vn/van-ban/mau"`,
		"the pager keeps the filter":             `href="/van-ban?nam=2021&amp;trang=3"`,
		"a field's error is tied to its input":   `aria-invalid="true" aria-describedby="o-phone-loi"`,
		"the summary leads to the field":         `<a href="#o-phone">`,
		"times carry their machine form":         `<time datetime="2021-07-07T07:35:00&#43;07:00">`,
		"search engines are told the feed":       `<link rel="alternate" type="application/atom&#43;xml"`,
		"the change note is beside the time":     "Đính chính giờ phát đề",
		"the way back is above":                  `<nav class="crumbs wrap" aria-label="Vị trí của trang">`,
		"empty facts are left out, full ones in": "<dt>Tình trạng</dt>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s: %q is not on the page", why, want)
		}
	}
	if strings.Contains(page, "Bỏ trống") {
		t.Error("a fact without a value is shown")
	}
	start := strings.Index(page, `<script type="application/ld+json">`) + len(`<script type="application/ld+json">`)
	block, _, _ := strings.Cut(page[start:], "</script>")
	var data map[string]string
	if err := json.Unmarshal([]byte(block), &data); err != nil || data["name"] != "</script><script>alert(1)</script> & \"ngoặc\"" {
		t.Errorf("JSON-LD does not come back as it went in: %v %q", err, block)
	}
}

func TestTheEnglishFrameMarksVietnamese(t *testing.T) {
	t.Parallel()
	page := string(publicPage(t, "en"))
	for _, want := range []string{`<html lang="en">`, `<main id="noi-dung" class="wrap" tabindex="-1" lang="vi">`, "Skip to main content", "Responsible for this page", "Wednesday, 7 July 2021, 08:35"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// A text with suggestions stays a text: any other value comes back as it was typed.
func TestATextWithSuggestions(t *testing.T) {
	t.Parallel()
	page := string(officePage(t))
	for why, want := range map[string]string{
		"the input leads to its list, and the browser's own guesses stay away": `name="signer" value="Người mới" list="o-signer-chon" autocomplete="off" aria-describedby="o-signer-goi-y">`,
		"the list stands beside it, its texts escaped":                         "<datalist id=\"o-signer-chon\">\n<option value=\"Đinh Trung Tuấn\"></option>\n<option value=\"Lò &#34;Em&#34; &lt;Văn&gt;\"></option>\n</datalist>",
		"a text without suggestions has no list":                               `name="number" value="08/CT-UBND" required`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s: %q is not on the page", why, want)
		}
	}
}

func TestPasswordsAndFilesAreNeverSentBack(t *testing.T) {
	t.Parallel()
	if bytes.Contains(officePage(t), []byte("rất bí mật")) {
		t.Error("a password came back to the page")
	}
}

func TestStyleSheetIsSmall(t *testing.T) {
	t.Parallel()
	for _, a := range ui.Assets() {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if _, err := z.Write(a.Body); err != nil {
			t.Fatal(err)
		}
		z.Close()
		limit := 8 << 10
		if strings.HasSuffix(a.Path, ".js") {
			limit = 2 << 10
		}
		t.Logf("%s: %d bytes, %d gzipped", a.Path, len(a.Body), b.Len())
		if b.Len() > limit {
			t.Errorf("%s is %d bytes gzipped, more than %d", a.Path, b.Len(), limit)
		}
	}
}
