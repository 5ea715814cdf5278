package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket keeps blobs as <prefix>blobs/aa/<hash> and pointers as <prefix>pointers/<name> in an
// S3-compatible bucket. An S3 PUT is atomic and durable by the service's own promise.
type bucket struct {
	client *minio.Client
	name   string
	prefix string // "" or ends with '/'
}

// putOptions replace the client's chunk-by-chunk signature by one MD5 over the body: the chunked
// form of an empty body carries no length, which services refuse.
var putOptions = minio.PutObjectOptions{
	ContentType:          "application/octet-stream",
	SendContentMd5:       true,
	DisableContentSha256: true,
}

// spoolInMemory is up to how many bytes a blob is hashed in memory before it is sent; larger
// ones go through a temporary file, because the name must be known before the first byte.
const spoolInMemory = 1 << 20

func openBucket(ctx context.Context, rawURL string) (Store, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("S3 address cannot be read; write s3://KEY:SECRET@host/bucket with KEY and SECRET percent-encoded")
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || name == "" || u.User == nil {
		return nil, errors.New("S3 address is incomplete; write s3://KEY:SECRET@host/bucket")
	}
	secret, _ := u.User.Password()
	query := u.Query()
	client, err := minio.New(u.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure:       query.Get("insecure") != "true",
		Region:       query.Get("region"),
		BucketLookup: minio.BucketLookupAuto,
	})
	if err != nil {
		return nil, fmt.Errorf("S3 storage at %s: %w", u.Host, err)
	}
	there, err := client.BucketExists(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("S3 storage at %s: %w", u.Host, err)
	}
	if !there {
		return nil, fmt.Errorf("S3 storage at %s has no bucket %q; create it first", u.Host, name)
	}
	b := &bucket{client: client, name: name}
	if prefix != "" {
		b.prefix = path.Clean(prefix) + "/"
	}
	return b, nil
}

func (b *bucket) Area(name string) (Store, error) {
	if err := checkName(name, false); err != nil {
		return nil, err
	}
	return &bucket{b.client, b.name, b.prefix + areaPrefix + name + "/"}, nil
}

func (b *bucket) key(hash string) string { return b.prefix + "blobs/" + hash[:2] + "/" + hash }

func (b *bucket) pointerKey(name string) string { return b.prefix + pointerDir + "/" + name }

func (b *bucket) Put(ctx context.Context, r io.Reader) (Ref, error) {
	sum := sha256.New()
	body, size, err := spool(readerWith(ctx, io.TeeReader(r, sum)))
	if err != nil {
		return Ref{}, fmt.Errorf("store blob: %w", err)
	}
	defer body.Close()
	ref := Ref{Hash: hex.EncodeToString(sum.Sum(nil)), Size: size}
	_, err = b.client.PutObject(ctx, b.name, b.key(ref.Hash), body, size, putOptions)
	if err != nil {
		return Ref{}, fmt.Errorf("store blob: %w", err)
	}
	return ref, nil
}

// spool reads r to its end, small content into memory, large content into a file that vanishes
// when closed.
func spool(r io.Reader) (io.ReadSeekCloser, int64, error) {
	head, err := io.ReadAll(io.LimitReader(r, spoolInMemory))
	if err != nil {
		return nil, 0, err
	}
	if len(head) < spoolInMemory {
		return memory{bytes.NewReader(head)}, int64(len(head)), nil
	}
	file, err := os.CreateTemp("", "bangvang-blob-*")
	if err != nil {
		return nil, 0, err
	}
	tmp := temporary{file}
	size, err := io.Copy(file, io.MultiReader(bytes.NewReader(head), r))
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(err, tmp.Close())
	}
	return tmp, size, nil
}

type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

type temporary struct{ *os.File }

func (t temporary) Close() error { return errors.Join(t.File.Close(), os.Remove(t.Name())) }

func (b *bucket) Open(ctx context.Context, hash string) (Reader, error) {
	// The client asks for the object only when it is first read, so ask by Stat whether it is
	// there: callers expect to hear of a missing blob now.
	if _, err := b.Stat(ctx, hash); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, b.key(hash), minio.GetObjectOptions{})
	if err != nil {
		return nil, missing(err, "open blob", hash)
	}
	return verify(object, hash), nil
}

func (b *bucket) Stat(ctx context.Context, hash string) (Info, error) {
	if err := checkHash(hash); err != nil {
		return Info{}, err
	}
	info, err := b.client.StatObject(ctx, b.name, b.key(hash), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, missing(err, "stat blob", hash)
	}
	return Info{Ref{hash, info.Size}, info.LastModified.UTC()}, nil
}

func (b *bucket) Delete(ctx context.Context, hash string) error {
	if err := checkHash(hash); err != nil {
		return err
	}
	if err := b.client.RemoveObject(ctx, b.name, b.key(hash), minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete blob %s: %w", hash, err)
	}
	return nil
}

func (b *bucket) Each(ctx context.Context, fn func(Info) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the listing when fn fails early
	list := b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + "blobs/", Recursive: true})
	for object := range list {
		if object.Err != nil {
			return fmt.Errorf("list blobs: %w", object.Err)
		}
		hash := path.Base(object.Key)
		if !IsHash(hash) {
			continue
		}
		if err := fn(Info{Ref{hash, object.Size}, object.LastModified.UTC()}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (b *bucket) SetPointer(ctx context.Context, name string, value []byte) error {
	if err := checkName(name, true); err != nil {
		return err
	}
	_, err := b.client.PutObject(ctx, b.name, b.pointerKey(name), bytes.NewReader(value), int64(len(value)), putOptions)
	if err != nil {
		return fmt.Errorf("set pointer %s: %w", name, err)
	}
	return nil
}

func (b *bucket) Pointer(ctx context.Context, name string) ([]byte, error) {
	if err := checkName(name, true); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, b.pointerKey(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, missing(err, "read pointer", name)
	}
	defer object.Close()
	value, err := io.ReadAll(object)
	if err != nil {
		return nil, missing(err, "read pointer", name)
	}
	return value, nil
}

// missing names what was asked for and turns the service's 404 into ErrNotFound.
func missing(err error, doing, name string) error {
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		err = ErrNotFound
	}
	return fmt.Errorf("%s %s: %w", doing, name, err)
}
