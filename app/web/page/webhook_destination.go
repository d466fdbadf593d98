package page

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// Destinations offers what a new webhook can be filled in for (I14).
func (p Webhooks) Destinations(c echo.Context) error {
	all, err := p.Service.Presets.List(c.Request().Context(), p.actor(c))
	if err != nil {
		return err
	}
	list := make([]webhooks.Destination, len(all))
	for i, one := range all {
		list[i] = destinationOf(one)
	}
	return form.Draw(c, http.StatusOK, webhooks.Destinations(webhooks.DestinationsProps{Page: p.Frame(c), Destinations: list}))
}

// Destination asks what a preset needs to know.
func (p Webhooks) Destination(c echo.Context) error {
	d, err := p.destination(c, c.Param("preset"))
	if err != nil {
		return err
	}
	return p.drawDestination(c, http.StatusOK, webhooks.DestinationProps{Destination: *d, Name: d.Name})
}

// FillIn opens the form of a new webhook with what the preset makes of the answers.
func (p Webhooks) FillIn(c echo.Context) error {
	d, err := p.destination(c, c.Param("preset"))
	if err != nil {
		return err
	}
	v := c.Request().PostForm
	name, raw := strings.TrimSpace(v.Get("name")), strings.TrimSpace(v.Get("url"))
	settings, err := p.filledIn(c, *d, v, raw)
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		errs := ui.Errors{}
		for _, f := range refused.Fields {
			errs[answerField(f.Field)] = f.Message
		}
		return p.drawDestination(c, http.StatusUnprocessableEntity, webhooks.DestinationProps{Destination: *d, Name: name, URL: raw, Errors: errs})
	}
	if err != nil {
		return err
	}
	settings.Name = name
	filled := drawingOf(settings)
	filled.fields.Preset = d.ID
	return p.draw(c, http.StatusOK, filled)
}

// filledIn asks the preset, and puts the answers into d, to be drawn again. The
// URL may be left for the form.
func (p Webhooks) filledIn(c echo.Context, d webhooks.Destination, v url.Values, raw string) (models.WebhookSettings, error) {
	answers := map[string]string{}
	for i, q := range d.Questions {
		answers[q.Name] = strings.ReplaceAll(v.Get(answerField(q.Name)), "\r\n", "\n")
		d.Questions[i].Value = answers[q.Name]
	}
	ctx, actor := c.Request().Context(), p.actor(c)
	if raw == "" {
		return p.Service.Presets.Fill(ctx, actor, d.ID, answers)
	}
	answers["url"] = raw
	return p.Service.Presets.Apply(ctx, actor, d.ID, answers)
}

func answerField(name string) string {
	if name == "url" {
		return name
	}
	return "answer." + name
}

func (p Webhooks) drawDestination(c echo.Context, code int, props webhooks.DestinationProps) error {
	props.Page = p.Frame(c)
	return form.Draw(c, code, webhooks.DestinationPage(props))
}

// destination is a preset as pages show it.
func (p Webhooks) destination(c echo.Context, id string) (*webhooks.Destination, error) {
	found, err := p.Service.Presets.Get(c.Request().Context(), p.actor(c), id)
	if err != nil {
		return nil, err
	}
	d := destinationOf(found)
	return &d, nil
}

func destinationOf(p service.Preset) webhooks.Destination {
	d := webhooks.Destination{
		ID: p.ID, Name: p.Name, Description: p.Description, Logo: p.Logo, Docs: p.Docs, Steps: p.Steps,
		URL: p.URL.Fixed, URLHint: p.URL.Hint, NeedsSecret: p.NeedsSecret(), Custom: p.ID == service.CustomPreset,
	}
	for _, f := range p.Fields {
		q := webhooks.Question{
			Name: f.Name, Label: f.Label, Help: f.Help, Value: f.Default, Required: f.Required, Max: f.Max,
			Long: f.Kind == service.PresetLongText, Colour: f.Kind == service.PresetColour,
		}
		for _, o := range f.Options {
			q.Options = append(q.Options, ui.Option{Value: o.Value, Text: o.Label})
		}
		d.Questions = append(d.Questions, q)
	}
	return d
}

// presetOf is the preset that a form was filled in for; nil for none, and for
// Custom, which fills nothing in.
func (p Webhooks) presetOf(c echo.Context, id string) *webhooks.Destination {
	if id == "" || id == service.CustomPreset {
		return nil
	}
	d, err := p.destination(c, id)
	if err != nil {
		return nil // an unknown name is no reason to refuse a form
	}
	return d
}
