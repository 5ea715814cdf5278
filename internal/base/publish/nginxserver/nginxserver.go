// Package nginxserver starts Debian's nginx on loopback for tests and benchmarks: the reference for
// figures, and the other web server that must serve our static mirror byte for byte.
package nginxserver

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// A Server is one running nginx with a folder of its own. It ends by Stop.
type Server struct {
	Address string // 127.0.0.1:PORT
	PID     int    // of the only process, or of the master when there are workers

	dir  string
	cmd  *exec.Cmd
	said bytes.Buffer
}

// Options are what differs between one use and another.
type Options struct {
	Root    string   // the folder served
	Workers int      // processes besides a master; 0 = one process that does all
	Under   []string // a command that starts it, such as taskset with its arguments
	HTTP    string   // further lines of the http block
	Site    string   // further lines of the server block
}

// Start starts nginx and waits until it takes connections.
func Start(o Options) (*Server, error) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in every user's PATH
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bangvang-nginx-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // its workers are another user
		return nil, err
	}
	processes := "master_process off;"
	if o.Workers > 0 {
		processes = fmt.Sprintf("worker_processes %d;", o.Workers)
	}
	conf := fmt.Sprintf(`daemon off; %[1]s pid %[2]s/pid; error_log %[2]s/error.log;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path %[2]s/a; proxy_temp_path %[2]s/b; fastcgi_temp_path %[2]s/c; uwsgi_temp_path %[2]s/d; scgi_temp_path %[2]s/e;
  %[3]s
  server { listen %[4]s; root %[5]s; %[6]s }
}
`, processes, dir, o.HTTP, address, o.Root, o.Site)
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(conf), 0o644); err != nil {
		return nil, err
	}
	s := &Server{Address: address, dir: dir}
	line := append(slices.Clone(o.Under), program, "-c", path, "-p", dir, "-e", filepath.Join(dir, "error.log"))
	s.cmd = exec.Command(line[0], line[1:]...)
	s.cmd.Stderr = &s.said
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start nginx (make setup installs it): %w", err), os.RemoveAll(dir))
	}
	s.PID = s.cmd.Process.Pid
	for range 200 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return s, nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	log := s.Log()
	s.Stop()
	return nil, fmt.Errorf("nginx does not answer on %s: %s", address, log)
}

// Log gives what nginx said about errors so far.
func (s *Server) Log() string {
	log, _ := os.ReadFile(filepath.Join(s.dir, "error.log"))
	return s.said.String() + string(log)
}

// Stop ends nginx and removes its folder; Root stays.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(os.Interrupt) // it may have ended by itself
	s.cmd.Wait()
	os.RemoveAll(s.dir)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
