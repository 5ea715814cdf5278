package publish_test

import (
	"bytes"
	"slices"
	"testing"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/publish"
)

func TestWhatAPageCarriesSurvivesARestart(t *testing.T) {
	t.Parallel()
	f := newFacts()
	store, files := openStore(t)
	attachment, err := files.Put(t.Context(), bytes.NewReader([]byte("%PDF-1.7")))
	if err != nil {
		t.Fatal(err)
	}
	key := "a\tkey with \\t, \\\\ and a\nline"
	f.set(key,
		publish.Page{Path: "/a", Type: publish.HTMLType, Body: []byte("một"), Modified: 1_625_616_000_000, NoIndex: true, Cache: publish.CacheNever,
			Headers: [][2]string{{"Content-Disposition", "inline; filename=\"tab\there \\ there\""}, {"X-Second", ""}}},
		publish.Page{Path: "/b", Status: 301, Type: publish.HTMLType, Body: []byte("hai"), Location: "/a"},
		publish.Page{Path: "/c", Status: 410, Type: publish.HTMLType},
		publish.Page{Path: "/d.pdf", Type: "application/pdf", File: attachment})
	n := newNode(t, dbtest.SQLite(t, nil), store, files, f.source("documents"))
	n.touch(t, "documents", key)
	n.publish(t)

	again := publish.NewPlane(openSite(t, store, files))
	for _, path := range []string{"/a", "/b", "/c", "/d.pdf"} {
		r := publish.Request{Method: "GET", Path: path}
		was, is := n.plane.Respond(r), again.Respond(r)
		if was.Status != is.Status || !bytes.Equal(was.Body, is.Body) || !slices.Equal(was.Headers, is.Headers) {
			t.Errorf("%s answered %d %v, after the restart %d %v", path, was.Status, was.Headers, is.Status, is.Headers)
		}
	}
}

// newBlobs gives what publishing stored beside what was there.
func newBlobs(t *testing.T, store blob.Store, work func()) []string {
	t.Helper()
	list := func() (all []string) {
		if err := store.Each(t.Context(), func(i blob.Info) error { all = append(all, i.Hash); return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := list()
	work()
	return slices.DeleteFunc(list(), func(hash string) bool { return slices.Contains(before, hash) })
}

func TestWhateverFileIsLostPagesAreAnsweredAndTheNextPublishMendsIt(t *testing.T) {
	t.Parallel()
	setup := func(t *testing.T) (*facts, *node, blob.Store, blob.Store, []string) {
		f := newFacts()
		store, files := openStore(t)
		n := newNode(t, dbtest.SQLite(t, nil), store, files, f.source("documents"))
		f.set("a", page("/a", "một"))
		n.touch(t, "documents", "a")
		n.publish(t)
		return f, n, store, files, newBlobs(t, store, func() {
			f.set("a", page("/a", "hai"))
			n.touch(t, "documents", "a")
			n.publish(t)
		})
	}
	_, _, _, _, made := setup(t)
	if len(made) != 5 { // pack, page records, search entries, keys, manifest
		t.Fatalf("a publish stored %d files", len(made))
	}
	for i := range made {
		f, n, store, files, made := setup(t)
		kind := kindOf(t, store, made[i])
		if err := store.Delete(t.Context(), made[i]); err != nil {
			t.Fatal(err)
		}
		after := newNode(t, n.db, store, files, f.source("documents"))
		want := map[string]string{"pack": "", "records": "một", "manifest": "một", "keys": "hai", "entries": "hai"}[kind]
		if want != "" {
			wantPage(t, after.plane, "/a", want)
		} else {
			wantStatus(t, after.plane, "/a", 503)
		}
		f.set("a", page("/a", "ba"))
		f.set("b", page("/b", "bốn"))
		after.touch(t, "documents", "a", "b")
		after.publish(t)
		follow(t, after.site)
		wantPage(t, after.plane, "/a", "ba")
		wantPage(t, after.plane, "/b", "bốn")
		await(t, "the search index after losing "+kind, func() bool {
			index := after.site.Snapshot().Index()
			return index != nil && index.Len() == 2
		})
	}
}

// kindOf tells what a stored file of a snapshot is, by what an operator would see in it.
func kindOf(t *testing.T, store blob.Store, hash string) string {
	t.Helper()
	data, err := blob.ReadAll(t.Context(), store, hash, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, is := range [][2]string{{`{"format":`, "manifest"}, {"/a\t", "records"}, {`[{"source":`, "keys"}, {`[{`, "entries"}} {
		if bytes.HasPrefix(data, []byte(is[0])) {
			return is[1]
		}
	}
	return "pack"
}
