package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// Z8, B9: what the Permissions tab does, by calls.
func TestZ8_Grants(t *testing.T) {
	d := newDesk(t)
	hook, other := d.webhook("https://example.com/a"), d.webhook("https://example.com/b")
	pat, err := d.svc.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Member, "correct horse battery")
	require.NoError(t, err)
	team := models.Team{ID: "team_" + noID, Name: "Logistics", Members: []string{pat.ID}}
	require.NoError(t, d.store.CreateTeam(t.Context(), team))
	grants := "/api/v1/webhooks/" + hook + "/grants"

	g := d.call("PUT", grants+"/"+pat.ID, `{"level":"view"}`).is(200)
	require.Equal(t, "view", g["level"])
	require.Equal(t, "pat@example.com", g["user"].(map[string]any)["email"])
	require.Nil(t, g["team"])
	d.call("PUT", grants+"/"+team.ID, `{"level":"edit"}`).is(200)
	require.Len(t, d.call("GET", grants, "").is(200)["data"], 2)

	people := d.call("GET", "/api/v1/webhooks/"+hook+"/entitled", "").is(200)["data"].([]any)
	require.Len(t, people, 1)
	who := people[0].(map[string]any)
	require.Equal(t, "edit", who["can"])
	require.Equal(t, []any{
		map[string]any{"kind": "grant", "level": "view"},
		map[string]any{"kind": "team", "level": "edit", "team": map[string]any{"id": team.ID, "name": "Logistics"}},
	}, who["reasons"])

	_, fields := d.call("PUT", grants+"/"+pat.ID, `{"level":"boss"}`).problem(422)
	require.Contains(t, fields, "level")
	d.call("PUT", grants+"/"+pat.ID, `{"level":"edit","webhook_id":"x"}`).problem(422)
	d.call("DELETE", grants+"/"+pat.ID, "").is(204)
	d.call("DELETE", grants+"/"+pat.ID, "").problem(404)
	require.Len(t, d.call("GET", grants, "").is(200)["data"], 1)

	// Whatever names nothing, or something else, is not found.
	for _, holder := range []string{"usr_" + noID, "team_01kf2j7q8e5t9v3m6x0y4z1b2d", hook, "grt_" + noID, "x", "%00"} {
		d.call("PUT", grants+"/"+holder, `{"level":"view"}`).problem(404)
		d.call("DELETE", grants+"/"+holder, "").problem(404)
	}
	d.call("DELETE", "/api/v1/webhooks/"+other+"/grants/"+team.ID, "").problem(404)
	require.Len(t, d.call("GET", grants, "").is(200)["data"], 1)
}
