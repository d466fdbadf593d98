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

// confirmation creates webhooks as a token with webhooks:write alone.
type confirmation struct {
	*apptest.Engine
	receiver *apptest.Receiver
	actor    models.Actor
}

func newConfirmation(t *testing.T) confirmation {
	e := apptest.NewEngine(t, apptest.Options{})
	_, tok, err := e.Tokens.Create(t.Context(), apptest.System, "integration", []models.Scope{models.WebhooksWrite}, e.AddWebhook(t, target, nil).CreatedAt.AddDate(1, 0, 0))
	require.NoError(t, err)
	return confirmation{Engine: e, receiver: apptest.NewReceiver(t), actor: models.Actor{Token: &tok}}
}

// create saves a webhook whose endpoint answers so, and returns the webhook and the
// token that the endpoint got.
func (c confirmation) create(t *testing.T, answer http.HandlerFunc) (models.Webhook, string) {
	t.Helper()
	c.receiver.Answer(answer)
	saved, err := c.Webhooks.Create(t.Context(), c.actor, apptest.Draft("Mine", c.receiver.URL))
	require.NoError(t, err)
	got := c.receiver.Got()
	last := got[len(got)-1]
	require.Equal(t, c.sentToken(t), last.Header.Get("X-Hookline-Confirmation"))
	require.Empty(t, last.Header.Get("X-Hmac-Signature"), "no secret is used before the endpoint agreed")
	return saved.Webhook, c.sentToken(t)
}

// sentToken is the token in the last request to the endpoint.
func (c confirmation) sentToken(t *testing.T) string {
	t.Helper()
	got := c.receiver.Got()
	var sent struct{ Type, Token string }
	require.NoError(t, json.Unmarshal(got[len(got)-1].Body, &sent))
	require.Equal(t, "webhook.confirmation", sent.Type)
	return sent.Token
}

func confirmationHeader(r *http.Request) string { return r.Header.Get("X-Hookline-Confirmation") }

// W4: what a token with webhooks:write alone makes is active once its endpoint has
// sent the token back.
func TestW4_TheEndpointConfirms(t *testing.T) {
	c := newConfirmation(t)
	for how, answer := range map[string]http.HandlerFunc{
		"body": func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, confirmationHeader(r)) },
		"member": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"ok":true,"token":%q}`, confirmationHeader(r))
		},
		"header": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Hookline-Confirmation", confirmationHeader(r))
		},
	} {
		w, _ := c.create(t, answer)
		require.Equal(t, models.Active, w.State, how)
	}
}

// W4: a webhook whose endpoint does not send the token back gets nothing, until the
// token is entered by hand.
func TestW4_TheEndpointDoesNotConfirm(t *testing.T) {
	c := newConfirmation(t)
	for how, answer := range map[string]http.HandlerFunc{
		"silent": func(http.ResponseWriter, *http.Request) {},
		"wrong":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "confirm_guess") },
		"failed": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(500)
			fmt.Fprint(w, confirmationHeader(r))
		},
	} {
		t.Run(how, func(t *testing.T) {
			w, token := c.create(t, answer)
			c.staysPending(t, w)
			c.confirmByHand(t, w.ID, token)
			c.confirmAgainAfterMove(t, w.ID)
		})
	}
}

func (c confirmation) staysPending(t *testing.T, w models.Webhook) {
	t.Helper()
	require.Equal(t, models.PendingConfirmation, w.State)
	require.False(t, w.Delivers())
	_, err := c.Webhooks.SetEnabled(t.Context(), c.actor, w.ID, true)
	require.NoError(t, err)
	require.Equal(t, models.PendingConfirmation, c.Store.Config().Webhook(w.ID).State, "the token cannot wake it")
	_, err = c.Webhooks.Test(t.Context(), c.actor, w.ID, service.TestInput{})
	require.Equal(t, models.Conflict, models.CodeOf(err))
	_, err = c.Webhooks.Confirm(t.Context(), c.actor, w.ID, "confirm_guess")
	require.Contains(t, fields(t, err), "token")
}

func (c confirmation) confirmByHand(t *testing.T, webhook, firstToken string) {
	t.Helper()
	again, err := c.Webhooks.SendConfirmation(t.Context(), c.actor, webhook)
	require.NoError(t, err)
	require.Equal(t, models.PendingConfirmation, again.State)
	_, err = c.Webhooks.Confirm(t.Context(), c.actor, webhook, firstToken)
	require.Contains(t, fields(t, err), "token", "the first token counts no more")
	confirmed, err := c.Webhooks.Confirm(t.Context(), c.actor, webhook, c.sentToken(t))
	require.NoError(t, err)
	require.True(t, confirmed.Delivers())
	_, err = c.Webhooks.SendConfirmation(t.Context(), c.actor, webhook)
	require.Equal(t, models.Conflict, models.CodeOf(err))
}

func (c confirmation) confirmAgainAfterMove(t *testing.T, webhook string) {
	t.Helper()
	saved, err := c.Webhooks.Edit(t.Context(), c.actor, webhook, func(d *service.WebhookDraft) {
		d.Settings.URL = c.receiver.URL + "/elsewhere"
		d.Settings.Enabled, d.Wake = true, true
	})
	require.NoError(t, err)
	require.Equal(t, models.PendingConfirmation, saved.Webhook.State, "another address has to agree too")
	woken, err := c.Webhooks.SetEnabled(t.Context(), apptest.System, webhook, true)
	require.NoError(t, err)
	require.Equal(t, models.Active, woken.State, "an actor with every permission may wake the webhook")
}
