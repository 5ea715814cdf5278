package scenarios_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestAClerkTypesAReportByTheKeyboardAlone has a site's figures read out to the telephone desk, in
// Chromium, at the pace of somebody who listens, types and reads back aloud.
//
// Source: domain.md 2.4 (*), 6.5; S9 (≤ 60 s, ≤ 12 fields).
func TestAClerkTypesAReportByTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	p := demo(t, at, "--at", "2021-07-07T09:00")
	clerk := login(t, p, at, "thu-ky-hd")
	form, err := clerk.page("/quan-tri/bao-cao/dien-thoai?luot=1&diem=02")
	must(t, err)
	registered := regexp.MustCompile(`đăng ký</span> (\d+)`).FindStringSubmatch(form)
	if registered == nil || registered[1] != "247" {
		t.Fatalf("site 02 of the demonstration has %v candidates", registered)
	}
	request, err := json.Marshal(map[string]any{"cookie": clerk.cookie(t), "phone": map[string]any{
		"path": "/quan-tri/bao-cao/dien-thoai?luot=1", "site": "02", "typed": []string{"244", "3", "1 om, 2 bo", "11", "Thu ky Lo Thi B"}, "closing": "/quan-tri/bao-cao/dien-thoai?luot=2&diem=02"}})
	must(t, err)
	var seen struct {
		Fields, Closing             int
		Seconds, Tall               float64
		Said, Flash, Focus, Chooser string
	}
	node(t, &seen, "council.mjs", p.base, string(request))
	if seen.Fields > 12 || seen.Closing > 12 || seen.Fields < 6 {
		t.Errorf("the desk has %d fields, at the close %d; at most 12 are wanted", seen.Fields, seen.Closing)
	}
	if seen.Seconds > 60 {
		t.Errorf("a report took %.1f s, more than 60", seen.Seconds)
	}
	if seen.Tall > 768 {
		t.Errorf("the last field ends at %.0f px, below a screen of 768", seen.Tall)
	}
	if !strings.Contains(seen.Said, "có mặt 244 (hai trăm bốn mươi bốn)") || !strings.Contains(seen.Said, "bỏ thi 2 (hai)") || seen.Focus != "readBack" {
		t.Errorf("read back was %q, with the keyboard in %q", seen.Said, seen.Focus)
	}
	if !strings.Contains(seen.Flash, "Đọc biên nhận cho điểm thi") || seen.Chooser != "diem" {
		t.Errorf("at the end %q is said, with the keyboard in %q", seen.Flash, seen.Chooser)
	}
	t.Logf("%.1f s with %d fields (%d at the close)", seen.Seconds, seen.Fields, seen.Closing)
}

// TestOutsideCheckersFindNothingOnTheCouncilsPages hands them to the checkers while there is life in
// them.
//
// Source: L-3; Must show 6.
func TestOutsideCheckersFindNothingOnTheCouncilsPages(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	p := demo(t, at, "--at", "2021-07-07T09:00")
	clerk := login(t, p, at, "thu-ky-hd")
	board, err := clerk.page("/quan-tri/bao-cao?luot=1")
	must(t, err)
	find := func(pattern string) string {
		found := regexp.MustCompile(pattern).FindString(board)
		if found == "" {
			t.Errorf("the board of the demonstration has no link like %s", pattern)
		}
		return found
	}
	paths := []string{"/quan-tri/bao-cao?luot=1", "/quan-tri/bao-cao?luot=1&tuong=1", find(`/quan-tri/bao-cao/xem/[0-9a-z]+/[0-9a-z]+`), find(`/quan-tri/bao-cao/hai-so-lieu/[0-9a-z]+`),
		"/quan-tri/bao-cao/goi?luot=1", "/quan-tri/bao-cao/dien-thoai?luot=1", "/quan-tri/bao-cao/dien-thoai?luot=1&diem=02", "/quan-tri/bao-cao/dien-thoai?luot=2&diem=03", "/quan-tri/bao-cao/tong-hop?luot=1",
		"/quan-tri/bao-cao/su-co", find(`/quan-tri/bao-cao/su-co/[0-9a-z]{20}`), "/quan-tri/bao-cao/su-co/moi", "/quan-tri/bao-cao/thoi-han", "/quan-tri/bao-cao/danh-muc", "/quan-tri/bao-cao/lien-he"}
	form, err := clerk.form("/quan-tri/bao-cao/tong-hop?luot=1")
	must(t, err)
	version, err := clerk.send("/quan-tri/bao-cao/tong-hop?luot=1", form)
	must(t, err)
	chair := login(t, p, at, "chu-tich-hd")
	request, err := json.Marshal(map[string]any{"office": []map[string]any{
		{"cookie": clerk.cookie(t), "paths": append(paths, version)},
		{"cookie": chair.cookie(t), "paths": []string{"/quan-tri/", version, version + "/duyet"}},
	}})
	must(t, err)
	var seen struct {
		Findings []struct{ Path, Rule, Text string }
	}
	node(t, &seen, "pages.mjs", p.base, string(request))
	for _, f := range seen.Findings {
		t.Errorf("%s: %s: %s", f.Path, f.Rule, f.Text)
	}
}

// TestAnOpenBoardDoesNotHoldUpTheEnd keeps a board's line open while the program is asked to end.
func TestAnOpenBoardDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	p := demo(t, at, "--at", "2021-07-07T09:00")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/quan-tri/bao-cao/su-kien", nil)
	must(t, err)
	r.Header.Set("Cookie", login(t, p, at, "thu-ky-hd").cookie(t))
	answer, err := direct.Do(r)
	must(t, err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("the line answers %s", answer.Status)
	}
	first := make([]byte, 64)
	_, err = answer.Body.Read(first)
	must(t, err)
	began := time.Now()
	if status := p.stop(); status != 0 {
		t.Errorf("the program ended with status %d", status)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("an open line held the end up for %v", took)
	}
	for {
		if _, err := answer.Body.Read(first); err != nil {
			return
		}
	}
}
