package crashtest

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
)

// receiver is a real receiver that counts, for every event, the requests of
// every delivery.
type receiver struct {
	url string

	mu      sync.Mutex
	counts  map[string]map[string]int // event id → delivery id → requests
	total   int
	changed chan struct{} // closed and replaced with every arrival
}

// newReceiver answers 200 where answer, which is given how many requests of this
// delivery have come with this one, is nil.
func newReceiver(t testing.TB, answer func(w http.ResponseWriter, req *http.Request, nth int)) *receiver {
	t.Helper()
	server := apptest.NewReceiver(t)
	r := &receiver{url: server.URL, counts: map[string]map[string]int{}, changed: make(chan struct{})}
	server.Answer(func(w http.ResponseWriter, req *http.Request) {
		nth := r.count(req.Header.Get("X-Hookline-Event-Id"), req.Header.Get("X-Hookline-Delivery-Id"))
		if answer != nil {
			answer(w, req, nth)
		}
	})
	return r
}

func (r *receiver) count(event, delivery string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts[event] == nil {
		r.counts[event] = map[string]int{}
	}
	r.counts[event][delivery]++
	r.total++
	close(r.changed)
	r.changed = make(chan struct{})
	return r.counts[event][delivery]
}

// holdUntil keeps a request without an answer until the signal, or until its
// sender is gone.
func holdUntil(signal <-chan struct{}, req *http.Request) {
	select {
	case <-signal:
	case <-req.Context().Done():
	}
}

// requests that have come so far.
func (r *receiver) requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.total
}

// of is the requests of each delivery of an event.
func (r *receiver) of(event string) map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.counts[event])
}

// await returns once every event has been here.
func (r *receiver) await(t testing.TB, events []string) {
	t.Helper()
	missing := slices.Clone(events)
	for deadline := time.After(patience); ; {
		r.mu.Lock()
		missing = slices.DeleteFunc(missing, func(id string) bool { return r.counts[id] != nil })
		changed := r.changed
		r.mu.Unlock()
		if len(missing) == 0 {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d of %d events were never attempted, for example %s", len(missing), len(events), missing[0])
		}
	}
}

// awaitRequests returns once n requests have come.
func (r *receiver) awaitRequests(t testing.TB, n int) {
	t.Helper()
	for deadline := time.After(patience); ; {
		r.mu.Lock()
		total, changed := r.total, r.changed
		r.mu.Unlock()
		if total >= n {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d of %d requests came", total, n)
		}
	}
}

// checkStable insists that every event came under one delivery id, whatever the
// number of attempts (promise 2), and that nothing came that was never accepted.
func (r *receiver) checkStable(t testing.TB, accepted []string) {
	t.Helper()
	known := make(map[string]bool, len(accepted))
	for _, id := range accepted {
		known[id] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for event, deliveries := range r.counts {
		require.True(t, known[event], "%s was delivered but never accepted", event)
		require.Len(t, deliveries, 1, "%s came under more than one delivery id", event)
	}
}
