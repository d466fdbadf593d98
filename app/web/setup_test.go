package web_test

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func (s *site) setupToken() string {
	token, err := s.svc.Accounts.OpenSetup(context.Background())
	require.NoError(s.t, err)
	require.NotEmpty(s.t, token)
	return token
}

var owner = url.Values{
	"site_name": {"Acme"}, "site_domain": {"acme.example"}, "name": {"Ada"}, "email": {"Ada@Example.com"}, "password": {password},
}

func TestSetup_MakesTheOwnerAndSignsIn(t *testing.T) {
	s := newSite(t)
	token := s.setupToken()
	b := s.browser()
	a := b.visit("/setup?token=" + token)
	require.Equal(t, "desk.example.com", a.doc.Find(`input[name="site_domain"]`).AttrOr("value", ""))

	done := b.submit("/setup", owner)
	require.Equal(t, http.StatusSeeOther, done.StatusCode)
	require.Equal(t, "/", done.location())
	require.Contains(t, b.visit("/webhooks").text(), "Add your first webhook")
	require.Equal(t, http.StatusNotFound, b.get("/setup?token="+token).StatusCode)
	require.NotContains(t, s.log.String(), token, "the log must not have the setup token")
}

func TestSetup_KeepsWhatWasTypedButNotThePassword(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.visit("/setup?token=" + s.setupToken())
	a := b.submit("/setup", url.Values{"site_name": {"Acme <b>"}, "name": {""}, "email": {"nope"}, "password": {"too-short"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Equal(t, "Acme <b>", a.doc.Find(`input[name="site_name"]`).AttrOr("value", ""))
	require.Contains(t, a.text(), "Give an e-mail address")
	require.NotContains(t, a.body, "too-short")

	require.Equal(t, http.StatusSeeOther, b.submit("/setup", owner).StatusCode, "the same page can be sent again")
}

func TestSetup_NeedsTheLink(t *testing.T) {
	s := newSite(t)
	token := s.setupToken()
	b := s.browser()
	for _, bad := range []string{"/setup", "/setup?token=", "/setup?token=" + token[1:]} {
		require.Equal(t, http.StatusNotFound, b.get(bad).StatusCode, bad)
	}
	b.visit("/setup?token=" + token)
	a := b.submit("/setup", url.Values{"token": {"guess"}, "site_name": {"x"}})
	require.Equal(t, http.StatusNotFound, a.StatusCode)
	require.Contains(t, a.text(), "not valid any more")
}

func TestSetup_RaceHasOneWinner(t *testing.T) {
	s := newSite(t)
	token := s.setupToken()
	browsers := make([]*browser, 20)
	for i := range browsers {
		browsers[i] = s.browser()
		browsers[i].visit("/setup?token=" + token)
	}
	codes := make([]int, len(browsers))
	var all sync.WaitGroup
	for i, b := range browsers {
		all.Go(func() {
			fields := url.Values{}
			for name, v := range owner {
				fields[name] = v
			}
			fields["email"] = []string{string(rune('a'+i)) + "@example.com"}
			codes[i] = b.submit("/setup", fields).StatusCode
		})
	}
	all.Wait()
	won := 0
	for _, code := range codes {
		if code == http.StatusSeeOther {
			won++
		} else {
			require.Equal(t, http.StatusNotFound, code)
		}
	}
	require.Equal(t, 1, won)
	n, err := s.store.CountUsers(context.Background())
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}
