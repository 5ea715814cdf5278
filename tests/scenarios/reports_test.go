package scenarios_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/reports/rules"
)

// A sentReport is one report on its way to the machine interface.
type sentReport struct {
	body    []byte
	receipt []byte // nil: not acknowledged
}

// TestKilledWhileSitesReport ends the program as a power cut does while twenty sites send their reports.
// After the next start every acknowledged report gives the very same receipt; one that was not
// acknowledged can be sent again; each is there once.
//
// Source: architecture §7, last row; R-III.2-6.
func TestKilledWhileSitesReport(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		const when = "2021-07-09T08:00" // every sitting of the first round can be reported
		p := demo(t, at, "--at", when)
		token := strings.TrimSpace(done(t, append([]string{"token", "create", "--username", "thu-ky-hd", "--scope", "site-reports"}, at.flags()...)...))
		lost, total := 0, 0
		for round := range kills {
			all := reportsOf(t, p, token, round)
			total += len(all)
			killedReporting(t, p, token, round, all)
			for _, r := range all {
				if r.receipt == nil {
					lost++
				}
			}
			p = demo(t, at, "--at", when)
			for _, r := range all {
				again, err := p.report(token, r.body)
				must(t, err)
				if r.receipt != nil && !bytes.Equal(again, r.receipt) {
					t.Errorf("acknowledged with %s, sent again %s", r.receipt, again)
				}
				if once, err := p.report(token, r.body); err != nil || !bytes.Equal(once, again) {
					t.Errorf("sent again %s, and again %s, %v", again, once, err)
				}
			}
		}
		if lost == 0 {
			t.Error("every report was acknowledged before the program was killed: nothing was cut off in the middle")
		}
		if n := keptReports(t, at); n != total {
			t.Errorf("%d reports are kept of %d", n, total)
		}
		done(t, append([]string{"verify", "all"}, at.flags()...)...)
	})
}

// reportsOf fills in twenty forms: of other sittings each round.
func reportsOf(t *testing.T, p *program, token string, round int) []sentReport {
	t.Helper()
	var list struct {
		Items []struct{ Site, Sitting struct{ ID, Code string } }
	}
	must(t, json.Unmarshal(p.ask(t, token, ""), &list))
	var sittings []string
	for _, item := range list.Items {
		if !slices.Contains(sittings, item.Sitting.Code) && item.Sitting.Code < "2021-07-09" {
			sittings = append(sittings, item.Sitting.Code)
		}
	}
	var all []sentReport
	for i, item := range list.Items {
		if item.Sitting.Code != sittings[round%len(sittings)] || len(all) == saves {
			continue
		}
		var form struct {
			Version string
			Basis   rules.Basis
		}
		must(t, json.Unmarshal(p.ask(t, token, "/form?site="+item.Site.ID+"&sitting="+item.Sitting.ID), &form))
		r := rules.Report{ID: fmt.Sprintf("mat-dien-%d-%d", round, i), Site: item.Site.ID, Sitting: item.Sitting.ID, Part: rules.Attendance, Form: form.Version, Reporter: "Thư ký điểm thi"}
		for _, l := range form.Basis.Lines {
			r.Lines = append(r.Lines, rules.Line{Key: l.Key, Registered: rules.N(l.Registered), Present: rules.N(l.Registered), Absent: "0", Rooms: rules.N(1 + l.Registered/24)})
		}
		body, err := json.Marshal(r)
		must(t, err)
		all = append(all, sentReport{body: body})
	}
	if len(all) < 10 {
		t.Fatalf("only %d sites report", len(all))
	}
	return all
}

// killedReporting sends the reports and kills the program when some are acknowledged: another number
// each round.
func killedReporting(t *testing.T, p *program, token string, round int, all []sentReport) {
	t.Helper()
	var acknowledged atomic.Int32
	enough := make(chan struct{})
	var once sync.Once
	var sending sync.WaitGroup
	for i := range all {
		sending.Go(func() {
			receipt, err := p.report(token, all[i].body)
			if err != nil {
				return // cut off
			}
			all[i].receipt = receipt
			if int(acknowledged.Add(1)) > (round*7)%(len(all)-2) {
				once.Do(func() { close(enough) })
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(20 * time.Second):
		t.Error("too few reports were acknowledged")
	}
	p.kill()
	sending.Wait()
}

// report sends one report and gives its receipt.
func (p *program) report(token string, body []byte) ([]byte, error) {
	r, err := http.NewRequest(http.MethodPost, p.base+"/api/v1/site-reports", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return p.call(r, token)
}

// ask reads one of the machine interface's lists.
func (p *program) ask(t *testing.T, token, path string) []byte {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, p.base+"/api/v1/site-reports"+path, nil)
	must(t, err)
	body, err := p.call(r, token)
	must(t, err)
	return body
}

func (p *program) call(r *http.Request, token string) ([]byte, error) {
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %d %s", r.Method, r.URL.Path, answer.StatusCode, body)
	}
	return body, err
}

// keptReports counts the reports that the installation keeps; none is there twice.
func keptReports(t *testing.T, at place) int {
	t.Helper()
	url := at.database
	if url == "" {
		found, err := filepath.Glob(filepath.Join(at.data, "*.db"))
		must(t, err)
		if len(found) != 1 {
			t.Fatalf("the databases of %s are %v", at.data, found)
		}
		url = "sqlite:" + found[0]
	}
	d, err := db.Open(context.Background(), url, nil)
	must(t, err)
	defer d.Close()
	var n, twice int
	must(t, d.Read().QueryRowContext(context.Background(), "SELECT COUNT(*) FROM report_site").Scan(&n))
	must(t, d.Read().QueryRowContext(context.Background(), "SELECT COUNT(*) FROM (SELECT client_id FROM report_site GROUP BY client_id HAVING COUNT(*) > 1) AS twice").Scan(&twice))
	if twice > 0 {
		t.Errorf("%d reports are there twice", twice)
	}
	return n
}
