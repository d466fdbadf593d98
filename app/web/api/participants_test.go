package api_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestD6_ParticipantsAreKeptByAPI(t *testing.T) {
	d := newDesk(t)
	made := d.call("POST", "/api/v1/participants", `{"email":"Sam@Example.com","identifiers":{"slack_user_id":"U1","a":"b"},"fields":{"n":1.0,"big":123456789012345678901234567890,"city": {"name":"Bern","zip":null}}}`)
	id := made.is(201)["id"].(string)
	require.Equal(t, "/api/v1/participants/"+id, made.header.Get("Location"))
	require.Contains(t, made.body, `"fields":{"n":1.0,"big":123456789012345678901234567890,"city": {"name":"Bern","zip":null}}`, "byte for byte")
	require.Equal(t, made.body, d.call("GET", "/api/v1/participants/"+id, "").body)

	detail, _ := d.call("POST", "/api/v1/participants", `{"email":"sam@example.COM"}`).problem(409)
	require.Contains(t, detail, id)
	other := d.call("POST", "/api/v1/participants", `{}`).is(201)
	require.Nil(t, other["email"])
	require.Equal(t, map[string]any{}, other["fields"])
	detail, _ = d.call("PATCH", "/api/v1/participants/"+other["id"].(string), `{"email":"SAM@example.com"}`).problem(409)
	require.Contains(t, detail, id)

	v := d.call("PATCH", "/api/v1/participants/"+id, `{"identifiers":{"a":null},"fields":{"city":{"zip":"3000"},"n":null}}`)
	require.Contains(t, v.body, `"fields":{"big":123456789012345678901234567890,"city":{"name":"Bern","zip":"3000"}}`)
	require.Equal(t, map[string]any{"slack_user_id": "U1"}, v.is(200)["identifiers"])
	require.Equal(t, v.body, d.call("PATCH", "/api/v1/participants/"+id, `{"fields":{"n":null}}`).body, "nothing changed, not even the time")
	v = d.call("PATCH", "/api/v1/participants/"+id, `{"email":null,"fields":null}`)
	require.Equal(t, map[string]any{}, v.is(200)["fields"])
	require.Nil(t, v.is(200)["email"])

	for q, want := range map[string]int{"": 2, id: 1, "u1": 1, "sam": 0, "par_" + noID: 0, "%": 0} {
		require.Len(t, d.call("GET", "/api/v1/participants?q="+url.QueryEscape(q), "").is(200)["data"], want, q)
	}
	require.Equal(t, 204, d.call("DELETE", "/api/v1/participants/"+id, "").status)
	d.call("GET", "/api/v1/participants/"+id, "").problem(404)
}

func TestBadParticipantsAreRefused(t *testing.T) {
	d := newDesk(t)
	for body, field := range map[string]string{
		`{"email":"x"}`: "email", `{"email":7}`: "email", `{"fields":[]}`: "fields", `{"fields":"x"}`: "fields", `{"identifiers":{"a":1}}`: "identifiers.a",
		`{"identifiers":[]}`: "identifiers", `{"name":"x"}`: "name", `{"id":"par_` + noID + `"}`: "id", `{"fields":{"a":"` + strings.Repeat("x", models.MaxParticipantBytes) + `"}}`: "fields",
	} {
		_, fields := d.call("POST", "/api/v1/participants", body).problem(422)
		require.Contains(t, fields, field, body)
	}
	d.call("POST", "/api/v1/participants", `{"fields":`+nest(64)+`}`).problem(400)
	d.call("POST", "/api/v1/participants", `{"fields":{"a":{"b":1,"b":2}}}`).problem(400)
	require.Zero(t, d.counts()["participants"])
}

// H5: the event has the participant as they were, and a repeat the first answer.
func TestH5_EventsNameParticipants(t *testing.T) {
	d := newDesk(t)
	event := `{"type":"release.published","id":"r-1","data":{},"participant":{"email":"sam@example.com","identifiers":{"slack_user_id":"U1"},"fields":{"first_name":"Sam","last_name":"Lee","n":1.0}}}`
	d.publish(event)
	d.publish(event)
	got := d.call("GET", "/api/v1/events/r-1", "")
	who := got.is(200)["participant"].(map[string]any)
	require.Contains(t, got.body, `"contact":{"id":"`+who["id"].(string)+`","email":"sam@example.com","identifiers":{"slack_user_id":"U1"},"full_name":"Sam Lee","first_name":"Sam","last_name":"Lee","n":1.0}`)
	d.call("POST", "/api/v1/events", strings.Replace(event, "Sam", "Tom", 1)).problem(409)
	d.call("POST", "/api/v1/events", strings.Replace(event, "sam@example.com", "SAM@example.com", 1)).is(202) // the same person

	batch := d.call("POST", "/api/v1/events/batch", `{"events":[`+strings.Join([]string{
		`{"type":"release.published","id":"b-1","data":{},"participant":{"id":"` + who["id"].(string) + `","fields":{"n":2}}}`,
		`{"type":"release.published","id":"b-2","data":{},"participant":{"id":"par_` + noID + `"}}`,
		`{"type":"release.published","id":"b-3","data":{},"participant":{}}`,
		`{"type":"release.published","id":"b-4","data":{}}`,
	}, ",")+`]}`).is(202)["results"].([]any)
	for i, wrong := range []bool{false, true, true, false} {
		_, has := batch[i].(map[string]any)["error"]
		require.Equal(t, wrong, has, i)
	}
	require.Nil(t, d.call("GET", "/api/v1/events/b-4", "").is(200)["participant"])
	require.Equal(t, json.Number("2"), d.call("GET", "/api/v1/participants/"+who["id"].(string), "").is(200)["fields"].(map[string]any)["n"])
	types := map[string]int{}
	for _, e := range d.call("GET", "/api/v1/events", "").is(200)["data"].([]any) {
		types[e.(map[string]any)["type"].(string)]++
	}
	require.Equal(t, map[string]int{"release.published": 3, "contact.created": 1, "contact.updated": 1}, types)
}
