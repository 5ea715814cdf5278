package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A server is the program under test.
type server struct {
	base  string
	cmd   *exec.Cmd
	ready time.Duration
}

func start(binary, data string) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &server{base: fmt.Sprintf("http://127.0.0.1:%d", port)}
	s.cmd = exec.Command(binary, "serve", "--data", data, "--addr", fmt.Sprintf("127.0.0.1:%d", port))
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(began) < time.Minute {
		if res, err := http.Get(s.base + "/"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				s.ready = time.Since(began)
				return s, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("the program did not answer on %s", s.base)
}

func (s *server) stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// search asks 400 mixed questions one after the other.
func (s *server) search() error {
	var ready struct{ Total int }
	for range 300 { // the index is built in the background after a start
		if err := get(s.base+"/api/v1/search?q=thi", &ready); err == nil && ready.Total > 1000 {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	asked := []string{"diem thi", "điểm thi", "ĐIỂM THI", "lịch thi ngữ văn", "chi thi 08", "08/ct-ubnd", "quy che thi", "hội đồng thi", "phuc khao bai thi",
		"THPT", "SGDĐT", "công văn 1234", "kiem tra y te", "giao thong huyen xa", "khong co tu nay", "thi sinh tu do", "ban chỉ đạo", "trung tâm thường xuyên", "ngay 5 thang 6", "an toan nghiem tuc"}
	var took []time.Duration
	for range 20 {
		for _, q := range asked {
			began := time.Now()
			res, err := http.Get(s.base + "/tim?q=" + url.QueryEscape(q))
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if err != nil || res.StatusCode != http.StatusOK {
				return fmt.Errorf("search %q: %s, %v", q, res.Status, err)
			}
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	fmt.Printf("search page over %d entries, %d questions: p50 %v, p95 %v\n\n", ready.Total, len(took),
		took[len(took)/2].Round(10*time.Microsecond), took[len(took)*95/100].Round(10*time.Microsecond))
	return nil
}

func get(address string, v any) error {
	res, err := http.Get(address)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(v)
}

// pages drives each page, ours and nginx's file of the same bytes in turn.
func (s *server) pages(each time.Duration, paths []string) error {
	n, err := startNginx()
	if err != nil {
		return err
	}
	defer n.stop()
	fmt.Printf("%-32s %8s %12s %12s %7s %10s %10s %7s\n", "page", "bytes", "ours req/s", "nginx req/s", "ratio", "ours µs", "nginx µs", "ratio")
	for i, path := range paths {
		res, err := http.Get(s.base + path)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			return fmt.Errorf("page %s: %s, %v", path, res.Status, err)
		}
		name := fmt.Sprintf("page%d.html", i)
		if err := os.WriteFile(filepath.Join(n.root, name), body, 0o644); err != nil {
			return err
		}
		var ours, theirs driven
		for range 3 { // in turn, so that a drifting machine is fair to both
			if err := ours.add(s.base+path, each/3, s.cmd.Process.Pid); err != nil {
				return err
			}
			if err := theirs.add(n.base+"/"+name, each/3, n.workers()...); err != nil {
				return err
			}
		}
		fmt.Printf("%-32s %8d %12.0f %12.0f %7.2f %10.2f %10.2f %7.2f\n", path, len(body), ours.rate(), theirs.rate(), ours.rate()/theirs.rate(),
			ours.cpu(), theirs.cpu(), theirs.cpu()/ours.cpu())
	}
	fmt.Printf("\nresident memory of the program: %d MiB\n", resident(s.cmd.Process.Pid)>>20)
	return nil
}

// driven sums runs of wrk: requests, seconds, and the processor time of the server's processes.
type driven struct {
	requests float64
	seconds  float64
	busy     float64 // seconds
}

func (d *driven) rate() float64 { return d.requests / d.seconds }

// cpu gives microseconds of the server's processor time a request.
func (d *driven) cpu() float64 { return d.busy / d.requests * 1e6 }

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in ([\d.]+)(s|m)`)
	wrkErrors   = regexp.MustCompile(`Socket errors|Non-2xx`)
)

func (d *driven) add(address string, each time.Duration, pids ...int) error {
	before := busy(pids)
	out, err := exec.Command("wrk", "-t1", "-c64", fmt.Sprintf("-d%ds", max(1, int(each.Seconds()))), address).CombinedOutput()
	if err != nil || wrkErrors.Match(out) {
		return fmt.Errorf("wrk %s: %v: %s", address, err, out)
	}
	m := wrkRequests.FindSubmatch(out)
	if m == nil {
		return fmt.Errorf("wrk said %s", out)
	}
	requests, _ := strconv.ParseFloat(string(m[1]), 64)
	seconds, _ := strconv.ParseFloat(string(m[2]), 64)
	d.requests, d.seconds, d.busy = d.requests+requests, d.seconds+seconds, d.busy+busy(pids)-before
	return nil
}

// busy gives the processor time processes have used, in seconds.
func busy(pids []int) (sum float64) {
	for _, pid := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		user, _ := strconv.ParseFloat(fields[11], 64)
		system, _ := strconv.ParseFloat(fields[12], 64)
		sum += (user + system) / 100 // clock ticks
	}
	return sum
}

func resident(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	pages, _ := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
