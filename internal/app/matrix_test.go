package app_test

import (
	"slices"
	"strings"
	"testing"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/people"
)

// columns are those of domain.md 2.4 in its order; PUB, who has no account, is left out.
var columns = []struct {
	name string
	role access.Role
}{
	{"PRS", people.RolePress}, {"UED", people.RoleUnitEditor}, {"UHD", people.RoleUnitHead}, {"SSC", people.RoleSiteSecretary}, {"SHD", people.RoleSiteHead},
	{"CSC", people.RoleCouncilSecretary}, {"CCH", people.RoleCouncilChair}, {"EXM", people.RoleExamOffice}, {"PBL", people.RolePublisher}, {"OFF", people.RoleOffice},
	{"CLK", people.RoleClerk}, {"INS", people.RoleInspector}, {"STD", people.RoleStanding}, {"LDR", people.RoleLeader}, {"SPK", people.RoleSpokesperson},
	{"MIN", people.RoleMinistry}, {"ADM", people.RoleAdmin}, {"AUD", people.RoleAuditor},
}

// matrix holds the rows of domain.md 2.4 for what exists so far, transcribed by hand, and below them
// what other clauses say of things that 2.4 has no row for. A cell's "o" is own scope only.
const matrix = `
2.4                                    | PRS UED UHD SSC SHD CSC CCH EXM PBL OFF CLK INS STD LDR SPK MIN ADM AUD
document: register                     |  –   –   –   –   –   –   –   C   –   C   C   –   –   –   –   –   –   R
document: post publicly                |  –   –   –   –   –   –   –   V   P   P   –   –   –   –   –   –   –   R
own document: draft, sign, issue       |  –   Co  So  –   –   C   S   C   –   C   P   C   –   S   –   –   –   R
site session report: enter             |  –   –   –   Co  Co  C   –   C   –   –   –   –   –   –   –   –   –   R
site session report: confirm           |  –   –   –   –   So  –   –   –   –   –   –   –   –   –   –   –   –   R
site session report: accept, return    |  –   –   –   –   –   V   V   V   –   R   –   R   R   R   –   –   –   R
provincial session report: approve     |  –   –   –   –   –   V   A   V   –   R   –   R   R   A   –   –   –   R
provincial session report: send        |  –   –   –   –   –   –   –   –   –   P   –   –   R   R   –   RK  –   R
incident: open                         |  –   Co  Co  Co  Co  C   C   C   –   C   –   C   C   C   –   –   –   R
session figures: publish               |  –   –   –   –   –   –   A   –   P   P   –   –   R   A   –   –   –   R
readiness report                       |  –   Co  Ao  Co  Ao  R   R   VA  –   RP  –   R   R   R   –   R   –   R
users, roles, settings                 |  –   –   –   –   –   –   –   –   –   –   –   –   –   –   –   –   C   R
audit log                              |  –   –   –   –   –   –   –   –   –   –   –   Ro  –   R   –   –   –   R

2.4 (*) site report by telephone       |  –   –   –   –   –   C   –   C   –   –   –   –   –   –   –   –   –   –
2.3 own document: content              |  –   –   Vo  –   –   Vo  –   Vo  –   Vo  –   Vo  –   –   –   –   –   –
2.3 own document: form                 |  –   –   –   –   –   –   –   –   –   V   –   –   –   –   –   –   –   –
6.2 own document: end                  |  –   –   –   –   –   –   –   –   –   P   P   –   –   –   –   –   –   –
P-16 a second approval                 |  –   –   –   –   –   –   –   A   A   A   –   –   –   –   –   –   –   –
2.1 exam record: read                  |  –   R   R   R   R   R   R   R   R   R   R   R   R   R   R   R   R   R
2.1 exam record: keep                  |  –   –   –   –   –   C   –   C   –   –   –   –   –   –   –   –   –   –
3.3 site: halt, merge, move            |  –   –   –   –   –   C   A   C   –   –   –   –   –   –   –   –   –   –
2.4 (4) readiness in detail            |  –   Co  Ao  Co  Ao  R   R   VA  –   RP  –   R   R   R   –   –   –   R
2.3 readiness: approved by its head    |  –   –   Ao  –   Ao  –   –   –   –   –   –   –   –   –   –   –   –   –
2.4 (4) readiness roll-up, approved    |  –   –   –   –   –   R   R   R   –   R   –   R   R   R   –   R   –   R
R-III.2-5 difficulty                   |  –   Co  Co  Co  Co  R   R   A   –   A   –   R   R   R   –   –   –   R
2.5 reports: wording, recipients       |  –   –   –   –   –   –   –   –   –   C   –   –   –   –   –   –   –   –
R-II.4-c requests of the Ministry      |  –   –   –   –   –   V   R   V   V   CV  –   V   R   R   –   –   –   R
R-II.2-b what is new                   |  –   –   –   –   –   –   –   C   C   C   –   –   –   –   –   –   –   –
`

// A source is where an action's cells stand: the letters of a row that give it.
type source struct{ row, letters string }

// anything: each letter of a row lets one read what the row is about.
const anything = "CRVASPK"

// held says by which cells each action is held against the policy.
var held = map[access.Action][]source{
	"document.register": {{"document: register", "C"}},
	"document.import":   {{"document: register", "C"}},
	"document.catalog":  {{"document: register", "C"}},
	"document.review":   {{"document: post publicly", "V"}},
	"document.post":     {{"document: post publicly", "P"}},
	"document.clear":    {{"P-16 a second approval", "A"}},
	// Who posts what comes in must read it, so both rows give the reading.
	"document.read": {{"document: register", anything}, {"document: post publicly", anything}},

	"document.own.draft":   {{"own document: draft, sign, issue", "C"}},
	"document.own.content": {{"2.3 own document: content", "V"}},
	"document.own.form":    {{"2.3 own document: form", "V"}},
	"document.own.sign":    {{"own document: draft, sign, issue", "S"}},
	"document.own.number":  {{"own document: draft, sign, issue", "P"}},
	"document.own.end":     {{"6.2 own document: end", "P"}},
	"document.own.read":    {{"own document: draft, sign, issue", anything}},
	"document.own.issued":  {{"own document: draft, sign, issue", anything}, {"document: post publicly", anything}},

	"exam.read":        {{"2.1 exam record: read", "R"}},
	"exam.edit":        {{"2.1 exam record: keep", "C"}},
	"exam.sites":       {{"2.1 exam record: keep", "C"}},
	"exam.roster":      {{"2.1 exam record: keep", "C"}},
	"exam.import":      {{"2.1 exam record: keep", "C"}, {"users, roles, settings", "C"}},
	"exam.site.status": {{"3.3 site: halt, merge, move", "CA"}},
	"exam.news":        {{"R-II.2-b what is new", "C"}},
	"exam.phase":       {{"2.1 exam record: keep", "C"}, {"session figures: publish", "AP"}},
	"exam.roster.read": {{"site session report: enter", anything}, {"site session report: accept, return", anything}},

	"report.enter":   {{"site session report: enter", "C"}},
	"report.dictate": {{"2.4 (*) site report by telephone", "C"}},
	"report.confirm": {{"site session report: confirm", "S"}},
	"report.accept":  {{"site session report: accept, return", "V"}},
	"report.read":    {{"site session report: enter", anything}, {"site session report: confirm", anything}, {"site session report: accept, return", anything}},
	"report.board":   {{"site session report: accept, return", anything}},

	"report.province":         {{"provincial session report: approve", anything}},
	"report.province.compile": {{"provincial session report: approve", "V"}},
	"report.province.approve": {{"provincial session report: approve", "A"}},
	"report.province.send":    {{"provincial session report: send", "P"}},
	"report.province.receive": {{"provincial session report: send", "PK"}},
	"report.publish":          {{"session figures: publish", "AP"}},
	"report.publish.scope":    {{"session figures: publish", "A"}},
	// Who sends or publishes what was approved must read it, so all three rows give the reading.
	"report.province.read": {{"provincial session report: approve", anything}, {"provincial session report: send", anything}, {"session figures: publish", anything}},

	"report.incident":        {{"incident: open", "C"}},
	"report.incident.read":   {{"incident: open", anything}},
	"report.incident.settle": {{"site session report: accept, return", "V"}},
	"report.settings":        {{"2.1 exam record: keep", "C"}},

	"readiness.read":     {{"2.4 (4) readiness in detail", anything}},
	"readiness.fill":     {{"readiness report", "C"}},
	"readiness.submit":   {{"2.3 readiness: approved by its head", "A"}},
	"readiness.review":   {{"readiness report", "V"}},
	"readiness.decide":   {{"readiness report", "V"}},
	"readiness.template": {{"readiness report", "V"}},
	"readiness.rollup":   {{"2.4 (4) readiness roll-up, approved", anything}},
	"readiness.send":     {{"readiness report", "P"}},
	"difficulty.read":    {{"R-III.2-5 difficulty", anything}},
	"difficulty.raise":   {{"R-III.2-5 difficulty", "C"}},
	"difficulty.answer":  {{"R-III.2-5 difficulty", "A"}},
	// The clerk who brings the signed file must see the paper, as who approves its figures may.
	"ministry.read":      {{"provincial session report: approve", anything}, {"own document: draft, sign, issue", "P"}},
	"ministry.read.sent": {{"provincial session report: approve", anything}, {"provincial session report: send", anything}, {"own document: draft, sign, issue", "P"}},
	"ministry.send":      {{"provincial session report: send", "P"}},
	"ministry.issue":     {{"own document: draft, sign, issue", "P"}},
	"ministry.receive":   {{"provincial session report: send", "PK"}},
	"ministry.wording":   {{"2.5 reports: wording, recipients", "C"}},

	"ministry.request":        {{"R-II.4-c requests of the Ministry", "C"}},
	"ministry.request.advise": {{"R-II.4-c requests of the Ministry", "V"}},
	"ministry.request.read":   {{"R-II.4-c requests of the Ministry", anything}},

	"people.read":          {{"users, roles, settings", "CR"}},
	"people.manage":        {{"users, roles, settings", "C"}},
	"portal.settings.read": {{"users, roles, settings", "CR"}},
	"portal.settings":      {{"users, roles, settings", "C"}},
	"system.operate":       {{"users, roles, settings", "C"}},
	"audit.read.own":       {{"audit log", "R"}},
	"audit.read":           {{"audit log", "R"}},
}

// cells reads the table into row → role → cell.
func cells(t *testing.T) map[string]map[access.Role]string {
	t.Helper()
	table := map[string]map[access.Role]string{}
	for line := range strings.Lines(matrix) {
		name, row, ok := strings.Cut(line, "|")
		if !ok {
			continue
		}
		name = strings.TrimSpace(name)
		words := strings.Fields(row)
		if len(words) != len(columns) {
			t.Fatalf("the row %q has %d cells, want %d", name, len(words), len(columns))
		}
		table[name] = map[access.Role]string{}
		for i, c := range columns {
			if name == "2.4" && words[i] != c.name {
				t.Fatalf("column %d is %s, want %s", i, words[i], c.name)
			}
			table[name][c.role] = words[i]
		}
	}
	return table
}

// TestThePolicyIsTheMatrix holds every action's every role against the table above.
//
// Source: domain.md 2.3, 2.4.
func TestThePolicyIsTheMatrix(t *testing.T) {
	t.Parallel()
	policy, err := access.NewPolicy(nil, app.Rules()...)
	if err != nil {
		t.Fatal(err)
	}
	if len(columns) != len(people.Roles()) {
		t.Fatalf("the table has %d roles, the program %d", len(columns), len(people.Roles()))
	}
	table, used := cells(t), map[string]bool{"2.4": true}
	rules := policy.Rules()
	for _, r := range rules {
		sources, ok := held[r.Action]
		if !ok {
			t.Errorf("%s is held against no row", r.Action)
		}
		for _, c := range columns {
			want := access.None
			for _, s := range sources {
				used[s.row] = true
				cell, known := table[s.row][c.role]
				if !known {
					t.Fatalf("there is no row %q", s.row)
				}
				if strings.ContainsAny(cell, s.letters) {
					want = max(want, level(cell))
				}
			}
			if r.Action == "audit.read" && want == access.Own {
				want = access.None // one's own lines are audit.read.own
			}
			if got := r.Roles[c.role]; got != want {
				t.Errorf("%s may %s at level %d, the table says %d", c.name, r.Action, got, want)
			}
		}
	}
	for action := range held {
		if !slices.ContainsFunc(rules, func(r access.Rule) bool { return r.Action == action }) {
			t.Errorf("the table speaks of %s, which nobody declared", action)
		}
	}
	for row := range table {
		if !used[row] {
			t.Errorf("the row %q is held against nothing", row)
		}
	}
}

func level(cell string) access.Level {
	if strings.HasSuffix(cell, "o") {
		return access.Own
	}
	return access.All
}
