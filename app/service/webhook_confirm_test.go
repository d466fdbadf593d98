package service_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// W4: what a token with webhooks:write alone makes gets nothing until its
// endpoint has sent the token back.
func TestW4_TheEndpointConfirms(t *testing.T) {
	r := apptest.NewReceiver(t)
	e := apptest.NewEngine(t, apptest.Options{})
	_, tok, err := e.Tokens.Create(t.Context(), apptest.System, "integration", []models.Scope{models.WebhooksWrite}, e.AddWebhook(t, target, nil).CreatedAt.AddDate(1, 0, 0))
	require.NoError(t, err)
	actor := models.Actor{Token: &tok}
	name, yes := "Mine", true
	create := func(answer http.HandlerFunc) (models.Webhook, string) {
		t.Helper()
		r.Answer(answer)
		saved, err := e.Webhooks.Create(t.Context(), actor, apptest.Draft(name, r.URL))
		require.NoError(t, err)
		got := r.Got()
		var sent struct{ Type, Token string }
		require.NoError(t, json.Unmarshal(got[len(got)-1].Body, &sent))
		require.Equal(t, "webhook.confirmation", sent.Type)
		require.Equal(t, sent.Token, got[len(got)-1].Header.Get("X-Hookline-Confirmation"))
		require.Empty(t, got[len(got)-1].Header.Get("X-Hmac-Signature"), "no secret is used before the endpoint agreed")
		return saved.Webhook, sent.Token
	}
	header := func(r *http.Request) string { return r.Header.Get("X-Hookline-Confirmation") }

	for how, answer := range map[string]http.HandlerFunc{
		"body":   func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, header(r)) },
		"member": func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, `{"ok":true,"token":%q}`, header(r)) },
		"header": func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X-Hookline-Confirmation", header(r)) },
	} {
		w, _ := create(answer)
		require.Equal(t, models.Active, w.State, how)
	}
	for how, answer := range map[string]http.HandlerFunc{
		"silent": func(http.ResponseWriter, *http.Request) {},
		"wrong":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "confirm_guess") },
		"failed": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); fmt.Fprint(w, header(r)) },
	} {
		w, token := create(answer)
		require.Equal(t, models.PendingConfirmation, w.State, how)
		require.False(t, w.Delivers())
		_, err = e.Webhooks.SetEnabled(t.Context(), actor, w.ID, true)
		require.NoError(t, err)
		require.Equal(t, models.PendingConfirmation, e.Store.Config().Webhook(w.ID).State, "the token cannot wake it")
		_, err = e.Webhooks.Test(t.Context(), actor, w.ID, service.TestInput{})
		require.Equal(t, models.Conflict, models.CodeOf(err))
		_, err = e.Webhooks.Confirm(t.Context(), actor, w.ID, "confirm_guess")
		require.Contains(t, fields(t, err), "token")

		again, err := e.Webhooks.SendConfirmation(t.Context(), actor, w.ID)
		require.NoError(t, err)
		require.Equal(t, models.PendingConfirmation, again.State)
		_, err = e.Webhooks.Confirm(t.Context(), actor, w.ID, token)
		require.Contains(t, fields(t, err), "token", "the first token counts no more")
		var sent struct{ Token string }
		got := r.Got()
		require.NoError(t, json.Unmarshal(got[len(got)-1].Body, &sent))
		confirmed, err := e.Webhooks.Confirm(t.Context(), actor, w.ID, sent.Token)
		require.NoError(t, err)
		require.True(t, confirmed.Delivers())
		_, err = e.Webhooks.SendConfirmation(t.Context(), actor, w.ID)
		require.Equal(t, models.Conflict, models.CodeOf(err))

		moved := r.URL + "/elsewhere"
		saved, err := e.Webhooks.Edit(t.Context(), actor, w.ID, func(d *service.WebhookDraft) {
			d.Settings.URL = moved
			d.Settings.Enabled, d.Wake = yes, true
		})
		require.NoError(t, err)
		require.Equal(t, models.PendingConfirmation, saved.Webhook.State, "another address has to agree too")
		woken, err := e.Webhooks.SetEnabled(t.Context(), apptest.System, w.ID, true)
		require.NoError(t, err)
		require.Equal(t, models.Active, woken.State, "somebody who may all may wake it")
	}
}
