package backup_test

import (
	"bytes"
	"context"
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
	if rep, err := backup.Save(t.Context(), &b, "test", d, files); err != nil || rep.Files != 1 {
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
		rep, err := backup.Restore(t.Context(), bytes.NewReader(saved), to, files)
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
		if _, err := backup.Restore(t.Context(), bytes.NewReader(saved), to, files); err == nil {
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
			if _, err := backup.Restore(t.Context(), bytes.NewReader(bad), to, store(t)); err == nil {
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
