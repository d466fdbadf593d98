package deliver

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

// I6: the token request is exactly the document's, the token goes out as Bearer,
// and is fetched once.
func TestI6_TokenIsFetchedAndReused(t *testing.T) {
	b := newRig(t)
	tokens := newTokenServer(t, nil)
	server, got := receiver(t, answerOK)
	in := b.oauthInput(server.URL, tokens.URL+"/token?tenant=a")
	for range 3 {
		a := b.Send(t.Context(), in).Attempt
		require.Equal(t, models.Success, a.Outcome, a.Error)
		require.Equal(t, []string{"Bearer canary-token-1"}, (<-got).header["Authorization"])
		require.Equal(t, []string{"***"}, lineValues(a.Request.Headers, "Authorization"))
		noCanary(t, a)
	}
	require.EqualValues(t, 1, tokens.asked.Load())
	require.Equal(t, []url.Values{{"client_id": {"acme"}, "client_secret": {clientSecret}, "grant_type": {"client_credentials"}}}, tokens.forms)

	// D1: other credentials count at once, and get a token of their own.
	in.Webhook.Version++
	in.Webhook.Auth.Scope = "orders:write read"
	require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
	require.EqualValues(t, 2, tokens.asked.Load())
	require.Equal(t, "orders:write read", tokens.forms[1].Get("scope"))
	require.Equal(t, []string{"Bearer canary-token-2"}, (<-got).header["Authorization"])
}

// I6: however many deliveries need a token at once, one request is made.
func TestI6_ManyDeliveriesOneTokenRequest(t *testing.T) {
	b := newRig(t)
	waiting := make(chan struct{})
	tokens := newTokenServer(t, func(w http.ResponseWriter, _ *http.Request) {
		<-waiting
		_, _ = w.Write([]byte(`{"access_token":"canary-one"}`))
	})
	server, hits := guardedBy(t, func(token string) bool { return token == "Bearer canary-one" })
	in := b.oauthInput(server.URL, tokens.URL)
	var wg, begun sync.WaitGroup
	var good atomic.Int64
	for range 200 {
		begun.Add(1)
		wg.Go(func() {
			begun.Done()
			if b.Send(t.Context(), in).Attempt.Outcome == models.Success {
				good.Add(1)
			}
		})
	}
	begun.Wait()
	close(waiting)
	wg.Wait()
	require.EqualValues(t, 200, good.Load())
	require.EqualValues(t, 200, hits.Load())
	require.EqualValues(t, 1, tokens.asked.Load())
}

// All webhooks of a connection share its token; a change of the connection counts
// for the next attempt, though the webhook's own version stays.
func TestH2_D1_WebhooksShareAConnection(t *testing.T) {
	b := newRig(t)
	tokens := newTokenServer(t, nil)
	server, got := receiver(t, answerOK)
	shared := models.OAuthConnection{ID: "oac_1", Version: 1, OAuthClient: models.OAuthClient{
		ClientID: "acme", TokenURL: tokens.URL, Secret: b.seal(clientSecret, secret.ConnectionSecret("oac_1")),
	}}
	input := func(id string) Input {
		in := b.inputFor(id, server.URL)
		in.Webhook.Auth = models.Auth{Kind: models.AuthOAuth2, Connection: "oac_1", Shared: &shared}
		return in
	}
	for _, id := range []string{"wh_a", "wh_b", "wh_a"} {
		require.Equal(t, models.Success, b.Send(t.Context(), input(id)).Attempt.Outcome)
		require.Equal(t, "Bearer canary-token-1", (<-got).header.Get("Authorization"))
	}
	shared.Version, shared.Secret = 2, b.seal("rotated", secret.ConnectionSecret("oac_1"))
	a := b.Send(t.Context(), input("wh_a")).Attempt
	require.Equal(t, models.CauseOAuth("invalid_client"), a.Cause, "the new secret is in use")
	shared.Version, shared.Secret = 3, b.seal(clientSecret, secret.ConnectionSecret("oac_1"))
	require.Equal(t, models.Success, b.Send(t.Context(), input("wh_a")).Attempt.Outcome)
	require.Equal(t, "Bearer canary-token-3", (<-got).header.Get("Authorization"))

	gone := input("wh_c")
	gone.Webhook.Auth.Shared = nil
	require.Equal(t, models.CauseNoConnection, b.Send(t.Context(), gone).Attempt.Cause)
}

// I6: used until expires_in less a margin, and never longer than ten days.
func TestI6_TokenLife(t *testing.T) {
	for expiresIn, want := range map[string]time.Duration{
		``: models.MaxTokenLife, `null`: models.MaxTokenLife, `432000`: 5*24*time.Hour - time.Minute, `"3600"`: 59 * time.Minute,
		`100`: 90 * time.Second, `3600.9`: 3600900*time.Millisecond - time.Minute, `0`: 0, `-5`: 0, `1e300`: models.MaxTokenLife, `1e999`: models.MaxTokenLife,
		`99999999`: models.MaxTokenLife, `"soon"`: models.MaxTokenLife, `{}`: models.MaxTokenLife, `"NaN"`: models.MaxTokenLife, `true`: models.MaxTokenLife,
	} {
		require.Equal(t, want, tokenLife([]byte(expiresIn)), expiresIn)
	}
}

func TestI6_ExpiredTokenIsFetchedAgain(t *testing.T) {
	box := newBox(t)
	now := atomic.Pointer[time.Time]{}
	now.Store(&noon)
	b := rig{NewSender(loopback(t), box, func() time.Time { return *now.Load() }), t, box}
	tokens := newTokenServer(t, nil)
	server, got := receiver(t, answerOK)
	in := b.oauthInput(server.URL, tokens.URL)
	for after, want := range []string{"1", "1", "2"} {
		at := noon.Add([]time.Duration{0, 58 * time.Minute, 59 * time.Minute}[after])
		now.Store(&at)
		require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
		require.Equal(t, "Bearer canary-token-"+want, (<-got).header.Get("Authorization"))
	}
}

// A token for one use only still serves all that waited for it.
func TestI6_TokenThatExpiresAtOnce(t *testing.T) {
	b := newRig(t)
	tokens := newTokenServer(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"canary-brief","expires_in":0}`))
	})
	server, _ := guardedBy(t, func(token string) bool { return token == "Bearer canary-brief" })
	in := b.oauthInput(server.URL, tokens.URL)
	for n := range 2 {
		require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
		require.EqualValues(t, n+1, tokens.asked.Load())
	}
}

// The attempt's one deadline covers the token and the request.
func TestI6_TokenAndRequestShareTheTimeout(t *testing.T) {
	b := newRig(t)
	tokens := newTokenServer(t, nil)
	slow, _ := receiver(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	in := b.oauthInput(slow.URL, tokens.URL)
	in.Webhook.Timeout = 300 * time.Millisecond
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.Timeout, a.Outcome)
	require.Contains(t, a.Error, "The receiver did not answer within")
}

// A failing token server is asked for the first failures, then once a second.
func TestI6_FailingTokenServerIsNotHammered(t *testing.T) {
	b := newRig(t)
	tokens := newTokenServer(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
	in := b.oauthInput("https://h.example/", tokens.URL)
	source := b.tokens.of(newTokenClient(in.Webhook.Auth.Client(), "wh_1", clientSecret))
	for range patientAfter {
		require.Equal(t, models.CauseTokenHTTP, b.Send(t.Context(), in).Attempt.Cause)
	}
	future := *source.last.Load()
	future.at = time.Now().Add(time.Hour) // as if the last failure were just now, however slow this machine is
	source.last.Store(&future)
	for range 20 {
		require.Equal(t, models.CauseTokenHTTP, b.Send(t.Context(), in).Attempt.Cause)
	}
	require.EqualValues(t, patientAfter, tokens.asked.Load())
}

// Promise 10: a stop while the token is fetched gives the attempt back.
func TestI6_StopWhileFetchingGivesBack(t *testing.T) {
	b := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	tokens := newTokenServer(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	require.Equal(t, Exchange{GivenBack: true}, b.Send(ctx, b.oauthInput("https://h.example/", tokens.URL)))
}

// A caller that gives up does not end the callers that wait for its fetch.
func TestI6_WaitersOutliveTheOneThatFetches(t *testing.T) {
	b := newRig(t)
	inside := make(chan struct{})
	var once sync.Once
	tokens := newTokenServer(t, nil)
	tokens.answer = func(w http.ResponseWriter, r *http.Request) {
		if tokens.asked.Load() == 1 {
			once.Do(func() { close(inside) })
			<-r.Context().Done()
			return
		}
		_, _ = fmt.Fprint(w, `{"access_token":"canary-late"}`)
	}
	server, _ := guardedBy(t, func(token string) bool { return token == "Bearer canary-late" })
	in := b.oauthInput(server.URL, tokens.URL)
	first, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { require.True(t, b.Send(first, in).GivenBack) })
	<-inside
	wg.Go(func() { require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome) })
	cancel()
	wg.Wait()
}
