package page

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/events"
	"hookline/views/link"
	"hookline/views/ui"
)

// Events are the pages of the stream of events.
type Events struct{ Deps }

// List shows the stream, newest first.
func (p Events) List(c echo.Context) error {
	filter, found, err := eventFilter(c)
	if err != nil {
		return err
	}
	page, err := p.Service.Events.List(c.Request().Context(), p.actor(c), found, models.PageRequest{Cursor: filter.Cursor})
	if err != nil {
		return err
	}
	types, err := p.types(c)
	if err != nil {
		return err
	}
	rows := make([]events.RowProps, len(page.Items))
	for i, e := range page.Items {
		rows[i] = p.rowOf(e)
	}
	return form.Draw(c, http.StatusOK, events.List(events.ListProps{
		Page: p.Frame(c), Filter: filter, Types: types, Rows: rows, NextCursor: page.Older, CanSend: p.can(c, policy.PublishEvents),
	}))
}

func (p Events) types(c echo.Context) ([]models.EventType, error) {
	return p.Service.EventTypes.List(c.Request().Context(), p.actor(c))
}

func (p Events) rowOf(e service.StreamedEvent) events.RowProps {
	return events.RowProps{Now: p.Now(), Event: e.Event, Counts: e.Counts}
}

func eventFilter(c echo.Context) (link.EventFilter, models.EventFilter, error) {
	f := link.EventFilter{
		ID: form.Key(c.QueryParam("id"), 255), Type: form.Query(c.QueryParam("type")), Since: c.QueryParam("since"), Until: c.QueryParam("until"), Cursor: c.QueryParam("cursor"),
	}
	found := models.EventFilter{ID: f.ID, Type: f.Type}
	var err error
	found.Since, found.Until, err = form.Days(f.Since, f.Until)
	return f, found, err
}

// Stream tells an open page of new events, and of how their deliveries fare.
func (p Events) Stream(c echo.Context) error {
	_, found, err := eventFilter(c)
	if err != nil {
		return err
	}
	return p.stream(c, service.LiveDeliveries, func(ctx context.Context, actor models.Actor) ([]part, error) {
		page, err := p.Service.Events.List(ctx, actor, found, models.PageRequest{})
		if err != nil {
			return nil, err
		}
		parts := make([]part, len(page.Items))
		for i, e := range page.Items {
			parts[i] = part{ID: events.RowID(e.Event), Version: fmt.Sprint(e.Counts), View: events.Row(p.rowOf(e))}
		}
		return parts, nil
	})
}

// Show is an event: its data, where it went, and why not elsewhere (B16).
func (p Events) Show(c echo.Context) error {
	detail, err := p.Service.Events.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	props := events.ShowProps{Page: p.Frame(c), Event: detail.Event, Participant: p.participantOf(c, detail.Event)}
	for _, d := range detail.Deliveries {
		sent := events.Sent{Delivery: d, FilterFault: detail.FilterFaults[d.ID]}
		if w, err := p.Service.Webhooks.Get(c.Request().Context(), p.actor(c), d.WebhookID); err == nil {
			sent.Webhook = &w
		}
		props.Sent = append(props.Sent, sent)
	}
	for _, u := range detail.Unsent {
		props.Unsent = append(props.Unsent, events.Unsent{Webhook: u.Webhook, Reason: unsentReasons[u.Reason], Detail: u.Detail})
	}
	return form.Draw(c, http.StatusOK, events.Show(props))
}

// participantOf is the participant that an event was about, with the present name, or
// with the id as the name when the participant is gone.
func (p Events) participantOf(c echo.Context, e models.Event) events.EventParticipant {
	participant := events.EventParticipant{ID: e.ParticipantID, Name: e.ParticipantID, Contact: models.ContactOf(e.Context)}
	if participant.ID == "" {
		return participant
	}
	if now, err := p.Service.Participants.Get(c.Request().Context(), p.actor(c), participant.ID); err == nil {
		participant.Name, participant.Known = now.Called(), true
	}
	return participant
}

var unsentReasons = map[service.UnsentReason]string{
	service.UnsentTest: "A test", service.UnsentLater: "Made later", service.UnsentOff: "Switched off", service.UnsentFailing: "Switched off: failing",
	service.UnsentGone: "Switched off: gone", service.UnsentSubscribed: "Not subscribed", service.UnsentFiltered: "Filtered out", service.UnsentUnknown: "Not known any more",
}

// Compose draws the form that publishes an event, with the sample of its type.
func (p Events) Compose(c echo.Context) error {
	name := form.Query(c.QueryParam("type"))
	data := ""
	if t, err := p.Service.EventTypes.Get(c.Request().Context(), p.actor(c), name); err == nil {
		data = pretty(t.Sample)
	}
	if data == "" {
		data = "{}"
	}
	return p.compose(c, http.StatusOK, name, data, nil)
}

// Send publishes it.
func (p Events) Send(c echo.Context) error {
	v := c.Request().PostForm
	name, typed := v.Get("type"), v.Get("data")
	data, fault := form.JSONObject(typed)
	if fault == "" && len(data) == 0 {
		fault = "Write the event's data, a JSON object; {} will do."
	}
	if fault != "" {
		return p.compose(c, http.StatusUnprocessableEntity, name, typed, ui.Errors{"data": fault})
	}
	e, err := p.Service.Events.PublishByHand(c.Request().Context(), p.actor(c), service.NewEvent{Type: name, Data: data})
	if models.CodeOf(err) == models.Invalid {
		return p.compose(c, form.StatusOf(c, err), name, typed, atFields(fieldErrors(err), "data"))
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Event(e.ID), "event-sent")
}

func (p Events) compose(c echo.Context, code int, name, data string, errs ui.Errors) error {
	types, err := p.types(c)
	if err != nil {
		return err
	}
	open := types[:0:0]
	known := false
	for _, t := range types {
		if !t.Archived {
			open = append(open, t)
			known = known || t.Name == name
		}
	}
	if !known {
		name = ""
	}
	audience, err := p.Service.Events.Audience(p.actor(c), name)
	if err != nil {
		return err
	}
	return form.Draw(c, code, events.Send(events.SendProps{Page: p.Frame(c), Types: open, Type: name, Data: data, Errors: errs, Audience: audience}))
}
