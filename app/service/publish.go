package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hookline/app/policy"
	"hookline/app/schema"
	"hookline/models"
)

// Events takes in events.
type Events struct{ deps }

// NewEvent is an event as a caller tells it. ID, IdempotencyKey and OccurredAt
// may be empty. Data is the exact bytes of a JSON object.
type NewEvent struct {
	Type           string
	Data           json.RawMessage
	ID             string
	IdempotencyKey string
	OccurredAt     time.Time
	// Participant is the participant that it is about; nil for none.
	Participant *models.ParticipantRef
}

// Published is what came of one event of a batch: the stored event, an earlier
// one when this was a repeat, or Err.
type Published struct {
	Event models.Event
	Err   error
}

// Publish stores an event and a pending delivery for every webhook subscribed to
// its type, durably (promise 1). A repeat of an
// id or key answers as the first time did, or with a Conflict when it says
// something else.
func (s *Events) Publish(ctx context.Context, actor models.Actor, e NewEvent) (models.Event, error) {
	r := s.PublishBatch(ctx, actor, []NewEvent{e})[0]
	return r.Event, r.Err
}

// PublishBatch does the same for many, in order; one that is refused does not
// hold up the others. A participant that an event names is found or made, and what
// the event says of them merged in, in the event's own transaction; contact.created
// or contact.updated follows it. Each of these events stores the participant as it
// then is, at most 64 KiB, and contact.created and contact.updated store it twice: as
// their data and for templates. What a batch may store so is bounded (TooLarge).
func (s *Events) PublishBatch(ctx context.Context, actor models.Actor, list []NewEvent) []Published {
	results := make([]Published, len(list))
	if err := policy.Check(actor, policy.PublishEvents); err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	b := &batch{publisher: s.publisher(ctx, s.store.Config()), list: list, results: results}
	all := make([]int, len(list))
	for i := range all {
		all[i] = i
	}
	b.publish(ctx, all)
	b.publishUnderFreshConfig(ctx)
	return results
}

// checkType looks the type up, and holds the data against its schema if it has one.
func (d deps) checkType(config *models.Config, e models.Event) error {
	t, err := openType(config, e.Type)
	if err != nil || len(t.Schema) == 0 {
		return err
	}
	compiled, err := d.schemas.Of(t.Name, t.Schema)
	if err != nil {
		return fmt.Errorf("the schema of %s: %w", t.Name, err)
	}
	return schemaFault(compiled.Check(e.Data), "data", "The data does not fit the schema of "+t.Name)
}

// openType returns a type that takes events.
func openType(config *models.Config, name string) (models.EventType, error) {
	var errs models.FieldErrors
	t, known := config.EventType(name)
	switch {
	case !known:
		errs.Add("type", "There is no event type %q in the catalog. GET /api/v1/event-types lists them; an owner can add it.", name)
	case t.Archived:
		errs.Add("type", "The event type %q is archived. Restore it, or use another.", name)
	}
	return t, errs.Err()
}

func checkEventType(config *models.Config, name string) error {
	_, err := openType(config, name)
	return err
}

// schemaFault turns an error of a check into a fault of the field, at its path.
func schemaFault(err error, field, what string) error {
	if err == nil {
		return nil
	}
	var fault schema.Fault
	if !errors.As(err, &fault) {
		fault.Reason = err.Error()
	}
	if fault.Path != "" {
		field += "." + fault.Path
	}
	var errs models.FieldErrors
	errs.Add(field, "%s: %s.", what, fault.Reason)
	return errs.Err()
}
