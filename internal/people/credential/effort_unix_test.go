//go:build unix

package credential_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"bangvang/internal/people/credential"
)

// An unknown account costs as much work as a known one, so that nobody learns from the time which
// there are. Work is processor time: what else the machine does is no part of it.
func TestAnUnknownAccountTakesAsMuchWorkAsAKnownOne(t *testing.T) {
	ctx := context.Background()
	h := credential.NewHasher(credential.Cost{MemoryKiB: 8 << 10, Passes: 2, Lanes: 1})
	hash, err := h.Hash(ctx, "con đường đến trường")
	if err != nil {
		t.Fatal(err)
	}
	work := func(hash string) time.Duration {
		before := spent(t)
		for range 20 {
			if _, _, err := h.Check(ctx, hash, "sai"); err != nil {
				t.Fatal(err)
			}
		}
		return spent(t) - before
	}
	if known, unknown := work(hash), work(""); unknown < known/2 {
		t.Errorf("an unknown account costs %v, a known one %v", unknown, known)
	}
}

// spent gives the processor time this process has used.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
