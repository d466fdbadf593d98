package page

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/webhooks"
)

// TryFilter answers with what the form's filter makes of recent events, while one
// types (B5). Nothing is saved.
func (p Webhooks) TryFilter(c echo.Context) error {
	w, f, err := p.unsaved(c)
	if err != nil {
		return err
	}
	if !form.HX(c) {
		return p.drawTried(c, w, f)
	}
	tried, err := p.tried(c, w, f.Draft())
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, webhooks.FilterResult(tried))
}

// drawTried draws the whole form with what its filter makes of recent events.
func (p Webhooks) drawTried(c echo.Context, w models.Webhook, f form.Webhook) error {
	d := redisplay(w, f, nil)
	tried, err := p.tried(c, d.w, d.draft)
	if err != nil {
		return err
	}
	if tried.Fault != "" {
		d = redisplay(w, f, []models.FieldError{{Field: "subscriptions.filter", Message: tried.Fault}})
	}
	d.tried = tried
	return p.draw(c, http.StatusOK, d)
}

func (p Webhooks) tried(c echo.Context, w models.Webhook, d service.WebhookDraft) (*webhooks.FilterTried, error) {
	subs := d.Settings.Subscriptions
	got, err := p.Service.Webhooks.TryFilter(c.Request().Context(), p.actor(c), service.FilterTry{WebhookID: w.ID, Subscriptions: subs})
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		return &webhooks.FilterTried{Fault: refused.Fields[0].Message}, nil
	}
	if errors.As(err, &refused) && refused.Code == models.TooMany && !form.HX(c) {
		return &webhooks.FilterTried{Held: refused.Message}, nil
	}
	if err != nil {
		return nil, err
	}
	out := &webhooks.FilterTried{Now: p.Now(), Filter: subs.Filter, Matching: got.Matching, Untried: got.Untried, LinkEvents: p.can(c, policy.ReadEvents)}
	for _, e := range got.Events {
		out.Events = append(out.Events, webhooks.FilterEvent{Event: e.Event, Matches: e.Matches, Why: e.Why, Fault: e.Fault})
	}
	return out, nil
}
