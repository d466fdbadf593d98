package rawhead

import (
	"context"
	"net"
	"net/http"
)

// Listen returns a listener whose connections remember the heads of requests to
// paths that begin with this prefix. The server needs Watch, too.
func Listen(l net.Listener, prefix string) net.Listener { return listener{l, prefix} }

// Watch makes the server's handlers find what the connections of Listen remember.
// It takes the server's ConnContext and ConnState, and reads its MaxHeaderBytes.
func Watch(s *http.Server) {
	longest := s.MaxHeaderBytes + 2*readAhead // net/http reads that much more than it says
	s.ConnContext = func(ctx context.Context, nc net.Conn) context.Context {
		c, ok := nc.(*conn)
		if !ok {
			return ctx
		}
		c.window.longest = longest
		return context.WithValue(ctx, contextKey{}, &c.window)
	}
	s.ConnState = func(nc net.Conn, state http.ConnState) {
		if c, ok := nc.(*conn); ok && state == http.StateIdle {
			c.window.settle()
		}
	}
}

type contextKey struct{}

type listener struct {
	net.Listener
	prefix string
}

func (l listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	tcp, ok := accepted.(*net.TCPConn)
	if err != nil || !ok {
		return accepted, err
	}
	return &conn{TCPConn: tcp, window: window{path: []byte(l.prefix)}}, nil
}

// conn is a TCP connection in all else, since net/http asks for CloseWrite and
// ReadFrom.
type conn struct {
	*net.TCPConn
	window window
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if n > 0 {
		c.window.read(p[:n], len(p))
	}
	return n, err
}
