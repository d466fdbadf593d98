package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/models"
)

// H2: each kind goes in as the contract says, and comes out the same with *** for
// its secret; the whole answer may be sent back.
func TestH2_AuthRoundTrips(t *testing.T) {
	d := newDesk(t)
	for in, out := range map[string]string{
		`{"kind":"none"}`:                                         `{"kind":"none"}`,
		`{"kind":"bearer","token":"canary-1"}`:                    `{"kind":"bearer","token":"***"}`,
		`{"kind":"api_key","header":"X-Key","value":"canary 2"}`:  `{"kind":"api_key","header":"X-Key","value":"***"}`,
		`{"kind":"basic","username":"ada","password":"canary:é"}`: `{"kind":"basic","username":"ada","password":"***"}`,
		`{"kind":"basic_token","token":"Y2FuYXJ5"}`:               `{"kind":"basic_token","token":"***"}`,
		`{"kind":"oauth2","client_id":"c","client_secret":"canary","token_url":"https://auth.example.com/token","scope":"a b"}`: `{"kind":"oauth2","client_id":"c","client_secret":"***","token_url":"https://auth.example.com/token","scope":"a b"}`,
	} {
		made := d.call("POST", "/api/v1/webhooks", `{"name":"A","url":"https://example.com/","auth":`+in+`}`)
		path := "/api/v1/webhooks/" + made.is(201)["id"].(string)
		whole := d.call("GET", path, "")
		for _, a := range []answer{made, whole, d.call("PATCH", path, whole.body)} {
			require.NotContains(t, a.body, "canary")
			auth, err := json.Marshal(decoded(t, a)["auth"])
			require.NoError(t, err)
			require.JSONEq(t, out, string(auth), in)
		}
		before := d.secretOf(path)
		d.call("PATCH", path, `{"name":"B","auth":`+out+`}`).is(200)
		require.Equal(t, before, d.secretOf(path), "*** keeps it")
	}
}

func decoded(t *testing.T, a answer) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &v), a.body)
	return v
}

// secretOf is the sealed secret of a webhook's authentication.
func (d *desk) secretOf(path string) string {
	return string(d.store.Config().Webhook(path[len("/api/v1/webhooks/"):]).Auth.Secret)
}

// A merge patch changes what it names; another kind begins anew, and a stored
// secret does not go along.
func TestH2_AuthPatches(t *testing.T) {
	d := newDesk(t)
	path := "/api/v1/webhooks/" + d.call("POST", "/api/v1/webhooks", `{"name":"A","url":"https://example.com/","auth":{"kind":"basic","username":"ada","password":"canary"}}`).is(201)["id"].(string)
	auth := func(patch string) map[string]any {
		return d.call("PATCH", path, `{"auth":`+patch+`}`).is(200)["auth"].(map[string]any)
	}
	sealed := d.secretOf(path)
	require.Equal(t, map[string]any{"kind": "basic", "username": "bob", "password": "***"}, auth(`{"username":"bob"}`))
	require.Equal(t, sealed, d.secretOf(path))
	auth(`{"password":"canary-2"}`)
	require.NotEqual(t, sealed, d.secretOf(path))
	_, fields := d.call("PATCH", path, `{"auth":{"kind":"bearer"}}`).problem(422)
	require.Equal(t, "Enter the token.", fields["auth.token"])
	_, fields = d.call("PATCH", path, `{"auth":{"kind":"bearer","token":"***"}}`).problem(422)
	require.Contains(t, fields["auth.token"], "does not pass over to another kind")
	require.Equal(t, map[string]any{"kind": "none"}, auth(`null`))
	require.Empty(t, d.secretOf(path))

	id := d.call("POST", "/api/v1/oauth-connections", connectionBody).is(201)["id"].(string)
	own := `{"kind":"oauth2","client_id":"c","client_secret":"canary","token_url":"https://auth.example.com/token"}`
	require.Equal(t, "c", auth(own)["client_id"])
	require.Equal(t, map[string]any{"kind": "oauth2", "connection": id}, auth(`{"connection":"`+id+`"}`))
	require.Empty(t, d.secretOf(path))
	require.Equal(t, "c", auth(own)["client_id"])
}

const connectionBody = `{"name":"CRM","client_id":"acme","client_secret":"canary-oauth","token_url":"https://auth.example.com/token","scope":"orders"}`

// H2: the workspace's OAuth connections, whole.
func TestH2_OAuthConnections(t *testing.T) {
	d := newDesk(t)
	made := d.call("POST", "/api/v1/oauth-connections", connectionBody)
	c := made.is(201)
	path := "/api/v1/oauth-connections/" + c["id"].(string)
	require.Equal(t, path, made.header.Get("Location"))
	require.Equal(t, "***", c["client_secret"])
	whole := d.call("GET", path, "")
	require.Equal(t, c, whole.is(200))
	require.Equal(t, c["name"], d.call("PATCH", path, whole.body).is(200)["name"], "the whole answer may be sent back")
	require.Equal(t, "Sales", d.call("PATCH", path, `{"name":"Sales","scope":null}`).is(200)["name"])

	for body, field := range map[string]string{
		`{"name":"sales","client_id":"a","client_secret":"s","token_url":"https://a.example.com/"}`:   "name",
		`{"name":"B","client_id":"","client_secret":"s","token_url":"https://a.example.com/"}`:        "client_id",
		`{"name":"B","client_id":"a","client_secret":"***","token_url":"https://a.example.com/"}`:     "client_secret",
		`{"name":"B","client_id":"a","client_secret":"a\nb","token_url":"https://a.example.com/"}`:    "client_secret",
		`{"name":"B","client_id":"a","client_secret":"s","token_url":"http://169.254.169.254/"}`:      "token_url",
		`{"name":"B","client_id":"a","client_secret":"s","token_url":"https://a.example.com/","x":1}`: "x",
	} {
		_, fields := d.call("POST", "/api/v1/oauth-connections", body).problem(422)
		require.Contains(t, fields, field, body)
	}

	hook := d.call("POST", "/api/v1/webhooks", `{"name":"Orders","url":"https://example.com/","auth":{"kind":"oauth2","connection":"`+c["id"].(string)+`"}}`).is(201)["id"].(string)
	require.Equal(t, []any{map[string]any{"id": hook, "name": "Orders"}}, d.call("GET", path, "").is(200)["used_by"])
	detail, _ := d.call("DELETE", path, "").problem(409)
	require.Contains(t, detail, "in use by Orders")
	d.call("PATCH", "/api/v1/webhooks/"+hook, `{"auth":null}`).is(200)
	d.call("DELETE", path, "").is(204)
	d.call("GET", path, "").problem(404)
	require.Empty(t, d.call("GET", "/api/v1/oauth-connections", "").is(200)["data"])
	audit := d.call("GET", "/api/v1/audit", "")
	require.Contains(t, audit.body, "oauth_connection.deleted")
	require.NotContains(t, audit.body, "canary")
}

// The test call fetches a token, and never shows it.
func TestH2_OAuthConnectionTest(t *testing.T) {
	d := newDesk(t)
	tokens := apptest.NewTokenServer(t)
	path := "/api/v1/oauth-connections/" + d.call("POST", "/api/v1/oauth-connections",
		`{"name":"CRM","client_id":"acme","client_secret":"`+tokens.Secret+`","token_url":"`+tokens.URL+`"}`).is(201)["id"].(string)
	a := d.call("POST", path+"/test", "")
	good := a.is(200)
	require.Equal(t, true, good["ok"])
	require.Equal(t, json.Number("3540"), good["expires_in"])
	require.NotContains(t, a.body, "access-token")
	tokens.Rotate("another")
	bad := d.call("POST", path+"/test", "").is(200)
	require.Equal(t, false, bad["ok"])
	require.Equal(t, "token_invalid_client", bad["cause"])
	require.Equal(t, "The token server answered 401 Unauthorized (invalid_client).", bad["error"])
	require.Contains(t, bad["diagnosis"].(map[string]any)["advice"], "Check client id and client secret")
	tokens.Answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) })
	require.Equal(t, "token_not_json", d.call("POST", path+"/test", "").is(200)["cause"])
}

// An actor that may not move secrets cannot have the workspace's tokens sent anywhere.
func TestH2_LimitedTokenCannotUseAConnection(t *testing.T) {
	d := newDesk(t)
	id := d.call("POST", "/api/v1/oauth-connections", connectionBody).is(201)["id"].(string)
	limited := []string{"Authorization", "Bearer " + d.token(models.WebhooksWrite)}
	_, fields := d.call("POST", "/api/v1/webhooks", `{"name":"Mine","url":"https://mine.example.com/","auth":{"kind":"oauth2","connection":"`+id+`"}}`, limited...).problem(422)
	require.Contains(t, fields["auth.connection"], "Only owners")
	d.call("GET", "/api/v1/oauth-connections", "", limited...).problem(403)
}
