package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/models"
)

// Delivery is one event owed to one webhook.
type Delivery struct {
	ID            string               `json:"id"`
	EventID       string               `json:"event_id"`
	EventType     string               `json:"event_type"`
	WebhookID     string               `json:"webhook_id"`
	State         models.DeliveryState `json:"state" enum:"pending,running,succeeded,failed,blocked,cancelled"`
	Test          bool                 `json:"test" doc:"Made by a test of the webhook."`
	AttemptCount  int                  `json:"attempt_count"`
	NextAttemptAt *time.Time           `json:"next_attempt_at" doc:"null unless pending."`
	CreatedAt     time.Time            `json:"created_at"`
	FinishedAt    *time.Time           `json:"finished_at" doc:"null until it has ended."`
	LastAttempt   *lastAttempt         `json:"last_attempt" doc:"null before the first attempt, and in an event for a token without deliveries:read."`
}

type lastAttempt struct {
	At         time.Time      `json:"at"`
	Outcome    models.Outcome `json:"outcome"`
	Status     *int           `json:"status" doc:"null when there was no response."`
	Error      *string        `json:"error" doc:"null on success."`
	DurationMS int64          `json:"duration_ms"`
}

func deliveryOf(d models.Delivery) Delivery {
	out := Delivery{
		ID: d.ID, EventID: d.EventID, EventType: d.EventType, WebhookID: d.WebhookID, State: d.State, Test: d.Test,
		AttemptCount: d.Attempts, CreatedAt: d.CreatedAt, FinishedAt: optionalTime(d.FinishedAt),
	}
	if d.State == models.Pending {
		out.NextAttemptAt = optionalTime(d.DueAt)
	}
	if last := d.Last; !last.At.IsZero() {
		out.LastAttempt = &lastAttempt{
			At: last.At, Outcome: last.Outcome, Status: optional(last.Status), Error: optional(last.Error), DurationMS: last.Duration.Milliseconds(),
		}
	}
	return out
}

// optional is null for a zero value.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// deliveryDetail is a delivery with its attempts.
type deliveryDetail struct {
	Delivery
	Diagnosis *diagnosis `json:"diagnosis" doc:"What went wrong in the last attempt, and what to do; null otherwise."`
	// FilterFault is left out when there is none, which is almost always.
	FilterFault string    `json:"filter_fault,omitzero" required:"false" doc:"Why it was made although the webhook's filter could not tell whether the event is wanted."`
	Attempts    []attempt `json:"attempts" nullable:"false" doc:"The first one first."`
}

type deliveryQuery struct {
	Paging
	models.DeliveryFilter
}

// DeliveryID is the path of calls about one.
type DeliveryID struct {
	ID string `path:"id" doc:"The delivery's id."`
}

const cancelDescription = "An attempt on the wire goes on, and is logged: if it arrives, the delivery has succeeded, else it stays cancelled with the attempt as its last. Nothing is sent after it."

func (s *server) mountDeliveries() {
	const tag, path, one = "Deliveries", "/deliveries", "/deliveries/{id}"
	add(s, route{
		method: http.MethodGet, path: path, action: policy.ReadDeliveries, tag: tag,
		summary: "The delivery log", description: "The filters narrow it together. A page may hold fewer than asked for, or none, and still have a next_cursor: a filter on event type, error text or a 2xx status looks at a part of the log at a time. A token that may write webhooks but is no admin's sees deliveries of its own webhooks only.",
	}, s.deliveries)
	add(s, route{
		method: http.MethodGet, path: one, action: policy.ReadDeliveries, tag: tag,
		summary: "A delivery with its attempts", description: "Request and response are as they went over the wire, secrets masked; text of an answer that came in another charset is UTF-8 here. A body that is no text comes in Base64, with \"encoding\": \"base64\" beside it.",
	}, s.delivery)
	add(s, route{
		method: http.MethodPost, path: one + "/retrigger", action: policy.WriteDeliveries, tag: tag, status: http.StatusAccepted, emptyBody: true, resends: true,
		summary: "Attempt a delivery again", body: `{"new_id":false}`, problems: []int{http.StatusConflict},
		description: "Keeps the delivery id, so that idempotent receivers are safe; new_id makes a new delivery of the same event. A test goes where it went, with the signing key that was given for it; 409 when it cannot. The body may be left out.",
	}, s.retrigger)
	add(s, route{
		method: http.MethodPost, path: one + "/cancel", action: policy.WriteDeliveries, tag: tag,
		summary: "Cancel a pending delivery", description: cancelDescription, problems: []int{http.StatusConflict},
	}, s.cancel)
}

func (s *server) deliveries(ctx context.Context, actor models.Actor, in *deliveryQuery) (list[Delivery], error) {
	page, err := s.Service.Deliveries.List(ctx, actor, in.DeliveryFilter, in.request())
	return listOf(page, deliveryOf), err
}

func (s *server) delivery(ctx context.Context, actor models.Actor, in *DeliveryID) (deliveryDetail, error) {
	d, err := s.Service.Deliveries.Get(ctx, actor, in.ID)
	if err != nil {
		return deliveryDetail{}, err
	}
	out := deliveryDetail{Delivery: deliveryOf(d.Delivery), Diagnosis: diagnosisOf(d.Delivery, d.Attempts), FilterFault: d.FilterFault, Attempts: make([]attempt, len(d.Attempts))}
	for i, a := range d.Attempts {
		out.Attempts[i] = attemptOf(a)
	}
	return out, nil
}

type retriggerInput struct {
	NewID bool `json:"new_id,omitzero" doc:"Make a new delivery, with an id of its own."`
}

func (s *server) retrigger(ctx context.Context, actor models.Actor, in *struct {
	DeliveryID
	Body retriggerInput `required:"false"`
}) (Delivery, error) {
	again := s.Service.Deliveries.Retrigger
	if in.Body.NewID {
		again = s.Service.Deliveries.RetriggerNew
	}
	d, err := again(ctx, actor, in.ID)
	return deliveryOf(d), err
}

func (s *server) cancel(ctx context.Context, actor models.Actor, in *DeliveryID) (Delivery, error) {
	d, err := s.Service.Deliveries.Cancel(ctx, actor, in.ID)
	return deliveryOf(d), err
}
