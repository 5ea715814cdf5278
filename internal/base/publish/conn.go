package publish

import (
	"bytes"
	"container/list"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"unsafe"
)

// conn is a connection whose first bytes were looked at. While fasthttp serves it, it also looks
// at the first bytes of every later request, and when one belongs to the office it tells fasthttp
// that the connection has ended and keeps the bytes: the door then hands connection and bytes to
// net/http. So a form posted on a connection that first loaded a style sheet arrives whole,
// whatever its size, without a redirect.
//
// Where a request begins is certain only when everything before it was consumed: what was
// delivered so far ended with the blank line that ends a header, and the request had no body
// (settled). Otherwise (pipelined requests) the handler refuses with a redirect, see fast.go.
type conn struct {
	net.Conn
	head   []byte               // read, not yet delivered
	state  *tls.ConnectionState // nil on a plain connection
	routes routes

	fast    bool    // fasthttp is serving
	settled bool    // the last request was answered and had no body
	last    [4]byte // the last bytes delivered
	handed  bool    // the office shall have it
	talking bool    // the other side is still sending what was refused

	waiting atomic.Bool // between requests

	asking *list.Element // in the door's list, once the office has it
}

// Read delivers what was looked at first, then the network.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.head) > 0 {
		n := copy(p, c.head)
		c.head = c.head[n:]
		c.delivered(p[:n])
		return n, nil
	}
	if !c.fast {
		return c.Conn.Read(p)
	}
	begins := c.settled && string(c.last[:]) == "\r\n\r\n"
	c.settled = false
	if begins {
		c.waiting.Store(true)
	}
	n, err := c.Conn.Read(p)
	c.waiting.Store(false)
	if begins && n > 0 {
		if method, target, complete, ok := firstLine(p[:n]); complete && ok {
			if path, _ := splitTarget(borrow(target)); !c.routes.public(borrow(method), path) {
				c.head, c.handed = bytes.Clone(p[:n]), true
				return 0, io.EOF
			}
		}
	}
	c.delivered(p[:n])
	return n, err
}

// delivered remembers the last four bytes.
func (c *conn) delivered(p []byte) {
	if !c.fast || len(p) == 0 {
		return
	}
	if len(p) < len(c.last) {
		copy(c.last[:], c.last[len(p):])
		copy(c.last[len(c.last)-len(p):], p)
		return
	}
	copy(c.last[:], p[len(p)-len(c.last):])
}

// Close ends the connection, unless fasthttp closes one that is to be handed on.
func (c *conn) Close() error {
	if c.fast && c.handed {
		return nil
	}
	if c.talking {
		hearOut(c.Conn)
	}
	return c.Conn.Close()
}

// borrow reads bytes as a string without a copy; it is valid as long as nobody writes to them.
func borrow(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
