package egress

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The two benchmarks are read together: Do against the bare transport with the
// same settings, 64 requests at a time, 1 KiB each, on loopback.

func benchServer(b *testing.B) *httptest.Server {
	return serveHTTP(b, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Write([]byte(`{"ok":true}`))
	})
}

func benchHeader() http.Header {
	return http.Header{
		"Content-Type": {"application/json"}, "User-Agent": {"Hookline/1"}, "Idempotency-Key": {"dlv_1"},
		"Webhook-Id": {"msg_1"}, "Webhook-Timestamp": {"1614265330"}, "Webhook-Signature": {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	}
}

func BenchmarkDo(b *testing.B) {
	srv, payload := benchServer(b), bytes.Repeat([]byte("x"), 1024)
	c := newClient(b, open())
	u, header := parse(b, srv.URL), benchHeader()
	b.ReportAllocs()
	b.SetParallelism(32) // times GOMAXPROCS
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if res := c.Do(b.Context(), Request{Method: "POST", URL: u, Header: header, Body: payload}); res.Status != 200 {
				b.Error(res.Reason)
			}
		}
	})
}

func BenchmarkRawTransport(b *testing.B) {
	srv, payload := benchServer(b), bytes.Repeat([]byte("x"), 1024)
	t := &http.Transport{MaxIdleConnsPerHost: 64, MaxIdleConns: 256, DisableCompression: true}
	b.Cleanup(t.CloseIdleConnections)
	u, header := parse(b, srv.URL), benchHeader()
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			ctx, cancel := context.WithTimeout(b.Context(), 10*time.Second) // no sender can do without
			req := (&http.Request{Method: "POST", URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
				Body: io.NopCloser(bytes.NewReader(payload)), ContentLength: int64(len(payload))}).WithContext(ctx)
			resp, err := t.RoundTrip(req)
			if err != nil {
				b.Error(err)
				cancel()
				return
			}
			io.ReadAll(resp.Body)
			resp.Body.Close()
			cancel()
		}
	})
}
