package service

import (
	"context"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// EventDetail is an event with its deliveries.
type EventDetail struct {
	Event      models.Event
	Deliveries []models.Delivery
	Unsent     []Unsent // the webhooks that did not get it, by name
	// FilterFaults says, by delivery id, why a delivery was made that its webhook's
	// filter could not decide on.
	FilterFaults map[string]string
}

// Get returns an event and up to 200 of its deliveries, newest first; without what
// their attempts brought for an actor that may not read deliveries.
func (s *Events) Get(ctx context.Context, actor models.Actor, id string) (EventDetail, error) {
	if err := policy.Check(actor, policy.ReadEvents); err != nil {
		return EventDetail{}, err
	}
	id, err := models.ParseEventID(id)
	if err != nil {
		return EventDetail{}, err
	}
	e, err := s.store.Event(ctx, id)
	if err != nil {
		return EventDetail{}, err
	}
	list, err := s.store.Deliveries(ctx, models.DeliveryFilter{EventID: e.ID, Only: s.readable(actor)}, store.Page{Limit: models.MaxPage})
	if err != nil {
		return EventDetail{}, err
	}
	if !policy.Can(actor, policy.ReadDeliveries) {
		for i := range list {
			list[i].Last = models.LastAttempt{}
		}
	}
	faults, err := s.store.FilterFaults(ctx, idsOf(list))
	if err != nil {
		return EventDetail{}, err
	}
	config, err := s.store.FreshConfig(ctx)
	if err != nil {
		return EventDetail{}, err
	}
	unsent, err := s.unsent(ctx, config, actor, e, list)
	return EventDetail{Event: e, Deliveries: list, Unsent: unsent, FilterFaults: faults}, err
}

func idsOf(list []models.Delivery) []string {
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	return ids
}
