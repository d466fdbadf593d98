package service

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"hookline/app/deliver"
	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// PreviewSource is what a preview is rendered from. The zero value is the sample
// of a type that the webhook subscribes to.
type PreviewSource struct {
	EventType string // its sample
	EventID   string // a real event; its type counts, then
}

// Previewed is a request as an attempt would make it, secrets as ***.
type Previewed struct {
	Request models.LoggedRequest
	Bytes   int      // of the whole body, of which Request may hold the start only
	Missing []string // expressions that named what is not there, and so rendered empty
	// Faults are what is wrong with the parts that the request is made of, by the
	// names of models.Webhook. With any of them Request is what could be made of
	// the rest, and may be empty.
	Faults []models.FieldError
	Event  models.Event // what it was rendered from
}

// Preview is the request that the webhook would send if it were saved with this
// input: id is "" for a new one. Nothing is saved or sent and no secret is opened.
// What is wrong with the input is in the answer; the error is about who asks, and
// for what source.
func (s *Webhooks) Preview(ctx context.Context, actor models.Actor, id string, in WebhookInput, from PreviewSource) (Previewed, error) {
	w, err := s.draft(actor, id)
	if err != nil {
		return Previewed{}, err
	}
	faults, err := s.applyDraft(ctx, actor, &w, in)
	if err != nil {
		return Previewed{}, err
	}
	e, t, err := s.sourceEvent(ctx, actor, id, w.Subscriptions, from)
	if err != nil {
		return Previewed{Faults: faults}, err
	}
	out := s.rendered(w, e, t, faults)
	out.Event = e
	return out, nil
}

// draft is the webhook that the input is put over.
func (s *Webhooks) draft(actor models.Actor, id string) (models.Webhook, error) {
	if id != "" {
		return s.webhookFor(actor, policy.ChangeWebhooks, id)
	}
	w := models.NewWebhook()
	w.ID = newID(models.WebhookPrefix)
	return w, policy.Check(actor, policy.CreateWebhooks)
}

// applyDraft is apply for a webhook that is not stored: of the faults it keeps
// those that the request is made of.
func (s *Webhooks) applyDraft(ctx context.Context, actor models.Actor, w *models.Webhook, in WebhookInput) ([]models.FieldError, error) {
	in.KeyOverlap = 0 // or the key there is would be opened, to be laid aside
	before := w.URL
	_, err := s.apply(w, in)
	var refused *models.Error
	if err != nil && (!errors.As(err, &refused) || refused.Code != models.Invalid) {
		return nil, err
	}
	var faults models.FieldErrors
	for _, f := range fieldsOf(refused) {
		if ofRequest(f.Field) {
			faults = append(faults, f)
		}
	}
	if err := s.checkCapture(ctx, actor, before, in.URL); errors.As(err, &refused) {
		faults = append(faults, refused.Fields...)
	} else if err != nil {
		return nil, err
	}
	return faults, nil
}

func fieldsOf(e *models.Error) []models.FieldError {
	if e == nil {
		return nil
	}
	return e.Fields
}

// ofRequest reports whether a field shapes the request. What else is wrong is
// told when one saves.
func ofRequest(field string) bool {
	part, _, _ := strings.Cut(field, ".")
	switch part {
	case "url", "method", "headers", "params", "auth", "body", "signing":
		return true
	}
	return false
}

// elsewhere stands for a URL that cannot be called, so that the rest can be seen.
const elsewhere = "https://receiver.example.com/"

// rendered builds the request. A webhook whose URL alone is at fault is shown with
// the URL as it was typed.
func (s *Webhooks) rendered(w models.Webhook, e models.Event, t models.EventType, faults []models.FieldError) Previewed {
	out := Previewed{Faults: faults}
	typed, broken := w.URL, false
	for _, f := range faults {
		broken = broken || f.Field == "url"
	}
	if broken {
		w.URL = elsewhere
	}
	d := models.Delivery{ID: newID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID}
	made, err := s.Sender.Preview(deliver.Input{Webhook: &w, Settings: s.Store.Config().Settings, Type: t, Delivery: d, Event: e})
	if broken {
		made.Request.URL = typed
	}
	out.Request, out.Bytes, out.Missing = made.Request, made.Bytes, made.Missing
	var refused *models.Error
	if errors.As(err, &refused) {
		out.Faults = withRefusal(faults, refused)
	}
	return out
}

// withRefusal adds what stops the rendering to what is known to be wrong. Without
// a field it most likely follows from that.
func withRefusal(faults []models.FieldError, refused *models.Error) []models.FieldError {
	if len(refused.Fields) == 0 && len(faults) == 0 {
		return []models.FieldError{{Message: refused.Message}}
	}
	known := map[string]bool{}
	for _, f := range faults {
		known[f.Field] = true
	}
	for _, f := range refused.Fields {
		if !known[f.Field] {
			faults = append(faults, f)
		}
	}
	return faults
}

// sourceEvent is what a preview is rendered from, for one who may see it: with the
// right to read events any, else those that went to the webhook.
func (s *Webhooks) sourceEvent(ctx context.Context, actor models.Actor, id string, subs models.Subscriptions, from PreviewSource) (models.Event, models.EventType, error) {
	config := s.Store.Config()
	var e models.Event
	if from.EventID != "" {
		var err error
		if e, err = s.realEvent(ctx, actor, id, from.EventID); err != nil {
			return e, models.EventType{}, err
		}
	} else {
		e = models.Event{ID: newID(models.EventPrefix), Type: cmp.Or(from.EventType, config.FirstSubscribed(subs), config.FirstSubscribed(models.Subscriptions{All: true})), OccurredAt: s.Now(), CreatedAt: s.Now()}
	}
	t, known := config.EventType(e.Type)
	if !known && from.EventType != "" {
		var errs models.FieldErrors
		errs.Add("event_type", "There is no event type %q in the catalog.", from.EventType)
		return e, t, errs.Err()
	}
	if len(e.Data) == 0 {
		e.Data = t.Sample
	}
	if len(e.Data) == 0 {
		e.Data = json.RawMessage("{}")
	}
	return e, t, nil
}

// realEvent is an event that happened, if the actor may see it.
func (s *Webhooks) realEvent(ctx context.Context, actor models.Actor, webhookID, id string) (models.Event, error) {
	if !policy.Can(actor, policy.ReadEvents) {
		if webhookID == "" {
			return models.Event{}, noSuchEvent()
		}
		w, err := s.webhookFor(actor, policy.ChangeWebhooks, webhookID)
		if err != nil {
			return models.Event{}, err
		}
		return s.pastEvent(ctx, w, id)
	}
	id, err := models.ParseEventID(id)
	if err != nil {
		return models.Event{}, noSuchEvent()
	}
	e, err := s.Store.Event(ctx, id)
	if models.CodeOf(err) == models.NotFound {
		return e, noSuchEvent()
	}
	return e, err
}

func noSuchEvent() error {
	var errs models.FieldErrors
	errs.Add("event_id", "There is no event with this id. Choose another, or the sample.")
	return errs.Err()
}

// PreviewEvents are the newest real events of a type that a preview may be
// rendered from, without their data.
func (s *Webhooks) PreviewEvents(ctx context.Context, actor models.Actor, id, eventType string) ([]models.Event, error) {
	const most = 15
	if !policy.Can(actor, policy.ReadEvents) {
		return s.pastSources(ctx, actor, id, eventType)
	}
	list, _, err := s.Store.Events(ctx, store.EventFilter{Type: eventType}, store.EventPage{Limit: most})
	return list, err
}

func (s *Webhooks) pastSources(ctx context.Context, actor models.Actor, id, eventType string) ([]models.Event, error) {
	if id == "" {
		return nil, nil
	}
	went, err := s.PastEvents(ctx, actor, id, eventType)
	list := make([]models.Event, len(went))
	for i, d := range went {
		list[i] = models.Event{ID: d.EventID, Type: d.EventType, CreatedAt: d.CreatedAt}
	}
	return list, err
}
