package service_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/models"
)

// fate is what becomes of a field of a webhook in its copy.
type fate string

const (
	copied fate = "copied"
	own    fate = "own"    // the copy's own, or the default
	looked fate = "looked" // looked at in the test
)

// I10: a copy has all but credentials and secrets, and is switched off. A field
// that is added to the webhook must be named here, so that none is forgotten.
func TestI10_DuplicateCopiesEveryField(t *testing.T) {
	fates := map[string]fate{
		"ID": own, "Version": own, "Name": looked, "Description": copied, "Enabled": looked, "State": own, "Method": copied, "URL": copied,
		"Params": copied, "Headers": looked, "Auth": looked, "Body": copied, "Signing": looked, "Retry": copied, "Timeout": copied,
		"RateLimit": copied, "Subscriptions": copied, "CreatedByToken": own, "ConfirmHash": own, "CreatedAt": own, "UpdatedAt": own,
	}
	signing := map[string]fate{"JWT": copied, "HMAC": copied, "Standard": copied, "Key": looked, "OldKey": own, "OldKeyUntil": own}

	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	w := everySetting(t, e, clock)
	clock.Advance(time.Minute)
	saved, err := e.Webhooks.Duplicate(t.Context(), apptest.System, w.ID)
	require.NoError(t, err)
	twin := saved.Webhook
	requireFates(t, w, twin, fates)
	requireFates(t, w.Signing, twin.Signing, signing)
	require.Equal(t, "Original (copy)", twin.Name)
	require.False(t, twin.Enabled)
	require.Equal(t, []models.Header{{Name: "X-Plain", Value: "v"}}, twin.Headers)
	require.Equal(t, models.Auth{Kind: models.AuthNone}, twin.Auth)
	require.NotEqual(t, w.Signing.Key, twin.Signing.Key)
	require.NotEmpty(t, saved.NewKey)

	left := e.Webhooks.LeftOut(apptest.System, twin, w.ID)
	require.Equal(t, models.LeftOut{Auth: models.AuthBearer, Headers: []string{"X-Key"}}, left)
	twin.Auth, twin.Headers = w.Auth, w.Headers
	require.True(t, e.Webhooks.LeftOut(apptest.System, twin, w.ID).None(), "once it has been entered, nothing is missing")
}

// everySetting is a webhook with nothing at its default.
func everySetting(t *testing.T, e *apptest.Engine, clock *apptest.Clock) models.Webhook {
	t.Helper()
	w := e.AddWebhook(t, "https://example.com/x", nil)
	w.Name, w.Description, w.Method, w.URL, w.State = "Original", "What it does", "PUT", "https://example.com/hooks?a=b", models.Gone
	w.Params = []models.Param{{Name: "a", Value: "b"}}
	w.Headers = []models.Header{{Name: "X-Plain", Value: "v"}, {Name: "X-Key", Secret: true, Sealed: models.Sealed("\x01sealed")}}
	w.Auth = models.Auth{Kind: models.AuthBearer, Secret: models.Sealed("\x01sealed")}
	w.Body = models.Body{Format: models.BodySite}
	w.Signing = models.Signing{JWT: true, HMAC: true, Standard: true, Key: w.Signing.Key, OldKey: w.Signing.Key, OldKeyUntil: clock.Now().Add(time.Hour)}
	w.Retry = models.Retry{Preset: models.RetryCustom, Attempts: 2, Delays: []time.Duration{time.Second}, RetryOn: []string{models.On5xx}}
	w.Timeout, w.RateLimit = 3*time.Second, 2.5
	w.Subscriptions = models.Subscriptions{Types: []string{"form.submitted"}, Categories: []string{"releases"}}
	w.CreatedByToken, w.ConfirmHash, w.UpdatedAt = "tok_x", []byte{1}, clock.Now()
	w, err := e.Store.SaveWebhook(t.Context(), w)
	require.NoError(t, err)
	return w
}

func requireFates[T any](t *testing.T, original, twin T, fates map[string]fate) {
	t.Helper()
	was, is := reflect.ValueOf(original), reflect.ValueOf(twin)
	for i := range was.NumField() {
		name := was.Type().Field(i).Name
		a, b := was.Field(i), is.Field(i)
		switch fates[name] {
		case copied:
			require.False(t, a.IsZero(), "%s has to be set, or this shows nothing", name)
			require.Equal(t, a.Interface(), b.Interface(), name)
		case own:
			require.NotEqual(t, a.Interface(), b.Interface(), name)
		case looked:
		default:
			t.Errorf("%s: say here what becomes of it in a copy, and make Duplicate do it", name)
		}
	}
}
