package store

import (
	"time"

	"hookline/models"
)

// Queue takes deliveries over in memory, past the table. *jobs.Runner is one.
type Queue interface {
	// Reserve promises a place, and names the claim to store the delivery under.
	Reserve(webhookID string, eventBytes int) (claimID string, lease time.Time, ok bool)
	// Offer hands over deliveries that were reserved and are now stored.
	Offer(work []models.Work)
	// Release gives a reserved place back.
	Release(webhookID string, eventBytes int)
	// Wake says that the table has something due.
	Wake()
}

// reservation is the places that new deliveries have in the queue from before their
// transaction until after it. The store alone reserves, offers and releases.
type reservation struct {
	queue    Queue // nil: the table holds all deliveries
	reserved []*models.Work
	unplaced bool // the queue had no place for some; the table holds those
}

// reserve asks for a place for every delivery that no claim holds yet. The queue's
// claim is written into the delivery, so that it is stored with it.
func (r *reservation) reserve(deliveries []models.Work) {
	for i := range deliveries {
		w := &deliveries[i]
		if r.queue == nil || w.ClaimID != "" {
			continue
		}
		claim, lease, ok := r.queue.Reserve(w.WebhookID, w.Event.Size())
		if !ok {
			r.unplaced = true
			continue
		}
		w.ClaimID, w.LeaseUntil = claim, lease
		r.reserved = append(r.reserved, w)
	}
}

// offer comes after the commit.
func (r *reservation) offer() {
	if len(r.reserved) > 0 {
		work := make([]models.Work, len(r.reserved))
		for i, w := range r.reserved {
			work[i] = *w
		}
		r.reserved = nil
		r.queue.Offer(work)
	}
	if r.unplaced {
		r.queue.Wake()
	}
}

// release gives back the places that were not offered, and takes the queue's claim
// from their deliveries. Deferred, it does so on a failure and on a panic too.
func (r *reservation) release() {
	for _, w := range r.reserved {
		w.ClaimID, w.LeaseUntil = "", time.Time{}
		r.queue.Release(w.WebhookID, w.Event.Size())
	}
	r.reserved = nil
}
