package jobs

import (
	"time"

	"hookline/models"
)

// Reserve promises a place in the webhook's lane to a delivery about to be
// stored, and names the claim to store it under. With ok false, store it
// unclaimed and Wake: the table holds it until there is room.
func (r *Runner) Reserve(webhookID string, eventBytes int) (claimID string, lease time.Time, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.laneOf(webhookID)
	// Behind an overflow the table has older ones; they keep their turn.
	if r.stopping || l.overflow || r.room(l) < 1 || r.crowded(l, eventBytes) {
		l.overflow = true
		return "", time.Time{}, false
	}
	l.reserved++
	r.bytes += eventBytes
	return r.store.NewClaimID(), r.Now().Add(models.Lease), true
}

// Offer hands over stored deliveries that were reserved.
func (r *Runner) Offer(work []models.Work) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range work {
		l := r.laneOf(w.WebhookID)
		l.reserved--
		r.enqueue(l, w)
	}
	r.dispatch()
}

// Release gives reservations back that came to nothing.
func (r *Runner) Release(webhookID string, eventBytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.laneOf(webhookID).reserved--
	r.bytes -= eventBytes
}

// Drop removes a delivery that was cancelled, if it still waits here. One on the
// wire goes on: what its result changes is the store's to say.
func (r *Runner) Drop(deliveryID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	it := r.held[deliveryID]
	if it == nil {
		return
	}
	it.next = nil
	if it.element == nil {
		return
	}
	l := r.laneOf(it.WebhookID)
	l.remove(it)
	r.bytes -= it.Event.Size()
	delete(r.held, deliveryID)
	r.relist(l)
}

func (r *Runner) enqueue(l *lane, w models.Work) {
	it := &item{Work: w}
	r.held[w.ID] = it
	l.push(it)
	r.relist(l)
}
