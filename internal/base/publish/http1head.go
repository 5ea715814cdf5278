package publish

import (
	"bytes"
	"strings"
)

// A requestHead is a request's header as far as the public plane reads it. Its strings share the memory they
// were read from.
type requestHead struct {
	method, target string
	size           int  // bytes it takes, the blank line included
	old            bool // HTTP/1.0, which closes unless asked not to
	keep           bool // the sender asks to keep the connection
	last           bool // the sender asks to close it
	body           bool // something follows the header

	acceptEncoding, ifNoneMatch, ifModifiedSince, byteRange, ifRange string
}

// ends tells whether the connection ends with the answer. A request to read has no body, and guessing
// where one ends invites smuggling.
func (h *requestHead) ends() bool { return h.last || h.body || h.old && !h.keep }

// parseHead reads the first request header in data, strictly where two readers could otherwise
// understand two things: no folded line, no space before a colon, no control character, one Host.
// complete is false when the header is not all there yet, ok when it is one.
//
// Source: RFC 9112 §2.2, §3, §5.1, §6.3; RFC 9110 §5.5, §7.2.
func parseHead(data []byte) (h requestHead, complete, ok bool) {
	method, target, complete, ok := firstLine(data)
	if !complete || !ok {
		return h, complete, false
	}
	rest := bytes.TrimLeft(data, "\r\n")
	line, rest, _ := bytes.Cut(rest, []byte("\n"))
	switch string(bytes.TrimSuffix(line[len(method)+len(target)+2:], []byte("\r"))) {
	case "HTTP/1.1":
	case "HTTP/1.0":
		h.old = true
	default:
		return h, true, false
	}
	h.method, h.target = borrow(method), borrow(target)
	for hosts := 0; ; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			return h, false, false
		}
		line, rest = rest[:end], rest[end+1:]
		if len(line) > 0 && line[len(line)-1] == '\r' {
			line = line[:len(line)-1]
		}
		if len(line) == 0 {
			h.size = len(data) - len(rest)
			return h, true, hosts == 1 || h.old && hosts == 0
		}
		name, value, ok := field(line)
		if !ok {
			return h, true, false
		}
		if fold(name, "host") {
			hosts++
		}
		h.note(name, value)
	}
}

// note keeps what a header field says, if the plane reads it. Of a field that comes twice the first counts.
func (h *requestHead) note(name, value string) {
	var kept *string
	switch len(name) {
	case len("range"):
		if fold(name, "range") {
			kept = &h.byteRange
		}
	case len("if-range"):
		if fold(name, "if-range") {
			kept = &h.ifRange
		}
	case len("connection"):
		if fold(name, "connection") {
			for option := range strings.SplitSeq(value, ",") {
				option = strings.TrimSpace(option)
				h.last = h.last || fold(option, "close")
				h.keep = h.keep || fold(option, "keep-alive")
			}
		}
	case len("if-none-match"):
		if fold(name, "if-none-match") {
			kept = &h.ifNoneMatch
		}
	case len("content-length"):
		h.body = h.body || value != "0" && fold(name, "content-length")
	case len("accept-encoding"):
		if fold(name, "accept-encoding") {
			kept = &h.acceptEncoding
		}
	case len("if-modified-since"):
		if fold(name, "if-modified-since") {
			kept = &h.ifModifiedSince
		}
		h.body = h.body || fold(name, "transfer-encoding")
	}
	if kept != nil && *kept == "" {
		*kept = value
	}
}

// field splits "Name: value" and refuses what is not a header field.
func field(line []byte) (name, value string, ok bool) {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return "", "", false
	}
	for _, c := range line[:colon] {
		if !inToken[c] {
			return "", "", false
		}
	}
	text := line[colon+1:]
	for _, c := range text {
		if c < ' ' && c != '\t' || c == 0x7f {
			return "", "", false
		}
	}
	return borrow(line[:colon]), borrow(bytes.Trim(text, " \t")), true
}

// inToken are the characters of a token, RFC 9110 §5.6.2.
var inToken = func() (set [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		set[c] = true
	}
	return set
}()

// fold compares s with a word of small letters, not minding the case of ASCII letters.
func fold(s, word string) bool {
	if len(s) != len(word) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
