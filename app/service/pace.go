package service

import (
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

// newTryPace is for previews and tests of filters, which are made while somebody
// types: nobody types as fast.
func newTryPace(now func() time.Time) *pace {
	return newPace(now, tryEvery, tryBurst, "You asked for more previews than 300 a minute. Wait a few seconds and ask again.")
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
