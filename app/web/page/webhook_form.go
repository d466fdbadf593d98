package page

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// New shows the empty form; ?capture=id fills in the URL of a capture endpoint.
func (p Webhooks) New(c echo.Context) error {
	w := models.NewWebhook()
	if id := c.QueryParam("capture"); id != "" {
		target, err := p.Service.Captures.Get(c.Request().Context(), p.actor(c), id)
		if err != nil {
			return err
		}
		w.URL = target.URL
	}
	return p.drawNew(c, w)
}

// drawNew shows the form of a webhook that is not saved yet.
func (p Webhooks) drawNew(c echo.Context, w models.Webhook) error {
	return p.draw(c, http.StatusOK, drawingOf(w.Settings()))
}

// Create saves a new webhook.
func (p Webhooks) Create(c echo.Context) error {
	return p.save(c, models.Webhook{}, func(d service.WebhookDraft) (service.Saved, error) {
		return p.Service.Webhooks.Create(c.Request().Context(), p.actor(c), d)
	})
}

// Edit shows the form of an existing webhook; its secrets read ***.
func (p Webhooks) Edit(c echo.Context) error {
	w, err := p.get(c, policy.ChangeWebhooks)
	if err != nil {
		return err
	}
	d := drawingOf(w.Settings())
	d.w, d.fields.Version = w, w.Version
	return p.draw(c, http.StatusOK, d)
}

// Update saves an existing webhook.
func (p Webhooks) Update(c echo.Context) error {
	w, err := p.get(c, policy.ChangeWebhooks)
	if err != nil {
		return err
	}
	return p.save(c, w, func(d service.WebhookDraft) (service.Saved, error) {
		return p.Service.Webhooks.Update(c.Request().Context(), p.actor(c), w.ID, d)
	})
}

// get is the webhook of the path, if the user may do this with it.
func (p Webhooks) get(c echo.Context, action policy.Action) (models.Webhook, error) {
	return p.Service.Webhooks.For(p.actor(c), action, c.Param("id"))
}

// may is what the views offer; the service asks again.
func (p Webhooks) may(c echo.Context, id string) webhooks.May {
	return webhooks.May{
		CanEdit: p.canOn(c, policy.ChangeWebhooks, id), CanTest: p.canOn(c, policy.TestWebhooks, id),
		CanDuplicate: p.canOn(c, policy.CreateWebhooks, id), CanDelete: p.canOn(c, policy.DeleteWebhooks, id),
		CanGrant: p.canOn(c, policy.ManageGrants, id),
	}
}

// save reads the form and saves what it says; w is the webhook as it was, zero
// for a new one. What cannot be saved is drawn again as it was typed.
func (p Webhooks) save(c echo.Context, w models.Webhook, store func(service.WebhookDraft) (service.Saved, error)) error {
	f, err := form.ReadWebhook(c.Request().PostForm, w)
	if err != nil {
		return err
	}
	switch {
	case f.AddRow != "":
		return p.draw(c, http.StatusOK, redisplay(w, f, nil))
	case f.Preview:
		return p.drawPreviewed(c, w, f)
	case f.TryFilter:
		return p.drawTried(c, w, f)
	case f.UsePreset != "" && w.ID == "":
		return p.usePreset(c, f)
	}
	saved, err := store(f.Draft())
	var e *models.Error
	if errors.As(err, &e) && redrawn(err) {
		d := redisplay(w, f, append(f.Errors, e.Fields...))
		if len(e.Fields) == 0 {
			d.errs[""] = e.Message
		}
		if e.Code == models.Conflict {
			d.errs[""] = changedMeanwhile
			d.fields.Version = w.Version // the page tells of the other change, so that saving once more is meant
		}
		return p.draw(c, form.StatusOf(c, err), d)
	}
	if err != nil {
		return err
	}
	return p.saved(c, w.ID == "", saved)
}

// changedMeanwhile is for a form that was open while another change was saved.
const changedMeanwhile = "Somebody else changed this webhook since you opened the form, so nothing was saved. Open the webhook in another tab to see how it is now; save once more to put what stands here in its place."

// redisplay is the form to draw once more, as it was typed.
func redisplay(w models.Webhook, f form.Webhook, faults []models.FieldError) drawing {
	fields, errs := f.Redisplay(faults)
	return drawing{w: w, fields: fields, errs: errs, draft: f.Draft(), source: f.Source}
}

// redrawn reports whether the user can mend the error, or try again in a minute: the
// page shows what was typed then.
func redrawn(err error) bool {
	code := models.CodeOf(err)
	return code == models.Invalid || code == models.Conflict || code == models.Unavailable
}

// saved leads on to the webhook. A key that Hookline made is shown first, in the
// answer itself: a redirect would have to carry it in a URL or a cookie.
func (p Webhooks) saved(c echo.Context, created bool, s service.Saved) error {
	if s.NewKey != "" {
		code := http.StatusOK
		if created {
			code = http.StatusCreated
		}
		return form.Draw(c, code, webhooks.KeyShown(webhooks.KeyShownProps{Page: p.Frame(c), Webhook: s.Webhook, Key: s.NewKey, OldKeySigns: p.Service.Webhooks.OldKeySigns(s.Webhook)}))
	}
	flash := "webhook-saved"
	if created {
		flash = "webhook-created"
	}
	return p.onward(c, link.Webhook(s.Webhook.ID), flash)
}

// drawing is the form to show: of the webhook w as it was, zero for a new one,
// with what was typed over it.
type drawing struct {
	w      models.Webhook
	fields webhooks.Fields
	errs   ui.Errors
	draft  service.WebhookDraft // the same, for the preview
	source webhooks.SourceValues
	tried  *webhooks.FilterTried // nil: the filter was not tried
}

// drawingOf is the form of settings without changes.
func drawingOf(s models.WebhookSettings) drawing {
	return drawing{fields: webhooks.FieldsOf(s), draft: service.WebhookDraft{Settings: s}}
}

func (p Webhooks) draw(c echo.Context, code int, d drawing) error {
	d.source.Shown = "" // all of it is drawn
	shown, err := p.previewed(c, d.w.ID, d.draft, d.source)
	if err != nil {
		return err
	}
	return p.drawWith(c, code, d, shown)
}

func (p Webhooks) drawWith(c echo.Context, code int, d drawing, shown previewed) error {
	types, err := p.types(c)
	if err != nil {
		return err
	}
	return form.Draw(c, code, webhooks.Form(webhooks.FormProps{
		Page: p.Frame(c), ID: d.w.ID, Name: d.w.Name, Fields: d.fields, Errors: d.errs, Types: types,
		HeaderPrefix: p.Service.System.Settings().HeaderPrefix, AllowHTTP: p.AllowHTTP,
		StoredAuth: storedAuth(d.w.Auth), StoredHeaders: storedHeaders(d.w.Headers), Connections: p.connections(c, d.w.Auth.Connection), Preset: p.presetOf(c, d.fields.Preset), Suggested: p.suggested(c, d.w, d.fields), Source: shown.source, Preview: shown.preview, Tried: d.tried, Palette: shown.palette,
		SecretsStay: !p.can(c, policy.MoveSecrets),
	}))
}

// connections are the workspace's OAuth clients that the actor may choose; now is
// the one that is stored. One that was typed is no reason to tell its name.
func (p Webhooks) connections(c echo.Context, now string) []ui.Option {
	var options []ui.Option
	for _, one := range p.Service.Connections.Choices(p.actor(c), now) {
		options = append(options, ui.Option{Value: one.ID, Text: one.Name})
	}
	return options
}

func storedAuth(a models.Auth) models.AuthKind {
	if len(a.Secret) == 0 {
		return ""
	}
	return a.Kind
}

func storedHeaders(headers []models.Header) (names []string) {
	for _, h := range headers {
		if h.Secret {
			names = append(names, h.Name)
		}
	}
	return names
}

// types is the catalog without what is archived.
func (d Deps) types(c echo.Context) ([]models.EventType, error) {
	all, err := d.Service.EventTypes.List(c.Request().Context(), d.actor(c))
	if err != nil {
		return nil, err
	}
	types := make([]models.EventType, 0, len(all))
	for _, t := range all {
		if !t.Archived {
			types = append(types, t)
		}
	}
	return types, nil
}
