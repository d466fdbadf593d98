package page

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/link"
	"hookline/views/ui"
)

// Bulk are the pages of bulk jobs (B6).
type Bulk struct{ Deps }

// Preview says what a job of this kind would do to what the URL's filter matches.
func (p Bulk) Preview(kind models.BulkKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		filter, errs := form.Bulk(c.QueryParams())
		if filter.State == "" {
			filter.State = usualState[kind]
		}
		return p.preview(c, deliveries.BulkProps{Kind: kind, Filter: filter}, errs.Err())
	}
}

// usualState is the state of a filter that names none.
var usualState = map[models.BulkKind]models.DeliveryState{models.BulkRetrigger: models.AnyProblem, models.BulkCancel: models.Pending}

// preview draws the page. fault kept a job from being started, or is of the filter.
func (p Bulk) preview(c echo.Context, props deliveries.BulkProps, fault error) error {
	if props.Rate == "" {
		props.Rate = strconv.Itoa(models.DefaultBulkRate)
	}
	in := service.BulkInput{Kind: props.Kind, Tests: props.Filter.Tests, Filter: props.Filter.DeliveryFilter}
	found, err := p.Service.Bulk.Preview(c.Request().Context(), p.actor(c), in)
	props.Count, props.More, props.Webhook = found.Count, found.More, found.Webhook
	if fault == nil {
		fault = err
	}
	code := http.StatusOK
	if fault != nil {
		var known *models.Error
		if !errors.As(fault, &known) || known.Code != models.Invalid {
			return fault
		}
		code, props.Errors = http.StatusUnprocessableEntity, ui.ErrorsFrom(known.Fields)
	}
	if props.Webhook == nil && props.Filter.WebhookID != "" {
		if w, err := p.Service.Webhooks.Get(c.Request().Context(), p.actor(c), props.Filter.WebhookID); err == nil {
			props.Webhook = &w
		}
	}
	props.Page = p.Frame(c)
	return form.Draw(c, code, deliveries.Bulk(props))
}

// Start starts the job, and leads to its page.
func (p Bulk) Start(kind models.BulkKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := c.Request().PostForm
		rate := v.Get("rate")
		filter, errs := form.Bulk(v)
		in, err := form.BulkInput(kind, filter, rate, errs)
		if err == nil {
			var job models.BulkJob
			if job, err = p.Service.Bulk.Start(c.Request().Context(), p.actor(c), in); err == nil {
				return form.Onward(c, link.Job(job.ID))
			}
		}
		return p.preview(c, deliveries.BulkProps{Kind: kind, Filter: filter, Rate: form.Query(rate)}, err)
	}
}

// List shows all jobs that the user may see, newest first.
func (p Bulk) List(c echo.Context) error {
	cursor := c.QueryParam("cursor")
	page, err := p.Service.Bulk.List(c.Request().Context(), p.actor(c), service.BulkList{}, models.PageRequest{Cursor: cursor})
	if err != nil {
		return err
	}
	props := deliveries.JobsProps{Page: p.Frame(c)}
	for _, job := range page.Items {
		props.Jobs = append(props.Jobs, p.propsOf(c, job))
	}
	props.Pager = ui.PagerOf(cursor, page.Older, link.JobsPage)
	return form.Draw(c, http.StatusOK, deliveries.Jobs(props))
}

// Show is one job; Panel the part of its page that changes.
func (p Bulk) Show(c echo.Context) error {
	job, err := p.Service.Bulk.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	props := p.propsOf(c, job)
	props.Page = p.Frame(c)
	return form.Draw(c, http.StatusOK, deliveries.Job(props))
}

// Panel answers the page that follows its job.
func (p Bulk) Panel(c echo.Context) error {
	job, err := p.Service.Bulk.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	props := p.propsOf(c, job)
	props.Page.CSRF, props.Page.Now = p.CSRF.Token(c), p.Now()
	return form.Draw(c, http.StatusOK, deliveries.JobPanel(props))
}

// Cancel stops a job between two batches.
func (p Bulk) Cancel(c echo.Context) error {
	job, err := p.Service.Bulk.Cancel(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.onward(c, link.Job(job.ID), "job-stopped")
}

// propsOf is a job as its views show it, without the frame.
func (p Bulk) propsOf(c echo.Context, job models.BulkJob) deliveries.JobProps {
	props := deliveries.JobProps{Job: job, CanCancel: policy.Might(p.actor(c), policy.WriteDeliveries)}
	if job.WebhookID != "" {
		props.Webhook = "A webhook that was deleted"
		if w, err := p.Service.Webhooks.Get(c.Request().Context(), p.actor(c), job.WebhookID); err == nil {
			props.Webhook = w.Name
		}
	}
	return props
}
