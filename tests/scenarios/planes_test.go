package scenarios_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/db/dbtest/pgserver"
	"bangvang/internal/base/web/webtest"
)

// at gives the program as it is found on another of its addresses.
func (p *program) at(address string) *program {
	other := *p
	other.base = "http://" + address
	return &other
}

// ends waits until the program ends by itself and gives its exit status and its last line.
func (p *program) ends() (status int, last string) {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		p.t.Fatalf("the program goes on:\n%s", p.logs)
	}
	lines := strings.Split(strings.TrimSpace(p.logs.String()), "\n")
	return p.cmd.ProcessState.ExitCode(), lines[len(lines)-1]
}

// says waits until the program has logged something.
func (p *program) says(what string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(p.logs.String(), what); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("the program does not say %q:\n%s", what, p.logs)
		}
	}
}

var oneTime = regexp.MustCompile(`http://\S+/quan-tri/\S+`)

// TestAnOfficeOnItsOwnAddress gives the office pages a port of their own: every link that is handed
// out leads there, the way to the public pages leads back, and a monitor finds both alive.
func TestAnOfficeOnItsOwnAddress(t *testing.T) {
	t.Parallel()
	at, office := place{data: t.TempDir()}, freeAddress(t)
	p := serve(t, at, "--office-addr", office)
	o := p.at(office)
	o.until("/readyz", 200)
	o.until("/healthz", 200)
	p.until("/healthz", 200)

	p.says("/quan-tri/khoi-tao")
	link := oneTime.FindString(p.logs.String())
	path, ours := strings.CutPrefix(link, o.base)
	if !ours || o.get(path).status != 200 {
		t.Errorf("the first administrator's link %s does not lead to the office on %s", link, office)
	}
	if p.get(path).status != 404 {
		t.Error("the public door answers for the office")
	}
	for path, to := range map[string]string{"/": "/", "/van-ban?trang=2": "/van-ban?trang=2", "/api/v1/search?q=thi": "/api/v1/search?q=thi"} {
		if a := o.get(path); a.status != 302 || a.header.Get("Location") != p.base+to {
			t.Errorf("the office leads from %s with %d to %q, not to the public pages", path, a.status, a.header.Get("Location"))
		}
	}
	style := regexp.MustCompile(`href="(/[^"]*quan-tri[^"]*\.css)"`).FindStringSubmatch(string(o.get("/quan-tri/dang-nhap").body))
	if len(style) != 2 || o.get(style[1]).status != 200 {
		t.Errorf("the office's style sheet %q is not there", style)
	}
	p.stop()

	at, office = place{data: t.TempDir()}, freeAddress(t)
	d := demo(t, at, "--office-addr", office, "--office-url", "https://van-phong.example/")
	browser := webtest.New(t, d.at(office).base)
	browser.Get("/quan-tri/dang-nhap").Fill("Tên đăng nhập", "quan-tri").Fill("Mật khẩu", at.passwords(t)["quan-tri"]).Press("Đăng nhập")
	browser.Get("/quan-tri/tai-khoan?q=khao-thi-2").Click("Chuyên viên Khảo thí thứ hai").Press("Tạo đường dẫn đặt mật khẩu").
		Want("main", "https://van-phong.example/quan-tri/")
}

// TestEachPlaneServesItsOwn publishes an installation, then runs an office node and a public node on
// it. The public node has no database, not even one that could answer.
func TestEachPlaneServesItsOwn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		demo(t, at, "--at", "2021-07-06T08:00").stop()

		address := freeAddress(t)
		p, _ := launch(t, append([]string{"serve", "--plane", "office", "--addr", address, "--base-url", "https://thi.example"}, at.flags()...))
		o := p.at(address)
		o.until("/readyz", 200)
		o.until("/healthz", 200)
		for _, path := range []string{"/", "/van-ban", "/van-ban/08-ct-ubnd-2021", "/sitemap.xml"} {
			if a := o.get(path); a.status != 302 || a.header.Get("Location") != "https://thi.example"+path {
				t.Errorf("an office node answers %s with %d, leading to %q", path, a.status, a.header.Get("Location"))
			}
		}
		if a := o.get("/quan-tri/dang-nhap"); a.status != 200 {
			t.Errorf("an office node answers the login with %d", a.status)
		}
		if at.database != "" {
			u, err := url.Parse(at.database)
			must(t, err)
			name := strings.TrimPrefix(u.Path, "/")
			u.Path = "/postgres"
			must(t, pgserver.Exec(u.String(), fmt.Sprintf(`ALTER DATABASE "%s" ALLOW_CONNECTIONS false`, name)))
			must(t, pgserver.Exec(u.String(), fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name)))
			o.until("/readyz", 503)
			o.until("/healthz", 200)
		}
		p.stop()

		public := place{data: t.TempDir(), database: "postgres://nobody@127.0.0.1:1/none"}
		r := serve(t, public, "--plane", "public", "--files", filepath.Join(at.data, "files"))
		if a := r.get("/van-ban/08-ct-ubnd-2021"); a.status != 200 {
			t.Errorf("a public node answers a document with %d", a.status)
		}
		r.untilSays("/tim?q=chi+thi+08", "08/CT-UBND") // the index is read behind the first pages
		if a := r.get("/quan-tri/dang-nhap"); a.status != 404 {
			t.Errorf("a public node answers the login with %d", a.status)
		}
		if r.stop() != 0 {
			t.Error("a public node ends with an error")
		}
	})
}

// TestReadersKeepTheirPagesWithoutADatabase starts an installation while its database cannot be
// opened, whatever is in the way: what is published is served, the office says to come again, and
// opens by itself when the way is free.
//
// Source: architecture §2.
func TestReadersKeepTheirPagesWithoutADatabase(t *testing.T) {
	t.Parallel()
	t.Run("a SQLite file that is none", func(t *testing.T) {
		t.Parallel()
		at := place{data: t.TempDir()}
		demo(t, at).stop()
		file := filepath.Join(at.data, "bangvang.db")
		must(t, os.Rename(file, file+".good"))
		must(t, os.WriteFile(file, []byte(strings.Repeat("không phải cơ sở dữ liệu ", 400)), 0o600))
		keepsServing(t, at, func() {
			must(t, os.Remove(file))
			must(t, os.Rename(file+".good", file))
		})
	})
	for name, in := range map[string]struct{ way, free string }{
		"too many clients":            {"CONNECTION LIMIT 0", "CONNECTION LIMIT -1"}, // 53300
		"a login that is not allowed": {"NOLOGIN", "LOGIN"},                          // 28000, as a wrong password is 28P01
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := dbtest.PostgresURL(t) // before the folder: the database goes when the program is gone
			at := place{data: t.TempDir(), database: database}
			role := "r" + db.NewID()
			server := at.database
			must(t, pgserver.Exec(server, "CREATE ROLE "+role+" LOGIN"))
			must(t, pgserver.Exec(server, "GRANT ALL ON ALL TABLES IN SCHEMA public TO "+role))
			must(t, pgserver.Exec(server, "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO "+role))
			t.Cleanup(func() { // the database goes with the test; the role must let go of it first
				must(t, pgserver.Exec(server, "DROP OWNED BY "+role))
				must(t, pgserver.Exec(server, "DROP ROLE "+role))
			})
			demo(t, at).stop()
			u, err := url.Parse(at.database)
			must(t, err)
			u.User = url.User(role)
			at.database = u.String()
			must(t, pgserver.Exec(server, "ALTER ROLE "+role+" "+in.way))
			keepsServing(t, at, func() { must(t, pgserver.Exec(server, "ALTER ROLE "+role+" "+in.free)) })
		})
	}
}

// keepsServing starts the installation, sees that readers are served and staff told to come again, and
// after mend that staff are served too.
func keepsServing(t *testing.T, at place, mend func()) {
	t.Helper()
	p := serve(t, at)
	p.says("the office side cannot open")
	if a := p.get("/van-ban/08-ct-ubnd-2021"); a.status != 200 {
		t.Errorf("a document answers %d without the database", a.status)
	}
	if a := p.get("/quan-tri/dang-nhap"); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("the login answers %d without the database", a.status)
	}
	mend()
	p.until("/quan-tri/dang-nhap", 200)
	p.until("/van-ban/08-ct-ubnd-2021", 200)
}

// TestADatabaseNewerThanTheProgramEndsIt is the one failure that does not mend itself.
func TestADatabaseNewerThanTheProgramEndsIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, at place) {
		demo(t, at).stop()
		d := at.open(t)
		mark := "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)"
		if at.database == "" {
			mark = strings.Replace(mark, "true", "1", 1)
		}
		must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, mark)
			return err
		}))
		must(t, d.Close())
		p, _ := launch(t, append([]string{"serve", "--addr", freeAddress(t)}, at.flags()...))
		status, last := p.ends()
		if status != 1 || !strings.Contains(last, "newer than this program") || strings.Contains(p.logs.String(), "again_in") {
			t.Errorf("the program ended with %d:\n%s", status, p.logs)
		}
	})
}
