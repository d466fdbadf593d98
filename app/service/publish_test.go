package service_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// Promise 1: unknown and archived types are refused by name, and one bad event
// of a batch does not hold up the others.
func TestPublishBatchInOrder(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	e.AddWebhook(t, r.URL, nil)
	require.NoError(t, e.EventTypes.Archive(t.Context(), apptest.System, "form.submitted"))
	got := e.Events.PublishBatch(t.Context(), apptest.System, []service.NewEvent{
		{Type: "release.published", Data: json.RawMessage(`{"n":0}`)},
		{Type: "no.such", Data: json.RawMessage(`{}`)},
		{Type: "form.submitted", Data: json.RawMessage(`{}`)},
		{Type: "release.published", Data: json.RawMessage(`[1]`)},
		{Type: "release.published", Data: json.RawMessage(`{"n":4}`), ID: "bad id"},
		{Type: "release.published", Data: json.RawMessage(`{"n":5}`), ID: "order-5"},
	})
	require.NoError(t, got[0].Err)
	require.Contains(t, fields(t, got[1].Err)["type"], "no.such")
	require.Contains(t, fields(t, got[2].Err)["type"], "archived")
	require.Contains(t, fields(t, got[3].Err), "data")
	require.Contains(t, fields(t, got[4].Err), "id")
	require.Equal(t, "order-5", got[5].Event.ID)
	require.Len(t, r.Wait(t, 2), 2)
}

// Z3: all, a category and a single type, archived webhooks left out.
func TestWhoGetsAnEvent(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	subscribe := func(s models.Subscriptions) {
		e.AddWebhook(t, target, func(d *service.WebhookDraft) { d.Settings.Subscriptions = s })
	}
	subscribe(models.Subscriptions{All: true})
	subscribe(models.Subscriptions{Categories: []string{"work_orders"}})
	subscribe(models.Subscriptions{Types: []string{"work_order.status_changed"}})
	subscribe(models.Subscriptions{})
	for name, want := range map[string]int{"work_order.status_changed": 3, "work_order.signoff_requested": 2, "form.submitted": 1} {
		event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: name, Data: json.RawMessage(`{}`)})
		require.NoError(t, err)
		require.Equal(t, want, event.Deliveries, name)
	}
}

// Z4: the starter catalog is complete and valid.
func TestStarterCatalog(t *testing.T) {
	types, err := service.StarterCatalog()
	require.NoError(t, err)
	perCategory := map[string]int{}
	for _, et := range types {
		require.NoError(t, et.Validate(), et.Name)
		require.NotEmpty(t, et.Sample, et.Name)
		perCategory[et.Category]++
	}
	require.Equal(t, map[string]int{
		"approvals": 3, "work_orders": 3, "releases": 1, "courses": 3, "contacts": 3, "opportunities": 1, "forms": 1,
		"appointments": 2, "payments": 1, "conversations": 1, "tracks": 1,
	}, perCategory)
}

// Cursors lead through all pages and back, and hostile ones are refused.
func TestDeliveryPages(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	e.AddWebhook(t, r.URL, nil)
	for range 7 {
		e.PublishOne(t, "form.submitted", `{}`)
	}
	page := func(cursor string) models.Page[models.Delivery] {
		p, err := e.Deliveries.List(t.Context(), apptest.System, models.DeliveryFilter{}, models.PageRequest{Cursor: cursor, Limit: 3})
		require.NoError(t, err)
		return p
	}
	first := page("")
	require.Empty(t, first.Newer)
	second := page(first.Older)
	third := page(second.Older)
	require.Len(t, third.Items, 1)
	require.Empty(t, third.Older)
	back := page(third.Newer)
	require.Equal(t, second.Items[0].ID, back.Items[0].ID)
	require.Equal(t, first.Items[0].ID, page(back.Newer).Items[0].ID)
	for _, bad := range []string{"x", "AAAA", "bzAw", "\x00", first.Older + "A", "b2RsdlwnIE9SIDE9MQ"} {
		_, err := e.Deliveries.List(t.Context(), apptest.System, models.DeliveryFilter{}, models.PageRequest{Cursor: bad})
		require.Contains(t, fields(t, err), "cursor", bad)
	}
}
