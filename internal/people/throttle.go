package people

import (
	"context"
	"net/netip"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// Guessing is slowed so that it stops the attacker and not the school behind one address:
//
//   - An account's counter grows with every failure from a browser the account has never used. After
//     some free tries each further one has to wait, longer each time. It bounds an attacker who
//     hammers one account, from however many addresses.
//   - A browser that the account has logged in from before (device cookie) has its own counter for
//     that account. So the owner gets in while strangers are being slowed.
//   - An address is slowed by how many different accounts failed from it without getting in, not by
//     how many tries: one attacker among forty teachers fails on many, a teacher on one. The more
//     accounts get in from an address, the more may fail there; an account that has got in from that
//     address before is not held up by its neighbours at all.
//
// A try is charged before the password is looked at and given back when it was right: many tries at
// once count one by one. While waiting, tries are refused without being charged, so the end of the
// wait does not move. Unknown accounts are counted like known ones and answer alike.
const (
	freeStranger  = 5                // failures from unknown browsers before an account's waits begin
	freeFamiliar  = 10               // failures from one known browser
	freeFactor    = 5                // wrong second factors after a right password
	firstWait     = 15 * time.Second // doubles with each failure
	longestWait   = 15 * time.Minute
	forgetAfter   = 24 * time.Hour // a counter starts over after a day without failure
	addressWindow = 15 * time.Minute
	addressFree   = 10                  // accounts that may fail from an address within the window
	addressCredit = 2                   // further ones for each account that got in from there
	addressMemory = 30 * 24 * time.Hour // how long getting in from an address counts
	deviceMemory  = 180 * 24 * time.Hour
)

// A counter is one row of failures.
type counter struct {
	failures int
	lastAt   int64
}

// openAt gives when the next try is let through, in milliseconds UTC.
func (c counter) openAt(free int) int64 {
	over := c.failures - free
	if over < 0 {
		return 0
	}
	wait := longestWait
	if over < 10 {
		wait = min(longestWait, firstWait<<over)
	}
	return c.lastAt + wait.Milliseconds()
}

// A Client is where a try comes from, as the web layer saw it.
type Client struct {
	Address string // IP address
	Agent   string // the browser's own description, shown in the list of sessions
	Device  string // the device cookie, "" when there is none
}

// place gives the address as it is counted: a whole /64 is one place in IPv6, because one machine
// there has as many addresses as it likes.
func (c Client) place() string {
	addr, err := netip.ParseAddr(c.Address)
	if err != nil {
		return c.Address
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// A charge is a try that was counted as a failure before it was looked at.
type charge struct {
	key      string // the counter
	familiar bool   // the account has used this browser before
	address  string // keyed hash of the place, "" when it is not counted
	account  string // keyed hash of the username
}

// chargeLogin counts a try to log in as username (id is "" when there is no such account), or refuses
// it with fault.Busy and the time to come back.
func (s *Service) chargeLogin(ctx context.Context, c Client, username string, id AccountID) (charge, error) {
	try := charge{account: s.keys.Sum("throttle account", "", username), address: s.keys.Sum("throttle address", "", c.place())}
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		try.familiar, err = s.familiar(ctx, tx, c, id)
		if err != nil {
			return err
		}
		try.key = "account:" + try.account
		free := freeStranger
		if try.familiar {
			try.key, free = "device:"+s.keys.Sum("throttle device", c.Device, username), freeFamiliar
		} else if err := s.askAddress(ctx, tx, try); err != nil {
			return err
		}
		failures, err := chargeCounter(ctx, tx, try.key, free)
		if err != nil {
			return err
		}
		if failures == free && id != "" {
			err := audit.Write(access.System(ctx, "Đăng nhập"), tx, audit.Entry{Action: "people.login.slowed", Kind: "account", ID: string(id), Label: username})
			if err != nil {
				return err
			}
		}
		return addressFailed(ctx, tx, try.address, try.account)
	})
	return try, err
}

// chargeFactor counts a try of a second factor, or of the present password when changing it.
func (s *Service) chargeFactor(ctx context.Context, what string, id AccountID) (charge, error) {
	try := charge{key: "factor:" + s.keys.Sum("throttle "+what, "", string(id))}
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := chargeCounter(ctx, tx, try.key, freeFactor)
		return err
	})
	return try, err
}

// refund takes a charge back because the proof was right. The counter starts over; the account
// counts as having got in from the address only when the login is whole.
func (try charge) refund(ctx context.Context, tx *db.Tx, whole bool) error {
	if err := forgetCounter(ctx, tx, try.key); err != nil || try.address == "" {
		return err
	}
	return addressSucceeded(ctx, tx, try.address, try.account, whole)
}

// chargeCounter counts a failure and gives how many there are now.
func chargeCounter(ctx context.Context, tx *db.Tx, key string, free int) (int, error) {
	now := tx.Now()
	c, err := lockCounter(ctx, tx, key)
	if err != nil {
		return 0, err
	}
	if now-c.lastAt > forgetAfter.Milliseconds() {
		c = counter{}
	}
	if open := c.openAt(free); now < open {
		return 0, tooOften(open)
	}
	return c.failures + 1, saveCounter(ctx, tx, key, c.failures+1)
}

// askAddress refuses a stranger from an address where too many accounts failed.
func (s *Service) askAddress(ctx context.Context, tx *db.Tx, try charge) error {
	now := tx.Now()
	a, err := readAddress(ctx, tx, try, now-addressWindow.Milliseconds(), now-addressMemory.Milliseconds())
	if err != nil {
		return err
	}
	if a.known || a.failing < addressFree+addressCredit*a.succeeded {
		return nil
	}
	return tooOften(a.oldest + addressWindow.Milliseconds())
}

// familiar tells whether the account has logged in from the client's browser before.
func (s *Service) familiar(ctx context.Context, q db.Queryer, c Client, id AccountID) (bool, error) {
	if c.Device == "" || id == "" {
		return false, nil
	}
	n, err := count(ctx, q, `SELECT count(*) FROM people_device WHERE device = $1 AND account = $2 AND last_at > $3`,
		s.deviceSum(c.Device), id, s.db.Clock().Millis()-deviceMemory.Milliseconds())
	return n > 0, err
}

func (s *Service) deviceSum(device string) string { return s.keys.Sum("device", "", device) }

func tooOften(open int64) error {
	return fault.New(fault.Busy, "Đã thử quá nhiều lần. Hãy thử lại sau %s, hoặc đăng nhập trên máy đã dùng trước đây. Nếu quên mật khẩu, hãy liên hệ người quản trị.",
		clock.Local(clock.FromMillis(open+999)).Format("15:04:05"))
}
