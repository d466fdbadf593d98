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

// secureConn is a TLS connection that is closed below TLS.
//
// net/http ends an exchange, and an idle connection, by Close, with locks of its
// pool held. The Close of a tls.Conn first says goodbye, for which it waits until
// other writes are done; and a Read writes too, when the receiver asks for a key
// update. A receiver that asks for many and reads nothing would so hold the
// attempt, past its deadline and the end of the process, and in the end the pool.
type secureConn struct {
	*tls.Conn
	raw *watchedConn
}

func (c *secureConn) Close() error { return c.raw.Close() }

// watched finds our connection under the one that net/http shows.
func watched(conn net.Conn) *watchedConn {
	if s, ok := conn.(*secureConn); ok {
		return s.raw
	}
	w, _ := conn.(*watchedConn)
	return w
}
