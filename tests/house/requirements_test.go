// Package house tests promises about the source itself: what the documents say of the code is so.
package house

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// id matches a clause of the plan, a rule between fields, a legal rule, a known failure or a
// permission note by its stable name in the domain document: R-II.1-c, R-NN-3, V-16, L-17, P-16.
var id = regexp.MustCompile(`\b(?:R-(?:I{1,3}(?:\.\d+)*(?:\.[a-c])?|NN)(?:-(?:\d+|[a-h]))|[VLP]-\d{1,2})\b`)

var testName = regexp.MustCompile(`Test\w+`)

// A row of docs/requirements.md.
type row struct {
	id, where string
	tests     []string
}

func rows(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/requirements.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []row
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 6 || !id.MatchString(cells[1]) {
			continue
		}
		all = append(all, row{strings.TrimSpace(cells[1]), strings.TrimSpace(cells[3]), testName.FindAllString(cells[4], -1)})
	}
	if len(all) < 40 {
		t.Fatalf("docs/requirements.md has only %d rows", len(all))
	}
	return all
}

// sources gives every file of ours with one of the endings.
func sources(t *testing.T, endings ...string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "bin" || d.Name() == "dist") {
			return filepath.SkipDir
		}
		if !d.IsDir() && slices.Contains(endings, filepath.Ext(path)) {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files[strings.TrimPrefix(path, root+"/")] = string(b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// stories is where tests of the whole program stand.
const stories = "tests/scenarios/"

func TestEveryRowPointsAtCodeAndTestThatExist(t *testing.T) {
	t.Parallel()
	files := sources(t, ".go", ".html", ".sql")
	for _, r := range rows(t) {
		if strings.HasPrefix(r.where, "later") {
			continue
		}
		folder := strings.Trim(r.where, "`") + "/"
		named := false
		for name, text := range files {
			named = named || strings.HasPrefix(name, folder) && slices.Contains(id.FindAllString(text, -1), r.id)
		}
		if !named {
			t.Errorf("nothing in %s names %s", folder, r.id)
		}
		if len(r.tests) == 0 {
			t.Errorf("%s is proved by nothing", r.id)
		}
		for _, test := range r.tests {
			found := false
			for name, text := range files {
				ours := strings.HasPrefix(name, folder) || strings.HasPrefix(name, stories)
				found = found || ours && strings.HasSuffix(name, "_test.go") && strings.Contains(text, "func "+test+"(")
			}
			if !found {
				t.Errorf("%s is proved by %s, which is no test of %s", r.id, test, folder)
			}
		}
	}
}

func TestEveryClauseNamedAnywhereIsInTheTable(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range rows(t) {
		known[r.id] = true
	}
	for name, text := range sources(t, ".go", ".html", ".sql") {
		for _, found := range id.FindAllString(text, -1) {
			if !known[found] && !strings.HasSuffix(name, "requirements_test.go") {
				t.Errorf("%s names %s, which docs/requirements.md does not know", name, found)
			}
		}
	}
}

func TestTheTableHasEveryClauseOfThePlan(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "..", "shared", "domain.md"))
	if err != nil {
		t.Skip("not tested: the domain document is not beside this checkout")
	}
	known := map[string]bool{}
	for _, r := range rows(t) {
		known[r.id] = true
	}
	clauses := map[string]bool{}
	for _, found := range id.FindAllString(string(text), -1) {
		clauses[found] = true
	}
	for _, clause := range slices.Sorted(maps.Keys(clauses)) {
		if !known[clause] {
			t.Errorf("%s is missing", clause)
		}
	}
}
