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
	return p.draw(c, http.StatusOK, models.Webhook{}, webhooks.ValuesOf(w), nil)
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
	return p.draw(c, http.StatusOK, w, webhooks.ValuesOf(w), nil)
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

// get is the webhook of the path, for one who may do this with it.
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
	f, err := form.ReadWebhook(c.Request().PostForm)
	if err != nil {
		return err
	}
	if f.AddHeader {
		values, errs := f.Again(nil)
		return p.draw(c, http.StatusOK, w, values, errs)
	}
	in, faults := f.Input()
	saved, err := store(in)
	var e *models.Error
	if errors.As(err, &e) && redrawn(e.Code) {
		values, errs := f.Again(append(faults, e.Fields...))
		if len(e.Fields) == 0 {
			errs[""] = e.Message
		}
		return p.draw(c, form.StatusOf(c, err), w, values, errs)
	}
	if err != nil {
		return err
	}
	return p.saved(c, w.ID == "", saved)
}

// redrawn: what the person can mend, or try again in a minute, must not cost
// them what they typed.
func redrawn(code models.Code) bool {
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

func (p Webhooks) draw(c echo.Context, code int, w models.Webhook, values webhooks.FormValues, errs ui.Errors) error {
	types, err := p.types(c)
	if err != nil {
		return err
	}
	return form.Draw(c, code, webhooks.Form(webhooks.FormProps{
		Page: p.Frame(c), ID: w.ID, Name: w.Name, Values: values, Errors: errs, Types: types,
		HeaderPrefix: p.Service.System.Settings().HeaderPrefix, AllowHTTP: p.AllowHTTP,
		SecretsStay: !p.can(c, policy.MoveSecrets),
	}))
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
