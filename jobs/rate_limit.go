package jobs

import (
	"time"

	"hookline/models"
)

// A webhook's rate limit (I9) lives in its lane. Each attempt, a retry too,
// spends a permit that the lane took from the webhook's bucket: in memory, or in
// the database when several nodes share it. A lane without a permit is in no
// ring until a timer says that the next is free, so it holds up no other lane; what
// waits in it counts neither attempts nor tries. A test that a person sends does
// not come through a lane: it goes at once, beside the limit. The bucket is a GCRA.
type rateLimit struct {
	models.GCRA
	perSecond float64
	tat       time.Time // the bucket, while it is in memory
	inHand    int       // permits taken and not spent
	takenAt   time.Time // when they were
	again     time.Time // before this there is no other
	asking    bool      // the database was asked, and has not answered
	waited    bool      // something in the queue has been waiting for a permit
	timer     *time.Timer
}

// rateHorizon is how far ahead a lane with a rate limit keeps deliveries in memory.
// It is little of a lease: several nodes share a limit, so what one of them holds
// may take as much longer, and the attempt itself needs the lease too.
const rateHorizon = models.Lease / 9

// soon is how many attempts may begin within rateHorizon.
func (p *rateLimit) soon(now time.Time) int {
	n := p.held(now)
	left := rateHorizon - max(0, p.again.Sub(now))
	if left < 0 {
		return n
	}
	return n + 1 + int(left/p.Every)
}

// held is how many permits are in hand. They are good until as many are free
// again: a receiver must not get now what it was owed a while ago.
func (p *rateLimit) held(now time.Time) int {
	if now.Sub(p.takenAt) >= p.Full() {
		return 0
	}
	return p.inHand
}

// setRate gives the lane the limit that its webhook has now. A new limit counts
// at once: permits taken under the old one are void.
func (r *Runner) setRate(l *lane, config *models.Config) {
	perSecond := 0.0
	if hook := config.Webhook(l.webhookID); hook != nil {
		perSecond = hook.RateLimit
	}
	switch {
	case perSecond == 0:
		l.rate.stop()
		l.rate = nil
	case l.rate == nil:
		l.rate = &rateLimit{GCRA: models.GCRAOf(perSecond), perSecond: perSecond}
	case l.rate.perSecond != perSecond:
		l.rate.stop()
		l.rate = &rateLimit{GCRA: models.GCRAOf(perSecond), perSecond: perSecond, tat: l.rate.tat}
	}
}

// updateRates applies the webhooks' limits: after a change of the configuration, and
// as the safety net under the timers.
func (r *Runner) updateRates(config *models.Config) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := config.Version != r.ratesVersion
	for _, l := range r.lanes {
		if changed {
			r.setRate(l, config)
		}
		if changed || l.rate != nil {
			r.relist(l)
		}
	}
	r.ratesVersion = config.Version
	r.dispatch()
}

// permitted reports whether the lane has a permit in hand. If not it sees to it
// that the lane is listed once there is one.
func (r *Runner) permitted(l *lane) bool {
	p := l.rate
	if p == nil {
		return true
	}
	now := r.Now()
	if p.held(now) > 0 {
		return true
	}
	if p.inHand = 0; !p.asking {
		r.takePermits(l, now)
	}
	if p.inHand == 0 {
		p.waited = true
	}
	return p.inHand > 0
}

func (r *Runner) takePermits(l *lane, now time.Time) {
	p := l.rate
	n := min(l.queued(), l.limit-l.inFlight, p.Burst)
	switch {
	case r.stopping:
	case now.Before(p.again):
		r.wakeLane(l, p.again.Sub(now))
	case r.Permits == nil:
		var got int
		var wait time.Duration
		p.tat, got, wait = p.Take(p.tat, now, n)
		r.take(l, got, wait)
	default:
		p.asking = true
		r.work.Add(1)
		go r.askPermits(l, p, n)
	}
}

// take is given what the bucket gave.
func (r *Runner) take(l *lane, got int, wait time.Duration) {
	now := r.Now()
	l.rate.inHand, l.rate.takenAt, l.rate.again = got, now, now.Add(wait)
	if got == 0 {
		r.wakeLane(l, wait)
	}
}

// askPermits asks the bucket that all nodes share. While the database cannot be
// asked nothing goes out: nothing could be remembered of it either.
func (r *Runner) askPermits(l *lane, p *rateLimit, n int) {
	defer r.work.Done()
	got, wait, err := r.Permits.TakePermits(r.ctx, l.webhookID, p.GCRA, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	if l.rate != p {
		return // the limit was changed meanwhile
	}
	p.asking = false
	switch {
	case err != nil:
		r.Log.Warn("cannot ask for a webhook's rate limit; will try again", "webhook", l.webhookID, "error", err)
		got, wait = 0, poll
	case got < n:
		// Wait until asking is worth it: half a burst for one statement.
		wait += time.Duration(max(0, p.Burst/2-1)) * p.Every
	}
	r.take(l, got, wait)
	r.relist(l)
	r.dispatch()
}

// wakeLane looks at the lane again after a while.
func (r *Runner) wakeLane(l *lane, after time.Duration) {
	p := l.rate
	if p.timer != nil {
		p.timer.Reset(after)
		return
	}
	p.timer = time.AfterFunc(after, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if l.rate == p {
			r.relist(l)
			r.dispatch()
		}
	})
}

func (p *rateLimit) stop() {
	if p != nil && p.timer != nil {
		p.timer.Stop()
	}
}

// stopRateLimits ends all timers.
func (r *Runner) stopRateLimits() {
	for _, l := range r.lanes {
		l.rate.stop()
	}
}

// spend uses a permit for an attempt.
func (l *lane) spend() {
	if p := l.rate; p != nil {
		p.inHand--
		p.waited = p.waited && l.queued() > 0
	}
}

// unspend gives the permit of an attempt back that sent nothing.
func (l *lane) unspend() {
	if p := l.rate; p != nil && p.inHand < p.Burst {
		p.inHand++
	}
}

// limited reports whether what comes into the lane now has to wait for its limit.
func (l *lane) limited(now time.Time) bool {
	return l.rate != nil && (l.rate.waited || l.rate.soon(now) == 0)
}
