package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// answer is how a sample receiver treats one request.
type answer struct {
	status int
	after  time.Duration
	body   string
}

// manner decides it by chance and the time of day. in is in [0, 1).
type manner func(at time.Time, in func() float64) answer

// between is a duration drawn from a range, the short ones more often.
func between(in func() float64, least, most time.Duration) time.Duration {
	x := in()
	return least + time.Duration(x*x*float64(most-least))
}

func accepted(after time.Duration) answer { return answer{http.StatusOK, after, `{"ok":true}`} }

// Manners of the receivers.
var (
	healthy = func(_ time.Time, in func() float64) answer {
		return accepted(between(in, 8*time.Millisecond, 60*time.Millisecond))
	}
	flaky = func(_ time.Time, in func() float64) answer {
		if in() < 0.12 {
			return answer{http.StatusServiceUnavailable, between(in, 5*time.Millisecond, 40*time.Millisecond), `{"error":"overloaded, try again"}`}
		}
		return accepted(between(in, 20*time.Millisecond, 200*time.Millisecond))
	}
	slow = func(_ time.Time, in func() float64) answer {
		return accepted(between(in, 150*time.Millisecond, 2300*time.Millisecond))
	}
	// restarts is down for three minutes of every twenty.
	restarts = func(at time.Time, in func() float64) answer {
		if at.Minute()%20 < 3 {
			return answer{http.StatusBadGateway, between(in, 2*time.Millisecond, 15*time.Millisecond), "<html><h1>502 Bad Gateway</h1></html>"}
		}
		return accepted(between(in, 30*time.Millisecond, 120*time.Millisecond))
	}
	lockedOut = func(_ time.Time, in func() float64) answer {
		return answer{http.StatusUnauthorized, between(in, 10*time.Millisecond, 30*time.Millisecond), `{"error":"invalid_token","error_description":"The access token expired"}`}
	}
	gone = func(_ time.Time, in func() float64) answer {
		return answer{http.StatusGone, between(in, 10*time.Millisecond, 30*time.Millisecond), "This endpoint was retired."}
	}
)

// receiver serves every sample webhook's path on a port of this machine.
type receiver struct {
	server *http.Server
	url    string
}

func startReceiver(log *slog.Logger) (*receiver, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the sample receiver cannot listen: %w", err)
	}
	mux := http.NewServeMux()
	for _, h := range samples {
		mux.HandleFunc(h.path, func(w http.ResponseWriter, r *http.Request) { play(w, r, h.manner) })
	}
	s := &receiver{
		server: &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)},
		url:    "http://" + listener.Addr().String(),
	}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

func play(w http.ResponseWriter, r *http.Request, m manner) {
	a := m(time.Now(), rand.Float64)
	select {
	case <-r.Context().Done():
		return
	case <-time.After(a.after):
	}
	w.Header().Set("Content-Type", contentTypeOf(a.body))
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(a.body))
}

func contentTypeOf(body string) string {
	switch {
	case len(body) > 0 && body[0] == '{':
		return "application/json"
	case len(body) > 0 && body[0] == '<':
		return "text/html"
	}
	return "text/plain; charset=utf-8"
}

func (s *receiver) close(ctx context.Context) { _ = s.server.Shutdown(ctx) }
