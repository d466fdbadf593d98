package service

import (
	"context"
	"slices"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Deliveries is the log and what can be done from it.
type Deliveries struct{ deps }

// DeliveryDetail is a delivery with its event and attempts. Webhook is nil when
// it was deleted.
type DeliveryDetail struct {
	Delivery models.Delivery
	Event    models.Event
	Attempts []models.Attempt
	Webhook  *models.Webhook
	// FilterFault says why the delivery was made although the webhook's filter could
	// not tell whether the event is wanted; "" otherwise.
	FilterFault string
}

// List pages through the log, newest first. Where no index serves the filter it
// looks at a part of the log only; see Page.SearchedTo.
func (s *Deliveries) List(ctx context.Context, actor models.Actor, f models.DeliveryFilter, p models.PageRequest) (models.Page[models.Delivery], error) {
	var none models.Page[models.Delivery]
	f, err := s.Visible(actor, f)
	if err != nil {
		return none, err
	}
	page, err := store.PageOf(p, models.DeliveryPrefix)
	if err != nil {
		return none, err
	}
	found, err := s.store.SearchDeliveries(ctx, f, page)
	if err != nil {
		return none, err
	}
	out := store.Paged(found.Items, page, func(d models.Delivery) string { return d.ID })
	if found.SearchedTo != "" {
		out.Older, out.SearchedTo = store.Older(found.SearchedTo), models.IDTime(found.SearchedTo)
	}
	return out, nil
}

// Visible checks a filter, and narrows it to what the actor may read.
func (s *Deliveries) Visible(actor models.Actor, f models.DeliveryFilter) (models.DeliveryFilter, error) {
	if err := policy.CheckMight(actor, policy.ReadDeliveries); err != nil {
		return f, err
	}
	if err := f.Check().Err(); err != nil {
		return f, err
	}
	f.Only = s.readable(actor)
	return f.At(s.now()), nil
}

// Reload reads the deliveries that an open page shows once more; those that
// the actor may not see are left out.
func (s *Deliveries) Reload(ctx context.Context, actor models.Actor, ids []string) ([]models.Delivery, error) {
	if err := policy.CheckMight(actor, policy.ReadDeliveries); err != nil || len(ids) == 0 {
		return nil, err
	}
	return s.store.DeliveriesByID(ctx, s.readable(actor), ids)
}

// Get returns a delivery that the actor may see; NotFound otherwise.
func (s *Deliveries) Get(ctx context.Context, actor models.Actor, id string) (DeliveryDetail, error) {
	d, err := s.deliveryFor(ctx, actor, policy.ReadDeliveries, id)
	if err != nil {
		return DeliveryDetail{}, err
	}
	return s.detail(ctx, d.ID)
}

// deliveryFor returns the delivery if the actor may do this with it; see
// webhookFor.
func (d deps) deliveryFor(ctx context.Context, actor models.Actor, action policy.Action, id string) (models.Delivery, error) {
	if err := policy.CheckMight(actor, action); err != nil {
		return models.Delivery{}, err
	}
	id, err := models.ParseID(models.DeliveryPrefix, id)
	if err != nil {
		return models.Delivery{}, err
	}
	// The same words for both, or they would tell which ids exist.
	const nothing = "There is no delivery with this id, or its webhook is not shared with you."
	found, err := d.store.Delivery(ctx, id)
	if models.CodeOf(err) == models.NotFound {
		return found, models.Errorf(models.NotFound, nothing)
	}
	if err != nil {
		return found, err
	}
	if ids := d.readable(actor); ids != nil && !slices.Contains(ids, found.WebhookID) {
		return models.Delivery{}, models.Errorf(models.NotFound, nothing)
	}
	return found, d.checkOn(actor, action, found.WebhookID)
}

func (s *Deliveries) detail(ctx context.Context, id string) (DeliveryDetail, error) {
	d, err := s.store.Delivery(ctx, id)
	if err != nil {
		return DeliveryDetail{}, err
	}
	e, err := s.store.Event(ctx, d.EventID)
	if err != nil {
		return DeliveryDetail{}, err
	}
	faults, err := s.store.FilterFaults(ctx, []string{id})
	if err != nil {
		return DeliveryDetail{}, err
	}
	attempts, err := s.store.Attempts(ctx, id)
	return DeliveryDetail{Delivery: d, Event: e, Attempts: attempts, Webhook: s.store.Config().Webhook(d.WebhookID), FilterFault: faults[id]}, err
}

// WaitsForLimit is the rate limit, per second, that a due delivery waits for as
// far as this node knows; 0 when it waits for none (I9).
func (s *Deliveries) WaitsForLimit(d models.Delivery) float64 {
	w := s.store.Config().Webhook(d.WebhookID)
	if w == nil || w.RateLimit == 0 || !w.Delivers() {
		return 0
	}
	due := d.State == models.Pending && !d.DueAt.After(s.now())
	here := d.State == models.Running && s.queue.Waits(d.ID)
	if (due || here) && s.queue.Lane(w.ID).Limited {
		return w.RateLimit
	}
	return 0
}

// Retrigger makes the delivery due now: the same delivery id, so that idempotent
// receivers are safe, with a fresh count of tries. A test goes where it went.
func (s *Deliveries) Retrigger(ctx context.Context, actor models.Actor, id string) (models.Delivery, error) {
	d, err := s.retriggerable(ctx, actor, id)
	if err != nil {
		return d, err
	}
	if err := s.store.Retrigger(ctx, d.ID, s.deliveryEntry(actor, "delivery.retriggered", d, nil)); err != nil {
		return d, err
	}
	s.queue.Wake()
	s.live.Tell(LiveDeliveries, d.WebhookID)
	return s.store.Delivery(ctx, d.ID)
}

// RetriggerNew makes a new delivery, with a new id, of the same event to the
// same webhook.
func (s *Deliveries) RetriggerNew(ctx context.Context, actor models.Actor, id string) (models.Delivery, error) {
	d, err := s.retriggerable(ctx, actor, id)
	if err != nil {
		return d, err
	}
	now := s.now()
	fresh := models.Delivery{
		ID: store.NewID(models.DeliveryPrefix), EventID: d.EventID, EventType: d.EventType, WebhookID: d.WebhookID,
		State: models.Pending, Test: d.Test, DueAt: now, CreatedAt: now,
	}
	if err := s.store.AddDelivery(ctx, fresh, d.ID, s.deliveryEntry(actor, "delivery.retriggered", fresh, []models.Field{{Name: "copy of", Value: d.ID}})); err != nil {
		return d, err
	}
	s.queue.Wake()
	s.live.Tell(LiveDeliveries, d.WebhookID)
	return s.store.Delivery(ctx, fresh.ID)
}

func (s *Deliveries) retriggerable(ctx context.Context, actor models.Actor, id string) (models.Delivery, error) {
	d, err := s.deliveryFor(ctx, actor, policy.WriteDeliveries, id)
	if err != nil {
		return d, err
	}
	w := s.store.Config().Webhook(d.WebhookID)
	if w == nil {
		return d, models.Errorf(models.Conflict, "The webhook of this delivery was deleted, so it cannot be attempted again.")
	}
	if d.Test {
		err = s.checkTestTarget(ctx, actor, *w, d.ID)
	}
	return d, err
}

// checkTestTarget refuses a test that cannot go again to where it went, or not for this
// actor: a token may test only the URL that its endpoint confirmed (W4).
func (s *Deliveries) checkTestTarget(ctx context.Context, actor models.Actor, w models.Webhook, id string) error {
	target, err := s.store.TestTarget(ctx, id)
	if err != nil {
		return err
	}
	if _, err = w.AtTestTarget(target); err == nil && target.URL != w.URL && policy.OwnOnly(actor) != "" {
		err = models.Errorf(models.Denied, "This test went to another URL than its endpoint confirmed, where this token may not send it.")
	}
	return err
}

// Cancel ends a pending delivery; Conflict when it has ended already.
func (s *Deliveries) Cancel(ctx context.Context, actor models.Actor, id string) (models.Delivery, error) {
	d, err := s.deliveryFor(ctx, actor, policy.WriteDeliveries, id)
	if err != nil {
		return d, err
	}
	if err := s.store.Cancel(ctx, d.ID, s.deliveryEntry(actor, "delivery.cancelled", d, nil)); err != nil {
		return d, err
	}
	s.queue.Drop(d.ID)
	s.live.Tell(LiveDeliveries, d.WebhookID)
	return s.store.Delivery(ctx, d.ID)
}

// deliveryEntry names a delivery by what it carries and where to.
func (s *Deliveries) deliveryEntry(actor models.Actor, action string, d models.Delivery, facts []models.Field) models.Audit {
	subject := d.EventType
	if w := s.store.Config().Webhook(d.WebhookID); w != nil {
		subject += " to " + w.Name
	}
	return s.entry(actor, action, d.ID, subject, nil, facts)
}
