package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

const anEvent = `{"type":"release.published","data":{"version":"2.4.0"}}`

func TestEventIsAcceptedAndGivenBackByteForByte(t *testing.T) {
	d := newDesk(t)
	hook := d.webhook("https://example.com/hooks")
	data := `{ "z" : 1.0,  "a":1e400, "big":12345678901234567890.10, "s":"\u0041\/ü",
	"nested":{"b":[],"a":{}} }`
	made := d.call("POST", "/api/v1/events", `{"data":`+data+`,"occurred_at":"2026-05-01T09:00:00+02:00","\u0074ype":"release.published","id":"order:7@x"}`).is(202)
	require.Equal(t, map[string]any{"id": "order:7@x", "deliveries": json.Number("1")}, made)

	a := d.call("GET", "/api/v1/events/order:7@x", "")
	got := a.is(200)
	require.Contains(t, a.body, `"data":`+data+`}`, "promise 4: the bytes that came in")
	require.Equal(t, "release.published", got["type"])
	require.Equal(t, "2026-05-01T07:00:00Z", got["occurred_at"])
	require.Equal(t, false, got["test"])
	require.Nil(t, got["idempotency_key"])
	delivery := got["deliveries"].([]any)[0].(map[string]any)
	require.Equal(t, hook, delivery["webhook_id"])
	require.Equal(t, "pending", delivery["state"])
	require.Equal(t, "order:7@x", delivery["event_id"])
}

func TestEventAtTheEpochKeepsItsTime(t *testing.T) {
	d := newDesk(t)
	id := d.publish(`{"type":"release.published","data":{},"occurred_at":"1970-01-01T00:00:00Z"}`)
	require.Equal(t, "1970-01-01T00:00:00Z", d.call("GET", "/api/v1/events/"+id, "").is(200)["occurred_at"])
}

func TestRepeatedEventGetsTheFirstAnswerOr409(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	withID := `{"type":"release.published","data":{"n":1},"id":"a-1"}`
	first := d.call("POST", "/api/v1/events", withID).is(202)
	d.webhook("https://example.com/second") // would get the event, were it new
	require.Equal(t, first, d.call("POST", "/api/v1/events", withID).is(202))
	d.call("POST", "/api/v1/events", `{"type":"release.published","data":{"n":2},"id":"a-1"}`).problem(409)

	first = d.call("POST", "/api/v1/events", anEvent, "Idempotency-Key", "key-1").is(202)
	require.Equal(t, first, d.call("POST", "/api/v1/events", anEvent, "Idempotency-Key", "key-1").is(202))
	require.Equal(t, "key-1", d.call("GET", "/api/v1/events/"+first["id"].(string), "").is(200)["idempotency_key"])
	require.Equal(t, 3, d.counts()["deliveries"])
}

// Trust: test 12, idempotent ingest under a 100-way race.
func TestRaceOfOneIDMakesOneEvent(t *testing.T) {
	for name, body := range map[string]string{"id": `{"type":"release.published","data":{"n":1},"id":"raced"}`, "key": anEvent} {
		t.Run(name, func(t *testing.T) {
			d := newDelivering(t)
			d.webhook(receiver(t, okay))
			answers := make([]string, 100)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() {
					a, err := d.try("POST", "/api/v1/events", strings.NewReader(body), "Idempotency-Key", map[string]string{"key": "raced"}[name])
					if err != nil || a.status != 202 {
						a.body = fmt.Sprint(err, a.status, a.body)
					}
					answers[i] = a.body
				})
			}
			wg.Wait()
			for _, a := range answers {
				require.Equal(t, answers[0], a)
			}
			require.Contains(t, answers[0], `"deliveries":1}`)
			require.Equal(t, 1, d.counts()["deliveries"])
		})
	}
}

func TestBatchAnswersInOrderAndKeepsTheGoodOnes(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	huge := `{"type":"release.published","data":{"x":"` + strings.Repeat("x", models.MaxEventBytes) + `"}}`
	a := d.call("POST", "/api/v1/events/batch", `{"events":[`+strings.Join([]string{
		anEvent, `{"type":"no.such","data":{}}`, `{"type":"release.published","data":[]}`, `7`, `{"type":"release.published","data":{},"nope":1}`,
		huge, `{"type":"release.published","data":{},"id":"same"}`, `{"type":"release.published","data":{"other":1},"id":"same"}`, anEvent,
	}, ",")+`]}`)
	results := a.is(202)["results"].([]any)
	require.Len(t, results, 9)
	for i, want := range []string{"", "422", "422", "422", "422", "413", "", "409", ""} {
		r := results[i].(map[string]any)
		if want == "" {
			require.NotEmpty(t, r["id"], "event %d", i)
			require.Equal(t, json.Number("1"), r["deliveries"])
			require.NotContains(t, r, "error")
			continue
		}
		fault := r["error"].(map[string]any)
		require.Equal(t, json.Number(want), fault["status"], "event %d: %v", i, fault)
		require.NotEmpty(t, fault["title"])
		require.NotEmpty(t, fault["detail"])
		require.NotContains(t, r, "id")
	}
	field := results[4].(map[string]any)["error"].(map[string]any)["errors"].([]any)[0].(map[string]any)["field"]
	require.Equal(t, "nope", field)
	require.Equal(t, 3, d.counts()["deliveries"])
}

func TestBatchRefusedAsAWhole(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	events := func(n int) string {
		return `{"events":[` + strings.TrimSuffix(strings.Repeat(anEvent+",", n), ",") + `]}`
	}
	for name, c := range map[string]struct {
		body   string
		status int
		field  string
	}{
		"no events":     {`{}`, 422, "events"},
		"empty":         {`{"events":[]}`, 422, "events"},
		"null":          {`{"events":null}`, 422, "events"},
		"not a list":    {`{"events":{}}`, 422, "events"},
		"unknown":       {`{"events":[` + anEvent + `],"more":1}`, 422, "more"},
		"too many":      {events(1001), 422, "events"},
		"broken":        {`{"events":[` + anEvent + `,{]}`, 400, ""},
		"cut":           {`{"events":[` + anEvent, 400, ""},
		"two documents": {events(1) + events(1), 400, ""},
		"twice":         {`{"events":[{"type":"release.published","data":{"a":1,"a":2}}]}`, 400, "events.0.data.a"},
	} {
		t.Run(name, func(t *testing.T) {
			_, fields := d.in(t).call("POST", "/api/v1/events/batch", c.body).problem(c.status)
			if c.field != "" {
				require.Contains(t, fields, c.field)
			}
		})
	}
	_, fields := d.call("POST", "/api/v1/events/batch", events(1), "Idempotency-Key", "k").problem(422)
	require.Contains(t, fields, "Idempotency-Key")
	require.Zero(t, d.counts()["deliveries"])
	require.Len(t, d.call("POST", "/api/v1/events/batch", events(1000)).is(202)["results"], 1000)
}
