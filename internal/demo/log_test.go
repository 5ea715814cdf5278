package demo_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

var (
	// code is what only programs write: words joined by dots or underscores, identifiers, checksums.
	code  = regexp.MustCompile(`\b[a-z]+(?:[._][a-z_]+)+\b|\b[0-9a-f]{20,}\b|\b[0-9A-Z]{20,}\b`)
	files = regexp.MustCompile(`[\w-]+\.(?:docx|pdf|xlsx|zip)\b`) // names that people gave
	tags  = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`)
	// written finds the actions that the capabilities write into the log, however they call for it.
	written = regexp.MustCompile(`(?:Action: |write\(ctx, tx, |change\w*\(.*, |Changed\(.*, |action, write :?= )"([a-z]+\.[a-z_.]+)"`)
)

// The log is read by people: no codes on the screen, while the export keeps them.
func TestTheLogShowsNoCodes(t *testing.T) {
	t.Parallel()
	p := open(t)
	system := access.System(t.Context(), "test")
	found, err := p.app.Documents.List(system, documents.Filter{State: documents.StatePosted, Text: "08/CT-UBND"})
	must(t, err)
	d := found.Documents[0]
	must(t, p.app.Documents.Withdraw(system, d.ID, d.Version, documents.Withdrawal{Ending: documents.EndWithdrawn, Note: "Soát lại"}))
	other, err := p.app.Documents.Register(system, documents.Incoming, documents.Input{Number: "98/CT-UBND", Issuer: "UBND tỉnh", IssuedOn: "2021-06-01", Subject: "Văn bản mới"})
	must(t, err)
	must(t, p.app.Documents.Edit(system, other, 1, documents.Input{Number: "98/CT-UBND", Issuer: "Bộ GDĐT", Type: "Công văn", Field: "Báo chí", IssuedOn: "2021-06-02", Subject: "Văn bản mới"}))
	must(t, p.app.Documents.Relate(system, other, 2, documents.Relation{Kind: documents.Replaces, Target: d.ID}))
	must(t, p.app.Documents.Unrelate(system, other, 3, documents.Replaces, d.ID))
	accounts, err := p.app.People.Accounts(system, people.AccountQuery{})
	must(t, err)
	for _, a := range accounts {
		grants, err := p.app.People.Grants(system, a.ID)
		must(t, err)
		if len(grants) > 0 && grants[0].Role != people.RoleAdmin && grants[0].Role != people.RoleAuditor {
			must(t, p.app.People.RevokeGrant(system, grants[0].ID, "hết nhiệm vụ"))
		}
	}
	var raw []string
	for _, k := range []documents.Kind{documents.Incoming, documents.Own} {
		for state := range documents.Workflow(k).States {
			raw = append(raw, string(state))
		}
	}
	for _, r := range people.Roles() {
		raw = append(raw, string(r.Role))
	}
	raw = append(raw, "public", "internal", "replaces", "department", "from", "scope", "role", "bo-gddt", "cong-van")
	word := regexp.MustCompile(`\b(?:` + strings.Join(raw, "|") + `)\b`)
	c := p.as(t, people.RoleAuditor)
	lines, next := 0, "/quan-tri/nhat-ky"
	for next != "" {
		page := c.Get(next)
		rows := page.Texts("tbody tr")
		lines += len(rows)
		shown := tags.ReplaceAllString(string(page.Body), " ")
		shown = files.ReplaceAllString(shown, "")
		for _, a := range p.accounts {
			shown = strings.ReplaceAll(shown, a.Username, "")
		}
		if m := append(code.FindAllString(shown, 5), word.FindAllString(shown, 5)...); len(m) > 0 {
			t.Fatalf("%s shows %q", next, m)
		}
		if strings.Contains(shown, "Việc khác") {
			t.Errorf("%s has a deed without words", next)
		}
		next = ""
		if strings.Contains(string(page.Body), "Xem tiếp các dòng cũ hơn") {
			next = page.Click("Xem tiếp các dòng cũ hơn").Path
		}
	}
	if lines < 150 {
		t.Errorf("only %d lines were read", lines)
	}
	page := c.Get("/quan-tri/nhat-ky?viec=document.withdraw")
	page.Want("td", "Gỡ khỏi trang công khai").Want("td", "từ bước: Đã đăng; sang bước: Đã gỡ khỏi trang")
	if csv := page.Press("Tải CSV"); !strings.Contains(string(csv.Body), "document.withdraw") || !strings.Contains(string(csv.Body), "posted") {
		t.Error("the export lost its codes")
	}
}

// Every action that is written into the log has its words.
func TestEveryDeedHasItsWords(t *testing.T) {
	t.Parallel()
	words := app.Words()
	seen := 0
	check := func(action, where string) {
		seen++
		if words.Action(action) == (audit.Dictionary{}).Action("") {
			t.Errorf("%s writes %s, which has no words", where, action)
		}
	}
	for _, folder := range []string{"people", "exam", "documents", "reports", "portal", "app"} {
		files, err := filepath.Glob("../" + folder + "/*.go")
		must(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			must(t, err)
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, m := range written.FindAllStringSubmatch(string(text), -1) {
				check(m[1], file)
			}
		}
	}
	for _, k := range []documents.Kind{documents.Incoming, documents.Own} {
		for _, step := range documents.Workflow(k).Steps {
			check("document."+step.Do, "the workflow")
		}
	}
	for _, table := range []workflow.Table{reports.SiteWorkflow(rules.Attendance), reports.SiteWorkflow(rules.Closing), reports.ProvinceWorkflow()} {
		for _, step := range table.Steps {
			check(table.Name+"."+step.Do, "the workflow")
		}
	}
	if seen < 120 {
		t.Errorf("only %d deeds were seen", seen)
	}
}
