package egress

import (
	"net/http"
	"runtime"
	"testing"
	"time"

	"hookline/app/egress/hostile"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// promise 7: whatever a receiver does, it gets its right reason within the
// deadline, harms no neighbour on the same Client, and leaves neither
// goroutines nor memory behind.
func TestHostileReceivers_Promise7(t *testing.T) {
	neighbour := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("fine")) })
	before := heap()
	for _, r := range hostile.All() {
		t.Run(r.Name, func(t *testing.T) {
			running := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, running) })
			cfg := open()
			cfg.RootCAs = hostile.Roots()
			c := newClient(t, cfg)
			target := r.Start(t)
			for range max(r.Calls, 1) { // close together: some faults show only on a connection that was just used
				meet(t, c, r, target)
			}
			res := get(t, c, neighbour.URL)
			require.Equal(t, KindResponse, res.Kind, "the neighbour: %s", res.Reason)
			require.Equal(t, "fine", string(res.Body))
		})
	}
	const bound = 16 << 20
	require.Less(t, heap(), before+bound)
}

// meet sends one request to a hostile receiver and compares.
func meet(t *testing.T, c *Client, r hostile.Receiver, target string) {
	t.Helper()
	timeout := 20 * time.Second
	if r.Stalls {
		timeout = 400 * time.Millisecond
	}
	body := make([]byte, max(r.Upload, 2))
	res := c.Do(t.Context(), Request{Method: "POST", URL: parse(t, target), Body: body, Timeout: timeout})
	require.Equal(t, r.Want, string(res.Kind), res.Reason)
	require.Contains(t, res.Reason, r.Reason)
	if r.Reason == "" {
		require.Empty(t, res.Reason)
	}
	if r.Status != 0 {
		require.Equal(t, r.Status, res.Status)
	}
	require.Equal(t, r.Truncated, res.Kind == KindResponse && res.Truncated)
	require.LessOrEqual(t, len(res.Body), maxKept)
	require.False(t, res.Started.IsZero())
	require.NotZero(t, res.Duration)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
