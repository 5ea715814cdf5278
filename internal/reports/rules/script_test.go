package rules_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/reports/rules"
)

// asJSON writes as JavaScript does: no sign is escaped that need not be.
func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

// A pair is what both interpreters are given.
type pair struct {
	Report rules.Report `json:"report"`
	Basis  rules.Basis  `json:"basis"`
}

// said is everything an interpreter says of a pair.
func said(t testing.TB, p pair) []byte {
	v := rules.Judge(p.Report, p.Basis)
	keys := func(found []rules.Finding) []string {
		out := []string{}
		for _, f := range found {
			out = append(out, f.Rule+f.Field)
		}
		return out
	}
	return asJSON(t, []any{rules.Check(p.Report, p.Basis), keys(v.Errors), keys(v.Open), keys(v.Answered), sortedPairs(rules.Running(p.Report, p.Basis))})
}

func sortedPairs(m map[string]string) [][2]string {
	out := [][2]string{}
	for k, v := range m {
		out = append(out, [2]string{k, v})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return out
}

// inNode gives what rules.js says of each pair, a line each.
func inNode(t testing.TB, pairs []pair) [][]byte {
	t.Helper()
	script := filepath.Join(t.TempDir(), "rules.js")
	if err := os.WriteFile(script, rules.Script(), 0o600); err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	for _, p := range pairs {
		in.Write(asJSON(t, p))
		in.WriteByte('\n')
	}
	cmd := exec.Command("node", "--disallow-code-generation-from-strings", "-e", `
		const rules = require(process.argv[1]);
		const keys = found => found.map(f => f.rule + f.field);
		for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n")) {
			const { report, basis } = JSON.parse(line), v = rules.judge(report, basis);
			const running = Object.entries(rules.running(report, basis)).sort((a, b) => a[0] < b[0] ? -1 : 1);
			console.log(JSON.stringify([rules.check(report, basis), keys(v.errors), keys(v.open), keys(v.answered), running]));
		}`, script)
	cmd.Stdin = &in
	var out, wrong bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &wrong
	if err := cmd.Run(); err != nil {
		t.Fatalf("node (make setup installs it): %v\n%s", err, wrong.String())
	}
	return bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
}

// A scribe writes random reports: right ones while calm, slightly wrong ones, and what a hostile sender might try.
type scribe struct {
	*rand.Rand
	calm bool
}

func (s scribe) one(of ...string) string { return of[s.IntN(len(of))] }

func (s scribe) sometimes(percent int) bool { return s.IntN(100) < percent && !s.calm }

// text gives what people type, and what they do not.
func (s scribe) text() string {
	return s.one("", " ", "238", "Ốm", "Mất điện mười phút", "\u00a0\u200b\u2028", "ả\u0309ả", "😀😀😀😀😀 hai mươi mốt chữ trở lên", "<script>alert(1)</script>", "a\"b\\c\x00\x1f", "__proto__",
		"constructor", "{report.id}", "' or 1 == 1", strings.Repeat("đ", 2001), strings.Repeat("x", 1999), "\u202egnod", "07:35", "ＡＢ", "\ufeff", "\x7f\u0085", "ý kiến khác")
}

func (s scribe) count(n int) rules.Count {
	if s.calm {
		return rules.N(n)
	}
	switch s.IntN(40) {
	case 0:
		return rules.Count(s.text())
	case 1:
		return rules.N(n + 1)
	case 2:
		return rules.Count(s.one("-1", "1e2", "2.0", "00", "99999", "100000", "９９", " 7 ", "\u3000１２\t", "1 2", "0x1", "+3", "1.234", "٣", "²", "12345678901234567890"))
	case 3:
		return ""
	}
	return rules.N(n)
}

func (s scribe) pair() pair {
	r, b := []world{literature, closed, mathematics, combined}[s.IntN(4)]()
	b.Now = b.EndAt
	if s.sometimes(10) {
		b.Now = b.StartAt + int64(s.IntN(40))*60_000
	}
	for i := range b.Lines {
		// Every line is one of its own making, still right, unless count spoils it.
		registered := s.IntN(300)
		absent := min(registered, s.IntN(6))
		b.Lines[i].Registered = registered
		if s.sometimes(10) {
			b.Lines[i].Registered++
		}
		if b.Lines[i].Group != "" {
			b.Lines[i].Continuing = s.IntN(1 + registered/4)
		}
		if i >= len(r.Lines) {
			break
		}
		l := &r.Lines[i]
		l.Registered, l.Present, l.Absent, l.Rooms = s.count(registered), s.count(registered-absent), s.count(absent), s.count((registered+23)/24)
		l.Why = map[string]rules.Count{}
		for left := absent; left > 0; {
			n := 1 + s.IntN(left)
			code := b.AbsenceReasons[s.IntN(len(b.AbsenceReasons))].Code
			had, _ := l.Why[code].Int()
			l.Why[code] = s.count(had + n)
			left -= n
		}
		if s.sometimes(5) {
			l.Why[s.text()] = s.count(0)
		}
		l.Reprimanded, l.Warned, l.Suspended = s.count(s.IntN(3)), s.count(s.IntN(3)), s.count(s.IntN(2))
		if s.sometimes(20) {
			n := s.count(registered)
			l.Sheets = &n
		}
		if s.sometimes(1) {
			l.Present = "99999"
		}
	}
	b.First = slices.Clone(r.Lines)
	if b.Before, b.Groups = nil, slices.Clone(b.Groups); s.calm {
		for i := range b.Groups { // every candidate sits one component
			b.Groups[i].Registered, b.Groups[i].Continuing = 0, 0
			for _, l := range b.Lines {
				if l.Group == b.Groups[i].Key {
					b.Groups[i].Registered += l.Registered
				}
			}
		}
		return pair{r, b}
	}
	for i := range b.Groups {
		b.Groups[i].Registered = s.IntN(600)
		b.Groups[i].Continuing = s.IntN(60)
	}
	b.RoomMax, b.Rise, b.Records = s.IntN(30), s.IntN(50), s.IntN(4)-1
	b.Authority, b.Phone, b.Held = s.sometimes(20), s.sometimes(20), !s.sometimes(3)
	if s.sometimes(10) {
		b.SevereOpen = 1
	}
	if b.First[0].Present = s.count(10); s.sometimes(50) {
		b.First = nil
	}
	for range s.IntN(3) {
		earlier := rules.Earlier{Sitting: s.one("van", "toan"), Name: "Ngữ văn, 7/7", Lines: slices.Clone(r.Lines)}
		if s.sometimes(50) && len(earlier.Lines) > 0 {
			earlier.Lines[0].Suspended, earlier.Lines[0].Present = s.count(2), s.count(s.IntN(300))
		}
		b.Before = append(b.Before, earlier)
	}
	s.spoil(&r)
	return pair{r, b}
}

// spoil does to a report what forms, networks and people do.
func (s scribe) spoil(r *rules.Report) {
	for range s.IntN(3) {
		switch s.IntN(22) {
		case 0:
			r.ID = s.text()
		case 1:
			r.Part = rules.Part(s.IntN(5) - 1)
		case 2:
			r.NotHeld = s.text()
		case 3:
			r.NotHeld, r.Lines = s.one("Lũ quét", "x", "Mất điện"), nil
		case 4:
			r.Lines = r.Lines[:s.IntN(len(r.Lines)+1)]
		case 5:
			r.Lines = append(r.Lines, rules.Line{Key: s.text()})
		case 6:
			r.Lines = append(r.Lines, r.Lines...)
		case 7:
			for range 1 + s.IntN(3) {
				r.Staff = append(r.Staff, rules.StaffViolation{Kind: s.one("reprimand", "warning", s.text()), Count: s.count(1), Note: s.text()})
			}
		case 8, 9:
			for range 1 + s.IntN(3) {
				r.Incidents = append(r.Incidents, rules.Incident{Category: s.one("paper", "weather", s.text()), Severity: s.one("minor", "major", "severe", s.text()),
					At: s.one("08:10", "25:00", "8:10", "23:59", s.text()), What: s.text(), Action: s.text(), Open: s.sometimes(50)})
			}
		case 10:
			r.NoIncident = !r.NoIncident
		case 11:
			r.StartedAt = s.one("07:35", "07:45", "14:40", "16:00", "00:00", s.text())
		case 12:
			r.OnlineAt, r.OfflineAt = s.one("10:05", "", s.text()), s.one("10:05", "10:04", "", s.text())
		case 13:
			r.Head, r.Witness = s.text(), s.text()
		case 14:
			r.Note, r.Reporter, r.Form = s.text(), s.text(), s.text()
		case 15, 16, 17:
			r.Reasons = map[string]string{"V-13:before": s.text(), s.text(): s.text()}
			for _, l := range r.Lines {
				for _, k := range []string{"V-04:lines.%s.registered", "V-06:lines.%s.why.barred", "V-07:lines.%s.rooms", "V-09:lines.%s.present", "V-12:lines.%s.present", "V-14:lines.%s.present", "V-22:lines.%s.suspended"} {
					r.Reasons[fmt.Sprintf(k, l.Key)] = s.text()
				}
			}
		case 18:
			r.Site = s.text()
		case 19:
			r.Sitting = s.text()
		case 20:
			r.Incidents = make([]rules.Incident, 99+s.IntN(3))
		case 21:
			r.FilledAt = s.Int64()
		}
	}
}

// pairs gives many random pairs, always the same, as they come out of JSON.
func pairs(t testing.TB, n int) []pair {
	s := scribe{Rand: rand.New(rand.NewPCG(2021, 7))}
	all := make([]pair, n)
	for i := range all {
		s.calm = i%4 == 0
		if err := json.Unmarshal(asJSON(t, s.pair()), &all[i]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestServerAndFormSayTheSameOfEveryReport(t *testing.T) {
	t.Parallel()
	all := pairs(t, 5000)
	answers := inNode(t, all)
	if len(answers) != len(all) {
		t.Fatalf("%d answers to %d reports", len(answers), len(all))
	}
	clean, fired := 0, map[string]int{}
	for i, p := range all {
		if ours := said(t, p); !bytes.Equal(ours, answers[i]) {
			t.Fatalf("report %d: %s\nthe server says %s\nthe form says   %s", i, asJSON(t, p), ours, answers[i])
		}
		found := rules.Check(p.Report, p.Basis)
		for _, f := range found {
			fired[f.Rule+string(f.Level)]++
			if f.Message == "" || strings.Contains(f.Message, "NaN") || strings.Contains(f.Message, "Inf") || strings.Contains(f.Message, "undefined") {
				t.Errorf("report %d: %s says %q", i, f.Rule, f.Message)
			}
		}
		if rules.Judge(p.Report, p.Basis).OK() {
			clean++
		}
	}
	for _, rule := range table(t) {
		if fired[rule] < 10 {
			t.Errorf("only %d reports broke %s: the comparison says little of it", fired[rule], rule)
		}
	}
	if clean < len(all)/5 {
		t.Errorf("only %d of %d reports could be sent", clean, len(all))
	}
}

// table gives each rule of rules.json once, with its level.
func table(t testing.TB) (ids []string) {
	t.Helper()
	text, err := os.ReadFile("rules.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Rules []struct{ ID, Level string }
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Rules {
		if r.Level == "" {
			r.Level = "E"
		}
		if !slices.Contains(ids, r.ID+r.Level) {
			ids = append(ids, r.ID+r.Level)
		}
	}
	return ids
}

func TestTheTableHasEveryRuleOfASite(t *testing.T) {
	t.Parallel()
	// V-16 to V-19 are about the province's roll-up. The levels are domain.md 3.6's.
	want := "V-01E V-02E V-03E V-04E V-04W V-05E V-06W V-07W V-08E V-09W V-10E V-11E V-12W V-13W V-14W V-15E V-20E V-21E V-22W"
	var got []string
	for _, id := range table(t) {
		if strings.HasPrefix(id, "V-") {
			got = append(got, id)
		}
	}
	slices.Sort(got)
	if strings.Join(got, " ") != want {
		t.Errorf("the table has %v", got)
	}
}

func TestScriptIsSmallAndMakesNoCodeOfText(t *testing.T) {
	t.Parallel()
	script := rules.Script()
	var small bytes.Buffer
	w, _ := gzip.NewWriterLevel(&small, gzip.BestCompression)
	w.Write(script)
	w.Close()
	if len(script) > 20_000 || small.Len() > 6_000 {
		t.Errorf("%d bytes, %d compressed", len(script), small.Len())
	}
	t.Logf("%d bytes, %d compressed", len(script), small.Len())
	for _, word := range []string{"eval", "Function(", "/*", "//"} {
		if bytes.Contains(script, []byte(word)) {
			t.Errorf("the script has %q in it", word)
		}
	}
}

func TestInAPageTheScriptSetsOneName(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "rules.js")
	if err := os.WriteFile(script, rules.Script(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "-e", `
		const vm = require("vm"), page = {};
		page.self = page;
		vm.runInNewContext(require("fs").readFileSync(process.argv[1], "utf8"), page, { contextCodeGeneration: { strings: false, wasm: false } });
		console.log(Object.keys(page).join(), Object.keys(page.reportRules).join());`, script).CombinedOutput()
	if err != nil {
		t.Fatalf("node (make setup installs it): %v\n%s", err, out)
	}
	if got := strings.TrimSpace(string(out)); got != "self,reportRules check,judge,running" {
		t.Errorf("the page has %q", got)
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, c := range []struct {
		name string
		of   world
	}{{"one line", mathematics}, {"six lines", combined}} {
		r, basis := c.of()
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rules.Check(r, basis)
			}
		})
	}
}
