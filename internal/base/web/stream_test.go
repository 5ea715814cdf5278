package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/web"
)

// streaming is an office with a line that tells what the test says.
func streaming(t *testing.T) (*web.Office, *httptest.Server, chan string) {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t, nil))
	said := make(chan string)
	w.office.GET("/quan-tri/dong", actRead, func(c *web.Ctx) error {
		return c.Stream(func(ctx context.Context, send func(event, data string) error) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case words := <-said:
					if err := send(map[bool]string{true: "", false: "tin"}[words == ""], words); err != nil {
						return err
					}
				}
			}
		})
	}, web.Streaming())
	server := httptest.NewUnstartedServer(w.office)
	server.Config = web.NewServer(w.office)
	server.Start()
	t.Cleanup(func() { w.office.Drain(); server.Close() })
	return w.office, server, said
}

// openLine opens the line as a browser does.
func openLine(t *testing.T, server *httptest.Server, who string) (*http.Response, *bufio.Reader) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/quan-tri/dong", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "bangvang-phien", Value: who})
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer, bufio.NewReader(answer.Body)
}

// line reads up to the next blank line.
func nextEvent(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var all strings.Builder
	for {
		words, err := r.ReadString('\n')
		if err != nil {
			return all.String() + "!" + err.Error()
		}
		if words == "\n" {
			return all.String()
		}
		all.WriteString(words)
	}
}

func TestALineTellsAndEndsWhenTheProgramDrains(t *testing.T) {
	t.Parallel()
	office, server, said := streaming(t)
	answer, events := openLine(t, server, "reader")
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the line answers %s with %v", answer.Status, answer.Header)
	}
	if got := nextEvent(t, events); got != "retry: 2000\n" {
		t.Errorf("the line begins with %q", got)
	}
	said <- "ba\ndòng"
	if got := nextEvent(t, events); got != "event: tin\ndata: ba dòng\n" {
		t.Errorf("the line said %q", got)
	}
	said <- ""
	if got := nextEvent(t, events); got != ":\n" {
		t.Errorf("the line's sign of life is %q", got)
	}
	office.Drain()
	office.Drain() // twice is no harm
	ended := make(chan string, 1)
	go func() { ended <- nextEvent(t, events) }()
	select {
	case got := <-ended:
		if got != "!EOF" {
			t.Errorf("the line ended with %q", got)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the line goes on after the drain")
	}
	if refused, _ := openLine(t, server, "reader"); refused.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a line opened while draining answers %s", refused.Status)
	}
}

func TestOnePersonHoldsFewLines(t *testing.T) {
	t.Parallel()
	_, server, _ := streaming(t)
	for range 8 {
		if answer, _ := openLine(t, server, "reader"); answer.StatusCode != 200 {
			t.Fatalf("a line answers %s", answer.Status)
		}
	}
	if refused, _ := openLine(t, server, "reader"); refused.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the ninth line of a person answers %s", refused.Status)
	}
	if other, _ := openLine(t, server, "writer"); other.StatusCode != 200 {
		t.Errorf("another person's line answers %s", other.Status)
	}
}
