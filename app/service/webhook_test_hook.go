package service

import (
	"context"
	"encoding/json"

	"hookline/app/deliver"
	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// TestInput chooses what a test sends. Empty members mean: a subscribed event
// type, and that type's sample.
type TestInput struct {
	EventType string
	Data      json.RawMessage
}

// Test sends one real request through the same sender, guard and signer as every
// delivery, at once, whatever the status toggle says (Z5). It is logged, marked
// test, and never retried. The error is about the request to us; what came of
// the attempt stands in the detail.
func (s *Webhooks) Test(ctx context.Context, actor models.Actor, id string, in TestInput) (DeliveryDetail, error) {
	w, err := s.webhookFor(actor, policy.TestWebhooks, id)
	if err != nil {
		return DeliveryDetail{}, err
	}
	if err := s.checkConfirmed(actor, w); err != nil {
		return DeliveryDetail{}, err
	}
	e, t, err := s.testEvent(w, in)
	if err != nil {
		return DeliveryDetail{}, err
	}
	now := s.Now()
	work := models.Work{Event: e, ClaimID: s.Store.NewClaimID(), LeaseUntil: now.Add(models.Lease), Delivery: models.Delivery{
		ID: newID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID,
		State: models.Pending, Test: true, DueAt: now, CreatedAt: now,
	}}
	if r := s.Store.Publish(ctx, []store.Publication{{Event: e, Deliveries: []models.Work{work}}})[0]; r.Err != nil {
		return DeliveryDetail{}, r.Err
	}
	// The attempt outlives a browser that goes away: its result belongs in the log.
	sending := context.WithoutCancel(ctx)
	exchange := s.Sender.Send(sending, deliver.Input{
		Webhook: &w, Settings: s.Store.Config().Settings, Type: t, Delivery: work.Delivery, Event: e,
	})
	if _, err := s.Store.Finish(sending, models.Finish{
		DeliveryID: work.ID, ClaimID: work.ClaimID, WebhookID: w.ID, Test: true, Attempt: &exchange.Attempt, State: testState(exchange.Attempt.Outcome), Tries: 1,
	}); err != nil {
		return DeliveryDetail{}, err
	}
	s.Live.Tell(LiveDeliveries, w.ID)
	return s.detail(ctx, work.ID)
}

func testState(o models.Outcome) models.DeliveryState {
	switch o {
	case models.Success:
		return models.Succeeded
	case models.BlockedURL:
		return models.Blocked
	}
	return models.Failed
}

func (s *Webhooks) testEvent(w models.Webhook, in TestInput) (models.Event, models.EventType, error) {
	config := s.Store.Config()
	name := in.EventType
	if name == "" {
		name = config.FirstSubscribed(w.Subscriptions)
	}
	if err := checkEventType(config, name); err != nil {
		return models.Event{}, models.EventType{}, err
	}
	t, _ := config.EventType(name)
	e := models.Event{ID: newID(models.EventPrefix), Type: name, Data: in.Data, OccurredAt: s.Now(), CreatedAt: s.Now(), Test: true}
	if len(e.Data) == 0 {
		e.Data = t.Sample
	}
	if len(e.Data) == 0 {
		e.Data = json.RawMessage("{}")
	}
	return e, t, e.Validate()
}

// Preview is the request that the webhook's next event will cause, built from
// the sample of a subscribed type, secrets masked.
func (s *Webhooks) Preview(ctx context.Context, actor models.Actor, id string) (models.LoggedRequest, error) {
	w, err := s.Get(ctx, actor, id)
	if err != nil {
		return models.LoggedRequest{}, err
	}
	e, t, err := s.testEvent(w, TestInput{})
	if err != nil {
		return models.LoggedRequest{}, err
	}
	d := models.Delivery{ID: newID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID}
	return s.Sender.Preview(deliver.Input{Webhook: &w, Settings: s.Store.Config().Settings, Type: t, Delivery: d, Event: e})
}

func (s *Webhooks) detail(ctx context.Context, id string) (DeliveryDetail, error) {
	return (&Deliveries{Deps: s.Deps}).detail(ctx, id)
}
