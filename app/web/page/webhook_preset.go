package page

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/webhooks"
)

// suggested is the service that the URL of a new webhook leads to; nil for none, and
// when the form was filled in for it already.
func (p Webhooks) suggested(c echo.Context, w models.Webhook, f webhooks.Fields) *webhooks.Destination {
	if w.ID != "" {
		return nil // what was set up is not to be taken for a start
	}
	found, err := p.Service.Presets.Recognise(c.Request().Context(), p.actor(c), f.URL)
	if err != nil || found.ID == f.Preset {
		return nil
	}
	d := destinationOf(found)
	return &d
}

// usePreset puts the settings of a service into the form as it was typed. A service
// that must be told something first asks for it.
func (p Webhooks) usePreset(c echo.Context, f form.Webhook) error {
	d, err := p.destination(c, f.UsePreset)
	if err != nil {
		return err
	}
	answers := map[string]string{}
	for _, q := range d.Questions {
		answers[q.Name] = q.Value
	}
	filled, err := p.Service.Presets.Fill(c.Request().Context(), p.actor(c), d.ID, answers)
	if models.CodeOf(err) == models.Invalid {
		return p.drawDestination(c, http.StatusOK, webhooks.DestinationProps{Destination: *d, Name: f.Fields.Name, URL: f.Fields.URL})
	}
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, redisplay(models.Webhook{}, f.Filled(d.ID, webhooks.FieldsOf(filled).WebhookSettings), nil))
}
