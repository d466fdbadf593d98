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

func TestProfile_PasswordChangeEndsOtherSessions(t *testing.T) {
	s := newSite(t)
	u := s.person(models.Member)
	here, there := s.signedIn(u), s.signedIn(u)
	there.visit("/profile")
	here.visit("/profile")
	const fresh = "another horse battery"
	for _, bad := range []url.Values{{"current": {"wrong password"}, "new": {fresh}}, {"current": {password}, "new": {"short"}}, {"current": {password}, "new": {strings.Repeat("x", 129)}}} {
		a := here.submit("/profile/password", bad)
		require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
		require.NotContains(t, a.body, fresh)
	}
	require.Equal(t, "/profile", here.submit("/profile/password", url.Values{"current": {password}, "new": {fresh}}).location())
	here.visit("/profile")
	require.Equal(t, http.StatusSeeOther, there.get("/profile").StatusCode, "signed out")
	require.Equal(t, http.StatusUnauthorized, login(s.browser(), u.Email, password).StatusCode)
	require.Equal(t, "/", login(s.browser(), u.Email, fresh).location())

	var last int
	for range 12 {
		last = here.submit("/profile/password", url.Values{"current": {"wrong password"}, "new": {fresh}}).StatusCode
	}
	require.Equal(t, http.StatusTooManyRequests, last)
}

func TestProfile_AddressNeedsThePassword(t *testing.T) {
	s := newSite(t)
	u := s.person(models.Member)
	b := s.signedIn(u)
	b.visit("/profile")
	a := b.submit("/profile", url.Values{"name": {"Kim"}, "email": {"kim@example.com"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Equal(t, "kim@example.com", a.doc.Find(`main [name="email"]`).AttrOr("value", ""))
	require.Equal(t, "/profile", b.submit("/profile", url.Values{"name": {"Kim"}, "email": {"kim@example.com"}, "password": {password}, "role": {"owner"}}).location())
	got, err := s.store.User(t.Context(), u.ID)
	require.NoError(t, err)
	require.Equal(t, models.Member, got.Role)
	require.Equal(t, "kim@example.com", got.Email)
	require.Equal(t, "Your profile is saved.", strings.TrimSpace(b.visit("/profile").doc.Find("#toasts p").Text()))
}

func TestSessions_ListedAndRevoked(t *testing.T) {
	s := newSite(t)
	u, other := s.person(models.Member), s.another(models.Member)
	here, there, foreign := s.signedIn(u), s.signedIn(u), s.signedIn(other)
	const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
	there.get("/webhooks", "User-Agent", agent)
	foreign.visit("/webhooks")
	page := here.visit("/profile")
	require.Contains(t, page.text(), "Firefox on Linux")
	require.Contains(t, page.text(), "This browser")
	require.Contains(t, page.text(), "127.0.0.1")
	theirs, err := s.store.Sessions(t.Context(), other.ID, s.clock.Now())
	require.NoError(t, err)
	for _, id := range []string{theirs[0].ID, "ses_" + noID, u.ID, "x"} {
		require.Equal(t, http.StatusNotFound, here.post("/profile/sessions", url.Values{"session": {id}}).StatusCode, "%q", id)
	}
	foreign.visit("/webhooks")
	all, err := s.store.Sessions(t.Context(), u.ID, s.clock.Now())
	require.NoError(t, err)
	require.Len(t, all, 2)
	for _, v := range all {
		if v.Agent == agent {
			require.Equal(t, "/profile", here.post("/profile/sessions", url.Values{"session": {v.ID}}).location())
		}
	}
	require.Equal(t, http.StatusSeeOther, there.get("/profile").StatusCode)
	third := s.signedIn(u)
	here.visit("/profile")
	require.Equal(t, "/profile", here.submit("/profile/sessions", url.Values{"all": {"true"}}).location())
	require.Equal(t, http.StatusSeeOther, third.get("/profile").StatusCode)

	// An owner ends somebody's sessions, and only theirs.
	b := s.owner()
	at := "/team/users/" + u.ID
	b.visit(at)
	require.Equal(t, http.StatusNotFound, b.post(at+"/sessions", url.Values{"session": {theirs[0].ID}}).StatusCode)
	require.Equal(t, at, b.post(at+"/sessions", url.Values{"all": {"true"}}).location())
	require.Equal(t, http.StatusSeeOther, here.get("/profile").StatusCode)
	foreign.visit("/webhooks")
}

func TestSessions_SeenOnceAMinute(t *testing.T) {
	s := newSite(t)
	u := s.person(models.Member)
	b := s.signedIn(u)
	b.get("/profile", "User-Agent", "one")
	b.get("/profile", "User-Agent", "two")
	read := func() models.Session {
		all, err := s.store.Sessions(t.Context(), u.ID, s.clock.Now())
		require.NoError(t, err)
		return all[0]
	}
	require.Contains(t, read().Agent, "one")
	s.clock.add(models.SeenEvery)
	b.get("/profile", "User-Agent", "two")
	require.Equal(t, "two", read().Agent)
	require.WithinDuration(t, s.clock.Now(), read().SeenAt, time.Millisecond)
	got, err := s.store.User(t.Context(), u.ID)
	require.NoError(t, err)
	require.Equal(t, read().SeenAt, got.SeenAt)
}
