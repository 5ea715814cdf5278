package app_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	asks   = regexp.MustCompile(`[pP]olicy\.Check\(ctx`)
	writes = regexp.MustCompile(`\.(DB|db)\.Write\(|audit\.Write\(`)
)

// TestDeedsAreDoneInARole: who asks for a right and then writes must enter by it (access.Policy.Enter), or
// history and audit lines do not say in which role the deed was done.
//
// Source: domain.md 6 ("every transition records who, role, when").
func TestDeedsAreDoneInARole(t *testing.T) {
	t.Parallel()
	deeds := 0
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(fs.WalkDir(os.DirFS(".."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "../"+path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			var body bytes.Buffer
			must(printer.Fprint(&body, files, f.Body))
			switch {
			case !writes.Match(body.Bytes()):
			case asks.Match(body.Bytes()):
				t.Errorf("%s: %s asks by Check and writes; let it Enter", path, f.Name.Name)
			default:
				deeds++
			}
		}
		return nil
	}))
	if deeds < 50 {
		t.Errorf("only %d functions write; are they looked for where they are?", deeds)
	}
}
