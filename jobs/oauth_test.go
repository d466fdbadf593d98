package jobs_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/service"
	"hookline/models"
)

// withClient lets the webhook fetch its tokens at the server.
func withClient(tokens *apptest.TokenServer) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) {
		d.Settings.Auth = models.AuthSettings{Kind: models.AuthOAuth2, ClientID: tokens.ID, TokenURL: tokens.URL, ClientSecret: tokens.Secret}
	}
}

// I6: a revoked token is renewed within one go. Both exchanges stand in the log,
// and the one that was refused is no try: a Quick delivery still has all three.
func TestI6_RevokedTokenIsRenewedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		clock := apptest.NewClock()
		o.Clock = clock
		e, tokens, r := apptest.NewEngine(t, o), apptest.NewTokenServer(t), apptest.NewReceiver(t)
		r.Answer(tokens.Guard)
		e.AddWebhook(t, r.URL, withClient(tokens))
		first := e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 1)
		require.Equal(t, models.Succeeded, first.Delivery.State)

		tokens.Revoke()
		got := e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 2)
		require.Equal(t, models.Succeeded, got.Delivery.State)
		require.Equal(t, 2, tokens.Asked())
		require.Equal(t, []int{1, 2}, []int{got.Attempts[0].Number, got.Attempts[1].Number})
		require.Equal(t, models.CauseRenewed, got.Attempts[0].Cause)
		require.NotContains(t, string(got.Attempts[0].Response.Body), "access-token")
		require.Equal(t, 1, got.Delivery.Tries)
		require.Equal(t, r.Got()[1].Header.Get("Idempotency-Key"), r.Got()[2].Header.Get("Idempotency-Key"), "D7")

		r.Answer(func(w http.ResponseWriter, req *http.Request) {
			if len(r.Got()) < 5 {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		got = e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 2)
		require.Equal(t, models.Pending, got.Delivery.State)
		require.Equal(t, 1, got.Delivery.Tries, "the 401 does not count")
		require.Equal(t, clock.Now().Add(10*time.Second).Truncate(time.Microsecond), got.Delivery.DueAt, "D8: the pause after the first try")
	})
}

// I6: 200 deliveries at once ask for one token.
func TestI6_TwoHundredDeliveriesOneToken(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		o.Workers = 64
		e, tokens, r := apptest.NewEngine(t, o), apptest.NewTokenServer(t), apptest.NewReceiver(t)
		r.Answer(tokens.Guard)
		e.AddWebhook(t, r.URL, withClient(tokens))
		publishMany(t, e, 200)
		r.Wait(t, 200)
		require.Equal(t, 1, tokens.Asked())
	})
}

func publishMany(t *testing.T, e *apptest.Engine, n int) {
	t.Helper()
	events := make([]service.NewEvent, n)
	for i := range events {
		events[i] = service.NewEvent{Type: eventType, Data: json.RawMessage(`{}`)}
	}
	for _, result := range e.Events.PublishBatch(t.Context(), apptest.System, events) {
		require.NoError(t, result.Err)
	}
}

// I6: a token outlives a restart, sealed; and it is wiped with its webhook.
func TestI6_RestartReusesTheToken(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		o.Dir = t.TempDir()
		tokens, r := apptest.NewTokenServer(t), apptest.NewReceiver(t)
		r.Answer(tokens.Guard)
		e := apptest.NewEngine(t, o)
		hook := e.AddWebhook(t, r.URL, withClient(tokens))
		e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 1)
		e.Stop()

		o.Box, o.Node = e.Box, "n2"
		e = apptest.NewEngine(t, o)
		d := e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 1)
		require.Equal(t, models.Succeeded, d.Delivery.State)
		require.Equal(t, 1, tokens.Asked())

		// D1: entered again, the same secret is another set of credentials.
		secret := tokens.Secret
		_, err := e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, func(d *service.WebhookDraft) {
			d.Settings.Auth = models.AuthSettings{Kind: models.AuthOAuth2, ClientID: tokens.ID, TokenURL: tokens.URL, ClientSecret: secret}
		})
		require.NoError(t, err)
		d = e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 1)
		require.Equal(t, models.Succeeded, d.Delivery.State)
		require.Equal(t, 2, tokens.Asked())
	})
}

// I6, B13: two nodes on one PostgreSQL share the token, and a token that one of
// them has renewed is taken by the other without asking.
func TestI6_B13_TwoNodesShareTheToken(t *testing.T) {
	o := apptest.Options{Database: pgtest.New(t), Dir: t.TempDir(), Workers: 32}
	tokens, r := apptest.NewTokenServer(t), apptest.NewReceiver(t)
	r.Answer(tokens.Guard)
	a := apptest.NewEngine(t, o)
	o.Box, o.Node = a.Box, "n2"
	b := apptest.NewEngine(t, o)
	a.AddWebhook(t, r.URL, withClient(tokens))
	_, err := b.Store.FreshConfig(t.Context())
	require.NoError(t, err)

	both := func(n int) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			publishMany(t, a, n)
		}()
		publishMany(t, b, n)
		<-done
	}
	both(100)
	r.Wait(t, 200)
	require.Equal(t, 1, tokens.Asked())

	tokens.Revoke()
	x := a.AwaitAttempts(t, a.PublishOne(t, eventType, `{}`).ID, 2)
	require.Equal(t, models.Succeeded, x.Delivery.State)
	y := b.AwaitAttempts(t, b.PublishOne(t, eventType, `{}`).ID, 2)
	require.Equal(t, models.Succeeded, y.Delivery.State)
	require.Equal(t, 2, tokens.Asked(), "the second node takes the token of the first")
}

// H2, D1: rotating a connection's secret counts for retries of older deliveries,
// on every node.
func TestH2_D1_RotatedConnectionCountsForRetries(t *testing.T) {
	onBoth(t, func(t *testing.T, o apptest.Options) {
		clock := apptest.NewClock()
		o.Clock = clock
		e, tokens, r := apptest.NewEngine(t, o), apptest.NewTokenServer(t), apptest.NewReceiver(t)
		r.Answer(tokens.Guard)
		name, wrong := "CRM", "no-longer-right"
		c, err := e.Connections.Create(t.Context(), apptest.System, service.ConnectionInput{Name: &name, ClientID: &tokens.ID, TokenURL: &tokens.URL, Secret: &wrong})
		require.NoError(t, err)
		e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) {
			d.Settings.Auth = models.AuthSettings{Kind: models.AuthOAuth2, Connection: c.ID}
			d.Settings.Retry = models.Retry{Preset: models.RetryDurable}
		})
		d := e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 1)
		require.Equal(t, models.Pending, d.Delivery.State, "B2: Durable tries again")
		require.Equal(t, models.AuthError, d.Attempts[0].Outcome)
		require.Equal(t, "The token server answered 401 Unauthorized (invalid_client).", d.Attempts[0].Error)

		_, err = e.Connections.Update(t.Context(), apptest.System, c.ID, service.ConnectionInput{Secret: &tokens.Secret})
		require.NoError(t, err)
		clock.Advance(d.Delivery.DueAt.Sub(clock.Now()))
		e.Runner.Wake()
		d = e.AwaitAttempts(t, d.Delivery.ID, 2)
		require.Equal(t, models.Succeeded, d.Delivery.State)
	})
}

// I4: under Quick a token that cannot be had fails the delivery at once.
func TestI4_FailedTokenFetchFailsAtOnce(t *testing.T) {
	e, tokens, r := apptest.NewEngine(t, apptest.Options{}), apptest.NewTokenServer(t), apptest.NewReceiver(t)
	tokens.Answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	e.AddWebhook(t, r.URL, withClient(tokens))
	d := e.AwaitAttempts(t, e.PublishOne(t, eventType, `{}`).ID, 1)
	require.Equal(t, models.Failed, d.Delivery.State)
	require.Equal(t, models.CauseTokenHTTP, d.Attempts[0].Cause)
	require.Empty(t, r.Got())

	// Once it is mended, a retrigger delivers.
	tokens.Answer(nil)
	_, err := e.Deliveries.Retrigger(context.Background(), apptest.System, d.Delivery.ID)
	require.NoError(t, err)
	d = e.AwaitAttempts(t, d.Delivery.ID, 2)
	require.Equal(t, models.Succeeded, d.Delivery.State)
}
