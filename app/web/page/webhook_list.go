package page

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// Webhooks are the pages of the webhooks.
type Webhooks struct{ Deps }

// pageSize is how many rows a page of the list has.
const pageSize = 50

// List shows the webhooks, newest first, or those that a search finds.
func (p Webhooks) List(c echo.Context) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	query := form.Query(c.QueryParam("q"))
	page, err := p.Service.Webhooks.List(ctx, actor, query, models.PageRequest{Cursor: c.QueryParam("cursor"), Limit: pageSize})
	if err != nil {
		return err
	}
	items, err := p.items(c, page.Items...)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, webhooks.List(webhooks.ListProps{
		Page: p.Frame(c), Query: query, Items: items,
		Pager:     ui.PagerOf(c.QueryParam("cursor"), page.Older, func(at string) string { return link.WebhooksPage(query, at) }),
		CanCreate: p.can(c, policy.CreateWebhooks), CanGrant: p.can(c, policy.ManageGrants),
	}))
}

// items are webhooks with their last 24 hours, asked for all at once.
func (p Webhooks) items(c echo.Context, list ...*models.Webhook) ([]webhooks.Item, error) {
	ids := make([]string, len(list))
	for i, w := range list {
		ids[i] = w.ID
	}
	activity, err := p.Service.Stats.Activity(c.Request().Context(), p.actor(c), ids...)
	items := make([]webhooks.Item, len(list))
	for i, w := range list {
		items[i] = webhooks.Item{Webhook: *w, Activity: activity[w.ID], May: p.may(c, w.ID)}
	}
	return items, err
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
	items, err := p.items(c, &w)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, webhooks.Row(webhooks.RowProps{
		CSRF: p.CSRF.Token(c), Now: p.Now(), Item: items[0],
	}))
}
