package scenarios_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// questions are what readers type; the answers must be the same on both engines, and the same for
// one thing typed in different ways.
var questions = []string{"diem thi", "điểm thi", "ĐIỂM THI", "hoà bình", "hòa bình", "hoa binh", "99/hd-sgddt", "chi thi 08", "08/ct-ubnd", "THPT", "trung học phổ thông", "SGDĐT", "mùa mưa thí sinh", "thí snh", "phúc khảo"}

// canary stands in the number, the title, the file and its name of the document that stays inside.
const canary = "KINTRONGNHA"

// TestTheSameStoryOnBothEngines plays one story in Chromium on each engine. What the public sees
// afterwards is the same, byte for byte but for the addresses and the minute; what was kept inside
// is nowhere.
//
// Source: R-II.1-c, R-III.1.b-1; issue "the spine", Must show 3 and 4.
func TestTheSameStoryOnBothEngines(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	public := map[string]map[string]string{}
	t.Run("story", func(t *testing.T) {
		onBoth(t, func(t *testing.T, at place) {
			p := demo(t, at, "--at", "2021-07-06T08:00")
			told := play(t, p, at)
			seen := everythingPublic(t, p)
			for question, shown := range told.Answers {
				seen["answer to "+question] = sameEverywhere(p, shown[0])
			}
			for _, line := range told.Log {
				seen["log"] += sameEverywhere(p, line) + "\n"
			}
			searchesAgree(t, told.Answers)
			nothingInside(t, p, at, seen)
			mu.Lock()
			defer mu.Unlock()
			public[filepath.Base(t.Name())] = seen
		})
	})
	if t.Failed() {
		return
	}
	a, b := public["sqlite"], public["postgres"]
	if len(a) < 150 {
		t.Fatalf("only %d pages were seen", len(a))
	}
	paths := maps.Clone(a)
	maps.Copy(paths, b)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if a[path] != b[path] {
			t.Errorf("%s differs between the engines: %s", path, firstDifference(a[path], b[path]))
		}
	}
}

// told is what tests/browser/story.mjs prints.
type told struct {
	Answers  map[string][]string
	Log      []string
	Internal string
}

func play(t *testing.T, p *program, at place) (story told) {
	t.Helper()
	docx := filepath.Join(t.TempDir(), "huong-dan-99.docx")
	must(t, os.WriteFile(docx, guidance(t), 0o600))
	request, err := json.Marshal(map[string]any{"passwords": at.passwords(t), "docx": docx, "questions": questions, "canary": canary})
	must(t, err)
	node(t, &story, "story.mjs", p.base, string(request))
	return story
}

// guidance is a small Word file as an office writes it: two headings, a citation, a table.
func guidance(t *testing.T) []byte {
	t.Helper()
	var body strings.Builder
	para := func(text string) {
		body.WriteString("<w:p><w:r><w:t>")
		must(t, xml.EscapeText(&body, []byte(text)))
		body.WriteString("</w:t></w:r></w:p>")
	}
	para("Thực hiện Chỉ thị số 08/CT-UBND ngày 12/5/2021, Sở hướng dẫn như sau:")
	para("I. Chuẩn bị trước ngày thi")
	para("1. Xem đường đến điểm thi và thời tiết.")
	para("II. Trong những ngày thi")
	para("1. Có mặt trước giờ gọi vào phòng thi.")
	body.WriteString("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Buổi</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Giờ</w:t></w:r></w:p></w:tc></w:tr>" +
		"<w:tr><w:tc><w:p><w:r><w:t>Sáng</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>07:00</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `<w:sectPr/></w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		must(t, err)
		_, err = w.Write([]byte(part[1]))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

var location = regexp.MustCompile(`<loc>([^<]*)</loc>`)

// everythingPublic asks for all that the sitemap names and all that stands beside it, and gives
// status, content type and body by path, without what two runs never share.
func everythingPublic(t *testing.T, p *program) map[string]string {
	t.Helper()
	paths := []string{"/sitemap.xml", "/robots.txt", "/opensearch.xml", "/.well-known/security.txt", "/manifest.webmanifest", "/lich-thi.ics",
		"/van-ban.atom", "/van-ban.json", "/van-ban.rss", "/van-ban/98-tb-sgddt-2021", "/van-ban/khong-co", "/tim"}
	for _, m := range location.FindAllSubmatch(p.get("/sitemap.xml").body, -1) {
		path := strings.TrimPrefix(string(m[1]), p.base)
		paths = append(paths, path, "/en"+strings.TrimSuffix(path, "/"))
	}
	for _, q := range questions {
		paths = append(paths, "/api/v1/search?q="+strings.NewReplacer(" ", "+", "/", "%2F").Replace(q))
	}
	seen := map[string]string{}
	for _, path := range paths {
		a := p.get(path)
		headers := a.header.Clone()
		headers.Del("Date")
		headers.Del("Etag")
		headers.Del("Content-Length")
		var lines strings.Builder
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			fmt.Fprintf(&lines, "%s: %s\n", name, headers.Get(name))
		}
		seen[path] = sameEverywhere(p, fmt.Sprintf("%d\n%s\n%s", a.status, lines.String(), a.body))
	}
	return seen
}

var (
	// The story begins at 08:00 by the demonstration's clock and lasts some minutes.
	minutes = regexp.MustCompile(`(6/7/2021, 08|6 July 2021, 08|2021-07-06T0[18]|06 Jul 2021 0[18]|20210706T01):?\d\d(:?\d\d)?(\.\d+)?`)
	// Identifiers are made anew by every installation; which stands where is the same.
	identifier = regexp.MustCompile(`\b0[0-9a-z]{19}\b`)
)

// sameEverywhere takes out of a text what two installations never share.
func sameEverywhere(p *program, text string) string {
	text = strings.ReplaceAll(text, p.base, "http://example")
	text = strings.ReplaceAll(text, strings.TrimPrefix(p.base, "http://"), "example")
	order := map[string]string{}
	text = identifier.ReplaceAllStringFunc(text, func(id string) string {
		if order[id] == "" {
			order[id] = fmt.Sprintf("id-%d", len(order)+1)
		}
		return order[id]
	})
	return minutes.ReplaceAllString(text, "$1:--")
}

// searchesAgree holds the answers to one thing typed in different ways against each other: the same
// entries, whatever stands first.
func searchesAgree(t *testing.T, answers map[string][]string) {
	t.Helper()
	count := regexp.MustCompile(`\d+ kết quả`)
	for _, same := range [][]string{{"diem thi", "điểm thi", "ĐIỂM THI"}, {"hoà bình", "hòa bình"}} {
		want := count.FindString(answers[same[0]][0])
		for _, q := range same {
			if got := count.FindString(answers[q][0]); got == "" || got != want {
				t.Errorf("%q finds %q, %q finds %q", q, got, same[0], want)
			}
		}
	}
	for q, words := range map[string]string{"hoà bình": "99/HD-SGDĐT", "99/hd-sgddt": "99/HD-SGDĐT", "chi thi 08": "08/CT-UBND", "08/ct-ubnd": "08/CT-UBND", "thí snh": "thí sinh"} {
		if !strings.Contains(answers[q][0], words) {
			t.Errorf("%q does not find %s:\n%s", q, words, answers[q][0])
		}
	}
}

// nothingInside looks for the internal document in all that was answered, in searches for it and in
// every file of the published snapshot and of the mirror. The posted document is looked for in the
// same places, to show that the looking works.
func nothingInside(t *testing.T, p *program, at place, seen map[string]string) {
	t.Helper()
	const posted = "99/HD-SGDĐT"
	found := 0
	for path, text := range seen {
		if path == "log" {
			continue
		}
		if strings.Contains(strings.ToUpper(text), canary) {
			t.Errorf("the internal document is in %s", path)
		}
		if strings.Contains(text, posted) {
			found++
		}
	}
	if found < 10 {
		t.Errorf("the posted document is in %d answers only: the looking does not work", found)
	}
	for _, q := range []string{canary, "77/SGDĐT-" + canary, "Trực nội bộ"} {
		for _, path := range []string{"/tim?q=", "/api/v1/search?q="} {
			body := string(p.get(path + strings.NewReplacer(" ", "+", "/", "%2F").Replace(q)).body)
			if strings.Contains(strings.ReplaceAll(body, q, ""), canary) || strings.Contains(body, "các ngày thi") {
				t.Errorf("a search for %q finds it", q)
			}
		}
	}
	mirror := filepath.Join(t.TempDir(), "mirror")
	done(t, append([]string{"export", "site", mirror}, at.flags()...)...)
	for _, dir := range []string{filepath.Join(at.data, "files", "area-cong"), mirror} {
		if n := filesWith(t, dir, posted); n < 5 {
			t.Errorf("the posted document is in %d files of %s only: the looking does not work", n, dir)
		}
		if n := filesWith(t, dir, canary); n > 0 {
			t.Errorf("the internal document is in %d files of %s", n, dir)
		}
	}
}

func filesWith(t *testing.T, dir, words string) (n int) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToUpper(b), bytes.ToUpper([]byte(words))) || strings.Contains(strings.ToUpper(path), words) {
			n++
		}
		return err
	}))
	return n
}

func firstDifference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("%q against %q", a[max(0, i-40):min(len(a), i+80)], b[max(0, i-40):min(len(b), i+80)])
		}
	}
	return fmt.Sprintf("%d bytes against %d", len(a), len(b))
}
