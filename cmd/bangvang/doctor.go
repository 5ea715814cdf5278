package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/base/jobs"
)

// A finding is one thing the doctor looked at: what it is, whether it is well, and if not how to
// mend it.
type finding struct {
	what string
	ok   bool
	says string
}

// doctor looks at an installation without changing it and says in plain lines what is wrong and how
// to mend it. It fails when something is.
func doctor(ctx context.Context, args []string) error {
	c, rest, err := settings("doctor", args, nil)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("%q is no flag: name the folder with --data", rest[0])
	}
	ill := 0
	for _, f := range examine(ctx, c) {
		mark := "ok "
		if !f.ok {
			mark, ill = "BAD", ill+1
		}
		fmt.Printf("%s  %-10s %s\n", mark, f.what, oneLine(f.says))
	}
	if ill > 0 {
		return fmt.Errorf("%d of these want mending; each line says how", ill)
	}
	return nil
}

// examine looks at everything that can be looked at: without a folder there is no more to see.
func examine(ctx context.Context, c config.Config) []finding {
	list := []finding{folder(c)}
	if info, err := os.Stat(c.Data); err != nil || !info.IsDir() {
		return append(list, address(c))
	}
	list = append(list, space(c))
	d, f := database(ctx, c)
	list = append(list, f, clockOf(ctx, c, d))
	if d != nil {
		defer d.Close()
		list = append(list, secret(ctx, c, d), chain(ctx, d), stored(ctx, c, d), work(ctx, d))
	}
	return append(list, published(ctx, c), address(c))
}

// parts are what lies in the data folder.
var parts = []string{"bangvang.db", "bangvang.db-wal", "bangvang.db-shm", "lock", "secret", "files", "inspect"}

// folder looks whether the user the program runs as can write in the data folder. Root can write
// everywhere, so the owners of what lies there are compared: a command once run as root leaves files
// that the service cannot touch.
func folder(c config.Config) finding {
	f := finding{what: "data"}
	info, err := os.Stat(c.Data)
	if err != nil || !info.IsDir() {
		f.says = fmt.Sprintf("%s is no folder: give the right one with --data, or start the program once to make it", c.Data)
		return f
	}
	whose := owner(info)
	for _, part := range parts {
		of, err := os.Stat(filepath.Join(c.Data, part))
		if err == nil && owner(of) != whose {
			f.says = fmt.Sprintf("%s belongs to %s and the folder to %s (was a command run as another user?): chown -R %s %s", part, owner(of), whose, whose, c.Data)
			return f
		}
	}
	switch {
	case !root() && !writable(c.Data), root() && info.Mode().Perm()&0o300 != 0o300:
		f.says = fmt.Sprintf("%s cannot be written: give it to the user the program runs as (chown, chmod u+rwx)", c.Data)
	case root():
		f.ok, f.says = true, fmt.Sprintf("%s, of user %s: the service must run as that user", c.Data, whose)
	default:
		f.ok, f.says = true, c.Data
	}
	return f
}

// leastFree is what a day of work and a backup need beside each other.
const leastFree = 2 << 30

func space(c config.Config) finding {
	free, err := freeBytes(c.Data)
	switch {
	case err != nil:
		return finding{"disk", false, "how much is free cannot be told: " + err.Error()}
	case free < leastFree:
		return finding{"disk", false, fmt.Sprintf("only %d MB are free: make room, at least %d MB", free>>20, int64(leastFree)>>20)}
	}
	return finding{"disk", true, fmt.Sprintf("%d MB free", free>>20)}
}

// most is how far two clocks may be apart: a release to the second hangs on them.
const most = 2 * time.Second

// clockOf looks whether the machine's clock can be right.
func clockOf(ctx context.Context, c config.Config, d *db.DB) finding {
	var newest time.Time
	for _, part := range parts {
		if info, err := os.Stat(filepath.Join(c.Data, part)); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	now := time.Now()
	server := now
	if d != nil {
		if t, err := d.ServerTime(ctx); err == nil {
			server = t.Add(-time.Since(now) / 2) // without half of the way there and back
		}
	}
	return compareClocks(now, server, newest)
}

// compareClocks judges the machine's clock by the database server's and by when the installation was
// last written.
func compareClocks(now, server, written time.Time) finding {
	switch apart := server.Sub(now).Round(time.Millisecond); {
	case now.Year() < 2021 || now.Year() > 2100:
		return finding{"clock", false, fmt.Sprintf("the machine believes it is %d: set its clock and switch NTP on", now.Year())}
	case apart.Abs() > most:
		return finding{"clock", false, fmt.Sprintf("the database server's clock differs from this machine's by %v: switch NTP on, on both", apart)}
	case written.Sub(now) > most:
		return finding{"clock", false, fmt.Sprintf("the installation was written at %s, which is to come by this machine's clock (%s): set it and switch NTP on",
			written.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))}
	}
	return finding{"clock", true, now.UTC().Format(time.RFC3339)}
}

func database(ctx context.Context, c config.Config) (*db.DB, finding) {
	f := finding{what: "database"}
	path, lite := sqlitePath(c)
	if lite {
		if _, err := os.Stat(path); err != nil {
			f.says = fmt.Sprintf("there is none at %s: start the program once, or restore a backup", path)
			return nil, f
		}
	}
	d, err := db.Open(ctx, c.Database, nil)
	if err != nil {
		f.says = "it does not answer: " + err.Error() + "; is the server running, are name and password right?"
		if lite {
			f.says = "it cannot be opened: " + err.Error() + "; is the disk full, does the file belong to the user the program runs as? if it is damaged, restore a backup into an empty folder"
		}
		return nil, f
	}
	standing, err := d.Standing(ctx)
	if err != nil {
		d.Close()
		f.says = "its version cannot be read: " + err.Error()
		return nil, f
	}
	has, want, err := d.Versions(ctx)
	switch {
	case err != nil:
		f.says = "its version cannot be read: " + err.Error()
	case standing == db.Older:
		f.ok, f.says = true, fmt.Sprintf("%s, version %d; the next start brings it to %d (make a backup first); what needs the new version was not looked at", d.Engine(), has, want)
	case standing == db.Current:
		f.ok, f.says = true, fmt.Sprintf("%s, version %d", d.Engine(), has)
		return d, f
	default:
		f.says = d.Reject(ctx, db.Current).Error()
	}
	d.Close()
	return nil, f
}

func secret(ctx context.Context, c config.Config, d *db.DB) finding {
	if err := app.Secret(ctx, c, d); err != nil {
		return finding{"secret", false, err.Error()}
	}
	s, err := os.Stat(c.Secret)
	switch {
	case err != nil:
		return finding{"secret", true, "none yet: the next start makes it"}
	case runtime.GOOS != "windows" && s.Mode().Perm()&0o077 != 0:
		return finding{"secret", false, "others can read it: chmod 600 " + c.Secret}
	}
	return finding{"secret", true, c.Secret}
}

func chain(ctx context.Context, d *db.DB) finding {
	n, err := audit.Verify(ctx, d.Read())
	if err != nil {
		return finding{"audit", false, err.Error() + ": someone changed the database by hand; keep a copy and compare with a backup"}
	}
	return finding{"audit", true, fmt.Sprintf("%d lines, the chain is whole", n)}
}

// stored looks for every file that rows refer to; whether each is undamaged, verify files proves.
func stored(ctx context.Context, c config.Config, d *db.DB) finding {
	files, err := attachments(ctx, c, blob.OpenExisting)
	if err != nil {
		return finding{"files", false, err.Error() + ": check files in the settings"}
	}
	lost, err := missing(ctx, d, files)
	switch {
	case err != nil:
		return finding{"files", false, err.Error()}
	case len(lost) > 0:
		return finding{"files", false, fmt.Sprintf("%d are missing, the first: %v; put them back: bangvang restore --files-only BACKUP", len(lost), lost[0])}
	}
	return finding{"files", true, "every file that documents refer to is there"}
}

func work(ctx context.Context, d *db.DB) finding {
	due, running, failed, err := jobs.Counts(ctx, d.Read(), time.Now().UnixMilli())
	switch {
	case err != nil:
		return finding{"jobs", false, err.Error()}
	case failed > 0:
		return finding{"jobs", false, fmt.Sprintf("%d failed for good: see “Việc nền” in the office pages for why, mend it, press “Chạy lại”", failed)}
	case due > 200 && running == 0:
		return finding{"jobs", false, fmt.Sprintf("%d wait and none runs: is the office plane (bangvang serve) running?", due)}
	}
	return finding{"jobs", true, fmt.Sprintf("%d due, %d running", due, running)}
}

// published looks for every part of what is published; whether each page is undamaged, verify files
// proves.
func published(ctx context.Context, c config.Config) finding {
	snap, uses, store, err := snapshot(ctx, c)
	if err != nil {
		return finding{"published", false, err.Error()}
	}
	if snap == nil {
		return finding{"published", false, "nothing is published yet: start the office plane once"}
	}
	lost, err := blob.Missing(ctx, store, uses)
	if err != nil || len(lost) > 0 {
		return finding{"published", false, damagedPages(c, lost, err).Error()}
	}
	return finding{"published", true, fmt.Sprintf("%d pages, generation %d", snap.Len(), snap.Generation())}
}

// renewal is how long before its end a certificate wants renewing: a week of work.
const renewal = 7 * 24 * time.Hour

func address(c config.Config) finding {
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return finding{"address", false, err.Error() + ": tls-cert and tls-key must be PEM files that belong together and can be read"}
		}
		if end := pair.Leaf.NotAfter; time.Until(end) < renewal {
			return finding{"address", false, fmt.Sprintf("the certificate %s ends on %s: renew it", c.TLSCert, end.UTC().Format(time.DateOnly))}
		}
	}
	switch {
	case local(c.BaseURL):
		return finding{"address", true, c.BaseURL + " (only this machine; set base-url before opening it to the public)"}
	case !c.OfficeSecure() && !local(c.OfficeURL):
		return finding{"address", false, c.OfficeURL + " is not https: passwords could be read on the way; give tls-cert and tls-key or put a proxy in front"}
	}
	return finding{"address", true, c.BaseURL}
}

// local tells whether an address leads nowhere but to this machine.
func local(url string) bool {
	return strings.Contains(url, "127.0.0.1") || strings.Contains(url, "localhost")
}
