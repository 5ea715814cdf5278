package documentsweb_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/documents"
)

// stored gives the reading copy as it stands in the registry.
func (k *desk) stored(path string) richtext.Doc {
	k.t.Helper()
	d, err := k.docs.Document(access.System(k.t.Context(), "Kiểm thử"), documents.DocID(path[strings.LastIndexByte(path, '/')+1:]))
	if err != nil {
		k.t.Fatal(err)
	}
	return d.Reading
}

// sample is what a program put on the clipboard.
func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../base/richtext/testdata/dan/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// clean sends a paste as the script does.
func (k *desk) clean(person, path, kind, body string) *webtest.Page {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, path+"/ban-doc/lam-sach", strings.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return k.as(person).Do(r)
}

type cleaned struct {
	HTML  string
	Notes []string
}

func (k *desk) cleaned(path, kind, body string) cleaned {
	k.t.Helper()
	var c cleaned
	if err := json.Unmarshal(k.clean("Hoa", path, kind, body).WantStatus(200).Body, &c); err != nil {
		k.t.Fatal(err)
	}
	return c
}

func TestAReadingCopyIsTypedWithoutScript(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	const words = "I. CHUẨN BỊ\n1. Rà soát điểm thi; 3 < 5.\n# Phụ lục"
	p := k.as("Hoa").Get(path).Click("Soạn bản đọc").Fill("Nội dung", words).Press("Xem trước")
	p.WantStatus(200).Want("#xem-truoc .contents", "I CHUẨN BỊ").Want("#xem-truoc .text h2", "CHUẨN BỊ").WantNone(".notice", "Chưa lưu")
	if !k.stored(path).Empty() {
		t.Error("a preview was saved")
	}
	if got := p.Fill("Nội dung", words).Value("Nội dung"); got != words {
		t.Errorf("the preview gives back %q", got)
	}
	p = p.Press("Lưu bản đọc")
	p.Want(".notice", "Đã lưu bản đọc của 08/CT-UBND")
	if got := k.stored(path).Text(); got != "I. CHUẨN BỊ\n1. Rà soát điểm thi; 3 < 5.\nPhụ lục" {
		t.Errorf("saved as %q", got)
	}
	k.as("Hoa").Get(path+"/ban-doc").Want("textarea", "CHUẨN BỊ").Fill("Nội dung", "").Press("Xem trước").Want("#xem-truoc", "không còn bản đọc").
		Fill("Nội dung", "").Press("Lưu bản đọc").Want("main", "Chưa có bản đọc")
}

// What cleaning leaves out is read before anything is saved.
func TestASaveThatLosesSomethingWaits(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	p := k.as("Hoa").Get(path+"/ban-doc").Fill("Nội dung", sample(t, "word-365-theo-doi.html")).Press("Lưu bản đọc")
	p.WantStatus(200).Want(".notice", "Chưa lưu").Want(".notice", "Đã bỏ 1 lời nhận xét").Want(".notice", "“06 giờ 45”").
		Want("#xem-truoc .text", "06 giờ 30").WantNone("#xem-truoc .text", "06 giờ 45").WantNone("#xem-truoc .text", "chữ ẩn")
	if !k.stored(path).Empty() {
		t.Error("saved before the notes were read")
	}
	p.Press("Lưu bản đọc").Want(".notice", "Đã lưu bản đọc")
	if got := k.stored(path).HTML(); got != richtext.Clean(sample(t, "word-365-theo-doi.html")).HTML() {
		t.Errorf("saved as\n%s", got)
	}
}

func TestARefusedReadingCopyComesBack(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	for name, words := range map[string]string{"plain": "MẬT\nI. NỘI DUNG", "pasted": "<p><b>MẬT</b></p><h2>I. NỘI DUNG</h2><script>x()</script>"} {
		form := k.as("Hoa").Get(path+"/ban-doc").Fill("Nội dung", words)
		p := form.Press("Lưu bản đọc")
		if name == "pasted" {
			p = p.Press("Lưu bản đọc") // the script was told first
		}
		p.WantStatus(422).Want(".notice", "mật").Want(".error", "mật")
		if got := p.Fill("Nội dung", "").Value("Nội dung"); got != "" {
			t.Fatal(got)
		}
		p.Want("textarea", "I. NỘI DUNG").WantNone("textarea", "script")
	}
	if !k.stored(path).Empty() {
		t.Error("a refused text was saved")
	}
}

func TestTwoWriteOneReadingCopy(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	k.as("Hoa").Get(path+"/ban-doc").Fill("Nội dung", "I. CHUNG\nDòng một.").Press("Lưu bản đọc")
	mai, hoa := k.as("Mai").Get(path+"/ban-doc"), k.as("Hoa").Get(path+"/ban-doc")
	mai.Fill("Nội dung", "I. CHUNG\nDòng của Mai.").Press("Lưu bản đọc").WantStatus(200)
	p := hoa.Fill("Nội dung", "I. CHUNG\nDòng của Hoa.").Press("Lưu bản đọc")
	p.WantStatus(409).Want("#hai-ban", "Cô Mai đã lưu văn bản này trước").Want("table", "Dòng của Mai.").Want("table", "Dòng của Hoa.").WantNone("table", "CHUNG")
	if got := p.Fill("Nội dung", "").Value("Nội dung"); got != "" {
		t.Fatal(got)
	}
	p.Want("textarea", "Dòng của Hoa.")
	if got := k.stored(path).Text(); !strings.Contains(got, "Mai") {
		t.Errorf("the second save went over the first: %q", got)
	}
	p.Press("Lưu bản đọc").Want(".notice", "Đã lưu bản đọc")
	if got := k.stored(path).Text(); !strings.Contains(got, "Hoa") {
		t.Errorf("saved knowingly, it is %q", got)
	}
}

func TestWhatIsPastedComesBackClean(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	c := k.cleaned(path, "text/html", sample(t, "word-2016.html"))
	if !strings.Contains(c.HTML, `<th scope="colgroup" colspan="2">`) || len(c.Notes) != 1 || c.Notes[0] != "Đã bỏ 1 hình. Nếu cần, hãy đính kèm hình thành tệp riêng." {
		t.Errorf("%+v", c)
	}
	c = k.cleaned(path, "text/plain", "1. Mét\n2. Hai <script>")
	if c.HTML != "<p id=\"muc-1\">1. Mét</p>\n<p id=\"muc-2\">2. Hai &lt;script&gt;</p>\n" {
		t.Errorf("%+v", c)
	}
	k.clean("Hoa", path, "application/json", "{}").WantStatus(422)
	k.clean("Thao", path, "text/html", "<p>a").WantStatus(404)
	k.clean("Hoa", path, "text/html", strings.Repeat("a", 17<<20)).WantStatus(413).Want("main", "16 MB")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path+"/ban-doc/lam-sach", strings.NewReader("<p>a"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	k.as("Hoa").Do(r).WantStatus(403)
}

// Five megabytes of Word, as much as a long plan with its tables makes, pass through every door.
func TestAHugePaste(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	word := sample(t, "word-2016.html")
	head, rest, _ := strings.Cut(word, "<!--StartFragment-->")
	body, foot, _ := strings.Cut(rest, "<!--EndFragment-->")
	c := k.cleaned(path, "text/html", head+strings.Repeat(body, 5<<20/len(body)+1)+foot)
	if want := 5<<20/len(body) + 1; strings.Count(c.HTML, "Truyền thông về Kỳ thi") != want || strings.Count(c.HTML, "<table>") != want {
		t.Fatalf("%d bytes of %d texts", len(c.HTML), want)
	}
	k.as("Hoa").Get(path+"/ban-doc").Fill("Nội dung", c.HTML).Press("Lưu bản đọc").Want(".notice", "Đã lưu bản đọc")
	if got := k.stored(path).HTML(); got != c.HTML {
		t.Errorf("%d bytes were saved of %d", len(got), len(c.HTML))
	}
}

// A browser's draft is sealed for its writer: nobody else's page has the key, and for a document
// that is not public none has it once the session is over.
func TestWhoCanReadADraft(t *testing.T) {
	t.Parallel()
	k := open(t)
	public := k.enter()
	internal := k.as("Hoa").Get("/quan-tri/van-ban/moi").Fill("Số, ký hiệu", "09/CT-UBND").Fill("Cơ quan ban hành", "UBND tỉnh").Fill("Ngày ban hành", "12/5/2021").
		Fill("Trích yếu", "Việc nội bộ").Choose("Mức độ", "Nội bộ").Press("Lưu").Path
	key := func(person, path string) string {
		e := k.as(person).Get(path+"/ban-doc").Attr(".editor", "data-khoa")
		if len(e) < 43 {
			t.Fatalf("no key for %s at %s: %q", person, path, e)
		}
		return e
	}
	seen := map[string]string{}
	for _, path := range []string{public, internal} {
		for _, person := range []string{"Hoa", "Mai"} {
			seen[person+path] = key(person, path)
		}
	}
	if len(seen) != 4 || seen["Hoa"+public] == seen["Mai"+public] || seen["Hoa"+public] == seen["Hoa"+internal] {
		t.Errorf("keys are shared: %v", seen)
	}
	if key("Hoa", public) != seen["Hoa"+public] || key("Hoa", internal) != seen["Hoa"+internal] {
		t.Error("a second visit has another key: the draft would be lost")
	}
	k.browser["Hoa"] = k.first.Another()
	k.browser["Hoa"].Get("/quan-tri/la/Hoa-2") // logged in anew
	if key("Hoa", public) != seen["Hoa"+public] {
		t.Error("the draft of a public document is lost at the next login")
	}
	if key("Hoa", internal) == seen["Hoa"+internal] {
		t.Error("the draft of an internal document can be read after its session")
	}
}
