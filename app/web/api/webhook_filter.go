package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// filterTestInput asks how a filter would have decided.
type filterTestInput struct {
	WebhookID     string                      `json:"webhook_id,omitzero" doc:"The webhook that the filter is for. Its subscriptions count when none are given, and its own filter when that is left out there."`
	Subscriptions patch[models.Subscriptions] `json:"subscriptions,omitzero" doc:"Which events to try, and the filter. All events when it names none."`
}

type filterTestAnswer struct {
	Matching int           `json:"matching" doc:"How many of them would be sent."`
	Untried  int           `json:"untried" doc:"How many more there are, when the filter takes too long for all."`
	Data     []filterTried `json:"data" nullable:"false" doc:"Up to 50 events, newest first; samples of the event types when there are none."`
}

type filterTried struct {
	EventID    *string   `json:"event_id" doc:"null for the sample of an event type."`
	Type       string    `json:"type"`
	OccurredAt time.Time `json:"occurred_at"`
	Matches    bool      `json:"matches"`
	Why        string    `json:"why" doc:"The term that is false; or why the filter cannot tell, and lets the event through. Empty when it matches."`
}

func (s *server) mountFilterTest() {
	add(s, route{
		method: http.MethodPost, path: "/webhooks/filter-test", action: policy.ChangeWebhooks, tag: "Webhooks", summary: "Try a filter", problems: []int{http.StatusTooManyRequests},
		body: `{"subscriptions":{"types":["payment.received"],"filter":"data.payment.currency == \"EUR\""}}`,
		description: "Evaluates the filter on the newest events of those types that you may read, and sends nothing. " +
			"Without the scope events:read they are those that the webhook got.",
	}, s.tryFilter)
}

func (s *server) tryFilter(ctx context.Context, actor models.Actor, in *struct{ Body filterTestInput }) (filterTestAnswer, error) {
	base := models.Subscriptions{All: true}
	id, named := in.Body.WebhookID, in.Body.Subscriptions
	if id != "" {
		w, err := s.Service.Webhooks.For(actor, policy.ChangeWebhooks, id)
		if err != nil {
			return filterTestAnswer{}, err
		}
		base = w.Subscriptions
	}
	if id == "" && (named.has("types") || named.has("categories")) {
		base.All = false
	}
	if err := named.read(new(models.Subscriptions)); err != nil {
		return filterTestAnswer{}, under("subscriptions", err)
	}
	subs, err := named.mergedInto(base, models.Subscriptions{})
	if err != nil {
		return filterTestAnswer{}, under("subscriptions", err)
	}
	tried, err := s.Service.Webhooks.TryFilter(ctx, actor, service.FilterTry{WebhookID: id, Subscriptions: subs})
	out := filterTestAnswer{Matching: tried.Matching, Untried: tried.Untried, Data: make([]filterTried, len(tried.Events))}
	for i, e := range tried.Events {
		out.Data[i] = filterTried{EventID: optional(e.Event.ID), Type: e.Event.Type, OccurredAt: e.Event.OccurredAt, Matches: e.Matches, Why: e.Why}
	}
	return out, err
}
