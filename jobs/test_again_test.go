package jobs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// Z5: a test that went to a URL and with a key typed for it goes there again when it
// is retriggered, as itself, as a new delivery or in bulk, signed with that key and
// marked test; the webhook's own secrets still do not go along.
func TestRetriggeredTestGoesWhereItWent(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		o.Clock = apptest.NewClock()
		e := apptest.NewEngine(t, o)
		own, typed := apptest.NewReceiver(t), apptest.NewReceiver(t)
		hook := e.AddWebhook(t, own.URL, func(d *service.WebhookDraft) {
			d.Settings.Headers = []models.HeaderSettings{{Name: "X-Key", Value: "a-secret-of-its-own", Secret: true}}
		})
		key := "a-key-typed-for-the-test"
		d, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{URL: typed.URL + "/typed", Secret: key})
		require.NoError(t, err)
		o.Clock.Advance(time.Minute)

		_, err = e.Deliveries.Retrigger(t.Context(), apptest.System, d.Delivery.ID)
		require.NoError(t, err)
		e.AwaitAttempts(t, d.Delivery.ID, 2)
		fresh, err := e.Deliveries.RetriggerNew(t.Context(), apptest.System, d.Delivery.ID)
		require.NoError(t, err)
		require.True(t, fresh.Test)
		e.AwaitAttempts(t, fresh.ID, 1)
		o.Clock.Advance(time.Minute)
		in := service.BulkInput{Kind: models.BulkRetrigger, Tests: true}
		in.Filter.State = models.Succeeded
		_, err = e.Bulk.Start(t.Context(), apptest.System, in)
		require.NoError(t, err)
		e.AwaitAttempts(t, d.Delivery.ID, 3)
		e.AwaitAttempts(t, fresh.ID, 2)

		require.Empty(t, own.Got())
		got := typed.Got()
		require.Len(t, got, 5)
		signatures := map[string]bool{}
		for _, req := range got {
			require.Equal(t, "/typed", req.Path)
			require.Empty(t, req.Header.Get("X-Key"))
			require.NotEmpty(t, req.Header.Get("X-Webhook-Secret"))
			signatures[req.Header.Get("X-Hmac-Signature")] = true
		}
		require.Len(t, signatures, 1, "one key signs all")
	})
}

// Z5: a test that cannot go again to where it went is refused, and one that finds out
// when its turn comes says so in the log; nothing is sent elsewhere.
func TestRetriggeredTestIsNotSentElsewhere(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		o.Clock = apptest.NewClock()
		e := apptest.NewEngine(t, o)
		first, second := apptest.NewReceiver(t), apptest.NewReceiver(t)
		hook := e.AddWebhook(t, first.URL, nil)
		d, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{})
		require.NoError(t, err)
		_, err = e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, func(d *service.WebhookDraft) { d.Settings.URL = second.URL })
		require.NoError(t, err)
		o.Clock.Advance(time.Minute)

		_, err = e.Deliveries.Retrigger(t.Context(), apptest.System, d.Delivery.ID)
		require.Equal(t, models.Conflict, models.CodeOf(err))
		require.ErrorContains(t, err, "another URL now")
		_, err = e.Deliveries.RetriggerNew(t.Context(), apptest.System, d.Delivery.ID)
		require.Equal(t, models.Conflict, models.CodeOf(err))

		require.NoError(t, e.Store.Retrigger(t.Context(), d.Delivery.ID)) // as a bulk job does
		e.Runner.Wake()
		got := e.AwaitAttempts(t, d.Delivery.ID, 2)
		require.Equal(t, models.Failed, got.Delivery.State)
		require.Equal(t, models.CauseTestMoved, got.Attempts[1].Cause)
		require.Contains(t, got.Delivery.Last.Error, "another URL now")
		require.Len(t, first.Got(), 1)
		require.Empty(t, second.Got())
	})
}
