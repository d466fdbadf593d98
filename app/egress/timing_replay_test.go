package egress

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Z5: over https to a name every phase of the dial is there, and none on a kept
// connection.
func TestZ5_TimingOfNameAndHandshake(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) }))
	t.Cleanup(srv.Close)
	cfg := open()
	cfg.RootCAs = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	cfg.Resolve = answers("127.0.0.1")
	c := newClient(t, cfg)
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "https://"), ":")
	target := "https://example.com:" + port + "/"

	res := get(t, c, target)
	require.Equal(t, KindResponse, res.Kind, res.Reason)
	require.False(t, res.Timing.Reused)
	require.Positive(t, res.Timing.Lookup)
	require.Positive(t, res.Timing.Connect)
	require.Positive(t, res.Timing.Handshake)
	require.Positive(t, res.Timing.Wait)

	kept := get(t, c, target).Timing
	require.True(t, kept.Reused)
	require.Zero(t, kept.Lookup+kept.Connect+kept.Handshake)
}

// A failed exchange has the times of the phases that it came to, and no more.
func TestZ5_TimingOfAFailedHandshake(t *testing.T) {
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	res := get(t, newClient(t, open()), srv.URL)
	require.Equal(t, KindTLS, res.Kind)
	require.Equal(t, "tls_untrusted", res.Cause)
	require.Positive(t, res.Timing.Handshake)
	require.Zero(t, res.Timing.Wait+res.Timing.Body)
}

// closesKept answers each connection's first request and closes when the second
// has come, as a server does whose own idle time ran out just then.
func closesKept(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				one := make([]byte, 4096)
				if _, err := conn.Read(one); err != nil {
					return
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				_, _ = conn.Read(one)
			}()
		}
	}()
	return "http://" + ln.Addr().String() + "/"
}

// Z5: a kept connection that turns out to be dead is replaced by net/http. The
// time of the new dial is connecting, not waiting for the answer.
func TestZ5_TimingAfterADeadKeptConnection(t *testing.T) {
	target, c := closesKept(t), newClient(t, open())
	require.Equal(t, KindResponse, get(t, c, target).Kind)
	again := get(t, c, target)
	require.Equal(t, KindResponse, again.Kind, again.Reason)
	require.False(t, again.Timing.Reused)
	require.Positive(t, again.Timing.Connect)
	require.Positive(t, again.Timing.Wait)
}
