package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/models"
)

// counting is a receiver that counts what came.
func counting(t *testing.T) (target string, hits *atomic.Int64) {
	hits = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(server.Close)
	return server.URL, hits
}

// Z5: one person cannot make a load generator of the test hook. What was typed
// stays, the next test goes out a little later, and others are not held.
func TestZ5_TestsAreHeldToAPace(t *testing.T) {
	s := newSite(t)
	b, other := s.owner(), s.signedIn(s.another(models.Owner))
	target, hits := counting(t)
	w := s.webhook("Orders", target)
	tokens := apptest.NewTokenServer(t)
	connection := "/oauth-connections/" + s.connection("CRM", tokens.URL).ID
	test, typed := "/webhooks/"+w.ID+"/test", url.Values{"event_type": {"contact.created"}, "data": {`{"kept": 4711}`}}
	for _, who := range []*browser{b, other} {
		who.visit(test)
	}
	for range 20 {
		require.Equal(t, http.StatusOK, b.submit(test, typed).StatusCode)
	}
	refused := b.submit(test, typed)
	require.Equal(t, http.StatusTooManyRequests, refused.StatusCode)
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
	require.Contains(t, refused.doc.Find("#test-hook [role=alert]").Text(), "Wait a few seconds and send this one again.")
	require.Contains(t, refused.doc.Find("#test-data").Text(), "4711", "nothing typed is lost")
	require.EqualValues(t, 20, hits.Load())

	b.visit(connection)
	held := b.submit(connection+"/test", nil)
	require.Equal(t, http.StatusTooManyRequests, held.StatusCode, "a connection's test counts, too")
	require.Contains(t, held.doc.Find("#connection-test").Text(), "Not tested")
	require.NotEmpty(t, held.doc.Find("[name=token_url]").AttrOr("value", ""))

	b.visit(test)
	require.Equal(t, http.StatusOK, other.submit(test, typed).StatusCode, "each has a pace of his own")
	s.clock.add(2 * time.Second)
	require.Equal(t, http.StatusOK, b.submit(test, typed).StatusCode)
	require.Equal(t, http.StatusTooManyRequests, b.submit(test, typed).StatusCode)
	s.clock.add(2 * time.Second)
	b.visit(connection)
	require.Contains(t, b.submit(connection+"/test", nil).text(), "The token server gave a token")
}

// Z5: the API holds a token to the same pace, with a problem document.
func TestZ5_TestsOfATokenAreHeldToAPace(t *testing.T) {
	s := newSite(t)
	target, hits := counting(t)
	w := s.webhook("Orders", target)
	clear, _, err := s.svc.Tokens.Create(t.Context(), system, "test", []models.Scope{models.Admin}, time.Time{})
	require.NoError(t, err)
	test := func() *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/webhooks/"+w.ID+"/test", strings.NewReader("{}"))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+clear)
		r.Header.Set("Content-Type", "application/json")
		a, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		t.Cleanup(func() { _ = a.Body.Close() })
		return a
	}
	for range 20 {
		require.Equal(t, http.StatusOK, test().StatusCode)
	}
	refused := test()
	require.Equal(t, http.StatusTooManyRequests, refused.StatusCode)
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
	var problem struct{ Type, Detail string }
	require.NoError(t, json.NewDecoder(refused.Body).Decode(&problem))
	require.Contains(t, problem.Type, "too-many")
	require.Contains(t, problem.Detail, "30 a minute")
	require.EqualValues(t, 20, hits.Load())
}
