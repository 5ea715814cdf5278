package rules

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

//go:embed rules.json
var tableText []byte

//go:embed rules.js
var scriptText []byte

// A rule of the table, as it stands there. Its texts may use the names report, basis and table, line
// and first (the lines of the report and of basis.first by key), its scope's and those bound before.
type rule struct {
	ID    string   `json:"id"`
	Level Level    `json:"level"` // "" is Error
	Scope string   `json:"scope"` // whose bindings and texts come before its own; "" for none
	With  []string `json:"with"`  // "x in list": once for each, i counts from 0; "x = expr": a name for it
	If    string   `json:"if"`    // when it is broken
	At    string   `json:"at"`    // the field it concerns; {expr} in it, as in Say
	Say   string   `json:"say"`
	Stop  bool     `json:"stop"` // once broken, nothing after it is judged

	bind    []binding
	broken  expr
	at, say template
}

type binding struct {
	name string
	loop bool
	of   expr
}

// A template is text and values by turns, text first.
type template struct {
	text   []string
	values []expr
}

// A table is the whole of rules.json.
type table struct {
	// Blank are the characters that are no letters, as a class of a regular expression without its
	// brackets: spaces, controls, and what is invisible or turns the reading direction.
	Blank   string          `json:"blank"`
	Reason  float64         `json:"reason"` // how many letters answer a warning
	Scopes  map[string]rule `json:"scopes"` // With, At and Say only
	Rules   []*rule         `json:"rules"`
	Running *rule           `json:"running"` // what stands under a line; At is the line's key
}

var (
	shipped      *table
	shippedValue any // the table as expressions see it
	blanks, ends *regexp.Regexp
)

// A shipped table that cannot be read stops the program at once, not on the day of the exam.
func init() {
	var err error
	if shipped, err = readTable(tableText); err != nil {
		panic(err)
	}
	if err := json.Unmarshal(tableText, &shippedValue); err != nil {
		panic(err)
	}
	blanks = regexp.MustCompile("[" + shipped.Blank + "]")
	ends = regexp.MustCompile("^[" + shipped.Blank + "]+|[" + shipped.Blank + "]+$")
}

func readTable(text []byte) (*table, error) {
	t := &table{}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("rules.json: %w", err)
	}
	for _, r := range append(t.Rules[:len(t.Rules):len(t.Rules)], t.Running) {
		if err := r.compile(t.Scopes); err != nil {
			return nil, fmt.Errorf("rules.json: %s: %w", r.ID, err)
		}
	}
	return t, nil
}

var bindingForm = regexp.MustCompile(`^(\w+) (in|=) (.*)$`)

func (r *rule) compile(scopes map[string]rule) (err error) {
	names := []string{"report", "basis", "table", "line", "first"}
	common, known := scopes[r.Scope]
	if !known && r.Scope != "" {
		return fmt.Errorf("there is no scope %q", r.Scope)
	}
	for _, b := range slices.Concat(common.With, r.With) {
		m := bindingForm.FindStringSubmatch(b)
		if m == nil {
			return fmt.Errorf("%q binds nothing", b)
		}
		of, err := compile(m[3], names...)
		if err != nil {
			return err
		}
		r.bind = append(r.bind, binding{m[1], m[2] == "in", of})
		if names = append(names, m[1]); m[2] == "in" {
			names = append(names, "i")
		}
	}
	if r.broken, err = compile(r.If, names...); err != nil {
		return err
	}
	if r.at, err = compileTemplate(common.At+r.At, names); err != nil {
		return err
	}
	r.say, err = compileTemplate(common.Say+r.Say, names)
	return err
}

func compileTemplate(text string, names []string) (t template, err error) {
	for {
		before, rest, more := strings.Cut(text, "{")
		t.text = append(t.text, before)
		if !more {
			return t, nil
		}
		var of string
		of, text, _ = strings.Cut(rest, "}")
		value, err := compile(of, names...)
		if err != nil {
			return t, err
		}
		t.values = append(t.values, value)
	}
}

func (t template) fill(s *scope) string {
	var b strings.Builder
	for i, text := range t.text {
		b.WriteString(text)
		if i < len(t.values) {
			b.WriteString(str(t.values[i](s)))
		}
	}
	return b.String()
}

// judge gives what the rules find, in their order.
func judge(rules []*rule, world *scope) []Finding {
	found := []Finding{}
	for _, r := range rules {
		before := len(found)
		r.each(world, 0, func(s *scope) {
			f := Finding{Rule: r.ID, Level: Error, Field: r.at.fill(s), Message: r.say.fill(s)}
			if r.Level == Warning {
				f.Level, f.Key = Warning, r.ID+":"+f.Field
			}
			found = append(found, f)
		})
		if r.Stop && len(found) > before {
			break
		}
	}
	return found
}

// each calls broken for every way through the bindings from the nth on that breaks the rule.
func (r *rule) each(s *scope, n int, broken func(*scope)) {
	if n == len(r.bind) {
		if truth(r.broken(s)) {
			broken(s)
		}
		return
	}
	b := r.bind[n]
	if !b.loop {
		r.each(s.with(b.name, b.of(s)), n+1, broken)
		return
	}
	for i, v := range list(b.of(s)) {
		r.each(s.with(b.name, v).with("i", float64(i)), n+1, broken)
	}
}

// world gives the names every rule starts from. Report and basis are seen as their JSON, which is
// what rules.js sees.
func world(r Report, b Basis) *scope {
	report, basis := plain(r), plain(b)
	return (*scope)(nil).with("report", report).with("basis", basis).with("table", shippedValue).
		with("line", byKey(get(report, "lines"))).with("first", byKey(get(basis, "first")))
}

// byKey gives lines by their key; the first one counts.
func byKey(lines any) any {
	all := map[string]any{}
	for _, l := range slices.Backward(list(lines)) {
		all[str(get(l, "key"))] = l
	}
	return all
}

func plain(v any) (out any) {
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		panic(err) // neither type holds what JSON cannot
	}
	return out
}

var margin = regexp.MustCompile(`(?m)^\s*(//.*\n\s*)*`)

// Script gives the second interpreter with the table inside, without comments and margins: plain
// JavaScript (ES2018) for a page's own origin, which sets the global reportRules; node's require gives the
// same. It offers check(report, basis), judge(report, basis) and running(report, basis), as Check,
// Judge and Running here, on objects that have the JSON form of Report and Basis.
func Script() []byte {
	var small bytes.Buffer
	if err := json.Compact(&small, tableText); err != nil {
		panic(err)
	}
	return bytes.Replace(margin.ReplaceAll(scriptText, nil), []byte("/*rules.json*/null"), small.Bytes(), 1)
}
