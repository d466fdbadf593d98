package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"hookline/app/policy"
	"hookline/app/schema"
	"hookline/app/store"
	"hookline/models"
)

// Events takes in what happened.
type Events struct {
	deps
	batch *batch // what one batch has used; nil where there is none
	hops  int    // of the events it makes
}

// NewEvent is an event as a caller tells it. ID, IdempotencyKey and OccurredAt
// may be empty. Data is the exact bytes of a JSON object.
type NewEvent struct {
	Type           string
	Data           json.RawMessage
	ID             string
	IdempotencyKey string
	OccurredAt     time.Time
	// Participant is whom it is about; nil for nobody.
	Participant *models.ParticipantRef
}

// Published is what came of one event of a batch: the stored event, an earlier
// one when this was a repeat, or Err.
type Published struct {
	Event models.Event
	Err   error
}

// Publish stores an event and a pending delivery for every webhook subscribed to
// its type, durably, and hands the deliveries over (promise 1). A repeat of an
// id or key answers as the first time did, or with a Conflict when it says
// something else.
func (s *Events) Publish(ctx context.Context, actor models.Actor, e NewEvent) (models.Event, error) {
	r := s.PublishBatch(ctx, actor, []NewEvent{e})[0]
	return r.Event, r.Err
}

// PublishBatch does the same for many, in order; one that is refused does not
// hold up the others. A participant that an event names is found or made, and what
// the event says of them merged in, in the event's own transaction; contact.created
// or contact.updated follows it. Each of these events stores the participant as it
// then is, at most 64 KiB, and contact.created and contact.updated store it twice: as
// their data and for templates. What a batch may store so is bounded (TooLarge).
func (s *Events) PublishBatch(ctx context.Context, actor models.Actor, list []NewEvent) []Published {
	results := make([]Published, len(list))
	if err := policy.Check(actor, policy.PublishEvents); err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	s = &Events{deps: s.deps, batch: new(batch), hops: hopsOf(ctx)}
	config := s.store.Config()
	all := make([]int, len(list))
	for i := range all {
		all[i] = i
	}
	s.publishUnder(ctx, config, false, list, all, results)
	if again := maybeOutdated(results); len(again) > 0 {
		s.publishAgain(ctx, config.Version, list, again, results)
	}
	return results
}

// maybeOutdated lists what the store sent back because another process has changed
// the configuration, and what was refused: the catalog may have its type by now.
func maybeOutdated(results []Published) (list []int) {
	for i, r := range results {
		if errors.Is(r.Err, store.ErrConfigChanged) || models.CodeOf(r.Err) == models.Invalid {
			list = append(list, i)
		}
	}
	return list
}

// publishAgain publishes these events once more, under the configuration as of now,
// if it is not the one that they were looked at under.
func (s *Events) publishAgain(ctx context.Context, seen int64, list []NewEvent, again []int, results []Published) {
	fresh, err := s.store.FreshConfig(ctx)
	switch {
	case err == nil && fresh.Version != seen:
		s.publishUnder(ctx, fresh, true, list, again, results)
	case err != nil:
		for _, i := range again {
			if errors.Is(results[i].Err, store.ErrConfigChanged) {
				results[i].Err = err
			}
		}
	}
}

// publishUnder publishes the events of the list that which names, to whom the
// configuration says. fresh: see store.Publication.
func (s *Events) publishUnder(ctx context.Context, config *models.Config, fresh bool, list []NewEvent, which []int, results []Published) {
	pubs := make([]store.Publication, 0, len(which))
	index := make([]int, 0, len(which)) // pubs[k] belongs to results[index[k]]
	named := make([]*naming, 0, len(which))
	for _, i := range which {
		p, n, err := s.publication(config, list[i])
		if err != nil {
			results[i].Err = err
			continue
		}
		p.Fresh = fresh
		pubs, index, named = append(pubs, p), append(index, i), append(named, n)
	}
	for k, r := range s.store.Publish(ctx, pubs) {
		s.handOver(pubs[k], r)
		if named[k] != nil {
			named[k].handOver(r)
		}
		results[index[k]] = Published{Event: r.Event, Err: r.Err}
	}
}

// publication checks an event and owes it to whom it goes. That of one about a
// participant shows only in the transaction; naming holds it.
func (s *Events) publication(config *models.Config, in NewEvent) (store.Publication, *naming, error) {
	now := s.now()
	e := models.Event{
		ID: in.ID, Type: in.Type, Data: in.Data, OccurredAt: in.OccurredAt, CreatedAt: now, IdempotencyKey: in.IdempotencyKey,
		ConfigVersion: config.Version, Hops: s.hops,
	}
	if err := e.Validate(); err != nil {
		return store.Publication{}, nil, err
	}
	if err := s.checkType(config, e); err != nil {
		return store.Publication{}, nil, err
	}
	if e.ID == "" {
		e.ID = store.NewID(models.EventPrefix)
	}
	if e.OccurredAt.IsZero() {
		e.OccurredAt = now
	}
	p := store.Publication{Event: e, Repeatable: in.ID != "" || in.IdempotencyKey != ""}
	if in.Participant != nil {
		return s.about(config, p, *in.Participant)
	}
	p.Deliveries = s.owe(config, e)
	return p, nil, nil
}

// owe makes a delivery of the event for every webhook that gets it. Filters that
// nobody set cost nothing.
func (s *Events) owe(config *models.Config, e models.Event) []models.Work {
	s.forget(config)
	matching := config.Matching(e.Type)
	if slices.ContainsFunc(matching, hasFilter) {
		return s.oweSifted(config, matching, e)
	}
	var list []models.Work
	for _, w := range matching {
		list = append(list, s.owed(w.ID, e, e.CreatedAt))
	}
	return list
}

// forget drops, with the first event after a change of webhooks, what was compiled
// of those that are gone or others now.
func (s *Events) forget(config *models.Config) {
	if s.filters.follow(config) && s.sender != nil {
		s.sender.Forget(config)
	}
}

func hasFilter(w *models.Webhook) bool { return w.Subscriptions.Filter != "" }

// oweSifted is owe where some have filters.
func (s *Events) oweSifted(config *models.Config, matching []*models.Webhook, e models.Event) []models.Work {
	var list []models.Work
	for i, v := range s.decide(config, matching, &e, s.batch.filters()) {
		if !v.wanted {
			continue
		}
		work := s.owed(matching[i].ID, e, e.CreatedAt)
		work.FilterFault = v.fault
		list = append(list, work)
	}
	return list
}

// owed makes the delivery of an event to a webhook, held from the start when the
// webhook's lane has a place for it.
func (s *Events) owed(webhookID string, e models.Event, now time.Time) models.Work {
	w := models.Work{Event: e, Delivery: models.Delivery{
		ID: store.NewID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: webhookID,
		State: models.Pending, DueAt: now, CreatedAt: now,
	}}
	if claim, lease, ok := s.queue.Reserve(webhookID, e.Size()); ok {
		w.ClaimID, w.LeaseUntil = claim, lease
	}
	return w
}

// handOver passes on what was committed, and gives back the reservations of what
// was not.
func (s *Events) handOver(p store.Publication, r store.Published) {
	stored := r.Err == nil && !r.Repeat
	held := make([]models.Work, 0, len(p.Deliveries))
	for _, w := range p.Deliveries {
		switch {
		case w.ClaimID != "" && stored:
			held = append(held, w)
		case w.ClaimID != "":
			s.queue.Withdraw(w.WebhookID, w.Event.Size())
		}
	}
	if len(held) > 0 {
		s.queue.Offer(held)
	}
	if !stored {
		return
	}
	if len(held) < len(p.Deliveries) {
		s.queue.Wake()
	}
	for _, w := range p.Deliveries {
		s.live.Tell(LiveDeliveries, w.WebhookID)
	}
	if len(p.Deliveries) == 0 { // the stream of events shows it all the same
		s.live.Tell(LiveDeliveries)
	}
}

// checkType looks the type up, and holds the data against its schema if it has one.
func (s *Events) checkType(config *models.Config, e models.Event) error {
	t, err := openType(config, e.Type)
	if err != nil || len(t.Schema) == 0 {
		return err
	}
	compiled, err := s.schemas.Of(t.Name, t.Schema)
	if err != nil {
		return fmt.Errorf("the schema of %s: %w", t.Name, err)
	}
	return schemaFault(compiled.Check(e.Data), "data", "The data does not fit the schema of "+t.Name)
}

// openType returns a type that takes events.
func openType(config *models.Config, name string) (models.EventType, error) {
	var errs models.FieldErrors
	t, known := config.EventType(name)
	switch {
	case !known:
		errs.Add("type", "There is no event type %q in the catalog. GET /api/v1/event-types lists them; an owner can add it.", name)
	case t.Archived:
		errs.Add("type", "The event type %q is archived. Restore it, or use another.", name)
	}
	return t, errs.Err()
}

func checkEventType(config *models.Config, name string) error {
	_, err := openType(config, name)
	return err
}

// schemaFault turns what a check found into a fault of the field, at its path.
func schemaFault(err error, field, what string) error {
	if err == nil {
		return nil
	}
	var fault schema.Fault
	if !errors.As(err, &fault) {
		fault.Reason = err.Error()
	}
	if fault.Path != "" {
		field += "." + fault.Path
	}
	var errs models.FieldErrors
	errs.Add(field, "%s: %s.", what, fault.Reason)
	return errs.Err()
}
