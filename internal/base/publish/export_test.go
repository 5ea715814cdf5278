package publish_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/publish/nginxserver"
)

// mirrored exports the example site and gives the folder.
func mirrored(t *testing.T, n *node) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mirror")
	if err := n.site.Export(t.Context(), n.site.Snapshot(), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTheMirrorHasTheSameBytesAndLosesWhatIsWithdrawn(t *testing.T) {
	t.Parallel()
	n := example(t)
	dir := mirrored(t, n)
	for file, want := range map[string]string{
		"index.html":                longBody,
		"diem-thi/index.html":       longBody,
		"ky-thi/2021/index.html":    "Kỳ thi 2021",
		"van-ban/08.pdf":            string(pdf),
		"404/index.html":            "Không có trang này. Thử tìm ở /tim",
		"nhung/moi-nhat/index.html": "khung",
	} {
		if got, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(got) != want {
			t.Errorf("%s: %.60q, %v", file, got, err)
		}
	}
	if a := (answer{body: read(t, dir, "diem-thi/index.html.br"), headers: [][2]string{{"Content-Encoding", "br"}}}); inflate(t, a) != longBody {
		t.Error("the brotli copy is another page")
	}
	if body := string(read(t, dir, "cu/index.html")); !strings.Contains(body, `content="0; url=/diem-thi"`) || !strings.Contains(body, `href="/diem-thi"`) {
		t.Errorf("redirect page %q", body)
	}

	if err := os.WriteFile(filepath.Join(dir, "ours.txt"), []byte("by hand"), 0o600); err != nil {
		t.Fatal(err)
	}
	store, _ := openStore(t)
	later := newFacts()
	m := newNode(t, dbtest.SQLite(t, nil), store, nil, later.source("example"))
	later.set("all", page("/", "mới"))
	m.touch(t, "example", "all")
	m.publish(t)
	if err := m.site.Export(t.Context(), m.site.Snapshot(), dir); err != nil {
		t.Fatal(err)
	}
	if got := string(read(t, dir, "index.html")); got != "mới" {
		t.Errorf("home page %q", got)
	}
	for _, gone := range []string{"index.html.gz", "diem-thi/index.html", "van-ban/08.pdf", "nham/index.html"} {
		if _, err := os.Stat(filepath.Join(dir, gone)); !os.IsNotExist(err) {
			t.Errorf("%s is still in the mirror: %v", gone, err)
		}
	}
	if string(read(t, dir, "ours.txt")) != "by hand" {
		t.Error("a file that is not ours was touched")
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestNginxServesTheMirrorLikeThePlane(t *testing.T) {
	t.Parallel()
	n := example(t)
	dir := mirrored(t, n)
	nginx, err := nginxserver.Start(nginxserver.Options{Root: dir, Site: "include " + dir + "/.bangvang/nginx.conf;"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("nginx said:", nginx.Log())
		}
		nginx.Stop()
	})
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, target := range append(n.site.Snapshot().Paths(), "/khong-co", "/.bangvang/nginx.conf") {
		for _, accept := range []string{"", "gzip"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+nginx.Address+target, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept-Encoding", accept)
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			want := pure(t, n, exchange{target: target, headers: [][2]string{{"Accept-Encoding", accept}}}, false)
			if response.StatusCode != want.status {
				t.Errorf("%s: nginx answers %d, the plane %d", target, response.StatusCode, want.status)
			}
			if want.status == 301 {
				if to := response.Header.Get("Location"); !strings.HasSuffix(to, valueOf(want.headers, "Location")) {
					t.Errorf("%s: nginx leads to %q", target, to)
				}
				continue
			}
			if !bytes.Equal(body, want.body) || response.Header.Get("Content-Encoding") != valueOf(want.headers, "Content-Encoding") {
				t.Errorf("%s (%q): nginx gives %d bytes %q, the plane %d bytes", target, accept, len(body), response.Header.Get("Content-Encoding"), len(want.body))
			}
			for _, h := range []string{"Content-Type", "X-Content-Type-Options", "X-Robots-Tag", "Content-Security-Policy"} {
				if h == "X-Robots-Tag" && want.status == 404 {
					continue // nobody indexes what is not there
				}
				if h == "Content-Security-Policy" && target != "/diem-thi" {
					continue // a page's own policy is beyond the mirror
				}
				if got, want := response.Header.Get(h), valueOf(want.headers, h); !strings.EqualFold(got, want) {
					t.Errorf("%s: nginx says %s %q, the plane %q", target, h, got, want)
				}
			}
		}
	}
}
