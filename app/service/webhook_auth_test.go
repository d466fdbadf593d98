package service_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

func auth(a models.AuthSettings) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) { d.Settings.Auth = a }
}

// H2, D4: the secret is kept by ***, changed by re-entering, and does not pass
// over to another kind.
func TestH2_D4_AuthSecrets(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	hook := e.AddWebhook(t, target, func(d *service.WebhookDraft) {
		d.Settings.Auth = models.AuthSettings{Kind: models.AuthBearer, Username: "left over", Token: "canary-1"}
	})
	require.Empty(t, hook.Auth.Username, "what the kind does not use is not kept")
	update := func(a models.AuthSettings) (models.Auth, error) {
		saved, err := e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, auth(a))
		return saved.Webhook.Auth, err
	}
	kept, err := update(models.AuthSettings{Kind: models.AuthBearer, Token: models.Mask})
	require.NoError(t, err)
	require.Equal(t, hook.Auth.Secret, kept.Secret)
	changed, err := update(models.AuthSettings{Kind: models.AuthBearer, Token: "canary-2"})
	require.NoError(t, err)
	require.NotEqual(t, kept.Secret, changed.Secret)
	for _, a := range []models.AuthSettings{{Kind: models.AuthBasicToken, Token: models.Mask}, {Kind: models.AuthBearer}, {Kind: models.AuthBearer, Token: "a b"}, {Kind: models.AuthBearer, Token: "a\n"}} {
		_, err = update(a)
		require.Contains(t, fields(t, err), "auth.token")
	}
	_, err = update(models.AuthSettings{Kind: "magic", Token: "x"})
	require.Contains(t, fields(t, err), "auth.kind")
	require.Equal(t, changed, e.Store.Config().Webhook(hook.ID).Auth)

	list, err := e.Audit.List(t.Context(), apptest.System, models.AuditFilter{}, models.PageRequest{})
	require.NoError(t, err)
	for _, entry := range list.Items {
		for _, c := range entry.Changes {
			require.NotContains(t, c.Before+c.After, "canary")
		}
	}
	copied, err := e.Webhooks.Duplicate(t.Context(), apptest.System, hook.ID)
	require.NoError(t, err)
	require.Equal(t, models.AuthNone, copied.Webhook.Auth.Kind, "I10: a copy has no credentials")
}

// D4, Z8: an editor cannot have the authentication's secret, an OAuth client's
// secret, or a connection's tokens sent to a host of their own.
func TestH2_D4_CredentialsStayWithTheirHost(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	off := false
	hook := e.AddWebhook(t, "http://127.0.0.1:8999/hook", func(d *service.WebhookDraft) {
		d.Settings.Signing.JWT, d.Settings.Signing.HMAC = off, off
		d.Settings.Auth = models.AuthSettings{Kind: models.AuthOAuth2, ClientID: "acme", TokenURL: "http://127.0.0.1:8998/token", ClientSecret: "canary"}
	})
	name, id, secret, tokenURL := "CRM", "acme", "canary", "http://127.0.0.1:8998/token"
	connection, err := e.Connections.Create(t.Context(), apptest.System, service.ConnectionInput{Name: &name, ClientID: &id, Secret: &secret, TokenURL: &tokenURL})
	require.NoError(t, err)
	pat := person(t, e, "Pat", models.Member)
	_, err = e.Grants.Give(t.Context(), apptest.System, hook.ID, pat.ID, models.EditGrant)
	require.NoError(t, err)
	editor := models.Actor{User: &pat}
	change := func(actor models.Actor, in func(*service.WebhookDraft)) error {
		_, err := e.Webhooks.Edit(t.Context(), actor, hook.ID, in)
		return err
	}
	client := func(tokenURL, secret string) func(*service.WebhookDraft) {
		return auth(models.AuthSettings{Kind: models.AuthOAuth2, ClientID: "acme", TokenURL: tokenURL, ClientSecret: secret})
	}

	elsewhere := "http://127.0.0.1:9000/hook"
	require.Contains(t, fields(t, change(editor, func(d *service.WebhookDraft) { d.Settings.URL = elsewhere }))["auth.client_secret"], "only owners")
	require.Contains(t, fields(t, change(editor, client("http://127.0.0.1:9001/token", models.Mask)))["auth.client_secret"], "the token URL leads to another host")
	require.NoError(t, change(editor, client("http://127.0.0.1:8998/other", models.Mask)), "the same host")
	require.NoError(t, change(editor, client("http://127.0.0.1:9001/token", "their own")), "entered again")
	shared := auth(models.AuthSettings{Kind: models.AuthOAuth2, Connection: connection.ID})
	require.Contains(t, fields(t, change(editor, shared))["auth.connection"], "Only owners")
	require.Empty(t, e.Connections.Choices(editor, ""))

	require.NoError(t, change(apptest.System, shared))
	require.Len(t, e.Connections.Choices(editor, connection.ID), 1)
	require.NoError(t, change(editor, shared), "as it was")
	require.Contains(t, fields(t, change(editor, func(d *service.WebhookDraft) { d.Settings.URL = elsewhere }))["auth.connection"], "Only owners")
	require.NoError(t, change(editor, func(d *service.WebhookDraft) {
		d.Settings.Auth, d.Settings.URL = models.AuthSettings{Kind: models.AuthNone}, elsewhere
	}), "removed")
	require.NoError(t, change(apptest.System, client(tokenURL, "again")))
	require.NoError(t, change(apptest.System, func(d *service.WebhookDraft) { d.Settings.URL = "http://127.0.0.1:9005/" }), "an owner may")
	_, err = e.Connections.List(editor)
	require.Equal(t, models.Denied, models.CodeOf(err))
}

// Z5: a test to another host goes without the credentials; one to the webhook's
// own renews a token that was refused, and shows both exchanges.
func TestZ5_I6_TestsWithAuth(t *testing.T) {
	e, tokens, r := apptest.NewEngine(t, apptest.Options{}), apptest.NewTokenServer(t), apptest.NewReceiver(t)
	r.Answer(tokens.Guard)
	hook := e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) {
		d.Settings.Auth = models.AuthSettings{Kind: models.AuthOAuth2, ClientID: tokens.ID, TokenURL: tokens.URL, ClientSecret: tokens.Secret}
	})
	d, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{})
	require.NoError(t, err)
	require.Equal(t, models.Succeeded, d.Delivery.State)
	tokens.Revoke()
	d, err = e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{})
	require.NoError(t, err)
	require.Equal(t, models.Succeeded, d.Delivery.State)
	require.Len(t, d.Attempts, 2)
	require.Equal(t, models.CauseRenewed, d.Attempts[0].Cause)
	require.Equal(t, 2, tokens.Asked())

	other := apptest.NewReceiver(t)
	in := service.TestInput{URL: other.URL}
	d, err = e.Webhooks.Test(t.Context(), apptest.System, hook.ID, in)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, d.Attempts[0].Status)
	require.NotContains(t, other.Got()[0].Header, "Authorization")
	require.True(t, e.Webhooks.SecretsStay(hook, in))
}

// W4: who runs a token server has not agreed to anything by that somebody else's
// endpoint did.
func TestW4_I6_ATokenAsksNoTokenServerThatDidNotAgree(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	_, tok, err := e.Tokens.Create(t.Context(), apptest.System, "integration", []models.Scope{models.WebhooksWrite}, time.Now().AddDate(1, 0, 0))
	require.NoError(t, err)
	actor := models.Actor{Token: &tok}
	r := apptest.NewReceiver(t)
	client := func(tokenURL string) func(*service.WebhookDraft) {
		return auth(models.AuthSettings{Kind: models.AuthOAuth2, ClientID: "a", TokenURL: tokenURL, ClientSecret: "theirs"})
	}
	in := apptest.Draft("Mine", r.URL, client("http://127.0.0.1:8998/token"))
	_, err = e.Webhooks.Create(t.Context(), actor, in)
	require.Contains(t, fields(t, err)["auth.token_url"], "Ask an owner")

	in.Settings.Auth.TokenURL = r.URL + "/token"
	saved, err := e.Webhooks.Create(t.Context(), actor, in)
	require.NoError(t, err, "the same host")
	change := func(actor models.Actor, in func(*service.WebhookDraft)) error {
		_, err := e.Webhooks.Edit(t.Context(), actor, saved.Webhook.ID, in)
		return err
	}
	require.Contains(t, fields(t, change(actor, client("http://127.0.0.1:8998/token"))), "auth.token_url")
	require.NoError(t, change(apptest.System, client("http://127.0.0.1:8998/token")), "people decide")
	require.NoError(t, change(actor, func(d *service.WebhookDraft) { d.Settings.Name = "Still mine" }), "as it was")
	require.NoError(t, change(actor, client("http://127.0.0.1:8998/other")), "the host that they chose")
	require.Contains(t, fields(t, change(actor, client("http://127.0.0.1:8997/token"))), "auth.token_url")
}
