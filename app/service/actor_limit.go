package service

import (
	"time"

	"hookline/app/ratelimit"
	"hookline/models"
)

// actorLimit is a rate limit of each actor: a burst at once, then one call every so
// often. Its keys are users and tokens that exist, so a stranger cannot fill it.
type actorLimit struct {
	*ratelimit.Buckets
	limit   ratelimit.Limit
	refusal *models.Error
}

var (
	testLimit = ratelimit.Limit{Every: 2 * time.Second, Burst: 20}         // 30 a minute
	tryLimit  = ratelimit.Limit{Every: 200 * time.Millisecond, Burst: 100} // 300 a minute
)

// newTestLimit is for calls that send a request at once.
func newTestLimit(now func() time.Time) *actorLimit {
	return newActorLimit(now, testLimit, "You sent more tests than 30 a minute. Wait a few seconds and send this one again.")
}

// newTryLimit is for previews and tests of filters, which a form asks for while its
// user types: no user types as fast.
func newTryLimit(now func() time.Time) *actorLimit {
	return newActorLimit(now, tryLimit, "You asked for more previews than 300 a minute. Wait a few seconds and ask again.")
}

func newActorLimit(now func() time.Time, l ratelimit.Limit, refusal string) *actorLimit {
	e := models.Errorf(models.TooMany, "%s", refusal)
	e.RetryAfter = l.Every
	return &actorLimit{ratelimit.New(now), l, e}
}

// take counts one call. The command line has no limit: a user of it has the whole
// server.
func (a *actorLimit) take(actor models.Actor) error {
	user, token := actor.IDs()
	if actor.System || a.Allow(user+token, a.limit) {
		return nil
	}
	return a.refusal
}
