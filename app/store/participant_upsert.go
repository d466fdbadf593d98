package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"

	"gorm.io/gorm"

	"hookline/models"
)

// ParticipantUpsert describes what an event makes of the participant that it names.
// The caller merged it, and decided on the deliveries, from the state Before, so the
// publication is stored only while the participant still has that state.
type ParticipantUpsert struct {
	Ref    models.ParticipantRef
	Before *models.Participant // nil: no participant matched
	After  models.Participant
	// Changed: After differs from Before, and is stored.
	Changed bool
	// Follow are the events that tell of the change.
	Follow []Publication
	// Refused refuses the event, unless it is a repeat; nil for no reason to.
	Refused error
}

// ErrParticipantChanged refuses a publication, or a change of a participant, whose
// participant has changed since it was read. Nothing was stored: make it again.
var ErrParticipantChanged = errors.New("another change of the participant came first")

// errOvertaken is for an event about a participant that another transaction stored
// between the search for an earlier event and the insert: the group is rolled back
// and made again, since it may have changed the participant.
var errOvertaken = errors.New("another publication of the event came first")

// ParticipantCache are the participants that some publications name, each in its
// latest state.
type ParticipantCache struct {
	byID, byEmail map[string]*models.Participant
}

// ParticipantsNamed reads the participants of the references. The error of a database
// that hangs is Unavailable.
func (s *Store) ParticipantsNamed(ctx context.Context, refs []models.ParticipantRef) (*ParticipantCache, error) {
	c, err := readParticipants(s.read.WithContext(ctx), refs)
	if err != nil {
		return nil, s.wrote(err)
	}
	return c, nil
}

func readParticipants(tx *gorm.DB, refs []models.ParticipantRef) (*ParticipantCache, error) {
	c := &ParticipantCache{byID: map[string]*models.Participant{}, byEmail: map[string]*models.Participant{}}
	var ids, emails []string
	for _, ref := range refs {
		if ref.ID != "" {
			ids = append(ids, ref.ID)
		} else {
			emails = append(emails, models.NormalEmail(ref.Email))
		}
	}
	if len(refs) == 0 {
		return c, nil
	}
	list, err := participantsOf(tx.Where("id IN ? OR email_key IN ?", orNothing(ids), orNothing(emails)))
	for _, p := range list {
		c.Put(p)
	}
	return c, err
}

// Put holds a new state of a participant.
func (c *ParticipantCache) Put(p models.Participant) {
	c.byID[p.ID] = &p
	if p.Email != "" {
		c.byEmail[models.NormalEmail(p.Email)] = &p
	}
}

// Find returns the participant of a reference; nil when there is none.
func (c *ParticipantCache) Find(ref models.ParticipantRef) *models.Participant {
	if ref.ID != "" {
		return c.byID[ref.ID]
	}
	return c.byEmail[models.NormalEmail(ref.Email)]
}

// participantWriter saves the participants of one group of publications, each once.
type participantWriter struct {
	*ParticipantCache
	changed []string        // ids, in the order of their first change
	isNew   map[string]bool // of the changed
}

// upsertParticipants saves the participants that publications name, and returns the
// publications to insert: all but repeats and refused ones, with the events that
// follow.
func (s *Store) upsertParticipants(ctx context.Context, raw *sql.Tx, ps []*publishing) ([]*publishing, error) {
	tx := s.within(ctx, raw)
	var named []*publishing
	for _, p := range ps {
		if p.Upsert != nil {
			p.earlier, p.refused = nil, nil
			named = append(named, p)
		}
	}
	if err := s.lockParticipants(tx); err != nil {
		return nil, err
	}
	if err := findEarlier(tx, named); err != nil {
		return nil, err
	}
	var refs []models.ParticipantRef
	for _, p := range named {
		if p.earlier == nil {
			refs = append(refs, p.Upsert.Ref)
		}
	}
	cache, err := readParticipants(tx, refs)
	if err != nil {
		return nil, err
	}
	w := &participantWriter{ParticipantCache: cache, isNew: map[string]bool{}}
	var out []*publishing
	for _, p := range ps {
		if p.Upsert == nil {
			out = append(out, p)
		} else if p.earlier == nil {
			out = append(out, w.upsert(p)...)
		}
	}
	return out, w.save(tx)
}

// within is GORM inside of a transaction that database/sql began.
func (s *Store) within(ctx context.Context, raw *sql.Tx) *gorm.DB {
	tx := s.write.Session(&gorm.Session{NewDB: true, Context: ctx})
	tx.Statement.ConnPool = raw
	return tx
}

// findEarlier notes which events are stored already, so that a repeat changes no
// participant.
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

// upsert returns what is to be inserted for a publication; nothing when it is refused.
func (w *participantWriter) upsert(p *publishing) []*publishing {
	u := p.Upsert
	switch {
	case !sameParticipant(u.Before, w.Find(u.Ref)):
		p.refused = ErrParticipantChanged
	case u.Refused != nil:
		p.refused = u.Refused
	}
	if p.refused != nil {
		return nil
	}
	if u.Changed {
		w.change(u.After)
	}
	out := []*publishing{p}
	for _, f := range u.Follow {
		out = append(out, &publishing{Publication: f})
	}
	return out
}

func (w *participantWriter) change(p models.Participant) {
	if w.byID[p.ID] == nil {
		w.isNew[p.ID] = true
	}
	if !slices.Contains(w.changed, p.ID) {
		w.changed = append(w.changed, p.ID)
	}
	w.Put(p)
}

func (w *participantWriter) save(tx *gorm.DB) error {
	for _, id := range w.changed {
		if err := saveParticipant(tx, *w.byID[id], w.isNew[id]); err != nil {
			return err
		}
	}
	return nil
}

// sameParticipant reports whether a participant is as it was read before.
func sameParticipant(a, b *models.Participant) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID && a.Email == b.Email && a.UpdatedAt.Equal(b.UpdatedAt) &&
		bytes.Equal(a.Identifiers, b.Identifiers) && bytes.Equal(a.Fields, b.Fields)
}

// nameParticipants reports whether any of the publications names a participant.
func nameParticipants(ps []*publishing) bool {
	return slices.ContainsFunc(ps, func(p *publishing) bool { return p.Upsert != nil })
}

// overtaken reports whether an event about a participant, for which findEarlier found
// no earlier one, met one on insert.
func overtaken(ps []*publishing) bool {
	return slices.ContainsFunc(ps, func(p *publishing) bool { return p.Upsert != nil && p.earlier != nil })
}
