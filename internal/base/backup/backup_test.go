package backup_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/backup"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
)

func store(t *testing.T) blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// none is a database whose rows refer to no file.
func none(context.Context, db.Queryer) ([]blob.Use, error) { return nil, nil }

// installation makes one with an audit line and a file, saved.
func installation(t *testing.T, d *db.DB) (saved []byte, file blob.Ref) {
	t.Helper()
	files := store(t)
	file, err := files.Put(t.Context(), strings.NewReader("bản gốc đã ký"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := access.With(t.Context(), access.Actor{Person: "p", Name: "Tẩn Thị Su"})
	err = d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Write(ctx, tx, audit.Entry{Action: "document.post", Label: "08/CT-UBND"})
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if rep, err := backup.Save(t.Context(), &b, "test", d, files, none); err != nil || rep.Files != 1 {
		t.Fatalf("%+v, %v", rep, err)
	}
	return b.Bytes(), file
}

func TestABackupOfOneEngineFillsTheOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, from *db.DB) {
		saved, file := installation(t, from)
		to := dbtest.Postgres(t, nil)
		if from.Engine() == db.Postgres {
			to = dbtest.SQLite(t, nil)
		}
		files := store(t)
		rep, err := backup.Restore(t.Context(), bytes.NewReader(saved), to, files, none)
		if err != nil || rep.Lines != 1 || rep.Files != 1 {
			t.Fatalf("%+v, %v", rep, err)
		}
		lines, err := audit.List(t.Context(), to.Read(), audit.Query{})
		if err != nil || len(lines) != 1 || lines[0].Label != "08/CT-UBND" || lines[0].Name != "Tẩn Thị Su" {
			t.Errorf("restored %+v, %v", lines, err)
		}
		if info, err := files.Stat(t.Context(), file.Hash); err != nil || info.Size != file.Size {
			t.Errorf("file %+v, %v", info, err)
		}
		if _, err := backup.Restore(t.Context(), bytes.NewReader(saved), to, files, none); err == nil {
			t.Error("an installation that holds data was filled again")
		}
	})
}

func TestADamagedBackupIsRefusedAndFillsNothing(t *testing.T) {
	t.Parallel()
	saved, _ := installation(t, dbtest.SQLite(t, nil))
	for name, bad := range map[string][]byte{
		"cut short":   saved[:len(saved)*2/3],
		"not a file":  []byte("hello"),
		"one bit off": flip(saved),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := dbtest.SQLite(t, nil)
			if _, err := backup.Restore(t.Context(), bytes.NewReader(bad), to, store(t), none); err == nil {
				t.Fatal("it was believed")
			}
			if lines, err := audit.List(t.Context(), to.Read(), audit.Query{}); err != nil || len(lines) != 0 {
				t.Errorf("it left %d lines, %v", len(lines), err)
			}
		})
	}
}

func flip(b []byte) []byte {
	c := bytes.Clone(b)
	c[len(c)/2] ^= 1
	return c
}

// TestWhatIsLostIsNamedAndTheRestIsSaved: one file of three is missing, one damaged.
func TestWhatIsLostIsNamedAndTheRestIsSaved(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		files, err := blob.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		var refs []blob.Use
		for _, name := range []string{"whole", "damaged", "missing"} {
			ref, err := files.Put(t.Context(), strings.NewReader(name))
			if err != nil {
				t.Fatal(err)
			}
			refs = append(refs, blob.Use{Hash: ref.Hash, Owner: "08/CT-UBND", Name: name})
		}
		path := func(hash string) string { return filepath.Join(dir, hash[:2], hash[2:4], hash) }
		if err := errors.Join(os.WriteFile(path(refs[1].Hash), []byte("rotten"), 0o600), os.Remove(path(refs[2].Hash))); err != nil {
			t.Fatal(err)
		}
		uses := func(context.Context, db.Queryer) ([]blob.Use, error) { return refs, nil }
		var saved bytes.Buffer
		rep, err := backup.Save(t.Context(), &saved, "test", d, files, uses)
		if err != nil || rep.Files != 1 {
			t.Fatalf("%+v, %v", rep, err)
		}
		lost(t, "saving", rep.Lost, blob.Loss{Use: refs[1], Damaged: true}, blob.Loss{Use: refs[2]})

		into := store(t)
		rep, err = backup.Restore(t.Context(), bytes.NewReader(saved.Bytes()), dbtest.SQLite(t, nil), into, uses)
		if err != nil || rep.Files != 1 {
			t.Fatalf("%+v, %v", rep, err)
		}
		lost(t, "restoring", rep.Lost, blob.Loss{Use: refs[1]}, blob.Loss{Use: refs[2]})
	})
}

func lost(t *testing.T, doing string, got []blob.Loss, want ...blob.Loss) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s names %v, want %v", doing, got, want)
	}
}

func TestFilesAlonePutADamagedOneRight(t *testing.T) {
	t.Parallel()
	saved, file := installation(t, dbtest.SQLite(t, nil))
	dir := t.TempDir()
	files, err := blob.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := files.Put(t.Context(), strings.NewReader("bản gốc đã ký")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, file.Hash[:2], file.Hash[2:4], file.Hash), []byte("rotten"), 0o600); err != nil {
		t.Fatal(err)
	}
	if rep, err := backup.RestoreFiles(t.Context(), bytes.NewReader(saved), files); err != nil || rep.Files != 1 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if _, err := blob.ReadAll(t.Context(), files, file.Hash, 100); err != nil {
		t.Error(err)
	}
}
