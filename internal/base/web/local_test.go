package web

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzLocalPath stands inside the package: through HTTP each try would cost a request.
func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/quan-tri/van-ban?loc=1#a", "//evil.example/quan-tri/", "/quan-tri/../..//evil.example", "/quan-tri/%2e%2e/", "https:/quan-tri/", "/\t/quan-tri/", "/quan-tri/\\evil"} {
		f.Add(s)
	}
	own, err := url.Parse("https://own.example/quan-tri/dang-nhap")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if !localPath(p) {
			return
		}
		to, err := own.Parse(p)
		if err != nil || to.Scheme != "https" || to.Host != "own.example" || !strings.HasPrefix(to.Path+"/", officeRoot) {
			t.Errorf("%q leads to %v (%v)", p, to, err)
		}
	})
}
