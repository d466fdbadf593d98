package page

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/link"
)

// Deliveries are the pages of single deliveries.
type Deliveries struct{ Deps }

// Show is a delivery with all its attempts, one of them in full (?attempt=n, the
// newest by default).
func (p Deliveries) Show(c echo.Context) error {
	detail, err := p.Service.Deliveries.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	selected, err := selectedAttempt(c.QueryParam("attempt"), detail.Attempts)
	if err != nil {
		return err
	}
	d, w := detail.Delivery, detail.Webhook
	may := p.canOn(c, policy.WriteDeliveries, d.WebhookID)
	props := deliveries.ShowProps{
		Page: p.Frame(c), Delivery: d, OccurredAt: detail.Event.OccurredAt, MaxAttempts: maxAttempts(d, w),
		Attempts: detail.Attempts, Selected: selected,
		CanRetrigger: may && w != nil && d.CanRetrigger(), CanCancel: may && d.CanCancel(),
	}
	if w != nil {
		props.WebhookName, props.WebhookHost = w.Name, w.Host()
		props.Held = d.State == models.Pending && !w.Delivers()
	}
	return form.Draw(c, http.StatusOK, deliveries.Show(props))
}

func selectedAttempt(text string, attempts []models.Attempt) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || !slices.ContainsFunc(attempts, func(a models.Attempt) bool { return a.Number == n }) {
		return 0, models.Errorf(models.NotFound, "This delivery has no such attempt.")
	}
	return n, nil
}

// Row is the row of a log alone, for one that follows its delivery.
func (p Deliveries) Row(c echo.Context) error {
	detail, err := p.Service.Deliveries.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.drawRow(c, detail.Delivery, detail.Webhook)
}

func (p Deliveries) drawRow(c echo.Context, d models.Delivery, w *models.Webhook) error {
	row := p.rowOf(c, d, w)
	row.Live, row.Next = true, form.From(c.Request())
	return form.Draw(c, http.StatusOK, deliveries.Row(row))
}

// Retrigger makes the delivery due now, or makes a new one of the same event.
// htmx gets the row back, which then follows the delivery (Z7).
func (p Deliveries) Retrigger(c echo.Context) error {
	ctx, v := c.Request().Context(), c.Request().PostForm
	fresh, err := form.Bool(v, "new_id")
	if err != nil {
		return err
	}
	if fresh {
		d, err := p.Service.Deliveries.RetriggerNew(ctx, p.actor(c), c.Param("id"))
		if err != nil {
			return err
		}
		return p.onward(c, link.Delivery(d.ID), "delivery-again")
	}
	d, err := p.Service.Deliveries.Retrigger(ctx, p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.changed(c, d, "delivery-due")
}

// Cancel ends a delivery that still waits.
func (p Deliveries) Cancel(c echo.Context) error {
	d, err := p.Service.Deliveries.Cancel(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.changed(c, d, "delivery-cancelled")
}

// changed answers with the row for htmx, else leads back to the log that the
// form stood in, or to the delivery.
func (p Deliveries) changed(c echo.Context, d models.Delivery, flash string) error {
	if form.HX(c) {
		w, err := p.Service.Webhooks.Get(c.Request().Context(), p.actor(c), d.WebhookID)
		if models.CodeOf(err) == models.NotFound {
			return p.drawRow(c, d, nil)
		}
		if err != nil {
			return err
		}
		return p.drawRow(c, d, &w)
	}
	next := form.LocalPath(c.Request().PostForm.Get("next"))
	if next == "" {
		next = link.Delivery(d.ID)
	}
	return p.onward(c, next, flash)
}
