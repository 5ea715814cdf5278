package examweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/jba/templatecheck"
	"golang.org/x/net/html"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/exam"
	"bangvang/internal/exam/examweb"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func local(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, clock.Zone)
	must(t, err)
	return at
}

func system(t testing.TB) context.Context { return access.System(t.Context(), "Kiểm thử") }

// frames is an installation's frame without a portal.
type frames struct{}

func (frames) Sites(context.Context) (ui.Sites, error) {
	s := ui.Site{Name: "Thông tin về Kỳ thi", Owner: "Sở Giáo dục và Đào tạo Lai Châu", BaseURL: "https://thi.example.vn"}
	return ui.Sites{Vietnamese: s, English: s}, nil
}

// world is an installation's public side.
type world struct {
	*exam.Service
	t         *testing.T
	clock     *clock.Clock
	site      *publish.Site
	plane     *publish.Plane
	publisher *publish.Publisher
	source    publish.Source
}

func each(t *testing.T, exercise func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(local(t, "2021-06-01 09:00:00")) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		store, err := blob.Open(t.Context(), t.TempDir())
		must(t, err)
		area, err := store.Area("site")
		must(t, err)
		site, err := publish.OpenSite(t.Context(), publish.SiteOptions{Store: area, Poll: 5 * time.Millisecond})
		must(t, err)
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { site.Follow(ctx); close(done) }()
		t.Cleanup(func() { stop(); <-done })
		policy, err := access.NewPolicy(clk, exam.Rules())
		must(t, err)
		publisher := publish.NewPublisher(d, site)
		service := exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: publisher})
		public := &examweb.Public{Exams: service, Frames: frames{}, Province: func(context.Context) (string, error) { return "Lai Châu", nil }}
		publisher.Register(public.Source())
		exercise(t, &world{service, t, clk, site, publish.NewPlane(site), publisher, public.Source()})
	})
}

// publish makes what was touched public and waits until the search index is there too.
func (w *world) publish() {
	w.t.Helper()
	must(w.t, w.publisher.Publish(w.t.Context()))
	for snap := w.site.Snapshot(); snap == nil || snap.Index() == nil; snap = w.site.Snapshot() {
		time.Sleep(time.Millisecond)
	}
}

func (w *world) get(path string) publish.Response {
	return w.plane.Respond(publish.Request{Method: "GET", Path: path})
}

// page gives the text of a page that must be there and owe its readers nothing.
func (w *world) page(path string) string {
	w.t.Helper()
	r := w.get(path)
	if r.Status != 200 {
		w.t.Fatalf("%s answers %d", path, r.Status)
	}
	root, err := html.Parse(bytes.NewReader(r.Body))
	must(w.t, err)
	for _, wrong := range webtest.Check(root) {
		w.t.Errorf("%s: %s", path, wrong)
	}
	if bytes.Contains(r.Body, []byte("ZgotmplZ")) || bytes.Contains(r.Body, []byte("<no value>")) {
		w.t.Errorf("%s: a value was refused or missing", path)
	}
	return text(root)
}

func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (w *world) wants(path string, words ...string) {
	w.t.Helper()
	got := w.page(path)
	for _, word := range words {
		if !strings.Contains(got, word) {
			w.t.Errorf("%s does not say %q:\n%s", path, word, got)
		}
	}
}

func (w *world) load(year int) exam.Exam {
	w.t.Helper()
	id, err := w.Load(system(w.t), year, "Lai Châu")
	must(w.t, err)
	e, err := w.Exam(system(w.t), id)
	must(w.t, err)
	return e
}

func (w *world) addSite(r exam.Round, code, name, locality string) exam.SiteID {
	w.t.Helper()
	id, err := w.SaveSite(system(w.t), r.ID, "", 0, exam.SiteInput{Code: code, Name: name, LocalityName: locality, Address: "Tổ 1", Phone: "0213 3784 000",
		HeadName: "Nguyễn Thị Kín", HeadPhone: "0912 999 999", Lat: "21.9631", Lon: "103.8932"})
	must(w.t, err)
	return id
}

func TestEveryTemplateFitsItsData(t *testing.T) {
	t.Parallel()
	for _, v := range ui.Views() {
		if err := templatecheck.CheckHTML(v.Template, v.Root); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func TestTheTimetableShowsNowFirstAndWhatIsUnsure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.load(2021)
		w.publish()
		w.wants("/lich-thi", "Còn 36 ngày đến ngày thi đợt 1: Thứ Tư, 7/7/2021", "Buổi tới: Làm thủ tục dự thi", "Thứ Ba, 6/7/2021, 14:00", "theo kế hoạch",
			"Đợt 1: 7/7/2021 – 8/7/2021", "Đợt 2: 6/8/2021 – 7/8/2021", "Sinh học · Giáo dục công dân 09:30 09:35–10:25 50",
			"Ngữ văn 07:30 07:35–09:35 ra sớm nhất 08:55 120", "Ngày dự phòng: Thứ Sáu, 9/7/2021", "GDTX) không thi Giáo dục công dân")
		w.wants("/en/lich-thi", "Còn 36 ngày")
		if hero, _, _ := strings.Cut(string(w.get("/lich-thi").Body), "</section>"); strings.Count(hero, "6/7/2021, 14:00") != 1 {
			t.Errorf("the hero does not say once when it begins: %s", hero)
		}
		archive := w.page("/ky-thi/2021/lich-thi")
		if strings.Contains(archive, "Còn 36 ngày") || !strings.Contains(archive, "Lịch thi năm 2021") {
			t.Error("the archive speaks of now")
		}
		w.clock.Advance(local(t, "2021-07-08 08:00:00").Sub(w.clock.Now()))
		must(t, w.publisher.RebuildAll(t.Context()))
		w.publish()
		w.wants("/lich-thi", "Đang thi", "Vật lí · Lịch sử: đang làm bài", "08:35–09:25 Hóa học · Địa lí (50 phút)", "đang diễn ra")
	})
}

func TestTheTimetableIsDrawnAgainWhenTheClockChangesIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		if at, _, err := w.source.Next(t.Context(), w.clock.Now()); err != nil || !at.IsZero() {
			t.Errorf("without an exam something is due at %v, %v", at, err)
		}
		w.load(2021)
		for _, c := range [][2]string{
			{"2021-06-01 09:00:00", "2021-06-02 00:00:00"},
			{"2021-07-06 13:00:00", "2021-07-06 14:00:00"},
			{"2021-07-07 07:10:00", "2021-07-07 07:30:00"},
			{"2021-07-07 07:35:00", "2021-07-07 07:50:00"},
		} {
			at, keys, err := w.source.Next(t.Context(), local(t, c[0]))
			must(t, err)
			if got := at.In(clock.Zone).Format(time.DateTime); got != c[1] || !slices.Equal(keys, []string{exam.KeyTimetable}) {
				t.Errorf("after %s due at %s (%v), want %s", c[0], got, keys, c[1])
			}
		}
		at, keys, err := w.source.Next(t.Context(), local(t, "2021-08-07 15:00:00"))
		must(t, err)
		if !at.Equal(local(t, "2021-08-07 15:30:00")) || !slices.Equal(keys, []string{"2021/lich-thi", exam.KeyTimetable}) {
			t.Errorf("at the exam's end %v are due at %v", keys, at)
		}
	})
}

func TestTheCalendarIsServedAndReads(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.load(2021)
		w.publish()
		for _, path := range []string{"/lich-thi.ics", "/ky-thi/2021/lich-thi.ics"} {
			r := w.get(path)
			kind := ""
			for _, h := range r.Headers {
				if h[0] == "Content-Type" {
					kind = h[1]
				}
			}
			cal, err := ics.ParseCalendar(bytes.NewReader(r.Body))
			if err != nil || len(cal.Events()) != 10 || kind != "text/calendar; charset=utf-8" {
				t.Errorf("%s: %d, %s, %v", path, r.Status, kind, err)
			}
		}
	})
}

func TestSitesAreListedByDistrictWithoutWhatIsInternal(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		w.addSite(e.Rounds[0], "02", "THPT Than Uyên", "Huyện Than Uyên")
		here := w.addSite(e.Rounds[0], "01", "THPT Bình Lư", "Huyện Tam Đường")
		there := w.addSite(e.Rounds[0], "03", "THPT Tam Đường", "Huyện Tam Đường")
		must(t, w.SetSiteStatus(system(t), here, 1, exam.Moved, "Đường vào bị sạt lở", there))
		w.publish()
		list := w.page("/diem-thi")
		for _, word := range []string{"3 điểm thi", "Huyện Tam Đường", "Huyện Than Uyên", "Chuyển địa điểm", "Đường vào bị sạt lở", "0213 3784 000"} {
			if !strings.Contains(list, word) {
				t.Errorf("the list does not say %q: %s", word, list)
			}
		}
		if strings.Index(list, "THPT Bình Lư") > strings.Index(list, "THPT Than Uyên") {
			t.Error("the districts are out of order")
		}
		w.wants("/diem-thi/thpt-binh-lu", "Đường vào bị sạt lở", "Thí sinh của điểm này đến: THPT Tam Đường")
		body := w.get("/diem-thi/thpt-binh-lu").Body
		for _, link := range []string{"tel:&#43;842133784000", "https://www.openstreetmap.org/?mlat=21.963100", `href="geo:21.963100,103.893200"`} {
			if !bytes.Contains(body, []byte(link)) && !bytes.Contains(body, []byte(html.UnescapeString(link))) {
				t.Errorf("no link %s", link)
			}
		}
		for _, path := range w.site.Snapshot().Paths() {
			if body := w.get(path).Body; bytes.Contains(body, []byte("Nguyễn Thị Kín")) || bytes.Contains(body, []byte("0912 999 999")) {
				t.Errorf("%s shows the site head", path)
			}
		}
	})
}

func TestAHaltedOrMovedSiteIsToldWhereEverybodyLooks(t *testing.T) { // P-9
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		halted := w.addSite(e.Rounds[0], "01", "THPT Than Uyên", "Huyện Than Uyên")
		moved := w.addSite(e.Rounds[1], "02", "THPT Bình Lư", "Huyện Tam Đường")
		there := w.addSite(e.Rounds[1], "03", "THPT Tam Đường", "Huyện Tam Đường")
		w.publish()
		if page := w.page("/lich-thi"); strings.Contains(page, "THPT Than Uyên") {
			t.Error("a site that is open is told of")
		}
		must(t, w.SetSiteStatus(system(t), halted, 1, exam.Halted, "Có ca Covid-19", ""))
		must(t, w.SetSiteStatus(system(t), moved, 1, exam.Moved, "Đường vào bị sạt lở.", there))
		w.publish() // of itself, without a rebuild
		const first, second = "Điểm thi THPT Than Uyên đợt 1: tạm dừng Có ca Covid-19", "Điểm thi THPT Bình Lư đợt 2: chuyển địa điểm Đường vào bị sạt lở. Thí sinh đến: THPT Tam Đường."
		w.wants("/lich-thi", first, second, "Xem điểm thi THPT Bình Lư")
		now, err := w.Now(t.Context())
		must(t, err)
		if notices := examweb.Hero(now).Notices; len(notices) != 2 || notices[0].Link.Href != "/diem-thi/thpt-than-uyen" || notices[0].Tone != ui.Bad {
			t.Errorf("the front page has %+v", notices)
		}
		if page := w.page("/ky-thi/2021/lich-thi"); strings.Contains(page, "THPT Than Uyên") {
			t.Error("the archive speaks of now")
		}
		w.clock.Advance(local(t, "2021-07-20 08:00:00").Sub(w.clock.Now()))
		must(t, w.publisher.RebuildAll(t.Context()))
		w.publish()
		if page := w.page("/lich-thi"); strings.Contains(page, first) || !strings.Contains(page, second) {
			t.Error("between the rounds only the second's sites matter")
		}
		must(t, w.SetSiteStatus(system(t), moved, 2, exam.Open, "", ""))
		w.publish()
		if page := w.page("/lich-thi"); strings.Contains(page, second) {
			t.Error("a site that opened again is still told of")
		}
		for i, name := range []string{"A", "B", "C", "D"} {
			id := w.addSite(e.Rounds[1], "1"+string(rune('0'+i)), name, "Huyện Tam Đường")
			must(t, w.SetSiteStatus(system(t), id, 1, exam.Halted, "Lũ quét", ""))
		}
		w.publish()
		w.wants("/lich-thi", "4 điểm thi có thay đổi A đợt 2 (tạm dừng), B đợt 2 (tạm dừng), C đợt 2 (tạm dừng), D đợt 2 (tạm dừng).", "Xem các điểm thi")
	})
}

func TestTheListOfSitesLeadsToItsDistrictsOnlyWhenItIsLong(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		for i := range 12 {
			w.addSite(e.Rounds[0], fmt.Sprintf("%02d", i), fmt.Sprintf("Điểm %d", i), fmt.Sprintf("Xã %c", 'A'+i))
		}
		w.addSite(e.Rounds[1], "01", "Điểm đợt 2", "Xã A")
		w.publish()
		list := func() *html.Node {
			root, err := html.Parse(bytes.NewReader(w.get("/diem-thi").Body))
			must(t, err)
			return root
		}
		root := list()
		if href := link(root, "Xã A"); href != "" {
			t.Errorf("thirteen sites have anchors, %s", href)
		}
		if href := link(root, "0213 3784 000"); href != "tel:+842133784000" {
			t.Errorf("the telephone leads to %q", href)
		}
		for a := range root.Descendants() {
			if a.Data == "table" {
				t.Error("a table head is repeated for every district")
			}
		}
		w.addSite(e.Rounds[0], "13", "Điểm 13", "Xã M")
		w.publish()
		root = list()
		if href := link(root, "Xã M"); href != "#dot-1-xa-m" {
			t.Errorf("a long list leads to %q", href)
		}
		if strings.Contains(text(root), "(Đợt 1)") {
			t.Error("the anchors repeat the round")
		}
	})
}

// ld gives the schema.org objects of a page that are of a type.
func (w *world) ld(path, kind string) []map[string]any {
	w.t.Helper()
	root, err := html.Parse(bytes.NewReader(w.get(path).Body))
	must(w.t, err)
	var found []map[string]any
	for n := range root.Descendants() {
		if n.Data != "script" || n.FirstChild == nil || !slices.Contains(n.Attr, html.Attribute{Key: "type", Val: "application/ld+json"}) {
			continue
		}
		var object map[string]any
		must(w.t, json.Unmarshal([]byte(n.FirstChild.Data), &object))
		if object["@type"] == kind {
			found = append(found, object)
		}
	}
	return found
}

func TestSittingsAndSitesAreDescribedForSearchEngines(t *testing.T) { // schema.org EducationEvent, Place
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		w.addSite(e.Rounds[0], "02", "THPT Than Uyên", "Huyện Than Uyên")
		cancelled := e.Rounds[0].Sittings[4]
		must(t, w.CancelSitting(system(t), e.ID, e.Rounds[0].ID, cancelled.ID, cancelled.Version, "Bão"))
		w.publish()
		events := w.ld("/lich-thi", "EducationEvent")
		if len(events) != 9 {
			t.Fatalf("%d events", len(events))
		}
		for i, want := range []map[string]any{
			{"name": "Làm thủ tục dự thi – Kỳ thi tốt nghiệp THPT năm 2021, Đợt 1", "startDate": "2021-07-06T14:00:00+07:00", "endDate": "2021-07-06T17:00:00+07:00", "eventStatus": "https://schema.org/EventScheduled"},
			{"name": "Thi Ngữ văn – Kỳ thi tốt nghiệp THPT năm 2021, Đợt 1", "startDate": "2021-07-07T07:00:00+07:00", "endDate": "2021-07-07T09:35:00+07:00"},
			4: {"eventStatus": "https://schema.org/EventCancelled"},
		} {
			for key, value := range want {
				if events[i][key] != value {
					t.Errorf("event %d: %s is %v, want %v", i, key, events[i][key], value)
				}
			}
		}
		for i, event := range events {
			place := map[string]any{"@type": "Place", "name": "Các điểm thi của Hội đồng thi Sở GDĐT Lai Châu", "url": "https://thi.example.vn/diem-thi",
				"address": map[string]any{"@type": "PostalAddress", "addressRegion": "Lai Châu", "addressCountry": "VN"}}
			if !reflect.DeepEqual(event["location"], place) {
				t.Errorf("event %d is at %v, want %v", i, event["location"], place)
			}
		}
		address := map[string]any{"@type": "PostalAddress", "streetAddress": "Tổ 1", "addressLocality": "Huyện Than Uyên", "addressRegion": "Lai Châu", "addressCountry": "VN"}
		places := w.ld("/diem-thi/thpt-than-uyen", "Place")
		if len(places) != 1 || !reflect.DeepEqual(places[0]["address"], address) || places[0]["geo"] == nil {
			t.Errorf("the site is %v, want its address %v", places, address)
		}
	})
}

func TestTheCalendarIsNoFeedToRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.load(2021)
		w.publish()
		w.wants("/lich-thi", "Thêm vào lịch điện thoại, máy tính (.ics)")
		if page := w.page("/lich-thi"); strings.Contains(page, "trình đọc tin") {
			t.Error("a feed reader is sent to the calendar")
		}
	})
}

func TestASiteWithoutCoordinatesIsSearchedOnTheMap(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		_, err := w.SaveSite(system(t), e.Rounds[0].ID, "", 0, exam.SiteInput{Code: "01", Name: "THPT Bình Lư", LocalityName: "Huyện Tam Đường", Address: `Thị trấn "Tam Đường" & 1`})
		must(t, err)
		w.publish()
		for path, label := range map[string]string{"/diem-thi": "Bản đồ THPT Bình Lư", "/diem-thi/thpt-binh-lu": "Tìm trên bản đồ (OpenStreetMap)"} {
			root, err := html.Parse(bytes.NewReader(w.get(path).Body))
			must(t, err)
			const found = "https://www.openstreetmap.org/search?query=THPT+B%C3%ACnh+L%C6%B0%2C+Th%E1%BB%8B+tr%E1%BA%A5n+%22Tam+%C4%90%C6%B0%E1%BB%9Dng%22+%26+1%2C+Huy%E1%BB%87n+Tam+%C4%90%C6%B0%E1%BB%9Dng"
			if href := link(root, label); href != found {
				t.Errorf("%s: the map is at %q", path, href)
			}
			if label := link(root, "Mở bằng ứng dụng bản đồ"); label != "" {
				t.Errorf("%s: a place nobody knows is opened at %s", path, label)
			}
		}
	})
}

// link gives where the first link with a text leads; "" without one.
func link(n *html.Node, label string) string {
	for a := range n.Descendants() {
		if a.Data == "a" && text(a) == label {
			for _, at := range a.Attr {
				if at.Key == "href" {
					return at.Val
				}
			}
		}
	}
	return ""
}

func TestTimetableAndSitesAreFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		w.addSite(e.Rounds[0], "02", "THPT Than Uyên", "Huyện Than Uyên")
		w.publish()
		for q, want := range map[string]string{"lich thi": "/lich-thi", "LỊCH THI": "/lich-thi", "diem thi": "/diem-thi", "than uyen": "/diem-thi/thpt-than-uyen", "diem moi": "/diem-moi"} {
			hits := w.site.Snapshot().Index().Search(search.Query{Text: q}).Hits
			if len(hits) == 0 || hits[0].Path != want {
				t.Errorf("%q finds %+v, want %s first", q, hits, want)
			}
		}
	})
}

func TestAnOlderExamStaysUnderItsYear(t *testing.T) { // P-18, R-II.1-a
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		must(t, w.publisher.RebuildAll(t.Context()))
		w.publish()
		w.wants("/lich-thi", "Chưa có kỳ thi nào được mở")
		old := w.load(2021)
		w.addSite(old.Rounds[0], "02", "THPT Than Uyên", "Huyện Than Uyên")
		w.publish()
		id, err := w.Copy(system(t), old.ID, exam.CopyInput{Year: 2027, FirstDay: "2027-06-10"})
		must(t, err)
		w.publish()
		if w.site.Snapshot().Has("/ky-thi/2027/lich-thi") {
			t.Error("a draft is public")
		}
		must(t, w.Publish(system(t), id, 1))
		must(t, w.MakeCurrent(system(t), id, 2))
		w.publish()
		w.wants("/lich-thi", "Kỳ thi tốt nghiệp THPT năm 2027", "10/6/2027")
		w.wants("/ky-thi/2021/lich-thi", "Kỳ thi tốt nghiệp THPT năm 2021", "7/7/2021")
		w.wants("/ky-thi/2021/diem-thi", "THPT Than Uyên")
		w.wants("/ky-thi/2021/diem-thi/thpt-than-uyen", "năm 2021")
		w.wants("/ky-thi/2021/diem-moi", "Thi hai đợt")
		w.wants("/diem-moi", "So với kỳ thi năm 2021", "07")
		w.wants("/diem-thi", "Chưa có danh sách điểm thi")
		if r := w.get("/diem-thi/thpt-than-uyen"); r.Status != 301 && r.Status != 308 {
			t.Errorf("a site of 2021 answers %d at the front", r.Status)
		}
	})
}

func TestAnExamToComeIsNoArchiveAndOneBehindAsksNobodyToLookAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.load(2021)
		id, err := w.Copy(system(t), w.load(2025).ID, exam.CopyInput{Year: 2022, FirstDay: "2022-07-07"})
		must(t, err)
		must(t, w.Publish(system(t), id, 1))
		w.publish()
		const again = "Hãy xem lại trang này trước ngày thi"
		w.wants("/ky-thi/2022/lich-thi", again)
		w.clock.Advance(local(t, "2021-08-08 08:00:00").Sub(w.clock.Now()))
		must(t, w.publisher.RebuildAll(t.Context()))
		w.publish()
		w.wants("/ky-thi/2022/lich-thi", again)
		for _, path := range []string{"/lich-thi", "/ky-thi/2021/lich-thi"} {
			if page := w.page(path); strings.Contains(page, again) || !strings.Contains(page, "Kỳ thi đã xong; những giờ này chưa đối chiếu") {
				t.Errorf("%s asks to look again before an exam that is over", path)
			}
		}
	})
}

func TestTheExamOf2025IsDrawnWithBothProgrammes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.load(2025)
		w.publish()
		w.wants("/lich-thi", "Môn tự chọn, ca 1 chương trình 2018", "Tin học", "Vật lí · Lịch sử chương trình 2006", "Đợt 1: 26/6/2025 – 27/6/2025")
	})
}
