package page

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/link"
	"hookline/views/webhooks"
)

// Logs is the Logs tab: every delivery of the webhook, newest first (D9, Z7).
func (p Webhooks) Logs(c echo.Context) error {
	w, err := p.get(c, policy.ReadWebhooks)
	if err != nil {
		return err
	}
	filter, err := logFilter(c)
	if err != nil {
		return err
	}
	page, err := p.Service.Deliveries.List(c.Request().Context(), p.actor(c), service.DeliveryFilter{
		WebhookID: w.ID, State: models.DeliveryState(filter.State), EventType: filter.EventType, Search: filter.Q,
	}, service.PageRequest{Cursor: filter.Cursor, Limit: filter.Limit})
	if err != nil {
		return err
	}
	types, err := p.types(c)
	if err != nil {
		return err
	}
	running, err := p.Service.Bulk.List(c.Request().Context(), p.actor(c), service.BulkList{WebhookID: w.ID, State: models.BulkRunning}, service.PageRequest{Limit: 3})
	if err != nil {
		return err
	}
	frame := p.Frame(c)
	rows := make([]deliveries.RowProps, len(page.Items))
	for i, d := range page.Items {
		rows[i] = p.rowOf(c, d, &w)
		rows[i].Next = frame.Path
	}
	return form.Draw(c, http.StatusOK, webhooks.Logs(webhooks.LogsProps{
		Page: frame, Webhook: w, Filter: filter, Types: types, Rows: rows, NextCursor: page.Older,
		May: p.may(c, w.ID), Running: running.Items,
		CanBulk: p.Service.Webhooks.May(p.actor(c), policy.WriteDeliveries, w.ID),
	}))
}

// logFilter reads the filters from the URL. What names no filter at all is
// refused: a page that quietly shows something else than asked would mislead.
func logFilter(c echo.Context) (link.Logs, error) {
	f := link.Logs{
		State: c.QueryParam("state"), EventType: form.Query(c.QueryParam("event_type")),
		Q: form.Query(c.QueryParam("q")), Cursor: c.QueryParam("cursor"),
	}
	if f.State != "" && !slices.Contains(models.DeliveryStates, models.DeliveryState(f.State)) {
		return f, models.Errorf(models.Malformed, "There is no such state of a delivery. Choose one from the list.")
	}
	if text := c.QueryParam("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > service.MaxPage {
			return f, models.Errorf(models.Malformed, "A page shows 1 to %d deliveries.", service.MaxPage)
		}
		f.Limit = n
	}
	return f, nil
}

// rowOf is a delivery as a log shows it. w is nil when the webhook was deleted.
func (d Deps) rowOf(c echo.Context, dlv models.Delivery, w *models.Webhook) deliveries.RowProps {
	return deliveries.RowProps{
		CSRF: d.CSRF.Token(c), Now: d.Now(), Delivery: dlv, MaxAttempts: maxAttempts(dlv, w),
		CanRetrigger: w != nil && dlv.CanRetrigger() && d.canOn(c, policy.WriteDeliveries, w.ID),
	}
}

// maxAttempts is n of "attempt m of n": by the policy as it is now. A test is
// never retried.
func maxAttempts(d models.Delivery, w *models.Webhook) int {
	if d.Test || w == nil {
		return max(d.Attempts, 1)
	}
	return w.Retry.Schedule().Attempts
}
