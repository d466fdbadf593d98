package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func inJobState(state string) func(map[string]any) bool {
	return func(v map[string]any) bool { return v["state"] == state }
}

func TestB6_BulkRetrigger(t *testing.T) {
	d := newDelivering(t)
	var mended atomic.Bool
	w := d.webhook(receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		if !mended.Load() {
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	var ids []string
	for range 5 {
		id := d.deliveryOf(d.publish(anEvent))
		d.until("/api/v1/deliveries/"+id, inState("failed"))
		ids = append(ids, id)
	}
	mended.Store(true)
	now := time.Now().UTC().Add(time.Minute).Format(time.RFC3339Nano)
	a := d.call("POST", "/api/v1/deliveries/retrigger", `{"webhook_id":"`+w+`","state":"failed","since":"2020-01-01T00:00:00+02:00","until":"`+now+`","rate":1000}`)
	job := a.is(202)
	id := job["id"].(string)
	require.Equal(t, "/api/v1/jobs/"+id, a.header.Get("Location"))
	require.Equal(t, "retrigger", job["kind"])
	require.Equal(t, "5", fmt.Sprint(job["matched"]))
	require.Equal(t, true, job["counted"])
	require.Equal(t, map[string]any{"webhook_id": w, "state": "failed", "since": "2019-12-31T22:00:00Z", "until": now}, job["filter"])

	done := d.until("/api/v1/jobs/"+id, inJobState("done"))
	require.Equal(t, "5", fmt.Sprint(done["done"]))
	require.NotNil(t, done["finished_at"])
	for _, delivery := range ids {
		require.Len(t, d.until("/api/v1/deliveries/"+delivery, inState("succeeded"))["attempts"], 2)
	}
	_, fields := d.call("POST", "/api/v1/jobs/"+id+"/cancel", "").problem(409)
	require.Empty(t, fields)
}

func TestB6_BulkCancel(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	id := d.deliveryOf(d.publish(anEvent))
	job := d.call("POST", "/api/v1/deliveries/cancel", `{}`).is(202)
	require.Equal(t, "1", fmt.Sprint(job["matched"]))
	_, err := d.svc.Bulk.Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, "cancelled", d.call("GET", "/api/v1/deliveries/"+id, "").is(200)["state"])
	require.Equal(t, "done", d.call("GET", "/api/v1/jobs/"+job["id"].(string), "").is(200)["state"])
}

func TestB6_BulkJobsAreListedAndStopped(t *testing.T) {
	d := newDesk(t)
	w := d.webhook("https://example.com/hooks")
	d.publish(anEvent)
	first := d.call("POST", "/api/v1/deliveries/retrigger", `{"state":"pending"}`).is(202)["id"].(string)
	second := d.call("POST", "/api/v1/deliveries/cancel", `{"webhook_id":"`+w+`"}`).is(202)["id"].(string)
	stopped := d.call("POST", "/api/v1/jobs/"+first+"/cancel", "").is(200)
	require.Equal(t, "cancelled", stopped["state"])
	d.call("POST", "/api/v1/jobs/"+first+"/cancel", "").problem(409)
	for query, want := range map[string][]string{
		"": {second, first}, "?state=running": {second}, "?state=cancelled": {first}, "?webhook_id=" + w: {second}, "?state=done": {},
	} {
		got := []string{}
		for _, j := range d.call("GET", "/api/v1/jobs"+query, "").is(200)["data"].([]any) {
			got = append(got, j.(map[string]any)["id"].(string))
		}
		require.Equal(t, want, got, query)
	}
	page := d.call("GET", "/api/v1/jobs?limit=1", "").is(200)
	rest := d.call("GET", "/api/v1/jobs?limit=1&cursor="+page["next_cursor"].(string), "").is(200)
	require.Equal(t, first, rest["data"].([]any)[0].(map[string]any)["id"])
	for _, query := range []string{"?state=odd", "?webhook_id=1"} {
		d.call("GET", "/api/v1/jobs"+query, "").problem(422)
	}
	for _, id := range []string{"job_" + noID, "job_x", w, "1"} {
		d.call("GET", "/api/v1/jobs/"+id, "").problem(404)
		d.call("POST", "/api/v1/jobs/"+id+"/cancel", "").problem(404)
	}
}

func TestB6_BulkRefusesWhatItDoesNotUnderstand(t *testing.T) {
	d := newDesk(t)
	for body, field := range map[string]string{
		`{}`:                                     "state",
		`{"state":"odd"}`:                        "state",
		`{"state":"running"}`:                    "state",
		`{"state":"failed","hosts":"x"}`:         "hosts",
		`{"state":"failed","since":"yesterday"}`: "since",
		`{"state":"failed","until":"2026-13-01T00:00Z"}`:                                   "until",
		`{"state":"failed","since":"2026-05-02T00:00:00Z","until":"2026-05-01T00:00:00Z"}`: "until",
		`{"state":"failed","since":"2026-05-01T00:00:00Z","until":"2026-05-01T00:00:00Z"}`: "until",
		`{"state":"failed","rate":0}`:                                                      "rate",
		`{"state":"failed","rate":1001}`:                                                   "rate",
		`{"state":"failed","rate":-1}`:                                                     "rate",
		`{"state":"failed","status":"99"}`:                                                 "status",
		`{"state":"failed","webhook_id":"1"}`:                                              "webhook_id",
		`{"state":"failed","q":"a\u0000b"}`:                                                "q",
		`{"state":"failed","q":"` + strings.Repeat("x", 300) + `"}`:                        "q",
	} {
		_, fields := d.call("POST", "/api/v1/deliveries/retrigger", body).problem(422)
		require.Contains(t, fields, field, body)
	}
	_, fields := d.call("POST", "/api/v1/deliveries/cancel", `{"state":"failed"}`).problem(422)
	require.Contains(t, fields["state"], "have ended")
	d.call("POST", "/api/v1/deliveries/retrigger", `{"state":"failed","webhook_id":"wh_`+noID+`"}`).problem(404)
	d.call("POST", "/api/v1/deliveries/retrigger", `[]`).problem(400)
	require.Empty(t, d.call("GET", "/api/v1/jobs", "").is(200)["data"])
}

// W4: a token that sees only its own webhooks changes and sees only what is its own.
func TestB6_BulkOfALimitedToken(t *testing.T) {
	d := newDesk(t)
	theirs := d.webhook("https://example.com/theirs")
	limited := []string{"Authorization", "Bearer " + d.token(models.WebhooksWrite, models.DeliveriesRead, models.DeliveriesWrite)}
	own := d.call("POST", "/api/v1/webhooks", `{"name":"Own","url":"https://example.com/own"}`, limited...).is(201)["id"].(string)
	d.call("PATCH", "/api/v1/webhooks/"+own, `{"enabled":true}`).is(200) // an admin need not wait for the endpoint
	d.publish(anEvent)
	foreign := d.call("POST", "/api/v1/deliveries/cancel", `{"webhook_id":"`+theirs+`"}`).is(202)["id"].(string)
	d.call("POST", "/api/v1/deliveries/cancel", `{"webhook_id":"`+theirs+`"}`, limited...).problem(404)
	d.call("GET", "/api/v1/jobs/"+foreign, "", limited...).problem(404)
	d.call("POST", "/api/v1/jobs/"+foreign+"/cancel", "", limited...).problem(404)
	d.call("POST", "/api/v1/jobs/"+foreign+"/cancel", "").is(200)

	job := d.call("POST", "/api/v1/deliveries/cancel", `{}`, limited...).is(202)
	require.Equal(t, "1", fmt.Sprint(job["matched"]))
	require.Len(t, d.call("GET", "/api/v1/jobs", "", limited...).is(200)["data"], 1)
	_, err := d.svc.Bulk.Step(t.Context())
	require.NoError(t, err)
	for hook, state := range map[string]string{own: "cancelled", theirs: "pending"} {
		list := d.call("GET", "/api/v1/deliveries?webhook_id="+hook, "").is(200)["data"].([]any)
		require.Equal(t, state, list[0].(map[string]any)["state"])
	}
}
