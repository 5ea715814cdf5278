package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"bangvang/internal/base/blob"
)

// each runs one exercise on a folder and on an S3 service; damage overwrites a stored blob
// behind the store's back.
func each(t *testing.T, exercise func(t *testing.T, s blob.Store, damage func(hash string))) {
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "new", "blobs")
		s := open(t, dir)
		exercise(t, s, func(hash string) {
			path := filepath.Join(dir, hash[:2], hash[2:4], hash)
			if err := os.WriteFile(path, []byte("something else"), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("S3", func(t *testing.T) {
		t.Parallel()
		backend := s3mem.New()
		if err := backend.CreateBucket("so-gddt"); err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(gofakes3.New(backend).Server())
		t.Cleanup(server.Close)
		s := open(t, "s3://khoa:b%C3%AD%2Fm%E1%BA%ADt@"+strings.TrimPrefix(server.URL, "http://")+"/so-gddt/nam-2021?insecure=true&region=vn-1")
		exercise(t, s, func(hash string) {
			body := strings.NewReader("something else")
			_, err := backend.PutObject("so-gddt", "nam-2021/blobs/"+hash[:2]+"/"+hash, map[string]string{}, body, body.Size(), nil)
			if err != nil {
				t.Fatal(err)
			}
		})
	})
}

func open(t *testing.T, url string) blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s blob.Store, content []byte) blob.Ref {
	t.Helper()
	ref, err := s.Put(t.Context(), bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func hashes(t *testing.T, s blob.Store) []string {
	t.Helper()
	var found []string
	err := s.Each(t.Context(), func(i blob.Info) error {
		found = append(found, i.Hash)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestContentComesBackByItsHash(t *testing.T) {
	t.Parallel()
	large := bytes.Repeat([]byte("Quyết định số 1318/QĐ-BGDĐT\n"), 100_000) // spooled by way of a file
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		for _, content := range [][]byte{{}, []byte("điểm thi"), large} {
			ref := put(t, s, content)
			sum := sha256.Sum256(content)
			if ref.Hash != hex.EncodeToString(sum[:]) || ref.Size != int64(len(content)) {
				t.Fatalf("%d bytes stored as %+v", len(content), ref)
			}
			got, err := blob.ReadAll(t.Context(), s, ref.Hash, int64(len(content)))
			if err != nil || !bytes.Equal(got, content) {
				t.Fatalf("%d bytes came back as %d, %v", len(content), len(got), err)
			}
			info, err := s.Stat(t.Context(), ref.Hash)
			if err != nil || info.Ref != ref || time.Since(info.Stored).Abs() > time.Hour {
				t.Fatalf("stat %+v, %v", info, err)
			}
		}
		if n := len(hashes(t, s)); n != 3 {
			t.Fatalf("%d blobs listed, stored 3", n)
		}
		if _, err := blob.ReadAll(t.Context(), s, put(t, s, large).Hash, 10); err == nil {
			t.Fatal("a blob above the limit was read")
		}
	})
}

func TestManyAreStoredTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, damage func(string)) {
		for _, n := range []int{0, 3, 200} {
			var bodies [][]byte
			for i := range n {
				bodies = append(bodies, fmt.Appendf(nil, "%d of %d", i/2, n)) // each twice
			}
			if err := s.PutAll(t.Context(), bodies); err != nil {
				t.Fatal(err)
			}
			for _, body := range bodies {
				sum := sha256.Sum256(body)
				if got, err := blob.ReadAll(t.Context(), s, hex.EncodeToString(sum[:]), 100); err != nil || !bytes.Equal(got, body) {
					t.Fatalf("%q came back as %q, %v", body, got, err)
				}
			}
		}
		if found := len(hashes(t, s)); found != 2+100 {
			t.Fatalf("%d blobs", found)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := s.PutAll(ctx, make([][]byte, 100)); !errors.Is(err, context.Canceled) {
			t.Errorf("stored for a request that is gone: %v", err)
		}
	})
}

func TestTheSameContentIsStoredOnceAndDeletedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		a, b := put(t, s, []byte("một")), put(t, s, []byte("một"))
		if a != b || len(hashes(t, s)) != 1 {
			t.Fatalf("%v and %v, %d blobs", a, b, len(hashes(t, s)))
		}
		for range 2 {
			if err := s.Delete(t.Context(), a.Hash); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Open(t.Context(), a.Hash); !errors.Is(err, blob.ErrNotFound) {
			t.Fatalf("deleted blob opened: %v", err)
		}
	})
}

func TestDamageIsNoticedWhenReadWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, damage func(string)) {
		ref := put(t, s, []byte("bảng vàng"))
		damage(ref.Hash)
		if _, err := blob.ReadAll(t.Context(), s, ref.Hash, 100); !errors.Is(err, blob.ErrCorrupt) {
			t.Fatalf("damaged blob read: %v", err)
		}
		put(t, s, []byte("bảng vàng"))
		if got, err := blob.ReadAll(t.Context(), s, ref.Hash, 100); err != nil || string(got) != "bảng vàng" {
			t.Fatalf("storing again did not mend it: %q, %v", got, err)
		}
	})
}

func TestAPartIsReadAfterSeeking(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		r, err := s.Open(t.Context(), put(t, s, []byte("0123456789")).Hash)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := r.Seek(6, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != "6789" {
			t.Fatalf("%q, %v", got, err)
		}
	})
}

func TestNamesThatAreNoHashesAreNotFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		for _, name := range []string{"", "..", "../../etc/passwd", strings.Repeat("g", 64), strings.Repeat("A", 64), strings.Repeat("a", 64)} {
			if _, err := s.Open(t.Context(), name); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("open %q: %v", name, err)
			}
			if _, err := s.Stat(t.Context(), name); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("stat %q: %v", name, err)
			}
		}
	})
}

func TestAPointerIsReplacedWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		ctx := t.Context()
		if _, err := s.Pointer(ctx, "site"); !errors.Is(err, blob.ErrNotFound) {
			t.Fatalf("pointer never set: %v", err)
		}
		values := [][]byte{bytes.Repeat([]byte("a"), 4096), bytes.Repeat([]byte("b"), 100)}
		if err := s.SetPointer(ctx, "site", values[0]); err != nil {
			t.Fatal(err)
		}
		var writer sync.WaitGroup
		writer.Go(func() {
			for i := range 50 {
				if err := s.SetPointer(ctx, "site", values[i%2]); err != nil {
					t.Error(err)
				}
			}
		})
		for range 200 {
			got, err := s.Pointer(ctx, "site")
			if err != nil || !bytes.Equal(got, values[0]) && !bytes.Equal(got, values[1]) {
				t.Fatalf("%d bytes read, %v", len(got), err)
			}
		}
		writer.Wait()
		for _, name := range []string{"", "../site", "a/b", "Site", ".", "điểm"} {
			if err := s.SetPointer(ctx, name, nil); err == nil {
				t.Errorf("pointer name %q accepted", name)
			}
		}
	})
}

func TestAreasDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		site, err := s.Area("site")
		if err != nil {
			t.Fatal(err)
		}
		files, err := s.Area("files")
		if err != nil {
			t.Fatal(err)
		}
		ref := put(t, site, []byte("trang"))
		if err := site.SetPointer(t.Context(), "now", []byte("1")); err != nil {
			t.Fatal(err)
		}
		if len(hashes(t, s))+len(hashes(t, files)) != 0 || len(hashes(t, site)) != 1 {
			t.Fatal("a blob is listed outside its area")
		}
		if _, err := files.Open(t.Context(), ref.Hash); !errors.Is(err, blob.ErrNotFound) {
			t.Fatalf("another area's blob opened: %v", err)
		}
		if _, err := files.Pointer(t.Context(), "now"); !errors.Is(err, blob.ErrNotFound) {
			t.Fatalf("another area's pointer read: %v", err)
		}
		if _, err := s.Area("../x"); err == nil {
			t.Fatal("an area outside was opened")
		}
	})
}

func TestManyWritersOfTheSameAndOfOtherBlobs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := range 10 {
					if _, err := s.Put(context.Background(), strings.NewReader(strings.Repeat("x", i*(1+w%2)))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		if n := len(hashes(t, s)); n != 15 { // lengths 0…9 and the even ones up to 18
			t.Fatalf("%d blobs, want 15", n)
		}
	})
}

// failing gives some bytes, then an error, as an upload that breaks off.
type failing struct{ once bool }

func (f *failing) Read(p []byte) (int, error) {
	if f.once {
		return 0, errors.New("connection lost")
	}
	f.once = true
	return copy(p, "half"), nil
}

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store, _ func(string)) {
		if _, err := s.Put(t.Context(), &failing{}); err == nil {
			t.Fatal("half an upload was stored")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Put(ctx, strings.NewReader("late")); err == nil {
			t.Fatal("stored for a request that is gone")
		}
		if n := len(hashes(t, s)); n != 0 {
			t.Fatalf("%d blobs left", n)
		}
	})
}

func TestHalfWrittenFilesOfACrashAreSwept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir)
	old, young := filepath.Join(dir, "tmp", "OLD"), filepath.Join(dir, "tmp", "YOUNG")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	longAgo := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, longAgo, longAgo); err != nil {
		t.Fatal(err)
	}
	open(t, "file://"+dir)
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left of a crash: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("another process's work in progress is gone: %v", err)
	}
}

func TestAddressesThatCannotWorkAreRefusedWithoutSecrets(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	t.Cleanup(server.Close)
	for _, url := range []string{
		"", "gopher://x/y", "s3://host/bucket", "s3://KEY:topsecret@host", "s3://KEY:topsecret@ho st/bucket",
		"s3://KEY:topsecret@" + strings.TrimPrefix(server.URL, "http://") + "/missing?insecure=true",
	} {
		_, err := blob.Open(t.Context(), url)
		if err == nil || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("open %q: %v", url, err)
		}
	}
}
