package page

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/service/account"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/auth"
	"hookline/views/link"
	"hookline/views/ui"
)

// Setup is the first run: it makes the first owner, once.
type Setup struct{ Deps }

// Show draws the form for the holder of the link.
func (p Setup) Show(c echo.Context) error {
	token := c.QueryParam("token")
	if err := p.Service.Accounts.CheckSetup(c.Request().Context(), token); err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, auth.Setup(auth.SetupProps{
		Page: p.Frame(c), Token: token, Values: auth.SetupValues{SiteDomain: p.Service.Accounts.SuggestedDomain()},
	}))
}

// Create makes the owner and signs them in.
func (p Setup) Create(c echo.Context) error {
	v := c.Request().PostForm
	in := account.SetupInput{
		SiteName: v.Get("site_name"), SiteDomain: v.Get("site_domain"),
		Name: v.Get("name"), Email: v.Get("email"), Password: v.Get("password"),
	}
	owner, err := p.Service.Accounts.SetUp(c.Request().Context(), v.Get("token"), in)
	if models.CodeOf(err) == models.Invalid {
		return form.Draw(c, form.StatusOf(c, err), auth.Setup(auth.SetupProps{
			Page: p.Frame(c), Token: v.Get("token"), Errors: fieldErrors(err),
			Values: auth.SetupValues{SiteName: in.SiteName, SiteDomain: in.SiteDomain, Name: in.Name, Email: in.Email},
		}))
	}
	if err != nil {
		return err
	}
	started, err := p.Service.Accounts.StartSession(c.Request().Context(), owner, p.Sessions.Visitor(c))
	if err == nil {
		err = p.Sessions.SignIn(c, started)
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Home, "")
}

// fieldErrors are an error's faults by field; one without fields is about the
// whole form.
func fieldErrors(err error) ui.Errors {
	var e *models.Error
	if !errors.As(err, &e) {
		return nil
	}
	if len(e.Fields) == 0 {
		return ui.Errors{"": e.Message}
	}
	return ui.ErrorsFrom(e.Fields)
}
