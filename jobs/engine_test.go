package jobs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/jobs"
	"hookline/models"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const eventType = "release.published"

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, o apptest.Options)) {
	t.Run("SQLite", func(t *testing.T) { test(t, apptest.Options{}) })
	t.Run("Postgres", func(t *testing.T) { test(t, apptest.Options{Database: pgtest.New(t)}) })
}

// D8, D9, D7: which answers are tried how often, under one Idempotency-Key, and
// every attempt is in the log.
func TestQuickTriesAsOften(t *testing.T) {
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		attempts int
		state    models.DeliveryState
		outcome  models.Outcome
	}{
		"200":     {status(200), 1, models.Succeeded, models.Success},
		"299":     {status(299), 1, models.Succeeded, models.Success},
		"500":     {status(500), 3, models.Failed, models.HTTPError},
		"404":     {status(404), 1, models.Failed, models.HTTPError},
		"307":     {redirect, 1, models.Failed, models.HTTPError},
		"reset":   {reset, 3, models.Failed, models.Network},
		"timeout": {hang, 3, models.Failed, models.Timeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := apptest.NewClock()
			e := apptest.NewEngine(t, apptest.Options{Clock: clock})
			r := apptest.NewReceiver(t)
			r.Answer(c.answer)
			second := time.Second
			e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) { d.Settings.TimeoutMS = second.Milliseconds() })
			d := e.PublishOne(t, eventType, `{}`)
			for n := 1; n < c.attempts; n++ {
				got := e.AwaitAttempts(t, d.ID, n)
				require.Equal(t, models.Pending, got.Delivery.State)
				clock.Advance(got.Delivery.DueAt.Sub(clock.Now()))
				e.Runner.Wake()
			}
			got := e.AwaitAttempts(t, d.ID, c.attempts)
			require.Equal(t, c.state, got.Delivery.State)
			require.Len(t, got.Attempts, c.attempts)
			for i, a := range got.Attempts {
				require.Equal(t, i+1, a.Number)
				require.Equal(t, c.outcome, a.Outcome)
			}
			for _, req := range r.Got() {
				require.Equal(t, d.ID, req.Header.Get("Idempotency-Key"))
				require.Equal(t, d.ID, req.Header.Get("X-Hookline-Delivery-Id"))
			}
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
}

func reset(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// D1: a credential that is rotated counts for retries of older deliveries too.
func TestRotatedSecretCountsForRetries(t *testing.T) {
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	r := apptest.NewReceiver(t)
	r.AnswerStatus(500)
	hook := e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) {
		d.Settings.Headers = []models.HeaderSettings{{Name: "X-Key", Value: "first-secret", Secret: true}}
	})
	d := e.PublishOne(t, eventType, `{}`)
	got := e.AwaitAttempts(t, d.ID, 1)
	_, err := e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, func(d *service.WebhookDraft) {
		d.Settings.Headers = []models.HeaderSettings{{Name: "X-Key", Value: "second-secret", Secret: true}}
	})
	require.NoError(t, err)
	clock.Advance(got.Delivery.DueAt.Sub(clock.Now()))
	e.Runner.Wake()
	requests := r.Wait(t, 2)
	require.Equal(t, "first-secret", requests[0].Header.Get("X-Key"))
	require.Equal(t, "second-secret", requests[1].Header.Get("X-Key"))
}

// Z9: while off, no new deliveries; pending ones wait and go out when it is on
// again, unless cancelled.
func TestSwitchedOff(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		o.Clock = apptest.NewClock()
		e := apptest.NewEngine(t, o)
		r := apptest.NewReceiver(t)
		r.AnswerStatus(500)
		hook := e.AddWebhook(t, r.URL, nil)
		d := e.PublishOne(t, eventType, `{"n":1}`)
		x := e.PublishOne(t, eventType, `{"n":2}`)
		e.AwaitAttempts(t, d.ID, 1)
		e.AwaitAttempts(t, x.ID, 1)
		_, err := e.Webhooks.SetEnabled(t.Context(), apptest.System, hook.ID, false)
		require.NoError(t, err)

		event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: eventType, Data: json.RawMessage(`{}`)})
		require.NoError(t, err)
		require.Zero(t, event.Deliveries)
		o.Clock.Advance(time.Hour)
		e.Runner.Wake()
		_, err = e.Deliveries.Cancel(t.Context(), apptest.System, x.ID)
		require.NoError(t, err)

		r.AnswerStatus(200)
		_, err = e.Webhooks.SetEnabled(t.Context(), apptest.System, hook.ID, true)
		require.NoError(t, err)
		require.Equal(t, models.Succeeded, e.AwaitAttempts(t, d.ID, 2).Delivery.State)
		require.Len(t, r.Got(), 3, "two first attempts and one after it was on again")
		got, err := e.Deliveries.Get(t.Context(), apptest.System, x.ID)
		require.NoError(t, err)
		require.Equal(t, models.Cancelled, got.Delivery.State)
	})
}

// B2: 410 under Durable is final and switches the webhook off.
func TestGoneSwitchesOff(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	r.AnswerStatus(http.StatusGone)
	hook := e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) { d.Settings.Retry = models.Retry{Preset: models.RetryDurable} })
	d := e.PublishOne(t, eventType, `{}`)
	require.Equal(t, models.Failed, e.AwaitAttempts(t, d.ID, 1).Delivery.State)
	require.Eventually(t, func() bool { return e.Store.Config().Webhook(hook.ID).State == models.Gone }, apptest.Patience, time.Millisecond)
	event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: eventType, Data: json.RawMessage(`{}`)})
	require.NoError(t, err)
	require.Zero(t, event.Deliveries)
}

// D10: a target inside is refused at the attempt too, once, and logged as blocked.
func TestBlockedTarget(t *testing.T) {
	dir := t.TempDir()
	open := apptest.NewEngine(t, apptest.Options{Dir: dir})
	r := apptest.NewReceiver(t)
	open.AddWebhook(t, r.URL, nil)
	open.Stop()

	strict := apptest.Loopback()
	strict.AllowTargets = nil // the operator takes the permission back
	e := apptest.NewEngine(t, apptest.Options{Dir: dir, Egress: &strict})
	d := e.PublishOne(t, eventType, `{}`)
	got := e.AwaitAttempts(t, d.ID, 1)
	require.Equal(t, models.Blocked, got.Delivery.State)
	require.Equal(t, models.BlockedURL, got.Attempts[0].Outcome)
	require.NotContains(t, got.Attempts[0].Error, "127.0.0.1")
	require.Empty(t, r.Got())
}

// Promise 2, Z7: a retrigger keeps the delivery id; new_id makes another.
func TestRetrigger(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		o.Clock = apptest.NewClock()
		e := apptest.NewEngine(t, o)
		r := apptest.NewReceiver(t)
		r.AnswerStatus(404)
		e.AddWebhook(t, r.URL, nil)
		d := e.PublishOne(t, eventType, `{"n":1}`)
		e.AwaitAttempts(t, d.ID, 1)
		r.AnswerStatus(200)
		o.Clock.Advance(time.Minute)
		_, err := e.Deliveries.Retrigger(t.Context(), apptest.System, d.ID)
		require.NoError(t, err)
		require.Equal(t, models.Succeeded, e.AwaitAttempts(t, d.ID, 2).Delivery.State)
		fresh, err := e.Deliveries.RetriggerNew(t.Context(), apptest.System, d.ID)
		require.NoError(t, err)
		require.NotEqual(t, d.ID, fresh.ID)
		e.AwaitAttempts(t, fresh.ID, 1)
		got := r.Got()
		require.Equal(t, d.ID, got[1].Header.Get("Idempotency-Key"))
		require.Equal(t, fresh.ID, got[2].Header.Get("Idempotency-Key"))
		require.Equal(t, got[0].Body, got[2].Body)
		require.NotEqual(t, got[0].Header.Get("X-Webhook-Secret"), got[1].Header.Get("X-Webhook-Secret"), "signed afresh")
	})
}

// More than a lane holds: what overflows waits in the table and goes out too.
func TestOverflow(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		e := apptest.NewEngine(t, o)
		r := apptest.NewReceiver(t)
		e.AddWebhook(t, r.URL, nil)
		const n = 1500
		list := make([]service.NewEvent, n)
		for i := range list {
			list[i] = service.NewEvent{Type: eventType, Data: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))}
		}
		for _, p := range e.Events.PublishBatch(t.Context(), apptest.System, list) {
			require.NoError(t, p.Err)
		}
		keys := map[string]bool{}
		for _, req := range r.Wait(t, n) {
			keys[req.Header.Get("Idempotency-Key")] = true
		}
		require.Len(t, keys, n)
	})
}

// A delivery that is cancelled while it waits in its lane is not sent any more.
func TestCancelInTheLane(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{Workers: 1})
	r := apptest.NewReceiver(t)
	let := make(chan struct{})
	r.Answer(holdUntil(let))
	e.AddWebhook(t, r.URL, nil)
	first := e.PublishOne(t, eventType, `{"n":1}`)
	r.Wait(t, 1)
	waits := e.PublishOne(t, eventType, `{"n":2}`)
	last := e.PublishOne(t, eventType, `{"n":3}`)
	_, err := e.Deliveries.Cancel(t.Context(), apptest.System, waits.ID)
	require.NoError(t, err)
	close(let)
	e.AwaitAttempts(t, first.ID, 1)
	e.AwaitAttempts(t, last.ID, 1)
	require.Len(t, r.Got(), 2)
	got, err := e.Deliveries.Get(t.Context(), apptest.System, waits.ID)
	require.NoError(t, err)
	require.Equal(t, models.Cancelled, got.Delivery.State)
	require.Empty(t, got.Attempts)
}

// Z5: a test whose process died is finished by another, but never retried.
func TestTestsAreNotRetried(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	r.AnswerStatus(500)
	hook := e.AddWebhook(t, r.URL, nil)
	d, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{})
	require.NoError(t, err)
	_, err = e.Deliveries.Retrigger(t.Context(), apptest.System, d.Delivery.ID)
	require.NoError(t, err)
	require.Equal(t, models.Failed, e.AwaitAttempts(t, d.Delivery.ID, 2).Delivery.State)
}

func holdUntil(let <-chan struct{}) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { <-let }
}

// A node hears of other nodes' changes a moment later. What it has not heard of
// yet is not what was deleted.
func TestWebhookOfAnotherNodeIsNotTakenForDeleted(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		dir := t.TempDir()
		if o.Database == "" {
			o.Database = "sqlite:" + filepath.Join(dir, "hookline.db")
		}
		open := func(node string) *store.Store {
			st, err := store.Open(t.Context(), store.Options{Database: o.Database, Migrate: true, Node: node})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, st.Close()) })
			return st
		}
		here, there := open("n1"), open("n2")
		r := apptest.NewReceiver(t)
		w := models.NewWebhook()
		w.ID, w.Name, w.URL, w.Version, w.Signing = newID(models.WebhookPrefix), "New", r.URL, 1, models.Signing{}
		require.NoError(t, there.CreateWebhook(t.Context(), w))
		now := time.Now().UTC()
		e := models.Event{ID: newID(models.EventPrefix), Type: eventType, Data: json.RawMessage(`{}`), OccurredAt: now, CreatedAt: now}
		work := models.Work{Event: e, Delivery: models.Delivery{
			ID: newID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID, State: models.Pending, DueAt: now, CreatedAt: now,
		}}
		require.NoError(t, there.Publish(t.Context(), nil, []store.Publication{{Event: e, Deliveries: []models.Work{work}}})[0].Err)

		box, err := secret.Load("", dir, true)
		require.NoError(t, err)
		client := egress.New(apptest.Loopback())
		t.Cleanup(client.Close)
		runner := jobs.NewRunner(here, deliver.NewSender(client, box, time.Now), jobs.Options{Workers: 1, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); runner.Run(ctx) }()
		defer func() { cancel(); <-done }()
		r.Wait(t, 1)
	})
}
