package service

import (
	"context"
	"errors"
	"slices"
	"sync"

	"hookline/app/store"
	"hookline/models"
)

// contention queues up the changes of a participant on this node once one of them had
// to be made again, so that they do not overtake each other for ever. The zero value is
// ready; safe for concurrent use.
type contention struct {
	mu     sync.Mutex
	queues map[string]*changeQueue // by keyOfRef; of participants whose changes are made again
}

// changeQueue is a mutex of one participant.
type changeQueue struct {
	sync.Mutex
	users int // that hold it, or wait for it
}

// maxRetries bounds how often one change is made again. On this node the first retry
// succeeds, so only other nodes can use up the others.
const maxRetries = 100

var errContended = models.Errorf(models.Unavailable, "Other changes of the participant keep coming first. Try again in a moment.")

func keyOfRef(ref models.ParticipantRef) string { return ref.ID + models.NormalEmail(ref.Email) }

// queueUp waits until no change of these participants is being made again. Call leave
// after the own change. The keys are locked in order, so that two callers never wait
// for each other.
func (c *contention) queueUp(refs []models.ParticipantRef) (leave func()) {
	keys := make([]string, len(refs))
	for i, ref := range refs {
		keys[i] = keyOfRef(ref)
	}
	slices.Sort(keys)
	var unlock []func()
	for _, key := range slices.Compact(keys) {
		if c.contended(key) {
			unlock = append(unlock, c.lock(key))
		}
	}
	return func() {
		for _, u := range unlock {
			u()
		}
	}
}

func (c *contention) contended(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queues[key] != nil
}

// retry makes a change until the store takes it, or refuses it for another reason than
// ErrParticipantChanged.
func (c *contention) retry(ctx context.Context, key string, change func() error) error {
	defer c.lock(key)()
	for range maxRetries {
		if err := change(); !errors.Is(err, store.ErrParticipantChanged) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errContended
}

func (c *contention) lock(key string) (unlock func()) {
	c.mu.Lock()
	if c.queues == nil {
		c.queues = map[string]*changeQueue{}
	}
	q := c.queues[key]
	if q == nil {
		q = new(changeQueue)
		c.queues[key] = q
	}
	q.users++
	c.mu.Unlock()
	q.Lock()
	return func() {
		q.Unlock()
		c.mu.Lock()
		defer c.mu.Unlock()
		if q.users--; q.users == 0 {
			delete(c.queues, key)
		}
	}
}
