package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// The mirror keeps its own papers in this folder, which a web server must not show (the written
// configuration denies it).
const (
	mirrorPapers = ".bangvang"
	mirrorList   = mirrorPapers + "/files"
	mirrorNginx  = mirrorPapers + "/nginx.conf"
)

// Export writes a snapshot as a folder that any web server can serve, byte for byte what the plane
// answers ("Plan B", architecture §2): page /x/y as x/y/index.html, other types under their own
// names, ready-compressed copies beside them (.gz, .br), and .bangvang/nginx.conf with the
// redirects, statuses and headers that files alone cannot say.
//
// It may be repeated into the same folder: what an earlier export wrote and is no longer public is
// removed, other files are left alone. Dynamic paths (search, look-up) are not in it.
func (s *Site) Export(ctx context.Context, snap *Snapshot, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer root.Close()
	m := mirror{site: s, root: root, owner: map[string]string{}}
	before, err := root.ReadFile(mirrorList)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export: %w", err)
	}
	for _, address := range snap.Paths() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := m.page(ctx, snap.page(address)); err != nil {
			return fmt.Errorf("export %s: %w", address, err)
		}
	}
	if err := m.write(mirrorNginx, bytes.NewReader(nginxConfig(snap))); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for name := range strings.Lines(string(before)) {
		name = strings.TrimSuffix(name, "\n")
		if _, still := m.owner[name]; !still && name != "" {
			if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("export: remove what is no longer public: %w", err)
			}
		}
	}
	names := make([]string, 0, len(m.owner))
	for name := range m.owner {
		names = append(names, name)
	}
	slices.Sort(names)
	if err := m.write(mirrorList, strings.NewReader(strings.Join(names, "\n")+"\n")); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// mirror is one export under way.
type mirror struct {
	site  *Site
	root  *os.Root
	owner map[string]string // file name → address it was written for
}

// fileName gives the file an address is written to.
func fileName(p *page) string {
	name := strings.TrimPrefix(p.Path, "/")
	kind, _, _ := strings.Cut(p.Type, ";")
	if kind == "text/html" && path.Ext(name) != ".html" {
		return path.Join(name, "index.html")
	}
	return name
}

func (m *mirror) page(ctx context.Context, p *page) error {
	name := fileName(p)
	if other, taken := m.owner[name]; taken {
		return fmt.Errorf("file %s is already %s", name, other)
	}
	if p.IsFile {
		if m.site.files == nil {
			return errors.New("no files store")
		}
		r, err := m.site.files.Open(ctx, p.Hash)
		if err != nil {
			return err
		}
		defer r.Close()
		m.owner[name] = p.Path
		return m.write(name, r)
	}
	l, err := p.load(ctx, m.site)
	if err != nil {
		return err
	}
	m.owner[name] = p.Path
	if err := m.write(name, bytes.NewReader(l.forms[identity].body)); err != nil {
		return err
	}
	if p.Gzip > 0 {
		m.owner[name+".gz"] = p.Path
		if err := m.write(name+".gz", bytes.NewReader(l.forms[gzipped].body)); err != nil {
			return err
		}
	}
	if p.Brotli > 0 {
		m.owner[name+".br"] = p.Path
		return m.write(name+".br", bytes.NewReader(l.forms[brotlied].body))
	}
	return nil
}

// write replaces a file as a whole: a web server reading it meanwhile sees the old or the new.
func (m *mirror) write(name string, r io.Reader) error {
	if err := m.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	tmp := path.Join(path.Dir(name), ".writing-"+path.Base(name))
	f, err := m.root.Create(tmp)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err == nil {
		err = m.root.Rename(tmp, name)
	}
	if err != nil {
		_ = m.root.Remove(tmp)
	}
	return err
}

// nginxConfig gives the part of a server block that files alone cannot say.
func nginxConfig(snap *Snapshot) []byte {
	var b bytes.Buffer
	b.WriteString("# Written by \"bangvang export site\"; include it in a server block whose root is the exported folder.\n" +
		"# brotli_static needs nginx's brotli module; without it the line can go.\n" +
		"gzip_static on;\n#brotli_static on;\nindex index.html;\ncharset utf-8;\nserver_tokens off;\nerror_page 404 " + NotFoundPath + "/index.html;\n" +
		"types {\n  text/html html; text/css css; text/javascript js; image/svg+xml svg; image/png png; image/jpeg jpg jpeg; image/tiff tif tiff; image/x-icon ico;\n" +
		"  application/vnd.openxmlformats-officedocument.wordprocessingml.document docx; application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx;\n" +
		"  application/pdf pdf; application/json json; application/xml xml; application/atom+xml atom; application/rss+xml rss; text/calendar ics; text/plain txt;\n}\n")
	for _, h := range securityHeaders {
		fmt.Fprintf(&b, "add_header %s \"%s\" always;\n", h[0], h[1])
	}
	// Variables, because a location that adds a header of its own would lose all others.
	fmt.Fprintf(&b, "set $bangvang_cache \"%s\";\nadd_header Cache-Control $bangvang_cache;\n"+
		"set $bangvang_robots \"\";\nadd_header X-Robots-Tag $bangvang_robots always;\n", CachePage.control())
	fmt.Fprintf(&b, "location ^~ /%s/ { return 404; }\nlocation / { try_files $uri $uri/index.html =404; }\n", mirrorPapers)
	for _, address := range snap.Paths() {
		p := snap.page(address)
		robots := ""
		if p.NoIndex {
			robots = ` set $bangvang_robots "noindex";`
		}
		switch {
		case p.Location != "":
			fmt.Fprintf(&b, "location = %s { return %d %s; }\n", p.Path, p.Status, nginxQuote(p.Location))
		case p.Status == 410:
			fmt.Fprintf(&b, "location = %s { error_page 410 /%s; return 410; }\n", p.Path, fileName(p))
			fmt.Fprintf(&b, "location = /%s { internal;%s }\n", fileName(p), robots) // the variables begin anew there
		case p.Status == 404:
			fmt.Fprintf(&b, "location = %s { error_page 404 /%s; return 404; }\n", p.Path, fileName(p))
			if section := strings.TrimSuffix(p.Path, NotFoundPath); section != "" {
				fmt.Fprintf(&b, "location %s/ { error_page 404 /%s; try_files $uri $uri/index.html =404; }\n", section, fileName(p))
			}
		case path.Ext(fileName(p)) == ".html":
			if robots != "" {
				fmt.Fprintf(&b, "location = %s { try_files $uri/index.html =404;%s }\n", p.Path, robots)
			}
		case p.IsFile && robots == "":
		case p.Cache != CachePage:
			fmt.Fprintf(&b, "location = %s { types { } default_type %s; set $bangvang_cache \"%s\";%s }\n", p.Path, nginxQuote(p.Type), p.Cache.control(), robots)
		default: // the exact type, whatever the name ends in
			fmt.Fprintf(&b, "location = %s { types { } default_type %s;%s }\n", p.Path, nginxQuote(p.Type), robots)
		}
	}
	return b.Bytes()
}

// nginxQuote keeps spaces and semicolons inside one word of the configuration.
func nginxQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `%24`).Replace(s) + `"`
}
