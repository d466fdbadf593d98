package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/service/account"
	"hookline/models"
)

const noID = "01kf2j7q8e5t9v3m6x0y4z1b2c"

// access is every call with the scopes that allow it, admin aside. A call of the
// OpenAPI document without a row here fails TestEveryCallIsInTheAccessTable.
var access = []struct {
	call   string
	scopes []models.Scope
}{
	{"POST /events", []models.Scope{models.EventsWrite}},
	{"POST /events/batch", []models.Scope{models.EventsWrite}},
	{"GET /events", []models.Scope{models.EventsRead}},
	{"GET /events/{id}", []models.Scope{models.EventsRead}},
	{"GET /event-types", []models.Scope{models.EventsWrite, models.EventsRead, models.WebhooksRead, models.WebhooksWrite}},
	{"POST /event-types", nil},
	{"GET /event-types/{name}", []models.Scope{models.EventsWrite, models.EventsRead, models.WebhooksRead, models.WebhooksWrite}},
	{"PUT /event-types/{name}", nil},
	{"DELETE /event-types/{name}", nil},
	{"PATCH /event-categories/{name}", nil},
	{"GET /presets", []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	{"GET /presets/{id}", []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	{"POST /presets/{id}/apply", []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	{"GET /webhooks", []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	{"POST /webhooks", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/preview", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/{id}/preview", []models.Scope{models.WebhooksWrite}},
	{"GET /webhooks/{id}", []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	{"PATCH /webhooks/{id}", []models.Scope{models.WebhooksWrite}},
	{"DELETE /webhooks/{id}", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/filter-test", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/{id}/duplicate", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/{id}/test", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/{id}/confirm", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/{id}/send-confirmation", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/{id}/rotate-secret", []models.Scope{models.WebhooksWrite}},
	{"POST /webhooks/{id}/restore-secret", []models.Scope{models.WebhooksWrite}},
	{"GET /webhooks/{id}/snippets", []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	{"GET /webhooks/{id}/grants", nil},
	{"PUT /webhooks/{id}/grants/{holder}", nil},
	{"DELETE /webhooks/{id}/grants/{holder}", nil},
	{"GET /webhooks/{id}/entitled", nil},
	{"GET /deliveries", []models.Scope{models.DeliveriesRead}},
	{"GET /deliveries/{id}", []models.Scope{models.DeliveriesRead}},
	{"POST /deliveries/{id}/retrigger", []models.Scope{models.DeliveriesWrite}},
	{"POST /deliveries/{id}/cancel", []models.Scope{models.DeliveriesWrite}},
	{"GET /stats", []models.Scope{models.WebhooksRead, models.WebhooksWrite, models.DeliveriesRead}},
	{"GET /queue", []models.Scope{models.WebhooksRead, models.WebhooksWrite, models.DeliveriesRead}},
	{"POST /deliveries/retrigger", []models.Scope{models.DeliveriesWrite}},
	{"POST /deliveries/cancel", []models.Scope{models.DeliveriesWrite}},
	{"GET /jobs", []models.Scope{models.DeliveriesRead}},
	{"GET /jobs/{id}", []models.Scope{models.DeliveriesRead}},
	{"POST /jobs/{id}/cancel", []models.Scope{models.DeliveriesWrite}},
	{"GET /captures", []models.Scope{models.WebhooksWrite}},
	{"POST /captures", []models.Scope{models.WebhooksWrite}},
	{"GET /captures/{id}", []models.Scope{models.WebhooksWrite}},
	{"PATCH /captures/{id}", []models.Scope{models.WebhooksWrite}},
	{"DELETE /captures/{id}", []models.Scope{models.WebhooksWrite}},
	{"POST /captures/{id}/rotate", []models.Scope{models.WebhooksWrite}},
	{"GET /captures/{id}/requests", []models.Scope{models.WebhooksWrite}},
	{"DELETE /captures/{id}/requests", []models.Scope{models.WebhooksWrite}},
	{"GET /captures/{id}/requests/{request_id}", []models.Scope{models.WebhooksWrite}},
	{"DELETE /captures/{id}/requests/{request_id}", []models.Scope{models.WebhooksWrite}},
	{"POST /captures/{id}/requests/{request_id}/replay", []models.Scope{models.WebhooksWrite}},
	{"GET /participants", []models.Scope{models.ParticipantsRead, models.ParticipantsWrite}},
	{"POST /participants", []models.Scope{models.ParticipantsWrite}},
	{"GET /participants/{id}", []models.Scope{models.ParticipantsRead, models.ParticipantsWrite}},
	{"PATCH /participants/{id}", []models.Scope{models.ParticipantsWrite}},
	{"DELETE /participants/{id}", []models.Scope{models.ParticipantsWrite}},
	{"GET /audit", nil},
	{"GET /settings", nil},
	{"PATCH /settings", nil},
	{"GET /tokens", nil},
	{"POST /tokens", nil},
	{"DELETE /tokens/{id}", nil},
	{"GET /users", nil},
	{"POST /users", nil},
	{"GET /users/{id}", nil},
	{"PATCH /users/{id}", nil},
	{"DELETE /users/{id}", nil},
	{"POST /users/{id}/password-link", nil},
	{"GET /users/{id}/sessions", nil},
	{"DELETE /users/{id}/sessions/{session}", nil},
	{"GET /invitations", nil},
	{"POST /invitations", nil},
	{"POST /invitations/{id}/renew", nil},
	{"DELETE /invitations/{id}", nil},
	{"GET /oauth-connections", nil},
	{"POST /oauth-connections", nil},
	{"GET /oauth-connections/{id}", nil},
	{"PATCH /oauth-connections/{id}", nil},
	{"DELETE /oauth-connections/{id}", nil},
	{"POST /oauth-connections/{id}/test", nil},
	{"GET /teams", nil},
	{"POST /teams", nil},
	{"GET /teams/{id}", nil},
	{"PATCH /teams/{id}", nil},
	{"DELETE /teams/{id}", nil},
}

// address fills a call's parameters with what does not exist.
func address(path string) string {
	prefix := models.DeliveryPrefix
	switch {
	case strings.HasPrefix(path, "/webhooks"):
		prefix = models.WebhookPrefix
	case strings.HasPrefix(path, "/captures"):
		prefix = models.CapturePrefix
	case strings.HasPrefix(path, "/participants"):
		prefix = models.ParticipantPrefix
	case strings.HasPrefix(path, "/jobs"):
		prefix = models.JobPrefix
	case strings.HasPrefix(path, "/tokens"):
		prefix = models.TokenPrefix
	case strings.HasPrefix(path, "/users"):
		prefix = models.UserPrefix
	case strings.HasPrefix(path, "/invitations"):
		prefix = models.InvitePrefix
	case strings.HasPrefix(path, "/oauth-connections"):
		prefix = models.OAuthPrefix
	case strings.HasPrefix(path, "/teams"):
		prefix = models.TeamPrefix
	}
	return "/api/v1" + strings.NewReplacer("{id}", prefix+"_"+noID, "{name}", "no.such", "{session}", models.SessionPrefix+"_"+noID, "{request_id}", models.CapturedPrefix+"_"+noID, "{holder}", models.UserPrefix+"_"+noID).Replace(path)
}

func TestEveryCallIsInTheAccessTable(t *testing.T) {
	documented := newDesk(t).call("GET", "/api/openapi.json", "").is(200)
	var calls, rows []string
	for path, item := range documented["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			calls = append(calls, strings.ToUpper(method)+" "+path)
		}
	}
	for _, row := range access {
		rows = append(rows, row.call)
	}
	slices.Sort(calls)
	slices.Sort(rows)
	require.Equal(t, rows, calls)
}

func TestScopesTimesCallsB9(t *testing.T) {
	d := newDesk(t)
	tokens := map[models.Scope]string{}
	for _, scope := range models.Scopes {
		tokens[scope] = d.token(scope)
	}
	for _, row := range access {
		method, path, _ := strings.Cut(row.call, " ")
		d.call(method, address(path), "", "Authorization", "").problem(401)
		for scope, token := range tokens {
			a := d.call(method, address(path), `{"bad":1}`, "Authorization", "Bearer "+token)
			if scope == models.Admin || slices.Contains(row.scopes, scope) {
				require.Contains(t, []int{200, 404, 422}, a.status, "%s with %s: %s", row.call, scope, a.body)
				continue
			}
			detail, _ := a.problem(403)
			for _, needed := range append(row.scopes, models.Admin) {
				require.Contains(t, detail, string(needed), row.call)
			}
		}
	}
}

func TestOnlyABearerTokenSignsIn(t *testing.T) {
	d := newDesk(t)
	expired, _, err := d.svc.Tokens.Create(t.Context(), models.Actor{System: true}, "short", []models.Scope{models.Admin}, time.Now().Add(time.Millisecond))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return d.call("GET", "/api/v1/tokens", "", "Authorization", "Bearer "+expired).status == 401
	}, 5*time.Second, time.Millisecond)
	for _, header := range []string{
		"", "Bearer", "Bearer ", "Basic " + d.admin, d.admin, "Bearer hl_", "Bearer hl_" + strings.Repeat("x", 5000), "Bearer x" + d.admin, "Bearer " + d.admin + "x", "Bearer " + d.admin[:20],
	} {
		a := d.call("GET", "/api/v1/tokens", "", "Authorization", header)
		a.problem(401)
		require.Equal(t, "Bearer", a.header.Get("WWW-Authenticate"))
		require.NotContains(t, a.body, d.admin)
	}
	require.Equal(t, 200, d.call("GET", "/api/v1/tokens", "", "Authorization", "bearer "+d.admin).status)
}

func TestSessionCookieCountsForNothing(t *testing.T) {
	d := newDesk(t)
	owner, err := d.svc.Accounts.Add(t.Context(), "o@example.com", "O", models.Owner, "correct horse battery")
	require.NoError(t, err)
	session, err := d.svc.Accounts.StartSession(t.Context(), owner, account.Visitor{Network: "192.0.2.1"})
	require.NoError(t, err)
	for _, cookie := range []string{"hookline", "__Host-hookline", "session"} {
		d.call("GET", "/api/v1/webhooks", "", "Authorization", "", "Cookie", cookie+"="+session.Token).problem(401)
		d.call("GET", "/api/v1/webhooks", "", "Authorization", "Bearer "+session.Token).problem(401)
	}
}

// W4: a token that may only write webhooks knows those it made, and no others.
func TestLimitedTokenSeesItsOwnWebhooksOnlyW4(t *testing.T) {
	d := newDesk(t)
	theirs := d.webhook("https://example.com/theirs")
	limited := []string{"Authorization", "Bearer " + d.token(models.WebhooksWrite, models.DeliveriesRead, models.DeliveriesWrite, models.EventsRead)}
	own := d.call("POST", "/api/v1/webhooks", `{"name":"Own","url":"https://example.com/own"}`, limited...).is(201)["id"].(string)
	require.Equal(t, "pending_confirmation", d.call("GET", "/api/v1/webhooks/"+own, "").is(200)["state"])
	d.call("PATCH", "/api/v1/webhooks/"+own, `{"enabled":true}`).is(200) // an admin need not wait for the endpoint
	event := d.publish(anEvent)

	list := d.call("GET", "/api/v1/webhooks", "", limited...).is(200)["data"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, own, list[0].(map[string]any)["id"])
	for _, c := range []string{"GET ", "PATCH ", "DELETE ", "POST /duplicate", "POST /test"} {
		method, rest, _ := strings.Cut(c, " ")
		d.call(method, "/api/v1/webhooks/"+theirs+rest, "{}", limited...).problem(404)
	}
	require.Len(t, d.call("GET", "/api/v1/deliveries", "", limited...).is(200)["data"], 1)
	require.Len(t, d.call("GET", "/api/v1/events/"+event, "", limited...).is(200)["deliveries"], 1)
	all := d.call("GET", "/api/v1/deliveries?webhook_id="+theirs, "").is(200)["data"].([]any)
	foreign := all[0].(map[string]any)["id"].(string)
	for _, c := range []string{"GET ", "POST /retrigger", "POST /cancel"} {
		method, rest, _ := strings.Cut(c, " ")
		d.call(method, "/api/v1/deliveries/"+foreign+rest, "", limited...).problem(404)
	}
}

// TestW4_ForeignObjectsAreNotFound asks every call that names a webhook or a
// delivery, as a token with every scope but admin that made neither: as if they
// were not there, or not for it at all. The rows of other things are the
// workspace's, and need admin or are the same for all.
func TestW4_ForeignObjectsAreNotFound(t *testing.T) {
	d := newDesk(t)
	hook := d.webhook("https://example.com/theirs")
	d.publish(anEvent)
	foreign := d.call("GET", "/api/v1/deliveries?webhook_id="+hook, "").is(200)["data"].([]any)[0].(map[string]any)["id"].(string)
	all := slices.DeleteFunc(slices.Clone(models.Scopes), func(s models.Scope) bool { return s == models.Admin })
	limited := []string{"Authorization", "Bearer " + d.token(all...)}
	for _, row := range access {
		method, path, _ := strings.Cut(row.call, " ")
		id := map[bool]string{true: hook, false: foreign}[strings.HasPrefix(path, "/webhooks/")]
		if !strings.HasPrefix(path, "/webhooks/{id}") && !strings.HasPrefix(path, "/deliveries/{id}") {
			continue
		}
		want := 404
		if row.scopes == nil {
			want = 403
		}
		d.call(method, strings.Replace(address(strings.Replace(path, "{id}", "ID", 1)), "ID", id, 1), validBody(path), limited...).problem(want)
		// Ids of other nouns name nothing, not even for an admin.
		for _, wrong := range []string{"evt_" + noID, "usr_" + noID, "1", "%27%20OR%201=1", strings.ToUpper(id)} {
			d.call(method, strings.Replace(address(strings.Replace(path, "{id}", "ID", 1)), "ID", wrong, 1), validBody(path)).problem(404)
		}
	}
	require.Equal(t, 200, d.call("GET", "/api/v1/webhooks/"+hook, "").status)
}

// validBody is one that a call would take, since some look at it first.
func validBody(path string) string {
	switch {
	case strings.Contains(path, "/grants/"):
		return `{"level":"view"}`
	case strings.HasSuffix(path, "/confirm"):
		return `{"token":"confirm_x"}`
	}
	return "{}"
}

func TestPanicIsAProblemWithoutInternals(t *testing.T) {
	d := newDesk(t)
	a := d.call("GET", "/api/v1/panic", "")
	v := a.is(http.StatusInternalServerError)
	a.problem(http.StatusInternalServerError)
	require.NotContains(t, a.body, "canary")
	require.NotContains(t, a.body, ".go")
	require.Contains(t, d.log.String(), "canary-of-a-panic")
	require.Contains(t, d.log.String(), v["request_id"].(string))
}
