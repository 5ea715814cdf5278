package documents_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"bangvang/internal/base/blob"
	"bangvang/internal/documents"
)

// stored tells whether the store has a file of this content.
func (o *office) stored(content string) bool {
	o.t.Helper()
	sum := sha256.Sum256([]byte(content))
	_, err := o.files.Stat(o.t.Context(), hex.EncodeToString(sum[:]))
	if err != nil && !errors.Is(err, blob.ErrNotFound) {
		o.t.Fatal(err)
	}
	return err == nil
}

// Files of imports that are over leave the store; whatever a document or a waiting import has stays.
func TestFilesOfEndedImportsAreCollected(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		row := "15/2020/TT-BGDĐT,26/5/2020,Thông tư,Bộ Giáo dục và Đào tạo,Ban hành Quy chế thi,quy-che.pdf,,Công khai\n"
		other := "16/2020/TT-BGDĐT,26/5/2020,Thông tư,Bộ Giáo dục và Đào tạo,Ban hành Quy định,chung.pdf,,Công khai\n"
		accepted, err := o.startImport(row, archive(t, "quy-che.pdf", "của văn bản", "thua.pdf", "không ai nhắc"))
		o.must(err)
		_, err = o.AcceptImport(o.clerk(), accepted.ID)
		o.must(err)
		dropped, err := o.startImport(other, archive(t, "chung.pdf", "cũng đang chờ", "rieng.pdf", "chỉ ở đây", "giong.pdf", "của văn bản"))
		o.must(err)
		o.must(o.DropImport(o.clerk(), dropped.ID))
		waiting, err := o.startImport(other, archive(t, "chung.pdf", "cũng đang chờ"))
		o.must(err)
		o.examine()

		later := time.Now().Add(25 * time.Hour)
		o.must(o.CollectImports(t.Context(), time.Now()))
		if !o.stored("chỉ ở đây") {
			t.Error("a file stored a moment ago was deleted")
		}
		for range 2 { // a job may run twice
			o.must(o.CollectImports(t.Context(), later))
		}
		for content, want := range map[string]bool{"của văn bản": true, "jpeg of quy-che.pdf": true, "cũng đang chờ": true, header12 + other: true, "chỉ ở đây": false, "không ai nhắc": false, header12 + row: false} {
			if got := o.stored(content); got != want {
				t.Errorf("stored %q: %t", content, got)
			}
		}
		if p, err := o.PreviewImport(o.clerk(), waiting.ID); err != nil || p.Rows[0].Files != 1 {
			t.Errorf("the import that waits: %+v, %v", p, err)
		}

		o.clk.Advance(8 * 24 * time.Hour)
		o.must(o.CollectImports(t.Context(), later))
		if o.stored("cũng đang chờ") || o.stored(header12+other) || !o.stored("của văn bản") {
			t.Error("an import nobody ended in a week keeps its files, or a document lost one")
		}
		l, err := o.List(o.exam(), documents.Filter{})
		o.must(err)
		files, err := o.FilesOf(o.exam(), l.Documents[0])
		o.must(err)
		_, r, err := o.OpenFile(o.exam(), l.Documents[0].ID, files[0].ID, false)
		o.must(err)
		o.must(r.Close())
	})
}
