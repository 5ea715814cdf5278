package scenarios_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/publish/nginxserver"
)

// TestThePublicPlaneKeepsItsManners asks the demonstration as programs do: search engines, readers
// of feeds and calendars, shared links, browsers that look for standard papers.
//
// Source: peers-public §5, F-99…F-101, F-108…F-120; Must show 7.
func TestThePublicPlaneKeepsItsManners(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	p := demo(t, at, "--at", "2021-07-06T08:00", "--base-url", "https://thi.example.vn")
	for name, test := range map[string]func(*testing.T, *program, place){
		"a post to a page is refused in Vietnamese":    postsAreRefused,
		"English stays English":                        englishStaysEnglish,
		"the site map dates every page":                siteMapDatesPages,
		"robots and standard papers":                   standardPapers,
		"shared links have title, picture and address": sharedLinks,
		"pages describe themselves to machines":        describedToMachines,
		"readers of feeds and calendars read them":     readersReadThem,
		"nginx serves the mirror byte for byte":        mirrorByteForByte,
		"citations are links wherever they stand":      citationsAreLinks,
	} {
		t.Run(name, func(t *testing.T) { test(t, p, at) })
	}
}

func postsAreRefused(t *testing.T, p *program, _ place) {
	for _, path := range []string{"/", "/tim", "/van-ban", "/khong-co"} {
		res, err := direct.Post(p.base+path, "application/x-www-form-urlencoded", strings.NewReader("q=a"))
		must(t, err)
		res.Body.Close()
		if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("POST %s: %d %v", path, res.StatusCode, res.Header)
		}
	}
}

func englishStaysEnglish(t *testing.T, p *program, _ place) {
	for _, path := range []string{"/en", "/en/van-ban", "/en/van-ban/08-ct-ubnd-2021", "/en/tim?q=thi", "/en/khong-co"} {
		body := string(p.get(path).body)
		if !strings.Contains(body, `<html lang="en">`) {
			t.Errorf("%s is not in English", path)
		}
		for _, away := range []string{`class="brand" href="/"`, `action="/tim"`, `<a href="/tim?`} {
			if strings.Contains(body, away) {
				t.Errorf("%s leads out of English: %s", path, away)
			}
		}
	}
	if crumbs := between(string(p.get("/en/van-ban/08-ct-ubnd-2021").body), `<nav class="crumbs`, "</nav>"); !strings.Contains(crumbs, `<a href="/en/van-ban">Documents</a>`) {
		t.Errorf("crumbs %s", crumbs)
	}
}

func siteMapDatesPages(t *testing.T, p *program, _ place) {
	var list struct {
		URLs []struct {
			Loc     string `xml:"loc"`
			Lastmod string `xml:"lastmod"`
		} `xml:"url"`
	}
	must(t, xml.Unmarshal(p.get("/sitemap.xml").body, &list))
	if len(list.URLs) < 60 {
		t.Fatalf("%d addresses", len(list.URLs))
	}
	for _, u := range list.URLs {
		path, ours := strings.CutPrefix(u.Loc, "https://thi.example.vn")
		if !ours {
			t.Errorf("%s is not ours", u.Loc)
			continue
		}
		if at, err := time.Parse(time.RFC3339, u.Lastmod); err != nil || at.Year() != 2021 {
			t.Errorf("%s changed %q", path, u.Lastmod)
		}
		if a := p.get(path); a.status != http.StatusOK || strings.Contains(string(a.body), `content="noindex"`) {
			t.Errorf("%s, offered to search engines, answers %d", path, a.status)
		}
	}
}

func standardPapers(t *testing.T, p *program, _ place) {
	for path, want := range map[string]string{
		"/robots.txt":               "Sitemap: https://thi.example.vn/sitemap.xml",
		"/.well-known/security.txt": "Expires: ",
		"/opensearch.xml":           "https://thi.example.vn/tim?q={searchTerms}",
		"/manifest.webmanifest":     `"start_url"`,
	} {
		if a := p.get(path); a.status != http.StatusOK || !strings.Contains(string(a.body), want) {
			t.Errorf("%s: %d, without %q:\n%s", path, a.status, want, a.body)
		}
	}
	if got := p.get("/").header.Get("Strict-Transport-Security"); !strings.Contains(got, "max-age=") {
		t.Errorf("an address that is https says %q about staying with it", got)
	}
}

var property = regexp.MustCompile(`<meta property="(og:[a-z_]+)" content="([^"]*)"`)

func sharedLinks(t *testing.T, p *program, _ place) {
	for _, path := range []string{"/", "/van-ban", "/lich-thi", "/van-ban/08-ct-ubnd-2021", "/diem-thi"} {
		has := map[string]string{}
		for _, m := range property.FindAllStringSubmatch(string(p.get(path).body), -1) {
			has[m[1]] = m[2]
		}
		if has["og:title"] == "" || has["og:type"] == "" || has["og:url"] != "https://thi.example.vn"+path {
			t.Errorf("%s: %v", path, has)
		}
		picture, ours := strings.CutPrefix(has["og:image"], "https://thi.example.vn")
		if a := p.get(picture); !ours || a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "image/") {
			t.Errorf("%s: picture %q", path, has["og:image"])
		}
	}
}

func citationsAreLinks(t *testing.T, p *program, _ place) {
	for path, cited := range map[string]string{"/diem-moi": "/van-ban/05-tt-bgddt-2021", "/van-ban/08-ct-ubnd-2021/toan-van": "/van-ban/15-tt-bgddt-2020"} {
		if body := string(p.get(path).body); !strings.Contains(body, `<a href="`+cited+`">`) {
			t.Errorf("%s does not lead to %s", path, cited)
		}
	}
}

var described = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func describedToMachines(t *testing.T, p *program, _ place) {
	for path, kind := range map[string]string{"/": "GovernmentService", "/van-ban/08-ct-ubnd-2021": "Legislation", "/lich-thi": "EducationEvent"} {
		var kinds []string
		for _, m := range described.FindAllStringSubmatch(string(p.get(path).body), -1) {
			var thing any
			if err := json.Unmarshal([]byte(m[1]), &thing); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			kinds = append(kinds, fmt.Sprint(thing))
		}
		if !strings.Contains(strings.Join(kinds, " "), "@type:"+kind) {
			t.Errorf("%s is no %s: %v", path, kind, kinds)
		}
	}
}

// readersReadThem hands the feeds and the calendar to reader programs that nobody here wrote.
func readersReadThem(t *testing.T, p *program, _ place) {
	dir := t.TempDir()
	for name, path := range map[string]string{"atom": "/van-ban.atom", "rss": "/van-ban.rss", "ics": "/lich-thi.ics"} {
		must(t, os.WriteFile(filepath.Join(dir, name), p.get(path).body, 0o600))
	}
	var read struct {
		Atom, RSS struct {
			Title string
			Items []struct{ Title, Link, Date, Content string }
		}
		Calendar []struct{ UID, Summary, Start, End string }
	}
	node(t, &read, "readers.mjs", dir)
	for name, f := range map[string]int{"Atom": len(read.Atom.Items), "RSS": len(read.RSS.Items)} {
		if f < 10 {
			t.Errorf("%s has %d items for its reader", name, f)
		}
	}
	for _, i := range slices.Concat(read.Atom.Items, read.RSS.Items) {
		if i.Title == "" || !strings.HasPrefix(i.Link, "https://thi.example.vn/van-ban/") || i.Date == "" || len(i.Content) < 100 {
			t.Errorf("item %+v", i)
		}
		if strings.Contains(i.Content, `href="/`) || strings.Contains(i.Content, `src="/`) {
			t.Errorf("the text of %s leads to addresses that mean nothing in a reader", i.Title)
		}
	}
	literature := slices.IndexFunc(read.Calendar, func(e struct{ UID, Summary, Start, End string }) bool {
		return strings.Contains(e.Summary, "Ngữ văn")
	})
	if len(read.Calendar) < 5 || literature < 0 || !strings.Contains(read.Calendar[literature].Start, "2021-07-07T") {
		t.Errorf("calendar %+v", read.Calendar)
	}
}

// mirrorByteForByte serves an exported mirror with nginx and asks both for every address.
func mirrorByteForByte(t *testing.T, p *program, at place) {
	dir := filepath.Join(t.TempDir(), "mirror")
	must(t, os.MkdirAll(dir, 0o755))
	done(t, append([]string{"export", "site", dir, "--base-url", "https://thi.example.vn"}, at.flags()...)...)
	nginx, err := nginxserver.Start(nginxserver.Options{Root: dir, Site: "include " + dir + "/.bangvang/nginx.conf;"})
	must(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("nginx said:", nginx.Log())
		}
		nginx.Stop()
	})
	mirror := &program{t: t, base: "http://" + nginx.Address}
	paths := []string{"/", "/khong-co", "/tim?q=thi", "/.bangvang/files", "/sitemap.xml"}
	list, err := os.ReadFile(filepath.Join(dir, ".bangvang", "files"))
	must(t, err)
	for name := range strings.Lines(string(list)) {
		name = strings.TrimSpace(name)
		if !strings.HasSuffix(name, ".gz") && !strings.HasSuffix(name, ".br") {
			paths = append(paths, "/"+strings.TrimSuffix(strings.TrimSuffix(name, "index.html"), "/"))
		}
	}
	if len(paths) < 200 {
		t.Fatalf("only %d addresses", len(paths))
	}
	for _, path := range paths {
		ours, theirs := p.get(path), mirror.get(path)
		switch {
		case strings.HasPrefix(path, "/tim"), path == "/en/tim":
			if !strings.Contains(string(theirs.body), "tìm trên trang chính") || strings.Contains(string(theirs.body), "@@") {
				t.Errorf("the mirror's %s says %s", path, theirs.body)
			}
		case ours.status != theirs.status:
			t.Errorf("%s: we answer %d, the mirror %d", path, ours.status, theirs.status)
		case ours.status == http.StatusMovedPermanently:
			if to := theirs.header.Get("Location"); !strings.HasSuffix(to, ours.header.Get("Location")) {
				t.Errorf("%s leads to %s with us, to %s in the mirror", path, ours.header.Get("Location"), to)
			}
		case string(ours.body) != string(theirs.body):
			t.Errorf("%s differs: %s", path, firstDifference(string(ours.body), string(theirs.body)))
		case !strings.EqualFold(ours.header.Get("Content-Type"), theirs.header.Get("Content-Type")):
			t.Errorf("%s is %s with us, %s in the mirror", path, ours.header.Get("Content-Type"), theirs.header.Get("Content-Type"))
		}
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}
