package page

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/home"
	"hookline/views/link"
)

// Home is the first page: is anything broken, and whose fault is it. Who is not
// signed in goes there first.
type Home struct{ Deps }

// Show draws Home.
func (p Home) Show(c echo.Context) error {
	if p.actor(c).User == nil {
		return c.Redirect(http.StatusSeeOther, link.Login)
	}
	r, err := rangeOf(c)
	if err != nil {
		return err
	}
	found, err := p.Service.Stats.Home(c.Request().Context(), p.actor(c), r)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, home.Home(home.Props{
		Page: p.Frame(c), Webhooks: found.Webhooks, Troubles: p.troubles(c, found.Troubles), Waiting: p.waiting(found.Queue),
		More: found.Queue.More, Stats: found.Stats, Steps: p.steps(c, found.Steps), CanAsk: !p.can(c, policy.CreateWebhooks),
	}))
}

// rangeOf reads ?range=; a range that is none is refused, because a page that
// quietly shows another would mislead.
func rangeOf(c echo.Context) (models.Range, error) {
	r, ok := models.ParseRange(c.QueryParam("range"))
	if !ok {
		return r, models.Errorf(models.Malformed, "There is no such range. Choose 1h, 24h or 7d.")
	}
	return r, nil
}

func (p Home) troubles(c echo.Context, list []models.Trouble) []home.Trouble {
	out := make([]home.Trouble, len(list))
	for i, t := range list {
		out[i] = home.Trouble{Trouble: t, CanSwitch: p.canOn(c, policy.ChangeWebhooks, t.Webhook.ID)}
	}
	return out
}

func (p Home) waiting(queue service.Backlogs) []home.Waiting {
	out := make([]home.Waiting, len(queue.Items))
	for i, b := range queue.Items {
		out[i] = home.Waiting{Backlog: b.Backlog, Name: b.Webhook.Name}
	}
	return out
}

// steps are shown to who may take them, until all are done.
func (p Home) steps(c echo.Context, s service.Steps) *home.Steps {
	if s.Done() || !p.can(c, policy.CreateWebhooks) {
		return nil
	}
	return &home.Steps{Webhook: s.Webhook, Token: s.Token, BaseURL: p.BaseURL, EventType: s.EventType}
}
