package service_test

import (
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// standardDesk is a webhook to a receiver, and what one does with both.
type standardDesk struct {
	t     *testing.T
	e     *apptest.Engine
	r     *apptest.Receiver
	clock *apptest.Clock
	id    string
}

func newStandardDesk(t *testing.T) standardDesk {
	r, clock := apptest.NewReceiver(t), apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	return standardDesk{t, e, r, clock, e.AddWebhook(t, r.URL, nil).ID}
}

func (d standardDesk) update(edits ...func(*service.WebhookDraft)) (service.Saved, error) {
	return d.e.Webhooks.Edit(d.t.Context(), apptest.System, d.id, func(draft *service.WebhookDraft) {
		for _, edit := range edits {
			edit(draft)
		}
	})
}

// valid says of each key whether the official library accepts a test sent with it.
func (d standardDesk) valid(in service.TestInput, keys ...string) []bool {
	d.t.Helper()
	_, err := d.e.Webhooks.Test(d.t.Context(), apptest.System, d.id, in)
	require.NoError(d.t, err)
	got := d.r.Got()
	last := got[len(got)-1]
	out := make([]bool, len(keys))
	for i, key := range keys {
		library, err := standardwebhooks.NewWebhook(key)
		require.NoError(d.t, err)
		out[i] = library.VerifyIgnoringTimestamp(last.Body, last.Header) == nil
	}
	return out
}

func signing(jwt, hmac, standard bool) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) {
		d.Settings.Signing.JWT = jwt
		d.Settings.Signing.HMAC = hmac
		d.Settings.Signing.Standard = standard
	}
}

const (
	oneKey   = "whsec_b25lIGtleSBvZiB0aGlydHkgdHdvIGJ5dGVzIHllcyE="
	otherKey = "whsec_dGhlIG90aGVyIGtleSBvZiB0aGlydHkgdHdvIGJ5dGU="
)

// B1: every key that Hookline makes is one for Standard Webhooks, so they can be
// switched on at any time; a stored key of another form is refused with the way
// out, in every way of saving.
func TestB1_SwitchingStandardOn(t *testing.T) {
	d := newStandardDesk(t)
	saved, err := d.update(func(d *service.WebhookDraft) { d.GenerateKey = true })
	require.NoError(t, err)
	require.Regexp(t, `^whsec_[A-Za-z0-9+/]{43}=$`, saved.NewKey)
	saved2, err := d.update(signing(true, true, true))
	require.NoError(t, err)
	require.Empty(t, saved2.NewKey, "the key stays")
	require.Equal(t, []bool{true, false}, d.valid(service.TestInput{}, saved.NewKey, oneKey))

	_, err = d.update(signing(true, false, false))
	require.NoError(t, err)
	own := "a key of my own"
	_, err = d.update(func(d *service.WebhookDraft) { d.Settings.Signing.Secret = &own })
	require.NoError(t, err)
	_, err = d.update(signing(true, false, true))
	require.Contains(t, fields(t, err)["signing.secret"], "Generate a new key, or enter one")
	on := signing(false, false, true)
	_, err = d.update(on, func(d *service.WebhookDraft) { d.Settings.Signing.Secret = &own })
	require.Contains(t, fields(t, err)["signing.secret"], "whsec_")
	saved, err = d.update(on, func(d *service.WebhookDraft) { d.GenerateKey, d.KeyOverlap = true, time.Hour })
	require.NoError(t, err)
	require.NotEmpty(t, saved.NewKey)
	require.Equal(t, []bool{true}, d.valid(service.TestInput{}, saved.NewKey))

	_, err = d.e.Webhooks.RestoreKey(t.Context(), apptest.System, d.id)
	require.Equal(t, models.Conflict, models.CodeOf(err), "the old key could not sign")
	require.Contains(t, err.Error(), "whsec_")
	require.Equal(t, []bool{true}, d.valid(service.TestInput{}, saved.NewKey), "and nothing changed")
}

// B1: during the overlap both keys are valid, afterwards the new one alone, and
// going back swaps them.
func TestB1_StandardRotation(t *testing.T) {
	d := newStandardDesk(t)
	set := func(key string, overlap time.Duration) {
		t.Helper()
		_, err := d.update(signing(true, true, true), func(d *service.WebhookDraft) { d.Settings.Signing.Secret, d.KeyOverlap = &key, overlap })
		require.NoError(t, err)
	}
	set(oneKey, 0)
	require.Equal(t, []bool{true, false}, d.valid(service.TestInput{}, oneKey, otherKey))
	set(otherKey, time.Hour)
	require.Equal(t, []bool{true, true}, d.valid(service.TestInput{}, oneKey, otherKey))
	_, err := d.e.Webhooks.RestoreKey(t.Context(), apptest.System, d.id)
	require.NoError(t, err)
	require.Equal(t, []bool{true, true}, d.valid(service.TestInput{}, oneKey, otherKey))
	d.clock.Advance(time.Hour)
	require.Equal(t, []bool{true, false}, d.valid(service.TestInput{}, oneKey, otherKey), "no job has run, no setting changed")

	set(otherKey, time.Hour)
	_, err = d.e.Webhooks.EndOldKey(t.Context(), apptest.System, d.id)
	require.NoError(t, err)
	require.Equal(t, []bool{false, true}, d.valid(service.TestInput{}, oneKey, otherKey))
}

// Z5, I10: a test's own key signs alone; a copy signs with a key of its own.
func TestB1_StandardInTestsAndCopies(t *testing.T) {
	d := newStandardDesk(t)
	key := oneKey
	_, err := d.update(signing(false, false, true), func(d *service.WebhookDraft) { d.Settings.Signing.Secret = &key })
	require.NoError(t, err)
	_, err = d.update(func(d *service.WebhookDraft) {
		d.GenerateKey = true
		d.KeyOverlap = time.Hour
	})
	require.NoError(t, err)
	require.Equal(t, []bool{false, true}, d.valid(service.TestInput{Secret: otherKey}, oneKey, otherKey), "the kept key has no part in it")
	_, err = d.e.Webhooks.Test(t.Context(), apptest.System, d.id, service.TestInput{Secret: "a key of my own"})
	require.Contains(t, fields(t, err)["secret"], "whsec_")

	_, err = d.update(signing(false, false, false))
	require.NoError(t, err)
	require.Equal(t, []bool{true}, d.valid(service.TestInput{Secret: otherKey}, otherKey), "a key is given to see it at work")

	_, err = d.update(signing(false, true, true))
	require.NoError(t, err)
	copied, err := d.e.Webhooks.Duplicate(t.Context(), apptest.System, d.id)
	require.NoError(t, err)
	require.Regexp(t, "^whsec_", copied.NewKey)
	require.Equal(t, models.Signing{HMAC: true, Standard: true, Key: copied.Webhook.Signing.Key}, copied.Webhook.Signing)
}
