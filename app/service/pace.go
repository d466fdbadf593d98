package service

import (
	"time"

	"hookline/models"
)

// pace holds each actor to so many calls: a burst at once, then one every so
// often. Its keys are users and tokens that exist, so a stranger cannot fill it.
type pace struct {
	*throttle
	limit   limit
	refusal *models.Error
}

var (
	testLimit = limit{2 * time.Second, 20}         // 30 a minute
	tryLimit  = limit{200 * time.Millisecond, 100} // 300 a minute
)

// newTestPace is for what sends a request at once because somebody asks for it.
func newTestPace(now func() time.Time) *pace {
	return newPace(now, testLimit, "You sent more tests than 30 a minute. Wait a few seconds and send this one again.")
}

// newTryPace is for previews and tests of filters, which are made while somebody
// types: nobody types as fast.
func newTryPace(now func() time.Time) *pace {
	return newPace(now, tryLimit, "You asked for more previews than 300 a minute. Wait a few seconds and ask again.")
}

func newPace(now func() time.Time, l limit, refusal string) *pace {
	e := models.Errorf(models.TooMany, "%s", refusal)
	e.RetryAfter = l.every
	return &pace{newThrottle(now), l, e}
}

// take counts one call. The command line is not held: who may run it has the
// whole server.
func (p *pace) take(actor models.Actor) error {
	user, token := ownerIDs(actor)
	if actor.System || p.allow(user+token, p.limit) {
		return nil
	}
	return p.refusal
}
