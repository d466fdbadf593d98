package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// A webhook whose target is Hookline's own POST /events, or a participant,
// calls itself ten times and not for ever; the log says why it ended.
func TestWebhookToOwnAPIEnds_A11(t *testing.T) {
	for name, loop := range map[string]struct{ method, path, template, eventType, first string }{
		"event":       {"POST", "/api/v1/events", `{"type":"release.published","data":{"n":1}}`, "release.published", `{"type":"release.published","data":{}}`},
		"participant": {"PATCH", "/api/v1/participants/{{contact.id}}", `{"fields":{"last":"{{event.id}}"}}`, "contact.updated", `{"type":"release.published","data":{},"participant":{"email":"ada@example.com"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDelivering(t)
			id := d.call("POST", "/api/v1/webhooks", `{"name":"Loop","method":"`+loop.method+`","url":"`+d.url+loop.path+`","auth":{"kind":"bearer","token":"`+d.admin+`"},`+
				`"retry":{"preset":"none"},"body":{"format":"json","template":`+strconv.Quote(loop.template)+`},"subscriptions":{"types":["`+loop.eventType+`","contact.created"]}}`).is(201)["id"].(string)
			d.publish(loop.first)
			last := d.refused(id)
			require.Contains(t, string(last.Response.Body), "came through 10 webhooks")
			require.Contains(t, last.Request.Headers, models.HeaderLine{Name: "X-Hookline-Hops", Value: "10"})
			page, err := d.svc.Deliveries.List(t.Context(), models.Actor{System: true}, models.DeliveryFilter{WebhookID: id}, models.PageRequest{Limit: 100})
			require.NoError(t, err)
			require.Len(t, page.Items, models.MaxHops)
		})
	}
}

// refused waits for the webhook's failed delivery, and returns its attempt.
func (d *desk) refused(id string) models.Attempt {
	d.t.Helper()
	var attempt models.Attempt
	require.Eventually(d.t, func() bool {
		ctx, system := context.Background(), models.Actor{System: true}
		page, err := d.svc.Deliveries.List(ctx, system, models.DeliveryFilter{WebhookID: id, State: models.Failed}, models.PageRequest{Limit: 1})
		if err != nil || len(page.Items) == 0 {
			return false
		}
		detail, err := d.svc.Deliveries.Get(ctx, system, page.Items[0].ID)
		if err != nil {
			return false
		}
		attempt = detail.Attempts[0]
		return true
	}, time.Minute, 10*time.Millisecond)
	return attempt
}

// The count is that of the workspace's own header, in any spelling; what cannot be a
// count is refused, and a test counts too.
func TestHopsHeader_A11(t *testing.T) {
	d := newDesk(t)
	const event = `{"type":"release.published","data":{}}`
	hops := func(id string) int {
		e, err := d.store.Event(t.Context(), id)
		require.NoError(t, err)
		return e.Hops
	}
	for header, want := range map[string]int{"": 0, "0": 0, "1": 1, "9": 9, "2, 3": 3} {
		require.Equal(t, want, hops(d.call("POST", "/api/v1/events", event, "x-hookline-HOPS", header).is(202)["id"].(string)), header)
	}
	batch := d.call("POST", "/api/v1/events/batch", `{"events":[`+event+`]}`, "X-Hookline-Hops", "7").is(202)["results"].([]any)
	require.Equal(t, 7, hops(batch[0].(map[string]any)["id"].(string)))
	d.call("POST", "/api/v1/events/batch", `{"events":[`+event+`]}`, "X-Hookline-Hops", "10").problem(http.StatusUnprocessableEntity)
	for _, header := range []string{"10", "11", "1, 10", "2147483647"} {
		_, fields := d.call("POST", "/api/v1/events", event, "X-Hookline-Hops", header).problem(http.StatusUnprocessableEntity)
		require.Contains(t, fields["X-Hookline-Hops"], "loop", header)
	}
	for _, header := range []string{"x", "-1", "1.5", ",", "99999999999999999999", "0x1"} {
		_, fields := d.call("POST", "/api/v1/events", event, "X-Hookline-Hops", header).problem(http.StatusUnprocessableEntity)
		require.Contains(t, fields["X-Hookline-Hops"], "whole number", header)
	}
	d.call("GET", "/api/v1/events", "", "X-Hookline-Hops", "10").is(http.StatusOK)

	id := d.webhook(receiver(t, func(http.ResponseWriter, *http.Request) {}))
	d.call("POST", "/api/v1/webhooks/"+id+"/test", `{}`, "X-Hookline-Hops", "10").problem(http.StatusUnprocessableEntity)
	test := d.call("POST", "/api/v1/webhooks/"+id+"/test", `{}`, "X-Hookline-Hops", "4").is(http.StatusOK)
	sent, err := json.Marshal(test)
	require.NoError(t, err)
	require.Contains(t, string(sent), `{"name":"X-Hookline-Hops","value":"5"}`)

	settings := d.store.Config().Settings
	settings.HeaderPrefix = "acme"
	require.NoError(t, d.store.SaveSettings(t.Context(), settings))
	require.Equal(t, 0, hops(d.call("POST", "/api/v1/events", event, "X-Hookline-Hops", "10").is(202)["id"].(string)))
	d.call("POST", "/api/v1/events", event, "Acme-Hops", "10").problem(http.StatusUnprocessableEntity)
}

// A delivery of a webhook cannot make Hookline send the same again: the event
// would keep its count, and the loop its start.
func TestWebhooksDoNotResend_A11(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/api/v1/deliveries/retrigger", "/api/v1/deliveries/dlv_01kf2j8x5vd0qz3m7c9r4t6y8b/retrigger", "/api/v1/captures/cap_01kf2j8x5vd0qz3m7c9r4t6y8b/requests/crq_01kf2j8x5vd0qz3m7c9r4t6y8b/replay"} {
		detail, _ := d.call("POST", path, `{}`, "X-Hookline-Hops", "1").problem(http.StatusConflict)
		require.Contains(t, detail, "loop")
	}
}
