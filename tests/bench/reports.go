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
	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/config"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
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
		secretary := acting(ctx, people.RoleCouncilSecretary)
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
	office := acting(ctx, people.RoleExamOffice)
	id, err := a.Exam.Load(office, 2021, "Lai Châu")
	if err != nil {
		return "", nil, err
	}
	now := time.Now().In(clock.Zone)
	if id, err = a.Exam.Copy(office, id, exam.CopyInput{Year: now.Year(), FirstDay: now.AddDate(0, 0, -1).Format(time.DateOnly), Rounds: []int{1}}); err != nil {
		return "", nil, err
	}
	e, err := a.Exam.Exam(office, id)
	if err != nil {
		return "", nil, err
	}
	round := e.Rounds[0]
	var rosters []exam.SiteRoster
	for i := range reportingSites {
		site, err := a.Exam.SaveSite(office, round.ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%04d", i+1), Name: fmt.Sprintf("Điểm thi %d", i+1), LocalityName: fmt.Sprintf("Huyện giả định %d", i%40)})
		if err != nil {
			return "", nil, err
		}
		counts := exam.Roster{}
		for _, l := range e.Lines(round.ID) {
			n := 48 + i%400
			if l.Combined {
				n /= 2
			}
			counts[l.LineKey] = exam.Count{Registered: n}
		}
		rosters = append(rosters, exam.SiteRoster{Site: site, Version: 1, Counts: counts})
	}
	if err := a.Exam.SetRosters(office, round.ID, rosters); err != nil {
		return "", nil, err
	}
	if err := a.Exam.Publish(office, id, e.Version); err != nil {
		return "", nil, err
	}
	if e, err = a.Exam.Exam(office, id); err != nil {
		return "", nil, err
	}
	if err := a.Exam.MakeCurrent(office, id, e.Version); err != nil {
		return "", nil, err
	}
	for _, s := range round.Sittings {
		if s.Kind == exam.Papers {
			sitting = s.ID
			break
		}
	}
	secretary := acting(ctx, people.RoleCouncilSecretary)
	for i, r := range rosters {
		form, err := a.Reports.Form(secretary, r.Site, sitting)
		if err != nil {
			return "", nil, err
		}
		body, err := json.Marshal(attendance(form.Basis, fmt.Sprintf("do-%d", i), 1+i%4))
		if err != nil {
			return "", nil, err
		}
		bodies = append(bodies, body)
	}
	return sitting, bodies, nil
}

// attendance fills in a first report: absent candidates on each line, all ill.
func attendance(b rules.Basis, id string, absent int) rules.Report {
	r := rules.Report{ID: id, Site: b.Site, Sitting: b.Sitting, Part: rules.Attendance, Reporter: "Thư ký điểm thi"}
	for _, l := range b.Lines {
		r.Lines = append(r.Lines, rules.Line{
			Key: l.Key, Registered: rules.N(l.Registered), Present: rules.N(l.Registered - absent), Absent: rules.N(absent),
			Why: map[string]rules.Count{"sick": rules.N(absent)}, Rooms: rules.N(exam.RoomsNeeded(l.Registered)),
		})
	}
	return r
}

// acting gives a context in which the bench acts in a role for the whole province.
func acting(ctx context.Context, role access.Role) context.Context {
	info, _ := people.RoleOf(role)
	return access.With(ctx, access.Actor{Person: "bench-" + string(role), Name: "Đo đạc", Grants: []access.Grant{{Role: role, Scope: access.Scope{Kind: info.Scopes[0]}}}})
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
