package service

import (
	"time"

	"hookline/app/ratelimit"
	"hookline/models"
)

// pace holds each actor to so many calls: a burst at once, then one every so
// often. Its keys are users and tokens that exist, so a stranger cannot fill it.
type pace struct {
	*ratelimit.Buckets
	limit   ratelimit.Limit
	refusal *models.Error
}

var (
	testLimit = ratelimit.Limit{Every: 2 * time.Second, Burst: 20}         // 30 a minute
	tryLimit  = ratelimit.Limit{Every: 200 * time.Millisecond, Burst: 100} // 300 a minute
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

func newPace(now func() time.Time, l ratelimit.Limit, refusal string) *pace {
	e := models.Errorf(models.TooMany, "%s", refusal)
	e.RetryAfter = l.Every
	return &pace{ratelimit.New(now), l, e}
}

// take counts one call. The command line is not held: who may run it has the
// whole server.
func (p *pace) take(actor models.Actor) error {
	user, token := actor.IDs()
	if actor.System || p.Allow(user+token, p.limit) {
		return nil
	}
	return p.refusal
}
