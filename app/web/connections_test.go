package web_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// connection stores an OAuth connection of this name.
func (s *site) connection(name, tokenURL string) models.OAuthConnection {
	s.t.Helper()
	id, secret := "acme", "client-secret-1"
	c, err := s.svc.Connections.Create(context.Background(), system, service.ConnectionInput{Name: &name, ClientID: &id, TokenURL: &tokenURL, Secret: &secret})
	require.NoError(s.t, err)
	return c
}

// H2: a connection is made, tested, rotated and deleted on its pages, and the
// secret is never on any of them.
func TestH2_OAuthConnectionPages(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	tokens := apptest.NewTokenServer(t)
	require.Contains(t, b.visit("/oauth-connections").text(), "No OAuth connections yet")
	b.visit("/oauth-connections/new")
	wrong := b.submit("/oauth-connections", url.Values{"name": {"CRM <b>"}, "client_id": {tokens.ID}, "client_secret": {"canary-typed"}, "token_url": {"ftp://x"}, "scope": {"a b"}})
	require.Equal(t, http.StatusUnprocessableEntity, wrong.StatusCode)
	require.Equal(t, "CRM <b>", wrong.doc.Find("[name=name]").AttrOr("value", ""), "nothing typed is lost")
	require.Equal(t, "a b", wrong.doc.Find("[name=scope]").AttrOr("value", ""))
	require.NotContains(t, wrong.body, "canary-typed")
	require.Contains(t, wrong.text(), "Enter this again: a secret is not shown")

	at := b.submit("/oauth-connections", url.Values{"name": {"CRM <b>"}, "client_id": {tokens.ID}, "client_secret": {tokens.Secret}, "token_url": {tokens.URL}}).location()
	page := b.visit(at)
	require.Equal(t, "***", page.doc.Find("[name=client_secret]").AttrOr("value", ""))
	require.Contains(t, page.text(), "No webhook yet")
	good := b.submit(at+"/test", nil)
	require.Contains(t, good.text(), "The token server gave a token")
	require.Contains(t, good.text(), "59 minutes")
	require.NotContains(t, good.body, "access-token")

	require.Equal(t, at, b.submit(at, url.Values{"name": {"Sales"}, "client_id": {tokens.ID}, "client_secret": {"***"}, "token_url": {tokens.URL}, "scope": {""}}).location())
	require.Contains(t, b.submit(at+"/test", nil).text(), "The token server gave a token", "*** keeps the secret")
	b.submit(at, url.Values{"client_secret": {"canary-wrong"}})
	bad := b.submit(at+"/test", nil)
	require.Contains(t, bad.text(), "The token server does not accept the client.")
	require.NotContains(t, bad.body, "canary")

	id := at[len("/oauth-connections/"):]
	w := s.webhook("Orders", "https://hooks.example.com/")
	_, err := s.svc.Webhooks.Edit(t.Context(), system, w.ID, func(d *service.WebhookDraft) {
		d.Settings.Auth = models.AuthSettings{Kind: models.AuthOAuth2, Connection: id}
	})
	require.NoError(t, err)
	require.Contains(t, b.visit(at).text(), "Orders")
	require.Contains(t, b.visit("/oauth-connections").text(), "1 webhook")
	refused := b.visit(at + "/delete")
	require.Contains(t, refused.text(), "is in use, so it cannot be deleted")
	require.Contains(t, refused.text(), "Orders")
	_, err = s.svc.Webhooks.Edit(t.Context(), system, w.ID, func(d *service.WebhookDraft) { d.Settings.Auth = models.AuthSettings{Kind: models.AuthNone} })
	require.NoError(t, err)
	b.visit(at + "/delete")
	require.Equal(t, "/oauth-connections", b.submit(at+"/delete", nil).location())
	require.Equal(t, http.StatusNotFound, b.get(at).StatusCode)
}

// H2: who may edit a webhook learns nothing of a connection by naming its id.
func TestH2_AConnectionIsNotNamedToWhoGuessesIt(t *testing.T) {
	s := newSite(t)
	c := s.connection("Payroll", "https://login.example.com/token")
	w := s.webhook("Orders", "https://hooks.example.com/")
	editor := s.person(models.Member)
	_, err := s.svc.Grants.Give(t.Context(), system, w.ID, editor.ID, models.EditGrant)
	require.NoError(t, err)
	b := s.signedIn(editor)
	b.visit("/webhooks/" + w.ID + "/edit")
	a := b.submit("/webhooks/"+w.ID, url.Values{"auth.kind": {"oauth2"}, "auth.connection": {c.ID}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.NotContains(t, a.body, "Payroll")
}
