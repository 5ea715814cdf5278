package scenarios_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// saves are under way at once when the program is killed.
const saves = 20

// TestKilledInTheMiddleOfTwentySaves ends the program as a power cut does while twenty documents
// are being saved. After the next start every acknowledged one is there once; one that was not
// acknowledged is there once or not at all, and sending its form again never makes it two. The audit
// chain and the stored files verify.
//
// Source: Must show 2; architecture §7, last row.
func TestKilledInTheMiddleOfTwentySaves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		p := demo(t, at, "--at", "2021-07-06T08:00")
		lost := 0
		for round := range kills {
			sent := killed(t, p, at, round)
			for _, s := range sent {
				if !s.acknowledged {
					lost++
				}
			}
			p = demo(t, at, "--at", "2021-07-06T08:00")
			survived(t, p, at, round, sent)
			for _, line := range strings.Split(strings.TrimSpace(done(t, append([]string{"verify", "all"}, at.flags()...)...)), "\n") {
				if !strings.Contains(line, "whole") && !strings.Contains(line, "every hash is right") {
					t.Errorf("verify says %q", line)
				}
			}
		}
		if lost == 0 {
			t.Error("every save was acknowledged before the program was killed: nothing was cut off in the middle")
		}
	})
}

// A save is one document sent to be saved.
type save struct {
	number       string
	form         url.Values
	acknowledged bool
}

// killed sends the saves and kills the program when some of them are acknowledged: another number
// each round.
func killed(t *testing.T, p *program, at place, round int) []save {
	t.Helper()
	d := login(t, p, at, "khao-thi")
	all := make([]save, saves)
	for i := range all {
		number := fmt.Sprintf("%d/SGDĐT-VP", 100*(round+1)+i)
		form, err := d.incoming(number, subject(round))
		must(t, err)
		all[i] = save{number: number, form: form}
	}
	var acknowledged atomic.Int32
	enough := make(chan struct{})
	var once sync.Once
	var sending sync.WaitGroup
	for i := range all {
		sending.Go(func() {
			to, err := d.send("/quan-tri/van-ban/moi", all[i].form)
			if errors.Is(err, errRefused) {
				t.Error(err)
			}
			if all[i].acknowledged = err == nil && to != ""; all[i].acknowledged && int(acknowledged.Add(1)) > (round*7)%(saves-2) {
				once.Do(func() { close(enough) })
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(20 * time.Second):
		t.Error("too few saves were acknowledged")
	}
	p.kill()
	sending.Wait()
	return all
}

func subject(round int) string { return fmt.Sprintf("Lưu khi mất điện, lần %d", round+1) }

// survived counts each document, sends again what was not acknowledged, and counts once more.
func survived(t *testing.T, p *program, at place, round int, sent []save) {
	t.Helper()
	d := login(t, p, at, "khao-thi")
	count := func() map[string]int {
		list, err := d.page("/quan-tri/van-ban?q=" + url.QueryEscape(subject(round)))
		must(t, err)
		n := map[string]int{}
		for _, s := range sent {
			n[s.number] = strings.Count(list, ">"+s.number+"<")
		}
		return n
	}
	before := count()
	for _, s := range sent {
		if n := before[s.number]; n > 1 || n == 0 && s.acknowledged {
			t.Errorf("%s, acknowledged %t, is there %d times", s.number, s.acknowledged, n)
		}
		if !s.acknowledged {
			if _, err := d.send("/quan-tri/van-ban/moi", s.form); err != nil && !errors.Is(err, errRefused) {
				t.Error(err)
			}
		}
	}
	after := count()
	for _, s := range sent {
		if after[s.number] > 1 || after[s.number] < before[s.number] {
			t.Errorf("%s was there %d times, after sending it again %d times", s.number, before[s.number], after[s.number])
		}
	}
}
