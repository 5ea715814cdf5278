package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// nginx is the reference: Debian's, serving static files with what makes it quick switched on.
type nginx struct {
	base, root, dir string
	cmd             *exec.Cmd
}

const nginxConfig = `
worker_processes 1; daemon off; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 120s;
  open_file_cache max=1000; open_file_cache_valid 60s; server_tokens off;
  types { text/html html; } default_type text/html;
  client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  server { listen 127.0.0.1:%[2]d; root %[1]s/root; }
}
`

func startNginx() (*nginx, error) {
	dir, err := os.MkdirTemp("", "bangvang-nginx-")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	n := &nginx{base: fmt.Sprintf("http://127.0.0.1:%d", port), root: filepath.Join(dir, "root"), dir: dir}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.Mkdir(n.root, 0o755); err != nil {
		return nil, err
	}
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConfig, dir, port), 0o644); err != nil {
		return nil, err
	}
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx"
	}
	n.cmd = exec.Command(serverCore[0], append(serverCore[1:], program, "-c", conf, "-p", dir)...)
	if err := n.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start nginx (make setup installs it): %w", err)
	}
	for range 100 {
		if res, err := http.Get(n.base + "/"); err == nil {
			res.Body.Close()
			return n, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	n.stop()
	return nil, fmt.Errorf("nginx did not answer")
}

func (n *nginx) stop() {
	n.cmd.Process.Signal(os.Interrupt)
	n.cmd.Wait()
	os.RemoveAll(n.dir)
}

// workers gives the ids of nginx's worker processes.
func (n *nginx) workers() []int {
	pid := n.cmd.Process.Pid
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return []int{pid}
	}
	var pids []int
	for f := range strings.FieldsSeq(string(b)) {
		if id, err := strconv.Atoi(f); err == nil {
			pids = append(pids, id)
		}
	}
	return pids
}
