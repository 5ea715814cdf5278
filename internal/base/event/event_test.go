package event_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/event"
	"bangvang/internal/base/jobs"
)

type closed struct{ Sitting string }

var sittingClosed = event.New[closed]("test.sitting_closed")

func TestAFactReachesEverySubscriberAfterTheCommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		heard := make(chan string, 4)
		r := jobs.NewRunner(d, 2)
		bus := event.NewBus(d, r)
		sittingClosed.On(bus, "press", func(_ context.Context, f closed) error { heard <- "press " + f.Sitting; return nil })
		sittingClosed.On(bus, "portal", func(_ context.Context, f closed) error { heard <- "portal " + f.Sitting; return nil })
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		t.Cleanup(func() { stop(); <-done })

		undone := errors.New("undone")
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := sittingClosed.Emit(ctx, tx, closed{"never"}); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		err = d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return sittingClosed.Emit(ctx, tx, closed{"toan"})
		})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for range 2 {
			select {
			case h := <-heard:
				got[h] = true
			case <-time.After(20 * time.Second):
				t.Fatalf("heard only %v", got)
			}
		}
		if !got["press toan"] || !got["portal toan"] {
			t.Errorf("heard %v", got)
		}
		past, err := sittingClosed.Past(t.Context(), d.Read(), 0)
		if err != nil || len(past) != 1 || past[0] != (closed{"toan"}) {
			t.Errorf("announced %v, %v", past, err)
		}
		if later, err := sittingClosed.Past(t.Context(), d.Read(), time.Now().Add(time.Hour).UnixMilli()); err != nil || len(later) != 0 {
			t.Errorf("announced later %v, %v", later, err)
		}
		select {
		case h := <-heard:
			t.Errorf("heard %q as well", h)
		case <-time.After(300 * time.Millisecond):
		}
	})
}
