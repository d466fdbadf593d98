package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
	"hookline/models"
)

// B13: what one node answered, every other knows at once: a webhook made there is
// read, changed and deleted here, and a token revoked there opens nothing here. No
// node here looks for changes by itself.
func TestB13_CallsHeedChangesOfOtherNodes(t *testing.T) {
	database := pgtest.New(t)
	here, there := newDeskOn(t, database, false), newDeskOn(t, database, false)
	revoked := here.token(models.WebhooksRead)
	there.call("GET", "/api/v1/webhooks", "", "Authorization", "Bearer "+revoked).is(200)

	made := here.call("POST", "/api/v1/webhooks", `{"name":"orders","url":"https://example.com/in"}`).is(201)
	path := "/api/v1/webhooks/" + made["id"].(string)
	there.call("PATCH", path, `{"name":"renamed"}`).is(200)
	require.Equal(t, "renamed", here.call("GET", path, "").is(200)["name"])
	require.Equal(t, 204, here.call("DELETE", path, "").status)
	there.call("GET", path, "").problem(404)

	tokens := here.call("GET", "/api/v1/tokens", "").is(200)["data"].([]any)
	for _, token := range tokens {
		if scopes := token.(map[string]any)["scopes"].([]any); scopes[0] == string(models.WebhooksRead) {
			require.Equal(t, 204, here.call("DELETE", "/api/v1/tokens/"+token.(map[string]any)["id"].(string), "").status)
		}
	}
	there.call("GET", "/api/v1/webhooks", "", "Authorization", "Bearer "+revoked).problem(401)
}
