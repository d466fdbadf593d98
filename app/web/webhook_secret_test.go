package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

const canary = "canary-7f3a-secret"

func withSecret(b *browser) models.Webhook {
	w, _ := create(b, with(signed, url.Values{
		"headers.0.name": {"X-Api-Key"}, "headers.0.value": {canary}, "headers.0.secret": {"true"},
		"headers.1.name": {"X-Plain"}, "headers.1.value": {"visible"},
	}))
	return w
}

func TestD4_SecretIsNeverShown(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	_, err := s.svc.Webhooks.Edit(t.Context(), system, w.ID, inputURL(receiver(t, http.StatusOK)))
	require.NoError(t, err)
	b.visit("/webhooks/" + w.ID + "/test")
	tested := b.submit("/webhooks/"+w.ID+"/test", nil)
	require.NotContains(t, tested.body, canary)
	for _, path := range []string{"/webhooks", "/webhooks/" + w.ID, "/webhooks/" + w.ID + "/edit", "/webhooks/" + w.ID + "/logs", "/webhooks/" + w.ID + "/delete", "/webhooks/" + w.ID + "/test", tested.log()} {
		require.NotContains(t, b.visit(path).body, canary, path)
		require.NotContains(t, b.visit(path).body, "a-signing-key-of-mine", path)
	}
	a := b.visit("/webhooks/" + w.ID + "/edit")
	require.Equal(t, models.Mask, a.doc.Find(`[name="headers.0.value"]`).AttrOr("value", ""))
	require.Equal(t, "keep", a.doc.Find(`[name="signing.key"][checked]`).AttrOr("value", ""))
	require.Empty(t, a.doc.Find(`[name="signing.secret"]`).AttrOr("value", ""))
	require.Equal(t, "visible", a.doc.Find(`[name="headers.1.value"]`).AttrOr("value", ""))
	require.NotContains(t, s.log.String(), canary)
}

func TestD4_MaskUntouchedKeepsTheSecret(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	b.visit("/webhooks/" + w.ID + "/edit")
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID, url.Values{"name": {"Renamed"}}).StatusCode)
	require.Equal(t, w.Headers, s.get(w.ID).Headers, "not even sealed anew")
	require.Equal(t, w.Signing, s.get(w.ID).Signing)
	require.Equal(t, canary, s.sent(w, "X-Api-Key"))
}

func TestD4_ReenteredSecretReplacesIt(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	b.visit("/webhooks/" + w.ID + "/edit")
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID, url.Values{"headers.0.value": {"another-secret"}}).StatusCode)
	require.Equal(t, "another-secret", s.sent(w, "X-Api-Key"))
}

func TestD4_ToggleOffWithoutReenteringIsRefused(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	b.visit("/webhooks/" + w.ID + "/edit")
	a := b.submit("/webhooks/"+w.ID, url.Values{"headers.0.secret": nil})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "Enter the value again: a secret is not shown, so it cannot become plain by itself.")
	require.NotContains(t, a.body, canary)
	require.Equal(t, w.Headers, s.get(w.ID).Headers)

	a = b.submit("/webhooks/"+w.ID, url.Values{"headers.0.value": {"now-public"}})
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.text())
	require.Equal(t, models.Header{Name: "X-Api-Key", Value: "now-public"}, s.get(w.ID).Headers[0])
}

// The box unticked and the value wiped, as the page's own script leaves them.
func TestD4_ToggledOffAndBlankIsRefused(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	for name, change := range map[string]url.Values{
		"blank":         {"headers.0.secret": nil, "headers.0.value": {""}},
		"left out":      {"headers.0.secret": nil, "headers.0.value": nil},
		"renamed blank": {"headers.0.secret": nil, "headers.0.value": {""}, "headers.0.name": {"X-Renamed"}},
		"other case":    {"headers.0.secret": nil, "headers.0.value": {""}, "headers.0.name": {"x-api-KEY"}},
		"moved":         {"headers.0.name": nil, "headers.0.secret": nil, "headers.0.value": nil, "headers.7.name": {"X-Api-Key"}, "headers.7.value": {""}},
	} {
		b.visit("/webhooks/" + w.ID + "/edit")
		a := b.submit("/webhooks/"+w.ID, change)
		require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode, name)
		require.Contains(t, a.text(), "Enter the value", name)
		require.Equal(t, w.Headers, s.get(w.ID).Headers, name)
	}
	b.visit("/webhooks/" + w.ID + "/edit")
	a := b.submit("/webhooks/"+w.ID, url.Values{"headers.0.remove": {"true"}})
	require.Equal(t, http.StatusSeeOther, a.StatusCode, "removed on purpose: %s", a.text())
}

// H2: an empty password is meant where none is stored; where one is, the box says so.
func TestH2_BasicAuthenticationWithAnEmptyHalfInTheForm(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	basic := func(username, password string) url.Values {
		return url.Values{"auth.kind": {"basic"}, "auth.username": {username}, "auth.secret": {password}}
	}
	w, _ := create(b, with(signed, basic("sk_test", "")))
	require.Empty(t, s.get(w.ID).Auth.Secret)
	require.Equal(t, "Basic c2tfdGVzdDo=", s.sent(w, "Authorization"))
	save := func(change url.Values) answer {
		b.visit("/webhooks/" + w.ID + "/edit")
		return b.submit("/webhooks/"+w.ID, change)
	}
	require.Equal(t, http.StatusSeeOther, save(nil).StatusCode, "untouched")
	require.Equal(t, http.StatusUnprocessableEntity, save(basic("", "")).StatusCode, "both empty")
	require.Equal(t, http.StatusSeeOther, save(basic("", "hunter22")).StatusCode)
	stored := s.get(w.ID).Auth.Secret
	for _, change := range []url.Values{basic("u", ""), {"auth.no_password": {"true"}, "auth.username": {"u"}, "auth.secret": {"another"}}} {
		require.Equal(t, http.StatusUnprocessableEntity, save(change).StatusCode, "%v", change)
		require.Equal(t, stored, s.get(w.ID).Auth.Secret)
	}
	require.Equal(t, http.StatusSeeOther, save(url.Values{"auth.no_password": {"true"}, "auth.username": {"u"}}).StatusCode)
	require.Equal(t, "Basic dTo=", s.sent(w, "Authorization"))
}

func TestD4_EmptyOrRenamedSecretMustBeEntered(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	for want, change := range map[string]url.Values{
		"Enter the secret value.":                            {"headers.0.value": {""}},
		"*** keeps a stored one, under the name that it was": {"headers.0.name": {"X-Other"}},
	} {
		b.visit("/webhooks/" + w.ID + "/edit")
		a := b.submit("/webhooks/"+w.ID, change)
		require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode, "%v", change)
		require.Contains(t, a.text(), want)
	}
	require.Equal(t, w.Headers, s.get(w.ID).Headers)
}

func TestD4_AddHeaderKeepsMasksAndDropsTypedSecrets(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	b.visit("/webhooks/" + w.ID + "/edit")
	a := b.submit("/webhooks/"+w.ID, url.Values{"action": {"add_headers"}, "headers.2.name": {"X-New"}, "headers.2.value": {"just-typed"}, "headers.2.secret": {"true"}})
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.NotContains(t, a.body, "just-typed")
	require.Contains(t, a.text(), "Enter this again: a secret is not shown")
	require.Equal(t, models.Mask, a.doc.Find(`[name="headers.0.value"]`).AttrOr("value", ""))
	require.Equal(t, w.Version, s.get(w.ID).Version)
}

func TestD4_TypedSigningKeyOfARefusedFormMustBeEnteredAgain(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	b.visit("/webhooks/" + w.ID + "/edit")
	a := b.submit("/webhooks/"+w.ID, url.Values{"name": {""}, "signing.key": {"enter"}, "signing.secret": {"the-next-signing-key"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.NotContains(t, a.body, "the-next-signing-key")
	require.Contains(t, a.text(), "Signing key: Enter this again")
}

func TestB1_TheOldKeyIsLabelledAndCanBeTakenBack(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	b.visit("/webhooks/" + w.ID + "/edit")
	require.Equal(t, http.StatusUnprocessableEntity, b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"enter"}}).StatusCode)
	b.visit("/webhooks/" + w.ID + "/edit")
	shown := b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"make"}, "signing.overlap": {"24h"}})
	require.Equal(t, http.StatusOK, shown.StatusCode)
	made := shown.doc.Find("#signing-key").Text()
	require.NotEmpty(t, made)
	require.True(t, s.get(w.ID).Signing.HasOldKey(s.clock.Now()))

	a := b.visit("/webhooks/" + w.ID)
	require.Contains(t, a.text(), "Old key is kept")
	require.NotContains(t, a.body, made)
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID+"/key/restore", nil).StatusCode)
	require.Contains(t, b.visit("/webhooks/"+w.ID).text(), "The old key signs again")
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID+"/key/end", nil).StatusCode)
	require.NotContains(t, b.visit("/webhooks/"+w.ID).text(), "Old key is kept")
	require.Empty(t, s.get(w.ID).Signing.OldKey)
}

func TestI10_DuplicateHasNoSecretsAndIsOff(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	b.visit("/webhooks/" + w.ID)
	a := b.submit("/webhooks/"+w.ID+"/duplicate", nil)
	require.Equal(t, http.StatusCreated, a.StatusCode)
	page, err := s.svc.Webhooks.List(t.Context(), system, "(copy)", pageOne)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	twin := page.Items[0]
	require.False(t, twin.Enabled)
	require.Equal(t, []models.Header{{Name: "X-Plain", Value: "visible"}}, twin.Headers)

	require.Contains(t, a.text(), "Not copied, so to be entered again")
	onward := a.doc.Find("main a.btn-primary").AttrOr("href", "")
	require.Contains(t, b.visit(onward).text(), "This copy has none of the secrets", "the page that the key leads to says it still")
}
