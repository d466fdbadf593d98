package service

import (
	"bytes"
	"encoding/json"

	"hookline/models"
)

// batch is what the events of one batch have used of what is bounded for all of
// them. It is for one goroutine at a time.
type batch struct {
	matched float64 // budgets: see batchBudget
	carried int     // bytes: see models.MaxBatchSnapshots
	latest  snapshot
}

// snapshot is a participant as events carry it. Events in a row about the same one
// share its bytes.
type snapshot struct {
	of      models.Participant
	context json.RawMessage
}

// filters is where the filters' use is counted; nil for nowhere.
func (b *batch) filters() *float64 {
	if b == nil {
		return nil
	}
	return &b.matched
}

// snapshot is the context of an event about the participant.
func (b *batch) snapshot(who models.Participant) json.RawMessage {
	if b == nil {
		return who.Context()
	}
	if l := b.latest.of; l.ID != who.ID || l.Email != who.Email || !bytes.Equal(l.Identifiers, who.Identifiers) || !bytes.Equal(l.Fields, who.Fields) {
		b.latest = snapshot{who, who.Context()}
	}
	return b.latest.context
}

// room refuses an event whose participant alone would be too much for the batch,
// before anything is merged.
func (b *batch) room(found *models.Participant) error {
	if found == nil {
		return nil
	}
	return b.fits(len(found.Identifiers) + len(found.Fields))
}

// carry counts what an event and those that follow it store of its participant.
func (b *batch) carry(size int) error {
	if err := b.fits(size); err != nil {
		return err
	}
	b.carried += size
	return nil
}

func (b *batch) fits(size int) error {
	if b.carried+size > models.MaxBatchSnapshots {
		return models.Errorf(models.TooLarge, "The events of this batch store more than %d MiB of their participants. Send this event again in a smaller batch, or keep fewer fields with the participants.", models.MaxBatchSnapshots>>20)
	}
	return nil
}
