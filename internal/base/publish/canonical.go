package publish

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/text"
)

// Canonical gives the public address that a typed one means, or "" when it can be none: accents
// and capitals folded, percent-encoding undone, doubled slashes, dots and a trailing slash or
// "index.html" removed, spaces made hyphens. The result is ASCII and begins with one '/'.
//
// It says nothing about whether such a page exists. Source: architecture §8 (public addresses).
func Canonical(typed string) string {
	if len(typed) > maxTarget {
		return ""
	}
	decoded, err := url.PathUnescape(typed)
	if err != nil || !utf8.ValidString(decoded) {
		return ""
	}
	folded := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '-'
		}
		return r
	}, text.Fold(decoded))
	// Folding can bring out slashes (full-width ones), so the path is cleaned after it.
	clean := path.Clean("/" + folded)
	clean = strings.TrimSuffix(clean, "/index.html")
	if clean == "" {
		clean = "/"
	}
	if !isCanonical(clean) {
		return ""
	}
	return clean
}

// isCanonical tells whether p may be a page's address.
func isCanonical(p string) bool {
	if p == "" || p[0] != '/' || len(p) > maxTarget {
		return false
	}
	for i := range len(p) {
		c := p[i]
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~' {
			continue
		}
		if c != '/' || i > 0 && p[i-1] == '/' {
			return false
		}
	}
	trimmed := strings.TrimSuffix(p, "/")
	return trimmed == "" || path.Clean(trimmed) == trimmed
}
