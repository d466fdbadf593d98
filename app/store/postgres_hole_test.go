package store

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
	"hookline/models"
)

// hole is a router between Hookline and PostgreSQL that can forget connections: it
// swallows what comes on them, and tells nobody.
type hole struct {
	net.Listener
	to     string
	opened atomic.Int64

	mu    sync.Mutex
	swept int64 // connections up to this number are forgotten
}

func newHole(t *testing.T, socket string) *hole {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	h := &hole{Listener: l, to: socket}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go h.serve(conn, h.opened.Add(1))
		}
	}()
	return h
}

func (h *hole) serve(client net.Conn, number int64) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("unix", h.to)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(client, server) }()
	_, _ = io.Copy(server, reading{client, func() bool { return h.forgotten(number) }})
}

// reading reads nothing more of a connection once it is forgotten, and leaves it open.
type reading struct {
	io.Reader
	forgotten func() bool
}

func (r reading) Read(p []byte) (int, error) {
	for {
		n, err := r.Reader.Read(p)
		if err != nil || !r.forgotten() {
			return n, err
		}
	}
}

func (h *hole) forgotten(number int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return number <= h.swept
}

// forget forgets connections up to this number.
func (h *hole) forget(upTo int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.swept = upTo
}

func openThroughHole(t *testing.T) (*Store, *hole) {
	t.Helper()
	direct, err := url.Parse(pgtest.New(t))
	require.NoError(t, err)
	h := newHole(t, direct.Query().Get("host")+"/.s.PGSQL.5432")
	s, err := Open(t.Context(), Options{Database: "postgres://tester@" + h.Addr().String() + direct.Path + "?sslmode=disable", Migrate: true, Node: "n1"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s, h
}

func publishOne(s *Store) error {
	id := s.NewClaimID()
	return s.Publish(context.Background(), nil, []Publication{{Event: models.Event{ID: id, Type: "a.b", Data: []byte("{}"), OccurredAt: s.now(), CreatedAt: s.now()}}})[0].Err
}

// Promise 9: connections that a router has forgotten hold nobody up for longer than
// the bound, and once they are found out it goes on over new ones.
func TestForgottenConnections(t *testing.T) {
	s, h := openThroughHole(t)
	var busy sync.WaitGroup
	for range 4 {
		busy.Go(func() { _ = s.Ready(t.Context()) })
	}
	busy.Wait()
	require.NoError(t, publishOne(s))
	stale := h.opened.Load()
	h.forget(stale)
	failed := int64(0)
	for err := publishOne(s); err != nil; err = publishOne(s) {
		require.Equal(t, models.Unavailable, models.CodeOf(err), err)
		failed++
		require.LessOrEqual(t, failed, stale, "each connection is found out once")
	}
	require.NoError(t, s.Ready(t.Context()))
	_, err := s.FreshConfig(t.Context())
	require.NoError(t, err)
}

// Promise 10: a stop that has waited long enough ends all calls at once, those that
// come after too.
func TestGiveUp(t *testing.T) {
	s, h := openThroughHole(t)
	h.forget(1 << 40) // new ones as well
	results := make(chan error, 3)
	go func() { results <- publishOne(s) }()
	go func() { results <- s.Ready(t.Context()) }()
	go func() {
		_, err := s.FreshConfig(t.Context())
		results <- err
	}()
	s.GiveUp()
	for range cap(results) {
		require.Error(t, <-results)
	}
	require.Error(t, publishOne(s))
	_, err := s.Claim(t.Context(), "wh", 1)
	require.Equal(t, models.Unavailable, models.CodeOf(err))
	_, err = s.FreshConfig(t.Context())
	require.True(t, IsDown(err), err)
}

// A database that hangs is told from a wrong statement, for reads too.
func TestIsDown(t *testing.T) {
	require.True(t, IsDown(context.DeadlineExceeded))
	require.True(t, IsDown(io.ErrUnexpectedEOF))
	require.False(t, IsDown(nil))
	require.False(t, IsDown(context.Canceled))
	require.False(t, IsDown(models.Errorf(models.NotFound, "x")))
	require.Less(t, pingTime, answerTime/2, "a caller can try a new connection after a dead one")
	require.Less(t, time.Second, pingTime)
}
