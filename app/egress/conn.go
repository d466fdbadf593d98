package egress

import (
	"crypto/tls"
	"net"
	"sync/atomic"
)

// watchedConn knows whether an answer came after the request it is taken for.
//
// A receiver can send more than it was asked for: a second response, or a body
// after a 204. net/http closes an idle connection that speaks, but when the next
// request is quicker it takes what was left over for that request's answer. The
// 200 of one event would then be credited to another, which was perhaps lost.
type watchedConn struct {
	net.Conn
	received atomic.Int64
	mark     atomic.Int64 // received, when the current request began to be written
	armed    atomic.Bool  // a request has the connection and has written nothing yet
}

func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}

func (c *watchedConn) Write(p []byte) (int, error) {
	if c.armed.Load() && c.armed.CompareAndSwap(true, false) {
		c.mark.Store(c.received.Load())
	}
	return c.Conn.Write(p)
}

// leftover reports, when the first byte of an answer is at hand, whether that
// byte was there before the request.
func (c *watchedConn) leftover() bool {
	return c.armed.Load() || c.received.Load() == c.mark.Load()
}

// watched finds our connection under the one that net/http shows.
func watched(conn net.Conn) *watchedConn {
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	w, _ := conn.(*watchedConn)
	return w
}
