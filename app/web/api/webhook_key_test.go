package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestB1_RotateAndRestoreSecret(t *testing.T) {
	d := newDesk(t)
	hook := d.call("POST", "/api/v1/webhooks", `{"name":"A","url":"https://example.com/"}`).is(201)
	path := "/api/v1/webhooks/" + hook["id"].(string)
	signing := func(w map[string]any) map[string]any { return w["signing"].(map[string]any) }

	rotated := signing(d.call("POST", path+"/rotate-secret", `{"overlap_seconds":3600}`).is(200))
	require.Regexp(t, "^whsec_", rotated["secret"], "shown, this once")
	require.NotEmpty(t, rotated["old_secret_until"])
	seen := d.call("GET", path, "").is(200)
	require.Equal(t, "***", signing(seen)["secret"])
	d.call("POST", path+"/restore-secret", "").is(200)

	require.NotContains(t, signing(d.call("POST", path+"/rotate-secret", "").is(200)), "old_secret_until", "no overlap unless asked for")
	d.call("POST", path+"/restore-secret", "").problem(409)
	d.call("POST", path+"/rotate-secret", `{"secret":"short"}`).problem(422)
	d.call("POST", path+"/rotate-secret", `{"secret":"***"}`).problem(422)
	d.call("POST", path+"/rotate-secret", `{"overlap_seconds":-1}`).problem(422)
	d.call("POST", path+"/rotate-secret", `{"overlap_seconds":99999999999999}`).problem(422)
	d.call("POST", path+"/rotate-secret", `{"secret":"a new signing key"}`).is(200)
}

// B1: standard is a member like jwt and hmac, and every way to a key works
// through the API alone.
func TestB1_StandardThroughTheAPI(t *testing.T) {
	d := newDesk(t)
	signing := func(w map[string]any) map[string]any { return w["signing"].(map[string]any) }
	made := d.call("POST", "/api/v1/webhooks", `{"name":"A","url":"https://example.com/","signing":{"jwt":false,"hmac":false,"standard":true}}`).is(201)
	require.Equal(t, true, signing(made)["standard"])
	require.Regexp(t, `^whsec_[A-Za-z0-9+/]{43}=$`, signing(made)["secret"], "shown, this once")
	path := "/api/v1/webhooks/" + made["id"].(string)
	whole := d.call("GET", path, "").body
	require.Equal(t, whole, d.call("PATCH", path, whole).body, "the whole answer may be sent back")
	require.Equal(t, map[string]any{"jwt": true, "hmac": true, "standard": false, "secret": "***"}, signing(d.call("PATCH", path, `{"signing":null}`).is(200)))

	d.call("PATCH", path, `{"signing":{"secret":"a key of my own"}}`).is(200)
	_, fields := d.call("PATCH", path, `{"signing":{"standard":true}}`).problem(422)
	require.Contains(t, fields["signing.secret"], "Generate a new key, or enter one")
	d.call("POST", path+"/rotate-secret", `{"overlap_seconds":60}`).is(200)
	d.call("PATCH", path, `{"signing":{"standard":true}}`).is(200)
	d.call("POST", path+"/restore-secret", "").problem(409)
	_, fields = d.call("POST", path+"/rotate-secret", `{"secret":"a key of my own"}`).problem(422)
	require.Contains(t, fields["secret"], "whsec_")
	d.call("PATCH", path, `{"signing":{"standard":false,"secret":"a key of my own"}}`).is(200)
}
