package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestI14_PresetsOverTheAPI(t *testing.T) {
	d := newDesk(t)
	reader := []string{"Authorization", "Bearer " + d.token(models.WebhooksRead)}
	list := d.call("GET", "/api/v1/presets", "", reader...).is(200)["data"].([]any)
	require.Len(t, list, 8)
	slack := d.call("GET", "/api/v1/presets/slack", "", reader...).is(200)
	require.Equal(t, "Slack", slack["name"])
	require.Len(t, slack["fields"], 2)
	d.call("GET", "/api/v1/presets/nosuch", "", reader...).problem(404)
	d.call("POST", "/api/v1/presets/nosuch/apply", "{}", reader...).problem(404)

	_, faults := d.call("POST", "/api/v1/presets/slack/apply", `{"answers":{"url":"https://example.com/","title":"a\nb","x":"y"}}`, reader...).problem(422)
	require.Contains(t, faults["answers.url"], "hooks.slack.com")
	require.Contains(t, faults["answers.title"], "one line")
	require.Contains(t, faults["answers.x"], "Leave it out")
	_, faults = d.call("POST", "/api/v1/presets/slack/apply", `{}`, reader...).problem(422)
	require.Contains(t, faults["answers.url"], "Give the URL")
	d.call("POST", "/api/v1/presets/slack/apply", `{"answer":{}}`, reader...).problem(422)
}

// POST /webhooks takes the answer of apply as it stands.
func TestI14_APresetsWebhookCanBeCreated(t *testing.T) {
	d := newDesk(t)
	for id, answers := range map[string]string{
		"custom":  `{"url":"https://example.com/hooks"}`,
		"slack":   `{"url":"https://hooks.slack.com/services/T0/B0/x","title":"It is \"out\" {{data}}"}`,
		"discord": `{"url":"https://discord.com/api/webhooks/1/x","username":"Ops","colour":"#3d4fd6"}`,
	} {
		a := d.call("POST", "/api/v1/presets/"+id+"/apply", `{"answers":`+answers+`}`)
		a.is(200)
		made := d.call("POST", "/api/v1/webhooks", a.body).is(201)
		var sent, got map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(a.body), &sent))
		require.NoError(t, json.Unmarshal([]byte(d.call("GET", "/api/v1/webhooks/"+made["id"].(string), "").body), &got))
		for _, member := range []string{"name", "method", "url", "headers", "params", "auth", "body", "retry", "timeout_ms", "rate_limit"} {
			require.JSONEq(t, string(sent[member]), string(got[member]), id+" "+member)
		}
	}
	// A secret is no answer: it is asked for where secrets are entered.
	a := d.call("POST", "/api/v1/presets/inkit/apply", `{"answers":{"template_id":"tmpl_1"}}`)
	_, faults := d.call("POST", "/api/v1/webhooks", strings.Replace(a.body, `"name":"Inkit"`, `"name":"Letters"`, 1)).problem(422)
	require.NotEmpty(t, faults)
	for field := range faults {
		require.Contains(t, field, "auth")
	}
}
