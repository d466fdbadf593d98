package crashtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// address is where the server is now, across its deaths.
type address struct {
	mu    sync.Mutex
	url   string
	moved chan struct{} // closed and replaced when it changes
}

func newAddress() *address { return &address{moved: make(chan struct{})} }

func (a *address) get() (string, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.url, a.moved
}

func (a *address) set(url string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.url = url
	close(a.moved)
	a.moved = make(chan struct{})
}

// load publishes events without a pause from several clients. A client that got
// no answer repeats the same event at the next address until it has one, as a
// careful caller does.
type load struct {
	address *address
	token   string
	// onSent is called when a request is on its way, onAnswer with every 202.
	onSent, onAnswer func()

	client *http.Client
	next   atomic.Int64
	ending atomic.Bool
	done   sync.WaitGroup

	mu       sync.Mutex
	accepted map[int64]string // by number: the id that the 202 named
	repeated int              // events that were accepted on a repeat
	faults   []string         // answers that no publisher should get
}

const loadClients = 8

func startLoad(t testing.TB, a *address, token string, trigger *trigger) *load {
	t.Helper()
	l := &load{
		address: a, token: token, client: newClient(), accepted: map[int64]string{},
		onSent: func() { trigger.hit(requestSent) }, onAnswer: func() { trigger.hit(answered202) },
	}
	for range loadClients {
		l.done.Go(l.publishAll)
	}
	t.Cleanup(func() {
		l.ending.Store(true)
		a.set("") // frees whoever waits for an address
		l.done.Wait()
		l.client.CloseIdleConnections()
	})
	return l
}

func (l *load) publishAll() {
	for !l.ending.Load() {
		if n := l.next.Add(1); !l.publish(n) {
			return
		}
	}
}

// publish returns false when it had to give up.
func (l *load) publish(n int64) bool {
	for tries := 1; ; tries++ {
		url, moved := l.address.get()
		if url == "" && l.ending.Load() {
			return false
		}
		if url != "" {
			id, fault, answered := l.post(url, n)
			if answered {
				l.note(n, id, fault, tries)
				return fault == ""
			}
		}
		select {
		case <-moved:
		case <-time.After(patience):
			l.note(n, "", fmt.Sprintf("event %d got no answer, and the server did not die", n), tries)
			return false
		}
	}
}

// post is one call. Half of the events name themselves, half leave that to the
// server and carry a key.
func (l *load) post(url string, n int64) (id, fault string, answered bool) {
	in, header := map[string]any{"type": eventType, "data": map[string]any{"n": n}}, []string(nil)
	if n%2 == 0 {
		in["id"] = fmt.Sprintf("load-%d", n)
	} else {
		header = []string{"Idempotency-Key", fmt.Sprintf("key-%d", n)}
	}
	l.onSent()
	r, err := api{url: url, token: l.token, client: l.client}.call(http.MethodPost, "/api/v1/events", in, header...)
	switch {
	case err != nil:
		return "", "", false
	case r.status == http.StatusServiceUnavailable: // it was on its way down
		return "", "", false
	case r.status != http.StatusAccepted:
		return "", fmt.Sprintf("event %d: %d %s", n, r.status, r.body), true
	}
	var out struct{ ID string }
	if err := json.Unmarshal(r.body, &out); err != nil || out.ID == "" {
		return "", fmt.Sprintf("event %d: 202 without an id: %s", n, r.body), true
	}
	l.onAnswer()
	return out.ID, "", true
}

func (l *load) note(n int64, id, fault string, tries int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if fault != "" {
		l.faults = append(l.faults, fault)
		return
	}
	l.accepted[n] = id
	if tries > 1 {
		l.repeated++
	}
}

// finish makes no more new events, waits until each one begun has its 202, and
// returns their ids.
func (l *load) finish(t testing.TB) []string {
	t.Helper()
	l.ending.Store(true)
	l.done.Wait()
	require.Empty(t, l.faults)
	return l.ids()
}

// ids are those answered 202 so far.
func (l *load) ids() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := make([]string, 0, len(l.accepted))
	for _, id := range l.accepted {
		ids = append(ids, id)
	}
	return ids
}
