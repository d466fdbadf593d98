package service

import (
	"encoding/json"
	"time"

	"hookline/app/store"
	"hookline/models"
)

// upsert adds to the publication what its event says of a participant, merged into the
// latest state, and decides on the deliveries by the snapshot of the result. The store
// compares that state with its own.
func (p *publisher) upsert(pub *store.Publication, ref models.ParticipantRef, participants *store.ParticipantCache) {
	u := &store.ParticipantUpsert{Ref: ref, Before: participants.Find(ref)}
	pub.Upsert = u
	if u.Refused = p.merge(u, pub.Event.CreatedAt.Truncate(time.Microsecond)); u.Refused != nil {
		return
	}
	pub.Event.Context, pub.Event.ParticipantID = p.usage.snapshot(u.After), u.After.ID
	if u.Refused = p.usage.carry(carriedBy(pub.Event, u)); u.Refused != nil {
		return
	}
	pub.Deliveries = p.deliveriesFor(pub.Event)
	if !u.Changed {
		return
	}
	participants.Put(u.After)
	change := contactChange{name: models.ContactCreated}
	if u.Before != nil {
		change = contactChange{models.ContactUpdated, u.After.Changed(*u.Before)}
	}
	u.Follow = p.contactEvents(change, u.After)
}

// merge sets After and Changed. The error refuses the event.
func (p *publisher) merge(u *store.ParticipantUpsert, now time.Time) error {
	switch {
	case u.Before != nil:
		if err := p.usage.fits(len(u.Before.Identifiers) + len(u.Before.Fields)); err != nil {
			return err
		}
		u.After = *u.Before
		if u.Changed = u.Ref.MergeInto(&u.After); u.Changed {
			u.After.UpdatedAt = now
		}
	case u.Ref.ID != "":
		return noParticipant()
	default:
		u.After = models.Participant{ID: store.NewID(models.ParticipantPrefix), Email: u.Ref.Email, CreatedAt: now, UpdatedAt: now}.Normal()
		u.Ref.MergeInto(&u.After)
		u.Changed = true
	}
	err := asParticipant(u.After.Validate()).Err()
	if err != nil {
		p.usage.countMerge(u.Before)
	}
	return err
}

// asParticipant puts the faults where the caller wrote the participant.
func asParticipant(errs models.FieldErrors) models.FieldErrors {
	for i := range errs {
		errs[i].Field = "participant." + errs[i].Field
	}
	return errs
}

func noParticipant() error {
	var errs models.FieldErrors
	errs.Add("participant.id", "There is no participant with this id. GET /api/v1/participants?q= finds it, or name it by email.")
	return errs.Err()
}

// contactChange is an event of the catalog that reports a participant's change.
type contactChange struct {
	name    string
	changed []string // of contact.updated: see models.Participant.Changed
}

// contactEvents makes the event that reports a change; none when the catalog does not have its
// type, or archived it.
func (p *publisher) contactEvents(c contactChange, of models.Participant) []store.Publication {
	if _, err := openType(p.config, c.name); err != nil {
		return nil
	}
	now := p.now()
	e := models.Event{
		ID: store.NewID(models.EventPrefix), Type: c.name, Data: contactData(of, c.changed), OccurredAt: now, CreatedAt: now,
		Context: p.usage.snapshot(of), ParticipantID: of.ID, ConfigVersion: p.config.Version, Hops: p.hops,
	}
	// The change that the event tells of follows from the same configuration.
	return []store.Publication{{Event: e, Deliveries: p.deliveriesFor(e), Fresh: true}}
}

// contactData is the data of events about participants.
func contactData(p models.Participant, changed []string) json.RawMessage {
	members := []models.ObjectMember{{Name: "contact", Value: p.JSON()}}
	if changed != nil {
		list, _ := json.Marshal(changed) // strings can always be written
		members = append(members, models.ObjectMember{Name: "changed", Value: list})
	}
	return models.ObjectOf(members)
}
