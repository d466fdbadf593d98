package egress

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// An answer counts only if some of it was received after the request began to
// be written.
func TestLeftoverAnswers(t *testing.T) {
	near, far := net.Pipe()
	t.Cleanup(func() { near.Close(); far.Close() })
	c := &watchedConn{Conn: near}
	request := func() { c.armed.Store(true) }
	write := func() {
		go c.Write([]byte("ask"))
		far.Read(make([]byte, 3))
	}
	receive := func() {
		go far.Write([]byte("answer"))
		c.Read(make([]byte, 6))
	}

	request()
	write()
	require.True(t, c.leftover(), "nothing received yet")
	receive()
	require.False(t, c.leftover(), "the answer")
	receive()
	require.False(t, c.leftover(), "more of it")

	request()
	require.True(t, c.leftover(), "answered before the request was written")
	receive()
	require.True(t, c.leftover(), "still before it")
	write()
	require.True(t, c.leftover(), "and that is not the answer")
	receive()
	require.False(t, c.leftover())
}

// tooEarly makes every answer on a connection look as if it came before the
// request, which in the wild is a matter of microseconds.
type tooEarly struct {
	net.Conn
	outer *watchedConn
}

func (c *tooEarly) Write(p []byte) (int, error) {
	c.outer.armed.Store(true)
	return c.Conn.Write(p)
}

// An answer that was there too early is thrown away with its connection, and the
// request goes out once more, whole; but not for ever.
func TestLeftoverAnswersAreNotTaken(t *testing.T) {
	for _, c := range []struct {
		early, requests int32
		kind            Kind
		reason          string
	}{
		{0, 1, KindResponse, ""},
		{1, 2, KindResponse, ""},
		{maxReplays, maxReplays + 1, KindResponse, ""},
		{99, maxReplays + 1, KindNetwork, unsolicited},
	} {
		for _, method := range []string{"POST", "GET"} {
			var requests, dials atomic.Int32
			body := ""
			if method == "POST" {
				body = "payload"
			}
			srv := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
				got, _ := io.ReadAll(r.Body)
				if string(got) != body {
					t.Errorf("body %q", got)
				}
				if requests.Add(1) <= c.early {
					w.WriteHeader(500)
				}
			})
			client := newClient(t, open())
			client.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := client.dialPlain(ctx, network, address)
				if w, ok := conn.(*watchedConn); ok && dials.Add(1) <= c.early {
					w.Conn = &tooEarly{w.Conn, w}
				}
				return conn, err
			}
			res := client.Do(t.Context(), Request{Method: method, URL: parse(t, srv.URL), Body: []byte(body)})
			require.Equal(t, c.kind, res.Kind)
			require.Equal(t, c.reason, res.Reason)
			require.Equal(t, c.requests, requests.Load())
			if c.kind == KindResponse {
				require.Equal(t, 200, res.Status)
			}
		}
	}
}
