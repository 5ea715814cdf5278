// Package blob keeps files by the hash of their content: attachments, the published snapshot,
// result tables.
//
// A blob is written once and never changes; its name is the SHA-256 of its bytes, so the same
// file stored twice is one file, a copy elsewhere can be proved, and a damaged one is noticed
// when it is read. What does change is a [Store.Pointer]: a small named value, replaced whole.
// A writer stores blobs first and moves the pointer last; whoever is killed in between leaves
// unreferenced blobs and a pointer that still tells the truth.
//
// A store is a folder by default and an S3-compatible bucket by URL (architecture §6); both
// promise the same and pass the same tests. Start reading at [Store] and [Open].
package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

// A Ref names one blob.
type Ref struct {
	Hash string // SHA-256 of the content, 64 lower-case hexadecimal digits
	Size int64  // bytes
}

// Info is what a store knows of a blob without reading it.
type Info struct {
	Ref
	Stored time.Time // when it was last put, by the store's own clock; UTC
}

// A Reader reads one blob. Read from its beginning to io.EOF it checks the content against the
// hash and gives [ErrCorrupt] instead of io.EOF when they differ; after a Seek it no longer can.
type Reader interface {
	io.Reader
	io.Seeker
	io.Closer
}

var (
	// ErrNotFound says the store holds no such blob or pointer.
	ErrNotFound = errors.New("not in the store")
	// ErrCorrupt says a blob's content is not what its name promises.
	ErrCorrupt = errors.New("stored content differs from its hash")
)

// A Store holds blobs and pointers. All methods may be called from several goroutines and from
// several processes on the same folder or bucket.
type Store interface {
	// Put stores what r gives. When it returns nil the content survives a power cut. A blob
	// already there is stored again: that renews Info.Stored, which protects it from a
	// collector that spares young blobs.
	Put(ctx context.Context, r io.Reader) (Ref, error)
	// PutAll stores many blobs that are in memory, with less waiting than as many calls of Put.
	// When it returns nil all of them survive a power cut; after an error some may be there.
	PutAll(ctx context.Context, bodies [][]byte) error
	// Open reads a blob. Errors: ErrNotFound.
	Open(ctx context.Context, hash string) (Reader, error)
	// Stat tells size and age. Errors: ErrNotFound.
	Stat(ctx context.Context, hash string) (Info, error)
	// Delete removes a blob; removing one that is not there is no error.
	Delete(ctx context.Context, hash string) error
	// Each calls fn for every blob of this area, in no particular order, until fn fails.
	Each(ctx context.Context, fn func(Info) error) error

	// SetPointer replaces a named value as a whole: a reader sees the old bytes or the new.
	// Names are lower-case letters, digits, '-' and '.'.
	SetPointer(ctx context.Context, name string, value []byte) error
	// Pointer reads a named value. Errors: ErrNotFound.
	Pointer(ctx context.Context, name string) ([]byte, error)

	// Area gives a store inside this one with its own blobs and pointers, so that what one
	// owner collects cannot be another's. Names as for pointers, without '.'.
	Area(name string) (Store, error)
}

// OpenExisting is [Open] for a store that must be there: a folder is not made, nor anything in it, so
// that whoever only looks changes nothing. Errors: ErrNotFound, also of Area.
func OpenExisting(ctx context.Context, rawURL string) (Store, error) {
	return open(ctx, rawURL, existingFolder)
}

// Open gives the store that url names:
//
//	/var/lib/bangvang/blobs              a folder, made when missing
//	file:///var/lib/bangvang/blobs       the same
//	s3://KEY:SECRET@host[:port]/bucket[/prefix][?region=…&insecure=true]
//
// The bucket must exist. Open fails when the folder cannot be written or the bucket not be
// reached. KEY and SECRET are percent-encoded; error texts never show them.
func Open(ctx context.Context, rawURL string) (Store, error) { return open(ctx, rawURL, openFolder) }

func open(ctx context.Context, rawURL string, folder func(path string) (Store, error)) (Store, error) {
	scheme, rest, found := strings.Cut(rawURL, "://")
	switch {
	case !found:
		return folder(rawURL)
	case scheme == "file":
		path, err := url.PathUnescape(rest)
		if err != nil {
			return nil, fmt.Errorf("blob store address %q: %w", rawURL, err)
		}
		return folder(path)
	case scheme == "s3":
		return openBucket(ctx, rawURL)
	}
	return nil, fmt.Errorf("blob store address begins with %q: use a folder path, file:// or s3://", scheme+"://")
}

// ReadAll reads a whole blob into memory, verified. It refuses blobs above limit bytes.
func ReadAll(ctx context.Context, s Store, hash string, limit int64) ([]byte, error) {
	r, err := s.Open(ctx, hash)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("blob %s is larger than %d bytes", hash, limit)
	}
	return data, nil
}

// IsHash tells whether s has the form of a blob's name.
func IsHash(s string) bool {
	if len(s) != 64 || strings.ToLower(s) != s {
		return false
	}
	_, err := hex.DecodeString(s)
	return err == nil
}

// checkHash refuses names that are no hashes before they become part of a path.
func checkHash(hash string) error {
	if !IsHash(hash) {
		return fmt.Errorf("%q is not a blob's name: %w", hash, ErrNotFound)
	}
	return nil
}

// checkName refuses pointer and area names that could leave their place.
func checkName(name string, dots bool) error {
	ok := name != "" && len(name) <= 64 && name[0] != '.'
	for _, r := range name {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || dots && r == '.')
	}
	if !ok {
		return fmt.Errorf("%q cannot name a pointer or area", name)
	}
	return nil
}
