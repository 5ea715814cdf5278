package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// A form carries a token ({{template "keys" .Form}}). The first request with it claims the token
// before the handler runs; a second one, from a double click or a reload, waits for the first and is
// led to where the first was led. A refused form gives its token back.
//
// When a request was cut off in the middle (a crash, an unexpected error) nobody can tell from here
// whether its save was committed. The second request is then told so and decides; nothing is doubled
// behind its back.

const (
	onceRunning = "running"
	onceDone    = "done"
	onceWait    = 8 * time.Second     // for the first request to finish
	onceKeep    = 14 * 24 * time.Hour // longer than a browser keeps a form open
)

type claim struct {
	state, location string
	at              int64
}

// cutOff tells that whoever claimed the form had no more time to finish.
func (k *claim) cutOff(now int64, timeout time.Duration) bool {
	return k.state == onceRunning && now > k.at+timeout.Milliseconds()
}

// onceOnly runs a handler that answers a form, unless that form was sent before.
func (c *Ctx) onceOnly(h Handler) error {
	token := c.R.PostForm.Get("_once")
	if c.R.Method != http.MethodPost || token == "" {
		return h(c)
	}
	sum := sha256.Sum256([]byte(c.Actor().Person + "\n" + token))
	c.once = hex.EncodeToString(sum[:])
	before, err := c.office.claimOnce(c.Context(), c.once)
	if err != nil {
		return err
	}
	if before != nil {
		return c.repeated(before)
	}
	err = h(c)
	after := context.WithoutCancel(c.Context()) // the browser may have gone; the result stands
	switch {
	case err == nil && !c.refused:
		return c.office.writeOnce(after, `UPDATE web_once SET state = 'done', location = $2 WHERE token = $1`, c.once, c.saved)
	case err == nil || fault.KindOf(err) != fault.Internal:
		return errors.Join(err, c.office.writeOnce(after, `DELETE FROM web_once WHERE token = $1`, c.once))
	}
	return err
}

// repeated answers a form that was sent before.
func (c *Ctx) repeated(before *claim) error {
	deadline := time.NewTimer(onceWait)
	defer deadline.Stop()
	for before != nil && before.state == onceRunning {
		if before.cutOff(c.office.Clock.Millis(), c.route.timeout) {
			return c.interrupted()
		}
		select {
		case <-deadline.C:
			return c.interrupted()
		case <-c.Context().Done():
			return c.Context().Err()
		case <-time.After(100 * time.Millisecond):
		}
		var err error
		if before, err = c.office.readOnce(c.Context(), c.once); err != nil {
			return err
		}
	}
	switch {
	case before == nil: // the first was refused; its answer went to the other request
		return fault.New(fault.Busy, "Biểu mẫu được gửi hai lần cùng lúc và lần đầu chưa được nhận. Hãy gửi lại một lần.")
	case before.location == "":
		return fault.New(fault.Conflict, "Biểu mẫu này đã được lưu ở lần gửi trước; không lưu thêm lần nữa.")
	}
	http.Redirect(c.W, c.R, before.location, http.StatusSeeOther)
	return nil
}

// claimOnce notes token as being saved now. It gives nil when this is the first time, otherwise
// what became of the time before.
func (o *Office) claimOnce(ctx context.Context, token string) (*claim, error) {
	var first bool
	err := o.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO web_once (token, at, state, location) VALUES ($1, $2, 'running', '') ON CONFLICT (token) DO NOTHING`, token, tx.Now())
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		first = n == 1
		return err
	})
	if err != nil || first {
		return nil, err
	}
	before, err := o.readOnce(ctx, token)
	if before == nil && err == nil {
		before = &claim{state: onceRunning, at: o.Clock.Millis()} // given back between the two looks: wait and see
	}
	return before, err
}

// readOnce gives what is noted for a token; nil when nothing is.
func (o *Office) readOnce(ctx context.Context, token string) (*claim, error) {
	found, err := db.One(ctx, o.DB.Read(), func(s db.Scanner) (claim, error) {
		var k claim
		err := s.Scan(&k.state, &k.location, &k.at)
		return k, err
	}, `SELECT state, location, at FROM web_once WHERE token = $1`, token)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &found, err
}

func (o *Office) writeOnce(ctx context.Context, query string, args ...any) error {
	return o.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// Purge forgets forms sent more than two weeks ago. Run it daily.
func (o *Office) Purge(ctx context.Context) error {
	return o.writeOnce(ctx, `DELETE FROM web_once WHERE at < $1`, o.Clock.Millis()-onceKeep.Milliseconds())
}
