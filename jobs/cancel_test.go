package jobs_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/models"
)

// A delivery cancelled while its request is on the wire keeps what the attempt
// brings: one that arrives has succeeded, one that fails stays cancelled and is not
// tried again. So does a test.
func TestCancelOnTheWire(t *testing.T) {
	for answer, want := range map[int]models.DeliveryState{
		http.StatusOK: models.Succeeded, http.StatusServiceUnavailable: models.Cancelled, http.StatusNotFound: models.Cancelled,
	} {
		t.Run(fmt.Sprint(answer), func(t *testing.T) {
			onBoth(t, func(t *testing.T, o apptest.Options) {
				e := apptest.NewEngine(t, o)
				r, let := apptest.NewReceiver(t), make(chan struct{})
				r.Answer(func(w http.ResponseWriter, req *http.Request) {
					holdUntil(let)(w, req)
					w.WriteHeader(answer)
				})
				hook := e.AddWebhook(t, r.URL, nil)
				d := e.PublishOne(t, eventType, `{}`)
				r.Wait(t, 1)
				cancelled, err := e.Deliveries.Cancel(t.Context(), apptest.System, d.ID)
				require.NoError(t, err)
				require.Equal(t, models.Cancelled, cancelled.State)
				close(let)
				got := e.AwaitAttempts(t, d.ID, 1)
				require.Equal(t, want, got.Delivery.State)
				require.Equal(t, answer, got.Delivery.Last.Status)
				stats, err := e.Stats.Of(t.Context(), apptest.System, hook.ID, models.LastHour)
				require.NoError(t, err)
				require.EqualValues(t, 1, stats.Total.Ended())
				require.Zero(t, stats.Total.Retried)
			})
		})
	}
}

// Cancelled through another node while it waits in this one's memory, a delivery is
// not sent any more.
func TestCancelThroughAnotherNode(t *testing.T) {
	o := apptest.Options{Database: pgtest.New(t), Workers: 1, Clock: apptest.NewClock(), Node: "n1"}
	here := apptest.NewEngine(t, o)
	o.Node, o.Box = "n2", here.Box
	there := apptest.NewEngine(t, o)
	r, let := apptest.NewReceiver(t), make(chan struct{})
	r.Answer(holdUntil(let))
	here.AddWebhook(t, r.URL, nil)
	first := here.PublishOne(t, eventType, `{"n":1}`)
	r.Wait(t, 1)
	waits := here.PublishOne(t, eventType, `{"n":2}`)
	last := here.PublishOne(t, eventType, `{"n":3}`)
	require.True(t, here.Runner.Waits(waits.ID))
	_, err := there.Deliveries.Cancel(t.Context(), apptest.System, waits.ID)
	require.NoError(t, err)
	o.Clock.Advance(2 * time.Second)
	close(let)
	here.AwaitAttempts(t, first.ID, 1)
	here.AwaitAttempts(t, last.ID, 1)
	require.Len(t, r.Got(), 2)
	got, err := here.Deliveries.Get(t.Context(), apptest.System, waits.ID)
	require.NoError(t, err)
	require.Equal(t, models.Cancelled, got.Delivery.State)
	require.Empty(t, got.Attempts)
}
