package page

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/capture"
	"hookline/views/link"
	"hookline/views/ui"
)

// Captures are the pages of the request bin.
type Captures struct{ Deps }

// Home leads to the person's first endpoint, which is made on the first visit.
func (p Captures) Home(c echo.Context) error {
	first, err := p.Service.Captures.First(c.Request().Context(), p.actor(c))
	if err != nil {
		return err
	}
	return form.Onward(c, link.Capture(first.ID))
}

// Show is an endpoint with what it received.
func (p Captures) Show(c echo.Context) error {
	view, err := p.Service.Captures.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, view, func(*capture.ShowProps) {})
}

// listed is how many requests a page lists.
const listed = 50

// draw fills in the whole page and lets change add to it.
func (p Captures) draw(c echo.Context, code int, view models.Capture, change func(*capture.ShowProps)) error {
	ctx, actor, cursor := c.Request().Context(), p.actor(c), c.QueryParam("cursor")
	page, err := p.Service.Captures.Requests(ctx, actor, view.ID, models.PageRequest{Cursor: cursor, Limit: listed})
	if err != nil {
		return err
	}
	all, err := p.Service.Captures.List(ctx, actor)
	if err != nil {
		return err
	}
	targets, err := p.webhooksFor(c, policy.ChangeWebhooks)
	if err != nil {
		return err
	}
	props := capture.ShowProps{
		Page: p.Frame(c), Capture: view, Requests: page.Items, Live: cursor == "",
		Targets: targets, CanCreate: p.can(c, policy.CreateWebhooks), Values: capture.ValuesOf(view),
	}
	props.Pager = ui.PagerOf(cursor, page.Older, func(at string) string { return link.CapturePage(view.ID, at) })
	for _, e := range all {
		props.Endpoints = append(props.Endpoints, capture.Choice{ID: e.ID, Name: e.Name})
	}
	change(&props)
	return form.Draw(c, code, capture.Show(props))
}

// webhooksFor are the newest webhooks with which the person may do this.
func (p Captures) webhooksFor(c echo.Context, action policy.Action) ([]capture.Choice, error) {
	if !policy.Might(p.actor(c), policy.ReadWebhooks) {
		return nil, nil
	}
	list, err := p.Service.Webhooks.List(c.Request().Context(), p.actor(c), "", models.PageRequest{Limit: models.MaxPage})
	if err != nil {
		return nil, err
	}
	var out []capture.Choice
	for _, w := range list.Items {
		if p.canOn(c, action, w.ID) {
			out = append(out, capture.Choice{ID: w.ID, Name: w.Name})
		}
	}
	return out, nil
}

// Live streams the requests that arrive.
func (p Captures) Live(c echo.Context) error {
	id, selected := c.Param("id"), c.QueryParam("selected")
	return p.stream(c, id, func(ctx context.Context, actor models.Actor) ([]part, error) {
		page, err := p.Service.Captures.Requests(ctx, actor, id, models.PageRequest{Limit: listed})
		if err != nil {
			return nil, err
		}
		parts := make([]part, len(page.Items))
		for i, r := range page.Items {
			parts[i] = part{ID: r.ID, Version: r.ID, View: capture.Row(capture.RowProps{Now: p.Now(), Request: r, Selected: r.ID == selected})}
		}
		return parts, nil
	})
}

// Create makes another endpoint.
func (p Captures) Create(c echo.Context) error {
	ctx, actor, name := c.Request().Context(), p.actor(c), strings.TrimSpace(c.Request().PostForm.Get("name"))
	made, err := p.Service.Captures.Create(ctx, actor, service.CaptureInput{Name: &name})
	if err == nil {
		return p.onward(c, link.Capture(made.ID), "capture-created")
	}
	if !redrawn(err) {
		return err
	}
	first, lookErr := p.Service.Captures.First(ctx, actor)
	if lookErr != nil {
		return lookErr
	}
	return p.draw(c, form.StatusOf(c, err), first, func(s *capture.ShowProps) {
		s.NewName, s.NewErrors = name, fieldErrors(err)
	})
}

// Update saves name and answer.
func (p Captures) Update(c echo.Context) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	view, err := p.Service.Captures.Get(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	values := captureValues(c, capture.ValuesOf(view))
	in, err := captureInput(values)
	if err == nil {
		_, err = p.Service.Captures.Update(ctx, actor, view.ID, in)
	}
	if err == nil {
		return p.onward(c, link.Capture(view.ID), "capture-saved")
	}
	if !redrawn(err) {
		return err
	}
	return p.draw(c, form.StatusOf(c, err), view, func(s *capture.ShowProps) {
		s.Values, s.Errors = values, fieldErrors(err)
	})
}

func captureValues(c echo.Context, drawn capture.FormValues) capture.FormValues {
	v := c.Request().PostForm
	return capture.FormValues{
		Name: form.Line(drawn.Name, v.Get("name")), Status: strings.TrimSpace(v.Get("status")), Delay: strings.TrimSpace(v.Get("delay")),
		Type: v.Get("type"), Body: form.Block(drawn.Body, v.Get("body")),
	}
}

func captureInput(v capture.FormValues) (service.CaptureInput, error) {
	var errs models.FieldErrors
	status, err := strconv.Atoi(v.Status)
	if err != nil {
		errs.Add("answer.status", "Give a status from 200 to 599.")
	}
	seconds, err := strconv.ParseFloat(strings.Replace(v.Delay, ",", ".", 1), 64)
	if err != nil || !(seconds >= 0 && seconds <= models.MaxCaptureDelay.Seconds()) {
		errs.Add("answer.delay", "Give a delay from 0 to 30 seconds.")
	}
	delay := time.Duration(seconds*1000) * time.Millisecond
	return service.CaptureInput{Name: &v.Name, Status: &status, Delay: &delay, Type: &v.Type, Body: &v.Body}, errs.Err()
}

// Rotate gives the endpoint another URL.
func (p Captures) Rotate(c echo.Context) error {
	view, err := p.Service.Captures.Rotate(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.onward(c, link.Capture(view.ID), "capture-rotated")
}

// Clear deletes all requests.
func (p Captures) Clear(c echo.Context) error {
	if err := p.Service.Captures.Clear(c.Request().Context(), p.actor(c), c.Param("id")); err != nil {
		return err
	}
	return p.onward(c, link.Capture(c.Param("id")), "capture-cleared")
}

// Delete removes the endpoint.
func (p Captures) Delete(c echo.Context) error {
	if err := p.Service.Captures.Delete(c.Request().Context(), p.actor(c), c.Param("id")); err != nil {
		return err
	}
	return p.onward(c, link.Captures, "capture-deleted")
}

// Use points a webhook at the endpoint.
func (p Captures) Use(c echo.Context) error {
	w, err := p.Service.Captures.Use(c.Request().Context(), p.actor(c), c.Param("id"), c.Request().PostForm.Get("webhook_id"))
	if err != nil {
		return err
	}
	return p.onward(c, link.Webhook(w.ID), "capture-used")
}
