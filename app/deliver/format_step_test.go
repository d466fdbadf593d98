package deliver

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

// fromStep is the context of the document's example (seed 000).
const fromStep = `{"contact":{"id":"ptc_1","email":"ada@example.com","identifiers":{"doozy_user_id":"usr_abc","slack_user_id":"U01ABC","slack_team_id":"T01XYZ"},"city":"London"},` +
	`"workflow":{"id":"wf_123","name":"New Hire Onboarding"},"step":{"id":"step_789","title":"Provision laptop"},"instance":{"id":"inst_456"}}`

const documented = `{"event":"track.step.fired","delivery_id":"wf_123:inst_456:step_789","fired_at":"2026-06-23T09:30:00.000Z",` +
	`"workflow":{"id":"wf_123","name":"New Hire Onboarding"},"step":{"id":"step_789","title":"Provision laptop"},"instance":{"id":"inst_456"},` +
	`"user":{"doozy_user_id":"usr_abc","slack_user_id":"U01ABC","slack_team_id":"T01XYZ"}}`

func (b rig) stepInput(url string) Input {
	in := b.input(url)
	in.Event.Context, in.Event.OccurredAt = []byte(fromStep), time.Date(2026, 6, 23, 11, 30, 0, 123, time.FixedZone("", 7200))
	return in
}

// D6, D7: the document's body, byte for byte, and its delivery id in the headers
// that receivers key on; the same on every attempt.
func TestD6_StepPayloadIsTheDocuments(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	for _, format := range []models.BodyFormat{models.BodyStep, models.BodyAuto} {
		in := b.stepInput(server.URL)
		in.Webhook.Body.Format, in.Delivery.Test = format, true
		for range 2 {
			require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
			r := <-got
			require.Equal(t, documented, string(r.body))
			require.Equal(t, "wf_123:inst_456:step_789", r.header.Get("Idempotency-Key"))
			require.Equal(t, "wf_123:inst_456:step_789", r.header.Get("X-Hookline-Delivery-Id"))
			require.Equal(t, "evt_7", r.header.Get("X-Hookline-Event-Id"), "W7")
			require.Equal(t, "application/json", r.header.Get("Content-Type"))
			in.Delivery.Attempts++
		}
	}
}

func stepBody(in Input) string {
	body, _, _ := stepFormat(newRendering(&in))
	return string(body)
}

func TestD6_StepPayloadOfOtherEvents(t *testing.T) {
	in := Input{Delivery: models.Delivery{ID: "dlv_1"}, Event: models.Event{Type: "release.published", OccurredAt: noon, Data: []byte(`{"step":{"id":"no"}}`)}}
	const nothing = `{"event":"release.published","delivery_id":"dlv_1","fired_at":"2026-03-04T12:00:00.000Z","workflow":{"id":"","name":""},"step":{"id":"","title":""},"instance":{"id":""},"user":`
	require.Equal(t, nothing+"{}}", stepBody(in))
	in.Event.Context = []byte(`{"contact":{"identifiers":{"crm":"<7>"}}}`)
	require.Equal(t, nothing+`{"crm":"<7>"}}`, stepBody(in), "who it is about is known all the same")
	in.Event.Context = []byte(`{"workflow":7,"contact":[]}`)
	require.Equal(t, nothing+"{}}", stepBody(in), "a context of another shape")

	in.Event.Type, in.Event.Context = "track.step_fired", nil
	in.Event.Data = []byte(`{"track":{"id":"wf_123","name":"Onboarding"},"step":{"id":"step_789","title":""}}`)
	require.Equal(t, `{"event":"track.step.fired","delivery_id":"dlv_1","fired_at":"2026-03-04T12:00:00.000Z","workflow":{"id":"wf_123","name":"Onboarding"},`+
		`"step":{"id":"step_789","title":""},"instance":{"id":""},"user":{}}`, stepBody(in), "a test of the catalog's type")
}

func TestD6_OddNamesStayJSON(t *testing.T) {
	in := Input{Event: models.Event{OccurredAt: noon, Context: []byte(`{"workflow":{"id":12345,"name":"a\"b\\u2028</script>"},"step":{"id":null},"instance":{"id":"i"}}`)}}
	require.Contains(t, stepBody(in), `"delivery_id":"12345:i:"`)
	require.Contains(t, stepBody(in), `"workflow":{"id":"12345","name":"a\"b\\u2028</script>"},"step":{"id":"","title":""}`)
}

// Without a step, auto is the site envelope; with a method that has no body, none.
func TestH1_AutoChooses(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	for method, want := range map[string]string{"POST": `{"title":`, "PATCH": `{"title":`, "PUT": `{"title":`, "GET": "", "DELETE": ""} {
		in := b.input(server.URL)
		in.Webhook.Method, in.Delivery.Test = method, true
		in.Event.Context = []byte(`{"contact":{"id":"ptc_1"}}`)
		require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
		r := <-got
		require.True(t, strings.HasPrefix(string(r.body), want), "%s: %s", method, r.body)
		require.Equal(t, want != "", len(r.body) > 0)
		require.Equal(t, want != "", r.header.Get("Content-Type") != "")
		verify(t, r.header.Get("X-Webhook-Secret"), testKey)
	}
}

// H1: a body that is configured is sent with GET and DELETE too.
func TestH1_ConfiguredBodyOfGetAndDelete(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	for _, method := range []string{"GET", "DELETE"} {
		in := b.input(server.URL)
		in.Webhook.Method, in.Delivery.Test = method, true
		in.Webhook.Body = models.Body{Format: models.BodyJSON, Template: `{"id":"{{data.a}}"}`}
		require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
		r := <-got
		require.Equal(t, method, r.method)
		require.Equal(t, `{"id":"<é\u00e9>"}`, string(r.body))
	}
}

func TestB3_None(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)
	in.Webhook.Body.Format = models.BodyNone
	in.Webhook.Signing.Key = b.seal(testKey, secret.SigningKey("wh_1"))
	require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
	r := <-got
	require.Empty(t, r.body)
	require.Empty(t, r.header.Get("Content-Type"))
	require.NotEmpty(t, r.header.Get("X-Hmac-Signature"), "of nothing")
}

// Standard Webhooks' body: the data's bytes are where they were (promise 4).
func TestB3_Standard(t *testing.T) {
	in := Input{Event: models.Event{Type: "release.published", OccurredAt: noon.Add(7 * time.Millisecond), Data: []byte(eventData)}}
	body, contentType, f := standardFormat(newRendering(&in))
	require.Nil(t, f)
	require.Equal(t, "application/json", contentType)
	require.Equal(t, `{"type":"release.published","timestamp":"2026-03-04T12:00:00.007Z","data":`+eventData+`}`, string(body))
	in.Event.Data = nil
	body, _, _ = standardFormat(newRendering(&in))
	require.Equal(t, `{"type":"release.published","timestamp":"2026-03-04T12:00:00.007Z","data":{}}`, string(body))
}
