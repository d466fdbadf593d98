package capture_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// D4: all capture URLs have one host, and each another reader. Who may change a
// webhook's URL, but not see its secrets, cannot have them sent from the owner's
// endpoint to their own.
func TestB4_D4_SecretsStayWithTheirCaptureEndpoint(t *testing.T) {
	s := strict(t)
	owner, editor := person(t, s, "owner", models.Owner), person(t, s, "editor", models.Member)
	theirs, mine := endpoint(t, s, owner), endpoint(t, s, editor)
	saved, err := s.Service.Webhooks.Create(t.Context(), owner, apptest.Draft("Orders", theirs.URL, func(d *service.WebhookDraft) {
		d.Settings.Headers = []models.HeaderSettings{{Name: "Authorization", Value: "Bearer hidden", Secret: true}}
	}))
	require.NoError(t, err)
	_, err = s.Service.Grants.Give(t.Context(), owner, saved.Webhook.ID, editor.User.ID, models.EditGrant)
	require.NoError(t, err)

	_, err = s.Service.Captures.Use(t.Context(), editor, mine.ID, saved.Webhook.ID)
	require.Equal(t, models.Invalid, models.CodeOf(err), "the secret header and the key must be entered again")
	for _, url := range []string{mine.URL, mine.URL + "/behind", mine.URL + "?x=1"} {
		_, err = s.Service.Webhooks.Edit(t.Context(), editor, saved.Webhook.ID, func(d *service.WebhookDraft) { d.Settings.URL = url })
		require.Equal(t, models.Invalid, models.CodeOf(err), url)
	}
	require.Equal(t, theirs.URL, webhookURL(t, s.Service, owner, saved.Webhook.ID))

	// Nor by a test, which may go to any URL.
	in := service.TestInput{URL: mine.URL}
	_, err = s.Service.Webhooks.Test(t.Context(), editor, saved.Webhook.ID, in)
	require.NoError(t, err)
	r := newest(t, s, editor, mine)
	require.Empty(t, r.Header("Authorization"))
	require.Empty(t, r.Header("X-Hmac-Signature"))
	require.True(t, s.Service.Webhooks.SecretsStay(saved.Webhook, in))

	_, err = s.Service.Webhooks.Edit(t.Context(), owner, saved.Webhook.ID, func(d *service.WebhookDraft) { d.Settings.URL = theirs.URL + "/behind" })
	require.NoError(t, err)
}

func webhookURL(t *testing.T, s *service.Service, a models.Actor, id string) string {
	t.Helper()
	w, err := s.Webhooks.Get(t.Context(), a, id)
	require.NoError(t, err)
	return w.URL
}
