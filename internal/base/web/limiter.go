package web

import (
	"sync"
	"time"

	"bangvang/internal/base/clock"
)

// A Limiter lets each key pass at a steady rate with a burst, in bounded memory. When more keys
// come than it may remember, the longest unseen are forgotten, which gives them a full burst again.
type Limiter struct {
	rate, burst float64
	half        int // keys per generation
	clock       *clock.Clock

	mu         sync.Mutex
	young, old map[string]bucket
}

type bucket struct {
	tokens float64
	at     int64 // ms
}

// NewLimiter makes a limiter of rate passes per second and key, with burst at once, that remembers
// at most keys keys. A nil clock is the system's.
func NewLimiter(rate, burst float64, keys int, clk *clock.Clock) *Limiter {
	return &Limiter{rate: rate, burst: burst, half: max(keys/2, 1), clock: clk, young: map[string]bucket{}}
}

// Allow tells whether key may pass now; if not, how long until it may.
func (l *Limiter) Allow(key string) (ok bool, wait time.Duration) {
	now := l.clock.Millis()
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.young[key]
	if !known {
		if b, known = l.old[key]; !known {
			b = bucket{l.burst, now}
		}
		if len(l.young) >= l.half {
			l.old, l.young = l.young, make(map[string]bucket, l.half)
		}
	}
	b.tokens = min(l.burst, b.tokens+l.rate*float64(max(now-b.at, 0))/1000)
	b.at = now
	if ok = b.tokens >= 1; ok {
		b.tokens--
	} else {
		wait = time.Duration((1 - b.tokens) / l.rate * float64(time.Second))
	}
	l.young[key] = b
	return ok, wait
}

// Len tells how many keys are remembered.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.young) + len(l.old)
}
