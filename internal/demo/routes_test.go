package demo_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/config"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/demo"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// province is the demonstration province on a temporary database, with its office plane served.
type province struct {
	app      *app.App
	client   *webtest.Client
	accounts []demo.Account
}

func open(t *testing.T) province {
	t.Helper()
	dir := t.TempDir()
	c, _, err := config.Load("test", []string{"--data", dir, "--trusted-proxies", "127.0.0.1"}, nil, nil)
	must(t, err)
	site, err := app.OpenSite(t.Context(), c)
	must(t, err)
	none := map[access.Role]people.Factor{}
	for _, r := range people.Roles() {
		none[r.Role] = people.NoFactor
	}
	a, err := app.Open(t.Context(), c, site, app.Options{Factors: none, Cost: credential.Cost{MemoryKiB: 8 << 10, Passes: 1, Lanes: 1}})
	must(t, err)
	t.Cleanup(func() { a.Close() })
	must(t, demo.Fill(t.Context(), a, dir))
	text, err := os.ReadFile(filepath.Join(dir, "accounts.json"))
	must(t, err)
	p := province{app: a, client: webtest.Start(t, a.Office)}
	must(t, json.Unmarshal(text, &p.accounts))
	return p
}

// as logs in with the demonstration's account of a role, in a browser of its own.
func (p province) as(t *testing.T, role access.Role) *webtest.Client {
	t.Helper()
	i := slices.IndexFunc(p.accounts, func(a demo.Account) bool { return a.Role == role })
	if i < 0 {
		t.Fatalf("the demonstration has no account for %s", role)
	}
	c := p.client.Another()
	c.Get(web.LoginPath).Fill("Tên đăng nhập", p.accounts[i].Username).Fill("Mật khẩu", p.accounts[i].Password).Press("Đăng nhập")
	return c
}

// allowed tells which roles may open a route somewhere.
func (p province) allowed(t *testing.T, r web.Route) []string {
	t.Helper()
	switch r.Action {
	case web.Public:
		return []string{"everyone"}
	case web.Started, web.LoggedIn:
		return []string{"who is logged in"}
	}
	var roles []string
	for _, role := range people.Roles() {
		ctx := access.With(context.Background(), access.Actor{Person: "x", Grants: []access.Grant{{Role: role.Role, Scope: access.Scope{Kind: role.Scopes[0], ID: "x"}}}})
		if p.app.Policy.Anywhere(ctx, r.Action) {
			roles = append(roles, string(role.Role))
		}
	}
	return roles
}

func TestRoutesByRole(t *testing.T) {
	t.Parallel()
	p := open(t)
	var table strings.Builder
	for _, r := range p.app.Office.Routes() {
		fmt.Fprintf(&table, "%-4s %-60s %s\n", r.Method, r.Pattern, strings.Join(p.allowed(t, r), " "))
	}
	golden(t, "routes.golden", table.String())
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// TestClosedDoorsStayClosed tries every door as every role that may not open it, and as a stranger; and
// that a page opens to every role that may. The doors of one document, whose verbs ask for the right,
// are tried in TestDocumentDoors.
func TestClosedDoorsStayClosed(t *testing.T) {
	t.Parallel()
	p := open(t)
	routes := p.app.Office.Routes()
	try := func(c *webtest.Client, from int, r web.Route) int {
		path := parameter.ReplaceAllString(strings.ReplaceAll(r.Pattern, "{$}", ""), "1")
		method := r.Method
		if r.Stream { // whose answer has no end
			method = http.MethodHead
		}
		request, err := http.NewRequest(method, path, nil)
		must(t, err)
		request.Header.Set("X-Forwarded-For", fmt.Sprintf("10.0.0.%d", from)) // each from its own school
		return c.Do(request).Status
	}
	for _, r := range routes {
		if r.Action == web.Public {
			continue
		}
		if got := try(p.client.Another(), 250, r); got != http.StatusSeeOther && got != http.StatusUnauthorized {
			t.Errorf("a stranger got %d from %s %s", got, r.Method, r.Pattern)
		}
	}
	for n, role := range people.Roles() {
		c := p.as(t, role.Role)
		tried := 0
		for _, r := range routes {
			open := p.allowed(t, r)
			if slices.Contains(open, string(role.Role)) && r.Method == http.MethodGet && !parameter.MatchString(strings.TrimSuffix(r.Pattern, "{$}")) && !r.API {
				if got := try(c, n, r); got != http.StatusOK {
					t.Errorf("%s may open %s and got %d", role.Role, r.Pattern, got)
				}
			}
			if slices.Contains(open, string(role.Role)) || len(open) == 1 && strings.Contains(open[0], " ") || r.Action == web.Public || r.API {
				continue
			}
			tried++
			if got := try(c, n, r); got != http.StatusNotFound && got != http.StatusForbidden {
				t.Errorf("%s got %d from %s %s", role.Role, got, r.Method, r.Pattern)
			}
		}
		if tried == 0 {
			t.Errorf("%s may open every door", role.Role)
		}
	}
}

// TestPermissionMatrix writes the whole permission table as people read it.
func TestPermissionMatrix(t *testing.T) {
	t.Parallel()
	policy, err := access.NewPolicy(nil, app.Rules()...)
	must(t, err)
	var table strings.Builder
	for _, r := range policy.Rules() {
		var cells []string
		for _, role := range people.Roles() {
			switch r.Roles[role.Role] {
			case access.All:
				cells = append(cells, string(role.Role))
			case access.Own:
				cells = append(cells, string(role.Role)+"(own)")
			}
		}
		fmt.Fprintf(&table, "%s\n  %s\n  %s\n", r.Action, r.Source, strings.Join(cells, " "))
	}
	golden(t, "permissions.golden", table.String())
}

// TestTheAdministratorReadsNoContent is note 1 of domain.md 2.4.
func TestTheAdministratorReadsNoContent(t *testing.T) {
	t.Parallel()
	policy, err := access.NewPolicy(nil, app.Rules()...)
	must(t, err)
	for _, r := range policy.Rules() {
		if strings.HasPrefix(string(r.Action), "document.") && r.Roles[people.RoleAdmin] != access.None {
			t.Errorf("the administrator may %s", r.Action)
		}
	}
}

func TestEveryViewFitsItsData(t *testing.T) {
	t.Parallel()
	views := ui.Views()
	if len(views) < 40 {
		t.Fatalf("only %d pages are known", len(views))
	}
	for _, v := range views {
		if err := templatecheck.CheckHTML(v.Template, v.Root); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if got != string(want) {
		t.Errorf("%s is not what it was; look at the difference, then run the test with -update:\n%s", name, got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
