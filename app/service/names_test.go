package service_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// H5, B5: what is surely not meant as it reads is refused when it is saved, wherever an
// expression stands; what stands there already does not stop another change.
func TestH5_DoubtfulExpressionsAreNotSaved(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	text := func(field string) func(*service.WebhookDraft) {
		value := "{{payload.id}}"
		return map[string]func(*service.WebhookDraft){
			"url":            func(d *service.WebhookDraft) { d.Settings.URL += value },
			"params.0.value": func(d *service.WebhookDraft) { d.Settings.Params = []models.Param{{Name: "a", Value: value}} },
			"headers.0.value": func(d *service.WebhookDraft) {
				d.Settings.Headers = []models.HeaderSettings{{Name: "X-A", Value: value}}
			},
			"body.template": func(d *service.WebhookDraft) {
				d.Settings.Body = models.Body{Format: models.BodyJSON, Template: `{"a": "` + value + `"}`}
			},
			"body.custom": func(d *service.WebhookDraft) {
				d.Settings.Body = models.Body{Format: models.BodyMerged, Custom: `{"a": "` + value + `"}`}
			},
			"body.fields.0.value": func(d *service.WebhookDraft) {
				d.Settings.Body = models.Body{Format: models.BodyForm, Fields: []models.Param{{Name: "a", Value: value}}}
			},
			"subscriptions.filter": filtered(`payload.id == 1`),
		}[field]
	}
	for _, field := range []string{"url", "params.0.value", "headers.0.value", "body.template", "body.custom", "body.fields.0.value", "subscriptions.filter"} {
		in := apptest.Draft("Receiver", target, text(field))
		_, err := e.Webhooks.Create(t.Context(), apptest.System, in)
		require.Equal(t, models.Invalid, models.CodeOf(err), field)
		require.ErrorContains(t, err, "Did you mean data?")
		var refused *models.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, field, refused.Fields[0].Field)
		if field == "subscriptions.filter" {
			_, err = e.Webhooks.TryFilter(t.Context(), apptest.System, service.FilterTry{Subscriptions: in.Settings.Subscriptions})
			require.ErrorContains(t, err, "Did you mean data?")
			continue
		}
		preview, err := e.Webhooks.Preview(t.Context(), apptest.System, "", in, service.PreviewSource{})
		require.NoError(t, err)
		require.Equal(t, field, preview.Faults[0].Field)
	}

	old := e.AddWebhook(t, target, nil) // as an earlier version took it
	old.Subscriptions.Filter, old.Body = `status == "paid"`, models.Body{Format: models.BodyJSON, Template: `{"a":"{{payload.id}}"}`}
	old, err := e.Store.SaveWebhook(t.Context(), old)
	require.NoError(t, err)
	_, err = e.Webhooks.SetEnabled(t.Context(), apptest.System, old.ID, false)
	require.NoError(t, err)
	same := func(d *service.WebhookDraft) {
		d.Settings.Body = old.Body
		d.Settings.Subscriptions = old.Subscriptions
	}
	_, err = e.Webhooks.Edit(t.Context(), apptest.System, old.ID, same)
	require.NoError(t, err, "saved untouched")
	_, err = e.Webhooks.Edit(t.Context(), apptest.System, old.ID, func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = models.Subscriptions{All: true, Filter: `status == "open"`}
	})
	require.ErrorContains(t, err, "Say where status stands: data.status")
}

// trust.md: nothing is compiled before its turn, and what is stored is compiled when it
// is loaded or saved, not when the next event comes.
func TestTrust_CompilingWaitsItsTurn(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	gone, leave := context.WithCancel(t.Context())
	leave()
	giveBack := e.Webhooks.HoldPreviews()
	_, err := e.Webhooks.TryFilter(gone, apptest.System, service.FilterTry{Subscriptions: models.Subscriptions{All: true, Filter: "(("}})
	require.ErrorIs(t, err, context.Canceled)
	name, url := "Receiver", "https://example.com/{{"
	_, err = e.Webhooks.Create(gone, apptest.System, apptest.Draft(name, url))
	require.ErrorIs(t, err, context.Canceled)
	_, err = e.Webhooks.Preview(gone, apptest.System, "", apptest.Draft("", url), service.PreviewSource{})
	require.ErrorIs(t, err, context.Canceled)
	giveBack()

	w := e.AddWebhook(t, target, filtered(`data.a == 1`))
	require.True(t, e.Webhooks.Compiled(w.ID))
	again := service.New(service.Deps{Store: e.Store, Box: e.Box, Targets: e.Client})
	require.False(t, again.Webhooks.Compiled(w.ID))
	again.Webhooks.Load(t.Context())
	require.True(t, again.Webhooks.Compiled(w.ID))
}

// trust.md: a number that no schema can look at refuses its event alone.
func TestTrust_OneEventOfABatchIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, e *apptest.Engine) {
		_, err := e.EventTypes.Create(t.Context(), apptest.System, models.EventType{
			Name: "meter.read", Category: "meters", Title: "Read", Schema: []byte(`{"properties":{"n":{"maximum":5},"p":{"pattern":"^(?!x)"}}}`),
		})
		require.NoError(t, err)
		var list []service.NewEvent
		for _, data := range []string{`{"n":1}`, `{"n":1e-99999999}`, `{"n":2}`, `{"p":"x"}`, `{"n":9}`, `{"p":"y"}`} {
			list = append(list, service.NewEvent{Type: "meter.read", Data: []byte(data)})
		}
		got := e.Events.PublishBatch(t.Context(), apptest.System, list)
		for i, want := range []string{"", "too large", "", "does not match pattern", "maximum", ""} {
			if want == "" {
				require.NoError(t, got[i].Err)
			} else {
				require.Equal(t, models.Invalid, models.CodeOf(got[i].Err))
				require.ErrorContains(t, got[i].Err, want)
			}
		}
	})
}
