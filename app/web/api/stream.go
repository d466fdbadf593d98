package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// streamed is an event of the stream, without its data.
type streamed struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"`
	OccurredAt time.Time `json:"occurred_at"`
	CreatedAt  time.Time `json:"created_at" doc:"When Hookline took it in."`
	Test       bool      `json:"test" doc:"Made by a test of a webhook."`
	Deliveries standing  `json:"deliveries" doc:"How they stand."`
}

type standing struct {
	Succeeded int `json:"succeeded"`
	Failed    int `json:"failed" doc:"Failed and blocked."`
	Waiting   int `json:"waiting" doc:"Pending and running."`
	Cancelled int `json:"cancelled"`
}

// notSent is a webhook that did not get an event.
type notSent struct {
	WebhookID   string               `json:"webhook_id"`
	WebhookName string               `json:"webhook_name"`
	Reason      service.UnsentReason `json:"reason" enum:"test,made_later,off,failing,gone,not_subscribed,filtered,unknown"`
	Detail      string               `json:"detail" doc:"The same in a sentence."`
}

type streamQuery struct {
	Paging
	Type  string    `query:"type" doc:"Events of this type. One page looks through 50,000 events, so it may be short, or empty, while next_cursor leads on."`
	ID    string    `query:"id" doc:"The event with this id or idempotency key."`
	Since time.Time `query:"since" doc:"Taken in at this time or later."`
	Until time.Time `query:"until" doc:"Taken in before this time."`
}

func (s *server) mountStream() {
	add(s, route{
		method: http.MethodGet, path: "/events", action: policy.ReadEvents, tag: "Events",
		summary: "The stream of events", description: "Newest first, without their data.",
	}, s.stream)
}

func (s *server) stream(ctx context.Context, actor models.Actor, in *streamQuery) (list[streamed], error) {
	page, err := s.Service.Events.List(ctx, actor, models.EventFilter{Type: in.Type, ID: in.ID, Since: in.Since, Until: in.Until}, in.request())
	return listOf(page, streamedOf), err
}

func streamedOf(e service.StreamedEvent) streamed {
	return streamed{
		ID: e.Event.ID, Type: e.Event.Type, OccurredAt: e.Event.OccurredAt, CreatedAt: e.Event.CreatedAt, Test: e.Event.Test,
		Deliveries: standing{Succeeded: e.Counts.Delivered, Failed: e.Counts.Failed, Waiting: e.Counts.Waiting, Cancelled: e.Counts.Cancelled},
	}
}
