// Package backup saves a whole installation into one file while it runs, and fills an empty
// installation from it, on either engine.
//
// The file is a gzipped tar: a description, the database as SQLite, then every stored file under
// its hash, and last a seal over all of it. Nothing is believed on restore that does not prove
// itself: the seal, each file's hash, the audit chain. The published pages are not saved; they are
// drawn anew from what is.
//
// Start reading at [Save] and [Restore].
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
)

const format = 1

// A Description stands first in the file.
type Description struct {
	Format   int       `json:"format"`
	Program  string    `json:"program"`  // the version that saved it
	Database int64     `json:"database"` // the database's version
	Made     time.Time `json:"made"`
}

// A Report says what was saved or restored.
type Report struct {
	Description
	Rows  int64 // of the database; only on restore
	Lines int64 // of the audit chain, verified
	Files int
	Bytes int64       // of the files
	Lost  []blob.Loss // what rows refer to and is not in the backup, or not in the restored store: then it is not whole
}

// Uses gives what the rows of a database refer to in the file store.
type Uses func(ctx context.Context, q db.Queryer) ([]blob.Use, error)

// Save writes the installation to w. The database is copied as of one moment, then the files: what
// rows of that moment refer to was stored before them. Files that are missing or damaged all the
// same are named in the report; the rest is saved.
func Save(ctx context.Context, w io.Writer, program string, d *db.DB, files blob.Store, uses Uses) (Report, error) {
	r := Report{Description: Description{Format: format, Program: program, Made: time.Now().UTC()}}
	dir, err := os.MkdirTemp("", "bangvang-backup-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	copied := filepath.Join(dir, "database.db")
	if err := copyDatabase(ctx, d, copied); err != nil {
		return r, fmt.Errorf("copy the database: %w", err)
	}
	if r.Database, _, err = d.Versions(ctx); err != nil {
		return r, err
	}
	seal := sha256.New()
	zipped := gzip.NewWriter(w)
	out := &writer{tar: tar.NewWriter(zipped), seal: seal, made: r.Made}
	about, err := json.MarshalIndent(r.Description, "", " ")
	if err != nil {
		return r, err
	}
	if err := out.add("bangvang.json", int64(len(about)), strings.NewReader(string(about))); err != nil {
		return r, err
	}
	if err := out.addFile("database.db", copied); err != nil {
		return r, err
	}
	used, err := usesOf(ctx, copied, uses)
	if err != nil {
		return r, fmt.Errorf("what the rows refer to: %w", err)
	}
	r.Lost, err = blob.Prove(ctx, files, used, func(i blob.Info) error {
		content, err := files.Open(ctx, i.Hash)
		if err != nil {
			return err
		}
		defer content.Close()
		r.Files, r.Bytes = r.Files+1, r.Bytes+i.Size
		return out.add("files/"+i.Hash, i.Size, content)
	})
	if err != nil {
		return r, fmt.Errorf("save the files: %w", err)
	}
	end := hex.EncodeToString(seal.Sum(nil))
	if err := out.add("seal", int64(len(end)), strings.NewReader(end)); err != nil {
		return r, err
	}
	return r, errors.Join(out.tar.Close(), zipped.Close())
}

// usesOf asks the copy that was saved, grown up to this program's version: it may be an older one.
func usesOf(ctx context.Context, copied string, uses Uses) ([]blob.Use, error) {
	d, err := db.Open(ctx, "sqlite:"+copied, nil)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	return uses(ctx, d.Read())
}

// copyDatabase writes d as a SQLite file, whichever engine it runs on.
func copyDatabase(ctx context.Context, d *db.DB, to string) error {
	if d.Engine() == db.SQLite {
		return d.Snapshot(ctx, to)
	}
	file, err := db.Open(ctx, "sqlite:"+to, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.MigrateLike(ctx, d); err != nil {
		return err
	}
	if _, err := db.Copy(ctx, d, file); err != nil {
		return err
	}
	return file.Close() // folds the write-ahead log into the file
}

type writer struct {
	tar  *tar.Writer
	seal io.Writer
	made time.Time
}

func (w *writer) add(name string, size int64, content io.Reader) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: w.made}); err != nil {
		return err
	}
	fmt.Fprintf(w.seal, "%s %d\n", name, size)
	n, err := io.Copy(io.MultiWriter(w.tar, w.seal), content)
	if err == nil && n != size {
		err = fmt.Errorf("%s has %d bytes, expected %d", name, n, size)
	}
	return err
}

func (w *writer) addFile(name, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return w.add(name, info.Size(), f)
}

// Restore fills the empty installation (d migrated and without data) from r. The files are stored
// first, under their proven hashes; the database is filled only after the seal was right. Files that
// its rows refer to and the backup did not have are named in the report.
func Restore(ctx context.Context, r io.Reader, d *db.DB, files blob.Store, uses Uses) (Report, error) {
	var rep Report
	dir, err := os.MkdirTemp("", "bangvang-restore-")
	if err != nil {
		return rep, err
	}
	defer os.RemoveAll(dir)
	if err := unpack(ctx, r, dir, files, &rep); err != nil {
		return rep, err
	}
	if err := fill(ctx, filepath.Join(dir, "database.db"), d, &rep); err != nil {
		return rep, err
	}
	used, err := uses(ctx, d.Read())
	if err != nil {
		return rep, err
	}
	rep.Lost, err = blob.Missing(ctx, files, used)
	return rep, err
}

// RestoreFiles puts the stored files of a backup back and leaves the database alone: for an
// installation that lost some, or has damaged ones. It may run while the program serves.
func RestoreFiles(ctx context.Context, r io.Reader, files blob.Store) (Report, error) {
	var rep Report
	dir, err := os.MkdirTemp("", "bangvang-restore-")
	if err != nil {
		return rep, err
	}
	defer os.RemoveAll(dir)
	return rep, unpack(ctx, r, dir, files, &rep)
}

// unpack stores the files of a backup, and puts its database into dir; it proves the seal.
func unpack(ctx context.Context, r io.Reader, dir string, files blob.Store, rep *Report) error {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("this is no backup of bangvang: %w", err)
	}
	in := &reader{tar: tar.NewReader(zipped), seal: sha256.New(), dir: dir, files: files, report: rep}
	return in.all(ctx)
}

// fill copies the saved database into d and proves the audit chain there.
func fill(ctx context.Context, from string, d *db.DB, rep *Report) error {
	src, err := db.Open(ctx, "sqlite:"+from, nil)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := src.Migrate(ctx); err != nil { // an older backup grows up first; a newer one is refused
		return err
	}
	if rep.Rows, err = db.Copy(ctx, src, d); err != nil {
		return err
	}
	if rep.Lines, err = audit.Verify(ctx, d.Read()); err != nil {
		return fmt.Errorf("the restored audit log is not whole: %w", err)
	}
	return nil
}

type reader struct {
	tar  *tar.Reader
	seal interface {
		io.Writer
		Sum([]byte) []byte
	}
	dir    string
	files  blob.Store
	report *Report
	sealed bool
}

func (r *reader) all(ctx context.Context) error {
	for {
		h, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			if !r.sealed {
				return errors.New("the backup ends early: it has no seal")
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the backup: %w", err)
		}
		if err := r.entry(ctx, h); err != nil {
			return fmt.Errorf("%s: %w", path.Clean(h.Name), err)
		}
	}
}

func (r *reader) entry(ctx context.Context, h *tar.Header) error {
	if h.Name == "seal" {
		said, err := io.ReadAll(io.LimitReader(r.tar, 100))
		if err != nil {
			return err
		}
		if string(said) != hex.EncodeToString(r.seal.Sum(nil)) {
			return errors.New("the seal is broken: the file was changed or damaged")
		}
		r.sealed = true
		return nil
	}
	if r.sealed {
		return errors.New("something stands after the seal")
	}
	fmt.Fprintf(r.seal, "%s %d\n", h.Name, h.Size)
	content := io.TeeReader(r.tar, r.seal)
	hash, isFile := strings.CutPrefix(h.Name, "files/")
	switch {
	case h.Name == "bangvang.json":
		if err := json.NewDecoder(content).Decode(&r.report.Description); err != nil {
			return err
		}
		if r.report.Format != format {
			return fmt.Errorf("format %d is unknown to this program: use the one that made it (%s)", r.report.Format, r.report.Program)
		}
		_, err := io.Copy(io.Discard, content)
		return err
	case h.Name == "database.db":
		return save(filepath.Join(r.dir, "database.db"), content)
	case isFile:
		ref, err := r.files.Put(ctx, content)
		if err != nil {
			return err
		}
		if ref.Hash != hash {
			return errors.New("its content does not match its name")
		}
		r.report.Files, r.report.Bytes = r.report.Files+1, r.report.Bytes+ref.Size
		return nil
	}
	return errors.New("unknown entry: this is no backup of bangvang")
}

func save(to string, content io.Reader) error {
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}
