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
	text := func(field string) func(*service.WebhookInput) {
		value := "{{payload.id}}"
		return map[string]func(*service.WebhookInput){
			"url":             func(in *service.WebhookInput) { *in.URL += value },
			"params.0.value":  func(in *service.WebhookInput) { in.Params = &[]models.Param{{Name: "a", Value: value}} },
			"headers.0.value": func(in *service.WebhookInput) { in.Headers = &[]service.HeaderInput{{Name: "X-A", Value: value}} },
			"body.template": func(in *service.WebhookInput) {
				in.Body = &models.Body{Format: models.BodyJSON, Template: `{"a": "` + value + `"}`}
			},
			"body.custom": func(in *service.WebhookInput) {
				in.Body = &models.Body{Format: models.BodyMerged, Custom: `{"a": "` + value + `"}`}
			},
			"body.fields.0.value": func(in *service.WebhookInput) {
				in.Body = &models.Body{Format: models.BodyForm, Fields: []models.Param{{Name: "a", Value: value}}}
			},
			"subscriptions.filter": filtered(`payload.id == 1`),
		}[field]
	}
	for _, field := range []string{"url", "params.0.value", "headers.0.value", "body.template", "body.custom", "body.fields.0.value", "subscriptions.filter"} {
		name, url := "Receiver", target
		in := service.WebhookInput{Name: &name, URL: &url}
		text(field)(&in)
		_, err := e.Webhooks.Create(t.Context(), apptest.System, in)
		require.Equal(t, models.Invalid, models.CodeOf(err), field)
		require.ErrorContains(t, err, "Did you mean data?")
		var refused *models.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, field, refused.Fields[0].Field)
		if field == "subscriptions.filter" {
			_, err = e.Webhooks.TryFilter(t.Context(), apptest.System, service.FilterTry{Subscriptions: *in.Subscriptions})
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
	same := service.WebhookInput{Body: &old.Body, Subscriptions: &old.Subscriptions}
	_, err = e.Webhooks.Update(t.Context(), apptest.System, old.ID, same)
	require.NoError(t, err, "saved untouched")
	_, err = e.Webhooks.Update(t.Context(), apptest.System, old.ID, service.WebhookInput{Subscriptions: &models.Subscriptions{All: true, Filter: `status == "open"`}})
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
	_, err = e.Webhooks.Create(gone, apptest.System, service.WebhookInput{Name: &name, URL: &url})
	require.ErrorIs(t, err, context.Canceled)
	_, err = e.Webhooks.Preview(gone, apptest.System, "", service.WebhookInput{URL: &url}, service.PreviewSource{})
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
