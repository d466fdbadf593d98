package service

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Participants are the people that events are about and that templates read.
type Participants struct{ deps }

// ParticipantInput is what a form or a call says of a participant.
type ParticipantInput struct {
	Email *string // nil: as it was; "": none
	// Identifiers and Fields are JSON merge patches; empty: as they were.
	Identifiers json.RawMessage
	Fields      json.RawMessage
	// Whole: they are no patches, but take the place of what is there.
	Whole bool
	// Since is when the caller read the participant: one that changed after that is
	// left alone, a Conflict. Zero: whatever happened meanwhile.
	Since time.Time
}

// check bounds what a patch says before anything is merged.
func (in ParticipantInput) check() error {
	if in.Whole { // it is checked as the participant that it is
		return nil
	}
	return models.CheckParticipantPatch(in.Identifiers, in.Fields).Err()
}

// apply is the participant as the input wants it.
func (in ParticipantInput) apply(p models.Participant) models.Participant {
	if in.Email != nil {
		p.Email = *in.Email
	}
	if in.Whole {
		p.Identifiers, p.Fields = nil, nil
		if !null(in.Identifiers) {
			p.Identifiers = in.Identifiers
		}
		if !null(in.Fields) {
			p.Fields = in.Fields
		}
		return p.Normal()
	}
	p.Identifiers, p.Fields = patched(p.Identifiers, in.Identifiers), patched(p.Fields, in.Fields)
	return p.Normal()
}

func null(value json.RawMessage) bool { return string(value) == "null" }

// patched: a patch that is null itself removes all there is.
func patched(object, patch json.RawMessage) json.RawMessage {
	if null(patch) {
		return nil
	}
	merged, _ := models.MergePatch(object, patch)
	return merged
}

// Get returns one; NotFound when there is none.
func (s *Participants) Get(ctx context.Context, actor models.Actor, id string) (models.Participant, error) {
	id, err := policy.CheckID(actor, policy.ReadParticipants, models.ParticipantPrefix, id)
	if err != nil {
		return models.Participant{}, err
	}
	return s.store.Participant(ctx, id)
}

// Create makes a participant, and publishes contact.created with it. Conflict when
// the address is another one's.
func (s *Participants) Create(ctx context.Context, actor models.Actor, in ParticipantInput) (models.Participant, error) {
	if err := policy.Check(actor, policy.WriteParticipants); err != nil {
		return models.Participant{}, err
	}
	pub, err := s.freshPublisher(ctx)
	if err != nil {
		return models.Participant{}, err
	}
	in.Whole = true
	now := s.moment()
	p := in.apply(models.Participant{ID: store.NewID(models.ParticipantPrefix), CreatedAt: now, UpdatedAt: now})
	if err := p.Validate().Err(); err != nil {
		return p, err
	}
	return p, s.save(ctx, store.ParticipantChange{
		After: &p, Events: pub.contactEvents(contactChange{name: models.ContactCreated}, p),
		Audit: []models.Audit{s.entry(actor, "participant.created", p.ID, p.ID, nil, p.AuditFields())},
	})
}

// Update changes a participant, and publishes contact.updated with it when that
// makes a difference.
func (s *Participants) Update(ctx context.Context, actor models.Actor, id string, in ParticipantInput) (models.Participant, error) {
	id, err := policy.CheckID(actor, policy.WriteParticipants, models.ParticipantPrefix, id)
	if err != nil {
		return models.Participant{}, err
	}
	if err := in.check(); err != nil {
		return models.Participant{}, err
	}
	var p models.Participant
	err = s.change(ctx, id, func(pub *publisher, old models.Participant) (*store.ParticipantChange, error) {
		if !in.Since.IsZero() && !old.UpdatedAt.Equal(in.Since) {
			return nil, models.Errorf(models.Conflict, "The participant has been changed since you opened the form. Open it again to see how it is now.")
		}
		p = in.apply(old)
		if err := p.Validate().Err(); err != nil {
			return nil, err
		}
		changed := p.Changed(old)
		if len(changed) == 0 {
			p = old
			return nil, nil
		}
		p.UpdatedAt = s.moment()
		return &store.ParticipantChange{
			After: &p, Events: pub.contactEvents(contactChange{models.ContactUpdated, changed}, p),
			Audit: s.entry(actor, "participant.updated", p.ID, p.ID, old.AuditFields(), p.AuditFields()).IfChanged(),
		}, nil
	})
	return p, err
}

// Delete removes a participant, and publishes contact.deleted with it. Events of
// the past keep what they carry, for as long as they are kept.
func (s *Participants) Delete(ctx context.Context, actor models.Actor, id string) error {
	id, err := policy.CheckID(actor, policy.WriteParticipants, models.ParticipantPrefix, id)
	if err != nil {
		return err
	}
	return s.change(ctx, id, func(pub *publisher, old models.Participant) (*store.ParticipantChange, error) {
		return &store.ParticipantChange{
			Events: pub.contactEvents(contactChange{name: models.ContactDeleted}, old),
			Audit:  []models.Audit{s.entry(actor, "participant.deleted", old.ID, old.ID, old.AuditFields(), nil)},
		}, nil
	})
}

// change reads a participant and stores what follows from it, if it is still the same
// then; otherwise it does both again. Nil stores nothing.
func (s *Participants) change(ctx context.Context, id string, follow func(*publisher, models.Participant) (*store.ParticipantChange, error)) error {
	pub, err := s.freshPublisher(ctx)
	if err != nil {
		return err
	}
	once := func() error {
		old, err := s.store.Participant(ctx, id)
		if err != nil {
			return err
		}
		c, err := follow(pub, old)
		if err != nil || c == nil {
			return err
		}
		c.Before = &old
		return s.save(ctx, *c)
	}
	leave := s.changes.queueUp([]models.ParticipantRef{{ID: id}})
	err = once()
	leave()
	if errors.Is(err, store.ErrParticipantChanged) {
		err = s.changes.retry(ctx, id, once)
	}
	return err
}

func (s *Participants) save(ctx context.Context, c store.ParticipantChange) error {
	err := s.store.ChangeParticipant(ctx, s.queue, c)
	if err == nil {
		for _, e := range c.Events {
			s.tellOf(e)
		}
	}
	return err
}

// freshPublisher goes by the configuration as of now in the database: a webhook that
// another node made a moment ago is told of the change.
func (s *Participants) freshPublisher(ctx context.Context) (*publisher, error) {
	config, err := s.store.FreshConfig(ctx)
	if err != nil {
		return nil, err
	}
	return s.publisher(ctx, config), nil
}

// moment is now as the database keeps it, so that an event tells the times that
// the API shows later.
func (d deps) moment() time.Time { return d.now().Truncate(time.Microsecond) }

// maxAbout is how many events a participant's page shows.
const maxAbout = 10

// Events lists the newest events about a participant, without their data; none for
// those who may not read events.
func (s *Participants) Events(ctx context.Context, actor models.Actor, p models.Participant) ([]models.Event, error) {
	if !policy.Can(actor, policy.ReadEvents) {
		return nil, nil
	}
	return s.store.ParticipantEvents(ctx, p.ID, maxAbout)
}
