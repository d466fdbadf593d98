package jobs_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/models"
)

// Promise 10: a stop gives waiting work back uncounted, and the next start sends it.
func TestStopAndStart(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		o.Dir = t.TempDir()
		o.Workers = 1
		e := apptest.NewEngine(t, o)
		r := apptest.NewReceiver(t)
		let := make(chan struct{})
		r.Answer(func(http.ResponseWriter, *http.Request) { <-let })
		e.AddWebhook(t, r.URL, nil)
		for i := range 10 {
			e.PublishOne(t, eventType, fmt.Sprintf(`{"n":%d}`, i))
		}
		r.Wait(t, 1)
		stopped := make(chan struct{})
		go func() { e.Stop(); close(stopped) }()
		close(let)
		<-stopped
		sent := len(r.Got())

		again := apptest.NewEngine(t, o)
		keys := map[string]bool{}
		for _, req := range r.Wait(t, 10) {
			keys[req.Header.Get("Idempotency-Key")] = true
		}
		require.Len(t, keys, 10)
		require.GreaterOrEqual(t, sent, 1)
		list, err := again.Deliveries.List(context.Background(), apptest.System, models.DeliveryFilter{}, models.PageRequest{})
		require.NoError(t, err)
		for _, d := range list.Items {
			require.LessOrEqual(t, d.Attempts, 1, "nothing was sent twice")
		}
	})
}
