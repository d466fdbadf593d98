package service_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/service"
	"hookline/models"
)

// onBoth runs a test of the engine on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, e *apptest.Engine)) {
	t.Run("SQLite", func(t *testing.T) { test(t, apptest.NewEngine(t, apptest.Options{})) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, apptest.NewEngine(t, apptest.Options{Database: pgtest.New(t)})) })
}

func filtered(filter string) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = models.Subscriptions{All: true, Filter: filter}
	}
}

func publish(t *testing.T, e *apptest.Engine, eventType, data string) models.Event {
	t.Helper()
	event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: eventType, Data: json.RawMessage(data)})
	require.NoError(t, err)
	return event
}

func unsent(t *testing.T, e *apptest.Engine, eventID, webhookID string) service.Unsent {
	t.Helper()
	detail, err := e.Events.Get(t.Context(), apptest.System, eventID)
	require.NoError(t, err)
	for _, u := range detail.Unsent {
		if u.Webhook.ID == webhookID {
			return u
		}
	}
	t.Fatalf("webhook %s got event %s, or is not told of", webhookID, eventID)
	return service.Unsent{}
}

// A webhook gets what its filter is true of, and the others stay as they were.
func TestB5_FilterDecidesAtPublish(t *testing.T) {
	onBoth(t, func(t *testing.T, e *apptest.Engine) {
		r := apptest.NewReceiver(t)
		big := e.AddWebhook(t, r.URL, filtered(` data.payment.amount > 100 and event.category == "payments" `))
		require.Equal(t, `data.payment.amount > 100 and event.category == "payments"`, big.Subscriptions.Filter)
		e.AddWebhook(t, target, filtered(`data.payment.currency == "EUR" or site.name == "nowhere"`))
		e.AddWebhook(t, target, nil)

		require.Equal(t, 3, publish(t, e, "payment.received", `{"payment":{"amount":101,"currency":"EUR"}}`).Deliveries)
		small := publish(t, e, "payment.received", `{"payment":{"amount":100,"currency":"USD"}}`)
		require.Equal(t, 1, small.Deliveries)
		require.Equal(t, 1, publish(t, e, "form.submitted", `{}`).Deliveries, "what is missing is false")
		require.Len(t, r.Wait(t, 1), 1)

		u := unsent(t, e, small.ID, big.ID)
		require.Equal(t, service.UnsentFiltered, u.Reason)
		require.True(t, u.Then)
		require.Contains(t, u.Detail, "data.payment.amount > 100")
		require.Contains(t, u.Detail, "data.payment.amount is 100")
		require.NotContains(t, u.Detail, "category", "only the term that is false")

		require.NoError(t, func() error {
			_, err := e.Webhooks.Edit(t.Context(), apptest.System, big.ID, func(d *service.WebhookDraft) { d.Settings.Subscriptions = models.Subscriptions{All: true} })
			return err
		}())
		require.Equal(t, 2, publish(t, e, "payment.received", `{"payment":{"amount":1}}`).Deliveries, "at once")
		u = unsent(t, e, small.ID, big.ID)
		require.Equal(t, service.UnsentFiltered, u.Reason, "the history knows the filter of then")
		require.Contains(t, u.Detail, "data.payment.amount is 100")
		require.Contains(t, u.Detail, "changed that later")
	})
}

// A filter that cannot tell lets the event through, and says so with the delivery.
func TestB5_AFilterThatFailsLosesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, e *apptest.Engine) {
		r := apptest.NewReceiver(t)
		w := e.AddWebhook(t, r.URL, filtered(`data.tags[0] > 5`))
		event := publish(t, e, "form.submitted", `{"tags":["a secret value"]}`)
		require.Equal(t, 1, event.Deliveries)
		detail, err := e.Events.Get(t.Context(), apptest.System, event.ID)
		require.NoError(t, err)
		id := detail.Deliveries[0].ID
		require.Contains(t, detail.FilterFaults[id], "Line 1, column")
		require.NotContains(t, detail.FilterFaults[id], "secret value")
		got := e.AwaitAttempts(t, id, 1)
		require.Equal(t, models.Succeeded, got.Delivery.State)
		require.Equal(t, detail.FilterFaults[id], got.FilterFault)
		home, err := e.Stats.Home(t.Context(), apptest.System, models.LastHour)
		require.NoError(t, err)
		require.Len(t, home.Problems, 1)
		require.Equal(t, models.ProblemFilter, home.Problems[0].Kind)
		require.Equal(t, models.FilterFaults{Count: 1, Newest: id, Fault: got.FilterFault}, home.Problems[0].Filter)

		again, err := e.Deliveries.RetriggerNew(t.Context(), apptest.System, id)
		require.NoError(t, err)
		require.NotEqual(t, id, again.ID)
		require.Empty(t, e.AwaitAttempts(t, again.ID, 1).FilterFault, "a person asked for it")
		require.Equal(t, w.ID, again.WebhookID)
	})
}

// costly goes through its data again and again, until its budget is spent.
const costly = `len(filter(data.list, {len(filter(data.list, {# == "x"})) > 100000})) == 0`

func bigList(n int) string {
	return `{"list":["` + strings.Repeat(`a","`, n) + `z"]}`
}

// However heavy the filters of an event are together, the work is bounded: those
// that it does not suffice for let the event through and say so.
func TestB5_FiltersTogetherAreBounded(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	for range 40 {
		e.AddWebhook(t, target, filtered(costly))
	}
	plain := e.AddWebhook(t, target, nil)
	event := publish(t, e, "form.submitted", bigList(5000))
	require.Equal(t, 41, event.Deliveries)
	detail, err := e.Events.Get(t.Context(), apptest.System, event.ID)
	require.NoError(t, err)
	for _, d := range detail.Deliveries {
		if fault := detail.FilterFaults[d.ID]; d.WebhookID == plain.ID {
			require.Empty(t, fault)
		} else {
			require.Contains(t, fault, "together")
		}
	}
	require.Equal(t, 41, publish(t, e, "form.submitted", `{"list":[]}`).Deliveries, "each event has a budget of its own")
}

// Nor do the events of a batch hold others up for longer than a few of them would:
// those about participants are sifted while everybody else waits to write.
func TestB5_FiltersOfABatchAreBounded(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	const webhooks = 40
	for range webhooks {
		e.AddWebhook(t, target, filtered(costly))
	}
	batch := make([]service.NewEvent, 8)
	for i := range batch {
		batch[i] = service.NewEvent{Type: "form.submitted", Data: []byte(bigList(5000))}
		if i%2 == 1 {
			batch[i].Participant = &models.ParticipantRef{Email: "ann@example.com"}
		}
	}
	together := make([]int, len(batch))
	for i, r := range e.Events.PublishBatch(t.Context(), apptest.System, batch) {
		require.NoError(t, r.Err)
		require.Equal(t, webhooks, r.Event.Deliveries, "what could not be decided goes out")
		detail, err := e.Events.Get(t.Context(), apptest.System, r.Event.ID)
		require.NoError(t, err)
		for _, d := range detail.Deliveries {
			if strings.Contains(detail.FilterFaults[d.ID], "batch") {
				together[i]++
			}
		}
	}
	require.Equal(t, 0, together[0])
	require.Equal(t, webhooks, together[7], "an event about a participant is matched after the others")
	detail, err := e.Events.Get(t.Context(), apptest.System, publish(t, e, "form.submitted", bigList(5000)).ID)
	require.NoError(t, err)
	for _, fault := range detail.FilterFaults {
		require.NotContains(t, fault, "batch", "the next one begins anew")
	}
}

func TestB5_BadFiltersAreRefusedAtSave(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	name, url := "Receiver", target
	for filter, says := range map[string]string{
		`data.amount >`:                        "Line 1, column",
		"data.a == 1 and\n nosuch(1)":          "Line 2, column 2",
		`evnt.type == "x"`:                     "Did you mean event",
		`event.tpye == "x"`:                    "Did you mean event.type",
		`uper(data.name) == "X"`:               "Did you mean upper",
		`data.amount + 1`:                      "true or false",
		`"yes"`:                                "true or false",
		`data.a = 1`:                           "==",
		`any(1..10000, any(1..10000, # == 0))`: "whatever the event holds",
		strings.Repeat(" ", 20) + `data.a == "` + strings.Repeat("x", models.MaxFilter) + `"`: "KiB",
	} {
		_, err := e.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, url, func(d *service.WebhookDraft) {
			d.Settings.Subscriptions = models.Subscriptions{All: true, Filter: filter}
		}))
		require.Contains(t, fields(t, err)["subscriptions.filter"], says, "%.60s", filter)
	}
}

// Tests of a webhook, and retriggers of what was sent, do not ask the filter.
func TestB5_TestsAndRetriggersIgnoreTheFilter(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	w := e.AddWebhook(t, r.URL, nil)
	sent := e.PublishOne(t, "form.submitted", `{"n":1}`)
	e.AwaitAttempts(t, sent.ID, 1)
	_, err := e.Webhooks.Edit(t.Context(), apptest.System, w.ID, func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = models.Subscriptions{All: true, Filter: "data.n == 2"}
	})
	require.NoError(t, err)
	require.Zero(t, publish(t, e, "form.submitted", `{"n":1}`).Deliveries)

	_, err = e.Deliveries.Retrigger(t.Context(), apptest.System, sent.ID)
	require.NoError(t, err)
	require.Equal(t, models.Succeeded, e.AwaitAttempts(t, sent.ID, 2).Delivery.State)
	test, err := e.Webhooks.Test(t.Context(), apptest.System, w.ID, service.TestInput{EventType: "form.submitted", Data: json.RawMessage(`{"n":1}`)})
	require.NoError(t, err)
	require.Equal(t, models.Success, test.Delivery.Last.Outcome)
}

// The copy of a webhook has its filter; the audit log has every change of it.
func TestB5_FilterIsKeptAndTold(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	w := e.AddWebhook(t, target, filtered("data.n == 2"))
	saved, err := e.Webhooks.Duplicate(t.Context(), apptest.System, w.ID)
	require.NoError(t, err)
	require.Equal(t, w.Subscriptions, saved.Webhook.Subscriptions)
	subs := models.Subscriptions{All: true, Filter: "data.n == 3"}
	_, err = e.Webhooks.Edit(t.Context(), apptest.System, w.ID, func(d *service.WebhookDraft) { d.Settings.Subscriptions = subs })
	require.NoError(t, err)
	log, err := e.Audit.List(t.Context(), apptest.System, models.AuditFilter{SubjectID: w.ID}, models.PageRequest{})
	require.NoError(t, err)
	require.Equal(t, []models.Change{{Field: "subscriptions.filter", Before: "data.n == 2", After: "data.n == 3"}}, log.Items[0].Changes)
}

// A publish under way never sees half a change: each event is decided by one filter.
func TestB5_FilterChangesWhileEventsComeIn(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	w := e.AddWebhook(t, target, filtered("data.n == 1"))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		for i := 0; ctx.Err() == nil; i++ {
			subs := models.Subscriptions{All: true, Filter: fmt.Sprintf("data.n == 1 and data.m != %d", i)}
			if _, err := e.Webhooks.Edit(context.WithoutCancel(ctx), apptest.System, w.ID, func(d *service.WebhookDraft) { d.Settings.Subscriptions = subs }); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for range 50 {
		require.Equal(t, 1, publish(t, e, "form.submitted", `{"n":1,"m":-1}`).Deliveries)
		require.Equal(t, 0, publish(t, e, "form.submitted", `{"n":2}`).Deliveries)
	}
	stop()
	require.NoError(t, <-done)
}

func TestB5_TryAFilterOnWhatCameIn(t *testing.T) {
	onBoth(t, func(t *testing.T, e *apptest.Engine) {
		try := func(actor models.Actor, webhookID, filter string, subs models.Subscriptions) (service.FilterTried, error) {
			subs.Filter = filter
			return e.Webhooks.TryFilter(t.Context(), actor, service.FilterTry{WebhookID: webhookID, Subscriptions: subs})
		}
		all := models.Subscriptions{All: true}
		tried, err := try(apptest.System, "", `data.payment.amount == "129.00"`, models.Subscriptions{Categories: []string{"payments"}})
		require.NoError(t, err)
		require.Len(t, tried.Events, 1, "a sample, as there is no event")
		require.Empty(t, tried.Events[0].Event.ID)
		require.Equal(t, 1, tried.Matching)

		w := e.AddWebhook(t, target, func(d *service.WebhookDraft) {
			d.Settings.Subscriptions = models.Subscriptions{Types: []string{"form.submitted"}}
		})
		for i := range 60 {
			publish(t, e, "form.submitted", fmt.Sprintf(`{"n":%d}`, i))
		}
		publish(t, e, "payment.received", `{"n":"text"}`)
		tried, err = try(apptest.System, "", "data.n > 50", all)
		require.NoError(t, err)
		require.Len(t, tried.Events, 50)
		require.Equal(t, 10, tried.Matching, "nine, and one that it cannot tell of")
		require.True(t, tried.Events[0].Fault)
		require.Contains(t, tried.Events[0].Why, "Line 1")
		require.Equal(t, "Form Submitted", tried.Events[1].Title)
		require.Empty(t, tried.Events[1].Why)
		require.Contains(t, tried.Events[10].Why, "data.n is 50")
		require.Empty(t, tried.Events[1].Event.Data, "data stays inside")

		tried, err = try(apptest.System, w.ID, "data.nosuch.x == 1", models.Subscriptions{Types: []string{"form.submitted"}})
		require.NoError(t, err)
		require.Contains(t, tried.Events[0].Why, "data.nosuch.x is missing")
		_, err = try(apptest.System, "", "data.n >", all)
		require.Contains(t, fields(t, err)["subscriptions.filter"], "Line 1")
		_, err = try(apptest.System, "", "", models.Subscriptions{Types: []string{"no.such"}})
		require.Contains(t, fields(t, err), "subscriptions.types")

		// A user who may not read events tries those that the webhook got.
		pat, err := e.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Member, "correct horse battery")
		require.NoError(t, err)
		actor := models.Actor{User: &pat}
		_, err = try(actor, "", "", all)
		require.Equal(t, models.Denied, models.CodeOf(err))
		_, err = try(actor, w.ID, "", all)
		require.Equal(t, models.NotFound, models.CodeOf(err))
		_, err = e.Grants.Give(t.Context(), apptest.System, w.ID, pat.ID, models.EditGrant)
		require.NoError(t, err)
		tried, err = try(actor, w.ID, "", all)
		require.NoError(t, err)
		require.Len(t, tried.Events, 50)
		for _, ev := range tried.Events {
			require.Equal(t, "form.submitted", ev.Event.Type)
		}
	})
}

// Trying a heavy filter takes a second at most, and says what was left out.
func TestB5_TryingIsBounded(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	for range 3 {
		publish(t, e, "form.submitted", bigList(5000))
	}
	tried, err := e.Webhooks.TryFilter(t.Context(), apptest.System, service.FilterTry{Subscriptions: models.Subscriptions{All: true, Filter: costly}})
	require.NoError(t, err)
	require.Equal(t, 3, len(tried.Events)+tried.Untried)
	for _, ev := range tried.Events {
		require.True(t, ev.Fault)
	}
}
