package opc_test

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/opc"
)

func pack(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(b []byte, l opc.Limits) (*opc.Package, error) {
	return opc.Open(bytes.NewReader(b), int64(len(b)), l)
}

func TestPartsAndRelations(t *testing.T) {
	t.Parallel()
	p, err := open(pack(t,
		"_rels/.rels", `<Relationships xmlns="x"><Relationship Id="a" Type="http://x/officeDocument" Target="/xl/Workbook.xml"/></Relationships>`,
		"xl/workbook.xml", "<w/>",
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="../s/1.xml"/><Relationship Id="r2" Type="http://x/hyperlink" Target="http://evil/" TargetMode="External"/></Relationships>`,
	), opc.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	main, err := p.Main()
	if main != "xl/Workbook.xml" || err != nil || !p.Has(main) {
		t.Errorf("the main part is %q, %v", main, err)
	}
	rels, err := p.Relations("xl/workbook.xml")
	if err != nil || rels["r1"] != (opc.Relation{Type: "worksheet", Target: "s/1.xml"}) || !rels["r2"].External {
		t.Errorf("relations are %+v, %v", rels, err)
	}
	if _, err := p.Open("none"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a missing part gives %v", err)
	}
}

func TestLimitsHoldWhileReading(t *testing.T) {
	t.Parallel()
	bomb := pack(t, "a", string(make([]byte, 8<<20)), "b", string(make([]byte, 8<<20)))
	for name, l := range map[string]opc.Limits{
		"size of a part": {Entries: 10, Part: 1 << 20, Total: 1 << 30, Ratio: 1 << 20},
		"ratio":          {Entries: 10, Part: 1 << 30, Total: 1 << 30, Ratio: 100},
		"total":          {Entries: 10, Part: 1 << 30, Total: 9 << 20, Ratio: 1 << 20},
	} {
		p, err := open(bomb, l)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"a", "b"} {
			var rc io.ReadCloser
			if rc, err = p.Open(part); err == nil {
				_, err = io.ReadAll(rc)
				rc.Close()
			}
			if err != nil {
				break
			}
		}
		if !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := open(bomb, opc.Limits{Entries: 1, Part: 1, Total: 1, Ratio: 1}); !fault.Is(err, fault.TooLarge) {
		t.Errorf("entries: got %v", err)
	}
	if _, err := open([]byte("MZ not a zip"), opc.DefaultLimits); !fault.Is(err, fault.Invalid) || fault.Message(err)[len(fault.Message(err))-1] != '.' {
		t.Errorf("no zip: got %v", err)
	}
}
