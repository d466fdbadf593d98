package service

import (
	"context"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// StreamedEvent is an event without its data, and how its deliveries stand.
type StreamedEvent struct {
	Event  models.Event
	Counts models.EventCounts
}

// List pages through the stream of events, newest first. A page that is not full,
// and yet has an older one, looked through as much of the stream as one page may.
func (s *Events) List(ctx context.Context, actor models.Actor, f models.EventFilter, p models.PageRequest) (models.Page[StreamedEvent], error) {
	var out models.Page[StreamedEvent]
	if err := policy.Check(actor, policy.ReadEvents); err != nil {
		return out, err
	}
	page, err := store.EventPageOf(p)
	if err != nil {
		return out, err
	}
	list, next, err := s.store.Events(ctx, f, page)
	if err != nil {
		return out, err
	}
	list, out.Older, out.Newer = store.PagedEvents(list, page, next)
	out.Items, err = s.withCounts(ctx, actor, list)
	return out, err
}

func (s *Events) withCounts(ctx context.Context, actor models.Actor, list []models.Event) ([]StreamedEvent, error) {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	counts, err := s.store.EventCounts(ctx, ids, s.readable(actor))
	items := make([]StreamedEvent, len(list))
	for i, e := range list {
		items[i] = StreamedEvent{Event: e, Counts: counts[e.ID]}
	}
	return items, err
}

// Audience are the webhooks that an event of this type goes to now, by name.
func (s *Events) Audience(actor models.Actor, eventType string) ([]*models.Webhook, error) {
	if err := policy.Check(actor, policy.PublishEvents); err != nil {
		return nil, err
	}
	return sortedByName(s.store.Config().Matching(eventType)), nil
}

// PublishByHand is Publish for a person who tries something out: the audit log
// says so.
func (s *Events) PublishByHand(ctx context.Context, actor models.Actor, e NewEvent) (models.Event, error) {
	published, err := s.Publish(ctx, actor, e)
	if err != nil {
		return published, err
	}
	return published, s.store.Note(ctx, s.entry(actor, "event.published", published.ID, published.Type, nil, nil))
}
