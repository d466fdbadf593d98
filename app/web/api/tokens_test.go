package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTokensAreShownOnceAndEndAtOnceB9(t *testing.T) {
	d := newDesk(t)
	a := d.call("POST", "/api/v1/tokens", `{"name":"CI","scopes":["events:write","events:read"],"expires_in":"90d"}`)
	made := a.is(201)
	clear := made["token"].(string)
	require.True(t, strings.HasPrefix(clear, "hl_"))
	expires, err := time.Parse(time.RFC3339, made["expires_at"].(string))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(90*24*time.Hour), expires, time.Minute)
	require.Equal(t, 202, d.call("POST", "/api/v1/events", anEvent, "Authorization", "Bearer "+clear).status)

	list := d.call("GET", "/api/v1/tokens", "")
	require.NotContains(t, list.body, clear)
	require.Len(t, list.is(200)["data"], 2)
	require.Equal(t, made["id"], list.is(200)["data"].([]any)[0].(map[string]any)["id"])

	require.Equal(t, 204, d.call("DELETE", "/api/v1/tokens/"+made["id"].(string), "").status)
	d.call("POST", "/api/v1/events", anEvent, "Authorization", "Bearer "+clear).problem(401)
	d.call("DELETE", "/api/v1/tokens/"+made["id"].(string), "").problem(404)

	forever := d.call("POST", "/api/v1/tokens", `{"name":"x","scopes":["admin"]}`).is(201)
	require.Nil(t, forever["expires_at"])
	require.Nil(t, forever["last_used_at"])
	until := d.call("POST", "/api/v1/tokens", `{"name":"x","scopes":["admin"],"expires_at":"2099-01-01T02:00:00+02:00"}`).is(201)
	require.Equal(t, "2099-01-01T00:00:00Z", until["expires_at"])
}

func TestBadTokensAreRefusedAndNothingIsStored(t *testing.T) {
	d := newDesk(t)
	before := d.counts()
	for body, field := range map[string]string{
		`{"scopes":["admin"]}`:                                                         "name",
		`{"name":"a\u0000","scopes":["admin"]}`:                                        "name",
		`{"name":"x"}`:                                                                 "scopes",
		`{"name":"x","scopes":[]}`:                                                     "scopes",
		`{"name":"x","scopes":null}`:                                                   "scopes",
		`{"name":"x","scopes":"admin"}`:                                                "scopes",
		`{"name":"x","scopes":[1]}`:                                                    "scopes.0",
		`{"name":"x","scopes":["admin,events:read"]}`:                                  "scopes",
		`{"name":"x","scopes":["admin"],"expires_in":"soon"}`:                          "expires_in",
		`{"name":"x","scopes":["admin"],"expires_in":90}`:                              "expires_in",
		`{"name":"x","scopes":["admin"],"expires_in":"0d"}`:                            "expires_in",
		`{"name":"x","scopes":["admin"],"expires_in":"-1d"}`:                           "expires_in",
		`{"name":"x","scopes":["admin"],"expires_in":"d"}`:                             "expires_in",
		`{"name":"x","scopes":["admin"],"expires_in":"9223372036854775807w"}`:          "expires_in",
		`{"name":"x","scopes":["admin"],"expires_at":"2000-01-01T00:00:00Z"}`:          "expires_at",
		`{"name":"x","scopes":["admin"],"expires_at":"never"}`:                         "expires_at",
		`{"name":"x","scopes":["admin"],"expires_in":"1d","expires_at":"2099-01-01T"}`: "expires_in",
		`{"name":"x","scopes":["admin"],"token":"hl_mine"}`:                            "token",
	} {
		_, fields := d.call("POST", "/api/v1/tokens", body).problem(422)
		require.Contains(t, fields, field, body)
	}
	require.Equal(t, before, d.counts())
}
