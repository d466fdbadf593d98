package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// H5, B5: nobody types faster than previews are made, and a flood of them is held
// back: with a time to come again for the script, and a whole form without one.
func TestH5_PreviewsAreHeldToAPace(t *testing.T) {
	s := newSite(t)
	b, other := s.owner(), s.signedIn(s.another(models.Owner))
	fields := with(signed, url.Values{"subscriptions.all": {"true"}, "subscriptions.filter": {"data.n > 1"}})
	for _, who := range []*browser{b, other} {
		who.visit("/webhooks/new")
	}
	ask := func(who *browser, path string) answer { return who.post(path, fields, "HX-Request", "true") }
	for i := 1; i < 100; i++ { // the form's own was the first
		path := "/webhooks/preview"
		if i%2 == 0 {
			path = "/webhooks/filter"
		}
		require.Equal(t, http.StatusOK, ask(b, path).StatusCode, i)
	}
	for _, path := range []string{"/webhooks/preview", "/webhooks/filter"} {
		held := ask(b, path)
		require.Equal(t, http.StatusTooManyRequests, held.StatusCode)
		require.Equal(t, "1", held.Header.Get("Retry-After"))
		require.NotContains(t, held.body, "<", "htmx has nothing to put in the place of what is there")
	}
	for _, action := range []string{"preview", "filter", ""} {
		form := b.submit("/webhooks", with(fields, url.Values{"action": {action}, "name": {""}, "description": {"typed " + action}}))
		require.Contains(t, []int{http.StatusOK, http.StatusUnprocessableEntity}, form.StatusCode, "a form is drawn all the same")
		require.Contains(t, form.text(), "300 a minute", action)
		require.Contains(t, form.doc.Find("[name=description]").Text(), "typed "+action, "nothing typed is lost")
	}
	require.Equal(t, http.StatusOK, ask(other, "/webhooks/preview").StatusCode, "each has a pace of his own")
	s.clock.add(time.Second)
	require.Equal(t, http.StatusOK, ask(b, "/webhooks/preview").StatusCode)
}

// H5, B5: the API holds a token to the same pace.
func TestH5_PreviewsOfATokenAreHeldToAPace(t *testing.T) {
	s := newSite(t)
	clear, _, err := s.svc.Tokens.Create(t.Context(), system, "test", []models.Scope{models.Admin}, time.Time{})
	require.NoError(t, err)
	call := func(path, body string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/webhooks/"+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+clear)
		r.Header.Set("Content-Type", "application/json")
		a, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		t.Cleanup(func() { _ = a.Body.Close() })
		return a
	}
	preview := `{"webhook":{"url":"https://example.com/hooks"}}`
	for range 100 {
		require.Equal(t, http.StatusOK, call("preview", preview).StatusCode)
	}
	for path, body := range map[string]string{"preview": preview, "filter-test": "{}"} {
		held := call(path, body)
		require.Equal(t, http.StatusTooManyRequests, held.StatusCode, path)
		require.Equal(t, "1", held.Header.Get("Retry-After"))
	}
}
