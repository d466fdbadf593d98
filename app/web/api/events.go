package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// eventInput describes the body of POST /events; eventReader reads it.
type eventInput struct {
	Type       string    `json:"type" doc:"An event type of the catalog." example:"release.published"`
	Data       rawObject `json:"data" doc:"The event's data, an object. Receivers get these bytes as they are: order of keys, spelling of numbers and all."`
	ID         string    `json:"id,omitzero" maxLength:"128" pattern:"^[A-Za-z0-9][A-Za-z0-9._:@-]*$" doc:"Your own id of the event. A repeat with the same type and data gets the first answer; with others, 409. White space, the order of members and the spelling of numbers (100, 1e2, 100.0) make no difference."`
	OccurredAt time.Time `json:"occurred_at,omitzero" doc:"When it happened; now when left out."`
	// Participant is a pointer, so that it may be left out.
	Participant *eventParticipant `json:"participant,omitzero" doc:"Whom the event is about. Templates see them as contact, as they are at this moment. A repeat of the event changes them no more."`
}

type accepted struct {
	ID         string `json:"id" doc:"The event's id." example:"evt_01kf2j7q8e5t9v3m6x0y4z1b2c"`
	Deliveries int    `json:"deliveries" doc:"How many webhooks will get it." example:"2"`
}

const eventExample = `{"type":"release.published","data":{"version":"2.4.0","notes":"Faster search."}}`

func (s *server) mountEvents() {
	publish := route{
		method: http.MethodPost, path: "/events", action: policy.PublishEvents, status: http.StatusAccepted, tag: "Events",
		summary: "Publish an event",
		description: "Answers 202 once the event and its deliveries are on disk. With an id, or the header Idempotency-Key, a repeat that says the same returns the first answer, and what is stored and sent stays as it came first; " +
			"with other content it is a 409. The body may have 1 MiB. A participant that it names is found by id or email, or made; " +
			"what it says of them is merged in, and contact.created or contact.updated follows when that changed anything. An unknown id refuses the event. " +
			"The header <prefix>-Hops, which every delivery bears, counts the webhooks that led here: after 10 the call is refused as a loop.",
		body: eventExample, answer: `{"id":"evt_01kf2j7q8e5t9v3m6x0y4z1b2c","deliveries":2}`,
		problems: []int{http.StatusConflict},
	}
	later[struct {
		Key  string `header:"Idempotency-Key" maxLength:"255" doc:"Makes a repeat of the call safe, as id does."`
		Body eventInput
	}, accepted](s, publish)
	s.serve(publish, s.publish)
	s.mountBatch()
	s.mountStream()
	add(s, route{
		method: http.MethodGet, path: "/events/{id}", action: policy.ReadEvents, tag: "Events",
		summary: "An event and its deliveries", description: "Data is given byte for byte as it came in. Up to 200 deliveries, the newest first; then the webhooks that did not get it, and why. What the attempts brought needs deliveries:read too, and the webhooks that did not get it webhooks:read.",
	}, s.event)
}

// publish is the hot path: the body is read once, and data never copied.
func (s *server) publish(c echo.Context) error {
	actor, in, err := s.readPublish(c)
	if err != nil {
		return err
	}
	e, err := s.Service.Events.Publish(c.Request().Context(), actor, in)
	if err != nil {
		return err
	}
	return accept(c, e)
}

func (s *server) readPublish(c echo.Context) (models.Actor, service.NewEvent, error) {
	var in service.NewEvent
	actor, err := s.allowed(c, policy.PublishEvents)
	if err != nil {
		return actor, in, err
	}
	key, err := idempotencyKey(c.Request().Header)
	if err != nil {
		return actor, in, err
	}
	body, err := readBody(c.Request(), models.MaxEventBytes)
	if err != nil {
		return actor, in, err
	}
	in, err = readEvent(body)
	in.IdempotencyKey = key
	return actor, in, err
}

func idempotencyKey(h http.Header) (string, error) {
	switch keys := h["Idempotency-Key"]; {
	case len(keys) == 0:
		return "", nil
	case len(keys) == 1 && keys[0] != "":
		return keys[0], nil
	}
	return "", invalid("Idempotency-Key", "Give one key that is not empty, or none.")
}

// invalid is a fault of one field.
func invalid(field, message string) error {
	var errs models.FieldErrors
	errs.Add(field, "%s", message)
	return errs.Err()
}

// jsonType is shared by all answers of the hot path.
var jsonType = []string{echo.MIMEApplicationJSON}

func accept(c echo.Context, e models.Event) error {
	res := c.Response()
	res.Header()[echo.HeaderContentType] = jsonType
	res.WriteHeader(http.StatusAccepted)
	_, err := res.Write(appendAccepted(make([]byte, 0, 96), e))
	return err
}

// appendAccepted writes an accepted answer. An event's id has no byte that JSON
// would need to escape.
func appendAccepted(b []byte, e models.Event) []byte {
	b = append(append(b, `{"id":"`...), e.ID...)
	b = strconv.AppendInt(append(b, `","deliveries":`...), int64(e.Deliveries), 10)
	return append(b, '}')
}

// eventAnswer is GET /events/{id}.
type eventAnswer struct {
	EventHead
	Data rawObject `json:"data" doc:"Byte for byte as it came in."`
}

// EventHead is an event without its data.
type EventHead struct {
	ID             string            `json:"id"`
	Type           string            `json:"type"`
	OccurredAt     time.Time         `json:"occurred_at"`
	CreatedAt      time.Time         `json:"created_at" doc:"When Hookline took it in."`
	IdempotencyKey *string           `json:"idempotency_key" doc:"As sent in the header; null without one."`
	Test           bool              `json:"test" doc:"Made by a test of a webhook."`
	Participant    *aboutParticipant `json:"participant" doc:"Whom it was about; null for nobody."`
	Deliveries     []Delivery        `json:"deliveries" nullable:"false"`
	NotSent        []notSent         `json:"not_sent" nullable:"false" doc:"Every other webhook that the token may read, and why it has no delivery of the event; empty without webhooks:read."`
}

// encode splices data in: an encoder would take its spaces out.
func (e eventAnswer) encode() ([]byte, error) {
	b, err := json.Marshal(e.EventHead, answerFormat)
	if err != nil {
		return nil, err
	}
	b = append(b[:len(b)-1], `,"data":`...)
	return append(append(b, e.Data...), '}'), nil
}

func (s *server) event(ctx context.Context, actor models.Actor, in *struct {
	ID string `path:"id" doc:"The event's id."`
}) (eventAnswer, error) {
	d, err := s.Service.Events.Get(ctx, actor, in.ID)
	if err != nil {
		return eventAnswer{}, err
	}
	return eventOf(d), nil
}

func eventOf(d service.EventDetail) eventAnswer {
	e := d.Event
	out := eventAnswer{Data: rawObject(e.Data), EventHead: EventHead{
		ID: e.ID, Type: e.Type, OccurredAt: e.OccurredAt, CreatedAt: e.CreatedAt, Test: e.Test, Participant: aboutOf(e),
		Deliveries: make([]Delivery, len(d.Deliveries)), NotSent: make([]notSent, len(d.Unsent)),
	}}
	if e.IdempotencyKey != "" {
		out.IdempotencyKey = &e.IdempotencyKey
	}
	for i, u := range d.Unsent {
		out.NotSent[i] = notSent{WebhookID: u.Webhook.ID, WebhookName: u.Webhook.Name, Reason: u.Reason, Detail: u.Detail}
	}
	for i, delivery := range d.Deliveries {
		out.Deliveries[i] = deliveryOf(delivery)
	}
	return out
}
