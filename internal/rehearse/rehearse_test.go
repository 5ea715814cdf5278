package rehearse_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
	"bangvang/internal/rehearse"
)

// Names and numbers of the original that no copy may hold.
var private = []string{"Giàng Thị Bí Mật", "0912 345 678", "bi.mat@example.vn", "Lò Văn Trưởng", "0987 654 321", "Ghi chú riêng"}

// installation makes one with the exam of 2021, n sites and people in it.
func installation(t *testing.T, database string, n int) config.Config {
	t.Helper()
	args := []string{"--data", t.TempDir(), "--addr", "127.0.0.1:0", "--base-url", "http://127.0.0.1"}
	if database != "" {
		args = append(args, "--database", database)
	}
	c, _, err := config.Load("rehearse", args, nil, nil)
	must(t, err)
	within(t, c, func(ctx context.Context, a *app.App) error {
		id, err := a.Exam.Load(ctx, 2021, "Lai Châu")
		if err != nil {
			return err
		}
		e, err := a.Exam.Exam(ctx, id)
		if err != nil {
			return err
		}
		round := e.Rounds[0]
		for i := range n {
			_, err := a.Exam.SaveSite(ctx, round.ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%02d", i+1), Name: fmt.Sprintf("Điểm thi số %d", i+1), LocalityName: "Huyện Than Uyên",
				HeadName: private[3], HeadPhone: private[4], Phone: private[1], Note: private[5]})
			if err != nil {
				return err
			}
		}
		_, err = a.People.CreateAccount(ctx, people.AccountForm{Username: "bi-mat", Name: private[0], Email: private[2], Phone: private[1]})
		return err
	})
	return c
}

// within opens an installation for as long as fn takes.
func within(t *testing.T, c config.Config, fn func(context.Context, *app.App) error) {
	t.Helper()
	s, err := app.NewServer(t.Context(), c, "test", app.Options{Paced: true, Cost: credential.Cost{MemoryKiB: 8, Passes: 1, Lanes: 1}})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var done error
	err = s.Run(ctx, func(ctx context.Context, a *app.App) error {
		done = fn(ctx, a)
		stop()
		return nil
	}, nil)
	must(t, errors.Join(done, err))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func options(c config.Config) rehearse.Options {
	return rehearse.Options{Original: c, Program: "test", Seed: 7}
}

func run(t *testing.T, ctx context.Context, o rehearse.Options) rehearse.Sheet {
	t.Helper()
	s, err := rehearse.Run(ctx, o)
	must(t, err)
	return s
}

// passed fails the test with what was not as it must be.
func passed(t *testing.T, s rehearse.Sheet) {
	t.Helper()
	for _, c := range s.Failed() {
		t.Errorf("%s: %s %v", c.Name, c.Measured, c.Faults)
	}
	if !s.Passed() {
		t.Error(s.Conclusion())
	}
}

// verdict finds a check by words of its name.
func verdict(t *testing.T, s rehearse.Sheet, words string) rehearse.Check {
	t.Helper()
	i := slices.IndexFunc(s.Checks, func(c rehearse.Check) bool { return strings.Contains(c.Name, words) })
	if i < 0 {
		t.Fatalf("no check about %q", words)
	}
	return s.Checks[i]
}

func TestASeedEndsTheSameWayAndTheOriginalIsUntouched(t *testing.T) {
	t.Parallel()
	c := installation(t, "", 6)
	before := files(t, c.Data)
	var sheets []rehearse.Sheet
	for _, seed := range []uint64{7, 7, 8} {
		o := options(c)
		o.Seed = seed
		s := run(t, t.Context(), o)
		passed(t, s)
		sheets = append(sheets, s)
	}
	if sheets[0].Digest != sheets[1].Digest || fmt.Sprint(sheets[0].Figures, sheets[0].Kinds, sheets[0].Reports) != fmt.Sprint(sheets[1].Figures, sheets[1].Kinds, sheets[1].Reports) {
		t.Errorf("one seed ended in two ways: %s %v, %s %v", sheets[0].Digest, sheets[0].Figures, sheets[1].Digest, sheets[1].Figures)
	}
	if sheets[0].Digest == sheets[2].Digest {
		t.Error("two seeds ended in one way")
	}
	if after := files(t, c.Data); after != before {
		t.Errorf("the original's folder was\n%s\nand is\n%s", before, after)
	}
}

// files lists a folder's files with their hashes.
func files(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %x\n", path, sha256.Sum256(content))
		return err
	}))
	return b.String()
}

func TestAnInstallationInUseIsCopiedBesideWhoUsesIt(t *testing.T) {
	t.Parallel()
	c := installation(t, "", 2)
	within(t, c, func(ctx context.Context, a *app.App) error {
		o := options(c)
		o.BeforeJudging(func(context.Context, *app.App) error { // somebody works on the original meanwhile
			_, err := a.People.CreateAccount(ctx, people.AccountForm{Username: "moi", Name: "Người mới"})
			return err
		})
		s := run(t, t.Context(), o)
		passed(t, s)
		if m := verdict(t, s, "Bản gốc").Measured; !strings.Contains(m, "thêm 1 dòng của người khác") {
			t.Errorf("the sheet says of the original: %s", m)
		}
		return nil
	})
}

func TestAnOriginalThatChangedWhenNobodyUsedItFails(t *testing.T) {
	t.Parallel()
	c := installation(t, "", 1)
	o := options(c)
	o.BeforeJudging(func(context.Context, *app.App) error {
		f, err := os.OpenFile(filepath.Join(c.Data, "bangvang.db"), os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteString("x")
		return errors.Join(err, f.Close())
	})
	if s := run(t, t.Context(), o); verdict(t, s, "Bản gốc").Verdict != rehearse.Failed || s.Passed() {
		t.Errorf("passed: %+v", verdict(t, s, "Bản gốc"))
	}
}

func TestWhatWasTamperedWithFails(t *testing.T) {
	t.Parallel()
	c := installation(t, "", 4)
	for name, tamper := range map[string]struct{ check, sql string }{
		"one candidate in a total": {"Tổng số", `UPDATE report_line SET present = present - 1, absent = absent + 1
			WHERE (report, line) = (SELECT l.report, l.line FROM report_line AS l JOIN report_site AS r ON r.id = l.report WHERE r.state = 'accepted' AND r.part = 1 ORDER BY l.report, l.line LIMIT 1)`},
		"a line of a report":      {"Tổng số", `DELETE FROM report_line WHERE report = (SELECT id FROM report_site WHERE state = 'accepted' AND part = 2 AND not_held = '' ORDER BY id LIMIT 1)`},
		"a report taken out":      {"Mọi báo cáo", `UPDATE report_site SET state = 'set_aside' WHERE id = (SELECT id FROM report_site WHERE state = 'accepted' AND part = 1 ORDER BY id LIMIT 1)`},
		"what a report said":      {"Không báo cáo nào mất", `UPDATE report_site SET content = replace(content, '"reporter":"', '"reporter":"x') WHERE id = (SELECT min(id) FROM report_site)`},
		"a reminder said twice":   {"Mỗi lời nhắc", `INSERT INTO event (id, kind, at, person, payload) SELECT id || 'x', kind, at, person, payload FROM event WHERE kind = 'reports.sites_silent' LIMIT 1`},
		"a conflict from nowhere": {"Mâu thuẫn", `INSERT INTO event (id, kind, at, person, payload) SELECT id || 'x', 'reports.conflict_opened', at, person, '{"sitting":"s","site":"x","part":1}' FROM event LIMIT 1`},
		"a line of the log":       {"nhật ký", `UPDATE audit SET note = 'khác' WHERE seq = 5`},
		"an approved version":     {"Bản tạm thời", `UPDATE report_province SET figures = replace(figures, '"present":', '"present":1') WHERE approved_at > 0`},
		"an account of somebody":  {"Bản sao", `UPDATE people_account SET email = 'ai@example.vn' WHERE id = (SELECT min(id) FROM people_account)`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(c)
			o.BeforeJudging(func(ctx context.Context, a *app.App) error {
				return a.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
					res, err := tx.ExecContext(ctx, tamper.sql)
					if err != nil {
						return err
					}
					if n, err := res.RowsAffected(); n == 0 || err != nil {
						return fmt.Errorf("nothing was tampered with, %w", err)
					}
					return nil
				})
			})
			s := run(t, t.Context(), o)
			check := verdict(t, s, tamper.check)
			if check.Verdict != rehearse.Failed || len(check.Faults) == 0 || s.Passed() || !strings.HasPrefix(s.Conclusion(), "KHÔNG ĐẠT") {
				t.Errorf("%s: %+v", s.Conclusion(), check)
			}
			html, err := s.HTML()
			must(t, err)
			if !bytes.Contains(html, []byte("Không đạt")) {
				t.Error("the page does not say so")
			}
			if _, err := s.Write(t.TempDir(), 0, "", ""); err != nil {
				t.Errorf("the sheet that says so cannot be written: %v", err)
			}
		})
	}
}

// TestTheCopyHoldsNobody looks for the names and numbers of the original in every file of a copy.
func TestTheCopyHoldsNobody(t *testing.T) {
	t.Parallel()
	c := installation(t, "", 2)
	content, err := os.ReadFile(filepath.Join(c.Data, "bangvang.db"))
	must(t, err)
	wal, _ := os.ReadFile(filepath.Join(c.Data, "bangvang.db-wal"))
	for _, p := range private {
		if !bytes.Contains(append(content, wal...), []byte(p)) {
			t.Fatalf("the original does not hold %q: nothing is proved", p)
		}
	}
	o := options(c)
	o.Keep = true
	s := run(t, t.Context(), o)
	defer os.RemoveAll(s.Copy)
	passed(t, s)
	must(t, filepath.WalkDir(s.Copy, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, p := range private {
			if bytes.Contains(content, []byte(p)) {
				t.Errorf("%s holds %q", path, p)
			}
		}
		return err
	}))
}

func TestAnInstallationOnPostgreSQLIsReadOnly(t *testing.T) {
	t.Parallel()
	c := installation(t, dbtest.PostgresURL(t), 3)
	o := options(c)
	o.Sites = 2
	s := run(t, t.Context(), o)
	passed(t, s)
	if s.Sites != 2 || !strings.HasPrefix(s.Original, "PostgreSQL ") {
		t.Errorf("rehearsed %d sites of %s", s.Sites, s.Original)
	}
}

func TestWhatLacksIsInvented(t *testing.T) {
	t.Parallel()
	c := installation(t, "", 0)
	if _, err := rehearse.Run(t.Context(), options(c)); err == nil || !strings.Contains(err.Error(), "--sites") {
		t.Errorf("an exam without sites: %v", err)
	}
	o := options(c)
	o.Sites = 3
	s := run(t, t.Context(), o)
	passed(t, s)
	if s.Sites != 3 || s.Invented != 3 {
		t.Errorf("%d sites, %d invented", s.Sites, s.Invented)
	}
	o.Year = 1999
	if _, err := rehearse.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "--exam") {
		t.Errorf("an exam that is not there: %v", err)
	}
	o.Original.Database = "sqlite:" + filepath.Join(t.TempDir(), "none.db")
	if _, err := rehearse.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("an installation that is not there: %v", err)
	}
}

func TestWhoStopsARehearsalGetsASheetThatSaysSo(t *testing.T) {
	t.Parallel()
	c := installation(t, "", 2)
	o := options(c)
	o.Speed = 600
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Second)
	defer stop()
	began := time.Now()
	s := run(t, ctx, o)
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if !s.Interrupted || s.Passed() || !strings.Contains(s.Conclusion(), "dừng giữa chừng") || s.Speed != "gấp 600 lần" {
		t.Errorf("%s, %+v", s.Conclusion(), s)
	}
	if v := verdict(t, s, "Tổng số").Verdict; v != rehearse.Unseen {
		t.Errorf("totals of half a rehearsal are %q", v)
	}
	if v := verdict(t, s, "Chuỗi nhật ký").Verdict; v != rehearse.Passed {
		t.Errorf("the log of half a rehearsal is %q", v)
	}
}

// TestNothingOfTheProgramCallsOut keeps true what the package promises: beside the database and the file
// store, whose addresses a copy has of its own, and mail, for which it has no server, the program has no
// channel that leaves the machine. Who adds one (SMS, a feed that is fetched) has it switched off in a
// rehearsal, in copyConfig, and then names it here.
func TestNothingOfTheProgramCallsOut(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-f", `{{if not .Standard}}{{.ImportPath}} {{.Dir}}{{end}}`, "bangvang/internal/app").Output()
	must(t, err)
	calls := []string{"net.Dial", "net.Lookup", "net.Resolver", "net/smtp", "http.Client{", "http.Get(", "http.Post", "http.Head(", "http.DefaultClient", "http.Transport{", "DialAndSend"}
	off := []string{"bangvang/internal/base/blob", "bangvang/internal/base/mail"}
	seen := 0
	for line := range strings.Lines(string(out)) {
		name, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(name, "bangvang/") {
			continue
		}
		seen++
		sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
		must(t, err)
		for _, path := range sources {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			content, err := os.ReadFile(path)
			must(t, err)
			for _, call := range calls {
				if bytes.Contains(content, []byte(call)) && !slices.Contains(off, name) {
					t.Errorf("%s uses %s: a rehearsal must switch it off", path, call)
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d packages were looked at", seen)
	}
}
