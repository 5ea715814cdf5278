package app_test

import (
	"os/exec"
	"strings"
	"testing"
)

// layers is who may import whom: a package imports its own layer's folder and those left of it
// (style.md, "Who may import whom"). Facts that must go right travel as events.
var layers = []struct{ folder, reason string }{
	{"internal/base", "base knows nothing of exams"},
	{"internal/people", "people knows units and roles, and nothing of what they work on"},
	{"internal/exam", "the exam knows no documents and no pages about them"},
	{"internal/documents", "the registry announces; the portal listens"},
	{"internal/reports", "reports know the exam, and announce what press and portal tell"},
	{"internal/readiness", "readiness knows units and the exam, and announces"},
	{"internal/ministry", "papers quote the reports' figures and fill the documents' register; nothing left of them knows them"},
	{"internal/portal", "the portal shows what the others publish"},
	{"internal/app", "only app knows all capabilities"},
	{"internal/rehearse", "a rehearsal plays all parts on the wired program, and nothing of the program knows of it"},
	{"internal/demo", "the demonstration is made through the wired program"},
	{"cmd", "commands start what app wires"},
	{"tests", "tests stand outside"},
}

// forbidden are edges inside a layer that must not appear, with the reason.
var forbidden = []struct{ from, to, reason string }{
	{"internal/base/web/ui", "internal/base/db", "drawing a page asks nobody: its data is given"},
	{"internal/reports", "internal/documents", "sideways: who needs another asks through an interface of its own"},
	{"internal/readiness", "internal/documents", "sideways: who needs another asks through an interface of its own"},
	{"internal/readiness", "internal/reports", "sideways: neither reads the other's rows"},
	{"internal/reports/rules", "internal/base/db", "the same rules judge in a browser: they are given everything they look at"},
	{"internal/base/text", "internal/base/db", "words are words"},
	{"internal/base/publish/search", "internal/base/db", "search must answer the same on both engines, so it asks neither"},
	{"internal/base/fault", "internal/base/", "everything returns faults; they can depend on nothing"},
}

func TestImportsGoLeft(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "bangvang/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(fields[0], "bangvang/")
		for _, imported := range fields[1:] {
			to, ours := strings.CutPrefix(imported, "bangvang/")
			if !ours {
				continue
			}
			seen++
			if a, b := layer(from), layer(to); a < b {
				t.Errorf("%s imports %s: %s", from, to, layers[a].reason)
			}
			for _, f := range forbidden {
				if under(from, f.from) && strings.HasPrefix(to, f.to) && !under(to, f.from) {
					t.Errorf("%s imports %s: %s", from, to, f.reason)
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d imports of our own packages were seen; did go list answer?", seen)
	}
}

func layer(path string) int {
	for i, l := range layers {
		if under(path, l.folder) {
			return i
		}
	}
	return len(layers)
}

func under(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
