package service

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"hookline/app/deliver"
	"hookline/app/policy"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// TestInput chooses what a test sends, and where. Empty members mean: a
// subscribed event type, that type's sample, and the webhook as it is saved.
type TestInput struct {
	EventType string
	Data      json.RawMessage
	// EventID takes type and data from an event that went to this webhook before.
	EventID string
	// URL and Secret, the signing key, count for this test alone. A Secret of
	// models.Mask means the saved one. Stored secrets do not go to another host.
	URL    string
	Secret string
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
	e, t, err := s.testEvent(ctx, w, in)
	w, faults, sealErr := s.testTarget(actor, w, in)
	if err = cmp.Or(sealErr, withFaults(err, faults)); err != nil {
		return DeliveryDetail{}, err
	}
	if err := s.tests.take(actor); err != nil {
		return DeliveryDetail{}, err
	}
	return s.sendTest(ctx, w, models.TestTargetOf(w, ownKey(in)), e, t)
}

func (s *Webhooks) sendTest(ctx context.Context, w models.Webhook, target models.TestTarget, e models.Event, t models.EventType) (DeliveryDetail, error) {
	now := s.now()
	work := models.Work{Event: e, Target: target, ClaimID: s.store.NewClaimID(), LeaseUntil: now.Add(models.Lease), Delivery: models.Delivery{
		ID: store.NewID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID,
		State: models.Pending, Test: true, DueAt: now, CreatedAt: now,
	}}
	if r := s.store.Publish(ctx, nil, []store.Publication{{Event: e, Deliveries: []models.Work{work}}})[0]; r.Err != nil {
		return DeliveryDetail{}, r.Err
	}
	in := deliver.Input{Webhook: &w, Settings: s.store.Config().Settings, Type: t, Delivery: work.Delivery, Event: e}
	// The attempt outlives a browser that goes away: its result belongs in the log.
	if err := s.attemptTest(context.WithoutCancel(ctx), work, in); err != nil {
		return DeliveryDetail{}, err
	}
	s.live.Tell(LiveDeliveries, w.ID)
	return s.deliveries.detail(ctx, work.ID)
}

// attemptTest sends a test and stores its result. A result that comes after another
// node took the test over is logged, and nothing more is sent here.
func (s *Webhooks) attemptTest(ctx context.Context, work models.Work, in deliver.Input) error {
	var failed error
	exchange, last := deliver.Attempts(in, func(in deliver.Input) deliver.Exchange {
		return s.sender.Send(ctx, in)
	}, func(x *deliver.Exchange) (deliver.Input, bool) {
		held, err := s.store.Finish(ctx, work.Renewed(x.Attempt, s.now().Add(models.Lease)))
		failed = err
		in.Delivery.Attempts++
		return in, held && err == nil
	})
	if !last {
		return failed
	}
	_, err := s.store.Finish(ctx, work.Finished(exchange.Attempt, exchange.Attempt.Outcome.Last(), 1, time.Time{}))
	return err
}

// testTarget is the webhook as a test uses it: at the URL and with the key of this
// test. It is not stored.
func (s *Webhooks) testTarget(actor models.Actor, w models.Webhook, in TestInput) (models.Webhook, models.FieldErrors, error) {
	var errs models.FieldErrors
	if in.URL != "" && in.URL != w.URL {
		s.checkURL(in.URL, &errs)
		if policy.OwnOnly(actor) != "" { // W4: nobody has confirmed that this URL wants requests
			errs.Add("url", "This token may test only the URL that its endpoint confirmed. Change the webhook's URL and have it confirmed, or leave url out.")
		}
		w = s.movedFor(w, in)
	}
	if !ownKey(in) {
		return w, errs, nil
	}
	if !w.Signs() { // a key is given to see it at work
		w.Signing = models.NewWebhook().Signing
		_, w.Signing.Standard = models.ParseStandardKey(in.Secret)
	}
	if problem := w.Signing.KeyProblem(in.Secret); problem != "" {
		errs.Add("secret", "%s", problem)
	}
	w.Signing.OldKey = nil // the given key alone signs this test
	var err error
	w.Signing.Key, err = s.box.Seal(in.Secret, secret.SigningKey(w.ID))
	return w, errs, err
}

// ownKey reports whether a key came with the test.
func ownKey(in TestInput) bool { return in.Secret != "" && in.Secret != models.Mask }

// SecretsStay reports whether a test goes without secrets that the webhook has,
// because its URL leads to another host.
func (s *Webhooks) SecretsStay(w models.Webhook, in TestInput) bool {
	secrets := w.Signs() || w.Auth.SentIn() != "" || slices.ContainsFunc(w.Headers, func(h models.Header) bool { return h.Secret })
	return secrets && in.URL != "" && !s.sameHost(in.URL, w.URL)
}

// movedFor leads the webhook to the test's URL. To another host goes no secret
// of the webhook, and without a key of its own the test is not signed.
func (s *Webhooks) movedFor(w models.Webhook, in TestInput) models.Webhook {
	if !s.sameHost(in.URL, w.URL) {
		signing := w.Signing
		if w = w.WithoutSecrets(); ownKey(in) {
			w.Signing = signing // its key gives way to the test's
			w.Signing.Key, w.Signing.OldKey = nil, nil
		}
	}
	w.URL = in.URL
	return w
}

// PastEvents lists up to 20 newest real events of a type that went to the
// webhook, as payloads for a test. "" means any type.
func (s *Webhooks) PastEvents(ctx context.Context, actor models.Actor, id, eventType string) ([]models.Delivery, error) {
	w, err := s.webhookFor(actor, policy.TestWebhooks, id)
	if err != nil {
		return nil, err
	}
	const most, read = 20, 60
	list, err := s.store.Deliveries(ctx, models.DeliveryFilter{WebhookID: w.ID, EventType: eventType}, store.Page{Limit: read})
	seen := map[string]bool{} // an event can go out more than once
	list = slices.DeleteFunc(list, func(d models.Delivery) bool {
		again := seen[d.EventID]
		seen[d.EventID] = true
		return d.Test || again
	})
	return list[:min(most, len(list))], err
}

// TestPayload is what a test with this input would send as data.
func (s *Webhooks) TestPayload(ctx context.Context, actor models.Actor, id string, in TestInput) (models.Event, error) {
	w, err := s.webhookFor(actor, policy.TestWebhooks, id)
	if err != nil {
		return models.Event{}, err
	}
	e, _, err := s.testEvent(ctx, w, in)
	return e, err
}

// pastEvent is an event that went to the webhook; one that did not is not found,
// whoever asks.
func (s *Webhooks) pastEvent(ctx context.Context, w models.Webhook, id string) (models.Event, error) {
	var went []models.Delivery
	var err error
	if models.ValidEventID(id) {
		went, err = s.store.Deliveries(ctx, models.DeliveryFilter{WebhookID: w.ID, EventID: id}, store.Page{Limit: 1})
	}
	if err != nil {
		return models.Event{}, err
	}
	if len(went) == 0 {
		var errs models.FieldErrors
		errs.Add("event_id", "No event with this id went to this webhook. Choose another, or the sample.")
		return models.Event{}, errs.Err()
	}
	return s.store.Event(ctx, id)
}

// sameType refuses a payload that belongs to another type than the one that is
// named: which of the two is meant nobody can know.
func sameType(in TestInput, past models.Event) error {
	var errs models.FieldErrors
	if in.EventType != "" && in.EventType != past.Type {
		errs.Add("event_id", "This event is of the type %s, not %s. Choose one of the type to send, or the sample.", past.Type, in.EventType)
	}
	return errs.Err()
}

func (s *Webhooks) testEvent(ctx context.Context, w models.Webhook, in TestInput) (models.Event, models.EventType, error) {
	config := s.store.Config()
	name := in.EventType
	var about models.Event // what the test carries beside its data
	if in.EventID != "" {
		past, err := s.pastEvent(ctx, w, in.EventID)
		if err = cmp.Or(err, sameType(in, past)); err != nil {
			return past, models.EventType{}, err
		}
		name, about = past.Type, past
		if len(in.Data) == 0 {
			in.Data = past.Data
		}
	}
	if name == "" {
		name = config.FirstSubscribed(w.Subscriptions)
	}
	if err := checkEventType(config, name); err != nil {
		return models.Event{}, models.EventType{}, err
	}
	t, _ := config.EventType(name)
	e := models.Event{
		ID: store.NewID(models.EventPrefix), Type: name, Data: in.Data, OccurredAt: s.now(), CreatedAt: s.now(), Test: true,
		Context: about.Context, ParticipantID: about.ParticipantID, Hops: hopsOf(ctx),
	}
	if len(e.Data) == 0 {
		e.Data = t.Sample
	}
	if len(e.Data) == 0 {
		e.Data = json.RawMessage("{}")
	}
	return e, t, e.Validate()
}

// NextRequest is the request that the webhook's next event will cause, built from
// the sample of a subscribed type, secrets masked.
func (s *Webhooks) NextRequest(ctx context.Context, actor models.Actor, id string) (models.LoggedRequest, error) {
	w, err := s.Get(ctx, actor, id)
	if err != nil {
		return models.LoggedRequest{}, err
	}
	e, t, err := s.testEvent(ctx, w, TestInput{})
	if err != nil {
		return models.LoggedRequest{}, err
	}
	d := models.Delivery{ID: store.NewID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID}
	p, err := s.sender.Preview(deliver.Input{Webhook: &w, Settings: s.store.Config().Settings, Type: t, Delivery: d, Event: e})
	return p.Request, err
}
