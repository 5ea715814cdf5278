package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A process is the program under test.
type process struct {
	base  string // http://127.0.0.1:port
	cmd   *exec.Cmd
	out   io.Reader
	began time.Time

	mu     sync.Mutex
	stderr bytes.Buffer
}

// Write keeps what the program says on standard error, for who asks why it failed.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%.500s", p.stderr.String())
}

// launch starts a command of the program on a folder and a free port.
func launch(binary, command, data string, core ...string) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	p := &process{base: fmt.Sprintf("http://127.0.0.1:%d", port)}
	args := append(slices.Clone(core), binary, command, "--data", data, "--addr", strings.TrimPrefix(p.base, "http://"), "--base-url", baseURL)
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Stderr = p
	if p.out, err = p.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	p.began = time.Now()
	return p, p.cmd.Start()
}

// answered waits for the first public page and gives the time from the start to it, and the
// processor time used until then.
func (p *process) answered() (took, used time.Duration, err error) {
	for time.Since(p.began) < time.Minute {
		if res, err := http.Get(p.base + "/"); err == nil {
			_, err = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if err == nil && res.StatusCode == http.StatusOK {
				return time.Since(p.began), busy([]int{p.pid()}), nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return 0, 0, fmt.Errorf("the program did not answer on %s: %s", p.base, p.said())
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// stop ends the program as an operator would, or by force when it does not listen.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	force := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer force.Stop()
	_ = p.cmd.Wait()
}

// idle waits until no job is due or runs, so that the work behind a start is not measured with
// what readers see.
func idle(most time.Duration, count func() (due, running int, err error)) error {
	for until, quiet := time.Now().Add(most), 0; quiet < 3; time.Sleep(300 * time.Millisecond) {
		due, running, err := count()
		switch {
		case err != nil:
			return err
		case due+running == 0:
			quiet++
		case time.Now().After(until):
			return fmt.Errorf("%d jobs are due and %d run after %v", due, running, most)
		default:
			quiet = 0
		}
	}
	return nil
}

// counts are the jobs due and running by the program's own figures.
func (p *process) counts() (due, running int, err error) {
	figures, err := body(p.base + "/metrics")
	if err != nil {
		return 0, 0, err
	}
	due, running = -1, -1
	for line := range strings.Lines(string(figures)) {
		_, _ = fmt.Sscanf(line, `bangvang_jobs{state="due"} %d`, &due)
		_, _ = fmt.Sscanf(line, `bangvang_jobs{state="running"} %d`, &running)
	}
	if due < 0 || running < 0 {
		return 1, 0, nil // the office side is not open yet
	}
	return due, running, nil
}

// serve starts the program on a filled or empty folder and waits until it has nothing left to do.
func serve(binary, data string, core ...string) (*process, error) {
	p, err := launch(binary, "serve", data, core...)
	if err != nil {
		return nil, err
	}
	if _, _, err = p.answered(); err == nil {
		err = idle(5*time.Minute, p.counts)
	}
	if err == nil {
		err = p.resting(2 * time.Minute)
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// resting waits until the program uses next to no processor time: it reads pages and the search index
// behind its first answers.
func (p *process) resting(most time.Duration) error {
	for until := time.Now().Add(most); time.Now().Before(until); {
		before := busy([]int{p.pid()})
		time.Sleep(2 * time.Second)
		if busy([]int{p.pid()})-before <= 40*time.Millisecond {
			return nil
		}
	}
	return fmt.Errorf("the program still works after %v", most)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// busy gives the processor time processes have used.
func busy(pids []int) (sum time.Duration) {
	const tick = 10 * time.Millisecond // of the kernel's accounting, on every Linux we run on
	for _, pid := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		user, _ := strconv.ParseInt(fields[11], 10, 64)
		system, _ := strconv.ParseInt(fields[12], 10, 64)
		sum += time.Duration(user+system) * tick
	}
	return sum
}

// resident gives the memory a process holds, in bytes: the smallest of a few seconds, so that what
// a collection is about to free does not count.
func resident(pid int) (int64, error) {
	var least int64
	for range 10 {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			return 0, err
		}
		pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
		if err != nil {
			return 0, err
		}
		if held := pages * int64(os.Getpagesize()); least == 0 || held < least {
			least = held
		}
		time.Sleep(500 * time.Millisecond)
	}
	if least == 0 {
		return 0, errors.New("the process holds no memory")
	}
	return least, nil
}

// empty measures the memory of a server in which nothing was entered.
func (b *bench) empty(data string) error {
	p, err := serve(b.binary, data)
	if err != nil {
		return err
	}
	defer p.stop()
	if b.emptyMemory, err = resident(p.pid()); err != nil {
		return err
	}
	b.told("memory, empty server", mib(b.emptyMemory))
	return nil
}

// starts measures the time from starting the program on the filled folder to its first page.
func (b *bench) starts() error {
	var took, used []time.Duration
	for range startsEach {
		p, err := launch(b.binary, "serve", b.data)
		if err != nil {
			return err
		}
		t, u, err := p.answered()
		p.stop()
		if err != nil {
			return err
		}
		took, used = append(took, t), append(used, u)
	}
	m := median(took)
	b.promised("start → first public page", fmt.Sprintf("%s (processor %s)", ms(m), ms(median(used))), "≤ 500 ms", m <= 500*time.Millisecond)
	return nil
}
