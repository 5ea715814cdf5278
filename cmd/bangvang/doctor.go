package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/audit"
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
	c, _, err := settings("doctor", args, nil)
	if err != nil {
		return err
	}
	ill := 0
	for _, f := range examine(ctx, c) {
		mark := "ok  "
		if !f.ok {
			mark, ill = "BAD ", ill+1
		}
		fmt.Printf("%s %-10s %s\n", mark, f.what, f.says)
	}
	if ill > 0 {
		return fmt.Errorf("%d of these want mending; each line says how", ill)
	}
	return nil
}

func examine(ctx context.Context, c config.Config) []finding {
	list := []finding{folder(c), space(c), zone()}
	d, f := database(ctx, c)
	list = append(list, f)
	if d != nil {
		defer d.Close()
		list = append(list, secret(ctx, c, d), chain(ctx, d), stored(ctx, c, d), work(ctx, d))
	}
	return append(list, published(ctx, c), address(c))
}

func folder(c config.Config) finding {
	f := finding{what: "data"}
	info, err := os.Stat(c.Data)
	if err != nil || !info.IsDir() {
		f.says = fmt.Sprintf("%s is no folder: give the right one with --data, or start the program once to make it", c.Data)
		return f
	}
	probe, err := os.CreateTemp(c.Data, ".doctor-*")
	if err != nil {
		f.says = fmt.Sprintf("%s cannot be written: give it to the user the program runs as (chown)", c.Data)
		return f
	}
	probe.Close()
	os.Remove(probe.Name())
	f.ok, f.says = true, c.Data
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

// zone looks whether the machine's clock can be right: a release to the second hangs on it.
func zone() finding {
	if y := time.Now().Year(); y < 2021 || y > 2100 {
		return finding{"clock", false, fmt.Sprintf("the machine believes it is %d: set its clock and switch NTP on", y)}
	}
	return finding{"clock", true, time.Now().UTC().Format(time.RFC3339)}
}

func database(ctx context.Context, c config.Config) (*db.DB, finding) {
	f := finding{what: "database"}
	if path, ok := sqlitePath(c); ok {
		if _, err := os.Stat(path); err != nil {
			f.says = fmt.Sprintf("there is none at %s: start the program once, or restore a backup", path)
			return nil, f
		}
	}
	d, err := db.Open(ctx, c.Database, nil)
	if err != nil {
		f.says = "it does not answer: " + err.Error() + "; is the server running, are name and password right?"
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
	files, err := app.Attachments(ctx, c)
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

func published(ctx context.Context, c config.Config) finding {
	site, err := app.OpenSite(ctx, c)
	if err != nil {
		return finding{"published", false, err.Error() + ": check files in the settings"}
	}
	if site.Snapshot() == nil {
		return finding{"published", false, "nothing is published yet: start the office plane once"}
	}
	return finding{"published", true, fmt.Sprintf("%d pages, generation %d", site.Snapshot().Len(), site.Snapshot().Generation())}
}

func address(c config.Config) finding {
	switch {
	case local(c.BaseURL):
		return finding{"address", true, c.BaseURL + " (only this machine; set base-url before opening it to the public)"}
	case !c.OfficeSecure() && !local(c.OfficeURL):
		return finding{"address", false, c.OfficeURL + " is not https: passwords could be read on the way; give tls-cert and tls-key or put a proxy in front"}
	}
	if c.TLSCert != "" {
		if _, err := os.Stat(c.TLSCert); errors.Is(err, os.ErrNotExist) {
			return finding{"address", false, "the certificate " + c.TLSCert + " is not there"}
		}
	}
	return finding{"address", true, c.BaseURL}
}

// local tells whether an address leads nowhere but to this machine.
func local(url string) bool {
	return strings.Contains(url, "127.0.0.1") || strings.Contains(url, "localhost")
}
