package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// D4, promise 6: what was entered as a secret is in no answer and no log line.
func TestSecretsAreInNoAnswerD4(t *testing.T) {
	d := newDelivering(t)
	const header, key, bad = "canary-header-7f3a", "canary-signing-key-91bc", "canary-refused-5d02"
	echoing := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(append([]byte(r.Header.Get("X-Api-Key")+" "), body...))
	})
	document := `{"name":"S","url":"` + echoing + `","headers":[{"name":"X-Api-Key","value":"` + header + `","secret":true}],"signing":{"secret":"` + key + `"}}`
	made := d.call("POST", "/api/v1/webhooks", document)
	path := "/api/v1/webhooks/" + made.is(201)["id"].(string)
	delivery := "/api/v1/deliveries/" + d.deliveryOf(d.publish(anEvent))
	d.until(delivery, inState("succeeded"))

	answers := []answer{
		made,
		d.call("GET", path, ""), d.call("GET", "/api/v1/webhooks", ""),
		d.call("PATCH", path, `{"name":"T"}`),
		d.call("POST", path+"/duplicate", ""),
		d.call("POST", path+"/test", ""),
		d.call("GET", delivery, ""), d.call("GET", "/api/v1/deliveries", ""),
		d.call("POST", delivery+"/retrigger", ""),
		d.call("GET", "/api/v1/tokens", ""), d.call("GET", "/api/openapi.json", ""), d.call("GET", "/api/docs", ""),
		d.call("PATCH", path, `{"headers":[{"name":"X-Api-Key","value":"`+bad+`\n","secret":true}]}`),
		d.call("PATCH", path, `{"headers":[{"name":"X-Api-Key","value":["`+bad+`"],"secret":true}]}`),
		d.call("PATCH", path, `{"signing":{"secret":{"x":"`+bad+`"}}}`),
		d.call("PATCH", path, `{"signing":{"secret":"`+bad+`"`),
		d.call("PATCH", path, `{"auth":{"kind":"bearer","token":"x `+bad+`"}}`),
		d.call("POST", "/api/v1/events", `{"type":5,"data":{"password":"`+bad+`"}}`),
		d.call("GET", path, "", "Authorization", "Bearer "+bad),
	}
	for _, a := range answers {
		for _, secret := range []string{header, key, bad, d.admin} {
			require.NotContains(t, a.body, secret)
		}
	}
	for _, secret := range []string{header, key, bad, d.admin} {
		require.NotContains(t, d.log.String(), secret)
	}
	require.True(t, strings.Contains(answers[5].body, "***"), "what the receiver sent back is masked")
}

// D4: a secret cannot be read by turning its toggle off.
func TestSecretCannotTurnPlainD4(t *testing.T) {
	d := newDesk(t)
	id := d.call("POST", "/api/v1/webhooks", `{"name":"S","url":"https://example.com/","headers":[{"name":"X-Api-Key","value":"hush","secret":true}]}`).is(201)["id"].(string)
	for _, patch := range []string{`{"headers":[{"name":"X-Api-Key","value":"***","secret":false}]}`, `{"headers":[{"name":"X-Api-Key","value":"***"}]}`} {
		_, fields := d.call("PATCH", "/api/v1/webhooks/"+id, patch).problem(422)
		require.Contains(t, fields["headers.0.value"], "Enter the value again")
	}
}
