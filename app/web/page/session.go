package page

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/auth"
	"hookline/views/link"
)

// Session is signing in and out, and what a browser keeps for itself.
type Session struct{ Deps }

// Login shows the sign-in page.
func (p Session) Login(c echo.Context) error {
	next := form.LocalPath(c.QueryParam("next"))
	if p.actor(c).User != nil {
		return c.Redirect(http.StatusSeeOther, cmp.Or(next, link.Home))
	}
	return form.Draw(c, http.StatusOK, auth.Login(auth.LoginProps{Page: p.Frame(c), Next: next}))
}

// maxEmail is over the longest address there can be, so that cutting makes no
// two of them equal; the throttle remembers what was tried.
const maxEmail = 320

// SignIn checks the password and starts a session under a new token.
func (p Session) SignIn(c echo.Context) error {
	v := c.Request().PostForm
	next, email := form.LocalPath(v.Get("next")), v.Get("email")
	started, err := p.Service.Accounts.Login(c.Request().Context(), form.Key(email, maxEmail), v.Get("password"), p.Sessions.Visitor(c))
	switch models.CodeOf(err) {
	case models.Unauthenticated, models.TooMany:
		return form.Draw(c, form.StatusOf(c, err), auth.Login(auth.LoginProps{Page: p.Frame(c), Next: next, Email: email, Error: sentence(err)}))
	}
	if err == nil {
		err = p.Sessions.SignIn(c, started)
	}
	if err != nil {
		return err
	}
	return p.onward(c, cmp.Or(next, link.Home), "")
}

// Logout ends the session.
func (p Session) Logout(c echo.Context) error {
	if err := p.Sessions.SignOut(c); err != nil {
		return err
	}
	return p.onward(c, link.Login, "signed-out")
}

const (
	themeCookie = "hookline-theme"
	themeFor    = 365 * 24 * time.Hour
)

var themes = map[string]bool{"light": true, "dark": true, "system": true}

func (d Deps) themeOf(c echo.Context) string { return d.Cookies.Value(c.Request(), themeCookie) }

// Theme keeps the choice of light or dark in this browser.
func (p Session) Theme(c echo.Context) error {
	v := c.Request().PostForm
	theme := v.Get("theme")
	if !themes[theme] {
		return models.Errorf(models.Malformed, "There is no such theme. Choose light, dark or system.")
	}
	c.SetCookie(p.Cookies.Lasting(themeCookie, theme, themeFor))
	if form.HX(c) {
		return c.NoContent(http.StatusNoContent)
	}
	return p.onward(c, orWebhooks(form.LocalPath(v.Get("next"))), "")
}

func orWebhooks(path string) string {
	if path == "" {
		return link.Webhooks
	}
	return path
}

// sentence is what to tell a person of an error they may know of.
func sentence(err error) string {
	var e *models.Error
	if !errors.As(err, &e) {
		return ""
	}
	if len(e.Fields) > 0 {
		return e.Fields[0].Message
	}
	return e.Message
}
