package egress

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"hookline/app/egress/hostile"

	"github.com/stretchr/testify/require"
)

func trusting() Config {
	cfg := open()
	cfg.RootCAs = hostile.Roots()
	return cfg
}

// promise 7: a receiver that floods key updates and reads nothing holds no attempt
// past its deadline. Each Do returns at all; and the quickest of them is on time,
// which leaves out what a loaded machine adds to some.
func TestReceiverCannotHoldAnAttempt_Promise7(t *testing.T) {
	const timeout = time.Second
	target := parse(t, hostile.KeyUpdates().Start(t))
	neighbour := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {})
	c := newClient(t, trusting())
	var took [12]time.Duration
	var all sync.WaitGroup
	for i := range took {
		all.Go(func() {
			res := c.Do(t.Context(), Request{Method: "POST", URL: target, Body: []byte("{}"), Timeout: timeout})
			if took[i] = res.Duration; res.Kind != KindTimeout {
				t.Errorf("%s: %s", res.Kind, res.Reason)
			}
		})
	}
	res := get(t, c, neighbour.URL)
	require.Equal(t, KindResponse, res.Kind, "the neighbour: %s", res.Reason)
	all.Wait()
	require.Less(t, slices.Min(took[:]), timeout+100*time.Millisecond)
}

// promise 10: nor past the end of its caller.
func TestReceiverCannotHoldAStop_Promise10(t *testing.T) {
	target := parse(t, hostile.KeyUpdates().Start(t))
	c := newClient(t, trusting())
	ctx, cancel := context.WithCancel(t.Context())
	stuck := make(chan struct{})
	dial := c.transport.DialTLSContext
	c.transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if s, ok := conn.(interface{ NetConn() net.Conn }); ok {
			hold(s.NetConn(), stuck)
		}
		return conn, err
	}
	done := make(chan Result, 1)
	go func() {
		done <- c.Do(ctx, Request{Method: "GET", URL: target, Timeout: time.Minute})
	}()
	select {
	case <-stuck:
	case res := <-done:
		t.Fatalf("it ended before the receiver held it: %s, %s", res.Kind, res.Reason)
	}
	cancel()
	require.Equal(t, KindCancelled, (<-done).Kind)
}

// An idle connection is closed with the lock of the whole pool held: that, too,
// waits for no receiver.
func TestCloseWaitsForNoReceiver_Promise5(t *testing.T) {
	target := parse(t, hostile.KeyUpdates().Start(t))
	c := newClient(t, trusting())
	conn, err := c.transport.DialTLSContext(t.Context(), "tcp", target.Host)
	require.NoError(t, err)
	stuck := make(chan struct{})
	hold(conn.(interface{ NetConn() net.Conn }).NetConn(), stuck)
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+target.Host+"\r\nUser-Agent: longer than an answer to a key update\r\n\r\n")
	require.NoError(t, err)
	read := make(chan error, 1)
	go func() {
		buf := make([]byte, 64)
		for {
			if _, err := conn.Read(buf); err != nil {
				read <- err
				return
			}
		}
	}()
	select {
	case <-stuck: // within Read, which writes
	case err := <-read:
		t.Fatalf("it ended before the receiver held it: %v", err)
	}
	conn.Close()
	require.Error(t, <-read)
}

// hold lets a connection write no more than the request, and tells when it wants to.
func hold(raw net.Conn, stuck chan struct{}) {
	w := raw.(*watchedConn)
	w.Conn = &heldConn{Conn: w.Conn, stuck: stuck, closed: make(chan struct{})}
}

type heldConn struct {
	net.Conn
	once, closing sync.Once
	stuck, closed chan struct{}
}

func (c *heldConn) Write(p []byte) (int, error) {
	if len(p) > 64 { // the request; an answer to a key update is shorter
		return c.Conn.Write(p)
	}
	c.once.Do(func() { close(c.stuck) })
	<-c.closed
	return 0, net.ErrClosed
}

func (c *heldConn) Close() error {
	c.closing.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
