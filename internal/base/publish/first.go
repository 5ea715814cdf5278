package publish

import (
	"bytes"
	"net/http"
	"strings"
)

// A request's first line decides which transport serves it. This file reads that line, from bytes
// nobody has looked at yet.

// firstLine splits "GET /tim?q=a HTTP/1.1\r\n…". complete is false when data holds no whole line
// yet, ok when the line has the form of a request. The strings share data's memory.
func firstLine(data []byte) (method, target []byte, complete, ok bool) {
	// RFC 9112 §2.2: a server should skip an empty line before the request line.
	data = bytes.TrimLeft(data, "\r\n")
	line, _, complete := bytes.Cut(data, []byte("\n"))
	if !complete {
		return nil, nil, false, false
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	method, rest, found := bytes.Cut(line, []byte(" "))
	if !found || len(method) == 0 {
		return nil, nil, true, false
	}
	for _, c := range method {
		if c < 'A' || c > 'Z' {
			return nil, nil, true, false
		}
	}
	target, version, found := bytes.Cut(rest, []byte(" "))
	if !found || len(target) == 0 || !bytes.HasPrefix(version, []byte("HTTP/")) {
		return nil, nil, true, false
	}
	return method, target, true, true
}

// splitTarget gives path and query of a request target, also of one in absolute form
// ("http://host/path"), as proxies send it.
func splitTarget(target string) (path, query string) {
	if target != "" && target[0] != '/' {
		if _, rest, found := strings.Cut(target, "://"); found {
			slash := strings.IndexAny(rest, "/?")
			switch {
			case slash < 0:
				target = "/"
			case rest[slash] == '?':
				target = "/" + rest[slash:]
			default:
				target = rest[slash:]
			}
		}
	}
	path, query, _ = strings.Cut(target, "?")
	if i := strings.IndexByte(path, '#'); i >= 0 {
		path = path[:i]
	}
	return path, query
}

// routes says what belongs to the office plane.
type routes []string

// public tells whether the public plane answers: reading (GET, HEAD) outside the office's paths.
// Everything that is sent to us is a verb of some capability and goes to the office's handler.
func (o routes) public(method, path string) bool {
	if method != http.MethodGet && method != http.MethodHead {
		return false
	}
	for _, p := range o {
		if rest, found := strings.CutPrefix(path, p); found && (rest == "" || rest[0] == '/') {
			return false
		}
	}
	return true
}
