package service

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// sourceEvent is what a preview is rendered from, for one who may see it: with the
// right to read events any, else those that went to the webhook.
func (s *Webhooks) sourceEvent(ctx context.Context, actor models.Actor, id string, subs models.Subscriptions, from PreviewSource) (models.Event, models.EventType, error) {
	config := s.store.Config()
	var e models.Event
	if from.EventID != "" {
		var err error
		if e, err = s.realEvent(ctx, actor, id, from.EventID); err != nil {
			return e, models.EventType{}, err
		}
	} else {
		e = models.Event{ID: store.NewID(models.EventPrefix), Type: cmp.Or(from.EventType, config.FirstSubscribed(subs), config.FirstSubscribed(models.Subscriptions{All: true})), OccurredAt: s.now(), CreatedAt: s.now()}
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
	e, err := s.store.Event(ctx, id)
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
	list, _, err := s.store.Events(ctx, models.EventFilter{Type: eventType}, store.EventPage{Limit: most})
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

// withParticipant puts the participant into what an event carries for templates.
func (s *Webhooks) withParticipant(ctx context.Context, actor models.Actor, around json.RawMessage, id string) (json.RawMessage, error) {
	if id == "" {
		return around, nil
	}
	p, err := s.participants.Get(ctx, actor, id)
	var refused *models.Error
	if errors.As(err, &refused) {
		var errs models.FieldErrors
		errs.Add("participant_id", "There is no participant with this id, or you may not see it. Choose another, or none.")
		return nil, errs.Err()
	}
	if err != nil {
		return nil, err
	}
	members := []models.ObjectMember{{Name: "contact", Value: p.Contact()}}
	for _, m := range models.ObjectMembers(around) {
		if m.Name != "contact" {
			members = append(members, m)
		}
	}
	return models.ObjectOf(members), nil
}
