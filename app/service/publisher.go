package service

import (
	"context"
	"slices"
	"time"

	"hookline/app/store"
	"hookline/models"
)

// publisher makes the publications of one call: its events, and those that tell of
// changed participants, each with the deliveries that the configuration asks for. It
// is for one goroutine.
type publisher struct {
	deps
	config *models.Config
	fresh  bool // see store.Publication
	hops   int  // of the events
	usage  usage
}

func (d deps) publisher(ctx context.Context, config *models.Config) *publisher {
	p := &publisher{deps: d, hops: hopsOf(ctx)}
	p.follow(config)
	p.fresh = false
	return p
}

// follow makes the publisher go by a configuration that was read after the caller
// asked. With the first call after a change of webhooks it drops the compiled parts
// of webhooks that are gone or changed.
func (p *publisher) follow(config *models.Config) {
	p.config, p.fresh = config, true
	if p.filters.follow(config) && p.sender != nil {
		p.sender.DropOutdated(config)
	}
}

// publication checks an event, and makes its publication.
func (p *publisher) publication(in NewEvent, participants *store.ParticipantCache) (store.Publication, error) {
	now := p.now()
	e := models.Event{
		ID: in.ID, Type: in.Type, Data: in.Data, OccurredAt: in.OccurredAt, CreatedAt: now, IdempotencyKey: in.IdempotencyKey,
		ConfigVersion: p.config.Version, Hops: p.hops,
	}
	if err := e.Validate(); err != nil {
		return store.Publication{}, err
	}
	if err := p.checkType(p.config, e); err != nil {
		return store.Publication{}, err
	}
	if in.Participant != nil {
		if err := in.Participant.Validate().Err(); err != nil {
			return store.Publication{}, err
		}
	}
	if e.ID == "" {
		e.ID = store.NewID(models.EventPrefix)
	}
	if e.OccurredAt.IsZero() {
		e.OccurredAt = now
	}
	pub := store.Publication{Event: e, Repeatable: in.ID != "" || in.IdempotencyKey != "", Fresh: p.fresh}
	if in.Participant == nil {
		pub.Deliveries = p.deliveriesFor(e)
		return pub, nil
	}
	p.upsert(&pub, *in.Participant, participants)
	return pub, nil
}

// deliveriesFor makes a delivery of the event for every webhook that gets it. Without
// filters there is nothing to evaluate.
func (p *publisher) deliveriesFor(e models.Event) []models.Work {
	matching := p.config.Matching(e.Type)
	if slices.ContainsFunc(matching, hasFilter) {
		return p.filteredDeliveries(matching, e)
	}
	var list []models.Work
	for _, w := range matching {
		list = append(list, newDelivery(w.ID, e, e.CreatedAt))
	}
	return list
}

func hasFilter(w *models.Webhook) bool { return w.Subscriptions.Filter != "" }

// filteredDeliveries is deliveriesFor where some webhooks have filters.
func (p *publisher) filteredDeliveries(matching []*models.Webhook, e models.Event) []models.Work {
	var list []models.Work
	for i, decision := range p.decide(p.config, matching, &e, &p.usage.filters) {
		if !decision.wanted {
			continue
		}
		w := newDelivery(matching[i].ID, e, e.CreatedAt)
		w.FilterFault = decision.fault
		list = append(list, w)
	}
	return list
}

func newDelivery(webhookID string, e models.Event, now time.Time) models.Work {
	return models.Work{Event: e, Delivery: models.Delivery{
		ID: store.NewID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: webhookID,
		State: models.Pending, DueAt: now, CreatedAt: now,
	}}
}

// tellOf makes the open pages show what was stored.
func (d deps) tellOf(pub store.Publication) {
	if len(pub.Deliveries) == 0 { // the stream of events shows it all the same
		d.live.Tell(LiveDeliveries)
	}
	for _, w := range pub.Deliveries {
		d.live.Tell(LiveDeliveries, w.WebhookID)
	}
	if pub.Upsert != nil {
		for _, f := range pub.Upsert.Follow {
			d.tellOf(f)
		}
	}
}
