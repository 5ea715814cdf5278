package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// folder keeps blobs as aa/bb/<hash> below a directory, pointers in "pointers", areas in
// "area-<name>", and files being written in "tmp". os.Root keeps every path inside.
type folder struct {
	root  *os.Root
	fixed bool // only looked at: no directory is made
}

const (
	tmpDir     = "tmp"
	pointerDir = "pointers"
	areaPrefix = "area-"
	// orphanAge is how old a half-written file must be before it counts as left by a crash.
	orphanAge = 24 * time.Hour
)

func openFolder(path string) (Store, error) {
	if path == "" {
		return nil, errors.New("blob store address is empty")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	return newFolder(root)
}

func existingFolder(path string) (Store, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, notFound(err, "open blob folder", path)
	}
	return &folder{root: root, fixed: true}, nil
}

// newFolder makes the fixed directories and sweeps what a crash left half-written.
func newFolder(root *os.Root) (Store, error) {
	f := &folder{root: root}
	for _, dir := range []string{tmpDir, pointerDir} {
		if err := f.mkdir(dir); err != nil {
			return nil, fmt.Errorf("blob folder: %w", err)
		}
	}
	left, err := fs.ReadDir(root.FS(), tmpDir)
	if err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	for _, e := range left {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > orphanAge {
			_ = root.Remove(tmpDir + "/" + e.Name()) // swept again at the next start
		}
	}
	return f, nil
}

func (f *folder) Area(name string) (Store, error) {
	if err := checkName(name, false); err != nil {
		return nil, err
	}
	if !f.fixed {
		if err := f.mkdir(areaPrefix + name); err != nil {
			return nil, fmt.Errorf("blob area %s: %w", name, err)
		}
	}
	root, err := f.root.OpenRoot(areaPrefix + name)
	if err != nil {
		return nil, notFound(err, "open blob area", name)
	}
	if f.fixed {
		return &folder{root: root, fixed: true}, nil
	}
	return newFolder(root)
}

func blobPath(hash string) (dir, path string) {
	dir = hash[:2] + "/" + hash[2:4]
	return dir, dir + "/" + hash
}

func (f *folder) Put(ctx context.Context, r io.Reader) (Ref, error) {
	sum := sha256.New()
	tmp, size, err := f.write(ctx, io.TeeReader(r, sum), true)
	if err != nil {
		return Ref{}, fmt.Errorf("store blob: %w", err)
	}
	ref := Ref{Hash: hex.EncodeToString(sum.Sum(nil)), Size: size}
	dir, path := blobPath(ref.Hash)
	if err := f.mkdir(dir[:2], dir); err != nil {
		return Ref{}, fmt.Errorf("store blob: %w", err)
	}
	if err := f.publish(tmp, dir, path); err != nil {
		return Ref{}, fmt.Errorf("store blob: %w", err)
	}
	return ref, nil
}

// write puts all of r into a new file in tmp, and makes it durable when asked to.
func (f *folder) write(ctx context.Context, r io.Reader, durable bool) (name string, size int64, err error) {
	name = tmpDir + "/" + rand.Text()
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if err != nil {
			_ = f.root.Remove(name)
		}
	}()
	if size, err = io.Copy(file, readerWith(ctx, r)); err == nil && durable {
		err = file.Sync()
	}
	return name, size, errors.Join(err, file.Close())
}

// publish gives a durable file its final name and makes the name durable too.
func (f *folder) publish(tmp, dir, path string) error {
	if err := f.root.Rename(tmp, path); err != nil {
		_ = f.root.Remove(tmp)
		return err
	}
	return f.sync(dir)
}

// mkdir makes directories, each durable in its parent.
func (f *folder) mkdir(dirs ...string) error {
	for _, dir := range dirs {
		switch err := f.root.Mkdir(dir, 0o700); {
		case errors.Is(err, fs.ErrExist):
			continue
		case err != nil:
			return err
		}
		if err := f.sync(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	return nil
}

// sync makes the names in a directory survive a power cut.
func (f *folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *folder) Open(_ context.Context, hash string) (Reader, error) {
	if err := checkHash(hash); err != nil {
		return nil, err
	}
	_, path := blobPath(hash)
	file, err := f.root.Open(path)
	if err != nil {
		return nil, notFound(err, "open blob", hash)
	}
	return verify(file, hash), nil
}

func (f *folder) Stat(_ context.Context, hash string) (Info, error) {
	if err := checkHash(hash); err != nil {
		return Info{}, err
	}
	_, path := blobPath(hash)
	info, err := f.root.Stat(path)
	if err != nil {
		return Info{}, notFound(err, "stat blob", hash)
	}
	return Info{Ref{hash, info.Size()}, info.ModTime().UTC()}, nil
}

func (f *folder) Delete(_ context.Context, hash string) error {
	if err := checkHash(hash); err != nil {
		return err
	}
	_, path := blobPath(hash)
	if err := f.root.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob %s: %w", hash, err)
	}
	return nil
}

func (f *folder) Each(ctx context.Context, fn func(Info) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // deleted while walking
			}
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.IsDir() {
			if path == tmpDir || path == pointerDir || strings.HasPrefix(path, areaPrefix) {
				return fs.SkipDir
			}
			return nil
		}
		if !IsHash(e.Name()) {
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(Info{Ref{e.Name(), info.Size()}, info.ModTime().UTC()})
	})
}

func (f *folder) SetPointer(ctx context.Context, name string, value []byte) error {
	if err := checkName(name, true); err != nil {
		return err
	}
	tmp, _, err := f.write(ctx, bytes.NewReader(value), true)
	if err == nil {
		err = f.publish(tmp, pointerDir, pointerDir+"/"+name)
	}
	if err != nil {
		return fmt.Errorf("set pointer %s: %w", name, err)
	}
	return nil
}

func (f *folder) Pointer(_ context.Context, name string) ([]byte, error) {
	if err := checkName(name, true); err != nil {
		return nil, err
	}
	value, err := f.root.ReadFile(pointerDir + "/" + name)
	if err != nil {
		return nil, notFound(err, "read pointer", name)
	}
	return value, nil
}

// notFound names what was asked for and turns a missing file into ErrNotFound.
func notFound(err error, doing, name string) error {
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	return fmt.Errorf("%s %s: %w", doing, name, err)
}

// contextReader stops a long copy when its request is gone.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func readerWith(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
