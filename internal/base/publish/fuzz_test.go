package publish_test

import (
	"bufio"
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/publish"
)

func FuzzFirstLine(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /quan-tri HTTP/1.1\r\n", "\r\n\r\nHEAD /a?b=c HTTP/1.0\n", "GET http://a/b HTTP/1.1\r\n",
		"GET", "GET /", "GET  / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01", "GET /\x00 HTTP/1.1\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		method, target, complete, ok := publish.FirstLine(data)
		if ok && !complete {
			t.Fatal("judged a line that is not whole")
		}
		if complete && !bytes.Contains(data, []byte("\n")) {
			t.Fatal("a whole line without an end")
		}
		if !ok {
			return
		}
		if bytes.ContainsAny(method, " \r\n") || bytes.ContainsAny(target, " \n") {
			t.Fatalf("method %q, target %q", method, target)
		}
		// What the standard library reads as a request must be read as the same one: otherwise a
		// request could be judged as one plane's and served by the other.
		request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err == nil && (request.Method != string(method) || request.RequestURI != string(target)) {
			t.Fatalf("read %q %q, net/http %q %q", method, target, request.Method, request.RequestURI)
		}
		// More bytes must not change the judgement.
		again, target2, _, ok2 := publish.FirstLine(append(bytes.Clone(data), "\r\nX: y\r\n\r\n"...))
		if !ok2 || !bytes.Equal(again, method) || !bytes.Equal(target2, target) {
			t.Fatal("the judgement changed with what follows")
		}
	})
}

// FuzzHead holds our reading of a request's header against the standard library's: what both take must be
// the same request with the same end, or one could be hidden in another.
func FuzzHead(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /a?b HTTP/1.0\nRange: bytes=0-1\n\nGET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
		"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nConnection: close, keep-alive\r\nIf-None-Match: \"x\"\r\nIf-None-Match: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, complete, ok := publish.ParseHead(data)
		if !complete || !ok {
			if more, complete, ok := publish.ParseHead(append(bytes.Clone(data), "x"...)); complete && ok && more.Size < len(data) {
				t.Fatal("became a header by what follows its end")
			}
			return
		}
		if h.Size > len(data) || data[h.Size-1] != '\n' {
			t.Fatalf("ends at %d of %d", h.Size, len(data))
		}
		reader := bufio.NewReader(bytes.NewReader(data))
		request, err := http.ReadRequest(reader)
		if err != nil {
			return // the library is stricter with addresses, hosts and lengths
		}
		if request.Method != h.Method || request.RequestURI != h.Target {
			t.Fatalf("read %q %q, net/http %q %q", h.Method, h.Target, request.Method, request.RequestURI)
		}
		if request.ContentLength != 0 && !h.Body || len(request.TransferEncoding) > 0 && !h.Body {
			t.Fatalf("a body of %d %v was not seen", request.ContentLength, request.TransferEncoding)
		}
		if rest := reader.Buffered(); !h.Body && len(data) < 4096 && rest != len(data)-h.Size {
			t.Fatalf("ends with %d bytes left, net/http with %d", len(data)-h.Size, rest)
		}
		for name, got := range map[string]string{"Accept-Encoding": h.AcceptEncoding, "If-None-Match": h.IfNoneMatch, "Range": h.Range} {
			if want := request.Header.Values(name); len(want) > 0 && !slices.Contains(want, got) || len(want) == 0 && got != "" {
				t.Fatalf("%s is %q, net/http has %q", name, got, want)
			}
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		"/", "", "//evil.example", "/%2f%2fevil", "/..%2f..", "/Đi%E1%BB%83m-thi", "/a/./b/../c/", "/／／a", "/%00", "/a%0d%0aX:y", "/\\evil", "/a?b#c", "/ｉｎｄｅｘ．ｈｔｍｌ", "/a/index.html/index.html",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got := publish.Canonical(typed)
		if got == "" {
			return
		}
		if got[0] != '/' || strings.HasPrefix(got, "//") || strings.Contains(got, "/../") || strings.HasSuffix(got, "/..") {
			t.Fatalf("%q leads to %q", typed, got)
		}
		for _, c := range []byte(got) {
			if c <= ' ' || c >= 0x7f || strings.IndexByte("%?#\\\"<>:", c) >= 0 || 'A' <= c && c <= 'Z' {
				t.Fatalf("%q leads to %q", typed, got)
			}
		}
		if again := publish.Canonical(got); again != got && !strings.HasSuffix(got, "/index.html") {
			t.Fatalf("%q leads to %q, which leads to %q", typed, got, again)
		}
	})
}
