package service

import (
	"context"
	"encoding/json"
	"time"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Participants are the people whom events are about, and whom templates read.
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
	if _, err := s.store.FreshConfig(ctx); err != nil { // that told goes by
		return models.Participant{}, err
	}
	in.Whole = true
	now := s.moment()
	p := in.apply(models.Participant{ID: store.NewID(models.ParticipantPrefix), CreatedAt: now, UpdatedAt: now})
	if err := p.Validate().Err(); err != nil {
		return p, err
	}
	events := s.told(ctx, telling{name: models.ContactCreated}, p)
	err := s.store.CreateParticipant(ctx, store.ParticipantChange{
		Participant: &p, Events: events, Audit: []models.Audit{s.entry(actor, "participant.created", p.ID, p.ID, nil, p.AuditFields())},
	})
	s.handOver(events, err)
	return p, err
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
	if _, err := s.store.FreshConfig(ctx); err != nil {
		return models.Participant{}, err
	}
	var p models.Participant
	var events []store.Publication
	err = s.store.ChangeParticipant(ctx, id, func(old models.Participant) (*store.ParticipantChange, error) {
		s.withdraw(events)
		events = nil
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
		events = s.told(ctx, telling{name: models.ContactUpdated, changed: changed}, p)
		return &store.ParticipantChange{
			Participant: &p, Events: events, Audit: s.entry(actor, "participant.updated", p.ID, p.ID, old.AuditFields(), p.AuditFields()).IfChanged(),
		}, nil
	})
	s.handOver(events, err)
	return p, err
}

// Delete removes a participant, and publishes contact.deleted with it. Events of
// the past keep what they carry, for as long as they are kept.
func (s *Participants) Delete(ctx context.Context, actor models.Actor, id string) error {
	id, err := policy.CheckID(actor, policy.WriteParticipants, models.ParticipantPrefix, id)
	if err != nil {
		return err
	}
	if _, err := s.store.FreshConfig(ctx); err != nil {
		return err
	}
	var events []store.Publication
	err = s.store.ChangeParticipant(ctx, id, func(old models.Participant) (*store.ParticipantChange, error) {
		s.withdraw(events)
		events = s.told(ctx, telling{name: models.ContactDeleted}, old)
		return &store.ParticipantChange{
			Events: events, Audit: []models.Audit{s.entry(actor, "participant.deleted", old.ID, old.ID, old.AuditFields(), nil)},
		}, nil
	})
	s.handOver(events, err)
	return err
}

// moment is now as the database keeps it, so that an event tells the times that
// the API shows later.
func (d deps) moment() time.Time { return d.now().Truncate(time.Microsecond) }

// told makes the event that tells of a change.
func (s *Participants) told(ctx context.Context, t telling, p models.Participant) []store.Publication {
	return (&Events{deps: s.deps, hops: hopsOf(ctx)}).tell(s.store.Config(), t, p)
}

// handOver passes on the events that were stored with a change, or gives their
// places back.
func (s *Participants) handOver(events []store.Publication, err error) {
	(&Events{deps: s.deps}).handOverAll(events, store.Published{Err: err})
}

// withdraw gives back the places of events that will not be stored, since the
// participant changed before they were.
func (s *Participants) withdraw(events []store.Publication) {
	(&Events{deps: s.deps}).handOverAll(events, store.Published{Repeat: true})
}

// contactData is what events about participants carry as data.
func contactData(p models.Participant, changed []string) json.RawMessage {
	members := []models.ObjectMember{{Name: "contact", Value: p.JSON()}}
	if changed != nil {
		list, _ := json.Marshal(changed) // strings can always be written
		members = append(members, models.ObjectMember{Name: "changed", Value: list})
	}
	return models.ObjectOf(members)
}

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
