package service

import (
	"context"
	"runtime"
	"sync"
	"time"

	"hookline/models"
)

// turns bounds work that a page asks for with every key pressed, such as trying a
// filter on many events: it must not take the processor and the memory that
// deliveries need, however many ask at once.
type turns struct {
	places chan struct{}

	mu    sync.Mutex
	asked map[string]int // by user or token: at it, or waiting for a turn
}

// maxTurnsEach is more than one person's open forms ask at a moment.
const maxTurnsEach = 4

var errManyTurns = &models.Error{Code: models.TooMany, Message: "You asked for many previews at once. Wait for those under way.", RetryAfter: time.Second}

// newTurns leaves half of the processors to the rest.
func newTurns() *turns {
	return &turns{places: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), asked: map[string]int{}}
}

// take waits for a turn; done gives it back. The error is TooMany, or ctx's.
func (t *turns) take(ctx context.Context, actor models.Actor) (done func(), err error) {
	user, token := actor.IDs()
	key := user + token
	if !t.ask(key) {
		return nil, errManyTurns
	}
	select {
	case t.places <- struct{}{}:
		return func() { <-t.places; t.answered(key) }, nil
	case <-ctx.Done():
		t.answered(key)
		return nil, ctx.Err()
	}
}

// wait waits for a turn however many the actor has asked for: a program that saves
// many webhooks at once is served one by one. The error is ctx's.
func (t *turns) wait(ctx context.Context) (done func(), err error) {
	select {
	case t.places <- struct{}{}:
		return func() { <-t.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *turns) ask(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked[key] >= maxTurnsEach {
		return false
	}
	t.asked[key]++
	return true
}

func (t *turns) answered(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked[key]--; t.asked[key] == 0 {
		delete(t.asked, key)
	}
}
