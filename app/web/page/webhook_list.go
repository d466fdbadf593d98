package page

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// Webhooks are the pages of the webhooks.
type Webhooks struct{ Deps }

// pageSize keeps the list quick: each row asks for its webhook's health.
const pageSize = 50

// List shows the webhooks, newest first, or those that a search finds.
func (p Webhooks) List(c echo.Context) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	query := form.Query(c.QueryParam("q"))
	page, err := p.Service.Webhooks.List(ctx, actor, query, service.PageRequest{Cursor: c.QueryParam("cursor"), Limit: pageSize})
	if err != nil {
		return err
	}
	items := make([]webhooks.Item, len(page.Items))
	for i, w := range page.Items {
		if items[i], err = p.item(c, *w); err != nil {
			return err
		}
	}
	return form.Draw(c, http.StatusOK, webhooks.List(webhooks.ListProps{
		Page: p.Frame(c), Query: query, Items: items, Pager: pager(query, c.QueryParam("cursor"), page.Older),
		CanCreate: p.can(c, policy.CreateWebhooks), CanGrant: p.can(c, policy.ManageGrants),
	}))
}

func pager(query, cursor, older string) (p ui.PagerProps) {
	if cursor != "" {
		p.Newest = link.WebhooksSearch(query)
	}
	if older != "" {
		p.Older = link.WebhooksPage(query, older)
	}
	return p
}

// item is a webhook with how its newest deliveries ended.
func (p Webhooks) item(c echo.Context, w models.Webhook) (webhooks.Item, error) {
	health, last, err := p.health(c, w.ID)
	return webhooks.Item{Webhook: w, Health: health, LastDelivery: last, May: p.may(c, w.ID)}, err
}

// recent is how many deliveries tell a webhook's health.
const recent = 20

// health sums up the newest deliveries. Tests show in the log, but say nothing
// about how events fare.
func (p Webhooks) health(c echo.Context, id string) (h webhooks.Health, last time.Time, err error) {
	page, err := p.Service.Deliveries.List(c.Request().Context(), p.actor(c), service.DeliveryFilter{WebhookID: id}, service.PageRequest{Limit: recent})
	if err != nil {
		return h, last, err
	}
	for _, d := range page.Items {
		if d.Test {
			continue
		}
		if last.IsZero() {
			last = d.CreatedAt
		}
		h.Recent = append(h.Recent, d.State)
		switch d.State {
		case models.Succeeded:
			h.Succeeded++
		case models.Failed, models.Blocked:
			h.Failed++
		}
	}
	slices.Reverse(h.Recent)
	return h, last, nil
}

// SetStatus takes the switch (Z9): htmx gets the row back, a plain form the page
// it came from.
func (p Webhooks) SetStatus(c echo.Context) error {
	v := c.Request().PostForm
	on, err := form.Bool(v, "enabled")
	if err == nil && !v.Has("enabled") {
		err = models.Errorf(models.Malformed, "enabled must be true or false.")
	}
	if err != nil {
		return err
	}
	w, err := p.Service.Webhooks.SetEnabled(c.Request().Context(), p.actor(c), c.Param("id"), on)
	if err != nil {
		return err
	}
	if form.HX(c) {
		return p.row(c, w)
	}
	flash := "webhook-off"
	if on {
		flash = "webhook-on"
	}
	return p.onward(c, orWebhooks(form.LocalPath(v.Get("next"))), flash)
}

func (p Webhooks) row(c echo.Context, w models.Webhook) error {
	item, err := p.item(c, w)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, webhooks.Row(webhooks.RowProps{
		CSRF: p.CSRF.Token(c), Now: p.Now(), Item: item,
	}))
}
