package publish

import (
	"container/list"
	"crypto/tls"
	"net"
	"sync/atomic"
	"unsafe"
)

// conn is a connection some of whose bytes were looked at already. When a public connection turns to the
// office, what was read of the office's request goes along: a form posted on a connection that first
// loaded a style sheet arrives whole, whatever its size, without a redirect.
type conn struct {
	net.Conn
	head    []byte               // read, not yet delivered
	state   *tls.ConnectionState // nil on a plain connection
	talking bool                 // the other side is still sending what was refused

	waiting atomic.Bool // between requests

	asking *list.Element // in the door's list, once the office has it
}

// Read delivers what was looked at first, then the network.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.head) > 0 {
		n := copy(p, c.head)
		c.head = c.head[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// Close ends the connection, hearing out who is still sending.
func (c *conn) Close() error {
	if c.talking {
		hearOut(c.Conn)
	}
	return c.Conn.Close()
}

// borrow reads bytes as a string without a copy; it is valid as long as nobody writes to them.
func borrow(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
