package jobs_test

import (
	"context"
	"encoding/json"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/egress/hostile"
	"hookline/app/service"
	"hookline/models"
)

// Promises 5 and 7: every hostile receiver at once, each as a webhook of its
// own. Each gets its right outcome and frees its place, memory stays flat, and a
// healthy neighbour gets everything.
func TestHostileReceivers(t *testing.T) {
	e, types := hostileEngine(t)
	before := heap()
	hooks := map[string]hostile.Receiver{}
	for _, r := range hostile.All() {
		// A receiver that answers has all the time there is, since a machine under
		// load is slow; one that never does need not be waited for.
		timeout := models.MaxTimeout
		if r.Stalls {
			timeout = models.MinTimeout
		}
		hook := e.AddWebhook(t, r.Start(t), func(d *service.WebhookDraft) {
			d.Settings.Name, d.Settings.TimeoutMS, d.Settings.Retry = r.Name, timeout.Milliseconds(), models.Retry{Preset: models.RetryNone}
			d.Settings.Subscriptions = models.Subscriptions{Types: types[:1]}
		})
		hooks[hook.ID] = r
	}
	neighbour := apptest.NewReceiver(t)
	e.AddWebhook(t, neighbour.URL, func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = models.Subscriptions{Types: types[1:]}
	})

	event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: types[0], Data: json.RawMessage(`{"n":1}`)})
	require.NoError(t, err)
	require.Equal(t, len(hooks), event.Deliveries)
	const healthy = 50
	for range healthy {
		e.PublishOne(t, types[1], `{"n":2}`)
	}
	neighbour.Wait(t, healthy)

	var ended []models.Delivery
	e.Await(t, func() bool {
		detail, err := e.Events.Get(context.Background(), apptest.System, event.ID)
		require.NoError(t, err)
		ended = detail.Deliveries
		for _, d := range ended {
			if d.FinishedAt.IsZero() {
				return false
			}
		}
		return true
	})
	for _, d := range ended {
		r := hooks[d.WebhookID]
		require.Equal(t, outcomeOf(r, d.Last.Status), d.Last.Outcome, "%s: %s", r.Name, d.Last.Error)
	}
	e.Await(t, func() bool { return e.Runner.Stats().InFlight == 0 }) // a worker is free shortly after its result is stored
	require.Less(t, heap(), before+16<<20)
}

func hostileEngine(t *testing.T) (*apptest.Engine, []string) {
	t.Helper()
	config := apptest.Loopback()
	config.RootCAs = hostile.Roots()
	return apptest.NewEngine(t, apptest.Options{Egress: &config, Workers: 64}), []string{"release.published", "form.submitted"}
}

func outcomeOf(r hostile.Receiver, status int) models.Outcome {
	switch {
	case r.Want != "response":
		return models.Outcome(r.Want)
	case status >= 200 && status < 300:
		return models.Success
	}
	return models.HTTPError
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Promise 5: while one receiver holds on to its requests, with hundreds more
// queued behind them, others get theirs. There is no time here: the slow one
// lets go only after the healthy one has everything.
func TestSlowNeighbour(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{Workers: 16})
	slow, healthy := apptest.NewReceiver(t), apptest.NewReceiver(t)
	let := make(chan struct{})
	slow.Answer(holdUntil(let))
	half := 30 * time.Second
	e.AddWebhook(t, slow.URL, func(d *service.WebhookDraft) {
		d.Settings.TimeoutMS, d.Settings.Subscriptions = half.Milliseconds(), models.Subscriptions{Types: []string{"form.submitted"}}
	})
	e.AddWebhook(t, healthy.URL, func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = models.Subscriptions{Types: []string{eventType}}
	})
	for range 400 {
		e.PublishOne(t, "form.submitted", `{}`)
	}
	slow.Wait(t, 1)
	for range 200 {
		e.PublishOne(t, eventType, `{}`)
	}
	healthy.Wait(t, 200)
	require.LessOrEqual(t, len(slow.Got()), 16/4, "a receiver not known yet gets a quarter of the places")
	close(let)
	slow.Wait(t, 400)
}
