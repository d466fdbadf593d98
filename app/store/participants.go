package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"hookline/models"
)

type participantRow struct {
	ID          string `gorm:"primaryKey"`
	Email       string
	EmailKey    sql.NullString // normal, as it is compared
	Identifiers []byte
	Fields      []byte
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	UpdatedAt   int64 `gorm:"autoUpdateTime:false"`
}

func (participantRow) TableName() string { return "participants" }

func participantFrom(p models.Participant) *participantRow {
	return &participantRow{
		ID: p.ID, Email: p.Email, EmailKey: nullable(models.NormalEmail(p.Email)), Identifiers: p.Identifiers, Fields: p.Fields,
		CreatedAt: micros(p.CreatedAt), UpdatedAt: micros(p.UpdatedAt),
	}
}

func (r participantRow) participant() models.Participant {
	return models.Participant{
		ID: r.ID, Email: r.Email, Identifiers: r.Identifiers, Fields: r.Fields,
		CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt),
	}
}

// Participant returns one; NotFound when there is none.
func (s *Store) Participant(ctx context.Context, id string) (models.Participant, error) {
	var r participantRow
	err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error
	return r.participant(), found(err, "participant")
}

// Participants pages through all, newest first.
func (s *Store) Participants(ctx context.Context, p Page) ([]models.Participant, error) {
	tx := s.read.WithContext(ctx)
	if p.After != "" {
		list, err := participantsOf(tx.Where("id > ?", p.After).Order("id").Limit(p.Limit))
		slices.Reverse(list)
		return list, err
	}
	return participantsOf(p.applyTo(tx))
}

func participantsOf(tx *gorm.DB) ([]models.Participant, error) {
	var rows []participantRow
	err := tx.Find(&rows).Error
	list := make([]models.Participant, len(rows))
	for i, r := range rows {
		list[i] = r.participant()
	}
	return list, err
}

// FoundParticipant is one that a search found, and by what.
type FoundParticipant struct {
	models.Participant
	Term string
}

// SearchParticipants lists those with a term that begins with the text, in the
// order of the terms, each once, by the first term that fits. The page goes on
// after the term and id of the last one; both are empty on the first.
func (s *Store) SearchParticipants(ctx context.Context, text, afterTerm, afterID string, limit int) ([]FoundParticipant, error) {
	var hits []struct{ Term, ParticipantID string }
	// Each has the page's rows as its bound: they are read along an index, and of
	// each one looked up whether it has been there by an earlier term.
	err := s.read.WithContext(ctx).Table("participant_terms AS t").Select("t.term, t.participant_id").
		Where("t.term >= ? AND t.term < ?", text, text+lastRune).
		Where("(t.term, t.participant_id) > (?, ?)", afterTerm, afterID).
		Where("NOT EXISTS (SELECT 1 FROM participant_terms e WHERE e.participant_id = t.participant_id AND e.term >= ? AND e.term < t.term)", text).
		Order("t.term, t.participant_id").Limit(limit).Scan(&hits).Error
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ParticipantID
	}
	list, err := participantsOf(s.read.WithContext(ctx).Where("id IN ?", ids))
	byID := make(map[string]models.Participant, len(list))
	for _, p := range list {
		byID[p.ID] = p
	}
	found := make([]FoundParticipant, 0, len(hits))
	for _, h := range hits {
		if p, there := byID[h.ParticipantID]; there { // or it was deleted a moment ago
			found = append(found, FoundParticipant{p, h.Term})
		}
	}
	return found, err
}

// lastRune sorts after whatever a text goes on with.
const lastRune = "\U0010FFFF"

// ParticipantEvents lists the newest events that are about a participant, without
// their data.
func (s *Store) ParticipantEvents(ctx context.Context, id string, limit int) ([]models.Event, error) {
	return streamRows(s.read.WithContext(ctx).Table("events").Select(streamColumns).
		Where("participant_id = ?", id).Order("seq DESC").Limit(limit))
}

// ParticipantChange is a new, changed or removed participant, and all that is stored
// with it.
type ParticipantChange struct {
	Before *models.Participant // that After follows from; nil: the participant is new
	After  *models.Participant // nil: the participant is removed
	Events []Publication
	Audit  []models.Audit
}

// ChangeParticipant stores a change with its events in one transaction, if the
// participant is still as in Before, and hands the deliveries to the queue as Publish
// does. The error is ErrParticipantChanged when it is not, NotFound when there is no
// such participant, and a Conflict for an address that another one has.
func (s *Store) ChangeParticipant(ctx context.Context, queue Queue, c ParticipantChange) error {
	r := reservation{queue: queue}
	defer r.release()
	for _, e := range c.Events {
		r.reserve(e.Deliveries)
	}
	err := s.tx(ctx, func(tx *gorm.DB) error {
		if err := s.lockParticipants(tx); err != nil {
			return err
		}
		if err := saveChange(tx, c); err != nil {
			return err
		}
		return s.storeWith(ctx, tx, c)
	})
	if err == nil {
		r.offer()
	}
	return err
}

// saveChange stores the participant under the lock.
func saveChange(tx *gorm.DB, c ParticipantChange) error {
	if c.Before == nil {
		return saveParticipant(tx, *c.After, true)
	}
	var r participantRow
	if err := tx.Where("id = ?", c.Before.ID).Take(&r).Error; err != nil {
		return found(err, "participant")
	}
	if now := r.participant(); !sameParticipant(&now, c.Before) {
		return ErrParticipantChanged
	}
	if c.After == nil {
		return tx.Where("id = ?", c.Before.ID).Delete(&participantRow{}).Error
	}
	return saveParticipant(tx, *c.After, false)
}

func (s *Store) storeWith(ctx context.Context, tx *gorm.DB, c ParticipantChange) error {
	if err := note(tx, c.Audit); err != nil || len(c.Events) == 0 {
		return err
	}
	ps := make([]*publishing, len(c.Events))
	for i, e := range c.Events {
		ps[i] = &publishing{Publication: e}
	}
	return s.dialect.publish(ctx, tx.Statement.ConnPool.(*sql.Tx), ps)
}

// participantLock is the advisory lock under which participants change on
// PostgreSQL, one transaction at a time: what an event merges depends on what the
// one before it has merged. SQLite has one writer anyway.
const participantLock = 0x686f6f6b_70617274 // "hook", "part"

func (s *Store) lockParticipants(tx *gorm.DB) error {
	if s.dialect.name() == sqliteName {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(?)", int64(participantLock)).Error
}

// saveParticipant stores a state under the lock.
func saveParticipant(tx *gorm.DB, p models.Participant, isNew bool) error {
	if err := emailFree(tx, p); err != nil {
		return err
	}
	var err error
	if isNew {
		err = tx.Create(participantFrom(p)).Error
	} else {
		err = tx.Model(&participantRow{}).Where("id = ?", p.ID).
			Select("email", "email_key", "identifiers", "fields", "updated_at").Updates(participantFrom(p)).Error
	}
	if err != nil {
		return err
	}
	return saveTerms(tx, p, isNew)
}

func emailFree(tx *gorm.DB, p models.Participant) error {
	if p.Email == "" {
		return nil
	}
	var other []string
	err := tx.Model(&participantRow{}).Where("email_key = ? AND id <> ?", models.NormalEmail(p.Email), p.ID).Limit(1).Pluck("id", &other).Error
	if err != nil || len(other) == 0 {
		return err
	}
	text := fmt.Sprintf("The participant %s has the address %s already. Change that one, or use another address.", other[0], p.Email)
	return &models.Error{Code: models.Conflict, Message: text, Fields: []models.FieldError{{Field: "email", Message: text}}}
}

type termRow struct {
	ParticipantID string
	Term          string
}

func (termRow) TableName() string { return "participant_terms" }

// saveTerms makes the terms those of the state; mostly they stay the same.
func saveTerms(tx *gorm.DB, p models.Participant, isNew bool) error {
	wanted := p.SearchTerms()
	if !isNew {
		var have []string
		if err := tx.Model(&termRow{}).Where("participant_id = ?", p.ID).Pluck("term", &have).Error; err != nil {
			return err
		}
		gone := slices.DeleteFunc(slices.Clone(have), func(t string) bool { return slices.Contains(wanted, t) })
		wanted = slices.DeleteFunc(wanted, func(t string) bool { return slices.Contains(have, t) })
		if len(gone) > 0 {
			if err := tx.Where("participant_id = ? AND term IN ?", p.ID, gone).Delete(&termRow{}).Error; err != nil {
				return err
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rows := make([]termRow, len(wanted))
	for i, t := range wanted {
		rows[i] = termRow{p.ID, t}
	}
	return tx.Create(&rows).Error
}
