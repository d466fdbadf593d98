package egress

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// net/http writes a line with the receiver's bytes to the standard logger
	// when an idle connection speaks; some receivers here provoke just that.
	log.SetOutput(io.Discard)
	goleak.VerifyTestMain(m)
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// open is a Config for talking to servers of the test.
func open() Config { return Config{AllowHTTP: true, AllowTargets: loopback} }

func newClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	c := New(cfg)
	t.Cleanup(c.Close)
	return c
}

func parse(t testing.TB, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	require.NoError(t, err)
	return u
}

func get(t testing.TB, c *Client, raw string) Result {
	t.Helper()
	return c.Do(t.Context(), Request{Method: "GET", URL: parse(t, raw), Timeout: 10 * time.Second})
}

func serveHTTP(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

// answers is a resolver that knows one answer for every name.
func answers(addrs ...string) func(context.Context, string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, a := range addrs {
		out = append(out, netip.MustParseAddr(a))
	}
	return func(context.Context, string) ([]netip.Addr, error) { return out, nil }
}

// tripwire is a listener that nothing may touch.
type tripwire struct {
	ln       net.Listener
	accepted atomic.Int32
	sentinel chan string
	ended    chan struct{}
}

func newTripwire(t testing.TB) *tripwire {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &tripwire{ln: ln, sentinel: make(chan string, 1), ended: make(chan struct{})}
	go w.watch()
	t.Cleanup(func() { ln.Close(); <-w.ended })
	return w
}

// watch counts connections until the test's own one arrives.
func (w *tripwire) watch() {
	defer close(w.ended)
	for {
		conn, err := w.ln.Accept()
		if err != nil {
			return
		}
		select {
		case own := <-w.sentinel:
			if conn.RemoteAddr().String() == own {
				conn.Close()
				return
			}
			w.sentinel <- own
		default:
		}
		w.accepted.Add(1)
		conn.Close()
	}
}

// untouched fails the test if anybody connected. Connections are accepted in
// the order in which they came, so that after our own one has been seen none
// can be on its way.
func (w *tripwire) untouched(t testing.TB) {
	t.Helper()
	local, err := net.ListenTCP("tcp", &net.TCPAddr{IP: w.ln.Addr().(*net.TCPAddr).IP})
	require.NoError(t, err)
	own := local.Addr().(*net.TCPAddr)
	require.NoError(t, local.Close())
	w.sentinel <- own.String()
	conn, err := (&net.Dialer{LocalAddr: own}).Dial("tcp", w.ln.Addr().String())
	require.NoError(t, err)
	<-w.ended
	conn.Close()
	require.Zero(t, w.accepted.Load(), "something connected to the tripwire")
}

func (w *tripwire) port() string {
	_, port, _ := net.SplitHostPort(w.ln.Addr().String())
	return port
}
