package publish_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/publish"
)

// certificate makes a self-signed certificate for 127.0.0.1.
var certificate = sync.OnceValues(func() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})

// running is a door on a real socket.
type running struct {
	address string
	secure  bool
	stats   *publish.Stats
	stop    func() error // drains and gives Serve's result
}

func serve(t *testing.T, plane *publish.Plane, office http.Handler, secure bool, o publish.ServeOptions) *running {
	t.Helper()
	if secure {
		cert, err := certificate()
		if err != nil {
			t.Fatal(err)
		}
		o.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	r := &running{address: l.Addr().String(), secure: secure, stats: new(publish.Stats)}
	go func() { done <- publish.Serve(ctx, l, plane, office, r.stats, o) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *running) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// client gives a browser's way of asking: kept connections, HTTP/2 when told to.
func (r *running) client(t *testing.T, h2 bool) *http.Client {
	transport := &http.Transport{DisableCompression: true, ForceAttemptHTTP2: h2, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (r *running) ask(t *testing.T, c *http.Client, method, target string, headers [][2]string, body io.Reader) (answer, *http.Response) {
	t.Helper()
	scheme := "http"
	if r.secure {
		scheme = "https"
	}
	if method == "" {
		method = "GET"
	}
	request, err := http.NewRequestWithContext(t.Context(), method, scheme+"://"+r.address, body)
	if err != nil {
		t.Fatal(err)
	}
	path, query, _ := strings.Cut(target, "?")
	request.URL = &url.URL{Scheme: scheme, Host: r.address, Opaque: path, RawQuery: query} // as it stands, not cleaned
	for _, h := range headers {
		request.Header.Set(h[0], h[1])
	}
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	a := answer{status: response.StatusCode}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	for name, values := range response.Header {
		if len(values) != 1 {
			t.Errorf("%s %s: %s comes %d times", method, target, name, len(values))
		}
		a.headers = append(a.headers, [2]string{name, values[0]})
	}
	return a, response
}

// said gives the headers that must be the same at every door, in one order.
func said(a answer) string {
	var lines []string
	for _, h := range a.headers {
		switch h[0] {
		case "Date", "Connection", "Keep-Alive", "Retry-After":
		default:
			lines = append(lines, h[0]+": "+h[1])
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestEveryDoorGivesTheSameAnswers(t *testing.T) {
	t.Parallel()
	n := example(t)
	plain := serve(t, n.plane, office{}, false, publish.ServeOptions{})
	secure := serve(t, n.plane, office{}, true, publish.ServeOptions{})
	for _, door := range []struct {
		name   string
		server *running
		client *http.Client
		major  int
	}{
		{"HTTP 1.1", plain, plain.client(t, false), 1},
		{"HTTP 1.1 over TLS", secure, secure.client(t, false), 1},
		{"net/http over HTTP 2", secure, secure.client(t, true), 2},
	} {
		t.Run(door.name, func(t *testing.T) {
			for _, x := range exchanges(n) {
				if x.notH2 && door.major == 2 {
					continue
				}
				t.Run(x.name, func(t *testing.T) {
					got, response := door.server.ask(t, door.client, x.method, x.target, x.headers, nil)
					if response.ProtoMajor != door.major {
						t.Fatalf("spoke %s", response.Proto)
					}
					x.check(t, got)
					want := pure(t, n, x, door.server.secure)
					if said(got) != said(want) || !bytes.Equal(got.body, want.body) {
						t.Errorf("headers\n%s\nbut the function says\n%s\nbodies %d and %d bytes", said(got), said(want), len(got.body), len(want.body))
					}
				})
			}
		})
	}
}

// office is a stand-in for the office plane: it tells what arrived.
type office struct{}

func (office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "office %s %s %d bytes tls=%v", r.Method, r.URL.Path, n, r.TLS != nil)
}

func TestOnePortCarriesBothPlanes(t *testing.T) {
	t.Parallel()
	n := example(t)
	for _, secure := range []bool{false, true} {
		s := serve(t, n.plane, office{}, secure, publish.ServeOptions{})
		for _, h2 := range []bool{false, true} {
			if h2 && !secure {
				continue
			}
			c := s.client(t, h2)
			for _, x := range []struct{ method, target, body, want string }{
				{"GET", "/diem-thi", "", longBody},
				{"GET", "/quan-tri", "", fmt.Sprintf("office GET /quan-tri 0 bytes tls=%v", secure)},
				{"GET", "/diem-thi", "", longBody}, // public on an office connection
				{"POST", "/quan-tri/van-ban", "a=1", fmt.Sprintf("office POST /quan-tri/van-ban 3 bytes tls=%v", secure)},
				{"GET", "/api/v1/search?q=a", "", fmt.Sprintf("office GET /api/v1/search 0 bytes tls=%v", secure)},
				{"POST", "/hoi-dap", "hỏi", fmt.Sprintf("office POST /hoi-dap %d bytes tls=%v", len("hỏi"), secure)},
				{"GET", "/quan-tri-vien", "", "Không có trang này. Thử tìm ở /tim"},
			} {
				a, _ := s.ask(t, c, x.method, x.target, nil, strings.NewReader(x.body))
				if string(a.body) != x.want {
					t.Errorf("TLS %v h2 %v: %s %s: %.80q, want %.80q", secure, h2, x.method, x.target, a.body, x.want)
				}
			}
		}
	}
}

// roundTrip writes a raw request and reads one response.
func roundTrip(t *testing.T, c net.Conn, r *bufio.Reader, raw string) (*http.Response, string) {
	t.Helper()
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("after %.60q: %v", raw, err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestAPublicConnectionTurnsToTheOfficeWithALargeUpload(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{})
	c := s.dial(t)
	r := bufio.NewReader(c)
	if _, body := roundTrip(t, c, r, "GET /diem-thi HTTP/1.1\r\nHost: a\r\n\r\n"); body != longBody {
		t.Fatalf("public: %.60q", body)
	}
	const size = 20 << 20
	go func() {
		_, _ = io.WriteString(c, fmt.Sprintf("POST /quan-tri/nhap HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", size))
		_, _ = c.Write(make([]byte, size))
	}()
	if response, body := roundTrip(t, c, r, ""); response.StatusCode != 200 || body != fmt.Sprintf("office POST /quan-tri/nhap %d bytes tls=false", size) {
		t.Errorf("upload: %d %.80q", response.StatusCode, body)
	}
	if _, body := roundTrip(t, c, r, "GET /diem-thi HTTP/1.1\r\nHost: a\r\n\r\n"); body != longBody {
		t.Errorf("public again: %.60q", body)
	}
	if s.stats.Handed.Load() != 1 {
		t.Errorf("handed over %d times", s.stats.Handed.Load())
	}
}

func TestPipelinedRequestsReachTheirPlaneInOrder(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{})
	c := s.dial(t)
	r := bufio.NewReader(c)
	read := "GET /diem-thi HTTP/1.1\r\nHost: a\r\n\r\n"
	raw := read + read + "POST /quan-tri/x?a=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na=1" + read
	for i, want := range []string{longBody, longBody, "office POST /quan-tri/x 3 bytes tls=false", longBody} {
		if _, body := roundTrip(t, c, r, raw); body != want {
			t.Fatalf("answer %d: %.60q, want %.60q", i, body, want)
		}
		raw = ""
	}
}

// A proxy in front may cut a request anywhere.
func TestARequestMayArriveInAnyPieces(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{})
	raw := "\r\nGET /diem-thi HTTP/1.1\r\nHost: a\r\nAccept-Encoding: identity\r\n\r\n"
	c := s.dial(t)
	r := bufio.NewReader(c)
	for cut := 1; cut < len(raw); cut++ {
		if _, err := io.WriteString(c, raw[:cut]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond) // so that it travels alone
		if _, body := roundTrip(t, c, r, raw[cut:]); body != longBody {
			t.Fatalf("cut at %d: %.60q", cut, body)
		}
	}
}

func TestHowAConnectionGoesOn(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{})
	for _, x := range []struct {
		name, raw string
		status    int
		closes    bool
	}{
		{"HTTP/1.1 keeps the connection", "GET /diem-thi HTTP/1.1\r\nHost: a\r\n\r\n", 200, false},
		{"unless asked to close it", "GET /diem-thi HTTP/1.1\r\nHost: a\r\nCONNECTION: x, Close\r\n\r\n", 200, true},
		{"HTTP/1.0 closes", "GET /diem-thi HTTP/1.0\r\n\r\n", 200, true},
		{"unless asked to keep it", "GET /diem-thi HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, false},
		{"an empty body is none", "GET /diem-thi HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 200, false},
		{"lines may end without a return", "GET /diem-thi HTTP/1.1\nHost: a\n\n", 200, false},
		{"no host", "GET /diem-thi HTTP/1.1\r\n\r\n", 400, true},
		{"two hosts", "GET /diem-thi HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, true},
		{"a folded line", "GET /diem-thi HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400, true},
		{"a space before the colon", "GET /diem-thi HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello", 400, true},
		{"a control character", "GET /diem-thi HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", 400, true},
		{"a return in the middle", "GET /diem-thi HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400, true},
		{"a version nobody speaks", "GET /diem-thi HTTP/3.0\r\nHost: a\r\n\r\n", 400, true},
	} {
		c := s.dial(t)
		r := bufio.NewReader(c)
		response, body := roundTrip(t, c, r, x.raw)
		if response.StatusCode != x.status || x.status == 200 && body != longBody {
			t.Errorf("%s: %d %.60q", x.name, response.StatusCode, body)
		}
		if response.Close != x.closes {
			t.Errorf("%s: says close %v", x.name, response.Close)
		}
		if x.closes {
			if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
				t.Errorf("%s: then %.60q, %v", x.name, rest, err)
			}
		} else if _, body := roundTrip(t, c, r, "GET /diem-thi HTTP/1.1\r\nHost: a\r\n\r\n"); body != longBody {
			t.Errorf("%s: then %.60q", x.name, body)
		}
	}
}

// A body after a GET must never be taken for the next request: a proxy in front would not see it.
func TestABodyThatLooksLikeARequestIsNotOne(t *testing.T) {
	t.Parallel()
	n := example(t)
	var reached sync.Map
	s := serve(t, n.plane, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached.Store(r.URL.Path, true) }), false, publish.ServeOptions{})
	inner := "POST /quan-tri/smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
	for _, request := range []string{
		fmt.Sprintf("GET /diem-thi HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", len(inner)),
		"GET /diem-thi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
		fmt.Sprintf("HEAD /diem-thi HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", len(inner)),
		"GET /diem-thi HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
	} {
		c := s.dial(t)
		_, _ = io.WriteString(c, request)
		time.Sleep(20 * time.Millisecond) // so that the body comes as a packet of its own, as an attacker would send it
		_, _ = io.WriteString(c, inner)
		// One answer, then the end: what follows a reader's body is nobody's request.
		if all, err := io.ReadAll(c); err != nil && !strings.Contains(err.Error(), "reset") || bytes.Count(all, []byte("HTTP/1.1 ")) > 1 {
			t.Errorf("%.70q: %d answers, %v", request, bytes.Count(all, []byte("HTTP/1.1 ")), err)
		}
		if _, found := reached.Load("/quan-tri/smuggled"); found {
			t.Errorf("%.70q smuggled a request", request)
		}
	}
}

func TestRubbishIsRefusedInFewWords(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{MaxHeader: 4096, HeaderTimeout: time.Second})
	for raw, want := range map[string]string{
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n": "HTTP/1.1 400",
		"hello\r\n":                         "HTTP/1.1 400",
		"get / HTTP/1.1\r\n\r\n":            "HTTP/1.1 400",
		"GET /" + strings.Repeat("a", 9000): "HTTP/1.1 414",
		"GET / HTTP/1.1\r\nX: " + strings.Repeat("a", 9000) + "\r\n\r\n": "HTTP/1.1 431",
		"GET / HTTP/1.1\r\nno colon\r\n\r\n":                             "HTTP/1.1 400",
		"PUT / HTTP/1.1\r\nHost: a\r\n\r\n":                              "HTTP/1.1 200", // the office's affair
	} {
		c := s.dial(t)
		_, _ = io.WriteString(c, raw)
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, want) {
			t.Errorf("%.40q: %q, %v; want %s", raw, line, err, want)
		}
	}
}

// A search for a whole pasted page, on a connection that has shown other pages.
func TestAnAddressThatIsTooLongIsAnsweredInWords(t *testing.T) {
	t.Parallel()
	n := example(t)
	for _, secure := range []bool{false, true} {
		s := serve(t, n.plane, office{}, secure, publish.ServeOptions{})
		c := s.dial(t)
		if secure {
			c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		}
		r := bufio.NewReader(c)
		_, _ = io.WriteString(c, "GET /diem-thi HTTP/1.1\r\nHost: a\r\n\r\n")
		first, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, first.Body); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, "GET /tim?q="+strings.Repeat("%E1%BA%BF", 90_000)+" HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
			t.Errorf("secure %v: the address could not be sent: %v", secure, err)
		}
		answer, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Errorf("secure %v: %v", secure, err)
			continue
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode < 400 || !strings.Contains(string(body), "Hãy rút ngắn nội dung cần tìm") {
			t.Errorf("secure %v: %d %.300s, %v", secure, answer.StatusCode, body, err)
		}
	}
}

func TestSlowAndSilentConnectionsEnd(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{HeaderTimeout: 200 * time.Millisecond, IdleTimeout: 200 * time.Millisecond})
	for _, sent := range []string{"", "GE", "GET /diem-thi HTTP/1.1\r\nHost:", "POST /quan-tri HTTP/1.1\r\nHost:", "GET /diem-thi HTTP/1.1\r\nHost: a\r\n\r\n"} {
		c := s.dial(t)
		_, _ = io.WriteString(c, sent)
		began := time.Now()
		_, _ = io.Copy(io.Discard, c)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q held a connection for %v", sent, took)
		}
	}
}

func TestAFloodOfSilentConnectionsDoesNotLockOutReaders(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{NewConns: 20})
	for range 100 {
		s.dial(t)
	}
	await(t, "the flood is accepted", func() bool { return s.stats.Accepted.Load() == 100 })
	for range 10 {
		for _, target := range []string{"/ky-thi/2021/", "/quan-tri"} {
			if a, _ := s.ask(t, s.client(t, false), "GET", target, nil, nil); a.status != 200 {
				t.Fatalf("%s answers %d", target, a.status)
			}
		}
	}
}

func TestAFloodOfHalfRequestsDoesNotLockOutTheOffice(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{OfficeConns: 20})
	clerk := s.dial(t)
	roundTrip(t, clerk, bufio.NewReader(clerk), "GET /quan-tri HTTP/1.1\r\nHost: a\r\n\r\n") // and keeps the connection
	for range 100 {
		_, _ = io.WriteString(s.dial(t), "POST /quan-tri HTTP/1.1\r\nHost:")
	}
	await(t, "the flood is over budget", func() bool { return s.stats.Refused.Load() >= 81 })
	for range 10 {
		if a, _ := s.ask(t, s.client(t, false), "GET", "/quan-tri", nil, nil); a.status != 200 {
			t.Fatalf("the office answers %d", a.status)
		}
	}
	if response, _ := roundTrip(t, clerk, bufio.NewReader(clerk), "GET /quan-tri HTTP/1.1\r\nHost: a\r\n\r\n"); response.StatusCode != 200 {
		t.Errorf("the clerk who was there before is answered %d", response.StatusCode)
	}
}

func TestAPublicStormDoesNotLockOutTheOffice(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{PublicConns: 5, OfficeConns: 2})
	for range 5 {
		c := s.dial(t)
		roundTrip(t, c, bufio.NewReader(c), "GET /ky-thi/2021/ HTTP/1.1\r\nHost: a\r\n\r\n") // and keeps the connection
	}
	c := s.dial(t)
	response, _ := roundTrip(t, c, bufio.NewReader(c), "GET /ky-thi/2021/ HTTP/1.1\r\nHost: a\r\n\r\n")
	if response.StatusCode != 503 || response.Header.Get("Retry-After") == "" {
		t.Errorf("over budget: %d %v", response.StatusCode, response.Header)
	}
	for range 2 {
		c := s.dial(t)
		if response, _ := roundTrip(t, c, bufio.NewReader(c), "GET /quan-tri HTTP/1.1\r\nHost: a\r\n\r\n"); response.StatusCode != 200 {
			t.Errorf("office answers %d", response.StatusCode)
		}
	}
	c = s.dial(t)
	if response, _ := roundTrip(t, c, bufio.NewReader(c), "GET /quan-tri HTTP/1.1\r\nHost: a\r\n\r\n"); response.StatusCode != 503 {
		t.Errorf("the office over its own budget answers %d", response.StatusCode)
	}
}

func TestStoppingLetsRequestsUnderWayFinish(t *testing.T) {
	t.Parallel()
	n := example(t)
	entered, leave := make(chan bool, 3), make(chan bool)
	slow := func() { entered <- true; <-leave }
	n.plane.Dynamic("/cham", func(*publish.Snapshot, publish.Request) publish.Response {
		slow()
		return publish.Response{Status: 200, Headers: [][2]string{{"Content-Type", publish.HTMLType}}, Body: []byte("xong")}
	})
	s := serve(t, n.plane, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { slow(); fmt.Fprint(w, "xong") }), false, publish.ServeOptions{})
	idle := s.dial(t)
	roundTrip(t, idle, bufio.NewReader(idle), "GET /ky-thi/2021/ HTTP/1.1\r\nHost: a\r\n\r\n")
	silent := s.dial(t)
	results := make(chan string, 2)
	for _, target := range []string{"/cham", "/quan-tri"} {
		go func() {
			a, _ := s.ask(t, s.client(t, false), "GET", target, nil, nil)
			results <- string(a.body)
		}()
		<-entered
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	for _, c := range []net.Conn{idle, silent} { // who waits is let go at once
		if _, err := io.Copy(io.Discard, c); err != nil && !strings.Contains(err.Error(), "reset") {
			t.Error(err)
		}
	}
	select {
	case err := <-stopped:
		t.Fatal("stopped with requests under way: ", err)
	case <-time.After(50 * time.Millisecond):
	}
	if c, err := net.Dial("tcp", s.address); err == nil {
		c.Close()
		t.Error("still takes connections")
	}
	close(leave)
	for range 2 {
		if body := <-results; body != "xong" {
			t.Errorf("cut off: %q", body)
		}
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestStoppingDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	n := example(t)
	entered, leave := make(chan bool, 1), make(chan bool)
	defer close(leave)
	s := serve(t, n.plane, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { entered <- true; <-leave }), false, publish.ServeOptions{DrainTimeout: 100 * time.Millisecond})
	_, _ = io.WriteString(s.dial(t), "GET /quan-tri HTTP/1.1\r\nHost: a\r\n\r\n")
	<-entered
	began := time.Now()
	if err := s.stop(); err != nil || time.Since(began) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

func TestCountersCount(t *testing.T) {
	t.Parallel()
	n := example(t)
	s := serve(t, n.plane, office{}, false, publish.ServeOptions{})
	c := s.client(t, false)
	for _, target := range []string{"/diem-thi", "/khong-co", "/cu", "/tim?q=panic"} {
		s.ask(t, c, "GET", target, nil, nil)
	}
	got := map[string]int64{}
	s.stats.Each(func(name string, value int64) { got[name] = value })
	for class := 2; class <= 5; class++ {
		if name := fmt.Sprintf(`public_answers_total{class="%dxx"}`, class); got[name] != 1 {
			t.Errorf("%s is %d", name, got[name])
		}
	}
	if got["public_connections_accepted_total"] != 1 {
		t.Errorf("counted %v", got)
	}
}
