package deliver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/egress"
	"hookline/models"
)

func answering(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// Every way in which a token server can fail: outcome, cause and sentence, and
// nothing reaches the receiver.
func TestI6_TokenServerFaults(t *testing.T) {
	tripwire, hit := receiver(t, answerOK)
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		cause    models.Cause
		sentence string
	}{
		"invalid_client":                 {answering(401, `{"error":"invalid_client","error_description":"canary client+secret/é"}`), models.CauseOAuth("invalid_client"), "The token server answered 401 Unauthorized (invalid_client)."},
		"invalid_scope":                  {answering(400, `{"error":"invalid_scope"}`), models.CauseOAuth("invalid_scope"), "The token server answered 400 Bad Request (invalid_scope)."},
		"a code of its own is not shown": {answering(400, `{"error":"canary"}`), models.CauseTokenHTTP, "The token server answered 400 Bad Request."},
		"500":                            {answering(500, `oops canary`), models.CauseTokenHTTP, "The token server answered 500 Internal Server Error."},
		"599":                            {answering(599, ``), models.CauseTokenHTTP, "The token server answered 599."},
		"redirect":                       {answering(307, "", "Location", tripwire.URL), models.CauseTokenRedirect, "The token server answered with a redirect (307), which Hookline does not follow."},
		"HTML":                           {answering(200, "<!doctype html><p>Sign in", "Content-Type", "text/html"), models.CauseTokenNotJSON, tokenWebPage},
		"text":                           {answering(200, "access_token=canary", "Content-Type", "text/plain"), models.CauseTokenNotJSON, tokenNotJSON},
		"an array":                       {answering(200, `["canary"]`), models.CauseTokenNotJSON, tokenNotJSON},
		"no token":                       {answering(200, `{"token":"canary"}`), models.CauseTokenMissing, tokenMissing},
		"another case":                   {answering(200, `{"Access_Token":"canary"}`), models.CauseTokenMissing, tokenMissing},
		"empty token":                    {answering(200, `{"access_token":""}`), models.CauseTokenMissing, tokenMissing},
		"a number":                       {answering(200, `{"access_token":4711}`), models.CauseTokenMissing, tokenMissing},
		"mac token":                      {answering(200, `{"access_token":"canary","token_type":"mac"}`), models.CauseTokenUnusable, tokenNoBearer},
		"line break":                     {answering(200, `{"access_token":"canary\r\nX-Evil: 1"}`), models.CauseTokenUnusable, tokenNotASCII},
		"long token":                     {answering(200, `{"access_token":"`+strings.Repeat("a", 9<<10)+`"}`), models.CauseTokenUnusable, tokenNotASCII},
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
