package store

import (
	"context"
	"errors"

	"hookline/models"
)

// Publication is an event with the deliveries it is owed. A delivery with a
// ClaimID is stored as held by this node until LeaseUntil, ready to be handed
// over in memory after the commit.
type Publication struct {
	Event      models.Event
	Deliveries []models.Work
	// Repeatable: the caller named the event, so a repeat may come. An event that
	// Hookline named itself cannot be asked for twice.
	Repeatable bool
	// Naming is the participant it names; nil for none.
	Naming *Naming
	// Fresh: the configuration that Deliveries follow from was read from the database
	// after the caller asked. Otherwise it may be one that another process has changed
	// since, and a publication that names its version is refused with ErrConfigChanged.
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
	// refused is the caller's fault, found in the transaction.
	refused error
	// ready is what was settled of its participant before the transaction; nil when
	// nothing was. stale: the participant had changed when that was to be stored.
	ready *prepared
	stale bool
	// outdated is set when its configuration is not the current one.
	outdated bool
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
// own, and returns when all are durable. Results come in the order of pubs; one
// that fails does not hold up the others. A repeat of an id or idempotency key
// returns the first event when it says the same, else a Conflict.
func (s *Store) Publish(ctx context.Context, pubs []Publication) []Published {
	results := make([]Published, 0, len(pubs))
	for len(pubs) > 0 {
		n := together(pubs)
		results, pubs = append(results, s.publish(ctx, pubs[:n])...), pubs[n:]
	}
	return results
}

// maxNamed is how many events about participants one caller has in the queue at
// once. Each carries all that is known of the participant, often twice, whatever
// the caller sent; a long batch of them would hold up everybody else's writes.
const maxNamed = 32

// together is how many of the publications to queue at once.
func together(pubs []Publication) int {
	named := 0
	for i := range pubs {
		if pubs[i].Naming != nil {
			if named++; named > maxNamed {
				return i
			}
		}
	}
	return len(pubs)
}

func (s *Store) publish(ctx context.Context, pubs []Publication) []Published {
	waiting := make([]*publishing, len(pubs))
	results := make([]Published, len(pubs))
	for i := range pubs {
		p := &publishing{Publication: pubs[i], done: make(chan error, 1)}
		if pubs[i].Repeatable {
			p.fingerprint = pubs[i].Event.Fingerprint(pubs[i].ref())
		}
		waiting[i] = p
	}
	unread := s.prepare(ctx, waiting...)
	for _, p := range waiting {
		if unread != nil {
			p.done <- unread
		} else if err := s.commits.submit(p); err != nil {
			p.done <- err
		}
	}
	errs := make([]error, len(waiting))
	for i, p := range waiting {
		errs[i] = <-p.done
	}
	for i, p := range waiting {
		if errs[i] == nil && p.stale {
			errs[i] = s.publishAgain(ctx, p)
		}
		results[i] = p.result(errs[i])
	}
	return results
}

func (p *Publication) ref() *models.ParticipantRef {
	if p.Naming == nil {
		return nil
	}
	return &p.Naming.Ref
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
