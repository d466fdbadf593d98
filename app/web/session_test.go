package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/web"
	"hookline/models"
)

func login(b *browser, email, pass string) answer {
	b.t.Helper()
	b.visit("/login")
	return b.submit("/login", url.Values{"email": {email}, "password": {pass}})
}

func TestLogin_StartsASessionThatLogoutEnds(t *testing.T) {
	s := newSite(t)
	s.person(models.Owner)
	b := s.browser()
	require.Equal(t, "/login", b.get("/").location())
	a := login(b, " OWNER@example.com ", password)
	require.Equal(t, http.StatusSeeOther, a.StatusCode)
	require.Equal(t, "/", a.location())
	require.Equal(t, http.StatusOK, b.get("/").StatusCode)
	require.Equal(t, "/", b.get("/login").location(), "who is signed in has no use for the form")

	b.visit("/webhooks")
	stolen := b.cookie("hookline")
	out := b.submit("/logout", nil)
	require.Equal(t, "/login", out.location())
	require.Empty(t, b.cookie("hookline"))
	require.Contains(t, b.visit("/login").text(), "You are signed out.")
	require.NotContains(t, b.visit("/login").text(), "You are signed out.", "a flash shows once")

	thief := s.browser()
	a = thief.get("/webhooks", "Cookie", "hookline="+stolen)
	require.Equal(t, "/login", a.location(), "the row is gone, so the cookie is worth nothing")
}

func TestLogin_RotatesTheSession(t *testing.T) {
	s := newSite(t)
	u := s.person(models.Owner)
	b := s.browser()
	b.visit("/login")
	page := b.csrf()
	first := s.signedIn(u)
	before := first.cookie("hookline")

	// The form of a visitor, sent by a browser that has a session by now.
	b.http.Jar.SetCookies(b.url("/"), []*http.Cookie{{Name: "hookline", Value: before, Path: "/"}})
	require.Equal(t, http.StatusForbidden, b.do(http.MethodPost, "/login", url.Values{"csrf": {page}}).StatusCode)
	b.visit("/webhooks")
	a := b.post("/login", url.Values{"email": {u.Email}, "password": {password}})
	require.Equal(t, http.StatusSeeOther, a.StatusCode)
	require.NotEqual(t, before, b.cookie("hookline"))
	require.Equal(t, "/login", first.get("/webhooks").location(), "the token from before is dead")
	b.visit("/webhooks")
}

func TestLogin_FixedSessionIsNotTaken(t *testing.T) {
	s := newSite(t)
	s.person(models.Owner)
	b := s.browser()
	b.http.Jar.SetCookies(b.url("/"), []*http.Cookie{{Name: "hookline", Value: "planted-by-an-attacker", Path: "/"}})
	require.Equal(t, http.StatusSeeOther, login(b, "owner@example.com", password).StatusCode)
	require.NotEqual(t, "planted-by-an-attacker", b.cookie("hookline"))
}

func TestLogin_SameTextForWrongPasswordAndUnknownUser(t *testing.T) {
	s := newSite(t)
	s.person(models.Owner)
	b := s.browser()
	wrong, unknown := login(b, "owner@example.com", "wrong password!"), login(b, "nobody@example.com", "wrong password!")
	for _, a := range []answer{wrong, unknown, login(b, "bad\xff\x00@example.com", "x")} {
		require.Equal(t, http.StatusUnauthorized, a.StatusCode)
		require.Equal(t, wrong.doc.Find(`[role="alert"]`).Text(), a.doc.Find(`[role="alert"]`).Text())
		require.NotContains(t, a.body, "wrong password!")
	}
	require.Contains(t, wrong.text(), "The e-mail address or the password is wrong.")
	require.Equal(t, "owner@example.com", wrong.doc.Find(`input[name="email"]`).AttrOr("value", ""))
	require.Empty(t, b.cookie("hookline"))
}

func TestLogin_IsThrottledPerAccount(t *testing.T) {
	s := newSite(t)
	s.person(models.Owner)
	b := s.browser()
	b.visit("/login")
	last := 0
	for range 11 {
		last = b.submit("/login", url.Values{"email": {"owner@example.com"}, "password": {"x"}}).StatusCode
	}
	require.Equal(t, http.StatusTooManyRequests, last)
	a := b.submit("/login", url.Values{"email": {"owner@example.com"}, "password": {password}})
	require.Equal(t, http.StatusTooManyRequests, a.StatusCode, "the right password does not help now")
	require.Equal(t, "60", a.Header.Get("Retry-After"))
	require.Contains(t, a.text(), "Too many attempts to sign in")
}

func TestLogin_NextLeadsOnlyToLocalPaths(t *testing.T) {
	s := newSite(t)
	u := s.person(models.Owner)
	for next, want := range map[string]string{
		"/tokens":                    "/tokens",
		"/webhooks?q=a%20b":          "/webhooks?q=a%20b",
		"https://evil.example/":      "/",
		"//evil.example/":            "/",
		`/\evil.example/`:            "/",
		"/\t/evil.example":           "/",
		"javascript:alert(1)":        "/",
		"/%2F/evil.example\r\nX: y":  "/",
		"webhooks":                   "/",
		"/a/../..//evil.example/../": "/a/../..//evil.example/../",
	} {
		b := s.browser()
		b.visit("/login?next=" + url.QueryEscape(next))
		a := b.submit("/login", url.Values{"email": {u.Email}, "password": {password}})
		require.Equal(t, http.StatusSeeOther, a.StatusCode)
		require.Equal(t, want, a.location(), "next=%q", next)
		require.Equal(t, want, b.get("/login?next="+url.QueryEscape(next)).location(), "signed in, next=%q", next)
	}
}

func TestSession_EndedOneLeadsToLoginAndBack(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/tokens")
	s.clock.add(models.SessionLifetime)
	require.Equal(t, "/login?next=%2Ftokens", b.get("/tokens").location())
	a := b.post("/tokens", url.Values{"name": {"x"}})
	require.Equal(t, "/login?next=%2Ftokens", a.location(), "a post leads back to the page of its form")
	hx := b.get("/deliveries/x", "HX-Request", "true", "HX-Current-URL", s.URL+"/webhooks/wh_1/logs?state=failed")
	require.Equal(t, http.StatusNoContent, hx.StatusCode)
	require.Equal(t, "/login?next=%2Fwebhooks%2Fwh_1%2Flogs%3Fstate%3Dfailed", hx.Header.Get("HX-Redirect"))
}

func TestSession_CookieIsGuarded(t *testing.T) {
	s := newSite(t)
	s.person(models.Owner)
	a := login(s.browser(), "owner@example.com", password)
	set := a.Header.Get("Set-Cookie")
	require.True(t, strings.HasPrefix(set, "hookline="), set)
	for _, part := range []string{"; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=1209600"} {
		require.Contains(t, set, part)
	}
	require.NotContains(t, set, "Secure")
	require.NotContains(t, set, "Domain")
}

func TestSession_HTTPSCookieHasTheHostPrefix(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.BaseURL = "https://desk.example.com" })
	a := s.browser().get("/login", "Cookie", "hookline-theme=dark")
	set := a.Header.Get("Set-Cookie")
	require.True(t, strings.HasPrefix(set, "__Host-hookline-form="), set)
	require.Contains(t, set, "; Secure")
	require.Equal(t, "max-age=31536000", a.Header.Get("Strict-Transport-Security"))

	s.person(models.Owner)
	cookie, _, _ := strings.Cut(set, ";")
	token := a.doc.Find(`meta[name="csrf-token"]`).AttrOr("content", "")
	a = s.browser().do(http.MethodPost, "/login", url.Values{"csrf": {token}, "email": {"owner@example.com"}, "password": {password}},
		"Cookie", cookie, "Origin", "https://desk.example.com", "Sec-Fetch-Site", "")
	require.Equal(t, http.StatusSeeOther, a.StatusCode, "the public origin is trusted though the Host differs: %s", a.text())
	require.True(t, strings.HasPrefix(a.Header.Get("Set-Cookie"), "__Host-hookline="))
}

func TestTheme_IsKeptInTheBrowser(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/tokens")
	a := b.submit("/theme", url.Values{"theme": {"dark"}})
	require.Equal(t, "/tokens", a.location())
	require.Equal(t, "dark", b.visit("/tokens").doc.Find("html").AttrOr("data-theme", ""))
	require.Equal(t, http.StatusBadRequest, b.post("/theme", url.Values{"theme": {"<b>"}}).StatusCode)
}
