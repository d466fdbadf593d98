package service

import (
	"context"
	"maps"
	"slices"
	"time"

	"hookline/app/expression"
	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// FilterTry asks how a filter would have decided.
type FilterTry struct {
	// WebhookID is the one that the filter is for; "" for one to be made.
	WebhookID     string
	Subscriptions models.Subscriptions // with the filter to try
}

// FilterTried is how a filter decides on what came in lately.
type FilterTried struct {
	Events   []TriedEvent // newest first; samples after real ones
	Matching int
	// Untried is how many more there are that the time did not suffice for.
	Untried int
}

// TriedEvent is an event and what a filter makes of it. Event has no data.
type TriedEvent struct {
	Event   models.Event // without an id when it is a sample
	Title   string       // of its type
	Matches bool
	Why     string // it does not match: the term that is false; or why the filter cannot tell
	Fault   bool   // the filter cannot tell, so the event would be sent
}

// Bounds of a try, which happens while somebody types.
const (
	triedEvents = 50
	triedBytes  = 4 << 20
	triedTime   = time.Second
)

// TryFilter evaluates a filter on the newest events of the types that are
// subscribed to, those that the actor may read, and on samples where there are
// none of a type. It is for who may make webhooks, or change this one. A filter
// that is not one is a fault of subscriptions.filter; asking too often is TooMany.
func (s *Webhooks) TryFilter(ctx context.Context, actor models.Actor, in FilterTry) (FilterTried, error) {
	if err := s.mayTry(actor, in.WebhookID); err != nil {
		return FilterTried{}, err
	}
	if err := s.tries.take(actor); err != nil {
		return FilterTried{}, err
	}
	done, err := s.previews.acquire(ctx, actor) // compiling is work, too
	if err != nil {
		return FilterTried{}, err
	}
	defer done()
	var errs models.FieldErrors
	in.Subscriptions = in.Subscriptions.Normal()
	filter := s.checkSubscriptions(in.Subscriptions, "", &errs)
	if err := errs.Err(); err != nil {
		return FilterTried{}, err
	}
	types := s.covered(in.Subscriptions)
	events, err := s.triable(ctx, actor, in, types)
	if err != nil {
		return FilterTried{}, err
	}
	return s.try(ctx, filter, events), nil
}

func (s *Webhooks) mayTry(actor models.Actor, webhookID string) error {
	if webhookID == "" {
		return policy.Check(actor, policy.CreateWebhooks)
	}
	_, err := s.webhookFor(actor, policy.ChangeWebhooks, webhookID)
	return err
}

// covered lists the types that take events and that the subscriptions cover.
func (s *Webhooks) covered(subs models.Subscriptions) map[string]models.EventType {
	types := map[string]models.EventType{}
	for t := range s.store.Config().EventTypes() {
		if !t.Archived && subs.Covers(t) {
			types[t.Name] = t
		}
	}
	return types
}

// triable are the events to try: from the stream for who may read it, else those
// that the webhook got and whose deliveries one may read. A type without any is
// shown by its sample, while there are few.
func (s *Webhooks) triable(ctx context.Context, actor models.Actor, in FilterTry, types map[string]models.EventType) ([]models.Event, error) {
	ask := store.RecentEvents{Types: namesOf(types), Limit: triedEvents, MaxBytes: triedBytes}
	var list []models.Event
	var err error
	switch {
	case policy.Can(actor, policy.ReadEvents):
		if in.Subscriptions.All {
			ask.Types = nil
		}
		list, err = s.store.RecentEvents(ctx, ask)
	case in.WebhookID != "" && policy.CanOn(actor, policy.ReadDeliveries, s.level(actor, in.WebhookID)):
		ask.WebhookID = in.WebhookID
		list, err = s.store.RecentEvents(ctx, ask)
	}
	if err != nil || len(list) > 0 {
		return list, err
	}
	return samplesOf(ask.Types, types, s.now()), nil
}

const triedSamples = 10

func samplesOf(names []string, types map[string]models.EventType, now time.Time) (list []models.Event) {
	if names == nil {
		names = namesOf(types)
	}
	for _, name := range names {
		if t := types[name]; len(t.Sample) > 0 && len(list) < triedSamples {
			list = append(list, models.Event{Type: t.Name, Data: t.Sample, OccurredAt: now, CreatedAt: now})
		}
	}
	return list
}

// try asks a filter of events; nil takes all of them.
func (s *Webhooks) try(ctx context.Context, f *expression.Filter, events []models.Event) FilterTried {
	ctx, done := context.WithTimeout(ctx, triedTime)
	defer done()
	config, out := s.store.Config(), FilterTried{}
	for i := range events {
		if ctx.Err() != nil {
			out.Untried = len(events) - i
			break
		}
		tried := s.tryOne(config, f, &events[i])
		if tried.Matches {
			out.Matching++
		}
		out.Events = append(out.Events, tried)
	}
	return out
}

func (s *Webhooks) tryOne(config *models.Config, f *expression.Filter, e *models.Event) TriedEvent {
	t, _ := config.EventType(e.Type)
	out := TriedEvent{Event: *e, Title: t.Title, Matches: true}
	out.Event.Data, out.Event.Context = nil, nil
	if f == nil {
		return out
	}
	m := s.matcher(config, e)
	made := m.match(f)
	out.Matches, out.Why, out.Fault = made.wanted, made.fault, made.fault != ""
	if !out.Matches {
		out.Why = f.Explain(m.values())
	}
	return out
}

func namesOf(types map[string]models.EventType) []string { return slices.Sorted(maps.Keys(types)) }
