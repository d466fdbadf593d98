package apptest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Patience is how long a test waits for a signal before it gives up. It is no
// measurement: a machine under load may need much of it.
const Patience = 60 * time.Second

// Received is one request as it arrived.
type Received struct {
	Method string
	Path   string
	Header http.Header
	Body   []byte
}

// Receiver is a real HTTP server that remembers what it gets and answers as its
// script says.
type Receiver struct {
	URL string

	mu      sync.Mutex
	answer  http.HandlerFunc
	got     []Received
	changed chan struct{} // closed and replaced with every arrival
}

// NewReceiver answers 200 until told otherwise.
func NewReceiver(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{changed: make(chan struct{})}
	srv := httptest.NewServer(http.HandlerFunc(r.serve))
	r.URL = srv.URL
	t.Cleanup(srv.Close)
	return r
}

// Answer replaces the script. The body has been read and remembered before it
// is called.
func (r *Receiver) Answer(h http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = h
}

// AnswerStatus answers every request with this status.
func (r *Receiver) AnswerStatus(status int) {
	r.Answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

func (r *Receiver) serve(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.got = append(r.got, Received{Method: req.Method, Path: req.URL.RequestURI(), Header: req.Header, Body: body})
	close(r.changed)
	r.changed = make(chan struct{})
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		answer(w, req)
	}
}

// Got is what has arrived so far.
func (r *Receiver) Got() []Received {
	got, _ := r.look()
	return got
}

func (r *Receiver) look() ([]Received, chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Received(nil), r.got...), r.changed
}

// Wait returns once n requests have arrived.
func (r *Receiver) Wait(t testing.TB, n int) []Received {
	t.Helper()
	deadline := time.After(Patience)
	for {
		got, changed := r.look()
		if len(got) >= n {
			return got
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d of %d requests arrived", len(got), n)
		}
	}
}
