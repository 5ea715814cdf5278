package publish_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/publish"
)

func count(t *testing.T, s blob.Store) int {
	t.Helper()
	n := 0
	if err := s.Each(t.Context(), func(blob.Info) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOnlyWhatNoKeptSnapshotNeedsIsCollected(t *testing.T) {
	t.Parallel()
	clk := clock.At(time.Now())
	d := dbtest.SQLite(t, clk)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	attachment, err := files.Put(t.Context(), strings.NewReader("%PDF đã gỡ"))
	if err != nil {
		t.Fatal(err)
	}
	f.set("kept", page("/kept", "không đổi"))
	for i := range 30 {
		f.set("a", page("/a", fmt.Sprint("bản ", i)))
		n.touch(t, "documents", "a", "kept")
		n.publish(t)
	}
	full := count(t, store)
	collect := func(later time.Duration) int {
		t.Helper()
		if err := n.publisher.Collect(t.Context(), time.Now().Add(later)); err != nil {
			t.Fatal(err)
		}
		return count(t, store)
	}
	if got := collect(23 * time.Hour); got != full {
		t.Errorf("young files were collected: %d of %d left", got, full)
	}
	if got := collect(48 * time.Hour); got != full {
		t.Errorf("snapshots of the last hour were collected: %d of %d left", got, full)
	}
	clk.Advance(2 * time.Hour)
	left := collect(48 * time.Hour)
	// Ten snapshots, each with its own manifest, pack, page shard, key shard and search entries of
	// "a", and what they share of "kept".
	if left >= full/2 || left < 50 {
		t.Errorf("%d of %d left", left, full)
	}
	plane := publish.NewPlane(openSite(t, store, files))
	wantPage(t, plane, "/a", "bản 29")
	wantPage(t, plane, "/kept", "không đổi")
	if _, err := files.Stat(t.Context(), attachment.Hash); err != nil {
		t.Errorf("attachment: %v", err)
	}
	if again := collect(48 * time.Hour); again != left {
		t.Errorf("a second round collected %d more", left-again)
	}
}
