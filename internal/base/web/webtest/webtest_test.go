package webtest_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"bangvang/internal/base/web/webtest"
)

func TestCheckNamesEachFault(t *testing.T) {
	t.Parallel()
	const good = `<html lang="vi"><title>Trang</title><main><h1>Trang</h1>%</main></html>`
	for _, x := range []struct{ why, inside, want string }{
		{"nothing is wrong", `<p>Chữ</p><label for="a">Tên</label><input id="a"><input type="hidden" name="k"><a href="#a">tới ô</a><img src="x" alt="">`, ""},
		{"two first headings", `<h1>Nữa</h1>`, "2 <h1>, want 1"},
		{"a control without a label", `<input name="q">`, `<input name="q"> without a label`},
		{"a label without words", `<label for="a"></label><input id="a" name="q">`, `<input name="q"> without a label`},
		{"a picture without a text", `<img src="x.jpg">`, "picture x.jpg without alt"},
		{"an id twice", `<p id="a"></p><p id="a"></p>`, `id "a" stands 2 times`},
		{"a link into nothing", `<a href="#b">b</a>`, "link to #b leads to nothing on the page"},
		{"a description that is not there", `<p aria-describedby="c">c</p>`, `<p aria-describedby="c"> leads to nothing`},
		{"a button without words", `<button></button>`, "<button> without words"},
		{"a style the policy blocks", `<p style="color:red">x</p>`, "<p style> is blocked by the content security policy"},
		{"a handler the policy blocks", `<p onclick="x()">x</p>`, "<p onclick> is blocked by the content security policy"},
		{"a script the policy blocks", `<script>x()</script>`, "a script in the page is blocked by the content security policy"},
		{"data in a script is no script", `<script type="application/ld+json">{}</script>`, ""},
	} {
		t.Run(x.why, func(t *testing.T) {
			t.Parallel()
			root, err := html.Parse(strings.NewReader(strings.Replace(good, "%", x.inside, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(webtest.Check(root), "; "); got != x.want {
				t.Errorf("got %q, want %q", got, x.want)
			}
		})
	}
	root, _ := html.Parse(strings.NewReader(`<p>x</p>`))
	if got := webtest.Check(root); !slices.Contains(got, "no language") || !slices.Contains(got, "0 <h1>, want 1") || !slices.Contains(got, "0 <main>, want 1") {
		t.Errorf("an empty page passes: %q", got)
	}
}

func TestFormsAreSentAsABrowserWould(t *testing.T) {
	t.Parallel()
	const page = `<html lang="vi"><title>Tìm</title><main><h1>Tìm</h1>
<form action="/khac"><label for="z">Khác</label><input id="z" name="z" value="không gửi"><button>Gửi</button></form>
<form id="f" action="/ket-qua?bo=1"><label for="q">Từ khóa <span>(không bắt buộc)</span></label><input id="q" name="q" value="cũ">
<label for="d">Đơn vị</label><select id="d" name="d"><option value="1">Một</option><option value="2" selected>Hai</option><option>Ba</option></select>
<fieldset><legend>Loại</legend><input type="radio" id="r1" name="r" value="a" checked><label for="r1">A</label><input type="radio" id="r2" name="r" value="b"><label for="r2">B</label></fieldset>
<input type="checkbox" id="k" name="k" value="1" checked><label for="k">Khẩn</label><input type="checkbox" id="l" name="l" value="1"><label for="l">Lâu</label>
<textarea aria-label="ghi chú" name="t">
dòng</textarea><input name="off" aria-label="tắt" value="x" disabled></form><button form="f" name="nut" value="tim">Tìm</button></main></html>`
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, page)
	})
	mux.HandleFunc("/ket-qua", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Query().Encode()) })
	c := webtest.Start(t, mux)
	for _, x := range []struct {
		why  string
		send func(p *webtest.Page) *webtest.Page
		want string
	}{
		{"as it stands", func(p *webtest.Page) *webtest.Page { return p.Press("Tìm") }, "d=2&k=1&nut=tim&q=c%C5%A9&r=a&t=d%C3%B2ng"},
		{"filled in", func(p *webtest.Page) *webtest.Page {
			return p.Fill("Từ khóa", "mới").Choose("Đơn vị", "Ba").Choose("Loại", "B").Untick("Khẩn").Tick("Lâu").Press("Tìm")
		}, "d=Ba&l=1&nut=tim&q=m%E1%BB%9Bi&r=b&t=d%C3%B2ng"},
	} {
		if got := string(x.send(c.Get("/")).Body); got != x.want {
			t.Errorf("%s: sent %s, want %s", x.why, got, x.want)
		}
	}
	p := c.Get("/").Want("form#f label span", "không bắt buộc").Want("input[name=q]", "").WantNone("fieldset .pick", "")
	if p.Attr("[checked][type=radio]", "value") != "a" {
		t.Error("the selector of attributes found another")
	}
}
