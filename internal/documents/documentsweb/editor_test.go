package documentsweb_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bangvang/internal/base/richtext"
)

// A tab is a Chromium at the desk, with a clipboard of its own.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
	cut  atomic.Bool // the line to the server is cut
}

// chromium starts a browser that goes with the test.
func (k *desk) chromium() *tab {
	k.t.Helper()
	b := &tab{t: k.t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.cut.Load() {
			panic(http.ErrAbortHandler)
		}
		k.office.ServeHTTP(w, r)
	}))
	k.t.Cleanup(server.Close)
	b.base = server.URL
	options := chromedp.DefaultExecAllocatorOptions[:]
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium does not start its sandbox as root
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	k.t.Cleanup(stop)
	b.ctx, stop = chromedp.NewContext(ctx)
	k.t.Cleanup(stop)
	b.do(chromedp.Navigate("about:blank")) // the first call's context bounds the browser's life
	b.ctx, stop = context.WithTimeout(b.ctx, 3*time.Minute)
	k.t.Cleanup(stop)
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
}

// js gives what a script comes to; a promise is waited for.
func js[T any](b *tab, script string) T {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return got
}

// until waits for a script to be true. The page's own policy forbids what chromedp.Poll does.
func (b *tab) until(script string) {
	b.t.Helper()
	for !js[bool](b, "!!("+script+")") {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-b.ctx.Done():
			b.t.Fatalf("%s never came; the page says %q", script, js[string](b, "document.querySelector('main').innerText"))
		}
	}
}

// keys presses keys; a command is what the platform makes of them, as "paste" of Ctrl+V.
func (b *tab) keys(keys, command string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...), func(p *input.DispatchKeyEventParams) {
		if command != "" && p.Type != kb.KeyUp {
			p.Commands = []string{command}
		}
	}))
}

// copy puts a text on the clipboard as another program would: both forms, as they are.
func (b *tab) copy(markup, plain string) {
	b.t.Helper()
	forms, err := json.Marshal([]string{markup, plain})
	if err != nil {
		b.t.Fatal(err)
	}
	js[bool](b, `document.addEventListener("copy", e => {
		const [markup, plain] = `+string(forms)+`;
		if (markup) e.clipboardData.setData("text/html", markup);
		e.clipboardData.setData("text/plain", plain);
		e.preventDefault();
		window.copied = true;
	}, { once: true }), true`)
	b.keys("c", "copy", chromedp.ModifierCtrl)
	b.until("window.copied")
}

// paste presses Ctrl+V on the surface and waits for the answer.
func (b *tab) paste() {
	b.t.Helper()
	js[bool](b, `document.querySelector(".said").textContent = "", true`)
	b.keys("v", "paste", chromedp.ModifierCtrl)
	b.until(said + ` && ` + said + ` !== "Đang làm sạch…"`)
}

const (
	said    = `document.querySelector(".said").textContent`
	surface = `document.querySelector("[contenteditable]")`
	told    = `document.querySelector("[data-bao]")`
	// kept is true when all that was typed is in the draft: the page may be left without a question.
	kept = `document.querySelector("[data-giu]").textContent.includes("đã giữ") && dispatchEvent(new Event("beforeunload", {cancelable: true}))`
)

// press presses a button of the page's head and gives the status of the page it leads to. By script:
// a click by its place on the screen may miss while the page scrolls.
func (b *tab) press(button string) int64 {
	b.t.Helper()
	r, err := chromedp.RunResponse(b.ctx, chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("button")].find(b => b.textContent === "`+button+`").click()`))
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Status
}

func TestAClerkPastesFromWord(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	b := k.chromium()
	b.open("/quan-tri/la/Hoa")
	b.open(path + "/ban-doc")
	if got := js[string](b, `[document.querySelector("textarea").checkVisibility(), `+surface+`.checkVisibility(), document.querySelectorAll("[role=toolbar] [tabindex='0']").length].join()`); got != "false,true,1" {
		t.Fatalf("with script the page shows %s", got)
	}
	if got := js[string](b, `[`+surface+`.role, `+surface+`.ariaLabel, document.getElementById(`+surface+`.getAttribute("aria-describedby")).innerText.slice(0, 11)].join()`); got != "textbox,Nội dung,Dán từ Word" {
		t.Errorf("the surface presents itself as %q", got)
	}
	word := sample(t, "word-2016.html")
	b.copy(word, "KẾ HOẠCH")
	js[bool](b, surface+`.focus(), true`)
	b.paste()
	if got := js[string](b, told+`.innerText`); !strings.Contains(got, "Đã bỏ 1 hình.") {
		t.Errorf("told %q", got)
	}
	if got, want := richtext.Clean(js[string](b, surface+`.innerHTML`)).HTML(), richtext.Clean(word).HTML(); got != want {
		t.Errorf("on the surface\n%s\nwant\n%s", got, want)
	}
	if n := js[int](b, surface+`.querySelectorAll("[id],[tabindex],[style],img,script").length`); n != 0 {
		t.Errorf("%d things on the surface should not be there", n)
	}
	// A few words from a web page go into the line that is being typed.
	b.keys(kb.End, "moveToEndOfDocument")
	b.keys(kb.Enter, "")
	b.keys("Xem ", "")
	b.copy(`<p onclick="x()">trang <a href="https://example.vn/thi">của Bộ</a><script>x()</script></p>`, "trang của Bộ")
	b.paste()
	b.keys(".", "")
	want := richtext.Clean(word).HTML() + `<p class="right"><strong>Xem </strong>trang <a href="https://example.vn/thi">của Bộ</a>.</p>` + "\n"
	if got := richtext.Clean(js[string](b, surface+`.innerHTML`)).HTML(); got != want {
		t.Errorf("on the surface\n%s\nwant\n%s", got, want)
	}
	if got := js[string](b, told+`.innerText`); !strings.Contains(got, "Đã bỏ 1 đoạn mã") {
		t.Errorf("told %q", got)
	}
	// Undone and done again by keys.
	b.keys("z", "undo", chromedp.ModifierCtrl)
	b.keys("z", "undo", chromedp.ModifierCtrl)
	if got := js[string](b, surface+`.innerText`); strings.Contains(got, "của Bộ") {
		t.Errorf("undone, it is %q", got[max(0, len(got)-60):])
	}
	b.keys("y", "redo", chromedp.ModifierCtrl)
	if status := b.press("Xem trước"); status != 200 {
		t.Errorf("the preview answered %d", status)
	}
	if got := js[string](b, `document.querySelector("#xem-truoc .contents").innerText`); !strings.Contains(got, "I MỤC ĐÍCH, YÊU CẦU") || !strings.Contains(got, "II PHÂN CÔNG") {
		t.Errorf("the preview's contents are %q", got)
	}
	if !k.stored(path).Empty() {
		t.Error("a preview was saved")
	}
	b.press("Lưu bản đọc")
	b.until(`document.querySelector(".notice")?.innerText.includes("Đã lưu bản đọc")`)
	if got := k.stored(path).HTML(); !strings.HasPrefix(got, richtext.Clean(word).HTML()) || !strings.Contains(got, "của Bộ") {
		t.Errorf("saved as\n%s", got)
	}
}

// What is typed stays in the browser, sealed, until it is saved.
func TestADraftOutlivesTheTab(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	b := k.chromium()
	b.open("/quan-tri/la/Hoa")
	b.open(path + "/ban-doc")
	js[bool](b, surface+`.focus(), true`)
	b.keys("I. VIỆC GẤP", "")
	b.keys(kb.Enter, "")
	b.keys("Gõ khi mạng yếu.", "")
	b.until(kept)
	if got := js[string](b, `Object.keys(localStorage).join() + Object.values(localStorage).join()`); !strings.Contains(got, "nhap:") || strings.Contains(got, "VIỆC") || strings.Contains(got, "VI") && strings.Contains(got, "C GẤP") {
		t.Errorf("the browser keeps %q", got)
	}
	b.open(path) // the tab is closed, or the person goes elsewhere: nothing was sent
	b.until(`Object.keys(localStorage).length === 1`)

	// Somebody else at the same machine is offered nothing.
	b.open("/quan-tri/la/Mai")
	b.open(path + "/ban-doc")
	js[bool](b, `new Promise(r => setTimeout(() => r(true), 300))`)
	if js[bool](b, `document.querySelector("[data-con-nhap]").checkVisibility()`) {
		t.Error("Mai was offered Hoa's draft")
	}

	// The writer is, and until it is decided nothing can be typed over it.
	b.open("/quan-tri/la/Hoa")
	b.open(path + "/ban-doc")
	b.until(`document.querySelector("[data-con-nhap]").checkVisibility()`)
	if got := js[string](b, surface+`.contentEditable + `+surface+`.innerText.trim()`); got != "false" {
		t.Errorf("before the choice the surface is %q", got)
	}
	js[bool](b, `document.querySelector("[data-mo]").click(), true`)
	b.until(surface + `.innerText.includes("Gõ khi mạng yếu.")`)
	b.until(kept)

	// The line is lost: a paste says so, what was typed stays.
	b.cut.Store(true)
	b.keys(kb.End, "moveToEndOfDocument")
	b.keys(" Thêm.", "")
	b.copy("<p>x</p><p>y</p>", "x")
	b.paste()
	if got := js[string](b, said); !strings.Contains(got, "Chưa nối được với máy chủ nên chưa dán") {
		t.Errorf("offline it says %q", got)
	}
	b.cut.Store(false)
	b.copy("<p>Đoạn một</p><p>Đoạn hai</p>", "x")
	b.paste()
	b.press("Lưu bản đọc")
	b.until(`document.querySelector(".notice")?.innerText.includes("Đã lưu bản đọc")`)
	b.until(`Object.keys(localStorage).length === 0`)
	if got := k.stored(path).Text(); got != "I. VIỆC GẤP\nGõ khi mạng yếu. Thêm.Đoạn một\nĐoạn hai" {
		t.Errorf("saved as %q", got)
	}
	b.open(path + "/ban-doc")
	if js[bool](b, `document.querySelector("[data-con-nhap]").checkVisibility()`) || js[string](b, "location.hash") != "" {
		t.Error("a saved draft is offered")
	}
}

// A draft of what is not public cannot be read by anybody once its session is over.
func TestAnInternalDraftEndsWithItsSession(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.as("Hoa").Get("/quan-tri/van-ban/moi").Fill("Số, ký hiệu", "09/CT-UBND").Fill("Cơ quan ban hành", "UBND tỉnh").Fill("Ngày ban hành", "12/5/2021").
		Fill("Trích yếu", "Việc nội bộ").Choose("Mức độ", "Nội bộ").Press("Lưu").Path
	b := k.chromium()
	b.open("/quan-tri/la/Hoa")
	b.open(path + "/ban-doc")
	js[bool](b, surface+`.focus(), true`)
	b.keys("Nội dung nội bộ", "")
	b.until(kept)
	b.open(path + "/ban-doc")
	b.until(`document.querySelector("[data-con-nhap]").checkVisibility()`) // the session stands: a closed tab loses nothing
	b.open("/quan-tri/la/Hoa-2")
	b.open(path + "/ban-doc")
	js[bool](b, `new Promise(r => setTimeout(() => r(true), 300))`)
	if js[bool](b, `document.querySelector("[data-con-nhap]").checkVisibility()`) {
		t.Error("the draft was read in another session")
	}
}

// Everything of the toolbar is reached and worked with keys, and says what it is.
func TestTheToolbarByKeys(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	b := k.chromium()
	b.open("/quan-tri/la/Hoa")
	b.open(path + "/ban-doc")
	js[bool](b, surface+`.focus(), true`)
	b.keys("Phụ lục", "")
	b.keys(kb.Tab, "", chromedp.ModifierShift)
	const focused = `document.activeElement.textContent`
	if got := js[string](b, focused); got != "Đoạn văn" {
		t.Fatalf("before the surface stands %q", got)
	}
	b.keys(kb.ArrowRight, "")
	if got := js[string](b, focused); got != "Đề mục 1" {
		t.Fatalf("right of it stands %q", got)
	}
	b.keys(kb.Enter, "")
	b.until(`document.querySelector("[value=h2]").ariaPressed === "true" && document.activeElement === ` + surface)
	if got := js[string](b, surface+`.innerHTML`); got != "<h2>Phụ lục</h2>" {
		t.Errorf("after “Đề mục 1”: %q", got)
	}
	b.keys(kb.End, "moveToEndOfDocument")
	b.keys(kb.Enter, "")
	b.keys("một", "")
	js[bool](b, `document.querySelector("[data-lenh=insertUnorderedList]").focus(), true`)
	b.keys(kb.Enter, "")
	b.keys(" hai", "")
	b.keys("a", "selectAll", chromedp.ModifierCtrl)
	js[bool](b, `window.prompt = () => "https://example.vn/x", document.querySelector("[data-lenh=createLink]").focus(), true`)
	b.keys(kb.Enter, "")
	js[bool](b, `document.querySelector("[data-lenh=italic]").focus(), true`)
	b.keys(kb.Enter, "")
	want := `<h2 id="muc-phu-luc"><a href="https://example.vn/x"><em>Phụ lục</em></a></h2>` + "\n<ul>\n" + `<li><a href="https://example.vn/x"><em>một hai</em></a></li>` + "\n</ul>\n"
	if got := richtext.Clean(js[string](b, surface+`.innerHTML`)).HTML(); got != want {
		t.Errorf("the surface is\n%s\nwant\n%s", got, want)
	}
	js[bool](b, `document.querySelector("[data-lenh=undo]").focus(), true`)
	b.keys(kb.Enter, "")
	if got := js[string](b, surface+`.innerHTML`); strings.Contains(got, "<i>") || strings.Contains(got, "<em>") {
		t.Errorf("undone, it is %q", got)
	}
	if status := b.press("Lưu bản đọc"); status != 200 {
		t.Errorf("answered %d", status)
	}
	if got := k.stored(path).Text(); got != "Phụ lục\nmột hai" {
		t.Errorf("saved as %q", got)
	}
}

// Five megabytes of Word are on the surface in a time one waits for, and go on from there.
func TestAHugePasteInTheBrowser(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	b := k.chromium()
	b.open("/quan-tri/la/Hoa")
	b.open(path + "/ban-doc")
	word := sample(t, "word-2016.html")
	head, rest, _ := strings.Cut(word, "<!--StartFragment-->")
	body, foot, _ := strings.Cut(rest, "<!--EndFragment-->")
	n := 5<<20/len(body) + 1
	b.copy(head+strings.Repeat(body, n)+foot, "KẾ HOẠCH")
	js[bool](b, surface+`.focus(), true`)
	began := time.Now()
	b.paste()
	t.Logf("%d texts pasted in %v", n, time.Since(began).Round(time.Millisecond))
	if got := js[int](b, surface+`.querySelectorAll("table").length`); got != n {
		t.Errorf("%d tables on the surface, want %d", got, n)
	}
	js[bool](b, told+`.querySelector("button").click(), true`)
	if got := js[string](b, surface+`.innerText`); strings.TrimSpace(got) != "" {
		t.Errorf("taken back, %d bytes are left", len(got))
	}
	b.keys("Trước", "")
	b.paste()
	b.press("Lưu bản đọc")
	if got := k.stored(path).HTML(); !strings.HasPrefix(got, "<p>Trước</p>") || strings.Count(got, "<table>") != n || strings.Count(got, "<h2 ") != 2*n {
		t.Errorf("%d bytes saved", len(got))
	}
}

// A refused text stands on the surface as it was, and what is wrong leads to it.
func TestARefusalKeepsTheSurface(t *testing.T) {
	t.Parallel()
	k := open(t)
	path := k.enter()
	b := k.chromium()
	b.open("/quan-tri/la/Hoa")
	b.open(path + "/ban-doc")
	js[bool](b, surface+`.focus(), true`)
	b.keys("MẬT", "")
	b.keys(kb.Enter, "")
	b.keys("b", "bold", chromedp.ModifierCtrl)
	b.keys("Nội dung", "")
	if status := b.press("Lưu bản đọc"); status != 422 {
		t.Errorf("answered %d", status)
	}
	if got := js[string](b, surface+`.innerHTML + document.querySelector("#loi-bieu-mau a").hash + `+surface+`.id`); !strings.Contains(got, "<p>MẬT</p>") || !strings.Contains(got, "<strong>Nội dung</strong>") || !strings.HasSuffix(got, "#o-readingo-reading") {
		t.Errorf("the refused page shows %q", got)
	}
	if js[bool](b, `document.querySelector("[data-con-nhap]").checkVisibility()`) {
		t.Error("the text that just came back is offered as a draft")
	}
}
