package documents_test

import (
	"strings"
	"testing"

	"bangvang/internal/base/inspect"
	"bangvang/internal/documents"
)

func TestTheRegistryNamesTheFilesItRefersTo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.enter(directive())
		o.inspector.says["scan"] = inspect.Report{Type: inspect.PNG, Preview: []byte("hình trang đầu")}
		first := o.file(id, "scan", "ảnh quét")
		o.examine()
		_, err := o.AddFile(o.clerk(), id, o.get(id).Version, documents.Upload{Name: "scan", Supersedes: first}, strings.NewReader("bản quét rõ"))
		o.must(err)
		_, err = o.startImport("", archive(t, "phu-luc.pdf", "%PDF-1.7"))
		o.must(err)

		uses, err := documents.Uses(t.Context(), o.db.Read())
		o.must(err)
		var got []string
		for _, u := range uses {
			got = append(got, strings.Fields(u.Owner)[0]+" "+u.Name)
			if _, err := o.Files.Stat(t.Context(), u.Hash); err != nil {
				t.Errorf("%+v: %v", u, err)
			}
		}
		want := "08/CT-UBND scan, 08/CT-UBND scan (first page), 08/CT-UBND scan, import so.csv, import phu-luc.pdf"
		if strings.Join(got, ", ") != want {
			t.Errorf("the registry refers to %q, want %q", got, want)
		}
	})
}
