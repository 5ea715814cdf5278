// Package config is the one place where an installation's settings are read: defaults, then the
// file named by --config, then the environment (BANGVANG_DATA …), then flags; the later wins.
//
// Each field carries its own explanation; [Sample] prints the sample file from them, so file,
// flags and manual cannot differ. What an office changes while the program runs (its name, its
// telephone numbers) is no setting here but data in the office pages.
package config

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Config is one installation's settings.
type Config struct {
	Data       string `key:"data" default:"data" doc:"Folder that holds everything: database, files, published pages."`
	Database   string `key:"database" doc:"Address of the database: postgres://user:password@host/name. Empty: a SQLite file in the data folder."`
	Files      string `key:"files" doc:"Where files and published pages are kept: a folder or s3://key:secret@host/bucket. Empty: a folder in the data folder."`
	Secret     string `key:"secret" doc:"File with the installation's secret, on which second factors hang: the same on every office node, in no backup. Empty: the file secret in the data folder, made on the first start."`
	Addr       string `key:"addr" default:"127.0.0.1:8080" doc:"Address and port the public pages are served on (and the office pages, when office-addr is empty)."`
	OfficeAddr string `key:"office-addr" doc:"A second address for the office pages, so that a storm outside cannot delay them. Empty: share addr."`
	OfficeURL  string `key:"office-url" doc:"The address staff type for the office pages, https://quan-tri.laichau.edu.vn. Empty: base-url, or office-addr when the office has an address of its own. Links to log in and to set a password carry it."`
	Plane      string `key:"plane" default:"all" doc:"What this process serves: all, public (needs no database) or office (no public pages; on office-addr, or on addr when that is empty)."`
	// The public address is configuration, R-III.1.b-3.
	BaseURL string `key:"base-url" doc:"The public address people type, https://thi.laichau.edu.vn. Empty: http:// and addr. Feeds, calendars and printed notices carry it."`
	TLSCert string `key:"tls-cert" doc:"Certificate file (PEM). Empty: plain HTTP, for a proxy in front or a trial."`
	TLSKey  string `key:"tls-key" doc:"Key file (PEM) of the certificate."`
	Proxies string `key:"trusted-proxies" doc:"Addresses or networks, separated by commas, of proxies in front whose X-Forwarded-For is believed."`
	// Mail goes through the department's own server; R-II.4-b is sent so.
	SMTP      string `key:"smtp" doc:"The department's mail server, smtp://user:password@server:587, smtps://…, or smtp+plain://server:25 for a relay on this machine. Empty: nothing is sent by mail, and the office notes how it sent it."`
	MailFrom  string `key:"mail-from" doc:"Who mails are from, \"Sở GDĐT <vp@sgddt.vn>\". Needed with smtp."`
	MaxUpload int    `key:"max-upload-mb" default:"50" doc:"Largest file that may be uploaded, in megabytes."`
	Workers   int    `key:"workers" default:"4" doc:"How many background jobs run at once."`
	Log       string `key:"log" default:"text" doc:"Form of the log on standard error: text or json."`
}

// Load reads the settings. args are the command's arguments without its name; extra registers
// flags of the command's own. It returns the arguments that are no flags.
//
// An unknown flag or key, a malformed line (named by file and line) or a value of the wrong sort is an
// error that says what to do, in one line; --help is flag.ErrHelp. Nothing is printed.
func Load(name string, args []string, environ []string, extra func(*flag.FlagSet)) (Config, []string, error) {
	c := Config{}
	values, flagged := map[string]string{}, map[string]string{}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	file := flags.String("config", "", "`file` with settings, one \"key = value\" a line")
	c.each(func(f field) {
		if f.fallback != "" {
			values[f.key] = f.fallback
		}
		flags.Func(f.key, f.doc, func(v string) error { flagged[f.key] = v; return f.check(v) })
	})
	if extra != nil {
		extra(flags)
	}
	rest, err := parse(flags, args)
	if err != nil {
		return c, nil, err
	}
	if *file != "" {
		if err := readFile(*file, c.keys(), values); err != nil {
			return c, nil, err
		}
	}
	c.each(func(f field) {
		if v, ok := lookup(environ, f.env()); ok {
			values[f.key] = v
		}
	})
	maps.Copy(values, flagged)
	if err := c.set(values); err != nil {
		return c, nil, err
	}
	return c, rest, c.finish()
}

// parse takes flags from among the arguments wherever they stand, as people type them: "backup FILE
// --data DIR". It returns the others.
func parse(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}
}

// finish fills what follows from other fields and refuses what cannot work.
func (c *Config) finish() error {
	switch c.Plane {
	case "all", "public", "office":
	default:
		return fmt.Errorf("plane is %q: use all, public or office", c.Plane)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return fmt.Errorf("tls-cert and tls-key go together: give both or neither")
	}
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "bangvang.db")
	}
	if c.Files == "" {
		c.Files = filepath.Join(c.Data, "files")
	}
	if c.Secret == "" {
		c.Secret = filepath.Join(c.Data, "secret")
	}
	if c.BaseURL == "" {
		scheme := "http://"
		if c.TLSCert != "" {
			scheme = "https://"
		}
		c.BaseURL = scheme + c.Addr
	}
	if err := whole("base-url", &c.BaseURL); err != nil {
		return err
	}
	if c.OfficeURL == "" {
		c.OfficeURL = c.officeURL()
	}
	if err := whole("office-url", &c.OfficeURL); err != nil {
		return err
	}
	if (c.SMTP == "") != (c.MailFrom == "") {
		return fmt.Errorf("smtp and mail-from go together: give both or neither")
	}
	if _, err := c.TrustedProxies(); err != nil {
		return err
	}
	return nil
}

// whole refuses an address that is not whole, and takes the slash from its end.
func whole(key string, address *string) error {
	*address = strings.TrimRight(*address, "/")
	if u, err := url.Parse(*address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%s is %q: give the whole address, https://name", key, *address)
	}
	return nil
}

// officeURL derives where staff find the office pages: beside the public ones, or on their own
// address. One that listens on every interface is found under the public name.
func (c Config) officeURL() string {
	if !c.Apart() {
		return c.BaseURL
	}
	host, port, err := net.SplitHostPort(cmp.Or(c.OfficeAddr, c.Addr))
	if err != nil {
		return c.BaseURL // listening will say what is wrong with the address
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		if u, err := url.Parse(c.BaseURL); err == nil {
			host = u.Hostname()
		}
	}
	scheme := "http://"
	if c.TLSCert != "" {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, port)
}

// Apart tells whether the office pages are not on the address of the public ones.
func (c Config) Apart() bool { return c.OfficeAddr != "" || c.Plane == "office" }

// Secure tells whether readers reach the public pages by https.
func (c Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// OfficeSecure tells whether staff reach the office pages by https, so that cookies may demand it.
func (c Config) OfficeSecure() bool { return strings.HasPrefix(c.OfficeURL, "https://") }

// TrustedProxies gives the networks whose X-Forwarded-For is believed.
func (c Config) TrustedProxies() ([]netip.Prefix, error) {
	var nets []netip.Prefix
	for s := range strings.SplitSeq(c.Proxies, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		n, err := netip.ParsePrefix(s)
		if err != nil {
			a, aerr := netip.ParseAddr(s)
			if aerr != nil {
				return nil, fmt.Errorf("trusted-proxies: %q is no address or network", s)
			}
			n = netip.PrefixFrom(a, a.BitLen())
		}
		nets = append(nets, n)
	}
	return nets, nil
}

// Sample writes a settings file with every key, its explanation and its default.
func Sample(w io.Writer) {
	fmt.Fprintln(w, "# Settings of bangvang. Every line may be left out.")
	var c Config
	c.each(func(f field) {
		fmt.Fprintf(w, "\n# %s\n# Environment: %s, flag: --%s\n# %s = %s\n", f.doc, f.env(), f.key, f.key, f.fallback)
	})
}

// Explain writes one line for each of the settings named by their keys: its flag and the first
// sentence of its explanation.
func Explain(w io.Writer, keys ...string) {
	var c Config
	c.each(func(f field) {
		if slices.Contains(keys, f.key) {
			first, _, _ := strings.Cut(f.doc, ". ")
			fmt.Fprintf(w, "  --%-16s %s\n", f.key, strings.TrimSuffix(first, "."))
		}
	})
}

type field struct {
	key, fallback, doc string
	value              reflect.Value
}

func (f field) env() string {
	return "BANGVANG_" + strings.ToUpper(strings.ReplaceAll(f.key, "-", "_"))
}

func (f field) check(v string) error {
	if f.value.Kind() == reflect.Int {
		if n, err := strconv.Atoi(v); err != nil || n < 1 {
			return fmt.Errorf("%s is %q: give a whole number from 1", f.key, v)
		}
	}
	return nil
}

func (c *Config) each(do func(field)) {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		t := v.Type().Field(i).Tag
		do(field{t.Get("key"), t.Get("default"), t.Get("doc"), v.Field(i)})
	}
}

func (c *Config) keys() (keys []string) {
	c.each(func(f field) { keys = append(keys, f.key) })
	return keys
}

func (c *Config) set(values map[string]string) (err error) {
	c.each(func(f field) {
		v, ok := values[f.key]
		if !ok || err != nil {
			return
		}
		if err = f.check(v); err != nil {
			return
		}
		if f.value.Kind() == reflect.Int {
			n, _ := strconv.Atoi(v)
			f.value.SetInt(int64(n))
			return
		}
		f.value.SetString(v)
	})
	return err
}

func readFile(path string, keys []string, values map[string]string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !ok || !slices.Contains(keys, key) {
			return fmt.Errorf("%s line %d: %q is no setting; bangvang config prints them all", path, n, key)
		}
		values[key] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	return lines.Err()
}

func lookup(environ []string, name string) (string, bool) {
	for _, e := range environ {
		if k, v, ok := strings.Cut(e, "="); ok && k == name {
			return v, true
		}
	}
	return "", false
}
