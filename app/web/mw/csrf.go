package mw

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/models"
)

// CSRF keeps other sites from acting in a person's name, in two ways that do not
// depend on each other: what the browser says about where a request comes from,
// and a token that only our own pages know.
type CSRF struct {
	sessions *Sessions
	origins  *http.CrossOriginProtection
	cookies  Cookies
}

// CSRFField and CSRFHeader carry the token: in a form, and from htmx.
const (
	CSRFField  = "csrf"
	CSRFHeader = "X-CSRF-Token"
)

const (
	seedKey    = "csrf seed"
	seedCookie = "hookline-form" // for visitors without a session
)

// NewCSRF trusts the server's own origin beside the one a request was sent to:
// they differ behind a proxy that sets another Host.
func NewCSRF(s *Sessions, origin string, cookies Cookies) (*CSRF, error) {
	origins := http.NewCrossOriginProtection()
	if err := origins.AddTrustedOrigin(origin); err != nil {
		return nil, err
	}
	return &CSRF{sessions: s, origins: origins, cookies: cookies}, nil
}

// Token is what forms send back. It follows from the session's token, and so
// ends with it; for visitors it follows from a cookie, set here if need be.
func (p *CSRF) Token(c echo.Context) string {
	seed := p.seed(c)
	if seed == "" {
		seed = rand.Text()
		c.SetCookie(p.cookies.New(seedCookie, seed))
		c.Set(seedKey, seed)
	}
	return tokenOf(seed)
}

// seed is what this browser's token is made of, or "".
func (p *CSRF) seed(c echo.Context) string {
	if token := p.sessions.token(c); token != "" {
		return token
	}
	if fresh, ok := c.Get(seedKey).(string); ok {
		return fresh
	}
	if seed := p.cookies.Value(c.Request(), seedCookie); len(seed) <= maxToken {
		return seed
	}
	return ""
}

func tokenOf(seed string) string {
	mac := hmac.New(sha256.New, []byte(seed))
	mac.Write([]byte("hookline form 1"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Both mean that nothing was done, and that no role is behind it.
var (
	ErrForeign = models.Errorf(models.Denied, "The request came from another site, so nothing was done. Open Hookline itself, reload the page and try again.")
	ErrStale   = models.Errorf(models.Denied, "This page was out of date, so nothing was done. Reload it and try again.")
)

// Check lets a request that may change something pass only with both proofs. It
// reads the form, so the body must be limited before.
func (p *CSRF) Check(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return next(c)
		}
		if p.origins.Check(r) != nil {
			return ErrForeign
		}
		if err := r.ParseForm(); err != nil {
			return unreadable(err)
		}
		sent := r.Header.Get(CSRFHeader)
		if sent == "" {
			sent = r.PostForm.Get(CSRFField)
		}
		seed := p.seed(c)
		if seed == "" || !hmac.Equal([]byte(sent), []byte(tokenOf(seed))) {
			return ErrStale
		}
		return next(c)
	}
}
