package page

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/settings"
	"hookline/views/ui"
)

// Settings is the page of the workspace's settings.
type Settings struct{ Deps }

// Show draws the form.
func (p Settings) Show(c echo.Context) error {
	v, err := p.Service.Settings.Get(p.actor(c))
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, settings.ValuesOf(v), nil)
}

// Save changes the settings.
func (p Settings) Save(c echo.Context) error {
	v := c.Request().PostForm
	values := settings.Values{
		SiteName: v.Get("site_name"), SiteDomain: v.Get("site_domain"), HeaderPrefix: v.Get("header_prefix"),
		Days: v.Get("retention.days"), BodyDays: v.Get("retention.body_days"),
	}
	days, bodyDays := dayCount(values.Days), dayCount(values.BodyDays)
	_, err := p.Service.Settings.Update(c.Request().Context(), p.actor(c), service.SettingsInput{
		SiteName: &values.SiteName, SiteDomain: &values.SiteDomain, HeaderPrefix: &values.HeaderPrefix, Days: &days, BodyDays: &bodyDays,
	})
	if models.CodeOf(err) == models.Invalid {
		return p.draw(c, form.StatusOf(c, err), values, fieldErrors(err))
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Settings, "settings-saved")
}

// dayCount reads a number; what is none becomes one that the service refuses.
func dayCount(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

func (p Settings) draw(c echo.Context, code int, values settings.Values, errs ui.Errors) error {
	saved, err := p.Service.Settings.Get(p.actor(c))
	if err != nil {
		return err
	}
	space, err := p.Service.Settings.Space(c.Request().Context(), p.actor(c))
	if err != nil {
		return err
	}
	return form.Draw(c, code, settings.Page(settings.Props{
		Page: p.Frame(c), Saved: saved, Values: values, Errors: errs, Space: space, Outgoing: p.Service.Settings.OutgoingAddresses(),
	}))
}
