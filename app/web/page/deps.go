// Package page has the handlers of the UI, one file a feature. A handler reads
// the request, calls one use case and draws what came of it; rules live in
// app/service.
package page

import (
	"fmt"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/app/web/mw"
	"hookline/models"
	"hookline/views/layout"
)

// Deps are what the pages need.
type Deps struct {
	Service  *service.Service
	Sessions *mw.Sessions
	CSRF     *mw.CSRF
	Now      func() time.Time
	Cookies  mw.Cookies
	// BaseURL is the public address, for examples to copy.
	BaseURL string
	// AllowHTTP is whether the target guard accepts http, for the form's hint.
	AllowHTTP bool
}

// actor is the signed-in user. The session was looked up before the handler, so there is
// no error left to see.
func (d Deps) actor(c echo.Context) models.Actor {
	user, _ := d.Sessions.User(c)
	return models.Actor{User: user}
}

func (d Deps) can(c echo.Context, action policy.Action) bool {
	return policy.Can(d.actor(c), action)
}

// canOn is can for one webhook, where a grant may add to the role.
func (d Deps) canOn(c echo.Context, action policy.Action, webhookID string) bool {
	return d.Service.Webhooks.May(d.actor(c), action, webhookID)
}

// Frame is what stands around every page. It takes the flash message with it, so
// it is made once per page.
func (d Deps) Frame(c echo.Context) layout.Page {
	actor := d.actor(c)
	return layout.Page{
		Actor: actor.User, Menu: navFor(actor), CSRF: d.CSRF.Token(c), Theme: d.themeOf(c), Flash: d.takeFlash(c),
		Banner: d.banner(), SiteName: d.Service.System.Settings().SiteName, Path: form.PageOf(c.Request()), Now: d.Now(),
	}
}

// banner warns on every page while the database takes no writes (promise 9).
func (d Deps) banner() string {
	since := d.Service.System.DegradedSince()
	if since.IsZero() {
		return ""
	}
	return fmt.Sprintf("Hookline cannot write to its database since %s, so it accepts no events and saves nothing. "+
		"Check that the disk has room and can be written; it recovers by itself.", since.UTC().Format("2 Jan 15:04 UTC"))
}
