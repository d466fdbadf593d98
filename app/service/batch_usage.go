package service

import (
	"bytes"
	"encoding/json"

	"hookline/app/store"
	"hookline/models"
)

// usage is what the events of one call have used of what is bounded for all of them.
type usage struct {
	filters float64 // budgets: see batchFilters
	carried int     // bytes: see models.MaxBatchSnapshots
	latest  snapshot
}

// snapshot is a participant as events carry it. Events in a row about the same one
// share its bytes.
type snapshot struct {
	of      models.Participant
	context json.RawMessage
}

// snapshot is the context of an event about the participant.
func (u *usage) snapshot(p models.Participant) json.RawMessage {
	if l := u.latest.of; l.ID != p.ID || l.Email != p.Email || !bytes.Equal(l.Identifiers, p.Identifiers) || !bytes.Equal(l.Fields, p.Fields) {
		u.latest = snapshot{p, p.Context()}
	}
	return u.latest.context
}

// carriedBy is what an event and those that follow it store of its participant.
func carriedBy(e models.Event, u *store.ParticipantUpsert) int {
	if u.Changed { // the event that tells of it carries the participant twice
		return 3 * len(e.Context)
	}
	return len(e.Context)
}

// carry counts what an event stores of its participant.
func (u *usage) carry(size int) error {
	if err := u.fits(size); err != nil {
		return err
	}
	u.carried += size
	return nil
}

// countMerge counts the cost of a merge whose result is refused, so that a batch of
// refused events costs no more than one of stored events.
func (u *usage) countMerge(before *models.Participant) {
	if before != nil {
		u.carried += 3 * (len(before.Identifiers) + len(before.Fields))
	}
}

// fits refuses an event that stores too many bytes of its participant for one batch.
func (u *usage) fits(size int) error {
	if u.carried+size > models.MaxBatchSnapshots {
		return models.Errorf(models.TooLarge, "The events of this batch store more than %d MiB of their participants. Send this event again in a smaller batch, or keep fewer fields with the participants.", models.MaxBatchSnapshots>>20)
	}
	return nil
}
