package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

func (s *suite) connection(t *testing.T, name string) models.OAuthConnection {
	t.Helper()
	c := models.OAuthConnection{
		ID: newID(models.OAuthPrefix), Version: 1, Name: name, CreatedAt: s.clock.At, UpdatedAt: s.clock.At,
		OAuthClient: models.OAuthClient{ClientID: "acme", TokenURL: "https://auth.example.com/token", Scope: "a b", Secret: models.Sealed("\x01sealed-secret")},
	}
	require.NoError(t, s.CreateConnection(s.ctx, c))
	return c
}

func leaseToken(t *testing.T, of *store.Store, key string) bool {
	t.Helper()
	leased, err := of.LeaseToken(t.Context(), key, time.Minute)
	require.NoError(t, err)
	return leased
}

// H2: connections come back as they were stored, by name, and each webhook has
// the one it names; one in use stays.
func testConnections(t *testing.T, s *suite) {
	b, a := s.connection(t, "b"), s.connection(t, "A")
	require.Equal(t, []models.OAuthConnection{a, b}, s.Config().Connections())
	require.Equal(t, models.Conflict, models.CodeOf(s.CreateConnection(s.ctx, models.OAuthConnection{ID: newID(models.OAuthPrefix), Name: "B", OAuthClient: b.OAuthClient})))
	clear := a
	clear.ID, clear.Name, clear.Secret = newID(models.OAuthPrefix), "clear", models.Sealed("in clear")
	require.Error(t, s.CreateConnection(s.ctx, clear), "a secret in clear is refused")

	w := s.webhook(t)
	w.Auth = models.Auth{Kind: models.AuthOAuth2, Connection: b.ID}
	w, err := s.SaveWebhook(s.ctx, w)
	require.NoError(t, err)
	require.Equal(t, &b, s.Config().Webhook(w.ID).Auth.Shared)
	err = s.DeleteConnection(s.ctx, b.ID)
	require.Equal(t, models.Conflict, models.CodeOf(err))
	require.Contains(t, err.Error(), w.Name)

	b.Name = "renamed"
	saved, err := s.SaveConnection(s.ctx, b)
	require.NoError(t, err)
	require.Equal(t, int64(2), saved.Version)
	require.Equal(t, "renamed", s.Config().Webhook(w.ID).Auth.Shared.Name)
	_, err = s.SaveConnection(s.ctx, b)
	require.Equal(t, models.Conflict, models.CodeOf(err), "of the version before")

	w.Auth.Connection = newID(models.OAuthPrefix)
	_, err = s.SaveWebhook(s.ctx, w)
	require.Equal(t, models.Invalid, models.CodeOf(err), "there is no such connection")
	w.Auth = models.Auth{Kind: models.AuthNone}
	_, err = s.SaveWebhook(s.ctx, w)
	require.NoError(t, err)
	require.NoError(t, s.DeleteConnection(s.ctx, b.ID))
	require.Equal(t, models.NotFound, models.CodeOf(s.DeleteConnection(s.ctx, b.ID)))
}

// I6, B13: one node fetches while the others wait, its token is everybody's, and
// a lease that nobody ends runs out.
func testTokenLease(t *testing.T, s *suite) {
	other := s.open(t, "n2", s.clock)
	key := newID(models.OAuthPrefix)
	one, two := s.Store, other
	lease := func(of *store.Store) bool {
		t.Helper()
		return leaseToken(t, of, key)
	}
	require.True(t, lease(one))
	require.True(t, lease(one), "its own")
	require.False(t, lease(two))

	token := models.AccessToken{Key: key, Credentials: "c1", Sealed: models.Sealed("\x01sealed-token"), ExpiresAt: s.clock.At.Add(time.Hour)}
	require.NoError(t, other.SaveToken(s.ctx, token), "without the lease it does nothing")
	got, err := s.AccessToken(s.ctx, key, "c1")
	require.NoError(t, err)
	require.Empty(t, got.Sealed)
	require.NoError(t, s.SaveToken(s.ctx, token))
	got, err = other.AccessToken(s.ctx, key, "c1")
	require.NoError(t, err)
	require.Equal(t, token, got)
	got, err = other.AccessToken(s.ctx, key, "c2")
	require.NoError(t, err)
	require.Empty(t, got.Sealed, "of other credentials")

	require.True(t, lease(two), "saving ended the lease")
	require.NoError(t, s.EndTokenLease(s.ctx, key), "of another, which stays")
	require.False(t, lease(one))
	s.clock.At = s.clock.At.Add(time.Minute)
	require.True(t, lease(one), "it ran out")

	require.NoError(t, s.EndTokenLease(s.ctx, key))
	require.NoError(t, s.DropOldTokens(s.ctx))
	got, err = s.AccessToken(s.ctx, key, "c1")
	require.NoError(t, err)
	require.NotEmpty(t, got.Sealed)
	s.clock.At = s.clock.At.Add(time.Hour)
	require.NoError(t, s.DropOldTokens(s.ctx))
	got, err = s.AccessToken(s.ctx, key, "c1")
	require.NoError(t, err)
	require.Empty(t, got.Sealed, "what has expired is wiped")
}

// A token goes with its webhook, and with the client it was fetched for.
func testTokenGoesWithItsWebhook(t *testing.T, s *suite) {
	w := s.webhook(t)
	w.Auth = models.Auth{Kind: models.AuthOAuth2, ClientID: "acme", TokenURL: "https://auth.example.com/", Secret: models.Sealed("\x01sealed-bytes")}
	keep := func() {
		t.Helper()
		require.True(t, leaseToken(t, s.Store, w.ID))
		require.NoError(t, s.SaveToken(s.ctx, models.AccessToken{Key: w.ID, Credentials: "c", Sealed: models.Sealed("\x01sealed-token"), ExpiresAt: s.clock.At.Add(time.Hour)}))
	}
	kept := func() bool {
		t.Helper()
		got, err := s.AccessToken(s.ctx, w.ID, "c")
		require.NoError(t, err)
		return len(got.Sealed) > 0
	}
	save := func() {
		t.Helper()
		var err error
		w, err = s.SaveWebhook(s.ctx, w)
		require.NoError(t, err)
	}
	save()
	require.Equal(t, w.Auth, s.Config().Webhook(w.ID).Auth)
	keep()
	save()
	require.True(t, kept())
	w.Auth = models.Auth{Kind: models.AuthNone}
	save()
	require.False(t, kept())
	keep()
	require.NoError(t, s.DeleteWebhook(s.ctx, w.ID))
	require.False(t, kept())
}

// I6: an attempt that is stored while its node goes on keeps the claim.
func testFinishKeepsClaim(t *testing.T, s *suite) {
	hook := s.webhook(t)
	work := s.publish(t, hook.ID, s.NewClaimID())
	until := s.clock.At.Add(models.Lease)
	f := models.Finish{
		DeliveryID: work.ID, ClaimID: work.ClaimID, WebhookID: hook.ID, Attempt: s.attempt(models.HTTPError, 401), State: models.Pending, DueAt: until, KeepClaim: true,
	}
	require.True(t, s.finish(t, f))
	d, err := s.Delivery(s.ctx, work.ID)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, []int{d.Attempts, d.Tries})
	require.Equal(t, until, d.DueAt)
	got, err := s.Claim(s.ctx, hook.ID, 10)
	require.NoError(t, err)
	require.Empty(t, got, "it is still held")
	f.Attempt, f.State, f.Tries, f.KeepClaim = s.attempt(models.Success, 200), models.Succeeded, 1, false
	require.True(t, s.finish(t, f))
	d, err = s.Delivery(s.ctx, work.ID)
	require.NoError(t, err)
	require.Equal(t, []int{2, 1}, []int{d.Attempts, d.Tries})
	require.Equal(t, models.Succeeded, d.State)
}
