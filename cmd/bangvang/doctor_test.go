package main

import (
	"strings"
	"testing"
	"time"
)

func TestClocksThatDifferAreNoticed(t *testing.T) {
	t.Parallel()
	now := time.Date(2021, 7, 7, 0, 35, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		now, server, written time.Time
		says                 string // "" = well
	}{
		"a second apart":         {now, now.Add(time.Second), now.Add(-time.Hour), ""},
		"never written":          {now, now, time.Time{}, ""},
		"the server is ahead":    {now, now.Add(3 * time.Second), now, "by 3s"},
		"the server is behind":   {now, now.Add(-3 * time.Second), now, "by -3s"},
		"written in the future":  {now, now, now.Add(time.Hour), "is to come"},
		"a machine without time": {now.AddDate(-40, 0, 0), now.AddDate(-40, 0, 0), time.Time{}, "believes it is 1981"},
	} {
		if got := compareClocks(c.now, c.server, c.written); got.ok != (c.says == "") || !strings.Contains(got.says, c.says) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
