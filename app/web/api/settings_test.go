package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// D7, B14: settings are read and changed over the API, each change is in the audit
// log, and what would break deliveries is refused.
func TestD7_SettingsByAPI(t *testing.T) {
	d := newDesk(t)
	v := d.call("PATCH", "/api/v1/settings", `{"site_name":"Northwind","site_domain":"northwind.example.com","retention":{"days":90,"body_days":14}}`).is(200)
	require.Equal(t, "Northwind", v["site_name"])
	got := d.call("GET", "/api/v1/settings", "").body
	require.Contains(t, got, `"retention":{"days":90,"body_days":14}`)
	require.Equal(t, got, d.call("PATCH", "/api/v1/settings", got).body, "a whole document may be sent back")
	entries := d.call("GET", "/api/v1/audit?action=settings", "").is(200)["data"].([]any)
	require.Len(t, entries, 1, "a save without a change is none")

	d.call("POST", "/api/v1/webhooks", `{"name":"Own header","url":"https://example.com","headers":[{"name":"X-Acme-Key","value":"1"}]}`).is(201)
	for body, says := range map[string][2]string{
		`{"header_prefix":"webhook"}`:                         {"header_prefix", "Standard Webhooks"},
		`{"header_prefix":"Proxy"}`:                           {"header_prefix", "connection"},
		`{"header_prefix":"X-Acme"}`:                          {"header_prefix", "Own header"},
		`{"header_prefix":"X Acme"}`:                          {"header_prefix", "letters, digits and hyphens"},
		`{"header_prefix":"X-A-"}`:                            {"header_prefix", "letters"},
		`{"header_prefix":"` + strings.Repeat("x", 65) + `"}`: {"header_prefix", "letters"},
		`{"site_domain":"https://example.com"}`:               {"site_domain", "domain alone"},
		`{"site_name":""}`:                                    {"site_name", "name"},
		`{"retention":{"days":-1}}`:                           {"retention.days", "0 to keep for ever"},
		`{"retention":{"days":4000}}`:                         {"retention.days", "3650"},
		`{"retention":{"body_days":91}}`:                      {"retention.body_days", "90 days at most"},
		`{"outgoing_addresses":["192.0.2.1"]}`:                {"outgoing_addresses", "operator"},
		`{"nonsense":1}`:                                      {"nonsense", "Known are"},
	} {
		_, fields := d.call("PATCH", "/api/v1/settings", body).problem(422)
		require.Contains(t, fields[says[0]], says[1], body)
	}
	require.Equal(t, got, d.call("GET", "/api/v1/settings", "").body)
	require.Equal(t, float64(0), 0.0+float64(len(d.call("PATCH", "/api/v1/settings", `{"retention":{"days":0,"body_days":0}}`).is(200)["outgoing_addresses"].([]any))))
}

// B10: what people and tokens do stands in the log, and no secret does.
func TestB10_AuditByAPI(t *testing.T) {
	d := newDesk(t)
	const secret = "canary-secret-value"
	id := d.call("POST", "/api/v1/webhooks", `{"name":"Orders","url":"https://example.com","signing":{"secret":"`+secret+`"},"headers":[{"name":"X-Key","value":"`+secret+`","secret":true}]}`).is(201)["id"].(string)
	d.call("PATCH", "/api/v1/webhooks/"+id, `{"name":"Orders"}`).is(200)
	d.call("PATCH", "/api/v1/webhooks/"+id, `{"enabled":false,"signing":{"secret":"`+secret+`2"}}`).is(200)
	d.call("POST", "/api/v1/event-types", `{"name":"a.b","category":"c"}`).is(201)
	d.call("DELETE", "/api/v1/event-types/a.b", "").is(204)
	d.call("DELETE", "/api/v1/event-types/a.b", "").is(204)
	d.call("PATCH", "/api/v1/webhooks/"+id, `{"enabled":true}`).is(200)
	d.publish(`{"type":"release.published","data":{}}`)
	delivery := d.call("GET", "/api/v1/deliveries", "").is(200)["data"].([]any)[0].(map[string]any)["id"].(string)
	d.call("POST", "/api/v1/deliveries/"+delivery+"/cancel", "").is(200)
	d.call("POST", "/api/v1/deliveries/"+delivery+"/retrigger", "").is(202)
	d.call("DELETE", "/api/v1/webhooks/"+id, "").is(204)

	all := d.call("GET", "/api/v1/audit", "")
	require.NotContains(t, all.body, "canary")
	actions := []string{}
	for _, e := range all.is(200)["data"].([]any) {
		actions = append(actions, e.(map[string]any)["action"].(string))
	}
	require.Equal(t, []string{
		"webhook.deleted", "delivery.retriggered", "delivery.cancelled", "webhook.updated", "event_type.archived", "event_type.created", "webhook.updated", "webhook.created", "token.created",
	}, actions)
	update := d.call("GET", "/api/v1/audit?action=webhook.updated&subject_id="+id, "").is(200)["data"].([]any)
	require.Len(t, update, 2)
	require.Equal(t, []any{
		map[string]any{"field": "enabled", "before": "true", "after": "false"},
		map[string]any{"field": "signing.secret", "before": "***", "after": "***"},
	}, update[1].(map[string]any)["changes"])
	first := d.call("GET", "/api/v1/audit?limit=2", "").is(200)
	second := d.call("GET", "/api/v1/audit?limit=2&cursor="+first["next_cursor"].(string), "").is(200)
	require.NotEqual(t, first["data"], second["data"])
	require.Empty(t, d.call("GET", "/api/v1/audit?q=no+such+name", "").is(200)["data"])
	d.call("GET", "/api/v1/audit?since=yesterday", "").problem(422)
}
