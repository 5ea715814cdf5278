package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/jobs"
)

func queue(t *testing.T, d *db.DB, kind string, payload any, opts ...jobs.Option) {
	t.Helper()
	err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return jobs.Queue(ctx, tx, kind, payload, opts...) })
	if err != nil {
		t.Fatal(err)
	}
}

// start runs r until the test ends.
func start(t *testing.T, r *jobs.Runner) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("waited in vain")
		panic("unreachable")
	}
}

func TestEveryJobRunsOnceAcrossTwoNodes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const n = 60
		var mu sync.Mutex
		ran := map[string]int{}
		all := make(chan struct{})
		work := func(_ context.Context, p json.RawMessage) error {
			mu.Lock()
			defer mu.Unlock()
			if ran[string(p)]++; len(ran) == n {
				select {
				case <-all:
				default:
					close(all)
				}
			}
			return nil
		}
		for i := range n {
			queue(t, d, "count", i)
		}
		for range 2 {
			r := jobs.NewRunner(d, 4)
			r.Handle("count", work)
			if d.Engine() == db.SQLite { // one process runs jobs there
				start(t, r)
				break
			}
			start(t, r)
		}
		receive(t, all)
		mu.Lock()
		defer mu.Unlock()
		for p, times := range ran {
			if times != 1 {
				t.Errorf("job %s ran %d times", p, times)
			}
		}
	})
}

func TestAFailedJobIsTriedAgainAndSaysWhy(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(time.UnixMilli(1_000_000)) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		var tries atomic.Int32
		done := make(chan struct{})
		r := jobs.NewRunner(d, 1)
		r.Handle("mail", func(context.Context, json.RawMessage) error {
			if tries.Add(1) == 1 {
				return errors.New("the post office is closed")
			}
			close(done)
			return nil
		})
		queue(t, d, "mail", "x")
		start(t, r)
		for { // wait until the failure is on record, then let its pause pass
			list, err := jobs.List(t.Context(), d.Read(), 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 1 && list[0].LastError != "" {
				if !strings.Contains(list[0].LastError, "closed") || list[0].RunAt <= clk.Millis() {
					t.Errorf("recorded %+v", list[0])
				}
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		clk.Advance(2 * time.Second)
		receive(t, done)
	})
}

func TestAPanicIsAFailureAndNotTheEnd(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	done := make(chan struct{}, 1)
	r := jobs.NewRunner(d, 1)
	r.Handle("bad", func(context.Context, json.RawMessage) error { panic("boom") })
	r.Handle("good", func(context.Context, json.RawMessage) error { done <- struct{}{}; return nil })
	queue(t, d, "bad", 1)
	queue(t, d, "good", 1)
	start(t, r)
	receive(t, done)
}

func TestWaitingWorkIsFoldedByKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i := range 5 {
			queue(t, d, "render", i, jobs.Unique("home"))
		}
		queue(t, d, "render", 9, jobs.Unique("list"))
		list, err := jobs.List(t.Context(), d.Read(), 10)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d jobs wait, %v", len(list), err)
		}
	})
}

func TestWorkThatComesWhileTheSameRunsIsDoneAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		entered, leave := make(chan struct{}), make(chan struct{})
		r := jobs.NewRunner(d, 2)
		r.Handle("render", func(context.Context, json.RawMessage) error {
			entered <- struct{}{}
			<-leave
			return nil
		})
		queue(t, d, "render", 1, jobs.Unique("home"))
		start(t, r)
		receive(t, entered)
		queue(t, d, "render", 2, jobs.Unique("home"))
		close(leave)
		receive(t, entered) // the first may have read the old state, so there must be a second
	})
}

func TestATimerWaitsForItsTime(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(time.UnixMilli(1_000_000)) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		rang := make(chan struct{}, 1)
		r := jobs.NewRunner(d, 1)
		r.Handle("ring", func(context.Context, json.RawMessage) error { rang <- struct{}{}; return nil })
		queue(t, d, "ring", 1, jobs.At(clk.Now().Add(time.Hour)))
		start(t, r)
		clk.Advance(59 * time.Minute)
		select {
		case <-rang:
			t.Fatal("it rang too early")
		case <-time.After(1500 * time.Millisecond): // longer than one poll
		}
		clk.Advance(time.Minute)
		receive(t, rang)
	})
}

func TestAKilledNodesWorkIsTakenUp(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(time.UnixMilli(1_000_000)) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		queue(t, d, "save", 7)
		// What a killed node leaves behind.
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return db.Exec1(ctx, tx, "UPDATE job SET state = 'running', leased = $1, attempts = 1", tx.Now()+1000)
		})
		if err != nil {
			t.Fatal(err)
		}
		clk.Advance(2 * time.Second)
		done := make(chan string, 1)
		r := jobs.NewRunner(d, 1)
		r.Handle("save", func(_ context.Context, p json.RawMessage) error { done <- string(p); return nil })
		start(t, r)
		if got := receive(t, done); got != "7" {
			t.Errorf("took up %q", got)
		}
	})
}

func TestPeriodicWorkIsDoneByOneNodePerRound(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(time.UnixMilli(1_000_000)) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		var turns atomic.Int32
		turned := make(chan struct{}, 10)
		for range 3 {
			r := jobs.NewRunner(d, 1)
			r.Every("digest", time.Hour, func(context.Context) error { turns.Add(1); turned <- struct{}{}; return nil })
			start(t, r)
		}
		receive(t, turned)
		time.Sleep(1500 * time.Millisecond) // every node has looked again by now
		clk.Advance(time.Hour)
		receive(t, turned)
		time.Sleep(1500 * time.Millisecond)
		if n := turns.Load(); n != 2 {
			t.Errorf("two rounds took %d turns", n)
		}
	})
}

func TestSettleDoesWhatIsDueAndWhatFollows(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(time.Date(2021, 7, 7, 0, 0, 0, 0, time.UTC)) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		r := jobs.NewRunner(d, 1)
		var did []string
		r.Handle("close", func(ctx context.Context, _ json.RawMessage) error {
			did = append(did, "close")
			return d.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return jobs.Queue(ctx, tx, "tell", 1) })
		})
		r.Handle("tell", func(context.Context, json.RawMessage) error { did = append(did, "tell"); return nil })
		r.Every("look", time.Minute, func(context.Context) error { did = append(did, "look"); return nil })
		queue(t, d, "close", 1, jobs.At(clk.Now().Add(30*time.Second)))
		for _, want := range []string{"[look]", "[look]", "[look close tell]", "[look close tell look]"} {
			if err := r.Settle(t.Context()); err != nil || fmt.Sprint(did) != want {
				t.Fatalf("did %v, want %s, %v", did, want, err)
			}
			if want != "[look]" || len(did) > 1 {
				clk.Advance(30 * time.Second)
				continue
			}
			clk.Advance(15 * time.Second)
		}
	})
}

func ExampleQueue() {
	var d *db.DB // the open database
	send := func(ctx context.Context, address string) error {
		return d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			// … the row that makes the mail due …
			return jobs.Queue(ctx, tx, "mail.send", map[string]string{"to": address}, jobs.Unique("mail:"+address))
		})
	}
	fmt.Println(send != nil)
	// Output: true
}
