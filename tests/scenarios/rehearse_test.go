package scenarios_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTheExamIsRehearsed replays the demonstration's exam with fifteen sites and gets a sheet that is
// passed, the same again for the same seed, from an installation on either engine. Nothing of the copy is left.
func TestTheExamIsRehearsed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		if demo(t, at, "--at", "2021-07-06T08:00").stop() != 0 {
			t.Fatal("the demonstration did not end well")
		}
		temporary := t.TempDir()
		var digests []string
		runs := 2
		if at.database != "" {
			runs = 1
		}
		for range runs {
			out := t.TempDir()
			cmd := exec.Command(binary, append([]string{"rehearse", "--sites", "15", "--seed", "2021", "--number", "7", "--signer", "Nguyễn Thị Hạnh", "--out", out}, at.flags()...)...)
			cmd.Env = append(os.Environ(), "TMPDIR="+temporary)
			said, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("the rehearsal did not pass: %v\n%s", err, said)
			}
			if !bytes.Contains(said, []byte(" deeds, ")) || !bytes.Contains(said, []byte("/s, ")) {
				t.Errorf("no progress with a rate was told:\n%s", said)
			}
			s := sheetIn(t, out)
			if s.Sites != 15 || s.Invented != 3 || s.Sittings != 4 || s.Interrupted {
				t.Errorf("rehearsed %+v", s)
			}
			for _, c := range s.Checks {
				if c.Verdict != "Đạt" {
					t.Errorf("%s: %s, %s", c.Name, c.Verdict, c.Measured)
				}
			}
			if len(s.Checks) < 15 {
				t.Errorf("only %d checks", len(s.Checks))
			}
			text, err := exec.Command("pdftotext", "-layout", filepath.Join(out, "phieu-ket-qua-dien-tap.pdf"), "-").Output()
			must(t, err)
			for _, words := range []string{"PHIẾU KẾT QUẢ DIỄN TẬP", "07/PKQ-SGDĐT", "Nguyễn Thị Hạnh", "DIỄN TẬP:"} {
				if !strings.Contains(string(text), words) {
					t.Errorf("the paper does not say %q", words)
				}
			}
			digests = append(digests, s.Digest)
		}
		if digests[0] != digests[runs-1] {
			t.Errorf("one seed ended in two ways: %v", digests)
		}
		if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
			t.Errorf("the rehearsal left %v, %v", left, err)
		}
		done(t, append([]string{"verify", "all"}, at.flags()...)...)
	})
}

// TestARehearsalIsStopped ends one in its midst.
func TestARehearsalIsStopped(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	if demo(t, at).stop() != 0 {
		t.Fatal("the demonstration did not end well")
	}
	temporary, out := t.TempDir(), t.TempDir()
	cmd := exec.Command(binary, append([]string{"rehearse", "--speed", "60", "--out", out}, at.flags()...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+temporary)
	said := &tail{}
	cmd.Stderr = said
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })
	for end := time.Now().Add(time.Minute); !strings.Contains(said.String(), " deeds, ") && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	must(t, cmd.Process.Signal(syscall.SIGINT))
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", cmd.ProcessState)
	}
	if s := sheetIn(t, out); !s.Interrupted {
		t.Errorf("the sheet says %+v; the command %s", s, said)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("the rehearsal left %v, %v", left, err)
	}
}

func TestARehearsalSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		status int
		words  string
	}{
		{[]string{"--data", t.TempDir()}, 1, "--data"},
		{[]string{"--speed", "fast"}, 2, "--speed"},
		{[]string{"--sites", "-1"}, 2, "--sites"},
		{[]string{"now"}, 2, "no flag"},
	} {
		if out, status := bangvang(t, append([]string{"rehearse"}, c.args...)...); status != c.status || !strings.Contains(out, c.words) || strings.Count(out, "\n") != 1 {
			t.Errorf("%v ended with %d: %s", c.args, status, out)
		}
	}
}

// A rehearsalSheet is what a program reads of the sheet.
type rehearsalSheet struct {
	Sites, Invented, Sittings int
	Interrupted               bool
	Digest                    string
	Checks                    []struct{ Name, Measured, Verdict string }
}

func sheetIn(t *testing.T, dir string) (s rehearsalSheet) {
	t.Helper()
	for _, ending := range []string{"html", "pdf", "docx"} {
		if info, err := os.Stat(filepath.Join(dir, "phieu-ket-qua-dien-tap."+ending)); err != nil || info.Size() < 2000 {
			t.Errorf("no whole sheet: %v, %v", info, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "phieu-ket-qua-dien-tap.json"))
	must(t, err)
	must(t, json.Unmarshal(text, &s))
	return s
}
