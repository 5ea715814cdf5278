package rules_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/reports/rules"
)

func TestTheSameContentWhateverTheWayItCame(t *testing.T) {
	t.Parallel()
	base, _ := closed()
	same := map[string]change{
		"another id, clock and form":       func(r *rules.Report, _ *rules.Basis) { r.ID, r.FilledAt, r.Form = "again", 17, "v2" },
		"a reason with nobody in it":       line(func(l *rules.Line) { l.Why["late"] = "0" }),
		"an empty reason":                  line(func(l *rules.Line) { l.Why["late"] = " " }),
		"a number typed in another way":    line(func(l *rules.Line) { l.Present, l.Rooms = " 0238", "１１" }),
		"no sheets, typed as nothing":      line(func(l *rules.Line) { l.Sheets = new(rules.Count) }),
		"an answer of blanks to a warning": func(r *rules.Report, _ *rules.Basis) { r.Reasons = map[string]string{"V-14": " "} },
	}
	for name, do := range same {
		r, b := closed()
		if do(&r, &b); r.Content() != base.Content() {
			t.Errorf("%s is another content", name)
		}
	}
	other := map[string]change{
		"one more present":  line(func(l *rules.Line) { l.Present = "239" }),
		"another reason":    line(func(l *rules.Line) { l.Why = map[string]rules.Count{"sick": "1", "late": "1", "unknown": "1"} }),
		"none and nothing":  line(func(l *rules.Line) { l.Warned = "" }),
		"what was mistyped": line(func(l *rules.Line) { l.Present = "23 8" }),
		"another part":      func(r *rules.Report, _ *rules.Basis) { r.Part = 1 },
		"a note":            func(r *rules.Report, _ *rules.Basis) { r.Note = "Mưa to" },
		"a reason typed": func(r *rules.Report, _ *rules.Basis) {
			r.Reasons = map[string]string{"V-14:lines.van..0.present": "đúng vậy"}
		},
		"collected sheets":   line(func(l *rules.Line) { n := rules.N(237); l.Sheets = &n }),
		"another site":       func(r *rules.Report, _ *rules.Basis) { r.Site = "s4" },
		"an incident":        incident(func(*rules.Incident) {}),
		"another time":       func(r *rules.Report, _ *rules.Basis) { r.OnlineAt = "10:06" },
		"not held after all": func(r *rules.Report, _ *rules.Basis) { r.NotHeld = "Lũ quét" },
	}
	seen := map[[32]byte]string{base.Content(): "the report itself"}
	for name, do := range other {
		r, b := closed()
		do(&r, &b)
		if twin, ok := seen[r.Content()]; ok {
			t.Errorf("%s is the same content as %s", name, twin)
		}
		seen[r.Content()] = name
	}
}

func TestContentIgnoresOrderAndSpacing(t *testing.T) {
	t.Parallel()
	r, _ := combined()
	want := r.Content()
	slices.Reverse(r.Lines)
	text, err := json.MarshalIndent(r, "", "   ")
	if err != nil {
		t.Fatal(err)
	}
	var again rules.Report
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(text), `": 150`, `": "150"`)), &again); err != nil {
		t.Fatal(err)
	}
	if again.Content() != want {
		t.Error("another content")
	}
	if r.Lines[0].Why["sick"] != "1" || r.Lines[5].Key != "khtn.Vật lí.0" {
		t.Error("Content changed the report")
	}
}

func TestAReportIsReadBackInDigitsAndWords(t *testing.T) {
	t.Parallel()
	r, b := closed()
	want := "Ngữ văn: đăng ký 241 (hai trăm bốn mươi mốt); có mặt 238 (hai trăm ba mươi tám); vắng 3 (ba), trong đó ốm, tai nạn 1 (một), bỏ thi 1 (một), chưa rõ lý do 1 (một); " +
		"phòng thi 11 (mười một); khiển trách 0 (không); cảnh cáo 0 (không); đình chỉ 1 (một).\nKhông có cán bộ vi phạm.\nKhông có sự cố."
	if got := strings.Join(rules.ReadBack(r, b), "\n"); got != want {
		t.Errorf("read back:\n%s\nwant:\n%s", got, want)
	}
	incident(func(*rules.Incident) {})(&r, &b)
	r.Staff = []rules.StaffViolation{{Kind: "warning", Count: "2"}}
	want = "Cán bộ vi phạm: cảnh cáo 2 (hai).\nSự cố: 1 (một): lúc 08:10 Mất điện mười phút."
	if got := strings.Join(rules.ReadBack(r, b)[1:], "\n"); got != want {
		t.Errorf("read back:\n%s\nwant:\n%s", got, want)
	}
	r, b = literature()
	r.Lines[0].Present = "23 8"
	if got := rules.ReadBack(r, b)[0]; !strings.Contains(got, "có mặt chưa rõ") {
		t.Errorf("what was mistyped is read back as %q", got)
	}
	r, b = combined()
	r.Lines = r.Lines[1:]
	if got := rules.ReadBack(r, b); len(got) != 6 || got[0] != "Vật lí: chưa có số liệu." {
		t.Errorf("a missing line: %q", got)
	}
	r.NotHeld = "Lũ quét cuốn cầu"
	if got := rules.ReadBack(r, b); len(got) != 1 || got[0] != "Không tổ chức buổi thi. Lý do: Lũ quét cuốn cầu." {
		t.Errorf("not held: %q", got)
	}
}
