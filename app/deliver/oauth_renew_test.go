package deliver

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

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
