package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/web"
)

// everywhere are addresses of every kind of answer.
func everywhere(webhook, delivery string) []string {
	return []string{
		"/", "/login", "/setup", "/nowhere", "/logout", "/favicon.ico", "/tokens", "/webhooks", "/webhooks/new", "/webhooks?cursor=broken",
		"/webhooks/" + webhook, "/webhooks/" + webhook + "/edit", "/webhooks/" + webhook + "/logs", "/webhooks/" + webhook + "/logs?state=odd",
		"/webhooks/" + webhook + "/delete", "/deliveries/" + delivery, "/deliveries/" + delivery + "/row", "/deliveries/" + delivery + "?attempt=9",
		"/static/css/app.css", "/static/nothing.js", "/healthz", "/api/openapi.json", "/api/nothing",
	}
}

func TestHeaders_OnEveryAnswer(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	for _, path := range everywhere(w.ID, s.delivery(w).ID) {
		a := b.get(path)
		require.Less(t, a.StatusCode, 500, "%s: %s", path, a.body)
		for name, want := range map[string]string{
			"Content-Security-Policy":    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "same-origin",
			"X-Frame-Options":            "DENY",
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			require.Equal(t, want, a.Header.Get(name), "%s of %s", name, path)
		}
		require.NotEmpty(t, a.Header.Get("Permissions-Policy"), path)
		if !programs(path) {
			require.Equal(t, "no-store", a.Header.Get("Cache-Control"), path)
		}
		require.Empty(t, a.doc.Find("[style], script:not([src]), [onclick], [hx-on]").Length(), path)
	}
}

func TestHead_AnswersLikeGet(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	for _, path := range []string{"/login", "/webhooks", "/tokens", "/nowhere"} {
		get, head := b.get(path), b.do(http.MethodHead, path, nil)
		require.Equal(t, get.StatusCode, head.StatusCode, path)
		require.Empty(t, head.body)
	}
}

func TestStatic_FilesOfAPageAreThere(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	a := b.visit("/login")
	found := 0
	for _, attr := range []string{"href", "src"} {
		for _, n := range a.doc.Find("[" + attr + `^="/static/"]`).Nodes {
			for _, v := range n.Attr {
				if v.Key == attr {
					found++
					file := b.get(v.Val)
					require.Equal(t, http.StatusOK, file.StatusCode, v.Val)
					require.Contains(t, file.Header.Get("Cache-Control"), "immutable", v.Val)
				}
			}
		}
	}
	require.Greater(t, found, 2)
	require.True(t, strings.HasPrefix(b.get("/favicon.ico").location(), "/static/img/"))
	require.Equal(t, http.StatusMethodNotAllowed, b.do(http.MethodPost, "/static/css/app.css", nil).StatusCode)
}

func TestNew_NeedsABaseURL(t *testing.T) {
	_, err := web.New(web.Options{BaseURL: "desk"})
	require.ErrorContains(t, err, "base URL")
}
