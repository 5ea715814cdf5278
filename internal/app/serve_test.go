package app_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/config"
)

// TestTheServersTimeIsToldByItsMovedClock asks a running server, as the countdown's script does.
func TestTheServersTimeIsToldByItsMovedClock(t *testing.T) {
	t.Parallel()
	c, _, err := config.Load("test", []string{"--data", t.TempDir(), "--addr", "127.0.0.1:0"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	moved := clock.Starting(time.Date(2021, 7, 7, 6, 30, 0, 0, clock.Zone))
	s, err := app.NewServer(t.Context(), c, "test", app.Options{Clock: moved})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	at, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- s.Run(ctx, nil, func(address string) { at <- address }) }()
	select {
	case address := <-at:
		answer, err := http.Get("http://" + address + "/gio")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		told, err := time.Parse(time.RFC3339, string(body))
		if err != nil || moved.Now().Sub(told).Abs() > time.Minute || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("the server says it is %q at %s (%v)", body, moved.Now(), answer.Header)
		}
	case err := <-ended:
		t.Fatalf("the server ended: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
