package web_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
)

//go:embed testdata/*.html
var files embed.FS

type note struct {
	Title, Day, Kind, File string
	Pages                  int64
	Urgent                 bool
	Version                int
}

type noteData struct {
	Form  ui.Form
	New   bool
	Kinds []ui.Option
}

var (
	notePage = ui.New[noteData](files, "testdata/note.html")
	listPage = ui.New[[]note](files, "testdata/list.html")
	kinds    = []ui.Option{{Value: "", Label: "Chọn loại"}, {Value: "cv", Label: "Công văn"}, {Value: "ct", Label: "Chỉ thị"}}
)

const (
	actRead  access.Action = "note.read"
	actWrite access.Action = "note.write"
	actHide  access.Action = "note.hide"
)

// A world is a small capability on a real office: notes that people write.
type world struct {
	office *web.Office
	clock  *clock.Clock
	log    *lockedBuffer

	mu    sync.Mutex
	notes []note
	slow  time.Duration // how long a save takes
	fail  error         // what the next save ends with
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// sessions knows three people by their tokens.
type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (access.Actor, web.SessionInfo, error) {
	grant := func(role access.Role) access.Actor {
		return access.Actor{Person: string(role), Name: "Vàng Văn Pá", Grants: []access.Grant{{Role: role, Scope: access.Scope{Kind: access.Department}}}}
	}
	switch token {
	case "writer":
		return grant("writer"), web.SessionInfo{ID: "1", Roles: "Người viết"}, nil
	case "reader":
		return grant("reader"), web.SessionInfo{ID: "2", Roles: "Người đọc"}, nil
	case "half":
		return access.Actor{Person: "writer", Name: "Vàng Văn Pá"}, web.SessionInfo{ID: "3", Due: "/quan-tri/ma"}, nil
	}
	return access.Actor{}, web.SessionInfo{}, fault.New(fault.Unauthenticated, "Phiên làm việc đã kết thúc.")
}

func (sessions) Bearer(_ context.Context, token, scope string) (access.Actor, error) {
	switch {
	case token != "bvt_good":
		return access.Actor{}, fault.New(fault.Unauthenticated, "Mã truy cập không đúng.")
	case scope != "notes":
		return access.Actor{}, fault.New(fault.Denied, "Mã truy cập không dùng được cho việc này.")
	}
	return access.Actor{Person: "machine", Name: "Máy", Grants: []access.Grant{{Role: "writer", Scope: access.Scope{Kind: access.Department}}}}, nil
}

func newWorld(t *testing.T, d *db.DB, change ...func(*web.Config)) *world {
	t.Helper()
	w := &world{clock: d.Clock(), log: &lockedBuffer{}}
	all := map[access.Role]access.Level{"writer": access.All}
	both := map[access.Role]access.Level{"writer": access.All, "reader": access.All}
	policy, err := access.NewPolicy(d.Clock(), []access.Rule{{Action: actRead, Roles: both}, {Action: actWrite, Read: actRead, Roles: all}, {Action: actHide, Roles: all}})
	if err != nil {
		t.Fatal(err)
	}
	config := web.Config{DB: d, Policy: policy, Sessions: sessions{}, Tokens: sessions{}, Clock: d.Clock(), Account: "/quan-tri/toi",
		Log:  slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Site: func(context.Context) ui.Site { return ui.Site{Name: "Kỳ thi 2021"} },
		Nav: func(context.Context) []ui.NavGroup {
			return []ui.NavGroup{{Links: []ui.Link{{Href: "/quan-tri/ghi-chu", Label: "Ghi chú"}}}}
		}}
	for _, f := range change {
		f(&config)
	}
	o := web.NewOffice(config)
	w.office = o
	o.GET("/quan-tri/vao/{token}", web.Public, func(c *web.Ctx) error {
		c.LogIn(c.Path("token"))
		return c.See(c.Next(), "")
	})
	o.GET("/quan-tri/{$}", web.LoggedIn, func(c *web.Ctx) error { return c.See("/quan-tri/ghi-chu", "") })
	o.GET("/quan-tri/dang-nhap", web.Public, func(c *web.Ctx) error { return c.Render(listPage.With(nil)) })
	o.GET("/quan-tri/ma", web.Started, func(c *web.Ctx) error { return c.Render(listPage.With([]note{{Title: "Nhập mã"}})) })
	o.POST("/quan-tri/dang-xuat", web.Started, func(c *web.Ctx) error { c.LogOut(); return c.See("/quan-tri/dang-nhap", "Đã đăng xuất.") })
	o.GET("/quan-tri/ghi-chu", actRead, func(c *web.Ctx) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		return c.Render(listPage.With(w.notes))
	})
	o.GET("/quan-tri/ghi-chu/moi", actWrite, func(c *web.Ctx) error {
		return c.Render(notePage.With(noteData{Form: c.NewForm(url.Values{"kind": {"cv"}}, 0), New: true, Kinds: kinds}))
	})
	o.POST("/quan-tri/ghi-chu/moi", actWrite, w.create, web.MaxBody(64<<10))
	o.GET("/quan-tri/ghi-chu/sua", actWrite, func(c *web.Ctx) error {
		w.mu.Lock()
		n := w.notes[0]
		w.mu.Unlock()
		return c.Render(notePage.With(noteData{Form: c.NewForm(url.Values{"title": {n.Title}, "day": {n.Day}}, n.Version), Kinds: kinds}))
	})
	o.POST("/quan-tri/ghi-chu/sua", actWrite, w.edit)
	o.GET("/quan-tri/kin", actHide, func(c *web.Ctx) error { return c.Render(listPage.With(nil)) })
	o.GET("/quan-tri/hong", actRead, func(*web.Ctx) error { panic("password=bí mật at 10.0.0.1") })
	o.GET("/quan-tri/dia-chi", web.Public, func(c *web.Ctx) error { return c.JSON(c.Address()) })
	o.GET("/quan-tri/lau", actRead, func(c *web.Ctx) error {
		next := ""
		if c.Text("xong") != "" {
			next = "/quan-tri/ghi-chu"
		}
		return c.Progress("Đang nhập", ui.Progress{Label: "Đang đọc tệp", Done: 1, Total: 4}, next)
	})
	o.GET("/quan-tri/cham", actRead, func(c *web.Ctx) error { <-c.Context().Done(); return c.Context().Err() }, web.Timeout(20*time.Millisecond))
	o.GET("/quan-tri/tai.csv", actRead, func(c *web.Ctx) error {
		return c.CSV("Sổ văn bản.csv", func(yield func([]string, error) bool) {
			_ = yield([]string{"Số", "Trích yếu"}, nil) && yield([]string{"08", "=HYPERLINK(\"x\")"}, nil)
		})
	})
	o.GET("/quan-tri/tai-hong.csv", actRead, func(c *web.Ctx) error {
		return c.Download("x.csv", func(io.Writer) error { return errors.New("disk") })
	})
	o.API("POST", "/api/v1/notes", "notes", actWrite, func(c *web.Ctx) error {
		var in struct{ Title string }
		if err := c.Decode(&in); err != nil {
			return err
		}
		if in.Title == "" {
			return fault.Fields(fault.Field{Name: "title", Message: "Hãy ghi tiêu đề."})
		}
		return c.JSON(map[string]string{"by": c.Actor().Person})
	}, web.MaxBody(1000))
	o.API("GET", "/api/v1/other", "other", actRead, func(c *web.Ctx) error { return c.JSON(1) })
	o.API("GET", "/api/v1/pages", "notes", actRead, func(c *web.Ctx) error { return c.JSON(c.Page()) })
	return w
}

func (w *world) create(c *web.Ctx) error {
	n := note{Title: c.Text("title"), Day: c.Day("day"), Pages: c.Int("pages"), Kind: c.Text("kind"), Urgent: c.Bool("urgent"), Version: 1}
	if n.Title == "" {
		c.Fail("title", "Hãy ghi tiêu đề.")
	}
	f, err := c.File("file")
	if err != nil {
		return err
	}
	if f != nil {
		body, err := io.ReadAll(f)
		if err != nil {
			return err
		}
		n.File = f.Name + ": " + string(body)
	}
	w.mu.Lock()
	slow, fail := w.slow, w.fail
	w.mu.Unlock()
	time.Sleep(slow)
	if err := cmp.Or(c.Err(), fail); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			return notePage.With(noteData{Form: form, New: true, Kinds: kinds}), nil
		})
	}
	w.mu.Lock()
	w.notes = append(w.notes, n)
	w.mu.Unlock()
	return c.See("/quan-tri/ghi-chu", "Đã lưu “%s”.", n.Title)
}

func (w *world) edit(c *web.Ctx) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := &w.notes[0]
	if c.Version() != n.Version {
		return c.Clash(web.Clash{Title: "Ghi chú", Version: n.Version, By: "Lò Thị Máy", At: 1625618100000, Path: "/quan-tri/ghi-chu",
			Fields: []web.ClashField{{Name: "title", Label: "Tiêu đề", Stored: n.Title}, {Name: "day", Label: "Ngày", Stored: "5/6/2021"}}})
	}
	n.Title, n.Version = c.Text("title"), n.Version+1
	return c.See("/quan-tri/ghi-chu", "Đã lưu.")
}

func (w *world) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.notes)
}

// login gives a client whose browser holds the session with the token.
func (w *world) login(t *testing.T, token string) *webtest.Client {
	t.Helper()
	c := webtest.Start(t, w.office)
	c.Get("/quan-tri/vao/" + token + "?tiep=/quan-tri/ma")
	return c
}

func setup(t *testing.T) *world {
	t.Helper()
	return newWorld(t, dbtest.SQLite(t, clock.System()))
}

func TestASavedFormShowsItsMessageOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "writer")
	page := c.Get("/quan-tri/ghi-chu").Click("Thêm ghi chú").
		Fill("Tiêu đề", "  Họp\u00a0 ba\u0323n  ").Fill("Ngày", "7/7/2021").Fill("Số trang", "1.200").Choose("Loại", "Chỉ thị").Tick("Khẩn").
		Attach("Tệp", `C:\Tài liệu\Kế hoạch.txt`, []byte("nội dung")).Press("Lưu").
		WantPath("/quan-tri/ghi-chu").WantStatus(200).
		Want(".notice.ok", "Đã lưu “Họp bạn”.").
		Want("li", "Họp bạn | 2021-07-07 | 1.200 | ct | true | Kế hoạch.txt: nội dung | v1").
		Want("nav a[aria-current]", "Ghi chú").Want(".me", "Người viết")
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("an office page may be cached: %q", got)
	}
	c.Get("/quan-tri/ghi-chu").WantNone(".notice", "")
}

func TestARefusedFormComesBackFilled(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.login(t, "writer").Get("/quan-tri/ghi-chu/moi").Fill("Tiêu đề", "").Fill("Ngày", "31/2/2021").Fill("Số trang", "12").Choose("Loại", "Chỉ thị").Tick("Khẩn").Press("Lưu").
		WantStatus(422).Want(".notice.bad", "Hãy sửa 2 chỗ").Want(".field.wrong .error", "Hãy ghi tiêu đề.")
	form := page.Fill("Tiêu đề", "Có rồi")
	for label, want := range map[string]string{"Ngày": "31/2/2021", "Số trang": "12", "Loại": "ct", "Khẩn": "1"} {
		if got := form.Value(label); got != want {
			t.Errorf("%s came back as %q, want %q", label, got, want)
		}
	}
	if w.count() != 0 {
		t.Error("something was saved")
	}
	form.Fill("Ngày", "28/2/2021").Press("Lưu").WantStatus(200).Want("li", "Có rồi | 2021-02-28")
}

func TestAFormSentTwiceIsSavedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.slow = 200 * time.Millisecond
		c := w.login(t, "writer")
		once := c.Get("/quan-tri/ghi-chu/moi").Attr("input[name=_once]", "value")
		values := url.Values{"_once": {once}, "title": {"Một lần"}}
		var both sync.WaitGroup
		for range 3 {
			both.Go(func() {
				if p := c.Post("/quan-tri/ghi-chu/moi", values); p.Path != "/quan-tri/ghi-chu" || p.Status != 200 {
					t.Errorf("a click ended at %s with %d", p.Path, p.Status)
				}
			})
		}
		both.Wait()
		c.Post("/quan-tri/ghi-chu/moi", values).WantPath("/quan-tri/ghi-chu")
		if n := w.count(); n != 1 {
			t.Errorf("saved %d times", n)
		}
		d.Clock().Advance(15 * 24 * time.Hour)
		if err := w.office.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c.Post("/quan-tri/ghi-chu/moi", values); w.count() != 2 {
			t.Error("a purged form is still remembered")
		}
	})
}

func TestARefusedSaveMayBeSentAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "writer")
	values := url.Values{"_once": {"x"}, "title": {"Lần nữa"}}
	w.fail = fault.New(fault.Busy, "Hệ thống đang bận.")
	c.Post("/quan-tri/ghi-chu/moi", values).WantStatus(503).Want(".notice.bad", "Hệ thống đang bận.")
	w.fail = nil
	c.Post("/quan-tri/ghi-chu/moi", values).WantStatus(200)
	if w.count() != 1 {
		t.Errorf("saved %d times", w.count())
	}
}

func TestAFormRefusedForItsSizeComesBackFilled(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.fail = fault.New(fault.TooLarge, "Tệp lớn hơn 8 MB. Hãy chia thành nhiều tệp.")
	page := w.login(t, "writer").Get("/quan-tri/ghi-chu/moi").Fill("Tiêu đề", "Còn đây").Press("Lưu").WantStatus(413).Want(".notice.bad", "lớn hơn 8 MB")
	if got := page.Fill("Ngày", "").Value("Tiêu đề"); got != "Còn đây" {
		t.Errorf("the title came back as %q", got)
	}
}

func TestAnInterruptedSaveIsNotRepeatedBehindOnesBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "writer")
	values := url.Values{"_once": {"x"}, "title": {"Dở dang"}, "urgent": {"1"}}
	w.fail = errors.New("the disk said no")
	c.Post("/quan-tri/ghi-chu/moi", values).WantStatus(500)
	w.fail = nil
	w.clock.Advance(time.Minute)
	page := c.Post("/quan-tri/ghi-chu/moi", values).WantStatus(409).Want("main", "Có thể nội dung đã được lưu")
	if w.count() != 0 {
		t.Fatal("saved without asking")
	}
	page.Press("Gửi lại").WantStatus(200).Want("li", "Dở dang | | 0 | | true")
}

func TestTheSecondSaverSeesBothVersions(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.notes = []note{{Title: "Bản đầu", Day: "2021-06-05", Version: 1}}
	c := w.login(t, "writer")
	mine := c.Get("/quan-tri/ghi-chu/sua").Fill("Tiêu đề", "Bản của tôi")
	c.Get("/quan-tri/ghi-chu/sua").Fill("Tiêu đề", "Bản kia").Press("Lưu").WantPath("/quan-tri/ghi-chu")
	page := mine.Press("Lưu").WantStatus(409).Want("h1", "đã có người lưu trước").Want("main", "Lò Thị Máy đã lưu lúc Thứ Tư, 7/7/2021, 07:35").
		Want("td", "Bản của tôi").Want("td", "Bản kia").Want("tr th", "Tiêu đề khác nhau")
	page.WantNone("tr th", "Ngày khác nhau")
	if w.notes[0].Title != "Bản kia" {
		t.Fatal("the second save went through")
	}
	page.Press("Lưu bản của tôi").WantPath("/quan-tri/ghi-chu").Want("li", "Bản của tôi")
}

func TestWhoMayOpenWhat(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, x := range []struct {
		why, token, path string
		status           int
		end              string
	}{
		{"a page asks for login and remembers where one wanted to go", "", "/quan-tri/ghi-chu?loc=a%26b", 200, "/quan-tri/dang-nhap?tiep=%2Fquan-tri%2Fghi-chu%3Floc%3Da%2526b"},
		{"the first page needs no memory", "", "/quan-tri/", 200, "/quan-tri/dang-nhap"},
		{"an unknown session is none", "spent", "/quan-tri/ghi-chu", 200, "/quan-tri/dang-nhap?tiep=%2Fquan-tri%2Fghi-chu"},
		{"a half session is led to what is due", "half", "/quan-tri/ghi-chu", 200, "/quan-tri/ma"},
		{"also from the first page", "half", "/quan-tri/", 200, "/quan-tri/ma"},
		{"a reader may read", "reader", "/quan-tri/ghi-chu", 200, "/quan-tri/ghi-chu"},
		{"a reader knows of writing and may not", "reader", "/quan-tri/ghi-chu/moi", 403, "/quan-tri/ghi-chu/moi"},
		{"what one may not know of is not found", "reader", "/quan-tri/kin", 404, "/quan-tri/kin"},
		{"an unknown path is not found", "writer", "/quan-tri/khong-co", 404, "/quan-tri/khong-co"},
		{"a path for another method says so", "writer", "/quan-tri/dang-xuat", 405, "/quan-tri/dang-xuat"},
	} {
		t.Run(x.why, func(t *testing.T) {
			t.Parallel()
			c := webtest.Start(t, w.office)
			if x.token != "" {
				c = w.login(t, x.token)
			}
			c.Get(x.path).WantStatus(x.status).WantPath(x.end)
		})
	}
}

func TestAnAddressTypedAnotherWayLeadsToThePage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "writer")
	for _, typed := range []string{"/quan-tri/ghi-chu/", "/quan-tri/Ghi-Ch%C3%BA", "/quan-tri/ghi-chu%CC%81", "/quan-tri/GHI-CHU/", "/quan-tri/./ghi-chu"} {
		c.Get(typed).WantStatus(200).WantPath("/quan-tri/ghi-chu")
	}
	c.Get("/quan-tri/Ghi-Chu?trang=2").WantPath("/quan-tri/ghi-chu?trang=2")
	for _, nothing := range []string{"/quan-tri/ghi-chu%00", "/quan-tri/%2e%2e/ghi-chu", "/quan-tri/khong-co/", "/quan-tri/ghi-chu%0d%0aX:1"} {
		c.Get(nothing).WantStatus(404)
	}
}

func TestWhoAsksTooOftenIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, clock.System()), func(c *web.Config) { c.RatePerSecond, c.Burst = 0.001, 1 })
	s := httptest.NewServer(w.office)
	t.Cleanup(s.Close)
	for i, status := range []string{"HTTP/1.1 401", "HTTP/1.1 429"} {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i == 0 {
			fmt.Fprint(conn, "POST /quan-tri/ghi-chu/moi HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		} else { // a body that never comes
			fmt.Fprint(conn, "POST /quan-tri/ghi-chu/moi HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
		}
		began := time.Now()
		answer, err := io.ReadAll(conn)
		if took := time.Since(began); err != nil || !strings.HasPrefix(string(answer), status) || took > 20*time.Second {
			t.Errorf("request %d: %.60s after %v, %v; want %s", i, answer, took, err, status)
		}
	}
}

// A browser that is still sending when the connection is closed shows its own words.
func TestWhatIsTooLargeIsReadToItsEndBeforeItIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	s := httptest.NewServer(w.office)
	t.Cleanup(s.Close)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const size = 40 << 20
	fmt.Fprintf(conn, "POST /quan-tri/ghi-chu/moi HTTP/1.1\r\nHost: x\r\nCookie: bangvang-phien=writer\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", size)
	for sent := 0; sent < size; sent += 1 << 20 {
		if _, err := conn.Write(bytes.Repeat([]byte("x"), 1<<20)); err != nil {
			t.Fatalf("after %d of %d bytes: %v", sent, size, err)
		}
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || answer.StatusCode != 413 {
		t.Fatalf("answer %v, %v", answer, err)
	}
}

func TestAfterLoginOneIsLedNowhereElse(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, evil := range []string{"//evil.example/quan-tri/", "https://evil.example/quan-tri/", `/\evil.example`, "/quan-tri/\\..", "/quan-tri/../tin", "/quan-tri/%2e%2e/tin", "/tin", "javascript:alert(1)", ""} {
		c := webtest.Start(t, w.office)
		c.Get("/quan-tri/vao/reader?tiep=" + url.QueryEscape(evil)).WantPath("/quan-tri/ghi-chu")
	}
}

func TestASessionThatEndedLosesNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "writer")
	form := c.Get("/quan-tri/ghi-chu/moi").Fill("Tiêu đề", "Gõ cả buổi")
	c.Get("/quan-tri/vao/spent?tiep=/quan-tri/dang-nhap")
	page := form.Press("Lưu").WantStatus(401).Want("main", "chưa được lưu").Want("a", "Đăng nhập ở thẻ mới")
	c.Get("/quan-tri/vao/writer")
	page.Press("Gửi lại").WantPath("/quan-tri/ghi-chu").Want("li", "Gõ cả buổi")
}

func TestRequestsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "writer")
	r, _ := http.NewRequest("POST", "/quan-tri/ghi-chu/moi", strings.NewReader("title=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	c.Do(r).WantStatus(403).Want("main", "từ một trang web khác")
	if w.count() != 0 {
		t.Error("a foreign form was saved")
	}
}

func TestTooMuchIsRefusedByNumber(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.login(t, "writer").Get("/quan-tri/ghi-chu/moi").Fill("Tiêu đề", "x").Attach("Tệp", "to.bin", make([]byte, 70<<10)).Press("Lưu").
		WantStatus(413).Want("main", "lớn hơn mức cho phép là 64 KB")
}

func TestAPanicShowsOnlyItsIncident(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.login(t, "reader").Get("/quan-tri/hong?sdt=0912345678").WantStatus(500)
	id := page.Header.Get("X-Request-Id")
	page.Want("code", id).WantNone("body", "10.0.0.1")
	log := w.log.String()
	if !strings.Contains(log, "panic: password") || !strings.Contains(log, "id="+id) {
		t.Errorf("the log does not tell of the panic:\n%s", log)
	}
	if strings.Contains(log, "0912345678") {
		t.Error("a query reached the log")
	}
}

func TestASlowHandlerIsStopped(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.login(t, "reader").Get("/quan-tri/cham").WantStatus(503).Want("main", "mất nhiều thời gian hơn dự kiến")
}

func TestCookiesStayInTheOffice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, clock.System()), func(c *web.Config) { c.Secure = true })
	c := webtest.Start(t, w.office)
	r, _ := http.NewRequest("GET", "/quan-tri/vao/writer", nil)
	p := c.Do(r)
	got := p.Header.Get("Set-Cookie")
	if want := "__Secure-bangvang-phien=writer; Path=/quan-tri; HttpOnly; Secure; SameSite=Lax"; got != want {
		t.Errorf("cookie is %q, want %q", got, want)
	}
	for name, want := range map[string]string{"Strict-Transport-Security": "max-age=31536000", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff"} {
		if p.Header.Get(name) != want {
			t.Errorf("%s is %q", name, p.Header.Get(name))
		}
	}
	plain := setup(t).login(t, "writer")
	if names := plain.Cookies("/van-ban"); len(names) != 0 {
		t.Errorf("public pages see the cookies %q", names)
	}
	if names := plain.Cookies("/quan-tri/ghi-chu"); len(names) != 1 {
		t.Errorf("the office sees the cookies %q", names)
	}
	plain.Get("/quan-tri/ghi-chu").Press("Đăng xuất").WantPath("/quan-tri/dang-nhap").Want(".notice", "Đã đăng xuất.")
	if names := plain.Cookies("/quan-tri/ghi-chu"); len(names) != 0 {
		t.Errorf("after logging out the office sees %q", names)
	}
}

func TestAForgedMessageIsNotShown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r, _ := http.NewRequest("GET", "/quan-tri/dang-nhap", nil)
	r.AddCookie(&http.Cookie{Name: "bangvang-tin", Value: "AAABmQAAAAD_Z29pIHNvIDA5MTI_____________________________________________________________"})
	webtest.Start(t, w.office).Do(r).WantStatus(200).WantNone(".notice", "")
}

func TestTheMachineInterfaceSpeaksProblems(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := webtest.Start(t, w.office)
	call := func(method, path, token, body string) (int, map[string]any) {
		t.Helper()
		r, _ := http.NewRequest(method, path, strings.NewReader(body))
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		p := c.Do(r)
		var doc map[string]any
		if err := json.Unmarshal(p.Body, &doc); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, p.Body)
		}
		if kind := p.Header.Get("Content-Type"); p.Status >= 400 && kind != "application/problem+json" {
			t.Errorf("%s %s: content type %s", method, path, kind)
		}
		if p.Status >= 400 && (doc["status"] != float64(p.Status) || doc["detail"] == "") {
			t.Errorf("%s %s: problem %v", method, path, doc)
		}
		return p.Status, doc
	}
	for _, x := range []struct {
		why, method, path, token, body string
		status                         int
	}{
		{"no token", "POST", "/api/v1/notes", "", `{"Title":"x"}`, 401},
		{"a wrong token", "POST", "/api/v1/notes", "bvt_bad", `{"Title":"x"}`, 401},
		{"a token for something else", "GET", "/api/v1/other", "bvt_good", "", 403},
		{"no JSON", "POST", "/api/v1/notes", "bvt_good", "title=x", 400},
		{"a member there is none of", "POST", "/api/v1/notes", "bvt_good", `{"Titel":"x"}`, 400},
		{"two values", "POST", "/api/v1/notes", "bvt_good", `{"Title":"x"}{}`, 400},
		{"too long", "POST", "/api/v1/notes", "bvt_good", `{"Title":"` + strings.Repeat("x", 2000) + `"}`, 413},
		{"a wrong field", "POST", "/api/v1/notes", "bvt_good", `{"Title":""}`, 422},
		{"all right", "POST", "/api/v1/notes", "bvt_good", `{"Title":"x"}`, 200},
		{"no such path", "GET", "/api/v1/none", "", "", 404},
		{"another method", "GET", "/api/v1/notes", "", "", 405},
	} {
		if status, doc := call(x.method, x.path, x.token, x.body); status != x.status {
			t.Errorf("%s: status %d, want %d: %v", x.why, status, x.status, doc)
		}
	}
	r, _ := http.NewRequest("GET", "/api/v1/pages?trang=7", nil)
	r.Header.Set("Authorization", "Bearer bvt_good")
	if got := string(c.Do(r).Body); got != "7\n" {
		t.Errorf("the query is not read: %s", got)
	}
	if _, doc := call("POST", "/api/v1/notes", "bvt_good", `{"Title":""}`); len(doc["errors"].([]any)) != 1 {
		t.Errorf("the wrong field is not named: %v", doc)
	}
}

func TestProgressForPeopleAndScripts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "reader")
	c.Get("/quan-tri/lau").Want("progress", "").Want(".progress", "1 trên 4 (25,00 %)")
	c.Get("/quan-tri/lau?xong=1").WantPath("/quan-tri/ghi-chu")
	r, _ := http.NewRequest("GET", "/quan-tri/lau?xong=1", nil)
	r.Header.Set("Accept", "application/json")
	if got := string(c.Do(r).Body); got != `{"done":1,"total":4,"text":"1 trên 4 (25,00 %)","next":"/quan-tri/ghi-chu"}`+"\n" {
		t.Errorf("the script reads %s", got)
	}
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.login(t, "reader")
	p := c.Get("/quan-tri/tai.csv")
	if got := string(p.Body); got != "\ufeffSố,Trích yếu\n08,\"'=HYPERLINK(\"\"x\"\")\"\n" {
		t.Errorf("the file is %q", got)
	}
	if got := p.Header.Get("Content-Disposition"); got != `attachment; filename="so-van-ban.csv"; filename*=UTF-8''S%E1%BB%95%20v%C4%83n%20b%E1%BA%A3n.csv` {
		t.Errorf("its name is sent as %s", got)
	}
	if p := c.Get("/quan-tri/tai-hong.csv").WantStatus(500); p.Header.Get("Content-Disposition") != "" {
		t.Error("the error page is a download")
	}
}

func TestTheAddressBehindAProxy(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, clock.System())
	trusting := newWorld(t, d, func(c *web.Config) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	alone := newWorld(t, d)
	for _, x := range []struct {
		why, forwarded, want string
		w                    *world
	}{
		{"the proxy names the client", "203.0.113.7", "203.0.113.7", trusting},
		{"what the client claims itself does not count", "1.2.3.4, 203.0.113.7, 10.0.0.2", "203.0.113.7", trusting},
		{"rubbish ends the search", "203.0.113.7, x", "127.0.0.1", trusting},
		{"nobody is trusted unless configured", "203.0.113.7", "127.0.0.1", alone},
	} {
		r, _ := http.NewRequest("GET", "/quan-tri/dia-chi", nil)
		r.Header.Set("X-Forwarded-For", x.forwarded)
		if got := strings.TrimSpace(string(webtest.Start(t, x.w.office).Do(r).Body)); got != `"`+x.want+`"` {
			t.Errorf("%s: %s", x.why, got)
		}
	}
}

func TestAStormFromOneAddressIsSlowed(t *testing.T) {
	t.Parallel()
	clk := clock.At(time.Date(2021, 7, 7, 7, 0, 0, 0, clock.Zone))
	w := newWorld(t, dbtest.SQLite(t, clk), func(c *web.Config) { c.RatePerSecond, c.Burst = 1, 3 })
	c := webtest.Start(t, w.office)
	for range 3 {
		c.Get("/quan-tri/dang-nhap").WantStatus(200)
	}
	if p := c.Get("/quan-tri/dang-nhap").WantStatus(429); p.Header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", p.Header.Get("Retry-After"))
	}
	clk.Advance(time.Second)
	c.Get("/quan-tri/dang-nhap").WantStatus(200)
}

// L-17: a school and the Council may stand behind one address.
func TestAStormOfStrangersDoesNotSlowWhoIsKnown(t *testing.T) {
	t.Parallel()
	clk := clock.At(time.Date(2021, 7, 7, 7, 0, 0, 0, clock.Zone))
	w := newWorld(t, dbtest.SQLite(t, clk), func(c *web.Config) { c.RatePerSecond, c.Burst = 1, 3 })
	writer, reader, stranger := webtest.Start(t, w.office), webtest.Start(t, w.office), webtest.Start(t, w.office)
	writer.Get("/quan-tri/vao/writer")
	reader.Get("/quan-tri/vao/reader")
	for range 10 {
		stranger.Get("/quan-tri/ghi-chu")
	}
	stranger.Get("/quan-tri/dang-nhap").WantStatus(429)
	writer.Get("/quan-tri/ghi-chu").WantStatus(200) // the third: coming in were two
	if p := writer.Get("/quan-tri/ghi-chu").WantStatus(429); !strings.Contains(string(p.Body), "tài khoản này") {
		t.Errorf("refused with %s", p.Body)
	}
	reader.Get("/quan-tri/ghi-chu").WantStatus(200)
}

func TestALimiterForgetsInBoundedMemory(t *testing.T) {
	t.Parallel()
	clk := clock.At(time.Date(2021, 7, 7, 7, 0, 0, 0, clock.Zone))
	l := web.NewLimiter(1, 1, 100, clk)
	if ok, _ := l.Allow("regular"); !ok {
		t.Fatal("the first pass was refused")
	}
	for i := range 40 {
		l.Allow(string(rune('a' + i)))
	}
	if ok, wait := l.Allow("regular"); ok || wait != time.Second {
		t.Errorf("a remembered key passed at once, or waits %v", wait)
	}
	for i := range 10_000 {
		l.Allow(string(rune(i + 1000)))
	}
	if n := l.Len(); n > 100 {
		t.Errorf("%d keys are remembered", n)
	}
}

func TestAssetsAreCachedForEver(t *testing.T) {
	t.Parallel()
	c := webtest.Start(t, setup(t).office)
	if p := c.Get(ui.AssetPath("quan-tri.css")).WantStatus(200); p.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control %q", p.Header.Get("Cache-Control"))
	}
}

func TestEveryPageFitsItsData(t *testing.T) {
	t.Parallel()
	for _, v := range ui.Views() {
		if err := templatecheck.CheckHTML(v.Template, v.Root); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func TestRoutesAreListed(t *testing.T) {
	t.Parallel()
	routes := setup(t).office.Routes()
	for _, want := range []web.Route{
		{Method: "POST", Pattern: "/quan-tri/ghi-chu/moi", Action: actWrite},
		{Method: "POST", Pattern: "/api/v1/notes", Action: actWrite, Scope: "notes", API: true},
	} {
		found := false
		for _, r := range routes {
			found = found || r == want
		}
		if !found {
			t.Errorf("%v is not listed", want)
		}
	}
}
