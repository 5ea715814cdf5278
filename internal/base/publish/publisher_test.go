package publish_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
)

// facts stand for a capability's tables: what each key shows.
type facts struct {
	mu      sync.Mutex
	keys    map[string]publish.Rendered
	failing map[string]error
	after   func(key string) // runs between reading the facts and returning what was rendered
}

func newFacts() *facts {
	return &facts{keys: map[string]publish.Rendered{}, failing: map[string]error{}}
}

func (f *facts) set(key string, pages ...publish.Page) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := publish.Rendered{Pages: pages}
	for _, p := range pages {
		if p.Status == 0 {
			r.Entries = append(r.Entries, search.Entry{Path: p.Path, Kind: "van-ban", Title: "Trang " + p.Path, Text: string(p.Body)})
		}
	}
	f.keys[key] = r
}

func (f *facts) remove(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, key)
}

func (f *facts) source(name string) publish.Source {
	return publish.Source{
		Name: name,
		Keys: func(context.Context) ([]string, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			return slices.Sorted(maps.Keys(f.keys)), nil
		},
		Render: func(_ context.Context, key string) (publish.Rendered, error) {
			f.mu.Lock()
			rendered, err := f.keys[key], f.failing[key]
			f.mu.Unlock()
			if f.after != nil {
				f.after(key)
			}
			return rendered, err
		},
	}
}

func page(path, body string) publish.Page {
	return publish.Page{Path: path, Type: publish.HTMLType, Body: []byte(body)}
}

// node is one machine of an installation.
type node struct {
	db        *db.DB
	site      *publish.Site
	plane     *publish.Plane
	publisher *publish.Publisher
}

func openSite(t testing.TB, store, files blob.Store) *publish.Site {
	t.Helper()
	site, err := publish.OpenSite(t.Context(), publish.SiteOptions{Store: store, Files: files, Poll: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func follow(t testing.TB, site *publish.Site) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { site.Follow(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
}

func openStore(t testing.TB) (site, files blob.Store) {
	t.Helper()
	store, err := blob.Open(t.Context(), t.TempDir())
	if err == nil {
		site, err = store.Area("site")
	}
	if err == nil {
		files, err = store.Area("files")
	}
	if err != nil {
		t.Fatal(err)
	}
	return site, files
}

func newNode(t testing.TB, d *db.DB, store, files blob.Store, sources ...publish.Source) *node {
	t.Helper()
	site := openSite(t, store, files)
	n := &node{d, site, publish.NewPlane(site), publish.NewPublisher(d, site)}
	for _, s := range sources {
		n.publisher.Register(s)
	}
	return n
}

func (n *node) touch(t testing.TB, source string, keys ...string) {
	t.Helper()
	err := n.db.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return n.publisher.Touch(ctx, tx, source, keys...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (n *node) publish(t testing.TB) {
	t.Helper()
	if err := n.publisher.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// get asks a plane for a path and gives status and plain body.
func get(p *publish.Plane, path string) (int, string) {
	r := p.Respond(publish.Request{Method: "GET", Path: path})
	return r.Status, string(r.Body)
}

func wantPage(t *testing.T, p *publish.Plane, path, body string) {
	t.Helper()
	if status, got := get(p, path); status != 200 || got != body {
		t.Errorf("%s answers %d %q, want %q", path, status, got, body)
	}
}

func wantStatus(t *testing.T, p *publish.Plane, path string, want int) {
	t.Helper()
	if status, body := get(p, path); status != want {
		t.Errorf("%s answers %d %.60q, want %d", path, status, body, want)
	}
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain: ", what)
		}
	}
}

func TestATouchedKeyIsShownAndAnEmptyOneDisappears(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFacts()
		store, files := openStore(t)
		n := newNode(t, d, store, files, f.source("documents"))
		wantStatus(t, n.plane, "/van-ban/08-ct-ubnd-2021", 503)

		f.set("08", page("/van-ban/08-ct-ubnd-2021", "Chỉ thị 08"), page("/van-ban/08-ct-ubnd-2021/toan-van", "Toàn văn"))
		n.touch(t, "documents", "08")
		n.publish(t)
		wantPage(t, n.plane, "/van-ban/08-ct-ubnd-2021", "Chỉ thị 08")
		wantPage(t, n.plane, "/van-ban/08-ct-ubnd-2021/toan-van", "Toàn văn")
		if hits := n.site.Snapshot().Index().Search(search.Query{Text: "chi thi"}); hits.Total != 1 {
			t.Errorf("search finds %d", hits.Total)
		}

		f.set("08", page("/van-ban/08-ct-ubnd-2021", "Chỉ thị 08, sửa"))
		n.touch(t, "documents", "08")
		n.publish(t)
		wantPage(t, n.plane, "/van-ban/08-ct-ubnd-2021", "Chỉ thị 08, sửa")
		wantStatus(t, n.plane, "/van-ban/08-ct-ubnd-2021/toan-van", 404)

		f.remove("08")
		n.touch(t, "documents", "08")
		n.publish(t)
		wantStatus(t, n.plane, "/van-ban/08-ct-ubnd-2021", 404)
		if s := n.site.Snapshot(); s.Len() != 0 || s.Generation() != 3 || s.Index().Search(search.Query{Text: "chi thi"}).Total != 0 {
			t.Errorf("%d pages at generation %d remain", s.Len(), s.Generation())
		}
	})
}

func TestNothingIsPublishedWhenTheTransactionFailsOrTheBytesAreTheSame(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	f.set("a", page("/a", "một"))
	n.touch(t, "documents", "a")
	n.publish(t)

	f.set("a", page("/a", "hai"))
	err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(n.publisher.Touch(ctx, tx, "documents", "a"), errors.New("changed my mind"))
	})
	if err == nil {
		t.Fatal("the transaction went through")
	}
	n.publish(t)
	wantPage(t, n.plane, "/a", "một")

	f.set("a", page("/a", "một"))
	before := n.site.Snapshot()
	n.touch(t, "documents", "a")
	n.publish(t)
	if n.site.Snapshot() != before {
		t.Error("unchanged bytes made a new snapshot")
	}
	err = d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return n.publisher.Touch(ctx, tx, "unknown", "a")
	})
	if err == nil {
		t.Error("a source nobody registered was touched")
	}
}

func TestTwoKeysClaimingOnePathAreNamedAndTheFirstKeepsIt(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f, g := newFacts(), newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"), g.source("news"))
	f.set("old", page("/x", "văn bản"))
	n.touch(t, "documents", "old")
	n.publish(t)

	g.set("new", page("/x", "tin"), page("/y", "tin y"))
	g.set("other", page("/z", "tin z"))
	n.touch(t, "news", "new", "other")
	n.touch(t, "documents", "old")
	err := n.publisher.Publish(t.Context())
	conflict, ok := errors.AsType[*publish.ConflictError](err)
	if !ok || conflict.Path != "/x" || conflict.Owner != "documents old" || conflict.Other != "news new" {
		t.Fatalf("publish: %v", err)
	}
	wantPage(t, n.plane, "/x", "văn bản")
	wantStatus(t, n.plane, "/y", 404)
	wantPage(t, n.plane, "/z", "tin z")

	// The path is given up in the same batch in which the other takes it.
	f.set("old", page("/w", "văn bản"))
	n.touch(t, "documents", "old")
	n.publish(t)
	wantPage(t, n.plane, "/x", "tin")
	wantPage(t, n.plane, "/w", "văn bản")
}

func TestAKeyThatCannotBeRenderedKeepsWhatItShowed(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	f.set("a", page("/a", "một"))
	f.set("b", page("/b", "một"))
	n.touch(t, "documents", "a", "b")
	n.publish(t)
	bad := map[string]publish.Page{
		"capitals":        page("/Van-Ban", "x"),
		"no leading /":    page("van-ban", "x"),
		"dots":            page("/a/../b", "x"),
		"accent":          page("/văn-bản", "x"),
		"status":          {Path: "/a", Status: 500, Type: "text/plain"},
		"foreign place":   {Path: "/a", Status: 301, Type: "text/plain", Location: "//evil.example/"},
		"no type":         {Path: "/a", Body: []byte("x")},
		"header injected": {Path: "/a", Type: "text/plain", Headers: [][2]string{{"Link", "a\r\nSet-Cookie: b"}}},
		"a cookie":        {Path: "/a", Type: "text/plain", Headers: [][2]string{{"Set-Cookie", "a=b"}}},
		"missing file":    {Path: "/a", Type: "application/pdf", File: blob.Ref{Hash: strings.Repeat("0", 64), Size: 1}},
	}
	for name, p := range bad {
		f.set("a", p)
		f.set("b", page("/b", name))
		n.touch(t, "documents", "a", "b")
		if err := n.publisher.Publish(t.Context()); err == nil {
			t.Errorf("%s: published", name)
		}
		wantPage(t, n.plane, "/a", "một")
		if name != "missing file" { // a store that lacks a file stops the whole publish
			wantPage(t, n.plane, "/b", name)
		}
	}
	f.failing["a"] = errors.New("row is broken")
	f.set("a", page("/a", "hai"))
	n.touch(t, "documents", "a")
	if err := n.publisher.Publish(t.Context()); err == nil || !strings.Contains(err.Error(), "row is broken") {
		t.Errorf("publish: %v", err)
	}
	wantPage(t, n.plane, "/a", "một")
	delete(f.failing, "a")
	n.publish(t) // it stayed on the list
	wantPage(t, n.plane, "/a", "hai")
}

func TestRebuildAllFindsWhatNobodyTouched(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFacts()
		store, files := openStore(t)
		n := newNode(t, d, store, files, f.source("documents"))
		for i := range 700 { // more than one batch
			f.set(fmt.Sprint(i), page(fmt.Sprintf("/van-ban/%d", i), "một"))
		}
		rebuild := func() {
			t.Helper()
			if err := n.publisher.RebuildAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			n.publish(t)
		}
		rebuild()
		if n.site.Snapshot().Len() != 700 {
			t.Fatalf("%d pages", n.site.Snapshot().Len())
		}
		before := n.site.Snapshot()
		rebuild()
		if n.site.Snapshot() != before {
			t.Error("nothing changed, yet there is a new snapshot")
		}
		f.remove("7")
		f.set("8", page("/van-ban/8", "hai"))
		rebuild()
		wantStatus(t, n.plane, "/van-ban/7", 404)
		wantPage(t, n.plane, "/van-ban/8", "hai")
	})
}

func TestWhatIsPublishedNowDoesNotWaitForAFullRedraw(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	const all = 1600 // more than three batches
	for i := range all {
		f.set(fmt.Sprint(i), page(fmt.Sprintf("/van-ban/%d", i), "một"))
	}
	n.touch(t, "documents", "0", "1", "2") // waited before: drawn once all the same
	if err := n.publisher.RebuildAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	drawn, before := map[string]int{}, 0
	var begin sync.Once
	f.after = func(key string) {
		begin.Do(func() {
			f.set("now", page("/van-ban/now", "hai"))
			n.touch(t, "documents", "now")
		})
		mu.Lock()
		defer mu.Unlock()
		drawn[key]++
		if snap := n.site.Snapshot(); snap == nil || !snap.Has("/van-ban/now") {
			before++
		}
	}
	n.publish(t)
	wantPage(t, n.plane, "/van-ban/now", "hai")
	if before > all*3/4 {
		t.Errorf("%d of %d keys were drawn before what was published meanwhile", before, all)
	}
	for key, times := range drawn {
		if times != 1 {
			t.Errorf("key %s was drawn %d times", key, times)
		}
	}
	if len(drawn) != all+1 {
		t.Errorf("%d keys were drawn", len(drawn))
	}
}

func TestAPageDoesNotWaitForLongLists(t *testing.T) {
	t.Parallel()
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, dbtest.SQLite(t, nil), store, files, f.source("documents"))
	lists := []string{"a list", "b list", "c list"}
	show := func(body string) {
		for _, list := range lists {
			var pages []publish.Page
			for i := range 250 {
				pages = append(pages, page(fmt.Sprintf("/%c/%d", list[0], i), body))
			}
			f.set(list, pages...)
		}
		f.set("document", page("/document", body))
		n.touch(t, "documents", append(lists, "document")...)
	}
	show("một")
	n.publish(t)
	if g := n.site.Snapshot().Generation(); g != 1 {
		t.Errorf("the first publish became %d snapshots", g)
	}
	show("hai")
	f.after = func(key string) {
		if _, body := get(n.plane, "/document"); key != "document" && body != "hai" {
			t.Errorf("%s was drawn before the document", key)
		}
	}
	n.publish(t)
	for _, path := range []string{"/document", "/a/0", "/b/249", "/c/7"} {
		wantPage(t, n.plane, path, "hai")
	}
}

func TestTwoNodesPublishingAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFacts()
		store, files := openStore(t)
		var nodes [2]*node
		for i := range nodes {
			nodes[i] = newNode(t, d, store, files, f.source("documents"))
			follow(t, nodes[i].site)
		}
		var work sync.WaitGroup
		for i, n := range nodes {
			work.Go(func() {
				for round := range 10 {
					own, shared := fmt.Sprintf("%d-%d", i, round), fmt.Sprint(round)
					f.set(own, page("/rieng/"+own, own))
					f.set(shared, page("/chung/"+shared, shared))
					n.touch(t, "documents", own, shared)
					if err := n.publisher.Publish(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		work.Wait()
		for _, n := range nodes {
			await(t, "both nodes show all", func() bool { return n.site.Snapshot().Len() == 30 })
			for round := range 10 {
				wantPage(t, n.plane, fmt.Sprintf("/rieng/1-%d", round), fmt.Sprintf("1-%d", round))
				wantPage(t, n.plane, fmt.Sprintf("/chung/%d", round), fmt.Sprint(round))
			}
		}
		if a, b := nodes[0].site.Snapshot(), nodes[1].site.Snapshot(); a.Generation() != b.Generation() {
			t.Errorf("generations %d and %d", a.Generation(), b.Generation())
		}
	})
}

func TestASlowNodeDoesNotOverwriteANewerRendering(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	slow := newNode(t, d, store, files, f.source("documents"))
	quick := newNode(t, d, store, files, f.source("documents"))
	f.set("k", page("/k", "cũ"))
	slow.touch(t, "documents", "k")
	f.after = func(string) { // the slow node has read the old facts when the other publishes newer ones
		f.after = nil
		f.set("k", page("/k", "mới"))
		quick.touch(t, "documents", "k")
		quick.publish(t)
	}
	slow.publish(t)
	wantPage(t, publish.NewPlane(openSite(t, store, files)), "/k", "mới")
	wantPage(t, slow.plane, "/k", "mới")
}

func TestAPublicNodeStartsAndFollowsWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	office := newNode(t, d, store, files, f.source("documents"))
	f.set("a", page("/a", "một"))
	office.touch(t, "documents", "a")
	office.publish(t)

	site := openSite(t, store, files)
	plane := publish.NewPlane(site)
	wantPage(t, plane, "/a", "một")
	follow(t, site)
	await(t, "search index after a start", func() bool {
		ix := site.Snapshot().Index()
		return ix != nil && ix.Search(search.Query{Text: "một"}).Total == 1
	})
	f.set("a", page("/a", "hai"))
	office.touch(t, "documents", "a")
	office.publish(t)
	await(t, "the new page", func() bool { _, body := get(plane, "/a"); return body == "hai" })
	if ix := site.Snapshot().Index(); ix == nil || ix.Search(search.Query{Text: "hai"}).Total != 1 {
		t.Error("pages and index were not swapped together")
	}
}

// killed is a store whose process dies before a chosen write.
type killed struct {
	blob.Store
	pointers int // how many SetPointer calls still get through
	puts     int // how many Put calls still get through
}

var errKilled = errors.New("killed")

func (k *killed) SetPointer(ctx context.Context, name string, value []byte) error {
	if k.pointers--; k.pointers < 0 {
		return errKilled
	}
	return k.Store.SetPointer(ctx, name, value)
}

func (k *killed) Put(ctx context.Context, r io.Reader) (blob.Ref, error) {
	if k.puts--; k.puts < 0 {
		return blob.Ref{}, errKilled
	}
	return k.Store.Put(ctx, r)
}

func (k *killed) PutAll(ctx context.Context, bodies [][]byte) error {
	for _, body := range bodies {
		if _, err := k.Put(ctx, bytes.NewReader(body)); err != nil {
			return err
		}
	}
	return nil
}

func TestKilledAtAnyWriteTheOldSnapshotIsServedAndTheNewOneComesAfterTheRestart(t *testing.T) {
	t.Parallel()
	for puts := 0; ; puts++ {
		d := dbtest.SQLite(t, nil)
		f := newFacts()
		store, files := openStore(t)
		n := newNode(t, d, store, files, f.source("documents"))
		f.set("a", page("/a", "một"))
		n.touch(t, "documents", "a")
		n.publish(t)

		f.set("a", page("/a", "hai"), page("/b", "thêm"))
		dying := newNode(t, d, &killed{store, 0, puts}, files, f.source("documents"))
		dying.touch(t, "documents", "a")
		if err := dying.publisher.Publish(t.Context()); !errors.Is(err, errKilled) {
			t.Fatalf("killed after %d writes: %v", puts, err)
		}
		after := newNode(t, d, store, files, f.source("documents"))
		wantPage(t, after.plane, "/a", "một")
		wantStatus(t, after.plane, "/b", 404)
		after.publish(t) // the touch, or the head that was moved, is still there
		again := publish.NewPlane(openSite(t, store, files))
		wantPage(t, again, "/a", "hai")
		wantPage(t, again, "/b", "thêm")
		if head := dying.site.Snapshot(); puts > 12 && head != nil {
			break // every write of the publish came through; only the pointer did not
		}
	}
}

func TestALostStoreIsFilledAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	f.set("a", page("/a", "một"))
	f.set("b", page("/b", "một"))
	n.touch(t, "documents", "a", "b")
	n.publish(t)

	empty, _ := openStore(t)
	m := newNode(t, d, empty, files, f.source("documents"))
	m.touch(t, "documents", "a")
	m.publish(t)
	plane := publish.NewPlane(openSite(t, empty, files))
	wantPage(t, plane, "/a", "một")
	wantPage(t, plane, "/b", "một")
}

func TestALostStoreIsFilledAgainThoughNobodyPublishes(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	f.set("a", page("/a", "một"))
	n.touch(t, "documents", "a")
	n.publish(t)

	empty, _ := openStore(t)
	m := newNode(t, d, empty, files, f.source("documents"))
	run(t, m)
	await(t, "the page", func() bool { _, body := get(m.plane, "/a"); return body == "một" })
}

func TestADamagedSnapshotFallsBackToTheOneBefore(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	f.set("a", page("/a", "một"))
	n.touch(t, "documents", "a")
	n.publish(t)
	kept := map[string]bool{}
	each := func(fn func(string)) {
		if err := store.Each(t.Context(), func(i blob.Info) error { fn(i.Hash); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	each(func(hash string) { kept[hash] = true })
	f.set("a", page("/a", "hai"))
	n.touch(t, "documents", "a")
	n.publish(t)
	each(func(hash string) {
		if !kept[hash] {
			if err := store.Delete(t.Context(), hash); err != nil {
				t.Fatal(err)
			}
		}
	})
	wantPage(t, publish.NewPlane(openSite(t, store, files)), "/a", "một")
}

func TestManyTouchesBecomeFewPublishesThroughTheJobs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFacts()
		store, files := openStore(t)
		n := newNode(t, d, store, files, f.source("documents"))
		for i := range 100 {
			f.set(fmt.Sprint(i), page(fmt.Sprintf("/van-ban/%d", i), "một"))
			n.touch(t, "documents", fmt.Sprint(i))
		}
		run(t, n)
		await(t, "all pages", func() bool { s := n.site.Snapshot(); return s != nil && s.Len() == 100 })
		if g := n.site.Snapshot().Generation(); g != 1 {
			t.Errorf("100 touches became %d snapshots", g)
		}
		began := time.Now()
		f.set("7", page("/van-ban/7", "hai"))
		n.touch(t, "documents", "7")
		await(t, "the change", func() bool { _, body := get(n.plane, "/van-ban/7"); return body == "hai" })
		if took := time.Since(began); took > time.Second {
			t.Errorf("publish to visible took %v", took)
		}
	})
}

func run(t *testing.T, n *node) {
	r := jobs.NewRunner(n.db, 2)
	n.publisher.Jobs(r)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestPagesChangeByTheClockAlone(t *testing.T) {
	t.Parallel()
	start := time.Date(2021, 7, 7, 0, 0, 0, 0, time.UTC)
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(start) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		begins := start.Add(2 * time.Minute)
		source := publish.Source{
			Name: "exam",
			Keys: func(context.Context) ([]string, error) { return []string{"now"}, nil },
			Render: func(context.Context, string) (publish.Rendered, error) {
				body := "chưa thi"
				if !clk.Now().Before(begins) {
					body = "đang thi"
				}
				return publish.Rendered{Pages: []publish.Page{page("/", body)}}, nil
			},
			Next: func(_ context.Context, now time.Time) (time.Time, []string, error) {
				if now.Before(begins) {
					return begins, nil, nil
				}
				return time.Time{}, nil, nil
			},
		}
		store, files := openStore(t)
		n := newNode(t, d, store, files, source)
		n.touch(t, "exam", "now")
		run(t, n)
		await(t, "the first page", func() bool { _, body := get(n.plane, "/"); return body == "chưa thi" })
		clk.Advance(2 * time.Minute)
		await(t, "the page after the bell", func() bool { _, body := get(n.plane, "/"); return body == "đang thi" })
		if g := n.site.Snapshot().Generation(); g != 2 {
			t.Errorf("generation %d", g)
		}
	})
}

func TestAttachmentsAreReferredToAndNotCopied(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	f := newFacts()
	store, files := openStore(t)
	n := newNode(t, d, store, files, f.source("documents"))
	ref, err := files.Put(t.Context(), bytes.NewReader([]byte("%PDF-1.7 0123456789")))
	if err != nil {
		t.Fatal(err)
	}
	f.set("a", publish.Page{Path: "/van-ban/a.pdf", Type: "application/pdf", File: ref})
	n.touch(t, "documents", "a")
	n.publish(t)
	r := n.plane.Respond(publish.Request{Method: "GET", Path: "/van-ban/a.pdf"})
	if r.Status != 200 || r.File == nil || r.File.Ref != ref || r.File.Length != ref.Size {
		t.Fatalf("answer %+v", r)
	}
	if _, err := store.Stat(t.Context(), ref.Hash); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("copied into the snapshot: %v", err)
	}
}
