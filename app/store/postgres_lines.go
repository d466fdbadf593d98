package store

import (
	"context"
	"net"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// lines are the open network connections to PostgreSQL, to be cut all at once.
type lines struct {
	dial pgconn.DialFunc

	mu    sync.Mutex
	open  map[*line]struct{}
	isCut bool
}

func newLines(dial pgconn.DialFunc) *lines {
	return &lines{dial: dial, open: map[*line]struct{}{}}
}

// line is a connection that says when it is closed.
type line struct {
	net.Conn
	of *lines
}

func (l *line) Close() error {
	l.of.mu.Lock()
	delete(l.of.open, l)
	l.of.mu.Unlock()
	return l.Conn.Close()
}

// dialLine is a pgconn.DialFunc. After cut it fails.
func (ls *lines) dialLine(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := ls.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l := &line{conn, ls}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.isCut {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	ls.open[l] = struct{}{}
	return l, nil
}

// cut closes all, so that every call on them returns at once, and lets no new one
// come up.
func (ls *lines) cut() {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.isCut = true
	for l := range ls.open {
		_ = l.Conn.Close()
	}
}
