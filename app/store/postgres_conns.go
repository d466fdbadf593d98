package store

import (
	"context"
	"net"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// openConns are the open network connections to PostgreSQL, to be cut all at once.
type openConns struct {
	dial pgconn.DialFunc

	mu    sync.Mutex
	open  map[*trackedConn]struct{}
	isCut bool
}

func newOpenConns(dial pgconn.DialFunc) *openConns {
	return &openConns{dial: dial, open: map[*trackedConn]struct{}{}}
}

// trackedConn is a connection that leaves its set when it is closed.
type trackedConn struct {
	net.Conn
	of *openConns
}

func (c *trackedConn) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

// dialTracked is a pgconn.DialFunc. After cut it fails.
func (s *openConns) dialTracked(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := s.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &trackedConn{conn, s}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isCut {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	s.open[c] = struct{}{}
	return c, nil
}

// cut closes all, so that every call on them returns at once, and lets no new
// connection come up.
func (s *openConns) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isCut = true
	for c := range s.open {
		_ = c.Conn.Close()
	}
}
