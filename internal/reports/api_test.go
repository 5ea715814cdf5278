package reports_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
	"bangvang/internal/people/peopleweb"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A door is the machine interface as the program has it, with accounts and tokens.
type door struct {
	*council
	people *people.Service
	url    string
}

func (c *council) door(t *testing.T) *door {
	t.Helper()
	policy, err := access.NewPolicy(c.clock, exam.Rules(), reports.Rules(), people.Rules())
	c.must(err)
	d := &door{council: c}
	d.people, err = people.New(people.Deps{DB: c.db, Policy: policy, Secret: bytes.Repeat([]byte{7}, 32), Cost: credential.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}, Sites: c.exams})
	c.must(err)
	office := web.NewOffice(web.Config{DB: c.db, Policy: policy, Clock: c.clock, Log: slog.New(slog.DiscardHandler), Sessions: peopleweb.Sessions{People: d.people},
		Tokens: peopleweb.Tokens{People: d.people}, RatePerSecond: 1e6, Burst: 1e6, Site: func(context.Context) ui.Site { return ui.Site{} }, Nav: func(context.Context) []ui.NavGroup { return nil }})
	c.Register(office)
	server := httptest.NewServer(office)
	t.Cleanup(server.Close)
	d.url = server.URL + "/api/v1/site-reports"
	return d
}

// token makes an account with one role and a token for it.
func (d *door) token(role access.Role, scope access.Scope, scopes ...string) string {
	d.t.Helper()
	system := access.System(d.t.Context(), "test")
	id, err := d.people.CreateAccount(system, people.AccountForm{Username: "u" + db.NewID(), Name: "Cô Thư"})
	d.must(err)
	_, err = d.people.GrantRole(system, people.GrantForm{Account: id, Role: role, Scope: scope})
	d.must(err)
	_, token, err := d.people.CreateToken(system, id, "máy của điểm thi", scopes, "")
	d.must(err)
	return token
}

func (d *door) siteToken(i int) string {
	return d.token(people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: string(d.sites[i])}, reports.Scope)
}

func (d *door) post(token string, body []byte) (int, []byte) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url, bytes.NewReader(body))
	d.must(err)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	d.must(err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	d.must(err)
	return answer.StatusCode, said
}

// get asks for one of the door's lists.
func (d *door) get(token, path string) []byte {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.url+path, nil)
	d.must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	d.must(err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	d.must(err)
	if answer.StatusCode != http.StatusOK {
		d.t.Fatalf("%s: %d %s", path, answer.StatusCode, said)
	}
	return said
}

func asBytes(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// architecture.md 8: the door is idempotent, and its refusals say what to do.
func TestTheDoorOfTheMachineInterface(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *council) {
		d := c.door(t)
		sitting := c.sitting(0)
		mine := d.siteToken(0)
		body := asBytes(t, c.said("may-1", 0, sitting, rules.Attendance, 1))
		for what, try := range map[string]struct {
			token  string
			body   []byte
			status int
		}{
			"no token":                   {"", body, 401},
			"a token for other things":   {d.token(people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: string(c.sites[0])}, "results:read"), body, 403},
			"another site's token":       {d.siteToken(1), body, 404},
			"a clerk's token":            {d.token(people.RoleClerk, access.Scope{Kind: access.Department}), body, 404},
			"a member that nobody knows": {mine, []byte(`{"id":"a","xyz":1}`), 400},
			"no JSON":                    {mine, []byte("xin chào"), 400},
			"nothing":                    {mine, nil, 400},
			"too much":                   {mine, []byte(`{"note":"` + strings.Repeat("a", 1<<20) + `"}`), 413},
			"figures that do not agree":  {mine, bytes.Replace(body, []byte(`"present":23`), []byte(`"present":22`), 1), 422},
		} {
			status, said := d.post(try.token, try.body)
			var problem struct {
				Status        int
				Detail, Title string
				Errors        []struct{ Field, Detail string }
			}
			if err := json.Unmarshal(said, &problem); err != nil || status != try.status || problem.Status != status || problem.Detail == "" {
				t.Errorf("%s: %d %s", what, status, said)
			}
			if status == 422 && (len(problem.Errors) == 0 || !strings.HasPrefix(problem.Errors[0].Field, "lines.")) {
				t.Errorf("%s: %s", what, said)
			}
		}
		for cut := range len(body) {
			if status, said := d.post(mine, body[:cut]); status != http.StatusBadRequest {
				t.Fatalf("cut at byte %d: %d %s", cut, status, said)
			}
		}
		if n := c.count("SELECT COUNT(*) FROM report_site"); n != 0 {
			t.Fatalf("%d reports of what was refused", n)
		}
		status, first := d.post(mine, body)
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, first)
		}
		if status, again := d.post(mine, body); status != http.StatusOK || !bytes.Equal(again, first) {
			t.Errorf("again: %d %s, first %s", status, again, first)
		}
		var receipt reports.Receipt
		c.must(json.Unmarshal(first, &receipt))
		if receipt.Code == "" || receipt.Outcome != reports.Received || receipt.ID != "may-1" {
			t.Errorf("receipt: %s", first)
		}
		status, other := d.post(mine, asBytes(t, c.said("may-1", 0, sitting, rules.Attendance, 2)))
		if status != http.StatusOK || !strings.Contains(string(other), `"outcome":"conflict"`) {
			t.Errorf("other content: %d %s", status, other)
		}
		if r, err := c.Slot(c.secretary(), c.slot(0, sitting, rules.Attendance)); err != nil || len(r) != 2 || r[0].Channel != reports.API {
			t.Errorf("kept: %+v, %v", r, err)
		}
		var list struct {
			Items []struct {
				Site, Sitting struct{ ID, Code, Name string }
				Parts         []struct {
					State, Receipt string
					DueAt          int64
				}
			}
		}
		c.must(json.Unmarshal(d.get(mine, ""), &list))
		if first := list.Items[0]; len(list.Items) != 4 || first.Site.Code != "001" || first.Sitting.Code != "2021-07-07-am" || first.Sitting.ID != string(sitting) ||
			first.Parts[0].State != "conflict" || first.Parts[1].State != "expected" || first.Parts[1].DueAt == 0 || first.Parts[0].Receipt != receipt.Code {
			t.Errorf("owed: %+v", list.Items)
		}
		var form struct {
			Version string
			Basis   rules.Basis
		}
		c.must(json.Unmarshal(d.get(mine, "/form?site="+list.Items[0].Site.ID+"&sitting="+list.Items[1].Sitting.ID), &form))
		if form.Version == "" || form.Basis.Lines[0].Name != "Toán" || form.Basis.Lines[0].Registered != 24 {
			t.Errorf("form: %+v", form)
		}
		council := d.token(people.RoleCouncilSecretary, access.Scope{Kind: access.Council})
		c.must(json.Unmarshal(d.get(council, ""), &list))
		if len(list.Items) != 3*4 {
			t.Errorf("the Council's list has %d sittings", len(list.Items))
		}
		// The Council's own token sends for a site, named as such.
		status, said := d.post(d.token(people.RoleCouncilSecretary, access.Scope{Kind: access.Council}, reports.Scope), asBytes(t, c.said("x", 1, sitting, rules.Attendance, 1)))
		if r, err := c.Slot(c.secretary(), c.slot(1, sitting, rules.Attendance)); err != nil || status != http.StatusOK || len(r) != 1 || !r[0].Behalf {
			t.Errorf("on behalf: %d %s, %v", status, said, err)
		}
	})
}

// Every site of a large province reports within a minute: none fails, and hardly one waits.
func TestManySitesReportWithinAMinute(t *testing.T) {
	clk := start(t)
	c := convene(t, dbtest.SQLite(t, clk), clk, loadSites)
	d := c.door(t)
	sitting := c.sitting(0)
	form, err := c.Form(c.secretary(), c.sites[0], sitting)
	c.must(err)
	tokens, bodies := make([]string, loadSites), make([][]byte, loadSites)
	for i := range loadSites {
		b := form.Basis
		b.Site, b.Lines = string(c.sites[i]), slices.Clone(b.Lines)
		b.Lines[0].Registered = 24 * (i%5 + 1)
		tokens[i], bodies[i] = d.siteToken(i), asBytes(t, fill(b, fmt.Sprint("m-", i), rules.Attendance, i%4))
	}
	_, runner := c.node(t, c.db) // what reports announce is handed on meanwhile
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- runner.Run(ctx) }()
	const second = 2_500 / 60.0 // reports
	took := make([]time.Duration, loadSites)
	var failed sync.Map
	var wg sync.WaitGroup
	began := time.Now()
	for i := range loadSites {
		time.Sleep(time.Until(began.Add(time.Duration(float64(i) / second * float64(time.Second)))))
		wg.Go(func() {
			at := time.Now()
			if status, said := d.post(tokens[i], bodies[i]); status != http.StatusOK {
				failed.Store(i, fmt.Sprintf("%d %s", status, said))
			}
			took[i] = time.Since(at)
		})
	}
	wg.Wait()
	failed.Range(func(i, why any) bool { t.Errorf("site %v: %v", i, why); return true })
	all := time.Since(began)
	stop()
	c.must(<-ran)
	slices.Sort(took)
	t.Logf("%d reports in %v: p50 %v, p95 %v, longest %v", loadSites, all.Round(time.Millisecond), took[loadSites/2], took[loadSites*95/100], took[loadSites-1])
	at := time.Now()
	bulk, err := c.AcceptClean(c.secretary(), sitting, rules.Attendance)
	c.must(err)
	accepted := time.Since(at)
	at = time.Now()
	b, err := c.Board(c.secretary(), sitting)
	c.must(err)
	board := time.Since(at)
	at = time.Now()
	f := c.figures(sitting, rules.Attendance)
	t.Logf("accepted %d in %v; board %v; figures %v", len(bulk.Accepted), accepted, board, time.Since(at))
	if f.Accepted != loadSites || f.Provisional() || b.Attendance.Counts[reports.Accepted] != loadSites {
		t.Errorf("figures of %d sites, %d missing", f.Accepted, len(f.Missing))
	}
}
