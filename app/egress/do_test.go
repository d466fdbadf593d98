package egress

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hookline/app/egress/hostile"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// The receiver sees the bytes and headers given, ours added only where
// missing, no compression asked for; and the caller's map is left alone.
func TestDoSendsWhatItIsGiven(t *testing.T) {
	type seen struct {
		method, uri, body, host string
		header                  http.Header
	}
	got := make(chan seen, 1)
	srv := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- seen{r.Method, r.RequestURI, string(body), r.Host, r.Header}
		w.Header().Set("X-Answer", "yes")
		w.WriteHeader(201)
		io.WriteString(w, "made")
	})
	c := newClient(t, open())
	header := http.Header{"Content-Type": {"application/json"}, "webhook-id": {"msg_1"}}
	before := header.Clone()
	res := c.Do(t.Context(), Request{Method: "POST", URL: parse(t, srv.URL+"/a%2Fb?c=d"), Header: header, Body: []byte(`{"n":1.0}`)})
	require.Equal(t, KindResponse, res.Kind, res.Reason)
	require.Equal(t, 201, res.Status)
	require.Equal(t, "made", string(res.Body))
	require.Equal(t, "yes", res.Header.Get("X-Answer"))
	require.False(t, res.Truncated)
	require.Empty(t, res.Reason)
	require.Empty(t, cmp.Diff(before, header), "the caller's header changed")

	s := <-got
	require.Equal(t, "POST", s.method)
	require.Equal(t, "/a%2Fb?c=d", s.uri)
	require.Equal(t, `{"n":1.0}`, s.body)
	want := http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {"msg_1"}, "User-Agent": {"Hookline/1"}, "Content-Length": {"9"}}
	require.Empty(t, cmp.Diff(want, s.header))

	res = c.Do(t.Context(), Request{Method: "DELETE", URL: parse(t, srv.URL), Header: http.Header{"User-Agent": {"mine"}, "Idempotency-Key": {"k"}}})
	require.Equal(t, KindResponse, res.Kind, res.Reason)
	s = <-got
	require.Equal(t, "DELETE", s.method)
	require.Empty(t, cmp.Diff(http.Header{"User-Agent": {"mine"}, "Idempotency-Key": {"k"}}, s.header))
	require.Equal(t, "mine", s.header.Get("User-Agent"))
}

// promise 7: exactly 16 KiB are kept; only a longer body is marked.
func TestBodyLimits_Promise7(t *testing.T) {
	size := 0
	srv := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(bytes.Repeat([]byte("b"), size))
	})
	c := newClient(t, open())
	for _, size = range []int{0, 1, 4 << 10, maxKept - 1, maxKept, maxKept + 1, 2 * maxKept, maxRead - 1, maxRead, maxRead + 1, 1 << 20} {
		res := get(t, c, srv.URL)
		require.Equal(t, KindResponse, res.Kind, res.Reason)
		require.Len(t, res.Body, min(size, maxKept))
		require.Equal(t, size > maxKept, res.Truncated, size)
	}
}

// A request may ask for more of the answer than the log keeps, up to what is read.
func TestKeepOfARequest(t *testing.T) {
	size := 0
	srv := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(bytes.Repeat([]byte("b"), size))
	})
	c := newClient(t, open())
	target, err := c.CheckURL(srv.URL)
	require.NoError(t, err)
	for _, keep := range []int{1, maxKept, maxKept + 1, maxRead - 1, maxRead, maxRead + 1, 1 << 30} {
		for _, size = range []int{0, 1, maxKept + 1, maxRead - 1, maxRead, maxRead + 1, 1 << 20} {
			res := c.Do(t.Context(), Request{Method: http.MethodGet, URL: target, Keep: keep})
			require.Equal(t, KindResponse, res.Kind, res.Reason)
			kept := min(size, keep, maxRead)
			require.Len(t, res.Body, kept)
			require.Equal(t, size > kept, res.Truncated, "%d of %d", kept, size)
		}
	}
}

// promise 7: 64 KiB of headers, and not one line more.
func TestHeaderLimit_Promise7(t *testing.T) {
	size := 0
	srv := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Big", strings.Repeat("h", size))
	})
	c := newClient(t, open())
	size = maxResponseHeader - 4<<10
	require.Equal(t, KindResponse, get(t, c, srv.URL).Kind)
	size = maxResponseHeader + 4<<10
	res := get(t, c, srv.URL)
	require.Equal(t, KindNetwork, res.Kind)
	require.Equal(t, headersTooLong, res.Reason)
}

// readBody asks for no byte past the limit, however the reader cuts its pieces.
func TestReadBodyStopsAtTheLimit_Promise7(t *testing.T) {
	for _, piece := range []int{1, 7, 4096, maxKept, 1 << 20} {
		endless := &counting{piece: piece}
		kept, truncated, err := readBody(endless, 0)
		require.NoError(t, err)
		require.True(t, truncated)
		require.Len(t, kept, maxKept)
		require.Equal(t, maxRead, endless.read)
	}
}

type counting struct{ piece, read int }

func (c *counting) Read(p []byte) (int, error) {
	n := min(c.piece, len(p))
	c.read += n
	return n, nil
}

// A caller that gives up (shutdown) is told apart from a receiver that is slow,
// so that the attempt can be given back uncounted.
func TestCancelledByTheCaller(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	srv := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	defer close(release)
	c := newClient(t, open())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan Result)
	go func() { done <- c.Do(ctx, Request{Method: "GET", URL: parse(t, srv.URL)}) }()
	<-arrived
	cancel()
	require.Equal(t, KindCancelled, (<-done).Kind)

	require.Equal(t, KindCancelled, c.Do(ctx, Request{Method: "GET", URL: parse(t, srv.URL)}).Kind, "before it began")

	short, stop := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer stop()
	go func() { done <- c.Do(short, Request{Method: "GET", URL: parse(t, srv.URL), Timeout: 20 * time.Second}) }()
	<-arrived
	require.Equal(t, KindCancelled, (<-done).Kind, "the caller's own deadline is not the receiver's fault")
}

// Close ends a dial that hangs, and a closed client opens nothing new.
func TestCloseEndsDials(t *testing.T) {
	all := hostile.All()
	stalls := slices.IndexFunc(all, func(r hostile.Receiver) bool { return r.Name == "TLS handshake stalls" })
	target := all[stalls].Start(t)
	c := New(open())
	begun := make(chan struct{})
	c.dialer.Control = func(string, string, syscall.RawConn) error {
		close(begun)
		return nil
	}
	done := make(chan Result)
	go func() { done <- get(t, c, target) }()
	<-begun
	c.Close()
	require.Equal(t, KindCancelled, (<-done).Kind)
	require.Equal(t, KindCancelled, get(t, c, target).Kind)
}

// 64 requests at a time to one host keep their connections.
func TestConnectionsAreReused(t *testing.T) {
	var opened atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Write([]byte("ok"))
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	c := newClient(t, open())
	target := parse(t, srv.URL)
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 20 {
				if res := c.Do(t.Context(), Request{Method: "POST", URL: target, Body: []byte("{}")}); res.Kind != KindResponse {
					t.Error(res.Reason)
				}
			}
		})
	}
	all.Wait()
	// A request that finds no idle connection dials although one may come back
	// first, so a few more than 64 are normal; 1280 would be none reused.
	require.LessOrEqual(t, opened.Load(), int32(128))
}

// TLS: the name in the URL is the name that is verified, wherever it points.
func TestTLSVerifiesTheName(t *testing.T) {
	var sni atomic.Value
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto+" "+r.Host) }))
	srv.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		sni.Store(h.ServerName)
		return nil, nil
	}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	cfg := open()
	cfg.RootCAs = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	cfg.Resolve = answers("127.0.0.1")
	c := newClient(t, cfg)
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "https://"), ":")

	res := get(t, c, "https://example.com:"+port+"/") // httptest's certificate is for example.com
	require.Equal(t, KindResponse, res.Kind, res.Reason)
	require.Equal(t, "HTTP/1.1 example.com:"+port, string(res.Body))
	require.Equal(t, "example.com", sni.Load())

	res = get(t, c, "https://wrong.example.net:"+port+"/")
	require.Equal(t, KindTLS, res.Kind)
	require.Equal(t, tlsWrongName, res.Reason)
}

// An address that refuses does not hide the next address.
func TestNextAddressIsTried(t *testing.T) {
	srv := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {})
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "http://"), ":")
	cfg := open()
	cfg.Resolve = answers("127.0.0.9", "::1", "127.0.0.1")
	c := newClient(t, cfg)
	res := get(t, c, "http://many.example.com:"+port+"/")
	require.Equal(t, KindResponse, res.Kind, res.Reason)

	cfg.Resolve = answers("127.0.0.9", "127.0.0.8")
	res = get(t, newClient(t, cfg), "http://none.example.com:"+port+"/")
	require.Equal(t, KindNetwork, res.Kind)
	require.Equal(t, connRefused, res.Reason)
}

// A header that cannot be sent is our fault, never worth a retry, and not quoted.
func TestUnsendableHeader(t *testing.T) {
	srv := serveHTTP(t, func(http.ResponseWriter, *http.Request) { t.Error("reached") })
	c := newClient(t, open())
	for _, r := range []Request{
		{Method: "POST", Header: http.Header{"X-A": {"a\r\nX-B: s3cret"}}},
		{Method: "POST", Header: http.Header{"X A": {"s3cret"}}},
		{Method: "PO ST"},
	} {
		r.URL = parse(t, srv.URL)
		res := c.Do(t.Context(), r)
		require.Equal(t, KindBlocked, res.Kind)
		require.Equal(t, badRequest, res.Reason)
	}
}
