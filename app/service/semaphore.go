package service

import (
	"context"
	"runtime"
	"sync"
	"time"

	"hookline/models"
)

// semaphore bounds work that a page asks for with every key pressed, such as trying a
// filter on many events: the work must not take the processor and the memory that
// deliveries need, however many calls come at once.
type semaphore struct {
	places chan struct{}

	mu    sync.Mutex
	calls map[string]int // by user or token: that hold a place, or wait for one
}

// maxCallsEach is more than the open forms of a user ask at a moment.
const maxCallsEach = 4

var errManyCalls = &models.Error{Code: models.TooMany, Message: "You asked for many previews at once. Wait for those under way.", RetryAfter: time.Second}

// newSemaphore leaves half of the processors to the rest.
func newSemaphore() *semaphore {
	return &semaphore{places: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), calls: map[string]int{}}
}

// acquire waits for a place; release gives it back. The error is TooMany, or ctx's.
func (s *semaphore) acquire(ctx context.Context, actor models.Actor) (release func(), err error) {
	user, token := actor.IDs()
	key := user + token
	if !s.enter(key) {
		return nil, errManyCalls
	}
	select {
	case s.places <- struct{}{}:
		return func() { <-s.places; s.leave(key) }, nil
	case <-ctx.Done():
		s.leave(key)
		return nil, ctx.Err()
	}
}

// acquireAlways is acquire without a limit for each actor: a program that saves many
// webhooks at once is served one after the other. The error is ctx's.
func (s *semaphore) acquireAlways(ctx context.Context) (release func(), err error) {
	select {
	case s.places <- struct{}{}:
		return func() { <-s.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *semaphore) enter(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[key] >= maxCallsEach {
		return false
	}
	s.calls[key]++
	return true
}

func (s *semaphore) leave(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[key]--; s.calls[key] == 0 {
		delete(s.calls, key)
	}
}
