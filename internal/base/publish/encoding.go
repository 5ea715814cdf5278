package publish

import "strings"

// encoding is a content coding we keep pages in.
type encoding int

const (
	identity encoding = iota
	gzipped
	brotlied
)

// String is the coding's name in headers.
func (e encoding) String() string { return [...]string{"identity", "gzip", "br"}[e] }

// suffix tells the ETags of the codings apart.
func (e encoding) suffix() string { return [...]string{"", "-gz", "-br"}[e] }

// negotiate picks the coding a reader prefers among those offered; of equals the smaller, br
// before gzip. Identity is what remains, even when refused: RFC 9110 §12.5.3 lets a server send
// it rather than nothing. It allocates nothing.
func negotiate(accept string, gzip, brotli bool) encoding {
	if accept == "" || !gzip && !brotli {
		return identity
	}
	gz, br, any, id := -1, -1, -1, -1 // thousandths; -1: not named
	for item := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(item, ";")
		q := quality(params)
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
			gz = q
		case strings.EqualFold(name, "br"):
			br = q
		case strings.EqualFold(name, "identity"):
			id = q
		case name == "*":
			any = q
		}
	}
	if gz < 0 {
		gz = any
	}
	if br < 0 {
		br = any
	}
	best, q := identity, 0
	if gzip && gz > q {
		best, q = gzipped, gz
	}
	if brotli && br > 0 && br >= q {
		best, q = brotlied, br
	}
	if id > q {
		return identity
	}
	return best
}

// quality reads "q=0.5" into 500; absent or unreadable is 1000, as a reader that names a coding
// wants it.
func quality(params string) int {
	for param := range strings.SplitSeq(params, ";") {
		name, value, found := strings.Cut(strings.TrimSpace(param), "=")
		if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		whole, fraction, _ := strings.Cut(strings.TrimSpace(value), ".")
		q := 0
		switch whole {
		case "1":
			return 1000
		case "0", "":
		default:
			return 1000
		}
		unit := 100
		for i := 0; i < len(fraction) && i < 3; i++ {
			if fraction[i] < '0' || fraction[i] > '9' {
				return 1000
			}
			q += int(fraction[i]-'0') * unit
			unit /= 10
		}
		return q
	}
	return 1000
}
