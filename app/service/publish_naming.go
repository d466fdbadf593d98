package service

import (
	"errors"
	"time"

	"hookline/app/store"
	"hookline/models"
)

// naming is an event about a participant on its way into the store, which asks it
// what becomes of both, and again when the participant has changed meanwhile.
type naming struct {
	*Events
	config  *models.Config
	event   models.Event
	ref     models.ParticipantRef
	planned []store.Publication // of the last time it was asked
	carried int                 // then: see batch.carry
}

// about makes the publication of an event that names a participant.
func (s *Events) about(config *models.Config, p store.Publication, ref models.ParticipantRef) (store.Publication, *naming, error) {
	if err := ref.Validate().Err(); err != nil {
		return p, nil, err
	}
	n := &naming{Events: s, config: config, event: p.Event, ref: ref}
	p.Naming = &store.Naming{Ref: ref, Settle: n.settle}
	return p, n, nil
}

// settle is store.Naming's. The event carries the participant as it is then.
func (n *naming) settle(found *models.Participant) (store.Settled, error) {
	n.withdraw()
	if err := n.batch.room(found); err != nil {
		return store.Settled{}, err
	}
	who, told := n.merged(found)
	if err := asParticipant(who.Validate()).Err(); err != nil {
		return store.Settled{}, n.refuse(found, err)
	}
	if told.name == models.ContactUpdated {
		told.changed = who.Changed(*found)
	}
	e := n.event
	e.Context, e.ParticipantID = n.batch.snapshot(who), who.ID
	n.carried = len(e.Context)
	if told.name != "" {
		n.carried *= 3 // with the event that tells of it
	}
	if err := n.batch.carry(n.carried); err != nil {
		n.carried = 0
		return store.Settled{}, err
	}
	main := store.Publication{Event: e, Deliveries: n.owe(n.config, e)}
	n.planned = append(n.planned, main)
	var follow []store.Publication
	if told.name != "" {
		follow = n.tell(n.config, told, who)
		n.planned = append(n.planned, follow...)
	}
	return store.Settled{Participant: who, Changed: told.name != "", Event: main, Follow: follow}, nil
}

// merged is the participant with what the event says of them, and the event that
// tells of the change, without what changed; it has no name when there is none.
func (n *naming) merged(found *models.Participant) (models.Participant, telling) {
	now := n.event.CreatedAt.Truncate(time.Microsecond)
	if found == nil {
		who := models.Participant{ID: store.NewID(models.ParticipantPrefix), Email: n.ref.Email, CreatedAt: now, UpdatedAt: now}.Normal()
		n.ref.MergeInto(&who)
		return who, telling{name: models.ContactCreated}
	}
	who := *found
	if !n.ref.MergeInto(&who) {
		return who, telling{}
	}
	who.UpdatedAt = now
	return who, telling{name: models.ContactUpdated}
}

// refuse counts what it took to find out that the event is refused, so that a batch
// of refused events costs no more than one of good ones.
func (n *naming) refuse(found *models.Participant, err error) error {
	if found != nil {
		n.carried = 3 * (len(found.Identifiers) + len(found.Fields))
		n.batch.carried += n.carried
	}
	return err
}

// asParticipant puts the faults where the caller wrote what is wrong.
func asParticipant(errs models.FieldErrors) models.FieldErrors {
	for i := range errs {
		errs[i].Field = "participant." + errs[i].Field
	}
	return errs
}

// handOver passes on what was planned, if it was stored.
func (n *naming) handOver(r store.Published) {
	if errors.Is(r.Err, store.ErrConfigChanged) {
		n.withdraw() // it is planned anew
		return
	}
	n.Events.handOverAll(n.planned, r)
}

// withdraw gives back what was planned before the transaction was made again.
func (n *naming) withdraw() {
	n.Events.handOverAll(n.planned, store.Published{Repeat: true})
	n.planned = nil
	n.batch.carried -= n.carried
	n.carried = 0
}

func (s *Events) handOverAll(list []store.Publication, r store.Published) {
	for _, p := range list {
		s.handOver(p, r)
	}
}

// telling is an event of the catalog that tells of a participant's change.
type telling struct {
	name    string
	changed []string // of contact.updated: see models.Participant.Changed
}

// tell makes the event, with its deliveries; none when the catalog does not have
// its type, or archived it.
func (s *Events) tell(config *models.Config, t telling, who models.Participant) []store.Publication {
	if _, err := openType(config, t.name); err != nil {
		return nil
	}
	now := s.now()
	e := models.Event{
		ID: store.NewID(models.EventPrefix), Type: t.name, Data: contactData(who, t.changed), OccurredAt: now, CreatedAt: now,
		Context: s.batch.snapshot(who), ParticipantID: who.ID, ConfigVersion: config.Version, Hops: s.hops,
	}
	// The change that it tells of was looked at under the same configuration.
	return []store.Publication{{Event: e, Deliveries: s.owe(config, e), Fresh: true}}
}
