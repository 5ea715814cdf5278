package documents_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/documents"
)

// public publishes what waits and gives the plane that answers readers.
func (o *office) public() *publish.Plane {
	o.t.Helper()
	o.must(o.publisher.Publish(o.t.Context()))
	if o.plane == nil {
		o.plane = publish.NewPlane(o.site)
	}
	return o.plane
}

// visit reads a public page; want is its status.
func (o *office) visit(path string, want int) (publish.Response, string) {
	o.t.Helper()
	r := o.public().Respond(publish.Request{Method: http.MethodGet, Path: path})
	body := string(r.Body)
	if r.File != nil {
		f, err := r.File.Open(o.t.Context())
		o.must(err)
		b, err := io.ReadAll(f)
		o.must(err)
		body = string(b)
	}
	if r.Status != want {
		o.t.Fatalf("%s answered %d, want %d", path, r.Status, want)
	}
	if want == 200 && strings.HasPrefix(header(r, "Content-Type"), "text/html") {
		root, err := html.Parse(strings.NewReader(body))
		o.must(err)
		for _, f := range webtest.Check(root) {
			o.t.Errorf("%s: %s", path, f)
		}
	}
	return r, body
}

func header(r publish.Response, name string) string {
	for _, h := range r.Headers {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

// hits asks the public search.
func (o *office) hits(query string) []search.Hit {
	o.t.Helper()
	o.public()
	index := search.Build(nil)
	if snap := o.site.Snapshot(); snap.Index() != nil {
		index = snap.Index()
	}
	return index.Search(search.Query{Text: query}).Hits
}

// find gives the paths of what the public search finds.
func (o *office) find(query string) []string {
	o.t.Helper()
	var paths []string
	for _, h := range o.hits(query) {
		paths = append(paths, h.Path)
	}
	return paths
}

func has(t *testing.T, body string, all ...string) {
	t.Helper()
	for _, s := range all {
		if !strings.Contains(body, s) {
			t.Errorf("the page lacks %q", s)
		}
	}
}

func TestDocumentPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := directive()
		in.Field, in.Signer = "Thi và tuyển sinh", documents.Signer{Position: "CHỦ TỊCH", Name: "Trần Tiến Dũng"}
		in.Handling = documents.Handling{FileCode: "HS-CANARY", Arrival: 4711, ReceivedOn: "2021-05-14"}
		id := o.enter(in)
		o.must(o.SetReading(o.clerk(), id, 1, richtext.FromPlain("I. CHUẨN BỊ\n1. Rà soát điểm thi theo Thông tư 15/2020/TT-BGDĐT.\nII. TUYÊN TRUYỀN\n1. Thống nhất, kịp thời.")))
		o.file(id, "Chỉ thị 08.pdf", "nội dung bản quét chỉ thị")
		o.post(id)

		_, body := o.visit("/van-ban/08-ct-ubnd-2021", 200)
		has(t, body, "08/CT-UBND", "Tăng cường chỉ đạo tổ chức", "12/5/2021", "Còn hiệu lực", `href="/van-ban/co-quan/ubnd-tinh"`, "CHỦ TỊCH Trần Tiến Dũng",
			`href="/van-ban/08-ct-ubnd-2021/chi-thi-08.pdf"`, "SHA-256", `/toan-van#`, "CHUẨN BỊ", `"@type":"Legislation"`, `"legislationLegalForce":"https://schema.org/InForce"`)
		if strings.Contains(body, "HS-CANARY") || strings.Contains(body, "4711") {
			t.Error("the page shows the registry's own fields")
		}
		_, reading := o.visit("/van-ban/08-ct-ubnd-2021/toan-van", 200)
		has(t, reading, "Rà soát điểm thi", "Mục lục", "bản gốc đã ký mới có giá trị")
		o.visit("/en/van-ban/08-ct-ubnd-2021", 200)
		r, original := o.visit("/van-ban/08-ct-ubnd-2021/chi-thi-08.pdf", 200)
		if original != "nội dung bản quét chỉ thị" || header(r, "Content-Type") != "application/pdf" {
			t.Errorf("the original is %q of type %s", original, header(r, "Content-Type"))
		}
		if _, picture := o.visit("/van-ban/08-ct-ubnd-2021/chi-thi-08.pdf.trang-1.jpg", 200); picture != "jpeg of Chỉ thị 08.pdf" {
			t.Errorf("the picture is %q", picture)
		}
		_, raw := o.visit("/van-ban/08-ct-ubnd-2021/thong-tin.json", 200)
		var m documents.Metadata
		o.must(json.Unmarshal([]byte(raw), &m))
		if m.CodeNumber != "08" || m.CodeNotation != "CT-UBND" || m.TypeName != "Chỉ thị" || m.IssuedDate != "2021-05-12" || m.FileCode != "" || m.DocOrdinal != 0 ||
			m.Portal.URL != "https://thi.example.vn/van-ban/08-ct-ubnd-2021" || m.Portal.Files[0].SHA256 == "" {
			t.Errorf("metadata %s", raw)
		}
		for _, query := range []string{"chi thi 08", "08/ct-ubnd", "8/CT-UBND", "RÀ SOÁT điểm thi", "ban quet", "Ủy ban nhân dân tỉnh"} {
			if hits := o.find(query); len(hits) != 1 || hits[0] != "/van-ban/08-ct-ubnd-2021" {
				t.Errorf("%q found %v", query, hits)
			}
		}
	})
}

// Citations in notes are links as those in texts are, on pages of other capabilities too.
func TestCitationsInNotesAreLinks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.posted(directive())
		plan := documents.Input{Number: "15/KH-SGDĐT", Issuer: "Sở GDĐT", IssuedOn: "2021-06-05", Subject: "Truyền thông về Kỳ thi", Class: documents.Public,
			Description: "Thực hiện Chỉ thị 08/CT-UBND <ngày 12/5/2021>."}
		o.posted(plan)
		_, body := o.visit("/van-ban/15-kh-sgddt-2021", 200)
		has(t, body, `Thực hiện Chỉ thị <a href="/van-ban/08-ct-ubnd-2021">08/CT-UBND</a> &lt;ngày 12/5/2021&gt;.`)
		linked, err := o.LinkText(t.Context(), "Theo 08/ct-ubnd & 99/CT-UBND", 2021, "")
		o.must(err)
		if linked != `Theo <a href="/van-ban/08-ct-ubnd-2021">08/ct-ubnd</a> &amp; 99/CT-UBND` {
			t.Errorf("linked as %s", linked)
		}
	})
}

func TestPublicListsAreLinksWithPermanentAddresses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.posted(directive())
		circular := documents.Input{Number: "15/2020/TT-BGDĐT", Issuer: "Bộ GDĐT", IssuedOn: "2020-05-26", ExpiresOn: "2021-01-01", Subject: "Ban hành Quy chế thi", Field: "Thi tốt nghiệp THPT"}
		o.posted(circular)
		o.visit("/van-ban", 200)
		for path, shows := range map[string]string{
			"/van-ban":                            "08-ct-ubnd-2021 15-tt-bgddt-2020",
			"/van-ban/co-quan/ubnd-tinh":          "08-ct-ubnd-2021",
			"/van-ban/co-quan/bo-gddt":            "15-tt-bgddt-2020",
			"/van-ban/co-quan/so-gddt":            "",
			"/van-ban/co-quan/ban-chi-dao-thi":    "",
			"/van-ban/loai/chi-thi":               "08-ct-ubnd-2021",
			"/van-ban/nam/2020":                   "15-tt-bgddt-2020",
			"/van-ban/linh-vuc/thi-va-tuyen-sinh": "15-tt-bgddt-2020",
			"/van-ban/con-hieu-luc":               "08-ct-ubnd-2021",
			"/van-ban/het-hieu-luc":               "15-tt-bgddt-2020",
			"/en/van-ban":                         "08-ct-ubnd-2021 15-tt-bgddt-2020",
		} {
			if path == "/van-ban/co-quan/so-gddt" || path == "/van-ban/co-quan/ban-chi-dao-thi" {
				if o.site.Snapshot().Has(path) {
					_, body := o.visit(path, 200)
					has(t, body, "Chưa có văn bản nào ở đây")
				}
				continue
			}
			_, body := o.visit(path, 200)
			_, items := o.visit(strings.TrimPrefix(path, "/en")+".json", 200)
			for _, slug := range []string{"08-ct-ubnd-2021", "15-tt-bgddt-2020"} {
				if got, want := strings.Contains(items, `/van-ban/`+slug+`"`), strings.Contains(shows, slug); got != want {
					t.Errorf("the feed of %s has %s: %v", path, slug, got)
				}
				if got, want := strings.Contains(body, `href="/van-ban/`+slug+`"`), strings.Contains(shows, slug); got != want {
					t.Errorf("%s shows %s: %v", path, slug, got)
				}
			}
			has(t, body, `href="/van-ban/co-quan/bo-gddt"`, `href="/van-ban/nam/2021"`)
			opens, filter, closes := strings.Index(body, "<summary>Lọc theo cơ quan, hiệu lực, năm, loại"), strings.Index(body, `href="/van-ban/nam/2021"`), strings.Index(body, "</details>")
			if opens < 0 || opens > filter || filter > closes {
				t.Errorf("%s: the filters stand before the results of a phone: %d %d %d", path, opens, filter, closes)
			}
		}
		_, body := o.visit("/van-ban", 200)
		if four := strings.Index(body, "Bộ Giáo dục và Đào tạo"); four < 0 || four > strings.Index(body, "Sở Giáo dục và Đào tạo</a>") {
			t.Error("the plan's four issuers do not stand first")
		}
	})
}

// Archive pages are counted from the oldest: a posting changes the front and leaves them as they are.
func TestLongListsArePaged(t *testing.T) {
	t.Parallel()
	clk := clock.At(opening)
	o := open(t, dbtest.SQLite(t, clk), clk)
	post := func(from, to int) {
		for n := from; n <= to; n++ {
			in := directive()
			in.Number = fmt.Sprintf("%02d/CT-UBND", n)
			o.posted(in)
		}
	}
	post(1, 49)
	o.visit("/van-ban/trang/1", 404)
	post(50, 50)
	_, front := o.visit("/van-ban", 200)
	_, archive := o.visit("/van-ban/trang/1", 200)
	has(t, front, "50/CT-UBND", "26/CT-UBND", `href="/van-ban/trang/1"`, "50 văn bản")
	has(t, archive, "25/CT-UBND", "01/CT-UBND", `href="/van-ban"`, "Trang lưu 1")
	if strings.Contains(front, "25/CT-UBND") || strings.Contains(archive, "26/CT-UBND") {
		t.Error("a document stands on two pages")
	}
	post(51, 52)
	_, front = o.visit("/van-ban", 200)
	has(t, front, "52/CT-UBND", "26/CT-UBND", "52 văn bản")
	if _, again := o.visit("/van-ban/trang/1", 200); again != archive {
		t.Error("a posting changed an archive page")
	}
}

// Never: show a replaced document without a banner and link to the one in force (domain.md 6.2).
func TestAReplacedDocumentSaysSoEverywhereItIsCited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		old := o.posted(documents.Input{Number: "15/2020/TT-BGDĐT", Issuer: "Bộ GDĐT", IssuedOn: "2020-05-26", Subject: "Ban hành Quy chế thi"})
		citing := o.enter(directive())
		o.must(o.SetReading(o.clerk(), citing, 1, richtext.FromPlain("Thực hiện Thông tư 15/2020/TT-BGDĐT và Thông tư 02/2021/TT-BGDĐT.")))
		o.post(citing)
		_, body := o.visit("/van-ban/08-ct-ubnd-2021/toan-van", 200)
		has(t, body, `<a href="/van-ban/15-tt-bgddt-2020">15/2020/TT-BGDĐT</a>`)
		if strings.Contains(body, "Đã được thay thế") || strings.Contains(body, "02-tt-bgddt-2021") {
			t.Error("the citation says more than is known")
		}
		_, body = o.visit("/van-ban/15-tt-bgddt-2020", 200)
		has(t, body, "Văn bản nhắc đến văn bản này", "08/CT-UBND")

		next := o.enter(documents.Input{Number: "02/2021/TT-BGDĐT", Issuer: "Bộ GDĐT", IssuedOn: "2021-06-01", EffectiveOn: "2021-06-15", Subject: "Quy chế thi mới"})
		o.relate(next, documents.Replaces, old)
		o.visit("/van-ban/15-tt-bgddt-2020", 200)
		if got := o.get(old).Status; got != documents.InForce {
			t.Errorf("replaced by what is not posted: %s", got)
		}
		o.post(next)
		if got := o.get(old).Status; got != documents.InForce {
			t.Errorf("replaced before the new one is in force: %s", got)
		}
		_, body = o.visit("/van-ban/15-tt-bgddt-2020", 200)
		has(t, body, "Được thay thế bởi", "02/2021/TT-BGDĐT")
		_, body = o.visit("/van-ban/08-ct-ubnd-2021/toan-van", 200)
		has(t, body, `<a href="/van-ban/02-tt-bgddt-2021">02/2021/TT-BGDĐT</a>`)

		o.clk.Advance(6 * 24 * time.Hour)
		o.must(o.RefreshStatuses(t.Context()))
		if got := o.get(old).Status; got != documents.StatusReplaced {
			t.Fatalf("after the day it is replaced on: %s", got)
		}
		_, body = o.visit("/van-ban/15-tt-bgddt-2020", 200)
		has(t, body, "Đã được thay thế", `href="/van-ban/02-tt-bgddt-2021"`, `"legislationLegalForce":"https://schema.org/NotInForce"`)
		if strings.Index(body, "Đã được thay thế") > strings.Index(body, "<h1>") {
			t.Error("the banner does not come first")
		}
		_, body = o.visit("/van-ban/08-ct-ubnd-2021/toan-van", 200)
		has(t, body, `15/2020/TT-BGDĐT</a> <em>(Đã được thay thế)</em>`)
		_, body = o.visit("/van-ban/het-hieu-luc", 200)
		has(t, body, "15/2020/TT-BGDĐT")
		due, err := o.List(o.exam(), documents.Filter{Text: "15/2020"})
		o.must(err)
		if due.Documents[0].Status != documents.StatusReplaced {
			t.Error("the office's list shows another state than the page")
		}
	})
}

func TestEditionsStandBesideTheLivePage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.posted(directive())
		in := directive()
		in.Subject, in.Number = "Trích yếu đã sửa", "80/CT-UBND"
		o.must(o.Edit(o.clerk(), id, o.get(id).Version, in))
		_, body := o.visit("/van-ban/08-ct-ubnd-2021", 200)
		if strings.Contains(body, "Trích yếu đã sửa") {
			t.Error("a draft shows on the live page")
		}
		want(t, o.Update(o.publisherCtx(), id, o.get(id).Version, documents.Major, ""), fault.Invalid, "an update without a note for readers")
		o.must(o.Update(o.publisherCtx(), id, o.get(id).Version, documents.Major, "Sửa số cho đúng với bản gốc."))
		_, body = o.visit("/van-ban/80-ct-ubnd-2021", 200)
		has(t, body, "Trích yếu đã sửa", "Sửa số cho đúng với bản gốc.", "Đăng lần đầu")
		r, _ := o.visit("/van-ban/08-ct-ubnd-2021", 301)
		if got := header(r, "Location"); got != "/van-ban/80-ct-ubnd-2021" {
			t.Errorf("the old address leads to %q", got)
		}
		editions, err := o.Editions(o.exam(), o.get(id))
		if err != nil || len(editions) != 2 || editions[1].Shown.Content.Number.String() != "08/CT-UBND" {
			t.Errorf("editions %+v, %v", editions, err)
		}
		changes, err := o.Compare(o.exam(), editions[1].Shown, editions[0].Shown)
		o.must(err)
		if len(changes) != 2 || changes[0].Label != "Số, ký hiệu" || changes[0].Old != "08/CT-UBND" || changes[0].New != "80/CT-UBND" {
			t.Errorf("changes %+v", changes)
		}
	})
}

func TestWithdrawalInThreeForms(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.posted(directive())
		other := directive()
		other.Number, other.Subject = "09/CT-UBND", "Bản đúng"
		target := o.posted(other)
		version := func() int { return o.get(id).Version }
		want(t, o.Withdraw(o.publisherCtx(), id, version(), documents.Withdrawal{Ending: documents.EndError}), fault.Invalid, "withdrawing without a reason")

		o.must(o.Withdraw(o.publisherCtx(), id, version(), documents.Withdrawal{Ending: documents.EndWithdrawn, Note: "UBND tỉnh thu hồi để soát lại."}))
		_, body := o.visit("/van-ban/08-ct-ubnd-2021", 200)
		has(t, body, "đã được gỡ ngày 10/6/2021", "UBND tỉnh thu hồi để soát lại.", "Tăng cường chỉ đạo", "Đã gỡ, còn để tra cứu")
		for _, path := range []string{"/van-ban/08-ct-ubnd-2021", "/van-ban", "/van-ban/het-hieu-luc", "/van-ban/08-ct-ubnd-2021/thong-tin.json"} {
			if _, body := o.visit(path, 200); strings.Contains(body, "Đã thu hồi") || !strings.Contains(body, "Đã gỡ, còn để tra cứu") {
				t.Errorf("%s does not say that only the page was taken down", path)
			}
		}
		if hits := o.hits("08/CT-UBND"); len(hits) == 0 || hits[0].Facets["hieu-luc"] != string(documents.StatusWithdrawn) {
			t.Errorf("search finds %+v", hits)
		}
		_, items := o.visit("/van-ban.json", 200)
		has(t, items, `"title": "[Đã gỡ, còn để tra cứu] 08/CT-UBND`, "UBND tỉnh thu hồi để soát lại.")
		o.must(o.Restore(o.publisherCtx(), id, version(), "Đã soát xong"))
		_, body = o.visit("/van-ban/08-ct-ubnd-2021", 200)
		if strings.Contains(body, "đã được gỡ") {
			t.Error("the notice stays after it was put back")
		}

		want(t, o.Withdraw(o.publisherCtx(), id, version(), documents.Withdrawal{Ending: documents.EndReplaced, Note: "Đăng hai lần.", Target: id}), fault.Invalid, "leading to itself")
		o.must(o.Withdraw(o.publisherCtx(), id, version(), documents.Withdrawal{Ending: documents.EndReplaced, Note: "Đăng hai lần.", Target: target}))
		r, _ := o.visit("/van-ban/08-ct-ubnd-2021", 301)
		if got := header(r, "Location"); got != "/van-ban/09-ct-ubnd-2021" {
			t.Errorf("leads to %q", got)
		}
		_, body = o.visit("/van-ban/09-ct-ubnd-2021", 200)
		has(t, body, "nay dẫn đến trang này: Đăng hai lần.")

		o.must(o.Restore(o.publisherCtx(), id, version(), "Nhầm"))
		o.must(o.Withdraw(o.publisherCtx(), id, version(), documents.Withdrawal{Ending: documents.EndError, Note: "Đăng nhầm văn bản của năm khác."}))
		_, body = o.visit("/van-ban/08-ct-ubnd-2021", 410)
		has(t, body, "Đăng nhầm văn bản của năm khác.")
		o.visit("/van-ban/08-ct-ubnd-2021/toan-van", 410)
		_, body = o.visit("/van-ban", 200)
		if strings.Contains(body, "08/CT-UBND") || len(o.find("08/CT-UBND")) > 0 && o.find("08/CT-UBND")[0] == "/van-ban/08-ct-ubnd-2021" {
			t.Error("a page published in error is still listed")
		}
	})
}

// Only what the issuer recalled is called recalled; its page stays and says so first.
func TestARecalledDocumentIsNotOneTakenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.issued(ownDraft())
		o.must(o.Post(o.publisherCtx(), id, o.get(id).Version, ""))
		o.must(o.Recall(o.clerk(), id, o.get(id).Version, "recall", "Sai thẩm quyền"))
		d := o.get(id)
		_, body := o.visit(d.Path(), 200)
		has(t, body, "Đã thu hồi", "cơ quan ban hành thu hồi")
		if strings.Contains(body, "Đã gỡ") {
			t.Error("a recalled document is shown as taken down")
		}
		_, items := o.visit("/van-ban.json", 200)
		has(t, items, `"title": "[Đã thu hồi] `)
		o.must(o.Withdraw(o.publisherCtx(), id, d.Version, documents.Withdrawal{Ending: documents.EndError, Note: "Đăng nhầm bản nháp."}))
		_, body = o.visit(d.Path(), 410)
		has(t, body, "Trang này đã đăng nhầm")
	})
}

// A page that leads to another one which is gone itself was not published in error.
func TestAReplacedPageWhoseTargetIsGoneSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.posted(directive())
		other := directive()
		other.Number = "09/CT-UBND"
		target := o.posted(other)
		o.must(o.Withdraw(o.publisherCtx(), id, o.get(id).Version, documents.Withdrawal{Ending: documents.EndReplaced, Note: "Đăng hai lần.", Target: target}))
		o.must(o.Withdraw(o.publisherCtx(), target, o.get(target).Version, documents.Withdrawal{Ending: documents.EndError, Note: "Đăng nhầm."}))
		_, body := o.visit("/van-ban/08-ct-ubnd-2021", 410)
		has(t, body, "Đăng hai lần.", "đã chuyển sang một văn bản khác")
		if strings.Contains(body, "đã đăng nhầm") {
			t.Error("a page that was replaced is said to be published in error")
		}
	})
}

// Never: anything of an internal document on the public plane (domain.md 6.2; issue 2, must show 3).
func TestNothingOfAnInternalDocumentIsPublic(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		secretish := documents.Input{Number: "999/BC-CANARY", Issuer: "Cơ quan Kanari", NewIssuer: true, Type: "Báo cáo", IssuedOn: "2021-05-01", Subject: "Trích yếu kanari nội bộ", Class: documents.Internal}
		inside := o.enter(secretish)
		o.must(o.SetReading(o.clerk(), inside, 1, richtext.FromPlain("Nội dung kanari, xem 08/CT-UBND.")))
		o.file(inside, "kanari.pdf", "tệp kanari")
		o.examine()
		o.must(o.Classify(o.exam(), inside, o.get(inside).Version, documents.Internal, "ghi chú kanari"))
		o.must(o.Keep(o.exam(), inside, o.get(inside).Version, ""))

		id := o.enter(directive())
		o.relate(id, documents.BasedOn, inside)
		o.must(o.SetReading(o.clerk(), id, o.get(id).Version, richtext.FromPlain("Điều 1. Tổ chức thi.")))
		o.post(id)
		o.must(o.publisher.RebuildAll(t.Context()))
		o.visit("/van-ban/08-ct-ubnd-2021", 200)

		snap := o.site.Snapshot()
		for _, path := range snap.Paths() {
			r := o.plane.Respond(publish.Request{Method: http.MethodGet, Path: path})
			text := strings.ToLower(string(r.Body))
			for _, h := range r.Headers {
				text += strings.ToLower(h[0] + h[1])
			}
			for _, canary := range []string{"kanari", "canary", "999/bc"} {
				if strings.Contains(text, canary) || strings.Contains(path, canary) {
					t.Errorf("%s holds %q", path, canary)
				}
			}
		}
		for _, query := range []string{"kanari", "999/BC-CANARY", "Trích yếu kanari nội bộ"} {
			for _, hit := range o.find(query) {
				t.Errorf("search for %q finds %s", query, hit)
			}
		}
		if _, items := o.visit("/van-ban.json", 200); strings.Count(items, `"id": "urn:`) != 1 {
			t.Errorf("the feed is %s", items)
		}
	})
}

// citizens is text as a list of persons has it; the numbers are made up.
const citizens = "Danh sách kèm theo\n1. Lò Văn An, CCCD 012203000011\n2. Vàng Thị Bình, CCCD 012303000022\n3. Giàng A Chu, CCCD 012203000033"

// P-16: what looks like personal data asks for a second person before it becomes public.
func TestPersonalDataNeedsASecondApproval(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.enter(directive())
		f := o.file(id, "ds.pdf", citizens)
		o.examine()
		o.must(o.Classify(o.exam(), id, o.get(id).Version, documents.Public, ""))
		version := o.get(id).Version
		want(t, o.Post(o.publisherCtx(), id, version, ""), fault.Conflict, "posting personal data nobody decided about")
		want(t, o.Clear(o.clerk(), id, f, "được phép"), fault.Denied, "deciding by the clerk")
		want(t, o.Clear(o.deskHead(), id, f, ""), fault.Invalid, "deciding without a reason")
		o.must(o.Clear(o.publisherCtx(), id, f, "Danh sách công khai theo quy chế"))
		want(t, o.Post(o.publisherCtx(), id, version, ""), fault.Denied, "posting by the one who decided")
		o.must(o.Post(o.deskHead(), id, version, ""))

		typed := directive()
		typed.Number, typed.Description = "10/CT-UBND", citizens
		second := o.enter(typed)
		o.must(o.Classify(o.exam(), second, 1, documents.Public, ""))
		want(t, o.Post(o.publisherCtx(), second, 2, ""), fault.Conflict, "posting personal data typed into a field")
		o.must(o.Clear(o.deskHead(), second, "", "Không phải số thật"))
		o.must(o.Post(o.publisherCtx(), second, 2, ""))
	})
}

func TestFilesAreTypedByContentAndNeverChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.enter(directive())
		bad := o.file(id, "vanban.pdf", "MZ chương trình")
		o.examine()
		files, err := o.FilesOf(o.exam(), o.get(id))
		o.must(err)
		if files[0].State != documents.FileRefused || !strings.Contains(files[0].Problem, "chương trình") {
			t.Errorf("a renamed program is %+v", files[0])
		}
		_, _, err = o.OpenFile(o.exam(), id, bad, false)
		want(t, err, fault.NotFound, "opening a refused file")
		o.must(o.DropFile(o.clerk(), id, o.get(id).Version, bad))
		o.inspector.says["scan"] = inspect.Report{Type: inspect.PNG, Warnings: []string{"Tệp không có chữ để tìm."}}
		good := o.file(id, "scan", "ảnh quét")
		_, err = o.AddFile(o.clerk(), id, o.get(id).Version, documents.Upload{Name: "khac"}, strings.NewReader("ảnh quét"))
		want(t, err, fault.Invalid, "the same bytes again")
		_, err = o.AddFile(o.clerk(), id, o.get(id).Version, documents.Upload{Name: "rong"}, strings.NewReader(""))
		want(t, err, fault.Invalid, "an empty file")
		want(t, o.Post(o.publisherCtx(), id, o.get(id).Version, ""), fault.Conflict, "posting before classifying")
		o.post(id)
		o.visit("/van-ban/08-ct-ubnd-2021/scan.png", 200)

		want(t, o.DropFile(o.clerk(), id, o.get(id).Version, good), fault.Conflict, "dropping a file the public has seen")
		_, err = o.AddFile(o.clerk(), id, o.get(id).Version, documents.Upload{Name: "scan rõ.pdf", Supersedes: good}, strings.NewReader("bản quét rõ"))
		o.must(err)
		o.examine()
		o.visit("/van-ban/08-ct-ubnd-2021/scan.png", 200)
		o.must(o.Update(o.publisherCtx(), id, o.get(id).Version, documents.Minor, "Thay bản quét rõ hơn."))
		o.visit("/van-ban/08-ct-ubnd-2021/scan-ro.pdf", 200)
		r, _ := o.visit("/van-ban/08-ct-ubnd-2021/scan.png", 301)
		if got := header(r, "Location"); got != "/van-ban/08-ct-ubnd-2021" {
			t.Errorf("the old file leads to %s", got)
		}
	})
}

// R-II.1-c "kịp thời": the time from entry to publication is measured.
func TestTimeliness(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for i, hours := range []int{1, 3, 30} {
			in := directive()
			in.Number = []string{"01/CT-UBND", "02/CT-UBND", "03/CT-UBND"}[i]
			id := o.enter(in)
			o.clk.Advance(time.Duration(hours) * time.Hour)
			o.post(id)
		}
		in := directive()
		in.Number = "04/CT-UBND"
		o.enter(in)
		got, err := o.Timeliness(o.exam(), opening)
		o.must(err)
		if got.Posted != 3 || got.Median != 3*3600_000 || got.Ninth != 30*3600_000 || got.Waiting != 1 || got.Oldest != o.clk.Millis() {
			t.Errorf("timeliness %+v", got)
		}
	})
}
