package richtext_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bangvang/internal/base/richtext"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestPastes reads what programs put on the clipboard as text/html, one file each of
// testdata/dan, and compares the Doc's HTML, outline and notes with the file beside it. The samples
// were written for this test after the form each program gives its copies.
func TestPastes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/dan/*.html")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".html"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			d := richtext.Clean(string(raw))
			checkHTML(t, d)
			got := d.HTML() + "\nMục lục:\n"
			for _, c := range d.Outline() {
				got += fmt.Sprintf("%d #%s %s | %s\n", c.Level, c.ID, c.Number, c.Title)
			}
			got += "\nĐã báo:\n" + strings.Join(d.Notes, "\n") + "\n"
			golden := strings.TrimSuffix(name, ".html") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
