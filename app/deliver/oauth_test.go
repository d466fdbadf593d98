package deliver

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/egress"
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

// I6: a 401 takes a new token and sends again, up to three times, and each
// exchange is an attempt of its own.
func TestI6_RefusedTokenIsRenewed(t *testing.T) {
	for name, c := range map[string]struct {
		good     string
		attempts int
		outcome  models.Outcome
		cause    models.Cause
	}{
		"the second token works": {"Bearer canary-token-2", 2, models.Success, ""},
		"the fourth works":       {"Bearer canary-token-4", 4, models.Success, ""},
		"the fifth is too late":  {"Bearer canary-token-5", 4, models.HTTPError, models.CauseRefused},
	} {
		t.Run(name, func(t *testing.T) {
			b := newRig(t)
			tokens := newTokenServer(t, nil)
			server, _ := guardedBy(t, func(token string) bool { return token == c.good })
			list := b.sendOn(b.oauthInput(server.URL, tokens.URL))
			require.Len(t, list, c.attempts)
			require.EqualValues(t, c.attempts, tokens.asked.Load())
			last := list[c.attempts-1]
			require.Equal(t, c.outcome, last.Outcome)
			require.Equal(t, c.cause, last.Cause)
			for _, a := range list[:c.attempts-1] {
				require.Equal(t, models.HTTPError, a.Outcome)
				require.Equal(t, 401, a.Status)
				require.Equal(t, models.CauseRenewed, a.Cause)
				require.Equal(t, "The receiver answered 401 Unauthorized. The request is sent again at once with a new access token.", a.Error)
			}
			noCanary(t, list...)
		})
	}
}

// A 401 of many deliveries at once is one token request, not many; and a receiver
// that refuses every token does not make us ask without end.
func TestI6_RefusalsAreNoStorm(t *testing.T) {
	b := newRig(t)
	tokens := newTokenServer(t, nil)
	var refused sync.WaitGroup
	refused.Add(50)
	server, _ := guardedBy(t, func(token string) bool {
		if token == "Bearer canary-token-1" {
			refused.Done()
			refused.Wait() // all are refused before any is told
		}
		return token == "Bearer canary-token-2"
	})
	in := b.oauthInput(server.URL, tokens.URL)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { b.sendOn(in) })
	}
	wg.Wait()
	require.EqualValues(t, 2, tokens.asked.Load())

	b = newRig(t)
	tokens = newTokenServer(t, nil)
	never, _ := guardedBy(t, func(string) bool { return false })
	in = b.oauthInput(never.URL, tokens.URL)
	var last models.Attempt
	for range 20 {
		list := b.sendOn(in)
		last = list[len(list)-1]
	}
	require.EqualValues(t, 1+renewBurst, tokens.asked.Load(), "of 20 deliveries")
	require.Equal(t, models.CauseRefused, last.Cause)
	require.Contains(t, last.Error, "No new access token is fetched")
}

// A static 401 of another kind is no matter of tokens.
func TestI6_OnlyOAuthRenews(t *testing.T) {
	b := newRig(t)
	server, hits := guardedBy(t, func(string) bool { return false })
	in := b.input(server.URL)
	in.Webhook.Auth = models.Auth{Kind: models.AuthBearer, Secret: b.seal("canary-b", secret.WebhookAuth("wh_1", models.AuthBearer))}
	list := b.sendOn(in)
	require.Len(t, list, 1)
	require.EqualValues(t, 1, hits.Load())
	require.Empty(t, list[0].Cause)
}

// Every way in which a token server can fail: outcome, cause and sentence, and
// nothing reaches the receiver.
func TestI6_TokenServerFaults(t *testing.T) {
	answer := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	tripwire, hit := receiver(t, answerOK)
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		cause    models.Cause
		sentence string
	}{
		"invalid_client":                 {answer(401, `{"error":"invalid_client","error_description":"canary client+secret/é"}`), models.CauseOAuth("invalid_client"), "The token server answered 401 Unauthorized (invalid_client)."},
		"invalid_scope":                  {answer(400, `{"error":"invalid_scope"}`), models.CauseOAuth("invalid_scope"), "The token server answered 400 Bad Request (invalid_scope)."},
		"a code of its own is not shown": {answer(400, `{"error":"canary"}`), models.CauseTokenHTTP, "The token server answered 400 Bad Request."},
		"500":                            {answer(500, `oops canary`), models.CauseTokenHTTP, "The token server answered 500 Internal Server Error."},
		"599":                            {answer(599, ``), models.CauseTokenHTTP, "The token server answered 599."},
		"redirect":                       {answer(307, "", "Location", tripwire.URL), models.CauseTokenRedirect, "The token server answered with a redirect (307), which Hookline does not follow."},
		"HTML":                           {answer(200, "<!doctype html><p>Sign in", "Content-Type", "text/html"), models.CauseTokenNotJSON, tokenWebPage},
		"text":                           {answer(200, "access_token=canary", "Content-Type", "text/plain"), models.CauseTokenNotJSON, tokenNotJSON},
		"an array":                       {answer(200, `["canary"]`), models.CauseTokenNotJSON, tokenNotJSON},
		"no token":                       {answer(200, `{"token":"canary"}`), models.CauseTokenMissing, tokenMissing},
		"another case":                   {answer(200, `{"Access_Token":"canary"}`), models.CauseTokenMissing, tokenMissing},
		"empty token":                    {answer(200, `{"access_token":""}`), models.CauseTokenMissing, tokenMissing},
		"a number":                       {answer(200, `{"access_token":4711}`), models.CauseTokenMissing, tokenMissing},
		"mac token":                      {answer(200, `{"access_token":"canary","token_type":"mac"}`), models.CauseTokenUnusable, tokenNoBearer},
		"line break":                     {answer(200, `{"access_token":"canary\r\nX-Evil: 1"}`), models.CauseTokenUnusable, tokenNotASCII},
		"long token":                     {answer(200, `{"access_token":"`+strings.Repeat("a", 9<<10)+`"}`), models.CauseTokenUnusable, tokenNotASCII},
		"10 MB": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"access_token":"canary","x":"`))
			for chunk := []byte(strings.Repeat("x", 1<<20)); ; {
				if _, err := w.Write(chunk); err != nil {
					return // nobody reads on
				}
			}
		}, models.CauseTokenTooLong, tokenTooLong},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"access_token":"canary"`))
		}, models.CauseTokenNetwork, "The token server's answer broke off, or broke the rules of HTTP, in the middle of the body."},
		"slow": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, models.CauseTokenTimeout, "The token server did not answer within"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newRig(t)
			tokens := newTokenServer(t, c.answer)
			in := b.oauthInput(tripwire.URL, tokens.URL)
			if name == "slow" {
				in.Webhook.Timeout = 200 * time.Millisecond
			}
			a := b.Send(t.Context(), in).Attempt
			require.Equal(t, models.AuthError, a.Outcome, a.Error)
			require.Equal(t, c.cause, a.Cause)
			require.True(t, strings.HasPrefix(a.Error, c.sentence), a.Error)
			require.True(t, c.cause.OfTokenFetch())
			require.Positive(t, a.Duration)
			require.NotEmpty(t, models.Diagnose(a.Outcome, a.Status, a.Cause).Advice)
			noCanary(t, a)
		})
	}
	require.Empty(t, hit)
}

func TestI6_TokenServerIsDown(t *testing.T) {
	b := newRig(t)
	down := httptest.NewServer(nil)
	down.Close()
	a := b.Send(t.Context(), b.oauthInput("https://h.example/", down.URL)).Attempt
	require.Equal(t, models.AuthError, a.Outcome)
	require.Equal(t, models.CauseTokenNetwork, a.Cause)
	require.Equal(t, "The token server refused the connection; nothing listens on that port.", a.Error)
}

// D10: a token URL that the guard refuses is blocked, with its sentence alone.
func TestI6_D10_TokenURLIsGuarded(t *testing.T) {
	b := newRig(t)
	tripwire := newTokenServer(t, nil)
	strict := NewSender(egress.New(egress.Config{AllowHTTP: true, Resolve: resolveInside}), b.box, time.Now)
	for _, tokenURL := range []string{tripwire.URL, "http://auth.example/token", "https://169.254.169.254/token", "ftp://auth.example/"} {
		in := b.oauthInput("https://h.example/", tokenURL)
		in.Delivery.Test = true
		a := strict.Send(t.Context(), in).Attempt
		require.Equal(t, models.BlockedURL, a.Outcome, tokenURL)
		require.Equal(t, models.CauseTokenBlocked, a.Cause)
		require.NotContains(t, a.Error, "10.0.0.5")
		require.Zero(t, a.Duration, "no timing oracle")
		require.Zero(t, a.Response)
		require.Equal(t, models.LoggedRequest{Method: "POST", URL: "https://h.example/"}, a.Request)
	}
	require.Zero(t, tripwire.asked.Load())
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

// One that gives up does not take those that wait for its fetch along.
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

func TestPace(t *testing.T) {
	var p pace
	for n := range renewBurst + 3 {
		require.Equal(t, n < renewBurst, p.allow(noon))
	}
	require.True(t, p.allow(noon.Add(renewEvery)))
	require.False(t, p.allow(noon.Add(renewEvery)))
}
