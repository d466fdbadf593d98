package page

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/webhooks"
)

// Show is the Details tab.
func (p Webhooks) Show(c echo.Context) error {
	w, err := p.get(c, policy.ReadWebhooks)
	if err != nil {
		return err
	}
	types, err := p.types(c)
	if err != nil {
		return err
	}
	r, err := rangeOf(c)
	if err != nil {
		return err
	}
	health, err := p.Service.Stats.Of(c.Request().Context(), p.actor(c), w.ID, r)
	if err != nil {
		return err
	}
	activity, err := p.Service.Stats.Activity(c.Request().Context(), p.actor(c), w.ID)
	if err != nil {
		return err
	}
	waiting, err := p.waiting(c, w.ID)
	if err != nil {
		return err
	}
	uses, err := p.uses(c, w.ID)
	if err != nil {
		return err
	}
	preview, err := p.Service.Webhooks.NextRequest(c.Request().Context(), p.actor(c), w.ID)
	problem := sentence(err)
	if err != nil && problem == "" {
		return err
	}
	snippets, err := p.snippets(c, w.ID)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, webhooks.Show(webhooks.ShowProps{
		Page: p.Frame(c), Outgoing: p.Service.Settings.OutgoingAddresses(), Webhook: w, Activity: activity[w.ID], Stats: health, Preview: preview, PreviewError: problem, Types: types,
		Snippets: snippets, OldKeySigns: p.Service.Webhooks.OldKeySigns(w),
		Waiting: waiting, Uses: uses, LeftOut: p.Service.Webhooks.LeftOut(p.actor(c), w, c.QueryParam("copy_of")),
		May: p.may(c, w.ID),
	}))
}

// waiting is what waits for the webhook; nil when nothing does.
func (p Webhooks) waiting(c echo.Context, id string) (*models.Backlog, error) {
	b, ok, err := p.Service.Stats.Waiting(c.Request().Context(), p.actor(c), id)
	if err != nil || !ok {
		return nil, err
	}
	return &b.Backlog, nil
}

func (p Webhooks) snippets(c echo.Context, id string) ([]webhooks.Snippet, error) {
	list, err := p.Service.Webhooks.Snippets(c.Request().Context(), p.actor(c), id)
	out := make([]webhooks.Snippet, len(list))
	for i, s := range list {
		out[i] = webhooks.Snippet{Language: s.Language, Title: s.Title, File: s.File, Run: s.Run, Code: s.Code}
	}
	return out, err
}

// Duplicate makes a copy, switched off and without secrets (I10).
func (p Webhooks) Duplicate(c echo.Context) error {
	saved, err := p.Service.Webhooks.Duplicate(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if saved.NewKey != "" {
		return form.Draw(c, http.StatusCreated, webhooks.KeyShown(webhooks.KeyShownProps{
			Page: p.Frame(c), Webhook: saved.Webhook, Key: saved.NewKey, CopyOf: c.Param("id"),
			LeftOut: p.Service.Webhooks.LeftOut(p.actor(c), saved.Webhook, c.Param("id")),
		}))
	}
	return p.onward(c, link.WebhookCopy(saved.Webhook.ID, c.Param("id")), "webhook-duplicated")
}

// ConfirmDelete asks for the name.
func (p Webhooks) ConfirmDelete(c echo.Context) error {
	w, err := p.get(c, policy.DeleteWebhooks)
	if err != nil {
		return err
	}
	return p.drawDelete(c, http.StatusOK, w, "", "")
}

// Delete removes the webhook when its name was typed: it cannot be undone.
func (p Webhooks) Delete(c echo.Context) error {
	w, err := p.get(c, policy.DeleteWebhooks)
	if err != nil {
		return err
	}
	typed := c.Request().PostForm.Get("confirm")
	if typed != w.Name {
		return p.drawDelete(c, http.StatusUnprocessableEntity, w, typed, "This is not the name of the webhook. Type it exactly as it stands above.")
	}
	if err := p.Service.Webhooks.Delete(c.Request().Context(), p.actor(c), w.ID); err != nil {
		return err
	}
	return p.onward(c, link.Webhooks, "webhook-deleted")
}

func (p Webhooks) drawDelete(c echo.Context, code int, w models.Webhook, typed, problem string) error {
	waiting, _, err := p.Service.Stats.Waiting(c.Request().Context(), p.actor(c), w.ID)
	if err != nil {
		return err
	}
	uses, err := p.uses(c, w.ID)
	if err != nil {
		return err
	}
	return form.Draw(c, code, webhooks.Delete(webhooks.DeleteProps{Page: p.Frame(c), Webhook: w, Pending: waiting.Backlog.Waiting, More: waiting.Backlog.More, Uses: uses, Typed: typed, Error: problem}))
}
