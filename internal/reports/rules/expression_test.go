package rules_test

import (
	"encoding/json"
	"strings"
	"testing"

	"bangvang/internal/reports/rules"
)

func TestAnExpressionThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	for source, why := range map[string]string{
		"":                              `"" where a value`,
		"1 +":                           `"" where a value`,
		"(1":                            `where ")"`,
		"1 2":                           "one too many",
		"reprot.part":                   `nobody knows "reprot"`,
		"report.":                       "no name",
		"report.1":                      "no name",
		"report[1":                      `where "]"`,
		"half(1)":                       `no function "half"`,
		"max(1)":                        `where ","`,
		"max(1, 2, 3)":                  `where ")"`,
		"any(x in report.lines)":        `where ","`,
		"any(x, 1)":                     `where "in"`,
		"x == any(x in report, x)":      `nobody knows "x"`,
		"'open":                         "where a value",
		"1 = 1":                         "one too many",
		"1.5":                           "no name",
		"9999999999999999":              "where a value",
		"not":                           "where a value",
		strings.Repeat("(", 5000):       "too deep",
		strings.Repeat("not ", 5000):    "too deep",
		"1" + strings.Repeat("+(1", 99): "too deep",
	} {
		if err := rules.Compile(source); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%.40q: %v, want %q", source, err, why)
		}
	}
	for _, source := range []string{"not report.part == 1", "1 - 2 - 3 * (4 + 5) >= 'a' + 6 or not 'x'", "report.lines[0].why['sick'] != ''", "sum(x in report.lines, most(y in x.why, y))"} {
		if err := rules.Compile(source); err != nil {
			t.Error(err)
		}
	}
}

func TestATableThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	for text, why := range map[string]string{
		`{`: "unexpected end",
		`{"rules": [{"id": "X-1", "if": "1", "scope": "nowhere"}], "running": {"if": "1"}}`:          `X-1: there is no scope "nowhere"`,
		`{"rules": [{"id": "X-1", "if": "1", "with": ["x is 1"]}], "running": {"if": "1"}}`:          `X-1: "x is 1" binds nothing`,
		`{"rules": [{"id": "X-1", "if": "1", "say": "{y}"}], "running": {"if": "1"}}`:                `X-1: expression "y"`,
		`{"rules": [{"id": "X-1", "if": "1", "at": "lines.{"}], "running": {"if": "1"}}`:             `X-1: expression ""`,
		`{"rules": [{"id": "X-1", "if": "i", "with": ["x = 1"]}], "running": {"if": "1"}}`:           `nobody knows "i"`,
		`{"rules": [], "running": {"if": ""}}`:                                                       "where a value",
		`{"rules": [{"id": "X-1", "if": "1 +", "level": "W"}], "running": {"if": "1"}}`:              "X-1",
		`{"rules": [{"id": "X-1", "if": "x", "with": ["y in x", "x = 1"]}], "running": {"if": "1"}}`: `nobody knows "x"`,
	} {
		if _, err := rules.ReadTable([]byte(text)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", text, err, why)
		}
	}
}

func FuzzExpression(f *testing.F) {
	for _, source := range []string{"pre + gone != reg", "any(l in report.lines, size(l.why) > 100)", "not time(report.at) >= 0", "'a", "((", "report[report[1]]", "max(1,2)", "đ"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if err := rules.Compile(source); err != nil && !strings.HasPrefix(err.Error(), "expression ") {
			t.Errorf("%q: %v", source, err)
		}
	})
}

// FuzzReport feeds the judge what may come over the network.
func FuzzReport(f *testing.F) {
	for _, of := range []world{literature, closed, mathematics, combined} {
		r, _ := of()
		text, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"lines":[null,{"why":{"":-1e999}}],"reasons":{"":""},"incidents":[{}],"staff":[{"count":1.5}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r, again rules.Report
		if json.Unmarshal(text, &r) != nil {
			return
		}
		_, b := combined()
		r.Site, r.Sitting = b.Site, b.Sitting
		for _, finding := range rules.Check(r, b) {
			if finding.Message == "" || finding.Rule == "" {
				t.Errorf("%+v", finding)
			}
		}
		rules.Judge(r, b)
		rules.ReadBack(r, b)
		out, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &again); err != nil || again.Content() != r.Content() {
			t.Errorf("%s is not the same content as %s: %v", out, text, err)
		}
	})
}
