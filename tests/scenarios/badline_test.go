package scenarios_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/config"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
	made "bangvang/tests/province"
)

// TestReportsThroughABadLine has every site of a province report every sitting over a line that loses
// three requests in ten and three answers in ten, doubles two in ten, delivers them out of order and cuts
// bodies, while the program is killed again and again. No report is lost, none is kept twice, and who
// sends again gets the receipt of the first time.
//
// Source: architecture §7, last row; §8; R-III.2-6.
func TestReportsThroughABadLine(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		sittings, sent := reporting(t, at)
		token := councilToken(t, at)
		address := freeAddress(t)
		p := serveAt(t, at, address)
		line := newBadLine(t, address)

		next := make(chan *sentReport)
		var senders sync.WaitGroup
		through := make(chan struct{})
		for range 32 {
			senders.Go(func() {
				for r := range next {
					r.send(t, line.url, token)
				}
			})
		}
		go func() {
			for i := range sent {
				next <- &sent[i]
			}
			close(next)
			senders.Wait()
			close(through)
		}()
		killed := 0
		for over := false; !over; {
			select {
			case <-through:
				over = true
			case <-time.After(killEvery):
				p.kill()
				p = serveAt(t, at, address)
				killed++
			}
		}
		// Everybody asks once more, over a good line: the same receipt, whatever happened in between.
		for i := range sent {
			r := &sent[i]
			status, again, err := post("http://"+address, token, r.body)
			for ; status == http.StatusTooManyRequests; status, again, err = post("http://"+address, token, r.body) {
				time.Sleep(100 * time.Millisecond) // all sites in one account's name
			}
			if err != nil || status != http.StatusOK || !bytes.Equal(again, r.receipt) {
				t.Fatalf("%s was answered %s and then %d %s, %v", r.id, r.receipt, status, again, err)
			}
		}
		t.Logf("%d reports in %d sendings, the program killed %d times; the line lost %d requests, %d answers, doubled %d, cut %d",
			len(sent), line.asked.Load(), killed, line.lost.Load(), line.unanswered.Load(), line.doubled.Load(), line.cut.Load())
		if killed == 0 || line.lost.Load() == 0 || line.unanswered.Load() == 0 || line.doubled.Load() == 0 || line.cut.Load() == 0 {
			t.Error("the line was a good one: nothing is proved")
		}
		if p.stop() != 0 {
			t.Error("the program did not end well")
		}
		done(t, append([]string{"verify", "all"}, at.flags()...)...)
		within(t, at, func(ctx context.Context, a *app.App) error {
			secretary := made.Acting(ctx, people.RoleCouncilSecretary)
			for _, s := range sittings {
				b, err := a.Reports.Board(secretary, s)
				if err != nil {
					return err
				}
				if got := b.Attendance.Counts[reports.Sent]; got != lineSites || len(b.Conflicts) != 0 {
					return fmt.Errorf("%s: %d sites have reported, %d conflicts", b.Sitting.Title(), got, len(b.Conflicts))
				}
			}
			for i := range sent {
				kept, err := a.Reports.Slot(secretary, sent[i].slot)
				if err != nil {
					return err
				}
				if len(kept) != 1 || kept[0].Said.ID != sent[i].id || kept[0].Said.Content() != sent[i].content {
					return fmt.Errorf("%s is kept %d times", sent[i].id, len(kept))
				}
			}
			return nil
		})
	})
}

// A sentReport is one report of one site.
type sentReport struct {
	id      string
	slot    reports.Slot
	body    []byte
	content [32]byte
	receipt []byte
}

// send sends until there is a receipt.
func (r *sentReport) send(t *testing.T, base, token string) {
	for range 10_000 {
		status, answer, err := post(base, token, r.body)
		switch {
		case err == nil && status == http.StatusOK:
			var receipt reports.Receipt
			if err := json.Unmarshal(answer, &receipt); err != nil || receipt.ID != r.id || receipt.Outcome != reports.Received {
				t.Errorf("%s is answered %s", r.id, answer)
			}
			r.receipt = answer
			return
		case err == nil && status < http.StatusInternalServerError && status != http.StatusTooManyRequests:
			t.Errorf("%s is refused: %d %s", r.id, status, answer)
			return
		}
		time.Sleep(time.Duration(20+rand.IntN(80)) * time.Millisecond)
	}
	t.Errorf("%s never came through", r.id)
}

// post sends a report once, on a connection of its own now and then, as sites do.
func post(base, token string, body []byte) (status int, answer []byte, err error) {
	request, err := http.NewRequest(http.MethodPost, base+"/api/v1/site-reports", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.GetBody = nil // this client sends again itself, and nobody else does
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := senderClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

var senderClient = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// A badLine is what lies between the sites and the program.
type badLine struct {
	url, upstream                         string
	asked, lost, unanswered, doubled, cut atomic.Int64
	late                                  sync.WaitGroup
}

func newBadLine(t *testing.T, upstream string) *badLine {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	b := &badLine{url: "http://" + l.Addr().String(), upstream: upstream}
	server := &http.Server{Handler: b, ReadHeaderTimeout: time.Minute}
	go server.Serve(l)
	t.Cleanup(func() {
		server.Close()
		b.late.Wait()
	})
	return b
}

// ServeHTTP passes a request on, or does not.
func (b *badLine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.asked.Add(1)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond) // another overtakes it
	switch dice := rand.IntN(100); {
	case dice < 30:
		b.lost.Add(1)
		panic(http.ErrAbortHandler)
	case dice < 40:
		b.cut.Add(1)
		b.half(r, body)
		panic(http.ErrAbortHandler)
	}
	if rand.IntN(100) < 20 {
		b.doubled.Add(1)
		b.late.Go(func() {
			time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
			_, _, _ = post("http://"+b.upstream, token, body) // whoever hears this answer, it is not the site
		})
	}
	status, answer, err := post("http://"+b.upstream, token, body)
	if err != nil { // the program is being killed
		panic(http.ErrAbortHandler)
	}
	if rand.IntN(100) < 30 {
		b.unanswered.Add(1)
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

// half passes on a request whose body ends somewhere.
func (b *badLine) half(r *http.Request, body []byte) {
	c, err := net.Dial("tcp", b.upstream)
	if err != nil {
		return
	}
	defer c.Close()
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", r.URL.Path, r.Header.Get("Authorization"), len(body))
	_, _ = c.Write(body[:rand.IntN(len(body))])
}

// serveAt starts an installation on an address, which the program before it may still be leaving.
func serveAt(t testing.TB, at place, address string) *program {
	t.Helper()
	p, _ := launch(t, append([]string{"serve", "--addr", address}, at.flags()...))
	p.base = "http://" + address
	p.until("/readyz", http.StatusOK)
	return p
}

// within opens an installation in this process for as long as fn takes.
func within(t *testing.T, at place, fn func(ctx context.Context, a *app.App) error) {
	t.Helper()
	flags := append([]string{"--addr", "127.0.0.1:0", "--base-url", "http://127.0.0.1"}, at.flags()...)
	c, _, err := config.Load("scenario", flags, nil, nil)
	must(t, err)
	s, err := app.NewServer(t.Context(), c, "scenario", app.Options{})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var found error
	err = s.Run(ctx, func(ctx context.Context, a *app.App) error {
		found = fn(ctx, a)
		stop() // an error would have it opened again and again
		return nil
	}, nil)
	if err = errors.Join(found, err); err != nil {
		t.Fatalf("%v %v", err, fault.FieldsOf(err))
	}
}

// reporting makes an exam whose sittings lie in the days just past, with lineSites sites, and the
// attendance report of each site for each sitting.
func reporting(t *testing.T, at place) (sittings []exam.SittingID, sent []sentReport) {
	t.Helper()
	within(t, at, func(ctx context.Context, a *app.App) (err error) {
		var sites []exam.SiteID
		if sites, sittings, err = made.Sites(ctx, a, 3, lineSites); err != nil {
			return err
		}
		for k, s := range sittings {
			for i, site := range sites {
				said, err := made.Attendance(ctx, a, site, s, fmt.Sprintf("%s-%d", s, i), 1+(i+k+1)%5)
				if err != nil {
					return err
				}
				body, err := json.Marshal(said)
				if err != nil {
					return err
				}
				sent = append(sent, sentReport{id: said.ID, slot: reports.Slot{Sitting: s, Site: site, Part: rules.Attendance}, body: body, content: said.Content()})
			}
		}
		rand.Shuffle(len(sent), func(i, k int) { sent[i], sent[k] = sent[k], sent[i] })
		return nil
	})
	if len(sent) != 4*lineSites {
		t.Fatalf("%d reports of %d sites", len(sent), lineSites)
	}
	return sittings, sent
}

// councilToken makes an account of the Council's secretariat and a token of the machine interface for it.
func councilToken(t *testing.T, at place) string {
	t.Helper()
	done(t, append([]string{"user", "create", "--username", "thu-ky", "--name", "Thư ký Hội đồng"}, at.flags()...)...)
	done(t, append([]string{"user", "grant", "--username", "thu-ky", "--role", string(people.RoleCouncilSecretary)}, at.flags()...)...)
	return strings.TrimSpace(done(t, append([]string{"token", "create", "--username", "thu-ky", "--scope", reports.Scope}, at.flags()...)...))
}
