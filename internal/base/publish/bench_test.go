package publish_test

import (
	"fmt"
	"strings"
	"testing"

	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/publish"
)

// BenchmarkTenThousandDocuments measures what architecture §7 promises of a full site: from the
// touch to the visible page, and from the start to the first answer.
func BenchmarkTenThousandDocuments(b *testing.B) {
	f := newFacts()
	store, files := openStore(b)
	body := strings.Repeat(longBody, 3) // about 12 kB
	address := func(i int) string { return fmt.Sprintf("/van-ban/%d-ct-ubnd-2021", i) }
	for i := range 10_000 {
		f.set(fmt.Sprint(i), page(address(i), fmt.Sprintf("<h1>Chỉ thị %d/CT-UBND</h1>%s", i, body)))
	}
	n := newNode(b, dbtest.SQLite(b, nil), store, files, f.source("documents"))
	if err := n.publisher.RebuildAll(b.Context()); err != nil {
		b.Fatal(err)
	}
	n.publish(b)

	b.Run("touch to visible", func(b *testing.B) {
		round := 0
		for b.Loop() {
			round++
			want := fmt.Sprintf("%d %s", round, body)
			f.set("77", page(address(77), want))
			n.touch(b, "documents", "77")
			n.publish(b)
			if _, got := get(n.plane, address(77)); got != want {
				b.Fatal("not visible")
			}
		}
	})
	b.Run("start to first answer", func(b *testing.B) {
		for b.Loop() {
			if status, _ := get(publish.NewPlane(openSite(b, store, files)), address(4711)); status != 200 {
				b.Fatal(status)
			}
		}
	})
}
