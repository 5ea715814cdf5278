// Package scenarios plays stories from the plan with the built program: an empty folder, a real
// browser, a real database server, a real web server, and a hard stop in the middle.
//
// Every story runs on SQLite and on PostgreSQL. The browser and the outside checkers are the ones
// of tests/browser, installed by tests/setup.sh; what is missing fails the run, it skips nothing.
//
// Start reading at program_test.go (the program), then story_test.go (the people).
package scenarios_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"bangvang/internal/base/db/dbtest"
)

// binary is the program, built once for all stories.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bangvang-scenarios-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "bangvang")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-X main.version=scenario", "-o", binary, "bangvang/cmd/bangvang")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// A place is where an installation lives: its folder, and its database when that is elsewhere.
type place struct{ data, database string }

// flags name the place to a command.
func (p place) flags() []string {
	f := []string{"--data", p.data}
	if p.database != "" {
		f = append(f, "--database", p.database)
	}
	return f
}

// onBoth plays a story in an empty place on each engine.
func onBoth(t *testing.T, story func(t *testing.T, at place)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		story(t, place{data: t.TempDir()})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		database := dbtest.PostgresURL(t) // before the folder: the database goes when the program is gone
		story(t, place{data: t.TempDir(), database: database})
	})
}

// A program is bangvang running.
type program struct {
	t    testing.TB
	base string // http://127.0.0.1:PORT
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	logs *tail
}

// demo starts the demonstration province and waits for its line "ready http://…".
func demo(t testing.TB, at place, extra ...string) *program {
	t.Helper()
	args := append([]string{"demo", "--addr", freeAddress(t)}, at.flags()...)
	p, out := launch(t, append(args, extra...))
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if base, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				ready <- base
			}
		}
	}()
	select {
	case p.base = <-ready:
	case <-p.done:
		t.Fatalf("the demonstration ended at its start:\n%s", p.logs)
	case <-time.After(2 * time.Minute):
		t.Fatalf("the demonstration did not become ready:\n%s", p.logs)
	}
	return p
}

// serve starts an installation and waits until readers get its front page.
func serve(t testing.TB, at place, extra ...string) *program {
	t.Helper()
	address := freeAddress(t)
	args := append([]string{"serve", "--addr", address}, at.flags()...)
	p, _ := launch(t, append(args, extra...))
	p.base = "http://" + address
	p.until("/readyz", http.StatusOK)
	return p
}

func launch(t testing.TB, args []string) (*program, io.Reader) {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(binary, args...), done: make(chan struct{}), logs: &tail{}}
	p.cmd.Stderr = p.logs
	out, err := p.cmd.StdoutPipe()
	must(t, err)
	must(t, p.cmd.Start())
	go func() {
		p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", args[0], p.logs)
		}
	})
	return p, out
}

// stop asks the program to end (SIGTERM) and gives its exit status.
func (p *program) stop() int {
	p.t.Helper()
	must(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		p.t.Fatalf("the program did not end on SIGTERM:\n%s", p.logs)
	}
	return p.cmd.ProcessState.ExitCode()
}

// kill ends it as a power cut would.
func (p *program) kill() {
	p.cmd.Process.Kill()
	<-p.done
}

// until waits until a path answers with the status.
func (p *program) until(path string, status int) {
	p.t.Helper()
	last := 0
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.done:
			p.t.Fatalf("the program ended before %s answered %d:\n%s", path, status, p.logs)
		default:
		}
		if res, err := direct.Get(p.base + path); err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if last = res.StatusCode; last == status {
				return
			}
		}
	}
	p.t.Fatalf("%s answers %d, not %d:\n%s", path, last, status, p.logs)
}

// untilSays waits until a page is there and has the words.
func (p *program) untilSays(path, words string) {
	p.t.Helper()
	var last answer
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if last = p.get(path); last.status == http.StatusOK && bytes.Contains(last.body, []byte(words)) {
			return
		}
	}
	p.t.Fatalf("%s answers %d without %q:\n%s", path, last.status, words, last.body)
}

// direct asks without following redirects.
var direct = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// An answer is what one request got.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get asks for a path as it is, with further headers as "Name: value".
func (p *program) get(path string, headers ...string) answer {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodGet, p.base+path, nil)
	must(p.t, err)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	res, err := direct.Do(r)
	must(p.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(p.t, err)
	return answer{res.StatusCode, res.Header, body}
}

// bangvang runs a command to its end and gives what it printed and its exit status.
func bangvang(t testing.TB, args ...string) (out string, status int) {
	t.Helper()
	b, err := exec.Command(binary, args...).CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	if err != nil {
		return string(b), err.(*exec.ExitError).ExitCode()
	}
	return string(b), 0
}

// done runs a command that must succeed.
func done(t testing.TB, args ...string) string {
	t.Helper()
	out, status := bangvang(t, args...)
	if status != 0 {
		t.Fatalf("bangvang %s ended with %d: %s", strings.Join(args, " "), status, out)
	}
	return out
}

// node runs one of the programs of tests/browser and reads the JSON it prints.
func node(t testing.TB, into any, script string, args ...string) {
	t.Helper()
	cmd := exec.Command("node", append([]string{script}, args...)...)
	cmd.Dir = filepath.Join("..", "browser")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s (make setup installs what it needs): %v\n%s", script, err, said.String())
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatalf("%s printed no JSON: %v\n%s", script, err, out.String())
	}
}

// passwords reads the demonstration's accounts.json.
func (p place) passwords(t testing.TB) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.data, "accounts.json"))
	must(t, err)
	var accounts []struct{ Username, Password string }
	must(t, json.Unmarshal(text, &accounts))
	all := map[string]string{}
	for _, a := range accounts {
		all[a.Username] = a.Password
	}
	return all
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// tail keeps what a program wrote to its standard error.
type tail struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *tail) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
