package scenarios_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bangvang/internal/base/db"
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
		dir, err := os.MkdirTemp("", "bangvang-province-")
		must(t, err)
		if status := demo(t, place{data: dir}, "--at", "2021-07-06T08:00").stop(); status != 0 {
			t.Fatalf("the demonstration ended with %d", status)
		}
		province.data = dir
	})
	at := place{data: filepath.Join(t.TempDir(), "data")}
	must(t, os.CopyFS(at.data, os.DirFS(province.data)))
	must(t, os.Chmod(filepath.Join(at.data, "secret"), 0o600))
	return at
}

// address is where the installation's database is.
func (p place) address() string {
	if p.database != "" {
		return p.database
	}
	return "sqlite:" + filepath.Join(p.data, "bangvang.db")
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

	at.refuses(t, "serve --addr 127.0.0.1:0", "secret is missing", "reset-factors")
	at.refuses(t, "user list", "secret is missing")
	at.diagnosis(t, "BAD", "secret", "is missing", "reset-factors")
	if _, err := os.Stat(secret); err == nil {
		t.Error("a refused start made a secret of its own")
	}
	must(t, os.WriteFile(secret, []byte("nothing\n"), 0o600))
	at.refuses(t, "serve --addr 127.0.0.1:0", "holds no secret")
	must(t, os.WriteFile(secret, []byte(strings.Repeat("QUFB", 12)+"\n"), 0o600))
	at.refuses(t, "serve --addr 127.0.0.1:0", "another secret")
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
