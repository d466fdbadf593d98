package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestB5_FilterOverTheAPI(t *testing.T) {
	d := newDelivering(t)
	made := d.call("POST", "/api/v1/webhooks", `{"name":"Big","url":"`+receiver(t, okay)+`","subscriptions":{"all":true,"filter":" data.n > 5 "}}`).is(201)
	id := made["id"].(string)
	require.Equal(t, "data.n > 5", made["subscriptions"].(map[string]any)["filter"])
	_, faults := d.call("PATCH", "/api/v1/webhooks/"+id, `{"subscriptions":{"filter":"data.n >"}}`).problem(422)
	require.Contains(t, faults["subscriptions.filter"], "Line 1, column")
	d.call("PATCH", "/api/v1/webhooks/"+id, `{"subscriptions":{"types":["form.submitted"]}}`).is(200)
	require.Equal(t, "data.n > 5", d.call("GET", "/api/v1/webhooks/"+id, "").is(200)["subscriptions"].(map[string]any)["filter"], "a patch keeps it")

	small := d.publish(`{"type":"form.submitted","data":{"n":5}}`)
	big := d.publish(`{"type":"form.submitted","data":{"n":6}}`)
	odd := d.publish(`{"type":"form.submitted","data":{"n":"six"}}`)
	got := d.call("GET", "/api/v1/events/"+small, "").is(200)
	require.Empty(t, got["deliveries"])
	why := got["not_sent"].([]any)[0].(map[string]any)
	require.Equal(t, "filtered", why["reason"])
	require.Contains(t, why["detail"], "data.n is 5")
	delivery := d.deliveryOf(odd)
	require.Contains(t, d.call("GET", "/api/v1/deliveries/"+delivery, "").is(200)["filter_fault"], "Line 1")

	answer := d.call("POST", "/api/v1/webhooks/filter-test", `{"webhook_id":"`+id+`"}`).is(200)
	list := answer["data"].([]any)
	require.Len(t, list, 3)
	require.Equal(t, odd, list[0].(map[string]any)["event_id"])
	require.Equal(t, true, list[0].(map[string]any)["matches"])
	require.Equal(t, big, list[1].(map[string]any)["event_id"])
	require.Equal(t, true, list[1].(map[string]any)["matches"])
	require.Equal(t, false, list[2].(map[string]any)["matches"])
	sample := d.call("POST", "/api/v1/webhooks/filter-test", `{"subscriptions":{"types":["payment.received"],"filter":"data.payment.currency == \"EUR\""}}`).is(200)["data"].([]any)
	require.Len(t, sample, 1)
	require.Nil(t, sample[0].(map[string]any)["event_id"])
	_, faults = d.call("POST", "/api/v1/webhooks/filter-test", `{"subscriptions":{"filter":"evnt.id == 1"}}`).problem(422)
	require.Contains(t, faults["subscriptions.filter"], "Did you mean event")

	limited := []string{"Authorization", "Bearer " + d.token(models.WebhooksWrite)}
	d.call("POST", "/api/v1/webhooks/filter-test", `{"webhook_id":"`+id+`"}`, limited...).problem(404)
	for _, e := range d.call("POST", "/api/v1/webhooks/filter-test", `{}`, limited...).is(200)["data"].([]any) {
		require.Nil(t, e.(map[string]any)["event_id"], "samples only for who may not read events")
	}
	cleared := d.call("PATCH", "/api/v1/webhooks/"+id, `{"subscriptions":{"filter":null}}`).is(200)
	require.Empty(t, cleared["subscriptions"].(map[string]any)["filter"])
}
