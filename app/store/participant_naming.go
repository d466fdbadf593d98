package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"gorm.io/gorm"

	"hookline/models"
)

// Naming is the participant that a publication names. What the event is, and whom
// it goes to, depends on the participant, so Settle says it of the state that the
// participant has when the event is stored.
type Naming struct {
	Ref models.ParticipantRef
	// Settle is given the participant as it is, nil when nobody has the address,
	// and says what comes of it. It is asked again when another change came first;
	// what it said before counts no more. Its error refuses this publication alone.
	Settle func(found *models.Participant) (Settled, error)
}

// Settled is what comes of an event and the participant it names.
type Settled struct {
	Participant models.Participant
	Changed     bool // or new: it is to be stored
	Event       Publication
	// Follow are the events that tell of the change.
	Follow []Publication
}

// errOvertaken is for a named event that somebody else stored between our look
// for it and its insert: all is taken back and made again, since it may have
// changed its participant.
var errOvertaken = errors.New("another publication of the event came first")

// participantsInHand are the participants that a group of publications names, as
// they are at each point of it.
type participantsInHand struct {
	byID, byEmail map[string]*models.Participant
	dirty         []string        // ids, in the order of their first change
	isNew         map[string]bool // of the dirty
}

// settle takes in the participants that publications name, and returns what is to
// be inserted: of the named ones those that are neither repeats nor refused, with
// the events that follow.
func (s *Store) settle(ctx context.Context, raw *sql.Tx, ps []*publishing) ([]*publishing, error) {
	tx := s.within(ctx, raw)
	var named []*publishing
	for _, p := range ps {
		if p.Naming != nil {
			p.earlier, p.refused, p.stale = nil, nil, false
			named = append(named, p)
		}
	}
	if err := s.lockParticipants(tx); err != nil {
		return nil, err
	}
	if err := findEarlier(tx, named); err != nil {
		return nil, err
	}
	hand, err := takeInHand(tx, named)
	if err != nil {
		return nil, err
	}
	var out []*publishing
	for _, p := range ps {
		if p.Naming == nil {
			out = append(out, p)
		} else if p.earlier == nil {
			out = append(out, hand.settle(p)...)
		}
	}
	return out, hand.save(tx)
}

// within is GORM inside of a transaction that database/sql began.
func (s *Store) within(ctx context.Context, raw *sql.Tx) *gorm.DB {
	tx := s.write.Session(&gorm.Session{NewDB: true, Context: ctx})
	tx.Statement.ConnPool = raw
	return tx
}

// findEarlier notes which events are there already, so that a repeat changes
// nobody.
func findEarlier(tx *gorm.DB, ps []*publishing) error {
	var ids, keys []string
	for _, p := range ps {
		if p.Repeatable {
			ids = append(ids, p.Event.ID)
		}
		if p.Event.IdempotencyKey != "" {
			keys = append(keys, p.Event.IdempotencyKey)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		ID             string
		IdempotencyKey sql.NullString
		Fingerprint    []byte
		Deliveries     int
	}
	err := tx.Table("events").Select("id, idempotency_key, fingerprint, deliveries").
		Where("id IN ? OR idempotency_key IN ?", ids, orNothing(keys)).Scan(&rows).Error
	for _, p := range ps {
		for _, r := range rows {
			if r.ID == p.Event.ID || (r.IdempotencyKey.Valid && r.IdempotencyKey.String == p.Event.IdempotencyKey) {
				p.earlier = &earlierEvent{id: r.ID, fingerprint: r.Fingerprint, deliveries: r.Deliveries}
			}
		}
	}
	return err
}

func takeInHand(tx *gorm.DB, ps []*publishing) (*participantsInHand, error) {
	var ids, emails []string
	for _, p := range ps {
		if p.earlier != nil {
			continue
		}
		if ref := p.Naming.Ref; ref.ID != "" {
			ids = append(ids, ref.ID)
		} else {
			emails = append(emails, models.NormalEmail(ref.Email))
		}
	}
	hand := &participantsInHand{byID: map[string]*models.Participant{}, byEmail: map[string]*models.Participant{}, isNew: map[string]bool{}}
	if len(ids)+len(emails) == 0 {
		return hand, nil
	}
	list, err := participantsOf(tx.Where("id IN ? OR email_key IN ?", orNothing(ids), orNothing(emails)))
	for _, p := range list {
		hand.hold(p)
	}
	return hand, err
}

func (h *participantsInHand) hold(p models.Participant) {
	h.byID[p.ID] = &p
	if p.Email != "" {
		h.byEmail[models.NormalEmail(p.Email)] = &p
	}
}

// named is the participant of a reference; nil when there is none.
func (h *participantsInHand) named(ref models.ParticipantRef) *models.Participant {
	if ref.ID != "" {
		return h.byID[ref.ID]
	}
	return h.byEmail[models.NormalEmail(ref.Email)]
}

// settle returns what is to be inserted for a publication; nothing when it is
// refused, or was prepared upon a state of the participant that is no more.
func (h *participantsInHand) settle(p *publishing) []*publishing {
	found := h.named(p.Naming.Ref)
	if p.ready != nil && !sameParticipant(p.ready.of, found) {
		p.stale = true
		return nil
	}
	done, err := p.outcome(found)
	if err != nil {
		p.refused = err
		return nil
	}
	h.change(done)
	p.Event, p.Deliveries = done.Event.Event, done.Event.Deliveries
	out := []*publishing{p}
	for _, f := range done.Follow {
		out = append(out, &publishing{Publication: f})
	}
	return out
}

// outcome is what was prepared, or what comes of it now.
func (p *publishing) outcome(found *models.Participant) (Settled, error) {
	switch {
	case p.ready != nil:
		return p.ready.settled, p.ready.refused
	case p.Naming.Ref.ID != "" && found == nil:
		return Settled{}, noParticipant()
	}
	return p.Naming.Settle(copyOf(found))
}

// change holds what became of a participant.
func (h *participantsInHand) change(done Settled) {
	if !done.Changed {
		return
	}
	id := done.Participant.ID
	if h.byID[id] == nil {
		h.isNew[id] = true
		h.dirty = append(h.dirty, id)
	} else if !slices.Contains(h.dirty, id) {
		h.dirty = append(h.dirty, id)
	}
	h.hold(done.Participant)
}

func noParticipant() error {
	var errs models.FieldErrors
	errs.Add("participant.id", "There is no participant with this id. GET /api/v1/participants?q= finds it, or name it by email.")
	return errs.Err()
}

func (h *participantsInHand) save(tx *gorm.DB) error {
	for _, id := range h.dirty {
		if err := saveParticipant(tx, *h.byID[id], h.isNew[id]); err != nil {
			return err
		}
	}
	return nil
}

// anyNamed reports whether a group has a publication that names a participant.
func anyNamed(ps []*publishing) bool {
	for _, p := range ps {
		if p.Naming != nil {
			return true
		}
	}
	return false
}

// overtaken reports whether a named event, which was not there when its
// participant was settled, turned out to be there on insert.
func overtaken(ps []*publishing) bool {
	for _, p := range ps {
		if p.Naming != nil && p.earlier != nil {
			return true
		}
	}
	return false
}
