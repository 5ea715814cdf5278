package scenarios_test

import (
	"encoding/json"
	"testing"
)

// TestASitesFormOutlivesNetworkClockAndBrowser plays the duty computer of an exam site in Chromium: what
// was counted there is sent once, whatever happens to the network, the session, the clock, the browser.
//
// Source: R-III.2-6; domain.md 6.5; architecture §8.
func TestASitesFormOutlivesNetworkClockAndBrowser(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	// Filled before the first sitting, the folder knows no reports yet; it is kept and the clock moved on.
	if demo(t, at, "--at", "2021-07-06T18:00").stop() != 0 {
		t.Error("the demonstration did not end well")
	}
	p := demo(t, at, "--at", "2021-07-08T14:31")
	request, err := json.Marshal(map[string]any{"passwords": at.passwords(t)})
	must(t, err)
	var told struct {
		Steps   []struct{ Name, Error string }
		Weights map[string]int
		Request int
	}
	node(t, &told, "site.mjs", p.base, string(request))
	for _, step := range told.Steps {
		t.Run(step.Name, func(t *testing.T) {
			if step.Error != "" {
				t.Error(step.Error)
			}
		})
	}
	t.Logf("first loads %v bytes, a report %d bytes", told.Weights, told.Request)
}
