package clock_test

import (
	"testing"
	"time"

	"bangvang/internal/base/clock"
)

func TestAMovedClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2021, 7, 7, 7, 35, 0, 0, clock.Zone)
	c := clock.At(start)
	c.Advance(15 * time.Minute)
	if got := clock.Local(c.Now()).Format("15:04"); got != "07:50" {
		t.Errorf("after 15 minutes the clock shows %s", got)
	}
	if got := clock.FromMillis(c.Millis()); !got.Equal(start.Add(15 * time.Minute)) {
		t.Errorf("milliseconds gave %v back", got)
	}
}

func TestDayIsVietnamese(t *testing.T) {
	t.Parallel()
	if got := clock.Day(time.Date(2021, 7, 6, 17, 30, 0, 0, time.UTC)); got != "2021-07-07" {
		t.Errorf("00:30 in Lai Châu belongs to %s", got)
	}
}

func TestANilClockIsTheSystemClock(t *testing.T) {
	t.Parallel()
	var c *clock.Clock
	if d := time.Since(c.Now()); d < 0 || d > time.Minute {
		t.Errorf("nil clock is off by %v", d)
	}
}
