package store

import (
	"context"
	"errors"

	"hookline/models"
)

// Publication is an event with its deliveries. Publish reserves places in the queue
// for them; a delivery that has a ClaimID already is the caller's own to send.
type Publication struct {
	Event      models.Event
	Deliveries []models.Work
	// Repeatable: the caller named the event, so a repeat may come. An event that
	// Hookline named itself cannot be asked for twice.
	Repeatable bool
	// Upsert is the participant that the event names; nil for none.
	Upsert *ParticipantUpsert
	// Fresh: the configuration that Deliveries follow from was read from the database
	// after the caller asked. Otherwise another process may have changed it since, and
	// a publication that names its version is refused with ErrConfigChanged.
	Fresh bool
}

// ErrConfigChanged refuses a publication whose deliveries follow from an outdated
// configuration, so that an event published after a change on any node heeds it.
// Nothing was stored: make it again, from Store.FreshConfig.
var ErrConfigChanged = errors.New("the configuration has changed since the event was looked at")

// Published is what came of a publication.
type Published struct {
	// Event is the stored one: an earlier one when this was a repeat.
	Event  models.Event
	Repeat bool
	Err    error
}

// publishing is a publication on its way through the committer.
type publishing struct {
	Publication
	fingerprint []byte // empty when it cannot be repeated
	done        chan error
	// earlier is set when the event was there already; its deliveries were not made again.
	earlier *earlierEvent
	// refused refuses this publication alone, which shows in the transaction.
	refused error
	// outdated is set when its configuration is not the current one.
	outdated    bool
	reservation reservation
}

// outdated marks the publications that follow from a configuration older than the
// version; ErrConfigChanged takes the group back when there are any.
func outdated(ps []*publishing, version int64) (err error) {
	for _, p := range ps {
		if at := p.Event.ConfigVersion; !p.Fresh && at > 0 && at < version {
			p.outdated, err = true, ErrConfigChanged
		}
	}
	return err
}

type earlierEvent struct {
	id          string
	fingerprint []byte
	deliveries  int
}

// Publish stores events with their deliveries, each in one transaction with its
// own, and returns when all are durable. Before the write it reserves places in the
// queue, which may be nil; after the commit it offers the deliveries, and otherwise
// releases the places. Results come in the order of pubs; one that fails does not
// hold up the others. A repeat of an id or idempotency key returns the first event
// when it says the same, else a Conflict. ErrConfigChanged and ErrParticipantChanged
// ask for a new publication.
func (s *Store) Publish(ctx context.Context, queue Queue, pubs []Publication) []Published {
	waiting := make([]*publishing, len(pubs))
	for i := range pubs {
		waiting[i] = newPublishing(pubs[i], queue)
	}
	defer func() {
		for _, p := range waiting {
			p.reservation.release()
		}
	}()
	for _, p := range waiting {
		p.reserve()
	}
	for _, p := range waiting {
		if err := s.commits.submit(p); err != nil {
			p.done <- err
		}
	}
	results := make([]Published, len(pubs))
	for i, p := range waiting {
		results[i] = p.result(<-p.done)
	}
	for i, p := range waiting {
		if r := &results[i]; r.Err == nil && !r.Repeat {
			p.reservation.offer()
		}
	}
	return results
}

func newPublishing(p Publication, queue Queue) *publishing {
	w := &publishing{Publication: p, done: make(chan error, 1), reservation: reservation{queue: queue}}
	if p.Repeatable {
		w.fingerprint = p.Event.Fingerprint(p.ref())
	}
	return w
}

func (p *publishing) reserve() {
	p.reservation.reserve(p.Deliveries)
	if p.Upsert != nil {
		for _, f := range p.Upsert.Follow {
			p.reservation.reserve(f.Deliveries)
		}
	}
}

func (p *Publication) ref() *models.ParticipantRef {
	if p.Upsert == nil {
		return nil
	}
	return &p.Upsert.Ref
}

func (p *publishing) result(err error) Published {
	switch {
	case err != nil:
		return Published{Event: p.Event, Err: err}
	case p.refused != nil:
		return Published{Event: p.Event, Err: p.refused}
	case p.earlier == nil:
		p.Event.Deliveries = len(p.Deliveries)
		return Published{Event: p.Event}
	case !p.Event.Repeats(p.earlier.fingerprint, p.ref()):
		return Published{Err: models.Errorf(models.Conflict,
			"An event with this id or idempotency key was published before with other content. Use a new id for a new event.")}
	}
	p.Event.ID, p.Event.Deliveries = p.earlier.id, p.earlier.deliveries
	return Published{Event: p.Event, Repeat: true}
}
