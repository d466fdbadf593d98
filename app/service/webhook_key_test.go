package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/models"
)

// B1, D4: after a rotation the new key signs, and the old one can be taken back
// until it ends.
func TestB1_KeyRotationWithOverlap(t *testing.T) {
	r := apptest.NewReceiver(t)
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	hook := e.AddWebhook(t, r.URL, nil)
	old, fresh := "the first signing key", "the second signing key"
	update := func(in func(*service.WebhookDraft)) (service.Saved, error) {
		return e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, in)
	}
	signature := func() string {
		t.Helper()
		_, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{})
		require.NoError(t, err)
		got := r.Got()
		return got[len(got)-1].Header.Get("X-Hmac-Signature")
	}
	_, err := update(func(d *service.WebhookDraft) { d.Settings.Signing.Secret = &old })
	require.NoError(t, err)
	first := signature()

	saved, err := update(func(d *service.WebhookDraft) {
		d.Settings.Signing.Secret = &fresh
		d.KeyOverlap = time.Hour
	})
	require.NoError(t, err)
	require.Empty(t, saved.NewKey)
	require.True(t, saved.Webhook.Signing.HasOldKey(clock.Now()))
	require.NotEqual(t, first, signature(), "the new key signs")

	w, err := e.Webhooks.RestoreKey(t.Context(), apptest.System, hook.ID)
	require.NoError(t, err)
	require.Equal(t, first, signature())
	require.True(t, w.Signing.HasOldKey(clock.Now()), "and so the way forward is open too")

	_, err = e.Webhooks.EndOldKey(t.Context(), apptest.System, hook.ID)
	require.NoError(t, err)
	_, err = e.Webhooks.RestoreKey(t.Context(), apptest.System, hook.ID)
	require.Equal(t, models.Conflict, models.CodeOf(err))

	saved, err = update(newKeyFor(time.Hour))
	require.NoError(t, err)
	require.NotEmpty(t, saved.NewKey)
	clock.Advance(time.Hour)
	_, err = e.Webhooks.RestoreKey(t.Context(), apptest.System, hook.ID)
	require.Equal(t, models.Conflict, models.CodeOf(err), "the overlap is over")
	require.NoError(t, e.Store.DropOldKeys(t.Context()))
	list, err := e.Store.Webhooks(t.Context(), nil, "", store.Page{Limit: 1})
	require.NoError(t, err)
	require.Empty(t, list[0].Signing.OldKey)

	_, err = update(newKeyFor(models.MaxKeyOverlap + 1))
	require.Contains(t, fields(t, err), "signing.overlap")
	_, err = update(func(d *service.WebhookDraft) {
		d.GenerateKey = true
		d.Settings.Signing.Secret = &old
	})
	require.Contains(t, fields(t, err), "signing.secret")
}

// newKeyFor generates a key, and keeps the one before for a while.
func newKeyFor(overlap time.Duration) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) { d.GenerateKey, d.KeyOverlap = true, overlap }
}
