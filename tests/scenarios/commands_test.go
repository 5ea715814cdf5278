package scenarios_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
)

// province is a demonstration on SQLite that was stopped; made once, copied for each test.
var province struct {
	once sync.Once
	data string
}

// stopped gives a copy of a stopped installation on SQLite, for a test to break.
func stopped(t *testing.T) place {
	t.Helper()
	province.once.Do(func() {
		dir, err := os.MkdirTemp(filepath.Dir(binary), "province-") // goes with the program
		must(t, err)
		at := place{data: dir}
		p := demo(t, at, "--at", "2021-07-06T08:00")
		d := login(t, p, at, "khao-thi")
		for i, number := range []string{"901/SGDĐT-VP", "902/SGDĐT-VP"} {
			form, err := d.incoming(number, "Văn bản có tệp đính kèm")
			must(t, err)
			to, err := d.send("/quan-tri/van-ban/moi", form)
			must(t, err)
			must(t, d.attach(strings.SplitN(to, "?", 2)[0], "phu-luc.csv", fmt.Sprintf("Điểm thi;Số phòng\nThan Uyên;%d\n", i)))
		}
		if status := p.stop(); status != 0 {
			t.Fatalf("the demonstration ended with %d", status)
		}
		province.data = dir
	})
	at := place{data: filepath.Join(t.TempDir(), "data")}
	must(t, os.CopyFS(at.data, os.DirFS(province.data)))
	must(t, os.Chmod(filepath.Join(at.data, "secret"), 0o600))
	return at
}

// attach sends a file to a document.
func (d *desk) attach(document, name, content string) error {
	form, err := d.form(document + "/them-tep")
	if err != nil {
		return err
	}
	form.Set("role", "attachment")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for key := range form {
		if err := m.WriteField(key, form.Get(key)); err != nil {
			return err
		}
	}
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		return err
	}
	fmt.Fprint(part, content)
	m.Close()
	r, err := http.NewRequest(http.MethodPost, d.base+document+"/them-tep", &body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := d.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if said, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("%s answers %d, %v: %s", document, res.StatusCode, err, said)
	}
	return nil
}

// exec changes the installation's database behind the program's back.
func (p place) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	d, err := db.Open(t.Context(), p.address(), nil)
	must(t, err)
	defer d.Close()
	must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

// A said is what a command said and how it ended.
type said struct {
	out, err string
	status   int
}

// says runs a command to its end.
func says(t *testing.T, args ...string) said {
	t.Helper()
	cmd := exec.Command(binary, args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return said{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// at runs a command on an installation.
func (p place) says(t *testing.T, args ...string) said {
	t.Helper()
	return says(t, append(args, p.flags()...)...)
}

// refuses checks that a command refuses in one line on standard error that has the words.
func (p place) refuses(t *testing.T, command string, words ...string) {
	t.Helper()
	s := p.says(t, strings.Fields(command)...)
	oneLine(t, command, s, 1, words...)
}

func oneLine(t *testing.T, command string, s said, status int, words ...string) {
	t.Helper()
	if s.status != status || strings.Count(s.err, "\n") != 1 {
		t.Errorf("%s ended with %d, want %d and one line: %q", command, s.status, status, s.err)
	}
	for _, w := range words {
		if !strings.Contains(s.err, w) {
			t.Errorf("%s says %q, without %q", command, s.err, w)
		}
	}
}

// diagnosis gives the doctor's line about one thing, and checks its mark: "ok" or "BAD".
func (p place) diagnosis(t *testing.T, mark, what string, words ...string) {
	t.Helper()
	s := p.says(t, "doctor")
	if want := map[string]int{"ok": 0, "BAD": 1}[mark]; s.status != want {
		t.Errorf("doctor ended with %d, want %d:\n%s%s", s.status, want, s.out, s.err)
	}
	for line := range strings.Lines(s.out) {
		f := strings.Fields(line)
		if len(f) < 2 || f[1] != what {
			continue
		}
		if f[0] != mark {
			t.Errorf("doctor says %q, want %s", line, mark)
		}
		for _, w := range words {
			if !strings.Contains(line, w) {
				t.Errorf("doctor says %q, without %q", line, w)
			}
		}
		return
	}
	t.Errorf("doctor says nothing about %s:\n%s", what, s.out)
}

func TestALostSecretIsNoticedBeforeItLocksPeopleOut(t *testing.T) {
	t.Parallel()
	at := stopped(t)
	at.exec(t, "UPDATE people_account SET totp = 'sealed' WHERE username = 'khao-thi'")
	secret, kept := filepath.Join(at.data, "secret"), filepath.Join(t.TempDir(), "kept")
	at.diagnosis(t, "ok", "secret", secret)
	must(t, os.Rename(secret, kept))

	at.keepsStaffOut(t, "secret is missing", "reset-factors")
	at.refuses(t, "user list", "secret is missing")
	at.diagnosis(t, "BAD", "secret", "is missing", "reset-factors")
	if _, err := os.Stat(secret); err == nil {
		t.Error("a refused start made a secret of its own")
	}
	must(t, os.WriteFile(secret, []byte("nothing\n"), 0o600))
	at.keepsStaffOut(t, "holds no secret")
	must(t, os.WriteFile(secret, []byte(strings.Repeat("QUFB", 12)+"\n"), 0o600))
	at.keepsStaffOut(t, "another secret")
	at.diagnosis(t, "BAD", "secret", "another secret")

	s := at.says(t, "user", "list", "--secret", kept) // several nodes share one
	if s.status != 0 || !strings.Contains(s.out, "khao-thi") {
		t.Errorf("with the secret put elsewhere: %+v", s)
	}
	if s := at.says(t, "user", "reset-factors"); s.status != 0 || !strings.Contains(s.out, "gone: 1;") {
		t.Errorf("giving out anew: %+v", s)
	}
	at.diagnosis(t, "ok", "secret")
	serve(t, at)
}

// keepsStaffOut starts the program on an installation whose office cannot open: readers have their
// pages, staff are told to come again, and the log says what is wrong.
func (p place) keepsStaffOut(t *testing.T, words ...string) {
	t.Helper()
	s := serve(t, p)
	s.until("/quan-tri/", http.StatusServiceUnavailable)
	for _, w := range words {
		for end := time.Now().Add(10 * time.Second); !strings.Contains(s.logs.String(), w); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the log does not say %q:\n%s", w, s.logs)
			}
		}
	}
	s.stop()
}

// files gives the paths of the stored attachments.
func (p place) files(t *testing.T) (all []string) {
	t.Helper()
	must(t, filepath.WalkDir(filepath.Join(p.data, "files", "area-tep"), func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && len(e.Name()) == 64 {
			all = append(all, path)
		}
		return err
	}))
	return all
}

func TestALostAttachmentIsNamedEverywhere(t *testing.T) {
	t.Parallel()
	at := stopped(t)
	whole := filepath.Join(t.TempDir(), "whole.bangvang")
	if s := at.says(t, "backup", whole); s.status != 0 {
		t.Fatalf("%+v", s)
	}
	all := at.files(t)
	if len(all) < 2 {
		t.Fatalf("the demonstration has %d attachments", len(all))
	}
	must(t, os.Remove(all[0]))
	must(t, os.WriteFile(all[1], []byte("rotten"), 0o600))
	gone, rotten := filepath.Base(all[0]), filepath.Base(all[1])

	at.refuses(t, "verify files", "not whole", "--files-only")
	at.diagnosis(t, "BAD", "files", gone, "--files-only")
	part := filepath.Join(t.TempDir(), "part.bangvang")
	at.refuses(t, "backup "+part, "backup is not whole")
	into := place{data: filepath.Join(t.TempDir(), "new")}
	for command, want := range map[string]int{"verify all": 1, "backup " + part: 1} {
		s := at.says(t, strings.Fields(command)...)
		if s.status != want || !strings.Contains(s.out, "is missing ("+gone) || !strings.Contains(s.out, "is damaged ("+rotten) {
			t.Errorf("%s ended with %d: %s", command, s.status, s.out)
		}
	}
	if s := into.says(t, "restore", part); s.status != 1 || !strings.Contains(s.out, "restored") || !strings.Contains(s.out, "is missing ("+gone) {
		t.Errorf("restoring what is not whole: %+v", s)
	}

	if s := at.says(t, "restore", "--files-only", part); s.status != 1 || !strings.Contains(s.out, gone) {
		t.Errorf("putting files back from a backup that lacks them: %+v", s)
	}
	if s := at.says(t, "restore", "--files-only", whole); s.status != 0 {
		t.Errorf("putting files back: %+v", s)
	}
	if s := at.says(t, "verify", "all"); s.status != 0 {
		t.Errorf("afterwards: %+v", s)
	}
}

// TestMaintenanceLeavesTheDatabaseAsItIs: a mistyped address is no installation, a database that an
// older program serves is not brought up to date, a newer one is refused.
func TestMaintenanceLeavesTheDatabaseAsItIs(t *testing.T) {
	t.Parallel()
	empty := place{data: t.TempDir(), database: dbtest.EmptyPostgresURL(t)}
	for _, command := range []string{"verify audit", "verify all", "backup " + filepath.Join(t.TempDir(), "x"), "user list", "migrate --to sqlite:" + filepath.Join(t.TempDir(), "y")} {
		empty.refuses(t, command, "empty", "check its address")
	}
	empty.diagnosis(t, "BAD", "database", "empty")
	d, err := db.Open(t.Context(), empty.database, nil)
	must(t, err)
	defer d.Close()
	if standing, err := d.Standing(t.Context()); err != nil || standing != db.Empty {
		t.Errorf("afterwards the database stands %q, %v", standing, err)
	}

	at := stopped(t)
	at.exec(t, "DROP TABLE people_secret")
	at.exec(t, "DELETE FROM goose_db_version WHERE version_id = 480")
	for _, command := range []string{"verify all", "user list", "migrate --to sqlite:" + filepath.Join(t.TempDir(), "y")} {
		at.refuses(t, command, "older than this program")
	}
	at.diagnosis(t, "ok", "database", "next start")
	saved := filepath.Join(t.TempDir(), "saved")
	if s := at.says(t, "backup", saved); s.status != 0 {
		t.Errorf("a backup before the upgrade: %+v", s)
	}
	into := place{data: filepath.Join(t.TempDir(), "new")}
	if s := into.says(t, "restore", saved); s.status != 0 {
		t.Errorf("restoring it: %+v", s)
	}
	at.refuses(t, "verify audit", "older than this program") // still

	newer := stopped(t)
	newer.exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (303, true)")
	for _, command := range []string{"serve --addr 127.0.0.1:0", "verify all", "backup " + saved, "user list"} {
		newer.refuses(t, command, "newer", "install the newer program")
	}
	newer.diagnosis(t, "BAD", "database", "newer")
}

// TestTheDoctorNamesEachBrokenThing breaks one thing at a time in an installation that is otherwise
// well.
func TestTheDoctorNamesEachBrokenThing(t *testing.T) {
	t.Parallel()
	well := stopped(t)
	for _, what := range []string{"data", "disk", "database", "clock", "secret", "audit", "files", "jobs", "published", "address"} {
		well.diagnosis(t, "ok", what)
	}
	before := listing(t, well.data)
	well.says(t, "doctor")
	if after := listing(t, well.data); after != before {
		was := strings.Split(before, "\n")
		for line := range strings.Lines(after) {
			if !slices.Contains(was, strings.TrimSuffix(line, "\n")) {
				t.Errorf("the doctor changed %s", line)
			}
		}
		t.Errorf("the installation has %d lines after the doctor, %d before", strings.Count(after, "\n"), len(was)-1)
	}

	mistyped := place{data: filepath.Join(t.TempDir(), "no-such")}
	mistyped.diagnosis(t, "BAD", "data", "no folder")
	if _, err := os.Stat(mistyped.data); err == nil {
		t.Error("the doctor made the folder it did not find")
	}
	place{data: t.TempDir()}.diagnosis(t, "BAD", "database", "there is none")

	for name, c := range map[string]struct {
		harm  func(at place) error
		what  string
		words []string
	}{
		"a damaged database": {func(at place) error {
			return os.WriteFile(filepath.Join(at.data, "bangvang.db"), []byte(strings.Repeat("no database. ", 1000)), 0o600)
		}, "database", []string{"not a database", "restore a backup"}},
		"a clock gone back": {func(at place) error {
			tomorrow := time.Now().Add(24 * time.Hour)
			return os.Chtimes(filepath.Join(at.data, "secret"), tomorrow, tomorrow)
		}, "clock", []string{"to come", "NTP"}},
		"a secret that others read": {func(at place) error {
			return os.Chmod(filepath.Join(at.data, "secret"), 0o644)
		}, "secret", []string{"chmod 600"}},
		"no stored files": {func(at place) error {
			return os.RemoveAll(filepath.Join(at.data, "files"))
		}, "published", []string{"check files in the settings"}},
		"a damaged snapshot": {func(at place) error {
			return harm(at, func(b []byte) bool { return strings.HasPrefix(string(b), `{"format"`) }, func(p string) error { return os.WriteFile(p, []byte("rotten"), 0o600) })
		}, "published", []string{"damaged", "drawn anew"}},
		"a missing published page": {func(at place) error {
			return harm(at, func(b []byte) bool { return strings.HasPrefix(string(b), "<!doctype html>") }, os.Remove)
		}, "published", []string{"is missing", "drawn anew"}},
		"a log changed by hand": {func(at place) error {
			at.exec(t, "UPDATE audit SET label = 'khác' WHERE seq = 2")
			return nil
		}, "audit", []string{"by hand"}},
	} {
		t.Run(name, func(t *testing.T) {
			at := stopped(t)
			must(t, c.harm(at))
			at.diagnosis(t, "BAD", c.what, c.words...)
		})
	}

	t.Run("a PostgreSQL server that does not answer", func(t *testing.T) {
		at := place{data: well.data, database: "postgres://ai:matkhau@" + freeAddress(t) + "/kho"}
		at.diagnosis(t, "BAD", "database", "is the server running")
		s := at.says(t, "doctor")
		if strings.Contains(s.out, "matkhau") {
			t.Error("the doctor prints a password")
		}
		for line := range strings.Lines(s.out) {
			if mark := line[:3]; mark != "ok " && mark != "BAD" {
				t.Errorf("a line of the doctor's that is no finding: %q", line)
			}
		}
	})
	t.Run("a key that is not there", func(t *testing.T) {
		s := well.says(t, "doctor", "--tls-cert", filepath.Join(well.data, "cert.pem"), "--tls-key", filepath.Join(well.data, "key.pem"))
		if s.status != 1 || !strings.Contains(s.out, "BAD  address") {
			t.Errorf("%+v", s)
		}
	})
	t.Run("files of another user", func(t *testing.T) {
		at := stopped(t)
		if os.Geteuid() != 0 {
			t.Log("only root can give files away: who runs the tests owns them all")
			return
		}
		must(t, os.Chown(filepath.Join(at.data, "bangvang.db"), 1, 1))
		at.diagnosis(t, "BAD", "data", "chown -R")
		must(t, os.Chown(filepath.Join(at.data, "bangvang.db"), 0, 0))
		at.diagnosis(t, "ok", "data", "of user root")
	})
}

// harm does something to a published part whose content is wanted.
func harm(at place, wanted func([]byte) bool, do func(path string) error) error {
	found := 0
	err := filepath.WalkDir(filepath.Join(at.data, "files", "area-cong"), func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || len(e.Name()) != 64 {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil || !wanted(content) {
			return err
		}
		found++
		return do(path)
	})
	if err == nil && found == 0 {
		return errors.New("nothing of the kind is published")
	}
	return err
}

// listing gives every file of a folder with its size.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() { // opening a database makes and removes files beside it
			return err
		}
		info, err := e.Info()
		fmt.Fprintln(&b, path, info.Size(), info.ModTime())
		return err
	}))
	return b.String()
}

// TestEveryCommandExplainsItself: help is one screen on standard output; wrong use is one line and
// status 2; a refusal is one line and status 1.
func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	var names []string
	overview := screen(t, "help")
	for line := range strings.Lines(overview) {
		if f := strings.Fields(line); strings.HasPrefix(line, "  ") && f[0] != "bangvang" {
			names = append(names, f[0])
		}
	}
	if len(names) < 12 {
		t.Fatalf("the overview names only %q", names)
	}
	for _, group := range []string{"user", "token"} {
		for line := range strings.Lines(screen(t, group)) {
			if f := strings.Fields(line); len(f) > 2 && f[0] == "bangvang" {
				names = append(names, group+" "+f[2])
			}
		}
	}
	for _, name := range names {
		screen(t, strings.Fields(name)...)
		oneLine(t, name+" --no-such", says(t, append(strings.Fields(name), "--no-such")...), 2, "--help explains it")
	}
	for _, wrong := range []string{"serve x", "demo x", "doctor /srv/x", "backup", "backup a b", "restore", "migrate", "migrate --to sqlite:x y", "verify some", "verify all files",
		"export", "export site", "user", "user reset", "user create x", "token make", "config x", "version x", "serve --workers many", "demo --at noon", "no-such"} {
		oneLine(t, wrong, says(t, strings.Fields(wrong)...), 2)
	}
	at := place{data: filepath.Join(t.TempDir(), "no-such")}
	file := filepath.Join(t.TempDir(), "no-backup")
	must(t, os.WriteFile(file, []byte("hello"), 0o600))
	for _, refused := range []string{"serve --addr 256.0.0.1:1", "demo --addr 256.0.0.1:1", "doctor", "backup " + file, "verify all", "migrate --to sqlite:" + file + ".db",
		"export site " + file + ".out", "user list", "token list", "restore --files-only " + file} {
		at.refuses(t, refused)
	}
	place{data: t.TempDir()}.refuses(t, "restore "+file, "no backup")
}

// screen gives what a command says about itself.
func screen(t *testing.T, command ...string) string {
	t.Helper()
	s := says(t, append(command, "--help")...)
	if lines := strings.Count(s.out, "\n"); s.status != 0 || s.err != "" || lines == 0 || lines > 24 {
		t.Errorf("%q --help ended with %d and %d lines, on standard error %q:\n%s", command, s.status, lines, s.err, s.out)
	}
	return s.out
}

// TestABackupMadeWhileRunningFillsTheOtherEngine: the restored installation shows the public the same
// pages, under the same address and by the same program, so that nothing but the restore has them drawn.
func TestABackupMadeWhileRunningFillsTheOtherEngine(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		other := place{data: filepath.Join(t.TempDir(), "other"), database: dbtest.PostgresURL(t)}
		if at.database != "" {
			other.database = ""
		}
		base := "https://thi.example.vn"
		p := demo(t, at, "--base-url", base)
		was := p.publicPages(t)
		saved := filepath.Join(t.TempDir(), "saved")
		if s := at.says(t, "backup", saved); s.status != 0 || !strings.Contains(s.out, filepath.Join(at.data, "secret")) {
			t.Fatalf("backup while running: %+v", s)
		}
		if status := p.stop(); status != 0 {
			t.Errorf("the program ended with %d", status)
		}
		if s := other.says(t, "restore", saved); s.status != 0 || !strings.Contains(s.out, "restored") {
			t.Fatalf("restore: %+v", s)
		}
		if s := other.says(t, "restore", saved); s.status != 1 || !strings.Contains(s.err, "holds data") {
			t.Errorf("restoring over an installation: %+v", s)
		}
		samePages(t, was, serve(t, other, "--base-url", base))
	})
}

// TestAnInstallationMovesToPostgreSQL: the folder stays, the database goes.
func TestAnInstallationMovesToPostgreSQL(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	p := demo(t, at, "--base-url", "https://thi.example.vn")
	was := p.publicPages(t)
	p.stop()
	to := place{data: at.data, database: dbtest.EmptyPostgresURL(t)}
	if s := at.says(t, "migrate", "--to", to.database); s.status != 0 {
		t.Fatalf("migrate: %+v", s)
	}
	if s := at.says(t, "migrate", "--to", to.database); s.status != 1 || !strings.Contains(s.err, "holds data") {
		t.Errorf("migrating twice: %+v", s)
	}
	samePages(t, was, serve(t, to, "--base-url", "https://thi.example.vn"))
	if s := to.says(t, "verify", "all"); s.status != 0 {
		t.Errorf("verify: %+v", s)
	}
}

// publicPages gives the body of every page the sitemap names.
func (p *program) publicPages(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, m := range locations.FindAllStringSubmatch(string(p.get("/sitemap.xml").body), -1) {
		pages[m[1]] = string(p.get(m[1]).body)
	}
	if len(pages) < 30 {
		t.Fatalf("the sitemap names only %d pages", len(pages))
	}
	return pages
}

var locations = regexp.MustCompile(`<loc>https://thi\.example\.vn([^<]*)</loc>`)

// samePages waits until a program shows the pages, all of them and no others.
func samePages(t *testing.T, want map[string]string, p *program) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		got := map[string]string{}
		for _, m := range locations.FindAllStringSubmatch(string(p.get("/sitemap.xml").body), -1) {
			got[m[1]] = ""
		}
		differ := ""
		for path, body := range want {
			if now := string(p.get(path).body); now != body {
				differ = path
			}
			delete(got, path)
		}
		if differ == "" && len(got) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s differs; %d pages there were not before", differ, len(got))
		}
	}
}

func TestVerifyNamesWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	at := stopped(t)
	if s := at.says(t, "verify"); s.status != 0 || strings.Count(s.out, "whole") != 2 {
		t.Errorf("a whole installation: %+v", s)
	}
	must(t, harm(at, func(b []byte) bool { return strings.HasPrefix(string(b), "<!doctype html>") }, func(p string) error { return os.WriteFile(p, []byte("rotten"), 0o600) }))
	at.refuses(t, "verify files", "published", "drawn anew")
	at.exec(t, "UPDATE audit SET label = 'khác' WHERE seq = 2")
	at.refuses(t, "verify audit", "2")
	at.refuses(t, "verify all", "published", "2")
	must(t, os.RemoveAll(filepath.Join(at.data, "files", "area-cong")))
	serve(t, at) // until the front page is there again
}
