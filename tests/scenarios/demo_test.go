package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/db"
)

// address is that of the place's database.
func (p place) address() string {
	if p.database == "" {
		return "sqlite:" + filepath.Join(p.data, "bangvang.db")
	}
	return p.database
}

// open reads the place's database beside the program.
func (p place) open(t testing.TB) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), p.address(), nil)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

// rows counts a table's rows; one that is not there yet has none.
func rows(t testing.TB, d *db.DB, table string) int {
	t.Helper()
	n := 0
	if known, err := d.HasTable(t.Context(), table); err == nil && known {
		must(t, d.Read().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n))
	}
	return n
}

// TestADemonstrationKilledWhileItFillsIsFilledAnew kills the demonstration among its units and again
// among its documents. The next start begins anew; the one after that leaves everything as it is.
func TestADemonstrationKilledWhileItFillsIsFilledAnew(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		for table, n := range map[string]int{"people_unit": 5, "document": 4} {
			p, _ := launch(t, append([]string{"demo", "--addr", freeAddress(t)}, at.flags()...))
			d := at.open(t)
			for end := time.Now().Add(time.Minute); rows(t, d, table) < n; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("no %d rows in %s:\n%s", n, table, p.logs)
				}
			}
			p.kill()
			must(t, d.Close())
		}
		if _, err := os.Stat(filepath.Join(at.data, "accounts.json")); err == nil {
			t.Fatal("the demonstration was whole before it was killed")
		}

		p := demo(t, at)
		login(t, p, at, "khao-thi")
		p.until("/van-ban/08-ct-ubnd-2021", 200)
		passwords := at.passwords(t)["khao-thi"]
		d := at.open(t)
		units := rows(t, d, "people_unit")
		p.stop()
		if line := done(t, append([]string{"verify", "all"}, at.flags()...)...); !strings.Contains(line, "whole") {
			t.Errorf("verify says %q", line)
		}

		p = demo(t, at)
		login(t, p, at, "khao-thi")
		if at.passwords(t)["khao-thi"] != passwords || rows(t, d, "people_unit") != units {
			t.Error("a whole demonstration was made anew")
		}
	})
}

// TestADemonstrationKeepsOutOfAnInstallation starts the demonstration on somebody's installation: by
// its folder and database, and by its folder alone. It ends with one line and has written nothing.
func TestADemonstrationKeepsOutOfAnInstallation(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		p := serve(t, at)
		p.stop()
		done(t, append([]string{"user", "create", "--username", "lan", "--name", "Lò Thị Lan"}, at.flags()...)...)
		d := at.open(t)
		deeds, accounts := rows(t, d, "audit"), rows(t, d, "people_account")
		for what, flags := range map[string][]string{
			"the installation": at.flags(), "its folder": {"--data", at.data}, "its database": place{t.TempDir(), at.address()}.flags(),
		} {
			out, status := bangvang(t, append([]string{"demo", "--addr", freeAddress(t)}, flags...)...)
			if status != 1 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "not a demonstration") {
				t.Errorf("the demonstration on %s ended with %d: %s", what, status, out)
			}
		}
		if rows(t, d, "audit") != deeds || rows(t, d, "people_account") != accounts {
			t.Error("the demonstration wrote into the installation")
		}
		if _, err := os.Stat(filepath.Join(at.data, "accounts.json")); err == nil {
			t.Error("the demonstration left its accounts in the installation's folder")
		}
	})
}
