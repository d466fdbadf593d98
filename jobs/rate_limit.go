package jobs

import (
	"time"

	"hookline/models"
)

// A webhook's rate limit (I9) lives in its lane. Each attempt, a retry too,
// spends a permit that the lane took from the webhook's bucket: in memory, or in
// the database when several nodes share it. A lane without a permit is in no
// ring until a timer says that the next is free, so it holds nobody up; what
// waits in it counts neither attempts nor tries. A test that a person sends does
// not come through a lane: it goes at once, beside the limit.
type pace struct {
	models.Pace
	perSecond float64
	tat       time.Time // the bucket, while it is in memory
	inHand    int       // permits taken and not spent
	takenAt   time.Time // when they were
	again     time.Time // before this there is no other
	asking    bool      // the database was asked, and has not answered
	waited    bool      // something in the queue has been waiting for a permit
	timer     *time.Timer
}

// paceKept is how far ahead a lane with a rate limit keeps deliveries in memory.
// It is little of a lease: several nodes share a limit, so what one of them holds
// may take as much longer, and the attempt itself needs the lease too.
const paceKept = models.Lease / 9

// soon is how many attempts may begin within paceKept.
func (p *pace) soon(now time.Time) int {
	n := p.held(now)
	left := paceKept - max(0, p.again.Sub(now))
	if left < 0 {
		return n
	}
	return n + 1 + int(left/p.Every)
}

// held is how many permits are in hand. They are good until as many are free
// again: a receiver must not get now what it was owed a while ago.
func (p *pace) held(now time.Time) int {
	if now.Sub(p.takenAt) >= p.Full() {
		return 0
	}
	return p.inHand
}

// setPace gives the lane the limit that its webhook has now. A new limit counts
// at once: permits taken under the old one are void.
func (r *Runner) setPace(l *lane, config *models.Config) {
	perSecond := 0.0
	if hook := config.Webhook(l.webhookID); hook != nil {
		perSecond = hook.RateLimit
	}
	switch {
	case perSecond == 0:
		l.pace.stop()
		l.pace = nil
	case l.pace == nil:
		l.pace = &pace{Pace: models.PaceOf(perSecond), perSecond: perSecond}
	case l.pace.perSecond != perSecond:
		l.pace.stop()
		l.pace = &pace{Pace: models.PaceOf(perSecond), perSecond: perSecond, tat: l.pace.tat}
	}
}

// repace looks at the limits once more: after a change of the configuration, and
// as the safety net under the timers.
func (r *Runner) repace(config *models.Config) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := config.Version != r.paced
	for _, l := range r.lanes {
		if changed {
			r.setPace(l, config)
		}
		if changed || l.pace != nil {
			r.relist(l)
		}
	}
	r.paced = config.Version
	r.dispatch()
}

// permitted reports whether the lane has a permit in hand. If not it sees to it
// that the lane is listed once there is one.
func (r *Runner) permitted(l *lane) bool {
	p := l.pace
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
	p := l.pace
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
	l.pace.inHand, l.pace.takenAt, l.pace.again = got, now, now.Add(wait)
	if got == 0 {
		r.wakeLane(l, wait)
	}
}

// askPermits asks the bucket that all nodes share. While the database cannot be
// asked nothing goes out: nothing could be remembered of it either.
func (r *Runner) askPermits(l *lane, p *pace, n int) {
	defer r.work.Done()
	got, wait, err := r.Permits.TakePermits(r.ctx, l.webhookID, p.Pace, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	if l.pace != p {
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
	p := l.pace
	if p.timer != nil {
		p.timer.Reset(after)
		return
	}
	p.timer = time.AfterFunc(after, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if l.pace == p {
			r.relist(l)
			r.dispatch()
		}
	})
}

func (p *pace) stop() {
	if p != nil && p.timer != nil {
		p.timer.Stop()
	}
}

// stopPaces ends all timers.
func (r *Runner) stopPaces() {
	for _, l := range r.lanes {
		l.pace.stop()
	}
}

// spend uses a permit for an attempt.
func (l *lane) spend() {
	if p := l.pace; p != nil {
		p.inHand--
		p.waited = p.waited && l.queued() > 0
	}
}

// unspend gives the permit of an attempt back that sent nothing.
func (l *lane) unspend() {
	if p := l.pace; p != nil && p.inHand < p.Burst {
		p.inHand++
	}
}

// limited reports whether what comes into the lane now has to wait for its limit.
func (l *lane) limited(now time.Time) bool {
	return l.pace != nil && (l.pace.waited || l.pace.soon(now) == 0)
}
