package rehearse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A door is the machine interface of the copy, as a site's computer uses it.
type door struct {
	base string
	http *http.Client
	took []time.Duration // from each report's sending to its answer
}

// An answer is what the door said.
type answer struct {
	status  int
	body    []byte
	receipt reports.Receipt
	fields  []string // that it refused
}

// ask sends one request.
func (d *door) ask(ctx context.Context, method, path, token string, body []byte) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, d.base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := d.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	out := answer{status: response.StatusCode}
	out.body, err = io.ReadAll(response.Body)
	return out, err
}

// form asks what a report is judged against, for the version that goes into it. status is 404 for a site
// that is not one's own.
func (d *door) form(ctx context.Context, token string, slot reports.Slot) (version string, status int, err error) {
	q := url.Values{"site": {string(slot.Site)}, "sitting": {string(slot.Sitting)}}
	a, err := d.ask(ctx, http.MethodGet, "/api/v1/site-reports/form?"+q.Encode(), token, nil)
	if err != nil || a.status != http.StatusOK {
		return "", a.status, err
	}
	var f struct {
		Version string      `json:"version"`
		Basis   rules.Basis `json:"basis"`
	}
	if err := json.Unmarshal(a.body, &f); err != nil {
		return "", a.status, fmt.Errorf("read a form: %w", err)
	}
	return f.Version, a.status, nil
}

// post sends a report as it is, once.
func (d *door) post(ctx context.Context, token string, body []byte) (answer, error) {
	began := time.Now()
	a, err := d.ask(ctx, http.MethodPost, "/api/v1/site-reports", token, body)
	if err != nil {
		return a, err
	}
	d.took = append(d.took, time.Since(began))
	switch a.status {
	case http.StatusOK:
		err = json.Unmarshal(a.body, &a.receipt)
	case http.StatusUnprocessableEntity:
		var problem struct {
			Errors []struct {
				Field string `json:"field"`
			} `json:"errors"`
		}
		err = json.Unmarshal(a.body, &problem)
		for _, f := range problem.Errors {
			a.fields = append(a.fields, f.Field)
		}
	}
	return a, err
}

// reasonsOnly tells whether a report was refused only because warnings want a reason, and gives their keys.
func reasonsOnly(fields []string) (keys []string, only bool) {
	for _, f := range fields {
		key, ok := strings.CutPrefix(f, "reasons.")
		if !ok {
			return nil, false
		}
		keys = append(keys, key)
	}
	return keys, len(keys) > 0
}

// percentile gives the value that so many of a hundred do not exceed.
func percentile(all []time.Duration, percent int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)*percent+99)/100-1]
}
