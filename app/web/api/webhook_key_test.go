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
	require.Regexp(t, "^key_", rotated["secret"], "shown, this once")
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
