package service

import (
	"context"
	"time"

	"hookline/models"
)

// pace holds each actor to so many calls: a burst at once, then one every so
// often. Its keys are users and tokens that exist, so a stranger cannot fill it.
type pace struct {
	*throttle
	every   time.Duration
	burst   int
	refusal *models.Error
}

const (
	testBurst, testEvery = 20, 2 * time.Second         // 30 a minute
	tryBurst, tryEvery   = 100, 200 * time.Millisecond // 300 a minute
)

// newTestPace is for what sends a request at once because somebody asks for it.
func newTestPace(now func() time.Time) *pace {
	return newPace(now, testEvery, testBurst, "You sent more tests than 30 a minute. Wait a few seconds and send this one again.")
}

func newPace(now func() time.Time, every time.Duration, burst int, refusal string) *pace {
	e := models.Errorf(models.TooMany, "%s", refusal)
	e.RetryAfter = every
	return &pace{newThrottle(now), every, burst, e}
}

// take counts one call. The command line is not held: who may run it has the
// whole server.
func (p *pace) take(actor models.Actor) error {
	user, token := ownerIDs(actor)
	if actor.System || p.allowAt(user+token, p.every, p.burst) {
		return nil
	}
	return p.refusal
}

// tries are previews and tests of filters, which are made while somebody types and
// cost nothing but work. Nobody types as fast as the pace; the places leave the
// processor to deliveries, whoever asks.
type tries struct {
	*pace
	places chan struct{}
}

const triesAtOnce = 4

func newTries(now func() time.Time) *tries {
	p := newPace(now, tryEvery, tryBurst, "You asked for more previews than 300 a minute. Wait a few seconds and ask again.")
	return &tries{p, make(chan struct{}, triesAtOnce)}
}

// enter counts one try and waits for a place, which leave gives back.
func (t *tries) enter(ctx context.Context, actor models.Actor) (leave func(), err error) {
	if err := t.take(actor); err != nil {
		return nil, err
	}
	select {
	case t.places <- struct{}{}:
		return func() { <-t.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
