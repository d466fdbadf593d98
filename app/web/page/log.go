package page

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/link"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// Logs is the Logs tab: every delivery of the webhook, newest first (D9, Z7).
func (p Webhooks) Logs(c echo.Context) error {
	w, err := p.get(c, policy.ReadWebhooks)
	if err != nil {
		return err
	}
	log, code, err := p.log(c, w.ID)
	if err != nil {
		return err
	}
	return form.Draw(c, code, webhooks.Logs(webhooks.LogsProps{Webhook: w, Log: log, May: p.may(c, w.ID)}))
}

// LogStream tells the Logs tab live (B6).
func (p Webhooks) LogStream(c echo.Context) error {
	w, err := p.get(c, policy.ReadWebhooks)
	if err != nil {
		return err
	}
	return p.streamLog(c, w.ID)
}

// Index is the log of all webhooks that the user may read (B6).
func (p Deliveries) Index(c echo.Context) error {
	log, code, err := p.log(c, "")
	if err != nil {
		return err
	}
	log.Empty = ui.EmptyProps{Icon: "inbox", Title: "Nothing was sent yet", Text: "Deliveries appear here as soon as an event comes in that a webhook wants."}
	log.EmptyAction = deliveries.SeeWebhooks()
	return form.Draw(c, code, deliveries.Index(log))
}

// Stream tells the log of all webhooks live.
func (p Deliveries) Stream(c echo.Context) error { return p.streamLog(c, "") }

// log is one page of a log; of is its webhook, or "". A filter that cannot be
// understood is drawn again with its faults.
func (d Deps) log(c echo.Context, of string) (deliveries.LogProps, int, error) {
	query, errs, err := logQuery(c, of)
	if err != nil {
		return deliveries.LogProps{}, 0, err
	}
	props, err := d.logChoices(c, query)
	if err != nil {
		return props, 0, err
	}
	page, err := d.Service.Deliveries.List(c.Request().Context(), d.actor(c), logFilter(query), models.PageRequest{Cursor: query.Cursor, Limit: query.Limit})
	var known *models.Error
	if errors.As(err, &known) && known.Code == models.Invalid && !faulty(known, "cursor") {
		errs = append(errs, known.Fields...)
	} else if err != nil {
		return props, 0, err
	}
	if form.HX(c) { // the form sends fields that are empty too
		c.Response().Header().Set("HX-Replace-Url", query.URL())
	}
	if len(errs) > 0 {
		props.Errors = ui.ErrorsFrom(errs)
		return props, http.StatusUnprocessableEntity, nil
	}
	props.Rows = d.rows(c, d.actor(c), page.Items, of == "", props.Page.Path)
	props.Older, props.SearchedTo = page.Older, page.SearchedTo
	running, err := d.Service.Bulk.List(c.Request().Context(), d.actor(c), service.BulkList{WebhookID: of, State: models.BulkRunning}, models.PageRequest{Limit: 3})
	props.Running = running.Items
	return props, http.StatusOK, err
}

func faulty(e *models.Error, field string) bool {
	return slices.ContainsFunc(e.Fields, func(f models.FieldError) bool { return f.Field == field })
}

// mostChoices bounds how many webhooks a list to choose from has.
const mostChoices = 200

// logChoices is a log without rows: what its filters offer.
func (d Deps) logChoices(c echo.Context, query link.Logs) (deliveries.LogProps, error) {
	props := deliveries.LogProps{Page: d.Frame(c), Filter: query}
	var err error
	if props.Types, err = d.types(c); err != nil || query.Of != "" {
		return props, err
	}
	page, err := d.Service.Webhooks.List(c.Request().Context(), d.actor(c), "", models.PageRequest{Limit: mostChoices})
	if err != nil {
		return props, err
	}
	for _, w := range page.Items {
		props.Webhooks = append(props.Webhooks, *w)
		props.Hosts = append(props.Hosts, w.Host())
	}
	slices.SortFunc(props.Webhooks, func(a, b models.Webhook) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	slices.Sort(props.Hosts)
	props.Hosts = slices.Compact(props.Hosts)
	return props, nil
}

// rows are deliveries as a log shows them to the actor. next is where a post
// without a script leads back to.
func (d Deps) rows(c echo.Context, actor models.Actor, list []models.Delivery, wide bool, next string) []deliveries.RowProps {
	rows := make([]deliveries.RowProps, len(list))
	known := map[string]*models.Webhook{}
	for i, dlv := range list {
		w, asked := known[dlv.WebhookID]
		if !asked {
			w = d.webhookOf(actor, dlv.WebhookID)
			known[dlv.WebhookID] = w
		}
		rows[i] = d.rowOf(c, actor, dlv, w)
		rows[i].Wide, rows[i].Next = wide, next
	}
	return rows
}

// webhookOf is the delivery's webhook, or nil when it was deleted.
func (d Deps) webhookOf(actor models.Actor, id string) *models.Webhook {
	w, err := d.Service.Webhooks.For(actor, policy.ReadWebhooks, id)
	if err != nil {
		return nil
	}
	return &w
}

// rowOf is a delivery as a log shows it. w is nil when the webhook was deleted.
func (d Deps) rowOf(c echo.Context, actor models.Actor, dlv models.Delivery, w *models.Webhook) deliveries.RowProps {
	row := deliveries.RowProps{CSRF: d.CSRF.Token(c), Now: d.Now(), Delivery: dlv, MaxAttempts: maxAttempts(dlv, w)}
	row.RateLimit = d.Service.Deliveries.WaitsForLimit(dlv)
	if w != nil {
		may := d.Service.Webhooks.May(actor, policy.WriteDeliveries, w.ID)
		row.WebhookName, row.WebhookHost = w.Name, w.Host()
		row.CanRetrigger, row.CanCancel = may && dlv.CanRetrigger(), may && dlv.CanCancel()
	}
	return row
}

// maxAttempts is n of "attempt m of n": by the policy as it is now. A test is
// never retried.
func maxAttempts(d models.Delivery, w *models.Webhook) int {
	if d.Test || w == nil {
		return max(d.Attempts, 1)
	}
	return w.Retry.Schedule().Attempts
}

// streamLog follows a page of a log. On its first page new rows come on top; a
// row that was sent once is sent again when it changes, even if it left the
// filter, so that nothing on the screen grows stale.
func (d Deps) streamLog(c echo.Context, of string) error {
	query, errs, err := logQuery(c, of)
	if err = cmp.Or(err, errs.Err()); err != nil {
		return err
	}
	topic := of
	if topic == "" {
		topic = service.LiveDeliveries
	}
	rows := &liveRows{d: d, c: c, filter: logFilter(query), page: models.PageRequest{Cursor: query.Cursor, Limit: query.Limit}, wide: of == "", next: query.URL()}
	return d.stream(c, topic, rows.refresh)
}

// liveRows are the rows on the screen of one open log.
type liveRows struct {
	d      Deps
	c      echo.Context
	filter models.DeliveryFilter
	page   models.PageRequest
	wide   bool
	next   string
	ids    []string // shown before, newest first
}

// maxLiveRows is how many rows are followed; live.js keeps as many.
const maxLiveRows = 200

// refresh lists the rows that the log shows now: those that match its filter, and
// those shown before.
func (l *liveRows) refresh(ctx context.Context, actor models.Actor) ([]part, error) {
	if id := l.filter.WebhookID; !l.wide {
		if _, err := l.d.Service.Webhooks.For(actor, policy.ReadWebhooks, id); err != nil {
			return nil, err
		}
	}
	page, err := l.d.Service.Deliveries.List(ctx, actor, l.filter, l.page)
	if err != nil {
		return nil, err
	}
	listed := make(map[string]bool, len(page.Items))
	for _, d := range page.Items {
		listed[d.ID] = true
	}
	left := slices.DeleteFunc(l.ids, func(id string) bool { return listed[id] })
	old, err := l.d.Service.Deliveries.Reload(ctx, actor, left)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(page.Items, old)
	slices.SortFunc(all, func(a, b models.Delivery) int { return strings.Compare(b.ID, a.ID) })
	all = all[:min(len(all), maxLiveRows)]
	l.ids = make([]string, len(all))
	parts := make([]part, len(all))
	for i, row := range l.d.rows(l.c, actor, all, l.wide, l.next) {
		l.ids[i] = row.Delivery.ID
		parts[i] = part{ID: "row-" + row.Delivery.ID, Version: row.Version(), View: deliveries.Row(row)}
	}
	return parts, nil
}
