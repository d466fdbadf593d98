package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/egress/hostile"
	"hookline/app/service"
	"hookline/models"
)

// Promises 5 and 10: webhooks to a receiver that floods TLS key updates and reads
// nothing, more of them than there are workers, keep no place for longer than their
// timeout; a neighbour gets everything, and the engine ends.
func TestKeyUpdatesHoldNoWorker(t *testing.T) {
	config := apptest.Loopback()
	config.RootCAs = hostile.Roots()
	e := apptest.NewEngine(t, apptest.Options{Egress: &config, Workers: 8})
	const flood, honest, hooks, events = "release.published", "form.submitted", 12, 20
	target, timeout := hostile.KeyUpdates().Start(t), models.MinTimeout
	for range hooks {
		e.AddWebhook(t, target, func(d *service.WebhookDraft) {
			d.Settings.TimeoutMS, d.Settings.Retry = timeout.Milliseconds(), models.Retry{Preset: models.RetryNone}
			d.Settings.Subscriptions = models.Subscriptions{Types: []string{flood}}
		})
	}
	neighbour := apptest.NewReceiver(t)
	e.AddWebhook(t, neighbour.URL, func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = models.Subscriptions{Types: []string{honest}}
	})

	event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: flood, Data: []byte(`{}`)})
	require.NoError(t, err)
	for range events {
		e.PublishOne(t, honest, `{}`)
	}
	neighbour.Wait(t, events)
	quickest := time.Hour
	e.Await(t, func() bool {
		detail, err := e.Events.Get(context.Background(), apptest.System, event.ID)
		require.NoError(t, err)
		require.Len(t, detail.Deliveries, hooks)
		for _, d := range detail.Deliveries {
			if d.FinishedAt.IsZero() {
				return false
			}
			require.Equal(t, models.Timeout, d.Last.Outcome, d.Last.Error)
			quickest = min(quickest, d.Last.Duration)
		}
		return true
	})
	// The quickest leaves out what a loaded machine adds to some.
	require.Less(t, quickest, timeout+100*time.Millisecond)

	_, err = e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: flood, Data: []byte(`{}`)})
	require.NoError(t, err)
	e.Stop()
}
