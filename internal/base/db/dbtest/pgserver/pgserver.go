// Package pgserver starts a real PostgreSQL server for tests and benchmarks: its own folder, its
// own port on loopback, gone with the process that started it, however that ends.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// running holds the servers of this process: one that nothing refers to any more would lose its
// guard's pipe to the garbage collector, and end.
var running sync.Map

// A Server is one running PostgreSQL. It ends with this process, or earlier by Stop.
type Server struct {
	URL string // postgres://…/postgres, as its superuser

	dir   string
	guard *exec.Cmd
	hold  io.Closer
}

// The guard ends the server when its standard input closes, which the kernel does for us even
// when the process holding the other end is killed.
const guardScript = `
"$1/postgres" -D "$2" >"$2/../log" 2>&1 &
pid=$!
cat >/dev/null
kill -INT $pid 2>/dev/null
wait $pid
cd / && rm -rf "$(dirname "$2")"
`

// Start starts a server on a free loopback port. It looks for PostgreSQL's programs in PATH and
// where Debian puts them, newest first. Run as root it switches to the user postgres or nobody,
// because PostgreSQL refuses to be root.
func Start() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bangvang-pg-")
	if err != nil {
		return nil, err
	}
	attr, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "bangvang", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	conf := fmt.Sprintf("listen_addresses='127.0.0.1'\nport=%d\nunix_socket_directories=''\nfsync=off\nfull_page_writes=off\nsynchronous_commit=off\nmax_connections=400\nshared_buffers=128MB\n", port)
	if err := os.WriteFile(filepath.Join(data, "postgresql.auto.conf"), []byte(conf), 0o644); err != nil {
		return nil, err
	}
	s := &Server{URL: fmt.Sprintf("postgres://bangvang@127.0.0.1:%d/postgres?sslmode=disable", port), dir: dir}
	s.guard = exec.Command("sh", "-c", guardScript, "guard", bin, data)
	s.guard.SysProcAttr, s.guard.Dir = attr, dir
	stdin, err := s.guard.StdinPipe()
	if err != nil {
		return nil, err
	}
	s.hold = stdin
	running.Store(s, true)
	if err := s.guard.Start(); err != nil {
		return nil, err
	}
	if err := s.wait(30 * time.Second); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		s.Stop()
		return nil, fmt.Errorf("PostgreSQL did not answer: %w: %s", err, log)
	}
	return s, nil
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() {
	s.hold.Close()
	s.guard.Wait()
	running.Delete(s)
}

func (s *Server) wait(most time.Duration) error {
	var err error
	for until := time.Now().Add(most); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if err = Exec(s.URL, "SELECT 1"); err == nil {
			return nil
		}
	}
	return err
}

// Exec runs one statement on the server at url.
func Exec(url, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	sort.Slice(found, func(i, j int) bool { return version(found[i]) > version(found[j]) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", errors.New("no PostgreSQL server programs found; on Debian: apt-get install postgresql")
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// unprivileged gives the process attributes to run as a user that PostgreSQL accepts, and makes
// dir that user's.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{Setpgid: true}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Setpgid: true, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
