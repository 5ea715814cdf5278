package reports_test

import (
	"testing"
	"time"

	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

func TestAFormOpenedAgainHidesNoDraft(t *testing.T) { // R-III.2-6
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		slot := c.slot(0, c.sitting(0), rules.Attendance)
		c.must(c.Seen(c.site(0), slot, reports.OfflineSaved))
		c.clock.Advance(5 * time.Minute)
		c.must(c.Seen(c.site(0), slot, reports.FormOpened))
		form, err := c.Form(c.site(0), c.sites[0], c.sitting(0))
		c.must(err)
		if l := form.Life[0]; l == nil || l.Sign != reports.OfflineSaved || l.At != c.clock.Millis()-5*60_000 {
			t.Errorf("the last sign of life is %+v", l)
		}
		if form.Life[1] != nil {
			t.Errorf("the other part was seen: %+v", form.Life[1])
		}
		c.must(c.Seen(c.site(0), slot, reports.DraftKept))
		form, err = c.Form(c.site(0), c.sites[0], c.sitting(0))
		c.must(err)
		if form.Life[0].Sign != reports.DraftKept {
			t.Errorf("a later draft does not show: %+v", form.Life[0])
		}
	})
}
