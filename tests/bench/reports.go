package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/config"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
	"bangvang/tests/province"
)

// reportingSites report within reportingTime, as a large province's do at the end of a sitting.
const (
	reportingSites = 2_500
	reportingTime  = time.Minute
)

// reporting measures how sites' reports are taken in while readers drive the public pages as hard as
// they can, and how soon board and figures are right.
func (b *bench) reporting(folder string) error {
	data := filepath.Join(folder, "reports")
	var sitting exam.SittingID
	var bodies [][]byte
	return opened(data, func(ctx context.Context, a *app.App) (err error) {
		sitting, bodies, err = b.sites(ctx, a)
		return err
	}, func(ctx context.Context, a *app.App, address string) error {
		token, err := token(b.binary, data)
		if err != nil {
			return err
		}
		readers := exec.CommandContext(ctx, "wrk", "-t1", "-c64", fmt.Sprintf("-d%ds", int((reportingTime+5*time.Second).Seconds())), "http://"+address+"/")
		var said bytes.Buffer
		readers.Stdout = &said
		if err := readers.Start(); err != nil {
			return err
		}
		defer readers.Wait()
		took, failed := sendAll(address, token, bodies)
		last := time.Now()
		secretary := province.Acting(ctx, people.RoleCouncilSecretary)
		board, err := a.Reports.Board(secretary, sitting)
		if err != nil {
			return err
		}
		shown := time.Since(last)
		p95 := percentile(took, 95)
		b.promised(fmt.Sprintf("%d sites report within %v, readers at full load", len(bodies), reportingTime),
			fmt.Sprintf("%d failed; p50 %s, p95 %s, longest %s", failed, ms(median(took)), ms(p95), ms(percentile(took, 100))), "0, p95 ≤ 300 ms", failed == 0 && p95 <= 300*time.Millisecond)
		counted := board.Attendance.Counts[reports.Sent]
		b.promised("… the last one sent → all on the Council's board", fmt.Sprintf("%s, %d sites", ms(shown), counted), "≤ 1000 ms", shown <= time.Second && counted == len(bodies))
		began := time.Now()
		bulk, err := a.Reports.AcceptClean(secretary, sitting, rules.Attendance)
		if err != nil {
			return err
		}
		b.told("… all accepted at once", fmt.Sprintf("%s, %d accepted", ms(time.Since(began)), len(bulk.Accepted)))
		began = time.Now()
		figures, err := a.Reports.Figures(secretary, sitting, rules.Attendance)
		if err != nil {
			return err
		}
		summed := time.Since(began)
		b.promised("… the last one accepted → the province's sums", fmt.Sprintf("%s, of %d sites", ms(summed), figures.Accepted), "≤ 1000 ms", summed <= time.Second && figures.Accepted == len(bodies))
		if err := readers.Wait(); err != nil {
			return fmt.Errorf("wrk: %w: %s", err, said.String())
		}
		if m := wrkRequests.FindStringSubmatch(said.String()); m != nil {
			b.told("… readers answered meanwhile", m[1])
		}
		return nil
	})
}

// sendAll sends the reports evenly over the time and gives how long each took to be acknowledged.
func sendAll(address, token string, bodies [][]byte) (took []time.Duration, failed int64) {
	took = make([]time.Duration, len(bodies))
	var wrong atomic.Int64
	var sending sync.WaitGroup
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	began := time.Now()
	for i, body := range bodies {
		time.Sleep(time.Until(began.Add(time.Duration(i) * reportingTime / time.Duration(len(bodies)))))
		sending.Go(func() {
			at := time.Now()
			request, err := http.NewRequest(http.MethodPost, "http://"+address+"/api/v1/site-reports", bytes.NewReader(body))
			if err == nil {
				request.Header.Set("Authorization", "Bearer "+token)
				var response *http.Response
				if response, err = client.Do(request); err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					response.Body.Close()
					if response.StatusCode != http.StatusOK {
						wrong.Add(1)
					}
				}
			}
			if err != nil {
				wrong.Add(1)
			}
			took[i] = time.Since(at)
		})
	}
	sending.Wait()
	return took, wrong.Load()
}

// sites makes an exam that began yesterday, with its sites, and the first report of each.
func (b *bench) sites(ctx context.Context, a *app.App) (sitting exam.SittingID, bodies [][]byte, err error) {
	sites, sittings, err := province.Sites(ctx, a, 1, reportingSites)
	if err != nil {
		return "", nil, err
	}
	for i, site := range sites {
		said, err := province.Attendance(ctx, a, site, sittings[0], fmt.Sprintf("do-%d", i), 1+i%4)
		if err != nil {
			return "", nil, err
		}
		body, err := json.Marshal(said)
		if err != nil {
			return "", nil, err
		}
		bodies = append(bodies, body)
	}
	return sittings[0], bodies, nil
}

// token makes an account of the Council's secretariat and gives a token for it.
func token(binary, data string) (string, error) {
	var out []byte
	for _, args := range [][]string{
		{"user", "create", "--username", "thu-ky", "--name", "Thư ký Hội đồng"},
		{"user", "grant", "--username", "thu-ky", "--role", string(people.RoleCouncilSecretary)},
		{"token", "create", "--username", "thu-ky", "--scope", reports.Scope},
	} {
		var err error
		if out, err = exec.Command(binary, append(args, "--data", data)...).Output(); err != nil {
			return "", fmt.Errorf("bangvang %s: %w", strings.Join(args, " "), err)
		}
	}
	return strings.TrimSpace(string(out)), nil
}

// opened runs an installation in this process: fill before its first job, then do with its address.
func opened(data string, fill func(context.Context, *app.App) error, do func(ctx context.Context, a *app.App, address string) error) error {
	c, _, err := config.Load("bench", []string{"--data", data, "--addr", "127.0.0.1:0", "--base-url", baseURL}, nil, nil)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s, err := app.NewServer(ctx, c, version, app.Options{})
	if err != nil {
		return err
	}
	var found error
	err = s.Run(ctx, func(ctx context.Context, a *app.App) error {
		if found = fill(ctx, a); found != nil {
			stop() // an error would have it opened again
		}
		return nil
	}, func(address string) {
		go func() {
			defer stop()
			found = do(ctx, s.App(), address)
		}()
	})
	if found != nil {
		return found
	}
	return err
}
