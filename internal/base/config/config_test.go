package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bangvang/internal/base/config"
)

func load(t *testing.T, environ []string, args ...string) (config.Config, error) {
	t.Helper()
	c, _, err := config.Load("serve", args, environ, nil)
	return c, err
}

func TestTheLaterSourceWins(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bangvang.conf")
	if err := os.WriteFile(file, []byte("\ufeff# của Sở\naddr = 127.0.0.1:1\nworkers = 2\ndata = /srv/a b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, []string{"BANGVANG_ADDR=127.0.0.1:2", "BANGVANG_LOG=json"}, "--config", file, "--addr=127.0.0.1:3")
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:3" || c.Log != "json" || c.Workers != 2 || c.Data != "/srv/a b" || c.Plane != "all" {
		t.Errorf("got %+v", c)
	}
	if c.Database != "sqlite:/srv/a b/bangvang.db" || c.BaseURL != "http://127.0.0.1:3" || c.Secure() {
		t.Errorf("derived %+v", c)
	}
}

func TestWhereStaffFindTheOffice(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"http://127.0.0.1:8080":       nil,
		"https://thi.laichau.edu.vn":  {"--base-url", "https://thi.laichau.edu.vn/"},
		"http://10.0.0.5:8081":        {"--base-url", "https://thi.laichau.edu.vn", "--office-addr", "10.0.0.5:8081"},
		"http://thi.laichau.edu.vn:8": {"--base-url", "https://thi.laichau.edu.vn", "--office-addr", ":8"},
		"http://thi.laichau.edu.vn:9": {"--base-url", "https://thi.laichau.edu.vn", "--office-addr", "0.0.0.0:9"},
		"https://127.0.0.1:8081":      {"--office-addr", "127.0.0.1:8081", "--tls-cert", "a.pem", "--tls-key", "a.key"},
		"http://127.0.0.1:8070":       {"--plane", "office", "--addr", "127.0.0.1:8070", "--base-url", "https://thi.laichau.edu.vn"},
		"https://van-phong.vn":        {"--office-addr", "127.0.0.1:8081", "--office-url", "https://van-phong.vn/"},
	} {
		c, err := load(t, nil, args...)
		if err != nil || c.OfficeURL != want || c.OfficeSecure() != strings.HasPrefix(want, "https://") {
			t.Errorf("%q: the office is at %q, secure %t, %v", args, c.OfficeURL, c.OfficeSecure(), err)
		}
	}
}

func TestFlagsMayStandAfterTheOtherArguments(t *testing.T) {
	t.Parallel()
	c, rest, err := config.Load("backup", []string{"--addr", "127.0.0.1:5", "kho.bv", "--data", "/srv/bv", "them"}, nil, nil)
	if err != nil || c.Data != "/srv/bv" || c.Addr != "127.0.0.1:5" || strings.Join(rest, " ") != "kho.bv them" {
		t.Errorf("data %q, address %q, others %q, %v", c.Data, c.Addr, rest, err)
	}
	if _, _, err := config.Load("backup", []string{"kho.bv", "--khong-co"}, nil, nil); err == nil {
		t.Error("an unknown flag after the file is taken")
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bad.conf")
	if err := os.WriteFile(file, []byte("\nadress = x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for says, args := range map[string][]string{
		"line 2":          {"--config", file},
		"whole number":    {"--workers", "many"},
		"go together":     {"--tls-cert", "a.pem"},
		"whole address":   {"--base-url", "laichau.edu.vn"},
		"office-url is":   {"--office-url", "van-phong"},
		"public or":       {"--plane", "both"},
		"no address or n": {"--trusted-proxies", "proxy"},
	} {
		if _, err := load(t, nil, args...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v gave %v, want %q", args, err, says)
		}
	}
}

func TestTheSampleIsComplete(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	config.Sample(&b)
	for _, key := range []string{"data", "database", "office-addr", "BANGVANG_TRUSTED_PROXIES"} {
		if !strings.Contains(b.String(), key) {
			t.Errorf("%s is not in the sample", key)
		}
	}
}
