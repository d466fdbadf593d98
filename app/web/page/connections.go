package page

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/settings"
	"hookline/views/ui"
)

// Connections are the pages of the OAuth connections, for owners.
type Connections struct{ Deps }

// List shows all.
func (p Connections) List(c echo.Context) error {
	list, err := p.Service.Connections.List(p.actor(c))
	if err != nil {
		return err
	}
	items := make([]settings.ConnectionItem, len(list))
	for i, connection := range list {
		users, err := p.Service.Connections.UsedBy(p.actor(c), connection.ID)
		if err != nil {
			return err
		}
		items[i] = settings.ConnectionItem{Connection: connection, Webhooks: len(users)}
	}
	return form.Draw(c, http.StatusOK, settings.Connections(settings.ConnectionsProps{Page: p.Frame(c), Items: items}))
}

// New is the form for a new one.
func (p Connections) New(c echo.Context) error {
	return form.Draw(c, http.StatusOK, settings.Connection(settings.ConnectionProps{Page: p.Frame(c)}))
}

// Create makes one, and leads to it, where it can be tested.
func (p Connections) Create(c echo.Context) error {
	v := c.Request().PostForm
	made, err := p.Service.Connections.Create(c.Request().Context(), p.actor(c), connectionInput(v))
	if redrawn(err) {
		values, errs := redisplayConnection(v, conflictOn("name", err))
		return form.Draw(c, form.StatusOf(c, err), settings.Connection(settings.ConnectionProps{Page: p.Frame(c), Values: values, Errors: errs}))
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Connection(made.ID), "connection-created")
}

// Show is one with its form.
func (p Connections) Show(c echo.Context) error {
	one, err := p.get(c)
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, one, settings.ConnectionProps{Values: settings.ConnectionValuesOf(one)})
}

// Update saves the form.
func (p Connections) Update(c echo.Context) error {
	one, err := p.get(c)
	if err != nil {
		return err
	}
	v := c.Request().PostForm
	_, err = p.Service.Connections.Update(c.Request().Context(), p.actor(c), one.ID, connectionInput(v))
	if redrawn(err) {
		values, errs := redisplayConnection(v, fieldErrors(err))
		return p.draw(c, form.StatusOf(c, err), one, settings.ConnectionProps{Values: values, Errors: errs})
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Connection(one.ID), "connection-saved")
}

// Test fetches a token and says what came of it.
func (p Connections) Test(c echo.Context) error {
	one, err := p.get(c)
	if err != nil {
		return err
	}
	check, err := p.Service.Connections.Test(c.Request().Context(), p.actor(c), one.ID)
	if models.CodeOf(err) == models.TooMany {
		return p.draw(c, form.StatusOf(c, err), one, settings.ConnectionProps{
			Values: settings.ConnectionValuesOf(one), Test: &settings.ConnectionTest{Refused: sentence(err)},
		})
	}
	if err != nil {
		return err
	}
	test := settings.ConnectionTest{OK: check.OK, Error: check.Error, Took: check.Took, Lasts: check.Lasts}
	if !check.OK {
		test.Explain = models.Diagnose(check.Outcome, 0, check.Cause)
	}
	return p.draw(c, http.StatusOK, one, settings.ConnectionProps{Values: settings.ConnectionValuesOf(one), Test: &test})
}

// ConfirmDelete asks, or says why it must stay.
func (p Connections) ConfirmDelete(c echo.Context) error {
	one, err := p.get(c)
	if err != nil {
		return err
	}
	return p.drawDelete(c, http.StatusOK, one)
}

// Delete removes it; while webhooks use it, the page says which.
func (p Connections) Delete(c echo.Context) error {
	one, err := p.get(c)
	if err != nil {
		return err
	}
	err = p.Service.Connections.Delete(c.Request().Context(), p.actor(c), one.ID)
	if models.CodeOf(err) == models.Conflict {
		return p.drawDelete(c, form.StatusOf(c, err), one)
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Connections, "connection-deleted")
}

func (p Connections) get(c echo.Context) (models.OAuthConnection, error) {
	return p.Service.Connections.Get(p.actor(c), c.Param("id"))
}

func (p Connections) draw(c echo.Context, code int, one models.OAuthConnection, props settings.ConnectionProps) error {
	var err error
	if props.UsedBy, err = p.Service.Connections.UsedBy(p.actor(c), one.ID); err != nil {
		return err
	}
	props.Page, props.ID, props.Name = p.Frame(c), one.ID, one.Name
	return form.Draw(c, code, settings.Connection(props))
}

func (p Connections) drawDelete(c echo.Context, code int, one models.OAuthConnection) error {
	users, err := p.Service.Connections.UsedBy(p.actor(c), one.ID)
	if err != nil {
		return err
	}
	return form.Draw(c, code, settings.ConnectionDelete(settings.ConnectionDeleteProps{Page: p.Frame(c), Connection: one, UsedBy: users}))
}

// connectionInput is what the form says; a field that is missing stays as it was.
// Spaces around a visible text are left out; a secret is taken as it is typed.
func connectionInput(v url.Values) service.ConnectionInput {
	given := func(name, text string) *string {
		if !v.Has(name) {
			return nil
		}
		return &text
	}
	visible := func(name string) *string { return given(name, strings.TrimSpace(v.Get(name))) }
	return service.ConnectionInput{
		Name: visible("name"), ClientID: visible("client_id"), TokenURL: visible("token_url"), Scope: visible("scope"),
		Secret: given("client_secret", v.Get("client_secret")),
	}
}

// redisplayConnection is the form to draw once more: all that was typed but the
// secret, which must be typed again.
func redisplayConnection(v url.Values, errs ui.Errors) (settings.ConnectionValues, ui.Errors) {
	text := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	values := settings.ConnectionValues{Name: text("name"), ClientID: text("client_id"), TokenURL: text("token_url"), Scope: text("scope")}
	switch secret := v.Get("client_secret"); {
	case secret == models.Mask:
		values.Secret = models.Mask
	case secret != "" && errs["client_secret"] == "":
		errs["client_secret"] = form.ReenterSecret
	}
	return values, errs
}
