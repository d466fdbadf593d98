package deliver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

const clientSecret = "canary client+secret/é"

// tokenServer is one as RFC 6749 describes: each token it gives has a number of
// its own. answer, when set, answers in its place.
type tokenServer struct {
	*httptest.Server
	t      testing.TB
	asked  atomic.Int64
	mu     sync.Mutex
	forms  []url.Values
	answer http.HandlerFunc
}

func newTokenServer(t testing.TB, answer http.HandlerFunc) *tokenServer {
	s := &tokenServer{t: t, answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *tokenServer) serve(w http.ResponseWriter, r *http.Request) {
	n := s.asked.Add(1)
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		http.Error(w, "not a token request", http.StatusTeapot)
		return
	}
	s.mu.Lock()
	s.forms = append(s.forms, r.PostForm)
	s.mu.Unlock()
	if s.answer != nil {
		s.answer(w, r)
		return
	}
	if r.PostForm.Get("client_secret") != clientSecret || r.PostForm.Get("client_id") != "acme" || r.PostForm.Get("grant_type") != "client_credentials" {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":"invalid_client"}`))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": fmt.Sprintf("canary-token-%d", n), "token_type": "bearer", "expires_in": 3600})
}

// guardedBy is a receiver that takes only the tokens that good names.
func guardedBy(t testing.TB, good func(token string) bool) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	hits := new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if !good(r.Header.Get("Authorization")) {
			w.Header().Set("X-Echo", r.Header.Get("Authorization"))
			http.Error(w, "bad token: "+r.Header.Get("Authorization"), http.StatusUnauthorized)
			return
		}
		answerOK(w, r)
	}))
	t.Cleanup(server.Close)
	return server, hits
}

// oauthInput is a webhook to url that fetches its tokens at tokenURL.
func (b rig) oauthInput(url, tokenURL string) Input {
	in := b.inputFor("wh_1", url)
	in.Webhook.Auth = models.Auth{
		Kind: models.AuthOAuth2, ClientID: "acme", TokenURL: tokenURL, Secret: b.seal(clientSecret, secret.WebhookAuth("wh_1", models.AuthOAuth2)),
	}
	return in
}

// sendOn sends until nothing asks for another attempt, as the engine does.
func (b rig) sendOn(in Input) (list []models.Attempt) {
	b.t.Helper()
	for {
		ex := b.Send(b.t.Context(), in)
		require.False(b.t, ex.GivenBack)
		list = append(list, ex.Attempt)
		if !ex.Again {
			return list
		}
		in.Renewals++
	}
}

// noCanary fails if any part of the attempts shows a secret.
func noCanary(t *testing.T, attempts ...models.Attempt) {
	t.Helper()
	for _, a := range attempts {
		require.NotContains(t, fmt.Sprintf("%+v %s %s", a, a.Request.Body, a.Response.Body), "canary")
	}
}
