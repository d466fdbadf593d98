package page

import (
	"context"
	"net/http"
	"time"

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
	user, err := p.Sessions.User(c)
	if err != nil {
		return err // a database that is down is no reason to sign in
	}
	if user == nil {
		return c.Redirect(http.StatusSeeOther, link.Login)
	}
	r, err := rangeOf(c)
	if err != nil {
		return err
	}
	props, err := p.props(c.Request().Context(), p.actor(c), r)
	if err != nil {
		return err
	}
	props.Page = p.Frame(c)
	return form.Draw(c, http.StatusOK, home.Home(props))
}

// homePace is how often an open Home is counted anew at most: it sums up all
// webhooks, and who watches it wants to be told, not to be dazzled.
const homePace = 3 * time.Second

// Stream tells Home live.
func (p Home) Stream(c echo.Context) error {
	r, err := rangeOf(c)
	if err != nil {
		return err
	}
	return p.streamAtPace(c, service.LiveDeliveries, homePace, func(ctx context.Context, actor models.Actor) ([]part, error) {
		props, err := p.props(ctx, actor, r)
		if err != nil {
			return nil, err
		}
		props.Page = p.part(c)
		var parts []part
		for _, one := range props.Parts() {
			parts = append(parts, part(one))
		}
		return parts, nil
	})
}

// props is Home without its frame.
func (p Home) props(ctx context.Context, actor models.Actor, r models.Range) (home.Props, error) {
	found, err := p.Service.Stats.Home(ctx, actor, r)
	return home.Props{
		Webhooks: found.Webhooks, Problems: p.problems(actor, found.Problems), Waiting: p.waiting(found.Queue),
		More: found.Queue.More, Stats: found.Stats, Steps: p.steps(actor, found.Steps), CanAsk: !policy.Can(actor, policy.CreateWebhooks),
	}, err
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

func (p Home) problems(actor models.Actor, list []models.Problem) []home.Problem {
	out := make([]home.Problem, len(list))
	for i, problem := range list {
		out[i] = home.Problem{Problem: problem, CanSwitch: p.Service.Webhooks.May(actor, policy.ChangeWebhooks, problem.Webhook.ID)}
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

// steps are shown to users who may take them, until all are done.
func (p Home) steps(actor models.Actor, s service.Steps) *home.Steps {
	if s.Done() || !policy.Can(actor, policy.CreateWebhooks) {
		return nil
	}
	return &home.Steps{Webhook: s.Webhook, Token: s.Token, BaseURL: p.BaseURL, EventType: s.EventType}
}
