package people_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

const guess = "không phải mật khẩu"

// tries counts how many of n tries to log in were let through to the password.
func (h *house) tries(n int, username string, client func(i int) people.Client) (looked int) {
	h.t.Helper()
	for i := range n {
		_, err := h.Login(context.Background(), client(i), username, guess)
		switch {
		case fault.Is(err, fault.Invalid):
			looked++
		case !fault.Is(err, fault.Busy):
			h.t.Fatalf("try %d: %v", i, err)
		}
	}
	return looked
}

func TestAnAttackerOnOneAccountFromAHundredAddresses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("hoa")
		known := h.in(from("10.1.0.1"), "hoa")
		attacker := func(i int) people.Client { return from(fmt.Sprintf("198.51.%d.7", i%100)) }
		if looked := h.tries(300, "hoa", attacker); looked != 5 {
			t.Errorf("%d guesses were looked at", looked)
		}
		if looked := h.tries(20, "khong.co", attacker); looked != 5 {
			t.Errorf("%d guesses at an account that does not exist were looked at: it answers otherwise than one that does", looked)
		}
		lines, err := audit.List(context.Background(), h.db.Read(), audit.Query{Action: "people.login.slowed"})
		if err != nil || len(lines) != 1 {
			t.Errorf("%d audit lines tell of it, %v", len(lines), err)
		}
		_, err = h.Login(context.Background(), from("10.1.0.1"), "hoa", password)
		refused(t, err, fault.Busy, "") // a browser the account has never used
		back := people.Client{Address: "10.1.0.9", Device: known.Device}
		if _, err := h.Login(context.Background(), back, "hoa", password); err != nil {
			t.Errorf("the owner on their own machine: %v", err)
		}
		looked := 0
		for range 24 * 12 { // a whole day, every five minutes from another address
			h.clock.Advance(5 * time.Minute)
			looked += h.tries(1, "hoa", attacker)
		}
		if looked > 110 {
			t.Errorf("%d guesses in a day", looked)
		}
		if _, err := h.Login(context.Background(), back, "hoa", password); err != nil {
			t.Errorf("the owner after a day of it: %v", err)
		}
		h.clock.Advance(15 * time.Minute)
		if _, err := h.Login(context.Background(), from("10.1.0.1"), "hoa", password); err != nil {
			t.Errorf("the owner on a new machine when the attacker has stopped: %v", err)
		}
	})
}

func TestFortyTeachersBehindOneAddressWithAnAttackerAmongThem(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		school := from("203.0.113.5")
		name := func(i int) string { return fmt.Sprintf("gv%02d", i) }
		for i := range 40 {
			h.account(name(i))
		}
		for i := range 30 { // thirty have logged in here before; of ten it is the first day
			h.in(school, name(i))
		}
		if looked := h.tries(50, name(7), func(int) people.Client { return school }); looked != 5 {
			t.Errorf("%d guesses at one colleague", looked)
		}
		for i := range 40 {
			if _, err := h.Login(context.Background(), school, name(i), password); i != 7 && err != nil {
				t.Errorf("teacher %d is kept out while one colleague is attacked: %v", i, err)
			}
		}
		looked := 0
		for i := range 200 { // the attacker tries names instead
			looked += h.tries(1, fmt.Sprintf("ten%03d", i), func(int) people.Client { return school })
		}
		if looked > 10+2*40 {
			t.Errorf("%d names were tried from one address", looked)
		}
		for i := range 40 {
			if _, err := h.Login(context.Background(), school, name(i), password); i != 7 && err != nil {
				t.Errorf("teacher %d is kept out while names are tried: %v", i, err)
			}
		}
	})
}

func TestAStrangersAddressIsSlowedByHowManyAccountsFail(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("hoa")
		spray := func(prefix string, client func(i int) people.Client) (looked int) {
			for i := range 40 {
				looked += h.tries(1, fmt.Sprintf("%s%02d", prefix, i), func(int) people.Client { return client(i) })
			}
			return looked
		}
		if looked := spray("a", func(int) people.Client { return from("198.51.100.1") }); looked != 10 {
			t.Errorf("%d accounts were tried from one address", looked)
		}
		if looked := spray("b", func(i int) people.Client { return from(fmt.Sprintf("2001:db8:1:2::%x", i+1)) }); looked != 10 {
			t.Errorf("%d accounts were tried from one IPv6 network", looked)
		}
		_, err := h.Login(context.Background(), from("198.51.100.1"), "hoa", password)
		refused(t, err, fault.Busy, "")
		h.clock.Advance(16 * time.Minute)
		h.in(from("198.51.100.1"), "hoa")
	})
}

func TestManyTriesAtOnceCountOneByOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("hoa")
		var wg sync.WaitGroup
		looked := make(chan bool, 40)
		for i := range 40 {
			wg.Go(func() {
				_, err := h.Login(context.Background(), from(fmt.Sprintf("198.51.100.%d", i)), "hoa", guess)
				if fault.Is(err, fault.Invalid) {
					looked <- true
				}
			})
		}
		wg.Wait()
		if len(looked) != 5 {
			t.Errorf("%d of 40 guesses at once were looked at", len(looked))
		}
	})
}

func TestAKnownBrowserHasItsOwnCounter(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("hoa")
		h.account("lan")
		known := h.in(from("10.1.0.1"), "hoa")
		same := people.Client{Address: "10.1.0.1", Device: known.Device}
		if looked := h.tries(30, "hoa", func(int) people.Client { return same }); looked != 10 {
			t.Errorf("%d guesses from a stolen browser", looked)
		}
		h.in(from("10.1.0.2"), "hoa") // strangers have their own counter
		if looked := h.tries(30, "lan", func(int) people.Client { return same }); looked != 5 {
			t.Errorf("%d guesses at an account that never used this browser", looked)
		}
	})
}

func TestGuessingTheSecondFactorIsSlowed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		id := h.account("vanthu")
		h.grant(id, people.RoleClerk, department)
		first := h.in(from("10.0.0.1"), "vanthu")
		e, err := h.BeginTOTP(h.as(id))
		h.must(err)
		_, err = h.ConfirmTOTP(h.as(id), first.Token, code(t, e.Secret, -1))
		h.must(err)
		looked := 0
		for i := range 50 { // a new session each time does not help
			o := h.in(from(fmt.Sprintf("10.0.0.%d", i)), "vanthu")
			_, err := h.Prove(ctx, from("10.0.0.1"), o.Token, "000000")
			if fault.Is(err, fault.Invalid) {
				looked++
			}
		}
		if looked != 5 {
			t.Errorf("%d guesses were looked at", looked)
		}
		h.clock.Advance(time.Minute)
		o := h.in(from("10.0.0.1"), "vanthu")
		if _, err := h.Prove(ctx, from("10.0.0.1"), o.Token, code(t, e.Secret, 0)); err != nil {
			t.Errorf("the owner after the wait: %v", err)
		}
	})
}
