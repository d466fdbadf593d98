package api_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// until asks again until the answer is as wanted.
func (d *desk) until(path string, wanted func(map[string]any) bool) map[string]any {
	d.t.Helper()
	var v map[string]any
	require.Eventually(d.t, func() bool {
		v = d.call("GET", path, "").is(200)
		return wanted(v)
	}, 10*time.Second, 5*time.Millisecond)
	return v
}

func inState(state string) func(map[string]any) bool {
	return func(v map[string]any) bool { return v["state"] == state }
}

func (d *desk) deliveryOf(event string) string {
	d.t.Helper()
	list := d.call("GET", "/api/v1/events/"+event, "").is(200)["deliveries"].([]any)
	require.Len(d.t, list, 1)
	return list[0].(map[string]any)["id"].(string)
}

func TestH7_DeliveryShowsItsAttempts(t *testing.T) {
	d := newDelivering(t)
	var got atomic.Value
	d.webhook(receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.Store(string(body))
		w.Header().Set("X-Answer", "yes")
		_, _ = io.WriteString(w, "thanks ✓")
	}))
	event := d.publish(anEvent)
	id := d.deliveryOf(event)
	v := d.until("/api/v1/deliveries/"+id, inState("succeeded"))

	require.Equal(t, event, v["event_id"])
	require.Equal(t, "release.published", v["event_type"])
	require.Nil(t, v["next_attempt_at"])
	require.NotNil(t, v["finished_at"])
	require.Len(t, v["attempts"], 1)
	a := v["attempts"].([]any)[0].(map[string]any)
	require.Equal(t, "1", fmt.Sprint(a["number"]))
	require.Equal(t, "success", a["outcome"])
	require.Equal(t, "200", fmt.Sprint(a["status"]))
	require.Nil(t, a["error"])
	require.NotEmpty(t, a["started_at"])
	require.Contains(t, a, "duration_ms")
	request, response := a["request"].(map[string]any), a["response"].(map[string]any)
	require.Equal(t, "POST", request["method"])
	require.Contains(t, request["url"], "http://127.0.0.1")
	require.Equal(t, got.Load(), request["body"])
	require.NotContains(t, request, "encoding")
	require.Equal(t, "thanks ✓", response["body"])
	require.Equal(t, false, response["truncated"])
	require.Contains(t, response["headers"], map[string]any{"name": "X-Answer", "value": "yes"})
}

func TestBodiesThatAreNotTextComeInBase64(t *testing.T) {
	d := newDelivering(t)
	binary := "\xff\xfe\x00binary"
	w := d.webhook(receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Latin", "caf\xe9")
		_, _ = io.WriteString(w, binary)
	}))
	v := d.call("POST", "/api/v1/webhooks/"+w+"/test", "").is(200)
	response := v["attempt"].(map[string]any)["response"].(map[string]any)
	require.Equal(t, "base64", response["encoding"])
	require.Equal(t, base64.StdEncoding.EncodeToString([]byte(binary)), response["body"])
	require.Contains(t, response["headers"], map[string]any{"name": "X-Latin", "value": "café"})
}

// A long text is cut at a character, and so stays text.
func TestLongAnswersAreCutAtACharacter(t *testing.T) {
	d := newDelivering(t)
	w := d.webhook(receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "x"+strings.Repeat("ü", 20<<10))
	}))
	response := d.call("POST", "/api/v1/webhooks/"+w+"/test", "").is(200)["attempt"].(map[string]any)["response"].(map[string]any)
	require.Equal(t, true, response["truncated"])
	require.NotContains(t, response, "encoding")
	require.True(t, strings.HasSuffix(response["body"].(string), "üü"))
}

func TestTestAnswersWithTheAttemptZ5(t *testing.T) {
	d := newDelivering(t)
	var got atomic.Value
	w := d.webhook(receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.Store(string(body))
		w.WriteHeader(http.StatusTeapot)
	}))
	path := "/api/v1/webhooks/" + w + "/test"
	v := d.call("POST", path, `{"event_type":"form.submitted","data":{"n": 1.50}}`).is(200)
	require.Equal(t, "failed", v["state"])
	require.Contains(t, got.Load(), `{"n": 1.50}`)
	attempt := v["attempt"].(map[string]any)
	require.Equal(t, "http_error", attempt["outcome"])
	require.Equal(t, "418", fmt.Sprint(attempt["status"]))
	logged := d.call("GET", "/api/v1/deliveries/"+v["delivery_id"].(string), "").is(200)
	require.Equal(t, true, logged["test"])
	require.Equal(t, attempt, logged["attempts"].([]any)[0])

	for body, field := range map[string]string{
		`{"event_type":"no.such"}`: "event_type", `{"event_type":7}`: "event_type", `{"data":[1]}`: "data", `{"data":null}`: "data", `{"type":"form.submitted"}`: "type",
	} {
		_, fields := d.call("POST", path, body).problem(422)
		require.Contains(t, fields, field, body)
	}
	d.call("POST", path, `[]`).problem(400)
	d.call("PATCH", "/api/v1/webhooks/"+w, `{"subscriptions":{"all":false}}`).is(200)
	_, fields := d.call("POST", path, ``).problem(422)
	require.Contains(t, fields["event_type"], "Name one")
}

// Z5, W6: url, secret and event_id count for one test; faults are named by
// member, and the answer says what went wrong.
func TestZ5_W6_TestAimedElsewhere(t *testing.T) {
	d := newDelivering(t)
	var got atomic.Value
	w := d.webhook(receiver(t, func(http.ResponseWriter, *http.Request) {}))
	path := "/api/v1/webhooks/" + w + "/test"
	event := d.publish(`{"type":"form.submitted","data":{"n": 1.50}}`)
	away := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.Store(string(body))
		w.Header().Set("X-Signed", r.Header.Get("X-Hmac-Signature"))
		w.WriteHeader(http.StatusInternalServerError)
	})
	unsigned := d.call("POST", path, `{"url":"`+away+`"}`).is(200)
	require.NotContains(t, fmt.Sprint(unsigned["attempt"].(map[string]any)["request"]), "X-Hmac-Signature")

	v := d.call("POST", path, `{"url":"`+away+`","secret":"a-key-for-one-test","event_id":"`+event+`"}`)
	require.NotContains(t, v.body, "a-key-for-one-test")
	said := v.is(200)
	require.Contains(t, got.Load(), `{"n": 1.50}`)
	require.Contains(t, fmt.Sprint(said["attempt"].(map[string]any)["request"]), "X-Hmac-Signature")
	require.Contains(t, said["diagnosis"].(map[string]any)["title"], "500")
	require.NotEmpty(t, said["diagnosis"].(map[string]any)["advice"])
	require.Nil(t, d.call("POST", path, "").is(200)["diagnosis"])

	other := d.webhook(receiver(t, func(http.ResponseWriter, *http.Request) {}))
	for body, field := range map[string]string{
		`{"url":"nonsense"}`: "url", `{"secret":"short"}`: "secret", `{"event_id":"evt_gone"}`: "event_id",
		`{"event_id":"` + event + `","event_type":"contact.created"}`: "event_id", `{"event_id":7}`: "event_id", `{"key":"x"}`: "key",
	} {
		_, fields := d.call("POST", path, body).problem(422)
		require.Contains(t, fields, field, body)
	}
	_, fields := d.call("POST", "/api/v1/webhooks/"+other+"/test", `{"event_id":"`+event+`"}`).problem(422)
	require.Contains(t, fields["event_id"], "No event with this id went to this webhook")
	require.NotContains(t, d.log.String(), "a-key-for-one-test")
}

func TestRetriggerKeepsTheIDUnlessANewOneIsAskedForZ7(t *testing.T) {
	d := newDelivering(t)
	var calls atomic.Int32
	d.webhook(receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	id := d.deliveryOf(d.publish(anEvent))
	d.until("/api/v1/deliveries/"+id, inState("failed"))
	require.Equal(t, id, d.call("POST", "/api/v1/deliveries/"+id+"/retrigger", "").is(202)["id"])
	v := d.until("/api/v1/deliveries/"+id, inState("succeeded"))
	require.Len(t, v["attempts"], 2)

	fresh := d.call("POST", "/api/v1/deliveries/"+id+"/retrigger", `{"new_id":true}`).is(202)
	require.NotEqual(t, id, fresh["id"])
	require.Equal(t, v["event_id"], fresh["event_id"])
	d.until("/api/v1/deliveries/"+fresh["id"].(string), inState("succeeded"))
	for _, body := range []string{`{"new_id":"yes"}`, `{"newid":true}`} {
		d.call("POST", "/api/v1/deliveries/"+id+"/retrigger", body).problem(422)
	}
	d.call("POST", "/api/v1/deliveries/"+id+"/cancel", "").problem(409)
}

func TestCancelEndsAPendingDelivery(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	id := d.deliveryOf(d.publish(anEvent))
	require.Equal(t, "cancelled", d.call("POST", "/api/v1/deliveries/"+id+"/cancel", "").is(200)["state"])
	d.call("POST", "/api/v1/deliveries/"+id+"/cancel", "").problem(409)
}

func TestDeliveryFiltersB6(t *testing.T) {
	d := newDesk(t)
	first := d.webhook("https://example.com/one")
	event := d.publish(anEvent)
	cancelled := d.deliveryOf(event)
	d.call("POST", "/api/v1/deliveries/"+cancelled+"/cancel", "").is(200)
	second := d.webhook("https://example.com/two")
	d.publish(`{"type":"form.submitted","data":{}}`)
	now := time.Now().UTC().Format(time.RFC3339Nano)
	for query, n := range map[string]int{
		"": 3, "webhook_id=" + first: 2, "webhook_id=" + second: 1, "state=cancelled": 1, "state=pending": 2, "state=failed": 0, "event_type=form.submitted": 2,
		"event_id=" + event: 1, "q=" + cancelled: 1, "q=" + event: 1, "q=nothing": 0, "status=500": 0, "until=" + now: 3, "since=" + now: 0,
		"webhook_id=" + first + "&state=cancelled": 1, "webhook_id=wh_01kf2j7q8e5t9v3m6x0y4z1b2c": 0,
	} {
		require.Len(t, d.call("GET", "/api/v1/deliveries?"+query, "").is(200)["data"], n, query)
	}
	page := d.call("GET", "/api/v1/deliveries?limit=2", "").is(200)
	require.Len(t, page["data"], 2)
	rest := d.call("GET", "/api/v1/deliveries?limit=2&cursor="+page["next_cursor"].(string), "").is(200)
	require.Len(t, rest["data"], 1)
	require.Nil(t, rest["next_cursor"])
}
