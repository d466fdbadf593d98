package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// B12: the code of the Details page, by language, for the webhook's signatures and
// the workspace's header prefix.
func TestB12_SnippetsThroughTheAPI(t *testing.T) {
	d := newDesk(t)
	hook := d.call("POST", "/api/v1/webhooks", `{"name":"A","url":"https://example.com/","signing":{"jwt":false,"standard":true}}`).is(201)
	path := "/api/v1/webhooks/" + hook["id"].(string)
	d.call("PATCH", "/api/v1/settings", `{"site_name":"Acme","site_domain":"acme.example","header_prefix":"X-Acme"}`).is(200)
	code := d.call("GET", path+"/snippets", "").is(200)
	require.Len(t, code, 5)
	for _, language := range []string{"go", "node", "python", "php", "ruby"} {
		require.Regexp(t, `(?i)x.acme.event`, code[language])
		require.Regexp(t, `(?i)webhook.signature`, code[language])
		require.Regexp(t, `(?i)x.hmac.signature`, code[language])
		require.NotRegexp(t, `(?i)body_sha256`, code[language], "the token is off")
	}
	d.call("PATCH", path, `{"signing":{"hmac":false,"standard":false}}`).is(200)
	require.Empty(t, d.call("GET", path+"/snippets", "").is(200))
	d.call("GET", "/api/v1/webhooks/wh_01kf2j7q8e5t9v3m6x0y4z1b2c/snippets", "").problem(404)
}
