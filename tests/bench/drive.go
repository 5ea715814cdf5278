package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"bangvang/internal/base/publish/nginxserver"
)

// paths are the public pages that are driven and weighed.
var paths = []string{"/", "/van-ban", documentPath(1), "/lich-thi"}

// Who answers and who asks have a core each, so that neither is measured by how it makes room for the
// other: as the prototypes were measured (dependencies §4).
var serverCore, driverCore = []string{"taskset", "-c", "0"}, []string{"taskset", "-c", "1"}

// serving measures everything that the program on the filled folder answers.
func (b *bench) serving() error {
	p, err := serve(b.binary, b.data)
	if err != nil {
		return err
	}
	defer func() { p.stop() }()
	b.part("search", func() error { return b.search(p) })
	b.part("memory", func() error { return b.memory(p, "filled") })
	p.stop()
	if p, err = serve(b.binary, b.data, serverCore...); err != nil {
		return err
	}
	b.part("pages beside nginx", func() error { return b.drive(p) })
	b.part("memory after the drive", func() error { return b.memory(p, "filled and driven") })
	b.part("first visits", func() error { return b.firstVisits(p) })
	return nil
}

func (b *bench) memory(p *process, when string) error {
	held, err := resident(p.pid())
	if err != nil {
		return err
	}
	if b.emptyMemory == 0 {
		return errors.New("there is no empty server to compare with")
	}
	b.told("memory, "+when, fmt.Sprintf("%s, %s beyond the empty server", mib(held), mib(held-b.emptyMemory)))
	return nil
}

// search asks 400 mixed questions one after the other.
func (b *bench) search(p *process) error {
	var index struct{ Total int }
	for until := time.Now().Add(2 * time.Minute); index.Total < b.documents; time.Sleep(100 * time.Millisecond) { // it is built in the background after a start
		if time.Now().After(until) {
			return fmt.Errorf("the index finds %d of %d documents", index.Total, b.documents)
		}
		if err := get(p.base+"/api/v1/search?q=van+ban", &index); err != nil {
			return err
		}
	}
	asked := []string{"diem thi", "điểm thi", "ĐIỂM THI", "lịch thi ngữ văn", "chi thi 08", "08/ct-ubnd", "quy che thi", "hội đồng thi", "phuc khao bai thi",
		"THPT", "SGDĐT", "công văn 1234", "kiem tra y te", "giao thong huyen xa", "khong co tu nay", "thi sinh tu do", "ban chỉ đạo", "trung tâm thường xuyên", "ngay 5 thang 6", "an toan nghiem tuc"}
	var took []time.Duration
	for range 20 {
		for _, q := range asked {
			began := time.Now()
			if _, err := body(p.base + "/tim?q=" + url.QueryEscape(q)); err != nil {
				return err
			}
			took = append(took, time.Since(began))
		}
	}
	p95 := percentile(took, 95)
	b.promised(fmt.Sprintf("search page, %d questions", len(took)), fmt.Sprintf("p50 %s, p95 %s", ms(median(took)), ms(p95)), "p95 ≤ 20 ms", p95 <= 20*time.Millisecond)
	return nil
}

// body gives what an address answers, which must be 200.
func body(address string) ([]byte, error) {
	res, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", address, res.Status)
	}
	return b, err
}

func get(address string, v any) error {
	res, err := http.Get(address)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(v)
}

// nginxQuick is what makes nginx serve static files as fast as it can.
const nginxQuick = `sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 120s;
  open_file_cache max=1000; open_file_cache_valid 60s; server_tokens off; types { text/html html; } default_type text/html;`

// drive drives each page, ours and nginx's file of the same bytes in turn: compressed as every browser
// asks for it, and plain.
func (b *bench) drive(p *process) error {
	root, err := os.MkdirTemp("", "bangvang-pages-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := os.Chmod(root, 0o755); err != nil { // nginx is another user
		return err
	}
	n, err := nginxserver.Start(nginxserver.Options{Root: root, Under: serverCore, HTTP: nginxQuick})
	if err != nil {
		return err
	}
	defer n.Stop()
	for i, path := range paths {
		for _, encoding := range []string{"br", "identity"} {
			page, err := encoded(p.base+path, encoding)
			if err != nil {
				return err
			}
			name := fmt.Sprintf("page%d-%s.html", i, encoding)
			if err := os.WriteFile(filepath.Join(root, name), page, 0o644); err != nil {
				return err
			}
			var ours, theirs driven
			for range 3 { // in turn, so that a drifting machine is fair to both
				if err := ours.add(p.base+path, encoding, b.each/3, p.pid()); err != nil {
					return err
				}
				if err := theirs.add("http://"+n.Address+"/"+name, encoding, b.each/3, n.PID); err != nil {
					return err
				}
			}
			rate, cost := ours.rate()/theirs.rate(), theirs.cost()/ours.cost()
			what := fmt.Sprintf("%s, %s, %d bytes: ", path, encoding, len(page))
			rates := fmt.Sprintf("%.2f (%.0f, nginx %.0f)", rate, ours.rate(), theirs.rate())
			costs := fmt.Sprintf("%.2f (%.1f µs, nginx %.1f µs)", cost, ours.cost(), theirs.cost())
			if encoding != "br" { // as no browser asks: nginx never copies a file's bytes, and we copy a page's
				b.told(what+"requests/s ÷ nginx's", rates)
				b.told(what+"nginx's processor time a request ÷ ours", costs)
				continue
			}
			b.promised(what+"requests/s ÷ nginx's", rates, "≥ 1.00", rate >= 1)
			b.promised(what+"nginx's processor time a request ÷ ours", costs, "≥ 1.00", cost >= 1)
		}
	}
	return nil
}

// encoded gives the bytes of a page as they travel in an encoding: nginx gets a file of just these.
func encoded(address, encoding string) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", encoding)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", address, res.Status)
	}
	return b, err
}

// driven sums runs of wrk: requests, seconds, and the processor time of the server's processes.
type driven struct {
	requests, seconds float64
	busy              time.Duration
}

func (d *driven) rate() float64 { return d.requests / d.seconds }

// cost gives microseconds of the server's processor time a request.
func (d *driven) cost() float64 { return float64(d.busy.Microseconds()) / d.requests }

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in ([\d.]+)(s|m)`)
	wrkErrors   = regexp.MustCompile(`Socket errors|Non-2xx`)
)

func (d *driven) add(address, encoding string, each time.Duration, pids ...int) error {
	before := busy(pids)
	out, err := exec.Command(driverCore[0], append(driverCore[1:], "wrk", "-t1", "-c64", "-H", "Accept-Encoding: "+encoding, fmt.Sprintf("-d%ds", max(1, int(each.Round(time.Second).Seconds()))), address)...).CombinedOutput()
	if err != nil || wrkErrors.Match(out) {
		return fmt.Errorf("wrk %s: %v: %s", address, err, out)
	}
	used := busy(pids) - before
	m := wrkRequests.FindSubmatch(out)
	if m == nil || string(m[3]) == "m" {
		return fmt.Errorf("wrk said %s", out)
	}
	requests, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(string(m[2]), 64)
	if err != nil {
		return err
	}
	if requests == 0 || used == 0 {
		return fmt.Errorf("wrk %s: %v requests for %v of processor time", address, requests, used)
	}
	d.requests, d.seconds, d.busy = d.requests+requests, d.seconds+seconds, d.busy+used
	return nil
}
