package web

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"bangvang/internal/base/fault"
)

// A stream is an answer that goes on while a page is open. One person's pages hold few of them and all
// together not many, so that no browser left open uses up the office's connections.
const (
	streamsEach  = 8
	streamsAll   = 600
	streamLife   = 10 * time.Minute // then the browser comes again and is asked anew who it is
	streamWrites = 20 * time.Second // what one event may take to go out
)

// streams counts those going on.
type streams struct {
	mu      sync.Mutex
	of      map[string]int // by person
	all     int
	drained bool
	drain   chan struct{} // closed when the office drains
}

// enter counts a person's stream in; left counts it out.
func (s *streams) enter(person string) (left func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drained || s.all >= streamsAll || s.of[person] >= streamsEach {
		return nil, false
	}
	s.all++
	s.of[person]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.of[person]--; s.of[person] == 0 {
			delete(s.of, person)
		}
	}, true
}

// Drain ends the streams, which would otherwise hold the program's end up, and lets none begin.
func (o *Office) Drain() {
	o.streams.mu.Lock()
	defer o.streams.mu.Unlock()
	if !o.streams.drained {
		o.streams.drained = true
		close(o.streams.drain)
	}
}

// Streaming is the option of a route that answers with [Ctx.Stream].
func Streaming() Option {
	return func(r *route) { r.timeout, r.Stream = streamLife, true }
}

// Stream answers with server-sent events for as long as the page is open: until the browser goes, the
// route's time is over or the program drains, when ctx ends and the browser comes again by itself. each
// says what to send and when; with an empty event send only proves that the line is alive, which it
// should at least every half minute. each returns when ctx has ended or send failed; what it returns is
// not shown, for the answer has begun.
//
// It returns fault.Busy to a person with too many open.
func (c *Ctx) Stream(each func(ctx context.Context, send func(event, data string) error) error) error {
	left, ok := c.office.streams.enter(c.Actor().Person)
	if !ok {
		return fault.New(fault.Busy, "Đang có quá nhiều trang tự cập nhật cùng mở. Hãy đóng bớt thẻ rồi tải lại trang.")
	}
	defer left()
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	go func() {
		select {
		case <-c.office.streams.drain:
			cancel()
		case <-ctx.Done():
		}
	}()
	rc := http.NewResponseController(c.W)
	_ = rc.SetReadDeadline(time.Time{}) // nothing is read any more; the deadline for the body would cut the line
	h := c.W.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // a proxy that collects answers would make the events late
	c.W.WriteHeader(http.StatusOK)
	if c.R.Method == http.MethodHead {
		return nil
	}
	write := func(words string) error {
		_ = rc.SetWriteDeadline(time.Now().Add(streamWrites))
		if _, err := c.W.Write([]byte(words)); err != nil {
			return err
		}
		return rc.Flush()
	}
	if err := write("retry: 2000\n\n"); err != nil {
		return nil // the browser has gone
	}
	line := strings.NewReplacer("\r", "", "\n", " ")
	_ = each(ctx, func(event, data string) error {
		if event == "" {
			return write(":\n\n")
		}
		return write("event: " + line.Replace(event) + "\ndata: " + line.Replace(data) + "\n\n")
	})
	return nil
}
