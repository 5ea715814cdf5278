package people

import (
	"context"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/event"
	"bangvang/internal/base/jobs"
)

// UnitChanged is announced when a unit is added, changed, renamed or merged, or is given a function:
// pages that show its name or its telephone numbers are to be drawn anew.
//
// Source: R-III.3-1; domain.md 2.6.
var UnitChanged = event.New[UnitFact]("people.unit_changed")

// A UnitFact names the unit a fact is about.
type UnitFact struct {
	Unit UnitID `json:"unit"`
}

// Schedule registers the capability's periodic work with the runner.
func (s *Service) Schedule(r *jobs.Runner) {
	r.Every("people.purge", time.Hour, s.Purge)
}

// Purge forgets what has run out: sessions, links, uploads nobody accepted, counters of guessing. It
// is run every hour and may run twice.
func (s *Service) Purge(ctx context.Context) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := tx.Now()
		day := (24 * time.Hour).Milliseconds()
		for _, step := range []struct {
			query  string
			before int64
		}{
			{`DELETE FROM people_session WHERE expires_at < $1 OR seen_at + idle < $1`, now},
			{`DELETE FROM people_link WHERE expires_at < $1`, now - 7*day},
			{`DELETE FROM people_import WHERE created_at < $1`, now - 2*day},
			{`DELETE FROM people_throttle WHERE last_at < $1`, now - forgetAfter.Milliseconds()},
			{`DELETE FROM people_throttle_address WHERE failed_at < $1 AND ok_at < $1`, now - addressMemory.Milliseconds()},
			{`DELETE FROM people_device WHERE last_at < $1`, now - deviceMemory.Milliseconds()},
		} {
			if _, err := tx.ExecContext(ctx, step.query, step.before); err != nil {
				return err
			}
		}
		return nil
	})
}
