package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// member names and values that some call knows, so that random documents get
// past the first check now and then.
var (
	knownNames = []string{
		"type", "data", "id", "occurred_at", "participant", "email", "fields", "identifiers", "events", "name", "url", "description", "enabled", "state", "method", "headers", "value", "secret", "params", "auth", "kind",
		"body", "format", "signing", "jwt", "hmac", "standard", "retry", "preset", "attempts", "delays_ms", "retry_on", "timeout_ms", "rate_limit", "per_second", "subscriptions", "all",
		"categories", "types", "filter", "category", "title", "sample", "archived", "scopes", "expires_in", "expires_at", "new_id", "event_type", "nope", "", "~/", "a.b",
	}
	knownValues = []string{
		`"release.published"`, `"form.submitted"`, `"releases"`, `"a.b"`, `"https://example.com/"`, `"http://[::1]:99999/"`, `"custom"`, `"quick"`, `"none"`, `"site"`, `"json"`,
		`"***"`, `"GET"`, `"5xx"`, `"admin"`, `"events:read"`, `"90d"`, `"2099-01-01T00:00:00Z"`, `"0000-01-01T00:00:00+23:59"`, `"x-a"`, `"Host"`, `"\u0000"`, `"\ud83d\ude00"`,
		`"ü\r\n"`, `""`, `0`, `-1`, `1`, `3`, `1.5`, `1e400`, `18446744073709551616`, `10000`, `true`, `false`, `null`, `{}`, `[]`, `[[]]`, `{"kind":"none"}`, "\"\xff\"", `nope`, `"`,
	}
	calls = []string{
		"POST /events", "POST /events/batch", "POST /event-types", "PUT /event-types/a.b", "POST /webhooks", "PATCH /webhooks/%HOOK%", "POST /webhooks/%HOOK%/duplicate",
		"POST /deliveries/%DELIVERY%/retrigger", "POST /deliveries/%DELIVERY%/cancel", "POST /tokens", "GET /deliveries", "GET /webhooks", "GET /events/%EVENT%", "POST /participants", "GET /participants",
	}
	queryNames = []string{"limit", "cursor", "webhook_id", "state", "event_type", "status", "since", "until", "q", "event_id"}
)

func value(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		switch {
		case kind == 0 && depth > 0:
			return "[" + strings.Join(rapid.SliceOfN(value(depth-1), 0, 3).Draw(t, "list"), ",") + "]"
		case kind <= 2 && depth > 0:
			return object(depth-1).Draw(t, "object")
		case kind == 3:
			text, _ := json.Marshal(rapid.String().Draw(t, "text"))
			return string(text)
		}
		return rapid.SampledFrom(knownValues).Draw(t, "known")
	})
}

func object(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var members []string
		for range rapid.IntRange(0, 6).Draw(t, "members") {
			name, _ := json.Marshal(rapid.SampledFrom(knownNames).Draw(t, "name"))
			members = append(members, string(name)+":"+value(depth).Draw(t, "value"))
		}
		return "{" + strings.Join(members, ",") + "}"
	})
}

var escape = strings.NewReplacer("%", "%25", " ", "%20", "&", "%26", "#", "%23", "+", "%2B", "\x00", "%00", "\n", "%0A", "\r", "%0D", "\t", "%09", "\x7f", "%7F")

// No input gets a 500, and every refusal is a problem document.
func TestNoInputGetsA500(t *testing.T) {
	d := newDesk(t)
	hook := d.webhook("https://example.com/hooks")
	event := d.publish(anEvent)
	places := strings.NewReplacer("%HOOK%", hook, "%EVENT%", event, "%DELIVERY%", d.deliveryOf(event))
	rapid.Check(t, func(rt *rapid.T) {
		method, path, _ := strings.Cut(places.Replace(rapid.SampledFrom(calls).Draw(rt, "call")), " ")
		body := object(3).Draw(rt, "body")
		if rapid.IntRange(0, 9).Draw(rt, "raw") == 0 {
			body = rapid.StringN(0, 40, -1).Draw(rt, "rubbish")
		}
		var query []string
		for range rapid.IntRange(0, 2).Draw(rt, "parameters") {
			query = append(query, rapid.SampledFrom(queryNames).Draw(rt, "parameter")+"="+escape.Replace(strings.Trim(value(0).Draw(rt, "value"), `"`)))
		}
		a, err := d.try(method, "/api/v1"+path+"?"+strings.Join(query, "&"), strings.NewReader(body))
		if err != nil {
			rt.Fatalf("%s %s: %v", method, path, err)
		}
		if a.status >= 500 {
			rt.Fatalf("%s %s %s: %d %s\n%s", method, path, body, a.status, a.body, d.log.String())
		}
		if a.status >= 400 && a.header.Get("Content-Type") != "application/problem+json" {
			rt.Fatalf("%s %s: %s", method, path, a.body)
		}
	})
}
