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
	return p.draw(c, http.StatusOK, drawing{values: webhooks.ValuesOf(w), in: inputOf(w)})
}

// Create saves a new webhook.
func (p Webhooks) Create(c echo.Context) error {
	return p.save(c, models.Webhook{}, func(in service.WebhookInput) (service.Saved, error) {
		return p.Service.Webhooks.Create(c.Request().Context(), p.actor(c), in)
	})
}

// Edit shows the form of an existing webhook; its secrets read ***.
func (p Webhooks) Edit(c echo.Context) error {
	w, err := p.get(c, policy.ChangeWebhooks)
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, drawing{w: w, values: webhooks.ValuesOf(w)})
}

// Update saves an existing webhook.
func (p Webhooks) Update(c echo.Context) error {
	w, err := p.get(c, policy.ChangeWebhooks)
	if err != nil {
		return err
	}
	return p.save(c, w, func(in service.WebhookInput) (service.Saved, error) {
		if err := p.keepArchived(c, w, in.Subscriptions); err != nil {
			return service.Saved{}, err
		}
		return p.Service.Webhooks.Update(c.Request().Context(), p.actor(c), w.ID, in)
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
func (p Webhooks) save(c echo.Context, w models.Webhook, store func(service.WebhookInput) (service.Saved, error)) error {
	t, err := readTyped(c, w)
	if err != nil {
		return err
	}
	if t.form.AddRow != "" {
		return p.draw(c, http.StatusOK, t.redisplay(nil))
	}
	if t.form.Preview {
		return p.drawPreviewed(c, t)
	}
	if t.form.TryFilter {
		return p.drawTried(c, t)
	}
	if t.form.UsePreset != "" && w.ID == "" {
		return p.usePreset(c, t.form)
	}
	saved, err := store(t.in)
	var e *models.Error
	if errors.As(err, &e) && redrawn(err) {
		d := t.redisplay(append(t.faults, e.Fields...))
		if len(e.Fields) == 0 {
			d.errs[""] = e.Message
		}
		if e.Code == models.Conflict {
			d.values.Version = w.Version // who saves once more has been told of the other change
		}
		return p.draw(c, form.StatusOf(c, err), d)
	}
	if err != nil {
		return err
	}
	return p.saved(c, w.ID == "", saved)
}

// typed is the form as it came in.
type typed struct {
	w      models.Webhook // as it was; zero for a new one
	form   form.Webhook
	in     service.WebhookInput
	faults []models.FieldError // of what could not be read
}

func readTyped(c echo.Context, w models.Webhook) (typed, error) {
	f, err := form.ReadWebhook(c.Request().PostForm, w)
	if err != nil {
		return typed{}, err
	}
	in, faults := f.Input()
	return typed{w, f, in, faults}, nil
}

// redisplay is the form to draw once more, as it was typed.
func (t typed) redisplay(faults []models.FieldError) drawing {
	values, errs := t.form.Redisplay(faults)
	return drawing{w: t.w, values: values, errs: errs, in: t.in, source: t.form.Source}
}

// redrawn: what the person can mend, or try again in a minute, must not cost
// them what they typed.
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
	values webhooks.FormValues
	errs   ui.Errors
	in     service.WebhookInput // the same, for the preview; zero for w as it is
	source webhooks.SourceValues
	tried  *webhooks.FilterTried // nil: the filter was not tried
}

func (p Webhooks) draw(c echo.Context, code int, d drawing) error {
	d.source.Shown = "" // all of it is drawn
	shown, err := p.previewed(c, d.w, d.in, d.source)
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
		Page: p.Frame(c), ID: d.w.ID, Name: d.w.Name, Values: d.values, Errors: d.errs, Types: types,
		HeaderPrefix: p.Service.System.Settings().HeaderPrefix, AllowHTTP: p.AllowHTTP,
		StoredAuth: storedAuth(d.w.Auth), StoredHeaders: storedHeaders(d.w.Headers), Connections: p.connections(c, d.w.Auth.Connection), Preset: p.presetOf(c, d.values.Preset), Suggested: p.suggested(c, d.w, d.values), Source: shown.source, Preview: shown.preview, Tried: d.tried, Palette: shown.palette,
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

func storedAuth(a models.Auth) string {
	if len(a.Secret) == 0 {
		return ""
	}
	return string(a.Kind)
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

// keepArchived adds the subscriptions that the form could not show: an archived
// type, or a category of such alone, keeps its subscribers for when it is
// restored.
func (p Webhooks) keepArchived(c echo.Context, w models.Webhook, subs *models.Subscriptions) error {
	if subs == nil || subs.All {
		return nil
	}
	types, err := p.types(c)
	if err != nil {
		return err
	}
	shown := map[string]bool{}
	for _, t := range types {
		shown["type "+t.Name], shown["category "+t.Category] = true, true
	}
	for _, name := range w.Subscriptions.Types {
		if !shown["type "+name] {
			subs.Types = append(subs.Types, name)
		}
	}
	for _, category := range w.Subscriptions.Categories {
		if !shown["category "+category] {
			subs.Categories = append(subs.Categories, category)
		}
	}
	return nil
}
