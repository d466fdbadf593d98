package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/policy"
	"hookline/app/web"
	"hookline/models"
)

// posts are all routes that change something, with ids that do not exist: the
// check must come before anybody looks.
func posts() []web.Route {
	var out []web.Route
	for _, r := range web.Routes() {
		if r.Method != http.MethodGet {
			out = append(out, r)
		}
	}
	return out
}

func TestCSRF_EveryPostNeedsTheToken(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks")
	other := s.signedIn(s.person(models.Member))
	other.get("/webhooks")
	for _, r := range posts() {
		for name, token := range map[string][]string{"missing": nil, "empty": {""}, "wrong": {"x"}, "another session's": {other.csrf()}} {
			a := b.do(http.MethodPost, r.Path, url.Values{"csrf": token})
			require.Equal(t, http.StatusForbidden, a.StatusCode, "%s, token %s", r.Path, name)
			require.Contains(t, a.text(), "Reload it and try again.")
			require.NotContains(t, a.text(), "Ask an owner", "no role is behind it")
		}
		a := b.do(http.MethodPost, r.Path+"?csrf="+b.csrf(), nil)
		require.Equal(t, http.StatusForbidden, a.StatusCode, "%s, token in the URL", r.Path)
	}
	b.visit("/webhooks")
}

func TestCSRF_VisitorsFormsNeedIt(t *testing.T) {
	s := newSite(t)
	s.person(models.Owner)
	b := s.browser()
	fields := url.Values{"email": {"owner@example.com"}, "password": {password}}
	require.Equal(t, http.StatusForbidden, b.do(http.MethodPost, "/login", fields).StatusCode)
	b.visit("/login")
	fields.Set("csrf", b.csrf())
	stranger := s.browser()
	require.Equal(t, http.StatusForbidden, stranger.do(http.MethodPost, "/login", fields).StatusCode, "a token without its cookie")
	require.Equal(t, http.StatusSeeOther, b.do(http.MethodPost, "/login", fields).StatusCode)
}

func TestCSRF_ForeignOriginIsRefusedEvenWithTheToken(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks")
	for _, r := range posts() {
		for _, header := range [][]string{
			{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			{"Sec-Fetch-Site", "same-site", "Origin", "http://other.localhost"},
			{"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
			{"Sec-Fetch-Site", "", "Origin", "null"},
		} {
			a := b.post(r.Path, nil, header...)
			require.Equal(t, http.StatusForbidden, a.StatusCode, "%s %v", r.Path, header)
			require.Contains(t, a.text(), "came from another site")
		}
	}
	b.visit("/webhooks")
}

func TestCSRF_HeaderOfHtmxCounts(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	b.visit("/webhooks")
	a := b.do(http.MethodPost, "/webhooks/"+w.ID+"/status", url.Values{"enabled": {"false"}}, "HX-Request", "true", "X-CSRF-Token", b.csrf())
	require.Equal(t, http.StatusOK, a.StatusCode)
}

func TestCSRF_NoGetChangesState(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	obj := s.objects("https://hooks.example.com/", s.person(models.Member).ID)
	before := s.store.Config().Version
	for _, r := range web.Routes() {
		if r.Action == policy.Public {
			continue
		}
		path := filled(r.Path, obj.params(t, r.Path))
		for _, query := range []string{"", "?enabled=false&confirm=Orders&name=x&_method=POST"} {
			b.get(path+query, "X-HTTP-Method-Override", "POST")
		}
	}
	require.Equal(t, before, s.store.Config().Version)
	b.visit("/webhooks")
}
