package web_test

import (
	"cmp"
	"net/http"
	"net/netip"
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
	require.Equal(t, http.StatusBadRequest, login(b, "bad\xff\x00@example.com", "x").StatusCode, "no form sends that")
	for _, a := range []answer{wrong, unknown} {
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

// Strangers cannot lock an owner out: not from elsewhere, behind the same proxy or
// not, and not from the owner's own network once the browser is known.
func TestLogin_AStrangerDoesNotLockTheOwnerOut(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	u := s.person(models.Owner)
	try := func(b *browser, pass, from string) int {
		b.visit("/login")
		return b.submit("/login", url.Values{"email": {u.Email}, "password": {pass}}, "X-Forwarded-For", from).StatusCode
	}
	owner := s.browser()
	require.Equal(t, http.StatusSeeOther, try(owner, password, "192.0.2.1"))
	owner.visit("/webhooks")
	owner.submit("/logout", nil)

	stranger := s.browser()
	for _, network := range []string{"198.51.100.7", "192.0.2.1"} {
		for range 11 {
			try(stranger, "a wrong password", network)
		}
		require.Equal(t, http.StatusTooManyRequests, try(stranger, password, network))
	}
	require.Equal(t, http.StatusSeeOther, try(s.browser(), password, "192.0.2.2"), "another network of the owner's")
	require.Equal(t, http.StatusSeeOther, try(owner, password, "192.0.2.1"), "the browser that signed in before")

	admin := s.signedIn(u)
	log := admin.visit("/audit?action=user.sign_in_failed")
	require.Contains(t, log.text(), "failed to sign in as "+u.Email)
	require.Contains(t, log.text(), "198.51.100.7")
	require.Contains(t, admin.visit("/audit?action=user.signed_in").text(), "signed in as")
	require.Contains(t, admin.visit("/audit?actor=visitor").text(), "failed to sign in as")
}

func TestLogin_TheBrowserCookieIsGuarded(t *testing.T) {
	for base, name := range map[string]string{"": "hookline-browser", "https://desk.example.com": "__Host-hookline-browser"} {
		s := newSite(t, func(o *web.Options) { o.BaseURL = cmp.Or(base, o.BaseURL) })
		s.person(models.Owner)
		page := s.browser().get("/login")
		form, _, _ := strings.Cut(page.Header.Get("Set-Cookie"), ";")
		a := s.browser().do(http.MethodPost, "/login", url.Values{
			"csrf": {page.doc.Find(`meta[name="csrf-token"]`).AttrOr("content", "")}, "email": {"owner@example.com"}, "password": {password},
		}, "Cookie", form)
		require.Equal(t, http.StatusSeeOther, a.StatusCode, a.text())
		var found *http.Cookie
		for _, c := range a.Cookies() {
			if c.Name == name {
				found = c
			}
		}
		require.NotNil(t, found, a.Header.Values("Set-Cookie"))
		require.True(t, found.HttpOnly)
		require.Equal(t, base != "", found.Secure)
		require.Equal(t, http.SameSiteLaxMode, found.SameSite)
		require.Empty(t, found.Domain)
		require.Greater(t, found.MaxAge, 300*24*3600)
		require.NotContains(t, found.Value, "owner", "it is sealed")
		require.Equal(t, "/login", s.browser().get("/", "Cookie", name+"="+found.Value).location(), "it signs nobody in")
	}
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
