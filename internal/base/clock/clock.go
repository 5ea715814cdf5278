// Package clock tells the time to everything else, so that a rehearsal or a test can move it.
//
// Instants are stored as milliseconds since 1970 in UTC ([Millis], [FromMillis]) and shown in
// Vietnamese time ([Zone], +07:00 without daylight saving, domain.md 3.2). Timers are rows in the
// jobs table, never time.AfterFunc alone: a restart forgets nothing (architecture §3).
package clock

import (
	"sync/atomic"
	"time"
)

// Zone is Asia/Ho_Chi_Minh. It is fixed here because the machines of the field often lack a zone
// database and Vietnam keeps no daylight saving time.
var Zone = time.FixedZone("+07", 7*60*60)

// A Clock tells the time. The zero value is the system's time; a nil *Clock is too.
type Clock struct {
	offset atomic.Int64 // nanoseconds added to the system's time
	fixed  atomic.Int64 // when not 0: nanoseconds since 1970 at which the clock stands
}

// System gives a clock that follows the machine.
func System() *Clock { return &Clock{} }

// At gives a clock that stands at t until it is moved.
func At(t time.Time) *Clock {
	c := &Clock{}
	c.fixed.Store(t.UnixNano())
	return c
}

// Starting gives a clock that shows t now and runs on from there, as a rehearsal or the
// demonstration province does.
func Starting(t time.Time) *Clock {
	c := &Clock{}
	c.offset.Store(int64(time.Until(t)))
	return c
}

// Now gives the present instant, in UTC, cut to milliseconds as the database stores it.
func (c *Clock) Now() time.Time {
	if c == nil {
		return time.Now().UTC().Truncate(time.Millisecond)
	}
	if f := c.fixed.Load(); f != 0 {
		return time.Unix(0, f).UTC().Truncate(time.Millisecond)
	}
	return time.Now().Add(time.Duration(c.offset.Load())).UTC().Truncate(time.Millisecond)
}

// Millis gives the present instant as the database stores it.
func (c *Clock) Millis() int64 { return c.Now().UnixMilli() }

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) {
	if c.fixed.Load() != 0 {
		c.fixed.Add(int64(d))
		return
	}
	c.offset.Add(int64(d))
}

// Millis gives t as milliseconds since 1970 in UTC.
func Millis(t time.Time) int64 { return t.UnixMilli() }

// FromMillis is the reverse of [Millis]; the result is in UTC.
func FromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Local gives t in Vietnamese time, for showing.
func Local(t time.Time) time.Time { return t.In(Zone) }

// Day gives the Vietnamese calendar day of t as "2006-01-02", the form days are stored in.
func Day(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }
