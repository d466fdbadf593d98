package crashtest

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// firstInFlight is how many requests a node makes at once to a receiver that has
// not answered yet: a quarter of its 64 places.
const firstInFlight = 16

// Promise 3: of two nodes one is stopped beyond its lease, with requests in
// flight and more in its queue. The other takes all of it over; the stopped one,
// woken, changes nothing and sends nothing of it.
func TestStoppedNodeOverwritesNothing(t *testing.T) {
	t.Parallel()
	const n = 100
	p := newPair(t)
	stopped := make(chan struct{})
	r := newReceiver(t, func(w http.ResponseWriter, req *http.Request, _ int) {
		if !isClosed(stopped) {
			holdUntil(stopped, req)
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	webhook := p.toA.addWebhook(t, "Receiver", r.url, map[string]any{"timeout_ms": 30_000, "retry": map[string]any{"preset": "none"}})
	p.seesWebhook(t, webhook)

	ids := publishMany(t, n, p.toA)
	r.awaitRequests(t, firstInFlight)
	p.a.signal(t, syscall.SIGSTOP)
	p.a.awaitStopped(t)
	require.Equal(t, firstInFlight, r.requests())
	since := time.Now()
	close(stopped)  // the refusals lie in the stopped node's sockets when it wakes
	r.await(t, ids) // once its lease is over
	t.Logf("taken over after %s", time.Since(since).Round(time.Second))
	awaitSucceeded(t, p.toB, webhook, n)
	require.Equal(t, n+firstInFlight, r.requests(), "what was in flight was sent again, all else once")

	p.a.signal(t, syscall.SIGCONT)
	eventually(t, "the woken node knows that it came too late", func() bool {
		return strings.Count(p.a.stderr.String(), `"held":false`) == firstInFlight
	})
	awaitIdle(t, p.toA)
	require.Equal(t, n+firstInFlight, r.requests(), "the woken node sent what another had delivered")
	checkLateAttempts(t, p.toB, ids)

	p.toA.publish(t, "after")
	r.await(t, []string{"after"})
	awaitSucceeded(t, p.toB, webhook, n+1)
	r.checkStable(t, append(ids, "after"))
	p.a.stop(t)
	p.b.stop(t)
	checkRows(t, p.site.open(t), n+1)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// checkLateAttempts looks for the late results in the log: the requests were
// made, so they are there, and they count for nothing.
func checkLateAttempts(t *testing.T, a api, ids []string) {
	t.Helper()
	late := 0
	for _, id := range ids {
		deliveries := a.event(t, id).Deliveries
		require.Len(t, deliveries, 1)
		d := a.delivery(t, deliveries[0].ID)
		require.Equal(t, "succeeded", d.State)
		require.Equal(t, "success", d.LastAttempt.Outcome, "the successor's result stands")
		require.Equal(t, "success", d.Attempts[0].Outcome)
		require.Equal(t, len(d.Attempts), d.AttemptCount)
		late += len(d.Attempts) - 1
	}
	require.Equal(t, firstInFlight, late)
}

func awaitSucceeded(t *testing.T, a api, webhook string, n int) {
	t.Helper()
	eventually(t, "all have succeeded", func() bool {
		var list struct{ Data []delivery }
		a.must(t, http.StatusOK, http.MethodGet, "/api/v1/deliveries?state=succeeded&limit=200&webhook_id="+webhook, nil, &list)
		return len(list.Data) == n
	})
}
