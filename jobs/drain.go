package jobs

import (
	"context"
	"time"

	"hookline/models"
)

const (
	// poll is the safety net under signals and timers: it finds what other nodes
	// left behind.
	poll = time.Second
	// claimBatch is how many deliveries one claim takes at most.
	claimBatch = 128
)

// drain claims due deliveries whenever it is woken, the earliest retry falls
// due, or the poll comes round.
func (r *Runner) drain(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-timer.C:
		}
		next, err := r.claimDue(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("cannot claim deliveries; will try again", "error", err)
		}
		timer.Reset(max(0, min(poll, next.Sub(r.Now()))))
	}
}

// claimDue fills the lanes that have room, webhook by webhook, and returns when
// the next delivery falls due.
func (r *Runner) claimDue(ctx context.Context) (next time.Time, err error) {
	now := r.Now()
	next = now.Add(poll)
	waiting, err := r.store.Waiting(ctx)
	if err != nil {
		return next, err
	}
	config := r.store.Config()
	r.clearOverflows(waiting, now)
	r.updateRates(config)
	for _, w := range waiting {
		if w.DueAt.After(now) {
			if w.DueAt.Before(next) {
				next = w.DueAt
			}
			continue
		}
		// A webhook that was deleted gets its leftovers claimed too: they are cancelled.
		if hook := config.Webhook(w.WebhookID); hook != nil && !hook.Delivers() {
			continue
		}
		if err := r.fill(ctx, w.WebhookID); err != nil {
			return next, err
		}
	}
	return next, nil
}

// fill claims for one lane until the lane is full or nothing more is due. What is
// claimed one by one is not waited for: dispatch wakes us for the next.
func (r *Runner) fill(ctx context.Context, webhookID string) error {
	for {
		limit := r.roomFor(webhookID)
		if limit == 0 {
			return nil
		}
		work, err := r.store.Claim(ctx, webhookID, limit)
		if err != nil {
			return err
		}
		r.accept(webhookID, work, len(work) == limit)
		if len(work) < limit || limit == 1 {
			return nil
		}
	}
}

func (r *Runner) roomFor(webhookID string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.laneOf(webhookID)
	room := min(claimBatch, r.room(l))
	switch {
	case r.stopping, room <= 0, r.crowded(l, 1):
		return 0
	case r.bytes >= queueBytes:
		return 1 // how large it is shows only when it is here
	case room < claimBatch && !r.low(l):
		return 0
	}
	return room
}

// accept puts claimed work into its lane. What is here already, because its
// lease ran out while it queued, keeps its place under the new claim; what is in
// flight here follows afterwards.
func (r *Runner) accept(webhookID string, work []models.Work, more bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.laneOf(webhookID)
	l.overflow = more
	for _, w := range work {
		it, here := r.held[w.ID]
		switch {
		case !here:
			r.bytes += w.Event.Size()
			r.enqueue(l, w)
		case it.element != nil:
			it.Work = w
		default:
			it.next = &w
		}
	}
	r.dispatch()
}

// clearOverflows clears the mark of lanes with nothing due in the table, so
// that new deliveries are handed over in memory again.
func (r *Runner) clearOverflows(waiting []models.Waiting, now time.Time) {
	due := make(map[string]bool, len(waiting))
	for _, w := range waiting {
		due[w.WebhookID] = !w.DueAt.After(now)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, l := range r.lanes {
		if l.overflow && !due[id] {
			l.overflow = false
		}
	}
}
