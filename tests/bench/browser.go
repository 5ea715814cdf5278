package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
)

// heaviest is what a first visit to a public page may load, without content images, in bytes.
const heaviest = 30_000

// firstVisits opens each page in Chromium with nothing cached and counts what comes over the wire.
func (b *bench) firstVisits(p *process) error {
	ask, err := json.Marshal(map[string]any{"weigh": paths})
	if err != nil {
		return err
	}
	cmd := exec.Command("node", "pages.mjs", p.base, string(ask))
	cmd.Dir = "tests/browser"
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("look with Chromium: %w: %.500s", err, said.String())
	}
	var seen struct {
		Pages []struct {
			Path            string
			Bytes, Requests int
		}
		Findings []struct{ Path, Rule, Text string }
	}
	if err := json.Unmarshal(out, &seen); err != nil {
		return fmt.Errorf("read what Chromium saw: %w", err)
	}
	if len(seen.Pages) != len(paths) {
		return fmt.Errorf("Chromium saw %d of %d pages", len(seen.Pages), len(paths))
	}
	for _, page := range seen.Pages {
		if page.Bytes == 0 || page.Requests == 0 {
			return fmt.Errorf("Chromium loaded nothing for %s", page.Path)
		}
		b.promised("first visit, "+page.Path, fmt.Sprintf("%.1f kB in %d requests", float64(page.Bytes)/1000, page.Requests), "≤ 30 kB", page.Bytes <= heaviest)
	}
	for _, f := range seen.Findings {
		if f.Rule != "weight" { // told above
			return fmt.Errorf("first visit to %s: %s: %s", f.Path, f.Rule, f.Text)
		}
	}
	return nil
}
