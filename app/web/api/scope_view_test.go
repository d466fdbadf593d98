package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// A13: what a token sees follows its scopes, also inside of other answers: with
// events:read alone neither the webhooks that did not get an event, nor what the
// attempts brought.
func TestA13_EventsReadAloneSeesNoWebhooks(t *testing.T) {
	d := newDelivering(t)
	got := receiver(t, okay)
	d.call("POST", "/api/v1/webhooks", `{"name":"canary-name","url":"https://canary-host.example.com/","subscriptions":{"all":true,"filter":"data.canary_filter == 1"}}`).is(201)
	d.call("POST", "/api/v1/webhooks", `{"name":"canary-off","url":"https://canary-host.example.com/","enabled":false}`).is(201)
	d.call("POST", "/api/v1/webhooks", `{"name":"Sent","url":"`+got+`","subscriptions":{"all":true}}`).is(201)
	id := d.publish(`{"type":"release.published","data":{}}`)
	require.Eventually(t, func() bool {
		list := d.call("GET", "/api/v1/deliveries?event_id="+id, "").is(200)["data"].([]any)
		return len(list) == 1 && list[0].(map[string]any)["state"] == "succeeded"
	}, 10*time.Second, 20*time.Millisecond)

	with := func(scopes ...models.Scope) (event map[string]any, all string) {
		token := d.token(scopes...)
		for _, path := range []string{"/events/" + id, "/events", "/events?id=" + id, "/event-types"} {
			a := d.call("GET", "/api/v1"+path, "", "Authorization", "Bearer "+token)
			if v := a.is(200); path == "/events/"+id {
				event = v
			}
			all += a.body
		}
		return event, all
	}
	event, all := with(models.EventsRead)
	require.Empty(t, event["not_sent"])
	require.NotContains(t, all, "canary")
	require.NotContains(t, all, "127.0.0.1")
	sent := event["deliveries"].([]any)[0].(map[string]any)
	require.Equal(t, "succeeded", sent["state"], "the event's own standing is part of it")
	require.Nil(t, sent["last_attempt"])

	event, all = with(models.EventsRead, models.DeliveriesRead)
	require.NotContains(t, all, "canary")
	require.NotNil(t, event["deliveries"].([]any)[0].(map[string]any)["last_attempt"])

	event, all = with(models.EventsRead, models.WebhooksRead)
	require.Len(t, event["not_sent"], 2)
	require.Contains(t, all, "canary-off")
	require.Contains(t, fmt.Sprint(event["not_sent"]), "canary_filter")

	event, all = with(models.EventsRead, models.WebhooksWrite) // of its own webhooks alone
	require.Empty(t, event["not_sent"])
	require.Empty(t, event["deliveries"])
	require.NotContains(t, all, "canary")
}
