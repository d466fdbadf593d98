package page

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// Deliveries are the pages of single deliveries, and the log of all of them.
type Deliveries struct{ Deps }

// Show is a delivery with all its attempts, one of them in full (?attempt=n, the
// newest by default). htmx gets it for the drawer.
func (p Deliveries) Show(c echo.Context) error {
	detail, selected, err := p.shown(c)
	if err != nil {
		return err
	}
	if form.HX(c) {
		props := p.showProps(p.actor(c), p.part(c), detail, selected)
		props.Drawer = true
		return form.Draw(c, http.StatusOK, deliveries.Follow(props))
	}
	return form.Draw(c, http.StatusOK, deliveries.Show(p.showProps(p.actor(c), p.Frame(c), detail, selected)))
}

// shown is the delivery and attempt that the URL names.
func (p Deliveries) shown(c echo.Context) (service.DeliveryDetail, int, error) {
	detail, err := p.Service.Deliveries.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return detail, 0, err
	}
	selected, err := selectedAttempt(c.QueryParam("attempt"), detail.Attempts)
	return detail, selected, err
}

// Follow tells the page of a delivery, or the drawer, live.
func (p Deliveries) Follow(c echo.Context) error {
	detail, selected, err := p.shown(c)
	if err != nil {
		return err
	}
	return p.stream(c, detail.Delivery.WebhookID, func(ctx context.Context, actor models.Actor) ([]part, error) {
		now, err := p.Service.Deliveries.Get(ctx, actor, detail.Delivery.ID)
		if err != nil {
			return nil, err
		}
		props := p.showProps(actor, p.part(c), now, selected)
		props.Drawer = c.QueryParam("drawer") != ""
		return []part{{ID: "delivery", Version: props.Version(), View: deliveries.Detail(props)}}, nil
	})
}

// part is the frame of what is drawn without one.
func (d Deps) part(c echo.Context) layout.Page {
	return layout.Page{CSRF: d.CSRF.Token(c), Now: d.Now()}
}

func (d Deps) showProps(actor models.Actor, frame layout.Page, detail service.DeliveryDetail, selected int) deliveries.ShowProps {
	dlv, w := detail.Delivery, detail.Webhook
	may := d.Service.Webhooks.May(actor, policy.WriteDeliveries, dlv.WebhookID)
	props := deliveries.ShowProps{
		Page: frame, Delivery: dlv, OccurredAt: detail.Event.OccurredAt, MaxAttempts: maxAttempts(dlv, w),
		Attempts: detail.Attempts, Selected: selected,
		FilterFault: detail.FilterFault, CanRetrigger: may && w != nil && dlv.CanRetrigger(), CanCancel: may && dlv.CanCancel(),
	}
	if w != nil {
		props.WebhookName, props.WebhookHost = w.Name, w.Host()
		props.RateLimit = d.Service.Deliveries.WaitsForLimit(dlv)
		props.Held = dlv.State == models.Pending && !w.Delivers()
	}
	return props
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

// Retrigger makes the delivery due now, or makes a new one of the same event.
// htmx gets what the button stood in, brought up to date (Z7).
func (p Deliveries) Retrigger(c echo.Context) error {
	ctx, v := c.Request().Context(), c.Request().PostForm
	fresh, err := form.Bool(v, "new_id")
	if err != nil {
		return err
	}
	if !fresh {
		d, err := p.Service.Deliveries.Retrigger(ctx, p.actor(c), c.Param("id"))
		if err != nil {
			return err
		}
		return p.changed(c, d, "delivery-due")
	}
	d, err := p.Service.Deliveries.RetriggerNew(ctx, p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if form.HX(c) {
		return form.Draw(c, http.StatusOK, ui.ToastOOB(ui.Flash{
			Kind: ui.FlashOK, Text: "A new delivery of the same event is due now.", Link: ui.Crumb{Text: "Open it", Href: link.Delivery(d.ID)},
		}))
	}
	return p.onward(c, link.Delivery(d.ID), "delivery-again")
}

// Cancel ends a delivery that still waits.
func (p Deliveries) Cancel(c echo.Context) error {
	d, err := p.Service.Deliveries.Cancel(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.changed(c, d, "delivery-cancelled")
}

// changed answers htmx with the row or the detail that the form stood in, and
// with a message; else it leads back to the log, or to the delivery.
func (p Deliveries) changed(c echo.Context, d models.Delivery, flash string) error {
	v := c.Request().PostForm
	if !form.HX(c) {
		next := form.LocalPath(v.Get("next"))
		if next == "" {
			next = link.Delivery(d.ID)
		}
		return p.onward(c, next, flash)
	}
	message := ui.ToastOOB(flashes[flash])
	if view := v.Get("view"); view != "" {
		detail, err := p.Service.Deliveries.Get(c.Request().Context(), p.actor(c), d.ID)
		if err != nil {
			return err
		}
		props := p.showProps(p.actor(c), p.part(c), detail, 0)
		props.Drawer = view == "drawer"
		return form.Draw(c, http.StatusOK, templ.Join(deliveries.Detail(props), message))
	}
	row := p.rowOf(c, p.actor(c), d, p.webhookOf(p.actor(c), d.WebhookID))
	row.Next = form.LocalPath(v.Get("next"))
	row.Wide = v.Get("wide") == "true"
	return form.Draw(c, http.StatusOK, templ.Join(deliveries.Row(row), message))
}
