package store

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"hookline/models"
)

// The caller's changes of a participant are merged before the transaction, from the
// participant as it is read then, and stored only if it is still the same: merging,
// filters and all that comes of it hold up no other write. When it has changed
// meanwhile, that is done anew.

// maxStale is how often a change is made again because another one came first.
// After that it is made within the transaction, where none can.
const maxStale = 4

// errStale is for a participant that changed between reading and storing.
var errStale = errors.New("another change of the participant came first")

// prepared is what came of a naming, and of which state of the participant.
type prepared struct {
	of      *models.Participant // nil: there was none
	settled Settled
	refused error
}

// prepare settles the named publications of one caller, in their order, each upon
// what the ones before it make of its participant. The error is that of reading them,
// which is Unavailable for a database that hangs: the commit would wait as long again.
func (s *Store) prepare(ctx context.Context, ps ...*publishing) error {
	var named []*publishing
	for _, p := range ps {
		if p.Naming != nil {
			p.earlier, p.ready = nil, nil
			named = append(named, p)
		}
	}
	if len(named) == 0 {
		return nil
	}
	hand, err := takeInHand(s.read.WithContext(ctx), named)
	if err != nil {
		return s.wrote(err)
	}
	for _, p := range named {
		p.ready = &prepared{of: hand.named(p.Naming.Ref)}
		if p.Naming.Ref.ID != "" && p.ready.of == nil {
			p.ready.refused = noParticipant()
			continue
		}
		p.ready.settled, p.ready.refused = p.Naming.Settle(copyOf(p.ready.of))
		if p.ready.refused == nil {
			hand.change(p.ready.settled)
		}
	}
	return nil
}

// publishAgain makes a publication anew whose participant had changed. Those of
// this node about the same participant go one after the other, so that they do not
// overtake each other again.
func (s *Store) publishAgain(ctx context.Context, p *publishing) error {
	defer s.contended.enter(p.Naming.Ref)()
	for range maxStale {
		if err := s.prepare(ctx, p); err != nil {
			return err
		}
		if err := s.commitOne(p); err != nil || !p.stale {
			return err
		}
	}
	p.ready = nil
	return s.commitOne(p)
}

func (s *Store) commitOne(p *publishing) error {
	if err := s.commits.submit(p); err != nil {
		return err
	}
	return <-p.done
}

func copyOf(p *models.Participant) *models.Participant {
	if p == nil {
		return nil
	}
	own := *p
	return &own
}

// sameParticipant reports whether a participant is as it was read before.
func sameParticipant(a, b *models.Participant) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID && a.Email == b.Email && a.UpdatedAt.Equal(b.UpdatedAt) &&
		bytes.Equal(a.Identifiers, b.Identifiers) && bytes.Equal(a.Fields, b.Fields)
}

// lineup lets publications about the same participant go one at a time.
type lineup struct {
	mu    sync.Mutex
	turns map[string]*turn
}

type turn struct {
	mu    sync.Mutex
	users int // that hold it, or wait for it
}

// enter waits for the participant's turn; leave ends it.
func (l *lineup) enter(ref models.ParticipantRef) (leave func()) {
	key := ref.ID + models.NormalEmail(ref.Email)
	l.mu.Lock()
	if l.turns == nil {
		l.turns = map[string]*turn{}
	}
	of := l.turns[key]
	if of == nil {
		of = new(turn)
		l.turns[key] = of
	}
	of.users++
	l.mu.Unlock()
	of.mu.Lock()
	return func() {
		of.mu.Unlock()
		l.mu.Lock()
		defer l.mu.Unlock()
		if of.users--; of.users == 0 {
			delete(l.turns, key)
		}
	}
}
