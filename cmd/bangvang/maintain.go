package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bangvang/internal/app"
	"bangvang/internal/base/audit"
	backups "bangvang/internal/base/backup"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/base/publish"
	"bangvang/internal/people"
	"bangvang/internal/portal"
)

// settings reads a command's settings and explains the command when it is asked; wrong ones are wrong
// use.
func settings(name string, args []string, extra func(*flag.FlagSet)) (config.Config, []string, error) {
	c, rest, err := config.Load(name, args, os.Environ(), extra)
	switch {
	case errors.Is(err, flag.ErrHelp):
		explain(name, extra)
	case err != nil:
		err = usagef("%v", err)
	}
	return c, rest, err
}

// existing opens the database of an installation that must be there and of this program's version. A
// maintenance command neither makes an installation out of a mistyped address nor brings a database up
// to date under the program that serves it. wanted are further standings that the command can read.
func existing(ctx context.Context, c config.Config, wanted ...db.Standing) (*db.DB, error) {
	if path, ok := sqlitePath(c); ok {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("there is no installation in %s: give its folder with --data", c.Data)
		}
	}
	d, err := db.Open(ctx, c.Database, nil)
	if err != nil {
		return nil, err
	}
	if err := d.Reject(ctx, append(wanted, db.Current)...); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// attachments opens the store of attachments.
func attachments(ctx context.Context, c config.Config, open app.Opener) (blob.Store, error) {
	files, _, err := app.Stores(ctx, c, open)
	return files, err
}

func sqlitePath(c config.Config) (string, bool) {
	const scheme = "sqlite:"
	if len(c.Database) > len(scheme) && c.Database[:len(scheme)] == scheme {
		return c.Database[len(scheme):], true
	}
	return "", false
}

func printConfig(_ context.Context, args []string) error {
	if err := bare("config", args); err != nil {
		return err
	}
	config.Sample(os.Stdout)
	return nil
}

// backup saves everything into one file that appears only when it is whole.
func backup(ctx context.Context, args []string) error {
	c, rest, err := settings("backup", args, nil)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("name the file to write")
	}
	d, err := existing(ctx, c, db.Older)
	if err != nil {
		return err
	}
	defer d.Close()
	files, err := attachments(ctx, c, blob.OpenExisting)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(rest[0]), ".bangvang-backup-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	report, err := backups.Save(ctx, f, version, d, files, app.Uses)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), rest[0]); err != nil {
		return err
	}
	fmt.Printf("saved database version %d and %d files (%d bytes) to %s\n", report.Database, report.Files, report.Bytes, rest[0])
	fmt.Printf("not in it, because whoever finds the backup must not pass second factors: keep a copy of %s in another place\n", c.Secret)
	return incomplete("the backup is not whole", report.Lost)
}

// restore fills an empty installation; the published pages are drawn when it is next started.
func restore(ctx context.Context, args []string) error {
	var filesOnly bool
	c, rest, err := settings("restore", args, func(f *flag.FlagSet) {
		f.BoolVar(&filesOnly, "files-only", false, "put stored files back into an installation that lost some, and leave its database alone")
	})
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("name the backup to read")
	}
	f, err := os.Open(rest[0])
	if err != nil {
		return err
	}
	defer f.Close()
	if filesOnly {
		return restoreFiles(ctx, c, f)
	}
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return err
	}
	d, err := db.Open(ctx, c.Database, nil)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Prepare(ctx); err != nil {
		return err
	}
	files, err := attachments(ctx, c, blob.Open)
	if err != nil {
		return err
	}
	report, err := backups.Restore(ctx, f, d, files, app.Uses)
	if err != nil {
		return err
	}
	fmt.Printf("restored %d rows and %d files, audit chain of %d lines verified\n", report.Rows, report.Files, report.Lines)
	if err := secretAfterRestore(ctx, c, d); err != nil {
		return err
	}
	return incomplete("the backup was not whole", report.Lost)
}

func restoreFiles(ctx context.Context, c config.Config, f io.Reader) error {
	d, err := existing(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	files, err := attachments(ctx, c, blob.Open)
	if err != nil {
		return err
	}
	report, err := backups.RestoreFiles(ctx, f, files)
	if err != nil {
		return err
	}
	fmt.Printf("put %d files back\n", report.Files)
	lost, err := missing(ctx, d, files)
	if err != nil {
		return err
	}
	return incomplete("this backup did not have them all", lost)
}

// missing gives the files that rows refer to and the store does not have.
func missing(ctx context.Context, d *db.DB, files blob.Store) ([]blob.Loss, error) {
	uses, err := app.Uses(ctx, d.Read())
	if err != nil {
		return nil, err
	}
	return blob.Missing(ctx, files, uses)
}

// incomplete names each lost file, and is an error when there is one.
func incomplete(what string, lost []blob.Loss) error {
	if len(lost) == 0 {
		return nil
	}
	for _, l := range lost {
		fmt.Println(l)
	}
	return fmt.Errorf("%s: %d files are lost, named above; put them back with bangvang restore --files-only and a backup that has them", what, len(lost))
}

// secretAfterRestore says what to do about the secret, which no backup holds, before the program can
// start. Where no second factor hangs on it any secret will do.
func secretAfterRestore(ctx context.Context, c config.Config, d *db.DB) error {
	wrong := app.Secret(ctx, c, d)
	if wrong == nil {
		return nil
	}
	released, err := people.ReleaseSecret(ctx, d)
	if err != nil || released {
		return err
	}
	fmt.Printf("before the first start: %v\n", wrong)
	return nil
}

// migrate copies an installation's database to another, empty one.
func migrate(ctx context.Context, args []string) error {
	var to string
	c, rest, err := settings("migrate", args, func(f *flag.FlagSet) {
		f.StringVar(&to, "to", "", "`URL` of the empty database to fill")
	})
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("%q is no flag", rest[0])
	}
	if to == "" {
		return usagef("give the database to fill with --to")
	}
	from, err := existing(ctx, c)
	if err != nil {
		return err
	}
	defer from.Close()
	target, err := db.Open(ctx, to, nil)
	if err != nil {
		return err
	}
	defer target.Close()
	if err := target.Prepare(ctx); err != nil {
		return err
	}
	rows, err := db.Copy(ctx, from, target)
	if err != nil {
		return err
	}
	lines, err := audit.Verify(ctx, target.Read())
	if err != nil {
		return err
	}
	fmt.Printf("copied %d rows, audit chain of %d lines verified; now set database = %s and start\n", rows, lines, "the new address")
	return nil
}

// verify proves the audit chain, the stored files, or both.
func verify(ctx context.Context, args []string) error {
	what := "all"
	c, rest, err := settings("verify", args, nil)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		what = rest[0]
	}
	if what != "all" && what != "audit" && what != "files" || len(rest) > 1 {
		return usagef("verify what? audit, files or all")
	}
	d, err := existing(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	var wrong []error
	if what != "files" {
		wrong = append(wrong, verifyAudit(ctx, d))
	}
	if what != "audit" {
		wrong = append(wrong, verifyFiles(ctx, c, d)) // also when the log is not whole: both are wanted
	}
	return errors.Join(wrong...)
}

func verifyAudit(ctx context.Context, d *db.DB) error {
	lines, err := audit.Verify(ctx, d.Read())
	if err != nil {
		return err
	}
	fmt.Printf("audit: %d lines, the chain is whole\n", lines)
	return nil
}

// verifyFiles reads every stored file, and looks for each that rows refer to.
func verifyFiles(ctx context.Context, c config.Config, d *db.DB) error {
	files, err := attachments(ctx, c, blob.OpenExisting)
	if err != nil {
		return err
	}
	uses, err := app.Uses(ctx, d.Read())
	if err != nil {
		return err
	}
	n, size := 0, int64(0)
	lost, err := blob.Prove(ctx, files, uses, func(i blob.Info) error {
		n, size = n+1, size+i.Size
		return nil
	})
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		return incomplete("the stored files are not whole", lost)
	}
	fmt.Printf("files: %d with %d bytes, every hash is right, none is missing\n", n, size)
	return verifyPublished(ctx, c)
}

// verifyPublished reads every part of what is published. Nothing of it is lost for good: it is drawn
// from the database.
func verifyPublished(ctx context.Context, c config.Config) error {
	snap, uses, store, err := snapshot(ctx, c)
	if err != nil || snap == nil {
		return err
	}
	lost, err := blob.Prove(ctx, store, uses, func(blob.Info) error { return nil })
	lost = slices.DeleteFunc(lost, func(l blob.Loss) bool { return l.Name == "" }) // of an older snapshot
	if err != nil || len(lost) > 0 {
		return damagedPages(c, lost, err)
	}
	fmt.Printf("published: %d pages, the snapshot is whole\n", snap.Len())
	return nil
}

// snapshot gives what is published, nil when nothing is yet, and the store it is in. Nothing is made.
func snapshot(ctx context.Context, c config.Config) (*publish.Snapshot, []blob.Use, blob.Store, error) {
	_, store, err := app.Stores(ctx, c, blob.OpenExisting)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%w: check files in the settings", err)
	}
	snap, uses, err := publish.Look(ctx, store)
	if err != nil {
		return nil, nil, nil, damagedPages(c, nil, err)
	}
	return snap, uses, store, nil
}

// damagedPages says how what is published is drawn anew.
func damagedPages(c config.Config, lost []blob.Loss, err error) error {
	what := fmt.Sprint(err)
	if len(lost) > 0 {
		what = fmt.Sprintf("%d parts of it are lost, the first: %v", len(lost), lost[0])
	}
	return fmt.Errorf("what is published is damaged: %s; stop the program, remove %s/area-cong and start it: every page is drawn anew", what, strings.TrimRight(c.Files, "/"))
}

// export writes the static mirror.
func export(ctx context.Context, args []string) error {
	if asksHelp(args) {
		explain("export", nil)
		return nil
	}
	if len(args) == 0 || args[0] != "site" {
		return usagef("export what? site")
	}
	c, rest, err := settings("export", args[1:], nil)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("name the folder to write")
	}
	snap, _, _, err := snapshot(ctx, c) // a damaged one is not half exported
	if err != nil {
		return err
	}
	if snap == nil {
		return errors.New("nothing is published yet: start the program once")
	}
	site, err := app.OpenSite(ctx, c)
	if err != nil {
		return err
	}
	snap = site.Snapshot()
	if err := site.Export(ctx, snap, rest[0]); err != nil {
		return err
	}
	answer := portal.Sitemap(c.BaseURL)(snap, publish.Request{})
	if err := os.WriteFile(filepath.Join(rest[0], "sitemap.xml"), answer.Body, 0o644); err != nil {
		return err
	}
	fmt.Printf("wrote %d addresses to %s\n", snap.Len(), rest[0])
	return nil
}
